package benchmark

import (
	"context"
	"fmt"
	"math"
	"math/rand/v2"

	"tradewind/numeric/policy"
)

// The logs on which off-policy evaluation is measured (docs/worlds.md).
const (
	opeSeed = 3001
	opeRuns = 1000
)

// logWorld is a finite decision process whose chances are known, what wrote a log of it and
// what is to be judged by that log.
type logWorld struct {
	name              string
	episodes, horizon int
	noise             float64 // standard deviation of a reward around its expectation
	outcomes          [][]outcome
	log, wrong        policy.Randomised // how choices were drawn, and how a faulty log says they were
	judged            policy.Randomised
	exact             *policy.Fitted
	value             float64 // of the judged policy
}

// outcome is what can come of an action in a state.
type outcome struct {
	p, reward float64
	next      int
}

func newLogWorlds(seed uint64) []logWorld {
	worlds := []logWorld{oneStepWorld(rand.New(rand.NewPCG(seed, 0))), sixWeeksWorld()}
	for i := range worlds {
		w := &worlds[i]
		w.solve()
	}
	return worlds
}

// oneStepWorld is a contextual bandit.
func oneStepWorld(rng *rand.Rand) logWorld {
	const contexts, actions = 8, 5
	w := logWorld{name: "one step", episodes: 1000, horizon: 1, noise: 2}
	w.log, w.wrong, w.judged = emptyRule(contexts, actions), emptyRule(contexts, actions), emptyRule(contexts, actions)
	for s := range contexts {
		best, sum := 0, 0.0
		weights := make([]float64, actions)
		for a := range actions {
			w.outcomes = append(w.outcomes, []outcome{{1, 10 + 2*rng.NormFloat64(), policy.Terminal}})
			if w.outcomes[s*actions+a][0].reward > w.outcomes[s*actions+best][0].reward {
				best = a
			}
			weights[a] = math.Exp(rng.NormFloat64())
			sum += weights[a]
		}
		for a, p := range w.log.Row(s) {
			p = .2/actions + .8*weights[a]/sum
			w.log.Row(s)[a], w.wrong.Row(s)[a] = p, (p+1./actions)/2
			w.judged.Row(s)[a] = .02
		}
		w.judged.Row(s)[best] = .92
	}
	return w
}

// sixWeeksWorld sets a price every week; what is sold is not there the week after.
func sixWeeksWorld() logWorld {
	const stocks, actions = 4, 4
	chances := []float64{.25, .45, .65} // of a customer, by demand
	states := len(chances) * stocks
	w := logWorld{name: "six weeks of prices", episodes: 600, horizon: 6, noise: 1}
	w.log, w.wrong, w.judged = emptyRule(states, actions), emptyRule(states, actions), emptyRule(states, actions)
	for s := range states {
		demand, stock := s/stocks, s%stocks+1
		for a := range actions {
			price := float64(8 + a)
			buys := math.Min(.95, chances[demand]*math.Pow(9.5/price, 2))
			w.outcomes = append(w.outcomes, week(demand, stock, price, buys))
			w.log.Row(s)[a], w.wrong.Row(s)[a], w.judged.Row(s)[a] = .25, .65/3, .17
		}
		w.wrong.Row(s)[3] = .35
		own := 2
		switch {
		case stock == 1 || demand == 2:
			own = 3
		case demand == 0 && stock >= 3:
			own = 1
		}
		w.judged.Row(s)[own] = .49
	}
	return w
}

// week lists what four customers can do to the stock, and where demand can go.
func week(demand, stock int, price, buys float64) []outcome {
	const customers, stocks, regimes = 4, 4, 3
	var all []outcome
	for wanted := range customers + 1 {
		ways := []float64{1, 4, 6, 4, 1}[wanted]
		p := ways * math.Pow(buys, float64(wanted)) * math.Pow(1-buys, float64(customers-wanted))
		sales := min(wanted, stock)
		left := stock - sales
		reward := float64(sales)*(price-6) - .1*float64(left)
		for regime := range regimes {
			stays := .1
			if regime == demand {
				stays = .8
			}
			all = append(all, outcome{p * stays, reward, regime*stocks + min(left+2, stocks) - 1})
		}
	}
	return all
}

func emptyRule(states, actions int) policy.Randomised {
	return policy.Randomised{Actions: actions, P: make([]float64, states*actions)}
}

