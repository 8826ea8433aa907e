package inventory

import "math"

// judge weighs orders on the futures of one problem.
type judge struct {
	*Problem
	futures []future
	lead    float64 // mean demand before arrival
	window  float64 // mean demand of the cycle
	rate    float64 // mean demand a day of the cycle

	stockOut float64 // share of futures in which sales are lost before arrival
	carry    float64 // days that a unit left over lies beyond its cycle
	gains    []float64
}

// carriedLead is the share of the lead time that a unit left over is held beyond its
// cycle where sales are lost before arrival in at least carriedFrom of the futures; below
// that it goes down to nothing in proportion.
const carriedLead, carriedFrom = .22, .02

func newJudge(p *Problem, futures []future) *judge {
	j := &judge{Problem: p, futures: futures, gains: make([]float64, len(futures))}
	var days float64
	for i := range futures {
		f := &futures[i]
		j.lead, j.window, days = j.lead+f.lead, j.window+f.cycle, days+f.days
		if f.short {
			j.stockOut++
		}
	}
	n := float64(len(futures))
	j.rate = max(j.window/days, 1.0/365)
	j.lead, j.window, j.stockOut = j.lead/n, j.window/n, j.stockOut/n
	j.carry = carriedLead * p.LeadDays * min(1, j.stockOut/carriedFrom)
	return j
}

// need is how many units an order should bring.
func (j *judge) need(ratio float64) float64 {
	for i := range j.futures {
		j.gains[i] = j.futures[i].cycle - j.futures[i].left
	}
	if j.FillRate > 0 {
		return j.needForFill()
	}
	need := selected(j.gains, rank(len(j.gains), ratio))
	if j.ShelfDays > 0 {
		return j.needThatKeeps(need)
	}
	return need
}

// needForFill is the least whole order that leaves no more than the target's share of the
// cycle's demand unserved, by bisection; negative or 0 where none is needed.
func (j *judge) needForFill() float64 {
	target := (1 - j.FillRate) * j.window
	unserved := func(units float64) (sum float64) {
		for i := range j.futures {
			f := &j.futures[i]
			sum += max(0, f.cycle-f.left-units)
		}
		return sum / float64(len(j.futures))
	}
	if unserved(0) <= target {
		return 0
	}
	lo, hi := 0.0, 1.0
	for unserved(hi) > target {
		lo, hi = hi, 2*hi
	}
	for hi-lo > 1 {
		if mid := math.Floor((lo + hi) / 2); unserved(mid) > target {
			lo = mid
		} else {
			hi = mid
		}
	}
	return hi
}

// needThatKeeps is the order of the highest mean gain up to most, for goods that spoil:
// the gain is concave in the order, so that a search by thirds finds it.
func (j *judge) needThatKeeps(most float64) float64 {
	lo, hi := 0.0, max(0, math.Ceil(most))
	for hi-lo > 2 {
		a := math.Floor(lo + (hi-lo)/3)
		b := max(a+1, math.Ceil(hi-(hi-lo)/3))
		if j.mean(a) < j.mean(b) {
			lo = a
		} else {
			hi = b
		}
	}
	best := lo
	for x := lo; x <= hi; x++ {
		if j.mean(x) > j.mean(best) {
			best = x
		}
	}
	return best
}

func (j *judge) mean(units float64) float64 {
	o := j.sum(units, false)
	return o.Mean
}

// fill is the share of the cycle's demand that an order leaves to be served.
func (j *judge) fill(units float64) float64 {
	if !(j.window > 0) {
		return 1
	}
	var lost float64
	for i := range j.futures {
		f := &j.futures[i]
		lost += max(0, f.cycle-f.left-units)
	}
	return 1 - lost/float64(len(j.futures))/j.window
}

// option judges an order of today, or of the next review.
func (j *judge) option(units float64, later bool) Option {
	o := j.sum(units, later)
	n := len(j.gains)
	mid := rank(n, .5)
	o.P50 = selected(j.gains, mid)
	o.P10 = selected(j.gains[:mid+1], rank(n, .1))
	o.P90 = selected(j.gains[mid:], rank(n, .9)-mid)
	return o
}

