package tree

import (
	"math/bits"
	"math/rand/v2"
)

// planter grows one tree of a forest after the other.
type planter struct {
	*nursery
	counts []uint16 // how often each row was drawn
	drawn  []uint32 // the rows drawn, each once; every node has a part of its own
	spare  []uint32
	cells  [][2]int64 // sums of each row, as often as it was drawn: gradient, and hessian above the count
	search search
	tally  tally
	order  []int // of features: those before chosen come first
	open   []sapling
	tree   Tree
	leaves []leaf

	gain  []float64 // of each feature
	count []int
}

// sapling is a node that may be split.
type sapling struct {
	leaf
	depth int
}

func (n *nursery) planter() *planter {
	rows := len(n.sums.gradient)
	p := &planter{
		nursery: n, counts: make([]uint16, rows), spare: make([]uint32, rows), order: make([]int, len(n.columns)),
		cells: make([][2]int64, rows), gain: make([]float64, len(n.columns)), count: make([]int, len(n.columns)),
	}
	return p
}

// plant grows a tree on a bootstrap sample, both drawn from rng. Leaf k has the rows
// p.drawn[p.leaves[k].begin:p.leaves[k].end].
func (p *planter) plant(rng *rand.Rand) Tree {
	bootstrap(p.counts, p.rows, rng)
	clear(p.gain)
	clear(p.count)
	for j := range p.order {
		p.order[j] = j
	}
	p.drawn, p.leaves = p.drawn[:0], p.leaves[:0]
	sum := [2]int64{}
	for r, c := range p.counts {
		if c > 0 {
			p.drawn = append(p.drawn, uint32(r))
			// The count is of different rows.
			cell := [2]int64{int64(c) * p.sums.gradient[r], int64(c)*(p.sums.both[r]-1) + 1}
			p.cells[r] = cell
			sum[0] += cell[0]
			sum[1] += cell[1]
		}
	}
	p.tree = Tree{Nodes: make([]Node, 1, 1+2*len(p.drawn)/p.form.MinRows)}
	p.open = append(p.open[:0], sapling{leaf: leaf{0, 0, len(p.drawn), p.sums.readWide(sum[0], sum[1]), everywhere}})
	for len(p.open) > 0 {
		s := p.open[len(p.open)-1]
		p.open = p.open[:len(p.open)-1]
		if best := p.choose(&s, rng); best.gain > 0 {
			p.gain[best.feature] += best.gain
			p.count[best.feature]++
			p.divide(&s, &best)
		} else {
			p.tree.Nodes[s.node].Value = p.mean + p.limits.value(s.total, s.room)
			p.leaves = append(p.leaves, s.leaf)
		}
	}
	return p.tree
}

// choose returns the best split within a random choice of the features. Where none of
// them divides the node, it goes on to others.
func (p *planter) choose(s *sapling, rng *rand.Rand) split {
	if s.total.n < 2*p.form.MinRows || p.form.MaxDepth > 0 && s.depth >= p.form.MaxDepth {
		return split{}
	}
	p.search.begin(&p.limits, s.total, s.room)
	rows := p.drawn[s.begin:s.end]
	for k := range p.order {
		if k >= p.choices && p.search.best.left.n > 0 {
			break
		}
		other := k + rng.IntN(len(p.order)-k)
		p.order[k], p.order[other] = p.order[other], p.order[k]
		j := p.order[k]
		p.tally.add(p.columns[j], rows, p.cells)
		p.tally.read(p.sums, &p.search.shape)
		p.search.feature(j, p.bins[j].categorical)
	}
	return p.search.end()
}

func (p *planter) divide(s *sapling, best *split) {
	l := p.partition(p.drawn[s.begin:s.end], best)
	first := int32(len(p.tree.Nodes))
	p.tree.split(s.node, best, p.bins)
	leftRoom, rightRoom := p.limits.rooms(best, s.room)
	middle := s.begin + l
	p.open = append(p.open,
		sapling{leaf{first + 1, middle, s.end, best.right, rightRoom}, s.depth + 1},
		sapling{leaf{first, s.begin, middle, best.left, leftRoom}, s.depth + 1})
}

// partition moves the rows that go left to the front, keeps both sides in their order,
// and returns how many went left.
func (p *planter) partition(rows []uint32, best *split) int {
	column, spare, left, right := p.columns[best.feature], p.spare[:len(rows)], 0, 0
	last, shift := best.bin, uint16(0)
	if best.missingLeft {
		last, shift = last+1, 1
	}
	for _, row := range rows {
		side := toInt(column[row]+shift <= last)
		if best.categorical {
			side = best.side(column[row])
		}
		rows[left], spare[right] = row, row
		left += side
		right += 1 - side
	}
	copy(rows[left:], spare[:right])
	return left
}

// side returns 1 where a category goes left, and 0 otherwise.
func (b *split) side(code uint16) int {
	if code == missingFine {
		return toInt(b.missingLeft)
	}
	return toInt(b.set.Has(uint8(code)))
}

// tally sums rows by bin. Between uses it is empty.
type tally struct {
	cells [fineBins + 1][2]int64      // gradients, and hessians above the count
	seen  [(fineBins + 1) / 64]uint64 // bins that are not empty
	some  uint64                      // words of seen that are not
}

func (t *tally) add(column []uint16, rows []uint32, cells [][2]int64) {
	for _, r := range rows {
		b := column[r] & fineBins
		c, row := &t.cells[b], &cells[r]
		c[0] += row[0]
		c[1] += row[1]
		t.seen[b>>6] |= 1 << (b & 63)
		t.some |= 1 << (b >> 6)
	}
}

// read turns the tally into a shape and empties it.
func (t *tally) read(s *sums, p *shape) {
	missing := &t.cells[fineBins]
	p.missing = s.readWide(missing[0], missing[1])
	*missing = [2]int64{}
	t.seen[fineBins>>6] &^= 1 << (fineBins & 63)
	g, hn, k, mask, counter := int64(0), int64(0), 0, int64(1)<<s.counter-1, s.counter&63
	for ; t.some != 0; t.some &= t.some - 1 {
		w := bits.TrailingZeros64(t.some) & 63
		for word := t.seen[w]; word != 0; word &= word - 1 {
			b := w<<6 | bits.TrailingZeros64(word)&63
			c := &t.cells[b]
			g += c[0]
			hn += c[1]
			*c = [2]int64{}
			i := k & fineBins
			p.bin[i], p.g[i], p.h[i], p.n[i] = uint16(b), float64(g)*s.gUnit, float64(hn>>counter)*s.hUnit, int32(hn&mask)
			k++
		}
		t.seen[w] = 0
	}
	p.bins = k
}
