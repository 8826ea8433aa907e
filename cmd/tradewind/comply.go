package main

import (
	"context"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"tradewind"
	"tradewind/calendar"
	"tradewind/commerce"
	"tradewind/decision"
	"tradewind/messages"
)

// complyOutcomes are the answers that --outcome chooses from.
var complyOutcomes = []string{string(decision.Block), string(decision.Warn), string(decision.Pass)}

func (v *invocation) complyCommand() *cobra.Command {
	return v.group("comply", "cli.comply", v.complyCheck(), v.complyScreen())
}

func (v *invocation) complyCheck() *cobra.Command {
	var market, sku, asOf, outcome string
	c := v.command("check", "cli.comply.check", exactly(0, ""), func(ctx context.Context, _ []string) error {
		f := tradewind.ComplianceFilter{Market: marketOf(market), SKU: commerce.SKU(sku), Outcome: decision.Outcome(outcome), Limit: v.itemLimit()}
		if err := oneOf("--outcome", outcome, append([]string{""}, complyOutcomes...)); err != nil {
			return err
		}
		var err error
		if f.AsOf, err = dayFlag(asOf); err != nil {
			return err
		}
		return v.withEngine(ctx, func(e *tradewind.Engine) error {
			view, err := e.Compliance(ctx, f)
			if err != nil {
				return err
			}
			return v.print(result{value: view, rows: v.complyRows(view, f), page: func(p *page) { v.complyPage(p, view, f) }})
		})
	})
	c.Flags().StringVar(&market, "market", "", v.text("cli.flag.comply-market"))
	c.Flags().StringVar(&sku, "sku", "", v.text("cli.flag.comply-sku"))
	c.Flags().StringVar(&asOf, "as-of", "", v.text("cli.flag.comply-as-of"))
	c.Flags().StringVar(&outcome, "outcome", "", v.text("cli.flag.comply-outcome", messages.A("values", strings.Join(complyOutcomes, ", "))))
	complete(c, "outcome", complyOutcomes...)
	return c
}

// dayFlag reads a day that may be left out.
func dayFlag(text string) (*calendar.Day, error) {
	if text == "" {
		return nil, nil
	}
	day, err := dayArgument(text)
	return &day, err
}

// complyLine is one finding as files list it: of a product, or of the seller where there is
// no SKU.
type complyLine struct {
	SKU     commerce.SKU                 `json:"sku"`
	Name    string                       `json:"name"`
	Market  commerce.Market              `json:"market"`
	Finding *tradewind.ComplianceFinding `json:"finding"`
	item    *tradewind.ComplianceItem
}

func (v *invocation) complyRows(view *tradewind.ComplianceView, f tradewind.ComplianceFilter) *rows {
	var lines []complyLine
	for i := range view.Products {
		item := &view.Products[i]
		for k := range item.Findings {
			lines = append(lines, complyLine{item.SKU, item.Name, item.Market, &item.Findings[k], item})
		}
	}
	for i := range view.Markets {
		for k, finding := range view.Markets[i].Seller {
			if f.Outcome == "" && finding.Outcome != decision.Pass || finding.Outcome == f.Outcome {
				lines = append(lines, complyLine{Market: view.Markets[i].Market, Finding: &view.Markets[i].Seller[k]})
			}
		}
	}
	type line = complyLine
	return list(lines,
		column[line]{key: "market", text: func(x line) string { return string(x.Market) }},
		column[line]{key: "sku", text: func(x line) string { return string(x.SKU) }},
		column[line]{key: "name", text: func(x line) string { return x.Name }},
		column[line]{key: "sales", right: true, text: func(x line) string {
			if x.item == nil {
				return ""
			}
			return x.item.Sales.Decimal()
		}},
		column[line]{key: "currency", text: func(x line) string {
			if x.item == nil {
				return ""
			}
			return string(x.item.Sales.Currency())
		}},
		column[line]{key: "outcome", text: func(x line) string { return string(x.Finding.Outcome) }},
		column[line]{key: "topic", text: func(x line) string { return x.Finding.Topic }},
		column[line]{key: "key", text: func(x line) string { return x.Finding.Key }},
		column[line]{key: "text", text: func(x line) string { return x.Finding.Text.In(v.lang) }},
		column[line]{key: "needs", text: func(x line) string { return v.needs(x.Finding) }},
		column[line]{key: "owner", text: func(x line) string { return x.Finding.Owner }},
		column[line]{key: "remedy", text: func(x line) string { return x.Finding.Remedy.In(v.lang) }},
		column[line]{key: "rules", text: func(x line) string { return refIDs(x.Finding.Rules) }},
		column[line]{key: "status", text: func(x line) string {
			return oneRule(x.Finding, func(r tradewind.RuleRef) string { return r.Status })
		}},
		column[line]{key: "evidence", text: func(x line) string { return oneRule(x.Finding, func(r tradewind.RuleRef) string { return r.Evidence }) }},
		column[line]{key: "rules_as_of", text: func(line) string { return view.AsOf.String() }},
	)
}

