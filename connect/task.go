package connect

import "tradewind/decision"

// What people carry out leaves as a task: who reads the file does it.

func marketEntry(id decision.ID, a decision.EnterMarket, approval decision.Event) (document, error) {
	if a.Market == "" {
		return document{}, badValue("market", "")
	}
	return task("market-entries", "ENTER-"+string(id), id, approval,
		words("market", a.Market),
		words("channel", a.Channel))
}

func registration(id decision.ID, a decision.RegisterTax, approval decision.Event) (document, error) {
	if a.Market == "" || a.Scheme == "" {
		return document{}, badValue("scheme", a.Scheme)
	}
	return task("tax-registrations", "TAX-"+string(id), id, approval,
		words("market", a.Market),
		words("scheme", a.Scheme),
		plain("threshold", a.Threshold.Decimal()),
		plain("currency", string(a.Threshold.Currency())),
		plain("crossed_on", a.Crosses.String()))
}

func localization(id decision.ID, a decision.LocalizeListing, approval decision.Event) (document, error) {
	if a.Item.SKU == "" || a.Language == "" {
		return document{}, badValue("language", a.Language)
	}
	return task("localizations", "TEXT-"+string(id), id, approval,
		words("sku", a.Item.SKU),
		words("market", a.Item.Market),
		words("channel", a.Item.Channel),
		words("language", a.Language),
		words("findings", a.Findings))
}

func task(folder, number string, id decision.ID, approval decision.Event, columns ...column) (document, error) {
	return table(folder, number, append([]column{
		plain("task", number),
		plain("decision", string(id)),
		plain("approved_at", stamp(approval.At)),
		words("approved_by", approval.By),
	}, columns...))
}
