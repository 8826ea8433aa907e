package expansion

import (
	"cmp"
	"math"
	"math/rand/v2"
	"slices"
	"time"

	"tradewind/calendar"
	"tradewind/commerce"
	"tradewind/fault"
	"tradewind/messages"
	"tradewind/money"
)

// Window is the span over which sales count towards a threshold.
type Window string

const (
	CalendarYear   Window = "calendar_year"
	RollingTwelve  Window = "rolling_12_months"
	daysAhead             = 365
	fewestSelling         = 4 // weeks with sales, for a shape of its own
	smoothingWeeks        = 5
)

// Threshold obliges the seller to register once sales into its markets exceed it.
type Threshold struct {
	Market commerce.Market // where the registration is made
	Scheme string          // as the rule names it
	Rule   string          // ID of the rule
	Amount money.Amount    // in the reporting currency
	Window Window

	Markets []commerce.Market // whose sales count together; nil: Market alone
}

// Registration says when a threshold will be crossed.
type Registration struct {
	Threshold
	SoFar    money.Amount  // counted in the window that ends with the facts
	LastYear money.Amount  // in the calendar year before, for CalendarYear
	Since    *calendar.Day // the first day of the present or the last window on which it was crossed; nil: not yet
	Due      bool          // crossed already, now or in the calendar year before

	Within365 float64 // probability that it is crossed within 365 days; 1 when Due

	// The days by which it is crossed with probability .1, .5 and .9; nil: not within 365 days.
	P10, P50, P90 *calendar.Day

	Next    Interval          // sales of the next 365 days, in whole units of currency
	Selling []commerce.Market // those of the threshold's markets that have sales
	Notes   []messages.Message
}

// Registrations forecasts for every threshold the day on which the sales that count towards
// it will exceed it:
//
//	sales of the next 365 days = those of package expansion's futures, summed over markets
//	share of a day             = smoothed season × luck, both of the last 364 days
//
// Luck is drawn in whole weeks, each the ratio of a week to its smoothed neighbourhood, so
// that lumps of orders stay together. A calendar year starts at 0 on 1 January; twelve
// months roll over 365 days. A threshold in another currency, with an unknown window or not
// above 0 is refused. It does not modify s. Cost: Draws × 365 for each threshold.
func Registrations(s *commerce.Snapshot, p Params, thresholds []Threshold, rng *rand.Rand) ([]Registration, error) {
	g := survey(s, p)
	var all []Registration
	for _, t := range thresholds {
		if t.Amount.Currency() != s.Currency {
			return nil, fault.New(fault.Invalid, "E-EXPANSION-CURRENCY", fault.A("what", t.Scheme), fault.A("got", string(t.Amount.Currency())), fault.A("want", string(s.Currency)))
		}
		if t.Amount.Sign() <= 0 || t.Window != CalendarYear && t.Window != RollingTwelve {
			return nil, fault.New(fault.Invalid, "E-EXPANSION-THRESHOLD", fault.A("scheme", t.Scheme), fault.A("market", string(t.Market)))
		}
		all = append(all, g.register(t, rng))
	}
	return all, nil
}

func (g *grounds) register(t Threshold, rng *rand.Rand) Registration {
	r := Registration{Threshold: t}
	count := t.Markets
	if count == nil {
		count = []commerce.Market{t.Market}
	}
	var futures []future
	for i, h := range g.histories {
		if slices.Contains(count, h.market) {
			r.Selling, futures = append(r.Selling, h.market), append(futures, g.futures[i])
		}
	}
	past := g.daily(count)
	asOf, limit := g.snapshot.AsOf, t.Amount.Float()
	so, last, since := past.counted(asOf, t.Window, limit)
	r.SoFar, r.LastYear, r.Since = g.amount(so), g.amount(last), since
	if r.Due = since != nil; r.Due {
		r.Notes = append(r.Notes, messages.M("expansion.note.threshold-crossed", messages.A("day", *since)))
	}
	shape := past.shape()
	if !shape.own {
		r.Notes = append(r.Notes, messages.M("expansion.note.even-season", messages.A("need", fewestSelling)))
	}
	days := make([]int, daysAhead+1)
	totals := make([]float64, g.Draws)
	path := make([]float64, daysAhead)
	var mean float64
	for i := range futures {
		mean += futures[i].sales * math.Exp(futures[i].drift)
	}
	for d := range totals {
		for i := range futures {
			sales, _, _ := futures[i].draw(0, rng)
			totals[d] += sales
		}
		shape.draw(path, totals[d], rng)
		if k := past.crosses(asOf, t.Window, limit, path); k > 0 {
			days[k]++
		}
	}
	r.Next = spread(mean, totals)
	if r.Within365 = 1; !r.Due {
		r.dates(asOf, days, g.Draws)
	}
	return r
}

// dates reads the quantiles of the day of crossing off its distribution.
func (r *Registration) dates(asOf calendar.Day, days []int, draws int) {
	sum := 0
	for k, n := range days {
		sum += n
		for _, q := range []struct {
			level float64
			day   **calendar.Day
		}{{.1, &r.P10}, {.5, &r.P50}, {.9, &r.P90}} {
			if *q.day == nil && k > 0 && float64(sum) >= q.level*float64(draws) {
				*q.day = new(asOf.AddDays(k))
			}
		}
	}
	r.Within365 = float64(sum) / float64(draws)
}

