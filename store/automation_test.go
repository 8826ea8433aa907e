package store_test

import (
	"errors"
	"fmt"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"tradewind/calendar"
	"tradewind/commerce"
	"tradewind/decision"
	"tradewind/fault"
	"tradewind/store"
)

// granted records an approved mandate and some proposals, and returns their IDs.
func granted(t testing.TB, db *store.DB, proposals int) (mandate decision.ID, ids []decision.ID) {
	t.Helper()
	var list []decision.Proposal
	for i := range proposals {
		p := proposal(t, commerce.SKU(fmt.Sprintf("S%03d", i)), "a", 100, 10_0000)
		list, ids = append(list, p), append(ids, p.ID)
	}
	propose(t, db, "P1", list...)
	p := personal(t, "user:ada", decision.GrantMandate{
		Policy: "agent", Kinds: []decision.Kind{decision.KindReorder}, MaxCash: gbp(100_0000), DayCash: gbp(500_0000), Until: calendar.DayIn(noon, time.UTC).AddDays(7),
	})
	if err := db.ProposeOne(background, &p, noon); err != nil {
		t.Fatal(err)
	}
	move(t, db, p.ID, decision.Approve)
	return p.ID, ids
}

// personal is a proposal that a person made.
func personal(t testing.TB, by string, a decision.Action) decision.Proposal {
	t.Helper()
	p := decision.Proposal{ID: decision.NewID(a.Kind(), a.Subject(), by+decision.OpenKey(a), "config", 1), Action: a, Gain: decision.Estimate{Mean: gbp(0)}, Cash: gbp(0),
		Expires: noon.AddDate(0, 0, 8), Author: by}
	if err := p.Sign(); err != nil {
		t.Fatal(err)
	}
	return p
}

func approval(id, mandate decision.ID) decision.Event {
	return decision.Event{Decision: id, Verb: decision.Approve, By: decision.ByPolicy("agent"), At: noon, Mandate: mandate, Propensity: .25}
}

func choice(id, mandate decision.ID) *store.Choice {
	return &store.Choice{Decision: id, Mandate: mandate, Policy: "agent", Run: "A-1", At: noon, CashE4: 10_0000, PriceChange: id[len(id)-1]%2 == 0,
		State: []byte(`{"x":1}`), Action: []byte(`{"y":2}`), Propensity: .25, Seed: 1 << 63}
}

func anything(store.Admission) error { return nil }

// byPolicy takes a step on the day of noon.
func byPolicy(db *store.DB, ev decision.Event, c *store.Choice, admit func(store.Admission) error) error {
	_, err := db.MoveByPolicy(background, ev, c, noon.Add(-12*time.Hour), noon.Add(12*time.Hour), admit)
	return err
}

