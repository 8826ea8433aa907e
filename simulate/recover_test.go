package simulate

import (
	"math"
	"testing"
)

// worse returns the mean absolute error of slopes over the identified items, and the mean
// error.
func worse(s *Stores, slope func(i int) float64) (absolute, bias float64) {
	n := 0.
	for i := range s.Len() {
		if tr := s.Truth(i); tr.Identified {
			d := slope(i) - tr.Elasticity
			n, absolute, bias = n+1, absolute+math.Abs(d), bias+d
		}
	}
	return absolute / n, bias / n
}

// TestPricesAreConfounded holds the world against its own promise, on tuning seeds: a
// regression without controls fails, and one with plain controls does not fail as badly.
func TestPricesAreConfounded(t *testing.T) {
	for _, seed := range []uint64{1, 12, 20} {
		s := NewStores(StoreForm{}, seed)
		alone, up := worse(s, func(i int) float64 { return naive(s.Panel(i)) })
		if alone < 1 || up < 1 {
			t.Errorf("seed %d: without controls the mean absolute error is %.3f (bias %.3f), want 1 or more, upward", seed, alone, up)
		}
		slopes, _ := controlled(s, func(p Panel) string { return string(p.Item.Market) }, false)
		if e, _ := worse(s, func(i int) float64 { return slopes[i] }); e < .12 || e > .55 {
			t.Errorf("seed %d: with effects of market × week it is %.3f, want .12 to .55", seed, e)
		}
		slopes, _ = controlled(s, func(p Panel) string { return string(p.Item.Market) + p.Category }, true)
		if e, bias := worse(s, func(i int) float64 { return slopes[i] }); e > .17 || math.Abs(bias) > .05 {
			t.Errorf("seed %d: with category, market × week and past sales it is %.3f (bias %.3f): the elasticity must be there to be found", seed, e, bias)
		}
	}
}

// TestNextPriceTells holds that next week's price has an effect on this week's demand for
// the items priced on news, and for no others more often than chance has it.
func TestNextPriceTells(t *testing.T) {
	count, told := map[Kind]float64{}, map[Kind]float64{}
	for seed := uint64(1); seed <= 3; seed++ {
		s := NewStores(StoreForm{}, seed)
		for i := range s.Len() {
			tr, p, it := s.Truth(i), s.Panel(i), s.items[i]
			if tr.Kind != Identified && tr.Kind != News {
				continue
			}
			var x [][]float64
			var y []float64
			sales, price := lagged(s, i)
			for week := 3; week < s.Weeks()-1; week++ {
				rest := s.logMean(i, week, tr.Reference, p.Promo[week]) - it.drift[week]
				x = append(x, []float64{1, math.Log(p.Price[week] / tr.Reference), math.Log(p.Price[week+1] / tr.Reference), sales[week+1], price[week+1], it.season[week], it.season[week+1]})
				y = append(y, math.Log(p.Units[week]/p.Share[week]+.5)-rest)
			}
			coef, se := leastSquares(x, y)
			count[tr.Kind]++
			if math.Abs(coef[2]) > 2*se[2] {
				told[tr.Kind]++
			}
		}
	}
	if got := told[News] / count[News]; got < .90 {
		t.Errorf("the next price tells on %.3f of the items priced on news", got)
	}
	if got := told[Identified] / count[Identified]; got > .10 {
		t.Errorf("the next price tells on %.3f of the identified items", got)
	}
}
