package main

import (
	"context"
	"strings"

	"github.com/spf13/cobra"

	"tradewind"
)

func (v *invocation) formatsCommand() *cobra.Command {
	return v.group("formats", "cli.formats", v.formatsList(), v.formatsTemplate())
}

func (v *invocation) formatsList() *cobra.Command {
	return v.command("list", "cli.formats.list", exactly(0, ""), func(context.Context, []string) error {
		type format = tradewind.FormatView
		all := tradewind.Formats()
		return v.print(result{value: all, rows: list(all,
			column[format]{key: "name", title: "cli.head.format", text: func(f format) string { return f.Name }},
			column[format]{key: "fact", title: "cli.head.fact", text: func(f format) string { return v.tableName(f.Fact) }, raw: func(f format) string { return f.Fact }},
			column[format]{key: "columns", title: "cli.head.columns", flex: true, text: columnNames},
		)})
	})
}

// columnNames lists the columns of a format; brackets mark those that may be missing.
func columnNames(f tradewind.FormatView) string {
	var names []string
	for _, c := range f.Columns {
		name := c.Names[0]
		if c.Optional {
			name = "[" + name + "]"
		}
		names = append(names, name)
	}
	return strings.Join(names, ", ")
}

func (v *invocation) formatsTemplate() *cobra.Command {
	c := v.command("template NAME", "cli.formats.template", exactly(1, "NAME"), func(_ context.Context, args []string) error {
		text, err := tradewind.FormatTemplate(args[0], v.lang)
		if err != nil {
			return err
		}
		_, err = v.out.Write(text)
		return err
	})
	c.ValidArgsFunction = func(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
		var names []string
		for _, f := range tradewind.Formats() {
			if f.Template {
				names = append(names, f.Name)
			}
		}
		return names, cobra.ShellCompDirectiveNoFileComp
	}
	return c
}
