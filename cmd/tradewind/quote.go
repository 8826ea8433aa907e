package main

import (
	"context"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"tradewind"
	"tradewind/calendar"
	"tradewind/commerce"
	"tradewind/fault"
	"tradewind/messages"
	"tradewind/money"
)

// quoteFlags are the flags of quote, as they are typed.
type quoteFlags struct {
	hs, price, currency, origin, programme  string
	units, grams                            int64
	lines                                   []string
	from, to, region, postcode, channel     string
	incoterm, transport, scheme             string
	marketplace, business, withTax          bool
	freight, insurance, brokerage, handling string
	commission, payment, returns            float64
	asOf, known                             string
}

func (v *invocation) quoteCommand() *cobra.Command {
	var f quoteFlags
	c := v.command("quote [SKU[:UNITS]…]", "cli.quote", cobra.ArbitraryArgs, func(ctx context.Context, args []string) error {
		request, err := f.request(args)
		if err != nil {
			return err
		}
		return v.withEngine(ctx, func(e *tradewind.Engine) error {
			q, err := e.Quote(ctx, request)
			if err != nil {
				return err
			}
			return v.print(result{value: q, rows: v.quoteRows(q), page: func(p *page) { v.quotePage(p, q) }})
		})
	})
	text := func(name, code string, to *string) { c.Flags().StringVar(to, name, "", v.text(code)) }
	text("to", "cli.flag.quote-to", &f.to)
	text("from", "cli.flag.quote-from", &f.from)
	text("hs", "cli.flag.quote-hs", &f.hs)
	c.Flags().Int64Var(&f.units, "units", 1, v.text("cli.flag.quote-units"))
	text("price", "cli.flag.quote-price", &f.price)
	text("currency", "cli.flag.quote-currency", &f.currency)
	c.Flags().Int64Var(&f.grams, "grams", 0, v.text("cli.flag.quote-grams"))
	text("origin", "cli.flag.quote-origin", &f.origin)
	text("programme", "cli.flag.quote-programme", &f.programme)
	c.Flags().StringArrayVar(&f.lines, "line", nil, v.text("cli.flag.quote-line"))
	text("region", "cli.flag.quote-region", &f.region)
	text("postcode", "cli.flag.quote-postcode", &f.postcode)
	text("channel", "cli.flag.quote-channel", &f.channel)
	c.Flags().BoolVar(&f.marketplace, "marketplace", false, v.text("cli.flag.quote-marketplace"))
	c.Flags().BoolVar(&f.business, "business", false, v.text("cli.flag.quote-business"))
	text("incoterm", "cli.flag.quote-incoterm", &f.incoterm)
	text("transport", "cli.flag.quote-transport", &f.transport)
	text("scheme", "cli.flag.quote-scheme", &f.scheme)
	c.Flags().BoolVar(&f.withTax, "with-tax", false, v.text("cli.flag.quote-with-tax"))
	text("freight", "cli.flag.quote-freight", &f.freight)
	text("insurance", "cli.flag.quote-insurance", &f.insurance)
	text("brokerage", "cli.flag.quote-brokerage", &f.brokerage)
	text("handling", "cli.flag.quote-handling", &f.handling)
	c.Flags().Float64Var(&f.commission, "commission", 0, v.text("cli.flag.quote-commission"))
	c.Flags().Float64Var(&f.payment, "payment", 0, v.text("cli.flag.quote-payment"))
	c.Flags().Float64Var(&f.returns, "returns", 0, v.text("cli.flag.quote-returns"))
	text("as-of", "cli.flag.quote-as-of", &f.asOf)
	text("known", "cli.flag.quote-known", &f.known)
	complete(c, "incoterm", tradewind.Incoterms()...)
	complete(c, "transport", tradewind.Transports()...)
	return c
}

