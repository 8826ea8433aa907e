package automation

import (
	"math"

	"tradewind/fault"
	"tradewind/simulate"
)

// ShadowWeeks is the least past that a shadow run needs.
const ShadowWeeks = 26

// Shadow plays a policy and the one in office side by side on an item's own past: what was
// sold in a period is the demand of that period, moved to the price that is asked by the
// form's elasticity; a period that sold out, or of which nothing is known, is drawn from the
// form. Stock, lead times and costs are simulated, episodes of them so many.
//
// It tells whether the policy would have done harm in the demand that there was. It does
// not tell what a price would have done beyond what the elasticity says. Fewer than
// ShadowWeeks periods are fault.Invalid E-SHADOW-SHORT.
func Shadow(form *simulate.ShopForm, h simulate.History, make func(*Arena) (mine, office Policy), episodes int) (Comparison, error) {
	if len(h.Units) < ShadowWeeks {
		return Comparison{}, fault.New(fault.Invalid, "E-SHADOW-SHORT", fault.A("n", len(h.Units)), fault.A("least", ShadowWeeks))
	}
	past := form.At(-len(h.Units))
	a := NewArena(&past, len(h.Units))
	mine, office := make(a)
	results := [2][]float64{}
	for i, p := range []Policy{mine, office} {
		for episode := range episodes {
			results[i] = append(results[i], a.replay(p, h, uint64(episode)))
		}
	}
	return Compare(results[0], results[1], .95), nil
}

// replay is Play on the demand that there was.
func (a *Arena) replay(p Policy, h simulate.History, episode uint64) float64 {
	a.shop.Draw(simulate.Choosing, episode, simulate.SteadyTrade)
	a.filter.Reset()
	st, sum := a.shop.Start(), 0.
	for t := range a.Periods {
		act := p.Act(t, &st, a.filter, a.shop.Cost(t))
		demand := a.shop.Demand(t, act.Price)
		if share := stocked(h, t); share >= leastStocked && h.Price[t] > 0 && h.Units[t] >= 0 {
			demand = math.Round(h.Units[t] / share * a.answers(h.Price[t], act.Price))
		}
		o := a.shop.StepDemand(t, &st, act, demand)
		sum += o.Reward
		a.filter.See(t, o.Price, o.Sold, o.Out)
	}
	return sum + a.shop.Closing(a.Periods, &st)
}

// answers is by how much demand at a price differs from that at one that was asked. Of a
// shop whose price is held nobody knows, and nothing is moved.
func (a *Arena) answers(was, asked float64) float64 {
	f := a.Form
	if f.Floor > 0 && f.Floor == f.Ceiling {
		return 1
	}
	return math.Exp(f.Elasticity * math.Log(f.Legal(asked)/was))
}

// leastStocked is the share of a period in stock below which its sales say too little.
const leastStocked = .5

func stocked(h simulate.History, t int) float64 {
	if h.Share == nil {
		return 1
	}
	return h.Share[t]
}
