package pricing

import (
	"math"
	"testing"

	"github.com/google/go-cmp/cmp"

	"tradewind/commerce"
	"tradewind/money"
)

// prices of the rows of item i, rounded to the cent.
func (p *Panel) cents(i int) []float64 {
	lo, hi := p.Rows(i)
	out := make([]float64, 0, hi-lo)
	for _, x := range p.Price[lo:hi] {
		out = append(out, math.Round(x*100)/100)
	}
	return out
}

func TestPricesAreCarriedOverWeeksWithoutSales(t *testing.T) {
	l := newLedger("A").sell(2, 2, constant(20)).sell(5, 5, constant(22)).sell(6, 6, constant(22))
	p := NewPanel(l.snapshot(), Form{})
	got := p.cents(0)[:6]
	if want := []float64{20, 20, 20, 22, 22, 22}; !cmp.Equal(got, want) || p.Week[0] != 2 {
		t.Errorf("from week %d: %v, want from week 2 %v", p.Week[0], got, want)
	}
	if last := len(p.Exposure) - 1; p.Exposure[last] != 0 || p.Exposure[4] != 1 {
		t.Error("a price that nobody has paid for a year still counts")
	}
}

// TestPromotionsOnThePriceList: a list that holds promotional prices gives the base price
// before them; the promotion is a regressor of its own.
func TestPromotionsOnThePriceList(t *testing.T) {
	l := newLedger("A").sell(0, ledgerWeeks-1, constant(20))
	l.ask(0, 20, "EUR").ask(10, 15, "EUR").ask(11, 20, "EUR").ask(30, 24, "EUR").offer(10, .25, commerce.Display)
	p := NewPanel(l.snapshot(), Form{})
	for r, week := range p.Week {
		want, depth := 20.0, 0.0
		if week >= 30 {
			want = 24
		}
		if week == 10 {
			depth = .25
		}
		if math.Abs(p.Price[r]-want) > 1e-9 || math.Abs(p.Depth[r]-depth) > 1e-12 || (p.Vehicle[r] == displayed) != (week == 10) {
			t.Errorf("week %d: price %.2f, depth %.2f, vehicle %d", week, p.Price[r], p.Depth[r], p.Vehicle[r])
		}
	}
}

// TestTwoListsAreNoMoves: retail buyers pay double, and in some weeks most buyers are such.
// The list of the others rose twice, and that is all that moved.
func TestTwoListsAreNoMoves(t *testing.T) {
	trade := func(week int) float64 { return 7.5 + .4*float64(week/40) }
	l := newLedger("A").sell(0, ledgerWeeks-1, func(week int) float64 {
		if week%7 == 3 {
			return 2.1 * trade(week)
		}
		return trade(week)
	})
	p := NewPanel(l.snapshot(), Form{})
	if !p.Unfit[0].IsZero() {
		t.Fatalf("refused: %v", p.Unfit[0])
	}
	for r, got := range p.cents(0) {
		week := int(p.Week[r])
		want := math.Round(100*trade(week)) / 100
		if week%7 == 3 && r > 0 {
			want = p.cents(0)[r-1] // carried over
		}
		if got != want {
			t.Errorf("week %d: %.2f, want %.2f", week, got, want)
		}
	}
	once := newLedger("A").sell(0, ledgerWeeks-1, func(week int) float64 { return 10 + 10*float64(week/50) })
	if q := NewPanel(once.snapshot(), Form{}); q.cents(0)[len(q.Week)-1] == 10 {
		t.Error("a price that doubled for good is taken for another list")
	}
}

// TestQuantityPricesAreNoMoves: customers who take twelve pay less. Their days say nothing of
// the base price, which never moved.
func TestQuantityPricesAreNoMoves(t *testing.T) {
	l := newLedger("A")
	for week := range ledgerWeeks {
		if week%3 > 0 {
			l.rows = append(l.rows, saleRow{0, 7 * week, 1, 1, 1, 20, 1})
		}
		if week%2 == 0 {
			l.rows = append(l.rows, saleRow{0, 7*week + 2, 24, 24, 1, 17, 1})
		}
	}
	l.s.Paid = []commerce.PaidPrice{
		{Item: l.s.Items[0], MinUnits: 1, Price: money.FromE4(200_000, "EUR"), Lines: 9},
		{Item: l.s.Items[0], MinUnits: 24, Price: money.FromE4(170_000, "EUR"), Lines: 9},
	}
	p := NewPanel(l.snapshot(), Form{})
	for _, x := range p.cents(0) {
		if x != 20 {
			t.Fatalf("a base price of %.2f, want 20", x)
		}
	}
	if f := p.factsOf(0); f.prices != 1 || f.moves != 0 {
		t.Errorf("%d prices and %d moves, want 1 and 0", f.prices, f.moves)
	}
}

