package simulate

import (
	"math"
	"math/rand/v2"
	"testing"

	"github.com/google/go-cmp/cmp"

	"tradewind/fault"
)

// pastOfShop plays an episode up to period 0 of a form, by a seller who keeps a stock and
// once a month sets a new price, whose log lies about the reference with SD .1.
func pastOfShop(form *ShopForm, episode uint64, periods int) History {
	return pastWithPrices(form, episode, periods, .1)
}

func pastWithPrices(form *ShopForm, episode uint64, periods int, sd float64) History {
	own := *form
	own.Now, own.NowSD = 0, form.levelSD()
	own.Week = math.Mod(form.Week-float64(periods)*form.weeks()+100*weeksAYear, weeksAYear)
	s := NewShop(&own, periods)
	s.Draw(Scored, episode, SteadyTrade)
	st := s.Start()
	rng := rand.New(rand.NewPCG(episode, 9))
	keep := 1.4 * form.Level * (form.LeadDays/7 + 2)
	h := History{Share: make([]float64, periods)}
	price := form.Reference
	for t := range periods {
		if rng.Float64() < .25 {
			price = form.Reference * math.Exp(sd*rng.NormFloat64())
		}
		o := s.Step(t, &st, Act{price, keep - st.Position()})
		h.Units, h.Price, h.Share[t] = append(h.Units, o.Sold), append(h.Price, o.Price), 1
		if o.Out {
			h.Share[t] = .5
		}
	}
	return h
}

// typical is an item of which the facts say much: 40 units a week, a level that wanders by
// 10 % in the long run, a season of ±40 %.
func typical() ShopForm {
	f := plain()
	f.LevelMemory, f.LevelStep, f.LevelSD, f.ElasticitySD, f.SizeSD = .97, .025, .05, .1, .1
	for w := range f.Season {
		f.Season[w] = .35 * math.Cos(2*math.Pi/weeksAYear*float64(w-30))
	}
	f.Week = 12
	return f
}

// refusals counts how many of n pasts of a form a spoilt one is refused on, by check.
func refusals(t *testing.T, form ShopForm, n int, prices float64, spoil func(*ShopForm)) (share float64, by map[string]int) {
	t.Helper()
	by = map[string]int{}
	believed := form
	spoil(&believed)
	refused := 0
	for episode := range uint64(n) {
		c, err := Calibrate(&believed, pastWithPrices(&form, episode, 104, prices), episode)
		if err != nil {
			t.Fatal(err)
		}
		if c.Passed() != (c.Refusal() == nil) {
			t.Fatalf("passed %v, refusal %v", c.Passed(), c.Refusal())
		}
		if !c.Passed() {
			refused++
			if e := fault.Of(c.Refusal()); e.Kind != fault.Blocked {
				t.Fatalf("refused by %v", e)
			}
		}
		for _, k := range c.Checks {
			if !k.Passed {
				by[k.Name]++
			}
		}
	}
	return float64(refused) / float64(n), by
}

// TestRightFormPasses and TestWrongFormIsCaught hold the check against pasts of two years
// whose truth is drawn from the form's own stated errors. The rates at 1,000 pasts stand in
// docs/worlds.md; here fewer are played, and the bounds are three standard errors off.
func TestRightFormPasses(t *testing.T) {
	share, by := refusals(t, typical(), 100, .1, func(*ShopForm) {})
	if share > .05+3*math.Sqrt(.05*.95/100) {
		t.Errorf("a right form is refused in %.3f of the cases: %v", share, by)
	}
	exact := typical()
	exact.LevelSD, exact.ElasticitySD, exact.SizeSD = 0, 0, 0
	if share, by = refusals(t, exact, 100, .1, func(*ShopForm) {}); share > .03+3*math.Sqrt(.03*.97/100) {
		t.Errorf("an exact form is refused in %.3f of the cases: %v", share, by)
	}
}

