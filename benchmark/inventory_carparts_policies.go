package benchmark

import (
	"cmp"
	"math"
	"runtime"
	"sync"
	"sync/atomic"

	"tradewind/numeric/forecast"
	"tradewind/operations/inventory"
)

// moments are the mean and the variance of a month's demand, as known in a state.
type moments func(*partState) (mean, variance float64)

// upTo orders up to mean·(L+R) + z·σ·√(L+R), in whole units, and at least to a given level.
func upTo(z, least float64, of moments) partsPolicy {
	return func(state *partState) float64 {
		mean, variance := of(state)
		months := partsLead.Mean() + 1
		level := math.Max(least, math.Round(mean*months+z*math.Sqrt(variance*months)))
		return math.Max(0, level-state.position())
	}
}

// ofPast are the moments of so many months before, or of all of them.
func (s *partsStore) ofPast(months int) moments {
	return func(state *partState) (mean, variance float64) {
		past := s.demand[state.part][max(0, state.month-months):state.month]
		for _, x := range past {
			mean += x / float64(len(past))
		}
		for _, x := range past {
			variance += (x - mean) * (x - mean) / float64(len(past)-1)
		}
		return mean, variance
	}
}

// partsHighest is the largest z that is tried.
const partsHighest = 64

// asGood finds the z of a textbook that serves at least as much as another policy. Where it
// never does, it is the one of the largest z.
func (s *partsStore) asGood(from, to int, fill, least float64, of moments) (a zScore) {
	at := func(z float64) partsScore { return s.run(from, to, upTo(z, least, of)) }
	lo, hi := 0.0, 1.0
	for a.Score = at(hi); a.Score.fill() < fill && hi < partsHighest; a.Score = at(hi) {
		lo, hi = hi, 2*hi
	}
	if a.Z = hi; a.Score.fill() < fill {
		return a
	}
	for hi-lo > .001*hi {
		mid := (lo + hi) / 2
		if x := at(mid); x.fill() < fill {
			lo = mid
		} else {
			hi, a = mid, zScore{mid, x}
		}
	}
	return a
}

type zScore struct {
	Z     float64
	Score partsScore
}

// partsForecasts are what is known of all parts at the beginning of each month.
type partsForecasts struct {
	first int // month
	sets  []*forecast.CountSet
}

func forecastParts(series [][]float64, from, to int) (*partsForecasts, error) {
	f := &partsForecasts{first: from, sets: make([]*forecast.CountSet, to-from)}
	return f, eachOf(len(f.sets), func(k int) (err error) {
		past := make([][]float64, len(series))
		for i := range past {
			past[i] = series[i][:from+k]
		}
		f.sets[k], err = forecast.FitCountSet(past, nil, forecast.GammaPoissonSetForm{Horizon: 4})
		return err
	})
}

// eachOf does n pieces of work on all cores. Its error is that of the first piece that
// failed.
func eachOf(n int, work func(k int) error) error {
	errs := make([]error, n)
	var next atomic.Int64
	var wg sync.WaitGroup
	for range runtime.GOMAXPROCS(0) {
		wg.Go(func() {
			for k := int(next.Add(1)) - 1; k < n; k = int(next.Add(1)) - 1 {
				errs[k] = work(k)
			}
		})
	}
	wg.Wait()
	return cmp.Or(errs...)
}

// months are as many steady months as any order looks ahead.
var months = [24]float64{1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1}

// ofForecast are the moments of the coming month.
func (f *partsForecasts) ofForecast(state *partState) (mean, variance float64) {
	d := f.sets[state.month-f.first].Forecast(state.part, months[:1]).Period[0]
	return d.Mean(), d.Variance()
}

// solve orders what Solve needs. The futures of a part are those of one seed in every
// month, so that no part is ordered because luck turned.
func (f *partsForecasts) solve(value float64) partsPolicy {
	return func(state *partState) float64 {
		p := &inventory.Problem{
			OnHand: state.onHand, LeadDays: partsLead.Mean(), Lead: partsLead, Review: 1, MaxCycle: 1,
			Price: 1 + value, UnitCost: 1, HoldingRate: 365,
			Demand: f.futuresOf(state), Scale: 1, Scenarios: 512, Seed: uint64(state.part),
		}
		for _, o := range state.coming {
			p.Arrivals = append(p.Arrivals, inventory.Arrival{Units: o.units, Day: float64(o.placed-state.month) + partsLead.Mean()})
		}
		return math.Max(0, inventory.Solve(p).Need)
	}
}

// futuresOf has the demand of a part in futures that share what is uncertain about its
// rate: Gamma–Poisson counts with the mean that the forecast gives a month, and with
// partsBelieved of what its variance, and its covariance between months, exceed those of a
// Poisson count of a known rate.
func (f *partsForecasts) futuresOf(state *partState) *forecast.Blocks {
	ahead := f.sets[state.month-f.first].Forecast(state.part, months[:3])
	mean, variance := ahead.Period[0].Mean(), ahead.Period[0].Variance()
	shared := (ahead.Total.Variance() - 3*variance) / (6 * mean * mean)
	c := forecast.Calibration{Scale: 1, Size: 2*math.Log(mean) - math.Log(math.Max(partsBelieved*(variance-mean), 1e-9)), Span: 1}
	return c.Blocks(forecast.Rate{Mean: mean, Evidence: 1 / math.Max(partsBelieved*shared, 1e-9)}, months[:])
}
