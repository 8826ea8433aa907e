package plan

import (
	"fmt"
	"math"
	"slices"
	"time"

	"tradewind/calendar"
	"tradewind/commerce"
	"tradewind/decision"
	"tradewind/messages"
	"tradewind/money"
	"tradewind/operations/expansion"
	"tradewind/operations/pricing"
)

// Of what prices have to offer, a person is asked to look at the most that is worth it.
const (
	mostPrices = 20
	mostTests  = 5

	priceDays = 14 // that such a proposal stands
)

// Worth is what to do about a price is worth: the gain of a better one, or the value of
// knowing.
func (p *PriceItem) Worth() float64 {
	if p.Test != nil {
		return p.Test.Net * p.Rate
	}
	return p.Gain()
}

// Propose turns the study into decisions of a survey of the same facts and law.
func (st *PriceStudy) Propose(v *Survey) []decision.Proposal {
	var list []decision.Proposal
	changes, tests := st.chosen()
	for _, p := range changes {
		list = append(list, v.setPrice(st, p))
	}
	for _, p := range tests {
		list = append(list, v.startTest(st, p))
	}
	return list
}

// chosen are the prices that are proposed to be changed, and those to be tested.
func (st *PriceStudy) chosen() (changes, tests []*PriceItem) {
	changes, tests = st.ByGain(PriceChange), st.ByGain(PriceTest)
	return changes[:min(len(changes), mostPrices)], tests[:min(len(tests), mostTests)]
}

// setPrice proposes the best price of an item.
func (v *Survey) setPrice(st *PriceStudy, p *PriceItem) decision.Proposal {
	classical := p.Solution.Best.Price
	p, advice, adjusted := v.repriced(st, p)
	s := p.Solution
	d := v.priced(decision.SetPrice{Item: p.Item, Price: s.Best.Price, Was: p.Price}, "ppml + price optimum")
	d.Cash = v.amount(0)
	// U₁·m₁ - U₀·m₀ = U₀·(m₁ - m₀) + (U₁ - U₀)·m₁
	then, now := s.Best.Profit, s.Today.Profit
	marginThen := 0.0
	if s.Best.Units > 0 {
		marginThen = then / s.Best.Units
	}
	units := v.amount((s.Best.Units - s.Today.Units) * marginThen * p.Rate)
	margin := v.amount((s.Today.Units*marginThen - now) * p.Rate)
	d.Drivers = []decision.Driver{
		{Name: messages.M("plan.driver.margin"), Amount: margin},
		{Name: messages.M("plan.driver.units", messages.A("units", messages.Decimal{X: s.Best.Units - s.Today.Units, Places: 0})), Amount: units},
	}
	d.Gain = v.spread(inRate(s.Gain, p.Rate), mustAdd(margin, units), st.Horizon)
	change := s.Best.Price.Float()/p.Price.Float() - 1
	d.Summary = messages.M("plan.price.summary", messages.A("sku", string(p.Item.SKU)), messages.A("market", countryOf(p.Item.Market)),
		messages.A("was", p.Price), messages.A("price", s.Best.Price), messages.A("gain", d.Gain.Mean), messages.A("days", st.Horizon))
	d.Reasons = v.priceReasons(st, p, change)
	d.Alternatives = v.priceOptions(st, p, d.Gain)
	d.Flips = st.priceFlips(p)
	for _, b := range s.Binding {
		d.Binding = append(d.Binding, decision.Constraint{Name: b.Message, Shadow: v.amount(0)})
	}
	d.Inputs = append(v.priceEstimates(p), st.Facts(p)...)
	d.Checks = append(v.priceChecks(p), v.itemChecks(p.Item)...)
	d.Exposure = v.priceExposure(p, s.Best.Price)
	d.Rules = v.priceRules(p, s.Best.Price)
	d.Caveats = append(v.priceCaveats(p, &d), messages.M("plan.caveat.orders-at-today"))
	d.Backtest = messages.M("plan.price.backtest", messages.A("estimators", len(p.Elasticity.Rungs)), messages.A("agree", agreeing(p.Elasticity)))
	if adjusted {
		v.learnedPrice(&d, p.Item, advice, classical)
	}
	return sign(d)
}

