package tree

// goesRight returns 1 where x goes right at a split, and 0 otherwise.
func (t *Tree) goesRight(n *Node, x float64) int32 {
	if n.Categorical {
		return t.outside(n, x)
	}
	// No branch: which way a row goes cannot be guessed.
	return int32(toInt(x > n.Value) | toInt(x != x)&toInt(!n.MissingLeft))
}

// outside is goesRight for a split by category.
func (t *Tree) outside(n *Node, x float64) int32 {
	if code := uint8(min(max(x, 0), missingBin)); float64(code) == x && code != missingBin {
		return int32(toInt(!t.Sets[int(n.Value)].Has(code)))
	}
	return int32(toInt(!n.MissingLeft))
}

// leaf returns the index of the leaf of a row.
func (t *Tree) leaf(row []float64) int32 {
	nodes, at := t.Nodes, int32(0)
	for n := &nodes[0]; n.Left != 0; n = &nodes[at] {
		at = n.Left + t.goesRight(n, row[n.Feature])
	}
	return at
}

// leafOf returns the index of the leaf of row i of columns.
func (t *Tree) leafOf(x [][]float64, i int) int32 {
	nodes, at := t.Nodes, int32(0)
	for n := &nodes[0]; n.Left != 0; n = &nodes[at] {
		at = n.Left + t.goesRight(n, x[n.Feature][i])
	}
	return at
}

// add adds what the tree predicts for the rows, which stand one after the other in
// values, to dst. Four rows walk side by side, so that they wait for memory together.
func (t *Tree) add(dst, values []float64) {
	nodes, width := t.Nodes, len(values)/len(dst)
	if len(nodes) == 1 {
		for i := range dst {
			dst[i] += nodes[0].Value
		}
		return
	}
	i := 0
	for ; i+4 <= len(dst); i += 4 {
		v := values[i*width : (i+4)*width]
		r0, r1, r2, r3 := v[:width], v[width:2*width], v[2*width:3*width], v[3*width:]
		n0, n1, n2, n3 := &nodes[0], &nodes[0], &nodes[0], &nodes[0]
		for n0.Left != 0 && n1.Left != 0 && n2.Left != 0 && n3.Left != 0 {
			n0 = &nodes[n0.Left+t.goesRight(n0, r0[n0.Feature])]
			n1 = &nodes[n1.Left+t.goesRight(n1, r1[n1.Feature])]
			n2 = &nodes[n2.Left+t.goesRight(n2, r2[n2.Feature])]
			n3 = &nodes[n3.Left+t.goesRight(n3, r3[n3.Feature])]
		}
		dst[i] += t.down(n0, r0)
		dst[i+1] += t.down(n1, r1)
		dst[i+2] += t.down(n2, r2)
		dst[i+3] += t.down(n3, r3)
	}
	for ; i < len(dst); i++ {
		dst[i] += t.down(&nodes[0], values[i*width:(i+1)*width])
	}
}

// down returns the value of the leaf that a row reaches from a node.
func (t *Tree) down(n *Node, row []float64) float64 {
	for n.Left != 0 {
		n = &t.Nodes[n.Left+t.goesRight(n, row[n.Feature])]
	}
	return n.Value
}

// addTrees adds what the trees predict for the columns x to dst. Rows go through all
// trees in packs that stay in the nearer caches, as does a tree while a pack passes.
func addTrees(dst []float64, x [][]float64, trees []Tree) {
	const pack = 1 << 16 // values
	width := len(x)
	if width == 0 || len(dst) == 0 {
		for k := range trees {
			for i := range dst {
				dst[i] += trees[k].Nodes[0].Value
			}
		}
		return
	}
	rows := min(len(dst), max(4, pack/width))
	values := make([]float64, rows*width)
	for begin := 0; begin < len(dst); begin += rows {
		part := dst[begin:min(len(dst), begin+rows)]
		for j, column := range x {
			for i, v := range column[begin : begin+len(part)] {
				values[i*width+j] = v
			}
		}
		for k := range trees {
			trees[k].add(part, values[:len(part)*width])
		}
	}
}

func checkShape(dst []float64, x [][]float64, features int) {
	if len(x) != features {
		panic("tree: X has another number of features")
	}
	for _, column := range x {
		if len(column) != len(dst) {
			panic("tree: X and dst differ in length")
		}
	}
}
