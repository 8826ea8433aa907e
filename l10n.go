package tradewind

import (
	"cmp"
	"context"
	"math"
	"slices"

	"tradewind/calendar"
	"tradewind/commerce"
	"tradewind/fault"
	"tradewind/market"
	"tradewind/messages"
	"tradewind/money"
	"tradewind/operations/localization"
)

// LocalizationFilter narrows an audit; what is empty does not narrow.
type LocalizationFilter struct {
	Market commerce.Market
	SKU    commerce.SKU
	Limit  int // of listings; 0 is all
}

// LocalizationView says how ready the listings are for the people who are to read them.
type LocalizationView struct {
	AsOf     calendar.Day         `json:"rules_as_of"`
	Loaded   int                  `json:"listings_loaded"` // of the whole shop; with none there is nothing to judge
	Markets  []LocalizationMarket `json:"markets"`
	Found    int                  `json:"listings_found"` // with something to mend, before the limit
	Listings []ListingReport      `json:"listings"`       // those, most sales at stake first; of one SKU all
	Unknown  []commerce.Market    `json:"markets_without_pack"`
	Unlisted []commerce.Market    `json:"markets_without_listings"` // none is loaded there; that does not say that none exists
	Note     *LocalizedText       `json:"note"`                     // what to do where nothing can be judged; nil where it can
	// NotAdvice stands on every page about law.
	NotAdvice LocalizedText `json:"not_legal_advice"`
}

// LocalizationMarket is how ready one market is.
type LocalizationMarket struct {
	Market     commerce.Market `json:"market"`
	Name       LocalizedText   `json:"name"`
	Languages  []string        `json:"languages"` // that a listing must exist in, the main one first
	Wanted     int             `json:"wanted"`    // listings that there should be: items × languages
	Present    int             `json:"present"`
	Ready      int             `json:"ready"` // nothing major is wrong with them
	Coverage   float64         `json:"coverage"`
	ReadyShare float64         `json:"ready_share"`
	SalesReady *float64        `json:"sales_ready"` // share of sales whose main language is ready; nil without sales
	Score      float64         `json:"score"`       // mean of 0 to 100; a missing listing counts 0
}

// ListingReport is one listing, or one that is not there, and what is wrong with it.
type ListingReport struct {
	SKU      commerce.SKU     `json:"sku"`
	Name     string           `json:"name"`
	Market   commerce.Market  `json:"market"`
	Channel  commerce.Channel `json:"channel"`
	Language string           `json:"language"`
	Readers  float64          `json:"readers"` // share of the market's people who read it
	Missing  bool             `json:"missing"`
	Ready    bool             `json:"ready"`
	Score    int              `json:"score"`
	Sales    money.Amount     `json:"sales"` // of the item in the last 365 days: what is at stake
	Findings []ListingFinding `json:"findings"`
}

// ListingFinding is one thing about a listing that is not ready, and who mends it.
type ListingFinding struct {
	Code      string        `json:"code"`
	Severity  string        `json:"severity"` // info, minor, major, blocker
	Grade     LocalizedText `json:"severity_name"`
	Owner     string        `json:"owner"` // translator, seller, lawyer
	OwnerName LocalizedText `json:"owner_name"`
	Part      string        `json:"part"`
	Quote     string        `json:"quote"`
	Text      LocalizedText `json:"text"`
	Remedy    LocalizedText `json:"remedy"`
	Source    string        `json:"source"`
	Assumed   bool          `json:"assumed"` // nobody has checked the rule
}

// GlossaryTerm is a word of trade in both languages, and what stands for it in poor
// translations.
type GlossaryTerm struct {
	English string   `json:"en"`
	Chinese string   `json:"zh"`
	Wrong   []string `json:"wrong"`
}

// Localization audits the listings of the shop as of the day of the workspace's rules.
func (e *Engine) Localization(ctx context.Context, f LocalizationFilter) (*LocalizationView, error) {
	s, err := e.snapshotOrNone(ctx)
	if err != nil {
		return nil, err
	}
	if f.SKU != "" && !knownSKU(s, f.SKU) {
		return nil, fault.New(fault.NotFound, "E-SKU-NOT-FOUND", fault.A("sku", string(f.SKU)))
	}
	all, err := e.marketPacks()
	if err != nil {
		return nil, err
	}
	packs, err := packsFor(all, f.Market)
	if err != nil {
		return nil, err
	}
	v := &LocalizationView{AsOf: e.rulesAsOf(), Loaded: len(s.Listings), Markets: []LocalizationMarket{}, Listings: []ListingReport{}, Unlisted: []commerce.Market{},
		Unknown: withoutPack(s, f, all), NotAdvice: notAdvice()}
	if v.Loaded == 0 {
		note := localized(messages.M("localization.audit.none"))
		v.Note = &note
		return v, nil
	}
	reports := slices.DeleteFunc(localization.Audit(s, packs, v.AsOf), func(r localization.Report) bool {
		return f.SKU != "" && r.Item.SKU != f.SKU
	})
	if len(reports) == 0 {
		note := localized(messages.M("localization.audit.nothing"))
		v.Note = &note
		return v, nil
	}
	sales := localization.SalesOf(s)
	for _, m := range localization.Summarize(reports, sales) {
		v.Markets = append(v.Markets, localizationMarket(m, all))
		if m.Present == 0 {
			v.Unlisted = append(v.Unlisted, m.Market)
		}
	}
	reports = slices.DeleteFunc(reports, func(r localization.Report) bool { return f.SKU == "" && !toMend(r) })
	slices.SortStableFunc(reports, func(a, b localization.Report) int {
		return cmp.Or(cmp.Compare(sales[b.Item].E4(), sales[a.Item].E4()), cmp.Compare(b.Readers, a.Readers))
	})
	v.Found = len(reports)
	if f.Limit > 0 && f.Limit < len(reports) {
		reports = reports[:f.Limit]
	}
	names := e.productNames(ctx)
	for _, r := range reports {
		v.Listings = append(v.Listings, listingReport(r, names[r.Item.SKU], sales[r.Item], s.Currency))
	}
	return v, nil
}

