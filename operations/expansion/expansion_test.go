package expansion

import (
	"cmp"
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	gocmp "github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"tradewind/calendar"
	"tradewind/commerce"
	"tradewind/messages"
	"tradewind/money"
)

// world is a set of markets whose growth is known, because it was put there.
type world struct {
	growth []float64 // true log growth
	yearly []float64 // orders a year before growth
	lumps  float64   // standard deviation of the logarithm of an order's value
}

const costRate = 0.5 // of every price

// play makes three years of orders: two that the snapshot shows and one to come. Orders
// are a Poisson stream with a common season, their values log-normal: sums are lumpy.
func (w world) play(rng *rand.Rand) (s *commerce.Snapshot, next []float64) {
	s, daily := w.playDaily(rng)
	for _, days := range daily {
		next = append(next, sum(days))
	}
	return s, next
}

// playDaily is play with the days of the year to come, tomorrow first.
func (w world) playDaily(rng *rand.Rand) (s *commerce.Snapshot, next [][]float64) {
	asOf := calendar.FromOrdinal(15_000)
	s = &commerce.Snapshot{
		AsOf: asOf, From: asOf.AddDays(-2*year - 9), Currency: "GBP",
		Costs: []commerce.Cost{{SKU: "A", Unit: money.FromE4(costRate*1_0000, "GBP")}},
	}
	s.Sales.Start = []int32{0}
	for i, growth := range w.growth {
		s.Items = append(s.Items, commerce.Item{SKU: "A", Market: market(i)})
		next = append(next, make([]float64, year))
		for ago := 2*year + 9; ago >= -year; ago-- {
			season := 1 + 0.6*math.Sin(2*math.Pi*float64(ago)/year)
			rate := w.yearly[i] / year * season
			switch {
			case ago < 0:
				rate *= math.Exp(2 * growth)
			case ago < year:
				rate *= math.Exp(growth)
			}
			var value float64
			orders := poisson(rate, rng)
			for range orders {
				value += 100 * math.Exp(w.lumps*rng.NormFloat64()-w.lumps*w.lumps/2)
			}
			switch {
			case orders == 0:
			case ago < 0:
				next[i][-ago-1] += value
			default:
				units := int64(math.Ceil(value))
				appendRow(s, asOf.AddDays(-ago), units, units*1_0000, int32(orders))
			}
		}
		s.Sales.Start = append(s.Sales.Start, int32(len(s.Sales.Day)))
	}
	return s, next
}

func market(i int) commerce.Market {
	return commerce.Market([]byte{'A' + byte(i/26), 'A' + byte(i%26)})
}

func appendRow(s *commerce.Snapshot, day calendar.Day, units, revenue int64, lines int32) {
	c := &s.Sales
	c.Day = append(c.Day, day)
	c.Gross = append(c.Gross, units)
	c.Returned = append(c.Returned, 0)
	c.Revenue = append(c.Revenue, revenue)
	c.Refunded = append(c.Refunded, 0)
	c.Lines = append(c.Lines, lines)
	c.Largest = append(c.Largest, units)
	c.InStock = append(c.InStock, 1)
}

func poisson(mean float64, rng *rand.Rand) (n int) {
	for t := rng.ExpFloat64(); t < mean; t += rng.ExpFloat64() {
		n++
	}
	return n
}

func chance(seed uint64) *rand.Rand { return rand.New(rand.NewPCG(seed, 20111209)) }

// manyMarkets draws markets of all sizes with growth around +10 %.
func manyMarkets(n int, spread float64, rng *rand.Rand) world {
	w := world{lumps: 0.8}
	for range n {
		w.growth = append(w.growth, 0.1+spread*rng.NormFloat64())
		w.yearly = append(w.yearly, 60*math.Exp(1.2*math.Abs(rng.NormFloat64())))
	}
	return w
}

// In worlds where the truth is known, 80 % intervals hold it about 80 times of a hundred:
// those of growth hold the true growth, those of contribution what the next year brings.
// Five points below are allowed: three standard errors of a share over 1,000 independent
// markets, and some because the markets of one world share their mean. Where all markets
// are alike the intervals are wider than they need be, for τ² cannot be known to be 0.
func TestIntervalsCover(t *testing.T) {
	for _, spread := range []float64{0, 0.15, 0.4} {
		var growth, contribution, all float64
		for seed := range uint64(40) {
			rng := chance(seed)
			w := manyMarkets(25, spread, rng)
			s, next := w.play(rng)
			for _, m := range Rank(s, Params{Draws: 1000}, rng) {
				if m.GrowthPooled {
					continue
				}
				i := s.Item(commerce.Item{SKU: "A", Market: m.Market})
				all++
				growth += within(*m.Growth, w.growth[i])
				contribution += within(m.Contribution, next[i]*(1-costRate))
			}
		}
		t.Logf("spread %.2f: %.0f markets, growth covered %.1f %%, contribution %.1f %%", spread, all, 100*growth/all, 100*contribution/all)
		if got := growth / all; got < 0.75 {
			t.Errorf("spread %.2f: 80 %% intervals of growth cover %.1f %%", spread, 100*got)
		}
		if got := contribution / all; got < 0.75 || got > 0.9 {
			t.Errorf("spread %.2f: 80 %% intervals of contribution cover %.1f %%", spread, 100*got)
		}
	}
}

