package simulate

import (
	"math"
	"math/rand/v2"

	"tradewind/fault"
	"tradewind/messages"
)

// History is an item's own past by period, oldest first; the last is the one before period
// 0 of the form.
type History struct {
	Units []float64 // sold; NaN where that is not known, or where they were promoted
	Price []float64
	Share []float64 // of the period in stock: 1 is all of it, 0 tells nothing; nil is 1 throughout
}

const (
	// leastPeriods is how many periods with known sales a calibration needs.
	leastPeriods = 26
	// mostSoldOut is the share of them that may have sold out at most.
	mostSoldOut = .5
	// falseAlarm is the probability that one check refuses a form that is right. There are
	// six: together they refuse fewer than one in twenty.
	falseAlarm = .005
	// closeEnough is a distance from the uniform distribution that does no harm.
	closeEnough = .08
	// leastMove is the standard deviation of log prices below which they tell nothing.
	leastMove = .01
)

// The checks, in the order in which they are made.
const (
	CheckUniform         = "uniform"
	CheckSpread          = "spread"
	CheckAutocorrelation = "autocorrelation"
	CheckSeason          = "season"
	CheckLevel           = "level"
	CheckPrice           = "price"
)

// Check is one question put to a form.
type Check struct {
	Name      string
	Tested    bool    // false: the history cannot tell
	Statistic float64 // see docs/worlds.md
	Limit     float64 // beyond which the form is refused
	Least     float64 // below which it is too; -Inf where none is too small
	P         float64 // probability of a statistic as far out, were the form right
	Passed    bool
}

// Calibration says whether a form's own past could have come from it.
type Calibration struct {
	Periods int     // with sales known
	SoldOut int     // of those
	Checks  []Check // in the order of the names above

	// What the past says by itself, and its standard errors; NaN where it says nothing.
	Offset, OffsetSE         float64 // of the level, in logs
	Elasticity, ElasticitySE float64
}

// Passed reports whether no check refused the form.
func (c *Calibration) Passed() bool {
	for _, k := range c.Checks {
		if !k.Passed {
			return false
		}
	}
	return true
}

// Refusal is nil for a form that passed, else a fault with the remedy of the check that
// failed worst: nothing may be learned in a shop that is not the seller's.
func (c *Calibration) Refusal() error {
	worst := -1
	for i, k := range c.Checks {
		if !k.Passed && (worst < 0 || k.P < c.Checks[worst].P) {
			worst = i
		}
	}
	if worst < 0 {
		return nil
	}
	k := c.Checks[worst]
	return fault.New(fault.Blocked, misfits[k.Name], fault.A("statistic", messages.Decimal{X: math.Abs(k.Statistic), Places: 2}),
		fault.A("least", messages.Decimal{X: k.Least, Places: 2}), fault.A("limit", messages.Decimal{X: k.Limit, Places: 2}), fault.A("periods", c.Periods))
}

// misfits are the codes of refused checks.
var misfits = map[string]string{
	CheckUniform:         "E-SHOP-UNIFORM",
	CheckSpread:          "E-SHOP-SPREAD",
	CheckAutocorrelation: "E-SHOP-AUTOCORRELATION",
	CheckSeason:          "E-SHOP-SEASON",
	CheckLevel:           "E-SHOP-LEVEL",
	CheckPrice:           "E-SHOP-PRICE",
}

// Calibrate holds a form against its item's own past: see docs/worlds.md, "Whether a form
// fits its item". The seed decides where within its probability a count is placed. The
// fault is E-SHOP-FORM or E-SHOP-LEAD for a bad form, E-SHOP-HISTORY for a past that is no
// past, E-SHOP-SHORT and E-SHOP-SOLD-OUT for one that cannot tell.
//
// Source: Dawid, Statistical theory: the prequential approach (1984), JRSS A 147, 278-292;
// Czado, Gneiting & Held, Predictive model assessment for count data (2009), Biometrics 65,
// 1254-1261, for the randomised place of a count.
func Calibrate(form *ShopForm, h History, seed uint64) (*Calibration, error) {
	if err := form.Check(); err != nil {
		return nil, err
	}
	p, err := newPast(form, h)
	if err != nil {
		return nil, err
	}
	c := &Calibration{Periods: p.known, SoldOut: p.out}
	u := p.places(rand.New(rand.NewPCG(seed, ofPlaces)))
	z := make([]float64, len(u))
	for i, v := range u {
		z[i] = standardNormal.Quantile(v)
	}
	fit := p.fit()
	c.Offset, c.OffsetSE, c.Elasticity, c.ElasticitySE = fit.offset, fit.offsetSE, fit.elasticity, fit.elasticitySE
	spread := spreadCheck(z, form.SizeSD*p.lumpiness())
	excess := math.Sqrt(max(1, spread.Statistic)) // more scatter than the form knows makes all else less sure
	c.Checks = []Check{
		uniformCheck(u),
		spread,
		autocorrelationCheck(z, p.at),
		seasonCheck(form, z, p.at),
		deviationCheck(CheckLevel, fit.levelOff/excess),
		deviationCheck(CheckPrice, fit.priceOff/excess),
	}
	return c, nil
}

