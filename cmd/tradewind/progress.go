package main

import (
	"fmt"
	"sync"
	"time"

	"github.com/vbauerster/mpb/v8"
	"github.com/vbauerster/mpb/v8/decor"

	"tradewind"
	"tradewind/messages"
)

// progressEvery is how often a line of progress appears where there is no terminal.
const progressEvery = 5 * time.Second

// progress shows on standard error how far a long verb is: a bar for a person who
// watches, a line every few seconds for a log.
type progress struct {
	v     *invocation
	mu    sync.Mutex
	stage string
	last  time.Time
	bars  *mpb.Progress // nil without a terminal
	bar   *mpb.Bar
	total int64
}

// newProgress returns a progress and its end, which is told how the verb ended: nothing
// may be written to standard error in between, because a bar moves the cursor.
func (v *invocation) newProgress() (p *progress, end func(error)) {
	p = &progress{v: v, last: time.Now()}
	if v.term.Err && v.host == nil && !v.flags.quiet {
		p.bars = mpb.New(mpb.WithOutput(v.err), mpb.WithWidth(48))
	}
	return p, p.end
}

// update takes one report; it is called from any goroutine.
func (p *progress) update(now tradewind.Progress) {
	if p.v.flags.quiet {
		return
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	stage := now.Stage.In(p.v.lang)
	if p.bars == nil {
		p.line(stage, now)
		return
	}
	if stage != p.stage {
		p.finishBar()
		p.stage = stage
		// A bar that is made with its total ends by itself, and can then never be ended
		// early: every bar begins without one.
		p.bar = p.bars.New(0, mpb.BarStyle().Rbound("]"),
			mpb.PrependDecorators(decor.Name(stage, decor.WCSyncSpaceR)),
			mpb.AppendDecorators(decor.Any(func(s decor.Statistics) string { return p.v.share(s.Current, s.Total) })),
		)
	}
	p.total = now.Total
	p.bar.SetTotal(now.Total, false)
	p.bar.SetCurrent(now.Done)
}

func (p *progress) line(stage string, now tradewind.Progress) {
	if time.Since(p.last) < progressEvery {
		return
	}
	p.last = time.Now()
	fmt.Fprintln(p.v.err, stage+" "+p.v.share(now.Done, now.Total))
}

// share shows how much of a whole is done; the whole may be unknown.
func (v *invocation) share(done, total int64) string {
	if total <= 0 {
		return messages.Grouped(fmt.Sprint(done))
	}
	return fmt.Sprintf("%3d %%", min(100, 100*done/total))
}

// finishBar ends the bar of a stage as done: the next stage begins only then.
func (p *progress) finishBar() {
	if p.bar != nil {
		p.bar.SetTotal(max(p.total, 1), true)
	}
}

// end takes the last bar off: as done, or as far as it came.
func (p *progress) end(err error) {
	if p.bars == nil {
		return
	}
	p.mu.Lock()
	switch {
	case err == nil:
		p.finishBar()
	case p.bar != nil:
		p.bar.Abort(false)
	}
	p.mu.Unlock()
	p.bars.Wait()
}
