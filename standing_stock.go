package tradewind

import (
	"context"

	"tradewind/calendar"
	"tradewind/commerce"
	"tradewind/decision"
	"tradewind/plan"
)

// ofStock reports whether an action moves or shares out stock that is there.
func ofStock(a decision.Action) bool {
	switch a.(type) {
	case decision.MoveStock, decision.AllocateStock:
		return true
	}
	return false
}

// transfers are the transfers among decisions that people have agreed to, as a plan sees
// them. Their day is that of the plan that proposed them: they were approved on the stock
// counts of that day, so that a later count knows them.
func (e *Engine) transfers(list []decision.Decision) []plan.Placed {
	var out []plan.Placed
	for i := range list {
		d := &list[i]
		a, ok := d.Action.(decision.MoveStock)
		if !ok || d.State != decision.Approved && d.State != decision.Executed {
			continue
		}
		out = append(out, placedTransfer(d.ID, a, calendar.DayIn(d.Expires, e.zone).AddDays(-plan.StockDays)))
	}
	return out
}

func placedTransfer(id decision.ID, a decision.MoveStock, day calendar.Day) plan.Placed {
	return plan.Placed{Decision: id, SKU: a.SKU, Location: a.To, From: a.From, Units: a.Units, Day: day}
}

// underWayNow are the orders and transfers that people have decided on.
func (e *Engine) underWayNow(ctx context.Context, s *commerce.Snapshot) ([]plan.Placed, error) {
	orders, err := e.db.Orders(ctx)
	if err != nil {
		return nil, err
	}
	list, err := e.db.Holding(ctx, e.now())
	if err != nil {
		return nil, err
	}
	placed, err := e.placed(ctx, s, orders)
	return append(placed, e.transfers(list)...), err
}
