package expansion

import (
	"math"
	"slices"
	"testing"

	"tradewind/commerce"
	"tradewind/fault"
	"tradewind/money"
)

func assess(t *testing.T, st *Study) *Assessment {
	t.Helper()
	a, err := st.Assess(chance(21))
	if err != nil {
		t.Fatal(err)
	}
	return a
}

func TestAssess(t *testing.T) {
	w := newGravityWorld(20, 1, chance(3))
	s := w.snapshot()
	blocked := commerce.Market("")
	p := Params{Criteria: CriteriaParams{
		Burden:    func(m commerce.Market) (int, int, bool) { return int(indicator(m == blocked)) * 50, 1, true },
		Readiness: map[commerce.Market]float64{"DE": .9, "FR": .4},
	}}
	a := assess(t, study(t, s, p, chance(4)))
	if want := []Criterion{CurrencyRisk}; !slices.Equal(a.Left, want) || !hasNote(a.Notes, "expansion.note.criterion-left-out") {
		t.Errorf("left out: %v, want %v", a.Left, want)
	}
	// By default the contribution weighs 3 and the six others 1.
	for j, c := range a.Criteria {
		want := 1. / 9
		if c == Contribution {
			want = 3. / 9
		}
		if math.Abs(a.Weights[j]-want) > 1e-9 {
			t.Errorf("%s weighs %v, want %v", c, a.Weights[j], want)
		}
	}
	var three, one float64
	for _, r := range a.Rows {
		three, one = three+r.TopThree, one+r.Best
		if r.Market == "GB" {
			t.Error("the home market is weighed")
		}
		if math.Abs(sum(r.Ranks)-1) > 1e-9 {
			t.Errorf("%s: ranks sum to %v", r.Market, sum(r.Ranks))
		}
	}
	if math.Abs(three-3) > 1e-9 || math.Abs(one-1) > 1e-9 {
		t.Errorf("probabilities of the first three ranks sum to %v, of the first to %v", three, one)
	}
	for i := 1; i < len(a.Rows); i++ {
		if a.Rows[i].TopThree > a.Rows[i-1].TopThree {
			t.Errorf("%s stands below %s", a.Rows[i].Market, a.Rows[i-1].Market)
		}
	}
	// A market that rules block sinks, and money alone decides where nothing else is weighed.
	first := a.Rows[0].Market
	blocked = first
	after := assess(t, study(t, s, p, chance(4)))
	i := slices.IndexFunc(after.Rows, func(r Assessed) bool { return r.Market == first })
	if after.Rows[i].TopThree >= a.Rows[0].TopThree {
		t.Errorf("%s: P(rank ≤ 3) is %v with fifty blocking rules, %v without", first, after.Rows[i].TopThree, a.Rows[0].TopThree)
	}
}

func TestAssessAmong(t *testing.T) {
	st := study(t, newGravityWorld(20, 1, chance(3)).snapshot(), Params{Criteria: CriteriaParams{Among: []commerce.Market{"DE", "FR", "US", "GB"}}}, chance(4))
	a := assess(t, st)
	if len(a.Rows) != 3 || math.Abs(a.Rows[2].TopThree-1) > 1e-9 {
		t.Errorf("%d rows, the last with P(rank ≤ 3) of %v: want three of 1", len(a.Rows), a.Rows[2].TopThree)
	}
	st.grounds.Criteria.Among = []commerce.Market{"ZZ"}
	if _, err := st.Assess(chance(1)); fault.Of(err) == nil || fault.Of(err).Code != "E-EXPANSION-NO-COUNTRY" {
		t.Errorf("no market to weigh: %v", err)
	}
}

// Judgements over three criteria of decision-science textbooks: the weights of the printed
// example (Saaty's 3 : 5 : 3), the refusal of a circle, and everything that is not complete.
func TestJudgements(t *testing.T) {
	criteria := []Criterion{Contribution, Logistics, Distance}
	good := []Preference{{Contribution, Logistics, 3}, {Contribution, Distance, 5}, {Logistics, Distance, 3}}
	p, err := judged(criteria, good)
	if err != nil {
		t.Fatal(err)
	}
	for j, want := range []float64{.6369855717, .2582849944, .1047294339} {
		if math.Abs(p.Weights[j]-want) > 1e-9 {
			t.Errorf("weight %d: %v, want %v", j, p.Weights[j], want)
		}
	}
	for name, tt := range map[string]struct {
		judgements []Preference
		code       string
	}{
		"circle":     {[]Preference{{Contribution, Logistics, 5}, {Logistics, Distance, 5}, {Distance, Contribution, 5}}, "E-EXPANSION-INCONSISTENT"},
		"incomplete": {good[:2], "E-EXPANSION-NOT-JUDGED"},
		"twice":      {append(slices.Clone(good), good[0]), "E-EXPANSION-JUDGEMENT"},
		"itself":     {[]Preference{{Contribution, Contribution, 1}}, "E-EXPANSION-JUDGEMENT"},
		"zero":       {[]Preference{{Contribution, Logistics, 0}}, "E-EXPANSION-JUDGEMENT"},
		"unknown":    {[]Preference{{Contribution, "beauty", 2}}, "E-EXPANSION-CRITERION"},
	} {
		if _, err := judged(criteria, tt.judgements); fault.Of(err) == nil || fault.Of(err).Code != tt.code {
			t.Errorf("%s: %v, want %s", name, err, tt.code)
		}
	}
	extra := append(slices.Clone(good), Preference{Contribution, Readiness, 4}) // nobody has a figure for it
	if again, err := judged(criteria, extra); err != nil || !slices.Equal(again.Weights, p.Weights) {
		t.Errorf("a judgement on a criterion that is left out: %v, %v", again.Weights, err)
	}
}

