package mcda

import (
	"cmp"
	"math/rand/v2"
	"runtime"
	"slices"
	"sync"
	"sync/atomic"
)

// SMAAForm says what SMAA draws. The zero form draws certain values and any weights.
type SMAAForm struct {
	Draws   int       // 0 is 10,000
	Seed    uint64    // the same seed gives the same result on any number of goroutines
	Workers int       // goroutines; 0 is as many as the machine runs at once
	Weights WeightSet // what is known of the weights

	// Measure writes one joint draw of all values into dst, row-major like Table.Values;
	// nil: the values of the table are certain. It is called on several goroutines.
	Measure func(dst []float64, rng *rand.Rand)

	// Worst and Best are the values of a criterion that are worth 0 and 1, linear between
	// and beyond; nil: the worst and the best of the table.
	Worst, Best []float64
}

// Acceptability is the outcome of SMAA, by alternative.
type Acceptability struct {
	Rank       [][]float64 // probability of each rank, the first first; rows and columns sum to 1
	Central    [][]float64 // the mean of the weights that put it first; nil: none do
	Confidence []float64   // probability that it is first given those weights; 0: never first
	Draws      int
}

// Best returns the probability that alternative i is first.
func (a *Acceptability) Best(i int) float64 { return a.Rank[i][0] }

// Within returns the probability that alternative i is among the first k.
func (a *Acceptability) Within(i, k int) float64 {
	sum := 0.0
	for _, p := range a.Rank[i][:min(k, len(a.Rank[i]))] {
		sum += p
	}
	return min(sum, 1)
}

// pieces is how many streams of chance the draws are cut into, whoever works on them.
const pieces = 16

// SMAA returns how probable every rank of every alternative is where weights and
// measurements are not known exactly (stochastic multicriteria acceptability analysis,
// SMAA-2), with the additive value function
//
//	u_i = Σ_j w_j (x_ij - worst_j)/(best_j - worst_j)
//
// over weights uniform on form.Weights and values drawn by form.Measure. Alternatives of
// the same value share their ranks evenly. A criterion whose worst and best are the same
// says nothing. An impossible WeightSet is a *NoWeightsError. The standard error of a
// probability p is √(p(1-p)/Draws). Cost: Draws × alternatives × (criteria + log
// alternatives).
//
// Source: Lahdelma & Salminen, SMAA-2: stochastic multicriteria acceptability analysis for
// group decision making, Operations Research 49 (2001), 444–454.
func SMAA(t Table, form SMAAForm) (*Acceptability, error) {
	t.check()
	n := t.Alternatives()
	if form.Draws == 0 {
		form.Draws = 10_000
	}
	from, err := newSampler(t.Criteria, form.Weights)
	if err != nil {
		return nil, err
	}
	scale := t.scales(form)
	streams := make([]*stream, pieces)
	each(form.Workers, pieces, func(k int) {
		s := newStream(t, form, k)
		s.run(from.chain(rand.New(rand.NewPCG(form.Seed, uint64(2*k)))), scale)
		streams[k] = s
	})
	a := &Acceptability{Rank: make([][]float64, n), Central: make([][]float64, n), Confidence: make([]float64, n), Draws: form.Draws}
	for i := range n {
		a.Rank[i] = make([]float64, n)
		central := make([]float64, t.Criteria)
		for _, s := range streams { // in their order: sums do not depend on who was first
			for r := range n {
				a.Rank[i][r] += s.ranks[i*n+r] / float64(form.Draws)
			}
			for j := range central {
				central[j] += s.central[i*t.Criteria+j]
			}
		}
		if a.Rank[i][0] > 0 {
			a.Central[i] = shares(central)
		}
	}
	a.trust(t, form, scale)
	return a, nil
}

// scales returns what a unit of each criterion is worth: 1 from the worst to the best.
// Where its zero lies is the same to all alternatives and does not matter to their ranks.
func (t Table) scales(form SMAAForm) []float64 {
	scale := make([]float64, t.Criteria)
	for j := range scale {
		best, worst := t.ideal(j)
		if form.Best != nil {
			best = form.Best[j]
		}
		if form.Worst != nil {
			worst = form.Worst[j]
		}
		if best != worst && t.Alternatives() > 0 {
			scale[j] = 1 / (best - worst)
		}
	}
	return scale
}

// stream is one piece of the draws and what came of it.
type stream struct {
	table   Table
	measure func([]float64, *rand.Rand)
	rng     *rand.Rand // of measurements
	draws   int
	values  []float64
	order   []worth
	share   []float64 // weight by unit of the criterion
	ranks   []float64 // alternatives × ranks: draws
	central []float64 // alternatives × criteria: sums of the weights that put it first
}

// worth is an alternative and what it is worth in one draw.
type worth struct {
	value float64
	who   int
}

func descending(a, b worth) int { return cmp.Compare(b.value, a.value) }

