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
// whose regular price is about to change are left for the next plan.
func (p *PromoStudy) Propose(v *Survey) []decision.Proposal {
	offers := slices.Clone(p.Plan.Offers)
	slices.SortStableFunc(offers, func(a, b promotion.Offer) int {
		return cmp.Or(a.From.Compare(b.From), cmp.Compare(b.Mean, a.Mean), a.Item.Compare(b.Item))
	})
	seen := map[commerce.Item]bool{}
	var first []promotion.Offer
	for _, o := range offers {
		x := p.prices.At(o.Item)
		if seen[o.Item] || o.Mean < p.prices.least || x.State(p.prices.least) == PriceChange {
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
	d.Gain = v.spread(expansion.Interval{Mean: o.Mean, P10: o.P10, P50: o.Mean, P90: o.P90}, sum, horizon)
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
	d.Flips = promoFlips(o)
	d.Inputs = append(v.priceEstimates(x), p.prices.Facts(x)...)
	if p.Uplift == nil {
		d.Inputs = append(d.Inputs, input("price.bought_ahead", fmt.Sprint(assumedDip), commerce.Provenance{Source: "tradewind", AsOf: v.Snapshot.AsOf, Assumed: true}))
	}
	d.Checks = append([]decision.Check{{Name: messages.M("plan.check.low"), Outcome: passIf(o.P10 >= 0), Limit: "0", Value: v.amount(o.P10).String()}}, v.itemChecks(o.Item)...)
	d.Checks = append(d.Checks, p.law.checks(o)...)
	d.Rules = v.priceRules(x, o.Price)
	if o.Proof != nil && o.Proof.Rule != "" {
		d.Rules = cite(d.Rules, v.Law.refs([]string{o.Proof.Rule}))
	}
	d.Caveats = append(v.priceCaveats(x, &d), messages.M("promos.caveat.stock"))
	return sign(d)
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

// promoFlips is the uplift below which the promotion would lose: what it wins is in
// proportion to the units that it adds.
func promoFlips(o *promotion.Offer) []decision.Flip {
	if o.Parts.Uplift <= 0 {
		return nil
	}
	now := factor(o.Uplift.Mean)
	least := 1 + (now-1)*(1-o.Mean/o.Parts.Uplift)
	return []decision.Flip{{Input: "price.promotion_uplift", Name: messages.M("plan.input.price.promotion_uplift"), Now: now, At: least, Becomes: messages.M("plan.option.nothing")}}
}
