package simulate

import (
	"math"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"tradewind/fault"
	"tradewind/messages"
	"tradewind/numeric/distribution"
)

// plain is an item about which everything is known and nothing moves.
func plain() ShopForm {
	return ShopForm{Key: 7, Level: 40, Size: 10, Elasticity: -2.5, Reference: 25, Kept: .85, Cost: 10, Handling: 2,
		Holding: .25, Goodwill: 1, OrderCost: 8, PriceChange: 3, Salvage: .5, LeadDays: 28, ReturnHandling: 3}
}

// drifting draws the item of a tuning seed.
func drifting(seed uint64) *Shop {
	f := DrawShopForm(seed)
	return NewShop(&f, 104)
}

// TestRanges holds drawn items against the table of the world.
func TestRanges(t *testing.T) {
	seasonal := 0.
	for seed := uint64(1); seed <= 500; seed++ {
		f := DrawShopForm(seed)
		if err := f.Check(); err != nil {
			t.Fatalf("seed %d: %v", seed, err)
		}
		average := 0.
		for _, x := range f.Season {
			average += math.Exp(x) / 52
		}
		for name, within := range map[string]bool{
			"level":      f.Level >= 5 && f.Level <= 100,
			"size":       f.Size >= 3 && f.Size <= 30,
			"elasticity": f.Elasticity >= -4 && f.Elasticity <= -1.5,
			"lead":       f.LeadDays >= 14 && f.LeadDays <= 56 && f.LeadSD >= .08*f.LeadDays && f.LeadSD <= .25*f.LeadDays,
			"cost":       f.Cost >= 3 && f.Cost <= 60,
			"margin":     f.Kept*f.Reference > f.Cost+f.Handling,
			"minimum":    f.MOQ <= 2*f.Level+1 && f.Pack <= max(1, f.Level),
			"season":     math.Abs(average-1) < 1e-12,
			"salvage":    f.Clears == (f.Salvage < .6),
		} {
			if !within {
				t.Errorf("seed %d: %s is out of its range: %+v", seed, name, f)
			}
		}
		if f.Clears {
			seasonal++
		}
	}
	if share := seasonal / 500; math.Abs(share-.4) > .07 { // 3 standard errors
		t.Errorf("%.3f of the items are seasonal, want .4", share)
	}
}

func TestSameDrawIsSamePath(t *testing.T) {
	play := func(s *Shop) (list []Outcome) {
		st := s.Start()
		for week := range s.Periods() {
			list = append(list, s.Step(week, &st, Act{s.Form().Reference * (1 + .01*float64(week%7)), 300 - st.Position()}))
		}
		return list
	}
	a, b := drifting(4), drifting(4)
	b.Draw(Scored, 99, LeadsLonger) // what was drawn before leaves no trace
	for _, split := range []Split{Training, Choosing, Scored} {
		a.Draw(split, 5, SteadyTrade)
		b.Draw(split, 5, SteadyTrade)
		if diff := cmp.Diff(play(a), play(b)); diff != "" {
			t.Fatal(diff)
		}
	}
	seen := map[float64]bool{}
	for _, split := range []Split{Training, Choosing, Scored} {
		for episode := range uint64(100) {
			a.Draw(split, episode, SteadyTrade)
			seen[a.chance[0]] = true
		}
	}
	if len(seen) != 300 {
		t.Errorf("300 episodes have %d first draws", len(seen))
	}
}

// TestDemandIsItsQuantile holds the fast quantile against the searched one.
func TestDemandIsItsQuantile(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		mean := math.Exp(rapid.Float64Range(-6, 8).Draw(t, "log mean"))
		size := math.Exp(rapid.Float64Range(-3, 12).Draw(t, "log size"))
		u := rapid.Float64Range(1e-9, 1-1e-9).Draw(t, "u")
		got, want := countQuantile(mean, size, u), distribution.NewNegativeBinomial(mean, size).Quantile(u)
		if got != want {
			law := distribution.NewNegativeBinomial(mean, size)
			if edge := law.CDF(min(got, want)); math.Abs(edge-u) > 1e-12 { // but for rounding at a step
				t.Fatalf("mean %v, size %v, u %v: %v, want %v", mean, size, u, got, want)
			}
		}
	})
}

