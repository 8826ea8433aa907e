package benchmark

import (
	"encoding/csv"
	"strings"
	"testing"

	"tradewind/operations/inventory/published"
)

// TestPublishedAnswers: every instance is solved and lies where it was published.
func TestPublishedAnswers(t *testing.T) {
	problems, err := published.Problems()
	if err != nil {
		t.Fatal(err)
	}
	scores, err := publishedScores(problems)
	if err != nil {
		t.Fatal(err)
	}
	instances := 0
	for i, s := range scores {
		instances += s.Instances
		if s.Instances == 0 || s.Agreed < s.Instances || s.Numbers < s.Instances || s.Worst > exactly || s.Share > 1 {
			t.Errorf("%s: %+v", publishedFamilies[i].name, s)
		}
	}
	if instances != len(problems) || instances != publishedInstances {
		t.Errorf("%d of %d instances are solved", instances, len(problems))
	}
}

// TestPublishedAnswersCanFail: an answer that is off, missing or of an unknown kind is seen.
func TestPublishedAnswersCanFail(t *testing.T) {
	eoq := func(answers map[string]any) *published.Problem {
		return &published.Problem{Name: "x", Kind: "eoq", Within: exactly, Answers: answers,
			Data: published.Data{FixedCost: published.Series{8}, HoldingCost: published.Series{.225}, DemandRate: 1300}}
	}
	var s familyScore
	if err := s.compare(eoq(map[string]any{"q": 304.0467800264368})); err != nil || s.Worst > exactly {
		t.Errorf("%+v, %v", s, err)
	}
	if err := s.compare(eoq(map[string]any{"q": 304.05})); err != nil || s.Worst < 1e-6 || s.Agreed != 1 {
		t.Errorf("an answer that is off: %+v, %v", s, err)
	}
	if err := s.compare(eoq(map[string]any{"price": 1.})); err == nil {
		t.Error("a result that nobody computes is passed over")
	}
	if _, err := publishedScores([]published.Problem{{Kind: "riddle"}}); err == nil {
		t.Error("a kind that nobody knows is passed over")
	}
}

func TestShareBudget(t *testing.T) {
	a := shareBudget(new(meter), 2000, 1)
	if !a.Within || a.Gap < 0 || a.Gap > 1e-4 || a.Picked == 0 || a.Picked == 2000 {
		t.Errorf("%+v", a)
	}
}

// TestWiden: an order line goes to one variant, the same each time; what is said of an article
// goes to all, its stock in parts; what is said of a location stays.
func TestWiden(t *testing.T) {
	widened := func(in string, row func(*csv.Writer, []string, []string) error) []string {
		var out strings.Builder
		if err := widen(&out, strings.NewReader(in), row); err != nil {
			t.Fatal(err)
		}
		return strings.Split(strings.TrimSpace(out.String()), "\n")
	}
	orders := widened("Invoice,StockCode,Description\n1,A,x\n2,A,x\n1,A,x\n", oneVariant)
	if len(orders) != 4 || orders[1] != orders[3] || !strings.HasPrefix(orders[1], "1,A-") {
		t.Errorf("order lines %q", orders)
	}
	stock := widened("sku,location,on_hand,inbound\nA,UK-1,23,0\n", allVariants)
	if len(stock) != 1+wideVariants || stock[1] != "A-A,UK-1,3,0" || stock[wideVariants] != "A-K,UK-1,3,0" {
		t.Errorf("stock %q", stock)
	}
	if places := widened("location,country\nUK-1,GB\n", allVariants); len(places) != 2 || places[1] != "UK-1,GB" {
		t.Errorf("warehouses %q", places)
	}
}
