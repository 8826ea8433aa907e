package landed

import (
	"bytes"
	"embed"
	"encoding/csv"
	"fmt"
	"strconv"
	"strings"

	"tradewind/calendar"
	"tradewind/commerce"
	"tradewind/law"
	"tradewind/law/tariff"
	"tradewind/money"
)

//go:embed testdata/golden.csv testdata/given.yaml
var golden embed.FS

// Case is a consignment and what it must come to, computed by hand or by another program
// from published rates. A case tests the calculator at a rule: Pack names the packs that
// hold it, "" being the standard ones.
type Case struct {
	Name        string
	Change      string // the day on which a rule changed that it lies on one side of; "" for none
	Source      string
	Pack        string
	Consignment Consignment
	Env         Env
	Expected    string // "duty=6143.36 tax=17416.43 buyer=100351.79"
}

// Golden returns the cases that come with Tradewind.
func Golden() ([]Case, error) {
	text, err := golden.ReadFile("testdata/golden.csv")
	if err != nil {
		return nil, err
	}
	return readCases(text)
}

// GoldenBook returns the rules that the cases of a pack are held against.
func GoldenBook(pack string) (*law.Book, error) {
	if pack == "" {
		return law.Standard(), nil
	}
	text, err := golden.ReadFile("testdata/" + pack + ".yaml")
	if err != nil {
		return nil, err
	}
	return law.Read(law.File{Name: pack + ".yaml", Data: text})
}

// Differences computes the case over a book and lists what does not come to what it must:
// "tax is 12.30, want 12.31".
func (c *Case) Differences(book *law.Book) ([]string, error) {
	q, err := New(book, c.Env).Quote(&c.Consignment)
	if err != nil {
		return nil, err
	}
	var all []string
	for expected := range strings.FieldsSeq(c.Expected) {
		what, want, _ := strings.Cut(expected, "=")
		if got := q.shown(what); got != want {
			all = append(all, fmt.Sprintf("%s is %s, want %s", what, got, want))
		}
	}
	return all, nil
}

// shown writes a figure of a quote as the file of cases does.
func (q *Quote) shown(what string) string {
	switch what {
	case "duty":
		return q.Duty.plain()
	case "tax":
		return q.Tax.plain()
	case "fees":
		return q.Fees.plain()
	case "landed":
		return q.Landed.plain()
	case "buyer":
		return q.BuyerPays.plain()
	case "net":
		return q.NetRevenue.plain()
	case "value":
		return q.CustomsValue.Decimal()
	case "payer": // of the tax
		for i := range q.Charges {
			if c := &q.Charges[i]; c.Code == SaleTax || c.Code == ImportTax {
				return string(c.Payer)
			}
		}
	}
	return "not there"
}

// plain writes an amount as 12.30, a range as 10.00..12.30, and what is unknown and at
// least ten as 10.00+.
func (a Amount) plain() string {
	switch {
	case a.Unknown:
		return a.Low.Decimal() + "+"
	case a.Low != a.High:
		return a.Low.Decimal() + ".." + a.High.Decimal()
	}
	return a.Low.Decimal()
}

// caseReader reads the cells of a row; the first failure stays.
type caseReader struct {
	row map[string]string
	cur money.Currency
	err error
}

func readCases(text []byte) ([]Case, error) {
	rows, err := csv.NewReader(bytes.NewReader(text)).ReadAll()
	if err != nil {
		return nil, err
	}
	var cases []Case
	for _, row := range rows[1:] {
		r := caseReader{row: map[string]string{}}
		for i, name := range rows[0] {
			r.row[name] = row[i]
		}
		c := r.read()
		if r.err != nil {
			return nil, fmt.Errorf("case %s: %w", c.Name, r.err)
		}
		cases = append(cases, c)
	}
	return cases, nil
}

func (r *caseReader) read() Case {
	g := r.row
	r.cur = money.Currency(g["currency"])
	c := Case{Name: g["name"], Change: g["change"], Source: g["source"], Pack: g["pack"], Expected: g["expected"], Env: r.env()}
	c.Consignment = Consignment{
		Currency: r.cur, From: commerce.Market(g["from"]), To: commerce.Market(g["to"]), Region: g["region"], Postcode: g["postcode"],
		Marketplace: g["channel"] == "marketplace", Business: g["buyer"] == "business",
		Incoterm: g["incoterm"], Transport: g["transport"], Scheme: g["scheme"], IncludesTax: g["prices"] == "inclusive",
		Freight: r.amount(g["freight"]), Insurance: r.amount(g["insurance"]), Brokerage: r.amount(g["brokerage"]),
		Fees:    Fees{CommissionShare: r.number(g["commission"]), PaymentShare: r.number(g["payment"])},
		Returns: Returns{Share: r.number(g["returns"])},
		Dates:   Dates{Payment: r.day(g["paid"]), Customs: r.day(g["accepted"])},
	}
	for text := range strings.FieldsSeq(g["registered"]) { // "EU:ioss"
		in, scheme, _ := strings.Cut(text, ":")
		c.Consignment.Seller.Registered = append(c.Consignment.Seller.Registered, Registration{commerce.Market(in), scheme})
	}
	for text := range strings.FieldsSeq(g["lines"]) { // units x price @origin #code /class
		text, class, _ := strings.Cut(text, "/")
		text, hs, _ := strings.Cut(text, "#")
		text, origin, _ := strings.Cut(text, "@")
		units, price, _ := strings.Cut(text, "x")
		c.Consignment.Lines = append(c.Consignment.Lines, Line{HS: hs, Class: class, Origin: commerce.Market(origin), Units: int64(r.number(units)), Price: r.amount(price)})
	}
	return c
}

func (r *caseReader) amount(s string) money.Amount {
	if s == "" {
		return money.Amount{}
	}
	a, err := money.Parse(s, r.cur)
	r.keep(err)
	return a
}

func (r *caseReader) number(s string) float64 {
	if s == "" {
		return 0
	}
	x, err := strconv.ParseFloat(s, 64)
	r.keep(err)
	return x
}

func (r *caseReader) day(s string) (d calendar.Day) {
	if s == "" {
		return d
	}
	d, err := calendar.ParseDay(s)
	r.keep(err)
	return d
}

func (r *caseReader) keep(err error) {
	if r.err == nil {
		r.err = err
	}
}

// env reads the duties ("610910=12%") and exchange rates ("EUR/RON=5") that a case gives.
func (r *caseReader) env() (env Env) {
	if rows := strings.Fields(r.row["tariff"]); len(rows) > 0 {
		country := r.row["tariff_of"]
		text := "country,hs,rate,from,source\n"
		for _, row := range rows {
			hs, rate, _ := strings.Cut(row, "=")
			text += country + "," + hs + "," + rate + ",2000-01-01,as the case says\n"
		}
		s, err := tariff.ReadSchedule("case.csv", []byte(text))
		r.keep(err)
		env.Tariffs = map[commerce.Market]*tariff.Schedule{commerce.Market(country): s}
	}
	known := map[[2]money.Currency]float64{}
	for row := range strings.FieldsSeq(r.row["rates"]) {
		pair, value, _ := strings.Cut(row, "=")
		base, quote, _ := strings.Cut(pair, "/")
		known[[2]money.Currency{money.Currency(base), money.Currency(quote)}] = r.number(value)
	}
	env.Rates = func(base, quote money.Currency, on calendar.Day) (commerce.Rate, bool) {
		v, ok := known[[2]money.Currency{base, quote}]
		return commerce.Rate{Base: base, Quote: quote, Day: on, Value: v}, ok
	}
	return env
}
