package demand

import (
	"math"
	"math/rand/v2"
	"testing"

	"pgregory.net/rapid"
)

// selling is the outlook of a series of the test's shop, with days of rest ahead.
func selling(t *testing.T) *Outlook {
	s, _, _ := world(t, 60, 500, 3)
	v := NewSurvey(s)
	return v.Outlook(SeriesOf(s, 0))
}

// Forecast, mean and draws agree on the revised means, and days that nobody spoke of stay
// as they were, to the bit.
func TestRevisedMeans(t *testing.T) {
	o := selling(t)
	plain := o.Forecast(56)
	rapid.Check(t, func(t *rapid.T) {
		from, days := rapid.IntRange(0, 40).Draw(t, "from"), rapid.IntRange(1, 16).Draw(t, "days")
		means := make([]float64, 126)
		for d := range means {
			means[d] = o.Mean(d, d+1)
			if from <= d && d < from+days {
				means[d] = rapid.Float64Range(0, 50).Draw(t, "mean")
			}
		}
		r := o.Revise(means)
		f := r.Forecast(56)
		sum := 0.0
		for d, dist := range f.Period {
			spoken := from <= d && d < from+days
			if got := dist.Mean(); math.Abs(got-means[d]) > 1e-9 {
				t.Fatalf("day %d: mean %v, want %v", d, got, means[d])
			}
			if !spoken && dist.Quantile(.9) != plain.Period[d].Quantile(.9) {
				t.Fatalf("day %d: nobody spoke of it, and its P90 is %v, not %v", d, dist.Quantile(.9), plain.Period[d].Quantile(.9))
			}
			sum += means[d]
		}
		if got := f.Total.Mean(); math.Abs(got-sum) > 1e-9*(1+sum) {
			t.Fatalf("total: mean %v, want %v", got, sum)
		}
		if got := r.Mean(0, 56); math.Abs(got-sum) > 1e-9*(1+sum) {
			t.Fatalf("Mean: %v, want %v", got, sum)
		}
		if got, want := r.Mean(56, 300), o.Mean(56, 300); math.Abs(got-want) > 1e-9*(1+want) {
			t.Fatalf("beyond the revision: %v, want %v", got, want)
		}
	})
}

// Twenty times the mean is twenty times every quantile, up to a unit of rounding before.
func TestRevisedShapeIsScaled(t *testing.T) {
	o := selling(t)
	means := make([]float64, 126)
	for d := range means {
		means[d] = 20 * o.Mean(d, d+1)
	}
	was, is := o.Forecast(28).Total, o.Revise(means).Forecast(28).Total
	if math.Abs(math.Sqrt(is.Variance())/is.Mean()-math.Sqrt(was.Variance())/was.Mean()) > 1e-9 {
		t.Errorf("coefficient of variation %v, was %v", math.Sqrt(is.Variance())/is.Mean(), math.Sqrt(was.Variance())/was.Mean())
	}
	for _, u := range []float64{.1, .5, .9} {
		if got, want := is.Quantile(u), 20*was.Quantile(u); math.Abs(got-want) > 20 {
			t.Errorf("quantile %v is %v, want about %v", u, got, want)
		}
	}
}

func TestRevisedDraws(t *testing.T) {
	o := selling(t)
	rest := -1 // a day on which nothing is expected
	means := make([]float64, 126)
	for d := range means {
		means[d] = 3 * o.Mean(d, d+1)
		if means[d] == 0 && rest < 0 {
			rest = d
		}
	}
	if rest < 0 {
		t.Fatal("the test's shop never rests")
	}
	means[rest] = 7
	r := o.Revise(means)
	rng := rand.New(rand.NewPCG(5, 6))
	ends := []int{rest, rest + 1, 28}
	sums, dst := make([]float64, len(ends)), make([]float64, len(ends))
	const n = 20_000
	for range n {
		r.Draw(dst, ends, rng)
		for k, x := range dst {
			sums[k] += x
		}
	}
	before := 0
	for k, end := range ends {
		want := r.Mean(before, end)
		before = end
		// The draws of the model have a coefficient of variation below 1.5 here: five
		// standard errors.
		if got := sums[k] / n; math.Abs(got-want) > 5*1.5*want/math.Sqrt(n)+1e-9 {
			t.Errorf("days to %d: mean of draws %v, want %v", end, got, want)
		}
	}
}
