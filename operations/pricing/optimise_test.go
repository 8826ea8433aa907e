package pricing

import (
	"math"
	"slices"
	"testing"

	"tradewind/commerce"
	"tradewind/fault"
	"tradewind/market"
	"tradewind/messages"
	"tradewind/money"
)

func gbp(t testing.TB, s string) money.Amount {
	t.Helper()
	a, err := money.Parse(s, "GBP")
	if err != nil {
		t.Fatal(err)
	}
	return a
}

// british are the endings of the British pack.
func british(t testing.TB) []market.Ending {
	return []market.Ending{
		{Value: gbp(t, "0.99"), Of: gbp(t, "1")},
		{Value: gbp(t, "0.95"), Of: gbp(t, "1")},
	}
}

// sure is a problem of one scenario, free to move as far as the grid goes.
func sure(t testing.TB, price, cost string, curve Curve, elasticity float64) *Problem {
	return &Problem{
		Item: commerce.Item{SKU: "85123A", Market: "GB", Channel: "web"}, Price: gbp(t, price), UnitCost: gbp(t, cost),
		Demand: []float64{1000}, Elasticity: []float64{elasticity}, Curve: curve, Stock: math.Inf(1), Horizon: 28,
		Limits: Limits{Support: Range{gbp(t, "1"), gbp(t, "1000000")}},
	}
}

func near(t *testing.T, name string, got, want, tolerance float64) {
	t.Helper()
	if !(math.Abs(got-want) <= tolerance*math.Abs(want)) {
		t.Errorf("%s = %.10g, want %.10g ± %g", name, got, want, tolerance)
	}
}

// Each line starts from another price of today. The bound is on the price itself, though
// profit is so flat there that a hundred times as much would hardly be felt.
func TestClosedForms(t *testing.T) {
	for _, today := range []string{"1800.00", "1951.37", "2000.00", "2113.20"} {
		p0 := gbp(t, today).Float()
		t.Run(today, func(t *testing.T) {
			// D = 1000(1+ε(p/p₀-1)) is a - bp with a = 1000(1-ε), b = -1000ε/p₀.
			linear := sure(t, today, "1000", Linear, -2)
			constant := sure(t, today, "1000", ConstantElasticity, -2)
			exponential := sure(t, today, "1000", Exponential, -2)
			logit := sure(t, today, "1000", Logit, -1.5)
			logit.Share = .2
			b := 1.5 / (.8 * p0) // elasticity is -b·p(1-s)
			a := math.Log(.2/.8) + b*p0
			for _, tt := range []struct {
				p    *Problem
				want float64
			}{
				{linear, linearPrice(3000, 2000/p0, 1000)},
				{constant, constantElasticityPrice(-2, 1000)},
				{exponential, exponentialPrice(2/p0, 1000)},
				{logit, logitPrice(a, b, 1000)},
			} {
				s, err := Optimise(tt.p)
				if err != nil {
					t.Fatal(err)
				}
				near(t, tt.p.Curve.String(), s.Best.Price.Float(), tt.want, .001)
			}
		})
	}
}

// The price that is best for the mean elasticity is not the best on average.
func TestElasticityIsDrawnNotAveraged(t *testing.T) {
	p := sure(t, "2000", "1000", ConstantElasticity, 0)
	p.Demand, p.Elasticity = []float64{1000, 1000}, []float64{-1.2, -4}
	s, err := Optimise(p)
	if err != nil {
		t.Fatal(err)
	}
	mean := *p
	mean.Elasticity = []float64{-2.6, -2.6}
	m, err := Optimise(&mean)
	if err != nil {
		t.Fatal(err)
	}
	at, err := Ask(p, m.Best.Price)
	if err != nil {
		t.Fatal(err)
	}
	if !(s.Best.Profit > at.Profit*1.001) {
		t.Errorf("the best price brings %v, that for the mean elasticity %v", s.Best.Profit, at.Profit)
	}
}

