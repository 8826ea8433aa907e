package regress

import (
	"errors"
	"math"
	"math/rand/v2"
	"testing"
)

// schools is the table of Rubin (1981), Estimation in parallel randomized experiments,
// Journal of Educational Statistics 6, 377: effects of coaching in eight schools.
var schools = struct{ est, se []float64 }{
	[]float64{28, 8, -3, 7, -1, 1, 18, 12},
	[]float64{15, 10, 16, 11, 9, 11, 10, 18},
}

// The posterior must be that of adding up over a fine grid of the mean and the spread
// together, which knows nothing of the closed form.
func TestShrinkIntegrates(t *testing.T) {
	s, err := Shrink(schools.est, schools.se, nil)
	if err != nil {
		t.Fatal(err)
	}
	scale := estimates{est: schools.est}.scale()
	var total float64
	first, second := make([]float64, 8), make([]float64, 8)
	for m := -80.0; m <= 100; m += .25 {
		for u := .0005; u < 1; u += .001 {
			tau := scale * math.Tan(math.Pi/2*u)
			log := 0.0
			for i, e := range schools.est {
				v := schools.se[i]*schools.se[i] + tau*tau
				log -= math.Log(v)/2 + (e-m)*(e-m)/v/2
			}
			w := math.Exp(log)
			total += w
			for i, e := range schools.est {
				own := schools.se[i] * schools.se[i]
				share := own / (own + tau*tau)
				mean := share*m + (1-share)*e
				first[i] += w * mean
				second[i] += w * (mean*mean + (1-share)*own)
			}
		}
	}
	for i := range 8 {
		mean := first[i] / total
		near(t, "mean", s.Mean[i], mean, 1e-3)
		near(t, "SD", s.SD[i], math.Sqrt(second[i]/total-mean*mean), 2e-3)
	}
}

// With many estimates of the same error the share of the group is that of James and Stein:
// se² (n-3) / Σ(e - ē)².
//
// Source: Efron & Morris (1975), Journal of the American Statistical Association 70, 311.
func TestShrinkIsJamesStein(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 1))
	const n = 20_000
	est, se := make([]float64, n), make([]float64, n)
	mean, squares := 0.0, 0.0
	for i := range est {
		est[i], se[i] = 3+rng.NormFloat64()*math.Sqrt(1+.25), .5
		mean += est[i] / n
	}
	for _, e := range est {
		squares += (e - mean) * (e - mean)
	}
	s, err := Shrink(est, se, nil)
	if err != nil {
		t.Fatal(err)
	}
	share := .25 * (n - 3) / squares
	for i := range 100 {
		near(t, "mean", s.Mean[i], share*mean+(1-share)*est[i], 1e-3)
		near(t, "SD", s.SD[i], math.Sqrt((1-share)*.25), 1e-3)
	}
}

// Estimates of unequal precision in groups: the error must fall by 40 % at least, and
// intervals of ±1.96 SD, whose distribution is not normal while τ is uncertain, must hold the
// truth about as often as normal ones, groups of few included.
func TestShrinkImproves(t *testing.T) {
	for _, size := range []int{4, 10, 100} {
		rng := rand.New(rand.NewPCG(2, uint64(size)))
		var est, se, truth []float64
		var group []int32
		for g := range 20_000 / size {
			m, tau := rng.NormFloat64(), .1+.3*rng.Float64()
			for range size {
				v := m + tau*rng.NormFloat64()
				s := .1 + .5*rng.ExpFloat64()
				truth, se, group = append(truth, v), append(se, s), append(group, int32(g))
				est = append(est, v+s*rng.NormFloat64())
			}
		}
		s, err := Shrink(est, se, group)
		if err != nil {
			t.Fatal(err)
		}
		raw, shrunk, held := 0.0, 0.0, 0
		for i, v := range truth {
			raw += (est[i] - v) * (est[i] - v)
			shrunk += (s.Mean[i] - v) * (s.Mean[i] - v)
			if math.Abs(s.Mean[i]-v) < 1.96*s.SD[i] {
				held++
			}
		}
		t.Logf("groups of %d: squared error -%.0f %%, %.3f held", size, 100*(1-shrunk/raw), float64(held)/20_000)
		if shrunk > .6*raw {
			t.Errorf("groups of %d: squared error %.3f of the raw one", size, shrunk/raw)
		}
		if share := float64(held) / 20_000; share < .92 || share > .975 {
			t.Errorf("groups of %d: %.3f of the intervals hold the truth", size, share)
		}
	}
}

