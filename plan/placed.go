package plan

import (
	"cmp"
	"slices"
	"strings"

	"tradewind/calendar"
	"tradewind/commerce"
	"tradewind/decision"
)

// Placed is an order or a transfer that people have decided on: approved, or executed
// already. Its units are under way although no stock file says so.
type Placed struct {
	Decision decision.ID
	SKU      commerce.SKU
	Location commerce.Location // where they go
	Units    commerce.Units
	Day      calendar.Day      // on which it left, or today while it waits to
	Approved calendar.Day      // of an order; zero: on Day
	From     commerce.Location // where a transfer takes them from; "" for an order

	came commerce.Units // of an order, by receipts: they are on the shelf
}

// open is what is still to come.
func (o *Placed) open() commerce.Units { return o.Units - o.came }

// With returns the survey with these orders and transfers under way.
//
// A stock count of a later day than the order is taken to know it: the goods have arrived,
// or stand in the count's own column of what is under way. One of the same day is not, for
// it may have been made in the morning. What came of an order by its receipts is on the shelf
// and no longer under way.
func (v *Survey) With(placed []Placed) *Survey {
	with := *v
	with.Placed = underWay(v.Snapshot, placed)
	with.Moved = movesUnderWay(v.Snapshot, placed)
	return &with
}

// underWay returns the orders that no stock count knows yet, by decision, each with what
// receipts say has come of it.
func underWay(s *commerce.Snapshot, placed []Placed) []Placed {
	var list []Placed
	for _, o := range placed {
		stock := countOf(s, Site{o.SKU, o.Location})
		if o.From == "" && stock != nil && !o.Day.Before(stock.Day) {
			list = append(list, o)
		}
	}
	came := cameOf(s, list)
	for i := range list {
		list[i].came = came[list[i].Decision]
	}
	slices.SortFunc(list, func(a, b Placed) int { return cmp.Compare(a.Decision, b.Decision) })
	return list
}

// orders returns the units on their way to a site and the orders that bring them.
func (s Site) orders(placed []Placed) (units commerce.Units, ids []decision.ID) {
	for _, o := range placed {
		if o.SKU == s.SKU && o.Location == s.Location && o.open() > 0 {
			units += o.open()
			ids = append(ids, o.Decision)
		}
	}
	return units, ids
}

// placedIDs names all orders and transfers that no count knows, those that came in full among
// them: their receipts are theirs, and nothing is ordered for some days after them.
func (v *Survey) placedIDs() []decision.ID {
	var ids []decision.ID
	for _, o := range v.Placed {
		ids = append(ids, o.Decision)
	}
	for _, o := range v.Moved {
		ids = append(ids, o.Decision)
	}
	slices.Sort(ids)
	return ids
}

func joined(ids []decision.ID) string {
	words := make([]string, len(ids))
	for i, id := range ids {
		words[i] = string(id)
	}
	return strings.Join(words, ", ")
}
