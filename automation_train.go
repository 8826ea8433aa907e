package tradewind

import (
	"context"
	"encoding/json"
	"slices"
	"time"

	"tradewind/commerce"
	"tradewind/fault"
	"tradewind/messages"
	"tradewind/numeric/drift"
	"tradewind/operations/automation"
	"tradewind/plan"
	"tradewind/simulate"
	"tradewind/store"
)

// TrainOptions say what to learn. The zero value trains the twenty sites that contribute
// most.
type TrainOptions struct {
	SKUs     []commerce.SKU // empty: those that contribute most
	Items    int            // most sites to train; 0 is 20, or all that SKUs name
	Effort   TrainEffort    // of each; zero fields stand for what the benchmark uses
	By       string
	Progress func(Progress) // may be nil
}

// TrainEffort is how much work goes into a site.
type TrainEffort = automation.Effort

// TrainReport says what was learned, and of which sites nothing could be.
type TrainReport struct {
	Trained []TrainedView   `json:"trained"`
	Refused []UntrainedView `json:"refused"`
	Seconds float64         `json:"seconds"`
}

// TrainedView is what was learned of a site.
type TrainedView struct {
	SKU       commerce.SKU      `json:"sku"`
	Location  commerce.Location `json:"location"`
	Product   string            `json:"product"`
	Level     string            `json:"level"`
	Priced    bool              `json:"prices_learned"` // false: how demand answers to prices is not known, and they stay
	Learned   bool              `json:"learned"`        // false: nothing beat the classical policy, which stays
	Moves     int               `json:"moves"`          // states in which it departs from the classical policy
	Advantage AdvantageView     `json:"advantage"`
	Shadow    *AdvantageView    `json:"shadow"` // nil: the past is too short for one
	Curve     []AdvantageView   `json:"curve"`
	Checks    []FitView         `json:"checks"`
	Assumed   []LocalizedText   `json:"assumed"`
	TrainedAt time.Time         `json:"trained_at"`
	Snapshot  string            `json:"data_fingerprint"`
}

// UntrainedView is a site of which nothing may be learned, and what would change that.
type UntrainedView struct {
	SKU      commerce.SKU      `json:"sku"`
	Location commerce.Location `json:"location"`
	Product  string            `json:"product"`
	Code     string            `json:"code"`
	Reason   LocalizedText     `json:"reason"`
	Remedy   LocalizedText     `json:"remedy"`
}

const (
	trainedAtMost = 20
	// triedForOne is how many sites are looked at for each that is to be trained.
	triedForOne = 4
	// sketchBins is how finely the weeks that were learned from are kept.
	sketchBins = 5
	// shadowEpisodes is how often the item's own past is played.
	shadowEpisodes = 64
)

// prepared is a site that is ready to be learned, or why it is not.
type prepared struct {
	site  plan.Site
	facts *plan.ShopFacts
	fit   *simulate.Calibration
	err   error
}

// TrainAutomation learns how prices and orders of the sites that contribute most are best
// adjusted, each in a simulated shop of its own that was held against its past. What it
// learns advises only, until EvaluateAutomation has proved it. The same facts give the same
// policies to the byte, on any number of cores.
func (e *Engine) TrainAutomation(ctx context.Context, o TrainOptions) (*TrainReport, error) {
	start := time.Now()
	by, err := e.actor(ctx, MayAutomate, o.By)
	if err != nil {
		return nil, err
	}
	tell(o.Progress, "engine.stage.survey", 0, 0)
	shops, err := e.shops(ctx)
	if err != nil {
		return nil, err
	}
	ready, refused, err := e.ready(ctx, shops, o)
	if err != nil {
		return nil, err
	}
	records := make([]*learnedRecord, len(ready))
	failed := make([]error, len(ready))
	tell(o.Progress, "learned.stage.train", 0, int64(len(ready)))
	err = inPieces(ctx, len(ready), 1, func(done int) {
		tell(o.Progress, "learned.stage.train", int64(done), int64(len(ready)))
	}, func(i int) {
		records[i], failed[i] = train(shops.survey, &ready[i], o.Effort)
	})
	if err != nil {
		return nil, err
	}
	r := &TrainReport{Trained: []TrainedView{}, Refused: refused}
	before, err := e.learned(ctx)
	if err != nil {
		return nil, err
	}
	var list []store.LearnedPolicy
	var moves []store.LearnedMove
	for i, record := range records {
		if failed[i] != nil {
			r.Refused = append(r.Refused, e.untrained(shops, ready[i].site, failed[i]))
			continue
		}
		data, err := json.Marshal(record)
		if err != nil {
			return nil, fault.Wrap(err, "keep what was learned of %s", ready[i].site.SKU)
		}
		p := store.LearnedPolicy{SKU: ready[i].site.SKU, Location: ready[i].site.Location, TrainedAt: e.now(), TrainedBy: by,
			Snapshot: shops.facts.Hash, Level: string(automation.Advise), Since: e.now(), Policy: data}
		list = append(list, p)
		if m, err := e.anew(before, &p); err != nil {
			return nil, err
		} else if m != nil {
			moves = append(moves, *m)
		}
		r.Trained = append(r.Trained, e.trainedView(&learnedSite{p, *record}, shops.names[p.SKU]))
	}
	if err := e.db.SaveLearned(ctx, list, moves); err != nil {
		return nil, err
	}
	r.Seconds = time.Since(start).Seconds()
	return r, nil
}

