package tradewind

import (
	"cmp"
	"context"
	"encoding/json"
	"maps"
	"math"
	"slices"
	"time"

	"tradewind/commerce"
	"tradewind/fault"
	"tradewind/operations/demand"
	"tradewind/plan"
	"tradewind/store"
)

// AccuracyReport is how kept forecasts did against what came.
type AccuracyReport struct {
	Runs      []ForecastRun  `json:"runs"`                 // that were judged, the newest first
	All       AccuracyRow    `json:"all"`                  // every SKU in every market
	Together  AccuracyRow    `json:"all_markets_together"` // every SKU, its markets added up
	Classes   []AccuracyRow  `json:"classes"`
	Markets   []AccuracyRow  `json:"markets"` // the largest first
	Overrides []OverrideView `json:"overrides"`
	Seconds   float64        `json:"seconds"`
}

// AccuracyRow is the accuracy of some series; nil is not known. Errors of totals are sums of
// absolute errors over 28 days, as a share of what came.
type AccuracyRow struct {
	Name       string   `json:"name"`
	Series     int      `json:"series"`
	Units      float64  `json:"units"` // that came
	RMSSE      *float64 `json:"rmsse"` // of days, mean over series
	NaiveRMSSE *float64 `json:"naive_rmsse"`
	Skill      *float64 `json:"value_added"`        // 1 - RMSSE / naive RMSSE
	Bias       *float64 `json:"bias"`               // Σ forecast / Σ actual - 1
	Coverage   *float64 `json:"coverage_80"`        // share of 28-day totals inside their central 80 %
	TotalError *float64 `json:"total_error"`        // of the forecasts
	LastError  *float64 `json:"last_28_days_error"` // of "as many as in the last 28 days"
}

// judged is how the forecasts of one run did.
type judged struct {
	all, together demand.Accuracy
	class, market map[string]demand.Accuracy
}

func (j *judged) add(o *judged) {
	j.all, j.together = j.all.Plus(o.all), j.together.Plus(o.together)
	for name, a := range o.class {
		j.class[name] = j.class[name].Plus(a)
	}
	for name, a := range o.market {
		j.market[name] = j.market[name].Plus(a)
	}
}

func newJudged() *judged {
	return &judged{class: map[string]demand.Accuracy{}, market: map[string]demand.Accuracy{}}
}

// runsJudged is how many runs an accuracy is over.
const runsJudged = 6

// Accuracy judges the newest runs of every series whose 28 days are over, no two of which
// forecast the same day.
func (e *Engine) Accuracy(ctx context.Context) (*AccuracyReport, error) {
	start := time.Now()
	s, err := e.snapshot(ctx)
	if err != nil {
		return nil, err
	}
	runs, err := e.db.ForecastRuns(ctx)
	if err != nil {
		return nil, err
	}
	var over []store.ForecastRun
	for _, run := range runs {
		far := len(over) == 0 || over[len(over)-1].Origin.Sub(run.Origin) >= demand.PublishedDays
		whole := run.SKU == "" && run.Market == ""
		if whole && far && s.AsOf.Sub(run.Origin) >= demand.PublishedDays && len(over) < runsJudged {
			over = append(over, run)
		}
	}
	return e.judgeAll(ctx, s, over, ForecastOptions{}, start)
}

// judgeAll judges some runs, or what is in scope of them.
func (e *Engine) judgeAll(ctx context.Context, s *commerce.Snapshot, runs []store.ForecastRun, o ForecastOptions, start time.Time) (*AccuracyReport, error) {
	r := &AccuracyReport{Runs: []ForecastRun{}, Classes: []AccuracyRow{}, Markets: []AccuracyRow{}, Overrides: []OverrideView{}}
	sum := newJudged()
	for i := range runs {
		j, err := e.judge(ctx, s, &runs[i], o)
		if err != nil {
			return nil, err
		}
		sum.add(j)
		view, err := runView(&runs[i], true, 0)
		if err != nil {
			return nil, err
		}
		r.Runs = append(r.Runs, *view)
	}
	r.All, r.Together = accuracyRow("", sum.all), accuracyRow("", sum.together)
	for name, a := range sum.class {
		r.Classes = append(r.Classes, accuracyRow(name, a))
	}
	for name, a := range sum.market {
		r.Markets = append(r.Markets, accuracyRow(name, a))
	}
	rank := map[string]int{"dense": 0, "medium": 1, "sparse": 2, pooledClass: 3}
	slices.SortFunc(r.Classes, func(a, b AccuracyRow) int {
		return cmp.Or(cmp.Compare(rank[a.Name], rank[b.Name]), cmp.Compare(a.Name, b.Name))
	})
	slices.SortFunc(r.Markets, func(a, b AccuracyRow) int { return cmp.Or(cmp.Compare(b.Units, a.Units), cmp.Compare(a.Name, b.Name)) })
	kept, err := e.db.Overrides(ctx, o.SKU)
	if err != nil {
		return nil, err
	}
	for _, v := range e.overrideViews(s, kept, o.Market) {
		if v.Score != nil {
			r.Overrides = append(r.Overrides, v)
		}
	}
	r.Seconds = time.Since(start).Seconds()
	return r, nil
}

