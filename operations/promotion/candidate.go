package promotion

import (
	"cmp"
	"math"
	"slices"

	"tradewind/commerce"
	"tradewind/fault"
	"tradewind/messages"
	"tradewind/money"
)

const (
	supportRoom = .05 // depth beyond the deepest seen for which the response is still believed
	maxOptions  = 63  // depths × vehicles: the options of a week are bits of a word
	fadeDays    = 28. // in which fatigue falls to 1/e
)

// level is one depth of an item, at a price that may be asked.
type level struct {
	depth float64 // off the regular price, after rounding
	price money.Amount
	net   float64 // what is left of it, reporting currency
	f     float64 // as demand feels it
}

// candidate is an item made ready: its levels, its options, its place in the program.
type candidate struct {
	*Item
	past   past
	levels []level
	net    float64 // of the regular price
	rate   float64
}

func (l *Limits) depths() []float64 {
	if l.Depths == nil {
		return Depths
	}
	return l.Depths
}

func (l *Limits) vehicles() []Vehicle {
	if l.Vehicles == nil {
		return []Vehicle{{Name: Price}}
	}
	return l.Vehicles
}

func (l *Limits) announce() float64 { return cmp.Or(l.Announce, .05) }
func (l *Limits) gap() int          { return cmp.Or(l.MinGap, 4) }

func (l *Limits) budget() float64 {
	if l.Budget == 0 {
		return math.Inf(1)
	}
	return l.Budget
}

// check refuses limits that no plan can be made under.
func (l *Limits) check() error {
	switch {
	case l.Weeks < 1 || l.Weeks > 104:
		return fault.New(fault.Invalid, "E-PROMOTION-WEEKS", fault.A("n", l.Weeks))
	case math.IsNaN(l.Budget) || l.Budget < 0:
		return fault.New(fault.Invalid, "E-PROMOTION-BUDGET", fault.A("value", messages.Decimal{X: l.Budget, Places: 2}))
	case l.MinGap < 0:
		return fault.New(fault.Invalid, "E-PROMOTION-GAP", fault.A("n", l.MinGap))
	case len(l.depths())*len(l.vehicles()) > maxOptions:
		return fault.New(fault.Invalid, "E-PROMOTION-OPTIONS", fault.A("n", len(l.depths())*len(l.vehicles())), fault.A("most", maxOptions))
	}
	for _, d := range append([]float64{l.announce()}, l.depths()...) {
		if !(d > 0 && d < 1) {
			return fault.New(fault.Invalid, "E-PROMOTION-DEPTH", fault.A("value", messages.Percent(d)))
		}
	}
	for _, v := range l.vehicles() {
		if v.Slots < 0 || !(v.Cost >= 0) || math.IsInf(v.Cost, 0) {
			return fault.New(fault.Invalid, "E-PROMOTION-VEHICLE", fault.A("name", v.Name))
		}
	}
	return nil
}

// newCandidate makes an item ready, or says why it cannot be planned.
func newCandidate(it *Item, l *Limits) (*candidate, *fault.Error) {
	c := &candidate{Item: it, rate: cmp.Or(it.Rate, 1)}
	bad := func(x float64) bool { return math.IsNaN(x) || math.IsInf(x, 0) }
	switch {
	case it.Price.Sign() <= 0:
		return nil, fault.New(fault.Invalid, "E-PROMOTION-PRICE", fault.A("price", it.Price))
	case len(it.Base) == 0 || slices.ContainsFunc(it.Base, func(b float64) bool { return bad(b) || b < 0 }):
		return nil, fault.New(fault.Invalid, "E-PROMOTION-BASE")
	case bad(it.UnitCost) || it.UnitCost < 0 || bad(it.Funding) || it.Funding < 0 || bad(c.rate) || c.rate <= 0:
		return nil, fault.New(fault.Invalid, "E-PROMOTION-COST")
	case !it.Response.known():
		return nil, fault.New(fault.Invalid, "E-PROMOTION-RESPONSE")
	case it.Since < 0 || it.Since > 0 && !(it.Depth > 0 && it.Depth < 1):
		return nil, fault.New(fault.Invalid, "E-PROMOTION-LAST")
	case slices.ContainsFunc(it.Level, func(x float64) bool { return bad(x) || x < 0 }):
		return nil, fault.New(fault.Invalid, "E-PROMOTION-BASE")
	}
	for _, x := range it.Cross {
		if bad(x.Coef) || slices.ContainsFunc(x.Value, bad) {
			return nil, fault.New(fault.Invalid, "E-PROMOTION-CROSS")
		}
	}
	if err := checkHistory(it); err != nil {
		return nil, err
	}
	c.past = newPast(it, l)
	c.net = c.left(it.Price)
	for _, d := range slices.Sorted(slices.Values(l.depths())) {
		price, err := money.FromFloat(it.Price.Float()*(1-d), it.Price.Currency())
		if err != nil {
			return nil, fault.New(fault.Invalid, "E-PROMOTION-PRICE", fault.A("price", it.Price))
		}
		if l.Legal != nil {
			price = l.Legal(it.Item, price)
		} else {
			price = price.Round()
		}
		deep := announced(price, it.Price)
		last := it.Price
		if n := len(c.levels); n > 0 {
			last = c.levels[n-1].price
		}
		if price.Currency() != it.Price.Currency() || price.Sign() <= 0 || price.Cmp(last) >= 0 || deep < l.announce()-1e-12 {
			continue // rounded to nothing, or to the level above
		}
		c.levels = append(c.levels, level{deep, price, c.left(price), it.Response.Form.F(deep)})
	}
	if len(c.levels) == 0 {
		return nil, fault.New(fault.Invalid, "E-PROMOTION-GRID", fault.A("price", it.Price))
	}
	if bad(c.net) || slices.ContainsFunc(c.levels, func(l level) bool { return bad(l.net) }) {
		return nil, fault.New(fault.Invalid, "E-PROMOTION-COST")
	}
	return c, nil
}

