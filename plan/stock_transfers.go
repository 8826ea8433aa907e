package plan

import (
	"cmp"
	"math"
	"slices"
	"strconv"

	"tradewind/commerce"
	"tradewind/decision"
	"tradewind/messages"
	"tradewind/money"
	"tradewind/operations/expansion"
	"tradewind/operations/inventory"
)

// Transfer is units worth moving, and what that brings in every future.
type Transfer struct {
	Action   decision.MoveStock
	Cost     float64 // of moving, a unit
	Days     int
	Sales    []float64 // contribution of sales saved where they go, by future
	GivenUp  []float64 // of sales given up where they come from, negative
	Holding  []float64 // what holding them there costs less than here
	Half     []float64 // gain of moving half as many
	from, to *Menu
	flips    []decision.Flip
}

// Mean is what the transfer gains.
func (t *Transfer) Mean() float64 { return meanOf(t.gains()) }

func (t *Transfer) gains() []float64 {
	list := make([]float64, len(t.Sales))
	for i := range list {
		list[i] = t.Sales[i] + t.GivenUp[i] + t.Holding[i] - t.Cost*float64(t.Action.Units)
	}
	return list
}

const (
	transferModel = "marginal value of stock"

	mostTransfers    = 20
	transferLots     = 128 // as finely as a stock is cut
	transferFutures  = 256
	usualMovingDays  = 7
	mostTransferDays = 120
)

// transferCost is the cost of moving a unit; false where nobody set one.
func (c Config) transferCost() (float64, bool) {
	if c.TransferCost == "" {
		return 0, false
	}
	a, err := money.Parse(c.TransferCost, "")
	return a.Float(), err == nil
}

func (c Config) movingDays() int { return cmp.Or(c.TransferDays, usualMovingDays) }

// transfers finds what is worth moving between the sites of each SKU: the units whose
// marginal value where they would go exceeds that where they lie by more than the moving.
func (v *Survey) transfers(st *StockStudy, menus []Menu) {
	cost, known := v.Config.transferCost()
	for lo, hi := 0, 0; lo < len(menus); lo = hi {
		for hi = lo + 1; hi < len(menus) && menus[hi].Site.SKU == menus[lo].Site.SKU; hi++ {
		}
		if hi-lo < 2 {
			continue
		}
		if st.Several++; known {
			st.Transfers = append(st.Transfers, v.transfersOf(menus[lo:hi], st, cost)...)
		}
	}
	slices.SortStableFunc(st.Transfers, func(a, b Transfer) int { return cmp.Compare(b.Mean(), a.Mean()) })
	limit, limited := v.cashLimit()
	var kept []Transfer
	for _, t := range st.Transfers {
		cash := t.Cost * float64(t.Action.Units)
		if len(kept) < min(mostTransfers, v.Config.Attention) && (!limited || cash <= limit) {
			kept, limit = append(kept, t), limit-cash
		}
	}
	st.Transfers = kept
	for i := range kept {
		kept[i].flips = v.transferFlips(&kept[i])
	}
}

// transferProblem is a SKU at its sites.
type transferProblem struct {
	menus  []*Menu
	stocks []*inventory.Stock
	shelf  []*inventory.Shelf // nil until it is valued
	lanes  []inventory.Lane
	lot    float64
}

// transfersOf are the transfers of one SKU. From one site at most one leaves at a time: a
// site's next one is the next plan's.
func (v *Survey) transfersOf(sites []Menu, st *StockStudy, cost float64) []Transfer {
	p := v.transferProblem(sites, st, cost)
	if len(p.lanes) == 0 {
		return nil
	}
	var list []Transfer
	for balance := p.balance(); ; {
		shipments := balance.Shipments()
		drop, worst := -1, math.Inf(1)
		leaves := map[int]int{}
		for _, s := range shipments {
			leaves[p.lanes[s.Lane].From]++
		}
		for _, s := range shipments { // close the lane of the worst of those that may not stand, and solve again
			if (s.Gain < v.least() || leaves[p.lanes[s.Lane].From] > 1) && s.Gain < worst {
				drop, worst = s.Lane, s.Gain
			}
		}
		if drop >= 0 {
			balance.Close(drop)
			continue
		}
		for _, s := range shipments {
			t := p.transfer(s, v.Config.movingDays())
			if meanOf(t.gains()) >= v.least() && positive(t.gains()) >= sureEnough {
				list = append(list, t)
			}
		}
		return list
	}
}

