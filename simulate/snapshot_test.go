package simulate

import (
	"math"
	"slices"
	"testing"

	"tradewind/commerce"
)

// TestSnapshotSaysWhatThePanelSays adds the days up to weeks again.
func TestSnapshotSaysWhatThePanelSays(t *testing.T) {
	s := NewStores(StoreForm{SKUs: 40, Weeks: 60}, 9)
	snap := s.Snapshot()
	if snap.Days() != 60*7 || len(snap.Items) != s.Len() || snap.AsOf != s.Monday(60).AddDays(-1) {
		t.Fatalf("%d days, %d items, as of %v", snap.Days(), len(snap.Items), snap.AsOf)
	}
	for i, name := range snap.Items {
		p := s.Panel(i)
		if name != p.Item || s.Find(name) != i {
			t.Fatalf("item %d is %v and %v", i, name, p.Item)
		}
		units, share := make([]float64, 60), make([]float64, 60)
		lo, hi := snap.Rows(i)
		for week := range share {
			if p.Share[week] > 0 {
				share[week] = 1
			}
		}
		for r := lo; r < hi; r++ {
			days := snap.Sales.Day[r].Sub(snap.From)
			week, day := days/7, days%7
			units[week] += float64(snap.Sales.Gross[r])
			share[week] -= daily[day] * (1 - float64(snap.Sales.InStock[r]))
			if snap.Sales.Gross[r] == 0 {
				if snap.Sales.InStock[r] == 1 || snap.Sales.Typical[r] != 0 {
					t.Fatalf("%v day %d: a row that says nothing, or a price without a sale", name, days)
				}
				continue
			}
			if snap.Sales.InStock[r] == 0 {
				t.Errorf("%v day %d: %d units from an empty shelf", name, days, snap.Sales.Gross[r])
			}
			if got, want := float64(snap.Sales.Typical[r])/1e4, p.Paid[week]; math.Abs(got-want) > 1e-9 {
				t.Errorf("%v week %d: charged %v, paid %v", name, week, got, want)
			}
			got, want := float64(snap.Sales.Revenue[r])/1e4, float64(snap.Sales.Gross[r])*p.Paid[week]*p.Rate[week]
			if math.Abs(got-want) > 1e-4 {
				t.Errorf("%v week %d: revenue %v, want %v", name, week, got, want)
			}
		}
		for week := range units {
			if units[week] != p.Units[week] || math.Abs(share[week]-p.Share[week]) > 1e-6 {
				t.Errorf("%v week %d: %v units, share %v; the panel has %v and %v", name, week, units[week], share[week], p.Units[week], p.Share[week])
			}
		}
		comparePrices(t, s, snap, i)
		comparePromotions(t, s, snap, i)
		if c := snap.Cost(name.SKU); c == nil || math.Abs(float64(c.Unit.E4())/1e4-p.Cost[59]) > 1e-4 {
			t.Errorf("%v costs %v, want %v", name, c, p.Cost[59])
		}
		if in := snap.ChargedIn(name); len(in) != 1 || in[0].Currency != p.Currency {
			t.Errorf("%v was charged in %v, want %v", name, in, p.Currency)
		}
	}
	if !slices.IsSortedFunc(snap.Items, commerce.Item.Compare) || len(snap.Trading) != snap.Days() {
		t.Error("items out of order, or days of trade missing")
	}
}

// comparePrices walks the weeks with the price list.
func comparePrices(t *testing.T, s *Stores, snap *commerce.Snapshot, i int) {
	t.Helper()
	p := s.Panel(i)
	for _, list := range []struct {
		seller string
		want   []float64
	}{{"", p.Price}, {rivalName, p.Rival}} {
		for week, want := range list.want {
			if math.IsNaN(p.Price[week]) {
				continue
			}
			got := 0.
			for _, asked := range snap.PricesOf(p.Item) {
				if asked.Seller == list.seller && !s.Monday(week).Before(asked.From) {
					got = float64(asked.Price.E4()) / 1e4
				}
			}
			if math.Abs(got-want) > 1e-9 {
				t.Fatalf("%v of %q in week %d: listed %v, asked %v", p.Item, list.seller, week, got, want)
			}
		}
	}
}

// comparePromotions walks the weeks with the list of offers.
func comparePromotions(t *testing.T, s *Stores, snap *commerce.Snapshot, i int) {
	t.Helper()
	p := s.Panel(i)
	for week, want := range p.Promo {
		var got Promo
		for _, offer := range snap.PromotionsOf(p.Item) {
			if !s.Monday(week).Before(offer.From) && !offer.To.Before(s.Monday(week)) {
				got = Promo{Depth: offer.Depth, Featured: offer.Vehicle == commerce.Feature}
				if math.Abs(float64(offer.Price.E4())/1e4-p.Paid[week]) > 1e-9 {
					t.Errorf("%v week %d: offered at %v, paid %v", p.Item, week, offer.Price, p.Paid[week])
				}
			}
		}
		if got != want {
			t.Errorf("%v week %d: listed %v, held %v", p.Item, week, got, want)
		}
	}
}
