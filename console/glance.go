package console

import (
	"cmp"
	"context"
	"sync"
	"time"

	"tradewind"
	"tradewind/decision"
)

const (
	mostDecisions = 1000            // that a page reads: far beyond what a plan proposes
	glanceLife    = 2 * time.Second // for which what every page says is not read again
)

// glance holds what every page says of the workspace: its status and what waits. It is
// read anew when it is two seconds old, and at once after a decision made here.
type glance struct {
	mu       sync.Mutex
	at       time.Time
	status   *tradewind.DataStatus
	proposed []tradewind.DecisionView // the best first
}

// look returns the status and every proposed decision. Callers do not change either.
func (c *Console) look(ctx context.Context) (*tradewind.DataStatus, []tradewind.DecisionView, error) {
	g := &c.glance
	g.mu.Lock()
	defer g.mu.Unlock()
	now := c.options.Now()
	if age := now.Sub(g.at); g.status != nil && age >= 0 && age < glanceLife {
		return g.status, g.proposed, nil
	}
	var status *tradewind.DataStatus
	var failed error
	var counting sync.WaitGroup
	counting.Go(func() { status, failed = c.engine.Status(ctx) })
	proposed, err := c.engine.Decisions(ctx, tradewind.DecisionFilter{State: decision.Proposed, Limit: mostDecisions})
	counting.Wait()
	if err := cmp.Or(failed, err); err != nil {
		return nil, nil, err
	}
	g.at, g.status, g.proposed = now, status, proposed
	return status, proposed, nil
}

// lookAway makes the next page read everything again.
func (c *Console) lookAway() {
	c.glance.mu.Lock()
	defer c.glance.mu.Unlock()
	c.glance.status = nil
}

// scope returns what the frame says. A page whose own content could be read is shown
// even where this could not.
func (c *Console) scope(ctx context.Context) (*tradewind.DataStatus, int) {
	status, proposed, err := c.look(ctx)
	if err != nil {
		return nil, 0
	}
	waiting, _ := c.awake(proposed)
	return status, len(waiting)
}

// awake parts proposed decisions into those that wait now and those that sleep.
func (c *Console) awake(all []tradewind.DecisionView) (waiting, snoozed []tradewind.DecisionView) {
	now := c.engine.Now()
	for _, d := range all {
		if d.Snoozed != nil && now.Before(*d.Snoozed) {
			snoozed = append(snoozed, d)
		} else {
			waiting = append(waiting, d)
		}
	}
	return waiting, snoozed
}
