package tradewind

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"tradewind/commerce"
	"tradewind/fault"
	"tradewind/messages"
)

func mustLocalize(t *testing.T, e *Engine, f LocalizationFilter) *LocalizationView {
	t.Helper()
	v, err := e.Localization(t.Context(), f)
	if err != nil {
		t.Fatal(err)
	}
	return v
}

// Without listings nothing is known of them; a score of 0 would say that they are bad.
func TestLocalizationWithoutListings(t *testing.T) {
	v := mustLocalize(t, lawful(t, nil), LocalizationFilter{})
	if v.Loaded != 0 || v.Note == nil || len(v.Markets)+len(v.Listings) != 0 {
		t.Errorf("%+v", v)
	}
}

// Of the three items, the bear in Germany has a German listing and the lamp there an
// English one under German colours; the bear in Britain has none.
const someListings = "sku,market,channel,language,title,description,sizes,legal,assumed\n" +
	`BEAR,DE,web,de,"Teddybär aus weichem Plüsch, braun, 30 cm","Der weiche Teddybär aus Plüsch ist ein treuer Begleiter für Kinder und kann in der Maschine gewaschen werden.",30 cm,"Hersteller: Muster GmbH, Musterstr. 1, 10115 Berlin, info@muster.example. Verantwortliche Person in der EU: dieselbe. Widerrufsrecht: 14 Tage. Es gilt die gesetzliche Gewährleistung. Achtung: Nicht für Kinder unter 36 Monaten geeignet.",false` + "\n" +
	`LAMP,DE,web,de,Ceramic table lamp with fabric shade,This lamp stands on the table and throws a warm light on whatever you are reading.,,,false` + "\n"

func TestLocalization(t *testing.T) {
	e := lawful(t, map[string]string{"listings.csv": someListings})
	v := mustLocalize(t, e, LocalizationFilter{})
	if v.Loaded != 2 || len(v.Markets) != 2 || v.Note != nil {
		t.Fatalf("%+v", v)
	}
	de, gb := v.Markets[0], v.Markets[1]
	if de.Market != "DE" || de.Wanted != 2 || de.Present != 2 || de.Ready != 1 || de.Coverage != 1 || de.ReadyShare != .5 {
		t.Errorf("Germany: %+v", de)
	}
	if want := 40. / 70; de.SalesReady == nil || *de.SalesReady != want { // the bears are 40 of 70 pounds
		t.Errorf("sales ready in Germany: %v, want %v", de.SalesReady, want)
	}
	if gb.Market != "GB" || gb.Present != 0 || gb.Score != 0 {
		t.Errorf("Britain: %+v", gb)
	}
	// By sales: the lamp in Germany 30, the bear in Britain 20; the bear in Germany is ready.
	var got []string
	for _, l := range v.Listings {
		got = append(got, string(l.SKU)+" "+string(l.Market))
		for _, f := range l.Findings {
			for _, text := range []LocalizedText{f.Grade, f.OwnerName, f.Text, f.Remedy} {
				if text.English == "" || text.Chinese == "" {
					t.Errorf("%s %s: %+v", l.SKU, f.Code, f)
				}
			}
		}
		if l.SKU == "LAMP" && (l.Ready || l.Findings[0].Code != "language" || l.Findings[0].Severity != "blocker" || l.Findings[0].Owner != "translator") {
			t.Errorf("English under German colours: %+v", l)
		}
		if l.Market == "GB" && (!l.Missing || l.Findings[0].Code != "missing") {
			t.Errorf("a listing that is not there: %+v", l)
		}
	}
	if len(got) != 2 || got[0] != "LAMP DE" || got[1] != "BEAR GB" || v.Found != 2 {
		t.Errorf("in the order of sales: %q of %d", got, v.Found)
	}
	if one := mustLocalize(t, e, LocalizationFilter{Limit: 1}); len(one.Listings) != 1 || one.Found != v.Found {
		t.Errorf("a limit of 1: %d of %d", len(one.Listings), one.Found)
	}
	if bear := mustLocalize(t, e, LocalizationFilter{SKU: "BEAR", Market: "DE"}); len(bear.Listings) != 1 || !bear.Listings[0].Ready {
		t.Errorf("the bear: %+v", bear.Listings)
	}
	if none := mustLocalize(t, e, LocalizationFilter{Market: "JP"}); none.Note == nil || len(none.Markets) != 0 {
		t.Errorf("Japan: %+v", none)
	}
}

func TestLocalizationRefuses(t *testing.T) {
	e := lawful(t, nil)
	_, err := e.Localization(t.Context(), LocalizationFilter{Market: "UK"})
	refused(t, err, fault.NotFound, "E-L10N-NO-PACK")
	_, err = e.Localization(t.Context(), LocalizationFilter{SKU: commerce.SKU("NONE")})
	refused(t, err, fault.NotFound, "E-SKU-NOT-FOUND")
	// Before the first sale there is nothing to refuse: nothing is loaded, and that is said.
	if v := mustLocalize(t, empty(t), LocalizationFilter{}); v.Loaded != 0 || v.Note == nil {
		t.Errorf("an empty workspace: %+v", v)
	}
}

func TestGlossary(t *testing.T) {
	for _, term := range Glossary() {
		if term.English == "" || term.Chinese == "" || term.Wrong == nil {
			t.Errorf("%+v", term)
		}
	}
	if len(Glossary()) < 100 {
		t.Errorf("%d terms: the glossary was not read", len(Glossary()))
	}
}

// A pack of the workspace takes the place of the one that comes with Tradewind; a broken
// one is refused at its place.
func TestOwnMarketPack(t *testing.T) {
	e := lawful(t, map[string]string{"listings.csv": "sku,market,channel,language,title\nLAMP,DE,web,de,Schreibtischlampe\n"})
	folder := filepath.Join(e.Dir(), "markets")
	if err := os.MkdirAll(folder, 0o755); err != nil {
		t.Fatal(err)
	}
	own, err := os.ReadFile("market/packs/DE.yaml")
	if err != nil {
		t.Fatal(err)
	}
	put := func(languages string) {
		text := strings.Replace(string(own), "languages: [de]", languages, 1)
		if err := os.WriteFile(filepath.Join(folder, "DE.yaml"), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	put("languages: [de, en]")
	v := mustLocalize(t, e, LocalizationFilter{Market: "DE"})
	if len(v.Markets) != 1 || !slices.Equal(v.Markets[0].Languages, []string{"de", "en"}) {
		t.Errorf("markets %+v, want DE in de and en", v.Markets)
	}
	put("languages: [de-Quux]")
	_, err = e.Localization(t.Context(), LocalizationFilter{Market: "DE"})
	if f := fault.Of(err); f == nil || f.Kind != fault.Invalid || !strings.Contains(messages.Of(err).In(messages.English), "markets/DE.yaml:4") {
		t.Errorf("an unknown locale: %v, want a refusal at markets/DE.yaml:4", messages.Of(err).In(messages.English))
	}
}
