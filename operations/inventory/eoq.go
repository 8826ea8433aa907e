package inventory

import "math"

// EOQ is the economic order quantity: steady demand, orders of one size Q, a share x of
// demand delivered late:
//
//	g(Q, x) = Fixed·Rate/Q + Q·(1-Rate/Production)·(Holding·(1-x)² + Penalty·x²)/2.
//
// Fixed, Holding and Rate are positive; a unit of time is the same throughout.
//
// Source: Snyder & Shen, Fundamentals of Supply Chain Theory, 2nd ed. 2019, equations (3.4),
// (3.27)-(3.29) with backorders, (3.31)-(3.32) with a production rate.
type EOQ struct {
	Fixed   float64 // cost of an order
	Holding float64 // of a unit for a unit of time
	Rate    float64 // demand in a unit of time

	Penalty    float64 // of a unit late for a unit of time; 0 means that none may be late
	Production float64 // units made in a unit of time, above Rate; 0 means that an order comes at once
}

// Cost returns the cost in a unit of time of orders of q with the share late of demand late.
func (e EOQ) Cost(q, late float64) float64 {
	if e.Penalty == 0 && late > 0 {
		return math.Inf(1)
	}
	lot := q * e.fill() / 2
	return e.Fixed*e.Rate/q + lot*(e.Holding*(1-late)*(1-late)+e.Penalty*late*late)
}

// Best returns the order size and the share late of least cost, and that cost.
func (e EOQ) Best() (q, late, cost float64) {
	holding := e.Holding * e.fill()
	if e.Penalty > 0 {
		late = e.Holding / (e.Holding + e.Penalty)
		holding *= e.Penalty / (e.Holding + e.Penalty)
	}
	return math.Sqrt(2 * e.Fixed * e.Rate / holding), late, math.Sqrt(2 * e.Fixed * e.Rate * holding)
}

// fill is the share of an order that is in stock when its last unit is made.
func (e EOQ) fill() float64 {
	if e.Production == 0 {
		return 1
	}
	return 1 - e.Rate/e.Production
}

// PriceBreak is a unit cost that holds from an order size on.
type PriceBreak struct {
	From     float64
	UnitCost float64
}

// Discount is the EOQ where larger orders are cheaper a unit. Breaks ascend in From,
// begin at 0 and descend in UnitCost; holding costs HoldingRate of a unit's cost in a
// unit of time.
//
// Source: Snyder & Shen 2019, equations (3.18)-(3.22).
type Discount struct {
	Fixed       float64
	HoldingRate float64
	Rate        float64
	Breaks      []PriceBreak
}

// AllUnits returns the best order size where every unit of an order has the cost of the
// break it reaches, the position of that break, and the cost in a unit of time, goods
// included.
func (d Discount) AllUnits() (q float64, tier int, cost float64) {
	cost = math.Inf(1)
	for i, b := range d.Breaks {
		lot, _, _ := EOQ{Fixed: d.Fixed, Holding: d.HoldingRate * b.UnitCost, Rate: d.Rate}.Best()
		lot = max(lot, b.From) // one that reaches the next break loses to it there
		c := b.UnitCost*d.Rate + d.Fixed*d.Rate/lot + d.HoldingRate*b.UnitCost*lot/2
		if c < cost {
			q, tier, cost = lot, i, c
		}
	}
	return q, tier, cost
}

// Incremental returns the best order size where a break's cost holds only for the units
// beyond it, the position of that break, and the cost in a unit of time, goods included.
func (d Discount) Incremental() (q float64, tier int, cost float64) {
	cost = math.Inf(1)
	var extra float64 // paid for the units below the break beyond its own unit cost
	for i, b := range d.Breaks {
		if i > 0 {
			extra += (d.Breaks[i-1].UnitCost - b.UnitCost) * b.From
		}
		holding := d.HoldingRate * b.UnitCost
		lot := math.Sqrt(2 * (d.Fixed + extra) * d.Rate / holding)
		if lot < b.From || i+1 < len(d.Breaks) && lot >= d.Breaks[i+1].From {
			continue
		}
		c := b.UnitCost*d.Rate + d.HoldingRate*extra/2 + math.Sqrt(2*(d.Fixed+extra)*d.Rate*holding)
		if c < cost {
			q, tier, cost = lot, i, c
		}
	}
	return q, tier, cost
}
