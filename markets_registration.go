package tradewind

import (
	"context"
	"slices"

	"tradewind/calendar"
	"tradewind/commerce"
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
	l, err := e.law(s)
	if err != nil {
		return nil, err
	}
	all := e.obligations(s, l)
	forecast, err := e.registrations(s, l, all)
	if err != nil {
		return nil, err
	}
	views := make([]ThresholdView, len(all))
	order := make([]expansion.Registration, len(all))
	place := make([]int, len(all))
	for i := range all {
		views[i] = e.thresholdView(s, &all[i], forecast[i])
		order[i], place[i] = expansion.Registration{Threshold: expansion.Threshold{Market: all[i].place}, Due: views[i].Due}, i
		if forecast[i] != nil {
			order[i] = *forecast[i]
		}
	}
	slices.SortStableFunc(place, func(i, j int) int { return expansion.Sooner(order[i], order[j]) })
	sorted := make([]ThresholdView, len(all))
	for k, i := range place {
		sorted[k] = views[i]
	}
	return sorted, nil
}

// registrations forecasts the obligations that have a threshold; nil for the others.
func (e *Engine) registrations(s *commerce.Snapshot, l plan.Law, all []obligation) ([]*expansion.Registration, error) {
	var thresholds []expansion.Threshold
	var of []int
	for i := range all {
		if all[i].limit != nil && all[i].limit.Sign() > 0 {
			thresholds, of = append(thresholds, all[i].threshold()), append(of, i)
		}
	}
	m, err := e.marketStudy(s, l)
	if err != nil {
		return nil, err
	}
	found, err := expansion.Registrations(s, m.params, thresholds, e.chance(streamThresholds))
	if err != nil {
		return nil, err
	}
	by := make([]*expansion.Registration, len(all))
	for k, i := range of {
		by[i] = &found[k]
	}
	return by, nil
}

func (e *Engine) thresholdView(s *commerce.Snapshot, o *obligation, r *expansion.Registration) ThresholdView {
	ref := o.rule.Ref()
	v := ThresholdView{
		Market: o.place, Name: placeName(o.place), Scheme: o.asks.Scheme, Rule: RuleCited{ref, ruleText(ref.Title), ref.Supported()}, Supported: ref.Supported(),
		Limit: o.asks.Limit, Amount: o.limit, Window: o.asks.Window, FirstSale: o.asks.Limit.Sign() == 0,
		Selling: o.counts, Notes: localizedAll(o.notes(&e.config.Seller)),
	}
	if o.rate != nil {
		v.Rate = &QuoteRate{o.rate.Base, o.rate.Quote, o.rate.Value, o.rate.Day, o.rate.Provenance.Source, o.rate.Provenance.Assumed}
	}
	if v.FirstSale {
		v.Due, v.Within365 = true, new(1.)
		v.SoFar = new(netSales(s, o.counts))
	}
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

// netSales of some markets in the last 365 days.
func netSales(s *commerce.Snapshot, markets []commerce.Market) money.Amount {
	var sum int64
	for i, it := range s.Items {
		if !slices.Contains(markets, it.Market) {
			continue
		}
		lo, hi := s.Rows(i)
		for r := lo; r < hi; r++ {
			if s.AsOf.Sub(s.Sales.Day[r]) < 365 {
				sum += s.Sales.Revenue[r] - s.Sales.Refunded[r]
			}
		}
	}
	return money.FromE4(sum, s.Currency).Round()
}
