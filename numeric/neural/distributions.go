package neural

import (
	"math"
	"slices"

	"tradewind/numeric/distribution"
)

// logScale is how counts show their level to the network.
func logScale(f frame) float64 { return math.Log(f.scale) }

// distributions turns the outputs of one row into a distribution for each period.
func (m *LSTM) distributions(out []float64, f frame) []distribution.Distribution {
	list := make([]distribution.Distribution, m.form.Horizon)
	sample := make([]float64, len(grid))
	for j := range list {
		o := out[j*m.form.each():][:m.form.each()]
		if m.form.Counts {
			mean, size, _, _ := countsOf(o[0], o[1], f.scale)
			list[j] = distribution.NewNegativeBinomial(mean, size)
			continue
		}
		slices.Sort(o)
		for i, g := range grid {
			sample[i] = f.out(o[g.level] + g.share*(o[g.level+1]-o[g.level]))
		}
		list[j] = distribution.NewEmpirical(sample)
	}
	return list
}

// gridPoint is a probability between two Levels, or beyond the outer two: its quantile is
// q[level] + share·(q[level+1] - q[level]).
type gridPoint struct {
	level int
	share float64
}

// grid is the middles of 200 equal steps of probability. Between levels quantiles run
// straight over the normal score, not over the probability, because tails are then drawn
// out as those of a bell are.
var grid = func() (points [200]gridPoint) {
	score := distribution.NewNormal(0, 1).Quantile
	for i := range points {
		u := (float64(i) + .5) / float64(len(points))
		k := 0
		for k < len(Levels)-2 && Levels[k+1] <= u {
			k++
		}
		from := score(Levels[k])
		points[i] = gridPoint{k, (score(u) - from) / (score(Levels[k+1]) - from)}
	}
	return points
}()