// ready finds the sites to train: of those that contribute most, or that were asked for,
// the ones whose simulated shop is like the real one.
func (e *Engine) ready(ctx context.Context, s *shops, o TrainOptions) (ready []prepared, refused []UntrainedView, err error) {
	sites := s.worthMost(o.SKUs)
	most := o.Items
	switch {
	case most <= 0 && len(o.SKUs) > 0:
		most = len(sites)
	case most <= 0:
		most = trainedAtMost
	}
	for _, sku := range o.SKUs {
		if !slices.ContainsFunc(sites, func(site plan.Site) bool { return site.SKU == sku }) {
			return nil, nil, fault.New(fault.NotFound, "E-SKU-NOT-FOUND", fault.A("sku", string(sku)))
		}
	}
	sites = sites[:min(len(sites), most*triedForOne)]
	all := make([]prepared, len(sites))
	tell(o.Progress, "learned.stage.calibrate", 0, int64(len(sites)))
	err = inPieces(ctx, len(sites), 1, func(done int) {
		tell(o.Progress, "learned.stage.calibrate", int64(done), int64(len(sites)))
	}, func(i int) {
		p := &all[i]
		p.site = sites[i]
		p.facts, p.fit, p.err = shopFactsOf(s.survey, s.PriceStudy, p.site)
	})
	if err != nil {
		return nil, nil, err
	}
	refused = []UntrainedView{}
	for i := range all {
		if len(ready) == most {
			break
		}
		if all[i].err != nil {
			refused = append(refused, e.untrained(s, all[i].site, all[i].err))
			continue
		}
		ready = append(ready, all[i])
	}
	return ready, refused, nil
}

// train learns one site.
func train(v *plan.Survey, p *prepared, effort automation.Effort) (*learnedRecord, error) {
	form := p.facts.Learnable()
	arena := automation.NewArena(&form, learnedWeeks)
	l := automation.Learn(arena, effort, nil)
	r := &learnedRecord{Kept: *l.Keep(arena, effort), Today: today(v, p), Checks: checksOf(p.fit), Priced: p.facts.Priced, Assumed: p.facts.Assumed}
	r.Sold = new(lastSold(v.Snapshot, v.Snapshot.AsOf))
	then, past := imported(v.Snapshot, p.facts)
	var err error
	if r.Shadow, err = r.shadow(&then, past); err != nil {
		return nil, err
	}
	if r.Shadow != nil {
		r.PastWeeks = len(past.Units)
	}
	h := p.facts.History
	r.Units, r.Prices = sketch(h.Units), sketch(h.Price)
	return r, nil
}

// shadow plays what is kept of a site on a past of it; nil where that is too short.
func (r *learnedRecord) shadow(form *simulate.ShopForm, past simulate.History) (*automation.Comparison, error) {
	var wrong error
	c, err := automation.Shadow(form, past, func(a *automation.Arena) (mine, office automation.Policy) {
		l, err := r.Learned(a.Form, a.Periods)
		if err != nil {
			wrong = err
			classical := automation.NewClassical(a.Form, a.Periods)
			return classical, classical
		}
		return l.Best(), l.Classical
	}, shadowEpisodes)
	switch {
	case wrong != nil:
		return nil, wrong
	case fault.Is(err, fault.Invalid):
		return nil, nil
	}
	return &c, err
}

// sketch keeps how weeks were spread; nil where they do not vary.
func sketch(weeks []float64) *drift.Reference {
	ref, err := drift.NewReference(knownWeeks(weeks), sketchBins)
	if err != nil {
		return nil
	}
	return &ref
}

func knownWeeks(weeks []float64) []float64 {
	return slices.DeleteFunc(slices.Clone(weeks), func(x float64) bool { return finite(x) == nil })
}

// today is how a site is run, as far as facts tell: the price of late, and as much on the
// shelf and under way as now, at least what sells until an order is there and a week more.
func today(v *plan.Survey, p *prepared) automation.Fixed {
	st, _ := v.ShopNow(p.site, p.facts)
	f := &p.facts.Form
	return automation.Fixed{Price: f.Legal(f.Reference), Level: max(st.Position(), f.Level*(f.LeadDays/7+1)), Gap: 1}
}

// anew records that a site that had climbed begins again with what it learned now.
func (e *Engine) anew(before []learnedSite, p *store.LearnedPolicy) (*store.LearnedMove, error) {
	for i := range before {
		if b := &before[i]; b.SKU == p.SKU && b.Location == p.Location {
			reason, err := json.Marshal(messages.M("ladder.retrained"))
			return &store.LearnedMove{SKU: p.SKU, Location: p.Location, From: b.Level, To: p.Level, Reason: reason, By: p.TrainedBy, At: p.TrainedAt}, err
		}
	}
	return nil, nil
}

func (e *Engine) untrained(s *shops, site plan.Site, err error) UntrainedView {
	v := UntrainedView{SKU: site.SKU, Location: site.Location, Product: s.names[site.SKU], Reason: localized(messages.Of(err))}
	if f := fault.Of(err); f != nil {
		v.Code, v.Remedy = f.Code, localized(messages.Of(err).Remedy())
	}
	return v
}

func (e *Engine) trainedView(l *learnedSite, product string) TrainedView {
	r := &l.record
	v := TrainedView{SKU: l.SKU, Location: l.Location, Product: product, Level: l.Level, Priced: r.Priced, Learned: len(r.Moves) > 0,
		Advantage: e.comparison(r.Advantage, learnedWeeks), Curve: []AdvantageView{}, Checks: r.Checks, Assumed: localizedAll(r.Assumed),
		TrainedAt: l.TrainedAt, Snapshot: l.Snapshot}
	for _, move := range r.Moves {
		if int(move) != automation.Neutral {
			v.Moves++
		}
	}
	for _, c := range r.Curve {
		v.Curve = append(v.Curve, e.comparison(c, learnedWeeks))
	}
	if r.Shadow != nil {
		shadow := e.comparison(*r.Shadow, r.PastWeeks)
		v.Shadow = &shadow
	}
	return v
}
