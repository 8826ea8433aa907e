package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"math"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"tradewind"
	"tradewind/calendar"
	"tradewind/decision"
	"tradewind/fault"
	"tradewind/messages"
	"tradewind/money"
)

// target is a decision that somebody named, and the fingerprint of what they saw; ""
// is what stands now.
type target struct {
	ID          decision.ID `json:"id"`
	Fingerprint string      `json:"fingerprint"`
}

// acting holds the flags that the commands which act on decisions share.
type acting struct {
	stdin bool
	yes   bool
	note  string
}

func (v *invocation) actCommand(use, code string, a *acting, work func(ctx context.Context, e *tradewind.Engine, targets []target) error) *cobra.Command {
	c := v.command(use, code, cobra.ArbitraryArgs, func(ctx context.Context, args []string) error {
		return v.withEngine(ctx, func(e *tradewind.Engine) error {
			targets, err := v.targets(ctx, args, *a)
			if err != nil {
				return err
			}
			return work(ctx, e, targets)
		})
	})
	c.Flags().BoolVar(&a.stdin, "stdin", false, v.text("cli.flag.stdin"))
	c.Flags().BoolVarP(&a.yes, "yes", "y", false, v.text("cli.flag.yes"))
	return c
}

// targets reads the decisions from the arguments or from standard input: an ID a line,
// or a line of `decisions list -o ndjson`, which carries the fingerprint that was seen.
func (v *invocation) targets(ctx context.Context, args []string, a acting) ([]target, error) {
	var found []target
	for _, arg := range args {
		found = append(found, target{ID: decisionID(arg)})
	}
	if !a.stdin {
		return found, nil
	}
	if len(args) > 0 {
		return nil, fault.New(fault.Usage, "E-STDIN-AND-IDS")
	}
	if !a.yes {
		return nil, fault.New(fault.Usage, "E-YES")
	}
	text, err := await(ctx, func() (string, error) {
		all, err := io.ReadAll(v.in)
		return string(all), err
	})
	if err != nil {
		return nil, fault.Wrap(err, "read standard input")
	}
	for line := range strings.Lines(text) {
		word, _, _ := strings.Cut(strings.TrimSpace(line), " ")
		switch {
		case word == "":
		case strings.HasPrefix(word, "{"):
			var t target
			if err := json.Unmarshal([]byte(line), &t); err != nil || t.ID == "" {
				return nil, fault.From(err, fault.Invalid, "E-STDIN-LINE", fault.A("line", strings.TrimSpace(line)))
			}
			found = append(found, t)
		default:
			found = append(found, target{ID: decisionID(word)})
		}
	}
	return found, nil
}

func (v *invocation) decisionsApprove() *cobra.Command {
	var a acting
	var fingerprint string
	c := v.actCommand("approve ID…", "cli.decisions.approve", &a, func(ctx context.Context, e *tradewind.Engine, targets []target) error {
		if err := needTargets(targets, a); err != nil {
			return err
		}
		if fingerprint != "" {
			if len(targets) != 1 {
				return fault.New(fault.Usage, "E-ONE-FINGERPRINT", fault.A("n", len(targets)))
			}
			targets[0].Fingerprint = fingerprint
		}
		if err := v.review(ctx, e, targets, a); err != nil {
			return err
		}
		return v.decide(ctx, targets, func(t target) (*tradewind.DecisionView, error) {
			d, err := e.Approve(ctx, t.ID, t.Fingerprint, actor(), a.note)
			if err == nil {
				v.sayEndorsed(d)
			}
			return d, err
		})
	})
	c.Flags().StringVar(&fingerprint, "fingerprint", "", v.text("cli.flag.fingerprint"))
	c.Flags().StringVar(&a.note, "note", "", v.text("cli.flag.note"))
	return c
}

// sayEndorsed says of a decision that one approval did not approve why, and what is missing.
func (v *invocation) sayEndorsed(d *tradewind.DecisionView) {
	if d.State == decision.Proposed && d.Approvals != nil {
		v.say(messages.M("cli.approve.endorsed", messages.A("id", string(d.ID)), messages.A("by", strings.Join(d.Approvals.Given, ", ")),
			messages.A("why", joinedTexts(v, d.Approvals.Reasons))))
	}
}

