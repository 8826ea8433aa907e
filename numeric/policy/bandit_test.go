package policy

import (
	"encoding/json"
	"math"
	"math/rand/v2"
	"testing"

	gocmp "github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"tradewind/numeric/distribution"
)

// TestArmsLearn works posteriors out on paper. A Gaussian arm that believes in 0 with the
// weight of one reward and in a standard deviation of 1 learns 2, 4 and 6: weight 4, mean
// 12/4, shape 1 + 3/2, scale 1 + 8/2 + 1·3/4·4²/2 = 11.
func TestArmsLearn(t *testing.T) {
	bernoulli := BernoulliArm{}
	for _, reward := range []float64{1, 0, 0, .5} {
		bernoulli.Learn(reward)
	}
	if diff := gocmp.Diff(BernoulliArm{1.5, 2.5}, bernoulli); diff != "" {
		t.Error(diff)
	}
	if got, want := bernoulli.Posterior().Mean(), 2.5/6; math.Abs(got-want) > 1e-15 {
		t.Errorf("Bernoulli: mean %v, want %v", got, want)
	}
	gaussian := NewGaussianArm(0, 1, 1)
	for _, reward := range []float64{2, 4, 6} {
		gaussian.Learn(reward)
	}
	if diff := gocmp.Diff(GaussianArm{3, 4, 2.5, 11}, gaussian); diff != "" {
		t.Error(diff)
	}
	if got, want := gaussian.Posterior(), distribution.NewStudentT(3, math.Sqrt(1.1), 5); got != want {
		t.Errorf("Gaussian: %v, want %v", got, want)
	}
	count := CountArm{Shape: 2, Rate: 1, Value: 3}
	count.Learn(10, 4)
	if got, want := count.Posterior().Mean(), 3*12./5; math.Abs(got-want) > 1e-12 {
		t.Errorf("count: mean %v, want %v", got, want)
	}
	if got := (&CountArm{1, 1, 0}).Posterior().Mean(); got != 0 {
		t.Errorf("events without a value: mean %v", got)
	}
}

// TestDrawsComeFromPosteriors compares 20,000 draws of each arm with its posterior's CDF: the
// largest distance is below 1.95/√n, which it exceeds once in a thousand.
func TestDrawsComeFromPosteriors(t *testing.T) {
	gaussian := GaussianArm{3, 4, 2.5, 11}
	for name, arm := range map[string]interface {
		Drawer
		Posterior() distribution.Distribution
	}{
		"Bernoulli": &BernoulliArm{2, .5}, "Gaussian": &gaussian, "count": &CountArm{3, 2, 1.5}, "count of losses": &CountArm{3, 2, -1.5},
	} {
		rng := rand.New(rand.NewPCG(6, 6))
		draws := make([]float64, 20_000)
		for i := range draws {
			draws[i] = arm.Draw(rng)
		}
		sample, d, most := distribution.NewEmpirical(draws), arm.Posterior(), 0.0
		for k := 1; k < 200; k++ {
			x := d.Quantile(float64(k) / 200)
			most = max(most, math.Abs(sample.CDF(x)-d.CDF(x)))
		}
		if most > 1.95/math.Sqrt(float64(len(draws))) {
			t.Errorf("%s: draws are off their posterior by %v", name, most)
		}
		x := d.Quantile(.3)
		above, below := sample.Loss(x)
		wantAbove, wantBelow := d.Loss(x)
		if sd := math.Sqrt(d.Variance() / float64(len(draws))); math.Abs(above-wantAbove) > 5*sd || math.Abs(below-wantBelow) > 5*sd {
			t.Errorf("%s: losses at %v are %v and %v, want %v and %v", name, x, above, below, wantAbove, wantBelow)
		}
		if tail, ok := d.(interface{ Survival(float64) float64 }); ok && math.Abs(tail.Survival(x)-.7) > 1e-9 {
			t.Errorf("%s: %v above the quantile .3", name, tail.Survival(x))
		}
		if math.Abs(sample.Mean()-d.Mean()) > 5*math.Sqrt(d.Variance()/float64(len(draws))) {
			t.Errorf("%s: mean of draws %v, want %v", name, sample.Mean(), d.Mean())
		}
	}
}

