package inventory

import (
	"math"
	"math/rand/v2"
	"reflect"
	"testing"

	"pgregory.net/rapid"

	"tradewind/numeric/distribution"
)

// drawMenus draws small problems: whole amounts, so that ties and exact fits come up.
func drawMenus(t *rapid.T) ([][]Offer, Limits) {
	amount := rapid.IntRange(0, 12)
	menus := make([][]Offer, rapid.IntRange(0, 7).Draw(t, "menus"))
	for i := range menus {
		menus[i] = make([]Offer, rapid.IntRange(0, 4).Draw(t, "offers"))
		for j := range menus[i] {
			menus[i][j] = Offer{Gain: float64(amount.Draw(t, "gain") - 2), Cash: float64(amount.Draw(t, "cash")), Volume: float64(amount.Draw(t, "volume"))}
		}
	}
	l := Unlimited
	if rapid.Bool().Draw(t, "cash is limited") {
		l.Cash = float64(rapid.IntRange(0, 40).Draw(t, "limit of cash"))
	}
	if rapid.Bool().Draw(t, "volume is limited") {
		l.Volume = float64(rapid.IntRange(0, 40).Draw(t, "limit of volume"))
	}
	if rapid.Bool().Draw(t, "count is limited") {
		l.Count = rapid.IntRange(0, 5).Draw(t, "limit of count")
	}
	return menus, l
}

// tryAll is the best gain over every choice.
func tryAll(menus [][]Offer, l Limits, u usage) float64 {
	if !u.within(l) {
		return math.Inf(-1)
	}
	if len(menus) == 0 {
		return u.gain
	}
	best := tryAll(menus[1:], l, u)
	for _, o := range menus[0] {
		best = max(best, tryAll(menus[1:], l, u.plus(usage{o.Gain, o.Cash, o.Volume, 1})))
	}
	return best
}

func TestShareEqualsTryingAll(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		menus, l := drawMenus(t)
		s := Share(menus, l)
		want := tryAll(menus, l, usage{})
		if s.Gain != want || !s.Proved || s.Bound != want {
			t.Fatalf("gain %v, bound %v, proved %t; the best is %v", s.Gain, s.Bound, s.Proved, want)
		}
		var u usage
		for i, j := range s.Picked {
			if j >= 0 {
				o := menus[i][j]
				u = u.plus(usage{o.Gain, o.Cash, o.Volume, 1})
			}
		}
		if (u != usage{s.Gain, s.Cash, s.Volume, s.Count}) || !u.within(l) {
			t.Fatalf("the picks gain and take %v, want %v within %v", u, s, l)
		}
		if p := s.Prices; p.Cash < 0 || p.Volume < 0 || p.Count < 0 {
			t.Fatalf("negative prices: %v", p)
		}
	})
}

// The bound at the prices is what Lagrange's relaxation says, whatever the search proves,
// and no other prices give a lower one.
func TestPricesGiveTheLeastBound(t *testing.T) {
	bound := func(menus [][]Offer, l Limits, p LimitPrices) float64 {
		sum := 0.0
		for _, x := range []struct{ price, limit float64 }{{p.Cash, l.Cash}, {p.Volume, l.Volume}} {
			if x.price > 0 {
				sum += x.price * x.limit
			}
		}
		if p.Count > 0 {
			sum += p.Count * float64(l.Count)
		}
		for _, m := range menus {
			best := 0.0
			for i := range m {
				best = max(best, p.net(&m[i]))
			}
			sum += best
		}
		return sum
	}
	rapid.Check(t, func(t *rapid.T) {
		menus, l := drawMenus(t)
		r := newOfferTable(menus).relax(l)
		at := bound(menus, l, r.prices)
		if math.Abs(at-r.bound) > 1e-9*(1+at) {
			t.Fatalf("bound %v at %v, reckoned anew %v", r.bound, r.prices, at)
		}
		for range 20 {
			other := LimitPrices{Count: rapid.Float64Range(0, 10).Draw(t, "price of count")}
			if !math.IsInf(l.Cash, 1) {
				other.Cash = rapid.Float64Range(0, 4).Draw(t, "price of cash")
			}
			if !math.IsInf(l.Volume, 1) {
				other.Volume = rapid.Float64Range(0, 4).Draw(t, "price of volume")
			}
			if b := bound(menus, l, other); l.Count < len(menus) && b < at-1e-9*(1+at) {
				t.Fatalf("%v gives a bound of %v, below %v at %v", other, b, at, r.prices)
			}
		}
	})
}

