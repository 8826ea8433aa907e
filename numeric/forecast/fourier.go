package forecast

import (
	"fmt"
	"math"
)

// Fourier is a set of cosines and sines,
//
//	cos(2πkt/P), sin(2πkt/P),   k = 1 … K for each period P,
//
// without what is zero at whole times (the sine of period 2) and without a harmonic that an
// earlier period has already.
type Fourier struct {
	Periods   []float64 // above 1; they need not be whole
	Harmonics []int     // K of each period, at most half of it
}

// fourierWave is one harmonic.
type fourierWave struct {
	period    float64 // index and number, for its name
	k         int
	frequency float64 // cycles a period of the series
	sine      bool
}

// waves lists the harmonics in order, with the index of their period.
func (f Fourier) waves() (waves []fourierWave, of []int) {
	for i, period := range f.Periods {
		for k := 1; k <= f.Harmonics[i] && 2*float64(k) <= period; k++ {
			w := fourierWave{period: period, k: k, frequency: float64(k) / period}
			w.sine = 2*float64(k) < period
			twice := false
			for _, other := range waves {
				twice = twice || math.Abs(other.frequency-w.frequency) < 1e-9
			}
			if !twice {
				waves, of = append(waves, w), append(of, i)
			}
		}
	}
	return waves, of
}

// Regressors returns the columns of n periods, cosine before sine, the first period at t = 1.
func (f Fourier) Regressors(n int) []Regressor {
	c := f.columns()
	all := make([]Regressor, len(c.names))
	row := make([]float64, len(c.names))
	for i, name := range c.names {
		all[i] = Regressor{name, make([]float64, n)}
	}
	for t := range n {
		c.Row(row, t)
		for i, v := range row {
			all[i].Values[t] = v
		}
	}
	return all
}

// columns are the waves with their names, ready to be filled in.
func (f Fourier) columns() *fourierColumns {
	c := &fourierColumns{}
	c.waves, c.of = f.waves()
	for _, w := range c.waves {
		c.names = append(c.names, fmt.Sprintf("cos%d/%g", w.k, w.period))
		if w.sine {
			c.names = append(c.names, fmt.Sprintf("sin%d/%g", w.k, w.period))
		}
	}
	return c
}

type fourierColumns struct {
	waves []fourierWave
	of    []int
	names []string
}

// Names returns the names of the columns.
func (c *fourierColumns) Names() []string { return c.names }

// Row fills in the columns at period t.
func (c *fourierColumns) Row(dst []float64, t int) {
	i := 0
	for _, w := range c.waves {
		turns := math.Mod(float64(w.k)*float64(t+1), w.period) / w.period
		sin, cos := math.Sincos(2 * math.Pi * turns)
		dst[i] = cos
		i++
		if w.sine {
			dst[i] = sin
			i++
		}
	}
}