// TestBest compares with closed forms, and with SciPy 1.10.1 (quad of pdf times cdfs).
func TestBest(t *testing.T) {
	normal := distribution.NewNormal
	equal := []distribution.Distribution{}
	for range 25 {
		equal = append(equal, distribution.NewBeta(3, 5))
	}
	same := make([]float64, 25)
	for i := range same {
		same[i] = 1. / 25
	}
	phi := normal(0, 1).CDF(.5 / math.Sqrt(5))
	for name, tt := range map[string]struct {
		posteriors []distribution.Distribution
		want       []float64
	}{
		"one arm":            {equal[:1], []float64{1}},
		"25 equal arms":      {equal, same},
		"two normals":        {[]distribution.Distribution{normal(0, 1), normal(.5, 2)}, []float64{1 - phi, phi}},
		"scales far apart":   {[]distribution.Distribution{normal(0, 1e-9), normal(1, 1e6)}, []float64{.5, .5}},
		"certain and not":    {[]distribution.Distribution{distribution.Point(1), normal(0, 1)}, []float64{normal(0, 1).CDF(1), 1 - normal(0, 1).CDF(1)}},
		"two certainties":    {[]distribution.Distribution{distribution.Point(1), distribution.Point(1)}, []float64{.5, .5}},
		"a hopeless arm":     {[]distribution.Distribution{normal(0, 1), normal(100, 1)}, []float64{0, 1}},
		"a profit or a loss": {[]distribution.Distribution{(&CountArm{2, 1, 1}).Posterior(), (&CountArm{2, 1, -1}).Posterior()}, []float64{1, 0}},
		"betas":              {[]distribution.Distribution{distribution.NewBeta(21, 81), distribution.NewBeta(26, 76), distribution.NewBeta(3, 9)}, []float64{.106548837, .466223395, .427227767}},
		"normals":            {[]distribution.Distribution{normal(0, 1), normal(.5, 2), normal(-1, 3), normal(1, .1)}, []float64{.088146665, .332727487, .202590688, .376535159}},
		"t":                  {[]distribution.Distribution{distribution.NewStudentT(10, 2, 4), distribution.NewStudentT(11, 1, 3), distribution.NewStudentT(9, 4, 30)}, []float64{.268582975, .463755694, .267660796}},
		"gammas":             {[]distribution.Distribution{distribution.NewGamma(20, .5), distribution.NewGamma(50, .18)}, []float64{.638985235, .361014765}},
	} {
		got, sum := Best(tt.posteriors), 0.0
		for i := range got {
			sum += got[i]
			if math.Abs(got[i]-tt.want[i]) > 2e-4 {
				t.Errorf("%s: arm %d is best with %.6f, want %.6f", name, i, got[i], tt.want[i])
			}
		}
		if math.Abs(sum-1) > 1e-12 {
			t.Errorf("%s: chances sum to %v", name, sum)
		}
	}
}

// TestThompsonTakesArmsAsOftenAsComputed draws 50,000 choices; shares are within four
// standard errors, and .0002, of Best.
func TestThompsonTakesArmsAsOftenAsComputed(t *testing.T) {
	const draws = 50_000
	arms := []*BernoulliArm{{20, 80}, {25, 75}, {2, 8}}
	var posteriors []distribution.Distribution
	for _, arm := range arms {
		posteriors = append(posteriors, arm.Posterior())
	}
	rng := rand.New(rand.NewPCG(1, 1))
	taken := make([]float64, len(arms))
	for range draws {
		taken[Thompson(arms, rng)] += 1. / draws
	}
	for i, want := range Best(posteriors) {
		if math.Abs(taken[i]-want) > 4*math.Sqrt(want*(1-want)/draws)+2e-4 {
			t.Errorf("arm %d: taken %v, computed %v", i, taken[i], want)
		}
	}
}

func TestFloor(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(1, 9).Draw(t, "arms")
		least := rapid.Float64Range(0, 1/float64(n)).Draw(t, "least")
		p := make([]float64, n)
		p[rapid.IntRange(0, n-1).Draw(t, "best")] = 1
		sum := 0.0
		for _, chance := range Floor(p, least) {
			sum += chance
			if chance < least-1e-12 {
				t.Fatalf("a chance of %v below %v", chance, least)
			}
		}
		if math.Abs(sum-1) > 1e-9 {
			t.Fatalf("chances sum to %v", sum)
		}
	})
}

