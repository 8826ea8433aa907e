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
		return 1 / ((1-share)*math.Exp(-elasticity*x/(1-share)) + share)
	}
	return math.Exp(elasticity * x)
}

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

// exponential returns e^y for |y| below 700: 2^n from the exponent bits, 2^(j/128) from a
// table and a polynomial on what is left, at most .0027, so that the fifth power is below
// the last bit. It is what the optimiser spends its time on, and a good deal faster than
// math.Exp because it is inlined.
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
	sum := 0.
	most, elasticity := w.most[:len(w.wanted)], w.elasticity[:len(w.wanted)]
	switch p.Curve {
	case Linear:
		for s, d := range w.wanted {
			sum += min(d*max(0, 1+elasticity[s]*x), most[s])
		}
	case Logit:
		x /= 1 - p.Share
		for s, d := range w.wanted {
			sum += min(d/((1-p.Share)*exponential(max(-700, min(700, -elasticity[s]*x)))+p.Share), most[s])
		}
	default:
		for s, d := range w.wanted {
			sum += min(d*exponential(elasticity[s]*x), most[s])
		}
	}
	return sum
}

// CurvePoint is demand and profit at one price.
type CurvePoint struct {
	Price           float64
	Units, P10, P90 float64 // wanted over the horizon, whatever the stock
	Profit          float64 // mean, of what the stock allows to sell
}

// DemandCurve returns demand and profit at n prices for a chart, evenly spaced in their
// logarithm over the prices seen and a tenth beyond, today's price among them or not. It
// fails as Optimise does; n below 2 panics.
func DemandCurve(p *Problem, n int) ([]CurvePoint, error) {
	if n < 2 {
		panic("pricing: a curve has two points at least")
	}
	w := NewWorkspace()
	if err := w.load(p); err != nil {
		return nil, err
	}
	seen := p.Limits.support(p.Price)
	low := math.Log(min(seen.Low.Float(), w.today) * (1 - Beyond))
	high := math.Log(max(seen.High.Float(), w.today) * (1 + Beyond))
	points := make([]CurvePoint, n)
	units := make([]float64, len(p.Demand))
	for k := range points {
		price := math.Exp(low + (high-low)*float64(k)/float64(n-1))
		mean := 0.
		for s, d := range p.Demand {
			units[s] = d * p.Curve.Factor(price, w.today, w.elasticity[s], p.Share)
			mean += w.weight[s] * units[s]
		}
		w.rank(units)
		points[k] = CurvePoint{
			Price: price, Units: mean, P10: w.quantile(.1), P90: w.quantile(.9),
			Profit: p.margin(price) * w.meanUnits(p, price),
		}
	}
	return points, nil
}
