package expansion

import (
	"math"

	"tradewind/numeric/distribution"
)

// ridge is a linear regression with the coefficients of the standardised regressors shrunk
// towards 0 by a strength that the data choose, all strengths averaged by how well they
// explain them:
//
//	y = a + Xβ + e,  e ~ N(0, σ²),  β | σ², λ ~ N(0, σ²/λ),  a flat,  p(σ²) ∝ 1/σ²
//	p(y | λ) ∝ |I + X'X/λ|^-½ · (y'y - y'X(X'X+λI)⁻¹X'y)^-(n-1)/2   (y, X centred)
//
// λ = ∞, the plain mean, is one of the strengths.
//
// Source: Hoerl & Kennard, Ridge regression, Technometrics 12 (1970), 55–67; MacKay,
// Bayesian interpolation, Neural Computation 4 (1992), 415–447, for the evidence.
type ridge struct {
	centre, scale []float64 // of the regressors
	mean          float64   // of y
	n             int
	fits          []ridgeFit
	weights       []float64 // of the fits, sum to 1
}

// ridgeFit is the regression at one strength.
type ridgeFit struct {
	beta     []float64
	inverse  []float64 // (X'X + λI)⁻¹, row-major; nil at λ = ∞
	variance float64   // σ²
}

// strengths are λ as multiples of the number of observations; the last is ∞.
var strengths = []float64{.003, .01, .03, .1, .2, .4, .8, 1.6, 3.2, 6.4, 12.8, 50, math.Inf(1)}

// fitRidge fits y on the columns of x, x[i] being the regressors of observation i. At least
// three observations; a regressor that never varies gets no coefficient.
func fitRidge(x [][]float64, y []float64) *ridge {
	n, p := len(y), len(x[0])
	r := &ridge{centre: make([]float64, p), scale: make([]float64, p), n: n}
	for i := range y {
		r.mean += y[i] / float64(n)
		for j, v := range x[i] {
			r.centre[j] += v / float64(n)
		}
	}
	for j := range p {
		for i := range y {
			r.scale[j] += (x[i][j] - r.centre[j]) * (x[i][j] - r.centre[j]) / float64(n-1)
		}
		r.scale[j] = math.Sqrt(r.scale[j])
	}
	gram, cross, total := make([]float64, p*p), make([]float64, p), 0.0
	z := make([]float64, p)
	for i := range y {
		d := y[i] - r.mean
		total += d * d
		r.standardise(z, x[i])
		for j := range p {
			cross[j] += z[j] * d
			for k := range p {
				gram[j*p+k] += z[j] * z[k]
			}
		}
	}
	evidence := make([]float64, len(strengths))
	for s, strength := range strengths {
		f := ridgeFit{beta: make([]float64, p)}
		rest, logDet := total, 0.0
		if lambda := strength * float64(n); !math.IsInf(lambda, 1) {
			f.inverse, logDet = invert(gram, p, lambda)
			logDet -= float64(p) * math.Log(lambda)
			for j := range p {
				for k := range p {
					f.beta[j] += f.inverse[j*p+k] * cross[k]
				}
				rest -= f.beta[j] * cross[j]
			}
		}
		rest = max(rest, 1e-12*total, 1e-300)
		f.variance = rest / float64(n-1)
		evidence[s] = -logDet/2 - float64(n-1)/2*math.Log(rest)
		r.fits = append(r.fits, f)
	}
	r.keep(softmax(evidence))
	return r
}

// keep drops the strengths that have no say.
func (r *ridge) keep(weights []float64) {
	fits := r.fits
	r.fits = nil
	for s, w := range weights {
		if w >= 1e-3 {
			r.fits, r.weights = append(r.fits, fits[s]), append(r.weights, w)
		}
	}
	total := sum(r.weights)
	for s := range r.weights {
		r.weights[s] /= total
	}
}

func (r *ridge) standardise(z, x []float64) {
	for j := range z {
		z[j] = 0
		if r.scale[j] > 1e-12 {
			z[j] = (x[j] - r.centre[j]) / r.scale[j]
		}
	}
}

// predict returns the distribution of y at x, moved by shift: a mixture of Student's t, one a
// strength.
func (r *ridge) predict(x []float64, shift float64) (weights []float64, parts []distribution.Distribution) {
	p := len(x)
	z := make([]float64, p)
	r.standardise(z, x)
	parts = make([]distribution.Distribution, len(r.fits))
	for s, f := range r.fits {
		at, leverage := r.mean, 1/float64(r.n)
		for j := range p {
			at += z[j] * f.beta[j]
			if f.inverse != nil {
				for k := range p {
					leverage += z[j] * f.inverse[j*p+k] * z[k]
				}
			}
		}
		parts[s] = distribution.NewStudentT(shift+at, math.Sqrt(f.variance*(1+leverage)), float64(r.n-1))
	}
	return r.weights, parts
}

// slopes returns the coefficients of the regressors in their own units, and their standard
// deviations.
func (r *ridge) slopes() (mean, sd []float64) {
	p := len(r.centre)
	mean, sd = make([]float64, p), make([]float64, p)
	for j := range p {
		if r.scale[j] <= 1e-12 {
			continue
		}
		square := 0.0
		for s, f := range r.fits {
			variance := 0.0
			if f.inverse != nil {
				variance = f.variance * f.inverse[j*p+j]
			}
			mean[j] += r.weights[s] * f.beta[j]
			square += r.weights[s] * (f.beta[j]*f.beta[j] + variance)
		}
		sd[j] = math.Sqrt(max(0, square-mean[j]*mean[j])) / r.scale[j]
		mean[j] /= r.scale[j]
	}
	return mean, sd
}

// Slopes fits the regression that entries rest on to any data and returns the coefficients of
// the columns of x in their own units with their standard deviations; x[i] are the regressors
// of observation i. It serves to hold the method against trade between countries.
func Slopes(x [][]float64, y []float64) (mean, sd []float64) { return fitRidge(x, y).slopes() }

// invert returns (A + λI)⁻¹ and ln |A + λI| of a positive semidefinite A, by Cholesky.
func invert(a []float64, p int, lambda float64) (inverse []float64, logDet float64) {
	l := make([]float64, p*p)
	for j := range p {
		for i := j; i < p; i++ {
			sum := a[i*p+j]
			if i == j {
				sum += lambda
			}
			for k := range j {
				sum -= l[i*p+k] * l[j*p+k]
			}
			if i == j {
				l[j*p+j] = math.Sqrt(sum)
				logDet += math.Log(sum)
			} else {
				l[i*p+j] = sum / l[j*p+j]
			}
		}
	}
	inverse = make([]float64, p*p)
	column := make([]float64, p)
	for c := range p {
		for i := range p { // L u = e_c
			column[i] = 0
			if i == c {
				column[i] = 1
			}
			for k := range i {
				column[i] -= l[i*p+k] * column[k]
			}
			column[i] /= l[i*p+i]
		}
		for i := p - 1; i >= 0; i-- { // L'x = u
			for k := i + 1; k < p; k++ {
				column[i] -= l[k*p+i] * column[k]
			}
			column[i] /= l[i*p+i]
			inverse[i*p+c] = column[i]
		}
	}
	return inverse, logDet
}

func softmax(logs []float64) []float64 {
	most, total := math.Inf(-1), 0.0
	for _, v := range logs {
		most = max(most, v)
	}
	weights := make([]float64, len(logs))
	for i, v := range logs {
		weights[i] = math.Exp(v - most)
		total += weights[i]
	}
	for i := range weights {
		weights[i] /= total
	}
	return weights
}
