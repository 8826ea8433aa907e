package benchmark

import (
	"context"
	"fmt"
	"math"
	"runtime"

	"tradewind/commerce"
	"tradewind/simulate"
)

// The world "Stores with confounded prices" of docs/worlds.md.
var storesTuning, storesScored = [2]uint64{1, 20}, [2]uint64{1001, 1020}

// A shop takes a minute to play: the first of the scored seeds are played, fewer by the
// seller who knows, and those tuning seeds on which the settings were chosen.
const profitSeeds, knowingSeeds, chosenSeeds = 6, 2, 3

// takings are expected contributions in euro of three ways to price. The oracle knows the
// truth, and each week's stock; like the seller's, its prices stand for four weeks. It
// chooses among all prices that the team allows, however far.
type takings struct{ Policy, Oracle, CostPlus float64 }

func (t *takings) add(o takings) {
	t.Policy, t.Oracle, t.CostPlus = t.Policy+o.Policy, t.Oracle+o.Oracle, t.CostPlus+o.CostPlus
}

// regret is the share of the oracle's contribution that the policy leaves.
func (t takings) regret() float64 { return 1 - t.Policy/t.Oracle }

// gain is what the policy brings more than cost-plus, as a share.
func (t takings) gain() float64 { return t.Policy/t.CostPlus - 1 }

type profitQuestion struct {
	First, Last uint64 // seeds
	Knows       bool   // a seller who knows every elasticity: what is left is stock and limits
}

type profitAnswer struct {
	Played, Then  takings // over the played weeks; with the prices asked after them
	Known, Others takings // of Then: items whose elasticity could be known from the history, and the rest
	SKUs, NoWorse int     // no worse than cost-plus, with the prices asked after the played weeks
	Items, Tests  int
	Capped        int // items whose oracle asks for the team's highest price
}

// sellingOn plays the stores of some seeds; what the seller does is timed.
var sellingOn = newWork("sell", func(ctx context.Context, m *meter, q profitQuestion) (a profitAnswer, err error) {
	runtime.GOMAXPROCS(repricedCores)
	for seed := q.First; seed <= q.Last; seed++ {
		if err := a.sell(m, seed, q.Knows); err != nil {
			return a, fmt.Errorf("seed %d: %w", seed, err)
		}
		if err := ctx.Err(); err != nil {
			return a, err
		}
	}
	return a, nil
})

// sell plays one shop: prices stand for four weeks, and those decided after the last week
// are held against the oracle's over the four weeks for which they would stand.
func (a *profitAnswer) sell(m *meter, seed uint64, knows bool) error {
	s := simulate.NewStores(simulate.StoreForm{}, seed)
	v := newSeller(s, seed)
	v.knows = knows
	end := s.Weeks() + playedWeeks
	for s.Weeks() < end {
		until := min(s.Weeks()+repriceEvery, end)
		if err := v.timed(m); err != nil {
			return err
		}
		for i := range v.price {
			best, _ := v.oracle(i, until)
			a.Played.add(takings{0, best, v.costPlus(i, until)})
		}
		for s.Weeks() < until {
			for _, x := range v.play().Expected {
				a.Played.Policy += x
			}
		}
	}
	if err := v.timed(m); err != nil {
		return err
	}
	a.after(v)
	a.Tests += v.tested
	return nil
}

// timed decides by the clock.
func (v *seller) timed(m *meter) error {
	m.Begin()
	defer m.End()
	return v.decide()
}

// after judges the prices that were decided last.
func (a *profitAnswer) after(v *seller) {
	s, until := v.stores, v.stores.Weeks()+repriceEvery
	bySKU := map[commerce.SKU]*takings{}
	for i := range v.price {
		best, capped := v.oracle(i, until)
		t := takings{v.expected(i, until, v.price[i].Float()), best, v.costPlus(i, until)}
		if capped {
			a.Capped++
		}
		a.Items++
		a.Then.add(t)
		if s.Truth(i).Identified {
			a.Known.add(t)
		} else {
			a.Others.add(t)
		}
		sku := s.Item(i).SKU
		if bySKU[sku] == nil {
			bySKU[sku] = new(takings)
		}
		bySKU[sku].add(t)
	}
	for _, t := range bySKU {
		a.SKUs++
		if t.Policy >= t.CostPlus {
			a.NoWorse++
		}
	}
}

// expected is what a price of item i contributes until a week.
func (v *seller) expected(i, until int, price float64) float64 {
	sum := 0.0
	for week := v.stores.Weeks(); week < until; week++ {
		_, x := v.stores.Expected(i, week, price, simulate.Promo{})
		sum += x
	}
	return sum
}

