package benchmark

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"runtime"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"tradewind/numeric/forecast"
)

// contestQuestion asks for the scores of methods on the series of a competition.
type contestQuestion struct {
	File        string   // in the layout of M3; or else
	Train, Test string   // in the layout of M4
	Only        []string // methods beside the yardstick; none: all
}

const (
	yardstick     = "Naive2"
	defaultMethod = "Ensemble"
)

// contending runs a whole competition.
var contending = newWork("contest", func(ctx context.Context, m *meter, q contestQuestion) (contestResult, error) {
	all, err := q.read()
	if err != nil {
		return contestResult{}, err
	}
	m.Begin()
	r, err := contend(ctx, all, q.Only)
	m.End()
	r.File, r.Peak = q.name(), peak()
	return r, err
})

func (q contestQuestion) read() ([]contestant, error) {
	if q.File != "" {
		return readM3(q.File)
	}
	return readM4(q.Train, q.Test)
}

// asked reports whether the user named files, and complains where they do not make sense.
func (q contestQuestion) asked(chosen []bench) (bool, error) {
	named := q.File != "" || q.Train != "" || q.Test != ""
	switch {
	case !named:
		return false, nil
	case q.File != "" && q.Train+q.Test != "":
		return false, errors.New("--file is for one file in the layout of M3, --train and --test for two in the layout of M4: give one or the other")
	case q.File == "" && (q.Train == "" || q.Test == ""):
		return false, errors.New("--train and --test go together")
	case len(chosen) != 1 || chosen[0].name != "forecast":
		return false, errors.New("--file, --train and --test are for the benchmark forecast alone")
	}
	return true, nil
}

func (q contestQuestion) name() string {
	if q.File != "" {
		return filepath.Base(q.File)
	}
	return filepath.Base(q.Train)
}

// contender forecasts all series of one frequency; the i-th forecast is as long as the
// i-th test.
type contender struct {
	name string
	run  func(ctx context.Context, series []contestant, dst []forecast.Forecast) error
}

// contend lets the methods forecast, frequency by frequency, and judges them.
func contend(ctx context.Context, all []contestant, only []string) (contestResult, error) {
	r := contestResult{Default: defaultMethod}
	overall := map[string]*tally{}
	for _, group := range groups[1:] {
		series := slices.DeleteFunc(slices.Clone(all), func(c contestant) bool { return c.frequency.group != group })
		if len(series) == 0 {
			continue
		}
		found := map[string]*tally{}
		for _, c := range contenders(series[0].frequency) {
			if len(only) > 0 && c.name != yardstick && !slices.Contains(only, c.name) {
				continue
			}
			t, err := c.judged(ctx, series)
			if err != nil {
				return r, fmt.Errorf("%s, %s: %w", group, c.name, err)
			}
			found[c.name] = t
			if overall[c.name] == nil {
				overall[c.name] = new(tally)
			}
			overall[c.name].merge(*t)
		}
		r.Groups = append(r.Groups, groupOf(group, len(series), found))
	}
	r.Groups = append([]contestGroup{groupOf(groups[0], len(all), overall)}, r.Groups...)
	return r, nil
}

func groupOf(name string, series int, tallies map[string]*tally) contestGroup {
	g := contestGroup{Name: name, Series: series, Methods: map[string]contestScore{}}
	for method, t := range tallies {
		g.Methods[method] = t.score(tallies[yardstick])
	}
	return g
}

// judged runs a contender and scores it.
func (c contender) judged(ctx context.Context, series []contestant) (*tally, error) {
	t := new(tally)
	made := make([]forecast.Forecast, len(series))
	start, used := time.Now(), cpuSeconds()
	if err := c.run(ctx, series, made); err != nil {
		return nil, err
	}
	t.cost = Cost{Wall: time.Since(start).Seconds(), CPU: cpuSeconds() - used}
	for i, s := range series {
		t.judge(s, made[i])
	}
	return t, nil
}

// inParallel does n pieces of work on all cores, and gives the error of the first that failed.
func inParallel(ctx context.Context, n int, do func(i int) error) error {
	errs := make([]error, n)
	var next atomic.Int64
	var workers sync.WaitGroup
	for range runtime.GOMAXPROCS(0) {
		workers.Go(func() {
			for i := int(next.Add(1)) - 1; i < n && ctx.Err() == nil; i = int(next.Add(1)) - 1 {
				errs[i] = do(i)
			}
		})
	}
	workers.Wait()
	if i := slices.IndexFunc(errs, func(err error) bool { return err != nil }); i >= 0 {
		return errs[i]
	}
	return ctx.Err()
}
