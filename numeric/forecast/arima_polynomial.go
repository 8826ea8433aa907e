package forecast

import "math"

// arimaOrder is the order of a multiplicative seasonal ARMA process with period m,
// φ(B) Φ(B^m) w_t = θ(B) Θ(B^m) ε_t, with φ(B) = 1 - φ_1 B - … and θ(B) = 1 + θ_1 B + ….
type arimaOrder struct{ p, q, sp, sq, m int }

func (o arimaOrder) parameters() int { return o.p + o.q + o.sp + o.sq }
func (o arimaOrder) arLags() int     { return o.p + o.m*o.sp }
func (o arimaOrder) maLags() int     { return o.q + o.m*o.sq }

// mixed reports whether there are autoregressive and moving average parts, which can take each other's
// place, so that the likelihood often has several maxima.
func (o arimaOrder) mixed() bool { return o.p+o.sp > 0 && o.q+o.sq > 0 }

// split cuts a vector of all coefficients into its four factors.
func (o arimaOrder) split(c []float64) (ar, ma, sar, sma []float64) {
	a, b, d := o.p, o.p+o.q, o.p+o.q+o.sp
	return c[:a], c[a:b], c[b:d], c[d:]
}

// natural writes the coefficients of the angles x: the sines are partial
// autocorrelations, so that every factor is stationary or invertible, and the
// boundary is a smooth turning point that the likelihood of an overdifferenced
// series can reach.
//
// Source: Barndorff-Nielsen & Schou (1973); Monahan, A note on enforcing stationarity
// in autoregressive-moving average models (1984).
func (o arimaOrder) natural(dst, x []float64) {
	for i, v := range x {
		dst[i] = math.Sin(v) * arimaInside
	}
	ar, ma, sar, sma := o.split(dst)
	fromPartials(ar)
	fromPartials(ma)
	fromPartials(sar)
	fromPartials(sma)
	arimaNegate(ma)
	arimaNegate(sma)
}

// arimaInside keeps partial autocorrelations off the unit circle.
const arimaInside = 1 - 1e-9

// angles is the inverse of natural. A factor outside its region is drawn towards zero
// until it lies well inside.
func (o arimaOrder) angles(dst, coefficients []float64) {
	copy(dst, coefficients)
	ar, ma, sar, sma := o.split(dst)
	arimaNegate(ma)
	arimaNegate(sma)
	for _, factor := range [4][]float64{ar, ma, sar, sma} {
		insidePartials(factor)
		for i, v := range factor {
			factor[i] = math.Asin(max(-.97, min(.97, v)))
		}
	}
}

func arimaNegate(c []float64) {
	for i := range c {
		c[i] = -c[i]
	}
}

// fromPartials turns partial autocorrelations into autoregressive coefficients, in place
// (Durbin–Levinson).
func fromPartials(c []float64) {
	for k := 1; k < len(c); k++ {
		partial := c[k]
		for i, j := 0, k-1; i <= j; i, j = i+1, j-1 {
			c[i], c[j] = c[i]-partial*c[j], c[j]-partial*c[i]
		}
	}
}

// toPartials is the inverse of fromPartials; it reports whether the process is stationary
// (Schur–Cohn), and stops where it is not.
func toPartials(c []float64) bool {
	for k := len(c) - 1; k >= 0; k-- {
		partial := c[k]
		rest := 1 - partial*partial
		if !(rest > 0) {
			return false
		}
		for i, j := 0, k-1; i <= j; i, j = i+1, j-1 {
			c[i], c[j] = (c[i]+partial*c[j])/rest, (c[j]+partial*c[i])/rest
		}
	}
	return true
}

// insidePartials is toPartials of the nearest of c, .9 c_1, .9² c_2 … that is stationary.
func insidePartials(c []float64) {
	var trial [16]float64
	for {
		t := append(trial[:0], c...)
		if toPartials(t) {
			copy(c, t)
			return
		}
		shrink := 1.0
		for i := range c {
			shrink *= .9
			c[i] *= shrink
			if math.IsNaN(c[i]) || math.IsInf(c[i], 0) {
				c[i] = 0
			}
		}
	}
}

// rootsBeyond reports whether all roots of 1 - Σ c_i z^i lie outside the circle of the
// given radius.
func rootsBeyond(c []float64, radius float64) bool {
	var buffer [16]float64
	scaled := append(buffer[:0], c...)
	power := 1.0
	for i := range scaled {
		power *= radius
		scaled[i] *= power
	}
	return toPartials(scaled)
}

