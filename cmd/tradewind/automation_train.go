package main

import (
	"context"
	"strconv"

	"github.com/spf13/cobra"

	"tradewind"
	"tradewind/commerce"
	"tradewind/fault"
	"tradewind/messages"
	"tradewind/money"
)

// quickEffort is an effort that shows within seconds what training does.
var quickEffort = tradewind.TrainEffort{Fit: 4, Rounds: 1, Learn: 4, Screen: 8, Choose: 8}

func (v *invocation) automationTrain() *cobra.Command {
	var o tradewind.TrainOptions
	var quick bool
	c := v.command("train [SKU…]", "cli.automation.train", between(0, -1, "[SKU…]"), func(ctx context.Context, args []string) error {
		if o.Items < 0 {
			return fault.New(fault.Usage, "E-NUMBER", fault.A("name", "--items"), fault.A("value", o.Items))
		}
		o.SKUs, o.By = skusOf(args), actor()
		if quick {
			o.Effort = quickEffort
		}
		return v.withEngine(ctx, func(e *tradewind.Engine) error {
			p, end := v.newProgress()
			o.Progress = p.update
			r, err := e.TrainAutomation(ctx, o)
			end(err)
			if err != nil {
				return err
			}
			return v.print(result{value: r, rows: v.trainingRows(r), page: func(p *page) { v.trainPage(p, r) }})
		})
	})
	c.Flags().IntVar(&o.Items, "items", 0, v.text("cli.flag.items"))
	c.Flags().BoolVar(&quick, "quick", false, v.text("cli.flag.quick"))
	return c
}

func skusOf(args []string) []commerce.SKU {
	var skus []commerce.SKU
	for _, arg := range args {
		skus = append(skus, commerce.SKU(arg))
	}
	return skus
}

func (v *invocation) trainPage(p *page, r *tradewind.TrainReport) {
	p.prose("", v.text("cli.train.done", messages.A("n", len(r.Trained)), messages.A("refused", len(r.Refused)), messages.A("seconds", messages.Decimal{X: r.Seconds, Places: 1})))
	if len(r.Trained) > 0 {
		p.line("")
		p.table(v.trainedRows(r.Trained))
		p.line("")
		p.prose("", v.text("cli.train.legend"))
		v.assumedPart(p, assumedOf(r.Trained))
	}
	if len(r.Refused) > 0 {
		p.heading("cli.train.refused")
		shown := r.Refused[:min(len(r.Refused), v.itemLimit())]
		for _, u := range shown {
			p.prose("  - ", joined([]string{string(u.SKU), string(u.Location)})+": "+u.Reason.In(v.lang)+" "+u.Remedy.In(v.lang))
		}
		if rest := len(r.Refused) - len(shown); rest > 0 {
			p.line(v.text("cli.prices.more", messages.A("n", rest)))
		}
	}
	if len(r.Trained) > 0 {
		p.line("")
		p.line(v.text("cli.train.next"))
	}
}

func assumedOf(all []tradewind.TrainedView) []tradewind.LocalizedText {
	seen := map[tradewind.LocalizedText]bool{}
	var list []tradewind.LocalizedText
	for _, t := range all {
		for _, a := range t.Assumed {
			if !seen[a] {
				seen[a], list = true, append(list, a)
			}
		}
	}
	return list
}

func (v *invocation) trainedRows(all []tradewind.TrainedView) *rows {
	type trained = tradewind.TrainedView
	columns := []column[trained]{
		{title: "cli.head.sku", text: func(t trained) string { return string(t.SKU) }},
		{title: "cli.head.at-location", text: func(t trained) string { return string(t.Location) }},
		{title: "cli.head.learned", text: func(t trained) string { return v.yes(t.Learned) }},
		{title: "cli.head.prices-too", text: func(t trained) string { return v.yes(t.Priced) }},
		{title: "cli.head.departs", right: true, text: func(t trained) string { return count(int64(t.Moves)) }},
		{title: "cli.head.advantage", right: true, text: func(t trained) string { return advantage(&t.Advantage) }},
		{title: "cli.head.shadow", right: true, text: func(t trained) string { return advantage(t.Shadow) }},
		{title: "cli.head.level", text: func(t trained) string { return v.levelName(t.Level) }},
	}
	return list(all, columns...)
}

