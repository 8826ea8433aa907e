package pricing

import (
	"encoding/json"
	"math"
	"runtime"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"tradewind/market"
	"tradewind/messages"
	"tradewind/money"
)

// cents makes an amount of n hundredths, times a factor by which a currency is scaled.
func cents(n int64, times int64) money.Amount { return money.FromE4(n*100*times, "GBP") }

// drawn is a random problem in numbers, so that the same can be built in a currency of
// another size.
type drawn struct {
	price, cost, floor, ceiling, advertised, low, high, banLow, banHigh int64
	demand, elasticity, weight                                          []float64
	curve                                                               Curve
	share, stock, step, margin                                          float64
	minDays, days                                                       int
	tax, fee, returns                                                   float64
}

func draw(t *rapid.T) drawn {
	n := rapid.IntRange(1, 24).Draw(t, "scenarios")
	floats := func(name string, low, high float64) []float64 {
		return rapid.SliceOfN(rapid.Float64Range(low, high), n, n).Draw(t, name)
	}
	maybe := func(name string, low, high int64) int64 {
		if rapid.Bool().Draw(t, name+"?") {
			return rapid.Int64Range(low, high).Draw(t, name)
		}
		return 0
	}
	d := drawn{price: rapid.Int64Range(200, 800).Draw(t, "price")}
	d.cost = rapid.Int64Range(1, d.price).Draw(t, "cost")
	d.floor, d.ceiling = maybe("floor", d.price/2, d.price*5/4), maybe("ceiling", d.price*4/5, d.price*2)
	d.advertised, d.low = maybe("advertised", d.price/2, d.price*11/10), maybe("low", d.price/2, d.price*11/10)
	d.high = maybe("high", d.price, d.price*2)
	d.banLow, d.banHigh = maybe("ban low", d.price*9/10, d.price*11/10), d.price*12/10
	d.demand, d.elasticity = floats("demand", 0, 500), floats("elasticity", -6, .2)
	d.weight = floats("weight", .1, 3)
	d.curve = Curve(rapid.IntRange(0, 3).Draw(t, "curve"))
	d.share = rapid.Float64Range(0, .9).Draw(t, "share")
	d.stock = math.Inf(1)
	if rapid.Bool().Draw(t, "stock?") {
		d.stock = rapid.Float64Range(0, 400).Draw(t, "stock")
	}
	d.step = rapid.SampledFrom([]float64{0, .05, .1, .3}).Draw(t, "step")
	d.margin = rapid.Float64Range(-.1, .4).Draw(t, "margin")
	d.minDays, d.days = rapid.IntRange(0, 7).Draw(t, "days"), rapid.IntRange(0, 30).Draw(t, "since")
	d.tax, d.fee, d.returns = rapid.Float64Range(0, .25).Draw(t, "tax"), rapid.Float64Range(0, .2).Draw(t, "fee"), rapid.Float64Range(0, .2).Draw(t, "returns")
	return d
}

func (d *drawn) problem(times int64) *Problem {
	p := &Problem{
		Price: cents(d.price, times), UnitCost: cents(d.cost, times),
		Demand: d.demand, Elasticity: d.elasticity, Weight: d.weight, Curve: d.curve, Share: d.share, Stock: d.stock, Horizon: 28,
		Terms: Terms{TaxRate: d.tax, ChannelRate: d.fee, ReturnRate: d.returns},
		Limits: Limits{
			Floor: cents(d.floor, times), Ceiling: cents(d.ceiling, times), Advertised: cents(d.advertised, times),
			MinMargin: d.margin, MaxStep: d.step, MinDays: d.minDays, DaysSince: d.days,
			Support: Range{cents(d.price*8/10, times), cents(d.price*12/10, times)},
			Rivals:  Range{cents(d.low, times), cents(d.high, times)},
			Endings: []market.Ending{{Value: cents(99, times), Of: cents(100, times)}, {Value: cents(49, times), Of: cents(100, times)}},
		},
	}
	if d.banLow > 0 {
		p.Limits.Bans = []Ban{{Range{cents(d.banLow, times), cents(d.banHigh, times)}, messages.Both{EN: "rule", ZH: "规则"}}}
	}
	return p
}

func solve(t *rapid.T, p *Problem) *Solution {
	s, err := Optimise(p)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// The answer is compared with every price with the right ending, profit computed by the
// formula of each curve, limits held one by one as they are written down.
func TestOptimiseIsBruteForce(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d := draw(t)
		p := d.problem(1)
		s := solve(t, p)
		legal := func(c int64) bool {
			x, today := float64(c), float64(d.price)
			net := p.Terms.Net(x/100) - float64(d.cost)/100
			if c < d.floor || d.ceiling > 0 && c > d.ceiling || c < d.advertised || d.low > 0 && c < d.low || d.high > 0 && c > d.high ||
				d.banLow > 0 && c >= d.banLow && c <= d.banHigh || net < d.margin*x/100-1e-9*x/100 {
				return false
			}
			if c == d.price {
				return true
			}
			return (c%100 == 99 || c%100 == 49) && d.days >= d.minDays && (d.step == 0 || math.Abs(x/today-1) <= d.step+1e-9) &&
				x >= float64(min(d.price, d.price*8/10))*.85-1e-6 && x <= float64(max(d.price, d.price*12/10))*1.15+1e-6 && x <= 2.5*today && x >= today/2.5
		}
		profit := func(c int64) float64 {
			x, p0 := float64(c)/100, float64(d.price)/100
			sum, total := 0., 0.
			for i, q := range d.demand {
				e, z := min(0, d.elasticity[i]), x/p0-1
				switch d.curve {
				case ConstantElasticity:
					q *= math.Pow(x/p0, e)
				case Exponential:
					q *= math.Exp(e * z)
				case Linear:
					q *= max(0, 1+e*z)
				case Logit:
					b := -e / (1 - d.share)
					in, out := math.Exp(-b*z)*d.share, 1-d.share
					if d.share == 0 {
						q *= math.Exp(-b * z)
					} else {
						q *= in / (in + out) / d.share
					}
				}
				sum += d.weight[i] * min(q, d.stock)
				total += d.weight[i]
			}
			return sum / total * (p.Terms.Net(x) - float64(d.cost)/100)
		}
		best := math.Inf(-1)
		for c := int64(1); c <= 3*d.price; c++ {
			if legal(c) {
				best = max(best, profit(c))
			}
		}
		if math.IsInf(best, -1) != (s.Refusal != nil) {
			t.Fatalf("brute force finds %v, the answer is %+v", best, s)
		}
		if s.Refusal != nil {
			return
		}
		if c := s.Best.Price.E4() / 100; !legal(c) {
			t.Fatalf("%v is not legal", s.Best.Price)
		}
		if got := s.Best.Profit; math.Abs(got-best) > 1e-9*math.Abs(best)+1e-9 {
			t.Fatalf("profit = %v, brute force finds %v", got, best)
		}
		if legal(d.price) && s.Gain.Mean < -1e-9 {
			t.Fatalf("gain = %v though today's price is legal", s.Gain.Mean)
		}
	})
}

