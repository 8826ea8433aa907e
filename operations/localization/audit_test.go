package localization

import (
	"math"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"tradewind/calendar"
	"tradewind/commerce"
	"tradewind/market"
	"tradewind/money"
)

// shop is a snapshot of three products in Germany, Switzerland and a country without a
// pack; only the first has a listing.
func shop(t *testing.T) *commerce.Snapshot {
	t.Helper()
	item := func(sku commerce.SKU, m commerce.Market) commerce.Item {
		return commerce.Item{SKU: sku, Market: m, Channel: "web"}
	}
	end := day(t, "2026-11-20")
	s := &commerce.Snapshot{
		AsOf: end, From: end.AddDays(-729), Currency: "EUR",
		Items: []commerce.Item{item("A", "DE"), item("B", "DE"), item("B", "ZZ"), item("C", "CH"), item("C", "DE")},
		Products: []commerce.Product{
			{SKU: "A", Name: "WHITE HANGING HEART T-LIGHT HOLDER"}, {SKU: "B", Name: "CERAMIC TABLE LAMP WITH FABRIC SHADE"}, {SKU: "C", Name: "WATERPROOF LAPTOP BACKPACK WITH POCKETS"},
		},
	}
	good := ready()[0]
	good.Item = item("A", "DE")
	copied := commerce.Listing{Item: item("B", "DE"), Language: "de", Title: "CERAMIC TABLE LAMP WITH FABRIC SHADE", Legal: legalDE}
	s.Listings = []commerce.Listing{good, copied}
	// One sale an item, 100 more each; and one of two years ago that does not count.
	s.Sales.Start = []int32{0}
	for i := range s.Items {
		s.Sales.Day = append(s.Sales.Day, end.AddDays(-700), end.AddDays(-i))
		s.Sales.Revenue = append(s.Sales.Revenue, 9_990_000, int64(i+1)*1_000_000)
		s.Sales.Refunded = append(s.Sales.Refunded, 0, 500_000)
		s.Sales.Start = append(s.Sales.Start, int32(2*i+2))
	}
	return s
}

func TestAudit(t *testing.T) {
	s := shop(t)
	reports := Audit(s, market.Packs(), s.AsOf)
	type row struct {
		sku      commerce.SKU
		market   commerce.Market
		language string
		missing  bool
		ready    bool
	}
	var got []row
	for _, r := range reports {
		got = append(got, row{r.Item.SKU, r.Item.Market, r.Language, r.Missing, r.Ready})
	}
	want := []row{
		{"A", "DE", "de", false, true}, {"B", "DE", "de", false, false},
		{"C", "CH", "de", true, false}, {"C", "CH", "fr", true, false}, {"C", "CH", "it", true, false}, {"C", "DE", "de", true, false},
	}
	if !slices.Equal(got, want) {
		t.Fatalf("got %+v\nwant %+v", got, want)
	}
	if f := reports[2].Findings[0]; f.Code != "missing" || f.Severity != Blocker || reports[2].Score != 0 {
		t.Errorf("the main language: %+v", reports[2])
	}
	if f := reports[3].Findings[0]; f.Severity != Major {
		t.Errorf("a further language: %+v", f)
	}
	if !slices.Contains(codes(reports[1]), "language") {
		t.Errorf("an English title in Germany: %q", codes(reports[1]))
	}

	sales := SalesOf(s)
	if got, want := sales[s.Items[0]], money.FromE4(500_000, "EUR"); got != want {
		t.Errorf("sales of the last year: %v, want %v", got, want)
	}
	summaries := Summarize(reports, sales)
	if len(summaries) != 2 || summaries[1].Market != "DE" || summaries[1].Wanted != 3 || summaries[1].Present != 2 || summaries[1].Ready != 1 {
		t.Fatalf("%+v", summaries)
	}
	// Sales in Germany are 50, 150 and 450; only the item of 50 is ready.
	if got, want := summaries[1].SalesReady, 50./650; math.Abs(got-want) > 1e-12 {
		t.Errorf("share of sales ready: %v, want %v", got, want)
	}

	proposals := Proposals(reports, sales)
	var order []string
	for _, p := range proposals {
		order = append(order, string(p.Action.Item.SKU)+" "+string(p.Action.Item.Market)+" "+p.Action.Language+": "+p.Action.Findings)
	}
	wantOrder := []string{"C DE de: missing", "C CH de: missing", "C CH fr: missing", "C CH it: missing", "B DE de: language"}
	if !slices.Equal(order, wantOrder) {
		t.Errorf("got %q\nwant %q", order, wantOrder)
	}
}

