package plan

import (
	"bytes"
	"context"
	"encoding/json"
	"math"
	"runtime"
	"testing"
	"time"

	"tradewind/calendar"
	"tradewind/commerce"
	"tradewind/decision"
	"tradewind/law"
	"tradewind/operations/compliance"
	"tradewind/operations/landed"
	"tradewind/operations/pricing"
	"tradewind/simulate"
)

// priceShop is a simulated shop whose truth is known, under the standard law of its day.
func priceShop(t testing.TB, form simulate.StoreForm, c Config) (*simulate.Stores, *Survey) {
	t.Helper()
	form.SKUs = 30
	stores := simulate.NewStores(form, 3)
	s := stores.Snapshot()
	c.Seller = commerce.Seller{Established: []commerce.Market{"DE"}, PricesWithTax: true}
	v := NewSurvey(s, c, time.Date(2025, 1, 2, 9, 0, 0, 0, time.UTC), "test", nil)
	book := law.Standard()
	return stores, v.Under(Law{Book: book, Calculator: landed.New(book, landed.Env{Rates: ExchangeRates(s)}), AsOf: s.AsOf,
		Checker: CheckerOf(book, s, &c.Seller, s.AsOf)})
}

func studyOf(t testing.TB, v *Survey) *PriceStudy {
	t.Helper()
	st, err := NewPriceStudy(context.Background(), v)
	if err != nil {
		t.Fatal(err)
	}
	return st
}

func TestPricesAreProposedOnlyWhereDemandIsKnown(t *testing.T) {
	stores, v := priceShop(t, simulate.StoreForm{}, Config{})
	st := studyOf(t, v)
	changed, told := 0, 0
	for i := range st.Items {
		p := &st.Items[i]
		state := p.State(st.Least())
		if state == PriceChange {
			changed++
		}
		if truth := stores.Truth(i); !truth.Identified && state == PriceChange {
			told++
		}
	}
	if changed < 8 {
		t.Fatalf("only %d prices would change: the test has nothing to look at", changed)
	}
	if share := float64(told) / float64(changed); share > .05 {
		t.Errorf("%.0f %% of the changes are of items whose elasticity cannot be known", 100*share)
	}
	for _, p := range st.Propose(v) {
		switch a := p.Action.(type) {
		case decision.SetPrice:
			checkPriceProposal(t, st, &p, a)
		case decision.StartExperiment:
			if a.Weeks < 2 || a.Test == a.Control || a.From.Compare(v.Snapshot.AsOf) <= 0 {
				t.Errorf("%+v is no test", a)
			}
		default:
			t.Errorf("a study of prices proposes %s", a.Kind())
		}
	}
}

func checkPriceProposal(t *testing.T, st *PriceStudy, p *decision.Proposal, a decision.SetPrice) {
	t.Helper()
	sum := p.Gain.Mean
	for _, d := range p.Drivers {
		sum, _ = sum.Sub(d.Amount)
	}
	if !sum.IsZero() {
		t.Errorf("%s: drivers miss the mean by %s", p.ID, sum)
	}
	if len(p.Alternatives) < 2 || p.Blocked() || p.Fingerprint == "" {
		t.Errorf("%s: %d alternatives, blocked %v", p.ID, len(p.Alternatives), p.Blocked())
	}
	x := st.At(a.Item)
	if math.Abs(a.Price.Float()/a.Was.Float()-1) > st.survey.Config.Prices.MaxStep+1e-9 {
		t.Errorf("%s: from %s to %s is more than a step", p.ID, a.Was, a.Price)
	}
	if w, err := x.Waterfall(a.Price, 0); err != nil || w.Contribution.Sign() <= 0 {
		t.Errorf("%s: sells below cost: %v %v", p.ID, w, err)
	}
	for _, f := range p.Flips {
		if f.Input != "cost.unit" {
			continue
		}
		for _, side := range []struct {
			factor float64
			stays  bool
		}{{f.At / f.Now * 1.01, true}, {1, false}} {
			if f.At < f.Now && side.stays {
				side.factor = f.At / f.Now * .99
			}
			s, err := pricing.Optimise(x.costing(side.factor))
			if err != nil || s.Refusal != nil {
				t.Fatal(err)
			}
			if stays := !worthChanging(s, x.Rate, st.least); stays != side.stays {
				t.Errorf("%s: at a cost times %.3f staying is %v, want %v", p.ID, side.factor, stays, side.stays)
			}
		}
	}
}

