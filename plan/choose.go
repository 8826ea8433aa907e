package plan

import (
	"cmp"
	"slices"

	"tradewind/decision"
	"tradewind/messages"
	"tradewind/money"
	"tradewind/operations/inventory"
)

// Plan is what was chosen, explained, and what was left out and why.
type Plan struct {
	Proposals []decision.Proposal // worth most first
	LeftOut   []LeftOut           // worth most first; refusals last
	Limits    []decision.Constraint
	Gain      money.Amount
	Most      money.Amount // no other orders within the limits, with these moves, gain more
	Cash      money.Amount
	Warnings  []messages.Message
}

// LeftOut is a site without a proposal.
type LeftOut struct {
	Site   Site
	Gain   money.Amount // of the best action there; zero for a refusal
	Cash   money.Amount
	Reason messages.Message
}

// pick is one option of one menu and what it earns at the shadow price of cash.
type pick struct {
	menu   *Menu
	option *inventory.Option
	net    float64 // mean - λ·cash
}

// Prices are the shadow prices of the limits of a plan, in reporting currency: what one
// more unit of cash, and one more decision looked at, would earn.
type Prices struct {
	Cash      float64
	Attention float64
	Least     float64 // gain below which nothing is shown
}

// Choose picks at most one order a site within the limits on cash and attention:
//
//	maximise Σ gain   subject to   Σ cash ≤ limit,  number ≤ attention,  gain ≥ least
//
// and explains everything that it keeps at the shadow prices of these limits. What other
// moves take of people's attention, and transfers of the cash, is taken off first: orders
// are reckoned with the transfers. How it picks: inventory.Share.
func Choose(v *Survey, menus []Menu) *Plan {
	moves := v.Moves.Propose(v)
	limit, hasLimit := v.cashLimit()
	left := limit - cashOfTransfers(moves)
	chosen := v.share(menus, left, hasLimit, max(0, v.Config.Attention-len(moves)))
	if hasLimit {
		moves = affordable(moves, left-cashOf(chosen.kept))
	}
	p := &Plan{Warnings: append(slices.Clone(v.Warnings), v.Moves.Stock.warnings(v)...), Proposals: merged(explainAll(v, chosen.kept, chosen.prices), moves)}
	p.total(v)
	p.Most = v.amount(chosen.bound)
	for i := range moves {
		p.Most = mustAdd(p.Most, moves[i].Gain.Mean)
	}
	if p.Gain.Cmp(p.Most) > 0 { // by the rounding of its parts
		p.Most = p.Gain
	}
	p.leaveOut(v, menus, chosen)
	p.limits(v, chosen.prices, hasLimit)
	return p
}

// shared is what the orders of a plan get of its limits.
type shared struct {
	kept   []pick // worth most first
	rest   []pick // worth most at the prices first
	prices Prices
	bound  float64 // no choice of orders within the limits gains more
	full   bool    // all attention is taken
}

// share picks the orders within what is left of cash and attention.
func (v *Survey) share(menus []Menu, cash float64, hasCash bool, attention int) shared {
	least, _ := money.Parse(v.Config.MinGain, "")
	out := shared{prices: Prices{Least: least.Float()}}
	limits := inventory.Unlimited
	if limits.Count = attention; hasCash {
		limits.Cash = max(0, cash)
	}
	offers := make([][]inventory.Offer, len(menus))
	options := make([][]*inventory.Option, len(menus))
	for i := range menus {
		options[i] = menus[i].worth(out.prices.Least)
		for _, o := range options[i] {
			offers[i] = append(offers[i], inventory.Offer{Gain: o.Mean, Cash: o.Cash})
		}
	}
	s := inventory.Share(offers, limits)
	out.bound, out.prices.Cash = s.Bound, s.Prices.Cash*(1+closest)
	if out.full = s.Count == attention; out.full {
		out.prices.Attention = s.Prices.Count
	}
	for i := range menus {
		m := &menus[i]
		if k := s.Picked[i]; k >= 0 {
			o := options[i][k]
			out.kept = append(out.kept, pick{m, o, o.Mean - s.Prices.Cash*o.Cash})
		} else if p := m.bestAt(0); p.option != nil && p.option.Mean >= out.prices.Least {
			p.net -= s.Prices.Cash * p.option.Cash
			out.rest = append(out.rest, p)
		}
	}
	slices.SortStableFunc(out.kept, func(a, b pick) int { return cmp.Compare(b.option.Mean, a.option.Mean) })
	slices.SortStableFunc(out.rest, func(a, b pick) int { return cmp.Compare(b.net, a.net) })
	return out
}

// closest is as near as prices are told apart: a site that only just earns its cash does not
// at the price that is shown.
const closest = 1e-9

// worth are the options of a menu that are orders of today and worth a look; none where
// waiting or doing nothing is as good.
func (m *Menu) worth(least float64) []*inventory.Option {
	if m.Solution == nil || m.Solution.Best == 0 {
		return nil
	}
	var list []*inventory.Option
	for i := range m.Solution.Options {
		if o := &m.Solution.Options[i]; m.offered(i) && o.Delay == 0 && o.Units > 0 && o.Mean >= least {
			list = append(list, o)
		}
	}
	return list
}

