package tradewind

import (
	"context"
	"strconv"

	"tradewind/commerce"
	"tradewind/fault"
	"tradewind/messages"
	"tradewind/money"
	"tradewind/operations/pricing"
	"tradewind/plan"
)

// ExplainPrice shows everything about the price of an item: the demand curve with what was
// observed, what is left of a price, how the elasticity was found, which limits hold.
// Market and channel may be left out: the item that sells most of the SKU is meant.
func (e *Engine) ExplainPrice(ctx context.Context, item commerce.Item) (*PriceDetail, error) {
	p, err := e.priced(ctx)
	if err != nil {
		return nil, err
	}
	x, err := p.itemIn(item)
	if err != nil {
		return nil, err
	}
	open, err := e.openPrices(ctx)
	if err != nil {
		return nil, err
	}
	d := &PriceDetail{PriceView: p.view(x), Horizon: p.Horizon, Curve: []CurvePoint{}, Observed: []ObservedPrice{}, Waterfall: []WaterfallPart{},
		Rungs: []RungView{}, Gates: []GateView{}, Limits: []LimitView{}, History: p.history(x), Notes: []LocalizedText{}}
	d.Decision = open[x.Item]
	for _, o := range p.PriceStudy.Observed(p.facts.Item(x.Item)) {
		d.Observed = append(d.Observed, ObservedPrice{o.Price, o.Weeks, o.Units, o.Promoted})
	}
	if x.Elasticity != nil {
		d.Rungs, d.Gates = rungViews(x.Elasticity), gateViews(x.Elasticity)
	}
	if x.Solution == nil {
		return d, nil
	}
	for _, point := range x.Curve() {
		d.Curve = append(d.Curve, p.point(point))
	}
	d.Waterfall = p.waterfall(x, d.Best)
	d.Limits = p.limits(x)
	if t := x.Test; t != nil {
		cost, _ := money.FromFloat(t.Cost*x.Rate, p.facts.Currency)
		d.Test = &PriceTestView{Control: t.Control, Test: t.Test, Weeks: t.Weeks, Value: *d.Gain, Cost: cost.Round(), Says: localized(t.Note())}
	}
	if note := x.Solution.Note(); !note.IsZero() && localized(note) != d.Reason {
		d.Notes = append(d.Notes, localized(note))
	}
	for _, b := range x.Solution.Forbidden {
		d.Notes = append(d.Notes, localized(messages.M("prices.note.today", messages.A("limit", b.Message))))
	}
	if p.Ignores(x) {
		d.Notes = append(d.Notes, localized(messages.M("prices.note.other-money", messages.A("currency", string(x.Price.Currency())))))
	}
	if x.Finite {
		d.Notes = append(d.Notes, localized(messages.M("prices.note.finite", messages.A("units", messages.Decimal{X: x.Problem.Stock, Places: 0}))))
	}
	return d, nil
}

// SimulatePrice answers what a price would bring against today's, legal or not.
func (e *Engine) SimulatePrice(ctx context.Context, item commerce.Item, price string) (*PriceSimulation, error) {
	p, err := e.priced(ctx)
	if err != nil {
		return nil, err
	}
	x, err := p.itemIn(item)
	if err != nil {
		return nil, err
	}
	if x.Solution == nil {
		return nil, fault.New(fault.Invalid, "E-PRICE-UNKNOWN", fault.A("sku", string(x.Item.SKU)), fault.A("reason", p.reason(x)))
	}
	asked, err := money.Parse(price, x.Price.Currency())
	if err != nil || asked.Sign() <= 0 {
		return nil, fault.From(err, fault.Usage, "E-PRICE-ASKED", fault.A("value", price), fault.A("currency", string(x.Price.Currency())))
	}
	answer, err := pricing.Ask(x.Problem, asked)
	if err != nil {
		return nil, err
	}
	now, err := x.PointAt(x.Price)
	if err != nil {
		return nil, err
	}
	then, err := x.PointAt(asked)
	if err != nil {
		return nil, err
	}
	v := &PriceSimulation{Item: x.Item, Product: p.names[x.Item.SKU], Horizon: p.Horizon, Now: p.point(now), Then: p.point(then),
		Gain: p.gain(answer.Gain, x.Rate), Better: answer.Gain.Positive, Broken: []LimitView{}, Waterfall: p.waterfall(x, &asked), Notes: []LocalizedText{}}
	for _, b := range answer.Broken {
		v.Broken = append(v.Broken, bindingView(b))
	}
	if !x.Elasticity.Identified {
		v.Notes = append(v.Notes, localized(messages.M("prices.note.prior", messages.A("reason", x.Elasticity.Reason))))
	}
	return v, nil
}

