package tradewind

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"tradewind/fault"
	"tradewind/messages"
)

// TestWithoutSettings: a folder with a database alone is a workspace; it reports in
// pounds and takes its days from the facts and the real clock.
func TestWithoutSettings(t *testing.T) {
	e := workspace(t, Config{})
	dir := e.Dir()
	if err := e.Close(); err != nil {
		t.Fatal(err)
	}
	if err := os.Remove(filepath.Join(dir, ConfigFile)); err != nil {
		t.Fatal(err)
	}
	e = open(t, dir)
	if diff := cmp.Diff(Config{}, e.Config(), words, cmp.AllowUnexported(e.Config().Plan)); diff != "" {
		t.Errorf("settings (-zero +got):\n%s", diff)
	}
	before := time.Now()
	mustImport(t, e, ImportOptions{}, append(append([]string{}, sampleOrders...), sampleAssumed...)...)
	p, err := e.Plan(t.Context(), PlanOptions{})
	if err != nil {
		t.Fatal(err)
	}
	s, err := e.Status(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	today := time.Now().UTC().Format(time.DateOnly)
	if s.Currency != "GBP" || s.FactsAsOf.String() != "2011-12-09" || s.RulesAsOf.String() != today && s.RulesAsOf.String() != before.UTC().Format(time.DateOnly) {
		t.Errorf("currency %s, facts as of %s, rules as of %s", s.Currency, s.FactsAsOf, s.RulesAsOf)
	}
	for _, d := range p.Decisions {
		if left := time.Until(d.Expires); left < 6*24*time.Hour || left > 8*24*time.Hour {
			t.Errorf("%s expires in %v, want the week until the next plan", d.ID, left)
		}
	}
}

// TestWrittenSettingsAreReadBack: what Init writes is what Open reads.
func TestWrittenSettingsAreReadBack(t *testing.T) {
	want := demoConfig
	want.Language, want.Plan.Cash, want.Plan.FeeRate, want.Plan.Seed = "zh-Hans", "1234.50", 0.15, 7
	e := workspace(t, want)
	if diff := cmp.Diff(want, e.Config(), cmp.AllowUnexported(want.Plan), cmpopts.EquateEmpty()); diff != "" {
		t.Errorf("settings (-written +read):\n%s", diff)
	}
}

func TestSettingsThatAreRefused(t *testing.T) {
	for _, tt := range []struct {
		text string
		line int
		says string // in English
	}{
		{"currency: GBP\ncurency: EUR\n", 2, "curency"},
		{"plan:\n  attention: 20\n  atention: 30\n", 3, "atention"},
		{"plan:\n  attention: many\n", 2, "many"},
		{"currency: GBP\n\ncurrency: EUR\n", 3, "currency"},
		{"currency: [GBP\n", 1, ""},
		{"# a shop\ncurrency: POUNDS\n", 2, "ISO 4217"},
		{"zone: Mars/Olympus\n", 1, "time zone"},
		{"zone: UTC\nlanguage: fr\n", 2, "fr"},
		{"facts_as_of: 9.12.2011\n", 1, "not a date"},
		{"zone: UTC\nrules_as_of: 2011-13-01\n", 2, "not a date"},
		{"clock: 2011-12-09\n", 1, "not an instant"},
		{"currency: GBP\nplan:\n  seed: 3\n  max_cycle_days: 900\n", 4, "max_cycle_days"},
		{"seller:\n  established: [UK]\n", 2, "UK"},
		{"seller:\n  registered: [GB:vat, GB]\n", 2, "GB:vat"},
		{"seller:\n  incoterm: FREE\n", 2, "DAP, DDP"},
		{"seller:\n  transport: mule\n", 2, "courier"},
		{"plan:\n  review_days: -1\n", 2, "review_days"},
		{"plan:\n  holding_rate: 9\n", 2, "holding_rate"},
		{"plan:\n  fee_rate: 1\n", 2, "fee_rate"},
		{"plan:\n  cash: 1,000\n", 2, "cash"},
		{"plan:\n  min_gain: -1\n", 2, "min_gain"},
		{"plan:\n  attention: -1\n", 2, "attention"},
		{"plan:\n  scenarios: -1\n", 2, "scenarios"},
	} {
		dir := t.TempDir()
		path := filepath.Join(dir, ConfigFile)
		if err := os.WriteFile(path, []byte(tt.text), 0o644); err != nil {
			t.Fatal(err)
		}
		_, err := Open(t.Context(), dir)
		f := fault.Of(err)
		if f == nil || f.Code != "E-CONFIG" || f.Kind != fault.Invalid {
			t.Errorf("%q: got %v, want E-CONFIG", tt.text, err)
			continue
		}
		text := messages.Of(err).In(messages.English)
		if place := fmt.Sprintf("%s:%d", path, tt.line); !strings.Contains(text, place+" ") || !strings.Contains(text, tt.says) {
			t.Errorf("%q: %s\nwant it to name %s and %q", tt.text, text, place, tt.says)
		}
		if chinese := messages.Of(err).In(messages.Chinese); chinese == text || !strings.Contains(chinese, path) {
			t.Errorf("%q: in Chinese: %s", tt.text, chinese)
		}
		if _, err := os.Stat(filepath.Join(dir, databaseFile)); err == nil {
			t.Errorf("%q: a database was made all the same", tt.text)
		}
	}
}

func TestEmptySettingsAreTheDefaults(t *testing.T) {
	for _, text := range []string{"", "\n", "# nothing set\n", "plan:\n"} {
		dir := t.TempDir()
		if err := os.WriteFile(filepath.Join(dir, ConfigFile), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
		c, err := ReadConfig(dir)
		if diff := cmp.Diff(Config{}, c, cmp.AllowUnexported(c.Plan)); err != nil || diff != "" {
			t.Errorf("%q: %v (-zero +got):\n%s", text, err, diff)
		}
	}
}

// TestFactsEndWhereTheSettingsSay: what happened after facts_as_of is not known yet.
func TestFactsEndWhereTheSettingsSay(t *testing.T) {
	e := reopen(t, sample(t), func(c *Config) {
		c.FactsAsOf, c.RulesAsOf, c.Clock = "2011-10-31", "2011-11-15", "2011-11-01T09:00:00+01:00"
	})
	s, err := e.snapshot(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if got := s.AsOf.String(); got != "2011-10-31" {
		t.Errorf("the facts are as of %s", got)
	}
	for r, day := range s.Sales.Day {
		if s.AsOf.Before(day) {
			t.Fatalf("row %d is of %s", r, day)
		}
	}
	if len(s.Stocks) != 0 {
		t.Errorf("the stock of December is known in October: %v", s.Stocks)
	}
	status, err := e.Status(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if got, want := status.FactsAsOf.String(), "2011-10-31"; got != want {
		t.Errorf("the status says facts as of %s, want %s", got, want)
	}
	if got, want := status.RulesAsOf.String(), "2011-11-15"; got != want {
		t.Errorf("rules as of %s, want %s", got, want)
	}
	if got, want := e.Now(), time.Date(2011, 11, 1, 8, 0, 0, 0, time.UTC); !got.Equal(want) {
		t.Errorf("the clock stands at %v, want %v", got, want)
	}

	e = reopen(t, e, func(c *Config) { c.FactsAsOf, c.RulesAsOf, c.Zone = "2009-01-01", "", "Asia/Shanghai" })
	_, err = e.Plan(t.Context(), PlanOptions{})
	refused(t, err, fault.Invalid, "E-NO-SALES")
	if status, err = e.Status(t.Context()); err != nil || status.RulesAsOf.String() != "2011-11-01" {
		t.Errorf("rules as of %s, want the day of the clock: %v", status.RulesAsOf, err)
	}
}
