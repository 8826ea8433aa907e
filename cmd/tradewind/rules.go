package main

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"tradewind"
	"tradewind/calendar"
	"tradewind/commerce"
	"tradewind/fault"
	"tradewind/messages"
	"tradewind/money"
)

func (v *invocation) rulesCommand() *cobra.Command {
	return v.group("rules", "cli.rules", v.rulesList(), v.rulesShow(), v.rulesAsOf(), v.rulesCheck())
}

// ruleFilter adds the flags that narrow a list of rules. The filter is checked and filled
// by the function that it returns.
func (v *invocation) ruleFilter(c *cobra.Command) func() (tradewind.RuleFilter, error) {
	var market, topic, status string
	c.Flags().StringVar(&market, "market", "", v.text("cli.flag.rule-market"))
	c.Flags().StringVar(&topic, "topic", "", v.text("cli.flag.rule-topic", messages.A("values", strings.Join(tradewind.RuleTopics(), ", "))))
	c.Flags().StringVar(&status, "status", "", v.text("cli.flag.rule-status", messages.A("values", strings.Join(tradewind.RuleStatuses(), ", "))))
	complete(c, "topic", tradewind.RuleTopics()...)
	complete(c, "status", tradewind.RuleStatuses()...)
	return func() (tradewind.RuleFilter, error) {
		f := tradewind.RuleFilter{Market: commerce.Market(strings.ToUpper(market)), Topic: topic, Status: status}
		if err := oneOf("--topic", topic, append([]string{""}, tradewind.RuleTopics()...)); err != nil {
			return f, err
		}
		return f, oneOf("--status", status, append([]string{""}, tradewind.RuleStatuses()...))
	}
}

func (v *invocation) rulesList() *cobra.Command {
	var filter func() (tradewind.RuleFilter, error)
	c := v.command("list", "cli.rules.list", exactly(0, ""), func(ctx context.Context, _ []string) error {
		f, err := filter()
		if err != nil {
			return err
		}
		return v.withEngine(ctx, func(e *tradewind.Engine) error {
			found, err := e.Rules(ctx, f)
			if err != nil {
				return err
			}
			return v.printRules(found)
		})
	})
	filter = v.ruleFilter(c)
	return c
}

func (v *invocation) rulesAsOf() *cobra.Command {
	var filter func() (tradewind.RuleFilter, error)
	var known string
	c := v.command("as-of DATE", "cli.rules.as-of", exactly(1, "DATE"), func(ctx context.Context, args []string) error {
		f, err := filter()
		if err != nil {
			return err
		}
		day, err := dayArgument(args[0])
		if err != nil {
			return err
		}
		var knownOn *calendar.Day
		if known != "" {
			d, err := dayArgument(known)
			if err != nil {
				return err
			}
			knownOn = &d
		}
		return v.withEngine(ctx, func(e *tradewind.Engine) error {
			found, err := e.RulesAsOf(ctx, day, knownOn, f)
			if err != nil {
				return err
			}
			return v.printRules(found)
		})
	})
	filter = v.ruleFilter(c)
	c.Flags().StringVar(&known, "known", "", v.text("cli.flag.rule-known"))
	return c
}

// dayArgument reads a day of the command line.
func dayArgument(text string) (calendar.Day, error) {
	day, err := calendar.ParseDay(text)
	if err != nil {
		return day, fault.From(err, fault.Usage, "E-DATE-FORMAT", fault.A("value", text))
	}
	return day, nil
}

func (v *invocation) printRules(found []tradewind.RuleView) error {
	all := len(found)
	if n := v.flags.limit; n > 0 && n < all {
		found = found[:n]
	}
	return v.print(result{value: found, rows: v.ruleRows(found), page: func(p *page) {
		if len(found) == 0 {
			p.line(v.text("cli.rules.none"))
			return
		}
		p.table(v.ruleRows(found))
		p.line("")
		p.line(v.text("cli.rules.count", messages.A("n", len(found)), messages.A("all", all)))
		p.prose("", v.text("cli.rules.legend"))
		v.notAdvice(p)
	}})
}

// notAdvice ends every page about law, in both languages: it is for whoever is shown it.
func (v *invocation) notAdvice(p *page) {
	p.line("")
	for _, lang := range messages.Languages {
		p.prose("", messages.Text(lang, "law.not-advice"))
	}
}

