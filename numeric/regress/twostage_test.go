package regress

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"pgregory.net/rapid"
)

// lagged returns invest on value and capital without each firm's first year, and the lags
// of both as instruments.
func lagged(t testing.TB) (*Data, [][]float64) {
	all, tab := grunfeld(t)
	d, z := &Data{X: make([][]float64, 2)}, make([][]float64, 2)
	firm := tab.code["firm"]
	for i := 1; i < len(all.Y); i++ {
		if firm[i] != firm[i-1] {
			continue
		}
		d.Y, d.Cluster = append(d.Y, all.Y[i]), append(d.Cluster, firm[i])
		for j, x := range all.X {
			d.X[j], z[j] = append(d.X[j], x[i]), append(z[j], x[i-1])
		}
	}
	return d, z
}

// The numbers are those of R 4.2 with AER 1.2 (ivreg, vcovHC, vcovCL without cadjust), and
// for the tests of plain linear algebra in R on the same rows: anova of the reduced form
// (Anderson–Rubin), the sums of the formulas beside EffectiveF and Overidentified.
func TestTwoStageGrunfeld(t *testing.T) {
	d, z := lagged(t)
	for _, tt := range []struct {
		errors Errors
		se     []float64
	}{
		{Classical, []float64{0.006386812076678, 0.026830812076937, 10.102269028202642}},
		{HC0, []float64{0.006500619277977, 0.048745703294460, 12.116337544494117}},
		{Cluster0, []float64{0.01555359368479, 0.08060045204298, 20.63433285967204}},
	} {
		f, err := TwoStage(d, []int{0}, z, tt.errors)
		if err != nil {
			t.Fatal(err)
		}
		allClose(t, "coefficient", f.Coef, []float64{0.1169781645076, 0.2305747647643, -45.2614952231329}, 1e-10)
		allClose(t, "error", f.SE, tt.se, 1e-10)
		closeTo(t, "R2", f.R2, 0.8114028688, 1e-9)
		switch tt.errors {
		case Classical:
			closeTo(t, "first-stage F", f.EffectiveF, 842.3251715808, 1e-11)
			closeTo(t, "Sargan", f.Overidentified, 14.86627, 1e-6)
			closeTo(t, "Anderson-Rubin at 0", f.AndersonRubin(0), 1.994932489878e-41, 1e-8)
			closeTo(t, "Anderson-Rubin at .1", f.AndersonRubin(.1), 1.587395954421e-05, 1e-9)
			closeTo(t, "Anderson-Rubin at .12", f.AndersonRubin(.12), 0.0004627414817028, 1e-9)
		case HC0:
			closeTo(t, "effective F", f.EffectiveF, 187.1739435263, 1e-10)
			closeTo(t, "Hansen", f.Overidentified, 5.860534902812, 1e-9)
			closeTo(t, "robust Anderson-Rubin", f.statistic([]float64{1, -.1}), 5.5848461654, 1e-9)
		}
	}
	f, err := TwoStage(d, []int{0}, z[:1], HC1)
	if err != nil {
		t.Fatal(err)
	}
	closeTo(t, "effective F of one instrument, its robust t²", f.EffectiveF, 244.8677757344, 1e-10)
	if f.Extra != 0 || !math.IsNaN(f.Overidentified) {
		t.Errorf("just identified: %d extra, statistic %v", f.Extra, f.Overidentified)
	}
}

// With the regressors as their own instruments it is least squares.
func TestTwoStageIsOLS(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		d := panelOf(rt)
		if rapid.Bool().Draw(rt, "constant") {
			d.Absorb = nil
		}
		for _, e := range []Errors{Classical, HC1, Cluster1} {
			want, err := OLS(d, e)
			if err != nil {
				rt.Fatal(err)
			}
			got, err := TwoStage(d, []int{2, 0}, [][]float64{d.X[0], d.X[2]}, e)
			if err != nil {
				rt.Fatal(err)
			}
			for j := range want.Coef {
				if math.Abs(got.Coef[j]-want.Coef[j]) > 1e-9 || math.Abs(got.SE[j]/want.SE[j]-1) > 1e-9 {
					rt.Fatalf("coefficient %d: got %v ± %v, want %v ± %v", j, got.Coef[j], got.SE[j], want.Coef[j], want.SE[j])
				}
			}
			if p := got.AndersonRubin(got.Coef[2], got.Coef[0]); math.Abs(p-1) > 1e-9 {
				rt.Fatalf("just identified: p = %v at the estimate, want 1", p)
			}
		}
	})
}

