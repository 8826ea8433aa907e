package plan

import (
	"fmt"
	"math"
	"testing"

	"pgregory.net/rapid"

	"tradewind/decision"
)

// More of a limit never earns less where the search proves that nothing earns more, and
// otherwise no less than it left unproved.
func TestMoreOfALimitIsNeverWorse(t *testing.T) {
	s := shop(t, manySKUs())
	v := NewSurvey(s, Config{}, clock, "test", nil)
	menus, err := Menus(t.Context(), v, nil)
	if err != nil {
		t.Fatal(err)
	}
	gain := func(cash float64, attention int) (gain, bound float64) {
		out := v.share(menus, cash, !math.IsInf(cash, 1), attention)
		for _, p := range out.kept {
			gain += p.option.Mean
		}
		if spent := cashOf(out.kept); spent > cash || len(out.kept) > attention {
			t.Fatalf("takes %v of %v, and %d of %d decisions", spent, cash, len(out.kept), attention)
		}
		if gain > out.bound*(1+1e-12) {
			t.Fatalf("gains %v, more than the bound of %v", gain, out.bound)
		}
		return gain, out.bound
	}
	best, _ := gain(math.Inf(1), 200)
	rapid.Check(t, func(t *rapid.T) {
		cash, attention := rapid.Float64Range(0, 20_000).Draw(t, "cash"), rapid.IntRange(0, 50).Draw(t, "attention")
		got, bound := gain(cash, attention)
		if got > best+1e-6 {
			t.Fatalf("limits earn %v, more than %v without", got, best)
		}
		more, _ := gain(cash*rapid.Float64Range(1, 2).Draw(t, "more"), attention+rapid.IntRange(0, 9).Draw(t, "another"))
		if more < got-(bound-got)-1e-6 {
			t.Fatalf("more of the limits earns %v instead of %v of at most %v", more, got, bound)
		}
	})
}

// An order that was picked at the price of cash would be dropped without its gain; what is
// left out earns less than cash is worth, or does not fit.
func TestPlanSaysWhyItLeavesOut(t *testing.T) {
	s := shop(t, manySKUs())
	for _, cash := range []string{"0", "100", "700", "2500"} {
		p := planOf(t, s, Config{Cash: cash})
		if p.Gain.Cmp(p.Most) > 0 {
			t.Errorf("%s: gains %s of at most %s", cash, p.Gain, p.Most)
		}
		if short := p.Most.Float() - p.Gain.Float(); short > .02*p.Most.Float()+5 {
			t.Errorf("%s: gains %s of at most %s", cash, p.Gain, p.Most)
		}
		counts := map[string]int{}
		for _, l := range p.LeftOut {
			counts[l.Reason.Code]++
		}
		if counts["plan.left-out.attention"] > 0 || counts["plan.left-out.cash"] == 0 {
			t.Errorf("%s: left out for %v", cash, counts)
		}
	}
}

// Orders cost whole pounds here, so that limits are met to the penny, as people set them.
func TestALimitMayBeMetExactly(t *testing.T) {
	facts := ""
	for i := range 8 {
		facts += fmt.Sprintf("sells %[1]c GB 10 9.00\nstock %[1]c UK-1 0 0\ncost %[1]c 2.00\nsupply %[1]c Acme 14 0 50 50 0\n", 'A'+i)
	}
	free := planOf(t, shop(t, facts), Config{})
	units := int64(0)
	for i := range free.Proposals {
		units += free.Proposals[i].Action.(decision.Reorder).Units
	}
	half := fmt.Sprint(units) // pounds: half of what all take
	if p := planOf(t, shop(t, facts), Config{Cash: half}); p.Cash.Decimal() != half+".00" {
		t.Errorf("takes %s of %s", p.Cash, half)
	}
}
