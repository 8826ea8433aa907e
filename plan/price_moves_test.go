package plan

import (
	"math"
	"slices"
	"sync"
	"testing"
	"time"

	"tradewind/calendar"
	"tradewind/commerce"
	"tradewind/decision"
	"tradewind/money"
	"tradewind/operations/pricing"
	"tradewind/operations/promotion"
	"tradewind/simulate"
)

// priceMoves are all proposals about prices of a shop, with its promotions or without any.
func priceMoves(t *testing.T, promoted bool) (*PriceStudy, *PromoStudy, []decision.Proposal) {
	t.Helper()
	_, v := priceShop(t, simulate.StoreForm{Spillover: promoted}, Config{})
	if !promoted {
		s := *v.Snapshot
		s.Promotions = nil
		w := *v
		w.Snapshot, v = &s, &w
	}
	st := studyOf(t, v)
	promos, err := st.Promotions(PromoRequest{})
	if err != nil {
		t.Fatal(err)
	}
	if (promos.Uplift != nil) != promoted {
		t.Fatalf("uplift learnt: %v, want %v", promos.Uplift != nil, promoted)
	}
	list := Moves{Prices: st, Promos: promos}.Propose(v)
	if !slices.ContainsFunc(list, func(p decision.Proposal) bool { return p.Action.Kind() == decision.KindRunPromotion }) {
		t.Fatal("no promotion is proposed: the test has nothing to look at")
	}
	return st, promos, list
}

func itemOf(p *decision.Proposal) commerce.Item {
	s := p.Action.Subject()
	return commerce.Item{SKU: s.SKU, Market: s.Market, Channel: s.Channel}
}

// What nothing has happened to can be approved: the facts of an approval are those of the
// proposal, whether promotions were learnt from or not. An item has one proposal about its
// price, which stands until it would begin.
func TestProposalsAboutPricesHoldAndAreOneAnItem(t *testing.T) {
	for _, promoted := range []bool{true, false} {
		st, _, list := priceMoves(t, promoted)
		seen := map[commerce.Item]decision.Kind{}
		for i := range list {
			p := &list[i]
			item := itemOf(p)
			if changes := Changes(p, st.Facts(st.At(item))); len(changes) > 0 {
				t.Errorf("%s %v is stale at once: %q", p.Action.Kind(), item, changes)
			}
			if other, twice := seen[item]; twice {
				t.Errorf("%v: %s and %s at once", item, other, p.Action.Kind())
			}
			seen[item] = p.Action.Kind()
			var first calendar.Day
			switch a := p.Action.(type) {
			case decision.RunPromotion:
				first = a.From
			case decision.StartExperiment:
				first = a.From
			default:
				continue
			}
			if p.Expires.After(first.StartIn(time.UTC)) {
				t.Errorf("%s from %s stands until %s", p.Action.Kind(), first, p.Expires)
			}
		}
	}
}

// At the uplift of the flip a promotion gains the least that is worth a look: what a unit
// leaves by its waterfall, times the units that are fewer, is what is lost.
func TestPromotionFlips(t *testing.T) {
	st, promos, _ := priceMoves(t, true)
	tested := 0
	for i := range promos.Plan.Offers {
		o := &promos.Plan.Offers[i]
		x := st.At(o.Item)
		for _, f := range promos.flips(o, x) {
			w, err := x.Waterfall(o.Price, st.survey.Config.FeeRate)
			if err != nil {
				t.Fatal(err)
			}
			lost := w.Contribution.Float() * x.Rate * o.Units * (1 - f.At/f.Now)
			if got := o.Mean - lost; math.Abs(got-st.Least()) > 1e-3*math.Max(1, o.Units) {
				t.Errorf("%v: at %.3f times the units it gains %.4f, want %.4f", o.Item, f.At, got, st.Least())
			}
			tested++
		}
		if o.P50 < o.P10 || o.P90 < o.P50 {
			t.Errorf("%v: %v, %v, %v are no quantiles", o.Item, o.P10, o.P50, o.P90)
		}
	}
	if tested == 0 {
		t.Fatal("no promotion has a flip")
	}
}

// The price asked is that of the list on the day of the facts, not the mean of its week.
func TestPriceAskedIsThatOfTheDay(t *testing.T) {
	_, v := priceShop(t, simulate.StoreForm{}, Config{})
	item := v.Snapshot.Items[0]
	before, _, known := studyOf(t, v).today(0)
	if !known {
		t.Fatal("no price is known of the first item")
	}
	s := *v.Snapshot
	s.Promotions = nil
	now, err := money.FromFloat(before.Float()+1, before.Currency())
	if err != nil {
		t.Fatal(err)
	}
	s.Prices = append(slices.Clone(s.Prices), commerce.Price{Item: item, Price: now, From: s.AsOf})
	slices.SortStableFunc(s.Prices, func(a, b commerce.Price) int { return a.Item.Compare(b.Item) })
	w := *v
	w.Snapshot = &s
	if price, since, _ := studyOf(t, &w).today(0); price != now.Round() || since != s.AsOf {
		t.Errorf("got %s since %s, want %s since %s", price, since, now.Round(), s.AsOf)
	}
}

// A study answers many at a time: what law leaves of a price is remembered between them.
func TestPriceStudyIsAskedByManyAtOnce(t *testing.T) {
	st, promos, _ := priceMoves(t, true)
	var all sync.WaitGroup
	for range 3 {
		all.Go(func() {
			for i := range st.Items {
				x := st.At(st.Items[i].Item)
				if x.Problem == nil {
					continue
				}
				for _, point := range x.Curve() {
					if _, err := x.Waterfall(point.Price, 0); err != nil {
						t.Error(err)
					}
				}
				st.AssumedOf(x)
			}
			promos.Propose(st.survey)
		})
	}
	all.Wait()
}

// What customers paid is weak proof of what was asked, and said to be.
func TestPaidPricesAreWeakProof(t *testing.T) {
	_, v := priceShop(t, simulate.StoreForm{}, Config{})
	paid := *v.Snapshot
	paid.Prices = nil
	unlisted := *v
	unlisted.Snapshot = &paid
	for _, tt := range []struct {
		v    *Survey
		want bool
	}{{v, false}, {&unlisted, true}} {
		p := &PromoStudy{prices: &PriceStudy{survey: tt.v, panel: pricing.NewPanel(tt.v.Snapshot, pricing.Form{})}}
		o := &promotion.Offer{Item: tt.v.Snapshot.Items[0], Proof: &promotion.Proof{}}
		if got := p.WeakProof(o); got != tt.want {
			t.Errorf("with %d prices asked the proof is weak: %v, want %v", len(tt.v.Snapshot.Prices), got, tt.want)
		}
		if o.Proof = nil; p.WeakProof(o) {
			t.Error("where no rule asks for a proof none is weak")
		}
	}
}
