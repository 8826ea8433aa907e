package tradewind

import (
	"context"
	"math"
	"slices"
	"time"

	"tradewind/calendar"
	"tradewind/commerce"
	"tradewind/fault"
	"tradewind/plan"
	"tradewind/store"
)

// OverrideView is an override with its history and, once days of it are over, its score.
type OverrideView struct {
	ID       string          `json:"id"`
	SKU      commerce.SKU    `json:"sku"`
	Market   commerce.Market `json:"market"`
	From     calendar.Day    `json:"from"`
	To       calendar.Day    `json:"to"`
	Units    float64         `json:"units"`            // in all
	Factor   *float64        `json:"factor,omitempty"` // where units were not given
	Expected float64         `json:"model_units"`      // by the model, when the override was made
	Model    string          `json:"model"`
	By       string          `json:"by"`
	Reason   string          `json:"reason"`
	At       time.Time       `json:"at"`
	State    OverrideState   `json:"state"`

	Replaces   []string       `json:"replaces"`          // earlier ones, on the days that they share
	ReplacedBy []string       `json:"replaced_by"`       // later ones, likewise
	Removed    *RemovalView   `json:"removed,omitempty"` // nil while nobody has
	Score      *OverrideScore `json:"score,omitempty"`   // nil before any of its days is over
	Days       []OverrideDay  `json:"days"`
}

// OverrideState says whether forecasts rest on an override.
type OverrideState string

const (
	OverrideInForce  OverrideState = "in_force"
	OverrideReplaced OverrideState = "replaced" // by later ones, on every day to come
	OverrideOver     OverrideState = "over"
	OverrideRemoved  OverrideState = "removed"
)

// RemovalView is who ended an override, and why.
type RemovalView struct {
	By     string    `json:"by"`
	At     time.Time `json:"at"`
	Reason string    `json:"reason"`
}

// OverrideDay is what an override says of a day, and what the model said.
type OverrideDay struct {
	Day      calendar.Day `json:"day"`
	Units    float64      `json:"units"`
	Expected float64      `json:"model_units"`
}

// OverrideScore is how an override and the model that it replaced did on the days that are
// over, before it was removed. Errors are of the total of these days, in units: forecast
// less actual.
type OverrideScore struct {
	Days          int     `json:"days"` // of the override that are over
	Actual        int64   `json:"actual"`
	Units         float64 `json:"units"`
	Expected      float64 `json:"model_units"`
	OverrideError float64 `json:"override_error"`
	ModelError    float64 `json:"model_error"`
	Better        string  `json:"better"` // override, model or neither
}

// overrideView is one override as it stands now.
func (e *Engine) overrideView(ctx context.Context, s *commerce.Snapshot, id string) (*OverrideView, error) {
	kept, err := e.db.Overrides(ctx, "")
	if err != nil {
		return nil, err
	}
	for _, v := range e.overrideViews(s, kept, "") {
		if v.ID == id {
			return &v, nil
		}
	}
	return nil, fault.New(fault.NotFound, "E-OVERRIDE-NOT-FOUND", fault.A("id", id))
}

// overrideViews shows the overrides in a market, or in all (""), the newest first.
func (e *Engine) overrideViews(s *commerce.Snapshot, kept []store.Override, market commerce.Market) []OverrideView {
	views := []OverrideView{}
	for i := len(kept) - 1; i >= 0; i-- {
		o := &kept[i]
		if market != "" && o.Market != market {
			continue
		}
		p := e.planned(o)
		v := OverrideView{ID: o.ID, SKU: o.SKU, Market: o.Market, From: o.From, To: p.To(), Units: settled(p.Total()), Model: o.Model,
			By: p.By, Reason: p.Reason, At: o.History[0].At, Score: scoreOf(s, o, e.lastDayOf(o)), Replaces: []string{}, ReplacedBy: []string{}}
		if !o.HasUnits {
			v.Factor = &o.Factor
		}
		for d, units := range o.Units {
			v.Days = append(v.Days, OverrideDay{o.From.AddDays(d), units, o.Expected[d]})
			v.Expected += o.Expected[d]
		}
		v.Expected = settled(v.Expected)
		if r := o.Removed(); r != nil {
			v.Removed = &RemovalView{r.By, r.At, r.Reason}
		}
		v.Replaces, v.ReplacedBy = e.sharesDays(kept, o)
		v.State = e.stateOf(s, kept, o)
		views = append(views, v)
	}
	return views
}

// lastDayOf is the last day on which an override counted.
func (e *Engine) lastDayOf(o *store.Override) calendar.Day {
	last := e.planned(o).To()
	if r := o.Removed(); r != nil {
		if day := calendar.DayIn(r.At, e.zone); day.Before(last) {
			return day
		}
	}
	return last
}

// sharesDays names the overrides, not removed, that speak of a day of this one: earlier and
// later ones.
func (e *Engine) sharesDays(kept []store.Override, o *store.Override) (earlier, later []string) {
	earlier, later = []string{}, []string{}
	for i := range kept {
		other := &kept[i]
		if other.ID == o.ID || other.SKU != o.SKU || other.Market != o.Market || other.Removed() != nil {
			continue
		}
		if e.planned(other).To().Before(o.From) || e.planned(o).To().Before(other.From) {
			continue
		}
		if other.Seq < o.Seq {
			earlier = append(earlier, other.ID)
		} else {
			later = append(later, other.ID)
		}
	}
	return earlier, later
}

func (e *Engine) stateOf(s *commerce.Snapshot, kept []store.Override, o *store.Override) OverrideState {
	switch to := e.planned(o).To(); {
	case o.Removed() != nil:
		return OverrideRemoved
	case !s.AsOf.Before(to):
		return OverrideOver
	}
	counts := slices.Contains(plan.Speaking(s, e.overrides(kept), o.SKU, o.Market), o.ID)
	if !counts {
		return OverrideReplaced
	}
	return OverrideInForce
}

// scoreOf judges an override on the days up to last that are over.
func scoreOf(s *commerce.Snapshot, o *store.Override, last calendar.Day) *OverrideScore {
	if s.AsOf.Before(last) {
		last = s.AsOf
	}
	days := last.Sub(o.From) + 1
	if days < 1 {
		return nil
	}
	sold, err := history(s, o.SKU, o.Market)
	if err != nil {
		return nil // the sales that it was about have been taken back
	}
	days = min(days, len(o.Units))
	r := &OverrideScore{Days: days, Actual: unitsBetween(sold, o.From, o.From.AddDays(days-1)), Better: "neither"}
	for d := range days {
		r.Units += o.Units[d]
		r.Expected += o.Expected[d]
	}
	r.Units, r.Expected = settled(r.Units), settled(r.Expected)
	r.OverrideError, r.ModelError = settled(r.Units-float64(r.Actual)), settled(r.Expected-float64(r.Actual))
	switch own, model := math.Abs(r.OverrideError), math.Abs(r.ModelError); {
	case own < model:
		r.Better = "override"
	case model < own:
		r.Better = "model"
	}
	return r
}

// settled is a sum without the noise of adding up days.
func settled(x float64) float64 { return math.Round(x*1e6) / 1e6 }
