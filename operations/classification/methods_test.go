package classification

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"tradewind/law/tariff"
)

// TestCosines works one out by hand: of three texts two have term 0, one has term 1.
func TestCosines(t *testing.T) {
	c := newCosines([][]int32{{0, 1}, {0, 0}, {2}}, 4)
	a, b := 1+math.Log(4.0/3), 1+math.Log(4.0/2) // weights of terms 0 and 1
	want := []float64{a / math.Hypot(a, b), 1, 0}
	for i, got := range c.with([]int32{0}) {
		if math.Abs(got-want[i]) > 1e-15 {
			t.Errorf("text %d: cosine %g, want %g", i, got, want[i])
		}
	}
	if got := c.with([]int32{3}); !slices.Equal(got, []float64{0, 0, 0}) {
		t.Errorf("a term that no text has: %v", got)
	}
}

// TestUnigrams holds scores against the formula, and sums P(t | class) over all terms.
func TestUnigrams(t *testing.T) {
	codes := []tariff.Code{"010121", "010129", "020110"}
	texts := []weighted{{0, []int32{0, 1}, 1}, {1, []int32{0, 2, 2}, 1}, {2, []int32{3}, .5}}
	mu := priors{3, 2, 1}
	u := newUnigrams(codes, texts, 5, mu)
	root := []float64{2 / 5.5, 1 / 5.5, 2 / 5.5, .5 / 5.5}
	of := func(have, total, m float64, above float64) float64 { return (have + m*above) / (total + m) }
	sum := 0.0
	for term, counts := range [][2]float64{{1, 2}, {1, 1}, {0, 2}, {0, 0}} { // in 010121; in 01 and 0101
		p := of(counts[0], 2, 1, of(counts[1], 5, 2, of(counts[1], 5, 3, root[term])))
		sum += p
		want := math.Log(p / root[term])
		if got := u.scores([]int32{int32(term)})[0]; math.Abs(got-want) > 1e-14 {
			t.Errorf("term %d: got %g, want %g", term, got, want)
		}
	}
	if math.Abs(sum-1) > 1e-15 {
		t.Errorf("the chances of all terms add up to %g", sum)
	}
	if got := u.scores([]int32{4, 4}); !slices.Equal(got, []float64{0, 0, 0}) {
		t.Errorf("a term that was never learnt says %v", got)
	}
}

func TestBest(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		scores := rapid.SliceOfN(rapid.Map(rapid.IntRange(0, 9), func(n int) float64 { return float64(n) }), 1, 200).Draw(t, "scores")
		k := rapid.IntRange(1, 30).Draw(t, "k")
		all := best(scores, len(scores))
		if got, want := best(scores, k), all[:min(k, len(all))]; !slices.Equal(got, want) {
			t.Fatalf("got %v, want %v", got, want)
		}
		for i := 1; i < len(all); i++ {
			if before(scores, all[i-1], all[i]) >= 0 {
				t.Fatalf("%v is out of order", all)
			}
		}
	})
}

// TestCalibration finds the level and slope that 20,000 outcomes were drawn with, and a
// threshold above which the share sought is right.
func TestCalibration(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 0))
	const level, slope = -.5, 1.4
	var x, y []float64
	var list []judgement
	for range 20_000 {
		score := .01 + .98*rng.Float64()
		hit := 0.0
		if rng.Float64() < logistic(level+slope*logit(score)) {
			hit = 1
		}
		x, y = append(x, logit(score)), append(y, hit)
		list = append(list, judgement{[]scored{{0, score}}, []float64{hit}})
	}
	if a, b := fitLogistic(x, y); math.Abs(a-level) > .05 || math.Abs(b-slope) > .06 {
		t.Errorf("found %g and %g, want %g and %g", a, b, level, slope)
	}
	c := calibrate(list)
	answers, hits := 0.0, 0.0
	for _, j := range list {
		if c.chances(j.top)[0] >= c.Answer {
			answers, hits = answers+1, hits+j.right[0]
		}
	}
	if answers < 1000 || hits/answers < sought || hits/answers > sought+.01 {
		t.Errorf("%g of %g answers are right, %g sought", hits, answers, sought)
	}
	if never := c.threshold([]judgement{{[]scored{{0, .9}}, []float64{0}}}); never <= 1 {
		t.Errorf("answers from %g on, without any that was right", never)
	}
}

// TestCalibrationError: two of four right at .75 is .25 off, whatever the bins.
func TestCalibrationError(t *testing.T) {
	outcomes := []outcome{{.75, true, true}, {.75, true, true}, {.75, false, true}, {.75, false, true}}
	if got := calibrationError(outcomes, func(int) int { return 3 }); got != .25 {
		t.Errorf("got %g, want .25", got)
	}
	outcomes[0].chance, outcomes[1].chance = 1, 1
	if got := calibrationError(outcomes, func(i int) int { return i / 2 }); got != .375 {
		t.Errorf("got %g, want .375: 0 of two, .75 of two", got)
	}
}

// TestReport counts on three questions.
func TestReport(t *testing.T) {
	list := []question{{classes: []int{1, 2}}, {classes: []int{3}}, {classes: []int{4}}}
	answers := [][]int{{1, 9, 2}, {8, 3}, {7}}
	i := -1
	r := report(list, func(question) ([]int, float64, bool) { i++; return answers[i], .5, i == 0 })
	if r.Texts != 3 || r.Pairs != 4 || r.Top1 != 1.0/3 || r.Top3 != 2.0/3 || r.Top3OfPairs != .75 || r.Answered != 1.0/3 || r.Precision != 1 {
		t.Errorf("%+v", r)
	}
}

// TestQuality holds the embedded ranker to floors on the validation part; the test part is
// left to the benchmark.
func TestQuality(t *testing.T) {
	e, err := Measured(tariff.Entries())
	if err != nil {
		t.Fatal(err)
	}
	model, nearest := e.Report(Validation), e.Nearest(NearestText, Validation)
	if model.Top3 < nearest.Top3+.15 {
		t.Errorf("top-3 %.3f, that of the nearest text %.3f: want 15 points more", model.Top3, nearest.Top3)
	}
	if !(model.Precision >= precision) || model.Answered == 0 {
		t.Errorf("%.3f are answered, %.3f of the answers are right", model.Answered, model.Precision)
	}
	t.Logf("model %+v", model)
	t.Logf("nearest text %+v", nearest)
	t.Logf("nearest class %+v", e.Nearest(NearestClass, Validation))
}