func TestStepOfAPolicyIsKeptWithItsChoice(t *testing.T) {
	onBoth(t, func(t *testing.T, db *store.DB, _ string) {
		mandate, ids := granted(t, db, 2)
		if err := db.SetGuardrail(background, "loss", "5.00", true, store.Control{By: "user:ada", At: noon, Note: "small"}); err != nil {
			t.Fatal(err)
		}
		if err := db.SetPolicyLevel(background, "agent", "act_reviewed", store.Control{By: "user:ada", At: noon}); err != nil {
			t.Fatal(err)
		}
		var seen store.Admission
		c := choice(ids[0], mandate)
		if err := byPolicy(db, approval(ids[0], mandate), c, func(a store.Admission) error { seen = a; return nil }); err != nil {
			t.Fatal(err)
		}
		if seen.Mandate.ID != mandate || seen.Mandate.State != decision.Approved || seen.Level != "act_reviewed" || seen.Limits["loss"] != "5.00" || seen.Used.CashE4 != 0 {
			t.Errorf("the first step is held against %+v", seen)
		}
		refused := fault.New(fault.Blocked, "E-AUTOMATION-LIMIT")
		if err := byPolicy(db, approval(ids[1], mandate), choice(ids[1], mandate), func(a store.Admission) error { seen = a; return refused }); !errors.Is(err, refused) {
			t.Errorf("a step that is not admitted: %v", err)
		}
		if use := seen.Used; use.CashE4 != 10_0000 || use.MandateE4[mandate] != 10_0000 || use.Choices != 1 {
			t.Errorf("the second step sees %+v used", use)
		}
		d := one(t, db, ids[0])
		want := approval(ids[0], mandate)
		want.Seq, want.From, want.To = 1, decision.Proposed, decision.Approved
		if diff := cmp.Diff([]decision.Event{want}, d.History); diff != "" {
			t.Errorf("history (-want +got):\n%s", diff)
		}
		if d := one(t, db, ids[1]); d.State != decision.Proposed || len(d.History) != 0 {
			t.Errorf("what was not admitted is %s after %v", d.State, d.History)
		}
		choices, err := db.Choices(background, "agent")
		if diff := cmp.Diff([]store.Choice{*c}, choices); err != nil || diff != "" {
			t.Errorf("choices: %v (-want +got):\n%s", err, diff)
		}
		if err := db.SaveChoice(background, store.Choice{Policy: "shadow", At: noon, State: []byte("{}"), Action: []byte("{}"), Propensity: 1}); err != nil {
			t.Fatal(err)
		}
		use, err := db.DayUse(background, noon.Add(-12*time.Hour), noon.Add(12*time.Hour))
		if err != nil || use.Choices != 1 || use.CashE4 != 10_0000 {
			t.Errorf("the day used %+v, %v: a choice that moved nothing counts", use, err)
		}
		if use, err := db.DayUse(background, noon.Add(time.Microsecond), noon.Add(12*time.Hour)); err != nil || use.CashE4 != 0 {
			t.Errorf("after noon %+v was used, %v", use, err)
		}
	})
}

// A pause holds from the moment it returns, however many steps are under way: none is
// recorded any more. It does not wait for them to end.
func TestPauseStopsEveryStep(t *testing.T) {
	onBoth(t, func(t *testing.T, db *store.DB, _ string) {
		const steps = 120
		mandate, ids := granted(t, db, steps)
		var taken, late atomic.Int64
		var paused atomic.Bool
		var all sync.WaitGroup
		next := make(chan decision.ID)
		for range 4 {
			all.Go(func() {
				for id := range next {
					before := paused.Load()
					switch err := byPolicy(db, approval(id, mandate), choice(id, mandate), anything); {
					case err == nil && before:
						late.Add(1)
					case err == nil:
						taken.Add(1)
					case !fault.Is(err, fault.Blocked) && !fault.Is(err, fault.Stale):
						t.Errorf("a step: %v", err)
					}
				}
			})
		}
		var took time.Duration
		var atPause int
		for i, id := range ids {
			if i == steps/4 {
				start := time.Now()
				if err := db.SetPaused(background, true, store.Control{By: "user:ada", At: noon, Note: "stop"}); err != nil {
					t.Fatal(err)
				}
				paused.Store(true)
				took = time.Since(start)
				atPause = states(t, db)[decision.Approved]
			}
			next <- id
		}
		close(next)
		all.Wait()
		if after := states(t, db)[decision.Approved]; after != atPause || late.Load() != 0 {
			t.Errorf("%d were approved when the pause returned, %d at the end; %d steps began after it and were recorded", atPause, after, late.Load())
		}
		if taken.Load() == 0 {
			t.Error("no step was taken before the pause")
		}
		if took > time.Second {
			t.Errorf("the pause took %v", took)
		}
		if is, err := db.Paused(background); err != nil || !is {
			t.Errorf("paused: %v, %v", is, err)
		}
		if err := db.SetPaused(background, false, store.Control{By: "user:ada", At: noon}); err != nil {
			t.Fatal(err)
		}
		if err := byPolicy(db, approval(ids[steps-1], mandate), nil, anything); err != nil {
			t.Errorf("after it goes on: %v", err)
		}
		log, err := db.Controls(background, "pause")
		want := []store.Control{{Subject: "pause", Verb: "pause", By: "user:ada", At: noon, Note: "stop"}, {Subject: "pause", Verb: "resume", By: "user:ada", At: noon}}
		if diff := cmp.Diff(want, log); err != nil || diff != "" {
			t.Errorf("log: %v (-want +got):\n%s", err, diff)
		}
	})
}

