package forecast

import (
	"math"
	"math/rand/v2"
	"testing"
)

// TestChooseSeason: a seasonal method wins on a seasonal series.
func TestChooseSeason(t *testing.T) {
	y := weekly(280, 9)
	scores, err := Backtest(y, []Method{SimpleSmoothingMethod(), SeasonalNaiveMethod(7), HarmonicMethod(HarmonicForm{Period: 7, Sine: true})}, 6, 14)
	if err != nil {
		t.Fatal(err)
	}
	if k := Choose(scores); k != 2 {
		t.Errorf("chosen %s, want the harmonic trend: %+v", scores[k].Name, scores)
	}
}

// TestChooseNoise is the negative control: on pure noise nothing seasonal may
// win, but for the share that one standard error lets through by luck.
func TestChooseNoise(t *testing.T) {
	rng := rand.New(rand.NewPCG(21, 4))
	wrong := 0
	const trials = 60
	for range trials {
		y := make([]float64, 200)
		for i := range y {
			y[i] = 50 + 10*rng.NormFloat64()
		}
		scores, err := Backtest(y, []Method{SimpleSmoothingMethod(), SeasonalNaiveMethod(7), HarmonicMethod(HarmonicForm{Period: 7, Sine: true})}, 8, 7)
		if err != nil {
			t.Fatal(err)
		}
		if Choose(scores) != 0 {
			wrong++
		}
		if scores[1].Loss < scores[0].Loss {
			t.Errorf("seasonal naive beats the mean on noise: %v < %v", scores[1].Loss, scores[0].Loss)
		}
	}
	if wrong > trials/8 {
		t.Errorf("a seasonal method was chosen on %d of %d series of noise", wrong, trials)
	}
}

// TestNoSeasonInNoise: the regression finds no cosine where there is none.
func TestNoSeasonInNoise(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 77))
	found := 0
	const trials = 200
	for range trials {
		y := make([]float64, 100)
		for i := range y {
			y[i] = rng.NormFloat64()
		}
		m, err := FitHarmonic(y, HarmonicForm{Period: 12})
		if err != nil {
			t.Fatal(err)
		}
		if m.Coefficients[2].PValue < 0.05 {
			found++
		}
	}
	if found > trials/10 {
		t.Errorf("a season with p < 5 %% in %d of %d series of noise", found, trials)
	}
}

func TestScores(t *testing.T) {
	nan := math.NaN()
	train := []float64{0, 0, 2, 4, nan, 3, 0} // differences from the first value above zero: 2, -3
	actual, forecast := []float64{1, nan, 5}, []float64{2, 7, 3}
	if got, want := RMSSE(train, actual, forecast), math.Sqrt(2.5/6.5); math.Abs(got-want) > 1e-15 {
		t.Errorf("RMSSE = %v, want %v", got, want)
	}
	if got, want := Bias(actual, forecast), 5.0/6-1; math.Abs(got-want) > 1e-15 {
		t.Errorf("bias = %v, want %v", got, want)
	}
	if got := Pinball(10, 7, .9); math.Abs(got-2.7) > 1e-15 {
		t.Errorf("pinball = %v, want 2.7", got)
	}
}

func BenchmarkBacktest(b *testing.B) {
	y := weekly(200, 1)
	all := []Method{SimpleSmoothingMethod(), SeasonalNaiveMethod(7), TSBMethod()}
	for b.Loop() {
		Backtest(y, all, 4, 7)
	}
}
