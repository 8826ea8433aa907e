package plan

import (
	"math"
	"slices"

	"tradewind/commerce"
	"tradewind/decision"
	"tradewind/messages"
	"tradewind/money"
	"tradewind/operations/inventory"
	"tradewind/operations/pricing"
)

// Advice is what a learned policy says of a site today: multiples of what the classical
// answer orders up to and asks. It never replaces how they are found, and stays within the
// bounds of its policy.
type Advice struct {
	Policy string  // names what was learned, to the byte
	Price  float64 // of the price that would be proposed
	Target float64 // of the stock that an order brings up to
	State  int     // of the learned table: where the site stands
}

// Advised is the survey with what learned policies say of sites; name stands for all of it.
func (v *Survey) Advised(advice map[Site]Advice, name string) *Survey {
	with := *v
	with.advice, with.advised = advice, name
	return &with
}

// adjustment is what a learned policy made of a menu.
type adjustment struct {
	Advice
	before float64 // units that would be ordered without it
}

// adjust orders up to a multiple of what the menu would, in packs and with the minimum, and
// has that judged in the same futures as every other option. Where there is nothing to order
// there is nothing to adjust.
//
//	Q = m·(J + N) - J,   J: stock expected when an order arrives; N: what the order should bring
func (v *Survey) adjust(m *Menu) {
	a, advised := v.advice[m.Site]
	s := m.Solution
	if !advised || a.Target == 1 || s.Best == 0 || m.Problem.FillRate > 0 {
		return
	}
	before := s.Chosen().Units
	stock := max(0, m.Problem.Position()-s.Lead)
	need := a.Target*(stock+s.Need) - stock
	units := m.Problem.Whole(need)
	at := slices.IndexFunc(s.Options, func(o inventory.Option) bool { return o.Units == units && o.Delay == 0 })
	if at < 0 {
		at = len(s.Options)
		s.Options = append(s.Options, inventory.Judge(m.Problem, units))
	}
	if s.Best = at; units != before {
		m.adjusted = &adjustment{a, before}
	}
}

// offered reports whether an option of a menu is one to choose: of those that a learned
// policy adjusted only what it would do.
func (m *Menu) offered(option int) bool { return m.adjusted == nil || option == m.Solution.Best }

// adviceOn finds what is said of an item: by the first location of those that stock it, and
// serve its market, of which anything is.
func (v *Survey) adviceOn(item commerce.Item) (Site, Advice, bool) {
	for _, st := range v.Snapshot.StocksOf(item.SKU) {
		site := Site{item.SKU, st.Location}
		if a, advised := v.advice[site]; advised && v.Snapshot.Serves(st.Location, item.Market) {
			return site, a, true
		}
	}
	return Site{}, Advice{}, false
}

// repriced is an item whose best price a learned policy multiplies, at the legal price that
// is next to the product; false where that is the best price itself, or a change that is
// not sure enough to pay.
func (v *Survey) repriced(st *PriceStudy, p *PriceItem) (*PriceItem, Advice, bool) {
	_, a, advised := v.adviceOn(p.Item)
	if !advised || a.Price == 1 {
		return p, a, false
	}
	s := *p.Solution
	want, best := s.Best.Price.Float()*a.Price, s.Best
	for _, at := range s.Points {
		if math.Abs(at.Price.Float()-want) < math.Abs(best.Price.Float()-want) {
			best = at
		}
	}
	if best.Price == s.Best.Price {
		return p, a, false
	}
	asked, err := pricing.Ask(p.Problem, best.Price)
	if err != nil || len(asked.Broken) > 0 {
		return p, a, false
	}
	s.Best, s.Gain, s.Binding = asked.Point, asked.Gain, nil
	if !worthChanging(&s, p.Rate, st.Least()) {
		return p, a, false
	}
	moved := *p
	moved.Solution = &s
	return &moved, a, true
}

// learned says of a proposal about an order what was learned.
func (v *Survey) learned(p *decision.Proposal, m *Menu) {
	a := m.adjusted
	if a == nil {
		return
	}
	v.mark(p, m.Site, a.Advice, "target", a.Target)
	p.Reasons = append(p.Reasons, messages.M("plan.learned.reason.order", messages.A("target", messages.Decimal{X: a.Target, Places: 2}), messages.A("units", int64(a.before))))
}

// learnedPrice does so of one about a price that would be was.
func (v *Survey) learnedPrice(p *decision.Proposal, item commerce.Item, a Advice, was money.Amount) {
	site, _, _ := v.adviceOn(item)
	v.mark(p, site, a, "price", a.Price)
	p.Reasons = append(p.Reasons, messages.M("plan.learned.reason.price", messages.A("price", messages.Decimal{X: a.Price, Places: 2}), messages.A("was", was)))
}

// mark names the policy behind a proposal, what it moved and where it stood.
func (v *Survey) mark(p *decision.Proposal, site Site, a Advice, what string, times float64) {
	p.Run.Model += " + learned residual"
	from := commerce.Provenance{Source: "policy " + a.Policy, AsOf: v.Snapshot.AsOf}
	p.Inputs = append(p.Inputs,
		input(learnedInput, string(site.Location), from), input("policy."+what, number(times), from), input("policy.state", count(commerce.Units(a.State)), from))
	p.Caveats = append(p.Caveats, messages.M("plan.learned.caveat"))
}

// Adjusted reports whether a learned policy changed a proposal.
func Adjusted(p *decision.Proposal) bool {
	return slices.ContainsFunc(p.Inputs, func(in decision.Input) bool { return in.Key == learnedInput })
}

// AdjustedAt is the site whose policy changed a proposal; false where none did.
func AdjustedAt(p *decision.Proposal) (Site, bool) {
	for _, in := range p.Inputs {
		if in.Key == learnedInput {
			return Site{p.Action.Subject().SKU, commerce.Location(in.Value)}, true
		}
	}
	return Site{}, false
}

// learnedInput names the location whose learned policy changed a proposal, among its inputs.
const learnedInput = "policy.learned"
