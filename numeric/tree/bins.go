package tree

import (
	"math"
	"math/bits"
	"slices"
)

// maxBins is how many bins a feature can have in boosting besides that of missing values,
// and fineBins in a forest, whose splits see few rows and can use the difference.
const (
	maxBins  = 255
	fineBins = 4095
)

// lanes are the features whose bins stand in one word.
const lanes = 8

// binning is how the values of one feature fall into bins.
type binning struct {
	upper       []float64 // the largest value of each bin, ascending; +Inf from the last bin on, up to a power of two
	count       int       // bins
	categorical bool      // bins are the codes themselves
}

// bin returns where x, which is not missing, falls.
func (b *binning) bin(x float64) int {
	if b.categorical {
		return int(x)
	}
	// As many steps whatever the answer, and no branch that depends on x.
	at, upper := 0, b.upper
	for step := len(upper) / 2; step > 0; step /= 2 {
		at += step & -toInt(x > upper[at+step-1])
	}
	return at
}

// allBins is a bin after all that a feature can have.
const allBins = math.MaxUint16 - 1

// end returns the largest value that a split after this bin sends left.
func (b *binning) end(bin uint16) float64 {
	if int(bin) >= len(b.upper) {
		return math.MaxFloat64
	}
	return min(b.upper[bin], math.MaxFloat64)
}

// matrix holds the bins of all values: eight features a word, one slice of words for
// every eight features.
type matrix struct {
	columns int
	bins    []binning
	blocks  [][]uint64
}

// newMatrix puts every column of d into bins.
func newMatrix(d Data, categorical []bool, limit int, team team) (*matrix, error) {
	m := &matrix{columns: len(d.X), blocks: make([][]uint64, (len(d.X)+lanes-1)/lanes)}
	var err error
	if m.bins, err = newBinnings(d, categorical, limit, team); err != nil {
		return nil, err
	}
	team.each(len(m.blocks), func(k int) {
		words := make([]uint64, len(d.Y))
		for i := range lanes {
			if j := k*lanes + i; j < len(d.X) {
				for r, v := range d.X[j] {
					bin := uint64(missingBin)
					if v == v {
						bin = uint64(m.bins[j].bin(v))
					}
					words[r] |= bin << (8 * i)
				}
			}
		}
		m.blocks[k] = words
	})
	return m, nil
}

// newBinnings finds the bins of every column.
func newBinnings(d Data, categorical []bool, limit int, team team) ([]binning, error) {
	bins, errs := make([]binning, len(d.X)), make([]error, len(d.X))
	const batch = 8 // columns that share a buffer
	team.each((len(d.X)+batch-1)/batch, func(k int) {
		keys := make([]uint64, 2*len(d.Y))
		for j := k * batch; j < min(len(d.X), (k+1)*batch); j++ {
			bins[j], errs[j] = newBinning(d.X[j], j, categorical != nil && categorical[j], limit, keys)
		}
	})
	for _, err := range errs {
		if err != nil {
			return nil, err
		}
	}
	return bins, nil
}

func newBinning(x []float64, column int, categorical bool, limit int, keys []uint64) (binning, error) {
	known := keys[:0]
	for i, v := range x {
		switch {
		case v != v:
			continue
		case math.IsInf(v, 0):
			return binning{}, &DataError{"X", column, i, "infinite"}
		case categorical && !(v >= 0 && v < missingBin && v == math.Trunc(v)):
			return binning{}, &DataError{"X", column, i, "a category is a whole number from 0 to 254"}
		}
		known = append(known, ordered(v))
	}
	b := binning{upper: make([]float64, 1<<bits.Len(uint(limit))), categorical: categorical}
	for i := range b.upper {
		b.upper[i] = math.Inf(1)
	}
	if len(known) == 0 {
		return b, nil
	}
	if categorical {
		b.count = int(value(slices.Max(known))) + 1
		return b, nil
	}
	known = sortKeys(known, keys[len(x):][:len(known)])
	b.cut(known, limit)
	return b, nil
}

// cut places the ends of at most limit bins among the sorted values: one for each value
// if they are few, else bins of about the same number of rows, where a value that fills a
// bin has it for itself.
func (b *binning) cut(sorted []uint64, limit int) {
	n, distinct := len(sorted), 1
	for i := 1; i < n && distinct <= limit; i++ {
		if sorted[i] != sorted[i-1] {
			distinct++
		}
	}
	for first, left := 0, limit; left > 1; left-- {
		size := 1
		if distinct > limit {
			size = max(1, (n-first+left/2)/left)
		}
		if n-first <= size || sorted[first+size-1] == sorted[n-1] {
			break
		}
		last := sorted[first+size-1]
		start, end := first+upTo(sorted[first:], last-1), first+upTo(sorted[first:], last)
		if start > first && end-start >= size {
			end = start
		}
		b.upper[b.count] = between(value(sorted[end-1]), value(sorted[end]))
		b.count++
		first = end
	}
	b.count++
}

// upTo returns how many of the sorted keys are at most key.
func upTo(sorted []uint64, key uint64) int {
	i, _ := slices.BinarySearch(sorted, key+1)
	return i
}

// between returns a number that is at least low and below high, half-way where it can.
func between(low, high float64) float64 {
	if middle := low/2 + high/2; middle >= low && middle < high {
		return middle
	}
	return low
}

// ordered maps numbers to keys of the same order; -0 is 0.
func ordered(x float64) uint64 {
	u := math.Float64bits(x + 0)
	return u ^ (uint64(int64(u)>>63) | 1<<63)
}

// value is the inverse of ordered.
func value(key uint64) float64 {
	return math.Float64frombits(key ^ (^uint64(int64(key)>>63) | 1<<63))
}

// sortKeys sorts keys by their digits and returns either keys or buffer, which has the
// same length. A digit that all keys share costs nothing.
func sortKeys(keys, buffer []uint64) []uint64 {
	if len(keys) < 256 {
		slices.Sort(keys)
		return keys
	}
	const digit, digits = 11, 6
	var counts [digits][1 << digit]uint32
	for _, k := range keys {
		for d := range digits {
			counts[d][k>>(digit*d)&(1<<digit-1)]++
		}
	}
	for d := range digits {
		count, shift := &counts[d], uint(digit*d)
		if count[keys[0]>>shift&(1<<digit-1)] == uint32(len(keys)) {
			continue
		}
		at := uint32(0)
		for i, c := range count {
			count[i] = at
			at += c
		}
		for _, k := range keys {
			place := &count[k>>shift&(1<<digit-1)]
			buffer[*place] = k
			*place++
		}
		keys, buffer = buffer, keys
	}
	return keys
}
