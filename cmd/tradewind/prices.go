package main

import (
	"context"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"tradewind"
	"tradewind/commerce"
	"tradewind/fault"
	"tradewind/messages"
	"tradewind/money"
)

func (v *invocation) pricesCommand() *cobra.Command {
	return v.group("prices", "cli.prices", v.pricesBoard(), v.pricesExplain(), v.pricesSimulate())
}

func (v *invocation) pricesBoard() *cobra.Command {
	var market, sku, state string
	c := v.command("board", "cli.prices.board", exactly(0, ""), func(ctx context.Context, _ []string) error {
		if err := oneOf("--state", state, append([]string{""}, priceStates()...)); err != nil {
			return err
		}
		f := tradewind.PriceFilter{Market: marketOf(market), SKU: commerce.SKU(sku), State: tradewind.PriceState(state), Limit: v.itemLimit()}
		return v.withEngine(ctx, func(e *tradewind.Engine) error {
			board, err := e.PriceBoard(ctx, f)
			if err != nil {
				return err
			}
			if err := soldSomewhere(board, f.SKU, f.Market); err != nil {
				return err
			}
			return v.print(result{value: board, rows: v.priceRows(board.Rows), page: func(p *page) { v.boardPage(p, board) }})
		})
	})
	c.Flags().StringVar(&market, "market", "", v.text("cli.flag.prices-market"))
	c.Flags().StringVar(&sku, "sku", "", v.text("cli.flag.prices-sku"))
	c.Flags().StringVar(&state, "state", "", v.text("cli.flag.prices-state", messages.A("values", strings.Join(priceStates(), ", "))))
	complete(c, "state", priceStates()...)
	return c
}

func priceStates() []string {
	var names []string
	for _, s := range tradewind.PriceStates {
		names = append(names, string(s))
	}
	return names
}

// soldSomewhere refuses a filter that no item matches, whatever its state.
func soldSomewhere(board *tradewind.PriceBoard, sku commerce.SKU, market commerce.Market) error {
	switch {
	case len(board.Counts) > 0 || sku == "" && market == "":
		return nil
	case sku == "":
		return fault.New(fault.NotFound, "E-MARKET-NOT-FOUND", fault.A("market", string(market)))
	case market == "":
		return fault.New(fault.NotFound, "E-SKU-NOT-FOUND", fault.A("sku", string(sku)))
	}
	return fault.New(fault.NotFound, "E-PRICE-ITEM", fault.A("sku", string(sku)), fault.A("market", string(market)))
}

func (v *invocation) priceState(s tradewind.PriceState) string {
	return v.text("cli.price-state." + string(s))
}

func (v *invocation) boardPage(p *page, b *tradewind.PriceBoard) {
	p.line(v.bold(v.text("cli.prices.title", messages.A("day", b.AsOf), messages.A("n", b.Horizon))))
	var counts []string
	for _, s := range tradewind.PriceStates {
		if n := b.Counts[s]; n > 0 {
			counts = append(counts, v.priceState(s)+" "+count(int64(n)))
		}
	}
	p.line(joined(counts))
	p.line("")
	if len(b.Rows) == 0 {
		p.line(v.text("cli.prices.none"))
		return
	}
	p.table(v.priceRows(b.Rows))
	if rest := b.Total - len(b.Rows); rest > 0 {
		p.line(v.text("cli.prices.more", messages.A("n", rest)))
	}
	p.line("")
	p.prose("", v.text("cli.prices.legend", messages.A("n", b.Horizon)))
	v.textPart(p, "cli.prices.warnings", b.Warnings)
	v.assumedPart(p, mostAssumed(b.Rows))
	p.line("")
	p.line(v.text("cli.prices.next", messages.A("sku", string(b.Rows[0].Item.SKU)), messages.A("market", string(b.Rows[0].Item.Market))))
	v.notAdvice(p)
}

// mostAssumed lists what is assumed of the prices shown, that of most of them first.
func mostAssumed(all []tradewind.PriceView) []tradewind.LocalizedText {
	seen := map[tradewind.LocalizedText]int{}
	var list []tradewind.LocalizedText
	for _, r := range all {
		for _, a := range r.Assumed {
			if seen[a]++; seen[a] == 1 {
				list = append(list, a)
			}
		}
	}
	slices.SortStableFunc(list, func(a, b tradewind.LocalizedText) int { return seen[b] - seen[a] })
	return list
}

// textPart writes texts one below the other under a heading, or nothing.
func (v *invocation) textPart(p *page, heading string, texts []tradewind.LocalizedText) {
	for i, t := range texts {
		if i == 0 {
			p.heading(heading)
		}
		p.prose("  - ", t.In(v.lang))
	}
}

