package plan

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"

	"tradewind/commerce"
	"tradewind/decision"
	"tradewind/messages"
	"tradewind/operations/inventory"
)

// StockStudy is what there is to do with the stock that is there already: units to move to
// another location, and caps on what may be sold of stock that does not last.
type StockStudy struct {
	Transfers   []Transfer   // worth most first
	Allocations []Allocation // likewise
	Several     int          // SKUs that lie at several locations

	moved map[Site]movedUnits
}

// movedUnits are what transfers, proposed or decided, bring to a site less what they take.
type movedUnits struct {
	units    commerce.Units
	ids      []decision.ID
	proposed bool // on some of it nobody has decided yet
}

// StockDays is how long a proposal about stock stands.
const StockDays = 7

// StudyStock looks for transfers and caps among menus. It returns them with the menus
// solved again for the stock that transfers leave: those that people decided on and those
// that it proposes. It does not modify menus.
func StudyStock(v *Survey, menus []Menu) (*StockStudy, []Menu) {
	st := v.decided()
	now := st.resolved(v, menus)
	v.transfers(st, now)
	for _, t := range st.Transfers {
		st.move(v.move(t.Action, transferModel).ID, t.Action, true)
	}
	now = st.resolved(v, menus)
	v.allocations(st, now)
	return st, now
}

// Decided returns menus solved for the stock that the transfers leave that people decided on:
// what a site has to show for itself. It does not modify menus.
func Decided(v *Survey, menus []Menu) []Menu { return v.decided().resolved(v, menus) }

// decided is a study of the transfers that people decided on.
func (v *Survey) decided() *StockStudy {
	st := &StockStudy{moved: map[Site]movedUnits{}}
	for _, d := range v.Moved {
		st.move(d.Decision, decision.MoveStock{SKU: d.SKU, From: d.From, To: d.Location, Units: d.Units}, false)
	}
	return st
}

// Propose turns the study into decisions.
func (st *StockStudy) Propose(v *Survey) []decision.Proposal {
	var list []decision.Proposal
	for i := range st.Transfers {
		list = append(list, v.moveStock(&st.Transfers[i]))
	}
	for i := range st.Allocations {
		list = append(list, v.allocateStock(&st.Allocations[i]))
	}
	return list
}

// movesUnderWay are the transfers that no later stock count at their start knows.
func movesUnderWay(s *commerce.Snapshot, placed []Placed) []Placed {
	var list []Placed
	for _, d := range placed {
		from := countOf(s, Site{d.SKU, d.From})
		if d.From != "" && from != nil && !d.Day.Before(from.Day) {
			list = append(list, d)
		}
	}
	slices.SortFunc(list, func(a, b Placed) int { return cmp.Compare(a.Decision, b.Decision) })
	return list
}

// transferIDs names the transfers under way to or from a site.
func (v *Survey) transferIDs(site Site) []decision.ID {
	var ids []decision.ID
	for _, d := range v.Moved {
		if d.SKU == site.SKU && (d.From == site.Location || d.Location == site.Location) {
			ids = append(ids, d.Decision)
		}
	}
	return ids
}

func (st *StockStudy) move(id decision.ID, a decision.MoveStock, proposed bool) {
	add := func(site Site, units commerce.Units) {
		m := st.moved[site]
		st.moved[site] = movedUnits{m.units + units, append(m.ids, id), m.proposed || proposed}
	}
	add(Site{a.SKU, a.From}, -a.Units)
	add(Site{a.SKU, a.To}, a.Units)
}

// resolved are the menus with the stock of their sites as transfers leave it.
func (st *StockStudy) resolved(v *Survey, menus []Menu) []Menu {
	out := slices.Clone(menus)
	for i := range out {
		m := &out[i]
		n, ok := st.moved[m.Site]
		if !ok || m.Solution == nil {
			continue
		}
		p := *m.Problem
		if units := float64(n.units); units < 0 {
			p.OnHand = max(0, p.OnHand+units)
		} else {
			p.Arrivals = append(slices.Clip(p.Arrivals), inventory.Arrival{Units: units, Day: float64(v.Config.movingDays())})
		}
		if s := inventory.Solve(&p); s.Refused == nil {
			m.Problem, m.Solution, m.adjusted = &p, s, nil
			v.adjust(m) // what a learned policy says is said of the new solution
		}
	}
	return out
}

// inputs says what transfers make of the stock that an order at a site is reckoned with.
func (st *StockStudy) inputs(v *Survey, site Site) []decision.Input {
	if st == nil {
		return nil
	}
	m, ok := st.moved[site]
	if !ok {
		return nil
	}
	return []decision.Input{input(movedKey, signed(m.units), commerce.Provenance{Source: joined(m.ids), AsOf: v.Snapshot.AsOf, Assumed: m.proposed})}
}

