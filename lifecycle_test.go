package tradewind

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"tradewind/calendar"
	"tradewind/connect"
	"tradewind/decision"
	"tradewind/fault"
	"tradewind/messages"
)

// mustPlan plans.
func mustPlan(t *testing.T, e *Engine) *PlanReport {
	t.Helper()
	p, err := e.Plan(t.Context(), PlanOptions{})
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func mustApprove(t *testing.T, e *Engine, d DecisionView) {
	t.Helper()
	if _, err := e.Approve(t.Context(), d.ID, d.Fingerprint, ann, ""); err != nil {
		t.Fatal(err)
	}
}

func mustExecute(t *testing.T, e *Engine, ids ...decision.ID) []Executed {
	t.Helper()
	done, err := e.Execute(t.Context(), ids, ann)
	if err != nil {
		t.Fatal(err)
	}
	return done
}

// proposedOn returns the plan's decision on a SKU, nil for none.
func proposedOn(p *PlanReport, sku string) *DecisionView {
	for i := range p.Decisions {
		if string(p.Decisions[i].Subject.SKU) == sku && p.Decisions[i].Kind == decision.KindReorder {
			return &p.Decisions[i]
		}
	}
	return nil
}

// files lists the purchase orders in the outbox, hidden ones included.
func files(t *testing.T, e *Engine) []string {
	t.Helper()
	entries, err := os.ReadDir(filepath.Join(e.Dir(), "outbox", "purchase-orders"))
	if err != nil && !errors.Is(err, os.ErrNotExist) {
		t.Fatal(err)
	}
	var names []string
	for _, entry := range entries {
		names = append(names, entry.Name())
	}
	return names
}

// otherSKU is a fact that changes the snapshot and nothing about 22763.
const otherSKU = "sku,location,on_hand,inbound,day\n22797,UK-1,11,0,2011-12-09\n"

// TestABoughtReorderIsNotBoughtAgain: neither new facts about something else nor another
// setting make a plan order once more what is on its way.
func TestABoughtReorderIsNotBoughtAgain(t *testing.T) {
	e, p := planned(t)
	d := on(t, p, "22763")
	units := explain(t, e, d.ID).Proposal.(decision.Reorder).Units
	mustApprove(t, e, d)
	mustExecute(t, e)

	mustImport(t, e, ImportOptions{}, write(t, "other.csv", otherSKU))
	e = reopen(t, e, func(c *Config) { c.Plan.FeeRate = 0.001; c.Clock = "2011-12-10T20:00:00Z" })
	again := mustPlan(t, e)
	if next := proposedOn(again, "22763"); next != nil {
		x := explain(t, e, next.ID)
		if got := x.Proposal.(decision.Reorder).Units; got >= units || next.ID == d.ID {
			t.Errorf("%d units were ordered, and %d more are proposed as %s", units, got, next.ID)
		}
	}
	f, err := e.Forecast(t.Context(), "22763", "")
	if err != nil {
		t.Fatal(err)
	}
	if i := slices.IndexFunc(f.Facts, func(in InputView) bool { return in.Key == "orders.placed" }); i < 0 || f.Facts[i].Source != string(d.ID) {
		t.Errorf("the SKU's facts do not name the order: %+v", f.Facts)
	}

	// A newer count knows it: the shelf is as the count says.
	mustImport(t, e, ImportOptions{}, write(t, "stock.csv", "sku,location,on_hand,inbound,day\n22763,UK-1,0,0,2011-12-11\n"))
	e = reopen(t, e, func(c *Config) { c.FactsAsOf = "2011-12-11"; c.Clock = "2011-12-12T08:00:00Z" })
	if next := proposedOn(mustPlan(t, e), "22763"); next == nil {
		t.Error("a newer count says that nothing came, and nothing is ordered")
	}
}

// TestReplayTakesTheOrdersOfThen: what was placed after the plan does not change its replay.
func TestReplayTakesTheOrdersOfThen(t *testing.T) {
	e, p := planned(t)
	bought, other := on(t, p, "22763"), on(t, p, "22797")
	mustApprove(t, e, bought)
	mustExecute(t, e)
	for _, d := range []DecisionView{bought, other} {
		if r, err := e.Replay(t.Context(), d.ID); err != nil || !r.Same {
			t.Errorf("%s of the plan before the order: %+v, %v", d.Subject.SKU, r, err)
		}
	}
	// And what was placed before it is in its replay, though days have passed.
	after := on(t, mustPlan(t, e), "22797")
	e = reopen(t, e, func(c *Config) { c.Clock = "2011-12-12T08:00:00Z" })
	if r, err := e.Replay(t.Context(), after.ID); err != nil || !r.Same {
		t.Errorf("of the plan after the order: %+v, %v", r, err)
	}
	d, err := e.db.Decision(t.Context(), after.ID)
	if err != nil || !slices.Equal(d.Run.Placed, []decision.ID{bought.ID}) {
		t.Errorf("the run names %v, %v", d.Run.Placed, err)
	}
}

// TestARejectionHolds under other facts about other things, until its own facts change; a
// snooze goes over to the decision that comes instead.
func TestARejectionHolds(t *testing.T) {
	e, p := planned(t)
	rejected, snoozed := on(t, p, "22763"), on(t, p, "22797")
	if _, err := e.Reject(t.Context(), rejected.ID, ann, ""); err != nil {
		t.Fatal(err)
	}
	until := e.Now().Add(48 * time.Hour)
	if _, err := e.Snooze(t.Context(), snoozed.ID, until, ann, ""); err != nil {
		t.Fatal(err)
	}
	mustImport(t, e, ImportOptions{}, write(t, "other.csv", "sku,location,on_hand,inbound,day\n22453,UK-1,1,0,2011-12-09\n"))
	again := mustPlan(t, e)
	if next := proposedOn(again, "22763"); next != nil {
		t.Errorf("%s is proposed though it was rejected as %s", next.ID, rejected.ID)
	}
	if left := again.LeftOut[0]; left.Subject != rejected.Subject || !strings.Contains(left.Reason.English, "rejected") || left.Reason.Chinese == "" {
		t.Errorf("the plan does not say why %v is left out: %+v", rejected.Subject, left)
	}
	next := on(t, again, "22797")
	if next.ID == snoozed.ID || next.Snoozed == nil || !next.Snoozed.Equal(until) {
		t.Errorf("the snooze until %v did not go over: %+v", until, next)
	}
	if x := explain(t, e, next.ID); x.Snoozed == nil || len(x.History) != 1 || !strings.HasPrefix(x.History[0].By, "plan:") {
		t.Errorf("the snooze is not in the history: %+v", x.History)
	}
	// Its own facts change.
	mustImport(t, e, ImportOptions{}, write(t, "stock.csv", "sku,location,on_hand,inbound,day\n22763,UK-1,30,0,2011-12-09\n22797,UK-1,5,0,2011-12-09\n"))
	changed := mustPlan(t, e)
	if d := proposedOn(changed, "22763"); d == nil || d.State != decision.Proposed {
		t.Errorf("with another stock it is not proposed anew: %+v", d)
	}
	if d := proposedOn(changed, "22797"); d == nil || d.Snoozed != nil {
		t.Errorf("with another stock it is still snoozed: %+v", d)
	}
}

// TestStockCountedAfterTheLastSale is the facts of a morning: yesterday's orders, today's
// stock.
func TestStockCountedAfterTheLastSale(t *testing.T) {
	e := sample(t)
	e = reopen(t, e, func(c *Config) { c.FactsAsOf, c.Clock = "", "2011-12-10T09:00:00Z" })
	mustImport(t, e, ImportOptions{}, write(t, "stock.csv", "sku,location,on_hand,inbound,day\n22763,UK-1,7,0,2011-12-10\n22763,UK-1,500,0,2011-12-11\n"))
	p := mustPlan(t, e)
	if want, _ := calendar.ParseDay("2011-12-10"); p.FactsAsOf != want {
		t.Errorf("facts as of %v, want %v", p.FactsAsOf, want)
	}
	value := map[string]string{}
	for _, in := range explain(t, e, on(t, p, "22763").ID).Inputs {
		value[in.Key] = in.Value
	}
	if value["stock.on_hand"] != "7" || value["stock.sold_since"] != "0" {
		t.Errorf("planned with %v", value)
	}
	if s, err := e.Status(t.Context()); err != nil || *s.FactsAsOf != p.FactsAsOf {
		t.Errorf("status says facts as of %v, %v", s.FactsAsOf, err)
	}
	// The next day the newer count is one of the facts.
	e = reopen(t, e, func(c *Config) { c.Clock = "2011-12-11T09:00:00Z" })
	if d := proposedOn(mustPlan(t, e), "22763"); d != nil {
		t.Errorf("with 500 on the shelf %s is proposed", d.ID)
	}
}

// TestACrashLosesNoOrderAndMakesNoSecond breaks an execution off at each point, then goes
// on as people do: they look, plan, wait, execute again.
func TestACrashLosesNoOrderAndMakesNoSecond(t *testing.T) {
	power := errors.New("the power fails")
	for _, tt := range []struct {
		point string
		state decision.State // afterwards
	}{{"staged", decision.Approved}, {"recorded", decision.Executed}} {
		t.Run(tt.point, func(t *testing.T) {
			e, p := planned(t)
			d := on(t, p, "22763")
			mustApprove(t, e, d)
			e.breakOff = func(at string) error {
				if at == tt.point {
					return power
				}
				return nil
			}
			if _, err := e.Execute(t.Context(), nil, ann); !errors.Is(err, power) {
				t.Fatalf("got %v", err)
			}
			if names := files(t, e); len(names) != 1 || names[0][0] != '.' {
				t.Errorf("after the crash the outbox holds %q, want a hidden file", names)
			}
			if x := explain(t, e, d.ID); x.State != tt.state {
				t.Errorf("after the crash the decision is %s, want %s", x.State, tt.state)
			}
			e = reopen(t, e, func(*Config) {})
			if again := proposedOn(mustPlan(t, e), "22763"); again != nil && again.State == decision.Proposed {
				t.Errorf("%s is proposed beside what waits to leave", again.ID)
			}
			done := mustExecute(t, e)
			if len(done) != 1 || done[0].Already || done[0].Decision.State != decision.Executed {
				t.Fatalf("executed again: %+v", done)
			}
			order := filepath.Join(e.Dir(), done[0].File)
			if err := os.Remove(order); err != nil { // sent
				t.Fatal(err)
			}
			for _, ids := range [][]decision.ID{nil, {d.ID}} {
				for _, x := range mustExecute(t, e, ids...) {
					if !x.Already {
						t.Errorf("executed a third time: %+v", x)
					}
				}
				if _, err := os.Stat(order); !errors.Is(err, os.ErrNotExist) {
					t.Errorf("the order came back: %v", err)
				}
			}
		})
	}
	t.Run("the decision expires meanwhile", func(t *testing.T) {
		e, p := planned(t)
		d := on(t, p, "22763")
		mustApprove(t, e, d)
		e.breakOff = func(at string) error { return power }
		if _, err := e.Execute(t.Context(), nil, ann); !errors.Is(err, power) {
			t.Fatalf("got %v", err)
		}
		e = reopen(t, e, func(c *Config) { c.Clock = "2011-12-20T08:00:00Z" })
		if done := mustExecute(t, e); len(done) != 0 {
			t.Errorf("an expired decision was executed: %+v", done)
		}
		if names := files(t, e); len(names) != 1 || names[0][0] != '.' {
			t.Errorf("the outbox holds %q", names)
		}
	})
}

// TestExecutedIsAnsweredFromItsReceipt: a file that was sent stays away.
func TestExecutedIsAnsweredFromItsReceipt(t *testing.T) {
	e, p := planned(t)
	d := on(t, p, "22763")
	mustApprove(t, e, d)
	first := mustExecute(t, e)[0]
	if first.Already {
		t.Error("the first time it had left before")
	}
	if err := os.Rename(filepath.Join(e.Dir(), first.File), filepath.Join(e.Dir(), "sent.csv")); err != nil {
		t.Fatal(err)
	}
	again := mustExecute(t, e, d.ID)[0]
	if !again.Already || again.File != first.File || again.SHA256 != first.SHA256 {
		t.Errorf("first %+v, again %+v", first, again)
	}
	if names := files(t, e); len(names) != 0 {
		t.Errorf("the outbox holds %q", names)
	}
	// One that was cancelled while it was recorded has a file, or none, never half.
	other := on(t, p, "22797")
	mustApprove(t, e, other)
	ctx, cancel := context.WithCancel(t.Context())
	e.breakOff = func(string) error { cancel(); return nil }
	if _, err := e.Execute(ctx, nil, ann); err == nil {
		t.Error("a cancelled execution went through")
	}
	e.breakOff = nil
	if done := mustExecute(t, e); len(done) != 1 || done[0].Already {
		t.Errorf("after the cancelled one: %+v", done)
	}
	if staged, err := connect.Staged(e.Dir()); err != nil || len(staged) != 0 {
		t.Errorf("staged files remain: %v, %v", staged, err)
	}
}

// TestExecutionIsOfWhatWasApproved: facts that change after the approval stop the order,
// and a new plan judges anew.
func TestExecutionIsOfWhatWasApproved(t *testing.T) {
	e, p := planned(t)
	d, sound := on(t, p, "22763"), on(t, p, "22797")
	mustApprove(t, e, d)
	mustApprove(t, e, sound)
	mustImport(t, e, ImportOptions{}, write(t, "stock.csv", "sku,location,on_hand,inbound,day\n22763,UK-1,20,0,2011-12-09\n"))
	unchanged(t, e, func() {
		_, err := e.Execute(t.Context(), nil, ann)
		refused(t, err, fault.Stale, "E-STALE-FACTS")
		if text := messages.Of(err).In(messages.English); !strings.Contains(text, "stock.on_hand: 39 → 20") {
			t.Errorf("%q does not name the change", text)
		}
	})
	if names := files(t, e); len(names) != 0 {
		t.Errorf("the outbox holds %q", names)
	}
	again := mustPlan(t, e)
	if x := explain(t, e, d.ID); x.State != decision.Expired || !strings.HasPrefix(x.History[len(x.History)-1].By, "plan:") {
		t.Errorf("the outdated approval is %s: %+v", x.State, x.History)
	}
	mustApprove(t, e, on(t, again, "22763"))
	if done := mustExecute(t, e); len(done) != 2 {
		t.Errorf("executed %+v, want the new one and the sound one", done)
	}
}

// TestEverySettingIsBehindADecision: whichever is set after the plan, the approval is
// refused and the setting is named.
func TestEverySettingIsBehindADecision(t *testing.T) {
	for setting, change := range map[string]func(*Config){
		"settings.fee_rate: 0 → 0.3":      func(c *Config) { c.Plan.FeeRate = 0.3 },
		"settings.review_days: ? → 14":    func(c *Config) { c.Plan.Review = 14 },
		"settings.max_cycle_days: ? → 28": func(c *Config) { c.Plan.MaxCycle = 28 },
		"settings.cash: ? → 100":          func(c *Config) { c.Plan.Cash = "100" },
		"settings.min_gain: ? → 5":        func(c *Config) { c.Plan.MinGain = "5" },
		"settings.holding_rate: 0.25 → 1": func(c *Config) { c.Plan.HoldingRate = 1 },
		"settings.attention: ? → 3":       func(c *Config) { c.Plan.Attention = 3 },
		"settings.seed: ? → 9":            func(c *Config) { c.Plan.Seed = 9 },
		"settings.scenarios: ? → 64":      func(c *Config) { c.Plan.Scenarios = 64 },
	} {
		e, p := planned(t)
		d := on(t, p, "22763")
		e = reopen(t, e, change)
		_, err := e.Approve(t.Context(), d.ID, d.Fingerprint, ann, "")
		refused(t, err, fault.Stale, "E-STALE-FACTS")
		if err != nil && !strings.Contains(messages.Of(err).In(messages.English), setting) {
			t.Errorf("%v does not name %q", err, setting)
		}
	}
}

// TestARepeatedPlanRenews what is still proposed: its time, its fingerprint, its text. The
// report says what is stored, and its sums are those of what is open.
func TestARepeatedPlanRenews(t *testing.T) {
	e, p := planned(t)
	snoozed, rejected := on(t, p, "22763"), on(t, p, "22797")
	until := e.Now().Add(8 * 24 * time.Hour)
	if _, err := e.Snooze(t.Context(), snoozed.ID, until, ann, ""); err != nil {
		t.Fatal(err)
	}
	e = reopen(t, e, func(c *Config) { c.Clock = "2011-12-15T20:00:00Z" })
	again := mustPlan(t, e)
	d := on(t, again, "22763")
	if !d.Expires.Equal(e.Now().Add(7*24*time.Hour)) || d.ID != snoozed.ID || d.Snoozed == nil || !d.Snoozed.Equal(until) {
		t.Errorf("six days later the decision is %+v", d)
	}
	if x := explain(t, e, d.ID); !x.Expires.Equal(d.Expires) || x.Fingerprint != d.Fingerprint {
		t.Errorf("stored until %v as %s, reported until %v as %s", x.Expires, x.Fingerprint, d.Expires, d.Fingerprint)
	}
	e = reopen(t, e, func(c *Config) { c.Clock = "2011-12-18T20:00:00Z" })
	if x := explain(t, e, d.ID); x.State != decision.Proposed {
		t.Errorf("nine days after the first plan, three after the second, it is %s", x.State)
	}
	if _, err := e.Reject(t.Context(), rejected.ID, ann, ""); err != nil {
		t.Fatal(err)
	}
	latest, err := e.LatestPlan(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	gain, _ := again.Gain.Sub(on(t, again, "22797").Gain.Mean)
	cash, _ := again.Cash.Sub(on(t, again, "22797").Cash)
	if latest.Gain != gain || latest.Cash != cash || on(t, latest, "22797").State != decision.Rejected {
		t.Errorf("with one rejected the plan gains %v for %v, want %v for %v", latest.Gain, latest.Cash, gain, cash)
	}
}

// TestNothingHappensAfterExpiry though nobody has swept: Approve and Execute look at the
// clock themselves.
func TestNothingHappensAfterExpiry(t *testing.T) {
	e, p := planned(t)
	d := on(t, p, "22763")
	stored, err := e.db.Decision(t.Context(), d.ID)
	if err != nil {
		t.Fatal(err)
	}
	e.clock = d.Expires
	_, err = e.holds(t.Context(), stored)
	refused(t, err, fault.Stale, "E-EXPIRED")
	e.clock = d.Expires.Add(-time.Second)
	if _, err := e.holds(t.Context(), stored); err != nil {
		t.Errorf("a second before: %v", err)
	}
}

// TestOfManyExecutionsOnePublishes while plans and looks go on beside them.
func TestOfManyExecutionsOnePublishes(t *testing.T) {
	e, p := planned(t)
	for _, d := range p.Decisions {
		mustApprove(t, e, d)
	}
	var all sync.WaitGroup
	fresh := make([]int, 8)
	for i := range fresh {
		all.Go(func() {
			done, err := e.Execute(context.Background(), nil, ann)
			if err != nil {
				t.Error(err)
			}
			for _, x := range done {
				if !x.Already {
					fresh[i]++
				}
			}
		})
	}
	all.Wait()
	total := 0
	for _, n := range fresh {
		total += n
	}
	if names := files(t, e); total != len(p.Decisions) || len(names) != total || slices.ContainsFunc(names, func(n string) bool { return n[0] == '.' }) {
		t.Errorf("%d of %d were published, the outbox holds %q", total, len(p.Decisions), names)
	}
}
