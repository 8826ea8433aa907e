package benchmark

import (
	"context"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"strings"

	"tradewind/operations/promotion"
	"tradewind/simulate"
)

// The world "Stores with confounded prices" of docs/worlds.md, with spillover. Promotions
// of the played weeks are drawn, not planned, so that they say how well any is foretold.
const (
	promotedWeeks  = 26
	promotedOften  = .08 // chance of a promotion a week and item
	promotedApart  = 6   // weeks between two
	planSeeds      = 150 // small problems that are held against every plan
	largePlanSeeds = 5
)

var promotionTuning, promotionScored = [2]uint64{1, 5}, [2]uint64{1001, 1010}

// upliftScore is how a model learnt on the history does in the weeks after it.
type upliftScore struct {
	Items, Refused, Promotions int
	Predicted, Realised        float64 // sums that make the slope: Σ p·r/μ and Σ p²/μ
	Covered, Asked             int     // true ln uplifts inside their interval of level .8
	KPI                        []float64
	Right, Wrong, Pairs        int // entries of the matrix: sign as in the truth, not so, effects that there are
}

func (a *upliftScore) slope() float64 { return a.Realised / a.Predicted }

// learningUplift scores the uplift model on the seeds; only learning is timed.
var learningUplift = newWork("uplift", func(_ context.Context, m *meter, seeds [2]uint64) (upliftScore, error) {
	var a upliftScore
	for seed := seeds[0]; seed <= seeds[1]; seed++ {
		if err := scorePromotionUplift(m, seed, &a); err != nil {
			return a, fmt.Errorf("seed %d: %w", seed, err)
		}
	}
	return a, nil
})

// scorePromotionUplift learns on the history of a world and holds the predictions against
// what drawn promotions do to demand: the same weeks are played with and without them.
func scorePromotionUplift(m *meter, seed uint64, a *upliftScore) error {
	with := simulate.NewStores(simulate.StoreForm{Spillover: true}, seed)
	codes := newPromotionCodes(with)
	panel := codes.panel(with, 0, with.History())
	m.Begin()
	model, err := promotion.Learn(&panel)
	m.End()
	if err != nil {
		return err
	}
	without := with.Clone()
	rng := rand.New(rand.NewPCG(seed, 77))
	prices, last := make([]float64, with.Len()), make([]int, with.Len())
	for i := range prices {
		p := with.Panel(i)
		prices[i] = p.Price[len(p.Price)-1]
		for w, promo := range p.Promo {
			if promo.Depth > 0 {
				last[i] = w
			}
		}
		a.Items++
		response, err := model.Response(i, codes.category[i])
		if err != nil {
			a.Refused++
			continue
		}
		a.cover(with.Truth(i), &response)
	}
	for range promotedWeeks {
		week := with.Weeks()
		promos := make([]simulate.Promo, with.Len())
		for i := range promos {
			if week-last[i] > promotedApart && rng.Float64() < promotedOften {
				promos[i] = simulate.Promo{Depth: promotion.Depths[rng.IntN(len(promotion.Depths))], Featured: rng.Float64() < .4}
				last[i] = week
			}
		}
		base := without.Play(prices, nil)
		got := with.Play(prices, promos)
		for i, promo := range promos {
			if promo.Depth == 0 {
				continue
			}
			response, err := model.Response(i, codes.category[i])
			if err != nil {
				continue
			}
			mean := without.Law(i, week, prices[i], simulate.Promo{}).Mean()
			e := response.Offer(promo.Depth, vehicleOf(promo))
			predicted := mean * math.Expm1(e.Mean+e.SD*e.SD/2)
			a.Promotions++
			a.Realised += predicted * (got.Demand[i] - base.Demand[i]) / mean
			a.Predicted += predicted * predicted / mean
		}
	}
	later := codes.panel(with, with.History(), with.Weeks())
	kpi, err := model.Calibrate(&later)
	if err != nil {
		return err
	}
	a.KPI = append(a.KPI, kpi.Slope)
	a.matrix(with, codes, model)
	return nil
}

// cover counts the true ln uplifts that lie in their intervals.
func (a *upliftScore) cover(truth simulate.Truth, r *promotion.Response) {
	for _, depth := range promotion.Depths {
		for _, featured := range []bool{false, true} {
			want := truth.Depth * depth
			vehicle := promotion.Price
			if featured {
				want, vehicle = want+truth.Feature, promotion.Feature
			}
			low, high := r.Offer(depth, vehicle).Interval()
			a.Asked++
			if low <= want && want <= high {
				a.Covered++
			}
		}
	}
}

