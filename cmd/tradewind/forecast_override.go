package main

import (
	"context"
	"strings"

	"github.com/spf13/cobra"

	"tradewind"
	"tradewind/calendar"
	"tradewind/commerce"
	"tradewind/fault"
	"tradewind/messages"
)

// overriding are the flags of the override command.
type overriding struct {
	market, from, to string
	units, factor    float64
	reason, by       string
	list             bool
	remove           string
}

func (v *invocation) forecastOverride() *cobra.Command {
	var o overriding
	var c *cobra.Command
	c = v.command("override [SKU]", "cli.forecast.override", between(0, 1, "[SKU]"), func(ctx context.Context, args []string) error {
		given := c.Flags().Changed
		sku := commerce.SKU(strings.Join(args, ""))
		if err := o.one(sku, given); err != nil {
			return err
		}
		if !given("by") {
			o.by = actor()
		}
		switch {
		case o.list:
			return v.listOverrides(ctx, sku)
		case given("remove"):
			return v.removeOverride(ctx, o)
		}
		request, err := o.request(sku, given)
		if err != nil {
			return err
		}
		return v.makeOverride(ctx, request)
	})
	f := c.Flags()
	f.StringVar(&o.market, "market", "", v.text("cli.flag.override-for"))
	f.StringVar(&o.from, "from", "", v.text("cli.flag.from"))
	f.StringVar(&o.to, "to", "", v.text("cli.flag.last"))
	f.Float64Var(&o.units, "units", 0, v.text("cli.flag.units"))
	f.Float64Var(&o.factor, "factor", 0, v.text("cli.flag.factor"))
	f.StringVar(&o.reason, "reason", "", v.text("cli.flag.reason"))
	f.StringVar(&o.by, "by", "", v.text("cli.flag.by"))
	f.BoolVar(&o.list, "list", false, v.text("cli.flag.list"))
	f.StringVar(&o.remove, "remove", "", v.text("cli.flag.remove"))
	return c
}

// one refuses a command line that says more than one thing at a time, or nothing.
func (o *overriding) one(sku commerce.SKU, given func(string) bool) error {
	other := ""
	for _, name := range []string{"market", "from", "to", "units", "factor"} {
		if given(name) {
			other = "--" + name
		}
	}
	refuse := func(a, b string) error {
		return fault.New(fault.Usage, "E-OVERRIDE-WITH", fault.A("a", a), fault.A("b", b))
	}
	switch {
	case o.list && given("remove"):
		return refuse("--list", "--remove")
	case o.list && other != "":
		return refuse("--list", other)
	case given("remove") && other != "":
		return refuse("--remove", other)
	case given("remove") && sku != "":
		return refuse("--remove", string(sku))
	case !o.list && !given("remove") && sku == "":
		return fault.New(fault.Usage, "E-OVERRIDE-FLAG", fault.A("flag", "SKU"))
	}
	return nil
}

func (o *overriding) request(sku commerce.SKU, given func(string) bool) (r tradewind.OverrideRequest, err error) {
	r = tradewind.OverrideRequest{SKU: sku, Market: marketOf(o.market), Reason: o.reason, By: o.by}
	if r.From, err = dayOf("--from", o.from); err != nil {
		return r, err
	}
	if r.To, err = dayOf("--to", o.to); err != nil {
		return r, err
	}
	if given("units") {
		r.Units = &o.units
	}
	if given("factor") {
		r.Factor = &o.factor
	}
	return r, nil
}

func dayOf(flag, value string) (calendar.Day, error) {
	if value == "" {
		return calendar.Day{}, fault.New(fault.Usage, "E-OVERRIDE-FLAG", fault.A("flag", flag))
	}
	day, err := calendar.ParseDay(value)
	if err != nil {
		return day, fault.From(err, fault.Usage, "E-OVERRIDE-DAY", fault.A("flag", flag), fault.A("value", value))
	}
	return day, nil
}

func (v *invocation) makeOverride(ctx context.Context, r tradewind.OverrideRequest) error {
	return v.withEngine(ctx, func(e *tradewind.Engine) error {
		o, err := e.Override(ctx, r)
		if err != nil {
			return err
		}
		return v.print(result{value: o, page: func(p *page) {
			p.prose("", v.text("cli.override.made", messages.A("id", o.ID), messages.A("units", units(o.Units)), messages.A("sku", string(o.SKU)),
				messages.A("market", string(o.Market)), messages.A("from", o.From), messages.A("to", o.To), messages.A("model", units(o.Expected))))
			if len(o.Replaces) > 0 {
				p.prose("", v.text("cli.override.replaces", messages.A("ids", strings.Join(o.Replaces, ", "))))
			}
			p.prose("", v.text("cli.override.next", messages.A("id", o.ID)))
		}})
	})
}

