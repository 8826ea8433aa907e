package pricing

import "math"

// Curve is the form in which demand answers to price. Every form goes through today's
// price with the elasticity given there; they differ in what they say far from it.
type Curve uint8

const (
	ConstantElasticity Curve = iota // D·(p/p₀)^ε
	Exponential                     // D·exp(ε(p/p₀-1)): the elasticity grows with the price
	Linear                          // D·(1+ε(p/p₀-1)), at least 0
	Logit                           // D·s(p)/s₀, s logistic in the price: nearly Exponential while the share is small
)

// String returns the curve's name.
func (c Curve) String() string {
	return [...]string{"constant elasticity", "exponential", "linear", "logit"}[c]
}

// Factor returns demand at a price as a multiple of demand at today's price.
func (c Curve) Factor(price, today, elasticity, share float64) float64 {
	x := c.step(price, today)
	switch c {
	case Linear:
		return max(0, 1+elasticity*x)
	case Logit:
		return 1 / ((1-share)*math.Exp(bounded(-elasticity*x/(1-share))) + share)
	}
	return math.Exp(bounded(elasticity * x))
}

// farthest is the exponent beyond which demand is nothing, or more than anybody has: its
// products with demand and margin are still numbers.
const farthest = 300

func bounded(y float64) float64 { return max(-farthest, min(farthest, y)) }

// step is the distance from today's price on the scale on which the elasticity acts.
func (c Curve) step(price, today float64) float64 {
	if c == ConstantElasticity {
		return math.Log(price / today)
	}
	return price/today - 1
}

// fractions holds 2^(j/128), the table of exponential.
var fractions = func() (table [128]float64) {
	for j := range table {
		table[j] = math.Exp2(float64(j) / float64(len(table)))
	}
	return
}()

// rounder makes the sum with a float64 drop all binary places: the integer stands in the
// lowest bits of the mantissa.
const rounder = 3 << 51

// exponential returns e^y for |y| up to farthest: 2^n from the exponent bits, 2^(j/128)
// from a table and a polynomial on what is left, at most .0027, so that the fifth power is
// below the last bit. It is what the optimiser spends its time on, and a good deal faster
// than math.Exp because it is inlined.
func exponential(y float64) float64 {
	const scale = 128 / math.Ln2
	shifted := y*scale + rounder
	n := int64(math.Float64bits(shifted))
	r := y - (shifted-rounder)/scale
	return fractions[n&127] * (1 + r*(1+r*(1./2+r*(1./6+r*(1./24))))) * math.Float64frombits(uint64(1023+n<<13>>20)<<52)
}

// meanUnits returns the weighted mean of units sold at a price, from columns in which the
// weight already stands: weight·demand and weight·stock.
func (w *Workspace) meanUnits(p *Problem, price float64) float64 {
	x := p.Curve.step(price, w.today)
	if p.Curve == Logit {
		x /= 1 - p.Share
	}
	sum := 0.
	most, elasticity := w.most[:len(w.wanted)], w.elasticity[:len(w.wanted)]
	switch {
	case p.Curve == Linear:
		for s, d := range w.wanted {
			sum += min(d*max(0, 1+elasticity[s]*x), most[s])
		}
	case -steepest*math.Abs(x) > farthest: // a price off the grid that somebody asks about
		for s, d := range w.wanted {
			sum += min(d*p.Curve.Factor(price, w.today, elasticity[s], p.Share), most[s])
		}
	case p.Curve == Logit:
		for s, d := range w.wanted {
			sum += min(d/((1-p.Share)*exponential(-elasticity[s]*x)+p.Share), most[s])
		}
	default:
		for s, d := range w.wanted {
			sum += min(d*exponential(elasticity[s]*x), most[s])
		}
	}
	return sum
}
