package law

import (
	"cmp"
	"slices"
	"strings"

	"tradewind/calendar"
	"tradewind/commerce"
	"tradewind/messages"
)

const (
	noticeDays = 60 // how long before a rule begins or ends people are told
	freshDays  = 90 // how long a look at the source lasts
)

// Finding is something about the rules that a person should look at. None of them makes
// a book unusable.
type Finding struct {
	Message      messages.Message // what is the matter; its Remedy says what to do
	Jurisdiction commerce.Market  // "" of a pack, and of several
	Rules        []*Rule          // those that it is about, by ID; none of a pack
	Days         int              // until it happens, or since; 0 where no day matters
}

// urgency is the order of findings: what has a day first, by code.
var urgency = []string{"begun", "expires", "replaced", "begins", "gap", "contested", "unconfirmed", "stale", "unverified", "unsigned"}

// Code is the finding's name for programs: "expires", "stale" …
func (f *Finding) Code() string { return strings.TrimPrefix(f.Message.Code, "law.finding.") }

// Check lists what a person should look at on a day: rules that have begun with a status
// that keeps them from being used, rules that end or begin soon, gaps between rules that
// follow each other; by jurisdiction those that are not certain or whose source was not
// looked at for long; at last the rules that nobody verified and the packs that nobody
// signed.
func (b *Book) Check(today calendar.Day) []Finding {
	var all []Finding
	for _, r := range b.rules {
		all = append(all, b.changes(r, today)...)
	}
	slices.SortStableFunc(all, func(x, y Finding) int { return cmp.Compare(x.Days, y.Days) })
	all = append(all, b.gaps()...)
	all = append(all, b.doubts(today)...)
	if f := b.unverified(today); len(f.Rules) > 0 {
		all = append(all, f)
	}
	for _, p := range b.packs {
		if !p.Standard && p.SignedBy == "" {
			all = append(all, Finding{Message: messages.M("law.finding.unsigned", messages.A("pack", p.Name))})
		}
	}
	slices.SortStableFunc(all, func(x, y Finding) int {
		return cmp.Compare(slices.Index(urgency, x.Code()), slices.Index(urgency, y.Code()))
	})
	return all
}

// changes tells of a rule that begins or ends within the notice.
func (b *Book) changes(r *Rule, today calendar.Day) (all []Finding) {
	add := func(days int, m messages.Message) {
		all = append(all, Finding{m, r.Jurisdiction, []*Rule{r}, days})
	}
	id := messages.A("rule", r.ID)
	if days := r.From.Sub(today); days > 0 && days <= noticeDays {
		add(days, messages.M("law.finding.begins", id, messages.A("day", r.From), messages.A("days", days)))
	}
	if r.Status == AdoptedFuture && r.On(today) {
		add(today.Sub(r.From), messages.M("law.finding.begun", id, messages.A("day", r.From)))
	}
	if r.To == nil || r.Status == Proposed {
		return all
	}
	if days := r.To.Sub(today); days >= 0 && days <= noticeDays {
		if next := b.successor(r); next != nil {
			add(days, messages.M("law.finding.replaced", id, messages.A("day", *r.To), messages.A("days", days), messages.A("next", next.ID)))
		} else {
			add(days, messages.M("law.finding.expires", id, messages.A("day", *r.To), messages.A("days", days)))
		}
	}
	return all
}

// successor finds the rule that takes a rule's place on the day after its last.
func (b *Book) successor(r *Rule) *Rule {
	first := r.To.AddDays(1)
	for _, next := range b.rules {
		if next.From == first && next.Status != Proposed && (next.Supersedes == r.ID || identity(next) == identity(r)) {
			return next
		}
	}
	return nil
}

// gaps finds days that lie between two rules of one chain and that neither covers.
func (b *Book) gaps() (all []Finding) {
	chains := map[string][]*Rule{}
	for _, r := range b.rules {
		if r.Status != Proposed {
			chains[identity(r)] = append(chains[identity(r)], r)
		}
	}
	for _, r := range b.rules {
		before, ok := b.Rule(r.Supersedes)
		if ok && r.Status != Proposed && identity(before) != identity(r) {
			chains["\x00"+r.ID] = []*Rule{before, r} // one replaces another of a different form
		}
	}
	for _, chain := range chains {
		slices.SortFunc(chain, func(x, y *Rule) int { return cmp.Or(x.From.Compare(y.From), cmp.Compare(x.ID, y.ID)) })
		for i := 1; i < len(chain); i++ {
			before, after := chain[i-1], chain[i]
			if before.To == nil || !before.To.AddDays(1).Before(after.From) {
				continue
			}
			days := after.From.Sub(*before.To) - 1
			all = append(all, Finding{messages.M("law.finding.gap", messages.A("before", before.ID), messages.A("after", after.ID),
				messages.A("from", before.To.AddDays(1)), messages.A("until", after.From.AddDays(-1)), messages.A("days", days)),
				after.Jurisdiction, []*Rule{before, after}, days})
		}
	}
	slices.SortFunc(all, func(x, y Finding) int { return cmp.Compare(x.Rules[1].ID, y.Rules[1].ID) })
	return all
}

func (r *Rule) ended(today calendar.Day) bool { return r.To != nil && r.To.Before(today) }

// unverified gathers the rules that nobody has held against the primary text.
func (b *Book) unverified(today calendar.Day) Finding {
	var rules []*Rule
	places := map[commerce.Market]bool{}
	for _, r := range b.rules {
		if r.VerifiedBy == "" && !r.ended(today) {
			rules = append(rules, r)
			places[r.Jurisdiction] = true
		}
	}
	return Finding{Message: messages.M("law.finding.unverified", messages.A("n", len(rules)), messages.A("places", len(places))), Rules: rules}
}

// doubts gathers, a jurisdiction at a time, the rules that are not as well known as they
// should be. Rules that have ended are left out.
func (b *Book) doubts(today calendar.Day) (all []Finding) {
	type doubt struct {
		code  string
		holds func(*Rule) bool
	}
	for _, d := range []doubt{
		{"law.finding.unconfirmed", func(r *Rule) bool { return r.Status == Unconfirmed }},
		{"law.finding.contested", func(r *Rule) bool { return r.Status == Contested }},
		{"law.finding.stale", func(r *Rule) bool { return today.Sub(r.VerifiedOn) > freshDays }},
	} {
		found := map[commerce.Market][]*Rule{}
		for _, r := range b.rules {
			if !r.ended(today) && d.holds(r) {
				found[r.Jurisdiction] = append(found[r.Jurisdiction], r)
			}
		}
		for j, rules := range found {
			oldest := slices.MinFunc(rules, func(x, y *Rule) int { return x.VerifiedOn.Compare(y.VerifiedOn) })
			days := 0
			if d.code == "law.finding.stale" {
				days = today.Sub(oldest.VerifiedOn)
			}
			all = append(all, Finding{messages.M(d.code, messages.A("place", string(j)), messages.A("n", len(rules)),
				messages.A("rule", oldest.ID), messages.A("day", oldest.VerifiedOn)), j, rules, days})
		}
	}
	slices.SortFunc(all, func(x, y Finding) int {
		return cmp.Or(cmp.Compare(x.Message.Code, y.Message.Code), cmp.Compare(x.Jurisdiction, y.Jurisdiction))
	})
	return all
}
