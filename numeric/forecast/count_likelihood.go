package forecast

import "math"

// countCase is a count that came, and what was known before.
type countCase struct{ y, mean, logMean, logLump float64 }

// negativeBinomialLoss is -log P(y) without what depends on y alone.
func negativeBinomialLoss(y, mean, size float64) float64 {
	loss := size * math.Log1p(mean/size)
	if y > 0 {
		loss += y*math.Log1p(size/mean) - logRising(size, y)
	}
	return loss
}

// logRising is log Γ(r+y)/Γ(r).
func logRising(r, y float64) float64 {
	if y <= 12 && y == math.Floor(y) {
		product := 1.0
		for j := range int(y) {
			product *= r + float64(j)
		}
		return math.Log(product)
	}
	if r > 1e6 { // differences of large logarithms lose their digits
		return y*math.Log(r) + y*(y-1)/(2*r)
	}
	above, _ := math.Lgamma(r + y)
	below, _ := math.Lgamma(r)
	return above - below
}

// The lines that are taken where there is little to learn from: about what parts, shops and
// simulated lumps have in common. A total of several periods has less noise of its own.
var (
	usualPeriod = SizeLine{Level: 1.5, Slope: 1, Lump: -1.5}
	usualTotal  = SizeLine{Level: 0.5, Slope: 1, Lump: -1.5}
)

// fitSizeLine maximises the likelihood of counts with given means, idle periods among them;
// a pull to the usual line is worth as much as a few counts. The loss is without that.
func fitSizeLine(cases []countCase, usual SizeLine, idle float64) (line SizeLine, loss float64) {
	const pull = 2
	x := []float64{usual.Level, usual.Slope, usual.Lump}
	least := new(nelderMead{Tolerance: 1e-7}).minimize(func(p []float64) float64 {
		a, b, c := p[0]-usual.Level, p[1]-usual.Slope, p[2]-usual.Lump
		return pull*(a*a+4*b*b+4*c*c) + lossOf(cases, SizeLine{p[0], p[1], p[2]}, idle)
	}, x, []float64{.5, .2, .3})
	line = SizeLine{x[0], x[1], x[2]}
	a, b, c := x[0]-usual.Level, x[1]-usual.Slope, x[2]-usual.Lump
	return line, least - pull*(a*a+4*b*b+4*c*c)
}

// lossOf sums the losses of counts that are idle with some probability.
func lossOf(cases []countCase, line SizeLine, idle float64) float64 {
	loss, logActive := 0.0, math.Log1p(-idle)
	for i := range cases {
		c := &cases[i]
		own := negativeBinomialLoss(c.y, c.mean/(1-idle), line.size(c.logMean-logActive, c.logLump))
		switch {
		case idle == 0:
			loss += own
		case c.y == 0:
			loss -= math.Log(idle + (1-idle)*math.Exp(-own))
		default:
			loss += own - logActive
		}
	}
	return loss
}

// fitIdle fits the law of single counts, with idle periods only where these are worth it:
// fitted to one half of the counts they have to better the log score of the other half, by
// more than two standard errors.
func fitIdle(cases []countCase) (line SizeLine, idle float64) {
	line, _ = fitSizeLine(cases, usualPeriod, 0)
	if len(cases) < 100 {
		return line, 0
	}
	half := len(cases) / 2
	plain, _ := fitSizeLine(cases[:half], usualPeriod, 0)
	best, least := 0.0, math.Inf(1)
	var other SizeLine
	for _, share := range [...]float64{.02, .05, .1, .2, .3, .5} {
		l, loss := fitSizeLine(cases[:half], usualPeriod, share)
		if loss >= least {
			break
		}
		best, least, other = share, loss, l
	}
	mean, squares, n := 0.0, 0.0, 0.0
	for i := half; i < len(cases); i++ {
		one := cases[i : i+1]
		gain := lossOf(one, plain, 0) - lossOf(one, other, best)
		n++
		gap := gain - mean
		mean += gap / n
		squares += gap * (gain - mean)
	}
	if mean <= 2*math.Sqrt(squares/n/n) {
		return line, 0
	}
	line, _ = fitSizeLine(cases, usualPeriod, best)
	return line, best
}

// fitCountPrior learns the law of the rates of many series from discounted sums of counts a and
// of offsets b, a ~ negative binomial(mean·b, size Evidence). A weak pull to an evidence of
// 1 decides where a single series is all there is.
func fitCountPrior(a, b []float64) Rate {
	sumA, sumB := 0.0, 0.0
	for i := range a {
		sumA += a[i]
		sumB += b[i]
	}
	if !(sumA > 0 && sumB > 0) {
		return Rate{}
	}
	x := []float64{0, math.Log(sumA / sumB)}
	new(nelderMead{Tolerance: 1e-7}).minimize(func(p []float64) float64 {
		evidence, mean := math.Exp(math.Min(math.Max(p[0], -9), 16)), math.Exp(p[1])
		loss := .5 * p[0] * p[0]
		for i := range a {
			if b[i] > 0 {
				loss += negativeBinomialLoss(a[i], mean*b[i], evidence)
			}
		}
		return loss
	}, x, []float64{.5, .3})
	return Rate{Mean: math.Exp(x[1]), Evidence: math.Exp(x[0])}
}
