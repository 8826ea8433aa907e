package plan

import (
	"cmp"
	"math"
	"slices"
	"time"

	"tradewind/commerce"
	"tradewind/decision"
	"tradewind/law"
	"tradewind/messages"
	"tradewind/money"
	"tradewind/operations/expansion"
	"tradewind/operations/localization"
)

// Moves are what there is to do beside orders: markets to enter, taxes to register for,
// listings to mend, prices to set or to test, promotions to run, stock to move or to share out.
type Moves struct {
	Entries       []expansion.Entry
	Charges       map[commerce.Market]Charges // on the way to them
	Registrations []expansion.Registration
	Listings      []localization.Proposal
	Prices        *PriceStudy // nil: none was made
	Promos        *PromoStudy // likewise
	Stock         *StockStudy // likewise
}

// With the whole shop in view few such moves are worth a person's time at once.
const (
	mostEntries  = 3
	mostListings = 10

	likelyEnough = .5 // probability that an entry pays, or that a threshold is crossed within a year
)

// localizationLift is what a listing in the reader's language is assumed to add to an
// item's sales, and the range around it. Nobody has measured it here: an experiment would.
const localizationLift, leastLift, mostLift = .03, 0, .10

// Propose turns moves into decisions, worth most first.
func (m Moves) Propose(v *Survey) []decision.Proposal {
	var list []decision.Proposal
	for i := range m.Entries {
		if e := &m.Entries[i]; len(list) < mostEntries && e.Value.Mean > 0 && e.Profit >= likelyEnough {
			list = append(list, v.enter(e, m.Charges[e.Market]))
		}
	}
	for i := range m.Registrations {
		if r := &m.Registrations[i]; r.Within365 >= likelyEnough { // a duty: none is left out
			if p, ok := v.register(r); ok {
				list = append(list, p)
			}
		}
	}
	for i := range m.Listings[:min(len(m.Listings), mostListings)] {
		if p, ok := v.localize(&m.Listings[i]); ok {
			list = append(list, p)
		}
	}
	if m.Prices != nil {
		list = append(list, m.Prices.Propose(v)...)
	}
	if m.Promos != nil {
		list = append(list, m.Promos.Propose(v)...)
	}
	if m.Stock != nil {
		list = append(list, m.Stock.Propose(v)...)
	}
	slices.SortStableFunc(list, func(a, b decision.Proposal) int { return b.Gain.Mean.Cmp(a.Gain.Mean) })
	return list
}

// enter proposes a market without sales. Its worth is what the study expects of a year
// there, less the cost of entry.
func (v *Survey) enter(e *expansion.Entry, c Charges) decision.Proposal {
	p := v.move(decision.EnterMarket{Market: e.Market, Channel: e.Channel}, "market entry study")
	market := countryOf(e.Market)
	worth := v.amount(e.Value.Mean + e.Cost.Mean)
	p.Cash = v.amount(e.Cost.Mean)
	p.Drivers = []decision.Driver{
		{Name: messages.M("plan.driver.contribution"), Amount: worth},
		{Name: messages.M("plan.driver.entry"), Amount: p.Cash.Neg()},
	}
	p.Gain = v.spread(e.Value, mustAdd(worth, p.Cash.Neg()), expansionDays)
	p.Summary = messages.M("plan.enter.summary", messages.A("market", market), messages.A("gain", p.Gain.Mean), messages.A("profit", messages.Percent(e.Profit)))
	p.Reasons = e.Reasons
	p.Alternatives = v.doOrLeave(p.Gain, p.Cash, messages.M("plan.option.enter", messages.A("market", market)))
	p.Flips = []decision.Flip{{Input: "entry.cost", Name: messages.M("plan.input.entry.cost"), Now: e.Cost.Mean, At: e.Cost.Mean + e.Value.Mean, Becomes: messages.M("plan.option.nothing")}}
	for _, key := range e.Assumed {
		if key == "entry_cost" {
			continue // stands below with its amount
		}
		p.Inputs = append(p.Inputs, input("entry."+key, "", commerce.Provenance{Source: "tradewind", AsOf: v.Snapshot.AsOf, Assumed: true}))
	}
	p.Inputs = append(p.Inputs, input("entry.cost", p.Cash.String(), commerce.Provenance{Source: "tradewind", AsOf: v.Snapshot.AsOf, Assumed: slices.Contains(e.Assumed, "entry_cost")}))
	p.Checks = []decision.Check{
		{Name: messages.M("plan.check.profit"), Outcome: atLeast(e.Profit, .8), Limit: "0.8", Value: number(e.Profit)},
		{Name: messages.M("plan.check.complete"), Outcome: passIf(e.Complete && c.Due.Status == expansion.LandedKnown), Limit: "true", Value: yes(e.Complete && c.Due.Status == expansion.LandedKnown)},
	}
	p.Rules = v.Law.refs(c.Due.Rules)
	p.Checks = append(p.Checks, confirmed(p.Rules))
	p.Checks = append(p.Checks, v.entryChecks(e)...)
	p.Caveats = append(append(p.Caveats, e.Notes...), messages.M("plan.caveat.entry"))
	return sign(p)
}

