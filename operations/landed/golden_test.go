package landed

import (
	"testing"

	"tradewind/messages"
)

// TestGolden holds every case against the calculator, to the cent.
func TestGolden(t *testing.T) {
	cases := goldenCases(t)
	if len(cases) < 120 {
		t.Errorf("%d golden cases, want 120 at least", len(cases))
	}
	sides, names := map[string]int{}, map[string]bool{}
	for _, c := range cases {
		if c.Source == "" || names[c.Name] {
			t.Errorf("%s has no source, or is there twice", c.Name)
		}
		names[c.Name] = true
		if c.Change != "" {
			sides[c.Change]++
		}
		t.Run(c.Name, func(t *testing.T) {
			book, err := GoldenBook(c.Pack)
			if err != nil {
				t.Fatal(err)
			}
			differences, err := c.Differences(book)
			if err != nil {
				t.Fatal(err)
			}
			for _, d := range differences {
				t.Error(d)
			}
			if t.Failed() {
				q, _ := New(book, c.Env).Quote(&c.Consignment)
				show(t, q)
			}
		})
	}
	for change, n := range sides {
		if n < 2 {
			t.Errorf("the change %s has cases on one side only", change)
		}
	}
	if len(sides) < 10 {
		t.Errorf("%d changes of date, want 10 at least", len(sides))
	}
}

func goldenCases(t testing.TB) []Case {
	cases, err := Golden()
	if err != nil {
		t.Fatal(err)
	}
	return cases
}

// show prints a quote where it is not what it should be.
func show(t testing.TB, q *Quote) {
	for i := range q.Charges {
		c := &q.Charges[i]
		ids := []string{}
		for _, r := range c.Rules {
			ids = append(ids, r.ID)
		}
		t.Logf("%-28s %12s  %s → %s (%s)  %s  %v", c.Label().In(messages.English), c.Amount.plain(), c.Payer, c.To, c.Bearer, c.Formula().In(messages.English), ids)
	}
	t.Logf("duty %s, tax %s, fees %s, buyer %s, landed %s, net %s, complete %v, automatable %v", q.Duty.plain(), q.Tax.plain(), q.Fees.plain(), q.BuyerPays.plain(), q.Landed.plain(), q.NetRevenue.plain(), q.Complete, q.Automatable)
	for _, m := range append(q.Missing, q.Assumed...) {
		t.Log("  " + m.In(messages.English))
	}
}
