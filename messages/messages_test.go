package messages

import (
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"tradewind/calendar"
	"tradewind/fault"
	"tradewind/money"
)

// That no text lacks a language needs no test for its presence: the tables are written
// with unkeyed literals, text{"…", "…"}, which do not compile with one string left out.
// Empty strings would compile, and are found here.
func TestEveryTextStandsInBothLanguages(t *testing.T) {
	for code, text := range catalogue {
		if (text.en == "") != (text.zh == "") {
			t.Errorf("%s is empty in one language: %q, %q", code, text.en, text.zh)
		}
		if text.zh != text.en && !strings.ContainsFunc(text.zh, han) {
			t.Errorf("%s is not Chinese: %q", code, text.zh)
		}
		if strings.ContainsFunc(text.en, han) && !strings.Contains(text.en, "简体中文") {
			t.Errorf("%s is not English: %q", code, text.en)
		}
	}
}

func han(r rune) bool { return unicode.Is(unicode.Han, r) }

var (
	hole      = regexp.MustCompile(`\{([^{}]*)\}`)
	holeName  = regexp.MustCompile(`^[a-z][a-z0-9_]*$`)
	codeForms = regexp.MustCompile(`^(E-[A-Z0-9]+(-[A-Z0-9]+)*(\.fix)?|[a-z]+(\.[a-z0-9_-]+)+)$`)
)

// holes returns the names of the placeholders of a text: those that show a value, and
// those that choose between singular and plural.
func holes(s string) (shown, counted []string) {
	for _, m := range hole.FindAllStringSubmatch(s, -1) {
		name, _, plural := strings.Cut(m[1], "|")
		if plural {
			counted = append(counted, name)
		} else {
			shown = append(shown, name)
		}
	}
	slices.Sort(shown)
	return slices.Compact(shown), counted
}

func TestBothLanguagesShowTheSameValues(t *testing.T) {
	for code, text := range catalogue {
		en, counted := holes(text.en)
		zh, chinesePlurals := holes(text.zh)
		if !slices.Equal(en, zh) {
			t.Errorf("%s shows %q in English and %q in Chinese", code, en, zh)
		}
		if len(chinesePlurals) > 0 {
			t.Errorf("%s has a plural in Chinese: %q", code, text.zh)
		}
		for _, name := range slices.Concat(en, counted) {
			if !holeName.MatchString(name) {
				t.Errorf("%s has a placeholder %q", code, name)
			}
		}
		for _, m := range hole.FindAllStringSubmatch(text.en, -1) {
			if n := strings.Count(m[1], "|"); n != 0 && n != 2 {
				t.Errorf("%s: {%s} does not give one singular and one plural", code, m[1])
			}
		}
		for _, s := range []string{text.en, text.zh} {
			if rest := hole.ReplaceAllString(s, ""); strings.ContainsAny(rest, "{}") {
				t.Errorf("%s has a brace that is not closed: %q", code, s)
			}
		}
	}
}

func TestEveryFailureHasARemedy(t *testing.T) {
	for code := range catalogue {
		if !codeForms.MatchString(code) {
			t.Errorf("%q is not of the form of a code", code)
		}
		switch failure, isRemedy := strings.CutSuffix(code, ".fix"); {
		case isRemedy && !Has(failure):
			t.Errorf("%s mends nothing", code)
		case !isRemedy && strings.HasPrefix(code, "E-") && !Has(code+".fix"):
			t.Errorf("%s has no remedy", code)
		}
	}
}