// The Anderson–Rubin set of a single instrument and classical errors solves a quadratic:
// (s_y - βs_x)² <= c·(v_yy - 2βv_xy + β²v_xx).
func TestAndersonRubinSet(t *testing.T) {
	rng := rand.New(rand.NewPCG(3, 4))
	shapes := map[string]int{}
	for range 300 {
		const n = 60
		z, u := normals(rng, n, 1), normals(rng, n, 2)
		strength := []float64{0, .15, .6}[rng.IntN(3)]
		d := &Data{Y: make([]float64, n), X: [][]float64{make([]float64, n)}}
		for i := range n {
			d.X[0][i] = strength*z[0][i] + u[0][i]
			d.Y[i] = -2*d.X[0][i] + .8*u[0][i] + .6*u[1][i]
		}
		f, err := TwoStage(d, []int{0}, z, Classical)
		if err != nil {
			t.Fatal(err)
		}
		set := f.AndersonRubinSet(.95)
		c := square(quantileT(.975, f.freedom))
		sy, sx := f.slope[0][0], f.slope[1][0]
		a := sx*sx - c*f.spread[1][1][0]
		b := sy*sx - c*f.spread[0][1][0]
		root := math.Sqrt(math.Max(0, b*b-a*(sy*sy-c*f.spread[0][0][0])))
		low, high := math.Min((b-root)/a, (b+root)/a), math.Max((b-root)/a, (b+root)/a)
		var want []Span
		switch {
		case a > 0:
			want = []Span{{low, high}}
			shapes["interval"]++
		case root > 0:
			want = []Span{{math.Inf(-1), low}, {high, math.Inf(1)}}
			shapes["rays"]++
		default:
			want = []Span{{math.Inf(-1), math.Inf(1)}}
			shapes["line"]++
		}
		near := func(a, b Span) bool {
			return (a.Low == b.Low || math.Abs(a.Low-b.Low) < 1e-6*(1+math.Abs(b.Low))) && (a.High == b.High || math.Abs(a.High-b.High) < 1e-6*(1+math.Abs(b.High)))
		}
		if !slices.EqualFunc(set, want, near) {
			t.Errorf("strength %v: got %v, want %v", strength, set, want)
		}
	}
	if len(shapes) != 3 {
		t.Errorf("only %v were drawn", shapes)
	}
}

func square(x float64) float64 { return x * x }

// Size: under weak and strong instruments alike the test refuses the truth in 5 of 100
// draws; with 2,000 draws its standard error is .5 of 100.
func TestAndersonRubinSize(t *testing.T) {
	rng := rand.New(rand.NewPCG(5, 6))
	for _, strength := range []float64{0, .1, 1} {
		refused := 0
		const draws, n = 2000, 80
		for range draws {
			z, u := normals(rng, n, 3), normals(rng, n, 2)
			d := &Data{Y: make([]float64, n), X: [][]float64{make([]float64, n)}}
			for i := range n {
				d.X[0][i] = strength*(z[0][i]+z[1][i]) + u[0][i]
				d.Y[i] = -2*d.X[0][i] + .9*u[0][i] + .4*u[1][i]
			}
			f, err := TwoStage(d, []int{0}, z, Classical)
			if err != nil {
				t.Fatal(err)
			}
			if f.AndersonRubin(-2) < .05 {
				refused++
			}
		}
		if share := float64(refused) / draws; math.Abs(share-.05) > .015 {
			t.Errorf("strength %v: refuses the truth in %v of the draws, want .05", strength, share)
		}
	}
}
