package pricing

import (
	"cmp"
	"math"
	"slices"

	"tradewind/commerce"
	"tradewind/messages"
	"tradewind/money"
)

// Point is one price and what it brings over the horizon, on average over the scenarios.
type Point struct {
	Price  money.Amount
	Units  float64 // sold: never more than the stock
	Profit float64 // units times contribution less Bid, in whole units of the currency
}

// Gain is what a price brings more than today's over the horizon, scenario against the
// same scenario, in whole units of the currency.
type Gain struct {
	Mean, P10, P50, P90 float64
	Positive            float64 // probability that it is above 0
}

// Binding is a limit that keeps the answer from a better price, or all prices out.
type Binding struct {
	Limit   Limit
	Message messages.Message
}

// Solution is the price to ask.
type Solution struct {
	Item      commerce.Item
	Today     Point
	Forbidden []Binding // the limits that today's price breaks itself

	Best    Point
	Gain    Gain
	Points  []Point         // every legal price of the grid and today's, ascending
	Flat    [2]money.Amount // legal prices around the best that bring 99 % of its profit at least
	Binding []Binding       // limits next to the best price, beyond which profit still rises

	Response float64 // elasticity of expected demand at today's price

	Refusal *Refusal // no price is legal: Best is the zero Point
}

// Inelastic reports whether demand answers so little that profit rises with the price as
// far as anyone looks: the best price is where a limit stands, and only a test can say
// more.
func (s *Solution) Inelastic() bool { return s.Response > -1 }

// Stays reports whether today's price is the best.
func (s *Solution) Stays() bool { return s.Refusal == nil && s.Best.Price == s.Today.Price }

// Note says what a reader must know about the answer; the zero Message where nothing is.
func (s *Solution) Note() messages.Message {
	switch {
	case s.Refusal != nil:
		return s.Refusal.Message
	case len(s.Binding) > 0 && s.Inelastic():
		return messages.M("pricing.note.capped-inelastic", messages.A("limits", list(s.Binding)),
			messages.A("elasticity", messages.Decimal{X: s.Response, Places: 2}))
	case len(s.Binding) > 0:
		return messages.M("pricing.note.capped", messages.A("limits", list(s.Binding)))
	}
	return messages.Message{}
}

// Workspace is the memory of the optimiser: one a goroutine, used for item after item.
type Workspace struct {
	today                            float64
	weight, wanted, most, elasticity []float64 // a scenario; weight sums to 1, wanted and most carry it
	gain                             []float64
	sorted                           []weighted
	grid                             []money.Amount
	breaks                           []broken
	profit, units                    []float64
}

type weighted struct{ value, weight float64 }

// NewWorkspace returns an empty workspace: it grows to the largest problem that it meets.
func NewWorkspace() *Workspace { return new(Workspace) }

// Optimise returns the legal price with the highest expected profit
//
//	Σ_s w_s · min(D_s(p), stock) · (Net(p) - cost - bid)
//
// where the elasticity in D_s is that of the scenario: the price that is best for the
// mean elasticity is not best on average. Today's price is always one to choose from,
// unless a limit forbids it, and is kept where no other is better. It does not modify p.
//
// It fails with fault.Invalid where p is no price problem; that no price is legal is no
// failure but Solution.Refusal. It takes time in proportion to scenarios × legal prices.
func Optimise(p *Problem) (*Solution, error) { return NewWorkspace().Optimise(p) }

// Optimise is the function of that name in memory that is used again.
func (w *Workspace) Optimise(p *Problem) (*Solution, error) {
	if err := w.load(p); err != nil {
		return nil, err
	}
	w.lay(p, p.grid(w.grid[:0]))
	if !slices.Contains(w.breaks, 0) {
		w.lay(p, p.candidates(w.grid))
	}
	s := &Solution{Item: p.Item, Response: w.response()}
	today, best := w.choose(p)
	s.Today = w.point(today)
	s.Forbidden = p.bindings(w.breaks[today], p.Price)
	if best < 0 {
		s.Refusal = p.refuse(w.grid, w.breaks)
		return s, nil
	}
	today, best = w.refine(p, best)
	s.Best = w.point(best)
	s.Points = w.points(today)
	s.Flat = w.flat(best)
	s.Binding = w.binding(p, best)
	s.Gain = w.gainAt(p, s.Best.Price.Float())
	return s, nil
}

