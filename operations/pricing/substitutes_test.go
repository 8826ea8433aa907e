package pricing

import (
	"math"
	"testing"

	"pgregory.net/rapid"
)

func TestMultinomialLogit(t *testing.T) {
	one := &MNL{Appeal: []float64{3}, Sensitivity: []float64{1}, Cost: []float64{1}, Outside: 1, Customers: 100}
	prices, profit := one.Best()
	near(t, "price of one", prices[0], logitPrice(3, 1, 1), 1e-12)
	near(t, "profit of one", profit, one.Profit(prices), 1e-12)
	rapid.Check(t, func(t *rapid.T) {
		m := drawMNL(t, rapid.IntRange(1, 8).Draw(t, "items"))
		prices, profit := m.Best()
		if got := m.Profit(prices); math.Abs(got/profit-1) > 1e-9 {
			t.Fatalf("the prices bring %v, the closed form says %v", got, profit)
		}
		// No price alone and no two together bring more.
		for i := range prices {
			for _, by := range []float64{.9, .999, 1.001, 1.1} {
				moved := append([]float64(nil), prices...)
				moved[i] *= by
				if m.Profit(moved) > profit*(1+1e-12) {
					t.Fatalf("item %d times %v brings %v, more than %v", i, by, m.Profit(moved), profit)
				}
				moved[(i+1)%len(moved)] *= 2 - by
				if m.Profit(moved) > profit*(1+1e-12) {
					t.Fatalf("items %d and %d by %v bring more than %v", i, i+1, by, profit)
				}
			}
		}
	})
}

func drawMNL(t *rapid.T, n int) *MNL {
	floats := func(name string, low, high float64) []float64 {
		return rapid.SliceOfN(rapid.Float64Range(low, high), n, n).Draw(t, name)
	}
	m := &MNL{Appeal: floats("appeal", -3, 6), Sensitivity: floats("sensitivity", .1, 2), Cost: floats("cost", .5, 8), Outside: 1, Customers: 1000}
	if rapid.Bool().Draw(t, "one sensitivity") {
		for i := range m.Sensitivity {
			m.Sensitivity[i] = m.Sensitivity[0]
		}
	}
	return m
}

func TestMenusOfSubstitutesAreBruteForce(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(1, 4).Draw(t, "items")
		m := drawMNL(t, n)
		menus := make([][]float64, n)
		for i := range menus {
			menus[i] = rapid.SliceOfN(rapid.Float64Range(.5, 15), 1, 6).Draw(t, "menu")
		}
		pick, profit := m.BestOf(menus)
		best := math.Inf(-1)
		prices := make([]float64, n)
		var all func(i int)
		all = func(i int) {
			if i == n {
				best = max(best, m.Profit(prices))
				return
			}
			for _, p := range menus[i] {
				prices[i] = p
				all(i + 1)
			}
		}
		all(0)
		if math.Abs(profit-best) > 1e-9*math.Abs(best)+1e-12 {
			t.Fatalf("%v brings %v, brute force finds %v", pick, profit, best)
		}
	})
}

func TestLogitPrice(t *testing.T) {
	// p* = c + 1 + W(e^{α-c-1}) with α = 3, c = 1: W(e) = 1, so p* = 3.
	near(t, "logitPrice(3, 1, 1)", logitPrice(3, 1, 1), 3, 1e-14)
	// Lambert's W(1) is the omega constant .5671432904097838.
	near(t, "W(1)", lambertExp(0), .5671432904097838, 1e-14)
	for _, y := range []float64{-700, -30, -1, .5, 2, 50, 1e6} {
		w := lambertExp(y)
		near(t, "w + ln w", w+math.Log(w), y, 1e-12)
	}
}
