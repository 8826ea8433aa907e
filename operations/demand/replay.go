package demand

import (
	"math"
	"runtime"
	"slices"
	"sync"

	"tradewind/numeric/forecast"
)

// replay is what the members said of every grown series before each window of the past,
// and what came.
type replay struct {
	origins []*origin // latest first
	seen    [][]seen  // one list an origin
}

type seen struct {
	view
	series *Series
	at     int     // index of the series
	came   float64 // Σ min(units, cap) over the window
	days   float64 // Σ offsets × season × share in stock over the window
	season float64 // of the series beside the calendar
}

func newReplay(origins []*origin, grown []Series) *replay {
	r := &replay{origins: origins, seen: make([][]seen, len(origins))}
	parallel(len(origins), func(k int) {
		looking := viewer{origin: origins[k]}
		for i := range grown {
			y := &grown[i]
			if !y.sellsBy(origins[k].n) {
				continue
			}
			if view, ok := looking.see(y); ok {
				n := origins[k].n
				season := 1.0
				if f := origins[k].factors(y, 1); f != nil {
					season = f[0]
				}
				r.seen[k] = append(r.seen[k], seen{view, y, i, y.capped(n, n+held, view.cap), season * looking.exposure(y, n, n+held), season})
			}
		}
	})
	return r
}

// find returns what was seen of a series before window k, or nil.
func (r *replay) find(k, series int) *seen {
	at, found := slices.BinarySearchFunc(r.seen[k], series, func(s seen, i int) int { return s.at - i })
	if !found {
		return nil
	}
	return &r.seen[k][at]
}

// learnWeights learns the weights of the members class by class, from all windows but the
// last, which is kept to judge the choice by.
func (r *replay) learnWeights() (w [classCount]weights) {
	const shrink = 1
	trees := r.origins[0].boost != nil
	for c := range w {
		members := []int{byFilter, byMonth}
		if trees {
			members = append(members, byTrees)
		}
		gram := make([][]float64, len(members))
		for a := range gram {
			gram[a] = make([]float64, len(members))
		}
		cross := make([]float64, len(members))
		for k := 1; k < len(r.seen); k++ {
			if trees && r.origins[k].boost == nil {
				continue
			}
			for _, s := range r.seen[k] {
				if s.class != c || !(s.days > 0) || math.IsNaN(s.rates[byMonth]) {
					continue
				}
				trust := r.origins[k].trust(s.series, r.origins[k].n, s.scale, s.rough)
				unit := s.scale * s.days / math.Sqrt(trust)
				for a, m := range members {
					f := s.rates[m] * s.days / unit
					cross[a] += f * s.came / unit
					for b, other := range members {
						gram[a][b] += f * s.rates[other] * s.days / unit
					}
				}
			}
		}
		for a, x := range forecast.SimplexWeights(gram, cross, shrink) {
			w[c][members[a]] = x
		}
	}
	return w
}

// calibrate learns how counts scatter around the combination, from window from and those
// before it.
func (r *replay) calibrate(w [classCount]weights, from int) (forecast.Calibration, error) {
	var list []forecast.Window
	for k := from; k < len(r.seen); k++ {
		for i := range r.seen[k] {
			s := &r.seen[k][i]
			list = append(list, r.window(k, s, s.rate(w[s.class].mix(s.rates, s.scale))))
		}
	}
	return forecast.Calibrate(list)
}

// window is what was expected of the days of a window, and what came.
func (r *replay) window(k int, s *seen, rate forecast.Rate) forecast.Window {
	o := r.origins[k]
	offsets := slices.Clone(o.offsets[o.n : o.n+held])
	for t := range offsets {
		offsets[t] *= s.season * s.series.exposure(o.n+t)
	}
	return forecast.Window{Rate: rate, Offsets: offsets, Actual: s.series.Units[o.n : o.n+held]}
}

// scale is what a forecast of a class is to be multiplied by: what came over what the
// rates made of it, in the windows older than window k. A class that needs less than the
// whole shop gets half of the way to its own ratio; one that needs more gets the shop's,
// because what lifts slow sellers is single huge orders that no one of them can expect.
// The oldest window has no older one, and nothing is known of it: 1.
func (r *replay) scale(k, class int, rate func(*seen) float64) float64 {
	var forecast, came, ownForecast, ownCame float64
	for from := k + 1; from < len(r.seen); from++ {
		for i := range r.seen[from] {
			s := &r.seen[from][i]
			n := r.origins[from].n
			f, c := rate(s)*s.days, total(s.series.Units[n:n+held])
			forecast += f
			came += c
			if s.class == class {
				ownForecast += f
				ownCame += c
			}
		}
	}
	if !(forecast > 0 && came > 0) {
		return 1
	}
	shop := came / forecast
	if own := ownCame / ownForecast; own > 0 {
		return math.Min(math.Sqrt(own*shop), shop)
	}
	return shop
}

// parallel calls work for 0 … n-1 on as many goroutines as there are processors: more
// would only hold more memory at a time.
func parallel(n int, work func(k int)) {
	var wg sync.WaitGroup
	workers := min(n, runtime.GOMAXPROCS(0))
	for w := range workers {
		wg.Go(func() {
			for k := w; k < n; k += workers {
				work(k)
			}
		})
	}
	wg.Wait()
}
