package automation

import (
	"math"

	"tradewind/numeric/policy"
	"tradewind/simulate"
)

// discount of a period's contribution: half of it after some two and a half years.
const discount = .995

// Trainer learns a residual from a simulated shop by Q-learning with full backups: chance
// does not depend on what is done, so that each period of each episode teaches all stocks
// and all actions at once,
//
//	Q(s,a) ← Q(s,a) + α [r + γ Σ share(s″) max Q(s″,a′) − Q(s,a)],
//
// s″ the corners between which the next stock lies, α = (1+n)^-.7 of the visits n of the
// pair. Periods of an episode are taken from the last to the first, which carries values
// back through a whole path at once. Rewards are counted against what the period would have
// brought at the classical price with stock enough: that depends on nothing that is done,
// and so changes no policy, but most of the noise goes with it.
//
// Same form, same number of episodes: same table, to the bit.
type Trainer struct {
	Base  *Classical
	Table *policy.Table

	arena  *Arena
	scale  float64 // contribution of an average week
	values []float64
	path   []moment
	rates  []float64

	targets []float64 // of a period: grids × Actions × last prices
	shelf   []simulate.ShopState
	views   []View
	wanted  map[float64]float64 // demand of the period by price
}

// moment is what the seller knew in a period of the path.
type moment struct {
	state  simulate.ShopState
	belief belief
	regime int
}

// NewTrainer makes a table of nothing learned.
func NewTrainer(a *Arena, base *Classical) *Trainer {
	f := a.Form
	tr := &Trainer{
		Base: base, Table: policy.NewTable(States, Actions, nil), arena: a,
		scale:  max(f.Margin(f.BestPrice(f.Cost), f.Cost), .01*f.Cost) * f.Level,
		values: make([]float64, States), path: make([]moment, a.Periods+1),
		targets: make([]float64, grids*Actions*len(PriceSteps)),
		shelf:   make([]simulate.ShopState, grids), views: make([]View, grids), wanted: map[float64]float64{},
	}
	for n := range 4096 {
		tr.rates = append(tr.rates, policy.HarmonicPower.At(n))
	}
	return tr
}

// Learn learns from training episodes first to last-1, the paths being those of a policy:
// what it sees there is what it will see.
func (tr *Trainer) Learn(follow Policy, first, last int) {
	for episode := first; episode < last; episode++ {
		tr.walk(follow, uint64(episode))
		for t := tr.arena.Periods - 1; t >= 0; t-- {
			tr.teach(t)
		}
	}
}

// walk plays an episode and notes what was known in each period.
func (tr *Trainer) walk(follow Policy, episode uint64) {
	a := tr.arena
	a.shop.Draw(simulate.Training, episode, simulate.SteadyTrade)
	a.filter.Reset()
	st := a.shop.Start()
	for t := range a.Periods {
		tr.note(t, &st)
		o := a.shop.Step(t, &st, follow.Act(t, &st, a.filter, a.shop.Cost(t)))
		a.filter.See(t, o.Price, o.Sold, o.Out)
	}
	tr.note(a.Periods, &st)
}

func (tr *Trainer) note(t int, st *simulate.ShopState) {
	level, sd := tr.arena.filter.Level()
	tr.path[t] = moment{*st, belief{math.Exp(level + sd*sd/2), sd}, regimeOf(tr.arena.filter.Regime())}
}

// teach backs up all stocks and actions of a period.
func (tr *Trainer) teach(t int) {
	shop, now, next := tr.arena.shop, &tr.path[t], &tr.path[t+1]
	f, cost := tr.arena.Form, shop.Cost(t)
	best := f.BestPrice(cost)
	control := f.Margin(best, cost) * shop.Demand(t, best)
	tr.place(t, now)
	clear(tr.wanted)
	phase, ahead := tr.Base.phase(t), context(next.regime, tr.Base.phase(t+1), 0)
	for g := range grids {
		for a := range Actions {
			act := tr.views[g].Act(Multipliers(a))
			st := tr.shelf[g]
			st.Price = act.Price // the cost of a change is added below
			o := shop.StepDemand(t, &st, act, tr.demand(t, act.Price))
			v := tr.Base.look(t+1, &st, next.belief, shop.Cost(t+1))
			after := 0.
			for _, c := range corners(st.OnHand, v, ahead+lastOf(st.Price, v.Price)) {
				after += c.share * tr.values[c.state]
			}
			value := (o.Reward-control)/tr.scale + discount*after
			for last := range PriceSteps {
				x := value
				if last != a/len(TargetSteps) {
					x -= f.PriceChange / tr.scale
				}
				tr.targets[(last*grids+g)*Actions+a] = x
			}
		}
	}
	for last := range PriceSteps {
		from := context(now.regime, phase, last) * grids
		for g := range grids {
			tr.update(from+g, tr.targets[(last*grids+g)*Actions:][:Actions])
		}
	}
}

// demand is that of the shop: most of what is tried in a period asks one of a few prices.
func (tr *Trainer) demand(t int, price float64) float64 {
	price = tr.arena.Form.Legal(price)
	units, known := tr.wanted[price]
	if !known {
		units = tr.arena.shop.Demand(t, price)
		tr.wanted[price] = units
	}
	return units
}

func (tr *Trainer) update(state int, targets []float64) {
	row := tr.Table.Q[state*Actions:][:Actions]
	visits := tr.Table.Visits[state*Actions:][:Actions]
	best := math.Inf(-1)
	for a, target := range targets {
		n := min(int(visits[a]), len(tr.rates)-1)
		row[a] += tr.rates[n] * (target - row[a])
		visits[a]++
		best = max(best, row[a])
	}
	tr.values[state] = best
}

// place makes a stock for each corner of the grids: so much on the shelf, and so much under
// way, with the ages that the path has or else evenly, that the projection is as far from
// the target as the corner says, where that can be.
func (tr *Trainer) place(t int, now *moment) {
	cost := tr.arena.shop.Cost(t)
	base := tr.Base
	v := base.look(t, &now.state, now.belief, cost)
	spread := now.state.Ordered
	if now.state.OnOrder() <= 0 {
		for k := 1; k < base.lead; k++ {
			spread[k] = 1
		}
	}
	total := 0.
	for _, units := range spread {
		total += units
	}
	for c, cover := range coverGrid {
		st := now.state
		st.OnHand = math.Round(cover * v.Rate)
		for p, share := range projectGrid {
			st.Ordered = [simulate.MaxLead + 1]float64{}
			view := base.look(t, &st, now.belief, cost)
			if short := share*view.Target - view.Projected; short > 0 && total > 0 {
				for k := range spread {
					st.Ordered[k] = math.Round(spread[k] / total * short)
				}
				view = base.look(t, &st, now.belief, cost)
				// What is lost on the way makes the projection rise by more than what is added:
				// one correction.
				if add := share*view.Target - view.Projected; add > 0 {
					for k := range spread {
						st.Ordered[k] += math.Round(spread[k] / total * add)
					}
					view = base.look(t, &st, now.belief, cost)
				}
			}
			tr.shelf[c*len(projectGrid)+p], tr.views[c*len(projectGrid)+p] = st, view
		}
	}
}