// request reads the flags.
func (f *quoteFlags) request(args []string) (q tradewind.QuoteRequest, err error) {
	if f.to == "" {
		return q, fault.New(fault.Usage, "E-QUOTE-TO")
	}
	q = tradewind.QuoteRequest{
		From: marketOf(f.from), To: marketOf(f.to), Region: strings.ToUpper(f.region), Postcode: f.postcode, Channel: commerce.Channel(f.channel),
		Marketplace: f.marketplace, Business: f.business, Incoterm: strings.ToUpper(f.incoterm), Transport: f.transport, Scheme: f.scheme,
		IncludesTax: f.withTax, CommissionRate: f.commission, PaymentRate: f.payment, ReturnRate: f.returns,
	}
	for _, amount := range []struct {
		text string
		to   *money.Amount
	}{{f.freight, &q.Freight}, {f.insurance, &q.Insurance}, {f.brokerage, &q.Brokerage}, {f.handling, &q.Handling}} {
		if *amount.to, err = f.amount(amount.text); err != nil {
			return q, err
		}
	}
	for _, day := range []struct {
		text string
		to   **calendar.Day
	}{{f.asOf, &q.AsOf}, {f.known, &q.Known}} {
		if day.text == "" {
			continue
		}
		d, err := dayArgument(day.text)
		if err != nil {
			return q, err
		}
		*day.to = &d
	}
	q.Lines, err = f.goods(args)
	return q, err
}

// goods are the products named by SKU, those of --line, and else the one of the flags.
func (f *quoteFlags) goods(args []string) (lines []tradewind.QuoteLine, err error) {
	own, err := f.amount(f.price)
	if err != nil {
		return nil, err
	}
	for _, arg := range args {
		sku, count, several := strings.Cut(arg, ":")
		line := tradewind.QuoteLine{SKU: commerce.SKU(sku), HS: f.hs, Units: f.units, Price: own, Grams: f.grams, Origin: marketOf(f.origin), Programme: f.programme}
		if several {
			if line.Units, err = strconv.ParseInt(count, 10, 64); err != nil {
				return nil, fault.New(fault.Usage, "E-QUOTE-LINE", fault.A("value", arg))
			}
		}
		lines = append(lines, line)
	}
	for _, text := range f.lines {
		part := strings.Split(text, ":")
		if len(part) < 3 || len(part) > 4 {
			return nil, fault.New(fault.Usage, "E-QUOTE-LINE", fault.A("value", text))
		}
		line := tradewind.QuoteLine{HS: part[0], Grams: f.grams, Origin: marketOf(f.origin), Programme: f.programme}
		if line.Units, err = strconv.ParseInt(part[1], 10, 64); err != nil {
			return nil, fault.New(fault.Usage, "E-QUOTE-LINE", fault.A("value", text))
		}
		if line.Price, err = f.amount(part[2]); err != nil {
			return nil, err
		}
		if len(part) == 4 {
			line.Origin = marketOf(part[3])
		}
		lines = append(lines, line)
	}
	if len(lines) == 0 {
		lines = []tradewind.QuoteLine{{HS: f.hs, Units: f.units, Price: own, Grams: f.grams, Origin: marketOf(f.origin), Programme: f.programme}}
	}
	return lines, nil
}

// amount reads a plain decimal in the currency of --currency; "" is none.
func (f *quoteFlags) amount(text string) (money.Amount, error) {
	if text == "" {
		return money.Amount{}, nil
	}
	if f.currency == "" {
		return money.Amount{}, fault.New(fault.Usage, "E-QUOTE-CURRENCY", fault.A("value", text))
	}
	currency, err := tradewind.ParseCurrency(strings.ToUpper(f.currency))
	if err != nil {
		return money.Amount{}, err
	}
	return money.Parse(text, currency)
}

func (v *invocation) quoteRows(q *tradewind.QuoteView) *rows {
	type line = tradewind.QuotedLine
	return list(q.Lines,
		column[line]{key: "code", text: func(l line) string { return l.Code }},
		column[line]{key: "item", text: func(l line) string { return strconv.Itoa(l.Item) }},
		column[line]{key: "line", title: "cli.head.charge", text: func(l line) string { return l.Name.In(v.lang) }},
		column[line]{key: "bearer", title: "cli.head.bearer", text: func(l line) string { return l.Bearer.In(v.lang) }},
		column[line]{key: "low", title: "cli.head.amount", right: true, text: func(l line) string { return v.quoted(l.Amount) }, raw: func(l line) string { return l.Amount.Low.Decimal() }},
		column[line]{key: "high", right: true, text: func(l line) string { return l.Amount.High.Decimal() }},
		column[line]{key: "unknown", text: func(l line) string { return strconv.FormatBool(l.Amount.Unknown) }},
		column[line]{key: "currency", text: func(l line) string { return string(l.Amount.Low.Currency()) }},
		column[line]{key: "formula", title: "cli.head.formula", flex: true, text: func(l line) string { return l.Formula.In(v.lang) }},
		column[line]{key: "rules", title: "cli.head.rules", text: func(l line) string { return ruleIDs(l.Rules) }},
	)
}

