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

// replenish adds to a count what was received on the days after it, and returns how much. Of
// what the count names as under way, that which was ordered before its day has come with it.
func replenish(s *commerce.Snapshot, site Site, stock *commerce.Stock) (received commerce.Units) {
	for _, r := range receiptsAt(s, site) {
		if !stock.Day.Before(r.Received) {
			continue
		}
		received += r.Units
		if r.Ordered.Before(stock.Day) {
			stock.Inbound = max(min(stock.Inbound, 0), stock.Inbound-r.Units)
		}
	}
	stock.OnHand += received
	return received
}

// writtenWithin is how many days after its decision an order may be written.
const writtenWithin = 7

// matched pairs the orders of a site, the oldest first, with the receipts that brought them:
// those of an order dated on its day or within a week of it. A receipt of more than its
// order is split. What no order here asked for comes back as others.
func matched(orders []Placed, receipts []commerce.Receipt) (parts map[decision.ID][]commerce.Receipt, others []commerce.Receipt) {
	parts = map[decision.ID][]commerce.Receipt{}
	orders = slices.Clone(orders)
	slices.SortFunc(orders, func(a, b Placed) int { return cmp.Or(a.Day.Compare(b.Day), cmp.Compare(a.Decision, b.Decision)) })
	others = slices.Clone(receipts)
	for _, o := range orders {
		open := o.Units
		for i := range others {
			r := &others[i]
			late := r.Ordered.Sub(o.Day)
			units := min(open, r.Units)
			if late < 0 || late > writtenWithin || units == 0 {
				continue
			}
			part := *r
			part.Units = units
			parts[o.Decision] = append(parts[o.Decision], part)
			open, r.Units = open-units, r.Units-units
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

// deliveriesOf reads what came to a menu's site after its survey.
func (m *Menu) deliveriesOf(then *Survey, now *commerce.Snapshot, placed []Placed, lead int) *pastDeliveries {
	p := &pastDeliveries{asOf: then.Snapshot.AsOf, lead: lead}
	receipts := receiptsAt(now, m.Site)
	orders := ordersAt(placed, m.Site)
	parts, others := matched(orders, receipts)
	before := func(r commerce.Receipt) bool { return p.day(r.Received) <= 0 }
	p.receipts = slices.DeleteFunc(receipts, before)
	counted := m.Problem.Inbound // by the count, which does not say when they are due
	uncounted := func(list []commerce.Receipt) {
		for _, r := range list {
			if before(r) {
				continue
			}
			units := float64(r.Units)
			ordered, arrived := p.day(r.Ordered), p.day(r.Received)
			if ordered <= 0 {
				known := min(units, counted)
				p.wasComing(known, max(1, ordered+lead), arrived)
				units, counted = units-known, counted-known
			}
			if units > 0 {
				p.since = append(p.since, coming{units, ordered, arrived})
			}
		}
	}
	for _, o := range orders {
		ordered := p.day(o.Day)
		due, rest := ordered+lead, float64(o.Units)
		if ordered <= 0 {
			k := slices.IndexFunc(then.Placed, func(q Placed) bool { return q.Decision == o.Decision })
			if k < 0 { // the count of then knows it
				uncounted(parts[o.Decision])
				continue
			}
			due, rest = max(1, due), float64(then.Placed[k].open())
		}
		for _, r := range parts[o.Decision] {
			if before(r) {
				continue
			}
			units := min(rest, float64(r.Units))
			rest -= units
			if ordered <= 0 {
				p.wasComing(units, due, p.day(r.Received))
			} else {
				p.since = append(p.since, coming{units, ordered, p.day(r.Received)})
			}
		}
		switch {
		case rest <= 0:
		case ordered <= 0:
			p.wasComing(rest, due, p.promised(due))
		default:
			p.since = append(p.since, coming{rest, ordered, p.promised(due)})
		}
	}
	uncounted(others)
	half := (lead + 1) / 2
	p.wasComing(counted, half, p.promised(half))
	slices.SortStableFunc(p.since, func(a, b coming) int { return cmp.Compare(a.ordered, b.ordered) })
	return p
}