// lumpiness is the share of the variance of sales that the negative binomial's size
// decides: by how many logs the variance falls for one log of size.
func (p *past) lumpiness() float64 {
	sum, size := 0., p.form.Size*p.form.weeks()
	for _, t := range p.at {
		expected := p.expected(t, p.form.Elasticity)
		sum += expected / (size + expected)
	}
	return sum / float64(p.known)
}

// ofPlaces is the purpose of the one thing that a calibration draws.
const ofPlaces uint64 = 201 << 40

// past is a history that can tell, laid out for the filter.
type past struct {
	form   *ShopForm
	units  []float64 // whole; NaN where nothing is known
	price  []float64
	soldUp []bool
	at     []int // periods with sales known, counted from the first of the history
	known  int
	out    int
}

func newPast(form *ShopForm, h History) (*past, error) {
	n := len(h.Units)
	bad := func(t int, code string, x float64) error {
		return fault.New(fault.Invalid, "E-SHOP-HISTORY", fault.A("period", t+1), fault.A("field", messages.M(code)), fault.A("value", plainNumber(x)))
	}
	if len(h.Price) != n || h.Share != nil && len(h.Share) != n {
		panic("simulate: a history has a price and a share for each period")
	}
	p := &past{form: form, units: make([]float64, n), price: h.Price, soldUp: make([]bool, n)}
	for t, units := range h.Units {
		share := 1.
		if h.Share != nil {
			share = h.Share[t]
		}
		p.units[t] = math.NaN()
		switch {
		case !(share >= 0 && share <= 1):
			return nil, bad(t, "simulation.field.share", share)
		case share == 0 || math.IsNaN(units):
			continue
		case !(units >= 0 && units < 1e9):
			return nil, bad(t, "simulation.field.units", units)
		case !(h.Price[t] > 0 && h.Price[t] < 1e12):
			return nil, bad(t, "simulation.field.price", h.Price[t])
		}
		p.units[t], p.soldUp[t] = math.Round(units), share < 1
		p.at = append(p.at, t)
		p.known++
		if share < 1 {
			p.out++
		}
	}
	switch {
	case p.known < leastPeriods:
		return nil, fault.New(fault.Invalid, "E-SHOP-SHORT", fault.A("periods", p.known), fault.A("need", leastPeriods))
	case float64(p.out) > mostSoldOut*float64(p.known):
		return nil, fault.New(fault.Invalid, "E-SHOP-SOLD-OUT", fault.A("out", p.out), fault.A("periods", p.known))
	}
	return p, nil
}

// expected is the mean of a period by calendar and price at some elasticity.
func (p *past) expected(t int, elasticity float64) float64 {
	return p.form.Expected(t-len(p.units), p.price[t]) * math.Exp((elasticity-p.form.Elasticity)*math.Log(p.price[t]/p.form.Reference))
}

// places runs the filter through the past, and returns for each period with sales known
// where they lie in the distribution expected before: uniform if the form is right.
func (p *past) places(rng *rand.Rand) []float64 {
	x := newFilter(p.form, p.form.LevelSD, 0, p.form.levelSD())
	u := make([]float64, 0, p.known)
	for t, units := range p.units {
		expected := p.expected(t, p.form.Elasticity)
		if !math.IsNaN(units) {
			below, upTo := x.place(expected, units)
			if p.soldUp[t] {
				upTo = 1
			}
			u = append(u, min(max(below+(upTo-below)*openUniform(rng), 1e-12), 1-1e-12))
		}
		x.see(expected, units, p.soldUp[t])
	}
	return u
}

// told is what the past says by itself of level and price, and how far the form's own
// numbers are from it: in standard deviations of what both know, NaN where nothing is said.
type told struct {
	offset, offsetSE, elasticity, elasticitySE float64
	levelOff, priceOff                         float64
}

