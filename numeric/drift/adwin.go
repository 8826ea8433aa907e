package drift

import "math"

// ADWINForm is how an adaptive window is cut. The zero form is usable.
type ADWINForm struct {
	Delta   float64 // confidence of a cut, about the probability of a false one; 0: .002
	Range   float64 // width of the interval that values lie in; 0: 1
	Buckets int     // buckets of a size before two are merged: more are finer; 0: 5
	Least   int     // values that either side of a cut must have; 0: 5
	Clock   int     // a cut is looked for after every Clock-th value; 0: 1
}

func (form ADWINForm) withDefaults() ADWINForm {
	if form.Delta == 0 {
		form.Delta = .002
	}
	if form.Range == 0 {
		form.Range = 1
	}
	if form.Buckets == 0 {
		form.Buckets = 5
	}
	if form.Least == 0 {
		form.Least = 5
	}
	if form.Clock == 0 {
		form.Clock = 1
	}
	if !(form.Delta > 0 && form.Delta < 1) || !(form.Range > 0) || form.Buckets < 2 || form.Least < 1 || form.Clock < 1 {
		panic("drift: an ADWIN form out of range")
	}
	return form
}

// Bucket sums up consecutive values.
type Bucket struct {
	Sum     float64
	Squares float64 // of the distances from their mean
}

// ADWIN keeps the longest recent window of a stream that is consistent with one mean. Before
// each answer it looks for a cut of the window of n values into an older part of n₀ and a
// newer one of n₁ whose means differ by more than
//
//	√(2/m·σ²·ln(2/δ')) + 2/(3m)·Range·ln(2/δ'),  1/m = 1/n₀ + 1/n₁,  δ' = δ/ln n
//
// with σ² the variance of the window, and while there is one it drops the oldest values. The
// window is an exponential histogram: memory and time for a value are O(Buckets·log n).
//
// Source: Bifet & Gavaldà, Learning from time-changing data with adaptive windowing (2007),
// SIAM International Conference on Data Mining, 443-448 (ADWIN2, equation 3.2).
type ADWIN struct {
	Form    ADWINForm
	Rows    [][]Bucket // Rows[r] holds buckets of 2^r values, the oldest first
	Seen    int        // values so far
	Skipped int        // values that were not finite
}

// NewADWIN returns an empty window. It panics on a form out of range.
func NewADWIN(form ADWINForm) *ADWIN { return &ADWIN{Form: form.withDefaults()} }

// Update adds a value. When the window is cut it returns the alarm of the first cut found:
// Since is where the window begins afterwards, Before the mean of what was dropped and After
// that of what is left.
func (a *ADWIN) Update(x float64) (Alarm, bool) {
	if !usable(x) {
		a.Skipped++
		return Alarm{}, false
	}
	a.Seen++
	a.insert(x)
	if a.Seen%a.Form.Clock != 0 {
		return Alarm{}, false
	}
	before := a.whole()
	alarm := Alarm{At: a.Seen}
	for {
		apart, limit, cut := a.cut()
		if !cut {
			break
		}
		if alarm.Limit == 0 {
			alarm.Statistic, alarm.Limit = apart, limit
		}
		a.drop()
	}
	if alarm.Limit == 0 {
		return Alarm{}, false
	}
	after := a.whole()
	alarm.Since = a.Seen - int(after.n) + 1
	alarm.Before = (before.sum - after.sum) / (before.n - after.n)
	alarm.After = after.sum / after.n
	return alarm, true
}

// Width returns the number of values in the window.
func (a *ADWIN) Width() int { return int(a.whole().n) }

// Mean returns the mean of the window, 0 while it is empty.
func (a *ADWIN) Mean() float64 {
	if w := a.whole(); w.n > 0 {
		return w.sum / w.n
	}
	return 0
}

// Variance returns the variance of the window around its mean, 0 while it is empty.
func (a *ADWIN) Variance() float64 {
	if w := a.whole(); w.n > 0 {
		return w.squares / w.n
	}
	return 0
}

func (a *ADWIN) insert(x float64) {
	b := Bucket{Sum: x}
	for r := 0; ; r++ {
		if r == len(a.Rows) {
			a.Rows = append(a.Rows, make([]Bucket, 0, a.Form.Buckets+1))
		}
		a.Rows[r] = append(a.Rows[r], b)
		if len(a.Rows[r]) <= a.Form.Buckets {
			return
		}
		size := math.Ldexp(1, r)
		both := part{size, a.Rows[r][0].Sum, a.Rows[r][0].Squares}
		both.add(size, a.Rows[r][1])
		b = Bucket{both.sum, both.squares}
		a.Rows[r] = append(a.Rows[r][:0], a.Rows[r][2:]...)
	}
}

// drop removes the oldest bucket, and rows that this leaves empty at the old end.
func (a *ADWIN) drop() {
	r := len(a.Rows) - 1
	a.Rows[r] = append(a.Rows[r][:0], a.Rows[r][1:]...)
	for len(a.Rows) > 0 && len(a.Rows[len(a.Rows)-1]) == 0 {
		a.Rows = a.Rows[:len(a.Rows)-1]
	}
}

// cut returns the distance and the limit of the oldest cut at which the means differ too much.
func (a *ADWIN) cut() (apart, limit float64, found bool) {
	window := a.whole()
	least := float64(a.Form.Least)
	if window.n < 2*least {
		return 0, 0, false
	}
	variance := window.squares / window.n
	logs := math.Log(2 * math.Log(window.n) / a.Form.Delta)
	n0, sum := 0.0, 0.0
	for r := len(a.Rows) - 1; r >= 0; r-- {
		for _, b := range a.Rows[r] {
			n0 += math.Ldexp(1, r)
			sum += b.Sum
			n1 := window.n - n0
			if n0 < least {
				continue
			}
			if n1 < least {
				return 0, 0, false
			}
			perM := 1/n0 + 1/n1
			apart = math.Abs(sum/n0 - (window.sum-sum)/n1)
			limit = math.Sqrt(2*perM*variance*logs) + 2./3*perM*a.Form.Range*logs
			if apart > limit {
				return apart, limit, true
			}
		}
	}
	return 0, 0, false
}

// part is a run of values that is summed up.
type part struct{ n, sum, squares float64 }

// add appends a bucket of n values.
//
// Source: Chan, Golub & LeVeque, Algorithms for computing the sample variance (1983), The
// American Statistician 37, 242-247.
func (p *part) add(n float64, b Bucket) {
	if p.n > 0 {
		apart := p.sum/p.n - b.Sum/n
		p.squares += apart * apart * p.n * n / (p.n + n)
	}
	p.n += n
	p.sum += b.Sum
	p.squares += b.Squares
}

// whole sums the window up afresh: nothing that was dropped leaves a trace in the digits.
func (a *ADWIN) whole() part {
	var w part
	for r := len(a.Rows) - 1; r >= 0; r-- {
		size := math.Ldexp(1, r)
		for _, b := range a.Rows[r] {
			w.add(size, b)
		}
	}
	return w
}
