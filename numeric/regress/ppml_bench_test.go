package regress

import (
	"math"
	"math/rand/v2"
	"testing"
)

// weekly makes items × weeks of counts whose prices answer to the season: log mean =
// item + week - 2 log price + .5 promotion + .1 rival. About two thirds are zeros.
func weekly(items, weeks int, rng *rand.Rand) *Data {
	d := &Data{X: make([][]float64, 3), Absorb: make([][]int32, 2)}
	season := make([]float64, weeks)
	for t := range season {
		season[t] = .5*math.Sin(2*math.Pi*float64(t)/52) + .1*rng.NormFloat64()
	}
	for i := range items {
		level, price := -1.5+1.5*rng.NormFloat64(), .2*rng.NormFloat64()
		for t := range weeks {
			if rng.Float64() < .05 {
				price = .2 * rng.NormFloat64()
			}
			promotion := 0.0
			if rng.Float64() < .1 {
				promotion = 1
			}
			x := []float64{price + .3*season[t] - .1*promotion, promotion, rng.NormFloat64()}
			mean := math.Exp(level + season[t] - 2*x[0] + .5*x[1] + .1*x[2])
			d.Y = append(d.Y, poissonDraw(mean, rng))
			for j := range x {
				d.X[j] = append(d.X[j], x[j])
			}
			d.Absorb[0] = append(d.Absorb[0], int32(i))
			d.Absorb[1] = append(d.Absorb[1], int32(t))
		}
	}
	d.Cluster = d.Absorb[0]
	return d
}

// poissonDraw counts uniforms until their product is small; large means come in pieces.
func poissonDraw(mean float64, rng *rand.Rand) float64 {
	if mean > 30 {
		return poissonDraw(30, rng) + poissonDraw(mean-30, rng)
	}
	n, product, least := 0.0, rng.Float64(), math.Exp(-mean)
	for product > least {
		product *= rng.Float64()
		n++
	}
	return n
}

func BenchmarkPPML(b *testing.B) {
	d := weekly(10_000, 104, rand.New(rand.NewPCG(1, 1)))
	zeros := 0
	for _, y := range d.Y {
		if y == 0 {
			zeros++
		}
	}
	b.ResetTimer()
	var p *Poisson
	for b.Loop() {
		var err error
		if p, err = PPML(d, Cluster1); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(zeros)/float64(len(d.Y)), "zeros")
	b.ReportMetric(float64(p.Iterations), "iterations")
	b.ReportMetric(p.Coef[0], "price")
}
