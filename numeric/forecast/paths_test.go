package forecast

import (
	"math"
	"math/rand/v2"
	"testing"

	"tradewind/numeric/distribution"
)

// TestPathAddsUp: over many paths every period has its own law, and the sum the variance of
// Total, for periods of different widths and any dependence from none to one cause.
func TestPathAddsUp(t *testing.T) {
	const paths = 30_000
	for _, tt := range []struct{ total, want float64 }{
		{1 + 4 + 9, 14},  // independent
		{25, 25},         // between
		{36, 36},         // all alike
		{50, 36},         // more than any dependence gives
		{3, 1 + 4 + 9.0}, // less than independent ones have: taken as independent
	} {
		f := normals(distribution.NewNormal(60, math.Sqrt(tt.total)), 10, 1, 20, 2, 30, 3)
		rng := rand.New(rand.NewPCG(4, 4))
		var path [3]float64
		var sum, first, last moments
		for range paths {
			f.Path(path[:], rng)
			sum.add(path[0] + path[1] + path[2])
			first.add(path[0])
			last.add(path[2])
		}
		// The standard error of a variance of n normal values is √(2/n) of it: .8 %.
		if relative(variance(sum), tt.want) > .035 || math.Abs(sum.mean-60) > .15 {
			t.Errorf("Var[Total] = %v: the paths sum to %v ± √%v, want 60 ± √%v", tt.total, sum.mean, variance(sum), tt.want)
		}
		if relative(variance(first), 1) > .035 || relative(variance(last), 9) > .035 || math.Abs(first.mean-10) > .03 {
			t.Errorf("Var[Total] = %v: periods vary by %v and %v, want 1 and 9", tt.total, variance(first), variance(last))
		}
	}
}

func variance(m moments) float64 { return m.squares / m.n }

// TestPathOfCounts: counts stay counts, and without a total the periods are independent.
func TestPathOfCounts(t *testing.T) {
	f := Forecast{Period: []distribution.Distribution{distribution.NewPoisson(3), distribution.NewNegativeBinomial(2, .5)}}
	rng := rand.New(rand.NewPCG(9, 1))
	var path [2]float64
	var both, first, second moments
	for range 20_000 {
		f.Path(path[:], rng)
		for _, x := range path {
			if x < 0 || x != math.Floor(x) {
				t.Fatalf("a count of %v", x)
			}
		}
		first.add(path[0])
		second.add(path[1])
		both.add(path[0] + path[1])
	}
	if math.Abs(first.mean-3) > .06 || math.Abs(second.mean-2) > .12 {
		t.Errorf("means %v and %v, want 3 and 2", first.mean, second.mean)
	}
	if want := variance(first) + variance(second); relative(variance(both), want) > .04 {
		t.Errorf("the sum varies by %v, want %v", variance(both), want)
	}
}

// TestPathLength: fewer periods than forecast are the first of them; more is a mistake.
func TestPathLength(t *testing.T) {
	f := normals(distribution.NewNormal(3, 0), 1, 0, 2, 0)
	rng := rand.New(rand.NewPCG(1, 1))
	short := make([]float64, 1)
	if f.Path(short, rng); short[0] != 1 {
		t.Errorf("first period %v, want 1", short[0])
	}
	f.Path(nil, rng)
	defer func() {
		if recover() == nil {
			t.Error("a path of three periods of a forecast of two: no panic")
		}
	}()
	f.Path(make([]float64, 3), rng)
}

// TestPathsOfPlainMethods: their paths have the means and variances of Period and Total.
func TestPathsOfPlainMethods(t *testing.T) {
	y := weekly(140, 12)
	naive, _ := FitSeasonalNaive(y, 7)
	smoothing, _ := FitSimpleSmoothing(y)
	smoothing.Alpha = .4
	harmonic, _ := FitHarmonic(y, HarmonicForm{Period: 7, Sine: true})
	for _, m := range []interface {
		Fitted
		Path(dst []float64, rng *rand.Rand)
	}{naive, smoothing, harmonic} {
		const h, paths = 17, 8_000
		f, rng := m.Forecast(h), rand.New(rand.NewPCG(5, 8))
		path := make([]float64, h)
		var first, last, total moments
		for range paths {
			m.Path(path, rng)
			sum := 0.0
			for _, x := range path {
				sum += x
			}
			first.add(path[0])
			last.add(path[h-1])
			total.add(sum)
		}
		for name, c := range map[string]struct {
			got  moments
			want distribution.Distribution
		}{"first": {first, f.Period[0]}, "last": {last, f.Period[h-1]}, "total": {total, f.Total}} {
			sd := math.Sqrt(c.want.Variance())
			if math.Abs(c.got.mean-c.want.Mean()) > 5*sd/math.Sqrt(paths) || relative(variance(c.got), c.want.Variance()) > 5*math.Sqrt(2./paths) {
				t.Errorf("%s, %s: %v ± %v, want %v ± %v", m.Name(), name, c.got.mean, math.Sqrt(variance(c.got)), c.want.Mean(), sd)
			}
		}
	}
}
