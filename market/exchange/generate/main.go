// Command generate makes reference.csv.gz anew from two public files in a folder: the
// daily euro reference rates of the European Central Bank, of which it keeps the last of
// each month, and the monthly averages of the Federal Reserve's release H.10.
//
//	go run ./market/exchange/generate FOLDER
package main

import (
	"bytes"
	"cmp"
	"compress/gzip"
	"encoding/csv"
	"fmt"
	"os"
	"path/filepath"
	"slices"
)

// from is the first month that is kept.
const from = "1999-01"

// currencies are those of the Federal Reserve's countries that still have one.
var currencies = map[string]string{
	"Australia": "AUD", "Brazil": "BRL", "Canada": "CAD", "China": "CNY", "Denmark": "DKK", "Euro": "EUR", "Hong Kong": "HKD",
	"India": "INR", "Japan": "JPY", "Malaysia": "MYR", "Mexico": "MXN", "New Zealand": "NZD", "Norway": "NOK", "Singapore": "SGD",
	"South Africa": "ZAR", "South Korea": "KRW", "Sri Lanka": "LKR", "Sweden": "SEK", "Switzerland": "CHF", "Taiwan": "TWD",
	"Thailand": "THB", "United Kingdom": "GBP",
}

func main() {
	if len(os.Args) != 2 {
		fmt.Fprintln(os.Stderr, "usage: generate FOLDER")
		os.Exit(2)
	}
	if err := run(os.Args[1], "market/exchange/reference.csv.gz"); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run(folder, out string) error {
	ecb, err := read(filepath.Join(folder, "ecb-eurofxref-daily.csv.gz"))
	if err != nil {
		return err
	}
	fed, err := read(filepath.Join(folder, "fx-usd-monthly.csv.gz"))
	if err != nil {
		return err
	}
	rows := map[[3]string]string{} // anchor, currency, month → units for one of the anchor
	for _, day := range ecb[1:] {  // ascending: the last day of a month stays
		for k, cell := range day[1:] {
			if cell != "" && len(ecb[0][k+1]) == 3 && day[0][:7] >= from {
				rows[[3]string{"EUR", ecb[0][k+1], day[0][:7]}] = cell
			}
		}
	}
	for _, row := range fed[1:] {
		if code := currencies[row[1]]; code != "" && row[0][:7] >= from {
			rows[[3]string{"USD", code, row[0][:7]}] = row[2]
		}
	}
	var list [][]string
	for key, value := range rows {
		list = append(list, []string{key[0], key[1], key[2], value})
	}
	slices.SortFunc(list, func(a, b []string) int {
		return cmp.Or(cmp.Compare(a[0], b[0]), cmp.Compare(a[1], b[1]), cmp.Compare(a[2], b[2]))
	})
	var b bytes.Buffer
	z, _ := gzip.NewWriterLevel(&b, gzip.BestCompression) // the level is one of the package's own
	if err := csv.NewWriter(z).WriteAll(list); err != nil {
		return err
	}
	if err := z.Close(); err != nil {
		return err
	}
	return os.WriteFile(out, b.Bytes(), 0o644)
}

func read(path string) ([][]string, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	z, err := gzip.NewReader(f)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	rows, err := csv.NewReader(z).ReadAll()
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	return rows, nil
}
