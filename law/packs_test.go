package law_test

import (
	"math"
	"net/url"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"unicode"

	"tradewind/calendar"
	"tradewind/commerce"
	"tradewind/law"
	"tradewind/money"
)

// today is the day on which the packs were last held against their sources.
var today = on("2026-11-23")

func on(s string) calendar.Day {
	d, err := calendar.ParseDay(s)
	if err != nil {
		panic(err)
	}
	return d
}

func TestEveryPackIsRead(t *testing.T) {
	names, err := filepath.Glob("packs/*.yaml")
	if err != nil {
		t.Fatal(err)
	}
	book := law.Standard()
	if got, want := len(book.Packs()), len(names); got != want {
		t.Errorf("%d packs in the book, %d files", got, want)
	}
	for _, pack := range book.Packs() {
		if pack.Rules == 0 {
			t.Errorf("%s has no rules", pack.Name)
		}
	}
}

// TestRulesAreWellKnownOrSaySo holds every rule of the packs against what they promise:
// both languages, a source, and no figure in force that only hearsay supports.
func TestRulesAreWellKnownOrSaySo(t *testing.T) {
	for _, r := range law.Standard().All() {
		if r.Title.En == "" || !chinese(r.Title.Zh) {
			t.Errorf("%s: title %q, %q", r.ID, r.Title.En, r.Title.Zh)
		}
		if (r.Note.En == "") != (r.Note.Zh == "") || r.Note.Zh != "" && !chinese(r.Note.Zh) {
			t.Errorf("%s: note in one language only", r.ID)
		}
		weak := r.Evidence == law.Secondary || r.Evidence == law.Knowledge
		if weak && (r.Status == law.InForce || r.Status == law.Expired || r.Supported()) {
			t.Errorf("%s: %s on evidence %s", r.ID, r.Status, r.Evidence)
		}
		if ended := r.To != nil && r.To.Before(today); ended && r.Status == law.InForce || !ended && r.Status == law.Expired {
			t.Errorf("%s: %s, ends %v", r.ID, r.Status, r.To)
		}
		if begun := !today.Before(r.From); begun && r.Status == law.AdoptedFuture || !begun && r.Status == law.InForce {
			t.Errorf("%s: %s, begins %s", r.ID, r.Status, r.From)
		}
		if r.Source.URL != "" {
			if u, err := url.Parse(r.Source.URL); err != nil || u.Scheme != "https" && u.Scheme != "http" || u.Host == "" {
				t.Errorf("%s: address %q", r.ID, r.Source.URL)
			}
		}
		if r.Source.RetrievedOn.Before(on("2026-01-01")) || today.Before(r.VerifiedOn) {
			t.Errorf("%s: retrieved %s, verified %s", r.ID, r.Source.RetrievedOn, r.VerifiedOn)
		}
	}
}

func chinese(s string) bool {
	return strings.ContainsFunc(s, func(r rune) bool { return unicode.Is(unicode.Han, r) })
}

func TestDestinations(t *testing.T) {
	book := law.Standard()
	count := 0
	for _, place := range book.Jurisdictions() {
		if place == commerce.EuropeanUnion || len(place) != 2 {
			continue
		}
		rated := false
		for _, rate := range law.In[law.TaxRate](book, place, today) {
			rated = rated || rate.Class == "standard"
		}
		if _, based := book.One(place, law.TopicCustoms, today); rated && based {
			count++
		} else if rated != based {
			t.Errorf("%s: standard rate %v, customs base %v", place, rated, based)
		}
	}
	if count < 60 {
		t.Errorf("%d destinations with a standard rate and a customs base", count)
	}
}

// standardRate finds the one standard rate of a whole country, in percent.
func standardRate(t *testing.T, place commerce.Market, day calendar.Day) (percent float64, rule *law.Rule) {
	t.Helper()
	percent = math.NaN()
	for r, rate := range law.In[law.TaxRate](law.Standard(), place, day) {
		if rate.Class != "standard" || rate.Region != "" {
			continue
		}
		if rule != nil {
			t.Errorf("%s on %s: two standard rates, %s and %s", place, day, rule.ID, r.ID)
		}
		percent, rule = rate.Rate*100, r
	}
	return percent, rule
}

