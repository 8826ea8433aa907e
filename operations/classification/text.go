package classification

import (
	"strings"
	"unicode"
)

// normal is the form in which two texts are the same: small letters and single spaces,
// without the mark that ends a text.
func normal(text string) string {
	return strings.Trim(strings.Join(strings.Fields(strings.ToLower(text)), " "), " .,:;")
}

// words cuts a text into runs of letters and runs of digits, in small letters, stemmed.
func words(text string) []string {
	var list []string
	lower := strings.ToLower(text)
	start, kind := 0, other
	for i, r := range lower {
		if k := kindOf(r); k != kind {
			if kind != other {
				list = append(list, stem(lower[start:i]))
			}
			start, kind = i, k
		}
	}
	if kind != other {
		list = append(list, stem(lower[start:]))
	}
	return list
}

type runeKind uint8

const (
	other runeKind = iota
	letter
	digit
)

func kindOf(r rune) runeKind {
	switch {
	case unicode.IsLetter(r):
		return letter
	case unicode.IsDigit(r):
		return digit
	}
	return other
}

// stem takes the plural, -ed and -ing off a word of English. It is meant to bring the
// forms of a word together, not to find its root.
//
// Source: the plural is that of Harman, How effective is suffixing? (1991), Journal of
// the American Society for Information Science 42, 7-15.
func stem(w string) string {
	n := len(w)
	has := func(suffix string) bool { return strings.HasSuffix(w, suffix) }
	switch {
	case n > 4 && has("ies") && !has("eies") && !has("aies"):
		w = w[:n-3] + "y"
	case n > 4 && (has("sses") || has("shes") || has("ches") || has("xes")):
		w = w[:n-2]
	case n > 3 && has("s") && !has("us") && !has("ss") && !has("is"):
		w = w[:n-1]
	}
	switch n = len(w); {
	case n > 6 && has("ing"):
		w = w[:n-3]
	case n > 5 && has("ed"):
		w = w[:n-2]
	}
	if n = len(w); n > 4 && has("e") {
		w = w[:n-1]
	}
	return w
}

// parts yields the pieces of a word of four and five bytes, its beginning and end marked.
func parts(w string, yield func(string)) {
	if w[0] >= '0' && w[0] <= '9' {
		return
	}
	padded := "<" + w + ">"
	for n := shortestPart; n <= longestPart; n++ {
		for at := 0; at+n <= len(padded); at++ {
			yield(padded[at : at+n])
		}
	}
}

const shortestPart, longestPart = 4, 5

// document is a text as numbers of its terms, in order and with repeats.
type document struct {
	words []int32
	pairs []int32 // of neighbouring words
	parts []int32 // of words
}

// vocabulary numbers terms.
type vocabulary map[string]int32

// read turns a text into a document. Terms that were never seen are numbered where learn
// is true, and left out where it is not.
func (v vocabulary) read(text string, learn bool) document {
	var d document
	add := func(list []int32, term string) []int32 {
		id, known := v[term]
		if !known {
			if !learn {
				return list
			}
			id = int32(len(v))
			v[term] = id
		}
		return append(list, id)
	}
	last := ""
	for _, w := range words(text) {
		d.words = add(d.words, "w"+w)
		if last != "" {
			d.pairs = add(d.pairs, "b"+last+" "+w)
		}
		last = w
		parts(w, func(p string) { d.parts = add(d.parts, "p"+p) })
	}
	return d
}

// kinds picks the terms that a method looks at.
type kinds func(document) []int32

func onlyWords(d document) []int32 { return d.words }
func onlyParts(d document) []int32 { return d.parts }
func wordsAndPairs(d document) []int32 {
	return append(d.words[:len(d.words):len(d.words)], d.pairs...)
}
func everything(d document) []int32 { return append(wordsAndPairs(d), d.parts...) }
