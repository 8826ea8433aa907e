package tree

import (
	"cmp"
	"math"
	"slices"
)

// limits are what every split must keep to.
type limits struct {
	l2        float64
	minRows   int
	minWeight float64 // hessian
	minGain   float64
	monotone  []int8 // nil, or 1 rising, -1 falling, 0 free, one a feature
}

// room is where the value of a leaf may lie.
type room struct{ low, high float64 }

var everywhere = room{math.Inf(-1), math.Inf(1)}

// value returns what a leaf with these sums predicts: the Newton step -g/(h + l2).
func (l *limits) value(t total, in room) float64 {
	if d := t.h + l.l2; d > 0 {
		return min(max(-t.g/d, in.low), in.high)
	}
	return min(max(0, in.low), in.high)
}

// score returns twice what the loss falls by when the leaf predicts v instead of 0.
func (l *limits) score(t total, v float64) float64 { return -v * (2*t.g + (t.h+l.l2)*v) }

// split divides the rows of a node in two.
type split struct {
	gain        float64 // 0: there is none
	feature     int
	bin         uint16 // the last that goes left; allBins: all but missing values
	categorical bool
	missingLeft bool
	left, right total
	set         Set // codes that go left
}

// shape is what a node looks like along one feature: its bins that are not empty, in
// order, and the sums of the rows in these bins and all before.
type shape struct {
	bins    int
	bin     [fineBins + 1]uint16
	g, h    [fineBins + 1]float64
	n       [fineBins + 1]int32
	missing total
}

// read fills in the shape from one column of a histogram, or the two of the wide form.
func (p *shape) read(s *sums, columns histogram, count int) {
	if s.wide {
		p.readWide(s, &columns[0], &columns[1], count)
		return
	}
	c := &columns[0]
	sum, k, mask, counter := int64(0), 0, int64(1)<<s.counter-1, s.counter&63
	for b, cell := range c[:min(count, maxBins)] {
		sum += cell
		i, n := k&(width-1), int32(sum&mask)
		p.bin[i], p.g[i], p.h[i], p.n[i] = uint16(b), float64(sum>>counter)*s.gUnit, float64(n), n
		if cell != 0 {
			k++
		}
	}
	p.bins, p.missing = k, s.read(c[missingBin])
}

func (p *shape) readWide(s *sums, gradient, both *column, count int) {
	g, hn, k, mask, counter := int64(0), int64(0), 0, int64(1)<<s.counter-1, s.counter&63
	for b := range min(count, maxBins) {
		g += gradient[b]
		hn += both[b]
		i := k & (width - 1)
		p.bin[i], p.g[i], p.h[i], p.n[i] = uint16(b), float64(g)*s.gUnit, float64(hn>>counter)*s.hUnit, int32(hn&mask)
		if both[b] != 0 {
			k++
		}
	}
	p.bins, p.missing = k, s.readWide(gradient[missingBin], both[missingBin])
}

// search holds the best split of a node so far. Its score is a fraction, so that a
// comparison takes no division.
type search struct {
	*limits
	node         total
	room         room
	parent       float64
	best         split
	above, below float64
	shape        shape
	order        [width]uint8 // of categories
	single       [width]total // sums of each category
	ratio        [width]float64
}

// begin starts the search in a node.
func (s *search) begin(l *limits, node total, in room) {
	s.limits, s.node, s.room = l, node, in
	s.parent = l.score(node, l.value(node, in))
	s.best = split{}
	// What is only rounding is no gain.
	s.above, s.below = s.parent+l.minGain+1e-12*math.Abs(s.parent), 1
}

// end returns the best split.
func (s *search) end() split {
	if s.best.left.n > 0 {
		s.best.gain = s.above/s.below - s.parent
	}
	return s.best
}

// feature looks for a better split at the feature whose shape has been read.
func (s *search) feature(j int, categorical bool) {
	p := &s.shape
	switch {
	case categorical:
		s.categories(j)
	case p.missing.n > 0:
		s.numeric(j, p.bins, total{}, false)
		s.numeric(j, p.bins-1, p.missing, true)
	case p.bins > 1:
		s.numeric(j, p.bins-1, total{}, false)
	}
}

// numeric tries to divide after each of the first bins, with what is given added to the
// left side.
func (s *search) numeric(j, bins int, add total, missingLeft bool) {
	if s.monotone != nil {
		s.bounded(j, bins, add, missingLeft)
		return
	}
	p, found := &s.shape, -1
	node, l2, minWeight := s.node, s.l2, s.minWeight
	minRows, most := int32(s.minRows-add.n), int32(node.n-s.minRows-add.n)
	above, below := s.above, s.below
	for k := range min(max(bins, 0), fineBins) {
		n := p.n[k]
		if n < minRows {
			continue
		}
		if n > most {
			break
		}
		gl, hl := p.g[k]+add.g, p.h[k]+add.h
		gr, hr := node.g-gl, node.h-hl
		if hl < minWeight || hr < minWeight {
			continue
		}
		hl, hr = hl+l2, hr+l2
		if a, b := gl*gl*hr+gr*gr*hl, hl*hr; a*below > above*b {
			above, below, found = a, b, k
		}
	}
	if found >= 0 {
		s.above, s.below = above, below
		s.take(j, found, add, missingLeft)
	}
}

