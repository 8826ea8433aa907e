package sanctions

import (
	"cmp"
	"slices"

	"tradewind/messages"
)

// Party is somebody to be screened. Only the name is compared: kind and country tell the
// person who looks at a hit more, and are wrong too often to let a party pass.
type Party struct {
	Name    string
	Kind    Kind
	Country string // as the list writes it, or ""
	Role    string // supplier, customer, bank …: for the report
}

// Hit is an entry that a party may be.
type Hit struct {
	Entry *Entry
	List  Ref
	Name  string  // the listed name that matched best
	Score float64 // Threshold to 1
	Why   []Why   // word by word
}

// Why is one word of a party beside the listed word that it was taken for.
type Why struct {
	Given, Listed string
	How           How
}

// How says why two words were taken for one.
type How string

const (
	Same      How = "same"
	Sounds    How = "sounds"     // another spelling of the same sound
	Consonant How = "consonants" // the same consonants
	Near      How = "near"       // few letters apart
	Initial   How = "initial"
)

// Name is the reason in words.
func (h How) Name() messages.Message { return messages.M("sanctions.how." + string(h)) }

// Gap is a script in which a party is named and few or no entries are.
type Gap struct {
	Script  string // arabic, han, other
	Entries int    // that have a name in the script: all others were not compared
}

// Name is the script in words.
func (g Gap) Name() messages.Message { return messages.M("sanctions.script." + g.Script) }

// Result is what screening a party found.
type Result struct {
	Hits []Hit // best first
	Gaps []Gap // what could not be compared: an empty Hits says nothing about it
}

// likeness is a listed word that a given word may be.
type likeness struct {
	word int32
	sim  float64
	how  How
}

// edge is a possible pair of a span of given words and a span of listed ones.
type edge struct {
	next             int32 // in the list of its name
	given, givenSpan uint8
	at, span         uint8
	sim              float64
	how              How
}

// scratch is what one screening needs; it is used again by the next.
type scratch struct {
	count   []uint8 // by word: shared pairs of letters, or compare
	touched []int32
	bound   []float64 // by name: the most that its words can be matched
	head    []int32   // by name: its first edge, 1 for the first of edges
	names   []int32   // names with a bound
	edges   []edge
	own     []edge // of one name
	table   []cell
	seen    map[string][]likeness
}

const remembered = 1 << 14 // words

// given is one word of a party.
type given struct {
	text, fold string
	worth      float64
}

// Screen compares a party with every listed name. A name in a script that few entries
// have is reported in Gaps.
func (x *Index) Screen(p Party) Result {
	var r Result
	words := wordsOf(p.Name)
	if len(words) == 0 {
		return r
	}
	s := x.scratch.Get().(*scratch)
	defer x.scratch.Put(s)
	party := x.given(words)
	r.Gaps = x.gaps(words)
	x.collect(s, party)
	for _, name := range s.names {
		n := &x.names[name]
		if s.bound[name] >= bound*n.total {
			m := x.align(s, n, party, s.head[name])
			if score := score(m, n); score >= Threshold {
				r.Hits = append(r.Hits, Hit{Entry: &x.entries[n.entry], List: x.lists[x.of[n.entry]], Name: n.text, Score: score, Why: x.why(n, words, m)})
			}
		}
		s.bound[name], s.head[name] = 0, 0
	}
	s.names, s.edges = s.names[:0], s.edges[:0]
	r.Hits = bestOfEach(r.Hits)
	return r
}

// given weighs the words of a party. Two halves of a word of trade weigh what it weighs.
func (x *Index) given(words []string) []given {
	party := make([]given, len(words))
	for i, w := range words {
		party[i] = given{text: w, fold: fold(w)}
		party[i].worth = x.worth(w, party[i].fold)
	}
	for i := range len(words) - 1 {
		if both := words[i] + words[i+1]; classOf(both) != telling {
			worth := x.worth(both, fold(both)) / 2
			party[i].worth, party[i+1].worth = min(worth, party[i].worth), min(worth, party[i+1].worth)
		}
	}
	return party
}

// bestOfEach keeps the best hit of each entry, best first.
func bestOfEach(hits []Hit) []Hit {
	slices.SortStableFunc(hits, func(a, b Hit) int { return cmp.Or(cmp.Compare(b.Score, a.Score), cmp.Compare(a.Entry.ID, b.Entry.ID)) })
	seen := map[*Entry]bool{}
	return slices.DeleteFunc(hits, func(h Hit) bool {
		again := seen[h.Entry]
		seen[h.Entry] = true
		return again
	})
}

// gaps lists the scripts of a name that not every entry has a name in.
func (x *Index) gaps(words []string) []Gap {
	var out []Gap
	for _, w := range words {
		s := scriptOf(firstRune(w))
		if s == latinScript || slices.ContainsFunc(out, func(g Gap) bool { return g.Script == string(s) }) {
			continue
		}
		if n := x.scripted[s]; n < len(x.entries) {
			out = append(out, Gap{string(s), n})
		}
	}
	return out
}

// collect finds, for every word and every two neighbouring words of a party, the names
// with a word like it.
func (x *Index) collect(s *scratch, party []given) {
	for i := range party {
		x.collectSpan(s, i, 1, party[i].text, party[i].fold)
		if i+1 < len(party) {
			both := party[i].text + party[i+1].text
			x.collectSpan(s, i, 2, both, fold(both))
		}
	}
}

