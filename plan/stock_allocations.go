package plan

import (
	"cmp"
	"math"
	"math/rand/v2"
	"slices"
	"strconv"

	"tradewind/commerce"
	"tradewind/decision"
	"tradewind/messages"
	"tradewind/money"
	"tradewind/operations/demand"
	"tradewind/operations/inventory"
)

// Allocation is a cap on what one item may sell of a stock that does not last, so that
// items that contribute more find some.
type Allocation struct {
	Action    decision.AllocateStock
	Days      int       // until the next delivery could be there
	Margin    float64   // contribution of a unit of the item
	Best      float64   // and of the item that contributes most
	Asked     float64   // mean units that the item is asked for
	Stock     float64   // units there
	Protected []float64 // contribution of what others sell more, by future
	GivenUp   []float64 // of what the item sells less, negative
	Half      []float64 // gain of a cap half way up to what is asked for
	HalfUnits int
	menu      *Menu
	others    int // caps of the same stock that this one is reckoned beside
	flips     []decision.Flip
}

func (a *Allocation) gains() []float64 {
	list := make([]float64, len(a.Protected))
	for i := range list {
		list[i] = a.Protected[i] + a.GivenUp[i]
	}
	return list
}

// Mean is what the cap gains.
func (a *Allocation) Mean() float64 { return meanOf(a.gains()) }

const (
	allocationModel = "protection of stock"

	mostAllocations   = 10
	mostScarce        = 40 // sites that are looked into for caps
	allocationFutures = 512

	// A stock is scarce that does not last until an order of today is there more often than
	// it does. An item whose demand is a smaller share of the site's is not capped or
	// protected by itself.
	scarce      = .5
	leastOfSite = .05
)

// allocations finds the caps that pay, at the sites where they may gain most.
func (v *Survey) allocations(st *StockStudy, menus []Menu) {
	type promise struct {
		menu *Menu
		most float64
	}
	var sites []promise
	for i := range menus {
		if m := &menus[i]; m.Solution != nil && m.Solution.StockOut >= scarce && m.Problem.OnHand >= 1 {
			if most := mostToGain(m, v.claimants(m)); most >= v.least() {
				sites = append(sites, promise{m, most})
			}
		}
	}
	slices.SortStableFunc(sites, func(a, b promise) int { return cmp.Compare(b.most, a.most) })
	for _, x := range sites[:min(len(sites), mostScarce)] {
		st.Allocations = append(st.Allocations, v.allocationsOf(x.menu)...)
	}
	slices.SortStableFunc(st.Allocations, func(a, b Allocation) int { return cmp.Compare(b.Mean(), a.Mean()) })
	room := max(0, v.Config.Attention-len(st.Transfers))
	st.Allocations = st.Allocations[:min(len(st.Allocations), mostAllocations, room)]
	for i := range st.Allocations {
		st.Allocations[i].flips = v.allocationFlips(&st.Allocations[i])
	}
}

// least is the gain from which on a proposal is worth a look.
func (v *Survey) least() float64 {
	a, _ := money.Parse(v.Config.MinGain, "")
	return max(a.Float(), transferTie)
}

// claimant is an item that shares a stock.
type claimant struct {
	row    int // of the snapshot's items
	weekly float64
	margin float64
	large  bool // large enough to be capped or protected by itself
}

// claimants lists the items that sold from a site's stock of late.
func (v *Survey) claimants(m *Menu) []claimant {
	s := v.Snapshot
	kept := map[commerce.Market]float64{}
	for _, mt := range m.terms.markets {
		if price := mt.sale.Price.Float(); mt.known && price > 0 {
			kept[mt.market] = min(max(mt.unit.Net.Low/price, 0), 1)
		}
	}
	var list []claimant
	total := 0.0
	lo, hi := s.ItemsOf(m.Site.SKU)
	for i := lo; i < hi; i++ {
		units, paid := lately(s, i)
		w := weight(s, m.Site, s.Items[i].Market)
		if w == 0 || units <= 0 {
			continue
		}
		share, known := kept[s.Items[i].Market]
		if !known {
			share = m.terms.kept
		}
		price := paid / (units * float64(min(recent, s.Days())) / 7)
		list = append(list, claimant{row: i, weekly: w * units, margin: (1 - m.Problem.ReturnRate) * (price*share*(1-m.Problem.FeeRate) - m.Problem.UnitCost)})
		total += w * units
	}
	for i := range list {
		list[i].large = list[i].weekly >= leastOfSite*total
	}
	return list
}

