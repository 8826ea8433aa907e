// Package decision is the one concept that every discipline ends in: a proposal to act,
// what it is worth and why, and the states that it passes through. Only an approved
// decision reaches the world.
//
// Before it: commerce, money, messages. After it: the operations, which emit proposals,
// plan, which chooses among them, store, which keeps them, and connect, which acts.
package decision

import (
	"encoding/json"
	"time"

	"tradewind/calendar"
	"tradewind/law"
	"tradewind/messages"
	"tradewind/money"
)

// ID names a decision: "D-" and eight letters or digits of the base-32 hash of kind,
// subject and plan.
type ID string

// Estimate is an amount that is not known yet: its mean and its 10 %, 50 % and 90 %
// quantiles over a horizon. Level is the mass between P10 and P90.
type Estimate struct {
	Mean    money.Amount `json:"mean"`
	P10     money.Amount `json:"p10"`
	P50     money.Amount `json:"p50"`
	P90     money.Amount `json:"p90"`
	Level   float64      `json:"level"`
	Horizon int          `json:"horizon_days"`
}

// Driver is one part of a gain. The drivers of a proposal sum to its mean.
type Driver struct {
	Name   messages.Message `json:"name"`
	Amount money.Amount     `json:"amount"`
}

// Alternative is another action on the same subject under the same objective.
type Alternative struct {
	Name   messages.Message `json:"name"` // what would be done
	Gain   Estimate         `json:"gain"` // against doing nothing
	Cash   money.Amount     `json:"cash"` // committed
	Chosen bool             `json:"chosen"`
}

// Flip is the smallest change of one input that changes the answer. It was verified by
// solving again on both sides of At.
type Flip struct {
	Input   string           `json:"input"`   // key of the input, as in Input.Key
	Name    messages.Message `json:"name"`    // what the input is
	Now     float64          `json:"now"`     // its value today
	At      float64          `json:"at"`      // where the answer changes
	Becomes messages.Message `json:"becomes"` // the answer beyond At
}

// Constraint is a limit that shaped the answer. Shadow is what one more unit of the
// limit would earn; zero where that has no price.
type Constraint struct {
	Name   messages.Message `json:"name"`
	Shadow money.Amount     `json:"shadow"`
}

// Input is one value that the answer rests on. Value is its canonical text: an approval
// compares it with the value of now.
type Input struct {
	Key     string           `json:"key"`
	Name    messages.Message `json:"name"`
	Value   string           `json:"value"`
	Source  string           `json:"source"`
	AsOf    calendar.Day     `json:"as_of"`
	Assumed bool             `json:"assumed"`
}

// Outcome is what a check says.
type Outcome string

const (
	Pass  Outcome = "pass"
	Warn  Outcome = "warn"
	Block Outcome = "block" // stops approval
)

// Check is a rule or a guardrail applied to the proposal.
type Check struct {
	Name    messages.Message `json:"name"`
	Outcome Outcome          `json:"outcome"`
	Limit   string           `json:"limit"`
	Value   string           `json:"value"`
}

// Run is what it takes to make the same proposal again.
type Run struct {
	Snapshot string `json:"snapshot"` // hash of the facts
	Config   string `json:"config"`   // hash of the settings
	Seed     uint64 `json:"seed"`
	Version  string `json:"version"`          // of the program
	Model    string `json:"model"`            // the forecast and the policy behind it
	Rules    string `json:"rules,omitempty"`  // day and version of the book of rules
	Placed   []ID   `json:"placed,omitempty"` // orders on their way that no stock count knows yet, sorted

	Overrides []string `json:"overrides,omitempty"` // what people expected in place of the forecast, in the order of its making

	Learned string `json:"learned,omitempty"` // stands for what learned policies said, of all sites
}

// Exposure is what guardrails measure of a proposal beside its cash, its gain and its
// action. What is nil does not apply, or is not known: a guardrail that asks for it then
// does not hold.
type Exposure struct {
	Margin *float64 `json:"margin,omitempty"`     // contribution of a unit after landed cost, fees and returns: share of the price asked
	Cover  *float64 `json:"cover_days,omitempty"` // days of demand that stock, what is on its way and the order last together
}