// transferTie is what a transfer has to gain where no gain is too small to show.
const transferTie = .01

func positive(gains []float64) float64 {
	n := 0
	for _, g := range gains {
		if g > 0 {
			n++
		}
	}
	return float64(n) / float64(len(gains))
}

// transferProblem values the stock of the sites that can tell what it is worth, with a lane
// to each site that serves a market which the other does not: where one serves all that the
// other does, nobody waits for a transfer.
func (v *Survey) transferProblem(sites []Menu, st *StockStudy, cost float64) *transferProblem {
	p := &transferProblem{lot: 1}
	for i := range sites {
		m := &sites[i]
		if m.Solution == nil || st.moved[m.Site].units != 0 {
			continue // nothing is known of its worth, or something is on its way
		}
		p.menus = append(p.menus, m)
		p.stocks, p.shelf = append(p.stocks, v.valued(m)), append(p.shelf, nil)
		p.lot = max(p.lot, math.Ceil(m.Problem.OnHand/transferLots))
	}
	for i, from := range p.menus {
		for j, to := range p.menus {
			if i != j && from.Problem.OnHand >= 1 && v.servesMore(to.Site, from.Site) {
				p.lanes = append(p.lanes, inventory.Lane{From: i, To: j, Cost: cost * p.lot})
			}
		}
	}
	return p
}

// valued is a menu's stock as transfers value it.
func (v *Survey) valued(m *Menu) *inventory.Stock {
	q := m.Problem
	s := &inventory.Stock{OnHand: math.Floor(q.OnHand), Margin: q.Margin(), UnitCost: q.UnitCost, HoldingRate: q.HoldingRate,
		LeadDays: q.LeadDays, LeadSD: q.LeadSD, MovingDays: v.Config.movingDays(), Demand: q.Demand, Scale: q.Scale,
		Scenarios: transferFutures, Seed: v.seed(m.Site, "transfer")}
	if q.Inbound > 0 { // nobody says when: half a lead time from now
		s.Coming = append(s.Coming, inventory.Coming{Units: q.Inbound, Day: int(math.Ceil(q.LeadDays / 2))})
	}
	for _, a := range q.Arrivals {
		s.Coming = append(s.Coming, inventory.Coming{Units: a.Units, Day: int(math.Round(a.Day))})
	}
	return s
}

// servesMore reports whether a site sells to a market that another does not serve.
func (v *Survey) servesMore(site, other Site) bool {
	lo, hi := v.Snapshot.ItemsOf(site.SKU)
	for i := lo; i < hi; i++ {
		if m := v.Snapshot.Items[i].Market; v.Snapshot.Serves(site.Location, m) && !v.Snapshot.Serves(other.Location, m) {
			return true
		}
	}
	return false
}

func (p *transferProblem) rebalance() []inventory.Shipment { return p.balance().Shipments() }

func (p *transferProblem) balance() *inventory.Balance {
	shelves := make([]inventory.Shelf, len(p.stocks))
	for i, s := range p.stocks {
		if p.shelf[i] == nil {
			value := s.Futures().Shelf(p.lot, transferLots)
			p.shelf[i] = &value
		}
		shelves[i] = *p.shelf[i]
	}
	return inventory.NewBalance(shelves, p.lanes)
}

// transfer reckons one shipment in every future.
func (p *transferProblem) transfer(s inventory.Shipment, days int) Transfer {
	lane := p.lanes[s.Lane]
	units := float64(s.Lots) * p.lot
	t := Transfer{from: p.menus[lane.From], to: p.menus[lane.To], Cost: lane.Cost / p.lot, Days: days}
	t.Action = decision.MoveStock{SKU: t.from.Site.SKU, From: t.from.Site.Location, To: t.to.Site.Location, Units: commerce.Units(units)}
	here, there := p.stocks[lane.From].Futures(), p.stocks[lane.To].Futures()
	hereNow, thereNow := here.Worth(0, 0), there.Worth(0, 0)
	reckon := func(units float64) (saved, given, holding []float64) {
		hereThen, thereThen := here.Worth(units, 0), there.Worth(0, units)
		for i := range hereNow {
			saved = append(saved, thereThen[i].Sales-thereNow[i].Sales)
			given = append(given, hereThen[i].Sales-hereNow[i].Sales)
			holding = append(holding, thereThen[i].Holding-thereNow[i].Holding+hereThen[i].Holding-hereNow[i].Holding)
		}
		return saved, given, holding
	}
	t.Sales, t.GivenUp, t.Holding = reckon(units)
	if half := math.Floor(units / 2); half >= 1 {
		saved, given, holding := reckon(half)
		for i := range saved {
			t.Half = append(t.Half, saved[i]+given[i]+holding[i]-t.Cost*half)
		}
	}
	return t
}

