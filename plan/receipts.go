package plan

import (
	"cmp"
	"math"
	"slices"

	"tradewind/calendar"
	"tradewind/commerce"
	"tradewind/decision"
	"tradewind/operations/inventory"
)

// receiptsAt are the goods receipts of a site, by the day on which they came.
func receiptsAt(s *commerce.Snapshot, site Site) []commerce.Receipt {
	var list []commerce.Receipt
	for _, r := range s.ReceiptsOf(site.SKU) {
		if r.Location == site.Location && !s.AsOf.Before(r.Received) {
			list = append(list, r)
		}
	}
	return list
}

// receivedSince are the goods receipts of a site on the days after a count, the first first.
func receivedSince(s *commerce.Snapshot, site Site, counted calendar.Day) []commerce.Receipt {
	list := slices.DeleteFunc(receiptsAt(s, site), func(r commerce.Receipt) bool { return !counted.Before(r.Received) })
	slices.SortStableFunc(list, func(a, b commerce.Receipt) int { return a.Received.Compare(b.Received) })
	return list
}

// leftOf is what should lie on the shelf of what was counted and has come since, where so much
// was sold, and so much of it before each receipt. Goods are there at the end of their day, and
// what was sold before beyond the shelf was not sold of them. A count of less than nothing is
// left to be refused.
func leftOf(counted, sold commerce.Units, came []commerce.Receipt, before []float64) commerce.Units {
	if counted < 0 {
		return counted
	}
	left, gone := counted, commerce.Units(0)
	for k, r := range came {
		until := commerce.Units(math.Round(before[k]))
		left, gone = max(0, left-(until-gone))+r.Units, until
	}
	return max(0, left-(sold-gone))
}

// replenish adds to a count what was received on the days after it, and returns how much. Of
// what the count names as under way, that which was ordered before its day has come with it,
// unless it came of an order that the count does not know. A count of less than nothing is
// left to be refused.
func replenish(s *commerce.Snapshot, site Site, stock *commerce.Stock, placed []Placed) (received commerce.Units) {
	receipts := receiptsAt(s, site)
	if stock.OnHand < 0 || len(receipts) == 0 {
		return 0
	}
	since := func(r commerce.Receipt) bool { return stock.Day.Before(r.Received) }
	for _, r := range receipts {
		if since(r) {
			received += r.Units
		}
	}
	_, others := matched(ordersAt(placed, site), receipts)
	for _, r := range others {
		if since(r) && r.Ordered.Before(stock.Day) {
			stock.Inbound = max(min(stock.Inbound, 0), stock.Inbound-r.Units)
		}
	}
	stock.OnHand += received
	return received
}

// Held is a count of a site with what came since: where anything has, what should lie there by
// now, and what is under way of what the count names. placed are orders that it does not know.
func Held(s *commerce.Snapshot, counted commerce.Stock, placed []Placed) commerce.Stock {
	site := Site{counted.SKU, counted.Location}
	if replenish(s, site, &counted, placed) > 0 {
		counted.OnHand = commerce.Units(soldAt(s, site).left)
	}
	return counted
}

// writtenWithin is within how many days after its decision an order is written: a week later
// the next one is due.
const writtenWithin = 7

// after is how many days the writing of an order lies after the latest day of its decision,
// approved or left, that is not after it. Goods may have been ordered before an approved order
// left here, and a day before its approval by the calendar of another place, which counts as
// the furthest. ok: the order may be this one.
func (o *Placed) after(ordered calendar.Day) (days int, ok bool) {
	approved := o.Approved
	if approved == (calendar.Day{}) || o.Day.Before(approved) {
		approved = o.Day
	}
	switch {
	case !ordered.Before(o.Day):
		days = ordered.Sub(o.Day)
		return days, days < writtenWithin
	case !ordered.Before(approved):
		return ordered.Sub(approved), true
	}
	return math.MaxInt32, approved.Sub(ordered) == 1
}

// matched pairs the orders of a site with the receipts that brought them: those dated on a day
// of an order first, then each receipt with the latest order that is not after it. A receipt
// of more than its order is split. What no order here asked for comes back as others.
func matched(orders []Placed, receipts []commerce.Receipt) (parts map[decision.ID][]commerce.Receipt, others []commerce.Receipt) {
	type pair struct {
		order   *Placed
		receipt int
		after   int
	}
	var pairs []pair
	open := map[decision.ID]commerce.Units{}
	for i := range orders {
		open[orders[i].Decision] = orders[i].Units
		for k := range receipts {
			if days, ok := orders[i].after(receipts[k].Ordered); ok {
				pairs = append(pairs, pair{&orders[i], k, days})
			}
		}
	}
	slices.SortFunc(pairs, func(a, b pair) int {
		return cmp.Or(cmp.Compare(a.after, b.after), a.order.Day.Compare(b.order.Day), cmp.Compare(a.order.Decision, b.order.Decision), cmp.Compare(a.receipt, b.receipt))
	})
	parts, others = map[decision.ID][]commerce.Receipt{}, slices.Clone(receipts)
	for _, p := range pairs {
		r, id := &others[p.receipt], p.order.Decision
		if units := min(open[id], r.Units); units > 0 {
			part := *r
			part.Units = units
			parts[id] = append(parts[id], part)
			open[id], r.Units = open[id]-units, r.Units-units
		}
	}
	return parts, slices.DeleteFunc(others, func(r commerce.Receipt) bool { return r.Units == 0 })
}

