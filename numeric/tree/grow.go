package tree

import "container/heap"

// grower grows one tree after the other on the same binned features.
type grower struct {
	limits
	team      team
	m         *matrix
	sums      *sums
	room      room // of the root
	maxDepth  int
	maxLeaves int    // 0: no bound
	used      []bool // features that the tree may ask for; nil: all

	rows     []uint32 // of the tree; every node has a part of its own
	spare    []uint32
	pool     []histogram
	searches []search // one a block
	open     queue
	tree     Tree
	leaves   []leaf
	spans    [][2]int // of rows, one a node
}

// leaf is where a branch of the tree ends.
type leaf struct {
	node       int32
	begin, end int // of rows
	total      total
	room       room
}

// bud is a leaf that can be split.
type bud struct {
	leaf
	depth     int
	histogram histogram
	best      split
}

// queue gives the bud of the highest gain first; of equal ones the older.
type queue []*bud

func (q queue) Len() int { return len(q) }
func (q queue) Less(i, j int) bool {
	if q[i].best.gain != q[j].best.gain {
		return q[i].best.gain > q[j].best.gain
	}
	return q[i].node < q[j].node
}
func (q queue) Swap(i, j int) { q[i], q[j] = q[j], q[i] }
func (q *queue) Push(x any)   { *q = append(*q, x.(*bud)) }
func (q *queue) Pop() any {
	last := len(*q) - 1
	b := (*q)[last]
	*q = (*q)[:last]
	return b
}

// grow returns the tree on rows, its leaves without values. Leaf k has the rows
// g.rows[g.leaves[k].begin:g.leaves[k].end] in their order. It reorders rows.
func (g *grower) grow(rows []uint32, gain []float64, count []int) Tree {
	g.rows, g.leaves, g.open = rows, g.leaves[:0], g.open[:0]
	g.tree, g.spans = Tree{Nodes: make([]Node, 1, 64)}, append(g.spans[:0], [2]int{0, len(rows)})
	root := &bud{leaf: leaf{end: len(rows), room: g.room}}
	if g.begin(root) {
		g.sprout(root)
	}
	for len(g.open) > 0 && (g.maxLeaves == 0 || g.tree.leaves() < g.maxLeaves) {
		b := g.next()
		gain[b.best.feature] += b.best.gain
		count[b.best.feature]++
		g.divide(b)
	}
	for _, b := range g.open { // no leaf left for them
		g.release(b.histogram)
		g.leaves = append(g.leaves, b.leaf)
	}
	return g.tree
}

// next takes the bud that is split next. Where the number of leaves has no bound their
// order does not matter, and the latest keeps the fewest histograms alive.
func (g *grower) next() *bud {
	if g.maxLeaves > 0 {
		return heap.Pop(&g.open).(*bud)
	}
	return g.open.Pop().(*bud)
}

// begin sums the rows of the root; it reports false where the tree can have no split.
func (g *grower) begin(root *bud) bool {
	s := g.sums
	if s.wide {
		a, b := int64(0), int64(0)
		for _, r := range g.rows {
			a += s.gradient[r]
			b += s.both[r]
		}
		root.total = s.readWide(a, b)
	} else {
		a := int64(0)
		for _, r := range g.rows {
			a += s.narrow[r]
		}
		root.total = s.read(a)
	}
	if !g.splittable(&root.leaf, 0) {
		g.leaves = append(g.leaves, root.leaf)
		return false
	}
	root.histogram = g.histogram()
	g.build(root.histogram, g.rows)
	return true
}

func (g *grower) splittable(l *leaf, depth int) bool {
	return len(g.m.blocks) > 0 && (g.maxDepth == 0 || depth < g.maxDepth) && l.total.n >= 2*g.minRows
}

// sprout searches the split of a bud and lets it wait for its turn, or makes it a leaf.
func (g *grower) sprout(b *bud) {
	g.search(b)
	if b.best.gain <= 0 {
		g.release(b.histogram)
		g.leaves = append(g.leaves, b.leaf)
		return
	}
	if g.maxLeaves > 0 {
		heap.Push(&g.open, b)
	} else {
		g.open.Push(b)
	}
}

