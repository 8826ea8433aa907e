package tradewind

import (
	"crypto/ed25519"
	"encoding/base64"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"tradewind/calendar"
	"tradewind/fault"
	"tradewind/law"
)

// estonia is a pack of the workspace: it corrects the rate that comes with Tradewind and
// adds a rule of its own. The figures are made up.
const estonia = `pack: EE
recorded_on: 2026-11-25
rules:
  - id: EE.vat.standard.2025-07-01
    version: 2
    topic: tax_rate
    title: {en: Standard VAT rate, zh: 增值税标准税率}
    effective_from: 2025-07-01
    status: in_force
    evidence: B
    params: {tax: vat, class: standard, rate: 0.245}
    source: {title: Letter of our adviser, kind: adviser, retrieved_on: 2026-11-25}
    verified_by: T. Ester
    verified_on: 2026-11-25
  - id: EE.shop.packaging
    topic: product
    title: {en: Packaging register, zh: 包装登记}
    effective_from: 2025-01-01
    effective_to: 2026-12-31
    status: unconfirmed
    evidence: K
    params: {missing: warn, owner: seller, remedy: {en: Register., zh: 请登记。}}
    source: {title: What we remember, kind: knowledge, retrieved_on: 2026-11-25}
    verified_on: 2026-11-25
`

func ruled(t *testing.T, c Config, packs map[string]string) *Engine {
	t.Helper()
	if c.Clock == "" {
		c.Clock = "2026-11-30T12:00:00Z"
	}
	e := workspace(t, c)
	for name, text := range packs {
		writePack(t, filepath.Join(e.Dir(), rulesFolder, name), text)
	}
	return e
}

func writePack(t *testing.T, path, text string) {
	t.Helper()
	if err := errors.Join(os.MkdirAll(filepath.Dir(path), 0o755), os.WriteFile(path, []byte(text), 0o600)); err != nil {
		t.Fatal(err)
	}
}

