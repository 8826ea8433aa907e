package pricing

import "math"

// MNL is a need-state: items of which a customer buys one or none, by the multinomial
// logit with utility Appeal - Sensitivity·price. Buying none has Outside as its
// attraction (the exponential of its utility; 1 where utilities are measured against it).
type MNL struct {
	Appeal      []float64 // an item
	Sensitivity []float64 // an item, a unit of the currency; above 0
	Cost        []float64 // an item
	Outside     float64
	Customers   float64 // over the horizon
}

// Shares sets dst to the share of customers who buy each item at the given prices.
func (m *MNL) Shares(dst, prices []float64) {
	total := m.Outside
	for i, p := range prices {
		dst[i] = math.Exp(m.Appeal[i] - m.Sensitivity[i]*p)
		total += dst[i]
	}
	for i := range dst {
		dst[i] /= total
	}
}

// Profit returns expected profit at the given prices.
func (m *MNL) Profit(prices []float64) float64 {
	total, sum := m.Outside, 0.
	for i, p := range prices {
		e := math.Exp(m.Appeal[i] - m.Sensitivity[i]*p)
		total += e
		sum += e * (p - m.Cost[i])
	}
	return m.Customers * sum / total
}

// Best returns the prices with the highest expected profit: p = c + 1/b + θ, where the
// adjusted markup θ is the same for all items and is the profit per customer. With one
// sensitivity it is W(Σ e^{a-bc-1}/outside)/b; otherwise the root of
// θ·outside = Σ e^{a-bc-1-bθ}/b.
//
// Source: H. Li and W. T. Huh, Pricing multiple products with the multinomial logit and
// nested logit models, Manufacturing & Service Operations Management 13 (2011),
// theorem 1.
func (m *MNL) Best() (prices []float64, profit float64) {
	theta := m.markup()
	prices = make([]float64, len(m.Appeal))
	for i := range prices {
		prices[i] = m.Cost[i] + 1/m.Sensitivity[i] + theta
	}
	return prices, m.Customers * theta
}

func (m *MNL) markup() float64 {
	same := true
	for _, b := range m.Sensitivity {
		same = same && b == m.Sensitivity[0]
	}
	if same {
		top := math.Inf(-1) // the largest exponent, taken out so that none overflows
		for i, a := range m.Appeal {
			top = max(top, a-m.Sensitivity[i]*m.Cost[i]-1)
		}
		sum := 0.
		for i, a := range m.Appeal {
			sum += math.Exp(a - m.Sensitivity[i]*m.Cost[i] - 1 - top)
		}
		return lambertExp(top+math.Log(sum/m.Outside)) / m.Sensitivity[0]
	}
	excess := func(theta float64) float64 {
		sum := -theta * m.Outside
		for i, a := range m.Appeal {
			b := m.Sensitivity[i]
			sum += math.Exp(a-b*m.Cost[i]-1-b*theta) / b
		}
		return sum
	}
	low, high := 0., 1.
	for excess(high) > 0 {
		low, high = high, 2*high
	}
	for range 100 {
		if middle := (low + high) / 2; excess(middle) > 0 {
			low = middle
		} else {
			high = middle
		}
	}
	return (low + high) / 2
}

// BestOf chooses one price an item from menus of legal prices: pick[i] is a place in
// menus[i]. The choice is the best of all, not only the best near the unrestricted
// prices: profit per customer is a ratio, so at its highest value θ each item alone
// takes the price with the highest (p-c-θ)·e^{a-bp}, and a few rounds find that θ. A menu
// without a price panics.
//
// Source: W. Dinkelbach, On nonlinear fractional programming, Management Science 13
// (1967).
func (m *MNL) BestOf(menus [][]float64) (pick []int, profit float64) {
	pick = make([]int, len(menus))
	prices := make([]float64, len(menus))
	choose := func(theta float64) {
		for i, menu := range menus {
			highest := math.Inf(-1)
			for k, p := range menu {
				if x := (p - m.Cost[i] - theta) * math.Exp(m.Appeal[i]-m.Sensitivity[i]*p); x > highest {
					highest, pick[i] = x, k
				}
			}
			prices[i] = menu[pick[i]]
		}
	}
	theta := m.markup() // no menu brings more
	for range 100 {
		choose(theta)
		next := m.Profit(prices) / m.Customers
		if math.Abs(next-theta) <= 1e-14*math.Abs(theta) {
			break
		}
		theta = next
	}
	return pick, m.Profit(prices)
}

// lambertExp returns W(e^y), the w > 0 with w + ln w = y, by Newton's method on the
// logarithm of w. It does not overflow where e^y would.
func lambertExp(y float64) float64 {
	u := y // of small w, ln w is all there is
	if y > 1 {
		u = math.Log(y - math.Log(y))
	}
	for range 50 {
		w := math.Exp(u)
		step := (w + u - y) / (w + 1)
		u -= step
		if math.Abs(step) < 1e-15*(1+math.Abs(u)) {
			break
		}
	}
	return math.Exp(u)
}
