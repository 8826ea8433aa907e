package tradewind

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"tradewind/commerce"
	"tradewind/decision"
	"tradewind/fault"
	"tradewind/messages"
	"tradewind/money"
)

// executedPrice puts an executed change of a price into a workspace.
func executedPrice(t tester, e *Engine, a decision.SetPrice) decision.ID {
	t.Helper()
	p := suggestion(t, e, a, 0)
	put(t, e, p)
	for _, verb := range []decision.Verb{decision.Approve, decision.Execute} {
		if _, err := e.db.Move(t.Context(), decision.Event{Decision: p.ID, Verb: verb, By: ann, At: e.Now()}); err != nil {
			t.Fatal(err)
		}
	}
	return p.ID
}

// TestRollbackAsksTheLawOfToday: goods that may not be sold in a market today do not get
// their old price there back: not proposed, and where the law came in between not approved
// and not executed. The refusal names the rule. Where they may be sold, they do.
func TestRollbackAsksTheLawOfToday(t *testing.T) {
	bear := func(m commerce.Market) decision.SetPrice {
		return decision.SetPrice{Item: commerce.Item{SKU: "BEAR", Market: m, Channel: "web"}, Price: pence(1900), Was: pence(2000)}
	}
	rule := "EU.product.toys" // its paper ends with 2026
	law := func(e *Engine, day string) { e.config.RulesAsOf = day }
	forbids := func(t *testing.T, e *Engine, act func() error) {
		t.Helper()
		err := error(nil)
		unchanged(t, e, func() { err = act() })
		refused(t, err, fault.Blocked, "E-ROLLBACK-BLOCKED")
		if said := messages.Of(err); !strings.Contains(said.In(messages.English), rule) || !strings.Contains(said.In(messages.Chinese), rule) || !strings.Contains(said.In(messages.English), "What law asks in Germany") {
			t.Errorf("it does not name the rule, or the reason: %s", said.In(messages.English))
		}
	}
	t.Run("proposed", func(t *testing.T) {
		e := lawful(t, map[string]string{"documents.csv": documentsOfTheBear})
		id := executedPrice(t, e, bear("DE"))
		law(e, "2027-01-01")
		forbids(t, e, func() error { _, err := e.Rollback(t.Context(), id, ann, ""); return err })
	})
	t.Run("approved", func(t *testing.T) {
		e := lawful(t, map[string]string{"documents.csv": documentsOfTheBear})
		v, err := e.Rollback(t.Context(), executedPrice(t, e, bear("DE")), ann, "")
		if err != nil {
			t.Fatal(err)
		}
		law(e, "2027-01-01")
		forbids(t, e, func() error { _, err := e.Approve(t.Context(), v.ID, v.Fingerprint, ann, ""); return err })
		law(e, "2026-11-22")
		mustApprove(t, e, *v)
		law(e, "2027-01-01")
		forbids(t, e, func() error { _, err := e.Execute(t.Context(), []decision.ID{v.ID}, ann); return err })
		if files, _ := os.ReadDir(filepath.Join(e.Dir(), "outbox")); len(files) != 0 {
			t.Errorf("it left: %v", files)
		}
	})
	t.Run("elsewhere", func(t *testing.T) {
		e := lawful(t, map[string]string{"documents.csv": documentsOfTheBear})
		id := executedPrice(t, e, bear("GB"))
		law(e, "2027-01-01")
		if _, err := e.Rollback(t.Context(), id, ann, ""); err != nil {
			t.Error(err)
		}
	})
}

