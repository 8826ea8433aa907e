package store_test

import (
	"fmt"
	"math"
	"math/rand/v2"
	"time"

	"tradewind/calendar"
	"tradewind/commerce"
	"tradewind/money"
)

var day0 = mustDay("2024-01-01")

func mustDay(s string) calendar.Day {
	d, err := calendar.ParseDay(s)
	if err != nil {
		panic(err)
	}
	return d
}

func gbp(e4 int64) money.Amount { return money.FromE4(e4, "GBP") }

// at returns noon of a day.
func at(d calendar.Day) time.Time { return d.StartIn(time.UTC).Add(12 * time.Hour) }

// sale returns an order line; its key is its number.
func sale(number uint64, sku string, day int, units, e4 int64) *commerce.OrderLine {
	d := day0.AddDays(day)
	return &commerce.OrderLine{
		Key: commerce.Key{Hi: number * 0x9E3779B97F4A7C15, Lo: number}, Order: fmt.Sprint("O", number/3), SKU: commerce.SKU(sku), Description: "a " + sku,
		Units: units, Price: gbp(e4), At: at(d), Day: d, Customer: "C1", Market: "GB", Channel: "web", FileLine: int64(number) + 1,
	}
}

func credit(number uint64, sku string, day int, units, e4 int64) *commerce.OrderLine {
	l := sale(number, sku, day, units, e4)
	l.Kind = commerce.Credit
	return l
}

// randomLines returns n order lines as a shop has them: few SKUs sell most, orders are of
// one customer, one line in fifty is a credit note. Keys begin at first.
func randomLines(seed, first uint64, n int) []commerce.Fact {
	r := rand.New(rand.NewPCG(seed, 1))
	popular := rand.NewZipf(r, 1.2, 8, 400)
	markets := []commerce.Market{"GB", "GB", "GB", "DE", "FR", "NL"}
	var facts []commerce.Fact
	var order string
	var buyer commerce.CustomerID
	var market commerce.Market
	for i := range n {
		if i%7 == 0 {
			order = fmt.Sprint("N", first+uint64(i))
			buyer = commerce.CustomerID(fmt.Sprint(r.IntN(300)))
			market = markets[r.IntN(len(markets))]
		}
		l := sale(first+uint64(i), fmt.Sprint("S", popular.Uint64()), i*365/n, 1+r.Int64N(24), 500+100*r.Int64N(200))
		l.Order, l.Customer, l.Market = order, buyer, market
		if r.IntN(50) == 0 {
			l.Kind = commerce.Credit
		}
		facts = append(facts, l)
	}
	return facts
}

var given = commerce.Provenance{Source: "facts.csv:2", AsOf: day0}
var guessed = commerce.Provenance{Source: "guess", AsOf: day0, Assumed: true}

// oneOfEach returns one fact of every kind but order lines.
func oneOfEach() []commerce.Fact {
	return []commerce.Fact{
		&commerce.Product{SKU: "S1", Name: "Lantern", Category: "home", Grams: 250, HS: "940550", Origin: "CN", Traits: "electrical textile", Provenance: given},
		&commerce.Cost{SKU: "S1", Unit: gbp(10_000), From: day0, Provenance: guessed},
		&commerce.Stock{SKU: "S1", Location: "UK-1", OnHand: 40, Inbound: 12, Day: day0, Provenance: guessed},
		&commerce.Supply{SKU: "S1", Supplier: "Yiwu", LeadDays: 30, LeadSD: 4.5, MOQ: 24, Pack: 6, OrderCost: gbp(50_000), Provenance: given},
		&commerce.Warehouse{Location: "UK-1", Country: "GB", Serves: []commerce.Market{"GB", "IE"}, Provenance: given},
		&commerce.Price{Item: commerce.Item{SKU: "S1", Market: "GB", Channel: "web"}, Seller: "rival", Price: gbp(29_900), MinUnits: 1, From: day0, Provenance: given},
		&commerce.Rate{Base: "EUR", Quote: "GBP", Day: day0, Value: 0.86, Provenance: given},
		&commerce.Spend{Day: day0, Market: "GB", Channel: "web", Campaign: "spring", Amount: gbp(1_000_000), Provenance: given},
		&commerce.Listing{Item: commerce.Item{SKU: "S1", Market: "DE", Channel: "web"}, Language: "de", Title: "Laterne", Description: "Eine Laterne", Sizes: "9 cm", Legal: "Hersteller: …", Provenance: given},
		&commerce.Document{SKU: "S1", Market: "DE", Kind: "ce_declaration", Reference: "DoC 1", From: day0, Until: day0.AddDays(365), Provenance: guessed},
		&commerce.Promotion{Item: commerce.Item{SKU: "S1", Market: "GB", Channel: "web"}, Name: "Spring", From: day0, To: day0.AddDays(6), Depth: math.NaN(), Price: gbp(19_900), Vehicle: commerce.Feature, Cost: gbp(500_000), Funding: gbp(2_000), Provenance: guessed},
		&commerce.Receipt{SKU: "S1", Location: "UK-1", Supplier: "Yiwu", Units: 24, Ordered: day0.AddDays(-33), Received: day0, Reference: "GR-7", Provenance: guessed},
	}
}