func TestDemandNeverRisesWithThePrice(t *testing.T) {
	s := drifting(2)
	f := s.Form()
	rapid.Check(t, func(t *rapid.T) {
		s.Draw(Scored, rapid.Uint64Range(0, 500).Draw(t, "episode"), Scenarios[rapid.IntRange(0, len(Scenarios)-1).Draw(t, "scenario")])
		week := rapid.IntRange(0, 103).Draw(t, "week")
		a := rapid.Float64Range(f.Floor, f.Ceiling).Draw(t, "a")
		b := rapid.Float64Range(f.Floor, f.Ceiling).Draw(t, "b")
		if low, high := s.Demand(week, min(a, b)), s.Demand(week, max(a, b)); high > low {
			t.Fatalf("week %d: %v at %v, %v at %v", week, low, min(a, b), high, max(a, b))
		}
	})
}

// TestDemandHasItsLaw standardises the demand of drifting shops by their truth.
func TestDemandHasItsLaw(t *testing.T) {
	var n, sum, squares float64
	for seed := uint64(1); seed <= 10; seed++ {
		s := drifting(seed)
		f := s.Form()
		for episode := range uint64(20) {
			s.Draw(Training, episode, SteadyTrade)
			for week := range s.Periods() {
				h := s.Truth(week)
				price := f.Reference * (.8 + .1*float64(week%5))
				law := distribution.NewNegativeBinomial(h.Mean*math.Pow(price/f.Reference, h.Elasticity), h.Size)
				z := (s.Demand(week, price) - law.Mean()) / math.Sqrt(law.Variance())
				n, sum, squares = n+1, sum+z, squares+z*z
			}
		}
	}
	if math.Abs(sum/n) > 4/math.Sqrt(n) || math.Abs(squares/n-1) > .05 { // n is 20,800
		t.Errorf("standardised demand has mean %.4f and variance %.4f", sum/n, squares/n)
	}
}

// TestLevelAndRegimeMove holds what is hidden against the equations of the world.
func TestLevelAndRegimeMove(t *testing.T) {
	f := DrawShopForm(5)
	s := NewShop(&f, 40_000)
	var count [3]float64
	var squares, products, left, n float64
	for week := range s.Periods() - 1 {
		h, next := s.Truth(week), s.Truth(week+1)
		count[h.Regime+1]++
		squares += h.Level * h.Level
		products += h.Level * next.Level
		if n++; h.Regime != next.Regime {
			left++
			if h.Regime*next.Regime != 0 {
				t.Fatalf("week %d: from regime %d to %d", week, h.Regime, next.Regime)
			}
		}
	}
	if got := left / n; math.Abs(got/f.Leave-1) > .1 {
		t.Errorf("regimes are left with probability %.4f, want %.4f", got, f.Leave)
	}
	for r, want := range []float64{.25, .5, .25} {
		if got := count[r] / n; math.Abs(got-want) > .04 { // some 1,400 changes
			t.Errorf("regime %d: %.3f of the weeks, want %.2f", r-1, got, want)
		}
	}
	if got := products / squares; math.Abs(got-f.LevelMemory) > .005 {
		t.Errorf("memory %.4f, want %.4f", got, f.LevelMemory)
	}
	if got, want := math.Sqrt(squares/n), f.levelSD(); math.Abs(got/want-1) > .15 {
		t.Errorf("the level's SD is %.4f, want %.4f", got, want)
	}
}

// TestAdverseEpisodes counts them where nothing else moves.
func TestAdverseEpisodes(t *testing.T) {
	f := plain()
	s := NewShop(&f, 2)
	for _, split := range []Split{Training, Choosing, Scored} {
		var less, more, later, all float64
		for episode := range uint64(6000) {
			s.Draw(split, episode, SteadyTrade)
			h := s.Truth(0)
			switch ratio := h.Mean / f.Level; {
			case math.Abs(ratio-.7) < 1e-9:
				less++
			case math.Abs(ratio-1.3) < 1e-9:
				more++
			case h.Lead == 5:
				later++
			case math.Abs(ratio-1) > 1e-9 || h.Lead != 4:
				t.Fatalf("mean %v, lead %d", h.Mean, h.Lead)
			}
			all++
		}
		want := all / 30
		if split == Scored {
			want = 0
		}
		for name, got := range map[string]float64{"less": less, "more": more, "later": later} {
			if math.Abs(got-want) > 4*math.Sqrt(want) {
				t.Errorf("split %d: %v episodes with %s, want %v", split, got, name, want)
			}
		}
	}
}

