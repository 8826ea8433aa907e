package tree

import (
	"math"
	"math/rand/v2"
	"slices"
)

// booster is a fit under way.
type booster struct {
	form  BoostForm
	data  Data
	rng   *rand.Rand
	team  team
	model *Boost
	grower

	score []float64 // of every row so far
	g, h  []float64 // gradients and hessians, weights included
	all   []uint32  // rows that have a weight
	drawn []uint32  // rows of this tree, in the order of the leaves once it is grown

	heldScore []float64
}

func newBooster(data Data, form BoostForm, rng *rand.Rand) (*booster, error) {
	team := newTeam(form.Workers)
	m, err := newMatrix(data, form.Categorical, form.MaxBins, team)
	if err != nil {
		return nil, err
	}
	n, columns := len(data.Y), len(data.X)
	b := &booster{form: form, data: data, rng: rng, team: team}
	b.model = &Boost{
		Start: form.Loss.start(data), Link: form.Loss.Link(), Features: columns,
		Gain: make([]float64, columns), Splits: make([]int, columns),
	}
	b.grower = grower{
		limits: limits{
			l2: form.L2, minRows: form.MinRows, minWeight: max(form.MinWeight, math.SmallestNonzeroFloat64),
			minGain: form.MinGain,
		},
		room: everywhere,
		team: team, m: m, maxDepth: form.MaxDepth, maxLeaves: form.MaxLeaves,
		sums: newSums(n, !form.Loss.flat() || data.Weight != nil || form.oneSided()),
	}
	if slices.ContainsFunc(form.Monotone, func(m int8) bool { return m != 0 }) {
		b.monotone = form.Monotone
	}
	if b.model.Link != Identity {
		b.room = room{-stride, stride}
	}
	b.score, b.g = make([]float64, n), make([]float64, n)
	if b.sums.wide {
		b.h = make([]float64, n)
	}
	for i := range b.score {
		b.score[i] = b.model.Start + data.offset(i)
		if data.weight(i) > 0 {
			b.all = append(b.all, uint32(i))
		}
	}
	b.drawn = make([]uint32, len(b.all))
	if held := form.Held; held != nil {
		b.heldScore = make([]float64, len(held.Y))
		for i := range b.heldScore {
			b.heldScore[i] = b.model.Start + held.offset(i)
		}
	}
	return b, nil
}

// stride is the longest step of a leaf on a log or logit scale: where all rows of a leaf
// were thought nearly impossible, Newton's step is far too long.
const stride = 4

// fit adds trees to the model.
func (b *booster) fit() {
	best, lowest := 0, b.heldLoss()
	for range b.form.Rounds {
		b.gradients()
		b.draw()
		t := b.grow(b.drawn, b.model.Gain, b.model.Splits)
		if len(t.Nodes) == 1 && !b.sampled() {
			break // nor would the next tree find a split
		}
		b.values(&t)
		b.model.Trees = append(b.model.Trees, t)
		b.advance(&t)
		if b.form.Held == nil {
			continue
		}
		addTrees(b.heldScore, b.form.Held.X, b.model.Trees[len(b.model.Trees)-1:])
		loss := b.heldLoss()
		b.model.HeldLoss = append(b.model.HeldLoss, loss)
		if loss < lowest {
			best, lowest = len(b.model.Trees), loss
		}
		if len(b.model.Trees)-best >= b.form.Patience {
			break
		}
	}
	if b.form.Held != nil {
		b.model.Trees, b.model.HeldLoss = b.model.Trees[:best], b.model.HeldLoss[:best]
	}
}

// gradients fills in the sums of all rows at the present score.
func (b *booster) gradients() {
	n := len(b.score)
	pieces := make([][2]float64, (n+chunk-1)/chunk)
	b.team.chunks(n, func(k, begin, end int) {
		absolute, hessians := 0.0, 0.0
		for i := begin; i < end; i++ {
			g, h := b.form.Loss.gradient(b.data.Y[i], b.score[i])
			if b.sums.wide {
				w := b.data.weight(i)
				g, h = g*w, h*w
				b.h[i] = h
				hessians += h
			}
			b.g[i] = g
			absolute += math.Abs(g)
		}
		pieces[k] = [2]float64{absolute, hessians}
	})
	absolute, hessians := 0.0, 0.0
	for _, p := range pieces {
		absolute += p[0]
		hessians += p[1]
	}
	more := 1.0
	if b.form.oneSided() {
		more = b.amplified()
	}
	b.sums.scale(more*absolute, more*hessians)
	b.team.chunks(n, func(_, begin, end int) {
		b.sums.fill(begin, b.g[begin:end], b.h[min(begin, len(b.h)):min(end, len(b.h))])
	})
}

// values gives the leaves of a tree their values.
func (b *booster) values(t *Tree) {
	refit, quantile := b.form.Loss.(Quantile)
	if quantile {
		b.refitRooms(t, refit)
	}
	b.team.each(len(b.leaves), func(k int) {
		l := &b.leaves[k]
		v := b.value(l.total, l.room)
		if quantile {
			v = b.refit(l, refit)
		}
		t.Nodes[l.node].Value = b.form.Rate * v
	})
}

// advance adds a tree to the scores: for its own rows leaf by leaf, for others by asking
// it.
func (b *booster) advance(t *Tree) {
	b.team.each(len(b.leaves), func(k int) {
		l := &b.leaves[k]
		v := t.Nodes[l.node].Value
		for _, r := range b.rows[l.begin:l.end] {
			b.score[r] += v
		}
	})
	if len(b.drawn) == len(b.all) {
		return
	}
	in := make([]bool, len(b.score))
	for _, r := range b.drawn {
		in[r] = true
	}
	b.team.chunks(len(b.all), func(_, begin, end int) {
		for _, r := range b.all[begin:end] {
			if !in[r] {
				b.score[r] += t.Nodes[t.leafOf(b.data.X, int(r))].Value
			}
		}
	})
}

// heldLoss returns the mean loss of the held-out data.
func (b *booster) heldLoss() float64 {
	held := b.form.Held
	if held == nil {
		return 0
	}
	sum, weight := 0.0, 0.0
	for i, y := range held.Y {
		w := held.weight(i)
		sum += w * b.form.Loss.loss(y, b.heldScore[i])
		weight += w
	}
	return sum / weight
}
