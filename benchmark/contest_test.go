package benchmark

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"tradewind/numeric/distribution"
	"tradewind/numeric/forecast"
)

// competitors are made-up series of one kind: level, trend, season and noise.
func competitors(kind string, count, n, h int, seed uint64) []contestant {
	rng := rand.New(rand.NewPCG(seed, 3))
	f, season := frequencies[kind], 1.0
	if len(f.seasons) > 0 {
		season = f.seasons[0]
	}
	list := make([]contestant, count)
	for i := range list {
		level, slope, swing := 100+100*rng.Float64(), 2*rng.NormFloat64(), 30*rng.Float64()
		y := make([]float64, n+h)
		for t := range y {
			y[t] = level + slope*float64(t) + swing*math.Sin(2*math.Pi*float64(t)/season) + 5*rng.NormFloat64()
		}
		list[i] = contestant{fmt.Sprintf("%c%d", kind[0], i+1), f, y[:n], y[n:]}
	}
	return list
}

func list(y []float64, between string) string {
	words := make([]string, len(y))
	for i, v := range y {
		words[i] = fmt.Sprintf("%.4f", v)
	}
	return strings.Join(words, between)
}

func layoutM3(all []contestant) string {
	var out strings.Builder
	out.WriteString("series,period,train,test\n")
	for _, c := range all {
		fmt.Fprintf(&out, "%s,%s,%s,%s\n", c.id, c.frequency.name, list(c.train, " "), list(c.test, " "))
	}
	return out.String()
}

func layoutM4(all []contestant) (train, test string) {
	train, test = "V1,V2\n", "V1,V2\n"
	for _, c := range all {
		train += c.id + "," + list(c.train, ",") + "\n"
		test += c.id + "," + list(c.test, ",") + "\n"
	}
	return train, test
}

// TestCompetitionOnTheCommandLine runs a small competition of two frequencies, the way a user
// does, and looks at every key of the JSON.
func TestCompetitionOnTheCommandLine(t *testing.T) {
	all := slices.Concat(competitors("YEARLY", 7, 20, 3, 1), competitors("QUARTERLY", 6, 30, 4, 2))
	path := written(t, "own.csv.gz", layoutM3(all))
	var out, errs bytes.Buffer
	if code := Main([]string{"forecast", "--file", path, "-o", "json"}, nil, &out, &errs); code != 0 {
		t.Fatalf("exit code %d: %s", code, errs.String())
	}
	var got map[string]any
	if err := json.Unmarshal(out.Bytes(), &got); err != nil {
		t.Fatalf("%v in %s", err, out.String())
	}
	keys := func(of map[string]any) []string { return slices.Sorted(maps.Keys(of)) }
	if want := []string{"default", "file", "groups", "peak_memory_mib"}; !slices.Equal(keys(got), want) {
		t.Errorf("keys %v, want %v", keys(got), want)
	}
	if got["file"] != "own.csv.gz" {
		t.Errorf("file %v, want the name without its folder", got["file"])
	}
	if peak, _ := got["peak_memory_mib"].(float64); peak < 5 || peak > 4000 {
		t.Errorf("peak memory %v MiB", got["peak_memory_mib"])
	}
	names, counts := []string{}, []float64{}
	for _, g := range got["groups"].([]any) {
		g := g.(map[string]any)
		if want := []string{"methods", "name", "series"}; !slices.Equal(keys(g), want) {
			t.Errorf("keys of a group %v, want %v", keys(g), want)
		}
		names, counts = append(names, g["name"].(string)), append(counts, g["series"].(float64))
		methods := g["methods"].(map[string]any)
		for _, name := range []string{"Naive2", "sNaive", "Theta", "ETS", "ARIMA", "CES", "DOTM", got["default"].(string)} {
			score, ok := methods[name].(map[string]any)
			if !ok {
				t.Errorf("%s: no method %s", g["name"], name)
				continue
			}
			for _, key := range []string{"smape", "mase", "owa", "msis95", "coverage80", "coverage90", "coverage95", "cpu_seconds"} {
				x, ok := score[key].(float64)
				if most := map[string]float64{"smape": 200, "coverage80": 1, "coverage90": 1, "coverage95": 1}[key]; !ok || x < 0 || most > 0 && x > most {
					t.Errorf("%s, %s: %s is %v", g["name"], name, key, score[key])
				}
			}
			if a, b, c := score["coverage80"].(float64), score["coverage90"].(float64), score["coverage95"].(float64); a > b || b > c {
				t.Errorf("%s, %s: the wider interval covers less: %v, %v, %v", g["name"], name, a, b, c)
			}
		}
		if owa := methods["Naive2"].(map[string]any)["owa"].(float64); math.Abs(owa-1) > 1e-12 {
			t.Errorf("%s: OWA of Naive2 %v, want 1", g["name"], owa)
		}
	}
	if want := []string{"all", "yearly", "quarterly"}; !slices.Equal(names, want) || !slices.Equal(counts, []float64{13, 7, 6}) {
		t.Errorf("groups %v with %v series, want %v with 13, 7 and 6", names, counts, want)
	}
}

