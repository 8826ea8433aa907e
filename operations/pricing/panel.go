package pricing

import (
	"math"
	"slices"

	"tradewind/calendar"
	"tradewind/commerce"
	"tradewind/messages"
	"tradewind/money"
)

// Form sets up a study of elasticities. The zero value is the default.
type Form struct {
	// Landed is what a unit of an item costs landed in its market on a day, in the currency
	// that it is sold in, NaN where that is not known: what moves price without moving taste.
	// nil: only the rate of exchange between the supplier's quote and the price is.
	Landed func(item commerce.Item, day calendar.Day) float64
	Tests  []Test // price tests that were measured
	Weeks  int    // of the past that are looked at; 0 means 156
}

// Test is what a price test said of an item.
type Test struct {
	Item       commerce.Item
	Elasticity float64
	SE         float64
}

// Panel is weeks of items, in columns: row r of item i lies in Start[i] ≤ r < Start[i+1],
// weeks ascending. An item begins in the week of its first known price. Prices are base
// prices, without promotions, in the currency that the item is sold in.
type Panel struct {
	From     calendar.Day // the Monday of week 0
	Weeks    int          // whole weeks
	Items    []commerce.Item
	Category []string           // of each item; "" unknown
	Currency []money.Currency   // that each item is sold in
	Unfit    []messages.Message // why an item cannot be studied; zero where it can

	Start    []int32
	Week     []int32
	Units    []float64 // sold; single orders beyond what the item's orders look like count as the largest usual one
	Price    []float64
	Depth    []float64 // mean share that promotions took off the price; 0 where there is none
	Vehicle  []uint8   // how promotions were shown: bits of vehicles
	Exposure []float64 // share of the week on which the item could be bought; 0: the week says nothing
	Landed   []float64 // landed cost of a unit; NaN unknown
	Rival    []float64 // lowest price of a competitor; NaN unknown
	Capped   []int32   // of each item: orders that were cut to the largest usual one
}

// vehicles of promotions: how an offer is shown moves demand beside what it takes off.
const (
	featured uint8 = 1 << iota
	displayed
	couponed
)

const (
	defaultWeeks = 156
)

// Rows returns the half-open range of rows of item i.
func (p *Panel) Rows(i int) (lo, hi int) { return int(p.Start[i]), int(p.Start[i+1]) }

// NewPanel makes the panel of every item of a snapshot. It does not modify s. Weeks that are
// not whole at either end are left out.
func NewPanel(s *commerce.Snapshot, form Form) *Panel {
	p := &Panel{From: s.From.Monday(), Items: s.Items}
	if p.From.Before(s.From) {
		p.From = p.From.AddDays(7)
	}
	p.Weeks = max(0, s.AsOf.AddDays(1).Sub(p.From)/7)
	if most := orDefault(form.Weeks, defaultWeeks); p.Weeks > most {
		p.From, p.Weeks = p.From.AddDays(7*(p.Weeks-most)), most
	}
	n := len(s.Items)
	p.Category, p.Currency, p.Unfit = make([]string, n), make([]money.Currency, n), make([]messages.Message, n)
	p.Capped = make([]int32, n)
	p.Start = make([]int32, 1, n+1)
	w := weekly{snapshot: s, panel: p, form: form, rates: newRateTable(s), open: p.openWeeks(s)}
	w.room(p.Weeks)
	w.weekdays()
	for i, item := range s.Items {
		if product := s.Product(item.SKU); product != nil {
			p.Category[i] = product.Category
		}
		p.Unfit[i] = w.add(i)
		p.Start = append(p.Start, int32(len(p.Week)))
	}
	return p
}

func orDefault(n, otherwise int) int {
	if n == 0 {
		return otherwise
	}
	return n
}

// openWeeks marks the weeks in which the shop sold anything at all: a week without any trade
// says nothing. Single closed days are closed for all items alike, which the effect of the
// week takes up.
func (p *Panel) openWeeks(s *commerce.Snapshot) []bool {
	open := make([]bool, p.Weeks)
	for t := range open {
		open[t] = len(s.Trading) == 0
	}
	for _, d := range s.Trading {
		if t := d.Day.Sub(p.From); d.Lines > 0 && t >= 0 && t/7 < p.Weeks {
			open[t/7] = true
		}
	}
	return open
}

// weekly adds one item after the other to a panel. Its slices are room for a week each.
type weekly struct {
	snapshot *commerce.Snapshot
	panel    *Panel
	form     Form
	rates    rateTable
	open     []bool     // weeks with trade
	weekday  [7]float64 // share of each weekday in the shop's trade, Sunday first

	units, stocked, listed, depth, rival []float64
	vehicle                              []uint8
	mixed                                []bool // the days of the week show more than one price
	observed                             []bool // listed was seen, not carried
}

