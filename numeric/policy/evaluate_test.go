package policy

import (
	"errors"
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	gocmp "github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

// TestEstimatorsByHand works two episodes out on paper, γ = ½. The first has weights .5 and
// .5·2 = 1, the second 1, which it keeps when it is over:
//
//	IPS    (.5·1 + ½·1·2 + 1·4)/2 = 2.75
//	SNIPS  (.5·1 + 1·4)/1.5 + ½·(1·2)/2 = 3.5
//	DR     (.5·(1 - 2) + 3 + ½·(1·(2 - 1) + .5·1.5) + 1·(4 - 0) + 0)/2 = 3.6875
//
// Twice each, their standard errors are √(4·(5/4)²/3/4) = .72169 (IPS) and, with influences
// ∓(.5·2/.75 - ½) = ∓5/6, √(4·(5/6)²/3/4) = .48113 (SNIPS).
func TestEstimatorsByHand(t *testing.T) {
	episodes := [][]Choice{
		{
			{Reward: 1, Propensity: .5, Target: .25, Fitted: 2, Value: 3},
			{Reward: 2, Propensity: .25, Target: .5, Fitted: 1, Value: 1.5},
		},
		{{Reward: 4, Propensity: 1, Target: 1}},
	}
	twice := append(episodes, episodes...)
	for name, row := range map[string]struct{ got, want float64 }{
		"IPS":       {ImportanceSampling(episodes, .5, .95).Value, 2.75},
		"SNIPS":     {SelfNormalised(episodes, .5, .95).Value, 3.5},
		"DR":        {DoublyRobust(episodes, .5, .95).Value, 3.6875},
		"IPS, SE":   {ImportanceSampling(twice, .5, .95).SE, 1.25 / math.Sqrt(3)},
		"SNIPS, SE": {SelfNormalised(twice, .5, .95).SE, 5. / 6 / math.Sqrt(3)},
	} {
		if math.Abs(row.got-row.want) > 1e-12 {
			t.Errorf("%s: got %v, want %v", name, row.got, row.want)
		}
	}
}

// drawChoices makes a log of n episodes of a few steps.
func drawChoices(t *rapid.T, n int) [][]Choice {
	rng := rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "seed"), 0))
	episodes := make([][]Choice, n)
	for i := range episodes {
		for range 3 {
			episodes[i] = append(episodes[i], Choice{
				Reward: rng.NormFloat64(), Propensity: .1 + .9*rng.Float64(), Target: rng.Float64(),
				Fitted: rng.NormFloat64(), Value: rng.NormFloat64(),
			})
		}
	}
	return episodes
}

func edit(episodes [][]Choice, change func(*Choice)) [][]Choice {
	edited := make([][]Choice, len(episodes))
	for i, episode := range episodes {
		edited[i] = append([]Choice(nil), episode...)
		for t := range edited[i] {
			change(&edited[i][t])
		}
	}
	return edited
}

func TestNoWeightAtAll(t *testing.T) {
	got := SelfNormalised([][]Choice{{{Reward: 5, Propensity: .5}}, {{Reward: 6, Propensity: .5}}}, 1, .95)
	if want := (Estimate{0, math.Inf(1), math.Inf(-1), math.Inf(1)}); got != want {
		t.Errorf("got %v, want %v", got, want)
	}
}

func TestEstimatorsKeepTheirLaws(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		episodes := drawChoices(t, rapid.IntRange(3, 20).Draw(t, "episodes"))
		gamma := rapid.Float64Range(.1, 1).Draw(t, "gamma")
		same := func(what string, got, want Estimate) {
			t.Helper()
			for _, pair := range [][2]float64{{got.Value, want.Value}, {got.SE, want.SE}, {got.Low, want.Low}, {got.High, want.High}} {
				if math.Abs(pair[0]-pair[1]) > 1e-8*(1+math.Abs(pair[1])) {
					t.Fatalf("%s: got %+v, want %+v", what, got, want)
				}
			}
		}
		plain := edit(episodes, func(c *Choice) { c.Fitted, c.Value = 0, 0 })
		same("without a model", DoublyRobust(plain, gamma, .9), ImportanceSampling(plain, gamma, .9))
		own := edit(plain, func(c *Choice) { c.Target = c.Propensity })
		logged := opeMean(opeLogged(own, gamma), .9)
		same("the log's own policy, IPS", ImportanceSampling(own, gamma, .9), logged)
		if got := SelfNormalised(own, gamma, .9).Value; math.Abs(got-logged.Value) > 1e-9 {
			t.Fatalf("the log's own policy, SNIPS: %v, want %v", got, logged.Value)
		}
		more := edit(episodes, func(c *Choice) { c.Reward += 7 })
		shift := 7 * (1 + gamma + gamma*gamma)
		base := SelfNormalised(episodes, gamma, .9)
		same("rewards shifted", SelfNormalised(more, gamma, .9), Estimate{base.Value + shift, base.SE, base.Low + shift, base.High + shift})
	})
}

