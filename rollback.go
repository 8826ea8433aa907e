package tradewind

import (
	"context"
	"slices"
	"strings"
	"time"

	"tradewind/decision"
	"tradewind/fault"
	"tradewind/messages"
	"tradewind/money"
	"tradewind/plan"
	"tradewind/store"
)

// rollbackDays is how long the decision that takes another back waits to be approved.
const rollbackDays = 14

// Reversible reports whether an action that was done can be taken back by another: a price
// and a transfer can, a mandate is ended. What a supplier, a customer or an authority was
// told cannot be unsaid by a file.
func Reversible(a decision.Action) bool {
	_, ok := compensation(a)
	return ok || a.Kind() == decision.KindGrantMandate
}

// compensation is the action that leads back; false where none does, or where it is not
// known what was before.
func compensation(a decision.Action) (decision.Action, bool) {
	switch a := a.(type) {
	case decision.SetPrice:
		return decision.SetPrice{Item: a.Item, Price: a.Was, Was: a.Price}, a.Was.Sign() > 0
	case decision.MoveStock:
		return decision.MoveStock{SKU: a.SKU, From: a.To, To: a.From, Units: a.Units}, true
	}
	return nil, false
}

// Rollback proposes the decision that takes an executed one back: people approve and
// execute it like any other, as far as the law of today lets them: what it forbids is
// fault.Blocked E-ROLLBACK-BLOCKED or E-ROLLBACK-BELOW-COST, now or when they do. A mandate
// ends at once. What cannot be taken back is fault.Blocked E-IRREVERSIBLE, which says why.
func (e *Engine) Rollback(ctx context.Context, id decision.ID, by, note string) (*DecisionView, error) {
	who, err := e.actor(ctx, MayRollback, by)
	if err != nil {
		return nil, err
	}
	if err := e.expire(ctx); err != nil {
		return nil, err
	}
	d, err := e.db.Decision(ctx, id)
	if err != nil {
		return nil, err
	}
	if d.State != decision.Executed && d.State != decision.Measured {
		return nil, fault.New(fault.Stale, "E-ROLLBACK-STATE", fault.A("id", string(id)), fault.A("state", string(d.State)))
	}
	if d.Action.Kind() == decision.KindGrantMandate {
		return e.Revoke(ctx, id, by, note)
	}
	back, ok := compensation(d.Action)
	if !ok {
		return nil, fault.New(fault.Blocked, "E-IRREVERSIBLE", fault.A("id", string(id)), fault.A("why", messages.M("automation.irreversible."+string(d.Action.Kind()))))
	}
	if err := e.notRolledBack(ctx, d); err != nil {
		return nil, err
	}
	p := e.rollbackProposal(d, back, who, strings.TrimSpace(note))
	if err := e.reconsider(ctx, p); err != nil {
		return nil, err
	}
	if err := p.Sign(); err != nil {
		return nil, err
	}
	return e.proposeOne(ctx, p)
}

// reconsider asks the law and the facts of today about a way back: both may have changed
// since what was before. What a rule forbids is refused by its name, with the reason.
func (e *Engine) reconsider(ctx context.Context, p *decision.Proposal) error {
	s, err := e.priced(ctx)
	if err != nil {
		return err
	}
	s.Reconsider(p)
	if !p.Blocked() {
		return nil
	}
	var rules, english, chinese []string
	for _, c := range p.Checks {
		if c.Outcome == decision.Block {
			rules, english, chinese = append(rules, c.Value), append(english, c.Name.In(messages.English)), append(chinese, c.Name.In(messages.Chinese))
		}
	}
	code := "E-ROLLBACK-BLOCKED"
	if !slices.ContainsFunc(p.Checks, func(c decision.Check) bool { return c.Outcome == decision.Block && !plan.IsBelowCost(c) }) {
		code = "E-ROLLBACK-BELOW-COST"
	}
	return fault.New(fault.Blocked, code, fault.A("id", string(p.Compensates)), fault.A("why", messages.Both{EN: strings.Join(english, "; "), ZH: strings.Join(chinese, "；")}),
		fault.A("rules", strings.Join(rules, " ")), fault.A("sku", string(p.Action.Subject().SKU)))
}

