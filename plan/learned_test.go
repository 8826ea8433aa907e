package plan

import (
	"encoding/json"
	"math"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"tradewind/commerce"
	"tradewind/decision"
	"tradewind/messages"
	"tradewind/simulate"
)

// advisedPlan plans a shop in which every site has the same advice.
func advisedPlan(t *testing.T, text string, a Advice) (*Plan, []Menu) {
	t.Helper()
	v := NewSurvey(shop(t, text), Config{}, clock, "test", nil)
	advice := map[Site]Advice{}
	for _, site := range v.Sites {
		advice[site] = a
	}
	v = v.Advised(advice, "")
	menus, err := Menus(t.Context(), v, nil)
	if err != nil {
		t.Fatal(err)
	}
	return Choose(v, menus), menus
}

// TestNeutralAdviceChangesNothing: to the byte.
func TestNeutralAdviceChangesNothing(t *testing.T) {
	text := manySKUs()
	advised, _ := advisedPlan(t, text, Advice{Policy: "x", Price: 1, Target: 1})
	v := NewSurvey(shop(t, text), Config{}, clock, "test", nil)
	menus, err := Menus(t.Context(), v, nil)
	if err != nil {
		t.Fatal(err)
	}
	a, _ := json.Marshal(advised)
	b, _ := json.Marshal(Choose(v, menus))
	if diff := cmp.Diff(string(b), string(a)); diff != "" {
		t.Errorf("-without +advised\n%s", diff)
	}
}

// TestAdviceMovesOrdersWithinItsBounds: an order brings the stock at its arrival up to 1.3
// times what it would, in whole packs; its gain is that of the option in the same futures;
// the answer without it stands among the alternatives, and the proposal names the policy.
func TestAdviceMovesOrdersWithinItsBounds(t *testing.T) {
	_, before := advisedPlan(t, manySKUs(), Advice{Price: 1, Target: 1})
	for _, target := range []float64{.7, 1.3} {
		a := Advice{Policy: "5d2f", Price: 1, Target: target, State: 17}
		p, menus := advisedPlan(t, manySKUs(), a)
		moved := 0
		for i := range menus {
			m, was := &menus[i], &before[i]
			if m.Solution == nil || was.Solution.Best == 0 {
				continue
			}
			stock := max(0, m.Problem.Position()-m.Solution.Lead)
			want := target*(stock+m.Solution.Need) - stock
			pack, got := max(1, m.Problem.Pack), m.Solution.Chosen()
			if got.Units != 0 && got.Units > max(want+pack, math.Ceil(max(1, m.Problem.MOQ)/pack)*pack) || got.Units < want {
				t.Errorf("%v: orders %v, the advice asks for %v", m.Site, got.Units, want)
			}
			if m.adjusted != nil {
				moved++
			}
		}
		if moved < 10 {
			t.Fatalf("× %v moves %d orders: the test shows nothing", target, moved)
		}
		marked := 0
		for i := range p.Proposals {
			q := &p.Proposals[i]
			site, adjusted := AdjustedAt(q)
			if !adjusted {
				continue
			}
			marked++
			if site.SKU != q.Action.Subject().SKU || site.Location != "UK-1" || !strings.HasSuffix(q.Run.Model, "+ learned residual") {
				t.Errorf("%s: %v, %s", q.ID, site, q.Run.Model)
			}
			units := q.Action.(decision.Reorder).Units
			chosen := slices.IndexFunc(q.Alternatives, func(o decision.Alternative) bool { return o.Chosen })
			if chosen < 0 || len(q.Alternatives) < 3 {
				t.Errorf("%s orders %d: alternatives %+v", q.ID, units, q.Alternatives)
			}
			for _, m := range append(append([]messages.Message{}, q.Reasons...), q.Caveats...) {
				if strings.Contains(m.In(messages.English), "{") {
					t.Errorf("%s says %q", q.ID, m.In(messages.English))
				}
			}
		}
		if marked < 5 {
			t.Errorf("× %v: %d proposals of %d are marked", target, marked, len(p.Proposals))
		}
		again, _ := advisedPlan(t, manySKUs(), a)
		x, _ := json.Marshal(p)
		y, _ := json.Marshal(again)
		if string(x) != string(y) {
			t.Error("planned twice, not the same")
		}
	}
}

// TestAdviceMovesPricesWithinTheLegalOnes: an adjusted price is a legal one, within a tenth
// of the best, still sure to pay, and the best one is told.
func TestAdviceMovesPricesWithinTheLegalOnes(t *testing.T) {
	_, v := priceShop(t, simulate.StoreForm{}, Config{})
	st := studyOf(t, v)
	plain := st.Propose(v)
	advice := map[Site]Advice{}
	for _, sku := range v.Snapshot.SKUs() {
		v.Snapshot.Stocks = append(v.Snapshot.Stocks, commerce.Stock{SKU: sku, Location: "UK-1", OnHand: 100, Day: v.Snapshot.AsOf})
		advice[Site{sku, "UK-1"}] = Advice{Policy: "5d2f", Price: .95, Target: 1}
	}
	moved := 0
	for i, p := range st.Propose(v.Advised(advice, "")) {
		a, ok := p.Action.(decision.SetPrice)
		if !ok || !Adjusted(&p) {
			continue
		}
		moved++
		was := plain[i].Action.(decision.SetPrice)
		if ratio := a.Price.Float() / was.Price.Float(); ratio >= 1 || ratio < .9 {
			t.Errorf("%v: %v in place of %v", a.Item, a.Price, was.Price)
		}
		points := st.At(a.Item).Solution.Points
		legal := false
		for _, at := range points {
			legal = legal || at.Price == a.Price
		}
		if !legal {
			t.Errorf("%v: %v is no legal price", a.Item, a.Price)
		}
		if p.Gain.Mean.Cmp(plain[i].Gain.Mean) > 0 {
			t.Errorf("%v: gains %v, more than the best price (%v)", a.Item, p.Gain.Mean, plain[i].Gain.Mean)
		}
		sum := p.Drivers[0].Amount
		if sum, _ = sum.Add(p.Drivers[1].Amount); sum != p.Gain.Mean {
			t.Errorf("%v: drivers sum to %v of %v", a.Item, sum, p.Gain.Mean)
		}
	}
	if moved == 0 {
		t.Fatal("no price is moved: the test shows nothing")
	}
}
