package forecast

import (
	"math"
	"slices"

	"tradewind/numeric/distribution"
)

// Rate is what is known of a rate: a gamma distribution with the given mean, in
// units a period of offset 1, and shape Evidence, so that its variance is
// Mean²/Evidence. Evidence is worth that many counted events; 0 is no knowledge.
type Rate struct {
	Mean     float64
	Evidence float64
}

// GammaPoissonForm sets up the filter. The zero value is the default.
type GammaPoissonForm struct {
	Discount    float64 // ω in (0, 1], what remains of the evidence after one period; 0 means 0.98
	CapQuantile float64 // counts above this quantile of the counts above zero enter as that quantile; 0 means 0.95, 1 no cap
	Prior       Rate    // what is known before the first value; the zero value is nothing
}

func (form GammaPoissonForm) withDefaults() GammaPoissonForm {
	if form.Discount == 0 {
		form.Discount = 0.98
	}
	if form.CapQuantile == 0 {
		form.CapQuantile = 0.95
	}
	return form
}

// GammaPoisson is the Gamma–Poisson discount filter for counts with a known
// multiplicative offset o_t (exposure, calendar, season, any known cause):
//
//	y_t ~ Poisson(λ_t o_t),   a ← ω a + y_t,   b ← ω b + o_t,   E[λ] = a/b.
//
// Counts often come in lumps, so the evidence for λ is not taken as a, which
// holds for Poisson counts only, but from the squared errors themselves,
//
//	Var[λ] = Σ ω^2k (y - λ o)² / b²,   Evidence = E[λ]²/Var[λ],
//
// and never as more than Poisson counts would give.
//
// A single huge count says little about the level: counts enter up to a cap.
// A Calibration over many series puts back what the cap holds back and adds the
// lumps to the distribution. The zero GammaPoisson is not ready for use.
//
// Source: Harvey & Fernandes, Time series models for count or qualitative
// observations (1989), Journal of Business & Economic Statistics 7, 407-417.
type GammaPoisson struct {
	discount, cap float64
	a, b          float64
	yy, yo, oo, o float64 // Σ ω^2k of y², y o, o² and o
}

// NewGammaPoisson returns the filter before its first value. cap bounds the
// counts it learns from (+Inf: none); form.CapQuantile is not used.
// It panics if the discount is outside (0, 1] or cap is not positive.
func NewGammaPoisson(form GammaPoissonForm, cap float64) *GammaPoisson {
	form = form.withDefaults()
	if !(form.Discount > 0 && form.Discount <= 1) {
		panic("forecast: discount outside (0, 1]")
	}
	if !(cap > 0) {
		panic("forecast: cap must be positive")
	}
	f := &GammaPoisson{discount: form.Discount, cap: cap}
	if form.Prior.Mean > 0 && form.Prior.Evidence > 0 {
		f.a = form.Prior.Evidence
		f.b = form.Prior.Evidence / form.Prior.Mean
		f.yy = form.Prior.Evidence
	}
	return f
}

// FitGammaPoisson runs the filter over y with offsets of the same length; it
// begins at the first value above zero, since a series is not on offer before.
// NaN values and offsets of 0 or NaN teach nothing. It does not modify y.
// Without a prior and without a value above zero it returns a *TooShortError.
func FitGammaPoisson(y, offsets []float64, form GammaPoissonForm) (*GammaPoisson, error) {
	if len(y) != len(offsets) {
		panic("forecast: y and offsets differ in length")
	}
	form = form.withDefaults()
	f := NewGammaPoisson(form, capOf(y, form.CapQuantile, nil))
	if !f.run(y, offsets) && f.b == 0 {
		return nil, &TooShortError{Method: "Gamma–Poisson filter", Have: 0, Need: 1}
	}
	return f, nil
}

// run feeds y from its first value above zero and reports whether there is one.
func (f *GammaPoisson) run(y, offsets []float64) bool {
	start := slices.IndexFunc(y, func(v float64) bool { return v > 0 })
	if start < 0 {
		return false
	}
	for t := start; t < len(y); t++ {
		f.Update(y[t], offsets[t])
	}
	return true
}

