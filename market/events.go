package market

import (
	"slices"

	"tradewind/calendar"
)

// SaleEvent is an occasion to buy: a festival, a day of gifts, a sale that law or custom
// fixes.
type SaleEvent struct {
	Key      string `yaml:"key"`
	Name     Text   `yaml:"name"`
	Rule     string `yaml:"rule"`  // of its first day; see DateRule
	Days     int    `yaml:"days"`  // how long it lasts; 0 is 1
	Since    int    `yaml:"since"` // the first year; 0 is always
	Evidence `yaml:",inline"`
}

// Event is a sale event in a year.
type Event struct {
	Key       string
	Name      Text
	Period    calendar.Period // from its first day to the day after its last
	Estimated bool            // the sight of the moon decides: it may begin a day earlier or later
	Assumed   bool            // nobody has checked that it is kept there
}

// Events lists the sale events of a market that begin in a year, by day. A year beyond the
// tables of a festival that the market keeps is fault.Invalid: half a list would be taken
// for a whole one.
func (p *Pack) Events(year int) ([]Event, error) {
	var list []Event
	for _, e := range p.SaleEvents() {
		if year < e.Since {
			continue
		}
		rule, err := ParseDateRule(e.Rule)
		if err != nil {
			return nil, err
		}
		days, err := rule.In(year)
		if err != nil {
			return nil, err
		}
		for _, day := range days {
			list = append(list, Event{e.Key, e.Name, calendar.Period{From: day, To: day.AddDays(max(e.Days, 1))}, rule.estimated, e.Assumed})
		}
	}
	slices.SortStableFunc(list, func(a, b Event) int { return a.Period.From.Compare(b.Period.From) })
	return list, nil
}

// SaleEvents lists what the market keeps, from the shared list and of its own.
func (p *Pack) SaleEvents() []SaleEvent {
	var all []SaleEvent
	for _, key := range p.Festive {
		all = append(all, sharedEvents()[key])
	}
	return append(all, p.Own...)
}
