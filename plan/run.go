package plan

import (
	"context"
	"runtime"
	"sync"
	"sync/atomic"

	"tradewind/operations/inventory"
)

// shardSize is how many sites one piece of work holds. It moves work, never results.
const shardSize = 64

// Menus proposes for every site on the configured number of goroutines. The result is in
// the order of the sites whatever that number is. tick is called with the number of
// finished sites, from any goroutine; it may be nil.
func Menus(ctx context.Context, v *Survey, tick func(done int)) ([]Menu, error) {
	menus := make([]Menu, len(v.Sites))
	var next, done atomic.Int64
	var wg sync.WaitGroup
	for range v.Config.workers() {
		wg.Go(func() {
			for ctx.Err() == nil {
				lo := int(next.Add(1)-1) * shardSize
				if lo >= len(v.Sites) {
					return
				}
				hi := min(lo+shardSize, len(v.Sites))
				copy(menus[lo:hi], Propose(v, v.Sites[lo:hi]))
				if n := done.Add(int64(hi - lo)); tick != nil {
					tick(int(n))
				}
			}
		})
	}
	wg.Wait()
	return menus, ctx.Err()
}

func (c Config) workers() int {
	if c.Workers > 0 {
		return c.Workers
	}
	return runtime.GOMAXPROCS(0)
}

// StockDay is the projected stock at the end of a day.
type StockDay struct{ Without, WithoutP10, With, WithP10 float64 }

// Project follows the stock of a site for some days, without and with an order of today.
func Project(m *Menu, units int64, days int) []StockDay {
	p := inventory.Project(m.Problem, float64(units), days, 256)
	out := make([]StockDay, days)
	for t := range out {
		out[t] = StockDay{p.Without[t], p.WithoutP10[t], p.With[t], p.WithP10[t]}
	}
	return out
}
