package ingest

import (
	"cmp"
	"slices"

	"tradewind/calendar"
	"tradewind/commerce"
	"tradewind/money"
)

// creditDays is how long after a sale a credit note can still take it back.
const creditDays = 60

// Match ties credit notes to the sales that they take back: the same customer, SKU and
// unit price, the sale at most 60 days before. A credit note takes from the latest such
// sale that has units left, then from the one before, and so on; what it cannot place
// stays unmatched. A line's events never exceed its units.
//
// Where the customer is unknown there is nothing to tell two buyers apart, so such a
// credit note only takes back a whole sale to an unknown customer of exactly as many
// units earlier on the same business day.
//
// An event that takes back a whole line on its own business day is Cancelled, any other
// Returned. The result is ordered by day, credit and sale, does not depend on the order
// of the input, and neither slice is modified. O(n log n).
func Match(credits, sales []commerce.OrderLine) []commerce.LineEvent {
	wanted := make(map[deal]bool, len(credits))
	lines := make([]matchLine, 0, 2*len(credits))
	for i := range credits {
		if c := &credits[i]; c.Units > 0 {
			wanted[dealOf(c)] = true
			lines = append(lines, matchLine{c, dealOf(c), true, c.Units})
		}
	}
	for i := range sales {
		if s := &sales[i]; s.Units > 0 && wanted[dealOf(s)] {
			lines = append(lines, matchLine{s, dealOf(s), false, s.Units})
		}
	}
	slices.SortFunc(lines, matchLine.compare)

	var events []commerce.LineEvent
	var open []*matchLine // sales of one deal with units left, the latest last
	for i := range lines {
		line := &lines[i]
		if i == 0 || line.deal != lines[i-1].deal {
			open = open[:0]
		}
		if !line.credit {
			open = append(open, line)
			continue
		}
		for line.left > 0 && len(open) > 0 {
			sale := open[len(open)-1]
			if line.Day.Sub(sale.Day) > creditDays {
				break
			}
			taken := min(line.left, sale.left)
			events = append(events, eventOf(line.OrderLine, sale.OrderLine, taken))
			line.left -= taken
			if sale.left -= taken; sale.left == 0 {
				open = open[:len(open)-1]
			}
		}
	}
	slices.SortFunc(events, func(a, b commerce.LineEvent) int {
		return cmp.Or(a.Day.Compare(b.Day), compareKey(a.Credit, b.Credit), compareKey(a.Sale, b.Sale))
	})
	return events
}

// matchLine is a line with the units that are not matched yet.
type matchLine struct {
	*commerce.OrderLine
	deal   deal
	credit bool
	left   commerce.Units
}

// compare orders by deal and time; at one instant a sale comes before a credit note.
func (a matchLine) compare(b matchLine) int {
	if c := cmp.Or(a.deal.compare(b.deal), a.At.Compare(b.At)); c != 0 {
		return c
	}
	if a.credit != b.credit {
		if b.credit {
			return -1
		}
		return 1
	}
	return compareKey(a.Key, b.Key)
}

// deal is what a credit note and its sale have in common. Day and units only matter
// where the customer is unknown.
type deal struct {
	customer commerce.CustomerID
	sku      commerce.SKU
	price    money.Amount
	day      calendar.Day
	units    commerce.Units
}

func dealOf(l *commerce.OrderLine) deal {
	d := deal{customer: l.Customer, sku: l.SKU, price: l.Price}
	if l.Customer == "" {
		d.day, d.units = l.Day, l.Units
	}
	return d
}

func (d deal) compare(e deal) int {
	return cmp.Or(
		cmp.Compare(d.customer, e.customer), cmp.Compare(d.sku, e.sku),
		cmp.Compare(d.price.Currency(), e.price.Currency()), cmp.Compare(d.price.E4(), e.price.E4()),
		d.day.Compare(e.day), cmp.Compare(d.units, e.units),
	)
}

func eventOf(credit, sale *commerce.OrderLine, units commerce.Units) commerce.LineEvent {
	e := commerce.LineEvent{
		Kind: commerce.Returned, Sale: sale.Key, Credit: credit.Key,
		Units: units, Price: credit.Price, Day: credit.Day,
	}
	if units == sale.Units && credit.Day == sale.Day {
		e.Kind = commerce.Cancelled
	}
	return e
}

func compareKey(a, b commerce.Key) int {
	return cmp.Or(cmp.Compare(a.Hi, b.Hi), cmp.Compare(a.Lo, b.Lo))
}
