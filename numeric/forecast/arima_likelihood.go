package forecast

import "math"

// arimaFilter computes the exact Gaussian likelihood of an ARMA process for several columns
// at once: the differenced series and the differenced regressors. It allocates when it is
// made and never again.
//
// With u_t = φ(B)Φ(B^m) w_t (zero before the start) the innovations are
//
//	v_t = u_t - Σ_i (b_{i,t-i} / F_{t-i}) v_{t-i},   Var v_t = σ² F_t,
//
// and variances and gains follow, from the autocovariances, the Chandrasekhar form of the
// Kalman filter, in which the increment of the state's covariance keeps rank one:
//
//	c = Y_1/F,  F ← F - c Y_1,  (b_i, Y_i) ← (b_i - c Y_{i+1}, Y_{i+1} - c b_i).
//
// A period costs O(max(p, q)) with the lags of the expanded polynomials; once c has died
// out, F = 1 and b = θ, and only the lags that have a coefficient cost.
//
// Source: Morf, Sidhu & Kailath, Some new algorithms for recursive estimation (1974);
// Mélard, Algorithm AS 197 (1984).
type arimaFilter struct {
	order   arimaOrder
	n, cols int
	data    []float64 // cols x n
	work    []float64 // cols x (n + r): standardised innovations, then minus what they tell of the next r
	natural []float64 // coefficients
	ar, ma  arimaLags
	cov     *arimaCovariances

	r         int
	gain, gap []float64 // b and Y
	variance  float64   // F
	logDet    float64   // Σ log F
	css       bool      // condition on the first values instead

	gls arimaRegression
}

func newARIMAFilter(order arimaOrder, data []float64, n, dummies int) *arimaFilter {
	f := &arimaFilter{order: order, n: n, cols: len(data) / n, data: data}
	f.ar = newARIMALags(order.p, order.sp, order.m)
	f.ma = newARIMALags(order.q, order.sq, order.m)
	f.r = max(len(f.ar.c), len(f.ma.c))
	f.cov = newARIMACovariances(len(f.ar.c), len(f.ma.c))
	f.work = make([]float64, f.cols*(n+f.r))
	slab := make([]float64, 2*f.r+1+order.parameters())
	f.gain, f.gap, f.natural = slab[:f.r:f.r], slab[f.r:2*f.r+1:2*f.r+1], slab[2*f.r+1:]
	f.gls = newARIMARegression(f.cols-1, n, dummies)
	return f
}

// column returns the innovations of column j and what follows them.
func (f *arimaFilter) column(j int) []float64 {
	width := f.n + f.r
	return f.work[j*width : (j+1)*width : (j+1)*width]
}

// run filters all columns with the coefficients in natural, and reports whether the process
// is stationary.
func (f *arimaFilter) run() bool {
	ar, ma, sar, sma := f.order.split(f.natural)
	f.ar.multiply(ar, sar, f.order.m, -1)
	f.ma.multiply(ma, sma, f.order.m, 1)
	if !f.css {
		if !f.cov.compute(f.ar, f.ma) {
			return false
		}
		f.start()
	}
	for j := range f.cols {
		c := f.column(j)
		copy(c, f.data[j*f.n:(j+1)*f.n])
		clear(c[f.n:])
		arimaDifference(c[:f.n], ar, 1)
		arimaDifference(c[:f.n], sar, f.order.m)
	}
	if f.css {
		for j := range f.cols {
			c := f.column(j)
			clear(c[:min(len(f.ar.c), f.n)])
		}
		f.logDet, f.variance = 0, 1
		f.steady(0)
		return true
	}
	return f.filter()
}

// arimaDifference replaces w_t by w_t - Σ_i c_i w_{t-im}.
func arimaDifference(w, c []float64, m int) {
	if len(c) == 0 {
		return
	}
	if len(c) == 1 && m < len(w) {
		a := c[0]
		for t := len(w) - 1; t >= m; t-- {
			w[t] -= a * w[t-m]
		}
		return
	}
	for t := len(w) - 1; t >= m; t-- {
		s := 0.0
		for i, j := 0, t-m; i < len(c) && j >= 0; i, j = i+1, j-m {
			s += c[i] * w[j]
		}
		w[t] -= s
	}
}

