package regress

import (
	"fmt"
	"math"
	"math/rand/v2"
	"runtime"
	"sync"
	"sync/atomic"
)

// crossFit predicts every row of every target from the other folds, once a repeat, and
// keeps the residuals.
func (m *crossFitting) crossFit(rng *rand.Rand) error {
	form, n := m.form, len(m.targets[0])
	folds := make([][]int32, form.Repeats)
	seeds := make([][2]uint64, form.Repeats*form.Folds)
	for r := range folds {
		folds[r] = dealt(form.Block, n, form.Folds, rng)
		m.residuals = append(m.residuals, make([][]float64, len(m.targets)))
		for t := range m.targets {
			m.residuals[r][t] = make([]float64, n)
		}
	}
	for k := range seeds {
		seeds[k] = [2]uint64{rng.Uint64(), rng.Uint64()}
	}
	failed := make([]error, len(seeds))
	var next atomic.Int64
	var wait sync.WaitGroup
	for range min(runtime.GOMAXPROCS(0), len(seeds)) {
		wait.Go(func() {
			for k := int(next.Add(1)) - 1; k < len(seeds); k = int(next.Add(1)) - 1 {
				own := rand.New(rand.NewPCG(seeds[k][0], seeds[k][1]))
				failed[k] = m.fold(k/form.Folds, int32(k%form.Folds), folds[k/form.Folds], own)
			}
		})
	}
	wait.Wait()
	for _, err := range failed {
		if err != nil {
			return err
		}
	}
	return nil
}

// dealt shuffles the blocks and gives each to the fold with the fewest rows. It returns the
// fold of each row.
func dealt(block []int32, n, folds int, rng *rand.Rand) []int32 {
	if block == nil {
		block = make([]int32, n)
		for i := range block {
			block[i] = int32(i)
		}
	}
	size := make([]int, levels(block))
	for _, b := range block {
		size[b]++
	}
	fold := make([]int32, len(size))
	rows := make([]int, folds)
	for _, b := range rng.Perm(len(size)) {
		if size[b] == 0 {
			continue
		}
		least := 0
		for f, r := range rows {
			if r < rows[least] {
				least = f
			}
		}
		fold[b] = int32(least)
		rows[least] += size[b]
	}
	of := make([]int32, n)
	for i, b := range block {
		of[i] = fold[b]
	}
	return of
}

// fold learns from all folds but one and writes the residuals of that one.
func (m *crossFitting) fold(repeat int, out int32, fold []int32, rng *rand.Rand) error {
	var inside, outside []int32
	for i, f := range fold {
		if f == out {
			outside = append(outside, int32(i))
		} else {
			inside = append(inside, int32(i))
		}
	}
	x, at := make([][]float64, len(m.x)), make([][]float64, len(m.x))
	for j, column := range m.x {
		x[j], at[j] = pick(column, inside), pick(column, outside)
	}
	prediction := make([]float64, len(outside))
	for t, target := range m.targets {
		clear(prediction)
		if err := m.learn(prediction, pick(target, inside), x, at, rng); err != nil {
			return fmt.Errorf("regress: nuisance %d in fold %d: %w", t, out, err)
		}
		for k, i := range outside {
			if math.IsNaN(prediction[k]) || math.IsInf(prediction[k], 0) {
				return &DataError{"Prediction", t, int(i), prediction[k]}
			}
			m.residuals[repeat][t][i] = target[i] - prediction[k]
		}
	}
	return nil
}