// TestNotEvaluable: a log that cannot answer says why, and by how much it falls short.
func TestNotEvaluable(t *testing.T) {
	log := func(n int, change func(i int, c *Choice)) [][]Choice {
		episodes := make([][]Choice, n)
		for i := range episodes {
			c := Choice{Reward: float64(i % 3), Propensity: .5, Target: []float64{.2, .8}[i%2]}
			change(i, &c)
			episodes[i] = []Choice{c}
		}
		return episodes
	}
	for name, tt := range map[string]struct {
		episodes [][]Choice
		want     NotEvaluable
	}{
		"no propensities": {log(100, func(i int, c *Choice) {
			if i < 40 {
				c.Propensity = []float64{0, math.NaN()}[i%2]
			}
		}), NotEvaluable{NoPropensities, 60, 100}},
		"few episodes":        {log(29, func(int, *Choice) {}), NotEvaluable{TooFewEpisodes, 29, 30}},
		"empty log":           {nil, NotEvaluable{TooFewEpisodes, 0, 30}},
		"a deterministic log": {log(100, func(_ int, c *Choice) { c.Propensity = 1 }), NotEvaluable{NoOverlap, .5, .99}},
		"a log that is nearly followed": {log(100, func(i int, c *Choice) {
			c.Propensity, c.Target = 1, 1
			if i < 4 {
				c.Target = 0
			}
		}), NotEvaluable{NoOverlap, .96, .99}},
		"choices that it cannot hold": {log(100, func(_ int, c *Choice) { c.Missed = .25 }),
			NotEvaluable{NoOverlap, .75, .99}},
		"nothing in common":      {log(100, func(_ int, c *Choice) { c.Target = 0 }), NotEvaluable{NoOverlap, 0, .99}},
		"less than it should be": {log(100, func(_ int, c *Choice) { c.Target = .25 }), NotEvaluable{NoOverlap, .5, .99}},
		"wrong propensities":     {log(100, func(_ int, c *Choice) { c.Propensity = .25 }), NotEvaluable{WrongPropensities, 2, 1}},
		"a few decide": {log(100, func(i int, c *Choice) {
			c.Propensity, c.Target = .99, .09
			if i%10 == 0 {
				c.Propensity, c.Target = .01, .091
			}
		}), NotEvaluable{ThinOverlap, 100, 253}}, // weights 90 × 1/11 and 10 × 9.1: 11.9 effective,
	} {
		e, err := Evaluate(tt.episodes, EvaluateForm{})
		var got *NotEvaluable
		if !errors.As(err, &got) {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if got.Reason != tt.want.Reason || math.Abs(got.Have-tt.want.Have) > 1e-9 || math.Abs(got.Need-tt.want.Need) > 1 {
			t.Errorf("%s: got %+v, want %+v", name, *got, tt.want)
		}
		if e.DR != (Estimate{}) || e.Gain != (Estimate{}) {
			t.Errorf("%s: estimates beside a refusal: %+v", name, e)
		}
	}
	for reason, want := range map[Reason]Remedy{NoPropensities: LogPropensities, NoOverlap: RunPilot, ThinOverlap: LogMore, TooFewEpisodes: LogMore, WrongPropensities: CheckPropensities} {
		if got := reason.Remedy(); got != want {
			t.Errorf("%s: got %q, want %q", reason, got, want)
		}
	}
	var empty *NotEvaluable
	if _, err := EvaluateLog(nil, Randomised{1, []float64{1}}, LogForm{}); !errors.As(err, &empty) || empty.Reason != TooFewEpisodes {
		t.Errorf("no log at all: %v", err)
	}
	if _, err := Evaluate(log(100, func(int, *Choice) {}), EvaluateForm{}); err != nil {
		t.Errorf("a log that can answer: %v", err)
	}
}

func TestNumbersThatAreNone(t *testing.T) {
	for part, change := range map[string]func(*Choice){
		"Reward":     func(c *Choice) { c.Reward = math.NaN() },
		"Propensity": func(c *Choice) { c.Propensity = 1.5 },
		"Target":     func(c *Choice) { c.Target = -.1 },
		"Missed":     func(c *Choice) { c.Missed = math.Inf(1) },
		"Fitted":     func(c *Choice) { c.Fitted = 1e200 },
		"Value":      func(c *Choice) { c.Value = math.Inf(-1) },
	} {
		episodes := [][]Choice{{{Propensity: 1}}, {{Propensity: 1}, {Propensity: .5}}}
		change(&episodes[1][1])
		_, err := Evaluate(episodes, EvaluateForm{})
		var got *LogError
		if !errors.As(err, &got) || got.Part != part || got.Episode != 1 || got.Step != 1 {
			t.Errorf("%s: %v", part, err)
		}
	}
}

// drawLog follows a rule in a process for a number of steps an episode; noise is the standard
// deviation of a reward around its expectation.
func drawLog(m *MDP, rule Randomised, episodes, steps int, noise float64, rng *rand.Rand) []Episode {
	log := make([]Episode, episodes)
	for i := range log {
		state := rng.IntN(m.States())
		for range steps {
			action, p := rule.Draw(state, rng.Float64())
			next, chances, reward := m.Row(state, action)
			log[i].Steps = append(log[i].Steps, Logged{state, action, reward + noise*rng.NormFloat64(), p})
			u, to := rng.Float64(), 0
			for to < len(next)-1 && u >= chances[to] {
				u -= chances[to]
				to++
			}
			state = int(next[to])
		}
		log[i].Next = state
	}
	return log
}

// mixed returns chances that lean towards one action in each state.
func mixed(states, actions int, lean float64, rng *rand.Rand) Randomised {
	r := Randomised{actions, make([]float64, states*actions)}
	for s := range states {
		for a := range actions {
			r.Row(s)[a] = (1 - lean) / float64(actions)
		}
		r.Row(s)[rng.IntN(actions)] += lean
	}
	return r
}

// TestFittedQ holds fitted Q evaluation against the exact value of the process that the log's
// frequencies make, over so many steps that the rest is nothing, and of the true process.
func TestFittedQ(t *testing.T) {
	const states, actions, gamma = 6, 3, .8
	m := garnet(t, states, actions, 3, 5)
	rng := rand.New(rand.NewPCG(8, 8))
	target := mixed(states, actions, .5, rng)
	log := drawLog(m, mixed(states, actions, 0, rng), 4000, 5, 0, rng)
	tally := NewTally(states, actions)
	for _, episode := range log {
		for i, step := range episode.Steps {
			next := episode.Next
			if i+1 < len(episode.Steps) {
				next = episode.Steps[i+1].State
			}
			tally.Add(step.State, step.Action, step.Reward, next)
		}
	}
	frequencies, err := tally.MDP(0)
	if err != nil {
		t.Fatal(err)
	}
	want, err := frequencies.Evaluate(target, gamma, 1e-12)
	if err != nil {
		t.Fatal(err)
	}
	truth, err := m.Evaluate(target, gamma, 1e-12)
	if err != nil {
		t.Fatal(err)
	}
	counts := newOpeCounts(log, target)
	ones := make([]float64, len(log))
	for i := range ones {
		ones[i] = 1
	}
	const horizon = 200 // .8^200 is 4e-20
	got := counts.fit(ones, target, horizon, gamma)
	for s := range states {
		if math.Abs(got.State(horizon, s)-want[s]) > 1e-9 {
			t.Errorf("state %d: got %v, want %v", s, got.State(horizon, s), want[s])
		}
		if math.Abs(got.State(horizon, s)-truth[s]) > .1 {
			t.Errorf("state %d: got %v, the process has %v", s, got.State(horizon, s), truth[s])
		}
	}
}

// TestFittedQFillsGaps: an action never taken is worth the mean of its state, a state never
// seen the mean of all.
func TestFittedQFillsGaps(t *testing.T) {
	log := []Episode{
		{[]Logged{{0, 0, 4, 1}}, Terminal},
		{[]Logged{{0, 1, 1, 1}}, Terminal},
		{[]Logged{{0, 1, 3, 1}}, Terminal},
	}
	target := Randomised{3, []float64{0, 0, 1, .5, .5, 0}}
	got, err := FittedQ(log, target, 0, 1)
	if err != nil {
		t.Fatal(err)
	}
	mean := 8. / 3
	want := &Fitted{1, 2, 3, []float64{4, 2, mean, mean, mean, mean}, []float64{mean, mean}}
	if diff := gocmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestLogsThatBreakOff(t *testing.T) {
	target := Randomised{1, []float64{1}}
	long := Episode{[]Logged{{0, 0, 1, 1}, {0, 0, 1, 1}, {0, 0, 1, 1}}, 0}
	short := Episode{[]Logged{{0, 0, 1, 1}}, 0}
	var broken *ShortEpisodeError
	if _, err := EvaluateLog([]Episode{long, short}, target, LogForm{}); !errors.As(err, &broken) || *broken != (ShortEpisodeError{1, 1, 3}) {
		t.Errorf("an episode that breaks off: %v", err)
	}
	var log []Episode
	for range 40 {
		log = append(log, long, short)
	}
	e, err := EvaluateLog(log, target, LogForm{Horizon: 1})
	if err != nil || e.DR.Value != 1 || e.Steps != 80 {
		t.Errorf("the first step of every episode: %+v, %v", e, err)
	}
	short.Next = Terminal
	log = log[:0]
	for range 40 {
		log = append(log, long, short)
	}
	if e, err = EvaluateLog(log, target, LogForm{}); err != nil || math.Abs(e.DR.Value-2) > 1e-9 || math.Abs(e.Logged.Value-2) > 1e-9 || e.Weights.ESS != 80 {
		t.Errorf("episodes that end: %+v, %v", e, err)
	}
	log[0].Steps = []Logged{{0, 0, math.Inf(1), 1}, {0, 0, 1, 1}, {0, 0, 1, 1}}
	var number *LogError
	if _, err := EvaluateLog(log, target, LogForm{}); !errors.As(err, &number) {
		t.Errorf("an infinite reward: %v", err)
	}
	if _, err := FittedQ(log, target, 0, 1); !errors.As(err, &number) {
		t.Errorf("an infinite reward: %v", err)
	}
}

// TestNothingIsLeftToChance: where rewards and what follows are certain and every episode
// begins alike, the model knows all, and the doubly robust estimate has no spread: on a ring
// of three states whose reward is 1, 2 or 4, and ten more for action 1, three steps are worth
// 7 and 30·.75 with γ = 1.
func TestNothingIsLeftToChance(t *testing.T) {
	rng := rand.New(rand.NewPCG(4, 4))
	var log []Episode
	for range 400 {
		var episode Episode
		for s, reward := range []float64{1, 2, 4} {
			action := rng.IntN(2)
			episode.Steps = append(episode.Steps, Logged{s, action, reward + 10*float64(action), .5})
		}
		log = append(log, episode)
	}
	e, err := EvaluateLog(log, Randomised{2, []float64{.25, .75, .25, .75, .25, .75}}, LogForm{})
	if err != nil {
		t.Fatal(err)
	}
	for name, got := range map[string]Estimate{"DR": e.DR, "Model": e.Model} {
		if math.Abs(got.Value-29.5) > 1e-9 || got.SE > 1e-9 {
			t.Errorf("%s: %+v, want 29.5", name, got)
		}
	}
	if e.IPS.SE < .1 {
		t.Errorf("IPS: %+v", e.IPS)
	}
}

// TestUnseenActionsAreMissed: a log whose chances look right is caught by what it never shows.
func TestUnseenActionsAreMissed(t *testing.T) {
	var log []Episode
	for i := range 100 {
		log = append(log, Episode{[]Logged{{0, i % 2, 1, .4}}, Terminal})
	}
	_, err := EvaluateLog(log, Randomised{3, []float64{.4, .4, .2}}, LogForm{})
	var got *NotEvaluable
	if !errors.As(err, &got) || got.Reason != NoOverlap || math.Abs(got.Have-.8) > 1e-9 {
		t.Errorf("a third action that was never taken: %v", err)
	}
}

// TestNoGainIsFound is the negative control: where actions change nothing no policy is better
// than another. In 1,000 logs the interval of the gain holds 0 in 93 to 97 %, that of the value
// holds the truth in as many, and the policy would be deployed in at most 4 % (the interval
// means 2½); so too with eighty states, of which a model judged on its own data would know
// too much.
func TestNoGainIsFound(t *testing.T) {
	const runs = 1000
	for _, states := range []int{5, 80} {
		one := garnet(t, states, 1, 2, 11)
		m, err := NewMDP(states, 3, func(s, _ int, row *Row) {
			next, chances, reward := one.Row(s, 0)
			row.Reward = reward
			for i, p := range chances {
				row.Add(int(next[i]), p)
			}
		})
		if err != nil {
			t.Fatal(err)
		}
		values := make([]float64, states) // of three steps, by backward induction
		for range 3 {
			before := slices.Clone(values)
			for s := range values {
				next, chances, reward := one.Row(s, 0)
				values[s] = reward
				for i, p := range chances {
					values[s] += p * before[next[i]]
				}
			}
		}
		truth := 0.0
		for _, v := range values {
			truth += v / float64(states)
		}
		held, covered, deployed := 0, 0, 0
		for run := range uint64(runs) {
			rng := rand.New(rand.NewPCG(run, 12))
			log := drawLog(m, mixed(states, 3, 0, rng), 200, 3, 1, rng)
			e, err := EvaluateLog(log, mixed(states, 3, .4, rng), LogForm{Bootstrap: 2})
			if err != nil {
				t.Fatal(err)
			}
			if e.Gain.Low <= 0 && 0 <= e.Gain.High {
				held++
			}
			if e.DR.Low <= truth && truth <= e.DR.High {
				covered++
			}
			if e.Gain.Low > 0 {
				deployed++
			}
		}
		t.Logf("%d states: 0 held in %d, the value in %d, deployed %d of %d", states, held, covered, deployed, runs)
		if covered < 930 || covered > 970 {
			t.Errorf("%d states: the doubly robust interval holds the value in %d of %d logs", states, covered, runs)
		}
		if held < 930 || held > 970 || deployed > 40 {
			t.Errorf("%d states: the gain's interval holds 0 in %d of %d logs; deployed in %d", states, held, runs, deployed)
		}
	}
}

// TestClippingIsShown: the doubly robust estimate with clipped weights lies between the model
// alone (weights of 0) and the estimate itself, and is the latter where nothing is clipped.
func TestClippingIsShown(t *testing.T) {
	rng := rand.New(rand.NewPCG(2, 2))
	m := garnet(t, 4, 3, 2, 3)
	log := drawLog(m, mixed(4, 3, 0, rng), 500, 2, .5, rng)
	e, err := EvaluateLog(log, mixed(4, 3, .6, rng), LogForm{EvaluateForm: EvaluateForm{Clips: []float64{.5, 2, 1e6}}})
	if err != nil {
		t.Fatal(err)
	}
	if e.Clips[2].DR != e.DR || e.Clips[2].Share != 0 {
		t.Errorf("nothing is clipped: %+v, want %+v", e.Clips[2], e.DR)
	}
	if !(e.Clips[0].Share > e.Clips[1].Share && e.Clips[1].Share > 0) {
		t.Errorf("shares clipped: %+v", e.Clips)
	}
	if !(e.Weights.ESS > 30 && e.Weights.ESS < 500 && e.Weights.Max > 2 && math.Abs(e.Weights.Ratio-1) < .1) {
		t.Errorf("weights: %+v", e.Weights)
	}
	again, err := EvaluateLog(log, mixed(4, 3, .6, rand.New(rand.NewPCG(9, 9))), LogForm{})
	if err != nil {
		t.Fatal(err)
	}
	same, _ := EvaluateLog(log, mixed(4, 3, .6, rand.New(rand.NewPCG(9, 9))), LogForm{})
	if diff := gocmp.Diff(again, same); diff != "" {
		t.Errorf("the same log twice: %s", diff)
	}
}

func BenchmarkEvaluateLog(b *testing.B) {
	rng := rand.New(rand.NewPCG(2, 2))
	m := garnet(b, 50, 5, 5, 3)
	log := drawLog(m, mixed(50, 5, 0, rng), 1000, 4, .5, rng)
	target := mixed(50, 5, .3, rng)
	for b.Loop() {
		if _, err := EvaluateLog(log, target, LogForm{}); err != nil {
			b.Fatal(err)
		}
	}
}
