package main

import (
	"fmt"
	"maps"
	"slices"

	"tradewind/calendar"
)

// rule is what a pack says of one rate.
type rule struct {
	class            string
	titleEn, titleZh string
	span
	status, evidence string
	source           source
	supersedes       string // ID of the rule before
	noteEn, noteZh   string
}

type source struct{ title, url, kind string }

// The third table of bothTables, resources/tax_type of commerceguys/tax, is not read here:
// its dated standard rates were compared with the history once and agree with it since
// 2007, where it has any. It has none of Croatia before 2013-07 and of Italy before
// 2011-09-17; Italy's older rate stands in lists of the Commission (see packs_test.go).
var (
	bothTables = source{
		"eu-vat-history.csv of kdeldycke/vat-rates (commit 7585c28), held against ibericode/vat-rates (commit 5abb1e1) and commerceguys/tax (commit d86a05c)",
		"https://github.com/kdeldycke/vat-rates", "secondary"}
	history = source{"eu-vat-history.csv of kdeldycke/vat-rates (commit 7585c28)", "https://github.com/kdeldycke/vat-rates", "secondary"}
	classes = source{"eu-vat-rates.json of ibericode/vat-rates (commit 5abb1e1)", "https://github.com/ibericode/vat-rates", "secondary"}
)

// begin is where the packs begin: what ended before is left out.
var begin = day("2007-01-01")

// lastChange is the day of the newest commit of the table of classes: what it says
// without a date is known to hold on that day.
var lastChange = day("2025-08-12")

// ruling settles a span on which the tables disagree.
type ruling struct {
	span
	source
	noteEn, noteZh string
}

// decided are the rulings: a third source says which table is right.
var decided = map[string][]ruling{
	"IE": {{span{day("2020-09-01"), ptr(day("2021-02-28")), "0.21"},
		source{"Chartered Accountants Ireland, TaxSource: Value-Added Tax Consolidation Act 2010, section 46",
			"https://www.charteredaccountants.ie/taxsourcetotal/2010/en/act/pub/0031/nfg/sec0046-nfg.html", "adviser"},
		"Temporary reduction. The history table leaves it out; the table of ibericode has it.",
		"临时下调。历史表未收录，ibericode 表收录。"}},
}

// alone are spans that only the history table knows.
var alone = map[string]struct {
	until  calendar.Day
	en, zh string
}{
	"HR": {day("2012-02-29"), "Before accession; only one of the tables covers it.", "入盟之前；仅一份表涵盖。"},
}

// stale are classes that changed after the newest commit of the table: the last day on
// which its rate holds. The new rate stands in the country's own pack.
var stale = map[string]map[string]calendar.Day{
	"FI": {"reduced_2": day("2025-12-31")},
	"LT": {"reduced_2": day("2025-12-31")},
}

// standardRules turns the history of a country into rules, and cuts it where the other
// table says something else.
func standardRules(country string, spans []span, periods []period, read calendar.Day) []rule {
	var rules []rule
	for _, s := range reconcile(country, spans, periods) {
		if s.last != nil && s.last.Before(begin) {
			continue
		}
		s.class, s.titleEn, s.titleZh = "standard", "Standard VAT rate", "增值税标准税率"
		if s.status == "" {
			s.status, s.evidence = "in_force", "B"
			if s.last != nil && s.last.Before(read) {
				s.status = "expired"
			}
		}
		rules = append(rules, s)
	}
	return chained(country, rules)
}

// reconcile holds the two histories against each other, and cuts time where either of
// them changes.
func reconcile(country string, spans []span, periods []period) []rule {
	cuts := cutsOf(country, spans, periods)
	var pieces []rule
	for i, from := range cuts {
		if rateOn(spans, from) == "" {
			continue // the history begins later
		}
		piece := rule{span: span{first: from}}
		if i+1 < len(cuts) {
			piece.last = ptr(cuts[i+1].AddDays(-1))
		}
		piece.judge(country, spans, periods)
		if n := len(pieces); n > 0 && sameRule(pieces[n-1], piece) {
			pieces[n-1].last = piece.last
			continue
		}
		pieces = append(pieces, piece)
	}
	return pieces
}

func cutsOf(country string, spans []span, periods []period) (cuts []calendar.Day) {
	for _, s := range spans {
		cuts = append(cuts, s.first)
	}
	for _, p := range periods {
		if p.since != nil {
			cuts = append(cuts, *p.since)
		}
	}
	for _, d := range decided[country] {
		cuts = append(cuts, d.first, d.last.AddDays(1))
	}
	slices.SortFunc(cuts, calendar.Day.Compare)
	return slices.Compact(cuts)
}

