package demand

import (
	"math"
	"slices"

	"tradewind/numeric/forecast"
)

// alignment is what the survey decided on totals.
type alignment struct {
	strength     float64
	gain, stdErr float64
	windows      int
	factors      map[group]float64 // by market and category, by market alone, and of the shop
}

// strengths are what is tried of alignment, beside none.
var strengths = []float64{.25, .5, .75, 1}

// deepest is the number of levels that totals stand on.
const deepest = 3

// firstJudged is the latest origin whose window takes part in the decision.
const firstJudged = 2

// align decides how far series listen to the totals above them: not at all, unless in the
// past windows, of which the last takes no part, that lowered both the RMSSE of the days
// and the absolute error of the windows' totals by more than a standard error over the
// windows.
func (v *Survey) align(past *replay, all, grown []Series) {
	v.alignment = alignment{gain: math.NaN(), stdErr: math.NaN()}
	t := v.newTotals(past, all, grown)
	if t == nil {
		return
	}
	a := &v.alignment
	var none windowLosses
	// Origin 0 is the present, 1 that of the last window; the oldest has no past to learn from.
	for k := firstJudged; k < min(firstJudged+judged, len(v.origins)-1); k++ {
		none.add(t.loss(k, nil))
	}
	best := trial{depth: deepest, loss: math.Inf(1), gain: math.NaN(), stdErr: math.NaN()}
	for depth := 1; depth <= deepest; depth++ {
		for _, strength := range strengths {
			if c := t.try(none, depth, strength); c.before(best) {
				best = c
			}
		}
	}
	a.windows, a.gain, a.stdErr = len(none.days), best.gain, best.stdErr
	if best.better {
		a.strength = best.strength
	}
	a.factors = t.named(best.depth)
}

// windowLosses are those of the windows, the latest first.
type windowLosses struct{ days, totals []float64 }

func (l *windowLosses) add(days, totals float64) {
	l.days, l.totals = append(l.days, days), append(l.totals, totals)
}

// trial is how an alignment did in the windows.
type trial struct {
	depth        int
	strength     float64
	better       bool    // than none, by more than a standard error, on days and totals
	loss         float64 // mean RMSSE
	gain, stdErr float64
}

func (c trial) before(other trial) bool {
	if c.better != other.better {
		return c.better
	}
	return c.loss < other.loss
}

func (t *totals) try(none windowLosses, depth int, strength float64) trial {
	var own windowLosses
	for i := range none.days {
		factors := t.factors(i+firstJudged, depth)
		for j := range factors {
			factors[j] = math.Pow(factors[j], strength)
		}
		own.add(t.loss(i+firstJudged, factors))
	}
	c := trial{depth: depth, strength: strength, loss: mean(own.days)}
	c.better = forecast.Choose(pair(none.days, own.days)) == 1 && forecast.Choose(pair(none.totals, own.totals)) == 1
	c.gain, c.stdErr = relativeGain(none.days, own.days)
	return c
}

func pair(none, own []float64) []forecast.Score {
	return []forecast.Score{{Losses: none}, {Losses: own}}
}

// loss is what the forecasts of the window after origin k would have cost with factors by
// leaf: the mean RMSSE of the days, and the sum of the absolute errors of the series' totals
// as a share of what came. No factors are all 1.
func (t *totals) loss(k int, factors []float64) (days, totals float64) {
	missed, sold, n := 0.0, 0.0, 0.0
	for _, p := range t.windows[k] {
		f := 1.
		if factors != nil {
			f = factors[p.leaf]
		}
		if p.rough > 0 {
			days += math.Sqrt(math.Max(0, p.actual-2*f*p.cross+f*f*p.squares)/held) / p.rough
			n++
		}
		missed += math.Abs(f*p.expected - p.came)
		sold += p.came
	}
	return days / math.Max(1, n), missed / math.Max(1, sold)
}

// named are the factors at the present under the names of their groups.
func (t *totals) named(depth int) map[group]float64 {
	list := t.factors(0, depth)
	out := map[group]float64{}
	aligned := t.table()
	for i := range t.leaves {
		aligned[t.Upper()+i][0] = t.parts[0][t.Upper()+i] * list[i]
	}
	above := t.summed(aligned)
	ratio := func(j int) float64 {
		if t.parts[0][j] > 0 {
			return above[j] / t.parts[0][j]
		}
		return 1
	}
	out[group{}] = ratio(0)
	for _, g := range t.leaves {
		out[group{market: g.market}] = ratio(t.Node(1, string(g.market)))
	}
	for i, g := range t.leaves {
		out[g] = list[i]
	}
	return out
}

// of is what the totals say of a series: those of the narrowest group that is known.
func (a *alignment) of(y *Series) Alignment {
	out := Alignment{Factor: 1, Strength: a.strength, Gain: a.gain, Error: a.stdErr, Windows: a.windows}
	for _, g := range []group{y.group(), {market: y.Market}, {}} {
		if f, ok := a.factors[g]; ok {
			out.Market, out.Category, out.Factor = g.market, g.category, f
			break
		}
	}
	return out
}

// alignable reports whether the forecasts of a class are rates of the survey's own members:
// a method from outside keeps to its own means.
func (v *Survey) alignable(class int) bool { return v.classes[class].chosen <= chosenFilter }

// kind is what a class forecasts with where it is alignable.
func (v *Survey) kind(class int) int {
	if v.classes[class].judged() {
		return v.classes[class].chosen
	}
	return chosenMix
}

// expected is the rate of a series under the method of its class.
func (v *Survey) expected(s *view) float64 {
	if v.kind(s.class) == chosenFilter {
		return s.rates[byFilter]
	}
	return v.weights[s.class].mix(s.rates, s.scale)
}

func mean(xs []float64) float64 {
	sum := 0.0
	for _, x := range xs {
		sum += x
	}
	return sum / float64(len(xs))
}

// relativeGain is how much lower own losses are than others, as a share of their mean, and
// the standard error of that over the windows.
func relativeGain(none, own []float64) (gain, stdErr float64) {
	n := float64(len(own))
	if n < 2 {
		return math.NaN(), math.NaN()
	}
	base := mean(none)
	gains := slices.Clone(none)
	for i := range gains {
		gains[i] = (none[i] - own[i]) / base
	}
	gain = mean(gains)
	squares := 0.0
	for _, g := range gains {
		squares += (g - gain) * (g - gain)
	}
	return gain, math.Sqrt(squares / (n - 1) / n)
}
