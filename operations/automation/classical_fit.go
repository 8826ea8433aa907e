package automation

import (
	"math"

	"tradewind/simulate"
)

// BestClassical finds what the classical policy leaves open so that it earns most on training
// episodes: its settings one after the other, twice, on the first n; then its tilts, on twice
// as many.
func (a *Arena) BestClassical(n int) *Classical {
	c := a.bestSettings(n)
	a.tilt(c, 2*n)
	return c
}

func (a *Arena) bestSettings(n int) *Classical {
	f := a.Form
	interval := math.Sqrt(2 * f.OrderCost / max(f.Holding/52*f.Cost*f.Level, 1e-9))
	cover := func(times float64) int { return max(1, min(mostCover, int(math.Round(interval*times)))) }
	c := NewClassical(a.Form, a.Periods)
	c.Safety, c.Cover, c.RunOut, c.Markup = .5, cover(1), true, 1.03
	best, earned := *c, math.Inf(-1)
	try := func() {
		if x := a.Mean(c, simulate.Training, n, simulate.SteadyTrade); x > earned {
			best, earned = *c, x
		}
	}
	for range 2 {
		for _, c.Markup = range []float64{.97, 1, 1.03, 1.06, 1.1, 1.15} {
			try()
		}
		*c = best
		for _, c.Safety = range []float64{-.25, 0, .25, .5, .75, 1, 1.4, 1.8} {
			try()
		}
		*c = best
		for _, times := range []float64{.5, 1, 1.6, 2.5} {
			c.Cover = cover(times)
			try()
		}
		*c = best
		for _, c.Early = range []int{0, 1, 2, 4} {
			try()
		}
		*c = best
		if f.Clears {
			for _, c.Clearance = range []int{0, 3, 6, 10, 16} {
				try()
			}
			*c = best
		}
		for _, c.RunOut = range []bool{false, true} {
			try()
		}
		*c = best
	}
	return &best
}

// Tilts are searched in these steps, and may add up to mostTilt.
var (
	targetTilts = [...]float64{.3, .1}
	priceTilts  = [...]float64{.075, .025}
)

const mostTilt = .9

// tilt moves the tilts of the phases that the paths come through up and down, one after the
// other, while that earns more on n training episodes by more than the standard error of the
// difference: there are many of them, and what is within chance would be fitted to chance.
func (a *Arena) tilt(c *Classical, n int) {
	sample := func() []float64 { return a.Sample(c, simulate.Training, n, simulate.SteadyTrade) }
	best, moved := sample(), false
	try := func(at *float64, step float64) {
		was := *at
		top := was
		for _, x := range [...]float64{was - step, was + step} {
			if *at = x; math.Abs(x) > mostTilt {
				continue
			}
			if now := sample(); Compare(now, best, oneError).Low > 0 {
				best, top, moved = now, x, true
			}
		}
		*at = top
	}
	seen, priced := a.phasesSeen(c), a.Form.Ceiling == 0 || a.Form.Floor < a.Form.Ceiling
	for k, step := range targetTilts {
		moved = true
		for pass := 0; pass < 2 && moved; pass++ {
			moved = false
			for phase := range c.Tilts {
				if seen[phase] {
					try(&c.Tilts[phase].Target, step)
				}
				if seen[phase] && priced {
					try(&c.Tilts[phase].Price, priceTilts[k])
				}
			}
		}
	}
}

// oneError is the level of an interval of one standard error on either side.
const oneError = .6827

func (a *Arena) phasesSeen(c *Classical) (seen [phases]bool) {
	for t := range a.Periods {
		seen[c.phase(t)] = true
	}
	return seen
}
