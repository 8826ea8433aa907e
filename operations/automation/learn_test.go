package automation

import (
	"encoding/json"
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"tradewind/numeric/policy"
	"tradewind/simulate"
)

// anArena is an arena of a tuning seed.
func anArena(seed uint64, periods int) *Arena {
	f := simulate.DrawShopForm(seed)
	return NewArena(&f, periods)
}

// aStanding draws where an item may stand.
func aStanding(rng *rand.Rand, f *simulate.ShopForm) (st simulate.ShopState, x *simulate.Filter, cost float64) {
	st.OnHand = math.Floor(rng.Float64() * 12 * f.Level)
	for k := 1; k < simulate.MaxLead; k++ {
		if rng.IntN(4) == 0 {
			st.Ordered[k] = math.Floor(rng.Float64() * 3 * f.Level)
		}
	}
	st.Price = f.Legal(f.Reference * (.7 + .6*rng.Float64()))
	x = simulate.NewFilter(f)
	for t := range rng.IntN(8) {
		x.See(t, f.Reference, math.Floor(2*f.Level*rng.Float64()), rng.IntN(5) == 0)
	}
	return st, x, f.Cost * (.9 + .2*rng.Float64())
}

func TestResidualStaysWithinItsBounds(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		f := simulate.DrawShopForm(rapid.Uint64Range(1, 20).Draw(t, "form"))
		rng := rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "seed"), 1))
		c := NewClassical(&f, 8)
		c.RunOut = rng.IntN(2) == 0
		r := &Residual{c, make([]uint8, States)}
		for s := range r.Moves {
			r.Moves[s] = uint8(rng.IntN(Actions))
		}
		st, x, cost := aStanding(rng, &f)
		period := rng.IntN(8)
		v, act := c.Look(period, &st, x, cost), r.Act(period, &st, x, cost)
		if ratio := act.Price / v.Price; ratio < .9-1e-12 || ratio > 1.1+1e-12 {
			t.Fatalf("a price of %v times the classical one", ratio)
		}
		if most := max(0, 1.3*v.Target-v.Projected); act.Order < 0 || act.Order > most+1e-9 {
			t.Fatalf("an order of %v; 1.3 times the target asks for %v", act.Order, most)
		}
		if act.Order > 0 && v.Projected+act.Order < .7*v.Target-1e-9 {
			t.Fatalf("ordered up to %v of a target of %v", v.Projected+act.Order, v.Target)
		}
	})
}

func TestNeutralTableIsTheClassicalPolicy(t *testing.T) {
	for _, seed := range []uint64{1, 3} { // one that is cleared, one that is not
		a := anArena(seed, 104)
		c := NewClassical(a.Form, a.Periods)
		neutral := residual(c, policy.NewTable(States, Actions, nil), Both, 0)
		if n := neutral.Changed(); n != 0 {
			t.Fatalf("a table that learned nothing moves %d states", n)
		}
		got := a.Sample(neutral, simulate.Choosing, 4, simulate.SteadyTrade)
		want := a.Sample(c, simulate.Choosing, 4, simulate.SteadyTrade)
		if !cmp.Equal(got, want) {
			t.Errorf("seed %d: got %v, want %v", seed, got, want)
		}
	}
}

// TestThinStatesStay: however much better an action looks, it is not taken where it was
// learned from fewer than 20 times, nor where it does not beat the classical one by the gain.
func TestThinStatesStay(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		rng := rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "seed"), 2))
		table := policy.NewTable(States, Actions, nil)
		for i := range table.Q {
			table.Q[i], table.Visits[i] = rng.NormFloat64(), uint32(rng.IntN(40))
		}
		gain, only := rng.Float64(), Parts[rng.IntN(len(Parts))]
		r := residual(NewClassical(anArena(1, 4).Form, 4), table, only, gain)
		for s, move := range r.Moves {
			a := int(move)
			if a == Neutral {
				continue
			}
			if n := table.Count(s, a); n < thinnest {
				t.Fatalf("state %d takes action %d, learned from %d times", s, a, n)
			}
			if by := table.Row(s)[a] - table.Row(s)[Neutral]; by < gain {
				t.Fatalf("state %d takes action %d, better by %v of %v", s, a, by, gain)
			}
			if !only.allows(a) {
				t.Fatalf("state %d takes action %d, which part %d may not", s, a, only)
			}
		}
	})
}

func TestCornersShareOut(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		v := View{Rate: rapid.Float64Range(0, 50).Draw(t, "rate"), Projected: rapid.Float64Range(0, 500).Draw(t, "projected"), Target: rapid.Float64Range(0, 300).Draw(t, "target")}
		onHand := rapid.Float64Range(0, 2000).Draw(t, "on hand")
		at := rapid.IntRange(0, contexts-1).Draw(t, "context")
		sum, cover := 0., 0.
		for _, c := range corners(onHand, v, at) {
			if c.state < at*grids || c.state >= (at+1)*grids || c.share < 0 {
				t.Fatalf("corner %+v of context %d", c, at)
			}
			sum, cover = sum+c.share, cover+c.share*coverGrid[c.state%grids/len(projectGrid)]
		}
		want := min(max(onHand/max(v.Rate, 1e-9), 0), coverGrid[len(coverGrid)-1])
		if math.Abs(sum-1) > 1e-12 || math.Abs(cover-want) > 1e-9*(1+want) {
			t.Fatalf("shares sum to %v, their cover to %v of %v", sum, cover, want)
		}
	})
}