func (p *priced) point(x plan.PricePoint) CurvePoint {
	v := CurvePoint{Price: x.Price, Legal: len(x.Broken) == 0, Breaks: []string{}, Units: interval(x.Units), Profit: p.estimate(x.Profit, 1), Selected: x.Best}
	for _, b := range x.Broken {
		v.Breaks = append(v.Breaks, b.Limit.String())
	}
	return v
}

// waterfall shows what becomes of today's price, and of another one beside it.
func (p *priced) waterfall(x *plan.PriceItem, other *money.Amount) []WaterfallPart {
	now, err := x.Waterfall(x.Price, p.fees)
	if err != nil {
		return []WaterfallPart{}
	}
	list := waterfallParts(now)
	for i := range list {
		list[i].Assumed = p.AssumesPart(x, list[i].Code)
	}
	if other == nil {
		return list
	}
	if then, err := x.Waterfall(*other, p.fees); err == nil {
		for i, part := range waterfallParts(then) {
			list[i].Then = &part.Now
		}
	}
	return list
}

func waterfallParts(w *pricing.Waterfall) []WaterfallPart {
	part := func(code string, a money.Amount) WaterfallPart {
		return WaterfallPart{Code: code, Name: localized(messages.M("prices.part." + code)), Now: a}
	}
	list := []WaterfallPart{part("price", w.Price)}
	for _, x := range w.Parts {
		list = append(list, part(x.Name, x.Amount.Neg()))
	}
	return append(list, part("contribution", w.Contribution))
}

func rungViews(e *pricing.Elasticity) []RungView {
	list := []RungView{}
	for _, r := range e.Rungs {
		v := RungView{Code: r.Name, Name: localized(r.Label()), Mean: knownOrNil(r.Estimate), SE: knownOrNil(r.SE), Low: knownOrNil(r.Low), High: knownOrNil(r.High), Agrees: r.Agrees}
		if r.Informational {
			v.Note = localized(messages.M("prices.rung.informational"))
		}
		list = append(list, v)
	}
	return list
}

func gateViews(e *pricing.Elasticity) []GateView {
	list := []GateView{}
	number := func(x float64) string { return strconv.FormatFloat(x, 'g', 4, 64) }
	for _, g := range e.Gates {
		list = append(list, GateView{Code: g.Name, Name: localized(g.Label()), Value: number(g.Value), Limit: number(g.Limit), Passed: g.Passed})
	}
	return list
}

// limits lists what keeps the price where it is or the best one where it stands.
func (p *priced) limits(x *plan.PriceItem) []LimitView {
	list := []LimitView{}
	bind := map[pricing.Limit]bool{}
	for _, b := range x.Solution.Binding {
		bind[b.Limit] = true
	}
	if r := x.Solution.Refusal; r != nil {
		for _, b := range r.Limits {
			bind[b.Limit] = true
		}
	}
	for _, b := range x.Problem.Bounds() {
		v := bindingView(b)
		v.Binding = bind[b.Limit]
		list = append(list, v)
	}
	return list
}

func bindingView(b pricing.Binding) LimitView {
	return LimitView{Code: b.Limit.String(), Name: localized(b.Message), Source: localized(messages.M("prices.limit.source." + b.Limit.String()))}
}

// history is the prices of an item: those of a price list, or else what customers paid.
func (p *priced) history(x *plan.PriceItem) []PriceSpell {
	spells := []PriceSpell{}
	for _, s := range p.Spells(p.facts.Item(x.Item)) {
		spells = append(spells, PriceSpell{s.Price, s.From, s.To, s.Source})
	}
	return spells
}