// oracle is the most that a price which the team allows contributes, and whether it is
// the highest of them: every eighth is tried, then those around the best.
func (v *seller) oracle(i, until int) (best float64, capped bool) {
	grid, at := v.legal[i], 0
	best = math.Inf(-1)
	try := func(k int) {
		if x := v.expected(i, until, grid[k]); x > best {
			best, at = x, k
		}
	}
	const stride = 8
	for k := 0; k < len(grid); k += stride {
		try(k)
	}
	for k, last := max(0, at-stride+1), min(len(grid), at+stride); k < last; k++ {
		try(k)
	}
	return best, at == 0
}

// costPlus is what the habitual markup on each week's cost contributes.
func (v *seller) costPlus(i, until int) float64 {
	sum := 0.0
	for week := v.stores.Weeks(); week < until; week++ {
		_, x := v.stores.Expected(i, week, nearest(v.legal[i], v.stores.CostPlus(i, week)), simulate.Promo{})
		sum += x
	}
	return sum
}

// profitRows hold the seller against the oracle and against cost-plus.
func profitRows(ctx context.Context, _ *run) ([]Row, error) {
	scored, cost, err := sellingOn.run(ctx, profitQuestion{First: storesScored[0], Last: storesScored[0] + profitSeeds - 1})
	if err != nil {
		return nil, err
	}
	knowing, _, err := sellingOn.run(ctx, profitQuestion{First: storesScored[0], Last: storesScored[0] + knowingSeeds - 1, Knows: true})
	if err != nil {
		return nil, err
	}
	tuned, _, err := sellingOn.run(ctx, profitQuestion{First: storesTuning[0], Last: storesTuning[0] + chosenSeeds - 1})
	if err != nil {
		return nil, err
	}
	world := func(first uint64, n int) string {
		return fmt.Sprintf("world Stores of docs/worlds.md, seeds %d to %d", first, first+uint64(n)-1)
	}
	const seeds = float64(profitSeeds)
	source := fmt.Sprintf("%s: every four weeks pricing.NewStudy on the files, then pricing.Optimise over %d draws, moves of at most %.0f %%, and switchback tests of items whose elasticity would bring more than %.2g %% of their profit if it were known; the prices asked after %d weeks over the four weeks for which they stand",
		world(storesScored[0], profitSeeds), policyDraws, 100*longestStep, 100*worthAsking, playedWeeks)
	percent := func(name string, value float64, better, source string) Row {
		return Row{Name: name, Value: new(100 * value), Unit: "%", Better: better, Source: source}
	}
	regret := percent("profit left to the oracle after 26 weeks", scored.Then.regret(), lower, source)
	regret.Must = new(1.0)
	regret.Reference = fmt.Sprintf("prices of the same legal grid, no step limit, chosen with the truth and every week's stock; for %.0f %% of the items that is the team's ceiling", 100*share(scored.Capped, scored.Items))
	noWorse := percent("SKUs no worse than with cost-plus after 26 weeks", share(scored.NoWorse, scored.SKUs), higher, source)
	noWorse.Must = new(90.0)
	return []Row{
		regret, noWorse,
		percent("the same regret, items whose elasticity the history can tell", scored.Known.regret(), lower, source),
		percent("the same regret, the other items", scored.Others.regret(), lower, source),
		percent("the same regret of a seller who knows every elasticity", knowing.Then.regret(), lower, "the same seller and limits: what is left is that the oracle knows each week's stock"),
		percent("profit over cost-plus after 26 weeks", scored.Then.gain(), higher, source),
		percent("profit left to the oracle over the 26 weeks", scored.Played.regret(), lower, "the weeks in which prices are on their way and tests run"),
		percent("profit over cost-plus over the 26 weeks", scored.Played.gain(), higher, "the same weeks"),
		{Name: "items in a price test at the start, a shop", Value: new(float64(scored.Tests) / seeds), Unit: "items", Better: lower, Source: fmt.Sprintf("knowing their elasticity would bring more than %.2g %% of their profit", 100*worthAsking)},
		percent("profit left to the oracle after 26 weeks, tuning seeds", tuned.Then.regret(), lower, world(storesTuning[0], chosenSeeds)),
		percent("SKUs no worse than with cost-plus, tuning seeds", share(tuned.NoWorse, tuned.SKUs), higher, world(storesTuning[0], chosenSeeds)),
		{Name: "learning and re-pricing a shop once, CPU time", Value: new(cost.CPU / seeds / (playedWeeks/repriceEvery + 2)), Unit: "s", Better: lower, Source: fmt.Sprintf("%.0f items, 104 weeks and more", float64(scored.Items)/seeds)},
	}, nil
}
