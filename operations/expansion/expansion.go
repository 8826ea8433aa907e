// Package expansion says where to sell next: it ranks the markets that a shop sells to and
// those it could enter by what the next year there is expected to contribute, and says how
// sure that is.
//
//	ln sales next year = ln sales + shrunk growth + shrunk luck + noise     a market with sales
//	ln sales a year    = gravity of the market + noise                      a market without
//	contribution       = sales × (margin rate - landed rate)
//
// Money comes first. Short and lumpy histories do not win by luck: growth and margin of a
// market are shrunk towards the mean of all markets by how noisy its own are. A market
// without sales is judged by what the shop sells elsewhere, with an interval that is as wide
// as leaving known markets out shows it to be. What money does not measure is weighed
// afterwards, by Assess. Landed charges, rules and readiness come in as values.
//
// Before it: commerce, market/economy, numeric/mcda. After it: plan.
package expansion

import (
	"cmp"
	"math"
	"math/rand/v2"
	"slices"

	"tradewind/commerce"
	"tradewind/messages"
	"tradewind/money"
)

// Params are the settings of the package. The zero Params works.
type Params struct {
	FeeRate     float64 // payment and marketplace fees, share of sales
	CostErrorSD float64 // standard deviation of an assumed unit cost, relative, one error common to all; 0 is 0.10
	Draws       int     // futures simulated; 0 is 4000

	// Landed returns the charges on the way to a market; nil: they are not applied, which
	// every result says.
	Landed func(commerce.Market) Landed

	Entry    EntryParams
	Criteria CriteriaParams
}

// Interval is an estimate with its 80 % interval.
type Interval struct{ Mean, P10, P50, P90 float64 }

// AsRate turns a normal log growth into the rate's own mean and quantiles: with μ and σ of
// the logarithm, the mean is exp(μ + σ²/2) - 1 and lies above the middle.
func (i Interval) AsRate() Interval {
	const z90 = 1.2815515655446004 // the standard normal's 90 % quantile
	sigma := (i.P90 - i.P10) / (2 * z90)
	return Interval{math.Expm1(i.Mean + sigma*sigma/2), math.Expm1(i.P10), math.Expm1(i.Mean), math.Expm1(i.P90)}
}

// Market is one market's place and what it rests on. Amounts are in the reporting currency.
type Market struct {
	Rank   int
	Market commerce.Market
	Home   bool // a warehouse stands there

	Sales        money.Amount // of the last 365 days, net of returns
	Share        float64      // of the sales of all markets; NaN when those are not positive
	Lines        int64        // order lines of the last 365 days
	SellingWeeks int          // of the last 52

	Growth       *Interval // log growth year on year; nil when no market has two years of steady sales
	GrowthOwn    float64   // before shrinkage; NaN when GrowthPooled
	GrowthPooled bool      // too little history of its own: the mean of all markets
	Margin       *Interval // contribution rate before landed charges: 1 - goods/sales - fees; nil when no cost is known
	MarginPooled bool      // too few sales with a known cost: the mean of all markets
	Landed       *Landed   // nil: not applied
	Complete     bool      // goods and landed charges are in the figures, if only as a range

	Contribution Interval // of the next 365 days, in whole units of currency; sales when Margin is nil
	TopThree     float64  // probability of a rank of 3 or better

	Assumed []string           // keys of the inputs that nobody measured
	Notes   []messages.Message // what to know before trusting the figures
}

// Rank returns every market that has rows in the snapshot, best first: by the mean of
// the expected contribution, then by the market's code. It does not modify s. The same
// snapshot, settings and generator give the same result. Cost is linear in the rows of
// the snapshot and in Draws × markets.
func Rank(s *commerce.Snapshot, p Params, rng *rand.Rand) []Market {
	g := survey(s, p)
	simulate(g.futures, g.Draws, rng).tell(g.markets)
	slices.SortFunc(g.markets, func(a, b Market) int {
		return cmp.Or(cmp.Compare(b.Contribution.Mean, a.Contribution.Mean), cmp.Compare(a.Market, b.Market))
	})
	for i := range g.markets {
		g.markets[i].Rank = i + 1
	}
	return g.markets
}

// grounds are what the snapshot says of every market with rows, before chance comes in.
type grounds struct {
	Params
	snapshot  *commerce.Snapshot
	histories []*history
	growth    population
	margin    population
	markets   []Market
	futures   []future // by market
}

