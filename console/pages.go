package console

import (
	"embed"
	"fmt"
	"html/template"
	"io"
	"math"
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"time"

	"tradewind"
	"tradewind/calendar"
	"tradewind/commerce"
	"tradewind/decision"
	"tradewind/messages"
	"tradewind/money"
)

//go:embed templates
var templateFiles embed.FS

// pageNames are the pages, one file each beside frame.html and pieces.html.
var pageNames = []string{
	"overview", "inbox", "bulk", "outcome", "decision", "stale", "skus", "sku", "accuracy", "data", "import", "quarantine",
	"markets", "criteria", "entries", "compare", "scenario", "prices", "price", "promos",
	"automation", "learned", "learnedsite", "drift", "guardrails", "inventory", "stock", "stockpast",
	"rules", "rule", "quote", "products", "taxes", "parties", "findings", "localization",
	"login", "goodbye", "problem", "keys",
}

// pages are the templates with the words of one language.
type pages struct{ byName map[string]*template.Template }

// parsePages reads the templates. They are part of the program: a wrong one panics.
func parsePages(lang messages.Language) *pages {
	base := template.Must(template.New("").Funcs(words(lang)).ParseFS(templateFiles, "templates/frame.html", "templates/pieces.html"))
	p := &pages{map[string]*template.Template{}}
	for _, name := range pageNames {
		p.byName[name] = template.Must(template.Must(base.Clone()).ParseFS(templateFiles, "templates/"+name+".html"))
	}
	return p
}

func (p *pages) render(w io.Writer, name string, f frame) error {
	return p.byName[name].ExecuteTemplate(w, "frame", f)
}

// words are the functions by which templates say things in one language.
func words(lang messages.Language) template.FuncMap {
	say := func(code string, args ...any) string { return messages.Text(lang, code, pairs(args)...) }
	return template.FuncMap{
		"t":      say,
		"in":     func(l tradewind.LocalizedText) string { return l.In(lang) },
		"kind":   func(k decision.Kind) string { return k.Name().In(lang) },
		"state":  func(s any) string { return say(fmt.Sprint("decision.state.", s)) },
		"verb":   func(v decision.Verb) string { return say("console.verb." + string(v)) },
		"table":  func(name string) string { return named(lang, "console.table.", name) },
		"class":  func(name string) string { return named(lang, "forecast.class.", name) },
		"method": func(name string) string { return messages.Method(lang, name) },

		// Where a value or a source of data is a word of the engine's, they say it; else "".
		"methodOf": func(source string) string { return methodOf(lang, source) },
		"word":     func(value string) string { return wordOf(lang, value) },

		"topic":      func(name string) string { return named(lang, "law.topic.", name) },
		"rulestatus": func(name string) string { return named(lang, "law.status.", name) },
		"evidence":   func(name string) string { return named(lang, "law.evidence.", strings.ToLower(name)) },
		"sourcekind": func(name string) string { return named(lang, "console.source.", name) },
		"notadvice":  func() []spoken { return inEveryLanguage(lang, "law.not-advice") },
		"language":   func(tag string) string { return languageName(lang, tag) },
		"expected":   expected,
		"landed":     landedOf,
		"scheme":     func(name string) string { return named(lang, "landed.name.", name) },
		"iscountry":  commerce.Market.IsCountry,
		"isrule":     func(limit string) bool { return ruleID.MatchString(limit) },
		"yesno":      func(value string) bool { return value == "true" || value == "false" },
		"less":       func(a, b int) int { return a - b },
		"next":       func(i int) int { return i + 1 },

		"money":     func(a money.Amount) string { return messages.Money(a.Round()) },
		"unit":      messages.Money,
		"about":     about,
		"bareexact": func(a money.Amount) string { return withoutCode(messages.Money(a.Round())) },
		"country":   func(m commerce.Market) string { return messages.Country(lang, string(m)) },
		"bare":      func(a money.Amount) string { return withoutCode(about(a)) },
		"int":       func(n int64) string { return messages.Grouped(strconv.FormatInt(n, 10)) },
		"dec":       number,
		"tidy":      tidy,
		"percent":   percent,
		"share":     func(x *float64) string { return orDash(x, percent) },
		"scaled":    func(x *float64) string { return orDash(x, func(x float64) string { return number(x, 3) }) },
		"count":     func(n int) string { return messages.Grouped(strconv.Itoa(n)) },
		"signed":    signed,
		"missed":    func(mean float64, came *int64) string { return signed(mean - float64(*came)) },
		"list":      func(all []string) string { return strings.Join(all, ", ") },
		"date":      func(t time.Time) string { return t.UTC().Format(time.DateOnly) },
		"instant":   func(t time.Time) string { return t.UTC().Format("2006-01-02 15:04 UTC") },
		"eve":       func(d calendar.Day) calendar.Day { return d.AddDays(-1) },
		"other":     func(r tradewind.Rows) int64 { return r.Updated + r.Unchanged + r.Duplicate },
		"left":      func(now, t time.Time) string { return left(lang, now, t) },
		"asset":     func(name string) string { return assetURLs[name] },
		"link":      with,
		"esc":       func(s string) string { return url.PathEscape(s) },
		"vehicle":   func(name string) string { return named(lang, "decision.vehicle.", name) },
		"itempage":  itemPage,
		"tabs":      func(base, here string) skuTabs { return skuTabs{base, here} },
		"sitepage": func(sku commerce.SKU, location commerce.Location) string {
			return sitePath(string(sku), string(location))
		},
		"stockpage": stockPath,
		"limitof":   func(unit, value string) string { return limitOf(lang, unit, value) },
		"known":     func(a money.Amount) bool { return a.Currency() != "" },
		"barred":    barred,
		"short":     func(s string) string { return s[:min(12, len(s))] },
		"bytes":     sizeOf,
	}
}

