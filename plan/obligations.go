package plan

import (
	"cmp"
	"slices"

	"tradewind/commerce"
	"tradewind/law"
	"tradewind/money"
	"tradewind/operations/expansion"
)

// Obligation is a rule on registration that binds the seller, or will once enough is sold,
// and that it has not met yet.
type Obligation struct {
	Rule   *law.Rule
	Asks   law.Registration
	Place  commerce.Market   // where one registers: a country, a part of one, or a union
	Counts []commerce.Market // whose sales count
	Sold   money.Amount      // their net sales of the last 365 days

	Limit *money.Amount  // in the reporting currency; nil: no rate is known
	Rate  *commerce.Rate // that it was converted by; nil: none was needed

	Regions int // rules of parts of the country that it stands for, being the lowest; 0: none

	Forecast *expansion.Registration // nil: there is no limit to cross, or none is known
}

// FirstSale reports whether one registers from the first sale.
func (o *Obligation) FirstSale() bool { return o.Asks.Limit.Sign() == 0 }

// Sooner orders obligations: those that are due, then by the day on which they are expected.
func Sooner(a, b *Obligation) int {
	return expansion.Sooner(a.registration(), b.registration())
}

// registration is the forecast, or what is known without one.
func (o *Obligation) registration() expansion.Registration {
	if o.Forecast != nil {
		return *o.Forecast
	}
	return expansion.Registration{Threshold: expansion.Threshold{Market: o.Place}, Due: o.FirstSale()}
}

// Obligations forecasts when the rules on registration will bind the seller, in order of
// place and of the rules' IDs. All thresholds are drawn from one stream together: who needs
// only some of them still asks for all, so that the days are the same everywhere.
func (m *MarketStudy) Obligations() ([]Obligation, error) {
	all := obligationsOf(m.snapshot, &m.config.Seller, m.law)
	var thresholds []expansion.Threshold
	var of []int
	for i := range all {
		if limit := all[i].Limit; limit != nil && limit.Sign() > 0 {
			thresholds, of = append(thresholds, all[i].threshold()), append(of, i)
		}
	}
	if len(thresholds) == 0 {
		return all, nil
	}
	found, err := expansion.Registrations(m.snapshot, m.Params, thresholds, m.config.chance(streamThresholds))
	if err != nil {
		return nil, err
	}
	for k, i := range of {
		all[i].Forecast = &found[k]
	}
	return all, nil
}

func (o *Obligation) threshold() expansion.Threshold {
	return expansion.Threshold{
		Market: o.Place, Scheme: o.Asks.Scheme, Rule: o.Rule.ID, Amount: *o.Limit,
		Window: expansion.Window(cmp.Or(o.Asks.Window, string(expansion.CalendarYear))), Markets: o.Counts,
	}
}

// obligationsOf collects the rules on registration of the markets with sales that concern
// the seller. A rule of a whole union is one. Of the rules of the parts of a country the
// lowest stands for all, because sales are not known by part.
func obligationsOf(s *commerce.Snapshot, seller *commerce.Seller, l Law) (all []Obligation) {
	if l.Book == nil {
		return nil
	}
	sales := netSalesOf(s)
	payer := taxpayer{l, SellerAt(seller, Home(s, seller)).Established, seller.Businesses}
	regional := map[commerce.Market]Obligation{} // the lowest, by country and scheme
	for _, m := range sales.markets() {
		for r, asks := range law.In[law.Registration](l.Book, m, l.AsOf) {
			o := Obligation{Rule: r, Asks: asks, Place: m, Counts: []commerce.Market{m}}
			switch {
			case asks.Union:
				o.Place, o.Counts = r.Jurisdiction, payer.foreign(sales.markets(), r.Jurisdiction)
			case asks.Region != "":
				o.Place = commerce.Market(asks.Region)
			}
			if !payer.concerned(m, asks) || seller.Has(o.Place, asks.Scheme) ||
				slices.ContainsFunc(all, func(known Obligation) bool { return known.Rule == r }) {
				continue
			}
			o.Sold = sales.of(o.Counts, s.Currency)
			o.Limit, o.Rate = inCurrency(s, asks.Limit, l)
			if asks.Region == "" {
				all = append(all, o)
				continue
			}
			key := m + commerce.Market(":"+asks.Scheme)
			lowest, several := regional[key]
			o.Regions = lowest.Regions + 1
			if several && lowest.Asks.Limit.Float() <= asks.Limit.Float() { // in one currency, the country's
				lowest.Regions++
				o = lowest
			}
			regional[key] = o
		}
	}
	for _, o := range regional {
		all = append(all, o)
	}
	slices.SortStableFunc(all, func(a, b Obligation) int {
		return cmp.Or(cmp.Compare(a.Place, b.Place), cmp.Compare(a.Rule.ID, b.Rule.ID))
	})
	return all
}

// taxpayer is where the seller stands towards rules on registration.
type taxpayer struct {
	law         Law
	established []commerce.Market
	businesses  bool
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

// inCurrency converts a limit into the reporting currency by the rate of the law's day.
func inCurrency(s *commerce.Snapshot, limit money.Amount, l Law) (*money.Amount, *commerce.Rate) {
	if limit.Currency() == s.Currency {
		return &limit, nil
	}
	if limit.Sign() == 0 {
		none := money.FromE4(0, s.Currency)
		return &none, nil
	}
	rate, ok := ExchangeRates(s)(limit.Currency(), s.Currency, l.AsOf)
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
