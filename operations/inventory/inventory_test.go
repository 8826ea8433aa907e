package inventory

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"pgregory.net/rapid"
)

// normalDays is demand of independent normal days: the textbook case.
type normalDays struct{ mean, sd float64 }

func (n normalDays) Draw(dst []float64, ends []int, rng *rand.Rand) {
	before := 0
	for k, end := range ends {
		days := float64(end - before)
		dst[k] = n.mean*days + n.sd*math.Sqrt(days)*rng.NormFloat64()
		before = end
	}
}

// steadyDays is demand without chance.
type steadyDays float64

func (s steadyDays) Draw(dst []float64, ends []int, _ *rand.Rand) {
	before := 0
	for k, end := range ends {
		dst[k] = float64(s) * float64(end-before)
		before = end
	}
}

// TestOrderUpToLevel checks S against the base-stock level of normal demand.
//
// Source: Snyder & Shen, Fundamentals of Supply Chain Theory, 2nd ed. 2019, example 4.4:
// h = .18, p = .70, μ = 50, σ = 8, L = 4 gives S = 264.7668943741548. Tolerance: five
// standard errors of the 79.5 % quantile of 200,000 draws, plus the rounding up.
func TestOrderUpToLevel(t *testing.T) {
	p := &Problem{
		Demand: normalDays{50, 8}, Scale: 1, Scenarios: 200_000, Seed: 1,
		OnHand: 600, LeadDays: 4, Review: 1, MaxCycle: 1, // outlasts the lead time
		Price: 1.70, UnitCost: 1, HoldingRate: .18 * 365, // margin .70, holding .18 a day
	}
	s := Solve(p)
	if got, want := s.Ratio, .70/.88; math.Abs(got-want) > 1e-12 {
		t.Errorf("critical ratio %v, want %v", got, want)
	}
	if got, want := s.UpTo, 264.7668943741548; math.Abs(got-want) > 1.3 {
		t.Errorf("order-up-to level %v, want %v", got, want)
	}
}

// TestEconomicOrderInterval checks T = Q*/λ.
//
// Source: Snyder & Shen 2019, example 3.1: K = 8, h = .225, λ = 1300 a year gives
// Q* = 304.0467800264368, hence 85.37 days.
func TestEconomicOrderInterval(t *testing.T) {
	p := &Problem{
		Demand: steadyDays(1300.0 / 365), Scale: 1, Scenarios: 8, Seed: 1,
		LeadDays: 7, Review: 7, MaxCycle: 365,
		Price: 2, UnitCost: .75, HoldingRate: .3, OrderCost: 8,
	}
	if got, want := Solve(p).Cycle, 85; got != want {
		t.Errorf("cycle of %d days, want %d", got, want)
	}
	p.MaxCycle = 28
	if got, want := Solve(p).Cycle, 28; got != want {
		t.Errorf("capped cycle of %d days, want %d", got, want)
	}
}

// TestGainWithoutChance works one case by hand: 10 a day, a shelf of 70, a lead time of
// 7 days, a cycle of 7 days, no holding cost. Without an order the shop sells nothing in
// the 7 days after arrival; the order saves 70 units of margin 2.
func TestGainWithoutChance(t *testing.T) {
	p := &Problem{
		Demand: steadyDays(10), Scale: 1, Scenarios: 4, Seed: 1,
		OnHand: 70, LeadDays: 7, Review: 7, MaxCycle: 7, Price: 5, UnitCost: 3,
	}
	s := Solve(p)
	best := s.Chosen()
	if best.Units != 70 || math.Abs(best.Mean-140) > 1e-9 || math.Abs(best.Saved-70) > 1e-9 {
		t.Errorf("chose %v units for %v, want 70 for 140", best.Units, best.Mean)
	}
	if wait := s.Options[len(s.Options)-1]; wait.Delay != 7 || wait.Mean != 0 {
		t.Errorf("waiting a whole cycle is worth %v after %d days, want 0 after 7", wait.Mean, wait.Delay)
	}
	p.OnHand = 141 // lasts through lead time and cycle
	if got := Solve(p).Chosen().Units; got != 0 {
		t.Errorf("orders %v with the shelf full, want 0", got)
	}
}

// TestLostSalesAreNotMadeUpFor: with nothing on the shelf, what customers ask for during
// the lead time is lost, and the order is for the cycle alone.
func TestLostSalesAreNotMadeUpFor(t *testing.T) {
	p := &Problem{
		Demand: steadyDays(10), Scale: 1, Scenarios: 4, Seed: 1,
		LeadDays: 30, Review: 7, MaxCycle: 7, Price: 5, UnitCost: 3, HoldingRate: .25,
	}
	if got := Solve(p).Chosen().Units; got != 70 {
		t.Errorf("orders %v, want the 70 of the cycle", got)
	}
}

