package plan

import (
	"cmp"
	"math"
	"strconv"
	"strings"

	"tradewind/commerce"
	"tradewind/decision"
	"tradewind/messages"
	"tradewind/money"
)

// facts are the facts that an order at a site needs; what is missing is nil.
type facts struct {
	stock    *commerce.Stock // as counted, and what was received since
	received commerce.Units  // since the count, part of stock
	cost     *commerce.Cost
	supply   *commerce.Supply // with the lead time that its deliveries tell
	lead     *LeadTime        // where they tell one
}

// gather finds the facts of a site to which orders are under way.
func gather(s *commerce.Snapshot, c Config, site Site, placed ...Placed) facts {
	return gathered(s, site, placed, func(sup *commerce.Supply) *LeadTime { return leadTimesOf(s, sup.Supplier, c.Closures...).of(sup) })
}

// gather finds the facts of a site with the lead times that the survey has learned.
func (v *Survey) gather(site Site) facts { return gathered(v.Snapshot, site, v.Placed, v.leads.of) }

// gathered are the facts of a site. Of several suppliers it takes the one with the shortest
// lead time, the first by name among equals.
func gathered(s *commerce.Snapshot, site Site, placed []Placed, learned func(*commerce.Supply) *LeadTime) facts {
	f := facts{cost: s.Cost(site.SKU)}
	if f.stock = countOf(s, site); f.stock != nil {
		f.received = replenish(s, site, f.stock, placed)
	}
	for _, sup := range s.SuppliesOf(site.SKU) {
		lead := learned(&sup)
		if lead != nil {
			sup.LeadDays, sup.LeadSD = lead.Mean, lead.SD
		}
		if f.supply == nil || sup.LeadDays < f.supply.LeadDays {
			f.supply, f.lead = &sup, lead
		}
	}
	return f
}

// countOf is the last count of a site; nil where there is none.
func countOf(s *commerce.Snapshot, site Site) *commerce.Stock {
	for _, st := range s.StocksOf(site.SKU) {
		if st.Location == site.Location {
			return &st
		}
	}
	return nil
}

// missing says which fact an order cannot do without, and with it the cheapest remedy.
func (m *Menu) missing() messages.Message {
	switch {
	case m.Facts.stock == nil:
		return messages.M("plan.refused.no-stock")
	case m.Facts.cost == nil:
		return messages.M("plan.refused.no-cost")
	case m.Facts.supply == nil:
		return messages.M("plan.refused.no-supply")
	}
	return messages.Message{}
}

// Facts lists what a decision at a site rests on and nobody but a new fact or a new word
// of a person can change: stock, orders on their way, cost, supply, who serves whom,
// exchange rates, price, overridden demand and settings, in their canonical form. Changes
// compares two such lists.
func Facts(s *commerce.Snapshot, c Config, l Law, site Site, placed []Placed, overridden []Override) []decision.Input {
	c = c.withDefaults()
	placed = underWay(s, placed)
	f := gather(s, c, site, placed...)
	sold := soldAt(s, site)
	var list []decision.Input
	if f.stock != nil {
		list = append(list,
			input("stock.on_hand", count(f.stock.OnHand-f.received), f.stock.Provenance),
			input("stock.sold_since", count(sold.sinceCount), commerce.Provenance{Source: "orders", AsOf: f.stock.Day}),
			input("stock.inbound", count(f.stock.Inbound), f.stock.Provenance),
			serving(s, site, f.stock.Provenance))
	}
	if f.received > 0 {
		list = append(list, input("stock.received_since", count(f.received), commerce.Provenance{Source: "receipts", AsOf: s.AsOf}))
	}
	if units, ids := site.orders(placed); len(ids) > 0 {
		list = append(list, input("orders.placed", count(units), commerce.Provenance{Source: joined(ids), AsOf: s.AsOf}))
	}
	if f.cost != nil {
		list = append(list, input("cost.unit", asQuoted(f.cost.Unit, f.cost.Quoted), f.cost.Provenance))
	}
	if f.supply != nil {
		list = append(list, input("supply.supplier", string(f.supply.Supplier), f.supply.Provenance))
		list = append(list, leadInputs(f)...)
		list = append(list,
			input("supply.moq", count(max(1, f.supply.MOQ)), f.supply.Provenance),
			input("supply.pack", count(max(1, f.supply.Pack)), f.supply.Provenance),
			input("supply.order_cost", asQuoted(f.supply.OrderCost, f.supply.Quoted), f.supply.Provenance))
	}
	list = append(list, ratesOf(s, f)...)
	if sold.price > 0 {
		if paid, err := money.FromFloat(sold.price, s.Currency); err == nil {
			list = append(list, input("price.paid", paid.Round().String(), commerce.Provenance{Source: "orders", AsOf: sold.last}))
		}
	}
	list = append(list, l.inputs(&c.Seller, l.termsAt(s, &c.Seller, site))...)
	return append(append(list, overrides(s, c, overridden, site)...), settings(s, c)...)
}

