package sanctions

import "slices"

// maxListed is how many listed words align considers: it goes through their subsets.
const maxListed = 10

// match is the best pairing of a party's words with those of a listed name.
type match struct {
	listed float64 // share of the listed name's worth that is paired, times similarity
	given  float64 // the same of the party's name
	shared float64 // worth of what is paired, times similarity
	pairs  []edge
}

// cell is the best way to pair the first words of a party with a set of listed words.
type cell struct {
	gain float64 // negative: there is none
	by   int16   // the pair that leads here, -1 where the last word has none
}

// Threshold is the least score of a hit. It was chosen on the tuning seeds of the world
// "Names" in docs/worlds.md.
const Threshold = .75

// another is what every unlike pair after the first takes off a score: one word is
// mistyped more often than two.
const another = .08

// alone is the least share of a listed name that a single pair has to cover: a first name
// by itself is nobody.
const alone = .6

// score is the mean of how well a party's name covers a listed name and the other way
// around. A weak alias counts only when it is given as it is listed.
func score(m match, n *listed) float64 {
	if n.weak {
		if m.listed > .999 && m.given > .999 {
			return 1
		}
		return 0
	}
	if len(m.pairs) == 1 && m.listed < alone {
		return 0
	}
	unlike := 0
	for _, e := range m.pairs {
		if e.sim < .95 && e.how != Initial {
			unlike++
		}
	}
	return (m.listed+m.given)/2 - another*float64(max(0, unlike-1))
}

// align pairs spans of given words with spans of listed ones, each word at most once, so
// that the worth of what is paired, times its similarity, is largest: exactly, by dynamic
// programming over the given words in order and the set of listed words that are used.
// Of a name with more than ten words that have a partner the first ten are considered.
func (x *Index) align(s *scratch, n *listed, party []given, head int32) match {
	s.own = s.own[:0]
	for at := head; at != 0; at = s.edges[at-1].next {
		s.own = append(s.own, s.edges[at-1])
	}
	x.initials(s, n, party)
	var slot [maxWords]int8 // of listed words among those with a partner, 1 for the first
	used := 0
	place := func(at uint8) bool {
		if slot[at] == 0 {
			if used == maxListed {
				return false
			}
			used++
			slot[at] = int8(used)
		}
		return true
	}
	usable := s.own[:0]
	for _, e := range s.own {
		if place(e.at) && (e.span == 1 || place(e.at+1)) {
			usable = append(usable, e)
		}
	}
	s.own = usable
	return s.best(n, party, &slot, 1<<used)
}

// initials adds the pairs of a letter and a word that begins with it.
func (x *Index) initials(s *scratch, n *listed, party []given) {
	for i, g := range party {
		for k, id := range n.words {
			w := x.words[id].text
			if (len(g.text) == 1 && len(w) > 1 || len(w) == 1 && len(g.text) > 1 && x.entries[n.entry].Kind != Organisation) && g.text[0] == w[0] && classOf(w) != filler && classOf(g.text) != filler {
				s.own = append(s.own, edge{given: uint8(i), givenSpan: 1, at: uint8(k), span: 1, sim: .75, how: Initial})
			}
		}
	}
}

// best fills the table over the pairs in s.own and reads the best pairing out of it.
func (s *scratch) best(n *listed, party []given, slot *[maxWords]int8, subsets int) match {
	size := (len(party) + 1) * subsets
	if cap(s.table) < size {
		s.table = make([]cell, size)
	}
	t := s.table[:size]
	for i := range t {
		t[i] = cell{-1, -1}
	}
	t[0].gain = 0
	for i := 1; i <= len(party); i++ {
		last, now := t[(i-1)*subsets:i*subsets], t[i*subsets:(i+1)*subsets]
		for set := range now {
			now[set] = cell{last[set].gain, -1}
		}
		for k, e := range s.own {
			if int(e.given+e.givenSpan) != i {
				continue
			}
			uses, gain := slots(e, slot), e.sim*(worthOfListed(n, e)+worthOfGiven(party, e))
			from := t[int(e.given)*subsets : (int(e.given)+1)*subsets]
			for set := range from {
				if set&uses == 0 && from[set].gain >= 0 && from[set].gain+gain > now[set|uses].gain {
					now[set|uses] = cell{from[set].gain + gain, int16(k)}
				}
			}
		}
	}
	i, set := len(party), 0
	for other := range subsets {
		if t[i*subsets+other].gain > t[i*subsets+set].gain {
			set = other
		}
	}
	var m match
	for i > 0 {
		by := t[i*subsets+set].by
		if by < 0 {
			i--
			continue
		}
		e := s.own[by]
		m.pairs = append(m.pairs, e)
		i, set = int(e.given), set&^slots(e, slot)
	}
	m.weigh(n, party)
	return m
}

// inner is what a word without a partner counts that stands between words with one:
// second names are left out, and put in, more often than first and last ones.
const inner = .4

// weigh makes the shares of a pairing. Words that are paired weigh what the listed ones
// weigh, on both sides.
func (m *match) weigh(n *listed, party []given) {
	var inListed, inGiven [maxWords + 1]bool
	worth := 0.0
	for _, e := range m.pairs {
		w := worthOfListed(n, e)
		worth, m.shared = worth+w, m.shared+e.sim*w
		for k := range e.span {
			inListed[e.at+k] = true
		}
		for k := range e.givenSpan {
			inGiven[e.given+k] = true
		}
	}
	m.listed = m.shared / (worth + unpaired(inListed[:len(n.words)], func(i int) float64 { return n.worth[i] }))
	m.given = m.shared / (worth + unpaired(inGiven[:len(party)], func(i int) float64 { return party[i].worth }))
}

// unpaired is the worth of the words without a partner.
func unpaired(paired []bool, worth func(i int) float64) float64 {
	first, last := slices.Index(paired, true), len(paired)-1
	for last >= 0 && !paired[last] {
		last--
	}
	sum := 0.0
	for i, p := range paired {
		switch {
		case p:
		case i > first && i < last:
			sum += inner * worth(i)
		default:
			sum += worth(i)
		}
	}
	return sum
}

// slots is the set of listed words that a pair uses.
func slots(e edge, slot *[maxWords]int8) int {
	set := 1 << (slot[e.at] - 1)
	if e.span == 2 {
		set |= 1 << (slot[e.at+1] - 1)
	}
	return set
}

func worthOfListed(n *listed, e edge) float64 {
	if e.span == 2 {
		return n.worth[e.at] + n.worth[e.at+1]
	}
	return n.worth[e.at]
}

func worthOfGiven(party []given, e edge) float64 {
	if e.givenSpan == 2 {
		return party[e.given].worth + party[e.given+1].worth
	}
	return party[e.given].worth
}

// why tells the pairs of a match word by word.
func (x *Index) why(n *listed, words []string, m match) []Why {
	out := make([]Why, len(m.pairs))
	for i, e := range m.pairs {
		w := Why{Given: words[e.given], Listed: x.words[n.words[e.at]].text, How: e.how}
		if e.givenSpan == 2 {
			w.Given += " " + words[e.given+1]
		}
		if e.span == 2 {
			w.Listed += " " + x.words[n.words[e.at+1]].text
		}
		out[len(out)-1-i] = w
	}
	return out
}
