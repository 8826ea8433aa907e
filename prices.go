package tradewind

import (
	"cmp"
	"context"
	"math"
	"slices"
	"sync"

	"tradewind/calendar"
	"tradewind/commerce"
	"tradewind/decision"
	"tradewind/fault"
	"tradewind/messages"
	"tradewind/money"
	"tradewind/operations/expansion"
	"tradewind/operations/pricing"
	"tradewind/plan"
	"tradewind/store"
)

// priceStudies keeps what was last learnt of prices, as of the facts and the law.
type priceStudies struct {
	mu     sync.Mutex
	last   *plan.PriceStudy
	stamp  marketStamp
	ranked []*plan.PriceItem                      // items of the last study in the order of the board; nil: not asked for yet
	promos map[plan.PromoRequest]*plan.PromoStudy // plans of promotions on it, by what was asked
}

// priceStudy learns how demand answers to prices, once for the same facts and law.
func (e *Engine) priceStudy(ctx context.Context, s *commerce.Snapshot, l plan.Law) (*plan.PriceStudy, error) {
	e.prices.mu.Lock()
	defer e.prices.mu.Unlock()
	now := marketStamp{s, l.Calculator, &l.Packs[0], l.AsOf}
	if e.prices.last != nil && e.prices.stamp == now {
		return e.prices.last, nil
	}
	study, err := plan.NewPriceStudy(ctx, e.survey(s).Under(l))
	if err != nil {
		return nil, err
	}
	e.prices.last, e.prices.stamp, e.prices.ranked, e.prices.promos = study, now, nil, map[plan.PromoRequest]*plan.PromoStudy{}
	return study, nil
}

// priced is a price study with the names of what it is about.
type priced struct {
	*plan.PriceStudy
	facts *commerce.Snapshot
	names map[commerce.SKU]string
	fees  float64
}

func (e *Engine) priced(ctx context.Context) (*priced, error) {
	s, err := e.snapshot(ctx)
	if err != nil {
		return nil, err
	}
	l, err := e.law(s)
	if err != nil {
		return nil, err
	}
	study, err := e.priceStudy(ctx, s, l)
	if err != nil {
		return nil, err
	}
	return &priced{study, s, e.productNames(ctx), e.config.Plan.FeeRate}, nil
}

// PriceBoard lists what could be asked for every item, worth most first.
func (e *Engine) PriceBoard(ctx context.Context, f PriceFilter) (*PriceBoard, error) {
	if f.State != "" && !slices.Contains(PriceStates, f.State) {
		return nil, fault.New(fault.Usage, "E-PRICE-STATE", fault.A("value", string(f.State)))
	}
	p, err := e.priced(ctx)
	if err != nil {
		return nil, err
	}
	open, err := e.openPrices(ctx)
	if err != nil {
		return nil, err
	}
	b := &PriceBoard{AsOf: p.facts.AsOf, Horizon: p.Horizon, Rows: []PriceView{}, Counts: map[PriceState]int{}, Warnings: []LocalizedText{}}
	for _, item := range e.rankedPrices(p.PriceStudy) {
		state := item.State(p.Least())
		if f.Market != "" && item.Item.Market != f.Market || f.SKU != "" && item.Item.SKU != f.SKU {
			continue
		}
		b.Counts[state]++
		if f.State != "" && state != f.State {
			continue
		}
		b.Total++
		if b.Total > f.Skip && (f.Limit == 0 || len(b.Rows) < f.Limit) {
			v := p.view(item)
			v.Decision = open[item.Item]
			b.Rows = append(b.Rows, v)
		}
	}
	if p.Assumes() {
		b.Warnings = append(b.Warnings, localized(messages.M("prices.warning.assumed-cost")))
	}
	return b, nil
}

// rankedPrices lists the items of a study, worth most first; last those of which it is not
// known what they are worth.
func (e *Engine) rankedPrices(study *plan.PriceStudy) []*plan.PriceItem {
	c := &e.prices
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.last == study && c.ranked != nil {
		return c.ranked
	}
	ranked := append(study.ByGain(PriceChange, PriceTest, PriceKeep), study.ByGain(PriceUnknown, PriceRefused)...)
	if c.last == study {
		c.ranked = ranked
	}
	return ranked
}

// openPrices maps items to the decision about their price that waits for a person.
func (e *Engine) openPrices(ctx context.Context) (map[commerce.Item]decision.ID, error) {
	open := map[commerce.Item]decision.ID{}
	for _, kind := range []decision.Kind{decision.KindStartExperiment, decision.KindSetPrice} {
		list, err := e.db.Listings(ctx, store.Filter{State: decision.Proposed, Kind: kind, Limit: math.MaxInt32})
		if err != nil {
			return nil, err
		}
		for _, l := range list {
			subject := l.Action.Subject()
			open[commerce.Item{SKU: subject.SKU, Market: subject.Market, Channel: subject.Channel}] = l.ID
		}
	}
	return open, nil
}

