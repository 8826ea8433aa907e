package benchmark

import (
	"context"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"slices"

	"tradewind/numeric/forecast"
)

// contest is a published competition and what is asked of the default on it.
type contest struct {
	name   string
	files  []string // under --data: one in the layout of M3, or training and test in that of M4
	cite   string   // what it is compared with
	goals  goals
	points bool // whether forecasting without intervals is timed, too
	covers bool // whether intervals have to hold
}

// goals are the musts and aims of the default's scores; nil where there are none.
type goals struct {
	owa, aim, smape, cpu, aimCPU *float64
}

var contests = []contest{
	{
		name: "M3", files: []string{"m3/m3.csv.gz"}, points: true, covers: true,
		cite:  "published: Theta OWA .852, sMAPE 12.76; the median of the four best submissions .846",
		goals: goals{owa: new(.835), aim: new(.815), smape: new(12.50), cpu: new(450.), aimCPU: new(250.)},
	},
	{
		name: "M4 Weekly", files: []string{"m4/Weekly-train.csv.gz", "m4/Weekly-test.csv.gz"},
		cite:  "published: Theta .971; the best of 59 methods .739",
		goals: goals{owa: new(.78), aim: new(.75)},
	},
	{
		name: "M4 Hourly", files: []string{"m4/Hourly-train.csv.gz", "m4/Hourly-test.csv.gz"},
		cite:  "published: Theta 1.006; the best of 59 methods .410",
		goals: goals{owa: new(.47), aim: new(.43)},
	},
}

// measureForecast times single methods and runs the competitions that lie under --data.
func measureForecast(ctx context.Context, r *run) ([]Row, error) {
	rows, err := methodSpeed()
	if err != nil {
		return nil, err
	}
	for _, c := range contests {
		q, missing := c.question(r.data)
		if missing != "" {
			rows = append(rows, Row{Name: c.name + " OWA", Unit: "ratio", Better: lower, Must: c.goals.owa, Aim: c.goals.aim, Reference: c.cite, Reason: missing})
			continue
		}
		fmt.Fprintf(r.log, "forecast: %s …\n", c.name)
		result, _, err := contending.run(ctx, q)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", c.name, err)
		}
		rows = append(rows, c.rows(result)...)
		if c.points {
			row, err := c.pointsOnly(ctx, q)
			if err != nil {
				return nil, err
			}
			rows = append(rows, row)
		}
	}
	return rows, nil
}

// question names the files, or says why there are none.
func (c contest) question(data string) (contestQuestion, string) {
	if data == "" {
		return contestQuestion{}, "the series of " + c.name + " do not come with the project: name a folder that holds " + c.files[0] + " with --data"
	}
	paths := make([]string, len(c.files))
	for i, f := range c.files {
		paths[i] = filepath.Join(data, f)
		if _, err := os.Stat(paths[i]); err != nil {
			return contestQuestion{}, "there is no " + c.files[i] + " in the folder of --data"
		}
	}
	if len(paths) == 1 {
		return contestQuestion{File: paths[0]}, ""
	}
	return contestQuestion{Train: paths[0], Test: paths[1]}, ""
}

// rows are the default's scores on all series, then how often its intervals held by
// frequency, then the other methods.
func (c contest) rows(result contestResult) []Row {
	all := result.Groups[0]
	own := all.Methods[defaultMethod]
	how := fmt.Sprintf("%d series, the organisers' test parts; the default: %s", all.Series, defaultIs)
	rows := []Row{
		{Name: c.name + " OWA", Value: own.OWA.value(), Unit: "ratio", Better: lower, Must: c.goals.owa, Aim: c.goals.aim, Reference: c.cite, Source: how},
		{Name: c.name + " sMAPE", Value: own.SMAPE.value(), Unit: "%", Better: lower, Must: c.goals.smape, Reference: c.cite, Source: how},
		{Name: c.name + " MASE", Value: own.MASE.value(), Unit: "ratio", Better: lower, Source: how},
		{Name: c.name + " MSIS 95 %", Value: own.MSIS.value(), Unit: "ratio", Better: lower, Source: how},
		{Name: c.name + " CPU time with calibrated intervals", Value: own.CPU.value(), Unit: "s", Better: lower, Must: c.goals.cpu, Aim: c.goals.aimCPU, Source: how},
		{Name: c.name + " peak memory", Value: new(result.Peak), Unit: "MiB", Better: lower, Source: "of the process that ran all methods"},
	}
	for _, g := range result.Groups {
		rows = append(rows, c.coverage(g)...)
	}
	for _, method := range all.ranked() {
		if method != defaultMethod {
			rows = append(rows, Row{Name: fmt.Sprintf("%s OWA of %s", c.name, method), Value: all.Methods[method].OWA.value(), Unit: "ratio", Better: lower,
				Source: fmt.Sprintf("the same series; %.1f s of CPU time", float64(all.Methods[method].CPU))})
		}
	}
	return rows
}

