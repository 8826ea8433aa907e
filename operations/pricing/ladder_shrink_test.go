package pricing

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"gonum.org/v1/gonum/mat"
	"pgregory.net/rapid"

	"tradewind/commerce"
)

// family is a kinship of items in three categories.
func family(products ...int) *kinship {
	p := &Panel{}
	for s, items := range products {
		for i := range items {
			p.Items = append(p.Items, commerce.Item{SKU: commerce.SKU(rune('a' + s)), Market: commerce.Market(rune('A' + i))})
			p.Category = append(p.Category, string(rune('x'+s%3)))
		}
	}
	return newKinship(p)
}

// TestKinshipIsTheNormalPosterior holds the message passing against the textbook's formula
// for normal variables, with the covariance of all items written out:
//
//	E[θ|y] = m + C (C + V)⁻¹ (y - m),  Cov = C - C (C + V)⁻¹ C,
//
// and its likelihood against the density of y. Source: Bishop, Pattern Recognition and
// Machine Learning (2006), equations 2.81 and 2.82.
func TestKinshipIsTheNormalPosterior(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		k := family(3, 1, 2, 4, 2)
		n := len(k.product)
		spread := rapid.Float64Range(.05, .8)
		k.spread = [3]float64{spread.Draw(t, "item"), spread.Draw(t, "product"), spread.Draw(t, "category")}
		value, variance := make([]float64, n), make([]float64, n)
		for i := range value {
			value[i] = rapid.Float64Range(-1, 3).Draw(t, "value")
			variance[i] = math.Pow(rapid.Float64Range(.05, 2).Draw(t, "se"), 2)
		}
		got := k.up(value, variance)
		k.down(value, variance)

		prior, total := mat.NewSymDense(n, nil), mat.NewSymDense(n, nil)
		off := mat.NewVecDense(n, nil)
		for i := range n {
			off.SetVec(i, value[i]-priorMean)
			for j := range i + 1 {
				c := priorSD * priorSD
				a, b := k.product[i], k.product[j]
				if k.category[a] == k.category[b] {
					c += k.spread[2] * k.spread[2]
				}
				if a == b {
					c += k.spread[1] * k.spread[1]
				}
				if i == j {
					c += k.spread[0] * k.spread[0]
				}
				prior.SetSym(i, j, c)
				total.SetSym(i, j, c)
			}
			total.SetSym(i, i, prior.At(i, i)+variance[i])
		}
		var factor mat.Cholesky
		factor.Factorize(total)
		var solved mat.VecDense
		if err := factor.SolveVecTo(&solved, off); err != nil {
			t.Fatal(err)
		}
		if want := -.5 * (factor.LogDet() + mat.Dot(off, &solved)); math.Abs(got-want) > 1e-8 {
			t.Fatalf("log likelihood %v, want %v", got, want)
		}
		var gain mat.Dense
		if err := factor.SolveTo(&gain, prior); err != nil {
			t.Fatal(err)
		}
		for i := range n {
			mean, explained := priorMean, 0.0
			for j := range n {
				mean += prior.At(i, j) * solved.AtVec(j)
				explained += prior.At(i, j) * gain.At(j, i)
			}
			if math.Abs(k.mean[i]-mean) > 1e-9 || math.Abs(k.sd[i]-math.Sqrt(prior.At(i, i)-explained)) > 1e-9 {
				t.Fatalf("item %d: %v ± %v, want %v ± %v", i, k.mean[i], k.sd[i], mean, math.Sqrt(prior.At(i, i)-explained))
			}
		}
	})
}

// TestShrinkageLowersTheError draws elasticities and noisy estimates of them: shrunk ones miss
// by at least 40 % less in the square than the estimates do, and the spreads come out near
// those that were drawn.
func TestShrinkageLowersTheError(t *testing.T) {
	rng := rand.New(rand.NewPCG(3, 1))
	products := make([]int, 120)
	for s := range products {
		products[s] = 4
	}
	k := family(products...)
	truth, said := make([]float64, len(k.product)), make([]estimate, len(k.product))
	own := make([]float64, len(products))
	for s := range own {
		own[s] = math.Log(2) + .2*rng.NormFloat64()
	}
	var raw, shrunk, covered float64
	for i, s := range k.product {
		truth[i] = -math.Exp(own[s] + .15*rng.NormFloat64())
		said[i] = estimate{truth[i] + .5*rng.NormFloat64(), .5}
	}
	k.shrink(said)
	for i, want := range truth {
		b := belief{k.mean[i], k.sd[i]}
		raw += math.Pow(said[i].value-want, 2)
		shrunk += math.Pow(b.quantile(.5)-want, 2)
		if b.quantile(.025) <= want && want <= b.quantile(.975) {
			covered++
		}
	}
	if shrunk > .6*raw {
		t.Errorf("squared error %.3f after shrinkage, %.3f before", shrunk, raw)
	}
	if share := covered / float64(len(truth)); share < .92 || share > .98 {
		t.Errorf("95 %% intervals cover %.3f", share)
	}
	if got := math.Hypot(k.spread[0], k.spread[1]); math.Abs(got-.25) > .06 {
		t.Errorf("items differ by %.3f, drawn with .25", got)
	}
}

// TestEstimatesOfTheWrongSignCount: an estimate above 0 with a large error says little, with a
// small one it says that price hardly matters.
func TestEstimatesOfTheWrongSignCount(t *testing.T) {
	answer := func(e estimate) float64 {
		k := family(4, 4, 4, 4)
		said := slices.Repeat([]estimate{{-1.2, .2}, {-3, .2}, {-2, .2}}, 6)[:len(k.product)]
		said[0] = e
		k.shrink(said)
		return -math.Exp(k.mean[0])
	}
	nothing, vague, sharp := answer(estimate{}), answer(estimate{.5, 3}), answer(estimate{.2, .15})
	if math.Abs(nothing-vague) > .2 || sharp < -1 || nothing > -1.6 || nothing < -2.6 {
		t.Errorf("%.2f without an estimate, %.2f after .5 ± 3, %.2f after .2 ± .15", nothing, vague, sharp)
	}
}

func TestEstimatesAddUpByPrecision(t *testing.T) {
	got := estimate{-1, .3}.and(estimate{-2, .3})
	if math.Abs(got.value+1.5) > 1e-12 || math.Abs(got.se-.3/math.Sqrt2) > 1e-12 {
		t.Errorf("%+v", got)
	}
	if got := (estimate{}).and(estimate{-2, .3}); got != (estimate{-2, .3}) {
		t.Errorf("%+v", got)
	}
}