// TestM4OnTheCommandLine: the same from two files, as a table and as markdown.
func TestM4OnTheCommandLine(t *testing.T) {
	train, test := layoutM4(competitors("YEARLY", 3, 12, 2, 4))
	args := []string{"forecast", "--train", written(t, "own-train.csv", train), "--test", written(t, "own-test.csv.gz", test), "-o"}
	for form, want := range map[string][]string{
		"table":    {"own-train.csv: the default is", "group", "sMAPE", "yearly  3", "Naive2", "1.000"},
		"markdown": {"## own-train.csv", "| group | series | method |", "| yearly | 3 | Naive2 |", "| all | 3 |"},
	} {
		var out, errs bytes.Buffer
		if code := Main(append(args, form), nil, &out, &errs); code != 0 {
			t.Fatalf("%s: exit code %d: %s", form, code, errs.String())
		}
		for _, part := range want {
			if !strings.Contains(out.String(), part) {
				t.Errorf("%s: no %q in\n%s", form, part, out.String())
			}
		}
	}
}

// TestCompetitionMisused: exit code 2, nothing on standard output, and what to do instead;
// 1 for a file that cannot be read, with the place that is wrong.
func TestCompetitionMisused(t *testing.T) {
	good := written(t, "good.csv", layoutM3(competitors("YEARLY", 1, 8, 2, 1)))
	bad := written(t, "bad.csv", "series,period,train,test\nN1,YEARLY,1 2 three,4\n")
	for _, tt := range []struct {
		args []string
		code int
		want string
	}{
		{[]string{"forecast", "--file", good, "--train", good}, 2, "one or the other"},
		{[]string{"forecast", "--file", good, "--train", good, "--test", good}, 2, "one or the other"},
		{[]string{"forecast", "--train", good}, 2, "--train and --test go together"},
		{[]string{"forecast", "--test", good}, 2, "--train and --test go together"},
		{[]string{"import", "--file", good}, 2, "for the benchmark forecast alone"},
		{[]string{"forecast", "plan", "--file", good}, 2, "for the benchmark forecast alone"},
		{[]string{"all", "--file", good}, 2, "for the benchmark forecast alone"},
		{[]string{"--file", good}, 2, "which benchmark"},
		{[]string{"forecast", "--file"}, 2, "--file"},
		{[]string{"forecast", "--file", filepath.Join(t.TempDir(), "none.csv")}, 2, "none.csv: there is no such file"},
		{[]string{"forecast", "--file", t.TempDir()}, 2, "there is no such file"},
		{[]string{"forecast", "--train", good, "--test", filepath.Join(t.TempDir(), "none.csv")}, 2, "none.csv: there is no such file"},
		{[]string{"forecast", "--file", good, "-o", "yaml"}, 2, "-o yaml"},
		{[]string{"forecast", "--file", bad}, 1, "bad.csv, line 2, column 3, value 3: \"three\" is not a number"},
	} {
		var out, errs bytes.Buffer
		code := Main(tt.args, nil, &out, &errs)
		if code != tt.code || !strings.Contains(errs.String(), tt.want) || out.Len() > 0 {
			t.Errorf("%v: exit code %d, %q, want %d, %q and nothing printed but %q", tt.args, code, errs.String(), tt.code, tt.want, out.String())
		}
	}
}

