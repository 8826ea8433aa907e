package promotion

import (
	"cmp"
	"math"
	"slices"

	"tradewind/calendar"
	"tradewind/commerce"
	"tradewind/fault"
	"tradewind/messages"
)

// defaultScenarios is the number of futures behind an interval where none are given.
const defaultScenarios = 256

// Solve plans promotions for items over the weeks of the limits: which item, week, depth
// and vehicle bring the most contribution. Items that cannot be planned are refused by
// name, and the others planned. It does not modify items.
//
// The expectation of a plan is exact under Response as long as the gap is DipWeeks or more,
// for then the dip of no promotion but the last is felt; with shorter gaps what is left of
// older dips is not counted. What a promotion does to other items is reckoned on their
// demand without promotions. The spend that the budget limits is reckoned without dip and
// fatigue, so that it is not passed. Time grows with items × weeks × depths² × vehicles.
//
// Source: Fisher, The Lagrangian relaxation method for solving integer programming
// problems, Management Science 27 (1981).
func Solve(items []Item, l Limits) (*Plan, error) {
	m, plan, err := newModel(items, &l)
	if err != nil {
		return nil, err
	}
	a := m.program.solve()
	before := m.program.worth(m.program.blank())
	plan.Value, plan.Bound, plan.Proven = a.value-before, a.bound-before, a.proven
	plan.BudgetPrice = a.prices.budget
	for i, name := range m.rows {
		for week, price := range a.prices.row[i] {
			if price > 1e-9 {
				plan.SlotPrices = append(plan.SlotPrices, SlotPrice{name.market, name.vehicle, name.category, l.Start.AddDays(7 * week), price})
			}
		}
	}
	used := m.program.empty()
	for i := range a.schedules {
		used.add(&m.program.entrants[i], a.schedules[i], 1)
	}
	plan.Spent = used.spent
	for i := range a.schedules {
		m.offers(plan, i, a.schedules[i], &used)
	}
	slices.SortStableFunc(plan.Offers, func(a, b Offer) int {
		return cmp.Or(a.Item.Compare(b.Item), a.From.Compare(b.From))
	})
	return plan, nil
}

// model is the items made ready and the program that they make.
type model struct {
	limits     *Limits
	candidates []*candidate
	program    program
	rows       []rowName
}

func newModel(items []Item, l *Limits) (*model, *Plan, error) {
	if err := l.check(); err != nil {
		return nil, nil, err
	}
	m := &model{limits: l, program: program{weeks: l.Weeks, budget: l.budget()}}
	plan := &Plan{}
	position := map[rowName]int{}
	row := func(name rowName, capacity int) int {
		at, known := position[name]
		if !known {
			at = len(m.rows)
			position[name], m.rows = at, append(m.rows, name)
			m.program.capacity = append(m.program.capacity, slices.Repeat([]int{capacity}, l.Weeks))
		}
		return at
	}
	seen := map[commerce.Item]bool{}
	for i := range items {
		it := &items[i]
		c, refused := newCandidate(it, l)
		if refused == nil && seen[it.Item] {
			refused = fault.New(fault.Invalid, "E-PROMOTION-TWICE")
		}
		if refused != nil {
			plan.Refused = append(plan.Refused, Refusal{it.Item, messages.M(refused.Code, refused.Args...), messages.M(refused.Code+".fix", refused.Args...)})
			continue
		}
		seen[it.Item] = true
		e, excluded := c.entrant(l, row)
		m.candidates, m.program.entrants = append(m.candidates, c), append(m.program.entrants, e)
		plan.Excluded = append(plan.Excluded, excluded...)
	}
	return m, plan, nil
}

// offers adds the promotions of one item to a plan, each with its parts, its interval and
// its proof, and says what they exclude afterwards.
func (m *model) offers(plan *Plan, i int, schedule []uint8, used *load) {
	c, e := m.candidates[i], &m.program.entrants[i]
	state := e.initial
	first := true
	for week, o := range schedule {
		if o > 0 {
			since, deep := e.last(state)
			before := 0
			if since > 0 && since <= week {
				before = since
			}
			l, v := part(int(o), len(m.limits.vehicles()))
			offer := m.offer(c, e, week, int(o), state, schedule, first)
			offer.Was = c.Price
			if c.past.days > 0 {
				promoted := c.Price
				if before > 0 {
					promoted = c.levels[deep-1].price
				}
				proof, _ := c.past.before(week, before, promoted)
				offer.Proof, offer.Was = &proof, proof.Lowest.Price
			}
			offer.Announced = announced(offer.Price, offer.Was)
			offer.Limits = m.binding(c, e, week, l, v, used)
			plan.Offers = append(plan.Offers, offer)
			if c.past.days > 0 {
				plan.Excluded = append(plan.Excluded, m.consequence(c, &offer))
			}
			first = false
		}
		state = e.after(state, int(o))
	}
}

