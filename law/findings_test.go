package law

import (
	"encoding/base64"
	"encoding/hex"
	"slices"
	"strings"
	"testing"

	"tradewind/fault"
	"tradewind/messages"
)

// found runs the check and gives "code place: rules" of each finding.
func found(t *testing.T, b *Book, today string) []string {
	t.Helper()
	var all []string
	for _, f := range b.Check(day(today)) {
		for _, lang := range messages.Languages {
			if text := f.Message.In(lang) + f.Message.Remedy().In(lang); emptyHole.MatchString(text) {
				t.Errorf("%s", text)
			}
		}
		all = append(all, f.Code()+" "+string(f.Jurisdiction)+": "+ids(f.Rules))
	}
	return all
}

func TestCheck(t *testing.T) {
	quiet := strings.NewReplacer(`verified_on: 2026-11-22`, `verified_on: 2026-11-22, verified_by: "A. Lawyer"`).Replace(unionPack)
	standard := func(pack string) *Book {
		b, err := Read(File{Name: "a.yaml", Data: []byte(pack), standard: true})
		if err != nil {
			t.Fatal(err)
		}
		return b
	}
	change := func(from, to string) *Book {
		if !strings.Contains(quiet, from) {
			t.Fatalf("the sample does not hold %q", from)
		}
		return standard(strings.Replace(quiet, from, to, 1))
	}
	contested := "contested 001: world.un3481"
	for _, tt := range []struct {
		name  string
		book  *Book
		today string
		want  []string
	}{
		{"all is well", standard(quiet), "2026-11-22", []string{contested}},
		{"nobody signed", read(t, quiet), "2026-11-22", []string{contested, "unsigned : "}},
		{"nobody verified", standard(strings.Replace(quiet, `, verified_by: "A. Lawyer"`, "", 99)), "2026-11-22",
			[]string{contested, "unverified : CPTPP.list DE.relief EU.ioss EU.next EU.union.3 EU.union.tr EU.withdrawal world.un3481"}},
		{"90 days", standard(quiet), "2027-02-20", []string{contested}},
		{"91 days", standard(quiet), "2027-02-21",
			[]string{contested, "stale 001: world.un3481", "stale CPTPP: CPTPP.list", "stale DE: DE.relief", "stale EU: EU.ioss EU.next EU.union.3 EU.union.tr EU.withdrawal"}},
		{"61 days before the end", standard(quiet), "2026-04-30", []string{contested}},
		{"60 days before the end", standard(quiet), "2026-05-01", []string{"expires EU: EU.relief", contested}},
		{"on the last day", standard(quiet), "2026-06-30", []string{"expires EU: EU.relief", contested}},
		{"after the end", standard(quiet), "2026-07-01", []string{contested}},
		{"replaced", standard(quiet), "2020-12-31", []string{"replaced EU: EU.union.2", "begins EU: EU.union.3", contested}},
		{"begins in 60 days", standard(quiet), "2021-05-02", []string{"begins EU: EU.ioss", contested}},
		{"begins in 61 days", standard(quiet), "2021-05-01", []string{contested}},
		{"unconfirmed", change("effective_from: 2021-07-01, status: in_force", "effective_from: 2021-07-01, status: unconfirmed"), "2026-11-22",
			[]string{contested, "unconfirmed EU: EU.ioss"}},
		{"adopted and begun", change("effective_from: 2021-07-01, status: in_force", "effective_from: 2021-07-01, status: adopted_future"), "2026-11-22",
			[]string{"begun EU: EU.ioss", contested}},
		{"a gap", change("effective_from: 2021-01-01", "effective_from: 2021-01-03"), "2026-11-22",
			[]string{"gap EU: EU.union.2 EU.union.3", contested}},
		{"a gap before what supersedes", change("params: {limit: 22 EUR}", "params: {limit: 22 EUR}, supersedes: EU.union.2"), "2026-11-22",
			[]string{"gap DE: EU.union.2 DE.relief", contested}},
	} {
		if got := found(t, tt.book, tt.today); !slices.Equal(got, tt.want) {
			t.Errorf("%s:\ngot  %q\nwant %q", tt.name, got, tt.want)
		}
	}
}

