// Package regress estimates how one quantity answers to others: least squares with any
// number of absorbed fixed effects (OLS), instruments (TwoStage), variance components
// (RandomEffects, Mixed), counts (PPML), shrinkage of many estimates towards each other
// (Shrink) and double machine learning (DoubleML), each with errors that hold under
// unequal variances and within clusters.
//
// Regressors are columns: X[j][i] is regressor j of row i. Fixed effects, groups and
// clusters are codes 0, 1, 2, …; a code that no row has does no harm and costs a few bytes.
// Nothing is dropped in silence: collinear columns, values that are not finite and too few
// rows are errors that say where. Every function gives the same bytes for the same input
// on any number of cores, and none modifies what it is given.
//
// It makes no regressors, knows no time and does not say whether an estimate is causal:
// whoever builds the columns decides that. It comes after package distribution; pricing and
// promotion are built on it.
package regress

import (
	"math"

	"tradewind/numeric/distribution"
)

// Data is what a regression is run on: n rows.
//
// The model is y = Xβ + Σ fixed effects + e. Without fixed effects a constant is the last
// coefficient, unless NoConstant.
type Data struct {
	Y       []float64
	X       [][]float64 // X[j][i]: regressor j of row i
	Weight  []float64   // inverse variances up to scale, positive; nil: all 1
	Offset  []float64   // PPML only: the logarithm of exposure; nil: 0
	Absorb  [][]int32   // fixed effects: codes from 0, one slice a dimension
	Cluster []int32     // codes from 0 of what Cluster0 and Cluster1 hold together
	Across  []int32     // a second dimension of clusters, for errors clustered both ways; nil: none

	NoConstant bool
}

// Errors is the kind of standard errors. With residuals e, regressors x, n rows, G clusters
// and k degrees of freedom that are estimated, the covariance of β is
//
//	Classical  σ²(X'X)⁻¹, σ² = Σe²/(n-k)
//	HC0        (X'X)⁻¹ Σ xx'e² (X'X)⁻¹
//	HC1        HC0 · n/(n-k)
//	Cluster0   (X'X)⁻¹ Σ_g (Σ_g xe)(Σ_g xe)' (X'X)⁻¹
//	Cluster1   Cluster0 · G/(G-1) · (n-1)/(n-k')
//
// where k' leaves out fixed effects that are nested in clusters, but counts one constant.
// With two dimensions of clusters it is the sum of both less that of their intersection,
// and G the smaller number.
//
// Source: White (1980), Econometrica 48, 817; MacKinnon & White (1985), Journal of
// Econometrics 29, 305; Liang & Zeger (1986), Biometrika 73, 13; Cameron, Gelbach & Miller
// (2011), Journal of Business & Economic Statistics 29, 238; k' as in Correia (2017), reghdfe.
type Errors uint8

const (
	Classical Errors = iota
	HC0
	HC1
	Cluster0
	Cluster1
)

func (e Errors) clustered() bool { return e == Cluster0 || e == Cluster1 }

// Fit is an estimated regression with k coefficients in the order of Data.X, the constant,
// if any, last.
type Fit struct {
	Coef     []float64
	SE       []float64
	Cov      []float64 // k × k, by rows
	Residual []float64 // a row each, y less everything that is fitted, fixed effects too
	Rows     int
	Clusters int     // 0 unless the errors are clustered; of two dimensions the smaller
	Absorbed int     // degrees of freedom that the fixed effects take
	Freedom  int     // degrees of freedom that are left: rows - coefficients - Absorbed
	Sigma    float64 // residual standard deviation, √(Σwe²/Freedom)
	R2       float64 // share of the variation of y about its mean; about 0 without a constant; NaN if there is none
	Within   float64 // share of the variation that fixed effects leave
}

// Interval returns the interval of coefficient j that holds with probability level, from
// Student's t with clusters - 1 degrees of freedom for clustered errors and else Freedom.
// It panics unless 0 < level < 1.
func (f *Fit) Interval(j int, level float64) (low, high float64) {
	if !(level > 0 && level < 1) {
		panic("regress: level must lie between 0 and 1")
	}
	half := quantileT(1-(1-level)/2, f.freedomOfTests()) * f.SE[j]
	return f.Coef[j] - half, f.Coef[j] + half
}

// PValue returns the probability of an estimate at least as far from value as that of
// coefficient j, if value were the truth.
func (f *Fit) PValue(j int, value float64) float64 {
	t := (f.Coef[j] - value) / f.SE[j]
	return tailF(t*t, 1, f.freedomOfTests())
}

func (f *Fit) freedomOfTests() float64 {
	if f.Clusters > 0 {
		return float64(f.Clusters - 1)
	}
	return float64(f.Freedom)
}

// quantileT returns the quantile of Student's t. One degree of freedom is Cauchy's
// distribution, which has no mean and therefore no place in package distribution.
func quantileT(u, freedom float64) float64 {
	if freedom <= 1 {
		return math.Tan(math.Pi * (u - .5))
	}
	return distribution.NewStudentT(0, 1, freedom).Quantile(u)
}

// tailF returns P(F > f) of Snedecor's F with a and b degrees of freedom.
func tailF(f, a, b float64) float64 {
	if math.IsNaN(f) {
		return math.NaN()
	}
	if math.IsInf(f, 1) {
		return 0
	}
	return distribution.BetaI(b/2, a/2, b/(b+a*f))
}
