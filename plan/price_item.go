package plan

import (
	"cmp"
	"math"
	"sync"

	"tradewind/calendar"
	"tradewind/commerce"
	"tradewind/law"
	"tradewind/market"
	"tradewind/messages"
	"tradewind/money"
	"tradewind/operations/compliance"
	"tradewind/operations/demand"
	"tradewind/operations/landed"
	"tradewind/operations/pricing"
)

// PriceItem is what is known of one item's price: what is asked, what is believed of its
// demand, what a price leaves, and what to ask instead.
type PriceItem struct {
	Item       commerce.Item
	Price      money.Amount // asked today, in the currency of the item
	Since      calendar.Day // first day of that price; zero: from before the facts
	Units      float64      // a week, over the last ninety days
	Revenue    float64      // of these days, reporting currency
	Elasticity *pricing.Elasticity
	Rival      money.Amount // the lowest; zero: none is known
	Rate       float64      // reporting currency for one unit of the item's
	Refused    messages.Message

	Problem  *pricing.Problem   // nil where it was refused, or not looked at yet
	Solution *pricing.Solution  // likewise
	Test     *pricing.TestValue // nil: none is worth its cost
	Returns  float64            // share of units that come back
	Open     bool               // charges of law that are not all known, or no law is known at all
	Finite   bool               // nobody supplies it any more: what is in stock is all there is

	rate commerce.Rate
	sale landed.Sale // the usual order
	cost *commerce.Cost
	kept func(price float64) float64 // of a price, after what law takes out of it
}

// State says what to do about a price.
func (p *PriceItem) State(least float64) PriceState {
	switch {
	case !p.Refused.IsZero() || p.Solution != nil && p.Solution.Refusal != nil:
		return PriceRefused
	case p.Test != nil:
		return PriceTest
	case p.Elasticity == nil || !p.Elasticity.Identified || p.Solution == nil:
		return PriceUnknown
	case !worthChanging(p.Solution, p.Rate, least):
		return PriceKeep
	}
	return PriceChange
}

// worthChanging reports whether another price gains enough, and is sure enough of it.
func worthChanging(s *pricing.Solution, rate, least float64) bool {
	return !s.Stays() && s.Gain.Mean*rate >= least && s.Gain.Positive >= sureEnough
}

// PriceState is one of the words below.
type PriceState string

const (
	PriceChange  PriceState = "change"
	PriceKeep    PriceState = "keep"
	PriceTest    PriceState = "test"
	PriceUnknown PriceState = "unknown"
	PriceRefused PriceState = "refused"
)

// sureEnough is the probability that a change pays from which on it is proposed.
const sureEnough = .8

// Gain is the mean gain of the best price, in the reporting currency.
func (p *PriceItem) Gain() float64 {
	if p.Solution == nil || p.Solution.Refusal != nil {
		return 0
	}
	return p.Solution.Gain.Mean * p.Rate
}

// costIn is the cost of a unit in the currency of the item.
func (p *PriceItem) costIn() money.Amount {
	if p.cost == nil || p.Rate <= 0 {
		return money.Amount{}
	}
	a, err := money.FromFloat(p.cost.Unit.Float()/p.Rate, p.Price.Currency())
	if err != nil {
		return money.Amount{}
	}
	return a
}

// Waterfall leads from a price to what it contributes; the parts sum exactly.
func (p *PriceItem) Waterfall(price money.Amount, feeRate float64) (*pricing.Waterfall, error) {
	x := price.Float()
	kept := p.kept(x)
	fees := kept * feeRate
	cost := p.costIn()
	returned := p.Returns * (kept - fees - cost.Float())
	var parts []pricing.Part
	for _, f := range []struct {
		name  string
		value float64
	}{{"law", x - kept}, {"fees", fees}, {"returns", returned}} {
		a, err := money.FromFloat(f.value, price.Currency())
		if err != nil {
			return nil, err
		}
		parts = append(parts, pricing.Part{Name: f.name, Amount: a})
	}
	return pricing.NewWaterfall(price, append(parts, pricing.Part{Name: "landed", Amount: cost})...)
}

// lookAt gathers what is known of item i without solving anything.
func (st *PriceStudy) lookAt(i int) PriceItem {
	v, s := st.survey, st.survey.Snapshot
	p := PriceItem{Item: s.Items[i], Elasticity: &st.study.Elasticities[i], cost: s.Cost(s.Items[i].SKU)}
	p.Units, p.Revenue = lately(s, i)
	asked, since, known := st.today(i)
	if !known {
		p.Refused = st.panel.Unfit[i]
		if paid := s.PaidOf(p.Item); len(paid) > 0 {
			p.Price = paid[0].Price.Round() // to be seen; nothing is reckoned with it
		}
		return p
	}
	p.Price, p.Since = asked, since
	rate, ok := v.rateOf(st.rates, asked.Currency())
	p.Rate, p.rate = rate.Value, rate
	switch {
	case !ok:
		p.Refused = messages.M("plan.price.no-rate", messages.A("currency", string(asked.Currency())))
	case p.cost == nil:
		p.Refused = messages.M("plan.price.no-cost")
	case p.Units <= 0:
		p.Refused = messages.M("plan.price.no-sales", messages.A("days", recent))
	case !st.panel.Unfit[i].IsZero():
		p.Refused = st.panel.Unfit[i]
	}
	if lowest, _, ok := pricing.Corridor(s, p.Item, s.AsOf, asked.Currency()); ok {
		p.Rival, _ = money.FromFloat(lowest, asked.Currency())
	}
	return p
}

