package tree

import (
	"math"
	"math/rand/v2"
	"testing"
)

func BenchmarkBoost(b *testing.B) {
	all := friedman1(120_000, 20, 1, 0)
	train, test := part(all, 0, 100_000), part(all, 100_000, 120_000)
	got := make([]float64, 20_000)
	for b.Loop() {
		m, err := FitBoost(train, BoostForm{MaxDepth: 6, MinRows: 1, L2: 1}, nil)
		if err != nil {
			b.Fatal(err)
		}
		m.Predict(got, test.X, nil)
	}
	b.ReportMetric(math.Sqrt(mse(got, test.Y)), "rmse")
}

func BenchmarkForest(b *testing.B) {
	all := friedman1(120_000, 20, 1, 0)
	train, test := part(all, 0, 100_000), part(all, 100_000, 120_000)
	got := make([]float64, 20_000)
	for b.Loop() {
		m, err := FitForest(train, ForestForm{}, rand.New(rand.NewPCG(1, 2)))
		if err != nil {
			b.Fatal(err)
		}
		m.Predict(got, test.X)
	}
	b.ReportMetric(math.Sqrt(mse(got, test.Y)), "rmse")
}
