package forecast

import (
	"math"
	"math/rand/v2"

	"tradewind/numeric/distribution"
)

// arimaState is what the past tells of the future when the parameters are known: the
// recent values, and what past innovations still contribute.
type arimaState struct {
	ar, ma arimaLags
	diff   []float64 // z_t = Σ diff_j z_{t-j} + w_t
	arimaRecent
	gain, gap []float64 // of the filter, see arimaFilter
	variance  float64
	deviation float64 // of ε
	residuals []float64

	estimated []arimaRecent // how the recent past depends on each missing value that matters
	factor    []float64     // Cholesky factor of the inverse covariance of their estimates, in units of σ²
}

// arimaRecent is a series up to now.
type arimaRecent struct {
	z    []float64 // series less regression, the last values at least
	w    []float64 // differenced
	tail []float64 // contributions of past innovations to the next r periods
}

// condition brings the state up to date with the series, at the parameters of the model.
func (m *ARIMA) condition(missing []int) {
	form, order := m.Form, m.Form.order()
	s := &m.state
	z := append([]float64(nil), m.series...)
	for t := range z {
		z[t] -= m.explained(t)
	}
	n := len(z) - form.D - form.Period*form.SeasonalD
	data := append([]float64(nil), form.difference(append([]float64(nil), z...))...)
	for _, t := range missing {
		column := make([]float64, len(z))
		column[t] = 1
		data = append(data, form.difference(column)...)
	}
	f := newARIMAFilter(order, data, n, len(missing))
	order.natural(f.natural, m.angles)
	f.gls.floor = math.SmallestNonzeroFloat64
	if f.run() && !f.gls.solve(f) && len(missing) > 0 { // what nothing determines stays interpolated
		m.gaps = nil
		m.condition(nil)
		return
	}
	s.ar, s.ma, s.diff = f.ar, f.ma, form.differenceLags()
	s.gain, s.gap, s.variance = f.gain, f.gap, f.variance
	s.residuals = f.gls.residual
	s.arimaRecent = arimaRecent{z: z, w: data[:n:n], tail: arimaTail(f, 0)}
	s.estimated, s.factor = nil, nil
	for i, t := range missing {
		delta := f.gls.beta[i]
		column := arimaRecent{z: make([]float64, len(z)), w: data[(i+1)*n : (i+2)*n], tail: arimaTail(f, i+1)}
		column.z[t] = 1
		z[t] -= delta
		for j, v := range column.w {
			s.w[j] -= delta * v
		}
		for j, v := range column.tail {
			s.tail[j] -= delta * v
		}
		s.estimated = append(s.estimated, column)
	}
	s.factor = f.gls.cross
}

func arimaTail(f *arimaFilter, column int) []float64 {
	tail := append([]float64(nil), f.column(column)[f.n:]...)
	arimaNegate(tail)
	return tail
}

// differenceLags are the coefficients of 1 - (1-B)^d (1-B^m)^D.
func (form ARIMAForm) differenceLags() []float64 {
	c := []float64{1}
	times := func(lag int) {
		c = append(c, make([]float64, lag)...)
		for i := len(c) - 1; i >= lag; i-- {
			c[i] -= c[i-lag]
		}
	}
	for range form.D {
		times(1)
	}
	for range form.SeasonalD {
		times(form.Period)
	}
	arimaNegate(c)
	return c[1:]
}

// explained is the part of period t that the constant and the regressors explain.
func (m *ARIMA) explained(t int) float64 {
	if len(m.Regression) == 0 {
		return 0
	}
	m.future(m.regression, t)
	sum := 0.0
	for j, b := range m.Regression {
		sum += b * m.regression[j]
	}
	return sum
}

// arimaRoom is where series are continued.
type arimaRoom struct{ z, w []float64 }

func (s *arimaState) room(h int) *arimaRoom {
	return &arimaRoom{z: make([]float64, len(s.diff)+h), w: make([]float64, len(s.ar.c)+h)}
}

