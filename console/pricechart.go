package console

import (
	"cmp"
	"html/template"
	"net/http"
	"slices"

	"tradewind"
	"tradewind/console/chart"
	"tradewind/messages"
	"tradewind/money"
)

const (
	dotsDrawn = 40   // observed prices in the drawing: those of most weeks
	dotReach  = 1.25 // how far beyond the curve one may lie
)

// demandCurve shows the units a week that each price is expected to sell, and what past
// weeks sold at the prices that were asked then.
func (c *Console) demandCurve(r *http.Request, p *pricePage) template.HTML {
	if len(p.Curve) == 0 {
		return ""
	}
	weeks := float64(p.Horizon) / 7
	k := c.priceCurve(r, p, func(x tradewind.CurvePoint) tradewind.IntervalView {
		return tradewind.IntervalView{Mean: x.Units.Mean / weeks, Low: x.Units.Low / weeks, High: x.Units.High / weeks}
	})
	k.Title, k.Axis = c.say(r, "console.price.demand"), c.say(r, "console.price.axis.units")
	k.Line, k.Seen, k.Apart = c.say(r, "console.price.expected"), c.say(r, "console.price.seen"), c.say(r, "console.price.promoted")
	k.Summary = c.say(r, "console.price.demand.desc", messages.A("days", p.Horizon), messages.A("price", p.Price))
	k.Dots, p.Left = c.dots(r, p)
	return k.SVG()
}

// dots are the observed prices near the curve, those of most weeks.
func (c *Console) dots(r *http.Request, p *pricePage) (dots []chart.Dot, left int) {
	low, high := p.Curve[0].Price.Float()/dotReach, p.Curve[len(p.Curve)-1].Price.Float()*dotReach
	for _, o := range p.Observed {
		x := o.Price.Float()
		if x < low || x > high {
			left++
			continue
		}
		dots = append(dots, chart.Dot{X: x, Y: o.Units, Weight: float64(o.Weeks), Apart: o.Promo,
			Tip: c.say(r, "console.price.dot", messages.A("price", o.Price), messages.A("units", messages.Decimal{X: o.Units, Places: 1}), messages.A("weeks", o.Weeks))})
	}
	slices.SortStableFunc(dots, func(a, b chart.Dot) int { return cmp.Compare(b.Weight, a.Weight) })
	if extra := len(dots) - dotsDrawn; extra > 0 {
		dots, left = dots[:dotsDrawn], left+extra
	}
	return dots, left
}

// profitCurve shows what each price is expected to leave over the horizon.
func (c *Console) profitCurve(r *http.Request, p *pricePage) template.HTML {
	if len(p.Curve) == 0 {
		return ""
	}
	k := c.priceCurve(r, p, func(x tradewind.CurvePoint) tradewind.IntervalView {
		return tradewind.IntervalView{Mean: x.Profit.Mean.Float(), Low: x.Profit.Low.Float(), High: x.Profit.High.Float()}
	})
	k.Title, k.Line = c.say(r, "console.price.profit"), c.say(r, "console.price.contribution")
	k.Axis = c.say(r, "console.price.axis.profit", messages.A("currency", string(p.Curve[0].Profit.Mean.Currency())), messages.A("days", p.Horizon))
	k.Summary = c.say(r, "console.price.profit.desc", messages.A("days", p.Horizon), messages.A("price", p.Price))
	return k.SVG()
}

// priceCurve is what both curves share: prices across, the band, the marks, the grey ground.
func (c *Console) priceCurve(r *http.Request, p *pricePage, of func(tradewind.CurvePoint) tradewind.IntervalView) chart.Curve {
	k := chart.Curve{Across: c.say(r, "console.price.axis.price", messages.A("currency", string(p.Price.Currency()))), Band: c.say(r, "console.price.band"), Barred: c.say(r, "console.price.barred"),
		FormatX: func(x float64) string { return number(x, p.Price.Currency().Minor()) }, FormatY: tidy}
	for _, x := range p.Curve {
		y := of(x)
		k.Spots = append(k.Spots, chart.Spot{X: x.Price.Float(), Y: y.Mean, Low: y.Low, High: y.High, Barred: barred(x)})
	}
	stake := func(code string, price money.Amount, series int) {
		k.Stakes = append(k.Stakes, chart.Stake{X: price.Float(), Series: series, Name: c.say(r, code, messages.A("price", withoutCode(messages.Money(price))))})
	}
	stake("console.price.mark.today", p.Price, 2)
	switch {
	case p.Proposes():
		stake("console.price.mark.best", *p.Best, 1)
	case p.Test != nil:
		stake("console.price.mark.test", p.Test.Test, 1)
	}
	if p.Sim != nil {
		stake("console.price.mark.asked", p.Sim.Then.Price, 3)
	}
	return k
}

// waterfallChart leads from the price to what is left of it, now and at the other price.
func (c *Console) waterfallChart(r *http.Request, p *pricePage) template.HTML {
	lang := c.languageOf(r)
	f := chart.Falls{Title: c.say(r, "console.price.waterfall"), Summary: c.say(r, "console.price.waterfall.desc"), Now: c.say(r, "console.price.at", messages.A("price", p.Price))}
	if p.Beside != "" {
		f.Then = c.say(r, "console.price.at", messages.A("price", p.Beside))
	}
	for i, w := range p.Falls {
		s := chart.Step{Name: w.Name.In(lang), Now: w.Now.Float(), Level: i == 0 || i == len(p.Falls)-1, Label: messages.Money(w.Now)}
		if w.Then != nil {
			s.Then, s.Next = w.Then.Float(), messages.Money(*w.Then)
		}
		f.Steps = append(f.Steps, s)
	}
	return f.SVG()
}
