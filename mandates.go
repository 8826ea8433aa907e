package tradewind

import (
	"context"
	"slices"
	"strings"

	"tradewind/calendar"
	"tradewind/decision"
	"tradewind/fault"
	"tradewind/messages"
	"tradewind/money"
	"tradewind/operations/automation"
	"tradewind/store"
)

// MandateRequest is what a policy shall be allowed to approve.
type MandateRequest struct {
	Policy  string // small letters, digits, "-" and "_"
	Kinds   []decision.Kind
	MaxCash string       // that one decision may commit, decimal in the reporting currency
	DayCash string       // that all decisions of a day may commit
	MaxStep float64      // largest change of a price, share of it; needed where prices are mandated
	Until   calendar.Day // the last day
	Reason  string
	By      string
}

// MandateView is a mandate, where it stands and how much of today it has used.
type MandateView struct {
	ID          decision.ID     `json:"id"`
	Policy      string          `json:"policy"`
	Kinds       []decision.Kind `json:"kinds"`
	MaxCash     money.Amount    `json:"max_cash"`
	DayCash     money.Amount    `json:"day_cash"`
	MaxStep     float64         `json:"max_step"`
	Until       calendar.Day    `json:"until"`
	State       decision.State  `json:"state"`
	InForce     bool            `json:"in_force"`
	Level       string          `json:"level"`      // of the policy
	UsedCash    money.Amount    `json:"used_cash"`  // today
	UsedMoves   int             `json:"used_moves"` // changes of prices, today
	Author      string          `json:"author"`
	GrantedBy   []string        `json:"granted_by"` // empty: nobody has
	Fingerprint string          `json:"fingerprint"`
	Summary     LocalizedText   `json:"summary"`
}

// ProposeMandate proposes that a policy may approve decisions of some kinds by itself, up to
// limits and until a day. It is a decision like any other: people approve, reject or revoke
// it. One without limits or an end is fault.Invalid.
func (e *Engine) ProposeMandate(ctx context.Context, r MandateRequest) (*DecisionView, error) {
	by, err := e.actor(ctx, MayProposeMandate, r.By)
	if err != nil {
		return nil, err
	}
	if by == "" {
		return nil, fault.New(fault.Invalid, "E-MANDATE-BY")
	}
	if err := e.expire(ctx); err != nil {
		return nil, err
	}
	grant, err := e.grant(r)
	if err != nil {
		return nil, err
	}
	p := e.mandateProposal(grant, by, strings.TrimSpace(r.Reason))
	if err := p.Sign(); err != nil {
		return nil, err
	}
	return e.proposeOne(ctx, p)
}

// grant reads the limits of a request and refuses what is no mandate.
func (e *Engine) grant(r MandateRequest) (decision.GrantMandate, error) {
	g := decision.GrantMandate{Policy: strings.TrimSpace(r.Policy), MaxStep: r.MaxStep, Until: r.Until}
	for _, k := range automation.Automatable { // each once, in one order
		if slices.Contains(r.Kinds, k) {
			g.Kinds = append(g.Kinds, k)
		}
	}
	for _, k := range r.Kinds {
		if !slices.Contains(g.Kinds, k) {
			g.Kinds = append(g.Kinds, k) // none that may be mandated: the check below names it
		}
	}
	for _, limit := range []struct {
		name, text string
		into       *money.Amount
	}{{"max_cash", r.MaxCash, &g.MaxCash}, {"day_cash", r.DayCash, &g.DayCash}} {
		*limit.into = money.FromE4(0, e.currency)
		if limit.text == "" {
			continue
		}
		a, err := money.Parse(limit.text, e.currency)
		if err != nil {
			return g, fault.From(err, fault.Invalid, "E-MANDATE-LIMIT", fault.A("limit", limit.name), fault.A("value", limit.text))
		}
		*limit.into = a
	}
	return g, automation.CheckMandate(g, e.currency, calendar.DayIn(e.now(), e.zone))
}