func (v *invocation) ruleRows(found []tradewind.RuleView) *rows {
	type rule = tradewind.RuleView
	return list(found,
		column[rule]{key: "id", title: "cli.head.id", text: func(r rule) string { return r.ID }},
		column[rule]{key: "version", text: func(r rule) string { return fmt.Sprint(r.Version) }},
		column[rule]{key: "jurisdiction", title: "cli.head.jurisdiction", text: func(r rule) string { return string(r.Jurisdiction) }},
		column[rule]{key: "topic", title: "cli.head.topic", text: func(r rule) string { return v.topic(r.Topic) }, raw: func(r rule) string { return r.Topic }},
		column[rule]{key: "title", title: "cli.head.rule", flex: true, text: func(r rule) string { return r.Title.In(v.lang) }},
		column[rule]{key: "effective_from", title: "cli.head.from", text: func(r rule) string { return r.From.String() }},
		column[rule]{key: "effective_to", title: "cli.head.to", text: func(r rule) string { return lastDay(r.To, "–") }, raw: func(r rule) string { return lastDay(r.To, "") }},
		column[rule]{key: "status", title: "cli.head.status", text: func(r rule) string { return v.ruleStatus(r.Status) }, raw: func(r rule) string { return r.Status }},
		column[rule]{key: "evidence", title: "cli.head.evidence", text: func(r rule) string { return r.Evidence }},
		column[rule]{key: "supported", text: func(r rule) string { return fmt.Sprint(r.Supported) }},
		column[rule]{key: "source", text: func(r rule) string { return r.Source.Title }},
		column[rule]{key: "url", text: func(r rule) string { return r.Source.URL }},
		column[rule]{key: "verified_by", text: func(r rule) string { return r.VerifiedBy }},
		column[rule]{key: "verified_on", text: func(r rule) string { return r.VerifiedOn.String() }},
	)
}

// topic names what a rule is about.

func (v *invocation) topic(name string) string {
	if code := "law.topic." + name; messages.Has(code) {
		return v.text(code)
	}
	return name
}

func lastDay(day *calendar.Day, none string) string {
	if day == nil {
		return none
	}
	return day.String()
}

func (v *invocation) ruleStatus(status string) string { return v.text("law.status." + status) }

func (v *invocation) rulesShow() *cobra.Command {
	return v.command("show ID", "cli.rules.show", exactly(1, "ID"), func(ctx context.Context, args []string) error {
		return v.withEngine(ctx, func(e *tradewind.Engine) error {
			r, err := e.Rule(ctx, args[0])
			if err != nil {
				return err
			}
			return v.print(result{value: r, page: func(p *page) { v.rulePage(p, r) }})
		})
	})
}

func (v *invocation) rulePage(p *page, r *tradewind.RuleDetail) {
	p.line(v.bold(oneLine(joined([]string{r.ID, r.Title.In(v.lang)}))))
	fact := func(code, value string) [2]string { return [2]string{v.text(code), value} }
	supported := "cli.rules.supported"
	if !r.Supported {
		supported = "cli.rules.not-supported"
	}
	p.facts(
		fact("cli.rules.place", r.Place.In(v.lang)+" ("+string(r.Jurisdiction)+")"),
		fact("cli.rules.topic", v.topic(r.Topic)),
		fact("cli.rules.holds", v.holds(r.From, r.To)),
		fact("cli.rules.status", v.ruleStatus(r.Status)+", "+v.text("law.evidence."+strings.ToLower(r.Evidence))),
		fact("cli.rules.money", v.text(supported)),
	)
	p.heading("cli.rules.params")
	var params [][2]string
	for _, f := range r.Params {
		params = append(params, [2]string{f.Name, v.paramText(f.Value)})
	}
	p.facts(params...)
	p.heading("cli.rules.source")
	p.prose("  ", r.Source.Title)
	if r.Source.URL != "" {
		p.line("  " + printable(r.Source.URL))
	}
	verified := v.text("cli.rules.nobody")
	if r.VerifiedBy != "" {
		verified = r.VerifiedBy
	}
	about := [][2]string{
		fact("cli.rules.retrieved", r.Source.RetrievedOn.String()),
		fact("cli.rules.verified-on", r.VerifiedOn.String()),
		fact("cli.rules.verified-by", verified),
		fact("cli.rules.pack", r.Pack),
	}
	if r.Supersedes != "" {
		about = append(about, fact("cli.rules.supersedes", r.Supersedes))
	}
	p.facts(about...)
	if note := r.Note.In(v.lang); note != "" {
		p.heading("cli.rules.note")
		p.prose("  ", note)
	}
	p.heading("cli.rules.versions")
	for _, version := range r.Versions {
		text := v.text("cli.rules.version", messages.A("n", fmt.Sprint(version.Version)), messages.A("day", version.RecordedOn),
			messages.A("holds", v.holds(version.From, version.To)), messages.A("status", v.ruleStatus(version.Status)))
		if version.RetiredOn != nil {
			text += v.text("cli.rules.retired", messages.A("day", *version.RetiredOn))
		}
		p.prose("  ", text)
	}
	v.notAdvice(p)
}

