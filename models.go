package tradewind

import (
	"time"

	"tradewind/calendar"
	"tradewind/commerce"
	"tradewind/decision"
	"tradewind/messages"
	"tradewind/money"
)

// Rows counts what became of the rows of a file. In is always the sum of the others.
type Rows struct {
	In          int64 `json:"in"`
	Loaded      int64 `json:"loaded"`
	Updated     int64 `json:"updated"`
	Unchanged   int64 `json:"unchanged"`
	Duplicate   int64 `json:"duplicate"`
	Quarantined int64 `json:"quarantined"`
	Excluded    int64 `json:"excluded"`
}

// RowMoney is Rows in money: quantity × price as the file has them, sign included.
type RowMoney struct {
	In          money.Amount `json:"in"`
	Loaded      money.Amount `json:"loaded"`
	Updated     money.Amount `json:"updated"`
	Unchanged   money.Amount `json:"unchanged"`
	Duplicate   money.Amount `json:"duplicate"`
	Quarantined money.Amount `json:"quarantined"`
	Excluded    money.Amount `json:"excluded"`
}

// RuleCount is what one named rule excluded, or one reject code quarantined.
type RuleCount struct {
	Code  string       `json:"code"`
	Rows  int64        `json:"rows"`
	Money money.Amount `json:"money"`
}

// FileReport says what one file brought. ID 0 is a dry run.
type FileReport struct {
	ID         int64         `json:"id"`
	File       string        `json:"file"`
	SHA256     string        `json:"sha256"`
	Bytes      int64         `json:"bytes"`
	Format     string        `json:"format"`
	Encoding   string        `json:"encoding"`
	Zone       string        `json:"zone"`
	Already    bool          `json:"already_imported"` // the same bytes came before
	Rows       Rows          `json:"rows"`
	Money      RowMoney      `json:"money"`
	Excluded   []RuleCount   `json:"excluded_by_rule"`
	Quarantine []RuleCount   `json:"quarantined_by_code"`
	From       *calendar.Day `json:"from,omitempty"`
	To         *calendar.Day `json:"to,omitempty"`
	At         time.Time     `json:"at"`
}

// ImportReport says what an import brought, file by file and in all.
type ImportReport struct {
	Files  []FileReport `json:"files"`
	Rows   Rows         `json:"rows"`
	DryRun bool         `json:"dry_run"`
}

// QuarantinedRow is a row that waits for somebody to mend it.
type QuarantinedRow struct {
	Import int64         `json:"import"`
	File   string        `json:"file"`
	Line   int64         `json:"line"`
	Column string        `json:"column"`
	Code   string        `json:"code"`
	Raw    string        `json:"raw"`
	Reason LocalizedText `json:"reason"`
	Remedy LocalizedText `json:"remedy"`
}

// LocalizedText is a rendered message in every language.
type LocalizedText struct {
	English string `json:"en"`
	Chinese string `json:"zh"`
}

// In returns the text in a language.
func (t LocalizedText) In(lang messages.Language) string {
	if lang == messages.Chinese {
		return t.Chinese
	}
	return t.English
}

func localized(m messages.Message) LocalizedText {
	return LocalizedText{m.In(messages.English), m.In(messages.Chinese)}
}

// DataStatus says what the workspace knows and how old it is.
type DataStatus struct {
	FactsAsOf *calendar.Day      `json:"facts_as_of"` // nil: no facts yet
	RulesAsOf calendar.Day       `json:"rules_as_of"`
	Clock     time.Time          `json:"clock"`
	Currency  money.Currency     `json:"currency"`
	Tables    []TableStatus      `json:"tables"`
	Imports   []FileReport       `json:"imports"` // newest first
	Rows      Rows               `json:"rows"`    // over all imports
	Returns   ReturnStatus       `json:"returns"`
	Missing   []messages.Message `json:"-"` // what to import next, and what it would allow
	Advice    []LocalizedText    `json:"missing"`
	Markets   int                `json:"markets"`
	SKUs      int                `json:"skus"`
	Span      *calendar.Period   `json:"span,omitempty"`
}

// TableStatus is one kind of fact.
type TableStatus struct {
	Name    string        `json:"name"`
	Rows    int64         `json:"rows"`
	Assumed int64         `json:"assumed"`
	Newest  *calendar.Day `json:"newest,omitempty"`
}

// ReturnStatus says how many credit notes were tied to their sales.
type ReturnStatus struct {
	Credits   int64        `json:"credits"`
	Matched   int64        `json:"matched"`   // wholly or in part
	Returned  int64        `json:"returned"`  // events
	Cancelled int64        `json:"cancelled"` // events
	Unmatched money.Amount `json:"unmatched"`
}

// DecisionView is a decision as lists show it.
type DecisionView struct {
	ID          decision.ID      `json:"id"`
	Kind        decision.Kind    `json:"kind"`
	Subject     decision.Subject `json:"subject"`
	Product     string           `json:"product,omitempty"`
	Gain        GainView         `json:"gain"`
	Cash        money.Amount     `json:"cash"`
	State       decision.State   `json:"state"`
	Expires     time.Time        `json:"expires"`
	Snoozed     *time.Time       `json:"snoozed_until,omitempty"`
	Summary     LocalizedText    `json:"summary"`
	Assumed     []string         `json:"assumed"`
	Blocked     bool             `json:"blocked"`
	Fingerprint string           `json:"fingerprint"`
}