// caveats warn of an order that rests on transfers which are only proposed.
func (st *StockStudy) caveats(site Site) []messages.Message {
	if st == nil || !st.moved[site].proposed {
		return nil
	}
	return []messages.Message{messages.M("plan.caveat.moved", messages.A("units", signed(st.moved[site].units)))}
}

// warnings say what the study could not look for.
func (st *StockStudy) warnings(v *Survey) []messages.Message {
	if _, known := v.Config.transferCost(); st == nil || st.Several == 0 || known {
		return nil
	}
	return []messages.Message{messages.M("plan.transfer.unpriced", messages.A("n", st.Several))}
}

const movedKey = "stock.moved"

func signed(n commerce.Units) string { return fmt.Sprintf("%+d", n) }

// MovedFact is the transfers that an order at a site rests on as they are now decided on.
// An order reckoned with a transfer stands whether that was decided on or not; one that
// does not know of a transfer does not.
func MovedFact(s *commerce.Snapshot, p *decision.Proposal, site Site, placed []Placed) []decision.Input {
	var was *decision.Input
	for i := range p.Inputs {
		if p.Inputs[i].Key == movedKey {
			was = &p.Inputs[i]
		}
	}
	var now movedUnits
	known := true
	for _, d := range movesUnderWay(s, placed) {
		units := d.Units
		switch site {
		case Site{d.SKU, d.From}:
			units = -units
		case Site{d.SKU, d.Location}:
		default:
			continue
		}
		now.units, now.ids = now.units+units, append(now.ids, d.Decision)
		known = known && was != nil && strings.Contains(was.Source, string(d.Decision))
	}
	switch {
	case known && was != nil:
		return []decision.Input{*was}
	case len(now.ids) == 0:
		return nil
	}
	return []decision.Input{input(movedKey, signed(now.units), commerce.Provenance{Source: joined(now.ids), AsOf: s.AsOf})}
}

// StockChanges says what has changed under a transfer or a cap since it was proposed: the
// stock that it moves or shares out by more than a tenth of its units, the cost, the supply,
// who serves whom, or a setting. See Changes.
func StockChanges(s *commerce.Snapshot, c Config, p *decision.Proposal) []string {
	var now []decision.Input
	units := 0.0
	switch a := p.Action.(type) {
	case decision.MoveStock:
		now, units = transferFacts(s, c.withDefaults(), a), float64(a.Units)
	case decision.AllocateStock:
		now, units = allocationFacts(s, c.withDefaults(), Site{a.Item.SKU, a.Location}), float64(a.Units)
	}
	was := map[string]string{}
	for _, in := range p.Inputs {
		was[in.Key] = in.Value
	}
	for i := range now {
		if !strings.HasPrefix(now[i].Key, "stock.at.") {
			continue
		}
		a, errA := strconv.ParseFloat(was[now[i].Key], 64)
		b, errB := strconv.ParseFloat(now[i].Value, 64)
		if cmp.Or(errA, errB) == nil && math.Abs(a-b) <= units/10 {
			now[i].Value = was[now[i].Key]
		}
	}
	return Changes(p, now)
}

// stockFacts are what is there at a site, and what brings more of it.
func stockFacts(s *commerce.Snapshot, site Site, key string) []decision.Input {
	f := gather(s, Config{}, site)
	if f.stock == nil {
		return nil
	}
	return []decision.Input{
		input("stock.at."+key, count(int64(max(0, soldAt(s, site).left))), f.stock.Provenance),
		input("stock.coming."+key, count(f.stock.Inbound), f.stock.Provenance),
	}
}

// sourceFacts are the cost of a SKU and how long an order of it takes.
func sourceFacts(s *commerce.Snapshot, f facts) []decision.Input {
	var list []decision.Input
	if f.cost != nil {
		list = append(list, input("cost.unit", asQuoted(f.cost.Unit, f.cost.Quoted), f.cost.Provenance))
	}
	if f.supply != nil {
		list = append(list, leadInputs(f)...)
	}
	f.supply = nil // the cost of an order is nothing to stock that is there
	return append(list, ratesOf(s, f)...)
}

// stockMove is what every proposal about stock begins with.
func (v *Survey) stockMove(a decision.Action, model string) decision.Proposal {
	p := v.move(a, model)
	p.Expires = v.Now.Add(StockDays * 24 * time.Hour)
	return p
}

// quantiles are the 10 %, 50 % and 90 % quantiles of equally likely amounts.
func quantiles(xs []float64) (p10, p50, p90 float64) {
	sorted := slices.Clone(xs)
	slices.Sort(sorted)
	at := func(u float64) float64 {
		k := int(math.Ceil(u*float64(len(sorted)))) - 1
		return sorted[min(max(k, 0), len(sorted)-1)]
	}
	return at(.1), at(.5), at(.9)
}

func meanOf(xs []float64) float64 {
	sum := 0.0
	for _, x := range xs {
		sum += x
	}
	return sum / float64(len(xs))
}