func TestInelasticDemandIsBoundByACap(t *testing.T) {
	p := sure(t, "10", "4", ConstantElasticity, -.6)
	p.Limits.Support = Range{}
	s, err := Optimise(p)
	if err != nil {
		t.Fatal(err)
	}
	if got, want := s.Best.Price, gbp(t, "11.49"); got.E4() > gbp(t, "11.50").E4() || got.E4() < want.E4() {
		t.Errorf("the price is %v, want the cap of 15 %% over what was seen", got)
	}
	if !s.Inelastic() || len(s.Binding) != 1 || s.Binding[0].Limit != LimitSupport {
		t.Errorf("inelastic %v, bound by %v; want the support to bind", s.Inelastic(), s.Binding)
	}
	if got := s.Note().Code; got != "pricing.note.capped-inelastic" {
		t.Errorf("the note is %q", got)
	}
	p.Limits.Support = Range{gbp(t, "1"), gbp(t, "1000")}
	if s, err = Optimise(p); err != nil {
		t.Fatal(err)
	}
	if s.Best.Price.Float() > 25.1 || len(s.Binding) != 1 || s.Binding[0].Limit != LimitReach {
		t.Errorf("without a cap the price is %v, bound by %v; want the reach to bind", s.Best.Price, s.Binding)
	}
}

func TestSalesStopAtTheStock(t *testing.T) {
	p := sure(t, "10", "4", ConstantElasticity, -2)
	free, err := Optimise(p)
	if err != nil {
		t.Fatal(err)
	}
	p.Stock = 800
	s, err := Optimise(p)
	if err != nil {
		t.Fatal(err)
	}
	// With D known, the best price sells just the stock: 1000(p/10)^-2 = 800.
	near(t, "price", s.Best.Price.Float(), 10*math.Sqrt(1000./800), .003)
	if s.Best.Units > 800 || !(s.Best.Price.E4() > free.Best.Price.E4()) {
		t.Errorf("%v units are sold at %v", s.Best.Units, s.Best.Price)
	}
	if s.Today.Units != 800 {
		t.Errorf("%v units are sold today, want 800", s.Today.Units)
	}
	// A bid is a cost: it raises the price to that for the higher cost.
	p.Stock, p.Bid = math.Inf(1), gbp(t, "1")
	if s, err = Optimise(p); err != nil {
		t.Fatal(err)
	}
	near(t, "price with a bid", s.Best.Price.Float(), constantElasticityPrice(-2, 5), .001)
}

func TestGainIsPaired(t *testing.T) {
	p := sure(t, "9.99", "4", ConstantElasticity, -4)
	p.Demand = []float64{50, 100, 150, 200}
	p.Elasticity = []float64{-4, -4, -4, -1}
	p.Limits.Endings = british(t)
	s, err := Optimise(p)
	if err != nil {
		t.Fatal(err)
	}
	var gains []float64
	mean, positive := 0., 0.
	for i, d := range p.Demand {
		f := math.Pow(s.Best.Price.Float()/9.99, p.Elasticity[i])
		g := d*f*(s.Best.Price.Float()-4) - d*(9.99-4)
		gains = append(gains, g)
		mean += g / 4
		if g > 0 {
			positive += .25
		}
	}
	slices.Sort(gains)
	near(t, "mean", s.Gain.Mean, mean, 1e-9)
	near(t, "positive", s.Gain.Positive, positive, 1e-9)
	near(t, "P10", s.Gain.P10, gains[0], 1e-9)
	near(t, "P50", s.Gain.P50, gains[1], 1e-9)
	near(t, "P90", s.Gain.P90, gains[3], 1e-9)
	near(t, "difference of means", s.Best.Profit-s.Today.Profit, mean, 1e-9)
}

func TestFlatOptimum(t *testing.T) {
	p := sure(t, "2000", "1000", ConstantElasticity, -2)
	s, err := Optimise(p)
	if err != nil {
		t.Fatal(err)
	}
	for _, point := range s.Points {
		inside := point.Price.E4() >= s.Flat[0].E4() && point.Price.E4() <= s.Flat[1].E4()
		if good := point.Profit >= .99*s.Best.Profit; good != inside {
			t.Errorf("%v brings %v of %v and lies inside the flat interval: %v", point.Price, point.Profit, s.Best.Profit, inside)
		}
	}
	if !(s.Flat[1].Float()-s.Flat[0].Float() > 200) {
		t.Errorf("the flat interval %v is narrow", s.Flat)
	}
}

