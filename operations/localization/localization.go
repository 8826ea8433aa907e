// Package localization says how ready a listing is for the people who are to read it: in
// their language and script, with their units, within the limits of the channel, without
// claims that their law forbids, and with the texts that it asks for.
//
// It judges what is written, not how well: a person who speaks the language reads it before
// it is published. It does not translate. What it cannot tell it leaves alone, and says
// where a rule is assumed. It is not legal advice.
//
// Before it: commerce for listings, market for what a country asks. After it: plan, which
// makes proposals of what it finds.
package localization

import (
	"cmp"
	"math"
	"slices"

	"golang.org/x/text/language"

	"tradewind/calendar"
	"tradewind/commerce"
	"tradewind/market"
	"tradewind/messages"
)

// Severity is how much a finding matters.
type Severity uint8

const (
	Info    Severity = iota // to know; takes nothing off
	Minor                   // worth mending
	Major                   // costs sales or breaks a rule: mend it before selling more
	Blocker                 // people there cannot read it, or it may not be shown
)

// String returns the word of a severity in files.
func (s Severity) String() string { return [...]string{"info", "minor", "major", "blocker"}[s] }

// Name returns the message that names a severity.
func (s Severity) Name() messages.Message { return messages.M("localization.severity." + s.String()) }

// loss is the part of the score that a finding takes.
var loss = [...]float64{Info: 0, Minor: .1, Major: .3, Blocker: .7}

// Who mends a finding.
const (
	Translator = "translator"
	Seller     = "seller"
	Lawyer     = "lawyer"
)

// Finding is one thing about a listing that is not ready.
type Finding struct {
	Code     string // "missing", "language" …: "localization.find." before it is the text, ".fix" behind that the remedy
	Severity Severity
	Owner    string // Translator, Seller or Lawyer
	Part     string // title, description, sizes or legal; "" is the whole
	Quote    string // what in the listing
	Source   string // the law, standard or guideline; "" is plain sense
	Assumed  bool   // nobody has checked the rule

	args []messages.Arg
}

// Says returns what is wrong.
func (f Finding) Says() messages.Message {
	return messages.M("localization.find."+f.Code, f.args...)
}

// Remedy returns what to do about it.
func (f Finding) Remedy() messages.Message {
	return messages.M("localization.find."+f.Code+".fix", f.args...)
}

// Report is how ready an item is in one language of its market.
type Report struct {
	Item     commerce.Item
	Language string // that the market reads
	Readers  float64
	Missing  bool      // there is no listing in it
	Findings []Finding // gravest first
	Score    int       // 0 to 100
	Ready    bool      // nothing major and no blocker
}

// Options are what Check needs to know besides the listing.
type Options struct {
	Day       calendar.Day        // rules in force on it are applied
	Source    *commerce.Listing   // the same product in the language that it was written in; nil is none
	Documents []commerce.Document // evidence that may stand in for a text
}

// Check reads one listing as people in the market would. product may be nil. It does not
// modify what it is given.
//
//	score = 100 × Π (1 − loss), over different codes: minor 0.1, major 0.3, blocker 0.7
//
// and 0 for a listing that is not there.
func Check(listing commerce.Listing, product *commerce.Product, pack *market.Pack, o Options) Report {
	listing.Language = tagIn(pack, listing.Language)
	c := check{listing: listing, product: product, pack: pack, options: o}
	for _, part := range []func(*check){
		(*check).language, (*check).untranslated, (*check).garbled, (*check).lengths,
		(*check).units, (*check).sizeSystem, (*check).power, (*check).numbers,
		(*check).claims, (*check).origin, (*check).legal, (*check).terms, (*check).taboos,
	} {
		part(&c)
	}
	return report(listing.Item, listing.Language, pack, c.findings)
}

// tagIn is what a market's tables call a language: "de-AT" is "de", and "zh" and "zh-TW"
// are "zh-Hant" in Taiwan. A language that is not read there keeps its tag.
func tagIn(pack *market.Pack, tag string) string {
	if l, ok := pack.Reads(tag); ok {
		return l.Tag
	}
	script, _ := language.Make(tag).Script()
	for _, short := range []string{base(tag) + "-" + script.String(), base(tag)} {
		if l, ok := pack.Reads(short); ok && l.Script == script.String() {
			return l.Tag
		}
	}
	return tag
}

// missing is the report of a listing that is not there.
func missing(item commerce.Item, language string, pack *market.Pack) Report {
	severity := Major
	if language == pack.ListingLanguages[0] {
		severity = Blocker
	}
	r := report(item, language, pack, []Finding{{
		Code: "missing", Severity: severity, Owner: Translator,
		args: []messages.Arg{messages.A("language", language), messages.A("market", string(item.Market)), messages.A("share", messages.Percent(readers(pack, language)))},
	}})
	r.Missing, r.Score = true, 0
	return r
}

func report(item commerce.Item, language string, pack *market.Pack, findings []Finding) Report {
	slices.SortStableFunc(findings, func(a, b Finding) int { return cmp.Compare(b.Severity, a.Severity) })
	score, ready := 1., true
	for i, f := range findings {
		ready = ready && f.Severity < Major
		if !slices.ContainsFunc(findings[:i], func(g Finding) bool { return g.Code == f.Code }) {
			score *= 1 - loss[f.Severity]
		}
	}
	return Report{Item: item, Language: language, Readers: readers(pack, language), Findings: findings, Score: int(math.Round(100 * score)), Ready: ready}
}

func readers(pack *market.Pack, language string) float64 {
	l, _ := pack.Reads(language)
	return l.Reads
}

// check collects the findings of one listing.
type check struct {
	listing  commerce.Listing
	product  *commerce.Product
	pack     *market.Pack
	options  Options
	findings []Finding
}

func (c *check) find(f Finding, args ...messages.Arg) {
	f.args = append([]messages.Arg{messages.A("language", c.listing.Language), messages.A("market", string(c.listing.Item.Market)),
		messages.A("part", messages.M("localization.part."+cmp.Or(f.Part, "whole"))), messages.A("quote", f.Quote)}, args...)
	c.findings = append(c.findings, f)
}

// parts are the texts that a customer reads, by name.
func (c *check) parts() []struct{ name, text string } {
	return []struct{ name, text string }{{"title", c.listing.Title}, {"description", c.listing.Description}, {"sizes", c.listing.Sizes}, {"legal", c.listing.Legal}}
}
