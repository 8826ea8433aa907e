package benchmark

import (
	"context"
	"encoding/json"
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"

	"tradewind/calendar"
	"tradewind/commerce"
	onlineretail "tradewind/examples/online-retail"
	"tradewind/money"
	"tradewind/numeric/forecast"
	"tradewind/operations/demand"
)

const (
	window  = 28 // days of a test window
	season  = 7
	level   = .8 // of the intervals
	sampled = 300
)

// windowEnds are the last days of the test windows; the origin of each is 28 days before.
var windowEnds = []string{"2011-10-14", "2011-11-11", "2011-12-09"}

const reporting = money.Currency(onlineretail.Currency)

type demandQuestion struct {
	Dir    string
	End    string // last day of the test window
	Sample string // where to write some of the series, for a peer; "" writes none
}

// windowScore is one origin. Errors are mean RMSSEs over the scored series.
type windowScore struct {
	Items, Scored            int
	Own, Naive, Zero, Oracle float64
	SES, TSB, Month          float64 // of simple smoothing, TSB and the mean of the last 28 days
	Bias, Daily, Total       float64 // percent; Daily and Total are coverages
	// Mean absolute errors of the 28-day total, in units: of the forecast's median and mean,
	// and of the last 28 days again.
	Median, Mean, Again float64
	Sampled             float64 // RMSSE below seasonal naive, percent, of the sample that was written
}

// belowBest says how far the own error lies below that of the best plain method.
func (w windowScore) belowBest() float64 {
	return 100 * (1 - w.Own/min(w.SES, w.TSB, w.Month))
}

// below says how far an error lies below that of seasonal naive, in percent.
func (w windowScore) below(e float64) float64 { return 100 * (1 - e/w.Naive) }

// forecasting replays the product at one origin: the facts as they were known, the survey
// of the whole shop, an outlook for every item. Only survey, outlooks and forecasts are
// timed.
var forecasting = newWork("forecast", func(ctx context.Context, m *meter, q demandQuestion) (windowScore, error) {
	var w windowScore
	end, err := calendar.ParseDay(q.End)
	if err != nil {
		return w, err
	}
	db, err := openStore(ctx, q.Dir)
	if err != nil {
		return w, err
	}
	defer db.Close()
	full, err := db.Snapshot(ctx, &end, reporting)
	if err != nil {
		return w, err
	}
	origin := end.AddDays(-window)
	past, err := db.Snapshot(ctx, &origin, reporting)
	if err != nil {
		return w, err
	}
	tests := replay(m, past, full)
	w = score(tests)
	w.Items = len(past.Items)
	if q.Sample != "" {
		some := spaced(tests, sampled)
		few := score(some)
		w.Sampled = few.below(few.Own)
		return w, writeSeries(q.Sample, some)
	}
	return w, nil
})

// test is one scored series: its past from the first sale, what came, what was forecast.
type test struct {
	train, actual []float64
	forecast      forecast.Forecast
}

// replay forecasts every item of the past and returns those that are scored: at least
// MinSellingDays days with a sale.
func replay(m *meter, past, full *commerce.Snapshot) []test {
	series := make([]demand.Series, len(past.Items))
	for i := range series {
		series[i] = demand.SeriesOf(past, i)
	}
	forecasts := make([]forecast.Forecast, len(series))
	m.Begin()
	v := demand.NewSurvey(past)
	for i := range series {
		forecasts[i] = v.Outlook(series[i]).Forecast(window)
	}
	m.End()
	var tests []test
	for i, y := range series {
		if y.SellingDays() < demand.MinSellingDays {
			continue
		}
		ahead := make([]float64, window)
		if at := full.Item(past.Items[i]); at >= 0 {
			came := seriesOf(full, at, past.AsOf.AddDays(1), past.AsOf.AddDays(window))
			for t, u := range came.Units {
				if u > 0 {
					ahead[t] = u
				}
			}
		}
		tests = append(tests, test{offered(y.Units), ahead, forecasts[i]})
	}
	return tests
}

// seriesOf unfolds the gross units of one item over a span of days.
func seriesOf(s *commerce.Snapshot, i int, from, to calendar.Day) demand.Series {
	y := demand.NewSeries(from, to)
	lo, hi := s.Rows(i)
	for r := lo; r < hi; r++ {
		y.Add(s.Sales.Day[r], float64(s.Sales.Gross[r]))
	}
	return y
}

// offered drops the days before the first sale.
func offered(y []float64) []float64 {
	for t := range y {
		if !math.IsNaN(y[t]) {
			return y[t:]
		}
	}
	return nil
}