// GainView is a gain as lists show it.
type GainView struct {
	Mean  money.Amount `json:"mean"`
	P10   money.Amount `json:"p10"`
	P90   money.Amount `json:"p90"`
	Level float64      `json:"level"`
}

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
	Rules        []CheckView       `json:"rules"`
	Guardrails   []CheckView       `json:"guardrails"`
	TrackRecord  TrackRecord       `json:"track_record"`
	Reproduce    Reproduce         `json:"reproduce"`
	Caveats      []LocalizedText   `json:"caveats"`
	History      []decision.Event  `json:"history"`
}

type ImpactView struct {
	Mean     money.Amount   `json:"mean"`
	P10      money.Amount   `json:"p10"`
	P50      money.Amount   `json:"p50"`
	P90      money.Amount   `json:"p90"`
	Currency money.Currency `json:"currency"`
	Horizon  int            `json:"horizon_days"`
}

type DriverView struct {
	Name   LocalizedText `json:"name"`
	Amount money.Amount  `json:"amount"`
}

type AlternativeView struct {
	Name   LocalizedText `json:"name"`
	Gain   GainView      `json:"gain"`
	Cash   money.Amount  `json:"cash"`
	Chosen bool          `json:"chosen"`
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

// TrackRecord is how decisions of this kind turned out. Until the first one is measured
// it holds the backtest of the forecast behind the decision.
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

// PlanReport says what a plan decided and what it left out.
type PlanReport struct {
	FactsAsOf calendar.Day     `json:"facts_as_of"`
	Snapshot  string           `json:"data_fingerprint"`
	Items     int              `json:"items"`
	Markets   int              `json:"markets"`
	Decisions []DecisionView   `json:"decisions"`
	Gain      money.Amount     `json:"gain"`
	Cash      money.Amount     `json:"cash"`
	LeftOut   []LeftOutView    `json:"left_out"`
	Limits    []ConstraintView `json:"limits"`
	Warnings  []LocalizedText  `json:"warnings"`
	Seconds   float64          `json:"seconds"`
}

// LeftOutView is what a plan did not propose, and why.
type LeftOutView struct {
	Subject decision.Subject `json:"subject"`
	Gain    money.Amount     `json:"gain"`
	Cash    money.Amount     `json:"cash"`
	Reason  LocalizedText    `json:"reason"`
}

// ForecastView is the demand of one item, or of a SKU over the markets that a location
// serves, past and expected.
type ForecastView struct {
	Item      commerce.Item    `json:"item"` // market "" is all markets
	Product   string           `json:"product"`
	Model     string           `json:"model"`
	Pooled    bool             `json:"pooled"` // too little history of its own
	Value     messages.Decimal `json:"-"`
	Skill     *float64         `json:"value_added"` // 1 - RMSSE / RMSSE of seasonal naive, backtest; nil: not measured
	History   []DemandPoint    `json:"history"`
	Forecast  []ForecastPoint  `json:"forecast"`
	Total     Quantiles        `json:"total"` // over the horizon
	Stock     []StockPoint     `json:"stock"` // projected, without and with the open order
	Decisions []DecisionView   `json:"decisions"`
	Notes     []LocalizedText  `json:"notes"`
	Facts     []InputView      `json:"facts"` // stock, cost, lead time …
}

type DemandPoint struct {
	Day      calendar.Day `json:"day"`
	Units    int64        `json:"units"`
	Returned int64        `json:"returned"`
}

type ForecastPoint struct {
	Day  calendar.Day `json:"day"`
	Mean float64      `json:"mean"`
	P10  float64      `json:"p10"`
	P50  float64      `json:"p50"`
	P90  float64      `json:"p90"`
}

type Quantiles struct {
	Mean float64 `json:"mean"`
	P10  float64 `json:"p10"`
	P50  float64 `json:"p50"`
	P90  float64 `json:"p90"`
}

type StockPoint struct {
	Day        calendar.Day `json:"day"`
	Without    float64      `json:"without_p50"`
	WithoutP10 float64      `json:"without_p10"`
	With       float64      `json:"with_p50"`
	WithP10    float64      `json:"with_p10"`
}

// MarketView is one market's rank and what it rests on.
type MarketView struct {
	Rank     int             `json:"rank"`
	Market   commerce.Market `json:"market"`
	Name     LocalizedText   `json:"name"`
	Sales    money.Amount    `json:"sales"` // last 365 days, net of returns
	Share    float64         `json:"share"`
	Growth   IntervalView    `json:"growth"`                // year on year, shrunk towards the mean of all markets
	Margin   IntervalView    `json:"margin_rate"`           // contribution rate
	Score    IntervalView    `json:"expected_contribution"` // next 365 days, reporting currency
	TopThree float64         `json:"p_top3"`                // probability of a rank of 3 or better
	Orders   int64           `json:"orders"`
	Assumed  []string        `json:"assumed"`
	Note     LocalizedText   `json:"note"`
}

// IntervalView is an estimate with its 80 % interval.
type IntervalView struct {
	Mean float64 `json:"mean"`
	Low  float64 `json:"p10"`
	High float64 `json:"p90"`
}
