package simulate

import (
	"cmp"
	"fmt"
	"math"
	"slices"

	"tradewind/commerce"
	"tradewind/money"
)

// daily are the shares of a week's trade from Monday to Sunday.
var daily = [7]float64{.12, .13, .13, .14, .16, .17, .15}

// rivalName is the seller whose prices the files know.
const rivalName = "rival"

// paidDays is the time over which a snapshot's PaidPrice looks back.
const paidDays = 90

// Snapshot returns what a seller's files say after the weeks that are over: every unit
// an order line of its own, amounts in euro, asked and charged prices in the market's
// currency.
func (s *Stores) Snapshot() *commerce.Snapshot {
	snap := &commerce.Snapshot{
		From: s.Monday(0), AsOf: s.Monday(s.weeks).AddDays(-1), Currency: reporting,
	}
	lines := make([]int64, snap.Days())
	for i, it := range s.items {
		snap.Items = append(snap.Items, it.item)
		snap.Sales.Start = append(snap.Sales.Start, int32(len(snap.Sales.Day)))
		s.tellSales(snap, i, lines)
		s.tellPrices(snap, it)
		s.tellPromotions(snap, it)
		s.tellPaid(snap, it)
	}
	snap.Sales.Start = append(snap.Sales.Start, int32(len(snap.Sales.Day)))
	for d, n := range lines {
		snap.Trading = append(snap.Trading, commerce.TradingDay{Day: snap.From.AddDays(d), Lines: n})
	}
	s.tellProducts(snap)
	s.tellRates(snap)
	snap.Hash = snap.Fingerprint()
	return snap
}

// tellSales spreads the weeks of an item over their days in stock. A day on which the
// shelf was empty, wholly or in part, has a row even where nothing was sold.
func (s *Stores) tellSales(snap *commerce.Snapshot, i int, lines []int64) {
	it := s.items[i]
	charged := commerce.Charged{Item: it.item, Currency: places[it.place].currency}
	for t := it.firstWeek; t < s.weeks; t++ {
		units, share := s.spread(i, t)
		paid := e4(it.paid[t])
		for d := range daily {
			if units[d] == 0 && share[d] == 1 {
				continue
			}
			day := s.Monday(t).AddDays(d)
			row := &snap.Sales
			row.Day, row.Gross = append(row.Day, day), append(row.Gross, units[d])
			row.Returned, row.Refunded = append(row.Returned, 0), append(row.Refunded, 0)
			row.Revenue = append(row.Revenue, int64(math.Round(float64(units[d]*paid)*it.rate[t])))
			row.Lines, row.Largest = append(row.Lines, int32(units[d])), append(row.Largest, min(units[d], 1))
			row.InStock = append(row.InStock, float32(share[d]))
			if units[d] == 0 {
				row.Typical = append(row.Typical, 0)
				continue
			}
			row.Typical = append(row.Typical, paid)
			if charged.Lines == 0 {
				charged.From = day
			}
			charged.To = day
			charged.Lines += units[d]
			lines[day.Sub(snap.From)] += units[d]
		}
	}
	if charged.Lines > 0 {
		snap.Charged = append(snap.Charged, charged)
	}
}

// spread returns a week's units and in-stock shares by day. The shelf empties when the
// in-stock share of the week's trade is over.
func (s *Stores) spread(i, t int) (units [7]int64, share [7]float64) {
	it := s.items[i]
	before := 0.
	for d, part := range daily {
		share[d] = min(1, max(0, (it.share[t]-before)/part))
		if before += part; it.share[t] >= 1 {
			share[d] = 1
		}
	}
	rng := s.chance(ofDays, i*s.last()+t)
	for range int(it.units[t]) {
		at, d := rng.Float64()*min(it.share[t], 1), 0
		for end := daily[0]; d < 6 && at >= end; end += daily[d] {
			d++
		}
		units[d]++
	}
	return units, share
}

