package pricing

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"pgregory.net/rapid"
)

// unsure is an item whose elasticity is hardly known.
func unsure(t testing.TB, sd float64) *Problem {
	rng := rand.New(rand.NewPCG(3, 9))
	p := sure(t, "20", "10", ConstantElasticity, 0)
	p.Demand, p.Elasticity = nil, nil
	for range 256 {
		p.Demand = append(p.Demand, 200*math.Exp(.2*rng.NormFloat64()))
		p.Elasticity = append(p.Elasticity, min(-.2, -2+sd*rng.NormFloat64()))
	}
	p.Limits.MaxStep = .3
	return p
}

// Twenty thousand sellers, with a truth drawn from what is believed, each running the
// test, weighing all scenarios by Bayes' rule and taking the best price for the rest.
func TestValueOfATestIsWhatSellersGain(t *testing.T) {
	for _, sd := range []float64{.4, 1} {
		p := unsure(t, sd)
		x := &Switchback{Weeks: []int{4}, Life: 52, Noise: .25}
		v, err := x.Best(p)
		if err != nil {
			t.Fatal(err)
		}
		s, err := Optimise(p)
		if err != nil {
			t.Fatal(err)
		}
		prices := thin(s.Points, pricesMost, s.Today.Price, s.Best.Price)
		profit := make([][]float64, len(prices)) // a week
		mean := make([]float64, len(prices))
		units := map[float64]float64{}
		for k, price := range prices {
			for i, d := range p.Demand {
				q := d * math.Pow(price.Float()/20, p.Elasticity[i]) / 4
				profit[k] = append(profit[k], q*(price.Float()-10))
				mean[k] += profit[k][i] / float64(len(p.Demand))
				units[price.Float()] += q / float64(len(p.Demand))
			}
		}
		now := slices.Index(mean, slices.Max(mean))
		test := v.Test.Float()
		noise := math.Sqrt((2*.25*.25 + 1/units[20] + 1/units[test]) / 2)
		near(t, "standard error", v.SE, noise/math.Abs(math.Log(test/20)), 1e-9)

		rng := rand.New(rand.NewPCG(1, 2))
		const sellers = 20_000
		sum, squares := 0., 0.
		weight := make([]float64, len(p.Demand))
		for range sellers {
			truth := rng.IntN(len(p.Demand))
			y := p.Elasticity[truth]*math.Log(test/20) + noise*rng.NormFloat64()
			for i, e := range p.Elasticity {
				z := (y - e*math.Log(test/20)) / noise
				weight[i] = math.Exp(-z * z / 2)
			}
			best, highest := 0, math.Inf(-1)
			for k := range prices {
				total := 0.
				for i, w := range weight {
					total += w * profit[k][i]
				}
				if total > highest {
					best, highest = k, total
				}
			}
			gain := 48 * (profit[best][truth] - profit[now][truth])
			sum += gain
			squares += gain * gain
		}
		got := sum / sellers
		se := math.Sqrt((squares/sellers - got*got) / sellers)
		// Three standard errors of the simulation, and 2 % for taking four scenarios together.
		if math.Abs(got-v.Value) > 3*se+.02*v.Value {
			t.Errorf("sd %v: the test is worth %v, sellers gain %v ± %v", sd, v.Value, got, se)
		}
		t.Logf("sd %v: value %.1f, sellers gain %.1f ± %.1f", sd, v.Value, got, se)
	}
}

func TestWhatATestIsWorth(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		p := unsure(t, rapid.Float64Range(0, 1.5).Draw(r, "sd"))
		x := &Switchback{Life: rapid.IntRange(4, 104).Draw(r, "life"), Noise: rapid.Float64Range(.01, 1).Draw(r, "noise"), Carry: rapid.Float64Range(0, .5).Draw(r, "carry")}
		v, err := x.Best(p)
		if err != nil {
			r.Fatal(err)
		}
		if v.Value < 0 || v.Value > v.Perfect*(1+1e-9)+1e-6 || v.Cost < -1e-9 || v.Weeks >= x.Life {
			r.Fatalf("%+v", v)
		}
		louder := *x
		louder.Noise *= 3
		l, err := louder.Best(p)
		if err != nil {
			r.Fatal(err)
		}
		if l.Net > v.Net+1e-6*math.Abs(v.Net)+1e-6 {
			r.Fatalf("a test with more noise is worth more: %+v, %+v", l, v)
		}
	})
}

func TestNothingToLearn(t *testing.T) {
	p := unsure(t, 0)
	for i := range p.Elasticity {
		p.Elasticity[i] = -2
	}
	x := &Switchback{Life: 52, Noise: .2, Fixed: gbp(t, "5")}
	v, err := x.Best(p)
	if err != nil {
		t.Fatal(err)
	}
	if v.Worth() || v.Value > 1e-6 {
		t.Errorf("a test of what is known is worth %+v", v)
	}
	v, err = x.Best(unsure(t, 1))
	if err != nil {
		t.Fatal(err)
	}
	if !v.Worth() {
		t.Errorf("a test of what is unknown is worth %+v", v)
	}
	// No other price is legal: nothing can be tested.
	p.Limits.MinDays = 7
	if v, err = x.Best(p); v != nil || err != nil {
		t.Errorf("%+v, %v; want no test", v, err)
	}
}
