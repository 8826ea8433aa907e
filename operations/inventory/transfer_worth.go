package inventory

import (
	"math"
	"math/rand/v2"
	"slices"

	"tradewind/numeric/distribution"
)

// Stock is what lies of one SKU at one location, and what it is there for. Amounts are
// whole units of the reporting currency.
type Stock struct {
	OnHand      float64
	Coming      []Coming // units ordered before, on their way
	Margin      float64  // contribution of one unit sold
	UnitCost    float64
	HoldingRate float64 // a year, share of UnitCost
	LeadDays    float64 // mean days until an order of today would be there
	LeadSD      float64
	MovingDays  int // until a transfer of today would be there

	Demand    Demand
	Scale     float64 // multiplies demand; 1 but in what-if questions
	Scenarios int
	Seed      uint64
}

// Coming is an order on its way.
type Coming struct {
	Units float64
	Day   int // on which it is expected, counted from today; 0 and less is at once
}

// StockFutures are simulated futures of one stock until an order of today would be there.
type StockFutures struct {
	stock *Stock
	all   []stockFuture
}

// stockFuture is one of them: demand, and what comes at the end of each block of days.
type stockFuture struct {
	days    []float64
	demand  []float64
	comes   []float64
	moved   int     // position of the block after which a transfer is there; -1 where it comes too late to count
	perDay  float64 // demand a day after an order of today would be there
	started float64 // what comes at once
}

// beyond is how many days after an order's arrival tell at what pace the rest sells.
const beyond = 56

// Futures draws the futures.
func (s *Stock) Futures() *StockFutures {
	f := &StockFutures{stock: s, all: make([]stockFuture, s.Scenarios)}
	rng := rand.New(rand.NewPCG(s.Seed, 0xA0761D6478BD642F))
	for i := range f.all {
		f.all[i] = s.draw(rng)
	}
	return f
}

func (s *Stock) draw(rng *rand.Rand) stockFuture {
	lead := max(1, int(math.Round(s.LeadDays)))
	if s.LeadSD >= .05 { // less does not move a whole day
		shape := s.LeadDays * s.LeadDays / (s.LeadSD * s.LeadSD)
		lead = max(1, int(math.Round(distribution.DrawGamma(shape, rng)*s.LeadDays/shape)))
	}
	var f stockFuture
	ends := []int{lead}
	if s.MovingDays > 0 && s.MovingDays < lead {
		ends = append(ends, s.MovingDays)
	}
	for _, c := range s.Coming {
		if c.Day > 0 && c.Day < lead {
			ends = append(ends, c.Day)
		}
	}
	slices.Sort(ends)
	ends = slices.Compact(ends)
	draws := make([]float64, len(ends)+1)
	s.Demand.Draw(draws, append(slices.Clone(ends), lead+beyond), rng)
	f.demand, f.comes, f.moved = draws[:len(ends)], make([]float64, len(ends)), -1
	before := 0
	for k, end := range ends {
		f.demand[k] *= s.Scale
		f.days = append(f.days, float64(end-before))
		if before = end; end == s.MovingDays || k == len(ends)-1 && f.moved < 0 {
			f.moved = k // later than the order: beside what is left of stock then
		}
	}
	for _, c := range s.Coming {
		switch k, there := slices.BinarySearch(ends, c.Day); {
		case c.Day <= 0:
			f.started += c.Units
		case there:
			f.comes[k] += c.Units
		default: // after an order of today would be there
			f.comes[len(ends)-1] += c.Units
		}
	}
	f.perDay = max(s.Scale*draws[len(ends)]/beyond, 1.0/365)
	return f
}

// StockWorth is what a stock brings in one future, beside the cost of its goods: the
// contribution of what it sells until an order of today would be there, and the holding of
// all of it until it is sold, negative. A unit is held until it has cost what it is worth.
type StockWorth struct{ Sales, Holding float64 }

// Total is what the stock is worth beside the cost of its goods.
func (w StockWorth) Total() float64 { return w.Sales + w.Holding }

// Worth is what the stock brings in every future with some units moved away today, and some
// moved in that arrive after MovingDays. Units that are left when an order of today would be
// there save the buying of as many: they are worth their cost, less their holding.
func (f *StockFutures) Worth(out, in float64) []StockWorth {
	list := make([]StockWorth, len(f.all))
	for i := range f.all {
		list[i] = f.stock.worth(&f.all[i], out, in)
	}
	return list
}

func (s *Stock) worth(f *stockFuture, out, in float64) StockWorth {
	left := s.OnHand + f.started - out
	var sold, unitDays float64
	for k, demand := range f.demand {
		before := left
		take := min(before, demand)
		sold, left = sold+take, before-take
		unitDays += heldDays(before, demand, f.days[k])
		if k <= f.moved {
			unitDays += in * f.days[k] // on their way they are held as well
		}
		if left += f.comes[k]; k == f.moved {
			left += in
		}
	}
	holdDay := s.UnitCost * s.HoldingRate / 365
	w := StockWorth{Sales: sold * s.Margin, Holding: -unitDays * holdDay}
	if holdDay > 0 { // the k-th unit left sells after k/perDay days
		lasts := f.perDay * 365 / s.HoldingRate // units that sell before holding them costs their worth
		held := min(left, lasts)
		w.Holding -= holdDay*held*held/(2*f.perDay) + s.UnitCost*(left-held)
	}
	return w
}

// heldDays are the unit-days of a stock that even demand draws on for some days.
func heldDays(stock, demand, days float64) float64 {
	if demand <= stock {
		return (stock - demand/2) * days
	}
	if demand <= 0 {
		return 0
	}
	return stock * stock / demand / 2 * days
}

// Shelf values the stock in lots: those that lie there, at most so many of them from the
// last on, and as many that may come in.
func (f *StockFutures) Shelf(lot float64, most int) Shelf {
	whole := min(most, int(f.stock.OnHand/lot))
	total := func(out, in float64) (sum float64) {
		for i := range f.all {
			w := f.stock.worth(&f.all[i], out, in)
			sum += w.Total()
		}
		return sum / float64(len(f.all))
	}
	cost := f.stock.UnitCost * lot // every lot brings its goods with it
	now := total(0, 0)
	var sh Shelf
	before := now
	for k := 1; k <= whole; k++ {
		after := total(float64(k)*lot, 0)
		sh.Keep = append(sh.Keep, cost+before-after)
		before = after
	}
	slices.Reverse(sh.Keep)
	before = now
	for k := 1; k <= most; k++ {
		after := total(0, float64(k)*lot)
		sh.More = append(sh.More, cost+after-before)
		before = after
	}
	return sh
}
