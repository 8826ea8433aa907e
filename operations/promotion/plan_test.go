package promotion_test

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"

	"pgregory.net/rapid"

	"tradewind/calendar"
	"tradewind/commerce"
	"tradewind/fault"
	"tradewind/money"
	"tradewind/operations/compliance"
	"tradewind/operations/promotion"
)

// 150 random problems of at most six items and six weeks against every plan there is.
func TestSolveEqualsExhaustive(t *testing.T) {
	large := 0 // too many plans to look at
	for seed := range uint64(150) {
		rng := rand.New(rand.NewPCG(seed, 5))
		items, limits := promotion.Draw(rng, 2+rng.IntN(5), 3+rng.IntN(4))
		plan, err := promotion.Solve(items, limits)
		if err != nil {
			t.Fatal(err)
		}
		want, err := promotion.Exhaustive(items, limits)
		if err != nil {
			large++
			continue
		}
		if math.Abs(plan.Value-want) > 1e-7*math.Max(1, want) {
			t.Errorf("seed %d: %d items, %d weeks: got %.9g, want %.9g (bound %.9g, proven %v)", seed, len(items), limits.Weeks, plan.Value, want, plan.Bound, plan.Proven)
		}
		if plan.Bound < plan.Value || plan.Bound < want-1e-7*math.Max(1, want) {
			t.Errorf("seed %d: bound %.12g below value %.12g", seed, plan.Bound, plan.Value)
		}
	}
	if large > 50 {
		t.Errorf("%d problems of 150 were too large for the comparison", large)
	}
}

// 200 items over 26 weeks: the bound says how far the plan can be from the best.
func TestGapOfLargePlans(t *testing.T) {
	for seed := range uint64(2) {
		items, limits := promotion.Draw(rand.New(rand.NewPCG(seed, 6)), 200, 26)
		plan, err := promotion.Solve(items, limits)
		if err != nil {
			t.Fatal(err)
		}
		if gap := plan.Gap(); !(gap >= 0 && gap <= .01) {
			t.Errorf("seed %d: gap %.4f of bound %.1f", seed, gap, plan.Bound)
		}
		checkPlan(t, items, limits, plan)
	}
}

func TestPlansKeepEveryLimit(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		rng := rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "seed"), 7))
		items, limits := promotion.Draw(rng, rapid.IntRange(1, 14).Draw(t, "items"), rapid.IntRange(1, 14).Draw(t, "weeks"))
		limits.MinGap = rapid.IntRange(1, 5).Draw(t, "gap")
		plan, err := promotion.Solve(items, limits)
		if err != nil {
			t.Fatal(err)
		}
		checkPlan(t, items, limits, plan)
	})
}

type failing interface {
	Helper()
	Errorf(string, ...any)
}