// Glossary lists the terms of trade that listings are held against.
func Glossary() []GlossaryTerm {
	var terms []GlossaryTerm
	for _, t := range localization.Glossary() {
		terms = append(terms, GlossaryTerm{t.EN, t.ZH, append([]string{}, t.Wrong...)})
	}
	return terms
}

// toMend reports whether anything about a listing is to be mended, not only to be known.
func toMend(r localization.Report) bool {
	return slices.ContainsFunc(r.Findings, func(f localization.Finding) bool { return f.Severity > localization.Info })
}

// packsFor are the packs of all markets, or of the one that is asked for; that one must be
// known, or an empty answer would look as if nothing were wrong there.
func packsFor(all []*market.Pack, m commerce.Market) ([]*market.Pack, error) {
	if m == "" {
		return all, nil
	}
	if i := packOf(all, m); i >= 0 {
		return all[i : i+1], nil
	}
	return nil, fault.New(fault.NotFound, "E-L10N-NO-PACK", fault.A("value", string(m)))
}

func packOf(all []*market.Pack, m commerce.Market) int {
	return slices.IndexFunc(all, func(p *market.Pack) bool { return p.Market == m })
}

// withoutPack are the markets of the shop that no pack describes: nothing is judged there.
func withoutPack(s *commerce.Snapshot, f LocalizationFilter, all []*market.Pack) []commerce.Market {
	unknown := []commerce.Market{}
	if f.Market != "" {
		return unknown
	}
	seen := map[commerce.Market]bool{}
	see := func(it commerce.Item) {
		if seen[it.Market] || f.SKU != "" && it.SKU != f.SKU {
			return
		}
		seen[it.Market] = true
		if packOf(all, it.Market) < 0 {
			unknown = append(unknown, it.Market)
		}
	}
	for _, it := range s.Items {
		see(it)
	}
	for i := range s.Listings {
		see(s.Listings[i].Item)
	}
	slices.Sort(unknown)
	return unknown
}

// knownSKU reports whether anything is known of a SKU: a sale, a product, a listing.
func knownSKU(s *commerce.Snapshot, sku commerce.SKU) bool {
	lo, hi := s.ItemsOf(sku)
	return lo < hi || s.Product(sku) != nil ||
		slices.ContainsFunc(s.Listings, func(l commerce.Listing) bool { return l.Item.SKU == sku })
}

func localizationMarket(m localization.Summary, all []*market.Pack) LocalizationMarket {
	v := LocalizationMarket{Market: m.Market, Name: countryName(m.Market), Wanted: m.Wanted, Present: m.Present, Ready: m.Ready,
		Coverage: float64(m.Present) / float64(m.Wanted), ReadyShare: m.ReadyShare, Score: m.Score}
	if !math.IsNaN(m.SalesReady) {
		v.SalesReady = &m.SalesReady
	}
	if i := packOf(all, m.Market); i >= 0 {
		v.Languages = all[i].ListingLanguages
	}
	return v
}

func listingReport(r localization.Report, name string, sales money.Amount, currency money.Currency) ListingReport {
	if sales == (money.Amount{}) { // it has a listing, and was never sold
		sales = money.FromE4(0, currency)
	}
	v := ListingReport{SKU: r.Item.SKU, Name: name, Market: r.Item.Market, Channel: r.Item.Channel, Language: r.Language, Readers: r.Readers,
		Missing: r.Missing, Ready: r.Ready, Score: r.Score, Sales: sales, Findings: []ListingFinding{}}
	for _, f := range r.Findings {
		v.Findings = append(v.Findings, ListingFinding{
			Code: f.Code, Severity: f.Severity.String(), Grade: localized(f.Severity.Name()),
			Owner: f.Owner, OwnerName: localized(messages.M("localization.owner." + f.Owner)),
			Part: f.Part, Quote: f.Quote, Text: localized(f.Says()), Remedy: localized(f.Remedy()), Source: f.Source, Assumed: f.Assumed,
		})
	}
	return v
}
