package policy

import "math/rand/v2"

// qPrimes are the bases of the Halton sequence. Further coordinates are drawn at random:
// in high bases the sequence is too coarse to be any better.
var qPrimes = [...]uint64{2, 3, 5, 7, 11, 13, 17, 19, 23, 29, 31, 37}

// qDraws says which uniforms belong to a number: those of a low-discrepancy sequence
// turned by a random angle in each coordinate, or independent ones. A mean over the first
// n numbers of the former misses by little more than 1/n in place of 1/√n.
//
// Sources: Halton (1960), doi:10.1007/BF01386213; Cranley & Patterson (1976),
// doi:10.1137/0713071; Lapeyre, Pagès & Sab, Sequences with low discrepancy:
// generalisation and application to Robbins-Monro algorithm (1990),
// doi:10.1080/02331889008802246.
type qDraws struct {
	seed   uint64
	random bool
	turn   [len(qPrimes)]float64
	pcg    rand.PCG
}

func newQDraws(seed uint64, random bool) *qDraws {
	d := &qDraws{seed: seed, random: random}
	d.pcg.Seed(seed, ^uint64(0))
	for j := range d.turn {
		d.turn[j] = qUniform(&d.pcg)
	}
	return d
}

// fill writes the uniforms of draw k.
func (d *qDraws) fill(u []float64, k int) {
	d.pcg.Seed(d.seed, uint64(k))
	for j := range u {
		if d.random || j >= len(qPrimes) {
			u[j] = qUniform(&d.pcg)
			continue
		}
		x := qRadicalInverse(uint64(k)+1, qPrimes[j]) + d.turn[j]
		if x >= 1 {
			x--
		}
		u[j] = min(max(x, 0x1p-53), 1-0x1p-53)
	}
}

// qRadicalInverse mirrors the digits of k at the point.
func qRadicalInverse(k, base uint64) float64 {
	x, scale := 0., 1/float64(base)
	for step := scale; k > 0; step *= scale {
		x += float64(k%base) * step
		k /= base
	}
	return x
}

// qUniform draws from the open interval (0, 1).
func qUniform(pcg *rand.PCG) float64 { return (float64(pcg.Uint64()>>12) + .5) * 0x1p-52 }