func TestRendering(t *testing.T) {
	day, err := calendar.ParseDay("2011-12-09")
	if err != nil {
		t.Fatal(err)
	}
	at := time.Date(2011, 12, 9, 14, 30, 0, 0, time.FixedZone("", 3600))
	for _, tt := range []struct {
		template string
		args     []Arg
		en, zh   string
	}{
		{"plain", nil, "plain", "plain"},
		{"{n} {n|row|rows}", []Arg{A("n", 1)}, "1 row", ""},
		{"{n} {n|row|rows}", []Arg{A("n", int64(1))}, "1 row", ""},
		{"{n} {n|row|rows}", []Arg{A("n", 0)}, "0 rows", ""},
		{"{n} {n|row|rows}", []Arg{A("n", 12345)}, "12,345 rows", ""},
		{"{n} {n|row|rows}", []Arg{A("n", -1)}, "-1 rows", ""},
		{"{x}", []Arg{A("x", Decimal{-0.004, 2})}, "0.00", "0.00"},
		{"{x}", []Arg{A("x", Decimal{-0.006, 2})}, "-0.01", "-0.01"},
		{"{x}", []Arg{A("x", Decimal{1234567.891, 1})}, "1,234,567.9", "1,234,567.9"},
		{"{x}", []Arg{A("x", Decimal{math.NaN(), 1})}, "–", "–"},
		{"{x}", []Arg{A("x", Decimal{math.Inf(1), 1})}, "–", "–"},
		{"{p}", []Arg{A("p", Percent(0.1234))}, "12.3 %", "12.3 %"},
		{"{p}", []Arg{A("p", Percent(-0.0004))}, "0.0 %", "0.0 %"},
		{"{p}", []Arg{A("p", Percent(math.NaN()))}, "–", "–"},
		{"{m}", []Arg{A("m", money.FromE4(12345000, "GBP"))}, "GBP 1,234.50", "GBP 1,234.50"},
		{"{m}", []Arg{A("m", money.FromE4(-125, "CNY"))}, "CNY -0.0125", "CNY -0.0125"},
		{"{m}", []Arg{A("m", money.FromE4(12_340_000, "JPY"))}, "JPY 1,234", "JPY 1,234"},
		{"{d}", []Arg{A("d", day)}, "2011-12-09", "2011-12-09"},
		{"{t}", []Arg{A("t", at)}, "2011-12-09 13:30 UTC", "2011-12-09 13:30 UTC"},
		{"{m}", []Arg{A("m", M("decision.kind.reorder"))}, "Reorder", "补货"},
		{"{e}", []Arg{A("e", errors.New("broken"))}, "broken", "broken"},
		{"{s}", []Arg{A("s", "{n} stays")}, "{n} stays", "{n} stays"}, // values are not templates
		{"{gone}", nil, "[gone]", "[gone]"},
		{"open {n", []Arg{A("n", 1)}, "open {n", "open {n"},
	} {
		for lang, want := range map[Language]string{English: tt.en, Chinese: tt.zh} {
			if want == "" {
				continue
			}
			if got := fill(tt.template, lang, tt.args); got != want {
				t.Errorf("%q in %s: got %q, want %q", tt.template, lang, got, want)
			}
		}
	}
	if got, want := M("no.such.code").In(English), "[no.such.code]"; got != want {
		t.Errorf("an unknown code shows %q, want %q", got, want)
	}
}

// A bare ¥ or $ says neither which currency nor which country: amounts carry the code.
func TestMoneyIsShownWithItsCode(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		cur := rapid.SampledFrom([]money.Currency{"GBP", "CNY", "JPY", "USD", "KWD", "CLF"}).Draw(t, "currency")
		a := money.FromE4(rapid.Int64Range(-math.MaxInt64, math.MaxInt64).Draw(t, "e4"), cur)
		for _, lang := range Languages {
			got := fill("{m}", lang, []Arg{A("m", a)})
			number, ok := strings.CutPrefix(got, string(cur)+" ")
			if !ok || strings.ContainsAny(got, "¥$£€") {
				t.Fatalf("%v is shown as %q", a, got)
			}
			if back, err := money.Parse(strings.ReplaceAll(number, ",", ""), cur); err != nil || back != a {
				t.Fatalf("%v is shown as %q, which is %v", a, got, back)
			}
		}
	})
}

