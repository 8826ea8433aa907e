// Package benchmark measures how good and how fast Tradewind is, on real data and
// through the product's own path, and holds the figures against goals. One file a bench;
// each bench gives rows, and a row whose must is missed fails the run.
//
// Whatever is timed runs alone in a process of its own, so that CPU seconds and peak
// memory are those of the work: see child.go. Ratios are of CPU seconds, alternate the
// two sides, and are medians, because machines are shared.
//
// It may import everything, and nothing imports it but cmd/benchmark.
package benchmark

import (
	"context"
	"fmt"
	"io"
	"math"
	"os"
	"path/filepath"
	"slices"
	"time"
)

// Row is one figure and the goal that it is held against.
type Row struct {
	Bench     string   `json:"bench"`
	Name      string   `json:"name"`
	Value     *float64 `json:"value"` // nil: not measured, see Reason
	Unit      string   `json:"unit"`
	Better    string   `json:"better"` // lower or higher
	Must      *float64 `json:"must"`   // the limit that a release keeps; nil: for information
	Aim       *float64 `json:"aim"`
	Reference string   `json:"reference"` // what the figure is compared with, or where the goal is from
	Source    string   `json:"source"`    // how it was measured
	OK        *bool    `json:"ok"`        // whether Must is kept; nil: there is none, or nothing was measured
	Reason    string   `json:"reason,omitempty"`
}

const (
	lower  = "lower"
	higher = "higher"
)

// bench is one discipline of the benchmark.
type bench struct {
	name, about string
	measure     func(context.Context, *run) ([]Row, error)
}

// benches in the order in which they run.
var benches = []bench{
	{"import", "reading two years of orders into a fresh workspace, and again", measureImport},
	{"plan", "from facts to ranked decisions, on one goroutine and on many", measurePlan},
	{"demo", "the built program, from its start to its first decision", measureDemo},
	{"console", "weight and answer time of every page", measureConsole},
	{"demand", "forecasts against what was sold, at three origins", measureDemand},
	{"intermittent", "six-month totals of spare parts that seldom sell, beside IMAPA", measureIntermittent},
	{"forecast", "published competitions, the default method against the single ones", measureForecast},
	{"inventory", "orders judged a second, textbook answers, lost sales, a store of car parts", measureInventory},
	{"automation", "Q-learning against known optima, learned prices and orders, off-policy verdicts, guardrails", measureAutomation},
	{"landed", "landed cost: golden cases to the cent, quotes a second", measureLanded},
	{"expansion", "textbook rankings, ranks under unknown weights, sales in markets left out", measureExpansion},
	{"pricing", "regressions, elasticities and prices on stores whose truth is known", measurePricing},
	{"promotion", "what promotions add, foretold and in truth; plans beside every plan", measurePromotion},
	{"neural", "one epoch of a small LSTM, beside PyTorch", measureNeural},
	{"compliance", "names screened against a sanctions list, products against the law", measureCompliance},
	{"tree", "gradient boosting and random forest, beside xgboost and scikit-learn", measureTree},
	{"classification", "codes of goods from their texts, beside the nearest text", measureClassification},
}

// run is what the benches of one run share.
type run struct {
	data  string // folder of external data; "" when none is given
	peers bool
	temp  string

	contest contestQuestion // a competition of the user's own
	log     io.Writer

	found    *orders // see files
	stock    string  // the workspace, once it is made: see workspace
	learners []Row   // see learnerRows
}

// measure runs the benches and judges their rows. A bench that fails to measure becomes
// a row of its own that is not ok: a figure that nobody could take is a missed one.
func (r *run) measure(ctx context.Context, chosen []bench) []Row {
	rows := []Row{}
	for _, b := range chosen {
		start := time.Now()
		fmt.Fprintf(r.log, "%s: %s …\n", b.name, b.about)
		measured, err := b.measure(ctx, r)
		if err != nil {
			fmt.Fprintf(r.log, "%s: %v\n", b.name, err)
			measured = append(measured, Row{Name: "completed", Unit: "0 or 1", Better: higher, Value: new(0.0), Must: new(1.0), Reason: err.Error()})
		}
		for _, row := range measured {
			row.Bench = b.name
			rows = append(rows, judged(row))
		}
		fmt.Fprintf(r.log, "%s: done in %.0f s\n", b.name, time.Since(start).Seconds())
	}
	return rows
}

// judged fills in whether a row keeps its must, or why that is not known.
func judged(r Row) Row {
	switch {
	case r.Value != nil && (math.IsNaN(*r.Value) || math.IsInf(*r.Value, 0)):
		r.Value, r.OK, r.Reason = nil, new(false), "the figure is not a number"
	case r.Value == nil && r.Reason == "":
		r.Reason = "not measured"
	case r.Value == nil:
	case r.Must == nil:
		r.Reason = "no goal: for information"
	case r.Better == higher:
		r.OK = new(*r.Value >= *r.Must)
	default:
		r.OK = new(*r.Value <= *r.Must)
	}
	return r
}

// missed reports whether any must is missed.
func missed(rows []Row) bool {
	return slices.ContainsFunc(rows, func(r Row) bool { return r.OK != nil && !*r.OK })
}

// between gives the two rows of a figure that must lie in a range.
func between(r Row, least, most float64) []Row {
	low, high := r, r
	low.Name, low.Better, low.Must = r.Name+", at least", higher, new(least)
	high.Name, high.Better, high.Must = r.Name+", at most", lower, new(most)
	return []Row{low, high}
}

// flag is 1 for true.
func flag(b bool) *float64 {
	if b {
		return new(1.0)
	}
	return new(0.0)
}

// median returns the middle value, or the mean of the two middle ones.
func median(xs []float64) float64 {
	s := slices.Sorted(slices.Values(xs))
	n := len(s)
	return (s[(n-1)/2] + s[n/2]) / 2
}

// folder makes a new folder in the run's own.
func (r *run) folder(name string) (string, error) {
	return os.MkdirTemp(r.temp, filepath.Base(name)+"-")
}
