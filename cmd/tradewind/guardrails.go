package main

import (
	"context"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"tradewind"
	"tradewind/fault"
	"tradewind/messages"
	"tradewind/money"
)

func (v *invocation) guardrailsCommand() *cobra.Command {
	return v.group("guardrails", "cli.guardrails", v.guardrailsList(), v.guardrailsSet(), v.guardrailsTest())
}

func (v *invocation) guardrailsList() *cobra.Command {
	return v.command("list", "cli.guardrails.list", exactly(0, ""), func(ctx context.Context, _ []string) error {
		return v.withEngine(ctx, func(e *tradewind.Engine) error {
			all, err := e.Guardrails(ctx)
			if err != nil {
				return err
			}
			return v.print(result{value: all, rows: v.guardrailRows(all), page: func(p *page) {
				p.table(v.guardrailRows(all))
				p.line("")
				p.line(v.text("cli.guardrails.legend"))
				p.line(v.text("cli.guardrails.try"))
			}})
		})
	})
}

func (v *invocation) guardrailRows(all []tradewind.GuardrailView) *rows {
	type guardrail = tradewind.GuardrailView
	return list(all,
		column[guardrail]{key: "name", title: "cli.head.guardrail", text: func(g guardrail) string { return g.Name }},
		column[guardrail]{key: "unit", text: func(g guardrail) string { return g.Unit }},
		column[guardrail]{title: "cli.head.limit", right: true, text: func(g guardrail) string { return v.limitText(g.Unit, g.Value) }},
		column[guardrail]{title: "cli.head.default", right: true, text: func(g guardrail) string { return v.limitText(g.Unit, g.Default) }},
		column[guardrail]{key: "value", text: func(g guardrail) string { return g.Value }},
		column[guardrail]{key: "default", text: func(g guardrail) string { return g.Default }},
		column[guardrail]{key: "set", title: "cli.head.set", text: func(g guardrail) string { return v.yes(g.Set) }, raw: func(g guardrail) string { return truth(g.Set) }},
		column[guardrail]{key: "by", text: func(g guardrail) string { return g.By }},
		column[guardrail]{key: "at", text: func(g guardrail) string {
			if g.At == nil {
				return ""
			}
			return instant(*g.At)
		}},
		column[guardrail]{key: "note", text: func(g guardrail) string { return g.Note }},
		column[guardrail]{key: "meaning", title: "cli.head.meaning", flex: true, text: func(g guardrail) string { return g.Meaning.In(v.lang) }},
	)
}

// limitText writes a limit for people; the bare value is what commands take.
func (v *invocation) limitText(unit, value string) string {
	x, err := strconv.ParseFloat(value, 64)
	switch {
	case value == "":
		return "–"
	case unit == "share" && err == nil:
		return percent(x)
	case unit == "days" && err == nil:
		return v.text("cli.days", messages.A("n", messages.Decimal{X: x}))
	case unit == "kinds":
		return value
	}
	return messages.Grouped(value)
}

func (v *invocation) guardrailsSet() *cobra.Command {
	var note string
	c := v.command("set NAME=LIMIT…", "cli.guardrails.set", between(1, -1, "NAME=LIMIT"), func(ctx context.Context, args []string) error {
		wanted, err := assignments(args)
		if err != nil {
			return err
		}
		return v.withEngine(ctx, func(e *tradewind.Engine) error {
			var set []tradewind.GuardrailView
			failed := 0
			for _, w := range wanted {
				g, err := e.SetGuardrail(ctx, w.name, w.value, actor(), note)
				if err == nil {
					set = append(set, *g)
				} else if code := v.report(ctx, err); failed == 0 {
					failed = code
				}
			}
			if len(set) > 0 {
				if err := v.print(result{value: set, rows: v.guardrailRows(set)}); err != nil {
					return err
				}
			}
			if failed != 0 {
				return exited(failed)
			}
			return nil
		})
	})
	c.Flags().StringVar(&note, "note", "", v.text("cli.flag.note"))
	return c
}

// assignment is NAME=VALUE of a command line.
type assignment struct{ name, value string }

// assignments reads NAME=VALUE; none after the sign is the default.
func assignments(args []string) ([]assignment, error) {
	var list []assignment
	for _, arg := range args {
		name, value, ok := strings.Cut(arg, "=")
		if !ok || name == "" {
			return nil, fault.New(fault.Usage, "E-ASSIGNMENT", fault.A("value", arg))
		}
		list = append(list, assignment{strings.TrimSpace(name), strings.TrimSpace(value)})
	}
	return list, nil
}

