package plan

import (
	"cmp"
	"math"
	"slices"

	"tradewind/calendar"
	"tradewind/commerce"
	"tradewind/fault"
	"tradewind/market"
	"tradewind/messages"
	"tradewind/money"
	"tradewind/operations/demand"
	"tradewind/operations/promotion"
)

// PromoStudy is what promotions do, as far as the facts say, and a calendar of those that
// are worth most.
type PromoStudy struct {
	Plan     *promotion.Plan
	Limits   promotion.Limits
	Uplift   *promotion.Uplift // nil: too little was promoted to learn from
	Unlearnt messages.Message  // why Uplift is nil
	Names    []string          // of the categories in Uplift
	Left     []PromoLeft       // items for which none can be planned, by what they sell
	Derived  int               // items whose response is that of their price, for want of promotions
	Asked    PromoRequest

	prices *PriceStudy
	law    *priceLaw
}

// PromoLeft is an item that was left out, and why.
type PromoLeft struct {
	Item   commerce.Item
	Reason messages.Message
}

// PromoRequest narrows a plan of promotions; what is zero is taken from the settings.
type PromoRequest struct {
	Market commerce.Market // "" is all
	Weeks  int
	Slots  int
	Budget float64
}

// promotedAtMost is how many items a plan of promotions considers: those that sell most.
const promotedAtMost = 150

// What promotions do beyond what a lower price does is not known before some were run. It
// is then assumed that customers buy ahead: of each week's extra units, in logarithms,
// these shares are missing in the weeks after.
var assumedDip = [promotion.DipWeeks]float64{.15, .08, .04, 0}

// Promotions plans promotions on the prices of a study.
func (st *PriceStudy) Promotions(ask PromoRequest) (*PromoStudy, error) {
	c := st.survey.Config.Prices.Promos
	ask.Weeks, ask.Slots = cmp.Or(ask.Weeks, c.Weeks), cmp.Or(ask.Slots, c.Slots)
	if ask.Budget == 0 {
		ask.Budget = decimal(c.Budget)
	}
	p := &PromoStudy{prices: st, Asked: ask, Limits: promotion.Limits{
		Start: nextMonday(st.survey.Snapshot.AsOf), Weeks: ask.Weeks, Budget: ask.Budget, MinGap: c.Gap,
		Vehicles: []promotion.Vehicle{{Name: promotion.Price, Cost: decimal(c.Cost), Slots: ask.Slots}},
		Legal:    st.survey.legalBelow,
	}}
	p.law = st.survey.priceLaw()
	p.law.bind(&p.Limits)
	panel, categories := st.promoPanel()
	p.Names = categories
	uplift, err := promotion.Learn(panel)
	switch {
	case err == nil:
		p.Uplift = uplift
		for _, name := range []string{promotion.Feature, promotion.Display, promotion.Coupon} {
			if slices.ContainsFunc(uplift.Vehicles, func(of []promotion.VehicleEffect) bool {
				return slices.ContainsFunc(of, func(v promotion.VehicleEffect) bool { return v.Name == name })
			}) {
				p.Limits.Vehicles = append(p.Limits.Vehicles, promotion.Vehicle{Name: name, Cost: decimal(c.Cost), Slots: ask.Slots})
			}
		}
	case fault.Is(err, fault.Invalid):
		p.Unlearnt = messages.Of(err)
	default:
		return nil, err
	}
	items := p.candidates(panel)
	if p.Plan, err = promotion.Solve(items, p.Limits); err != nil {
		return nil, err
	}
	for _, r := range p.Plan.Refused {
		p.Left = append(p.Left, PromoLeft{r.Item, r.Reason})
	}
	return p, nil
}

func decimal(text string) float64 {
	a, err := money.Parse(cmp.Or(text, "0"), "")
	if err != nil {
		return 0 // settings are checked before
	}
	return a.Float()
}

