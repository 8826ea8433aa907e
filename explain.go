package tradewind

import (
	"context"

	"tradewind/calendar"
	"tradewind/decision"
	"tradewind/fault"
	"tradewind/messages"
	"tradewind/money"
	"tradewind/store"
)

// Explanation is the whole case for a decision: the same object on the command line, in
// the console and in JSON.
type Explanation struct {
	DecisionView
	Proposal     decision.Action   `json:"proposal"`
	Impact       ImpactView        `json:"impact"`
	Reasons      []LocalizedText   `json:"reasons"`
	Drivers      []DriverView      `json:"drivers"`
	Alternatives []AlternativeView `json:"alternatives"`
	Flips        []FlipView        `json:"flips"`
	Binding      []ConstraintView  `json:"constraints_binding"`
	Inputs       []InputView       `json:"inputs"`
	Rules        []RuleCited       `json:"rules"`
	Guardrails   []CheckView       `json:"guardrails"`
	TrackRecord  TrackRecord       `json:"track_record"`
	Reproduce    Reproduce         `json:"reproduce"`
	Caveats      []LocalizedText   `json:"caveats"`
	History      []decision.Event  `json:"history"`
	NotAdvice    *LocalizedText    `json:"not_legal_advice"` // where rules are cited

	Exposure    decision.Exposure `json:"exposure"`
	Compensates decision.ID       `json:"compensates,omitempty"` // the executed decision that this one takes back
	Reversible  bool              `json:"reversible"`
}

type ImpactView struct {
	Mean     money.Amount   `json:"mean"`
	P10      money.Amount   `json:"p10"`
	P50      money.Amount   `json:"p50"`
	P90      money.Amount   `json:"p90"`
	Currency money.Currency `json:"currency"`
	Horizon  int            `json:"horizon"` // days
}

type DriverView struct {
	Name   LocalizedText `json:"name"`
	Amount money.Amount  `json:"amount"`
}

type AlternativeView struct {
	Name    LocalizedText `json:"name"`
	Gain    GainView      `json:"gain"`
	P50     money.Amount  `json:"p50"`
	Horizon int           `json:"horizon"` // days
	Cash    money.Amount  `json:"cash"`
	Chosen  bool          `json:"chosen"`
}

type FlipView struct {
	Input   string        `json:"input"`
	Name    LocalizedText `json:"name"`
	Now     float64       `json:"now"`
	At      float64       `json:"at"`
	Becomes LocalizedText `json:"becomes"`
}

type ConstraintView struct {
	Name   LocalizedText `json:"name"`
	Shadow money.Amount  `json:"shadow_price"`
}

type InputView struct {
	Key     string        `json:"key"`
	Name    LocalizedText `json:"name"`
	Value   string        `json:"value"`
	Source  string        `json:"source"`
	AsOf    calendar.Day  `json:"as_of"`
	AgeDays int           `json:"age_days"`
	Assumed bool          `json:"assumed"`
}

type CheckView struct {
	Name    LocalizedText    `json:"name"`
	Outcome decision.Outcome `json:"outcome"`
	Limit   string           `json:"limit"`
	Value   string           `json:"value"`
}

// TrackRecord is how decisions of this kind turned out, with the backtest of the forecast
// behind this one.
type TrackRecord struct {
	Decided  int           `json:"decided"`
	Measured int           `json:"measured"`
	Note     LocalizedText `json:"note"`
}

// Reproduce is how to make the decision again.
type Reproduce struct {
	Command  string `json:"command"`
	Model    string `json:"model"`
	Seed     uint64 `json:"seed"`
	Snapshot string `json:"data_fingerprint"`
	Config   string `json:"config_fingerprint"`
	Version  string `json:"version"`
}

