package pricing

import (
	"math"
	"strings"
	"testing"

	"tradewind/fault"
	"tradewind/market"
	"tradewind/messages"
	"tradewind/money"
)

func TestGrid(t *testing.T) {
	p := sure(t, "5.60", "1", ConstantElasticity, -2)
	p.Limits.Endings = british(t)
	grid := p.grid(nil)
	var got []string
	for _, a := range grid {
		if a.Float() > 4.97 && a.Float() < 6.3 {
			got = append(got, a.Decimal())
		}
	}
	if want := "4.99 5.60 5.95 5.99"; strings.Join(got, " ") != want {
		t.Errorf("the grid is %v, want %s", got, want)
	}
	p.Price = gbp(t, "12345.67")
	if n := len(p.grid(nil)); n < 150 || n > MaxGrid-finer {
		t.Errorf("the grid of a dear item has %d points", n)
	}
}

func TestGridInYen(t *testing.T) {
	yen := func(n int64) money.Amount { return money.FromE4(n*10_000, "JPY") }
	p := &Problem{Price: yen(3_000), Limits: Limits{Endings: []market.Ending{{Value: yen(980), Of: yen(1000)}, {Value: yen(80), Of: yen(100)}}}}
	for _, a := range p.grid(nil) {
		if a != p.Price && (a.E4()/10_000)%100 != 80 {
			t.Errorf("%v is on the grid", a)
		}
	}
}

func TestCashIsRounded(t *testing.T) {
	pack, ok := market.Of("CH")
	if !ok {
		t.Fatal("there is no Swiss pack")
	}
	franc := func(e4 int64) money.Amount { return money.FromE4(e4, "CHF") }
	p := &Problem{Price: franc(79_300), Limits: Limits{Cash: pack.CashRound}}
	for _, a := range p.grid(nil) {
		if a != p.Price && a.E4()%500 != 0 {
			t.Errorf("%v cannot be paid in cash", a)
		}
	}
}

// Every limit that is set is listed, a ban by the rule that makes it.
func TestBounds(t *testing.T) {
	p := sure(t, "10", "4", ConstantElasticity, -2)
	p.Limits.Floor, p.Limits.MaxStep = gbp(t, "5"), .2
	p.Limits.Bans = []Ban{{Range{money.Amount{}, gbp(t, "6")}, messages.Both{EN: "resale at a loss", ZH: "亏本转售"}}}
	want := []Limit{LimitMargin, LimitFloor, LimitStep, LimitSupport, LimitBan}
	all := p.Bounds()
	if len(all) != len(want) {
		t.Fatalf("got %v, want %v", all, want)
	}
	for i, b := range all {
		if b.Limit != want[i] {
			t.Errorf("%d: got %v, want %v", i, b.Limit, want[i])
		}
	}
	if text := all[4].Message.In(messages.English); !strings.Contains(text, "resale at a loss") || !strings.Contains(text, "6.00") {
		t.Errorf("a ban is listed as %q", text)
	}
}

// tight returns a problem in which nothing but the given limits stands in the way.
func tight(t *testing.T, with func(l *Limits)) *Problem {
	p := sure(t, "10", "4", ConstantElasticity, -3)
	with(&p.Limits)
	return p
}

