package tradewind

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"tradewind/fault"
	"tradewind/messages"
)

// TestPriceSettingsThatAreRefused: a wrong setting of prices and promotions is named with
// its file and line, in both languages.
func TestPriceSettingsThatAreRefused(t *testing.T) {
	for _, tt := range []struct {
		text string // below plan.prices
		line int    // of text
		says string
	}{
		{"horizon_weeks: 53", 1, "plan.prices.horizon_weeks = 53"},
		{"horizon_weeks: -1", 1, "plan.prices.horizon_weeks = -1"},
		{"min_margin: 1", 1, "plan.prices.min_margin = 1"},
		{"min_margin: .nan", 1, "plan.prices.min_margin = NaN"},
		{"min_margin: -0.1", 1, "plan.prices.min_margin = -0.1"},
		{"min_margin: 0.2\n    max_step: 0.6", 2, "plan.prices.max_step = 0.6"},
		{"max_step: -0.1", 1, "plan.prices.max_step = -0.1"},
		{"min_days: 366", 1, "plan.prices.min_days = 366"},
		{"min_days: -1", 1, "plan.prices.min_days = -1"},
		{"rival_corridor: [1.2, 0.8]", 1, "plan.prices.rival_corridor"},
		{"rival_corridor: [0, 1.2]", 1, "plan.prices.rival_corridor"},
		{"rival_corridor: [0.9]", 1, "plan.prices.rival_corridor"},
		{"parity: 1.5", 1, "plan.prices.parity = 1.5"},
		{"parity: -0.5", 1, "plan.prices.parity = -0.5"},
		{"any_ending: perhaps", 1, "perhaps"},
		{"ending: true", 1, "ending"},
		{"limits:\n      - sku: MUG-01\n        floor: 2.50", 3, "plan.prices.limits[0].floor"},
		{"limits:\n      - sku: MUG-01\n        floor: -1 EUR", 3, "plan.prices.limits[0].floor"},
		{"limits:\n      - sku: MUG-01\n        ceiling: 9 EUROS", 3, "plan.prices.limits[0].ceiling"},
		{"limits:\n      - sku: MUG-01\n      - floor: 2.50 EUR", 3, "plan.prices.limits[1].sku"},
		{"limits:\n      - sku: MUG-01\n        floor: 2.50 EUR\n        ceiling: 9 GBP", 4, "plan.prices.limits[0].ceiling"},
		{"promotions:\n      weeks: 53", 2, "plan.prices.promotions.weeks = 53"},
		{"promotions:\n      weeks: -1", 2, "plan.prices.promotions.weeks = -1"},
		{"promotions:\n      slots: 1001", 2, "plan.prices.promotions.slots = 1001"},
		{"promotions:\n      slots: -1", 2, "plan.prices.promotions.slots = -1"},
		{"promotions:\n      gap_weeks: 53", 2, "plan.prices.promotions.gap_weeks = 53"},
		{"promotions:\n      gap_weeks: -1", 2, "plan.prices.promotions.gap_weeks = -1"},
		{"promotions:\n      budget: \"1,000\"", 2, "plan.prices.promotions.budget"},
		{"promotions:\n      cost: \"-5\"", 2, "plan.prices.promotions.cost"},
	} {
		dir := t.TempDir()
		path := filepath.Join(dir, ConfigFile)
		if err := os.WriteFile(path, []byte("plan:\n  prices:\n    "+tt.text+"\n"), 0o644); err != nil {
			t.Fatal(err)
		}
		_, err := Open(t.Context(), dir)
		f := fault.Of(err)
		if f == nil || f.Code != "E-CONFIG" || f.Kind != fault.Invalid {
			t.Errorf("%q: got %v, want E-CONFIG", tt.text, err)
			continue
		}
		place := fmt.Sprintf("%s:%d", path, tt.line+2)
		for _, lang := range messages.Languages {
			if text := messages.Of(err).In(lang); !strings.Contains(text, place) || !strings.Contains(text, tt.says) {
				t.Errorf("%q: %s\nwant it to name %s and %q", tt.text, text, place, tt.says)
			}
		}
	}
}

// TestPriceSettingsThatHold: the ends of every range are within it, and a floor above a
// ceiling is no wrong setting: the price that it concerns is refused, and names both.
func TestPriceSettingsThatHold(t *testing.T) {
	dir := t.TempDir()
	settings := `plan:
  prices:
    horizon_weeks: 52
    min_margin: 0.99
    max_step: 0.5
    min_days: 365
    rival_corridor: [0.9, 1.2]
    parity: 1
    any_ending: true
    limits:
      - {sku: MUG-01, market: DE, floor: 9 EUR, ceiling: 8 EUR}
      - {sku: MUG-01}
    promotions: {weeks: 52, slots: 1000, budget: "0", gap_weeks: 52, cost: "12.50"}
`
	if err := os.WriteFile(filepath.Join(dir, ConfigFile), []byte(settings), 0o644); err != nil {
		t.Fatal(err)
	}
	c, err := ReadConfig(dir)
	if err != nil {
		t.Fatal(err)
	}
	p := c.Plan.Prices
	if p.Weeks != 52 || p.Rivals != [2]float64{.9, 1.2} || len(p.Limits) != 2 || p.Limits[0].Ceiling != "8 EUR" || p.Promos.Cost != "12.50" {
		t.Errorf("read %+v", p)
	}
}
