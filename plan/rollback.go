package plan

import (
	"tradewind/decision"
	"tradewind/messages"
	"tradewind/money"
	"tradewind/operations/compliance"
)

// Reconsider fills in what the law and the facts of the study say of a proposal that a
// person makes to go back to what was before: the checks of its action, and what guardrails
// measure of it. What was lawful then need not be so today.
func (st *PriceStudy) Reconsider(p *decision.Proposal) {
	v := st.survey
	switch a := p.Action.(type) {
	case decision.SetPrice:
		p.Checks = append(v.itemChecks(a.Item), st.belowCost(a)...)
		if x := st.At(a.Item); x != nil {
			p.Exposure = v.priceExposure(x, a.Price)
		}
	case decision.MoveStock:
		crossed := v.crosses(Site{a.SKU, a.From}, Site{a.SKU, a.To})
		p.Checks = []decision.Check{{Name: messages.M("plan.check.border"), Outcome: passIf(!crossed), Limit: "false", Value: yes(crossed)}}
	}
}

// IsBelowCost reports whether a check is the ban on sales below cost: not goods or papers
// are wrong then, but the price.
func IsBelowCost(c decision.Check) bool { return c.Name.Code == "automation.rollback.below-cost" }

// belowCost is the ban on sales below cost that a price would break, as it binds the prices
// of a plan.
func (st *PriceStudy) belowCost(a decision.SetPrice) []decision.Check {
	v := st.survey
	known := v.Snapshot.Cost(a.Item.SKU)
	rate, ok := v.rateOf(st.rates, a.Price.Currency())
	if v.Law.Book == nil || known == nil || !ok {
		return nil
	}
	cost, err := money.FromFloat(known.Unit.Float()/rate.Value, a.Price.Currency())
	if err != nil || a.Price.Cmp(cost) >= 0 {
		return nil
	}
	rule := compliance.PriceRulesFor(v.Law.Book, Home(v.Snapshot, &v.Config.Seller), a.Item.Market, v.Law.AsOf).BelowCost
	if rule == nil {
		return nil
	}
	return []decision.Check{{Name: messages.M("automation.rollback.below-cost", messages.A("market", countryOf(a.Item.Market)), messages.A("price", a.Price), messages.A("cost", cost.Round())),
		Outcome: decision.Block, Limit: cost.Round().String(), Value: rule.ID}}
}
