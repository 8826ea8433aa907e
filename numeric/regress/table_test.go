package regress

import (
	"encoding/csv"
	"math"
	"math/rand/v2"
	"os"
	"strconv"
	"testing"
)

// table holds a file of testdata: columns of numbers, and columns of words as codes in the
// order in which they first occur.
type table struct {
	number map[string][]float64
	code   map[string][]int32
}

func readTable(t testing.TB, name string) table {
	t.Helper()
	f, err := os.Open("testdata/" + name)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	r := csv.NewReader(f)
	r.Comment = '#'
	lines, err := r.ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	tab := table{map[string][]float64{}, map[string][]int32{}}
	for j, name := range lines[0] {
		codes := map[string]int32{}
		for _, line := range lines[1:] {
			if v, err := strconv.ParseFloat(line[j], 64); err == nil {
				tab.number[name] = append(tab.number[name], v)
			}
			c, ok := codes[line[j]]
			if !ok {
				c = int32(len(codes))
				codes[line[j]] = c
			}
			tab.code[name] = append(tab.code[name], c)
		}
	}
	return tab
}

// grunfeld returns invest on value and capital.
func grunfeld(t testing.TB) (*Data, table) {
	tab := readTable(t, "grunfeld.csv")
	return &Data{Y: tab.number["invest"], X: [][]float64{tab.number["value"], tab.number["capital"]}}, tab
}

// closeTo fails unless got is within a relative tolerance of want.
func closeTo(t *testing.T, what string, got, want, tolerance float64) {
	t.Helper()
	if !(math.Abs(got-want) <= tolerance*math.Max(math.Abs(want), 1e-300)) {
		t.Errorf("%s: got %.13g, want %.13g", what, got, want)
	}
}

func allClose(t *testing.T, what string, got, want []float64, tolerance float64) {
	t.Helper()
	if len(got) != len(want) {
		t.Fatalf("%s: got %v, want %v", what, got, want)
	}
	for i := range got {
		closeTo(t, what+" "+strconv.Itoa(i), got[i], want[i], tolerance)
	}
}

// normals returns columns of standard normal numbers.
func normals(rng *rand.Rand, rows, columns int) [][]float64 {
	x := make([][]float64, columns)
	for j := range x {
		x[j] = make([]float64, rows)
		for i := range x[j] {
			x[j][i] = rng.NormFloat64()
		}
	}
	return x
}

func randomCodes(rng *rand.Rand, rows, levels int) []int32 {
	c := make([]int32, rows)
	for i := range c {
		c[i] = rng.Int32N(int32(levels))
	}
	return c
}

// dummies returns a column for each level but those listed last as a base.
func dummies(codes []int32, from int) [][]float64 {
	var columns [][]float64
	for l := from; l < levels(codes); l++ {
		x := make([]float64, len(codes))
		for i, c := range codes {
			if int(c) == l {
				x[i] = 1
			}
		}
		columns = append(columns, x)
	}
	return columns
}
