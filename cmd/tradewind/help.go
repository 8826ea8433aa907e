package main

import (
	"errors"
	"fmt"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"tradewind/fault"
	"tradewind/messages"
)

// help prints the help of a command: what it does, examples first, then the form, the
// commands below it and the flags.
func (v *invocation) help(c *cobra.Command) {
	about := c.Long
	if about == "" {
		about = c.Short
	}
	fmt.Fprintln(v.out, about)
	if c.Example != "" {
		v.helpPart("cli.help.examples", c.Example)
	}
	v.helpPart("cli.help.usage", v.usageLine(c))
	if rows := commandRows(c); len(rows) > 0 {
		v.helpPart("cli.help.commands", aligned(rows))
	}
	if rows := v.flagRows(c.LocalNonPersistentFlags()); len(rows) > 0 {
		v.helpPart("cli.help.flags", aligned(rows))
	}
	v.helpPart("cli.help.everywhere", aligned(v.flagRows(c.Root().PersistentFlags())))
	if c.HasAvailableSubCommands() {
		fmt.Fprintln(v.out, "\n"+v.text("cli.help.more", messages.A("command", c.CommandPath())))
	}
}

func (v *invocation) helpPart(heading, body string) {
	fmt.Fprintf(v.out, "\n%s\n", v.bold(v.text(heading)))
	for line := range strings.Lines(body) {
		fmt.Fprintln(v.out, strings.TrimRight("  "+line, " \n"))
	}
}

func (v *invocation) usageLine(c *cobra.Command) string {
	if c.HasAvailableSubCommands() {
		return c.CommandPath() + " " + v.text("cli.help.command")
	}
	line := c.CommandPath()
	if _, args, found := strings.Cut(c.Use, " "); found {
		line += " " + args
	}
	return line + " " + v.text("cli.help.options")
}

func commandRows(c *cobra.Command) [][2]string {
	var rows [][2]string
	for _, child := range c.Commands() {
		if child.IsAvailableCommand() || child.Name() == "help" {
			rows = append(rows, [2]string{child.Name(), child.Short})
		}
	}
	return rows
}

func (v *invocation) flagRows(set *pflag.FlagSet) [][2]string {
	var rows [][2]string
	set.VisitAll(func(f *pflag.Flag) {
		if f.Hidden {
			return
		}
		name := "    --" + f.Name
		if f.Shorthand != "" {
			name = "-" + f.Shorthand + ", --" + f.Name
		}
		what, usage := pflag.UnquoteUsage(f)
		if what != "" {
			name += " " + what
		}
		if !zeroDefault(f.DefValue) {
			usage += v.text("cli.help.default", messages.A("value", f.DefValue))
		}
		rows = append(rows, [2]string{name, usage})
	})
	return rows
}

func zeroDefault(value string) bool {
	switch value {
	case "", "0", "false", "[]", "0s":
		return true
	}
	return false
}

// helpCommand is `tradewind help`, with the topics that belong to no command.
func (v *invocation) helpCommand(root *cobra.Command) *cobra.Command {
	c := v.command("help [COMMAND]", "cli.help", cobra.ArbitraryArgs, nil)
	c.RunE = func(_ *cobra.Command, args []string) error {
		if len(args) > 0 && args[0] == "exit-codes" {
			return v.printExitCodes()
		}
		if len(args) > 0 && args[0] == "roles" {
			return v.printRoles()
		}
		target, rest, err := root.Find(args)
		if err != nil {
			return unknownCommand(root, args[0])
		}
		if len(rest) > 0 {
			return unknownCommand(target, rest[0])
		}
		return target.Help()
	}
	c.ValidArgs = []string{"exit-codes", "roles"}
	return c
}

// exitCodeRow is one line of the table of exit codes.
type exitCodeRow struct {
	Code    int    `json:"code"`
	Name    string `json:"name"`
	Meaning string `json:"meaning"`
}

