package automation

import (
	"math"

	"tradewind/numeric/distribution"
	"tradewind/simulate"
)

// Effort is how much work goes into one item; zero fields stand for what the benchmark uses.
type Effort struct {
	Fit    int // training episodes that the settings of the classical policy and the fixed policies are fitted on, its tilts on twice as many; 0 is 32
	Rounds int // of learning, each on the paths of the policy so far; 0 is 2
	Learn  int // training episodes a round; 0 is 40
	Screen int // training episodes that candidates are compared on; 0 is 192
	Choose int // choosing episodes; 0 is 256
}

func (e Effort) withDefaults() Effort {
	for _, d := range []struct {
		field *int
		value int
	}{{&e.Fit, 32}, {&e.Rounds, 2}, {&e.Learn, 40}, {&e.Screen, 192}, {&e.Choose, 256}} {
		if *d.field <= 0 {
			*d.field = d.value
		}
	}
	return e
}

// thinnest is how often a pair must have been learned from before it is believed.
//
// Source: Laroche, Trichelair & Tachet des Combes, Safe policy improvement with baseline
// bootstrapping (2019), arXiv:1712.06924: the baseline's action where data are thin.
const thinnest = 20

// gains are the margins by which an action must beat the classical one, in weeks of
// contribution: what is chosen among.
var gains = [...]float64{0, .02, .05, .1, .2}

// Learned is what came of one item: the policies, and what the choosing episodes say.
type Learned struct {
	Classical *Classical
	Residual  *Residual    // the one that was chosen; nil where none is believed to be better
	Only      Part         // what it moves
	Gain      float64      // by which its moves beat the classical act, in weeks of contribution
	Advantage Comparison   // over the classical policy, of the residual; where none was chosen, of the one that came nearest
	Curve     []Comparison // the same after each round of learning, of the candidate in the middle
}

// Learn fits the classical policy, learns a residual on it and chooses how much of it is
// believed. Of the candidates the one with the highest lower bound of its advantage stands,
// on training episodes that no round has seen; it is run only if the lower 95 % bound on
// choosing episodes, on which nothing was chosen before, is above nothing. tick is told of
// each round that is done; it may be nil.
func Learn(a *Arena, e Effort, tick func(round int)) *Learned {
	e = e.withDefaults()
	l := &Learned{Classical: a.BestClassical(e.Fit)}
	tr := NewTrainer(a, l.Classical)
	screen := a.versus(l.Classical, simulate.Training, max(e.Rounds*e.Learn, 2*e.Fit), e.Screen)
	judge := a.versus(l.Classical, simulate.Choosing, 0, e.Choose)
	var follow Policy = l.Classical
	for round := range e.Rounds {
		tr.Learn(follow, round*e.Learn, (round+1)*e.Learn)
		middle := residual(l.Classical, tr.Table, Both, gains[len(gains)/2])
		l.Curve = append(l.Curve, screen(middle))
		follow = middle
		if tick != nil {
			tick(round + 1)
		}
	}
	var best *Residual
	highest := math.Inf(-1)
	for _, only := range Parts {
		for _, gain := range gains {
			r := residual(l.Classical, tr.Table, only, gain)
			if r.Changed() == 0 {
				continue
			}
			if c := screen(r); c.Low > highest {
				highest, best, l.Only, l.Gain = c.Low, r, only, gain
			}
		}
	}
	if best == nil {
		return l
	}
	if l.Advantage = judge(best); l.Advantage.Low > 0 {
		l.Residual = best
	}
	return l
}

// versus returns a function that compares policies with another one on n episodes of a
// split from the first on.
func (a *Arena) versus(other Policy, split simulate.Split, first, n int) func(Policy) Comparison {
	sample := func(p Policy) []float64 {
		x := make([]float64, n)
		for k := range x {
			x[k] = a.Play(p, split, uint64(first+k), simulate.SteadyTrade)
		}
		return x
	}
	theirs := sample(other)
	return func(p Policy) Comparison { return Compare(sample(p), theirs, .95) }
}

// Best is the policy to run: the residual, or the classical one where none was chosen.
func (l *Learned) Best() Policy {
	if l.Residual == nil {
		return l.Classical
	}
	return l.Residual
}

// Sample plays the first n episodes of a split and returns each one's contribution.
func (a *Arena) Sample(p Policy, split simulate.Split, n int, sc simulate.Scenario) []float64 {
	x := make([]float64, n)
	for episode := range x {
		x[episode] = a.Play(p, split, uint64(episode), sc)
	}
	return x
}

// Comparison is a policy against another on the same episodes.
type Comparison struct {
	Mean, Other float64 // contribution of an episode
	Gain        float64 // Mean - Other
	Low, High   float64 // interval of Gain
	Level       float64 // of the interval
	Episodes    int
}

// Share is the gain as a share of what the other policy earns; 0 where it earns nothing.
func (c Comparison) Share() float64 { return c.share(c.Gain) }

// ShareLow is the lower bound of the gain likewise.
func (c Comparison) ShareLow() float64 { return c.share(c.Low) }

func (c Comparison) share(x float64) float64 {
	if c.Other == 0 {
		return 0
	}
	return x / math.Abs(c.Other)
}

// Compare compares two policies pair by pair: with the same chance on both sides the
// interval is that of the mean difference (paired t).
func Compare(mine, other []float64, level float64) Comparison {
	n := float64(len(mine))
	var sum, square, theirs float64
	for i := range mine {
		d := mine[i] - other[i]
		sum, square, theirs = sum+d, square+d*d, theirs+other[i]
	}
	mean := sum / n
	se := math.Sqrt(max(0, square/n-mean*mean) / max(1, n-1))
	half := distribution.NewStudentT(0, 1, max(2, n-1)).Quantile(.5+level/2) * se
	return Comparison{theirs/n + mean, theirs / n, mean, mean - half, mean + half, level, len(mine)}
}
