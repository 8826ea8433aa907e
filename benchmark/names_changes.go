package benchmark

import (
	"math/rand/v2"
	"slices"
	"strings"
	"unicode"
)

// change writes a listed name in another way, or says that it does not apply.
type change struct {
	name  string
	apply func(rng *rand.Rand, name string, person bool) (string, bool)
}

// changes are those of docs/worlds.md, in its order.
var changes = []change{
	{"typo", typo}, {"transposition", transposed}, {"dropped word", droppedWord}, {"added word", addedWord},
	{"swapped order", swappedOrder}, {"diacritics", otherMarks}, {"transliteration", respelled}, {"initial", initialled},
	{"joined, split", rejoined}, {"suffix", suffixed}, {"writing", rewritten},
}

// inWord changes the letters of one word of four letters or more.
func inWord(rng *rand.Rand, name string, do func(word []rune) []rune) (string, bool) {
	if letters(name) < 8 {
		return "", false
	}
	parts := strings.Fields(name)
	var long []int
	for i, p := range parts {
		if letters(p) >= 4 {
			long = append(long, i)
		}
	}
	if len(long) == 0 {
		return "", false
	}
	i := pick(rng, long)
	changed := do([]rune(parts[i]))
	if changed == nil {
		return "", false
	}
	parts[i] = string(changed)
	return strings.Join(parts, " "), true
}

func typo(rng *rand.Rand, name string, _ bool) (string, bool) {
	return inWord(rng, name, func(word []rune) []rune {
		var at []int
		for i, r := range word {
			if unicode.IsLetter(r) {
				at = append(at, i)
			}
		}
		i := pick(rng, at)
		switch rng.IntN(3) {
		case 0:
			if keys := neighbours[unicode.ToLower(word[i])]; keys != "" {
				word[i] = rune(keys[rng.IntN(len(keys))])
				return word
			}
			return nil
		case 1:
			return slices.Delete(word, i, i+1)
		default:
			return slices.Insert(word, i, word[i])
		}
	})
}

func transposed(rng *rand.Rand, name string, _ bool) (string, bool) {
	return inWord(rng, name, func(word []rune) []rune {
		var at []int
		for i := 1; i < len(word); i++ {
			if word[i] != word[i-1] && unicode.IsLetter(word[i]) && unicode.IsLetter(word[i-1]) {
				at = append(at, i)
			}
		}
		if len(at) == 0 {
			return nil
		}
		i := pick(rng, at)
		word[i-1], word[i] = word[i], word[i-1]
		return word
	})
}

// longest returns the place of the longest word.
func longest(parts []string) int {
	at := 0
	for i, p := range parts {
		if letters(p) > letters(parts[at]) {
			at = i
		}
	}
	return at
}

func droppedWord(rng *rand.Rand, name string, _ bool) (string, bool) {
	parts := splitWords(name)
	if len(parts) < 4 {
		return "", false
	}
	i, keep := rng.IntN(len(parts)-1), longest(parts)
	if i >= keep {
		i++
	}
	return strings.Join(slices.Delete(parts, i, i+1), " "), true
}

func addedWord(rng *rand.Rand, name string, person bool) (string, bool) {
	parts := strings.Fields(name)
	if len(parts) < 2 {
		return "", false
	}
	if !person {
		return name + " " + pick(rng, added), true
	}
	return strings.Join(slices.Insert(parts, 1, pick(rng, drawCulture(rng).given)), " "), true
}

func swappedOrder(rng *rand.Rand, name string, person bool) (string, bool) {
	parts := strings.Fields(strings.ReplaceAll(name, ",", " "))
	n := len(parts)
	if n < 2 {
		return "", false
	}
	if !person {
		i := 1 + rng.IntN(n-1)
		parts[i-1], parts[i] = parts[i], parts[i-1]
		return strings.Join(parts, " "), true
	}
	last, rest := parts[n-1], strings.Join(parts[:n-1], " ")
	if rng.IntN(2) == 0 {
		last += ","
	}
	return last + " " + rest, true
}

