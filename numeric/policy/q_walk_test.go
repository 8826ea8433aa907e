package policy

import (
	"math"
	"math/rand/v2"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"tradewind/numeric/distribution"
)

// shelfWalk is the learner that is timed: rate .1, discount .99, one step in ten at random.
func shelfWalk(rule Rule, steps int) WalkForm {
	return WalkForm{
		Rule: rule, Gamma: .99, Rate: Constant(.1), Explore: Exploration{Epsilon: Constant(.1)},
		Steps: steps, Start: 10, Seed: 1,
	}
}

// TestWalkIsTheFormula repeats a walk with the formula written out, and with nothing
// remembered between steps: both give the same bytes.
func TestWalkIsTheFormula(t *testing.T) {
	m := newShelf()
	form := shelfWalk(QLearning, 50_000)
	form.Rate = HarmonicPower
	got := NewTable(51, 21, nil)
	if _, err := Walk(m, got, form); err != nil {
		t.Fatal(err)
	}
	want := NewTable(51, 21, nil)
	var explore, chance rand.PCG
	explore.Seed(1, 1)
	chance.Seed(1, 2)
	state := 10
	for range form.Steps {
		a := want.Greedy(state)
		if qUniform(&explore) < .1 {
			a = int(qUniform(&explore) * 21)
		}
		next, reward := m.Step(state, a, []float64{qUniform(&chance)})
		n := want.Count(state, a)
		want.Update(state, a, reward, next, math.Pow(1+float64(n), -.7), .99)
		state = next
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

// TestBestIsKnown moves values at random: the best action that is kept is the one a look
// through the row finds.
func TestBestIsKnown(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		actions := rapid.IntRange(1, 5).Draw(r, "actions")
		b := newQBest(make([]float64, 3*actions), actions)
		for range 50 {
			s, a := rapid.IntRange(0, 2).Draw(r, "state"), rapid.IntRange(0, actions-1).Draw(r, "action")
			b.set(s, a, float64(rapid.IntRange(-3, 3).Draw(r, "value"))) // few values: many are equal
			if got, want := int(b.best[s]), qGreedy(b.q[s*actions:(s+1)*actions]); got != want {
				r.Fatalf("best is %d, want %d of %v", got, want, b.q[s*actions:(s+1)*actions])
			}
		}
	})
}

// TestWalkGarnet: Q-learning along one course of five million steps comes near value
// iteration, at the rate 1/(1+(1-γ)n), of the order that is best for a contraction by γ
// (Szepesvári 1998, The asymptotic convergence-rate of Q-learning).
func TestWalkGarnet(t *testing.T) {
	m := garnet(t, 20, 3, 4, 3)
	want, err := m.ValueIteration(.9, 1e-9)
	if err != nil {
		t.Fatal(err)
	}
	for _, rule := range []Rule{QLearning, DoubleQ} {
		q := NewTable(20, 3, nil)
		_, err := Walk(m.Model(), q, WalkForm{
			Rule: rule, Gamma: .9, Rate: Rate{First: 1, Slope: .1, Power: 1}, Explore: Exploration{Epsilon: Constant(1)}, Steps: 5_000_000,
		})
		if err != nil {
			t.Fatal(err)
		}
		off := farthest(q, want.Table)
		t.Logf("rule %d: off by %.4f", rule, off)
		if off > .03 {
			t.Errorf("rule %d: a value is off by %.4f, want .03 at most", rule, off)
		}
	}
}

// TestWalkAverage: both rules for the average reward find its gain and a policy that has
// it.
func TestWalkAverage(t *testing.T) {
	for seed := range uint64(2) {
		m := garnet(t, 15, 3, 4, seed)
		want, err := m.RelativeValueIteration(1e-9)
		if err != nil {
			t.Fatal(err)
		}
		for _, rule := range []Rule{RelativeQ, DifferentialQ} {
			q := NewTable(15, 3, nil)
			at, err := Walk(m.Model(), q, WalkForm{Rule: rule, Explore: Exploration{Epsilon: Constant(.5)}, Steps: 1_500_000, Seed: seed})
			if err != nil {
				t.Fatal(err)
			}
			gain, _, err := m.EvaluateAverage(q.Policy().Randomised(3), 1e-9)
			if err != nil {
				t.Fatal(err)
			}
			t.Logf("seed %d, rule %d: learnt %.4f, policy %.4f, optimum %.4f", seed, rule, at.Gain, gain, want.Gain)
			if math.Abs(at.Gain-want.Gain) > .02 || gain < want.Gain-.002 {
				t.Errorf("seed %d, rule %d: learnt %.4f, policy %.4f, optimum %.4f", seed, rule, at.Gain, gain, want.Gain)
			}
		}
	}
}

// lure is example 6.7 of Sutton & Barto (Reinforcement learning, 2nd edition, 2018): state
// 0 may end at no reward (action 0), or go to state 1, from which all ten actions end with
// a reward that is normal with mean -.1 and variance 1.
type lure struct{ left int }

func (*lure) Size() (states, actions, uniforms int) { return 2, 10, 1 }

func (m *lure) Step(state, action int, u []float64) (next int, reward float64) {
	if state == 0 {
		if action == 0 {
			return Terminal, 0
		}
		m.left++
		return 1, 0
	}
	return Terminal, distribution.NewNormal(-.1, 1).Quantile(u[0])
}