// expansionDays is the horizon of what the disciplines of whole markets expect.
const expansionDays = 365

// register proposes a registration before a threshold is crossed. Its worth is the tax
// that the seller would owe out of its own pocket on the sales beyond the threshold.
func (v *Survey) register(r *expansion.Registration) (decision.Proposal, bool) {
	rate, taxed := v.Law.standardTax(r)
	if taxed == nil {
		return decision.Proposal{}, false
	}
	crosses := v.Snapshot.AsOf
	switch {
	case !r.Due && r.P50 != nil:
		crosses = *r.P50
	case r.Since != nil:
		crosses = *r.Since
	}
	p := v.move(decision.RegisterTax{Market: r.Market, Scheme: r.Scheme, Threshold: r.Amount, Crosses: crosses}, "threshold forecast")
	room := math.Max(0, r.Amount.Float()-r.SoFar.Float())
	if r.Due {
		room = 0
	}
	home := v.homeTax(r.Market)
	owed := func(sales float64) float64 { return math.Max(0, sales-room) * v.netTax(rate, home) }
	gain := expansion.Interval{Mean: owed(r.Next.Mean), P10: owed(r.Next.P10), P50: owed(r.Next.P50), P90: owed(r.Next.P90)}
	amount := v.amount(gain.Mean)
	p.Cash = v.amount(0)
	p.Drivers = []decision.Driver{{Name: messages.M("plan.driver.tax-owed"), Amount: amount}}
	p.Gain = v.spread(gain, amount, expansionDays)
	market := countryOf(r.Market)
	summary := "plan.register.summary"
	if r.Due {
		summary = "plan.register.due"
	}
	p.Summary = messages.M(summary, messages.A("market", market), messages.A("scheme", r.Scheme), messages.A("threshold", r.Amount), messages.A("day", crosses))
	p.Reasons = append([]messages.Message{
		messages.M("plan.reason.threshold", messages.A("sofar", r.SoFar), messages.A("threshold", r.Amount), messages.A("p", messages.Percent(r.Within365))),
		messages.M("plan.reason.owed", messages.A("rate", messages.Percent(rate)), messages.A("home", messages.Percent(home))),
	}, r.Notes...)
	p.Alternatives = v.doOrLeave(p.Gain, p.Cash, messages.M("plan.option.register", messages.A("market", market)))
	p.Flips = []decision.Flip{{Input: "threshold.amount", Name: messages.M("plan.input.threshold.amount"), Now: r.Amount.Float(), At: r.SoFar.Float() + r.Next.Mean, Becomes: messages.M("plan.option.nothing")}}
	p.Inputs = []decision.Input{
		input("threshold.amount", r.Amount.String(), commerce.Provenance{Source: r.Rule, AsOf: v.Law.AsOf, Assumed: !allSupported(v.Law.refs([]string{r.Rule}))}),
		input("threshold.sofar", r.SoFar.String(), commerce.Provenance{Source: "orders", AsOf: v.Snapshot.AsOf}),
		input("threshold.rate", number(rate), commerce.Provenance{Source: taxed[0].ID, AsOf: v.Law.AsOf}),
		input("seller.consumers", yes(!v.Config.Seller.Businesses), commerce.Provenance{Source: "tradewind.yaml", AsOf: v.Law.AsOf, Assumed: v.Config.Seller.IsZero()}),
	}
	p.Rules = append(v.Law.refs([]string{r.Rule}), taxed...)
	p.Checks = []decision.Check{confirmed(p.Rules)}
	p.Caveats = append(p.Caveats, messages.M("plan.caveat.duty"), messages.M("plan.caveat.adviser"))
	return sign(p), true
}