// TestContestGroups: frequencies that share a group are forecast each with its own season and
// scored together; a method that is for some frequencies only has no score on all.
func TestContestGroups(t *testing.T) {
	all := slices.Concat(competitors("DAILY", 3, 40, 3, 1), competitors("OTHER", 2, 20, 3, 2), competitors("MONTHLY", 2, 50, 3, 3), competitors("WEEKLY", 1, 60, 3, 3))
	r, err := contend(t.Context(), all, []string{"sNaive", "CES", "MSTL + CES"})
	if err != nil {
		t.Fatal(err)
	}
	got := map[string]contestGroup{}
	for _, g := range r.Groups {
		got[g.Name] = g
	}
	methods := func(group string) []string { return slices.Sorted(maps.Keys(got[group].Methods)) }
	for _, tt := range []struct {
		group   string
		series  int
		methods []string
	}{
		{"all", 8, []string{"Naive2", "sNaive"}},
		{"other", 5, []string{"CES", "Naive2", "sNaive"}},
		{"monthly", 2, []string{"CES", "Naive2", "sNaive"}},
		{"weekly", 1, []string{"MSTL + CES", "Naive2", "sNaive"}},
	} {
		if got[tt.group].Series != tt.series || !slices.Equal(methods(tt.group), tt.methods) {
			t.Errorf("%s: %d series, methods %v; want %d and %v", tt.group, got[tt.group].Series, methods(tt.group), tt.series, tt.methods)
		}
	}
	// By hand: sNaive of daily series repeats the week, of the others the last value.
	var smape mean
	for _, c := range all[:5] {
		m := 1
		if c.frequency.name == "DAILY" {
			m = 7
		}
		repeated := make([]float64, len(c.test))
		for h := range repeated {
			repeated[h] = c.train[len(c.train)-m+h%m]
		}
		smape.add(forecast.SMAPE(c.test, repeated))
	}
	if got, want := float64(got["other"].Methods["sNaive"].SMAPE), smape.value(); math.Abs(got-want) > 1e-9 {
		t.Errorf("sMAPE of sNaive on daily and other series %v, want %v", got, want)
	}
}

// TestOWA follows the organisers' definition on two series by hand: the mean of the ratios of
// mean sMAPE and mean MASE to those of Naive2 on the same series.
func TestOWA(t *testing.T) {
	points := func(means ...float64) forecast.Forecast {
		f := forecast.Forecast{}
		for _, m := range means {
			f.Period = append(f.Period, distribution.NewNormal(m, 1))
		}
		return f
	}
	a := contestant{"a", frequencies["YEARLY"], []float64{10, 12, 14}, []float64{10, 30}}     // scale 2
	b := contestant{"b", frequencies["YEARLY"], []float64{5, 5, 5}, []float64{5, math.NaN()}} // no scale: no MASE
	var own, naive2 tally
	own.judge(a, points(30, 30))
	own.judge(b, points(5, 7))
	naive2.judge(a, points(10, 10))
	naive2.judge(b, points(15, 5))
	got := own.score(reference{naive2.smape.value(), naive2.mase.value()})
	for _, tt := range []struct {
		name      string
		got       orNull
		want      float64
		tolerance float64
	}{
		{"sMAPE", got.SMAPE, (50.0 + 0) / 2, 1e-12},                     // (100+0)/2 and 0
		{"MASE", got.MASE, 5, 1e-12},                                    // (20+0)/2/2, of a alone
		{"OWA", got.OWA, (25.0/75 + 5.0/5) / 2, 1e-12},                  // naive2: sMAPE (50+100)/2, MASE 5
		{"coverage", got.Cover95, 2.0 / 3, 1e-12},                       // 30 and 5 are in, 10 is not
		{"MSIS", got.MSIS, (2*1.959964 + 40*(20-1.959964)/2) / 2, 1e-5}, // of a alone
	} {
		if math.Abs(float64(tt.got)-tt.want) > tt.tolerance {
			t.Errorf("%s %v, want %v", tt.name, tt.got, tt.want)
		}
	}
	if own.series != 2 {
		t.Errorf("%d series", own.series)
	}
	text, err := json.Marshal(contestScore{SMAPE: orNull(math.NaN()), MASE: orNull(math.Inf(1)), OWA: 2})
	if err != nil || !strings.Contains(string(text), `"smape":null,"mase":null,"owa":2`) {
		t.Errorf("%s, %v; want null for what is not defined", text, err)
	}
	var back contestScore
	if err := json.Unmarshal(text, &back); err != nil || !math.IsNaN(float64(back.SMAPE)) || back.OWA != 2 {
		t.Errorf("back as %+v, %v", back, err)
	}
}

