package plan

import (
	"math"
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"tradewind/calendar"
	"tradewind/commerce"
	"tradewind/money"
)

// shop builds a snapshot from lines such as
//
//	sells  A GB 12 5.00 90   A sells 12 a day in GB at 5.00, these last 90 days (or all)
//	stock  A UK-1 70 0       on hand, inbound
//	cost   A 2.50
//	supply A Acme 14 3 24 6 10.00   lead days, spread, MOQ, pack, order cost
//	serves UK-1 GB IE
//
// Sales are Poisson counts on Monday to Friday over 400 days, from a seed that the item
// names: the same lines are the same shop.
func shop(t testing.TB, facts string) *commerce.Snapshot {
	t.Helper()
	asOf, err := calendar.ParseDay("2011-12-09")
	if err != nil {
		t.Fatal(err)
	}
	s := &commerce.Snapshot{AsOf: asOf, From: asOf.AddDays(-399), Currency: "GBP"}
	known := commerce.Provenance{Source: "facts", AsOf: asOf}
	sells := map[commerce.Item]offer{}
	for line := range strings.Lines(facts) {
		f := strings.Fields(line)
		if len(f) == 0 {
			continue
		}
		n := func(i int) float64 { return parse(t, f[i]) }
		switch f[0] {
		case "sells":
			it := commerce.Item{SKU: commerce.SKU(f[1]), Market: commerce.Market(f[2]), Channel: "web"}
			sells[it] = offer{daily: n(3), price: n(4), days: s.Days()}
			if len(f) > 5 {
				sells[it] = offer{daily: n(3), price: n(4), days: int(n(5))}
			}
			s.Items = append(s.Items, it)
		case "stock":
			s.Stocks = append(s.Stocks, commerce.Stock{SKU: commerce.SKU(f[1]), Location: commerce.Location(f[2]), OnHand: int64(n(3)), Inbound: int64(n(4)), Day: asOf, Provenance: known})
		case "cost":
			s.Costs = append(s.Costs, commerce.Cost{SKU: commerce.SKU(f[1]), Unit: pounds(t, n(2)), From: s.From, Provenance: known})
		case "supply":
			s.Supplies = append(s.Supplies, commerce.Supply{SKU: commerce.SKU(f[1]), Supplier: commerce.Supplier(f[2]), LeadDays: n(3), LeadSD: n(4), MOQ: int64(n(5)), Pack: int64(n(6)), OrderCost: pounds(t, n(7)), Provenance: known})
		case "serves":
			w := commerce.Warehouse{Location: commerce.Location(f[1]), Provenance: known}
			for _, m := range f[2:] {
				w.Serves = append(w.Serves, commerce.Market(m))
			}
			s.Warehouses = append(s.Warehouses, w)
		default:
			t.Fatalf("no fact begins with %q", f[0])
		}
	}
	slices.SortFunc(s.Items, commerce.Item.Compare)
	sell(s, sells)
	s.Hash = s.Fingerprint()
	return s
}

// offer is what an item sells a day, at what price, and for how many days by now.
type offer struct {
	daily, price float64
	days         int
}

// sell fills the columns of sales.
func sell(s *commerce.Snapshot, sells map[commerce.Item]offer) {
	lines := make([]int64, s.Days())
	c := &s.Sales
	for _, it := range s.Items {
		c.Start = append(c.Start, int32(len(c.Day)))
		rng := rand.New(rand.NewPCG(uint64(len(it.SKU)), uint64(it.SKU[0])<<16|uint64(it.Market[0])<<8|uint64(it.Market[1])))
		o := sells[it]
		for d := s.Days() - o.days; d < s.Days(); d++ {
			day := s.From.AddDays(d)
			units := int64(0)
			if w := day.Weekday(); w != time.Saturday && w != time.Sunday {
				units = poisson(o.daily, rng)
			}
			if units == 0 {
				continue
			}
			lines[d]++
			c.Day = append(c.Day, day)
			c.Gross = append(c.Gross, units)
			c.Returned = append(c.Returned, 0)
			c.Revenue = append(c.Revenue, int64(math.Round(float64(units)*o.price*1e4)))
			c.Refunded = append(c.Refunded, 0)
			c.Lines = append(c.Lines, 1)
			c.Largest = append(c.Largest, units)
			c.InStock = append(c.InStock, 1)
		}
	}
	c.Start = append(c.Start, int32(len(c.Day)))
	for d, n := range lines {
		s.Trading = append(s.Trading, commerce.TradingDay{Day: s.From.AddDays(d), Lines: n})
	}
}

// poisson counts exponential waits; its means here are small.
func poisson(mean float64, rng *rand.Rand) int64 {
	n := int64(0)
	for at := rng.ExpFloat64(); at < mean; at += rng.ExpFloat64() {
		n++
	}
	return n
}

func parse(t testing.TB, s string) float64 {
	t.Helper()
	x, err := strconv.ParseFloat(s, 64)
	if err != nil {
		t.Fatal(err)
	}
	return x
}

func pounds(t testing.TB, x float64) money.Amount {
	t.Helper()
	a, err := money.FromFloat(x, "GBP")
	if err != nil {
		t.Fatal(err)
	}
	return a
}

// clock is the workspace's time in all tests here.
var clock = time.Date(2011, 12, 9, 20, 0, 0, 0, time.UTC)

// overridesOf reads lines such as
//
//	A GB 3 7 140 Li Wei: television   from the third coming day on, 7 days, 140 units in all
func overridesOf(t testing.TB, s *commerce.Snapshot, text string) (list []Override) {
	t.Helper()
	for line := range strings.Lines(text) {
		f := strings.Fields(line)
		days, total := int(parse(t, f[3])), parse(t, f[4])
		by, reason, _ := strings.Cut(strings.Join(f[5:], " "), ": ")
		o := Override{ID: "O-" + strconv.Itoa(len(list)+1), Seq: len(list) + 1, SKU: commerce.SKU(f[0]), Market: commerce.Market(f[1]),
			From: s.AsOf.AddDays(int(parse(t, f[2]))), By: by, Reason: reason, Made: s.AsOf}
		for range days {
			o.Units = append(o.Units, total/float64(days))
		}
		list = append(list, o)
	}
	return list
}

// planOf plans a shop from survey to choice.
func planOf(t testing.TB, s *commerce.Snapshot, c Config) *Plan {
	t.Helper()
	return planWith(t, s, c, nil)
}

// planWith plans a shop of which people expect something else than the model.
func planWith(t testing.TB, s *commerce.Snapshot, c Config, expected []Override) *Plan {
	t.Helper()
	v := NewSurvey(s, c, clock, "test", nil).Overridden(expected)
	menus, err := Menus(t.Context(), v, nil)
	if err != nil {
		t.Fatal(err)
	}
	v.Moves.Stock, menus = StudyStock(v, menus)
	return Choose(v, menus)
}
