package main

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// tables writes two small tables and reads them back.
func tables(t *testing.T, history, rates string) (map[string][]span, map[string][]period) {
	t.Helper()
	dir := t.TempDir()
	for name, text := range map[string]string{"history.csv": "start_date,stop_date,territory_codes,currency_code,rate,rate_type,description\n" + history, "rates.json": rates} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	spans, err := readHistory(filepath.Join(dir, "history.csv"))
	if err != nil {
		t.Fatal(err)
	}
	periods, err := readTable(filepath.Join(dir, "rates.json"))
	if err != nil {
		t.Fatal(err)
	}
	return spans, periods
}

// said gives "first last rate status" of each rule.
func said(rules []rule) (all []string) {
	for _, r := range rules {
		last := "-"
		if r.last != nil {
			last = r.last.String()
		}
		all = append(all, strings.Join([]string{r.first.String(), last, r.rate, r.status}, " "))
	}
	return all
}

func TestStandardRules(t *testing.T) {
	for _, tt := range []struct {
		name, history, rates string
		want                 []string
	}{
		{"last days by either convention, and a change of currency",
			"2023-01-01,,AT,EUR,0.25,standard,\n2012-03-01,2022-12-31,AT,ATS,0.25,standard,\n2009-08-01,2012-03-01,AT,ATS,0.23,standard,\n1998-08-01,2009-08-01,AT,ATS,0.22,standard,\n",
			`{"items": {"AT": [{"effective_from": "0000-01-01", "rates": {"standard": 25}}]}}`,
			[]string{"1998-08-01 2009-07-31 0.22 expired", "2009-08-01 2012-02-29 0.23 expired", "2012-03-01 - 0.25 in_force"}},
		{"the tables disagree on a day",
			"2016-02-01,,AT,EUR,0.21,standard,\n2000-01-01,2016-02-01,AT,EUR,0.2,standard,\n",
			`{"items": {"AT": [{"effective_from": "2016-01-01", "rates": {"standard": 21}}, {"effective_from": "0000-01-01", "rates": {"standard": 20}}]}}`,
			[]string{"2000-01-01 2015-12-31 0.2 expired", "2016-01-01 2016-01-31 0.2 contested", "2016-02-01 - 0.21 in_force"}},
		{"the tables disagree today",
			"2000-01-01,,AT,EUR,0.2,standard,\n",
			`{"items": {"AT": [{"effective_from": "2024-01-01", "rates": {"standard": 19.5}}, {"effective_from": "2016-01-01", "rates": {"standard": 20}}]}}`,
			[]string{"2000-01-01 2023-12-31 0.2 expired", "2024-01-01 - 0.2 contested"}},
	} {
		spans, periods := tables(t, tt.history, tt.rates)
		if got := said(standardRules("AT", spans["AT"], periods["AT"], day("2026-11-22"))); !slices.Equal(got, tt.want) {
			t.Errorf("%s:\n got %q\nwant %q", tt.name, got, tt.want)
		}
	}
}

func TestClassRules(t *testing.T) {
	_, periods := tables(t, "2000-01-01,,FI,EUR,0.2,standard,\n", `{"items": {
		"AT": [{"effective_from": "2016-01-01", "rates": {"standard": 20, "reduced1": 10, "reduced2": 13}}, {"effective_from": "0000-01-01", "rates": {"standard": 20, "reduced": 10}}],
		"BE": [{"effective_from": "0000-01-01", "rates": {"standard": 21, "reduced1": 6}}],
		"FI": [{"effective_from": "2024-09-01", "rates": {"standard": 25.5, "reduced2": 14}}]}}`)
	for country, want := range map[string][]string{
		"AT": {"2016-01-01 - 0.1 in_force", "2016-01-01 - 0.13 in_force"},
		"BE": {"2025-08-12 - 0.06 in_force"},
		"FI": {"2024-09-01 2025-12-31 0.14 expired"},
	} {
		if got := said(classRules(country, periods[country], day("2026-11-22"))); !slices.Equal(got, want) {
			t.Errorf("%s:\n got %q\nwant %q", country, got, want)
		}
	}
}

func TestSameTablesSameFiles(t *testing.T) {
	spans, periods := tables(t, "2016-01-01,,RO,RON,0.2,standard,\n2010-07-01,2016-01-01,RO,RON,0.24,standard,\n",
		`{"items": {"RO": [{"effective_from": "0000-01-01", "rates": {"standard": 20, "reduced1": 5, "reduced2": 9}}]}}`)
	write := func() string {
		rules := slices.Concat(standardRules("RO", spans["RO"], periods["RO"], day("2026-11-22")), classRules("RO", periods["RO"], day("2026-11-22")))
		return string(pack("RO", rules, day("2026-11-22")))
	}
	first := write()
	for range 20 {
		if write() != first {
			t.Fatal("the same tables gave two files")
		}
	}
	for _, want := range []string{"pack: RO\n", "  - id: RO.vat.standard.2010-07-01\n", "    effective_to: 2015-12-31\n", "    supersedes: RO.vat.standard.2010-07-01\n", "{tax: vat, class: reduced_2, rate: 0.09}"} {
		if !strings.Contains(first, want) {
			t.Errorf("the pack lacks %q", want)
		}
	}
}