// newsvendors are single-unit ladders of SKUs with normal demand: their marginal values
// fall, so that the relaxation is exact but for the last units.
type vendor struct{ mean, sd, margin, over, cost, volume float64 }

func someVendors(n int, seed uint64) []vendor {
	rng := rand.New(rand.NewPCG(seed, 1))
	list := make([]vendor, n)
	for i := range list {
		cost := math.Exp(1 + rng.NormFloat64())
		mean := math.Exp(2 + .5*rng.NormFloat64())
		list[i] = vendor{mean, mean * (.1 + .4*rng.Float64()), cost * (.2 + rng.Float64()), cost * .05, cost, .001 * math.Exp(rng.NormFloat64())}
	}
	return list
}

// gain is the newsvendor's expected profit of q units: margin·E[min(D, q)] - over·E[(q-D)⁺].
func (v vendor) gain(q float64) float64 {
	d := distribution.NewNormal(v.mean, v.sd)
	short, _ := d.Loss(q)
	return v.margin*(v.mean-short) - v.over*(q-v.mean+short)
}

func (v vendor) ladder(step float64, rungs int) []Offer {
	var list []Offer
	for k := 1; k <= rungs; k++ {
		q := step * float64(k)
		list = append(list, Offer{v.gain(q), v.cost * q, v.volume * q})
	}
	return list
}

// TestShareOfNewsvendors holds the choice against the closed form: with a price of cash λ
// the newsvendor orders the quantile (margin - λ·cost)/(margin + over) of its demand, and
// λ is where the orders cost what there is. The offers are a tenth of a unit apart, which
// costs about Σ gain”·.1²/24: 1.5e-5 of the whole here.
//
// Source: Hadley & Whitin, Analysis of Inventory Systems, 1963, section 6-2.
func TestShareOfNewsvendors(t *testing.T) {
	vendors := someVendors(300, 7)
	order := func(v vendor, price float64) float64 {
		u := (v.margin - price*v.cost) / (v.margin + v.over)
		if u <= 0 {
			return 0
		}
		return max(0, distribution.NewNormal(v.mean, v.sd).Quantile(u))
	}
	sum := func(price float64) (gain, cash float64) {
		for _, v := range vendors {
			q := order(v, price)
			gain, cash = gain+v.gain(q)-v.gain(0), cash+q*v.cost
		}
		return gain, cash
	}
	_, free := sum(0)
	limit := .6 * free
	lo, hi := 0.0, 10.0
	for range 200 {
		if _, cash := sum((lo + hi) / 2); cash > limit {
			lo = (lo + hi) / 2
		} else {
			hi = (lo + hi) / 2
		}
	}
	want, _ := sum(hi)
	menus := make([][]Offer, len(vendors))
	for i, v := range vendors {
		menus[i] = v.ladder(.1, 800)
		for j := range menus[i] {
			menus[i][j].Gain -= v.gain(0)
		}
	}
	l := Unlimited
	l.Cash = limit
	s := Share(menus, l)
	if math.Abs(s.Gain/want-1) > 3e-5 || s.Gain > want {
		t.Errorf("gain %v, the closed form has %v", s.Gain, want)
	}
	if math.Abs(s.Prices.Cash-hi) > 1e-3*hi {
		t.Errorf("price of cash %v, the closed form has %v", s.Prices.Cash, hi)
	}
	if s.Bound < s.Gain || s.Bound > s.Gain*(1+1e-5) {
		t.Errorf("bound %v of a gain of %v", s.Bound, s.Gain)
	}
}

