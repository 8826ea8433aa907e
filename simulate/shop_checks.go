package simulate

import (
	"math"
	"slices"

	"tradewind/numeric/distribution"
)

// uniformCheck measures the largest distance of places from the uniform distribution.
//
// Source: Stephens, Use of the Kolmogorov–Smirnov statistics without extensive tables
// (1970), JRSS B 32, 115-122, for the law with few places.
func uniformCheck(u []float64) Check {
	n := float64(len(u))
	sorted := slices.Sorted(slices.Values(u))
	d := 0.
	for i, v := range sorted {
		d = max(d, float64(i+1)/n-v, v-float64(i)/n)
	}
	scale := math.Sqrt(n) + .12 + .11/math.Sqrt(n)
	limit := max(closeEnough, farthest(falseAlarm)/scale)
	return Check{Name: CheckUniform, Tested: true, Statistic: d, Limit: limit, Least: math.Inf(-1), P: kolmogorov(d * scale), Passed: d <= limit}
}

// kolmogorov is the probability that the scaled distance exceeds x.
func kolmogorov(x float64) float64 {
	if x < .3 {
		return 1
	}
	sum, sign := 0., 1.
	for j := 1.; j <= 100; j++ {
		term := math.Exp(-2 * j * j * x * x)
		sum += sign * term
		sign = -sign
		if term < 1e-17 {
			break
		}
	}
	return min(1, max(0, 2*sum))
}

// farthest is the scaled distance that is exceeded with probability p.
func farthest(p float64) float64 {
	low, high := .3, 5.
	for range 60 {
		if mid := (low + high) / 2; kolmogorov(mid) > p {
			low = mid
		} else {
			high = mid
		}
	}
	return high
}

// spreadCheck asks whether sales scatter as much as the form says, which knows the log of
// their variance with a standard deviation: that is as if there were fewer places.
func spreadCheck(z []float64, sd float64) Check {
	n, average := float64(len(z)), 0.
	for _, v := range z {
		average += v / n
	}
	variance := 0.
	for _, v := range z {
		variance += (v - average) * (v - average) / (n - 1)
	}
	freedom := 2 / (2/(n-1) + sd*sd)
	upper := chiSquareTail(freedom, freedom*variance)
	p := 2 * min(upper, 1-upper)
	return Check{Name: CheckSpread, Tested: true, Statistic: variance, P: p, Passed: p >= falseAlarm,
		Limit: chiSquareQuantile(freedom, falseAlarm/2) / freedom, Least: chiSquareQuantile(freedom, 1-falseAlarm/2) / freedom}
}

// lags is how many periods back the autocorrelation is looked at.
const lags = 4

// autocorrelationCheck asks whether a period tells something of the next ones that the form
// does not know.
//
// Source: Ljung & Box, On a measure of lack of fit in time series models (1978), Biometrika
// 65, 297-303; pairs across a gap are left out.
func autocorrelationCheck(z []float64, at []int) Check {
	n, average, variance := float64(len(z)), 0., 0.
	for _, v := range z {
		average += v / n
	}
	for _, v := range z {
		variance += (v - average) * (v - average) / n
	}
	q := 0.
	for lag := 1; lag <= lags; lag++ {
		sum, pairs, j := 0., 0., 0
		for i := range z {
			for j < i && at[j] < at[i]-lag {
				j++
			}
			if j < i && at[j] == at[i]-lag {
				sum += (z[i] - average) * (z[j] - average)
				pairs++
			}
		}
		if pairs > 0 {
			r := sum / pairs / variance
			q += r * r * pairs * (n + 2) / n
		}
	}
	p := chiSquareTail(lags, q)
	return Check{Name: CheckAutocorrelation, Tested: true, Statistic: q, Limit: chiSquareQuantile(lags, falseAlarm), Least: math.Inf(-1), P: p, Passed: p >= falseAlarm}
}

// seasonCheck asks whether a wave of a year is left in what the form does not explain.
func seasonCheck(form *ShopForm, z []float64, at []int) Check {
	c := Check{Name: CheckSeason, Limit: chiSquareQuantile(2, falseAlarm), Least: math.Inf(-1), P: 1, Passed: true}
	if float64(at[len(at)-1]-at[0]+1)*form.weeks() < weeksAYear-1 {
		return c
	}
	var x [][]float64
	for _, t := range at {
		angle := 2 * math.Pi / weeksAYear * float64(t) * form.weeks()
		x = append(x, []float64{math.Cos(angle), math.Sin(angle)})
	}
	c.Tested = true
	c.Statistic = float64(len(z)) * explained(x, z)
	c.P = chiSquareTail(2, c.Statistic)
	c.Passed = c.P >= falseAlarm
	return c
}

// explained is the share of the variance of z that two columns explain beside a mean.
func explained(x [][]float64, z []float64) float64 {
	n := float64(len(z))
	var mean [2]float64
	average := 0.
	for i, v := range z {
		average += v / n
		mean[0], mean[1] = mean[0]+x[i][0]/n, mean[1]+x[i][1]/n
	}
	var aa, ab, bb, az, bz, zz float64
	for i, v := range z {
		a, b, d := x[i][0]-mean[0], x[i][1]-mean[1], v-average
		aa, ab, bb = aa+a*a, ab+a*b, bb+b*b
		az, bz, zz = az+a*d, bz+b*d, zz+d*d
	}
	det := aa*bb - ab*ab
	if !(det > 1e-9*aa*bb) || zz == 0 {
		return 0
	}
	return (az*(bb*az-ab*bz) + bz*(aa*bz-ab*az)) / det / zz
}

// deviationCheck asks whether a number of the form lies farther from what the past says of
// it than both know it; the deviation is in standard deviations.
func deviationCheck(name string, deviation float64) Check {
	limit := standardNormal.Quantile(1 - falseAlarm/2)
	c := Check{Name: name, Statistic: deviation, Limit: limit, Least: -limit, P: 1, Passed: true}
	if math.IsNaN(deviation) {
		return c
	}
	c.Tested = true
	c.P = 2 * standardNormal.Survival(math.Abs(deviation))
	c.Passed = c.P >= falseAlarm
	return c
}

func chiSquareTail(freedom, x float64) float64 { return distribution.GammaQ(freedom/2, x/2) }

// chiSquareQuantile is exceeded with probability p.
func chiSquareQuantile(freedom, p float64) float64 {
	return distribution.NewGamma(freedom/2, 2).Quantile(1 - p)
}
