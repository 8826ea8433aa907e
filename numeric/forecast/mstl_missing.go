package forecast

import "math"

// interpolated returns y with its missing values filled in, or y itself if none is
// missing: along the seasons of a robust MSTL and a line between the seasonally adjusted
// neighbours; along a line between the neighbours alone if that strays further than half the
// range of y from what was seen.
//
// Source: na.interp of the R package forecast 8.20, which starts from a regression instead
// of seasonal means.
func interpolated(y []float64, periods []int) []float64 {
	have := observed(y)
	if have == len(y) {
		return y
	}
	whole := append([]float64(nil), y...)
	used := usablePeriods(periods, have)
	if len(used) == 0 {
		interpolateLine(whole, y)
		return whole
	}
	fillBySeasonalMeans(whole, used)
	seasons := mstlDecompose(whole, used, true)
	adjusted := seasons.SeasonallyAdjusted(y)
	filled := append([]float64(nil), adjusted...)
	interpolateLine(filled, adjusted)
	lo, hi := seenRange(y)
	for t, v := range y {
		if !math.IsNaN(v) {
			continue
		}
		whole[t] = filled[t]
		for _, s := range seasons.Seasonal {
			whole[t] += s.Values[t]
		}
		if whole[t] > hi+.5*(hi-lo) || whole[t] < lo-.5*(hi-lo) {
			interpolateLine(whole, y)
			break
		}
	}
	return whole
}

// interpolateLine writes y into dst with lines over the gaps, and the nearest value before
// the first and after the last. dst and y do not overlap; y has a value.
func interpolateLine(dst, y []float64) {
	last := -1
	for t, v := range y {
		if math.IsNaN(v) {
			continue
		}
		dst[t] = v
		if last < 0 {
			for i := range t {
				dst[i] = v
			}
		} else if gap := t - last; gap > 1 {
			for i := 1; i < gap; i++ {
				w := float64(i) / float64(gap)
				dst[last+i] = (1-w)*y[last] + w*v
			}
		}
		last = t
	}
	for i := last + 1; i < len(y); i++ {
		dst[i] = y[last]
	}
}

// fillBySeasonalMeans gives the missing values of y a first estimate: a line between the
// neighbours, moved by how far the position of the season usually lies from its neighbourhood.
func fillBySeasonalMeans(y []float64, periods []int) {
	n := len(y)
	level := make([]float64, n)
	residual := append([]float64(nil), y...)
	interpolateLine(level, y)
	gaps := make([]bool, n)
	for t, v := range y {
		gaps[t] = math.IsNaN(v)
	}
	smooth := make([]float64, n)
	longest := periods[len(periods)-1]
	localMeans(smooth, level, longest)
	for t := range residual {
		residual[t] -= smooth[t]
	}
	for _, m := range periods {
		for i := range m {
			var at average
			for t := i; t < n; t += m {
				at.add(residual[t])
			}
			mean := at.mean()
			if math.IsNaN(mean) {
				mean = 0
			}
			for t := i; t < n; t += m {
				residual[t] -= mean
				smooth[t] += mean
			}
		}
	}
	for t := range y {
		if gaps[t] {
			y[t] = smooth[t]
		}
	}
}

// localMeans writes the mean of up to m values around each into dst.
func localMeans(dst, y []float64, m int) {
	sum, from, to := 0.0, 0, 0
	for t := range y {
		for ; to < min(len(y), t+m/2+1); to++ {
			sum += y[to]
		}
		for ; from < t+m/2+1-m; from++ {
			sum -= y[from]
		}
		dst[t] = sum / float64(to-from)
	}
}

func seenRange(y []float64) (lo, hi float64) {
	lo, hi = math.Inf(1), math.Inf(-1)
	for _, v := range y {
		if !math.IsNaN(v) {
			lo, hi = math.Min(lo, v), math.Max(hi, v)
		}
	}
	return lo, hi
}
