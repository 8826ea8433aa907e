package inventory

import "math"

// JointReplenishment is several items ordered together: an order costs Shared whatever it
// holds, and an item's own Fixed when the item is in it. An order goes out every Cycle and
// an item is in every Multiple-th. Shared is positive; Penalty and Production of the items
// do not count.
type JointReplenishment struct {
	Shared float64
	Items  []EOQ
}

// JointOrders is how often the items are ordered. Units holds the order size of each.
type JointOrders struct {
	Cycle     float64
	Multiples []int
	Units     []float64
	Cost      float64 // in a unit of time
}

// Silver returns the orders of Silver's rule: the item with the least Fixed/(Holding·Rate)
// is in every order, and the others in every √(that ratio against it)-th, rounded.
//
// Source: E. A. Silver, A simple method of determining order quantities in joint
// replenishments under deterministic demand (1976), Management Science 22(12), 1351-1361.
func (j JointReplenishment) Silver() JointOrders {
	ratio := func(e EOQ) float64 { return e.Fixed / (e.Holding * e.Rate) }
	first := j.Items[0]
	for _, e := range j.Items[1:] {
		if ratio(e) < ratio(first) {
			first = e
		}
	}
	multiples := make([]int, len(j.Items))
	for i, e := range j.Items {
		m := math.Sqrt(ratio(e) * first.Holding * first.Rate / (j.Shared + first.Fixed))
		multiples[i] = max(1, int(math.RoundToEven(m)))
	}
	return j.orders(multiples)
}

// Best returns the orders of least cost. The cost of the best multiples for a given cycle
// has a dip between any two cycles at which a multiple changes; every dip that can hold
// the least cost is looked at.
//
// Source: S. K. Goyal, Determination of optimum packaging frequency of items jointly
// replenished (1974), Management Science 21(4), 436-443, whose enumeration this is.
func (j JointReplenishment) Best() JointOrders {
	// An item is best in every m-th order while cycle² lies between 2k/(hλ·m(m+1)) and
	// 2k/(hλ·m(m-1)). Start where all are in every order and shorten the cycle.
	best := j.orders(j.ones())
	multiples := j.ones()
	for {
		next, longest := -1, 0.0
		for i, e := range j.Items {
			m := float64(multiples[i])
			if t := math.Sqrt(2 * e.Fixed / (e.Holding * e.Rate * m * (m + 1))); t > longest {
				next, longest = i, t
			}
		}
		// A cycle below this pays more for shared orders alone than the best so far.
		if next < 0 || j.Shared/longest >= best.Cost {
			return best
		}
		multiples[next]++
		if o := j.orders(multiples); o.Cost < best.Cost {
			best = o
		}
	}
}

func (j JointReplenishment) ones() []int {
	ones := make([]int, len(j.Items))
	for i := range ones {
		ones[i] = 1
	}
	return ones
}

// orders is the best cycle for given multiples.
func (j JointReplenishment) orders(multiples []int) JointOrders {
	fixed, holding := j.Shared, 0.0
	for i, e := range j.Items {
		fixed += e.Fixed / float64(multiples[i])
		holding += e.Holding * e.Rate * float64(multiples[i])
	}
	o := JointOrders{
		Cycle:     math.Sqrt(2 * fixed / holding),
		Multiples: append([]int(nil), multiples...),
		Cost:      math.Sqrt(2 * fixed * holding),
	}
	for i, e := range j.Items {
		o.Units = append(o.Units, o.Cycle*float64(multiples[i])*e.Rate)
	}
	return o
}