// fit finds the offset and the elasticity that make the past most likely, their standard
// errors by the curvature there, and what it costs in likelihood to believe the form
// instead: with log-likelihood ℓ and the form's log density π up to a constant,
//
//	z² = 2 [max ℓ(θ) - max (ℓ(θ) + π(θ))],
//
// which for normal ones is the squared deviation over the sum of both variances.
func (p *past) fit() told {
	f := p.form
	moves := p.priceMoves() >= leastMove
	x := newFilter(f, 0, 0, f.levelSD())
	likelihood := func(offset, elasticity float64) float64 {
		x.Reset()
		sum := 0.
		for t, units := range p.units {
			sum += math.Log(max(x.see(p.expected(t, elasticity)*math.Exp(offset), units, p.soldUp[t]), 1e-300))
		}
		return sum
	}
	search := func(offset, e [2]float64, f func(offset, e float64) float64) (float64, float64, float64) {
		o, v := (offset[0]+offset[1])/2, (e[0]+e[1])/2
		for range searchRounds {
			o = highest(func(o float64) float64 { return f(o, v) }, offset[0], offset[1], .002)
			if e[0] == e[1] {
				break
			}
			v = highest(func(v float64) float64 { return f(o, v) }, e[0], e[1], .005)
		}
		return o, v, f(o, v)
	}
	offsets, elasticities := [2]float64{-mostOffset, mostOffset}, [2]float64{2*f.Elasticity - 3, -f.Elasticity + 3}
	if !moves {
		elasticities = [2]float64{f.Elasticity, f.Elasticity}
	}
	o, e, top := search(offsets, elasticities, likelihood)
	t := told{offset: o, elasticity: e}

	_, _, believed := search(between(0, o, f.LevelSD), elasticities, func(o, e float64) float64 {
		return likelihood(o, e) - penalty(o, f.LevelSD)
	})
	t.levelOff = math.Copysign(math.Sqrt(2*max(0, top-believed)), o)
	const a, b = .04, .08
	oo := -(likelihood(o+a, e) - 2*top + likelihood(o-a, e)) / (a * a)
	if !moves {
		t.offsetSE = standardError(oo)
		t.elasticity, t.elasticitySE, t.priceOff = math.NaN(), math.NaN(), math.NaN()
		return t
	}
	_, _, believed = search(offsets, between(f.Elasticity, min(e, -1e-3), f.ElasticitySD), func(o, e float64) float64 {
		return likelihood(o, e) - penalty(math.Log(e/f.Elasticity), f.ElasticitySD)
	})
	t.priceOff = math.Copysign(math.Sqrt(2*max(0, top-believed)), e-f.Elasticity)
	ee := -(likelihood(o, e+b) - 2*top + likelihood(o, e-b)) / (b * b)
	oe := -(likelihood(o+a, e+b) - likelihood(o+a, e-b) - likelihood(o-a, e+b) + likelihood(o-a, e-b)) / (4 * a * b)
	t.offsetSE, t.elasticitySE = standardError(oo-oe*oe/ee), standardError(ee-oe*oe/oo)
	return t
}

const (
	mostOffset   = 3 // how far the level is looked for, in logs
	searchRounds = 2 // level and price hardly depend on each other
)

// between is where a number lies that the form and the past agree on: the form's where
// it is sure of it.
func between(form, past, sd float64) [2]float64 {
	if sd == 0 {
		return [2]float64{form, form}
	}
	return [2]float64{min(form, past), max(form, past)}
}

// penalty is what a deviation costs by a form that knows it with a standard deviation.
func penalty(deviation, sd float64) float64 {
	if sd == 0 {
		return 0
	}
	return deviation * deviation / (2 * sd * sd)
}

func standardError(information float64) float64 {
	if !(information > 0) {
		return math.Inf(1)
	}
	return 1 / math.Sqrt(information)
}

// priceMoves is the standard deviation of log prices in the periods with sales known.
func (p *past) priceMoves() float64 {
	var sum, squares float64
	first := math.Log(p.price[p.at[0]])
	for _, t := range p.at {
		d := math.Log(p.price[t]) - first
		sum, squares = sum+d, squares+d*d
	}
	n := float64(p.known)
	return math.Sqrt(max(0, squares/n-(sum/n)*(sum/n)))
}

// highest finds where a function of one top is highest, by golden section.
func highest(f func(float64) float64, low, high, tolerance float64) float64 {
	const golden = .6180339887498949
	a, b := high-golden*(high-low), low+golden*(high-low)
	fa, fb := f(a), f(b)
	for high-low > tolerance {
		if fa > fb {
			high, b, fb = b, a, fa
			a = high - golden*(high-low)
			fa = f(a)
		} else {
			low, a, fa = a, b, fb
			b = low + golden*(high-low)
			fb = f(b)
		}
	}
	return (low + high) / 2
}
