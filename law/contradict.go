package law

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"tradewind/commerce"
	"tradewind/fault"
)

// contradictions holds rules against each other, once all files are read.
func (b *Book) contradictions(places []placeUse) []error {
	return slices.Concat(b.unknownPlaces(places), b.sameVersions(), b.lostPredecessors(), b.overlaps())
}

func (b *Book) unknownPlaces(places []placeUse) (errs []error) {
	unions := map[commerce.Market]bool{}
	for _, r := range b.every {
		if r.Topic == TopicUnion {
			unions[r.Jurisdiction] = true
		}
	}
	for _, use := range places {
		if !unions[use.place] && !isPlace(use.place) {
			errs = append(errs, fault.New(fault.Invalid, "E-LAW-PLACE", fault.A("place", use.at), fault.A("value", string(use.place))))
		}
	}
	return errs
}

func (b *Book) sameVersions() (errs []error) {
	for i := 1; i < len(b.every); i++ {
		r, before := b.every[i], b.every[i-1]
		if r.ID != before.ID {
			continue
		}
		if r.Version == before.Version {
			errs = append(errs, fault.New(fault.Invalid, "E-LAW-TWICE", fault.A("place", r.Pack), fault.A("id", r.ID),
				fault.A("version", fmt.Sprint(r.Version)), fault.A("other", before.Pack), fault.A("next", fmt.Sprint(r.Version+1))))
		}
		if r.Topic != before.Topic || r.Jurisdiction != before.Jurisdiction {
			errs = append(errs, fault.New(fault.Invalid, "E-LAW-MOVED", fault.A("place", r.Pack), fault.A("id", r.ID), fault.A("other", before.Pack)))
		}
	}
	return errs
}

func (b *Book) lostPredecessors() (errs []error) {
	for _, r := range b.every {
		if r.Supersedes != "" && (r.Supersedes == r.ID || len(b.Versions(r.Supersedes)) == 0) {
			errs = append(errs, fault.New(fault.Invalid, "E-LAW-SUPERSEDES", fault.A("place", r.Pack), fault.A("id", r.ID), fault.A("value", r.Supersedes)))
		}
	}
	return errs
}

// overlaps finds two rules that say the same thing of the same place for the same day,
// and were both known at one time: nobody could tell which of them holds.
func (b *Book) overlaps() (errs []error) {
	same := map[string][]*Rule{}
	for _, r := range b.every {
		if r.Status != Proposed {
			key := identity(r)
			same[key] = append(same[key], r)
		}
	}
	for _, rules := range same {
		slices.SortFunc(rules, func(x, y *Rule) int {
			return cmp.Or(x.From.Compare(y.From), cmp.Compare(x.ID, y.ID), cmp.Compare(x.Version, y.Version))
		})
		for i, r := range rules {
			for _, before := range rules[:i] {
				days, meet := r.span().meet(before.span())
				if _, known := r.known().meet(before.known()); meet && known && r.ID != before.ID {
					errs = append(errs, fault.New(fault.Invalid, "E-LAW-OVERLAP", fault.A("place", r.Pack), fault.A("id", r.ID),
						fault.A("other", before.ID), fault.A("where", before.Pack), fault.A("from", days.first), fault.A("until", r.From.AddDays(-1))))
				}
			}
		}
	}
	slices.SortFunc(errs, func(x, y error) int { return cmp.Compare(x.Error(), y.Error()) })
	return errs
}

// known is the days on which a version was what was believed. It is empty, its last day
// before its first, for one that was replaced on the day on which it was recorded.
func (r *Rule) known() span {
	if r.RetiredOn == nil {
		return span{r.RecordedOn, endless}
	}
	return span{r.RecordedOn, r.RetiredOn.AddDays(-1)}
}

// identity is what a rule is about: two rules of one identity cannot hold on one day.
// Requirements stand beside each other, so that each is about itself.
func identity(r *Rule) string {
	about := ""
	switch p := r.Params.(type) {
	case TaxRate:
		about = join(p.Tax, p.Class, p.Region)
	case TaxZone:
		about = join(p.Region, p.Postcodes)
	case Customs:
	case DutyRelief:
		about = p.Scope.identity()
	case TaxRelief:
		about = p.Scope.identity()
	case SaleTax:
		about = join(p.Scheme, p.Scope.identity())
	case DeemedSupplier:
		about = join(p.Sales, fmt.Sprint(p.SellerAbroad), p.Scope.identity())
	case FlatDuty:
		about = join(p.Each, p.Scope.identity())
	case ParcelFee:
		about = join(p.Each, p.Scope.identity())
	case Simplified:
		about = join(p.Scheme, p.Scope.identity())
	case Surcharge:
		about = join(p.Name, p.Scope.identity())
	case Registration:
		about = join(p.Sales, p.Region, p.Scheme)
	case Union:
		about = join(fmt.Sprint(p.Customs), fmt.Sprint(p.Tax))
	case Rounding:
		about = p.Of
	default:
		about = r.ID
	}
	return join(string(r.Jurisdiction), string(r.Topic), about)
}

// identity is whom a scope is about. Its limit is what a rule says and no part of it.
func (s Scope) identity() string {
	return join(s.Above.String(), s.Per, s.Value, fmt.Sprint(s.ShippedFrom, s.NotFrom, s.Origins, s.NotOrigins, s.Transport, s.NotHS, s.HS, s.Consumers))
}

func join(parts ...string) string { return strings.Join(parts, "\x00") }
