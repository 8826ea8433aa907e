package commerce

import (
	"cmp"
	"fmt"
	"math/rand/v2"
	"reflect"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"tradewind/calendar"
	"tradewind/money"
)

// worlds draws small snapshots whose tables are sorted as Snapshot promises, with SKUs
// that are beginnings of each other and tables that miss some of them.
func worlds() *rapid.Generator[*Snapshot] {
	skus := []SKU{"", "A", "AA", "AB", "B", "a", "Ä"}
	markets := []Market{"DE", "GB", "XJ"}
	channels := []Channel{"", "web"}
	places := []Location{"", "CN-1", "UK-1", "UK-2"}
	return rapid.Custom(func(t *rapid.T) *Snapshot {
		rng := rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "seed"), 1))
		some := func() bool { return rng.IntN(2) == 0 }
		s := &Snapshot{Sales: Sales{Start: []int32{0}}, From: calendar.FromOrdinal(0), AsOf: calendar.FromOrdinal(rng.Int32N(10))}
		for _, sku := range skus {
			for _, m := range markets {
				for _, c := range channels {
					if some() {
						s.Items = append(s.Items, Item{sku, m, c})
						s.Sales.Start = append(s.Sales.Start, s.Sales.Start[len(s.Sales.Start)-1]+rng.Int32N(4))
						for step := range rng.Int64N(3) {
							s.Paid = append(s.Paid, PaidPrice{Item: Item{sku, m, c}, MinUnits: step})
							s.Charged = append(s.Charged, Charged{Item: Item{sku, m, c}, Lines: step})
							s.Prices = append(s.Prices, Price{Item: Item{sku, m, c}, MinUnits: step})
							s.Promotions = append(s.Promotions, Promotion{Item: Item{sku, m, c}, From: calendar.FromOrdinal(int32(step))})
						}
					}
				}
			}
			if some() {
				s.Products = append(s.Products, Product{SKU: sku})
			}
			if some() {
				s.Costs = append(s.Costs, Cost{SKU: sku})
			}
			for _, p := range places {
				if some() {
					s.Stocks = append(s.Stocks, Stock{SKU: sku, Location: p})
				}
				if some() {
					s.Supplies = append(s.Supplies, Supply{SKU: sku, Supplier: Supplier(p)})
				}
			}
		}
		for _, p := range places {
			if some() {
				w := Warehouse{Location: p}
				for _, m := range markets {
					if some() {
						w.Serves = append(w.Serves, m)
					}
				}
				s.Warehouses = append(s.Warehouses, w)
			}
		}
		slices.SortFunc(s.Paid, func(a, b PaidPrice) int { return cmp.Or(a.Item.Compare(b.Item), cmp.Compare(a.MinUnits, b.MinUnits)) })
		slices.SortStableFunc(s.Charged, func(a, b Charged) int { return a.Item.Compare(b.Item) })
		slices.SortStableFunc(s.Prices, func(a, b Price) int { return a.Item.Compare(b.Item) })
		slices.SortStableFunc(s.Promotions, func(a, b Promotion) int { return a.Item.Compare(b.Item) })
		return s
	})
}

func anySKU() *rapid.Generator[SKU] {
	return rapid.SampledFrom([]SKU{"", "0", "A", "AA", "AAA", "AB", "B", "C", "a", "Ä", "z"})
}

// only returns the rows that a linear search finds.
func only[T any](rows []T, keep func(T) bool) (found []T) {
	for _, r := range rows {
		if keep(r) {
			found = append(found, r)
		}
	}
	return found
}

func equal[T any](t *rapid.T, what string, got, want []T) {
	t.Helper()
	if len(got) != len(want) || len(want) > 0 && !reflect.DeepEqual(got, want) {
		t.Fatalf("%s: got %+v, want %+v", what, got, want)
	}
}

func one[T any](p *T) []T {
	if p == nil {
		return nil
	}
	return []T{*p}
}

