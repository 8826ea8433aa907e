package main

import (
	"context"

	"github.com/spf13/cobra"

	"tradewind"
	"tradewind/messages"
)

func (v *invocation) automationCommand() *cobra.Command {
	return v.group("automation", "cli.automation",
		v.automationStatus(), v.automationTrain(), v.automationEvaluate(), v.automationDrift(),
		v.automationPause(), v.automationResume(),
		v.automationMandate(), v.automationMandates(), v.automationLevel(),
		v.automationRun(), v.automationRuns(), v.automationReplay(), v.automationReview())
}

func (v *invocation) automationStatus() *cobra.Command {
	return v.command("status [SKU…]", "cli.automation.status", between(0, -1, "[SKU…]"), func(ctx context.Context, args []string) error {
		return v.withEngine(ctx, func(e *tradewind.Engine) error {
			s, err := e.Automation(ctx)
			if err != nil {
				return err
			}
			learned, err := e.LearnedStatus(ctx)
			if err == nil {
				err = onlyAbout(learned, skusOf(args))
			}
			if err != nil {
				return err
			}
			return v.print(result{value: automationView{s, learned}, rows: v.learnedRows(learned.Sites), page: func(p *page) {
				if len(args) == 0 {
					v.automationPage(p, s)
					v.learnedPart(p, learned)
					return
				}
				for i := range learned.Sites {
					if i > 0 {
						p.line("")
					}
					v.sitePage(p, &learned.Sites[i])
				}
			}})
		})
	})
}

func (v *invocation) automationPage(p *page, s *tradewind.AutomationStatus) {
	v.pausedLine(p, s)
	p.line(v.text("cli.automation.today", messages.A("n", s.Choices), messages.A("cash", s.UsedCash), messages.A("prices", s.PriceChanges)))
	p.heading("cli.automation.in-force")
	if len(s.Mandates) == 0 {
		p.prose("  ", v.text("cli.automation.no-mandate"))
	} else {
		p.table(v.mandateRows(s.Mandates))
	}
	if r := s.LastRun; r != nil {
		p.heading("cli.automation.last")
		p.prose("  ", v.runLine(r))
		if r.Stopped != nil {
			p.prose("  ", r.Stopped.In(v.lang))
		}
	}
}

// pausedLine says whether policies may act, and who said so last.
func (v *invocation) pausedLine(p *page, s *tradewind.AutomationStatus) {
	code := "cli.automation.runs"
	if s.Paused {
		code = "cli.automation.paused"
	}
	p.line(v.bold(v.text(code)))
	if s.Since != nil {
		line := v.text("cli.automation.since", messages.A("at", *s.Since), messages.A("by", s.By))
		if s.Note != "" {
			line += ": " + s.Note
		}
		p.prose("", line)
	}
}

func (v *invocation) automationPause() *cobra.Command {
	var note string
	c := v.command("pause", "cli.automation.pause", exactly(0, ""), func(ctx context.Context, _ []string) error {
		return v.withEngine(ctx, func(e *tradewind.Engine) error {
			r, err := e.Pause(ctx, actor(), note)
			if err != nil {
				return err
			}
			return v.print(result{value: r, rows: v.decisionRows(r.Revoked), page: func(p *page) {
				v.pausedLine(p, &r.Status)
				if len(r.Revoked) > 0 {
					p.heading("cli.automation.revoked")
					p.table(v.decisionRows(r.Revoked))
				}
				p.line("")
				p.prose("", v.text("cli.automation.resume-next"))
			}})
		})
	})
	c.Flags().StringVar(&note, "note", "", v.text("cli.flag.note"))
	return c
}

func (v *invocation) automationResume() *cobra.Command {
	var note string
	c := v.command("resume", "cli.automation.resume", exactly(0, ""), func(ctx context.Context, _ []string) error {
		return v.withEngine(ctx, func(e *tradewind.Engine) error {
			s, err := e.Resume(ctx, actor(), note)
			if err != nil {
				return err
			}
			return v.print(result{value: s, rows: v.mandateRows(s.Mandates), page: func(p *page) { v.automationPage(p, s) }})
		})
	})
	c.Flags().StringVar(&note, "note", "", v.text("cli.flag.note"))
	return c
}

func (v *invocation) automationLevel() *cobra.Command {
	var note string
	c := v.command("level POLICY LEVEL", "cli.automation.level", exactly(2, "POLICY LEVEL"), func(ctx context.Context, args []string) error {
		return v.withEngine(ctx, func(e *tradewind.Engine) error {
			if err := e.SetPolicyLevel(ctx, args[0], args[1], actor(), note); err != nil {
				return err
			}
			type standing struct {
				Policy string `json:"policy"`
				Level  string `json:"level"`
			}
			return v.print(result{value: standing{args[0], args[1]}, page: func(p *page) {
				p.prose("", v.text("cli.automation.stands", messages.A("policy", args[0]), messages.A("level", v.levelName(args[1]))))
			}})
		})
	})
	c.Flags().StringVar(&note, "note", "", v.text("cli.flag.note"))
	return c
}
