package plan

import (
	"cmp"
	"slices"

	"tradewind/commerce"
	"tradewind/money"
)

// year is how many days of sales describe a market.
const year = 365

// netSales is what each market took in the last year net of returns, in ten-thousandths.
type netSales map[commerce.Market]int64

func netSalesOf(s *commerce.Snapshot) netSales {
	took := netSales{}
	for i, it := range s.Items {
		lo, hi := s.Rows(i)
		for r := lo; r < hi; r++ {
			if s.AsOf.Sub(s.Sales.Day[r]) < year {
				took[it.Market] += s.Sales.Revenue[r] - s.Sales.Refunded[r]
			}
		}
	}
	return took
}

// markets lists those that took more than they gave back, ascending.
func (n netSales) markets() (all []commerce.Market) {
	for m, took := range n {
		if took > 0 {
			all = append(all, m)
		}
	}
	slices.Sort(all)
	return all
}

// of adds some markets up.
func (n netSales) of(markets []commerce.Market, c money.Currency) money.Amount {
	var sum int64
	for _, m := range markets {
		sum += n[m]
	}
	return money.FromE4(sum, c).Round()
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

// basketSize bounds the products whose orders stand for all of a market's.
const basketSize = 40

// basketLine is what a product took in a market, or in all of them, in the last year.
type basketLine struct {
	sku                   commerce.SKU
	revenue, units, lines float64
}

// baskets are the products that took the most: of each market, and under "" of all.
type baskets map[commerce.Market][]basketLine

func basketsOf(s *commerce.Snapshot) baskets {
	b := baskets{}
	for i, it := range s.Items {
		one := basketLine{sku: it.SKU}
		lo, hi := s.Rows(i)
		for r := lo; r < hi; r++ {
			if s.AsOf.Sub(s.Sales.Day[r]) < year {
				one.revenue += float64(s.Sales.Revenue[r]) / 1e4
				one.units += float64(s.Sales.Gross[r])
				one.lines += float64(s.Sales.Lines[r])
			}
		}
		b.add(it.Market, one)
		b.add("", one)
	}
	for m, all := range b {
		slices.SortFunc(all, func(x, y basketLine) int { return cmp.Or(cmp.Compare(y.revenue, x.revenue), cmp.Compare(x.sku, y.sku)) })
		b[m] = all[:min(basketSize, len(all))]
	}
	return b
}

// add counts what an item took. Items are sorted by product, so that the last of the whole
// shop's is the product's own.
func (b baskets) add(m commerce.Market, one basketLine) {
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
func (b baskets) of(m commerce.Market) []basketLine {
	if own := b[m]; len(own) > 0 {
		return own
	}
	return b[""]
}