// priced is what a proposal about a price begins with. What has a first day stands until
// that begins, by the clocks of UTC: nobody can start it afterwards.
func (v *Survey) priced(a decision.Action, model string) decision.Proposal {
	p := v.move(a, model)
	p.Expires = v.Now.Add(priceDays * 24 * time.Hour)
	var first calendar.Day
	switch a := a.(type) {
	case decision.RunPromotion:
		first = a.From
	case decision.StartExperiment:
		first = a.From
	default:
		return p
	}
	if begins := first.StartIn(time.UTC); begins.Before(p.Expires) {
		p.Expires = begins
	}
	return p
}

func inRate(g pricing.Gain, rate float64) expansion.Interval {
	return expansion.Interval{Mean: g.Mean * rate, P10: g.P10 * rate, P50: g.P50 * rate, P90: g.P90 * rate}
}

func agreeing(e *pricing.Elasticity) int {
	n := 0
	for _, r := range e.Rungs {
		if r.Agrees {
			n++
		}
	}
	return n
}

func (v *Survey) priceReasons(st *PriceStudy, p *PriceItem, change float64) []messages.Message {
	s, e := p.Solution, p.Elasticity
	reasons := []messages.Message{
		messages.M("plan.price.reason.demand", messages.A("mean", messages.Decimal{X: e.Mean, Places: 2}), messages.A("low", messages.Decimal{X: e.Q05, Places: 2}),
			messages.A("high", messages.Decimal{X: e.Q95, Places: 2}), messages.A("source", e.Source.Name())),
		messages.M("plan.price.reason.units", messages.A("now", messages.Decimal{X: s.Today.Units, Places: 0}), messages.A("then", messages.Decimal{X: s.Best.Units, Places: 0}),
			messages.A("days", st.Horizon), messages.A("change", signedPercent(change))),
	}
	if now, err := p.Waterfall(p.Price, v.Config.FeeRate); err == nil {
		if then, err := p.Waterfall(s.Best.Price, v.Config.FeeRate); err == nil {
			reasons = append(reasons, messages.M("plan.price.reason.margin", messages.A("now", now.Contribution.Round()), messages.A("then", then.Contribution.Round()), messages.A("cost", p.costIn().Round())))
		}
	}
	reasons = append(reasons, messages.M("plan.price.reason.flat", messages.A("low", s.Flat[0]), messages.A("high", s.Flat[1])))
	if p.Rival.Sign() > 0 {
		reasons = append(reasons, messages.M("plan.price.reason.rival", messages.A("rival", p.Rival)))
	}
	if note := s.Note(); !note.IsZero() {
		reasons = append(reasons, note)
	}
	return reasons
}

func signedPercent(x float64) string { return fmt.Sprintf("%+.1f %%", 100*x) }

// priceOptions are the best price, half the way to it, and leaving the price as it is.
func (v *Survey) priceOptions(st *PriceStudy, p *PriceItem, gain decision.Estimate) []decision.Alternative {
	list := v.doOrLeave(gain, v.amount(0), messages.M("plan.option.price", messages.A("price", p.Solution.Best.Price)))
	middle := (p.Price.Float() + p.Solution.Best.Price.Float()) / 2
	half := p.Solution.Best
	for _, at := range p.Solution.Points {
		if math.Abs(at.Price.Float()-middle) < math.Abs(half.Price.Float()-middle) {
			half = at
		}
	}
	if half.Price == p.Price || half.Price == p.Solution.Best.Price {
		return list
	}
	asked, err := pricing.Ask(p.Problem, half.Price)
	if err != nil {
		return list
	}
	other := decision.Alternative{Name: messages.M("plan.option.price", messages.A("price", half.Price)), Cash: v.amount(0),
		Gain: v.spread(inRate(asked.Gain, p.Rate), v.amount(asked.Gain.Mean*p.Rate), st.Horizon)}
	return []decision.Alternative{list[0], other, list[1]}
}

