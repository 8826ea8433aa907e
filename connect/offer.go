package connect

import (
	"slices"
	"strconv"

	"tradewind/commerce"
	"tradewind/decision"
	"tradewind/money"
)

// promotion writes a price with its first and its last day. Its columns have the names of
// the import format promotions: the file that left can come back as a fact.
func promotion(id decision.ID, a decision.RunPromotion, approval decision.Event) (document, error) {
	was, err := change(a.Price, a.Was)
	switch {
	case err != nil:
		return document{}, err
	case was != "" && a.Price.Cmp(a.Was) > 0:
		return document{}, badValue("price", a.Price.String()) // nobody announces a rise as an offer
	case a.To.Before(a.From):
		return document{}, badValue("to", a.To.String())
	case !slices.Contains(commerce.KnownVehicles, a.Vehicle):
		return document{}, badValue("vehicle", a.Vehicle)
	}
	number := "PROMO-" + string(id)
	return table("promotions", number, []column{
		plain("promotion", number),
		plain("decision", string(id)),
		plain("approved_at", stamp(approval.At)),
		words("approved_by", approval.By),
		words("sku", a.Item.SKU),
		words("market", a.Item.Market),
		words("channel", a.Item.Channel),
		plain("from", a.From.String()),
		plain("to", a.To.String()),
		plain("price", a.Price.Decimal()),
		plain("was", was),
		plain("currency", string(a.Price.Currency())),
		plain("vehicle", a.Vehicle),
	})
}

// The two arms of a price test.
const (
	controlArm = "control"
	testArm    = "test"
)

// experiment writes the schedule of a price test: a row a week.
func experiment(id decision.ID, a decision.StartExperiment, approval decision.Event) (document, error) {
	for _, arm := range []struct {
		name  string
		price money.Amount
	}{{controlArm, a.Control}, {testArm, a.Test}} {
		if arm.price.Sign() <= 0 || arm.price.Currency() == "" {
			return document{}, badValue(arm.name, arm.price.String())
		}
	}
	if a.Test.Currency() != a.Control.Currency() || a.Test == a.Control {
		return document{}, badValue(testArm, a.Test.String())
	}
	if a.Weeks < 2 || a.Weeks > decision.LongestExperiment {
		return document{}, badValue("weeks", strconv.Itoa(a.Weeks))
	}
	number := "TEST-" + string(id)
	var rows [][]column
	for _, turn := range a.Turns(id) {
		arm := controlArm
		if turn.Test {
			arm = testArm
		}
		rows = append(rows, []column{
			plain("experiment", number),
			plain("decision", string(id)),
			plain("approved_at", stamp(approval.At)),
			words("approved_by", approval.By),
			words("name", a.Name),
			words("sku", a.Item.SKU),
			words("market", a.Item.Market),
			words("channel", a.Item.Channel),
			plain("week", strconv.Itoa(turn.Week)),
			plain("from", turn.From.String()),
			plain("to", turn.To.String()),
			plain("arm", arm),
			plain("price", turn.Price.Decimal()),
			plain("currency", string(turn.Price.Currency())),
		})
	}
	return table("experiments", number, rows...)
}
