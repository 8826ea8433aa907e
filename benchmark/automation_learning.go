package benchmark

import (
	"context"
	"fmt"
	"math"
	"math/rand/v2"
	"runtime"

	"tradewind/numeric/distribution"
	"tradewind/numeric/policy"
	"tradewind/operations/inventory"
)

// What Q-learning is given where the optimum is known.
const (
	learningSeeds = 3 // streams of chance, of which the worst counts
	lostDraws     = 6000
	seasonDraws   = 6400
	garnetDraws   = 200_000
	garnets       = 10 // random processes
)

// lostStock is a lost-sales system as inventory.LostSales has it, seen as states and
// actions. The shelf holds stock units at most, orders are of at most orders units; a
// pipeline of lead - 1 orders is a number in base orders + 1 whose lowest digit arrives
// next.
type lostStock struct {
	system        inventory.LostSales
	stock, orders int
	demand        policy.Lookup
}

func newLostStock(lead int, penalty float64) *lostStock {
	d := distribution.NewPoisson(5)
	return &lostStock{inventory.LostSales{Demand: d, Lead: lead, Holding: 1, Penalty: penalty}, 30, 14, policy.LookupOf(d, 40)}
}

func (m *lostStock) String() string {
	return fmt.Sprintf("lead time %d, penalty %g", m.system.Lead, m.system.Penalty)
}

// top is the place value of a new order.
func (m *lostStock) top() int {
	top := 1
	for range m.system.Lead - 1 {
		top *= m.orders + 1
	}
	return top
}

func (m *lostStock) Size() (states, actions, uniforms int) {
	return (m.stock + 1) * m.top(), m.orders + 1, 1
}

func (m *lostStock) Step(state, action int, u []float64) (next int, reward float64) {
	var one [1]policy.Transition
	m.StepAll(one[:], state, action, u)
	return int(one[0].Next), one[0].Reward
}

func (m *lostStock) StepAll(dst []policy.Transition, from, action int, u []float64) {
	demand, base, shelf := m.demand.At(u[0]), m.orders+1, m.stock+1
	on, pipeline := from%shelf, from/shelf+action*m.top()
	for i := range dst {
		left := max(0, on-demand)
		cost := m.system.Holding*float64(left) + m.system.Penalty*float64(max(0, demand-on))
		dst[i] = policy.Transition{Reward: -cost, Next: int32(min(m.stock, left+pipeline%base) + shelf*(pipeline/base))}
		if on++; on == shelf {
			on, pipeline = 0, pipeline+1
		}
	}
}

// policy is a learnt policy as the system takes it.
func (m *lostStock) policy(p policy.Policy) inventory.LostSalesPolicy {
	return func(state []int) int {
		at, place := min(m.stock, state[0]), m.stock+1
		for _, units := range state[1:] {
			at, place = at+units*place, place*(m.orders+1)
		}
		return p[at]
	}
}

// seasonSale sells some items over a time of 10 that is cut into slots; at the price p of a
// slot buyers come at rate e^-p. State (n-1)·slots + k: n items left in slot k.
type seasonSale struct {
	items  int
	prices []float64
	laws   []distribution.Poisson
	buyers []policy.Lookup
}

const saleSlots, saleTime = 40, 10

func newSeasonSale(items int) *seasonSale {
	m := &seasonSale{items: items}
	for k := range 21 {
		p := 1 + .1*float64(k)
		law := distribution.NewPoisson(saleTime / float64(saleSlots) * math.Exp(-p))
		m.prices, m.laws, m.buyers = append(m.prices, p), append(m.laws, law), append(m.buyers, policy.LookupOf(law, items))
	}
	return m
}

func (m *seasonSale) Size() (states, actions, uniforms int) {
	return m.items * saleSlots, len(m.prices), 1
}

