package store

import (
	"cmp"
	"context"
	"math"
	"slices"
	"sort"

	"tradewind/calendar"
	"tradewind/commerce"
	"tradewind/fault"
	"tradewind/money"
)

// rateTables convert amounts into one reporting currency and remember which rates they
// used.
type rateTables struct {
	to    money.Currency
	rates map[money.Currency][]dated // by the other currency, days ascending

	missed *calendar.Day // the earliest day for which a rate was missing
}

// dated is a rate of one day. Factor is what one unit of the other currency is worth in
// the reporting currency.
type dated struct {
	rate   commerce.Rate
	factor float64
	used   bool
}

const readRatesTo = `
SELECT base, quote, day, quantity, source, as_of, assumed FROM rate
WHERE (base = $1 OR quote = $1) AND base <> quote AND day <= $2 AND quantity > 0
ORDER BY day, CASE WHEN quote = $1 THEN 1 ELSE 0 END`

func readRates(ctx context.Context, q querier, to money.Currency, asOf calendar.Day) (*rateTables, error) {
	all, err := collect(ctx, q, scanRate, readRatesTo, string(to), asOf.Ordinal())
	if err != nil {
		return nil, err
	}
	t := &rateTables{to: to, rates: map[money.Currency][]dated{}}
	for _, r := range all {
		other, factor := r.Base, r.Value
		if r.Base == to {
			other, factor = r.Quote, 1/r.Value
		}
		days := t.rates[other]
		// A rate to the reporting currency comes after its inverse and replaces it.
		if n := len(days); n > 0 && days[n-1].rate.Day == r.Day {
			days = days[:n-1]
		}
		t.rates[other] = append(days, dated{rate: r, factor: factor})
	}
	return t, nil
}

func scanRate(scan func(...any) error, r *commerce.Rate) error {
	return scan(&r.Base, &r.Quote, ordinal{&r.Day}, &r.Value, &r.Provenance.Source, ordinal{&r.Provenance.AsOf}, &r.Provenance.Assumed)
}

// convert returns ten-thousandths of the reporting currency, halves to even, at the newest
// rate up to a day. The earliest day without a rate is kept in failed.
func (t *rateTables) convert(e4 int64, from money.Currency, day calendar.Day, failed *error) int64 {
	if from == t.to || e4 == 0 {
		return e4
	}
	days := t.rates[from]
	i := sort.Search(len(days), func(i int) bool { return day.Before(days[i].rate.Day) }) - 1
	if i < 0 {
		t.miss(from, day, failed)
		return 0
	}
	days[i].used = true
	x := math.RoundToEven(float64(e4) * days[i].factor)
	if !(math.Abs(x) < 1<<63) {
		*failed = fault.New(fault.Invalid, "E-MONEY-OVERFLOW", fault.A("value", money.FromE4(e4, from).String()))
		return 0
	}
	return int64(x)
}

// miss notes that a rate is missing; of several it keeps the earliest day.
func (t *rateTables) miss(from money.Currency, day calendar.Day, failed *error) {
	if t.missed != nil && !day.Before(*t.missed) || t.missed == nil && *failed != nil {
		return // an earlier day, or another failure, comes first
	}
	t.missed = &day
	*failed = fault.New(fault.Invalid, "E-RATE-MISSING",
		fault.A("base", string(from)), fault.A("quote", string(t.to)), fault.A("day", day))
}

// used returns the rates that some conversion used, by base, quote and day.
func (t *rateTables) used() []commerce.Rate {
	var all []commerce.Rate
	for _, days := range t.rates {
		for _, d := range days {
			if d.used {
				all = append(all, d.rate)
			}
		}
	}
	slices.SortFunc(all, func(a, b commerce.Rate) int {
		return cmp.Or(cmp.Compare(a.Base, b.Base), cmp.Compare(a.Quote, b.Quote), a.Day.Compare(b.Day))
	})
	return all
}