// ruleID tells a rule from other limits of a check: "EU.ioss" and not "0.8".
var ruleID = regexp.MustCompile(`^[0-9A-Z-]{2,}\.[A-Za-z]`)

// spoken is a text with its language.
type spoken struct {
	Lang messages.Language
	Text string
}

// inEveryLanguage says a text in every language, that of the page first: whoever looks
// over the reader's shoulder is to understand it too.
func inEveryLanguage(lang messages.Language, code string) []spoken {
	var all []spoken
	for _, l := range messages.Languages {
		s := spoken{l, messages.Text(l, code)}
		if l == lang {
			all = append([]spoken{s}, all...)
		} else {
			all = append(all, s)
		}
	}
	return all
}

// named says a name of the engine in words, or as it is where there are none.
func named(lang messages.Language, prefix, name string) string {
	if messages.Has(prefix + name) {
		return messages.Text(lang, prefix+name)
	}
	return name
}

// methodOf says a source of data that is a method; "" where it is none.
func methodOf(lang messages.Language, source string) string {
	if !messages.IsMethod(source) {
		return ""
	}
	return messages.Method(lang, source)
}

// wordOf says a value that is a word of the engine's; "" where it is data.
func wordOf(lang messages.Language, value string) string {
	for _, prefix := range []string{"console.value.", "console.yesno."} {
		if messages.Has(prefix + value) {
			return messages.Text(lang, prefix+value)
		}
	}
	return ""
}

func pairs(args []any) []messages.Arg {
	named := make([]messages.Arg, 0, len(args)/2)
	for i := 0; i+1 < len(args); i += 2 {
		named = append(named, messages.A(fmt.Sprint(args[i]), args[i+1]))
	}
	return named
}

// about shows an amount as lists do: whole units from a hundred up, because an estimate
// of thousands has no pence.
func about(a money.Amount) string {
	if math.Abs(a.Float()) < 100 {
		return messages.Money(a.Round())
	}
	whole := number(math.RoundToEven(a.Float()), 0)
	if a.Currency() == "" {
		return whole
	}
	return string(a.Currency()) + " " + whole
}

// withoutCode drops the currency where the amount beside it names it.
func withoutCode(s string) string {
	if _, after, ok := strings.Cut(s, " "); ok {
		return after
	}
	return s
}

// number shows x with a fixed number of decimals; a dash where it is not known.
func number(x float64, places int) string {
	if math.IsNaN(x) {
		return "–"
	}
	s := strconv.FormatFloat(x, 'f', places, 64)
	if strings.Trim(s, "-0.") == "" {
		s = strings.TrimPrefix(s, "-")
	}
	return messages.Grouped(s)
}

func whole(x float64) string { return number(x, 0) }

// tidy shows x with as many decimals as its size is worth.
func tidy(x float64) string {
	switch a := math.Abs(x); {
	case a == math.Trunc(a) || a >= 100:
		return number(x, 0)
	case a >= 10:
		return number(x, 1)
	}
	return number(x, 2)
}

// orDash shows a number, or a dash where it is not known.
func orDash(x *float64, show func(float64) string) string {
	if x == nil {
		return number(math.NaN(), 0)
	}
	return show(*x)
}

// signed shows an error of units with its sign.
func signed(x float64) string {
	if x > 0 {
		return "+" + number(x, 1)
	}
	return number(x, 1)
}

func percent(x float64) string { return number(100*x, 1) + " %" }

func sizeOf(n int64) string {
	if n < 1<<20 {
		return number(float64(n)/(1<<10), 1) + " KiB"
	}
	return number(float64(n)/(1<<20), 1) + " MiB"
}

// left says how long it is until t.
func left(lang messages.Language, now, t time.Time) string {
	days := int(math.Ceil(t.Sub(now).Hours() / 24))
	switch {
	case t.Before(now):
		return messages.Text(lang, "console.left.past")
	case days <= 1:
		return messages.Text(lang, "console.left.day")
	}
	return messages.Text(lang, "console.left.days", messages.A("n", days))
}

// with returns an address with some of its parameters set: name, value, name, value …
// An empty value drops the parameter.
func with(address string, args ...string) string {
	u, err := url.Parse(address)
	if err != nil {
		return "/"
	}
	query := u.Query()
	for i := 0; i+1 < len(args); i += 2 {
		if args[i+1] == "" {
			query.Del(args[i])
		} else {
			query.Set(args[i], args[i+1])
		}
	}
	u.RawQuery = query.Encode()
	return u.String()
}