// Proposal is an action with everything that a person needs to judge it.
type Proposal struct {
	ID           ID
	Action       Action
	Gain         Estimate // against doing nothing
	Cash         money.Amount
	Summary      messages.Message
	Reasons      []messages.Message // why, in reading order
	Drivers      []Driver
	Alternatives []Alternative // two at least; one is doing nothing
	Flips        []Flip
	Binding      []Constraint
	Inputs       []Input
	Checks       []Check
	Rules        []law.Ref // that the answer rests on
	Caveats      []messages.Message
	Backtest     messages.Message // how the forecast behind it did on the past
	Expires      time.Time
	Run          Run
	Fingerprint  string // of the action, the gain and the inputs: what an approval is bound to

	Exposure    Exposure
	Author      string // the person who proposed it; "" is a plan
	Compensates ID     // the executed decision that this one takes back; "" is none
}

// Assumed returns the keys of the inputs that nobody measured.
func (p *Proposal) Assumed() []string {
	keys := []string{}
	for _, in := range p.Inputs {
		if in.Assumed {
			keys = append(keys, in.Key)
		}
	}
	return keys
}

// Blocked reports whether a check forbids approval.
func (p *Proposal) Blocked() bool {
	for _, c := range p.Checks {
		if c.Outcome == Block {
			return true
		}
	}
	return false
}

// storedProposal is Proposal with the action in its tagged form.
type storedProposal struct {
	ID           ID                 `json:"id"`
	Action       json.RawMessage    `json:"action"`
	Gain         Estimate           `json:"gain"`
	Cash         money.Amount       `json:"cash"`
	Summary      messages.Message   `json:"summary"`
	Reasons      []messages.Message `json:"reasons"`
	Drivers      []Driver           `json:"drivers"`
	Alternatives []Alternative      `json:"alternatives"`
	Flips        []Flip             `json:"flips"`
	Binding      []Constraint       `json:"constraints_binding"`
	Inputs       []Input            `json:"inputs"`
	Checks       []Check            `json:"checks"`
	Rules        []law.Ref          `json:"rules,omitempty"`
	Caveats      []messages.Message `json:"caveats"`
	Backtest     messages.Message   `json:"backtest"`
	Expires      time.Time          `json:"expires"`
	Run          Run                `json:"run"`
	Fingerprint  string             `json:"fingerprint"`

	Exposure    Exposure `json:"exposure,omitzero"`
	Author      string   `json:"author,omitempty"`
	Compensates ID       `json:"compensates,omitempty"`
}

// MarshalJSON writes the stored form of a proposal: what the database keeps and what
// replay compares byte by byte.
func (p Proposal) MarshalJSON() ([]byte, error) {
	action, err := EncodeAction(p.Action)
	if err != nil {
		return nil, err
	}
	return json.Marshal(storedProposal{p.ID, action, p.Gain, p.Cash, p.Summary, p.Reasons, p.Drivers,
		p.Alternatives, p.Flips, p.Binding, p.Inputs, p.Checks, p.Rules, p.Caveats, p.Backtest, p.Expires.UTC(), p.Run, p.Fingerprint,
		p.Exposure, p.Author, p.Compensates})
}

// UnmarshalJSON reads what MarshalJSON writes.
func (p *Proposal) UnmarshalJSON(data []byte) error {
	var s storedProposal
	if err := json.Unmarshal(data, &s); err != nil {
		return err
	}
	action, err := DecodeAction(s.Action)
	if err != nil {
		return err
	}
	*p = Proposal{s.ID, action, s.Gain, s.Cash, s.Summary, s.Reasons, s.Drivers,
		s.Alternatives, s.Flips, s.Binding, s.Inputs, s.Checks, s.Rules, s.Caveats, s.Backtest, s.Expires, s.Run, s.Fingerprint,
		s.Exposure, s.Author, s.Compensates}
	return nil
}
