package automation

import (
	"math"

	"tradewind/simulate"
)

// Policy decides for one item, period by period, on what a seller sees.
type Policy interface {
	Act(t int, st *simulate.ShopState, x *simulate.Filter, cost float64) simulate.Act
}

// Fixed is how many shops are run: one price, and orders up to one level S once the position
// has fallen by Gap: an (s,S) policy with s = S - Gap, and with no Gap a base-stock policy.
type Fixed struct{ Price, Level, Gap float64 }

// Act orders up to the level.
func (p Fixed) Act(_ int, st *simulate.ShopState, _ *simulate.Filter, _ float64) simulate.Act {
	a := simulate.Act{Price: p.Price}
	if short := p.Level - st.Position(); short >= p.Gap {
		a.Order = max(0, short)
	}
	return a
}

// Arena plays policies of one item on the same episodes: common random numbers. It keeps
// room for its work and is not safe for concurrent use.
type Arena struct {
	Form    *simulate.ShopForm
	Periods int

	shop   *simulate.Shop
	filter *simulate.Filter
}

// NewArena makes room for episodes of some periods.
func NewArena(form *simulate.ShopForm, periods int) *Arena {
	return &Arena{form, periods, simulate.NewShop(form, periods), simulate.NewFilter(form)}
}

// Play returns what a policy contributes in an episode, what is left at its end written down.
func (a *Arena) Play(p Policy, split simulate.Split, episode uint64, sc simulate.Scenario) float64 {
	return a.Watch(p, split, episode, sc, nil)
}

// Watch is Play for whoever wants to see each period; see may be nil.
func (a *Arena) Watch(p Policy, split simulate.Split, episode uint64, sc simulate.Scenario, see func(t int, o simulate.Outcome)) float64 {
	a.shop.Draw(split, episode, sc)
	a.filter.Reset()
	st, sum := a.shop.Start(), 0.
	for t := range a.Periods {
		act := p.Act(t, &st, a.filter, a.shop.Cost(t))
		o := a.shop.Step(t, &st, act)
		sum += o.Reward
		a.filter.See(t, o.Price, o.Sold, o.Out)
		if see != nil {
			see(t, o)
		}
	}
	return sum + a.shop.Closing(a.Periods, &st)
}

// Mean plays the first n episodes of a split and returns the mean contribution.
func (a *Arena) Mean(p Policy, split simulate.Split, n int, sc simulate.Scenario) float64 {
	sum := 0.
	for episode := range n {
		sum += a.Play(p, split, uint64(episode), sc)
	}
	return sum / float64(n)
}

// blind is a policy that needs no filter.
func (a *Arena) blind(p Fixed, n int) float64 {
	sum := 0.
	for episode := range n {
		a.shop.Draw(simulate.Training, uint64(episode), simulate.SteadyTrade)
		st := a.shop.Start()
		for t := range a.Periods {
			sum += a.shop.Step(t, &st, p.Act(t, &st, nil, 0)).Reward
		}
		sum += a.shop.Closing(a.Periods, &st)
	}
	return sum / float64(n)
}

// BestBaseStock finds the fixed price and the base stock, ordered up to in every period, that
// earn most on the first n training episodes.
func (a *Arena) BestBaseStock(n int) Fixed {
	return a.bestFixed(n, []float64{0}, []float64{1})
}

// BestFixed finds the fixed price and the (s,S) policy that earn most on the first n training
// episodes: the gap between s and S saves orders, which a base stock places in every period.
func (a *Arena) BestFixed(n int) Fixed {
	f := a.Form
	economic := math.Sqrt(2 * f.OrderCost * 52 * f.Level / max(f.Holding*f.Cost, 1e-9))
	return a.bestFixed(n, []float64{1, max(f.MOQ, economic)}, []float64{.5, 1, 2})
}

// bestFixed searches a coarse grid of price, level and gap, then thrice a finer one around
// the best.
func (a *Arena) bestFixed(n int, gaps, times []float64) Fixed {
	f := a.Form
	lead := f.LeadDays / 7
	best, earned := Fixed{}, math.Inf(-1)
	try := func(p Fixed) {
		if x := a.blind(p, n); x > earned {
			best, earned = p, x
		}
	}
	for _, price := range []float64{.8, .9, 1, 1.1, 1.2, 1.35} {
		for _, weeks := range []float64{1, 2, 3, 4.5, 6.5} {
			for _, gap := range gaps {
				try(Fixed{f.Legal(f.Reference * price), (lead + weeks) * f.Level, gap})
			}
		}
	}
	for _, step := range []float64{.06, .03, .015} {
		from := best
		for _, price := range []float64{1 - step, 1, 1 + step} {
			for _, level := range []float64{1 - 3*step, 1 - 1.5*step, 1, 1 + 1.5*step, 1 + 3*step} {
				for _, gap := range times {
					try(Fixed{f.Legal(from.Price * price), from.Level * level, from.Gap * gap})
				}
			}
		}
	}
	return best
}
