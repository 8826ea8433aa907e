package decision

import (
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
	Approve Verb = "approve"
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
//	    +--snooze--> proposed
var transitions = map[State]map[Verb]State{
	Proposed: {Approve: Approved, Reject: Rejected, Expire: Expired, Snooze: Proposed},
	Approved: {Execute: Executed, Fail: Failed, Expire: Expired},
	Executed: {Measure: Measured},
	Expired:  {Reopen: Proposed},
}

// States lists every state; Verbs every verb.
var (
	States = []State{Proposed, Approved, Rejected, Executed, Failed, Expired, Measured}
	Verbs  = []Verb{Approve, Reject, Snooze, Expire, Execute, Fail, Measure, Reopen}
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
}

// Decision is a proposal and what became of it.
type Decision struct {
	Proposal
	State        State
	SnoozedUntil time.Time // zero when not snoozed
	History      []Event
}