func (x *Index) collectSpan(s *scratch, at, span int, text, fold string) {
	for _, l := range x.alike(s, text, fold) {
		w := &x.words[l.word]
		for _, p := range w.at {
			if span+int(p.span) > 2 && (span+int(p.span) == 4 || l.sim < .98 && (l.how == Consonant || len(w.letters) < 5)) {
				continue // two words beside two say no more than one beside one
			}
			n := &x.names[p.name]
			if s.head[p.name] == 0 {
				s.names = append(s.names, p.name)
			}
			s.edges = append(s.edges, edge{s.head[p.name], uint8(at), uint8(span), p.at, p.span, l.sim, l.how})
			s.head[p.name] = int32(len(s.edges))
			worth := n.worth[p.at]
			if p.span == 2 {
				worth += n.worth[p.at+1]
			}
			s.bound[p.name] += l.sim * worth
		}
	}
}

// alike finds the listed words that a given word may be.
func (x *Index) alike(s *scratch, text, fold string) []likeness {
	if found, ok := s.seen[text]; ok {
		return found
	}
	var found []likeness
	if len(text) < 3 || classOf(text) == filler {
		for _, id := range x.byNear[fold] {
			switch w := &x.words[id]; {
			case w.text == text:
				found = append(found, likeness{id, 1, Same})
			case w.fold == fold && classOf(text) != filler:
				found = append(found, likeness{id, .98, Sounds})
			}
		}
		if k := korean[text]; k != "" {
			for _, id := range x.byNear[k] {
				found = append(found, likeness{id, koreanSounds, Sounds})
			}
		}
	} else {
		found = x.search(s, text, fold)
	}
	if len(s.seen) >= remembered {
		clear(s.seen)
	}
	s.seen[text] = found
	return found
}

// search finds the listed words one edit away, those with the same consonants, and for
// long words those that share enough neighbouring letters to be two edits away.
func (x *Index) search(s *scratch, text, fold string) []likeness {
	g := form{text: text, fold: fold, skel: skeletonKey(fold), letters: []rune(fold), raw: []rune(text)}
	mark := func(id int32) {
		if s.count[id] == 0 {
			s.touched = append(s.touched, id)
		}
		s.count[id] = compare
	}
	for key := range nearKeys(text, fold) {
		for _, id := range x.byNear[key] {
			mark(id)
		}
	}
	for _, id := range x.bySkel[g.skel] {
		mark(id)
	}
	if k := korean[text]; k != "" {
		for _, id := range x.byNear[k] {
			mark(id)
		}
	}
	if len(g.letters) >= longWord-1 {
		for p := range pairs(g.letters) {
			for _, id := range x.byPair[p] {
				if s.count[id] == 0 {
					s.touched = append(s.touched, id)
				}
				if s.count[id] < compare {
					s.count[id]++
				}
			}
		}
	}
	var found []likeness
	for _, id := range s.touched {
		w := &x.words[id]
		if shared := s.count[id]; shared == compare || float64(2*shared) >= sharedPairs*float64(len(g.letters)+len(w.letters)+2) {
			if sim, how := similarity(&g, w); sim > 0 {
				found = append(found, likeness{id, sim, how})
			}
		}
		s.count[id] = 0
	}
	s.touched = s.touched[:0]
	slices.SortFunc(found, func(a, b likeness) int { return cmp.Compare(a.word, b.word) })
	return found
}

const (
	// compare marks a word that is compared whatever letters it shares.
	compare = 200
	// sharedPairs is the least share of neighbouring letters that two long words have in
	// common (Dice) to be compared at all.
	sharedPairs = .5
	// bound is the least share of a listed name that a party must be able to cover.
	bound = .45
)

// similarity says how like a given word is to a listed one: 0 where it is another.
func similarity(g, w *form) (float64, How) {
	switch {
	case g.text == w.text:
		return 1, Same
	case g.fold == w.fold:
		return .98, Sounds
	case classOf(w.text) == filler && len(w.text) < 4:
		return 0, ""
	}
	if k := korean[g.text]; k != "" && k == korean[w.text] {
		return koreanSounds, Sounds
	}
	sim := max(near(g.letters, w.letters), near(g.raw, w.raw))
	if sim < consonants && g.skel != "" && g.skel == w.skel && edits(g.letters, w.letters, 3) <= 3 {
		return consonants, Consonant
	}
	return sim, Near
}

// koreanSounds is the similarity of two spellings of a Korean word.
const koreanSounds = .88

// consonants is the similarity of words that differ in their vowels only.
const consonants = .88

// near is the Jaro-Winkler similarity of two words one edit apart, two if they are long,
// squared, and cubed if they are short: in a short word an edit makes another name. It is
// 0 where they are more edits apart.
func near(a, b []rune) float64 {
	longer := max(len(a), len(b))
	most := 1
	if longer >= longWord {
		most = 2
	}
	d := edits(a, b, most)
	if d > most || min(len(a), len(b)) < 3 {
		return 0
	}
	if d == 0 {
		return .98
	}
	jw := jaroWinkler(a, b)
	if longer < longWord-1 {
		return jw * jw * jw
	}
	return jw * jw
}
