package main

import (
	"bytes"
	"encoding/csv"
	"io/fs"
	"slices"
	"strconv"
	"testing"

	onlineretail "tradewind/examples/online-retail"
	"tradewind/money"
)

func TestCommittedFilesAreWhatTheProgramMakes(t *testing.T) {
	made, err := assume(onlineretail.Files())
	if err != nil {
		t.Fatal(err)
	}
	if len(made) != len(onlineretail.Assumed) {
		t.Errorf("made %d files, want %d", len(made), len(onlineretail.Assumed))
	}
	for _, name := range onlineretail.Assumed {
		committed, err := fs.ReadFile(onlineretail.Files(), name)
		if err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(made[name], committed) {
			t.Errorf("%s differs from what the program makes: run `go generate ./examples/online-retail`", name)
		}
	}
}

// The bounds are those that README.md states.
func TestAssumptionsKeepTheirBounds(t *testing.T) {
	all, err := articles(onlineretail.Files())
	if err != nil {
		t.Fatal(err)
	}
	if len(all) < 4000 {
		t.Fatalf("%d articles, want the whole range", len(all))
	}
	var soldOut, selling, ordered int
	for _, a := range all {
		cost, pack := unitCost(a), packOf(a)
		if a.price >= 1000 && (cost*100 < a.price*44 || cost*100 > a.price*61) { // below GBP 0.10 rounding shows
			t.Errorf("%s: a unit costs %d and sells at %d", a.sku, cost, a.price)
		}
		s := supplierOf(a, classify(a.name))
		if moq := smallestOrder(a, s); moq%pack != 0 || moq <= 0 {
			t.Errorf("%s: smallest order of %d is no whole number of packs of %d", a.sku, moq, pack)
		}
		onHand, inbound := stocked(a, s)
		if onHand < 0 || inbound%pack != 0 {
			t.Errorf("%s: %d on hand, %d inbound in packs of %d", a.sku, onHand, inbound, pack)
		}
		if weeks := a.recent / recentWeeks; weeks >= 10 {
			selling++
			if onHand == 0 {
				soldOut++
			}
			if inbound > 0 {
				ordered++
			}
			if onHand > 10*(weeks+1) {
				t.Errorf("%s: %d on hand is more than ten weeks of %d", a.sku, onHand, weeks)
			}
		}
	}
	// 6 % sold out and 20 to 45 % ordered of more than a thousand articles: the bounds are
	// four standard deviations of a binomial share wide.
	if share := float64(soldOut) / float64(selling); selling < 1000 || share < 0.03 || share > 0.09 {
		t.Errorf("%d of %d selling articles are sold out, want about 6 %%", soldOut, selling)
	}
	if share := float64(ordered) / float64(selling); share < 0.20 || share > 0.45 {
		t.Errorf("%d of %d selling articles are on order, want between 20 and 45 %%", ordered, selling)
	}
}

func TestPackIsWhatCustomersOrderBy(t *testing.T) {
	for _, tt := range []struct {
		name  string
		steps []int64
		price int64
		want  int64
	}{
		{"dozens", []int64{12, 12, 24, 36, 5, 2}, 2_0000, 12},
		{"sixes with strays", []int64{6, 6, 6, 18, 30, 5, 7}, 2_0000, 6},
		{"nothing divides", []int64{5, 7, 11, 13, 17, 19}, 2_0000, 1},
		{"too few lines, cheap", []int64{12}, 5000, 24},
		{"too few lines, dear", nil, 9_0000, 2},
	} {
		if got := packOf(article{steps: tt.steps, price: tt.price}); got != tt.want {
			t.Errorf("%s: pack of %d, want %d", tt.name, got, tt.want)
		}
	}
}

func TestClassifyGoesByUseThenMaterial(t *testing.T) {
	for name, want := range map[string]string{
		"WHITE HANGING HEART T-LIGHT HOLDER":   "94",
		"SET/6 PURPLE BUTTERFLY T-LIGHTS":      "34",
		"PACK OF 60 PINK PAISLEY CAKE CASES":   "48",
		"JUMBO BAG RED RETROSPOT":              "42",
		"HOT WATER BOTTLE KEEP CALM":           "40",
		"GLASS STAR FROSTED T-LIGHT HOLDER":    "94",
		"REGENCY CAKESTAND 3 TIER":             "69",
		"PINK DIAMANTE STAR BROOCH":            "71",
		"RED RETROSPOT PEG BAG":                "42",
		"SET OF 3 CAKE TINS PANTRY DESIGN":     "73",
		"VINTAGE SNAP CARDS":                   "49",
		"PAPER CHAIN KIT 50'S CHRISTMAS":       "48",
		"WOODEN HEART CHRISTMAS SCANDINAVIAN":  "95",
		"SET OF 12 QUILLON SUSPENSION BRACKET": "",
	} {
		if got := classify(name).chapter; got != want {
			t.Errorf("classify(%q) = %q, want %q", name, got, want)
		}
	}
}

func TestMedianUnitPriceWeighsUnits(t *testing.T) {
	lines := []line{
		{day: "2011-05-01", units: 1, price: 4_0000},
		{day: "2011-05-02", units: 1, price: 4_0000},
		{day: "2011-05-03", units: 100, price: 2_0000},
		{day: "2010-01-01", units: 900, price: 1_0000}, // more than a year before the last sale
	}
	if got, want := medianUnitPrice(lines, yearBefore("2011-05-03")), int64(2_0000); got != want {
		t.Errorf("median unit price %d, want %d", got, want)
	}
}

func TestChanceDependsOnSKUAndPurposeOnly(t *testing.T) {
	const n = 20_000
	counts := make([]int, 10)
	for i := range n {
		counts[between(strconv.Itoa(i), "test", 0, 9)]++
	}
	for digit, got := range counts { // binomial: mean 2000, standard deviation 42
		if got < 2000-5*42 || got > 2000+5*42 {
			t.Errorf("digit %d came %d times of %d", digit, got, n)
		}
	}
	// A change here changes every assumed figure.
	if got, want := between("85123A", "cost", 0, 1_000_000), int64(747059); got != want {
		t.Errorf("between = %d, want %d", got, want)
	}
}

func TestEveryRowSaysAssumed(t *testing.T) {
	for _, name := range onlineretail.Assumed {
		f, err := onlineretail.Files().Open(name)
		if err != nil {
			t.Fatal(err)
		}
		rows, err := csv.NewReader(f).ReadAll()
		f.Close()
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		said := slices.Index(rows[0], "assumed")
		for i, row := range rows[1:] {
			if said < 0 || row[said] != "true" {
				t.Fatalf("%s line %d does not say assumed", name, i+2)
			}
		}
		for _, column := range []string{"unit_cost", "order_cost"} {
			c := slices.Index(rows[0], column)
			for i, row := range rows[1:] {
				if c < 0 {
					break
				}
				if a, err := money.Parse(row[c], "GBP"); err != nil || a.Sign() <= 0 {
					t.Fatalf("%s line %d: %s is %q", name, i+2, column, row[c])
				}
			}
		}
	}
}
