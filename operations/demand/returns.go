package demand

import (
	"math"

	"tradewind/numeric/distribution"
)

// ReturnRate is what is known of the share of sold units that come back: a beta
// distribution with this mean, worth as many units as Evidence.
type ReturnRate struct {
	Mean     float64
	Evidence float64
}

// Quantile is the rate that the true one lies below with probability p.
func (r ReturnRate) Quantile(p float64) float64 {
	a, b := r.Mean*r.Evidence, (1-r.Mean)*r.Evidence
	if !(a > 0 && b > 0) {
		return r.Mean
	}
	low, high := 0., 1.
	for range 50 {
		mid := (low + high) / 2
		if distribution.BetaI(a, b, mid) < p {
			low = mid
		} else {
			high = mid
		}
	}
	return (low + high) / 2
}

// returns is how many units of something were sold, and came back.
type returns struct{ sold, back float64 }

// returnPrior is how return rates lie around their mean: of items around that of their
// category, or of categories around that of the shop.
//
//	back | p ~ Binomial(sold, p),   p ~ Beta(mean m, strength a + b),
//	E[p | back] = (strength · m + back) / (strength + sold).
type returnPrior struct{ mean, strength float64 }

const (
	leastStrength = 20     // units that a prior is worth at the least: units of one order come back together
	mostStrength  = 10_000 // items that differ no more than by chance
)

// returnPriorOf fits mean and strength by moments: with ρ the intraclass correlation,
//
//	Σ (back - sold m)² = Σ sold m (1-m) (1 + (sold-1) ρ),   strength = 1/ρ - 1.
//
// Source: Kleinman, Proportions with extraneous variance (1973), Journal of the American
// Statistical Association 68, 46-54.
func returnPriorOf(list []returns) returnPrior {
	sold, back := 0.0, 0.0
	for _, r := range list {
		sold += r.sold
		back += math.Min(r.back, r.sold)
	}
	if sold == 0 {
		return returnPrior{strength: leastStrength}
	}
	p := returnPrior{mean: back / sold, strength: mostStrength}
	excess, pairs := 0.0, 0.0
	for _, r := range list {
		d := math.Min(r.back, r.sold) - r.sold*p.mean
		chance := r.sold * p.mean * (1 - p.mean)
		excess += d*d - chance
		pairs += chance * (r.sold - 1)
	}
	if pairs > 0 && excess > 0 {
		p.strength = math.Min(math.Max(pairs/excess-1, leastStrength), mostStrength)
	}
	return p
}

// rate is what is known after some sales.
func (p returnPrior) rate(r returns) ReturnRate {
	evidence := p.strength + r.sold
	return ReturnRate{Mean: (p.strength*p.mean + math.Min(r.back, r.sold)) / evidence, Evidence: evidence}
}

// returnRates is what the shop knows of returns.
type returnRates struct {
	items      float64 // strength of an item's prior
	shop       returnPrior
	categories map[string]returns
}

func returnRatesOf(all []Series) returnRates {
	items := make([]returns, 0, len(all))
	categories := map[string]returns{}
	var names []string
	for i := range all {
		r := all[i].returns
		if r.sold == 0 {
			continue
		}
		items = append(items, r)
		if c := all[i].Category; c != "" {
			sum, known := categories[c]
			if !known {
				names = append(names, c)
			}
			categories[c] = returns{sum.sold + r.sold, sum.back + r.back}
		}
	}
	shop := returnPriorOf(items)
	rates := returnRates{items: shop.strength, shop: shop, categories: categories}
	if len(names) >= 3 {
		list := make([]returns, len(names))
		for i, c := range names {
			list[i] = categories[c]
		}
		rates.shop = returnPrior{shop.mean, returnPriorOf(list).strength}
	}
	return rates
}

// of returns the rate of a series, shrunk towards its category, and that towards the shop.
func (r *returnRates) of(y *Series) ReturnRate {
	prior := returnPrior{r.shop.mean, r.items}
	if c, ok := r.categories[y.Category]; ok {
		prior.mean = r.shop.rate(c).Mean
	}
	return prior.rate(y.returns)
}
