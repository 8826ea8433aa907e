package inventory

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"tradewind/numeric/distribution"
)

// steady is a shop without chance: 10 a day, 7 days from order to shelf, an order a week,
// a margin of 2 and no holding cost.
func steady() *Problem {
	return &Problem{Demand: steadyDays(10), Scale: 1, Scenarios: 8, Seed: 1, OnHand: 70, LeadDays: 7, Review: 7, MaxCycle: 7, Price: 5, UnitCost: 3}
}

// TestWhatIsOnItsWayArrivesOnItsDay: 50 units that come on day 5 are sold before an order
// of today is there; units that come with it are not; and units that come in its cycle
// need not be ordered.
func TestWhatIsOnItsWayArrivesOnItsDay(t *testing.T) {
	for _, c := range []struct{ onHand, day, need, short float64 }{
		{0, 2, 70, 1}, // two days lost, then 50 sold by day 7
		{20, 2, 70, 0},
		{0, 7, 20, 1},
		{70, 7, 20, 0},
		{70, 10, 20, 0},
		{70, 14, 20, 0},
		{70, 15, 70, 0}, // after the cycle
	} {
		p := steady()
		p.OnHand, p.Arrivals = c.onHand, []Arrival{{50, c.day}}
		s := Solve(p)
		if s.Need != c.need || s.StockOut != c.short {
			t.Errorf("%v on hand, 50 on day %v: need %v and %v short, want %v and %v", c.onHand, c.day, s.Need, s.StockOut, c.need, c.short)
		}
		if got, want := s.UpTo, c.onHand+50+c.need; got != want {
			t.Errorf("up to %v, want %v", got, want)
		}
	}
	// Of Inbound no day is known: half a lead time.
	p := steady()
	p.OnHand, p.Inbound = 40, 60 // lasts until day 10
	if s := Solve(p); s.Need != 40 || s.StockOut != 0 {
		t.Errorf("need %v and %v short, want 40 and 0", s.Need, s.StockOut)
	}
}

// TestClosures: a supplier that is away from day 3 to day 13. Where its goods leave within
// 2 days, an order of today arrives on day 7 and one of next week on day 20: today's has to
// last 13 days. Where they are with it all the time, both are late.
func TestClosures(t *testing.T) {
	p := steady()
	p.Closed, p.Handling = []Closure{{3, 13}}, 2
	if s := Solve(p); s.Need != 130 || s.Window != 130 {
		t.Errorf("need %v for a cycle of %v, want 130", s.Need, s.Window)
	}
	p.Handling = 0 // arrives on day 17, the next on day 20
	if s := Solve(p); s.Lead != 170 || s.Need != 70 {
		t.Errorf("need %v after %v, want 70 after 170", s.Need, s.Lead)
	}
	for _, c := range []struct{ day, lead, want int }{{0, 3, 3}, {0, 4, 14}, {3, 1, 14}, {12, 5, 18}, {13, 5, 18}} {
		if got := p.arrival(c.day, c.lead); got != c.want {
			t.Errorf("an order of day %d that takes %d days arrives on day %d, want %d", c.day, c.lead, got, c.want)
		}
	}
}

// What closures add to the mean lead time and take from it is the same, and to any where the
// goods are with the supplier all the time; what came later never took shorter.
func TestWorkedUndoesClosures(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		lead := rapid.IntRange(1, 120).Draw(t, "lead")
		p := &Problem{LeadDays: float64(lead), Handling: float64(rapid.IntRange(0, 40).Draw(t, "handling"))}
		if p.Handling == 0 {
			p.LeadDays = 30
		}
		for day := 0; day < 100; day++ {
			from := day + rapid.IntRange(0, 40).Draw(t, "from")
			day = from + rapid.IntRange(1, 30).Draw(t, "days")
			p.Closed = append(p.Closed, Closure{from, day})
		}
		if got := p.Worked(p.arrival(0, lead)); got != lead {
			t.Errorf("an order of %d days tells %d", lead, got)
		}
		arrived := rapid.IntRange(1, 200).Draw(t, "arrived")
		if got := p.Worked(arrived); got > arrived || got > p.Worked(arrived+1) {
			t.Errorf("an order that came on day %d tells %d days, a day later %d", arrived, got, p.Worked(arrived+1))
		}
	})
}

// TestFillRate holds the order against the loss function: the least Q with E(D - Q)⁺ ≤
// (1 - β)·E D, for Poisson demand of a week and an empty shelf. Tolerance: a unit, for 4,096
// futures.
func TestFillRate(t *testing.T) {
	week := distribution.NewPoisson(35)
	for _, fill := range []float64{.8, .95, .99} {
		want := 0.0
		for above := week.Mean(); above > (1-fill)*week.Mean(); above, _ = week.Loss(want) {
			want++
		}
		p := steady()
		p.Demand, p.OnHand, p.FillRate, p.Scenarios = poissonDays(5), 0, fill, 4096
		s := Solve(p)
		if got := s.Chosen().Units; math.Abs(got-want) > 1 {
			t.Errorf("a fill rate of %v takes %v, want %v", fill, got, want)
		}
		if s.Fill < fill || s.Fill > fill+.03 {
			t.Errorf("a fill rate of %v was asked for, %v is kept", fill, s.Fill)
		}
		p.Pack, p.MOQ = 24, 30
		if got, want := Solve(p).Chosen().Units, 24*math.Ceil(max(want, 30)/24); math.Abs(got-want) > 24 || math.Mod(got, 24) != 0 {
			t.Errorf("in packs of 24: %v, want %v", got, want)
		}
	}
}

