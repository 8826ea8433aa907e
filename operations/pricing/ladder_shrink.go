package pricing

import (
	"math"

	"tradewind/commerce"
)

// What is known of elasticities before a shop's own data: 1,851 published ones have a mean
// of -2.62 and a median of -2.22.
//
// Source: Bijmolt, van Heerde & Pieters, New empirical generalizations on the determinants
// of price elasticity (2005), Journal of Marketing Research 42, 141-156.
var (
	priorMean = math.Log(2.22)
	priorSD   = .5
)

// kinship is what items have in common: log(-ε) of an item scatters around that of its
// product, that around that of its category, and that around the shop's.
//
//	log(-ε) = shop + N(0, category²) + N(0, product²) + N(0, item²),  shop ~ N(priorMean, priorSD²)
type kinship struct {
	product  []int // of each item
	category []int // of each product

	spread [3]float64 // of item, product, category
	mean   []float64  // of log(-ε), a posteriori; as long as product
	sd     []float64

	products   []node
	categories []node
	shop       node
}

// newKinship lays out the items of a panel. Nobody knows anything yet.
func newKinship(p *Panel) *kinship {
	t := &kinship{product: make([]int, len(p.Items)), spread: [3]float64{.2, .2, .3}}
	products, categories := map[commerce.SKU]int{}, map[string]int{}
	for i, item := range p.Items {
		if _, seen := categories[p.Category[i]]; !seen {
			categories[p.Category[i]] = len(categories)
		}
		if _, seen := products[item.SKU]; !seen {
			products[item.SKU] = len(products)
			t.category = append(t.category, categories[p.Category[i]])
		}
		t.product[i] = products[item.SKU]
	}
	t.products, t.categories = make([]node, len(products)), make([]node, len(categories))
	t.mean, t.sd = make([]float64, len(p.Items)), make([]float64, len(p.Items))
	for i := range t.mean {
		t.mean[i] = priorMean
	}
	return t
}

// estimate is a slope and its standard error; the zero estimate says nothing.
type estimate struct{ value, se float64 }

// speaks reports whether an estimate says anything of an elasticity.
func (e estimate) speaks() bool { return e.se > 0 && e.se < widestSE }

// and weighs two estimates by their precision.
func (e estimate) and(f estimate) estimate {
	switch {
	case !e.speaks():
		return f
	case !f.speaks():
		return e
	}
	v, w := 1/(e.se*e.se), 1/(f.se*f.se)
	return estimate{(e.value*v + f.value*w) / (v + w), 1 / math.Sqrt(v+w)}
}

// node gathers what its children say of their common mean: precision and precision × mean.
type node struct{ weight, sum, mean, variance float64 }

const (
	shrinkRounds   = 6
	spreadScale    = .5 // spreads beyond this are not expected
	smallestSpread = .02
	widestSE       = 50.0 // of an estimate; beyond it says nothing
)

// shrink draws estimates toward each other, by normal-normal empirical Bayes on log(-ε).
// The error of log(-ε) is by the delta method, taken at the shrunk value and not at the
// estimate: so an estimate of the wrong sign counts for as much as its error allows. Items
// whose estimate says nothing get what is known of their product.
//
// Source: Morris, Parametric empirical Bayes inference (1983), Journal of the American
// Statistical Association 78, 47-55; the penalty on spreads is that of Chung et al., A
// nondegenerate penalized likelihood estimator for variance parameters (2013),
// Psychometrika 78, 685-709.
func (t *kinship) shrink(evidence []estimate) {
	n := len(t.product)
	value, variance := make([]float64, n), make([]float64, n)
	for range shrinkRounds {
		for i := range t.mean {
			value[i], variance[i] = math.NaN(), math.Inf(1)
			if e := evidence[i]; e.speaks() {
				slope := -math.Exp(t.mean[i])
				value[i] = t.mean[i] + (e.value-slope)/slope
				variance[i] = e.se * e.se / (slope * slope)
			}
		}
		for range 2 {
			for level := range t.spread {
				t.spread[level] = best(smallestSpread, 1.5, func(x float64) float64 {
					was := t.spread[level]
					t.spread[level] = x
					l := t.up(value, variance) + math.Log(x) - .5*x*x/(spreadScale*spreadScale)
					t.spread[level] = was
					return l
				})
			}
		}
		t.up(value, variance)
		t.down(value, variance)
	}
}

