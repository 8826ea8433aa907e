package pricing

import (
	"strings"
	"testing"

	"tradewind/calendar"
	"tradewind/commerce"
	"tradewind/messages"
	"tradewind/money"
)

// ledger builds a snapshot of a few items, day by day.
type ledger struct {
	s    commerce.Snapshot
	rows []saleRow
}

type saleRow struct {
	item           int
	day            int
	units, largest int64
	lines          int32
	price          float64
	stock          float32
}

const ledgerWeeks = 60

// newLedger is a shop from Monday 2024-01-01 on; every day has trade.
func newLedger(items ...commerce.SKU) *ledger {
	from := calendar.FromOrdinal(19723)
	l := &ledger{s: commerce.Snapshot{From: from, AsOf: from.AddDays(7*ledgerWeeks - 1), Currency: "EUR"}}
	for _, sku := range items {
		l.s.Items = append(l.s.Items, commerce.Item{SKU: sku, Market: "DE", Channel: "web"})
	}
	for d := range 7 * ledgerWeeks {
		l.s.Trading = append(l.s.Trading, commerce.TradingDay{Day: from.AddDays(d), Lines: 10})
	}
	return l
}

// sell adds one order line of two units of item 0 on the Tuesday of each week of from…to.
func (l *ledger) sell(from, to int, price func(week int) float64) *ledger {
	for week := from; week <= to; week++ {
		l.rows = append(l.rows, saleRow{0, 7*week + 1, 2, 2, 1, price(week), 1})
	}
	return l
}

// ask puts a price on the list of item 0 from the Monday of a week on.
func (l *ledger) ask(week int, price float64, currency money.Currency) *ledger {
	l.s.Prices = append(l.s.Prices, commerce.Price{Item: l.s.Items[0], Price: money.FromE4(int64(price*1e4+.5), currency), From: l.day(7 * week)})
	return l
}

// offer promotes item 0 in a week.
func (l *ledger) offer(week int, depth float64, vehicle string) *ledger {
	l.s.Promotions = append(l.s.Promotions, commerce.Promotion{Item: l.s.Items[0], From: l.day(7 * week), To: l.day(7*week + 6), Depth: depth, Vehicle: vehicle})
	return l
}

func (l *ledger) day(d int) calendar.Day { return l.s.From.AddDays(d) }

func (l *ledger) snapshot() *commerce.Snapshot {
	s := &l.s
	for i := range s.Items {
		s.Sales.Start = append(s.Sales.Start, int32(len(s.Sales.Day)))
		for _, r := range l.rows {
			if r.item != i {
				continue
			}
			c := &s.Sales
			c.Day, c.Gross, c.Largest, c.Lines = append(c.Day, l.day(r.day)), append(c.Gross, r.units), append(c.Largest, r.largest), append(c.Lines, r.lines)
			c.Returned, c.Refunded = append(c.Returned, 0), append(c.Refunded, 0)
			c.Typical, c.Revenue = append(c.Typical, int64(r.price*1e4+.5)), append(c.Revenue, int64(r.price*1e4+.5)*r.units)
			c.InStock = append(c.InStock, r.stock)
		}
	}
	s.Sales.Start = append(s.Sales.Start, int32(len(s.Sales.Day)))
	return s
}

func constant(x float64) func(int) float64 { return func(int) float64 { return x } }

