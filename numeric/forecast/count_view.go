package forecast

import "math"

// What trees see of a series of counts at an origin: its mean count a unit of exposure over
// the last so many periods, over all since its first count above zero, and at two speeds of
// forgetting; from countWide periods on also the share of zeros and the largest count; how
// long ago the first and the last count came, and how large its lumps are.
var (
	countSpans  = [...]int{1, 2, 3, 6, 12, 24, math.MaxInt}
	countAlphas = [...]float64{.3, .1}
)

const (
	countWide     = 6
	countFeatures = len(countSpans) + 2*4 + len(countAlphas) + 3
)

type countView struct {
	features        [countFeatures]float64
	units, exposure float64 // so far, forgotten at the slower speed; 0 where the series has not begun
}

// look takes a view of y, with the exposures o (nil: 1 everywhere), at an origin; it reports
// whether a count above zero has come before.
func (v *countView) look(y, o []float64, origin int) bool {
	*v = countView{}
	first := 0
	for ; first < origin; first++ {
		if count, _ := seenAt(y, o, first); count > 0 {
			break
		}
	}
	if first == origin {
		return false
	}
	f := v.features[:0]
	units, exposure, zeros, periods, largest, squares := 0.0, 0.0, 0.0, 0.0, 0.0, 0.0
	t := origin
	for _, span := range countSpans {
		for ; t > first && origin-t < span; t-- {
			count, e := seenAt(y, o, t-1)
			if !(e > 0) {
				continue
			}
			units += count
			exposure += e
			squares += count * count
			periods++
			if count == 0 {
				zeros++
			}
			largest = math.Max(largest, count)
		}
		f = append(f, units/exposure) // NaN, missing to a tree, where nothing was seen
		if span >= countWide {
			f = append(f, zeros/periods, largest)
		}
	}
	for _, alpha := range countAlphas {
		v.units, v.exposure = 0, 0
		for t := first; t < origin; t++ {
			count, e := seenAt(y, o, t)
			v.units = (1-alpha)*v.units + count
			v.exposure = (1-alpha)*v.exposure + e
		}
		f = append(f, v.units/v.exposure)
	}
	silence := 0
	for {
		if count, _ := seenAt(y, o, origin-1-silence); count > 0 {
			break
		}
		silence++
	}
	f = append(f, float64(origin-first), float64(silence), squares/units)
	for j, x := range f {
		if math.IsInf(x, 0) {
			f[j] = math.NaN()
		}
	}
	return true
}

// level is what came in a unit of exposure, the slower mean; NaN where that is long ago.
func (v *countView) level() float64 { return v.units / v.exposure }

// shrink makes the counts that v shows so many times smaller.
func (v *countView) shrink(times float64) {
	f := v.features[:]
	for _, span := range countSpans {
		f[0] /= times
		if f = f[1:]; span >= countWide {
			f[1] /= times
			f = f[2:]
		}
	}
	for j := range countAlphas {
		f[j] /= times
	}
}

// seenAt is a count and its exposure, both 0 where nothing could be seen.
func seenAt(y, o []float64, t int) (count, exposure float64) {
	exposure = 1
	if o != nil {
		exposure = o[t]
	}
	if !(exposure > 0) || !(y[t] >= 0) {
		return 0, 0
	}
	return y[t], exposure
}
