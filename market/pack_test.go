package market

import (
	"errors"
	"io/fs"
	"regexp"
	"strings"
	"testing"

	"tradewind/commerce"
	"tradewind/fault"
	"tradewind/messages"
	"tradewind/money"
)

// europeanUnion are the 27 member states.
var europeanUnion = strings.Fields("AT BE BG CY CZ DE DK EE ES FI FR GR HR HU IE IT LT LU LV MT NL PL PT RO SE SI SK")

func TestPacks(t *testing.T) {
	packs := Packs()
	if len(packs) < 45 {
		t.Errorf("%d packs, want at least 45", len(packs))
	}
	for _, code := range append(europeanUnion, strings.Fields("GB CH NO US CA MX BR AR CL AU NZ CN HK TW JP KR SG MY TH VN ID PH IN AE SA IL TR ZA")...) {
		if _, ok := Of(commerce.Market(code)); !ok {
			t.Errorf("no pack of %s", code)
		}
	}
	for i, p := range packs {
		if p.Market != packNames()[i] {
			t.Errorf("packs/%s.yaml is about %s", packNames()[i], p.Market)
		}
		if len(p.Payments.Methods) == 0 || len(p.PriceEndings()) == 0 || len(p.Power.Volts) == 0 || len(p.SaleEvents()) == 0 {
			t.Errorf("%s: a part is empty", p.Market)
		}
		if p.Calling == "" || p.Phone == "" || p.Address == "" || len(p.Address.Lines()) < 3 {
			t.Errorf("%s: telephone or address is missing", p.Market)
		}
		if first, _ := p.Reads(p.ListingLanguages[0]); first.Reads < .3 && p.Market != "IN" {
			t.Errorf("%s: its first language is read by %.0f %%", p.Market, 100*first.Reads)
		}
	}
	if _, ok := Of("XX"); ok {
		t.Error("a country of nobody has a pack")
	}
}

// Every shared event and text is of the form that a pack's own would have to be of, and
// some pack names it.
func TestSharedLists(t *testing.T) {
	used := map[string]bool{}
	for _, p := range Packs() {
		for _, key := range append(append([]string{}, p.Festive...), p.Legal...) {
			used[key] = true
		}
	}
	d := &document{name: "shared", tree: mustParse(t, "a: 1").tree}
	for key, e := range sharedEvents() {
		if err := d.checkEvents(&Pack{Own: []SaleEvent{e}}); err != nil {
			t.Errorf("%s: %v", key, err)
		}
		if !used[key] {
			t.Errorf("event %s is used by no pack", key)
		}
	}
	for key, text := range sharedTexts() {
		if err := d.checkTexts(&Pack{OwnTexts: []LegalText{text}}); err != nil {
			t.Errorf("%s: %v", key, err)
		}
		if !used[key] {
			t.Errorf("text %s is used by no pack", key)
		}
		if text.Rule == "" || text.Place == "listing" && len(text.Cues) == 0 {
			t.Errorf("text %s names no rule, or nothing shows that it is there", key)
		}
	}
}