// review shows what is about to be approved, takes the fingerprint of what it shows
// where none was given, and asks, where a person sits at the terminal.
func (v *invocation) review(ctx context.Context, e *tradewind.Engine, targets []target, a acting) error {
	var gain, cash []money.Amount
	for i, t := range targets {
		x, err := e.Explain(ctx, t.ID)
		if err != nil {
			return err
		}
		if t.Fingerprint == "" {
			targets[i].Fingerprint = x.Fingerprint
		}
		gain, cash = append(gain, x.Gain.Mean), append(cash, x.Cash)
		v.say(messages.M("cli.approve.one", messages.A("id", string(x.ID)), messages.A("summary", x.Summary.In(v.lang)),
			messages.A("gain", x.Gain.Mean), messages.A("cash", x.Cash), messages.A("fingerprint", x.Fingerprint)))
	}
	allGain, err := money.Sum(gain...)
	if err != nil {
		return err
	}
	allCash, err := money.Sum(cash...)
	if err != nil {
		return err
	}
	return v.confirm(ctx, a, messages.M("cli.approve.ask", messages.A("n", len(targets)), messages.A("gain", allGain), messages.A("cash", allCash)))
}

// confirm asks a person at a terminal. Without a terminal, naming the decisions is the
// consent; decisions from a pipe need --yes, which targets has checked.
func (v *invocation) confirm(ctx context.Context, a acting, question messages.Message) error {
	if a.yes || !v.term.In || !v.term.Err {
		return nil
	}
	fmt.Fprint(v.err, question.In(v.lang)+" "+v.text("cli.ask.keys")+" ")
	answer, err := await(ctx, func() (string, error) { return v.in.ReadString('\n') })
	if err != nil && err != io.EOF {
		return fault.Wrap(err, "read the answer")
	}
	switch strings.ToLower(strings.TrimSpace(answer)) {
	case "y", "yes", "是":
		return nil
	}
	return fault.New(fault.Invalid, "E-NOT-CONFIRMED")
}

// await returns what read returns, or the end of ctx: a read from a terminal cannot be
// interrupted, only left behind.
func await(ctx context.Context, read func() (string, error)) (string, error) {
	type answer struct {
		text string
		err  error
	}
	done := make(chan answer, 1)
	go func() {
		text, err := read()
		done <- answer{text, err}
	}()
	select {
	case a := <-done:
		if ctx.Err() != nil {
			return "", ctx.Err()
		}
		return a.text, a.err
	case <-ctx.Done():
		return "", ctx.Err()
	}
}

func (v *invocation) decisionsReject() *cobra.Command {
	var a acting
	c := v.actCommand("reject ID…", "cli.decisions.reject", &a, func(ctx context.Context, e *tradewind.Engine, targets []target) error {
		if err := needTargets(targets, a); err != nil {
			return err
		}
		return v.decide(ctx, targets, func(t target) (*tradewind.DecisionView, error) {
			return e.Reject(ctx, t.ID, actor(), a.note)
		})
	})
	c.Flags().StringVar(&a.note, "note", "", v.text("cli.flag.note"))
	return c
}

func (v *invocation) decisionsRevoke() *cobra.Command {
	var a acting
	c := v.actCommand("revoke ID…", "cli.decisions.revoke", &a, func(ctx context.Context, e *tradewind.Engine, targets []target) error {
		if err := needTargets(targets, a); err != nil {
			return err
		}
		return v.decide(ctx, targets, func(t target) (*tradewind.DecisionView, error) {
			return e.Revoke(ctx, t.ID, actor(), a.note)
		})
	})
	c.Flags().StringVar(&a.note, "note", "", v.text("cli.flag.note"))
	return c
}

func (v *invocation) decisionsRollback() *cobra.Command {
	var a acting
	c := v.actCommand("rollback ID…", "cli.decisions.rollback", &a, func(ctx context.Context, e *tradewind.Engine, targets []target) error {
		if err := needTargets(targets, a); err != nil {
			return err
		}
		return v.decide(ctx, targets, func(t target) (*tradewind.DecisionView, error) {
			d, err := e.Rollback(ctx, t.ID, actor(), a.note)
			if err == nil && d.State == decision.Proposed {
				v.say(messages.M("cli.rollback.next", messages.A("back", string(d.ID)), messages.A("id", string(t.ID))))
			}
			return d, err
		})
	})
	c.Flags().StringVar(&a.note, "note", "", v.text("cli.flag.note"))
	return c
}

func (v *invocation) decisionsSnooze() *cobra.Command {
	var a acting
	var until string
	var days int
	c := v.actCommand("snooze ID…", "cli.decisions.snooze", &a, func(ctx context.Context, e *tradewind.Engine, targets []target) error {
		if err := needTargets(targets, a); err != nil {
			return err
		}
		wake, err := wakeTime(e, until, days)
		if err != nil {
			return err
		}
		return v.decide(ctx, targets, func(t target) (*tradewind.DecisionView, error) {
			return e.Snooze(ctx, t.ID, wake, actor(), a.note)
		})
	})
	c.Flags().StringVar(&until, "until", "", v.text("cli.flag.until"))
	c.Flags().IntVar(&days, "days", 7, v.text("cli.flag.days"))
	c.Flags().StringVar(&a.note, "note", "", v.text("cli.flag.note"))
	return c
}