// extend continues a series for h periods without further innovations.
func (s *arimaState) extend(room *arimaRoom, past arimaRecent, h int) []float64 {
	dz, dw := len(s.diff), len(s.ar.c)
	arimaLast(room.z[:dz], past.z)
	arimaLast(room.w[:dw], past.w)
	for i := range h {
		v := 0.0
		if i < len(past.tail) {
			v = past.tail[i]
		}
		for _, lag := range s.ar.at {
			v += s.ar.c[lag-1] * room.w[dw+i-lag]
		}
		room.w[dw+i] = v
		for j, c := range s.diff {
			if c != 0 {
				v += c * room.z[dz+i-j-1]
			}
		}
		room.z[dz+i] = v
	}
	return room.z[dz : dz+h]
}

// arimaLast copies the end of src to dst, with zeros before its start.
func arimaLast(dst, src []float64) {
	clear(dst)
	k := min(len(dst), len(src))
	copy(dst[len(dst)-k:], src[len(src)-k:])
}

// Forecast returns the distributions of the next h periods and of their total: normal,
// with the variance of the innovations to come (σ² with the degrees of freedom of the coefficients
// taken off) and of missing values behind, but not of the coefficients. It panics beyond
// the horizon of the regressors. The cost is O(h), or O(h²) while the filter is not
// steady.
func (m *ARIMA) Forecast(h int) Forecast {
	m.reach(h)
	s := &m.state
	room := s.room(h)
	means := append([]float64(nil), s.extend(room, s.arimaRecent, h)...)
	for i := range means {
		means[i] += m.explained(len(s.z) + i)
	}
	variances := make([]float64, h)
	total := s.spread(room, variances)
	total += s.uncertain(room, variances)
	f := Forecast{Period: make([]distribution.Distribution, h)}
	sum := 0.0
	for i, mean := range means {
		f.Period[i] = boundedNormal(mean, s.deviation*math.Sqrt(variances[i]))
		sum += mean
	}
	f.Total = boundedNormal(sum, s.deviation*math.Sqrt(total))
	return f
}

// reach panics if the regressors are not known for h more periods.
func (m *ARIMA) reach(h int) {
	for _, r := range m.Form.Regressors {
		if len(r.Values) < m.lead+len(m.state.z)+h {
			panic("forecast: regressor " + r.Name + " has no value for a period to forecast; see ARIMAForm.Horizon")
		}
	}
}

// spread adds the variances by the innovations to come, in units of σ², and returns that of the total.
func (s *arimaState) spread(room *arimaRoom, variances []float64) float64 {
	h, total := len(variances), 0.0
	pulse := make([]float64, len(s.gain)+1)
	gain, gap := append([]float64(nil), s.gain...), append([]float64(nil), s.gap...)
	f := arimaFilter{gain: gain, gap: gap, variance: s.variance}
	var response []float64
	for k := range h {
		steady := f.settled()
		if response == nil || !steady {
			pulse[0] = 1
			for i, b := range f.gain {
				pulse[i+1] = b / f.variance
			}
			response = s.extend(room, arimaRecent{tail: pulse}, h-k)
		}
		sum := 0.0
		for i := range h - k {
			a := response[i]
			variances[k+i] += f.variance * a * a
			sum += a
		}
		total += f.variance * sum * sum
		if !steady && len(f.gain) > 0 {
			f.advance(1/f.variance, 0, pulse)
			response = nil
		}
	}
	return total
}

// settled reports whether variance and gains have reached their limits.
func (f *arimaFilter) settled() bool {
	for _, y := range f.gap {
		if y != 0 {
			return false
		}
	}
	return true
}

// uncertain is spread for the estimates of missing values.
func (s *arimaState) uncertain(room *arimaRoom, variances []float64) float64 {
	k, h := len(s.estimated), len(variances)
	if k == 0 {
		return 0
	}
	effects := make([]float64, k*(h+1)) // of each missing value, on every period and on their total
	for i, past := range s.estimated {
		row := effects[i*(h+1):]
		for j, v := range s.extend(room, past, h) {
			row[j] = v
			row[h] += v
		}
	}
	column := make([]float64, k)
	var total float64
	for j := range h + 1 {
		for i := range k {
			column[i] = effects[i*(h+1)+j]
		}
		for i := range k { // |L⁻¹ e|²
			column[i] = (column[i] - arimaDot(s.factor[i*k:i*k+i], column[:i])) / s.factor[i*k+i]
		}
		v := arimaDot(column, column)
		if j < h {
			variances[j] += v
		} else {
			total = v
		}
	}
	return total
}

