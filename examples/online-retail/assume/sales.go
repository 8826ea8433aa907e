package main

import (
	"cmp"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/klauspost/compress/zstd"

	"tradewind/money"
)

// The order files overlap: the first is read up to the day before the second begins.
const (
	firstFile, firstUntil = "online-retail-2009-2010.csv.zst", "2010-12-01"
	secondFile            = "online-retail-2010-2011.csv.zst"
	recentFrom            = "2011-09-10" // 13 weeks up to and with the last day, 2011-12-09
	recentWeeks           = 13
	dormantBefore         = "2011-06-11" // no sale in the last 26 weeks
)

// article is what the order lines say of one SKU.
type article struct {
	sku    string
	name   string  // the description on most lines; the first in the alphabet of several
	price  int64   // ten-thousandths of GBP: what the median unit of its last year of sales cost
	recent int64   // units sold in the last 13 weeks less units credited; never below 0
	last   string  // day of the last sale
	steps  []int64 // line quantities of two or more
}

// line is one row of an order file.
type line struct {
	sku, name, day string
	units, price   int64
}

// product tells articles from postage, fees, vouchers and tests: five digits and up to
// two letters, the "DCGS" range, and one code of its own form.
var product = regexp.MustCompile(`^(\d{5}[A-Z]{0,2}|DCGS[A-Z0-9]+|SP1002)$`)

// services have codes like articles: a voucher of GBP 100, carriage, packing, a picture.
var services = []string{"22016", "23444", "23574", "23702"}

// articles reads both order files and returns every product with a sale, by SKU.
func articles(dir fs.FS) ([]article, error) {
	sold := map[string][]line{}
	credited := map[string]int64{}
	for _, f := range []struct{ name, until string }{{firstFile, firstUntil}, {secondFile, "9999"}} {
		err := eachLine(dir, f.name, func(l line) {
			switch {
			case l.day >= f.until || !product.MatchString(l.sku) || slices.Contains(services, l.sku) || l.price <= 0:
			case l.units > 0:
				sold[l.sku] = append(sold[l.sku], l)
			case l.day >= recentFrom:
				credited[l.sku] -= l.units
			}
		})
		if err != nil {
			return nil, fmt.Errorf("%s: %w", f.name, err)
		}
	}
	var all []article
	for sku, lines := range sold {
		all = append(all, summarise(sku, lines, credited[sku]))
	}
	slices.SortFunc(all, func(a, b article) int { return cmp.Compare(a.sku, b.sku) })
	return all, nil
}

// eachLine calls f for each row of a file. Codes are folded to capitals: "85123a" was
// typed for 85123A.
func eachLine(dir fs.FS, name string, f func(line)) error {
	file, err := dir.Open(name)
	if err != nil {
		return err
	}
	defer file.Close()
	content, err := zstd.NewReader(file)
	if err != nil {
		return err
	}
	defer content.Close()
	rows := csv.NewReader(content)
	rows.ReuseRecord = true
	if _, err := rows.Read(); err != nil { // the header
		return err
	}
	for {
		row, err := rows.Read()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		units, err := strconv.ParseInt(row[3], 10, 64)
		if err != nil {
			return err
		}
		price, code := money.ParseE4(row[5])
		if code != "" {
			return fmt.Errorf("%s: %q", code, row[5])
		}
		f(line{
			sku:  strings.ToUpper(strings.TrimSpace(row[1])),
			name: strings.Join(strings.Fields(row[2]), " "),
			day:  row[4][:len("2011-12-09")], units: units, price: price,
		})
	}
}

func summarise(sku string, lines []line, credited int64) article {
	a := article{sku: sku, recent: -credited}
	names := map[string]int{}
	for _, l := range lines {
		names[l.name]++
		a.last = max(a.last, l.day)
		if l.day >= recentFrom {
			a.recent += l.units
		}
		if l.units > 1 {
			a.steps = append(a.steps, l.units)
		}
	}
	a.recent = max(a.recent, 0)
	for name, n := range names {
		if best := names[a.name]; n > best || n == best && name < a.name {
			a.name = name
		}
	}
	a.price = medianUnitPrice(lines, yearBefore(a.last))
	return a
}

// medianUnitPrice returns the price that half of the units sold after a day cost at most.
func medianUnitPrice(lines []line, after string) int64 {
	var recent []line
	var units int64
	for _, l := range lines {
		if l.day > after {
			recent = append(recent, l)
			units += l.units
		}
	}
	slices.SortFunc(recent, func(a, b line) int { return cmp.Compare(a.price, b.price) })
	var below int64
	for _, l := range recent {
		if below += l.units; 2*below >= units {
			return l.price
		}
	}
	return 0 // unreachable: the day of the last sale is in the year
}

// yearBefore returns the same date a year earlier, as text that sorts like a date.
func yearBefore(day string) string {
	year, _ := strconv.Atoi(day[:4])
	return strconv.Itoa(year-1) + day[4:]
}
