package tradewind

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"tradewind/decision"
	"tradewind/fault"
)

// A supplier on a list of the workspace blocks every order from it: the plan says so, the
// approval is refused, and without the list the same order may be approved.
func TestOrderFromListedSupplierIsBlocked(t *testing.T) {
	e := sample(t)
	d := mustPlan(t, e).Decisions[0]
	x, err := e.Explain(t.Context(), d.ID)
	if err != nil {
		t.Fatal(err)
	}
	supplier := string(x.Proposal.(decision.Reorder).Supplier)

	list := filepath.Join(e.Dir(), "lists", "own-2011-12-01.csv")
	if err := os.MkdirAll(filepath.Dir(list), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(list, []byte("name,id\n"+supplier+",X-1\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	// An approval that saw no list is stale now: the list is news.
	_, err = e.Approve(t.Context(), d.ID, d.Fingerprint, ann, "")
	refused(t, err, fault.Stale, "E-STALE-FACTS")

	blocked := proposedOn(mustPlan(t, e), string(d.Subject.SKU))
	if blocked == nil {
		t.Fatal("the order is not proposed any more")
	}
	if x, err = e.Explain(t.Context(), blocked.ID); err != nil {
		t.Fatal(err)
	}
	hit := slices.ContainsFunc(x.Guardrails, func(c CheckView) bool {
		return c.Outcome == decision.Block && strings.Contains(c.Name.English, supplier) && strings.Contains(c.Limit, "own")
	})
	if !hit {
		t.Errorf("no check says that %s is listed, and in which list: %+v", supplier, x.Guardrails)
	}
	_, err = e.Approve(t.Context(), blocked.ID, blocked.Fingerprint, ann, "")
	refused(t, err, fault.Blocked, "E-BLOCKED")

	if err := os.Remove(list); err != nil {
		t.Fatal(err)
	}
	mustApprove(t, e, *proposedOn(mustPlan(t, e), string(d.Subject.SKU)))
}