// priceFlips are the least changes of elasticity and of cost with which today's price
// would be the best, each solved again on both sides.
func (st *PriceStudy) priceFlips(p *PriceItem) []decision.Flip {
	w := pricing.NewWorkspace()
	stays := func(change func(*pricing.Problem)) bool {
		q := *p.Problem
		change(&q)
		s, err := w.Optimise(&q)
		return err == nil && s.Refusal == nil && !worthChanging(s, p.Rate, st.Least())
	}
	elastic := func(f float64) func(*pricing.Problem) {
		return func(q *pricing.Problem) {
			q.Elasticity = make([]float64, len(p.Problem.Elasticity))
			for k, e := range p.Problem.Elasticity {
				q.Elasticity[k] = max(e*f, pricing.Steepest)
			}
		}
	}
	costly := func(f float64) func(*pricing.Problem) {
		return func(q *pricing.Problem) { *q = *p.costing(f) }
	}
	raising := p.Solution.Best.Price.Cmp(p.Price) > 0
	var list []decision.Flip
	nothing := messages.M("plan.option.nothing")
	if f, ok := flipFactor(raising, func(f float64) bool { return stays(elastic(f)) }); ok {
		list = append(list, decision.Flip{Input: "price.elasticity", Name: messages.M("plan.input.price.elasticity"), Now: p.Elasticity.Mean, At: p.Elasticity.Mean * f, Becomes: nothing})
	}
	if f, ok := flipFactor(!raising, func(f float64) bool { return stays(costly(f)) }); ok {
		cost := p.cost.Unit.Float() // in the reporting currency, as the input has it
		list = append(list, decision.Flip{Input: "cost.unit", Name: messages.M("plan.input.cost.unit"), Now: cost, At: cost * f, Becomes: nothing})
	}
	return list
}

// costing is the pricing problem with another unit cost. A unit that comes back is worth
// that cost again, so it stands in Net as well; so it does in a ban of sales below it.
func (p *PriceItem) costing(f float64) *pricing.Problem {
	q, net := *p.Problem, p.Problem.Net
	q.UnitCost = scaled(p.Problem.UnitCost, f)
	more := p.Returns * (q.UnitCost.Float() - p.Problem.UnitCost.Float())
	q.Net = func(price float64) float64 { return net(price) + more }
	q.Limits.Bans = slices.Clone(q.Limits.Bans)
	for i := range q.Limits.Bans {
		q.Limits.Bans[i].High = scaled(q.Limits.Bans[i].High, f)
	}
	return &q
}

func scaled(a money.Amount, f float64) money.Amount {
	b, err := money.FromFloat(a.Float()*f, a.Currency())
	if err != nil {
		return a
	}
	return b
}

// flipFactor finds the factor on an input, up to 3 up or down to a third, at which an
// answer changes: within .1 %, seen on both sides.
func flipFactor(up bool, changed func(f float64) bool) (float64, bool) {
	from, to := 1.0, 3.0
	if !up {
		to = 1.0 / 3
	}
	if changed(from) || !changed(to) {
		return 0, false
	}
	for range 12 {
		if middle := math.Sqrt(from * to); changed(middle) {
			to = middle
		} else {
			from = middle
		}
	}
	return to, true
}

// priceEstimates are the inputs that the models made: an approval does not compare them.
func (v *Survey) priceEstimates(p *PriceItem) []decision.Input {
	from := commerce.Provenance{Source: "ppml", AsOf: v.Snapshot.AsOf, Assumed: !p.Elasticity.Identified}
	return []decision.Input{
		input("price.elasticity", fmt.Sprintf("%.3f", p.Elasticity.Mean), from),
		input("demand.daily", fmt.Sprintf("%.3f", p.Units/7), commerce.Provenance{Source: "orders", AsOf: v.Snapshot.AsOf}),
		input("returns.rate", fmt.Sprintf("%.4f", p.Returns), commerce.Provenance{Source: "orders", AsOf: v.Snapshot.AsOf}),
	}
}

// Facts lists what a decision about a price rests on and nobody but a new fact can change.
func (st *PriceStudy) Facts(p *PriceItem) []decision.Input {
	s, c := st.survey.Snapshot, st.survey.Config
	list := []decision.Input{input("price.asked", p.Price.String(), commerce.Provenance{Source: "orders and price lists", AsOf: s.AsOf})}
	if p.cost != nil {
		list = append(list, input("cost.unit", asQuoted(p.cost.Unit, p.cost.Quoted), p.cost.Provenance))
		if p.cost.Quoted.Currency() != p.Price.Currency() {
			list = append(list, ratesOf(s, facts{cost: p.cost})...)
		}
	}
	if c := p.Price.Currency(); c != s.Currency {
		in := input("rate."+string(c), number(p.Rate), commerce.Provenance{Source: p.rate.Provenance.Source, AsOf: p.rate.Day, Assumed: p.rate.Provenance.Assumed})
		in.Name = messages.M("plan.input.rate", messages.A("base", string(c)), messages.A("quote", string(s.Currency)))
		list = append(list, in)
	}
	if p.Rival.Sign() > 0 {
		list = append(list, input("price.rival", p.Rival.String(), commerce.Provenance{Source: "price lists", AsOf: s.AsOf}))
	}
	if p.kept != nil && st.survey.Law.Calculator != nil {
		share := p.kept(p.Price.Float()) / p.Price.Float()
		list = append(list, input("landed.kept", number(math.Round(share*1e6)/1e6), commerce.Provenance{
			Source: "rules " + st.survey.Law.AsOf.String(), AsOf: st.survey.Law.AsOf, Assumed: c.Seller.IsZero()}))
	}
	if p.Finite {
		list = append(list, input("stock.left", number(p.Problem.Stock), commerce.Provenance{Source: "stock", AsOf: s.AsOf}))
	}
	return append(list, priceSettings(s, c)...)
}

