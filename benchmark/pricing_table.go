package benchmark

import (
	"compress/gzip"
	"encoding/csv"
	"fmt"
	"io"
	"math"
	"os"
	"strconv"
	"strings"
)

// table is a CSV file by columns: numbers, and words as codes in the order in which they
// first occur.
type table struct {
	number map[string][]float64
	code   map[string][]int32
}

// readGzipTable reads a compressed file.
func readGzipTable(path string) (*table, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	unpacked, err := gzip.NewReader(f)
	if err != nil {
		return nil, err
	}
	return readTable(unpacked)
}

// readTable reads CSV with a header; lines that begin with # are comments. A word where a
// number stands elsewhere in its column is not a number.
func readTable(in io.Reader) (*table, error) {
	r := csv.NewReader(in)
	r.Comment = '#'
	lines, err := r.ReadAll()
	if err != nil {
		return nil, err
	}
	if len(lines) < 2 {
		return nil, fmt.Errorf("the table has no rows")
	}
	t := &table{map[string][]float64{}, map[string][]int32{}}
	for j, name := range lines[0] {
		codes := map[string]int32{}
		for _, line := range lines[1:] {
			x, err := strconv.ParseFloat(line[j], 64)
			if err != nil {
				x = math.NaN()
			}
			c, seen := codes[line[j]]
			if !seen {
				c = int32(len(codes))
				codes[line[j]] = c
			}
			t.number[name], t.code[name] = append(t.number[name], x), append(t.code[name], c)
		}
	}
	return t, nil
}

// columns returns columns of numbers by name.
func (t *table) columns(names ...string) [][]float64 {
	x := make([][]float64, len(names))
	for j, name := range names {
		x[j] = t.number[name]
	}
	return x
}

// where returns the rows in which a column has a value.
func (t *table) where(name string, value float64) *table {
	part := &table{map[string][]float64{}, map[string][]int32{}}
	for i, x := range t.number[name] {
		if x != value {
			continue
		}
		for other, column := range t.number {
			part.number[other] = append(part.number[other], column[i])
			part.code[other] = append(part.code[other], t.code[other][i])
		}
	}
	return part
}

func logarithms(x []float64) []float64 {
	y := make([]float64, len(x))
	for i := range x {
		y[i] = math.Log(x[i])
	}
	return y
}

// printed is a figure and what it is where it was published.
type printed struct {
	got  float64
	want string
}

// off is the distance in units of the last digit that is printed: at most .5 if the figure
// rounds to it.
func (p printed) off() (float64, error) {
	want, err := strconv.ParseFloat(p.want, 64)
	if err != nil {
		return 0, err
	}
	_, decimals, _ := strings.Cut(p.want, ".")
	return math.Abs(p.got-want) * math.Pow10(len(decimals)), nil
}
