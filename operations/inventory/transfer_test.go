package inventory

import (
	"math"
	"slices"
	"testing"

	"pgregory.net/rapid"
)

func drawFalling(t *rapid.T, name string, most int) []float64 {
	list := rapid.SliceOfN(rapid.Float64Range(-3, 20), 0, most).Draw(t, name)
	slices.SortFunc(list, func(a, b float64) int { return int(math.Copysign(1, b-a)) })
	return list
}

// tryFlows is the best gain over all lots on all lanes.
func tryFlows(shelves []Shelf, lanes []Lane, k int, out, in []int, cost float64) float64 {
	if k == len(lanes) {
		gain := -cost
		for i, s := range shelves {
			if out[i] > len(s.Keep) || in[i] > len(s.More) {
				return math.Inf(-1)
			}
			for _, x := range s.Keep[len(s.Keep)-out[i]:] {
				gain -= x
			}
			for _, x := range s.More[:in[i]] {
				gain += x
			}
		}
		return gain
	}
	best := math.Inf(-1)
	l := lanes[k]
	for lots := 0; lots <= min(len(shelves[l.From].Keep)-out[l.From], len(shelves[l.To].More)-in[l.To]); lots++ {
		out[l.From], in[l.To] = out[l.From]+lots, in[l.To]+lots
		best = max(best, tryFlows(shelves, lanes, k+1, out, in, cost+float64(lots)*l.Cost))
		out[l.From], in[l.To] = out[l.From]-lots, in[l.To]-lots
	}
	return best
}

func TestRebalanceEqualsTryingAll(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		shelves := make([]Shelf, rapid.IntRange(2, 4).Draw(t, "shelves"))
		for i := range shelves {
			shelves[i] = Shelf{drawFalling(t, "keep", 3), drawFalling(t, "more", 3)}
		}
		var lanes []Lane
		for i := range shelves {
			for j := range shelves {
				if i != j && rapid.Bool().Draw(t, "there is a lane") {
					lanes = append(lanes, Lane{i, j, rapid.Float64Range(0, 8).Draw(t, "cost")})
				}
			}
		}
		if len(lanes) > 7 {
			lanes = lanes[:7]
		}
		want := tryFlows(shelves, lanes, 0, make([]int, len(shelves)), make([]int, len(shelves)), 0)
		got, out, in := 0.0, make([]int, len(shelves)), make([]int, len(shelves))
		var cost float64
		for _, s := range Rebalance(shelves, lanes) {
			l := lanes[s.Lane]
			got, cost = got+s.Gain, cost+float64(s.Lots)*l.Cost
			out[l.From], in[l.To] = out[l.From]+s.Lots, in[l.To]+s.Lots
		}
		if math.Abs(got-want) > 1e-6 {
			t.Fatalf("the shipments gain %v, the best is %v", got, want)
		}
		if again := tryFlows(shelves, nil, 0, out, in, cost); math.Abs(again-got) > 1e-6 {
			t.Fatalf("the shares of the shipments sum to %v of %v", got, again)
		}
	})
}

