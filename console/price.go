package console

import (
	"cmp"
	"html/template"
	"net/http"
	"slices"
	"strings"

	"tradewind"
	"tradewind/commerce"
	"tradewind/messages"
)

// pricePage is everything about the price of one item, and what another price would bring.
type pricePage struct {
	tradewind.PriceDetail
	Base           string // address of the page without a price asked
	Asked          string // what stands in the field
	Sim            *tradewind.PriceSimulation
	Falls          []tradewind.WaterfallPart // of the price asked, or else of the best one
	Beside         string                    // name of the second column of the waterfall; "" where there is none
	Demand, Profit template.HTML
	Waterfalls     template.HTML
	Left           int // observed prices too far off to be drawn
	wrongForm
}

func (c *Console) pricePage(r *http.Request) (*view, error) {
	item := itemAsked(r)
	d, err := c.engine.ExplainPrice(r.Context(), item)
	if err != nil {
		return nil, err
	}
	p := pricePage{PriceDetail: *d, Base: itemPage(d.Item), Asked: strings.TrimSpace(r.URL.Query().Get("price")), Falls: d.Waterfall}
	v := &view{page: "price", title: c.say(r, "console.price.named", messages.A("sku", string(d.Item.SKU)), messages.A("market", string(d.Item.Market))), section: "prices"}
	if p.Asked != "" {
		p.Sim, err = c.engine.SimulatePrice(r.Context(), d.Item, p.Asked)
		if p.wrongForm, err = c.mendable(r, v, err); err != nil {
			return nil, err
		}
	}
	switch {
	case p.Sim != nil:
		p.Falls, p.Beside = p.Sim.Waterfall, messages.Money(p.Sim.Then.Price)
	case d.Best != nil && *d.Best != d.Price:
		p.Beside = messages.Money(*d.Best)
	}
	p.Demand, p.Profit = c.demandCurve(r, &p), c.profitCurve(r, &p)
	p.Waterfalls = c.waterfallChart(r, &p)
	v.data = &p
	return v, nil
}

// itemAsked reads which item an address is about; market and channel may be left out.
func itemAsked(r *http.Request) commerce.Item {
	q := r.URL.Query()
	return commerce.Item{SKU: commerce.SKU(strings.TrimSpace(q.Get("sku"))), Market: marketIn(q, "market"), Channel: commerce.Channel(strings.TrimSpace(q.Get("channel")))}
}

// Ask is the address that asks what a price would bring.
func (p *pricePage) Ask(price string) string { return with(p.Base, "price", price) }

// Sheet is the address of a table of the page.
func (p *pricePage) Sheet(table string) string {
	q := itemQuery(p.Item)
	if table == "waterfall" && p.Sim != nil {
		q.Set("price", p.Asked)
	}
	return "/prices/item/" + table + ".csv?" + q.Encode()
}

// Proposes reports a price that is proposed, and another than today's.
func (p *pricePage) Proposes() bool { return p.Best != nil && *p.Best != p.Price }

// The rows that the tables of a page show; a sheet has them all.
const (
	seenShown   = 40
	spellsShown = 40
)

// Seen are the observed prices of most weeks, ascending.
func (p *pricePage) Seen() []tradewind.ObservedPrice {
	if len(p.Observed) <= seenShown {
		return p.Observed
	}
	most := slices.Clone(p.Observed)
	slices.SortStableFunc(most, func(a, b tradewind.ObservedPrice) int { return cmp.Compare(b.Weeks, a.Weeks) })
	most = most[:seenShown]
	slices.SortStableFunc(most, func(a, b tradewind.ObservedPrice) int { return a.Price.Cmp(b.Price) })
	return most
}

// Recent are the last prices, the newest first.
func (p *pricePage) Recent() []tradewind.PriceSpell {
	last := slices.Clone(p.History[max(0, len(p.History)-spellsShown):])
	slices.Reverse(last)
	return last
}

// Wide reports more than one price that earns about as much as the best.
func (p *pricePage) Wide() bool { return len(p.Flat) == 2 && p.Flat[0] != p.Flat[1] }

// barred reports a price that a limit keeps from being asked. A price without a customary
// ending is not: the next one that has it is near.
func barred(x tradewind.CurvePoint) bool {
	for _, code := range x.Breaks {
		if code != "ending" {
			return true
		}
	}
	return false
}

