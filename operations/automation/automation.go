// Package automation says how far a machine may decide alone.
//
// A policy is a bounded residual on the classical baseline of the other disciplines: it
// may move a price or an order a little, never replace how they are found. It climbs a
// ladder of levels as it proves better than the best classical policy, and falls as soon
// as it does harm or the world drifts away from what it learned. At the levels where it
// acts, it acts as an approver whom people named: under a mandate with limits and an end,
// inside guardrails that hold for every policy, and on the record, so that what it did can
// be judged from the log and repeated to the bit.
//
// It is not for finding prices or orders (pricing, inventory), for learning as such
// (numeric/policy) or for keeping and moving decisions (store, the Engine). Before it:
// decision. After it: plan and the Engine.
package automation

import (
	"cmp"
	"math"
	"slices"
	"time"

	"tradewind/decision"
	"tradewind/money"
)

// Level is a rung of the ladder of autonomy.
type Level string

const (
	Advise      Level = "advise"       // says what it would do
	Propose     Level = "propose"      // proposes; people approve
	Act         Level = "act"          // approves under its mandate
	ActReviewed Level = "act_reviewed" // likewise, and people look at a sample of it afterwards
)

// Levels lists every rung.
var Levels = []Level{Advise, Propose, Act, ActReviewed}

// Acts reports whether a policy of this level approves anything itself.
func (l Level) Acts() bool { return l == Act || l == ActReviewed }

// Automatable are the kinds of decision that a mandate may name: those that recur, are
// small beside the shop and need nobody's signature. Entering a market, registering for a
// tax and granting a mandate stay with people.
var Automatable = []decision.Kind{
	decision.KindReorder, decision.KindSetPrice, decision.KindRunPromotion, decision.KindStartExperiment,
	decision.KindMoveStock, decision.KindAllocateStock, decision.KindLocalizeListing,
}

// priceKinds change what a customer is asked.
var priceKinds = []decision.Kind{decision.KindSetPrice, decision.KindRunPromotion, decision.KindStartExperiment}

// ChangesPrice reports whether decisions of a kind count as changes of a price.
func ChangesPrice(k decision.Kind) bool { return slices.Contains(priceKinds, k) }

// Candidate is what mandates and guardrails see of a proposal. It is kept with every run
// of the automation, so that the run can be repeated.
type Candidate struct {
	ID          decision.ID       `json:"id"`
	Kind        decision.Kind     `json:"kind"`
	Fingerprint string            `json:"fingerprint"`
	Cash        money.Amount      `json:"cash"`           // committed
	Worst       money.Amount      `json:"worst"`          // the gain at its 10 % quantile
	Step        *float64          `json:"step,omitempty"` // largest change of a price, share of it; nil where no price changes or the one before is not known
	Exposure    decision.Exposure `json:"exposure,omitzero"`
	Assumed     int               `json:"assumed"` // inputs that nobody measured
	Expires     time.Time         `json:"expires"`
}

// CandidateOf is what a proposal is to the automation. It is false for what no policy may
// approve under any limit: a kind that stays with people, a proposal that a check blocks,
// and one that a person made.
func CandidateOf(p *decision.Proposal) (Candidate, bool) {
	if !slices.Contains(Automatable, p.Action.Kind()) || p.Blocked() || p.Author != "" {
		return Candidate{}, false
	}
	return Measure(p), true
}

// Measure is what guardrails see of any proposal.
func Measure(p *decision.Proposal) Candidate {
	return Candidate{
		ID: p.ID, Kind: p.Action.Kind(), Fingerprint: p.Fingerprint, Cash: p.Cash, Worst: p.Gain.P10,
		Step: stepOf(p.Action), Exposure: p.Exposure, Assumed: len(p.Assumed()), Expires: p.Expires.UTC(),
	}
}

// stepOf is |new/old - 1|, rounded up so that no limit is passed by a hair.
func stepOf(a decision.Action) *float64 {
	var from, to money.Amount
	switch a := a.(type) {
	case decision.SetPrice:
		from, to = a.Was, a.Price
	case decision.RunPromotion:
		from, to = a.Was, a.Price
	case decision.StartExperiment:
		from, to = a.Control, a.Test
	}
	if from.Sign() <= 0 || to.Sign() <= 0 || from.Currency() != to.Currency() {
		return nil
	}
	step := math.Abs(to.Float()-from.Float()) / from.Float()
	return new(math.Ceil(step*1e6-1e-6) / 1e6)
}

// loss is what a candidate risks: how far its gain may fall below nothing.
func (c *Candidate) loss() int64 { return max(0, -c.Worst.E4()) }

// cash is what a candidate takes out of the day; what frees cash takes none.
func (c *Candidate) cash() int64 { return max(0, c.Cash.E4()) }

// Stake is what a candidate commits or risks, whichever is more.
func (c *Candidate) Stake() money.Amount {
	if c.Cash.Currency() != c.Worst.Currency() {
		return c.Cash
	}
	return money.FromE4(max(c.cash(), c.loss()), c.Cash.Currency())
}