func TestNothingIsSoldSoNothingIsMoved(t *testing.T) {
	p := sure(t, "9.50", "4", ConstantElasticity, -2)
	p.Demand = []float64{0}
	p.Limits.Endings = british(t)
	s, err := Optimise(p)
	if err != nil {
		t.Fatal(err)
	}
	if !s.Stays() || s.Gain != (Gain{}) {
		t.Errorf("the price moves to %v for a gain of %+v", s.Best.Price, s.Gain)
	}
}

func TestBadInput(t *testing.T) {
	yen := money.FromE4(10_000_000, "JPY")
	for _, tt := range []struct {
		code string
		with func(p *Problem)
	}{
		{"E-PRICING-PRICE", func(p *Problem) { p.Price = money.FromE4(0, "GBP") }},
		{"E-PRICING-PRICE", func(p *Problem) { p.Price = p.Price.Neg() }},
		{"E-PRICING-CURRENCY", func(p *Problem) { p.UnitCost = yen }},
		{"E-PRICING-CURRENCY", func(p *Problem) { p.Bid = yen }},
		{"E-PRICING-CURRENCY", func(p *Problem) { p.Limits.Floor = yen }},
		{"E-PRICING-CURRENCY", func(p *Problem) { p.Limits.Bans = []Ban{{Range: Range{High: yen}}} }},
		{"E-PRICING-CURRENCY", func(p *Problem) { p.Terms.ChannelFee = yen }},
		{"E-PRICING-CURRENCY", func(p *Problem) { p.Limits.Endings = []market.Ending{{Value: yen, Of: yen}} }},
		{"E-PRICING-LIMIT", func(p *Problem) { p.Limits.Ceiling = p.Price.Neg() }},
		{"E-PRICING-SCENARIOS", func(p *Problem) { p.Demand = nil }},
		{"E-PRICING-SCENARIOS", func(p *Problem) { p.Elasticity = []float64{-1, -2} }},
		{"E-PRICING-SCENARIOS", func(p *Problem) { p.Weight = []float64{} }},
		{"E-PRICING-DEMAND", func(p *Problem) { p.Demand[0] = math.NaN() }},
		{"E-PRICING-DEMAND", func(p *Problem) { p.Demand[0] = math.Inf(1) }},
		{"E-PRICING-ELASTICITY", func(p *Problem) { p.Elasticity[0] = math.NaN() }},
		{"E-PRICING-ELASTICITY", func(p *Problem) { p.Elasticity[0] = math.Inf(-1) }},
		{"E-PRICING-WEIGHT", func(p *Problem) { p.Weight = []float64{0} }},
		{"E-PRICING-NUMBER", func(p *Problem) { p.Stock = math.NaN() }},
		{"E-PRICING-NUMBER", func(p *Problem) { p.UnitCost = p.UnitCost.Neg() }},
		{"E-PRICING-NUMBER", func(p *Problem) { p.Terms.ChannelRate = 1.2 }},
		{"E-PRICING-NUMBER", func(p *Problem) { p.Limits.MinMargin = math.NaN() }},
		{"E-PRICING-NUMBER", func(p *Problem) { p.Limits.MaxStep = -.1 }},
		{"E-PRICING-NUMBER", func(p *Problem) { p.Share = 1 }},
		{"E-PRICING-NUMBER", func(p *Problem) { p.Net = func(float64) float64 { return math.NaN() } }},
		{"E-PRICING-NUMBER", func(p *Problem) { p.Price = money.FromE4(math.MaxInt64, "GBP") }},
	} {
		p := sure(t, "10", "4", ConstantElasticity, -2)
		tt.with(p)
		_, err := Optimise(p)
		if f := fault.Of(err); f == nil || f.Code != tt.code || f.Kind != fault.Invalid {
			t.Errorf("got %v, want %s", err, tt.code)
		} else if text := messages.Of(err).In(messages.English); text == "" {
			t.Errorf("%s has no text", tt.code)
		}
	}
}
