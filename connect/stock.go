package connect

import (
	"strconv"
	"strings"

	"tradewind/decision"
	"tradewind/money"
)

// transfer tells a warehouse to send units of a SKU to another.
func transfer(id decision.ID, a decision.MoveStock, approval decision.Event) (document, error) {
	switch {
	case a.Units <= 0:
		return document{}, badValue("units", strconv.FormatInt(a.Units, 10))
	case a.From == "" || a.To == "" || a.From == a.To:
		return document{}, badValue("to", string(a.To))
	}
	return task("transfers", "MOVE-"+string(id), id, approval,
		words("sku", a.SKU),
		words("from", a.From),
		words("to", a.To),
		plain("units", strconv.FormatInt(a.Units, 10)))
}

// allocation tells a channel how many units of a location it may sell.
func allocation(id decision.ID, a decision.AllocateStock, approval decision.Event) (document, error) {
	if a.Units < 0 {
		return document{}, badValue("units", strconv.FormatInt(a.Units, 10))
	}
	if a.Item.SKU == "" || a.Location == "" {
		return document{}, badValue("location", string(a.Location))
	}
	return task("allocations", "ALLOC-"+string(id), id, approval,
		words("sku", a.Item.SKU),
		words("market", a.Item.Market),
		words("channel", a.Item.Channel),
		words("location", a.Location),
		plain("units", strconv.FormatInt(a.Units, 10)))
}

// mandate records what a policy may do: the file is for whoever has to answer for it.
func mandate(id decision.ID, a decision.GrantMandate, approval decision.Event) (document, error) {
	if a.Policy == "" || len(a.Kinds) == 0 {
		return document{}, badValue("policy", a.Policy)
	}
	for _, m := range []struct {
		name   string
		amount money.Amount
	}{{"max_cash", a.MaxCash}, {"day_cash", a.DayCash}} {
		if m.amount.Sign() <= 0 {
			return document{}, badValue(m.name, m.amount.String())
		}
	}
	kinds := make([]string, len(a.Kinds))
	for i, k := range a.Kinds {
		kinds[i] = string(k)
	}
	return task("mandates", "MANDATE-"+string(id), id, approval,
		words("policy", a.Policy),
		plain("kinds", strings.Join(kinds, " ")),
		plain("max_cash", a.MaxCash.Decimal()),
		plain("day_cash", a.DayCash.Decimal()),
		plain("currency", string(a.MaxCash.Currency())),
		plain("max_step", strconv.FormatFloat(a.MaxStep, 'g', -1, 64)),
		plain("until", a.Until.String()))
}