// ruleIDs cites rules as ID@version.
func ruleIDs(rules []tradewind.RuleCited) string {
	var ids []string
	for _, r := range rules {
		ids = append(ids, r.ID+"@"+strconv.Itoa(r.Version))
	}
	return strings.Join(ids, " ")
}

// quoted shows an amount: exact, a range, or at least so much.
func (v *invocation) quoted(a tradewind.QuotedAmount) string {
	switch {
	case a.Unknown:
		return v.text("cli.quote.unknown", messages.A("low", a.Low.Round()))
	case a.Low == a.High:
		return messages.Money(a.Low.Round())
	}
	return messages.Money(a.Low.Round()) + " … " + messages.Money(a.High.Round())
}

func (v *invocation) quotePage(p *page, q *tradewind.QuoteView) {
	p.line(v.bold(v.text("cli.quote.title", messages.A("from", string(q.From)), messages.A("to", q.ToName.In(v.lang)), messages.A("day", q.AsOf))))
	p.table(v.quoteRows(q))
	p.line("")
	for _, total := range []struct {
		code   string
		amount tradewind.QuotedAmount
	}{{"cli.quote.landed", q.Landed}, {"cli.quote.buyer", q.BuyerPays}, {"cli.quote.net", q.Net}} {
		p.line(v.bold(v.text(total.code, messages.A("amount", v.quoted(total.amount)))))
	}
	state := "cli.quote.complete"
	switch {
	case !q.Complete:
		state = "cli.quote.incomplete"
	case !q.Automatable:
		state = "cli.quote.person"
	}
	p.prose("", v.text(state))
	for _, group := range []struct {
		head string
		list []tradewind.LocalizedText
	}{{"cli.quote.missing", q.Missing}, {"cli.quote.assumed", q.Assumed}} {
		if len(group.list) > 0 {
			p.heading(group.head)
			for _, m := range group.list {
				p.prose("  - ", m.In(v.lang))
			}
		}
	}
	if cited := v.citedRules(q); cited.n > 0 {
		p.heading("cli.quote.rules")
		p.table(cited)
	}
	for _, r := range q.Rates {
		p.prose("", v.text("cli.quote.rate", messages.A("base", string(r.Base)), messages.A("quote", string(r.Quote)),
			messages.A("value", messages.Decimal{X: r.Value, Places: 4}), messages.A("day", r.Day), messages.A("source", r.Source)))
	}
	v.notAdvice(p)
}

// citedRules lists every rule of a quote once, in the order in which the lines cite them.
func (v *invocation) citedRules(q *tradewind.QuoteView) *rows {
	type rule = tradewind.RuleCited
	var all []rule
	seen := map[string]bool{}
	for _, l := range q.Lines {
		for _, r := range l.Rules {
			if !seen[r.ID] {
				seen[r.ID] = true
				all = append(all, r)
			}
		}
	}
	return v.ruleTable(all)
}

// ruleTable is rules as a figure or a decision cites them.
func (v *invocation) ruleTable(all []tradewind.RuleCited) *rows {
	type rule = tradewind.RuleCited
	return list(all,
		column[rule]{title: "cli.head.id", text: func(r rule) string { return r.ID + "@" + strconv.Itoa(r.Version) }},
		column[rule]{title: "cli.head.rule", flex: true, text: func(r rule) string { return r.Name.In(v.lang) }},
		column[rule]{title: "cli.head.from", text: func(r rule) string { return r.From.String() }},
		column[rule]{title: "cli.head.to", text: func(r rule) string { return lastDay(r.To, "–") }},
		column[rule]{title: "cli.head.status", text: func(r rule) string { return v.ruleStatus(string(r.Status)) }},
		column[rule]{title: "cli.head.evidence", text: func(r rule) string { return string(r.Evidence) }},
		column[rule]{title: "cli.head.source", flex: true, text: func(r rule) string { return r.Source }},
	)
}
