package plan

import (
	"math"
	"slices"

	"tradewind/commerce"
	"tradewind/operations/expansion"
	"tradewind/operations/landed"
)

// citedLines is how many lines of a basket, the greatest first, have their rules cited.
const citedLines = 5

// openShare is the share of a basket whose charges may be unknown without making the whole
// unknown: codes of a product or two are always missing.
const openShare = .02

// Charges are what duty, tax and fees take of net sales on the way to a market: what the
// seller bears of it, and all of it, whoever bears it.
type Charges struct{ Seller, Due expansion.Landed }

// chargesOf works out the charges of the markets and candidates over the usual orders of
// what sells best there. Freight is not in them: no fact says what it costs. nil where no
// law or no home is known.
func chargesOf(s *commerce.Snapshot, seller *commerce.Seller, l Law, best baskets, candidates []commerce.Market) map[commerce.Market]Charges {
	home := Home(s, seller)
	if l.Calculator == nil || home == "" {
		return nil
	}
	all := map[commerce.Market]Charges{}
	for _, m := range append(itemMarkets(s), candidates...) {
		if _, done := all[m]; !done {
			all[m] = chargesOn(l.Calculator, l.usualSales(s, seller, home, m, best.of(m)))
		}
	}
	return all
}

// borneBySeller gives what the seller bears; nil where no charges are applied.
func borneBySeller(all map[commerce.Market]Charges) func(commerce.Market) expansion.Landed {
	if all == nil {
		return nil
	}
	return func(m commerce.Market) expansion.Landed {
		if c, ok := all[m]; ok {
			return c.Seller
		}
		return expansion.Landed{Status: expansion.LandedUnknown}
	}
}

// usualSale is the usual order of a product, and what it took.
type usualSale struct {
	landed.Sale
	revenue float64
}

func (l *Law) usualSales(s *commerce.Snapshot, seller *commerce.Seller, home, to commerce.Market, basket []basketLine) []usualSale {
	var all []usualSale
	for _, b := range basket {
		sale := l.sale(s.Product(b.sku), seller, home, paidIn{to, b.revenue, b.units, b.lines}, s.Currency)
		if sale.Price.Sign() > 0 {
			all = append(all, usualSale{sale, b.revenue})
		}
	}
	return all
}

// chargesOn adds up the charges on some sales, weighted by what they took.
func chargesOn(k *landed.Calculator, sales []usualSale) Charges {
	var seller, due weighted
	for i := range sales {
		sale := &sales[i]
		u, err := k.Unit(&sale.Sale)
		price := sale.Price.Float()
		seller.add(sale.revenue, 1-u.Net.High/price, 1-u.Net.Low/price, err == nil && !u.Net.Unknown)
		due.add(sale.revenue, u.Import.Low/price, u.Import.High/price, err == nil && !u.Import.Unknown)
	}
	rules := rulesBehind(k, sales)
	return Charges{seller.landed(rules), due.landed(rules)}
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

// chargesAssume lists what the charges of every market rest on that nobody measured.
func chargesAssume(s *commerce.Snapshot, seller *commerce.Seller, best baskets) (keys []string) {
	if seller.IsZero() {
		keys = append(keys, "seller")
	}
	if slices.ContainsFunc(best[""], func(b basketLine) bool { p := s.Product(b.sku); return p != nil && p.Provenance.Assumed }) {
		keys = append(keys, "product_codes")
	}
	return keys
}
