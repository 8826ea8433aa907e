package simulate

import (
	"math"
	"testing"

	"pgregory.net/rapid"
)

// pastOf returns the regular prices of the weeks in which an item was offered.
func pastOf(s *Stores, i int) []float64 {
	var prices []float64
	for _, p := range s.Panel(i).Price {
		if !math.IsNaN(p) {
			prices = append(prices, p)
		}
	}
	return prices
}

func variation(x []float64) float64 {
	m, sum := mean(x), 0.
	for _, v := range x {
		sum += (v - m) * (v - m)
	}
	return math.Sqrt(sum/float64(len(x))) / m
}

func distinct(x []float64) int {
	seen := map[float64]bool{}
	for _, v := range x {
		seen[v] = true
	}
	return len(seen)
}

// TestKinds holds what the files say about each kind against the table of the world.
func TestKinds(t *testing.T) {
	for seed := uint64(1); seed <= 3; seed++ {
		s := NewStores(StoreForm{}, seed)
		if n := s.Len(); n < 380 || n > 460 { // 120 SKUs in 3 or 4 markets each: 420 ± 4 SD of 5.5 and more
			t.Fatalf("seed %d: %d items", seed, n)
		}
		count := map[Kind]int{}
		for i := range s.Len() {
			p, kind := s.Panel(i), s.Truth(i).Kind
			count[kind]++
			promos := 0
			for _, offer := range p.Promo {
				if offer.Depth > 0 {
					promos++
				}
			}
			past := pastOf(s, i)
			ok := true
			switch kind {
			case Identified, News:
				ok = len(past) == 104 && distinct(past) >= 5 && variation(past) >= .04
			case OnePrice:
				ok = distinct(past) == 1 && promos == 0
			case PromotionsOnly:
				ok = distinct(past) == 1 && distinct(p.Paid) == 1+distinctDepths(p)
			case Steady:
				ok = variation(past) < .04 && (promos > 0 || variation(past) < .03)
			case FewWeeks:
				ok = len(past) >= 8 && len(past) <= 18
			}
			if !ok {
				t.Errorf("seed %d: %v is called %v: %d weeks, %d prices, variation %.3f, %d promotions", seed, p.Item, kind, len(past), distinct(past), variation(past), promos)
			}
			if s.Truth(i).Identified != (kind == Identified) {
				t.Errorf("%v: identified %v, kind %v", p.Item, s.Truth(i).Identified, kind)
			}
		}
		for kind := OnePrice; kind <= News; kind++ {
			if got, want := count[kind], s.Len()/20; got < want || got > want && kind != Steady {
				t.Errorf("seed %d: %d items of the kind %v, want %d", seed, got, kind, want)
			}
		}
		if got := float64(count[Identified]) / float64(s.Len()); got < .74 || got > .77 {
			t.Errorf("seed %d: %.3f of the items are identified", seed, got)
		}
	}
}

func distinctDepths(p Panel) int {
	seen := map[float64]bool{}
	for _, offer := range p.Promo {
		if offer.Depth > 0 {
			seen[offer.Depth] = true
		}
	}
	return len(seen)
}

// TestElasticities holds their spread against the table: log(−e) about the category mean
// has SD √(.20² + .15²) = .25.
func TestElasticities(t *testing.T) {
	var n, sum, squares float64
	for seed := uint64(1); seed <= 5; seed++ {
		s := NewStores(StoreForm{Weeks: 1, Horizon: 1}, seed)
		for i := range s.Len() {
			tr := s.Truth(i)
			d := math.Log(tr.Elasticity / tr.Category)
			n, sum, squares = n+1, sum+d, squares+d*d
			if ratio := tr.Cross / -tr.Elasticity; ratio < .15 || ratio > .30 {
				t.Errorf("cross elasticity %.3f of %.3f", tr.Cross, tr.Elasticity)
			}
		}
	}
	sd := math.Sqrt(squares/n - sum*sum/n/n)
	if math.Abs(sd-.25) > .02 || math.Abs(sum/n) > .03 { // 600 SKUs: standard errors .006 and .009
		t.Errorf("log(−e) about its category: mean %.3f, SD %.3f", sum/n, sd)
	}
}

