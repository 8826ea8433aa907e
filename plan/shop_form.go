package plan

import (
	"math"
	"time"

	"tradewind/calendar"
	"tradewind/commerce"
	"tradewind/fault"
	"tradewind/messages"
	"tradewind/operations/demand"
	"tradewind/simulate"
)

// ShopFacts is what the facts say of a site as a shop that a policy can be tried in, week by
// week from the snapshot's day on. Whether the shop is like the item is for
// simulate.Calibrate to say.
type ShopFacts struct {
	Form    simulate.ShopForm
	History simulate.History   // by week; the last ends on the snapshot's day
	Assumed []messages.Message // what nobody measured
	Priced  bool               // how demand answers to prices is known
}

// ShopForm makes the shop of a site from a survey and a study of its prices: stock, cost and
// supply as they were imported, season and outlook of the demand survey, the study's
// elasticity; level, scatter and drift are those that make the item's own past most likely,
// the level moved to where the outlook sees the next four weeks. Prices are means of what
// was paid, in the reporting currency.
//
// The fault is E-SHOP-FACTS where facts are missing, or one of simulate.Calibrate's where
// they are of no use.
func (v *Survey) ShopForm(site Site, st *PriceStudy) (*ShopFacts, error) {
	m := Menu{Site: site, Facts: v.gather(site)}
	if missing := m.missing(); !missing.IsZero() {
		return nil, fault.New(fault.Invalid, "E-SHOP-FACTS", fault.A("sku", string(site.SKU)), fault.A("location", string(site.Location)), fault.A("missing", missing))
	}
	sold := soldAt(v.Snapshot, site)
	outlook := v.Demand.Outlook(sold.units)
	elasticity := v.elasticityAt(site, st)
	facts := &ShopFacts{Priced: elasticity.identified, History: v.weeksOf(site, sold.units)}
	unsold := messages.M("plan.refused.no-sales")
	if sold.price > 0 {
		unsold = messages.M("plan.shop.no-elasticity")
	}
	if !(sold.price > 0) || !elasticity.known {
		return nil, fault.New(fault.Invalid, "E-SHOP-FACTS", fault.A("sku", string(site.SKU)), fault.A("location", string(site.Location)), fault.A("missing", unsold))
	}
	c, supply := &v.Config, m.Facts.supply
	lowest, highest := span(facts.History.Price)
	leadSD, leadError := m.Facts.leadErrors()
	form, err := simulate.ShopForm{
		Key: v.seed(site, "shop"), Days: daysOfWeek,
		Season: v.seasonOfYear(), Week: weekOfYear(v.Snapshot.AsOf.AddDays(1)),
		Elasticity: elasticity.mean, ElasticitySD: elasticity.sd, Reference: sold.price,
		Floor: lowest * (1 - beyondSeen), Ceiling: highest * (1 + beyondSeen),
		Kept: v.Law.termsAt(v.Snapshot, &c.Seller, site).kept * (1 - c.FeeRate),
		Cost: m.Facts.cost.Unit.Float(), Holding: c.HoldingRate, Salvage: 1,
		OrderCost: supply.OrderCost.Float(), MOQ: float64(supply.MOQ), Pack: float64(supply.Pack),
		LeadDays: supply.LeadDays, LeadSD: leadSD, LeadMeanSD: leadError,
		Returned: math.Min(outlook.Returns.Mean, mostReturned), Resold: 1,
	}.Fitted(facts.History)
	if err != nil {
		return nil, err
	}
	facts.Form = toOutlook(form, outlook)
	facts.Assumed = v.assumedOfShop(&m, elasticity)
	return facts, nil
}

const (
	daysOfWeek = 7
	// beyondSeen is how far beyond the prices ever asked a policy may try: demand there is
	// extrapolated.
	beyondSeen = .15
	// assumedLeadError is the error of a mean lead time that somebody wrote down, in logs.
	assumedLeadError = .10
	// almostStocked is the share of a week from which on it counts as in stock.
	almostStocked = .95
	// closedSeason is the least that a week of the calendar stands for: a shop that is closed
	// in it may still sell something.
	closedSeason = .05
)

