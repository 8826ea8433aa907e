package forecast

import (
	"math/rand/v2"

	"tradewind/numeric/tree"
)

// GlobalForestForm sets up FitGlobalForest. Only Horizon must be given.
type GlobalForestForm struct {
	GlobalForm
	// Forest is how the trees grow; what is zero in it takes a default of its own: 60 trees,
	// leaves of at least 20 rows.
	Forest tree.ForestForm
}

// GlobalForest forecasts all series of a class as GlobalBoost does, with random forests: the
// middle is a mean of what followed where the past looked alike.
//
// Source: as of GlobalBoost; Breiman, Random forests (2001), Machine Learning 45, 5-32.
type GlobalForest struct {
	Models []*tree.Forest // one on the scale of the values, one on that of their logarithms; of counts one
	trees  globalTrees
}

// FitGlobalForest is to GlobalForest what FitGlobalBoost is to GlobalBoost.
func FitGlobalForest(series [][]float64, form GlobalForestForm, rng *rand.Rand) (*GlobalForest, error) {
	g := &GlobalForest{trees: globalTrees{form: form.GlobalForm.withDefaults()}}
	forest := form.Forest
	if forest.Trees == 0 {
		forest.Trees = 60
	}
	if forest.MinRows == 0 {
		forest.MinRows = 20
	}
	err := g.trees.learn("global forest", series, rng, func(rows tree.Data, last bool) (func([]float64) float64, error) {
		own := forest
		if !last {
			own.Trees = max(1, own.Trees/2) // enough to see how far off it is
		}
		m, err := tree.FitForest(rows, own, rng)
		if err != nil {
			return nil, err
		}
		if last {
			g.Models = append(g.Models, m)
		}
		return m.PredictRow, nil
	})
	if err != nil {
		return nil, err
	}
	return g, nil
}

// Forecast is as that of GlobalBoost.
func (g *GlobalForest) Forecast(past []float64, h int) (Forecast, error) {
	return g.trees.forecast(past, h)
}

// Method is as that of GlobalBoost.
func (g *GlobalForest) Method() Method { return Method{Name: "global forest", Forecast: g.Forecast} }
