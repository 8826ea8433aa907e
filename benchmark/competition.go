package benchmark

import (
	"bufio"
	"compress/gzip"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"maps"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
)

// contestant is a series of a forecasting competition, with what came after it.
type contestant struct {
	id          string
	frequency   frequency
	train, test []float64
}

// frequency is how often a series is observed.
type frequency struct {
	name    string    // as files name it
	group   string    // as results name it
	lag     int       // of the seasonal differences that errors are scaled by
	seasons []float64 // periods of its seasons, shortest first; none: no season
}

// frequencies by the words of M3 files and, by their first letters, of M4's. The lags are
// those of the organisers of M4, who scale weekly and daily errors by a lag of 1.
var frequencies = map[string]frequency{
	"YEARLY":    {"YEARLY", "yearly", 1, nil},
	"QUARTERLY": {"QUARTERLY", "quarterly", 4, []float64{4}},
	"MONTHLY":   {"MONTHLY", "monthly", 12, []float64{12}},
	"WEEKLY":    {"WEEKLY", "weekly", 1, []float64{365.25 / 7}},
	"DAILY":     {"DAILY", "other", 1, []float64{7}},
	"HOURLY":    {"HOURLY", "hourly", 24, []float64{24, 168}},
	"OTHER":     {"OTHER", "other", 1, nil},
}

// groups in the order in which results show them.
var groups = []string{"all", "yearly", "quarterly", "monthly", "weekly", "hourly", "other"}

// readM3 reads a file in the layout of M3: a header with the columns series, period, train
// and test, the last two lists of numbers set apart by blanks.
func readM3(path string) ([]contestant, error) {
	var all []contestant
	columns := map[string]int{}
	err := eachRecord(path, func(cell func(int) (string, place), n int) error {
		if len(columns) == 0 {
			for k := range n {
				name, _ := cell(k)
				columns[strings.ToLower(name)] = k
			}
			for _, name := range []string{"series", "period", "train", "test"} {
				if _, ok := columns[name]; !ok {
					return fmt.Errorf("%s, line 1: there is no column %q; want a header with series, period, train and test", path, name)
				}
			}
			return nil
		}
		var c contestant
		c.id, _ = cell(columns["series"])
		word, at := cell(columns["period"])
		f, ok := frequencies[strings.ToUpper(word)]
		if !ok {
			return fmt.Errorf("%s: period %q is unknown; want YEARLY, QUARTERLY, MONTHLY, WEEKLY, DAILY, HOURLY or OTHER", at, word)
		}
		c.frequency = f
		for _, part := range []struct {
			name string
			dst  *[]float64
		}{{"train", &c.train}, {"test", &c.test}} {
			text, at := cell(columns[part.name])
			values, err := numbers(strings.Fields(text), at)
			if err != nil {
				return err
			}
			if len(values) == 0 {
				return fmt.Errorf("%s: series %s has no %s values", at, c.id, part.name)
			}
			*part.dst = values
		}
		all = append(all, c)
		return nil
	})
	return named(all, path, err)
}

// readM4 reads two files in the layout of M4: one row a series, its name first, values up
// to the first of the trailing empty cells. The first letter of the name tells the
// frequency (Y1, Q1, M1, W1, D1, H1), or else the name of the file.
func readM4(trainPath, testPath string) ([]contestant, error) {
	var all []contestant
	at := map[string]int{}
	err := eachRow(trainPath, func(id string, values []float64, where place) error {
		if _, twice := at[id]; twice {
			return fmt.Errorf("%s: series %s stands here for the second time", where, id)
		}
		at[id] = len(all)
		all = append(all, contestant{id: id, frequency: frequencyOf(id, trainPath), train: values})
		return nil
	})
	if err != nil {
		return nil, err
	}
	err = eachRow(testPath, func(id string, values []float64, where place) error {
		k, ok := at[id]
		if !ok {
			return fmt.Errorf("%s: series %s is not in %s", where, id, trainPath)
		}
		if all[k].test != nil {
			return fmt.Errorf("%s: series %s stands here for the second time", where, id)
		}
		all[k].test = values
		return nil
	})
	if err != nil {
		return nil, err
	}
	for _, c := range all {
		if len(c.test) == 0 {
			return nil, fmt.Errorf("%s: series %s of %s is not there", testPath, c.id, trainPath)
		}
	}
	return named(all, trainPath, nil)
}

