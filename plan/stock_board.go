package plan

import (
	"cmp"
	"slices"

	"tradewind/commerce"
	"tradewind/messages"
)

// StockState says what a site's stock asks for.
type StockState string

const (
	StockShort     StockState = "short"     // likely to be out before an order of today arrives
	StockOrder     StockState = "order"     // an order is worth placing
	StockOver      StockState = "overstock" // more than an order should ever bring, beyond what is needed
	StockIdle      StockState = "idle"      // stock that nobody is expected to buy
	StockUndecided StockState = "undecided" // a fact is missing
	StockFine      StockState = "fine"
)

// StockStates lists the states, those that need somebody first.
var StockStates = []StockState{StockShort, StockOrder, StockOver, StockIdle, StockUndecided, StockFine}

// likelyShort is the probability of an empty shelf from which on a site is short.
const likelyShort = .5

// StockRow is what is to be said about the stock of one site. Amounts are in the
// reporting currency, NaN-free; what no fact tells is 0 and State says so.
type StockRow struct {
	Site     Site
	State    StockState
	OnHand   commerce.Units
	Inbound  float64 // units ordered before, or moved here
	Daily    float64 // units a day that are expected until an order of today would have to last
	Cover    float64 // days that stock and inbound last at that pace; 0 where nothing sells
	LeadDays float64
	StockOut float64 // probability that stock and inbound do not last until an order of today arrives
	UpTo     float64 // order-up-to level
	Order    float64 // units worth ordering today
	Gain     float64 // of that order
	Excess   float64 // units beyond the order-up-to level
	Tied     float64 // money in the stock on hand
	Idle     float64 // money in the excess
	Refused  messages.Message
}

// StockRows describes every menu's stock, in the order of the menus.
func StockRows(v *Survey, menus []Menu) []StockRow {
	rows := make([]StockRow, len(menus))
	for i := range menus {
		rows[i] = v.stockRow(&menus[i])
	}
	return rows
}

func (v *Survey) stockRow(m *Menu) StockRow {
	r := StockRow{Site: m.Site, State: StockUndecided, Refused: m.Refused}
	if m.Facts.stock != nil {
		r.OnHand, r.Inbound = m.Facts.stock.OnHand, float64(m.Facts.stock.Inbound)
	}
	if m.Facts.supply != nil {
		r.LeadDays = m.Facts.supply.LeadDays
	}
	if m.Facts.cost != nil {
		r.Tied = float64(max(0, r.OnHand)) * m.Facts.cost.Unit.Float()
	}
	if m.Problem == nil || m.Solution == nil {
		return r
	}
	p, s := m.Problem, m.Solution
	r.OnHand, r.Inbound = commerce.Units(p.OnHand), p.Position()-p.OnHand
	r.Tied = p.OnHand * p.UnitCost
	r.StockOut, r.UpTo = s.StockOut, s.UpTo
	if days := p.LeadDays + float64(s.Cycle); days > 0 {
		r.Daily = (s.Lead + s.Window) / days
	}
	if r.Daily > 0 {
		r.Cover = p.Position() / r.Daily
	}
	if best := s.Chosen(); s.Best > 0 {
		r.Order, r.Gain = best.Units, best.Mean
	}
	r.Excess = max(0, -s.Need)
	r.Idle = min(r.Excess, p.OnHand) * p.UnitCost
	r.State = v.stockState(&r)
	return r
}

func (v *Survey) stockState(r *StockRow) StockState {
	switch {
	case r.Daily <= 0 && r.OnHand > 0:
		return StockIdle
	case r.StockOut >= likelyShort:
		return StockShort
	case r.Order > 0:
		return StockOrder
	case r.Excess > float64(v.Config.MaxCycle)*r.Daily:
		return StockOver
	}
	return StockFine
}

// CompareStock puts first what needs somebody first: the shortest shelves by the money
// that an order would bring, then the excess by the money that is tied up in it.
func CompareStock(a, b StockRow) int {
	rank := func(r StockRow) int { return slices.Index(StockStates, r.State) }
	return cmp.Or(cmp.Compare(rank(a), rank(b)), cmp.Compare(b.Gain, a.Gain), cmp.Compare(b.Idle, a.Idle),
		cmp.Compare(a.Site.SKU, b.Site.SKU), cmp.Compare(a.Site.Location, b.Site.Location))
}
