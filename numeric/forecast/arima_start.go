package forecast

import "math"

// arimaStart estimates the coefficients of an ARMA process by two regressions: a long
// autoregression for the innovations, then w on its own lags and on theirs. Only lags of
// the four factors take part, not their products. dst is left at zero where the series is too
// short for that.
//
// Source: Hannan & Rissanen, Recursive estimation of mixed autoregressive-moving average
// order (1982), doi:10.1093/biomet/69.1.81.
func arimaStart(dst, w []float64, o arimaOrder) {
	clear(dst)
	n := len(w)
	long := min(n/4, max(o.arLags(), o.maLags())+8)
	if o.q+o.sq == 0 {
		long = 0
	}
	var innovations []float64
	if long > 0 {
		innovations = arimaLongInnovations(w, long)
	}
	k := o.parameters()
	lags := make([]int, 0, k)
	for i := range o.p {
		lags = append(lags, i+1)
	}
	for i := range o.q {
		lags = append(lags, -(i + 1))
	}
	for i := range o.sp {
		lags = append(lags, o.m*(i+1))
	}
	for i := range o.sq {
		lags = append(lags, -o.m*(i+1))
	}
	from := max(o.arLags(), o.maLags()+long)
	if n-from < 2*k+4 {
		from = max(o.p, o.m*o.sp, o.q, o.m*o.sq)
	}
	if n-from < k+2 {
		return
	}
	columns := make([][]float64, k)
	for j, lag := range lags {
		if lag > 0 {
			columns[j] = w[from-lag : n-lag]
		} else if innovations == nil {
			return
		} else {
			columns[j] = innovations[from+lag : n+lag]
		}
	}
	a := make([]float64, k*k)
	for i := range k {
		for j := range i + 1 {
			a[i*k+j] = arimaDot(columns[i], columns[j])
		}
		a[i*k+i] = a[i*k+i]*1.0001 + 1e-300
		dst[i] = arimaDot(columns[i], w[from:])
	}
	if !arimaCholesky(a, k) {
		clear(dst)
		return
	}
	arimaCholeskySolve(a, dst, k)
	for _, v := range dst {
		if math.IsNaN(v) || math.IsInf(v, 0) {
			clear(dst)
			return
		}
	}
}

// arimaLongInnovations are the one-step errors of an autoregression fitted by the Levinson
// recursion.
func arimaLongInnovations(w []float64, order int) []float64 {
	n := len(w)
	acf := make([]float64, order+1)
	for k := range acf {
		acf[k] = arimaDot(w[k:], w[:n-k])
	}
	if !(acf[0] > 0) {
		return nil
	}
	phi, previous := make([]float64, order), make([]float64, order)
	v := acf[0]
	for k := range order {
		s := acf[k+1]
		for j := range k {
			s -= phi[j] * acf[k-j]
		}
		partial := s / v
		copy(previous, phi[:k])
		for j := range k {
			phi[j] = previous[j] - partial*previous[k-1-j]
		}
		phi[k] = partial
		v *= (1 - partial) * (1 + partial)
		if !(v > 0) {
			return nil
		}
	}
	e := append([]float64(nil), w...)
	arimaDifference(e, phi, 1)
	return e
}
