// Package exchange holds reference exchange rates by month, for quotes that need a rate
// which the shop's own facts do not have: the euro reference rates of the European Central
// Bank at the end of a month, up to March 2024, and the monthly averages in the Federal
// Reserve's release H.10, up to June 2026.
//
// No authority and no bank uses these rates: what rests on one is marked as assumed.
//
// Before it: commerce. After it: the engine, which asks here last.
package exchange

import (
	"bytes"
	"compress/gzip"
	_ "embed"
	"encoding/csv"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"tradewind/calendar"
	"tradewind/commerce"
	"tradewind/money"
)

//go:embed reference.csv.gz
var packed []byte

// oldest is how many days a month's rate may lie behind a day that it is used on.
const oldest = 100

// sources name the anchors' publishers.
var sources = map[money.Currency]string{
	"EUR": "European Central Bank, euro reference rates, end of month",
	"USD": "Federal Reserve, release H.10, monthly average",
}

// series are the rates of one currency against an anchor, months ascending. A month is
// counted from the year 0.
type series struct {
	months []int
	rates  []float64 // units for one of the anchor
}

var table = sync.OnceValue(func() map[[2]money.Currency]*series {
	z, err := gzip.NewReader(bytes.NewReader(packed))
	if err != nil {
		panic("exchange: " + err.Error())
	}
	rows, err := csv.NewReader(z).ReadAll()
	if err != nil {
		panic("exchange: " + err.Error())
	}
	all := map[[2]money.Currency]*series{}
	for _, row := range rows {
		key := [2]money.Currency{money.Currency(row[0]), money.Currency(row[1])}
		s := all[key]
		if s == nil {
			s = &series{}
			all[key] = s
		}
		year, month, _ := strings.Cut(row[2], "-")
		y, _ := strconv.Atoi(year)
		m, _ := strconv.Atoi(month)
		rate, err := strconv.ParseFloat(row[3], 64)
		if err != nil {
			panic("exchange: " + err.Error())
		}
		s.months, s.rates = append(s.months, 12*y+m-1), append(s.rates, rate)
	}
	return all
})

// Reference returns what one unit of base buys of quote, by the newest month that was
// over on a day: rates through the euro first, through the dollar where the euro's table
// has none. ok is false where no rate of the last hundred days is known.
func Reference(base, quote money.Currency, on calendar.Day) (rate commerce.Rate, ok bool) {
	if base == quote {
		return commerce.Rate{}, false
	}
	for _, anchor := range []money.Currency{"EUR", "USD"} {
		b, bMonth, okB := lookup(anchor, base, on)
		q, qMonth, okQ := lookup(anchor, quote, on)
		if !okB || !okQ {
			continue
		}
		end := endOf(min(bMonth, qMonth))
		return commerce.Rate{Base: base, Quote: quote, Day: end, Value: q / b,
			Provenance: commerce.Provenance{Source: sources[anchor], AsOf: end, Assumed: true}}, true
	}
	return commerce.Rate{}, false
}

// lookup finds how much of a currency one of the anchor bought in the newest month that
// was over on a day. The anchor itself has no month of its own.
func lookup(anchor, currency money.Currency, on calendar.Day) (rate float64, month int, ok bool) {
	if anchor == currency {
		return 1, 1 << 20, true
	}
	s := table()[[2]money.Currency{anchor, currency}]
	if s == nil {
		return 0, 0, false
	}
	year, m, _ := on.AddDays(1).Date()
	k, _ := slices.BinarySearch(s.months, 12*year+int(m)-1)
	if k == 0 {
		return 0, 0, false
	}
	k-- // the month before that of tomorrow: it is over today
	if on.Sub(endOf(s.months[k])) > oldest {
		return 0, 0, false
	}
	return s.rates[k], s.months[k], true
}

// endOf returns the last day of a month.
func endOf(month int) calendar.Day {
	return calendar.DayIn(time.Date(month/12, time.Month(month%12+2), 0, 12, 0, 0, 0, time.UTC), time.UTC)
}
