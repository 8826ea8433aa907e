package forecast

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"tradewind/numeric/distribution"
)

// rested is a past so long that estimated parameters widen nothing.
const rested = 1 << 40

// heldOnce are errors of one step.
func heldOnce(z []float64) []HeldErrors {
	held := make([]HeldErrors, len(z))
	for i, e := range z {
		held[i] = HeldErrors{Past: rested, Steps: []float64{e}, Total: e}
	}
	return held
}

var unit = Forecast{Period: []distribution.Distribution{standardNormal}, Total: standardNormal}

// TestConformalRank: with n errors and the evenly spaced ones of the normal law that are
// always among them, the central interval reaches to the ⌈(N+1)(1-α)⌉-th smallest size, on
// both sides alike.
func TestConformalRank(t *testing.T) {
	rng := rand.New(rand.NewPCG(8, 3))
	for _, n := range []int{0, 1, 5, 20, 91, 400} {
		z, sizes := make([]float64, n), []float64{}
		for i := range z {
			z[i] = 2 * rng.NormFloat64()
			sizes = append(sizes, math.Abs(z[i]))
		}
		for k := range native {
			sizes = append(sizes, standardNormal.Quantile(.5+(float64(k)+.5)/(2*native)))
		}
		slices.Sort(sizes)
		d := FitConformal(heldOnce(z)).Around(unit, rested).Period[0]
		for _, percent := range []int{50, 70, 80, 90, 95} {
			rank := ((len(sizes)+1)*percent + 99) / 100 // rounded up
			if rank > len(sizes) {
				continue // the error beyond all that were seen
			}
			u := float64(100+percent) / 200
			if got, want := d.Quantile(u), sizes[rank-1]; math.Abs(got-want) > 1e-9 {
				t.Errorf("%d errors, %d %%: upper end %v, want %v", n, percent, got, want)
			}
			if got, want := -d.Quantile(1-u), sizes[rank-1]; got < want-1e-9 {
				t.Errorf("%d errors, %d %%: lower end -%v, want at least -%v", n, percent, got, want)
			}
		}
		if math.Abs(d.Mean()) > 1e-9 {
			t.Errorf("%d errors: the law has a mean of %v", n, d.Mean())
		}
	}
}

// TestConformalCovers: over many draws of errors from one law, far from normal and ill
// scaled, the interval holds the next error as often as it says, but for a point of
// simulation and what the normal errors among the n can do: coverage lies from
// 1-α - 8α/(n+1) to 1-α + (8(1-α)+2)/(n+1).
func TestConformalCovers(t *testing.T) {
	for _, law := range []struct {
		name string
		draw func(*rand.Rand) float64
	}{
		{"normal", func(r *rand.Rand) float64 { return r.NormFloat64() }},
		{"twice as wide", func(r *rand.Rand) float64 { return 2 * r.NormFloat64() }},
		{"half as wide", func(r *rand.Rand) float64 { return .5 * r.NormFloat64() }},
		{"skew", func(r *rand.Rand) float64 { return r.ExpFloat64() - 1 }},
		{"heavy tails", func(r *rand.Rand) float64 { return r.NormFloat64() / math.Sqrt(distribution.DrawGamma(1.5, r)/1.5) }},
	} {
		for _, n := range []int{60, 250} {
			const draws, probes = 300, 40
			rng := rand.New(rand.NewPCG(uint64(n), 77))
			var inside [3]float64
			levels := [3]float64{.8, .9, .95}
			z := make([]float64, n)
			for range draws {
				for i := range z {
					z[i] = law.draw(rng)
				}
				d := FitConformal(heldOnce(z)).Around(unit, rested).Period[0]
				for k, level := range levels {
					lower, upper := d.Quantile((1-level)/2), d.Quantile((1+level)/2)
					for range probes {
						if y := law.draw(rng); lower <= y && y <= upper {
							inside[k] += 1. / (draws * probes)
						}
					}
				}
			}
			for k, level := range levels {
				// The 8 normal errors can all lie inside, or all outside.
				least := level - native*(1-level)/float64(n+1) - .01
				most := level + (native*level+2)/float64(n+1) + .01
				if inside[k] < least || inside[k] > most {
					t.Errorf("%s, %d errors: %.1f %% interval held %.2f %%, want %.2f to %.2f", law.name, n, 100*level, 100*inside[k], 100*least, 100*most)
				}
			}
		}
	}
}

