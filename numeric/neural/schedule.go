package neural

import "math"

// cosine is the share of the learning rate at a step: 1 at first, 0 after the last.
//
// Source: Loshchilov & Hutter, SGDR (2017), arXiv:1608.03983, equation 5 without restarts.
func cosine(step, steps int) float64 {
	return .5 * (1 + math.Cos(math.Pi*float64(step)/float64(steps)))
}