// mostToGain bounds what caps can gain: all of the stock sold at the best margin rather than
// at the worst.
func mostToGain(m *Menu, list []claimant) float64 {
	low, high := math.Inf(1), math.Inf(-1)
	for _, c := range list {
		if c.large {
			low, high = min(low, c.margin), max(high, c.margin)
		}
	}
	return max(0, high-low) * m.Problem.Position()
}

// claimed are the claims on a stock until an order of today would be there: those of large
// items each by itself, then the others together.
type claimed struct {
	items  []commerce.Item // of the claims but that of the others
	claims []inventory.Claim
	days   int
}

func (v *Survey) claimsOn(m *Menu) claimed {
	s := v.Snapshot
	out := claimed{days: max(1, int(math.Round(m.Problem.LeadDays)))}
	var others, total, margin float64
	for _, c := range v.claimants(m) {
		if total += c.weekly; !c.large {
			others, margin = others+c.weekly, margin+c.margin*c.weekly
			continue
		}
		item := s.Items[c.row]
		outlook := v.Demand.Outlook(demand.SeriesOf(s, c.row))
		out.items = append(out.items, item)
		out.claims = append(out.claims, inventory.Claim{Margin: c.margin,
			Demand: v.draws(outlook, m.Site, string(item.Market)+" "+string(item.Channel), out.days, weight(s, m.Site, item.Market))})
	}
	if others > 0 {
		out.claims = append(out.claims, inventory.Claim{Margin: margin / others, Demand: v.draws(m.Problem.Demand, m.Site, "", out.days, others/total)})
	}
	return out
}

// draws are the demands of the coming days in every future.
func (v *Survey) draws(d inventory.Demand, site Site, purpose string, days int, share float64) []float64 {
	rng := rand.New(rand.NewPCG(v.seed(site, "allocate "+purpose), 1))
	list := make([]float64, allocationFutures)
	for k := range list {
		d.Draw(list[k:k+1], []int{days}, rng)
		list[k] *= share
	}
	return list
}

// allocationsOf are the caps on the items of one site, each reckoned beside those on items
// that contribute less.
func (v *Survey) allocationsOf(m *Menu) []Allocation {
	on := v.claimsOn(m)
	if len(on.items) < 2 {
		return nil
	}
	stock := m.Problem.Position()
	caps := inventory.Protect(int(stock), on.claims)
	if n := len(on.items); n < len(on.claims) {
		caps[n] = inventory.Uncapped // many small ones: nobody caps them together
	}
	order := make([]int, 0, len(on.items))
	best := 0.0
	for i := range on.items {
		best = max(best, on.claims[i].Margin)
		if caps[i] != inventory.Uncapped {
			order = append(order, i)
		}
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(on.claims[a].Margin, on.claims[b].Margin) })
	now := make([]int, len(on.claims))
	for i := range now {
		now[i] = inventory.Uncapped
	}
	var list []Allocation
	for _, i := range order {
		a := Allocation{Action: decision.AllocateStock{Item: on.items[i], Location: m.Site.Location, Units: commerce.Units(caps[i])},
			Days: on.days, Margin: on.claims[i].Margin, Best: best, Asked: meanOf(on.claims[i].Demand), Stock: stock, menu: m, others: len(list)}
		a.Protected, a.GivenUp = capped(stock, on.claims, now, i, caps[i])
		if a.Mean() < v.least() || positive(a.gains()) < sureEnough {
			continue
		}
		if a.HalfUnits = (caps[i] + int(a.Asked)) / 2; a.HalfUnits > caps[i] {
			protected, given := capped(stock, on.claims, now, i, a.HalfUnits)
			for k := range protected {
				a.Half = append(a.Half, protected[k]+given[k])
			}
		}
		now[i] = caps[i]
		list = append(list, a)
	}
	return list
}

// capped is what a cap on one claim lets others sell more, and what it takes from that
// claim, in contribution by future.
func capped(stock float64, claims []inventory.Claim, caps []int, i, units int) (protected, given []float64) {
	before := inventory.FirstCome(stock, claims, caps)
	with := slices.Clone(caps)
	with[i] = units
	after := inventory.FirstCome(stock, claims, with)
	protected, given = make([]float64, len(claims[i].Demand)), make([]float64, len(claims[i].Demand))
	for k, c := range claims {
		for s := range c.Demand {
			if x := c.Margin * (after[k][s] - before[k][s]); k == i {
				given[s] += x
			} else {
				protected[s] += x
			}
		}
	}
	return protected, given
}

