package plan

import (
	"math"

	"tradewind/simulate"
)

// Contribution is what a site contributes in a week at the sales and the price of late,
// returns left aside: what ranks sites by how much there is to gain or to lose. It is 0
// where a fact is missing.
func (v *Survey) Contribution(site Site) float64 {
	margin, units := v.margin(site)
	return max(0, margin) * units
}

// margin is what a unit contributes at the price of late, and how many units a week sell.
func (v *Survey) margin(site Site) (margin, units float64) {
	s, f := v.Snapshot, v.gather(site)
	if f.cost == nil {
		return 0, 0
	}
	revenue := 0.0
	lo, hi := s.ItemsOf(site.SKU)
	for i := lo; i < hi; i++ {
		if w := weight(s, site, s.Items[i].Market); w > 0 {
			u, r := lately(s, i)
			units, revenue = units+w*u, revenue+w*r
		}
	}
	if units == 0 {
		return 0, 0
	}
	price := revenue / (units * float64(min(recent, s.Days())) / daysOfWeek)
	kept := v.Law.termsAt(s, &v.Config.Seller, site).kept * (1 - v.Config.FeeRate)
	return price*kept - f.cost.Unit.Float(), units
}

// Margin is what a unit of a site contributes at the price of late; 0 where a fact is
// missing.
func (v *Survey) Margin(site Site) float64 {
	margin, _ := v.margin(site)
	return margin
}

// ShopNow is where a site stands as the shop of its facts sees it: what is on the shelf, what
// is under way and for how long, the price paid last, and what the site's own past tells of
// its demand. Of what a count names as under way nobody knows since when: it counts as
// half way.
func (v *Survey) ShopNow(site Site, facts *ShopFacts) (simulate.ShopState, *simulate.Filter) {
	f := v.gather(site)
	var st simulate.ShopState
	st.OnHand = max(0, soldAt(v.Snapshot, site).left)
	lead := facts.Form.LeadDays
	age := func(daysLeft float64) int {
		return max(1, min(simulate.MaxLead, int(math.Round((lead-daysLeft)/daysOfWeek))))
	}
	if f.stock.Inbound > 0 {
		st.Ordered[age(lead/2)] += float64(f.stock.Inbound)
	}
	for _, a := range arrivals(v, site, f.supply) {
		st.Ordered[age(a.Day)] += a.Units
	}
	h := &facts.History
	then := facts.Form.At(-len(h.Units))
	filter := simulate.NewFilter(&then)
	st.Price = facts.Form.Reference
	for t, units := range h.Units {
		if h.Price[t] > 0 {
			st.Price = h.Price[t]
		}
		if h.Share[t] < leastShare {
			units = math.NaN()
		}
		filter.See(t, st.Price, math.Round(max(0, units)), h.Share[t] < almostStocked)
	}
	return st, filter
}

// leastShare is the share of a week in stock below which its sales say too little.
const leastShare = .5

// WeeksOf lays out a site's past by week: what was sold, the mean price paid, and the share
// of the week in stock.
func (v *Survey) WeeksOf(site Site) simulate.History {
	return v.weeksOf(site, soldAt(v.Snapshot, site).units)
}

// Learnable is the form of a shop in which a policy may learn: where nobody knows how demand
// answers to prices the price stays as it is, and only orders are learned.
func (f *ShopFacts) Learnable() simulate.ShopForm {
	form := f.Form
	if !f.Priced {
		form.Floor, form.Ceiling = form.Reference, form.Reference
	}
	return form
}
