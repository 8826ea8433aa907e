package tradewind

import (
	"cmp"
	"context"
	"encoding/json"
	"math"
	"slices"

	"tradewind/calendar"
	"tradewind/commerce"
	"tradewind/fault"
	"tradewind/messages"
	"tradewind/money"
	"tradewind/numeric/drift"
	"tradewind/operations/automation"
	"tradewind/plan"
	"tradewind/simulate"
	"tradewind/store"
)

// LearnedPolicy is the name of the policy that adjusts prices and orders by what it learned:
// mandates, levels and choices go by it.
const LearnedPolicy = "learned"

// learnedRecord is what is kept of a trained site.
type learnedRecord struct {
	automation.Kept
	Today     automation.Fixed       `json:"today"` // how the shop is run: its price, and the position that it keeps
	Checks    []FitView              `json:"checks"`
	Shadow    *automation.Comparison `json:"shadow"`     // nil: the past is too short for one
	PastWeeks int                    `json:"past_weeks"` // that it was played on
	Priced    bool                   `json:"priced"`     // how demand answers to prices is known: prices were learned too
	Assumed   []messages.Message     `json:"assumed"`
	Sold      *calendar.Day          `json:"sold,omitempty"` // the last day of the sales that it was learned from; nil: an older version learned it

	// Sketches of the weeks that were learned from, to be held against those that come; nil
	// where they do not vary.
	Units  *drift.Reference `json:"units"`
	Prices *drift.Reference `json:"prices"`
}

// learnedSite is a trained site with its record read.
type learnedSite struct {
	store.LearnedPolicy
	record learnedRecord
}

func (l *learnedSite) site() plan.Site { return plan.Site{SKU: l.SKU, Location: l.Location} }

func (l *learnedSite) level() automation.Level { return automation.Level(l.Level) }

// policies makes the policies of a site again. Those of another version of the program are
// fault.Invalid E-LEARNED-KEPT.
func (l *learnedSite) policies(form *simulate.ShopForm, periods int) (*automation.Learned, error) {
	if !l.record.Sound() {
		return nil, fault.New(fault.Invalid, "E-LEARNED-KEPT", fault.A("sku", string(l.SKU)))
	}
	return l.record.Learned(form, periods)
}

// learned reads what was learned of every site.
func (e *Engine) learned(ctx context.Context) ([]learnedSite, error) {
	kept, err := e.db.Learned(ctx)
	if err != nil {
		return nil, err
	}
	list := make([]learnedSite, len(kept))
	for i := range kept {
		list[i].LearnedPolicy = kept[i]
		if err := json.Unmarshal(kept[i].Policy, &list[i].record); err != nil {
			return nil, fault.Wrap(err, "read what was learned of %s", kept[i].SKU)
		}
	}
	return list, nil
}

// learnedOf reads what was learned of some SKUs, or of all. It is fault.NotFound where that
// is nothing.
func (e *Engine) learnedOf(ctx context.Context, skus []commerce.SKU) ([]learnedSite, error) {
	list, err := e.learned(ctx)
	if err != nil {
		return nil, err
	}
	if len(skus) > 0 {
		list = slices.DeleteFunc(list, func(l learnedSite) bool { return !slices.Contains(skus, l.SKU) })
	}
	if len(list) == 0 {
		return nil, fault.New(fault.NotFound, "E-LEARNED-NONE")
	}
	return list, nil
}

// FitView is one question put to a simulated shop; nil bounds are none.
type FitView struct {
	Name      string        `json:"name"`
	Title     LocalizedText `json:"title"`
	Tested    bool          `json:"tested"`
	Statistic float64       `json:"statistic"`
	Least     *float64      `json:"least"`
	Limit     *float64      `json:"limit"`
	P         float64       `json:"p"`
	Passed    bool          `json:"passed"`
}

func checksOf(c *simulate.Calibration) []FitView {
	list := make([]FitView, len(c.Checks))
	for i, k := range c.Checks {
		list[i] = FitView{k.Name, localized(messages.M("learned.check." + k.Name)), k.Tested, k.Statistic, finite(k.Least), finite(k.Limit), k.P, k.Passed}
	}
	return list
}

func finite(x float64) *float64 {
	if math.IsInf(x, 0) || math.IsNaN(x) {
		return nil
	}
	return &x
}

// AdvantageView is one policy against another on the same simulated weeks; amounts are a
// year's contribution, the interval one of 95 %.
type AdvantageView struct {
	Mean     money.Amount `json:"mean"`
	Other    money.Amount `json:"other"`
	Gain     money.Amount `json:"gain"`
	Low      money.Amount `json:"low"`
	High     money.Amount `json:"high"`
	Share    float64      `json:"share"`     // gain as a share of what the other earns
	ShareLow float64      `json:"share_low"` // likewise of the lower bound
	Episodes int          `json:"episodes"`
}

// learnedWeeks is how many weeks an episode has.
const learnedWeeks = 104

func (e *Engine) comparison(c automation.Comparison, weeks int) AdvantageView {
	v := AdvantageView{Episodes: c.Episodes}
	year := func(x float64) money.Amount { return e.reported(x * 52 / float64(max(1, weeks))) }
	v.Mean, v.Other, v.Gain, v.Low, v.High = year(c.Mean), year(c.Other), year(c.Gain), year(c.Low), year(c.High)
	v.Share, v.ShareLow = c.Share(), c.ShareLow()
	return v
}

// shopFactsOf makes the simulated shop of a site and holds it against the site's own past.
// The fault says why it may not be learned in.
func shopFactsOf(v *plan.Survey, st *plan.PriceStudy, site plan.Site) (*plan.ShopFacts, *simulate.Calibration, error) {
	facts, err := v.ShopForm(site, st)
	if err != nil {
		return nil, nil, err
	}
	c, err := simulate.Calibrate(&facts.Form, facts.History, facts.Form.Key)
	if err == nil {
		err = c.Refusal()
	}
	return facts, c, err
}

// shops is what simulated shops are made from.
type shops struct {
	*priced
	survey *plan.Survey
}

func (e *Engine) shops(ctx context.Context) (*shops, error) {
	p, err := e.priced(ctx)
	if err != nil {
		return nil, err
	}
	if len(p.facts.Items) == 0 {
		return nil, fault.New(fault.Invalid, "E-NO-FACTS")
	}
	v, err := e.outlook(ctx, p.facts)
	return &shops{p, v}, err
}

// worthMost ranks sites by what they contribute a week; those that contribute nothing are
// left out.
func (s *shops) worthMost(skus []commerce.SKU) []plan.Site {
	type ranked struct {
		site  plan.Site
		worth float64
	}
	var list []ranked
	for _, site := range s.survey.Sites {
		if len(skus) > 0 && !slices.Contains(skus, site.SKU) {
			continue
		}
		if worth := s.survey.Contribution(site); worth > 0 || len(skus) > 0 {
			list = append(list, ranked{site, worth})
		}
	}
	slices.SortStableFunc(list, func(a, b ranked) int { return cmp.Compare(b.worth, a.worth) })
	sites := make([]plan.Site, len(list))
	for i := range list {
		sites[i] = list[i].site
	}
	return sites
}