// matrix counts the entries that have the sign of the mean true effect of one subcategory
// on another's items.
func (a *upliftScore) matrix(s *simulate.Stores, c *promotionCodes, model *promotion.Uplift) {
	sum := map[[2]int]float64{}
	for i := range s.Len() {
		for j := range s.Len() {
			if e := s.Spill(i, j); e != 0 {
				sum[[2]int{c.group[i], c.group[j]}] += e
			}
		}
	}
	a.Pairs += len(sum)
	for _, p := range model.Matrix.Pairs {
		if sum[[2]int{p.From, p.To}]*p.Effect.Mean > 0 {
			a.Right++
		} else {
			a.Wrong++
		}
	}
}

func vehicleOf(p simulate.Promo) string {
	if p.Featured {
		return promotion.Feature
	}
	return promotion.Price
}

// promotionCodes number what a panel has codes for, in the order of the items.
type promotionCodes struct{ market, category, group []int }

func newPromotionCodes(s *simulate.Stores) *promotionCodes {
	c := &promotionCodes{}
	code := func(names *[]string, name string) int {
		if i := slices.Index(*names, name); i >= 0 {
			return i
		}
		*names = append(*names, name)
		return len(*names) - 1
	}
	var markets, categories, groups []string
	for i := range s.Len() {
		p := s.Panel(i)
		c.market = append(c.market, code(&markets, string(p.Item.Market)))
		c.category = append(c.category, code(&categories, p.Category))
		c.group = append(c.group, code(&groups, strings.Join([]string{p.Category, p.Subcategory}, "/")))
	}
	return c
}

// panel lays weeks of the stores out as the discipline takes them. Seasons are those of a
// category in a market, in blocks of four weeks.
func (c *promotionCodes) panel(s *simulate.Stores, from, to int) promotion.Panel {
	p := promotion.Panel{Season: [][]int32{nil}}
	markets, categories := slices.Max(c.market)+1, slices.Max(c.category)+1
	for i := range s.Len() {
		h := s.Panel(i)
		for w := from; w < to; w++ {
			if math.IsNaN(h.Price[w]) {
				continue
			}
			p.Units, p.Exposure = append(p.Units, h.Units[w]), append(p.Exposure, h.Share[w])
			p.Item, p.Week = append(p.Item, int32(i)), append(p.Week, int32(w))
			p.Place = append(p.Place, int32((w-from)*markets+c.market[i]))
			p.Category, p.Group = append(p.Category, int32(c.category[i])), append(p.Group, int32(c.group[i]))
			p.Depth, p.Vehicle = append(p.Depth, h.Promo[w].Depth), append(p.Vehicle, vehicleOf(h.Promo[w]))
			p.Regular = append(p.Regular, h.Price[w])
			p.Season[0] = append(p.Season[0], int32((w-from)/4*markets*categories+c.market[i]*categories+c.category[i]))
		}
	}
	return p
}

// planScore is how plans do against every plan, and against their bounds.
type planScore struct {
	Problems, Equal, Unsound, Large int     // Large: too many plans to look at each; Unsound: a bound below a value
	Gap                             float64 // largest, of the large problems
	Items, Weeks                    int
}

// planningPromotions solves small problems and large ones; only the large are timed.
var planningPromotions = newWork("promotions", func(_ context.Context, m *meter, first uint64) (planScore, error) {
	a := planScore{Items: 200, Weeks: 26}
	for seed := first; seed < first+planSeeds; seed++ {
		rng := rand.New(rand.NewPCG(seed, 5))
		items, limits := promotion.Draw(rng, 2+rng.IntN(5), 3+rng.IntN(4))
		best, err := promotion.Exhaustive(items, limits)
		if err != nil {
			a.Large++
			continue
		}
		plan, err := promotion.Solve(items, limits)
		if err != nil {
			return a, err
		}
		a.Problems++
		if math.Abs(plan.Value-best) <= 1e-7*math.Max(1, best) {
			a.Equal++
		}
		if plan.Bound < plan.Value || plan.Bound < best-1e-7*math.Max(1, best) {
			a.Unsound++
		}
	}
	for seed := first; seed < first+largePlanSeeds; seed++ {
		items, limits := promotion.Draw(rand.New(rand.NewPCG(seed, 6)), a.Items, a.Weeks)
		m.Begin()
		plan, err := promotion.Solve(items, limits)
		m.End()
		if err != nil {
			return a, err
		}
		a.Gap = math.Max(a.Gap, plan.Gap())
		if plan.Bound < plan.Value {
			a.Unsound++
		}
	}
	return a, nil
})

