package benchmark

import (
	"math/rand/v2"
	"slices"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"

	"tradewind/operations/sanctions"
)

// baseName is a listed name that may be drawn and changed.
type baseName struct {
	text   string
	person bool
}

// namesWorld draws names that a screening should find and names that it should not: the
// world "Names" of docs/worlds.md.
type namesWorld struct {
	list      *sanctions.List
	bases     [][]baseName // by entry
	namesakes map[string]bool
	inPersons []string // words that five or more base names of persons share
	inFirms   []string // words that three or more of firms share
}

func newNamesWorld(l *sanctions.List) *namesWorld {
	w := &namesWorld{list: l, namesakes: map[string]bool{}}
	persons, firms := map[string]int{}, map[string]int{}
	for i := range l.Entries {
		e := &l.Entries[i]
		person := e.Kind == sanctions.Person
		var bases []baseName
		for k, a := range append([]sanctions.Alias{{Name: e.Name}}, e.Aliases...) {
			w.namesakes[namesakeKey(a.Name)] = true
			text := unbracketed(a.Name)
			n := letters(text)
			if a.Weak || !allLatin(text) || n < 4 || k > 0 && len(splitWords(text)) == 1 && n < 6 {
				continue
			}
			bases = append(bases, baseName{text, person})
			count := firms
			if person {
				count = persons
			}
			for _, word := range plainWords(text) {
				count[word]++
			}
		}
		w.bases = append(w.bases, bases)
	}
	w.inPersons, w.inFirms = shared(persons, 5), shared(firms, 3)
	return w
}

// shared returns the words of three letters or more that at least so many names have.
func shared(count map[string]int, least int) []string {
	var out []string
	for word, n := range count {
		if n >= least && len(word) >= 3 && !legalForms[word] {
			out = append(out, word)
		}
	}
	slices.Sort(out)
	return out
}

// positive draws an entry of a split (0 tuning, 1 scored) and a changed name of it.
func (w *namesWorld) positive(rng *rand.Rand, split int) (entry int, name, how string) {
	for {
		entry = 2*rng.IntN((len(w.bases)+1-split)/2) + split
		if len(w.bases[entry]) > 0 {
			break
		}
	}
	base := w.bases[entry][rng.IntN(len(w.bases[entry]))]
	times := 1
	if rng.Float64() < .2 {
		times = 2
	}
	name = base.text
	used := map[int]bool{}
	for range times {
		order := rng.Perm(len(changes))
		for _, c := range order {
			if used[c] {
				continue
			}
			if changed, ok := changes[c].apply(rng, name, base.person); ok {
				name, used[c] = changed, true
				how = strings.TrimPrefix(how+"+"+changes[c].name, "+")
				break
			}
		}
	}
	return entry, name, how
}

// negative draws the name of nobody who is listed.
func (w *namesWorld) negative(rng *rand.Rand) (name, what string) {
	for {
		switch u := rng.Float64(); {
		case u < .60:
			name, what = drawPerson(rng), "person"
		case u < .85:
			name, what = drawFirm(rng), "firm"
		default:
			name, what = w.nearMiss(rng)
		}
		if !w.namesakes[namesakeKey(name)] {
			return name, what
		}
	}
}

func drawCulture(rng *rand.Rand) *culture {
	u := rng.Float64()
	for i := range cultures {
		if u -= cultures[i].share; u < 0 {
			return &cultures[i]
		}
	}
	return &cultures[0]
}

func drawPerson(rng *rand.Rand) string {
	c := drawCulture(rng)
	name := []string{pick(rng, c.given)}
	switch u := rng.Float64(); {
	case u < .2:
		name = append(name, pick(rng, c.given))
	case u < .3:
		name = append(name, pick(rng, c.given)[:1]+".")
	}
	return strings.Join(append(name, pick(rng, c.family)), " ")
}

func drawFirm(rng *rand.Rand) string {
	var name []string
	switch rng.IntN(3) {
	case 0:
		name = append(name, pick(rng, drawCulture(rng).family))
	case 1:
		name = append(name, coined(rng))
	default:
		name = append(name, pick(rng, cities))
	}
	for range 1 + rng.IntN(2) {
		name = append(name, pick(rng, trades))
	}
	return strings.Join(append(name, pick(rng, forms)), " ")
}

func (w *namesWorld) nearMiss(rng *rand.Rand) (name, what string) {
	if rng.IntN(3) == 0 && len(w.inFirms) > 0 || len(w.inPersons) == 0 {
		return coined(rng) + " " + titled(pick(rng, w.inFirms)) + " " + pick(rng, forms), "near firm"
	}
	parts := []string{titled(pick(rng, w.inPersons))}
	for range 1 + rng.IntN(2) {
		c := drawCulture(rng)
		parts = append(parts, pick(rng, [][]string{c.given, c.family}[rng.IntN(2)]))
	}
	rng.Shuffle(len(parts), func(i, j int) { parts[i], parts[j] = parts[j], parts[i] })
	return strings.Join(parts, " "), "near person"
}

func coined(rng *rand.Rand) string {
	word := ""
	for range 2 + rng.IntN(2) {
		word += pick(rng, coinedParts)
	}
	return titled(word)
}

func pick[T any](rng *rand.Rand, from []T) T { return from[rng.IntN(len(from))] }

// namesakeKey is the set of a name's words as the world compares them.
func namesakeKey(name string) string {
	set := plainWords(name)
	set = slices.DeleteFunc(set, func(w string) bool { return legalForms[w] })
	slices.Sort(set)
	return strings.Join(slices.Compact(set), " ")
}

// plainWords are the words in small letters, without marks, each in the first spelling
// of its row.
func plainWords(name string) []string {
	out := splitWords(strings.ToLower(unmarked(name)))
	for i, word := range out {
		out[i] = strings.Map(func(r rune) rune {
			if unicode.IsLetter(r) || unicode.IsDigit(r) {
				return r
			}
			return -1
		}, word)
		if row := spellingRow[out[i]]; row != nil {
			out[i] = row[0]
		}
	}
	return slices.DeleteFunc(out, func(w string) bool { return w == "" })
}

var spellingRow = func() map[string][]string {
	of := map[string][]string{}
	for _, row := range spellings {
		for _, word := range row {
			of[word] = row
		}
	}
	return of
}()

// splitWords parts a name at white space and hyphens.
func splitWords(name string) []string {
	return strings.FieldsFunc(name, func(r rune) bool { return unicode.IsSpace(r) || r == '-' })
}

func letters(name string) int {
	n := 0
	for _, r := range name {
		if unicode.IsLetter(r) {
			n++
		}
	}
	return n
}

func allLatin(name string) bool {
	for _, r := range name {
		if unicode.IsLetter(r) && !unicode.Is(unicode.Latin, r) && !unicode.Is(unicode.Lm, r) {
			return false
		}
	}
	return true
}

// unbracketed takes off what stands in brackets.
func unbracketed(name string) string {
	for {
		open := strings.IndexByte(name, '(')
		if open < 0 {
			return strings.Join(strings.Fields(name), " ")
		}
		length := strings.IndexByte(name[open:], ')')
		if length < 0 {
			name = name[:open]
			continue
		}
		name = name[:open] + " " + name[open+length+1:]
	}
}

func unmarked(name string) string {
	return strings.Map(func(r rune) rune {
		if unicode.Is(unicode.Mn, r) {
			return -1
		}
		return r
	}, norm.NFD.String(name))
}

func titled(word string) string {
	for i, r := range word {
		return word[:i] + string(unicode.ToUpper(r)) + word[i+len(string(r)):]
	}
	return word
}