// TestDoubleIsNotLured: taking the luckiest action for the best one draws Q-learning to
// the state that only looks good; double Q-learning is drawn far less (figure 6.5 there,
// with the same ε and α; over its first 300 courses 5 % of the way left is optimal).
func TestDoubleIsNotLured(t *testing.T) {
	mask := make([]bool, 20)
	for i := range mask {
		mask[i] = i < 2 || i >= 10
	}
	var share [2]float64
	for rule := range share {
		for seed := range uint64(300) {
			m, courses := &lure{}, 0
			_, err := Walk(m, NewTable(2, 10, mask), WalkForm{
				Rule: Rule(rule), Gamma: 1, Rate: Constant(.1), Explore: Exploration{Epsilon: Constant(.1)}, Steps: 450, Seed: seed,
				Begin: func(course int) int { courses = course + 1; return 0 },
			})
			if err != nil {
				t.Fatal(err)
			}
			share[rule] += float64(m.left) / float64(courses) / 300
		}
	}
	t.Logf("share of courses to the left: Q-learning %.3f, double %.3f", share[0], share[1])
	if !(share[0] > .25 && share[1] < .6*share[0] && share[1] > .05) {
		t.Errorf("share of courses to the left: Q-learning %.3f, double %.3f", share[0], share[1])
	}
}

// TestExploration: each way of exploring tries all that is allowed and finds a policy that
// is worth the optimum within .1, of 12 to 15.
func TestExploration(t *testing.T) {
	m := garnet(t, 10, 4, 3, 11)
	want, err := m.ValueIteration(.9, 1e-9)
	if err != nil {
		t.Fatal(err)
	}
	for name, form := range map[string]struct {
		explore Exploration
		start   float64
	}{
		"epsilon":    {Exploration{Epsilon: Rate{First: 1, Slope: .001, Power: .5, Least: .05}}, 0},
		"bonus":      {Exploration{Bonus: 3}, 12}, // these two begin near what states are worth
		"softmax":    {Exploration{Temperature: 1}, 12},
		"optimistic": {Exploration{}, 30},
	} {
		q := NewTable(10, 4, nil)
		q.Fill(func(_, _ int) float64 { return form.start })
		if _, err := Walk(m.Model(), q, WalkForm{Gamma: .9, Explore: form.explore, Steps: 400_000}); err != nil {
			t.Fatal(err)
		}
		got, err := m.Evaluate(q.Policy().Randomised(4), .9, 1e-9)
		if err != nil {
			t.Fatal(err)
		}
		for s, v := range got {
			if want.Table.Value(s)-v > .1 {
				t.Errorf("%s: state %d is worth %.3f, optimum %.3f", name, s, v, want.Table.Value(s))
			}
		}
		for i, n := range q.Visits {
			if n == 0 {
				t.Errorf("%s: pair %d was never tried", name, i)
			}
		}
	}
}

// TestRandomised: rows sum to 1, follow the formula, leave out what is not allowed, and are
// drawn from as they say.
func TestRandomised(t *testing.T) {
	q := NewTable(1, 4, []bool{true, false, true, true})
	q.Fill(func(_, a int) float64 { return float64(a) })
	soft, greedy := q.Softmax(2), q.EpsilonGreedy(.3)
	sum := 1 + math.Exp(1) + math.Exp(1.5)
	for name, c := range map[string]struct{ got, want []float64 }{
		"softmax": {soft.P, []float64{1 / sum, 0, math.Exp(1) / sum, math.Exp(1.5) / sum}},
		"epsilon": {greedy.P, []float64{.1, 0, .1, .8}},
	} {
		for a := range c.want {
			if math.Abs(c.got[a]-c.want[a]) > 1e-12 {
				t.Errorf("%s: chances %v, want %v", name, c.got, c.want)
			}
		}
	}
	var count [4]float64
	const n = 10_000
	for i := range n {
		a, p := soft.Draw(0, (float64(i)+.5)/n)
		if p != soft.P[a] {
			t.Fatalf("propensity %v, want %v", p, soft.P[a])
		}
		count[a] += 1. / n
	}
	for a, p := range soft.P {
		if math.Abs(count[a]-p) > 1.01/n {
			t.Errorf("action %d is drawn %v of the time, want %v", a, count[a], p)
		}
	}
	if a, _ := greedy.Draw(0, math.Nextafter(1, 0)); a != 3 {
		t.Errorf("the last uniform draws action %d, want 3", a)
	}
}

func TestRate(t *testing.T) {
	for _, c := range []struct {
		rate Rate
		k    int
		want float64
	}{
		{HarmonicPower, 0, 1}, {HarmonicPower, 9, math.Pow(10, -.7)}, {SlowPower, 50, math.Pow(2, -.7)},
		{Constant(.1), 1e6, .1}, {Rate{First: 1, Slope: 1, Power: 1, Least: .05}, 99, .05}, {HarmonicPower, 99_999, math.Pow(1e5, -.7)},
	} {
		if got := newQRates(c.rate).at(c.k); math.Abs(got-c.want) > 1e-12 {
			t.Errorf("rate %v after %d uses is %v, want %v", c.rate, c.k, got, c.want)
		}
	}
}