// oneRule is a property of the rule that a finding is about; where something is unknown
// there are several, and no one answer.
func oneRule(f *tradewind.ComplianceFinding, of func(tradewind.RuleRef) string) string {
	if f.Unknown {
		return ""
	}
	return of(f.Rules[0])
}

// refIDs cites rules as ID@version.
func refIDs(rules []tradewind.RuleRef) string {
	var ids []string
	for _, r := range rules {
		ids = append(ids, r.ID+"@"+strconv.Itoa(r.Version))
	}
	return strings.Join(ids, " ")
}

// needs lists what a finding asks for and how it was found.
func (v *invocation) needs(f *tradewind.ComplianceFinding) string {
	var parts []string
	for _, n := range f.Needs {
		part := n.Name.In(v.lang) + " – " + n.StateName.In(v.lang)
		if n.Until != nil {
			part += " (" + v.text("cli.comply.until", messages.A("day", *n.Until)) + ")"
		}
		parts = append(parts, part)
	}
	if f.Prohibited {
		parts = append(parts, v.text("cli.comply.forbids"))
	}
	return strings.Join(parts, "; ")
}

func (v *invocation) complyPage(p *page, view *tradewind.ComplianceView, f tradewind.ComplianceFilter) {
	p.line(v.bold(v.text("cli.comply.title", messages.A("day", view.AsOf), messages.A("version", view.Rulebook))))
	for _, note := range view.Notes {
		p.prose("", note.In(v.lang))
	}
	if len(view.Markets) == 0 {
		p.line(v.text("cli.comply.none"))
	} else {
		p.table(v.complyMarkets(view.Markets))
		v.complyFindings(p, view, f)
		p.line("")
		p.prose("", v.text("cli.comply.legend"))
	}
	for _, a := range view.Assumed {
		p.prose("", v.text("cli.comply.assumed", messages.A("text", a.In(v.lang))))
	}
	v.notAdvice(p)
}

func (v *invocation) complyMarkets(markets []tradewind.ComplianceMarket) *rows {
	type m = tradewind.ComplianceMarket
	number := func(title string, n func(m) int) column[m] {
		return column[m]{title: title, right: true, text: func(x m) string { return count(int64(n(x))) }}
	}
	return list(markets,
		column[m]{title: "cli.head.market", text: func(x m) string { return string(x.Market) }},
		column[m]{title: "cli.head.name", text: func(x m) string { return x.Name.In(v.lang) }},
		number("cli.head.ready", func(x m) int { return x.Ready }),
		number("cli.head.warned", func(x m) int { return x.Warned }),
		number("cli.head.blocked", func(x m) int { return x.Blocked }),
		column[m]{title: "cli.head.seller", text: func(x m) string {
			if x.Rules == 0 {
				return v.text("cli.comply.no-rules")
			}
			return v.outcomeName(x.Outcome)
		}},
	)
}

func (v *invocation) outcomeName(o decision.Outcome) string {
	return v.text("cli.outcome." + string(o))
}