// TestGoodsThatSpoil: what cannot be sold in 3 days is not ordered for 7, and what keeps
// for long is ordered as if for ever.
func TestGoodsThatSpoil(t *testing.T) {
	p := steady()
	p.ShelfDays = 3
	if got := Solve(p).Chosen(); got.Units != 30 || math.Abs(got.Mean-60) > 1e-9 {
		t.Errorf("orders %v for %v, want 30 for 60", got.Units, got.Mean)
	}
	p.ShelfDays = 400
	if got := Solve(p).Chosen(); got.Units != 70 || math.Abs(got.Mean-140) > 1e-9 {
		t.Errorf("orders %v for %v, want 70 for 140", got.Units, got.Mean)
	}
	p.ShelfDays, p.MOQ = 10, 140 // 100 sell before the rest spoils, 70 of them in the cycle
	o := newJudge(p, p.simulate(p.cycle())).option(140, false)
	if want := -70.0*3 - 40*3; math.Abs(o.Goods-want) > 1e-9 {
		t.Errorf("goods of %v, want %v", o.Goods, want)
	}
	before := 0.0
	for days := 1; days < 30; days++ { // the longer it keeps, the better
		q := *p
		q.Demand, q.ShelfDays, q.MOQ, q.Scenarios = poissonDays(10), days, 0, 512
		if mean := Solve(&q).Chosen().Mean; mean < before-1e-6*before {
			t.Errorf("goods that keep for %d days gain %v, one day less %v", days, mean, before)
		} else {
			before = mean
		}
	}
}

// TestRefusals: what cannot be ordered is said, with its numbers, and nothing is.
func TestRefusals(t *testing.T) {
	for _, c := range []struct {
		edit func(*Problem)
		want Refusal
	}{
		{func(p *Problem) { p.OnHand = -3 }, Refusal{NegativeStock, -3, 0}},
		{func(p *Problem) { p.Inbound = -1 }, Refusal{NegativeStock, -1, 0}},
		{func(p *Problem) { p.Arrivals = []Arrival{{-2, 1}} }, Refusal{NegativeStock, -2, 0}},
		{func(p *Problem) { p.LeadDays = 0 }, Refusal{NoLeadTime, 0, 0}},
		{func(p *Problem) { p.LeadDays = -1 }, Refusal{NoLeadTime, -1, 0}},
		{func(p *Problem) { p.LeadDays = 1e9 }, Refusal{NoLeadTime, 1e9, 0}},
		{func(p *Problem) { p.LeadSD = math.Inf(1) }, Refusal{NoLeadTime, 7, 0}},
		{func(p *Problem) { p.Arrivals = []Arrival{{math.Inf(1), 1}} }, Refusal{NoNumber, math.Inf(1), 0}},
		{func(p *Problem) { p.Pack = -6 }, Refusal{BadPack, -6, 0}},
		{func(p *Problem) { p.Pack = 2.5 }, Refusal{BadPack, 2.5, 0}},
		{func(p *Problem) { p.MOQ, p.Pack, p.MaxOrder = 20, 12, 20 }, Refusal{MOQAboveLimit, 24, 20}},
		{func(p *Problem) { p.MOQ, p.OrderCost, p.Budget = 100, 5, 300 }, Refusal{MOQAboveBudget, 305, 300}},
		{func(p *Problem) { p.FillRate = 1 }, Refusal{BadTarget, 1, 1}},
		{func(p *Problem) { p.Frozen = 4 }, Refusal{Frozen, 4, 0}},
	} {
		p := steady()
		c.edit(p)
		s := Solve(p)
		if s.Refused == nil || *s.Refused != c.want {
			t.Errorf("refused as %+v, want %+v", s.Refused, c.want)
		}
		if s.Best != 0 || len(s.Options) != 1 || s.Chosen().Units != 0 {
			t.Errorf("%+v has %d options", c.want, len(s.Options))
		}
	}
	p := steady()
	p.LeadDays = math.NaN()
	if r := Solve(p).Refused; r == nil || r.Reason != NoLeadTime {
		t.Errorf("an unknown lead time: %+v", r)
	}
	p = steady()
	p.UnitCost = math.NaN()
	if r := Solve(p).Refused; r == nil || r.Reason != NoNumber {
		t.Errorf("an unknown cost: %+v", r)
	}
}