// bounded is numeric where the values of leaves have bounds.
func (s *search) bounded(j, bins int, add total, missingLeft bool) {
	p, direction := &s.shape, float64(s.monotone[j])
	for k := range bins {
		left := total{p.g[k], p.h[k], int(p.n[k])}.plus(add)
		right := s.node.minus(left)
		if !s.allowed(left, right) {
			continue
		}
		l, r := s.value(left, s.room), s.value(right, s.room)
		if direction*(r-l) < 0 {
			continue
		}
		if a := s.score(left, l) + s.score(right, r); a*s.below > s.above {
			s.above, s.below = a, 1
			s.take(j, k, add, missingLeft)
		}
	}
}

func (s *search) allowed(left, right total) bool {
	return left.n >= s.minRows && right.n >= s.minRows && left.h >= s.minWeight && right.h >= s.minWeight
}

// take keeps the division after bin k.
func (s *search) take(j, k int, add total, missingLeft bool) {
	p := &s.shape
	left := total{p.g[k], p.h[k], int(p.n[k])}.plus(add)
	right := s.node.minus(left)
	if p.missing.n == 0 {
		missingLeft = left.n >= right.n // where more rows are
	}
	bin := allBins // the missing values are on the other side
	if k+1 < p.bins {
		bin = (int(p.bin[k]) + int(p.bin[k+1])) / 2 // half-way through what no row of the node tells apart
	}
	s.best = split{feature: j, bin: uint16(bin), missingLeft: missingLeft, left: left, right: right}
}

// pull is how many average rows a category is mixed with before categories are sorted, so
// that rare ones do not stand at the ends by chance.
const pull = 10

// categories sorts the categories, a missing one among them, by their ratio of gradient
// to hessian, and tries to divide after each: the best of all subsets is among these.
//
// Source: Fisher, On grouping for maximum homogeneity (1958), Journal of the American
// Statistical Association 53, 789-798.
func (s *search) categories(j int) {
	p, n := &s.shape, 0
	before := total{}
	each := func(code uint8, t total) {
		s.order[n], s.single[code] = code, t
		row := pull / float64(s.node.n)
		s.ratio[code] = (t.g + row*s.node.g) / (t.h + row*s.node.h)
		n++
	}
	for k := range p.bins {
		sum := total{p.g[k], p.h[k], int(p.n[k])}
		each(uint8(p.bin[k]), sum.minus(before))
		before = sum
	}
	if p.missing.n > 0 {
		each(missingBin, p.missing)
	}
	order := s.order[:n]
	slices.SortStableFunc(order, func(a, b uint8) int { return cmp.Compare(s.ratio[a], s.ratio[b]) })
	left := total{}
	for k, code := range order[:max(n-1, 0)] {
		left = left.plus(s.single[code])
		right := s.node.minus(left)
		if !s.allowed(left, right) {
			continue
		}
		l, r := s.value(left, s.room), s.value(right, s.room)
		if a := s.score(left, l) + s.score(right, r); a*s.below > s.above {
			s.above, s.below = a, 1
			s.takeSet(j, order[:k+1], left, right)
		}
	}
}

// takeSet keeps a division between categories. Those that the node has not seen go with
// the missing ones.
func (s *search) takeSet(j int, codes []uint8, left, right total) {
	b := split{feature: j, categorical: true, left: left, right: right}
	for _, code := range codes {
		b.set.add(code)
	}
	b.missingLeft = b.set.Has(missingBin)
	p := &s.shape
	if p.missing.n == 0 {
		b.missingLeft = left.n >= right.n
	}
	if b.missingLeft {
		seen := Set{}
		for _, code := range p.bin[:p.bins] {
			seen.add(uint8(code))
		}
		for w := range b.set {
			b.set[w] |= ^seen[w]
		}
	}
	s.best = b
}

// sides tells for every bin of the split's feature whether it goes left, 1, or right, 0.
func (b *split) sides(to *[width]uint8) {
	for k := range to {
		to[k] = 0
		if b.categorical && b.set.Has(uint8(k)) || !b.categorical && k <= int(b.bin) {
			to[k] = 1
		}
	}
	to[missingBin] = uint8(toInt(b.missingLeft))
}

// rooms returns where the values of the two children may lie.
func (l *limits) rooms(b *split, in room) (left, right room) {
	left, right = in, in
	if l.monotone == nil || l.monotone[b.feature] == 0 {
		return
	}
	middle := (l.value(b.left, in) + l.value(b.right, in)) / 2
	if l.monotone[b.feature] > 0 {
		left.high, right.low = middle, middle
	} else {
		left.low, right.high = middle, middle
	}
	return
}

// split makes a leaf of the tree a split and adds its two children.
func (t *Tree) split(node int32, s *split, bins []binning) {
	n := Node{
		Left: int32(len(t.Nodes)), Feature: int16(s.feature),
		Categorical: s.categorical, MissingLeft: s.missingLeft, Value: bins[s.feature].end(s.bin),
	}
	if s.categorical {
		n.Value = float64(len(t.Sets))
		t.Sets = append(t.Sets, s.set)
	}
	t.Nodes[node] = n
	t.Nodes = append(t.Nodes, Node{}, Node{})
}