func named(all []contestant, path string, err error) ([]contestant, error) {
	if err == nil && len(all) == 0 {
		err = fmt.Errorf("%s: there is no series", path)
	}
	return all, err
}

func frequencyOf(id, path string) frequency {
	file := strings.ToUpper(filepath.Base(path))
	named := frequencies["OTHER"]
	for _, word := range slices.Sorted(maps.Keys(frequencies)) {
		rest, ok := strings.CutPrefix(id, word[:1])
		if _, err := strconv.Atoi(rest); ok && err == nil {
			return frequencies[word]
		}
		if strings.Contains(file, word) {
			named = frequencies[word]
		}
	}
	return named
}

// eachRow reads rows of the M4 layout, with or without a header of V1, V2, ….
func eachRow(path string, do func(id string, values []float64, where place) error) error {
	first := true
	return eachRecord(path, func(cell func(int) (string, place), n int) error {
		id, where := cell(0)
		words := make([]string, 0, n)
		for k := 1; k < n; k++ {
			word, _ := cell(k)
			words = append(words, word)
		}
		for len(words) > 0 && missing(words[len(words)-1]) {
			words = words[:len(words)-1]
		}
		header := first && len(words) > 0 && !slices.ContainsFunc(words, isNumber)
		if first = false; header {
			return nil
		}
		if len(words) == 0 {
			return fmt.Errorf("%s: series %s has no values", where, id)
		}
		values := make([]float64, len(words))
		for k, word := range words {
			x, ok := number(word)
			if !ok {
				_, at := cell(k + 1)
				return fmt.Errorf("%s: %q is not a number", at, word)
			}
			values[k] = x
		}
		return do(id, values, where)
	})
}

// place is a cell of a file, for messages.
type place struct {
	path         string
	line, column int
}

func (p place) String() string {
	return fmt.Sprintf("%s, line %d, column %d", p.path, p.line, p.column)
}

// eachRecord reads a CSV file, gzip or not, record by record. Rows of empty cells are
// passed over.
func eachRecord(path string, do func(cell func(int) (string, place), n int) error) error {
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	defer f.Close()
	in := bufio.NewReader(f)
	if head, _ := in.Peek(2); slices.Equal(head, []byte{0x1f, 0x8b}) {
		unpacked, err := gzip.NewReader(in)
		if err != nil {
			return fmt.Errorf("%s: %w", path, err)
		}
		in = bufio.NewReader(unpacked)
	}
	if head, _ := in.Peek(3); string(head) == "\ufeff" { // a mark that spreadsheets put before the text
		_, _ = in.Discard(3)
	}
	r := csv.NewReader(in)
	r.FieldsPerRecord, r.ReuseRecord = -1, true
	for {
		record, err := r.Read()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return fmt.Errorf("%s: %w", path, err)
		}
		if !slices.ContainsFunc(record, func(cell string) bool { return strings.TrimSpace(cell) != "" }) {
			continue
		}
		cell := func(k int) (string, place) {
			if k >= len(record) {
				line, _ := r.FieldPos(len(record) - 1)
				return "", place{path, line, k + 1}
			}
			line, _ := r.FieldPos(k)
			return strings.TrimSpace(record[k]), place{path, line, k + 1}
		}
		if err := do(cell, len(record)); err != nil {
			return err
		}
	}
}

// numbers reads the values of one cell.
func numbers(words []string, at place) ([]float64, error) {
	values := make([]float64, len(words))
	for k, word := range words {
		x, ok := number(word)
		if !ok {
			return nil, fmt.Errorf("%s, value %d: %q is not a number", at, k+1, word)
		}
		values[k] = x
	}
	return values, nil
}

// number reads a value; an empty cell, NA or NaN is missing.
func number(word string) (float64, bool) {
	if missing(word) {
		return math.NaN(), true
	}
	x, err := strconv.ParseFloat(word, 64)
	return x, err == nil && !math.IsInf(x, 0)
}

func isNumber(word string) bool { _, ok := number(word); return ok }

func missing(word string) bool { return word == "" || word == "NA" || strings.EqualFold(word, "nan") }
