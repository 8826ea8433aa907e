package expansion

import (
	"cmp"
	"math"
	"math/rand/v2"
	"slices"

	"tradewind/commerce"
	"tradewind/fault"
	"tradewind/market/economy"
	"tradewind/messages"
	"tradewind/money"
	"tradewind/numeric/distribution"
)

// EntryParams are the settings of entries. The zero EntryParams works.
type EntryParams struct {
	// Candidates are the markets to look at; nil: every country with published figures
	// that sold nothing in the last 365 days.
	Candidates []commerce.Market

	// Costs are what it takes to enter a market, once: registration, representation,
	// translation, tests. A market that is not here gets Cost; and where that is zero, an
	// assumed amount, which every result says.
	Costs map[commerce.Market]money.Amount
	Cost  money.Amount

	Years        int     // of contribution that Value counts; 0 is 1
	DiscountRate float64 // a year; 0 is 0.10
}

// What an entry is assumed to cost where nobody says: 3,000 in a currency with minor units,
// 400,000 in one without, and with 80 % probability between half of it and the double.
const (
	assumedEntry      = 3_000
	assumedEntryWhole = 400_000
)

var assumedEntrySD = math.Ln2 / z80

// Entry is one market without sales and what a year there should bring.
type Entry struct {
	Market  commerce.Market
	Channel commerce.Channel // where the shop sells the most
	From    commerce.Market  // the nearest warehouse's country
	Rank    int              // among all markets and candidates, by expected contribution

	Sales        Interval // of a year like those of the shop's present markets
	Contribution Interval // of that year, before the cost of entry
	TopThree     float64  // probability that its contribution is among the three greatest
	Cost         Interval // of entry
	Value        Interval // contribution of Years, discounted, less the cost of entry
	Profit       float64  // probability that Value is above 0

	Landed   *Landed
	Complete bool               // goods and landed charges are in the figures
	Reasons  []messages.Message // what its sales are expected from
	Assumed  []string           // keys of the inputs that nobody measured
	Notes    []messages.Message
}

// Study is the shop's markets and its candidates, drawn together.
type Study struct {
	Markets []Market    // with rows in the snapshot, best first, as from Rank
	Entries []Entry     // candidates, by Value, best first
	Model   *EntryModel // what Entries rest on; nil without candidates
	Unknown []commerce.Market

	grounds  *grounds
	outcomes *outcomes
	index    map[commerce.Market]int // into the futures
	traits   map[commerce.Market]traits
	homes    []commerce.Market
	channel  commerce.Channel
}

// NewStudy ranks the markets with sales and the candidates by the contribution of a year.
// Candidates of which size or distance are not known are listed in Unknown. With fewer than
// eight foreign markets with sales nothing can be said of others, and without a warehouse no
// distance is known: both are refused. It does not modify s; the same snapshot, settings and
// generator give the same result.
//
// What a candidate should sell is what the shop's present markets sell, carried over by
// size, distance, language and logistics. That presumes an entry like those before it, and
// says nothing of a market that is closed to the shop.
func NewStudy(s *commerce.Snapshot, p Params, rng *rand.Rand) (*Study, error) {
	g := survey(s, p)
	st := &Study{grounds: g, index: map[commerce.Market]int{}, traits: map[commerce.Market]traits{}, homes: homesOf(s), channel: mainChannel(s)}
	if len(st.homes) == 0 {
		return nil, fault.New(fault.Invalid, "E-EXPANSION-NO-HOME")
	}
	for i, m := range g.markets {
		st.index[m.Market] = i
		if t, ok := traitsOf(m.Market, st.homes, s.AsOf); ok {
			st.traits[m.Market] = t
		}
	}
	markets, futures := g.markets, g.futures
	var costs []entryCost
	if candidates := st.candidates(); len(candidates) > 0 {
		model, predict, err := g.fitEntries(st.homes)
		if err != nil {
			return nil, err
		}
		st.Model = model
		for _, m := range candidates {
			e, f, known := st.enter(m, predict)
			if !known {
				st.Unknown = append(st.Unknown, m)
				continue
			}
			cost, err := g.entryCost(m)
			if err != nil {
				return nil, err
			}
			if cost.sd > 0 {
				e.Assumed = append(e.Assumed, "entry_cost")
				e.Notes = append(e.Notes, messages.M("expansion.note.entry-cost", messages.A("cost", g.amount(cost.middle))))
			}
			st.Entries, costs, futures = append(st.Entries, e), append(costs, cost), append(futures, f)
		}
	}
	st.outcomes = simulate(futures, g.Draws, rng)
	st.outcomes.tell(markets)
	for k := range st.Entries {
		i := len(markets) + k
		st.index[st.Entries[k].Market] = i
		st.value(&st.Entries[k], i, costs[k], rng)
	}
	st.Markets = slices.Clone(markets)
	st.rank()
	return st, nil
}