// left is what tax, fees and returns leave of a price, in the reporting currency.
func (c *candidate) left(price money.Amount) float64 {
	if c.Net == nil {
		return price.Float() * c.rate
	}
	return c.Net(price.Float()) * c.rate
}

func (c *candidate) base(week int) float64 { return c.Base[min(week, len(c.Base)-1)] }

// margin is the contribution of a unit at the regular price, promoted that at a level.
func (c *candidate) margin() float64           { return c.net - c.UnitCost }
func (c *candidate) promoted(l *level) float64 { return l.net - c.UnitCost + c.Funding }

// cross is what a promotion at a level does to other items in a week: won and lost.
func (c *candidate) cross(week int, l *level) (halo, cannibalised float64) {
	for _, x := range c.Cross {
		if len(x.Value) == 0 {
			continue
		}
		v := x.Value[min(week, len(x.Value)-1)] * math.Expm1(x.Coef*l.f)
		if x.Coef > 0 {
			halo += v
		} else {
			cannibalised += v
		}
	}
	return halo, cannibalised
}

// option is the position of a level and a vehicle; part takes it apart.
func option(level, vehicle, vehicles int) int { return 1 + level*vehicles + vehicle }

func part(o, vehicles int) (level, vehicle int) { return (o - 1) / vehicles, (o - 1) % vehicles }

// rows are what items share: the slots of a vehicle and the place of a category, each in
// a market.
type rowName struct {
	market            commerce.Market
	vehicle, category string
}

// entrant strips a candidate to numbers, and lists what law and limits exclude.
func (c *candidate) entrant(l *Limits, row func(rowName, int) int) (entrant, []Exclusion) {
	vehicles, n := l.vehicles(), len(c.levels)
	memory := max(Memory, c.past.reach(), l.gap())
	options, states := 1+n*len(vehicles), 1+memory*n
	e := entrant{depths: n, depth: make([]int, options), rows: make([][]int, options),
		earn: make([]float64, l.Weeks*options), cost: make([]float64, l.Weeks*options), spend: make([]float64, l.Weeks*options),
		idle: make([]float64, l.Weeks+DipWeeks), keep: make([]float64, states), act: make([]float64, states), legal: make([]uint64, l.Weeks*states)}
	for k := range states {
		since, deep := e.last(k)
		e.keep[k], e.act[k] = 1, 1
		if k > 0 {
			e.keep[k] = c.Response.keep(since, c.levels[deep-1].f)
			e.act[k] = e.keep[k] * c.Response.tired(since)
		}
	}
	for week := range e.idle {
		e.idle[week] = c.base(week) * c.margin()
	}
	for i := range c.levels {
		for v := range vehicles {
			o := option(i, v, len(vehicles))
			e.depth[o] = i + 1
			if vehicles[v].Slots > 0 {
				e.rows[o] = append(e.rows[o], row(rowName{c.Item.Item.Market, vehicles[v].Name, ""}, vehicles[v].Slots))
			}
			if l.Exclusive && c.Category != "" {
				e.rows[o] = append(e.rows[o], row(rowName{c.Item.Item.Market, "", c.Category}, 1))
			}
			c.fill(&e, l.Weeks, o, &c.levels[i], &vehicles[v])
		}
	}
	if c.Since > 0 {
		nearest := 0
		for i := range c.levels {
			if math.Abs(c.levels[i].depth-c.Depth) < math.Abs(c.levels[nearest].depth-c.Depth) {
				nearest = i
			}
		}
		e.initial = e.state(c.Since, nearest+1)
	}
	return e, c.open(&e, l)
}

// fill writes what an option earns and costs in every week.
func (c *candidate) fill(e *entrant, weeks, o int, l *level, v *Vehicle) {
	times := c.Response.Offer(l.depth, v.Name).mean()
	for week := range weeks {
		i := week*e.options() + o
		halo, cannibalised := c.cross(week, l)
		e.earn[i] = c.base(week) * times * c.promoted(l)
		e.cost[i] = c.base(week)*c.margin() + v.Cost - halo - cannibalised
		e.spend[i] = v.Cost + math.Max(0, c.net-l.net-c.Funding)*c.base(week)*times
	}
}

// open sets which options may be taken in which state, and lists what is out in any.
func (c *candidate) open(e *entrant, l *Limits) []Exclusion {
	var out []Exclusion
	vehicles := len(l.vehicles())
	for i := range c.levels {
		var barred []Exclusion
		bits := (uint64(1)<<vehicles - 1) << option(i, 0, vehicles)
		for week := range l.Weeks {
			if x := c.barred(week, &c.levels[i], l); x != nil {
				barred = append(barred, *x)
				continue
			}
			for k := range e.states() {
				since, deep := e.last(k)
				if k > 0 && since < l.gap() {
					continue
				}
				if k > 0 && c.past.days > 0 && since <= week {
					proof, _ := c.past.before(week, since, c.levels[deep-1].price)
					if announced(c.levels[i].price, proof.Lowest.Price) < l.announce()-1e-12 {
						continue
					}
				}
				e.legal[week*e.states()+k] |= bits
			}
		}
		out = append(out, merge(barred)...)
	}
	return out
}