func TestCompare(t *testing.T) {
	st := study(t, newGravityWorld(20, 1, chance(3)).snapshot(), Params{}, chance(4))
	a := assess(t, st)
	own, candidate := st.Markets[1].Market, st.Entries[0].Market
	c, err := st.Compare(a, own, candidate, "GB")
	if err != nil {
		t.Fatal(err)
	}
	if c.Sides[0].Market == nil || c.Sides[1].Entry == nil || c.Sides[0].Row == nil || c.Sides[2].Row != nil {
		t.Errorf("sides %+v", c.Sides)
	}
	for i := range c.Ahead {
		for j := range c.Ahead {
			if math.Abs(c.Ahead[i][j]+c.Ahead[j][i]-1) > 1e-12 {
				t.Errorf("%d ahead of %d with probability %v, the other way %v", i, j, c.Ahead[i][j], c.Ahead[j][i])
			}
		}
	}
	if c.Ahead[2][0] < .99 {
		t.Errorf("home, which sells ten times as much, is ahead with probability %v", c.Ahead[2][0])
	}
	for code, markets := range map[string][]commerce.Market{
		"E-EXPANSION-COMPARE": {"DE"}, "E-EXPANSION-TWICE": {"DE", "DE"}, "E-EXPANSION-MARKET": {"DE", "ZZ"},
	} {
		if _, err := st.Compare(nil, markets...); fault.Of(err) == nil || fault.Of(err).Code != code {
			t.Errorf("%v: %v, want %s", markets, err, code)
		}
	}
}

func TestScenario(t *testing.T) {
	p := Params{FeeRate: .1, Draws: 8000, Entry: EntryParams{Cost: money.FromE4(1000_0000, "GBP")},
		Landed: func(commerce.Market) Landed { return Landed{Status: LandedKnown, Rate: .15} }}
	st := study(t, newGravityWorld(20, 1, chance(3)).snapshot(), p, chance(4))
	e := st.Entries[0]
	run := func(c Change) *Outcome {
		o, err := st.Scenario(e.Market, c, chance(31))
		if err != nil {
			t.Fatal(err)
		}
		return o
	}
	base := run(Change{})
	// Goods are .5 of sales, fees .1, landed .15: a quarter is left.
	if math.Abs(base.Contribution.Mean/base.Sales.Mean-.25) > 1e-3 || math.Abs(base.Contribution.Mean/e.Contribution.Mean-1) > 1e-9 {
		t.Errorf("contribution %v of sales %v; the study says %v", base.Contribution.Mean, base.Sales.Mean, e.Contribution.Mean)
	}
	if math.Abs(base.Result.Mean-(base.Contribution.Mean-1000)) > 1e-6 || base.CostAssumed {
		t.Errorf("result %v of contribution %v", base.Result.Mean, base.Contribution.Mean)
	}
	for _, tt := range []struct {
		name   string
		change Change
		want   float64 // contribution over base sales
	}{
		{"price", Change{Price: .1}, 1.1*.75 - .5},
		{"price and answer", Change{Price: .1, Elasticity: -2}, (1.1*.75 - .5) / 1.21},
		{"volume", Change{Volume: .2}, 1.2 * .25},
		{"duty", Change{Duty: .05}, .2},
		{"currency", Change{FX: -.2}, .8*.75 - .5},
	} {
		if got := run(tt.change).Contribution.Mean / base.Sales.Mean; math.Abs(got-tt.want) > 2e-3 {
			t.Errorf("%s: contribution of %v of sales, want %v", tt.name, got, tt.want)
		}
	}
	// At the break-even volume and price the result is nothing, on average.
	for name, c := range map[string]Change{
		"volume": {Volume: base.BreakEvenVolume - 1}, "price": {Price: base.BreakEvenPrice - 1},
	} {
		if got := run(c).Result.Mean; math.Abs(got) > 1e-6*base.Sales.Mean {
			t.Errorf("result %v at the break-even %s", got, name)
		}
	}
	free := run(Change{EntryCost: new(money.FromE4(0, "GBP"))})
	if free.Cost != 0 || free.Profit < .99 || free.Payback == nil || *free.Payback != 0 {
		t.Errorf("a free entry: %+v", free)
	}
	if lost := run(Change{Price: -.4}); !math.IsNaN(lost.BreakEvenVolume) || lost.Payback != nil || lost.Profit > .01 {
		t.Errorf("an entry below cost: %+v", lost)
	}
	own, err := st.Scenario(st.Markets[0].Market, Change{}, chance(31))
	if err != nil || own.Cost != 0 {
		t.Errorf("a market with sales costs %v to enter (%v)", own.Cost, err)
	}
	for name, c := range map[string]Change{
		"price": {Price: -1}, "fx": {FX: math.Inf(1)}, "duty": {Duty: math.NaN()}, "elasticity": {Elasticity: math.NaN()},
		"cost": {EntryCost: new(money.FromE4(1, "EUR"))},
	} {
		if _, err := st.Scenario(e.Market, c, chance(1)); fault.Of(err) == nil {
			t.Errorf("%s: accepted", name)
		}
	}
}
