package main

import (
	"context"

	"github.com/spf13/cobra"

	"tradewind"
	"tradewind/fault"
	"tradewind/messages"
)

func (v *invocation) initCommand() *cobra.Command {
	var config tradewind.Config
	c := v.command("init [DIR]", "cli.init", between(0, 1, "[DIR]"), func(_ context.Context, args []string) error {
		dir := v.dir()
		if len(args) == 1 {
			if v.flags.dir != "" {
				return fault.New(fault.Usage, "E-TWO-DIRS", fault.A("a", v.flags.dir), fault.A("b", args[0]))
			}
			dir = v.path(args[0])
		}
		if v.flags.lang != "" {
			config.Language = string(v.lang)
		}
		if err := tradewind.Init(dir, config); err != nil {
			return err
		}
		v.say(messages.M("cli.init.done", messages.A("dir", dir)))
		return nil
	})
	c.Flags().StringVar(&config.Currency, "currency", "", v.text("cli.flag.currency"))
	c.Flags().StringVar(&config.Zone, "zone", "", v.text("cli.flag.zone"))
	c.Flags().StringVar(&config.Database, "database", "", v.text("cli.flag.database"))
	return c
}
