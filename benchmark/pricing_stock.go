package benchmark

import (
	"math"

	"tradewind/numeric/distribution"
	"tradewind/operations/pricing"
	"tradewind/simulate"
)

// A seller's weekly stock is known where it was sold out, and else to be at least what was
// sold. Stock and demand swing with the same season, so that what matters for a price is
// their ratio at one price: the cover.
const (
	coverWeeks  = 78  // of the past that are looked at
	coverWindow = 9   // weeks over which demand is averaged around each
	coverRounds = 30  // of expectation and maximisation
	coverApart  = .25 // standard deviation of items about the shop, in logs
)

// covers is the distribution of log(stock/demand at the item's usual price) in a week:
// normal about a mean of the item.
type covers struct {
	mean []float64
	sd   float64
	base []float64 // demand a week at the usual price, lately
	at   []float64 // log of the usual price
}

// cover is one week: the log of the ratio, or a bound below which it does not lie.
type cover struct {
	item int
	log  float64
	most bool // sold out: known, not a bound
}

// learnCovers reads the weeks that are over; demand at other prices goes by what the study
// believes of the elasticity.
func learnCovers(s *simulate.Stores, study *pricing.Study) *covers {
	c := &covers{mean: make([]float64, s.Len()), base: make([]float64, s.Len()), at: make([]float64, s.Len())}
	var weeks []cover
	for i := range s.Len() {
		weeks = append(weeks, c.item(s, study.Elasticities[i].Mean, i)...)
	}
	c.fit(weeks)
	return c
}

// item lays out the weeks of item i without promotions.
func (c *covers) item(s *simulate.Stores, elasticity float64, i int) []cover {
	h := s.Panel(i)
	from, n := max(0, len(h.Price)-coverWeeks), 0
	for w := from; w < len(h.Price); w++ {
		if h.Share[w] > 0 {
			c.at[i], n = c.at[i]+math.Log(h.Price[w]), n+1
		}
	}
	c.at[i] /= float64(max(1, n))
	usual := func(w int) float64 { // units in a week without bounds at the usual price
		return h.Units[w] / h.Share[w] * math.Exp(-elasticity*(math.Log(h.Price[w])-c.at[i]))
	}
	around := func(w int) float64 {
		sum, n := 0.0, 0
		for k := max(from, w-coverWindow/2); k <= min(len(h.Price)-1, w+coverWindow/2); k++ {
			if h.Share[k] > 0 && h.Promo[k].Depth == 0 {
				sum, n = sum+usual(k), n+1
			}
		}
		return math.Max(.5, sum/float64(max(1, n)))
	}
	c.base[i] = around(len(h.Price) - 1)
	var weeks []cover
	for w := from; w < len(h.Price); w++ {
		if h.Share[w] > 0 && h.Units[w] > 0 {
			weeks = append(weeks, cover{i, math.Log(h.Units[w] / around(w)), h.Share[w] < 1})
		}
	}
	return weeks
}

// fit finds means and spread by expectation and maximisation: a bound counts as the mean
// of what lies above it.
func (c *covers) fit(weeks []cover) {
	normal := distribution.NewNormal(0, 1)
	shop := 1.0
	c.sd = .5
	for i := range c.mean {
		c.mean[i] = shop
	}
	n, sum := make([]float64, len(c.mean)), make([]float64, len(c.mean))
	for range coverRounds {
		clear(n)
		clear(sum)
		squares := 0.0
		for _, w := range weeks {
			x, variance := w.log, 0.0
			if !w.most {
				z := (w.log - c.mean[w.item]) / c.sd
				if above := 1 - normal.CDF(z); above > 1e-9 {
					ratio := math.Exp(-z*z/2) / math.Sqrt(2*math.Pi) / above
					x, variance = c.mean[w.item]+c.sd*ratio, c.sd*c.sd*(1+z*ratio-ratio*ratio)
				}
			}
			n[w.item], sum[w.item] = n[w.item]+1, sum[w.item]+x
			squares += (x-c.mean[w.item])*(x-c.mean[w.item]) + variance
		}
		c.sd = math.Max(.1, math.Sqrt(squares/float64(max(1, len(weeks)))))
		of := 0.0
		for i := range c.mean {
			prior := c.sd * c.sd / (coverApart * coverApart)
			c.mean[i] = (sum[i] + prior*shop) / (n[i] + prior)
			of += c.mean[i]
		}
		shop = of / float64(len(c.mean))
	}
}