func otherMarks(rng *rand.Rand, name string, _ bool) (string, bool) {
	if plain := unmarked(name); plain != name {
		return plain, true
	}
	runes := []rune(name)
	var at []int
	for i, r := range runes {
		if marks[unicode.ToLower(r)] != "" {
			at = append(at, i)
		}
	}
	if len(at) == 0 {
		return "", false
	}
	for range 1 + rng.IntN(2) {
		i := pick(rng, at)
		if of := []rune(marks[unicode.ToLower(runes[i])]); len(of) > 0 { // not marked a moment ago
			runes[i] = pick(rng, of)
		}
	}
	return string(runes), true
}

func respelled(rng *rand.Rand, name string, _ bool) (string, bool) {
	parts := strings.Fields(name)
	var known []int
	for i, p := range parts {
		if spellingRow[strings.ToLower(p)] != nil {
			known = append(known, i)
		}
	}
	type pair struct{ from, to string }
	var fitting []pair
	small := strings.ToLower(name)
	for _, p := range letterPairs {
		for _, d := range []pair{{p[0], p[1]}, {p[1], p[0]}} {
			if strings.Contains(small, d.from) {
				fitting = append(fitting, d)
			}
		}
	}
	switch {
	case len(known) == 0 && len(fitting) == 0:
		return "", false
	case len(known) > 0 && (len(fitting) == 0 || rng.IntN(2) == 0):
		i := pick(rng, known)
		word := strings.ToLower(parts[i])
		others := slices.DeleteFunc(slices.Clone(spellingRow[word]), func(s string) bool { return s == word })
		parts[i] = titled(pick(rng, others))
		return strings.Join(parts, " "), true
	}
	p := pick(rng, fitting)
	return strings.Replace(small, p.from, p.to, 1), true
}

func initialled(rng *rand.Rand, name string, person bool) (string, bool) {
	parts := strings.Fields(name)
	if !person || len(parts) < 3 {
		return "", false
	}
	keep := longest(parts)
	var at []int
	for i, p := range parts[:len(parts)-1] {
		if i != keep && letters(p) >= 3 && letters(name)-letters(p) >= 8 {
			at = append(at, i)
		}
	}
	if len(at) == 0 {
		return "", false
	}
	i := pick(rng, at)
	for _, r := range parts[i] {
		if unicode.IsLetter(r) {
			parts[i] = string(r)
			break
		}
	}
	if rng.IntN(2) == 0 {
		parts[i] += "."
	}
	return strings.Join(parts, " "), true
}

func rejoined(rng *rand.Rand, name string, _ bool) (string, bool) {
	parts := splitWords(name)
	var long []int
	for i, p := range parts {
		if len([]rune(p)) >= 8 {
			long = append(long, i)
		}
	}
	switch {
	case len(parts) < 2 && len(long) == 0:
		return "", false
	case len(parts) >= 2 && (len(long) == 0 || rng.IntN(2) == 0):
		i := 1 + rng.IntN(len(parts)-1)
		parts[i-1] += parts[i]
		return strings.Join(slices.Delete(parts, i, i+1), " "), true
	}
	i := pick(rng, long)
	word := []rune(parts[i])
	cut := 3 + rng.IntN(len(word)-5)
	return strings.Join(slices.Replace(parts, i, i+1, string(word[:cut]), string(word[cut:])), " "), true
}

func suffixed(rng *rand.Rand, name string, person bool) (string, bool) {
	if person {
		return pick(rng, titles) + " " + name, true
	}
	parts := strings.Fields(name)
	n := len(parts)
	form := strings.ToLower(strings.Trim(strings.ReplaceAll(parts[n-1], ".", ""), ","))
	switch {
	case n < 2 || !legalForms[form]:
		return name + " " + pick(rng, forms), true
	case rng.IntN(2) == 0:
		return strings.Join(parts[:n-1], " "), true
	}
	return strings.Join(append(parts[:n-1], pick(rng, forms)), " "), true
}

func rewritten(rng *rand.Rand, name string, _ bool) (string, bool) {
	switch rng.IntN(3) {
	case 0:
		name = strings.ToUpper(name)
	case 1:
		name = strings.ToLower(name)
	default:
		parts := strings.Fields(strings.ToLower(name))
		for i := range parts {
			parts[i] = titled(parts[i])
		}
		name = strings.Join(parts, " ")
	}
	return strings.Map(func(r rune) rune {
		switch r {
		case '-', '–':
			return ' '
		case '\'', '’', '‘', '`', 'ʿ', 'ʼ':
			return -1
		}
		return r
	}, name), true
}