// TestDemandIsNegativeBinomial standardises each week's demand by its law.
func TestDemandIsNegativeBinomial(t *testing.T) {
	s := NewStores(StoreForm{}, 1)
	var n, sum, squares, zeros, out float64
	for i := range s.Len() {
		p, it := s.Panel(i), s.items[i]
		for week := range p.Units {
			if math.IsNaN(p.Price[week]) {
				continue
			}
			law := s.Law(i, week, p.Price[week], p.Promo[week])
			z := (it.demand[week] - law.Mean()) / math.Sqrt(law.Mean()+law.Mean()*law.Mean()/s.Truth(i).Size)
			n, sum, squares = n+1, sum+z, squares+z*z
			if it.demand[week] == 0 {
				zeros++
			}
			if it.demand[week] > it.stock[week] {
				out++
				if p.Units[week] != it.stock[week] || math.Abs(p.Units[week]/p.Share[week]-it.demand[week]) > 1e-9 {
					t.Fatalf("%v week %d: %v of %v units, share %v", p.Item, week, p.Units[week], it.demand[week], p.Share[week])
				}
			} else if p.Units[week] != it.demand[week] || p.Share[week] != 1 {
				t.Fatalf("%v week %d: %v of %v units, share %v", p.Item, week, p.Units[week], it.demand[week], p.Share[week])
			}
		}
	}
	if math.Abs(sum/n) > 4/math.Sqrt(n) || math.Abs(squares/n-1) > .04 { // n is some 40,000
		t.Errorf("standardised demand has mean %.4f and variance %.4f over %.0f weeks", sum/n, squares/n, n)
	}
	if zeros == 0 || zeros/n > .01 {
		t.Errorf("%.0f weeks of %.0f without demand", zeros, n)
	}
	if out/n < .03 || out/n > .12 {
		t.Errorf("the stock is short in %.3f of the weeks", out/n)
	}
}

// TestManagerPassesCostOn finds his rule again: price on cost, season, recent sales and
// rival, each as he saw it.
func TestManagerPassesCostOn(t *testing.T) {
	s := NewStores(StoreForm{}, 2)
	// Past prices move past sales, and habits last: so recent sales are told by local
	// demand, which no price moves.
	var x, seen [][]float64
	var y, read []float64
	for i := range s.Len() {
		if !s.Truth(i).Identified {
			continue
		}
		it, p := s.items[i], s.Panel(i)
		sales, _ := lagged(s, i)
		local := 0.
		for week := 2; week < s.Weeks(); week++ {
			local += salesMemory * (it.drift[week-2] - local)
			if p.Price[week] != p.Price[week-1] {
				read = append(read, sales[week])
				seen = append(seen, []float64{1, it.localCost(week), it.season[week], math.Log(it.rival[week-1] / it.rivalReference), local})
				x = append(x, []float64{1, it.localCost(week), it.season[week], math.Log(it.rival[week-1] / it.rivalReference), sales[week]})
				y = append(y, math.Log(p.Price[week]/it.reference))
			}
		}
	}
	first, _ := leastSquares(seen, read)
	for r := range x {
		x[r][4] = 0
		for c := range first {
			x[r][4] += first[c] * seen[r][c]
		}
	}
	coef, se := leastSquares(x, y)
	for c, want := range map[int]float64{1: passesCost, 2: answersSeason, 3: followsRival, 4: answersSales} {
		if math.Abs(coef[c]-want) > 4*se[c]+.02 { // tests begin and end at prices of their own
			t.Errorf("coefficient %d is %.3f (SE %.3f), want %.2f", c, coef[c], se[c], want)
		}
	}
}