// localize proposes to mend a listing. What it adds is assumed, and said to be.
func (v *Survey) localize(l *localization.Proposal) (decision.Proposal, bool) {
	sales := l.Sales.Float()
	if sales <= 0 {
		return decision.Proposal{}, false
	}
	margin := v.marginOf(l.Action.Item.SKU)
	p := v.move(l.Action, "listing audit")
	gain := expansion.Interval{Mean: sales * margin * localizationLift, P10: sales * margin * leastLift, P50: sales * margin * localizationLift, P90: sales * margin * mostLift}
	amount := v.amount(gain.Mean)
	if amount.Sign() <= 0 {
		return decision.Proposal{}, false
	}
	p.Cash = v.amount(0)
	p.Drivers = []decision.Driver{{Name: messages.M("plan.driver.localized"), Amount: amount}}
	p.Gain = v.spread(gain, amount, expansionDays)
	item := l.Action.Item
	p.Summary = messages.M("plan.localize.summary", messages.A("sku", string(item.SKU)), messages.A("market", countryOf(item.Market)),
		messages.A("language", l.Action.Language), messages.A("score", l.Score))
	for _, f := range l.Findings {
		p.Reasons = append(p.Reasons, f.Says())
	}
	p.Alternatives = v.doOrLeave(p.Gain, p.Cash, messages.M("plan.option.localize"))
	lift := commerce.Provenance{Source: "tradewind", AsOf: v.Snapshot.AsOf, Assumed: true}
	p.Inputs = []decision.Input{
		input("listing.sales", l.Sales.String(), commerce.Provenance{Source: "orders", AsOf: v.Snapshot.AsOf}),
		input("listing.lift", number(localizationLift), lift),
	}
	p.Checks = v.itemChecks(item)
	p.Caveats = append(p.Caveats, messages.M("plan.caveat.lift", messages.A("lift", messages.Percent(localizationLift))))
	return sign(p), true
}

// moveDays is how long such a proposal stands: whole markets turn slower than stocks.
const moveDays = 30

// move is what every such proposal begins with.
func (v *Survey) move(a decision.Action, model string) decision.Proposal {
	p := decision.Proposal{Action: a, Run: v.run(model), Expires: v.Now.Add(moveDays * 24 * time.Hour), Backtest: messages.M("plan.backtest.none", messages.A("method", messages.MethodBoth(model)))}
	p.ID = decision.NewID(a.Kind(), a.Subject(), p.Run.Snapshot, p.Run.Config+p.Run.Rules+p.Run.Learned, p.Run.Seed)
	return p
}

func sign(p decision.Proposal) decision.Proposal {
	if err := p.Sign(); err != nil {
		panic("plan: cannot sign a proposal: " + err.Error())
	}
	return p
}

// spread is an estimate around a mean that is money already.
func (v *Survey) spread(i expansion.Interval, mean money.Amount, days int) decision.Estimate {
	return decision.Estimate{Mean: mean, P10: v.amount(i.P10), P50: v.amount(i.P50), P90: v.amount(i.P90), Level: .8, Horizon: days}
}

func (v *Survey) doOrLeave(gain decision.Estimate, cash money.Amount, name messages.Message) []decision.Alternative {
	zero := v.amount(0)
	none := decision.Estimate{Mean: zero, P10: zero, P50: zero, P90: zero, Level: .8, Horizon: gain.Horizon}
	return []decision.Alternative{
		{Name: name, Gain: gain, Cash: cash, Chosen: true},
		{Name: messages.M("plan.option.nothing"), Gain: none, Cash: zero},
	}
}

