package promotion_test

import (
	"math"
	"slices"
	"testing"

	"tradewind/operations/promotion"
	"tradewind/simulate"
)

// A floor on two tuning seeds of the world "Stores" of docs/worlds.md with spillover: what
// the model believes of items holds the truth about as often as it says, is not too large
// on average, and finds that what is promoted takes from its own subcategory. Scored seeds
// are for the benchmark.
func TestUpliftOnSimulatedStores(t *testing.T) {
	var covered, asked, taken, felt int
	var product, square float64
	for seed := uint64(1); seed <= 2; seed++ {
		s := simulate.NewStores(simulate.StoreForm{Spillover: true}, seed)
		p, category := storePanel(s)
		u, err := promotion.Learn(&p)
		if err != nil {
			t.Fatal(err)
		}
		for i := range s.Len() {
			r, err := u.Response(i, category[i])
			if err != nil {
				continue
			}
			truth := s.Truth(i)
			for _, depth := range promotion.Depths {
				e, want := r.Offer(depth, promotion.Feature), truth.Depth*depth+truth.Feature
				low, high := e.Interval()
				asked++
				if low <= want && want <= high {
					covered++
				}
				product, square = product+e.Mean*want, square+e.Mean*e.Mean
			}
		}
		for _, pair := range u.Matrix.Pairs {
			felt++
			if pair.From == pair.To && pair.Effect.Mean < 0 {
				taken++
			}
		}
	}
	if got := float64(covered) / float64(asked); got < .68 || got > .92 {
		t.Errorf("%.3f of true uplifts inside intervals of level .8", got)
	}
	if got := product / square; got < .9 || got > 1.1 {
		t.Errorf("slope of true on believed uplifts %.3f", got)
	}
	if felt < 5 || float64(taken)/float64(felt) < .8 {
		t.Errorf("%d of %d pairs felt are a subcategory on its own items", taken, felt)
	}
}

func storePanel(s *simulate.Stores) (p promotion.Panel, category []int) {
	var names, groups, markets []string
	code := func(all *[]string, name string) int32 {
		if !slices.Contains(*all, name) {
			*all = append(*all, name)
		}
		return int32(slices.Index(*all, name))
	}
	p.Season = [][]int32{nil}
	for i := range s.Len() {
		h := s.Panel(i)
		c, g, m := code(&names, h.Category), code(&groups, h.Category+"/"+h.Subcategory), code(&markets, string(h.Item.Market))
		category = append(category, int(c))
		for w, price := range h.Price {
			if math.IsNaN(price) {
				continue
			}
			vehicle := promotion.Price
			if h.Promo[w].Featured {
				vehicle = promotion.Feature
			}
			p.Units, p.Exposure, p.Regular = append(p.Units, h.Units[w]), append(p.Exposure, h.Share[w]), append(p.Regular, price)
			p.Item, p.Week, p.Place = append(p.Item, int32(i)), append(p.Week, int32(w)), append(p.Place, int32(4*w)+m)
			p.Category, p.Group = append(p.Category, c), append(p.Group, g)
			p.Depth, p.Vehicle = append(p.Depth, h.Promo[w].Depth), append(p.Vehicle, vehicle)
			p.Season[0] = append(p.Season[0], int32(w/4*28)+4*c+m)
		}
	}
	return p, category
}
