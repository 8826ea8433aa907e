package tree

import "math"

// sampled reports whether trees are grown on samples.
func (b *booster) sampled() bool {
	return b.form.Rows < 1 || b.form.Features < 1 || b.form.oneSided()
}

// draw chooses the rows and features of the next tree.
func (b *booster) draw() {
	if n := b.m.columns; b.form.Features < 1 && n > 0 {
		b.used = make([]bool, n)
		for _, j := range b.rng.Perm(n)[:share(b.form.Features, n)] {
			b.used[j] = true
		}
	}
	switch {
	case b.form.oneSided():
		b.drawOneSided()
	case b.form.Rows < 1:
		b.drawRows()
	default:
		copy(b.drawn, b.all)
	}
}

// share returns a share of n, at least 1.
func share(of float64, n int) int { return max(1, int(math.Round(of*float64(n)))) }

// drawRows takes a share of the rows, every set of as many being as likely.
//
// Source: Knuth, The art of computer programming 2, algorithm 3.4.2 S.
func (b *booster) drawRows() {
	want := share(b.form.Rows, len(b.all))
	b.drawn = b.drawn[:0]
	for i, r := range b.all {
		if b.rng.IntN(len(b.all)-i) < want-len(b.drawn) {
			b.drawn = append(b.drawn, r)
		}
	}
}

// amplified returns how much more a row counts that stands for others.
func (b *booster) amplified() float64 { return (1 - b.form.OneSide.Top) / b.form.OneSide.Other }

// drawOneSided takes the rows with the largest gradients and some of the others, whose
// sums it amplifies.
//
// Source: Ke et al. (2017), algorithm 2.
func (b *booster) drawOneSided() {
	n := len(b.all)
	keys := make([]uint64, 2*n)
	for i, r := range b.all {
		keys[i] = ordered(math.Abs(b.g[r]))
	}
	top := share(b.form.OneSide.Top, n)
	sorted := sortKeys(keys[:n], keys[n:])
	least := value(sorted[n-top])
	ties := top - (n - upTo(sorted, ordered(least)))
	other := b.form.OneSide.Other / (1 - b.form.OneSide.Top)
	more := b.amplified()
	b.drawn = b.drawn[:0]
	for _, r := range b.all {
		g := math.Abs(b.g[r])
		if g == least && ties > 0 {
			ties--
		} else if g <= least {
			if b.rng.Float64() >= other {
				continue
			}
			b.sums.set(int(r), more*b.g[r], more*b.h[r])
		}
		b.drawn = append(b.drawn, r)
	}
}
