package inventory

import (
	"math"

	"tradewind/numeric/distribution"
)

// SerialStage is one place of a chain through which goods pass towards the customers.
type SerialStage struct {
	// Echelon is the echelon holding cost: what a unit costs more for a unit of time here
	// than at the stage before. It is positive.
	Echelon float64
	// Lead is the demand over the stage's lead time, the time that goods take from the
	// stage before. Demands over the lead times of different stages are independent.
	Lead distribution.Distribution
}

// Serial is a chain of stages, the first of which meets demand and the last of which buys
// from outside. It is watched all the time, and customers wait at Under a unit of time.
// A chain that is reviewed each period is the same with one period more of demand in the
// first Lead; its cost is lower by Echelon times the mean demand of a period at every
// other stage.
//
// Levels are echelon base stocks: of all that is at a stage, on its way to it and further
// down, less what customers wait for. Costs include goods in transit, which are paid for
// at the rate of the stage that they left.
//
// Source: A. J. Clark & H. Scarf, Optimal policies for a multi-echelon inventory problem
// (1960), Management Science 6(4), 475-490; F. Chen & Y.-S. Zheng, Lower bounds for
// multi-echelon stochastic inventory systems (1994), Management Science 40(11), 1426-1443;
// Snyder & Shen, Fundamentals of Supply Chain Theory, 2nd ed. 2019, section 6.2.2.
type Serial struct {
	Stages []SerialStage
	Under  float64
	Unit   float64 // step of levels and of demand; 0 means 1, whole units
}

// Best returns the levels of least cost, exactly for counts, and that cost. For a continuous
// demand the error of the cost falls with the square of Unit.
//
//	Ĉ_j(x) = Echelon_j·x + C̲_{j-1}(x),  C_j(y) = E[Ĉ_j(y - D_j)],  S_j = argmin C_j,
//	C̲_j(x) = C_j(min(S_j, x)),  C̲_0(x) = (Under + Σ Echelon)·x⁻.
func (s Serial) Best() (levels []float64, cost float64) {
	top := 0
	_, upper := s.Bounds()
	for _, level := range upper {
		top = max(top, int(math.Round(level/s.unit())))
	}
	places, cost := s.recurse(top, nil)
	return s.scaled(places), cost
}

// Cost returns the cost of given echelon levels, none negative. A level above that of the
// stage before counts as that one.
func (s Serial) Cost(levels []float64) float64 {
	places := make([]int, len(levels))
	top := 0
	for j, level := range levels {
		places[j] = int(math.Round(level / s.unit()))
		top = max(top, places[j])
	}
	_, cost := s.recurse(top, places)
	return cost
}

// recurse works on positions 0 to top, in steps of a unit. Below 0 every function is
// linear, because demand is not negative. Where levels is nil it looks for the best ones.
func (s Serial) recurse(top int, levels []int) (best []int, cost float64) {
	unit, sum := s.unit(), 0.0
	for _, stage := range s.Stages {
		sum += stage.Echelon
	}
	before := make([]float64, top+1) // C̲ of the stage before, 0 for positions above 0
	slope := -(s.Under + sum)        // of C̲ below 0
	best = make([]int, len(s.Stages))
	own := make([]float64, top+1)
	for j, stage := range s.Stages {
		demand := s.counts(stage.Lead)
		below := slope + stage.Echelon // of Ĉ
		for y := range own {
			own[y] = 0
			for d, p := range demand {
				if x := y - d; x >= 0 {
					own[y] += p * (before[x] + stage.Echelon*unit*float64(x))
				} else {
					own[y] += p * (before[0] + below*unit*float64(x))
				}
			}
			if own[y] < own[best[j]] {
				best[j] = y
			}
		}
		if levels != nil {
			best[j] = levels[j]
		}
		cost = own[best[j]]
		for y := best[j] + 1; y < len(own); y++ {
			own[y] = cost
		}
		before, own = own, before
		slope = below
	}
	return best, cost
}

func (s Serial) unit() float64 {
	if s.Unit == 0 {
		return 1
	}
	return s.Unit
}

// counts is a law in steps of a unit.
func (s Serial) counts(d distribution.Distribution) PMF {
	if s.unit() == 1 {
		return CountsOf(d)
	}
	return CountsOf(distribution.NewScaled(d, 0, 1/s.Unit))
}

func (s Serial) scaled(places []int) []float64 {
	levels := make([]float64, len(places))
	for j, y := range places {
		levels[j] = s.unit() * float64(y)
	}
	return levels
}