// transferFlips are the least rise of the cost of moving, and of the stock where the units
// would go, with which nothing would be moved there, each solved again on both sides.
func (v *Survey) transferFlips(t *Transfer) []decision.Flip {
	p := v.pair(t)
	stays := func() bool {
		for _, s := range p.rebalance() {
			return s.Gain < v.least()
		}
		return true
	}
	var list []decision.Flip
	add := func(key string, now float64, set func(x float64)) {
		f, ok := flipAbove(func(f float64) bool { set(now * f); return stays() })
		if set(now); ok {
			list = append(list, decision.Flip{Input: key, Name: messages.M("plan.input." + key), Now: now, At: now * f, Becomes: messages.M("plan.option.nothing")})
		}
	}
	if t.Cost > 0 {
		add("settings.transfer_cost", t.Cost, func(x float64) { p.lanes[0].Cost = x * p.lot })
	}
	if t.to.Problem.OnHand >= 1 {
		add("stock.at.to", t.to.Problem.OnHand, func(x float64) { p.stocks[1].OnHand, p.shelf[1] = x, nil })
	}
	return list
}

// flipAbove finds the factor above 1, up to 1024, at which an answer changes: within .1 %,
// seen on both sides.
func flipAbove(changed func(f float64) bool) (float64, bool) {
	if changed(1) {
		return 0, false
	}
	from, to := 1.0, 2.0
	for !changed(to) {
		if from, to = to, 2*to; to > 1024 {
			return 0, false
		}
	}
	for to > from*(1+1e-3) {
		if middle := math.Sqrt(from * to); changed(middle) {
			to = middle
		} else {
			from = middle
		}
	}
	return to, true
}

// pair is the problem of the two ends of a transfer alone.
func (v *Survey) pair(t *Transfer) *transferProblem {
	lot := max(1, math.Ceil(max(t.from.Problem.OnHand, t.to.Problem.OnHand)/transferLots))
	return &transferProblem{menus: []*Menu{t.from, t.to}, stocks: []*inventory.Stock{v.valued(t.from), v.valued(t.to)},
		shelf: make([]*inventory.Shelf, 2), lanes: []inventory.Lane{{From: 0, To: 1, Cost: t.Cost * lot}}, lot: lot}
}

