package tradewind

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"tradewind/decision"
	"tradewind/fault"
	"tradewind/messages"
)

const ann = "local:ann"

// on returns the open decision on a SKU.
func on(t *testing.T, p *PlanReport, sku string) DecisionView {
	t.Helper()
	for _, d := range p.Decisions {
		if string(d.Subject.SKU) == sku && d.Kind == decision.KindReorder {
			return d
		}
	}
	t.Fatalf("the plan has no order of %s", sku)
	return DecisionView{}
}

func explain(t *testing.T, e *Engine, id decision.ID) *Explanation {
	t.Helper()
	x, err := e.Explain(t.Context(), id)
	if err != nil {
		t.Fatal(err)
	}
	return x
}

func TestApprove(t *testing.T) {
	e, p := planned(t)
	d := on(t, p, "22763")
	unchanged(t, e, func() {
		_, err := e.Approve(t.Context(), d.ID, "another fingerprint", ann, "")
		refused(t, err, fault.Stale, "E-STALE-FINGERPRINT")
		_, err = e.Approve(t.Context(), "D-00000000", d.Fingerprint, ann, "")
		refused(t, err, fault.NotFound, "E-DECISION-NOT-FOUND")
	})
	got, err := e.Approve(t.Context(), d.ID, d.Fingerprint, ann, "for the spring")
	if err != nil || got.State != decision.Approved {
		t.Fatalf("approved: %+v, %v", got, err)
	}
	history := explain(t, e, d.ID).History
	want := []decision.Event{{Decision: d.ID, Seq: 1, Verb: decision.Approve, From: decision.Proposed, To: decision.Approved,
		By: ann, At: e.Now(), Note: "for the spring", Fingerprint: d.Fingerprint}}
	if diff := cmp.Diff(want, history); diff != "" {
		t.Errorf("history (-want +got):\n%s", diff)
	}
	unchanged(t, e, func() {
		_, err := e.Approve(t.Context(), d.ID, d.Fingerprint, ann, "")
		refused(t, err, fault.Stale, "E-STATE")
		_, err = e.Reject(t.Context(), d.ID, ann, "")
		refused(t, err, fault.Stale, "E-STATE")
	})
}

// TestAnApprovalIsOfWhatWasSeen: whatever changes under a proposal, its approval is
// refused, the change is named and nothing is recorded.
func TestAnApprovalIsOfWhatWasSeen(t *testing.T) {
	for _, tt := range []struct{ name, file, names string }{
		{"stock", "sku,location,on_hand,inbound,day\n22763,UK-1,30,0,2011-12-09\n", "stock.on_hand: 39 → 30"},
		{"inbound", "sku,location,on_hand,inbound,day\n22763,UK-1,39,96,2011-12-09\n", "stock.inbound: 0 → 96"},
		{"cost", "sku,unit_cost,currency,from\n22763,5.10,GBP,2011-12-09\n", "cost.unit: GBP 4.577 → GBP 5.10"},
		{"lead time", "sku,supplier,lead_days,lead_sd,moq,pack,order_cost,currency\n22763,Supplier 09,60,8,48,24,12.50,GBP\n", "supply.lead_days: 45 → 60"},
		{"supplier", "sku,supplier,lead_days,lead_sd,moq,pack,order_cost,currency\n22763,Faster Ltd,20,8,48,24,12.50,GBP\n", "supply.supplier: Supplier 09 → Faster Ltd"},
		{"price paid", orderHeader + "1,1,2011-12-09,22763,500,4.00,GBP,GB\n", "price.paid: "},
	} {
		t.Run(tt.name, func(t *testing.T) {
			e, p := planned(t)
			d, other := on(t, p, "22763"), on(t, p, "22797")
			mustImport(t, e, ImportOptions{}, write(t, "facts.csv", tt.file))
			unchanged(t, e, func() {
				_, err := e.Approve(t.Context(), d.ID, d.Fingerprint, ann, "")
				refused(t, err, fault.Stale, "E-STALE-FACTS")
				if err != nil && !strings.Contains(messages.Of(err).In(messages.English), tt.names) {
					t.Errorf("%v does not name %q", err, tt.names)
				}
			})
			// What did not change can still be approved.
			if _, err := e.Approve(t.Context(), other.ID, other.Fingerprint, ann, ""); err != nil {
				t.Errorf("the decision on %s: %v", other.Subject.SKU, err)
			}
		})
	}
}

