package tradewind

import (
	"cmp"
	"slices"

	"tradewind/commerce"
	"tradewind/law"
	"tradewind/messages"
	"tradewind/money"
	"tradewind/operations/expansion"
	"tradewind/plan"
)

// obligation is a rule on registration that binds the seller, or will once enough is sold,
// and that it has not met yet.
type obligation struct {
	rule   *law.Rule
	asks   law.Registration
	place  commerce.Market   // where one registers: a country, a part of one, or a union
	counts []commerce.Market // whose sales count

	limit *money.Amount  // in the reporting currency; nil: no rate is known
	rate  *commerce.Rate // that it was converted by; nil: none was needed

	regions int // rules of parts of the country that it stands for, being the lowest; 0: none
}

// thresholds are the registrations that a plan can foresee: rules of the law's day with a
// limit above 0, for markets with sales. Those of parts of a country are not among them,
// because sales are not known by part.
func (e *Engine) thresholds(s *commerce.Snapshot, l plan.Law) []expansion.Threshold {
	var list []expansion.Threshold
	for _, o := range e.obligations(s, l) {
		if o.limit != nil && o.limit.Sign() > 0 && o.regions == 0 {
			list = append(list, o.threshold())
		}
	}
	return list
}

func (o *obligation) threshold() expansion.Threshold {
	return expansion.Threshold{
		Market: o.place, Scheme: o.asks.Scheme, Rule: o.rule.ID, Amount: *o.limit,
		Window: expansion.Window(cmp.Or(o.asks.Window, string(expansion.CalendarYear))), Markets: o.counts,
	}
}

// obligations collects the rules on registration of the markets with sales that concern the
// seller, in order of the markets and of the rules' IDs. A rule of a whole union is one.
func (e *Engine) obligations(s *commerce.Snapshot, l plan.Law) (all []obligation) {
	if l.Book == nil {
		return nil
	}
	seller := e.taxpayer(s, l)
	regional := map[commerce.Market]obligation{} // the lowest, by country and scheme
	for _, m := range marketsWithSales(s) {
		for r, asks := range law.In[law.Registration](l.Book, m, l.AsOf) {
			o := obligation{rule: r, asks: asks, place: m, counts: []commerce.Market{m}}
			switch {
			case asks.Union:
				o.place, o.counts = r.Jurisdiction, seller.foreign(marketsWithSales(s), r.Jurisdiction)
			case asks.Region != "":
				o.place = commerce.Market(asks.Region)
			}
			if !seller.concerned(m, asks) || e.config.Seller.Has(o.place, asks.Scheme) ||
				slices.ContainsFunc(all, func(known obligation) bool { return known.rule == r }) {
				continue
			}
			o.limit, o.rate = inCurrency(s, asks.Limit, l)
			if asks.Region == "" {
				all = append(all, o)
				continue
			}
			key := m + commerce.Market(":"+asks.Scheme)
			lowest, several := regional[key]
			o.regions = lowest.regions + 1
			if several && lowest.asks.Limit.Float() <= asks.Limit.Float() { // in one currency, the country's
				lowest.regions++
				o = lowest
			}
			regional[key] = o
		}
	}
	for _, o := range regional {
		all = append(all, o)
	}
	slices.SortStableFunc(all, func(a, b obligation) int {
		return cmp.Or(cmp.Compare(a.place, b.place), cmp.Compare(a.rule.ID, b.rule.ID))
	})
	return all
}

// taxpayer is where the seller stands towards rules on registration.
type taxpayer struct {
	law         plan.Law
	established []commerce.Market
	businesses  bool
}

func (e *Engine) taxpayer(s *commerce.Snapshot, l plan.Law) taxpayer {
	seller := &e.config.Seller
	return taxpayer{l, plan.SellerAt(seller, homeOf(seller, s)).Established, seller.Businesses}
}

// concerned reports whether sales into a market are of the kind that a rule counts. Goods
// are taken to leave from where the seller stands: what crosses a border within a tax union
// is a distance sale, and what crosses one into it an import.
func (x taxpayer) concerned(m commerce.Market, asks law.Registration) bool {
	abroad := !slices.Contains(x.established, m)
	within := slices.ContainsFunc(x.established, func(home commerce.Market) bool {
		return x.law.Book.SameUnion(home, m, x.law.AsOf, law.TaxTie)
	})
	switch asks.Sales {
	case "distance":
		return abroad && within && !x.businesses
	case "imports":
		return abroad && !within
	case "domestic":
		return !abroad
	}
	return true
}

// foreign keeps the markets of a union in which the seller does not stand.
func (x taxpayer) foreign(markets []commerce.Market, union commerce.Market) []commerce.Market {
	return slices.DeleteFunc(slices.Clone(markets), func(m commerce.Market) bool {
		return slices.Contains(x.established, m) || !x.law.Book.Within(m, union, x.law.AsOf)
	})
}

// marketsWithSales lists the markets with net sales in the last 365 days, ascending.
func marketsWithSales(s *commerce.Snapshot) (markets []commerce.Market) {
	took := map[commerce.Market]int64{}
	for i, it := range s.Items {
		lo, hi := s.Rows(i)
		for r := lo; r < hi; r++ {
			if s.AsOf.Sub(s.Sales.Day[r]) < 365 {
				took[it.Market] += s.Sales.Revenue[r] - s.Sales.Refunded[r]
			}
		}
	}
	for m, sum := range took {
		if sum > 0 {
			markets = append(markets, m)
		}
	}
	slices.Sort(markets)
	return markets
}

// inCurrency converts a limit into the reporting currency by the rate of the law's day.
func inCurrency(s *commerce.Snapshot, limit money.Amount, l plan.Law) (*money.Amount, *commerce.Rate) {
	if limit.Currency() == s.Currency {
		return &limit, nil
	}
	if limit.Sign() == 0 {
		none := money.FromE4(0, s.Currency)
		return &none, nil
	}
	rate, ok := ratesOf(s)(limit.Currency(), s.Currency, l.AsOf)
	if !ok {
		return nil, nil
	}
	amount, err := money.FromFloat(limit.Float()*rate.Value, s.Currency)
	if err != nil {
		return nil, nil
	}
	amount = amount.Round()
	return &amount, &rate
}

// notes say what to know of an obligation besides its rule.
func (o *obligation) notes(seller *commerce.Seller) (all []messages.Message) {
	switch {
	case o.limit == nil:
		all = append(all, messages.M("markets.note.no-rate", messages.A("limit", o.asks.Limit)))
	case o.limit.Sign() == 0:
		all = append(all, messages.M("markets.note.first-sale"))
	case o.rate != nil && o.rate.Provenance.Assumed:
		all = append(all, messages.M("markets.note.rate", messages.A("base", string(o.rate.Base)), messages.A("quote", string(o.rate.Quote)),
			messages.A("value", messages.Decimal{X: o.rate.Value, Places: 4}), messages.A("day", o.rate.Day), messages.A("source", o.rate.Provenance.Source)))
	}
	if o.regions > 0 {
		all = append(all, messages.M("markets.note.regions", messages.A("n", o.regions), messages.A("place", string(o.place))))
	}
	if o.asks.Transactions > 0 {
		all = append(all, messages.M("markets.note.transactions", messages.A("n", o.asks.Transactions)))
	}
	if seller.PricesWithTax {
		all = append(all, messages.M("markets.note.with-tax"))
	}
	if len(seller.Marketplaces) > 0 {
		all = append(all, messages.M("markets.note.marketplaces"))
	}
	return all
}