func mustParse(t *testing.T, text string) *document {
	t.Helper()
	d, err := parse("test", []byte(text))
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// A pack's currency is the tender of CLDR, and its decimals are those of ISO 4217.
func TestCurrencies(t *testing.T) {
	for _, p := range Packs() {
		info, err := Currency(string(p.Tender))
		if err != nil || p.Tender != p.Territory.Currency || info.Minor != p.Tender.Minor() {
			t.Errorf("%s: %s, CLDR says %s: %v", p.Market, p.Tender, p.Territory.Currency, err)
		}
	}
	euro, err := Currency("EUR")
	if err != nil || len(euro.Users) < 21 {
		t.Errorf("%d countries pay in euro (%v), want the 21 members of the euro area at least", len(euro.Users), err)
	}
	for _, tt := range []struct{ code, date, successor string }{
		{"DEM", "2002-03", "EUR"}, {"HRK", "2023-01", "EUR"}, {"BGN", "2026-01", "EUR"}, {"ZWL", "2024-09", "ZWG"},
	} {
		_, err := Currency(tt.code)
		f := fault.Of(err)
		if f == nil || f.Code != "E-CURRENCY-WITHDRAWN" || f.Kind != fault.Invalid {
			t.Errorf("%s: %v", tt.code, err)
			continue
		}
		if text := messages.Of(err).In(messages.English); !strings.Contains(text, tt.date) {
			t.Errorf("%s: %q does not say %s", tt.code, text, tt.date)
		}
		if text := messages.Of(err).Remedy().In(messages.Chinese); !strings.Contains(text, tt.successor) {
			t.Errorf("%s: %q does not say %s", tt.code, text, tt.successor)
		}
	}
	if f := fault.Of(second(Currency("¥"))); f == nil || f.Code != "E-CURRENCY" {
		t.Errorf("a symbol: %v", f)
	}
}

func second[T any](_ T, err error) error { return err }

func amount(t *testing.T, text string, c money.Currency) money.Amount {
	t.Helper()
	a, err := money.Parse(text, c)
	if err != nil {
		t.Fatal(err)
	}
	return a
}

// TestCashRound: steps of CLDR and of the central banks; Switzerland has no coin below 5
// Rappen, Hungary none below 5 forint, Sweden none below 1 krona.
func TestCashRound(t *testing.T) {
	for _, tt := range []struct{ market, in, want string }{
		{"CH", "9.97", "9.95"}, {"CH", "9.98", "10.00"}, {"CH", "9.975", "10.00"}, {"CH", "-9.98", "-10.00"},
		{"HU", "992.49", "990"}, {"HU", "992.50", "995"}, {"SE", "99.50", "100"}, {"DK", "9.24", "9.00"}, {"DK", "9.25", "9.50"},
		{"CA", "1.02", "1.00"}, {"US", "1.02", "1.02"}, {"JP", "99.4", "99"}, {"DE", "1.02", "1.02"}, {"NL", "1.02", "1.00"}, {"NZ", "1.05", "1.10"},
	} {
		p, _ := Of(commerce.Market(tt.market))
		got, want := p.CashRound(amount(t, tt.in, p.Tender)), amount(t, tt.want, p.Tender)
		if got != want {
			t.Errorf("%s %s: got %v, want %v", tt.market, tt.in, got, want)
		}
	}
	p, _ := Of("CH")
	if a := amount(t, "9.97", "EUR"); p.CashRound(a) != a {
		t.Error("an amount in another currency was rounded")
	}
}

func TestPriceEndings(t *testing.T) {
	for _, tt := range []struct {
		market, ending, price, below string
	}{
		{"DE", "0.99", "20.00", "19.99"}, {"DE", "0.99", "19.99", "19.99"}, {"DE", "0.99", "0.98", ""},
		{"JP", "980", "2000", "1980"}, {"JP", "980", "1979", "980"}, {"HU", "990", "4000", "3990"}, {"SE", "9", "120", "119"},
	} {
		p, _ := Of(commerce.Market(tt.market))
		e, err := parseEnding(tt.ending, p.Tender)
		if err != nil {
			t.Fatal(err)
		}
		got, ok := e.Below(amount(t, tt.price, p.Tender))
		if ok != (tt.below != "") || ok && got != amount(t, tt.below, p.Tender) {
			t.Errorf("%s %s below %s: %v %v, want %q", tt.market, tt.ending, tt.price, got, ok, tt.below)
		}
		if ok && !p.EndsCustomarily(got) {
			t.Errorf("%v does not end customarily", got)
		}
	}
}

func TestTerritory(t *testing.T) {
	us, _ := Of("US")
	if us.Measures != "US" || us.Paper != "US-Letter" || us.FirstDay != "sun" || us.Calling != "1" {
		t.Errorf("US: %+v", us.Territory)
	}
	de, _ := Of("DE")
	if de.Measures != "metric" || de.Paper != "A4" || de.FirstDay != "mon" || de.Postcode != `\d{5}` {
		t.Errorf("DE: %+v", de.Territory)
	}
	if l, ok := de.Reads("de"); !ok || l.Decimal != "," || l.Official != "official" {
		t.Errorf("German in DE: %+v", l)
	}
	sa, _ := Of("SA")
	if !sa.Rest(day(t, "2026-11-27")) || !sa.Rest(day(t, "2026-11-28")) || sa.Rest(day(t, "2026-11-29")) {
		t.Error("the weekend of Saudi Arabia is Friday and Saturday")
	}
	if !de.Rest(day(t, "2026-11-29")) || de.Rest(day(t, "2026-11-27")) {
		t.Error("the weekend of Germany is Saturday and Sunday")
	}
	tw, _ := TerritoryOf("TW")
	if l, ok := tw.Reads("zh"); !ok || l.Script != "Hant" {
		t.Errorf("Chinese in TW: %+v", l)
	}
}

// good is a pack that is right; each case breaks one line of it.
const good = `market: CH
languages: [de, fr]
currency: CHF
prices: {endings: ["0.90"], tax_included: true, assumed: true}
sizes: {clothing: EU, shoes: EU, assumed: true}
power: {volts: [230], hertz: [50], plugs: [J], assumed: true}
payments:
  methods: [{name: twint}]
  assumed: true
events: [black_friday]
own_events:
  - key: sechselaeuten
    name: {en: Sechseläuten, zh: 苏黎世六鸣节}
    rule: 3rd monday april
    source: Zentralkomitee der Zünfte Zürichs
taboos:
  - kind: number
    name: {en: thirteen, zh: 十三}
    assumed: true
texts: [trader_identity_ch]
sources: [{title: a test}]
checked_on: 2026-11-22
`

func TestReadPack(t *testing.T) {
	p, err := ReadPack("CH.yaml", []byte(good))
	if err != nil {
		t.Fatal(err)
	}
	if len(p.SaleEvents()) != 2 || len(p.Texts()) != 1 || p.CheckedOn != day(t, "2026-11-22") || !p.Sizes.Assumed {
		t.Errorf("read %+v", p)
	}
	for _, tt := range []struct {
		old, new string
		line     string
		code     string
	}{
		{"market: CH\n", "", "CH.yaml:1", "E-MARKET-MISSING"},
		{"market: CH", "market: ZZ", "CH.yaml:1", "E-MARKET-CODE"},
		{"[de, fr]", "[de, xq-Foo]", "CH.yaml:2", "E-MARKET-LOCALE"},
		{"[de, fr]", "[de, tlh]", "CH.yaml:2", "E-MARKET-LOCALE"},
		{"[de, fr]", "[de-Hans]", "CH.yaml:2", "E-MARKET-SCRIPT"},
		{"[de, fr]", "[sv]", "CH.yaml:2", "E-MARKET-LANGUAGE"},
		{"[de, fr]", "[]", "CH.yaml:2", "E-MARKET-MISSING"},
		{"currency: CHF", "currency: DEM", "CH.yaml:3", "E-CURRENCY-WITHDRAWN"},
		{"currency: CHF", "currency: Fr.", "CH.yaml:3", "E-CURRENCY"},
		{"currency: CHF", "currency: EUR", "CH.yaml:3", "E-MARKET-TENDER"},
		{`["0.90"]`, `["0.905"]`, "CH.yaml:4", "E-MARKET-VALUE"},
		{"tax_included: true, assumed: true}", "tax_included: true}\ncash: {step: \"0.05\", assumed: true}", "CH.yaml:4", "E-MARKET-SOURCE"},
		{"sizes:", "cash: {step: \"0.05\"}\nsizes:", "CH.yaml:5", "E-MARKET-SOURCE"},
		{"sizes:", "cash: {step: none, assumed: true}\nsizes:", "CH.yaml:5", "E-MARKET-VALUE"},
		{"shoes: EU, assumed: true", "shoes: EU", "CH.yaml:5", "E-MARKET-SOURCE"},
		{"shoes: EU, assumed: true", "shoes: EU, assumed: true, source: x", "CH.yaml:5", "E-MARKET-SOURCE"},
		{"plugs: [J]", "plug: [J]", "CH.yaml:6", "E-MARKET-FIELD"},
		{"{name: twint}", "{name: twint, share: 1.5}", "CH.yaml:8", "E-MARKET-VALUE"},
		{"{name: twint}", "{name: twint, share: 0.5}", "CH.yaml:8", "E-MARKET-MISSING"},
		{"[black_friday]", "[blackfriday]", "CH.yaml:10", "E-MARKET-KEY"},
		{"3rd monday april", "3rd mon april", "CH.yaml:14", "E-DATE-RULE"},
		{"source: Zentralkomitee der Zünfte Zürichs", "days: 2", "CH.yaml:12", "E-MARKET-SOURCE"},
		{"kind: number", "kind: numbers", "CH.yaml:17", "E-MARKET-VALUE"},
		{", zh: 十三", "", "CH.yaml:18", "E-MARKET-MISSING"},
		{"[trader_identity_ch]", "[impressum]", "CH.yaml:20", "E-MARKET-KEY"},
		{"sources: [{title: a test}]\n", "", "CH.yaml:1", "E-MARKET-MISSING"},
		{"checked_on: 2026-11-22", "checked_on: yesterday", "CH.yaml:22", "E-DATE-FORMAT"},
		{"languages: [de, fr]", "languages: [de, fr", "CH.yaml:", "E-MARKET-FORM"},
		{"languages: [de, fr]", "languages: [de]\nlanguages: [fr]", "CH.yaml:3", "E-MARKET-FORM"},
	} {
		_, err := ReadPack("CH.yaml", []byte(strings.Replace(good, tt.old, tt.new, 1)))
		if err == nil || !fault.Is(err, fault.Invalid) {
			t.Errorf("%q: %v", tt.new, err)
			continue
		}
		var inner *fault.Error
		if !errors.As(fault.Of(err).Unwrap(), &inner) || inner.Code != tt.code {
			t.Errorf("%q: got %v, want %s", tt.new, err, tt.code)
		}
		for _, lang := range messages.Languages {
			said, remedy := messages.Of(err).In(lang), messages.Of(err).Remedy().In(lang)
			if !strings.Contains(said, " "+tt.line) {
				t.Errorf("%q: %q does not name %s", tt.new, said, tt.line)
			}
			if unfilled.MatchString(said+remedy) || remedy == "" {
				t.Errorf("%q: %q %q", tt.new, said, remedy)
			}
		}
	}
}

// unfilled are places of a text that got no value.
var unfilled = regexp.MustCompile(`\[(E-[A-Z-]+(\.fix)?|value|field|place|reason|remedy|want|file|tender|languages|scripts|market)\]`)

func FuzzReadPack(f *testing.F) {
	f.Add([]byte(good))
	entries, err := fs.Glob(files, "packs/[A-C]*.yaml")
	if err != nil {
		f.Fatal(err)
	}
	for _, name := range entries {
		data, _ := files.ReadFile(name)
		f.Add(data)
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		p, err := ReadPack("fuzz.yaml", data)
		if (p == nil) == (err == nil) || err != nil && !fault.Is(err, fault.Invalid) {
			t.Fatalf("pack %v, error %v", p, err)
		}
		if p != nil { // what is read can be used
			p.PriceEndings()
			p.CashRound(money.FromE4(12345, p.Tender))
			_, _ = p.Events(2026)
		}
	})
}