// Explain returns the whole case for a decision.
func (e *Engine) Explain(ctx context.Context, id decision.ID) (*Explanation, error) {
	if err := e.expire(ctx); err != nil {
		return nil, err
	}
	d, err := e.db.Decision(ctx, id)
	if err != nil {
		return nil, err
	}
	x := &Explanation{
		DecisionView: viewOf(store.ListingOf(d), e.productNames(ctx)),
		Proposal:     d.Action,
		Impact: ImpactView{d.Gain.Mean, d.Gain.P10, d.Gain.P50, d.Gain.P90,
			d.Gain.Mean.Currency(), d.Gain.Horizon},
		Reasons:    localizedAll(d.Reasons),
		Caveats:    localizedAll(d.Caveats),
		History:    d.History,
		Rules:      cited(d.Rules),
		Guardrails: []CheckView{},
		Flips:      []FlipView{},
		Binding:    []ConstraintView{},
		Reproduce: Reproduce{
			Command: "tradewind decisions replay " + string(d.ID), Model: d.Run.Model, Seed: d.Run.Seed,
			Snapshot: d.Run.Snapshot, Config: d.Run.Config, Version: d.Run.Version,
		},
	}
	for _, p := range d.Drivers {
		x.Drivers = append(x.Drivers, DriverView{localized(p.Name), p.Amount})
	}
	for _, a := range d.Alternatives {
		x.Alternatives = append(x.Alternatives, AlternativeView{localized(a.Name), gainOf(a.Gain), a.Gain.P50, a.Gain.Horizon, a.Cash, a.Chosen})
	}
	for _, f := range d.Flips {
		x.Flips = append(x.Flips, FlipView{f.Input, localized(f.Name), f.Now, f.At, localized(f.Becomes)})
	}
	for _, c := range d.Binding {
		x.Binding = append(x.Binding, ConstraintView{localized(c.Name), c.Shadow})
	}
	for _, in := range d.Inputs {
		x.Inputs = append(x.Inputs, e.inputView(in))
	}
	if len(x.Rules) > 0 {
		x.NotAdvice = new(notAdvice())
	}
	for _, c := range d.Checks {
		x.Guardrails = append(x.Guardrails, CheckView{localized(c.Name), c.Outcome, c.Limit, c.Value})
	}
	x.Exposure, x.Compensates, x.Reversible = d.Exposure, d.Compensates, Reversible(d.Action)
	if d.State == decision.Proposed {
		now, err := e.reconsidered(ctx, d)
		if err != nil && fault.Of(err) == nil { // what is forbidden by now is said to whoever approves
			return nil, err
		}
		needs, err := e.approvalsOf(ctx, d, now)
		if err != nil {
			return nil, err
		}
		x.Approvals = needs.view()
	}
	x.TrackRecord, err = e.trackRecord(ctx, d)
	return x, err
}

func (e *Engine) inputView(in decision.Input) InputView {
	today := calendar.DayIn(e.now(), e.zone)
	return InputView{in.Key, localized(in.Name), in.Value, in.Source, in.AsOf, max(0, today.Sub(in.AsOf)), in.Assumed}
}

// trackRecord counts the decisions of a kind that were decided and measured, and says how
// the forecast behind this one did.
func (e *Engine) trackRecord(ctx context.Context, d *decision.Decision) (TrackRecord, error) {
	counts, err := e.db.CountKind(ctx, d.Action.Kind())
	if err != nil {
		return TrackRecord{}, err
	}
	r := TrackRecord{Measured: counts[decision.Measured]}
	r.Decided = r.Measured + counts[decision.Approved] + counts[decision.Executed] + counts[decision.Rejected] + counts[decision.Failed]
	code := "engine.track-record.backtest"
	if r.Measured > 0 {
		code = "engine.track-record.measured"
	}
	r.Note = localized(messages.M(code, messages.A("decided", r.Decided), messages.A("measured", r.Measured), messages.A("backtest", inWords(d.Backtest))))
	return r, nil
}

// inWords gives a message the name of a method in words: decisions keep the stable name.
func inWords(m messages.Message) messages.Message {
	said := messages.Message{Code: m.Code}
	for _, a := range m.Args {
		if name, ok := a.Value.(string); ok && a.Name == "method" {
			a.Value = messages.MethodBoth(name)
		}
		said.Args = append(said.Args, a)
	}
	return said
}