// Of many steps at once, as many are taken as the day has room for.
func TestStepsAtOnceKeepTheDaysLimit(t *testing.T) {
	onBoth(t, func(t *testing.T, db *store.DB, _ string) {
		mandate, ids := granted(t, db, 16)
		const most = 5 * 10_0000
		full := fault.New(fault.Blocked, "E-AUTOMATION-LIMIT")
		admit := func(a store.Admission) error {
			if a.Used.CashE4+10_0000 > most {
				return full
			}
			return nil
		}
		var all sync.WaitGroup
		for _, id := range ids {
			all.Go(func() {
				for {
					err := byPolicy(db, approval(id, mandate), choice(id, mandate), admit)
					if fault.Is(err, fault.Stale) {
						continue // somebody was faster; look again
					}
					if err != nil && !errors.Is(err, full) {
						t.Errorf("a step: %v", err)
					}
					return
				}
			})
		}
		all.Wait()
		use, err := db.DayUse(background, noon.Add(-time.Hour), noon.Add(time.Hour))
		if err != nil || use.CashE4 != most || states(t, db)[decision.Approved] != 1+most/10_0000 {
			t.Errorf("the day used %d of %d, %v; %v", use.CashE4, most, err, states(t, db))
		}
	})
}

// Once a mandate is revoked, or a limit set, no step goes through that does not know it.
func TestStepsKnowWhatWasSetBeforeThem(t *testing.T) {
	onBoth(t, func(t *testing.T, db *store.DB, _ string) {
		mandate, ids := granted(t, db, 60)
		var set, revoked atomic.Bool
		var wrong atomic.Int64
		var all sync.WaitGroup
		for w := range 3 {
			all.Go(func() {
				for i := w; i < len(ids); i += 3 {
					limited, ended := set.Load(), revoked.Load()
					_ = byPolicy(db, approval(ids[i], mandate), choice(ids[i], mandate), func(a store.Admission) error {
						if limited && a.Limits["loss"] != "1.00" || ended && a.Mandate.State != decision.Proposed {
							wrong.Add(1)
						}
						if a.Mandate.State != decision.Approved {
							return fault.New(fault.Blocked, "E-MANDATE-ENDED")
						}
						return nil
					})
				}
			})
		}
		if err := db.SetGuardrail(background, "loss", "1.00", true, store.Control{By: "user:ada", At: noon}); err != nil {
			t.Error(err)
		}
		set.Store(true)
		for {
			_, err := db.Move(background, decision.Event{Decision: mandate, Verb: decision.Revoke, By: "user:ada", At: noon})
			if err == nil {
				break
			}
			if !fault.Is(err, fault.Stale) {
				t.Fatal(err)
			}
		}
		revoked.Store(true)
		then := states(t, db)[decision.Approved]
		all.Wait()
		if got := states(t, db)[decision.Approved]; got != then || wrong.Load() > 0 {
			t.Errorf("%d are approved, %d were when the mandate was revoked; %d steps did not know what was set", got, then, wrong.Load())
		}
	})
}

