package compliance

import (
	"slices"
	"strings"

	"tradewind/commerce"
	"tradewind/law"
)

// answer says whether a rule applies.
type answer uint8

const (
	no answer = iota
	unknown
	yes
)

// ofSeller reports whether a rule is about the seller and not about a product: it asks
// for no text of a listing, and nothing of the product narrows it.
func ofSeller(r *law.Requirement) bool {
	return len(r.Traits)+len(r.NotTraits)+len(r.HS)+len(r.ShippedFrom)+len(r.NotFrom)+len(r.Channels)+len(r.Texts) == 0 && !r.Crossing
}

// applies reports whether a rule applies to a question, and what has to be said where
// that is not known. One thing that speaks against it is enough for no.
func (c *Checker) applies(r *law.Requirement, q *Question) (answer, string) {
	if !r.InSeason(c.day) || r.Consumers && c.seller.BusinessesOnly || len(r.Channels) > 0 && !slices.Contains(r.Channels, string(q.Item.Channel)) {
		return no, ""
	}
	ask := ""
	for _, narrow := range [...]func(*law.Requirement, *Question) (answer, string){c.byTraits, c.byHS, c.byRoute, c.bySeller, c.byPractice, c.byCounter} {
		switch a, what := narrow(r, q); {
		case a == no:
			return no, ""
		case a == unknown && ask == "":
			ask = what
		}
	}
	if ask != "" {
		return unknown, ask
	}
	return yes, ""
}

func (c *Checker) byTraits(r *law.Requirement, q *Question) (answer, string) {
	if len(r.Traits) == 0 && len(r.NotTraits) == 0 {
		return yes, ""
	}
	if q.Product == nil || !q.Product.Traits.Known() {
		return unknown, "traits"
	}
	if len(r.Traits) > 0 && !slices.ContainsFunc(r.Traits, q.Product.Traits.Has) || slices.ContainsFunc(r.NotTraits, q.Product.Traits.Has) {
		return no, ""
	}
	return yes, ""
}

func (c *Checker) byHS(r *law.Requirement, q *Question) (answer, string) {
	if len(r.HS) == 0 {
		return yes, ""
	}
	if q.Product == nil || q.Product.HS == "" {
		return unknown, "hs"
	}
	result := no
	for _, prefix := range r.HS {
		switch {
		case strings.HasPrefix(q.Product.HS, prefix):
			return yes, ""
		case strings.HasPrefix(prefix, q.Product.HS): // the code is too short to tell
			result = unknown
		}
	}
	return result, "hs"
}

func (c *Checker) byRoute(r *law.Requirement, q *Question) (answer, string) {
	if len(r.ShippedFrom) == 0 && len(r.NotFrom) == 0 && !r.Crossing {
		return yes, ""
	}
	if q.ShippedFrom == "" {
		return unknown, "shipped_from"
	}
	if len(r.ShippedFrom) > 0 && !c.within(q.ShippedFrom, r.ShippedFrom) || c.within(q.ShippedFrom, r.NotFrom) ||
		r.Crossing && c.book.Within(q.ShippedFrom, q.Item.Market, c.day) {
		return no, ""
	}
	return yes, ""
}

func (c *Checker) bySeller(r *law.Requirement, q *Question) (answer, string) {
	at := c.seller.Established
	if len(r.SellerFrom) == 0 && len(r.NotSeller) == 0 && !r.Abroad {
		return yes, ""
	}
	if at == "" {
		return unknown, "seller"
	}
	if len(r.SellerFrom) > 0 && !c.within(at, r.SellerFrom) || c.within(at, r.NotSeller) || r.Abroad && c.book.Within(at, q.Item.Market, c.day) {
		return no, ""
	}
	return yes, ""
}

func (c *Checker) byPractice(r *law.Requirement, _ *Question) (answer, string) {
	result, what := no, ""
	for _, p := range r.Practices {
		does, said := c.seller.Practices[p]
		switch {
		case does:
			return yes, ""
		case !said && what == "":
			result, what = unknown, "practice."+p
		}
	}
	if len(r.Practices) == 0 {
		return yes, ""
	}
	return result, what
}

func (c *Checker) byCounter(r *law.Requirement, _ *Question) (answer, string) {
	if r.Counter == "" {
		return yes, ""
	}
	n, said := c.seller.Counters[r.Counter]
	switch {
	case !said:
		return unknown, "counter." + r.Counter
	case n < r.AtLeast || r.Below > 0 && n >= r.Below:
		return no, ""
	}
	return yes, ""
}

func (c *Checker) within(place commerce.Market, areas []commerce.Market) bool {
	return slices.ContainsFunc(areas, func(area commerce.Market) bool { return c.book.Within(place, area, c.day) })
}
