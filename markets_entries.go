package tradewind

import (
	"context"
	"math"
	"slices"

	"tradewind/calendar"
	"tradewind/commerce"
	"tradewind/messages"
	"tradewind/operations/expansion"
)

// EntriesView is the markets without sales that the shop could enter, and what the figures
// on them are expected from.
type EntriesView struct {
	Entries []EntryView       `json:"entries"` // by value, best first
	Model   EntryModelView    `json:"model"`
	Unknown []commerce.Market `json:"unknown"` // candidates whose size or distance is not known
}

// EntryView is a market without sales and what a year there should bring, in whole units of
// the reporting currency.
type EntryView struct {
	Place        int              `json:"place"` // among candidates, by value
	Rank         int              `json:"rank"`  // among all markets and candidates, by expected contribution
	Market       commerce.Market  `json:"market"`
	Name         LocalizedText    `json:"name"`
	Channel      commerce.Channel `json:"channel"`
	From         commerce.Market  `json:"from"` // the nearest warehouse's country
	Currency     string           `json:"currency"`
	Sales        IntervalView     `json:"expected_sales"`
	Contribution IntervalView     `json:"expected_contribution"` // before the cost of entry
	Cost         IntervalView     `json:"entry_cost"`
	Value        IntervalView     `json:"value"` // contribution less the cost of entry
	Profit       float64          `json:"p_profit"`
	TopThree     float64          `json:"p_top3"` // that its contribution is among the three greatest of markets and candidates
	Landed       *LandedView      `json:"landed"` // nil: not applied
	Complete     bool             `json:"complete"`
	Assessed     *AssessedView    `json:"assessed"`
	Facts        []FactView       `json:"facts"`
	Reasons      []LocalizedText  `json:"reasons"`
	Assumed      []string         `json:"assumed"`
	Assumptions  []LocalizedText  `json:"assumptions"` // Assumed for people
	Notes        []LocalizedText  `json:"notes"`
}

// EntryModelView says what the sales of markets without any are expected from, and how far
// off that was on the shop's own markets, each left out in turn.
type EntryModelView struct {
	Kind    string       `json:"kind"`    // of the greatest weight: gravity, penetration or average
	Markets int          `json:"markets"` // foreign markets with sales
	Error   float64      `json:"error_factor"`
	Covered float64      `json:"covered"` // share of markets within their 80 % interval
	Came    float64      `json:"sales_over_expected"`
	AsOf    calendar.Day `json:"figures_as_of"`
}

// MarketEntries ranks the markets without sales that the shop could enter. A shop with fewer
// than eight foreign markets is fault.Invalid: they are all the evidence there is.
func (e *Engine) MarketEntries(ctx context.Context) (*EntriesView, error) {
	s, err := e.snapshot(ctx)
	if err != nil {
		return nil, err
	}
	m, err := e.studied(s)
	if err != nil {
		return nil, err
	}
	if m.Refused != nil {
		return nil, m.Refused
	}
	v := &EntriesView{Entries: []EntryView{}, Unknown: append([]commerce.Market{}, m.Study.Unknown...)}
	if model := m.Study.Model; model != nil {
		v.Model = EntryModelView{string(model.Kind), model.Markets, math.Exp(model.Checked.Error), model.Checked.Covered, model.Checked.Came, model.AsOf}
	}
	for i := range m.Study.Entries {
		v.Entries = append(v.Entries, m.entryView(i, s))
	}
	return v, nil
}

func (m marketStudy) entryView(i int, s *commerce.Snapshot) EntryView {
	x := &m.Study.Entries[i]
	v := EntryView{
		Place: i + 1, Rank: x.Rank, Market: x.Market, Name: countryName(x.Market), Channel: x.Channel, From: x.From, Currency: string(s.Currency),
		Sales: interval(x.Sales), Contribution: interval(x.Contribution), Cost: interval(x.Cost), Value: interval(x.Value),
		Profit: x.Profit, TopThree: x.TopThree, Landed: m.landedView(x.Market, x.Landed), Complete: x.Complete,
		Assessed: m.assessedView(x.Market), Facts: m.facts(x.Market), Reasons: localizedAll(x.Reasons),
		Assumed: m.assumedOf(x.Assumed, x.Landed), Notes: localizedAll(x.Notes),
	}
	v.Assumptions = assumptions(v.Assumed)
	return v
}

// assumptions says for people what keys of assumed inputs mean.
func assumptions(keys []string) []LocalizedText {
	list := []LocalizedText{}
	for _, key := range keys {
		list = append(list, localized(messages.M("markets.assumed."+key)))
	}
	return list
}

// entryAt finds a candidate; false where the shop sells there or nothing is known.
func (m marketStudy) entryAt(market commerce.Market) (i int, ok bool) {
	if m.Study == nil {
		return 0, false
	}
	i = slices.IndexFunc(m.Study.Entries, func(x expansion.Entry) bool { return x.Market == market })
	return i, i >= 0
}
