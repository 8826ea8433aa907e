package tradewind

import (
	"context"
	"encoding/csv"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"tradewind/decision"
	"tradewind/fault"
)

func TestExecute(t *testing.T) {
	e, p := planned(t)
	d, other := on(t, p, "22763"), on(t, p, "22797")
	unchanged(t, e, func() {
		_, err := e.Execute(t.Context(), []decision.ID{d.ID}, ann)
		refused(t, err, fault.Stale, "E-STATE")
		_, err = e.Execute(t.Context(), []decision.ID{"D-00000000"}, ann)
		refused(t, err, fault.NotFound, "E-DECISION-NOT-FOUND")
		if done, err := e.Execute(t.Context(), nil, ann); err != nil || len(done) != 0 {
			t.Errorf("with nothing approved: %v, %v", done, err)
		}
	})
	if _, err := e.Reject(t.Context(), other.ID, ann, ""); err != nil {
		t.Fatal(err)
	}
	_, err := e.Execute(t.Context(), []decision.ID{other.ID}, ann)
	refused(t, err, fault.Stale, "E-STATE")
	if _, err := os.Stat(filepath.Join(e.Dir(), "outbox")); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("something was written before anything was approved: %v", err)
	}

	if _, err := e.Approve(t.Context(), d.ID, d.Fingerprint, ann, ""); err != nil {
		t.Fatal(err)
	}
	// Many at once: one file, one event, and everybody is told where it is.
	results := make([][]Executed, 20)
	errs := make([]error, 20)
	var all sync.WaitGroup
	for i := range results {
		all.Go(func() { results[i], errs[i] = e.Execute(context.Background(), []decision.ID{d.ID, d.ID}, ann) })
	}
	all.Wait()
	if err := errors.Join(errs...); err != nil {
		t.Fatal(err)
	}
	fresh := 0
	for _, done := range results {
		if len(done) != 1 || done[0].File != results[0][0].File || done[0].SHA256 != results[0][0].SHA256 || done[0].Decision.State != decision.Executed {
			t.Fatalf("told %+v", done)
		}
		if !done[0].Already {
			fresh++
		}
	}
	x := explain(t, e, d.ID)
	if fresh != 1 || x.State != decision.Executed || len(x.History) != 2 {
		t.Errorf("%d wrote the file, the decision is %s after %d events; want 1, executed, 2", fresh, x.State, len(x.History))
	}
	rows, err := csv.NewReader(strings.NewReader(read(t, filepath.Join(e.Dir(), results[0][0].File)))).ReadAll()
	if err != nil || len(rows) != 2 {
		t.Fatalf("the file has %d rows: %v", len(rows), err)
	}
	action := x.Proposal.(decision.Reorder)
	total, err := action.UnitCost.Times(action.Units)
	if err != nil {
		t.Fatal(err)
	}
	want := map[string]string{
		"decision": string(d.ID), "approved_by": ann, "supplier": "Supplier 09", "location": "UK-1", "sku": "22763",
		"units": fmt.Sprint(action.Units), "expected_landed_cost_unit": "4.577", "expected_landed_cost_total": total.Decimal(), "currency": "GBP",
	}
	for i, name := range rows[0] {
		if w, ok := want[name]; ok && rows[1][i] != w {
			t.Errorf("%s is %q, want %q", name, rows[1][i], w)
		}
		delete(want, name)
	}
	if len(want) > 0 {
		t.Errorf("the file lacks %v", want)
	}
}

func TestReplay(t *testing.T) {
	e, p := planned(t)
	for _, d := range p.Decisions {
		r, err := e.Replay(t.Context(), d.ID)
		if err != nil || !r.Same || len(r.Difference) != 0 {
			t.Errorf("%s again: %+v, %v", d.ID, r, err)
		}
	}
	d := on(t, p, "22763")
	e = reopen(t, e, func(c *Config) { c.Clock = "2011-12-12T08:00:00Z" })
	if r, err := e.Replay(t.Context(), d.ID); err != nil || !r.Same {
		t.Errorf("three days later: %+v, %v", r, err)
	}
	mustImport(t, e, ImportOptions{}, write(t, "stock.csv", "sku,location,on_hand,inbound,day\n22763,UK-1,30,0,2011-12-09\n"))
	_, err := e.Replay(t.Context(), d.ID)
	refused(t, err, fault.Stale, "E-REPLAY-FACTS")
}
