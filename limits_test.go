package tradewind

import (
	"maps"
	"testing"

	"tradewind/decision"
	"tradewind/money"
	"tradewind/plan"
)

// choose chooses from the part of the demo under other settings.
func choose(t *testing.T, change func(*plan.Config)) *plan.Plan {
	t.Helper()
	v, menus := partOfDemo(t)
	changed := *v
	change(&changed.Config)
	return plan.Choose(&changed, menus)
}

func TestCashIsALimit(t *testing.T) {
	free := choose(t, func(*plan.Config) {})
	var before money.Amount
	for _, limit := range []string{"0", "150", "400", "1000", "2500", "6000", "1000000"} {
		p := choose(t, func(c *plan.Config) { c.Cash = limit })
		most, err := money.Parse(limit, "GBP")
		if err != nil {
			t.Fatal(err)
		}
		if p.Cash.Cmp(most) > 0 {
			t.Errorf("limit %v: the plan takes %v", most, p.Cash)
		}
		if p.Gain.Cmp(before) < 0 && before.Currency() != "" {
			t.Errorf("limit %v: the plan gains %v, less than %v with less cash", most, p.Gain, before)
		}
		before = p.Gain
		if p.Cash.Cmp(free.Cash) < 0 && len(p.LeftOut) <= len(free.LeftOut) {
			t.Errorf("limit %v: nothing more is left out", most)
		}
	}
	if before != free.Gain {
		t.Errorf("with more cash than it takes the plan gains %v, want %v", before, free.Gain)
	}
}

func TestAttentionIsALimit(t *testing.T) {
	free := choose(t, func(*plan.Config) {})
	few := choose(t, func(c *plan.Config) { c.Attention = 5 })
	if len(few.Proposals) != 5 {
		t.Fatalf("%d proposals, want 5", len(few.Proposals))
	}
	for i := range few.Proposals {
		if got, want := few.Proposals[i].Action, free.Proposals[i].Action; got != want {
			t.Errorf("place %d has %v, want the best %v", i, got, want)
		}
	}
	if got, want := len(few.LeftOut)+5, len(free.LeftOut)+len(free.Proposals); got != want {
		t.Errorf("%d sites are proposed or left out, want %d", got, want)
	}
	reasons := map[string]int{}
	for _, l := range few.LeftOut {
		readable(t, l.Reason)
		reasons[l.Reason.Code]++
	}
	if got, want := reasons["plan.left-out.attention"], len(free.Proposals)-5; got != want {
		t.Errorf("%d are left out for want of attention, want %d: %v", got, want, reasons)
	}
}

func TestAStricterMinimumGivesASubset(t *testing.T) {
	kept := func(least string) map[decision.Action]bool {
		set := map[decision.Action]bool{}
		for _, p := range choose(t, func(c *plan.Config) { c.MinGain = least }).Proposals {
			set[p.Action] = true
			if least, err := money.Parse(least, "GBP"); err != nil || apart(p.Gain.Mean, least) > 300 && p.Gain.Mean.Cmp(least) < 0 {
				t.Errorf("%v gains %v, the minimum is %v: %v", p.Action, p.Gain.Mean, least, err)
			}
		}
		return set
	}
	loose, strict := kept("1"), kept("40")
	if len(strict) == 0 || len(strict) >= len(loose) {
		t.Fatalf("%d with the strict minimum, %d with the loose one", len(strict), len(loose))
	}
	for a := range maps.Keys(strict) {
		if !loose[a] {
			t.Errorf("%v is kept by the strict minimum only", a)
		}
	}
}