// candidates are the items that sell most and that can be planned for.
func (p *PromoStudy) candidates(panel *promotion.Panel) []promotion.Item {
	st := p.prices
	var order []int
	for i := range st.Items {
		if x := &st.Items[i]; x.Revenue > 0 && (p.Asked.Market == "" || x.Item.Market == p.Asked.Market) {
			order = append(order, i)
		}
	}
	slices.SortFunc(order, func(a, b int) int { return byWorth(&st.Items[a], &st.Items[b]) })
	var items []promotion.Item
	for _, i := range order[:min(len(order), promotedAtMost)] {
		x := st.At(st.Items[i].Item)
		if x.Problem == nil {
			p.Left = append(p.Left, PromoLeft{x.Item, x.Refused})
			continue
		}
		if x.Finite {
			p.Left = append(p.Left, PromoLeft{x.Item, messages.M("promos.left.finite")})
			continue
		}
		response, why := p.response(i, x, panel)
		if !why.IsZero() {
			p.Left = append(p.Left, PromoLeft{x.Item, why})
			continue
		}
		items = append(items, p.item(i, x, response))
	}
	return items
}

// response is how an item answers to a promotion: as past ones say, or else as its price
// does.
func (p *PromoStudy) response(i int, x *PriceItem, panel *promotion.Panel) (promotion.Response, messages.Message) {
	if p.Uplift != nil {
		r, err := p.Uplift.Response(i, p.category(i))
		if err != nil {
			return r, messages.Of(err)
		}
		return r, messages.Message{}
	}
	if !x.Elasticity.Identified {
		return promotion.Response{}, messages.M("promos.left.unknown", messages.A("reason", x.Elasticity.Reason))
	}
	p.Derived++
	low, _ := p.prices.panel.Seen(i)
	r := promotion.Response{Depth: promotion.Estimate{Mean: -x.Elasticity.Mean, SD: x.Elasticity.SD},
		Support: math.Min(.5, math.Max(0, 1-low.Float()/x.Price.Float())+.10)}
	for k, share := range assumedDip {
		r.Dip[k] = share * r.Depth.Mean
	}
	return r, messages.Message{}
}

func (p *PromoStudy) category(i int) int {
	c, _ := slices.BinarySearch(p.Names, p.prices.panel.Category[i])
	return c
}

func (p *PromoStudy) item(i int, x *PriceItem, r promotion.Response) promotion.Item {
	st := p.prices
	s := st.survey.Snapshot
	outlook := st.survey.Demand.Outlook(demand.SeriesOf(s, i))
	it := promotion.Item{
		Item: x.Item, Category: st.panel.Category[i], Price: x.Price, Rate: x.Rate,
		UnitCost: x.costIn().Float() * x.Rate,
		Net:      x.Problem.Net, Response: r,
	}
	first := p.Limits.Start.Sub(s.AsOf) - 1
	for week := range p.Limits.Weeks {
		it.Base = append(it.Base, outlook.Mean(first+7*week, first+7*week+7))
	}
	mean := 0.0
	for _, d := range x.Problem.Demand {
		mean += d / float64(len(x.Problem.Demand))
	}
	for _, d := range x.Problem.Demand {
		if mean > 0 {
			it.Level = append(it.Level, d/mean)
		}
	}
	for _, spell := range st.Spells(i) {
		it.History = append(it.History, promotion.Asked{From: spell.From, To: spell.To, Price: spell.Price})
	}
	it.History = lowered(it.History, s.PromotionsOf(x.Item))
	for _, last := range s.PromotionsOf(x.Item) {
		if weeks := p.Limits.Start.Sub(last.From) / 7; weeks > 0 && weeks <= promotion.Memory && last.Depth > 0 {
			it.Since, it.Depth = weeks, last.Depth
		}
	}
	return it
}

