package tradewind

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"math"
	"time"

	"tradewind/calendar"
	"tradewind/commerce"
	"tradewind/fault"
	"tradewind/operations/demand"
	"tradewind/plan"
	"tradewind/store"
)

// ForecastOptions say what to forecast.
type ForecastOptions struct {
	SKU      commerce.SKU    // "" is all
	Market   commerce.Market // "" is every market, and all of them together
	Progress func(Progress)  // may be nil
}

// ForecastRun is one making of forecasts, which are kept: a series is a SKU in a market,
// or in all markets together.
type ForecastRun struct {
	ID        string          `json:"id"`
	Origin    calendar.Day    `json:"origin"` // last day of the facts behind it
	MadeAt    time.Time       `json:"made_at"`
	For       string          `json:"made_for"` // the verb that made it: run, plan or backtest
	SKU       commerce.SKU    `json:"sku,omitempty"`
	Market    commerce.Market `json:"market,omitempty"`
	Series    int             `json:"series"`
	Methods   []MethodView    `json:"methods"`
	Overrides []string        `json:"overrides"` // that were in force
	Snapshot  string          `json:"data_fingerprint"`
	Version   string          `json:"version"`
	Known     bool            `json:"already_kept"` // the same facts, overrides and program had made it before
	Seconds   float64         `json:"seconds"`
}

// MethodView is a method of forecasting, and what speaks for it.
type MethodView struct {
	Model    string        `json:"model"`
	Class    string        `json:"class,omitempty"` // of series that it was chosen for; "" where none was judged
	Pooled   bool          `json:"pooled"`          // series with too little history of their own
	Skill    *float64      `json:"value_added"`     // over seasonal naive in the backtest of the class; nil: not measured
	Evidence []MethodScore `json:"evidence"`
	Series   int           `json:"series"` // that it forecast

	Weights  []MethodWeight `json:"weights"`            // of the methods that it combines; empty where one stands alone
	Optimism *float64       `json:"selection_optimism"` // what of the value added the choice of method alone may have made; nil: not measured
}

// MethodScore is how a method did in the backtest.
type MethodScore struct {
	Method string  `json:"method"`
	RMSSE  float64 `json:"rmsse"`
}

// MethodWeight is the part that a method has in a combined forecast.
type MethodWeight struct {
	Method string  `json:"method"`
	Weight float64 `json:"weight"`
}

// runDetail is what a run keeps beside its numbers.
type runDetail struct {
	Methods   []MethodView   `json:"methods"`
	Profile   demand.Profile `json:"profile"` // of days in their weeks
	Overrides []string       `json:"overrides"`
}

// RunForecast forecasts every series as of the workspace's facts, and keeps the forecasts
// for good. The same facts, overrides and program give the run that is there already.
func (e *Engine) RunForecast(ctx context.Context, o ForecastOptions) (*ForecastRun, error) {
	start := time.Now()
	if _, err := e.actor(ctx, MayForecast, ""); err != nil {
		return nil, err
	}
	tell(o.Progress, "engine.stage.freeze", 0, 0)
	s, err := e.snapshot(ctx)
	if err != nil {
		return nil, err
	}
	if o.SKU != "" || o.Market != "" {
		if err := inScope(s, o); err != nil {
			return nil, err
		}
	}
	kept, err := e.db.Overrides(ctx, "")
	if err != nil {
		return nil, err
	}
	list := e.overrides(kept)
	run, known, err := e.publish(ctx, s, list, "run", o, func() *plan.Survey { return e.survey(s) })
	if err != nil {
		return nil, err
	}
	return runView(run, known, time.Since(start))
}

// inScope refuses a SKU or a market in which nothing was sold.
func inScope(s *commerce.Snapshot, o ForecastOptions) error {
	if o.SKU != "" {
		_, err := history(s, o.SKU, o.Market)
		return err
	}
	for _, it := range s.Items {
		if it.Market == o.Market {
			return nil
		}
	}
	return fault.New(fault.NotFound, "E-MARKET-NOT-FOUND", fault.A("market", string(o.Market)))
}

// publish makes and keeps the forecasts of a snapshot, or finds them kept. survey is asked
// only where there is something to do.
func (e *Engine) publish(ctx context.Context, s *commerce.Snapshot, list []plan.Override, verb string, o ForecastOptions, survey func() *plan.Survey) (run *store.ForecastRun, known bool, err error) {
	ids := inForce(list, s.AsOf)
	id := runID(s, ids, o)
	if run, err := e.db.ForecastRunOf(ctx, id); run != nil || err != nil {
		return run, true, err
	}
	tell(o.Progress, "engine.stage.survey", 0, 0)
	rows, detail, err := forecastAll(ctx, survey().Overridden(list), o)
	if err != nil {
		return nil, false, err
	}
	detail.Overrides = ids
	data, err := json.Marshal(detail)
	if err != nil {
		return nil, false, fault.Wrap(err, "keep forecast run %s", id)
	}
	run, err = e.db.SaveForecasts(ctx, store.ForecastRun{
		ID: id, Origin: s.AsOf, At: e.now(), For: verb, Snapshot: s.Hash, Version: Version, SKU: o.SKU, Market: o.Market, Detail: data,
	}, rows)
	return run, false, err
}