func TestRefusals(t *testing.T) {
	for _, tt := range []struct {
		name   string
		with   func(l *Limits)
		limits []Limit
		moves  []Limit
		price  string
		says   string // part of the remedy
	}{
		{"floor above ceiling", func(l *Limits) { l.Floor, l.Ceiling = gbp(t, "9"), gbp(t, "8") },
			[]Limit{LimitCeiling, LimitFloor}, []Limit{LimitFloor}, "8.00", "lower the floor from GBP 9.00 to GBP 8.00"},
		{"MAP beyond the step", func(l *Limits) { l.Advertised, l.MaxStep = gbp(t, "15"), .2 },
			[]Limit{LimitStep, LimitAdvertised}, []Limit{LimitAdvertised}, "12.00", "GBP 12.00 instead of GBP 15.00"},
		{"a rule forbids today's price and the wait every other", func(l *Limits) {
			l.Bans = []Ban{{Range{gbp(t, "9.5"), gbp(t, "10.5")}, messages.Both{EN: "resale prices", ZH: "转售价格"}}}
			l.MinDays, l.DaysSince = 14, 5
		}, []Limit{LimitWait, LimitBan}, []Limit{LimitWait}, "10.51", "wait 9 days"},
		{"margin out of reach of the step", func(l *Limits) { l.MinMargin, l.MaxStep = .65, .1 },
			[]Limit{LimitStep, LimitMargin}, []Limit{LimitMargin}, "11.00", "least margin from 65.0 % to 63.6 %"},
		{"a rule forbids all", func(l *Limits) {
			l.Bans = []Ban{{Range{gbp(t, "0.01"), money.Amount{}}, messages.Both{EN: "no sale", ZH: "禁售"}}}
		}, []Limit{LimitBan}, nil, "", "a rule forbids every price within reach"},
		{"no ending between the limits", func(l *Limits) {
			l.Endings = british(t)
			l.Floor, l.Ceiling = gbp(t, "10.10"), gbp(t, "10.90")
		}, []Limit{LimitEnding, LimitCeiling, LimitFloor}, []Limit{LimitEnding}, "10.10", "GBP 10.10 without a customary ending"},
		{"the floor is far away", func(l *Limits) { l.Floor = gbp(t, "60") },
			[]Limit{LimitReach, LimitFloor}, []Limit{LimitFloor}, "25.00", "lower the floor from GBP 60.00"},
		{"corridors that exclude each other", func(l *Limits) {
			l.Rivals, l.Parity = Range{gbp(t, "7"), gbp(t, "8")}, Range{gbp(t, "9"), gbp(t, "9.5")}
		}, []Limit{LimitRivals, LimitParity}, []Limit{LimitParity}, "8.00", "corridor to other channels to GBP 8.00"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			s, err := Optimise(tight(t, tt.with))
			if err != nil {
				t.Fatal(err)
			}
			if s.Refusal == nil {
				t.Fatalf("the answer is %v, want a refusal", s.Best.Price)
			}
			kinds := func(all []Binding) (l []Limit) {
				for _, b := range all {
					l = append(l, b.Limit)
				}
				return l
			}
			same := func(what string, got, want []Limit) {
				if len(got) != len(want) {
					t.Errorf("%s: %v, want %v", what, got, want)
					return
				}
				for i := range got {
					if got[i] != want[i] {
						t.Errorf("%s: %v, want %v", what, got, want)
						return
					}
				}
			}
			same("in conflict", kinds(s.Refusal.Limits), tt.limits)
			same("moves", kinds(s.Refusal.Remedy.Moves), tt.moves)
			if tt.price != "" && s.Refusal.Remedy.Price != gbp(t, tt.price) {
				t.Errorf("the remedy opens %v, want %s", s.Refusal.Remedy.Price, tt.price)
			}
			text := s.Refusal.Message.In(messages.English)
			if !strings.Contains(text, tt.says) || strings.Contains(text, "[") {
				t.Errorf("%q does not say %q", text, tt.says)
			}
			if zh := s.Refusal.Message.In(messages.Chinese); strings.Contains(zh, "[") {
				t.Errorf("%q misses a value", zh)
			}
		})
	}
}

// Done as told, the remedy leaves a price.
func TestRemediesHelp(t *testing.T) {
	p := tight(t, func(l *Limits) { l.MinMargin, l.MaxStep = .65, .1 })
	p.Limits.MinMargin = .636
	if s, err := Optimise(p); err != nil || s.Refusal != nil {
		t.Errorf("%v, %v after the least margin was lowered as told", s.Refusal, err)
	}
	p = tight(t, func(l *Limits) { l.Floor, l.Ceiling = gbp(t, "8"), gbp(t, "8") })
	if s, err := Optimise(p); err != nil || s.Refusal != nil || s.Best.Price != gbp(t, "8") {
		t.Errorf("%+v, %v after the floor was lowered as told", s, err)
	}
}