// TestItemsThatCannotBeStudied breaks one thing at a time. Each refusal says what is wrong, and what mends it.
func TestItemsThatCannotBeStudied(t *testing.T) {
	last := ledgerWeeks - 1
	list := func(prices ...float64) *ledger {
		l := newLedger("A").sell(0, last, constant(20))
		for k, x := range prices {
			l.ask(k*ledgerWeeks/len(prices), x, "EUR")
		}
		return l
	}
	promotedMoves := newLedger("A").sell(0, last, constant(20)).ask(0, 20, "EUR")
	for k, x := range []float64{22, 18, 21, 19} {
		promotedMoves.ask(10*k+10, x, "EUR").offer(10*k+10, .1, commerce.Feature)
	}
	currency := newLedger("A").sell(0, last, constant(20))
	currency.s.Charged = []commerce.Charged{
		{Item: currency.s.Items[0], Currency: "EUR", From: currency.day(0), To: currency.day(100), Lines: 14},
		{Item: currency.s.Items[0], Currency: "USD", From: currency.day(106), To: currency.day(400), Lines: 40},
	}
	given := newLedger("A").sell(0, last, func(week int) float64 {
		if week == 30 {
			return 0
		}
		return 20 + float64(week/20)
	})
	mixed := newLedger("A").sell(0, last, func(week int) float64 { return 20 - 4*float64(week%2) })
	onlyOffers := list(20).offer(10, .2, commerce.PriceCut).offer(30, .3, commerce.PriceCut).offer(50, .1, commerce.PriceCut)

	for _, tt := range []struct {
		what, code string
		shop       *ledger
		says       string
	}{
		{"one price only", "E-ELASTICITY-ONE-PRICE", list(20), "between EUR 19.00 and EUR 21.00"},
		{"two prices", "E-ELASTICITY-ONE-PRICE", list(20, 24), "2 base prices"},
		{"a price that moves only by promotions", "E-ELASTICITY-PROMOTED", onlyOffers, "3 of 3"},
		{"base prices that move only with promotions", "E-ELASTICITY-PROMOTED", promotedMoves, "4 of 4"},
		{"a price asked of 0", "E-ELASTICITY-FREE", list(20, 0, 22, 24), "the price was 0 on"},
		{"units sold for 0", "E-ELASTICITY-FREE", given, "2024-07-30"},
		{"a change of the currency charged", "E-ELASTICITY-CURRENCY", currency, "EUR and, from 2024-04-16 on, in USD"},
		{"a change of the currency asked", "E-ELASTICITY-CURRENCY", list(20, 22, 24).ask(50, 30, "USD"), "USD"},
		{"a price that hardly moves", "E-ELASTICITY-STEADY", list(20, 20.3, 20.6, 20.2), "3.0 %"},
		{"few weeks", "E-ELASTICITY-FEW-WEEKS", newLedger("A").sell(45, last, constant(20)).ask(0, 20, "EUR").ask(48, 22, "EUR").ask(52, 25, "EUR").ask(55, 21, "EUR"), "15 weeks"},
		{"buyers who pay different prices", "E-ELASTICITY-MIXED", mixed, "who bought"},
		{"no price at all", "E-ELASTICITY-NO-PRICE", newLedger("A"), "no base price"},
	} {
		study := studyOf(t, tt.shop.snapshot(), Form{})
		e := study.Elasticities[0]
		if e.Identified || e.Reason.Code != tt.code || e.Source != Prior {
			t.Errorf("%s: identified %v, reason %v, source %v; want %s", tt.what, e.Identified, e.Reason, e.Source, tt.code)
			continue
		}
		if got := e.Reason.In(messages.English) + " " + e.Reason.Remedy().In(messages.English); !strings.Contains(got, tt.says) || strings.Contains(got, "[") {
			t.Errorf("%s: %q does not say %q", tt.what, got, tt.says)
		}
		if got := e.Reason.In(messages.Chinese) + e.Reason.Remedy().In(messages.Chinese); strings.Contains(got, "[") {
			t.Errorf("%s: %q", tt.what, got)
		}
	}
}

// TestSeparatedAndCollinear: weeks that are all zero at one price have no finite Poisson
// estimate, and a rival who copies every price cannot be told from it. Neither breaks the
// others' answers.
func TestSeparatedAndCollinear(t *testing.T) {
	p := plainPanel(30, 80, -2, nil)
	lo, hi := p.Rows(3)
	for r := lo; r < hi; r++ {
		if p.Price[r] > 20 {
			p.Units[r] = 0
		}
	}
	lo, hi = p.Rows(4)
	copy(p.Rival[lo:hi], p.Price[lo:hi])
	study, err := NewStudy(p, Form{})
	if err != nil {
		t.Fatal(err)
	}
	believed := 0
	for i, e := range study.Elasticities {
		if !(e.Mean >= Steepest && e.Mean <= Flattest && e.SD > 0) {
			t.Errorf("item %d: %.2f ± %.2f", i, e.Mean, e.SD)
		}
		if e.Identified && i != 3 && i != 4 {
			believed++
		}
	}
	if believed < 24 {
		t.Errorf("%d of 28 sound items are believed", believed)
	}
}
