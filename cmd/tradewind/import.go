package main

import (
	"context"
	"fmt"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"tradewind"
	"tradewind/calendar"
	"tradewind/fault"
	"tradewind/messages"
	"tradewind/money"
)

func (v *invocation) importCommand() *cobra.Command {
	var o tradewind.ImportOptions
	c := v.command("import FILE…", "cli.import", between(1, -1, "FILE…"), func(ctx context.Context, args []string) error {
		if !(o.MaxBad >= 0 && o.MaxBad <= 1) {
			return fault.New(fault.Usage, "E-MAX-BAD", fault.A("value", fmt.Sprint(o.MaxBad)))
		}
		open := v.openOrMake
		if o.DryRun { // changes nothing, so it makes nothing either
			open = tradewind.Open
		}
		return v.withEngineOf(ctx, open, func(e *tradewind.Engine) error { return v.importFiles(ctx, e, args, o) })
	})
	c.ValidArgsFunction = nil // files
	c.Flags().BoolVar(&o.DryRun, "dry-run", false, v.text("cli.flag.dry-run"))
	c.Flags().StringVar(&o.Format, "format", "", v.text("cli.flag.format"))
	c.Flags().StringVar(&o.Zone, "zone", "", v.text("cli.flag.import-zone"))
	c.Flags().StringVar(&o.Encoding, "encoding", "", v.text("cli.flag.encoding"))
	c.Flags().StringVar(&o.DateOrder, "date-order", "", v.text("cli.flag.date-order"))
	c.Flags().Float64Var(&o.MaxBad, "max-bad", 0.05, v.text("cli.flag.max-bad"))
	return c
}

func (v *invocation) importFiles(ctx context.Context, e *tradewind.Engine, names []string, o tradewind.ImportOptions) error {
	files := make([]string, len(names))
	for i, name := range names {
		files[i] = v.path(name)
	}
	p, end := v.newProgress()
	o.Progress = p.update
	report, err := e.Import(ctx, files, o)
	end(err)
	if report != nil && len(report.Files) > 0 { // files before a failed one are in
		if err := v.printImport(report); err != nil {
			return err
		}
	}
	if err != nil {
		return err
	}
	var waiting int64
	for _, f := range report.Files {
		if !f.Already {
			waiting += f.Rows.Quarantined
		}
	}
	if waiting > 0 {
		return fault.New(fault.Partial, "E-QUARANTINED", fault.A("n", waiting))
	}
	return nil
}

func (v *invocation) printImport(report *tradewind.ImportReport) error {
	return v.print(result{value: report, rows: v.fileRows(report.Files), page: func(p *page) {
		for i, f := range report.Files {
			if i > 0 {
				p.line("")
			}
			v.filePage(p, f)
		}
		if report.DryRun {
			p.line("")
			p.line(v.text("cli.import.dry"))
		}
	}})
}

// outcome is one line of what became of the rows of a file.
type outcome struct {
	name  string
	rows  int64
	money string // "" where the amounts are in several currencies
}

func (v *invocation) filePage(p *page, f tradewind.FileReport) {
	p.line(v.bold(filepath.Base(f.File)))
	about := []string{f.Format, f.Encoding, f.Zone}
	if f.From != nil && f.To != nil {
		about = append(about, v.text("cli.span", messages.A("from", *f.From), messages.A("to", *f.To)))
	}
	p.line("  " + joined(about))
	if f.Already {
		p.line("  " + v.text("cli.import.already", messages.A("id", fmt.Sprint(f.ID))))
		return
	}
	p.table(list(v.outcomes(f),
		column[outcome]{title: "cli.head.outcome", text: func(o outcome) string { return o.name }},
		column[outcome]{title: "cli.head.rows", right: true, text: func(o outcome) string { return count(o.rows) }},
		column[outcome]{title: "cli.head.money", right: true, text: func(o outcome) string { return o.money }},
	))
}