// solve finds the value of the judged policy by backward induction.
func (w *logWorld) solve() {
	states, actions := w.judged.States(), w.judged.Actions
	f := &policy.Fitted{Horizon: w.horizon, States: states, Actions: actions}
	for k := 1; k <= w.horizon; k++ {
		for i := range states * actions {
			q := 0.0
			for _, o := range w.outcomes[i] {
				q += o.p * o.reward
				if k > 1 && o.next != policy.Terminal {
					q += o.p * f.State(k-1, o.next)
				}
			}
			f.Q = append(f.Q, q)
		}
		for s := range states {
			v := 0.0
			for a, p := range w.judged.Row(s) {
				v += p * f.Action(k, s, a)
			}
			f.V = append(f.V, v)
		}
	}
	w.exact = f
	for s := range states {
		w.value += f.State(w.horizon, s) / float64(states)
	}
}

// draw writes a log.
func (w *logWorld) draw(rng *rand.Rand) []policy.Episode {
	log := make([]policy.Episode, w.episodes)
	for i := range log {
		state := rng.IntN(w.judged.States())
		for state != policy.Terminal && len(log[i].Steps) < w.horizon {
			action, propensity := w.log.Draw(state, rng.Float64())
			o := w.outcome(state, action, rng.Float64())
			reward := o.reward + w.noise*rng.NormFloat64()
			log[i].Steps = append(log[i].Steps, policy.Logged{State: state, Action: action, Reward: reward, Propensity: propensity})
			state = o.next
		}
		log[i].Next = state
	}
	return log
}

func (w *logWorld) outcome(state, action int, u float64) outcome {
	all := w.outcomes[state*w.judged.Actions+action]
	for _, o := range all {
		if u < o.p {
			return o
		}
		u -= o.p
	}
	return all[len(all)-1]
}

// choices sets a log beside the judged policy: with the chances of rule, and with the exact
// model or the wrong one.
func (w *logWorld) choices(log []policy.Episode, rule policy.Randomised, wrongModel bool) [][]policy.Choice {
	all := make([][]policy.Choice, len(log))
	q := func(k, s, a int) float64 {
		switch v := w.exact.Action(k, s, a); {
		case !wrongModel:
			return v
		case a == 0:
			return v/2 + 2
		default:
			return v / 2
		}
	}
	for i, episode := range log {
		for t, step := range episode.Steps {
			c := policy.Choice{Reward: step.Reward, Propensity: rule.Row(step.State)[step.Action], Target: w.judged.Row(step.State)[step.Action]}
			c.Fitted = q(w.horizon-t, step.State, step.Action)
			for a, p := range w.judged.Row(step.State) {
				c.Value += p * q(w.horizon-t, step.State, a)
			}
			all[i] = append(all[i], c)
		}
	}
	return all
}

// spreadOf gathers estimates of one true value.
type spreadOf struct {
	Off     float64 // mean, relative to the truth
	Error   float64 // root mean square, relative
	SD      float64
	Covered float64 // share of the intervals that hold the truth
}

func (s *spreadOf) add(e policy.Estimate, truth, share float64) {
	off := e.Value/truth - 1
	s.Off += share * off
	s.Error += share * off * off
	if e.Low <= truth && truth <= e.High {
		s.Covered += share
	}
}

func (s *spreadOf) finish() {
	s.SD = math.Sqrt(s.Error - s.Off*s.Off)
	s.Error = math.Sqrt(s.Error)
}

// opeAnswer is what a thousand logs of a world show of each estimator.
type opeAnswer struct {
	World                    string
	Truth, ESS               float64
	DR, IPS, SNIPS, FQE      spreadOf // model by folds, right propensities
	WrongP, WrongModel, Both spreadOf // doubly robust
	IPSWrongP                spreadOf
}

type opeQuestion struct {
	Seed uint64
	Runs int
}

// judging evaluates the judged policy from many logs of each world.
var judging = newWork("off-policy", func(ctx context.Context, m *meter, q opeQuestion) ([]opeAnswer, error) {
	m.Begin()
	defer m.End()
	var answers []opeAnswer
	for _, w := range newLogWorlds(q.Seed) {
		a, err := w.judge(ctx, q)
		if err != nil {
			return nil, err
		}
		answers = append(answers, a)
	}
	return answers, nil
})