// homesOf lists the countries with a warehouse.
func homesOf(s *commerce.Snapshot) (homes []commerce.Market) {
	for _, w := range s.Warehouses {
		if w.Country != "" && !slices.Contains(homes, w.Country) {
			homes = append(homes, w.Country)
		}
	}
	slices.Sort(homes)
	return homes
}

// candidates are the markets to enter, each once, ascending.
func (st *Study) candidates() []commerce.Market {
	list := st.grounds.Entry.Candidates
	if list == nil {
		list = economy.Countries()
	}
	list = slices.Compact(slices.Sorted(slices.Values(list)))
	return slices.DeleteFunc(list, func(m commerce.Market) bool {
		i, known := st.index[m]
		return known && st.grounds.histories[i].sales > 0 || slices.Contains(st.homes, m)
	})
}

// enter expects a market's sales from its traits, and its margin from all markets'.
func (st *Study) enter(m commerce.Market, predict func([]float64) distribution.Distribution) (Entry, future, bool) {
	g := st.grounds
	t, ok := traitsOf(m, st.homes, g.snapshot.AsOf)
	if !ok {
		return Entry{}, future{}, false
	}
	st.traits[m] = t
	d := predict(t.values)
	low, high := quantile(d, .1), quantile(d, .9)
	mu, sigma := logNormal(d, low, high)
	// A new market is not believed to buy more than twice the share of its country's
	// product that the keenest of the present markets buys: without a limit the tail of such
	// a law would promise a fortune.
	f := future{sales: math.Exp(mu + sigma*sigma/2), noise: sigma, most: 2 * st.Model.Keenest * t.gdp}
	assumed := assumedShare(&history{}, g.histories)
	e := Entry{
		Market: m, Channel: st.channel, From: t.from, Landed: g.landed(m),
		Sales:   Interval{f.meanSales(), min(math.Exp(low), f.most), min(math.Exp(mu), f.most), min(math.Exp(high), f.most)},
		Assumed: []string{"entry_like_present_markets"},
	}
	f.cost(g.margin.unseen(), assumed, e.Landed, g.Params)
	e.Complete = g.margin.known && e.Landed.complete()
	e.Reasons = st.reasons(t)
	if !g.margin.known {
		e.Notes = append(e.Notes, messages.M("expansion.note.no-margin"))
	} else if assumed > 0 {
		e.Assumed = append(e.Assumed, "unit_cost")
	}
	if t.imputed {
		e.Notes = append(e.Notes, messages.M("expansion.note.no-logistics"))
	}
	e.Notes = append(e.Notes, e.Landed.notes()...)
	return e, f, true
}

func (st *Study) reasons(t traits) []messages.Message {
	first := messages.M("expansion.reason."+string(st.Model.Kind),
		messages.A("n", st.Model.Markets), messages.A("error", messages.Decimal{X: math.Exp(st.Model.Checked.Error), Places: 1}))
	all := []messages.Message{first}
	if st.Model.Kind != Average {
		all = append(all, messages.M("expansion.reason.size", messages.A("gdp", messages.Decimal{X: t.gdp / 1e9, Places: 1})))
	}
	if st.Model.Kind == Gravity {
		all = append(all, messages.M("expansion.reason.distance", messages.A("km", int(math.Round(t.distance))), messages.A("from", string(t.from))))
		if t.values[3] > 0 {
			all = append(all, messages.M("expansion.reason.language"))
		}
	}
	return all
}