func (g *grounds) amount(x float64) money.Amount {
	return money.FromE4(int64(math.Round(x*1e4)), g.snapshot.Currency)
}

// takings are the net sales of some markets by day: ago[k] is k days before the facts end.
type takings struct{ ago []float64 }

// daily sums up to two calendar years and the rolling one before.
func (g *grounds) daily(count []commerce.Market) takings {
	s := g.snapshot
	t := takings{make([]float64, 2*366+366)}
	for i, it := range s.Items {
		if !slices.Contains(count, it.Market) {
			continue
		}
		lo, hi := s.Rows(i)
		for row := lo; row < hi; row++ {
			if ago := s.AsOf.Sub(s.Sales.Day[row]); ago >= 0 && ago < len(t.ago) {
				t.ago[ago] += float64(s.Sales.Revenue[row]-s.Sales.Refunded[row]) / 1e4
			}
		}
	}
	return t
}

// counted returns what counts in the window that ends with the facts, what did in the
// calendar year before, and the first day on which the limit was exceeded: in the present
// or the last calendar year, or in twelve months that ended within the last 365 days.
func (t takings) counted(asOf calendar.Day, w Window, limit float64) (so, last float64, since *calendar.Day) {
	if w == RollingTwelve {
		for k := 0; k < 365; k++ {
			so += t.ago[k]
		}
		window := 0.0 // of the 365 days that ended a year ago
		for k := 365; k < 2*365; k++ {
			window += t.ago[k]
		}
		for k := 364; k >= 0; k-- {
			window += t.ago[k] - t.ago[k+365]
			if window > limit && since == nil {
				since = new(asOf.AddDays(-k))
			}
		}
		return so, 0, since
	}
	thisYear, _, _ := asOf.Date()
	sums := map[int]float64{}
	for k := len(t.ago) - 1; k >= 0; k-- {
		day := asOf.AddDays(-k)
		y, _, _ := day.Date()
		sums[y] += t.ago[k]
		if y >= thisYear-1 && sums[y] > limit && since == nil {
			since = new(day)
		}
	}
	return sums[thisYear], sums[thisYear-1], since
}

// crosses returns after how many days a path of sales takes the count above the limit; 0:
// not within the path.
func (t takings) crosses(asOf calendar.Day, w Window, limit float64, path []float64) int {
	so := 0.0
	if w == RollingTwelve {
		for k := 0; k < 365; k++ {
			so += t.ago[k]
		}
		for k, v := range path {
			so += v - t.ago[364-k]
			if so > limit {
				return k + 1
			}
		}
		return 0
	}
	thisYear, _, _ := asOf.Date()
	newYear := calendar.DayIn(time.Date(thisYear+1, 1, 1, 0, 0, 0, 0, time.UTC), time.UTC)
	left := newYear.Sub(asOf) // path[left-1] is 1 January
	for k := range daysOf(thisYear) - left + 1 {
		so += t.ago[k]
	}
	for k, v := range path {
		if k+1 == left {
			so = 0
		}
		if so += v; so > limit {
			return k + 1
		}
	}
	return 0
}

func daysOf(year int) int {
	return time.Date(year, 12, 31, 0, 0, 0, 0, time.UTC).YearDay()
}

// shape is how a year's sales are spread over its days.
type shape struct {
	own    bool
	smooth [52]float64    // of a week, as a share of the year; week 0 starts 364 days ago
	luck   [52][7]float64 // of the days of a week: what was sold over the smoothed day
}

func (t takings) shape() shape {
	var s shape
	var weeks [52]float64
	total, selling := 0.0, 0
	for w := range weeks {
		for d := range 7 {
			weeks[w] += max(0, t.ago[363-7*w-d])
		}
		if total += weeks[w]; weeks[w] > 0 {
			selling++
		}
	}
	if s.own = selling >= fewestSelling; !s.own {
		for w := range s.smooth {
			s.smooth[w] = 1. / 52
			s.luck[w] = [7]float64{1, 1, 1, 1, 1, 1, 1}
		}
		return s
	}
	for w := range s.smooth {
		for k := -smoothingWeeks / 2; k <= smoothingWeeks/2; k++ {
			s.smooth[w] += weeks[(w+k+52)%52] / smoothingWeeks
		}
		for d := range 7 {
			if s.smooth[w] > 0 {
				s.luck[w][d] = max(0, t.ago[363-7*w-d]) / (s.smooth[w] / 7)
			}
		}
		s.smooth[w] /= total
	}
	return s
}

// draw writes a year of sales that sum to total.
func (s *shape) draw(path []float64, total float64, rng *rand.Rand) {
	sum := 0.0
	for sum == 0 {
		for k := 0; k < len(path); k += 7 {
			w := rng.IntN(52)
			for d := 0; d < 7 && k+d < len(path); d++ {
				v := s.smooth[(k/7)%52] * s.luck[w][d]
				path[k+d] = v
				sum += v
			}
		}
	}
	for k := range path {
		path[k] *= total / sum
	}
}

// Sooner orders registrations by when they are due: those that are, then by the middle day.
func Sooner(a, b Registration) int {
	day := func(r Registration) int {
		switch {
		case r.Due:
			return math.MinInt
		case r.P50 != nil:
			return int(r.P50.Ordinal())
		}
		return math.MaxInt
	}
	return cmp.Or(cmp.Compare(day(a), day(b)), cmp.Compare(b.Within365, a.Within365), cmp.Compare(a.Market, b.Market))
}
