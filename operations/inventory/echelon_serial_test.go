package inventory

import (
	"math"
	"math/rand/v2"
	"testing"

	"pgregory.net/rapid"

	"tradewind/numeric/distribution"
)

func drawSerial(t *rapid.T, most int) Serial {
	s := Serial{Under: rapid.Float64Range(.5, 40).Draw(t, "under")}
	for range rapid.IntRange(1, most).Draw(t, "stages") {
		s.Stages = append(s.Stages, SerialStage{
			rapid.Float64Range(.05, 3).Draw(t, "echelon"),
			distribution.NewPoisson(rapid.Float64Range(0, 6).Draw(t, "lead demand")),
		})
	}
	return s
}

// No other levels cost less, the bounds hold, and a dearer shortage raises levels and cost.
func TestSerialIsBestAndBounded(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := drawSerial(t, 4)
		levels, cost := s.Best()
		lower, upper := s.Bounds()
		other := make([]float64, len(levels))
		for j := range levels {
			if levels[j] < lower[j] || levels[j] > upper[j] {
				t.Fatalf("stage %d: level %g outside %g to %g", j, levels[j], lower[j], upper[j])
			}
			other[j] = max(0, levels[j]+float64(rapid.IntRange(-6, 6).Draw(t, "change")))
		}
		if c := s.Cost(other); c < cost-1e-9 {
			t.Fatalf("levels %v cost %g, %v cost %g", levels, cost, other, c)
		}
		s.Under *= rapid.Float64Range(1, 4).Draw(t, "dearer")
		higher, more := s.Best()
		if more < cost-1e-9 || higher[0] < levels[0] {
			t.Fatalf("dearer shortage: cost %g after %g, level %g after %g", more, cost, higher[0], levels[0])
		}
	})
}

// A chain of one stage is the newsvendor.
func TestSerialOfOneStage(t *testing.T) {
	law := distribution.NewNegativeBinomial(9, 2)
	levels, cost := Serial{Stages: []SerialStage{{1.5, law}}, Under: 12}.Best()
	level, want := Newsvendor{law, 1.5, 12}.Best()
	agree(t, "level", levels[0], level, 0)
	agree(t, "cost", cost, want, 1e-12)
}

// Where the second stage adds nothing to the cost of holding, goods wait there for nothing,
// so it keeps nothing back: the chain is one stage with the lead times together.
func TestSerialWithoutValueAdded(t *testing.T) {
	first, second := distribution.NewPoisson(3), distribution.NewPoisson(5)
	s := Serial{Stages: []SerialStage{{1e-9, first}, {2, second}}, Under: 10}
	_, cost := s.Best()
	_, want := Newsvendor{distribution.NewPoisson(8), 2, 10}.Best()
	agree(t, "cost", cost, want+2*first.Mean(), 1e-6) // goods on their way to the first stage are held at the second's cost
}

// Halving the unit brings the cost of a continuous demand four times closer.
func TestSerialUnit(t *testing.T) {
	cost := func(unit float64) float64 {
		s := Serial{Under: 37.12, Unit: unit}
		for j, lead := range []float64{1, 1, 2} {
			s.Stages = append(s.Stages, SerialStage{[]float64{3, 2, 2}[j], distribution.NewNormal(5*lead, math.Sqrt(lead))})
		}
		_, c := s.Best()
		return c
	}
	fine := cost(.01)
	if coarse, half := math.Abs(cost(.2)-fine), math.Abs(cost(.05)-fine); coarse > 5e-3*fine || half > 5e-4*fine {
		t.Errorf("cost %g at .01; off by %g at .2 and by %g at .05", fine, coarse, half)
	}
}

// chainRun follows a chain reviewed each period: orders go down from the last stage, goods
// arrive, demand comes, costs are paid on what is at a stage or behind it and not yet at
// the next.
func chainRun(s Serial, leads []int, levels []float64, demand distribution.Distribution, periods int) (cost, standard float64) {
	rng := rand.New(rand.NewPCG(17, 4))
	n := len(leads)
	shelf := make([]float64, n)
	pipe := make([][]float64, n)
	for j, lead := range leads {
		pipe[j] = make([]float64, lead+1)
	}
	position := make([]float64, n) // echelon inventory position
	waiting := 0.0
	const batches = 50
	var batch [batches]float64
	for t := range periods {
		for j := n - 1; j >= 0; j-- {
			slot := t % (leads[j] + 1)
			order := max(0, levels[j]-position[j])
			if j < n-1 {
				order = min(order, shelf[j+1])
				shelf[j+1] -= order
			}
			position[j] += order
			pipe[j][slot] = order
			arrives := (t + 1) % (leads[j] + 1)
			shelf[j] += pipe[j][arrives]
			pipe[j][arrives] = 0
		}
		d := distribution.Sample(demand, rng)
		for j := range position {
			position[j] -= d
		}
		need := waiting + d
		sold := min(need, shelf[0])
		shelf[0] -= sold
		waiting = need - sold
		local, transit := 0.0, 0.0
		c := s.Under * waiting
		for j := n - 1; j >= 0; j-- {
			c += local * sum(pipe[j]) // what left the stage before is paid for at its rate
			local += s.Stages[j].Echelon
			c += local * shelf[j]
			transit += sum(pipe[j])
		}
		batch[t*batches/periods] += c
	}
	return batchMean(batch[:], float64(periods))
}

func sum(xs []float64) (total float64) {
	for _, x := range xs {
		total += x
	}
	return total
}

// batchMean is the mean a period and its standard error from totals of equal batches.
func batchMean(batch []float64, periods float64) (mean, standard float64) {
	n := float64(len(batch))
	var squares float64
	for _, b := range batch {
		m := b * n / periods
		mean += m / n
		squares += m * m
	}
	return mean, math.Sqrt((squares/n - mean*mean) / (n - 1))
}

func TestSerialSimulated(t *testing.T) {
	daily := distribution.NewPoisson(5)
	leads := []int{1, 2, 1}
	s := Serial{Under: 25}
	var others float64
	for j, echelon := range []float64{3, 2, 1} {
		span := float64(leads[j])
		if j == 0 {
			span++ // the period that an order has to last
		} else {
			others += echelon * daily.Mean()
		}
		s.Stages = append(s.Stages, SerialStage{echelon, distribution.NewPoisson(5 * span)})
	}
	best, _ := s.Best()
	for _, levels := range [][]float64{best, {12, 20, 28}, {25, 22, 24}} {
		cost, standard := chainRun(s, leads, levels, CountsOf(daily), 400_000)
		if want := s.Cost(levels) - others; math.Abs(cost-want) > 3*standard {
			t.Errorf("levels %v: simulated cost %g ± %g, analytic %g", levels, cost, standard, want)
		}
	}
}
