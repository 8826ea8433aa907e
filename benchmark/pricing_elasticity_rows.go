package benchmark

import (
	"context"
	"fmt"
	"maps"
	"runtime"
	"slices"
)

// elasticityAnswer is a score as it crosses from one process to another.
type elasticityAnswer struct {
	Error, ErrorOfAll, Covered, Accepted, Refused float64
	Known, Unknown                                int // items
	RefusedOf, Rungs                              map[string]float64
}

// scoringElasticity runs the ladder on the stores of some seeds; all of it is timed.
var scoringElasticity = newWork("elasticity", func(_ context.Context, m *meter, seeds [2]uint64) (elasticityAnswer, error) {
	runtime.GOMAXPROCS(repricedCores)
	var list []uint64
	for seed := seeds[0]; seed <= seeds[1]; seed++ {
		list = append(list, seed)
	}
	m.Begin()
	s, err := scoreElasticity(list)
	m.End()
	if err != nil {
		return elasticityAnswer{}, err
	}
	values := func(of map[string]*mean) map[string]float64 {
		out := map[string]float64{}
		for name, m := range of {
			if m.n > 0 {
				out[name] = m.value()
			}
		}
		return out
	}
	return elasticityAnswer{
		Error: s.Error.value(), ErrorOfAll: s.ErrorOfAll.value(), Covered: s.Covered.value(), Accepted: s.Accepted.value(), Refused: s.Refused.value(),
		Known: int(s.Accepted.n), Unknown: int(s.Refused.n), RefusedOf: values(s.RefusedOf), Rungs: values(s.Rungs),
	}, nil
})

// elasticityRows hold the ladder against elasticities that are known.
func elasticityRows(ctx context.Context, _ *run) ([]Row, error) {
	a, cost, err := scoringElasticity.run(ctx, storesScored)
	if err != nil {
		return nil, err
	}
	t, _, err := scoringElasticity.run(ctx, storesTuning)
	if err != nil {
		return nil, err
	}
	known := fmt.Sprintf("world Stores of docs/worlds.md, seeds %d to %d: the %d items whose elasticity the history can tell", storesScored[0], storesScored[1], a.Known)
	row := func(name string, value float64, better, source string) Row {
		return Row{Name: "elasticity, " + name, Value: &value, Better: better, Source: source}
	}
	off := row("mean absolute error", a.Error, lower, known+", those believed")
	off.Must = new(.15)
	naive := row("mean absolute error of least squares item by item", a.Rungs["naive"], higher, known)
	naive.Must, naive.Reference = new(1.0), "a world in which that misleads; no controls, weeks without units left out"
	refused := row("items refused of those that cannot be known", 100*a.Refused, higher, fmt.Sprintf("the other %d items", a.Unknown))
	refused.Must, refused.Unit = new(95.0), "%"
	covered := row("95 % intervals that cover", 100*a.Covered, higher, known+", those believed")
	covered.Unit = "%"
	rows := append([]Row{off}, between(covered, 92, 97)...)
	rows = append(rows, refused, naive)
	wrongly := row("items refused of those that can be known", 100*(1-a.Accepted), lower, known)
	wrongly.Unit = "%"
	rows = append(rows, wrongly, row("mean absolute error, refused ones with what they are given", a.ErrorOfAll, lower, known))
	for _, name := range slices.Sorted(maps.Keys(a.Rungs)) {
		if name != "naive" {
			rows = append(rows, row("mean absolute error of the rung "+name, a.Rungs[name], lower, known+"; a pooled estimate counts for each item of its category"))
		}
	}
	for _, kind := range slices.Sorted(maps.Keys(a.RefusedOf)) {
		r := row("refused of the kind "+kind, 100*a.RefusedOf[kind], higher, "docs/worlds.md")
		r.Unit = "%"
		rows = append(rows, r)
	}
	seeds := float64(storesScored[1] - storesScored[0] + 1)
	tuned := fmt.Sprintf("seeds %d to %d", storesTuning[0], storesTuning[1])
	return append(rows,
		row("mean absolute error on tuning seeds", t.Error, lower, tuned),
		row("95 % intervals that cover on tuning seeds, share", t.Covered, higher, tuned),
		row("share refused of those that cannot be known, tuning seeds", t.Refused, higher, tuned),
		Row{Name: "elasticities of a shop, CPU time", Value: new(cost.CPU / seeds), Unit: "s", Better: lower, Source: fmt.Sprintf("pricing.NewStudy, %.0f items over 104 weeks, all rungs; making the world is in it", float64(a.Known+a.Unknown)/seeds)},
	), nil
}