// TestExpectedIsTheAverage plays one week with much fresh chance.
func TestExpectedIsTheAverage(t *testing.T) {
	s := NewStores(StoreForm{SKUs: 21, Spillover: true}, 3)
	prices, promos := make([]float64, s.Len()), make([]Promo, s.Len())
	for i := range prices {
		prices[i] = s.CostPlus(i, s.Weeks()) * (.8 + .05*float64(i%8))
		if i%4 == 0 {
			promos[i] = Promo{Depth: .2, Featured: i%8 == 0}
		}
	}
	const plays = 1500
	sum, squares, expected := make([]float64, s.Len()), make([]float64, s.Len()), make([]float64, s.Len())
	for play := range plays {
		c := s.Clone()
		luck := s.chance(99, play)
		for _, it := range c.items {
			it.chance = append([]float64(nil), it.chance...)
			it.chance[s.Weeks()] = luck.Float64()
		}
		w := c.Play(prices, promos)
		for i, v := range w.Contribution {
			sum[i] += v
			squares[i] += v * v
			expected[i] = w.Expected[i]
		}
	}
	for i := range sum {
		average := sum[i] / plays
		se := math.Sqrt((squares[i]/plays - average*average) / plays)
		if math.Abs(average-expected[i]) > 4.5*se+1e-3*math.Abs(expected[i]) {
			t.Errorf("%v: average %.3f (SE %.3f), expected %.3f", s.Item(i), average, se, expected[i])
		}
	}
}

// TestOracle holds the oracle against its neighbours on the grid, and without a limit of
// stock against the closed form c·e/(1+e).
func TestOracle(t *testing.T) {
	s := NewStores(StoreForm{SKUs: 35, Weeks: 20}, 4)
	for i := range s.Len() {
		var grid []float64
		for k := range 400 {
			grid = append(grid, s.CostPlus(i, 20)*(.5+.01*float64(k)))
		}
		price, best := s.Oracle(i, 20, grid)
		for _, p := range grid {
			if _, c := s.Expected(i, 20, p, Promo{}); c > best {
				t.Errorf("%v: %.2f contributes %.3f, the oracle's %.2f only %.3f", s.Item(i), p, c, price, best)
			}
		}
		e := s.Truth(i).Elasticity
		if e > -1.4 {
			continue
		}
		it := s.items[i]
		it.stock[20] = 1e7
		price, _ = s.Oracle(i, 20, grid)
		if want := it.costPlus(20) / it.markup * e / (1 + e); math.Abs(price-want) > .01*it.costPlus(20) {
			t.Errorf("%v: oracle %.3f, closed form %.3f", s.Item(i), price, want)
		}
	}
}

// TestSameSeedSameWorld compares worlds to the byte, before and after weeks were played.
func TestSameSeedSameWorld(t *testing.T) {
	play := func(seed uint64, factor float64) (before, after string) {
		s := NewStores(StoreForm{SKUs: 20, Weeks: 30}, seed)
		before = s.Snapshot().Hash
		for range 5 {
			prices := make([]float64, s.Len())
			for i := range prices {
				prices[i] = s.CostPlus(i, s.Weeks()) * factor
			}
			s.Play(prices, nil)
		}
		return before, s.Snapshot().Hash
	}
	a, b := play(7, 1)
	if c, d := play(7, 1); a != c || b != d {
		t.Error("the same seed gave two worlds")
	}
	if c, d := play(7, 1.1); a != c || b == d {
		t.Error("other prices must change the weeks played, and those only")
	}
	if c, _ := play(8, 1); a == c {
		t.Error("two seeds gave one world")
	}
}

