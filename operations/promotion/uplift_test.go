package promotion_test

import (
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"tradewind/fault"
	"tradewind/numeric/distribution"
	"tradewind/operations/promotion"
)

// shop draws a panel whose truth is known: slopes of three categories, a feature, dips,
// fatigue, seasons that all items share.
type shop struct {
	items, weeks int
	slope        []float64 // by category
	feature      float64
	dip          [promotion.DipWeeks]float64
	fatigue      float64
	often        float64
	form         promotion.Form
}

func known() shop {
	return shop{items: 60, weeks: 104, slope: []float64{1.8, 2.6, 3.4}, feature: .3, dip: [4]float64{.5, .3, .1, 0}, fatigue: .25, often: .08}
}

func (s shop) panel(seed uint64) promotion.Panel {
	rng := rand.New(rand.NewPCG(seed, 3))
	season := make([]float64, s.weeks)
	for w := range season {
		season[w] = .4*math.Sin(2*math.Pi*float64(w)/52) + .1*rng.NormFloat64()
	}
	var p promotion.Panel
	for i := range s.items {
		level := 20 * math.Exp(.6*rng.NormFloat64())
		depth := make([]float64, s.weeks)
		last := -100
		for w := range s.weeks {
			since := w - last
			vehicle := promotion.Price
			if since > 1 && rng.Float64() < s.often {
				depth[w] = promotion.Depths[rng.IntN(5)]
				if rng.IntN(2) == 0 {
					vehicle = promotion.Feature
				}
			}
			eta := math.Log(level) + season[w]
			for k := range s.dip {
				if w > k {
					eta -= s.dip[k] * s.form.F(depth[w-k-1])
				}
			}
			if depth[w] > 0 {
				eta += s.slope[i%len(s.slope)] * s.form.F(depth[w])
				if vehicle == promotion.Feature {
					eta += s.feature
				}
				if since <= promotion.Memory {
					eta -= s.fatigue * math.Exp(-7*float64(since)/28)
				}
				last = w
			}
			p.Units = append(p.Units, distribution.NewPoisson(math.Exp(eta)).Quantile(rng.Float64()))
			p.Item, p.Week, p.Place = append(p.Item, int32(i)), append(p.Week, int32(w)), append(p.Place, int32(w))
			p.Category = append(p.Category, int32(i%len(s.slope)))
			p.Depth, p.Vehicle = append(p.Depth, depth[w]), append(p.Vehicle, vehicle)
		}
	}
	return p
}

// The model finds what a panel was drawn with, in either form of the curve: within four
// standard errors of the estimates, which for 100 promotions of a category are about .1.
func TestLearnRecovers(t *testing.T) {
	for _, form := range []promotion.Form{promotion.ConstantElasticity, promotion.Exponential} {
		s := known()
		s.form = form
		p := s.panel(11)
		u, err := promotion.Learn(&p)
		if err != nil {
			t.Fatal(err)
		}
		if u.Form != form {
			t.Errorf("form %v, want %v", u.Form, form)
		}
		for c, want := range s.slope {
			if got := u.Categories[c]; math.Abs(got.Mean-want) > 4*got.SD || got.SD > .25 {
				t.Errorf("form %v: slope of category %d: %.3f ± %.3f, want %.3f", form, c, got.Mean, got.SD, want)
			}
			if e := u.Vehicles[c][0]; e.Name != promotion.Feature || math.Abs(e.Effect.Mean-s.feature) > 4*e.Effect.SD || e.Effect.SD > .1 {
				t.Errorf("form %v: feature in category %d: %+v, want %.3f", form, c, e, s.feature)
			}
		}
		for k, want := range s.dip {
			if math.Abs(u.Dip[k]-want) > .25 {
				t.Errorf("form %v: dip %d: %.3f, want %.3f", form, k+1, u.Dip[k], want)
			}
		}
		if math.Abs(u.Fatigue-s.fatigue) > .15 {
			t.Errorf("form %v: fatigue %.3f, want %.3f", form, u.Fatigue, s.fatigue)
		}
		if u.Within > .3 {
			t.Errorf("items of a category are alike, but their slopes scatter by %.3f", u.Within)
		}
		later := s.panel(12) // another draw of the same shop
		k, err := u.Calibrate(&later)
		if err != nil {
			t.Fatal(err)
		}
		if math.Abs(k.Slope-1) > 4*k.SE+.02 || k.SE > .1 {
			t.Errorf("form %v: calibration %.3f ± %.3f", form, k.Slope, k.SE)
		}
	}
}