// TestASettingIsAFactToo: the holding cost that the plan assumed is set after it.
func TestASettingIsAFactToo(t *testing.T) {
	e, p := planned(t)
	d := on(t, p, "22763")
	e = reopen(t, e, func(c *Config) { c.Plan.HoldingRate = 0.4 })
	_, err := e.Approve(t.Context(), d.ID, d.Fingerprint, ann, "")
	refused(t, err, fault.Stale, "E-STALE-FACTS")
	_, err = e.Replay(t.Context(), d.ID)
	refused(t, err, fault.Stale, "E-REPLAY-SETTINGS")
}

func TestOfManyApprovalsOneWins(t *testing.T) {
	e, p := planned(t)
	d := on(t, p, "22763")
	errs := make([]error, 100)
	var all sync.WaitGroup
	for i := range errs {
		all.Go(func() {
			_, errs[i] = e.Approve(context.Background(), d.ID, d.Fingerprint, fmt.Sprintf("local:%d", i), "")
		})
	}
	all.Wait()
	won := 0
	for _, err := range errs {
		switch {
		case err == nil:
			won++
		case !fault.Is(err, fault.Stale):
			t.Errorf("a loser got %v, want a stale fault", err)
		}
	}
	if history := explain(t, e, d.ID).History; won != 1 || len(history) != 1 {
		t.Errorf("%d won and %d events are recorded, want 1 and 1", won, len(history))
	}
}

// TestPeopleDecideAtOnce: who approves one decision is not refused because somebody else
// approves another, looks, or plans at that moment.
func TestPeopleDecideAtOnce(t *testing.T) {
	e, p := planned(t)
	errs := make([]error, 3*len(p.Decisions))
	var all sync.WaitGroup
	for i, d := range p.Decisions {
		all.Go(func() { _, errs[3*i] = e.Approve(context.Background(), d.ID, d.Fingerprint, ann, "") })
		all.Go(func() { _, errs[3*i+1] = e.Counts(context.Background()) })
		all.Go(func() { _, errs[3*i+2] = e.Plan(context.Background(), PlanOptions{}) })
	}
	all.Wait()
	if err := errors.Join(errs...); err != nil {
		t.Fatal(err)
	}
	counts, err := e.Counts(t.Context())
	if err != nil || counts[decision.Approved] != len(p.Decisions) {
		t.Errorf("%d are approved, want %d: %v", counts[decision.Approved], len(p.Decisions), err)
	}
}

func TestRejectAndSnooze(t *testing.T) {
	e, p := planned(t)
	d, other := on(t, p, "22763"), on(t, p, "22797")
	if got, err := e.Reject(t.Context(), d.ID, ann, "sold out for good"); err != nil || got.State != decision.Rejected {
		t.Fatalf("rejected: %+v, %v", got, err)
	}
	_, err := e.Snooze(t.Context(), other.ID, e.Now(), ann, "")
	refused(t, err, fault.Usage, "E-SNOOZE-PAST")
	until := e.Now().Add(48 * time.Hour)
	got, err := e.Snooze(t.Context(), other.ID, until, ann, "")
	if err != nil || got.State != decision.Proposed || got.Snoozed == nil || !got.Snoozed.Equal(until) {
		t.Fatalf("snoozed: %+v, %v", got, err)
	}
	// The same plan once more takes nothing of that back, and says so.
	unchanged(t, e, func() {
		again, err := e.Plan(t.Context(), PlanOptions{})
		if err != nil {
			t.Fatal(err)
		}
		if left := again.LeftOut[0]; left.Subject != d.Subject || !strings.Contains(left.Reason.English, "rejected") {
			t.Errorf("the plan does not say that %v was rejected: %+v", d.Subject, left)
		}
	})
	counts, err := e.Counts(t.Context())
	if err != nil || counts[decision.Rejected] != 1 || counts[decision.Proposed] != len(p.Decisions)-1 {
		t.Errorf("counts %v, %v", counts, err)
	}
}