// arimaLags is a polynomial of which few coefficients differ from zero.
type arimaLags struct {
	c  []float64 // c[i] belongs to lag i+1
	at []int     // lags with a coefficient, ascending
}

func newARIMALags(short, seasonal, m int) arimaLags {
	l := arimaLags{c: make([]float64, short+m*seasonal)}
	used := make([]bool, len(l.c)+1)
	for j := range seasonal + 1 {
		for i := range short + 1 {
			used[i+m*j] = true
		}
	}
	for lag := 1; lag < len(used); lag++ {
		if used[lag] {
			l.at = append(l.at, lag)
		}
	}
	return l
}

// multiply sets the product of the two factors, (1 + s Σ a_i B^i)(1 + s Σ b_j B^jm), without its
// leading one and divided by s = ±1.
func (l arimaLags) multiply(a, b []float64, m int, s float64) {
	clear(l.c)
	copy(l.c, a)
	for j, v := range b {
		base := m*(j+1) - 1
		l.c[base] += v
		for i, u := range a {
			l.c[base+i+1] += s * u * v
		}
	}
}

// arimaCovariances holds the room to compute those of an ARMA process.
type arimaCovariances struct {
	steps   []float64 // the autoregressions of order 1 … p, row by row
	partial []float64
	pure    []float64 // of the autoregressive part alone
	mixed   []float64 // of the process, lags 0 … p
	psi     []float64
	cross   []float64 // Σ θ_i θ_{i+k}
}

func newARIMACovariances(p, q int) *arimaCovariances {
	return &arimaCovariances{
		steps: make([]float64, p*p), partial: make([]float64, p), pure: make([]float64, p+q+1),
		mixed: make([]float64, p+1), psi: make([]float64, q+1), cross: make([]float64, q+1),
	}
}

// compute fills mixed and psi for innovations of variance one, and reports whether the
// process is stationary to working precision.
//
// Source: Brockwell & Davis, Time series: theory and methods (1991), section 3.3; the
// autoregressive part by the Levinson recursion backwards and forwards.
func (a *arimaCovariances) compute(ar, ma arimaLags) bool {
	p, q := len(ar.c), len(ma.c)
	clear(a.cross)
	a.cross[0] = 1
	for _, i := range ma.at {
		a.cross[i] += ma.c[i-1]
		for _, j := range ma.at {
			if j >= i {
				a.cross[j-i] += ma.c[i-1] * ma.c[j-1]
			}
		}
	}
	a.psi[0] = 1
	for h := 1; h <= q; h++ {
		v := ma.c[h-1]
		for _, j := range ar.at {
			if j > h {
				break
			}
			v += ar.c[j-1] * a.psi[h-j]
		}
		a.psi[h] = v
	}
	if p == 0 {
		a.mixed[0] = a.cross[0]
		return true
	}
	if !a.autoregression(ar, q) {
		return false
	}
	for h := range a.mixed {
		v := a.cross[0] * a.pure[h]
		for k := 1; k <= q; k++ {
			if c := a.cross[k]; c != 0 && h+k < len(a.pure) {
				v += c * (a.pure[h+k] + a.pure[max(h-k, k-h)])
			}
		}
		a.mixed[h] = v
	}
	return true
}

func (a *arimaCovariances) autoregression(ar arimaLags, q int) bool {
	p := len(ar.c)
	row := a.steps[(p-1)*p : p*p]
	copy(row, ar.c)
	v := 1.0
	for k := p - 1; k >= 0; k-- {
		partial := row[k]
		rest := (1 - partial) * (1 + partial)
		if !(rest > 1e-14) {
			return false
		}
		a.partial[k] = partial
		v /= rest
		if k == 0 {
			break
		}
		below := a.steps[(k-1)*p : k*p]
		inverse := 1 / rest
		for i := range k {
			below[i] = (row[i] + partial*row[k-1-i]) * inverse
		}
		row = below
	}
	if !(v < 1e14) {
		return false
	}
	a.pure[0] = v
	for k := 1; k <= p; k++ {
		g := a.partial[k-1] * v
		if k > 1 {
			row := a.steps[(k-2)*p : (k-1)*p]
			for j := 1; j < k; j++ {
				g += row[j-1] * a.pure[k-j]
			}
		}
		a.pure[k] = g
		v *= (1 - a.partial[k-1]) * (1 + a.partial[k-1])
	}
	for k := p + 1; k < len(a.pure); k++ {
		g := 0.0
		for _, j := range ar.at {
			g += ar.c[j-1] * a.pure[k-j]
		}
		a.pure[k] = g
	}
	return true
}
