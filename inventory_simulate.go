package tradewind

import (
	"context"
	"math"

	"tradewind/commerce"
	"tradewind/fault"
	"tradewind/messages"
	"tradewind/operations/automation"
	"tradewind/plan"
	"tradewind/simulate"
)

// SimulateInventory answers what a scenario does to the stock of a SKU at a location: what
// would be ordered today, and how ways of running the stock compare over many simulated
// weeks, all with the same chance. A simulated shop that is not like the real one is not
// played in: Refused says why, and the rest still stands. Location "" is the one that needs
// somebody most.
func (e *Engine) SimulateInventory(ctx context.Context, sku commerce.SKU, location commerce.Location, c StockScenario) (*StockSimulation, error) {
	c, err := c.complete()
	if err != nil {
		return nil, err
	}
	tell(c.Progress, "engine.stage.survey", 0, 0)
	s, err := e.snapshot(ctx)
	if err != nil {
		return nil, err
	}
	sites, err := stockedAt(s, sku, location)
	if err != nil {
		return nil, err
	}
	shops, err := e.shops(ctx)
	if err != nil {
		return nil, err
	}
	menus := plan.Decided(shops.survey, plan.Propose(shops.survey, sites))
	m := &menus[siteIn(plan.StockPlaces(shops.survey, menus), location)]
	x := &StockSimulation{SKU: sku, Location: m.Site.Location, Product: shops.names[sku], AsOf: s.AsOf, Scenario: c,
		Projection: []StockPoint{}, Policies: []StockTrial{}, Fit: []FitView{}, Assumed: []LocalizedText{}, Notes: []LocalizedText{}}
	tell(c.Progress, "inventory.stage.calibrate", 0, 0)
	facts, fit, refusal := shopFactsOf(shops.survey, shops.PriceStudy, m.Site)
	if refusal != nil && (fault.Of(refusal) == nil || fault.Is(refusal, fault.Internal)) {
		return nil, refusal
	}
	if fit != nil {
		x.Fit = checksOf(fit)
	}
	if err := e.asked(x, shops.survey, m, facts); err != nil {
		return nil, err
	}
	if refusal != nil {
		x.Refused = refusalOf(refusal)
		return x, nil
	}
	x.Assumed = localizedAll(facts.Assumed)
	kept, err := e.learned(ctx)
	if err != nil {
		return nil, err
	}
	p := &trialPlan{scenario: c, site: m.Site, facts: facts, today: today(shops.survey, &prepared{site: m.Site, facts: facts})}
	for i := range kept {
		if kept[i].site() == m.Site {
			p.learned = &kept[i]
		}
	}
	return x, e.play(ctx, x, p)
}

// asked weighs the order of today and that under the scenario, and projects the stock.
func (e *Engine) asked(x *StockSimulation, v *plan.Survey, m *plan.Menu, facts *plan.ShopFacts) error {
	if m.Solution == nil {
		why := localized(m.Refused)
		x.Reason = &why
		return nil
	}
	c := x.Scenario
	change := plan.StockChange{Demand: c.Demand, LeadDays: c.LeadDays, Fill: c.Fill, Price: c.Price}
	if least := 1 - m.Problem.LeadDays; c.LeadDays < least {
		return outOfScenario("lead", c.LeadDays, math.Ceil(least), 365)
	}
	switch {
	case c.Price == 1:
	case facts == nil:
		x.Notes = append(x.Notes, localized(messages.M("inventory.note.inelastic")))
	default:
		change.Elasticity = facts.Form.Elasticity
		x.Notes = append(x.Notes, localized(messages.M("inventory.note.elastic", messages.A("elasticity", messages.Decimal{X: change.Elasticity, Places: 2}))))
	}
	x.Now = e.orderAnswer(m)
	then := v.Ask(*m, change)
	if then.Solution == nil {
		why := localized(then.Refused)
		x.Reason = &why
		return nil
	}
	x.Then = e.orderAnswer(&then)
	x.Projection = stockPoints(&then, int64(then.Solution.Chosen().Units), x.AsOf)
	return nil
}

func (e *Engine) orderAnswer(m *plan.Menu) *OrderAnswer {
	s, o := m.Solution, m.Solution.Chosen()
	return &OrderAnswer{Units: o.Units, UpTo: s.UpTo, Ratio: s.Ratio, Fill: s.Fill, StockOut: s.StockOut, LeadDays: m.Problem.LeadDays, Daily: m.Pace(),
		Gain: EstimateView{e.reported(o.Mean), e.reported(o.P10), e.reported(o.P90)}, Cash: e.reported(o.Cash)}
}

// trialPlan is what is played.
type trialPlan struct {
	scenario StockScenario
	site     plan.Site
	facts    *plan.ShopFacts
	today    automation.Fixed
	learned  *learnedSite // nil: nothing was learned of the site
}

// worlds returns the form under the scenario: with its price held at the scenario's, and
// with prices free.
func (p *trialPlan) worlds() (held, free simulate.ShopForm, err error) {
	free = p.facts.Form
	free.Level *= p.scenario.Demand
	free.LeadDays += p.scenario.LeadDays
	held = free
	held.Floor = free.Reference * p.scenario.Price
	held.Ceiling = held.Floor
	if err = free.Check(); err == nil {
		err = held.Check()
	}
	return held, free, err
}

// play plays the ways of running a stock and compares them with that of today.
func (e *Engine) play(ctx context.Context, x *StockSimulation, p *trialPlan) error {
	held, free, err := p.worlds()
	if err != nil {
		if x.Refused = refusalOf(err); x.Refused != nil {
			return nil
		}
		return err
	}
	list := p.contestants(&held, &free)
	ran := make([]ran, len(list))
	failed := make([]error, len(list))
	progress := func(done int) { tell(x.Scenario.Progress, "inventory.stage.play", int64(done), int64(len(list))) }
	progress(0)
	err = inPieces(ctx, len(list), 1, progress, func(i int) {
		ran[i], failed[i] = list[i].run(p)
	})
	if err != nil {
		return err
	}
	means := make([]float64, len(list))
	for i := range list {
		if failed[i] != nil {
			return failed[i]
		}
		x.Policies = append(x.Policies, e.trial(&list[i], &ran[i], ran[0].sample, &free, x.Scenario.Weeks))
		means[i] = ran[i].mean()
		x.Notes = append(x.Notes, ran[i].notes...)
	}
	markBest(x.Policies, means)
	if !p.facts.Priced {
		x.Notes = append(x.Notes, localized(messages.M("inventory.note.unpriced")))
	}
	x.Notes = append(x.Notes,
		localized(messages.M("inventory.note.held-price", messages.A("price", e.reported(held.Floor)))),
		localized(messages.M("inventory.note.today")),
		localized(messages.M("inventory.note.start", messages.A("weeks", x.Scenario.Weeks))))
	if c := x.Scenario; c.Demand != 1 || c.LeadDays != 0 || c.Price != 1 {
		x.Notes = append(x.Notes, localized(messages.M("inventory.note.transformed")))
	}
	return nil
}
