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
// by Lagrangian relaxation of cash: at price λ each site takes its option of the highest
// gain - λ·cash and the best sites share the attention; λ is found by bisection, and what
// cash is left then goes to the best options that fit. Everything kept is explained at
// the prices found.
//
// Source: Everett, Generalized Lagrange multiplier method, Operations Research 11(3), 1963.
func Choose(v *Survey, menus []Menu) *Plan {
	moves := v.Moves.Propose(v)
	attention := max(0, v.Config.Attention-len(moves))
	limit, hasLimit := v.cashLimit()
	least, _ := money.Parse(v.Config.MinGain, "")
	prices := Prices{Least: least.Float()}
	kept, rest := bestAt(menus, 0, attention, prices.Least)
	if hasLimit && cashOf(kept) > limit {
		prices.Cash = v.cashPrice(menus, limit, attention, prices.Least)
		kept, _ = bestAt(menus, prices.Cash, attention, prices.Least)
		kept = fill(kept, menus, limit, attention, prices.Least)
		rest = without(menus, kept, prices)
	}
	if len(kept) == attention && len(rest) > 0 {
		prices.Attention = max(0, rest[0].net)
	}
	if hasLimit {
		moves = affordable(moves, limit-cashOf(kept))
	}
	p := &Plan{Warnings: v.Warnings, Proposals: merged(explainAll(v, kept, prices), moves)}
	p.total(v)
	p.leaveOut(v, menus, rest, prices)
	p.limits(v, prices, hasLimit)
	return p
}

// affordable keeps the moves that what is left of the cash pays for, best first.
func affordable(moves []decision.Proposal, left float64) []decision.Proposal {
	return slices.DeleteFunc(moves, func(p decision.Proposal) bool {
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

// bestAt takes every site's best option at a price of cash and gives the attention to
// the best of them. rest is what the attention did not reach, best first.
func bestAt(menus []Menu, price float64, attention int, least float64) (kept, rest []pick) {
	var picks []pick
	for i := range menus {
		if p := menus[i].bestAt(price); p.option != nil && p.net > 0 && p.option.Mean >= least {
			picks = append(picks, p)
		}
	}
	slices.SortStableFunc(picks, func(a, b pick) int { return cmp.Compare(b.net, a.net) })
	n := min(attention, len(picks))
	return picks[:n], picks[n:]
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
		if net := o.Mean - price*o.Cash; o.Delay == 0 && o.Units > 0 && (best.option == nil || net > best.net) {
			best.option, best.net = o, net
		}
	}
	return best
}

// cashPrice bisects the price of cash at which the best choice fits the limit.
func (v *Survey) cashPrice(menus []Menu, limit float64, attention int, least float64) float64 {
	lo, hi := 0.0, 1.0
	spent := func(price float64) float64 {
		kept, _ := bestAt(menus, price, attention, least)
		return cashOf(kept)
	}
	for spent(hi) > limit {
		lo, hi = hi, 2*hi
	}
	for range 50 {
		if mid := (lo + hi) / 2; spent(mid) > limit {
			lo = mid
		} else {
			hi = mid
		}
	}
	return hi
}

// fill spends what the relaxation left over on options that still fit, best gain a unit
// of cash first.
func fill(kept []pick, menus []Menu, limit float64, attention int, least float64) []pick {
	left := limit - cashOf(kept)
	taken := map[Site]bool{}
	for _, p := range kept {
		taken[p.menu.Site] = true
	}
	var more []pick
	for i := range menus {
		if m := &menus[i]; !taken[m.Site] && m.Solution != nil && m.Solution.Best > 0 {
			for k := range m.Solution.Options {
				if o := &m.Solution.Options[k]; o.Delay == 0 && o.Units > 0 && o.Mean >= least && o.Cash <= left {
					more = append(more, pick{menu: m, option: o, net: o.Mean / o.Cash})
				}
			}
		}
	}
	slices.SortStableFunc(more, func(a, b pick) int { return cmp.Compare(b.net, a.net) })
	for _, p := range more {
		if len(kept) < attention && !taken[p.menu.Site] && p.option.Cash <= left {
			p.net = 0
			kept = append(kept, p)
			taken[p.menu.Site] = true
			left -= p.option.Cash
		}
	}
	slices.SortStableFunc(kept, func(a, b pick) int { return cmp.Compare(b.option.Mean, a.option.Mean) })
	return kept
}

// without lists the best option of every site that was not kept, best first.
func without(menus []Menu, kept []pick, prices Prices) []pick {
	taken := map[Site]bool{}
	for _, p := range kept {
		taken[p.menu.Site] = true
	}
	var rest []pick
	for i := range menus {
		if p := menus[i].bestAt(0); !taken[menus[i].Site] && p.option != nil && p.option.Mean >= prices.Least {
			p.net = p.option.Mean - prices.Cash*p.option.Cash
			rest = append(rest, p)
		}
	}
	slices.SortStableFunc(rest, func(a, b pick) int { return cmp.Compare(b.net, a.net) })
	return rest
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

func (p *Plan) leaveOut(v *Survey, menus []Menu, rest []pick, prices Prices) {
	for _, r := range rest {
		reason := messages.M("plan.left-out.attention", messages.A("n", v.Config.Attention))
		if r.net <= 0 {
			reason = messages.M("plan.left-out.cash", messages.A("price", messages.Decimal{X: prices.Cash, Places: 2}))
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
