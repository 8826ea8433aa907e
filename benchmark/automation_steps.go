package benchmark

import (
	"context"
	"fmt"
	"runtime"
	"strconv"

	"tradewind/numeric/distribution"
	"tradewind/numeric/policy"
)

// Steps of tabular Q-learning that are timed, here and in Python.
const walkedSteps, peerSteps = 5_000_000, 200_000

// shelfOrders is a small lost-sales problem: 51 levels of stock, 21 orders that arrive at
// once, demand Poisson(5); a sale brings 5, a piece ordered costs 1, one kept .1 and one not
// there 2. peers/qlearn.py has the same.
type shelfOrders struct{ demand policy.Lookup }

func (*shelfOrders) Size() (states, actions, uniforms int) { return 51, 21, 1 }

func (m *shelfOrders) Step(state, action int, u []float64) (next int, reward float64) {
	stock, demand := min(50, state+action), m.demand.At(u[0])
	sold := min(stock, demand)
	next = stock - sold
	return next, float64(5*sold-action-2*(demand-sold)) - .1*float64(next)
}

type walkAnswer struct{ Reward float64 } // mean of a step

// walking learns along one course of states.
var walking = newWork("walk", func(_ context.Context, m *meter, steps int) (walkAnswer, error) {
	runtime.GOMAXPROCS(1)
	model := &shelfOrders{policy.LookupOf(distribution.NewPoisson(5), 50)}
	table := policy.NewTable(51, 21, nil)
	m.Begin()
	at, err := policy.Walk(model, table, policy.WalkForm{
		Gamma: .99, Rate: policy.Constant(.1), Explore: policy.Exploration{Epsilon: policy.Constant(.1)}, Steps: steps, Start: 10, Seed: 1,
	})
	m.End()
	return walkAnswer{at.Gain}, err
})

// stepRows time tabular Q-learning, beside the same in Python.
func stepRows(ctx context.Context, r *run) ([]Row, error) {
	beside := Row{Name: "Q-learning steps a CPU second / numpy", Unit: "ratio", Better: higher, Source: fmt.Sprintf("the same problem and settings, %d steps there, in turns", peerSteps)}
	if !r.peers {
		beside.Reason = "run without --peers"
	}
	var rates, ratios []float64
	var reward float64
	for range repeats {
		a, cost, err := walking.run(ctx, walkedSteps)
		if err != nil {
			return nil, err
		}
		reward, rates = a.Reward, append(rates, walkedSteps/cost.CPU)
		if beside.Reason != "" {
			continue
		}
		peer, absent := r.python(ctx, "qlearn.py", strconv.Itoa(peerSteps))
		if beside.Reason, beside.Reference = absent, peer.Version; absent == "" {
			ratios = append(ratios, walkedSteps/cost.CPU/(peerSteps/peer.CPU))
		}
	}
	if beside.Reason == "" {
		beside.Value = new(median(ratios))
	}
	return []Row{
		{Name: "Q-learning steps a CPU second", Value: new(median(rates)), Unit: "steps/s", Better: higher, Must: new(5e6), Reference: "numpy: about 100,000 steps a second",
			Source: fmt.Sprintf("policy.Walk on one core: 51 stocks × 21 orders, Poisson demand, ε .1, rate .1; %d steps, which earn %.2f each; median of %d", walkedSteps, reward, repeats)},
		beside,
	}, nil
}
