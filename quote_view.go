package tradewind

import (
	"tradewind/law"
	"tradewind/messages"
	"tradewind/operations/landed"
)

func quoteView(q *landed.Quote, assumed []messages.Message) *QuoteView {
	v := &QuoteView{
		From: q.From, To: q.To, ToName: placeName(q.To), Currency: q.Currency, AsOf: q.Dates.Payment, Rulebook: q.Rules,
		Lines: []QuotedLine{}, Customs: q.CustomsValue,
		Duty: quotedAmount(q.Duty), Tax: quotedAmount(q.Tax), Fees: quotedAmount(q.Fees),
		BuyerPays: quotedAmount(q.BuyerPays), Landed: quotedAmount(q.Landed), Net: quotedAmount(q.NetRevenue),
		Complete: q.Complete, Automatable: q.Automatable,
		Missing: localizedAll(q.Missing), Assumed: localizedAll(append(assumed, q.Assumed...)),
		Rates: []QuoteRate{}, NotAdvice: notAdvice(),
	}
	for i := range q.Charges {
		c := &q.Charges[i]
		v.Lines = append(v.Lines, QuotedLine{
			Code: string(c.Code), Name: localized(c.Label()), Item: c.Line + 1,
			Bearer: localized(landed.PartyName(c.Bearer)), Payee: localized(landed.PartyName(c.To)),
			Formula: localized(c.Formula()), Amount: quotedAmount(c.Amount), Rules: cited(c.Rules),
		})
	}
	for _, r := range q.Rates {
		v.Rates = append(v.Rates, QuoteRate{r.Base, r.Quote, r.Value, r.Day, r.Provenance.Source, r.Provenance.Assumed})
	}
	return v
}

func quotedAmount(a landed.Amount) QuotedAmount { return QuotedAmount{a.Low, a.High, a.Unknown} }

func cited(refs []law.Ref) []RuleCited {
	out := []RuleCited{}
	for _, r := range refs {
		out = append(out, RuleCited{r, ruleText(r.Title), r.Supported()})
	}
	return out
}
