package tradewind

import (
	"cmp"
	"context"
	"slices"
	"strings"

	"tradewind/commerce"
	"tradewind/decision"
	"tradewind/plan"
)

// SKURow is a line of the SKU list.
type SKURow struct {
	SKU      commerce.SKU `json:"sku"`
	Name     string       `json:"name"`
	Units28  int64        `json:"units_28d"`
	OnHand   *int64       `json:"on_hand"`       // nil: nobody counted
	Cover    *float64     `json:"days_of_cover"` // at the pace of the last 28 days; nil when unknown
	Decision decision.ID  `json:"decision,omitempty"`
}

// SKUs lists products whose code or name contains the search text, by units sold in the
// last 28 days; a limit of 0 is 50.
func (e *Engine) SKUs(ctx context.Context, search string, limit int) ([]SKURow, error) {
	s, err := e.snapshot(ctx)
	if err != nil {
		return nil, err
	}
	open := map[commerce.SKU]decision.ID{}
	proposed, err := e.Decisions(ctx, DecisionFilter{State: decision.Proposed, Limit: 1 << 20})
	if err != nil {
		return nil, err
	}
	for _, d := range proposed {
		open[d.Subject.SKU] = d.ID
	}
	names := e.productNames(ctx)
	search = strings.ToLower(strings.TrimSpace(search))
	rows := []SKURow{}
	for _, sku := range s.SKUs() {
		name := names[sku]
		if strings.Contains(strings.ToLower(string(sku)), search) || strings.Contains(strings.ToLower(name), search) {
			rows = append(rows, skuRow(s, sku, name, open[sku]))
		}
	}
	slices.SortStableFunc(rows, func(a, b SKURow) int { return cmp.Compare(b.Units28, a.Units28) })
	if limit <= 0 {
		limit = 50
	}
	return rows[:min(limit, len(rows))], nil
}

func skuRow(s *commerce.Snapshot, sku commerce.SKU, name string, open decision.ID) SKURow {
	row := SKURow{SKU: sku, Name: name, Decision: open}
	lo, hi := s.ItemsOf(sku)
	for i := lo; i < hi; i++ {
		a, b := s.Rows(i)
		for r := b - 1; r >= a && s.AsOf.Sub(s.Sales.Day[r]) < 28; r-- {
			row.Units28 += s.Sales.Gross[r]
		}
	}
	var onHand int64
	stocks := s.StocksOf(sku)
	for _, st := range stocks {
		onHand += plan.Held(s, st, nil).OnHand
	}
	if len(stocks) > 0 {
		row.OnHand = &onHand
		if row.Units28 > 0 {
			cover := float64(onHand) / float64(row.Units28) * 28
			row.Cover = &cover
		}
	}
	return row
}
