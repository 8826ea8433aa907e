package law

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"iter"
	"slices"

	"tradewind/calendar"
	"tradewind/commerce"
)

// Book is rules from one or more packs, ready for questions as of a day. Two times meet
// in it: when a rule holds (From, To), which every lookup is asked for, and when it was
// known (RecordedOn, RetiredOn), which Known is asked for. A Book is never changed and is
// safe for concurrent use; neither may what it returns be changed.
type Book struct {
	every   []*Rule // every version of every rule, by ID and version
	rules   []*Rule // those that are known now, or on asOf: one version an ID
	packs   []Pack
	asOf    *calendar.Day // what Known was asked for; nil is all that is known
	version string
	index   index
}

// Pack is one file of a book.
type Pack struct {
	Name     string // "EU.yaml"
	Rules    int
	SignedBy string // "" is nobody
	Standard bool   // it comes with Tradewind
	hash     string
}

// newBook puts rules in order and makes the index. The rules are copied.
func newBook(rules []*Rule, packs []Pack) *Book {
	b := &Book{every: make([]*Rule, len(rules)), packs: packs}
	for i, r := range rules {
		c := *r
		b.every[i] = &c
	}
	slices.SortStableFunc(b.every, func(x, y *Rule) int { return cmp.Or(cmp.Compare(x.ID, y.ID), cmp.Compare(x.Version, y.Version)) })
	for i, r := range b.every[:max(0, len(b.every)-1)] {
		next := b.every[i+1]
		if next.ID == r.ID && (r.RetiredOn == nil || next.RecordedOn.Before(*r.RetiredOn)) {
			r.RetiredOn = &next.RecordedOn
		}
	}
	for _, r := range b.every {
		if r.RetiredOn == nil {
			b.rules = append(b.rules, r)
		}
	}
	b.version = versionOf(packs)
	b.index = newIndex(b.rules)
	return b
}

// versionOf hashes the contents of the packs, whatever their names and order.
func versionOf(packs []Pack) string {
	var hashes []string
	for _, p := range packs {
		hashes = append(hashes, p.hash)
	}
	slices.Sort(hashes)
	h := sha256.New()
	for _, s := range hashes {
		h.Write([]byte(s))
	}
	return hex.EncodeToString(h.Sum(nil))[:16]
}

func contentHash(data []byte) string {
	sum := sha256.Sum256(data)
	return string(sum[:])
}

// Version is a hash of the contents of the packs: 16 hexadecimal digits, and the day that
// Known was asked for. Two books of one version give the same answers.
func (b *Book) Version() string {
	if b.asOf != nil {
		return b.version + "@" + b.asOf.String()
	}
	return b.version
}

// Packs lists the files that the book was made of.
func (b *Book) Packs() []Pack { return b.packs }

// Known returns the book as it was known at the end of a day: without what was recorded
// later, and with what was corrected later. It costs as much as making a book; keep it.
func (b *Book) Known(day calendar.Day) *Book {
	then := &Book{packs: b.packs, version: b.version, asOf: &day}
	for _, r := range b.every {
		if day.Before(r.RecordedOn) {
			continue
		}
		then.every = append(then.every, r)
		if r.RetiredOn == nil || day.Before(*r.RetiredOn) {
			then.rules = append(then.rules, r)
		}
	}
	then.index = newIndex(then.rules)
	return then
}

// All lists the rules that are known, of any day and any status, by ID.
func (b *Book) All() []*Rule { return b.rules }

// Rule finds a rule that is known by its ID.
func (b *Book) Rule(id string) (*Rule, bool) {
	i, found := slices.BinarySearchFunc(b.rules, id, func(r *Rule, id string) int { return cmp.Compare(r.ID, id) })
	if !found {
		return nil, false
	}
	return b.rules[i], true
}

// Versions lists every version of a rule, the first one first; none where there is no such rule.
func (b *Book) Versions(id string) []*Rule {
	lo, _ := slices.BinarySearchFunc(b.every, id, func(r *Rule, id string) int { return cmp.Compare(r.ID, id) })
	hi := lo
	for hi < len(b.every) && b.every[hi].ID == id {
		hi++
	}
	return b.every[lo:hi]
}

// Cited finds the version of a rule that a decision cites, also one that is retired.
func (b *Book) Cited(ref Ref) (*Rule, bool) {
	for _, r := range b.Versions(ref.ID) {
		if r.Version == ref.Version {
			return r, true
		}
	}
	return nil, false
}

// Rules lists the rules on a topic that hold in a place on a day, by ID: its own, those
// of the country that it is a part of, of the unions that it belongs to on that day, and
// of the world. Customs topics come from customs unions, tax topics from tax unions, and
// what asks for documents and texts from unions that are both. A proposed rule is no law
// and is left out. It allocates nothing.
func (b *Book) Rules(place commerce.Market, topic Topic, on calendar.Day) []*Rule {
	return b.index.rules(place, topic, on)
}

// One finds the rule on a topic that stands nearest to a place on a day: its own before
// its country's, that before a union's, that before the world's; of several the first by
// ID. It is for topics that have one rule a place, such as TopicCustoms.
func (b *Book) One(place commerce.Market, topic Topic, on calendar.Day) (*Rule, bool) {
	var best *Rule
	least := 4
	for _, r := range b.Rules(place, topic, on) {
		if d := distance(place, r.Jurisdiction); d < least {
			best, least = r, d
		}
	}
	return best, best != nil
}

// distance says how far a jurisdiction stands from a place.
func distance(place, jurisdiction commerce.Market) int {
	switch jurisdiction {
	case place:
		return 0
	case countryOf(place):
		return 1
	case World:
		return 3
	}
	return 2
}

// In yields the rules of one type of parameters that hold in a place on a day, by ID:
//
//	for rule, rate := range law.In[law.TaxRate](book, "EE", day) { … }
//
// For Requirement, which has several topics, use Requirements.
func In[P Params](b *Book, place commerce.Market, on calendar.Day) iter.Seq2[*Rule, P] {
	return func(yield func(*Rule, P) bool) {
		var none P
		for _, r := range b.index.rules(place, none.topic(), on) {
			if !yield(r, r.Params.(P)) {
				return
			}
		}
	}
}

// Requirements yields what is asked of a sale in a place on a day, topic by topic in the
// order of RequirementTopics, and by ID within one.
func (b *Book) Requirements(place commerce.Market, on calendar.Day) iter.Seq2[*Rule, Requirement] {
	return func(yield func(*Rule, Requirement) bool) {
		for _, topic := range RequirementTopics {
			for _, r := range b.index.rules(place, topic, on) {
				if !yield(r, r.Params.(Requirement)) {
					return
				}
			}
		}
	}
}

// Jurisdictions lists the places and unions that have rules of their own, ascending.
func (b *Book) Jurisdictions() []commerce.Market {
	var all []commerce.Market
	for _, r := range b.rules {
		all = append(all, r.Jurisdiction)
	}
	slices.Sort(all)
	return slices.Compact(all)
}