func TestProjectionCountsWhatArrives(t *testing.T) {
	a := anArena(3, 20)
	c := NewClassical(a.Form, 20)
	st := simulate.ShopState{OnHand: 1e6, Price: a.Form.Reference}
	bare := c.Project(0, &st, 1, 0)
	if got, want := bare, 1e6-c.sums[c.lead]; math.Abs(got-want) > 1e-6 {
		t.Errorf("plenty on the shelf: got %v, want %v", got, want)
	}
	st.Ordered[1] = 50
	if got := c.Project(0, &st, 1, 0) - bare; math.Abs(got-50) > 1e-6 {
		t.Errorf("50 more under way: %v more", got)
	}
	st = simulate.ShopState{Price: a.Form.Reference}
	if got := c.Project(0, &st, 1, 0); got != 0 {
		t.Errorf("nothing anywhere: projected %v", got)
	}
}

// TestRunOutPriceStretchesTheShelf: at it, what is expected to sell until the next delivery
// is what is there.
func TestRunOutPriceStretchesTheShelf(t *testing.T) {
	a := anArena(3, 20)
	c := NewClassical(a.Form, 20)
	st := simulate.ShopState{OnHand: math.Floor(c.sums[c.lead+1] / 2), Price: a.Form.Reference}
	price := c.runOut(0, &st, 1)
	if got, want := c.answer(1, price)*c.sums[c.lead+1], st.OnHand; math.Abs(got-want) > 1e-9*want {
		t.Errorf("at %v, %v sell of %v", price, got, want)
	}
	st.OnHand = 1e6
	if got := c.runOut(0, &st, 1); got != 0 {
		t.Errorf("with plenty on the shelf: got %v, want 0", got)
	}
}

// lightly is an effort that is enough to tell.
var lightly = Effort{Fit: 12, Rounds: 1, Learn: 16, Screen: 64, Choose: 64}

// TestLearningPays: on two tuning forms what is learned is better than the classical policy
// on episodes that it did not learn on.
func TestLearningPays(t *testing.T) {
	if testing.Short() {
		t.Skip("learns for some seconds")
	}
	for _, seed := range []uint64{18, 17} {
		l := Learn(anArena(seed, 104), lightly, nil)
		if l.Residual == nil || !(l.Advantage.Low > 0) || l.Advantage.Gain < l.Advantage.Low {
			t.Errorf("form %d: nothing was learned: %+v", seed, l.Advantage)
			continue
		}
		t.Logf("form %d: %+.2f %% (%.1f %% bound %+.2f %%), %d states moved", seed, 100*l.Advantage.Share(), 100*l.Advantage.Level, 100*l.Advantage.Low/l.Advantage.Other, l.Residual.Changed())
	}
}

// TestLearningRepeats: learned twice gives the same bytes, and what is kept acts as what was
// learned.
func TestLearningRepeats(t *testing.T) {
	e := Effort{Fit: 2, Rounds: 1, Learn: 4, Screen: 8, Choose: 8}
	learned := func() (*Arena, *Learned, string) {
		a := anArena(1, 60)
		l := Learn(a, e, nil)
		if l.Residual == nil { // of so little nothing is believed: what is kept should move something
			l.Residual = &Residual{l.Classical, make([]uint8, States)}
			for s := range l.Residual.Moves {
				l.Residual.Moves[s] = uint8(s % Actions)
			}
		}
		data, err := json.Marshal(l.Keep(a, e))
		if err != nil {
			t.Fatal(err)
		}
		return a, l, string(data)
	}
	a, l, data := learned()
	if _, _, again := learned(); again != data {
		t.Error("learned twice, not the same")
	}
	keptActsTheSame(t, a, l, []byte(data))
}

func keptActsTheSame(t *testing.T, a *Arena, l *Learned, data []byte) {
	t.Helper()
	var k Kept
	if err := json.Unmarshal(data, &k); err != nil {
		t.Fatal(err)
	}
	back, err := k.Learned(&k.Form, a.Periods)
	if err != nil {
		t.Fatal(err)
	}
	got := a.Sample(back.Best(), simulate.Scored, 3, simulate.LevelUp)
	want := a.Sample(l.Best(), simulate.Scored, 3, simulate.LevelUp)
	if !cmp.Equal(got, want) {
		t.Errorf("kept policy: got %v, want %v", got, want)
	}
	rng := rand.New(rand.NewPCG(1, 3))
	for range 50 {
		st, x, cost := aStanding(rng, a.Form)
		if got, want := back.Advise(&st, x, cost).Learned, l.Best().Act(0, &st, x, cost); got != want {
			t.Fatalf("advice %+v, the policy does %+v", got, want)
		}
	}
	for what, spoil := range map[string]func(*Kept){
		"a move that there is not":                   func(k *Kept) { k.Moves = slices.Repeat([]byte{byte(Actions)}, States) },
		"a table of another number of states":        func(k *Kept) { k.Moves = k.Moves[1:] },
		"a clearance that is over":                   func(k *Kept) { k.Settings.Clearance = -1 },
		"a clearance that is longer than any season": func(k *Kept) { k.Settings.Clearance = 53 },
	} {
		wrong := k
		spoil(&wrong)
		if _, err := wrong.Learned(&wrong.Form, 8); err == nil || wrong.Sound() {
			t.Errorf("accepted: %s", what)
		}
	}
}