// weekdays counts the shop's order lines by weekday: a Saturday out of stock may cost more
// than a Monday.
func (w *weekly) weekdays() {
	all := 0.0
	for _, d := range w.snapshot.Trading {
		w.weekday[d.Day.Weekday()] += float64(d.Lines)
		all += float64(d.Lines)
	}
	for k := range w.weekday {
		if all == 0 {
			w.weekday[k] = 1.0 / 7
		} else {
			w.weekday[k] /= all
		}
	}
}

func (w *weekly) room(weeks int) {
	for _, column := range []*[]float64{&w.units, &w.stocked, &w.listed, &w.depth, &w.rival} {
		*column = make([]float64, weeks)
	}
	w.vehicle, w.mixed, w.observed = make([]uint8, weeks), make([]bool, weeks), make([]bool, weeks)
}

// add adds the weeks of item i and returns why it cannot be studied.
func (w *weekly) add(i int) messages.Message {
	s, p := w.snapshot, w.panel
	item := s.Items[i]
	asked := ownAsked(s.PricesOf(item), s.AsOf)
	currency, changed := w.currency(item, asked)
	p.Currency[i] = currency
	if !changed.IsZero() {
		return changed
	}
	if free := w.free(i, asked); !free.IsZero() {
		return free
	}
	w.promotions(item, asked)
	w.prices(i, asked)
	w.sales(i)
	w.rivals(item, currency)
	if !slices.ContainsFunc(w.listed, known) {
		return messages.M("E-ELASTICITY-NO-PRICE")
	}
	if len(asked) == 0 && w.flickers() {
		return messages.M("E-ELASTICITY-MIXED")
	}
	w.gone()
	w.emit(i, item)
	return messages.Message{}
}

func known(x float64) bool { return !math.IsNaN(x) }

// longestCarry is how many weeks a price is taken to hold after the last sale at it, where
// nobody wrote down what was asked.
const longestCarry = 13

// emit writes the rows of an item from the week of its first price on.
func (w *weekly) emit(i int, item commerce.Item) {
	p := w.panel
	price, since := math.NaN(), 0
	cost := w.exchanged(item, p.Currency[i])
	if w.form.Landed != nil {
		cost = func(day calendar.Day) float64 { return w.form.Landed(item, day) }
	}
	for t := range p.Weeks {
		since++
		if known(w.listed[t]) {
			price = w.listed[t]
			if w.observed[t] {
				since = 0
			}
		}
		if !known(price) {
			continue
		}
		exposure := w.stocked[t]
		if !w.open[t] || since > longestCarry || w.mixed[t] {
			exposure = 0
		}
		landed := math.NaN()
		if cost != nil {
			landed = cost(p.From.AddDays(7*t + 3))
		}
		p.Week = append(p.Week, int32(t))
		p.Units = append(p.Units, w.units[t])
		p.Price = append(p.Price, price)
		p.Depth = append(p.Depth, w.depth[t])
		p.Vehicle = append(p.Vehicle, w.vehicle[t])
		p.Exposure = append(p.Exposure, exposure)
		p.Landed = append(p.Landed, landed)
		p.Rival = append(p.Rival, w.rival[t])
	}
}

// currency returns what an item is sold in, and why it cannot be studied when that changed
// within the panel.
func (w *weekly) currency(item commerce.Item, asked []commerce.Price) (money.Currency, messages.Message) {
	current := w.snapshot.Currency
	var before commerce.Charged
	for _, c := range w.snapshot.ChargedIn(item) {
		if c.To.Before(w.panel.From) {
			continue
		}
		if before.Currency != "" && before.Currency != c.Currency {
			return c.Currency, messages.M("E-ELASTICITY-CURRENCY",
				messages.A("before", string(before.Currency)), messages.A("after", string(c.Currency)), messages.A("day", c.From))
		}
		before, current = c, c.Currency
	}
	for k, q := range asked {
		if q.Price.Currency() == current || k+1 < len(asked) && asked[k+1].From.Before(w.panel.From) {
			continue
		}
		return current, messages.M("E-ELASTICITY-CURRENCY",
			messages.A("before", string(current)), messages.A("after", string(q.Price.Currency())), messages.A("day", q.From))
	}
	return current, messages.Message{}
}

// free says so where an item was asked for or sold at a price of 0: there is no logarithm of
// it, and what is given away tells nothing of what is bought.
func (w *weekly) free(i int, asked []commerce.Price) messages.Message {
	for k, q := range asked {
		if q.Price.Sign() <= 0 && (k+1 == len(asked) || w.panel.From.Before(asked[k+1].From)) {
			return messages.M("E-ELASTICITY-FREE", messages.A("day", q.From))
		}
	}
	sales := &w.snapshot.Sales
	lo, hi := w.snapshot.Rows(i)
	for r := lo; r < hi; r++ {
		if !sales.Day[r].Before(w.panel.From) && sales.Gross[r] > 0 && sales.Revenue[r] <= 0 {
			return messages.M("E-ELASTICITY-FREE", messages.A("day", sales.Day[r]))
		}
	}
	return messages.Message{}
}