func TestLookupsAgainstLinearSearch(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s, sku := worlds().Draw(t, "snapshot"), anySKU().Draw(t, "sku")
		equal(t, "Product", one(s.Product(sku)), only(s.Products, func(p Product) bool { return p.SKU == sku }))
		equal(t, "Cost", one(s.Cost(sku)), only(s.Costs, func(c Cost) bool { return c.SKU == sku }))
		equal(t, "StocksOf", s.StocksOf(sku), only(s.Stocks, func(x Stock) bool { return x.SKU == sku }))
		equal(t, "SuppliesOf", s.SuppliesOf(sku), only(s.Supplies, func(x Supply) bool { return x.SKU == sku }))
		lo, hi := s.ItemsOf(sku)
		equal(t, "ItemsOf", s.Items[lo:hi], only(s.Items, func(i Item) bool { return i.SKU == sku }))

		it := Item{sku, rapid.SampledFrom([]Market{"", "DE", "GB", "XJ", "ZZ"}).Draw(t, "market"), rapid.SampledFrom([]Channel{"", "web", "x"}).Draw(t, "channel")}
		if got, want := s.Item(it), slices.Index(s.Items, it); got != want {
			t.Fatalf("Item(%v) = %d, want %d", it, got, want)
		}
		equal(t, "PaidOf", s.PaidOf(it), only(s.Paid, func(p PaidPrice) bool { return p.Item == it }))

		equal(t, "ChargedIn", s.ChargedIn(it), only(s.Charged, func(c Charged) bool { return c.Item == it }))
		equal(t, "PricesOf", s.PricesOf(it), only(s.Prices, func(p Price) bool { return p.Item == it }))
		equal(t, "PromotionsOf", s.PromotionsOf(it), only(s.Promotions, func(p Promotion) bool { return p.Item == it }))

		loc := rapid.SampledFrom([]Location{"", "CN-1", "DE-9", "UK-1", "UK-2", "Z"}).Draw(t, "location")
		serves := true
		for _, w := range s.Warehouses {
			if w.Location == loc && len(w.Serves) > 0 {
				serves = slices.Contains(w.Serves, it.Market)
			}
		}
		if got := s.Serves(loc, it.Market); got != serves {
			t.Fatalf("Serves(%q, %q) = %v, want %v", loc, it.Market, got, serves)
		}

		var distinct []SKU
		for _, i := range s.Items {
			if !slices.Contains(distinct, i.SKU) {
				distinct = append(distinct, i.SKU)
			}
		}
		equal(t, "SKUs", s.SKUs(), distinct)
	})
}

func TestRowsAndDays(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := worlds().Draw(t, "snapshot")
		next := 0
		for i := range s.Items {
			lo, hi := s.Rows(i)
			if lo != next || hi < lo {
				t.Fatalf("rows of item %d are %d to %d, want from %d", i, lo, hi, next)
			}
			next = hi
		}
		if got, want := s.Days(), int(s.AsOf.Ordinal())+1; got != want {
			t.Fatalf("%v to %v is %d days, want %d", s.From, s.AsOf, got, want)
		}
	})
}

func TestItemCompareIsATotalOrder(t *testing.T) {
	item := rapid.Custom(func(t *rapid.T) Item {
		return Item{anySKU().Draw(t, "sku"), rapid.SampledFrom([]Market{"", "DE", "GB"}).Draw(t, "market"), rapid.SampledFrom([]Channel{"", "web"}).Draw(t, "channel")}
	})
	rapid.Check(t, func(t *rapid.T) {
		a, b, c := item.Draw(t, "a"), item.Draw(t, "b"), item.Draw(t, "c")
		if a.Compare(b) != -b.Compare(a) || (a.Compare(b) == 0) != (a == b) {
			t.Fatalf("%v and %v compare as %d and %d", a, b, a.Compare(b), b.Compare(a))
		}
		if a.Compare(b) <= 0 && b.Compare(c) <= 0 && a.Compare(c) > 0 {
			t.Fatalf("%v ≤ %v ≤ %v, but not the ends", a, b, c)
		}
	})
}

// detailed returns a snapshot in which every field says something.
func detailed() *Snapshot {
	gbp := func(n int64) money.Amount { return money.FromE4(n, "GBP") }
	day := calendar.FromOrdinal
	from := Provenance{"file.csv:7", day(15317), false}
	it := Item{"A", "GB", "web"}
	return &Snapshot{
		AsOf: day(15317), From: day(14579), Currency: "GBP", Items: []Item{it, {"B", "DE", "web"}},
		Sales: Sales{
			Start: []int32{0, 1, 2}, Day: []calendar.Day{day(15000), day(15001)}, Gross: []Units{3, 4}, Returned: []Units{1, 2},
			Revenue: []int64{300, 400}, Refunded: []int64{100, 200}, Lines: []int32{2, 3}, Largest: []Units{2, 3}, Typical: []int64{150, 125}, InStock: []float32{1, 0.5},
		},
		Products:   []Product{{"A", "Name", "Category", 100, "95", "CN", "toy", from}},
		Costs:      []Cost{{"A", gbp(5000), money.FromE4(6000, "USD"), day(15000), from}},
		Stocks:     []Stock{{"A", "UK-1", 7, 8, day(15317), from}},
		Supplies:   []Supply{{"A", "Supplier 01", 14, 3, 12, 6, gbp(5_0000), money.FromE4(6_0000, "USD"), from}},
		Receipts:   []Receipt{{"A", "UK-1", "Supplier 01", 12, day(15290), day(15310), "GR-1", from}},
		Warehouses: []Warehouse{{"UK-1", "GB", []Market{"GB", "DE"}, from}},
		Paid:       []PaidPrice{{it, 12, gbp(2_5500), 40}},
		Charged:    []Charged{{it, "GBP", day(15000), day(15300), 40}},
		Prices:     []Price{{it, "Rival", gbp(2_4500), 1, day(15000), from}},
		Promotions: []Promotion{{it, "Spring", day(15000), day(15006), 0.25, gbp(1_9500), Feature, gbp(50_0000), gbp(1000), from}},
		Listings:   []Listing{{it, "en", "Title", "Text", "9 cm", "Maker", from}},
		Documents:  []Document{{"A", "DE", "ce_declaration", "DoC 1", day(15000), day(15400), from}},
		Rates:      []Rate{{"EUR", "GBP", day(15317), 0.85, from}},
		Trading:    []TradingDay{{day(15000), 90}},
	}
}