// priceSettings lists the rates that every price is judged with, and the settings about
// prices that somebody changed.
func priceSettings(s *commerce.Snapshot, c Config) []decision.Input {
	setting := func(key, value string, assumed bool) decision.Input {
		return input("settings."+key, value, commerce.Provenance{Source: "tradewind.yaml", AsOf: s.AsOf, Assumed: assumed})
	}
	list := []decision.Input{setting("fee_rate", number(c.FeeRate), c.FeeRate == 0)}
	if text := c.Prices.changed(); text != "" {
		list = append(list, setting("prices", text, false))
	}
	return list
}

func (v *Survey) priceChecks(p *PriceItem) []decision.Check {
	s := p.Solution
	checks := []decision.Check{
		{Name: messages.M("plan.check.pays"), Outcome: atLeast(s.Gain.Positive, sureEnough), Limit: number(sureEnough), Value: number(math.Round(s.Gain.Positive*1e3) / 1e3)},
		{Name: messages.M("plan.check.estimators"), Outcome: passIf(agrees(p.Elasticity)), Limit: "true", Value: yes(agrees(p.Elasticity))},
	}
	if v.Law.Calculator != nil {
		checks = append(checks, decision.Check{Name: messages.M("plan.check.landed"), Outcome: passIf(!p.Open), Limit: "false", Value: yes(p.Open)})
	}
	for _, b := range s.Forbidden {
		checks = append(checks, decision.Check{Name: messages.M("plan.check.today", messages.A("limit", b.Message)), Outcome: decision.Warn})
	}
	return checks
}

// priceExposure is what a unit contributes at a price, as guardrails measure it.
func (v *Survey) priceExposure(p *PriceItem, price money.Amount) decision.Exposure {
	if p.kept == nil || price.Sign() <= 0 {
		return decision.Exposure{}
	}
	w, err := p.Waterfall(price, v.Config.FeeRate)
	if err != nil {
		return decision.Exposure{}
	}
	return decision.Exposure{Margin: exposed(w.Contribution.Float() / price.Float())}
}

// agrees reports whether no estimator that counts contradicts the answer.
func agrees(e *pricing.Elasticity) bool {
	for _, r := range e.Rungs {
		if !r.Agrees && !r.Informational {
			return false
		}
	}
	return true
}

func (v *Survey) priceCaveats(p *PriceItem, d *decision.Proposal) []messages.Message {
	var list []messages.Message
	if n := len(d.Assumed()); n > 0 {
		list = append(list, messages.M("plan.caveat.assumed", messages.A("n", n)))
	}
	if len(d.Flips) == 0 {
		list = append(list, messages.M("plan.caveat.price-flips"))
	}
	if v.Law.Calculator == nil {
		list = append(list, messages.M("plan.caveat.no-law"))
	}
	if p.Rival.Sign() <= 0 {
		list = append(list, messages.M("plan.caveat.no-rivals"))
	}
	return list
}