func TestLimitsOfAnOrder(t *testing.T) {
	p := steady()
	p.Pack, p.MaxOrder = 12, 40
	if got := Solve(p).Chosen().Units; got != 36 {
		t.Errorf("orders %v, want 36: three packs of 12, at most 40", got)
	}
	// A change of mind that costs more than it brings is not made.
	p = steady()
	p.Demand, p.Scenarios, p.HoldingRate, p.Expected, p.ChangeCost = poissonDays(10), 512, 1, 60, 10
	if got := Solve(p).Chosen().Units; got != 60 {
		t.Errorf("orders %v, want the 60 that people expect", got)
	}
	p.ChangeCost = 0
	if got := Solve(p).Chosen().Units; got <= 70 {
		t.Errorf("orders %v where a change costs nothing, want more than the mean of 70", got)
	}
}

// TestLeadTimesAreTheWholeLaw: every day as often as its probability says, up to one, for a
// law of any form, and stretched with its mean.
func TestLeadTimesAreTheWholeLaw(t *testing.T) {
	const n = 512
	rng := rand.New(rand.NewPCG(1, 1))
	for _, p := range []*Problem{
		{LeadDays: 21, LeadSD: 6},
		{LeadDays: 2, LeadSD: 3},
		{LeadDays: 20, Lead: distribution.NewEmpirical([]float64{10, 10, 20, 40})},
		{LeadDays: 40, Lead: distribution.NewEmpirical([]float64{10, 10, 20, 40})},
	} {
		law, stretch := p.leadLaw()
		days := p.leads(n, rng)
		if slices.IsSorted(days) {
			t.Errorf("mean %v: the lead times come in order", p.LeadDays)
		}
		slices.Sort(days)
		for day := 1; day <= days[n-1]; day++ {
			got := float64(n - len(days[at(days, day+1):]))
			if want := n * law.CDF((float64(day)+.5)/stretch); math.Abs(got-want) > 1 {
				t.Errorf("mean %v: %v of %d lead times take at most %d days, want %v", p.LeadDays, got, n, day, want)
			}
		}
	}
	if days := (&Problem{LeadDays: 14}).leads(4, rng); !slices.Equal(days, []int{14, 14, 14, 14}) {
		t.Errorf("without spread: %v", days)
	}
}

func at(sorted []int, day int) int {
	k, _ := slices.BinarySearch(sorted, day)
	return k
}

// wildDays is demand of a level nobody knows: most likely next to nothing, seldom a lot.
type wildDays struct{ law distribution.Gamma }

func (w wildDays) Mean(from, to int) float64 { return float64(to - from) }

func (w wildDays) Levels(dst []float64, _ int) {
	for i := range dst {
		dst[i] = w.law.Quantile((float64(i) + .5) / float64(len(dst)))
	}
}

func (w wildDays) DrawAt(dst []float64, ends []int, level float64, rng *rand.Rand) {
	poissonDays(level).Draw(dst, ends, rng)
}

func (w wildDays) Draw(dst []float64, ends []int, rng *rand.Rand) {
	w.DrawAt(dst, ends, distribution.Sample(w.law, rng), rng)
}

// plainDays hides the levels.
type plainDays struct{ Demand }

// TestNoSingleFutureDecides: over 40 seeds the gain of an order and the level it goes up to
// scatter less than a third as much with stratified levels as without.
func TestNoSingleFutureDecides(t *testing.T) {
	wild := wildDays{distribution.NewGamma(.1, 10)}
	scatter := func(d Demand) (gain, level float64) {
		var gains, levels []float64
		for seed := range uint64(40) {
			s := Solve(&Problem{Demand: d, Scale: 1, Scenarios: 512, Seed: seed, LeadDays: 14, LeadSD: 3, Review: 7, MaxCycle: 7, Price: 5, UnitCost: 3, HoldingRate: 4})
			gains, levels = append(gains, s.Chosen().Mean), append(levels, s.UpTo)
		}
		return scatterOf(gains), scatterOf(levels)
	}
	gain, level := scatter(wild)
	plainGain, plainLevel := scatter(plainDays{wild})
	t.Logf("gain ± %.2f against ± %.2f, level ± %.2f against ± %.2f", gain, plainGain, level, plainLevel)
	if gain > plainGain/3 || level > plainLevel/3 {
		t.Errorf("gain ± %.2f against ± %.2f, level ± %.2f against ± %.2f", gain, plainGain, level, plainLevel)
	}
}

func scatterOf(xs []float64) float64 {
	m, sum := mean(xs), 0.0
	for _, x := range xs {
		sum += (x - m) * (x - m)
	}
	return math.Sqrt(sum / float64(len(xs)-1))
}

func TestSelected(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		xs := rapid.SliceOfN(rapid.Map(rapid.IntRange(-5, 5), func(k int) float64 { return float64(k) }), 1, 40).Draw(t, "xs")
		k := rapid.IntRange(0, len(xs)-1).Draw(t, "k")
		sorted := slices.Sorted(slices.Values(xs))
		if got := selected(xs, k); got != sorted[k] {
			t.Fatalf("place %d holds %v, want %v", k, got, sorted[k])
		}
		if slices.Max(xs[:k+1]) > xs[k] || slices.Min(xs[k:]) < xs[k] {
			t.Fatalf("%v around place %d", xs, k)
		}
	})
}