// Path draws one joint path of the next len(dst) periods. It panics beyond the horizon of the
// regressors. The cost is O(r) a period.
func (m *ARIMA) Path(dst []float64, rng *rand.Rand) {
	h := len(dst)
	m.reach(h)
	s := &m.state
	past := s.arimaRecent
	past.tail = make([]float64, h+len(s.tail))
	copy(past.tail, s.tail)
	f := arimaFilter{gain: append([]float64(nil), s.gain...), gap: append([]float64(nil), s.gap...), variance: s.variance}
	for i := range h {
		v := s.deviation * math.Sqrt(f.variance) * rng.NormFloat64()
		past.tail[i] += v
		if len(f.gain) > 0 {
			f.advance(1/f.variance, -v/f.variance, past.tail[i+1:])
		}
	}
	room := s.room(h)
	copy(dst, s.extend(room, past, h))
	s.shift(room, dst, rng)
	for i := range dst {
		dst[i] += m.explained(len(s.z) + i)
	}
}

// shift adds to a path what missing values may have been other than their estimates.
func (s *arimaState) shift(room *arimaRoom, dst []float64, rng *rand.Rand) {
	k := len(s.estimated)
	draw := make([]float64, k)
	for i := range draw {
		draw[i] = s.deviation * rng.NormFloat64()
	}
	for i := k - 1; i >= 0; i-- { // L'⁻¹ draws have covariance (L L')⁻¹
		draw[i] /= s.factor[i*k+i]
		for j := range i {
			draw[j] -= s.factor[i*k+j] * draw[i]
		}
	}
	for i, past := range s.estimated {
		for j, v := range s.extend(room, past, len(dst)) {
			dst[j] += draw[i] * v
		}
	}
}

// Update learns the value of the next period; NaN is missing. Parameters stay as they are. It
// panics beyond the horizon of the regressors. The cost is O(r), or a pass over the series if
// a value is missing.
func (m *ARIMA) Update(y float64) {
	m.reach(1)
	s := &m.state
	t := len(s.z)
	m.own()
	if math.IsNaN(y) || len(s.estimated) > 0 {
		m.relearn(y)
		return
	}
	z := y - m.explained(t)
	predicted := s.extend(s.room(1), s.arimaRecent, 1)[0]
	v := z - predicted
	w := z
	for j, c := range s.diff {
		w -= c * s.z[t-1-j]
	}
	m.series = append(m.series, y)
	s.z, s.w = append(s.z, z), append(s.w, w)
	s.residuals = append(s.residuals, v/math.Sqrt(s.variance))
	if len(s.tail) > 0 {
		copy(s.tail, s.tail[1:])
		s.tail[len(s.tail)-1] = 0
		f := arimaFilter{gain: s.gain, gap: s.gap, variance: s.variance}
		if f.advance(1/s.variance, -v/s.variance, s.tail); f.variance > 0 {
			s.variance = f.variance
		}
	}
}

// own makes the model's series its own before the first update: models of one design share it.
func (m *ARIMA) own() {
	if !m.updated {
		m.series = append([]float64(nil), m.series...)
		m.gaps = append([]int(nil), m.gaps...)
		m.updated = true
	}
}

// relearn takes y in by filtering the whole series again.
func (m *ARIMA) relearn(y float64) {
	if math.IsNaN(y) {
		m.gaps = append(m.gaps, len(m.series))
		y = m.series[len(m.series)-1]
		if extra := len(m.gaps) - arimaMostMissing(len(m.series)); extra > 0 {
			m.gaps = m.gaps[extra:]
		}
	}
	m.series = append(m.series, y)
	m.condition(m.gaps)
}
