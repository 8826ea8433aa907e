package main

import (
	"bytes"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"tradewind/law"
	"tradewind/law/tariff"
	"tradewind/messages"
	"tradewind/simulate"
)

// Said in the pseudo-locale, no page has a word that is plain English: whatever is not
// between the brackets of a translated text is a name of the seller's, of a rule or of a
// file, a command, a code or a number.
func TestNoWordIsHardCoded(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "shop")
	say := func(args ...string) string {
		var out, err bytes.Buffer
		run(append(args, "--dir", dir, "--lang", "en-XA"), strings.NewReader(""), &out, &err)
		return out.String() + err.String()
	}
	files, err := filepath.Glob("testdata/shop/*.csv")
	if err != nil || len(files) < 3 {
		t.Fatalf("%d files of the shop: %v", len(files), err)
	}
	say("init", dir, "--currency", "GBP")
	say(append([]string{"import"}, files...)...)
	say("plan")
	sku := regexp.MustCompile(`"sku": "(\w+)"`).FindStringSubmatch(say("decisions", "list", "-o", "json"))
	id := regexp.MustCompile(`D-[0-9A-Z]{8}`).FindString(say("decisions", "list", "-o", "json"))
	if sku == nil || id == "" {
		t.Fatal("the shop has no decision")
	}
	onlyTranslated(t, say, names,
		"data status", "decisions list", "decisions explain "+id, "forecast show "+sku[1], "markets rank", "markets compare DE FR",
		"markets thresholds", "comply check", "comply screen ACME", "l10n audit", "rules list --market EE", "rules check",
		"quote "+sku[1]+":6 --to FR", "quote --to US --from CN --line 6109.10.00:5:12:CN --currency USD --as-of 2025-11-01",
		"quarantine list", "nonsense",
		"users list", "help roles", "guardrails list", "guardrails test cover_days=3650 assumed_inputs=20", "guardrails test nothing=1",
		"automation status", "automation mandates", "automation mandate routine --kinds reorder",
		"automation mandate routine --kinds reorder --max-cash 9 --day-cash 9 --until "+time.Now().AddDate(0, 0, 30).Format(time.DateOnly), "automation pause", "automation run",
		"automation train --quick", "automation evaluate --episodes 2", "automation status "+sku[1], "automation drift", "automation runs", "automation replay",
	)
}

// TestNoWordOfPricesIsHardCoded does the same with the shop of prices and promotions.
func TestNoWordOfPricesIsHardCoded(t *testing.T) {
	shop := newPriceShop(t)
	say := shop.workspace(t, "en-XA", "plan:\n  prices:\n    min_days: 1\n    limits:\n      - {sku: S0001, market: GB, floor: 51 GBP, ceiling: 46 GBP}\n")
	known, one, promoted := shop.item[simulate.Identified], shop.item[simulate.OnePrice], shop.item[simulate.PromotionsOnly]
	own := append([]string{"week", "prices", "board", "explain", "simulate"}, names...) // promotions of the shop are named by week
	for _, p := range shop.products {
		own = append(own, strings.Fields(p.Name)...)
	}
	onlyTranslated(t, say, own,
		"prices", "prices board --limit 100", "prices board --state keep", "prices board --state chang", "prices board --help",
		"prices explain "+string(known.SKU), "prices explain "+string(one.SKU)+" --market "+string(one.Market),
		"prices explain "+string(promoted.SKU)+" --market "+string(promoted.Market), "prices explain S0001 --market GB",
		"prices explain "+givenAway, "prices explain "+twoMoneys, "prices explain "+costless, "prices explain NONE",
		"prices simulate "+string(known.SKU)+" 1.01", "prices simulate "+string(one.SKU)+" 18 --market "+string(one.Market), "prices simulate "+givenAway+" 5",
		"promos plan", "promos plan --budget 100 --limit 100", "promos plan --slots 0",
	)
}

// onlyTranslated refuses words of the commands' outputs that stand outside of translated
// texts, but for names.
func onlyTranslated(t *testing.T, say func(args ...string) string, names []string, commands ...string) {
	t.Helper()
	plain := map[string]string{}
	for _, command := range commands {
		text := unbracketed(say(strings.Fields(command)...))
		for _, word := range strings.FieldsFunc(quoted.Replace(strings.Join(strings.Fields(text), " ")), func(r rune) bool { return strings.ContainsRune(" \n\t,;:()", r) }) {
			if isWord.MatchString(word) && !slices.Contains(names, word) {
				plain[word] = command
			}
		}
	}
	for word, command := range plain {
		t.Errorf("%q in %q was never given to a translator", word, command)
	}
}

// isWord finds words of a language: letters alone, a pair of small ones among them. Names
// of files, rules, flags and settings have other signs in them.
var isWord = regexp.MustCompile(`^[A-Za-z]*[a-z]{2,}[A-Za-z]*$`)

// quoted takes out what is quoted as it is: the sources of rules, the texts of the US
// schedule, and the sentence that ends every page about law in both languages.
var quoted = func() *strings.Replacer {
	var pairs []string
	add := func(text string) {
		if text != "" {
			pairs = append(pairs, text, "")
		}
	}
	add(messages.Text(messages.English, "law.not-advice"))
	for _, r := range law.Standard().All() {
		add(strings.Join(strings.Fields(r.Source.Title), " "))
	}
	for _, e := range tariff.Entries() {
		add(strings.TrimSuffix(strings.Join(strings.Fields(e.Text), " "), ":"))
	}
	return strings.NewReplacer(pairs...)
}()

// names are words that no language has another for.
var names = []string{"tradewind", "web", "Supplier", "decisions", "replay", // of the program and the shop
	"orders", "rules", "stock", "supplies", "warehouses", "products", "costs", // formats, which are sources
	"margin", "loss", "kinds", "reorder", "routine", // guardrails, kinds of decisions and a policy, as commands take them
	"all", "traits", // in values of inputs, which are compared as they are
}

// unbracketed returns what stands outside of all brackets of translated texts.
func unbracketed(text string) string {
	var b strings.Builder
	depth := 0
	for _, r := range text {
		switch {
		case r == '⟦':
			depth++
		case r == '⟧':
			depth = max(0, depth-1)
			b.WriteByte(' ')
		case depth == 0:
			b.WriteRune(r)
		}
	}
	return b.String()
}
