package tree

import (
	"math"
	"math/bits"
)

// width is the cells of a feature in a histogram: its bins, and that of missing values.
const width = 256

// column is the sums of the rows in each bin of one feature.
type column [width]int64

// histogram holds the columns of all features for a set of rows, in blocks of eight
// features: one column a feature in the narrow form of sums, in the wide form two, the
// gradients and the hessians.
type histogram []column

// sums are the gradients and hessians of rows as fixed-point numbers: integers in units
// that are powers of two, which add up and subtract without error in any order.
//
// In the narrow form, for losses whose hessian is 1 in every row, a row is one integer,
// with its gradient above and the number 1 in the lowest bits, so that a cell counts rows
// while it sums. In the wide form it is two, the gradient alone, and the hessian above
// the number 1. The units are as small as the total over all rows allows: with 100,000
// rows a narrow gradient has 29 bits below the mean one, a wide one 44.
type sums struct {
	wide           bool
	counter        uint    // the lowest bits, which count rows
	gUnit, hUnit   float64 // value of a unit
	gPer, hPer     float64 // units in 1
	narrow         []int64 // one a row
	gradient, both []int64 // one a row: gradients; hessians above the count
}

// total is what a set of rows amounts to.
type total struct {
	g, h float64
	n    int
}

func (t total) plus(u total) total  { return total{t.g + u.g, t.h + u.h, t.n + u.n} }
func (t total) minus(u total) total { return total{t.g - u.g, t.h - u.h, t.n - u.n} }

// newSums makes room for n rows, narrow or wide.
func newSums(n int, wide bool) *sums {
	s := &sums{wide: wide, counter: uint(bits.Len(uint(n))), hUnit: 1}
	if wide {
		s.gradient, s.both = make([]int64, n), make([]int64, n)
	} else {
		s.narrow = make([]int64, n)
	}
	return s
}

// scale chooses the units, given the sums of absolute gradients and of hessians.
func (s *sums) scale(gradients, hessians float64) {
	if s.wide {
		s.gUnit, s.hUnit = unit(gradients, 62), unit(hessians, 62-int(s.counter))
	} else {
		s.gUnit = unit(gradients, 62-int(s.counter))
	}
	s.gPer, s.hPer = 1/s.gUnit, 1/s.hUnit
}

// unit returns the smallest power of two in which a total stays below 2^bits, less what
// the rounding of its parts can add.
func unit(total float64, bits int) float64 {
	if total == 0 {
		return 1
	}
	_, exponent := math.Frexp(total)
	return math.Ldexp(1, min(max(exponent+1-bits, -1000), 1000))
}

// set gives row i its gradient and hessian, in the wide form.
func (s *sums) set(i int, g, h float64) {
	s.gradient[i] = fixed(g * s.gPer)
	s.both[i] = fixed(h*s.hPer)<<s.counter | 1
}

// fill gives the rows from begin on their gradients and, in the wide form, hessians.
func (s *sums) fill(begin int, g, h []float64) {
	if s.wide {
		for i := range g {
			s.set(begin+i, g[i], h[i])
		}
		return
	}
	cells, per, counter := s.narrow[begin:begin+len(g)], s.gPer, s.counter&63
	for i, v := range g {
		cells[i] = fixed(v*per)<<counter | 1
	}
}

// fixed rounds to a whole number.
func fixed(x float64) int64 { return int64(math.Floor(x + .5)) }

// read returns what a narrow cell amounts to.
func (s *sums) read(cell int64) total {
	n := int(cell & (1<<s.counter - 1))
	return total{float64(cell>>s.counter) * s.gUnit, float64(n), n}
}

// readWide returns what the two cells of the wide form amount to.
func (s *sums) readWide(g, both int64) total {
	return total{float64(g) * s.gUnit, float64(both>>s.counter) * s.hUnit, int(both & (1<<s.counter - 1))}
}

