package main

import (
	"cmp"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"unicode"
)

// wordLanguages are those that operations/localization tells apart by their words; other
// languages have a script of their own.
const (
	wordLanguages = "ar bg cs da de en es et fa fi fil fr ga hi hr hu id is it lt lv mk mr ms mt nb nl pl pt ro ru sk sl sr sv tr uk ur vi"
	wordsOfEach   = 2000
)

// writeWords lists the commonest words of each language in the names and keywords of CLDR's
// annotations: everyday things, colours, animals, food, tools.
func writeWords(from, to string) error {
	var b strings.Builder
	b.WriteString("# The commonest words of the annotations of Unicode CLDR 48 (Unicode licence v3), by language,\n# most frequent first. Written by market/generate.\n")
	for _, lang := range strings.Fields(wordLanguages) {
		file, err := read[struct {
			Annotations struct {
				Annotations map[string]struct{ Default, Tts []string }
			}
		}](filepath.Join(from, cmp.Or(map[string]string{"nb": "no"}[lang], lang), "annotations.json"))
		if err != nil {
			return err
		}
		counts := map[string]int{}
		for _, a := range file.Annotations.Annotations {
			for _, phrase := range append(a.Default, a.Tts...) {
				for _, w := range strings.FieldsFunc(strings.ToLower(phrase), func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsMark(r) }) {
					if len([]rune(w)) > 1 {
						counts[w]++
					}
				}
			}
		}
		words := slices.SortedFunc(maps.Keys(counts), func(a, b string) int {
			return cmp.Or(cmp.Compare(counts[b], counts[a]), cmp.Compare(a, b))
		})
		b.WriteString(lang + " " + strings.Join(words[:min(len(words), wordsOfEach)], " ") + "\n")
	}
	return os.WriteFile(to, []byte(b.String()), 0o644)
}
