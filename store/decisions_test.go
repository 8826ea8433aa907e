package store_test

import (
	"fmt"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"tradewind/commerce"
	"tradewind/decision"
	"tradewind/fault"
	"tradewind/messages"
	"tradewind/money"
	"tradewind/store"
)

var noon = at(day0)

// proposal returns a signed proposal to reorder a SKU, made from a snapshot.
func proposal(t testing.TB, sku commerce.SKU, snapshot string, gain, cash int64) decision.Proposal {
	t.Helper()
	action := decision.Reorder{SKU: sku, Location: "UK-1", Supplier: "Yiwu", Units: 48, UnitCost: gbp(10_000)}
	p := decision.Proposal{
		ID: decision.NewID(action.Kind(), action.Subject(), snapshot, "config", 1), Action: action,
		Gain: decision.Estimate{Mean: gbp(gain), P10: gbp(gain / 2), P50: gbp(gain), P90: gbp(2 * gain), Level: 0.8, Horizon: 28},
		Cash: gbp(cash), Summary: messages.M("decision.kind.reorder"), Expires: noon.Add(time.Duration(gain) * time.Hour),
		Run: decision.Run{Snapshot: snapshot, Config: "config", Seed: 1, Version: "test", Model: "naive"},
	}
	if err := p.Sign(); err != nil {
		t.Fatal(err)
	}
	return p
}

func propose(t testing.TB, db *store.DB, plan string, proposals ...decision.Proposal) {
	t.Helper()
	if err := db.Propose(background, store.PlanRecord{ID: plan, At: noon, JSON: []byte(`{"plan":"` + plan + `"}`)}, proposals, store.Carried{}, noon); err != nil {
		t.Fatal(err)
	}
}

func move(t testing.TB, db *store.DB, id decision.ID, verb decision.Verb) {
	t.Helper()
	if _, err := db.Move(background, decision.Event{Decision: id, Verb: verb, By: "local:ada", At: noon}); err != nil {
		t.Fatal(err)
	}
}

func states(t testing.TB, db *store.DB) map[decision.State]int {
	t.Helper()
	n, err := db.CountByState(background)
	if err != nil {
		t.Fatal(err)
	}
	return n
}

