package forecast

import (
	"cmp"
	"math"
	"slices"
)

// etsCandidate is one form on its way to its maximum likelihood.
type etsCandidate struct {
	form     ETSForm
	x        []float64      // parameters and initial states, see etsAlpha
	free     []int          // places in x that are estimated: states, then smoothing parameters
	columns  [etsSeason]int // where a place is in free, or -1
	deviance float64        // -2 log likelihood of y in units of w.unit, as R drops constants
	penalty  float64        // AICc less the deviance
	damping  float64        // of Levenberg & Marquardt
	gain     float64        // of the last step, in the deviance, that the quadratic model promised
	settled  bool           // no further step helps
}

func (c *etsCandidate) aicc() float64 { return c.deviance + c.penalty }

// newETSCandidate is a form at x, whose deviance there is known, with n values observed.
func newETSCandidate(form ETSForm, x []float64, deviance float64, n int) *etsCandidate {
	c := &etsCandidate{form: form, x: slices.Clone(x), damping: 1e-3, deviance: deviance}
	for i := 1; i < form.Period; i++ {
		c.free = append(c.free, etsSeason+i)
	}
	c.free = append(c.free, etsLevel)
	if form.Trend != ETSNone {
		c.free = append(c.free, etsSlope, etsBeta)
	}
	if form.Season != ETSNone {
		c.free = append(c.free, etsGamma)
	}
	if form.Damped {
		c.free = append(c.free, etsPhi)
	}
	c.free = append(c.free, etsAlpha)
	for i := range c.columns {
		c.columns[i] = slices.Index(c.free, i)
	}
	k := float64(form.parameters() + 1)
	c.penalty = 2*k + 2*k*(k+1)/math.Max(1, float64(n)-k-1)
	return c
}

// candidates are the starts of a form, the best of each region of the smoothing parameters;
// none when the likelihood exists nowhere. The likelihood of a form with a trend often has
// several maxima, a level that follows fast among them and a slope that does.
func (w *etsFit) candidates(form ETSForm) []*etsCandidate {
	x := w.trial[:etsSeason+form.Period]
	for shrink := 1.0; shrink > 0.01; shrink /= 2 {
		w.starts[form.Season].fill(x, form, shrink)
		if found := w.search(form, x); len(found) > 0 {
			return found
		}
	}
	return nil
}

// search tries smoothing parameters all over the box with the initial states of x.
func (w *etsFit) search(form ETSForm, x []float64) (found []*etsCandidate) {
	betas, gammas := etsShares[:], etsShares[:]
	if form.Trend == ETSNone {
		betas = etsNoShare[:]
	}
	if form.Season == ETSNone {
		gammas = etsNoShare[:]
	}
	for _, alphas := range etsRegions {
		for _, beta := range betas {
			least, at := math.Inf(1), [2]float64{}
			x[etsBeta], x[etsPhi] = beta, 0.95
			for _, alpha := range alphas {
				for _, gamma := range gammas {
					x[etsAlpha], x[etsGamma] = alpha, gamma
					if f := w.deviance(form, x); f < least {
						least, at = f, [2]float64{alpha, gamma}
					}
				}
			}
			if !math.IsInf(least, 1) {
				x[etsAlpha], x[etsGamma] = at[0], at[1]
				found = append(found, newETSCandidate(form, x, least, w.n))
			}
		}
	}
	return found
}

var (
	etsRegions = [2][2]float64{{0.02, 0.15}, {0.4, 0.8}} // of α
	etsShares  = [2]float64{0.03, 0.3}                   // of β and γ in the room they have
	etsNoShare = [1]float64{}
)

const etsCoarse, etsFine = 1e-3, 1e-7 // of the deviance: where the race and its winner stop

// race returns the candidate with the least AICc, fitted to the end, nil when there is none. All
// take a step in turn, as long as they may still come near the best; then they go on one by one,
// the most promising first. At last all starts of the winning form run to their ends.
func (w *etsFit) race(candidates []*etsCandidate) *etsCandidate {
	least := math.Inf(1)
	for range 3 {
		for _, c := range candidates {
			w.improve(c, etsCoarse, 1, least+etsMargin)
			least = math.Min(least, c.aicc())
		}
	}
	slices.SortStableFunc(candidates, func(a, b *etsCandidate) int { return cmp.Compare(a.aicc(), b.aicc()) })
	var best *etsCandidate
	least = math.Inf(1)
	for i, c := range candidates {
		w.finish(c, candidates[:i], least+etsClose)
		if c.aicc() < least {
			least, best = c.aicc(), c
		}
	}
	if best == nil {
		return nil
	}
	form := best.form
	for i, c := range candidates {
		if c.form == form {
			w.finish(c, candidates[:i], math.Inf(1))
			if c.deviance < best.deviance {
				best = c
			}
		}
	}
	best.settled = false
	w.improve(best, etsFine, 200, math.Inf(1))
	return best
}

// finish takes c to its end, unless it has no prospect to come below limit or arrives where
// another did.
func (w *etsFit) finish(c *etsCandidate, others []*etsCandidate, limit float64) {
	for range 25 {
		if c.settled || c.aicc()-c.prospect() > limit || c.follows(others) {
			return
		}
		w.improve(c, etsCoarse, 4, limit)
	}
}

// How far above the least AICc a candidate is given up, with all that may still come taken off:
// in the first steps, and when one has reached its end.
const etsMargin, etsClose = 10, 2

// follows reports whether c is on its way to where another start of its form has arrived.
func (c *etsCandidate) follows(others []*etsCandidate) bool {
	for _, o := range others {
		if o.form != c.form || !o.settled || c.deviance < o.deviance || c.deviance > o.deviance+1 {
			continue
		}
		gap := 0.0
		for i, b := range etsBox {
			gap = math.Max(gap, math.Abs(c.x[i]-o.x[i])/(b[1]-b[0]))
		}
		if gap < 0.1 {
			return true
		}
	}
	return false
}