// mandateProposal makes the decision. It promises no gain of its own: what it may commit
// until its end stands in its reasons.
func (e *Engine) mandateProposal(g decision.GrantMandate, by, reason string) *decision.Proposal {
	none := money.FromE4(0, e.currency)
	nothing := decision.Estimate{Mean: none, P10: none, P50: none, P90: none, Level: .8}
	stake := automation.Stake(g, calendar.DayIn(e.now(), e.zone))
	summary := "automation.mandate.summary"
	if slices.ContainsFunc(g.Kinds, automation.ChangesPrice) {
		summary = "automation.mandate.summary.prices"
	}
	p := &decision.Proposal{
		Action: g, Gain: nothing, Cash: none, Author: by,
		Summary: messages.M(summary, messages.A("policy", g.Policy), messages.A("kinds", automation.KindsInWords(g.Kinds)),
			messages.A("max", g.MaxCash), messages.A("day", g.DayCash), messages.A("step", messages.Percent(g.MaxStep)), messages.A("until", g.Until)),
		Reasons: []messages.Message{messages.M("automation.mandate.stake", messages.A("stake", stake), messages.A("until", g.Until))},
		Alternatives: []decision.Alternative{
			{Name: messages.M("automation.mandate.grant"), Gain: nothing, Cash: none, Chosen: true},
			{Name: messages.M("automation.mandate.none"), Gain: nothing, Cash: none},
		},
		Caveats:  []messages.Message{messages.M("automation.mandate.caveat")},
		Backtest: messages.M("automation.mandate.backtest"),
		Expires:  g.Until.AddDays(1).StartIn(e.zone).UTC(),
		Run:      decision.Run{Version: Version, Model: "mandate", Config: e.config.Plan.Hash()},
	}
	if reason != "" {
		p.Reasons = append(p.Reasons, messages.M("automation.asked", messages.A("by", by), messages.A("reason", reason)))
	}
	return p
}

// proposeOne names what a person proposed by the time it was, and records it. A clock that
// stands still names the next one by how many there are.
func (e *Engine) proposeOne(ctx context.Context, p *decision.Proposal) (*DecisionView, error) {
	e.deciding.Lock()
	defer e.deciding.Unlock()
	counts, err := e.db.CountKind(ctx, p.Action.Kind())
	if err != nil {
		return nil, err
	}
	before := 0
	for _, n := range counts {
		before += n
	}
	p.Run.Seed = uint64(before)
	p.ID = decision.NewID(p.Action.Kind(), p.Action.Subject(), "person:"+p.Author+" "+p.Fingerprint+string(p.Compensates), p.Run.Config, p.Run.Seed)
	if err := e.db.ProposeOne(ctx, p, e.now()); err != nil {
		return nil, err
	}
	v := viewOf(store.ListingOf(&decision.Decision{Proposal: *p, State: decision.Proposed}), e.productNames(ctx))
	return &v, nil
}

// Mandates lists every mandate, those in force first, then the newest.
func (e *Engine) Mandates(ctx context.Context) ([]MandateView, error) {
	if err := e.expire(ctx); err != nil {
		return nil, err
	}
	list, err := e.db.Decisions(ctx, store.Filter{Kind: decision.KindGrantMandate, Sort: "expires", Descending: true})
	if err != nil {
		return nil, err
	}
	use, err := e.usedToday(ctx)
	if err != nil {
		return nil, err
	}
	levels, err := e.db.PolicyLevels(ctx)
	if err != nil {
		return nil, err
	}
	views := []MandateView{}
	for i := range list {
		d, err := e.db.Decision(ctx, list[i].ID) // with who granted it
		if err != nil {
			return nil, err
		}
		views = append(views, e.mandateView(d, use, levels))
	}
	slices.SortStableFunc(views, func(a, b MandateView) int {
		switch {
		case a.InForce == b.InForce:
			return 0
		case a.InForce:
			return -1
		}
		return 1
	})
	return views, nil
}

func (e *Engine) mandateView(d *decision.Decision, use store.DayUse, levels map[string]string) MandateView {
	g, _ := d.Action.(decision.GrantMandate)
	m := e.mandateOf(d, levels[g.Policy])
	v := MandateView{
		ID: d.ID, Policy: g.Policy, Kinds: g.Kinds, MaxCash: g.MaxCash, DayCash: g.DayCash, MaxStep: g.MaxStep, Until: g.Until, State: d.State,
		InForce: e.inForce(d), Level: string(m.Level), UsedCash: money.FromE4(use.MandateE4[d.ID], e.currency), UsedMoves: use.MandateMoves[d.ID],
		Author: d.Author, GrantedBy: []string{}, Fingerprint: d.Fingerprint, Summary: localized(d.Summary),
	}
	if ev, ok := d.Approval(); ok {
		v.GrantedBy = append(append(v.GrantedBy, d.Endorsers()...), ev.By)
	}
	return v
}

// inForce reports whether policies may act under a mandate today: people approved it, nobody
// revoked it, and its last day is not over.
func (e *Engine) inForce(d *decision.Decision) bool {
	g, ok := d.Action.(decision.GrantMandate)
	granted := d.State == decision.Approved || d.State == decision.Executed
	return ok && granted && automation.CheckMandate(g, e.currency, calendar.DayIn(e.now(), e.zone)) == nil
}

// mandateOf is a mandate as automation sees it; a policy that nobody put on a rung acts.
func (e *Engine) mandateOf(d *decision.Decision, level string) automation.Mandate {
	g, _ := d.Action.(decision.GrantMandate)
	if level == "" {
		level = string(automation.Act)
	}
	return automation.Mandate{ID: d.ID, GrantMandate: g, Level: automation.Level(level)}
}
