package main

import (
	"bytes"
	"fmt"

	"tradewind/calendar"
)

// pack writes the rules of a country in the form of a pack.
func pack(country string, rules []rule, read calendar.Day) []byte {
	var b bytes.Buffer
	say := func(format string, args ...any) { fmt.Fprintf(&b, format+"\n", args...) }
	say("# Rates of value added tax. Made by law/packs/generate from two public tables; do not edit.")
	say("# What the tables do not say stands in %s.yaml, where there is one.", country)
	say("pack: %s", country)
	say("recorded_on: %s", read)
	say("rules:")
	for _, r := range rules {
		say("  - id: %s", r.id(country))
		say("    topic: tax_rate")
		say("    title: {en: %s, zh: %s}", r.titleEn, r.titleZh)
		say("    effective_from: %s", r.first)
		if r.last != nil {
			say("    effective_to: %s", *r.last)
		}
		say("    status: %s", r.status)
		say("    evidence: %s", r.evidence)
		say("    params: {tax: vat, class: %s, rate: %s}", r.class, r.rate)
		say("    source:")
		say("      title: %q", r.source.title)
		say("      url: %s", r.source.url)
		say("      kind: %s", r.source.kind)
		say("      retrieved_on: %s", read)
		say("    verified_by: \"\"")
		say("    verified_on: %s", read)
		if r.supersedes != "" {
			say("    supersedes: %s", r.supersedes)
		}
		if r.noteEn != "" {
			say("    note: {en: %q, zh: %q}", r.noteEn, r.noteZh)
		}
	}
	return b.Bytes()
}
