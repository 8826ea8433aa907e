package main

import (
	"context"
	"os"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"tradewind"
	"tradewind/fault"
	"tradewind/messages"
)

// flags are the flags that every command has.
type flags struct {
	dir     string
	lang    string
	output  string
	limit   int
	quiet   bool
	verbose bool
	noColor bool
}

// demoDir is where the demo's workspace goes when --dir does not say.
const demoDir = "tradewind-demo"

// Commands are listed in the order of the work, as they are added below.
func init() { cobra.EnableCommandSorting = false }

// root builds the whole command tree.
func (v *invocation) root() *cobra.Command {
	root := v.group("tradewind", "cli.root",
		v.demoCommand(), v.initCommand(), v.serveCommand(),
		v.importCommand(), v.quarantineCommand(), v.dataCommand(), v.formatsCommand(),
		v.planCommand(), v.decisionsCommand(), v.forecastCommand(), v.inventoryCommand(), v.pricesCommand(), v.promosCommand(), v.marketsCommand(), v.quoteCommand(), v.hsCommand(), v.rulesCommand(),
		v.complyCommand(), v.l10nCommand(),
		v.automationCommand(), v.guardrailsCommand(), v.usersCommand(),
		v.versionCommand(), v.completionCommand(),
	)
	root.SilenceErrors, root.SilenceUsage = true, true
	root.CompletionOptions.DisableDefaultCmd = true
	root.SetIn(v.in)
	root.SetOut(v.out)
	root.SetErr(v.err)
	root.SetHelpFunc(func(c *cobra.Command, _ []string) { v.help(c) })
	root.SetFlagErrorFunc(v.flagFault)
	root.SetHelpCommand(v.helpCommand(root))
	root.Version = tradewind.Version
	root.SetVersionTemplate("tradewind {{.Version}}\n")
	root.Flags().Bool("version", false, v.text("cli.version"))

	f := root.PersistentFlags()
	f.SortFlags = false
	f.StringVar(&v.flags.dir, "dir", "", v.text("cli.flag.dir"))
	f.StringVar(&v.flags.lang, "lang", "", v.text("cli.flag.lang"))
	f.StringVarP(&v.flags.output, "output", "o", "table", v.text("cli.flag.output"))
	f.IntVar(&v.flags.limit, "limit", 0, v.text("cli.flag.limit"))
	f.BoolVarP(&v.flags.quiet, "quiet", "q", false, v.text("cli.flag.quiet"))
	f.BoolVarP(&v.flags.verbose, "verbose", "v", false, v.text("cli.flag.verbose"))
	f.BoolVar(&v.flags.noColor, "no-color", false, v.text("cli.flag.no-color"))
	f.BoolP("help", "h", false, v.text("cli.flag.help"))
	complete(root, "lang", string(messages.English), string(messages.Chinese))
	complete(root, "output", outputs...)

	root.PersistentPreRunE = func(*cobra.Command, []string) error {
		if v.flags.noColor {
			v.term.Color = false
		}
		if v.flags.limit < 0 {
			return fault.New(fault.Usage, "E-LIMIT", fault.A("value", v.flags.limit))
		}
		return oneOf("--output", v.flags.output, outputs)
	}
	return root
}

// command makes one command. Its words are the texts code, code.long and code.example.
func (v *invocation) command(use, code string, args cobra.PositionalArgs, work func(ctx context.Context, args []string) error) *cobra.Command {
	c := &cobra.Command{
		Use: use, Short: v.text(code), Args: args,
		ValidArgsFunction: cobra.NoFileCompletions,
		RunE:              func(c *cobra.Command, args []string) error { return work(c.Context(), args) },
	}
	if messages.Has(code + ".long") {
		c.Long = v.text(code + ".long")
	}
	if messages.Has(code + ".example") {
		c.Example = v.text(code + ".example")
	}
	c.Flags().SortFlags = false
	return c
}

// group makes a command that only holds others: alone it shows its help, and a word
// that is none of them is a usage failure with the nearest one.
func (v *invocation) group(use, code string, children ...*cobra.Command) *cobra.Command {
	c := v.command(use, code, cobra.ArbitraryArgs, nil)
	c.RunE = func(c *cobra.Command, args []string) error {
		if len(args) > 0 {
			return unknownCommand(c, args[0])
		}
		return c.Help()
	}
	c.AddCommand(children...)
	return c
}

// exactly accepts n arguments, named for the message.
func exactly(n int, names string) cobra.PositionalArgs {
	return func(c *cobra.Command, args []string) error {
		if len(args) != n {
			return argumentFault(c, names, len(args))
		}
		return nil
	}
}

// between accepts from lo to hi arguments; hi < 0 is any number.
func between(lo, hi int, names string) cobra.PositionalArgs {
	return func(c *cobra.Command, args []string) error {
		if len(args) < lo || hi >= 0 && len(args) > hi {
			return argumentFault(c, names, len(args))
		}
		return nil
	}
}

func argumentFault(c *cobra.Command, names string, got int) error {
	if names == "" {
		return fault.New(fault.Usage, "E-NO-ARGUMENTS", fault.A("command", c.CommandPath()), fault.A("got", got))
	}
	return fault.New(fault.Usage, "E-ARGUMENTS", fault.A("command", c.CommandPath()),
		fault.A("want", names), fault.A("got", got))
}

// oneOf refuses a value that is none of those allowed and names the nearest.
func oneOf(name, value string, allowed []string) error {
	for _, a := range allowed {
		if value == a {
			return nil
		}
	}
	return fault.New(fault.Usage, "E-CHOICE", fault.A("name", name), fault.A("value", value),
		fault.A("allowed", strings.Join(slices.DeleteFunc(slices.Clone(allowed), func(a string) bool { return a == "" }), ", ")), fault.A("guess", guess(value, allowed)))
}

// complete lists the values of a flag for the shell.
func complete(c *cobra.Command, flag string, values ...string) {
	// The only error is a flag that does not exist, which the help tests would show.
	_ = c.RegisterFlagCompletionFunc(flag, func(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
		return values, cobra.ShellCompDirectiveNoFileComp
	})
}

// dir is the workspace that the command is about.
func (v *invocation) dir() string { return v.dirOr(".") }

func (v *invocation) dirOr(standard string) string {
	dir := v.flags.dir
	if dir == "" {
		dir = os.Getenv("TRADEWIND_DIR")
	}
	if dir == "" {
		dir = standard
	}
	return v.path(dir)
}
