package tradewind

import (
	"context"
	"strconv"
	"strings"

	"tradewind/calendar"
	"tradewind/commerce"
	"tradewind/fault"
	"tradewind/plan"
	"tradewind/store"
)

// OverrideRequest is what a person expects of a SKU in a market on some days, in place of
// the model: so many units in all, or so many times what the model expects. One of the two
// is given.
type OverrideRequest struct {
	SKU    commerce.SKU
	Market commerce.Market
	From   calendar.Day
	To     calendar.Day // the last day
	Units  *float64
	Factor *float64
	Reason string
	By     string
}

const (
	mostOverride = 1e9 // units
	mostFactor   = 100
	mostReason   = 500 // characters
)

// Override replaces what the model expects on some of the coming days. What it says of each
// day is settled now: the units are spread as the model spreads its own. Forecasts and
// plans rest on it at once, and it is judged when the days are over. On a day that an
// earlier override speaks of, the later one counts.
func (e *Engine) Override(ctx context.Context, r OverrideRequest) (*OverrideView, error) {
	by, err := e.actor(ctx, MayOverride, r.By)
	if err != nil {
		return nil, err
	}
	r.By = by
	s, err := e.snapshot(ctx)
	if err != nil {
		return nil, err
	}
	r.Reason, r.By = strings.TrimSpace(r.Reason), strings.TrimSpace(r.By)
	v := e.survey(s)
	if err := r.check(s, len(v.Demand.Ahead())); err != nil {
		return nil, err
	}
	o := v.Demand.Outlook(plan.SeriesOf(s, r.SKU, inMarket(r.Market)))
	expected := make([]float64, r.To.Sub(r.From)+1)
	for d := range expected {
		t := r.From.Sub(s.AsOf) - 1 + d
		expected[d] = o.Mean(t, t+1)
	}
	kept := store.Override{SKU: r.SKU, Market: r.Market, From: r.From, Units: r.spread(expected), Expected: expected, Model: o.Model, Snapshot: s.Hash}
	if r.Units != nil {
		kept.HasUnits = true
	} else {
		kept.Factor = *r.Factor
	}
	saved, err := e.db.SaveOverride(ctx, kept, r.By, r.Reason, e.now())
	if err != nil {
		return nil, err
	}
	return e.overrideView(ctx, s, saved.ID)
}

// spread says what is expected a day.
func (r *OverrideRequest) spread(expected []float64) []float64 {
	units := make([]float64, len(expected))
	sum := 0.0
	for _, m := range expected {
		sum += m
	}
	for d, m := range expected {
		switch {
		case r.Factor != nil:
			units[d] = *r.Factor * m
		case sum > 0:
			units[d] = *r.Units * m / sum
		default: // the model expects nothing at all: it has no shape to go by
			units[d] = *r.Units / float64(len(units))
		}
	}
	return units
}

// check refuses what cannot be meant; horizon is how many days are forecast.
func (r *OverrideRequest) check(s *commerce.Snapshot, horizon int) error {
	first, last := s.AsOf.AddDays(1), s.AsOf.AddDays(horizon)
	switch {
	case r.Market == "":
		return fault.New(fault.Usage, "E-OVERRIDE-MARKET")
	case r.By == "":
		return fault.New(fault.Invalid, "E-OVERRIDE-BY")
	case r.Reason == "":
		return fault.New(fault.Invalid, "E-OVERRIDE-REASON")
	case len([]rune(r.Reason)) > mostReason:
		return fault.New(fault.Invalid, "E-OVERRIDE-REASON-LONG", fault.A("most", mostReason))
	case (r.Units == nil) == (r.Factor == nil):
		return fault.New(fault.Usage, "E-OVERRIDE-ONE")
	case r.Units != nil && !(*r.Units >= 0 && *r.Units <= mostOverride):
		return fault.New(fault.Invalid, "E-OVERRIDE-UNITS", fault.A("value", plainNumber(*r.Units)))
	case r.Factor != nil && !(*r.Factor >= 0 && *r.Factor <= mostFactor):
		return fault.New(fault.Invalid, "E-OVERRIDE-FACTOR", fault.A("value", plainNumber(*r.Factor)), fault.A("most", mostFactor))
	case r.To.Before(r.From):
		return fault.New(fault.Invalid, "E-OVERRIDE-SPAN", fault.A("from", r.From), fault.A("to", r.To))
	case r.From.Before(first):
		return fault.New(fault.Invalid, "E-OVERRIDE-PAST", fault.A("from", r.From), fault.A("asof", s.AsOf), fault.A("first", first))
	case last.Before(r.To):
		return fault.New(fault.Invalid, "E-OVERRIDE-HORIZON", fault.A("to", r.To), fault.A("last", last))
	}
	_, err := history(s, r.SKU, r.Market)
	return err
}

// RemoveOverride ends an override: the model counts again, or an earlier override does. Who
// removed it and why stays in its history.
func (e *Engine) RemoveOverride(ctx context.Context, id, by, reason string) (*OverrideView, error) {
	by, err := e.actor(ctx, MayOverride, by)
	if err != nil {
		return nil, err
	}
	by, reason = strings.TrimSpace(by), strings.TrimSpace(reason)
	switch {
	case by == "":
		return nil, fault.New(fault.Invalid, "E-OVERRIDE-BY")
	case reason == "":
		return nil, fault.New(fault.Invalid, "E-OVERRIDE-REASON")
	case len([]rune(reason)) > mostReason:
		return nil, fault.New(fault.Invalid, "E-OVERRIDE-REASON-LONG", fault.A("most", mostReason))
	}
	s, err := e.snapshot(ctx)
	if err != nil {
		return nil, err
	}
	if err := e.db.RemoveOverride(ctx, id, by, reason, e.now()); err != nil {
		return nil, err
	}
	return e.overrideView(ctx, s, id)
}

// Overrides lists the overrides of a SKU, or of all (""), the newest first.
func (e *Engine) Overrides(ctx context.Context, sku commerce.SKU) ([]OverrideView, error) {
	s, err := e.snapshot(ctx)
	if err != nil {
		return nil, err
	}
	kept, err := e.db.Overrides(ctx, sku)
	if err != nil {
		return nil, err
	}
	return e.overrideViews(s, kept, ""), nil
}

// overrides are the kept overrides that nobody removed, as a plan sees them.
func (e *Engine) overrides(kept []store.Override) []plan.Override {
	var list []plan.Override
	for i := range kept {
		o := &kept[i]
		if o.Removed() == nil {
			list = append(list, e.planned(o))
		}
	}
	return list
}

func (e *Engine) planned(o *store.Override) plan.Override {
	made := o.History[0]
	return plan.Override{ID: o.ID, Seq: o.Seq, SKU: o.SKU, Market: o.Market, From: o.From, Units: o.Units,
		By: made.By, Reason: made.Reason, Made: calendar.DayIn(made.At, e.zone)}
}

// overriddenNow reads what people expect now, of every SKU.
func (e *Engine) overriddenNow(ctx context.Context) ([]plan.Override, error) {
	kept, err := e.db.Overrides(ctx, "")
	return e.overrides(kept), err
}

// plainNumber writes a number that was no good.
func plainNumber(x float64) string { return strconv.FormatFloat(x, 'g', -1, 64) }
