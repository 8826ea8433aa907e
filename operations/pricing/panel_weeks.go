package pricing

import (
	"math"
	"slices"

	"tradewind/calendar"
	"tradewind/commerce"
	"tradewind/numeric/distribution"
)

// ownAsked are the seller's own prices for a single unit up to a day, by day.
func ownAsked(prices []commerce.Price, until calendar.Day) []commerce.Price {
	var own []commerce.Price
	for _, q := range prices {
		if q.Seller == "" && q.MinUnits <= 1 && !until.Before(q.From) {
			own = append(own, q)
		}
	}
	return own
}

// inForce returns the last of prices, by day, that holds on a day.
func inForce(prices []commerce.Price, day calendar.Day) (commerce.Price, bool) {
	n, found := slices.BinarySearchFunc(prices, day, func(q commerce.Price, d calendar.Day) int { return q.From.Compare(d) })
	if found {
		return prices[n], true
	}
	if n == 0 {
		return commerce.Price{}, false
	}
	return prices[n-1], true
}

// promotions writes depth and vehicle of each week: the mean over its days.
func (w *weekly) promotions(item commerce.Item, asked []commerce.Price) {
	clear(w.depth)
	clear(w.vehicle)
	for _, offer := range w.snapshot.PromotionsOf(item) {
		depth := depthOf(&offer, asked)
		for t := range w.weeksOf(offer.From, offer.To) {
			w.depth[t] += depth / 7
			switch offer.Vehicle {
			case commerce.Feature:
				w.vehicle[t] |= featured
			case commerce.Display:
				w.vehicle[t] |= displayed
			case commerce.Coupon:
				w.vehicle[t] |= couponed
			}
		}
	}
	for t := range w.depth {
		w.depth[t] = math.Min(w.depth[t], 1)
	}
}

// weeksOf yields, for each day from…to of the panel, its week.
func (w *weekly) weeksOf(from, to calendar.Day) func(func(int) bool) {
	return func(yield func(int) bool) {
		first, last := max(0, from.Sub(w.panel.From)), min(7*w.panel.Weeks-1, to.Sub(w.panel.From))
		for d := first; d <= last; d++ {
			if !yield(d / 7) {
				return
			}
		}
	}
}

// unstatedDepth is what a promotion takes off where nobody says.
const unstatedDepth = .1

// depthOf is the share that an offer takes off the price before it.
func depthOf(offer *commerce.Promotion, asked []commerce.Price) float64 {
	if known(offer.Depth) && offer.Depth >= 0 {
		return offer.Depth
	}
	before, ok := inForce(asked, offer.From.AddDays(-1))
	if ok && !offer.Price.IsZero() && offer.Price.Currency() == before.Price.Currency() && before.Price.Sign() > 0 {
		return math.Max(0, 1-offer.Price.Float()/before.Price.Float())
	}
	return unstatedDepth
}

// prices writes the base price of each week: that asked, where it is known, and what most
// order lines paid elsewhere. Days of a promotion say nothing of the base price.
func (w *weekly) prices(i int, asked []commerce.Price) {
	for t := range w.listed {
		w.listed[t], w.mixed[t], w.observed[t] = math.NaN(), false, false
	}
	if len(asked) > 0 {
		w.askedPrices(asked)
		return
	}
	w.paidPrices(i)
}

// sameShare is by how much two prices may differ and still be one: what rounding and taxes do.
const sameShare = .005

func (w *weekly) askedPrices(asked []commerce.Price) {
	base := math.NaN()
	for t := range w.listed {
		logs, days := 0.0, 0
		for d := range 7 {
			q, ok := inForce(asked, w.panel.From.AddDays(7*t+d))
			if !ok {
				continue
			}
			// A promotion may stand among the prices asked: then the price before it is the base.
			x := q.Price.Float()
			if depth := w.depth[t]; !(depth > 0 && x < base*(1-sameShare) && x <= base*(1-depth)*(1+2*sameShare)) {
				base = x
			}
			logs, days = logs+math.Log(base), days+1
		}
		if days > 0 {
			w.listed[t], w.observed[t] = math.Exp(logs/float64(days)), true
		}
	}
}