// printExitCodes shows what the exit codes mean; they come from the fault's own table.
func (v *invocation) printExitCodes() error {
	rows := []exitCodeRow{{0, "ok", v.text("cli.exit.0")}}
	for _, kind := range []fault.Kind{fault.Internal, fault.Usage, fault.Partial, fault.Denied, fault.Stale, fault.Blocked} {
		code := kind.ExitCode()
		rows = append(rows, exitCodeRow{code, kind.String(), v.text(fmt.Sprintf("cli.exit.%d", code))})
	}
	rows[1].Name = "failed" // internal, invalid and not found share the code
	rows = append(rows, exitCodeRow{exitInterrupted, "interrupted", v.text("cli.exit.130")})
	return v.print(result{value: rows, rows: list(rows,
		column[exitCodeRow]{key: "code", title: "cli.head.code", right: true, text: func(r exitCodeRow) string { return fmt.Sprint(r.Code) }},
		column[exitCodeRow]{key: "name", text: func(r exitCodeRow) string { return r.Name }},
		column[exitCodeRow]{key: "meaning", title: "cli.head.meaning", text: func(r exitCodeRow) string { return r.Meaning }},
	)})
}

// flagFault turns what pflag says about a flag into a usage failure with a remedy.
func (v *invocation) flagFault(c *cobra.Command, err error) error {
	// A word before the flag that is no command explains the flag that is not known.
	if c.HasSubCommands() && c.Flags().NArg() > 0 {
		return unknownCommand(c, c.Flags().Arg(0))
	}
	var unknown *pflag.NotExistError
	var empty *pflag.ValueRequiredError
	var wrong *pflag.InvalidValueError
	switch {
	case errors.As(err, &unknown):
		name := unknown.GetSpecifiedName()
		dashed := "--" + name
		if unknown.GetSpecifiedShortnames() != "" {
			dashed = "-" + name
		}
		return fault.From(err, fault.Usage, "E-FLAG", fault.A("flag", dashed), fault.A("command", c.CommandPath()),
			fault.A("guess", guess(dashed, flagNames(c))))
	case errors.As(err, &empty):
		return fault.From(err, fault.Usage, "E-FLAG-EMPTY", fault.A("flag", "--"+empty.GetFlag().Name), fault.A("command", c.CommandPath()))
	case errors.As(err, &wrong):
		return fault.From(err, fault.Usage, "E-FLAG-VALUE", fault.A("flag", "--"+wrong.GetFlag().Name),
			fault.A("value", wrong.GetValue()), fault.A("type", messages.M("cli.type."+wrong.GetFlag().Value.Type())), fault.A("command", c.CommandPath()))
	}
	return fault.From(err, fault.Usage, "E-FLAG", fault.A("flag", err.Error()), fault.A("command", c.CommandPath()), fault.A("guess", messages.M("cli.none")))
}

func flagNames(c *cobra.Command) []string {
	var names []string
	c.Flags().VisitAll(func(f *pflag.Flag) { names = append(names, "--"+f.Name) })
	return names
}

func unknownCommand(c *cobra.Command, word string) error {
	var names []string
	for _, child := range c.Commands() {
		if child.IsAvailableCommand() {
			names = append(names, child.Name())
		}
	}
	return fault.New(fault.Usage, "E-COMMAND", fault.A("command", c.CommandPath()), fault.A("word", word),
		fault.A("guess", guess(word, names)))
}

// guess is the sentence “did you mean …?” where a known word is near, and nothing
// otherwise.
func guess(word string, known []string) messages.Message {
	best, least := "", 3 // more than two edits away is no typing error
	for _, k := range known {
		d := editDistance(word, k)
		if strings.HasPrefix(k, word) && len(word) >= 2 {
			d = 0
		}
		if d < least {
			best, least = k, d
		}
	}
	if best == "" {
		return messages.M("cli.none")
	}
	return messages.M("cli.guess", messages.A("word", best))
}

// editDistance counts the insertions, deletions and replacements that turn a into b.
//
// Source: V. Levenshtein, Binary codes capable of correcting deletions, insertions and
// reversals, 1966.
func editDistance(a, b string) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		corner := row[0]
		row[0]++
		for j := range len(b) {
			cost := corner
			if a[i] != b[j] {
				cost++
			}
			corner = row[j+1]
			row[j+1] = min(cost, row[j]+1, row[j+1]+1)
		}
	}
	return row[len(b)]
}
