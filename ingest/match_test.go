package ingest

import (
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"tradewind/calendar"
	"tradewind/commerce"
	"tradewind/money"
)

// lineAt makes an order line of SKU "A" at 2.00 for matching.
func lineAt(kind commerce.LineKind, key uint64, customer string, day, minute int, units int64) commerce.OrderLine {
	at := time.Date(2026, 1, 1, 0, minute, 0, 0, time.UTC).AddDate(0, 0, day)
	return commerce.OrderLine{
		Key: commerce.Key{Lo: key}, Kind: kind, SKU: "A", Units: units, Price: money.FromE4(20_000, "GBP"),
		At: at, Day: calendar.DayIn(at, time.UTC), Customer: commerce.CustomerID(customer),
	}
}

func TestMatch(t *testing.T) {
	const sale, credit = commerce.Sale, commerce.Credit
	type event struct {
		sale, credit uint64
		units        int64
		kind         commerce.EventKind
	}
	for _, test := range []struct {
		name  string
		lines []commerce.OrderLine
		want  []event
	}{
		{"cancelled", []commerce.OrderLine{lineAt(sale, 1, "c", 0, 1, 5), lineAt(credit, 2, "c", 0, 2, 5)}, []event{{1, 2, 5, commerce.Cancelled}}},
		{"part on the same day", []commerce.OrderLine{lineAt(sale, 1, "c", 0, 1, 5), lineAt(credit, 2, "c", 0, 2, 3)}, []event{{1, 2, 3, commerce.Returned}}},
		{"whole on a later day", []commerce.OrderLine{lineAt(sale, 1, "c", 0, 1, 5), lineAt(credit, 2, "c", 60, 0, 5)}, []event{{1, 2, 5, commerce.Returned}}},
		{"too late", []commerce.OrderLine{lineAt(sale, 1, "c", 0, 1, 5), lineAt(credit, 2, "c", 61, 0, 5)}, nil},
		{"before the sale", []commerce.OrderLine{lineAt(sale, 1, "c", 0, 2, 5), lineAt(credit, 2, "c", 0, 1, 5)}, nil},
		{"latest first, then the one before", []commerce.OrderLine{
			lineAt(sale, 1, "c", 0, 0, 5), lineAt(sale, 2, "c", 1, 0, 5), lineAt(credit, 3, "c", 2, 0, 7),
		}, []event{{1, 3, 2, commerce.Returned}, {2, 3, 5, commerce.Returned}}},
		{"more than was sold", []commerce.OrderLine{lineAt(sale, 1, "c", 0, 0, 5), lineAt(credit, 2, "c", 1, 0, 9)}, []event{{1, 2, 5, commerce.Returned}}},
		{"another customer", []commerce.OrderLine{lineAt(sale, 1, "d", 0, 0, 5), lineAt(credit, 2, "c", 1, 0, 5)}, nil},
		{"unknown, same units and day", []commerce.OrderLine{lineAt(sale, 1, "", 0, 0, 5), lineAt(credit, 2, "", 0, 1, 5)}, []event{{1, 2, 5, commerce.Cancelled}}},
		{"unknown, other units", []commerce.OrderLine{lineAt(sale, 1, "", 0, 0, 6), lineAt(credit, 2, "", 0, 1, 5)}, nil},
		{"unknown, other day", []commerce.OrderLine{lineAt(sale, 1, "", 0, 0, 5), lineAt(credit, 2, "", 1, 0, 5)}, nil},
	} {
		t.Run(test.name, func(t *testing.T) {
			sales, credits := parted(test.lines)
			var got []event
			for _, e := range Match(credits, sales) {
				got = append(got, event{e.Sale.Lo, e.Credit.Lo, e.Units, e.Kind})
			}
			if diff := cmp.Diff(test.want, got, cmp.AllowUnexported(event{})); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
	other := lineAt(sale, 1, "c", 0, 0, 5)
	other.Price = money.FromE4(20_000, "EUR")
	if got := Match([]commerce.OrderLine{lineAt(credit, 2, "c", 1, 0, 5)}, []commerce.OrderLine{other}); got != nil {
		t.Errorf("tied to a sale in another currency: %v", got)
	}
}

func parted(lines []commerce.OrderLine) (sales, credits []commerce.OrderLine) {
	for _, l := range lines {
		if l.Kind == commerce.Credit {
			credits = append(credits, l)
		} else {
			sales = append(sales, l)
		}
	}
	return sales, credits
}

// TestMatchProperties: no sale gives and no credit note takes more than it has, only like
// is tied to like and to what came before, and neither the order of the input nor
// doing it again changes the result.
func TestMatchProperties(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(0, 40).Draw(t, "lines")
		lines := make([]commerce.OrderLine, n)
		byKey := map[commerce.Key]commerce.OrderLine{}
		for i := range lines {
			lines[i] = lineAt(
				commerce.LineKind(rapid.IntRange(0, 1).Draw(t, "kind")), uint64(i+1),
				rapid.SampledFrom([]string{"", "c", "d"}).Draw(t, "customer"),
				rapid.IntRange(0, 100).Draw(t, "day"), rapid.IntRange(0, 3).Draw(t, "minute"), int64(rapid.IntRange(0, 6).Draw(t, "units")))
			lines[i].SKU = commerce.SKU(rapid.SampledFrom([]string{"A", "B"}).Draw(t, "sku"))
			byKey[lines[i].Key] = lines[i]
		}
		sales, credits := parted(lines)
		salesBefore, creditsBefore := slices.Clone(sales), slices.Clone(credits)
		got := Match(credits, sales)

		taken := map[commerce.Key]int64{}
		for _, e := range got {
			s, c := byKey[e.Sale], byKey[e.Credit]
			taken[e.Sale] += e.Units
			taken[e.Credit] += e.Units
			days := c.Day.Sub(s.Day)
			switch {
			case s.Kind != commerce.Sale || c.Kind != commerce.Credit || e.Units <= 0:
				t.Fatalf("no event: %+v", e)
			case s.Customer != c.Customer || s.SKU != c.SKU || s.Price != c.Price:
				t.Fatalf("%+v is tied to %+v", c, s)
			case days < 0 || days > creditDays || c.At.Before(s.At):
				t.Fatalf("%d days from sale to credit", days)
			case c.Customer == "" && (days != 0 || e.Units != s.Units || e.Units != c.Units):
				t.Fatalf("an unknown customer's %+v is tied to %+v", c, s)
			case (e.Kind == commerce.Cancelled) != (days == 0 && e.Units == s.Units):
				t.Fatalf("%d of %d units after %d days are %d", e.Units, s.Units, days, e.Kind)
			case e.Day != c.Day || e.Price != c.Price:
				t.Fatalf("%+v does not say what %+v says", e, c)
			}
		}
		for key, units := range taken {
			if units > byKey[key].Units {
				t.Fatalf("%d units of %d", units, byKey[key].Units)
			}
		}
		if again := Match(credits, sales); !slices.Equal(again, got) {
			t.Fatalf("again: %v, want %v", again, got)
		}
		if !slices.Equal(sales, salesBefore) || !slices.Equal(credits, creditsBefore) {
			t.Fatal("the input was modified")
		}
		shuffled, shuffledCredits := parted(rapid.Permutation(lines).Draw(t, "order"))
		if other := Match(shuffledCredits, shuffled); !slices.Equal(other, got) {
			t.Fatalf("in another order: %v, want %v", other, got)
		}
	})
}

// checkRetailMatches holds what can be tied in two years of a real shop. The largest sale
// of all, 80,995 pieces, was cancelled twelve minutes later.
func checkRetailMatches(t *testing.T, credits, sales []commerce.OrderLine) {
	t.Helper()
	start := time.Now()
	events := Match(credits, sales)
	took := time.Since(start)
	byKey := map[commerce.Key]*commerce.OrderLine{}
	for _, lines := range [][]commerce.OrderLine{sales, credits} {
		for i := range lines {
			byKey[lines[i].Key] = &lines[i]
		}
	}
	matched := map[commerce.Key]int64{}
	var cancelled, returned, known, whole int
	var units, allUnits int64
	for _, e := range events {
		matched[e.Credit] += e.Units
		units += e.Units
		if e.Kind == commerce.Cancelled {
			cancelled++
		} else {
			returned++
		}
	}
	for i := range credits {
		allUnits += credits[i].Units
		if credits[i].Customer != "" {
			known++
		}
		if matched[credits[i].Key] == credits[i].Units {
			whole++
		}
	}
	t.Logf("%d credit notes (%d of known customers): %d matched, %d wholly; %d events cancel, %d return; %d of %d units; %v",
		len(credits), known, len(matched), whole, cancelled, returned, units, allUnits, took)
	if rate := float64(len(matched)) / float64(len(credits)); rate < 0.74 {
		t.Errorf("%.3f of the credit notes matched, want 0.74 as docs/formats.md says", rate)
	}
	large := false
	for _, e := range events {
		if s := byKey[e.Sale]; s.Units == 80_995 && s.Order == "581483" {
			large = e.Kind == commerce.Cancelled && e.Units == 80_995 && byKey[e.Credit].Order == "C581484"
		}
	}
	if !large {
		t.Error("the sale of 80,995 pieces is not cancelled")
	}
}
