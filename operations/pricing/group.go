package pricing

import (
	"math"

	"tradewind/fault"
)

// Group ties the prices of many items together. A zero limit is none.
type Group struct {
	Solutions []*Solution
	Rate      []float64 // units of one currency for one unit of each item's; nil: all have the same

	MaxIndex   float64 // average price over today's, weighted by today's revenue
	MinUnits   float64
	MinRevenue float64 // at the prices asked
	MaxUnits   float64 // of one stock that serves all items: its Bid is what a unit is worth
}

// Grouped are the prices of a Group's items, in their order.
type Grouped struct {
	Points        []Point
	Profit, Bound float64 // profit of no choice is above Bound
	Bid           float64 // what one more unit of MaxUnits would bring
	Dual          []Dual  // of each limit in force
}

// Dual is what relaxing a group limit by one unit of it would bring.
type Dual struct {
	Limit string // "index", "units", "revenue", "stock"
	Value float64
}

// Choose picks one legal price an item, so that the group keeps its limits and its profit
// is as high as can be found; see Coupling.Solve for what Bound means and for failures.
// An item without a legal price is left out, its Point stays as it is today.
func (g *Group) Choose() (*Grouped, error) {
	if err := g.check(); err != nil {
		return nil, err
	}
	c := &Coupling{Limits: g.limits()}
	menus := make([][]Point, len(g.Solutions))
	total := 0.
	for i, s := range g.Solutions {
		menus[i] = s.menu()
		total += g.rate(i) * s.Today.Price.Float() * s.Today.Units
	}
	for i, s := range g.Solutions {
		share := 1 / float64(len(g.Solutions)) // of today's revenue
		if total > 0 {
			share = g.rate(i) * s.Today.Price.Float() * s.Today.Units / total
		}
		var choices []Choice
		for _, p := range menus[i] {
			choices = append(choices, Choice{g.rate(i) * p.Profit, g.use(i, p, share)})
		}
		c.Items = append(c.Items, choices)
	}
	solved, err := c.Solve()
	if err != nil {
		return nil, err
	}
	r := &Grouped{Profit: solved.Profit, Bound: solved.Bound}
	for i, k := range solved.Pick {
		r.Points = append(r.Points, menus[i][k])
	}
	for j, l := range c.Limits {
		r.Dual = append(r.Dual, Dual{l.Name, solved.Dual[j]})
		if l.Name == "stock" {
			r.Bid = solved.Dual[j]
		}
	}
	return r, nil
}

func (g *Group) check() error {
	if g.Rate != nil && len(g.Rate) != len(g.Solutions) {
		panic("pricing: a rate for each item")
	}
	for i, s := range g.Solutions {
		first := g.Solutions[0].Today.Price
		if g.Rate == nil && s.Today.Price.Currency() != first.Currency() {
			return fault.New(fault.Invalid, "E-PRICING-CURRENCY", fault.A("sku", string(s.Item.SKU)), fault.A("price", first), fault.A("amount", s.Today.Price))
		}
		if g.Rate != nil && (!(g.rate(i) > 0) || math.IsInf(g.rate(i), 1)) {
			return fault.New(fault.Invalid, "E-PRICING-NUMBER", fault.A("sku", string(s.Item.SKU)), fault.A("field", "rate"), fault.A("value", plain(g.rate(i))))
		}
	}
	return nil
}

func (g *Group) rate(i int) float64 {
	if g.Rate == nil {
		return 1
	}
	return g.Rate[i]
}

// menu lists the prices that may be asked: the legal ones, or what is asked today where
// there is none.
func (s *Solution) menu() []Point {
	var points []Point
	for _, p := range s.Points {
		if len(s.Forbidden) == 0 || p.Price != s.Today.Price {
			points = append(points, p)
		}
	}
	if len(points) == 0 {
		points = []Point{s.Today}
	}
	return points
}

func (g *Group) limits() []GroupLimit {
	var l []GroupLimit
	if g.MaxIndex > 0 {
		l = append(l, GroupLimit{"index", g.MaxIndex})
	}
	if g.MinUnits > 0 {
		l = append(l, GroupLimit{"units", -g.MinUnits})
	}
	if g.MinRevenue > 0 {
		l = append(l, GroupLimit{"revenue", -g.MinRevenue})
	}
	if g.MaxUnits > 0 {
		l = append(l, GroupLimit{"stock", g.MaxUnits})
	}
	return l
}

// use is what a price takes of each limit, in the order of limits. A floor is a ceiling
// of what is missing: it counts below 0.
func (g *Group) use(i int, p Point, share float64) []float64 {
	var use []float64
	if g.MaxIndex > 0 {
		use = append(use, share*ratio(p.Price, g.Solutions[i].Today.Price))
	}
	if g.MinUnits > 0 {
		use = append(use, -p.Units)
	}
	if g.MinRevenue > 0 {
		use = append(use, -g.rate(i)*p.Price.Float()*p.Units)
	}
	if g.MaxUnits > 0 {
		use = append(use, p.Units)
	}
	return use
}
