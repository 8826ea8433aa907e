package forecast

import "math"

// minimizeScalar returns the minimum of f on [lo, hi]: a grid of 20 steps to
// find the valley, then golden sections to within 1e-6 of its width.
func minimizeScalar(f func(float64) float64, lo, hi float64) float64 {
	const steps = 20
	width := (hi - lo) / steps
	best, least := lo, math.Inf(1)
	for i := 0; i <= steps; i++ {
		x := lo + float64(i)*width
		if v := f(x); v < least {
			best, least = x, v
		}
	}
	a, b := math.Max(lo, best-width), math.Min(hi, best+width)
	golden := (math.Sqrt(5) - 1) / 2
	c, d := b-golden*(b-a), a+golden*(b-a)
	fc, fd := f(c), f(d)
	for b-a > 1e-6*(hi-lo) {
		if fc <= fd {
			b, d, fd = d, c, fc
			c = b - golden*(b-a)
			fc = f(c)
		} else {
			a, c, fc = c, d, fd
			d = a + golden*(b-a)
			fd = f(d)
		}
	}
	if mid := (a + b) / 2; f(mid) < least {
		return mid
	}
	return best
}

// point is a place in the plane and the value of the function there.
type point struct{ x, y, f float64 }

// minimizePlane returns a local minimum of f near (x, y) by the simplex method
// of Nelder & Mead (1965), with first steps of the given size.
func minimizePlane(f func(x, y float64) float64, x, y, size float64) (float64, float64) {
	at := func(x, y float64) point { return point{x, y, f(x, y)} }
	best, middle, worst := at(x, y), at(x+size, y), at(x, y+size)
	for range 200 {
		if middle.f < best.f {
			best, middle = middle, best
		}
		if worst.f < middle.f {
			middle, worst = worst, middle
		}
		if middle.f < best.f {
			best, middle = middle, best
		}
		spread := math.Abs(worst.x-best.x) + math.Abs(worst.y-best.y) + math.Abs(middle.x-best.x) + math.Abs(middle.y-best.y)
		if spread < 1e-3*size {
			break
		}
		cx, cy := (best.x+middle.x)/2, (best.y+middle.y)/2
		along := func(k float64) point { return at(cx+k*(worst.x-cx), cy+k*(worst.y-cy)) }
		reflected := along(-1)
		switch {
		case reflected.f < best.f:
			if expanded := along(-2); expanded.f < reflected.f {
				worst = expanded
			} else {
				worst = reflected
			}
		case reflected.f < middle.f:
			worst = reflected
		default:
			if contracted := along(0.5); contracted.f < worst.f {
				worst = contracted
			} else {
				middle = at((best.x+middle.x)/2, (best.y+middle.y)/2)
				worst = at((best.x+worst.x)/2, (best.y+worst.y)/2)
			}
		}
	}
	return best.x, best.y
}
