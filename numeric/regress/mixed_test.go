package regress

import (
	"errors"
	"math"
	"math/rand/v2"
	"testing"
)

// R package plm 2.6, model "random" (Swamy & Arora) with ercomp and summary, to all printed
// digits.
func TestRandomEffectsGrunfeld(t *testing.T) {
	d, tab := grunfeld(t)
	c, err := RandomEffects(d, tab.code["firm"])
	if err != nil {
		t.Fatal(err)
	}
	allClose(t, "coefficient", c.Coef, []float64{0.109781152232, 0.308112982831, -57.834414905033}, 1e-11)
	allClose(t, "error", c.SE, []float64{0.0104926635495, 0.0171804690896, 28.8989352602898}, 1e-11)
	closeTo(t, "variance of rows", c.RowSD*c.RowSD, 2784.4582308, 1e-10)
	closeTo(t, "variance of groups", c.GroupSD*c.GroupSD, 7089.8000993, 1e-10)
	closeTo(t, "theta", c.Theta[3], 0.861223621, 1e-8)
	closeTo(t, "R2", c.R2, 0.7695027226699, 1e-11)
}

// The same with rows 1-7, 33 and 90-95 left out: groups differ in size.
func TestRandomEffectsUnbalanced(t *testing.T) {
	all, tab := grunfeld(t)
	d := &Data{X: make([][]float64, 2)}
	var firm []int32
	for i := range all.Y {
		if row := i + 1; row <= 7 || row == 33 || row >= 90 && row <= 95 {
			continue
		}
		d.Y, firm = append(d.Y, all.Y[i]), append(firm, tab.code["firm"][i])
		for j, x := range all.X {
			d.X[j] = append(d.X[j], x[i])
		}
	}
	c, err := RandomEffects(d, firm)
	if err != nil {
		t.Fatal(err)
	}
	allClose(t, "coefficient", c.Coef, []float64{0.131362205375, 0.259350416128, -62.943883576046}, 1e-10)
	allClose(t, "error", c.SE, []float64{0.0115264182185, 0.0191786319437, 30.2473912150949}, 1e-10)
	closeTo(t, "variance of rows", c.RowSD*c.RowSD, 2479.03515057, 1e-10)
	closeTo(t, "variance of groups", c.GroupSD*c.GroupSD, 7777.04350333, 1e-10)
}

// R package lme4 1.1: lmer(invest ~ value + capital + (1 | firm)) and (1 + capital | firm)
// by REML, bobyqa to 1e-10. Its optimum is found to about six digits, so are the variances here.
func TestMixedGrunfeld(t *testing.T) {
	d, tab := grunfeld(t)
	m, err := Mixed(d, tab.code["firm"], nil)
	if err != nil {
		t.Fatal(err)
	}
	closeTo(t, "log likelihood", m.LogLik, -1097.925656162, 1e-12)
	allClose(t, "coefficient", m.Coef, []float64{0.1097897240187, 0.3081881146825, -57.8644245237607}, 1e-6)
	allClose(t, "error", m.SE, []float64{0.01052676285870, 0.01717127006261, 29.37775851507875}, 1e-6)
	allClose(t, "deviation", append(m.SD, m.Sigma), []float64{85.83119117596, 52.73922193761}, 1e-6)

	m, err = Mixed(d, tab.code["firm"], []int{1})
	if err != nil {
		t.Fatal(err)
	}
	closeTo(t, "log likelihood", m.LogLik, -1069.373764459, 1e-12)
	allClose(t, "coefficient", m.Coef, []float64{0.09721206705432, 0.20430440024894, -18.65391219996647}, 1e-5)
	allClose(t, "error", m.SE, []float64{0.008598217552764, 0.055373460148643, 21.570148900477697}, 1e-5)
	allClose(t, "deviation", append(m.SD, m.Sigma), []float64{59.3496727243411, 0.1430811921063, 44.4546758888601}, 1e-5)
	closeTo(t, "correlation", m.Correlation[1], 0.2354444732696, 1e-4)
	allClose(t, "intercepts", m.Effect[0][:2], []float64{-39.11536947614, 112.84126486765}, 1e-4)
	allClose(t, "slopes", m.Effect[1][:2], []float64{0.1753133010179, 0.2089744945175}, 1e-5)
	allClose(t, "deviations of intercepts", m.EffectSD[0][:2], []float64{13.91056471619, 18.41630128213}, 1e-5)
	allClose(t, "deviations of slopes", m.EffectSD[1][:2], []float64{0.01575390543885, 0.05500166668147}, 1e-5)
}

