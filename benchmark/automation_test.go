package benchmark

import (
	"math"
	"testing"

	"tradewind/numeric/policy"
	"tradewind/operations/automation"
	"tradewind/simulate"
)

// TestLostStock: from every state the whole run of states is what single steps are, and a
// base stock costs what the exact chain says, but for orders above the largest, which hardly
// come up; so it does in 200,000 periods.
func TestLostStock(t *testing.T) {
	m := newLostStock(2, 9)
	states, actions, _ := m.Size()
	all := make([]policy.Transition, states)
	for _, u := range []float64{.001, .3, .999} {
		for a := range actions {
			m.StepAll(all, 0, a, []float64{u})
			for s := range states {
				if next, reward := m.Step(s, a, []float64{u}); next != int(all[s].Next) || reward != all[s].Reward {
					t.Fatalf("state %d, order %d: %d, %v alone, %+v in a run", s, a, next, reward, all[s])
				}
			}
		}
	}
	level, want := m.system.BaseStock()
	base := make(policy.Policy, states)
	for s := range base {
		base[s] = min(m.orders, max(0, level-s%(m.stock+1)-s/(m.stock+1)))
	}
	if got := m.system.Cost(m.policy(base), m.stock+m.orders, m.orders); math.Abs(got-want) > 2e-5 {
		t.Errorf("a base stock as a table costs %.6f, want %.6f", got, want)
	}
	sum, paths := 0., policy.Rollout(m, base, policy.RolloutForm{Average: true, Paths: 20, Steps: 10_000})
	for _, x := range paths {
		sum -= x / float64(len(paths))
	}
	if math.Abs(sum-want) > .05 {
		t.Errorf("played, the base stock costs %.4f, want %.4f", sum, want)
	}
}

// TestSeasonSale: the closed form for 5 and 10 items, and one price that earns what a Poisson
// count of buyers, cut at the stock, brings.
func TestSeasonSale(t *testing.T) {
	for items, want := range map[int]float64{5: 3.4962007064, 10: 3.6772893285} {
		m := newSeasonSale(items)
		if got := m.best(); math.Abs(got-want) > 1e-9 {
			t.Errorf("%d items: V = %.10f, want %.10f", items, got, want)
		}
		p := make(policy.Policy, items*saleSlots)
		for s := range p {
			p[s] = 10 // a price of 2
		}
		term, left, mean := math.Exp(-10*math.Exp(-2)), 1., 0.
		for k := range items {
			mean += term * float64(k)
			left -= term
			term *= 10 * math.Exp(-2) / float64(k+1)
		}
		if got, want := m.worth(p), 2*(mean+left*float64(items)); math.Abs(got-want) > 1e-9 {
			t.Errorf("%d items at a price of 2 earn %.10f, want %.10f", items, got, want)
		}
	}
}

// TestRunShop plays a tuning form with little effort: the sums are those of its cells.
func TestRunShop(t *testing.T) {
	const seed = 2
	a, err := runShop(new(meter), seed, automation.Effort{Fit: 2, Rounds: 1, Learn: 2, Screen: 4, Choose: 4}, 3)
	if err != nil {
		t.Fatal(err)
	}
	if len(a.Cells) != len(simulate.Scenarios) || a.Potential <= 0 {
		t.Fatalf("%d cells, potential %v", len(a.Cells), a.Potential)
	}
	s := newShopScore()
	s.add(seed, &a)
	s.add(seed, &a)
	learned, fixed, worst := 0., 0., math.Inf(1)
	for _, c := range a.Cells {
		byName := map[string]automation.Result{}
		for _, r := range c.Results {
			byName[r.Name] = r
			if len(r.Sample) != 3 {
				t.Errorf("%s: %d episodes", r.Name, len(r.Sample))
			}
			if c.Ceiling < r.Mean {
				t.Errorf("%s, %s: %v, above the ceiling %v", c.Scenario, r.Name, r.Mean, c.Ceiling)
			}
		}
		learned, fixed = learned+byName[automation.ByLearned].Mean, fixed+byName[automation.ByFixed].Mean
		worst = min(worst, byName[automation.ByLearned].Mean/byName[automation.ByClassical].Mean-1)
	}
	if got, want := s.gain(automation.ByLearned, automation.ByFixed), 100*(learned/fixed-1); math.Abs(got-want) > 1e-9 {
		t.Errorf("gain %v %%, want %v %%", got, want)
	}
	if math.Abs(s.Worst-worst) > 1e-12 || s.Cells != 2*len(a.Cells) {
		t.Errorf("worst of %d cells %v, want %v", s.Cells, s.Worst, worst)
	}
	row := shopTable(s, s)[2]
	if got, want := *row.Value, 100*worst; math.Abs(got-want) > 1e-9 || *judged(row).OK != (want >= -1) {
		t.Errorf("the worst cell is %v %% above the classical policy, kept %v, want %v %%", got, *judged(row).OK, want)
	}
}

// TestFormsAreSplit: what is tuned on is not what is scored.
func TestFormsAreSplit(t *testing.T) {
	if formsTuning[1] > 20 || formsScored != [2]uint64{2001, 2020} {
		t.Errorf("forms %v and %v, docs/worlds.md has 1 to 20 and 2001 to 2020", formsTuning, formsScored)
	}
}

// TestGuardLimits: a stricter limit adds nothing, while filling the day greedily does.
func TestGuardLimits(t *testing.T) {
	a := guardLimits(1, 5000)
	if a.Added > 0 || a.Tried != 5000 {
		t.Errorf("in %d of %d situations something new is approved", a.Added, a.Tried)
	}
	if a.ByGreed == 0 || a.Fewer < 500 || a.Some < 500 {
		t.Errorf("the property is not put to the test: %+v", a)
	}
}

// TestShelfOrders: the problem of the timed steps, by hand.
func TestShelfOrders(t *testing.T) {
	m := &shelfOrders{policy.NewLookup([]float64{0, 0, 0, 0, 0, 0, 0, 1})} // demand is 7
	for _, tt := range []struct {
		stock, order, next int
		reward             float64
	}{{3, 2, 0, 5*5 - 2 - 2*2}, {10, 0, 3, 5*7 - .3}, {45, 20, 43, 5*7 - 20 - 4.3}} {
		if next, reward := m.Step(tt.stock, tt.order, []float64{.5}); next != tt.next || math.Abs(reward-tt.reward) > 1e-12 {
			t.Errorf("stock %d, order %d: %d, %v, want %d, %v", tt.stock, tt.order, next, reward, tt.next, tt.reward)
		}
	}
}
