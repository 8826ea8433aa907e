package benchmark

import (
	"compress/gzip"
	"context"
	"encoding/csv"
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strconv"

	"tradewind/numeric/mcda"
	"tradewind/operations/expansion"
)

// trade is bilateral trade of 2006 with products, distances and agreements, where --data has
// it: iso_o, iso_d, distw, gdp_o, gdp_d, rta, flow, contig, comlang_off, comcur.
const trade = "ref-macro-fx-trade/gravity-2006.csv.gz"

// The size that ranks under unknown weights are timed at.
const (
	smaaMarkets  = 200
	smaaCriteria = 20
	smaaDraws    = 10_000
)

// ranking draws weights and values of 200 markets by 20 criteria; the question is on how many
// goroutines, 0 being as many as there are cores. The answer tells two outcomes apart.
var ranking = newWork("smaa", func(_ context.Context, m *meter, workers int) (float64, error) {
	rng := rand.New(rand.NewPCG(1, 2))
	table, sd := mcda.Table{Criteria: smaaCriteria}, []float64{}
	for range smaaMarkets * smaaCriteria {
		table.Values, sd = append(table.Values, rng.Float64()), append(sd, .1)
	}
	m.Begin()
	a, err := mcda.SMAA(table, mcda.SMAAForm{Draws: smaaDraws, Seed: 3, Workers: workers, Measure: mcda.Normal(table, sd),
		Weights: mcda.Around(slices.Repeat([]float64{1. / smaaCriteria}, smaaCriteria), 2)})
	m.End()
	if err != nil {
		return 0, err
	}
	mark := 0.0
	for i := range a.Rank {
		for r, p := range a.Rank[i] {
			mark += p * math.Sqrt(float64(1+i*smaaMarkets+r))
		}
		for j, w := range a.Central[i] {
			mark += w * math.Sqrt(float64(2+i*smaaCriteria+j))
		}
	}
	return mark, nil
})

// entering studies every country that the demo's shop does not sell to.
var entering = newWork("entries", func(ctx context.Context, m *meter, dir string) (entryAnswer, error) {
	db, err := openStore(ctx, dir)
	if err != nil {
		return entryAnswer{}, err
	}
	defer db.Close()
	s, err := db.Snapshot(ctx, nil, reporting)
	if err != nil {
		return entryAnswer{}, err
	}
	rng := rand.New(rand.NewPCG(1, 0))
	m.Begin()
	study, err := expansion.NewStudy(s, expansion.Params{}, rng)
	if err != nil {
		return entryAnswer{}, err
	}
	assessed, err := study.Assess(rng)
	m.End()
	if err != nil {
		return entryAnswer{}, err
	}
	return entryAnswer{Model: *study.Model, Entries: len(study.Entries), Unknown: len(study.Unknown), Weighed: len(assessed.Rows)}, nil
})

type entryAnswer struct {
	Model                     expansion.EntryModel
	Entries, Unknown, Weighed int
}

func measureExpansion(ctx context.Context, r *run) ([]Row, error) {
	rows := rankings()
	timed, err := timeRanking(ctx)
	if err != nil {
		return rows, err
	}
	rows = append(rows, timed...)
	elastic, err := elasticities(r.data)
	if err != nil {
		return rows, err
	}
	rows = append(rows, elastic...)
	dir, err := r.workspace(ctx)
	if err != nil {
		return rows, err
	}
	a, cost, err := entering.run(ctx, dir)
	if err != nil {
		return rows, err
	}
	return append(rows, a.rows(cost)...), nil
}

// rankings holds the methods against printed answers.
func rankings() []Row {
	phones := mcda.Table{Criteria: 4, Cost: []bool{true, false, false, false}, Values: []float64{
		250, 16, 12, 5, 200, 16, 8, 3, 300, 32, 16, 4, 275, 32, 8, 4, 225, 16, 16, 2}}
	sites := mcda.Table{Criteria: 4, Values: []float64{
		8, 7, 2, 1, 5, 3, 7, 5, 7, 5, 6, 4, 9, 9, 7, 3, 11, 10, 3, 7, 6, 9, 5, 4}}
	weights := []float64{.4, .3, .1, .2}
	priorities, _ := mcda.AHP([]float64{1, 3, 5, 1. / 3, 1, 3, 1. / 5, 1. / 3, 1}, 3)
	const book = "Papathanasiou & Ploskas, Multiple Criteria Decision Aid, 2018"
	row := func(name, reference string, limit float64, got, want []float64) Row {
		worst := 0.0
		for i := range want {
			worst = max(worst, math.Abs(got[i]-want[i]))
		}
		return Row{Name: name + ", distance from the reference", Value: &worst, Better: lower, Must: &limit, Reference: reference,
			Source: "the greatest difference; the limit is half a unit of the last digit printed, or what it rounds to"}
	}
	return []Row{
		row("TOPSIS, five phones", "an independent computation to ten digits", 1e-10, mcda.TOPSIS(phones, []float64{1, 1, 1, 1}),
			[]float64{.5342768572, .3083677687, .6916322313, .5347365845, .4010461215}),
		row("TOPSIS, six sites", book, 1e-8, mcda.TOPSIS(sites, weights), []float64{.38721471, .32716969, .39066999, .61466034, .86849538, .49284834}),
		row("VIKOR, six sites", book, .0005, mcda.VIKOR(sites, weights, .625).Q, []float64{.640, 1, .693, .271, 0, .694}),
		row("AHP, weights and eigenvalue", "an independent computation to ten digits", 1e-10, append(slices.Clone(priorities.Weights), priorities.LambdaMax),
			[]float64{.6369855717, .2582849944, .1047294339, 3.0385110906}),
		row("AHP, consistency ratio", "Saaty's random index for three criteria, .58", .00005, []float64{priorities.ConsistencyRatio}, []float64{.0332}),
	}
}

