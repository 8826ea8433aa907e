package console

import (
	"net/http"
	"slices"
	"strconv"
	"strings"

	"tradewind"
	"tradewind/calendar"
	"tradewind/commerce"
	"tradewind/decision"
)

const (
	reasonsShown  = 12
	productsShown = 40
)

// outcomes that a check can be narrowed to.
var checkOutcomes = []decision.Outcome{decision.Block, decision.Warn, decision.Pass}

type checkFilter struct {
	Market  commerce.Market
	SKU     string
	Outcome decision.Outcome
	Day     string // "" is the day of the workspace's rules
}

type checkView struct {
	*tradewind.ComplianceView // nil before the first import, and where the filter is wrong
	Filter                    checkFilter
	Outcomes                  []decision.Outcome
	Reasons                   []tradewind.ComplianceReason // that are shown
	More                      int                          // reasons that are not
	CSV                       string
	wrongForm
}

func (c *Console) checkPage(r *http.Request) (*view, error) {
	f, err := readCheckFilter(r)
	if err != nil {
		return nil, err
	}
	p := checkView{Filter: f, Outcomes: checkOutcomes, CSV: "/compliance/products.csv?" + r.URL.RawQuery}
	v := &view{page: "products", title: c.say(r, "console.check.title"), section: "compliance"}
	found, err := c.checked(r, f, productsShown)
	if p.wrongForm, err = c.mendable(r, v, err); err != nil {
		return nil, err
	}
	if found != nil {
		p.ComplianceView, p.Reasons = found, found.Reasons[:min(reasonsShown, len(found.Reasons))]
		p.More = len(found.Reasons) - len(p.Reasons)
	}
	v.data = p
	return v, nil
}

func readCheckFilter(r *http.Request) (checkFilter, error) {
	q := r.URL.Query()
	f := checkFilter{Market: marketIn(q, "market"), SKU: strings.TrimSpace(q.Get("sku")), Outcome: decision.Outcome(q.Get("outcome")), Day: q.Get("day")}
	if f.Outcome != "" && !slices.Contains(checkOutcomes, f.Outcome) {
		return f, wrongParameter("outcome", string(f.Outcome))
	}
	if f.Day != "" {
		if _, err := calendar.ParseDay(f.Day); err != nil {
			return f, wrongParameter("day", f.Day)
		}
	}
	return f, nil
}

// checked asks the engine; there is nothing to check before the first import.
func (c *Console) checked(r *http.Request, f checkFilter, limit int) (*tradewind.ComplianceView, error) {
	if ok, err := c.hasFacts(r); !ok {
		return nil, err
	}
	ask := tradewind.ComplianceFilter{Market: f.Market, SKU: commerce.SKU(f.SKU), Outcome: f.Outcome, Limit: limit}
	if day, err := calendar.ParseDay(f.Day); err == nil {
		ask.AsOf = &day
	}
	return c.engine.Compliance(r.Context(), ask)
}

// checkCSV has a row for each finding of each product in each market.
func (c *Console) checkCSV(r *http.Request) (*view, error) {
	f, err := readCheckFilter(r)
	if err != nil {
		return nil, err
	}
	found, err := c.checked(r, f, 0)
	if err != nil {
		return nil, err
	}
	lang := c.languageOf(r)
	s := &sheet{file: "compliance", columns: []string{"sku", "name", "market", "product_outcome", "sales", "currency", "key", "topic", "outcome", "text", "needs", "owner", "remedy", "rules", "unknown", "rules_as_of"}}
	if found == nil {
		return &view{sheet: s}, nil
	}
	for _, p := range found.Products {
		for _, x := range p.Findings {
			var needs, rules []string
			for _, n := range x.Needs {
				needs = append(needs, n.Name.In(lang))
			}
			for _, rule := range x.Rules {
				rules = append(rules, rule.ID+"@"+strconv.Itoa(rule.Version))
			}
			s.add(textCell(p.SKU), textCell(p.Name), textCell(p.Market), textCell(p.Outcome), amountCell(p.Sales), currencyCell(p.Sales), textCell(x.Key), textCell(x.Topic), textCell(x.Outcome),
				textCell(x.Text.In(lang)), textCell(strings.Join(needs, "; ")), textCell(x.Owner), textCell(x.Remedy.In(lang)), textCell(strings.Join(rules, " ")), boolCell(x.Unknown), plainCell(found.AsOf.String()))
		}
	}
	return &view{sheet: s}, nil
}

