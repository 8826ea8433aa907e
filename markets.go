package tradewind

import (
	"context"
	"math"
	"slices"
	"sync"

	"tradewind/calendar"
	"tradewind/commerce"
	"tradewind/market"
	"tradewind/messages"
	"tradewind/money"
	"tradewind/operations/expansion"
	"tradewind/operations/landed"
	"tradewind/plan"
)

// MarketView is one market's rank and what it rests on.
type MarketView struct {
	Rank     int             `json:"rank"`
	Market   commerce.Market `json:"market"`
	Name     LocalizedText   `json:"name"`
	Sales    money.Amount    `json:"sales"` // last 365 days, net of returns
	Share    float64         `json:"share"`
	Growth   *IntervalView   `json:"growth"`                // year on year, shrunk towards the mean of all markets; nil with less than two years
	Margin   *IntervalView   `json:"margin_rate"`           // contribution rate before landed charges; nil where no cost is known
	Landed   *LandedView     `json:"landed"`                // charges on the way there; nil: not applied
	Score    IntervalView    `json:"expected_contribution"` // next 365 days, reporting currency
	Complete bool            `json:"complete"`              // goods and landed charges are in it, if only as a range
	TopThree float64         `json:"p_top3"`                // probability of a rank of 3 or better, by contribution
	Lines    int64           `json:"lines"`                 // order lines of the last 365 days
	Home     bool            `json:"home"`                  // a warehouse stands there
	Assessed *AssessedView   `json:"assessed"`              // beside foreign markets and candidates under all criteria; nil at home and where no figures are published
	Facts    []FactView      `json:"facts"`
	Assumed  []string        `json:"assumed"`

	Assumptions []LocalizedText `json:"assumptions"` // Assumed for people
	Notes       []LocalizedText `json:"notes"`
}

// IntervalView is an estimate with its 80 % interval.
type IntervalView struct {
	Mean float64 `json:"mean"`
	Low  float64 `json:"p10"`
	High float64 `json:"p90"`
}

// LandedView is duty, tax and fees on the way to a market as shares of net sales, over the
// usual orders of what sells best there: what the seller bears of them, and Due, all of
// them, whoever bears them. Freight is not in it.
type LandedView struct {
	ShareView
	Due   ShareView `json:"due"`
	Rules []string  `json:"rules"` // IDs
}

// ShareView is a share of net sales, or a range of it. An unknown one is not 0.
type ShareView struct {
	Status string   `json:"status"` // known, range or unknown
	Rate   *float64 `json:"rate"`   // nil: unknown
	Low    *float64 `json:"low"`
	High   *float64 `json:"high"`
}

// FactView is a published figure on a country.
type FactView struct {
	Code   string        `json:"code"` // gdp, population, inflation, logistics, distance
	Name   LocalizedText `json:"name"`
	Value  float64       `json:"value"`
	Unit   string        `json:"unit"`
	Year   int           `json:"year"` // that it describes; 0: none
	Source string        `json:"source"`
}

// Markets ranks the markets by the contribution that the next 365 days should bring.
func (e *Engine) Markets(ctx context.Context) ([]MarketView, error) {
	s, err := e.snapshot(ctx)
	if err != nil {
		return nil, err
	}
	m, err := e.studied(s)
	if err != nil {
		return nil, err
	}
	views := make([]MarketView, len(m.Ranked))
	for i := range m.Ranked {
		views[i] = m.marketView(&m.Ranked[i])
	}
	return views, nil
}

// marketStudies keeps what was last worked out of the markets, as of the facts and the law:
// it takes a fifth of a second in the demo.
type marketStudies struct {
	mu    sync.Mutex
	last  *plan.MarketStudy
	stamp marketStamp
}

type marketStamp struct {
	facts *commerce.Snapshot
	rules *landed.Calculator // of the law's book, tariffs and rates
	packs **market.Pack      // the first of the law's packs: a new reading has new ones
	day   calendar.Day
}