// pooledClass is the class of series with too little history of their own.
const pooledClass = "pooled"

// judge holds the forecasts of a run against the facts of now. The answer for a whole run
// is remembered until the facts change.
func (e *Engine) judge(ctx context.Context, s *commerce.Snapshot, run *store.ForecastRun, o ForecastOptions) (*judged, error) {
	whole := o.SKU == "" && o.Market == ""
	if j := e.remembered(s, run.ID); whole && j != nil {
		return j, nil
	}
	var detail runDetail
	if err := json.Unmarshal(run.Detail, &detail); err != nil {
		return nil, fault.Wrap(err, "read forecast run %s", run.ID)
	}
	rows, err := e.db.Forecasts(ctx, run.Seq)
	if err != nil {
		return nil, err
	}
	rows = slices.DeleteFunc(rows, func(r store.ForecastRow) bool {
		return o.SKU != "" && r.SKU != o.SKU || o.Market != "" && r.Market != o.Market || r.Method >= len(detail.Methods)
	})
	origin := run.Origin.Sub(s.From) + 1 // days of the snapshot that the run knew
	each := make([]demand.Accuracy, len(rows))
	err = inShards(ctx, len(rows), func(int) {}, func(i int) {
		sold := plan.SeriesOf(s, rows[i].SKU, inMarket(rows[i].Market)).Units
		first := slices.IndexFunc(sold, func(u float64) bool { return !math.IsNaN(u) })
		if 0 <= first && first < origin {
			p := published(&rows[i])
			each[i].Add(&p, detail.Profile, sold[first:origin], sold[origin:origin+demand.PublishedDays])
		}
	})
	if err != nil {
		return nil, err
	}
	j := newJudged()
	for i, a := range each {
		if rows[i].Market == "" {
			j.together = j.together.Plus(a)
			continue
		}
		class := classOf(&detail.Methods[rows[i].Method])
		j.all = j.all.Plus(a)
		j.class[class] = j.class[class].Plus(a)
		j.market[string(rows[i].Market)] = j.market[string(rows[i].Market)].Plus(a)
	}
	if whole {
		e.remember(s, run.ID, j)
	}
	return j, nil
}

// classOf is the class of series that a method was chosen for.
func classOf(m *MethodView) string {
	if m.Pooled || m.Class == "" {
		return pooledClass
	}
	return m.Class
}

func published(r *store.ForecastRow) demand.Published {
	p := demand.Published{Total: demand.Spread(r.Total), InsideP10: r.InsideP10, InsideP90: r.InsideP90}
	for w := range p.Weeks {
		p.Weeks[w] = demand.Spread(r.Weeks[w])
	}
	return p
}

func accuracyRow(name string, a demand.Accuracy) AccuracyRow {
	return AccuracyRow{name, a.Series, a.Units(), measured(a.RMSSE()), measured(a.NaiveRMSSE()), measured(a.ValueAdded()),
		measured(a.Bias()), measured(a.Coverage()), measured(a.TotalError()), measured(a.LastError())}
}

// judgements are the answers of judge under one snapshot.
type judgements struct {
	of   *commerce.Snapshot
	runs map[string]*judged
}

func (e *Engine) remembered(s *commerce.Snapshot, run string) *judged {
	e.judging.Lock()
	defer e.judging.Unlock()
	if e.judgements.of != s {
		return nil
	}
	return e.judgements.runs[run]
}

func (e *Engine) remember(s *commerce.Snapshot, run string, j *judged) {
	e.judging.Lock()
	defer e.judging.Unlock()
	runs := map[string]*judged{}
	if e.judgements.of == s {
		maps.Copy(runs, e.judgements.runs)
	}
	runs[run] = j
	e.judgements = judgements{s, runs}
}