// In a balanced panel with a constant alone restricted maximum likelihood is analysis of
// variance: σ² the mean square within, σ_u² = (between - within)/T, where that is positive,
// and 0 else.
func TestMixedIsAnalysisOfVariance(t *testing.T) {
	rng := rand.New(rand.NewPCG(7, 8))
	atZero := 0
	for range 40 {
		const groups, size = 9, 6
		y, shared := normals(rng, groups*size, 1)[0], normals(rng, groups, 1)[0]
		group := make([]int32, len(y))
		for i := range y {
			group[i] = int32(i / size)
			y[i] += 40 + .5*shared[group[i]]
		}
		mean, total := means(y, group), 0.
		for _, v := range mean {
			total += v / groups
		}
		within, between := 0., 0.
		for i, v := range y {
			within += square(v-mean[group[i]]) / (groups * (size - 1))
			between += square(mean[group[i]]-total) / (groups - 1)
		}
		row, variance := within, (between-within)/size
		if variance <= 0 {
			atZero++
			row, variance = (within*groups*(size-1)+between*(groups-1))/(groups*size-1), 0
		}
		m, err := Mixed(&Data{Y: y}, group, nil)
		if err != nil {
			t.Fatal(err)
		}
		closeTo(t, "mean", m.Coef[0], total, 1e-10)
		closeTo(t, "variance of rows", m.Sigma*m.Sigma, row, 1e-4)
		if math.Abs(m.SD[0]*m.SD[0]-variance) > 1e-4 {
			t.Errorf("variance of groups: got %v, want %v", m.SD[0]*m.SD[0], variance)
		}
		c, err := RandomEffects(&Data{Y: y}, group)
		if err != nil {
			t.Fatal(err)
		}
		if math.Abs(c.GroupSD*c.GroupSD-variance) > 1e-9 {
			t.Errorf("Swamy and Arora: got %v, want %v", c.GroupSD*c.GroupSD, variance)
		}
	}
	if atZero == 0 || atZero == 40 {
		t.Errorf("the estimate was 0 in %d of 40 draws: both kinds are to be seen", atZero)
	}
}

// With a random intercept alone the fixed effects are generalised least squares at the
// variances found, as RandomEffects has them at its own.
func TestMixedIsGeneralisedLeastSquares(t *testing.T) {
	d, tab := grunfeld(t)
	firm := tab.code["firm"]
	m, err := Mixed(d, firm, nil)
	if err != nil {
		t.Fatal(err)
	}
	c := &Components{Theta: make([]float64, levels(firm))}
	for g, size := range sizes(firm) {
		c.Theta[g] = 1 - m.Sigma/math.Sqrt(m.Sigma*m.Sigma+size*m.SD[0]*m.SD[0])
	}
	if err := c.transform(d, firm); err != nil {
		t.Fatal(err)
	}
	allClose(t, "coefficient", m.Coef, c.Coef, 1e-9)
	allClose(t, "error", m.SE, c.SE, 1e-9)
}

func TestTooFewGroups(t *testing.T) {
	d := &Data{Y: []float64{1, 2, 4, 3}, X: [][]float64{{1, 3, 2, 5}}}
	var few *TooFewError
	if _, err := Mixed(d, []int32{0, 0, 0, 0}, nil); !errors.As(err, &few) || few.What != "groups" {
		t.Errorf("one group: got %v", err)
	}
	if _, err := Mixed(d, []int32{0, 0, 1, 1}, []int{0}); !errors.As(err, &few) || few.What != "rows" {
		t.Errorf("as many effects as rows: got %v", err)
	}
	if _, err := RandomEffects(d, []int32{0, 0, 1, 1}); !errors.As(err, &few) || few.What != "rows" && few.What != "groups" {
		t.Errorf("two groups and two coefficients: got %v", err)
	}
}
