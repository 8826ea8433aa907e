package tradewind

import (
	"context"
	"time"

	"tradewind/commerce"
	"tradewind/fault"
	"tradewind/messages"
	"tradewind/operations/demand"
	"tradewind/plan"
	"tradewind/store"
)

// BacktestOptions say how far to go back.
type BacktestOptions struct {
	Origins int // past days to forecast from, four weeks apart; 0 is 3
	ForecastOptions
}

const (
	usualOrigins = 3
	mostOrigins  = 24
	leastHistory = 2 * demand.PublishedDays // before the first origin
)

// Backtest makes the forecasts that the program would have made on past days, from the
// facts of then and without the word of anybody, keeps them as runs, and judges them. Each
// origin is kept when it is done: what was broken off goes on from there.
func (e *Engine) Backtest(ctx context.Context, o BacktestOptions) (*AccuracyReport, error) {
	start := time.Now()
	if _, err := e.actor(ctx, MayForecast, ""); err != nil {
		return nil, err
	}
	if o.Origins == 0 {
		o.Origins = usualOrigins
	}
	tell(o.Progress, "engine.stage.freeze", 0, 0)
	s, err := e.snapshot(ctx)
	if err != nil {
		return nil, err
	}
	if o.Origins < 1 || o.Origins > mostOrigins {
		return nil, fault.New(fault.Usage, "E-BACKTEST-ORIGINS", fault.A("value", o.Origins), fault.A("most", mostOrigins))
	}
	if most := (s.Days() - leastHistory) / demand.PublishedDays; o.Origins > most {
		return nil, fault.New(fault.Invalid, "E-BACKTEST-SHORT", fault.A("value", o.Origins), fault.A("days", s.Days()), fault.A("most", max(0, most)),
			fault.A("need", leastHistory+o.Origins*demand.PublishedDays))
	}
	if o.SKU != "" || o.Market != "" {
		if err := inScope(s, o.ForecastOptions); err != nil {
			return nil, err
		}
	}
	var runs []store.ForecastRun
	for k := 1; k <= o.Origins; k++ {
		run, err := e.backtestFrom(ctx, s, k, o)
		if err != nil {
			return nil, err
		}
		if run != nil {
			runs = append(runs, *run)
		}
	}
	tell(o.Progress, "engine.stage.judge", 0, 0)
	return e.judgeAll(ctx, s, runs, o.ForecastOptions, start)
}

// backtestFrom makes the run of the k-th origin before the last day, or finds it kept.
// Before anything in scope was sold there is none.
func (e *Engine) backtestFrom(ctx context.Context, s *commerce.Snapshot, k int, o BacktestOptions) (*store.ForecastRun, error) {
	origin := s.AsOf.AddDays(-k * demand.PublishedDays)
	stage := messages.M("engine.stage.backtest", messages.A("day", origin))
	report := func(p Progress) {
		if o.Progress != nil {
			o.Progress(Progress{Stage: stage, Done: p.Done, Total: p.Total})
		}
	}
	report(Progress{})
	then, err := e.db.Snapshot(ctx, &origin, e.currency)
	if err != nil {
		return nil, err
	}
	// A run of everything holds what a smaller scope asks for.
	if run, err := e.db.ForecastRunOf(ctx, runID(then, []string{}, ForecastOptions{})); run != nil || err != nil {
		return run, err
	}
	scope := ForecastOptions{SKU: o.SKU, Market: o.Market, Progress: report}
	if len(seriesIn(then, scope)) == 0 {
		return nil, nil
	}
	run, _, err := e.publish(ctx, then, nil, "backtest", scope, func() *plan.Survey {
		return plan.NewSurvey(then, e.config.Plan, e.now(), Version, nil)
	})
	return run, err
}