// manyMenus are orders of a shop: packs, least orders, seven sizes each.
func manyMenus(n int) (menus [][]Offer, cash, volume float64) {
	rng := rand.New(rand.NewPCG(3, 9))
	for _, v := range someVendors(n, 5) {
		step := 1 + rng.IntN(12)
		least := step * (1 + rng.IntN(3))
		m := v.ladder(float64(step), 7)
		var list []Offer
		for j := range m {
			if o := m[j]; (j+1)*step >= least {
				o.Gain -= v.gain(0) + 3 // the cost of ordering
				list = append(list, o)
			}
		}
		menus = append(menus, list)
		best := Offer{}
		for _, o := range list {
			if o.Gain > best.Gain {
				best = o
			}
		}
		cash, volume = cash+best.Cash, volume+best.Volume
	}
	return menus, cash, volume
}

func TestShareOfManyIsNearItsBound(t *testing.T) {
	menus, cash, volume := manyMenus(5000)
	for _, l := range []Limits{
		{cash * .5, math.Inf(1), math.MaxInt}, {math.Inf(1), volume * .3, math.MaxInt},
		{cash * .5, volume * .4, math.MaxInt}, {cash * .2, volume * .9, 800}, {cash * .001, volume * .001, math.MaxInt}, {0, volume, math.MaxInt},
	} {
		s := Share(menus, l)
		if s.Cash > l.Cash || s.Volume > l.Volume || s.Count > l.Count {
			t.Errorf("%v: takes %v, %v, %v", l, s.Cash, s.Volume, s.Count)
		}
		if gap := s.Bound/max(s.Gain, 1e-9) - 1; s.Gain > 0 && (gap < 0 || gap > 1e-4 && s.Bound-s.Gain > 5) {
			t.Errorf("%v: gains %v of at most %v, a gap of %.2g", l, s.Gain, s.Bound, gap)
		}
		t.Logf("%v: gain %.2f, gap %.2g, proved %t, prices %.4f", l, s.Gain, s.Bound/s.Gain-1, s.Proved, s.Prices)
		if again := Share(menus, l); !reflect.DeepEqual(again, s) {
			t.Errorf("%v: the same menus have two answers", l)
		}
	}
}

// Equal SKUs all change their minds at one price: none of them is left out for that.
func TestShareOfEquals(t *testing.T) {
	menus := make([][]Offer, 50_000)
	for i := range menus {
		menus[i] = []Offer{{Gain: 3, Cash: 2}}
	}
	l := Unlimited
	l.Cash = 41_001
	if s := Share(menus, l); s.Count != 20_500 {
		t.Errorf("takes %d of %d, want 20500", s.Count, len(menus))
	}
}

func TestAnOfferThatTakesLessThanNothing(t *testing.T) {
	defer func() {
		if recover() == nil {
			t.Error("a negative use was taken")
		}
	}()
	Share([][]Offer{{{Gain: 1, Cash: -1}}}, Unlimited)
}

func BenchmarkShare(b *testing.B) {
	menus, cash, volume := manyMenus(100_000)
	for _, c := range []struct {
		name string
		l    Limits
	}{
		{"cash", Limits{cash * .5, math.Inf(1), math.MaxInt}},
		{"cash+volume", Limits{cash * .5, volume * .4, math.MaxInt}},
		{"cash+volume+count", Limits{cash * .5, volume * .4, 20_000}},
	} {
		b.Run(c.name, func(b *testing.B) {
			b.ReportAllocs()
			var s *Shared
			for b.Loop() {
				s = Share(menus, c.l)
			}
			b.ReportMetric((s.Bound/s.Gain-1)*1e6, "gap-ppm")
		})
	}
}
