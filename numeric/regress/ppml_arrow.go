package regress

import "slices"

// arrow takes the coefficients of groups and the effects of further factors out of
// columns by weighted least squares, exactly. Each group has an intercept and maybe
// slopes of its own; the normal equations then look like an arrow: one small block a
// group, and what is left over when the blocks are eliminated is a dense matrix between
// the codes of the other factors (weeks, say), which is small where alternating
// projections would need many rounds. Factors that no row connects fall apart into
// components, each with a matrix of its own.
//
// Rows are sorted by group. q is the number of coefficients a group.
type arrow struct {
	q       int
	start   []int32     // rows of group g are start[g] to start[g+1]
	slopes  [][]float64 // regressors with a coefficient for each group
	slot    [][]int32   // by factor and row: where in the group's support its code stands
	support []int32     // codes that a group's rows have, numbered within its component
	from    []int32     // support of group g is from[g] to from[g+1]
	home    []int32     // component of each group
	parts   []component
	level   float64 // a pivot below this share of its diagonal counts as 0

	w     []float64
	block []float64 // Cholesky factor of each group's block, q×q, 0 pivots for aliased slopes
	cross []float64 // by entry of support: the factor's inverse times the block beside it, q each
	right []float64 // workspaces
	coef  []float64 // group coefficients of the last column taken out, q a group
}

// component is what is connected: the matrix between its codes, eliminated of groups.
type component struct {
	codes   int
	first   int       // its place in arrow.right
	matrix  []float64 // lower Cholesky factor, row major, 0 pivots for redundant codes
	mass    []float64 // weight of each code
	dropped int
}

// newArrow lays out the structure. group and factors are codes of rows sorted by group,
// group counted from 0 without gaps.
func newArrow(group []int32, slopes [][]float64, factors [][]int32) *arrow {
	a := &arrow{q: 1 + len(slopes), slopes: slopes, level: 1e-10}
	for i, g := range group {
		if i == 0 || group[i-1] != g {
			a.start = append(a.start, int32(i))
		}
	}
	groups := len(a.start)
	a.start = append(a.start, int32(len(group)))
	a.layOut(a.connect(groups, factors))
	a.block = make([]float64, groups*a.q*a.q)
	a.coef = make([]float64, groups*a.q)
	a.cross = make([]float64, len(a.support)*a.q)
	return a
}

// connect finds the components and returns the codes of each row numbered within them.
func (a *arrow) connect(groups int, factors [][]int32) [][]int32 {
	parent := make([]int32, groups)
	first := make([]int32, len(factors)) // node of the first code of each factor
	for f, codes := range factors {
		first[f] = int32(len(parent))
		parent = append(parent, make([]int32, int(slices.Max(codes))+1)...)
	}
	for i := range parent {
		parent[i] = int32(i)
	}
	root := func(i int32) int32 {
		for parent[i] != i {
			parent[i] = parent[parent[i]]
			i = parent[i]
		}
		return i
	}
	for g := range groups {
		for f, codes := range factors {
			for _, c := range codes[a.start[g]:a.start[g+1]] {
				parent[root(first[f]+c)] = root(int32(g))
			}
		}
	}
	number := make([]int32, len(parent)) // component of a root, counted from 1
	a.home = make([]int32, groups)
	for g := range groups {
		r := root(int32(g))
		if number[r] == 0 {
			a.parts = append(a.parts, component{})
			number[r] = int32(len(a.parts))
		}
		a.home[g] = number[r] - 1
	}
	local := make([]int32, len(parent))
	for i := range parent[groups:] {
		i += groups
		if n := number[root(int32(i))]; n > 0 { // else no row has the code
			part := &a.parts[n-1]
			local[i] = int32(part.codes)
			part.codes++
		}
	}
	own := make([][]int32, len(factors))
	for f, codes := range factors {
		own[f] = make([]int32, len(codes))
		for i, c := range codes {
			own[f][i] = local[first[f]+c]
		}
	}
	return own
}

// layOut lists the codes of each group and makes room for the matrices.
func (a *arrow) layOut(own [][]int32) {
	total, most := 0, 0
	for k := range a.parts {
		part := &a.parts[k]
		part.first = total
		part.matrix = make([]float64, part.codes*part.codes)
		part.mass = make([]float64, part.codes)
		total += part.codes
		most = max(most, part.codes)
	}
	a.right = make([]float64, total)
	a.slot = make([][]int32, len(own))
	for f := range own {
		a.slot[f] = make([]int32, len(own[f]))
	}
	place := make([]int32, most)
	a.from = make([]int32, 1, len(a.start))
	for g := range a.home {
		begin, end := a.start[g], a.start[g+1]
		low := len(a.support)
		for f := range own {
			a.support = append(a.support, own[f][begin:end]...)
		}
		slices.Sort(a.support[low:])
		a.support = a.support[:low+len(slices.Compact(a.support[low:]))]
		for k, c := range a.support[low:] {
			place[c] = int32(k)
		}
		for f := range own {
			for i := begin; i < end; i++ {
				a.slot[f][i] = place[own[f][i]]
			}
		}
		a.from = append(a.from, int32(len(a.support)))
	}
}

