package benchmark

import (
	"math"
	"slices"

	"tradewind/commerce"
	"tradewind/operations/pricing"
	"tradewind/simulate"
)

// A seller's weekly stock is known where it was sold out, and else to be at least what was
// sold. Stock and demand swing with the same season, so that what matters for a price is
// their ratio: the cover. Stock does not follow what else moves an item's demand.
const (
	seasonRounds = 5   // of what is seasonal and what is an item's own, by turns
	latelyWeeks  = 12  // whose demand tells what it is now
	latelyUnits  = 100 // that speak for no change beside them: the level of an item moves by a tenth
	coverRounds  = 25  // of expectation and maximisation
)

// covers is the distribution of log(stock/demand) in a week, with demand at the item's
// usual price and level: about a mean of the item in usual weeks, otherwise after a late
// delivery.
type covers struct {
	kinds [2]kind   // of weeks: usual, late
	mean  []float64 // of an item's usual weeks
	error []float64 // standard deviation of what is known of mean
	base  []float64 // demand a week at the usual price and level, in this season
	drift []float64 // the level lately over the usual one
	at    []float64 // log of the usual price: that of the history
}

// kind of weeks: their share, and how far their cover lies from the item's mean.
type kind struct{ share, shift, sd float64 }

// cover is one week: the log of the ratio, or a bound below which it does not lie.
type cover struct {
	item int
	log  float64
	most bool // sold out: known, not a bound
}

// learnCovers reads the weeks that are over; demand at other prices goes by what the study
// believes of the elasticity.
func learnCovers(s *simulate.Stores, study *pricing.Study) *covers {
	c := newCovers(s.Len())
	demand := make([][]float64, s.Len())
	for i := range demand {
		demand[i] = c.demand(s, study.Elasticities[i].Mean, i)
	}
	season := c.seasons(s, demand)
	var weeks []cover
	for i, swing := range season {
		h := s.Panel(i)
		for w, units := range h.Units {
			if units > 0 {
				weeks = append(weeks, cover{i, math.Log(units / (c.base[i] * swing[w])), h.Share[w] < 1})
			}
		}
		c.lately(demand[i], swing, i)
	}
	c.fit(weeks)
	return c
}

func newCovers(items int) *covers {
	c := &covers{kinds: [2]kind{{.9, 0, .4}, {.1, -.7, .4}}} // a first guess
	for _, column := range []*[]float64{&c.mean, &c.error, &c.base, &c.drift, &c.at} {
		*column = make([]float64, items)
	}
	return c
}

// demand returns what item i would have sold in each week with stock enough and at the
// usual price; NaN where a week does not say, because of a promotion or an empty shelf.
func (c *covers) demand(s *simulate.Stores, elasticity float64, i int) []float64 {
	h, n := s.Panel(i), 0
	for w := range s.History() {
		if h.Share[w] > 0 {
			c.at[i], n = c.at[i]+math.Log(h.Price[w]), n+1
		}
	}
	c.at[i] /= float64(max(1, n))
	units := make([]float64, len(h.Units))
	for w := range units {
		units[w] = math.NaN()
		if h.Share[w] > 0 && h.Promo[w].Depth == 0 {
			units[w] = h.Units[w] / h.Share[w] * math.Exp(-elasticity*(math.Log(h.Price[w])-c.at[i]))
		}
	}
	return units
}

// seasons finds the base of every item and the season of its weeks, which the items of a
// category share in a market: by turns each is what demand asks for, given the other.
func (c *covers) seasons(s *simulate.Stores, demand [][]float64) [][]float64 {
	type group struct {
		category string
		market   commerce.Market
	}
	swings, members := map[group][]float64{}, map[group][]int{}
	season := make([][]float64, len(demand))
	for i := range demand {
		h := s.Panel(i)
		g := group{h.Category, h.Item.Market}
		if swings[g] == nil {
			swings[g] = slices.Repeat([]float64{1}, s.Weeks())
		}
		season[i], members[g] = swings[g], append(members[g], i)
	}
	for range seasonRounds {
		for i, row := range demand {
			units, weeks := 0.0, 0.0
			for w, x := range row {
				if !math.IsNaN(x) {
					units, weeks = units+x, weeks+season[i][w]
				}
			}
			c.base[i] = math.Max(.5, units) / math.Max(1, weeks)
		}
		for g, swing := range swings {
			for w := range swing {
				units, base := 0.0, 0.0
				for _, i := range members[g] {
					if x := demand[i][w]; !math.IsNaN(x) {
						units, base = units+x, base+c.base[i]
					}
				}
				if units > 0 {
					swing[w] = units / base
				}
			}
		}
	}
	return season
}