// serving says which markets every location that stocks the SKU serves: it decides what
// share of the demand falls to this one.
func serving(s *commerce.Snapshot, site Site, stock commerce.Provenance) decision.Input {
	var parts []string
	from := stock
	for _, st := range s.StocksOf(site.SKU) {
		markets := "all"
		for _, w := range s.Warehouses {
			if w.Location != st.Location {
				continue
			}
			if w.Location == site.Location {
				from = w.Provenance
			}
			if len(w.Serves) > 0 {
				words := make([]string, len(w.Serves))
				for i, m := range w.Serves {
					words[i] = string(m)
				}
				markets = strings.Join(words, " ")
			}
		}
		parts = append(parts, string(st.Location)+": "+markets)
	}
	return input("supply.serves", strings.Join(parts, "; "), from)
}

// asQuoted writes an amount as its source has it, so that it changes only when the source
// does; what the rate did to it stands beside it, under the rate.
func asQuoted(converted, quoted money.Amount) string {
	if quoted != (money.Amount{}) {
		return quoted.String()
	}
	return converted.String()
}

// ratesOf lists the exchange rates behind the cost and the cost of ordering.
func ratesOf(s *commerce.Snapshot, f facts) []decision.Input {
	var list []decision.Input
	seen := map[money.Currency]bool{}
	add := func(quoted money.Amount) {
		cur := quoted.Currency()
		if cur == "" || seen[cur] {
			return
		}
		seen[cur] = true
		if value, from, ok := newestRate(s, cur); ok {
			in := input("rate."+string(cur), number(value), from)
			in.Name = messages.M("plan.input.rate", messages.A("base", string(cur)), messages.A("quote", string(s.Currency)))
			list = append(list, in)
		}
	}
	if f.cost != nil {
		add(f.cost.Quoted)
	}
	if f.supply != nil {
		add(f.supply.Quoted)
	}
	return list
}

// newestRate returns what one unit of a currency is worth in the reporting currency, as
// the facts of the last day were converted.
func newestRate(s *commerce.Snapshot, cur money.Currency) (value float64, from commerce.Provenance, ok bool) {
	for _, r := range s.Rates {
		direct := r.Base == cur && r.Quote == s.Currency
		inverse := r.Base == s.Currency && r.Quote == cur
		if !direct && !inverse || ok && r.Day.Before(from.AsOf) {
			continue
		}
		value, from, ok = r.Value, commerce.Provenance{Source: r.Provenance.Source, AsOf: r.Day, Assumed: r.Provenance.Assumed}, true
		if inverse {
			value = 1 / r.Value
		}
	}
	return value, from, ok
}

// settings lists the rates that every order is judged with, and beside them the settings
// that somebody changed.
func settings(s *commerce.Snapshot, c Config) []decision.Input {
	setting := func(key, value string, assumed bool) decision.Input {
		return input("settings."+key, value, commerce.Provenance{Source: "tradewind.yaml", AsOf: s.AsOf, Assumed: assumed})
	}
	list := []decision.Input{
		setting("holding_rate", number(c.HoldingRate), c.assumesHolding),
		setting("fee_rate", number(c.FeeRate), c.FeeRate == 0),
	}
	usual := Config{}.withDefaults()
	for _, x := range []struct{ key, value, usual string }{
		{"review_days", strconv.Itoa(c.Review), strconv.Itoa(usual.Review)},
		{"max_cycle_days", strconv.Itoa(c.MaxCycle), strconv.Itoa(usual.MaxCycle)},
		{"fill_rate", number(c.FillRate), number(usual.FillRate)},
		{"freeze_days", strconv.Itoa(c.FreezeDays), strconv.Itoa(usual.FreezeDays)},
		{"closures", closureText(c.Closures), ""},
		{"cash", c.Cash, usual.Cash},
		{"attention", strconv.Itoa(c.Attention), strconv.Itoa(usual.Attention)},
		{"min_gain", c.MinGain, usual.MinGain},
		{"scenarios", strconv.Itoa(c.Scenarios), strconv.Itoa(usual.Scenarios)},
		{"seed", strconv.FormatUint(c.Seed, 10), strconv.FormatUint(usual.Seed, 10)},
	} {
		if x.value != x.usual {
			list = append(list, setting(x.key, x.value, false))
		}
	}
	return list
}

