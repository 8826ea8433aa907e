package tradewind

import (
	"cmp"
	"context"
	"maps"
	"math"
	"slices"

	"tradewind/calendar"
	"tradewind/commerce"
	"tradewind/decision"
	"tradewind/fault"
	"tradewind/messages"
	"tradewind/money"
	"tradewind/operations/expansion"
	"tradewind/operations/promotion"
	"tradewind/plan"
	"tradewind/store"
)

// PromoPlan plans promotions for the coming weeks within slots, budget and law.
func (e *Engine) PromoPlan(ctx context.Context, o PromoOptions) (*PromoPlanView, error) {
	if o.Weeks < 0 || o.Weeks > 52 {
		return nil, fault.New(fault.Usage, "E-PROMO-WEEKS", fault.A("n", o.Weeks))
	}
	p, err := e.priced(ctx)
	if err != nil {
		return nil, err
	}
	if o.Market != "" && !slices.ContainsFunc(p.facts.Items, func(it commerce.Item) bool { return it.Market == o.Market }) {
		return nil, fault.New(fault.NotFound, "E-PROMO-MARKET", fault.A("market", string(o.Market)))
	}
	study, err := e.promoStudy(p.PriceStudy, plan.PromoRequest{Market: o.Market, Weeks: o.Weeks, Slots: o.Slots, Budget: o.Budget.Float()})
	if err != nil {
		return nil, err
	}
	open, err := e.openPromos(ctx)
	if err != nil {
		return nil, err
	}
	l := study.Limits
	v := &PromoPlanView{
		AsOf: p.facts.AsOf, From: l.Start, Weeks: l.Weeks, Slots: study.Asked.Slots, Promos: []PromoView{}, Uplifts: uplifts(study), LeftOut: []PromoLeftOut{},
		Bound: p.amount(study.Plan.Bound), Gap: study.Plan.Gap(), Rules: cited(study.Rules()), Limits: p.promoLimits(study),
		Warnings: []LocalizedText{}, Past: p.past(), Assumed: []LocalizedText{}, Markets: []commerce.Market{},
	}
	var total expansion.Interval
	spreads := map[commerce.Item]float64{}
	for i := range study.Plan.Offers {
		offer := &study.Plan.Offers[i]
		row := p.promo(study, offer)
		row.Decision = open[promoKey{offer.Item, offer.From}]
		v.Promos = append(v.Promos, row)
		if !slices.Contains(v.Markets, offer.Item.Market) {
			v.Markets = append(v.Markets, offer.Item.Market)
		}
		total.Mean += offer.Mean
		spreads[offer.Item] += (offer.P90 - offer.P10) / 2
	}
	// What is wrong about one promotion of an item is wrong about the next: their spreads add
	// up. Those of different items are taken as independent, and add up in quadrature.
	var square float64
	for _, item := range slices.SortedFunc(maps.Keys(spreads), commerce.Item.Compare) {
		square += spreads[item] * spreads[item]
	}
	half := math.Sqrt(square)
	v.Value = p.estimate(expansion.Interval{Mean: total.Mean, P10: total.Mean - half, P90: total.Mean + half}, 1)
	slices.SortStableFunc(v.Promos, func(a, b PromoView) int {
		return cmp.Or(cmp.Compare(a.Week, b.Week), b.Value.Mean.Cmp(a.Value.Mean))
	})
	for _, left := range study.Left {
		v.LeftOut = append(v.LeftOut, PromoLeftOut{left.Item, localized(left.Reason)})
	}
	switch {
	case len(v.Promos) > 0:
	case len(study.Left) > 0 && study.Plan.Bound == 0:
		v.Reason = localized(messages.M("promos.reason.no-items"))
	default:
		v.Reason = localized(messages.M("promos.reason.none"))
	}
	if p.Assumes() {
		v.Warnings = append(v.Warnings, localized(messages.M("prices.warning.assumed-cost")))
	}
	if slices.ContainsFunc(study.Plan.Offers, func(o promotion.Offer) bool { return study.WeakProof(&o) }) {
		v.Warnings = append(v.Warnings, localized(messages.M("promos.caveat.paid")))
	}
	if study.Derived > 0 {
		v.Assumed = append(v.Assumed, localized(messages.M("promos.assumed.dip")))
	}
	return v, nil
}

// promosKept is how many plans of promotions are kept on one study of prices.
const promosKept = 16