// sum adds up what an order brings, and leaves the gains of the futures in gains.
func (j *judge) sum(units float64, later bool) Option {
	p := j.Problem
	o := Option{Units: units}
	price := (1 - p.ReturnRate) * p.Price * (1 - p.FeeRate)
	cost := (1 - p.ReturnRate) * p.UnitCost
	holdDay := p.UnitCost * p.HoldingRate / 365
	fixed := p.OrderCost
	if later {
		o.Delay = p.Review
	} else {
		o.Cash = units*p.UnitCost + p.OrderCost
		fixed += p.ChangeCost * (math.Abs(units-p.Expected) - p.Expected)
	}
	var saved, unitDays, spoilt, fixedSum float64
	for i := range j.futures {
		f := &j.futures[i]
		left, window, days, share := f.left, f.cycle, f.days, 1.0
		if later { // only the part of a later order's cycle that this one would cover counts
			left, window, days = max(0, left-f.wait), window-f.wait, days-f.hold
			share = max(0, days/f.days)
		}
		sold, lain, waste := sellThrough(left, units, window, days, j.rate, j.carry, float64(p.ShelfDays))
		gain := sold*(price-cost) - lain*holdDay*share - waste*p.UnitCost*share - fixed*share
		j.gains[i] = gain
		saved, unitDays, spoilt, fixedSum = saved+sold, unitDays+lain*share, spoilt+waste*share, fixedSum+fixed*share
	}
	n := float64(len(j.futures))
	o.Saved = saved / n
	o.Revenue = o.Saved * price
	o.Goods = -o.Saved*cost - spoilt/n*p.UnitCost
	o.Holding = -unitDays / n * holdDay
	o.Fixed = -fixedSum / n
	o.Mean = o.Revenue + o.Goods + o.Holding + o.Fixed
	return o
}

// sellThrough follows an order of units that arrives behind left units on the shelf.
// Demand runs evenly over the window's days and takes the older units first; what is left
// of the order at the end sells at rate, but lies for carry days at least: orders on
// their way come before it is made up for. Units that have not sold after shelf days
// (0: for ever) spoil. It returns the units of the order sold in the window, the days
// that all its units lie in stock, and the units that spoil.
func sellThrough(left, units, window, days, rate, carry, shelf float64) (sold, unitDays, spoilt float64) {
	if shelf > 0 && shelf < days { // nothing of it sells after that
		sold, unitDays, _ = sellThrough(left, units, window*shelf/days, shelf, rate, 0, 0)
		rest := units - sold
		unitDays -= tail(rest, max(0, left-window*shelf/days), rate, 0)
		return sold, unitDays, rest
	}
	ahead := max(0, left-window) // older units, at the end of the window
	if window <= left || days <= 0 {
		unitDays = units * days
	} else {
		sold = min(units, window-left)
		start := days * left / window
		end := days * (left + sold) / window
		unitDays = units*start + (units-sold/2)*(end-start)
		unitDays += (units - sold) * (days - end)
	}
	rest := units - sold
	if shelf > 0 {
		keeps := min(rest, max(0, rate*(shelf-days)-ahead))
		spoilt = rest - keeps
		return sold, unitDays + tail(keeps, ahead, rate, carry) + spoilt*(shelf-days), spoilt
	}
	return sold, unitDays + tail(rest, ahead, rate, carry), 0
}

// tail is the days that units lie behind others while they sell at rate, or for carry
// days each where that is longer.
func tail(units, ahead, rate, carry float64) float64 {
	if units <= 0 {
		return 0
	}
	return max(units*carry, units*ahead/rate+units*units/(2*rate))
}

// rank is the place of a quantile among n sorted values: the generalised inverse.
func rank(n int, u float64) int {
	return min(max(int(math.Ceil(u*float64(n)))-1, 0), n-1)
}

// quantile returns the generalised inverse of the empirical distribution of sorted xs.
func quantile(sorted []float64, u float64) float64 { return sorted[rank(len(sorted), u)] }

// selected returns the value that would stand at place k if xs were sorted. It reorders
// xs so that what stands before k is not larger and what stands after it not smaller.
//
// Source: Hoare, Algorithm 65: Find, Communications of the ACM 4(7), 1961.
func selected(xs []float64, k int) float64 {
	lo, hi := 0, len(xs)-1
	for lo < hi {
		a, b, c := xs[lo], xs[(lo+hi)/2], xs[hi]
		pivot := max(min(a, b), min(max(a, b), c))
		i, j := lo, hi
		for i <= j {
			for xs[i] < pivot {
				i++
			}
			for xs[j] > pivot {
				j--
			}
			if i <= j {
				xs[i], xs[j] = xs[j], xs[i]
				i++
				j--
			}
		}
		switch {
		case k <= j:
			hi = j
		case k >= i:
			lo = i
		default:
			return xs[k]
		}
	}
	return xs[k]
}

func mean(xs []float64) float64 {
	var sum float64
	for _, x := range xs {
		sum += x
	}
	return sum / float64(len(xs))
}

// Judge returns what an order of so many units brings, in the futures in which Solve judges
// its own options.
func Judge(p *Problem, units float64) Option {
	return newJudge(p, p.simulate(p.cycle())).option(units, false)
}

// Whole returns the order that brings at least some units: whole packs, the MOQ or more, and
// no more than the largest order; 0 for none.
func (p *Problem) Whole(units float64) float64 {
	if units <= 0 {
		return 0
	}
	pack, most := max(1, p.Pack), math.Inf(1)
	if p.MaxOrder > 0 {
		most = math.Floor(p.MaxOrder/pack) * pack
	}
	return min(most, max(p.whole(), math.Ceil(units/pack)*pack))
}
