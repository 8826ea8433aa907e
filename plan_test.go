package tradewind

import (
	"encoding/json"
	"slices"
	"sync"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"

	"tradewind/decision"
	"tradewind/fault"
	"tradewind/messages"
	"tradewind/money"
	"tradewind/operations/inventory"
	"tradewind/plan"
)

// part is a twentieth of the demo's sites, surveyed as the engine surveys them, with their
// menus: enough for limits to bind.
var part struct {
	sync.Once
	survey *plan.Survey
	menus  []plan.Menu
}

func partOfDemo(t *testing.T) (*plan.Survey, []plan.Menu) {
	t.Helper()
	e, _ := demo(t)
	s, err := e.snapshot(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	part.Do(func() {
		v := *e.survey(s)
		v.Now = e.now()
		v.Sites = nil
		for i := 3; i < len(e.survey(s).Sites); i += 20 {
			v.Sites = append(v.Sites, e.survey(s).Sites[i])
		}
		part.survey = &v
		part.menus, err = plan.Menus(t.Context(), &v, nil)
	})
	if err != nil {
		t.Fatal(err)
	}
	return part.survey, part.menus
}

func TestAnyNumberOfWorkersGivesTheSamePlan(t *testing.T) {
	v, _ := partOfDemo(t)
	var plans [2]string
	for i, workers := range []int{1, 16} {
		w := *v
		w.Config.Workers = workers
		menus, err := plan.Menus(t.Context(), &w, nil)
		if err != nil {
			t.Fatal(err)
		}
		data, err := json.Marshal(plan.Choose(&w, menus))
		if err != nil {
			t.Fatal(err)
		}
		plans[i] = string(data)
	}
	if len(plans[0]) < 10_000 || plans[0] != plans[1] {
		t.Errorf("one worker gives %d bytes, sixteen %d, and not the same", len(plans[0]), len(plans[1]))
	}
}

// TestEveryProposalCanBeJudged holds every proposal of the demo against the contract of an
// explanation.
func TestEveryProposalCanBeJudged(t *testing.T) {
	e, report := demo(t)
	if len(report.Decisions) < 100 {
		t.Fatalf("the demo has %d decisions, want 100 at least", len(report.Decisions))
	}
	flips := 0
	for _, listed := range report.Decisions {
		d, err := e.db.Decision(t.Context(), listed.ID)
		if err != nil {
			t.Fatal(err)
		}
		judgeable(t, e, &d.Proposal)
		if len(d.Flips) > 0 {
			flips++
		}
		x, err := e.Explain(t.Context(), d.ID)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(listed, x.DecisionView, words); diff != "" {
			t.Errorf("%s: listed and explained differ (-list +explanation):\n%s", d.ID, diff)
		}
	}
	if share := float64(flips) / float64(len(report.Decisions)); share < 0.9 {
		t.Errorf("%.0f %% of the proposals have a flip point, want most", 100*share)
	}
}

func judgeable(t *testing.T, e *Engine, p *decision.Proposal) {
	t.Helper()
	var parts []money.Amount
	for _, d := range p.Drivers {
		parts = append(parts, d.Amount)
		readable(t, d.Name)
	}
	order := p.Action.Kind() == decision.KindReorder
	if sum, err := money.Sum(parts...); err != nil || sum != p.Gain.Mean || len(parts) == 0 || order && len(parts) < 3 {
		t.Errorf("%s: %d drivers sum to %v, the mean is %v: %v", p.ID, len(parts), sum, p.Gain.Mean, err)
	}
	ordered := func(name string, g decision.Estimate) {
		if g.P10.Cmp(g.P50) > 0 || g.P50.Cmp(g.P90) > 0 || g.Level != 0.8 || g.Horizon <= 0 {
			t.Errorf("%s: %s: quantiles out of order: %+v", p.ID, name, g)
		}
	}
	ordered("gain", p.Gain)
	chosen, nothing := 0, 0
	for _, a := range p.Alternatives {
		ordered(a.Name.In(messages.English), a.Gain)
		readable(t, a.Name)
		if a.Chosen {
			chosen++
			if a.Cash != p.Cash || apart(a.Gain.Mean, p.Gain.Mean) > 300 { // rounding of three parts
				t.Errorf("%s: the chosen alternative is %v for %v, the proposal %v for %v", p.ID, a.Gain.Mean, a.Cash, p.Gain.Mean, p.Cash)
			}
		} else if a.Gain.Mean.Cmp(p.Gain.Mean) > 0 && apart(a.Gain.Mean, p.Gain.Mean) > 300 && len(p.Binding) == 0 {
			t.Errorf("%s: the alternative %q is better: %v > %v", p.ID, a.Name.In(messages.English), a.Gain.Mean, p.Gain.Mean)
		}
		if a.Name.Code == "plan.option.nothing" {
			nothing++
			if !a.Gain.Mean.IsZero() || !a.Gain.P10.IsZero() || !a.Gain.P90.IsZero() || !a.Cash.IsZero() {
				t.Errorf("%s: doing nothing gains %+v for %v", p.ID, a.Gain, a.Cash)
			}
		}
	}
	if len(p.Alternatives) < 2 || chosen != 1 || nothing != 1 {
		t.Errorf("%s: %d alternatives, %d chosen, %d times nothing; want 2 at least, 1, 1", p.ID, len(p.Alternatives), chosen, nothing)
	}
	for _, lang := range messages.Languages {
		if n := utf8.RuneCountInString(p.Summary.In(lang)); n > 140 {
			t.Errorf("%s: the summary in %s has %d characters", p.ID, lang, n)
		}
	}
	for _, list := range [][]messages.Message{{p.Summary}, p.Reasons, p.Caveats} {
		for _, m := range list {
			readable(t, m)
		}
	}
	assumed := p.Assumed()
	for _, key := range []string{"cost.unit", "stock.on_hand", "supply.lead_days", "supply.moq"} {
		if order && !slices.Contains(assumed, key) {
			t.Errorf("%s: %s of the demo is not marked as assumed", p.ID, key)
		}
	}
	if slices.Contains(assumed, "price.paid") || slices.Contains(assumed, "demand.daily") {
		t.Errorf("%s: what orders say is marked as assumed: %v", p.ID, assumed)
	}
	if !p.Expires.After(e.now()) {
		t.Errorf("%s: expires %v, the clock stands at %v", p.ID, p.Expires, e.now())
	}
	fingerprint := p.Fingerprint
	if err := p.Sign(); err != nil || p.Fingerprint != fingerprint {
		t.Errorf("%s: the fingerprint %s is not that of its content: %v", p.ID, fingerprint, err)
	}
}

// apart is the distance of two amounts in ten-thousandths.
func apart(a, b money.Amount) int64 { return max(a.E4()-b.E4(), b.E4()-a.E4()) }

// levers set the input that a flip names to its value there.
var levers = map[string]func(p *inventory.Problem, f decision.Flip){
	"demand.daily":     func(p *inventory.Problem, f decision.Flip) { p.Scale *= f.At / f.Now },
	"stock.on_hand":    func(p *inventory.Problem, f decision.Flip) { p.OnHand = f.At },
	"cost.unit":        func(p *inventory.Problem, f decision.Flip) { p.UnitCost = f.At },
	"price.paid":       func(p *inventory.Problem, f decision.Flip) { p.Price = f.At },
	"supply.lead_days": func(p *inventory.Problem, f decision.Flip) { p.LeadDays = f.At },
}

// TestFlipsAreTrue solves every flip again: as things are the order earns its place, with
// the one input at the flip it does not.
func TestFlipsAreTrue(t *testing.T) {
	v, menus := partOfDemo(t)
	p := plan.Choose(v, menus)
	bySite := map[decision.Subject]*plan.Menu{}
	for i := range menus {
		bySite[menus[i].Site.Subject()] = &menus[i]
	}
	least, err := money.Parse("1", v.Snapshot.Currency) // the default
	if err != nil {
		t.Fatal(err)
	}
	prices := plan.Prices{Least: least.Float()}
	solved := map[string]int{}
	for i := range p.Proposals {
		d := &p.Proposals[i]
		m := bySite[d.Action.Subject()]
		if !plan.Accepts(m.Problem, prices) {
			t.Errorf("%s: as things are, it earns no place", d.ID)
		}
		for _, f := range d.Flips {
			q := *m.Problem
			levers[f.Input](&q, f)
			if plan.Accepts(&q, prices) {
				t.Errorf("%s: %s from %v to %v does not flip it", d.ID, f.Input, f.Now, f.At)
			}
			solved[f.Input]++
		}
	}
	for input := range levers {
		if solved[input] < len(p.Proposals)/4 {
			t.Errorf("%s flips %d of %d proposals", input, solved[input], len(p.Proposals))
		}
	}
}

func TestPlanningTwiceChangesNothing(t *testing.T) {
	e, first := planned(t)
	var again *PlanReport
	unchanged(t, e, func() {
		var err error
		if again, err = e.Plan(t.Context(), PlanOptions{Workers: 3}); err != nil {
			t.Fatal(err)
		}
	})
	again.Seconds = first.Seconds
	if diff := cmp.Diff(first, again, words); diff != "" {
		t.Errorf("the plans differ (-first +second):\n%s", diff)
	}
	latest, err := e.LatestPlan(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	latest.Seconds = first.Seconds
	if diff := cmp.Diff(first, latest, words); diff != "" {
		t.Errorf("the plan was kept otherwise (-plan +latest):\n%s", diff)
	}
}

func TestPlanWithoutFacts(t *testing.T) {
	e := empty(t)
	_, err := e.Plan(t.Context(), PlanOptions{})
	refused(t, err, fault.Invalid, "E-NO-SALES")
	_, err = e.LatestPlan(t.Context())
	refused(t, err, fault.NotFound, "E-NO-PLAN")
}

// TestALaterPlanExpiresLater: expiry counts from the clock of the plan, not from when the
// facts were first looked at.
func TestALaterPlanExpiresLater(t *testing.T) {
	e, _ := planned(t)
	s, err := e.snapshot(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	e.clock = e.clock.Add(72 * time.Hour)
	p, err := e.makePlan(t.Context(), s, nil, nil, PlanOptions{})
	if err != nil {
		t.Fatal(err)
	}
	for _, d := range p.Proposals {
		if got, want := d.Expires, e.now().Add(7*24*time.Hour); !got.Equal(want) {
			t.Errorf("%s expires %v, want a week from now, %v", d.ID, got, want)
		}
	}
}
