package drift

import (
	"encoding/csv"
	"fmt"
	"math"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"

	"tradewind/numeric/distribution"
)

// reference reads what testdata/reference/drift.py (SciPy, statsmodels, river) and drift.R
// (R's ks.test, spc) have printed: values by name, in order.
func reference(t testing.TB) map[string][]float64 {
	t.Helper()
	values := map[string][]float64{}
	for _, name := range []string{"drift.csv", "drift_r.csv"} {
		for _, row := range table(t, name) {
			values[row[0]] = append(values[row[0]], number(t, row[2]))
		}
	}
	return values
}

// table returns the rows of a file in testdata/reference, without the header.
func table(t testing.TB, name string) [][]string {
	t.Helper()
	file, err := os.Open("testdata/reference/" + name)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	rows, err := csv.NewReader(file).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	return rows[1:]
}

func number(t testing.TB, s string) float64 {
	t.Helper()
	x, err := strconv.ParseFloat(s, 64)
	if err != nil {
		t.Fatal(err)
	}
	return x
}

// streams are the streams of river's documentation and tests.
func streams(t testing.TB) map[string][]float64 {
	t.Helper()
	all := map[string][]float64{}
	for _, row := range table(t, "streams.csv") {
		for _, digit := range row[1] {
			all[row[0]] = append(all[row[0]], float64(digit-'0'))
		}
	}
	return all
}

// pairs are the generated samples: normal values in the even ones, counts in the odd.
func pairs(t testing.TB) (references, lives [][]float64) {
	t.Helper()
	references, lives = make([][]float64, 20), make([][]float64, 20)
	for _, row := range table(t, "pairs.csv") {
		i := int(number(t, row[0]))
		if row[1] == "reference" {
			references[i] = append(references[i], number(t, row[2]))
		} else {
			lives[i] = append(lives[i], number(t, row[2]))
		}
	}
	return references, lives
}

// near fails unless got is within a relative tolerance of want.
func near(t *testing.T, what string, got, want, tolerance float64) {
	t.Helper()
	if !(math.Abs(got-want) <= tolerance*math.Abs(want)) {
		t.Errorf("%s: got %.12g, want %.12g", what, got, want)
	}
}

// TestTwoSamples compares with SciPy and R on 20 generated pairs.
func TestTwoSamples(t *testing.T) {
	want := reference(t)
	references, lives := pairs(t)
	for i := range references {
		name := fmt.Sprintf("pair %d", i)
		test, err := KolmogorovSmirnov(references[i], lives[i])
		if err != nil {
			t.Fatal(err)
		}
		near(t, name+", D", test.Statistic, want["ks-d"][i], 1e-12)
		near(t, name+", P", test.P, want["ks-p"][i], 1e-10)
		near(t, name+", P without ties", SmirnovTail(test.Statistic, len(references[i]), len(lives[i])), want["ks-p-untied"][i], 1e-10)
		w, err := Wasserstein(references[i], lives[i])
		if err != nil {
			t.Fatal(err)
		}
		near(t, name+", Wasserstein", w, want["wasserstein"][i], 1e-12)
	}
}

// TestKolmogorovSmirnovOnGrids is the pair i/50 (50 values) and j/55 (60 values) that SciPy
// 1.10.1 gives D = .1 and, taking no notice of its ties, p = .920905934190326; R 4.2.2 does
// and gives .9193.
func TestKolmogorovSmirnovOnGrids(t *testing.T) {
	var x, y []float64
	for i := range 50 {
		x = append(x, float64(i)/50)
	}
	for j := range 60 {
		y = append(y, float64(j)/55)
	}
	test, err := KolmogorovSmirnov(x, y)
	if err != nil {
		t.Fatal(err)
	}
	near(t, "D", test.Statistic, .1, 1e-12)
	near(t, "P without ties", SmirnovTail(test.Statistic, 50, 60), .920905934190326, 1e-12)
	near(t, "P", test.P, .9193, 5e-5)
}

func TestKolmogorovLimits(t *testing.T) {
	for what, values := range reference(t) {
		words := strings.Split(what, "-")
		switch words[0] {
		case "kolmogorov":
			near(t, what, KolmogorovTail(number(t, words[1])), values[0], 1e-10)
		case "uniformity":
			n := number(t, words[2])
			tolerance := 1e-9
			if n >= 2000 { // SciPy has five digits here, and above it stands the corrected limit
				tolerance = 3e-4
			}
			near(t, what, UniformityTail(number(t, words[1]), int(n)), values[0], tolerance)
		}
	}
}

