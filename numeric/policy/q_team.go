package policy

import (
	"runtime"
	"sync"
	"sync/atomic"
)

// qTeam is a number of goroutines that work side by side. What they do never depends on
// how many they are.
type qTeam int

func newQTeam(workers int) qTeam {
	if workers < 0 {
		panic("policy: Workers must not be negative")
	}
	if workers == 0 {
		workers = runtime.GOMAXPROCS(0)
	}
	return qTeam(workers)
}

// each calls do for 0 to n-1, each once, and waits. who tells the goroutines apart.
func (t qTeam) each(n int, do func(who, i int)) {
	if t <= 1 || n <= 1 {
		for i := range n {
			do(0, i)
		}
		return
	}
	var next atomic.Int64
	var done sync.WaitGroup
	for who := range min(int(t), n) {
		done.Go(func() {
			for i := int(next.Add(1)) - 1; i < n; i = int(next.Add(1)) - 1 {
				do(who, i)
			}
		})
	}
	done.Wait()
}