// The days between two rules of a chain are counted with both ends of the gap.
func TestGapCountsItsDays(t *testing.T) {
	b := read(t, strings.Replace(unionPack, "effective_from: 2021-01-01", "effective_from: 2021-01-03", 1))
	for _, f := range b.Check(day("2022-01-01")) {
		if f.Message.Code == "law.finding.gap" {
			if got, want := f.Message.In(messages.English), "No rule covers 2021-01-01 to 2021-01-02, 2 days between EU.union.2 and EU.union.3."; got != want || f.Days != 2 {
				t.Errorf("got %q and %d days, want %q", got, f.Days, want)
			}
			return
		}
	}
	t.Error("the gap was not found")
}

// Test 2 of RFC 8032, section 7.1: one byte, signed.
const (
	rfcPublic    = "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c"
	rfcMessage   = "72"
	rfcSignature = "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00"
)

func base64Of(t *testing.T, hexadecimal string) string {
	t.Helper()
	raw, err := hex.DecodeString(hexadecimal)
	if err != nil {
		t.Fatal(err)
	}
	return base64.StdEncoding.EncodeToString(raw)
}

func TestVerify(t *testing.T) {
	key, err := ParseKey("adviser", base64Of(t, rfcPublic)+"\n")
	if err != nil {
		t.Fatal(err)
	}
	other, err := ParseKey("other", base64Of(t, "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a")) // test 1
	if err != nil {
		t.Fatal(err)
	}
	data, _ := hex.DecodeString(rfcMessage)
	sig := base64Of(t, rfcSignature)
	if signer, err := Verify("a.yaml", data, []byte(sig+"\n"), []Key{other, key}); err != nil || signer != "adviser" {
		t.Errorf("got %q, %v", signer, err)
	}
	for name, try := range map[string]func() (string, error){
		"another text":    func() (string, error) { return Verify("a.yaml", []byte("s"), []byte(sig), []Key{key}) },
		"another key":     func() (string, error) { return Verify("a.yaml", data, []byte(sig), []Key{other}) },
		"no key":          func() (string, error) { return Verify("a.yaml", data, []byte(sig), nil) },
		"no signature":    func() (string, error) { return Verify("a.yaml", data, nil, []Key{key}) },
		"short signature": func() (string, error) { return Verify("a.yaml", data, []byte(sig[:40]), []Key{key}) },
	} {
		if signer, err := try(); !fault.Is(err, fault.Denied) || signer != "" {
			t.Errorf("%s: got %q, %v", name, signer, err)
		}
	}
	for _, bad := range []string{"", "AAAA", "no base64 !", base64Of(t, rfcPublic+"00")} {
		if _, err := ParseKey("bad", bad); !fault.Is(err, fault.Invalid) {
			t.Errorf("%q: got %v", bad, err)
		}
	}
}

func TestFieldsShowWhatARuleSets(t *testing.T) {
	b := read(t, ruleOf("simplified_import", "{scheme: rc, bands: [{up_to: 50 USD, rate: 0}, {rate: 0.6, deduct: 20 USD}], replaces_tax: true, origins: [CN, HK]}"))
	r, _ := b.Rule("EE.x")
	var got []string
	for _, f := range Fields(r.Params) {
		got = append(got, f.Name)
	}
	if want := []string{"origins", "scheme", "bands", "replaces_tax"}; !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
	bands := Fields(r.Params)[2].Value.([]any)
	if first := bands[0].([]Field); len(first) != 2 || first[1].Name != "rate" || first[1].Value != 0.0 {
		t.Errorf("a rate of zero is shown as %v", first)
	}
}