func TestGrouped(t *testing.T) {
	for decimal, want := range map[string]string{
		"0": "0", "999": "999", "1000": "1,000", "-1000": "-1,000", "-999": "-999", "1234567.8901": "1,234,567.8901", "100000": "100,000", "0.0001": "0.0001", "": "",
	} {
		if got := Grouped(decimal); got != want {
			t.Errorf("Grouped(%q) = %q, want %q", decimal, got, want)
		}
	}
}

func messagesOfAnyKind() *rapid.Generator[Message] {
	value := rapid.OneOf(
		rapid.Map(rapid.String(), func(s string) any { return strings.ToValidUTF8(s, "") }),
		rapid.Map(rapid.Int64(), func(n int64) any { return n }),
		rapid.Map(rapid.Float64Range(-1e9, 1e9), func(x float64) any { return Decimal{x, 3} }),
		rapid.Map(rapid.Float64Range(-1, 1), func(x float64) any { return Percent(x) }),
		rapid.Map(rapid.Int64Range(-1e15, 1e15), func(n int64) any { return money.FromE4(n, "GBP") }),
		rapid.Map(rapid.Int32Range(-700_000, 2_900_000), func(n int32) any { return calendar.FromOrdinal(n) }),
		rapid.Map(rapid.Int64Range(0, 4e9), func(s int64) any { return time.Unix(s, 0).UTC() }),
		rapid.Just[any](M("decision.kind.reorder", A("inner", int64(1)))),
		rapid.Just[any](Both{"a rule", "一条规则"}),
	)
	return rapid.Custom(func(t *rapid.T) Message {
		m := Message{Code: rapid.SampledFrom([]string{"E-INTERNAL", "decision.kind.reorder", ""}).Draw(t, "code")}
		for i := range rapid.IntRange(0, 5).Draw(t, "arguments") {
			m.Args = append(m.Args, A(fmt.Sprint("a", i), value.Draw(t, "value")))
		}
		return m
	})
}

// A message that is stored and read back is the same message: the same types, the same
// text, the same bytes when stored again.
func TestMessageJSONRoundTrip(t *testing.T) {
	same := []cmp.Option{cmp.Comparer(func(a, b money.Amount) bool { return a == b }), cmp.Comparer(func(a, b calendar.Day) bool { return a == b })}
	rapid.Check(t, func(t *rapid.T) {
		m := messagesOfAnyKind().Draw(t, "message")
		text, err := json.Marshal(m)
		if err != nil {
			t.Fatal(err)
		}
		var got Message
		if err := json.Unmarshal(text, &got); err != nil {
			t.Fatalf("%s: %v", text, err)
		}
		if diff := cmp.Diff(m, got, same...); diff != "" {
			t.Fatalf("%s read back (-want +got):\n%s", text, diff)
		}
		if again, err := json.Marshal(got); err != nil || string(again) != string(text) {
			t.Fatalf("stored again as %s, %v; first as %s", again, err, text)
		}
	})
	// An int comes back as an int64, which shows and counts the same.
	var got Message
	text, err := json.Marshal(M("x", A("n", 1)))
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(text, &got); err != nil || got.Args[0].Value != int64(1) {
		t.Errorf("an int came back as %#v, %v", got.Args, err)
	}
}

func TestOfAndRemedy(t *testing.T) {
	err := fault.Wrap(fault.New(fault.Invalid, "E-CURRENCY", fault.A("value", "$")), "read row")
	if got, want := Of(err).In(English), "“$” is not an ISO 4217 currency code."; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
	if got := Of(err).Remedy().In(Chinese); !strings.Contains(got, "GBP") {
		t.Errorf("the remedy is %q", got)
	}
	if got := Of(errors.New("cracked")); got.Code != "E-INTERNAL" || !strings.Contains(got.In(English), "cracked") {
		t.Errorf("an unknown error becomes %v", got)
	}
	if !(Message{}).IsZero() || Of(err).IsZero() {
		t.Error("IsZero is wrong")
	}
}

