package inventory

import (
	"math"
	"math/rand/v2"
	"testing"

	"pgregory.net/rapid"
)

func drawClaims(t *rapid.T, futures int) []Claim {
	claims := make([]Claim, rapid.IntRange(1, 3).Draw(t, "claims"))
	for i := range claims {
		claims[i].Margin = float64(rapid.IntRange(-1, 9).Draw(t, "margin"))
		for range futures {
			claims[i].Demand = append(claims[i].Demand, float64(rapid.IntRange(0, 12).Draw(t, "demand"))/2)
		}
	}
	return claims
}

func tryShares(stock int, claims []Claim) float64 {
	if len(claims) == 0 {
		return 0
	}
	best := 0.0
	for a := 0; a <= stock; a++ {
		gain := 0.0
		for _, d := range claims[0].Demand {
			gain += claims[0].Margin * min(d, float64(a)) / float64(len(claims[0].Demand))
		}
		best = max(best, gain+tryShares(stock-a, claims[1:]))
	}
	return best
}

func TestAllocateEqualsTryingAll(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		claims := drawClaims(t, rapid.IntRange(1, 4).Draw(t, "futures"))
		stock := rapid.IntRange(0, 10).Draw(t, "stock")
		a := Allocate(stock, claims)
		if want := tryShares(stock, claims); math.Abs(a.Gain-want) > 1e-9 {
			t.Fatalf("gains %v with %v, the best is %v", a.Gain, a.Units, want)
		}
		left := stock
		for i, c := range claims {
			left -= a.Units[i]
			if c.Margin <= 0 && a.Units[i] > 0 {
				t.Fatalf("%d units for a margin of %v", a.Units[i], c.Margin)
			}
		}
		more := Allocate(stock+1, claims)
		if math.Abs(more.Gain-a.Gain-a.Price) > 1e-9 {
			t.Fatalf("one more unit is worth %v, the price says %v", more.Gain-a.Gain, a.Price)
		}
		if left > 0 && a.Price > 0 {
			t.Fatalf("%d units lie idle, though one is worth %v", left, a.Price)
		}
	})
}

// TestTwoClasses: of two claims the lower one may sell until what is left is worth more to
// the higher one.
//
// Source: Littlewood's rule, Talluri & van Ryzin 2004, equation 2.2: with margins 10 and 5
// and high demand of at least y with probability 1/2 at y* = 20, 20 units are protected.
func TestTwoClasses(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 1))
	claims := []Claim{{Margin: 10}, {Margin: 5}}
	for range 20_001 {
		claims[0].Demand = append(claims[0].Demand, 40*rng.Float64()) // P(D > 20) = 1/2
		claims[1].Demand = append(claims[1].Demand, 1000)
	}
	if got := Allocate(50, claims).Units; got[0] < 19 || got[0] > 21 {
		t.Errorf("protects %d units, want 20: shares %v", got[0], got)
	}
}

// TestFirstComeByHand: 30 and 10 a period meet a stock of 20: they get 15 and 5. With a cap
// of 9 on the first, it stops after .3 of the time, when 3 are gone to the second, which
// then sells its other 7.
func TestFirstComeByHand(t *testing.T) {
	claims := []Claim{{1, []float64{30}}, {4, []float64{10}}}
	for _, c := range []struct {
		caps []int
		want [2]float64
	}{{[]int{Uncapped, Uncapped}, [2]float64{15, 5}}, {[]int{9, Uncapped}, [2]float64{9, 10}}, {[]int{0, Uncapped}, [2]float64{0, 10}}, {[]int{25, 3}, [2]float64{17, 3}}} {
		sold := FirstCome(20, claims, c.caps)
		if got := [2]float64{sold[0][0], sold[1][0]}; math.Abs(got[0]-c.want[0]) > 1e-9 || math.Abs(got[1]-c.want[1]) > 1e-9 {
			t.Errorf("caps %v sell %v, want %v", c.caps, got, c.want)
		}
	}
}

// Caps never bring less than selling to whoever comes first, and what is sold is within
// stock, demand and caps; nothing lies idle while the best claim would buy it.
func TestProtectIsNeverWorse(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		claims := drawClaims(t, 8)
		stock := rapid.IntRange(0, 15).Draw(t, "stock")
		caps := Protect(stock, claims)
		free := make([]int, len(claims))
		top := 0
		for i := range free {
			free[i] = Uncapped
			if claims[i].Margin > claims[top].Margin {
				top = i
			}
		}
		sold := FirstCome(float64(stock), claims, caps)
		if got, want := mean(Contribution(claims, sold)), mean(Contribution(claims, FirstCome(float64(stock), claims, free))); got < want-1e-9 {
			t.Fatalf("caps %v bring %v, none bring %v", caps, got, want)
		}
		for s := range claims[0].Demand {
			total := 0.0
			for i, c := range claims {
				if x := sold[i][s]; x < 0 || x > c.Demand[s]+1e-9 || caps[i] != Uncapped && x > float64(caps[i])+1e-9 {
					t.Fatalf("sells %v of %v under a cap of %d", x, c.Demand[s], caps[i])
				}
				total += sold[i][s]
			}
			if total > float64(stock)+1e-9 || total < float64(stock)-1e-9 && sold[top][s] < claims[top].Demand[s]-1e-9 {
				t.Fatalf("sells %v of %d, and the best claim %v of %v", total, stock, sold[top][s], claims[top].Demand[s])
			}
		}
	})
}
