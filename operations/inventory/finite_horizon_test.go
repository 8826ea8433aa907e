package inventory

import (
	"math"
	"testing"

	"pgregory.net/rapid"

	"tradewind/numeric/distribution"
)

// drawHorizon draws a few stages whose demand is at most 5 a period.
func drawHorizon(t *rapid.T) Horizon {
	h := Horizon{EndOver: rapid.Float64Range(0, 4).Draw(t, "end over"), EndUnder: rapid.Float64Range(6, 20).Draw(t, "end under")}
	for range rapid.IntRange(1, 4).Draw(t, "stages") {
		p := make(PMF, rapid.IntRange(1, 6).Draw(t, "values"))
		var sum float64
		for k := range p {
			p[k] = rapid.Float64Range(.01, 1).Draw(t, "p")
			sum += p[k]
		}
		for k := range p {
			p[k] /= sum
		}
		h.Stages = append(h.Stages, Stage{
			Demand: p, Fixed: rapid.Float64Range(0, 12).Draw(t, "fixed"), Unit: rapid.Float64Range(0, 3).Draw(t, "unit"),
			Over: rapid.Float64Range(.1, 3).Draw(t, "over"), Under: rapid.Float64Range(.1, 12).Draw(t, "under"),
			Discount: rapid.Float64Range(.8, 1).Draw(t, "discount"),
		})
	}
	return h
}

// enumerate is the least cost from a position by trying every order, without a grid.
func enumerate(h Horizon, t, x int, known map[[2]int]float64) float64 {
	if t == len(h.Stages) {
		return h.EndOver*max(0, float64(x)) + h.EndUnder*max(0, -float64(x))
	}
	if c, ok := known[[2]int{t, x}]; ok {
		return c
	}
	s := h.Stages[t]
	law := s.Demand.(PMF)
	best := math.Inf(1)
	for y := x; y <= max(x, 22); y++ { // all demand that can come is 20
		c := s.Unit * float64(y-x)
		if y > x {
			c += s.Fixed
		}
		for d, p := range law {
			left := float64(y - d)
			c += p * (s.Over*max(0, left) + s.Under*max(0, -left) + s.Discount*enumerate(h, t+1, y-d, known))
		}
		best = min(best, c)
	}
	known[[2]int{t, x}] = best
	return best
}

func TestFiniteHorizonIsBest(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		h := drawHorizon(t)
		policy := h.Solve(15)
		known := map[[2]int]float64{}
		for _, x := range []int{-60, -3, 0, 4, 15} {
			if got, want := policy.Cost(x), enumerate(h, 0, x, known); math.Abs(got-want) > 1e-9*(1+want) {
				t.Fatalf("from %d: cost %.12g, by trying every order %.12g", x, got, want)
			}
		}
	})
}

// One stage without fixed cost is the newsvendor, with what is left over charged twice.
func TestFiniteHorizonOfOneStage(t *testing.T) {
	law := distribution.NewPoisson(7)
	h := Horizon{Stages: []Stage{{Demand: law, Over: 1, Under: 4}}, EndOver: 1, EndUnder: 4}
	policy := h.Solve(0)
	level, cost := Newsvendor{law, 2, 8}.Best()
	if policy.High[0] != int(level) || policy.Low[0] != int(level) {
		t.Errorf("policy (%d, %d), newsvendor level %g", policy.Low[0], policy.High[0], level)
	}
	agree(t, "cost", policy.Cost(0), cost, 1e-9)
}

// With a demand that is known it plans as Wagner and Whitin do, also where one order covers
// far more than a period's demand.
func TestFiniteHorizonOfKnownDemand(t *testing.T) {
	for _, fixed := range []float64{1, 30, 2000} {
		var h Horizon
		var periods []Planned
		for i := range 60 {
			units, unit := 1+i%3, 2+float64(i%5)
			law := make(PMF, units+1)
			law[units] = 1
			h.Stages = append(h.Stages, Stage{Demand: law, Fixed: fixed, Unit: unit, Over: .5, Under: 1e5})
			periods = append(periods, Planned{float64(units), fixed, unit, .5})
		}
		h.EndUnder = 1e5
		_, want := WagnerWhitin(periods)
		agree(t, "cost", h.Solve(0).Cost(0), want, 1e-12)
	}
}

// Published: stockpyl tests/test_newsvendor.py, commit 0bae176c9671.
func TestMyopic(t *testing.T) {
	first := Stage{Demand: distribution.NewNormal(50, 8), Unit: .3, Over: .18, Under: .7, Discount: .98}
	second := Stage{Demand: distribution.NewNormal(900, 60), Unit: 65, Over: 43, Under: 79, Discount: .9}
	for _, row := range []struct {
		stage             Stage
		next, level, cost float64
		at, costAt        float64
	}{
		{first, .35, 58.09891883213067, 16.682411764618777, 62, 16.850319828088736},
		{second, 55, 903.0832764843523, 61416.404244990816, 950, 62254.39180412519},
	} {
		level, cost := row.stage.Myopic(row.next)
		agree(t, "level", level, row.level, 1e-9)
		agree(t, "cost", cost, row.cost, 1e-9)
		agree(t, "cost at", row.stage.MyopicCost(row.at, row.next), row.costAt, 1e-9)
	}
}