// The standard rates of the member states and the United Kingdom as others list them.
var lists = []struct {
	day    string
	source string
	rates  string
}{
	{"2010-06-01", "kdeldycke/vat-rates; a list of spring 2010 in kiwibiker.co.nz has the same",
		"AT 20 BE 21 BG 20 CY 15 CZ 20 DE 19 DK 25 EE 20 ES 16 FI 22 FR 19.6 GB 17.5 GR 21 HR 23 HU 25 IE 21 IT 20 LT 21 LU 15 LV 21 MT 18 NL 19 PL 22 PT 20 RO 19 SE 25 SI 20 SK 19"},
	{"2011-01-03", "European Commission, 1 January 2011, as re-posted by exportvat.com; SK 20 by both tables, GB a day before its change",
		"AT 20 BE 21 BG 20 CY 15 CZ 20 DE 19 DK 25 EE 20 ES 18 FI 23 FR 19.6 GB 17.5 GR 23 HU 25 IE 21 IT 20 LT 21 LU 15 LV 22 MT 18 NL 19 PL 23 PT 23 RO 24 SE 25 SI 20 SK 20"},
	{"2011-12-10", "as before, with Italy 21 since 2011-09-17 and the United Kingdom 20",
		"AT 20 BE 21 BG 20 CY 15 CZ 20 DE 19 DK 25 EE 20 ES 18 FI 23 FR 19.6 GB 20 GR 23 HU 25 IE 21 IT 21 LT 21 LU 15 LV 22 MT 18 NL 19 PL 23 PT 23 RO 24 SE 25 SI 20 SK 20"},
	{"2014-01-13", "European Commission, 13 January 2014, as re-posted by regfollower.com",
		"AT 20 BE 21 BG 20 CY 19 CZ 21 DE 19 DK 25 EE 20 ES 21 FI 24 FR 20 GB 20 GR 23 HR 25 HU 27 IE 23 IT 22 LT 21 LU 15 LV 21 MT 18 NL 21 PL 23 PT 23 RO 24 SE 25 SI 22 SK 20"},
	{"2020-01-01", "ibericode/vat-rates",
		"AT 20 BE 21 BG 20 CY 19 CZ 21 DE 19 DK 25 EE 20 ES 21 FI 24 FR 20 GB 20 GR 24 HR 25 HU 27 IE 23 IT 22 LT 21 LU 17 LV 21 MT 18 NL 21 PL 23 PT 23 RO 19 SE 25 SI 22 SK 20"},
	{"2024-06-01", "ibericode/vat-rates",
		"AT 20 BE 21 BG 20 CY 19 CZ 21 DE 19 DK 25 EE 22 ES 21 FI 24 FR 20 GB 20 GR 24 HR 25 HU 27 IE 23 IT 22 LT 21 LU 17 LV 21 MT 18 NL 21 PL 23 PT 23 RO 19 SE 25 SI 22 SK 20"},
	{"2026-11-22", "ibericode/vat-rates cross-checked with newcraft, December 2025",
		"AT 20 BE 21 BG 20 CY 19 CZ 21 DE 19 DK 25 EE 24 ES 21 FI 25.5 FR 20 GB 20 GR 24 HR 25 HU 27 IE 23 IT 22 LT 21 LU 17 LV 21 MT 18 NL 21 PL 23 PT 23 RO 21 SE 25 SI 22 SK 23 XI 20"},
}

func TestStandardRatesOfEurope(t *testing.T) {
	for _, list := range lists {
		words := strings.Fields(list.rates)
		for i := 0; i < len(words); i += 2 {
			got, rule := standardRate(t, commerce.Market(words[i]), on(list.day))
			if want := number(t, words[i+1]); !near(got, want) {
				t.Errorf("%s on %s: %v %%, want %v (%s)", words[i], list.day, got, want, list.source)
				continue
			}
			if before := words[i] == "HR" && list.day < "2012-03-01"; rule.Supported() == before {
				t.Errorf("%s on %s: supported is %v", words[i], list.day, rule.Supported())
			}
		}
	}
}

func number(t *testing.T, s string) float64 {
	t.Helper()
	m, err := money.Parse(s, "EUR")
	if err != nil {
		t.Fatal(err)
	}
	return m.Float()
}

func near(x, y float64) bool { return math.Abs(x-y) < 1e-9 }

