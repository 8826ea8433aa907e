package localization

import (
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"tradewind/calendar"
	"tradewind/commerce"
	"tradewind/market"
	"tradewind/messages"
)

// claims reports words that a law there forbids or asks proof of.
func (c *check) claims() {
	for i := range claims() {
		cl := &claims()[i]
		if !cl.holds(c.pack.Market, c.options.Day, c.product) {
			continue
		}
		for _, p := range c.parts()[:2] {
			if cl.TitleOnly && p.name != "title" {
				continue
			}
			if word, ok := says(p.text, cl.words(c.listing.Language)); ok {
				severity := Minor
				if cl.Severity == "major" {
					severity = Major
				}
				c.find(Finding{Code: "claim", Severity: severity, Owner: Lawyer, Part: p.name, Quote: word, Source: cl.Source, Assumed: cl.Assumed},
					messages.A("claim", messages.Both(cl.Name)), messages.A("source", cl.Source))
				break
			}
		}
	}
}

// says finds the first of some words in a text. A word is a whole word, "stem*" its
// beginning; in languages that do not part words it is found anywhere.
func says(text string, words []string) (string, bool) {
	text = strings.ToLower(text)
	for _, w := range words {
		word, stem := strings.CutSuffix(strings.ToLower(w), "*")
		for from := 0; ; {
			i := strings.Index(text[from:], word)
			if i < 0 || word == "" {
				break
			}
			at, end := from+i, from+i+len(word)
			if parted(text[:at], word, text[end:], stem) {
				return word, true
			}
			from = end
		}
	}
	return "", false
}

// parted reports whether a word stands by itself between what comes before and after.
func parted(before, word, after string, stem bool) bool {
	first, _ := utf8.DecodeRuneInString(word)
	if unicode.In(first, unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Thai) {
		return true
	}
	left, _ := utf8.DecodeLastRuneInString(before)
	right, _ := utf8.DecodeRuneInString(after)
	return !unicode.IsLetter(left) && (stem || !unicode.IsLetter(right))
}

var madeIn = regexp.MustCompile(`(?i)\b(?:made|hergestellt|fabriqué|hecho|fatto|prodotto) (?:in|en) (?:the )?([\p{L}]+(?: [\p{Lu}][\p{L}]+)?)`)

// origin holds “made in …” against the origin that the product was entered with.
func (c *check) origin() {
	if c.product == nil || c.product.Origin == "" {
		return
	}
	for _, p := range c.parts() {
		m := madeIn.FindStringSubmatch(p.text)
		if m == nil {
			continue
		}
		named, ok := countryNamed(m[1])
		if ok && named != c.product.Origin {
			c.find(Finding{Code: "origin", Severity: Major, Owner: Seller, Part: p.name, Quote: m[0]}, messages.A("origin", string(c.product.Origin)))
		}
	}
}

// countryNamed finds a market by its English name or by what it is called in such marks.
func countryNamed(name string) (commerce.Market, bool) {
	marks := map[string]commerce.Market{"usa": "US", "us": "US", "america": "US", "uk": "GB", "britain": "GB", "england": "GB", "prc": "CN", "deutschland": "DE", "frankreich": "FR", "italia": "IT", "españa": "ES", "chine": "CN", "cina": "CN", "holland": "NL", "korea": "KR", "turkey": "TR"}
	name = strings.ToLower(name)
	if m, ok := marks[name]; ok {
		return m, true
	}
	first, _, _ := strings.Cut(name, " ")
	if m, ok := marks[first]; ok {
		return m, true
	}
	for _, p := range market.Packs() {
		country := strings.ToLower(messages.Country(messages.English, string(p.Market)))
		if country == name || country == first {
			return p.Market, true
		}
	}
	return "", false
}

// legal looks for the texts that the market asks for: in the listing, or among the
// documents.
func (c *check) legal() {
	for _, t := range c.pack.Texts() {
		if c.options.Day.Before(t.Since) || !c.concerned(t) || c.documented(t.Key) {
			continue
		}
		f := Finding{Code: "legal", Severity: Major, Owner: Lawyer, Part: "legal", Source: t.Rule, Assumed: t.Assumed}
		cues := t.Cues[base(c.listing.Language)]
		switch {
		case t.Place == "shop":
			f.Code, f.Severity = "legal-shop", Info
		case len(cues) == 0:
			f.Code, f.Severity = "legal-unread", Minor
		case c.shows(t, cues):
			continue
		}
		c.find(f, messages.A("text", messages.Both(t.Name)), messages.A("rule", t.Rule), messages.A("key", t.Key))
	}
}

// concerned reports whether a text is asked of this product. Where nobody has said what the
// product is, only what is asked of every product is.
func (c *check) concerned(t market.LegalText) bool {
	return len(t.Traits) == 0 || c.product != nil && slices.ContainsFunc(t.Traits, c.product.Traits.Has)
}

func (c *check) shows(t market.LegalText, cues []string) bool {
	text := strings.ToLower(c.listing.Legal + "\n" + c.listing.Description + "\n" + c.listing.Title)
	if t.Contact && !strings.Contains(text, "@") && !strings.Contains(text, "http") && !strings.Contains(text, "www.") {
		return false
	}
	return slices.ContainsFunc(cues, func(cue string) bool { return strings.Contains(text, strings.ToLower(cue)) })
}

func (c *check) documented(kind string) bool {
	item := c.listing.Item
	return slices.ContainsFunc(c.options.Documents, func(d commerce.Document) bool {
		return d.Kind == kind && (d.SKU == "" || d.SKU == item.SKU) && (d.Market == "" || d.Market == item.Market || d.Market == commerce.EuropeanUnion && strings.Contains(europeanUnion, string(item.Market))) &&
			!c.options.Day.Before(d.From) && (d.Until == (calendar.Day{}) || !d.Until.Before(c.options.Day))
	})
}

// terms holds a Simplified Chinese listing against the glossary.
func (c *check) terms() {
	if !strings.HasPrefix(c.listing.Language, "zh") || strings.Contains(c.listing.Language, "Hant") {
		return
	}
	text := c.listing.Title + "\n" + c.listing.Description
	source := ""
	if c.options.Source != nil && base(c.options.Source.Language) == "en" {
		source = c.options.Source.Title
	}
	for _, t := range glossary() {
		if wrong, ok := says(text, t.Wrong); ok {
			c.find(Finding{Code: "term", Severity: Minor, Owner: Translator, Part: "title", Quote: wrong}, messages.A("term", t.ZH), messages.A("english", t.EN))
			continue
		}
		if source != "" && hasTerm(source, t.EN) && !strings.Contains(text, t.ZH) {
			c.find(Finding{Code: "term-absent", Severity: Info, Owner: Translator, Part: "title", Quote: t.EN}, messages.A("term", t.ZH), messages.A("english", t.EN))
		}
	}
}

// hasTerm finds whole words: "plug" is none in "plugin".
func hasTerm(text, term string) bool {
	return strings.Contains(" "+fold(text)+" ", " "+fold(term)+" ")
}

// taboos notes what may offend. It takes nothing off the score.
func (c *check) taboos() {
	text := c.listing.Title + "\n" + c.listing.Description
	if c.product != nil {
		text += "\n" + c.product.Name
	}
	for _, t := range c.pack.Taboos {
		if word, ok := says(text, t.Words); ok {
			c.find(Finding{Code: "taboo", Severity: Info, Owner: Seller, Quote: word, Source: t.Source, Assumed: t.Assumed}, messages.A("taboo", messages.Both(t.Name)))
		}
	}
}