// promoStudy plans promotions, once for the same study and question.
func (e *Engine) promoStudy(prices *plan.PriceStudy, ask plan.PromoRequest) (*plan.PromoStudy, error) {
	c := &e.prices
	c.mu.Lock()
	study := c.promos[ask]
	current := c.last == prices
	c.mu.Unlock()
	if study != nil && current {
		return study, nil
	}
	study, err := prices.Promotions(ask)
	if err != nil {
		return nil, err
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.last == prices {
		if len(c.promos) >= promosKept {
			clear(c.promos)
		}
		c.promos[ask] = study
	}
	return study, nil
}

type promoKey struct {
	item commerce.Item
	from calendar.Day
}

func (e *Engine) openPromos(ctx context.Context) (map[promoKey]decision.ID, error) {
	list, err := e.db.Listings(ctx, store.Filter{State: decision.Proposed, Kind: decision.KindRunPromotion, Limit: math.MaxInt32})
	if err != nil {
		return nil, err
	}
	open := map[promoKey]decision.ID{}
	for _, l := range list {
		if a, ok := l.Action.(decision.RunPromotion); ok {
			open[promoKey{a.Item, a.From}] = l.ID
		}
	}
	return open, nil
}

func (p *priced) amount(x float64) money.Amount {
	a, err := money.FromFloat(x, p.facts.Currency)
	if err != nil {
		return money.FromE4(0, p.facts.Currency)
	}
	return a.Round()
}

func (p *priced) promo(study *plan.PromoStudy, o *promotion.Offer) PromoView {
	v := PromoView{
		Item: o.Item, Product: p.names[o.Item.SKU], Week: study.WeekOf(o.From), From: o.From, To: o.To, Price: o.Price, Was: p.At(o.Item).Price, Prior: o.Was,
		Depth: o.Depth, Announce: o.Announced, Vehicle: o.Vehicle, Value: p.estimate(expansion.Interval{Mean: o.Mean, P10: o.P10, P90: o.P90}, 1),
		Parts: []WaterfallPart{}, Proof: []PriceSpell{},
	}
	low, high := o.Uplift.Interval()
	usual := o.Units / math.Exp(o.Uplift.Mean+o.Uplift.SD*o.Uplift.SD/2)
	v.Units = IntervalView{o.Units - usual, usual * (math.Exp(low) - 1), usual * (math.Exp(high) - 1)}
	for _, part := range plan.PromoParts(o) {
		v.Parts = append(v.Parts, WaterfallPart{Code: part.Code, Name: localized(messages.M("promos.part." + part.Code)), Now: p.amount(part.Value)})
	}
	if o.Proof != nil {
		v.Proof = append(v.Proof, PriceSpell{o.Proof.Lowest.Price, o.Proof.Lowest.From, o.Proof.Lowest.To, o.Proof.Rule})
	}
	return v
}

// uplifts shows what promotions do by category and vehicle, at a fifth off.
func uplifts(study *plan.PromoStudy) []UpliftView {
	list := []UpliftView{}
	if study.Uplift == nil {
		return append(list, UpliftView{Vehicle: promotion.Price, Reason: localized(messages.M("promos.uplift.derived", messages.A("reason", study.Unlearnt)))})
	}
	for c, slope := range study.Uplift.Categories {
		r, err := study.Uplift.Response(-1, c)
		v := UpliftView{Category: study.Names[c], Vehicle: promotion.Price, Promos: slope.Episodes}
		if err != nil {
			v.Reason = localized(messages.Of(err))
			list = append(list, v)
			continue
		}
		for _, vehicle := range study.Limits.Vehicles {
			v := v
			v.Vehicle = vehicle.Name
			at := r.Offer(.2, vehicle.Name)
			low, high := at.Interval()
			v.Lift = &IntervalView{math.Exp(at.Mean), math.Exp(low), math.Exp(high)}
			lost := 0.0
			for _, d := range r.Dip {
				lost += d
			}
			if r.Depth.Mean > 0 {
				lost /= r.Depth.Mean
				v.Dip = &lost
			}
			list = append(list, v)
		}
	}
	return list
}

func (p *priced) promoLimits(study *plan.PromoStudy) []ConstraintView {
	list := []ConstraintView{{localized(messages.M("promos.limit.slots", messages.A("n", study.Asked.Slots))), p.amount(0)}}
	for _, s := range study.Plan.SlotPrices {
		if shadow := p.amount(s.Price); shadow.Cmp(list[0].Shadow) > 0 {
			list[0].Shadow = shadow
		}
	}
	if study.Asked.Budget > 0 {
		list = append(list, ConstraintView{localized(messages.M("promos.limit.budget", messages.A("budget", p.amount(study.Asked.Budget)))), p.amount(study.Plan.BudgetPrice)})
	}
	return list
}

// past lists the promotions that the facts know, newest first.
func (p *priced) past() []PastPromotion {
	list := []PastPromotion{}
	for _, x := range p.facts.Promotions {
		list = append(list, PastPromotion{x.Item, x.Name, x.From, x.To, knownOrNil(x.Depth), x.Vehicle})
	}
	slices.SortStableFunc(list, func(a, b PastPromotion) int { return b.From.Compare(a.From) })
	return list
}
