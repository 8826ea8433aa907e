package forecast

import (
	"fmt"
	"math"

	"tradewind/numeric/distribution"
)

// Coefficients returns φ, θ, Φ, Θ, the constant and β with standard errors from the
// numerical curvature of the likelihood. A standard error is 0 where that does not determine the
// coefficient. P values are of the normal distribution. The cost is about 2k² evaluations of the
// likelihood for k ARMA coefficients.
func (m *ARIMA) Coefficients() []Coefficient {
	d, order := m.design, m.Form.order()
	k := order.parameters()
	f := d.filter(order, m.Form.ConditionalLeastSquares)
	all := m.names()
	if k == 0 {
		f.objective(nil)
		m.regressionErrors(all, f, nil, nil)
		return arimaFinished(all)
	}
	factor := arimaCurvature(f, m.angles)
	if factor == nil {
		return arimaFinished(all)
	}
	slopes := arimaSlopes(m, f)
	variance := make([]float64, k)
	for i := range all[:k] {
		row := slopes[i*k : (i+1)*k]
		copy(variance, row)
		arimaForward(factor, variance, k)
		all[i].StdErr = math.Sqrt(arimaDot(variance, variance))
	}
	f.objective(m.angles)
	m.regressionErrors(all[k:], f, factor, slopes[k*k:])
	return arimaFinished(all)
}

// names returns the coefficients without errors.
func (m *ARIMA) names() []Coefficient {
	var all []Coefficient
	for _, factor := range []struct {
		name string
		c    []float64
	}{{"ar", m.AR}, {"ma", m.MA}, {"sar", m.SeasonalAR}, {"sma", m.SeasonalMA}} {
		for i, c := range factor.c {
			all = append(all, Coefficient{Name: fmt.Sprintf("%s%d", factor.name, i+1), Estimate: c})
		}
	}
	for i, c := range m.Regression {
		all = append(all, Coefficient{Name: m.design.names[i], Estimate: c})
	}
	return all
}

func arimaFinished(all []Coefficient) []Coefficient {
	normal := distribution.NewNormal(0, 1)
	for i := range all {
		c := &all[i]
		c.PValue = 1
		if c.StdErr > 0 && !math.IsInf(c.StdErr, 0) {
			c.TStatistic = c.Estimate / c.StdErr
			c.PValue = 2 * normal.CDF(-math.Abs(c.TStatistic))
		} else {
			c.StdErr = 0
		}
	}
	return all
}

// arimaCurvature returns the Cholesky factor of the second differences of the objective, nil
// if they are not positive definite.
func arimaCurvature(f *arimaFilter, angles []float64) []float64 {
	const h = 1e-3
	k := len(angles)
	x := append([]float64(nil), angles...)
	at := func(i, j int, a, b float64) float64 {
		x[i] += a
		x[j] += b
		v := f.objective(x)
		copy(x, angles)
		return v
	}
	curvature := make([]float64, k*k)
	for i := range k {
		for j := range i + 1 {
			curvature[i*k+j] = (at(i, j, h, h) - at(i, j, h, -h) - at(i, j, -h, h) + at(i, j, -h, -h)) / (4 * h * h)
		}
	}
	if !arimaCholesky(curvature, k) {
		return nil
	}
	return curvature
}

// arimaForward replaces b by the solution of L x = b.
func arimaForward(l, b []float64, k int) {
	for i := range k {
		b[i] = (b[i] - arimaDot(l[i*k:i*k+i], b[:i])) / l[i*k+i]
	}
}

// arimaSlopes are the derivatives, by the angles, of the ARMA coefficients and then of
// all regression coefficients, row by row.
func arimaSlopes(m *ARIMA, f *arimaFilter) []float64 {
	const h = 1e-5
	k := len(m.angles)
	rows := k + len(m.Regression)
	slopes := make([]float64, rows*k)
	x := append([]float64(nil), m.angles...)
	side := func(j int, step float64) {
		x[j] = m.angles[j] + step
		f.objective(x)
		for i, c := range f.natural {
			slopes[i*k+j] += c / (2 * step)
		}
		for i, b := range m.design.coefficients(f.gls.beta)[m.design.dummies:] {
			slopes[(k+i)*k+j] += b / (2 * step)
		}
		x[j] = m.angles[j]
	}
	for j := range k {
		side(j, h)
		side(j, -h)
	}
	return slopes
}

// regressionErrors adds the variance of the regression given the ARMA coefficients to that
// which comes from them.
func (m *ARIMA) regressionErrors(all []Coefficient, f *arimaFilter, factor, slopes []float64) {
	d := m.design
	k, total := len(m.angles), len(d.kept)
	unit := make([]float64, total)
	for i := range all {
		// β = R⁻¹ γ, so that Var β_i = σ² |L⁻¹ R'⁻¹ e_i|² with L L' the precision of γ.
		clear(unit)
		unit[d.dummies+i] = 1
		for a := range total {
			s := unit[a]
			for b := range a {
				s -= d.triangle[b*total+a] * unit[b]
			}
			unit[a] = s / d.triangle[a*total+a]
		}
		arimaForward(f.gls.cross, unit, total)
		v := arimaDot(unit, unit) * m.Sigma2
		if k > 0 {
			row := append([]float64(nil), slopes[i*k:(i+1)*k]...)
			arimaForward(factor, row, k)
			v += arimaDot(row, row)
		}
		all[i].StdErr = math.Sqrt(v)
	}
}
