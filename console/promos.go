package console

import (
	"html/template"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"tradewind"
	"tradewind/calendar"
	"tradewind/commerce"
	"tradewind/console/chart"
	"tradewind/fault"
	"tradewind/messages"
	"tradewind/money"
)

const (
	promosShown  = 30 // in the list; the calendar has more
	cellShown    = 6  // promotions of a week and market in the calendar
	leftOutShown = 20
	endedShown   = 20
)

// promoPage is a plan of promotions.
type promoPage struct {
	*tradewind.PromoPlanView // nil before the first import, and where the question is wrong
	Query                    url.Values
	Currency                 money.Currency // of the budget
	Calendar                 []promoWeek
	Chart                    template.HTML
	Shown                    []tradewind.PromoView
	Left                     []tradewind.PromoLeftOut
	Ended                    []tradewind.PastPromotion
	CSV                      string
	wrongForm
}

// Of returns what a field of the form holds.
func (p promoPage) Of(name string) string { return strings.TrimSpace(p.Query.Get(name)) }

// Sheet is the address of a table beside the plan.
func (p promoPage) Sheet(table string) string {
	return with("/promotions/" + table + ".csv?" + p.Query.Encode())
}

// Exact reports a plan that is known to be the best there is: a gap below a tenth of a per
// cent is none that anybody would look for.
func (p promoPage) Exact() bool { return p.Gap < .001 }

// promoWeek is a week of the calendar, by market in the order of the plan.
type promoWeek struct {
	Number   int
	From, To calendar.Day
	Cells    []promoCell
}

type promoCell struct {
	Promos []tradewind.PromoView
	More   int // that are not shown
}

func (c *Console) promosPage(r *http.Request) (*view, error) {
	v := &view{page: "promos", title: c.say(r, "console.promos.title"), section: "prices"}
	p := promoPage{Query: r.URL.Query(), CSV: "/promotions.csv?" + r.URL.RawQuery}
	plan, currency, err := c.promos(r)
	if p.wrongForm, err = c.mendable(r, v, err); err != nil {
		return nil, err
	}
	p.Currency = currency
	if plan != nil {
		p.PromoPlanView, p.Calendar, p.Chart = plan, calendarOf(plan), c.promoChart(r, plan)
		p.Shown, p.Left, p.Ended = plan.Promos[:min(promosShown, len(plan.Promos))], plan.LeftOut[:min(leftOutShown, len(plan.LeftOut))], plan.Past[:min(endedShown, len(plan.Past))]
	}
	v.data = p
	return v, nil
}

// promos plans promotions; before the first import there is nothing to plan. The currency
// is that in which budgets are.
func (c *Console) promos(r *http.Request) (*tradewind.PromoPlanView, money.Currency, error) {
	status, _, err := c.look(r.Context())
	if err != nil || status.FactsAsOf == nil {
		return nil, "", err
	}
	ask, err := promoOptions(r.URL.Query(), status.Currency)
	if err != nil {
		return nil, status.Currency, err
	}
	plan, err := c.engine.PromoPlan(r.Context(), ask)
	return plan, status.Currency, err
}

// The bounds of what may be asked for; what is left empty is taken from the settings.
const (
	mostPromoWeeks = 52
	mostPromoSlots = 50
)

func promoOptions(q url.Values, currency money.Currency) (tradewind.PromoOptions, error) {
	ask := tradewind.PromoOptions{Market: marketIn(q, "market")}
	for _, n := range []struct {
		name string
		most int
		to   *int
	}{{"weeks", mostPromoWeeks, &ask.Weeks}, {"slots", mostPromoSlots, &ask.Slots}} {
		text := strings.TrimSpace(q.Get(n.name))
		if text == "" {
			continue
		}
		value, err := strconv.Atoi(text)
		if err != nil || value < 1 || value > n.most {
			return ask, fault.New(fault.Usage, "E-CONSOLE-PROMO-COUNT", fault.A("value", text), fault.A("most", n.most))
		}
		*n.to = value
	}
	if text := strings.TrimSpace(q.Get("budget")); text != "" {
		budget, err := money.Parse(text, currency)
		if err != nil || budget.Sign() < 0 {
			return ask, fault.From(err, fault.Usage, "E-CONSOLE-PROMO-BUDGET", fault.A("value", text), fault.A("currency", string(currency)))
		}
		ask.Budget = budget
	}
	return ask, nil
}

// calendarOf sets the promotions of a plan by week and market.
func calendarOf(plan *tradewind.PromoPlanView) []promoWeek {
	column := map[commerce.Market]int{}
	for i, m := range plan.Markets {
		column[m] = i
	}
	weeks := make([]promoWeek, plan.Weeks)
	for w := range weeks {
		from := plan.From.AddDays(7 * w)
		weeks[w] = promoWeek{w + 1, from, from.AddDays(6), make([]promoCell, len(plan.Markets))}
	}
	for _, p := range plan.Promos {
		if p.Week < 1 || p.Week > len(weeks) {
			continue
		}
		cell := &weeks[p.Week-1].Cells[column[p.Item.Market]]
		if len(cell.Promos) < cellShown {
			cell.Promos = append(cell.Promos, p)
		} else {
			cell.More++
		}
	}
	return weeks
}