// score judges the forecasts of one origin, with yardsticks beside them: the last week
// again, nothing at all, the mean of the window itself, and three plain methods.
func score(tests []test) windowScore {
	w := windowScore{Scored: len(tests)}
	rng := rand.New(rand.NewPCG(1, 28)) // of the randomised transforms
	var daily, total forecast.Coverage
	var sumForecast, sumActual float64
	n := float64(len(tests))
	for _, t := range tests {
		own := t.forecast.Means()
		sum := 0.0
		for d, y := range t.actual {
			daily.Add(t.forecast.Period[d], y, level, rng)
			sum += y
			sumForecast += own[d]
		}
		sumActual += sum
		total.AddClosed(t.forecast.Total, sum, level)
		w.Own += forecast.RMSSE(t.train, t.actual, own) / n
		w.Naive += forecast.RMSSE(t.train, t.actual, lastWeek(t.train)) / n
		w.Zero += forecast.RMSSE(t.train, t.actual, make([]float64, window)) / n
		w.Oracle += forecast.RMSSE(t.train, t.actual, constant(sum/window)) / n
		w.SES += forecast.RMSSE(t.train, t.actual, means(forecast.SimpleSmoothingMethod(), t.train)) / n
		w.TSB += forecast.RMSSE(t.train, t.actual, means(forecast.TSBMethod(), t.train)) / n
		last := lastMonth(t.train)
		w.Month += forecast.RMSSE(t.train, t.actual, constant(last/window)) / n
		w.Again += math.Abs(last-sum) / n
		w.Median += math.Abs(t.forecast.Total.Quantile(.5)-sum) / n
		w.Mean += math.Abs(t.forecast.Total.Mean()-sum) / n
	}
	w.Bias = 100 * (sumForecast/sumActual - 1)
	w.Daily, w.Total = 100*daily.Share(), 100*total.Share()
	return w
}

// means are what a method expects; nothing where it cannot be fitted.
func means(m forecast.Method, train []float64) []float64 {
	f, err := m.Forecast(train, window)
	if err != nil {
		return make([]float64, window)
	}
	return f.Means()
}

// lastMonth is the total of the last 28 days.
func lastMonth(train []float64) float64 {
	sum := 0.0
	for _, y := range train[max(0, len(train)-window):] {
		sum += y
	}
	return sum
}

func lastWeek(train []float64) []float64 {
	out := make([]float64, window)
	for t := range out {
		if k := len(train) - season + t%season; k >= 0 {
			out[t] = train[k]
		}
	}
	return out
}

func constant(x float64) []float64 {
	out := make([]float64, window)
	for t := range out {
		out[t] = x
	}
	return out
}

// spaced takes n tests at even distances.
func spaced(tests []test, n int) []test {
	if len(tests) <= n {
		return tests
	}
	out := make([]test, n)
	for i := range out {
		out[i] = tests[i*len(tests)/n]
	}
	return out
}

func writeSeries(path string, tests []test) error {
	type series struct {
		Train  []float64 `json:"train"`
		Actual []float64 `json:"actual"`
	}
	list := make([]series, len(tests))
	for i, t := range tests {
		list[i] = series{t.train, t.actual}
	}
	data, err := json.Marshal(list)
	if err != nil {
		return err
	}
	return os.WriteFile(path, data, 0o644)
}

func measureDemand(ctx context.Context, r *run) ([]Row, error) {
	o, err := r.files()
	if err != nil {
		return nil, err
	}
	dir, err := r.workspace(ctx)
	if err != nil {
		return nil, err
	}
	var windows []windowScore
	var costs []Cost
	for i, end := range windowEnds {
		q := demandQuestion{Dir: dir, End: end}
		if r.peers && i == len(windowEnds)-1 {
			q.Sample = r.sample()
		}
		w, cost, err := forecasting.run(ctx, q)
		if err != nil {
			return nil, err
		}
		windows, costs = append(windows, w), append(costs, cost)
	}
	rows := append(demandQuality(o, windows), demandCost(windows, costs)...)
	if r.peers {
		rows = append(rows, r.demandPeers(ctx, windows[len(windows)-1], costs[len(costs)-1])...)
	}
	return rows, nil
}

func (r *run) sample() string { return filepath.Join(r.temp, "series.json") }

