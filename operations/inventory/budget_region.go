package inventory

import "math"

// priceRegion is where the best prices of cash and volume still may lie: the corners of a
// convex polygon in order, or the two ends of a line where one limit binds nothing.
type priceRegion []LimitPrices

func newPriceRegion(cash, volume float64) priceRegion {
	switch {
	case volume == 0:
		return priceRegion{{}, {Cash: cash}}
	case cash == 0:
		return priceRegion{{}, {Volume: volume}}
	}
	return priceRegion{{}, {Cash: cash}, {Cash: cash, Volume: volume}, {Volume: volume}}
}

// dearest is the dearest price of either limit. In the first region nothing takes of them
// there.
func (r priceRegion) dearest() LimitPrices {
	var p LimitPrices
	for _, q := range r {
		p.Cash, p.Volume = max(p.Cash, q.Cash), max(p.Volume, q.Volume)
	}
	return p
}

// sides are the extents of the region.
func (r priceRegion) sides() LimitPrices {
	dearest := r.dearest()
	var s LimitPrices
	for _, q := range r {
		s.Cash, s.Volume = max(s.Cash, dearest.Cash-q.Cash), max(s.Volume, dearest.Volume-q.Volume)
	}
	return s
}

// narrow reports whether rounding hardly tells the prices of the region apart.
func (r priceRegion) narrow() bool {
	const least = 1e-13
	s, d := r.sides(), r.dearest()
	return s.Cash <= least*d.Cash && s.Volume <= least*d.Volume
}

// centre is the centre of gravity. A region that is as thin as a line has it between the
// two corners that lie farthest apart.
func (r priceRegion) centre() LimitPrices {
	o := r[0]
	var area, cash, volume float64
	for i := 1; i+1 < len(r); i++ {
		a, b := r[i], r[i+1]
		cross := (a.Cash-o.Cash)*(b.Volume-o.Volume) - (b.Cash-o.Cash)*(a.Volume-o.Volume)
		area += cross
		cash += cross * ((a.Cash - o.Cash) + (b.Cash - o.Cash)) / 3
		volume += cross * ((a.Volume - o.Volume) + (b.Volume - o.Volume)) / 3
	}
	far := o
	for _, q := range r {
		if distance(o, q) > distance(o, far) {
			far = q
		}
	}
	const thin = 1e-12
	if s := r.sides(); math.Abs(area) <= thin*s.Cash*s.Volume {
		return LimitPrices{Cash: (o.Cash + far.Cash) / 2, Volume: (o.Volume + far.Volume) / 2}
	}
	return LimitPrices{Cash: o.Cash + cash/area, Volume: o.Volume + volume/area}
}

func distance(a, b LimitPrices) float64 { return math.Hypot(a.Cash-b.Cash, a.Volume-b.Volume) }

// cut keeps the part in which the bound may be lower than at p: the half plane against the
// slope of the bound there.
func (r priceRegion) cut(p, slope LimitPrices) priceRegion {
	rises := func(q LimitPrices) float64 {
		return slope.Cash*(q.Cash-p.Cash) + slope.Volume*(q.Volume-p.Volume)
	}
	var out priceRegion
	for i, a := range r {
		b := r[(i+1)%len(r)]
		x, y := rises(a), rises(b)
		if x <= 0 {
			out = append(out, a)
		}
		if x < 0 && y > 0 || x > 0 && y < 0 {
			share := x / (x - y)
			out = append(out, LimitPrices{Cash: a.Cash + share*(b.Cash-a.Cash), Volume: a.Volume + share*(b.Volume-a.Volume)})
		}
	}
	return out.distinct()
}

// distinct drops corners that repeat the one before.
func (r priceRegion) distinct() priceRegion {
	out := r[:0]
	for i, q := range r {
		if i == 0 || q != out[len(out)-1] {
			out = append(out, q)
		}
	}
	for len(out) > 1 && out[0] == out[len(out)-1] {
		out = out[:len(out)-1]
	}
	return out
}

// least is what the bound is at least within the region, by its slope at p: it is convex.
func (r priceRegion) least(p LimitPrices, bound float64, slope LimitPrices) float64 {
	fall := 0.0
	for _, q := range r {
		fall = min(fall, slope.Cash*(q.Cash-p.Cash)+slope.Volume*(q.Volume-p.Volume))
	}
	return bound + fall
}