// TestThompsonRegret: over 10,000 choices among five Bernoulli arms the mean regret of 50 runs
// stays below 1.2 times Σ Δ/KL · ln T, the least that any uniformly good rule can reach in the
// limit (Lai & Robbins 1985), and its second half adds little.
func TestThompsonRegret(t *testing.T) {
	chances := []float64{.1, .2, .3, .4, .5}
	const horizon, runs = 10_000, 50
	bound := 0.0
	for _, p := range chances[:4] {
		kl := p*math.Log(p/.5) + (1-p)*math.Log((1-p)/.5)
		bound += (.5 - p) / kl * math.Log(horizon)
	}
	half, whole := 0.0, 0.0
	for run := range uint64(runs) {
		rng := rand.New(rand.NewPCG(run, 3))
		arms := make([]*BernoulliArm, len(chances))
		for i := range arms {
			arms[i] = &BernoulliArm{}
		}
		for i := range horizon {
			arm := Thompson(arms, rng)
			reward := 0.0
			if rng.Float64() < chances[arm] {
				reward = 1
			}
			arms[arm].Learn(reward)
			whole += (.5 - chances[arm]) / runs
			if i < horizon/2 {
				half += (.5 - chances[arm]) / runs
			}
		}
	}
	t.Logf("regret %.1f after %d choices, %.1f after half of them; bound %.1f; equal shares %.0f", whole, horizon, half, bound, .2*horizon)
	if whole > 1.2*bound || whole-half > .2*whole {
		t.Errorf("regret %.1f after %d choices, %.1f after half of them; bound %.1f", whole, horizon, half, bound)
	}
}

// TestThompsonFindsAPrice: five prices with Poisson demand. Of 400 weeks the regret is below
// a quarter of that of equal shares, and the best price is the one taken most in 85 % of 100
// runs; the same with normal rewards.
func TestThompsonFindsAPrice(t *testing.T) {
	rates, margins := []float64{9, 7.5, 5.5, 3.6, 2}, []float64{1, 2, 3, 4, 5} // expected: 9, 15, 16.5, 14.4, 10
	const weeks, runs, best = 400, 100, 2
	for _, kind := range []string{"counts", "normal"} {
		found, regret := 0, 0.0
		for run := range uint64(runs) {
			rng := rand.New(rand.NewPCG(run, 4))
			counts, gaussians := make([]*CountArm, 5), make([]*GaussianArm, 5)
			taken := make([]int, 5)
			for i := range counts {
				counts[i] = &CountArm{1, .2, margins[i]}
				arm := NewGaussianArm(12, 6, .2)
				gaussians[i] = &arm
			}
			for range weeks {
				var arm int
				if kind == "counts" {
					arm = Thompson(counts, rng)
				} else {
					arm = Thompson(gaussians, rng)
				}
				events := distribution.DrawPoisson(rates[arm], rng)
				counts[arm].Learn(events, 1)
				gaussians[arm].Learn(margins[arm] * events)
				taken[arm]++
				regret += (16.5 - rates[arm]*margins[arm]) / runs
			}
			most := 0
			for i := range taken {
				if taken[i] > taken[most] {
					most = i
				}
			}
			if most == best {
				found++
			}
		}
		equal := weeks * (16.5 - (9+15+16.5+14.4+10)/5)
		t.Logf("%s: regret %.0f, equal shares %.0f, best price found in %d of %d", kind, regret, equal, found, runs)
		if regret > equal/4 || found < runs*85/100 {
			t.Errorf("%s: regret %.0f, equal shares %.0f, best price found in %d of %d", kind, regret, equal, found, runs)
		}
	}
}