func (w *logWorld) judge(ctx context.Context, q opeQuestion) (opeAnswer, error) {
	a := opeAnswer{World: w.name, Truth: w.value}
	share := 1 / float64(q.Runs)
	for run := 1; run <= q.Runs; run++ {
		if err := ctx.Err(); err != nil {
			return a, err
		}
		log := w.draw(rand.New(rand.NewPCG(q.Seed, uint64(run))))
		e, err := policy.EvaluateLog(log, w.judged, policy.LogForm{Bootstrap: 50, Seed: uint64(run)})
		if err != nil {
			return a, fmt.Errorf("log %d of %s: %w", run, w.name, err)
		}
		a.ESS += share * e.Weights.ESS
		a.DR.add(e.DR, w.value, share)
		a.IPS.add(e.IPS, w.value, share)
		a.SNIPS.add(e.SNIPS, w.value, share)
		a.FQE.add(e.Model, w.value, share)
		wrongP := w.choices(log, w.wrong, false)
		a.WrongP.add(policy.DoublyRobust(wrongP, 1, .95), w.value, share)
		a.IPSWrongP.add(policy.ImportanceSampling(wrongP, 1, .95), w.value, share)
		a.WrongModel.add(policy.DoublyRobust(w.choices(log, w.log, true), 1, .95), w.value, share)
		a.Both.add(policy.DoublyRobust(w.choices(log, w.wrong, true), 1, .95), w.value, share)
	}
	for _, s := range []*spreadOf{&a.DR, &a.IPS, &a.SNIPS, &a.FQE, &a.WrongP, &a.WrongModel, &a.Both, &a.IPSWrongP} {
		s.finish()
	}
	return a, nil
}

// opeRows holds off-policy evaluation against worlds whose values are known.
func opeRows(ctx context.Context, _ *run) ([]Row, error) {
	answers, cost, err := judging.run(ctx, opeQuestion{opeSeed, opeRuns})
	if err != nil {
		return nil, err
	}
	var rows []Row
	for _, a := range answers {
		source := fmt.Sprintf("policy.EvaluateLog; %d logs of %s, seed %d; true value %.4g, %.0f effective episodes on average; off by %.2f %% (IPS), %.2f %% (SNIPS), %.2f %% (fitted Q, intervals hold the truth in %.1f %%)",
			opeRuns, a.World, opeSeed, a.Truth, a.ESS, 100*a.IPS.Error, 100*a.SNIPS.Error, 100*a.FQE.Error, 100*a.FQE.Covered)
		const reference = "docs/worlds.md, a log of choices"
		name := "off-policy, " + a.World + ": doubly robust"
		wrong := max(math.Abs(a.WrongP.Off), math.Abs(a.WrongModel.Off))
		rows = append(rows, Row{Name: name + ", error", Value: new(100 * a.DR.Error), Unit: "%", Better: lower, Must: new(5.0), Reference: reference, Source: source})
		rows = append(rows, between(Row{Name: name + ", 95 % intervals that hold the truth", Value: new(100 * a.DR.Covered), Unit: "%", Reference: reference, Source: source}, 93, 97)...)
		rows = append(rows,
			Row{Name: name + ", off on average with wrong propensities or a wrong model", Value: new(100 * wrong), Unit: "%", Better: lower, Must: new(.5), Reference: reference, Source: fmt.Sprintf("wrong propensities %+.2f %%, wrong model %+.2f %%", 100*a.WrongP.Off, 100*a.WrongModel.Off)},
			Row{Name: name + ", off on average with both wrong", Value: new(100 * math.Abs(a.Both.Off)), Unit: "%", Better: higher, Must: new(.5), Reference: "negative control", Source: fmt.Sprintf("inverse propensity scoring with wrong propensities %+.2f %%", 100*a.IPSWrongP.Off)},
			Row{Name: name + ", variance by that of inverse propensity scoring", Value: new(a.DR.SD * a.DR.SD / (a.IPS.SD * a.IPS.SD)), Better: lower, Must: new(1.0), Reference: reference, Source: "the same logs"},
		)
	}
	return append(rows, Row{Name: "off-policy, CPU time of a log", Value: new(cost.CPU / opeRuns / float64(len(answers))), Unit: "s", Better: lower, Source: "evaluations of both worlds, five a log, 50 resamples"}), nil
}