// wakeTime is when a snoozed decision comes back: the beginning of a day in the
// workspace's zone, or some days from the workspace's now.
func wakeTime(e *tradewind.Engine, until string, days int) (time.Time, error) {
	if until == "" {
		if days < 1 {
			return time.Time{}, fault.New(fault.Usage, "E-NUMBER", fault.A("name", "--days"), fault.A("value", days))
		}
		return e.Now().AddDate(0, 0, days), nil
	}
	day, err := calendar.ParseDay(until)
	if err != nil {
		return time.Time{}, fault.From(err, fault.Usage, "E-DATE-FORMAT", fault.A("value", until))
	}
	zone, err := time.LoadLocation(e.Config().Zone) // "" is UTC
	if err != nil {
		return time.Time{}, fault.Wrap(err, "load zone %q", e.Config().Zone)
	}
	return day.StartIn(zone).UTC(), nil
}

func (v *invocation) decisionsExecute() *cobra.Command {
	var a acting
	return v.actCommand("execute [ID…]", "cli.decisions.execute", &a, func(ctx context.Context, e *tradewind.Engine, targets []target) error {
		var ids []decision.ID
		for _, t := range targets {
			ids = append(ids, t.ID)
		}
		if len(ids) == 0 && !a.stdin { // none named: all that are approved
			approved, err := e.Decisions(ctx, tradewind.DecisionFilter{State: decision.Approved, Limit: math.MaxInt32})
			if err != nil {
				return err
			}
			for _, d := range approved {
				ids = append(ids, d.ID)
			}
		}
		all := len(targets) == 0 && !a.stdin
		if len(ids) > 0 {
			if err := v.confirm(ctx, a, messages.M("cli.execute.ask", messages.A("n", len(ids)))); err != nil {
				return err
			}
		} else if !all {
			v.say(messages.M("cli.execute.none"))
			return v.printExecuted(nil)
		}
		if all {
			ids = nil // with what a crash kept from leaving
		}
		done, err := e.Execute(ctx, ids, actor())
		if len(done) == 0 && err == nil {
			v.say(messages.M("cli.execute.none"))
		}
		if len(done) > 0 || err == nil {
			if err := v.printExecuted(done); err != nil {
				return err
			}
		}
		return err
	})
}

func (v *invocation) printExecuted(done []tradewind.Executed) error {
	if done == nil {
		done = []tradewind.Executed{}
	}
	type executed = tradewind.Executed
	return v.print(result{value: done, rows: list(done,
		column[executed]{key: "id", title: "cli.head.id", text: func(x executed) string { return string(x.Decision.ID) }},
		column[executed]{key: "state", title: "cli.head.state", text: func(x executed) string { return v.stateName(x.Decision) }, raw: func(x executed) string { return string(x.Decision.State) }},
		column[executed]{key: "file", title: "cli.head.file", text: func(x executed) string { return x.File }},
		column[executed]{key: "sha256", text: func(x executed) string { return x.SHA256 }},
		column[executed]{key: "already", title: "cli.head.already", text: func(x executed) string { return v.yesNo(x.Already) }, raw: func(x executed) string { return fmt.Sprint(x.Already) }},
	)})
}

func (v *invocation) yesNo(b bool) string {
	if b {
		return v.text("cli.yes")
	}
	return v.text("cli.no")
}

func needTargets(targets []target, a acting) error {
	if len(targets) == 0 && !a.stdin {
		return fault.New(fault.Usage, "E-NO-IDS")
	}
	return nil
}

// decide acts on each decision, prints those that it moved, and reports each that it
// could not move. One failure does not hold up the others; the first gives the exit
// code.
func (v *invocation) decide(ctx context.Context, targets []target, act func(target) (*tradewind.DecisionView, error)) error {
	var moved []tradewind.DecisionView
	failed := 0
	for _, t := range targets {
		d, err := act(t)
		if err == nil {
			moved = append(moved, *d)
			continue
		}
		if code := v.report(ctx, err); failed == 0 {
			failed = code
		}
		if ctx.Err() != nil {
			break
		}
	}
	if len(moved) > 0 || v.flags.output != "table" {
		if err := v.printDecisions(moved); err != nil {
			return err
		}
	}
	if failed != 0 {
		return exited(failed)
	}
	return nil
}
