package plan

import (
	"cmp"
	"fmt"
	"math"
	"slices"

	"tradewind/commerce"
	"tradewind/decision"
	"tradewind/messages"
	"tradewind/operations/expansion"
	"tradewind/operations/promotion"
)

// mostPromos is how many promotions of a plan a person is asked to look at.
const mostPromos = 10

// Propose turns the first promotion of each item into a decision, worth most first. Items
// whose regular price is about to change or to be tested are left for the next plan: the
// promotion was reckoned on the price of today, and would spoil the test.
func (p *PromoStudy) Propose(v *Survey) []decision.Proposal {
	offers := slices.Clone(p.Plan.Offers)
	slices.SortStableFunc(offers, func(a, b promotion.Offer) int {
		return cmp.Or(a.From.Compare(b.From), cmp.Compare(b.Mean, a.Mean), a.Item.Compare(b.Item))
	})
	seen := map[commerce.Item]bool{}
	_, tests := p.prices.chosen()
	for _, x := range tests {
		seen[x.Item] = true
	}
	var first []promotion.Offer
	for _, o := range offers {
		x := p.prices.At(o.Item)
		if seen[o.Item] || o.Mean < p.prices.least || pays(&o) < sureEnough || x.State(p.prices.least) == PriceChange {
			continue
		}
		seen[o.Item] = true
		first = append(first, o)
	}
	slices.SortStableFunc(first, func(a, b promotion.Offer) int { return cmp.Compare(b.Mean, a.Mean) })
	var list []decision.Proposal
	for _, o := range first[:min(len(first), mostPromos)] {
		list = append(list, v.promote(p, &o))
	}
	return list
}

// pays is the probability that a promotion gains, taken as normal between its quantiles.
func pays(o *promotion.Offer) float64 {
	if o.P90 <= o.P10 {
		return when(o.Mean > 0)
	}
	const z90 = 1.2815515655446004 // Φ⁻¹(.9)
	return .5 * math.Erfc(-o.Mean/((o.P90-o.P10)/(2*z90))/math.Sqrt2)
}

func when(is bool) float64 {
	if is {
		return 1
	}
	return 0
}

// promote proposes one promotion of a plan.
func (v *Survey) promote(p *PromoStudy, o *promotion.Offer) decision.Proposal {
	x := p.prices.At(o.Item)
	d := v.priced(decision.RunPromotion{Item: o.Item, From: o.From, To: o.To, Price: o.Price, Was: o.Was, Vehicle: o.Vehicle}, "promotion plan")
	d.Cash = v.amount(-o.Parts.Fixed)
	sum := v.amount(0)
	for _, part := range PromoParts(o) {
		if part.Value == 0 {
			continue
		}
		amount := v.amount(part.Value)
		sum = mustAdd(sum, amount)
		d.Drivers = append(d.Drivers, decision.Driver{Name: messages.M("promos.part." + part.Code), Amount: amount})
	}
	horizon := 7 * (1 + promotion.DipWeeks)
	d.Gain = v.spread(expansion.Interval{Mean: o.Mean, P10: o.P10, P50: o.P50, P90: o.P90}, sum, horizon)
	d.Summary = messages.M("promos.summary", messages.A("sku", string(o.Item.SKU)), messages.A("market", countryOf(o.Item.Market)), messages.A("price", o.Price),
		messages.A("was", x.Price), messages.A("from", o.From), messages.A("to", o.To), messages.A("gain", d.Gain.Mean))
	low, high := o.Uplift.Interval()
	d.Reasons = []messages.Message{messages.M("promos.reason.uplift", messages.A("factor", messages.Decimal{X: factor(o.Uplift.Mean), Places: 2}),
		messages.A("low", messages.Decimal{X: factor(low), Places: 2}), messages.A("high", messages.Decimal{X: factor(high), Places: 2}), messages.A("units", messages.Decimal{X: o.Units, Places: 0}))}
	if o.Proof != nil {
		d.Reasons = append(d.Reasons, messages.M("promos.reason.prior", messages.A("rule", o.Proof.Rule), messages.A("was", o.Was), messages.A("from", o.Proof.Lowest.From),
			messages.A("to", o.Proof.Lowest.To), messages.A("announced", messages.Percent(o.Announced))))
	}
	d.Reasons = append(d.Reasons, o.Limits...)
	d.Alternatives = v.doOrLeave(d.Gain, d.Cash, messages.M("promos.option.run", messages.A("price", o.Price)))
	d.Flips = p.flips(o, x)
	d.Inputs = append(v.priceEstimates(x), p.prices.Facts(x)...)
	if p.Uplift == nil {
		d.Inputs = append(d.Inputs, input("price.bought_ahead", fmt.Sprint(assumedDip), commerce.Provenance{Source: "tradewind", AsOf: v.Snapshot.AsOf, Assumed: true}))
	}
	d.Checks = append([]decision.Check{{Name: messages.M("plan.check.low"), Outcome: passIf(o.P10 >= 0), Limit: "0", Value: v.amount(o.P10).String()}}, v.itemChecks(o.Item)...)
	d.Checks = append(d.Checks, p.law.checks(o)...)
	d.Exposure = v.priceExposure(x, o.Price)
	if p.WeakProof(o) {
		d.Checks = append(d.Checks, decision.Check{Name: messages.M("promos.check.asked"), Outcome: decision.Warn, Limit: "true", Value: yes(false)})
	}
	d.Rules = v.priceRules(x, o.Price)
	if o.Proof != nil && o.Proof.Rule != "" {
		d.Rules = cite(d.Rules, v.Law.refs([]string{o.Proof.Rule}))
	}
	d.Caveats = append(v.priceCaveats(x, &d), messages.M("promos.caveat.stock"))
	if p.WeakProof(o) {
		d.Caveats = append(d.Caveats, messages.M("promos.caveat.paid"))
	}
	return sign(d)
}

// WeakProof reports whether the prior price of an offer was taken from what customers paid,
// for want of a list of prices asked.
func (p *PromoStudy) WeakProof(o *promotion.Offer) bool {
	return o.Proof != nil && !p.prices.lists(p.prices.survey.Snapshot.Item(o.Item))
}

// factor is what a change of the logarithm of units is on units.
func factor(ln float64) float64 { return math.Exp(ln) }

// PromoPart is one part of what a promotion is worth.
type PromoPart struct {
	Code  string
	Value float64 // reporting currency
}

// PromoParts lists the parts of an offer's mean in reading order; they sum to it.
func PromoParts(o *promotion.Offer) []PromoPart {
	p := o.Parts
	return []PromoPart{{"uplift", p.Uplift}, {"subsidy", p.Subsidy}, {"cannibalised", p.Cannibalised}, {"halo", p.Halo}, {"pull", p.PullForward}, {"fixed", p.Fixed}}
}

// flips is the uplift below which the promotion would gain less than is worth a look. With
// the weeks after it as they are, its worth is a straight line in the units of its week.
func (p *PromoStudy) flips(o *promotion.Offer, x *PriceItem) []decision.Flip {
	margin := (x.Problem.Net(o.Price.Float()) - x.Problem.UnitCost.Float()) * x.Rate
	if margin <= 0 || o.Units <= 0 {
		return nil
	}
	now := factor(o.Uplift.Mean)
	at := now * (1 - (o.Mean-p.prices.least)/(margin*o.Units))
	return []decision.Flip{{Input: "price.promotion_uplift", Name: messages.M("plan.input.price.promotion_uplift"), Now: now, At: at, Becomes: messages.M("plan.option.nothing")}}
}