func TestStricterLimitsNeverPay(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d := draw(t)
		loose := solve(t, d.problem(1))
		switch rapid.IntRange(0, 6).Draw(t, "tighten") {
		case 0:
			d.floor = max(d.floor, 1) + rapid.Int64Range(0, d.price).Draw(t, "by")
		case 1:
			d.ceiling = rapid.Int64Range(1, max(1, min(d.ceiling, 2*d.price))).Draw(t, "ceiling'")
			if loose := d.ceiling; loose == 0 {
				d.ceiling = 2 * d.price
			}
		case 2:
			d.advertised = max(d.advertised, 1) + rapid.Int64Range(0, d.price).Draw(t, "by")
		case 3:
			d.margin += rapid.Float64Range(0, .3).Draw(t, "by")
		case 4:
			if d.step == 0 {
				d.step = .4
			}
			d.step *= rapid.Float64Range(.1, 1).Draw(t, "by")
		case 5:
			d.minDays += rapid.IntRange(0, 40).Draw(t, "by")
		case 6:
			if d.banLow == 0 {
				d.banLow = d.banHigh
			}
			d.banLow -= rapid.Int64Range(0, d.price/4).Draw(t, "by")
		}
		tight := solve(t, d.problem(1))
		if tight.Refusal != nil {
			return
		}
		if loose.Refusal != nil {
			t.Fatalf("nothing was legal, and %v is with a stricter limit", tight.Best.Price)
		}
		if tight.Best.Profit > loose.Best.Profit+1e-9*math.Abs(loose.Best.Profit) {
			t.Fatalf("%v brings %v, with a stricter limit %v brings %v", loose.Best.Price, loose.Best.Profit, tight.Best.Price, tight.Best.Profit)
		}
	})
}

func TestScaledCurrencyScalesTheAnswer(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d := draw(t)
		one, ten := solve(t, d.problem(1)), solve(t, d.problem(100))
		if (one.Refusal == nil) != (ten.Refusal == nil) {
			t.Fatalf("%+v and %+v", one, ten)
		}
		if one.Refusal != nil {
			return
		}
		// Two prices as good as each other may change places by the last bit.
		if one.Best.Price.E4()*100 != ten.Best.Price.E4() && math.Abs(one.Best.Profit*100-ten.Best.Profit) > 1e-9*math.Abs(ten.Best.Profit) {
			t.Fatalf("%v and %v", one.Best, ten.Best)
		}
		if math.Abs(one.Gain.Mean*100-ten.Gain.Mean) > 1e-7*math.Abs(ten.Gain.Mean)+1e-6 {
			t.Fatalf("gain %v and %v", one.Gain, ten.Gain)
		}
	})
}

// Workspaces that were used before, on any number of cores, give the same bytes.
func TestSameBytesOnAnyNumberOfCores(t *testing.T) {
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(0))
	const n = 60
	var problems []*Problem
	for i := range n {
		d := rapid.Custom(draw).Example(i)
		problems = append(problems, d.problem(1))
	}
	run := func(cores int) []string {
		runtime.GOMAXPROCS(cores)
		got := make([]string, n)
		var group sync.WaitGroup
		for worker := range cores {
			group.Go(func() {
				w := NewWorkspace()
				for i := worker; i < n; i += cores {
					s, err := w.Optimise(problems[i])
					if err != nil {
						t.Error(err)
						return
					}
					text, err := json.Marshal(s)
					if err != nil {
						t.Error(err)
						return
					}
					got[i] = string(text)
				}
			})
		}
		group.Wait()
		return got
	}
	one := run(1)
	for _, cores := range []int{2, 7} {
		if diff := cmp.Diff(one, run(cores)); diff != "" {
			t.Fatalf("on %d cores: %s", cores, diff)
		}
	}
}

func TestFastExponential(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		e := rapid.Float64Range(-100, 0).Draw(t, "elasticity")
		x := rapid.Float64Range(-6, 6).Draw(t, "x")
		got := exponential(e * x)
		// One part in 10¹⁴ for each unit of the exponent: y·2⁻⁵³ is lost in y itself.
		if want := math.Exp(e * x); math.Abs(got/want-1) > 1e-14*(1+math.Abs(e*x)/10) {
			t.Fatalf("exp(%v) = %v, want %v", e*x, got, want)
		}
	})
}