func demandQuality(o orders, windows []windowScore) []Row {
	mean := func(get func(windowScore) float64) *float64 {
		sum := 0.0
		for _, w := range windows {
			sum += get(w)
		}
		return new(sum / float64(len(windows)))
	}
	scored := 0
	for _, w := range windows {
		scored += w.Scored
	}
	how := fmt.Sprintf("mean of the windows of 28 days that end on %s, %s and %s; %d series (SKU × market with 20 or more selling days before the origin) of %s; snapshot as of the origin, survey, outlook, forecast",
		windowEnds[0], windowEnds[1], windowEnds[2], scored, o)
	const same = "the same windows and series: "
	const naive = "weekly seasonal naive: the last seven days again"
	rows := []Row{
		{Name: "RMSSE below seasonal naive", Value: mean(func(w windowScore) float64 { return w.below(w.Own) }), Unit: "%", Better: higher, Must: new(20.0), Aim: new(21.5), Reference: naive, Source: how},
		{Name: "RMSSE below the best plain method", Value: mean(windowScore.belowBest), Unit: "%", Better: higher, Must: new(1.0), Aim: new(2.5), Reference: "in each window the best of simple smoothing, TSB and the mean of the last 28 days", Source: same + "mean over the windows"},
		{Name: "error of the 28-day total below the last 28 days", Value: mean(func(w windowScore) float64 { return 100 * (1 - w.Median/w.Again) }), Unit: "%", Better: higher, Must: new(8.0), Aim: new(11.0), Reference: "the sum of the last 28 days again", Source: same + "mean absolute error a series, in units, of the median of the total: the forecast that makes an absolute error least"},
		{Name: "error of the mean of the 28-day total below the last 28 days", Value: mean(func(w windowScore) float64 { return 100 * (1 - w.Mean/w.Again) }), Unit: "%", Better: higher, Reference: "the sum of the last 28 days again", Source: same + "the same, of the mean"},
		{Name: "simple smoothing below seasonal naive", Value: mean(func(w windowScore) float64 { return w.below(w.SES) }), Unit: "%", Better: higher, Reference: naive, Source: same + "fitted to each series alone"},
		{Name: "TSB below seasonal naive", Value: mean(func(w windowScore) float64 { return w.below(w.TSB) }), Unit: "%", Better: higher, Reference: naive, Source: same + "fitted to each series alone"},
		{Name: "the mean of the last 28 days below seasonal naive", Value: mean(func(w windowScore) float64 { return w.below(w.Month) }), Unit: "%", Better: higher, Reference: naive, Source: same + "fitted to each series alone"},
		{Name: "the all-zero forecast below seasonal naive", Value: mean(func(w windowScore) float64 { return w.below(w.Zero) }), Unit: "%", Better: higher, Reference: naive, Source: same + "what forecasting nothing at all would score"},
		{Name: "the oracle below seasonal naive", Value: mean(func(w windowScore) float64 { return w.below(w.Oracle) }), Unit: "%", Better: higher, Reference: naive, Source: same + "what knowing the mean of the window would score"},
	}
	rows = append(rows, between(Row{Name: "total bias", Value: mean(func(w windowScore) float64 { return w.Bias }), Unit: "%", Reference: "Σ forecast / Σ sold - 1", Source: same + "mean over the windows"}, -10, 10)...)
	rows = append(rows, between(Row{Name: "daily 80 % interval covers", Value: mean(func(w windowScore) float64 { return w.Daily }), Unit: "%", Reference: "80 %", Source: same + "randomised probability integral transform"}, 78, 82)...)
	rows = append(rows, between(Row{Name: "closed 80 % interval of the 28-day total covers", Value: mean(func(w windowScore) float64 { return w.Total }), Unit: "%", Reference: "80 %; closed intervals of counts hold more than their level", Source: same + "10 % quantile ≤ sold ≤ 90 % quantile"}, 77, 84)...)
	for i, w := range windows {
		rows = append(rows, Row{Name: "RMSSE below seasonal naive, window to " + windowEnds[i], Value: new(w.below(w.Own)), Unit: "%", Better: higher, Reference: naive, Source: fmt.Sprintf("%d series", w.Scored)})
	}
	return rows
}

func demandCost(windows []windowScore, costs []Cost) []Row {
	items, worst := 0, 0.0
	for i := range costs {
		items, worst = max(items, windows[i].Items), max(worst, costs[i].Peak)
	}
	timed := fmt.Sprintf("survey of the shop, then outlook and 28 days for every item, on one goroutine; up to %d items; median of the three origins", items)
	return []Row{
		{Name: "CPU time of survey and outlooks", Value: new(median(each(costs, Cost.cpu))), Unit: "s", Better: lower, Source: timed},
		{Name: "wall time of survey and outlooks", Value: new(median(each(costs, Cost.wall))), Unit: "s", Better: lower, Source: timed},
		{Name: "peak memory", Value: new(worst), Unit: "MiB", Better: lower, Must: new(float64(mostMemory)), Source: "resident memory of the process at its highest, with both snapshots; the most of the three origins"},
	}
}

// demandPeers lets statsmodels smooth some of the series of the last window.
func (r *run) demandPeers(ctx context.Context, w windowScore, cost Cost) []Row {
	theirs := Row{Name: "statsmodels SES below seasonal naive", Unit: "%", Better: higher, Reference: "statsmodels",
		Source: fmt.Sprintf("SimpleExpSmoothing on %d series of the last window at even distances", min(sampled, w.Scored))}
	peer, absent := r.python(ctx, "smoothing.py", r.sample())
	if absent != "" {
		theirs.Reason = absent
		return []Row{theirs}
	}
	theirs.Reference, theirs.Value = peer.Version, new(100*(1-peer.RMSSE/peer.Naive))
	their := 1000 * peer.CPU / float64(peer.Series)
	own := 1000 * cost.CPU / float64(w.Items)
	return []Row{theirs,
		{Name: "Tradewind below seasonal naive, on the same series", Value: new(w.Sampled), Unit: "%", Better: higher, Reference: peer.Version, Source: theirs.Source},
		{Name: "CPU time a series, statsmodels SES", Value: new(their), Unit: "ms", Better: lower, Reference: peer.Version, Source: "fit and 28 means, no distribution"},
		{Name: "CPU time a series / statsmodels SES", Value: new(own / their), Unit: "ratio", Better: lower, Reference: peer.Version, Source: "survey, outlook and 28 distributions for every item here; a fit and 28 means there"},
	}
}
