package promotion

import (
	"math"

	"tradewind/numeric/distribution"
)

// Estimate is a number that is known up to a normal error.
type Estimate struct{ Mean, SD float64 }

// Interval holds the number with probability .8.
func (e Estimate) Interval() (low, high float64) {
	const z = 1.2815515655446004 // Φ⁻¹(.9)
	return e.Mean - z*e.SD, e.Mean + z*e.SD
}

// mean is E[exp X]: what uplifts are planned with. Using the exponential of the mean
// would promise too little, using draws would make plans depend on chance.
func (e Estimate) mean() float64 { return math.Exp(e.Mean + e.SD*e.SD/2) }

// Form is how ln units grow with depth.
type Form uint8

const (
	ConstantElasticity Form = iota // f(d) = −ln(1−d): the slope is a price elasticity with its sign turned
	Exponential                    // f(d) = d: demand is exponential in the price paid
)

// F is the depth as demand feels it.
func (f Form) F(depth float64) float64 {
	if f == Exponential {
		return depth
	}
	return -math.Log1p(-depth)
}

// Response is how the demand for an item answers to an offer:
//
//	ln units = base + Depth·f(depth) + Vehicle − Σ Dip[k]·f(depth k+1 weeks ago) − Fatigue·exp(−days since the last/28)
//
// with f of the Form. Fatigue acts in a week with a promotion only and ends after Memory
// weeks.
type Response struct {
	Form    Form
	Depth   Estimate
	Vehicle []VehicleEffect // beside Depth; a vehicle that is not listed adds nothing
	Dip     [DipWeeks]float64
	Fatigue float64
	Support float64 // deepest promotion that it was learnt from
}

// VehicleEffect is what a vehicle adds to ln units.
type VehicleEffect struct {
	Name   string
	Effect Estimate
}

// known reports whether a response has been estimated at all.
func (r *Response) known() bool {
	ok := func(e Estimate) bool {
		return !math.IsNaN(e.Mean) && !math.IsInf(e.Mean, 0) && e.SD >= 0 && !math.IsInf(e.SD, 0)
	}
	for _, v := range r.Vehicle {
		if !ok(v.Effect) {
			return false
		}
	}
	for _, d := range r.Dip {
		if !(d >= 0) || math.IsInf(d, 0) {
			return false
		}
	}
	return ok(r.Depth) && r.Depth.Mean != 0 && r.Support > 0 && r.Support < 1 && r.Fatigue >= 0 && !math.IsInf(r.Fatigue, 0)
}

// Offer returns the change of ln units at a depth by a vehicle, dip and fatigue apart.
func (r *Response) Offer(depth float64, vehicle string) Estimate {
	f := r.Form.F(depth)
	e := Estimate{r.Depth.Mean * f, r.Depth.SD * f}
	for _, v := range r.Vehicle {
		if v.Name == vehicle {
			e.Mean += v.Effect.Mean
			e.SD = math.Hypot(e.SD, v.Effect.SD)
		}
	}
	return e
}

// keep is the share of demand that the dip leaves since weeks after a promotion.
func (r *Response) keep(since int, f float64) float64 {
	if since < 1 || since > DipWeeks {
		return 1
	}
	return math.Exp(-r.Dip[since-1] * f)
}

// tired is the share of demand that fatigue leaves a promotion since weeks after another.
func (r *Response) tired(since int) float64 {
	if since < 1 || since > Memory {
		return 1
	}
	return math.Exp(-r.Fatigue * fatigue(since))
}

// fatigue is how much of it is left after so many weeks.
func fatigue(weeks int) float64 { return math.Exp(-7 * float64(weeks) / fadeDays) }

// standardDraws are n normal numbers that fill the distribution evenly, in an order that
// is not that of any other scenario: multiples of the golden ratio, modulo 1.
func standardDraws(n int) []float64 {
	z := make([]float64, n)
	for i := range z {
		_, u := math.Modf((float64(i) + .5) * math.Phi)
		z[i] = distribution.NewNormal(0, 1).Quantile(math.Min(math.Max(u, 1e-9), 1-1e-9))
	}
	return z
}
