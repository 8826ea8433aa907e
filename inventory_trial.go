package tradewind

import (
	"math"

	"tradewind/fault"
	"tradewind/messages"
	"tradewind/operations/automation"
	"tradewind/simulate"
)

// contestant is a way of running a stock: make finds its policy in an arena, with notes on
// how.
type contestant struct {
	name string
	form *simulate.ShopForm
	free bool // it sets prices
	make func(a *automation.Arena) (automation.Policy, []LocalizedText, error)
}

// The ways that a stock is run in a simulation, in the order of the table.
const (
	trialToday     = "today"
	trialRule      = "rule"
	trialBaseStock = "base_stock"
	trialProjected = "projected"
	trialClassical = "classical"
	trialLearned   = "learned"
)

const (
	// trialFit is how many training episodes a policy is fitted on.
	trialFit = 32
	// customaryZ is the safety factor of 95 % service that systems come with.
	customaryZ = 1.645
	// unseen is the first of the episodes that are played: nothing is ever fitted, learned or
	// chosen on them, and no policy's promotion rests on them.
	unseen = 1 << 20
)

// contestants lines up the ways of running a stock, today's first. Where nobody knows how
// demand answers to prices none sets its own.
func (p *trialPlan) contestants(held, free *simulate.ShopForm) []contestant {
	classical := func(a *automation.Arena) (automation.Policy, []LocalizedText, error) {
		return a.BestClassical(trialFit), nil, nil
	}
	list := []contestant{
		{trialToday, held, false, func(*automation.Arena) (automation.Policy, []LocalizedText, error) { return p.today, nil, nil }},
		{trialRule, held, false, p.rule},
		{trialBaseStock, held, false, p.baseStock},
		{trialProjected, held, false, p.projected},
	}
	world := held
	if p.facts.Priced {
		world = free
		list = append(list, contestant{trialClassical, free, true, classical})
	}
	if p.learned != nil && len(p.learned.record.Moves) > 0 {
		list = append(list, contestant{trialLearned, world, p.facts.Priced, func(a *automation.Arena) (automation.Policy, []LocalizedText, error) {
			l, err := p.learned.policies(a.Form, a.Periods)
			if err != nil {
				return nil, nil, err
			}
			return l.Best(), nil, nil
		}})
	}
	return list
}

// rule is z·σ·√L: at the fill rate asked for, or at the customary service level.
func (p *trialPlan) rule(a *automation.Arena) (automation.Policy, []LocalizedText, error) {
	at := func(z float64) automation.Policy {
		return automation.NewSafetyStock(a.Form, a.Form.Floor, z, max(1, a.Form.MOQ))
	}
	z, notes := customaryZ, []LocalizedText(nil)
	if p.scenario.Fill > 0 {
		const least, most = -4, 12
		z, notes = p.atFill(a, trialRule, least, most, at)
	}
	said := localized(messages.M("inventory.note.rule", messages.A("z", messages.Decimal{X: z, Places: 2})))
	return at(z), append(notes, said), nil
}

// baseStock is the fixed level that earns most, or that keeps the fill rate asked for.
func (p *trialPlan) baseStock(a *automation.Arena) (automation.Policy, []LocalizedText, error) {
	best := a.BestFixed(trialFit)
	if p.scenario.Fill == 0 {
		return best, nil, nil
	}
	at := func(level float64) automation.Policy {
		return automation.Fixed{Price: best.Price, Level: level, Gap: best.Gap}
	}
	const mostWeeks = 60
	level, notes := p.atFill(a, trialBaseStock, 0, (a.Form.LeadDays/7+mostWeeks)*a.Form.Level, at)
	return at(level), notes, nil
}

// projected is the projected inventory level: the plan's rule, week after week.
func (p *trialPlan) projected(a *automation.Arena) (automation.Policy, []LocalizedText, error) {
	best := a.BestClassical(trialFit)
	if p.scenario.Fill == 0 {
		return best, nil, nil
	}
	at := func(safety float64) automation.Policy {
		c := *best
		c.Safety = safety
		return &c
	}
	const least, most = -4, 12
	safety, notes := p.atFill(a, trialProjected, least, most, at)
	return at(safety), notes, nil
}

// atFill finds the parameter of a way that keeps the fill rate asked for, and says so where
// none does.
func (p *trialPlan) atFill(a *automation.Arena, name string, least, most float64, at func(x float64) automation.Policy) (float64, []LocalizedText) {
	x, reached := a.AtFill(p.scenario.Fill, trialFit, least, most, at)
	if reached {
		return x, nil
	}
	return x, []LocalizedText{localized(messages.M("inventory.note.unreached", messages.A("policy", messages.M("inventory.trial."+name))))}
}

// ran is what came of a contestant.
type ran struct {
	sample []float64 // contribution by episode
	notes  []LocalizedText

	demand, sold, stock, out, lost, orders, price float64 // sums over all weeks
}

func (r *ran) mean() float64 {
	sum := 0.0
	for _, x := range r.sample {
		sum += x
	}
	return sum / float64(len(r.sample))
}

// run finds a contestant's policy and plays it.
func (c *contestant) run(p *trialPlan) (r ran, err error) {
	a := automation.NewArena(c.form, p.scenario.Weeks)
	var policy automation.Policy
	if policy, r.notes, err = c.make(a); err != nil {
		return r, fault.Wrap(err, "simulate %s", c.name)
	}
	for episode := range p.scenario.Episodes {
		r.sample = append(r.sample, a.Watch(policy, simulate.Choosing, uint64(unseen+episode), simulate.SteadyTrade, func(_ int, o simulate.Outcome) {
			r.demand, r.sold, r.lost = r.demand+o.Demand, r.sold+o.Sold, r.lost+o.Lost
			r.stock, r.price = r.stock+o.Left, r.price+o.Price
			if o.Out {
				r.out++
			}
			if o.Ordered > 0 {
				r.orders++
			}
		}))
	}
	return r, nil
}

// trial shows what came of a contestant beside today's way.
func (e *Engine) trial(c *contestant, r *ran, today []float64, form *simulate.ShopForm, weeks int) StockTrial {
	all := float64(len(r.sample) * weeks)
	const yearWeeks = 52
	year := func(x float64) float64 { return x * yearWeeks / float64(weeks) }
	alone := automation.Compare(r.sample, make([]float64, len(r.sample)), .95)
	w := StockTrial{Policy: c.name, Name: localized(messages.M("inventory.trial." + c.name)), FreePrice: c.free, Fill: 1, Stock: r.stock / all,
		Tied: e.reported(r.stock / all * form.Cost), Out: r.out / all, Lost: r.lost / all * yearWeeks, Orders: r.orders / all * yearWeeks, Price: e.reported(r.price / all),
		Mean: e.reported(year(alone.Mean)), Low: e.reported(year(alone.Low)), High: e.reported(year(alone.High)),
		Over: e.comparison(automation.Compare(r.sample, today, .95), weeks)}
	if r.demand > 0 {
		w.Fill = r.sold / r.demand
	}
	if math.Abs(w.Over.Share) > 1e6 { // today's way earns nothing to speak of
		w.Over.Share, w.Over.ShareLow = 0, 0
	}
	return w
}
