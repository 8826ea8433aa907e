package tradewind

import (
	"tradewind/calendar"
	"tradewind/commerce"
	"tradewind/messages"
	"tradewind/operations/demand"
)

// ReturnRateView is the share of sold units that come back; P10 … P90 is where the true one
// lies with 80 %.
type ReturnRateView struct {
	Mean float64 `json:"mean"`
	P10  float64 `json:"p10"`
	P90  float64 `json:"p90"`
}

// RestView is a coming day that is not like other days of its weekday.
type RestView struct {
	Day    calendar.Day    `json:"day"`
	Market commerce.Market `json:"market,omitempty"` // whose holiday it is; "" for a day that the shop itself keeps
	Name   string          `json:"name,omitempty"`   // of the holiday, as the country calls it
	Share  float64         `json:"share"`            // of the usual trade that is expected; 0 is closed
}

// AlignmentView is what the forecast of a total says of the forecast of its series.
type AlignmentView struct {
	Market   commerce.Market `json:"market,omitempty"` // of the group; "" is the whole shop
	Category string          `json:"category,omitempty"`
	Factor   float64         `json:"factor"`   // forecast of the group's total / sum of the forecasts of its series
	Strength float64         `json:"strength"` // 0: the total is not listened to; 1: the series add up to it
	Applied  float64         `json:"applied"`  // Factor to the power of Strength: what this forecast was multiplied by
	Gain     *float64        `json:"gain"`     // share of the RMSSE that it took away in past windows, or would have; nil: not measured
	Error    *float64        `json:"gain_standard_error"`
	Windows  int             `json:"windows"`
	Text     LocalizedText   `json:"text"` // all of this in words
}

func returnRateOf(r demand.ReturnRate) ReturnRateView {
	return ReturnRateView{r.Mean, r.Quantile(.1), r.Quantile(.9)}
}

func restsOf(rests []demand.Rest) []RestView {
	list := make([]RestView, len(rests))
	for i, r := range rests {
		list[i] = RestView(r)
	}
	return list
}

// alignmentOf is nil where no total was held against the series.
func alignmentOf(a demand.Alignment) *AlignmentView {
	if a.Windows == 0 {
		return nil
	}
	view := &AlignmentView{
		Market: a.Market, Category: a.Category, Factor: a.Factor, Strength: a.Strength, Applied: a.Applied(),
		Gain: measured(a.Gain), Error: measured(a.Error), Windows: a.Windows,
	}
	group, code := messages.M("forecast.group.shop"), "forecast.alignment.unused"
	switch {
	case a.Category != "":
		group = messages.M("forecast.group.category", messages.A("market", string(a.Market)), messages.A("category", a.Category))
	case a.Market != "":
		group = messages.M("forecast.group.market", messages.A("market", string(a.Market)))
	}
	if a.Strength > 0 {
		code = "forecast.alignment.used"
	}
	view.Text = localized(messages.M(code, messages.A("group", group), messages.A("factor", messages.Decimal{X: a.Factor, Places: 3}),
		messages.A("applied", messages.Decimal{X: a.Applied(), Places: 3}), messages.A("strength", messages.Decimal{X: a.Strength, Places: 2}),
		messages.A("gain", messages.Decimal{X: 100 * a.Gain, Places: 2}), messages.A("error", messages.Decimal{X: 100 * a.Error, Places: 2}), messages.A("n", a.Windows)))
	return view
}
