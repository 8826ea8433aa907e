package pricing

import (
	"math"

	"tradewind/fault"
)

// Season is a stock that is sold until a date and not bought again, at prices that may
// change at any moment. Customers come one by one, by a Poisson process whose rate is the
// demand at the price of the moment.
type Season struct {
	Stock   int
	Time    float64 // until the date, in the unit of the rates
	Cost    float64 // of selling a unit: fees and freight, not the sunk cost of the goods
	Salvage float64 // of a unit left at the date
	Steps   int     // of time; 0: 4,000, and more where demand is brisk
}

// Revenue is what a stock is worth and how it is priced with all the time of its Season
// left; place n is for n units left, 0 to Stock.
type Revenue struct {
	Value []float64 // expected revenue less Cost and plus Salvage
	Price []float64 // best price now; NaN at 0
	Bid   []float64 // what the nth unit is worth: Value[n]-Value[n-1]; NaN at 0
}

// Exponential solves the season for demand a·exp(-b·price) a unit of time. The best price
// with n left is cost + 1/b + bid, and the value of the stock grows with the time left as
//
//	dV(n)/dt = a·exp(-b·price)/b
//
// which is integrated by Euler's method. Stock, time or demand of nothing is
// fault.Invalid.
//
// Source: G. Gallego and G. van Ryzin, Optimal dynamic pricing of inventories with
// stochastic demand over finite horizons, Management Science 40 (1994), section 2.3.
func (s *Season) Exponential(a, b float64) (*Revenue, error) {
	switch {
	case !(a > 0) || math.IsInf(a, 0):
		return nil, outside("demand", a)
	case !(b > 0) || math.IsInf(b, 0):
		return nil, outside("sensitivity", b)
	}
	best := func(bid float64) (price, income float64) {
		price = s.Cost + 1/b + bid
		return price, a * math.Exp(-b*price) / b
	}
	return s.solve(a*math.Exp(-b*(s.Cost+s.Salvage)-1), best)
}

// FromMenu solves the season for prices to choose from, rates[k] being the demand a unit
// of time at prices[k]: any curve, on as fine a grid as is wanted. In each state it takes
// the price with the highest rate·(price-cost-bid), or waits where none is above 0 (the
// price then is NaN). It fails as Exponential does, and panics unless there is a rate for
// each price.
func (s *Season) FromMenu(prices, rates []float64) (*Revenue, error) {
	if len(prices) != len(rates) {
		panic("pricing: a rate for each price")
	}
	fastest := 0.
	for k, rate := range rates {
		if !(rate >= 0) || math.IsInf(rate, 0) {
			return nil, outside("demand", rate)
		}
		if !(prices[k] > 0) || math.IsInf(prices[k], 0) {
			return nil, outside("price", prices[k])
		}
		fastest = max(fastest, rate)
	}
	if fastest == 0 {
		return nil, outside("demand", 0)
	}
	best := func(bid float64) (price, income float64) {
		price = math.NaN()
		for k, p := range prices {
			if x := rates[k] * (p - s.Cost - bid); x > income {
				price, income = p, x
			}
		}
		return price, income
	}
	return s.solve(fastest, best)
}

// solve integrates the Hamilton–Jacobi–Bellman equation from the date backwards. best
// returns, for the bid of a unit, the price and the income a unit of time net of the bid.
func (s *Season) solve(fastest float64, best func(bid float64) (price, income float64)) (*Revenue, error) {
	switch {
	case s.Stock < 1:
		return nil, outside("stock", float64(s.Stock))
	case !(s.Time > 0) || math.IsInf(s.Time, 0):
		return nil, outside("time", s.Time)
	case math.IsNaN(s.Cost) || math.IsInf(s.Cost, 0):
		return nil, outside("cost", s.Cost)
	case math.IsNaN(s.Salvage) || math.IsInf(s.Salvage, 0):
		return nil, outside("salvage", s.Salvage)
	}
	steps := s.Steps
	if steps <= 0 {
		// A step in which a sale is likely would sell a unit that is not there.
		steps = max(4000, int(min(1e6, math.Ceil(20*fastest*s.Time))))
	}
	step := s.Time / float64(steps)
	value := make([]float64, s.Stock+1)
	for n := range value {
		value[n] = s.Salvage * float64(n)
	}
	for range steps {
		for n := s.Stock; n > 0; n-- { // downwards: value[n-1] is still that of the step before
			_, income := best(value[n] - value[n-1])
			value[n] += step * income
		}
	}
	r := &Revenue{Value: value, Price: make([]float64, s.Stock+1), Bid: make([]float64, s.Stock+1)}
	r.Price[0], r.Bid[0] = math.NaN(), math.NaN()
	for n := 1; n <= s.Stock; n++ {
		r.Bid[n] = value[n] - value[n-1]
		r.Price[n], _ = best(r.Bid[n])
	}
	return r, nil
}

func outside(field string, value float64) error {
	return fault.New(fault.Invalid, "E-PRICING-SEASON", fault.A("field", field), fault.A("value", plain(value)))
}
