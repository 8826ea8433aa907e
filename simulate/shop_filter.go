package simulate

import (
	"math"

	"tradewind/numeric/distribution"
)

// Filter is what a seller can know of a shop's level and regime from his own sales: Bayes'
// rule on the form's own equations, over a grid of
//
//	offset (how wrong the form's level is) × regime × level (AR(1)).
//
// It sees nothing that a seller does not see. A period that sold out tells that demand was
// at least what was sold. It is not safe for concurrent use; Copy makes another that goes
// its own way.
//
// Source: the AR(1) is Rouwenhorst's chain: Kopecky & Suen, Finite state Markov-chain
// approximations to highly persistent processes (2010), Review of Economic Dynamics 13,
// 701-714.
type Filter struct {
	form    *ShopForm
	size    float64 // of a period
	offsets int
	regimes int
	levels  int
	move    []float64 // levels × levels: from a row to a column
	leave   float64
	at      []float64 // log deviation of a cell from what the calendar says
	times   []float64 // its exponential
	start   []float64
	belief  []float64
	next    []float64
}

// nodes and weights integrate over a standard normal variable exactly up to degree nine.
//
// Source: Gauss–Hermite quadrature, Abramowitz & Stegun (1964), table 25.10, rescaled.
var (
	hermiteNodes   = [...]float64{-2.8569700138728, -1.3556261799742, 0, 1.3556261799742, 2.8569700138728}
	hermiteWeights = [...]float64{.0112574113277, .2220759220056, .5333333333333, .2220759220056, .0112574113277}
)

// negligible is a belief that nothing seen in one period can revive to where it matters.
const negligible = 1e-15

// levelStates is how many levels the grid has: the chain's mean, variance and memory are
// exact with any number.
const levelStates = 15

// NewFilter makes a filter that believes what the form says of period 0. It panics where
// the form does not pass Check.
func NewFilter(form *ShopForm) *Filter {
	if err := form.Check(); err != nil {
		panic("simulate: " + err.Error())
	}
	return newFilter(form, form.LevelSD, form.Now, form.NowSD)
}

// newFilter starts from a belief of its own about offset and level.
func newFilter(form *ShopForm, offsetSD, now, nowSD float64) *Filter {
	x := &Filter{form: form, size: form.Size * form.weeks(), offsets: 1, regimes: 1, levels: 1, leave: form.leaves()}
	if offsetSD > 0 {
		x.offsets = len(hermiteNodes)
	}
	if form.Regime > 0 {
		x.regimes = 3
	}
	memory, _ := form.step(form.LevelMemory, form.LevelStep)
	spread := max(form.levelSD(), nowSD)
	if spread > 0 {
		x.levels = levelStates
	}
	x.move = rouwenhorst(memory, x.levels)
	level := make([]float64, x.levels)
	for i := range level {
		if x.levels > 1 {
			level[i] = form.levelSD() * math.Sqrt(float64(x.levels-1)) * (2*float64(i)/float64(x.levels-1) - 1)
		}
	}
	first := around(level, now, nowSD)
	for o := range x.offsets {
		offset, weight := 0., 1.
		if x.offsets > 1 {
			offset, weight = offsetSD*hermiteNodes[o], hermiteWeights[o]
		}
		for r := range x.regimes {
			regime, share := 0., 1.
			if x.regimes > 1 {
				regime, share = form.Regime*float64(r-1), [...]float64{.25, .5, .25}[r]
			}
			for i, l := range level {
				x.at = append(x.at, offset+regime+l)
				x.start = append(x.start, weight*share*first[i])
			}
		}
	}
	x.times = make([]float64, len(x.at))
	for c, d := range x.at {
		x.times[c] = math.Exp(d)
	}
	x.belief, x.next = make([]float64, len(x.at)), make([]float64, len(x.at))
	x.Reset()
	return x
}

// rouwenhorst returns the transition matrix of n states, row by row, of a chain with an
// autocorrelation: row i is the law of a sum of n-1-i and i coins.
func rouwenhorst(memory float64, n int) []float64 {
	p := (1 + memory) / 2
	rows := []float64{1}
	for size := 2; size <= n; size++ {
		next := make([]float64, size*size)
		for i := range size - 1 {
			for j := range size - 1 {
				w := rows[i*(size-1)+j]
				next[i*size+j] += p * w
				next[i*size+j+1] += (1 - p) * w
				next[(i+1)*size+j] += (1 - p) * w
				next[(i+1)*size+j+1] += p * w
			}
		}
		for i := 1; i < size-1; i++ {
			for j := range size {
				next[i*size+j] /= 2
			}
		}
		rows = next
	}
	return rows
}

// around spreads a normal variable over points in ascending order: each gets what lies
// nearest to it.
func around(points []float64, mean, sd float64) []float64 {
	weights := make([]float64, len(points))
	below := 0.
	for i := range points {
		upTo := 1.
		if i+1 < len(points) {
			edge := (points[i] + points[i+1]) / 2
			switch {
			case sd > 0:
				upTo = standardNormal.CDF((edge - mean) / sd)
			case edge < mean:
				upTo = 0
			}
		}
		weights[i], below = upTo-below, upTo
	}
	return weights
}