func TestGuardrailsAndLevelsComeBack(t *testing.T) {
	onBoth(t, func(t *testing.T, db *store.DB, _ string) {
		for _, step := range []struct {
			name, limit string
			set         bool
			want        map[string]string
		}{
			{"loss", "5.00", true, map[string]string{"loss": "5.00"}},
			{"kinds", "reorder", true, map[string]string{"loss": "5.00", "kinds": "reorder"}},
			{"loss", "7.00", true, map[string]string{"loss": "7.00", "kinds": "reorder"}},
			{"kinds", "", false, map[string]string{"loss": "7.00"}},
			{"kinds", "", false, map[string]string{"loss": "7.00"}},
		} {
			if err := db.SetGuardrail(background, step.name, step.limit, step.set, store.Control{By: "user:ada", At: noon}); err != nil {
				t.Fatal(err)
			}
			if got, err := db.Guardrails(background); err != nil || !cmp.Equal(got, step.want) {
				t.Errorf("after %s = %q: %v, %v", step.name, step.limit, got, err)
			}
		}
		if log, err := db.Controls(background, "guardrail"); err != nil || len(log) != 5 || log[3].Verb != "reset" {
			t.Errorf("log %+v, %v", log, err)
		}
		for _, level := range []string{"propose", "act"} {
			if err := db.SetPolicyLevel(background, "agent", level, store.Control{By: "user:ada", At: noon}); err != nil {
				t.Fatal(err)
			}
			if got, err := db.PolicyLevels(background); err != nil || !cmp.Equal(got, map[string]string{"agent": level}) {
				t.Errorf("levels %v, %v", got, err)
			}
		}
	})
}

func TestAutomationRunsComeBack(t *testing.T) {
	onBoth(t, func(t *testing.T, db *store.DB, _ string) {
		for i := range 3 {
			id, err := db.BeginAutomationRun(background, store.AutomationRun{At: noon, Situation: []byte(`{"n":1}`), Events: []byte(`[]`)})
			if want := fmt.Sprint("A-", i+1); err != nil || id != want {
				t.Fatalf("run %q, %v; want %s", id, err, want)
			}
			if i < 2 {
				if err := db.EndAutomationRun(background, id, []byte(`{"done":[]}`)); err != nil {
					t.Fatal(err)
				}
			}
		}
		runs, err := db.AutomationRuns(background, 2)
		if err != nil || len(runs) != 2 || runs[0].ID != "A-3" || len(runs[0].Report) != 0 || string(runs[1].Report) != `{"done":[]}` || !runs[1].At.Equal(noon) {
			t.Errorf("runs %+v, %v", runs, err)
		}
		if r, err := db.AutomationRun(background, "A-1"); err != nil || string(r.Situation) != `{"n":1}` || string(r.Events) != `[]` {
			t.Errorf("run %+v, %v", r, err)
		}
		if _, err := db.AutomationRun(background, "A-9"); !fault.Is(err, fault.NotFound) || codeOf(err) != "E-AUTOMATION-RUN" {
			t.Errorf("an unknown run: %v", err)
		}
	})
}

// Two who endorse at once, each as the first, are not both the first.
func TestNumberedEventsAreOneOrNone(t *testing.T) {
	onBoth(t, func(t *testing.T, db *store.DB, _ string) {
		p := proposal(t, "S1", "a", 100, 1)
		propose(t, db, "P1", p)
		first := decision.Event{Decision: p.ID, Verb: decision.Endorse, By: "user:ada", At: noon, Seq: 1, Fingerprint: p.Fingerprint}
		other := first
		other.By = "user:bo"
		var won atomic.Int64
		var all sync.WaitGroup
		for _, ev := range []decision.Event{first, other, first, other} {
			all.Go(func() {
				switch _, err := db.Move(background, ev); {
				case err == nil:
					won.Add(1)
				case !fault.Is(err, fault.Stale) || codeOf(err) != "E-STORE-RACE":
					t.Errorf("a loser: %v", err)
				}
			})
		}
		all.Wait()
		if d := one(t, db, p.ID); won.Load() != 1 || len(d.History) != 1 || d.State != decision.Proposed || len(d.Endorsers()) != 1 {
			t.Errorf("%d were the first; %+v", won.Load(), d.History)
		}
		other.Seq, other.Fingerprint = 2, "of before"
		if _, err := db.Move(background, other); codeOf(err) != "E-STORE-RACE" {
			t.Errorf("an endorsement of another proposal: %v", err)
		}
	})
}