// checkPlan recounts slots, budget and gaps from the offers, and judges each reduction by
// the price history that the plan itself makes, in the words of package compliance.
func checkPlan(t failing, items []promotion.Item, limits promotion.Limits, plan *promotion.Plan) {
	t.Helper()
	if plan.Bound < plan.Value || plan.Value < -1e-9 {
		t.Errorf("value %v, bound %v", plan.Value, plan.Bound)
	}
	type place struct {
		market    commerce.Market
		what, key string
		day       calendar.Day
	}
	taken := map[place]int{}
	slots := map[string]int{}
	for _, v := range limits.Vehicles {
		slots[v.Name] = v.Slots
	}
	sum, spent := 0.0, 0.0
	for i := range items {
		it := &items[i]
		history := []compliance.Asked{}
		for _, a := range it.History {
			history = append(history, compliance.Asked(a))
		}
		day := limits.Start
		var before calendar.Day
		for _, o := range plan.Offers {
			if o.Item != it.Item {
				continue
			}
			sum += o.Mean
			if math.Abs(o.Parts.Sum()-o.Mean) > 1e-9*math.Max(1, math.Abs(o.Mean)) || o.P10 > o.P90 {
				t.Errorf("%v: parts %v of %v, %v to %v", o.Item, o.Parts.Sum(), o.Mean, o.P10, o.P90)
			}
			week := o.From.Sub(limits.Start) / 7
			for _, v := range limits.Vehicles {
				if v.Name == o.Vehicle {
					units := it.Base[week] * math.Exp(o.Uplift.Mean+o.Uplift.SD*o.Uplift.SD/2)
					spent += v.Cost + math.Max(0, it.Price.Float()-o.Price.Float()-it.Funding)*units
				}
			}
			taken[place{it.Item.Market, "vehicle", o.Vehicle, o.From}]++
			taken[place{it.Item.Market, "category", it.Category, o.From}]++
			if before != (calendar.Day{}) && o.From.Sub(before) < 7*limits.MinGap {
				t.Errorf("%v: promoted on %v and %v, gap %d weeks", o.Item, before, o.From, limits.MinGap)
			}
			if it.Since > 0 && o.From.Sub(limits.Start)/7+it.Since < limits.MinGap {
				t.Errorf("%v: %v is too soon after the last", o.Item, o.From)
			}
			if day.Before(o.From) {
				history = append(history, compliance.Asked{From: day, To: o.From.AddDays(-1), Price: it.Price})
			}
			if days, _ := limits.PriorDays(it.Item.Market, o.From); days > 0 {
				prior, err := compliance.PriorPrice(history, o.From, days)
				switch {
				case err != nil:
					t.Errorf("%v on %v: %v", o.Item, o.From, err)
				case prior.Short:
					t.Errorf("%v on %v: not on offer for %d days", o.Item, o.From, days)
				case prior.Price != o.Was || prior.Reduction(o.Price) < limits.Announce-1e-9 || math.Abs(prior.Reduction(o.Price)-o.Announced) > 1e-9:
					t.Errorf("%v on %v: was %v, announced %v; law says %v, %v", o.Item, o.From, o.Was, o.Announced, prior.Price, prior.Reduction(o.Price))
				case o.Proof == nil || o.Proof.Lowest.Price != o.Was || prior.Day.Before(o.Proof.Lowest.From) || o.Proof.Lowest.To.Before(prior.Day):
					t.Errorf("%v on %v: proof %+v does not show %v on %v", o.Item, o.From, o.Proof, prior.Price, prior.Day)
				}
			}
			history = append(history, compliance.Asked{From: o.From, To: o.To, Price: o.Price})
			day, before = o.To.AddDays(1), o.From
		}
	}
	for p, n := range taken {
		if p.what == "vehicle" && slots[p.key] > 0 && n > slots[p.key] {
			t.Errorf("%d of %q in %v on %v, %d places", n, p.key, p.market, p.day, slots[p.key])
		}
		if p.what == "category" && limits.Exclusive && n > 1 {
			t.Errorf("%d of category %q in %v on %v", n, p.key, p.market, p.day)
		}
	}
	if limits.Budget > 0 && spent > limits.Budget*(1+1e-8) || math.Abs(spent-plan.Spent) > 1e-6*math.Max(1, spent) {
		t.Errorf("spent %v (said %v) of %v", spent, plan.Spent, limits.Budget)
	}
	if math.Abs(sum-plan.Value) > 1e-7*math.Max(1, math.Abs(sum)) {
		t.Errorf("offers sum to %v, the plan to %v", sum, plan.Value)
	}
}

// A larger budget never makes the best plan worse: the bound of the larger is above the
// value of the smaller, and proven values do not fall.
func TestMoreBudgetIsNeverWorse(t *testing.T) {
	for seed := range uint64(30) {
		items, limits := promotion.Draw(rand.New(rand.NewPCG(seed, 8)), 5, 6)
		last := 0.0
		for _, budget := range []float64{10, 30, 60, 120, 240, 1e6} {
			limits.Budget = budget
			plan, err := promotion.Solve(items, limits)
			if err != nil {
				t.Fatal(err)
			}
			if slack := 1e-7 * math.Max(1, last); plan.Bound < last-slack || plan.Proven && plan.Value < last-slack {
				t.Errorf("seed %d: budget %v: value %v, bound %v after %v", seed, budget, plan.Value, plan.Bound, last)
			}
			last = plan.Value
		}
	}
}

func TestSameBytesAgain(t *testing.T) {
	items, limits := promotion.Draw(rand.New(rand.NewPCG(3, 9)), 20, 12)
	one, _ := promotion.Solve(items, limits)
	two, _ := promotion.Solve(items, limits)
	if a, b := render(one), render(two); len(one.Offers) == 0 || a != b {
		t.Errorf("two runs differ:\n%s\n%s", a, b)
	}
}

// render writes a plan out, proofs included.
func render(p *promotion.Plan) string {
	text := fmt.Sprintf("%v %v %v %v %v\n", p.Value, p.Bound, p.Spent, p.BudgetPrice, p.SlotPrices)
	for _, o := range p.Offers {
		if o.Proof != nil {
			text += fmt.Sprintf("%+v ", *o.Proof)
		}
		o.Proof = nil
		text += fmt.Sprintf("%+v\n", o)
	}
	return text
}

