package expansion

import (
	"math"

	"tradewind/commerce"
)

// The past is cut backwards from the last day of the facts into blocks of four weeks;
// thirteen of them are a year of whole weeks. A block and the one a year before it are
// a pair: the season is the same in both.
const (
	year        = 364
	blockDays   = 28
	blocks      = year / blockDays
	enoughWeeks = 13 // with sales in a year, for figures of its own
)

// student widens a variance that is estimated from thirteen blocks so that normal 80 %
// intervals are those of Student's t with 12 degrees of freedom: (1.356217/1.281552)².
const student = 1.119919

// history is what the snapshot says of one market. Sums are net of returns.
type history struct {
	market       commerce.Market
	sales        int64 // of the last 365 days, ten-thousandths
	lines        int64 // likewise
	goods        float64
	assumedGoods float64 // the part of goods whose cost nobody measured

	revenue [2][blocks]float64 // this year's and last year's, the latest block first
	costed  [blocks]float64    // this year's revenue of articles with a known cost
	cost    [blocks]float64    // and the cost of those goods
	day     [2][year]float64   // revenue by day
	sold    [2][year / 7]bool  // weeks with a sale
}

// historiesOf gathers the rows of every market, in order of first appearance among the
// items, which is fixed by their sorting.
func historiesOf(s *commerce.Snapshot) []*history {
	byMarket := map[commerce.Market]*history{}
	var all []*history
	for i, it := range s.Items {
		h := byMarket[it.Market]
		if h == nil {
			h = &history{market: it.Market}
			byMarket[it.Market] = h
			all = append(all, h)
		}
		cost := s.Cost(it.SKU)
		if cost != nil && cost.Unit.Currency() != s.Currency {
			cost = nil // not comparable: as good as unknown
		}
		lo, hi := s.Rows(i)
		for r := lo; r < hi; r++ {
			h.add(s, r, cost)
		}
	}
	return all
}

func (h *history) add(s *commerce.Snapshot, r int, cost *commerce.Cost) {
	ago := s.AsOf.Sub(s.Sales.Day[r])
	net := s.Sales.Revenue[r] - s.Sales.Refunded[r]
	if ago < 365 {
		h.sales += net
		h.lines += int64(s.Sales.Lines[r])
	}
	if ago < 0 || ago >= 2*year {
		return
	}
	y, within := ago/year, ago%year
	h.revenue[y][within/blockDays] += float64(net)
	h.day[y][within] += float64(net)
	if s.Sales.Gross[r] > 0 {
		h.sold[y][within/7] = true
	}
	if y == 0 && cost != nil {
		goods := float64(s.Sales.Gross[r]-s.Sales.Returned[r]) * float64(cost.Unit.E4())
		h.costed[within/blockDays] += float64(net)
		h.cost[within/blockDays] += goods
		h.goods += goods
		if cost.Provenance.Assumed {
			h.assumedGoods += goods
		}
	}
}

// weeks returns in how many weeks of a year something was sold; 0 is this year.
func (h *history) weeks(y int) (n int) {
	for _, sold := range h.sold[y] {
		if sold {
			n++
		}
	}
	return n
}

// growth returns ln(this year / last year) and its standard error, that of a ratio of
// two sums over paired blocks:
//
//	σ² = n/(n-1) · Σ (xₖ/Σx - yₖ/Σy)², widened as by Student
//
// Blocks, not days: orders come in lumps, and neighbouring days are alike.
//
// Source: Cochran, Sampling Techniques, 3rd ed. 1977, chapter 6 (linearised ratio), for the
// logarithm by the delta method.
func (h *history) growth() estimate {
	now, before := sum(h.revenue[0][:]), sum(h.revenue[1][:])
	if h.weeks(0) < enoughWeeks || h.weeks(1) < enoughWeeks || now <= 0 || before <= 0 {
		return none
	}
	var squares float64
	for k := range blocks {
		d := h.revenue[0][k]/now - h.revenue[1][k]/before
		squares += d * d
	}
	return estimate{math.Log(now / before), squares * blocks / (blocks - 1) * student}
}

// margin returns 1 - goods/sales - fees over articles with a known cost, and its
// variance, that of a ratio of two sums over blocks (source as for growth).
func (h *history) margin(fees float64) estimate {
	sales, goods := sum(h.costed[:]), sum(h.cost[:])
	if h.weeks(0) < enoughWeeks || sales <= 0 {
		return none
	}
	rate := goods / sales
	var squares float64
	for k := range blocks {
		d := (h.cost[k] - rate*h.costed[k]) / sales
		squares += d * d
	}
	return estimate{1 - rate - fees, squares * blocks / (blocks - 1) * student}
}

// covered returns the share of this year's revenue whose goods have a known cost.
func (h *history) covered() float64 {
	now := sum(h.revenue[0][:])
	if now <= 0 {
		return 0
	}
	return sum(h.costed[:]) / now
}

// lumpiness returns the squared coefficient of variation of this year's sales as if
// they were a compound Poisson sum of selling days: Σv² / (Σv)². One order alone has 1.
// It serves markets with too few sales for blocks.
func (h *history) lumpiness() float64 {
	var squares float64
	for _, v := range h.day[0] {
		squares += v * v
	}
	if now := sum(h.day[0][:]); now > 0 {
		return min(squares/(now*now), 1)
	}
	return 1
}

func sum(x []float64) (total float64) {
	for _, v := range x {
		total += v
	}
	return total
}