// view shows one item.
func (p *priced) view(x *plan.PriceItem) PriceView {
	v := PriceView{
		Item: x.Item, Product: p.names[x.Item.SKU], State: x.State(p.Least()), Price: x.Price, Units: x.Units,
		Flat: []money.Amount{}, Reason: localized(p.reason(x)), Assumed: []LocalizedText{},
	}
	if x.Since != (calendar.Day{}) {
		v.Since = &x.Since
	}
	if x.Rival.Sign() > 0 {
		v.Rival = &x.Rival
	}
	if cost := x.Cost(); cost.Sign() > 0 {
		v.Cost = &cost
	}
	if x.Elasticity != nil {
		v.Elasticity = elasticityView(x.Elasticity)
	}
	s := x.Solution
	if s == nil {
		return v
	}
	if w, err := x.Waterfall(x.Price, p.fees); err == nil {
		rate := w.Contribution.Float() / x.Price.Float()
		v.Margin = &rate
	}
	for _, a := range p.AssumedOf(x) {
		v.Assumed = append(v.Assumed, localized(a))
	}
	switch {
	case s.Refusal != nil:
	case v.State == PriceTest:
		net := p.estimate(x.TestWorth(), 1)
		v.Gain = &net
	case v.State == PriceChange || v.State == PriceKeep:
		best, gain := s.Best.Price, p.gain(s.Gain, x.Rate)
		v.Best, v.Gain, v.Flat = &best, &gain, s.Flat[:]
	}
	return v
}

// reason says why the state of an item is what it is.
func (p *priced) reason(x *plan.PriceItem) messages.Message {
	switch s := x.Solution; {
	case !x.Refused.IsZero():
		return x.Refused
	case x.Elasticity != nil && !x.Elasticity.Identified:
		return x.Elasticity.Reason
	case s == nil:
		return messages.Message{}
	case s.Refusal != nil, !s.Note().IsZero():
		return s.Note()
	case s.Stays():
		return messages.M("prices.reason.best")
	case x.State(p.Least()) == PriceKeep:
		return messages.M("prices.reason.unsure", messages.A("p", messages.Percent(s.Gain.Positive)))
	}
	return messages.M("prices.reason.better", messages.A("p", messages.Percent(x.Solution.Gain.Positive)))
}

func (p *priced) gain(g pricing.Gain, rate float64) EstimateView {
	return p.estimate(expansion.Interval{Mean: g.Mean, P10: g.P10, P90: g.P90}, rate)
}

// estimate shows an interval in the reporting currency.
func (p *priced) estimate(i expansion.Interval, rate float64) EstimateView {
	amount := func(x float64) money.Amount {
		a, err := money.FromFloat(x*rate, p.facts.Currency)
		if err != nil {
			return money.FromE4(0, p.facts.Currency)
		}
		return a.Round()
	}
	return EstimateView{amount(i.Mean), amount(i.P10), amount(i.P90)}
}

func elasticityView(e *pricing.Elasticity) *ElasticityView {
	v := &ElasticityView{
		Mean: e.Mean, Low: e.Q05, High: e.Q95, Source: e.Source.String(), SourceName: localized(e.Source.Name()),
		Identified: e.Identified, Rival: knownOrNil(e.Rival),
	}
	if !e.Reason.IsZero() {
		v.Reason = localized(e.Reason)
	}
	return v
}

// itemIn finds the item that a question about a price is about: the one that sells most of
// the SKU where market or channel is left out.
func (p *priced) itemIn(item commerce.Item) (*plan.PriceItem, error) {
	var best *plan.PriceItem
	lo, hi := p.facts.ItemsOf(item.SKU)
	if lo == hi {
		return nil, fault.New(fault.NotFound, "E-SKU-NOT-FOUND", fault.A("sku", string(item.SKU)))
	}
	for i := lo; i < hi; i++ {
		x := &p.Items[i]
		if item.Market != "" && x.Item.Market != item.Market || item.Channel != "" && x.Item.Channel != item.Channel {
			continue
		}
		if best == nil || cmp.Compare(x.Revenue, best.Revenue) > 0 {
			best = x
		}
	}
	if best == nil {
		return nil, fault.New(fault.NotFound, "E-PRICE-ITEM", fault.A("sku", string(item.SKU)), fault.A("market", cmp.Or(string(item.Market), "*")))
	}
	return p.At(best.Item), nil
}

// priceChanges says which facts behind a decision about a price have changed since.
func (e *Engine) priceChanges(ctx context.Context, s *commerce.Snapshot, l plan.Law, d *decision.Proposal, item commerce.Item) ([]string, error) {
	study, err := e.priceStudy(ctx, s, l)
	if err != nil {
		return nil, err
	}
	var now []decision.Input
	if x := study.At(item); x != nil {
		now = study.Facts(x)
	}
	return plan.Changes(d, now), nil
}
