package main

import (
	"context"
	"fmt"

	"github.com/spf13/cobra"

	"tradewind"
	"tradewind/messages"
)

func (v *invocation) dataCommand() *cobra.Command {
	return v.group("data", "cli.data", v.dataStatus())
}

func (v *invocation) dataStatus() *cobra.Command {
	return v.command("status", "cli.data.status", exactly(0, ""), func(ctx context.Context, _ []string) error {
		return v.withEngine(ctx, func(e *tradewind.Engine) error {
			s, err := e.Status(ctx)
			if err != nil {
				return err
			}
			return v.print(result{value: s, rows: v.tableRows(s.Tables), page: func(p *page) { v.statusPage(p, s) }})
		})
	})
}

func (v *invocation) tableRows(tables []tradewind.TableStatus) *rows {
	type table = tradewind.TableStatus
	return list(tables,
		column[table]{key: "table", title: "cli.head.table", text: func(t table) string { return v.tableName(t.Name) }, raw: func(t table) string { return t.Name }},
		column[table]{key: "rows", title: "cli.head.rows", right: true, text: func(t table) string { return count(t.Rows) }, raw: func(t table) string { return fmt.Sprint(t.Rows) }},
		column[table]{key: "assumed", title: "cli.head.of-it-assumed", right: true, text: func(t table) string { return count(t.Assumed) }, raw: func(t table) string { return fmt.Sprint(t.Assumed) }},
		column[table]{key: "newest", title: "cli.head.newest", text: func(t table) string { return dayOrDash(t.Newest) }, raw: func(t table) string { return dayText(t.Newest) }},
	)
}

// tableName is what a kind of fact is called; a kind without a name shows its own.
func (v *invocation) tableName(name string) string {
	if code := "cli.table." + name; messages.Has(code) {
		return v.text(code)
	}
	return name
}

func (v *invocation) statusPage(p *page, s *tradewind.DataStatus) {
	p.line(v.text("cli.status.dates", messages.A("facts", dayOrDash(s.FactsAsOf)), messages.A("rules", s.RulesAsOf), messages.A("clock", s.Clock)))
	if s.Span != nil {
		p.line(v.text("cli.status.size", messages.A("skus", s.SKUs), messages.A("markets", s.Markets),
			messages.A("from", s.Span.From), messages.A("to", s.Span.To.AddDays(-1)), messages.A("currency", string(s.Currency))))
	}
	p.line("")
	p.table(v.tableRows(s.Tables))
	if len(s.Imports) > 0 {
		p.heading("cli.status.imports")
		p.table(v.fileRows(s.Imports[:min(len(s.Imports), limitOr(v.flags.limit, 10))]))
		p.line(v.rowsSentence(s.Rows))
	}
	if r := s.Returns; r.Credits > 0 {
		p.heading("cli.status.returns")
		p.prose("  ", v.text("cli.status.matched", messages.A("credits", r.Credits), messages.A("matched", r.Matched),
			messages.A("returned", r.Returned), messages.A("cancelled", r.Cancelled)))
		for _, worth := range r.Unmatched {
			p.prose("  ", v.text("cli.status.unmatched", messages.A("worth", worth)))
		}
	}
	if len(s.Missing) > 0 {
		p.heading("cli.status.next")
		for _, a := range s.Missing {
			p.prose("  - ", a.In(v.lang))
		}
	}
}

// rowsSentence is the sum that always holds, as one line.
func (v *invocation) rowsSentence(r tradewind.Rows) string {
	return v.text("cli.rows.sentence", messages.A("in", r.In), messages.A("loaded", r.Loaded), messages.A("updated", r.Updated),
		messages.A("unchanged", r.Unchanged), messages.A("duplicate", r.Duplicate),
		messages.A("quarantined", r.Quarantined), messages.A("excluded", r.Excluded))
}
