package tradewind

import (
	"context"
	"time"

	"tradewind/commerce"
	"tradewind/decision"
	"tradewind/messages"
)

// Progress is how far a long verb is. Total is 0 while unknown.
type Progress struct {
	Stage       messages.Message
	Done, Total int64
}

type ImportOptions struct {
	Format   string         // a format's name; "" detects it
	Zone     string         // IANA zone of naive times; "" is the format's, then the workspace's
	DryRun   bool           // report, change nothing
	MaxBad   float64        // largest share of rows in quarantine before the file is refused; 0 is 0.05
	Progress func(Progress) // may be nil
}

type PlanOptions struct {
	Workers  int
	Progress func(Progress)
}

// DecisionFilter selects decisions; zero fields select all.
type DecisionFilter struct {
	State  decision.State
	Kind   decision.Kind
	SKU    commerce.SKU
	Market commerce.Market
	Limit  int // 0 is 50
	Offset int
	Sort   string // "gain" (default), "expires", "cash"; a leading "-" reverses
}

// Executed is what acting on one decision did.
type Executed struct {
	Decision DecisionView `json:"decision"`
	File     string       `json:"file"`
	SHA256   string       `json:"sha256"`
	Already  bool         `json:"already"` // the same bytes were there before
}

// Replayed is a decision made again from the same facts, settings and seed.
type Replayed struct {
	ID         decision.ID `json:"id"`
	Same       bool        `json:"same"`
	Difference []string    `json:"difference"` // empty when the same to the byte
}

// SKURow is a line of the SKU list.
type SKURow struct {
	SKU      commerce.SKU `json:"sku"`
	Name     string       `json:"name"`
	Units28  int64        `json:"units_28d"`
	OnHand   *int64       `json:"on_hand"`
	Cover    *float64     `json:"days_of_cover"`
	Decision decision.ID  `json:"decision,omitempty"`
}

// DemoReport is what the demo prints.
type DemoReport struct {
	Rows      Rows            `json:"rows"`
	Items     int             `json:"items"`
	Markets   int             `json:"markets"`
	Decisions []DecisionView  `json:"decisions"`
	Assumed   []LocalizedText `json:"assumed"`
	Seconds   float64         `json:"seconds"`
}

type Engine struct{}

func Open(ctx context.Context, dir string) (*Engine, error) { panic("soon") }
func Init(dir string, c Config) error                       { panic("soon") }
func (e *Engine) Close() error                              { panic("soon") }
func (e *Engine) Dir() string                               { panic("soon") }
func (e *Engine) Config() Config                            { panic("soon") }
func (e *Engine) Now() time.Time                            { panic("soon") }
func (e *Engine) Import(ctx context.Context, files []string, o ImportOptions) (*ImportReport, error) {
	panic("soon")
}
func (e *Engine) Imports(ctx context.Context) ([]FileReport, error) { panic("soon") }
func (e *Engine) Quarantine(ctx context.Context, importID int64, limit int) ([]QuarantinedRow, error) {
	panic("soon")
}
func (e *Engine) Status(ctx context.Context) (*DataStatus, error)              { panic("soon") }
func (e *Engine) Plan(ctx context.Context, o PlanOptions) (*PlanReport, error) { panic("soon") }
func (e *Engine) LatestPlan(ctx context.Context) (*PlanReport, error)          { panic("soon") }
func (e *Engine) Decisions(ctx context.Context, f DecisionFilter) ([]DecisionView, error) {
	panic("soon")
}
func (e *Engine) Explain(ctx context.Context, id decision.ID) (*Explanation, error) { panic("soon") }
func (e *Engine) Approve(ctx context.Context, id decision.ID, fingerprint, by, note string) (*DecisionView, error) {
	panic("soon")
}
func (e *Engine) Reject(ctx context.Context, id decision.ID, by, note string) (*DecisionView, error) {
	panic("soon")
}
func (e *Engine) Snooze(ctx context.Context, id decision.ID, until time.Time, by, note string) (*DecisionView, error) {
	panic("soon")
}
func (e *Engine) Execute(ctx context.Context, ids []decision.ID, by string) ([]Executed, error) {
	panic("soon")
}
func (e *Engine) Replay(ctx context.Context, id decision.ID) (*Replayed, error) { panic("soon") }
func (e *Engine) Forecast(ctx context.Context, sku commerce.SKU, market commerce.Market) (*ForecastView, error) {
	panic("soon")
}
func (e *Engine) SKUs(ctx context.Context, search string, limit int) ([]SKURow, error) { panic("soon") }
func (e *Engine) Markets(ctx context.Context) ([]MarketView, error)                    { panic("soon") }

// Demo makes or reuses the demo workspace in dir, imports the shop's two years, plans,
// and returns the open engine with its report.
func Demo(ctx context.Context, dir string, progress func(Progress)) (*Engine, *DemoReport, error) {
	panic("soon")
}
