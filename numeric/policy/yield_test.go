package policy

import (
	"math"
	"testing"

	"tradewind/numeric/distribution"
)

// season sells a stock of items over a time of 10 that is cut into equal slots; the price p
// of a slot makes buyers come at rate e^-p. State (n-1)·slots + k: n items left at slot k.
type season struct {
	items, slots int
	prices       []float64
	sold         []distribution.Poisson
	draw         []Lookup
}

func newSeason(items, slots int, prices []float64) *season {
	m := &season{items: items, slots: slots, prices: prices}
	for _, p := range prices {
		d := distribution.NewPoisson(10 / float64(slots) * math.Exp(-p))
		m.sold, m.draw = append(m.sold, d), append(m.draw, LookupOf(d, items))
	}
	return m
}

func (m *season) Size() (states, actions, uniforms int) { return m.items * m.slots, len(m.prices), 1 }

func (m *season) Step(state, action int, u []float64) (next int, reward float64) {
	return m.after(state, action, m.draw[action].At(u[0]))
}

func (m *season) after(state, action, buyers int) (next int, reward float64) {
	items := state/m.slots + 1
	sold := min(items, buyers)
	if state%m.slots == m.slots-1 || sold == items {
		return Terminal, float64(sold) * m.prices[action]
	}
	return state - sold*m.slots + 1, float64(sold) * m.prices[action]
}

func (m *season) StepAll(dst []Transition, from, action int, u []float64) {
	buyers := m.draw[action].At(u[0])
	for i := range dst {
		next, reward := m.after(from+i, action, buyers)
		dst[i] = Transition{reward, int32(next)}
	}
}

// TestGallegoVanRyzin: prices that Q-learning finds earn at least 99 % of what the best
// continuous-time policy earns, by the exact chances of sales under them.
//
// Source: Gallego & van Ryzin, Optimal dynamic pricing of inventories with stochastic
// demand over finite horizons (1994), doi:10.1287/mnsc.40.8.999, for demand that falls
// exponentially in the price:
// V(n) = ln Σ_{i<=n} (aT/e)^i / i!, here with a = 1 and T = 10.
func TestGallegoVanRyzin(t *testing.T) {
	var prices []float64
	for p := 1.; p < 3.001; p += .1 {
		prices = append(prices, p)
	}
	value := map[int]float64{5: 3.4962007064, 10: 3.6772893285}
	for _, items := range []int{5, 10} {
		term, sum := 1., 1.
		for i := 1; i <= items; i++ {
			term *= 10 / math.E / float64(i)
			sum += term
		}
		if math.Abs(math.Log(sum)-value[items]) > 1e-9 {
			t.Fatalf("closed form %v, reference %v", math.Log(sum), value[items])
		}
		m := newSeason(items, 40, prices)
		exact, err := NewMDP(items*m.slots, len(prices), func(s, a int, row *Row) {
			left := 1.
			for buyers := 0; buyers <= s/m.slots; buyers++ {
				p := m.sold[a].Probability(float64(buyers))
				next, reward := m.after(s, a, buyers)
				row.Reward += p * reward
				row.Add(next, p)
				left -= p
			}
			next, reward := m.after(s, a, m.items)
			row.Reward += max(0, left) * reward
			row.Add(next, max(0, left))
		})
		if err != nil {
			t.Fatal(err)
		}
		best, err := exact.ValueIteration(1, 1e-9)
		if err != nil {
			t.Fatal(err)
		}
		full := (items - 1) * m.slots
		for seed := range uint64(2) {
			q := NewTable(items*m.slots, len(prices), nil)
			if _, err := FullBackup(m, q, SweepForm{Gamma: 1, Draws: 6400, Batch: 64, Tail: .5, Seed: seed}); err != nil {
				t.Fatal(err)
			}
			worth, err := exact.Evaluate(q.Policy().Randomised(len(prices)), 1, 1e-9)
			if err != nil {
				t.Fatal(err)
			}
			t.Logf("%d items: %.5f of V learnt, %.5f the best of these prices", items, worth[full]/value[items], best.Table.Value(full)/value[items])
			if share := worth[full] / value[items]; share < .99 || share > 1 {
				t.Errorf("%d items: the learnt prices earn %.4f of V, want .99 to 1", items, share)
			}
		}
	}
}
