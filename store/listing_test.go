package store_test

import (
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"tradewind/calendar"
	"tradewind/commerce"
	"tradewind/decision"
	"tradewind/fault"
	"tradewind/money"
	"tradewind/store"
)

func listed(t testing.TB, db *store.DB, f store.Filter) []store.Listing {
	t.Helper()
	all, err := db.Listings(background, f)
	if err != nil {
		t.Fatal(err)
	}
	return all
}

// A plan that repeats a proposed decision renews it; who snoozed it goes on not seeing it.
func TestRepeatedProposalIsRenewed(t *testing.T) {
	onBoth(t, func(t *testing.T, db *store.DB, _ string) {
		p := proposal(t, "S1", "a", 3, 4)
		propose(t, db, "P1", p)
		until := noon.Add(time.Hour)
		if _, err := db.Move(background, decision.Event{Decision: p.ID, Verb: decision.Snooze, By: "local:ada", At: noon, Until: &until}); err != nil {
			t.Fatal(err)
		}
		renewed := p
		renewed.Expires = p.Expires.Add(6 * 24 * time.Hour)
		renewed.Gain.Mean, renewed.Cash = gbp(77), gbp(88)
		if err := renewed.Sign(); err != nil {
			t.Fatal(err)
		}
		propose(t, db, "P2", renewed)
		want := store.ListingOf(&decision.Decision{Proposal: renewed, State: decision.Proposed, SnoozedUntil: until})
		for _, f := range []store.Filter{{}, {Plan: "P2"}, {State: decision.Proposed, Sort: "cash"}} {
			if diff := cmp.Diff([]store.Listing{want}, listed(t, db, f), cmp.AllowUnexported(money.Amount{})); diff != "" {
				t.Errorf("%+v (-want +got):\n%s", f, diff)
			}
		}
		if got := listed(t, db, store.Filter{Plan: "P1"}); len(got) != 0 {
			t.Errorf("the first plan still has %v", got)
		}
		if got := one(t, db, p.ID); got.Fingerprint != renewed.Fingerprint || len(got.History) != 1 {
			t.Errorf("the decision is %s with %d events", got.Fingerprint, len(got.History))
		}
		if n, err := db.ExpireDue(background, p.Expires); n != 0 || err != nil {
			t.Errorf("at its first expiry: %d, %v", n, err)
		}
	})
}

// What people said goes over to a new plan as it is told to.
func TestCarriedOver(t *testing.T) {
	onBoth(t, func(t *testing.T, db *store.DB, _ string) {
		outdated, hidden := proposal(t, "outdated", "a", 3, 4), proposal(t, "hidden", "a", 3, 4)
		propose(t, db, "P1", outdated, hidden)
		move(t, db, outdated.ID, decision.Approve)
		again, next := proposal(t, "outdated", "b", 3, 4), proposal(t, "hidden", "b", 3, 4)
		until := noon.Add(time.Hour)
		carried := store.Carried{Withdrawn: []decision.ID{outdated.ID}, Snoozed: map[decision.ID]time.Time{next.ID: until}}
		record := store.PlanRecord{ID: "P2", At: noon, JSON: []byte(`{}`)}
		if err := db.Propose(background, record, []decision.Proposal{again, next}, carried, noon); err != nil {
			t.Fatal(err)
		}
		if got := one(t, db, outdated.ID); got.State != decision.Expired || got.History[1].By != "plan:P2" {
			t.Errorf("the outdated approval is %s: %+v", got.State, got.History)
		}
		if got := one(t, db, next.ID); !got.SnoozedUntil.Equal(until) || len(got.History) != 1 || got.History[0].By != "plan:P2" {
			t.Errorf("the snooze went over as %+v", got)
		}
		if got := states(t, db)[decision.Proposed]; got != 2 {
			t.Errorf("%d are proposed, want 2", got)
		}
		// Somebody executes what is to be withdrawn: the plan is refused whole.
		move(t, db, again.ID, decision.Approve)
		move(t, db, again.ID, decision.Execute)
		err := db.Propose(background, record, nil, store.Carried{Withdrawn: []decision.ID{again.ID}}, noon)
		if !fault.Is(err, fault.Stale) || states(t, db)[decision.Proposed] != 1 {
			t.Errorf("got %v, with %v", err, states(t, db))
		}
	})
}

