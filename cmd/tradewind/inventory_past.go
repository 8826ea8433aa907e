package main

import (
	"context"

	"tradewind"
	"tradewind/calendar"
	"tradewind/commerce"
	"tradewind/messages"
	"tradewind/money"
)

func (v *invocation) showPast(ctx context.Context, e *tradewind.Engine, sku commerce.SKU, location commerce.Location) error {
	x, err := e.StockHistory(ctx, sku, location)
	if err != nil {
		return err
	}
	return v.print(result{value: x, rows: v.causeRows(x), page: func(p *page) { v.pastPage(p, x) }})
}

func (v *invocation) pastPage(p *page, x *tradewind.StockPast) {
	p.line(v.bold(oneLine(joined([]string{string(x.SKU), x.Product, string(x.Location)}))))
	if x.Refused != nil {
		p.prose("", x.Refused.In(v.lang))
		v.receiptPart(p, x)
		return
	}
	p.prose("", v.text("cli.inventory.past", messages.A("from", x.From), messages.A("to", x.To), messages.A("lost", x.Lost), messages.A("held", x.Held)))
	if len(x.Episodes) > 0 {
		p.line("")
		p.table(v.causeRows(x))
	}
	v.textPart(p, "cli.prices.notes", x.Caveats)
	v.receiptPart(p, x)
}

// receiptsShown are the goods receipts that a page lists.
const receiptsShown = 20

// receiptPart lists what suppliers delivered of late, if that is known.
func (v *invocation) receiptPart(p *page, x *tradewind.StockPast) {
	if len(x.Receipts) == 0 {
		return
	}
	type receipt = tradewind.ReceiptView
	p.heading("cli.inventory.receipts")
	shown := x.Receipts[:min(receiptsShown, len(x.Receipts))]
	p.table(list(shown,
		column[receipt]{title: "cli.inventory.received", text: func(r receipt) string { return r.Received.String() }},
		column[receipt]{title: "cli.inventory.ordered", text: func(r receipt) string { return r.Ordered.String() }},
		column[receipt]{title: "cli.head.lead", right: true, text: func(r receipt) string { return count(int64(r.Days)) }},
		column[receipt]{title: "cli.head.units", right: true, text: func(r receipt) string { return count(r.Units) }},
		column[receipt]{title: "cli.head.supplier", text: func(r receipt) string { return oneLine(string(r.Supplier)) }},
	))
	if len(shown) < len(x.Receipts) {
		p.prose("", v.text("cli.inventory.receipts.more", messages.A("shown", len(shown)), messages.A("n", len(x.Receipts))))
	}
}

// causeLine is what one cause made of one episode, as files list it.
type causeLine struct {
	tradewind.StockEpisode
	first  bool // of its episode
	code   string
	name   string
	amount money.Amount
}

// causeRows lists episodes with a line for each cause, what was planned first.
func (v *invocation) causeRows(x *tradewind.StockPast) *rows {
	var lines []causeLine
	for _, ep := range x.Episodes {
		lines = append(lines, causeLine{ep, true, "planned", v.text("cli.inventory.planned"), ep.Planned})
		for _, c := range ep.Causes {
			lines = append(lines, causeLine{ep, false, c.Code, c.Name.In(v.lang), c.Amount})
		}
	}
	once := func(text func(causeLine) string) func(causeLine) string {
		return func(l causeLine) string {
			if !l.first {
				return ""
			}
			return text(l)
		}
	}
	day := func(key, title string, of func(causeLine) calendar.Day) column[causeLine] {
		return column[causeLine]{key: key, title: title, text: once(func(l causeLine) string { return of(l).String() }), raw: func(l causeLine) string { return of(l).String() }}
	}
	kind := func(l causeLine) string {
		if l.Over {
			return v.text("cli.inventory.too-much")
		}
		return v.text("cli.inventory.too-little")
	}
	return list(lines,
		column[causeLine]{key: "over", title: "cli.head.stock", text: once(kind), raw: func(l causeLine) string { return truth(l.Over) }},
		day("from", "cli.head.from", func(l causeLine) calendar.Day { return l.From }),
		day("to", "cli.head.to", func(l causeLine) calendar.Day { return l.To }),
		column[causeLine]{key: "units", title: "cli.head.units", right: true, text: once(func(l causeLine) string { return wholes(l.Units) }), raw: func(l causeLine) string { return exact(l.Units) }},
		column[causeLine]{key: "money", title: "cli.head.money", right: true, text: once(func(l causeLine) string { return messages.Money(l.Money) }), raw: func(l causeLine) string { return l.Money.Decimal() }},
		column[causeLine]{key: "currency", text: func(l causeLine) string { return string(l.Money.Currency()) }},
		column[causeLine]{key: "cause", title: "cli.head.cause", text: func(l causeLine) string { return l.name }, raw: func(l causeLine) string { return l.code }},
		column[causeLine]{key: "amount", title: "cli.head.amount", right: true, text: func(l causeLine) string { return messages.Money(l.amount) }, raw: func(l causeLine) string { return l.amount.Decimal() }},
	)
}

// dayOrLater is a day within what was looked at, or the words for none.
func (v *invocation) dayOrLater(d *calendar.Day) string {
	if d == nil {
		return v.text("cli.inventory.later")
	}
	return d.String()
}
