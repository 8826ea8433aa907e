package plan

import (
	"fmt"
	"math"
	"strconv"
	"sync"
	"sync/atomic"
	"time"

	"tradewind/commerce"
	"tradewind/decision"
	"tradewind/messages"
)

// explainAll makes the proposals of what was kept, in order, on the configured workers.
func explainAll(v *Survey, kept []pick, prices Prices) []decision.Proposal {
	out := make([]decision.Proposal, len(kept))
	var next atomic.Int64
	var wg sync.WaitGroup
	for range v.Config.workers() {
		wg.Go(func() {
			for i := int(next.Add(1)) - 1; i < len(kept); i = int(next.Add(1)) - 1 {
				out[i] = v.explain(kept[i], prices)
			}
		})
	}
	wg.Wait()
	return out
}

// explain turns a picked option into a proposal that a person can judge.
func (v *Survey) explain(k pick, prices Prices) decision.Proposal {
	m, o := k.menu, k.option
	action := decision.Reorder{
		SKU: m.Site.SKU, Location: m.Site.Location, Supplier: m.Facts.supply.Supplier,
		Units: int64(o.Units), UnitCost: m.Facts.cost.Unit,
	}
	p := decision.Proposal{
		Action:  action,
		Cash:    v.amount(o.Cash),
		Expires: v.Now.Add(time.Duration(v.Config.Review) * 24 * time.Hour),
		Run:     v.run(m.Outlook.Model + " + order-up-to"),
	}
	_, placed := m.Site.orders(v.Placed)
	also := append(append(placed, v.transferIDs(m.Site)...), v.overrideIDs(m.Site)...)
	p.ID = decision.NewID(action.Kind(), action.Subject(), p.Run.Snapshot, p.Run.Config+p.Run.Rules+p.Run.Learned, p.Run.Seed, also...)
	p.Drivers = v.drivers(m, k)
	p.Gain = v.estimate(m, k, p.Drivers)
	p.Summary = messages.M("plan.reorder.summary", messages.A("units", action.Units), messages.A("sku", string(action.SKU)),
		messages.A("location", string(action.Location)), messages.A("gain", p.Gain.Mean), messages.A("short", messages.Percent(m.Solution.StockOut)))
	p.Reasons = v.reasons(m, k)
	p.Alternatives = v.alternatives(m, k)
	p.Flips = flips(m, prices)
	p.Binding = v.binding(m, k, prices)
	p.Inputs = append(v.estimates(m), Facts(v.Snapshot, v.Config, v.Law, m.Site, v.Placed, v.Overrides)...)
	p.Inputs = append(p.Inputs, v.Moves.Stock.inputs(v, m.Site)...)
	p.Checks = v.checks(m, k)
	p.Exposure = decision.Exposure{Cover: exposed(m.cover(k)), Margin: exposed(m.Problem.Margin() / m.Price)}
	asks := v.asks(m)
	p.Checks = append(p.Checks, v.lawChecks(asks)...)
	p.Checks = append(p.Checks, v.Law.screened(m.Facts.supply)...)
	p.Rules = v.Law.rulesOf(m.terms)
	for _, a := range asks {
		p.Rules = cite(p.Rules, a.applied())
	}
	p.Caveats = append(v.Moves.Stock.caveats(m.Site), caveats(m, p.Assumed(), p.Flips)...)
	p.Backtest = m.backtest()
	v.learned(&p, m)
	if err := p.Sign(); err != nil {
		panic("plan: cannot sign a proposal: " + err.Error())
	}
	return p
}

// drivers are the parts of the mean, each rounded to money; their sum is the mean shown.
func (v *Survey) drivers(m *Menu, k pick) []decision.Driver {
	o := k.option
	list := []decision.Driver{
		{Name: messages.M("plan.driver.revenue", messages.A("units", messages.Decimal{X: o.Saved, Places: 0})), Amount: v.amount(o.Revenue)},
		{Name: messages.M("plan.driver.goods"), Amount: v.amount(o.Goods)},
		{Name: messages.M("plan.driver.holding"), Amount: v.amount(o.Holding)},
	}
	if o.Fixed != 0 {
		list = append(list, decision.Driver{Name: messages.M("plan.driver.fixed"), Amount: v.amount(o.Fixed)})
	}
	return list
}

