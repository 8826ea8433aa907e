package main

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// TestCommandsOfTheAutomationPage runs the commands of docs/automation.md, in order, in a
// workspace of the small shop. Its decision stands for the mandate that was just proposed,
// its token for the one that was just shown.
func TestCommandsOfTheAutomationPage(t *testing.T) {
	page, err := os.ReadFile("../../docs/automation.md")
	if err != nil {
		t.Fatal(err)
	}
	shop, err := filepath.Abs("testdata/shop")
	if err != nil {
		t.Fatal(err)
	}
	t.Setenv("TRADEWIND_LANG", "en")
	t.Setenv("TRADEWIND_DIR", "")
	t.Setenv("TRADEWIND_TOKEN", "")
	t.Chdir(t.TempDir())
	carryOut(t, "tradewind init .")
	settings := "currency: GBP\nclock: 2011-12-09T18:00:00Z\nfacts_as_of: 2011-12-09\nrules_as_of: 2011-12-09\nplan:\n  min_gain: \"0\"\n"
	if err := os.WriteFile("tradewind.yaml", []byte(settings), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"orders", "stock", "costs", "supplies", "warehouses", "products"} {
		carryOut(t, "tradewind import -q "+filepath.Join(shop, name+".csv"))
	}

	tokens := regexp.MustCompile(`tw_[\w-]{43}`)
	mandate, token, commands, said := "", "", 0, map[string]string{}
	for _, block := range regexp.MustCompile("(?s)```sh\n(.*?)```").FindAllStringSubmatch(string(page), -1) {
		for line := range strings.Lines(block[1]) {
			line = strings.TrimSpace(line)
			switch {
			case strings.HasPrefix(line, "export TRADEWIND_TOKEN="):
				t.Setenv("TRADEWIND_TOKEN", token)
			case strings.HasPrefix(line, "tradewind "):
				out := carryOut(t, ids.ReplaceAllString(line, mandate))
				if strings.Contains(line, " mandate ") {
					mandate = ids.FindString(out)
				}
				if shown := tokens.FindString(out); shown != "" {
					token = shown
				}
				commands++
				said[line] = out
			}
		}
	}
	if commands < 12 || mandate == "" || token == "" {
		t.Fatalf("%d commands found, mandate %q, token of %d letters", commands, mandate, len(token))
	}
	if got := said["tradewind automation status"]; !strings.Contains(got, "made 1 decision") {
		t.Errorf("the policy did nothing:\n%s", got)
	}
	if got := said["tradewind automation replay"]; !strings.Contains(got, "to the byte") {
		t.Errorf("replayed: %s", got)
	}
}
