package mcda

import (
	"fmt"
	"math/rand/v2"
	"slices"
)

// WeightSet is what is known of the weights: they lie on the simplex, w ≥ 0 and Σw = 1, and
// within these limits. The zero WeightSet knows nothing more.
type WeightSet struct {
	Least, Most []float64 // by criterion; nil: 0 and 1
	Order       [][2]int  // the first criterion matters at least as much as the second
}

// NoWeightsError says that no weights fulfil a WeightSet.
type NoWeightsError struct{ Reason string }

func (e *NoWeightsError) Error() string { return "mcda: no weights fulfil the limits: " + e.Reason }

// sampler knows how to draw weights evenly from a WeightSet.
type sampler struct {
	least, most []float64
	above       [][]int // by criterion: those that matter at least as much
	below       [][]int
	start       []float64
	form        form
	sorted      []int // complete order, the heaviest first
	free        float64
}

type form int

const (
	whole   form = iota // lower limits at the most: exact
	ordered             // one complete order and no limits: exact
	chained             // anything else: a Markov chain
)

// newSampler checks a set and finds how to draw from it. Limits are tightened along the
// order until they agree, lo_a = max(lo_a, lo_b) and hi_b = min(hi_b, hi_a) for a ≥ b. Then
// every lo + t (hi - lo) obeys both, and one t makes it sum to 1, if any weights exist.
func newSampler(n int, set WeightSet) (*sampler, error) {
	s := &sampler{least: make([]float64, n), most: make([]float64, n), above: make([][]int, n), below: make([][]int, n), start: make([]float64, n)}
	for j := range n {
		s.most[j] = 1
		if set.Least != nil {
			s.least[j] = set.Least[j]
		}
		if set.Most != nil {
			s.most[j] = min(1, set.Most[j])
		}
		if !(s.least[j] >= 0 && s.least[j] <= s.most[j]) {
			return nil, &NoWeightsError{fmt.Sprintf("criterion %d lies between %v and %v", j, s.least[j], s.most[j])}
		}
	}
	for _, pair := range set.Order {
		a, b := pair[0], pair[1]
		if a < 0 || b < 0 || a >= n || b >= n {
			panic("mcda: the order names a criterion that is not there")
		}
		s.below[a], s.above[b] = append(s.below[a], b), append(s.above[b], a)
	}
	sequence, ok := s.sequence()
	if !ok {
		return nil, &NoWeightsError{"the order runs in a circle"}
	}
	for _, a := range slices.Backward(sequence) {
		for _, b := range s.below[a] {
			s.least[a] = max(s.least[a], s.least[b])
		}
	}
	for _, b := range sequence {
		for _, a := range s.above[b] {
			s.most[b] = min(s.most[b], s.most[a])
		}
	}
	low, high := 0.0, 0.0
	for j := range n {
		if s.least[j] > s.most[j] {
			return nil, &NoWeightsError{fmt.Sprintf("criterion %d lies between %v and %v once the order is heeded", j, s.least[j], s.most[j])}
		}
		low, high = low+s.least[j], high+s.most[j]
	}
	const rounding = 1e-12
	if low > 1+rounding || high < 1-rounding {
		return nil, &NoWeightsError{fmt.Sprintf("the limits sum to %.4g at the least and %.4g at the most, want 1 between", low, high)}
	}
	t := 0.0
	if high > low {
		t = min(max((1-low)/(high-low), 0), 1)
	}
	for j := range n {
		s.start[j] = s.least[j] + t*(s.most[j]-s.least[j])
	}
	s.free = max(0, 1-low)
	s.form = s.choose(set, sequence)
	return s, nil
}

// sequence sorts the criteria so that whatever matters more comes first.
func (s *sampler) sequence() ([]int, bool) {
	n := len(s.above)
	waits := make([]int, n)
	var ready, done []int
	for j := range n {
		if waits[j] = len(s.above[j]); waits[j] == 0 {
			ready = append(ready, j)
		}
	}
	for len(ready) > 0 {
		a := ready[0]
		ready, done = ready[1:], append(done, a)
		for _, b := range s.below[a] {
			if waits[b]--; waits[b] == 0 {
				ready = append(ready, b)
			}
		}
	}
	return done, len(done) == n
}

func (s *sampler) choose(set WeightSet, sequence []int) form {
	n := len(s.least)
	if len(set.Order) == 0 {
		for j := range n { // an upper limit that lower limits imply anyway does not count
			if s.most[j] < s.least[j]+s.free {
				return chained
			}
		}
		return whole
	}
	if set.Least != nil || set.Most != nil {
		return chained
	}
	for k := 1; k < n; k++ {
		if !slices.Contains(s.below[sequence[k-1]], sequence[k]) {
			return chained
		}
	}
	s.sorted = sequence
	return ordered
}