func (v *Survey) estimate(m *Menu, k pick, drivers []decision.Driver) decision.Estimate {
	sum := v.amount(0)
	for _, d := range drivers {
		sum = mustAdd(sum, d.Amount)
	}
	o := k.option
	return decision.Estimate{
		Mean: sum, P10: v.amount(o.P10), P50: v.amount(o.P50), P90: v.amount(o.P90),
		Level: 0.8, Horizon: int(m.Problem.LeadDays+0.5) + m.Solution.Cycle,
	}
}

func (v *Survey) reasons(m *Menu, k pick) []messages.Message {
	s, pr := m.Solution, m.Problem
	level := "plan.reason.level"
	if k.option.Units != s.Chosen().Units {
		level = "plan.reason.level.cash"
	}
	if pr.FillRate > 0 {
		level = "plan.reason.level.fill"
	}
	list := v.insisted(m.Site)
	if m.Facts.lead != nil {
		list = append(list, m.Facts.lead.named("plan.reason.lead."))
	}
	return append(list,
		messages.M("plan.reason.demand", messages.A("daily", messages.Decimal{X: m.daily(), Places: 1}),
			messages.A("lead", messages.Decimal{X: pr.LeadDays, Places: 0}), messages.A("need", messages.Decimal{X: s.Lead, Places: 0}),
			messages.A("cycle", s.Cycle), messages.A("more", messages.Decimal{X: s.Window, Places: 0})),
		messages.M("plan.reason.stock", messages.A("onhand", int64(pr.OnHand)), messages.A("inbound", int64(pr.Position()-pr.OnHand)),
			messages.A("short", messages.Percent(s.StockOut))),
		messages.M("plan.reason.margin", messages.A("margin", v.amount(pr.Margin())),
			messages.A("holding", v.amount(pr.UnitCost*pr.HoldingRate/365*float64(s.Cycle))), messages.A("cycle", s.Cycle)),
		messages.M(level, messages.A("ratio", messages.Percent(s.Ratio)), messages.A("fill", messages.Percent(pr.FillRate)), messages.A("level", int64(s.UpTo)), messages.A("need", int64(s.Need)),
			messages.A("pack", int64(max(1, pr.Pack))), messages.A("moq", int64(max(1, pr.MOQ))), messages.A("units", int64(k.option.Units))),
	)
}

func (v *Survey) alternatives(m *Menu, k pick) []decision.Alternative {
	var list []decision.Alternative
	for i := range m.Solution.Options {
		o := &m.Solution.Options[i]
		name := messages.M("plan.option.order", messages.A("units", int64(o.Units)))
		switch {
		case o.Units == 0:
			name = messages.M("plan.option.nothing")
		case o.Delay > 0:
			name = messages.M("plan.option.wait", messages.A("days", o.Delay), messages.A("units", int64(o.Units)))
		}
		list = append(list, decision.Alternative{
			Name: name, Cash: v.amount(o.Cash), Chosen: o == k.option,
			Gain: decision.Estimate{
				Mean: v.amount(o.Mean), P10: v.amount(o.P10), P50: v.amount(o.P50), P90: v.amount(o.P90),
				Level: 0.8, Horizon: int(m.Problem.LeadDays+0.5) + m.Solution.Cycle,
			},
		})
	}
	return list
}

// binding names the limits that shaped the quantity: minimum, pack, cash, attention.
func (v *Survey) binding(m *Menu, k pick, prices Prices) []decision.Constraint {
	var list []decision.Constraint
	need := m.Solution.Need
	add := func(shadow float64, name messages.Message) {
		list = append(list, decision.Constraint{Name: name, Shadow: v.price(shadow)})
	}
	switch moq, pack := max(1, m.Problem.MOQ), max(1, m.Problem.Pack); {
	case need < moq:
		add(0, messages.M("plan.binding.moq", messages.A("moq", int64(moq)), messages.A("need", int64(need))))
	case k.option.Units != need && math.Abs(k.option.Units-need) < pack:
		add(0, messages.M("plan.binding.pack", messages.A("pack", int64(pack)), messages.A("need", int64(need))))
	}
	if prices.Cash > 0 {
		add(prices.Cash, messages.M("plan.binding.cash"))
	}
	if prices.Attention > 0 {
		add(prices.Attention, messages.M("plan.binding.attention", messages.A("n", v.Config.Attention)))
	}
	return list
}