// unseen is what is believed of a market that has no estimate of its own.
func (p population) unseen() posterior {
	p.own = []estimate{none}
	return p.of(0)
}

// mainChannel is where the shop took the most in the last 365 days.
func mainChannel(s *commerce.Snapshot) commerce.Channel {
	took := map[commerce.Channel]int64{}
	for i, it := range s.Items {
		lo, hi := s.Rows(i)
		for r := lo; r < hi; r++ {
			if s.AsOf.Sub(s.Sales.Day[r]) < 365 {
				took[it.Channel] += s.Sales.Revenue[r] - s.Sales.Refunded[r]
			}
		}
	}
	var best commerce.Channel
	for c, sum := range took {
		if most, ok := took[best]; !ok || sum > most || sum == most && c < best {
			best = c
		}
	}
	return best
}

// entryCost is what an entry costs: log-normal around middle where it is assumed.
type entryCost struct{ middle, sd float64 }

func (g *grounds) entryCost(m commerce.Market) (entryCost, error) {
	cost, given := g.Entry.Costs[m]
	if !given {
		cost, given = g.Entry.Cost, g.Entry.Cost != money.Amount{}
	}
	switch {
	case !given && g.snapshot.Currency.Minor() == 0:
		return entryCost{assumedEntryWhole, assumedEntrySD}, nil
	case !given:
		return entryCost{assumedEntry, assumedEntrySD}, nil
	case cost.Currency() != g.snapshot.Currency:
		return entryCost{}, fault.New(fault.Invalid, "E-EXPANSION-CURRENCY",
			fault.A("what", string(m)), fault.A("got", string(cost.Currency())), fault.A("want", string(g.snapshot.Currency)))
	}
	return entryCost{middle: cost.Float()}, nil
}

func (c entryCost) mean() float64 { return c.middle * math.Exp(c.sd*c.sd/2) }

func (c entryCost) draw(rng *rand.Rand) float64 {
	if c.sd == 0 {
		return c.middle
	}
	return c.middle * math.Exp(c.sd*rng.NormFloat64())
}

// annuity is what a year's contribution is worth over all years, the first in full.
func (p EntryParams) annuity() float64 {
	rate := cmp.Or(p.DiscountRate, .10)
	worth := 0.0
	for y := range max(p.Years, 1) {
		worth += math.Pow(1+rate, -float64(y))
	}
	return worth
}

func (st *Study) value(e *Entry, i int, cost entryCost, rng *rand.Rand) {
	o, worth := st.outcomes, st.grounds.Entry.annuity()
	e.Contribution, e.TopThree = o.interval(i), o.top[i]
	values := make([]float64, len(o.by[i]))
	for d, c := range o.by[i] {
		values[d] = worth*c - cost.draw(rng)
		if values[d] > 0 {
			e.Profit += 1 / float64(len(values))
		}
	}
	e.Value = spread(worth*e.Contribution.Mean-cost.mean(), values)
	e.Cost = Interval{cost.mean(), cost.middle * math.Exp(-z80*cost.sd), cost.middle, cost.middle * math.Exp(z80*cost.sd)}
}

// rank sorts markets and entries and numbers them together.
func (st *Study) rank() {
	slices.SortFunc(st.Markets, func(a, b Market) int {
		return cmp.Or(cmp.Compare(b.Contribution.Mean, a.Contribution.Mean), cmp.Compare(a.Market, b.Market))
	})
	slices.SortFunc(st.Entries, func(a, b Entry) int {
		return cmp.Or(cmp.Compare(b.Value.Mean, a.Value.Mean), cmp.Compare(a.Market, b.Market))
	})
	var ranked []*int
	worth := map[*int]float64{}
	add := func(rank *int, mean float64) { ranked, worth[rank] = append(ranked, rank), mean }
	for i := range st.Markets {
		add(&st.Markets[i].Rank, st.Markets[i].Contribution.Mean)
	}
	for i := range st.Entries {
		add(&st.Entries[i].Rank, st.Entries[i].Contribution.Mean)
	}
	slices.SortStableFunc(ranked, func(a, b *int) int { return cmp.Compare(worth[b], worth[a]) })
	for i, rank := range ranked {
		*rank = i + 1
	}
}
