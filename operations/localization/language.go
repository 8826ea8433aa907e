package localization

import (
	"slices"
	"strings"
	"unicode"

	"tradewind/messages"
)

// language holds the declared language against the market, and the letters and words
// against the declared language.
func (c *check) language() {
	if _, ok := c.pack.Reads(c.listing.Language); !ok {
		c.find(Finding{Code: "foreign", Severity: Blocker, Owner: Translator, Source: "CLDR"},
			messages.A("languages", strings.Join(c.pack.ListingLanguages, ", ")))
	}
	if strings.TrimSpace(c.listing.Title) == "" {
		c.find(Finding{Code: "no-title", Severity: Blocker, Owner: Seller, Part: "title"})
	}
	if strings.TrimSpace(c.listing.Description) == "" {
		c.find(Finding{Code: "no-description", Severity: Minor, Owner: Seller, Part: "description"})
	}
	for _, p := range c.parts() {
		if p.name == "sizes" || p.name == "legal" {
			continue
		}
		if !c.script(p.name, p.text) && !c.words(p.name, p.text) {
			c.runs(p.name, p.text)
		}
	}
}

// script reports letters that the language is not written in.
func (c *check) script(part, text string) bool {
	s := scriptsOf(text)
	main := s.main()
	if s.letters < 4 || main == "" || slices.Contains(writtenIn(c.listing.Language), main) {
		return false
	}
	// A brand in Latin letters is at home everywhere: short text in capitals is left alone.
	if main == "Latn" && (s.letters < enoughLetters || isName(text)) {
		return false
	}
	code := "script"
	if main == "Latn" || !sameFamily(writtenIn(c.listing.Language)[0], main) {
		code = "language"
	}
	c.find(Finding{Code: code, Severity: Blocker, Owner: Translator, Part: part, Quote: quote(text)},
		messages.A("found", scriptName(main)))
	return true
}

// isName reports whether a text is one or two words: what brands and models are made of.
func isName(text string) bool { return len(wordsOf(text)) < 3 }

// sameFamily holds for the two ways to write Chinese: there the language is right and the
// script is wrong.
func sameFamily(a, b string) bool {
	return strings.HasPrefix(a, "Han") && strings.HasPrefix(b, "Han")
}

// words reports a text whose words are those of another language.
func (c *check) words(part, text string) bool {
	d, ok := InAnother(text, c.listing.Language)
	if !ok {
		return false
	}
	c.find(Finding{Code: "language", Severity: Blocker, Owner: Translator, Part: part, Quote: quote(text)},
		messages.A("found", languageName(d.Language)))
	return true
}

// runs reports sentences in another language within a text that is right as a whole.
func (c *check) runs(part, text string) {
	for _, sentence := range strings.FieldsFunc(text, func(r rune) bool { return strings.ContainsRune(".!?;\n。！？；•|", r) }) {
		if len(sentence) == len(text) || len(wordsOf(sentence)) < 4 && scriptsOf(sentence).main() == "Latn" {
			continue
		}
		s := scriptsOf(sentence)
		foreign := s.letters >= 2*enoughLetters && !slices.Contains(writtenIn(c.listing.Language), s.main())
		if d, ok := InAnother(sentence, c.listing.Language); ok || foreign {
			found := scriptName(s.main())
			if ok {
				found = languageName(d.Language)
			}
			c.find(Finding{Code: "run", Severity: Major, Owner: Translator, Part: part, Quote: quote(sentence)}, messages.A("found", found))
			return
		}
	}
}

// untranslated reports texts that were copied from the source.
func (c *check) untranslated() {
	source := c.options.Source
	if source == nil || base(source.Language) == base(c.listing.Language) {
		return
	}
	for _, p := range []struct{ name, own, source string }{
		{"title", c.listing.Title, source.Title}, {"description", c.listing.Description, source.Description},
	} {
		if folded := fold(p.own); folded != "" && folded == fold(p.source) && !isName(p.own) && !c.foundIn("language", p.name) {
			c.find(Finding{Code: "untranslated", Severity: Major, Owner: Translator, Part: p.name, Quote: quote(p.own)}, messages.A("source", source.Language))
		}
	}
}

func (c *check) foundIn(code, part string) bool {
	return slices.ContainsFunc(c.findings, func(f Finding) bool { return f.Code == code && f.Part == part })
}

// fold keeps what two texts differ by when they differ.
func fold(text string) string {
	return strings.Join(strings.FieldsFunc(strings.ToLower(text), func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) }), " ")
}

// broken are what is left of letters that were read in the wrong encoding.
var broken = []string{"\uFFFD", "Ã¤", "Ã¶", "Ã¼", "Ã©", "Ã¨", "Ã±", "Ã³", "ÃŸ", "â€™", "â€œ", "â‚¬", "ä¸", "å›", "锟斤拷", "烫烫烫"}

func (c *check) garbled() {
	for _, p := range c.parts() {
		for _, b := range broken {
			if i := strings.Index(p.text, b); i >= 0 {
				c.find(Finding{Code: "garbled", Severity: Major, Owner: Seller, Part: p.name, Quote: quote(p.text[i:])})
				break
			}
		}
	}
}

// Codes of texts are lower case, tags of languages and scripts are not.
func scriptName(script string) messages.Message {
	return messages.M("localization.script." + strings.ToLower(script))
}

func languageName(tag string) messages.Message {
	return messages.M("localization.language." + strings.ToLower(tag))
}

// quote shortens a text for a finding.
func quote(text string) string {
	const most = 60
	runes := []rune(strings.TrimSpace(text))
	if len(runes) > most {
		return string(runes[:most-1]) + "…"
	}
	return string(runes)
}
