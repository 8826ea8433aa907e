package automation

import (
	"math"

	"tradewind/numeric/policy"
	"tradewind/simulate"
)

// A residual moves the classical price and the classical target by one of these each.
var (
	PriceSteps  = [...]float64{.90, .95, 1, 1.05, 1.10}
	TargetSteps = [...]float64{.70, .85, 1, 1.15, 1.30}
)

// Actions is how many residuals there are; Neutral is the one that changes nothing.
const (
	Actions = len(PriceSteps) * len(TargetSteps)
	Neutral = Actions / 2
)

// Multipliers returns what an action does to price and target.
func Multipliers(action int) (price, target float64) {
	return PriceSteps[action/len(TargetSteps)], TargetSteps[action%len(TargetSteps)]
}

// A state is what the residual looks at: how long the shelf lasts, how far the projected
// stock is from the target, where demand stands, where the season goes, and what was asked
// last. Shelf and projection are continuous: what is learned of a stock is shared among the
// four corners of their grids that it lies between.
//
// Source: Singh, Jaakkola & Jordan, Reinforcement learning with soft state aggregation, NIPS
// 1994.
var (
	coverGrid   = [...]float64{0, .5, 1, 1.5, 2, 3, 4, 6, 8, 12, 18, 30} // periods that the shelf lasts
	projectGrid = [...]float64{0, .25, .5, .75, 1, 1.4}                  // projected stock, of the target
)

const (
	regimes  = 3
	grids    = len(coverGrid) * len(projectGrid)
	contexts = regimes * phases * len(PriceSteps)

	// States is how many states the table has.
	States = grids * contexts
)

// corner is a state and its share in where an item stands.
type corner struct {
	state int
	share float64
}

// between finds the place of x on a grid: the corner below and the share of the one above.
func between(grid []float64, x float64) (at int, above float64) {
	last := len(grid) - 1
	if !(x > grid[0]) {
		return 0, 0
	}
	for at = 0; at < last; at++ {
		if x < grid[at+1] {
			return at, (x - grid[at]) / (grid[at+1] - grid[at])
		}
	}
	return last - 1, 1
}

// context numbers what is not continuous: regime, phase of the season, price asked last.
func context(regime, phase, last int) int {
	return (regime*phases+phase)*len(PriceSteps) + last
}

func regimeOf(p [3]float64) int {
	switch {
	case p[0] > .5:
		return 0
	case p[2] > .5:
		return 2
	}
	return 1
}

// lastOf finds the price step that is nearest to what was asked last.
func lastOf(asked, price float64) int {
	ratio, best := asked/price, 0
	for k := range PriceSteps {
		if math.Abs(PriceSteps[k]-ratio) < math.Abs(PriceSteps[best]-ratio) {
			best = k
		}
	}
	return best
}

// corners says where an item stands: four states and their shares, which sum to 1.
func corners(onHand float64, v View, context int) [4]corner {
	c, dc := between(coverGrid[:], onHand/max(v.Rate, 1e-9))
	p, dp := between(projectGrid[:], v.Projected/max(v.Target, 1e-9))
	at := context*grids + c*len(projectGrid) + p
	return [4]corner{
		{at, (1 - dc) * (1 - dp)}, {at + 1, (1 - dc) * dp},
		{at + len(projectGrid), dc * (1 - dp)}, {at + len(projectGrid) + 1, dc * dp},
	}
}

// Residual is a learned policy: the classical one, moved by what Moves holds for the state
// that is nearest to where the item stands.
type Residual struct {
	Base  *Classical
	Moves []uint8 // action by state; Neutral where the classical act stays
}

// Act is the classical act, moved.
func (r *Residual) Act(t int, st *simulate.ShopState, x *simulate.Filter, cost float64) simulate.Act {
	v := r.Base.Look(t, st, x, cost)
	return v.Act(Multipliers(int(r.Moves[StateOf(st, v, x.Regime())])))
}

// StateOf numbers the state that is nearest to where an item stands.
func StateOf(st *simulate.ShopState, v View, regime [3]float64) int {
	at := corners(st.OnHand, v, context(regimeOf(regime), v.Phase, lastOf(st.Price, v.Price)))
	best := at[0]
	for _, c := range at[1:] {
		if c.share > best.share {
			best = c
		}
	}
	return best.state
}

// Changed returns how many states a residual moves.
func (r *Residual) Changed() int {
	n := 0
	for _, a := range r.Moves {
		if int(a) != Neutral {
			n++
		}
	}
	return n
}

// Part says what a residual may move.
type Part uint8

const (
	Both Part = iota
	PriceOnly
	TargetOnly
)

// Parts lists them.
var Parts = []Part{Both, PriceOnly, TargetOnly}

func (p Part) allows(action int) bool {
	price, target := Multipliers(action)
	return p == Both || p == PriceOnly && target == 1 || p == TargetOnly && price == 1
}

// residual takes from a table what beats the classical act by a gain, on data that are not
// thin.
func residual(base *Classical, t *policy.Table, only Part, gain float64) *Residual {
	masked := *t
	masked.Allowed = make([]bool, len(t.Q))
	for i := range masked.Allowed {
		masked.Allowed[i] = only.allows(i % Actions)
	}
	masked.Q = append([]float64(nil), t.Q...)
	for i, allowed := range masked.Allowed {
		if !allowed {
			masked.Q[i] = math.Inf(-1)
		}
	}
	neutral := make(policy.Policy, t.States)
	for s := range neutral {
		neutral[s] = Neutral
	}
	better := policy.SafeImprovement(&masked, neutral, policy.SafeForm{Least: thinnest, Gain: gain})
	r := &Residual{base, make([]uint8, t.States)}
	for s, a := range better.Policy {
		r.Moves[s] = uint8(a)
	}
	return r
}
