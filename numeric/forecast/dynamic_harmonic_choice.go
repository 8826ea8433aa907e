package forecast

import (
	"cmp"
	"math"
	"slices"
)

// harmonicChoice judges numbers of harmonics by AICc under ARIMA(1,d,1) errors. At given ARMA
// coefficients one pass of the filter over all columns is enough for every choice; coefficients and
// choice are found in turn.
type harmonicChoice struct {
	form   ARIMAForm
	widest Fourier
	all    *fourierColumns
	y      []float64 // without gaps
	data   []float64 // differenced: series, constant, waves
	n      int

	cross  []float64 // of the filtered columns, k x k
	along  []float64 // with the series
	total  float64   // of the series
	logDet float64
	keep   []int // scratch
	system []float64
	solved []float64
}

// chooseHarmonics returns the numbers of harmonics with the least AICc, and the ARIMA(1,d,1)
// regression on them.
func chooseHarmonics(y []float64, widest Fourier) (Fourier, *ARIMA, error) {
	c := &harmonicChoice{widest: widest, all: widest.columns(), y: y}
	c.form = ARIMAForm{P: 1, Q: 1, Constant: true, Period: 1}
	rest, err := withoutRegression(y, c.form, c.all)
	if err != nil {
		return widest, nil, err
	}
	c.form.D = unitRootDifferences(rest)
	chosen, columns := widest, c.all
	c.prepare()
	var angles []float64
	for range 3 {
		model, err := fitARIMA(y, c.form, columns, angles)
		if err != nil {
			return widest, nil, err
		}
		angles = model.angles
		c.filter(angles)
		next := c.choose()
		same := true
		for i, k := range next.Harmonics {
			same = same && k == chosen.Harmonics[i]
		}
		if same || !next.any() {
			return next, model, nil
		}
		chosen, columns = next, next.columns()
	}
	model, err := fitARIMA(y, c.form, columns, angles)
	return chosen, model, err
}

// prepare differences the series and all columns.
func (c *harmonicChoice) prepare() {
	lead := firstObserved(c.y)
	y := append([]float64(nil), c.y[lead:]...)
	mean := 0.0
	for _, v := range y {
		mean += v / float64(len(y))
	}
	for t := range y {
		y[t] -= mean
	}
	names := len(c.all.names)
	rows := make([]float64, len(y)*names)
	for t := range y {
		c.all.Row(rows[t*names:], lead+t)
	}
	add := func(column []float64) {
		column = c.form.difference(column)
		c.n = len(column)
		c.data = append(c.data, column...)
	}
	add(y)
	constant := make([]float64, len(y)) // a mean, or a drift
	for t := range constant {
		constant[t] = 1
		if c.form.D > 0 {
			constant[t] = float64(t)
		}
	}
	if c.form.D < 2 {
		add(constant)
	}
	for j := range names {
		column := make([]float64, len(y))
		for t := range column {
			column[t] = rows[t*names+j]
		}
		add(column)
	}
	k := len(c.data)/c.n - 1
	c.cross, c.along = make([]float64, k*k), make([]float64, k)
	c.system, c.solved = make([]float64, k*k), make([]float64, k)
}

// filter passes all columns at the angles of an error model.
func (c *harmonicChoice) filter(angles []float64) {
	f := newARIMAFilter(c.form.order(), c.data, c.n, 0)
	f.order.natural(f.natural, angles)
	f.run()
	k := len(c.along)
	y := f.column(0)[:c.n]
	for i := range k {
		a := f.column(i + 1)[:c.n]
		for j := range i + 1 {
			v := arimaDot(a, f.column(j + 1)[:c.n])
			c.cross[i*k+j], c.cross[j*k+i] = v, v
		}
		c.along[i] = arimaDot(a, y)
	}
	c.total, c.logDet = arimaDot(y, y), f.logDet
}

// choose raises and lowers the number of harmonics of one period after the other, from none and with
// the shortest period first, until AICc is at its least.
func (c *harmonicChoice) choose() Fourier {
	periods := len(c.widest.Periods)
	best := Fourier{Periods: c.widest.Periods, Harmonics: make([]int, periods)}
	order := make([]int, periods)
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(i, j int) int { return cmp.Compare(best.Periods[i], best.Periods[j]) })
	least := c.aicc(best.Harmonics)
	trial := append([]int(nil), best.Harmonics...)
	for range 4 {
		changed := false
		for _, i := range order {
			for k := range c.widest.Harmonics[i] + 1 {
				trial[i] = k
				if v := c.aicc(trial); v < least {
					least, changed = v, true
					best.Harmonics[i] = k
				}
			}
			trial[i] = best.Harmonics[i]
		}
		if !changed || len(trial) == 1 {
			break
		}
	}
	return best
}

// aicc is that of the columns of so many harmonics.
func (c *harmonicChoice) aicc(harmonics []int) float64 {
	c.keep = c.keep[:0]
	column := 0
	if len(c.along) > len(c.all.names) {
		c.keep = append(c.keep, 0)
		column = 1
	}
	for i, w := range c.all.waves {
		width := 1
		if w.sine {
			width = 2
		}
		if c.used(i, harmonics) {
			for j := range width {
				c.keep = append(c.keep, column+j)
			}
		}
		column += width
	}
	k, all := len(c.keep), len(c.along)
	for i, a := range c.keep {
		for j, b := range c.keep[:i+1] {
			c.system[i*k+j] = c.cross[a*all+b]
		}
		c.solved[i] = c.along[a]
	}
	if !arimaCholesky(c.system, k) {
		return math.Inf(1)
	}
	arimaForward(c.system, c.solved[:k], k)
	squares := c.total - arimaDot(c.solved[:k], c.solved[:k])
	n, parameters := float64(c.n), float64(k+c.form.P+c.form.Q+1)
	if !(squares > 0) || n <= parameters+1 {
		return math.Inf(1)
	}
	return n*math.Log(squares/n) + c.logDet + 2*parameters*n/(n-parameters-1)
}

// used reports whether wave i is among so many harmonics of its own period, or of another that has
// it too.
func (c *harmonicChoice) used(i int, harmonics []int) bool {
	for j, period := range c.widest.Periods {
		if k := c.all.waves[i].frequency * period; math.Abs(k-math.Round(k)) < 1e-6 && int(math.Round(k)) <= harmonics[j] && k > .5 {
			return true
		}
	}
	return false
}
