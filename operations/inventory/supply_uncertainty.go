package inventory

import (
	"math"

	"tradewind/numeric/distribution"
)

// Disruptions is an EOQ whose supplier fails and recovers at random: up for exponential
// times of rate Failure, down for exponential times of rate Recovery. An order that is due
// while the supplier is down waits for recovery, and demand meanwhile is lost at Penalty a
// unit.
//
// Source: M. Parlar & D. Berkin, Future supply uncertainty in EOQ models (1991), with the
// correction of E. Berk & A. Arreola-Risa, Note on "Future supply uncertainty in EOQ
// models" (1994), Naval Research Logistics 41, 129-132; Snyder & Shen 2019, (9.5).
type Disruptions struct {
	Fixed    float64 // cost of an order
	Holding  float64 // of a unit for a unit of time
	Penalty  float64 // of a unit lost
	Rate     float64 // demand in a unit of time
	Failure  float64 // of the supplier, in a unit of time
	Recovery float64
}

// Cost returns the cost in a unit of time of orders of q:
//
//	(K + h·q²/2d + p·d·ψ/μ) / (q/d + ψ/μ),  ψ = λ/(λ+μ)·(1 - e^{-(λ+μ)q/d}),
//
// ψ being the probability that the supplier is down when stock runs out.
func (d Disruptions) Cost(q float64) float64 {
	both := d.Failure + d.Recovery
	return d.cost(q, -d.Failure/both*math.Expm1(-both*q/d.Rate))
}

func (d Disruptions) cost(q, down float64) float64 {
	wait := down / d.Recovery
	return (d.Fixed + d.Holding*q*q/(2*d.Rate) + d.Penalty*d.Rate*wait) / (q/d.Rate + wait)
}

// Best returns the order size of least cost, and that cost.
func (d Disruptions) Best() (q, cost float64) {
	// The cost has one dip: where its slope turns positive. With g = n/m the slope has
	// the sign of n'm - nm'.
	both := d.Failure + d.Recovery
	rises := func(q float64) bool {
		down := -d.Failure / both * math.Expm1(-both*q/d.Rate)
		perUnit := d.Failure / d.Rate * math.Exp(-both*q/d.Rate) / d.Recovery
		n := d.Fixed + d.Holding*q*q/(2*d.Rate) + d.Penalty*d.Rate*down/d.Recovery
		m := q/d.Rate + down/d.Recovery
		return (d.Holding*q/d.Rate+d.Penalty*d.Rate*perUnit)*m >= n*(1/d.Rate+perUnit)
	}
	high, _ := d.Snyder()
	for !rises(high) {
		high *= 2
	}
	q = firstLevel(0, high, rises)
	return q, d.Cost(q)
}

// Snyder returns the order size that is best when ψ is taken as λ/(λ+μ), in closed form,
// and its cost under that.
//
// Source: L. V. Snyder, A tight approximation for an EOQ model with supply disruptions
// (2014), International Journal of Production Economics 155, 91-108.
func (d Disruptions) Snyder() (q, cost float64) {
	down := d.Failure / (d.Failure + d.Recovery)
	wait := down * d.Rate * d.Holding
	root := math.Sqrt(wait*wait + 2*d.Holding*d.Recovery*(d.Fixed*d.Rate*d.Recovery+d.Rate*d.Rate*d.Penalty*down))
	q = (root - wait) / (d.Holding * d.Recovery)
	return q, d.Holding * q
}

// DisruptedBaseStock is a base stock for a known demand each period from a supplier that
// goes down with probability Failure after an up period and up with probability Recovery
// after a down one. Shortages wait.
//
// Source: Snyder & Shen 2019, equation (9.14); T. Tomlin, On the value of mitigation and
// contingency strategies for managing supply chain disruption risks (2006), Management
// Science 52(5), 639-657.
type DisruptedBaseStock struct {
	Demand   float64 // of a period
	Over     float64 // of a unit in stock at the end of a period
	Under    float64 // of a unit short at the end of a period
	Failure  float64
	Recovery float64
}

// Cost returns the mean cost a period of a level: n periods after the last supply it has
// served n+1 periods of demand.
func (d DisruptedBaseStock) Cost(level float64) float64 {
	at := func(periods float64) float64 {
		left := level - periods*d.Demand
		return d.Over*max(0, left) + d.Under*max(0, -left)
	}
	up := d.Recovery / (d.Failure + d.Recovery)
	total := up * at(1)
	// From the first short period on the costs rise by a constant: their sum is closed.
	chance := (1 - up) * d.Recovery // of being n periods down, n = 1
	for n := 1.0; ; n++ {
		if (n+1)*d.Demand >= level {
			stays := 1 - d.Recovery
			return total + chance*(at(n+1)/d.Recovery+d.Under*d.Demand*stays/(d.Recovery*d.Recovery))
		}
		total += chance * at(n+1)
		chance *= 1 - d.Recovery
	}
}

// Best returns the level of least cost, demand times one more than the down periods that
// the critical ratio covers, and that cost.
func (d DisruptedBaseStock) Best() (level, cost float64) {
	ratio := d.Under / (d.Under + d.Over)
	periods := 0.0
	for down := d.Failure / (d.Failure + d.Recovery); 1-down < ratio; down *= 1 - d.Recovery {
		periods++
	}
	level = d.Demand * (1 + periods)
	return level, d.Cost(level)
}

// AdditiveYield returns the best order of an EOQ of which q+Y units arrive, Y with the
// given mean and standard deviation, and its cost in a unit of time.
//
// Source: Snyder & Shen 2019, (9.22)-(9.23).
func (e EOQ) AdditiveYield(mean, sd float64) (q, cost float64) {
	arrives := math.Sqrt(2*e.Fixed*e.Rate/e.Holding + sd*sd)
	return arrives - mean, e.Holding * arrives
}

// MultiplicativeYield returns the best order of an EOQ of which q·Z units arrive, Z with
// the given mean and standard deviation, and its cost in a unit of time.
//
// Source: Snyder & Shen 2019, (9.24)-(9.25); E. Silver, Establishing the order quantity
// when the amount received is uncertain (1976), INFOR 14(1), 32-39.
func (e EOQ) MultiplicativeYield(mean, sd float64) (q, cost float64) {
	square := mean*mean + sd*sd
	return math.Sqrt(2 * e.Fixed * e.Rate / (e.Holding * square)), math.Sqrt(2*e.Fixed*e.Rate*e.Holding*square) / mean
}

// YieldCost returns the cost in a unit of time of orders of q of which a random number
// arrives, with the given mean and standard deviation: (K·d + h·E[arrived²]/2) / E[arrived].
func (e EOQ) YieldCost(mean, sd float64) float64 {
	return (e.Fixed*e.Rate + e.Holding*(mean*mean+sd*sd)/2) / mean
}

// NewsvendorYield returns the order for a known demand of which order+Y units arrive, and
// its expected cost: the newsvendor whose uncertain demand is demand - Y.
//
// Source: Snyder & Shen 2019, (9.27)-(9.28).
func NewsvendorYield(demand float64, yield distribution.Distribution, over, under float64) (order, cost float64) {
	order = demand - yield.Quantile(over/(over+under))
	left, short := yield.Loss(demand - order) // what arrives beyond demand, and what is missing
	return order, over*left + under*short
}