func (v *invocation) guardrailsTest() *cobra.Command {
	return v.command("test [NAME=LIMIT…]", "cli.guardrails.test", between(0, -1, "[NAME=LIMIT…]"), func(ctx context.Context, args []string) error {
		wanted, err := assignments(args)
		if err != nil {
			return err
		}
		changes := map[string]string{}
		for _, w := range wanted {
			changes[w.name] = w.value
		}
		return v.withEngine(ctx, func(e *tradewind.Engine) error {
			t, err := e.TestGuardrails(ctx, changes)
			if err != nil {
				return err
			}
			return v.print(result{value: t, rows: v.testedRows(t.Decisions, true), page: func(p *page) { v.testedPage(p, t, args) }})
		})
	})
}

func (v *invocation) testedPage(p *page, t *tradewind.GuardrailTest, args []string) {
	if len(t.Decisions) == 0 {
		p.line(v.text("cli.guardrails.nothing"))
		return
	}
	totals := func(code string, s tradewind.TestTotals) {
		p.prose("", v.text(code, messages.A("within", s.Within), messages.A("n", len(t.Decisions)), messages.A("approved", s.Approved), messages.A("cash", s.ApprovedCash)))
	}
	totals("cli.guardrails.now", t.Now)
	if len(args) > 0 {
		totals("cli.guardrails.then", t.Then)
	}
	p.line("")
	shown := t.Decisions[:min(len(t.Decisions), v.itemLimit())]
	p.table(v.testedRows(shown, len(args) > 0))
	if rest := len(t.Decisions) - len(shown); rest > 0 {
		p.line(v.text("cli.prices.more", messages.A("n", rest)))
	}
	if len(args) > 0 {
		p.line("")
		p.line(v.text("cli.guardrails.next", messages.A("limits", shellWords(args))))
	}
}

// shellWords writes words as a shell takes them.
func shellWords(words []string) string {
	quoted := make([]string, len(words))
	for i, w := range words {
		if quoted[i] = w; strings.ContainsAny(w, " \t'\"$") {
			quoted[i] = "'" + strings.ReplaceAll(w, "'", `'\''`) + "'"
		}
	}
	return strings.Join(quoted, " ")
}

// testedRows shows what would be inside other limits only where others were asked about.
func (v *invocation) testedRows(all []tradewind.TestedView, others bool) *rows {
	type tested = tradewind.TestedView
	then := ""
	if others {
		then = "cli.head.within-then"
	}
	within := func(key, title string, is func(tested) bool) column[tested] {
		return column[tested]{key: key, title: title, text: func(t tested) string { return v.yes(is(t)) }, raw: func(t tested) string { return truth(is(t)) }}
	}
	return list(all,
		column[tested]{key: "id", title: "cli.head.id", text: func(t tested) string { return string(t.Decision.ID) }},
		column[tested]{key: "kind", text: func(t tested) string { return string(t.Decision.Kind) }},
		column[tested]{key: "sku", text: func(t tested) string { return string(t.Decision.Subject.SKU) }},
		column[tested]{key: "market", text: func(t tested) string { return string(t.Decision.Subject.Market) }},
		column[tested]{key: "location", text: func(t tested) string { return string(t.Decision.Subject.Location) }},
		within("within_now", "cli.head.within-now", func(t tested) bool { return t.WithinNow }),
		within("within", then, func(t tested) bool { return t.Within }),
		column[tested]{key: "mandate", title: "cli.head.mandate", text: func(t tested) string { return string(t.Mandate) }},
		amountColumn("gain", "cli.head.gain", func(t tested) *money.Amount { return &t.Decision.Gain.Mean }),
		amountColumn("cash", "cli.head.cash", func(t tested) *money.Amount { return &t.Decision.Cash }),
		column[tested]{key: "currency", text: func(t tested) string { return string(t.Decision.Cash.Currency()) }},
		column[tested]{key: "breaks", text: func(t tested) string {
			var names []string
			for _, verdict := range against(t) {
				names = append(names, verdict.Name)
			}
			return strings.Join(names, " ")
		}},
		column[tested]{key: "reason", title: "cli.head.reason", flex: true, text: func(t tested) string {
			var texts []tradewind.LocalizedText
			for _, verdict := range against(t) {
				texts = append(texts, verdict.Text)
			}
			return joinedTexts(v, texts)
		}},
	)
}

// against are the guardrails that a decision does not keep.
func against(t tradewind.TestedView) []tradewind.VerdictView {
	var broken []tradewind.VerdictView
	for _, verdict := range t.Verdicts {
		if !verdict.Holds {
			broken = append(broken, verdict)
		}
	}
	return broken
}
