package plan

import (
	"math"
	"slices"

	"tradewind/market"
	"tradewind/money"
	"tradewind/operations/expansion"
	"tradewind/operations/pricing"
)

// PricePoint is what one price is expected to bring over the horizon. Profit is in the
// reporting currency.
type PricePoint struct {
	Price  money.Amount
	Units  expansion.Interval
	Profit expansion.Interval
	Broken []pricing.Binding // limits that the price does not keep
	Best   bool
}

// A curve reaches as far to both sides, in logarithms, in so many steps.
const curveReach, curveSteps = .3, 15

// Curve is what prices around today's would bring, today's and the best among them,
// ascending. Where prices end as is customary, those of the curve do.
func (p *PriceItem) Curve() []PricePoint {
	if p.Solution == nil {
		return nil
	}
	prices := []money.Amount{p.Price}
	if p.Solution.Refusal == nil {
		prices = append(prices, p.Solution.Best.Price)
	}
	for k := -curveSteps; k <= curveSteps; k++ {
		a, err := money.FromFloat(p.Price.Float()*math.Exp(curveReach*float64(k)/curveSteps), p.Price.Currency())
		if a = endingBelow(p.Problem.Limits.Endings, a.Round()); err == nil && a.Sign() > 0 {
			prices = append(prices, a)
		}
	}
	slices.SortFunc(prices, money.Amount.Cmp)
	var list []PricePoint
	for _, price := range slices.Compact(prices) {
		if point, err := p.PointAt(price); err == nil {
			list = append(list, point)
		}
	}
	return list
}

// endingBelow is the highest price that ends as is customary and is not above another; where
// there is none near it, the price itself, rounded down to what can be paid.
func endingBelow(endings []market.Ending, price money.Amount) money.Amount {
	best := money.Amount{}
	for _, e := range endings {
		if below, ok := e.Below(price); ok && below.E4() > best.E4() {
			best = below
		}
	}
	if best.Float() < farEnding*price.Float() {
		unit := int64(math.Pow10(4 - price.Currency().Minor()))
		return money.FromE4(price.E4()/unit*unit, price.Currency())
	}
	return best
}

// farEnding is the share of a price below which a customary ending is another price.
const farEnding = .9

// PointAt is what one price would bring, legal or not.
func (p *PriceItem) PointAt(price money.Amount) (PricePoint, error) {
	asked, err := pricing.Ask(p.Problem, price)
	if err != nil {
		return PricePoint{}, err
	}
	q := p.Problem
	x, today := price.Float(), q.Price.Float()
	margin := (q.Net(x) - q.UnitCost.Float()) * p.Rate
	units := make([]float64, len(q.Demand))
	for s, d := range q.Demand {
		units[s] = math.Min(d*q.Curve.Factor(x, today, math.Min(0, q.Elasticity[s]), q.Share), q.Stock)
	}
	point := PricePoint{Price: price, Units: intervalOf(units), Broken: asked.Broken, Best: p.Solution.Refusal == nil && price == p.Solution.Best.Price}
	for s := range units {
		units[s] *= margin
	}
	point.Profit = intervalOf(units)
	return point, nil
}

// intervalOf sums draws up. It sorts them.
func intervalOf(draws []float64) expansion.Interval {
	slices.Sort(draws)
	var sum float64
	for _, x := range draws {
		sum += x
	}
	at := func(u float64) float64 { return draws[int(u*float64(len(draws)-1)+.5)] }
	return expansion.Interval{Mean: sum / float64(len(draws)), P10: at(.1), P50: at(.5), P90: at(.9)}
}

// Observed is what was sold in the weeks of one price.
type Observed struct {
	Price    money.Amount
	Weeks    int
	Units    float64 // a week in stock
	Promoted bool
}

// Observed lists the prices of item i and what was sold at them, ascending; weeks of
// promotions apart, at what was then paid.
func (st *PriceStudy) Observed(i int) []Observed {
	p := st.panel
	type key struct {
		price    money.Amount
		promoted bool
	}
	sums := map[key]*Observed{}
	lo, hi := p.Rows(i)
	for r := lo; r < hi; r++ {
		if p.Exposure[r] <= 0 {
			continue
		}
		paid, err := money.FromFloat(p.Price[r]*(1-p.Depth[r]), p.Currency[i])
		if err != nil {
			continue
		}
		k := key{paid.Round(), p.Depth[r] > 0}
		o := sums[k]
		if o == nil {
			o = &Observed{Price: k.price, Promoted: k.promoted}
			sums[k] = o
		}
		o.Weeks++
		o.Units += p.Units[r] / p.Exposure[r]
	}
	var list []Observed
	for _, o := range sums {
		o.Units /= float64(o.Weeks)
		list = append(list, *o)
	}
	slices.SortFunc(list, func(a, b Observed) int {
		if c := a.Price.Cmp(b.Price); c != 0 || a.Promoted == b.Promoted {
			return c
		}
		if b.Promoted {
			return -1
		}
		return 1
	})
	return list
}