// divide splits a bud and looks at its two children. The histogram of the larger one is
// what the smaller one leaves of the parent's.
func (g *grower) divide(b *bud) {
	s := &b.best
	first := int32(len(g.tree.Nodes))
	g.tree.split(b.node, s, g.m.bins)
	middle := b.begin + g.partition(g.rows[b.begin:b.end], s)
	g.spans = append(g.spans, [2]int{b.begin, middle}, [2]int{middle, b.end})
	leftRoom, rightRoom := g.rooms(s, b.room)
	left := &bud{depth: b.depth + 1, leaf: leaf{first, b.begin, middle, s.left, leftRoom}}
	right := &bud{depth: b.depth + 1, leaf: leaf{first + 1, middle, b.end, s.right, rightRoom}}

	small, large := left, right
	if middle-b.begin > b.end-middle {
		small, large = right, left
	}
	splitSmall, splitLarge := g.splittable(&small.leaf, small.depth), g.splittable(&large.leaf, large.depth)
	if splitLarge {
		large.histogram = b.histogram
		small.histogram = g.histogram()
		g.build(small.histogram, g.rows[small.begin:small.end])
		large.histogram.subtract(small.histogram)
		if !splitSmall {
			g.release(small.histogram)
		}
	} else {
		g.release(b.histogram)
	}
	for _, child := range [2]*bud{left, right} {
		if child == small && splitSmall || child == large && splitLarge {
			g.sprout(child)
		} else {
			g.leaves = append(g.leaves, child.leaf)
		}
	}
}

// partition moves the rows that go left to the front, keeps both sides in their order,
// and returns how many went left.
func (g *grower) partition(rows []uint32, s *split) int {
	var sides [width]uint8
	s.sides(&sides)
	words, shift := g.m.blocks[s.feature/lanes], uint(s.feature%lanes*8)
	if len(g.spare) < len(rows) {
		g.spare = make([]uint32, len(rows))
	}
	spare := g.spare[:len(rows)]
	left, right := 0, 0
	for _, r := range rows {
		side := int(sides[uint8(words[r]>>(shift&63))])
		rows[left], spare[right] = r, r
		left += side
		right += 1 - side
	}
	copy(rows[left:], spare[:right])
	return left
}

// small is how many additions are not worth a second goroutine.
const small = 1 << 15

// build fills a histogram with rows. Blocks, and pieces of the rows of a block, are
// summed side by side: whole numbers add up to the same in any order.
func (g *grower) build(h histogram, rows []uint32) {
	blocks, crew := len(g.m.blocks), g.team
	if len(rows)*g.m.columns < small {
		crew = 1
	}
	pieces := 1
	if crew > 1 && blocks%int(crew) != 0 {
		pieces = max(1, min(int(crew), len(rows)/chunk))
	}
	parts := make([]histogram, pieces)
	parts[0] = h
	for i := 1; i < pieces; i++ {
		parts[i] = g.histogram()
	}
	size := (len(rows) + pieces - 1) / pieces
	crew.each(blocks*pieces, func(task int) {
		k, i := task/pieces, task%pieces
		if g.wanted(k) {
			part := parts[i].block(k, g.sums)
			clear(part)
			features := min(lanes, g.m.columns-k*lanes)
			g.sums.accumulate(part, g.m.blocks[k], features, rows[i*size:min(len(rows), (i+1)*size)])
		}
	})
	for _, part := range parts[1:] {
		crew.each(blocks, func(k int) {
			if g.wanted(k) {
				h.block(k, g.sums).add(part.block(k, g.sums))
			}
		})
		g.release(part)
	}
}

// wanted reports whether the tree may ask for some feature of a block.
func (g *grower) wanted(block int) bool {
	if g.used == nil {
		return true
	}
	for j := block * lanes; j < min(g.m.columns, (block+1)*lanes); j++ {
		if g.used[j] {
			return true
		}
	}
	return false
}

// search finds the best split of a bud.
func (g *grower) search(b *bud) {
	blocks, crew := len(g.m.blocks), g.team
	if len(g.searches) < blocks {
		g.searches = make([]search, blocks)
	}
	if len(b.histogram)*width < small {
		crew = 1
	}
	crew.each(blocks, func(k int) {
		s := &g.searches[k]
		s.begin(&g.limits, b.total, b.room)
		columns, n := b.histogram.block(k, g.sums), g.sums.columns()
		for i := range min(lanes, g.m.columns-k*lanes) {
			j := k*lanes + i
			if g.used == nil || g.used[j] {
				f := &g.m.bins[j]
				s.shape.read(g.sums, columns[i*n:(i+1)*n], f.count)
				s.feature(j, f.categorical)
			}
		}
	})
	for k := range blocks {
		if s := g.searches[k].end(); s.gain > b.best.gain {
			b.best = s
		}
	}
}

// histogram takes one from the pool; what it holds is undefined.
func (g *grower) histogram() histogram {
	if n := len(g.pool); n > 0 {
		h := g.pool[n-1]
		g.pool = g.pool[:n-1]
		return h
	}
	return g.sums.newHistogram(len(g.m.blocks))
}

func (g *grower) release(h histogram) {
	if h != nil {
		g.pool = append(g.pool, h)
	}
}
