package forecast

import (
	"errors"
	"fmt"
)

// ETSKind says how a part of an exponential smoothing model enters: not at all, as a
// term or as a factor.
type ETSKind uint8

const (
	ETSNone ETSKind = iota
	ETSAdditive
	ETSMultiplicative
)

func (k ETSKind) String() string { return [...]string{"N", "A", "M"}[k] }

// ETSForm names one exponential smoothing model. Fifteen forms are admissible: the error is
// additive or multiplicative, the trend none or additive and then damped or not, the season
// none, additive or, with multiplicative errors, multiplicative. A zero Error is additive.
type ETSForm struct {
	Period int // of the season, in periods of the series; not used without a season
	Error  ETSKind
	Trend  ETSKind
	Damped bool
	Season ETSKind
}

// String is the form as textbooks write it, such as ETS(M,Ad,M).
func (f ETSForm) String() string {
	damped := ""
	if f.Damped {
		damped = "d"
	}
	return fmt.Sprintf("ETS(%v,%v%s,%v)", f.Error, f.Trend, damped, f.Season)
}

// ErrETSForm says that a form is not one of the fifteen.
var ErrETSForm = errors.New("forecast: not an admissible form of exponential smoothing")

// ErrETSPositive says that a form with a factor met a value that is not positive.
var ErrETSPositive = errors.New("forecast: multiplicative smoothing needs positive values")

// normal fills in what the zero values stand for, or returns ErrETSForm.
func (f ETSForm) normal() (ETSForm, error) {
	if f.Error == ETSNone {
		f.Error = ETSAdditive
	}
	if f.Season == ETSNone {
		f.Period = 1
	}
	switch {
	case f.Error > ETSMultiplicative || f.Season > ETSMultiplicative || f.Trend > ETSAdditive,
		f.Damped && f.Trend == ETSNone,
		f.Season == ETSMultiplicative && f.Error == ETSAdditive,
		f.Season != ETSNone && f.Period < 2:
		return f, fmt.Errorf("%w: %v with period %d", ErrETSForm, f, f.Period)
	}
	return f, nil
}

// parameters counts smoothing parameters and initial states, of which a season has one less
// than periods. The variance is not among them.
func (f ETSForm) parameters() int {
	n := 2
	if f.Trend != ETSNone {
		n += 2
	}
	if f.Damped {
		n++
	}
	if f.Season != ETSNone {
		n += f.Period
	}
	return n
}

// Places in the vector of parameters. β and γ are there as shares of the room that α leaves
// them, so that all bounds are those of a box.
const (
	etsAlpha = iota
	etsBeta
	etsGamma
	etsPhi
	etsLevel
	etsSlope
	etsSeason // and those after it, in the order of their use
)

// Bounds of the parameters, those of Hyndman & Khandakar (2008).
const (
	etsLeast, etsMost       = 1e-4, 1 - 1e-4
	etsPhiLeast, etsPhiMost = 0.8, 0.98
)

// natural returns α, β, γ and φ.
func (f ETSForm) natural(x []float64) (alpha, beta, gamma, phi float64) {
	alpha, phi = x[etsAlpha], 1
	if f.Trend != ETSNone {
		beta = etsLeast + x[etsBeta]*(alpha-etsLeast)
	}
	if f.Season != ETSNone {
		gamma = etsLeast + x[etsGamma]*(1-alpha-etsLeast)
	}
	if f.Damped {
		phi = x[etsPhi]
	}
	return alpha, beta, gamma, phi
}
