package plan

import (
	"math"
	"slices"

	"tradewind/calendar"
	"tradewind/commerce"
	"tradewind/messages"
	"tradewind/operations/inventory"
)

// Attribution says when a site ran out of stock, or had too much of it, and what made it,
// in the reporting currency.
type Attribution struct {
	Site        Site
	From, To    calendar.Day // the days that are looked at, both included
	Episodes    []inventory.Episode
	Unexplained float64          // units that the last count has beyond what sales, returns and deliveries leave
	Refused     messages.Message // zero where there is an answer
	Caveats     []messages.Message
}

// Day is a day of an episode.
func (a *Attribution) Day(d int) calendar.Day { return a.From.AddDays(d) }

// CauseName names a cause.
func CauseName(c inventory.Cause) messages.Message {
	return [...]messages.Message{messages.M("plan.cause.demand"), messages.M("plan.cause.price"), messages.M("plan.cause.returns"),
		messages.M("plan.cause.late"), messages.M("plan.cause.ordering"), messages.M("plan.cause.rounding")}[c]
}

// mostUnexplained is the share of what was sold by which the counts may be off what is known
// to have come and gone; beyond it no story about the stock holds.
const mostUnexplained = .25

// Attribute replays a site from the facts of an earlier day to those of now. What was planned
// is what the plan of then would have ordered, on the forecast of then; what happened are the
// sales, returns and deliveries since. It looks no further than one order of then was meant
// to last: later plans would have known more.
//
// On a day with a promotion, what demand was off its forecast is put down to the promotion.
// The first order within a review of then's day, whoever placed it, stands for the one that
// then's plan asked for; where there is none, nobody placed that order.
//
// placed are the orders that people decided on. What receipts tell of came on their days,
// also where nobody here ordered it. Anything else counts as delivered on the day that was
// promised, or not at all where receipts of later days do not name it.
func Attribute(then *Survey, now *commerce.Snapshot, site Site, placed []Placed) *Attribution {
	a := &Attribution{Site: site, From: then.Snapshot.AsOf.AddDays(1), To: now.AsOf}
	m := then.propose(site)
	if a.Refused = m.Refused; !a.Refused.IsZero() {
		return a
	}
	lead := int(math.Round(m.Problem.LeadDays))
	days := min(now.AsOf.Sub(then.Snapshot.AsOf), lead+m.Solution.Cycle)
	if days <= 0 {
		a.Refused = messages.M("plan.attribution.no-past", messages.A("from", a.From))
		return a
	}
	a.To = a.From.AddDays(days - 1)
	p := pastOf(&m, now, a.From, days)
	p.Orders = m.pastOrders(then, m.deliveriesOf(then, now, placed, lead))
	if a.Unexplained = unexplained(p, now, site, a.To); !math.IsNaN(a.Unexplained) {
		sold := 0.0
		for _, u := range p.Demand {
			sold += u
		}
		if math.Abs(a.Unexplained) > mostUnexplained*math.Max(sold, 1) {
			a.Refused = messages.M("plan.attribution.unexplained", messages.A("units", int64(math.Round(a.Unexplained))), messages.A("sold", int64(math.Round(sold))))
			return a
		}
	} else {
		a.Caveats = append(a.Caveats, messages.M("plan.caveat.no-count"))
	}
	a.Episodes = inventory.Attribute(p)
	a.Caveats = append(a.Caveats, messages.M("plan.caveat.replay"))
	return a
}