func one(t testing.TB, db *store.DB, id decision.ID) *decision.Decision {
	t.Helper()
	d, err := db.Decision(background, id)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func TestProposalComesBackAsItWas(t *testing.T) {
	onBoth(t, func(t *testing.T, db *store.DB, _ string) {
		p := proposal(t, "S1", "snap", 3, 4)
		propose(t, db, "P1", p)
		got := one(t, db, p.ID)
		want := &decision.Decision{Proposal: p, State: decision.Proposed, History: []decision.Event{}}
		if diff := cmp.Diff(want, got, cmp.AllowUnexported(money.Amount{})); diff != "" {
			t.Errorf("decision (-want +got):\n%s", diff)
		}
		run, err := db.LatestPlan(background)
		if diff := cmp.Diff(&store.PlanRecord{ID: "P1", At: noon, JSON: []byte(`{"plan":"P1"}`)}, run); err != nil || diff != "" {
			t.Errorf("plan: %v\n%s", err, diff)
		}
	})
}

func TestNewPlanReplacesOpenDecisions(t *testing.T) {
	onBoth(t, func(t *testing.T, db *store.DB, _ string) {
		same, gone, renewed := proposal(t, "same", "a", 1, 1), proposal(t, "gone", "a", 2, 1), proposal(t, "renewed", "a", 3, 1)
		agreed, refused := proposal(t, "agreed", "a", 4, 1), proposal(t, "refused", "a", 5, 1)
		propose(t, db, "P1", same, gone, renewed, agreed, refused)
		until := noon.Add(time.Hour)
		if _, err := db.Move(background, decision.Event{Decision: same.ID, Verb: decision.Snooze, By: "local:ada", At: noon, Until: &until}); err != nil {
			t.Fatal(err)
		}
		move(t, db, agreed.ID, decision.Approve)
		move(t, db, refused.ID, decision.Reject)

		again := proposal(t, "renewed", "b", 3, 1)
		propose(t, db, "P2", same, again, proposal(t, "agreed", "b", 4, 1), refused)
		want := map[decision.State]int{decision.Proposed: 2, decision.Expired: 2, decision.Approved: 1, decision.Rejected: 1}
		if diff := cmp.Diff(want, states(t, db)); diff != "" {
			t.Errorf("states (-want +got):\n%s", diff)
		}
		if d := one(t, db, same.ID); d.State != decision.Proposed || !d.SnoozedUntil.Equal(until) || len(d.History) != 1 {
			t.Errorf("the repeated decision: got %s, snoozed until %v, %d events; want it as it was", d.State, d.SnoozedUntil, len(d.History))
		}
		superseded := []decision.Event{{Decision: renewed.ID, Seq: 1, Verb: decision.Expire, From: decision.Proposed, To: decision.Expired, By: "plan:P2", At: noon}}
		if diff := cmp.Diff(superseded, one(t, db, renewed.ID).History); diff != "" {
			t.Errorf("history of the renewed one (-want +got):\n%s", diff)
		}

		// The first plan's facts and settings again: what P2 replaced stands again.
		propose(t, db, "P1", same, gone, renewed)
		d := one(t, db, renewed.ID)
		if d.State != decision.Proposed || len(d.History) != 2 || d.History[1].Verb != decision.Reopen {
			t.Errorf("the decision proposed again: got %s, %v; want it reopened", d.State, d.History)
		}
		if d := one(t, db, again.ID); d.State != decision.Expired {
			t.Errorf("the decision of P2: got %s, want expired", d.State)
		}
		if run, err := db.LatestPlan(background); err != nil || run.ID != "P1" {
			t.Errorf("latest plan: got %v, %v, want P1", run, err)
		}
	})
}

// What expired by the clock stands again when a plan proposes it again, without the
// approval it had.
func TestExpiredByClockIsReopenedByAPlan(t *testing.T) {
	onBoth(t, func(t *testing.T, db *store.DB, _ string) {
		soon, late, agreed := proposal(t, "soon", "a", 1, 1), proposal(t, "late", "a", 48, 1), proposal(t, "agreed", "a", 2, 1)
		propose(t, db, "P1", soon, late, agreed)
		move(t, db, agreed.ID, decision.Approve)
		if n, err := db.ExpireDue(background, noon); n != 0 || err != nil {
			t.Errorf("before any is due: got %d, %v", n, err)
		}
		if n, err := db.ExpireDue(background, noon.Add(2*time.Hour)); n != 2 || err != nil {
			t.Errorf("expired: got %d, %v, want the proposed and the approved one", n, err)
		}
		propose(t, db, "P1", soon, late, agreed)
		want := map[decision.State]int{decision.Proposed: 3}
		if diff := cmp.Diff(want, states(t, db)); diff != "" {
			t.Errorf("states (-want +got):\n%s", diff)
		}
	})
}

func TestMoveFollowsTheStateMachine(t *testing.T) {
	onBoth(t, func(t *testing.T, db *store.DB, _ string) {
		p := proposal(t, "S1", "a", 1, 1)
		propose(t, db, "P1", p)
		move(t, db, p.ID, decision.Approve)
		if _, err := db.Move(background, decision.Event{Decision: p.ID, Verb: decision.Reject, At: noon}); !fault.Is(err, fault.Stale) || codeOf(err) != "E-STATE" {
			t.Errorf("reject after approve: got %v, want E-STATE", err)
		}
		receipt := decision.Event{Decision: p.ID, Verb: decision.Execute, By: "connect", At: noon, Note: "sent", Receipt: "po-1.csv"}
		if to, err := db.Move(background, receipt); to != decision.Executed || err != nil {
			t.Errorf("execute: got %s, %v", to, err)
		}
		receipt.Seq, receipt.From, receipt.To = 2, decision.Approved, decision.Executed
		d := one(t, db, p.ID)
		if len(d.History) != 2 || !cmp.Equal(d.History[1], receipt) {
			t.Errorf("history: got %v, want %v last", d.History, receipt)
		}
		if _, err := db.Move(background, decision.Event{Decision: "D-NONE", Verb: decision.Approve, At: noon}); !fault.Is(err, fault.NotFound) || codeOf(err) != "E-DECISION-NOT-FOUND" {
			t.Errorf("unknown decision: got %v, want E-DECISION-NOT-FOUND", err)
		}
		if _, err := db.Decision(background, "D-NONE"); codeOf(err) != "E-DECISION-NOT-FOUND" {
			t.Errorf("unknown decision: got %v, want E-DECISION-NOT-FOUND", err)
		}
		// The subject is free again.
		propose(t, db, "P2", proposal(t, "S1", "b", 1, 1))
	})
}

// Of many who move one decision at once exactly one wins, and the others are told.
func TestOneOfManyMoversWins(t *testing.T) {
	onBoth(t, func(t *testing.T, db *store.DB, _ string) {
		p := proposal(t, "S1", "a", 1, 1)
		propose(t, db, "P1", p)
		const movers = 100
		errs := make([]error, movers)
		start := make(chan struct{})
		var all sync.WaitGroup
		for i := range movers {
			all.Go(func() {
				<-start
				verb := []decision.Verb{decision.Approve, decision.Reject}[i%2]
				_, errs[i] = db.Move(background, decision.Event{Decision: p.ID, Verb: verb, By: fmt.Sprint("local:", i), At: noon})
			})
		}
		close(start)
		all.Wait()
		won := 0
		for _, err := range errs {
			switch {
			case err == nil:
				won++
			case !fault.Is(err, fault.Stale):
				t.Errorf("a loser: got %v, want fault.Stale", err)
			}
		}
		if won != 1 {
			t.Errorf("%d movers won, want 1", won)
		}
		if d := one(t, db, p.ID); len(d.History) != 1 || d.State != d.History[0].To {
			t.Errorf("got %s after %v, want one event", d.State, d.History)
		}
	})
}

func TestDecisionsAreFilteredAndSorted(t *testing.T) {
	onBoth(t, func(t *testing.T, db *store.DB, _ string) {
		a, b, c := proposal(t, "A", "s", 10, 3), proposal(t, "B", "s", 30, 1), proposal(t, "C", "s", 20, 2)
		price := decision.SetPrice{Item: commerce.Item{SKU: "A", Market: "DE", Channel: "web"}, Price: gbp(5), Was: gbp(4)}
		d := proposal(t, "A", "s", 5, 0)
		d.ID, d.Action = decision.NewID(price.Kind(), price.Subject(), "s", "config", 1), price
		propose(t, db, "P1", a, b, c, d)
		move(t, db, c.ID, decision.Approve)
		for _, test := range []struct {
			name   string
			filter store.Filter
			want   []decision.ID
		}{
			{"all by gain", store.Filter{Descending: true}, []decision.ID{b.ID, c.ID, a.ID, d.ID}},
			{"by cash", store.Filter{Sort: "cash"}, []decision.ID{d.ID, b.ID, c.ID, a.ID}},
			{"by expiry, latest first", store.Filter{Sort: "expires", Descending: true}, []decision.ID{b.ID, c.ID, a.ID, d.ID}},
			{"proposed", store.Filter{State: decision.Proposed}, []decision.ID{d.ID, a.ID, b.ID}},
			{"reorders of A", store.Filter{Kind: decision.KindReorder, SKU: "A"}, []decision.ID{a.ID}},
			{"in DE", store.Filter{Market: "DE"}, []decision.ID{d.ID}},
			{"second page", store.Filter{Limit: 2, Offset: 2}, []decision.ID{c.ID, b.ID}},
			{"none", store.Filter{SKU: "' OR 1=1 --"}, nil},
		} {
			all, err := db.Decisions(background, test.filter)
			if err != nil {
				t.Fatal(err)
			}
			var got []decision.ID
			for _, d := range all {
				got = append(got, d.ID)
			}
			if !slices.Equal(got, test.want) {
				t.Errorf("%s: got %v, want %v", test.name, got, test.want)
			}
		}
		if _, err := db.Decisions(background, store.Filter{Sort: "id; DROP TABLE plan"}); codeOf(err) != "E-DECISION-SORT" {
			t.Errorf("unknown order: got %v, want E-DECISION-SORT", err)
		}
	})
}
