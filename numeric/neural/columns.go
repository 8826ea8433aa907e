package neural

import "math"

// columns brings numbers that stand beside the values to mean 0 and deviation 1 over all
// series. A number that is not finite, or that never changes, becomes 0.
type columns struct{ mean, deviation []float64 }

// columnsOf reads all rows once for the mean and once for the deviation. It panics if
// rows differ in length.
func columnsOf(rows func(yield func([]float64))) columns {
	var c columns
	var n []float64
	rows(func(row []float64) {
		if c.mean == nil {
			c.mean, c.deviation, n = make([]float64, len(row)), make([]float64, len(row)), make([]float64, len(row))
		}
		if len(row) != len(n) {
			panic("neural: rows of known or static numbers differ in length")
		}
		for j, x := range row {
			if isFinite(x) {
				n[j]++
				c.mean[j] += (x - c.mean[j]) / n[j]
			}
		}
	})
	rows(func(row []float64) {
		for j, x := range row {
			if isFinite(x) {
				c.deviation[j] += (x - c.mean[j]) * (x - c.mean[j]) / n[j]
			}
		}
	})
	for j, v := range c.deviation {
		c.deviation[j] = math.Sqrt(v)
	}
	return c
}

// put writes a row into dst; a nil row is all zeros.
func (c columns) put(dst []float32, row []float64) {
	clear(dst)
	for j, x := range row {
		if z := (x - c.mean[j]) / c.deviation[j]; c.deviation[j] > 1e-12*math.Abs(c.mean[j]) && isFinite(z) {
			dst[j] = float32(max(-furthestValue, min(furthestValue, z)))
		}
	}
}

func isFinite(x float64) bool { return !math.IsNaN(x) && !math.IsInf(x, 0) }