func TestShrinkWithoutEstimates(t *testing.T) {
	inf, nan := math.Inf(1), math.NaN()
	est := []float64{1, 2, 3, nan, 7, 5, nan}
	se := []float64{.5, .5, 0, inf, .1, 3, nan}
	s, err := Shrink(est, se, []int32{0, 0, 0, 0, 1, 1, 2})
	if err != nil {
		t.Fatal(err)
	}
	if got := s.Mean[3]; got != s.Group[0].Mean || !(s.SD[3] > s.Group[0].SD) {
		t.Errorf("without an estimate: %g ± %g, group %+v", got, s.SD[3], s.Group[0])
	}
	near(t, "certain", s.Mean[2], 3, 1e-12)
	if s.SD[2] > 1e-9 {
		t.Errorf("certain, but SD %g", s.SD[2])
	}
	if !s.Group[1].Pooled || s.Group[1].N != 5 || s.Group[0].Pooled {
		t.Errorf("groups %+v", s.Group)
	}
	if s.Mean[6] != s.Group[2].Mean || s.Group[1].Mean != s.Group[2].Mean {
		t.Errorf("a group without estimates has %g, all have %g", s.Mean[6], s.Group[1].Mean)
	}
	if !(s.Mean[4] < 7 && s.Mean[4] > 6.8 && s.Mean[5] < 5 && s.Mean[5] > 3) {
		t.Errorf("posterior means %v", s.Mean)
	}
	alone, err := Shrink([]float64{4, nan}, []float64{2, inf}, nil)
	if err != nil {
		t.Fatal(err)
	}
	if alone.Mean[0] != 4 || alone.SD[0] != 2 || !math.IsNaN(alone.Mean[1]) || !math.IsInf(alone.SD[1], 1) {
		t.Errorf("too few: %+v", alone)
	}
	same, err := Shrink([]float64{2, 2, 2}, []float64{0, 0, 0}, nil)
	if err != nil || math.Abs(same.Mean[0]-2) > 1e-12 || same.SD[0] > 1e-9 {
		t.Errorf("three certainties that agree: %+v, %v", same, err)
	}
	var value *DataError
	if _, err := Shrink([]float64{1}, []float64{-1}, nil); !errors.As(err, &value) || value.Part != "SE" {
		t.Errorf("a negative error: %v", err)
	}
	if _, err := Shrink([]float64{inf}, []float64{1}, nil); !errors.As(err, &value) || value.Part != "Estimate" {
		t.Errorf("an infinite estimate: %v", err)
	}
}

// Moving and stretching the estimates moves and stretches what is believed.
func TestShrinkScales(t *testing.T) {
	rng := rand.New(rand.NewPCG(3, 1))
	var est, se, est2, se2 []float64
	for range 30 {
		e, s := rng.NormFloat64(), rng.ExpFloat64()
		est, se = append(est, e), append(se, s)
		est2, se2 = append(est2, 100+7*e), append(se2, 7*s)
	}
	a, err := Shrink(est, se, nil)
	if err != nil {
		t.Fatal(err)
	}
	b, err := Shrink(est2, se2, nil)
	if err != nil {
		t.Fatal(err)
	}
	for i := range est {
		near(t, "mean", b.Mean[i], 100+7*a.Mean[i], 1e-9)
		near(t, "SD", b.SD[i], 7*a.SD[i], 1e-9)
	}
}

func BenchmarkShrink(b *testing.B) {
	rng := rand.New(rand.NewPCG(4, 1))
	est, se, group := make([]float64, 10_000), make([]float64, 10_000), make([]int32, 10_000)
	for i := range est {
		se[i] = .1 + rng.ExpFloat64()
		est[i] = rng.NormFloat64() * (1 + se[i])
		group[i] = int32(i % 20)
	}
	for b.Loop() {
		if _, err := Shrink(est, se, group); err != nil {
			b.Fatal(err)
		}
	}
}
