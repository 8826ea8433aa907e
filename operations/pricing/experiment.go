package pricing

import (
	"cmp"
	"math"
	"slices"

	"tradewind/messages"
	"tradewind/money"
)

// Switchback is a price test in time: weeks at today's price and at a test price
// alternate, everybody sees the same price, and the ratio of sales tells the elasticity.
// It is worth its cost where acting on what is believed now is likely to be wrong, the
// test can tell, and enough weeks remain to use what it says.
type Switchback struct {
	Weeks []int        // lengths to consider, even; nil: 2, 4, 6, 8 and 12
	Life  int          // weeks from now for which the price found is used
	Noise float64      // standard deviation of the logarithm of weekly units, beyond the price and beyond chance
	Carry float64      // share of each week lost while customers get used to the price, in [0,1)
	Fixed money.Amount // cost of running the test
}

// TestValue is a test and what it is worth.
type TestValue struct {
	Control, Test money.Amount
	Weeks         int
	SE            float64 // standard error of the elasticity that the test will find

	Value   float64 // expected gain from acting on the result in the weeks after the test
	Cost    float64 // profit forgone in the weeks of the test, and Fixed
	Net     float64 // Value - Cost
	Perfect float64 // Value if the test could tell everything: no test is worth more
}

// Worth reports whether the test brings more than it costs.
func (v *TestValue) Worth() bool { return v.Net > 0 }

// Note says what the test is worth, in the currency of the price.
func (v *TestValue) Note() messages.Message {
	amount := func(x float64) money.Amount {
		a, err := money.FromFloat(x, v.Control.Currency())
		if err != nil {
			return money.Amount{}
		}
		return a.Round()
	}
	return messages.M("pricing.note.test", messages.A("weeks", v.Weeks), messages.A("control", v.Control), messages.A("test", v.Test),
		messages.A("value", amount(v.Value)), messages.A("cost", amount(v.Cost)), messages.A("net", amount(v.Net)))
}

// The resolution of the analysis.
const (
	groupsMost  = 64  // scenarios of like elasticity are taken together
	pricesMost  = 40  // prices to choose from after the test
	testsMost   = 12  // prices to test
	leastMove   = .02 // a smaller difference in price tells nothing
	nodesAcross = 4   // places of the integral over the result, a standard error
	tail        = 5   // standard errors beyond the results in the scenarios
	finest      = 300 // standard errors across all results: a test that tells more tells all
)

// Best returns the legal test price and length with the highest net value by preposterior
// analysis:
//
//	(life-n)·(E_y max_p E[profit(p)|y] - max_p E[profit(p)]) - n·(max_p E[profit(p)] - ½E[profit(control)] - ½E[profit(test)]) - fixed
//
// with profit a week. The result y is the logarithm of sales at the test price over those
// at the control; it is normal around what the scenario says, with variance
// Σ(noise²+1/units)/weeks over both arms. It returns nil where today's price is not legal
// or nothing may be tested, and fails as Optimise does. Horizon and Life must be above 0.
//
// Source: H. Raiffa and R. Schlaifer, Applied statistical decision theory, 1961,
// chapter 4: the expected value of sample information.
func (x *Switchback) Best(p *Problem) (*TestValue, error) {
	w := NewWorkspace()
	s, err := w.Optimise(p)
	switch {
	case err != nil:
		return nil, err
	case p.Horizon == 0:
		return nil, p.number("horizon", 0)
	case x.Life <= 0:
		return nil, p.number("life", float64(x.Life))
	case !(x.Noise >= 0) || math.IsInf(x.Noise, 0):
		return nil, p.number("noise", x.Noise)
	case !(x.Carry >= 0 && x.Carry < 1):
		return nil, p.number("carry", x.Carry)
	}
	if err := p.sameCurrency(x.Fixed); err != nil {
		return nil, err
	}
	if s.Refusal != nil || len(s.Forbidden) > 0 {
		return nil, nil
	}
	a := w.analyse(p, s)
	weeks := x.Weeks
	if weeks == nil {
		weeks = []int{2, 4, 6, 8, 12}
	}
	var best *TestValue
	for _, test := range a.tests(p) {
		for _, n := range weeks {
			if n < 2 || n%2 != 0 || n >= x.Life {
				continue
			}
			if v := x.value(p, a, test, n); v != nil && (best == nil || v.Net > best.Net) {
				best = v
			}
		}
	}
	return best, nil
}

// analysis is what does not depend on the test: profit and demand a week, by price and
// by group of scenarios.
type analysis struct {
	prices    []money.Amount
	control   int
	weight    []float64   // of a group
	elastic   []float64   // mean elasticity of a group
	profit    [][]float64 // [price][group], the group's weight in it
	mean      []float64   // expected profit at a price
	units     []float64   // expected demand at a price
	now, full float64     // profit of the best price now, and of the best price in each group
}

