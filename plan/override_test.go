package plan

import (
	"math"
	"reflect"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"tradewind/commerce"
	"tradewind/decision"
)

// expected is one word of Ada on the site of oneSeller.
func expected(t testing.TB, s *commerce.Snapshot, lines ...string) []Override {
	t.Helper()
	return overridesOf(t, s, strings.Join(lines, "\n"))
}

// A proposal made without an override is stale under one, and the other way round; another
// reason or author is another override.
func TestOverridesAreFacts(t *testing.T) {
	s := shop(t, oneSeller)
	none := propose(t, s)
	over := expected(t, s, "A GB 9 5 700 Ada: fair")
	v := NewSurvey(s, Config{}, clock, "test", nil).Overridden(over)
	menus, err := Menus(t.Context(), v, nil)
	if err != nil {
		t.Fatal(err)
	}
	made := Choose(v, menus).Proposals[0]
	if made.ID == none.ID || made.Fingerprint == none.Fingerprint {
		t.Errorf("with an override: ID %s, fingerprint %s; want others than %s and %s", made.ID, made.Fingerprint, none.ID, none.Fingerprint)
	}
	if diff := cmp.Diff([]string{"O-1"}, made.Run.Overrides); diff != "" {
		t.Errorf("run (-want +got):\n%s", diff)
	}
	for _, tt := range []struct {
		name string
		p    *decision.Proposal
		now  []Override
		want []string
	}{
		{"as it was", &made, over, nil},
		{"removed", &made, nil, []string{"demand.override.O-1: GB 2011-12-18/2011-12-22: 700 → ?"}},
		{"made since", none, over, []string{"demand.override.O-1: ? → GB 2011-12-18/2011-12-22: 700"}},
		{"of another product", none, expected(t, s, "B GB 9 5 700 Ada: fair"), nil},
		{"beyond the order", none, expected(t, s, "A GB 300 5 700 Ada: fair"), nil},
		{"over", none, expected(t, s, "A GB -9 5 700 Ada: fair"), nil},
		{"replaced on every day", none, expected(t, s, "A GB 9 5 700 Ada: fair", "A GB 8 9 70 Ada: rain"), []string{"demand.override.O-2: ? → GB 2011-12-17/2011-12-25: 70"}},
	} {
		if diff := cmp.Diff(tt.want, Changes(tt.p, Facts(s, Config{}, Law{}, site, nil, tt.now))); diff != "" {
			t.Errorf("%s (-want +got):\n%s", tt.name, diff)
		}
	}
}

// The mean of an overridden market is what was said; the other markets keep theirs, and the
// later of two words on one day counts.
func TestReviseReplacesAMarketsMean(t *testing.T) {
	s := shop(t, `
		sells  A DE 4 5.00
		sells  A GB 12 5.00
	`)
	v := NewSurvey(s, Config{}, clock, "test", nil)
	in := func(market commerce.Market) func(commerce.Market) float64 {
		return func(m commerce.Market) float64 {
			if market == "" || m == market {
				return 1
			}
			return 0
		}
	}
	if v.Revise(v.Demand.Outlook(SeriesOf(s, "A", func(commerce.Market) bool { return true })), "A", in("")) != nil {
		t.Error("nobody said anything, and the outlook is revised")
	}
	v = v.Overridden(expected(t, s, "A GB 2 10 1000 Ada: fair", "A GB 5 2 6 Ada: rain"))
	home := v.Demand.Outlook(SeriesOf(s, "A", func(m commerce.Market) bool { return m == "GB" }))
	both := v.Demand.Outlook(SeriesOf(s, "A", func(commerce.Market) bool { return true }))
	revisedHome, revisedBoth := v.Revise(home, "A", in("GB")), v.Revise(both, "A", in(""))
	for day, want := range map[int]float64{0: home.Mean(0, 1), 1: 100, 3: 100, 4: 3, 5: 3, 6: 100, 10: 100, 11: home.Mean(11, 12)} {
		if got := revisedHome.Mean(day, day+1); math.Abs(got-want) > 1e-9 {
			t.Errorf("GB, day %d: %v, want %v", day, got, want)
		}
		rest := math.Max(0, both.Mean(day, day+1)-home.Mean(day, day+1))
		if got := revisedBoth.Mean(day, day+1); want != home.Mean(day, day+1) && math.Abs(got-rest-want) > 1e-9 {
			t.Errorf("both, day %d: %v, want %v beside the %v of DE", day, got, want, rest)
		}
	}
	if got := v.Revise(both, "A", in("DE")); got != nil {
		t.Error("DE is revised by what was said of GB")
	}
}

// Facts and means do not depend on the order in which overrides are given.
func TestOverridesInAnyOrder(t *testing.T) {
	s := shop(t, oneSeller)
	list := expected(t, s, "A GB 9 5 700 Ada: fair", "A GB 11 5 30 Li: rain", "A GB 12 1 90 Ada: sun")
	turned := []Override{list[2], list[0], list[1]}
	v := NewSurvey(s, Config{}, clock, "test", nil)
	a, b := v.Overridden(list), v.Overridden(turned)
	if one, another := Facts(s, Config{}, Law{}, site, nil, a.Overrides), Facts(s, Config{}, Law{}, site, nil, b.Overrides); !reflect.DeepEqual(one, another) {
		t.Errorf("facts are %v in one order and %v in another", one, another)
	}
	if got := Speaking(s, a.Overrides, "A", "GB"); !cmp.Equal(got, []string{"O-1", "O-2", "O-3"}) {
		t.Errorf("speaking: %v, want all three", got)
	}
}