// best returns where f is largest between lo and hi: by a grid in logs, then golden section.
func best(lo, hi float64, f func(float64) float64) float64 {
	const steps = 8
	a, b := math.Log(lo), math.Log(hi)
	at, most := 0, math.Inf(-1)
	for k := range steps + 1 {
		if l := f(math.Exp(a + (b-a)*float64(k)/steps)); l > most {
			at, most = k, l
		}
	}
	width := (b - a) / steps
	lower := math.Max(a, a+width*float64(at-1))
	upper := math.Min(b, a+width*float64(at+1))
	const golden = .6180339887498949
	x1, x2 := upper-golden*(upper-lower), lower+golden*(upper-lower)
	f1, f2 := f(math.Exp(x1)), f(math.Exp(x2))
	for upper-lower > .02 {
		if f1 > f2 {
			upper, x2, f2 = x2, x1, f1
			x1 = upper - golden*(upper-lower)
			f1 = f(math.Exp(x1))
		} else {
			lower, x1, f1 = x1, x2, f2
			x2 = lower + golden*(upper-lower)
			f2 = f(math.Exp(x2))
		}
	}
	return math.Exp((lower + upper) / 2)
}

// up gathers from items to products to categories to the shop and returns the log likelihood.
func (t *kinship) up(value, variance []float64) float64 {
	clear(t.products)
	clear(t.categories)
	l := 0.0
	item, product, category := t.spread[0]*t.spread[0], t.spread[1]*t.spread[1], t.spread[2]*t.spread[2]
	for i, v := range value {
		if known(v) {
			l += t.products[t.product[i]].add(v, variance[i]+item)
		}
	}
	for s := range t.products {
		if p := &t.products[s]; p.weight > 0 {
			l += t.categories[t.category[s]].add(p.sum/p.weight, 1/p.weight+product)
		}
	}
	shop := node{weight: 1 / (priorSD * priorSD), sum: priorMean / (priorSD * priorSD)}
	for c := range t.categories {
		if k := &t.categories[c]; k.weight > 0 {
			l += shop.add(k.sum/k.weight, 1/k.weight+category)
		}
	}
	shop.mean, shop.variance = shop.sum/shop.weight, 1/shop.weight
	t.shop = shop
	return l
}

// add takes in one more child and returns the log density of its value given those before.
func (n *node) add(value, variance float64) float64 {
	l := 0.0
	if n.weight > 0 {
		total := variance + 1/n.weight
		e := value - n.sum/n.weight
		l = -.5 * (math.Log(total) + e*e/total)
	}
	n.weight += 1 / variance
	n.sum += value / variance
	return l
}

// believe combines what a node's children say with what its parent is believed to be. The
// parent's own error counts as far as the node leans on it.
func (n *node) believe(mean, variance, spread float64) {
	precision := 1/spread + n.weight
	lean := 1 / spread / precision
	n.mean = (mean/spread + n.sum) / precision
	n.variance = 1/precision + lean*lean*variance
}

// down writes what is believed of categories, products and items.
func (t *kinship) down(value, variance []float64) {
	item, product, category := t.spread[0]*t.spread[0], t.spread[1]*t.spread[1], t.spread[2]*t.spread[2]
	for c := range t.categories {
		t.categories[c].believe(t.shop.mean, t.shop.variance, category)
	}
	for s := range t.products {
		c := &t.categories[t.category[s]]
		t.products[s].believe(c.mean, c.variance, product)
	}
	for i := range t.mean {
		p := &t.products[t.product[i]]
		own := node{}
		if known(value[i]) {
			own.weight, own.sum = 1/variance[i], value[i]/variance[i]
		}
		own.believe(p.mean, p.variance, item)
		t.mean[i], t.sd[i] = own.mean, math.Sqrt(own.variance)
	}
}
