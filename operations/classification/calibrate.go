package classification

import (
	"cmp"
	"math"
	"slices"
)

// calibration turns scores into chances,
//
//	logit p = Level[r] + Slope[r] · logit score,
//
// with r = 0 for the first suggestion and 1 for the others, and says from which chance of
// the first on it is good enough to answer.
//
// Source: Platt, Probabilistic outputs for support vector machines (1999).
type calibration struct {
	Level, Slope [2]float64
	Answer       float64
}

// precision is what is asked of the answers: the rest are left to people. sought is a
// little more, so that chance seldom brings them below.
const precision, sought = .90, .96

func (c *calibration) chances(top []scored) []float64 {
	chances := make([]float64, len(top))
	for i, s := range top {
		r := min(i, 1)
		p := logistic(c.Level[r] + float64(c.Slope[r]*logit(s.score)))
		chances[i] = math.Round(1e6*p) / 1e6 // the last bits of the scores are the machine's
		if i > 0 {
			chances[i] = min(chances[i], chances[i-1])
		}
	}
	return chances
}

// logit of a share, cut to [.0001, .9999].
func logit(p float64) float64 {
	p = min(max(p, .0001), .9999)
	return ln(p / (1 - p))
}

func logistic(x float64) float64 {
	if x > 0 {
		return 1 / (1 + exp(-x))
	}
	e := exp(x)
	return e / (1 + e)
}

func calibrate(list []judgement) calibration {
	var c calibration
	for r := range c.Level {
		var x, y []float64
		for _, j := range list {
			for i, s := range j.top {
				if min(i, 1) == r {
					x, y = append(x, logit(s.score)), append(y, j.right[i])
				}
			}
		}
		c.Level[r], c.Slope[r] = fitLogistic(x, y)
	}
	c.Answer = c.threshold(list)
	return c
}

// fitLogistic finds the most likely level and slope by Newton's method.
func fitLogistic(x, y []float64) (level, slope float64) {
	slope = 1
	for range 50 {
		var g0, g1, h00, h01, h11 float64
		for i := range x {
			p := logistic(level + float64(slope*x[i]))
			w := p * (1 - p)
			g0 += p - y[i]
			g1 += float64((p - y[i]) * x[i])
			h00 += w
			h01 += float64(w * x[i])
			h11 += float64(float64(w*x[i]) * x[i])
		}
		h00, h11 = h00+1e-6, h11+1e-6 // two classes without overlap have no finite answer
		det := float64(h00*h11) - float64(h01*h01)
		d0, d1 := (float64(h11*g0)-float64(h01*g1))/det, (float64(h00*g1)-float64(h01*g0))/det
		level, slope = level-d0, slope-d1
		if max(d0, -d0)+max(d1, -d1) < 1e-10 {
			break
		}
	}
	return level, slope
}

// threshold returns the lowest chance such that of the first suggestions with that chance
// or a higher one the share sought is right; past 1 where there is none.
func (c *calibration) threshold(list []judgement) float64 {
	type first struct{ chance, right float64 }
	var firsts []first
	for _, j := range list {
		if len(j.top) > 0 {
			firsts = append(firsts, first{c.chances(j.top)[0], j.right[0]})
		}
	}
	slices.SortStableFunc(firsts, func(a, b first) int { return cmp.Compare(b.chance, a.chance) })
	answer, hits := 2.0, 0.0
	for i, f := range firsts {
		hits += f.right
		if i+1 >= fewestAnswers && hits >= sought*float64(i+1) {
			answer = f.chance
		}
	}
	return answer
}

// fewestAnswers is how many answers must bear a precision out.
const fewestAnswers = 20
