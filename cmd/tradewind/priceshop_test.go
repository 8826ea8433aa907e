package main

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"tradewind"
	"tradewind/commerce"
	"tradewind/simulate"
)

// priceShop is a small shop with prices and promotions, as files: six products of the
// stores that docs/worlds.md specifies, so that it is known of every item what can be
// learnt of its demand, and three products of which nothing can be.
type priceShop struct {
	dir  string
	item map[simulate.Kind]commerce.Item // one of each kind

	products []commerce.Product
}

const (
	givenAway = "FREE-1"   // sold at a price of 0 on one day
	twoMoneys = "MONEYS-1" // sold in pounds first, in euro then
	costless  = "NOCOST-1" // nobody knows what it costs
)

// newPriceShop writes the files of the shop.
func newPriceShop(t *testing.T) priceShop {
	t.Helper()
	world := simulate.NewStores(simulate.StoreForm{SKUs: 6, Weeks: 48, Horizon: 1, Spillover: true}, 11)
	s := world.Snapshot()
	shop := priceShop{t.TempDir(), map[simulate.Kind]commerce.Item{}, s.Products}
	for i := range world.Len() {
		kind := world.Truth(i).Kind
		if _, there := shop.item[kind]; !there {
			shop.item[kind] = world.Item(i)
		}
	}
	shop.write(t, "orders", append(ordersOf(s), oddOrders(s)...))
	shop.write(t, "prices", pricesOf(s))
	shop.write(t, "promotions", promotionsOf(s))
	shop.write(t, "products", productsOf(s))
	shop.write(t, "costs", costsOf(s))
	shop.write(t, "rates", ratesOf(s))
	return shop
}

func (shop priceShop) write(t *testing.T, name string, rows [][]string) {
	t.Helper()
	f, err := os.Create(filepath.Join(shop.dir, name+".csv"))
	if err != nil {
		t.Fatal(err)
	}
	if err := csv.NewWriter(f).WriteAll(rows); err != nil {
		t.Fatal(err)
	}
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
}

var orderHead = []string{"order_id", "line_id", "ordered_at", "sku", "quantity", "unit_price", "currency", "market", "channel"}

// ordersOf makes one order line of what an item sold on a day.
func ordersOf(s *commerce.Snapshot) [][]string {
	rows := [][]string{orderHead}
	for i, item := range s.Items {
		currency := s.ChargedIn(item)[0].Currency
		lo, hi := s.Rows(i)
		for r := lo; r < hi; r++ {
			if s.Sales.Gross[r] == 0 {
				continue
			}
			rows = append(rows, []string{fmt.Sprintf("O-%d-%d", i, r), "1", s.Sales.Day[r].String() + " 12:00:00", string(item.SKU),
				fmt.Sprint(s.Sales.Gross[r]), fmt.Sprintf("%.2f", float64(s.Sales.Typical[r])/1e4), string(currency), string(item.Market), string(item.Channel)})
		}
	}
	return rows
}

// oddOrders are those of the products of which nothing can be learnt: three units a week.
func oddOrders(s *commerce.Snapshot) (rows [][]string) {
	weeks := s.Days() / 7
	for _, sku := range []string{givenAway, twoMoneys, costless} {
		for week := range weeks {
			price, currency := "10.00", "EUR"
			switch {
			case sku == givenAway && week == weeks/2:
				price = "0.00"
			case sku == twoMoneys && week < weeks/2:
				currency = "GBP"
			}
			rows = append(rows, []string{fmt.Sprint(sku, "-", week), "1", s.From.AddDays(7*week+1).String() + " 12:00:00", sku, "3", price, currency, "DE", "web"})
		}
	}
	return rows
}

func pricesOf(s *commerce.Snapshot) [][]string {
	rows := [][]string{{"sku", "market", "channel", "seller", "price", "currency", "from"}}
	for _, p := range s.Prices {
		rows = append(rows, []string{string(p.Item.SKU), string(p.Item.Market), string(p.Item.Channel), p.Seller, p.Price.Decimal(), string(p.Price.Currency()), p.From.String()})
	}
	return rows
}