func (v *invocation) removeOverride(ctx context.Context, o overriding) error {
	return v.withEngine(ctx, func(e *tradewind.Engine) error {
		view, err := e.RemoveOverride(ctx, strings.ToUpper(strings.TrimSpace(o.remove)), o.by, o.reason)
		if err != nil {
			return err
		}
		return v.print(result{value: view, page: func(p *page) {
			p.line(v.text("cli.override.removed", messages.A("id", view.ID)))
		}})
	})
}

func (v *invocation) listOverrides(ctx context.Context, sku commerce.SKU) error {
	return v.withEngine(ctx, func(e *tradewind.Engine) error {
		list, err := e.Overrides(ctx, sku)
		if err != nil {
			return err
		}
		return v.print(result{value: list, rows: v.overrideRows(list), page: func(p *page) {
			if len(list) == 0 {
				p.line(v.text("cli.override.none"))
				return
			}
			p.table(v.overrideRows(list))
		}})
	})
}

func (v *invocation) overrideRows(all []tradewind.OverrideView) *rows {
	type override = tradewind.OverrideView
	return list(all,
		column[override]{key: "id", title: "cli.head.override", text: func(o override) string { return o.ID }},
		column[override]{key: "sku", title: "cli.head.sku", text: func(o override) string { return string(o.SKU) }},
		column[override]{key: "market", title: "cli.head.market", text: func(o override) string { return string(o.Market) }},
		column[override]{key: "from", title: "cli.head.from", text: func(o override) string { return o.From.String() }},
		column[override]{key: "to", title: "cli.head.to", text: func(o override) string { return o.To.String() }},
		column[override]{key: "units", title: "cli.head.units", right: true, text: func(o override) string { return fixed(o.Units, 1) }, raw: func(o override) string { return fixed(o.Units, -1) }},
		column[override]{key: "model_units", title: "cli.head.model-units", right: true, text: func(o override) string { return fixed(o.Expected, 1) }, raw: func(o override) string { return fixed(o.Expected, -1) }},
		column[override]{key: "state", title: "cli.head.state", text: func(o override) string { return v.text("forecast.state." + string(o.State)) }, raw: func(o override) string { return string(o.State) }},
		column[override]{key: "by", title: "cli.head.by", text: func(o override) string { return o.By }},
		column[override]{key: "reason", title: "cli.head.reason", flex: true, text: func(o override) string { return o.Reason }},
		number("actual", "", func(o override) *float64 {
			return scoreOf(o, func(s tradewind.OverrideScore) float64 { return float64(s.Actual) })
		}, scaled),
		number("override_error", "", func(o override) *float64 {
			return scoreOf(o, func(s tradewind.OverrideScore) float64 { return s.OverrideError })
		}, scaled),
		number("model_error", "", func(o override) *float64 {
			return scoreOf(o, func(s tradewind.OverrideScore) float64 { return s.ModelError })
		}, scaled),
		column[override]{key: "better", title: "cli.head.score", flex: true, text: v.scoreText, raw: func(o override) string {
			if o.Score == nil {
				return ""
			}
			return o.Score.Better
		}},
	)
}

func scoreOf(o tradewind.OverrideView, of func(tradewind.OverrideScore) float64) *float64 {
	if o.Score == nil {
		return nil
	}
	x := of(*o.Score)
	return &x
}

func (v *invocation) scoreText(o tradewind.OverrideView) string {
	if o.Score == nil {
		return "–"
	}
	return v.text("cli.override.scored", messages.A("better", v.text("forecast.better."+o.Score.Better)), messages.A("actual", o.Score.Actual),
		messages.A("days", o.Score.Days), messages.A("own", signedUnits(o.Score.OverrideError)), messages.A("model", signedUnits(o.Score.ModelError)))
}

// inForce says what somebody expects in place of the model.
func (v *invocation) inForce(p *page, all []tradewind.OverrideView) {
	for _, o := range all {
		if o.State == tradewind.OverrideInForce {
			p.prose("! ", v.text("cli.override.in-force", messages.A("by", o.By), messages.A("units", units(o.Units)), messages.A("market", string(o.Market)),
				messages.A("from", o.From), messages.A("to", o.To), messages.A("model", units(o.Expected)), messages.A("reason", o.Reason), messages.A("id", o.ID)))
		}
	}
}

func (v *invocation) overrideTable(p *page, all []tradewind.OverrideView) {
	if len(all) > 0 {
		p.heading("cli.forecast.overrides")
		p.table(v.overrideRows(all))
	}
}