// TestWidening: intervals after few values are wider; with more values the excess falls to
// nothing.
func TestWidening(t *testing.T) {
	last := math.Inf(1)
	for n := range 400 {
		by := widening(n)
		if by > last || by < 1 || math.IsInf(by, 0) {
			t.Fatalf("widening(%d) = %v after %v", n, by, last)
		}
		last = by
	}
	if got := widening(1_000_000); math.Abs(got-1) > 1e-5 {
		t.Errorf("widening of a million values: %v, want 1", got)
	}
	// t with 20 degrees of freedom reaches 1.325340707 at .9, the normal law 1.281551566 (tables).
	if got, want := widening(24), 1.325340707/1.281551566*math.Sqrt(28./24); math.Abs(got-want) > 1e-8 {
		t.Errorf("widening(24) = %v, want %v", got, want)
	}
}

// TestConformalScale: put around a forecast, the law moves and stretches with it; a forecast
// that is certain stays so; steps beyond those learnt take the law of the last.
func TestConformalScale(t *testing.T) {
	rng := rand.New(rand.NewPCG(2, 5))
	var held []HeldErrors
	for range 80 {
		held = append(held, HeldErrors{Past: 30, Steps: []float64{rng.NormFloat64(), 3 * rng.NormFloat64(), 9 * rng.NormFloat64()}, Total: 5 * rng.NormFloat64()})
	}
	c := FitConformal(held)
	f := normals(distribution.NewNormal(40, 6), 10, 2, 10, 2, 10, 2, 10, 2, 10, 0)
	a := c.Around(f, 30)
	for _, u := range []float64{.05, .3, .9} {
		if near, far := a.Period[0].Quantile(u)-10, a.Period[2].Quantile(u)-10; math.Abs(far) < math.Abs(near) {
			t.Errorf("quantile %v: %v one step ahead and %v three, which erred more", u, near, far)
		}
		if got, want := a.Period[3].Quantile(u), a.Period[2].Quantile(u); got != want {
			t.Errorf("step beyond those learnt: %v, want %v", got, want)
		}
		moved := c.Around(normals(distribution.NewNormal(4000, 600), 1000, 200), 30)
		if got, want := moved.Period[0].Quantile(u), 100*a.Period[0].Quantile(u); relative(got, want) > 1e-9 {
			t.Errorf("a hundred times the forecast: %v, want %v", got, want)
		}
	}
	for i, d := range a.Period {
		if math.Abs(d.Mean()-10) > 1e-9 {
			t.Errorf("step %d: mean %v, want 10", i, d.Mean())
		}
	}
	if d := a.Period[4]; d.Variance() != 0 || d.Mean() != 10 {
		t.Errorf("a certain value became %v ± %v", d.Mean(), d.Variance())
	}
}

// TestConformalIgnores: errors that are no numbers teach nothing, none at all leave the
// normal law, and one without measure does not become the variance of every forecast.
func TestConformalIgnores(t *testing.T) {
	nan, inf := math.NaN(), math.Inf(1)
	for i, held := range [][]HeldErrors{nil, {}, {{}}, {{Past: 3}}, heldOnce([]float64{nan, inf, -inf})} {
		t.Run(fmt.Sprint(i), func(t *testing.T) {
			f := FitConformal(held).Around(unit, rested)
			assertFinite(t, "normal law", f)
			if got, want := f.Period[0].Quantile(.75), standardNormal.Quantile(.75); math.Abs(got-want) > .25 {
				t.Errorf("quantile .75 is %v, want about %v", got, want)
			}
		})
	}
	z := make([]float64, 200)
	rng := rand.New(rand.NewPCG(6, 6))
	for i := range z {
		z[i] = rng.NormFloat64()
	}
	usual := FitConformal(heldOnce(z)).Around(unit, rested)
	z[17] = 1e15 // σ was 1e-15, as after a constant
	odd := FitConformal(heldOnce(z)).Around(unit, rested)
	assertFinite(t, "one error without measure", odd)
	above, _ := odd.Period[0].Loss(2)
	before, _ := usual.Period[0].Loss(2)
	if odd.Period[0].Variance() > 8*usual.Period[0].Variance() || above > before+.15 {
		t.Errorf("variance %v after %v, expected excess %v after %v", odd.Period[0].Variance(), usual.Period[0].Variance(), above, before)
	}
	for _, u := range []float64{.025, .1, .9, .975} {
		if got, want := odd.Period[0].Quantile(u), usual.Period[0].Quantile(u); math.Abs(got-want) > .1 {
			t.Errorf("quantile %v is %v, want about %v", u, got, want)
		}
	}
}
