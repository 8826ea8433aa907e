package promotion

import (
	"math"
	"slices"

	"tradewind/fault"
)

// Markdown is a stock that has to be gone by a date. Money is in the reporting currency.
type Markdown struct {
	Stock  int // units
	Weeks  int
	Prices []float64 // that may be asked, any order; 10 to 20 are plenty
	Now    float64   // price asked today; 0: none. What it would bring to keep it is reckoned beside

	Net     func(price float64) float64           // what tax, fees and returns leave; nil: all of it
	Demand  func(week int, price float64) float64 // mean units asked for in a week at a price
	Spread  float64                               // negative binomial: variance μ + Spread·μ²; 0: Poisson
	Salvage float64                               // a unit that is left at the end; below 0 where it costs to be rid of it
	Holding float64                               // a unit on the shelf, a week
	Falling bool                                  // prices may only fall
}

// MarkdownPlan is the policy and what it brings.
type MarkdownPlan struct {
	Price  float64   // to ask in the first week
	Value  float64   // expected, salvage included
	Keep   float64   // the same with today's price to the end; NaN where there is none
	Sold   float64   // expected units
	Left   float64   // expected units at the end
	Path   []float64 // expected price by week, while stock lasts
	Weeks  int
	policy []uint16  // [(week·(stock+1) + units)·prices + last]
	prices []float64 // falling
	stock  int
}

// At is the price to ask in a week with so many units left, after a price; last is 0
// where prices may rise again. It panics for weeks and units outside of the problem.
func (p *MarkdownPlan) At(week, units int, last float64) float64 {
	from := 0
	for from < len(p.prices)-1 && last > 0 && p.prices[from] > last {
		from++
	}
	return p.prices[p.policy[(week*(p.stock+1)+units)*len(p.prices)+from]]
}

// mostCells bounds weeks × units × prices.
const mostCells = 40_000_000

// Solve finds the prices that bring the most until the date, by dynamic programming over
// weeks left and units left, and the last price where prices may only fall:
//
//	V(t, n) = max_p E[ net(p)·min(D, n) − holding·n⁺ + V(t+1, n − min(D, n)) ],  V(T, n) = salvage·n
//
// with n⁺ what is left after the week. It takes weeks × units² × prices steps at most,
// fewer where demand is small. fault.Invalid for a problem that is none.
//
// Source: Gallego & van Ryzin, Optimal dynamic pricing of inventories with stochastic
// demand over finite horizons, Management Science 40 (1994), of which this is the discrete
// form; Bitran & Mondschein, Periodic pricing of seasonal products in retailing,
// Management Science 43 (1997).
func (m *Markdown) Solve() (*MarkdownPlan, error) {
	if err := m.check(); err != nil {
		return nil, err
	}
	prices := slices.Clone(m.Prices)
	slices.Sort(prices)
	prices = slices.Compact(prices)
	slices.Reverse(prices)
	n, k := m.Stock, len(prices)
	plan := &MarkdownPlan{Weeks: m.Weeks, prices: prices, stock: n, policy: make([]uint16, m.Weeks*(n+1)*k), Keep: math.NaN()}
	value, next := make([]float64, (n+1)*k), make([]float64, (n+1)*k)
	for units := range n + 1 {
		for last := range k {
			next[units*k+last] = m.Salvage * float64(units)
		}
	}
	var chance []float64
	for week := m.Weeks - 1; week >= 0; week-- {
		for j, price := range prices {
			var err error
			if chance, err = m.chances(chance[:0], week, price); err != nil {
				return nil, err
			}
			net := m.left(price)
			for units := range n + 1 {
				value[units*k+j] = m.expect(chance, units, net, func(left int) float64 { return next[left*k+j] })
			}
		}
		for units := range n + 1 {
			m.decide(value[units*k:(units+1)*k], plan.policy[(week*(n+1)+units)*k:])
		}
		value, next = next, value
	}
	plan.Value = next[n*k]
	plan.Price = plan.At(0, n, 0)
	if m.Falling && m.Now > 0 {
		plan.Price = plan.At(0, n, m.Now)
		plan.Value = next[n*k+slices.Index(prices, plan.Price)]
	}
	if err := m.forecast(plan); err != nil {
		return nil, err
	}
	return plan, m.keep(plan)
}

func (m *Markdown) check() error {
	bad := func(x float64) bool { return math.IsNaN(x) || math.IsInf(x, 0) }
	switch {
	case m.Stock < 1 || m.Weeks < 1 || m.Demand == nil || !(m.Spread >= 0) || bad(m.Spread) || bad(m.Salvage) || !(m.Holding >= 0) || bad(m.Holding) || !(m.Now >= 0) || bad(m.Now):
		return fault.New(fault.Invalid, "E-MARKDOWN-INPUT", fault.A("n", m.Stock), fault.A("weeks", m.Weeks))
	case len(m.Prices) == 0 || slices.ContainsFunc(m.Prices, func(p float64) bool { return bad(p) || p <= 0 }) || len(m.Prices) > math.MaxUint16:
		return fault.New(fault.Invalid, "E-MARKDOWN-PRICES")
	case m.Falling && m.Now > 0 && slices.Min(m.Prices) > m.Now:
		return fault.New(fault.Invalid, "E-MARKDOWN-PRICES")
	case float64(m.Weeks)*float64(m.Stock+1)*float64(len(m.Prices)) > mostCells:
		return fault.New(fault.Invalid, "E-MARKDOWN-LARGE", fault.A("n", m.Stock))
	case slices.ContainsFunc(m.Prices, func(p float64) bool { return bad(m.left(p)) }) || m.Now > 0 && bad(m.left(m.Now)):
		return fault.New(fault.Invalid, "E-MARKDOWN-INPUT", fault.A("n", m.Stock), fault.A("weeks", m.Weeks))
	}
	return nil
}

