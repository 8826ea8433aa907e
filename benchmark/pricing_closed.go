package benchmark

import (
	"context"
	"math"

	"tradewind/money"
	"tradewind/operations/pricing"
)

// apart keeps the largest relative distance of figures from what they should be.
type apart float64

func (a *apart) hold(got, want float64) {
	if off := math.Abs(got/want - 1); !(off <= float64(*a)) {
		*a = apart(off)
	}
}

// closedRows holds the optimiser against prices that formulas give.
func closedRows(context.Context, *run) ([]Row, error) {
	season, err := gallegoVanRyzin()
	if err != nil {
		return nil, err
	}
	rows := []Row{{Name: "selling out by a date, distance from the closed form", Value: &season,
		Reference: "Gallego & van Ryzin 1994, demand exp(-p), 10 units of time: V(1) = 1.5430404724, V(5) = 3.4962007064, V(10) = 3.6772893285, p(5) = 1.1865734588",
		Source:    "pricing.Season in 4,000 steps: values and prices of 1 to 10 units"}}
	for _, f := range []struct {
		name, formula string
		curve         pricing.Curve
		elasticity    float64
		share         float64
		best          func(today, cost, elasticity, share float64) float64
	}{
		{"linear demand", "(a/b + c)/2", pricing.Linear, -2, 0, func(today, cost, e, _ float64) float64 {
			return (today*(1-e)/-e + cost) / 2 // demand 1 + e(p/today - 1)
		}},
		{"constant elasticity", "cε/(1+ε)", pricing.ConstantElasticity, -2.2, 0, func(_, cost, e, _ float64) float64 {
			return cost * e / (1 + e)
		}},
		{"logit demand of one product", "c + (1 + W(exp(a - bc - 1)))/b", pricing.Logit, -1.5, .2, func(today, cost, e, share float64) float64 {
			b := -e / ((1 - share) * today)
			a := math.Log(share/(1-share)) + b*today
			return cost + (1+lambert(math.Exp(a-b*cost-1)))/b
		}},
	} {
		var worst apart
		for _, today := range []float64{1800, 1951.37, 2000, 2113.20} {
			const cost = 1000
			s, err := pricing.Optimise(&pricing.Problem{
				Price: pounds(today), UnitCost: pounds(cost), Demand: []float64{1000}, Elasticity: []float64{f.elasticity},
				Curve: f.curve, Share: f.share, Stock: math.Inf(1), Horizon: 28,
				Limits: pricing.Limits{Support: pricing.Range{Low: pounds(1), High: pounds(1e6)}},
			})
			if err != nil {
				return nil, err
			}
			worst.hold(s.Best.Price.Float(), f.best(today, cost, f.elasticity, f.share))
		}
		rows = append(rows, Row{Name: f.name + ", distance from the best price", Value: new(float64(worst)), Reference: f.formula,
			Source: "pricing.Optimise from four prices of today, every price legal"})
	}
	substitutes := logitOfMany()
	rows = append(rows, Row{Name: "logit demand of several products, slope of profit left", Value: &substitutes,
		Reference: "at the best prices no price moves profit", Source: "pricing.MNL.Best with equal and with different sensitivities; slope in the logarithm of each price over profit"})
	for i := range rows {
		rows[i].Value = new(100 * *rows[i].Value)
		rows[i].Unit, rows[i].Better, rows[i].Must = "%", lower, new(.1)
	}
	return rows, nil
}

func pounds(x float64) money.Amount { return money.FromE4(int64(math.Round(x*1e4)), "GBP") }

// gallegoVanRyzin is the worst distance of values and prices from ln Σ (aT/e)^i/i!.
func gallegoVanRyzin() (float64, error) {
	r, err := (&pricing.Season{Stock: 10, Time: 10, Steps: 4000}).Exponential(1, 1)
	if err != nil {
		return 0, err
	}
	var worst apart
	sum, term, before := 1.0, 1.0, 0.0
	for n := 1; n <= 10; n++ {
		term *= 10 / math.E / float64(n)
		sum += term
		value := math.Log(sum)
		worst.hold(r.Value[n], value)
		worst.hold(r.Price[n], 1+value-before)
		before = value
	}
	for n, printed := range map[int]float64{1: 1.5430404724, 5: 3.4962007064, 10: 3.6772893285} {
		worst.hold(r.Value[n], printed)
	}
	worst.hold(r.Price[5], 1.1865734588)
	return float64(worst), nil
}

// lambert solves w·e^w = x for x > 0 by bisection.
func lambert(x float64) float64 {
	low, high := 0.0, math.Max(1, math.Log1p(x))
	for range 200 {
		if w := (low + high) / 2; w*math.Exp(w) < x {
			low = w
		} else {
			high = w
		}
	}
	return (low + high) / 2
}

// logitOfMany is the steepest slope of profit that is left at the best prices of
// substitutes, as a share of profit.
func logitOfMany() float64 {
	worst := 0.0
	for _, sensitivity := range [][]float64{{.5, .5, .5}, {.3, .5, .9}} {
		m := pricing.MNL{Appeal: []float64{4, 5, 6}, Sensitivity: sensitivity, Cost: []float64{3, 4, 5}, Outside: 1, Customers: 1000}
		prices, profit := m.Best()
		for i := range prices {
			const step = 1e-4
			up, down := append([]float64{}, prices...), append([]float64{}, prices...)
			up[i], down[i] = prices[i]*(1+step), prices[i]*(1-step)
			worst = math.Max(worst, math.Abs(m.Profit(up)-m.Profit(down))/(2*step)/profit)
		}
	}
	return worst
}
