// Command generate packs the published tables of the World Bank and of CEPII into
// market/economy/economy.txt.gz:
//
//	go run ./market/economy/generate DIR
//
// DIR holds gdp.csv.gz, population.csv.gz and inflation as cpi.csv.gz with the columns name,
// ISO alpha-3, year, value; lpi-2007-2018.csv.gz; cepii-distances.csv.gz; cepii-geo.csv.gz.
package main

import (
	"bytes"
	"compress/gzip"
	"encoding/csv"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
)

// firstYear is where every series begins: what a shop's decisions can rest on.
const firstYear = 2000

const target = "market/economy/economy.txt.gz"

// renamed are codes that CEPII keeps from before 2003 or lacks, by alpha-3.
var renamed = map[string]string{
	"ZAR": "CD", "COD": "CD", "ROM": "RO", "ROU": "RO", "TMP": "TL", "TLS": "TL", "PAL": "PS", "PSE": "PS",
	"YUG": "RS", "SRB": "RS", "MNE": "ME", "XKX": "XK", "SSD": "SS", "CUW": "CW", "SXM": "SX", "MAF": "MF",
	"LIE": "LI", "MCO": "MC", "ASM": "AS", "GUM": "GU", "IMN": "IM", "VIR": "VI",
	"ANT": "", // the Netherlands Antilles are no more
}

func main() {
	if len(os.Args) != 2 {
		fmt.Fprintln(os.Stderr, "usage: generate DIR")
		os.Exit(2)
	}
	if err := pack(os.Args[1]); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func pack(dir string) error {
	var out bytes.Buffer
	alpha2, err := codes(dir)
	if err != nil {
		return err
	}
	for _, s := range []struct {
		name, file        string
		code, year, value int // columns
		digits            int // kept
		countries         int // at the least
	}{
		{name: "gdp", file: "gdp.csv.gz", code: 1, year: 2, value: 3, digits: 7, countries: 190},
		{name: "population", file: "population.csv.gz", code: 1, year: 2, value: 3, digits: 10, countries: 190},
		{name: "inflation", file: "cpi.csv.gz", code: 1, year: 2, value: 3, digits: 4, countries: 150},
		{name: "logistics", file: "lpi-2007-2018.csv.gz", code: 2, year: 0, value: 3, digits: 5, countries: 150},
	} {
		n, err := series(&out, dir, alpha2, s.name, s.file, s.code, s.year, s.value, s.digits)
		if err != nil {
			return fmt.Errorf("%s: %w", s.file, err)
		}
		if n < s.countries {
			return fmt.Errorf("%s: only %d countries", s.file, n)
		}
	}
	if err := distances(&out, dir, alpha2); err != nil {
		return err
	}
	var packed bytes.Buffer
	z, err := gzip.NewWriterLevel(&packed, gzip.BestCompression)
	if err != nil {
		return err
	}
	if _, err := z.Write(out.Bytes()); err != nil {
		return err
	}
	if err := z.Close(); err != nil {
		return err
	}
	return os.WriteFile(target, packed.Bytes(), 0o644)
}

// rows reads a gzip CSV file without its header.
func rows(dir, name string) ([][]string, error) {
	file, err := os.Open(filepath.Join(dir, name))
	if err != nil {
		return nil, err
	}
	defer file.Close()
	plain, err := gzip.NewReader(file)
	if err != nil {
		return nil, err
	}
	all, err := csv.NewReader(plain).ReadAll()
	if err != nil {
		return nil, err
	}
	return all[1:], nil
}

// codes maps alpha-3 to alpha-2.
func codes(dir string) (map[string]string, error) {
	cities, err := rows(dir, "cepii-geo.csv.gz")
	if err != nil {
		return nil, err
	}
	alpha2 := map[string]string{}
	for _, row := range cities {
		alpha2[row[1]] = row[0]
	}
	for three, two := range renamed {
		alpha2[three] = two
		if two == "" {
			delete(alpha2, three)
		}
	}
	return alpha2, nil
}

// series writes one line a country: code, first year, and a value a year, "-" where there
// is none. Rows of groups of countries have no alpha-2 code and stay out.
func series(out io.Writer, dir string, alpha2 map[string]string, name, file string, code, year, value, digits int) (int, error) {
	all, err := rows(dir, file)
	if err != nil {
		return 0, err
	}
	values := map[string]map[int]string{}
	for _, row := range all {
		two, known := alpha2[row[code]]
		if !known || row[value] == "" {
			continue
		}
		when, err := strconv.Atoi(row[year])
		if err != nil {
			return 0, err
		}
		x, err := strconv.ParseFloat(row[value], 64)
		if err != nil {
			return 0, err
		}
		if when < firstYear {
			continue
		}
		if values[two] == nil {
			values[two] = map[int]string{}
		}
		values[two][when] = strconv.FormatFloat(x, 'g', digits, 64)
	}
	fmt.Fprintln(out, "series", name)
	for _, two := range sorted(values) {
		years := sorted(values[two])
		line := []string{two, strconv.Itoa(years[0])}
		for y := years[0]; y <= years[len(years)-1]; y++ {
			if v, known := values[two][y]; known {
				line = append(line, v)
			} else {
				line = append(line, "-")
			}
		}
		fmt.Fprintln(out, strings.Join(line, " "))
	}
	return len(values), nil
}

// distances writes one line a pair, each pair once: the codes in order, kilometres between
// the main cities and weighted by population ("-" where not known), and letters for what the
// two share: c a border, o an official language, s a language that nine in a hundred speak.
func distances(out io.Writer, dir string, alpha2 map[string]string) error {
	all, err := rows(dir, "cepii-distances.csv.gz")
	if err != nil {
		return err
	}
	lines := map[string]string{}
	for _, row := range all {
		a, b := alpha2[row[0]], alpha2[row[1]]
		if a == "" || b == "" || a > b {
			continue
		}
		main, err := kilometres(row[10])
		if err != nil {
			return err
		}
		weighted, err := kilometres(row[12])
		if err != nil {
			return err
		}
		shared := ""
		for column, letter := range map[int]string{2: "c", 3: "o", 4: "s"} {
			if row[column] == "1" {
				shared += letter
			}
		}
		letters := strings.Split(shared, "")
		slices.Sort(letters)
		lines[a+" "+b] = strings.TrimSpace(main + " " + weighted + " " + strings.Join(letters, ""))
	}
	fmt.Fprintln(out, "distances")
	for _, pair := range sorted(lines) {
		fmt.Fprintln(out, pair, lines[pair])
	}
	return nil
}

func kilometres(s string) (string, error) {
	if s == "." {
		return "-", nil
	}
	x, err := strconv.ParseFloat(s, 64)
	return strconv.FormatFloat(x, 'f', 0, 64), err
}

func sorted[K string | int, V any](m map[K]V) []K {
	var keys []K
	for k := range m {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	return keys
}
