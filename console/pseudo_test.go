package console_test

import (
	"net/http"
	"regexp"
	"slices"
	"strings"
	"testing"
	"unicode"
)

// Shown in the pseudo-locale, no page has a word that is plain English: whatever is not
// between the brackets of a translated text is marked as no word of a language, or is a
// code, a command or a number.
func TestNoWordIsHardCoded(t *testing.T) {
	e := demoEngine(t)
	b := visitor(t, e)
	b.header = http.Header{"Accept-Language": {"en-XA"}}
	plain := map[string]string{}
	pages := 0
	for _, p := range everyPage(t, e, true) {
		got := b.get(p.path)
		if !strings.Contains(got.Header().Get("Content-Type"), "html") {
			continue
		}
		pages++
		for _, word := range plainWords(got.Body.String()) {
			plain[word] = p.path
		}
	}
	for word, path := range plain {
		t.Errorf("%q on %s was never given to a translator", word, path)
	}
	if pages < 10 {
		t.Errorf("only %d pages were looked at", pages)
	}
}

// The judge itself is judged: it must find words in text, in attributes and in a title,
// and must not take data for words.
func TestPlainWordsAreFound(t *testing.T) {
	page := `<title>Loose title</title><p>⟦Sáíd ⟦tẃíce⟧⟧ but not this <span translate="no">orders.csv</span></p>` +
		`<td class="raw" translate="no">raw data</td><input aria-label="Search here" value="x"><code>go run</code> GB 12 P10`
	got := plainWords(page)
	slices.Sort(got)
	want := []string{"Loose", "Search", "but", "here", "not", "this", "title"}
	if !slices.Equal(got, want) {
		t.Errorf("found %q, want %q", got, want)
	}
}

var (
	// What stands in code, and what templates mark as data for browsers' translators too,
	// is no word.
	notShown = regexp.MustCompile(`(?s)<(?:script|style|code|kbd|svg)\b.*?</(?:script|style|code|kbd|svg)>|<[a-z]+[^>]*\btranslate="no"[^>]*>[^<]*`)
	heard    = regexp.MustCompile(`(?:aria-label|title|placeholder|alt)="([^"]*)"`)
	tag      = regexp.MustCompile(`(?s)<[^>]*>`)
	letters  = regexp.MustCompile(`[a-z]{2,}`)
)

// plainWords finds the words of a page outside of all brackets. A word counts when it has
// two small Latin letters beside each other.
func plainWords(page string) []string {
	text := notShown.ReplaceAllString(page, "")
	for _, m := range heard.FindAllStringSubmatch(text, -1) {
		text += "\n" + m[1]
	}
	var words []string
	for _, word := range strings.FieldsFunc(outside(tag.ReplaceAllString(text, "\n")), func(r rune) bool { return !unicode.IsLetter(r) }) {
		if letters.MatchString(word) {
			words = append(words, word)
		}
	}
	return words
}

// outside returns what stands outside of all brackets.
func outside(text string) string {
	var b strings.Builder
	depth := 0
	for _, r := range text {
		switch r {
		case '⟦':
			depth++
		case '⟧':
			depth = max(0, depth-1)
			b.WriteByte('\n')
		default:
			if depth == 0 {
				b.WriteRune(r)
			}
		}
	}
	return b.String()
}
