package law

import (
	"slices"

	"tradewind/calendar"
	"tradewind/commerce"
)

// Tie is what joins the members of a union.
type Tie uint8

const (
	CustomsTie Tie = iota // no duty and no declaration between the members
	TaxTie                // one area of value added tax
)

// nesting is how deep unions may stand in each other: a country in the European Union,
// which as a whole is party to an agreement.
const nesting = 3

// memberships lists who belongs to which union and when, members of members included.
func memberships(rules []*Rule) []membership {
	var direct []membership
	for _, r := range rules {
		u, ok := r.Params.(Union)
		if !ok || r.Status == Proposed {
			continue
		}
		for _, m := range u.Members {
			direct = append(direct, membership{r.Jurisdiction, m, r.span(), u.Customs, u.Tax})
		}
	}
	all := slices.Clone(direct)
	newest := direct
	for range nesting - 1 {
		var deeper []membership
		for _, outer := range newest {
			for _, inner := range direct {
				days, together := outer.span.meet(inner.span)
				if together && inner.union == outer.member && inner.member != outer.union {
					deeper = append(deeper, membership{outer.union, inner.member, days, outer.customs && inner.customs, outer.tax && inner.tax})
				}
			}
		}
		all = append(all, deeper...)
		newest = deeper
	}
	return all
}

// Members lists who belongs to a union on a day, ascending; nil for what is no union.
func (b *Book) Members(union commerce.Market, day calendar.Day) []commerce.Market {
	var all []commerce.Market
	for _, m := range b.index.members[union] {
		if m.holds(day) {
			all = append(all, m.member)
		}
	}
	slices.Sort(all)
	return slices.Compact(all)
}

// SameUnion reports whether two places stand in one customs or tax union on a day; a
// place stands in one with itself and with the country that it is a part of.
func (b *Book) SameUnion(x, y commerce.Market, day calendar.Day, tie Tie) bool {
	x, y = countryOf(x), countryOf(y)
	if x == y {
		return true
	}
	for _, m := range b.index.unions[x] {
		if !m.holds(day) || tie == CustomsTie && !m.customs || tie == TaxTie && !m.tax {
			continue
		}
		if m.union == y {
			return true
		}
		for _, n := range b.index.unions[y] {
			if n.union == m.union && n.holds(day) && (tie == CustomsTie && n.customs || tie == TaxTie && n.tax) {
				return true
			}
		}
	}
	for _, n := range b.index.unions[y] {
		if n.union == x && n.holds(day) && (tie == CustomsTie && n.customs || tie == TaxTie && n.tax) {
			return true
		}
	}
	return false
}

// Within reports whether a place is an area, a part of it, or belongs to it on a day as
// to a union: what scopes such as ShippedFrom ask. Everything is within the World.
func (b *Book) Within(place, area commerce.Market, day calendar.Day) bool {
	country := countryOf(place)
	if area == World || place == area || country == area {
		return true
	}
	for _, m := range b.index.unions[country] {
		if m.union == area && m.holds(day) {
			return true
		}
	}
	return country != place && slices.ContainsFunc(b.index.unions[place], func(m membership) bool { return m.union == area && m.holds(day) })
}
