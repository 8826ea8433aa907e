package main

import (
	"context"
	"fmt"

	"github.com/spf13/cobra"

	"tradewind"
	"tradewind/decision"
	"tradewind/fault"
	"tradewind/messages"
	"tradewind/money"
)

func (v *invocation) automationRun() *cobra.Command {
	return v.command("run", "cli.automation.run", exactly(0, ""), func(ctx context.Context, _ []string) error {
		return v.withEngine(ctx, func(e *tradewind.Engine) error {
			r, err := e.Automate(ctx, actor())
			if r == nil {
				return err
			}
			if unsaid := v.print(result{value: r, rows: v.stepRows(stepsOf(r)), page: func(p *page) { v.roundPage(p, r) }}); unsaid != nil {
				return unsaid
			}
			if err != nil {
				return err
			}
			return unfinished(r)
		})
	})
}

// unfinished is what a round failed to do; nil where it did all it may.
func unfinished(r *tradewind.AutomationRun) error {
	if r.Paused {
		return fault.New(fault.Blocked, "E-PAUSED")
	}
	if left := len(r.Done) - executed(r); left > 0 {
		return fault.New(fault.Partial, "E-AUTOMATION-LEFT", fault.A("n", left))
	}
	return nil
}

// stepLine is one decision of a round, taken or left to people.
type stepLine struct {
	Outcome    string                    `json:"outcome"` // executed, approved or held
	ID         decision.ID               `json:"id"`
	Kind       decision.Kind             `json:"kind"`
	Subject    decision.Subject          `json:"subject"`
	Policy     string                    `json:"policy,omitempty"`
	Mandate    decision.ID               `json:"mandate,omitempty"`
	Propensity float64                   `json:"propensity"` // 0 where nothing was chosen
	Cash       *money.Amount             `json:"cash"`       // nil where nothing was
	File       string                    `json:"file,omitempty"`
	Why        []tradewind.LocalizedText `json:"reasons"`
}

func stepsOf(r *tradewind.AutomationRun) []stepLine {
	var lines []stepLine
	for _, s := range r.Done {
		l := stepLine{"executed", s.Decision.ID, s.Decision.Kind, s.Decision.Subject, s.Policy, s.Mandate, s.Propensity, &s.Decision.Cash, s.File, []tradewind.LocalizedText{s.Decision.Summary}}
		if !s.Executed {
			l.Outcome = "approved"
		}
		if s.Problem != nil {
			l.Why = []tradewind.LocalizedText{*s.Problem}
		}
		lines = append(lines, l)
	}
	for _, h := range r.Held {
		lines = append(lines, stepLine{Outcome: "held", ID: h.Decision, Kind: h.Kind, Subject: h.Subject, Why: h.Reasons})
	}
	return lines
}

func (v *invocation) stepRows(all []stepLine) *rows {
	return list(all,
		column[stepLine]{key: "id", title: "cli.head.id", text: func(l stepLine) string { return string(l.ID) }},
		column[stepLine]{key: "outcome", title: "cli.head.outcome", text: func(l stepLine) string { return v.text("cli.step." + l.Outcome) }, raw: func(l stepLine) string { return l.Outcome }},
		column[stepLine]{key: "kind", title: "cli.head.kind", text: func(l stepLine) string { return l.Kind.Name().In(v.lang) }, raw: func(l stepLine) string { return string(l.Kind) }},
		column[stepLine]{key: "sku", text: func(l stepLine) string { return string(l.Subject.SKU) }},
		column[stepLine]{key: "market", text: func(l stepLine) string { return string(l.Subject.Market) }},
		column[stepLine]{key: "channel", text: func(l stepLine) string { return string(l.Subject.Channel) }},
		column[stepLine]{key: "location", text: func(l stepLine) string { return string(l.Subject.Location) }},
		column[stepLine]{title: "cli.head.subject", text: func(l stepLine) string { return l.Subject.String() }},
		column[stepLine]{key: "policy", title: "cli.head.policy", text: func(l stepLine) string { return l.Policy }},
		column[stepLine]{key: "mandate", text: func(l stepLine) string { return string(l.Mandate) }},
		column[stepLine]{key: "propensity", right: true, text: func(l stepLine) string { return exact(l.Propensity) }},
		amountColumn("cash", "cli.head.cash", func(l stepLine) *money.Amount { return l.Cash }),
		column[stepLine]{key: "file", text: func(l stepLine) string { return l.File }},
		column[stepLine]{key: "reason", title: "cli.head.reason", flex: true, text: func(l stepLine) string { return joinedTexts(v, l.Why) }},
	)
}