// defaultIs says what the default is made of.
const defaultIs = "median of ETS, ARIMA, CES, DOTM, gradient boosting and LSTM; for long seasons the mean of those two and fourteen methods, weighted by each series' own past; intervals calibrated on the last horizon of the training parts"

// coverage holds the intervals of one frequency against their levels: within 2 points over
// all series, and 4 in every frequency.
func (c contest) coverage(g contestGroup) []Row {
	within := 4.0
	if g.Name == groups[0] {
		within = 2
	}
	own := g.Methods[defaultMethod]
	var rows []Row
	for k, share := range []orNull{own.Cover80, own.Cover90, own.Cover95} {
		row := Row{Name: fmt.Sprintf("%s %s, %.0f %% interval covers", c.name, g.Name, 100*levels[k]), Value: new(100 * float64(share)), Unit: "%", Better: higher,
			Source: fmt.Sprintf("%d series, all periods", g.Series)}
		if c.covers {
			rows = append(rows, between(row, 100*levels[k]-within, 100*levels[k]+within)...)
		} else if g.Name == groups[0] {
			rows = append(rows, row)
		}
	}
	return rows
}

// pointsOnly times the members and their median alone.
func (c contest) pointsOnly(ctx context.Context, q contestQuestion) (Row, error) {
	cost, _, err := pointing.run(ctx, q)
	return Row{Name: c.name + " CPU time, points only", Value: new(cost), Unit: "s", Better: lower, Must: new(150.), Aim: new(90.),
		Source: "every member fitted to every series once, the global ones to each frequency, and their median"}, err
}

// pointing forecasts a competition without evidence or calibration, and gives the CPU seconds.
var pointing = newWork("points", func(ctx context.Context, m *meter, q contestQuestion) (float64, error) {
	all, err := q.read()
	if err != nil {
		return 0, err
	}
	m.Begin()
	for _, group := range groups[1:] {
		series := slices.DeleteFunc(slices.Clone(all), func(c contestant) bool { return c.frequency.group != group })
		if len(series) > 0 && err == nil {
			err = byEnsemble(series[0].frequency, -1)(ctx, series, make([]forecast.Forecast, len(series)))
		}
	}
	m.End()
	return m.cost.CPU, err
})

// value is the figure, or nil where it is not defined.
func (x orNull) value() *float64 {
	if math.IsNaN(float64(x)) {
		return nil
	}
	return new(float64(x))
}

// methodSpeed times the two automatic methods on ten years of months.
func methodSpeed() ([]Row, error) {
	y := tenYears()
	timed := func(name string, must, aim float64, m forecast.Method) (Row, error) {
		const rounds, fits = 7, 30
		var costs []float64
		for range rounds {
			used := cpuSeconds()
			for range fits {
				if _, err := m.Forecast(y, 12); err != nil {
					return Row{}, err
				}
			}
			costs = append(costs, 1000*(cpuSeconds()-used)/fits)
		}
		return Row{Name: name + ", 120 months, CPU time", Value: new(median(costs)), Unit: "ms", Better: lower, Must: new(must), Aim: new(aim),
			Reference: "R forecast 8.20: 0.1 to 3 s", Source: fmt.Sprintf("choice of the form, fit and twelve distributions; a series with trend, growing season and noise; median of %d rounds of %d", rounds, fits)}, nil
	}
	ets, err := timed("automatic ETS", 4, 2, forecast.ETSMethod(12))
	if err != nil {
		return nil, err
	}
	arima, err := timed("automatic ARIMA", 25, 12.5, forecast.AutoARIMAMethod(12))
	return []Row{ets, arima}, err
}

// tenYears is a made-up series of 120 months: level, trend, a season that grows with them,
// and noise that repeats from run to run.
func tenYears() []float64 {
	y := make([]float64, 120)
	for t := range y {
		level := 100 + 1.5*float64(t)
		noise := math.Mod(math.Sin(float64(t+1)*12.9898)*43758.5453, 1)
		y[t] = level * (1 + .15*math.Sin(2*math.Pi*float64(t)/12) + .05*math.Cos(2*math.Pi*float64(t)/6) + .03*noise)
	}
	return y
}