// marginOf is the share of a SKU's price that its cost leaves; 0 where no cost is known.
func (v *Survey) marginOf(sku commerce.SKU) float64 {
	cost := v.Snapshot.Cost(sku)
	if cost == nil {
		return 0
	}
	var revenue, units float64
	lo, hi := v.Snapshot.ItemsOf(sku)
	for i := lo; i < hi; i++ {
		a, b := v.Snapshot.Rows(i)
		for r := a; r < b; r++ {
			revenue, units = revenue+float64(v.Snapshot.Sales.Revenue[r])/1e4, units+float64(v.Snapshot.Sales.Gross[r])
		}
	}
	if revenue <= 0 {
		return 0
	}
	return math.Max(0, 1-v.Config.FeeRate-cost.Unit.Float()*units/revenue)
}

// standardTax is the standard rate where a registration counts, the mean of the markets
// that sell in a union, and the rules that say so; nil where none is known.
func (l *Law) standardTax(r *expansion.Registration) (rate float64, refs []law.Ref) {
	if l.Book == nil {
		return 0, nil
	}
	places := r.Selling
	if len(r.Threshold.Markets) == 0 {
		places = []commerce.Market{r.Market}
	}
	for _, m := range places {
		for rule, p := range law.In[law.TaxRate](l.Book, m, l.AsOf) {
			if p.Class == "standard" && p.Region == "" {
				rate, refs = rate+p.Rate, append(refs, rule.Ref())
				break
			}
		}
	}
	if len(refs) == 0 {
		return 0, nil
	}
	return rate / float64(len(refs)), refs
}

// refs cites rules by their IDs.
func (l *Law) refs(ids []string) []law.Ref {
	var list []law.Ref
	for _, id := range ids {
		if l.Book == nil {
			break
		}
		if r, ok := l.Book.Rule(id); ok {
			list = append(list, r.Ref())
		}
	}
	return list
}

// homeTax is the standard rate that the seller charges at home and takes back once it
// charges that of the destination; 0 where no tax union ties the two.
func (v *Survey) homeTax(m commerce.Market) float64 {
	home := Home(v.Snapshot, &v.Config.Seller)
	tied := v.Law.Book.SameUnion(home, m, v.Law.AsOf, law.TaxTie)
	if m == commerce.EuropeanUnion {
		tied = v.Law.Book.Within(home, m, v.Law.AsOf)
	}
	if !tied {
		return 0
	}
	for _, p := range law.In[law.TaxRate](v.Law.Book, home, v.Law.AsOf) {
		if p.Class == "standard" && p.Region == "" {
			return p.Rate
		}
	}
	return 0
}

// netTax is what a unit of sales costs the seller that owes the destination's tax r out of
// the price paid and takes back what it charged at home:
//
//	(1+h)·r/(1+r) - h of a price without tax, r/(1+r) - h/(1+h) of a price with it
func (v *Survey) netTax(rate, home float64) float64 {
	out := (1+home)*rate/(1+rate) - home
	if v.Config.Seller.PricesWithTax {
		out /= 1 + home
	}
	return math.Max(0, out)
}

func confirmed(refs []law.Ref) decision.Check {
	ok := allSupported(refs)
	return decision.Check{Name: messages.M("plan.check.confirmed"), Outcome: passIf(ok), Limit: "true", Value: yes(ok)}
}

func allSupported(refs []law.Ref) bool {
	return !slices.ContainsFunc(refs, func(r law.Ref) bool { return !r.Supported() })
}

func countryOf(m commerce.Market) messages.Both {
	return messages.Both{EN: messages.Country(messages.English, string(m)), ZH: messages.Country(messages.Chinese, string(m))}
}

func passIf(ok bool) decision.Outcome {
	if ok {
		return decision.Pass
	}
	return decision.Warn
}

func atLeast(x, limit float64) decision.Outcome { return passIf(cmp.Compare(x, limit) >= 0) }

func yes(ok bool) string {
	if ok {
		return "true"
	}
	return "false"
}