// moveStock proposes a transfer.
func (v *Survey) moveStock(t *Transfer) decision.Proposal {
	p := v.stockMove(t.Action, transferModel)
	units := float64(t.Action.Units)
	saved, given, holding, moving := v.amount(meanOf(t.Sales)), v.amount(meanOf(t.GivenUp)), v.amount(meanOf(t.Holding)), v.amount(-t.Cost*units)
	p.Cash = moving.Neg()
	p.Drivers = []decision.Driver{
		{Name: messages.M("plan.driver.saved-there", messages.A("location", string(t.Action.To))), Amount: saved},
		{Name: messages.M("plan.driver.given-up", messages.A("location", string(t.Action.From))), Amount: given},
		{Name: messages.M("plan.driver.held"), Amount: holding},
		{Name: messages.M("plan.driver.moving"), Amount: moving},
	}
	sum := v.amount(0)
	for _, d := range p.Drivers {
		sum = mustAdd(sum, d.Amount)
	}
	horizon := int(math.Round(t.to.Problem.LeadDays))
	p.Gain = v.gainOf(t.gains(), sum, horizon)
	p.Summary = messages.M("plan.transfer.summary", messages.A("units", t.Action.Units), messages.A("sku", string(t.Action.SKU)),
		messages.A("from", string(t.Action.From)), messages.A("to", string(t.Action.To)), messages.A("gain", p.Gain.Mean))
	p.Reasons = []messages.Message{
		messages.M("plan.transfer.reason.to", messages.A("to", string(t.Action.To)), messages.A("onhand", int64(t.to.Problem.OnHand)),
			messages.A("short", messages.Percent(t.to.Solution.StockOut)), messages.A("need", messages.Decimal{X: t.to.Solution.Lead, Places: 0}), messages.A("lead", messages.Decimal{X: t.to.Problem.LeadDays, Places: 0})),
		messages.M("plan.transfer.reason.from", messages.A("from", string(t.Action.From)), messages.A("onhand", int64(t.from.Problem.OnHand)),
			messages.A("need", messages.Decimal{X: t.from.Solution.Lead, Places: 0}), messages.A("lead", messages.Decimal{X: t.from.Problem.LeadDays, Places: 0})),
		messages.M("plan.transfer.reason.value", messages.A("cost", v.amount(t.Cost)), messages.A("days", t.Days)),
	}
	p.Alternatives = v.doOrLeave(p.Gain, p.Cash, messages.M("plan.option.transfer", messages.A("units", t.Action.Units)))
	if len(t.Half) > 0 {
		half := math.Floor(units / 2)
		p.Alternatives = slices.Insert(p.Alternatives, 1, decision.Alternative{Name: messages.M("plan.option.transfer", messages.A("units", int64(half))),
			Cash: v.amount(t.Cost * half), Gain: v.gainOf(t.Half, v.amount(meanOf(t.Half)), horizon)})
	}
	p.Flips = t.flips
	p.Inputs = append(v.estimates(t.to), transferFacts(v.Snapshot, v.Config, t.Action)...)
	age := max(v.countAge(t.from), v.countAge(t.to))
	border := v.crosses(t.from.Site, t.to.Site)
	p.Checks = []decision.Check{
		{Name: messages.M("plan.check.low"), Outcome: passIf(p.Gain.P10.Sign() >= 0), Limit: "0", Value: p.Gain.P10.String()},
		{Name: messages.M("plan.check.count"), Outcome: passIf(age <= oldestCount), Limit: strconv.Itoa(oldestCount), Value: strconv.Itoa(age)},
		{Name: messages.M("plan.check.border"), Outcome: passIf(!border), Limit: "false", Value: yes(border)},
	}
	if n := len(p.Assumed()); n > 0 {
		p.Caveats = append(p.Caveats, messages.M("plan.caveat.assumed", messages.A("n", n)))
	}
	if border {
		p.Caveats = append(p.Caveats, messages.M("plan.caveat.border"))
	}
	if len(p.Flips) == 0 {
		p.Caveats = append(p.Caveats, messages.M("plan.caveat.stock-flips"))
	}
	p.Caveats = append(p.Caveats, messages.M("plan.caveat.until-order"))
	p.Backtest = t.to.backtest()
	return sign(p)
}

// gainOf is the estimate of a gain by future, around a mean that is money already.
func (v *Survey) gainOf(gains []float64, mean money.Amount, days int) decision.Estimate {
	p10, p50, p90 := quantiles(gains)
	return v.spread(expansion.Interval{Mean: mean.Float(), P10: p10, P50: p50, P90: p90}, mean, days)
}

// crosses reports whether two sites are known to stand in different countries.
func (v *Survey) crosses(a, b Site) bool {
	return homeOf(v.Snapshot, &v.Config.Seller, a) != homeOf(v.Snapshot, &v.Config.Seller, b)
}

// transferFacts lists what a transfer rests on and nobody but a new fact can change.
func transferFacts(s *commerce.Snapshot, c Config, a decision.MoveStock) []decision.Input {
	from, to := Site{a.SKU, a.From}, Site{a.SKU, a.To}
	list := append(stockFacts(s, from, "from"), stockFacts(s, to, "to")...)
	f := gather(s, c, to)
	list = append(list, sourceFacts(s, f)...)
	if f.stock != nil {
		list = append(list, serving(s, to, f.stock.Provenance))
	}
	cost := commerce.Provenance{Source: "tradewind.yaml", AsOf: s.AsOf}
	days := cost
	days.Assumed = c.TransferDays == 0
	held := cost
	held.Assumed = c.assumesHolding
	return append(list, input("settings.transfer_cost", c.TransferCost, cost), input("settings.transfer_days", strconv.Itoa(c.movingDays()), days),
		input("settings.holding_rate", number(c.HoldingRate), held))
}
