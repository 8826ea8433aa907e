package tradewind

import (
	"context"
	"math"
	"math/rand/v2"

	"tradewind/commerce"
	"tradewind/messages"
	"tradewind/money"
	"tradewind/operations/expansion"
)

// MarketView is one market's rank and what it rests on.
type MarketView struct {
	Rank     int             `json:"rank"`
	Market   commerce.Market `json:"market"`
	Name     LocalizedText   `json:"name"`
	Sales    money.Amount    `json:"sales"` // last 365 days, net of returns
	Share    float64         `json:"share"`
	Growth   *IntervalView   `json:"growth"`                // year on year, shrunk towards the mean of all markets; nil with less than two years
	Margin   *IntervalView   `json:"margin_rate"`           // contribution rate; nil where no cost is known
	Score    IntervalView    `json:"expected_contribution"` // next 365 days, reporting currency
	TopThree float64         `json:"p_top3"`                // probability of a rank of 3 or better
	Lines    int64           `json:"lines"`                 // order lines of the last 365 days
	Home     bool            `json:"home"`                  // a warehouse stands there
	Assumed  []string        `json:"assumed"`
	Notes    []LocalizedText `json:"notes"`
}

// IntervalView is an estimate with its 80 % interval.
type IntervalView struct {
	Mean float64 `json:"mean"`
	Low  float64 `json:"p10"`
	High float64 `json:"p90"`
}

// Markets ranks the markets by the contribution that the next 365 days should bring.
func (e *Engine) Markets(ctx context.Context) ([]MarketView, error) {
	s, err := e.snapshot(ctx)
	if err != nil {
		return nil, err
	}
	seed := e.config.Plan.Seed
	ranked := expansion.Rank(s, expansion.Params{FeeRate: e.config.Plan.FeeRate}, rand.New(rand.NewPCG(seed, 0x6D61726B657473)))
	views := make([]MarketView, len(ranked))
	for i, m := range ranked {
		views[i] = MarketView{
			Rank: m.Rank, Market: m.Market, Name: countryName(m.Market), Home: m.Home,
			Sales: m.Sales, Share: known(m.Share), Lines: m.Lines, TopThree: m.TopThree,
			Score: interval(m.Contribution), Assumed: append([]string{}, m.Assumed...), Notes: localizedAll(m.Notes),
		}
		if m.Growth != nil {
			growth := interval(m.Growth.AsRate())
			views[i].Growth = &growth
		}
		if m.Margin != nil {
			margin := interval(*m.Margin)
			views[i].Margin = &margin
		}
	}
	return views, nil
}

func countryName(m commerce.Market) LocalizedText {
	return LocalizedText{messages.Country(messages.English, string(m)), messages.Country(messages.Chinese, string(m))}
}

// known turns the unknown of the numerics into 0 where a view has no room for it.
func known(x float64) float64 {
	if math.IsNaN(x) {
		return 0
	}
	return x
}

func interval(i expansion.Interval) IntervalView { return IntervalView{i.Mean, i.P10, i.P90} }