// TestScenarios compares each with the same episode without it.
func TestScenarios(t *testing.T) {
	f := plain()
	for w := range f.Season {
		f.Season[w] = .3 * math.Sin(2*math.Pi*float64(w)/52)
	}
	calm, s := NewShop(&f, 104), NewShop(&f, 104)
	calm.Draw(Scored, 11, SteadyTrade)
	onset := calm.Truth(0).Onset
	if onset < 26 || onset > 51 {
		t.Fatalf("onset in week %d", onset)
	}
	for _, tt := range []struct {
		scenario        Scenario
		after           int
		demand, steeper float64
		later           int
	}{
		{LevelUp, 4, 1.1832159566199232, 1, 0}, // √1.4
		{LevelUp, 8, 1.4, 1, 0},
		{LevelUp, 50, 1.4, 1, 0},
		{LevelDown, 30, .7, 1, 0},
		{ElasticityUp, 0, 1, 1.3, 0},
		{LeadsLonger, 10, 1, 1, 2},
		{RivalUndercuts, 0, .55, 1.2, 0},
		{RivalUndercuts, 16, .55, 1.2, 0},
		{RivalUndercuts, 21, .7416198487095663, 1.1, 0}, // √.55
		{RivalUndercuts, 26, 1, 1, 0},
	} {
		s.Draw(Scored, 11, tt.scenario)
		for week := range onset {
			if got, want := s.Truth(week), calm.Truth(week); got != want || s.Demand(week, 24) != calm.Demand(week, 24) {
				t.Fatalf("%v before its onset: %+v, want %+v", tt.scenario, got, want)
			}
		}
		got, was := s.Truth(onset+tt.after), calm.Truth(onset+tt.after)
		if math.Abs(got.Mean/was.Mean-tt.demand) > 1e-12 || math.Abs(got.Elasticity/was.Elasticity-tt.steeper) > 1e-12 || got.Lead-was.Lead != tt.later {
			t.Errorf("%v after %d weeks: %+v, was %+v", tt.scenario, tt.after, got, was)
		}
	}
	s.Draw(Scored, 11, SeasonShifted)
	if got, want := s.Truth(onset+20).Mean, calm.Truth(onset+14).Mean; got != want {
		t.Errorf("a season six weeks later: %v, want %v", got, want)
	}
	defer func() {
		if recover() == nil {
			t.Error("a training episode with a scenario was drawn")
		}
	}()
	s.Draw(Training, 0, LevelUp)
}

func TestBadForms(t *testing.T) {
	for name, spoil := range map[string]func(*ShopForm){
		"E-SHOP-FORM level":           func(f *ShopForm) { f.Level = 0 },
		"E-SHOP-FORM size":            func(f *ShopForm) { f.Size = math.NaN() },
		"E-SHOP-FORM elasticity":      func(f *ShopForm) { f.Elasticity = .5 },
		"E-SHOP-FORM lead-days":       func(f *ShopForm) { f.LeadDays = 0 },
		"E-SHOP-FORM lead-sd":         func(f *ShopForm) { f.LeadSD = math.NaN() },
		"E-SHOP-FORM level-memory":    func(f *ShopForm) { f.LevelMemory = 1 },
		"E-SHOP-FORM season":          func(f *ShopForm) { f.Season[3] = math.Inf(1) },
		"E-SHOP-FORM ceiling":         func(f *ShopForm) { f.Floor, f.Ceiling = 20, 10 },
		"E-SHOP-LEAD":                 func(f *ShopForm) { f.LeadDays = 160 },
		"E-SHOP-FORM return-lag":      func(f *ShopForm) { f.ReturnLag = MaxLag + 1 },
		"E-SHOP-FORM kept":            func(f *ShopForm) { f.Kept = 1.2 },
		"E-SHOP-FORM days":            func(f *ShopForm) { f.Days = -1 },
		"E-SHOP-FORM clear-week":      func(f *ShopForm) { f.ClearWeek = 52 },
		"E-SHOP-FORM minimum-order":   func(f *ShopForm) { f.MOQ = -5 },
		"E-SHOP-FORM holding":         func(f *ShopForm) { f.Holding = math.Inf(1) },
		"E-SHOP-FORM elasticity-sd":   func(f *ShopForm) { f.ElasticitySD = -1 },
		"E-SHOP-FORM reference-price": func(f *ShopForm) { f.Reference = 0 },
	} {
		f := plain()
		if err := f.Check(); err != nil {
			t.Fatal(err)
		}
		spoil(&f)
		e := fault.Of(f.Check())
		if e == nil {
			t.Errorf("%s: no fault", name)
			continue
		}
		got := e.Code
		if got == "E-SHOP-FORM" {
			got += " " + strings.TrimPrefix(e.Args[0].Value.(messages.Message).Code, "simulation.field.")
		}
		if e.Kind != fault.Invalid || got != name {
			t.Errorf("got %s (%v), want %s", got, e.Kind, name)
		}
	}
}
