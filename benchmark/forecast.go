package benchmark

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
)

// measureForecast runs the competitions that lie under --data.
func measureForecast(ctx context.Context, r *run) ([]Row, error) {
	var rows []Row
	for _, c := range contests {
		q, missing := c.question(r.data)
		if missing != "" {
			for _, g := range c.goals {
				g.Reason = missing
				rows = append(rows, g.Row)
			}
			continue
		}
		result, cost, err := contending.run(ctx, q)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", c.name, err)
		}
		rows = append(rows, c.rows(result, cost)...)
	}
	return rows, nil
}

// contest is a published competition and what is asked of the default on it.
type contest struct {
	name  string
	files []string // under --data: one in the layout of M3, or training and test in that of M4
	goals []goal
}

// goal is a row whose value is read off the result.
type goal struct {
	Row
	group string
	get   func(contestScore) orNull
}

func owa(s contestScore) orNull   { return s.OWA }
func smape(s contestScore) orNull { return s.SMAPE }
func cpu(s contestScore) orNull   { return s.CPU }

var contests = []contest{
	{"M3", []string{"m3/m3.csv.gz"}, []goal{
		{Row{Name: "M3 OWA", Unit: "ratio", Better: lower, Must: new(.835), Aim: new(.815), Reference: "published NAIVE2 is 1, Theta .852, median of the four best submissions .846"}, "all", owa},
		{Row{Name: "M3 sMAPE", Unit: "%", Better: lower, Must: new(12.50), Reference: "published Theta 12.76, ForecastPro 13.06"}, "all", smape},
		{Row{Name: "M3 CPU time, intervals calibrated", Unit: "s", Better: lower, Must: new(450.), Aim: new(250.)}, "all", cpu},
	}},
	{"M4 Weekly", []string{"m4/Weekly-train.csv.gz", "m4/Weekly-test.csv.gz"}, []goal{
		{Row{Name: "M4 Weekly OWA", Unit: "ratio", Better: lower, Must: new(.78), Aim: new(.75), Reference: "published Theta .971, best of 59 methods .739"}, "all", owa},
	}},
	{"M4 Hourly", []string{"m4/Hourly-train.csv.gz", "m4/Hourly-test.csv.gz"}, []goal{
		{Row{Name: "M4 Hourly OWA", Unit: "ratio", Better: lower, Must: new(.47), Aim: new(.43), Reference: "published Theta 1.006, best of 59 methods .410"}, "all", owa},
	}},
}

// question names the files, or says why there are none.
func (c contest) question(data string) (contestQuestion, string) {
	if data == "" {
		return contestQuestion{}, "the series of " + c.name + " may not be passed on with this project: name a folder that holds " + c.files[0] + " with --data"
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

func (c contest) rows(result contestResult, cost Cost) []Row {
	return nil
}
