package demand

import (
	"math"
	"math/rand/v2"
	"testing"

	"pgregory.net/rapid"

	"tradewind/numeric/distribution"
	"tradewind/numeric/forecast"
)

// counts draws a forecast of PublishedDays days: counts whose rate is shared by all days.
func counts() *rapid.Generator[forecast.Forecast] {
	return rapid.Custom(func(t *rapid.T) forecast.Forecast {
		c := forecast.Calibration{
			Scale: 1, Size: rapid.Float64Range(-2, 2).Draw(t, "size"), Slope: rapid.Float64Range(0, 1).Draw(t, "slope"),
			Drift: rapid.Float64Range(0, .5).Draw(t, "drift"), Span: PublishedDays,
		}
		offsets := make([]float64, PublishedDays)
		for d := range offsets {
			offsets[d] = rapid.SampledFrom([]float64{0, .5, 1, 2}).Draw(t, "offset")
		}
		rate := forecast.Rate{Mean: rapid.Float64Range(0, 40).Draw(t, "rate"), Evidence: rapid.Float64Range(.5, 100).Draw(t, "evidence")}
		return c.Forecast(rate, offsets)
	})
}

// Weeks add up to the total in the mean, their quantiles are in order, and no number is
// anything but a number.
func TestPublishedWeeksAddUp(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		f := counts().Draw(t, "forecast")
		p := Publish(f)
		sum := 0.0
		for _, w := range append(p.Weeks[:], p.Total) {
			if !(0 <= w.P10 && w.P10 <= w.P50 && w.P50 <= w.P90) || math.IsInf(w.P90, 1) || !(w.Mean >= 0) {
				t.Fatalf("spread %+v", w)
			}
		}
		for _, w := range p.Weeks {
			sum += w.Mean
		}
		if math.Abs(sum-p.Total.Mean) > 1e-9*(1+sum) {
			t.Fatalf("weeks add up to %v, the total is %v", sum, p.Total.Mean)
		}
		for _, share := range []float64{p.InsideP10, p.InsideP90} {
			if !(share >= 0 && share <= 1) {
				t.Fatalf("shares inside are %v and %v", p.InsideP10, p.InsideP90)
			}
		}
	})
}

// The variance of a week is right where the truth is known: of 28 equal days that share one
// rate, any seven.
func TestWeeksKnowThatDaysDependOnEachOther(t *testing.T) {
	c := forecast.Calibration{Scale: 1, Size: 1, Slope: 0, Drift: .2} // no span: the rate does not wander on
	offsets := make([]float64, PublishedDays)
	for d := range offsets {
		offsets[d] = 1
	}
	rate := forecast.Rate{Mean: 5, Evidence: 20}
	f := c.Forecast(rate, offsets)
	want := c.Total(rate, offsets[:7])
	for w, got := range weeksOf(f) {
		if math.Abs(got.Mean()-want.Mean()) > 1e-9 || math.Abs(got.Variance()/want.Variance()-1) > 1e-9 {
			t.Errorf("week %d: mean %v, variance %v; want %v, %v", w, got.Mean(), got.Variance(), want.Mean(), want.Variance())
		}
	}
}

// Of totals drawn from the forecast itself 80 % count as inside, however coarse the counts.
func TestCoverageOfTheTruthIsItsLevel(t *testing.T) {
	for _, mean := range []float64{.05, .7, 3, 40} {
		d := distribution.NegativeBinomialOf(mean, mean+mean*mean/2)
		p := Published{Total: spreadOf(d)}
		p.InsideP10, p.InsideP90 = inside(d, p.Total.P10), inside(d, p.Total.P90)
		rng := rand.New(rand.NewPCG(1, 2))
		var a Accuracy
		const n = 20_000
		for range n {
			actual := make([]float64, PublishedDays)
			actual[3] = distribution.Sample(d, rng)
			a.Add(&p, NewProfile(actual), nil, actual)
		}
		// Four standard errors of a share of .8.
		if got, most := a.Coverage(), 4*math.Sqrt(.8*.2/n); math.Abs(got-.8) > most {
			t.Errorf("mean %v: coverage %.4f, want .8 ± %.4f", mean, got, most)
		}
	}
}

