package forecast

import (
	"math"
	"math/rand/v2"

	"tradewind/numeric/distribution"
)

// Path draws the coming periods jointly into dst, at most as many as are forecast. Each
// period has its own distribution, and all share one cause, so that the variance of their
// sum is that of Total:
//
//	u_t = Φ(√ρ z + √(1-ρ) z_t),   ρ = (Var[Total] - Σ σ²_t) / ΣΣ_{s≠t} σ_s σ_t  in [0, 1].
//
// A method that can be run forward has a Path of its own, which knows more of the order
// in which things happen; this one serves whatever has distributions only.
//
// Source: Vasicek, The distribution of loan portfolio value (2002), the one-factor Gaussian copula.
func (f Forecast) Path(dst []float64, rng *rand.Rand) {
	rho := f.dependence(len(dst))
	shared, own := math.Sqrt(rho)*rng.NormFloat64(), math.Sqrt(1-rho)
	for t := range dst {
		u := standardNormal.CDF(shared + own*rng.NormFloat64())
		dst[t] = f.Period[t].Quantile(math.Min(math.Max(u, 0x1p-52), 1-0x1p-52))
	}
}

var standardNormal = distribution.NewNormal(0, 1)

// dependence is the correlation that the variance of the total tells of. With fewer periods
// than were forecast it stays that of all.
func (f Forecast) dependence(n int) float64 {
	if n > len(f.Period) {
		panic("forecast: a path longer than the forecast")
	}
	sum, squares := 0.0, 0.0
	for _, d := range f.Period {
		v := d.Variance()
		squares += v
		sum += math.Sqrt(v)
	}
	cross := sum*sum - squares
	if !(cross > 0) || f.Total == nil {
		return 0
	}
	return math.Min(1, math.Max(0, (f.Total.Variance()-squares)/cross))
}