const partiesShown = 100

type partiesView struct {
	*tradewind.ScreeningView
	Shown []tradewind.ScreenedParty
}

// partiesPage screens the suppliers of the facts against the lists of the workspace.
func (c *Console) partiesPage(r *http.Request) (*view, error) {
	found, err := c.engine.Screen(r.Context(), nil)
	if err != nil {
		return nil, err
	}
	p := partiesView{found, found.Parties[:min(partiesShown, len(found.Parties))]}
	return &view{page: "parties", title: c.say(r, "console.parties.title"), section: "compliance", data: p}, nil
}

// partiesCSV has a row for each hit, and one for each party without.
func (c *Console) partiesCSV(r *http.Request) (*view, error) {
	found, err := c.engine.Screen(r.Context(), nil)
	if err != nil {
		return nil, err
	}
	s := &sheet{file: "parties", columns: []string{"name", "kind", "country", "role", "state", "hit", "hit_name", "matched", "score", "list", "list_version"}}
	for _, p := range found.Parties {
		party := []cell{textCell(p.Name), textCell(p.Kind), textCell(p.Country), textCell(p.Role), textCell(p.State)}
		if len(p.Hits) == 0 {
			s.add(append(party, plainCell(""), plainCell(""), plainCell(""), plainCell(""), plainCell(""), plainCell(""))...)
		}
		for _, h := range p.Hits {
			s.add(append(slices.Clone(party), textCell(h.ID), textCell(h.Name), textCell(h.Matched), floatCell(h.Score), textCell(h.List.Name), plainCell(h.List.Version.String()))...)
		}
	}
	return &view{sheet: s}, nil
}

// taxesPage says when sales make the seller register, and where they did already.
func (c *Console) taxesPage(r *http.Request) (*view, error) {
	all, err := c.taxes(r)
	if err != nil {
		return nil, err
	}
	return &view{page: "taxes", title: c.say(r, "console.taxes.title"), section: "compliance", data: all}, nil
}

// taxes lists the thresholds; there are none before the first import.
func (c *Console) taxes(r *http.Request) ([]tradewind.ThresholdView, error) {
	if ok, err := c.hasFacts(r); !ok {
		return nil, err
	}
	return c.engine.TaxThresholds(r.Context())
}

func (c *Console) taxesCSV(r *http.Request) (*view, error) {
	all, err := c.taxes(r)
	if err != nil {
		return nil, err
	}
	lang := c.languageOf(r)
	s := &sheet{file: "tax-thresholds", columns: []string{"market", "name", "scheme", "limit", "limit_currency", "threshold", "so_far", "currency", "window", "first_sale", "due", "since",
		"expected_sales", "expected_sales_p10", "expected_sales_p90", "p_within_365_days", "p10", "p50", "p90", "rule", "status", "supported"}}
	for _, t := range all {
		next := intervalCells(t.Next)
		amount, sofar, currency := plainCell(""), plainCell(""), plainCell("")
		if t.Amount != nil {
			amount, currency = amountCell(*t.Amount), currencyCell(*t.Amount)
		}
		if t.SoFar != nil {
			sofar, currency = amountCell(*t.SoFar), currencyCell(*t.SoFar)
		}
		s.add(textCell(t.Market), textCell(t.Name.In(lang)), textCell(t.Scheme), amountCell(t.Limit), currencyCell(t.Limit), amount, sofar, currency, textCell(t.Window), boolCell(t.FirstSale), boolCell(t.Due), dayCell(t.Since),
			next[0], next[1], next[2], knownCell(t.Within365), dayCell(t.P10), dayCell(t.P50), dayCell(t.P90), textCell(t.Rule.ID+"@"+strconv.Itoa(t.Rule.Version)), textCell(t.Rule.Status), boolCell(t.Supported))
	}
	return &view{sheet: s}, nil
}