// TestAverage is a check of the whole that no single table can pass by chance: the mean
// of the 27 rates of November 2026 is 591.5 / 27.
func TestAverage(t *testing.T) {
	sum, n := 0.0, 0
	for _, state := range law.Standard().Members(commerce.EuropeanUnion, today) {
		if state == law.NorthernIreland {
			continue
		}
		rate, _ := standardRate(t, state, today)
		sum, n = sum+rate, n+1
	}
	if n != 27 || !near(sum, 591.5) {
		t.Errorf("%d states, mean %.3f %%, want 27 and %.3f", n, sum/float64(n), 591.5/27)
	}
}

func TestChangesToTheDay(t *testing.T) {
	for _, tt := range []struct {
		place         commerce.Market
		last          string // the last day of the old rate
		before, after float64
	}{
		{"GB", "2008-11-30", 17.5, 15}, {"GB", "2009-12-31", 15, 17.5}, {"GB", "2011-01-03", 17.5, 20},
		{"RO", "2025-07-31", 19, 21}, {"EE", "2025-06-30", 22, 24}, {"EE", "2023-12-31", 20, 22},
		{"FI", "2024-08-31", 24, 25.5}, {"SK", "2024-12-31", 20, 23}, {"LU", "2022-12-31", 17, 16}, {"LU", "2023-12-31", 16, 17},
		{"DE", "2020-06-30", 19, 16}, {"DE", "2020-12-31", 16, 19}, {"IE", "2020-08-31", 23, 21}, {"IE", "2021-02-28", 21, 23},
		{"GR", "2010-03-14", 19, 21}, {"GR", "2010-06-30", 21, 23}, {"ES", "2010-06-30", 16, 18}, {"PT", "2010-12-31", 21, 23},
		{"CH", "2010-12-31", 7.6, 8}, {"CH", "2023-12-31", 7.7, 8.1}, {"NZ", "2010-09-30", 12.5, 15}, {"JP", "2014-03-31", 5, 8},
		{"CN", "2019-03-31", 16, 13}, {"SA", "2020-06-30", 5, 15}, {"TR", "2023-07-09", 18, 20}, {"ZA", "2018-03-31", 14, 15},
	} {
		last := on(tt.last)
		if got, _ := standardRate(t, tt.place, last); !near(got, tt.before) {
			t.Errorf("%s on %s: %v %%, want %v", tt.place, last, got, tt.before)
		}
		if got, _ := standardRate(t, tt.place, last.AddDays(1)); !near(got, tt.after) {
			t.Errorf("%s on %s: %v %%, want %v", tt.place, last.AddDays(1), got, tt.after)
		}
	}
}

func TestNoStandardRateIsBroken(t *testing.T) {
	for _, f := range law.Standard().Check(today) {
		if f.Message.Code != "law.finding.gap" {
			continue
		}
		for _, r := range f.Rules {
			if rate, ok := r.Params.(law.TaxRate); ok && rate.Class == "standard" {
				t.Errorf("%s: %s", r.ID, f.Message.In("en"))
			}
		}
	}
}

func TestMembership(t *testing.T) {
	book := law.Standard()
	for _, tt := range []struct {
		place  commerce.Market
		day    string
		member bool
	}{
		{"GB", "2010-12-01", true}, {"GB", "2020-12-31", true}, {"GB", "2021-01-01", false}, {"XI", "2021-01-01", true},
		{"HR", "2013-06-30", false}, {"HR", "2013-07-01", true}, {"RO", "2006-12-31", false}, {"BG", "2007-01-01", true},
		{"EE", "2004-05-01", true}, {"NO", "2010-12-01", false}, {"CH", "2026-11-22", false},
	} {
		if got := slices.Contains(book.Members(commerce.EuropeanUnion, on(tt.day)), tt.place); got != tt.member {
			t.Errorf("%s on %s: member %v, want %v", tt.place, tt.day, got, tt.member)
		}
	}
	if got := len(book.Members(commerce.EuropeanUnion, on("2010-06-01"))); got != 27 {
		t.Errorf("%d member states in 2010, want 27", got)
	}
}

