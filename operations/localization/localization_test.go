package localization

import (
	"regexp"
	"slices"
	"strings"
	"testing"

	"tradewind/calendar"
	"tradewind/commerce"
	"tradewind/market"
	"tradewind/messages"
)

func day(t *testing.T, s string) calendar.Day {
	t.Helper()
	d, err := calendar.ParseDay(s)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func packOf(t *testing.T, m commerce.Market) *market.Pack {
	t.Helper()
	p, ok := market.Of(m)
	if !ok {
		t.Fatalf("no pack of %s", m)
	}
	return p
}

func codes(r Report) []string {
	var list []string
	for _, f := range r.Findings {
		if f.Severity > Info {
			list = append(list, f.Code)
		}
	}
	return list
}

const (
	legalDE = "Hersteller: Muster GmbH, Musterstr. 1, 10115 Berlin, info@muster.example. Verantwortliche Person in der EU: dieselbe. Widerrufsrecht: 14 Tage. Es gilt die gesetzliche Gewährleistung."
	legalFR = "Fabricant : Exemple SARL, 1 rue de la Paix, 75002 Paris, contact@exemple.example. Personne responsable : idem. Droit de rétractation de 14 jours. Garantie légale de conformité."
)

// ready are listings that people of the market would read without a word; each was written
// for this test.
func ready() []commerce.Listing {
	at := func(m commerce.Market) commerce.Item { return commerce.Item{SKU: "A", Market: m, Channel: "amazon"} }
	return []commerce.Listing{
		{Item: at("DE"), Language: "de", Title: "Teelichthalter aus weißem Metall in Herzform, zum Aufhängen",
			Description: "Der Teelichthalter aus lackiertem Metall schmückt Fenster und Türen. Maße: 12,5 cm x 8 cm. Lieferung ohne Kerze.", Sizes: "12,5 x 8 cm", Legal: legalDE},
		{Item: at("AT"), Language: "de", Title: "Handgefertigte Keramiktasse mit Untertasse, 300 ml",
			Description: "Die Tasse ist spülmaschinengeeignet und fasst 0,3 l. Sie wird in einer Geschenkbox geliefert.", Legal: legalDE},
		{Item: at("FR"), Language: "fr", Title: "Bougeoir cœur à suspendre en métal blanc",
			Description: "Ce bougeoir en métal laqué décore vos fenêtres et vos portes. Dimensions : 12,5 x 8 cm. Bougie non fournie.", Legal: legalFR},
		{Item: at("JP"), Language: "ja", Title: "ホワイトメタル ハート型 吊り下げキャンドルホルダー",
			Description: "窓辺やドアに飾れるメタル製のキャンドルホルダーです。サイズは12.5×8cm。キャンドルは付属しません。", Legal: "返品は商品到着後8日以内に承ります。"},
		{Item: at("CN"), Language: "zh-Hans", Title: "白色金属心形悬挂烛台",
			Description: "烛台由烤漆金属制成，可悬挂于窗边与门上。尺寸：12.5 × 8 厘米，不含蜡烛。", Legal: "制造商：示例有限公司，产地：浙江义乌。支持七天无理由退货。"},
		{Item: at("TW"), Language: "zh-Hant", Title: "白色金屬愛心造型懸掛燭台",
			Description: "燭台以烤漆金屬製成，可懸掛於窗邊與門上。尺寸：12.5 × 8 公分，不含蠟燭。", Legal: "享七日鑑賞期。"},
		{Item: at("GB"), Language: "en", Title: "White metal heart tealight holder to hang up",
			Description: "This tealight holder of painted metal decorates windows and doors. Size: 12.5 x 8 cm. Candle not included.", Legal: "You may cancel within 14 days."},
		{Item: at("US"), Language: "en", Title: "White Metal Heart Tea Light Holder, Hanging",
			Description: "Painted metal tea light holder for windows and doors. Measures 4.9 x 3.1 inches (12.5 x 8 cm). Candle not included."},
		{Item: at("KR"), Language: "ko", Title: "화이트 메탈 하트 캔들 홀더",
			Description: "창문이나 문에 걸 수 있는 금속 캔들 홀더입니다. 크기는 12.5 x 8 cm이며 양초는 포함되지 않습니다.", Legal: "제조국: 중국. 청약철회는 수령 후 7일 이내에 가능합니다."},
	}
}

func TestReadyListings(t *testing.T) {
	for _, l := range ready() {
		r := Check(l, &commerce.Product{SKU: "A", Name: "WHITE HANGING HEART T-LIGHT HOLDER", Origin: "CN", Traits: commerce.Plain}, packOf(t, l.Item.Market), Options{Day: day(t, "2026-11-22")})
		if !r.Ready || r.Score != 100 || len(codes(r)) > 0 {
			t.Errorf("%s %s: score %d, %v", l.Item.Market, l.Language, r.Score, r.Findings)
		}
		if r.Readers < .3 {
			t.Errorf("%s: read by %v", l.Item.Market, r.Readers)
		}
	}
}

// TestFindings breaks one thing at a time in a listing that is right.
func TestFindings(t *testing.T) {
	type edit = func(*commerce.Listing)
	title := func(s string) edit { return func(l *commerce.Listing) { l.Title = s } }
	text := func(s string) edit { return func(l *commerce.Listing) { l.Description = s } }
	more := func(s string) edit { return func(l *commerce.Listing) { l.Description += " " + s } }
	legal := func(s string) edit { return func(l *commerce.Listing) { l.Legal = s } }
	product := &commerce.Product{SKU: "A", Origin: "CN", Traits: "textile"}
	for _, tt := range []struct {
		market commerce.Market
		edit   edit
		want   []string
	}{
		{"DE", title("WHITE HANGING HEART T-LIGHT HOLDER"), []string{"language"}},
		{"DE", text("This tealight holder of painted metal decorates windows and doors."), []string{"language"}},
		{"DE", more("Please keep away from children and never leave a burning candle alone."), []string{"run"}},
		{"DE", title("Bougeoir cœur à suspendre en métal blanc"), []string{"language"}},
		{"DE", title(""), []string{"no-title"}},
		{"DE", text(""), []string{"no-description"}},
		{"DE", func(l *commerce.Listing) { l.Language = "sv" }, []string{"foreign", "language", "language", "legal", "legal", "legal", "legal"}},
		{"JP", title("白色金属心形悬挂烛台，适合卧室与书房"), nil}, // Han alone may be Japanese
		{"JP", title("White metal heart tealight holder to hang up"), []string{"language"}},
		{"TW", title("白色金属心形悬挂烛台"), []string{"script"}},
		{"CN", title("白色金屬愛心造型懸掛燭台"), []string{"script"}},
		{"CN", text("White metal heart tealight holder to hang up on windows and doors"), []string{"language"}},
		{"DE", title("Teelichthalter für Fenster und TÃ¼ren aus Metall"), []string{"garbled"}},
		{"DE", title("Teelichthalter aus Metall " + strings.Repeat("für Fenster und Türen ", 10)), []string{"too-long"}},
		{"DE", func(l *commerce.Listing) {
			l.Description, l.Sizes = "Der Teelichthalter aus lackiertem Metall ist 5 inches hoch und schmückt die Fenster.", ""
		}, []string{"units"}},
		{"DE", text("Der Teelichthalter aus lackiertem Metall ist 5 inches (12,7 cm) hoch und schmückt die Fenster."), nil},
		{"DE", text("Ein Monitor mit 27 Zoll für das Büro, der Ihre Augen schont und wenig Strom braucht."), nil},
		{"US", text("Painted metal tea light holder for windows and doors. Measures 12.5 x 8 cm."), []string{"units"}},
		{"GB", text("This tealight holder of painted metal is 5 inches high and decorates windows and doors."), nil},
		{"DE", func(l *commerce.Listing) { l.Sizes = "US 9" }, []string{"size-system"}},
		{"DE", func(l *commerce.Listing) { l.Sizes = "US 9 / EU 42" }, nil},
		{"US", func(l *commerce.Listing) { l.Sizes = "UK 8" }, []string{"size-system"}},
		{"DE", more("Betrieb mit 110V und Stecker."), []string{"voltage"}},
		{"DE", more("Betrieb mit 220-240 V oder mit 5V über USB."), nil},
		{"DE", more("Betrieb mit 100-240V weltweit."), nil},
		{"US", more("Runs on 220V only."), []string{"voltage"}},
		{"DE", more("Lieferung mit US-Stecker."), []string{"plug"}},
		{"GB", more("Comes with a UK plug."), nil},
		{"DE", more("Das Gewicht beträgt 2.5 kg."), []string{"decimal"}},
		{"DE", more("Unterstützt USB 3.0 und Bluetooth 5.2."), nil},
		{"GB", more("It weighs 2,5 kg."), []string{"decimal"}},
		{"DE", more("Die Verpackung ist umweltfreundlich."), []string{"claim"}},
		{"FR", more("L'emballage est biodégradable."), []string{"claim", "claim"}}, // Union law, and French law
		{"FR", more("Ce bougeoir est soigneusement emballé dans sa boîte."), nil},
		{"FR", more("Ce bougeoir soigne le mal de dos."), []string{"claim"}},
		{"CN", more("国家级品质。"), []string{"claim"}},
		{"CN", more("本产品最佳。"), []string{"claim"}},
		{"CN", more("最大承重 5 千克，最小直径 3 厘米。"), nil},
		{"CN", more("可治疗失眠。"), []string{"claim"}},
		{"US", more("This holder heals anxiety."), []string{"claim"}},
		{"US", more("Its aroma is for health and wheels."), nil},
		{"DE", title("Bestseller: Teelichthalter aus weißem Metall in Herzform"), []string{"claim"}},
		{"DE", more("Hergestellt in Deutschland."), []string{"origin"}},
		{"GB", more("Made in China."), nil},
		{"GB", more("Made in the USA."), []string{"origin"}},
		{"DE", legal(""), []string{"legal", "legal", "legal", "legal"}},
		{"DE", legal(strings.Replace(legalDE, "Widerrufsrecht: 14 Tage. ", "", 1)), []string{"legal"}},
		{"DE", legal(strings.Replace(legalDE, "info@muster.example", "", 1)), []string{"legal", "legal"}}, // an electronic address is asked of both
		{"CN", title("白色金属心形蜡烛持有者"), []string{"term"}},
	} {
		l := ready()[slices.IndexFunc(ready(), func(l commerce.Listing) bool { return l.Item.Market == tt.market })]
		l.Description += map[commerce.Market]string{"DE": " Stoff: Baumwolle.", "FR": " Tissu : coton.", "US": " Cotton, imported."}[tt.market]
		tt.edit(&l)
		p := product
		if !strings.Contains(l.Description, "aumwolle") && !strings.Contains(l.Description, "oton") {
			p = &commerce.Product{SKU: "A", Origin: "CN", Traits: commerce.Plain}
		}
		r := Check(l, p, packOf(t, tt.market), Options{Day: day(t, "2026-11-22")})
		if got := codes(r); !slices.Equal(got, tt.want) {
			t.Errorf("%s %q %q: got %q, want %q", tt.market, l.Title, l.Description, got, tt.want)
		}
		if len(tt.want) == 0 && (!r.Ready || r.Score != 100) {
			t.Errorf("%s %q: score %d", tt.market, l.Title, r.Score)
		}
	}
}

// English product names of a real shop, listed in Germany as German.
func TestEnglishNamesInGermany(t *testing.T) {
	pack := packOf(t, "DE")
	names := productNames(t)
	found := 0
	for _, name := range names {
		r := Check(commerce.Listing{Item: commerce.Item{SKU: "A", Market: "DE", Channel: "web"}, Language: "de", Title: name, Legal: legalDE}, nil, pack, Options{Day: day(t, "2026-11-22")})
		if slices.Contains(codes(r), "language") {
			found++
			if r.Ready || r.Score > 30 {
				t.Fatalf("%s: score %d", name, r.Score)
			}
		}
	}
	if share := float64(found) / float64(len(names)); share < .9 {
		t.Errorf("%.3f of English names found in Germany, want .9", share)
	}
}

// Where letters and words leave a doubt, the source tells a copy.
func TestUntranslated(t *testing.T) {
	l := ready()[0]
	l.Title = "Retro Tin Lantern Polka"
	r := Check(l, nil, packOf(t, "DE"), Options{Day: day(t, "2026-11-22"), Source: &commerce.Listing{Language: "en", Title: "RETRO TIN LANTERN, POLKA"}})
	if got := codes(r); !slices.Equal(got, []string{"untranslated"}) && !slices.Equal(got, []string{"language"}) {
		t.Errorf("got %q", got)
	}
	l.Title = ready()[0].Title
	if r := Check(l, nil, packOf(t, "DE"), Options{Day: day(t, "2026-11-22"), Source: &commerce.Listing{Language: "de", Title: l.Title}}); !r.Ready {
		t.Errorf("a listing is no copy of itself: %q", codes(r))
	}
}

func TestDocumentsStandIn(t *testing.T) {
	l := ready()[0]
	l.Legal = ""
	var documents []commerce.Document
	for _, kind := range []string{"manufacturer_contact", "responsible_person_contact", "withdrawal_right", "legal_guarantee"} {
		documents = append(documents, commerce.Document{Market: commerce.EuropeanUnion, Kind: kind, Until: day(t, "2026-11-22")})
	}
	if r := Check(l, nil, packOf(t, "DE"), Options{Day: day(t, "2026-11-22"), Documents: documents}); !r.Ready {
		t.Errorf("with documents: %q", codes(r))
	}
	if r := Check(l, nil, packOf(t, "DE"), Options{Day: day(t, "2026-11-23"), Documents: documents}); len(codes(r)) != 4 {
		t.Errorf("the day after they end: %q", codes(r))
	}
}

// Before a rule is in force nothing is asked.
func TestRulesHaveDates(t *testing.T) {
	l := ready()[0]
	l.Description += " Die Verpackung ist umweltfreundlich."
	if r := Check(l, nil, packOf(t, "DE"), Options{Day: day(t, "2026-09-26")}); len(codes(r)) > 0 {
		t.Errorf("before 27 September 2026: %q", codes(r))
	}
	l = ready()[0]
	l.Legal = "Widerrufsrecht: 14 Tage. Gewährleistung."
	if r := Check(l, nil, packOf(t, "DE"), Options{Day: day(t, "2024-12-12")}); len(codes(r)) > 0 {
		t.Errorf("before 13 December 2024: %q", codes(r))
	}
}

// The score is 100 × Π (1 − loss) over different codes.
func TestScore(t *testing.T) {
	l := ready()[0]
	l.Legal = ""                              // major, four times one code
	l.Description = ""                        // minor
	l.Title = "Cushion cover for your garden" // blocker
	r := Check(l, nil, packOf(t, "DE"), Options{Day: day(t, "2026-11-22")})
	if want := 19; r.Score != want { // 100 × .3 × .7 × .9 = 18.9
		t.Errorf("score %d, want %d: %q", r.Score, want, codes(r))
	}
}

// Every finding is a sentence in both languages, and its remedy too.
func TestFindingsAreSaid(t *testing.T) {
	empty := regexp.MustCompile(`\[[a-zA-Z.-]+\]`)
	seen := map[string]bool{}
	say := func(r Report) {
		for _, f := range r.Findings {
			seen[f.Code] = true
			for _, lang := range messages.Languages {
				for _, s := range []string{f.Says().In(lang), f.Remedy().In(lang), f.Severity.Name().In(lang), messages.Text(lang, "localization.owner."+f.Owner)} {
					if s == "" || empty.MatchString(s) {
						t.Errorf("%s in %s: %q", f.Code, lang, s)
					}
				}
			}
		}
	}
	for _, pack := range market.Packs() {
		for i, s := range sentences(t) {
			if i%5 != 0 {
				continue
			}
			l := commerce.Listing{Item: commerce.Item{SKU: "A", Market: pack.Market, Channel: "ebay"}, Language: pack.ListingLanguages[0], Title: s.text,
				Description: strings.Repeat(s.text+". ", 3) + "110V, 3 inches, 2.5 kg, 2,5 kg, US plug, set of 4, made in Peru"}
			say(Check(l, &commerce.Product{Name: "map and pork", Origin: "CN", Traits: "toy"}, pack, Options{Day: day(t, "2026-11-22"), Source: &commerce.Listing{Language: "en", Title: "storage box"}}))
		}
		say(missing(commerce.Item{Market: pack.Market}, pack.ListingLanguages[0], pack))
	}
	if len(seen) < 12 {
		t.Errorf("only %d codes were seen: %v", len(seen), seen)
	}
	for language := range listed(wordsText) {
		if !messages.Has(languageName(language).Code) {
			t.Errorf("%s has no name", language)
		}
	}
	for script, language := range ownScript {
		if !messages.Has(scriptName(script).Code) || !messages.Has(languageName(language).Code) {
			t.Errorf("%s %s has no name", script, language)
		}
	}
}

func TestGlossary(t *testing.T) {
	if n := len(Glossary()); n < 120 {
		t.Errorf("%d terms", n)
	}
	seen := map[string]bool{}
	for _, term := range Glossary() {
		if term.EN == "" || term.ZH == "" || seen[term.EN] {
			t.Errorf("%+v is empty or twice", term)
		}
		seen[term.EN] = true
		for _, other := range Glossary() {
			if wrong, ok := says(other.ZH, term.Wrong); ok {
				t.Errorf("the right term %s holds %s, which %s calls wrong", other.ZH, wrong, term.EN)
			}
		}
	}
}

func TestLimits(t *testing.T) {
	for channel, want := range map[commerce.Channel]int{"amazon": 200, "amazon.de": 200, "Amazon-EU": 200, "ebay": 80, "web": 0, "amazonas": 0} {
		if l, _ := LimitOf(channel); l.Title != want {
			t.Errorf("%s: %d, want %d", channel, l.Title, want)
		}
	}
	for _, l := range limits() {
		if (l.Source == "") != l.Assumed {
			t.Errorf("%s has neither or both of source and assumed", l.Channel)
		}
	}
	for _, c := range claims() {
		if c.Source == "" || c.Name.EN == "" || c.Name.ZH == "" || c.Severity != "major" && c.Severity != "minor" || len(c.Words)+len(c.WordsBy) == 0 {
			t.Errorf("claim %s is not whole", c.Key)
		}
	}
}