// TestStockWorth works one case by hand: 10 a day, 70 on the shelf, 30 coming on day 10, an
// order of today on day 14, a transfer on day 8; margin 2, cost 3, holding a hundredth of
// the cost a day, on the way as on the shelf.
//
//	as it is:    70 sell on days 0-7, 30 on days 10-13: 200. Held 70·7/2 + 30·3/2 = 290 days.
//	50 come in:  they sell on days 8-10 (20 of them) and 10-14 (with the 30, 40): 260 of
//	             sales, 20 are left. Held 50·8 on the way, 245 + (50+30)/2·2 +
//	             (60+20)/2·4 = 485 days until day 14 and 20·20/(2·10) = 20 after.
//	30 go out:   40 sell on days 0-4, 30 on days 10-13: 140. Held 40·4/2 + 45 = 125 days.
func TestStockWorth(t *testing.T) {
	s := &Stock{OnHand: 70, Coming: []Coming{{30, 10}}, Margin: 2, UnitCost: 3, HoldingRate: 3.65,
		LeadDays: 14, MovingDays: 8, Demand: steadyDays(10), Scale: 1, Scenarios: 3, Seed: 1}
	f := s.Futures()
	for _, c := range []struct{ out, in, sales, held float64 }{{0, 0, 200, 290}, {0, 50, 260, 905}, {30, 0, 140, 125}} {
		for _, w := range f.Worth(c.out, c.in) {
			if math.Abs(w.Sales-c.sales) > 1e-9 || math.Abs(w.Holding+.03*c.held) > 1e-9 {
				t.Errorf("%v out and %v in: worth %v, want %v and %v", c.out, c.in, w, c.sales, -.03*c.held)
			}
		}
	}
}

// What lies for so long that holding it costs its worth is worth nothing, not less.
func TestStockThatNobodyWantsIsWorthNothing(t *testing.T) {
	s := &Stock{OnHand: 1e5, Margin: 2, UnitCost: 3, HoldingRate: .25, LeadDays: 14, Demand: steadyDays(.1), Scale: 1, Scenarios: 3, Seed: 1}
	keep := s.Futures().Shelf(100, 20).Keep
	days := 14.0
	if held := 3 * .25 / 365 * days * 100; math.Abs(keep[19]+held) > 1e-6 {
		t.Errorf("the last hundred are worth %v, want the holding of %v until day 14", keep[19], -held)
	}
}

// Marginal values fall from lot to lot, whatever the numbers are: else no price would part
// what moves from what stays.
func TestMarginalWorthFalls(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := &Stock{
			OnHand: float64(rapid.IntRange(0, 300).Draw(t, "on hand")), Margin: rapid.Float64Range(.1, 9).Draw(t, "margin"),
			UnitCost: rapid.Float64Range(.1, 9).Draw(t, "cost"), HoldingRate: rapid.Float64Range(.05, 4).Draw(t, "holding"),
			LeadDays: rapid.Float64Range(1, 60).Draw(t, "lead"), LeadSD: rapid.Float64Range(0, 9).Draw(t, "spread"),
			MovingDays: rapid.IntRange(0, 30).Draw(t, "moving"), Scale: 1, Scenarios: 64, Seed: rapid.Uint64().Draw(t, "seed"),
			Demand: normalDays{rapid.Float64Range(.1, 20).Draw(t, "mean"), 0},
		}
		if rapid.Bool().Draw(t, "something comes") {
			s.Coming = []Coming{{float64(rapid.IntRange(0, 100).Draw(t, "units")), rapid.IntRange(-2, 70).Draw(t, "day")}}
		}
		sh := s.Futures().Shelf(5, 30)
		for _, list := range [][]float64{sh.Keep, sh.More} {
			for k := 1; k < len(list); k++ {
				if list[k] > list[k-1]+1e-7 {
					t.Fatalf("lot %d is worth %v after %v", k, list[k], list[k-1])
				}
			}
		}
		if n, m := len(sh.Keep), len(sh.More); n > 0 && m > 0 && n == int(s.OnHand/5) && sh.More[0] > sh.Keep[n-1]+1e-7 {
			t.Fatalf("another lot is worth %v, the last of those there %v", sh.More[0], sh.Keep[n-1])
		}
	})
}

func BenchmarkShelf(b *testing.B) {
	s := &Stock{OnHand: 800, Coming: []Coming{{200, 10}}, Margin: 2, UnitCost: 3, HoldingRate: .25, LeadDays: 21, LeadSD: 4, MovingDays: 7,
		Demand: normalDays{12, 5}, Scale: 1, Scenarios: 256, Seed: 1}
	b.ReportAllocs()
	for b.Loop() {
		s.Futures().Shelf(4, 200)
	}
}
