package tradewind

import (
	"context"

	"tradewind/commerce"
	"tradewind/fault"
	"tradewind/money"
	"tradewind/operations/expansion"
)

// ComparisonView is two to four markets side by side.
type ComparisonView struct {
	Sides []SideView `json:"sides"`
	// Ahead is the probability that the market of the row contributes more next year than
	// that of the column.
	Ahead      [][]float64     `json:"p_ahead"`
	Currency   money.Currency  `json:"currency"`
	Assessment *AssessmentView `json:"assessment"` // of all foreign markets and candidates; nil: there is none
	NotAdvice  LocalizedText   `json:"not_legal_advice"`
}

// SideView is one market of a comparison: one of Present and Entry is there.
type SideView struct {
	Market  commerce.Market `json:"market"`
	Name    LocalizedText   `json:"name"`
	Present *MarketView     `json:"present"` // the shop sells there
	Entry   *EntryView      `json:"entry"`   // it does not
}

// CompareMarkets sets two to four markets side by side, those with sales and candidates
// alike.
func (e *Engine) CompareMarkets(ctx context.Context, markets []commerce.Market) (*ComparisonView, error) {
	s, err := e.snapshot(ctx)
	if err != nil {
		return nil, err
	}
	m, err := e.studied(s)
	if err != nil {
		return nil, err
	}
	if m.Study == nil {
		return nil, m.Refused
	}
	c, err := m.Study.Compare(m.Assessment, markets...)
	if err != nil {
		return nil, err
	}
	v := &ComparisonView{Ahead: c.Ahead, Currency: s.Currency, NotAdvice: notAdvice()}
	for _, side := range c.Sides {
		v.Sides = append(v.Sides, m.sideView(side.Name(), s))
	}
	if m.Assessment != nil {
		v.Assessment = m.assessmentView()
	}
	return v, nil
}

func (m marketStudy) sideView(market commerce.Market, s *commerce.Snapshot) SideView {
	side := SideView{Market: market, Name: countryName(market)}
	if i, ok := m.entryAt(market); ok {
		entry := m.entryView(i, s)
		side.Entry = &entry
		return side
	}
	for i := range m.Ranked {
		if m.Ranked[i].Market == market {
			present := m.marketView(&m.Ranked[i])
			side.Present = &present
		}
	}
	return side
}

// MarketScenario asks what a market would bring if something changed. Shares are relative:
// 0.05 is 5 % more.
type MarketScenario struct {
	Market     commerce.Market
	Price      float64
	Volume     float64 // beside the answer to the price
	Duty       float64 // added to landed charges, as a share of net sales
	FX         float64 // of what the market's currency is worth
	Elasticity float64 // of units to price, negative; 0: units do not answer to it
	EntryCost  string  // plain decimal in the reporting currency; "" is as the study has it
}

// ScenarioView is a market as it is expected and as it would be, drawn from the same
// futures.
type ScenarioView struct {
	Market    commerce.Market `json:"market"`
	Name      LocalizedText   `json:"name"`
	Candidate bool            `json:"candidate"` // nothing is sold there
	Currency  money.Currency  `json:"currency"`
	Expected  OutcomeView     `json:"expected"`
	Changed   OutcomeView     `json:"changed"`
	Landed    *LandedView     `json:"landed"`
	Complete  bool            `json:"complete"`
	Assumed   []string        `json:"assumed"`
	// Assumptions is Assumed for people.
	Assumptions []LocalizedText `json:"assumptions"`
	Notes       []LocalizedText `json:"notes"`
	NotAdvice   LocalizedText   `json:"not_legal_advice"`
}

// OutcomeView is what a market brings in 365 days, in whole units of the reporting currency.
type OutcomeView struct {
	Sales        IntervalView `json:"sales"`
	Contribution IntervalView `json:"contribution"` // before the cost of entry
	Cost         float64      `json:"entry_cost"`   // expected
	Result       IntervalView `json:"result"`
	Profit       float64      `json:"p_profit"`

	BreakEvenVolume *float64 `json:"break_even_volume"` // share of these units at which the result is 0; nil: none
	BreakEvenPrice  *float64 `json:"break_even_price"`  // share of these prices
	Payback         *float64 `json:"payback_days"`      // the median; nil: more than ten years or never
}

// MarketScenario draws what a market with sales or a candidate would bring under a change.
func (e *Engine) MarketScenario(ctx context.Context, q MarketScenario) (*ScenarioView, error) {
	s, err := e.snapshot(ctx)
	if err != nil {
		return nil, err
	}
	change := expansion.Change{Price: q.Price, Volume: q.Volume, Duty: q.Duty, FX: q.FX, Elasticity: q.Elasticity}
	if q.EntryCost != "" {
		cost, err := money.Parse(q.EntryCost, s.Currency)
		if err != nil {
			return nil, err
		}
		if cost.Sign() < 0 {
			return nil, fault.New(fault.Usage, "E-MARKETS-ENTRY-COST", fault.A("value", cost))
		}
		change.EntryCost = &cost
	}
	m, err := e.studied(s)
	if err != nil {
		return nil, err
	}
	expected, err := m.Scenario(q.Market, expansion.Change{})
	if err != nil {
		return nil, err
	}
	changed, err := m.Scenario(q.Market, change)
	if err != nil {
		return nil, err
	}
	v := &ScenarioView{Market: q.Market, Name: countryName(q.Market), Currency: s.Currency,
		Expected: outcomeView(expected), Changed: outcomeView(changed), NotAdvice: notAdvice()}
	switch side := m.sideView(q.Market, s); {
	case side.Entry != nil:
		v.Candidate, v.Landed, v.Complete, v.Assumed, v.Notes = true, side.Entry.Landed, side.Entry.Complete, side.Entry.Assumed, side.Entry.Notes
	case side.Present != nil:
		v.Landed, v.Complete, v.Assumed, v.Notes = side.Present.Landed, side.Present.Complete, side.Present.Assumed, side.Present.Notes
	}
	v.Assumptions = assumptions(v.Assumed)
	return v, nil
}

func outcomeView(o *expansion.Outcome) OutcomeView {
	return OutcomeView{
		Sales: interval(o.Sales), Contribution: interval(o.Contribution), Cost: o.Cost, Result: interval(o.Result), Profit: o.Profit,
		BreakEvenVolume: knownOrNil(o.BreakEvenVolume), BreakEvenPrice: knownOrNil(o.BreakEvenPrice), Payback: o.Payback,
	}
}