// Update learns one value and its offset. A value that is NaN or negative, or an
// offset that is NaN or not above zero, leaves the rate and lets the evidence
// fade.
func (f *GammaPoisson) Update(y, offset float64) {
	w := f.discount
	ww := w * w
	if !(offset > 0) || !(y >= 0) {
		f.a, f.b = w*f.a, w*f.b
		f.yy, f.yo, f.oo, f.o = ww*f.yy, ww*f.yo, ww*f.oo, ww*f.o
		return
	}
	y = min(y, f.cap)
	f.a = w*f.a + y
	f.b = w*f.b + offset
	f.yy = ww*f.yy + y*y
	f.yo = ww*f.yo + y*offset
	f.oo = ww*f.oo + offset*offset
	f.o = ww*f.o + offset
}

// UpdateCensored learns that the count of a period was at least y, as when the counter
// stops at y: it enters as its expectation under what is known,
//
//	E[D | D >= y] = y + E[(D-y)+] / P(D >= y),   D ~ negative binomial(λ o, Evidence).
//
// Before anything is known it enters as y.
func (f *GammaPoisson) UpdateCensored(y, offset float64) {
	rate := f.Rate()
	if rate.Evidence > 0 && offset > 0 && y >= 0 {
		d := distribution.NewNegativeBinomial(rate.Mean*offset, rate.Evidence)
		if above, _ := d.Loss(y); above > 0 {
			y += above / d.Survival(y-1)
		}
	}
	f.Update(y, offset)
}

// Rate returns what is known of λ now.
func (f *GammaPoisson) Rate() Rate {
	squares := f.squares()
	if squares <= 0 {
		return Rate{}
	}
	return Rate{Mean: f.a / f.b, Evidence: f.a * f.a / squares}
}

// squares is Σ ω^2k (y - λ o)², at least what Poisson counts would give; 0
// before anything is known.
func (f *GammaPoisson) squares() float64 {
	if !(f.a > 0 && f.b > 0) {
		return 0
	}
	mean := f.a / f.b
	return math.Max(f.yy-2*mean*f.yo+mean*mean*f.oo, mean*f.o)
}

// Forecast returns the distributions of the next periods with the given offsets,
// from this series alone: negative binomial with mean μ = λ o and
//
//	Var D = φ μ + μ²/Evidence,   Var ΣD = φ Σμ + (Σμ)²/Evidence,
//
// φ >= 1 being the squared errors over those of Poisson counts. It learns only
// from capped counts; with many series a Calibration knows better.
func (f *GammaPoisson) Forecast(offsets []float64) Forecast {
	rate, phi := f.Rate(), 1.0
	if f.o > 0 && rate.Mean > 0 {
		phi = math.Max(1, f.squares()/(rate.Mean*f.o))
	}
	predict := func(mu float64) distribution.Distribution {
		if !(mu > 0) {
			return distribution.NewNegativeBinomial(0, 1)
		}
		return distribution.NegativeBinomialOf(mu, phi*mu+mu*mu/rate.Evidence)
	}
	forecast := Forecast{Period: make([]distribution.Distribution, len(offsets))}
	total := 0.0
	for i, o := range offsets {
		forecast.Period[i] = predict(rate.Mean * o)
		if o > 0 {
			total += o
		}
	}
	forecast.Total = predict(rate.Mean * total)
	return forecast
}

// capOf returns the q-quantile of the values of y above zero, interpolated
// between neighbours, +Inf if there is none or q is 1. It sorts in buffer.
func capOf(y []float64, q float64, buffer []float64) float64 {
	if q >= 1 {
		return math.Inf(1)
	}
	positive := buffer[:0]
	for _, v := range y {
		if v > 0 {
			positive = append(positive, v)
		}
	}
	if len(positive) == 0 {
		return math.Inf(1)
	}
	slices.Sort(positive)
	at := q * float64(len(positive)-1)
	k := int(at)
	if k+1 == len(positive) {
		return positive[k]
	}
	return positive[k] + (at-float64(k))*(positive[k+1]-positive[k])
}
