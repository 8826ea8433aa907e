package decision

import (
	"slices"
	"strings"
	"time"

	"tradewind/fault"
)

// State is where a decision stands.
type State string

const (
	Proposed State = "proposed"
	Approved State = "approved"
	Rejected State = "rejected"
	Executed State = "executed"
	Failed   State = "failed"
	Expired  State = "expired"
	Measured State = "measured"
)

// Verb moves a decision from one state to the next.
type Verb string

const (
	Endorse Verb = "endorse" // the first of two approvals: another person has to agree
	Approve Verb = "approve"
	Revoke  Verb = "revoke" // takes an approval back before it was acted on, or ends what lasts: a mandate
	Reject  Verb = "reject"
	Snooze  Verb = "snooze"
	Expire  Verb = "expire"
	Execute Verb = "execute"
	Fail    Verb = "fail"
	Measure Verb = "measure"
	Reopen  Verb = "reopen" // a new plan proposes again what had expired
)

// transitions is the whole state machine.
//
//	proposed --approve--> approved --execute--> executed --measure--> measured
//	    +--reject--> rejected  +--fail--> failed
//	    +--expire--> expired   +--expire--> expired --reopen--> proposed
//	    +--snooze--> proposed  +--revoke--> proposed  executed --revoke--> rejected (a mandate)
//	    +--endorse-> proposed
var transitions = map[State]map[Verb]State{
	Proposed: {Endorse: Proposed, Approve: Approved, Reject: Rejected, Expire: Expired, Snooze: Proposed},
	Approved: {Revoke: Proposed, Execute: Executed, Fail: Failed, Expire: Expired},
	Executed: {Revoke: Rejected, Measure: Measured},
	Expired:  {Reopen: Proposed},
}

// States lists every state; Verbs every verb.
var (
	States = []State{Proposed, Approved, Rejected, Executed, Failed, Expired, Measured}
	Verbs  = []Verb{Endorse, Approve, Revoke, Reject, Snooze, Expire, Execute, Fail, Measure, Reopen}
)

// Next returns the state that a verb leads to. What the table does not allow is
// fault.Stale: somebody was faster, or the decision is at its end.
func Next(from State, verb Verb) (State, error) {
	if to, ok := transitions[from][verb]; ok {
		return to, nil
	}
	return from, fault.New(fault.Stale, "E-STATE", fault.A("state", string(from)), fault.A("verb", string(verb)))
}

// Open reports whether a decision still waits for a person or for its execution.
func (s State) Open() bool { return s == Proposed || s == Approved }

// Event is one step of a decision's history.
//
// A policy that acts under a mandate stands in By as "policy:" and its name. Mandate is
// then the decision that let it, and Propensity the probability with which the policy took
// this choice among those it had: 1 where it has no choice.
type Event struct {
	Decision ID         `json:"decision"`
	Seq      int        `json:"seq"`
	Verb     Verb       `json:"verb"`
	From     State      `json:"from"`
	To       State      `json:"to"`
	By       string     `json:"by"`
	At       time.Time  `json:"at"`
	Note     string     `json:"note,omitempty"`
	Until    *time.Time `json:"until,omitempty"`   // snooze
	Receipt  string     `json:"receipt,omitempty"` // execute

	Fingerprint string  `json:"fingerprint,omitempty"` // of what was seen: endorse, approve
	Mandate     ID      `json:"mandate,omitempty"`     // under which a policy acted
	Propensity  float64 `json:"propensity,omitempty"`  // in (0,1]; 0 where a person acted
}

// policyPrefix stands before the name of a policy in By.
const policyPrefix = "policy:"

// ByPolicy is how a policy signs what it does.
func ByPolicy(name string) string { return policyPrefix + name }

// Policy returns the name of the policy that did this; false where a person did.
func (e Event) Policy() (name string, ok bool) { return strings.CutPrefix(e.By, policyPrefix) }

// Decision is a proposal and what became of it.
type Decision struct {
	Proposal
	State        State
	SnoozedUntil time.Time // zero when not snoozed
	History      []Event
}

// Approval returns the step that approved a decision last; false where none did, or where
// it was revoked since.
func (d *Decision) Approval() (Event, bool) {
	for _, e := range slices.Backward(d.History) {
		switch e.Verb {
		case Approve:
			return e, true
		case Revoke, Reopen:
			return Event{}, false
		}
	}
	return Event{}, false
}

// Endorsers returns who has agreed to what a proposed decision is now, in the order in
// which they did: an endorsement of what it was before a newer plan counts no more, nor
// does one from before the decision was revoked or proposed again.
func (d *Decision) Endorsers() []string {
	var list []string
	for _, e := range d.History {
		switch e.Verb {
		case Endorse:
			if e.Fingerprint == d.Fingerprint && !slices.Contains(list, e.By) {
				list = append(list, e.By)
			}
		case Revoke, Reopen, Expire:
			list = nil
		}
	}
	return list
}