// judge settles the rate of a piece and how well it is known.
func (r *rule) judge(country string, spans []span, periods []period) {
	here, there := rateOn(spans, r.first), rateIn(periods, r.first)
	r.rate, r.source = here, bothTables
	ruled := slices.IndexFunc(decided[country], func(d ruling) bool { return d.holds(r.first) })
	switch only := alone[country]; {
	case ruled >= 0:
		d := decided[country][ruled]
		r.rate, r.source, r.noteEn, r.noteZh = d.rate, d.source, d.noteEn, d.noteZh
	case !r.first.Before(coveredFrom(periods)) && here != there:
		r.status, r.evidence = "contested", "C"
		r.noteEn = fmt.Sprintf("The tables disagree: %s in kdeldycke/vat-rates, %s in ibericode/vat-rates.", here, there)
		r.noteZh = fmt.Sprintf("两表不一致：kdeldycke/vat-rates 为 %s，ibericode/vat-rates 为 %s。", here, there)
	case r.last != nil && only.en != "" && !only.until.Before(*r.last):
		r.status, r.evidence, r.source = "unconfirmed", "C", history
		r.noteEn, r.noteZh = only.en, only.zh
	}
}

// coveredFrom is the day from which the table of classes speaks of the past as well. Where
// it has no dates it is known to hold since its newest commit.
func coveredFrom(periods []period) calendar.Day {
	for _, p := range periods {
		if p.since != nil {
			return *p.since
		}
	}
	return lastChange
}

func sameRule(a, b rule) bool {
	return a.rate == b.rate && a.status == b.status && a.noteEn == b.noteEn && a.source == b.source
}

func rateOn(spans []span, on calendar.Day) string {
	for _, s := range spans {
		if s.holds(on) {
			return s.rate
		}
	}
	return ""
}

func rateIn(periods []period, on calendar.Day) string {
	rate := ""
	for _, p := range periods {
		if p.since == nil || !on.Before(*p.since) {
			rate = p.rates["standard"]
		}
	}
	return rate
}

// className gives the classes of the table the names of the packs.
var className = map[string]struct{ name, en, zh string }{
	"reduced":            {"reduced", "Reduced VAT rate", "增值税低税率"},
	"reduced1":           {"reduced_1", "First reduced VAT rate", "增值税第一档低税率"},
	"reduced2":           {"reduced_2", "Second reduced VAT rate", "增值税第二档低税率"},
	"super_reduced":      {"super_reduced", "Super-reduced VAT rate", "增值税超低税率"},
	"parking":            {"parking", "Parking VAT rate", "增值税过渡税率（parking rate）"},
	"press_publications": {"press_publications", "VAT rate of press publications", "新闻出版物增值税税率"},
}

// classRules makes the rules of the reduced classes. A class is known from the first
// period with a date; what the table says without one is known since its newest commit.
func classRules(country string, periods []period, read calendar.Day) []rule {
	var rules []rule
	for _, key := range slices.Sorted(maps.Keys(className)) {
		var of []rule
		for i, p := range periods {
			rate, has := p.rates[key]
			if !has || p.since == nil && i+1 < len(periods) {
				continue // the beginning of an older period is not known
			}
			c := className[key]
			r := rule{class: c.name, titleEn: c.en, titleZh: c.zh, source: classes, span: span{rate: rate, first: lastChange}}
			r.noteEn, r.noteZh = "Which goods are in the class is not mapped.", "未映射哪些商品属于此档。"
			if p.since != nil {
				r.first = *p.since
			} else {
				r.noteEn += " It is older than the day from which the source vouches for it."
				r.noteZh += "该税率早于来源所能证明的起始日。"
			}
			if i+1 < len(periods) {
				r.last = ptr(periods[i+1].since.AddDays(-1))
			}
			if end, ok := stale[country][c.name]; ok && r.last == nil {
				r.last = &end
			}
			r.status, r.evidence = "in_force", "B"
			if r.last != nil && r.last.Before(read) {
				r.status = "expired"
			}
			if n := len(of); n > 0 && of[n-1].rate == r.rate && of[n-1].last != nil && of[n-1].last.AddDays(1) == r.first {
				of[n-1].last, of[n-1].status = r.last, r.status
				continue
			}
			of = append(of, r)
		}
		rules = append(rules, chained(country, of)...)
	}
	return rules
}

// chained names in each rule the one that it takes the place of.
func chained(country string, rules []rule) []rule {
	for i := 1; i < len(rules); i++ {
		if before := rules[i-1]; before.last != nil && before.last.AddDays(1) == rules[i].first {
			rules[i].supersedes = before.id(country)
		}
	}
	return rules
}

func (r rule) id(country string) string {
	return fmt.Sprintf("%s.vat.%s.%s", country, r.class, r.first)
}

func day(s string) calendar.Day {
	d, err := calendar.ParseDay(s)
	if err != nil {
		panic(err)
	}
	return d
}

func ptr[T any](x T) *T { return &x }
