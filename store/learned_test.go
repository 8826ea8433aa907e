package store_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"tradewind/fault"
	"tradewind/store"
)

func TestLearnedPoliciesComeBack(t *testing.T) {
	onBoth(t, func(t *testing.T, db *store.DB, _ string) {
		first := store.LearnedPolicy{SKU: "A", Location: "depot", TrainedAt: noon, TrainedBy: "local:ada", Snapshot: "s1", Level: "advise", Since: noon, Policy: []byte(`{"x":1}`)}
		other := first
		other.SKU = "B"
		moves := []store.LearnedMove{{SKU: "A", Location: "depot", From: "advise", To: "propose", Reason: []byte(`{"code":"ladder.proven"}`), By: "ladder", At: noon}}
		if err := db.SaveLearned(background, []store.LearnedPolicy{other, first}, nil); err != nil {
			t.Fatal(err)
		}
		first.Level, first.Evidence = "propose", []byte(`{"cells":[]}`)
		if err := db.SaveLearned(background, []store.LearnedPolicy{first}, moves); err != nil {
			t.Fatal(err)
		}
		mandate, ids := granted(t, db, 1)
		var rungs map[store.LearnedSite]string
		if err := byPolicy(db, approval(ids[0], mandate), choice(ids[0], mandate), func(a store.Admission) error { rungs = a.Rungs; return nil }); err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(map[store.LearnedSite]string{{SKU: "A", Location: "depot"}: "propose", {SKU: "B", Location: "depot"}: "advise"}, rungs); diff != "" {
			t.Errorf("rungs that a step is held against (-want +got):\n%s", diff)
		}
		got, err := db.Learned(background)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff([]store.LearnedPolicy{first, other}, got); diff != "" {
			t.Errorf("learned (-want +got):\n%s", diff)
		}
		late := first
		late.TrainedAt, late.Level = noon.Add(-time.Hour), "act"
		if err := db.SaveLearned(background, []store.LearnedPolicy{late}, moves); !fault.Is(err, fault.Stale) || fault.Of(err).Code != "E-LEARNED-ANEW" {
			t.Errorf("an older policy over a newer one: %v", err)
		}
		gotMoves, err := db.LearnedMoves(background)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(moves, gotMoves); diff != "" {
			t.Errorf("moves (-want +got):\n%s", diff)
		}
		want := store.Review{Decision: "D-1", SKU: "A", Location: "depot", Right: true, By: "user:bo", At: noon, Note: "looked at"}
		if err := db.SaveReview(background, want); err != nil {
			t.Fatal(err)
		}
		reviews, err := db.Reviews(background)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff([]store.Review{want}, reviews); diff != "" {
			t.Errorf("reviews (-want +got):\n%s", diff)
		}
	})
}