// paidPrices takes the median over the days of a week. Days on which somebody bought enough
// for a quantity price are left out where the item has one: its price is not the base price.
func (w *weekly) paidPrices(i int) {
	sales := &w.snapshot.Sales
	if len(sales.Typical) == 0 {
		return
	}
	least := quantityBreak(w.snapshot.PaidOf(w.snapshot.Items[i]))
	lo, hi := w.snapshot.Rows(i)
	list := w.mainList(lo, hi)
	var days []float64
	for r := lo; r < hi; {
		t := w.weekOf(sales.Day[r])
		days = days[:0]
		for ; r < hi && w.weekOf(sales.Day[r]) == t; r++ {
			if price := float64(sales.Typical[r]) / 1e4; price > 0 && list.holds(price) && (least == 0 || sales.Largest[r] < least) {
				days = append(days, price)
			}
		}
		if t < 0 || len(days) == 0 || w.depth[t] > 0 {
			continue
		}
		slices.Sort(days)
		w.listed[t], w.observed[t] = days[(len(days)-1)/2], true
		w.mixed[t] = days[len(days)-1] > days[0]*(1+sameShare)
	}
}

// band is a range of prices.
type band struct{ low, high float64 }

func (b band) holds(price float64) bool { return b.low <= price && price <= b.high }

// mainList finds the prices of the list that most days are sold from. Where days change to
// and fro between prices far apart, different buyers have different lists, trade and retail
// say; days on which the others are most of the buyers say nothing of the main list.
func (w *weekly) mainList(lo, hi int) band {
	all := band{0, math.Inf(1)}
	typical := w.snapshot.Sales.Typical[lo:hi]
	var sorted []float64
	for _, x := range typical {
		if x > 0 {
			sorted = append(sorted, float64(x)/1e4)
		}
	}
	if len(sorted) == 0 {
		return all
	}
	slices.Sort(sorted)
	main, most, start := all, 0, 0
	for k := 1; k <= len(sorted); k++ {
		if k < len(sorted) && math.Log(sorted[k]/sorted[k-1]) <= longMove {
			continue
		}
		if n := k - start; n > most {
			main, most = band{sorted[start], sorted[k-1]}, n
		}
		start = k
	}
	returns, away := 0, false
	for _, x := range typical {
		switch price := float64(x) / 1e4; {
		case x <= 0:
		case !main.holds(price):
			away = true
		case away:
			returns, away = returns+1, false
		}
	}
	if returns <= returnsMost {
		return all
	}
	return main
}

// weekOf returns the week of a day, -1 outside of the panel.
func (w *weekly) weekOf(day calendar.Day) int {
	d := day.Sub(w.panel.From)
	if d < 0 || d >= 7*w.panel.Weeks {
		return -1
	}
	return d / 7
}

// breakShare is how much cheaper a quantity step must be to be a quantity price.
const breakShare = .02

// quantityBreak returns from how many units on customers pay less a unit; 0: never.
func quantityBreak(paid []commerce.PaidPrice) commerce.Units {
	for k := 1; k < len(paid); k++ {
		if paid[k].Price.Float() < paid[0].Price.Float()*(1-breakShare) {
			return paid[k].MinUnits
		}
	}
	return 0
}

const (
	mixedMost   = .25 // of weeks that may show more than one price
	returnsMost = 1   // times that a price list may come back to a price that it left

	longMove = .25 // in logarithms
	likeness = .12 // likewise, of prices that lie on one list a while apart
)

// flickers reports whether paid prices are no price list. A price that is moved shows two
// prices in the week of the move, and seldom comes back to one that it left. Where many
// weeks show two, or the price returns again and again, different buyers pay different
// prices at one time, and a move of the median is a move of who buys; or they were offers
// that nobody wrote down.
func (w *weekly) flickers() bool {
	mixed, seen, returns := 0, 0, 0
	var levels []float64
	for t, x := range w.listed {
		if !w.observed[t] {
			continue
		}
		seen++
		if w.mixed[t] {
			mixed++
		}
		if n := len(levels); n > 0 && !moved(levels[n-1], x) {
			continue
		}
		if comesBack(levels, x) {
			returns++
		}
		levels = append(levels, x)
	}
	return float64(mixed) > mixedMost*float64(seen) || returns > returnsMost
}

