package tradewind

import (
	"testing"
	"time"

	"tradewind/commerce"
	"tradewind/connect"
	"tradewind/decision"
	"tradewind/fault"
	"tradewind/messages"
)

func TestRollback(t *testing.T) {
	e := sample(t)
	price := decision.SetPrice{Item: pricedMug, Price: pence(250), Was: pence(230)}
	move, order, unknown := decision.MoveStock{SKU: "S001", From: "UK-1", To: "UK-2", Units: 5}, decision.Reorder{SKU: "S9", Location: "UK-1", Supplier: "Yiwu", Units: 5, UnitCost: pence(100)}, decision.SetPrice{Item: commerce.Item{SKU: "X", Market: "GB", Channel: "web"}, Price: pence(250)}
	list := []decision.Proposal{suggestion(t, e, price, 0), suggestion(t, e, move, 0), suggestion(t, e, order, 5), suggestion(t, e, unknown, 0)}
	put(t, e, list...)
	_, err := e.Rollback(t.Context(), list[0].ID, ann, "")
	refused(t, err, fault.Stale, "E-ROLLBACK-STATE")
	for _, p := range list { // as if the facts behind them held
		for _, ev := range []decision.Event{{Verb: decision.Approve}, {Verb: decision.Execute, Receipt: connect.Receipt{File: "outbox/x", SHA256: "y", Token: "z"}.String()}} {
			ev.Decision, ev.By, ev.At = p.ID, ann, e.Now()
			if _, err := e.db.Move(t.Context(), ev); err != nil {
				t.Fatal(err)
			}
		}
	}
	for _, p := range list[2:] {
		_, err := e.Rollback(t.Context(), p.ID, ann, "")
		refused(t, err, fault.Blocked, "E-IRREVERSIBLE")
		if explain(t, e, p.ID).Reversible {
			t.Errorf("%s is said to be reversible", p.Action.Kind())
		}
	}
	for i, want := range []decision.Action{decision.SetPrice{Item: pricedMug, Price: pence(230), Was: pence(250)}, decision.MoveStock{SKU: move.SKU, From: "UK-2", To: "UK-1", Units: 5}} {
		id := list[i].ID
		v, err := e.Rollback(t.Context(), id, ann, "too dear")
		if err != nil {
			t.Fatal(err)
		}
		x := explain(t, e, v.ID)
		if x.Proposal != want || x.Compensates != id || x.Author != ann || x.State != decision.Proposed {
			t.Errorf("taken back by %+v of %s for %s, %s", x.Proposal, x.Author, x.Compensates, x.State)
		}
		if x.Impact.Mean != pence(-500) || x.Impact.P10 != pence(-900) || x.Impact.P90 != pence(-100) || x.Drivers[0].Amount != x.Impact.Mean {
			t.Errorf("it is worth %+v", x.Impact)
		}
		readableText(t, x.Summary)
		readableText(t, x.Reasons...)
		readableText(t, x.Caveats...)
		_, err = e.Rollback(t.Context(), id, ann, "")
		refused(t, err, fault.Stale, "E-ROLLBACK-DONE")
		if _, err := e.Approve(t.Context(), v.ID, v.Fingerprint, ann, ""); err != nil {
			t.Fatal(err)
		}
		if done := mustExecute(t, e, v.ID); len(done) != 1 || done[0].Already {
			t.Errorf("executed as %+v", done)
		}
		_, err = e.Rollback(t.Context(), id, ann, "")
		refused(t, err, fault.Stale, "E-ROLLBACK-DONE")
	}
	for _, k := range decision.Kinds {
		if !messages.Has("automation.irreversible."+string(k)) && k != decision.KindGrantMandate {
			t.Errorf("nobody says why %s cannot be taken back", k)
		}
	}
}

// A compensating decision that was rejected is none: the next may be proposed. Policies leave
// both to people.
func TestRollbackAgainAfterRejection(t *testing.T) {
	e := sample(t)
	p := suggestion(t, e, decision.SetPrice{Item: pricedMug, Price: pence(250), Was: pence(245)}, 0)
	put(t, e, p)
	for _, verb := range []decision.Verb{decision.Approve, decision.Execute} {
		if _, err := e.db.Move(t.Context(), decision.Event{Decision: p.ID, Verb: verb, By: ann, At: e.Now()}); err != nil {
			t.Fatal(err)
		}
	}
	mandated(t, e)
	v, err := e.Rollback(t.Context(), p.ID, ann, "")
	if err != nil {
		t.Fatal(err)
	}
	if r := mustAutomate(t, e); r.Considered != 0 || len(r.Done) != 0 {
		t.Errorf("a policy took what a person proposed: %v", taken(r))
	}
	if _, err := e.Reject(t.Context(), v.ID, ann, ""); err != nil {
		t.Fatal(err)
	}
	if again, err := e.Rollback(t.Context(), p.ID, ann, ""); err != nil || again.ID == v.ID {
		t.Errorf("after it was rejected: %+v, %v", again, err)
	}
}

// A price that another decision has replaced is taken back after that one, not past it.
func TestRollbackOfAPriceThatWasReplaced(t *testing.T) {
	e := sample(t)
	var ids []decision.ID
	for i, step := range [][2]int64{{230, 240}, {240, 250}} {
		p := suggestion(t, e, decision.SetPrice{Item: pricedMug, Was: pence(step[0]), Price: pence(step[1])}, 0, func(p *decision.Proposal) {
			p.ID = decision.NewID(decision.KindSetPrice, p.Action.Subject(), "snapshot", p.Run.Config, uint64(i))
		})
		put(t, e, p)
		for _, verb := range []decision.Verb{decision.Approve, decision.Execute} {
			if _, err := e.db.Move(t.Context(), decision.Event{Decision: p.ID, Verb: verb, By: ann, At: e.Now()}); err != nil {
				t.Fatal(err)
			}
		}
		ids = append(ids, p.ID)
		e.clock = e.clock.Add(time.Minute)
	}
	_, err := e.Rollback(t.Context(), ids[0], ann, "")
	refused(t, err, fault.Stale, "E-ROLLBACK-LATER")
	back, err := e.Rollback(t.Context(), ids[1], ann, "")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := e.Approve(t.Context(), back.ID, back.Fingerprint, ann, ""); err != nil {
		t.Fatal(err)
	}
	mustExecute(t, e, back.ID)
	e.clock = e.clock.Add(time.Minute)
	if _, err := e.Rollback(t.Context(), ids[0], ann, ""); err != nil {
		t.Errorf("once the later one is taken back: %v", err)
	}
}
