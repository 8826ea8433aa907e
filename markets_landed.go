package tradewind

import (
	"cmp"
	"math"
	"slices"

	"tradewind/commerce"
	"tradewind/money"
	"tradewind/operations/expansion"
	"tradewind/operations/landed"
	"tradewind/plan"
)

// basketSize bounds the products whose orders stand for all of a market's.
const basketSize = 40

// citedLines is how many lines of a basket, the greatest first, have their rules cited.
const citedLines = 5

// openShare is the share of a basket whose charges may be unknown without making the whole
// unknown: codes of a product or two are always missing.
const openShare = .02

// sold is what a product took in a market, or in all of them, in the last 365 days.
type sold struct {
	sku                   commerce.SKU
	revenue, units, lines float64
}

// baskets are the products that took the most: of each market, and under "" of all.
type baskets map[commerce.Market][]sold

func basketsOf(s *commerce.Snapshot) baskets {
	b := baskets{}
	for i, it := range s.Items {
		one := sold{sku: it.SKU}
		lo, hi := s.Rows(i)
		for r := lo; r < hi; r++ {
			if s.AsOf.Sub(s.Sales.Day[r]) < 365 {
				one.revenue += float64(s.Sales.Revenue[r]) / 1e4
				one.units += float64(s.Sales.Gross[r])
				one.lines += float64(s.Sales.Lines[r])
			}
		}
		b.add(it.Market, one)
		b.add("", one)
	}
	for m, all := range b {
		slices.SortFunc(all, func(x, y sold) int { return cmp.Or(cmp.Compare(y.revenue, x.revenue), cmp.Compare(x.sku, y.sku)) })
		b[m] = all[:min(basketSize, len(all))]
	}
	return b
}

// add counts what an item took. Items are sorted by product, so that the last of the whole
// shop's is the product's own.
func (b baskets) add(m commerce.Market, one sold) {
	if one.revenue <= 0 || one.units <= 0 || one.lines <= 0 {
		return
	}
	all := b[m]
	if n := len(all); n > 0 && all[n-1].sku == one.sku {
		last := &all[n-1]
		last.revenue, last.units, last.lines = last.revenue+one.revenue, last.units+one.units, last.lines+one.lines
		return
	}
	b[m] = append(all, one)
}

// of returns the basket of a market: its own, or the whole shop's where it has none.
func (b baskets) of(m commerce.Market) []sold {
	if own := b[m]; len(own) > 0 {
		return own
	}
	return b[""]
}

// charges are what duty, tax and fees take of net sales on the way to a market: what the
// seller bears of it, and all of it, whoever bears it.
type charges struct{ seller, due expansion.Landed }

// chargesOf works out the charges of the markets and candidates over the usual orders of
// what sells best there. Freight is not in them: no fact says what it costs. nil where no
// law or no home is known.
func (e *Engine) chargesOf(s *commerce.Snapshot, l plan.Law) map[commerce.Market]charges {
	home := homeOf(&e.config.Seller, s)
	if l.Calculator == nil || home == "" {
		return nil
	}
	b := basketsOf(s)
	all := map[commerce.Market]charges{}
	for _, m := range append(itemMarkets(s), candidatesOf(l)...) {
		if _, done := all[m]; !done {
			all[m] = chargesOn(l.Calculator, e.usualSales(s, l, home, m, b.of(m)))
		}
	}
	return all
}

// landedBy gives what the seller bears; nil where no charges are applied.
func landedBy(all map[commerce.Market]charges) func(commerce.Market) expansion.Landed {
	if all == nil {
		return nil
	}
	return func(m commerce.Market) expansion.Landed {
		if c, ok := all[m]; ok {
			return c.seller
		}
		return expansion.Landed{Status: expansion.LandedUnknown}
	}
}

// itemMarkets lists the markets of a snapshot's items, ascending.
func itemMarkets(s *commerce.Snapshot) []commerce.Market {
	var all []commerce.Market
	for _, it := range s.Items {
		all = append(all, it.Market)
	}
	slices.Sort(all)
	return slices.Compact(all)
}