func (m *seasonSale) Step(state, action int, u []float64) (next int, reward float64) {
	items := state/saleSlots + 1
	sold := min(items, m.buyers[action].At(u[0]))
	if state%saleSlots == saleSlots-1 || sold == items {
		return policy.Terminal, float64(sold) * m.prices[action]
	}
	return state - sold*saleSlots + 1, float64(sold) * m.prices[action]
}

// worth is what prices by state earn, by the exact chances of sales.
func (m *seasonSale) worth(p policy.Policy) float64 {
	after := make([]float64, m.items+1)
	for k := saleSlots - 1; k >= 0; k-- {
		now := make([]float64, m.items+1)
		for n := 1; n <= m.items; n++ {
			a := p[(n-1)*saleSlots+k]
			left := 1.
			for sold := range n {
				chance := m.laws[a].Probability(float64(sold))
				now[n] += chance * (float64(sold)*m.prices[a] + after[n-sold])
				left -= chance
			}
			now[n] += left * float64(n) * m.prices[a]
		}
		after = now
	}
	return after[m.items]
}

// best is what no prices exceed, ln Σ (aT/e)^i / i!, for demand that falls exponentially in
// the price.
//
// Source: Gallego & van Ryzin, Optimal dynamic pricing of inventories with stochastic demand
// over finite horizons (1994), doi:10.1287/mnsc.40.8.999.
func (m *seasonSale) best() float64 {
	term, sum := 1., 1.
	for i := 1; i <= m.items; i++ {
		term *= saleTime / math.E / float64(i)
		sum += term
	}
	return math.Log(sum)
}

// garnet makes a random process of 20 states and 3 actions: from each pair 4 states follow,
// drawn without replacement, with the gaps between sorted uniforms for chances; rewards are
// standard normal.
//
// Source: Archibald, McKinnon & Thomas, On the generation of Markov decision processes
// (1995), doi:10.1057/jors.1995.50.
func garnet(seed uint64) (*policy.MDP, error) {
	const states, actions, branch = 20, 3, 4
	rng := rand.New(rand.NewPCG(seed, 0))
	return policy.NewMDP(states, actions, func(_, _ int, row *policy.Row) {
		row.Reward = rng.NormFloat64()
		left := 1.
		for i, s := range rng.Perm(states)[:branch] {
			p := left
			if rest := branch - 1 - i; rest > 0 { // the least of rest uniforms on what is left
				p *= 1 - math.Pow(rng.Float64(), 1/float64(rest))
			}
			row.Add(s, p)
			left -= p
		}
	})
}

// learningAnswer is how far tables are from what is known, at worst.
type learningAnswer struct {
	Learnt, Capped float64 // cost over the optimum
	Cell, CappedAt string  // where that is
	Sale           [2]float64
	Garnet         float64
}

var saleItems = [2]int{5, 10}

// learningTables learns where the optimum is known.
var learningTables = newWork("q-learning", func(_ context.Context, m *meter, _ int) (a learningAnswer, err error) {
	runtime.GOMAXPROCS(1)
	m.Begin()
	defer m.End()
	for lead := 1; lead <= 2; lead++ {
		for _, penalty := range []float64{4, 9, 14, 19} {
			if err := a.lostSales(newLostStock(lead, penalty)); err != nil {
				return a, err
			}
		}
	}
	for i, items := range saleItems {
		if a.Sale[i], err = saleShare(items); err != nil {
			return a, err
		}
	}
	for seed := range uint64(garnets) {
		off, err := garnetOff(seed)
		if err != nil {
			return a, err
		}
		a.Garnet = max(a.Garnet, off)
	}
	return a, nil
})

// lostSales learns a cell on each stream and evaluates what was learnt exactly.
func (a *learningAnswer) lostSales(m *lostStock) error {
	optimum := m.system.Optimum().Cost
	states, actions, _ := m.Size()
	for seed := range uint64(learningSeeds) {
		q := policy.NewTable(states, actions, nil)
		if _, err := policy.FullBackup(m, q, policy.SweepForm{Average: true, Draws: lostDraws, Tail: .5, Seed: seed, Workers: 1}); err != nil {
			return err
		}
		cost := m.system.Cost(m.policy(q.Policy()), m.stock+m.orders*(m.system.Lead-1), m.orders)
		if gap := cost/optimum - 1; gap >= a.Learnt {
			a.Learnt, a.Cell = gap, m.String()
		}
	}
	if _, capped := m.system.CappedBaseStock(); capped/optimum-1 > a.Capped {
		a.Capped, a.CappedAt = capped/optimum-1, m.String()
	}
	return nil
}