// load takes over the scenarios.
func (w *Workspace) load(p *Problem) error {
	if err := p.check(); err != nil {
		return err
	}
	n := len(p.Demand)
	w.today = p.Price.Float()
	for _, column := range []*[]float64{&w.weight, &w.wanted, &w.most, &w.elasticity, &w.gain} {
		*column = slices.Grow((*column)[:0], n)[:n]
	}
	total := float64(n)
	if p.Weight != nil {
		total = 0
		for _, x := range p.Weight {
			total += x
		}
	}
	for s, d := range p.Demand {
		w.weight[s] = 1 / total
		if p.Weight != nil {
			w.weight[s] = p.Weight[s] / total
		}
		w.elasticity[s] = min(0, p.Elasticity[s])
		w.wanted[s] = w.weight[s] * d
		w.most[s] = 0
		if w.weight[s] > 0 { // nothing of an endless stock is not a number
			w.most[s] = w.weight[s] * p.Stock
		}
	}
	return nil
}

// lay takes over a grid and finds what each price breaks.
func (w *Workspace) lay(p *Problem, grid []money.Amount) {
	w.grid = grid
	w.breaks = w.breaks[:0]
	for _, price := range w.grid {
		w.breaks = append(w.breaks, p.breaks(price))
	}
	n := len(w.grid)
	w.units = slices.Grow(w.units[:0], n)[:n]
	w.profit = slices.Grow(w.profit[:0], n)[:n]
}

// choose evaluates the legal prices and today's, and returns the places of today's price
// and of the best legal one, -1 where none is. Among equals it prefers today's price,
// then the one nearest to it.
func (w *Workspace) choose(p *Problem) (today, best int) {
	today, _ = slices.BinarySearchFunc(w.grid, p.Price, money.Amount.Cmp)
	best = -1
	consider := func(i int) {
		if i != today && w.breaks[i] != 0 {
			return
		}
		w.evaluate(p, i)
		if w.breaks[i] == 0 && (best < 0 || w.profit[i] > w.profit[best]) {
			best = i
		}
	}
	consider(today)
	for step := 1; step < len(w.grid); step++ {
		if i := today - step; i >= 0 {
			consider(i)
		}
		if i := today + step; i < len(w.grid) {
			consider(i)
		}
	}
	return today, best
}

// refine tries the prices that the grid left out between the neighbours of the best, puts
// them into the grid, and returns the places of today's price and the best as choose does.
func (w *Workspace) refine(p *Problem, best int) (int, int) {
	low, high := w.grid[max(0, best-1)].E4(), w.grid[min(best+1, len(w.grid)-1)].E4()
	highest := w.grid[best]
	for j := 1; j <= finer; j++ {
		price, ok := p.Limits.below(money.FromE4(low+(high-low)*int64(j)/(finer+1), p.Price.Currency()))
		i, there := slices.BinarySearchFunc(w.grid, price, money.Amount.Cmp)
		if !ok || there || price.E4() < low {
			continue
		}
		w.grid = slices.Insert(w.grid, i, price)
		w.breaks = slices.Insert(w.breaks, i, p.breaks(price))
		w.units = slices.Insert(w.units, i, 0)
		w.profit = slices.Insert(w.profit, i, 0)
		if w.breaks[i] == 0 {
			w.evaluate(p, i)
			if best, _ = slices.BinarySearchFunc(w.grid, highest, money.Amount.Cmp); w.profit[i] > w.profit[best] {
				highest = price
			}
		}
	}
	today, _ := slices.BinarySearchFunc(w.grid, p.Price, money.Amount.Cmp)
	best, _ = slices.BinarySearchFunc(w.grid, highest, money.Amount.Cmp)
	return today, best
}

func (w *Workspace) evaluate(p *Problem, i int) {
	price := w.grid[i].Float()
	w.units[i] = w.meanUnits(p, price)
	w.profit[i] = w.units[i] * p.margin(price)
}