// lately returns what an item sold a week over the last ninety days, and for how much.
func lately(s *commerce.Snapshot, i int) (units, revenue float64) {
	lo, hi := s.Rows(i)
	for r := lo; r < hi; r++ {
		if s.AsOf.Sub(s.Sales.Day[r]) < recent {
			units, revenue = units+float64(s.Sales.Gross[r]), revenue+float64(s.Sales.Revenue[r])/1e4
		}
	}
	days := min(recent, s.Days())
	return units * 7 / float64(days), revenue
}

func (v *Survey) rateOf(rates landed.Rates, c money.Currency) (commerce.Rate, bool) {
	if c == v.Snapshot.Currency {
		return commerce.Rate{Base: c, Quote: c, Day: v.Snapshot.AsOf, Value: 1}, true
	}
	return rates(c, v.Snapshot.Currency, v.Snapshot.AsOf)
}

// pose makes the pricing problem of an item that was not refused.
func (st *PriceStudy) pose(i int, p *PriceItem) {
	v, s := st.survey, st.survey.Snapshot
	c := &v.Config
	outlook := v.Demand.Outlook(demand.SeriesOf(s, i))
	p.Returns = math.Min(outlook.Returns.Mean, mostReturned)
	p.kept = v.keptOf(p, i)
	cost := p.costIn()
	fee, back, costs := c.FeeRate, p.Returns, cost.Float()
	kept := p.kept
	pack, _ := market.Of(p.Item.Market)
	p.Problem = &pricing.Problem{
		Item: p.Item, Price: p.Price,
		Demand:     st.scenarios(outlook, p.Item),
		Elasticity: p.Elasticity.Draw(c.Scenarios),
		// A unit that comes back is refunded and goes back to the shelf.
		Net:      func(price float64) float64 { return (1-back)*(1-fee)*kept(price) + back*costs },
		UnitCost: cost,
		Stock:    math.Inf(1),
		Horizon:  st.Horizon,
		Limits:   st.limits(i, p, pack),
	}
	if stock, endless := v.stockOf(i); !endless {
		p.Problem.Stock, p.Finite = stock, true
	}
}

// scenarios draws the demand of the horizon at today's price.
func (st *PriceStudy) scenarios(o *demand.Outlook, item commerce.Item) []float64 {
	c := &st.survey.Config
	rng := st.survey.chance(item, "price")
	draws, ends, one := make([]float64, c.Scenarios), []int{st.Horizon}, make([]float64, 1)
	for k := range draws {
		o.Draw(one, ends, rng)
		draws[k] = one[0]
	}
	return draws
}

// stockOf is what an item can sell of a SKU that nobody supplies any more: its share, by
// what the markets bought lately, of what is on the shelves that serve it. A count that
// nothing came to since stands as it is.
func (v *Survey) stockOf(i int) (units float64, endless bool) {
	s, item := v.Snapshot, v.Snapshot.Items[i]
	if len(s.SuppliesOf(item.SKU)) > 0 || len(s.StocksOf(item.SKU)) == 0 {
		return 0, true
	}
	own, _ := lately(s, i)
	for _, st := range s.StocksOf(item.SKU) {
		if !s.Serves(st.Location, item.Market) {
			continue
		}
		all := 0.0
		lo, hi := s.ItemsOf(item.SKU)
		for k := lo; k < hi; k++ {
			if s.Serves(st.Location, s.Items[k].Market) {
				u, _ := lately(s, k)
				all += u
			}
		}
		if all > 0 {
			st = Held(s, st, v.Placed)
			units += float64(max(0, st.OnHand+st.Inbound)) * own / all
		}
	}
	return units, false
}

// limits are those of the team, of rivals, of the seller's other channels and of what was
// ever asked.
func (st *PriceStudy) limits(i int, p *PriceItem, pack *market.Pack) pricing.Limits {
	s, c := st.survey.Snapshot, st.survey.Config.Prices
	currency := p.Price.Currency()
	amount := func(x float64) money.Amount {
		a, err := money.FromFloat(x, currency)
		if err != nil {
			return money.Amount{}
		}
		return a
	}
	l := pricing.Limits{MinMargin: c.MinMargin, MaxStep: c.MaxStep, MinDays: c.MinDays, DaysSince: math.MaxInt32}
	floor, ceiling := c.limitOf(p.Item, currency)
	l.Floor, l.Ceiling = amount(floor), amount(ceiling)
	if p.Since != (calendar.Day{}) {
		l.DaysSince = s.AsOf.Sub(p.Since) + 1
	}
	l.Support.Low, l.Support.High = st.panel.Seen(i)
	if lowest := p.Rival.Float(); lowest > 0 && c.Rivals[1] > 0 {
		l.Rivals = pricing.Range{Low: amount(c.Rivals[0] * lowest), High: amount(c.Rivals[1] * lowest)}
	}
	if c.Parity > 0 {
		l.Parity = st.parity(p, c.Parity, amount)
	}
	if book := st.survey.Law.Book; book != nil {
		home := Home(s, &st.survey.Config.Seller)
		if rule := compliance.PriceRulesFor(book, home, p.Item.Market, st.survey.Law.AsOf).BelowCost; rule != nil && p.costIn().E4() > 1 {
			below := money.FromE4(p.costIn().E4()-1, currency)
			l.Bans = append(l.Bans, pricing.Ban{Range: pricing.Range{High: below}, Rule: messages.Both{EN: rule.Title.En, ZH: rule.Title.Zh}})
		}
	}
	if pack != nil && pack.Tender == currency && !c.AnyEnding {
		l.Endings = pack.PriceEndings()
	}
	return l
}