// offer reckons one promotion of a schedule: the worth of its week and of the weeks until
// the next, in which its dip is felt. The first of a plan also ends a dip from before.
func (m *model) offer(c *candidate, e *entrant, week, o, state int, schedule []uint8, first bool) Offer {
	i, v := part(o, len(m.limits.vehicles()))
	l, vehicle := &c.levels[i], m.limits.vehicles()[v]
	from := m.limits.Start.AddDays(7 * week)
	offer := Offer{Item: c.Item.Item, From: from, To: from.AddDays(6), Price: l.price, Depth: l.depth, Vehicle: vehicle.Name,
		Uplift: c.Response.Offer(l.depth, vehicle.Name)}
	base, act := c.base(week), e.act[state]
	offer.Units = base * act * offer.Uplift.mean()
	pull := 0.0
	for w, k := week+1, e.after(state, o); w < len(e.idle) && (w >= len(schedule) || schedule[w] == 0); w++ {
		pull += e.worth(w, k, 0)
		k = e.after(k, 0)
	}
	if first {
		for w, k := week, state; w < len(e.idle) && k > 0; w++ {
			pull -= e.worth(w, k, 0)
			k = e.after(k, 0)
		}
	}
	halo, cannibalised := c.cross(week, l)
	offer.Parts = Parts{Uplift: (offer.Units - base) * c.promoted(l), Subsidy: -base * (c.margin() - c.promoted(l)),
		Cannibalised: cannibalised, Halo: halo, PullForward: pull, Fixed: -vehicle.Cost}
	offer.Mean = offer.Parts.Sum()
	draws := standardDraws(cmp.Or(len(c.Level), defaultScenarios))
	for s, z := range draws {
		level := 1.0
		if len(c.Level) > 0 {
			level = c.Level[s]
		}
		units := base * act * math.Exp(offer.Uplift.Mean+z*offer.Uplift.SD)
		draws[s] = level*(units*c.promoted(l)-base*c.margin()+pull) + halo + cannibalised - vehicle.Cost
	}
	slices.Sort(draws)
	offer.P10, offer.P50, offer.P90 = quantile(draws, .1), quantile(draws, .5), quantile(draws, .9)
	return offer
}

// quantile interpolates between sorted values.
func quantile(sorted []float64, u float64) float64 {
	at := u * float64(len(sorted)-1)
	low := int(at)
	high := min(low+1, len(sorted)-1)
	return sorted[low] + (at-float64(low))*(sorted[high]-sorted[low])
}

// binding says what kept a promotion from being another: places that are all taken, a
// price of the budget, a prior price below the regular one, the deepest depth believed.
func (m *model) binding(c *candidate, e *entrant, week, l, v int, used *load) []messages.Message {
	var out []messages.Message
	for _, r := range e.rows[option(l, v, len(m.limits.vehicles()))] {
		if used.used[r][week] < m.program.capacity[r][week] {
			continue
		}
		if name := m.rows[r]; name.vehicle != "" {
			out = append(out, messages.M("promo.limit.slots", messages.A("vehicle", name.vehicle)))
		} else {
			out = append(out, messages.M("promo.limit.category", messages.A("category", name.category)))
		}
	}
	if used.spent > .99*m.program.budget {
		out = append(out, messages.M("promo.limit.budget"))
	}
	if l == len(c.levels)-1 {
		out = append(out, messages.M("promo.limit.depth", messages.A("depth", messages.Percent(c.levels[l].depth))))
	}
	return out
}

// consequence is what a promotion of the plan excludes after it: until its last day has
// left the window, reductions are announced against its price.
func (m *model) consequence(c *candidate, o *Offer) Exclusion {
	until := o.To.AddDays(c.past.days)
	proof := Proof{Rule: c.past.rule, Days: c.past.days, Window: calendar.Period{From: o.From, To: until.AddDays(1)}, Lowest: Asked{o.From, o.To, o.Price}}
	return Exclusion{Item: o.Item, From: o.To.AddDays(1), To: until, Depth: o.Depth, Rule: c.past.rule, Proof: &proof,
		Reason: messages.M("promo.excluded.own", messages.A("rule", c.past.rule), messages.A("price", o.Price),
			messages.A("from", o.From), messages.A("to", o.To), messages.A("until", until))}
}