// marketStudy works out the markets, once for the same facts and law.
func (e *Engine) marketStudy(s *commerce.Snapshot, l plan.Law) (*plan.MarketStudy, error) {
	e.markets.mu.Lock()
	defer e.markets.mu.Unlock()
	now := marketStamp{s, l.Calculator, &l.Packs[0], l.AsOf}
	if e.markets.last != nil && e.markets.stamp == now {
		return e.markets.last, nil
	}
	m, err := plan.NewMarketStudy(s, e.config.Plan, l)
	if err != nil {
		return nil, err
	}
	e.markets.last, e.markets.stamp = m, now
	return m, nil
}

// marketStudy shows a study.
type marketStudy struct{ *plan.MarketStudy }

// studied works out the markets under the law of the workspace.
func (e *Engine) studied(s *commerce.Snapshot) (marketStudy, error) {
	l, err := e.law(s)
	if err != nil {
		return marketStudy{}, err
	}
	m, err := e.marketStudy(s, l)
	return marketStudy{m}, err
}

// marketView shows a market of the ranking. Its interval is the one of the study, where
// there is one, so that it is the same wherever the market is shown.
func (m marketStudy) marketView(r *expansion.Market) MarketView {
	v := MarketView{
		Rank: r.Rank, Market: r.Market, Name: countryName(r.Market), Home: r.Home,
		Sales: r.Sales, Share: known(r.Share), Lines: r.Lines, TopThree: r.TopThree,
		Score: interval(r.Contribution), Complete: r.Complete, Landed: m.landedView(r.Market, r.Landed),
		Assessed: m.assessedView(r.Market), Facts: m.facts(r.Market),
		Assumed: m.assumedOf(r.Assumed, r.Landed), Notes: localizedAll(r.Notes),
	}
	v.Assumptions = assumptions(v.Assumed)
	if drawn := m.drawn(r.Market); drawn != nil {
		v.Score = interval(drawn.Contribution)
	}
	if r.Growth != nil {
		growth := interval(r.Growth.AsRate())
		v.Growth = &growth
	}
	if r.Margin != nil {
		margin := interval(*r.Margin)
		v.Margin = &margin
	}
	return v
}

// drawn finds a market with rows in the study.
func (m marketStudy) drawn(market commerce.Market) *expansion.Market {
	if m.Study == nil {
		return nil
	}
	i := slices.IndexFunc(m.Study.Markets, func(x expansion.Market) bool { return x.Market == market })
	if i < 0 {
		return nil
	}
	return &m.Study.Markets[i]
}

// assumedOf adds what landed charges assume, where they are applied.
func (m marketStudy) assumedOf(keys []string, l *expansion.Landed) []string {
	all := append([]string{}, keys...)
	if l != nil && l.Status != expansion.LandedUnknown {
		all = append(all, m.Assumed...)
	}
	return all
}

func (m marketStudy) facts(market commerce.Market) []FactView {
	views := []FactView{}
	if m.Study == nil {
		return views
	}
	for _, f := range m.Study.Facts(market) {
		views = append(views, FactView{f.Name, localized(messages.M("expansion.fact." + f.Name)), f.Value, f.Unit, f.Year, f.Source})
	}
	return views
}

// landedView shows charges; nil where they are not applied.
func (m marketStudy) landedView(market commerce.Market, l *expansion.Landed) *LandedView {
	if l == nil {
		return nil
	}
	return &LandedView{shareView(*l), shareView(m.Charges[market].Due), append([]string{}, l.Rules...)}
}

func shareView(l expansion.Landed) ShareView {
	if l.Status != expansion.LandedKnown && l.Status != expansion.LandedRange {
		return ShareView{Status: string(expansion.LandedUnknown)}
	}
	return ShareView{string(l.Status), &l.Rate, &l.Low, &l.High}
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

// knownOrNil keeps the unknown of the numerics apart from 0.
func knownOrNil(x float64) *float64 {
	if math.IsNaN(x) || math.IsInf(x, 0) {
		return nil
	}
	return &x
}

func interval(i expansion.Interval) IntervalView { return IntervalView{i.Mean, i.P10, i.P90} }