// holds says from when to when a rule holds.
func (v *invocation) holds(from calendar.Day, to *calendar.Day) string {
	if to == nil {
		return v.text("cli.rules.from", messages.A("from", from))
	}
	return v.text("cli.rules.from-to", messages.A("from", from), messages.A("to", *to))
}

// paramText shows a parameter for people: lists with commas, fields as name and value.
func (v *invocation) paramText(value any) string {
	switch x := value.(type) {
	case string:
		return x
	case money.Amount:
		return messages.Money(x)
	case []any:
		var parts []string
		for _, item := range x {
			text := v.paramText(item)
			if _, record := item.([]tradewind.RuleParam); record {
				text = "(" + text + ")"
			}
			parts = append(parts, text)
		}
		return strings.Join(parts, ", ")
	case []tradewind.RuleParam:
		var parts []string
		for _, f := range x {
			parts = append(parts, f.Name+" "+v.paramText(f.Value))
		}
		return strings.Join(parts, ", ")
	}
	text, _ := json.Marshal(value) // numbers and booleans, as packs write them
	return string(text)
}

func (v *invocation) rulesCheck() *cobra.Command {
	return v.command("check", "cli.rules.check", exactly(0, ""), func(ctx context.Context, _ []string) error {
		return v.withEngine(ctx, func(e *tradewind.Engine) error {
			report, err := e.RulesCheck(ctx)
			if err != nil {
				return v.brokenPacks(err)
			}
			return v.print(result{value: report, rows: v.findingRows(report.Findings), page: func(p *page) { v.checkPage(p, report) }})
		})
	})
}

// brokenPacks tells every failure of a reading but the last, which is returned: somebody
// who mends a pack wants to see them all.
func (v *invocation) brokenPacks(err error) error {
	several, ok := err.(interface{ Unwrap() []error })
	if !ok {
		return err
	}
	all := several.Unwrap()
	for _, one := range all[:len(all)-1] {
		m := messages.Of(one)
		fmt.Fprintln(v.err, v.red(v.text("cli.error"))+" "+printable(m.In(v.lang)))
		fmt.Fprintln(v.err, printable(m.Remedy().In(v.lang)))
	}
	return all[len(all)-1]
}

func (v *invocation) checkPage(p *page, report *tradewind.RulesReport) {
	p.line(v.text("cli.rules.checked", messages.A("n", report.Rules), messages.A("packs", len(report.Packs)),
		messages.A("day", report.Today), messages.A("version", report.Version)))
	for i, f := range report.Findings {
		if i == 0 || report.Findings[i-1].Code != f.Code {
			p.line("")
		}
		p.prose("- ", f.Text.In(v.lang))
		if i+1 == len(report.Findings) || report.Findings[i+1].Code != f.Code {
			p.prose("  ", f.Remedy.In(v.lang)) // one remedy for all findings of a kind
		}
	}
	p.line("")
	p.line(v.text("cli.rules.findings", messages.A("n", len(report.Findings))))
	v.notAdvice(p)
}

func (v *invocation) findingRows(found []tradewind.RuleFinding) *rows {
	type finding = tradewind.RuleFinding
	return list(found,
		column[finding]{key: "code", text: func(f finding) string { return f.Code }},
		column[finding]{key: "jurisdiction", text: func(f finding) string { return string(f.Jurisdiction) }},
		column[finding]{key: "days", right: true, text: func(f finding) string { return fmt.Sprint(f.Days) }},
		column[finding]{key: "rules", text: func(f finding) string { return strings.Join(f.Rules, " ") }},
		column[finding]{key: "text", text: func(f finding) string { return f.Text.In(v.lang) }},
		column[finding]{key: "remedy", text: func(f finding) string { return f.Remedy.In(v.lang) }},
	)
}