// outcomes are the parts that the rows of a file fall into, with the reasons below
// them, and their sum. Parts without a row are left out.
func (v *invocation) outcomes(f tradewind.FileReport) []outcome {
	m := f.Money
	if m == nil {
		m = &tradewind.RowMoney{}
	}
	one := func(code string, rows int64, worth money.Amount) outcome {
		return outcome{v.text(code), rows, shownMoney(worth)}
	}
	var lines []outcome
	for _, part := range []struct {
		sum     outcome
		reasons []tradewind.RuleCount
	}{
		{one("cli.rows.loaded", f.Rows.Loaded, m.Loaded), nil},
		{one("cli.rows.updated", f.Rows.Updated, m.Updated), nil},
		{one("cli.rows.unchanged", f.Rows.Unchanged, m.Unchanged), nil},
		{one("cli.rows.duplicate", f.Rows.Duplicate, m.Duplicate), nil},
		{one("cli.rows.quarantined", f.Rows.Quarantined, m.Quarantined), f.Quarantine},
		{one("cli.rows.excluded", f.Rows.Excluded, m.Excluded), f.Excluded},
	} {
		if part.sum.rows > 0 {
			lines = append(append(lines, part.sum), v.rules(part.reasons)...)
		}
	}
	return append(lines, one("cli.rows.in", f.Rows.In, m.In))
}

// rules are the reasons below a sum.
func (v *invocation) rules(counts []tradewind.RuleCount) []outcome {
	var lines []outcome
	for _, r := range counts {
		lines = append(lines, outcome{"· " + r.Name.In(v.lang), r.Rows, shownMoney(r.Money)})
	}
	return lines
}

// shownMoney leaves out what has no currency: nothing can be said about it.
func shownMoney(a money.Amount) string {
	if a.Currency() == "" {
		return ""
	}
	return messages.Money(a)
}

func (v *invocation) fileRows(files []tradewind.FileReport) *rows {
	type file = tradewind.FileReport
	number := func(key string, n func(file) int64) column[file] {
		return column[file]{key: key, title: "cli.head." + key, right: true,
			text: func(f file) string { return count(n(f)) }, raw: func(f file) string { return fmt.Sprint(n(f)) }}
	}
	return list(files,
		column[file]{key: "import", title: "cli.head.import", right: true, text: func(f file) string { return fmt.Sprint(f.ID) }},
		column[file]{key: "file", title: "cli.head.file", flex: true, text: func(f file) string { return filepath.Base(f.File) }, raw: func(f file) string { return f.File }},
		column[file]{key: "format", title: "cli.head.format", text: func(f file) string { return f.Format }},
		column[file]{key: "encoding", text: func(f file) string { return f.Encoding }},
		column[file]{key: "zone", text: func(f file) string { return f.Zone }},
		column[file]{key: "from", title: "cli.head.from", text: func(f file) string { return dayOrDash(f.From) }, raw: func(f file) string { return dayText(f.From) }},
		column[file]{key: "to", title: "cli.head.to", text: func(f file) string { return dayOrDash(f.To) }, raw: func(f file) string { return dayText(f.To) }},
		number("in", func(f file) int64 { return f.Rows.In }),
		number("loaded", func(f file) int64 { return f.Rows.Loaded }),
		number("updated", func(f file) int64 { return f.Rows.Updated }),
		number("unchanged", func(f file) int64 { return f.Rows.Unchanged }),
		number("duplicate", func(f file) int64 { return f.Rows.Duplicate }),
		number("quarantined", func(f file) int64 { return f.Rows.Quarantined }),
		number("excluded", func(f file) int64 { return f.Rows.Excluded }),
		column[file]{key: "already_imported", text: func(f file) string { return fmt.Sprint(f.Already) }},
		column[file]{key: "sha256", text: func(f file) string { return f.SHA256 }},
	)
}

// count shows a number of things.
func count(n int64) string { return messages.Grouped(fmt.Sprint(n)) }

func dayText(d *calendar.Day) string {
	if d == nil {
		return ""
	}
	return d.String()
}

func dayOrDash(d *calendar.Day) string {
	if d == nil {
		return "–"
	}
	return d.String()
}

// joined puts a point between the parts that are not empty.
func joined(parts []string) string {
	var kept []string
	for _, part := range parts {
		if part != "" {
			kept = append(kept, part)
		}
	}
	return strings.Join(kept, " · ")
}
