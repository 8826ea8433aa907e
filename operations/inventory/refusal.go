package inventory

import "math"

// Refusal says why a problem has no answer, and with which numbers.
type Refusal struct {
	Reason       Reason
	Value, Limit float64 // what is wrong, and what it is held against
}

// Reason is why an order is not even weighed.
type Reason string

const (
	NegativeStock  Reason = "negative-stock" // fewer than no units on the shelf or on the way: Value
	NoLeadTime     Reason = "no-lead-time"   // none is known, it is none, or with its spread beyond what is told apart: Value
	MOQAboveBudget Reason = "moq-budget"     // the smallest order costs Value, the budget is Limit
	MOQAboveLimit  Reason = "moq-limit"      // the smallest order is Value units, the largest Limit
	BadPack        Reason = "pack"           // a pack of Value units is not a whole number of them
	BadTarget      Reason = "fill-rate"      // a fill rate of Value is not between 0 and 1
	Frozen         Reason = "frozen"         // nothing may be ordered for Value days
	NoNumber       Reason = "not-a-number"   // a quantity or an amount is unknown
)

// Refusal returns why the problem cannot be answered, or nil.
func (p *Problem) Refusal() *Refusal {
	for _, x := range []float64{p.OnHand, p.Inbound, p.MOQ, p.Pack, p.Price, p.UnitCost, p.ReturnRate, p.FeeRate, p.OrderCost, p.HoldingRate, p.Scale} {
		if math.IsNaN(x) || math.IsInf(x, 0) {
			return &Refusal{Reason: NoNumber, Value: x}
		}
	}
	least := p.whole()
	cost := least*p.UnitCost + p.OrderCost
	switch {
	case p.OnHand < 0:
		return &Refusal{Reason: NegativeStock, Value: p.OnHand}
	case p.Inbound < 0:
		return &Refusal{Reason: NegativeStock, Value: p.Inbound}
	case !(p.LeadDays > 0 && p.LeadDays <= mostLead && p.LeadSD >= 0 && p.LeadSD <= mostLead):
		return &Refusal{Reason: NoLeadTime, Value: p.LeadDays}
	case p.Pack < 0 || p.Pack != math.Trunc(p.Pack):
		return &Refusal{Reason: BadPack, Value: p.Pack}
	case p.MaxOrder > 0 && least > p.MaxOrder:
		return &Refusal{Reason: MOQAboveLimit, Value: least, Limit: p.MaxOrder}
	case p.Budget > 0 && cost > p.Budget:
		return &Refusal{Reason: MOQAboveBudget, Value: cost, Limit: p.Budget}
	case !(p.FillRate >= 0 && p.FillRate < 1):
		return &Refusal{Reason: BadTarget, Value: p.FillRate, Limit: 1}
	case p.Frozen > 0:
		return &Refusal{Reason: Frozen, Value: float64(p.Frozen)}
	}
	for _, a := range p.Arrivals {
		switch {
		case math.IsNaN(a.Units) || math.IsInf(a.Units, 1):
			return &Refusal{Reason: NoNumber, Value: a.Units}
		case a.Units < 0:
			return &Refusal{Reason: NegativeStock, Value: a.Units}
		}
	}
	return nil
}