// TestRollbackBelowCost: Portugal bans sales below cost to those who are established there
// (Decreto-Lei 166/2013, art. 5); a price that was above the cost of then and is below that
// of today does not come back.
func TestRollbackBelowCost(t *testing.T) {
	euro := func(cents int64) money.Amount { return money.FromE4(100*cents, "EUR") }
	for _, tt := range []struct {
		home  commerce.Market
		was   int64
		stays bool
	}{{"PT", 1150, true}, {"PT", 1250, false}, {"GB", 1150, false}} {
		e := workspace(t, Config{Currency: "EUR", Clock: "2026-11-22T12:00:00Z", Seller: commerce.Seller{Established: []commerce.Market{tt.home}}})
		mustImport(t, e, ImportOptions{}, write(t, "orders.csv", "order_id,line_id,ordered_at,sku,description,quantity,unit_price,currency,market,channel,customer_id,kind\n"+
			"1,1,2026-10-01 10:00:00,LAMP,Desk lamp,2,20.00,EUR,PT,web,c,sale\n2,1,2026-11-09 10:00:00,LAMP,Desk lamp,1,20.00,EUR,PT,web,c,sale\n"))
		mustImport(t, e, ImportOptions{}, write(t, "costs.csv", "sku,unit_cost,currency,from,assumed\nLAMP,12.00,EUR,2026-11-01,false\n"))
		id := executedPrice(t, e, decision.SetPrice{Item: commerce.Item{SKU: "LAMP", Market: "PT", Channel: "web"}, Price: euro(2000), Was: euro(tt.was)})
		_, err := e.Rollback(t.Context(), id, ann, "")
		if !tt.stays {
			if err != nil {
				t.Errorf("%s, %d: %v", tt.home, tt.was, err)
			}
			continue
		}
		refused(t, err, fault.Blocked, "E-ROLLBACK-BELOW-COST")
		said := messages.Of(err)
		for lang, why := range map[messages.Language]string{messages.English: "bans sales below cost", messages.Chinese: "禁止低于成本销售"} {
			if text := said.In(lang); !strings.Contains(text, "PT.price") || !strings.Contains(text, why) || !strings.Contains(text, "11.50") || !strings.Contains(text, "12.00") {
				t.Errorf("it does not say which rule forbids it, and why: %s", text)
			}
			if text := said.Remedy().In(lang); !strings.Contains(text, "LAMP") || strings.Contains(text, "comply") {
				t.Errorf("the remedy is not one of a price below cost: %s", text)
			}
		}
	}
}

// TestRollbackAndLimitsOfTheTeam: a least margin that the team set asks for two people where
// the restored price leaves less, and lets one decide where it leaves more. 22453 costs
// GBP 1.711 in the sample, and a sixth of its price is tax.
func TestRollbackAndLimitsOfTheTeam(t *testing.T) {
	for _, tt := range []struct {
		was  int64
		then decision.State
	}{{180, decision.Proposed}, {290, decision.Approved}} {
		e := sample(t)
		s, err := e.snapshot(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		at := slices.IndexFunc(s.Items, func(it commerce.Item) bool { return it.SKU == "22453" && it.Market == "GB" })
		id := executedPrice(t, e, decision.SetPrice{Item: s.Items[at], Price: pence(295), Was: pence(tt.was)})
		if _, err := e.SetGuardrail(t.Context(), "margin", "0.15", ann, ""); err != nil {
			t.Fatal(err)
		}
		as := team(t, e, "bo:approver")
		v, err := e.Rollback(as["ada"], id, "", "")
		if err != nil {
			t.Fatal(err)
		}
		if got := agree(t, e, as["bo"], *v); got.State != tt.then {
			t.Errorf("back to %d: one approval makes it %s, want %s: %+v", tt.was, got.State, tt.then, got.Approvals)
		} else if a := got.Approvals; tt.then == decision.Proposed && (a == nil || !strings.Contains(a.Reasons[0].English, "contributes")) {
			t.Errorf("it does not say which limit: %+v", a)
		}
	}
}

// TestRollbackAndLimitsOfTheDay: what a restored price leaves is reckoned on the day it is
// approved. Proposed while it left two fifths, it takes two people once a dearer purchase has
// left a tenth, and the explanation says so before anybody approves.
func TestRollbackAndLimitsOfTheDay(t *testing.T) {
	e := sample(t)
	s, err := e.snapshot(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	at := slices.IndexFunc(s.Items, func(it commerce.Item) bool { return it.SKU == "22453" && it.Market == "GB" })
	id := executedPrice(t, e, decision.SetPrice{Item: s.Items[at], Price: pence(295), Was: pence(290)})
	if _, err := e.SetGuardrail(t.Context(), "margin", "0.15", ann, ""); err != nil {
		t.Fatal(err)
	}
	as := team(t, e, "bo:approver", "cy:approver")
	v, err := e.Rollback(as["ada"], id, "", "")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := e.Import(as["ada"], []string{write(t, "costs.csv", "sku,unit_cost,currency,from,assumed\n22453,2.61,GBP,2011-12-01,false\n")}, ImportOptions{}); err != nil {
		t.Fatal(err)
	}
	x, err := e.Explain(as["bo"], v.ID)
	if err != nil {
		t.Fatal(err)
	}
	if a := x.Approvals; a == nil || a.Needed != 2 || !strings.Contains(a.Reasons[0].English, "contributes") {
		t.Errorf("the explanation asks for %+v", a)
	}
	if got := agree(t, e, as["bo"], *v); got.State != decision.Proposed {
		t.Errorf("one approval makes it %s", got.State)
	}
	if got := agree(t, e, as["cy"], *v); got.State != decision.Approved {
		t.Errorf("two approvals make it %s", got.State)
	}
}