// What is left of a price and its parts are exact: tax out of a price that contains it.
func TestWaterfallTakesTaxOutOfThePrice(t *testing.T) {
	_, v := priceShop(t, simulate.StoreForm{}, Config{FeeRate: .1})
	st := studyOf(t, v)
	for i := range st.Items {
		p := &st.Items[i]
		if p.Item.Market != "DE" || p.Solution == nil {
			continue
		}
		w, err := p.Waterfall(p.Price, .1)
		if err != nil {
			t.Fatal(err)
		}
		sum := w.Contribution
		for _, part := range w.Parts {
			sum, _ = sum.Add(part.Amount)
		}
		if sum != p.Price {
			t.Errorf("parts of %s sum to %s", p.Price, sum)
		}
		// Germany's standard rate is 19 %: §12(1) UStG.
		if got, want := w.Parts[0].Amount.Float(), p.Price.Float()*.19/1.19; math.Abs(got-want) > .01 {
			t.Errorf("law takes %.4f of %s, want %.4f", got, p.Price, want)
		}
		return
	}
	t.Fatal("no item of Germany was solved")
}

func TestPriceLimitsOfTheTeamHold(t *testing.T) {
	_, v := priceShop(t, simulate.StoreForm{}, Config{})
	free := studyOf(t, v)
	best := free.ByGain(PriceChange)[0]
	ceiling := best.Price
	if best.Solution.Best.Price.Cmp(best.Price) < 0 {
		ceiling = scaled(best.Price, 1.2).Round()
	}
	c := v.Config
	c.Prices.Limits = []PriceLimit{{SKU: best.Item.SKU, Market: best.Item.Market,
		Floor: best.Price.Decimal() + " " + string(best.Price.Currency()), Ceiling: ceiling.Decimal() + " " + string(ceiling.Currency())}}
	_, w := priceShop(t, simulate.StoreForm{}, c)
	held := studyOf(t, w).At(best.Item)
	if got := held.Solution.Best.Price; got.Cmp(best.Price) < 0 || got.Cmp(ceiling) > 0 {
		t.Errorf("%s lies outside %s to %s", got, best.Price, ceiling)
	}
	if held.Solution.Gain.Mean > best.Solution.Gain.Mean+1e-9 {
		t.Error("a stricter limit is worth more")
	}
	c.Prices.Limits[0].Floor = scaled(best.Price, 2).Round().Decimal() + " " + string(best.Price.Currency())
	_, w = priceShop(t, simulate.StoreForm{}, c)
	if refused := studyOf(t, w).At(best.Item); refused.State(1) != PriceRefused || refused.Solution.Refusal.Remedy.Message.IsZero() {
		t.Errorf("a floor above the ceiling gives state %s", refused.State(1))
	}
}

func TestPricesAreTheSameOnAnyNumberOfCores(t *testing.T) {
	_, v := priceShop(t, simulate.StoreForm{}, Config{})
	propose := func(cores int) []byte {
		defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(cores))
		data, err := json.Marshal(studyOf(t, v).Propose(v))
		if err != nil {
			t.Fatal(err)
		}
		return data
	}
	if !bytes.Equal(propose(1), propose(3)) {
		t.Error("one core and three propose different prices")
	}
}

