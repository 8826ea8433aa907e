package benchmark

import (
	"context"
	"fmt"
	"math"

	"tradewind/calendar"
	"tradewind/commerce"
	"tradewind/money"
	"tradewind/operations/promotion"
	"tradewind/simulate"
)

// keptScore is what plans promised and what playing them brought, in euro.
type keptScore struct {
	Promised, Kept float64
	Offers         int
	Gap            float64 // largest
	Worlds         int
}

// keepingPlans plans the weeks after the history of each world and plays them with the
// plan and without; only planning is timed.
var keepingPlans = newWork("promises", func(_ context.Context, m *meter, seeds [2]uint64) (keptScore, error) {
	var a keptScore
	for seed := seeds[0]; seed <= seeds[1]; seed++ {
		if err := scorePromotionPlan(m, seed, &a); err != nil {
			return a, fmt.Errorf("seed %d: %w", seed, err)
		}
	}
	return a, nil
})

// scorePromotionPlan gives the planner what a shop knows at the end of its history, but
// for demand without promotions, which is the true one: forecasts have a bench of their
// own. What is kept is expected contribution at costs and rates of the day, with stock
// enough: the manager's stock was never bought for a plan, and orders have a bench too.
func scorePromotionPlan(m *meter, seed uint64, a *keptScore) error {
	with := simulate.NewStores(simulate.StoreForm{Spillover: true}, seed)
	codes := newPromotionCodes(with)
	panel := codes.panel(with, 0, with.History())
	model, err := promotion.Learn(&panel)
	if err != nil {
		return err
	}
	prices := make([]float64, with.Len())
	for i := range prices {
		prices[i] = with.Panel(i).Price[with.History()-1]
	}
	without := with.Clone()
	for range promotedWeeks + promotion.DipWeeks {
		without.Play(prices, nil)
	}
	limits := promotion.Limits{Start: with.Monday(with.History()), Weeks: promotedWeeks, MinGap: promotedApart,
		Vehicles: []promotion.Vehicle{{Name: promotion.Price, Slots: 12}, {Name: promotion.Feature, Cost: 20, Slots: 4}},
		PriorDays: func(market commerce.Market, _ calendar.Day) (int, string) {
			if market == "DE" || market == "FR" {
				return 30, "EU.price.reduction"
			}
			return 0, ""
		}}
	var items []promotion.Item
	for i := range prices {
		it, err := shopItem(with, without, i)
		if err != nil {
			return err
		}
		if it.Response, err = model.Response(i, codes.category[i]); err == nil {
			it.Cross = model.Matrix.Cross(codes.group[i], codes.share(with, i), func(to int) []float64 { return codes.worth(without, with.History(), i, to) })
			items = append(items, it)
		}
	}
	m.Begin()
	plan, err := promotion.Solve(items, limits)
	m.End()
	if err != nil {
		return err
	}
	promos := make([][]simulate.Promo, promotedWeeks+promotion.DipWeeks)
	for week := range promos {
		promos[week] = make([]simulate.Promo, with.Len())
	}
	fixed := 0.
	for _, o := range plan.Offers {
		promos[o.From.Sub(limits.Start)/7][with.Find(o.Item)] = simulate.Promo{Depth: o.Depth, Featured: o.Vehicle == promotion.Feature}
		fixed += o.Parts.Fixed
	}
	kept := fixed
	for _, p := range promos {
		week := with.Weeks()
		with.Play(prices, p)
		for i := range prices {
			kept += with.Law(i, week, prices[i], p[i]).Mean() * with.Contribution(i, week, simulate.Paid(prices[i], p[i]))
			kept -= without.Law(i, week, prices[i], simulate.Promo{}).Mean() * without.Contribution(i, week, prices[i])
		}
	}
	a.Promised, a.Kept, a.Offers, a.Worlds = a.Promised+plan.Value, a.Kept+kept, a.Offers+len(plan.Offers), a.Worlds+1
	a.Gap = math.Max(a.Gap, plan.Gap())
	return nil
}

// shopItem is item i as the planner takes it: its price, price history and demand.
func shopItem(with, without *simulate.Stores, i int) (promotion.Item, error) {
	h := with.Panel(i)
	now := len(h.Price) - 1
	it := promotion.Item{Item: h.Item, Category: h.Category, UnitCost: h.Cost[now], Rate: h.Rate[now],
		Net: func(price float64) float64 { return h.Kept*price - h.Handling/h.Rate[now] }}
	var err error
	if it.Price, err = money.FromFloat(h.Price[now], h.Currency); err != nil {
		return it, err
	}
	for w, paid := range h.Paid {
		if math.IsNaN(paid) {
			continue
		}
		price, err := money.FromFloat(paid, h.Currency)
		if err != nil {
			return it, err
		}
		monday := with.Monday(w)
		if n := len(it.History); n > 0 && it.History[n-1].Price == price {
			it.History[n-1].To = monday.AddDays(6)
		} else {
			it.History = append(it.History, promotion.Asked{From: monday, To: monday.AddDays(6), Price: price})
		}
		if h.Promo[w].Depth > 0 {
			it.Since, it.Depth = len(h.Paid)-w, h.Promo[w].Depth
		}
	}
	for week := with.History(); week < without.Weeks(); week++ {
		it.Base = append(it.Base, without.Law(i, week, h.Price[now], simulate.Promo{}).Mean())
	}
	return it, nil
}

// share is item i's share of the units of its subcategory in its market, of the last
// half-year.
func (c *promotionCodes) share(s *simulate.Stores, i int) float64 {
	own, all := 0., 0.
	for j := range s.Len() {
		if c.group[j] != c.group[i] || c.market[j] != c.market[i] {
			continue
		}
		units := s.Panel(j).Units
		sold := total(units[len(units)-26:])
		if all += sold; j == i {
			own = sold
		}
	}
	return own / math.Max(1, all)
}

// worth is the contribution a week of the other items of a subcategory in the market of
// item i, in the weeks from one on, without promotions.
func (c *promotionCodes) worth(s *simulate.Stores, from, i, group int) []float64 {
	weeks := make([]float64, s.Weeks()-from)
	for j := range s.Len() {
		if j == i || c.group[j] != group || c.market[j] != c.market[i] {
			continue
		}
		price := s.Panel(j).Price[from]
		for w := range weeks {
			weeks[w] += s.Law(j, from+w, price, simulate.Promo{}).Mean() * s.Contribution(j, from+w, price)
		}
	}
	return weeks
}

func total(xs []float64) float64 {
	sum := 0.
	for _, x := range xs {
		sum += x
	}
	return sum
}

// markdownError is the largest relative error of the markdown programme against the
// closed form of Gallego & van Ryzin (1994) for exponential demand, a = 1, T = 10.
func markdownError() (float64, error) {
	const steps, horizon = 4000, 10.
	var prices []float64
	for p := 1.; p < 3; p += .01 {
		prices = append(prices, p)
	}
	worst := 0.
	for stock, want := range map[int]float64{1: 1.5430404724, 5: 3.4962007064, 10: 3.6772893285} {
		m := promotion.Markdown{Stock: stock, Weeks: steps, Prices: prices, Demand: func(_ int, p float64) float64 { return math.Exp(-p) * horizon / steps }}
		plan, err := m.Solve()
		if err != nil {
			return 0, err
		}
		worst = math.Max(worst, math.Abs(plan.Value/want-1))
	}
	return worst, nil
}
