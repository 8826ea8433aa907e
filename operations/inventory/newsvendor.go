package inventory

import (
	"math"

	"tradewind/numeric/distribution"
)

// Newsvendor is one order for one uncertain demand D:
//
//	g(S) = Over·E[(S-D)⁺] + Under·E[(D-S)⁺].
//
// With D the demand over lead time and review it is also the cost a period of holding a
// base stock S whose shortages wait. Over and Under are positive, a unit.
//
// Source: Snyder & Shen, Fundamentals of Supply Chain Theory, 2nd ed. 2019, section 4.3.
type Newsvendor struct {
	Demand distribution.Distribution
	Over   float64 // cost of a unit left
	Under  float64 // cost of a unit missing
}

// Ratio returns the critical ratio Under/(Under+Over).
func (n Newsvendor) Ratio() float64 { return n.Under / (n.Under + n.Over) }

// Cost returns the expected cost of the stock level.
func (n Newsvendor) Cost(level float64) float64 {
	above, below := n.Demand.Loss(level)
	return n.Over*below + n.Under*above
}

// Best returns the level of least expected cost, the smallest one whose probability of
// covering demand reaches the critical ratio, and that cost.
func (n Newsvendor) Best() (level, cost float64) {
	level = n.Demand.Quantile(n.Ratio())
	return level, n.Cost(level)
}

// Season is the newsvendor in prices: units are bought before demand is known, sold at
// Price, and what is left is salvaged. Cost lies below Price and above Salvage.
type Season struct {
	Demand   distribution.Distribution
	Price    float64
	Cost     float64
	Salvage  float64 // got for a unit left
	Holding  float64 // paid for a unit left
	Goodwill float64 // lost with a unit missing, beyond its margin
}

// Newsvendor returns the season's problem in costs.
func (s Season) Newsvendor() Newsvendor {
	return Newsvendor{s.Demand, s.Cost - s.Salvage + s.Holding, s.Price - s.Cost + s.Goodwill}
}

// Profit returns the expected profit of an order: the margin on all demand less what
// units left and units missing cost.
//
// Source: Snyder & Shen 2019, chapter 4, the explicit formulation of the newsvendor.
func (s Season) Profit(order float64) float64 {
	return (s.Price-s.Cost)*s.Demand.Mean() - s.Newsvendor().Cost(order)
}

// Best returns the order of highest expected profit, and that profit.
func (s Season) Best() (order, profit float64) {
	order, _ = s.Newsvendor().Best()
	return order, s.Profit(order)
}

// Scarf returns the level that is best against the worst law of demand with the given
// mean and standard deviation and no negative values, and the cost that no such law
// exceeds there:
//
//	S = μ + σ/2·(√(under/over) - √(over/under)),  cost σ·√(over·under),
//
// or 0, for under·μ, where the critical ratio is at most σ²/(μ²+σ²): then so much of
// demand may sit in rare large values that no stock pays for itself for certain.
//
// Source: H. Scarf, A min-max solution of an inventory problem (1958), in Arrow, Karlin &
// Scarf, Studies in the Mathematical Theory of Inventory and Production; G. Gallego &
// I. Moon, The distribution free newsboy problem (1993), doi:10.1057/jors.1993.141.
func Scarf(mean, sd, over, under float64) (level, cost float64) {
	if under/(under+over)*(mean*mean+sd*sd) <= sd*sd {
		return 0, under * mean
	}
	r := math.Sqrt(under / over)
	return mean + sd/2*(r-1/r), sd * math.Sqrt(over*under)
}