// The value of a plan is what a plain simulation of the demand model says: units of every
// week with the plan less those without, dips after the last week included.
func TestValueIsThatOfTheDemandModel(t *testing.T) {
	for seed := range uint64(40) {
		items, limits := promotion.Draw(rand.New(rand.NewPCG(seed, 12)), 6, 10)
		limits.MinGap = max(promotion.DipWeeks, limits.MinGap)
		for i := range items {
			if items[i].Since > 0 && items[i].Since <= promotion.Memory { // the model plans with the nearest depth that it may ask
				items[i].Since, items[i].Depth = 3, .2
			}
		}
		plan, err := promotion.Solve(items, limits)
		if err != nil {
			t.Fatal(err)
		}
		want := 0.
		for i := range items {
			it := &items[i]
			offers := map[int]promotion.Offer{}
			for _, o := range plan.Offers {
				if o.Item == it.Item {
					offers[o.From.Sub(limits.Start)/7] = o
				}
			}
			want += contribution(it, limits.Weeks, offers) - contribution(it, limits.Weeks, nil)
		}
		if math.Abs(plan.Value-want) > 1e-3*math.Max(1, math.Abs(want)) { // the depth of the past is rounded to a price
			t.Errorf("seed %d: plan %.4f, simulation %.4f", seed, plan.Value, want)
		}
	}
}

func contribution(it *promotion.Item, weeks int, offers map[int]promotion.Offer) float64 {
	r := it.Response
	depth := func(week int) float64 {
		if week == -it.Since && it.Since > 0 {
			return it.Depth
		}
		return offers[week].Depth
	}
	f := func(d float64) float64 { return -math.Log(1 - d) }
	sum := 0.
	for week := range weeks + promotion.DipWeeks {
		ln := 0.
		for k, dip := range r.Dip {
			ln -= dip * f(depth(week-k-1))
		}
		paid, cost := it.Price.Float(), it.UnitCost
		if o, on := offers[week]; on {
			for since := 1; since <= promotion.Memory; since++ {
				if depth(week-since) > 0 {
					ln -= r.Fatigue * math.Exp(-float64(since)/4)
					break
				}
			}
			e := r.Offer(o.Depth, o.Vehicle)
			ln += e.Mean + e.SD*e.SD/2
			paid, cost = o.Price.Float(), cost-it.Funding
			sum += o.Parts.Fixed
			for _, x := range it.Cross {
				sum += x.Value[0] * (math.Exp(x.Coef*f(o.Depth)) - 1)
			}
		}
		sum += it.Base[week] * math.Exp(ln) * (paid - cost)
	}
	return sum
}

func day(s string) calendar.Day {
	d, err := calendar.ParseDay(s)
	if err != nil {
		panic(err)
	}
	return d
}

func euros(s string) money.Amount {
	a, err := money.Parse(s, "EUR")
	if err != nil {
		panic(err)
	}
	return a
}

// one item of which a promotion always pays, with full knowledge.
func one() (promotion.Item, promotion.Limits) {
	it := promotion.Item{Item: commerce.Item{SKU: "A", Market: "DE", Channel: "web"}, Price: euros("20"), UnitCost: 6,
		History: []promotion.Asked{{From: day("2026-01-01"), To: day("2026-06-30"), Price: euros("20")}}, Base: []float64{40},
		Response: promotion.Response{Depth: promotion.Estimate{Mean: 4, SD: .2}, Support: .3}}
	l := promotion.Limits{Start: day("2026-07-06"), Weeks: 1, PriorDays: func(commerce.Market, calendar.Day) (int, string) { return 30, "EU.price.reduction" }}
	return it, l
}

// The golden cases of the prior-price rule: 29, 30 and 31 days after a lower price.
func TestPriorPriceInThePlan(t *testing.T) {
	for _, tt := range []struct {
		until   string // last day of 13.00; a reduction to 14.00 (30 %) begins on 2026-07-06
		allowed bool
	}{{"2026-06-05", true}, {"2026-06-06", false}, {"2026-06-07", false}} {
		it, l := one()
		low := day(tt.until)
		it.History = []promotion.Asked{{From: day("2026-01-01"), To: low.AddDays(-7), Price: euros("20")}, {From: low.AddDays(-6), To: low, Price: euros("13")}, {From: low.AddDays(1), To: day("2026-07-05"), Price: euros("20")}}
		plan, err := promotion.Solve([]promotion.Item{it}, l)
		if err != nil {
			t.Fatal(err)
		}
		if got := len(plan.Offers) == 1; got != tt.allowed {
			t.Errorf("13.00 until %s: promoted %v, want %v", tt.until, got, tt.allowed)
		}
		if tt.allowed {
			continue
		}
		if len(plan.Excluded) != 5 {
			t.Fatalf("13.00 until %s: excluded %+v", tt.until, plan.Excluded)
		}
		if x := plan.Excluded[0]; x.Rule != "EU.price.reduction" || x.Proof.Lowest.Price != euros("13") || x.Proof.Lowest.To != low {
			t.Errorf("13.00 until %s: %+v, proof %+v", tt.until, x, x.Proof)
		}
	}
}