// TestTurningPoints asks for rules on the last day of the old law and the first of the new.
func TestTurningPoints(t *testing.T) {
	for _, tt := range []struct {
		place commerce.Market
		topic law.Topic
		day   string
		want  []string // rules that money may rest on
	}{
		{"DE", law.TopicDutyRelief, "2026-06-30", []string{"EU.duty_relief.2010"}},
		{"DE", law.TopicFlatDuty, "2026-06-30", nil},
		{"DE", law.TopicDutyRelief, "2026-07-01", nil},
		{"DE", law.TopicFlatDuty, "2026-07-01", []string{"EU.flat_duty"}},
		{"FR", law.TopicParcelFee, "2026-02-28", nil},
		{"FR", law.TopicParcelFee, "2026-11-22", []string{"FR.parcel_fee"}},
		{"IT", law.TopicParcelFee, "2026-11-22", nil},
		{"RO", law.TopicParcelFee, "2026-01-01", []string{"RO.parcel_fee"}},
		{"DE", law.TopicSaleTax, "2021-06-30", nil},
		{"DE", law.TopicSaleTax, "2021-07-01", []string{"EU.ioss"}},
		{"XI", law.TopicSaleTax, "2026-11-22", []string{"EU.ioss"}},
		{"GB", law.TopicSaleTax, "2021-01-01", []string{"GB.uk_135"}},
		{"GB", law.TopicDutyRelief, "2020-12-31", []string{"EU.duty_relief.2010"}},
		{"GB", law.TopicDutyRelief, "2021-01-01", []string{"GB.duty_relief"}},
		{"US", law.TopicDutyRelief, "2025-05-01", []string{"US.duty_relief.800"}},
		{"US", law.TopicDutyRelief, "2025-08-28", []string{"US.duty_relief.800_not_cn"}},
		{"US", law.TopicDutyRelief, "2025-08-29", nil},
		{"US", law.TopicSurcharge, "2026-02-24", []string{"US.section_122"}},
		{"US", law.TopicSurcharge, "2026-07-24", nil},
		{"AU", law.TopicSaleTax, "2018-07-01", []string{"AU.au_gst"}},
		{"BR", law.TopicTaxRate, "2024-08-01", []string{"BR.icms.2023"}},
		{"BR", law.TopicTaxRate, "2026-11-22", nil},
		{"MX", law.TopicSimplified, "2025-08-15", []string{"MX.courier.2025", "MX.courier_usmca.2025"}},
		{"MX", law.TopicSimplified, "2026-11-22", nil},
		{"IN", law.TopicSimplified, "2026-11-22", nil},
		{"CN", law.TopicSimplified, "2026-11-22", []string{"CN.cbec"}},
		{"KR", law.TopicDutyRelief, "2026-11-22", nil},
	} {
		var got []string
		for _, r := range law.Standard().Rules(tt.place, tt.topic, on(tt.day)) {
			if r.Supported() {
				got = append(got, r.ID)
			}
		}
		if !slices.Equal(got, tt.want) {
			t.Errorf("%s %s on %s: %v, want %v", tt.place, tt.topic, tt.day, got, tt.want)
		}
	}
}

func TestZones(t *testing.T) {
	for _, tt := range []struct {
		place    commerce.Market
		postcode string
		want     string
	}{
		{"ES", "35001", "ES.zone.canaries"}, {"ES", "38670", "ES.zone.canaries"}, {"ES", "51001", "ES.zone.ceuta"}, {"ES", "52006", "ES.zone.melilla"},
		{"ES", "28001", ""}, {"DE", "78266", "DE.zone.buesingen"}, {"DE", "27498", "DE.zone.heligoland"}, {"DE", "10115", ""},
		{"AT", "6691", "AT.zone.jungholz"}, {"AT", "6992", "AT.zone.mittelberg"}, {"PT", "9500-321", "PT.zone.azores.2021"},
		{"PT", "9000-001", "PT.zone.madeira.2023"}, {"PT", "1000-001", ""}, {"FR", "97400", "FR.zone.reunion"}, {"FR", "75001", ""},
		{"IT", "23041", "IT.zone.livigno"}, {"GR", "63086", "GR.zone.athos"},
	} {
		got := ""
		for r, zone := range law.In[law.TaxZone](law.Standard(), tt.place, today) {
			if zone.Postcodes != "" && regexp.MustCompile("^(?:"+zone.Postcodes+")$").MatchString(tt.postcode) {
				got += r.ID
			}
		}
		if got != tt.want {
			t.Errorf("%s %s: zone %q, want %q", tt.place, tt.postcode, got, tt.want)
		}
	}
}