// Every pattern compiles, and fits the example that its source gives.
func TestForms(t *testing.T) {
	for code, territory := range territories() {
		if territory.PostcodeLike != "" && !territory.FitsPostcode(territory.PostcodeLike) {
			t.Errorf("%s: %s does not fit %s", code, territory.PostcodeLike, territory.Postcode)
		}
		if territory.Phone != "" && territory.FitsPhone("1") {
			t.Errorf("%s: 1 is no telephone number", code)
		}
	}
	for _, tt := range []struct {
		market      commerce.Market
		postcode    string
		phone       string
		fits, calls bool
	}{
		{"DE", "10115", "30 123456", true, true}, {"DE", "1011", "0", false, false},
		{"GB", "sw1a 1aa", "20 7946 0018", true, true}, {"GB", "12345", "12", false, false},
		{"US", "94103-1234", "(415) 555-2671", true, true}, {"HK", "anything", "2123 4567", true, true},
		{"CN", "100000", "138 0013 8000", true, true}, {"JP", "100-0001", "3 1234 5678", true, true}, {"CA", "K1A 0B1", "613 555 0123", true, true},
	} {
		p, _ := Of(tt.market)
		if got := p.FitsPostcode(tt.postcode); got != tt.fits {
			t.Errorf("%s %s: %v", tt.market, tt.postcode, got)
		}
		if got := p.FitsPhone(tt.phone); got != tt.calls {
			t.Errorf("%s %s: %v", tt.market, tt.phone, got)
		}
	}
}