// promoChart shows what the promotions of each week are worth together.
func (c *Console) promoChart(r *http.Request, plan *tradewind.PromoPlanView) template.HTML {
	if len(plan.Promos) == 0 {
		return ""
	}
	value := make([]float64, plan.Weeks)
	for _, p := range plan.Promos {
		if p.Week >= 1 && p.Week <= len(value) {
			value[p.Week-1] += p.Value.Mean.Float()
		}
	}
	t := chart.Trend{Title: c.say(r, "console.promos.chart"), Summary: c.say(r, "console.promos.chart.desc", messages.A("n", len(plan.Promos)), messages.A("weeks", plan.Weeks)), Step: 7, Height: 170,
		Axis: c.say(r, "console.promos.axis", messages.A("currency", string(plan.Value.Mean.Currency()))), Format: tidy}
	for w, v := range value {
		t.Bars = append(t.Bars, chart.Point{Day: plan.From.AddDays(7 * w), Y: v})
	}
	return t.SVG()
}

// promosCSV has a row for each promotion of the plan.
func (c *Console) promosCSV(r *http.Request) (*view, error) {
	plan, _, err := c.promos(r)
	if err != nil {
		return nil, err
	}
	s := &sheet{file: "promotions", columns: []string{"week", "from", "to", "sku", "product", "market", "channel", "price", "was", "prior", "price_currency", "depth", "announced_reduction", "vehicle",
		"extra_units_mean", "extra_units_p10", "extra_units_p90", "value_mean", "value_p10", "value_p90", "value_currency", "proof_rule", "proof_price", "proof_from", "proof_to", "decision"}}
	if plan == nil {
		return &view{sheet: s}, nil
	}
	for _, part := range valuePartsOf(plan) {
		s.columns = append(s.columns, "part_"+part)
	}
	for _, p := range plan.Promos {
		var proof [4]cell
		if len(p.Proof) > 0 {
			x := p.Proof[0]
			proof = [4]cell{textCell(x.Source), amountCell(x.Price), plainCell(x.From.String()), plainCell(x.To.String())}
		}
		row := []cell{intCell(p.Week), plainCell(p.From.String()), plainCell(p.To.String()), textCell(p.Item.SKU), textCell(p.Product), textCell(p.Item.Market), textCell(p.Item.Channel),
			amountCell(p.Price), amountCell(p.Was), pricedCell(&p.Prior), currencyCell(p.Price), floatCell(p.Depth), floatCell(p.Announce), textCell(p.Vehicle),
			floatCell(p.Units.Mean), floatCell(p.Units.Low), floatCell(p.Units.High), amountCell(p.Value.Mean), amountCell(p.Value.Low), amountCell(p.Value.High), currencyCell(p.Value.Mean),
			proof[0], proof[1], proof[2], proof[3], textCell(p.Decision)}
		for _, part := range p.Parts {
			row = append(row, amountCell(part.Now))
		}
		s.add(row...)
	}
	return &view{sheet: s}, nil
}

// valuePartsOf names the parts of a promotion's value: those of every promotion are the same.
func valuePartsOf(plan *tradewind.PromoPlanView) []string {
	var codes []string
	if len(plan.Promos) > 0 {
		for _, part := range plan.Promos[0].Parts {
			codes = append(codes, part.Code)
		}
	}
	return codes
}

// promoCSV is one of the tables beside the plan, whole.
func (c *Console) promoCSV(r *http.Request) (*view, error) {
	plan, _, err := c.promos(r)
	if err != nil {
		return nil, err
	}
	if plan == nil {
		plan = &tradewind.PromoPlanView{}
	}
	lang := c.languageOf(r)
	s := &sheet{file: "promotions-" + strings.TrimSuffix(r.PathValue("table"), ".csv")}
	switch r.PathValue("table") {
	case "uplift.csv":
		s.columns = []string{"category", "vehicle", "promotions", "lift_mean", "lift_p10", "lift_p90", "dip", "reason"}
		for _, u := range plan.Uplifts {
			lift := intervalCells(u.Lift)
			s.add(textCell(u.Category), textCell(u.Vehicle), intCell(u.Promos), lift[0], lift[1], lift[2], knownCell(u.Dip), textCell(u.Reason.In(lang)))
		}
	case "left-out.csv":
		s.columns = []string{"sku", "market", "channel", "reason"}
		for _, l := range plan.LeftOut {
			s.add(textCell(l.Item.SKU), textCell(l.Item.Market), textCell(l.Item.Channel), textCell(l.Reason.In(lang)))
		}
	case "past.csv":
		s.columns = []string{"sku", "market", "channel", "name", "from", "to", "depth", "vehicle"}
		for _, p := range plan.Past {
			s.add(textCell(p.Item.SKU), textCell(p.Item.Market), textCell(p.Item.Channel), textCell(p.Name), plainCell(p.From.String()), plainCell(p.To.String()), knownCell(p.Depth), textCell(p.Vehicle))
		}
	default:
		return c.noSuchPage(r)
	}
	return &view{sheet: s}, nil
}
