package policy

import (
	"math"

	"tradewind/numeric/distribution"
)

// shelf is a small lost-sales problem on which tabular Q-learning is timed: 51 levels of
// stock, 21 orders that arrive at once, demand Poisson(5); a sale brings 5, a piece ordered
// costs 1, one kept .1 and one not there 2.
type shelf struct{ demand Lookup }

func newShelf() *shelf { return &shelf{LookupOf(distribution.NewPoisson(5), 50)} }

func (*shelf) Size() (states, actions, uniforms int) { return 51, 21, 1 }

func (m *shelf) Step(state, action int, u []float64) (next int, reward float64) {
	stock, demand := min(50, state+action), m.demand.At(u[0])
	sold := min(stock, demand)
	next = stock - sold
	return next, float64(5*sold-action-2*(demand-sold)) - .1*float64(next)
}

func (m *shelf) StepAll(dst []Transition, from, action int, u []float64) {
	demand := m.demand.At(u[0])
	for i := range dst {
		stock := min(50, from+i+action)
		sold := min(stock, demand)
		dst[i] = Transition{float64(5*sold-action-2*(demand-sold)) - .1*float64(stock-sold), int32(stock - sold)}
	}
}

// gridShop is a made-up process with the size and shape of a price and stock problem:
// stock (72) × regime (12) × price asked last (5 wide, of 4 seasons) by price (5) × order
// (5). What is decided moves stock up and sets the price; demand then depends on the
// price and the regime.
type gridShop struct {
	demand [12][5]Lookup
}

func newGridShop() *gridShop {
	m := &gridShop{}
	for r := range m.demand {
		for p := range m.demand[r] {
			mean := (2 + float64(r)) * math.Exp(-.3*float64(p-2))
			m.demand[r][p] = LookupOf(distribution.NewNegativeBinomial(mean, 3), 60)
		}
	}
	return m
}

func (*gridShop) Size() (states, actions, uniforms int) { return 72 * 12 * 5 * 4, 25, 2 }
func (*gridShop) Afters() int                           { return 72 * 12 * 5 * 4 }

// A state and a post-decision state alike are ((season·12 + regime)·5 + price)·72 + stock.
func (*gridShop) Decide(state, action int) (after int, reward float64) {
	stock, price := state%72, state/72%5
	to := min(71, stock+4*(action%5))
	asked := action / 5
	reward = -float64(to - stock)
	if asked != price {
		reward -= .5
	}
	return state - stock - 72*price + 72*asked + to, reward
}

func (m *gridShop) Chance(dst []Transition, from int, u []float64) {
	for i := range dst {
		after := from + i
		stock, price, regime, season := after%72, after/72%5, after/360%12, after/4320
		demand := m.demand[regime][price].At(u[0])
		sold := min(stock, demand)
		if u[1] < .1 {
			regime = (regime + 1) % 12
		}
		left := stock - sold
		next := (((season+1)%4*12+regime)*5+price)*72 + left
		dst[i] = Transition{float64(sold)*(2.4+.2*float64(price)) - .02*float64(left), int32(next)}
	}
}