// ordersAt are the orders to a site.
func ordersAt(placed []Placed, site Site) []Placed {
	var list []Placed
	for _, o := range placed {
		if o.SKU == site.SKU && o.Location == site.Location && o.From == "" {
			list = append(list, o)
		}
	}
	return list
}

// cameOf returns how many units of each order were received.
func cameOf(s *commerce.Snapshot, placed []Placed) map[decision.ID]commerce.Units {
	if len(s.Receipts) == 0 {
		return nil
	}
	units, seen := map[decision.ID]commerce.Units{}, map[Site]bool{}
	for _, o := range placed {
		site := Site{o.SKU, o.Location}
		if seen[site] {
			continue
		}
		seen[site] = true
		parts, _ := matched(ordersAt(placed, site), receiptsAt(s, site))
		for id, list := range parts {
			for _, r := range list {
				units[id] += r.Units
			}
		}
	}
	return units
}

// coming is a delivery of the past that is replayed: how many units, ordered on which day of
// the replay, and on which they were there for sale.
type coming struct {
	units            float64
	ordered, arrived int
}

// notYet is a day beyond every replay.
const notYet = math.MaxInt32

// pastDeliveries are those of a replay that begins after the day of a survey, read from the
// orders of people and from receipts.
type pastDeliveries struct {
	asOf     calendar.Day
	lead     int
	receipts []commerce.Receipt // of the site, since the beginning
	known    []inventory.PastOrder
	since    []coming // ordered since
}

// day counts days as orders are: goods that are ordered on day 0 with a lead time of L are
// there at the end of day L, and sold from day L of the replay on, whose day 0 is the next.
func (p *pastDeliveries) day(d calendar.Day) int { return d.Sub(p.asOf) }

// promised is when goods count as arrived of which no receipt tells: on their day, unless
// receipts go on after it and they are not among them.
func (p *pastDeliveries) promised(due int) int {
	for i := range p.receipts {
		if p.day(p.receipts[i].Received) >= due {
			return notYet
		}
	}
	return due
}

// wasComing adds units that the survey knew to be under way, due on a day.
func (p *pastDeliveries) wasComing(units float64, due, arrived int) {
	if units > 0 {
		p.known = append(p.known, inventory.PastOrder{Policy: units, Rounded: units, Units: units, PolicyDay: due, Due: due, Arrived: arrived})
	}
}

// deliveriesOf reads what came to a menu's site after its survey. Receipts belong to the orders
// that no count of then knew and to later ones first, as they did for the survey; earlier
// orders have what these leave.
func (m *Menu) deliveriesOf(then *Survey, now *commerce.Snapshot, placed []Placed, lead int) *pastDeliveries {
	p := &pastDeliveries{asOf: then.Snapshot.AsOf, lead: lead}
	var early []commerce.Receipt // on the shelf of then
	for _, r := range receiptsAt(now, m.Site) {
		if p.day(r.Received) <= 0 {
			early = append(early, r)
		} else {
			p.receipts = append(p.receipts, r)
		}
	}
	underWay, known := ordersAt(then.Placed, m.Site), map[decision.ID]bool{}
	for i := range underWay {
		known[underWay[i].Decision] = true
	}
	var later, earlier []Placed
	for _, o := range ordersAt(placed, m.Site) {
		switch {
		case known[o.Decision]:
		case p.day(o.Day) > 0:
			later = append(later, o)
		default: // the count of then knows it
			earlier = append(earlier, o)
		}
	}
	_, early = matched(underWay, early)
	before, _ := matched(later, early) // of an order that left here after its goods had come
	open := append(underWay, later...)
	for i := range open {
		for _, r := range before[open[i].Decision] {
			open[i].came += r.Units
		}
		open[i].Units = open[i].open()
	}
	parts, others := matched(open, p.receipts)
	ofEarlier, others := matched(earlier, others)
	for i := range open {
		o := &open[i]
		ordered, rest := p.day(o.Day), float64(o.Units)
		due := max(1, ordered+lead)
		deliver := func(units float64, arrived int) {
			switch {
			case units <= 0:
			case ordered <= 0:
				p.wasComing(units, due, arrived)
			default:
				p.since = append(p.since, coming{units, ordered, arrived})
			}
		}
		for _, r := range parts[o.Decision] {
			rest -= float64(r.Units)
			deliver(float64(r.Units), p.day(r.Received))
		}
		deliver(rest, p.promised(due))
	}
	counted := m.Problem.Inbound // by the count, which does not say when they are due
	for _, o := range earlier {
		counted = p.uncounted(ofEarlier[o.Decision], counted)
	}
	counted = p.uncounted(others, counted)
	half := (lead + 1) / 2
	p.wasComing(counted, half, p.promised(half))
	slices.SortStableFunc(p.since, func(a, b coming) int { return cmp.Compare(a.ordered, b.ordered) })
	return p
}

// uncounted adds receipts of which no order here says when they were due. Those that were
// ordered until the survey bring what its count named as under way; it returns what is left
// of that.
func (p *pastDeliveries) uncounted(receipts []commerce.Receipt, counted float64) float64 {
	for _, r := range receipts {
		units := float64(r.Units)
		ordered, arrived := p.day(r.Ordered), p.day(r.Received)
		if ordered <= 0 {
			known := min(units, max(0, counted))
			p.wasComing(known, max(1, ordered+p.lead), arrived)
			units, counted = units-known, counted-known
		}
		if units > 0 {
			p.since = append(p.since, coming{units, ordered, arrived})
		}
	}
	return counted
}