// tellPrices lists regular prices, own and the rival's, from each change on.
func (s *Stores) tellPrices(snap *commerce.Snapshot, it *item) {
	for _, asked := range []struct {
		seller string
		prices []float64
	}{{"", it.price}, {rivalName, it.rival}} {
		last := 0.
		for t := it.firstWeek; t < s.weeks; t++ {
			if p := asked.prices[t]; p != last {
				last = p
				snap.Prices = append(snap.Prices, commerce.Price{
					Item: it.item, Seller: asked.seller, Price: amount(p, it), From: s.Monday(t), Provenance: s.told(t),
				})
			}
		}
	}
}

// tellPromotions lists offers: weeks with the same offer in a row are one.
func (s *Stores) tellPromotions(snap *commerce.Snapshot, it *item) {
	for t := it.firstWeek; t < s.weeks; t++ {
		p := it.promo[t]
		if p.Depth == 0 {
			continue
		}
		end := t
		for end+1 < s.weeks && it.promo[end+1] == p && it.price[end+1] == it.price[t] {
			end++
		}
		vehicle := commerce.PriceCut
		if p.Featured {
			vehicle = commerce.Feature
		}
		snap.Promotions = append(snap.Promotions, commerce.Promotion{
			Item: it.item, Name: fmt.Sprintf("week %d", t+1), From: s.Monday(t), To: s.Monday(end).AddDays(6),
			Depth: p.Depth, Price: amount(it.paid[t], it), Vehicle: vehicle, Provenance: s.told(t),
		})
		t = end
	}
}

// tellPaid gives the median price of the last 90 days, in euro.
func (s *Stores) tellPaid(snap *commerce.Snapshot, it *item) {
	type sold struct{ price, lines int64 }
	var all []sold
	total := int64(0)
	lo := int(snap.Sales.Start[len(snap.Sales.Start)-1])
	for r := lo; r < len(snap.Sales.Day); r++ {
		if n := snap.Sales.Gross[r]; n > 0 && snap.AsOf.Sub(snap.Sales.Day[r]) < paidDays {
			all = append(all, sold{int64(math.Round(float64(snap.Sales.Revenue[r]) / float64(n))), n})
			total += n
		}
	}
	if total == 0 {
		return
	}
	slices.SortFunc(all, func(a, b sold) int { return cmp.Compare(a.price, b.price) })
	seen := int64(0)
	for _, a := range all {
		if seen += a.lines; 2*seen >= total {
			snap.Paid = append(snap.Paid, commerce.PaidPrice{Item: it.item, MinUnits: 1, Price: money.FromE4(a.price, reporting), Lines: total})
			return
		}
	}
}

// tellProducts describes the SKUs and what a unit costs now. Where neighbours feel each
// other the category is the subcategory: that is where they stand.
func (s *Stores) tellProducts(snap *commerce.Snapshot) {
	now := s.weeks - 1
	for _, it := range s.items {
		p := &s.skus[it.product]
		if n := len(snap.Products); n > 0 && snap.Products[n-1].SKU == p.sku {
			continue
		}
		names := categoryNames[p.category]
		category := names[0]
		if s.form.Spillover {
			category += "/" + names[1+p.subcategory]
		}
		snap.Products = append(snap.Products, commerce.Product{SKU: p.sku, Name: names[1+p.subcategory] + " " + string(p.sku), Category: category, Provenance: s.told(0)})
		snap.Costs = append(snap.Costs, commerce.Cost{SKU: p.sku, Unit: money.FromE4(e4(p.cost[now]), reporting), From: s.Monday(now), Provenance: s.told(now)})
	}
}

// tellRates gives the week's rate of every currency in which something is sold.
func (s *Stores) tellRates(snap *commerce.Snapshot) {
	for _, code := range []money.Currency{"GBP", "USD"} {
		for t, value := range s.rates(code)[:s.weeks] {
			snap.Rates = append(snap.Rates, commerce.Rate{Base: code, Quote: reporting, Day: s.Monday(t), Value: value, Provenance: s.told(t)})
		}
	}
}

// told is the provenance of what the files say about a week.
func (s *Stores) told(week int) commerce.Provenance {
	return commerce.Provenance{Source: "simulate", AsOf: s.Monday(week)}
}

func amount(price float64, it *item) money.Amount {
	return money.FromE4(e4(price), places[it.place].currency)
}

func e4(amount float64) int64 { return int64(math.Round(amount * 10_000)) }
