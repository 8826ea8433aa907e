package localization

import (
	"cmp"
	"math"
	"slices"
	"strings"

	"tradewind/calendar"
	"tradewind/commerce"
	"tradewind/decision"
	"tradewind/market"
	"tradewind/money"
)

// Audit checks every item of a snapshot that is sold in a market with a pack, in each of
// the languages that a listing must exist in there, and returns a report for each, by item
// and in the pack's order of languages. Listings in further languages of the market are
// checked too. It does not modify what it is given; the cost is linear in items.
func Audit(s *commerce.Snapshot, packs []*market.Pack, day calendar.Day) []Report {
	of := map[commerce.Market]*market.Pack{}
	for _, p := range packs {
		of[p.Market] = p
	}
	sources := sourcesOf(s)
	var reports []Report
	for _, item := range itemsOf(s) {
		pack := of[item.Market]
		if pack == nil {
			continue
		}
		own := listingsOf(s, item)
		options := Options{Day: day, Documents: s.Documents, Source: sources[item.SKU]}
		product := s.Product(item.SKU)
		for _, language := range pack.ListingLanguages {
			if !slices.ContainsFunc(own, func(l commerce.Listing) bool { return tagIn(pack, l.Language) == language }) {
				reports = append(reports, missing(item, language, pack))
			}
		}
		for _, l := range own {
			reports = append(reports, Check(l, product, pack, options))
		}
	}
	return reports
}

// itemsOf are the items that have sales or a listing, in order.
func itemsOf(s *commerce.Snapshot) []commerce.Item {
	items := slices.Clone(s.Items)
	for _, l := range s.Listings {
		items = append(items, l.Item)
	}
	slices.SortFunc(items, commerce.Item.Compare)
	return slices.Compact(items)
}

func listingsOf(s *commerce.Snapshot, item commerce.Item) []commerce.Listing {
	lo, _ := slices.BinarySearchFunc(s.Listings, item, func(l commerce.Listing, it commerce.Item) int { return l.Item.Compare(it) })
	hi := lo
	for hi < len(s.Listings) && s.Listings[hi].Item == item {
		hi++
	}
	return s.Listings[lo:hi]
}

// sourcesOf picks for each product the listing that the others were most likely translated
// from: English where there is one, else the first. A product without a listing has its
// name, in a language that is found from the text.
func sourcesOf(s *commerce.Snapshot) map[commerce.SKU]*commerce.Listing {
	sources := map[commerce.SKU]*commerce.Listing{}
	for i := range s.Products {
		p := &s.Products[i]
		if d, ok := Detect(p.Name); ok {
			sources[p.SKU] = &commerce.Listing{Language: d.Language, Title: p.Name}
		}
	}
	listed := map[commerce.SKU]bool{}
	for i := range s.Listings {
		l := &s.Listings[i]
		if sku := l.Item.SKU; !listed[sku] || base(l.Language) == "en" && base(sources[sku].Language) != "en" {
			sources[sku], listed[sku] = l, true
		}
	}
	return sources
}

// Summary is how ready one market is.
type Summary struct {
	Market     commerce.Market
	Wanted     int     // listings that there should be: items × languages
	Present    int     // that there are
	Ready      int     // that nothing major is wrong with
	ReadyShare float64 // Ready / Wanted
	Score      float64 // mean, a missing listing counts 0
	// SalesReady is the share of the market's sales made by items whose main language is
	// ready; NaN where there are no sales.
	SalesReady float64
}

// Summarize counts the reports of an audit by market, in order of code.
func Summarize(reports []Report, sales map[commerce.Item]money.Amount) []Summary {
	byMarket := map[commerce.Market]*Summary{}
	ready, total := map[commerce.Market]float64{}, map[commerce.Market]float64{}
	seen := map[commerce.Item]bool{}
	for _, r := range reports {
		m := r.Item.Market
		s := byMarket[m]
		if s == nil {
			s = &Summary{Market: m}
			byMarket[m] = s
		}
		s.Wanted++
		s.Score += float64(r.Score)
		if !r.Missing {
			s.Present++
		}
		if r.Ready {
			s.Ready++
		}
		if !seen[r.Item] { // the first report of an item is of the market's main language
			seen[r.Item] = true
			total[m] += sales[r.Item].Float()
			if r.Ready {
				ready[m] += sales[r.Item].Float()
			}
		}
	}
	var list []Summary
	for m, s := range byMarket {
		s.Score /= float64(s.Wanted)
		s.ReadyShare = float64(s.Ready) / float64(s.Wanted)
		s.SalesReady = math.NaN()
		if total[m] > 0 {
			s.SalesReady = ready[m] / total[m]
		}
		list = append(list, *s)
	}
	slices.SortFunc(list, func(a, b Summary) int { return cmp.Compare(a.Market, b.Market) })
	return list
}

// SalesOf sums what each item sold in the last 365 days of a snapshot, net of returns.
func SalesOf(s *commerce.Snapshot) map[commerce.Item]money.Amount {
	sales := make(map[commerce.Item]money.Amount, len(s.Items))
	from := s.AsOf.AddDays(-364)
	for i, item := range s.Items {
		var sum int64
		for r, hi := s.Rows(i); r < hi; r++ {
			if !s.Sales.Day[r].Before(from) {
				sum += s.Sales.Revenue[r] - s.Sales.Refunded[r]
			}
		}
		sales[item] = money.FromE4(sum, s.Currency)
	}
	return sales
}

// Proposal is what a decision to mend a listing is made of.
type Proposal struct {
	Action   decision.LocalizeListing
	Findings []Finding    // major ones and blockers
	Score    int          // of the listing as it is
	Readers  float64      // share of the market's people who read the language
	Sales    money.Amount // of the item in the market in the last 365 days: what is at stake, not what is gained
}

// Proposals returns a proposal for every report that is not ready, those of the best
// selling items first: by sales, then by readers of the language, then by item. An item
// that sold nothing is proposed last, not left out.
func Proposals(reports []Report, sales map[commerce.Item]money.Amount) []Proposal {
	var list []Proposal
	for _, r := range reports {
		if r.Ready {
			continue
		}
		p := Proposal{Score: r.Score, Readers: r.Readers, Sales: sales[r.Item]}
		var codes []string
		for _, f := range r.Findings {
			if f.Severity < Major {
				continue
			}
			p.Findings = append(p.Findings, f)
			if !slices.Contains(codes, f.Code) {
				codes = append(codes, f.Code)
			}
		}
		p.Action = decision.LocalizeListing{Item: r.Item, Language: r.Language, Findings: strings.Join(codes, " ")}
		list = append(list, p)
	}
	slices.SortStableFunc(list, func(a, b Proposal) int {
		return cmp.Or(cmp.Compare(b.Sales.E4(), a.Sales.E4()), cmp.Compare(b.Readers, a.Readers), a.Action.Item.Compare(b.Action.Item))
	})
	return list
}