// lowered puts the prices of past promotions into a history of regular prices: on those
// days goods were on offer for less.
func lowered(history []promotion.Asked, promos []commerce.Promotion) []promotion.Asked {
	for _, promo := range promos {
		var out []promotion.Asked
		for _, a := range history {
			price := promo.Price
			if promo.Depth > 0 && price.IsZero() {
				price = scaled(a.Price, 1-promo.Depth).Round()
			}
			if a.To.Before(promo.From) || promo.To.Before(a.From) || price.Sign() <= 0 || price.Currency() != a.Price.Currency() || price.Cmp(a.Price) >= 0 {
				out = append(out, a)
				continue
			}
			from, to := promo.From, promo.To
			if from.Before(a.From) {
				from = a.From
			}
			if a.To.Before(to) {
				to = a.To
			}
			if a.From.Before(from) {
				out = append(out, promotion.Asked{From: a.From, To: from.AddDays(-1), Price: a.Price})
			}
			out = append(out, promotion.Asked{From: from, To: to, Price: price})
			if to.Before(a.To) {
				out = append(out, promotion.Asked{From: to.AddDays(1), To: a.To, Price: a.Price})
			}
		}
		history = out
	}
	return history
}

// promoPanel is the panel of prices as promotions learn from it, and its categories.
func (st *PriceStudy) promoPanel() (*promotion.Panel, []string) {
	p := st.panel
	categories := slices.Clone(p.Category)
	slices.Sort(categories)
	categories = slices.Compact(categories)
	places := map[commerce.Market]int32{}
	out := &promotion.Panel{}
	for _, i := range st.teachers() {
		category, _ := slices.BinarySearch(categories, p.Category[i])
		place, seen := places[p.Items[i].Market]
		if !seen {
			place = int32(len(places))
			places[p.Items[i].Market] = place
		}
		lo, hi := p.Rows(i)
		for r := lo; r < hi; r++ {
			if p.Exposure[r] <= 0 {
				continue
			}
			out.Units, out.Item, out.Week = append(out.Units, p.Units[r]), append(out.Item, int32(i)), append(out.Week, p.Week[r])
			out.Place, out.Category = append(out.Place, place*int32(p.Weeks)+p.Week[r]), append(out.Category, int32(category))
			out.Depth, out.Vehicle = append(out.Depth, p.Depth[r]), append(out.Vehicle, p.Shown(r))
			out.Exposure, out.Regular = append(out.Exposure, math.Min(1, p.Exposure[r])), append(out.Regular, p.Price[r])
		}
	}
	return out, categories
}

// neverPromotedAtMost is how many items without a promotion stand beside those with one, to
// show what a market does in a week anyway.
const neverPromotedAtMost = 2000

// teachers are the items that uplift is learnt from: all that were ever promoted, and of
// the others those that sell most. In the order of the panel.
func (st *PriceStudy) teachers() []int {
	var promoted, others []int
	for i := range st.panel.Items {
		if !st.panel.Unfit[i].IsZero() {
			continue
		}
		if lo, hi := st.panel.Rows(i); slices.ContainsFunc(st.panel.Depth[lo:hi], func(d float64) bool { return d > 0 }) {
			promoted = append(promoted, i)
		} else {
			others = append(others, i)
		}
	}
	slices.SortFunc(others, func(a, b int) int { return byWorth(&st.Items[a], &st.Items[b]) })
	all := append(promoted, others[:min(len(others), neverPromotedAtMost)]...)
	slices.Sort(all)
	return all
}

// legalBelow is the highest price that ends as is customary in an item's market and is not
// above another.
func (v *Survey) legalBelow(item commerce.Item, price money.Amount) money.Amount {
	var endings []market.Ending
	if pack, known := market.Of(item.Market); known && pack.Tender == price.Currency() && !v.Config.Prices.AnyEnding {
		endings = pack.PriceEndings()
	}
	return endingBelow(endings, price)
}

// WeekOf is the week of a plan that a day lies in, from 1.
func (p *PromoStudy) WeekOf(d calendar.Day) int { return d.Sub(p.Limits.Start)/7 + 1 }