// TestReferenceOfM3: only M3 itself, known by its counts and by scores near the published
// ones, is held against the published NAIVE2.
func TestReferenceOfM3(t *testing.T) {
	scored := func(smape, mase float64) *tally {
		return &tally{smape: mean{smape, 1}, mase: mean{mase, 1}}
	}
	m3 := map[string]int{"yearly": 645, "quarterly": 756, "monthly": 1428, "other": 174}
	for _, tt := range []struct {
		name   string
		group  string
		counts map[string]int
		own    *tally
		want   reference
	}{
		{"M3", "all", m3, scored(14.8, 1.67), reference{14.742, 1.665}},
		{"its months", "monthly", m3, scored(16.9, 1.03), reference{16.891, 1.037}},
		{"as many other series", "all", m3, scored(12, 1.67), reference{12, 1.67}},
		{"fewer series", "all", map[string]int{"yearly": 645}, scored(14.8, 1.67), reference{14.8, 1.67}},
		{"no such group", "hourly", m3, scored(14.8, 1.67), reference{14.8, 1.67}},
	} {
		if got := referenceOf(tt.group, tt.counts, tt.own); got != tt.want {
			t.Errorf("%s: %v, want %v", tt.name, got, tt.want)
		}
	}
}

// TestContestOfHardSeries: one value, constants, zeros and missing values are forecast and
// scored; a series without any value is named.
func TestContestOfHardSeries(t *testing.T) {
	nan := math.NaN()
	hard := []contestant{
		{"one", frequencies["MONTHLY"], []float64{5}, []float64{6, 7}},
		{"two", frequencies["MONTHLY"], []float64{5, 6}, []float64{nan, 7}},
		{"zero", frequencies["MONTHLY"], make([]float64, 30), []float64{0, 0}},
		{"constant", frequencies["MONTHLY"], slices.Repeat([]float64{4}, 30), []float64{4, 5}},
		{"holes", frequencies["MONTHLY"], []float64{1, nan, 2, nan, nan, 3, 4, nan, 2}, []float64{2}},
		{"untold", frequencies["MONTHLY"], []float64{1, 2, 3, 2, 1, 3}, []float64{nan, nan}},
	}
	r, err := contend(t.Context(), hard, nil)
	if err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	if err := r.write(&out, "json"); err != nil {
		t.Fatal(err)
	}
	for name, s := range r.Groups[0].Methods {
		if smape := float64(s.SMAPE); math.IsNaN(smape) || smape < 0 || smape > 200 {
			t.Errorf("%s: sMAPE %v", name, smape)
		}
	}
	nothing := append(hard, contestant{"nothing", frequencies["MONTHLY"], []float64{nan, nan}, []float64{1}})
	if _, err := contend(t.Context(), nothing, []string{"sNaive"}); err == nil || !strings.Contains(err.Error(), "series nothing") {
		t.Errorf("a series without a value: %v, want its name", err)
	}
}

// TestQuestionOfContest: competitions that are not there say so instead of failing.
func TestQuestionOfContest(t *testing.T) {
	folder := t.TempDir()
	for _, c := range contests {
		if _, missing := c.question(""); !strings.Contains(missing, "--data") {
			t.Errorf("%s without a folder: %q", c.name, missing)
		}
		if _, missing := c.question(folder); !strings.Contains(missing, c.files[0]) {
			t.Errorf("%s in an empty folder: %q", c.name, missing)
		}
		for _, f := range c.files {
			if err := os.MkdirAll(filepath.Dir(filepath.Join(folder, f)), 0o700); err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(filepath.Join(folder, f), nil, 0o600); err != nil {
				t.Fatal(err)
			}
		}
		if q, missing := c.question(folder); missing != "" || q.File+q.Train != filepath.Join(folder, c.files[0]) {
			t.Errorf("%s: %+v, %q", c.name, q, missing)
		}
	}
}