func within(i Interval, x float64) float64 {
	if x >= i.P10 && x <= i.P90 {
		return 1
	}
	return 0
}

// Where all markets grow alike, the differences that are measured are luck: shrunk, they
// all but vanish, and the luckiest market is not ranked above a steady one of its size.
func TestNoMarketWinsByLuck(t *testing.T) {
	var before, after, overtaken float64
	const worlds = 40
	for seed := range uint64(worlds) {
		rng := chance(1000 + seed)
		w := world{lumps: 0.8}
		for range 20 {
			w.growth, w.yearly = append(w.growth, 0.1), append(w.yearly, 80)
		}
		s, _ := w.play(rng)
		markets := Rank(s, Params{Draws: 200}, rng)
		own := func(a, b Market) int { return cmp.Compare(a.GrowthOwn, b.GrowthOwn) }
		lucky, unlucky := slices.MaxFunc(markets, own), slices.MinFunc(markets, own)
		before += (lucky.GrowthOwn - unlucky.GrowthOwn) / worlds
		after += (lucky.Growth.Mean - unlucky.Growth.Mean) / worlds
		overtaken += lucky.TopThree / worlds
	}
	t.Logf("spread of growth %.3f measured, %.3f shrunk; the luckiest is among the first three with probability %.2f", before, after, overtaken)
	if after > before/4 {
		t.Errorf("growth spreads by %.3f after shrinkage, %.3f before: want a quarter at most", after, before)
	}
	if overtaken > 0.5 {
		t.Errorf("the luckiest of 20 like markets is ranked among the first three with probability %.2f", overtaken)
	}
}

// Shrunk growth errs less than measured growth: what shrinkage is for (Stein).
func TestShrinkageErrsLess(t *testing.T) {
	var own, shrunk float64
	for seed := range uint64(30) {
		rng := chance(2000 + seed)
		w := manyMarkets(25, 0.15, rng)
		s, _ := w.play(rng)
		for _, m := range Rank(s, Params{Draws: 10}, rng) {
			if m.GrowthPooled {
				continue
			}
			truth := w.growth[s.Item(commerce.Item{SKU: "A", Market: m.Market})]
			own += (m.GrowthOwn - truth) * (m.GrowthOwn - truth)
			shrunk += (m.Growth.Mean - truth) * (m.Growth.Mean - truth)
		}
	}
	t.Logf("squared error: %.3f measured, %.3f shrunk", own, shrunk)
	if shrunk > 0.8*own {
		t.Errorf("squared error is %.3f shrunk, %.3f measured: want a fifth less at least", shrunk, own)
	}
}

func TestThinMarketsArePooledAndSaySo(t *testing.T) {
	rng := chance(7)
	w := manyMarkets(8, 0.2, rng)
	w.growth, w.yearly = append(w.growth, 3), append(w.yearly, 4) // four orders, then eighty
	s, _ := w.play(rng)
	markets := Rank(s, Params{}, rng)
	thin := markets[slices.IndexFunc(markets, func(m Market) bool { return m.Market == market(8) })]
	if !thin.GrowthPooled || !math.IsNaN(thin.GrowthOwn) {
		t.Fatalf("%+v: want a pooled growth", thin)
	}
	if !slices.ContainsFunc(thin.Notes, func(m messages.Message) bool { return m.Code == "expansion.note.growth-pooled" }) {
		t.Errorf("notes %v do not say that growth is pooled", thin.Notes)
	}
	for _, m := range markets {
		for _, note := range m.Notes {
			for _, lang := range messages.Languages {
				if text := note.In(lang); text == "" || text[0] == '[' {
					t.Errorf("note %s has no text: %q", note.Code, text)
				}
			}
		}
	}
}

func TestRankDoesNotDependOnScaleOrOrderOfChance(t *testing.T) {
	w := manyMarkets(10, 0.2, chance(3))
	s, _ := w.play(chance(4))
	first := Rank(s, Params{}, chance(5))
	again := Rank(s, Params{}, chance(5))
	if diff := gocmp.Diff(first, again, cmpopts.EquateNaNs(), gocmp.AllowUnexported(money.Amount{})); diff != "" {
		t.Errorf("the same generator gave another result:\n%s", diff)
	}
	for i := range s.Sales.Revenue { // in another unit of money
		s.Sales.Revenue[i] *= 8
	}
	s.Costs[0].Unit = money.FromE4(8*costRate*1_0000, "GBP")
	scaled := Rank(s, Params{}, chance(5))
	for i, m := range scaled {
		if m.Market != first[i].Market || math.Abs(m.Growth.Mean-first[i].Growth.Mean) > 1e-12 || m.TopThree != first[i].TopThree {
			t.Errorf("place %d: %s %v, want %s %v", i+1, m.Market, *m.Growth, first[i].Market, *first[i].Growth)
		}
		if got, want := m.Contribution.Mean, 8*first[i].Contribution.Mean; math.Abs(got/want-1) > 1e-12 {
			t.Errorf("%s: contribution %v, want %v", m.Market, got, want)
		}
	}
	var top float64
	for i, m := range first {
		top += m.TopThree
		if m.Rank != i+1 {
			t.Errorf("%s has rank %d at place %d", m.Market, m.Rank, i+1)
		}
	}
	if math.Abs(top-3) > 1e-9 {
		t.Errorf("probabilities of the first three places sum to %v, want 3", top)
	}
}