func TestCountsAgainstReference(t *testing.T) {
	want := reference(t)
	before, after := []int{10, 20, 30, 0, 5}, []int{12, 15, 33, 4, 5}
	chi, err := ChiSquare(before, after)
	if err != nil {
		t.Fatal(err)
	}
	near(t, "χ²", chi.Statistic, want["chi2"][0], 1e-12)
	near(t, "χ², P", chi.P, want["chi2-p"][0], 1e-12)
	psi, err := PSI(before, after)
	if err != nil {
		t.Fatal(err)
	}
	near(t, "PSI", psi.Statistic, want["psi"][0], 1e-12)
	near(t, "PSI, P", psi.P, want["psi-p"][0], 1e-12)
	near(t, "PSI, limit", PSILimit(500, 200, 10, .05), want["psi-limit"][0], 1e-12)
	for i, p := range BenjaminiHochberg([]float64{.01, .04, .03, .005, .5, .03, .9}) {
		near(t, "adjusted P", p, want["fdr"][i], 1e-12)
	}
}

// TestPSIByHand is Σ (p - q)·ln(p/q) with ½ added to each count: shares 20½/41, 20½/41
// against 10½/41, 30½/41 give (10/41)·ln(20.5/10.5) + (-10/41)·ln(20.5/30.5).
func TestPSIByHand(t *testing.T) {
	test, err := PSI([]int{20, 20}, []int{10, 30})
	if err != nil {
		t.Fatal(err)
	}
	near(t, "PSI", test.Statistic, 10./41*math.Log(30.5/10.5), 1e-12)
}

// TestRunLength compares with R's spc (integral equation, 100 nodes).
func TestRunLength(t *testing.T) {
	normal := distribution.NewNormal(0, 1)
	for what, values := range reference(t) {
		words := strings.Split(what, "-")
		switch words[0] {
		case "arl":
			k, h, mean := number(t, words[1]), number(t, words[2]), number(t, words[3])
			near(t, what, RunLength(distribution.NewNormal(mean, 1), k, h), values[0], 6e-5)
			if h >= 3 && k <= .5 {
				near(t, what+", Siegmund", SiegmundRunLength(mean, k, h), values[0], .03)
			}
		case "limit":
			near(t, what, Limit(normal, number(t, words[1]), number(t, words[2])), values[0], 1e-6)
		}
	}
}

// TestRunLengthOfATextbook compares with Montgomery, Introduction to Statistical Quality
// Control, table 9.3: two-sided CUSUM, k = ½, which halves the run length without a shift
// and hardly uses its other side with one.
func TestRunLengthOfATextbook(t *testing.T) {
	for _, row := range []struct{ shift, four, five float64 }{
		{0, 168, 465}, {.5, 26.6, 38}, {1, 8.38, 10.4}, {1.5, 4.75, 5.75}, {2, 3.34, 4.01}, {3, 2.19, 2.57},
	} {
		for h, want := range map[float64]float64{4: row.four, 5: row.five} {
			up := RunLength(distribution.NewNormal(row.shift, 1), .5, h)
			down := RunLength(distribution.NewNormal(-row.shift, 1), .5, h)
			near(t, fmt.Sprintf("shift %v, limit %v", row.shift, h), 1/(1/up+1/down), want, .006)
		}
	}
}

// TestStreamsOfRiver compares detections with river 0.26.1. Its ADWIN leaves the last bucket
// of every size out of the cuts and begins with an empty window after a detection, where the
// paper goes on with what is left of it: a first detection may come up to two values sooner
// here, and further ones follow until the window is clean. On the stream of river's
// documentation both detect at value 1024 when they look every 32 values, 1003 at every one.
func TestStreamsOfRiver(t *testing.T) {
	want := reference(t)
	for name, values := range streams(t) {
		for clock, early := range map[int]int{1: 2, 32: 0} {
			got := detections(values, NewADWIN(ADWINForm{Clock: clock}).Update)
			for _, at := range want[fmt.Sprintf("adwin-%d-%s", clock, name)] {
				change := int(at) / 1000 * 1000
				first := slices.IndexFunc(got, func(a Alarm) bool { return a.At > change })
				if first < 0 || got[first].At > int(at) || got[first].At < int(at)-early {
					t.Errorf("ADWIN on %s, clock %d: no detection at %v in %v", name, clock, at, got)
				}
			}
			for _, alarm := range got {
				if since := alarm.At % 1000; alarm.At < 1000 || since > 80 {
					t.Errorf("ADWIN on %s, clock %d: a detection at %d, far from any change", name, clock, alarm.At)
				}
			}
		}
		var at []float64
		for _, alarm := range detections(values, NewPageHinkley(PageHinkleyForm{Forget: 1 - .0001}).Update) {
			at = append(at, float64(alarm.At))
		}
		if !slices.Equal(at, want["page-hinkley-"+name]) {
			t.Errorf("Page-Hinkley on %s: got %v, want %v", name, at, want["page-hinkley-"+name])
		}
	}
}

func detections(values []float64, update func(float64) (Alarm, bool)) (at []Alarm) {
	for _, x := range values {
		if alarm, found := update(x); found {
			at = append(at, alarm)
		}
	}
	return at
}
