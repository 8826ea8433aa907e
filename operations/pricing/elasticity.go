package pricing

import (
	"hash/fnv"
	"math"

	"tradewind/commerce"
	"tradewind/messages"
	"tradewind/numeric/distribution"
)

// Source says on whose sales an elasticity rests.
type Source uint8

const (
	Prior    Source = iota // on nobody's: what is known of trade in general
	Category               // on those of the other items of its category, or of the shop
	Own                    // on its own, shrunk toward those of its category
	Tested                 // on a price test of its own, and on its own sales
)

// String returns the source in one word: prior, category, own or tested.
func (s Source) String() string { return [...]string{"prior", "category", "own", "tested"}[s] }

// Name returns the source in words.
func (s Source) Name() messages.Message {
	return messages.M([...]string{"elasticity.source.prior", "elasticity.source.category", "elasticity.source.own", "elasticity.source.tested"}[s])
}

// Elasticity is what is believed about how demand answers to price: per cent of units for
// one per cent of price. The belief about -Elasticity is a log-normal one, cut to what
// demand can do (see Steepest and Flattest).
type Elasticity struct {
	Mean, SD, Q05, Q95 float64 // of the own-price elasticity; negative
	Low, High          float64 // the central 95 %
	Source             Source
	Identified         bool
	Reason             messages.Message // why it is not identified, with its remedy; zero where it is
	Rungs              []Rung           // what each estimator says
	Gates              []Gate           // what was asked before it was believed
	Rival              float64          // per cent of units for one per cent of the rivals' lowest price; NaN unknown
	Uplift             float64          // what a promotion adds to log units for each unit of its depth; NaN unknown

	belief belief
	item   commerce.Item
}

// Rung is what one estimator says of an elasticity.
type Rung struct {
	Name          string  // RungNaive, …
	Estimate, SE  float64 // NaN where it says nothing
	Low, High     float64 // the 95 % interval
	Items         int     // items that it rests on: 1 is this one alone
	Agrees        bool    // its interval meets that of the answer, or of the category's mean where it rests on many items
	Informational bool    // known to mislead, or too weak: its disagreement says nothing
}

// Label returns the name of an estimator in words.
func (r Rung) Label() messages.Message { return messages.M("elasticity.rung." + r.Name) }

// The estimators, from the one that anybody computes to the one that only a test gives.
const (
	RungNaive      = "naive"      // least squares on logarithms over all items, no effects
	RungWithin     = "within"     // the same with effects of item and of market × week
	RungPoisson    = "poisson"    // Poisson pseudo-likelihood with these effects
	RungSequential = "sequential" // that with a level of each item that drifts: prices may answer to past sales
	RungShrunk     = "shrunk"     // that, shrunk toward its product and category: the answer
	RungDoubleML   = "double_ml"  // double machine learning over the category or shop
	RungInstrument = "instrument" // landed cost as the instrument of price
	RungTest       = "test"       // price tests
)

// Warnings name the estimators that disagree with the answer and are not known to mislead.
func (e *Elasticity) Warnings() []messages.Message {
	var list []messages.Message
	for _, r := range e.Rungs {
		if !r.Agrees && !r.Informational {
			list = append(list, messages.M("elasticity.disagrees", messages.A("rung", r.Label()),
				messages.A("low", messages.Decimal{X: r.Low, Places: 1}), messages.A("high", messages.Decimal{X: r.High, Places: 1})))
		}
	}
	return list
}

// Gate is one question that an item's prices must pass before an estimate is believed.
type Gate struct {
	Name         string
	Value, Limit float64
	Passed       bool
}

// Label returns the question in words.
func (g Gate) Label() messages.Message { return messages.M("elasticity.gate." + g.Name) }

// Steepest and Flattest bound every elasticity: beyond the first a price of one per cent
// more would lose an eighth of all sales, above the second price would not matter.
const (
	Steepest = -12.0
	Flattest = -.05
)

// belief is a normal distribution of log(-ε), cut to log of (-Flattest, -Steepest).
type belief struct{ mean, sd float64 }

var standardNormal = distribution.NewNormal(0, 1)

// cut returns the places of the two bounds in standard deviations. A belief that lies
// wholly beyond a bound, of which floats know no share within, counts as three deviations
// beyond.
func (b belief) cut() (centred belief, flattest, steepest float64) {
	low, high := math.Log(-Flattest), math.Log(-Steepest)
	b.mean = math.Min(high+3*b.sd, math.Max(low-3*b.sd, b.mean))
	return b, (low - b.mean) / b.sd, (high - b.mean) / b.sd
}

// quantile returns the u-quantile of the elasticity: the steepest at u = 0.
func (b belief) quantile(u float64) float64 {
	b, flattest, steepest := b.cut()
	lo, hi := standardNormal.CDF(flattest), standardNormal.CDF(steepest)
	z := standardNormal.Quantile(hi - u*(hi-lo)) // -ε falls as ε rises
	e := -math.Exp(b.mean + b.sd*z)
	return math.Min(Flattest, math.Max(Steepest, e))
}

// fill writes moments and quantiles of a belief about an item into e. With log(-ε) ~
// N(m, s²) cut to (a, b), E[(-ε)^k] = exp(km + k²s²/2)·[Φ((b-m)/s - ks) - Φ((a-m)/s - ks)]/Z.
func (b belief) fill(e *Elasticity, item commerce.Item) {
	b, lo, hi := b.cut()
	mass := standardNormal.CDF(hi) - standardNormal.CDF(lo)
	moment := func(k float64) float64 {
		shift := k * b.sd
		return math.Exp(k*b.mean+shift*shift/2) * (standardNormal.CDF(hi-shift) - standardNormal.CDF(lo-shift)) / mass
	}
	mean := moment(1)
	e.Mean = -mean
	e.SD = math.Sqrt(math.Max(0, moment(2)-mean*mean))
	e.Q05, e.Q95 = b.quantile(.05), b.quantile(.95)
	e.Low, e.High = b.quantile(.025), b.quantile(.975)
	e.belief, e.item = b, item
}

// Draw returns n values of the elasticity, one a scenario, equally likely: one quantile of
// each n-th of what is believed, in an order of the item's own.
func (e *Elasticity) Draw(n int) []float64 {
	draws := make([]float64, n)
	start := phase(e.item)
	for s := range draws {
		draws[s] = e.belief.quantile(stratified(start, s, n))
	}
	return draws
}

// stratified returns the s-th of n uniforms, one in each n-th of (0,1), in an order that
// differs by item: so that what is believed of one item is independent of what is believed
// of another, and of the order of demand's scenarios.
func stratified(start uint64, s, n int) float64 {
	stride := uint64(float64(n)*.6180339887498949) | 1
	for gcd(stride, uint64(n)) != 1 {
		stride += 2
	}
	return (float64((start%uint64(n)+uint64(s)*stride)%uint64(n)) + .5) / float64(n)
}

func gcd(a, b uint64) uint64 {
	for b > 0 {
		a, b = b, a%b
	}
	return a
}

// phase is a number of an item's own.
func phase(item commerce.Item) uint64 {
	h := fnv.New64a()
	for _, part := range []string{string(item.SKU), string(item.Market), string(item.Channel)} {
		h.Write([]byte(part))
		h.Write([]byte{0})
	}
	return h.Sum64()
}
