package tradewind

import (
	"context"
	"runtime"
	"sync"
	"sync/atomic"
)

// shard is how many pieces of work a goroutine takes at a time.
const shard = 128

// inShards calls work for every i < n on all cores, and tick with the number of finished
// pieces, from any goroutine. A context that ends stops it between two shards.
func inShards(ctx context.Context, n int, tick func(done int), work func(i int)) error {
	return inPieces(ctx, n, shard, tick, work)
}

// inPieces is inShards with pieces of another size: of long work a goroutine takes one at a
// time.
func inPieces(ctx context.Context, n, size int, tick func(done int), work func(i int)) error {
	var next, done atomic.Int64
	var workers sync.WaitGroup
	for range runtime.GOMAXPROCS(0) {
		workers.Go(func() {
			for ctx.Err() == nil {
				lo := int(next.Add(int64(size))) - size
				if lo >= n {
					return
				}
				hi := min(lo+size, n)
				for i := lo; i < hi; i++ {
					work(i)
				}
				tick(int(done.Add(int64(hi - lo))))
			}
		})
	}
	workers.Wait()
	return ctx.Err()
}
