package tree

import (
	"runtime"
	"sync"
	"sync/atomic"
)

// team is a number of goroutines that work side by side. What they do never depends on
// how many they are.
type team int

func newTeam(workers int) team {
	if workers < 0 {
		panic("tree: Workers must not be negative")
	}
	if workers == 0 {
		workers = runtime.GOMAXPROCS(0)
	}
	return team(workers)
}

// each calls do for 0 to n-1, each once, and waits.
func (t team) each(n int, do func(i int)) {
	if t <= 1 || n <= 1 {
		for i := range n {
			do(i)
		}
		return
	}
	var next atomic.Int64
	var done sync.WaitGroup
	for range min(int(t), n) {
		done.Go(func() {
			for i := int(next.Add(1)) - 1; i < n; i = int(next.Add(1)) - 1 {
				do(i)
			}
		})
	}
	done.Wait()
}

// chunk is how many rows are worth a piece of work of their own.
const chunk = 1 << 14

// chunks calls do for pieces of the rows 0 to n-1. The pieces depend on n alone, so that
// sums of their sums are always the same.
func (t team) chunks(n int, do func(k, begin, end int)) {
	t.each((n+chunk-1)/chunk, func(k int) { do(k, k*chunk, min(n, (k+1)*chunk)) })
}