// leadErrors are the spread of lead times about their mean, in days, and the error of that
// mean, in logs: as deliveries tell them, or else as somebody wrote down and as assumed.
func (f *facts) leadErrors() (spread, meanError float64) {
	if f.lead == nil {
		return f.supply.LeadSD, assumedLeadError
	}
	return f.lead.Spread, min(1, f.lead.Error/f.lead.Mean)
}

// elasticityOf is a site's elasticity: that of its items, by what they sold lately.
type elasticityOf struct {
	mean, sd   float64 // sd is of its log
	known      bool
	identified bool // of all of them
}

func (v *Survey) elasticityAt(site Site, st *PriceStudy) elasticityOf {
	out := elasticityOf{identified: true}
	all := 0.0
	lo, hi := v.Snapshot.ItemsOf(site.SKU)
	for i := lo; i < hi; i++ {
		units, _ := lately(v.Snapshot, i)
		w := units * weight(v.Snapshot, site, v.Snapshot.Items[i].Market)
		e := st.Items[i].Elasticity
		if w == 0 || e == nil || !(e.Mean < 0) {
			continue
		}
		all += w
		out.mean, out.sd = out.mean+w*e.Mean, out.sd+w*math.Sqrt(math.Log1p(e.SD*e.SD/(e.Mean*e.Mean)))
		out.identified = out.identified && e.Identified
	}
	if all > 0 {
		out.mean, out.sd, out.known = out.mean/all, out.sd/all, true
	}
	return out
}

// weeksOf lays out a site's past by week: units, mean price paid and in-stock share. Weeks in
// which anything was promoted do not count as known: a promotion is another answer than
// one to a price.
func (v *Survey) weeksOf(site Site, units demand.Series) simulate.History {
	s := v.Snapshot
	n := s.Days() / daysOfWeek
	skip := s.Days() - n*daysOfWeek
	h := simulate.History{Units: make([]float64, n), Price: v.weeklyPrices(site, n, skip), Share: make([]float64, n)}
	days, _ := v.Demand.Calendar()
	for k := range n {
		open, stocked, known := 0.0, 0.0, false
		for d := skip + k*daysOfWeek; d < skip+(k+1)*daysOfWeek; d++ {
			if u := units.Units[d]; !math.IsNaN(u) {
				h.Units[k], known = h.Units[k]+u, true
			}
			share := 1.0
			if units.Stocked != nil {
				share = units.Stocked[d]
			}
			open, stocked = open+days[d], stocked+share*days[d]
		}
		h.Share[k] = 1
		if open > 0 && stocked < almostStocked*open {
			h.Share[k] = stocked / open
		}
		if !known {
			h.Units[k] = math.NaN()
		}
	}
	lo, hi := s.ItemsOf(site.SKU)
	for i := lo; i < hi; i++ {
		if weight(s, site, s.Items[i].Market) == 0 {
			continue
		}
		for _, promo := range s.PromotionsOf(s.Items[i]) {
			for k := range n {
				from := s.From.AddDays(skip + k*daysOfWeek)
				if !promo.To.Before(from) && promo.From.Before(from.AddDays(daysOfWeek)) {
					h.Units[k] = math.NaN()
				}
			}
		}
	}
	return h
}