func TestWrongFormIsCaught(t *testing.T) {
	for _, tt := range []struct {
		name   string
		prices float64 // SD of their logs
		power  float64 // least share refused
		by     string
		spoil  func(*ShopForm)
	}{
		{"level half as high again", .1, .8, CheckLevel, func(f *ShopForm) { f.Level *= 1.5 }},
		{"level a third lower", .1, .8, CheckLevel, func(f *ShopForm) { f.Level /= 1.5 }},
		{"elasticity halved", .15, .7, CheckPrice, func(f *ShopForm) { f.Elasticity /= 2 }},
		{"no season", .1, .9, CheckSeason, func(f *ShopForm) { f.Season = [52]float64{} }},
		{"four times the size", .1, .9, CheckSpread, func(f *ShopForm) { f.Size *= 4 }},
		{"a quarter of the size", .1, .9, CheckSpread, func(f *ShopForm) { f.Size /= 4 }},
	} {
		share, by := refusals(t, typical(), 30, tt.prices, tt.spoil)
		t.Logf("%s: %.2f %v", tt.name, share, by)
		most := ""
		for name, n := range by {
			if most == "" || n > by[most] {
				most = name
			}
		}
		if share < tt.power {
			t.Errorf("%s is caught in %.2f of the cases: %v", tt.name, share, by)
		}
		if by[tt.by]*2 < by[most] {
			t.Errorf("%s is caught by %v, want %s", tt.name, by, tt.by)
		}
	}
}

// TestPlacesAreUniform asks without any limit of a check: the places of many pasts of
// drifting shops, stock-outs among them, with nothing about the form in doubt but its level.
func TestPlacesAreUniform(t *testing.T) {
	var all []float64
	for seed := uint64(1); seed <= 20; seed++ {
		f := DrawShopForm(seed)
		f.ElasticitySD, f.SizeSD = 0, 0
		for episode := range uint64(4) {
			p, err := newPast(&f, pastOfShop(&f, episode, 104))
			if err != nil {
				t.Fatal(err)
			}
			all = append(all, p.places(rand.New(rand.NewPCG(seed, episode)))...)
		}
	}
	if c := uniformCheck(all); c.P < .001 { // 8,320 places
		t.Errorf("%d places lie up to %.4f from uniform: p = %.5f", len(all), c.Statistic, c.P)
	}
}

func TestHistoriesThatCannotTell(t *testing.T) {
	f := typical()
	of := func(change func(*History)) History {
		h := pastOfShop(&f, 1, 60)
		change(&h)
		return h
	}
	for _, tt := range []struct {
		code    string
		kind    fault.Kind
		history History
	}{
		{"E-SHOP-SHORT", fault.Invalid, History{}},
		{"E-SHOP-SHORT", fault.Invalid, pastOfShop(&f, 1, leastPeriods-1)},
		{"E-SHOP-SHORT", fault.Invalid, of(func(h *History) {
			for i := range 40 {
				h.Units[i] = math.NaN()
			}
		})},
		{"E-SHOP-SHORT", fault.Invalid, of(func(h *History) { clear(h.Share) })},
		{"E-SHOP-SOLD-OUT", fault.Invalid, of(func(h *History) {
			for i := range 31 {
				h.Share[i] = .9
			}
			for i := range h.Share[31:] {
				h.Share[31+i] = 1
			}
		})},
		{"E-SHOP-HISTORY", fault.Invalid, of(func(h *History) { h.Units[5] = -1 })},
		{"E-SHOP-HISTORY", fault.Invalid, of(func(h *History) { h.Price[5] = 0 })},
		{"E-SHOP-HISTORY", fault.Invalid, of(func(h *History) { h.Price[5] = math.NaN() })},
		{"E-SHOP-HISTORY", fault.Invalid, of(func(h *History) { h.Share[5] = 1.5 })},
	} {
		c, err := Calibrate(&f, tt.history, 1)
		if e := fault.Of(err); c != nil || e == nil || e.Code != tt.code || e.Kind != tt.kind {
			t.Errorf("got %v, %v, want %s", c, err, tt.code)
		}
	}
	f.Level = 0
	if _, err := Calibrate(&f, History{}, 1); fault.Of(err).Code != "E-SHOP-FORM" {
		t.Errorf("got %v", err)
	}
}