// TestCompareIsPaired holds the interval against the textbook's: differences 1, 2, 3, 4 have
// mean 2.5 and standard error √(5/3)/2; t₃(.975) = 3.1824463052837.
func TestCompareIsPaired(t *testing.T) {
	c := Compare([]float64{11, 22, 33, 44}, []float64{10, 20, 30, 40}, .95)
	half := 3.1824463052837 * math.Sqrt(5./3) / 2
	for _, x := range []struct{ got, want float64 }{{c.Gain, 2.5}, {c.Low, 2.5 - half}, {c.High, 2.5 + half}, {c.Share(), .1}, {c.Other, 25}} {
		if math.Abs(x.got-x.want) > 1e-9 {
			t.Errorf("got %v, want %v", x.got, x.want)
		}
	}
}

// TestTableOfPolicies: the classical policy gains nothing over itself, nobody passes the
// ceiling, shares are shares, and everything is there twice the same.
func TestTableOfPolicies(t *testing.T) {
	a := anArena(3, 104)
	l := &Learned{Classical: NewClassical(a.Form, 104)}
	field := a.Field(l, Fixed{a.Form.Reference, 8 * a.Form.Level, 1}, 4)
	cells := a.Evaluate(field, 6, []simulate.Scenario{simulate.SteadyTrade, simulate.LevelDown})
	if len(cells) != 2 || len(cells[0].Results) != 6 {
		t.Fatalf("%d cells, %d policies", len(cells), len(cells[0].Results))
	}
	for _, c := range cells {
		for _, r := range c.Results {
			if r.Mean > c.Ceiling || r.Gap >= 1 {
				t.Errorf("%s: %s earns %v, the ceiling is %v", c.Scenario, r.Name, r.Mean, c.Ceiling)
			}
			if s := r.Service; !(s.Fill > 0 && s.Fill <= 1 && s.Out >= 0 && s.Out < 1 && s.Stock > 0 && s.Price > 0) {
				t.Errorf("%s: %s: %+v", c.Scenario, r.Name, s)
			}
		}
		if own := c.Results[Baseline].Over; own.Gain != 0 || own.Low != 0 || own.High != 0 {
			t.Errorf("the classical policy over itself: %+v", own)
		}
	}
	all := Overall(cells)
	for i, r := range all.Results {
		if want := (cells[0].Results[i].Mean + cells[1].Results[i].Mean) / 2; math.Abs(r.Mean-want) > 1e-9*math.Abs(want) || r.Low > r.Mean || r.High < r.Mean {
			t.Errorf("overall %s: %v (%v to %v), want %v", r.Name, r.Mean, r.Low, r.High, want)
		}
	}
	if again := a.Evaluate(field, 6, []simulate.Scenario{simulate.LevelDown}); !cmp.Equal(again[0], cells[1]) {
		t.Errorf("evaluated twice:\n%s", cmp.Diff(cells[1], again[0]))
	}
	if cells[1].Results[Baseline].Mean >= cells[0].Results[Baseline].Mean {
		t.Error("less demand brings no less")
	}
}

func TestShadowOnItsOwnPast(t *testing.T) {
	a := anArena(3, 60)
	shop := simulate.NewShop(a.Form, 60)
	shop.Draw(simulate.Scored, 5, simulate.SteadyTrade)
	var h simulate.History
	for t := range 60 {
		h.Units, h.Price = append(h.Units, shop.Demand(t, a.Form.Reference)), append(h.Price, a.Form.Reference)
	}
	policies := func(good float64) func(*Arena) (Policy, Policy) {
		return func(a *Arena) (Policy, Policy) {
			level := (a.Form.LeadDays/7 + 3) * a.Form.Level
			return Fixed{a.Form.Reference * good, level, 1}, Fixed{a.Form.Reference, level, 1}
		}
	}
	same, err := Shadow(a.Form, h, policies(1), 8)
	if err != nil || same.Gain != 0 || same.Low != 0 {
		t.Errorf("a policy beside itself: %+v, %v", same, err)
	}
	cheap, err := Shadow(a.Form, h, policies(.72), 8)
	if err != nil || !(cheap.High < 0) {
		t.Errorf("giving goods away: %+v, %v", cheap, err)
	}
	short := simulate.History{Units: h.Units[:20], Price: h.Price[:20]}
	if _, err := Shadow(a.Form, short, policies(1), 8); err == nil {
		t.Error("20 weeks were enough")
	}
}
