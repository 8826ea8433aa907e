package promotion

import (
	"cmp"
	"math"
	"slices"

	"tradewind/fault"
)

// Panel is the weekly history of items that uplift is learnt from, as columns: row i is an
// item in a week. Rows of an item follow each other with rising weeks; a week without a
// row counts as one without a promotion. Codes begin at 0.
type Panel struct {
	Units []float64
	Item  []int32
	Week  []int32 // a running number
	Place []int32 // market × week: what all items of a market share in a week

	Category []int32 // of the item
	Group    []int32 // subcategory of the item, within its category; nil: no halo and cannibalisation

	Depth    []float64 // off the regular price; 0 where no promotion is on
	Vehicle  []string  // "" or Price where nothing but the price was changed; nil: nowhere
	Exposure []float64 // share of the week in stock; rows with 0 are left out; nil: all of it
	Regular  []float64 // regular price; nil: it never changed
	Season   [][]int32 // further fixed effects, as category × month; may be nil
}

// check refuses a panel that is not one.
func (p *Panel) check() error {
	n := len(p.Units)
	for _, column := range []struct {
		name string
		have int
		need bool
	}{{"item", len(p.Item), true}, {"week", len(p.Week), true}, {"market and week", len(p.Place), true}, {"category", len(p.Category), true},
		{"group", len(p.Group), false}, {"depth", len(p.Depth), true}, {"vehicle", len(p.Vehicle), false},
		{"exposure", len(p.Exposure), false}, {"regular price", len(p.Regular), false}} {
		if column.have != n && (column.need || column.have > 0) {
			return fault.New(fault.Invalid, "E-PROMOTION-COLUMN", fault.A("column", column.name), fault.A("n", column.have), fault.A("rows", n))
		}
	}
	bad := func(i int, what string) error {
		return fault.New(fault.Invalid, "E-PROMOTION-PANEL", fault.A("row", i+1), fault.A("column", what))
	}
	for i := range n {
		switch {
		case !(p.Units[i] >= 0) || math.IsInf(p.Units[i], 0):
			return bad(i, "units")
		case !(p.Depth[i] >= 0 && p.Depth[i] < 1):
			return bad(i, "depth")
		case p.Exposure != nil && !(p.Exposure[i] >= 0 && p.Exposure[i] <= 1):
			return bad(i, "exposure")
		case p.Regular != nil && (!(p.Regular[i] > 0) || math.IsInf(p.Regular[i], 0)):
			return bad(i, "regular price")
		case p.Item[i] < 0 || p.Place[i] < 0 || p.Category[i] < 0 || p.Group != nil && p.Group[i] < 0:
			return bad(i, "code")
		case i > 0 && (p.Item[i] < p.Item[i-1] || p.Item[i] == p.Item[i-1] && p.Week[i] <= p.Week[i-1]):
			return bad(i, "week")
		}
	}
	for _, s := range p.Season {
		if len(s) != n {
			return fault.New(fault.Invalid, "E-PROMOTION-COLUMN", fault.A("column", "season"), fault.A("n", len(s)), fault.A("rows", n))
		}
	}
	return nil
}

func (p *Panel) vehicle(i int) string {
	if p.Vehicle == nil || p.Depth[i] == 0 {
		return Price
	}
	return cmp.Or(p.Vehicle[i], Price)
}

// echo is what earlier promotions leave in the rows: f of the depth one to DipWeeks weeks
// ago, the fatigue of a row with a promotion, and whether a promotion begins in it.
type echo struct {
	dip    [DipWeeks][]float64
	tired  []float64
	begins []bool
}

func (p *Panel) echo(form Form) echo {
	n := len(p.Units)
	e := echo{tired: make([]float64, n), begins: make([]bool, n)}
	for k := range e.dip {
		e.dip[k] = make([]float64, n)
	}
	for i := range n {
		e.begins[i] = p.Depth[i] > 0
		for j := i - 1; j >= 0 && p.Item[j] == p.Item[i] && p.Week[i]-p.Week[j] <= Memory; j-- {
			weeks := int(p.Week[i] - p.Week[j])
			if p.Depth[j] == 0 {
				continue
			}
			if weeks <= DipWeeks {
				e.dip[weeks-1][i] = form.F(p.Depth[j])
			}
			if p.Depth[i] > 0 && e.tired[i] == 0 {
				e.tired[i] = fatigue(weeks)
				e.begins[i] = weeks > 1
			}
		}
	}
	return e
}

// episodes counts the promotions of each code of a column, one a run of weeks.
func episodes(codes []int32, begins []bool) []int {
	counts := make([]int, levels(codes))
	for i, b := range begins {
		if b {
			counts[codes[i]]++
		}
	}
	return counts
}

func levels(codes []int32) int {
	if len(codes) == 0 {
		return 0
	}
	return int(slices.Max(codes)) + 1
}

// repriced reports whether the regular price of an item of a category ever changed.
func (p *Panel) repriced(category int) bool {
	for i := 1; i < len(p.Units) && p.Regular != nil; i++ {
		if int(p.Category[i]) == category && p.Item[i] == p.Item[i-1] && p.Regular[i] != p.Regular[i-1] {
			return true
		}
	}
	return false
}

// rows lists those that were in stock for some of the week.
func (p *Panel) rows() []int {
	var kept []int
	for i := range p.Units {
		if p.Exposure == nil || p.Exposure[i] > 0 {
			kept = append(kept, i)
		}
	}
	return kept
}

func pick[T any](column []T, rows []int) []T {
	out := make([]T, len(rows))
	for k, i := range rows {
		out[k] = column[i]
	}
	return out
}
