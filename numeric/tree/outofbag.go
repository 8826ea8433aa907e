package tree

import (
	"math/rand/v2"
)

// OutOfBag is how well a forest predicts the rows that it was grown on, each by the trees
// whose bootstrap samples it is not in.
type OutOfBag struct {
	Prediction []float64 // of each row; NaN where every tree has seen it
	MSE        float64   // weighted mean squared error of the predictions that are there
	R2         float64   // 1 - MSE over the variance of Y in the same rows
}

// OutOfBag predicts data, which must be what the forest was fitted to: its samples are
// drawn again from the seeds. It modifies nothing. MSE and R2 are NaN where no row is out
// of any bag.
//
// Source: Breiman (2001), section 3.1.
func (f *Forest) OutOfBag(data Data) OutOfBag {
	f.checkOwn(data)
	team := newTeam(0)
	out := f.outside(data, team)
	b := OutOfBag{Prediction: make([]float64, f.Rows)}
	team.chunks(f.Rows, func(_, begin, end int) {
		for i := begin; i < end; i++ {
			sum, trees := 0.0, 0
			for k := range f.Trees {
				if out[k].has(i) {
					sum += f.Trees[k].Nodes[f.Trees[k].leafOf(data.X, i)].Value
					trees++
				}
			}
			b.Prediction[i] = sum / float64(trees)
		}
	})
	weight, mean, square, errors := 0.0, 0.0, 0.0, 0.0
	for i, p := range b.Prediction {
		if w, y := data.weight(i), data.Y[i]; p == p && w > 0 {
			weight += w
			change := w / weight * (y - mean)
			square += w * (y - mean) * (y - mean - change)
			mean += change
			errors += w * (y - p) * (y - p)
		}
	}
	b.MSE, b.R2 = errors/weight, 1-errors/square
	return b
}

// PermutationImportance returns for each feature by how much the mean squared error of
// the out-of-bag rows rises, on average over the trees, when the values of the feature are
// shuffled among these rows. data must be what the forest was fitted to. Draws two numbers
// a tree from rng.
//
// The cost is that of predicting the out-of-bag rows once for every feature.
//
// Source: Breiman (2001), section 10.
func (f *Forest) PermutationImportance(data Data, rng *rand.Rand) []float64 {
	f.checkOwn(data)
	team := newTeam(0)
	out := f.outside(data, team)
	seeds := make([][2]uint64, len(f.Trees))
	for k := range seeds {
		seeds[k] = [2]uint64{rng.Uint64(), rng.Uint64()}
	}
	rises := make([][]float64, len(f.Trees))
	team.each(len(f.Trees), func(k int) {
		rises[k] = f.Trees[k].rises(data, out[k], rand.New(rand.NewPCG(seeds[k][0], seeds[k][1])))
	})
	importance := make([]float64, f.Features)
	for _, r := range rises {
		for j := range r {
			importance[j] += r[j] / float64(len(rises))
		}
	}
	return importance
}

// rises returns how much the error of a tree on its own out-of-bag rows rises for each
// feature.
func (t *Tree) rises(data Data, out bitmap, rng *rand.Rand) []float64 {
	features := len(data.X)
	asked := make([]bool, features)
	for _, n := range t.Nodes {
		if n.Left != 0 {
			asked[n.Feature] = true
		}
	}
	var rows []int
	weight, before := 0.0, 0.0
	for i, y := range data.Y {
		if w := data.weight(i); out.has(i) && w > 0 {
			e := y - t.Nodes[t.leafOf(data.X, i)].Value
			rows = append(rows, i)
			weight += w
			before += w * e * e
		}
	}
	rise, row := make([]float64, features), make([]float64, features)
	for j := range rise {
		if !asked[j] || len(rows) == 0 {
			continue
		}
		after := 0.0
		for at, other := range rng.Perm(len(rows)) {
			i := rows[at]
			for k, x := range data.X {
				row[k] = x[i]
			}
			row[j] = data.X[j][rows[other]]
			e := data.Y[i] - t.Nodes[t.leaf(row)].Value
			after += data.weight(i) * e * e
		}
		rise[j] = (after - before) / weight
	}
	return rise
}

// bitmap has a bit for each row.
type bitmap []uint64

func (b bitmap) has(i int) bool { return b[i>>6]>>(i&63)&1 != 0 }

// outside returns for each tree which rows are not in its bootstrap sample.
func (f *Forest) outside(data Data, team team) []bitmap {
	rows := data.weighted()
	out := make([]bitmap, len(f.Trees))
	team.each(len(f.Trees), func(k int) {
		counts := make([]uint16, f.Rows)
		bootstrap(counts, rows, f.generator(k))
		out[k] = make(bitmap, (f.Rows+63)/64)
		for i, c := range counts {
			if c == 0 {
				out[k][i>>6] |= 1 << (i & 63)
			}
		}
	})
	return out
}

func (f *Forest) checkOwn(data Data) {
	if len(data.Y) != f.Rows || len(data.X) != f.Features {
		panic("tree: these are not the data of the forest")
	}
	if err := data.check(); err != nil {
		panic(err)
	}
}
