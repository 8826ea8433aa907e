package console

import (
	"cmp"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"tradewind"
	"tradewind/calendar"
	"tradewind/commerce"
	"tradewind/fault"
	"tradewind/messages"
	"tradewind/money"
)

// quoteForm is the form of a quote as it was filled in. It is a GET: a quote changes
// nothing, and its address can be kept.
type quoteForm struct {
	Query      url.Values
	Incoterms  []string
	Transports []string
	More       bool // a field of the folded part is set
}

// Of returns what a field holds.
func (f quoteForm) Of(name string) string { return strings.TrimSpace(f.Query.Get(name)) }

// Ticked reports whether a box is ticked.
func (f quoteForm) Ticked(name string) bool { return f.Query.Get(name) == "1" }

// quoteFields are the fields of the form; those from mostAsked on are folded away.
var quoteFields = []string{"sku", "hs", "units", "price", "currency", "to", "from", "as_of",
	"region", "postcode", "channel", "origin", "grams", "incoterm", "transport", "scheme", "freight", "insurance", "brokerage", "handling",
	"known", "marketplace", "business", "with_tax"}

const mostAsked = 8

type quoteView struct {
	*tradewind.QuoteView // nil: nothing was asked, or it cannot be answered
	Form                 quoteForm
	Cited                []tradewind.RuleCited // every rule of the lines once, in their order
	CSV                  string
	wrongForm
}

func (c *Console) quotePage(r *http.Request) (*view, error) {
	p := quoteView{Form: quoteForm{Query: r.URL.Query(), Incoterms: tradewind.Incoterms(), Transports: tradewind.Transports()}}
	asked := slices.ContainsFunc(quoteFields, func(name string) bool { return p.Form.Of(name) != "" })
	p.Form.More = slices.ContainsFunc(quoteFields[mostAsked:], func(name string) bool { return p.Form.Of(name) != "" })
	v := &view{page: "quote", title: c.say(r, "console.quote.title"), section: "compliance"}
	if asked {
		p.CSV = "/compliance/quote.csv?" + r.URL.RawQuery
		q, err := c.quote(r)
		if p.wrongForm, err = c.mendable(r, v, err); err != nil {
			return nil, err
		}
		if q != nil {
			p.QuoteView, p.Cited = q, citedOnce(q.Lines)
		}
	}
	v.data = p
	return v, nil
}

func citedOnce(lines []tradewind.QuotedLine) []tradewind.RuleCited {
	var all []tradewind.RuleCited
	for _, l := range lines {
		for _, rule := range l.Rules {
			if !slices.ContainsFunc(all, func(known tradewind.RuleCited) bool { return known.ID == rule.ID }) {
				all = append(all, rule)
			}
		}
	}
	return all
}

// quote reads the address and asks the engine.
func (c *Console) quote(r *http.Request) (*tradewind.QuoteView, error) {
	q := r.URL.Query()
	request, err := quoteRequest(quoteForm{Query: q})
	if err != nil {
		return nil, err
	}
	return c.engine.Quote(r.Context(), request)
}

func quoteRequest(f quoteForm) (q tradewind.QuoteRequest, err error) {
	q = tradewind.QuoteRequest{
		From: marketIn(f.Query, "from"), To: marketIn(f.Query, "to"), Region: strings.ToUpper(f.Of("region")), Postcode: f.Of("postcode"),
		Channel: commerce.Channel(f.Of("channel")), Marketplace: f.Ticked("marketplace"), Business: f.Ticked("business"), IncludesTax: f.Ticked("with_tax"),
		Incoterm: strings.ToUpper(f.Of("incoterm")), Transport: f.Of("transport"), Scheme: f.Of("scheme"),
	}
	if q.To == "" {
		return q, fault.New(fault.Usage, "E-QUOTE-TO")
	}
	line := tradewind.QuoteLine{SKU: commerce.SKU(f.Of("sku")), HS: f.Of("hs"), Origin: marketIn(f.Query, "origin")}
	if line.Units, err = f.count("units"); err != nil {
		return q, err
	}
	if line.Grams, err = f.count("grams"); err != nil {
		return q, err
	}
	for name, to := range map[string]*money.Amount{"price": &line.Price, "freight": &q.Freight, "insurance": &q.Insurance, "brokerage": &q.Brokerage, "handling": &q.Handling} {
		if *to, err = f.amount(name); err != nil {
			return q, err
		}
	}
	for name, to := range map[string]**calendar.Day{"as_of": &q.AsOf, "known": &q.Known} {
		if f.Of(name) == "" {
			continue
		}
		day, err := calendar.ParseDay(f.Of(name))
		if err != nil {
			return q, err
		}
		*to = &day
	}
	q.Lines = []tradewind.QuoteLine{line}
	return q, nil
}