// pastOf is what happened at a site on some days beside what its menu expected of them.
func pastOf(m *Menu, now *commerce.Snapshot, from calendar.Day, days int) *inventory.Past {
	p := &inventory.Past{Start: m.Problem.OnHand, Margin: m.Problem.Margin(), UnitCost: m.Problem.UnitCost, HoldingRate: m.Problem.HoldingRate,
		Demand: make([]float64, days), Expected: make([]float64, days), Lift: make([]float64, days),
		Returned: make([]float64, days), ExpectedReturns: make([]float64, days),
		Enough: math.Max(m.Solution.UpTo, m.Solution.Window)}
	for d := range days {
		p.Expected[d] = m.Outlook.Mean(d, d+1)
		p.ExpectedReturns[d] = m.Problem.ReturnRate * p.Expected[d]
	}
	inStock := make([]float64, days)
	promoted := make([]bool, days)
	lo, hi := now.ItemsOf(m.Site.SKU)
	for i := lo; i < hi; i++ {
		w := weight(now, m.Site, now.Items[i].Market)
		if w == 0 {
			continue
		}
		for _, x := range now.PromotionsOf(now.Items[i]) {
			for d := max(0, x.From.Sub(from)); d <= min(days-1, x.To.Sub(from)); d++ {
				promoted[d] = true
			}
		}
		a, b := now.Rows(i)
		for r := a; r < b; r++ {
			d := now.Sales.Day[r].Sub(from)
			if d < 0 || d >= days {
				continue
			}
			p.Demand[d] += w * float64(now.Sales.Gross[r])
			p.Returned[d] += w * float64(now.Sales.Returned[r])
			if len(now.Sales.InStock) > 0 && now.Sales.InStock[r] < 1 {
				inStock[d] = math.Max(inStock[d], 1-float64(now.Sales.InStock[r]))
			}
		}
	}
	for d := range days { // what could not be bought was asked for as usual
		p.Demand[d] += inStock[d] * p.Expected[d]
		if promoted[d] {
			p.Lift[d] = p.Demand[d] - p.Expected[d]
		}
	}
	return p
}

// pastOrders are what was under way, the order of then's plan, and what was ordered since.
func (m *Menu) pastOrders(then *Survey, came *pastDeliveries) []inventory.PastOrder {
	list, lead := came.known, came.lead
	best := m.Solution.Chosen()
	policy := inventory.PastOrder{Policy: math.Max(0, math.Min(m.Solution.Need, best.Units)), Rounded: best.Units, PolicyDay: lead, Due: lead, Arrived: lead}
	if best.Units > 0 && m.Solution.Need > 0 {
		policy.Policy = m.Solution.Need
	}
	paired := false
	for lo := 0; lo < len(came.since); {
		order := came.since[lo:]
		hi := slices.IndexFunc(order, func(c coming) bool { return c.ordered != order[0].ordered })
		if hi > 0 {
			order = order[:hi]
		}
		lo += len(order)
		asked := !paired && order[0].ordered >= 0 && order[0].ordered <= then.Config.Review
		paired = paired || asked
		units := 0.0
		for _, c := range order {
			units += c.units
		}
		for _, c := range order { // each part of an order stands for its part of what was asked
			due := max(1, c.ordered+lead)
			o := inventory.PastOrder{Units: c.units, PolicyDay: due, Due: due, Arrived: c.arrived}
			if asked {
				o.Policy, o.Rounded, o.PolicyDay = policy.Policy*c.units/units, policy.Rounded*c.units/units, policy.PolicyDay
			}
			list = append(list, o)
		}
	}
	if !paired && policy.Rounded > 0 {
		list = append(list, policy) // with nothing ordered
	}
	return list
}

// unexplained is what the last count within the days has beyond what sales, returns and
// deliveries leave; NaN without such a count.
func unexplained(p *inventory.Past, now *commerce.Snapshot, site Site, to calendar.Day) float64 {
	stock := countOf(now, site)
	from := to.AddDays(1 - len(p.Demand))
	if stock == nil || stock.Day.Before(from) || to.Before(stock.Day) {
		return math.NaN()
	}
	left := p.Start
	for d := 0; d <= stock.Day.Sub(from); d++ {
		left = math.Max(0, left+p.Returned[d]-p.Demand[d])
		for _, o := range p.Orders {
			if o.Arrived == d+1 { // there at the end of this day, in time for its count
				left += o.Units
			}
		}
	}
	return float64(stock.OnHand) - left
}