// start sets variance, gain and gap at the first period, from the autocovariances.
func (f *arimaFilter) start() {
	f.variance = f.cov.mixed[0]
	clear(f.gain)
	for _, j := range f.ar.at {
		phi := f.ar.c[j-1]
		for i := 1; i < j; i++ {
			f.gain[i-1] += phi * f.cov.mixed[j-i]
		}
	}
	for _, j := range f.ma.at {
		theta := f.ma.c[j-1]
		for i := 1; i <= j; i++ {
			f.gain[i-1] += theta * f.cov.psi[j-i]
		}
	}
	copy(f.gap, f.gain)
	f.gap[f.r] = 0
	for _, j := range f.ar.at {
		f.gap[j-1] += f.ar.c[j-1] * f.variance
	}
}

// filter runs until the gains are steady, and on.
func (f *arimaFilter) filter() bool {
	const batch = 16 // variances multiplied before a logarithm is taken
	width, quiet, product := f.n+f.r, 0, 1.0
	f.logDet = 0
	for t := range f.n {
		if quiet > f.r {
			f.steady(t)
			break
		}
		if !(f.variance > 0) {
			return false
		}
		inverse := 1 / f.variance
		root := math.Sqrt(inverse)
		product *= f.variance
		if t%batch == batch-1 {
			f.logDet += math.Log(product)
			product = 1
		}
		for at := t + width; at < len(f.work); at += width {
			v := f.work[at]
			f.work[at] = v * root
			v *= inverse
			next := f.work[at+1 : at+1+f.r]
			for i, b := range f.gain[:len(next)] {
				next[i] -= v * b
			}
		}
		v := f.work[t]
		f.work[t] = v * root
		if c := f.advance(inverse, v*inverse, f.work[t+1:]); math.Abs(c) < 1e-10 {
			quiet++
		} else {
			quiet = 0
		}
	}
	f.logDet += math.Log(product)
	return !math.IsNaN(f.logDet)
}

// advance takes gain · v off the next values, moves variance and gains on by a period, and
// returns c.
func (f *arimaFilter) advance(inverse, v float64, values []float64) float64 {
	c := f.gap[0] * inverse
	f.variance -= c * f.gap[0]
	gain := f.gain
	gap := f.gap[:len(gain)]
	next := f.gap[1:][:len(gain)]
	values = values[:len(gain)]
	for i, b := range gain {
		y := next[i]
		values[i] -= v * b
		gain[i] = b - c*y
		gap[i] = y - c*b
	}
	return c
}

// steady filters from period t on with the limits of variance and gains.
func (f *arimaFilter) steady(from int) {
	f.variance = 1
	clear(f.gap)
	clear(f.gain)
	copy(f.gain, f.ma.c)
	for j := range f.cols {
		c := f.column(j)
		switch len(f.ma.at) {
		case 0:
		case 1:
			lag := f.ma.at[0]
			theta := f.ma.c[lag-1]
			for t := from; t < f.n; t++ {
				c[t+lag] -= theta * c[t]
			}
		default:
			for t := from; t < f.n; t++ {
				v := c[t]
				for _, lag := range f.ma.at {
					c[t+lag] -= f.ma.c[lag-1] * v
				}
			}
		}
	}
}

// objective returns, at the angles x, minus the log-likelihood that is left when variance and
// regression are at their optimum, up to a constant; +Inf where the process is not stationary.
func (f *arimaFilter) objective(x []float64) float64 {
	f.order.natural(f.natural, x)
	return f.value()
}

// value is objective at the coefficients in natural.
func (f *arimaFilter) value() float64 {
	if !f.run() {
		return math.Inf(1)
	}
	g := &f.gls
	if !g.solve(f) {
		return math.Inf(1)
	}
	return .5*float64(g.used)*math.Log(g.squares) + .5*(f.logDet+g.logDet)
}