func (w *Workspace) point(i int) Point { return Point{w.grid[i], w.units[i], w.profit[i]} }

func (w *Workspace) points(today int) []Point {
	n := 0
	for i := range w.grid {
		if i == today || w.breaks[i] == 0 {
			n++
		}
	}
	points := make([]Point, 0, n)
	for i := range w.grid {
		if i == today || w.breaks[i] == 0 {
			points = append(points, w.point(i))
		}
	}
	return points
}

// flatShare is the profit that a price must keep to count as good as the best.
const flatShare = .99

// flat walks from the best price down and up as long as legal prices keep flatShare.
func (w *Workspace) flat(best int) [2]money.Amount {
	ends := [2]money.Amount{w.grid[best], w.grid[best]}
	for side, step := range [2]int{-1, 1} {
		for i := best + step; i >= 0 && i < len(w.grid); i += step {
			if w.breaks[i] != 0 {
				continue
			}
			if w.profit[i] < w.profit[best]-(1-flatShare)*math.Abs(w.profit[best]) {
				break
			}
			ends[side] = w.grid[i]
		}
	}
	return ends
}

// binding looks at the neighbours of the best price: a limit binds that forbids one which
// would bring more.
func (w *Workspace) binding(p *Problem, best int) []Binding {
	var b broken
	var better []money.Amount
	for _, i := range [2]int{best - 1, best + 1} {
		if i < 0 || i >= len(w.grid) {
			b |= w.beyond(p, best, i-best)
			continue
		}
		if w.breaks[i] == 0 {
			continue
		}
		w.evaluate(p, i)
		if w.profit[i] > w.profit[best] {
			b |= w.breaks[i]
			better = append(better, w.grid[i])
		}
	}
	return p.bindings(b, better...)
}

// beyond asks whether profit still rises where the grid ends.
func (w *Workspace) beyond(p *Problem, best, direction int) broken {
	price := w.grid[best].Float() * math.Exp(coarse*float64(direction))
	if p.margin(price)*w.meanUnits(p, price) > w.profit[best] {
		return 1 << LimitReach
	}
	return 0
}

// response is the elasticity of expected demand at today's price, where every curve has
// the elasticity of its scenario.
func (w *Workspace) response() float64 {
	sum, total := 0., 0.
	for s, d := range w.wanted {
		sum += d * w.elasticity[s]
		total += d
	}
	if total == 0 {
		return 0
	}
	return sum / total
}

// sold returns units sold at a price in a scenario.
func (w *Workspace) sold(p *Problem, s int, price float64) float64 {
	return min(p.Demand[s]*p.Curve.Factor(price, w.today, w.elasticity[s], p.Share), p.Stock)
}

// gainAt compares a price with today's in every scenario.
func (w *Workspace) gainAt(p *Problem, price float64) Gain {
	then, now := p.margin(price), p.margin(w.today)
	var g Gain
	for s, d := range p.Demand {
		x := 0. // the same price brings the same, to the bit
		if price != w.today {
			x = then*w.sold(p, s, price) - now*min(d, p.Stock)
		}
		w.gain[s] = x
		g.Mean += w.weight[s] * x
		if x > 0 {
			g.Positive += w.weight[s]
		}
	}
	w.rank(w.gain)
	g.P10, g.P50, g.P90 = w.quantile(.1), w.quantile(.5), w.quantile(.9)
	g.Positive = min(1, g.Positive)
	return g
}

// rank sorts values with their weights, for quantile.
func (w *Workspace) rank(values []float64) {
	w.sorted = w.sorted[:0]
	for s, x := range values {
		w.sorted = append(w.sorted, weighted{x, w.weight[s]})
	}
	slices.SortFunc(w.sorted, func(a, b weighted) int { return cmp.Compare(a.value, b.value) })
}

// quantile returns the lowest ranked value with a share u of the weight up to it.
func (w *Workspace) quantile(u float64) float64 {
	sum := 0.
	for _, x := range w.sorted {
		if sum += x.weight; sum >= u-hair {
			return x.value
		}
	}
	return w.sorted[len(w.sorted)-1].value
}