// complyFindings shows what holds up most; of one market also what the seller has to do;
// and the products: one by one with all that was found where the filter asks for it.
func (v *invocation) complyFindings(p *page, view *tradewind.ComplianceView, f tradewind.ComplianceFilter) {
	if len(view.Reasons) == 0 && len(view.Products) == 0 {
		p.line("")
		p.line(v.text("cli.comply.quiet"))
	}
	if len(view.Reasons) > 0 && f.SKU == "" {
		p.heading("cli.comply.reasons")
		reasons := view.Reasons[:min(len(view.Reasons), 2*shownItems)]
		p.table(v.reasonRows(reasons))
	}
	if f.Market != "" {
		for _, m := range view.Markets {
			if len(m.Seller) > 0 {
				p.heading("cli.comply.seller", messages.A("market", m.Name.In(v.lang)))
				v.findingParts(p, m.Seller)
			}
		}
	}
	if len(view.Products) == 0 {
		return
	}
	p.heading("cli.comply.products", messages.A("n", len(view.Products)), messages.A("all", view.Found))
	if f.SKU == "" && f.Market == "" && f.Outcome == "" {
		p.table(v.productRows(view.Products))
		return
	}
	for _, item := range view.Products {
		p.line("")
		p.line(v.bold(v.text("cli.comply.item", messages.A("sku", string(item.SKU)), messages.A("market", string(item.Market)),
			messages.A("outcome", v.outcomeName(item.Outcome)), messages.A("met", item.Met))) + "  " + printable(item.Name))
		v.findingParts(p, item.Findings)
	}
}

func (v *invocation) reasonRows(reasons []tradewind.ComplianceReason) *rows {
	type r = tradewind.ComplianceReason
	return list(reasons,
		column[r]{title: "cli.head.result", text: func(x r) string { return v.outcomeName(x.Outcome) }},
		column[r]{title: "cli.head.products", right: true, text: func(x r) string { return count(int64(x.Products)) }},
		column[r]{title: "cli.head.owner", text: func(x r) string { return x.Finding.OwnerName.In(v.lang) }},
		column[r]{title: "cli.head.id", text: func(x r) string { return x.Finding.Key }},
		column[r]{title: "cli.head.finding", flex: true, text: func(x r) string { return x.Finding.Text.In(v.lang) }},
	)
}

func (v *invocation) productRows(items []tradewind.ComplianceItem) *rows {
	type m = tradewind.ComplianceItem
	return list(items,
		column[m]{title: "cli.head.sku", text: func(x m) string { return string(x.SKU) }},
		column[m]{title: "cli.head.market", text: func(x m) string { return string(x.Market) }},
		column[m]{title: "cli.head.sales", right: true, text: func(x m) string { return messages.Money(x.Sales.Round()) }},
		column[m]{title: "cli.head.result", text: func(x m) string { return v.outcomeName(x.Outcome) }},
		column[m]{title: "cli.head.finding", right: true, text: func(x m) string { return strconv.Itoa(len(x.Findings)) }},
		column[m]{title: "cli.head.name", flex: true, text: func(x m) string { return x.Name }},
	)
}

// findingParts writes findings one below the other: the rule, what is there and what is
// not, who acts, and how.
func (v *invocation) findingParts(p *page, findings []tradewind.ComplianceFinding) {
	for i := range findings {
		f := &findings[i]
		p.prose("  - ", joined([]string{v.outcomeName(f.Outcome), f.Text.In(v.lang)}))
		if needs := v.needs(f); needs != "" {
			p.prose("    ", needs)
		}
		if f.Outcome != decision.Pass {
			p.prose("    ", joined([]string{f.OwnerName.In(v.lang), f.Remedy.In(v.lang)}))
		}
		cited := refIDs(f.Rules)
		if !f.Unknown {
			cited += ", " + v.ruleStatus(f.Rules[0].Status) + ", " + f.Rules[0].Evidence
		}
		if f.Unconfirmed {
			cited += ", " + v.text("cli.comply.weak")
		}
		p.prose("    ", cited)
	}
}