// count reads a whole number of 1 or more; 0 where the field is empty.
func (f quoteForm) count(name string) (int64, error) {
	if f.Of(name) == "" {
		return 0, nil
	}
	n, err := strconv.ParseInt(f.Of(name), 10, 64)
	if err != nil || n < 1 {
		return 0, wrongParameter(name, f.Of(name))
	}
	return n, nil
}

// amount reads a plain decimal in the currency of the form; "" is none.
func (f quoteForm) amount(name string) (money.Amount, error) {
	if f.Of(name) == "" {
		return money.Amount{}, nil
	}
	if f.Of("currency") == "" {
		return money.Amount{}, fault.New(fault.Usage, "E-CONSOLE-QUOTE-CURRENCY", fault.A("value", f.Of(name)))
	}
	currency, err := money.ParseCurrency(strings.ToUpper(f.Of("currency")))
	if err != nil {
		return money.Amount{}, err
	}
	return money.Parse(f.Of(name), currency)
}

// quoteCSV has a row for each line and one for each total. What is not known is empty: a
// spreadsheet would add a 0.
func (c *Console) quoteCSV(r *http.Request) (*view, error) {
	q, err := c.quote(r)
	if err != nil {
		return nil, err
	}
	lang := c.languageOf(r)
	s := &sheet{file: "quote-" + string(q.From) + "-" + string(q.To), columns: []string{"code", "item", "line", "bearer", "payee", "low", "high", "currency", "unknown", "formula", "rules", "rules_as_of", "rulebook"}}
	add := func(code string, item int, name, bearer, payee string, a tradewind.QuotedAmount, formula, rules string) {
		low, high := amountCell(a.Low.Round()), amountCell(a.High.Round())
		if a.Unknown {
			high = plainCell("")
			if a.Low.Sign() == 0 {
				low = plainCell("")
			}
		}
		s.add(textCell(code), intCell(item), textCell(name), textCell(bearer), textCell(payee), low, high, textCell(cmp.Or(string(a.Low.Currency()), string(q.Currency))), boolCell(a.Unknown),
			textCell(formula), textCell(rules), plainCell(q.AsOf.String()), textCell(q.Rulebook))
	}
	for _, l := range q.Lines {
		var ids []string
		for _, rule := range l.Rules {
			ids = append(ids, rule.ID+"@"+strconv.Itoa(rule.Version))
		}
		add(l.Code, l.Item, l.Name.In(lang), l.Bearer.In(lang), l.Payee.In(lang), l.Amount, l.Formula.In(lang), strings.Join(ids, " "))
	}
	for _, t := range totalsOf(q) {
		add(t.Code, 0, messages.Text(lang, "console.quote."+t.Code), "", "", t.Amount, "", "")
	}
	return &view{sheet: s}, nil
}

// total is one total of a quote.
type total struct {
	Code   string
	Amount tradewind.QuotedAmount
}

func totalsOf(q *tradewind.QuoteView) []total {
	return []total{{"landed_cost", q.Landed}, {"buyer_pays", q.BuyerPays}, {"net_revenue", q.Net}, {"duty", q.Duty}, {"tax", q.Tax}, {"fees", q.Fees}}
}

// Totals lists the totals, the ones to look at first.
func (p quoteView) Totals() []total { return totalsOf(p.QuoteView) }

// Exact reports an amount that is known to the last digit.
func (t total) Exact() bool { return !t.Amount.Unknown && t.Amount.Low == t.Amount.High }
