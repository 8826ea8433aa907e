package tradewind

import (
	"context"
	"encoding/json"

	"tradewind/calendar"
	"tradewind/commerce"
	"tradewind/fault"
	"tradewind/operations/demand"
	"tradewind/store"
)

// PastForecast is a kept forecast of a series beside what came.
type PastForecast struct {
	Run    string       `json:"run"`
	Origin calendar.Day `json:"origin"`
	For    string       `json:"made_for"`
	Model  string       `json:"model"`
	Weeks  []PastBlock  `json:"weeks"`
	Total  PastBlock    `json:"total"`
	Before int64        `json:"units_before"` // sold in as many days up to the origin: the forecast "as many again"
}

// PastBlock is the forecast of some days and what was sold on them; nil until all of them
// are over.
type PastBlock struct {
	From   calendar.Day `json:"from"`
	To     calendar.Day `json:"to"`
	Mean   float64      `json:"mean"`
	P10    float64      `json:"p10"`
	P50    float64      `json:"p50"`
	P90    float64      `json:"p90"`
	Actual *int64       `json:"actual"`
}

const (
	pastShown = 12  // past forecasts in a view
	pastRead  = 120 // kept ones that are looked through for them
)

// pastForecasts returns the newest kept forecasts of a series of which at least one week is
// over: the last one of each day.
func (e *Engine) pastForecasts(ctx context.Context, s *commerce.Snapshot, it commerce.Item, sold []DemandPoint) ([]PastForecast, error) {
	kept, err := e.db.ForecastsOf(ctx, it.SKU, it.Market, pastRead)
	if err != nil {
		return nil, err
	}
	list := []PastForecast{}
	for i := range kept {
		k := &kept[i]
		repeated := len(list) > 0 && list[len(list)-1].Origin == k.Run.Origin
		if repeated || s.AsOf.Sub(k.Run.Origin) < 7 || k.Run.Origin.Before(s.From) {
			continue
		}
		p, err := pastForecast(k, s.AsOf, sold)
		if err != nil {
			return nil, err
		}
		if list = append(list, p); len(list) == pastShown {
			break
		}
	}
	return list, nil
}

func pastForecast(k *store.KeptForecast, asOf calendar.Day, sold []DemandPoint) (PastForecast, error) {
	var d runDetail
	if err := json.Unmarshal(k.Run.Detail, &d); err != nil {
		return PastForecast{}, fault.Wrap(err, "read forecast run %s", k.Run.ID)
	}
	after := k.Run.Origin.AddDays(1)
	block := func(from, days int, f store.Spread) PastBlock {
		b := PastBlock{after.AddDays(from), after.AddDays(from + days - 1), f.Mean, f.P10, f.P50, f.P90, nil}
		if !asOf.Before(b.To) {
			units := unitsBetween(sold, b.From, b.To)
			b.Actual = &units
		}
		return b
	}
	p := PastForecast{
		Run: k.Run.ID, Origin: k.Run.Origin, For: k.Run.For, Total: block(0, demand.PublishedDays, k.Total),
		Before: unitsBetween(sold, k.Run.Origin.AddDays(1-demand.PublishedDays), k.Run.Origin),
	}
	if k.Method < len(d.Methods) {
		p.Model = d.Methods[k.Method].Model
	}
	for w, f := range k.Weeks {
		p.Weeks = append(p.Weeks, block(7*w, 7, f))
	}
	return p, nil
}

// unitsBetween sums the days from…to, both included.
func unitsBetween(days []DemandPoint, from, to calendar.Day) int64 {
	units := int64(0)
	for _, d := range days {
		if !d.Day.Before(from) && !to.Before(d.Day) {
			units += d.Units
		}
	}
	return units
}