// Two snapshots with one fingerprint give one plan: so whatever is changed, added or
// taken away changes it, and Hash, where it is kept, does not.
func TestFingerprintChangesWithEveryField(t *testing.T) {
	seal := detailed().Fingerprint()
	if again := detailed().Fingerprint(); again != seal {
		t.Fatalf("the same snapshot has the fingerprints %s and %s", seal, again)
	}
	seen := map[string]string{seal: "nothing"}
	fields := reflect.TypeFor[Snapshot]()
	for i := range fields.NumField() {
		name := fields.Field(i).Name
		changes := 0
		eachChange(reflect.ValueOf(detailed()).Elem().Field(i), name, func(path string, changed reflect.Value) {
			changes++
			s := detailed()
			reflect.ValueOf(s).Elem().Field(i).Set(changed)
			got := s.Fingerprint()
			if name == "Hash" {
				if got != seal {
					t.Errorf("the fingerprint depends on where it is kept")
				}
				return
			}
			if other, twice := seen[got]; twice {
				t.Errorf("a change of %s gives the fingerprint of a change of %s", path, other)
			}
			seen[got] = path
		})
		if changes == 0 {
			t.Errorf("no change of %s was tried", name)
		}
	}
	t.Logf("%d changes tried", len(seen)-1)
}

// eachChange calls f with copies of v in which one thing is another.
func eachChange(v reflect.Value, path string, f func(string, reflect.Value)) {
	switch x := v.Interface().(type) {
	case money.Amount:
		f(path+" amount", reflect.ValueOf(money.FromE4(x.E4()+1, x.Currency())))
		f(path+" currency", reflect.ValueOf(money.FromE4(x.E4(), "EUR")))
		return
	case calendar.Day:
		f(path, reflect.ValueOf(x.AddDays(1)))
		return
	}
	other := reflect.New(v.Type()).Elem()
	switch v.Kind() {
	case reflect.String:
		other.SetString(v.String() + "x")
		f(path, other)
	case reflect.Bool:
		other.SetBool(!v.Bool())
		f(path, other)
	case reflect.Int32, reflect.Int64:
		other.SetInt(v.Int() + 1)
		f(path, other)
	case reflect.Float32, reflect.Float64:
		other.SetFloat(v.Float() + 0.125)
		f(path, other)
	case reflect.Struct:
		for i := range v.NumField() {
			eachChange(v.Field(i), path+"."+v.Type().Field(i).Name, func(path string, changed reflect.Value) {
				copied := reflect.New(v.Type()).Elem()
				copied.Set(v)
				copied.Field(i).Set(changed)
				f(path, copied)
			})
		}
	case reflect.Slice:
		f(path+" one less", v.Slice(0, v.Len()-1))
		f(path+" one more", reflect.Append(v.Slice3(0, v.Len(), v.Len()), v.Index(0)))
		for i := range v.Len() {
			eachChange(v.Index(i), fmt.Sprintf("%s[%d]", path, i), func(path string, changed reflect.Value) {
				copied := reflect.MakeSlice(v.Type(), v.Len(), v.Len())
				reflect.Copy(copied, v)
				copied.Index(i).Set(changed)
				f(path, copied)
			})
		}
	default:
		panic("no change is known for " + v.Type().String())
	}
}

func TestMarkets(t *testing.T) {
	for code, want := range map[string]bool{
		"GB": true, "CN": true, "ZZ": true, "EU": true, "XJ": true, "XW": true,
		"UK": false, "EL": false, "gb": false, "G": false, "": false, " G": false, "GBR": false, "D E": false, "XA": false,
	} {
		if got := Market(code).Known(); got != want {
			t.Errorf("market %q known: %v, want %v", code, got, want)
		}
	}
	if got := len(strings.Fields(countries)); got != 249 {
		t.Errorf("%d countries, want the 249 of ISO 3166-1", got)
	}
}
