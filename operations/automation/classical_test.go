package automation

import (
	"math"
	"math/rand/v2"
	"testing"

	"tradewind/numeric/distribution"
	"tradewind/simulate"
)

// TestPositivePart holds the closed forms against the half-normal's (mean 1/√(2π), mean
// square 1/2) and against draws.
func TestPositivePart(t *testing.T) {
	mean, variance := positivePart(0, 1)
	if want := 1 / math.Sqrt(2*math.Pi); math.Abs(mean-want) > 1e-15 || math.Abs(variance-(.5-want*want)) > 1e-15 {
		t.Errorf("half a standard normal: got %v, %v", mean, variance)
	}
	rng := rand.New(rand.NewPCG(1, 4))
	for _, x := range []struct{ mean, sd float64 }{{3, 5}, {-4, 3}, {20, 4.9}, {-20, 4.9}, {7, 1}, {-7, 1}} {
		const n = 400_000
		var sum, square float64
		for range n {
			y := max(0, x.mean+x.sd*rng.NormFloat64())
			sum, square = sum+y, square+y*y
		}
		sum, square = sum/n, square/n
		mean, variance := positivePart(x.mean, x.sd*x.sd)
		error := 4*x.sd/math.Sqrt(n) + 1e-4*x.sd // four standard errors, and what lies beyond four deviations
		if math.Abs(mean-sum) > error || math.Abs(variance-(square-sum*sum)) > 4*x.sd*error {
			t.Errorf("N(%v, %v²): got %v, %v; drawn %v, %v", x.mean, x.sd, mean, variance, sum, square-sum*sum)
		}
	}
}

// TestProjectionIsAMean: where the shelf may or may not run out before an order arrives, the
// projection is the mean over negative binomial demand of an uncertain level, which mean
// demand alone would put too low; quiet weeks after a busy one make no units.
func TestProjectionIsAMean(t *testing.T) {
	f := *anArena(3, 20).Form
	f.Season, f.LeadSD, f.Returned, f.Clears = [52]float64{}, 0, 0, false
	c := NewClassical(&f, 20)
	rng := rand.New(rand.NewPCG(1, 5))
	for _, share := range []float64{0, .7, .9, 1, 1.2, 1.6} {
		st := simulate.ShopState{OnHand: math.Round(share * c.sums[c.lead]), Price: f.Reference}
		const sd, draws = .15, 20_000
		sum := 0.
		for range draws {
			level, stock := math.Exp(sd*rng.NormFloat64()-sd*sd/2), st.OnHand
			for k := range c.lead {
				stock = max(0, stock-distribution.NewNegativeBinomial(level*c.calendar[k], f.Size).Quantile(rng.Float64()))
			}
			sum += stock
		}
		got, want, bare := c.Project(0, &st, 1, sd), sum/draws, max(0, st.OnHand-c.sums[c.lead])
		if math.Abs(got-want) > .01*c.sums[c.lead] || got < bare {
			t.Errorf("%v on the shelf, %v expected to be asked for: projected %v, drawn %v, by mean demand %v", st.OnHand, c.sums[c.lead], got, want, bare)
		}
	}
	for k := 1; k < c.lead; k++ {
		c.calendar[k] = 1e-12
	}
	st := simulate.ShopState{OnHand: math.Round(c.calendar[0]), Price: f.Reference}
	after := c.Project(0, &st, 1, 0)
	c.lead = 1
	if once := c.Project(0, &st, 1, 0); math.Abs(after-once) > 1e-3*once {
		t.Errorf("one busy week leaves %v, and %v after quiet ones", once, after)
	}
}

// TestTiltsPay: on a seasonal form tilts are found, they earn more on the episodes on which
// they were fitted, and the same search finds the same.
func TestTiltsPay(t *testing.T) {
	const n = 12
	found := func() (*Arena, *Classical, float64) {
		a := anArena(6, 104)
		c := a.bestSettings(2)
		before := a.Mean(c, simulate.Training, n, simulate.SteadyTrade)
		a.tilt(c, n)
		return a, c, before
	}
	a, c, before := found()
	if after := a.Mean(c, simulate.Training, n, simulate.SteadyTrade); c.Tilts == [phases]Tilt{} || !(after > before) {
		t.Errorf("tilts %v earn %v, without %v", c.Tilts, after, before)
	}
	for _, tilt := range c.Tilts {
		if math.Abs(tilt.Price) > mostTilt || math.Abs(tilt.Target) > mostTilt {
			t.Errorf("tilt %+v", tilt)
		}
	}
	if _, again, _ := found(); again.Settings != c.Settings {
		t.Errorf("found again: %+v, before %+v", again.Settings, c.Settings)
	}
}

// TestEveryPhaseIsReached: each phase of a cleared season comes in a year, in its order, and
// other stock knows fewer.
func TestEveryPhaseIsReached(t *testing.T) {
	a := anArena(6, 104)
	for phase, seen := range a.phasesSeen(NewClassical(a.Form, 104)) {
		if !seen {
			t.Errorf("phase %d of a cleared season never comes", phase)
		}
	}
	staple := anArena(3, 104)
	for phase, seen := range staple.phasesSeen(NewClassical(staple.Form, 104)) {
		if seen && phase > len(aheadEdges) {
			t.Errorf("phase %d of stock that is never cleared", phase)
		}
	}
}

// TestBaseStockOrdersEveryPeriod: the best base stock has no gap, orders whenever a unit is
// missing, and earns less than the best (s,S) policy where an order costs something.
func TestBaseStockOrdersEveryPeriod(t *testing.T) {
	const n = 6
	a := anArena(4, 104)
	base, saving := a.BestBaseStock(n), a.BestFixed(n)
	if base.Gap != 0 || saving.Gap <= 0 {
		t.Errorf("gaps %v and %v, want none and one", base.Gap, saving.Gap)
	}
	for missing, want := range map[float64]float64{0: 0, 1: 1, 7: 7, -3: 0} {
		st := simulate.ShopState{OnHand: base.Level - missing}
		if got := base.Act(0, &st, nil, 0).Order; math.Abs(got-want) > 1e-9 {
			t.Errorf("%v below the level: orders %v", missing, got)
		}
	}
	if b, s := a.blind(base, n), a.blind(saving, n); b >= s {
		t.Errorf("a base stock earns %v, (s,S) %v, an order costs %v", b, s, a.Form.OrderCost)
	}
}