// TestLinUCBIsRidge: coefficients after each of many rewards solve (I + Σxx')θ = Σx·reward.
func TestLinUCBIsRidge(t *testing.T) {
	const n = 4
	rng := rand.New(rand.NewPCG(2, 9))
	rule := NewLinUCB(1, n, 1)
	gram, sum := make([][]float64, n), make([]float64, n)
	for i := range gram {
		gram[i] = make([]float64, n)
		gram[i][i] = 1
	}
	for k := range 3000 {
		x := make([]float64, n)
		for i := range x {
			x[i] = rng.NormFloat64()
		}
		reward := 2*x[0] - x[1] + .1*rng.NormFloat64()
		rule.Learn(x, 0, reward)
		for i := range n {
			sum[i] += x[i] * reward
			for j := range n {
				gram[i][j] += x[i] * x[j]
			}
		}
		if k%500 > 0 && k > 3 {
			continue
		}
		for i := range n {
			left, unit := -sum[i], 0.0
			for j := range n {
				left += gram[i][j] * rule.Theta[0][j]
				unit += gram[i][j] * rule.Inverse[0][j*n+i]
			}
			if math.Abs(left) > 1e-9*float64(k+1) || math.Abs(unit-1) > 1e-10 {
				t.Fatalf("after %d: row %d of the normal equations is off by %v, of the inverse by %v", k+1, i, left, unit-1)
			}
		}
	}
}

// TestLinUCBRegret: in a world that is linear in its contexts, with 4 arms and 5 features,
// regret grows ever slower: the last quarter of 4,000 choices adds less than 12 % of it, and all
// of it is below a twentieth of that of equal shares. With a share explored, propensities hold.
func TestLinUCBRegret(t *testing.T) {
	const arms, n, horizon, runs = 4, 5, 4000, 10
	whole, last, equal := 0.0, 0.0, 0.0
	for run := range uint64(runs) {
		rng := rand.New(rand.NewPCG(run, 8))
		theta := make([][]float64, arms)
		for a := range theta {
			for range n {
				theta[a] = append(theta[a], rng.NormFloat64())
			}
		}
		rule := NewLinUCB(arms, n, 1)
		for i := range horizon {
			x := make([]float64, n)
			for j := range x {
				x[j] = rng.NormFloat64() / math.Sqrt(n)
			}
			expected := make([]float64, arms)
			most := math.Inf(-1)
			for a := range theta {
				for j := range x {
					expected[a] += x[j] * theta[a][j]
				}
				most = max(most, expected[a])
				equal -= expected[a] / arms
			}
			equal += most
			arm, p := Randomised{arms, rule.Propensities(x, 0)}.Draw(0, rng.Float64())
			if p <= 0 || p > 1 {
				t.Fatalf("propensity %v", p)
			}
			rule.Learn(x, arm, expected[arm]+.3*rng.NormFloat64())
			whole += most - expected[arm]
			if i >= horizon*3/4 {
				last += most - expected[arm]
			}
		}
	}
	t.Logf("regret %.1f a run, of which %.1f in the last quarter; equal shares %.0f", whole/runs, last/runs, equal/runs)
	if whole > equal/20 || last > .12*whole {
		t.Errorf("regret %.1f a run, of which %.1f in the last quarter; equal shares %.0f", whole/runs, last/runs, equal/runs)
	}
}

func TestLinUCBPropensities(t *testing.T) {
	rule := NewLinUCB(4, 2, 1)
	x := []float64{1, 0}
	if diff := gocmp.Diff([]float64{.25, .25, .25, .25}, rule.Propensities(x, .2)); diff != "" {
		t.Errorf("nothing known: %s", diff)
	}
	rule.Learn(x, 2, 3)
	near := gocmp.Comparer(func(a, b float64) bool { return math.Abs(a-b) < 1e-12 })
	if diff := gocmp.Diff([]float64{.05, .05, .85, .05}, rule.Propensities(x, .2), near); diff != "" {
		t.Errorf("one arm ahead: %s", diff)
	}
	chances := Best(rule.Posteriors(x))
	// θ = 3/2, A⁻¹ = 1/2: N(1.5, ½) against three N(0, 1)
	if !(chances[2] > .6 && chances[0] > 0 && math.Abs(chances[0]-chances[3]) < 1e-9) {
		t.Errorf("linear Thompson: %v", chances)
	}
	if got := rule.Posteriors([]float64{0, 0})[0]; got != distribution.Point(0) {
		t.Errorf("a context of nothing: %v", got)
	}
	text, err := json.Marshal(rule)
	if err != nil {
		t.Fatal(err)
	}
	kept := new(LinUCB)
	if err := json.Unmarshal(text, kept); err != nil {
		t.Fatal(err)
	}
	if diff := gocmp.Diff(rule, kept); diff != "" {
		t.Error(diff)
	}
}