// cashOfTransfers is what the moving of stock takes.
func cashOfTransfers(moves []decision.Proposal) float64 {
	var sum float64
	for i := range moves {
		if moves[i].Action.Kind() == decision.KindMoveStock {
			sum += moves[i].Cash.Float()
		}
	}
	return sum
}

// affordable keeps the moves that what is left of the cash pays for, best first. Transfers
// are paid already.
func affordable(moves []decision.Proposal, left float64) []decision.Proposal {
	return slices.DeleteFunc(moves, func(p decision.Proposal) bool {
		if p.Action.Kind() == decision.KindMoveStock {
			return false
		}
		if p.Cash.Float() > left {
			return true
		}
		left -= p.Cash.Float()
		return false
	})
}

// merged lists orders and moves together, worth most first.
func merged(orders, moves []decision.Proposal) []decision.Proposal {
	if len(moves) == 0 {
		return orders
	}
	all := append(orders, moves...)
	slices.SortStableFunc(all, func(a, b decision.Proposal) int { return b.Gain.Mean.Cmp(a.Gain.Mean) })
	return all
}

// bestAt returns the option of the highest mean - price·cash; none where waiting or
// doing nothing is as good.
func (m *Menu) bestAt(price float64) pick {
	best := pick{menu: m}
	if m.Solution == nil || m.Solution.Best == 0 {
		return best
	}
	for i := range m.Solution.Options {
		o := &m.Solution.Options[i]
		if net := o.Mean - price*o.Cash; m.offered(i) && o.Delay == 0 && o.Units > 0 && (best.option == nil || net > best.net) {
			best.option, best.net = o, net
		}
	}
	return best
}

func cashOf(picks []pick) float64 {
	var sum float64
	for _, p := range picks {
		sum += p.option.Cash
	}
	return sum
}

func (v *Survey) cashLimit() (limit float64, ok bool) {
	if v.Config.Cash == "" {
		return 0, false
	}
	a, err := money.Parse(v.Config.Cash, v.Snapshot.Currency)
	return a.Float(), err == nil
}

// total sums gain and cash of the proposals, which are exact amounts.
func (p *Plan) total(v *Survey) {
	p.Gain = money.FromE4(0, v.Snapshot.Currency)
	p.Cash = p.Gain
	for i := range p.Proposals {
		p.Gain = mustAdd(p.Gain, p.Proposals[i].Gain.Mean)
		p.Cash = mustAdd(p.Cash, p.Proposals[i].Cash)
	}
}

func (p *Plan) leaveOut(v *Survey, menus []Menu, s shared) {
	for _, r := range s.rest {
		reason := messages.M("plan.left-out.attention", messages.A("n", v.Config.Attention))
		switch {
		case r.net <= 0:
			reason = messages.M("plan.left-out.cash", messages.A("price", messages.Decimal{X: s.prices.Cash, Places: 2}))
		case !s.full:
			reason = messages.M("plan.left-out.packing", messages.A("cash", v.amount(r.option.Cash)))
		}
		p.LeftOut = append(p.LeftOut, LeftOut{r.menu.Site, v.amount(r.option.Mean), v.amount(r.option.Cash), reason})
	}
	for i := range menus {
		if m := &menus[i]; !m.Refused.IsZero() {
			p.LeftOut = append(p.LeftOut, LeftOut{Site: m.Site, Gain: v.amount(0), Cash: v.amount(0), Reason: m.Refused})
		}
	}
}

func (p *Plan) limits(v *Survey, prices Prices, hasCash bool) {
	if hasCash {
		limit, _ := money.Parse(v.Config.Cash, v.Snapshot.Currency)
		p.Limits = append(p.Limits, decision.Constraint{
			Name:   messages.M("plan.limit.cash", messages.A("limit", limit), messages.A("used", p.Cash)),
			Shadow: v.price(prices.Cash),
		})
	}
	p.Limits = append(p.Limits, decision.Constraint{
		Name:   messages.M("plan.limit.attention", messages.A("limit", v.Config.Attention), messages.A("used", len(p.Proposals))),
		Shadow: v.price(prices.Attention),
	})
}

// amount rounds a model's number to the reporting currency's minor unit. Menus with
// numbers beyond what money can hold are refused before they get here.
func (v *Survey) amount(x float64) money.Amount { return v.price(x).Round() }

// price is amount for shadow prices, which may be far below a minor unit: it keeps
// ten-thousandths.
func (v *Survey) price(x float64) money.Amount {
	a, err := money.FromFloat(x, v.Snapshot.Currency)
	if err != nil {
		panic("plan: " + err.Error())
	}
	return a
}

func mustAdd(a, b money.Amount) money.Amount {
	sum, err := a.Add(b)
	if err != nil {
		panic("plan: " + err.Error())
	}
	return sum
}

// Subject names the site as a decision's subject.
func (s Site) Subject() decision.Subject {
	return decision.Subject{SKU: s.SKU, Location: s.Location}
}