// advantage shows what one policy gains over another a year, with its 95 % interval.
func advantage(a *tradewind.AdvantageView) string {
	if a == nil {
		return "–"
	}
	return signed(a.Gain) + " (" + messages.Grouped(a.Low.Decimal()) + " … " + messages.Grouped(a.High.Decimal()) + ")"
}

// advantageColumns are the same for programs; nil is not known.
func advantageColumns[T any](key string, of func(T) *tradewind.AdvantageView) []column[T] {
	part := func(suffix string, pick func(*tradewind.AdvantageView) money.Amount) column[T] {
		return column[T]{key: key + suffix, right: true, text: func(x T) string {
			if a := of(x); a != nil {
				return pick(a).Decimal()
			}
			return ""
		}}
	}
	return []column[T]{
		part("", func(a *tradewind.AdvantageView) money.Amount { return a.Gain }),
		part("_low95", func(a *tradewind.AdvantageView) money.Amount { return a.Low }),
		part("_high95", func(a *tradewind.AdvantageView) money.Amount { return a.High }),
	}
}

// trainingLine is a site that was trained, or refused.
type trainingLine struct {
	Trained *tradewind.TrainedView   `json:"trained,omitempty"`
	Refused *tradewind.UntrainedView `json:"refused,omitempty"`
}

func (l trainingLine) site() (commerce.SKU, commerce.Location) {
	if l.Trained != nil {
		return l.Trained.SKU, l.Trained.Location
	}
	return l.Refused.SKU, l.Refused.Location
}

func (v *invocation) trainingRows(r *tradewind.TrainReport) *rows {
	var all []trainingLine
	for i := range r.Trained {
		all = append(all, trainingLine{Trained: &r.Trained[i]})
	}
	for i := range r.Refused {
		all = append(all, trainingLine{Refused: &r.Refused[i]})
	}
	trained := func(key string, right bool, of func(*tradewind.TrainedView) string) column[trainingLine] {
		return column[trainingLine]{key: key, right: right, text: func(l trainingLine) string {
			if l.Trained == nil {
				return ""
			}
			return of(l.Trained)
		}}
	}
	refused := func(key string, of func(*tradewind.UntrainedView) string) column[trainingLine] {
		return column[trainingLine]{key: key, text: func(l trainingLine) string {
			if l.Refused == nil {
				return ""
			}
			return of(l.Refused)
		}}
	}
	columns := []column[trainingLine]{
		{key: "sku", text: func(l trainingLine) string { sku, _ := l.site(); return string(sku) }},
		{key: "location", text: func(l trainingLine) string { _, at := l.site(); return string(at) }},
		{key: "trained", text: func(l trainingLine) string { return truth(l.Trained != nil) }},
		trained("learned", false, func(t *tradewind.TrainedView) string { return truth(t.Learned) }),
		trained("prices_learned", false, func(t *tradewind.TrainedView) string { return truth(t.Priced) }),
		trained("moves", true, func(t *tradewind.TrainedView) string { return strconv.Itoa(t.Moves) }),
		trained("level", false, func(t *tradewind.TrainedView) string { return t.Level }),
	}
	columns = append(columns, advantageColumns("advantage", func(l trainingLine) *tradewind.AdvantageView {
		if l.Trained == nil {
			return nil
		}
		return &l.Trained.Advantage
	})...)
	columns = append(columns, advantageColumns("shadow", func(l trainingLine) *tradewind.AdvantageView {
		if l.Trained == nil {
			return nil
		}
		return l.Trained.Shadow
	})...)
	return list(all, append(columns,
		trained("currency", false, func(t *tradewind.TrainedView) string { return string(t.Advantage.Gain.Currency()) }),
		refused("code", func(u *tradewind.UntrainedView) string { return u.Code }),
		refused("reason", func(u *tradewind.UntrainedView) string { return u.Reason.In(v.lang) }),
		refused("remedy", func(u *tradewind.UntrainedView) string { return u.Remedy.In(v.lang) }),
	)...)
}
