package pricing

import (
	"math"
	"testing"

	"pgregory.net/rapid"

	"tradewind/fault"
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
		near(t, "closed form", gallegoVanRyzinValue(n, 10, 1, 1), want, 1e-10)
		near(t, "value", r.Value[n], want, .001)
	}
	for n := 1; n <= 10; n++ {
		want := 1 + gallegoVanRyzinValue(n, 10, 1, 1) - gallegoVanRyzinValue(n-1, 10, 1, 1)
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
			if want := gallegoVanRyzinValue(k, time, a, b); math.Abs(r.Value[k]/want-1) > .001 {
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
	// Beyond its salvage a unit sells as one without, at a price higher by cost and salvage.
	near(t, "value", r.Value[5], 5*2+gallegoVanRyzinValue(5, 3, 4*math.Exp(-.5*(1+2)), .5), .001)
}

func TestSeasonRefuses(t *testing.T) {
	for _, f := range []func() (*Revenue, error){
		func() (*Revenue, error) { return (&Season{Time: 1}).Exponential(1, 1) },
		func() (*Revenue, error) { return (&Season{Stock: 1}).Exponential(1, 1) },
		func() (*Revenue, error) { return (&Season{Stock: 1, Time: 1}).Exponential(math.NaN(), 1) },
		func() (*Revenue, error) { return (&Season{Stock: 1, Time: 1, Cost: math.NaN()}).Exponential(1, 1) },
		func() (*Revenue, error) {
			return (&Season{Stock: 1, Time: 1, Salvage: math.Inf(-1)}).FromMenu([]float64{1}, []float64{1})
		},
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