func survey(s *commerce.Snapshot, p Params) *grounds {
	g := &grounds{Params: p.withDefaults(), snapshot: s, histories: historiesOf(s)}
	years := s.Days() >= 2*year
	g.growth = shrink(estimates(g.histories, func(h *history) estimate {
		if !years {
			return none
		}
		return h.growth()
	}))
	g.margin = shrink(estimates(g.histories, func(h *history) estimate { return h.margin(g.FeeRate) }))
	g.markets = make([]Market, len(g.histories))
	g.futures = make([]future, len(g.histories))
	var total int64
	for _, h := range g.histories {
		total += h.sales
	}
	for i, h := range g.histories {
		g.describe(i, h, total)
	}
	return g
}

func (g *grounds) describe(i int, h *history, total int64) {
	m := &g.markets[i]
	growth, margin := g.growth.of(i), g.margin.of(i)
	*m = Market{
		Market: h.market, Home: isHome(g.snapshot, h.market), Lines: h.lines, SellingWeeks: h.weeks(0),
		Sales: money.FromE4(h.sales, g.snapshot.Currency), Share: share(h.sales, total), GrowthOwn: math.NaN(),
		Landed: g.landed(h.market),
	}
	assumed := assumedShare(h, g.histories)
	g.futures[i] = outlook(h, g.snapshot.Days(), growth, margin, assumed, m.Landed, g.Params)
	if g.growth.known {
		m.Growth, m.GrowthPooled, m.GrowthOwn = growth.interval(0), growth.pooled, growth.own
	}
	if g.margin.known {
		m.Margin, m.MarginPooled = margin.interval(g.futures[i].costError), margin.pooled
		m.Complete = m.Landed.complete()
		if assumed > 0 {
			m.Assumed = []string{"unit_cost"}
		}
	}
	m.Notes = append(notes(m, h), m.Landed.notes()...)
}

// landed asks for the charges of a market; nil where nobody can say.
func (p Params) landed(m commerce.Market) *Landed {
	if p.Landed == nil {
		return nil
	}
	l := p.Landed(m)
	return &l
}

func (p Params) withDefaults() Params {
	if p.CostErrorSD == 0 {
		p.CostErrorSD = 0.10
	}
	if p.Draws == 0 {
		p.Draws = 4000
	}
	return p
}

func estimates(histories []*history, of func(*history) estimate) []estimate {
	all := make([]estimate, len(histories))
	for i, h := range histories {
		all[i] = of(h)
	}
	return all
}

func isHome(s *commerce.Snapshot, m commerce.Market) bool {
	return slices.ContainsFunc(s.Warehouses, func(w commerce.Warehouse) bool { return w.Country == m })
}

func share(part, whole int64) float64 {
	if whole <= 0 {
		return math.NaN()
	}
	return float64(part) / float64(whole)
}

// assumedShare returns the part of a market's goods whose cost nobody measured; of all
// markets' goods where the market has too few of its own.
func assumedShare(h *history, all []*history) float64 {
	goods, assumed := h.goods, h.assumedGoods
	if h.weeks(0) < enoughWeeks || goods <= 0 {
		goods, assumed = 0, 0
		for _, other := range all {
			goods, assumed = goods+other.goods, assumed+other.assumedGoods
		}
	}
	if goods <= 0 {
		return 0
	}
	return min(max(assumed/goods, 0), 1)
}

func notes(m *Market, h *history) []messages.Message {
	var all []messages.Message
	say := func(code string, args ...messages.Arg) { all = append(all, messages.M(code, args...)) }
	if h.sales <= 0 {
		say("expansion.note.no-sales")
	}
	if m.Growth == nil {
		say("expansion.note.no-growth")
	} else if m.GrowthPooled {
		say("expansion.note.growth-pooled", messages.A("this", h.weeks(0)), messages.A("last", h.weeks(1)), messages.A("need", enoughWeeks))
	}
	switch {
	case m.Margin == nil:
		say("expansion.note.no-margin")
	case m.MarginPooled:
		say("expansion.note.margin-pooled")
	case h.covered() < 0.95:
		say("expansion.note.costs-missing", messages.A("share", messages.Percent(1-h.covered())))
	}
	return all
}
