package pricing

import (
	"math"
	"math/rand/v2"
	"testing"
)

// followers are items whose seller sees this week's demand before he sets the price, and who
// passes costs on. strength is how far costs move.
func followers(strength float64) *Panel {
	p := plainPanel(40, 104, 0, nil)
	rng := rand.New(rand.NewPCG(11, 4))
	for i := range p.Items {
		lo, hi := p.Rows(i)
		cost := 0.0
		for r := lo; r < hi; r++ {
			if rng.Float64() < .2 {
				cost += strength * rng.NormFloat64() * .5
				cost *= .9
			}
			unseen := .3 * rng.NormFloat64()
			price := cost + .25*unseen + .02*rng.NormFloat64()
			mean := 60 * math.Exp(unseen-2*price)
			units := 0.0
			for at := rng.ExpFloat64(); at < mean; at += rng.ExpFloat64() {
				units++
			}
			p.Units[r], p.Price[r], p.Landed[r] = units, 20*math.Exp(price), 10*math.Exp(cost)
			if strength == 0 {
				p.Landed[r] = 10 * math.Exp(.05*rng.NormFloat64())
			}
		}
	}
	return p
}

func pooledRung(t *testing.T, p *Panel, name string) Rung {
	t.Helper()
	c := newClimb(p, Form{}, make([]estimate, len(p.Items)))
	c.ask()
	c.model.fit(firstRounds)
	all := make([]int, len(c.model.items))
	for k := range all {
		all[k] = k
	}
	var pooled Pooled
	c.model.pool(&pooled, all)
	for _, r := range pooled.Rungs {
		if r.Name == name {
			return r
		}
	}
	t.Fatalf("no rung %q", name)
	return Rung{}
}

// TestCostsFindWhatPricesHide: where prices answer to demand of the same week, least squares
// says that price hardly matters, and moves of landed cost find the truth, -2.
func TestCostsFindWhatPricesHide(t *testing.T) {
	p := followers(.1)
	within, instrument := pooledRung(t, p, RungWithin), pooledRung(t, p, RungInstrument)
	if within.Low < -2 {
		t.Errorf("least squares gives %.2f (%.2f to %.2f): the panel is not confounded", within.Estimate, within.Low, within.High)
	}
	if instrument.Low > -2 || instrument.High < -2 || instrument.SE > .4 || instrument.Informational {
		t.Errorf("landed cost gives %.2f (%.2f to %.2f)", instrument.Estimate, instrument.Low, instrument.High)
	}
}

// TestWeakCostsSayLittle: costs that prices do not follow are told to be weak, and their
// interval is the one that holds all the same.
func TestWeakCostsSayLittle(t *testing.T) {
	r := pooledRung(t, followers(0), RungInstrument)
	if !r.Informational || r.High-r.Low < 2 {
		t.Errorf("%+v: a weak instrument passes for a strong one", r)
	}
}