// startTest proposes a switchback test of a price where the data cannot tell what it would
// do.
func (v *Survey) startTest(st *PriceStudy, p *PriceItem) decision.Proposal {
	t := p.Test
	d := v.priced(decision.StartExperiment{Item: p.Item, Name: "price-" + string(p.Item.SKU) + "-" + string(p.Item.Market), Control: p.Price, Test: t.Test,
		From: nextMonday(v.Snapshot.AsOf.AddDays(7)), Weeks: t.Weeks}, "value of information") // a week at least to decide in
	d.Cash = v.amount(0)
	value, cost := v.amount(t.Value*p.Rate), v.amount(-t.Cost*p.Rate)
	d.Drivers = []decision.Driver{
		{Name: messages.M("plan.driver.knowing"), Amount: value},
		{Name: messages.M("plan.driver.testing"), Amount: cost},
	}
	d.Gain = v.spread(p.TestWorth(), mustAdd(value, cost), 7*testLife)
	d.Summary = messages.M("plan.test.summary", messages.A("sku", string(p.Item.SKU)), messages.A("market", countryOf(p.Item.Market)),
		messages.A("control", p.Price), messages.A("test", t.Test), messages.A("weeks", t.Weeks), messages.A("gain", d.Gain.Mean))
	d.Reasons = []messages.Message{p.Elasticity.Reason,
		messages.M("plan.test.reason", messages.A("mean", messages.Decimal{X: p.Elasticity.Mean, Places: 2}), messages.A("low", messages.Decimal{X: p.Elasticity.Q05, Places: 2}),
			messages.A("high", messages.Decimal{X: p.Elasticity.Q95, Places: 2}), messages.A("source", p.Elasticity.Source.Name())),
		messages.M("plan.test.switchback", messages.A("weeks", t.Weeks)),
		messages.M("plan.test.costs", messages.A("cost", cost.Neg())),
	}
	d.Alternatives = v.doOrLeave(d.Gain, d.Cash, messages.M("plan.option.test", messages.A("price", t.Test), messages.A("weeks", t.Weeks)))
	d.Flips = []decision.Flip{{Input: "test.cost", Name: messages.M("plan.input.test.cost"), Now: t.Cost * p.Rate, At: t.Value*p.Rate - st.Least(), Becomes: messages.M("plan.option.nothing")}}
	d.Inputs = append(v.priceEstimates(p), st.Facts(p)...)
	d.Checks = v.itemChecks(p.Item)
	d.Exposure = v.priceExposure(p, t.Test)
	d.Rules = v.priceRules(p, t.Test)
	d.Caveats = append(v.priceCaveats(p, &d), messages.M("plan.caveat.test-everyone"))
	return sign(d)
}

// testLife is how many weeks from now on count: those of the test, and those in which the
// price that it finds is used.
const testLife = 52

var testWeeks = []int{4, 8, 12, 16, 26}

// testOf finds the price test that is worth most; nil where none is worth its cost.
func (st *PriceStudy) testOf(i int, p *PriceItem) *pricing.TestValue {
	x := pricing.Switchback{Weeks: testWeeks, Life: testLife, Noise: st.noise(i)}
	value, err := x.Best(p.Problem)
	if err != nil || value == nil || !value.Worth() || value.Net*p.Rate < st.Least() {
		return nil
	}
	return value
}

// The noise of weekly units beyond chance is believed within these bounds.
const leastNoise, mostNoise, noiseWeeks = .05, 1.5, 26

// noise is how far the weekly units of an item scatter beyond Poisson's law, in logarithms,
// over its last half year: √((variance - mean)/mean²).
func (st *PriceStudy) noise(i int) float64 {
	lo, hi := st.panel.Rows(i)
	var n, sum, square float64
	for r := hi - 1; r >= lo && n < noiseWeeks; r-- {
		if e := st.panel.Exposure[r]; e > 0 {
			u := st.panel.Units[r] / e
			n, sum, square = n+1, sum+u, square+u*u
		}
	}
	if n < 2 || sum == 0 {
		return mostNoise
	}
	mean := sum / n
	variance := (square - n*mean*mean) / (n - 1)
	return math.Min(mostNoise, math.Max(leastNoise, math.Sqrt(math.Max(0, variance-mean)/(mean*mean))))
}

// TestWorth ranges from a test in bad weeks that says nothing, so that today's price is asked
// after as before, to what one that says all would be worth.
func (p *PriceItem) TestWorth() expansion.Interval {
	t := p.Test
	worst := -t.Cost
	if asked, err := pricing.Ask(p.Problem, t.Test); err == nil && p.Problem.Horizon > 0 {
		half := float64(t.Weeks) / 2 * 7 / float64(p.Problem.Horizon)
		worst = math.Min(worst, asked.Gain.P10*half)
	}
	return expansion.Interval{Mean: t.Net * p.Rate, P10: worst * p.Rate, P50: t.Net * p.Rate, P90: math.Max(t.Net, t.Perfect-t.Cost) * p.Rate}
}

func nextMonday(d calendar.Day) calendar.Day { return d.AddDays(1).Monday().AddDays(7) }