// parity keeps a price within a share of what the seller's other channels of the market ask.
func (st *PriceStudy) parity(p *PriceItem, share float64, amount func(float64) money.Amount) pricing.Range {
	s := st.survey.Snapshot
	low, high := 0.0, math.Inf(1)
	lo, hi := s.ItemsOf(p.Item.SKU)
	for k := lo; k < hi; k++ {
		other := s.Items[k]
		asked, _, known := st.today(k)
		if other == p.Item || other.Market != p.Item.Market || !known || asked.Currency() != p.Price.Currency() {
			continue
		}
		low, high = max(low, asked.Float()/(1+share)), min(high, asked.Float()*(1+share))
	}
	if low == 0 {
		return pricing.Range{}
	}
	return pricing.Range{Low: amount(low), High: amount(high)}
}

// keptOf is what law leaves of a price of an item: a straight line where it is one, and the
// calculator's answer to each price where a threshold lies among them.
func (v *Survey) keptOf(p *PriceItem, i int) func(float64) float64 {
	k := v.Law.Calculator
	if k == nil {
		p.Open = true
		return func(price float64) float64 { return price }
	}
	p.sale = v.saleOf(p, i)
	sale, currency := p.sale, p.Price.Currency()
	exact := func(price float64) (net float64, complete bool) {
		sale := sale
		var err error
		if sale.Price, err = money.FromFloat(price, currency); err != nil {
			return price, false
		}
		u, err := k.Unit(&sale)
		if err != nil {
			return price, false
		}
		return min(max(u.Net.Low, 0), price), u.Complete
	}
	today := p.Price.Float()
	low, high := today/2.5, today*2.5
	atLow, _ := exact(low)
	atHigh, _ := exact(high)
	slope, straight := (atHigh-atLow)/(high-low), true
	for _, x := range []float64{.5, .7, .9, 1, 1.1, 1.4, 1.9} {
		net, complete := exact(x * today)
		p.Open = p.Open || !complete
		straight = straight && math.Abs(net-atLow-slope*(x*today-low)) <= .0002*today
	}
	if straight {
		return func(price float64) float64 { return atLow + slope*(price-low) }
	}
	var known sync.Map // the same few prices are asked for again and again, by many at a time
	return func(price float64) float64 {
		if net, there := known.Load(price); there {
			return net.(float64)
		}
		net, _ := exact(price)
		known.Store(price, net)
		return net
	}
}

// saleOf is the usual order of an item.
func (v *Survey) saleOf(p *PriceItem, i int) landed.Sale {
	s := v.Snapshot
	in := paidIn{market: p.Item.Market, revenue: p.Revenue}
	lo, hi := s.Rows(i)
	for r := lo; r < hi; r++ {
		if s.AsOf.Sub(s.Sales.Day[r]) < recent {
			in.units, in.lines = in.units+float64(s.Sales.Gross[r]), in.lines+float64(s.Sales.Lines[r])
		}
	}
	home := Home(s, &v.Config.Seller)
	for _, st := range s.StocksOf(p.Item.SKU) {
		if s.Serves(st.Location, p.Item.Market) {
			home = homeOf(s, &v.Config.Seller, Site{p.Item.SKU, st.Location})
			break
		}
	}
	sale := v.Law.sale(s.Product(p.Item.SKU), &v.Config.Seller, home, in, s.Currency)
	sale.Price = p.Price
	sale.Marketplace = v.Config.Seller.OnMarketplace(p.Item.Channel)
	return sale
}

// rules are those behind what is left of a price.
func (v *Survey) priceRules(p *PriceItem, price money.Amount) []law.Ref {
	if v.Law.Calculator == nil {
		return nil
	}
	sale := p.sale
	sale.Price = price
	q, err := v.Law.Calculator.Quote(sale.Consignment())
	if err != nil {
		return nil // Unit answered the same question
	}
	var refs []law.Ref
	for _, c := range q.Charges {
		refs = cite(refs, c.Rules)
	}
	return refs
}

// byWorth orders items by what they sold lately.
func byWorth(a, b *PriceItem) int {
	return cmp.Or(cmp.Compare(b.Revenue, a.Revenue), a.Item.Compare(b.Item))
}
