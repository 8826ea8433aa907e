package law

import (
	"cmp"
	"math"
	"slices"

	"tradewind/calendar"
	"tradewind/commerce"
)

// index answers what holds where and when. Time is cut at every day on which a rule or a
// membership begins or ends, so that an answer is one search among a few days.
type index struct {
	timelines map[subject]*timeline
	unions    map[commerce.Market][]membership // by member
	members   map[commerce.Market][]membership // by union
}

type subject struct {
	place commerce.Market
	topic Topic
}

// timeline is the rules that hold from each day on until the next: from is ascending.
type timeline struct {
	from  []calendar.Day
	rules [][]*Rule
}

// span is the days from its first to its last, both included.
type span struct{ first, last calendar.Day }

var endless = calendar.FromOrdinal(math.MaxInt32 - 1)

func (r *Rule) span() span {
	if r.To == nil {
		return span{r.From, endless}
	}
	return span{r.From, *r.To}
}

func (s span) meet(t span) (span, bool) {
	both := span{s.first, s.last}
	if both.first.Before(t.first) {
		both.first = t.first
	}
	if t.last.Before(both.last) {
		both.last = t.last
	}
	return both, !both.last.Before(both.first)
}

func (s span) holds(day calendar.Day) bool { return !day.Before(s.first) && !s.last.Before(day) }

// membership is a place in a union for a time.
type membership struct {
	union, member commerce.Market
	span
	customs, tax bool
}

// piece is a rule for as long as it holds in a place.
type piece struct {
	rule *Rule
	span
}

func newIndex(rules []*Rule) index {
	x := index{timelines: map[subject]*timeline{}, unions: map[commerce.Market][]membership{}, members: map[commerce.Market][]membership{}}
	own := map[subject][]*Rule{}
	places, topics := map[commerce.Market]bool{World: true}, map[Topic]bool{}
	for _, r := range rules {
		if r.Status == Proposed {
			continue
		}
		own[subject{r.Jurisdiction, r.Topic}] = append(own[subject{r.Jurisdiction, r.Topic}], r)
		places[r.Jurisdiction] = true
		topics[r.Topic] = true
	}
	for _, m := range memberships(rules) {
		x.unions[m.member] = append(x.unions[m.member], m)
		x.members[m.union] = append(x.members[m.union], m)
		places[m.member] = true
	}
	for place := range places {
		for topic := range topics {
			if t := newTimeline(x.pieces(place, topic, own)); t != nil {
				x.timelines[subject{place, topic}] = t
			}
		}
	}
	return x
}

// pieces collects the rules of a topic that ever hold in a place, each with the days on
// which it does.
func (x *index) pieces(place commerce.Market, topic Topic, own map[subject][]*Rule) []piece {
	var all []piece
	country := countryOf(place)
	from := []commerce.Market{place}
	if country != place {
		from = append(from, country)
	}
	if place != World {
		from = append(from, World)
	}
	for _, j := range from {
		for _, r := range own[subject{j, topic}] {
			all = append(all, piece{r, r.span()})
		}
	}
	inherited := x.unions[place]
	if country != place {
		inherited = append(slices.Clone(inherited), x.unions[country]...)
	}
	for _, m := range inherited {
		if !m.carries(topic) {
			continue
		}
		for _, r := range own[subject{m.union, topic}] {
			if days, ok := r.span().meet(m.span); ok {
				all = append(all, piece{r, days})
			}
		}
	}
	return all
}

// carries reports whether a union hands a rule on a topic to its members.
func (m membership) carries(topic Topic) bool {
	switch topic {
	case TopicUnion:
		return false
	case TopicCustoms, TopicDutyRelief, TopicFlatDuty, TopicParcelFee, TopicSimplified, TopicSurcharge:
		return m.customs
	case TopicTaxRate, TopicTaxZone, TopicTaxRelief, TopicSaleTax, TopicDeemedSupplier, TopicRegistration:
		return m.tax
	case TopicRounding:
		return m.customs || m.tax
	}
	return m.customs && m.tax
}

// newTimeline cuts time where a piece begins or ends; nil for no pieces.
func newTimeline(pieces []piece) *timeline {
	if len(pieces) == 0 {
		return nil
	}
	slices.SortStableFunc(pieces, func(a, b piece) int { return cmp.Compare(a.rule.ID, b.rule.ID) })
	var cuts []calendar.Day
	for _, p := range pieces {
		cuts = append(cuts, p.first, p.last.AddDays(1))
	}
	slices.SortFunc(cuts, calendar.Day.Compare)
	cuts = slices.Compact(cuts)
	t := &timeline{from: cuts, rules: make([][]*Rule, len(cuts))}
	for i, day := range cuts {
		for _, p := range pieces {
			if p.holds(day) {
				t.rules[i] = append(t.rules[i], p.rule)
			}
		}
		t.rules[i] = slices.Compact(t.rules[i]) // one may come through two unions
	}
	return t
}

func (t *timeline) on(day calendar.Day) []*Rule {
	lo, hi := 0, len(t.from) // from[lo-1] ≤ day < from[hi]
	for lo < hi {
		if mid := (lo + hi) / 2; day.Before(t.from[mid]) {
			hi = mid
		} else {
			lo = mid + 1
		}
	}
	if lo == 0 {
		return nil
	}
	return t.rules[lo-1]
}

// rules answers for a place; one without rules of its own stands in its country, and
// that in the world.
func (x *index) rules(place commerce.Market, topic Topic, on calendar.Day) []*Rule {
	t, ok := x.timelines[subject{place, topic}]
	if !ok {
		if country := countryOf(place); country != place {
			t, ok = x.timelines[subject{country, topic}]
		}
	}
	if !ok {
		t, ok = x.timelines[subject{World, topic}]
	}
	if !ok {
		return nil
	}
	return t.on(on)
}

// Knows reports whether a code is a country, a part of one, or a union of the book.
func (b *Book) Knows(place commerce.Market) bool {
	return isPlace(place) || len(b.index.members[place]) > 0
}