// columns is how many columns a feature has.
func (s *sums) columns() int {
	if s.wide {
		return 2
	}
	return 1
}

// newHistogram returns an empty one for so many blocks of features.
func (s *sums) newHistogram(blocks int) histogram {
	return make(histogram, blocks*lanes*s.columns())
}

// block returns the columns of a block of features.
func (h histogram) block(k int, s *sums) histogram {
	n := lanes * s.columns()
	return h[k*n : (k+1)*n]
}

// subtract turns the histogram of a parent into that of its other child.
func (h histogram) subtract(child histogram) {
	for j := range h {
		to, from := &h[j], &child[j]
		for b := range to {
			to[b] -= from[b]
		}
	}
}

func (h histogram) add(other histogram) {
	for j := range h {
		to, from := &h[j], &other[j]
		for b := range to {
			to[b] += from[b]
		}
	}
}

// accumulate adds rows to the histogram of one block, which has so many features.
func (s *sums) accumulate(h histogram, words []uint64, features int, rows []uint32) {
	switch {
	case s.wide && features > lanes/2:
		addWide8((*[2 * lanes]column)(h), words, rows, s.gradient, s.both)
	case s.wide:
		addWide4((*[2 * lanes]column)(h), words, rows, s.gradient, s.both)
	case features > lanes/2:
		addNarrow8((*[lanes]column)(h), words, rows, s.narrow)
	default:
		addNarrow4((*[lanes]column)(h), words, rows, s.narrow)
	}
}

// The loops below are most of the time of boosting. Each row is one word of eight bins
// and eight additions that do not wait for each other.

func addNarrow8(h *[lanes]column, words []uint64, rows []uint32, cells []int64) {
	for _, r := range rows {
		w, c := words[r], cells[r]
		h[0][uint8(w)] += c
		h[1][uint8(w>>8)] += c
		h[2][uint8(w>>16)] += c
		h[3][uint8(w>>24)] += c
		h[4][uint8(w>>32)] += c
		h[5][uint8(w>>40)] += c
		h[6][uint8(w>>48)] += c
		h[7][uint8(w>>56)] += c
	}
}

func addNarrow4(h *[lanes]column, words []uint64, rows []uint32, cells []int64) {
	for _, r := range rows {
		w, c := words[r], cells[r]
		h[0][uint8(w)] += c
		h[1][uint8(w>>8)] += c
		h[2][uint8(w>>16)] += c
		h[3][uint8(w>>24)] += c
	}
}

func addWide8(h *[2 * lanes]column, words []uint64, rows []uint32, gradients, both []int64) {
	for _, r := range rows {
		w, g, c := words[r], gradients[r], both[r]
		h[0][uint8(w)] += g
		h[1][uint8(w)] += c
		h[2][uint8(w>>8)] += g
		h[3][uint8(w>>8)] += c
		h[4][uint8(w>>16)] += g
		h[5][uint8(w>>16)] += c
		h[6][uint8(w>>24)] += g
		h[7][uint8(w>>24)] += c
		h[8][uint8(w>>32)] += g
		h[9][uint8(w>>32)] += c
		h[10][uint8(w>>40)] += g
		h[11][uint8(w>>40)] += c
		h[12][uint8(w>>48)] += g
		h[13][uint8(w>>48)] += c
		h[14][uint8(w>>56)] += g
		h[15][uint8(w>>56)] += c
	}
}

func addWide4(h *[2 * lanes]column, words []uint64, rows []uint32, gradients, both []int64) {
	for _, r := range rows {
		w, g, c := words[r], gradients[r], both[r]
		h[0][uint8(w)] += g
		h[1][uint8(w)] += c
		h[2][uint8(w>>8)] += g
		h[3][uint8(w>>8)] += c
		h[4][uint8(w>>16)] += g
		h[5][uint8(w>>16)] += c
		h[6][uint8(w>>24)] += g
		h[7][uint8(w>>24)] += c
	}
}