// weigh sets the weights and factors the normal equations.
func (a *arrow) weigh(w []float64) {
	a.w = w
	for k := range a.parts {
		clear(a.parts[k].matrix)
		clear(a.parts[k].mass)
	}
	for g := range a.home {
		a.weighGroup(g)
	}
	for k := range a.parts {
		part := &a.parts[k]
		part.dropped = factor(part.matrix, part.codes, part.mass, a.level)
	}
}

// weighGroup factors the block of a group and takes it out of its component.
func (a *arrow) weighGroup(g int) {
	q := a.q
	begin, end := a.start[g], a.start[g+1]
	part := &a.parts[a.home[g]]
	support := a.support[a.from[g]:a.from[g+1]]
	block := a.block[g*q*q : (g+1)*q*q]
	cross := a.cross[int(a.from[g])*q : int(a.from[g+1])*q]
	clear(block)
	clear(cross)
	for i := begin; i < end; i++ {
		w := a.w[i]
		block[0] += w
		for j, x := range a.slopes {
			wx := w * x[i]
			block[(j+1)*q] += wx
			for k, z := range a.slopes[:j+1] {
				block[(j+1)*q+k+1] += wx * z[i]
			}
		}
		for f, slot := range a.slot {
			s := int(slot[i])
			cross[s*q] += w
			for j, x := range a.slopes {
				cross[s*q+j+1] += w * x[i]
			}
			c := int(support[s])
			part.matrix[c*part.codes+c] += w
			part.mass[c] += w
			for _, other := range a.slot[:f] {
				d := int(support[other[i]])
				part.matrix[max(c, d)*part.codes+min(c, d)] += w
			}
		}
	}
	factor(block, q, nil, a.level)
	for s := range support {
		forward(block, q, cross[s*q:(s+1)*q])
	}
	a.eliminate(part, support, cross)
}

// eliminate subtracts what a group explains from the matrix of its component.
func (a *arrow) eliminate(part *component, support []int32, cross []float64) {
	q := a.q
	if q == 1 {
		for s, c := range support {
			row, y := part.matrix[int(c)*part.codes:][:part.codes], cross[s]
			for t, d := range support[:s+1] {
				row[d] -= y * cross[t]
			}
		}
		return
	}
	for s, c := range support {
		row, y := part.matrix[int(c)*part.codes:][:part.codes], cross[s*q:(s+1)*q]
		for t, d := range support[:s+1] {
			row[d] -= inner(y, cross[t*q:(t+1)*q])
		}
	}
}

// residual writes into dst what is left of v, which may be dst, and keeps the groups'
// coefficients in a.coef.
func (a *arrow) residual(dst, v []float64) {
	a.solve(v)
	q := a.q
	for g := range a.home {
		coef := a.coef[g*q : (g+1)*q]
		support := a.support[a.from[g]:a.from[g+1]]
		effect := a.right[a.parts[a.home[g]].first:]
		for i := a.start[g]; i < a.start[g+1]; i++ {
			r := v[i] - coef[0]
			for j, x := range a.slopes {
				r -= coef[j+1] * x[i]
			}
			for _, slot := range a.slot {
				r -= effect[support[slot[i]]]
			}
			dst[i] = r
		}
	}
}

// solve regresses v: effects into a.right, groups' coefficients into a.coef.
func (a *arrow) solve(v []float64) {
	q := a.q
	clear(a.right)
	clear(a.coef)
	for g := range a.home {
		coef := a.coef[g*q : (g+1)*q]
		support := a.support[a.from[g]:a.from[g+1]]
		effect := a.right[a.parts[a.home[g]].first:]
		for i := a.start[g]; i < a.start[g+1]; i++ {
			wv := a.w[i] * v[i]
			coef[0] += wv
			for j, x := range a.slopes {
				coef[j+1] += wv * x[i]
			}
			for _, slot := range a.slot {
				effect[support[slot[i]]] += wv
			}
		}
		forward(a.block[g*q*q:(g+1)*q*q], q, coef)
		cross := a.cross[int(a.from[g])*q:]
		for s, c := range support {
			effect[c] -= inner(cross[s*q:(s+1)*q], coef)
		}
	}
	for k := range a.parts {
		part := &a.parts[k]
		forward(part.matrix, part.codes, a.right[part.first:part.first+part.codes])
		backward(part.matrix, part.codes, a.right[part.first:part.first+part.codes])
	}
	for g := range a.home {
		coef := a.coef[g*q : (g+1)*q]
		effect := a.right[a.parts[a.home[g]].first:]
		for s, c := range a.support[a.from[g]:a.from[g+1]] {
			y := a.cross[(int(a.from[g])+s)*q:]
			for j := range coef {
				coef[j] -= y[j] * effect[c]
			}
		}
		backward(a.block[g*q*q:(g+1)*q*q], q, coef)
	}
}

// absorbed returns how many coefficients the groups and factors take: those aliased with
// others are not counted.
func (a *arrow) absorbed() int {
	n := 0
	for g := range a.home {
		for j := range a.q {
			if a.block[g*a.q*a.q+j*a.q+j] > 0 {
				n++
			}
		}
	}
	for k := range a.parts {
		n += a.parts[k].codes - a.parts[k].dropped
	}
	return n
}
