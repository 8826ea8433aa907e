package main

import (
	"context"
	"math"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"tradewind"
	"tradewind/commerce"
	"tradewind/fault"
	"tradewind/messages"
	"tradewind/money"
)

func (v *invocation) inventoryCommand() *cobra.Command {
	return v.group("inventory", "cli.inventory", v.inventoryShow(), v.inventorySimulate())
}

func (v *invocation) inventoryShow() *cobra.Command {
	var location, state string
	var past bool
	c := v.command("show [SKU]", "cli.inventory.show", between(0, 1, "[SKU]"), func(ctx context.Context, args []string) error {
		if err := oneOf("--state", state, append([]string{""}, stockStates()...)); err != nil {
			return err
		}
		switch {
		case len(args) == 1 && state != "":
			return fault.New(fault.Usage, "E-STOCK-LIST-ONLY", fault.A("flag", "--state"))
		case len(args) == 0 && past:
			return fault.New(fault.Usage, "E-STOCK-ONE-ONLY", fault.A("flag", "--past"))
		}
		return v.withEngine(ctx, func(e *tradewind.Engine) error {
			switch {
			case past:
				return v.showPast(ctx, e, commerce.SKU(args[0]), commerce.Location(location))
			case len(args) == 1:
				return v.showStock(ctx, e, commerce.SKU(args[0]), commerce.Location(location))
			}
			f := tradewind.StockFilter{State: tradewind.StockState(state), Location: commerce.Location(location), Limit: v.itemLimit()}
			if f.Limit == 0 {
				f.Limit = math.MaxInt
			}
			b, err := e.InventoryBoard(ctx, f)
			if err != nil {
				return err
			}
			return v.print(result{value: b, rows: v.stockRows(b.Rows), page: func(p *page) { v.stockBoard(p, b) }})
		})
	})
	c.Flags().StringVar(&location, "location", "", v.text("cli.flag.stock-location"))
	c.Flags().StringVar(&state, "state", "", v.text("cli.flag.stock-state", messages.A("values", strings.Join(stockStates(), ", "))))
	c.Flags().BoolVar(&past, "past", false, v.text("cli.flag.stock-past"))
	complete(c, "state", stockStates()...)
	return c
}

func stockStates() []string {
	var names []string
	for _, s := range tradewind.StockStates {
		names = append(names, string(s))
	}
	return names
}

func (v *invocation) stockState(s tradewind.StockState) string {
	return v.text("inventory.state." + string(s))
}

func (v *invocation) stockBoard(p *page, b *tradewind.StockBoard) {
	p.line(v.bold(v.text("cli.inventory.title", messages.A("day", b.AsOf))))
	var counts []string
	for _, s := range tradewind.StockStates {
		if n := b.Counts[s]; n > 0 {
			counts = append(counts, v.stockState(s)+" "+count(int64(n)))
		}
	}
	p.line(joined(counts))
	p.line("")
	if len(b.Rows) == 0 {
		p.line(v.text("cli.inventory.none"))
		return
	}
	p.table(v.stockRows(b.Rows))
	if rest := b.Total - len(b.Rows); rest > 0 {
		p.line(v.text("cli.inventory.more", messages.A("n", rest)))
	}
	p.line("")
	p.prose("", v.text("cli.inventory.tied", messages.A("tied", b.Tied), messages.A("idle", b.Idle)))
	p.prose("", v.text("cli.inventory.legend"))
	p.line("")
	first := b.Rows[0]
	p.line(v.text("cli.inventory.next", messages.A("sku", string(first.SKU)), messages.A("location", string(first.Location))))
}

// wholeColumn shows a number of units without decimals; programs get all of it.
func wholeColumn[T any](key, title string, of func(T) float64) column[T] {
	return column[T]{key: key, title: title, right: true, text: func(x T) string { return wholes(of(x)) }, raw: func(x T) string { return exact(of(x)) }}
}

// shareColumn shows a share as a percentage; programs get it as it is.
func shareColumn[T any](key, title string, of func(T) float64) column[T] {
	return column[T]{key: key, title: title, right: true, text: func(x T) string { return percent(of(x)) }, raw: func(x T) string { return exact(of(x)) }}
}

func (v *invocation) stockRows(all []tradewind.StockView) *rows {
	type view = tradewind.StockView
	location := ""
	if slices.ContainsFunc(all, func(x view) bool { return x.Location != all[0].Location }) {
		location = "cli.head.location"
	}
	amount := func(key, title string, of func(view) money.Amount) column[view] {
		return amountColumn(key, title, func(x view) *money.Amount { return new(of(x)) })
	}
	return list(all,
		column[view]{key: "sku", title: "cli.head.sku", text: func(x view) string { return string(x.SKU) }},
		column[view]{key: "location", title: location, text: func(x view) string { return string(x.Location) }},
		column[view]{key: "product", title: "cli.head.name", flex: true, text: func(x view) string { return x.Product }},
		column[view]{key: "state", title: "cli.head.state", text: func(x view) string { return v.stockState(x.State) }, raw: func(x view) string { return string(x.State) }},
		wholeColumn("on_hand", "cli.head.on-hand", func(x view) float64 { return float64(x.OnHand) }),
		wholeColumn("inbound", "cli.head.inbound", func(x view) float64 { return x.Inbound }),
		column[view]{key: "units_a_day", title: "cli.head.daily", right: true, text: func(x view) string { return fixed(x.Daily, 1) }, raw: func(x view) string { return exact(x.Daily) }},
		column[view]{key: "days_of_cover", title: "cli.head.cover", right: true, text: func(x view) string { return wholesOr(x.Cover) }, raw: func(x view) string { return exactOrNone(x.Cover) }},
		column[view]{key: "lead_days", title: "cli.head.lead", right: true, text: func(x view) string { return wholes(x.LeadDays) }, raw: func(x view) string { return exact(x.LeadDays) }},
		shareColumn("stock_out_probability", "cli.head.out", func(x view) float64 { return x.StockOut }),
		wholeColumn("order_up_to", "", func(x view) float64 { return x.UpTo }),
		wholeColumn("order_units", "cli.head.order", func(x view) float64 { return x.Order }),
		amount("gain", "cli.head.gain", func(x view) money.Amount { return x.Gain }),
		wholeColumn("excess_units", "cli.head.excess", func(x view) float64 { return x.Excess }),
		amount("tied", "", func(x view) money.Amount { return x.Tied }),
		amount("idle", "cli.head.idle", func(x view) money.Amount { return x.Idle }),
		column[view]{key: "currency", text: func(x view) string { return string(x.Tied.Currency()) }},
		column[view]{key: "decision", title: "cli.head.decision", text: func(x view) string { return string(x.Decision) }},
		column[view]{key: "reason", text: func(x view) string { return saidOr(v, x.Reason) }},
	)
}

func wholesOr(x *float64) string {
	if x == nil {
		return "–"
	}
	return wholes(*x)
}

func saidOr(v *invocation, t *tradewind.LocalizedText) string {
	if t == nil {
		return ""
	}
	return t.In(v.lang)
}
