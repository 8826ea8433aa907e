package tradewind

import (
	"context"
	"fmt"
	"slices"

	"tradewind/calendar"
	"tradewind/decision"
	"tradewind/fault"
	"tradewind/messages"
	"tradewind/money"
	"tradewind/operations/automation"
)

// ApprovalConfig is when one approval is not enough. The zero ApprovalConfig works.
type ApprovalConfig struct {
	TwoAbove string `yaml:"two_above"` // decisions that commit or risk more need two people, decimal in the reporting currency; "" is never
}

// check refuses what is no amount.
func (c ApprovalConfig) check() error {
	_, err := c.twoAbove("")
	return err
}

// twoAbove is the amount above which two people decide; nil: none.
func (c ApprovalConfig) twoAbove(cur money.Currency) (*money.Amount, error) {
	if c.TwoAbove == "" {
		return nil, nil
	}
	a, err := money.Parse(c.TwoAbove, cur)
	if err != nil || a.Sign() < 0 {
		return nil, fmt.Errorf("approval.two_above = %q: want a plain decimal of 0 or more", c.TwoAbove)
	}
	return &a, nil
}

// ApprovalsView says who has agreed to a decision that needs two people, and why it does.
type ApprovalsView struct {
	Needed  int             `json:"needed"` // 1 or 2
	Given   []string        `json:"given"`
	Reasons []LocalizedText `json:"reasons"` // why one is not enough
}

// approvals is what it takes to approve a decision.
type approvals struct {
	reasons []messages.Message // why one person is not enough; none: it is
	given   []string           // who has endorsed what the decision is now
	authors []string           // whose own word the decision rests on
	nobody  error              // why there are no two people to decide; nil where there may be
}

// approvalsOf finds out whether one approval is enough for a decision. Above an amount, and
// outside a limit that the team set, it is not. p is its proposal as it stands today. In a workspace without users there is one
// owner; there, an amount above which two decide leaves nobody who could.
func (e *Engine) approvalsOf(ctx context.Context, d *decision.Decision, p *decision.Proposal) (*approvals, error) {
	users, err := e.HasUsers(ctx)
	if err != nil {
		return nil, err
	}
	a := &approvals{given: d.Endorsers()}
	if limit, _ := e.config.Approval.twoAbove(e.currency); limit != nil {
		if stake := e.stake(p); stake.Currency() != limit.Currency() || stake.Cmp(*limit) > 0 {
			if !users {
				a.nobody = fault.New(fault.Blocked, "E-TWO-NEED-USERS", fault.A("id", string(d.ID)), fault.A("stake", stake), fault.A("limit", *limit))
			}
			a.reasons = append(a.reasons, messages.M("automation.two.amount", messages.A("stake", stake), messages.A("limit", *limit)))
		}
	}
	if !users {
		return a, nil
	}
	if a.given, err = e.stillApprovers(ctx, a.given); err != nil {
		return nil, err
	}
	broken, err := e.brokenLimits(ctx, p)
	if err != nil {
		return nil, err
	}
	for _, v := range broken {
		a.reasons = append(a.reasons, messages.M("automation.two.guardrail", messages.A("verdict", v.Message())))
	}
	if len(a.reasons) > 0 {
		a.authors, err = e.authorsOf(ctx, p)
	}
	return a, err
}

// stillApprovers leaves out whoever may not approve any more: an endorsement counts with
// the approval that it is one half of, and that is given now.
func (e *Engine) stillApprovers(ctx context.Context, given []string) ([]string, error) {
	members, err := e.Users(ctx)
	if err != nil {
		return nil, err
	}
	return slices.DeleteFunc(slices.Clone(given), func(by string) bool {
		return !slices.ContainsFunc(members, func(m UserView) bool {
			return "user:"+m.Name == by && m.Disabled == nil && m.Role.atLeast(leastFor(MayApprove))
		})
	}), nil
}

// stake is what a decision commits or risks. A mandate commits what a policy may commit
// under it until its end.
func (e *Engine) stake(p *decision.Proposal) money.Amount {
	if m, ok := p.Action.(decision.GrantMandate); ok {
		return automation.Stake(m, calendar.DayIn(e.now(), e.zone))
	}
	c := automation.Measure(p)
	return c.Stake()
}

// brokenLimits are the limits that the team set, that hold for people, and that a proposal
// does not keep. The defaults are for policies alone.
func (e *Engine) brokenLimits(ctx context.Context, p *decision.Proposal) ([]automation.Verdict, error) {
	set, err := e.db.Guardrails(ctx)
	if err != nil || len(set) == 0 || p.Action.Kind() == decision.KindGrantMandate {
		return nil, err
	}
	limits, err := e.limits(set)
	if err != nil {
		return nil, err
	}
	var broken []automation.Verdict
	for _, v := range automation.Test(automation.Measure(p), limits, automation.Used{}) {
		g, err := automation.GuardrailOf(v.Name)
		if _, isSet := set[string(v.Name)]; err == nil && isSet && g.People && !v.Holds {
			broken = append(broken, v)
		}
	}
	return broken, nil
}

// authorsOf are the people whose own word a proposal rests on: who proposed it, and who
// said what to expect in place of the forecast.
func (e *Engine) authorsOf(ctx context.Context, p *decision.Proposal) ([]string, error) {
	var list []string
	if p.Author != "" {
		list = append(list, p.Author)
	}
	if len(p.Run.Overrides) == 0 {
		return list, nil
	}
	kept, err := e.db.Overrides(ctx, "")
	for i := range kept {
		if slices.Contains(p.Run.Overrides, kept[i].ID) {
			list = append(list, kept[i].History[0].By)
		}
	}
	return list, err
}

// verb is what an approval by somebody amounts to: the approval, or the first of two. Of
// the two, one at least has not written what they approve.
func (a *approvals) verb(id decision.ID, by string) (decision.Verb, error) {
	switch {
	case a.nobody != nil:
		return "", a.nobody
	case len(a.reasons) == 0:
		return decision.Approve, nil
	case slices.Contains(a.given, by):
		return "", fault.New(fault.Denied, "E-APPROVE-SECOND", fault.A("id", string(id)), fault.A("by", by))
	case len(a.given) == 0:
		return decision.Endorse, nil
	}
	both := append(slices.Clone(a.given), by)
	if !slices.ContainsFunc(both, func(who string) bool { return !slices.Contains(a.authors, who) }) {
		return "", fault.New(fault.Denied, "E-APPROVE-AUTHORS", fault.A("id", string(id)))
	}
	return decision.Approve, nil
}

// view is nil where one approval is enough and nobody has endorsed.
func (a *approvals) view() *ApprovalsView {
	if len(a.reasons) == 0 && len(a.given) == 0 {
		return nil
	}
	v := &ApprovalsView{Needed: 1, Given: append([]string{}, a.given...), Reasons: localizedAll(a.reasons)}
	if len(a.reasons) > 0 {
		v.Needed = 2
	}
	return v
}
