package inventory

import (
	"cmp"
	"math"
	"slices"
)

// Claim is what one market or channel asks of a stock that it shares with others until the
// next delivery.
type Claim struct {
	Margin float64   // contribution of one unit sold there
	Demand []float64 // units asked for until the next delivery, one entry a future, the same futures in all claims
}

// Allocation is how a scarce stock is shared out.
type Allocation struct {
	Units []int // of each claim
	Price float64
	Gain  float64 // mean contribution of the sales
}

// Allocate shares whole units among claims so that their sales contribute most:
//
//	maximise Σ margin_i · E[min(D_i, a_i)]   subject to   Σ a_i ≤ stock
//
// One more unit of claim i is worth margin_i · P(D_i > a_i), which falls in a_i; units go to
// whoever makes most of the next one, so that in the end all claims value one more alike,
// at the price. Nothing is left over while a claim may still sell it. A claim without a
// margin gets nothing.
//
// Source: Porteus, Foundations of Stochastic Inventory Theory, 2002, section 2.3; Fox,
// Discrete optimization via marginal analysis, Management Science 13(3), 1966.
func Allocate(stock int, claims []Claim) Allocation {
	a := Allocation{Units: make([]int, len(claims))}
	next := make([]marginalUnits, len(claims))
	for i, c := range claims {
		next[i] = newMarginalUnits(c)
	}
	for range stock {
		best := -1
		for i := range next {
			if x := next[i].worth(); x > 0 && (best < 0 || x > next[best].worth()) {
				best = i
			}
		}
		if best < 0 {
			return a // everybody has all that they may ever sell
		}
		a.Gain += next[best].worth()
		a.Units[best]++
		next[best].step()
	}
	for i := range next {
		a.Price = max(a.Price, next[i].worth())
	}
	return a
}

// marginalUnits are the units of a claim, one after the other.
type marginalUnits struct {
	margin float64
	demand []float64 // ascending
	at     int       // futures that ask for no more than what is given, or part of a unit more
	given  float64
}

func newMarginalUnits(c Claim) marginalUnits {
	m := marginalUnits{margin: c.Margin, demand: slices.Clone(c.Demand)}
	slices.Sort(m.demand)
	m.skip()
	return m
}

func (m *marginalUnits) skip() {
	for m.at < len(m.demand) && m.demand[m.at] <= m.given {
		m.at++
	}
}

func (m *marginalUnits) step() { m.given++; m.skip() }

// worth is margin · E[min(D, given+1) - min(D, given)].
func (m *marginalUnits) worth() float64 {
	if !(m.margin > 0) || len(m.demand) == 0 {
		return 0
	}
	sum := 0.0
	k := m.at
	for ; k < len(m.demand) && m.demand[k] < m.given+1; k++ {
		sum += m.demand[k] - m.given
	}
	return m.margin * (sum + float64(len(m.demand)-k)) / float64(len(m.demand))
}

// Uncapped is the cap of a claim that may sell as long as there is stock.
const Uncapped = math.MaxInt

// FirstCome is what is sold in every future, by claim, when all sell from one stock as
// orders come in: each at its own even pace, up to its cap, until the stock is gone.
func FirstCome(stock float64, claims []Claim, caps []int) [][]float64 {
	sold := make([][]float64, len(claims))
	for i := range claims {
		sold[i] = make([]float64, len(claims[i].Demand))
	}
	if len(claims) == 0 {
		return sold
	}
	type stop struct {
		claim     int
		at, units float64
	} // the share of the time after which a claim sells no more
	stops := make([]stop, len(claims))
	for s := range claims[0].Demand {
		pace := 0.0
		for i, c := range claims {
			d := max(0, c.Demand[s])
			x := stop{i, 1, d}
			if limit := float64(caps[i]); caps[i] != Uncapped && limit < d {
				x.at, x.units = limit/d, limit
			}
			stops[i], pace = x, pace+d
		}
		slices.SortFunc(stops, func(a, b stop) int { return cmp.Or(cmp.Compare(a.at, b.at), cmp.Compare(a.claim, b.claim)) })
		left, now := stock, 0.0
		for _, x := range stops {
			if pace > 0 && now+left/pace < x.at {
				now += left / pace
				break
			}
			left = max(0, left-pace*(x.at-now))
			now = x.at
			pace -= max(0, claims[x.claim].Demand[s])
		}
		for _, x := range stops {
			sold[x.claim][s] = min(x.units, now*max(0, claims[x.claim].Demand[s]))
		}
	}
	return sold
}

// Contribution is what sales by claim bring, in every future.
func Contribution(claims []Claim, sold [][]float64) []float64 {
	if len(claims) == 0 {
		return nil
	}
	total := make([]float64, len(claims[0].Demand))
	for i, c := range claims {
		for s, units := range sold[i] {
			total[s] += c.Margin * units
		}
	}
	return total
}

// Protect caps what the claims of lower margins may sell of a shared stock, so that enough
// is left for the higher ones: the claim of the highest margin has no cap, and so nothing
// is left over that it would have sold. It starts from the shares of Allocate, with which
// no claim would give up a unit for another, and moves one cap at a time while that gains:
// caps let others sell what a share would keep idle. A claim that is better off uncapped
// has Uncapped.
//
// Source: Littlewood, Forecasting and control of passenger bookings, 1972 (two classes);
// Talluri & van Ryzin, The Theory and Practice of Revenue Management, 2004, section 2.2.
func Protect(stock int, claims []Claim) []int {
	caps := make([]int, len(claims))
	top := 0
	for i, c := range claims {
		caps[i] = Uncapped
		if c.Margin > claims[top].Margin {
			top = i
		}
	}
	if len(claims) < 2 {
		return caps
	}
	mean := func(caps []int) float64 { return mean(Contribution(claims, FirstCome(float64(stock), claims, caps))) }
	free := mean(caps)
	shares := Allocate(stock, claims).Units
	start := slices.Clone(caps)
	for i, c := range claims {
		if c.Margin < claims[top].Margin {
			start[i] = shares[i]
		}
	}
	best := free
	if x := mean(start); x > best {
		best = x
		copy(caps, start)
	}
	const sweeps, tries = 3, 16
	for range sweeps {
		before := best
		for i, c := range claims {
			if c.Margin >= claims[top].Margin {
				continue
			}
			for k := range tries + 2 {
				was := caps[i]
				if caps[i] = stock * k / tries; k > tries {
					caps[i] = Uncapped
				}
				if x := mean(caps); x > best*(1+1e-9) {
					best = x
				} else {
					caps[i] = was
				}
			}
		}
		if best <= before {
			break
		}
	}
	return caps
}
