package main

import (
	"context"
	"path/filepath"

	"github.com/spf13/cobra"

	"tradewind"
	"tradewind/messages"
)

// demoShown is how many decisions the demo prints.
const demoShown = 10

func (v *invocation) demoCommand() *cobra.Command {
	var noServe bool
	var addr string
	c := v.command("demo", "cli.demo", exactly(0, ""), func(ctx context.Context, _ []string) error {
		return v.demo(ctx, addr, noServe)
	})
	c.Flags().BoolVar(&noServe, "no-serve", false, v.text("cli.flag.no-serve"))
	c.Flags().StringVar(&addr, "addr", "", v.text("cli.flag.addr"))
	return c
}

func (v *invocation) demo(ctx context.Context, addr string, noServe bool) error {
	if v.host != nil { // the demo runs already, in the process that carries this out
		if v.host.report != nil {
			if err := v.printDemo(v.host.report, v.host.engine.Dir()); err != nil {
				return err
			}
		}
		v.printLink(v.host.console)
		return nil
	}
	dir := v.dirOr(demoDir)
	if there, err := v.forward(ctx, dir); there {
		return err
	}
	v.say(messages.M("cli.demo.intro"))
	p, end := v.newProgress()
	e, report, err := tradewind.Demo(ctx, dir, p.update)
	end(err)
	if err != nil {
		return err
	}
	defer e.Close()
	if err := v.printDemo(report, e.Dir()); err != nil || noServe {
		return err
	}
	return v.serve(ctx, e, addr, report)
}

func (v *invocation) printDemo(report *tradewind.DemoReport, dir string) error {
	best := report.Decisions[:min(len(report.Decisions), limitOr(v.flags.limit, demoShown))]
	return v.print(result{value: report, rows: v.decisionRows(report.Decisions), page: func(p *page) {
		p.line(v.text("cli.demo.done", messages.A("rows", report.Rows.In), messages.A("items", report.Items),
			messages.A("markets", report.Markets), messages.A("seconds", messages.Decimal{X: report.Seconds, Places: 1})))
		p.heading("cli.demo.best", messages.A("n", len(best)))
		p.table(v.decisionRows(best))
		p.heading("cli.demo.assumed")
		for _, a := range report.Assumed {
			p.prose("  - ", a.In(v.lang))
		}
		p.heading("cli.demo.next")
		first := "D-…"
		if len(best) > 0 {
			first = string(best[0].ID)
		}
		dir := shortest(v.cwd, dir)
		for _, args := range []string{"decisions explain " + first, "decisions list", "data status"} {
			p.line("  tradewind " + args + " --dir " + dir)
		}
	}})
}

// shortest names a directory from here where that is shorter.
func shortest(from, dir string) string {
	if rel, err := filepath.Rel(from, dir); err == nil && len(rel) < len(dir) {
		return rel
	}
	return dir
}

// limitOr is --limit, or the command's own where it was not given.
func limitOr(limit, standard int) int {
	if limit > 0 {
		return limit
	}
	return standard
}