func TestOrders(t *testing.T) {
	onBoth(t, func(t *testing.T, db *store.DB, _ string) {
		waits, left, refused := proposal(t, "waits", "a", 1, 1), proposal(t, "left", "a", 1, 1), proposal(t, "refused", "a", 1, 1)
		propose(t, db, "P1", waits, left, refused, proposal(t, "open", "a", 1, 1))
		move(t, db, waits.ID, decision.Approve)
		move(t, db, left.ID, decision.Approve)
		move(t, db, left.ID, decision.Execute)
		move(t, db, refused.ID, decision.Reject)
		orders, err := db.Orders(background)
		if err != nil {
			t.Fatal(err)
		}
		got := map[decision.ID]store.Order{}
		for _, o := range orders {
			got[o.ID] = o
		}
		want := map[decision.ID]store.Order{
			waits.ID: {ID: waits.ID, Reorder: waits.Action.(decision.Reorder), State: decision.Approved},
			left.ID:  {ID: left.ID, Reorder: left.Action.(decision.Reorder), State: decision.Executed, Left: noon},
		}
		if diff := cmp.Diff(want, got, cmp.AllowUnexported(money.Amount{})); diff != "" {
			t.Errorf("orders (-want +got):\n%s", diff)
		}
	})
}

// While people move some of what is due, the rest expires, and nobody is told of a race.
func TestExpiryDoesNotWaitForARace(t *testing.T) {
	onBoth(t, func(t *testing.T, db *store.DB, _ string) {
		var all []decision.Proposal
		for i := range 24 {
			all = append(all, proposal(t, commerce.SKU(fmt.Sprint("S", i)), "a", 1, 1))
		}
		propose(t, db, "P1", all...)
		var people sync.WaitGroup
		for i := range 6 {
			people.Go(func() {
				// It wins, or is told that it lost.
				_, err := db.Move(background, decision.Event{Decision: all[4*i].ID, Verb: decision.Reject, By: "local:ada", At: noon})
				if err != nil && !fault.Is(err, fault.Stale) {
					t.Error(err)
				}
			})
		}
		people.Go(func() {
			if _, err := db.ExpireDue(background, noon.Add(time.Hour)); err != nil {
				t.Errorf("expire: %v", err)
			}
		})
		people.Wait()
		n := states(t, db)
		if n[decision.Expired] < 18 || n[decision.Expired]+n[decision.Rejected]+n[decision.Proposed] != 24 {
			t.Errorf("states %v, want 18 expired at least", n)
		}
	})
}

func TestLastDay(t *testing.T) {
	onBoth(t, func(t *testing.T, db *store.DB, _ string) {
		last := func(today int) *calendar.Day {
			d, err := db.LastDay(background, day0.AddDays(today))
			if err != nil {
				t.Fatal(err)
			}
			return d
		}
		if got := last(9); got != nil {
			t.Errorf("of nothing: %v", got)
		}
		bring(t, db, randomLines(3, 0, 50)...)
		bring(t, db, &commerce.Stock{SKU: "S", Location: "UK-1", Day: day0.AddDays(9000)}, &commerce.Stock{SKU: "S", Location: "UK-1", Day: day0.AddDays(9002)})
		for today, want := range map[int]int{9000: 9000, 9001: 9000, 9002: 9002, 9999: 9002} {
			if got := last(today); got == nil || *got != day0.AddDays(want) {
				t.Errorf("on day %d: %v, want day %d", today, got, want)
			}
		}
		if got := last(8999); got == nil || !got.Before(day0.AddDays(8999)) {
			t.Errorf("before the counts: %v, want a day of sales", got)
		}
	})
}

func TestCounted(t *testing.T) {
	onBoth(t, func(t *testing.T, db *store.DB, _ string) {
		bring(t, db, &commerce.Stock{SKU: "S", Location: "UK-1", Day: day0.AddDays(20)}, &commerce.Stock{SKU: "S", Location: "DE-1", Day: day0.AddDays(10)}, &commerce.Stock{SKU: "T", Location: "UK-1", Day: day0})
		for by, want := range map[int]bool{19: false, 20: true, 21: true} {
			if got, err := db.Counted(background, "S", "UK-1", day0.AddDays(by)); err != nil || got != want {
				t.Errorf("by day %d: %v, %v, want %v", by, got, err, want)
			}
		}
	})
}
