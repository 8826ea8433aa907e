package benchmark

import (
	"context"
	"fmt"
	"math"
	"math/rand/v2"
	"runtime"
	"sync"

	"tradewind/numeric/distribution"
	"tradewind/numeric/regress"
	"tradewind/operations/pricing"
)

const (
	countedItems, countedWeeks = 10_000, 104
	repricedItems              = 100_000
	repricedScenarios          = 512
	repricedCores              = 2
)

type countAnswer struct {
	Zeros, Price float64 // share of rows without sales; estimate, -2 in truth
	Iterations   int
}

// counting fits Poisson pseudo likelihood with effects of item and week; only the fit is timed.
var counting = newWork("counts", func(_ context.Context, m *meter, seed uint64) (a countAnswer, err error) {
	runtime.GOMAXPROCS(repricedCores)
	d := weeklyCounts(rand.New(rand.NewPCG(seed, 1)))
	m.Begin()
	fit, err := regress.PPML(d, regress.Cluster1)
	m.End()
	if err != nil {
		return a, err
	}
	for _, y := range d.Y {
		if y == 0 {
			a.Zeros += 1 / float64(len(d.Y))
		}
	}
	a.Price, a.Iterations = fit.Coef[0], fit.Iterations
	return a, nil
})

// weeklyCounts draws log mean = item + week - 2 log price + .5 promotion + .1 rival, with
// prices that answer to the season.
func weeklyCounts(rng *rand.Rand) *regress.Data {
	d := &regress.Data{X: make([][]float64, 3), Absorb: make([][]int32, 2)}
	season := make([]float64, countedWeeks)
	for t := range season {
		season[t] = .5*math.Sin(2*math.Pi*float64(t)/52) + .1*rng.NormFloat64()
	}
	for i := range countedItems {
		level, price := -1.5+1.5*rng.NormFloat64(), .2*rng.NormFloat64()
		for t := range countedWeeks {
			if rng.Float64() < .05 {
				price = .2 * rng.NormFloat64()
			}
			promotion := 0.0
			if rng.Float64() < .1 {
				promotion = 1
			}
			x := [3]float64{price + .3*season[t] - .1*promotion, promotion, rng.NormFloat64()}
			mean := math.Exp(level + season[t] - 2*x[0] + .5*x[1] + .1*x[2])
			d.Y = append(d.Y, distribution.NewPoisson(mean).Quantile(rng.Float64()))
			for j, v := range x {
				d.X[j] = append(d.X[j], v)
			}
			d.Absorb[0], d.Absorb[1] = append(d.Absorb[0], int32(i)), append(d.Absorb[1], int32(t))
		}
	}
	d.Cluster = d.Absorb[0]
	return d
}

type repriceAnswer struct {
	Items, Moved int
	Points       float64 // legal prices an item
}

// repricing optimises the price of many items on some cores; making the problems is not timed.
var repricing = newWork("reprice", func(_ context.Context, m *meter, workers int) (repriceAnswer, error) {
	runtime.GOMAXPROCS(workers)
	rng := rand.New(rand.NewPCG(5, 5))
	demand, elasticity := make([][]float64, 64), make([][]float64, 64)
	for k := range demand {
		demand[k], elasticity[k] = make([]float64, repricedScenarios), make([]float64, repricedScenarios)
		mean := -1.5 - 2*rng.Float64()
		for s := range repricedScenarios {
			demand[k][s] = 100 * math.Exp(.4*rng.NormFloat64())
			elasticity[k][s] = mean * math.Exp(.2*rng.NormFloat64())
		}
	}
	problems := make([]pricing.Problem, repricedItems)
	for i := range problems {
		price := 10 + 90*rng.Float64()
		problems[i] = pricing.Problem{
			Price: pounds(price), UnitCost: pounds(price * (.3 + .3*rng.Float64())), Stock: 200, Horizon: 28,
			Demand: demand[rng.IntN(len(demand))], Elasticity: elasticity[rng.IntN(len(elasticity))],
			Terms:  pricing.Terms{TaxRate: .2, ChannelRate: .15, ReturnRate: .05},
			Limits: pricing.Limits{MinMargin: .05, MaxStep: .3, Support: pricing.Range{Low: pounds(price * .7), High: pounds(price * 1.3)}},
		}
	}
	answers, errs := make([]repriceAnswer, workers), make([]error, workers)
	var wait sync.WaitGroup
	m.Begin()
	for w := range workers {
		wait.Go(func() {
			room := pricing.NewWorkspace()
			for i := w; i < len(problems) && errs[w] == nil; i += workers {
				var s *pricing.Solution
				if s, errs[w] = room.Optimise(&problems[i]); errs[w] != nil {
					break
				}
				answers[w].Items++
				answers[w].Points += float64(len(s.Points)) / repricedItems
				if !s.Stays() {
					answers[w].Moved++
				}
			}
		})
	}
	wait.Wait()
	m.End()
	var sum repriceAnswer
	for w, a := range answers {
		if errs[w] != nil {
			return sum, errs[w]
		}
		sum.Items, sum.Moved, sum.Points = sum.Items+a.Items, sum.Moved+a.Moved, sum.Points+a.Points
	}
	return sum, nil
})

// pricingSpeedRows times what must be done for a whole shop at once.
func pricingSpeedRows(ctx context.Context, _ *run) ([]Row, error) {
	var fits, works, walls []float64
	var fitted countAnswer
	var priced repriceAnswer
	for k := range repeats {
		a, cost, err := counting.run(ctx, uint64(k+1))
		if err != nil {
			return nil, err
		}
		fitted, fits = a, append(fits, cost.CPU)
		b, cost, err := repricing.run(ctx, repricedCores)
		if err != nil {
			return nil, err
		}
		priced, works, walls = b, append(works, cost.CPU), append(walls, cost.Wall)
	}
	counted := fmt.Sprintf("regress.PPML, effects of %d items and %d weeks, three regressors, errors clustered by item; %.0f %% zeros, %d iterations, price %.3f where -2 is true; median of %d",
		countedItems, countedWeeks, 100*fitted.Zeros, fitted.Iterations, fitted.Price, repeats)
	repriced := fmt.Sprintf("pricing.Workspace.Optimise, %d scenarios, %.0f legal prices an item, %d of the prices move; median of %d", repricedScenarios, priced.Points, priced.Moved, repeats)
	return []Row{
		{Name: "Poisson likelihood of 10,000 items over 104 weeks, CPU time", Value: new(median(fits)), Unit: "s", Better: lower, Must: new(10.0), Source: counted},
		{Name: "re-pricing 100,000 items, CPU time on two cores", Value: new(median(works)), Unit: "s", Better: lower, Must: new(60.0), Source: repriced + "; less than the limit of CPU is less than the limit on two cores"},
		{Name: "re-pricing 100,000 items, time on two cores", Value: new(median(walls)), Unit: "s", Better: lower, Source: repriced + "; what else the machine does counts"},
	}, nil
}