// TestDemandFallsWithPrice plays a week at two prices on the same chance.
func TestDemandFallsWithPrice(t *testing.T) {
	s := NewStores(StoreForm{SKUs: 14, Weeks: 12}, 5)
	rapid.Check(t, func(t *rapid.T) {
		low, high, promos := make([]float64, s.Len()), make([]float64, s.Len()), make([]Promo, s.Len())
		for i := range low {
			low[i] = s.CostPlus(i, 12) * rapid.Float64Range(.4, 2).Draw(t, "low")
			high[i] = low[i] * rapid.Float64Range(1, 1.5).Draw(t, "dearer")
			promos[i].Depth = rapid.SampledFrom([]float64{0, .1, .3}).Draw(t, "depth")
		}
		cheap, dear := s.Clone().Play(low, promos), s.Clone().Play(high, promos)
		for i := range low {
			if dear.Demand[i] > cheap.Demand[i] || dear.Units[i] > cheap.Units[i] {
				t.Errorf("%v sells %v at %.2f and %v at %.2f", s.Item(i), cheap.Units[i], low[i], dear.Units[i], high[i])
			}
		}
	})
	if s.Weeks() != 12 {
		t.Error("playing a clone moved the original")
	}
}

// TestPromotions holds uplift, dip and neighbours against the equations.
func TestPromotions(t *testing.T) {
	s := NewStores(StoreForm{SKUs: 63, Weeks: 10, Spillover: true}, 6)
	from, to, effect := -1, -1, 0.
	for i := range s.Len() {
		for j := range s.Len() {
			if v := s.Spill(j, i); v < 0 {
				from, to, effect = j, i, v
			}
		}
	}
	if from < 0 {
		t.Fatal("nobody is cannibalised")
	}
	if a, b := s.Panel(from), s.Panel(to); a.Subcategory != b.Subcategory || a.Item.Market != b.Item.Market || a.Item.SKU == b.Item.SKU {
		t.Errorf("%v feels %v", b.Item, a.Item)
	}
	prices := make([]float64, s.Len())
	for i := range prices {
		prices[i] = s.Truth(i).Reference
	}
	promos := make([]Promo, s.Len())
	promos[from] = Promo{Depth: .3, Featured: true}
	with, without := s.Clone(), s.Clone()
	with.Play(prices, promos)
	without.Play(prices, nil)
	logRatio := func(i, week int, promo Promo) float64 {
		return math.Log(with.Law(i, week, prices[i], promo).Mean() / without.Law(i, week, prices[i], Promo{}).Mean())
	}
	uplift := .3*s.Truth(from).Depth + s.Truth(from).Feature
	for _, tt := range []struct {
		what      string
		got, want float64
	}{
		{"uplift", logRatio(from, 10, promos[from]), uplift},
		{"neighbour", logRatio(to, 10, Promo{}), effect * uplift},
		{"first week after", logRatio(from, 11, Promo{}), -.25 * uplift},
		{"second week after", logRatio(from, 12, Promo{}), -.12 * uplift},
		{"third week after", logRatio(from, 13, Promo{}), -.05 * uplift},
		{"fourth week after", logRatio(from, 14, Promo{}), 0},
	} {
		if math.Abs(tt.got-tt.want) > 1e-12 {
			t.Errorf("%s: log demand moves by %v, want %v", tt.what, tt.got, tt.want)
		}
	}
}

// TestPlayRefuses wants a panic for what cannot be played.
func TestPlayRefuses(t *testing.T) {
	s := NewStores(StoreForm{SKUs: 2, Weeks: 3, Horizon: 1}, 1)
	good := make([]float64, s.Len())
	for i := range good {
		good[i] = 10
	}
	bad := func(v float64) []float64 { return append([]float64{v}, good[1:]...) }
	deep := make([]Promo, s.Len())
	deep[0].Depth = 1
	refuses := func(name string, f func()) {
		t.Helper()
		defer func() {
			if recover() == nil {
				t.Errorf("%s was played", name)
			}
		}()
		f()
	}
	refuses("a price too few", func() { s.Play(good[1:], nil) })
	refuses("price 0", func() { s.Play(bad(0), nil) })
	refuses("price NaN", func() { s.Play(bad(math.NaN()), nil) })
	refuses("price +Inf", func() { s.Play(bad(math.Inf(1)), nil) })
	refuses("depth 1", func() { s.Play(good, deep) })
	s.Play(good, nil)
	refuses("a week after the last", func() { s.Play(good, nil) })
}