// By hand: a steady market that sold 1.00 a day, at a cost of 0.50, then 1.20 a day.
func TestRankByHand(t *testing.T) {
	asOf := calendar.FromOrdinal(15_000)
	s := &commerce.Snapshot{
		AsOf: asOf, From: asOf.AddDays(-2*year + 1), Currency: "GBP",
		Items:      []commerce.Item{{SKU: "A", Market: "GB"}},
		Costs:      []commerce.Cost{{SKU: "A", Unit: money.FromE4(5000, "GBP"), Provenance: commerce.Provenance{Assumed: true}}},
		Warehouses: []commerce.Warehouse{{Location: "UK-1", Country: "GB"}},
	}
	for ago := 2*year - 1; ago >= 0; ago-- {
		revenue := int64(1_0000)
		if ago < year {
			revenue = 1_2000
		}
		appendRow(s, asOf.AddDays(-ago), 1, revenue, 1)
	}
	s.Sales.Start = []int32{0, int32(len(s.Sales.Day))}
	m := Rank(s, Params{FeeRate: 0.1}, chance(1))[0]
	if got, want := m.Sales, money.FromE4(364*1_2000+1_0000, "GBP"); got != want {
		t.Errorf("sales %v, want %v", got, want)
	}
	if !m.Home || m.Share != 1 || m.Lines != 365 || m.SellingWeeks != 52 || m.TopThree != 1 {
		t.Errorf("%+v", m)
	}
	if got, want := m.Growth.Mean, math.Log(1.2); math.Abs(got-want) > 1e-12 {
		t.Errorf("growth %v, want %v", got, want)
	}
	if got, want := m.Margin.Mean, 1-0.5/1.2-0.1; math.Abs(got-want) > 1e-12 {
		t.Errorf("margin %v, want %v", got, want)
	}
	// The only uncertainty of the margin is that the cost is assumed: 10 % of 0.5/1.2.
	if got, want := m.Margin.P90-m.Margin.Mean, z80*0.1*0.5/1.2; math.Abs(got-want) > 1e-3 {
		t.Errorf("margin is %v wide, want %v", got, want)
	}
	if !slices.Equal(m.Assumed, []string{"unit_cost"}) {
		t.Errorf("assumed %q, want the unit cost", m.Assumed)
	}
	if got, want := m.Contribution.Mean, m.Sales.Float()*1.2*m.Margin.Mean; math.Abs(got/want-1) > 1e-9 {
		t.Errorf("contribution %v, want %v", got, want)
	}
}

func TestRankWithoutCostsOrYears(t *testing.T) {
	rng := chance(9)
	s, _ := manyMarkets(5, 0.2, rng).play(rng)
	s.Costs = nil
	s.From = s.AsOf.AddDays(-500)
	for _, m := range Rank(s, Params{}, rng) {
		if m.Growth != nil || m.Margin != nil || m.Assumed != nil {
			t.Errorf("%s: growth %v and margin %v of nothing", m.Market, m.Growth, m.Margin)
		}
		if got, want := m.Contribution.Mean, m.Sales.Float(); math.Abs(got/want-1) > 1e-12 {
			t.Errorf("%s: expects %v, want this year's sales %v", m.Market, got, want)
		}
	}
	empty := &commerce.Snapshot{AsOf: s.AsOf, From: s.AsOf, Currency: "GBP", Sales: commerce.Sales{Start: []int32{0}}}
	if got := Rank(empty, Params{}, rng); len(got) != 0 {
		t.Errorf("%d markets of an empty snapshot", len(got))
	}
}

// TestAsRate: the mean of exp(N(μ, σ²)) - 1. Reference: μ = .1, σ = .2 gives
// exp(.12) - 1 = .127496851579376, the closed form of the log-normal law.
func TestAsRate(t *testing.T) {
	const mu, sigma, z = .1, .2, 1.2815515655446004
	got := Interval{mu, mu - z*sigma, mu, mu + z*sigma}.AsRate()
	if want := .127496851579376; math.Abs(got.Mean-want) > 1e-12 {
		t.Errorf("mean %v, want %v", got.Mean, want)
	}
	if want := math.Expm1(mu + z*sigma); got.P90 != want {
		t.Errorf("p90 %v, want %v", got.P90, want)
	}
}