// A chain forgets its start before it is used, and moves between two draws, by this many
// steps a criterion. Tests hold the spread of its draws against closed forms.
const (
	warmUp   = 200
	thinning = 10
)

// chain is one stream of weights.
type chain struct {
	*sampler
	w, spare []float64
	rng      *rand.Rand
}

func (s *sampler) chain(rng *rand.Rand) *chain {
	c := &chain{s, slices.Clone(s.start), make([]float64, len(s.start)), rng}
	if s.form == chained {
		c.walk(warmUp * len(c.w))
	}
	return c
}

// next returns the next weights, in storage that the chain keeps.
//
// On the simplex: normalised exponential variables are uniform there (Devroye, Non-Uniform
// Random Variate Generation, 1986, chapter V). A complete order: the same, sorted.
func (c *chain) next() []float64 {
	if c.form == chained {
		c.walk(thinning * len(c.w))
		return c.w
	}
	total := 0.0
	for j := range c.w {
		c.w[j] = c.rng.ExpFloat64()
		total += c.w[j]
	}
	if c.form == ordered {
		for j := range c.w {
			c.w[j] /= total
		}
		slices.Sort(c.w)
		copy(c.spare, c.w)
		for k, j := range c.sorted {
			c.w[j] = c.spare[len(c.spare)-1-k]
		}
		return c.w
	}
	for j := range c.w {
		c.w[j] = c.least[j] + c.free*c.w[j]/total
	}
	return c.w
}

// walk moves weight between two criteria chosen at random, evenly over all that the limits
// allow. The uniform distribution is its stationary one (a hit-and-run sampler whose
// directions are the edges of the simplex).
//
// Source: Smith, Efficient Monte Carlo procedures for generating points uniformly
// distributed over bounded regions, Operations Research 32 (1984), 1296–1308; Tervonen, van
// Valkenhoef, Baştürk & Postmus, Hit-and-run enables efficient weight generation for
// simulation-based multiple criteria decision analysis, European Journal of Operational
// Research 224 (2013), 552–559.
func (c *chain) walk(steps int) {
	n := len(c.w)
	if n < 2 {
		return
	}
	for range steps {
		i := c.rng.IntN(n)
		j := c.rng.IntN(n - 1)
		if j >= i {
			j++
		}
		// w_i rises by d and w_j falls by d, d from -down to up.
		up := min(c.room(i, j), c.depth(j, i))
		down := min(c.depth(i, j), c.room(j, i))
		if c.holds(i, j) { // i ≥ j: the gap may shrink to nothing
			down = min(down, (c.w[i]-c.w[j])/2)
		}
		if c.holds(j, i) {
			up = min(up, (c.w[j]-c.w[i])/2)
		}
		d := c.rng.Float64()*(up+down) - down
		c.w[i] += d
		c.w[j] = max(0, c.w[j]-d)
	}
	// Rounding adds up over a long walk.
	total := 0.0
	for _, x := range c.w {
		total += x
	}
	for i := range c.w {
		c.w[i] /= total
	}
}

// room is how far criterion i can rise, its order with criterion j aside.
func (c *chain) room(i, j int) float64 {
	room := c.most[i] - c.w[i]
	for _, a := range c.above[i] {
		if a != j {
			room = min(room, c.w[a]-c.w[i])
		}
	}
	return max(0, room)
}

// depth is how far criterion i can fall, its order with criterion j aside.
func (c *chain) depth(i, j int) float64 {
	depth := c.w[i] - c.least[i]
	for _, b := range c.below[i] {
		if b != j {
			depth = min(depth, c.w[i]-c.w[b])
		}
	}
	return max(0, depth)
}

func (c *chain) holds(a, b int) bool {
	return slices.Contains(c.below[a], b)
}

// OrderCentroid returns the mean of the weights of a complete order, the heaviest first:
// w_k = Σ_{i≥k} 1/i / n (rank-order centroid).
//
// Source: Barron & Barrett, Decision quality using ranked attribute weights, Management
// Science 42 (1996), 1515–1523.
func OrderCentroid(n int) []float64 {
	w := make([]float64, n)
	sum := 0.0
	for k := n; k >= 1; k-- {
		sum += 1 / float64(k)
		w[k-1] = sum / float64(n)
	}
	return w
}

// Around returns the weights that differ from given ones, which sum to 1, by no more than a
// factor of at least 1, up or down.
func Around(weights []float64, factor float64) WeightSet {
	if !(factor >= 1) {
		panic("mcda: the factor is at least 1")
	}
	set := WeightSet{Least: make([]float64, len(weights)), Most: make([]float64, len(weights))}
	for j, w := range weights {
		set.Least[j], set.Most[j] = w/factor, min(1, w*factor)
	}
	return set
}
