package tradewind

import (
	"cmp"
	"slices"

	"tradewind/calendar"
	"tradewind/commerce"
	"tradewind/decision"
	"tradewind/law"
	"tradewind/operations/compliance"
	"tradewind/plan"
)

// preflight answers what law asks of the products of a snapshot in a country, before they
// are sold there. It does not change and may be used by many goroutines.
type preflight struct {
	*compliance.Checker
	book     *law.Book
	snapshot *commerce.Snapshot
	home     commerce.Market
	channels map[place][]commerce.Channel // on which a product is sold or listed
}

// place is a product in a country.
type place struct {
	sku    commerce.SKU
	market commerce.Market
}

// preflight prepares the checks of a snapshot as of a day. It costs one pass over items,
// listings and documents; each check after it, a pass over the rules of the country.
func (e *Engine) preflight(s *commerce.Snapshot, book *law.Book, day calendar.Day) *preflight {
	p := &preflight{Checker: plan.CheckerOf(book, s, &e.config.Seller, day), book: book, snapshot: s, home: plan.Home(s, &e.config.Seller),
		channels: map[place][]commerce.Channel{}}
	for _, it := range s.Items {
		p.sold(it)
	}
	for i := range s.Listings {
		p.sold(s.Listings[i].Item)
	}
	return p
}

func (p *preflight) sold(it commerce.Item) {
	at := place{it.SKU, it.Market}
	if !slices.Contains(p.channels[at], it.Channel) {
		p.channels[at] = append(p.channels[at], it.Channel)
	}
}

// check finds what law asks of a product in a country, on all channels and from all
// warehouses that it may leave from: of each rule the worst answer, worst first. A product
// that is not sold there is checked as if it were.
func (p *preflight) check(sku commerce.SKU, m commerce.Market) []compliance.Finding {
	channels := p.channels[place{sku, m}]
	if len(channels) == 0 {
		channels = []commerce.Channel{""}
	}
	var worst []compliance.Finding
	for _, from := range p.shippedFrom(sku, m) {
		for _, channel := range channels {
			worst = worstOf(worst, p.Item(plan.Question(p.snapshot, commerce.Item{SKU: sku, Market: m, Channel: channel}, from)))
		}
	}
	slices.SortStableFunc(worst, func(a, b compliance.Finding) int { return cmp.Compare(gravity(b.Outcome), gravity(a.Outcome)) })
	return worst
}

// shippedFrom are the countries that a product may leave from for a market: of the
// warehouses that serve it those that have the product, or else all; without any, where
// the seller is.
func (p *preflight) shippedFrom(sku commerce.SKU, m commerce.Market) []commerce.Market {
	var having, serving []commerce.Market
	stocks := p.snapshot.StocksOf(sku)
	for _, w := range p.snapshot.Warehouses {
		if w.Country == "" || !p.snapshot.Serves(w.Location, m) {
			continue
		}
		serving = append(serving, w.Country)
		if slices.ContainsFunc(stocks, func(st commerce.Stock) bool {
			return st.Location == w.Location && plan.Held(p.snapshot, st, nil).OnHand > 0
		}) {
			having = append(having, w.Country)
		}
	}
	from := having
	if len(from) == 0 {
		from = serving
	}
	if len(from) == 0 {
		return []commerce.Market{p.home}
	}
	slices.Sort(from)
	return slices.Compact(from)
}

// worstOf joins findings about the same rules and keeps the worst answer to each.
func worstOf(all, more []compliance.Finding) []compliance.Finding {
	if len(all) == 0 {
		return more
	}
	for i := range more {
		f := &more[i]
		at := slices.IndexFunc(all, func(g compliance.Finding) bool { return findingKey(&g) == findingKey(f) })
		switch {
		case at < 0:
			all = append(all, *f)
		case gravity(f.Outcome) > gravity(all[at].Outcome):
			all[at] = *f
		}
	}
	return all
}

// findingKey is what a finding is about: what is not known, or a rule.
func findingKey(f *compliance.Finding) string { return cmp.Or(f.Unknown, f.Rules[0].ID) }

// gravity orders outcomes from good to bad.
func gravity(o decision.Outcome) int {
	return slices.Index([]decision.Outcome{decision.Pass, decision.Warn, decision.Block}, o)
}