// usualSale is the usual order of a product, and what it took.
type usualSale struct {
	landed.Sale
	revenue float64
}

func (e *Engine) usualSales(s *commerce.Snapshot, l plan.Law, home, to commerce.Market, basket []sold) []usualSale {
	seller := &e.config.Seller
	var all []usualSale
	for _, b := range basket {
		price, err := money.FromFloat(b.revenue/b.units, s.Currency)
		if err != nil || price.Sign() <= 0 {
			continue
		}
		sale := landed.Sale{
			SKU: b.sku, From: home, To: to, Units: max(1, commerce.Units(math.Round(b.units/b.lines))), Price: price,
			IncludesTax: seller.PricesWithTax, Business: seller.Businesses, Incoterm: seller.Incoterm, Transport: seller.Transport,
			Seller: plan.SellerAt(seller, home), Day: l.AsOf,
		}
		if p := s.Product(b.sku); p != nil {
			sale.HS, sale.Origin, sale.Grams = p.HS, p.Origin, p.Grams
		}
		all = append(all, usualSale{sale, b.revenue})
	}
	return all
}

// chargesOn adds up the charges on some sales, weighted by what they took.
func chargesOn(k *landed.Calculator, sales []usualSale) charges {
	var seller, due weighted
	for i := range sales {
		sale := &sales[i]
		u, err := k.Unit(&sale.Sale)
		price := sale.Price.Float()
		seller.add(sale.revenue, 1-u.Net.High/price, 1-u.Net.Low/price, err == nil && !u.Net.Unknown)
		due.add(sale.revenue, u.Import.Low/price, u.Import.High/price, err == nil && !u.Import.Unknown)
	}
	rules := rulesBehind(k, sales)
	return charges{seller.landed(rules), due.landed(rules)}
}

// weighted is a weighted mean of shares, some of which are not known.
type weighted struct{ all, known, low, high float64 }

func (t *weighted) add(weight, low, high float64, known bool) {
	t.all += weight
	if known {
		t.known, t.low, t.high = t.known+weight, t.low+weight*low, t.high+weight*high
	}
}

// landed returns the mean. Where more than a little is not known it is unknown, and never
// taken for nothing.
func (t *weighted) landed(rules []string) expansion.Landed {
	if t.all <= 0 || t.known < (1-openShare)*t.all {
		return expansion.Landed{Status: expansion.LandedUnknown, Rules: rules}
	}
	l := expansion.Landed{Low: noise(t.low / t.known), High: noise(t.high / t.known), Status: expansion.LandedKnown, Rules: rules}
	if l.Rate = (l.Low + l.High) / 2; l.High > l.Low {
		l.Status = expansion.LandedRange
	}
	return l
}

// noise takes the last digits off a share: they come from the order of a sum. Adding 0
// makes a negative zero an ordinary one.
func noise(x float64) float64 { return math.Round(x*1e9)/1e9 + 0 }

// rulesBehind lists the rules that the first lines of a basket rest on, by ID.
func rulesBehind(k *landed.Calculator, sales []usualSale) (ids []string) {
	for i := range min(citedLines, len(sales)) {
		q, err := k.Quote(sales[i].Consignment())
		if err != nil {
			continue
		}
		for _, c := range q.Charges {
			for _, r := range c.Rules {
				ids = append(ids, r.ID)
			}
		}
	}
	slices.Sort(ids)
	return slices.Compact(ids)
}

// landedAssumes lists what the charges of every market rest on that nobody measured.
func (e *Engine) landedAssumes(s *commerce.Snapshot) (keys []string) {
	if e.config.Seller.IsZero() {
		keys = append(keys, "seller")
	}
	if slices.ContainsFunc(basketsOf(s)[""], func(b sold) bool { p := s.Product(b.sku); return p != nil && p.Provenance.Assumed }) {
		keys = append(keys, "product_codes")
	}
	return keys
}
