package forecast

import (
	"fmt"
	"strings"
)

// DynamicHarmonicForm chooses the seasons of a dynamic harmonic regression.
type DynamicHarmonicForm struct {
	Periods      []float64 // above 1, such as 52.18 for weeks in a year or 24 and 168 for hours; they need not be whole
	MostHarmonic int       // K of a period at most; 0 means 20
}

// DynamicHarmonic is a regression on Fourier terms with ARIMA errors,
//
//	y_t = c_t + Σ_P Σ_k (a cos(2πkt/P) + b sin(2πkt/P)) + η_t,   η_t ~ ARIMA(p,d,q),
//
// for seasons that are long, several, or not whole. All methods are those of ARIMA; the Fourier
// terms of the future are known.
//
// Source: Hyndman & Athanasopoulos, Forecasting: principles and practice (2021), section 10.5.
type DynamicHarmonic struct {
	*ARIMA
	Fourier Fourier // K is 0 for a period left out
}

// DynamicHarmonicMethod is DynamicHarmonic with the given periods.
func DynamicHarmonicMethod(periods ...float64) Method {
	return methodOf(fmt.Sprintf("dynamic harmonic %v", periods), func(y []float64) (*DynamicHarmonic, error) {
		return FitDynamicHarmonic(y, DynamicHarmonicForm{Periods: periods})
	})
}

// FitDynamicHarmonic fits y. The numbers of harmonics minimise AICc under ARIMA(1,d,1) errors, the
// orders of the errors come from AutoARIMA of what the harmonics leave, and then all
// coefficients are fitted together by maximum likelihood. A period that is not seen twice is left
// out. It does not modify y. It returns a *TooShortError for fewer than 3 values.
//
// The cost is about that of AutoARIMA plus, for c columns of harmonics, 100 passes of O(n c²).
func FitDynamicHarmonic(y []float64, form DynamicHarmonicForm) (*DynamicHarmonic, error) {
	for _, period := range form.Periods {
		if !(period > 1) {
			panic("forecast: a harmonic needs a period above 1")
		}
	}
	if have := observed(y); have < 3 {
		return nil, &TooShortError{Method: "dynamic harmonic regression", Have: have, Need: 3}
	}
	fourier := form.widest(observed(y))
	whole := withoutMissing(y, 1)
	var rough *ARIMA
	if fourier.any() && !nearlyConstant(y) {
		var err error
		if fourier, rough, err = chooseHarmonics(whole, fourier); err != nil {
			return nil, err
		}
	}
	if !fourier.any() || nearlyConstant(y) {
		m, err := AutoARIMA(y, AutoARIMAForm{})
		return &DynamicHarmonic{m, Fourier{Periods: fourier.Periods, Harmonics: make([]int, len(fourier.Periods))}}, err
	}
	columns := fourier.columns()
	orders, err := AutoARIMA(rough.withoutHarmonics(whole, len(columns.names)), AutoARIMAForm{})
	if err != nil {
		return nil, err
	}
	m, err := fitARIMA(y, orders.Form, columns, orders.angles)
	if err != nil {
		return nil, err
	}
	return &DynamicHarmonic{m, fourier}, nil
}

// Name returns the harmonics and the errors, such as "harmonic 52.18:3 with ARIMA(1,1,1) errors".
func (m *DynamicHarmonic) Name() string {
	var b strings.Builder
	for i, period := range m.Fourier.Periods {
		if k := m.Fourier.Harmonics[i]; k > 0 {
			fmt.Fprintf(&b, " %g:%d", period, k)
		}
	}
	if b.Len() == 0 {
		return m.ARIMA.Name()
	}
	return "harmonic" + b.String() + " with " + m.ARIMA.Name() + " errors"
}

func (f Fourier) any() bool {
	for _, k := range f.Harmonics {
		if k > 0 {
			return true
		}
	}
	return false
}

// widest has as many harmonics as form and the number of values allow: no more columns than a
// fourth of the values.
func (form DynamicHarmonicForm) widest(n int) Fourier {
	f := Fourier{Periods: append([]float64(nil), form.Periods...), Harmonics: make([]int, len(form.Periods))}
	most := form.MostHarmonic
	if most == 0 {
		most = 20
	}
	room := n / 4
	for i, period := range f.Periods {
		if 2*period <= float64(n) {
			f.Harmonics[i] = min(most, int(period/2), room/2)
			room -= 2 * f.Harmonics[i]
		}
	}
	return f
}

// withoutHarmonics is y less the part of the model's last k columns.
func (m *ARIMA) withoutHarmonics(y []float64, k int) []float64 {
	rest := append([]float64(nil), y...)
	beta := m.Regression[len(m.Regression)-k:]
	row := make([]float64, len(m.Regression))
	for t := range rest[m.lead:] {
		m.future(row, t)
		for j, x := range row[len(row)-k:] {
			rest[m.lead+t] -= beta[j] * x
		}
	}
	return rest
}
