package benchmark

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestRankingsReachTheirReferences(t *testing.T) {
	for _, row := range rankings() {
		if r := judged(row); r.OK == nil || !*r.OK {
			t.Errorf("%s: %v, want at most %v", r.Name, *r.Value, *r.Must)
		}
	}
}

// TestElasticities makes trade that obeys a law and looks whether the law is found.
func TestElasticities(t *testing.T) {
	dir := t.TempDir()
	if rows, err := elasticities(dir); err != nil || len(rows) != 3 || rows[0].Value != nil {
		t.Errorf("without data: %v, %v", rows, err)
	}
	rng := rand.New(rand.NewPCG(1, 1))
	var text strings.Builder
	fmt.Fprintln(&text, "iso_o,iso_d,distw,gdp_o,gdp_d,rta,flow,contig,comlang_off,comcur")
	for range 3000 {
		km, from, to := math.Exp(8+rng.NormFloat64()), math.Exp(10+2*rng.NormFloat64()), math.Exp(10+2*rng.NormFloat64())
		language := float64(rng.IntN(2))
		flow := math.Exp(-1.1*math.Log(km) + .9*math.Log(from) + 1.2*math.Log(to) + language + .5*rng.NormFloat64())
		fmt.Fprintf(&text, "AAA,BBB,%g,%g,%g,0,%g,0,%g,0\n", km, from, to, flow, language)
	}
	fmt.Fprintln(&text, "AAA,CCC,100,1,1,0,0,0,0,0") // no trade, no logarithm
	path := filepath.Join(dir, trade)
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}
	file, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	packed := gzip.NewWriter(file)
	if _, err := packed.Write([]byte(text.String())); err != nil {
		t.Fatal(err)
	}
	if err := packed.Close(); err != nil {
		t.Fatal(err)
	}
	if err := file.Close(); err != nil {
		t.Fatal(err)
	}
	rows, err := elasticities(dir)
	if err != nil || len(rows) != 6 {
		t.Fatalf("%v, %v", rows, err)
	}
	for j, want := range []float64{-1.1, .9, 1.2} {
		if got := *rows[2*j].Value; math.Abs(got-want) > .03 {
			t.Errorf("%s: %v, want %v", rows[2*j].Name, got, want)
		}
	}
}

// TestExpansionBench runs the bench on a slice of the shop.
func TestExpansionBench(t *testing.T) {
	if testing.Short() {
		t.Skip("imports a slice of two years of orders")
	}
	var out, errs bytes.Buffer
	if code := Main([]string{"expansion", "--data", slice(t), "-o", "json"}, nil, &out, &errs); code == misused {
		t.Fatal(errs.String())
	}
	var rows []Row
	if err := json.Unmarshal(out.Bytes(), &rows); err != nil {
		t.Fatal(err)
	}
	got := map[string]float64{}
	for _, r := range rows {
		if r.Value != nil {
			got[r.Name] = *r.Value
		} else if !strings.HasPrefix(r.Name, "elasticity") {
			t.Errorf("%s was not measured: %s", r.Name, r.Reason)
		}
	}
	for name, limits := range map[string][2]float64{
		"ranks under unknown weights, CPU time":                  {.01, 60},
		"ranks under unknown weights, the same on one goroutine": {1, 1},
		"entries, error of ln sales in markets left out":         {.3, 4},
		"entries, 80 % interval covers, at least":                {50, 100},
	} {
		if value, there := got[name]; !there || !(value >= limits[0] && value <= limits[1]) {
			t.Errorf("%s: %v (measured: %v), want %v", name, value, there, limits)
		}
	}
}