// allocationFlips is the least rise of the stock with which the cap would gain nothing worth
// a look, solved on both sides.
func (v *Survey) allocationFlips(a *Allocation) []decision.Flip {
	on := v.claimsOn(a.menu)
	i := slices.Index(on.items, a.Action.Item)
	none := make([]int, len(on.claims))
	for k := range none {
		none[k] = inventory.Uncapped
	}
	f, ok := flipAbove(func(f float64) bool {
		protected, given := capped(a.Stock*f, on.claims, none, i, int(float64(a.Action.Units)*f))
		return meanOf(protected)+meanOf(given) < v.least()
	})
	if !ok {
		return nil
	}
	return []decision.Flip{{Input: "stock.at.here", Name: messages.M("plan.input.stock.at.here"), Now: a.Stock, At: a.Stock * f, Becomes: messages.M("plan.option.nothing")}}
}

// allocateStock proposes a cap.
func (v *Survey) allocateStock(a *Allocation) decision.Proposal {
	p := v.stockMove(a.Action, allocationModel)
	item := a.Action.Item
	protected, given := v.amount(meanOf(a.Protected)), v.amount(meanOf(a.GivenUp))
	p.Cash = v.amount(0)
	p.Drivers = []decision.Driver{
		{Name: messages.M("plan.driver.protected"), Amount: protected},
		{Name: messages.M("plan.driver.capped", messages.A("market", countryOf(item.Market))), Amount: given},
	}
	p.Gain = v.gainOf(a.gains(), mustAdd(protected, given), a.Days)
	p.Summary = messages.M("plan.allocate.summary", messages.A("units", a.Action.Units), messages.A("sku", string(item.SKU)), messages.A("location", string(a.Action.Location)),
		messages.A("market", countryOf(item.Market)), messages.A("gain", p.Gain.Mean))
	p.Reasons = []messages.Message{
		messages.M("plan.allocate.reason.scarce", messages.A("stock", int64(a.Stock)), messages.A("short", messages.Percent(a.menu.Solution.StockOut)), messages.A("days", a.Days)),
		messages.M("plan.allocate.reason.margin", messages.A("market", countryOf(item.Market)), messages.A("margin", v.amount(a.Margin)), messages.A("best", v.amount(a.Best)),
			messages.A("asked", messages.Decimal{X: a.Asked, Places: 0})),
	}
	p.Alternatives = v.doOrLeave(p.Gain, p.Cash, messages.M("plan.option.allocate", messages.A("units", a.Action.Units)))
	if len(a.Half) > 0 {
		p.Alternatives = slices.Insert(p.Alternatives, 1, decision.Alternative{Name: messages.M("plan.option.allocate", messages.A("units", a.HalfUnits)),
			Cash: p.Cash, Gain: v.gainOf(a.Half, v.amount(meanOf(a.Half)), a.Days)})
	}
	p.Flips = a.flips
	p.Inputs = append(v.estimates(a.menu), allocationFacts(v.Snapshot, v.Config, a.menu.Site)...)
	p.Checks = []decision.Check{
		{Name: messages.M("plan.check.low"), Outcome: passIf(p.Gain.P10.Sign() >= 0), Limit: "0", Value: p.Gain.P10.String()},
		{Name: messages.M("plan.check.count"), Outcome: passIf(v.countAge(a.menu) <= oldestCount), Limit: strconv.Itoa(oldestCount), Value: strconv.Itoa(v.countAge(a.menu))},
	}
	if n := len(p.Assumed()); n > 0 {
		p.Caveats = append(p.Caveats, messages.M("plan.caveat.assumed", messages.A("n", n)))
	}
	if a.others > 0 {
		p.Caveats = append(p.Caveats, messages.M("plan.caveat.beside", messages.A("n", a.others)))
	}
	if len(p.Flips) == 0 {
		p.Caveats = append(p.Caveats, messages.M("plan.caveat.stock-flips"))
	}
	if a.menu.terms.markets == nil {
		p.Caveats = append(p.Caveats, messages.M("plan.caveat.no-law"))
	}
	p.Caveats = append(p.Caveats, messages.M("plan.caveat.goodwill"))
	p.Backtest = a.menu.backtest()
	return sign(p)
}

// allocationFacts lists what a cap rests on and nobody but a new fact can change.
func allocationFacts(s *commerce.Snapshot, c Config, site Site) []decision.Input {
	list := stockFacts(s, site, "here")
	f := gather(s, c, site)
	list = append(list, sourceFacts(s, f)...)
	if f.stock != nil {
		list = append(list, serving(s, site, f.stock.Provenance))
	}
	return append(list, input("settings.fee_rate", number(c.FeeRate), commerce.Provenance{Source: "tradewind.yaml", AsOf: s.AsOf, Assumed: c.FeeRate == 0}))
}