func closureText(list []Closure) string {
	words := make([]string, len(list))
	for i, c := range list {
		words[i] = strings.TrimSpace(string(c.Supplier) + " " + c.From + "…" + c.To)
		if c.Handling > 0 {
			words[i] += " (" + number(c.Handling) + ")"
		}
	}
	return strings.Join(words, "; ")
}

// estimated are the inputs that the models made. They move with every order that comes in,
// and a plan's quantiles already say how far they may: an approval that compared them
// would be stale after every import, so a demand that has turned is the next plan's news.
var estimated = map[string]bool{"demand.daily": true, "returns.rate": true, "price.elasticity": true, "price.bought_ahead": true,
	learnedInput: true, "policy.target": true, "policy.price": true, "policy.state": true}

// Changes says what has changed since a proposal was made, as "key: was → is" in the order
// of its inputs; empty when nothing has. A fact that is gone or has come is a change.
//
// What every import moves a little has to move by more than that: a price paid, a rival's
// price, an exchange rate, what law leaves of a price or a stock that is sold out by more
// than 2 %, what was sold since the stock count by more than a tenth of the order, a lead
// time that is learned from deliveries by more than a day and 2 %. Where goods came, what is
// there and under way is compared as one sum. The price that the seller asks is compared to
// the cent.
func Changes(p *decision.Proposal, now []decision.Input) []string {
	is := map[string]string{}
	for _, in := range now {
		is[in.Key] = in.Value
	}
	came := cameAsPlanned(p, is)
	var list []string
	known := map[string]bool{}
	for _, was := range p.Inputs {
		known[was.Key] = true
		value, there := is[was.Key]
		switch {
		case estimated[was.Key], came && moving[was.Key], there && sameFact(p, was.Key, was.Value, value):
		case there:
			list = append(list, was.Key+": "+was.Value+" → "+value)
		default:
			list = append(list, was.Key+": "+was.Value+" → ?")
		}
	}
	for _, in := range now {
		if !known[in.Key] && !estimated[in.Key] && !(came && moving[in.Key]) {
			list = append(list, in.Key+": ? → "+in.Value)
		}
	}
	return list
}

// moving are the facts that a delivery moves beside each other.
var moving = map[string]bool{"stock.received_since": true, "stock.sold_since": true, "stock.inbound": true, "orders.placed": true}

// cameAsPlanned reports whether goods came of what was under way when a proposal was made, and
// left what is there and under way, less what was sold, within a tenth of the order of what it
// was. More under way than then is no delivery.
func cameAsPlanned(p *decision.Proposal, is map[string]string) bool {
	was := map[string]string{}
	for _, in := range p.Inputs {
		was[in.Key] = in.Value
	}
	more := func(key string) float64 {
		a, _ := lastNumber(was[key]) // none is 0
		b, _ := lastNumber(is[key])
		return b - a
	}
	received, inbound, placed := more("stock.received_since"), more("stock.inbound"), more("orders.placed")
	if received <= 0 || inbound > 0 || placed > 0 || was["stock.on_hand"] != is["stock.on_hand"] {
		return false
	}
	order, _ := p.Action.(decision.Reorder)
	return math.Abs(received+inbound+placed-more("stock.sold_since")) <= float64(order.Units)/10
}

// smallMove is the relative change of a price or a rate that changes no answer.
const smallMove = 0.02

func sameFact(p *decision.Proposal, key, was, is string) bool {
	if was == is {
		return true
	}
	a, errA := lastNumber(was)
	b, errB := lastNumber(is)
	if cmp.Or(errA, errB) != nil {
		return false
	}
	switch {
	case key == "price.paid", key == "price.rival", key == "landed.kept", key == "stock.left", strings.HasPrefix(key, "rate."):
		return math.Abs(b-a) <= smallMove*math.Abs(a)
	case key == "supply.lead_days", key == "supply.lead_sd":
		return isLearned(p) && math.Abs(b-a) <= max(1, smallMove*math.Abs(a))
	case key == "stock.sold_since":
		order, _ := p.Action.(decision.Reorder)
		return math.Abs(b-a) <= float64(order.Units)/10
	}
	return false
}

// lastNumber reads the number of "GBP 2.21" or of "2.21".
func lastNumber(value string) (float64, error) {
	return strconv.ParseFloat(value[strings.LastIndex(value, " ")+1:], 64)
}

func input(key, value string, p commerce.Provenance) decision.Input {
	return decision.Input{
		Key: key, Name: messages.M("plan.input." + key), Value: value,
		Source: p.Source, AsOf: p.AsOf, Assumed: p.Assumed,
	}
}

func count(n int64) string    { return strconv.FormatInt(n, 10) }
func number(x float64) string { return strconv.FormatFloat(x, 'g', 6, 64) }