func (w *Workspace) analyse(p *Problem, s *Solution) *analysis {
	a := &analysis{prices: thin(s.Points, pricesMost, s.Today.Price, s.Best.Price)}
	a.control, _ = slices.BinarySearchFunc(a.prices, p.Price, money.Amount.Cmp)
	group := w.groups()
	groups := group[len(group)-1].group + 1
	a.weight, a.elastic = make([]float64, groups), make([]float64, groups)
	for _, g := range group {
		a.weight[g.group] += w.weight[g.scenario]
		a.elastic[g.group] += w.weight[g.scenario] * w.elasticity[g.scenario]
	}
	for g := range a.elastic {
		if a.weight[g] > 0 {
			a.elastic[g] /= a.weight[g]
		}
	}
	perWeek := 7 / float64(p.Horizon)
	a.profit = make([][]float64, len(a.prices))
	a.mean, a.units = make([]float64, len(a.prices)), make([]float64, len(a.prices))
	for k, amount := range a.prices {
		price := amount.Float()
		margin := p.margin(price) * perWeek
		a.profit[k] = make([]float64, groups)
		for _, g := range group {
			wanted := w.wanted[g.scenario] * p.Curve.Factor(price, w.today, w.elasticity[g.scenario], p.Share)
			a.units[k] += wanted * perWeek
			a.profit[k][g.group] += margin * min(wanted, w.most[g.scenario])
		}
		for _, x := range a.profit[k] {
			a.mean[k] += x
		}
	}
	a.now = slices.Max(a.mean)
	for g := range groups {
		best := math.Inf(-1)
		for k := range a.profit {
			best = max(best, a.profit[k][g])
		}
		a.full += best
	}
	return a
}

// member says in which group a scenario is.
type member struct{ scenario, group int }

// groups orders the scenarios by elasticity and takes neighbours together.
func (w *Workspace) groups() []member {
	all := make([]member, len(w.elasticity))
	for s := range all {
		all[s].scenario = s
	}
	slices.SortStableFunc(all, func(a, b member) int { return cmp.Compare(w.elasticity[a.scenario], w.elasticity[b.scenario]) })
	n := min(groupsMost, len(all))
	for i := range all {
		all[i].group = i * n / len(all)
	}
	return all
}

// thin takes at most so many prices, evenly, and those named.
func thin(points []Point, most int, named ...money.Amount) []money.Amount {
	prices := slices.Clone(named)
	for i, n := 0, min(most, len(points)); i < n; i++ {
		prices = append(prices, points[i*(len(points)-1)/max(1, n-1)].Price)
	}
	slices.SortFunc(prices, money.Amount.Cmp)
	return slices.Compact(prices)
}

// tests lists the prices that differ enough from the control, evenly.
func (a *analysis) tests(p *Problem) []int {
	var far []int
	for k, price := range a.prices {
		if math.Abs(ratio(price, p.Price)-1) >= leastMove {
			far = append(far, k)
		}
	}
	if len(far) <= testsMost {
		return far
	}
	var even []int
	for i := range testsMost {
		even = append(even, far[i*(len(far)-1)/(testsMost-1)])
	}
	return even
}

// value weighs one test; nil where nothing is sold, so that nothing can be learnt.
func (x *Switchback) value(p *Problem, a *analysis, test, weeks int) *TestValue {
	if a.units[a.control] <= 0 || a.units[test] <= 0 {
		return nil
	}
	arm := float64(weeks) / 2 * (1 - x.Carry)
	noise := math.Sqrt((2*x.Noise*x.Noise + 1/a.units[a.control] + 1/a.units[test]) / arm)
	price, today := a.prices[test].Float(), p.Price.Float()
	says := make([]float64, len(a.elastic))
	for g, e := range a.elastic {
		says[g] = math.Log(max(.01, p.Curve.Factor(price, today, e, p.Share)))
	}
	after := float64(x.Life - weeks)
	v := &TestValue{
		Control: p.Price, Test: a.prices[test], Weeks: weeks,
		SE:      noise / math.Abs(p.Curve.step(price, today)),
		Value:   after * max(0, a.informed(says, noise)-a.now),
		Cost:    float64(weeks)*(a.now-(a.mean[a.control]+a.mean[test])/2) + x.Fixed.Float(),
		Perfect: after * max(0, a.full-a.now),
	}
	v.Net = v.Value - v.Cost
	return v
}

// informed returns E_y max_p E[profit(p)|y]. The density of y cancels against that in
// Bayes' rule, which leaves ∫ max_p Σ_g φ((y-says_g)/noise)/noise·profit_g(p) dy.
func (a *analysis) informed(says []float64, noise float64) float64 {
	low, high := slices.Min(says), slices.Max(says)
	noise = max(noise, (high-low)/finest)
	if noise == 0 {
		return a.now // every scenario says the same: there is nothing to learn
	}
	low, high = low-tail*noise, high+tail*noise
	n := int(math.Ceil((high - low) / noise * nodesAcross))
	step := (high - low) / float64(n)
	density := make([]float64, len(says))
	total, mass := 0., 0.
	for i := range n {
		y := low + (float64(i)+.5)*step
		for g, mean := range says {
			z := (y - mean) / noise
			density[g] = math.Exp(-z * z / 2)
			mass += density[g] * a.weight[g]
		}
		best := math.Inf(-1)
		for k := range a.profit {
			sum := 0.
			for g, d := range density {
				sum += d * a.profit[k][g]
			}
			best = max(best, sum)
		}
		total += best
	}
	// Divided by the mass found, so that the weights of the result sum to one exactly.
	return total / mass
}