var standardNormal = distribution.NewNormal(0, 1)

// Reset goes back to what is believed before period 0.
func (x *Filter) Reset() { copy(x.belief, x.start) }

// Copy takes over what another filter of the same form has learned.
func (x *Filter) Copy(from *Filter) { copy(x.belief, from.belief) }

// Clone returns a filter that goes on from the same belief.
func (x *Filter) Clone() *Filter {
	c := *x
	c.belief, c.next = append([]float64(nil), x.belief...), append([]float64(nil), x.next...)
	return &c
}

// Level returns mean and standard deviation of what is believed of the log deviation of
// demand from what calendar and price say: offset, level and regime.
func (x *Filter) Level() (mean, sd float64) {
	square := 0.
	for c, w := range x.belief {
		mean += w * x.at[c]
		square += w * x.at[c] * x.at[c]
	}
	return mean, math.Sqrt(max(0, square-mean*mean))
}

// Regime returns what is believed of the regime: probabilities of low, normal and high.
func (x *Filter) Regime() (p [3]float64) {
	if x.regimes == 1 {
		return [3]float64{1: 1}
	}
	for c, w := range x.belief {
		p[c/x.levels%3] += w
	}
	return p
}

// Expect returns the mean of period t's demand at a price, as far as is known.
func (x *Filter) Expect(t int, price float64) float64 {
	sum := 0.
	for c, w := range x.belief {
		sum += w * x.times[c]
	}
	return sum * x.form.Expected(t, x.form.Legal(price))
}

// See learns from period t: units sold at a price, and whether everything on the shelf was
// sold; then it moves on to the next period. Units NaN teach nothing. It does not allocate.
// It returns the probability of what was seen, as believed before; 1 for nothing seen.
func (x *Filter) See(t int, price, sold float64, out bool) (probability float64) {
	return x.see(x.form.Expected(t, x.form.Legal(price)), sold, out)
}

// see is See for a mean that calendar and price give.
func (x *Filter) see(expected, sold float64, out bool) float64 {
	total := 1.
	if !math.IsNaN(sold) && !(out && sold <= 0) {
		total = 0
		constant, logRatio := 0., 0.
		if !out {
			constant, logRatio = logConstant(sold, x.size), math.Log(expected/x.size)
		}
		for c, w := range x.belief {
			if w < negligible {
				x.next[c] = 0
				continue
			}
			if out {
				w *= atLeast(expected*x.times[c], x.size, sold)
			} else {
				w *= probability(constant, logRatio+x.at[c], expected*x.times[c], x.size, sold)
			}
			x.next[c] = w
			total += w
		}
		if total > 0 {
			for c := range x.belief {
				x.belief[c] = x.next[c] / total
			}
		}
	}
	x.step()
	return total
}

// logConstant is the part of a negative binomial's log probability of k that does not
// depend on its mean.
func logConstant(k, size float64) float64 {
	a, _ := math.Lgamma(size + k)
	b, _ := math.Lgamma(size)
	c, _ := math.Lgamma(k + 1)
	return a - b - c
}

// probability is that of k with this part known, and the log of mean / size, which is at
// hand where many means are tried.
func probability(constant, logRatio, mean, size, k float64) float64 {
	odds := math.Log1p(mean / size)
	if k == 0 {
		return math.Exp(-size * odds)
	}
	return math.Exp(constant + k*(logRatio-odds) - size*odds)
}

// atLeast is P(D >= k).
func atLeast(mean, size, k float64) float64 {
	return distribution.NewNegativeBinomial(mean, size).Survival(k - 1)
}

// step lets level and regime move on by a period.
func (x *Filter) step() {
	n := x.levels
	if n > 1 {
		clear(x.next)
		for from := 0; from < len(x.belief); from += n {
			to := x.next[from : from+n]
			for i, w := range x.belief[from : from+n] {
				if w == 0 {
					continue
				}
				row := x.move[i*n : i*n+n]
				for j := range to {
					to[j] += w * row[j]
				}
			}
		}
		x.belief, x.next = x.next, x.belief
	}
	if x.regimes == 1 {
		return
	}
	for o := range x.offsets {
		low := x.belief[(3*o)*n : (3*o+1)*n]
		normal := x.belief[(3*o+1)*n : (3*o+2)*n]
		high := x.belief[(3*o+2)*n : (3*o+3)*n]
		for i := range low {
			l, m, h := low[i], normal[i], high[i]
			low[i] = l*(1-x.leave) + m*x.leave/2
			normal[i] = m*(1-x.leave) + (l+h)*x.leave
			high[i] = h*(1-x.leave) + m*x.leave/2
		}
	}
}

// place returns the probability of demand below and up to what was sold, as believed.
func (x *Filter) place(expected, sold float64) (below, upTo float64) {
	for c, w := range x.belief {
		if w < negligible {
			continue
		}
		law := distribution.NewNegativeBinomial(expected*x.times[c], x.size)
		p := law.CDF(sold - 1)
		below += w * p
		upTo += w * (p + law.Probability(sold))
	}
	return min(below, 1), min(upTo, 1)
}