func (m *Markdown) left(price float64) float64 {
	if m.Net == nil {
		return price
	}
	return m.Net(price)
}

// chances appends the probabilities of 0, 1, 2 … units asked for, up to where less than
// 1e-12 is left, or the stock; expect gives the rest to whatever is more.
func (m *Markdown) chances(dst []float64, week int, price float64) ([]float64, error) {
	mean := m.Demand(week, price)
	if !(mean >= 0) || math.IsInf(mean, 0) {
		return nil, fault.New(fault.Invalid, "E-MARKDOWN-DEMAND", fault.A("week", week+1))
	}
	sum := 0.0
	for x := 0; x < m.Stock && (float64(x) < mean || 1-sum > 1e-12); x++ {
		p := math.Exp(m.logChance(float64(x), mean))
		dst, sum = append(dst, p), sum+p
	}
	return dst, nil
}

func (m *Markdown) logChance(x, mean float64) float64 {
	if mean == 0 {
		if x == 0 {
			return 0
		}
		return math.Inf(-1)
	}
	factorial, _ := math.Lgamma(x + 1)
	if m.Spread*mean < 1e-9 {
		return x*math.Log(mean) - mean - factorial
	}
	r := 1 / m.Spread
	above, _ := math.Lgamma(x + r)
	below, _ := math.Lgamma(r)
	return above - below - factorial + r*math.Log(r/(r+mean)) + x*math.Log(mean/(r+mean))
}

// expect is the expected value of a week with so many units at the start.
func (m *Markdown) expect(chance []float64, units int, net float64, rest func(left int) float64) float64 {
	sum, v := 0.0, 0.0
	for x := 0; x < units && x < len(chance); x++ {
		left := units - x
		sum += chance[x]
		v += chance[x] * (net*float64(x) - m.Holding*float64(left) + rest(left))
	}
	return v + math.Max(0, 1-sum)*(net*float64(units)+rest(0))
}

// decide turns the values of asking each price into those of having asked each price
// before, and writes the choices: where prices may only fall, the choice is among those
// that are not above the last. Of equal values the higher price is taken.
func (m *Markdown) decide(value []float64, policy []uint16) {
	best := len(value) - 1
	if !m.Falling {
		for j := range value {
			if value[j] > value[best] || value[j] == value[best] && j < best {
				best = j
			}
		}
		v := value[best]
		for j := range value {
			value[j], policy[j] = v, uint16(best)
		}
		return
	}
	for j := len(value) - 1; j >= 0; j-- {
		if value[j] >= value[best] {
			best = j
		}
		policy[j] = uint16(best)
	}
	for j := range value {
		// Choices lie at j or after it, so what is read has not been replaced.
		value[j] = value[policy[j]]
	}
}

// forecast follows the distribution of the stock under the policy.
func (m *Markdown) forecast(plan *MarkdownPlan) error {
	n, k := m.Stock, len(plan.prices)
	now, after := make([]float64, (n+1)*k), make([]float64, (n+1)*k)
	start := 0
	for m.Falling && start < k-1 && m.Now > 0 && plan.prices[start] > m.Now {
		start++
	}
	now[n*k+start] = 1
	var chances [][]float64
	for week := range m.Weeks {
		chances = chances[:0]
		for _, price := range plan.prices {
			c, err := m.chances(nil, week, price)
			if err != nil {
				return err
			}
			chances = append(chances, c)
		}
		clear(after)
		asked, mass := 0.0, 0.0
		for units := 1; units <= n; units++ {
			for last := range k {
				p := now[units*k+last]
				if p == 0 {
					continue
				}
				j := int(plan.policy[(week*(n+1)+units)*k+last])
				asked, mass = asked+p*plan.prices[j], mass+p
				sum := 0.0
				for x := 0; x < units && x < len(chances[j]); x++ {
					after[(units-x)*k+j] += p * chances[j][x]
					sum += chances[j][x]
				}
				after[j] += p * math.Max(0, 1-sum)
			}
		}
		for last := range k {
			after[last] += now[last]
		}
		if mass > 0 {
			plan.Path = append(plan.Path, asked/mass)
		}
		now, after = after, now
	}
	for units := range n + 1 {
		for last := range k {
			plan.Left += float64(units) * now[units*k+last]
		}
	}
	plan.Sold = float64(n) - plan.Left
	return nil
}

// keep reckons what today's price would bring to the end.
func (m *Markdown) keep(plan *MarkdownPlan) error {
	if m.Now == 0 {
		return nil
	}
	value, next := make([]float64, m.Stock+1), make([]float64, m.Stock+1)
	for units := range next {
		next[units] = m.Salvage * float64(units)
	}
	for week := m.Weeks - 1; week >= 0; week-- {
		chance, err := m.chances(nil, week, m.Now)
		if err != nil {
			return err
		}
		for units := range value {
			value[units] = m.expect(chance, units, m.left(m.Now), func(left int) float64 { return next[left] })
		}
		value, next = next, value
	}
	plan.Keep = next[m.Stock]
	return nil
}