// reconsidered is the proposal of a decision as it stands today, with the fault of
// reconsider where the law forbids it by now.
func (e *Engine) reconsidered(ctx context.Context, d *decision.Decision) (*decision.Proposal, error) {
	if d.Compensates == "" {
		return &d.Proposal, nil
	}
	now := d.Proposal
	return &now, e.reconsider(ctx, &now)
}

// notRolledBack refuses what another decision takes back already, and a price that another
// decision has replaced: the way back from there is another one.
func (e *Engine) notRolledBack(ctx context.Context, d *decision.Decision) error {
	list, err := e.db.Decisions(ctx, store.Filter{Kind: d.Action.Kind(), SKU: d.Action.Subject().SKU})
	for i := range list {
		switch other := &list[i]; {
		case other.Compensates != d.ID:
		case other.State.Open(), other.State == decision.Executed, other.State == decision.Measured:
			return fault.New(fault.Stale, "E-ROLLBACK-DONE", fault.A("id", string(d.ID)), fault.A("by", string(other.ID)))
		}
	}
	if err != nil || d.Action.Kind() != decision.KindSetPrice {
		return err
	}
	last := d
	for i := range list {
		if other := &list[i]; other.Action.Subject() != d.Action.Subject() || other.State != decision.Executed && other.State != decision.Measured {
			continue
		}
		other, err := e.db.Decision(ctx, list[i].ID) // with when it was executed
		if err != nil {
			return err
		}
		if executedAt(other).After(executedAt(last)) {
			last = other
		}
	}
	set, _ := d.Action.(decision.SetPrice)
	if now, _ := last.Action.(decision.SetPrice); now.Price != set.Price {
		return fault.New(fault.Stale, "E-ROLLBACK-LATER", fault.A("id", string(d.ID)), fault.A("by", string(last.ID)), fault.A("price", now.Price))
	}
	return nil
}

// executedAt is when a decision was executed; the zero time where it was not.
func executedAt(d *decision.Decision) (at time.Time) {
	for _, ev := range d.History {
		if ev.Verb == decision.Execute {
			at = ev.At
		}
	}
	return at
}

// rollbackProposal gives up what the decision was expected to bring: its gain, turned round.
func (e *Engine) rollbackProposal(d *decision.Decision, back decision.Action, who, reason string) *decision.Proposal {
	g := d.Gain
	gain := decision.Estimate{Mean: g.Mean.Neg(), P10: g.P90.Neg(), P50: g.P50.Neg(), P90: g.P10.Neg(), Level: g.Level, Horizon: g.Horizon}
	zero := money.FromE4(0, g.Mean.Currency())
	none := decision.Estimate{Mean: zero, P10: zero, P50: zero, P90: zero, Level: g.Level, Horizon: g.Horizon}
	cash := money.FromE4(0, d.Cash.Currency())
	p := &decision.Proposal{
		Action: back, Gain: gain, Cash: cash, Author: who, Compensates: d.ID,
		Summary: messages.M("automation.rollback.summary", messages.A("id", string(d.ID)), messages.A("what", d.Summary)),
		Reasons: []messages.Message{messages.M("automation.rollback.reason", messages.A("id", string(d.ID)))},
		Drivers: []decision.Driver{{Name: messages.M("automation.rollback.driver"), Amount: gain.Mean}},
		Alternatives: []decision.Alternative{
			{Name: messages.M("automation.rollback.do"), Gain: gain, Cash: cash, Chosen: true},
			{Name: messages.M("automation.rollback.leave"), Gain: none, Cash: cash},
		},
		Caveats:  []messages.Message{messages.M("automation.rollback.caveat")},
		Backtest: messages.M("automation.rollback.backtest"),
		Expires:  e.now().Add(rollbackDays * 24 * time.Hour),
		Run:      decision.Run{Version: Version, Model: "rollback", Config: e.config.Plan.Hash(), Snapshot: d.Run.Snapshot},
	}
	if reason != "" {
		p.Reasons = append(p.Reasons, messages.M("automation.asked", messages.A("by", who), messages.A("reason", reason)))
	}
	return p
}