func promotionsOf(s *commerce.Snapshot) [][]string {
	rows := [][]string{{"sku", "market", "channel", "name", "from", "to", "depth", "price", "currency", "vehicle"}}
	for _, p := range s.Promotions {
		rows = append(rows, []string{string(p.Item.SKU), string(p.Item.Market), string(p.Item.Channel), p.Name, p.From.String(), p.To.String(),
			strconv.FormatFloat(p.Depth, 'f', 3, 64), p.Price.Decimal(), string(p.Price.Currency()), p.Vehicle})
	}
	return rows
}

func productsOf(s *commerce.Snapshot) [][]string {
	rows := [][]string{{"sku", "name", "category"}}
	for _, p := range s.Products {
		rows = append(rows, []string{string(p.SKU), p.Name, p.Category})
	}
	return rows
}

// costsOf are assumed: the shop knows them of nobody's books.
func costsOf(s *commerce.Snapshot) [][]string {
	rows := [][]string{{"sku", "unit_cost", "currency", "from", "assumed"}}
	for _, c := range s.Costs {
		rows = append(rows, []string{string(c.SKU), c.Unit.Decimal(), string(c.Unit.Currency()), s.From.String(), "true"})
	}
	return append(rows, []string{givenAway, "4.00", "EUR", s.From.String(), "true"}, []string{twoMoneys, "4.00", "EUR", s.From.String(), "true"})
}

func ratesOf(s *commerce.Snapshot) [][]string {
	rows := [][]string{{"base", "quote", "day", "value"}}
	for _, r := range s.Rates {
		rows = append(rows, []string{string(r.Base), string(r.Quote), r.Day.String(), strconv.FormatFloat(r.Value, 'f', 6, 64)})
	}
	return rows
}

// workspace makes a workspace of the shop on the last day of its facts, and returns a
// function that runs commands in it and says what they print.
func (shop priceShop) workspace(t *testing.T, lang, settings string) func(args ...string) string {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(shop.dir, "*.csv"))
	if err != nil || len(files) != 6 {
		t.Fatalf("files of the shop: %v, %v", files, err)
	}
	dir := t.TempDir()
	settings = "currency: EUR\nrules_as_of: 2023-12-03\nclock: 2023-12-03T12:00:00Z\n" + settings
	if err := os.WriteFile(filepath.Join(dir, tradewind.ConfigFile), []byte(settings), 0o600); err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	if code := run(append([]string{"import", "--dir", dir}, files...), strings.NewReader(""), &out, &out); code != 0 {
		t.Fatalf("import exits %d: %s", code, out.String())
	}
	return func(args ...string) string {
		var out, errs bytes.Buffer
		run(append(args, "--dir", dir, "--lang", lang), strings.NewReader(""), &out, &errs)
		return out.String() + errs.String()
	}
}

// TestPriceDecisionsAreLinked: what a plan proposes for a price, the board and the page of
// the price name.
func TestPriceDecisionsAreLinked(t *testing.T) {
	say := newPriceShop(t).workspace(t, "en", "plan:\n  prices: {min_days: 1}\n")
	say("plan")
	var board tradewind.PriceBoard
	if err := json.Unmarshal([]byte(say("prices", "board", "-o", "json")), &board); err != nil {
		t.Fatal(err)
	}
	linked := 0
	for _, r := range board.Rows {
		if r.Decision == "" {
			continue
		}
		linked++
		page := say("prices", "explain", string(r.Item.SKU), "--market", string(r.Item.Market))
		if want := "tradewind decisions explain " + string(r.Decision); !strings.Contains(page, want) {
			t.Errorf("%v: the page does not say %q:\n%s", r.Item, want, page)
		}
		if page := say("decisions", "explain", string(r.Decision)); !strings.Contains(page, string(r.Item.SKU)) {
			t.Errorf("decision %s is not about %v:\n%s", r.Decision, r.Item, page)
		}
	}
	if linked == 0 {
		t.Error("of prices that were moved at will for a year, none is worth a change or a test")
	}
}