// TestOnePriceTellsNothing: where prices never moved and no year is over, two checks say so.
func TestOnePriceTellsNothing(t *testing.T) {
	f := typical()
	h := pastOfShop(&f, 3, 40)
	for i := range h.Price { // not what was asked, but the check does not know
		h.Price[i] = f.Reference
	}
	c, err := Calibrate(&f, h, 1)
	if err != nil {
		t.Fatal(err)
	}
	tested := map[string]bool{}
	for _, k := range c.Checks {
		tested[k.Name] = k.Tested
	}
	want := map[string]bool{CheckUniform: true, CheckSpread: true, CheckAutocorrelation: true, CheckSeason: false, CheckLevel: true, CheckPrice: false}
	if diff := cmp.Diff(tested, want); diff != "" {
		t.Error(diff)
	}
	if !math.IsNaN(c.Elasticity) || c.OffsetSE <= 0 || c.OffsetSE > .3 {
		t.Errorf("elasticity %v, error of the level %v", c.Elasticity, c.OffsetSE)
	}
	again, _ := Calibrate(&f, h, 1)
	if c.Checks[0] != again.Checks[0] {
		t.Error("the same past and seed give another answer")
	}
}

// TestCalibrationMeasures: what the past says by itself lies within its own errors.
func TestCalibrationMeasures(t *testing.T) {
	f := typical()
	f.LevelSD, f.ElasticitySD, f.SizeSD = 0, 0, 0
	var level, price float64
	const n = 40
	for episode := range uint64(n) {
		c, err := Calibrate(&f, pastOfShop(&f, episode, 104), 1)
		if err != nil {
			t.Fatal(err)
		}
		level += c.Offset / c.OffsetSE * c.Offset / c.OffsetSE / n
		z := (c.Elasticity - f.Elasticity) / c.ElasticitySE
		price += z * z / n
	}
	if level > 1+4*math.Sqrt(2./n) || price > 1+4*math.Sqrt(2./n) || level < .3 || price < .3 {
		t.Errorf("squared errors are %.2f (level) and %.2f (price) times what they are said to be", level, price)
	}
}

// TestFilterFollows holds what a filter expects against what comes: its mean is right over
// many weeks, and knowing a shop's own sales is worth more than the calendar alone.
func TestFilterFollows(t *testing.T) {
	var sum, demand, blind, seeing, sees, misses float64
	for seed := uint64(1); seed <= 20; seed++ {
		f := DrawShopForm(seed)
		f.ElasticitySD = 0
		s, x := NewShop(&f, 104), NewFilter(&f)
		for episode := range uint64(5) {
			s.Draw(Scored, episode, SteadyTrade)
			x.Reset()
			st := s.Start()
			for week := range s.Periods() {
				h := s.Truth(week)
				expected, known := x.Expect(week, f.Reference), f.Expected(week, f.Reference)
				sum, demand = sum+expected/f.Level, demand+h.Mean/f.Level
				seeing += math.Pow(math.Log(expected/h.Mean), 2)
				blind += math.Pow(math.Log(known/h.Mean), 2)
				p := x.Regime()
				if total := p[0] + p[1] + p[2]; math.Abs(total-1) > 1e-9 {
					t.Fatalf("regimes have probability %v", total)
				}
				if h.Regime == 1 {
					sees += p[2]
				} else {
					misses += p[2]
				}
				o := s.Step(week, &st, Act{f.Reference, 1.5*f.Level*(f.LeadDays/7+1) - st.Position()})
				x.See(week, o.Price, o.Sold, o.Out)
			}
		}
	}
	if math.Abs(sum/demand-1) > .04 { // 100 paths whose level differs by some .3: SE .02
		t.Errorf("the filter expects %.3f of the demand that comes", sum/demand)
	}
	if seeing > .6*blind {
		t.Errorf("squared log error %.1f with the filter, %.1f by the calendar", seeing, blind)
	}
	if sees < 1.2*misses/3 { // a quarter of the weeks is high: a filter that knows nothing gives each the same
		t.Errorf("belief in a high regime sums to %.0f in high weeks and to %.0f in others", sees, misses)
	}
}