// byCaution orders candidates: fewest assumed inputs first, then least at risk, then least
// cash. No limit has a part in it.
func byCaution(a, b *Candidate) int {
	return cmp.Or(cmp.Compare(a.Assumed, b.Assumed), cmp.Compare(a.loss(), b.loss()), cmp.Compare(a.cash(), b.cash()), cmp.Compare(a.ID, b.ID))
}

// Used is what policies have decided so far on a day of the workspace.
type Used struct {
	Cash         int64                 `json:"cash_e4"` // committed, ten-thousandths of the reporting currency
	PriceChanges int                   `json:"price_changes"`
	Mandates     map[decision.ID]int64 `json:"mandates_e4"` // cash, by mandate
}

// Situation is all that an automated approval rests on. The same situation gives the same
// events, to the bit.
type Situation struct {
	At         time.Time      `json:"at"`
	Day        Day            `json:"day"` // of the workspace, in its zone
	Currency   money.Currency `json:"currency"`
	Paused     bool           `json:"paused"`
	Limits     Limits         `json:"limits"`
	Mandates   []Mandate      `json:"mandates"`
	Used       Used           `json:"used"`
	Candidates []Candidate    `json:"candidates"`
}

// Judgement is what became of a candidate, and why.
type Judgement struct {
	Candidate *Candidate
	Verdicts  []Verdict // of the guardrails that apply
	Mandate   *Mandate  // under which it is approved; nil: it is not
	Against   []Verdict // what of the guardrails, or of the mandate that comes closest, does not hold
}

// Within reports whether every guardrail that applies holds.
func (j *Judgement) Within() bool {
	return !slices.ContainsFunc(j.Verdicts, func(v Verdict) bool { return !v.Holds })
}

// Judge goes through the candidates in the order of caution and says which of them a
// policy approves under which mandate.
//
// A stricter limit of any kind, a mandate less or less time approves a subset of what was
// approved before: nothing slips in where something else was turned away. For each running
// total the candidates count in the order of caution whether they are approved or not, so
// what fits below a total, F(total), does not depend on the other limits, and shrinks with
// the total. What is approved is
//
//	{c : every limit on c alone holds} ∩ F(cash of the day) ∩ F(price changes of the day)
//	  ∩ ⋃ over mandates {c : the mandate's limits on c alone hold} ∩ F(its cash of the day)
//
// Each set shrinks with its own limit and is untouched by the others, and so do the
// intersection and the union. No total is exceeded: what is approved sums to no more than
// what was counted. The price is caution: what was turned away has used up its part of the
// day.
func (s *Situation) Judge() []Judgement {
	order := s.eligible()
	list := make([]Judgement, len(order))
	var counted Used
	for i, c := range order {
		counted.Cash = saturated(counted.Cash, c.cash())
		if ChangesPrice(c.Kind) {
			counted.PriceChanges++
		}
		list[i] = s.judge(c, counted)
	}
	return list
}

// eligible are the candidates in order that any limits could let pass.
func (s *Situation) eligible() []*Candidate {
	var order []*Candidate
	for i := range s.Candidates {
		c := &s.Candidates[i]
		if slices.Contains(Automatable, c.Kind) && c.Expires.After(s.At) && c.Cash.Currency() == s.Currency && c.Worst.Currency() == s.Currency {
			order = append(order, c)
		}
	}
	slices.SortFunc(order, byCaution)
	return order
}

// judge judges one candidate; counted is what it and those before it would take.
func (s *Situation) judge(c *Candidate, counted Used) Judgement {
	used := Used{Cash: saturated(s.Used.Cash, counted.Cash), PriceChanges: s.Used.PriceChanges + counted.PriceChanges}
	j := Judgement{Candidate: c, Verdicts: s.Limits.test(c, used)}
	for _, v := range j.Verdicts {
		if !v.Holds {
			j.Against = append(j.Against, v)
		}
	}
	if len(j.Against) > 0 || s.Paused {
		return j
	}
	for i := range s.Mandates {
		m := &s.Mandates[i]
		against, names := m.test(c, s, saturated(s.Used.Mandates[m.ID], counted.Cash))
		if len(against) == 0 {
			j.Mandate, j.Against = m, nil
			return j
		}
		if names && (j.Against == nil || len(against) < len(j.Against)) {
			j.Against = against
		}
	}
	if j.Against == nil {
		j.Against = []Verdict{{Name: NoMandate, Value: string(c.Kind)}}
	}
	return j
}

// Approve returns the approvals that mandates in force allow, in the order of caution.
func (s *Situation) Approve() []decision.Event {
	events := []decision.Event{}
	for _, j := range s.Judge() {
		if j.Mandate == nil {
			continue
		}
		events = append(events, decision.Event{
			Decision: j.Candidate.ID, Verb: decision.Approve, From: decision.Proposed, To: decision.Approved,
			By: decision.ByPolicy(j.Mandate.Policy), At: s.At,
			Fingerprint: j.Candidate.Fingerprint, Mandate: j.Mandate.ID, Propensity: 1,
		})
	}
	return events
}

// saturated adds what is not negative, and stays at the largest number where the sum is
// larger.
func saturated(a, b int64) int64 {
	if a > math.MaxInt64-b {
		return math.MaxInt64
	}
	return a + b
}