// comesBack reports whether a price is one that was left: the same, or, after a long move,
// about the same, as lists of different buyers rise alike.
func comesBack(left []float64, x float64) bool {
	if len(left) < 2 {
		return false
	}
	near := sameShare
	if math.Abs(math.Log(x/left[len(left)-1])) > longMove {
		near = likeness
	}
	return slices.ContainsFunc(left[:len(left)-1], func(y float64) bool { return math.Abs(math.Log(x/y)) <= near })
}

// sales writes units and the share of each week in stock.
func (w *weekly) sales(i int) {
	clear(w.units)
	for t := range w.stocked {
		w.stocked[t] = 1
	}
	sales := &w.snapshot.Sales
	lo, hi := w.snapshot.Rows(i)
	usual := w.largestUsual(lo, hi)
	for r := lo; r < hi; r++ {
		t := w.weekOf(sales.Day[r])
		if t < 0 {
			continue
		}
		gross := float64(sales.Gross[r])
		if over := float64(sales.Largest[r]) - usual; over > 0 {
			gross -= over
			w.panel.Capped[i]++
		}
		w.units[t] += gross
		if len(sales.InStock) > 0 && sales.InStock[r] < 1 {
			w.stocked[t] -= (1 - float64(sales.InStock[r])) * w.weekday[sales.Day[r].Weekday()]
		}
	}
	for t := range w.stocked {
		w.stocked[t] = math.Max(0, w.stocked[t])
	}
}

const (
	usualShare  = .999
	fewestLines = 30 // order lines below which nobody knows what is usual
	mostCuts    = 40
)

// largestUsual is the 99.9 % quantile of the negative binomial distribution of an item's
// order sizes beyond the first unit; +Inf where there are too few. It is fitted again to
// orders cut at the answer, until that stands still, so that a bulk order does not make
// itself usual.
func (w *weekly) largestUsual(lo, hi int) float64 {
	sales := &w.snapshot.Sales
	limit := math.Inf(1)
	for range mostCuts {
		var n, sum, square float64
		for r := lo; r < hi; r++ {
			lines := float64(sales.Lines[r])
			if lines <= 0 || sales.Gross[r] <= 0 {
				continue
			}
			largest := float64(sales.Largest[r])
			rest := math.Max(0, float64(sales.Gross[r])-largest)
			x := math.Min(largest, limit) - 1
			n, sum, square = n+1, sum+x, square+x*x
			if lines > 1 {
				x = math.Max(0, rest/(lines-1)-1)
				n, sum, square = n+lines-1, sum+(lines-1)*x, square+(lines-1)*x*x
			}
		}
		if n < fewestLines || sum <= 0 {
			return math.Inf(1)
		}
		mean := sum / n
		before := limit
		limit = 1 + distribution.NegativeBinomialOf(mean, square/n-mean*mean).Quantile(usualShare)
		if limit >= before {
			return before
		}
	}
	return limit
}

const (
	goneChance = 1e-3 // of a run of weeks without a sale below which the item is taken to have been out of stock
	goneWeeks  = 2    // a single week without a sale is never taken for that
)

// gone takes runs of weeks without a sale out of the panel that demand alone hardly makes:
// the item was not to be had, whatever the stock list says. A run counts only between two
// sales; where it is the end, the item may have been taken off.
func (w *weekly) gone() {
	first, last := -1, -1
	var sum, square float64
	for t, u := range w.units {
		if u > 0 {
			if first < 0 {
				first = t
			}
			last = t
		}
	}
	if first < 0 {
		return
	}
	for _, u := range w.units[first : last+1] {
		sum, square = sum+u, square+u*u
	}
	n := float64(last - first + 1)
	mean := sum / n
	none := distribution.NegativeBinomialOf(mean, square/n-mean*mean).LogProbability(0)
	for t := first; t < last; t++ {
		run := t
		for run < last && w.units[run] == 0 {
			run++
		}
		if length := run - t; length >= goneWeeks && float64(length)*none < math.Log(goneChance) {
			for k := t; k < run; k++ {
				w.stocked[k] = 0
			}
		}
		if run > t {
			t = run - 1
		}
	}
	for t := range w.stocked {
		if t < first || t > last+longestCarry {
			w.stocked[t] = 0 // not offered yet, or no longer
		}
	}
}