func timeRanking(ctx context.Context) ([]Row, error) {
	var costs []Cost
	var marks []float64
	for range repeats {
		mark, cost, err := ranking.run(ctx, 0)
		if err != nil {
			return nil, err
		}
		costs, marks = append(costs, cost), append(marks, mark)
	}
	alone, _, err := ranking.run(ctx, 1)
	if err != nil {
		return nil, err
	}
	source := fmt.Sprintf("SMAA-2 of %d markets by %d criteria, %d draws of normal values and of weights within a factor of two; all cores; median of %d", smaaMarkets, smaaCriteria, smaaDraws, repeats)
	return []Row{
		{Name: "ranks under unknown weights, wall time", Value: new(median(each(costs, func(c Cost) float64 { return c.Wall }))), Unit: "s", Better: lower, Must: new(2.0), Source: source},
		{Name: "ranks under unknown weights, CPU time", Value: new(median(each(costs, Cost.cpu))), Unit: "s", Better: lower, Source: source},
		{Name: "ranks under unknown weights, the same on one goroutine", Value: flag(!slices.ContainsFunc(marks, func(m float64) bool { return m != alone })), Unit: "0 or 1", Better: higher, Must: new(1.0),
			Source: "a sum over all probabilities and central weights, to the last bit"},
	}, nil
}

// elasticities fits the regression that entries rest on to trade between countries.
func elasticities(data string) ([]Row, error) {
	names := []string{"elasticity of trade to distance", "elasticity of trade to the exporter's product", "elasticity of trade to the importer's product"}
	limits := [][2]float64{{-1.5, -.75}, {.75, 1.3}, {.75, 1.3}}
	const source = "ln flow on ln distance, both products, border, language, agreement and currency of 2006, pairs with trade"
	path := filepath.Join(data, trade)
	if data == "" || !isFile(path) {
		var rows []Row
		for _, name := range names {
			rows = append(rows, Row{Name: name, Better: lower, Source: source, Reason: "run with --data that has " + trade})
		}
		return rows, nil
	}
	x, y, err := readTrade(path)
	if err != nil {
		return nil, err
	}
	slopes, sd := expansion.Slopes(x, y)
	var rows []Row
	for j, name := range names {
		rows = append(rows, between(Row{Name: name, Value: &slopes[j], Reference: "Head & Mayer 2014, means of published estimates: -.93, .98, .84",
			Source: fmt.Sprintf("%s; %d pairs; standard deviation %.3f", source, len(y), sd[j])}, limits[j][0], limits[j][1])...)
	}
	return rows, nil
}

func readTrade(path string) (x [][]float64, y []float64, err error) {
	file, err := os.Open(path)
	if err != nil {
		return nil, nil, err
	}
	defer file.Close()
	plain, err := gzip.NewReader(file)
	if err != nil {
		return nil, nil, err
	}
	table, err := csv.NewReader(plain).ReadAll()
	if err != nil {
		return nil, nil, err
	}
	for _, record := range table[1:] {
		values := make([]float64, len(record))
		for j := 2; j < len(record); j++ {
			if values[j], err = strconv.ParseFloat(record[j], 64); err != nil {
				return nil, nil, err
			}
		}
		if flow := values[6]; flow > 0 {
			x = append(x, []float64{math.Log(values[2]), math.Log(values[3]), math.Log(values[4]), values[7], values[8], values[5], values[9]})
			y = append(y, math.Log(flow))
		}
	}
	return x, y, nil
}

func (a *entryAnswer) rows(cost Cost) []Row {
	m := a.Model
	source := fmt.Sprintf("the demo's %d foreign markets with sales and published figures, each left out in turn; figures on countries as known on %s", m.Markets, m.AsOf)
	rows := []Row{
		{Name: "entries, error of ln sales in markets left out", Value: &m.Checked.Error, Better: lower, Source: source},
		{Name: "entries, sales over expected sales of markets left out, mean", Value: &m.Checked.Came, Unit: "ratio", Better: higher, Source: source + "; 1 is right, and a few markets decide it"},
	}
	var average float64
	for _, t := range m.Tried {
		rows = append(rows, Row{Name: "entries, error of ln sales, " + string(t.Kind), Value: &t.Error, Better: lower,
			Source: fmt.Sprintf("%s; its weight in the mixture is %.3f, its 80 %% intervals cover %.1f %%", source, t.Weight, 100*t.Covered)})
		if t.Kind == expansion.Average {
			average = t.Error
		}
	}
	rows = append(rows, Row{Name: "entries, error / that of the plain average", Value: new(m.Checked.Error / average), Unit: "ratio", Better: lower, Must: new(1.0), Source: source})
	rows = append(rows, between(Row{Name: "entries, 80 % interval covers", Value: new(100 * m.Checked.Covered), Unit: "%",
		Source: source + "; the limits are two standard errors of a share of that many markets"}, 80-200*math.Sqrt(.16/float64(m.Markets)), 80+200*math.Sqrt(.16/float64(m.Markets)))...)
	return append(rows, Row{Name: "entries, CPU time of a study and its assessment", Value: &cost.CPU, Unit: "s", Better: lower,
		Source: fmt.Sprintf("%d candidates, %d without published figures, %d markets weighed by criteria, 4,000 futures, 10,000 draws", a.Entries, a.Unknown, a.Weighed)})
}