// Every reduction of a plan is announced against the lowest price of the thirty days before
// it, those of the plan's earlier promotions among them.
func TestPromotionsKeepThePriorPriceRule(t *testing.T) {
	_, v := priceShop(t, simulate.StoreForm{Spillover: true}, Config{Prices: PriceConfig{Promos: PromoConfig{Weeks: 12, Slots: 8}}})
	st := studyOf(t, v)
	plan, err := st.Promotions(PromoRequest{})
	if err != nil {
		t.Fatal(err)
	}
	if plan.Uplift == nil || len(plan.Plan.Offers) < 10 {
		t.Fatalf("%d promotions, uplift learnt: %v: the test has nothing to look at", len(plan.Plan.Offers), plan.Uplift != nil)
	}
	if plan.Plan.Value > plan.Plan.Bound+1e-6 {
		t.Errorf("value %v is above the bound %v", plan.Plan.Value, plan.Plan.Bound)
	}
	ruled := 0
	for i, o := range plan.Plan.Offers {
		days, _ := compliance.PriorDays(v.Law.Book, o.Item.Market, o.From)
		if days == 0 {
			continue
		}
		ruled++
		history := askedHistory(st, o.Item, plan.Limits.Start.AddDays(7*plan.Limits.Weeks))
		for _, earlier := range plan.Plan.Offers[:i] {
			if earlier.Item == o.Item {
				history = cut(history, compliance.Asked{From: earlier.From, To: earlier.To, Price: earlier.Price})
			}
		}
		prior, err := compliance.PriorPrice(history, o.From, days)
		if err != nil || prior.Price != o.Was || prior.Reduction(o.Price) <= 0 {
			t.Errorf("%v from %s: announced against %s, the lowest of %d days is %v: %v", o.Item, o.From, o.Was, days, prior.Price, err)
		}
	}
	if ruled == 0 {
		t.Fatal("no promotion stands under the rule")
	}
	for _, p := range plan.Propose(v) {
		if a := p.Action.(decision.RunPromotion); a.Price.Cmp(a.Was) >= 0 || p.Fingerprint == "" {
			t.Errorf("%+v is no promotion", a)
		}
	}
}

// askedHistory is what an item is asked until a day if nothing is promoted.
func askedHistory(st *PriceStudy, item commerce.Item, until calendar.Day) []compliance.Asked {
	s := st.survey.Snapshot
	history := compliance.AskedPrices(s.PricesOf(item), item, until)
	for _, promo := range s.PromotionsOf(item) {
		for _, a := range history {
			if !promo.From.Before(a.From) && !a.To.Before(promo.From) {
				to := promo.To
				if a.To.Before(to) {
					to = a.To
				}
				price := promo.Price
				if price.IsZero() {
					price = scaled(a.Price, 1-promo.Depth).Round()
				}
				history = cut(history, compliance.Asked{From: promo.From, To: to, Price: price})
				break
			}
		}
	}
	return history
}

// cut puts a spell into a history in the place of what was there.
func cut(history []compliance.Asked, x compliance.Asked) []compliance.Asked {
	var out []compliance.Asked
	for _, a := range history {
		if a.To.Before(x.From) || x.To.Before(a.From) {
			out = append(out, a)
			continue
		}
		if a.From.Before(x.From) {
			out = append(out, compliance.Asked{From: a.From, To: x.From.AddDays(-1), Price: a.Price})
		}
		if x.To.Before(a.To) {
			out = append(out, compliance.Asked{From: x.To.AddDays(1), To: a.To, Price: a.Price})
		}
	}
	return append(out, x)
}

// What is believed of an item because of others is assumed, and says so.
func TestBeliefsAboutOtherItemsAreAssumed(t *testing.T) {
	_, v := priceShop(t, simulate.StoreForm{}, Config{})
	st := studyOf(t, v)
	seen := map[bool]int{}
	for i := range st.Items {
		p := &st.Items[i]
		if p.Elasticity == nil {
			continue
		}
		if in := v.priceEstimates(p)[0]; in.Key != "price.elasticity" || in.Assumed == p.Elasticity.Identified {
			t.Errorf("%v: %s assumed %v, identified %v", p.Item, in.Key, in.Assumed, p.Elasticity.Identified)
		}
		seen[p.Elasticity.Identified]++
	}
	if seen[true] == 0 || seen[false] == 0 {
		t.Errorf("%v: the shop has not both kinds", seen)
	}
}