// TestExpiryFollowsTheWorkspacesClock: weeks later by its clock everything that was
// open is over, and many who look at once all see it.
func TestExpiryFollowsTheWorkspacesClock(t *testing.T) {
	e, p := planned(t)
	d, approved := on(t, p, "22763"), on(t, p, "22797")
	if _, err := e.Approve(t.Context(), approved.ID, approved.Fingerprint, ann, ""); err != nil {
		t.Fatal(err)
	}
	e = reopen(t, e, func(c *Config) { c.Clock = "2012-01-31T20:00:00Z" })
	errs := make([]error, 50)
	var all sync.WaitGroup
	for i := range errs {
		all.Go(func() {
			open, err := e.Decisions(context.Background(), DecisionFilter{State: decision.Proposed})
			if err == nil && len(open) > 0 {
				err = fmt.Errorf("%d decisions are still open", len(open))
			}
			errs[i] = err
		})
	}
	all.Wait()
	if err := errors.Join(errs...); err != nil {
		t.Fatal(err)
	}
	for _, id := range []decision.ID{d.ID, approved.ID} {
		if x := explain(t, e, id); x.State != decision.Expired {
			t.Errorf("%s is %s, want expired", id, x.State)
		}
	}
	_, err := e.Approve(t.Context(), d.ID, d.Fingerprint, ann, "")
	refused(t, err, fault.Stale, "E-STATE")
	_, err = e.Execute(t.Context(), []decision.ID{approved.ID}, ann)
	refused(t, err, fault.Stale, "E-STATE")
}

func TestNewStockSupersedes(t *testing.T) {
	e, p := planned(t)
	approved := on(t, p, "22797")
	if _, err := e.Approve(t.Context(), approved.ID, approved.Fingerprint, ann, ""); err != nil {
		t.Fatal(err)
	}
	mustImport(t, e, ImportOptions{}, write(t, "stock.csv", "sku,location,on_hand,inbound,day\n22763,UK-1,30,0,2011-12-09\n"))
	again, err := e.Plan(t.Context(), PlanOptions{})
	if err != nil {
		t.Fatal(err)
	}
	was, is := on(t, p, "22763"), on(t, again, "22763")
	if was.ID == is.ID || was.Fingerprint == is.Fingerprint {
		t.Errorf("another stock left the decision %s as it was", is.ID)
	}
	old := explain(t, e, was.ID)
	if last := old.History[len(old.History)-1]; old.State != decision.Expired || !strings.HasPrefix(last.By, "plan:") {
		t.Errorf("the old decision is %s by %q, want expired by the plan", old.State, last.By)
	}
	// What is approved stands, and gets no second one beside it.
	if x := explain(t, e, approved.ID); x.State != decision.Approved {
		t.Errorf("the approved decision is %s", x.State)
	}
	for _, d := range again.Decisions {
		if d.Subject == approved.Subject {
			t.Errorf("%s is proposed beside the approved %s", d.ID, approved.ID)
		}
		if x := explain(t, e, d.ID); x.State != d.State {
			t.Errorf("%s is %s, the plan says %s", d.ID, x.State, d.State)
		}
	}
	if first := again.LeftOut[0]; first.Subject != approved.Subject || first.Reason.English == "" {
		t.Errorf("the plan does not say why it leaves %v out: %+v", approved.Subject, first)
	}
}