// A declared language is read as the market's tables call it.
func TestTagIn(t *testing.T) {
	for _, tt := range []struct {
		market    commerce.Market
		tag, want string
	}{
		{"DE", "de", "de"}, {"AT", "de-AT", "de"}, {"DE", "sv", "sv"}, {"GB", "en-GB", "en"}, {"MX", "es-MX", "es"}, {"PT", "pt-PT", "pt"},
		{"TW", "zh", "zh-Hant"}, {"TW", "zh-TW", "zh-Hant"}, {"TW", "zh-Hans", "zh-Hans"}, {"HK", "zh-HK", "zh-Hant"},
		{"CN", "zh", "zh-Hans"}, {"CN", "zh-CN", "zh-Hans"}, {"CN", "zh-Hant", "zh-Hant"}, {"DE", "??", "??"},
	} {
		if got := tagIn(packOf(t, tt.market), tt.tag); got != tt.want {
			t.Errorf("%s in %s: got %s, want %s", tt.tag, tt.market, got, tt.want)
		}
	}
	for _, tt := range []struct {
		market commerce.Market
		tag    string
	}{{"TW", "zh-TW"}, {"TW", "zh"}, {"AT", "de-AT"}, {"GB", "en-GB"}} {
		l := ready()[slices.IndexFunc(ready(), func(l commerce.Listing) bool { return l.Item.Market == tt.market })]
		l.Language = tt.tag
		if r := Check(l, nil, packOf(t, tt.market), Options{Day: day(t, "2026-11-22")}); !r.Ready {
			t.Errorf("%s in %s: %q", tt.tag, tt.market, codes(r))
		}
	}
}

// Proposals are in order of sales, whatever they are, and none is lost.
func TestProposalsAreOrdered(t *testing.T) {
	pack, _ := market.Of("DE")
	rapid.Check(t, func(t *rapid.T) {
		var reports []Report
		sales := map[commerce.Item]money.Amount{}
		unready := 0
		for i := range rapid.IntRange(0, 20).Draw(t, "items") {
			item := commerce.Item{SKU: commerce.SKU(rune('a' + i)), Market: "DE", Channel: "web"}
			if rapid.Bool().Draw(t, "missing") {
				reports = append(reports, missing(item, "de", pack))
				unready++
			} else {
				reports = append(reports, Report{Item: item, Language: "de", Ready: true, Score: 100})
			}
			sales[item] = money.FromE4(rapid.Int64Range(-1000, 1_000_000).Draw(t, "sales"), "EUR")
		}
		list := Proposals(reports, sales)
		if len(list) != unready {
			t.Fatalf("%d proposals of %d", len(list), unready)
		}
		for i, p := range list {
			if p.Action.Findings == "" || i > 0 && p.Sales.E4() > list[i-1].Sales.E4() {
				t.Fatalf("proposal %d: %+v", i, p)
			}
		}
	})
}

// Check never panics and keeps its score in range, whatever a file holds.
func FuzzCheck(f *testing.F) {
	for i, l := range ready() {
		f.Add(l.Language, l.Title, l.Description, l.Sizes, l.Legal, i)
	}
	packs := market.Packs()
	f.Fuzz(func(t *testing.T, language, title, description, sizes, legal string, which int) {
		pack := packs[(which%len(packs)+len(packs))%len(packs)]
		l := commerce.Listing{Item: commerce.Item{SKU: "A", Market: pack.Market, Channel: "amazon"}, Language: language, Title: title, Description: description, Sizes: sizes, Legal: legal}
		r := Check(l, &commerce.Product{Name: title, Origin: "CN"}, pack, Options{Day: calendar.FromOrdinal(20000)})
		if r.Score < 0 || r.Score > 100 {
			t.Errorf("score %d", r.Score)
		}
	})
}
