package pricing

import (
	"math"
	"slices"

	"tradewind/messages"
	"tradewind/money"
)

// The gates, in the order in which they are asked. An item that fails one is given what is
// known of its category, and the first gate that it failed is the reason.
const (
	GateWeeks     = "weeks"     // weeks in stock with sales
	GatePrices    = "prices"    // different base prices
	GateSpread    = "spread"    // standard deviation of the base price over its mean
	GateMoves     = "moves"     // moves of the base price that no promotion comes with
	GatePlacebo   = "placebo"   // |t| of next week's price
	GatePrecision = "precision" // standard error of the item's own slope, over the slope of its kin
	GateUnseen    = "unseen"    // placebo and distance from kin, for sales that move for reasons unseen
)

const (
	fewestPrices = 3
	fewestWeeks  = 20
	leastSpread  = .03
	fewestMoves  = 2
	mostPlacebo  = 2.0
	loudest      = 1.75 // times the innovation variance of the shop's usual item
	mostUnseen   = 2.3  // the 68 % quantile of chi-square with two degrees of freedom
	mostVague    = .5   // so that two standard errors are the elasticity itself
)

// evidence is what an item's own weeks say, once estimated.
type evidence struct {
	placebo float64 // standard errors by which next week's price is away from having no effect
	kin     float64 // the same of the item's own slope, from what is believed of its product
	loud    float64 // variance of what nothing explains in its sales, over that of the shop's usual item
	vague   float64 // standard error of its own slope, over that belief or 1
}

// gates asks what an estimate must pass. Where something unseen moves sales, the seller may
// have seen it: then no sign of that may show at all, and the burden of proof is the other
// way round.
func (e evidence) gates() []Gate {
	gates := []Gate{
		{GatePrecision, e.vague, mostVague, e.vague <= mostVague},
		{GatePlacebo, e.placebo, mostPlacebo, math.Abs(e.placebo) < mostPlacebo},
	}
	if e.loud > loudest {
		x := e.placebo*e.placebo + e.kin*e.kin
		gates = append(gates, Gate{GateUnseen, x, mostUnseen, x < mostUnseen})
	}
	return gates
}

// facts are what the gates before an estimate ask of the weeks of an item.
type facts struct {
	prices   int     // different ones
	weeks    int     // in stock with sales
	spread   float64 // coefficient of variation over weeks in stock
	moves    int     // of the base price
	promoted int     // of those, with a promotion in the week before or after the move
	offers   int     // weeks with a promotion
	last     float64 // base price of the last week
}

// factsOf reads the rows of item i.
func (p *Panel) factsOf(i int) facts {
	lo, hi := p.Rows(i)
	var f facts
	var levels []float64
	var n, sum, square float64
	before := -1
	for r := lo; r < hi; r++ {
		f.last = p.Price[r]
		if p.Depth[r] > 0 {
			f.offers++
		}
		if p.Exposure[r] <= 0 {
			continue
		}
		if p.Units[r] > 0 {
			f.weeks++
		}
		x := p.Price[r]
		levels = append(levels, x)
		n, sum, square = n+1, sum+x, square+x*x
		if before >= 0 && moved(p.Price[before], x) {
			f.moves++
			if p.offered(before, r) {
				f.promoted++
			}
		}
		before = r
	}
	f.prices = distinct(levels)
	if n > 1 {
		mean := sum / n
		f.spread = math.Sqrt(math.Max(0, (square-n*mean*mean)/(n-1))) / mean
	}
	return f
}

// offered reports whether a promotion ran in any of the rows from…to of an item, both included.
func (p *Panel) offered(from, to int) bool {
	for r := from; r <= to; r++ {
		if p.Depth[r] > 0 {
			return true
		}
	}
	return false
}

func moved(a, b float64) bool { return math.Abs(math.Log(b/a)) > sameShare }

// distinct counts price levels that lie more than sameShare apart. It sorts levels.
func distinct(levels []float64) int {
	slices.Sort(levels)
	n, start := 0, 0.0
	for _, x := range levels {
		if x > start*(1+sameShare) {
			n, start = n+1, x
		}
	}
	return n
}

// gates asks what can be asked before anything is estimated.
func (f *facts) gates() []Gate {
	return []Gate{
		{GateWeeks, float64(f.weeks), fewestWeeks, f.weeks >= fewestWeeks},
		{GatePrices, float64(f.prices), fewestPrices, f.prices >= fewestPrices},
		{GateSpread, f.spread, leastSpread, f.spread >= leastSpread},
		{GateMoves, float64(f.moves - f.promoted), fewestMoves, f.moves-f.promoted >= fewestMoves},
	}
}

// reason words the first gate that was not passed; zero where all were.
func (f *facts) reason(gates []Gate, currency money.Currency) messages.Message {
	k := slices.IndexFunc(gates, func(g Gate) bool { return !g.Passed })
	if k < 0 {
		return messages.Message{}
	}
	g := gates[k]
	switch g.Name {
	case GatePrices:
		if f.offers > 0 && f.moves == f.promoted {
			return f.testable("E-ELASTICITY-PROMOTED", currency, messages.A("n", f.offers), messages.A("all", f.offers))
		}
		return f.testable("E-ELASTICITY-ONE-PRICE", currency, messages.A("n", f.prices), messages.A("need", fewestPrices))
	case GateWeeks:
		return messages.M("E-ELASTICITY-FEW-WEEKS", messages.A("n", f.weeks), messages.A("need", fewestWeeks))
	case GateSpread:
		return f.testable("E-ELASTICITY-STEADY", currency, messages.A("cv", messages.Percent(f.spread)), messages.A("need", messages.Percent(leastSpread)))
	case GateMoves:
		return f.testable("E-ELASTICITY-PROMOTED", currency, messages.A("n", f.promoted), messages.A("all", f.moves))
	case GatePrecision:
		return f.testable("E-ELASTICITY-VAGUE", currency, messages.A("share", messages.Percent(g.Value)), messages.A("need", messages.Percent(mostVague)))
	case GatePlacebo:
		return f.testable("E-ELASTICITY-PLACEBO", currency, messages.A("t", messages.Decimal{X: g.Value, Places: 1}))
	}
	return f.testable("E-ELASTICITY-UNSEEN", currency)
}

// testShare is how far a price test moves the price each way: enough to be seen in sales,
// little enough that nobody minds.
const testShare = .05

// testable is a message whose remedy is a price test around the last price.
func (f *facts) testable(code string, currency money.Currency, args ...messages.Arg) messages.Message {
	return messages.M(code, append(args,
		messages.A("low", rounded(f.last*(1-testShare), currency)), messages.A("high", rounded(f.last*(1+testShare), currency)))...)
}

// rounded is an amount in whole minor units of its currency.
func rounded(x float64, currency money.Currency) money.Amount {
	step := math.Pow10(4 - currency.Minor())
	return money.FromE4(int64(math.Round(x*1e4/step)*step), currency)
}