// lately compares demand lately with what is usual, and brings the base of item i into the
// season of the last week.
func (c *covers) lately(demand, season []float64, i int) {
	units, usual := float64(latelyUnits), float64(latelyUnits)
	for w := max(0, len(demand)-latelyWeeks); w < len(demand); w++ {
		if !math.IsNaN(demand[w]) {
			units, usual = units+demand[w], usual+c.base[i]*season[w]
		}
	}
	c.drift[i] = units / usual
	c.base[i] *= season[len(season)-1]
}

// told is what weeks say of one item, or of one kind of weeks.
type told struct{ weight, sum, square float64 }

// fit finds items and kinds by expectation and maximisation. A bound tells of the mean as
// much as it narrows what lies above it; items scatter about the shop.
func (c *covers) fit(weeks []cover) {
	shop, apart := 1.0, .3
	for i := range c.mean {
		c.mean[i], c.error[i] = shop, 0
	}
	for range coverRounds {
		items, kinds := c.expect(weeks)
		for k, t := range kinds {
			shift := t.sum / math.Max(1, t.weight)
			if k == 0 {
				shift = 0 // the item's mean is that of its usual weeks
			}
			variance := t.square/math.Max(1, t.weight) - shift*shift
			c.kinds[k] = kind{t.weight / float64(max(1, len(weeks))), shift, math.Sqrt(math.Max(.01, variance))}
		}
		of, square := 0.0, 0.0
		for i, t := range items {
			precision := t.weight + 1/(apart*apart)
			c.mean[i] += (t.sum + (shop-c.mean[i])/(apart*apart)) / precision
			c.error[i] = 1 / math.Sqrt(precision)
			of += c.mean[i]
			square += (c.mean[i]-shop)*(c.mean[i]-shop) + c.error[i]*c.error[i]
		}
		n := float64(len(items))
		shop, apart = of/n, math.Max(.05, math.Sqrt(square/n))
	}
}

// expect gathers for each item the slope of the likelihood at its mean and how fast that
// falls, and for each kind its weeks, how far they lie from the means, and the squares.
func (c *covers) expect(weeks []cover) (items []told, kinds [2]told) {
	items = make([]told, len(c.mean))
	for _, w := range weeks {
		var likelihood, off, variance [2]float64
		for k, kind := range c.kinds {
			likelihood[k], off[k], variance[k] = kind.expect(w, w.log-c.mean[w.item])
		}
		total := math.Max(likelihood[0]+likelihood[1], 1e-300)
		for k, kind := range c.kinds {
			p, precision := likelihood[k]/total, 1/(kind.sd*kind.sd)
			known := 1 - variance[k]*precision
			item, of := &items[w.item], &kinds[k]
			item.weight += p * precision * known
			item.sum += p * precision * (off[k] - kind.shift)
			of.weight, of.sum = of.weight+p, of.sum+p*off[k]
			of.square += p * (off[k]*off[k] + variance[k] + known*c.error[w.item]*c.error[w.item])
		}
	}
	return items, kinds
}

// expect returns how likely a week is of a kind, the mean of how far its cover then lies
// from that of the item, and the variance of that.
func (k kind) expect(w cover, off float64) (likelihood, mean, variance float64) {
	z := (off - k.shift) / k.sd
	density := math.Exp(-z*z/2) / math.Sqrt(2*math.Pi)
	if w.most {
		return k.share * density / k.sd, off, 0
	}
	above := math.Erfc(z/math.Sqrt2) / 2
	if above < 1e-9 {
		return 0, off, 0
	}
	ratio := density / above
	return k.share * above, k.shift + k.sd*ratio, k.sd * k.sd * (1 + z*ratio - ratio*ratio)
}