// TestBanditLogsCanBeJudged: a bandit that draws from the floored chances of Thompson and logs
// them leaves a log from which "always arm 2" is judged without bias, though the chances
// depend on what was learnt before.
func TestBanditLogsCanBeJudged(t *testing.T) {
	const runs, weeks = 60, 40
	chances := []float64{.3, .5, .4}
	sum, squares := 0.0, 0.0
	for run := range uint64(runs) {
		rng := rand.New(rand.NewPCG(run, 77))
		arms := []*BernoulliArm{{}, {}, {}}
		var log []Episode
		for range weeks {
			var posteriors []distribution.Distribution
			for _, arm := range arms {
				posteriors = append(posteriors, arm.Posterior())
			}
			arm, p := Randomised{3, Floor(Best(posteriors), .1)}.Draw(0, rng.Float64())
			reward := 0.0
			if rng.Float64() < chances[arm] {
				reward = 1
			}
			arms[arm].Learn(reward)
			log = append(log, Episode{[]Logged{{0, arm, reward, p}}, Terminal})
		}
		choices := make([][]Choice, len(log))
		for i, episode := range log {
			c := Choice{Reward: episode.Steps[0].Reward, Propensity: episode.Steps[0].Propensity}
			if episode.Steps[0].Action == 2 {
				c.Target = 1
			}
			choices[i] = []Choice{c}
		}
		v := ImportanceSampling(choices, 1, .95).Value
		sum += v
		squares += v * v
	}
	mean := sum / runs
	se := math.Sqrt((squares/runs - mean*mean) / runs)
	if math.Abs(mean-.4) > 3*se || se > .05 {
		t.Errorf("judged worth %.4f ± %.4f, want .4", mean, se)
	}
}

// TestMistakesOfTheProgram: what only a wrong call can bring about panics.
func TestMistakesOfTheProgram(t *testing.T) {
	arm := NewGaussianArm(0, 1, 1)
	for name, call := range map[string]func(){
		"a reward beside [0, 1]":     func() { (&BernoulliArm{}).Learn(2) },
		"no spread":                  func() { NewGaussianArm(0, 0, 1) },
		"a reward that is none":      func() { arm.Learn(math.NaN()) },
		"no time":                    func() { (&CountArm{1, 1, 1}).Learn(2, 0) },
		"no arms":                    func() { Best(nil) },
		"a floor above the ceiling":  func() { Floor([]float64{.5, .5}, .6) },
		"LinUCB without features":    func() { NewLinUCB(2, 0, 1) },
		"exploring twice as much":    func() { NewLinUCB(2, 1, 1).Propensities([]float64{1}, 2) },
		"a context too short":        func() { NewLinUCB(2, 3, 1).Scores([]float64{1}) },
		"a context that is none":     func() { NewLinUCB(2, 1, 1).Scores([]float64{math.Inf(1)}) },
		"a linear reward of nothing": func() { NewLinUCB(2, 1, 1).Learn([]float64{1}, 0, math.NaN()) },
		"a level of 1":               func() { Evaluate(nil, EvaluateForm{Level: 1}) },
		"one fold":                   func() { EvaluateLog(nil, Randomised{1, []float64{1}}, LogForm{Folds: 1}) },
		"an unknown action":          func() { FittedQ([]Episode{{[]Logged{{0, 1, 0, 1}}, Terminal}}, Randomised{1, []float64{1}}, 1, 1) },
	} {
		func() {
			defer func() {
				if recover() == nil {
					t.Errorf("%s: no panic", name)
				}
			}()
			call()
		}()
	}
}

func BenchmarkBest(b *testing.B) {
	var posteriors []distribution.Distribution
	for i := range 5 {
		posteriors = append(posteriors, distribution.NewBeta(float64(10+i), 40))
	}
	for b.Loop() {
		Best(posteriors)
	}
}
