package forecast

import (
	"math"
	"math/rand/v2"

	"tradewind/numeric/tree"
)

// globalTrees are models of one class, one on the scale of the values and one on that of
// their logarithms, whose forecasts are averaged.
type globalTrees struct {
	form    GlobalForm
	members []globalMember
	spread  *globalSpread
}

type globalMember struct {
	logs    bool
	predict func(row []float64) float64
}

// learner fits a model to rows; the last one is kept.
type learner func(rows tree.Data, last bool) (predict func(row []float64) float64, err error)

// learn fits every model twice: first without the last horizon of each past, which shows
// how far off it is, then with it.
func (g *globalTrees) learn(name string, series [][]float64, rng *rand.Rand, fit learner) error {
	pasts, longest := globalPasts(series)
	before := g.form.beforeLast(pasts)
	judged := globalTrees{form: g.form}
	if err := judged.grow(before, rng, fit, false); err != nil {
		return err
	}
	if err := g.grow(pasts, rng, fit, true); err != nil {
		return err
	}
	if g.members == nil {
		return &TooShortError{Method: name, Have: longest, Need: leastPast + 1}
	}
	if judged.members == nil { // too short to hold anything out: errors of the fit must do
		judged = *g
		for i, y := range pasts {
			if len(y) > leastPast && observed(y[:leastPast]) > 0 {
				before[i] = y[:leastPast:leastPast]
			}
		}
	}
	var paths []globalPath
	var actual [][]float64
	for i, past := range before {
		if past != nil {
			n := min(len(pasts[i]), len(past)+g.form.Horizon)
			paths, actual = append(paths, judged.path(past, g.form.Horizon)), append(actual, pasts[i][len(past):n])
		}
	}
	g.spread = g.form.spread(paths, actual)
	return nil
}

// grow fits the models of all scales; none where there are no rows.
func (g *globalTrees) grow(pasts [][]float64, rng *rand.Rand, fit learner, last bool) error {
	for _, logs := range g.form.scales() {
		rows := g.form.rows(pasts, logs, rng)
		if len(rows.y) == 0 {
			return nil
		}
		predict, err := fit(rows.data(), last)
		if err != nil {
			return err
		}
		g.members = append(g.members, globalMember{logs, predict})
	}
	return nil
}

// scales says which models look at logarithms.
func (form GlobalForm) scales() []bool {
	if form.Counts {
		return []bool{false}
	}
	return []bool{false, true}
}

// path asks the models. Steps beyond the horizon that they know are like its last.
func (g *globalTrees) path(past []float64, h int) globalPath {
	p := globalPath{make([]float64, h), make([]float64, h)}
	share := 1 / float64(len(g.members))
	var row []float64
	for _, m := range g.members {
		v := g.form.view(past, m.logs)
		if row == nil {
			row = make([]float64, v.width())
		}
		z := 0.0
		for i := range h {
			if i < g.form.Horizon {
				v.features(row, i+1)
				z = m.predict(row)
			}
			y, unit := v.value(i+1, z)
			p.mean[i] += share * y
			p.unit[i] += share * unit
		}
	}
	low, high := sane(past)
	for i, y := range p.mean {
		p.mean[i] = math.Max(low, math.Min(high, y))
		if g.form.Counts {
			p.mean[i] = math.Max(0, y)
		}
	}
	return p
}

func (g *globalTrees) forecast(y []float64, h int) (Forecast, error) {
	past := globalPast(y)
	if observed(past) == 0 {
		return Forecast{}, ErrNothingObserved
	}
	return g.spread.around(g.path(past, h)), nil
}
