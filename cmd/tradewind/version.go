package main

import (
	"context"
	"fmt"
	"runtime"

	"github.com/spf13/cobra"

	"tradewind"
)

// build says which program this is.
type build struct {
	Version string `json:"version"`
	Go      string `json:"go"`
	System  string `json:"system"`
}

func (v *invocation) versionCommand() *cobra.Command {
	return v.command("version", "cli.version", exactly(0, ""), func(context.Context, []string) error {
		b := build{tradewind.Version, runtime.Version(), runtime.GOOS + "/" + runtime.GOARCH}
		return v.print(result{
			value: b,
			rows: list([]build{b},
				column[build]{key: "version", text: func(b build) string { return b.Version }},
				column[build]{key: "go", text: func(b build) string { return b.Go }},
				column[build]{key: "system", text: func(b build) string { return b.System }}),
			page: func(p *page) { p.line(fmt.Sprintf("tradewind %s (%s, %s)", b.Version, b.Go, b.System)) },
		})
	})
}

var shells = []string{"bash", "zsh", "fish", "powershell"}

func (v *invocation) completionCommand() *cobra.Command {
	c := v.command("completion SHELL", "cli.completion", exactly(1, "SHELL"), nil)
	c.ValidArgs = shells
	c.ValidArgsFunction = nil
	c.RunE = func(c *cobra.Command, args []string) error {
		if err := oneOf("SHELL", args[0], shells); err != nil {
			return err
		}
		root := c.Root()
		switch args[0] {
		case "bash":
			return root.GenBashCompletionV2(v.out, true)
		case "zsh":
			return root.GenZshCompletion(v.out)
		case "fish":
			return root.GenFishCompletion(v.out, true)
		case "powershell":
			return root.GenPowerShellCompletionWithDesc(v.out)
		}
		return nil
	}
	return c
}