func (v *invocation) priceRows(all []tradewind.PriceView) *rows {
	type view = tradewind.PriceView
	columns := itemColumns(all, func(x view) commerce.Item { return x.Item })
	columns = append(columns,
		column[view]{key: "product", text: func(x view) string { return x.Product }},
		column[view]{key: "state", title: "cli.head.state", text: func(x view) string { return v.priceState(x.State) }, raw: func(x view) string { return string(x.State) }},
		amountColumn("price", "cli.head.price", func(x view) *money.Amount { return known(x.Price) }),
		amountColumn("best_price", "cli.head.best-price", func(x view) *money.Amount { return x.Best }),
		flatColumn("flat_low", func(x view) money.Amount { return x.Flat[0] }),
		flatColumn("flat_high", func(x view) money.Amount { return x.Flat[1] }),
		column[view]{key: "currency", text: func(x view) string { return string(x.Price.Currency()) }},
	)
	columns = append(columns, estimateColumns("gain", "cli.head.gain", func(x view) *tradewind.EstimateView { return x.Gain })...)
	columns = append(columns,
		amountColumn("unit_cost", "", func(x view) *money.Amount { return x.Cost }),
		column[view]{key: "margin_rate", title: "cli.head.margin", right: true, text: func(x view) string { return percentOr(x.Margin) }, raw: func(x view) string { return exactOrNone(x.Margin) }},
		column[view]{key: "units_a_week", title: "cli.head.weekly", right: true, text: func(x view) string { return fixed(x.Units, 1) }, raw: func(x view) string { return exact(x.Units) }},
		amountColumn("rival_price", "cli.head.rival", func(x view) *money.Amount { return x.Rival }),
	)
	columns = append(columns, elasticityColumns(v, func(x view) *tradewind.ElasticityView { return x.Elasticity })...)
	return list(all, append(columns,
		column[view]{key: "price_since", text: func(x view) string { return dayText(x.Since) }},
		column[view]{key: "assumed", text: func(x view) string { return joinedTexts(v, x.Assumed) }},
		column[view]{key: "decision", title: "cli.head.decision", text: func(x view) string { return string(x.Decision) }},
		column[view]{key: "reason", title: "cli.head.reason", flex: true, text: func(x view) string { return x.Reason.In(v.lang) }},
	)...)
}

// flatColumn is an end of the prices that earn nearly as much as the best, for programs.
func flatColumn(key string, end func(tradewind.PriceView) money.Amount) column[tradewind.PriceView] {
	return amountColumn(key, "", func(x tradewind.PriceView) *money.Amount {
		if len(x.Flat) == 0 {
			return nil
		}
		a := end(x)
		return &a
	})
}

// itemColumns say which item a line is about. Tables leave the channel out where there is
// only one.
func itemColumns[T any](all []T, of func(T) commerce.Item) []column[T] {
	channel := ""
	if slices.ContainsFunc(all, func(x T) bool { return of(x).Channel != of(all[0]).Channel }) {
		channel = "cli.head.channel"
	}
	return []column[T]{
		{key: "sku", title: "cli.head.sku", text: func(x T) string { return string(of(x).SKU) }},
		{key: "market", title: "cli.head.market", text: func(x T) string { return string(of(x).Market) }},
		{key: "channel", title: channel, text: func(x T) string { return string(of(x).Channel) }},
	}
}

// amountColumn shows money; nil is not known.
func amountColumn[T any](key, title string, of func(T) *money.Amount) column[T] {
	return column[T]{key: key, title: title, right: true,
		text: func(x T) string { return moneyOr(of(x)) },
		raw: func(x T) string {
			if a := of(x); a != nil {
				return a.Decimal()
			}
			return ""
		}}
}

// estimateColumns are one column for people and four for programs; nil is not known.
func estimateColumns[T any](key, title string, of func(T) *tradewind.EstimateView) []column[T] {
	part := func(suffix string, pick func(*tradewind.EstimateView) string) column[T] {
		return column[T]{key: key + suffix, right: true, text: func(x T) string {
			if e := of(x); e != nil {
				return pick(e)
			}
			return ""
		}}
	}
	return []column[T]{
		{title: title, right: true, text: func(x T) string { return estimated(of(x)) }},
		part("", func(e *tradewind.EstimateView) string { return e.Mean.Decimal() }),
		part("_p10", func(e *tradewind.EstimateView) string { return e.Low.Decimal() }),
		part("_p90", func(e *tradewind.EstimateView) string { return e.High.Decimal() }),
		part("_currency", func(e *tradewind.EstimateView) string { return string(e.Mean.Currency()) }),
	}
}

// estimated shows money that is not known yet with its interval.
func estimated(e *tradewind.EstimateView) string {
	if e == nil {
		return "–"
	}
	return messages.Money(e.Mean) + " (" + messages.Grouped(e.Low.Decimal()) + " … " + messages.Grouped(e.High.Decimal()) + ")"
}

func elasticityColumns[T any](v *invocation, of func(T) *tradewind.ElasticityView) []column[T] {
	part := func(key string, pick func(*tradewind.ElasticityView) string) column[T] {
		return column[T]{key: key, right: true, text: func(x T) string {
			if e := of(x); e != nil {
				return pick(e)
			}
			return ""
		}}
	}
	source := part("elasticity_source", func(e *tradewind.ElasticityView) string { return e.Source })
	source.right = false
	return []column[T]{
		{title: "cli.head.elasticity", right: true, text: func(x T) string { return elastic(of(x)) }},
		part("elasticity", func(e *tradewind.ElasticityView) string { return exact(e.Mean) }),
		part("elasticity_q05", func(e *tradewind.ElasticityView) string { return exact(e.Low) }),
		part("elasticity_q95", func(e *tradewind.ElasticityView) string { return exact(e.High) }),
		{title: "cli.head.rests-on", text: func(x T) string {
			if e := of(x); e != nil {
				return e.SourceName.In(v.lang)
			}
			return "–"
		}},
		source,
	}
}

// elastic shows an elasticity with its interval.
func elastic(e *tradewind.ElasticityView) string {
	if e == nil {
		return "–"
	}
	return fixed(e.Mean, 2) + " (" + fixed(e.Low, 2) + " … " + fixed(e.High, 2) + ")"
}

// known is an amount that may be 0 because nobody knows it.
func known(a money.Amount) *money.Amount {
	if a.IsZero() {
		return nil
	}
	return &a
}

func moneyOr(a *money.Amount) string {
	if a == nil {
		return "–"
	}
	return messages.Money(*a)
}

func percentOr(share *float64) string {
	if share == nil {
		return "–"
	}
	return percent(*share)
}