func someDay(t *testing.T, s string) calendar.Day {
	t.Helper()
	d, err := calendar.ParseDay(s)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// estonianRate is the standard rate of Estonia on a day, as Rule shows its parameters.
func estonianRate(t *testing.T, e *Engine, day string, known *calendar.Day) (id string, version int) {
	t.Helper()
	found, err := e.RulesAsOf(t.Context(), someDay(t, day), known, RuleFilter{Market: "EE", Topic: "tax_rate"})
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range found {
		if strings.HasPrefix(r.ID, "EE.vat.standard.") {
			return r.ID, r.Version
		}
	}
	return "", 0
}

// The rate was 22 % until 2025-06-30 and is 24 % from 2025-07-01 (Riigi Teataja, Value
// Added Tax Act, section 15).
func TestRulesAsOf(t *testing.T) {
	e := ruled(t, Config{}, nil)
	for _, tt := range []struct {
		day  string
		want float64
	}{{"2025-06-30", 0.22}, {"2025-07-01", 0.24}} {
		id, _ := estonianRate(t, e, tt.day, nil)
		r, err := e.Rule(t.Context(), id)
		if err != nil {
			t.Fatal(err)
		}
		got := 0.0
		for _, p := range r.Params {
			if p.Name == "rate" {
				got = p.Value.(float64)
			}
		}
		if got != tt.want || !r.Supported || r.NotAdvice.English == "" || r.NotAdvice.Chinese == "" {
			t.Errorf("on %s: got %v (%s, supported %v), want %v", tt.day, got, id, r.Supported, tt.want)
		}
	}
}

// A pack of the workspace corrects a rule from the day on which it was recorded; what was
// known before stays as it was.
func TestPacksOfTheWorkspace(t *testing.T) {
	e := ruled(t, Config{}, map[string]string{"estonia.yaml": estonia, "notes.txt": "no pack"})
	if _, version := estonianRate(t, e, "2026-01-01", nil); version != 2 {
		t.Errorf("version %d holds, want 2", version)
	}
	before := someDay(t, "2026-11-24")
	if _, version := estonianRate(t, e, "2026-01-01", &before); version != 1 {
		t.Errorf("on %s version %d was known, want 1", before, version)
	}
	r, err := e.Rule(t.Context(), "EE.vat.standard.2025-07-01")
	if err != nil || len(r.Versions) != 2 || r.Pack != "rules/estonia.yaml:4" || r.Versions[0].RetiredOn == nil || r.Versions[0].RetiredOn.String() != "2026-11-25" {
		t.Errorf("the rule is %+v, %v", r, err)
	}
	found, err := e.Rules(t.Context(), RuleFilter{Market: "EE", Topic: "product", Status: "unconfirmed"})
	i := slices.IndexFunc(found, func(v RuleView) bool { return v.ID == "EE.shop.packaging" })
	if err != nil || i < 0 || found[i].Supported {
		t.Errorf("found %+v, %v", found, err)
	}
	if slices.ContainsFunc(found, func(v RuleView) bool {
		return v.Topic != "product" || v.Status != "unconfirmed" || v.Jurisdiction != "EE" && v.Jurisdiction != "EU" && v.Jurisdiction != law.World
	}) {
		t.Errorf("found more than was asked for: %+v", found)
	}
}

// The book follows the folder: a changed pack is read again, a broken one stops every
// question about the law.
func TestPacksAreReadAgain(t *testing.T) {
	e := ruled(t, Config{}, map[string]string{"estonia.yaml": estonia})
	first, err := e.book()
	if again, _ := e.book(); err != nil || again != first {
		t.Fatalf("an unchanged folder is read twice, %v", err)
	}
	path := filepath.Join(e.Dir(), rulesFolder, "estonia.yaml")
	writePack(t, path, strings.Replace(estonia, "rate: 0.245", "rate: 24.5", 1))
	_, err = e.Rules(t.Context(), RuleFilter{})
	if f := fault.Of(err); f == nil || f.Code != "E-LAW-PERCENT" || !strings.Contains(err.Error(), "rules/estonia.yaml:11:") {
		t.Errorf("got %v", err)
	}
	if err := os.Remove(path); err != nil {
		t.Fatal(err)
	}
	if book, err := e.book(); err != nil || book != law.Standard() {
		t.Errorf("without packs the book is not the standard one: %v", err)
	}
}

func TestRulesCheck(t *testing.T) {
	e := ruled(t, Config{}, map[string]string{"estonia.yaml": estonia})
	report, err := e.RulesCheck(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	codes := map[string]RuleFinding{}
	for _, f := range report.Findings {
		if f.Text.English == "" || f.Text.Chinese == "" || f.Remedy.English == "" || f.Remedy.Chinese == "" {
			t.Errorf("%s says %+v", f.Code, f)
		}
		if f.Jurisdiction == "EE" || f.Jurisdiction == "" {
			codes[f.Code] = f
		}
	}
	if f := codes["expires"]; f.Days != 31 || len(f.Rules) != 1 || f.Rules[0] != "EE.shop.packaging" {
		t.Errorf("what expires is %+v", f)
	}
	if f := codes["unconfirmed"]; len(f.Rules) == 0 {
		t.Errorf("nothing is unconfirmed: %+v", report.Findings)
	}
	if f := codes["unsigned"]; !strings.Contains(f.Text.English, "rules/estonia.yaml") {
		t.Errorf("unsigned is %+v", f)
	}
	if report.Today.String() != "2026-11-30" || report.Rules == 0 || len(report.Packs) < 2 || len(report.Version) != 16 {
		t.Errorf("the report is of %s with %d rules in %d packs, version %s", report.Today, report.Rules, len(report.Packs), report.Version)
	}
}

func TestSignedPacks(t *testing.T) {
	private := ed25519.NewKeyFromSeed(make([]byte, ed25519.SeedSize))
	public := base64.StdEncoding.EncodeToString(private.Public().(ed25519.PublicKey))
	signature := base64.StdEncoding.EncodeToString(ed25519.Sign(private, []byte(estonia)))
	keys := map[string]string{"our adviser": public}

	e := ruled(t, Config{RuleKeys: keys}, map[string]string{"estonia.yaml": estonia, "estonia.yaml.sig": signature + "\n"})
	report, err := e.RulesCheck(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	signed := ""
	for _, p := range report.Packs {
		if p.Name == "rules/estonia.yaml" {
			signed = p.SignedBy
		}
	}
	for _, f := range report.Findings {
		if f.Code == "unsigned" {
			t.Errorf("%+v", f)
		}
	}
	if signed != "our adviser" {
		t.Errorf("signed by %q", signed)
	}
	// One byte more, and the signature is of another text.
	writePack(t, filepath.Join(e.Dir(), rulesFolder, "estonia.yaml"), estonia+"\n")
	if _, err := e.RulesCheck(t.Context()); !fault.Is(err, fault.Denied) {
		t.Errorf("a changed pack gives %v", err)
	}
	// A key that is none is named with its setting.
	dir := t.TempDir()
	if err := Init(dir, Config{RuleKeys: map[string]string{"x": "abc"}}); fault.Of(err) == nil || !strings.Contains(err.Error(), "E-LAW-KEY") {
		t.Errorf("got %v", err)
	}
}

func TestRulesRefuse(t *testing.T) {
	e := ruled(t, Config{}, nil)
	if _, err := e.Rule(t.Context(), "XX.none"); !fault.Is(err, fault.NotFound) {
		t.Errorf("got %v", err)
	}
	if _, err := e.Rules(t.Context(), RuleFilter{Market: "UK"}); !fault.Is(err, fault.NotFound) {
		t.Errorf("got %v", err)
	}
	if found, err := e.Rules(t.Context(), RuleFilter{Topic: "nothing"}); err != nil || len(found) != 0 || found == nil {
		t.Errorf("got %v, %v", found, err)
	}
}

// Every rule of the standard packs can be shown.
func TestEveryRuleIsShown(t *testing.T) {
	e := ruled(t, Config{}, nil)
	all, err := e.Rules(t.Context(), RuleFilter{})
	if err != nil || len(all) == 0 {
		t.Fatalf("%d rules, %v", len(all), err)
	}
	for _, v := range all {
		r, err := e.Rule(t.Context(), v.ID)
		if err != nil || len(r.Params) == 0 || r.Title.English == "" || r.Title.Chinese == "" || r.Place.English == "" || len(r.Versions) == 0 {
			t.Errorf("%s: %+v, %v", v.ID, r, err)
		}
	}
}