// priceCSV is one table of an item, whole.
func (c *Console) priceCSV(r *http.Request) (*view, error) {
	d, err := c.engine.ExplainPrice(r.Context(), itemAsked(r))
	if err != nil {
		return nil, err
	}
	table, isCSV := strings.CutSuffix(r.PathValue("table"), ".csv")
	s, err := c.priceSheet(r, d, table)
	if err != nil {
		return nil, err
	}
	if s == nil || !isCSV {
		return c.noSuchPage(r)
	}
	s.file = string(d.Item.SKU) + "-" + string(d.Item.Market) + "-" + table
	return &view{sheet: s}, nil
}

// priceSheet makes the sheet of a table; nil where there is no such table.
func (c *Console) priceSheet(r *http.Request, d *tradewind.PriceDetail, table string) (*sheet, error) {
	lang := c.languageOf(r)
	switch table {
	case "curve":
		s := &sheet{columns: []string{"price", "price_currency", "units_mean", "units_p10", "units_p90", "profit_mean", "profit_p10", "profit_p90", "profit_currency", "horizon_days", "legal", "breaks", "best"}}
		for _, x := range d.Curve {
			s.add(amountCell(x.Price), currencyCell(x.Price), floatCell(x.Units.Mean), floatCell(x.Units.Low), floatCell(x.Units.High), amountCell(x.Profit.Mean), amountCell(x.Profit.Low), amountCell(x.Profit.High),
				currencyCell(x.Profit.Mean), intCell(d.Horizon), boolCell(x.Legal), textCell(strings.Join(x.Breaks, " ")), boolCell(x.Selected))
		}
		return s, nil
	case "observed":
		s := &sheet{columns: []string{"price", "price_currency", "weeks", "units_a_week", "promoted"}}
		for _, o := range d.Observed {
			s.add(amountCell(o.Price), currencyCell(o.Price), intCell(o.Weeks), floatCell(o.Units), boolCell(o.Promo))
		}
		return s, nil
	case "waterfall":
		return c.waterfallSheet(r, d)
	case "estimators":
		s := &sheet{columns: []string{"code", "name", "mean", "se", "low", "high", "agrees", "note"}}
		for _, x := range d.Rungs {
			s.add(textCell(x.Code), textCell(x.Name.In(lang)), knownCell(x.Mean), knownCell(x.SE), knownCell(x.Low), knownCell(x.High), boolCell(x.Agrees), textCell(x.Note.In(lang)))
		}
		return s, nil
	case "identification":
		s := &sheet{columns: []string{"code", "name", "value", "limit", "passed"}}
		for _, g := range d.Gates {
			s.add(textCell(g.Code), textCell(g.Name.In(lang)), plainCell(g.Value), plainCell(g.Limit), boolCell(g.Passed))
		}
		return s, nil
	case "limits":
		s := &sheet{columns: []string{"code", "name", "binding", "source"}}
		for _, l := range d.Limits {
			s.add(textCell(l.Code), textCell(l.Name.In(lang)), boolCell(l.Binding), textCell(l.Source.In(lang)))
		}
		return s, nil
	case "history":
		s := &sheet{columns: []string{"price", "price_currency", "from", "to", "source"}}
		for _, h := range d.History {
			s.add(amountCell(h.Price), currencyCell(h.Price), plainCell(h.From.String()), plainCell(h.To.String()), textCell(h.Source))
		}
		return s, nil
	}
	return nil, nil
}

// waterfallSheet holds what the page shows: beside today's price the one that is asked for
// in the address, or else the best one.
func (c *Console) waterfallSheet(r *http.Request, d *tradewind.PriceDetail) (*sheet, error) {
	parts := d.Waterfall
	if asked := strings.TrimSpace(r.URL.Query().Get("price")); asked != "" {
		sim, err := c.engine.SimulatePrice(r.Context(), d.Item, asked)
		if err != nil {
			return nil, err
		}
		parts = sim.Waterfall
	}
	s := &sheet{columns: []string{"code", "name", "now", "then", "currency", "assumed"}}
	for _, w := range parts {
		s.add(textCell(w.Code), textCell(w.Name.In(c.languageOf(r))), amountCell(w.Now), pricedCell(w.Then), currencyCell(w.Now), boolCell(w.Assumed))
	}
	return s, nil
}
