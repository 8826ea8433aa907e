package tradewind

import (
	"math"
	"slices"
	"strings"
	"testing"

	"tradewind/calendar"
	"tradewind/decision"
	"tradewind/fault"
)

func ptr(x float64) *float64 { return &x }

func day(t tester, s string) calendar.Day {
	t.Helper()
	d, err := calendar.ParseDay(s)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// word is a good override of 22763 in GB.
func word(t tester) OverrideRequest {
	t.Helper()
	return OverrideRequest{SKU: "22763", Market: "GB", From: day(t, "2011-12-12"), To: day(t, "2011-12-18"), Units: ptr(90), Reason: "television on Sunday", By: ann}
}

func mustOverride(t *testing.T, e *Engine, r OverrideRequest) *OverrideView {
	t.Helper()
	o, err := e.Override(t.Context(), r)
	if err != nil {
		t.Fatal(err)
	}
	return o
}

func TestOverrideReplacesTheModel(t *testing.T) {
	e := sample(t)
	plain := mustShow(t, e, "22763", "GB")
	o := mustOverride(t, e, word(t))
	if o.State != OverrideInForce || o.By != ann || o.Units != 90 || len(o.Days) != 7 || o.Score != nil {
		t.Errorf("got %+v", o)
	}
	f, all := mustShow(t, e, "22763", "GB"), mustShow(t, e, "22763", "")
	said, model := 0.0, 0.0
	for i, d := range f.Forecast {
		named := !d.Day.Before(o.From) && !o.To.Before(d.Day)
		if d.Model != plain.Forecast[i].Mean {
			t.Errorf("%s: the model says %v, said %v before", d.Day, d.Model, plain.Forecast[i].Mean)
		}
		if named {
			said, model = said+d.Mean, model+d.Model
			// Spread as the model spreads its own; units are kept to six digits behind the point.
			if want := 90 * d.Model / o.Expected; math.Abs(d.Mean-want) > 1e-5 {
				t.Errorf("%s: %v, want %v", d.Day, d.Mean, want)
			}
		} else if d.Mean != d.Model {
			t.Errorf("%s: nobody spoke of it, and %v is expected for %v", d.Day, d.Mean, d.Model)
		}
	}
	if math.Abs(said-90) > 1e-6 || math.Abs(model-o.Expected) > 1e-6 {
		t.Errorf("the span holds %v of %v, want 90 of %v", said, model, o.Expected)
	}
	more := all.Total.Mean
	for _, d := range all.Forecast[:totalDays] {
		more -= d.Model
	}
	if math.Abs(more-(90-o.Expected)) > 1 {
		t.Errorf("all markets: %v more than the model, want about %v", more, 90-o.Expected)
	}
	if len(all.Overrides) != 1 || len(mustShow(t, e, "22763", "GB").Overrides) != 1 {
		t.Error("the SKU does not show its override")
	}

	// A later word on some of the days counts there, and the earlier one on the rest.
	later := word(t)
	later.From, later.To, later.Units, later.Factor = day(t, "2011-12-14"), day(t, "2011-12-14"), nil, ptr(2)
	second := mustOverride(t, e, later)
	if !slices.Equal(second.Replaces, []string{o.ID}) || math.Abs(second.Units-2*second.Expected) > 2e-6 {
		t.Errorf("the later: %+v", second)
	}
	for _, d := range mustShow(t, e, "22763", "GB").Forecast[:9] {
		want := 90 * d.Model / o.Expected
		if d.Day == later.From {
			want = 2 * d.Model
		}
		if d.Day.Before(o.From) {
			want = d.Model
		}
		if math.Abs(d.Mean-want) > 1e-5 { // units are kept to six digits behind the point
			t.Errorf("%s: %v, want %v", d.Day, d.Mean, want)
		}
	}
	whole := word(t)
	whole.Units = ptr(0)
	third := mustOverride(t, e, whole)
	list, err := e.Overrides(t.Context(), "22763")
	if err != nil || len(list) != 3 || list[0].ID != third.ID || list[1].State != OverrideReplaced || list[2].State != OverrideReplaced {
		t.Errorf("after a word on all days: %+v, %v", list, err)
	}
	if _, err := e.RemoveOverride(t.Context(), third.ID, ann, "said too much"); err != nil {
		t.Fatal(err)
	}
	list, err = e.Overrides(t.Context(), "")
	if err != nil || list[0].State != OverrideRemoved || list[0].Removed.Reason != "said too much" || list[1].State != OverrideInForce {
		t.Errorf("after it is taken back: %+v, %v", list, err)
	}
}

// An approval of what was proposed on other demand is refused, before and after; a plan
// proposes on the word that stands, names it, and can be made again.
func TestOverrideMakesDecisionsStale(t *testing.T) {
	e, p := planned(t)
	before := on(t, p, "22763")
	r := word(t)
	r.To, r.Units = day(t, "2012-02-10"), ptr(4000)
	o := mustOverride(t, e, r)
	_, err := e.Approve(t.Context(), before.ID, before.Fingerprint, ann, "")
	refused(t, err, fault.Stale, "E-STALE-FACTS")
	if !strings.Contains(err.Error(), o.ID) {
		t.Errorf("the refusal does not name %s: %v", o.ID, err)
	}

	again := on(t, mustPlan(t, e), "22763")
	x := explain(t, e, again.ID)
	i := slices.IndexFunc(x.Inputs, func(in InputView) bool { return in.Key == "demand.override."+o.ID })
	if i < 0 || !x.Inputs[i].Assumed || x.Inputs[i].Source != ann+": television on Sunday" {
		t.Errorf("the inputs do not name who said what: %+v", x.Inputs)
	}
	if again.ID == before.ID || x.Proposal.(decision.Reorder).Units <= explain(t, e, before.ID).Proposal.(decision.Reorder).Units {
		t.Errorf("%s orders %v, after %s with %v", again.ID, x.Proposal, before.ID, explain(t, e, before.ID).Proposal)
	}
	if _, err := e.RemoveOverride(t.Context(), o.ID, ann, "called off"); err != nil {
		t.Fatal(err)
	}
	_, err = e.Approve(t.Context(), again.ID, again.Fingerprint, ann, "")
	refused(t, err, fault.Stale, "E-STALE-FACTS")
	for _, id := range []decision.ID{before.ID, again.ID} {
		if replayed, err := e.Replay(t.Context(), id); err != nil || !replayed.Same {
			t.Errorf("%s made again: %+v, %v", id, replayed, err)
		}
	}
	third := on(t, mustPlan(t, e), "22763")
	if third.ID != before.ID {
		t.Errorf("with the word taken back the plan proposes %s, want %s again", third.ID, before.ID)
	}
}

// When its days are over an override is held against what came, and the model with it.
func TestOverrideIsScored(t *testing.T) {
	e := at(t, sample(t), "2011-11-11")
	r := word(t)
	r.From, r.To = day(t, "2011-11-12"), day(t, "2011-11-25")
	sold := func(e *Engine, from, to string) float64 {
		return float64(unitsBetween(mustShow(t, e, "22763", "GB").History, day(t, from), day(t, to)))
	}
	truth := at(t, sample(t), "2011-12-09")
	came := sold(truth, "2011-11-12", "2011-11-25")
	r.Units = ptr(came)
	right := mustOverride(t, e, r)
	r.From, r.To, r.Units = day(t, "2011-11-26"), day(t, "2011-12-20"), ptr(9000)
	wrong := mustOverride(t, e, r)
	removed := mustOverride(t, e, r)
	if _, err := e.RemoveOverride(t.Context(), removed.ID, ann, "too much"); err != nil {
		t.Fatal(err)
	}
	run := mustForecast(t, e, ForecastOptions{})
	if !slices.Contains(run.Overrides, right.ID) || slices.Contains(run.Overrides, removed.ID) {
		t.Errorf("the run rests on %v", run.Overrides)
	}

	e = at(t, e, "2011-12-09")
	list, err := e.Overrides(t.Context(), "22763")
	if err != nil || len(list) != 3 {
		t.Fatalf("%+v, %v", list, err)
	}
	if s := list[2].Score; s == nil || s.Days != 14 || s.Actual != int64(came) || s.OverrideError != 0 || s.Better != "override" || list[2].State != OverrideOver ||
		math.Abs(s.ModelError-(right.Expected-came)) > 1e-6 {
		t.Errorf("the right one, of %v: %+v", came, s)
	}
	if s := list[1].Score; s == nil || s.Days != 14 || s.Better != "model" || list[1].State != OverrideInForce || s.OverrideError < 1000 || list[1].ID != wrong.ID {
		t.Errorf("the wrong one: %+v", s)
	}
	if list[0].Score != nil {
		t.Errorf("the one that never counted: %+v", list[0].Score)
	}
	// What the run kept rested on the word of then.
	f := mustShow(t, e, "22763", "GB")
	if len(f.Past) != 1 || math.Abs(f.Past[0].Weeks[0].Mean+f.Past[0].Weeks[1].Mean-came) > 2e-4 {
		t.Errorf("the forecast of then: %+v, want %v in its first two weeks", f.Past, came)
	}
	a, err := e.Accuracy(t.Context())
	if err != nil || len(a.Runs) != 1 || len(a.Overrides) != 2 {
		t.Errorf("accuracy: %+v, %v", a, err)
	}
}

func TestOverrideOfBadInput(t *testing.T) {
	e := sample(t)
	for _, tt := range []struct {
		name   string
		change func(*OverrideRequest)
		kind   fault.Kind
		code   string
	}{
		{"unknown SKU", func(r *OverrideRequest) { r.SKU = "NONE" }, fault.NotFound, "E-SKU-NOT-FOUND"},
		{"no SKU", func(r *OverrideRequest) { r.SKU = "" }, fault.NotFound, "E-SKU-NOT-FOUND"},
		{"market without sales", func(r *OverrideRequest) { r.Market = "JP" }, fault.NotFound, "E-ITEM-NOT-FOUND"},
		{"no market", func(r *OverrideRequest) { r.Market = "" }, fault.Usage, "E-OVERRIDE-MARKET"},
		{"today", func(r *OverrideRequest) { r.From = day(t, "2011-12-09") }, fault.Invalid, "E-OVERRIDE-PAST"},
		{"beyond the horizon", func(r *OverrideRequest) { r.To = day(t, "2012-12-09") }, fault.Invalid, "E-OVERRIDE-HORIZON"},
		{"turned round", func(r *OverrideRequest) { r.From, r.To = r.To, r.From }, fault.Invalid, "E-OVERRIDE-SPAN"},
		{"negative", func(r *OverrideRequest) { r.Units = ptr(-1) }, fault.Invalid, "E-OVERRIDE-UNITS"},
		{"not a number", func(r *OverrideRequest) { r.Units = ptr(math.NaN()) }, fault.Invalid, "E-OVERRIDE-UNITS"},
		{"endless", func(r *OverrideRequest) { r.Units = ptr(math.Inf(1)) }, fault.Invalid, "E-OVERRIDE-UNITS"},
		{"negative factor", func(r *OverrideRequest) { r.Units, r.Factor = nil, ptr(-.1) }, fault.Invalid, "E-OVERRIDE-FACTOR"},
		{"factor that is not a number", func(r *OverrideRequest) { r.Units, r.Factor = nil, ptr(math.NaN()) }, fault.Invalid, "E-OVERRIDE-FACTOR"},
		{"both", func(r *OverrideRequest) { r.Factor = ptr(2) }, fault.Usage, "E-OVERRIDE-ONE"},
		{"neither", func(r *OverrideRequest) { r.Units = nil }, fault.Usage, "E-OVERRIDE-ONE"},
		{"no reason", func(r *OverrideRequest) { r.Reason = " \n" }, fault.Invalid, "E-OVERRIDE-REASON"},
		{"a novel", func(r *OverrideRequest) { r.Reason = strings.Repeat("理", 501) }, fault.Invalid, "E-OVERRIDE-REASON-LONG"},
		{"nobody", func(r *OverrideRequest) { r.By = "" }, fault.Invalid, "E-OVERRIDE-BY"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			r := word(t)
			tt.change(&r)
			_, err := e.Override(t.Context(), r)
			refused(t, err, tt.kind, tt.code)
		})
	}
	_, err := e.RemoveOverride(t.Context(), "O-1", ann, "why")
	refused(t, err, fault.NotFound, "E-OVERRIDE-NOT-FOUND")
	o := mustOverride(t, e, word(t))
	_, err = e.RemoveOverride(t.Context(), o.ID, ann, "")
	refused(t, err, fault.Invalid, "E-OVERRIDE-REASON")
	_, err = e.RemoveOverride(t.Context(), o.ID, "", "why")
	refused(t, err, fault.Invalid, "E-OVERRIDE-BY")
	if list, err := e.Overrides(t.Context(), ""); err != nil || len(list) != 1 || list[0].State != OverrideInForce {
		t.Errorf("what was refused changed something: %+v, %v", list, err)
	}
	_, err = empty(t).Override(t.Context(), word(t))
	refused(t, err, fault.Invalid, "E-NO-SALES")
}

// Nothing is expected of a product that nobody buys any more; a person may still expect it.
func TestOverrideOfWhatTheModelExpectsNothing(t *testing.T) {
	e := sample(t)
	s, err := e.snapshot(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	r := word(t)
	days := len(e.survey(s).Demand.Ahead())
	r.To = s.AsOf.AddDays(days) // to the end of what is forecast
	o := mustOverride(t, e, r)
	sum := 0.0
	for _, d := range o.Days {
		sum += d.Units
	}
	if math.Abs(sum-90) > 1e-9 {
		t.Errorf("the days add up to %v, want 90", sum)
	}
	q := OverrideRequest{Units: ptr(28)}
	if got := q.spread(make([]float64, 14)); got[0] != 2 || got[13] != 2 {
		t.Errorf("without a shape of the model: %v, want 2 a day", got)
	}
}
