package forecast

import "math"

// etsStart is a first guess of the initial states, from a decomposition of the first seasons.
type etsStart struct {
	mean, level, slope float64   // without and with a trend
	season             []float64 // in the order of its use
}

// fill writes the guess into a vector of parameters, slope and season shrunk by a factor
// in (0, 1]: the nearer to zero, the surer that all means are positive.
func (s *etsStart) fill(x []float64, form ETSForm, shrink float64) {
	x[etsLevel], x[etsSlope] = s.mean, 0
	if form.Trend != ETSNone {
		x[etsLevel] = s.mean + shrink*(s.level-s.mean)
		x[etsSlope] = shrink * s.slope
	}
	centre := 0.0
	if form.Season == ETSMultiplicative {
		centre = 1
	}
	for i := range s.season {
		x[etsSeason+i] = centre + shrink*(s.season[i]-centre)
	}
}

// estimate decomposes y, without gaps, by moving averages over a season or, when there are
// less than three, by a line; then it takes the line through what is left of the first
// two seasons, at least ten values. It uses work, of the length of y.
//
// Source: Hyndman, Koehler, Snyder & Grose (2002), doi:10.1016/S0169-2070(01)00110-8, section 4.
func (s *etsStart) estimate(y, work []float64, kind ETSKind, m int) {
	adjusted := work
	copy(adjusted, y)
	s.season = s.season[:0]
	if kind != ETSNone {
		s.season = s.season[:m]
		etsTrend(work, y, m)
		s.seasonal(y, work, kind)
		for t, v := range y {
			if i := t % m; kind == ETSAdditive {
				adjusted[t] = v - s.season[i]
			} else {
				adjusted[t] = v / s.season[i]
			}
		}
	} else {
		m = 1
	}
	first := adjusted[:min(len(y), max(10, 2*m))]
	sum := 0.0
	for _, v := range first {
		sum += v
	}
	s.mean = sum / float64(len(first))
	s.level, s.slope = etsLine(first)
}

// seasonal is the mean deviation from the trend at each position, around zero or one.
func (s *etsStart) seasonal(y, trend []float64, kind ETSKind) {
	m := len(s.season)
	total := 0.0
	for i := range s.season {
		sum, n := 0.0, 0.0
		for t := i; t < len(y); t += m {
			d := y[t] - trend[t]
			if kind == ETSMultiplicative {
				d = y[t] / trend[t]
			}
			if !math.IsNaN(d) && !math.IsInf(d, 0) {
				sum += d
				n++
			}
		}
		s.season[i] = sum / math.Max(1, n)
		if kind == ETSMultiplicative {
			s.season[i] = math.Max(0.01, s.season[i])
		}
		total += s.season[i]
	}
	mean := total / float64(m)
	for i := range s.season {
		if kind == ETSMultiplicative {
			s.season[i] /= mean
		} else {
			s.season[i] -= mean
		}
	}
}

// etsTrend writes the centred moving average over m periods, NaN at the ends, or a line
// when y has less than three seasons.
func etsTrend(dst, y []float64, m int) {
	n := len(y)
	if n < 3*m {
		level, slope := etsLine(y)
		for t := range dst {
			dst[t] = level + slope*float64(t+1)
		}
		return
	}
	half := m / 2
	for t := range dst {
		dst[t] = math.NaN()
		if t < half || t+half >= n {
			continue
		}
		sum := 0.0
		for _, v := range y[t-half : t+half+1] {
			sum += v
		}
		if m%2 == 0 {
			sum -= (y[t-half] + y[t+half]) / 2
		}
		dst[t] = sum / float64(m)
	}
}

// etsLine is the least-squares line through y at 1, 2, …
func etsLine(y []float64) (level, slope float64) {
	n := float64(len(y))
	sum, cross := 0.0, 0.0
	centre := (n + 1) / 2
	for t, v := range y {
		sum += v
		cross += v * (float64(t+1) - centre)
	}
	if n > 1 {
		slope = cross / (n * (n*n - 1) / 12)
	}
	return sum/n - slope*centre, slope
}