func (v *invocation) roundPage(p *page, r *tradewind.AutomationRun) {
	if r.ID != "" {
		p.prose("", v.runLine(r))
	}
	if r.Stopped != nil {
		p.prose("", r.Stopped.In(v.lang))
	}
	if r.ID == "" && !r.Paused {
		p.line(v.text("cli.automation.propose-one"))
	}
	all := stepsOf(r)
	if shown := all[:min(len(all), max(len(r.Done), v.itemLimit()))]; len(shown) > 0 {
		p.line("")
		p.table(v.stepRows(shown))
		if rest := len(all) - len(shown); rest > 0 {
			p.line(v.text("cli.prices.more", messages.A("n", rest)))
		}
	}
}

func (v *invocation) automationRuns() *cobra.Command {
	return v.command("runs", "cli.automation.rounds", exactly(0, ""), func(ctx context.Context, _ []string) error {
		return v.withEngine(ctx, func(e *tradewind.Engine) error {
			all, err := e.AutomationRuns(ctx, limitOr(v.flags.limit, shownItems))
			if err != nil {
				return err
			}
			return v.print(result{value: all, rows: v.roundRows(all), page: func(p *page) {
				if len(all) == 0 {
					p.line(v.text("cli.automation.no-rounds"))
					return
				}
				p.table(v.roundRows(all))
			}})
		})
	})
}

func (v *invocation) roundRows(all []tradewind.AutomationRun) *rows {
	type round = tradewind.AutomationRun
	number := func(key, title string, of func(round) int) column[round] {
		return column[round]{key: key, title: title, right: true, text: func(r round) string { return count(int64(of(r))) }, raw: func(r round) string { return fmt.Sprint(of(r)) }}
	}
	return list(all,
		column[round]{key: "id", title: "cli.head.round", text: func(r round) string { return r.ID }},
		column[round]{key: "at", title: "cli.head.when-at", text: func(r round) string { return r.At.UTC().Format("2006-01-02 15:04") }, raw: func(r round) string { return instant(r.At) }},
		number("considered", "cli.head.considered", func(r round) int { return r.Considered }),
		number("executed", "cli.head.executed", func(r round) int { return executed(&r) }),
		number("held", "cli.head.held", func(r round) int { return len(r.Held) }),
		column[round]{key: "stopped", title: "cli.head.stopped", flex: true, text: func(r round) string {
			if r.Stopped == nil {
				return ""
			}
			return r.Stopped.In(v.lang)
		}},
	)
}

func (v *invocation) automationReplay() *cobra.Command {
	return v.command("replay [ROUND]", "cli.automation.replay", between(0, 1, "[ROUND]"), func(ctx context.Context, args []string) error {
		return v.withEngine(ctx, func(e *tradewind.Engine) error {
			round, err := newest(ctx, e, args)
			if err != nil {
				return err
			}
			r, err := e.ReplayAutomation(ctx, round)
			if err != nil {
				return err
			}
			err = v.print(result{value: r, page: func(p *page) {
				if r.Same {
					p.line(v.text("cli.automation.same", messages.A("id", r.Run), messages.A("n", r.Events)))
				}
			}})
			if err == nil && !r.Same {
				err = fault.New(fault.Stale, "E-AUTOMATION-REPLAY", fault.A("id", r.Run))
			}
			return err
		})
	})
}

// newest is the round that was named, or else the newest.
func newest(ctx context.Context, e *tradewind.Engine, args []string) (string, error) {
	if len(args) > 0 {
		return args[0], nil
	}
	runs, err := e.AutomationRuns(ctx, 1)
	if err == nil && len(runs) == 0 {
		err = fault.New(fault.NotFound, "E-AUTOMATION-NONE")
	}
	if err != nil {
		return "", err
	}
	return runs[0].ID, nil
}

func (v *invocation) runLine(r *tradewind.AutomationRun) string {
	return v.text("cli.automation.round", messages.A("id", r.ID), messages.A("at", r.At), messages.A("considered", r.Considered),
		messages.A("done", executed(r)), messages.A("held", len(r.Held)))
}

// executed counts the decisions of a round that left.
func executed(r *tradewind.AutomationRun) int {
	n := 0
	for _, s := range r.Done {
		if s.Executed {
			n++
		}
	}
	return n
}
