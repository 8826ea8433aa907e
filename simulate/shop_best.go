package simulate

import "math"

// ClearsAt reports whether what is left at the end of period t is sold off.
func (f *ShopForm) ClearsAt(t int) bool {
	return f.Clears && float64(f.WeekAt(t)) == f.ClearWeek && float64(f.WeekAt(t+1)) != f.ClearWeek
}

// BestPrice returns the price that maximises contribution at a landed cost, stock enough:
// margin(p) = a·p - b and demand p^e give p = b/a · e/(1+e). Where demand hardly answers to
// price (e >= -1) it is the ceiling, or the reference where there is none.
func (f *ShopForm) BestPrice(cost float64) float64 {
	keep := f.Kept * (1 - f.Returned)
	spend := cost + f.Handling + f.Returned*(f.ReturnHandling-f.Resold*cost)
	switch {
	case f.Elasticity < -1 && keep > 0:
		return f.Legal(max(spend, 0)/keep*f.Elasticity/(1+f.Elasticity) + math.SmallestNonzeroFloat64)
	case f.Ceiling > 0:
		return f.Ceiling
	}
	return f.Reference
}

// At is the form as it was, or will be, in a period: nothing is believed of its level beyond
// what is true in the long run.
func (f *ShopForm) At(period int) ShopForm {
	then := *f
	if then.Week = math.Mod(f.Week+float64(period)*f.weeks(), weeksAYear); then.Week < 0 {
		then.Week += weeksAYear
	}
	then.Level *= math.Exp(f.grown(period))
	then.Now, then.NowSD = 0, f.levelSD()
	return then
}
