package tradewind

import (
	"context"
	"slices"

	"tradewind/calendar"
	"tradewind/commerce"
	"tradewind/messages"
	"tradewind/money"
	"tradewind/operations/expansion"
	"tradewind/plan"
)

// ThresholdView says when a seller will have to register for a tax.
type ThresholdView struct {
	Market    commerce.Market `json:"market"` // where one registers: a country, a part of one, or a union
	Name      LocalizedText   `json:"name"`
	Scheme    string          `json:"scheme"`
	Rule      RuleCited       `json:"rule"`
	Supported bool            `json:"supported"` // money may rest on the rule
	Limit     money.Amount    `json:"limit"`     // as the rule has it
	Amount    *money.Amount   `json:"threshold"` // in the reporting currency; nil: no rate is known
	Rate      *QuoteRate      `json:"exchange_rate"`
	Window    string          `json:"window"`     // calendar_year or rolling_12_months; "" from the first sale
	FirstSale bool            `json:"first_sale"` // there is no threshold: one registers from the first sale

	Selling  []commerce.Market `json:"selling"` // whose sales count
	SoFar    *money.Amount     `json:"so_far"`  // counted in the window that ends with the facts; nil where nothing could be counted
	LastYear *money.Amount     `json:"last_year"`
	Next     *IntervalView     `json:"expected_sales"` // of the next 365 days

	Due       bool          `json:"due"` // crossed already, now or in the calendar year before
	Since     *calendar.Day `json:"since"`
	Within365 *float64      `json:"p_within_365_days"`
	P10       *calendar.Day `json:"p10"` // the days by which it is crossed with probability .1, .5 and .9; nil: not within 365 days
	P50       *calendar.Day `json:"p50"`
	P90       *calendar.Day `json:"p90"`

	Notes []LocalizedText `json:"notes"`
}

// TaxThresholds lists the registrations that sales make necessary, or will: those that are
// due first, then by the day on which they are expected. What the settings name under
// seller.registered is left out.
func (e *Engine) TaxThresholds(ctx context.Context) ([]ThresholdView, error) {
	s, err := e.snapshot(ctx)
	if err != nil {
		return nil, err
	}
	m, err := e.studied(s)
	if err != nil {
		return nil, err
	}
	all, err := m.Obligations()
	if err != nil {
		return nil, err
	}
	slices.SortStableFunc(all, func(a, b plan.Obligation) int { return plan.Sooner(&a, &b) })
	views := make([]ThresholdView, len(all))
	for i := range all {
		views[i] = thresholdView(&all[i], &e.config.Seller)
	}
	return views, nil
}

func thresholdView(o *plan.Obligation, seller *commerce.Seller) ThresholdView {
	ref := o.Rule.Ref()
	v := ThresholdView{
		Market: o.Place, Name: placeName(o.Place), Scheme: o.Asks.Scheme, Rule: RuleCited{ref, ruleText(ref.Title), ref.Supported()}, Supported: ref.Supported(),
		Limit: o.Asks.Limit, Amount: o.Limit, Window: o.Asks.Window, FirstSale: o.FirstSale(),
		Selling: o.Counts, Notes: localizedAll(notesOn(o, seller)),
	}
	if o.Rate != nil {
		v.Rate = &QuoteRate{o.Rate.Base, o.Rate.Quote, o.Rate.Value, o.Rate.Day, o.Rate.Provenance.Source, o.Rate.Provenance.Assumed}
	}
	if v.FirstSale {
		v.Due, v.Within365, v.SoFar = true, new(1.), &o.Sold
	}
	r := o.Forecast
	if r == nil {
		return v
	}
	next := interval(r.Next)
	v.SoFar, v.Next, v.Due, v.Since, v.Within365 = &r.SoFar, &next, r.Due, r.Since, &r.Within365
	v.P10, v.P50, v.P90, v.Window = r.P10, r.P50, r.P90, string(r.Window)
	if r.Window == expansion.CalendarYear {
		v.LastYear = &r.LastYear
	}
	for _, note := range r.Notes {
		if note.Code != "expansion.note.threshold-crossed" { // Since says it
			v.Notes = append(v.Notes, localized(note))
		}
	}
	return v
}

// notesOn says what to know of an obligation besides its rule.
func notesOn(o *plan.Obligation, seller *commerce.Seller) (all []messages.Message) {
	switch {
	case o.Limit == nil:
		all = append(all, messages.M("markets.note.no-rate", messages.A("limit", o.Asks.Limit)))
	case o.FirstSale():
		all = append(all, messages.M("markets.note.first-sale"))
	case o.Rate != nil && o.Rate.Provenance.Assumed:
		all = append(all, messages.M("markets.note.rate", messages.A("base", string(o.Rate.Base)), messages.A("quote", string(o.Rate.Quote)),
			messages.A("value", messages.Decimal{X: o.Rate.Value, Places: 4}), messages.A("day", o.Rate.Day), messages.A("source", o.Rate.Provenance.Source)))
	}
	if o.Regions > 0 {
		all = append(all, messages.M("markets.note.regions", messages.A("n", o.Regions), messages.A("place", string(o.Place))))
	}
	if o.Asks.Transactions > 0 {
		all = append(all, messages.M("markets.note.transactions", messages.A("n", o.Asks.Transactions)))
	}
	if seller.PricesWithTax {
		all = append(all, messages.M("markets.note.with-tax"))
	}
	if len(seller.Marketplaces) > 0 {
		all = append(all, messages.M("markets.note.marketplaces"))
	}
	return all
}
