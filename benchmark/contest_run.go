package benchmark

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"os"
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
	for _, path := range []string{q.File, q.Train, q.Test} {
		if info, err := os.Stat(path); path != "" && (err != nil || info.IsDir()) {
			return false, fmt.Errorf("%s: there is no such file", path)
		}
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
	counts := map[string]int{}
	for _, c := range all {
		counts[c.frequency.group]++
	}
	byGroup := map[string]tallies{groups[0]: {}}
	for _, f := range slices.Sorted(maps.Keys(frequencies)) {
		series := slices.DeleteFunc(slices.Clone(all), func(c contestant) bool { return c.frequency.name != f })
		if len(series) == 0 {
			continue
		}
		group := series[0].frequency.group
		if byGroup[group] == nil {
			byGroup[group] = tallies{}
		}
		for _, c := range contenders(series[0].frequency) {
			if len(only) > 0 && c.name != yardstick && !slices.Contains(only, c.name) {
				continue
			}
			t, err := c.judged(ctx, series)
			if err != nil {
				return r, fmt.Errorf("%s, %s: %w", group, c.name, err)
			}
			byGroup[group].add(c.name, t)
			byGroup[groups[0]].add(c.name, t)
		}
	}
	for _, group := range groups {
		if byGroup[group] != nil {
			r.Groups = append(r.Groups, byGroup[group].scored(group, counts))
		}
	}
	return r, nil
}

// tallies are those of the methods on one group.
type tallies map[string]*tally

func (ts tallies) add(method string, t *tally) {
	if ts[method] == nil {
		ts[method] = new(tally)
	}
	ts[method].merge(*t)
}

// scored gives the scores of the methods that forecast every series of the group: those of
// the others could be held against nothing.
func (ts tallies) scored(group string, counts map[string]int) contestGroup {
	g := contestGroup{Name: group, Series: ts[yardstick].series, Methods: map[string]contestScore{}}
	naive2 := referenceOf(group, counts, ts[yardstick])
	for method, t := range ts {
		if t.series == g.Series {
			g.Methods[method] = t.score(naive2)
		}
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
