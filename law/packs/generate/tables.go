package main

import (
	"encoding/csv"
	"encoding/json"
	"fmt"
	"os"
	"slices"
	"strconv"
	"strings"

	"tradewind/calendar"
)

// span is a rate and the days on which it holds; last is nil while it does.
type span struct {
	first calendar.Day
	last  *calendar.Day
	rate  string // a share, as it is written
}

func (s span) holds(day calendar.Day) bool {
	return !day.Before(s.first) && (s.last == nil || !s.last.Before(day))
}

// readHistory reads the standard rates of each country, ascending. A row ends on the day
// on which the next one begins, whatever the row itself says: some name the last day and
// some the day after it. Rows of one rate that follow each other (a change of currency)
// are one span.
func readHistory(name string) (map[string][]span, error) {
	f, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	rows, err := csv.NewReader(f).ReadAll()
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	all := map[string][]span{}
	for _, row := range rows[1:] {
		first, err := calendar.ParseDay(row[0])
		if err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		rate, err := share(row[4], 1)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		for _, territory := range strings.Fields(row[2]) {
			if slices.Contains(countries, territory) {
				all[territory] = append(all[territory], span{first: first, rate: rate})
			}
		}
	}
	for country, spans := range all {
		slices.SortFunc(spans, func(a, b span) int { return a.first.Compare(b.first) })
		spans = slices.CompactFunc(spans, func(a, b span) bool { return a.rate == b.rate })
		for i := range spans[:len(spans)-1] {
			last := spans[i+1].first.AddDays(-1)
			spans[i].last = &last
		}
		all[country] = spans
	}
	return all, nil
}

// period is the rates of a country from a day on. In the oldest one since is nil: the
// table says that the rates hold and not when they began.
type period struct {
	since *calendar.Day
	rates map[string]string // name in the table → share
}

// readTable reads the periods of each country, ascending.
func readTable(name string) (map[string][]period, error) {
	data, err := os.ReadFile(name)
	if err != nil {
		return nil, err
	}
	var table struct {
		Items map[string][]struct {
			From  string                 `json:"effective_from"`
			Rates map[string]json.Number `json:"rates"`
		} `json:"items"`
	}
	if err := json.Unmarshal(data, &table); err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	all := map[string][]period{}
	for country, items := range table.Items {
		for _, item := range items {
			p := period{rates: map[string]string{}}
			if item.From != "0000-01-01" {
				day, err := calendar.ParseDay(item.From)
				if err != nil {
					return nil, fmt.Errorf("%s: %s: %w", name, country, err)
				}
				p.since = &day
			}
			for class, percent := range item.Rates {
				if p.rates[class], err = share(percent.String(), 100); err != nil {
					return nil, fmt.Errorf("%s: %s: %w", name, country, err)
				}
			}
			all[country] = append(all[country], p)
		}
		slices.Reverse(all[country])
	}
	return all, nil
}

// share writes a rate as a share: "5.5" of 100 is "0.055".
func share(rate string, of float64) (string, error) {
	x, err := strconv.ParseFloat(rate, 64)
	if err != nil {
		return "", err
	}
	s := strings.TrimRight(strconv.FormatFloat(x/of, 'f', 6, 64), "0")
	return strings.TrimSuffix(s, "."), nil
}
