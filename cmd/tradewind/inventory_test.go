package main

import (
	"bytes"
	"path/filepath"
	"strings"
	"testing"
)

// Said in the pseudo-locale, no page about stock has a word that is plain English.
func TestNoWordOfStockIsHardCoded(t *testing.T) {
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
	played := "--episodes 10 --weeks 8 -q"
	onlyTranslated(t, say, append([]string{"inventory", "show", "simulate", "Supplier"}, names...),
		"inventory", "inventory show --help", "inventory simulate --help", "inventory show", "inventory show --state fine", "inventory show --state fin",
		"inventory show 22423", "inventory show 85123A", "inventory show 85123A --past", "inventory show NONE", "inventory show 22423 --location US-9",
		"inventory show --past", "inventory show 22423 --state short",
		"inventory simulate 22423 "+played, "inventory simulate 85123A --demand 2 --price 1.1 --fill 0.9 "+played, "inventory simulate 85123A --lead 300 "+played,
		"inventory simulate 22423 --fill 3", "inventory simulate 22423 --demand 0", "inventory simulate NONE",
	)
}
