package inventory

import (
	"math"
	"testing"

	"pgregory.net/rapid"
)

func TestShapleyWeightsAreThoseOfAllOrders(t *testing.T) {
	sum, choose := 0.0, 1.0
	for s := range int(causes) {
		sum += choose * shapleyWeight(s) // as many sets of s among the other causes
		choose = choose * float64(int(causes)-1-s) / float64(s+1)
	}
	if math.Abs(sum-1) > 1e-12 {
		t.Errorf("the weights of all orders sum to %v", sum)
	}
}

// planned is a past in which all went as planned: 10 a day, 40 on the shelf, 50 on day 4.
func planned() *Past {
	p := &Past{Start: 40, Margin: 2, UnitCost: 3.65, HoldingRate: 1, Enough: 60}
	for range 9 {
		p.Demand, p.Expected = append(p.Demand, 10), append(p.Expected, 10)
	}
	p.Orders = []PastOrder{{Policy: 50, Rounded: 50, Units: 50, PolicyDay: 4, Due: 4, Arrived: 4}}
	return p
}

// TestAttributeByHand works pasts of one cause, and of two that only matter together.
func TestAttributeByHand(t *testing.T) {
	for _, c := range []struct {
		name   string
		change func(*Past)
		want   []Episode
	}{
		{"as planned", func(*Past) {}, nil},
		{"a late delivery: days 4 and 5 without stock, and then demand for 30 of the 50",
			func(p *Past) { p.Orders[0].Arrived = 6 },
			[]Episode{{From: 4, To: 5, Units: 20, Money: 40, Of: of(CauseLate, 40)}}},
		{"twice the demand on day 0: day 3 is short, day 8 is not reached",
			func(p *Past) { p.Demand[0] = 20 },
			[]Episode{{From: 3, To: 3, Units: 10, Money: 20, Of: of(CauseDemand, 20)}}},
		{"the same for a promotion",
			func(p *Past) { p.Demand[0] = 20; p.Lift = []float64{10} },
			[]Episode{{From: 3, To: 3, Units: 10, Money: 20, Of: of(CausePrice, 20)}}},
		{"half the order", func(p *Past) { p.Orders[0].Units = 25 },
			[]Episode{{From: 6, To: 8, Units: 25, Money: 50, Of: of(CauseOrdering, 50)}}},
		{"a pack of 100: 100 - 10 are there on day 4, 30, 20, 10 too many, at .01 a day",
			func(p *Past) { p.Orders[0].Rounded = 100; p.Orders[0].Units = 100 },
			[]Episode{{Over: true, From: 4, To: 6, Units: 20, Money: .6, Of: of(CauseRounding, .6)}}},
		{"45 come back on day 0: 40 - 10 + 45 are there after it, 15 and 5 too many; then 50 more, 35, 25, 15, 5",
			func(p *Past) { p.Returned = []float64{45} },
			[]Episode{{Over: true, From: 0, To: 1, Units: 10, Money: .2, Of: of(CauseReturns, .2)},
				{Over: true, From: 4, To: 6, Units: 15, Money: .45, Of: of(CauseReturns, .45)}}},
		{"what the plan let happen", func(p *Past) { p.Orders = nil },
			[]Episode{{From: 4, To: 8, Units: 50, Money: 100, Planned: 100}}},
		{"10 more on the shelf hide a day of delay, 10 more demand the same: both together lose 20",
			func(p *Past) { p.Start = 50; p.Demand[0], p.Orders[0].Arrived = 20, 5 },
			[]Episode{{From: 4, To: 4, Units: 10, Money: 20, Of: pair(CauseDemand, 10, CauseLate, 10)}}},
	} {
		p := planned()
		c.change(p)
		got := Attribute(p)
		if len(got) != len(c.want) {
			t.Errorf("%s: %+v, want %+v", c.name, got, c.want)
			continue
		}
		for i := range got {
			if !near(got[i], c.want[i]) {
				t.Errorf("%s: %+v, want %+v", c.name, got[i], c.want[i])
			}
		}
	}
}

func of(c Cause, x float64) (list [causes]float64) { list[c] = x; return list }

func pair(a Cause, x float64, b Cause, y float64) (list [causes]float64) {
	list[a], list[b] = x, y
	return list
}

func near(a, b Episode) bool {
	same := a.Over == b.Over && a.From == b.From && a.To == b.To && math.Abs(a.Units-b.Units) < 1e-9 &&
		math.Abs(a.Money-b.Money) < 1e-9 && math.Abs(a.Planned-b.Planned) < 1e-9
	for i := range a.Of {
		same = same && math.Abs(a.Of[i]-b.Of[i]) < 1e-9
	}
	return same
}

// Of every episode the shares sum to the whole, and what went as planned is answerable for
// nothing.
func TestSharesSumToTheWhole(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(1, 20).Draw(t, "days")
		days := rapid.SliceOfN(rapid.Float64Range(0, 20), n, n)
		p := &Past{Start: rapid.Float64Range(0, 60).Draw(t, "start"), Demand: days.Draw(t, "demand"), Expected: days.Draw(t, "expected"),
			Margin: 2, UnitCost: 3, HoldingRate: .3, Enough: rapid.Float64Range(0, 60).Draw(t, "enough")}
		p.Returned = days.Draw(t, "returned")
		p.ExpectedReturns = p.Returned
		for range rapid.IntRange(0, 3).Draw(t, "orders") {
			units, day := rapid.Float64Range(0, 80), rapid.IntRange(-3, 25)
			o := PastOrder{Policy: units.Draw(t, "policy"), Units: units.Draw(t, "units"), PolicyDay: day.Draw(t, "policy day"), Due: day.Draw(t, "due"), Arrived: day.Draw(t, "arrived")}
			o.Rounded = o.Policy
			p.Orders = append(p.Orders, o)
		}
		for _, e := range Attribute(p) {
			sum := e.Planned
			for _, x := range e.Of {
				sum += x
			}
			if math.Abs(sum-e.Money) > 1e-9 || e.Money <= 0 {
				t.Fatalf("shares of %+v sum to %v", e, sum)
			}
			if e.Of[CauseReturns] != 0 || e.Of[CausePrice] != 0 || e.Of[CauseRounding] != 0 {
				t.Fatalf("%+v: something that went as planned is answerable", e)
			}
		}
	})
}

func BenchmarkAttribute(b *testing.B) {
	p := &Past{Start: 100, Margin: 2, UnitCost: 3, HoldingRate: .25, Enough: 200}
	for d := range 364 {
		p.Demand, p.Expected = append(p.Demand, float64(8+d%7)), append(p.Expected, 10)
		if d%28 == 0 {
			p.Orders = append(p.Orders, PastOrder{280, 300, 280, d, d, d + 3})
		}
	}
	b.ReportAllocs()
	for b.Loop() {
		Attribute(p)
	}
}