// saleShare is the least share of the best that learnt prices earn.
func saleShare(items int) (float64, error) {
	m, least := newSeasonSale(items), math.Inf(1)
	for seed := range uint64(learningSeeds) {
		q := policy.NewTable(items*saleSlots, len(m.prices), nil)
		if _, err := policy.FullBackup(m, q, policy.SweepForm{Gamma: 1, Draws: seasonDraws, Batch: 64, Tail: .5, Seed: seed, Workers: 1}); err != nil {
			return 0, err
		}
		least = min(least, m.worth(q.Policy())/m.best())
	}
	return least, nil
}

// garnetOff is how far the farthest value is from that of value iteration.
func garnetOff(seed uint64) (float64, error) {
	const gamma = .9
	m, err := garnet(seed)
	if err != nil {
		return 0, err
	}
	want, err := m.ValueIteration(gamma, 1e-9)
	if err != nil {
		return 0, err
	}
	q := policy.NewTable(m.States(), m.Actions(), nil)
	if _, err := policy.FullBackup(m.Model(), q, policy.SweepForm{Gamma: gamma, Draws: garnetDraws, Tail: .5, Seed: seed, Workers: 1}); err != nil {
		return 0, err
	}
	off := 0.
	for i, x := range want.Table.Q {
		off = max(off, math.Abs(q.Q[i]-x))
	}
	return off, nil
}

// learningRows hold Q-learning against what is known.
func learningRows(ctx context.Context, _ *run) ([]Row, error) {
	a, cost, err := learningTables.run(ctx, 0)
	if err != nil {
		return nil, err
	}
	rows := []Row{
		{Name: "Q-learning of lost sales, 8 cells: cost over the optimum, worst cell", Value: new(100 * a.Learnt), Unit: "%", Better: lower, Must: new(.7), Aim: new(.2),
			Reference: fmt.Sprintf("inventory.LostSales.Optimum; the best capped base stock costs up to %.2f %% more (%s)", 100*a.Capped, a.CappedAt),
			Source:    fmt.Sprintf("policy.FullBackup, average reward, %d draws of demand; Poisson demand of mean 5, lead times 1 and 2, penalties 4, 9, 14, 19; the policy evaluated exactly; worst of %d streams of chance: %s", lostDraws, learningSeeds, a.Cell)},
	}
	for i, items := range saleItems {
		rows = append(rows, Row{Name: fmt.Sprintf("prices of a season learnt, %d items: share of what the best policy earns", items), Value: new(100 * a.Sale[i]), Unit: "%", Better: higher, Must: new(99.0),
			Reference: "Gallego & van Ryzin 1994: V in closed form", Source: fmt.Sprintf("policy.FullBackup, %d draws in batches of 64, %d slots and 21 prices; what was learnt evaluated exactly; worst of %d streams", seasonDraws, saleSlots, learningSeeds)})
	}
	return append(rows,
		Row{Name: "random decision processes: value learnt, farthest from value iteration", Value: new(a.Garnet), Better: lower, Must: new(1e-2),
			Reference: "policy.MDP.ValueIteration to 1e-9", Source: fmt.Sprintf("policy.FullBackup, %d draws; %d Garnet processes of 20 states, 3 actions and 4 branches, discount .9, rewards of standard deviation 1", garnetDraws, garnets)},
		Row{Name: "learning all of these, CPU time", Value: new(cost.CPU), Unit: "s", Better: lower, Source: "one core, exact evaluation included"},
	), nil
}