// Ten times the units are the same uplifts.
func TestLearnIsScaleFree(t *testing.T) {
	p := known().panel(5)
	one, err := promotion.Learn(&p)
	if err != nil {
		t.Fatal(err)
	}
	q := p
	q.Units = slices.Clone(p.Units)
	for i := range q.Units {
		q.Units[i] *= 10
	}
	ten, err := promotion.Learn(&q)
	if err != nil {
		t.Fatal(err)
	}
	for c := range one.Categories {
		if math.Abs(one.Categories[c].Mean-ten.Categories[c].Mean) > 1e-5 {
			t.Errorf("category %d: %v and %v", c, one.Categories[c].Mean, ten.Categories[c].Mean)
		}
	}
}

func TestLearnGivesTheSameBytes(t *testing.T) {
	p := known().panel(6)
	one, err := promotion.Learn(&p)
	if err != nil {
		t.Fatal(err)
	}
	two, _ := promotion.Learn(&p)
	if a, b := fmt.Sprintf("%#v", *one), fmt.Sprintf("%#v", *two); a != b {
		t.Errorf("two runs differ:\n%s\n%s", a, b)
	}
}

// Promotions that do nothing: nobody gets a response to plan with, or it promises little.
func TestNoiseIsRefused(t *testing.T) {
	s := known()
	s.slope, s.feature, s.dip, s.fatigue = []float64{0, 0, 0}, 0, [4]float64{}, 0
	refused := 0
	for seed := range uint64(10) {
		p := s.panel(100 + seed)
		u, err := promotion.Learn(&p)
		if err != nil {
			t.Fatal(err)
		}
		for c := range s.slope {
			switch r, err := u.Response(-1, c); {
			case err != nil:
				if fault.Of(err).Code != "E-PROMOTION-UNKNOWN" {
					t.Fatal(err)
				}
				refused++
			case r.Offer(.3, promotion.Price).Mean > .15:
				t.Errorf("seed %d: %.2f of ln units promised for nothing", seed, r.Offer(.3, promotion.Price).Mean)
			}
		}
	}
	if refused < 24 { // of 30; one in ten passes by chance, and shrinkage moves all three together
		t.Errorf("%d of 30 categories refused", refused)
	}
}

func TestLearnRefuses(t *testing.T) {
	for want, spoil := range map[string]func(*promotion.Panel){
		"E-PROMOTION-FEW": func(p *promotion.Panel) { clear(p.Depth) },
		"E-PROMOTION-PANEL": func(p *promotion.Panel) {
			p.Depth = slices.Clone(p.Depth)
			p.Depth[7] = math.NaN()
		},
		"E-PROMOTION-COLUMN": func(p *promotion.Panel) { p.Week = p.Week[1:] },
		"E-PROMOTION-INSEPARABLE": func(p *promotion.Panel) { // all items at once
			for i := range p.Depth {
				p.Depth[i] = 0
				if p.Week[i]%13 == 5 {
					p.Depth[i] = .1 + .1*float64(p.Week[i]%2)
				}
				p.Vehicle[i], p.Category[i] = promotion.Price, 0
			}
		},
	} {
		s := known()
		s.items, s.weeks = 12, 60
		p := s.panel(1)
		spoil(&p)
		_, err := promotion.Learn(&p)
		if f := (*fault.Error)(nil); !errors.As(err, &f) || f.Code != want || f.Kind != fault.Invalid {
			t.Errorf("got %v, want %s", err, want)
		}
	}
}

// A category with too few promotions has what categories have in common, less surely.
func TestFewPromotionsAreLessCertain(t *testing.T) {
	p := known().panel(21)
	for i := range p.Depth {
		if p.Category[i] == 1 && p.Week[i] != 40 || p.Category[i] == 1 && p.Item[i] > 4 {
			p.Depth[i] = 0
		}
	}
	u, err := promotion.Learn(&p)
	if err != nil {
		t.Fatal(err)
	}
	few, much := u.Categories[1], u.Categories[0]
	if few.Own || few.Episodes > 2 || !much.Own || few.SD < 2*much.SD {
		t.Errorf("few: %+v, much: %+v", few, much)
	}
}

func BenchmarkLearn(b *testing.B) {
	s := known()
	s.items = 300
	p := s.panel(1)
	b.ResetTimer()
	for b.Loop() {
		if _, err := promotion.Learn(&p); err != nil {
			b.Fatal(err)
		}
	}
}
