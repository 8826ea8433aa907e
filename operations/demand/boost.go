package demand

import (
	"math"

	"tradewind/numeric/tree"
)

const (
	boostRows  = 24_000 // rows to learn from, about
	leastRows  = 500    // with fewer there are no trees
	boostAfter = 120    // days of history before the first row
	boostStep  = 14     // days between the rows of a series
)

// boosted learns, from all series together, the rate of the next four weeks from the
// traits before them: of the rows that end at the origin or earlier, about boostRows at
// even distances. It returns nil where there are too few.
func (o *origin) boosted(all []Series) *tree.Boost {
	var origins []int
	for q := o.n - held; q >= boostAfter; q -= boostStep {
		origins = append(origins, q)
	}
	rows := 0
	for i := range all {
		for _, q := range origins {
			if !all[i].sellsBy(q) {
				break
			}
			rows++
		}
	}
	stride := max(1, rows/boostRows)
	data := tree.Data{X: make([][]float64, traitCount)}
	for j := range data.X {
		data.X[j] = make([]float64, 0, rows/stride+1)
	}
	var tr traits
	var buffer []float64
	at := 0
	for i := range all {
		y := &all[i]
		for _, q := range origins {
			if !y.sellsBy(q) {
				break
			}
			if at++; at%stride != 0 {
				continue
			}
			var ok bool
			if buffer, ok = tr.look(o, y, q, buffer); !ok {
				continue
			}
			came, exposure := y.capped(q, q+held, tr.cap), o.exposure(y, q, q+held)/tr.level
			if !(exposure > 0) {
				continue
			}
			for j, x := range tr.row {
				data.X[j] = append(data.X[j], x)
			}
			data.Y = append(data.Y, came/exposure/tr.scale)
			data.Weight = append(data.Weight, o.trust(y, q, tr.scale/tr.level, tr.rough))
		}
	}
	if len(data.Y) < leastRows {
		return nil
	}
	b, err := tree.FitBoost(data, tree.BoostForm{Loss: tree.Tweedie{Power: 1.3}, Rounds: 60, MaxLeaves: 15, MinRows: 60, L2: 5, MaxBins: 64, Workers: 1}, nil)
	if err != nil {
		return nil
	}
	return b
}

// trust is how much a window after day n teaches: less where what came lies far from a
// rate, in multiples of how the series jumps from day to day. One huge order is no news
// about the level.
func (o *origin) trust(y *Series, n int, rate, rough float64) float64 {
	const calm = .2
	if !(rough > 0) {
		return 1 // the series never changed
	}
	squares := 0.0
	for t := n; t < n+held; t++ {
		e := y.Units[t] - rate*o.offsets[t]*y.exposure(t)
		squares += e * e
	}
	return 1 / math.Max(calm, math.Sqrt(squares/held)/rough)
}

// exposure is Σ offsets × share in stock over the days from ≤ t < to.
func (o *origin) exposure(y *Series, from, to int) float64 {
	sum := 0.0
	for t := from; t < to; t++ {
		sum += o.offsets[t] * y.exposure(t)
	}
	return sum
}

// capped is Σ min(units, cap) over the days from ≤ t < to.
func (y *Series) capped(from, to int, cap float64) float64 {
	sum := 0.0
	for _, u := range y.Units[from:to] {
		if u > 0 {
			sum += math.Min(u, cap)
		}
	}
	return sum
}
