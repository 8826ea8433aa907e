package pricing

import (
	"math"
	"testing"

	"pgregory.net/rapid"

	"tradewind/fault"
	"tradewind/numeric/distribution"
)

// Values of the closed form for λ(p) = e^{-p} over ten units of time, to ten digits.
var gallegoVanRyzin = map[int]float64{1: 1.5430404724, 5: 3.4962007064, 10: 3.6772893285}

func TestGallegoVanRyzin(t *testing.T) {
	s := &Season{Stock: 10, Time: 10}
	r, err := s.Exponential(1, 1)
	if err != nil {
		t.Fatal(err)
	}
	for n, want := range gallegoVanRyzin {
		near(t, "closed form", ExponentialValue(n, 10, 1, 1), want, 1e-10)
		near(t, "value", r.Value[n], want, .001)
	}
	for n := 1; n <= 10; n++ {
		want := 1 + ExponentialValue(n, 10, 1, 1) - ExponentialValue(n-1, 10, 1, 1)
		near(t, "price", r.Price[n], want, .001)
		if n == 5 {
			near(t, "price with five left", want, 1.1865734588, 1e-9)
		}
	}
	// The same demand, as a menu of prices a hundredth apart.
	var prices, rates []float64
	for p := .5; p < 6; p += .01 {
		prices, rates = append(prices, p), append(rates, math.Exp(-p))
	}
	menu, err := s.FromMenu(prices, rates)
	if err != nil {
		t.Fatal(err)
	}
	for n, want := range gallegoVanRyzin {
		near(t, "value from a menu", menu.Value[n], want, .001)
		near(t, "price from a menu", menu.Price[n], r.Price[n], .01)
	}
}

func TestSeasonScales(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a, b := rapid.Float64Range(.1, 50).Draw(t, "a"), rapid.Float64Range(.01, 3).Draw(t, "b")
		time := rapid.Float64Range(.5, 20).Draw(t, "time")
		n := rapid.IntRange(1, 12).Draw(t, "stock")
		r, err := (&Season{Stock: n, Time: time}).Exponential(a, b)
		if err != nil {
			t.Fatal(err)
		}
		for k := 1; k <= n; k++ {
			if want := ExponentialValue(k, time, a, b); math.Abs(r.Value[k]/want-1) > .001 {
				t.Fatalf("value of %d = %v, want %v", k, r.Value[k], want)
			}
			if k > 1 && r.Bid[k] > r.Bid[k-1]*(1+1e-9) {
				t.Fatalf("the unit %d is worth %v, the one before %v", k, r.Bid[k], r.Bid[k-1])
			}
		}
	})
}

// A unit that is salvaged is never sold below what it brings then and costs now.
func TestSalvageIsTheLeastBid(t *testing.T) {
	r, err := (&Season{Stock: 5, Time: 3, Cost: 1, Salvage: 2}).Exponential(4, .5)
	if err != nil {
		t.Fatal(err)
	}
	for n := 1; n <= 5; n++ {
		if r.Bid[n] < 2 || r.Price[n] < 1+2+1/.5 {
			t.Errorf("with %d left the bid is %v and the price %v", n, r.Bid[n], r.Price[n])
		}
	}
	near(t, "salvage of all", r.Value[5]-10, r.Value[5]-2*5, 1e-12)
}

func TestSeasonRefuses(t *testing.T) {
	for _, f := range []func() (*Revenue, error){
		func() (*Revenue, error) { return (&Season{Time: 1}).Exponential(1, 1) },
		func() (*Revenue, error) { return (&Season{Stock: 1}).Exponential(1, 1) },
		func() (*Revenue, error) { return (&Season{Stock: 1, Time: 1}).Exponential(math.NaN(), 1) },
		func() (*Revenue, error) { return (&Season{Stock: 1, Time: 1}).Exponential(1, 0) },
		func() (*Revenue, error) {
			return (&Season{Stock: 1, Time: 1}).FromMenu([]float64{1}, []float64{0})
		},
		func() (*Revenue, error) {
			return (&Season{Stock: 1, Time: 1}).FromMenu([]float64{0}, []float64{1})
		},
	} {
		if _, err := f(); !fault.Is(err, fault.Invalid) {
			t.Errorf("got %v, want an invalid input", err)
		}
	}
}

func TestMultinomialLogit(t *testing.T) {
	one := &MNL{Appeal: []float64{3}, Sensitivity: []float64{1}, Cost: []float64{1}, Outside: 1, Customers: 100}
	prices, profit := one.Best()
	near(t, "price of one", prices[0], LogitPrice(3, 1, 1), 1e-12)
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

func TestNewsvendorWithPricing(t *testing.T) {
	for _, goodwill := range []float64{0, 3} {
		n := &Newsvendor{A: 100, B: 4, Noise: distribution.NewNormal(0, 12), Cost: 6, Salvage: 2, Goodwill: goodwill}
		price, order, profit := n.Best()
		best, bestPrice, bestOrder := math.Inf(-1), 0., 0.
		for p := 12.; p < 19; p += .02 {
			for q := 5.; q < 90; q += .1 {
				short, left := n.Noise.Loss(q - (n.A - n.B*p))
				if x := p*(q-left) + n.Salvage*left - n.Cost*q - n.Goodwill*short; x > best {
					best, bestPrice, bestOrder = x, p, q
				}
			}
		}
		near(t, "profit", profit, best, 1e-5)
		near(t, "price", price, bestPrice, .005)
		near(t, "order", order, bestOrder, .01)
	}
}
