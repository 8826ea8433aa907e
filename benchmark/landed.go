package benchmark

import (
	"context"
	"fmt"
	"runtime"
	"sync"

	"tradewind/calendar"
	"tradewind/commerce"
	"tradewind/law"
	"tradewind/law/tariff"
	"tradewind/money"
	"tradewind/operations/landed"
)

// quoteQuestion is how many quotes to make on how many goroutines, and whether in the
// short form.
type quoteQuestion struct {
	Workers, Rounds int
	Short           bool
}

type quoteAnswer struct{ Quotes, Complete int }

// quoting asks the same mixed consignments again and again; only that is timed. The first
// round, which looks the rules up, is not.
var quoting = newWork("quote", func(_ context.Context, m *meter, q quoteQuestion) (quoteAnswer, error) {
	runtime.GOMAXPROCS(q.Workers)
	k := landed.New(law.Standard(), landed.Env{Tariffs: map[commerce.Market]*tariff.Schedule{"US": tariff.UnitedStates()}, Rates: roundRates})
	sales := mixedSales()
	ask := func(rounds int) (quoteAnswer, error) {
		var a quoteAnswer
		for range rounds {
			for i := range sales {
				complete, err := askOne(k, &sales[i], q.Short)
				if err != nil {
					return a, err
				}
				a.Quotes++
				if complete {
					a.Complete++
				}
			}
		}
		return a, nil
	}
	if _, err := ask(1); err != nil {
		return quoteAnswer{}, err
	}
	answers, errs := make([]quoteAnswer, q.Workers), make([]error, q.Workers)
	var wait sync.WaitGroup
	m.Begin()
	for w := range q.Workers {
		wait.Go(func() { answers[w], errs[w] = ask(q.Rounds) })
	}
	wait.Wait()
	m.End()
	var sum quoteAnswer
	for w, a := range answers {
		if errs[w] != nil {
			return sum, errs[w]
		}
		sum.Quotes, sum.Complete = sum.Quotes+a.Quotes, sum.Complete+a.Complete
	}
	return sum, nil
})

func askOne(k *landed.Calculator, s *landed.Sale, short bool) (complete bool, err error) {
	if short {
		u, err := k.Unit(s)
		return u.Complete, err
	}
	q, err := k.Quote(s.Consignment())
	if err != nil {
		return false, err
	}
	return q.Complete, nil
}

// mixedSales are a shirt and a watch from three countries to nineteen, below and above the
// limits, in 2010, 2025 and 2026, to consumers and to businesses, with fees and returns.
func mixedSales() (sales []landed.Sale) {
	for _, to := range []commerce.Market{"DE", "FR", "NL", "IT", "ES", "PL", "RO", "IE", "SE", "GB", "US", "CA", "AU", "NZ", "JP", "CH", "NO", "BR", "SG"} {
		for _, from := range []commerce.Market{"CN", "GB", "US"} {
			for i, day := range []string{"2010-06-01", "2025-06-02", "2026-03-02"} {
				d, err := calendar.ParseDay(day)
				if err != nil {
					panic("benchmark: " + err.Error())
				}
				for j, hs := range []string{"610910", "910211"} {
					sales = append(sales, landed.Sale{
						HS: hs, Origin: "CN", Grams: 250, From: from, To: to, Units: int64(1 + 3*i + j), Day: d,
						Price: money.FromE4(int64(125_000+j*640_000), "EUR"), Freight: money.FromE4(49_000, "EUR"),
						Business: j == 1 && i == 1, Marketplace: i == 2, Seller: landed.Seller{Registered: []landed.Registration{{In: "EU", Scheme: "ioss"}}},
						Fees: landed.Fees{CommissionShare: .15, PaymentShare: .029}, Returns: landed.Returns{Share: .06, Freight: money.FromE4(35_000, "EUR")},
					})
				}
			}
		}
	}
	return sales
}

// roundRates are what one euro is in other currencies, roughly: the work is the same at
// any rate.
func roundRates(base, quote money.Currency, on calendar.Day) (commerce.Rate, bool) {
	value, ok := map[money.Currency]float64{
		"GBP": .85, "USD": 1.1, "CAD": 1.5, "AUD": 1.65, "NZD": 1.8, "JPY": 160, "CHF": .95, "NOK": 11.5, "BRL": 6, "SGD": 1.45, "RON": 5,
	}[quote]
	return commerce.Rate{Base: base, Quote: quote, Day: on, Value: value}, ok && base == "EUR"
}

func measureLanded(ctx context.Context, r *run) ([]Row, error) {
	rows, err := goldenRows()
	if err != nil {
		return nil, err
	}
	const mixed = "two goods from three countries to 19 destinations on three days, limits, marketplaces, fees and returns mixed; median of 3"
	for _, form := range []struct {
		name, source string
		question     quoteQuestion
		must         *float64
	}{
		{"quotes a second, one core", "landed.Quote, every line with its rules, by CPU time; " + mixed, quoteQuestion{1, 200, false}, nil},
		{"quotes a second, two cores", "landed.Quote on two goroutines, over half of the CPU seconds of both; " + mixed, quoteQuestion{2, 200, false}, new(50_000.0)},
		{"units a second, one core", "landed.Unit, the totals without the lines, by CPU time; " + mixed, quoteQuestion{1, 400, true}, nil},
	} {
		var rates, complete []float64
		for range repeats {
			a, cost, err := quoting.run(ctx, form.question)
			if err != nil {
				return nil, err
			}
			// What the goroutines used together, over their number: others may be at work on
			// the machine, and take turns on its cores.
			took := cost.CPU / float64(form.question.Workers)
			rates, complete = append(rates, float64(a.Quotes)/took), append(complete, float64(a.Complete)/float64(a.Quotes))
		}
		rows = append(rows, Row{Name: form.name, Value: new(median(rates)), Unit: "1/s", Better: higher, Must: form.must,
			Source: fmt.Sprintf("%s; %.0f %% of them complete", form.source, 100*median(complete))})
	}
	return rows, nil
}

// goldenRows holds every golden case against the calculator.
func goldenRows() ([]Row, error) {
	cases, err := landed.Golden()
	if err != nil {
		return nil, err
	}
	books := map[string]*law.Book{}
	passed, sides := 0, map[string]int{}
	first := ""
	for _, c := range cases {
		if books[c.Pack] == nil {
			if books[c.Pack], err = landed.GoldenBook(c.Pack); err != nil {
				return nil, err
			}
		}
		differences, err := c.Differences(books[c.Pack])
		switch {
		case err != nil:
			return nil, fmt.Errorf("case %s: %w", c.Name, err)
		case len(differences) == 0:
			passed++
		case first == "":
			first = "; " + c.Name + ": " + differences[0]
		}
		if c.Change != "" {
			sides[c.Change]++
		}
	}
	changes := 0
	for _, n := range sides {
		if n > 1 {
			changes++
		}
	}
	source := "operations/landed/testdata/golden.csv: amounts to the cent, computed apart from published rates" + first
	return []Row{
		{Name: "golden cases", Value: new(float64(len(cases))), Unit: "cases", Better: higher, Must: new(120.0), Source: source},
		{Name: "golden cases that fail", Value: new(float64(len(cases) - passed)), Unit: "cases", Better: lower, Must: new(0.0), Source: source},
		{Name: "days of change with a case on either side", Value: new(float64(changes)), Unit: "days", Better: higher, Must: new(10.0), Source: source},
	}, nil
}