// What a person proposed outlives the next plan, takes the place of a plan's proposal on the
// same subject, and is not overtaken by another.
func TestProposalsOfPeopleStand(t *testing.T) {
	onBoth(t, func(t *testing.T, db *store.DB, _ string) {
		price := decision.SetPrice{Item: commerce.Item{SKU: "A", Market: "DE", Channel: "web"}, Price: gbp(5), Was: gbp(4)}
		planned := proposal(t, "A", "s", 5, 0)
		planned.ID, planned.Action = decision.NewID(price.Kind(), price.Subject(), "s", "config", 1), price
		propose(t, db, "P1", planned)
		back := price
		back.Price, back.Was = price.Was, price.Price
		mine := personal(t, "user:ada", back)
		mine.Compensates, mine.Exposure = "D-0000000X", decision.Exposure{Margin: new(.5)}
		if err := db.ProposeOne(background, &mine, noon); err != nil {
			t.Fatal(err)
		}
		if d := one(t, db, planned.ID); d.State != decision.Expired || d.History[0].By != "user:ada" {
			t.Errorf("the plan's proposal is %s by %v", d.State, d.History)
		}
		propose(t, db, "P2", planned)
		d := one(t, db, mine.ID)
		if d.State != decision.Proposed || d.Author != "user:ada" || d.Compensates != mine.Compensates || *d.Exposure.Margin != .5 {
			t.Errorf("after the next plan it is %+v", d)
		}
		if d := one(t, db, planned.ID); d.State != decision.Expired {
			t.Errorf("the plan's proposal on the same subject is %s", d.State)
		}
		if err := db.ProposeOne(background, &mine, noon); codeOf(err) != "E-STORE-KNOWN" {
			t.Errorf("the same again: %v", err)
		}
		other := personal(t, "user:bo", back)
		if err := db.ProposeOne(background, &other, noon); codeOf(err) != "E-STORE-OPEN" {
			t.Errorf("another on the same subject: %v", err)
		}
		list, err := db.Listings(background, store.Filter{Kind: decision.KindSetPrice})
		if err != nil || !slices.ContainsFunc(list, func(l store.Listing) bool { return l.ID == mine.ID && l.Author == "user:ada" }) {
			t.Errorf("listings %+v, %v", list, err)
		}
	})
}

// What left while somebody took it back stays executed; a mandate ends all the same.
func TestOnlyMandatesAreRevokedOnceExecuted(t *testing.T) {
	onBoth(t, func(t *testing.T, db *store.DB, _ string) {
		mandate, ids := granted(t, db, 1)
		step := func(id decision.ID, verb decision.Verb) error {
			_, err := db.Move(background, decision.Event{Decision: id, Verb: verb, By: "user:ada", At: noon})
			return err
		}
		if err := errors.Join(step(ids[0], decision.Approve), step(ids[0], decision.Execute), step(mandate, decision.Execute)); err != nil {
			t.Fatal(err)
		}
		if err := step(ids[0], decision.Revoke); !fault.Is(err, fault.Stale) || fault.Of(err).Code != "E-STATE" {
			t.Errorf("an executed decision is revoked: %v", err)
		}
		if d := one(t, db, ids[0]); d.State != decision.Executed || len(d.History) != 2 {
			t.Errorf("it is %s after %d events", d.State, len(d.History))
		}
		if err := step(mandate, decision.Revoke); err != nil || one(t, db, mandate).State != decision.Rejected {
			t.Errorf("an executed mandate: %v", err)
		}
	})
}