func measurePromotion(ctx context.Context, _ *run) ([]Row, error) {
	scored, cost, err := learningUplift.run(ctx, promotionScored)
	if err != nil {
		return nil, err
	}
	tuned, _, err := learningUplift.run(ctx, promotionTuning)
	if err != nil {
		return nil, err
	}
	plans, planCost, err := planningPromotions.run(ctx, 1001)
	if err != nil {
		return nil, err
	}
	kept, _, err := keepingPlans.run(ctx, promotionScored)
	if err != nil {
		return nil, err
	}
	markdown, err := markdownError()
	if err != nil {
		return nil, err
	}
	priors, err := priorRows(ctx)
	if err != nil {
		return nil, err
	}
	seeds := float64(promotionScored[1] - promotionScored[0] + 1)
	world := fmt.Sprintf("world Stores of docs/worlds.md with spillover, seeds %d to %d, %d drawn promotions in %d weeks after the history", promotionScored[0], promotionScored[1], scored.Promotions, promotedWeeks)
	rows := between(Row{Name: "units won by a promotion, realised on predicted, slope", Value: new(scored.slope()), Unit: "ratio", Source: world + ": demand with the promotion less demand of the same week without"}, .8, 1.2)
	rows = append(rows, between(Row{Name: "the same slope as a shop can reckon it, median of worlds", Value: new(median(scored.KPI)), Unit: "ratio", Source: "promotion.Calibrate on the 26 weeks played"}, .8, 1.2)...)
	small := fmt.Sprintf("promotion.Draw, %d problems of at most 6 items and 6 weeks; %d more have too many plans to look at each", plans.Problems, plans.Large)
	large := fmt.Sprintf("promotion.Draw, %d items over %d weeks, worst of %d", plans.Items, plans.Weeks, largePlanSeeds)
	return append(append(rows, priors...),
		Row{Name: "true uplifts inside the interval of level .8", Value: new(share(scored.Covered, scored.Asked)), Unit: "share", Better: higher, Source: world + ", every depth and vehicle of every item that is not refused"},
		Row{Name: "items refused", Value: new(share(scored.Refused, scored.Items)), Unit: "share", Better: lower, Source: world},
		Row{Name: "pairs of halo and cannibalisation with the true sign, of those reported", Value: new(share(scored.Right, max(1, scored.Right+scored.Wrong))), Unit: "share", Better: higher,
			Source: fmt.Sprintf("%d pairs of subcategories reported, %d have an effect", scored.Right+scored.Wrong, scored.Pairs)},
		Row{Name: "slope on tuning seeds", Value: new(tuned.slope()), Unit: "ratio", Better: higher, Source: fmt.Sprintf("seeds %d to %d", promotionTuning[0], promotionTuning[1])},
		Row{Name: "uplift model of 104 weeks", Value: new(cost.CPU / seeds), Unit: "s", Better: lower, Source: "promotion.Learn, CPU a world"},
		Row{Name: "plans equal to the best of all", Value: new(share(plans.Equal, plans.Problems)), Unit: "share", Better: higher, Must: new(1.0), Reference: "promotion.Exhaustive", Source: small},
		Row{Name: "bounds below a value", Value: new(float64(plans.Unsound)), Unit: "plans", Better: lower, Must: new(0.0), Source: small + "; " + large},
		Row{Name: "gap to the bound", Value: new(plans.Gap), Unit: "share", Better: lower, Must: new(.01), Source: large},
		Row{Name: "contribution kept of what plans promised", Value: new(kept.Kept / kept.Promised), Unit: "ratio", Better: higher,
			Source: fmt.Sprintf("%d offers of %d weeks, %d worlds, demand without promotions known; with stock enough, while costs and rates move on", kept.Offers, promotedWeeks, kept.Worlds)},
		Row{Name: "gap of those plans", Value: new(kept.Gap), Unit: "share", Better: lower, Must: new(.01), Source: "worst of the same worlds"},
		Row{Name: "markdown against the closed form", Value: new(markdown), Unit: "share", Better: lower, Must: new(.001), Reference: "Gallego & van Ryzin (1994), stock 1, 5 and 10", Source: "promotion.Markdown, 4,000 steps, 200 prices; largest relative error"},
		Row{Name: "time of a large plan", Value: new(planCost.CPU / largePlanSeeds), Unit: "s", Better: lower, Source: large},
	), nil
}