func TestProfileSpreadsWeeks(t *testing.T) {
	units := make([]float64, PublishedDays)
	for d := range units {
		units[d] = float64(d % 7) // no Mondays, if the first day is one
	}
	clear(units[14:21]) // a week of rest
	p := NewProfile(units)
	f := Published{}
	for w := range f.Weeks {
		f.Weeks[w].Mean = 42
	}
	days := p.Days(&f)
	for w := range PublishedWeeks {
		if sum := total(days[7*w : 7*w+7]); math.Abs(sum-42) > 1e-9 {
			t.Errorf("week %d adds up to %v, want 42", w, sum)
		}
	}
	if days[0] != 0 || days[6] != 12 || math.Abs(days[14]-6) > 1e-9 {
		t.Errorf("days %v, want 0 on the first, 12 on the seventh, 6 in the week of rest", days)
	}
}

// By hand: scale 1 (the past alternates 0 and 1), so RMSSE is the root of the mean squared
// error of the days.
func TestAccuracyByHand(t *testing.T) {
	past := make([]float64, 60)
	for d := range past {
		past[d] = float64(d % 2)
	}
	actual := make([]float64, PublishedDays)
	for d := range actual {
		actual[d] = 2
	}
	even := make(Profile, PublishedDays)
	for d := range even {
		even[d] = 1. / 7
	}
	f := Published{Total: Spread{Mean: 84, P10: 56, P50: 80, P90: 100}, InsideP10: .25}
	for w := range f.Weeks {
		f.Weeks[w].Mean = 21 // 3 a day: off by 1
	}
	var a Accuracy
	a.Add(&f, even, past, actual)
	a = a.Plus(Accuracy{})
	// Naive repeats 1 0 1 0 1 0 1 (the past ends on 1): errors 1 and 2, four and three in seven.
	naive := math.Sqrt((4*1. + 3*4.) / 7)
	for _, tt := range []struct {
		name      string
		got, want float64
	}{
		{"RMSSE", a.RMSSE(), 1}, {"naive RMSSE", a.NaiveRMSSE(), naive}, {"value added", a.ValueAdded(), 1 - 1/naive},
		{"bias", a.Bias(), 84./56 - 1}, {"coverage", a.Coverage(), .25},
		{"error of the total", a.TotalError(), 24. / 56}, {"error of the last days", a.LastError(), (56. - 14) / 56}, {"units", a.Units(), 56},
	} {
		if math.Abs(tt.got-tt.want) > 1e-12 {
			t.Errorf("%s: got %v, want %v", tt.name, tt.got, tt.want)
		}
	}
}

// What cannot be known is NaN, and what is not judged does not spoil the rest.
func TestAccuracyOfLittle(t *testing.T) {
	var a Accuracy
	for name, x := range map[string]float64{"RMSSE": a.RMSSE(), "value added": a.ValueAdded(), "bias": a.Bias(), "coverage": a.Coverage(), "total": a.TotalError()} {
		if !math.IsNaN(x) {
			t.Errorf("%s of nothing is %v, want NaN", name, x)
		}
	}
	actual := make([]float64, PublishedDays)
	actual[0] = 1
	for _, past := range [][]float64{nil, {1}, make([]float64, 100)} { // none, one day, never sold again
		a.Add(&Published{Total: Spread{P90: 2}}, NewProfile(actual), past, actual)
	}
	if a.Series != 3 || a.Scaled != 0 || !math.IsNaN(a.RMSSE()) || a.Coverage() != 1 || a.TotalError() != 1 {
		t.Errorf("got %+v, RMSSE %v", a, a.RMSSE())
	}
}
