package pricing

import "math"

// Closed forms that the searches of this package are held against.

// linearPrice returns the best price for demand a - b·p at a unit cost: (a/b+c)/2.
func linearPrice(a, b, cost float64) float64 { return (a/b + cost) / 2 }

// constantElasticityPrice returns the best price for demand p^ε at a unit cost:
// c·ε/(1+ε), and +Inf where ε is -1 or above: no price is high enough.
func constantElasticityPrice(elasticity, cost float64) float64 {
	if elasticity >= -1 {
		return math.Inf(1)
	}
	return cost * elasticity / (1 + elasticity)
}

// exponentialPrice returns the best price for demand exp(-b·p) at a unit cost: c+1/b.
func exponentialPrice(b, cost float64) float64 { return cost + 1/b }

// logitPrice returns the best price of the only product in a logit market, where a share
// e^{a-bp}/(1+e^{a-bp}) buys: c + (1+W(e^{a-bc-1}))/b with Lambert's W.
func logitPrice(a, b, cost float64) float64 { return cost + (1+lambertExp(a-b*cost-1))/b }

// gallegoVanRyzinValue returns the value of n units for demand a·exp(-b·price), no cost and
// no salvage, in closed form: ln(Σ_{i≤n} (aT/e)^i/i!)/b.
//
// Source: Gallego and van Ryzin (1994), section 2.3.
func gallegoVanRyzinValue(n int, time, a, b float64) float64 {
	// log-sum-exp: the terms overflow for a long season.
	log := math.Log(a*time) - 1
	top, term := 0., 0.
	for i := 1; i <= n; i++ {
		term += log - math.Log(float64(i))
		top = max(top, term)
	}
	sum := math.Exp(-top)
	term = 0
	for i := 1; i <= n; i++ {
		term += log - math.Log(float64(i))
		sum += math.Exp(term - top)
	}
	return (top + math.Log(sum)) / b
}
