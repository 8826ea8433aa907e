package sanctions

import (
	"math"
	"slices"
	"sync"
	"unicode/utf8"
)

// Index finds listed names that a name may be a spelling of. It is made once for a set
// of lists, does not change, and may be used by many goroutines.
type Index struct {
	lists   []Ref
	entries []Entry // of all lists, in order
	of      []int32 // the list of each entry

	names    []listed
	words    []form
	byText   map[string]int32
	bySkel   map[string][]int32
	byNear   map[string][]int32 // words by their text and fold, whole and with one letter left out
	byPair   [pairSlots][]int32 // words by two neighbouring letters of their fold
	df       map[string]int     // entries by fold
	logN     float64
	scripted map[script]int // entries with a name in the script
	scratch  sync.Pool
}

// listed is one name of an entry.
type listed struct {
	entry  int32
	text   string // as listed
	words  []int32
	worth  []float64
	total  float64
	weak   bool
	script script
}

// form is one word, or two neighbouring ones written together, of any listed name.
type form struct {
	text, fold, skel string
	letters, raw     []rune // of the fold and of the text
	at               []posting
}

// posting is a place of a word: word number at of a name, or at and the next together.
type posting struct {
	name     int32
	at, span uint8
}

// NewIndex makes the index of some lists.
func NewIndex(lists ...*List) *Index {
	x := &Index{byText: map[string]int32{}, bySkel: map[string][]int32{}, byNear: map[string][]int32{}, df: map[string]int{}, scripted: map[script]int{}}
	for k, l := range lists {
		x.lists = append(x.lists, l.Ref())
		for i := range l.Entries {
			x.entries, x.of = append(x.entries, l.Entries[i]), append(x.of, int32(k))
			x.add(int32(len(x.entries) - 1))
		}
	}
	x.logN = math.Log(float64(max(len(x.entries), fewEntries)) + 2)
	for i := range x.names {
		n := &x.names[i]
		for _, w := range n.words {
			worth := x.worth(x.words[w].text, x.words[w].fold)
			n.worth, n.total = append(n.worth, worth), n.total+worth
		}
	}
	x.scratch.New = func() any {
		return &scratch{count: make([]uint8, len(x.words)), bound: make([]float64, len(x.names)), head: make([]int32, len(x.names)), seen: map[string][]likeness{}}
	}
	return x
}

// Lists returns the lists of the index and their versions.
func (x *Index) Lists() []Ref { return slices.Clone(x.lists) }

func (x *Index) add(entry int32) {
	e := &x.entries[entry]
	folds, scripts, texts := map[string]bool{}, map[script]bool{}, map[string]bool{}
	put := func(name string, weak bool) {
		words := wordsOf(name)
		key := ""
		for _, w := range words {
			key += w + " "
		}
		if len(words) == 0 || texts[key] {
			return
		}
		texts[key] = true
		n := listed{entry: entry, text: name, weak: weak}
		for _, w := range words {
			id := x.word(w)
			n.words = append(n.words, id)
			folds[x.words[id].fold] = true
			n.script = max(n.script, scriptOf(firstRune(w)))
		}
		scripts[n.script] = true
		at := int32(len(x.names))
		for i, id := range n.words {
			x.words[id].at = append(x.words[id].at, posting{at, uint8(i), 1})
			if i+1 < len(words) {
				both := x.word(words[i] + words[i+1])
				x.words[both].at = append(x.words[both].at, posting{at, uint8(i), 2})
			}
		}
		x.names = append(x.names, n)
	}
	for _, name := range spellingsOf(e.Name) {
		put(name, false)
	}
	for _, a := range e.Aliases {
		for _, name := range spellingsOf(a.Name) {
			put(name, a.Weak)
		}
	}
	for _, name := range e.Original {
		put(name, false)
	}
	for f := range folds {
		x.df[f]++
	}
	for s := range scripts {
		x.scripted[s]++
	}
}

// spellingsOf parts "NAME (ACRONYM)" into the name without and with its brackets.
func spellingsOf(name string) []string {
	for open, r := range name {
		if r == '(' {
			if before := spaced(name[:open]); before != "" {
				return []string{before, name}
			}
			break
		}
	}
	return []string{name}
}

// word returns the number of a word, new or known.
func (x *Index) word(text string) int32 {
	if id, ok := x.byText[text]; ok {
		return id
	}
	id := int32(len(x.words))
	w := form{text: text, fold: fold(text)}
	w.skel, w.letters, w.raw = skeletonKey(w.fold), []rune(w.fold), []rune(text)
	x.words = append(x.words, w)
	x.byText[text] = id
	if w.skel != "" {
		x.bySkel[w.skel] = append(x.bySkel[w.skel], id)
	}
	for key := range nearKeys(text, w.fold) {
		if list := x.byNear[key]; len(list) == 0 || list[len(list)-1] != id {
			x.byNear[key] = append(list, id)
		}
	}
	if k := korean[text]; k != "" {
		x.byNear[k] = append(x.byNear[k], id)
	}
	if len(w.letters) >= longWord {
		for p := range pairs(w.letters) {
			if list := x.byPair[p]; len(list) == 0 || list[len(list)-1] != id {
				x.byPair[p] = append(list, id)
			}
		}
	}
	return id
}

// skeletonKey is the skeleton of a word that has one worth comparing: three consonants.
func skeletonKey(fold string) string {
	if !ascii(fold) {
		return ""
	}
	if s := skeleton(fold); len(s) >= 3 {
		return s
	}
	return ""
}

// nearKeys yields a word and its fold, whole and with one letter left out: two words that
// are one edit apart have a key in common.
func nearKeys(text, fold string) func(func(string) bool) {
	return func(yield func(string) bool) {
		for _, w := range [2]string{text, fold} {
			if !yield(w) {
				return
			}
			if len(w) > 2 {
				for i, r := range w {
					if !yield(w[:i] + w[i+utf8.RuneLen(r):]) {
						return
					}
				}
			}
			if text == fold {
				return
			}
		}
	}
}

// longWord is the length from which two edits in a word are forgiven.
const longWord = 8

const pairSlots = 1 << 14

// pairs yields a slot for every two neighbouring letters, ends included.
func pairs(letters []rune) func(func(int) bool) {
	return func(yield func(int) bool) {
		last := rune('^')
		for _, r := range letters {
			if !yield(int(last*131^r) & (pairSlots - 1)) {
				return
			}
			last = r
		}
		yield(int(last*131^'$') & (pairSlots - 1))
	}
}

// fewEntries is the size of list below which a word tells as much as in one of this size:
// that nobody else on a short list has a name makes it no rarer among people.
const fewEntries = 1000

// worth is how much a word tells, 0 to 1: next to nothing for fillers, little for words
// of trade, and for all others by how few entries have it.
func (x *Index) worth(text, fold string) float64 {
	worth := 1 - math.Log(float64(x.df[fold])+1)/x.logN
	switch classOf(text) {
	case filler:
		return .05
	case trade:
		return min(worth, .4)
	}
	switch len([]rune(text)) {
	case 1:
		if firstRune(text) < unicodeCJK {
			return .15
		}
	case 2:
		worth *= .7
	case 3:
		worth *= .85
	}
	return max(worth, .2)
}

// unicodeCJK is where letters begin that are words by themselves.
const unicodeCJK = 0x2e80