// TestChainIsTheAutoregression holds mean, variance and memory of the grid's chain.
func TestChainIsTheAutoregression(t *testing.T) {
	const n, memory = 9, .93
	rows := rouwenhorst(memory, n)
	for i := range n {
		total, mean, square := 0., 0., 0.
		x := 2*float64(i)/(n-1) - 1
		for j := range n {
			y := 2*float64(j)/(n-1) - 1
			total, mean, square = total+rows[i*n+j], mean+rows[i*n+j]*y, square+rows[i*n+j]*y*y
		}
		// E[y|x] = ρx and Var[y|x] = (1-ρ²)/(n-1), of a chain with variance 1/(n-1).
		if want := (1 - memory*memory) / (n - 1); math.Abs(total-1) > 1e-12 || math.Abs(mean-memory*x) > 1e-12 || math.Abs(square-mean*mean-want) > 1e-12 {
			t.Errorf("state %d: sum %v, mean %v, variance %v, want %v", i, total, mean, square-mean*mean, want)
		}
	}
}

// TestLaws holds the laws of the checks against tables.
func TestLaws(t *testing.T) {
	for _, tt := range []struct{ got, want, tolerance float64 }{
		{farthest(.05), 1.3581, 1e-4}, // Smirnov's table
		{farthest(.01), 1.6276, 1e-4},
		{chiSquareQuantile(4, .05), 9.487729, 1e-6},
		{chiSquareQuantile(2, .01), 9.210340, 1e-6},
		{chiSquareTail(10, 18.307038), .05, 1e-8},
	} {
		if math.Abs(tt.got-tt.want) > tt.tolerance {
			t.Errorf("got %v, want %v", tt.got, tt.want)
		}
	}
}

// TestFittedFindsTheForm fits pasts whose truth is known, and calibrates what was fitted.
func TestFittedFindsTheForm(t *testing.T) {
	truth := typical()
	truth.LevelSD, truth.ElasticitySD, truth.SizeSD = 0, 0, 0
	var level, size, step, now, passed float64
	const n = 25
	for episode := range uint64(n) {
		h := pastOfShop(&truth, episode, 104)
		f, err := truth.Fitted(h)
		if err != nil {
			t.Fatal(err)
		}
		level += math.Pow(math.Log(f.Level/truth.Level)/f.LevelSD, 2) / n
		size += math.Log(f.Size/truth.Size) / n
		step += math.Log(f.LevelStep/truth.LevelStep) / n
		now += math.Pow(f.Now/f.NowSD, 2) / n // it says where the level is; that is on average nowhere
		c, err := Calibrate(&f, h, episode)
		if err != nil {
			t.Fatal(err)
		}
		if c.Passed() {
			passed++
		}
	}
	if level > 1+4*math.Sqrt(2./n) || math.Abs(size) > .25 || math.Abs(step) > .8 || now > 6 {
		t.Errorf("level %.2f squared errors off, log size %+.2f, log step %+.2f, now %.2f", level, size, step, now)
	}
	if passed < n-3 {
		t.Errorf("%v of %v fitted forms fit", passed, n)
	}
}

func TestFittedRefusesWhatCannotTell(t *testing.T) {
	f := typical()
	if _, err := f.Fitted(History{}); fault.Of(err).Code != "E-SHOP-SHORT" {
		t.Errorf("got %v", err)
	}
	f.LeadDays = 0
	if _, err := f.Fitted(pastOfShop(&ShopForm{Level: 5, Size: 5, Reference: 3, LeadDays: 7}, 1, 40)); fault.Of(err).Code != "E-SHOP-FORM" {
		t.Errorf("got %v", err)
	}
}
