package expansion

import (
	"math"
	"math/rand/v2"
	"slices"

	"tradewind/commerce"
	"tradewind/fault"
	"tradewind/money"
)

// Change says how a scenario differs from what is expected. The zero Change is as expected.
// Shares are relative: 0.05 is 5 % more.
type Change struct {
	Price      float64 // of the asked prices
	Elasticity float64 // of units to price, negative; 0: units do not answer to the price
	Volume     float64 // of units, beside the answer to the price
	Duty       float64 // added to landed charges, as a share of net sales; not relative
	FX         float64 // of what the market's currency is worth in the reporting currency
	EntryCost  *money.Amount
}

// Outcome is what a market brings in a scenario, in whole units of the reporting currency.
type Outcome struct {
	Market       commerce.Market
	Sales        Interval // of the next 365 days
	Contribution Interval // before the cost of entry
	Result       Interval // after it
	Profit       float64  // probability that Result is above 0
	Cost         float64  // of entry, expected
	CostAssumed  bool

	BreakEvenVolume float64  // share of the scenario's units at which Result is 0 on average; NaN: none
	BreakEvenPrice  float64  // share of the scenario's prices at which it is, units as they are; NaN: none
	Payback         *float64 // days after which the cost of entry is earned, the median; nil: more than ten years or never
}

// Scenario draws what a market of the study brings under a change, against which everything
// else is as in the study:
//
//	V = (1+volume)·(1+price)^elasticity,  P = (1+price)·(1+fx)
//	contribution = S·V·(P·(1 - fees - landed - duty) - goods),  goods = 1 - fees - margin
//
// with S, margin and landed drawn. Entering a market costs what the study says, or what the
// change says; a market with sales costs nothing more. Without a known margin there is
// nothing to compute, and a change that leaves no price or no volume is refused.
func (st *Study) Scenario(m commerce.Market, c Change, rng *rand.Rand) (*Outcome, error) {
	side, err := st.side(m)
	if err != nil {
		return nil, err
	}
	if !st.grounds.margin.known {
		return nil, fault.New(fault.Invalid, "E-EXPANSION-NO-MARGIN", fault.A("market", string(m)))
	}
	if err := c.check(st.grounds.snapshot.Currency); err != nil {
		return nil, err
	}
	cost := entryCost{}
	if side.Entry != nil {
		if cost, err = st.grounds.entryCost(m); err != nil {
			return nil, err
		}
	}
	if c.EntryCost != nil {
		cost = entryCost{middle: c.EntryCost.Float()}
	}
	f := st.outcomes.futures[st.index[m]]
	fees := st.grounds.FeeRate
	volume, price := (1+c.Volume)*math.Pow(1+c.Price, c.Elasticity), (1+c.Price)*(1+c.FX)
	unit := func(margin, landed float64) (kept, goods float64) {
		return price * (1 - fees - landed - c.Duty), 1 - fees - margin
	}
	draws := st.grounds.Draws
	sales, contribution, result := make([]float64, draws), make([]float64, draws), make([]float64, draws)
	days := make([]float64, draws)
	o := &Outcome{Market: m, Cost: cost.mean(), CostAssumed: cost.sd > 0}
	for d := range draws {
		s, margin, landed := f.draw(rng.NormFloat64(), rng)
		kept, goods := unit(margin, landed)
		sales[d] = s * volume * price
		contribution[d] = s * volume * (kept - goods)
		paid := cost.draw(rng)
		result[d] = contribution[d] - paid
		if result[d] > 0 {
			o.Profit += 1 / float64(draws)
		}
		days[d] = math.Inf(1)
		if contribution[d] > 0 {
			days[d] = 365 * paid / contribution[d]
		}
	}
	expected := f.meanSales() * volume
	kept, goods := unit(f.margin, f.landed.mean())
	o.Sales = spread(expected*price, sales)
	o.Contribution = spread(expected*(kept-goods), contribution)
	o.Result = spread(expected*(kept-goods)-cost.mean(), result)
	o.BreakEvenVolume, o.BreakEvenPrice = math.NaN(), math.NaN()
	if expected > 0 && kept > goods {
		o.BreakEvenVolume = cost.mean() / (expected * (kept - goods))
	}
	if expected > 0 && kept > 0 {
		o.BreakEvenPrice = (goods + cost.mean()/expected) / kept
	}
	slices.Sort(days)
	if middle := days[draws/2]; middle <= 3650 {
		o.Payback = &middle
	}
	return o, nil
}

func (c Change) check(currency money.Currency) error {
	for _, x := range []struct {
		name  string
		value float64
	}{{"price", c.Price}, {"volume", c.Volume}, {"fx", c.FX}} {
		if !(x.value > -1) || math.IsInf(x.value, 1) {
			return fault.New(fault.Invalid, "E-EXPANSION-CHANGE", fault.A("what", x.name))
		}
	}
	if !(c.Duty >= -1 && c.Duty <= 10) {
		return fault.New(fault.Invalid, "E-EXPANSION-CHANGE", fault.A("what", "duty"))
	}
	if math.IsNaN(c.Elasticity) || math.Abs(c.Elasticity) > 20 {
		return fault.New(fault.Invalid, "E-EXPANSION-CHANGE", fault.A("what", "elasticity"))
	}
	if c.EntryCost != nil && c.EntryCost.Currency() != currency {
		return fault.New(fault.Invalid, "E-EXPANSION-CURRENCY", fault.A("what", "entry cost"), fault.A("got", string(c.EntryCost.Currency())), fault.A("want", string(currency)))
	}
	return nil
}
