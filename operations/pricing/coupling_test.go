package pricing

import (
	"math"
	"math/rand/v2"
	"testing"

	"pgregory.net/rapid"

	"tradewind/commerce"
	"tradewind/fault"
	"tradewind/money"
)

func TestCouplingIsBruteForce(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n, m := rapid.IntRange(1, 6).Draw(t, "items"), rapid.IntRange(1, 3).Draw(t, "limits")
		c := &Coupling{}
		for range n {
			var item []Choice
			for range rapid.IntRange(1, 5).Draw(t, "choices") {
				item = append(item, Choice{
					rapid.Float64Range(-10, 100).Draw(t, "profit"),
					rapid.SliceOfN(rapid.Float64Range(-20, 20), m, m).Draw(t, "use"),
				})
			}
			c.Items = append(c.Items, item)
		}
		for range m {
			c.Limits = append(c.Limits, GroupLimit{"limit", rapid.Float64Range(-60, 60).Draw(t, "most")})
		}
		best := bruteForce(c)
		got, err := c.Solve()
		if err != nil {
			if !fault.Is(err, fault.Blocked) || !math.IsInf(best, -1) {
				t.Fatalf("%v, but brute force finds %v", err, best)
			}
			return
		}
		if !got.Exact || math.Abs(got.Profit-best) > 1e-9*(1+math.Abs(best)) || got.Bound != got.Profit {
			t.Fatalf("%+v, brute force finds %v", got, best)
		}
	})
}

// bruteForce is the highest profit within the limits, -Inf where none is.
func bruteForce(c *Coupling) float64 {
	best := math.Inf(-1)
	pick := make([]int, len(c.Items))
	var all func(i int)
	all = func(i int) {
		if i < len(c.Items) {
			for pick[i] = range c.Items[i] {
				all(i + 1)
			}
			return
		}
		profit := 0.
		for i, k := range pick {
			profit += c.Items[i][k].Profit
		}
		for j, l := range c.Limits {
			used := 0.
			for i, k := range pick {
				used += c.Items[i][k].Use[j]
			}
			if used > l.Most+l.slack() {
				return
			}
		}
		best = max(best, profit)
	}
	all(0)
	return best
}

// priced returns the solutions of n items of a shop.
func priced(t testing.TB, n int) []*Solution {
	rng := rand.New(rand.NewPCG(7, 11))
	var all []*Solution
	for range n {
		p := sure(t, "9.99", "5", ConstantElasticity, 0)
		p.Item = commerce.Item{SKU: "X"}
		p.Price = gbp(t, []string{"4.99", "9.99", "14.99", "24.99"}[rng.IntN(4)])
		p.UnitCost = money.FromE4(p.Price.E4()*int64(4+rng.IntN(4))/10, "GBP")
		p.Demand, p.Elasticity = nil, nil
		for range 16 {
			p.Demand = append(p.Demand, 20+200*rng.Float64())
			p.Elasticity = append(p.Elasticity, -1.2-2*rng.Float64())
		}
		p.Limits = Limits{MaxStep: .3, Support: Range{gbp(t, "1"), gbp(t, "99")}, Endings: british(t)}
		s, err := Optimise(p)
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, s)
	}
	return all
}

func TestGroups(t *testing.T) {
	solutions := priced(t, 400)
	free, units, revenue := 0., 0., 0.
	for _, s := range solutions {
		free += s.Best.Profit
		units += s.Best.Units
		revenue += s.Best.Price.Float() * s.Best.Units
	}
	for _, tt := range []struct {
		name string
		g    Group
	}{
		{"index", Group{MaxIndex: 1.01}},
		{"units", Group{MinUnits: units * 1.1}},
		{"revenue", Group{MinRevenue: revenue * 1.05}},
		{"stock", Group{MaxUnits: units * .9}},
		{"three", Group{MaxIndex: 1.02, MinUnits: units * 1.05, MinRevenue: revenue * 1.02}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			tt.g.Solutions = solutions
			r, err := tt.g.Choose()
			if err != nil {
				t.Fatal(err)
			}
			profit, u, v, index, base := 0., 0., 0., 0., 0.
			for i, p := range r.Points {
				today := solutions[i].Today
				weight := today.Units * today.Price.Float()
				profit += p.Profit
				u += p.Units
				v += p.Units * p.Price.Float()
				index += weight * p.Price.Float() / today.Price.Float()
				base += weight
			}
			near(t, "profit", r.Profit, profit, 1e-9)
			if g := tt.g; g.MaxIndex > 0 && index/base > g.MaxIndex*(1+1e-8) || u < g.MinUnits*(1-1e-8) ||
				g.MaxUnits > 0 && u > g.MaxUnits*(1+1e-8) || v < g.MinRevenue*(1-1e-8) {
				t.Errorf("index %v, units %v, revenue %v break a limit of the group", index/base, u, v)
			}
			if !(r.Bound >= r.Profit) || r.Bound > free*(1+1e-9) {
				t.Errorf("profit %v, bound %v, free %v", r.Profit, r.Bound, free)
			}
			if gap := 1 - r.Profit/r.Bound; gap > .001 {
				t.Errorf("the gap is %.4f %%", 100*gap)
			} else {
				t.Logf("gap %.6f %%, %+v", 100*gap, r.Dual)
			}
			if tt.name == "stock" && !(r.Bid > 0) {
				t.Errorf("a unit of a short stock is worth %v", r.Bid)
			}
		})
	}
}

func TestGroupsRefuse(t *testing.T) {
	solutions := priced(t, 5)
	_, err := (&Group{Solutions: solutions, MinUnits: 1e9}).Choose()
	if f := fault.Of(err); f == nil || f.Code != "E-PRICING-COUPLED" || f.Kind != fault.Blocked {
		t.Errorf("got %v", err)
	}
	mixed := []*Solution{solutions[0], {Today: Point{Price: money.FromE4(10_000, "JPY")}}}
	if _, err := (&Group{Solutions: mixed}).Choose(); !fault.Is(err, fault.Invalid) {
		t.Errorf("got %v for two currencies without rates", err)
	}
}

func BenchmarkGroup(b *testing.B) {
	solutions := priced(b, 400)
	g := &Group{Solutions: solutions, MaxIndex: 1.01}
	for b.Loop() {
		if _, err := g.Choose(); err != nil {
			b.Fatal(err)
		}
	}
}
