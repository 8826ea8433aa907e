package pricing

import (
	"math"
	"math/rand/v2"
	"testing"

	"tradewind/money"
)

// open is a problem of 512 scenarios in which every one of 199 or 200 prices is legal.
func open(curve Curve, seed uint64) *Problem {
	rng := rand.New(rand.NewPCG(seed, 5))
	pounds := func(x float64) money.Amount { return money.FromE4(int64(x*10_000), "GBP") }
	p := &Problem{Price: pounds(1000 + 1000*rng.Float64()), Curve: curve, Share: .1, Stock: 150, Horizon: 28,
		UnitCost: pounds(50), Terms: Terms{TaxRate: .2, ChannelRate: .15, ReturnRate: .05},
		Limits: Limits{Support: Range{pounds(1), pounds(1e6)}}}
	for range 512 {
		p.Demand = append(p.Demand, 100*math.Exp(.4*rng.NormFloat64()))
		p.Elasticity = append(p.Elasticity, -2.5+.5*rng.NormFloat64())
	}
	return p
}

// One operation is one item priced: 512 scenarios, every point of the grid legal.
func BenchmarkOptimise(b *testing.B) {
	for _, curve := range []Curve{ConstantElasticity, Exponential, Linear, Logit} {
		b.Run(curve.String(), func(b *testing.B) {
			p, w := open(curve, 1), NewWorkspace()
			points := 0
			b.ReportAllocs()
			for b.Loop() {
				s, err := w.Optimise(p)
				if err != nil {
					b.Fatal(err)
				}
				points = len(s.Points)
			}
			b.ReportMetric(float64(points), "points")
		})
	}
}

// BenchmarkWhatIf is what a slider asks.
func BenchmarkWhatIf(b *testing.B) {
	p := open(ConstantElasticity, 1)
	b.ReportAllocs()
	for b.Loop() {
		if _, err := Ask(p, p.Price); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkSwitchback(b *testing.B) {
	p := open(ConstantElasticity, 1)
	x := &Switchback{Life: 52, Noise: .2}
	for b.Loop() {
		if _, err := x.Best(p); err != nil {
			b.Fatal(err)
		}
	}
}

// The scenario loops allocate nothing: what is allocated does not grow with scenarios.
func TestAllocations(t *testing.T) {
	p, w := open(ConstantElasticity, 1), NewWorkspace()
	count := func() float64 {
		return testing.AllocsPerRun(20, func() {
			if _, err := w.Optimise(p); err != nil {
				t.Fatal(err)
			}
		})
	}
	few := *p
	few.Demand, few.Elasticity = p.Demand[:8], p.Elasticity[:8]
	many := count()
	*p = few
	if got := count(); many > got || many > 4 {
		t.Errorf("%v allocations with 512 scenarios, %v with 8; want at most 4", many, got)
	}
}
