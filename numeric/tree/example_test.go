package tree_test

import (
	"fmt"
	"math"
	"math/rand/v2"

	"tradewind/numeric/tree"
)

// Amounts that fall in one feature and are larger on two days of the week: the mean is
// held to fall, and the days are categories.
func ExampleFitBoost() {
	rng := rand.New(rand.NewPCG(1, 1))
	data := tree.Data{X: make([][]float64, 2)}
	for i := range 5000 {
		x, day := 1+rng.Float64(), float64(i%7)
		mean := 2 * math.Exp(-x)
		if day == 2 || day == 5 {
			mean *= 5
		}
		data.X[0], data.X[1] = append(data.X[0], x), append(data.X[1], day)
		data.Y = append(data.Y, mean*rng.ExpFloat64())
	}
	b, err := tree.FitBoost(data, tree.BoostForm{
		Loss: tree.Tweedie{Power: 1.9}, MaxLeaves: 8, MinRows: 100,
		Monotone: []int8{-1, 0}, Categorical: []bool{false, true},
	}, nil)
	if err != nil {
		fmt.Println(err)
		return
	}
	low, high := b.PredictRow([]float64{1.1, 2}, 0), b.PredictRow([]float64{1.9, 2}, 0)
	fmt.Println(low > high, b.PredictRow([]float64{1.1, 3}, 0) < low/3)
	// Output: true true
}

// A forest tells how good it is from the rows that each tree has not seen.
func ExampleForest_OutOfBag() {
	rng := rand.New(rand.NewPCG(1, 1))
	data := tree.Data{X: make([][]float64, 2)}
	for range 1000 {
		a, b := rng.Float64(), rng.Float64()
		data.X[0], data.X[1] = append(data.X[0], a), append(data.X[1], b)
		data.Y = append(data.Y, 10*a*b+rng.NormFloat64())
	}
	f, err := tree.FitForest(data, tree.ForestForm{Features: 1, MinRows: 10}, rng)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Printf("R² %.1f\n", f.OutOfBag(data).R2)
	// Output: R² 0.8
}
