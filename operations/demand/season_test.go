package demand

import (
	"math"
	"math/rand/v2"
	"testing"
)

// TestSeasonOfItsOwn: of 400 series a tenth trebles its rate in four weeks of each year.
// Factors tell them apart, and where no series differs they are 1.
func TestSeasonOfItsOwn(t *testing.T) {
	const days, from = 700, 330 // the season a year before day 694
	for _, rise := range []float64{1, 3} {
		rng := rand.New(rand.NewPCG(4, 4))
		o := flatOrigin(days)
		grown := make([]Series, 400)
		for i := range grown {
			y := NewSeries(day(t, "2010-01-01"), day(t, "2010-01-01").AddDays(days-1))
			for k := range days {
				p := .3
				if i%10 == 0 && k%year >= from%year && k%year < from%year+held {
					p *= rise
				}
				if rng.Float64() < p {
					y.Add(y.From.AddDays(k), 1)
				}
			}
			grown[i] = y
		}
		o.seasons = o.seasonsOf(grown)
		var those, others float64
		for i := range grown {
			f := o.factors(&grown[i], 1)[0]
			if i%10 == 0 {
				those += f / 40
			} else {
				others += f / 360
			}
		}
		if rise == 1 && (math.Abs(those-1) > .05 || math.Abs(others-1) > .05) {
			t.Errorf("no season: factors %v and %v, want 1", those, others)
		}
		if rise == 3 && (those < 1.3 || others > 1) {
			t.Errorf("rise of %v: factors %v, others %v", rise, those, others)
		}
	}
}

// TestTraitsDoNotSeeTheFuture: whatever comes after a day, the traits at that day stay.
func TestTraitsDoNotSeeTheFuture(t *testing.T) {
	rng := rand.New(rand.NewPCG(8, 8))
	o := flatOrigin(600)
	y := NewSeries(day(t, "2010-01-01"), day(t, "2010-01-01").AddDays(599))
	for range 200 {
		y.Add(y.From.AddDays(rng.IntN(600)), float64(1+rng.IntN(9)))
	}
	var before, after traits
	if _, ok := before.look(o, &y, 450, nil); !ok {
		t.Fatal("no traits")
	}
	for k := 450; k < 600; k++ {
		y.Units[k] = 100 * rng.Float64()
	}
	if _, ok := after.look(o, &y, 450, nil); !ok {
		t.Fatal("no traits")
	}
	for j := range before.row {
		if a, b := before.row[j], after.row[j]; a != b && !(math.IsNaN(a) && math.IsNaN(b)) {
			t.Errorf("trait %d is %v, and %v with another future", j, a, b)
		}
	}
}