func newStream(t Table, form SMAAForm, k int) *stream {
	n := t.Alternatives()
	return &stream{
		table: t, measure: form.Measure, rng: rand.New(rand.NewPCG(form.Seed, uint64(2*k+1))),
		draws:  (k+1)*form.Draws/pieces - k*form.Draws/pieces,
		values: slices.Clone(t.Values), order: make([]worth, n), share: make([]float64, t.Criteria),
		ranks: make([]float64, n*n), central: make([]float64, n*t.Criteria),
	}
}

func (s *stream) run(weights *chain, scale []float64) {
	n := len(s.order)
	for range s.draws {
		w := weights.next()
		for j := range s.share {
			s.share[j] = w[j] * scale[j]
		}
		if s.measure != nil {
			s.measure(s.values, s.rng)
		}
		for i := range s.order {
			s.order[i] = worth{dot(s.share, s.values[i*len(s.share):]), i}
		}
		slices.SortFunc(s.order, descending)
		for r := 0; r < n; {
			tied := r + 1
			for tied < n && s.order[tied].value == s.order[r].value {
				tied++
			}
			part := 1 / float64(tied-r)
			for _, o := range s.order[r:tied] {
				for k := r; k < tied; k++ {
					s.ranks[o.who*n+k] += part
				}
				if r == 0 {
					mine := s.central[o.who*len(w):][:len(w)]
					for j := range mine {
						mine[j] += part * w[j]
					}
				}
			}
			r = tied
		}
	}
}

// dot sums in a fixed order over four lanes, which a processor can keep busy at once.
func dot(a, b []float64) float64 {
	b = b[:len(a)]
	var s0, s1, s2, s3 float64
	j := 0
	for ; j+4 <= len(a); j += 4 {
		s0 += a[j] * b[j]
		s1 += a[j+1] * b[j+1]
		s2 += a[j+2] * b[j+2]
		s3 += a[j+3] * b[j+3]
	}
	for ; j < len(a); j++ {
		s0 += a[j] * b[j]
	}
	return (s0 + s1) + (s2 + s3)
}

// mostTrusted bounds the draws behind a confidence: its standard error is below .016.
const mostTrusted = 1000

// trust computes the confidence factors: each alternative's own central weights against
// fresh draws of the values; against the table itself where values are certain.
func (a *Acceptability) trust(t Table, form SMAAForm, scale []float64) {
	n := t.Alternatives()
	draws := 1
	if form.Measure != nil {
		draws = min(form.Draws, mostTrusted)
	}
	values := make([]float64, draws*len(t.Values))
	rng := rand.New(rand.NewPCG(form.Seed, 2*pieces))
	for d := range draws {
		values := values[d*len(t.Values):][:len(t.Values)]
		copy(values, t.Values)
		if form.Measure != nil {
			form.Measure(values, rng)
		}
	}
	each(form.Workers, n, func(i int) {
		if a.Central[i] == nil {
			return
		}
		share := make([]float64, t.Criteria)
		for j := range share {
			share[j] = a.Central[i][j] * scale[j]
		}
		for d := range draws {
			values := values[d*len(t.Values):][:len(t.Values)]
			a.Confidence[i] += chanceOfFirst(share, values, i) / float64(draws)
		}
	})
}

// chanceOfFirst is 1 where alternative i is worth the most, less where it shares that.
func chanceOfFirst(share, values []float64, i int) float64 {
	width := len(share)
	own, tied := dot(share, values[i*width:]), 0
	for k := 0; k*width < len(values); k++ {
		switch other := dot(share, values[k*width:]); {
		case other > own:
			return 0
		case other == own:
			tied++
		}
	}
	return 1 / float64(tied)
}

// Normal returns a Measure for SMAA that draws every value from a normal distribution of
// its own: the table's value ± sd, row-major like Table.Values.
func Normal(t Table, sd []float64) func(dst []float64, rng *rand.Rand) {
	if len(sd) != len(t.Values) {
		panic("mcda: one standard deviation a value")
	}
	return func(dst []float64, rng *rand.Rand) {
		for i, v := range t.Values {
			dst[i] = v
			if sd[i] > 0 {
				dst[i] += sd[i] * rng.NormFloat64()
			}
		}
	}
}

// each calls do for 0 to n-1, each once, on a number of goroutines, and waits. What do does
// must not depend on how many they are.
func each(workers, n int, do func(i int)) {
	if workers <= 0 {
		workers = runtime.GOMAXPROCS(0)
	}
	if workers == 1 || n <= 1 {
		for i := range n {
			do(i)
		}
		return
	}
	var next atomic.Int64
	var done sync.WaitGroup
	for range min(workers, n) {
		done.Go(func() {
			for i := int(next.Add(1)) - 1; i < n; i = int(next.Add(1)) - 1 {
				do(i)
			}
		})
	}
	done.Wait()
}