// TestSellThrough compares the closed form with a walk in small steps of time.
func TestSellThrough(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		left := rapid.Float64Range(0, 100).Draw(t, "left")
		units := rapid.Float64Range(1, 100).Draw(t, "units")
		window := rapid.Float64Range(0, 200).Draw(t, "window")
		days := rapid.Float64Range(1, 60).Draw(t, "days")
		rate := rapid.Float64Range(.1, 10).Draw(t, "rate")
		sold, unitDays, _ := sellThrough(left, units, window, days, rate, 0, 0)
		wantSold, wantDays := walk(left, units, window, days, rate)
		if math.Abs(sold-wantSold) > 1e-6*(1+wantSold) {
			t.Fatalf("sold %v, want %v", sold, wantSold)
		}
		if math.Abs(unitDays-wantDays) > 2e-3*(1+wantDays) {
			t.Fatalf("unit-days %v, want %v", unitDays, wantDays)
		}
	})
}

func walk(left, units, window, days, rate float64) (sold, unitDays float64) {
	const steps = 20_000
	order := units
	serve := func(demand, dt float64) float64 {
		fromLeft := min(left, demand)
		left -= fromLeft
		take := min(order, demand-fromLeft)
		unitDays += (order - take/2) * dt
		order -= take
		return take
	}
	for range steps {
		sold += serve(window/steps, days/steps)
	}
	tail := (left + order) / rate
	for range steps {
		serve(rate*tail/steps, tail/steps)
	}
	return sold, unitDays
}

// TestProperties: what may not happen whatever the numbers are.
func TestProperties(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p := &Problem{
			Demand:   normalDays{rapid.Float64Range(.1, 40).Draw(t, "mean"), rapid.Float64Range(0, 8).Draw(t, "sd")},
			OnHand:   float64(rapid.IntRange(0, 400).Draw(t, "onhand")),
			MOQ:      float64(rapid.IntRange(0, 100).Draw(t, "moq")),
			Pack:     float64(rapid.IntRange(1, 24).Draw(t, "pack")),
			Price:    rapid.Float64Range(1, 20).Draw(t, "price"),
			UnitCost: rapid.Float64Range(.1, 20).Draw(t, "cost"),
			LeadDays: rapid.Float64Range(1, 40).Draw(t, "lead"), LeadSD: rapid.Float64Range(0, 8).Draw(t, "leadsd"),
			OrderCost: rapid.Float64Range(0, 15).Draw(t, "fixed"), HoldingRate: rapid.Float64Range(.05, .6).Draw(t, "holding"),
			Review: 7, MaxCycle: 56, Scale: 1, Scenarios: 64, Seed: rapid.Uint64().Draw(t, "seed"),
		}
		s := Solve(p)
		for _, o := range s.Options {
			if o.Delay == 0 && o.Units > 0 && (o.Units < p.MOQ || math.Mod(o.Units, p.Pack) != 0) {
				t.Fatalf("order of %v breaks MOQ %v or pack %v", o.Units, p.MOQ, p.Pack)
			}
			if parts := o.Revenue + o.Goods + o.Holding + o.Fixed; math.Abs(parts-o.Mean) > 1e-9*(1+math.Abs(o.Mean)) {
				t.Fatalf("parts sum to %v, mean is %v", parts, o.Mean)
			}
			if o.P10 > o.P50 || o.P50 > o.P90 {
				t.Fatalf("quantiles out of order: %v %v %v", o.P10, o.P50, o.P90)
			}
		}
		if p.Margin() <= 0 && s.Best != 0 {
			t.Fatalf("orders at a margin of %v", p.Margin())
		}
		if again := Solve(p); !slices.Equal(again.Options, s.Options) {
			t.Fatal("the same problem has two answers")
		}
		dearer := *p
		dearer.Price += 1
		if d := Solve(&dearer); d.Cycle == s.Cycle && d.UpTo < s.UpTo {
			t.Fatalf("a higher margin lowers the level from %v to %v", s.UpTo, d.UpTo)
		}
		tenfold := *p
		tenfold.Price, tenfold.UnitCost, tenfold.OrderCost = 10*p.Price, 10*p.UnitCost, 10*p.OrderCost
		if d := Solve(&tenfold); math.Abs(d.Chosen().Mean-10*s.Chosen().Mean) > 1e-6*(1+math.Abs(d.Chosen().Mean)) {
			t.Fatalf("amounts × 10 make the gain %v of %v", d.Chosen().Mean, s.Chosen().Mean)
		}
	})
}

func TestProjectEndsWhereDemandSays(t *testing.T) {
	p := &Problem{Demand: steadyDays(10), Scale: 1, OnHand: 70, LeadDays: 10, Seed: 1}
	got := Project(p, 50, 12, 4)
	if got.Without[6] != 0 || got.With[6] != 0 {
		t.Errorf("after 7 days %v without and %v with the order, want 0 and 0", got.Without[6], got.With[6])
	}
	if got.Without[11] != 0 || got.With[11] != 30 {
		t.Errorf("after 12 days %v without and %v with the order, want 0 and 30", got.Without[11], got.With[11])
	}
}

func BenchmarkSolve(b *testing.B) {
	p := &Problem{
		Demand: normalDays{12, 5}, Scale: 1, Scenarios: 512, Seed: 1, OnHand: 100,
		LeadDays: 21, LeadSD: 4, Review: 7, MaxCycle: 56, Price: 5, UnitCost: 3, OrderCost: 10, HoldingRate: .25, Pack: 6,
	}
	b.ReportAllocs()
	for b.Loop() {
		Solve(p)
	}
}
