package plan

import (
	"math"

	"tradewind/calendar"
	"tradewind/commerce"
	"tradewind/messages"
	"tradewind/operations/demand"
	"tradewind/operations/inventory"
)

// Menu is what could be done at a site: the solved ordering problem behind it, or the
// reason why there is none.
type Menu struct {
	Site     Site
	Facts    facts
	Outlook  *demand.Outlook
	Price    float64 // paid a unit, reporting currency
	PricedOn calendar.Day
	Problem  *inventory.Problem
	Solution *inventory.Solution
	Refused  messages.Message // zero when there is a menu

	terms    terms
	adjusted *adjustment // by a learned policy; nil: nothing is
	censored bool        // days without stock are known and are not taken for days without demand
}

// Propose makes the menus of a shard of sites, in the order of the shard. It is one
// straight line a site: outlook → price and cost → order-up-to level → options.
func Propose(v *Survey, shard []Site) []Menu {
	menus := make([]Menu, len(shard))
	for i, site := range shard {
		menus[i] = v.propose(site)
	}
	return menus
}

func (v *Survey) propose(site Site) Menu {
	m := Menu{Site: site, Facts: v.gather(site)}
	if m.Refused = m.missing(); !m.Refused.IsZero() {
		return m
	}
	sold := soldAt(v.Snapshot, site)
	m.Outlook, m.censored = v.Demand.Outlook(sold.units), sold.units.Stocked != nil
	m.Price, m.PricedOn = sold.price, sold.last
	m.terms = v.Law.termsAt(v.Snapshot, &v.Config.Seller, site)
	if m.Price <= 0 {
		m.Refused = messages.M("plan.refused.no-sales")
		return m
	}
	m.Problem = &inventory.Problem{
		OnHand:      sold.left,
		Inbound:     float64(m.Facts.stock.Inbound),
		Arrivals:    arrivals(v, site, m.Facts.supply),
		MOQ:         float64(m.Facts.supply.MOQ),
		Pack:        float64(m.Facts.supply.Pack),
		Price:       m.Price * m.terms.kept,
		FeeRate:     v.Config.FeeRate,
		UnitCost:    m.Facts.cost.Unit.Float(),
		ReturnRate:  math.Min(m.Outlook.Returns.Mean, mostReturned),
		OrderCost:   m.Facts.supply.OrderCost.Float(),
		HoldingRate: v.Config.HoldingRate,
		FillRate:    v.Config.FillRate,
		LeadDays:    m.Facts.supply.LeadDays,
		LeadSD:      m.Facts.supply.LeadSD,
		Review:      v.Config.Review,
		MaxCycle:    v.Config.MaxCycle,
		Frozen:      frozen(v, site),
		Demand:      m.Outlook,
		Scale:       1,
		Scenarios:   v.Config.Scenarios,
		Seed:        v.seed(site, "order"),
	}
	m.Problem.Budget, _ = v.cashLimit()
	m.Problem.Closed, m.Problem.Handling = closed(v, m.Facts.supply.Supplier)
	if revised := v.Revise(m.Outlook, site.SKU, served(v.Snapshot, site)); revised != nil {
		m.Problem.Demand = revised
	}
	if m.Problem.Margin() <= 0 {
		m.Refused = messages.M("plan.refused.no-margin")
		return m
	}
	solution := inventory.Solve(m.Problem)
	if r := solution.Refused; r != nil {
		m.Refused = v.refused(r)
		return m
	}
	for _, o := range solution.Options {
		if !(max(math.Abs(o.P10), math.Abs(o.P90), math.Abs(o.Mean), o.Cash) < mostMoney) {
			m.Refused = messages.M("plan.refused.too-large")
			return m
		}
	}
	m.Solution = solution
	v.adjust(&m)
	return m
}

// mostMoney is what one order may be about: a price beyond it is a code in the wrong column.
const mostMoney = 1e11

// mostReturned keeps a price from being nothing at all.
const mostReturned = 0.95

// sold is what a site's markets bought: the columns of the snapshot folded into one
// daily series, and the averages that an order needs.
type sold struct {
	units demand.Series
	price float64 // mean a unit over the last 90 days of sales, or over all
	last  calendar.Day

	sinceCount commerce.Units // sold and not brought back on the days after the stock count
	left       float64        // on the shelf, of what was counted and has come since; a count below nothing as it is
}

// recent is how far back prices are averaged.
const recent = 90

func soldAt(s *commerce.Snapshot, site Site) sold {
	out := sold{units: seriesOf(s, site.SKU, served(s, site))}
	var revenue, units, lateRevenue, lateUnits, sinceCount float64
	counted, stock := s.AsOf, countOf(s, site)
	var came []commerce.Receipt
	if stock != nil {
		counted, came = stock.Day, receivedSince(s, site, stock.Day)
	}
	before := make([]float64, len(came)) // of sinceCount, what was sold until a receipt came
	lo, hi := s.ItemsOf(site.SKU)
	for i := lo; i < hi; i++ {
		w := weight(s, site, s.Items[i].Market)
		if w == 0 {
			continue
		}
		a, b := s.Rows(i)
		for r := a; r < b; r++ {
			gross := w * float64(s.Sales.Gross[r])
			earned := w * float64(s.Sales.Revenue[r]) / 1e4
			revenue, units = revenue+earned, units+gross
			if counted.Before(s.Sales.Day[r]) {
				net := gross - w*float64(s.Sales.Returned[r])
				sinceCount += net
				for k := range came {
					if !came[k].Received.Before(s.Sales.Day[r]) {
						before[k] += net
					}
				}
			}
			if s.AsOf.Sub(s.Sales.Day[r]) < recent {
				lateRevenue, lateUnits = lateRevenue+earned, lateUnits+gross
			}
			if gross > 0 && out.last.Before(s.Sales.Day[r]) {
				out.last = s.Sales.Day[r]
			}
		}
	}
	out.sinceCount = commerce.Units(math.Round(sinceCount))
	if stock != nil {
		out.left = float64(leftOf(stock.OnHand, out.sinceCount, came, before))
	}
	if lateUnits > 0 {
		revenue, units = lateRevenue, lateUnits
	}
	if units > 0 {
		out.price = revenue / units
	}
	return out
}