func TestParseLanguage(t *testing.T) {
	for tag, want := range map[string]Language{"en": English, "en-GB": English, "EN_us": English, "zh": Chinese, "zh-CN": Chinese, "zh-Hans": Chinese, "zh_TW.UTF-8": Chinese} {
		if got, err := ParseLanguage(tag); err != nil || got != want {
			t.Errorf("%q read as %q, %v; want %q", tag, got, err, want)
		}
	}
	for _, tag := range []string{"", "fr", "english", "C", "-en"} {
		if got, err := ParseLanguage(tag); !fault.Is(err, fault.Usage) {
			t.Errorf("%q read as %q, %v; want a usage fault", tag, got, err)
		}
	}
}

func TestCountry(t *testing.T) {
	for _, tt := range []struct{ code, en, zh string }{
		{"GB", "United Kingdom", "英国"}, {"IE", "Ireland", "爱尔兰"}, {"DE", "Germany", "德国"}, {"US", "United States", "美国"},
		{"ZA", "South Africa", "南非"}, {"KR", "South Korea", "韩国"}, {"AE", "United Arab Emirates", "阿拉伯联合酋长国"},
		{"ZZ", "Country not stated", "未注明国家"}, {"EU", "European Union, country not stated", "欧盟（未注明国家）"},
		{"XJ", "Channel Islands", "海峡群岛"}, {"XW", "West Indies", "西印度群岛"},
		{"XQ", "XQ", "XQ"}, {"?", "?", "?"}, {"", "", ""},
	} {
		if got := Country(English, tt.code); got != tt.en {
			t.Errorf("%s in English is %q, want %q", tt.code, got, tt.en)
		}
		if got := Country(Chinese, tt.code); got != tt.zh {
			t.Errorf("%s in Chinese is %q, want %q", tt.code, got, tt.zh)
		}
	}
}

func TestCodesYieldsEachOnceAndStops(t *testing.T) {
	seen := map[string]bool{}
	for code := range Codes {
		if seen[code] || !Has(code) {
			t.Errorf("%s came twice or has no text", code)
		}
		seen[code] = true
	}
	if len(seen) != len(catalogue) {
		t.Errorf("%d codes came, want %d", len(seen), len(catalogue))
	}
	for range Codes {
		break
	}
}

func TestPseudo(t *testing.T) {
	got := text{"{n} {n|row|rows} of {file} are new.", "{file} 有 {n} 行新数据。"}.in(Pseudo)
	if want := "⟦{n} {n|rów|rówš} óf {file} áré ñéw.⟧"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	lang, err := ParseLanguage("en-XA")
	if err != nil || lang != Pseudo {
		t.Errorf("en-XA: got %s, %v", lang, err)
	}
	filled := Message{"E-LANGUAGE", []Arg{A("value", "fr")}}.In(Pseudo)
	if want := "⟦Thé láñgúágé fr íš ñót óñé óf éñ, žh-Háñš.⟧"; filled != want {
		t.Errorf("got %s, want %s", filled, want)
	}
}

// The stable names are those that the engine gives its methods; an unknown one stays.
func TestMethod(t *testing.T) {
	for name, want := range map[string][2]string{
		"Gamma–Poisson + order-up-to": {"Gamma–Poisson filter + order up to", "Gamma–Poisson 滤波 + 补至目标库存"},
		"pooled Gamma–Poisson":        {"pooled Gamma–Poisson filter", "合并的Gamma–Poisson 滤波"},
		"seasonal naive 7":            {"seasonal naive, 7 days", "季节性朴素法（7 天）"},
		"a method of tomorrow":        {"a method of tomorrow", "a method of tomorrow"},
	} {
		if got := [2]string{Method(English, name), Method(Chinese, name)}; got != want {
			t.Errorf("Method(%q) = %q, want %q", name, got, want)
		}
	}
	if got := Country(Pseudo, "DE"); got != "⟦Gérmáñý⟧" {
		t.Errorf("Germany in the pseudo-locale is %q", got)
	}
}