// inForce names the overrides that say something of the days after a day.
func inForce(list []plan.Override, asOf calendar.Day) []string {
	ids := []string{}
	for _, o := range list {
		if asOf.Before(o.To()) {
			ids = append(ids, o.ID)
		}
	}
	return ids
}

// runID names a run by everything that its forecasts depend on.
func runID(s *commerce.Snapshot, overrides []string, o ForecastOptions) string {
	h := sha256.New()
	fmt.Fprintf(h, "%q", []any{s.Hash, Version, overrides, string(o.SKU), string(o.Market)})
	return "F-" + hex.EncodeToString(h.Sum(nil)[:5])
}

// forecastAll forecasts every series in scope on all cores. The result does not depend on
// their number.
func forecastAll(ctx context.Context, v *plan.Survey, o ForecastOptions) ([]store.ForecastRow, *runDetail, error) {
	series := seriesIn(v.Snapshot, o)
	rows := make([]store.ForecastRow, len(series))
	means := make([][]float64, len(series))
	methods := make([]MethodView, len(series))
	err := inShards(ctx, len(series), func(done int) {
		tell(o.Progress, "engine.stage.forecast", int64(done), int64(len(series)))
	}, func(i int) {
		rows[i], methods[i], means[i] = publishOne(v, series[i])
	})
	if err != nil {
		return nil, nil, err
	}
	detail := &runDetail{Methods: []MethodView{}}
	units := make([]float64, demand.PublishedDays)
	at := map[string]int{}
	for i := range rows {
		key := fmt.Sprint(methods[i].Model, methods[i].Class, methods[i].Pooled, methods[i].Evidence, methods[i].Weights)
		k, seen := at[key]
		if !seen {
			k = len(detail.Methods)
			at[key] = k
			detail.Methods = append(detail.Methods, methods[i])
		}
		rows[i].Method = k
		detail.Methods[k].Series++
		if rows[i].Market != "" {
			for t, m := range means[i] {
				units[t] += m
			}
		}
	}
	detail.Profile = demand.NewProfile(units)
	return rows, detail, nil
}

// seriesIn lists the SKUs in scope by market, channels together, and each in all markets
// together (market "") where the scope is not one market.
func seriesIn(s *commerce.Snapshot, o ForecastOptions) []commerce.Item {
	var list []commerce.Item
	for i, it := range s.Items {
		if o.SKU != "" && it.SKU != o.SKU || o.Market != "" && it.Market != o.Market {
			continue
		}
		if o.Market == "" && (i == 0 || s.Items[i-1].SKU != it.SKU) {
			list = append(list, commerce.Item{SKU: it.SKU})
		}
		one := commerce.Item{SKU: it.SKU, Market: it.Market}
		if it.Market != "" && (len(list) == 0 || list[len(list)-1] != one) {
			list = append(list, one)
		}
	}
	return list
}

func publishOne(v *plan.Survey, it commerce.Item) (store.ForecastRow, MethodView, []float64) {
	o := v.Demand.Outlook(plan.SeriesOf(v.Snapshot, it.SKU, inMarket(it.Market)))
	f := o.Forecast(demand.PublishedDays)
	if r := v.Revise(o, it.SKU, shareIn(it.Market)); r != nil {
		f = r.Forecast(demand.PublishedDays)
	}
	p := demand.Publish(f)
	row := store.ForecastRow{SKU: it.SKU, Market: it.Market, Total: store.Spread(p.Total), InsideP10: p.InsideP10, InsideP90: p.InsideP90}
	for w := range p.Weeks {
		row.Weeks[w] = store.Spread(p.Weeks[w])
	}
	return row, methodOf(o), f.Means()
}

// methodOf is the method of an outlook and its evidence.
func methodOf(o *demand.Outlook) MethodView {
	m := MethodView{Model: o.Model, Class: o.Class, Pooled: o.Pooled, Skill: measured(o.Skill), Optimism: measured(o.Optimism),
		Evidence: []MethodScore{}, Weights: []MethodWeight{}}
	for _, s := range o.Evidence {
		if !math.IsNaN(s.RMSSE) {
			m.Evidence = append(m.Evidence, MethodScore(s))
		}
	}
	for _, w := range o.Weights {
		m.Weights = append(m.Weights, MethodWeight{w.Member, w.Weight})
	}
	return m
}

func runView(run *store.ForecastRun, known bool, took time.Duration) (*ForecastRun, error) {
	var d runDetail
	if err := json.Unmarshal(run.Detail, &d); err != nil {
		return nil, fault.Wrap(err, "read forecast run %s", run.ID)
	}
	return &ForecastRun{
		ID: run.ID, Origin: run.Origin, MadeAt: run.At, For: run.For, SKU: run.SKU, Market: run.Market, Series: run.Series,
		Methods: d.Methods, Overrides: d.Overrides, Snapshot: run.Snapshot, Version: run.Version, Known: known, Seconds: took.Seconds(),
	}, nil
}
