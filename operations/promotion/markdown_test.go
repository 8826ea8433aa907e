package promotion_test

import (
	"math"
	"testing"

	"pgregory.net/rapid"

	"tradewind/fault"
	"tradewind/operations/promotion"
)

// Gallego & van Ryzin (1994): demand a·e^(−p) over T has V(n,T) = ln Σ (aT/e)^i/i! and
// p* = 1 + V(n) − V(n−1). Four thousand steps come within .1 % of it.
func TestMarkdownIsGallegoVanRyzinInTheLimit(t *testing.T) {
	const steps, horizon = 4000, 10.
	var prices []float64
	for p := 1.; p < 3; p += .01 {
		prices = append(prices, p)
	}
	value := func(n int) float64 {
		sum, term := 0.0, 1.0
		for i := range n + 1 {
			if i > 0 {
				term *= horizon / math.E / float64(i)
			}
			sum += term
		}
		return math.Log(sum)
	}
	for _, tt := range []struct {
		stock        int
		value, price float64
	}{{1, 1.5430404724, 2.5430404724}, {5, 3.4962007064, 1.1865734588}, {10, 3.6772893285, 0}} {
		if math.Abs(value(tt.stock)-tt.value) > 1e-9 {
			t.Fatalf("closed form of %d is %v", tt.stock, value(tt.stock))
		}
		m := promotion.Markdown{Stock: tt.stock, Weeks: steps, Prices: prices, Demand: func(_ int, p float64) float64 { return math.Exp(-p) * horizon / steps }}
		plan, err := m.Solve()
		if err != nil {
			t.Fatal(err)
		}
		if math.Abs(plan.Value/tt.value-1) > .001 {
			t.Errorf("V(%d): got %.6f, want %.6f", tt.stock, plan.Value, tt.value)
		}
		if tt.price > 0 && math.Abs(plan.Price-tt.price) > .011 { // the grid is .01
			t.Errorf("p*(%d): got %.4f, want %.4f", tt.stock, plan.Price, tt.price)
		}
	}
}

// Every policy of two weeks, two units and three prices, one after the other.
func TestMarkdownEqualsEveryPolicy(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		m := promotion.Markdown{Stock: 2, Weeks: 2, Prices: []float64{10, 7, 4},
			Salvage: rapid.Float64Range(-1, 3).Draw(t, "salvage"), Holding: rapid.Float64Range(0, .5).Draw(t, "holding"),
			Falling: rapid.Bool().Draw(t, "falling"), Spread: rapid.SampledFrom([]float64{0, .5}).Draw(t, "spread")}
		level, slope := rapid.Float64Range(.2, 4).Draw(t, "level"), rapid.Float64Range(.5, 4).Draw(t, "slope")
		m.Demand = func(week int, p float64) float64 { return level * float64(week+1) * math.Pow(p/10, -slope) }
		plan, err := m.Solve()
		if err != nil {
			t.Fatal(err)
		}
		best := math.Inf(-1)
		for code := range 27 { // first price; second with one unit left; second with two
			a, one, two := m.Prices[code%3], m.Prices[code/3%3], m.Prices[code/9]
			if m.Falling && (one > a || two > a) {
				continue
			}
			second := func(units int, p float64) float64 {
				return worth(&m, 1, units, p, func(left int) float64 { return m.Salvage * float64(left) })
			}
			best = math.Max(best, worth(&m, 0, 2, a, func(left int) float64 {
				return [3]float64{0, second(1, one), second(2, two)}[left]
			}))
		}
		if math.Abs(plan.Value-best) > 1e-9*math.Max(1, math.Abs(best)) {
			t.Errorf("got %v, want %v", plan.Value, best)
		}
		if math.Abs(plan.Sold+plan.Left-2) > 1e-9 {
			t.Errorf("%v sold and %v left of 2", plan.Sold, plan.Left)
		}
	})
}

// worth is the expected value of a week, written down as the definition says.
func worth(m *promotion.Markdown, week, units int, price float64, rest func(int) float64) float64 {
	mean := m.Demand(week, price)
	chance := func(x int) float64 { // of 0 and 1 units
		if m.Spread == 0 {
			return math.Exp(-mean) * []float64{1, mean}[x]
		}
		r := 1 / m.Spread
		return math.Pow(r/(r+mean), r) * []float64{1, r * mean / (r + mean)}[x]
	}
	sum, total := 0.0, 0.0
	for x := range units {
		total += chance(x) * (price*float64(x) - m.Holding*float64(units-x) + rest(units-x))
		sum += chance(x)
	}
	return total + (1-sum)*(price*float64(units)+rest(0))
}

func TestMarkdownKeepsOrFalls(t *testing.T) {
	m := promotion.Markdown{Stock: 120, Weeks: 8, Prices: []float64{8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20}, Now: 20, Falling: true, Spread: .1, Salvage: 2,
		Demand: func(_ int, p float64) float64 { return 6 * math.Pow(p/20, -2.5) }}
	plan, err := m.Solve()
	if err != nil {
		t.Fatal(err)
	}
	if !(plan.Value > plan.Keep) || !(plan.Price < 20) {
		t.Errorf("value %v at %v, keeping 20 brings %v", plan.Value, plan.Price, plan.Keep)
	}
	last := 20.
	for week, p := range plan.Path {
		if p > last+1e-9 {
			t.Errorf("week %d: %v after %v", week, p, last)
		}
		last = p
	}
	more := m
	more.Stock = 240
	if fuller, _ := more.Solve(); fuller.Price > plan.Price || fuller.Value < plan.Value {
		t.Errorf("with twice the stock: %v at %v, before %v at %v", fuller.Value, fuller.Price, plan.Value, plan.Price)
	}
}

func TestMarkdownRefuses(t *testing.T) {
	demand := func(int, float64) float64 { return 1 }
	for _, tt := range []struct {
		want string
		m    promotion.Markdown
	}{
		{"E-MARKDOWN-INPUT", promotion.Markdown{Weeks: 2, Prices: []float64{1}, Demand: demand}},
		{"E-MARKDOWN-INPUT", promotion.Markdown{Stock: 3, Weeks: 2, Prices: []float64{1}, Demand: demand, Net: func(float64) float64 { return math.NaN() }}},
		{"E-MARKDOWN-PRICES", promotion.Markdown{Stock: 3, Weeks: 2, Prices: []float64{0, 1}, Demand: demand}},
		{"E-MARKDOWN-LARGE", promotion.Markdown{Stock: 1e7, Weeks: 20, Prices: []float64{1}, Demand: demand}},
		{"E-MARKDOWN-LARGE", promotion.Markdown{Stock: 1 << 62, Weeks: 8, Prices: []float64{1}, Demand: demand}},
		{"E-MARKDOWN-DEMAND", promotion.Markdown{Stock: 3, Weeks: 2, Prices: []float64{1}, Demand: func(int, float64) float64 { return math.NaN() }}},
	} {
		if _, err := tt.m.Solve(); err == nil || fault.Of(err).Code != tt.want {
			t.Errorf("got %v, want %s", err, tt.want)
		}
	}
}

func BenchmarkMarkdown(b *testing.B) {
	m := promotion.Markdown{Stock: 400, Weeks: 12, Prices: []float64{8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20}, Falling: true, Spread: .1,
		Demand: func(_ int, p float64) float64 { return 15 * math.Pow(p/20, -2.5) }}
	for b.Loop() {
		if _, err := m.Solve(); err != nil {
			b.Fatal(err)
		}
	}
}