// weeklyPrices are means a unit by week; a week without sales has the price before it, those
// before the first sale that of the first.
func (v *Survey) weeklyPrices(site Site, n, skip int) []float64 {
	s := v.Snapshot
	revenue, units := make([]float64, n), make([]float64, n)
	lo, hi := s.ItemsOf(site.SKU)
	for i := lo; i < hi; i++ {
		w := weight(s, site, s.Items[i].Market)
		a, b := s.Rows(i)
		for r := a; r < b; r++ {
			if d := s.Sales.Day[r].Sub(s.From) - skip; d >= 0 && s.Sales.Gross[r] > 0 {
				revenue[d/daysOfWeek] += w * float64(s.Sales.Revenue[r]) / 1e4
				units[d/daysOfWeek] += w * float64(s.Sales.Gross[r])
			}
		}
	}
	price, last := make([]float64, n), 0.0
	for k := range price {
		if units[k] > 0 && revenue[k] > 0 {
			price[k] = revenue[k] / units[k]
			if last == 0 {
				for before := range k {
					price[before] = price[k]
				}
			}
			last = price[k]
		}
		price[k] = max(price[k], 0)
		if price[k] == 0 {
			price[k] = last
		}
	}
	return price
}

// span returns the least and the greatest of some prices.
func span(prices []float64) (lowest, highest float64) {
	lowest = math.Inf(1)
	for _, p := range prices {
		if p > 0 {
			lowest, highest = min(lowest, p), max(highest, p)
		}
	}
	return lowest, highest
}

// seasonOfYear reads the shop's calendar as one number for each week of the year, in logs; a
// week that it does not reach is like the mean of the others.
func (v *Survey) seasonOfYear() (season [52]float64) {
	offsets, _ := v.Demand.Calendar()
	var sum, days [52]float64
	for d, x := range offsets {
		w := int(weekOfYear(v.Snapshot.From.AddDays(d)))
		sum[w], days[w] = sum[w]+x, days[w]+1
	}
	all, weeks := 0.0, 0.0
	for w := range sum {
		if days[w] > 0 {
			all, weeks = all+sum[w]/days[w], weeks+1
		}
	}
	for w := range season {
		if days[w] > 0 && all > 0 {
			season[w] = math.Log(max(closedSeason, sum[w]/days[w]/(all/weeks)))
		}
	}
	return season
}

// weekOfYear counts whole weeks since New Year, 0 to 51.
func weekOfYear(day calendar.Day) float64 {
	year, month, date := day.Date()
	return float64(min(51, (time.Date(year, month, date, 0, 0, 0, 0, time.UTC).YearDay()-1)/daysOfWeek))
}

// toOutlook moves the level at which a form begins to where the outlook sees the next four
// weeks, as far as the form's drift can reach.
func toOutlook(f simulate.ShopForm, o *demand.Outlook) simulate.ShopForm {
	const weeks = 4
	expected, seen := 0.0, o.Mean(0, weeks*daysOfWeek)
	for t := range weeks {
		expected += f.Expected(t, f.Reference)
	}
	if seen > 0 && expected > 0 {
		f.Now = f.Reachable(math.Log(seen / expected))
	}
	return f
}

// assumedOfShop lists what nobody measured.
func (v *Survey) assumedOfShop(m *Menu, e elasticityOf) []messages.Message {
	var list []messages.Message
	add := func(is bool, code string, args ...messages.Arg) {
		if is {
			list = append(list, messages.M(code, args...))
		}
	}
	assumed := func(p commerce.Provenance) bool { return p.Assumed }
	add(assumed(m.Facts.cost.Provenance), "plan.shop.assumed.cost")
	add(assumed(m.Facts.supply.Provenance), "plan.shop.assumed.supply")
	add(!e.identified, "plan.shop.assumed.elasticity", messages.A("elasticity", messages.Decimal{X: e.mean, Places: 1}))
	add(v.Config.assumesHolding, "plan.shop.assumed.holding")
	add(v.Config.FeeRate == 0, "plan.shop.assumed.fees")
	add(m.Facts.lead == nil, "plan.shop.assumed.lead-error", messages.A("share", messages.Percent(assumedLeadError)))
	add(true, "plan.shop.assumed.costless")
	add(true, "plan.shop.assumed.steady")
	return list
}
