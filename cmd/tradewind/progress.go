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

// newProgress returns a progress and its end: nothing may be written to standard error
// in between, because a bar moves the cursor.
func (v *invocation) newProgress() (p *progress, end func()) {
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
		p.stage, p.total = stage, now.Total
		p.bar = p.bars.New(now.Total, mpb.BarStyle().Rbound("]"),
			mpb.PrependDecorators(decor.Name(stage, decor.WCSyncSpaceR)),
			mpb.AppendDecorators(decor.Any(func(s decor.Statistics) string { return p.v.share(s.Current, s.Total) })),
		)
	}
	if now.Total != p.total {
		p.total = now.Total
		p.bar.SetTotal(now.Total, false)
	}
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
		p.bar.SetTotal(-1, true)
	}
}

func (p *progress) end() {
	p.mu.Lock()
	p.finishBar()
	p.mu.Unlock()
	if p.bars != nil {
		p.bars.Wait()
	}
}
