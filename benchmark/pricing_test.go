package benchmark

import (
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"tradewind/money"
	"tradewind/operations/pricing"
	"tradewind/simulate"
)

func TestDistanceFromPrint(t *testing.T) {
	for _, tt := range []struct {
		got  float64
		want string
		off  float64
	}{{1.2344, "1.23", .44}, {-2.5, "-2.50", 0}, {.1101238041, ".1101238041", 0}, {12, "10", 2}} {
		off, err := printed{tt.got, tt.want}.off()
		if err != nil || math.Abs(off-tt.off) > 1e-9 {
			t.Errorf("%v is %v from %s (%v), want %v", tt.got, off, tt.want, err, tt.off)
		}
	}
	if _, err := (printed{1, "one"}).off(); err == nil {
		t.Error("a word is taken for a figure")
	}
}

func TestTable(t *testing.T) {
	in := "# comment\nfirm,x\nb,1\na,2.5\nb,NA\n"
	table, err := readTable(strings.NewReader(in))
	if err != nil {
		t.Fatal(err)
	}
	if got := table.code["firm"]; !slices.Equal(got, []int32{0, 1, 0}) {
		t.Errorf("codes %v", got)
	}
	if x := table.number["x"]; x[0] != 1 || x[1] != 2.5 || !math.IsNaN(x[2]) {
		t.Errorf("numbers %v", x)
	}
	if part := table.where("x", 2.5); len(part.number["x"]) != 1 || part.code["firm"][0] != 1 {
		t.Errorf("rows where x is 2.5: %v", part)
	}
	if _, err := readTable(strings.NewReader("a,b\n")); err == nil {
		t.Error("a table without rows is taken for one")
	}
}

// TestPrintedFigures: the regressions whose data the project holds give what was printed.
func TestPrintedFigures(t *testing.T) {
	for name, do := range map[string]func() (digits, error){"Grunfeld": grunfeldDigits, "diabetes": diabetesDigits} {
		if d, err := do(); err != nil || d.Figures == 0 || !(d.Worst <= .5) {
			t.Errorf("%s: %+v, %v", name, d, err)
		}
	}
}

func TestClosedForms(t *testing.T) {
	rows, err := closedRows(t.Context(), nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, row := range rows {
		if !*judged(row).OK {
			t.Errorf("%s: %v %%, want at most %v", row.Name, *row.Value, *row.Must)
		}
	}
	if w := lambert(math.E); math.Abs(w-1) > 1e-12 {
		t.Errorf("W(e) is %v, want 1", w)
	}
}

// TestCovers draws stocks of two kinds of items, hides those that did not sell out, and
// wants means and spread back: 3,000 weeks, one in five seen.
func TestCovers(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 1))
	want := []float64{.6, 1.2}
	var weeks []cover
	for n := range 6000 {
		stock, demand := want[n%2]+.35*rng.NormFloat64(), .7+.3*rng.NormFloat64()
		weeks = append(weeks, cover{n % 2, min(stock, demand), stock < demand})
	}
	c := newCovers(2)
	c.fit(weeks)
	for i, got := range c.mean {
		if math.Abs(got-want[i]) > .05 {
			t.Errorf("mean cover of item %d is %.3f, want %.1f", i, got, want[i])
		}
	}
	if math.Abs(c.kinds[0].sd-.35) > .03 {
		t.Errorf("standard deviation %.3f, want .35", c.kinds[0].sd)
	}
}

// TestPriceTests: demand of elasticity -2 and a cost of 10 make 20 the best price. An error
// of .2 either way then leaves 1 - 2/(1.125^-1.8 1.25 + (11/12)^-2.2 5/6) of the profit, and
// test prices apart by d on average 2 cosh d - cosh 2d of it. A short stock narrows that.
func TestPriceTests(t *testing.T) {
	euro := func(x float64) money.Amount { return money.FromE4(int64(x*1e4), "EUR") }
	p := &pricing.Problem{Price: euro(20), UnitCost: euro(10), Horizon: 7, Stock: math.Inf(1),
		Demand: slices.Repeat([]float64{50}, policyDraws), Weight: slices.Repeat([]float64{1}, policyDraws),
		Elasticity: slices.Repeat([]float64{-2}, policyDraws)}
	got, err := doubt(pricing.NewWorkspace(), p, &pricing.Elasticity{Mean: -2, SD: .2})
	want := 1 - 2/(math.Pow(1.125, -1.8)*1.25+math.Pow(11./12, -2.2)*5/6)
	if err != nil || math.Abs(got-want) > 1e-4 {
		t.Errorf("knowing would bring %.5f (%v), want %.5f", got, err, want)
	}
	free := testSwing(p, 20)
	if left := 2*math.Cosh(free) - math.Cosh(2*free); left < 1-testCost {
		t.Errorf("test prices %.2f apart leave %.3f of the profit", free, left)
	}
	if next := free + testStep; 2*math.Cosh(next)-math.Cosh(2*next) >= 1-testCost {
		t.Errorf("test prices %.2f apart could be farther", free)
	}
	p.Stock = 50
	if short := testSwing(p, 20); short >= free {
		t.Errorf("test prices %.2f apart where stock is short, %.2f where it is not", short, free)
	}
}

// TestSellerKeepsLimits: prices stay within the team's range, end as the house's do, and
// move by a fifth at most.
func TestSellerKeepsLimits(t *testing.T) {
	v := newSeller(simulate.NewStores(simulate.StoreForm{SKUs: 14}, 3), 3)
	before := slices.Clone(v.price)
	for range 2 {
		if err := v.decide(); err != nil {
			t.Fatal(err)
		}
		moved := 0
		for i, price := range v.price {
			if price == before[i] {
				continue
			}
			moved++
			if step := price.Float()/before[i].Float() - 1; math.Abs(step) > longestStep+1e-9 || !slices.Contains(v.legal[i], price.Float()) {
				t.Errorf("item %d moves from %v to %v", i, before[i], price)
			}
		}
		if moved == 0 {
			t.Error("no price moves")
		}
		for range repriceEvery {
			v.play()
		}
		before = slices.Clone(v.price)
	}
}
