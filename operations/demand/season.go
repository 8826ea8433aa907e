package demand

import (
	"math"
	"slices"
)

// A season is learnt from the year before. The calendar has what all series share of it;
// here stands what a series has beside that: Christmas decorations sell in November what
// garden chairs do not.
//
// In a block of four weeks, a year ago, a series sold on x days, and on N days in the
// block and in the eight weeks before it. x is a beta-binomial count,
//
//	x | π ~ Binomial(N, π),   π ~ Beta(mean π₀, intraclass correlation ρ),
//
// π₀ being the share of all series. Series always differ somewhat in their growth, for
// reasons that do not come back, so that only what ρ is beyond its usual value ρ₀ over the
// year counts as season. The days of sale are worth fewer for the same reason,
// N' = N / (1 + (N-1) ρ₀), and with φ = 1/(ρ-ρ₀) - 1
//
//	E[π] = (φ π₀ + x N'/N) / (φ + N'),
//
// from which the factor of the series is the ratio of the odds of E[π] and π₀.
type season struct {
	share  float64 // π₀
	own    float64 // ρ - ρ₀, at least 0
	common float64 // ρ₀
}

const (
	seasonBlocks = (horizon + held - 1) / held
	seasonEdge   = 7   // days by which a block is widened on both sides: a season may come early or late
	seasonBefore = 56  // days before a block that it is compared with
	leastSeason  = 100 // series that a season is learnt from at the least
)

// soldDays are the days with a sale of a series in a block, and in all that it is compared
// with.
type soldDays struct{ in, all float64 }

// around counts the days with a sale in the block of four weeks that starts block blocks
// after day p, and in the weeks before p. It reports false where the series is too young.
func (y *Series) around(p, block, end int) (c soldDays, ok bool) {
	if y.first > p-held {
		return c, false
	}
	from, to := p+block*held-seasonEdge, min(end, p+(block+1)*held+seasonEdge)
	for t := max(y.first, p-seasonEdge-seasonBefore); t < to; t++ {
		if y.Units[t] > 0 {
			switch {
			case t >= from:
				c.in++
				c.all++
			case t < p-seasonEdge:
				c.all++
			}
		}
	}
	return c, true
}

// seasonsOf learns how far the seasons of series differ, for each block ahead. It returns
// nil where there is less than a year and a quarter of history.
func (o *origin) seasonsOf(grown []Series) []season {
	p := o.n - year
	if p < held+seasonBefore {
		return nil
	}
	var known []*Series
	for i := range grown {
		if grown[i].sellsBy(o.n) {
			known = append(known, &grown[i])
		}
	}
	var usual []float64
	for at := p; at+held+seasonEdge <= o.n; at += held {
		if _, rho, n := correlation(known, at, 0, o.n); n >= leastSeason {
			usual = append(usual, rho)
		}
	}
	if len(usual) < 6 {
		return nil
	}
	slices.Sort(usual)
	common := math.Max(0, usual[len(usual)/2])
	list := make([]season, seasonBlocks)
	for b := range list {
		share, rho, n := correlation(known, p, b, o.n)
		if n >= leastSeason {
			list[b] = season{share, math.Max(0, rho-common), common}
		}
	}
	return list
}

// correlation returns π₀, ρ by moments and the number of series.
func correlation(list []*Series, p, block, end int) (share, rho float64, n int) {
	var all []soldDays
	in, sum := 0.0, 0.0
	for _, y := range list {
		if c, ok := y.around(p, block, end); ok && c.all >= 4 {
			all = append(all, c)
			in += c.in
			sum += c.all
		}
	}
	if in == 0 || in == sum {
		return 0, 0, 0
	}
	share = in / sum
	excess, pairs := 0.0, 0.0
	for _, c := range all {
		d := c.in - c.all*share
		excess += d*d - c.all*share*(1-share)
		pairs += c.all * (c.all - 1) * share * (1 - share)
	}
	return share, excess / pairs, len(all)
}

// factor is the season of a series beside the shop's.
func (s season) factor(c soldDays) float64 {
	if s.own <= 0 || c.all == 0 {
		return 1
	}
	precision := 1/s.own - 1
	worth := c.all / (1 + (c.all-1)*s.common)
	share := (precision*s.share + worth*c.in/c.all) / (precision + worth)
	return share / (1 - share) / (s.share / (1 - s.share))
}

// factors are those of a series for the blocks ahead; nil where none is known.
func (o *origin) factors(y *Series, blocks int) []float64 {
	if o.seasons == nil {
		return nil
	}
	out := make([]float64, blocks)
	for b := range out {
		out[b] = 1
		if c, ok := y.around(o.n-year, b, o.n); ok {
			out[b] = o.seasons[b].factor(c)
		}
	}
	return out
}

// aheadOf are the offsets of the coming days of a series: the calendar with its own season.
func (o *origin) aheadOf(y *Series) []float64 {
	factors := o.factors(y, seasonBlocks)
	if factors == nil {
		return o.ahead()
	}
	out := slices.Clone(o.ahead())
	for t := range out {
		out[t] *= factors[t/held]
	}
	return out
}
