package plan

import (
	"cmp"
	"math"
	"slices"

	"tradewind/calendar"
	"tradewind/commerce"
	"tradewind/decision"
	"tradewind/messages"
	"tradewind/operations/inventory"
)

// StockPlace is a location that holds a SKU, as part of the network that sells it.
type StockPlace struct {
	StockRow
	Country  commerce.Market // "" where nobody said
	Serves   []commerce.Market
	Share    float64           // of the SKU's demand of late that falls to it
	Supplier commerce.Supplier // "" where none is known
	Coming   []ComingStock     // the soonest first; those without a day last
}

// ComingStock is what is under way to a location.
type ComingStock struct {
	Units    float64
	Day      calendar.Day // on which it should be there; zero: nobody says when
	Decision decision.ID  // that ordered or moved it; "" where a stock count names it
}

// StockPlaces describes every location that holds a SKU, in the order of the survey's
// sites. menus are those of the SKU's sites.
func StockPlaces(v *Survey, menus []Menu) []StockPlace {
	places := make([]StockPlace, len(menus))
	for i := range menus {
		m := &menus[i]
		p := &places[i]
		p.StockRow, p.Share, p.Coming = v.stockRow(m), v.shareOf(m.Site), v.comingTo(m)
		if m.Facts.supply != nil {
			p.Supplier = m.Facts.supply.Supplier
		}
		for _, w := range v.Snapshot.Warehouses {
			if w.Location == m.Site.Location {
				p.Country, p.Serves = w.Country, w.Serves
			}
		}
	}
	return places
}

// shareOf is the part of a SKU's sales of late that a site has to serve.
func (v *Survey) shareOf(site Site) float64 {
	here, all := 0.0, 0.0
	lo, hi := v.Snapshot.ItemsOf(site.SKU)
	for i := lo; i < hi; i++ {
		units, _ := lately(v.Snapshot, i)
		all += units
		here += units * weight(v.Snapshot, site, v.Snapshot.Items[i].Market)
	}
	if all == 0 {
		return 0
	}
	return here / all
}

func (v *Survey) comingTo(m *Menu) []ComingStock {
	var list []ComingStock
	if m.Facts.stock != nil && m.Facts.stock.Inbound > 0 {
		list = append(list, ComingStock{Units: float64(m.Facts.stock.Inbound)})
	}
	days := float64(v.Config.movingDays())
	for _, o := range append(slices.Clone(v.Placed), v.Moved...) {
		if o.SKU != m.Site.SKU || o.Location != m.Site.Location || o.open() <= 0 {
			continue
		}
		takes := days
		if o.From == "" && m.Facts.supply != nil {
			takes = m.Facts.supply.LeadDays
		}
		list = append(list, ComingStock{float64(o.open()), o.Day.AddDays(int(math.Round(takes))), o.Decision})
	}
	unknown := func(c ComingStock) int {
		if c.Day == (calendar.Day{}) {
			return 1
		}
		return 0
	}
	slices.SortStableFunc(list, func(a, b ComingStock) int {
		return cmp.Or(cmp.Compare(unknown(a), unknown(b)), a.Day.Compare(b.Day))
	})
	return list
}

// OrderReasons says in words how the best order of a menu was found.
func (v *Survey) OrderReasons(m *Menu) []messages.Message {
	return v.reasons(m, pick{menu: m, option: &m.Solution.Options[m.Solution.Best]})
}

// OrderDrivers are the parts of what an option of a menu gains.
func (v *Survey) OrderDrivers(m *Menu, option int) []decision.Driver {
	return v.drivers(m, pick{menu: m, option: &m.Solution.Options[option]})
}

// Reorder is the position, stock and what is under way, at or below which an order of today
// pays, found by solving the menu's problem with more or less on the shelf; NaN where none
// pays even with an empty shelf.
func (m *Menu) Reorder() float64 {
	p := *m.Problem
	pays := func(onHand float64) bool {
		p.OnHand = onHand
		s := inventory.Solve(&p)
		return s.Refused == nil && s.Best > 0
	}
	if !pays(0) {
		return math.NaN()
	}
	lo, hi := 0.0, math.Max(1, math.Ceil(math.Max(m.Solution.UpTo, m.Problem.OnHand)))
	for pays(hi) && hi < mostReorder {
		lo, hi = hi, 2*hi
	}
	for hi-lo > math.Max(1, reorderWithin*hi) {
		if mid := math.Floor((lo + hi) / 2); pays(mid) {
			lo = mid
		} else {
			hi = mid
		}
	}
	return m.Problem.Position() - m.Problem.OnHand + lo
}

const (
	// reorderWithin is how closely a reorder level is found.
	reorderWithin = .005
	// mostReorder ends the search where an order pays at any stock.
	mostReorder = 1e9
)

// MostUnits is the largest order that the cash of one plan pays for, in whole packs; +Inf
// where no limit is set.
func (m *Menu) MostUnits() float64 {
	p := m.Problem
	if p.Budget <= 0 || p.UnitCost <= 0 {
		return math.Inf(1)
	}
	pack := math.Max(1, p.Pack)
	return math.Floor((p.Budget-p.OrderCost)/p.UnitCost/pack) * pack
}

// StockChange is what a question "what if" changes. The zero value of a field changes
// nothing.
type StockChange struct {
	Demand   float64 // times; 0 is 1
	LeadDays float64 // more days
	Fill     float64 // fill rate to keep; 0 is as set
	Price    float64 // times what is paid; 0 is 1

	Elasticity float64 // by which demand answers to that price; 0 is not at all
}

// Ask solves a menu's problem anew under a change. A refused menu stays refused.
func (v *Survey) Ask(m Menu, c StockChange) Menu {
	if m.Problem == nil || m.Solution == nil {
		return m
	}
	p := *m.Problem
	m.Problem, m.Solution, m.adjusted = &p, nil, nil
	price := cmp.Or(c.Price, 1)
	p.Scale *= cmp.Or(c.Demand, 1) * math.Pow(price, c.Elasticity)
	p.LeadDays += c.LeadDays
	p.FillRate = cmp.Or(c.Fill, p.FillRate)
	p.Price, m.Price = p.Price*price, m.Price*price
	if p.Margin() <= 0 {
		m.Refused = messages.M("plan.refused.no-margin")
		return m
	}
	solution := inventory.Solve(&p)
	if solution.Refused != nil {
		m.Refused = v.refused(solution.Refused)
		return m
	}
	m.Solution = solution
	v.adjust(&m)
	return m
}

// Pace is the expected demand a day over lead time and cycle.
func (m *Menu) Pace() float64 { return m.daily() }
