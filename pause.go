package tradewind

import (
	"context"
	"slices"
	"time"

	"tradewind/decision"
	"tradewind/fault"
	"tradewind/money"
	"tradewind/operations/automation"
	"tradewind/store"
)

// AutomationStatus is where the automation stands.
type AutomationStatus struct {
	Paused       bool           `json:"paused"`
	Since        *time.Time     `json:"since"` // it was paused, or let go on; nil: never
	By           string         `json:"by,omitempty"`
	Note         string         `json:"note,omitempty"`
	Mandates     []MandateView  `json:"mandates"`      // in force
	UsedCash     money.Amount   `json:"used_cash"`     // today, under all mandates
	PriceChanges int            `json:"price_changes"` // likewise
	Choices      int            `json:"choices"`       // likewise
	LastRun      *AutomationRun `json:"last_run"`
}

// PauseReport says what a pause stopped.
type PauseReport struct {
	Status  AutomationStatus `json:"status"`
	Revoked []DecisionView   `json:"revoked"` // approved by policies, and not left: proposed again
}

// Pause stops every policy at once. When it returns, no policy approves or executes
// anything any more, and what policies had approved and not executed is proposed again. It
// waits for no plan and for no round of the automation: at most for the one step that is
// under way.
func (e *Engine) Pause(ctx context.Context, by, note string) (*PauseReport, error) {
	by, err := e.actor(ctx, MayPause, by)
	if err != nil {
		return nil, err
	}
	if err := e.db.SetPaused(ctx, true, store.Control{By: by, At: e.now(), Note: note}); err != nil {
		return nil, err
	}
	e.stepping.Lock()   // a step that was recorded before may still be on its way out
	e.stepping.Unlock() //nolint:staticcheck // SA2001: to wait is all that is wanted
	revoked, err := e.revokeAutomated(ctx, "", by, note)
	if err != nil {
		return nil, err
	}
	status, err := e.Automation(ctx)
	if err != nil {
		return nil, err
	}
	return &PauseReport{*status, revoked}, nil
}

// Resume lets policies go on, under the mandates in force.
func (e *Engine) Resume(ctx context.Context, by, note string) (*AutomationStatus, error) {
	by, err := e.actor(ctx, MayResume, by)
	if err != nil {
		return nil, err
	}
	if err := e.db.SetPaused(ctx, false, store.Control{By: by, At: e.now(), Note: note}); err != nil {
		return nil, err
	}
	return e.Automation(ctx)
}

// revokeAutomated takes back what policies approved under a mandate, or under any (""), and
// did not execute. What a person moved at the same moment is theirs.
func (e *Engine) revokeAutomated(ctx context.Context, mandate decision.ID, by, note string) ([]DecisionView, error) {
	left, err := e.automated(ctx, mandate)
	if err != nil {
		return nil, err
	}
	views := []DecisionView{}
	for i := range left {
		v, err := e.move(ctx, &left[i], decision.Event{Verb: decision.Revoke, By: by, Note: note})
		if fault.Is(err, fault.Stale) {
			continue
		}
		if err != nil {
			return views, err
		}
		views = append(views, *v)
	}
	return views, nil
}

// Automation says where the automation stands.
func (e *Engine) Automation(ctx context.Context) (*AutomationStatus, error) {
	paused, err := e.db.Paused(ctx)
	if err != nil {
		return nil, err
	}
	s := &AutomationStatus{Paused: paused}
	log, err := e.db.Controls(ctx, "pause")
	if err != nil {
		return nil, err
	}
	if n := len(log); n > 0 {
		last := log[n-1]
		s.Since, s.By, s.Note = &last.At, last.By, last.Note
	}
	if s.Mandates, err = e.Mandates(ctx); err != nil {
		return nil, err
	}
	s.Mandates = slices.DeleteFunc(s.Mandates, func(m MandateView) bool { return !m.InForce })
	use, err := e.usedToday(ctx)
	if err != nil {
		return nil, err
	}
	s.UsedCash, s.PriceChanges, s.Choices = money.FromE4(use.CashE4, e.currency), use.PriceChanges, use.Choices
	runs, err := e.AutomationRuns(ctx, 1)
	if len(runs) > 0 {
		s.LastRun = &runs[0]
	}
	return s, err
}

// SetPolicyLevel puts a policy on a rung of the ladder: advise, propose, act or
// act_reviewed. Once it returns, the policy takes no step that the rung does not allow. A
// policy that nobody put on a rung acts, within its mandate.
func (e *Engine) SetPolicyLevel(ctx context.Context, policy, level, by, note string) error {
	by, err := e.actor(ctx, MayLevel, by)
	if err != nil {
		return err
	}
	if err := automation.CheckPolicy(policy); err != nil {
		return err
	}
	if !slices.Contains(automation.Levels, automation.Level(level)) {
		return fault.New(fault.Invalid, "E-LEVEL", fault.A("value", level))
	}
	return e.db.SetPolicyLevel(ctx, policy, level, store.Control{By: by, At: e.now(), Note: note})
}