// The same shop in another currency is the same plan: what is left of a price is in the
// price's currency and counts at the rate.
func TestPlanInAnotherCurrency(t *testing.T) {
	it, l := one()
	it.Net = func(price float64) float64 { return .8*price - 1 }
	want, err := promotion.Solve([]promotion.Item{it}, l)
	if err != nil {
		t.Fatal(err)
	}
	times := func(a money.Amount) money.Amount { return money.FromE4(8*a.E4(), "CNY") }
	it.Price, it.Rate = times(it.Price), 1./8
	it.Net = func(price float64) float64 { return .8*price - 8 }
	it.History[0].Price = times(it.History[0].Price)
	got, err := promotion.Solve([]promotion.Item{it}, l)
	if err != nil {
		t.Fatal(err)
	}
	if len(got.Offers) != 1 || math.Abs(got.Value-want.Value) > 1e-9 || got.Offers[0].Price != times(want.Offers[0].Price) {
		t.Errorf("got %+v, want %+v", got, want)
	}
}

// Within thirty days a second reduction is announced against the first; so it must be
// deeper, or wait.
func TestOwnPromotionIsThePriorPriceOfTheNext(t *testing.T) {
	it, l := one()
	l.Weeks, l.MinGap, l.Depths = 6, 1, []float64{.2}
	plan, err := promotion.Solve([]promotion.Item{it}, l)
	if err != nil {
		t.Fatal(err)
	}
	if len(plan.Offers) != 1 { // the same depth again only 30 days after the last day: in the seventh week
		t.Errorf("%d promotions in six weeks", len(plan.Offers))
	}
	l.Weeks = 7
	if plan, _ = promotion.Solve([]promotion.Item{it}, l); len(plan.Offers) != 2 || plan.Offers[1].From.Sub(plan.Offers[0].To) <= 30 {
		t.Errorf("in seven weeks: %+v", plan.Offers)
	}
}

func TestBadInputIsRefused(t *testing.T) {
	for name, spoil := range map[string]func(*promotion.Item, *promotion.Limits) string{
		"weeks": func(_ *promotion.Item, l *promotion.Limits) string { l.Weeks = 0; return "E-PROMOTION-WEEKS" },
		"budget": func(_ *promotion.Item, l *promotion.Limits) string {
			l.Budget = math.NaN()
			return "E-PROMOTION-BUDGET"
		},
		"depth": func(_ *promotion.Item, l *promotion.Limits) string {
			l.Depths = []float64{1.2}
			return "E-PROMOTION-DEPTH"
		},
		"price": func(i *promotion.Item, _ *promotion.Limits) string { i.Price = euros("0"); return "E-PROMOTION-PRICE" },
		"base": func(i *promotion.Item, _ *promotion.Limits) string {
			i.Base = []float64{math.NaN()}
			return "E-PROMOTION-BASE"
		},
		"response": func(i *promotion.Item, _ *promotion.Limits) string {
			i.Response = promotion.Response{}
			return "E-PROMOTION-RESPONSE"
		},
		"currency": func(i *promotion.Item, _ *promotion.Limits) string {
			i.History[0].Price = money.FromE4(1, "USD")
			return "E-PROMOTION-CURRENCY"
		},
		"grid": func(_ *promotion.Item, l *promotion.Limits) string {
			l.Legal = func(_ commerce.Item, p money.Amount) money.Amount { return euros("20") }
			return "E-PROMOTION-GRID"
		},
	} {
		it, l := one()
		want := spoil(&it, &l)
		plan, err := promotion.Solve([]promotion.Item{it}, l)
		switch {
		case err != nil && fault.Of(err).Code == want:
		case err == nil && len(plan.Refused) == 1 && plan.Refused[0].Reason.Code == want && plan.Refused[0].Remedy.Code == want+".fix":
		default:
			t.Errorf("%s: %v, %+v; want %s", name, err, plan, want)
		}
	}
}

func BenchmarkSolve200x26(b *testing.B) {
	items, limits := promotion.Draw(rand.New(rand.NewPCG(1, 6)), 200, 26)
	for b.Loop() {
		if _, err := promotion.Solve(items, limits); err != nil {
			b.Fatal(err)
		}
	}
}
