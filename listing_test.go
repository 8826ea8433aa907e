package tradewind

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"tradewind/decision"
)

// TestListingsSayWhatDecisionsAre, field by field.
func TestListingsSayWhatDecisionsAre(t *testing.T) {
	e, report := demo(t)
	listed, err := e.Decisions(t.Context(), DecisionFilter{Limit: 1000})
	if err != nil || len(listed) != len(report.Decisions) {
		t.Fatalf("%d are listed, %d planned: %v", len(listed), len(report.Decisions), err)
	}
	for _, d := range listed {
		if diff := cmp.Diff(explain(t, e, d.ID).DecisionView, d, words); diff != "" {
			t.Fatalf("%s (-explained +listed):\n%s", d.ID, diff)
		}
	}
}

// TestEveryListKnowsTheNames, also where no product file gives any.
func TestEveryListKnowsTheNames(t *testing.T) {
	e := workspace(t, demoConfig)
	mustImport(t, e, ImportOptions{}, append(append([]string{}, sampleOrders...), sampleAssumed[1:]...)...)
	p := mustPlan(t, e)
	d := on(t, p, "22763")
	if d.Product == "" {
		t.Fatal("the plan shows no name")
	}
	listed, err := e.Decisions(t.Context(), DecisionFilter{SKU: "22763"})
	if err != nil || len(listed) != 1 || listed[0].Product != d.Product {
		t.Errorf("listed as %+v, %v, want %q", listed, err, d.Product)
	}
	if got := explain(t, e, d.ID).Product; got != d.Product {
		t.Errorf("explained as %q, want %q", got, d.Product)
	}
	f, err := e.Forecast(t.Context(), "22763", "")
	if err != nil || f.Product != d.Product {
		t.Errorf("forecast of %q, %v, want %q", f.Product, err, d.Product)
	}
	approved, err := e.Approve(t.Context(), d.ID, d.Fingerprint, ann, "")
	if err != nil || approved.Product != d.Product {
		t.Errorf("approved as %q, %v, want %q", approved.Product, err, d.Product)
	}
	if done := mustExecute(t, e); done[0].Decision.Product != d.Product {
		t.Errorf("executed as %q, want %q", done[0].Decision.Product, d.Product)
	}
}

// TestAnExplanationHoldsItsContract where it was thin: the rows behind the inputs, the
// middle of each alternative, and the record of its own kind.
func TestAnExplanationHoldsItsContract(t *testing.T) {
	e, p := planned(t)
	x := explain(t, e, on(t, p, "22763").ID)
	for _, in := range x.Inputs {
		if strings.HasPrefix(in.Key, "cost.") || strings.HasPrefix(in.Key, "supply.") || in.Key == "stock.on_hand" {
			if file, line, ok := strings.Cut(in.Source, ":"); !ok || !strings.HasSuffix(file, ".csv") || strings.Trim(line, "0123456789") != "" {
				t.Errorf("%s comes from %q, want a file and a line", in.Key, in.Source)
			}
		}
	}
	for _, a := range x.Alternatives {
		if a.Horizon != x.Impact.Horizon || a.P50.Cmp(a.Gain.P10) < 0 || a.P50.Cmp(a.Gain.P90) > 0 {
			t.Errorf("%s: p50 %v of %+v over %d days", a.Name.English, a.P50, a.Gain, a.Horizon)
		}
	}
	if note := x.TrackRecord.Note; !strings.Contains(note.English, "backtest") || !strings.Contains(note.Chinese, "回测") {
		t.Errorf("the record says %q", note)
	}
	other := *stored(t, e, x.ID)
	other.Action = decision.SetPrice{}
	r, err := e.trackRecord(t.Context(), &other)
	if err != nil || r.Decided != 0 {
		t.Errorf("prices: %+v, %v", r, err)
	}
	mustApprove(t, e, x.DecisionView)
	if got := explain(t, e, x.ID).TrackRecord.Decided; got != 1 {
		t.Errorf("%d orders are decided, want 1", got)
	}
	if r, err = e.trackRecord(t.Context(), &other); err != nil || r.Decided != 0 {
		t.Errorf("prices after an order was decided: %+v, %v", r, err)
	}
}

func stored(t *testing.T, e *Engine, id decision.ID) *decision.Decision {
	t.Helper()
	d, err := e.db.Decision(t.Context(), id)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// BenchmarkDecisions lists the two hundred decisions of the demo.
func BenchmarkDecisions(b *testing.B) {
	e, _ := demo(b)
	for b.Loop() {
		list, err := e.Decisions(b.Context(), DecisionFilter{Limit: 200})
		if err != nil || len(list) < 100 {
			b.Fatal(len(list), err)
		}
	}
	b.ReportMetric(float64(b.Elapsed())/float64(b.N)/float64(time.Millisecond), "ms/list")
}
