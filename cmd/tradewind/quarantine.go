package main

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"math"
	"os"
	"path/filepath"
	"strconv"

	"github.com/spf13/cobra"

	"tradewind"
	"tradewind/fault"
)

func (v *invocation) quarantineCommand() *cobra.Command {
	return v.group("quarantine", "cli.quarantine", v.quarantineList(), v.quarantineShow(), v.quarantineExport())
}

func (v *invocation) quarantineList() *cobra.Command {
	var from int64
	c := v.command("list", "cli.quarantine.list", exactly(0, ""), func(ctx context.Context, _ []string) error {
		return v.withEngine(ctx, func(e *tradewind.Engine) error {
			bad, err := e.Quarantine(ctx, from, limitOr(v.flags.limit, 50))
			if err != nil {
				return err
			}
			return v.printQuarantine(bad)
		})
	})
	c.Flags().Int64Var(&from, "import", 0, v.text("cli.flag.import"))
	return c
}

func (v *invocation) quarantineShow() *cobra.Command {
	return v.command("show IMPORT LINE", "cli.quarantine.show", exactly(2, "IMPORT LINE"), func(ctx context.Context, args []string) error {
		from, err := wholeNumber("IMPORT", args[0])
		if err != nil {
			return err
		}
		line, err := wholeNumber("LINE", args[1])
		if err != nil {
			return err
		}
		return v.withEngine(ctx, func(e *tradewind.Engine) error {
			all, err := e.Quarantine(ctx, from, math.MaxInt32)
			if err != nil {
				return err
			}
			for _, row := range all {
				if row.Line == line {
					return v.printQuarantinedRow(row)
				}
			}
			return fault.New(fault.NotFound, "E-NO-SUCH-ROW", fault.A("import", fmt.Sprint(from)), fault.A("line", fmt.Sprint(line)))
		})
	})
}

func (v *invocation) quarantineExport() *cobra.Command {
	var from int64
	var to string
	c := v.command("export", "cli.quarantine.export", exactly(0, ""), func(ctx context.Context, _ []string) error {
		return v.withEngine(ctx, func(e *tradewind.Engine) error {
			bad, err := e.Quarantine(ctx, from, limitOr(v.flags.limit, math.MaxInt32))
			if err != nil {
				return err
			}
			if v.flags.output == "table" {
				v.flags.output = "csv" // an export is for a spreadsheet unless -o says otherwise
			}
			if to == "" {
				return v.printQuarantine(bad)
			}
			return v.intoFile(v.path(to), func() error { return v.printQuarantine(bad) })
		})
	})
	c.Flags().Int64Var(&from, "import", 0, v.text("cli.flag.import"))
	c.Flags().StringVar(&to, "to", "", v.text("cli.flag.to"))
	return c
}

// intoFile sends what print writes to a file, whole or not at all.
func (v *invocation) intoFile(path string, print func() error) (err error) {
	f, err := os.CreateTemp(filepath.Dir(path), ".tradewind-*")
	if err != nil {
		return fault.From(err, fault.Invalid, "E-WRITE", fault.A("file", path), fault.A("reason", rootCause(err)))
	}
	defer os.Remove(f.Name())
	buffered := bufio.NewWriter(f)
	defer func(out io.Writer) { v.out = out }(v.out)
	v.out = buffered
	err = print()
	for _, step := range []func() error{buffered.Flush, f.Sync, f.Close, func() error { return os.Rename(f.Name(), path) }} {
		if err == nil {
			err = step()
		}
	}
	if err != nil {
		f.Close()
		return fault.From(err, fault.Invalid, "E-WRITE", fault.A("file", path), fault.A("reason", rootCause(err)))
	}
	return nil
}

func (v *invocation) printQuarantine(bad []tradewind.QuarantinedRow) error {
	if bad == nil {
		bad = []tradewind.QuarantinedRow{}
	}
	type row = tradewind.QuarantinedRow
	return v.print(result{value: bad, rows: list(bad,
		column[row]{key: "import", title: "cli.head.import", right: true, text: func(r row) string { return fmt.Sprint(r.Import) }},
		column[row]{key: "file", title: "cli.head.file", text: func(r row) string { return filepath.Base(r.File) }, raw: func(r row) string { return r.File }},
		column[row]{key: "line", title: "cli.head.line", right: true, text: func(r row) string { return fmt.Sprint(r.Line) }},
		column[row]{key: "column", title: "cli.head.column", text: func(r row) string { return r.Column }},
		column[row]{key: "code", title: "cli.head.reject", text: func(r row) string { return r.Code }},
		column[row]{key: "reason", title: "cli.head.reason", flex: true, text: func(r row) string { return r.Reason.In(v.lang) }},
		column[row]{key: "remedy", text: func(r row) string { return r.Remedy.In(v.lang) }},
		column[row]{key: "raw", text: func(r row) string { return r.Raw }},
	)})
}

func (v *invocation) printQuarantinedRow(r tradewind.QuarantinedRow) error {
	return v.print(result{value: r, page: func(p *page) {
		p.facts(
			[2]string{v.text("cli.head.file"), r.File},
			[2]string{v.text("cli.head.line"), fmt.Sprint(r.Line)},
			[2]string{v.text("cli.head.column"), r.Column},
			[2]string{v.text("cli.head.reject"), r.Code},
			[2]string{v.text("cli.head.raw"), r.Raw},
		)
		p.line("")
		p.prose("  ", r.Reason.In(v.lang))
		p.prose("  → ", r.Remedy.In(v.lang))
	}})
}

// wholeNumber reads an argument that counts from 1.
func wholeNumber(name, s string) (int64, error) {
	n, err := strconv.ParseInt(s, 10, 64)
	if err != nil || n < 1 {
		return 0, fault.New(fault.Usage, "E-NUMBER", fault.A("name", name), fault.A("value", s))
	}
	return n, nil
}