func (v *Survey) checks(m *Menu, k pick) []decision.Check {
	outcome := func(ok bool) decision.Outcome {
		if ok {
			return decision.Pass
		}
		return decision.Warn
	}
	cover := m.cover(k)
	const longest = 180
	checks := []decision.Check{
		{Name: messages.M("plan.check.cover"), Outcome: outcome(cover <= longest), Limit: strconv.Itoa(longest), Value: fmt.Sprintf("%.0f", min(cover, 9999))},
		{Name: messages.M("plan.check.history"), Outcome: outcome(!m.Outlook.Pooled), Limit: strconv.Itoa(m.Outlook.Needed()), Value: strconv.Itoa(m.Outlook.SellingDays)},
		{Name: messages.M("plan.check.count"), Outcome: outcome(v.countAge(m) <= oldestCount), Limit: strconv.Itoa(oldestCount), Value: strconv.Itoa(v.countAge(m))},
	}
	if v.Law.Calculator != nil {
		checks = append(checks, v.lawCheck(m.terms))
	}
	if limit, ok := v.cashLimit(); ok {
		checks = append(checks, decision.Check{Name: messages.M("plan.check.cash"), Outcome: outcome(k.option.Cash <= limit),
			Limit: v.amount(limit).String(), Value: v.amount(k.option.Cash).String()})
	}
	return checks
}

// cover is how many days of demand the stock lasts with what is on its way and the order.
func (m *Menu) cover(k pick) float64 {
	return (m.Problem.Position() + k.option.Units) / max(m.daily(), 1e-6)
}

// exposed is a number that guardrails measure, rounded as proposals are; nil where there is
// none.
func exposed(x float64) *float64 {
	if math.IsNaN(x) || math.IsInf(x, 0) {
		return nil
	}
	return new(math.Round(x*1e6) / 1e6)
}

// backtest says how the forecast did on the past, before any decision is measured.
func (m *Menu) backtest() messages.Message {
	o := m.Outlook
	if math.IsNaN(o.Skill) {
		return messages.M("plan.backtest.none", messages.A("method", messages.MethodBoth(o.Model)))
	}
	return messages.M("plan.backtest", messages.A("method", messages.MethodBoth(o.Model)), messages.A("skill", messages.Percent(o.Skill)))
}

// oldestCount is how many days a stock count may lie behind the newest facts. What was
// sold since is taken off; what was lost, broken or stolen is not known.
const oldestCount = 30

func (v *Survey) countAge(m *Menu) int { return v.Snapshot.AsOf.Sub(m.Facts.stock.Day) }

func caveats(m *Menu, assumed []string, flips []decision.Flip) []messages.Message {
	var list []messages.Message
	if len(assumed) > 0 {
		list = append(list, messages.M("plan.caveat.assumed", messages.A("n", len(assumed))))
	}
	if m.Outlook.Pooled {
		list = append(list, messages.M("plan.caveat.pooled", messages.A("n", m.Outlook.SellingDays)))
	}
	if len(flips) == 0 {
		list = append(list, messages.M("plan.caveat.no-flips"))
	}
	if m.terms.markets == nil {
		list = append(list, messages.M("plan.caveat.no-law"))
	}
	if !m.censored {
		list = append(list, messages.M("plan.caveat.censored"))
	}
	return append(list, messages.M("plan.caveat.one-order"))
}

// daily is the expected demand a day over lead time and cycle.
func (m *Menu) daily() float64 {
	return (m.Solution.Lead + m.Solution.Window) / (m.Problem.LeadDays + float64(m.Solution.Cycle))
}

// estimates are the inputs that the models made. They move with every order that comes
// in, so an approval does not compare them.
func (v *Survey) estimates(m *Menu) []decision.Input {
	s := v.Snapshot
	return []decision.Input{
		input("demand.daily", fmt.Sprintf("%.3f", m.daily()), commerce.Provenance{Source: m.Outlook.Model, AsOf: s.AsOf}),
		input("returns.rate", fmt.Sprintf("%.4f", m.Problem.ReturnRate), commerce.Provenance{Source: "orders", AsOf: s.AsOf}),
	}
}
