package console_test

import (
	"html"
	"math"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"tradewind"
	"tradewind/commerce"
	"tradewind/decision"
	"tradewind/messages"
	"tradewind/money"
)

// priceKinds are the decisions that are about a price.
var priceKinds = []decision.Kind{decision.KindSetPrice, decision.KindStartExperiment, decision.KindRunPromotion}

// board lists the items of a state, worth most first.
func board(t *testing.T, e *tradewind.Engine, f tradewind.PriceFilter) *tradewind.PriceBoard {
	t.Helper()
	b, err := e.PriceBoard(t.Context(), f)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func itemPath(page string, item commerce.Item, more ...string) string {
	q := url.Values{"sku": {string(item.SKU)}, "market": {string(item.Market)}, "channel": {string(item.Channel)}}
	for i := 0; i+1 < len(more); i += 2 {
		q.Set(more[i], more[i+1])
	}
	return page + "?" + q.Encode()
}

// explained returns an item whose price can be asked about: one that has a curve.
func explained(t *testing.T, e *tradewind.Engine) *tradewind.PriceDetail {
	t.Helper()
	for _, state := range []tradewind.PriceState{tradewind.PriceChange, tradewind.PriceKeep, tradewind.PriceTest, tradewind.PriceUnknown} {
		for _, row := range board(t, e, tradewind.PriceFilter{State: state, Limit: 3}).Rows {
			d, err := e.ExplainPrice(t.Context(), row.Item)
			if err != nil {
				t.Fatal(err)
			}
			if len(d.Curve) > 0 && len(d.Observed) > 0 {
				return d
			}
		}
	}
	t.Fatal("no item of the demo has a demand curve")
	return nil
}

// pricePlaces are the pages of an item in each state that there is, of a price asked, and
// of each kind of decision about a price.
func pricePlaces(t *testing.T, e *tradewind.Engine) []place {
	places := []place{{"/prices/item?sku=none-such", 404}, {"/prices/item", 404}, {"/prices?page=2", 200},
		{"/promotions?weeks=3&slots=2&budget=50", 200}, {"/promotions?market=QQ", 404}, {"/promotions?weeks=none", 400}, {"/promotions?budget=all", 400}}
	for _, state := range tradewind.PriceStates {
		for _, row := range board(t, e, tradewind.PriceFilter{State: state, Limit: 1}).Rows {
			places = append(places, place{itemPath("/prices/item", row.Item), 200}, place{"/prices?state=" + string(state), 200})
		}
	}
	d := explained(t, e)
	places = append(places, place{itemPath("/prices/item/curve.pdf", d.Item), 404}, place{itemPath("/prices/item", d.Item, "price", d.Curve[0].Price.Decimal()), 200}, place{itemPath("/prices/item", d.Item, "price", "dear"), 400})
	for _, kind := range priceKinds {
		listed, err := e.Decisions(t.Context(), tradewind.DecisionFilter{Kind: kind, Limit: 1})
		if err != nil {
			t.Fatal(err)
		}
		for _, each := range listed {
			places = append(places, place{"/decisions/" + string(each.ID), 200})
		}
	}
	return places
}

// The board says of every state how many items there are, leads to each, and its sheet has
// them all.
func TestBoardOfPrices(t *testing.T) {
	e := demoEngine(t)
	b := visitor(t, e)
	whole := board(t, e, tradewind.PriceFilter{})
	page := b.get("/prices").Body.String()
	sum := 0
	for _, state := range tradewind.PriceStates {
		n := whole.Counts[state]
		sum += n
		link := `href="/prices?state=` + string(state) + `">` + messages.Text(messages.English, "console.prices.state."+string(state)) + ` <span class="count">` + messages.Grouped(strconv.Itoa(n)) + `</span>`
		if !strings.Contains(page, link) {
			t.Errorf("the board does not lead to the %d items of the state %s", n, state)
		}
		if rows := rowsOf(t, b, "/prices.csv?state="+string(state)); len(rows) != n {
			t.Errorf("%d rows of the state %s in the sheet, want %d", len(rows), state, n)
		}
	}
	if sum != whole.Total || sum == 0 {
		t.Errorf("the states have %d items, the board %d", sum, whole.Total)
	}
	first := whole.Rows[0]
	if !sameLink(page, first.Item) {
		t.Errorf("the board does not lead to its first item, %s in %s", first.Item.SKU, first.Item.Market)
	}
	for _, w := range whole.Warnings {
		if !strings.Contains(page, html.EscapeString(w.In(messages.English))) {
			t.Errorf("the board does not warn: %s", w.In(messages.English))
		}
	}
	for _, row := range rowsOf(t, b, "/prices.csv?market=GB&sku="+url.QueryEscape(string(first.Item.SKU))) {
		if row["market"] != "GB" || row["sku"] != string(first.Item.SKU) {
			t.Errorf("a row of %s in %s came through the filter", row["sku"], row["market"])
		}
	}
}

// sameLink reports a link to an item's page, in whatever order its parameters stand.
func sameLink(page string, item commerce.Item) bool {
	for _, part := range strings.Split(page, `href="/prices/item?`)[1:] {
		link, _, _ := strings.Cut(part, `"`)
		q, err := url.ParseQuery(html.UnescapeString(link))
		if err == nil && q.Get("sku") == string(item.SKU) && q.Get("market") == string(item.Market) && q.Get("channel") == string(item.Channel) {
			return true
		}
	}
	return false
}

// Worth most first: a gain that is known never stands below a lower one.
func TestBoardIsInOrder(t *testing.T) {
	last := math.Inf(1)
	for _, row := range board(t, demoEngine(t), tradewind.PriceFilter{}).Rows {
		gain := math.Inf(-1)
		if row.Gain != nil {
			gain = row.Gain.Mean.Float()
		}
		if gain > last+0.005 { // a gain is shown in cents
			t.Fatalf("%s is worth %v and stands below %v", row.Item.SKU, gain, last)
		}
		last = gain
	}
}

// Without a script: a price is asked by a form and answered on the same page, which keeps
// what was asked. A wrong one is explained at the field.
func TestWhatIfAnswersOnTheSamePage(t *testing.T) {
	e := demoEngine(t)
	b := visitor(t, e)
	d := explained(t, e)
	asked := d.Curve[len(d.Curve)-1].Price
	got := b.get(itemPath("/prices/item", d.Item, "price", asked.Decimal()))
	page := got.Body.String()
	sim, err := e.SimulatePrice(t.Context(), d.Item, asked.Decimal())
	if err != nil {
		t.Fatal(err)
	}
	for what, part := range map[string]string{
		"what was asked":     `name="price" value="` + asked.Decimal() + `"`,
		"the answer":         messages.Money(asked) + " instead of " + messages.Money(d.Price),
		"the demand curve":   "<title>Demand by price</title>",
		"the profit curve":   "<title>Contribution by price</title>",
		"the mark":           ">asked ",
		"the waterfall":      "<title>What is left of a price</title>",
		"the probability":    "with a probability of",
		"an accessible name": `role="img"`,
	} {
		if !strings.Contains(page, part) {
			t.Errorf("%s is missing: no %q", what, part)
		}
	}
	for _, l := range sim.Broken {
		if !strings.Contains(page, html.EscapeString(l.Name.In(messages.English))) {
			t.Errorf("the page does not say that %q is not kept", l.Name.In(messages.English))
		}
	}
	for _, wrong := range []string{"dear", "0", "-1", "1,5,0"} {
		got := b.get(itemPath("/prices/item", d.Item, "price", wrong))
		page := got.Body.String()
		if got.Code != 400 || !strings.Contains(page, `value="`+wrong+`"`) || !strings.Contains(page, `aria-invalid="true" aria-describedby="problem"`) || !strings.Contains(page, `id="problem" role="alert"`) {
			t.Errorf("price %q: %d, or it is not said at the field what is wrong", wrong, got.Code)
		}
		if !strings.Contains(page, "<title>Demand by price</title>") {
			t.Errorf("price %q: the page lost its curve", wrong)
		}
	}
}

// A what-if answers within 300 ms: the 95th percentile of a hundred questions about items
// of every state.
func TestWhatIfIsQuick(t *testing.T) {
	e := demoEngine(t)
	b := visitor(t, e)
	var items []tradewind.PriceView
	for _, state := range []tradewind.PriceState{tradewind.PriceChange, tradewind.PriceTest, tradewind.PriceKeep, tradewind.PriceUnknown} {
		items = append(items, board(t, e, tradewind.PriceFilter{State: state, Limit: 8}).Rows...)
	}
	var took []time.Duration
	for i := range 100 {
		x := items[i%len(items)]
		price, err := money.FromFloat(x.Price.Float()*(.8+.4*float64(i)/100), x.Price.Currency())
		if err != nil {
			t.Fatal(err)
		}
		start := time.Now()
		got := b.get(itemPath("/prices/item", x.Item, "price", price.Round().Decimal()))
		took = append(took, time.Since(start))
		if got.Code != 200 {
			t.Errorf("%s at %s = %d, want 200", x.Item.SKU, price.Decimal(), got.Code)
		}
	}
	slices.Sort(took)
	t.Logf("median %v, 95th percentile %v, slowest %v", took[49], took[94], took[99])
	if took[94] > 300*time.Millisecond {
		t.Errorf("the 95th percentile is %v, want 300 ms at most", took[94])
	}
}

// Every table of an item downloads, and what is left of a price is the price less its parts.
func TestTablesOfAPrice(t *testing.T) {
	e := demoEngine(t)
	b := visitor(t, e)
	d := explained(t, e)
	for table, want := range map[string]int{"curve": len(d.Curve), "observed": len(d.Observed), "waterfall": len(d.Waterfall), "estimators": len(d.Rungs), "identification": len(d.Gates), "limits": len(d.Limits), "history": len(d.History)} {
		if rows := rowsOf(t, b, itemPath("/prices/item/"+table+".csv", d.Item)); len(rows) != want || want == 0 {
			t.Errorf("%s has %d rows, want %d and some", table, len(rows), want)
		}
	}
	asked := d.Curve[0].Price.Decimal()
	rows := rowsOf(t, b, itemPath("/prices/item/waterfall.csv", d.Item, "price", asked))
	for _, column := range []string{"now", "then"} {
		var sum float64
		for _, row := range rows[:len(rows)-1] {
			sum += number(t, row[column])
		}
		if left := number(t, rows[len(rows)-1][column]); math.Abs(sum-left) > 1e-6 {
			t.Errorf("%s: the parts leave %v, the last row says %v", column, sum, left)
		}
	}
	if got := rows[0]["then"]; got != asked {
		t.Errorf("the sheet is of %s, want the price asked, %s", got, asked)
	}
}

func number(t *testing.T, s string) float64 {
	t.Helper()
	x, err := strconv.ParseFloat(s, 64)
	if err != nil {
		t.Fatal(err)
	}
	return x
}

// A decision about a price leads to the page of that price, and its product to its prices.
func TestDecisionsLeadToPrices(t *testing.T) {
	e := demoEngine(t)
	b := visitor(t, e)
	seen := 0
	for _, kind := range priceKinds {
		listed, err := e.Decisions(t.Context(), tradewind.DecisionFilter{Kind: kind, Limit: 3})
		if err != nil {
			t.Fatal(err)
		}
		for _, d := range listed {
			seen++
			item := commerce.Item{SKU: d.Subject.SKU, Market: d.Subject.Market, Channel: d.Subject.Channel}
			page := b.get("/decisions/" + string(d.ID)).Body.String()
			if !sameLink(page, item) {
				t.Errorf("%s (%s) does not lead to the price of %s", d.ID, kind, item.SKU)
			}
			if kind == decision.KindRunPromotion && !strings.Contains(page, `<a href="/promotions">`+messages.Text(messages.English, "console.decision.calendar")) {
				t.Errorf("%s does not lead to the calendar", d.ID)
			}
			if sku := b.get("/skus/" + url.PathEscape(string(item.SKU))).Body.String(); !strings.Contains(sku, `href="/prices?sku=`+url.QueryEscape(string(item.SKU))) {
				t.Errorf("the page of %s does not lead to its prices", item.SKU)
			}
		}
	}
	if seen == 0 {
		t.Error("the demo proposes nothing about prices")
	}
}

// A plan of promotions keeps to the weeks and places asked for, and its sheet has each
// promotion with the parts that its value is made of.
func TestPlanOfPromotions(t *testing.T) {
	e := demoEngine(t)
	b := visitor(t, e)
	plan, err := e.PromoPlan(t.Context(), tradewind.PromoOptions{Weeks: 6, Slots: 1})
	if err != nil {
		t.Fatal(err)
	}
	page := b.get("/promotions?weeks=6&slots=1").Body.String()
	for _, part := range []string{`name="weeks" value="6"`, `name="slots" value="1"`, messages.Text(messages.English, "console.promos.bound")} {
		if !strings.Contains(page, part) {
			t.Errorf("%q is not on the page", part)
		}
	}
	if days := strings.Count(page, `<th scope="row" class="day">`); len(plan.Promos) > 0 && days != 6 {
		t.Errorf("the calendar has %d weeks, want 6", days)
	}
	rows := rowsOf(t, b, "/promotions.csv?weeks=6&slots=1")
	if len(rows) != len(plan.Promos) {
		t.Errorf("%d promotions in the sheet, want %d", len(rows), len(plan.Promos))
	}
	taken := map[string]int{}
	for _, row := range rows {
		if taken[row["week"]+" "+row["market"]]++; taken[row["week"]+" "+row["market"]] > 1 {
			t.Errorf("two promotions in week %s in %s, want one", row["week"], row["market"])
		}
		var sum float64
		for column, value := range row {
			if strings.HasPrefix(column, "part_") {
				sum += number(t, value)
			}
		}
		if value := number(t, row["value_mean"]); math.Abs(sum-value) > .05 { // each is rounded to a cent
			t.Errorf("%s in week %s: the parts sum to %v, the value is %v", row["sku"], row["week"], sum, value)
		}
	}
	if left := rowsOf(t, b, "/promotions/left-out.csv?weeks=6&slots=1"); len(left) != len(plan.LeftOut) {
		t.Errorf("%d items left out in the sheet, want %d", len(left), len(plan.LeftOut))
	}
	for field, wrong := range map[string]string{"weeks": "53", "slots": "0", "budget": "all"} {
		got := b.get("/promotions?" + field + "=" + wrong)
		if page := got.Body.String(); got.Code != 400 || !strings.Contains(page, `name="`+field+`" value="`+wrong+`"`) || !strings.Contains(page, `id="problem" role="alert"`) {
			t.Errorf("%s=%s: %d, or it is not said at the form what is wrong", field, wrong, got.Code)
		}
	}
}