// TestBulkOrdersAreCut: one order of 5,000 among orders of one to three counts as a large
// usual one, and its week keeps its other sales.
func TestBulkOrdersAreCut(t *testing.T) {
	l := newLedger("A")
	for d := range 7 * ledgerWeeks {
		l.rows = append(l.rows, saleRow{0, d, int64(1 + d%3), int64(1 + d%3), 1, 20, 1})
	}
	l.rows[100].units, l.rows[100].largest, l.rows[100].lines = 5002, 5000, 2
	p := NewPanel(l.snapshot(), Form{})
	week := 100 / 7
	if p.Capped[0] != 1 || p.Units[week] > 60 || p.Units[week] < 14 || p.Units[week+1] != p.Units[week+4] {
		t.Errorf("%d orders cut, %.0f units in the week, want 1 and some 20", p.Capped[0], p.Units[week])
	}
}

// TestStockIsExposure: a day out of stock takes its share of the week's trade, a silent run of
// weeks in a steady seller says nothing at all, and a shop that is closed says nothing either.
func TestStockIsExposure(t *testing.T) {
	l := newLedger("A").ask(0, 20, "EUR")
	for d := range 7 * ledgerWeeks {
		week := d / 7
		switch {
		case week == 20 || week == 21 || week == 22: // no row: nobody knows why
		case week == 30 && d%7 >= 5:
			l.rows = append(l.rows, saleRow{0, d, 0, 0, 0, 0, 0})
		case week == 40:
		default:
			l.rows = append(l.rows, saleRow{0, d, 3, 1, 3, 20, 1})
		}
	}
	for k := range l.s.Trading {
		switch week, weekday := k/7, k%7; {
		case week == 40:
			l.s.Trading[k].Lines = 0
		case weekday == 5:
			l.s.Trading[k].Lines = 25
		case weekday == 6:
			l.s.Trading[k].Lines = 25
		}
	}
	p := NewPanel(l.snapshot(), Form{})
	for week, want := range map[int]float64{10: 1, 20: 0, 21: 0, 22: 0, 30: .5, 40: 0, 41: 1} {
		if got := p.Exposure[week]; math.Abs(got-want) > 1e-9 {
			t.Errorf("week %d: exposure %.3f, want %.3f", week, got, want)
		}
	}
}

func TestRivals(t *testing.T) {
	l := newLedger("A").sell(0, ledgerWeeks-1, constant(20)).ask(0, 20, "EUR")
	item := l.s.Items[0]
	quote := func(seller string, day int, price int64, currency money.Currency, least int64) {
		l.s.Prices = append(l.s.Prices, commerce.Price{Item: item, Seller: seller, Price: money.FromE4(price*1e4, currency), From: l.day(day), MinUnits: least})
	}
	quote("a", 0, 19, "EUR", 0)
	quote("a", 35, 23, "EUR", 0)
	quote("b", 14, 18, "EUR", 1)
	quote("b", 21, 25, "EUR", 1)
	quote("c", 0, 1, "USD", 0)
	quote("d", 0, 2, "EUR", 12)
	s := l.snapshot()
	p := NewPanel(s, Form{})
	// Weeks 0-1 a alone, 2 b too, 3-4 a, 5 on a at 23 until it is 60 days old, then nobody.
	for week, want := range map[int]float64{0: 19, 1: 19, 2: 18, 3: 19, 4: 19, 5: 23, 13: 23, 14: math.NaN(), 30: math.NaN()} {
		if got := p.Rival[week]; got != want && !(math.IsNaN(got) && math.IsNaN(want)) {
			t.Errorf("week %d: rivals' price %v, want %v", week, got, want)
		}
	}
	if low, high, ok := Corridor(s, item, l.day(40), "EUR"); !ok || low != 23 || high != 25 {
		t.Errorf("corridor %v to %v, %v; want 23 to 25", low, high, ok)
	}
	if _, _, ok := Corridor(s, item, l.day(200), "EUR"); ok {
		t.Error("prices of half a year ago still make a corridor")
	}
}

// TestExchangedCosts: with a quote in another currency the cost moves as the rate does.
func TestExchangedCosts(t *testing.T) {
	l := newLedger("A").sell(0, ledgerWeeks-1, constant(20)).ask(0, 20, "EUR")
	l.s.Costs = []commerce.Cost{{SKU: "A", Unit: money.FromE4(90_000, "EUR"), Quoted: money.FromE4(100_000, "USD"), From: l.day(0)}}
	for week := range ledgerWeeks {
		l.s.Rates = append(l.s.Rates, commerce.Rate{Base: "USD", Quote: "EUR", Day: l.day(7 * week), Value: .9 + .001*float64(week)})
	}
	p := NewPanel(l.snapshot(), Form{})
	for _, week := range []int{0, 17, 59} {
		if got, want := p.Landed[week], 10*(.9+.001*float64(week)); math.Abs(got-want) > 1e-9 {
			t.Errorf("week %d: %.4f, want %.4f", week, got, want)
		}
	}
}