func TestLeavingThePriceIsNoMove(t *testing.T) {
	p := tight(t, func(l *Limits) {
		l.MinDays, l.DaysSince, l.Endings = 7, 2, british(t)
	})
	s, err := Optimise(p)
	if err != nil {
		t.Fatal(err)
	}
	if !s.Stays() || len(s.Points) != 1 || len(s.Binding) == 0 || s.Binding[0].Limit != LimitWait {
		t.Errorf("%+v; want today's price, bound by the wait", s)
	}
}

func TestAskNamesWhatAPriceBreaks(t *testing.T) {
	p := tight(t, func(l *Limits) { l.Floor, l.MaxStep = gbp(t, "9"), .1 })
	got, err := Ask(p, gbp(t, "8"))
	if err != nil {
		t.Fatal(err)
	}
	if len(got.Broken) != 2 || got.Broken[0].Limit != LimitStep || got.Broken[1].Limit != LimitFloor {
		t.Errorf("8.00 breaks %v, want the step and the floor", got.Broken)
	}
	// 1000·.8⁻³ units at a margin of 4 against 1000 at 6.
	near(t, "gain", got.Gain.Mean, 1000*math.Pow(.8, -3)*4-6000, 1e-12)
	if _, err := Ask(p, money.FromE4(80_000, "JPY")); !fault.Is(err, fault.Invalid) {
		t.Errorf("a price in yen for one in pounds: %v", err)
	}
	if _, err := Ask(p, gbp(t, "0")); !fault.Is(err, fault.Invalid) {
		t.Errorf("a price of nothing: %v", err)
	}
}

// Whoever asks may ask anything: far from today's price demand is nothing, or very much,
// but a number, and the mean of units is that of the curve.
func TestAskFarAway(t *testing.T) {
	for _, curve := range []Curve{ConstantElasticity, Exponential, Linear, Logit} {
		p := sure(t, "100", "40", curve, 0)
		p.Demand, p.Elasticity, p.Share = []float64{0, 1000}, []float64{-2, -100}, .3
		for _, price := range []string{"0.01", "1", "30", "170", "900", "100000", "1000000000"} {
			got, err := Ask(p, gbp(t, price))
			if err != nil {
				t.Fatal(err)
			}
			want := 500 * curve.Factor(gbp(t, price).Float(), 100, -100, .3)
			near(t, curve.String()+" at "+price, got.Units, want, 1e-12)
			for _, x := range []float64{got.Profit, got.Gain.Mean, got.Gain.P10, got.Gain.P90} {
				if math.IsNaN(x) || math.IsInf(x, 0) {
					t.Errorf("%v at %s: %+v", curve, price, got)
				}
			}
		}
	}
}

func TestWaterfallSumsToThePrice(t *testing.T) {
	terms := Terms{
		TaxRate: .2, ImportRate: .047, ImportFixed: gbp(t, "0.1234"), ChannelRate: .153, ChannelFee: gbp(t, "0.3"),
		PaymentRate: .029, PaymentFee: gbp(t, "0.2"), ReturnRate: .08, ReturnCost: gbp(t, "1.5"), Recovered: gbp(t, "3.9"), FeesBack: .8,
	}
	for e4 := int64(10_000); e4 < 1_000_000; e4 += 9_973 {
		price := money.FromE4(e4, "GBP")
		w, err := terms.Waterfall(price, gbp(t, "4.3333"))
		if err != nil {
			t.Fatal(err)
		}
		sum := w.Contribution
		for _, part := range w.Parts {
			if sum, err = sum.Add(part.Amount); err != nil {
				t.Fatal(err)
			}
		}
		if sum != price {
			t.Fatalf("the parts of %v sum to %v", price, sum)
		}
		want := terms.Net(price.Float()) - 4.3333
		if got := w.Contribution.Float(); math.Abs(got-want) > 3e-4 { // five parts, each rounded
			t.Fatalf("contribution of %v is %v, want %v", price, got, want)
		}
	}
	// By hand: 12.00 with 20 % tax leaves 10.00; a commission of 15 % takes 1.80.
	w, err := (&Terms{TaxRate: .2, ChannelRate: .15}).Waterfall(gbp(t, "12"), gbp(t, "5"))
	if err != nil {
		t.Fatal(err)
	}
	if w.Contribution != gbp(t, "3.20") {
		t.Errorf("contribution = %v, want GBP 3.20", w.Contribution)
	}
}
