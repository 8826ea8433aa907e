package inventory

// Planned is one period of known demand. Costs must not be negative.
type Planned struct {
	Demand  float64
	Fixed   float64 // cost of ordering in the period
	Unit    float64 // cost of a unit ordered in it
	Holding float64 // of a unit in stock at the end of it
}

// WagnerWhitin returns the orders that meet known demands on time at least cost, one a
// period, and that cost: fixed and unit costs, and holding at the end of each period. All
// four costs may change from period to period, also so that it pays to buy ahead.
//
// It takes O(T log T): the cost of covering the periods t..j-1 from an order in t is
// linear in the demand that is left after them, so the best j lies on a convex hull.
//
// Source: H. M. Wagner & T. M. Whitin, Dynamic version of the economic lot size model
// (1958), Management Science 5(1), 89-96; A. Wagelmans, S. van Hoesel & A. Kolen, Economic
// lot sizing: an O(n log n) algorithm (1992), Operations Research 40, S145-S156.
func WagnerWhitin(periods []Planned) (orders []float64, cost float64) {
	n := len(periods)
	// A unit bought in t is charged with holding to the end of the last period: what its
	// sale saves of that depends on demand alone.
	left := make([]float64, n+1)  // demand of t and after
	least := make([]float64, n+1) // cost of t and after, with nothing in stock before t
	next := make([]int, n)        // the period that an order in t does not cover; t itself if none is due
	var hold float64
	hull := []int{n} // periods j whose points (left[j], least[j]) bend downwards, left ascending
	for t := n - 1; t >= 0; t-- {
		p := periods[t]
		hold += p.Holding
		unit := p.Unit + hold
		left[t] = left[t+1] + p.Demand
		j := hull[hullTouch(hull, left, least, unit)]
		least[t] = p.Fixed + unit*(left[t]-left[j]) + least[j]
		next[t] = j
		if p.Demand == 0 && least[t+1] <= least[t] {
			least[t], next[t] = least[t+1], t
		}
		hull = hullAdd(hull, left, least, t)
	}
	orders = make([]float64, n)
	for t := 0; t < n; t = max(t+1, next[t]) {
		for k := t; k < next[t]; k++ {
			orders[t] += periods[k].Demand
		}
	}
	var stock float64
	for t, p := range periods {
		if orders[t] > 0 {
			cost += p.Fixed + p.Unit*orders[t]
		}
		stock += orders[t] - p.Demand
		cost += p.Holding * stock
	}
	return orders, cost
}

// hullTouch returns the place in hull of the point that minimises least - slope·left.
func hullTouch(hull []int, left, least []float64, slope float64) int {
	low, high := 0, len(hull)-1
	for low < high {
		mid := (low + high) / 2
		a, b := hull[mid], hull[mid+1]
		if least[b]-least[a] < slope*(left[b]-left[a]) {
			low = mid + 1
		} else {
			high = mid
		}
	}
	return low
}

// hullAdd adds t, whose left is the greatest so far, and drops the points that now lie on or
// above the hull.
func hullAdd(hull []int, left, least []float64, t int) []int {
	for len(hull) > 0 {
		b := hull[len(hull)-1]
		if left[b] == left[t] { // same place: the lower one counts
			if least[b] <= least[t] {
				return hull
			}
			hull = hull[:len(hull)-1]
			continue
		}
		if len(hull) == 1 {
			break
		}
		a := hull[len(hull)-2]
		if (least[b]-least[a])*(left[t]-left[a]) < (least[t]-least[a])*(left[b]-left[a]) {
			break
		}
		hull = hull[:len(hull)-1]
	}
	return append(hull, t)
}
