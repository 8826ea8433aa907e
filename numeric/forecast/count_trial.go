package forecast

import "math"

// setTrial replays a set under one discount after another.
type setTrial struct {
	series, offsets [][]float64 // censored counts completed
	form            GammaPoissonSetForm
	lump            float64
}

// setFit is what a set is under one discount.
type setFit struct {
	discount float64
	prior    Rate          // at the end
	filters  []countFilter // at the end
	total    SizeLine
	loss     float64 // of the held-out totals, and of an unusual discount
	score    float64 // of the held-out totals alone
	windows  int     // how many these are

	origins []int
	rates   [][]CountRate // at each origin, scaled, of the series that had begun; others have no mean
}

func (t *setTrial) length() int { return len(t.series[0]) }

// origins are the beginnings of the held-out windows, latest first: as many as leave the
// first a horizon of past, or two where that is enough.
func (t *setTrial) origins() []int {
	var origins []int
	for k := 1; k <= t.form.Windows; k++ {
		origin := t.length() - k*t.form.Horizon
		if origin < t.form.Horizon || k > 2 && origin < t.length()/3 {
			break
		}
		origins = append(origins, origin)
	}
	return origins
}

// fit runs the filters once, stopping at every origin, and learns the law of totals.
func (t *setTrial) fit(discount float64) *setFit {
	f := &setFit{discount: discount, origins: t.origins(), filters: make([]countFilter, len(t.series))}
	at := make([][]countFilter, len(f.origins))
	for k := range at {
		at[k] = make([]countFilter, len(t.series))
	}
	for i, y := range t.series {
		filter := &f.filters[i]
		for p, v := range y {
			for k, origin := range f.origins {
				if p == origin {
					at[k][i] = *filter
				}
			}
			filter.update(v, offsetAt(t.offsets, i, p), discount)
		}
	}
	f.prior = priorOf(f.filters)
	for k, origin := range f.origins {
		f.rates = append(f.rates, t.ratesAt(at[k], origin))
	}
	totals := t.totals(f)
	f.total, f.score = fitSizeLine(totals, usualTotal, 0)
	f.windows = len(totals)
	// How long a memory is usual: half-lives within a factor of four or so.
	unusual := math.Log((1 - discount + .002) / (1 - usualDiscount + .002))
	f.loss = f.score + .5*unusual*unusual
	return f
}

// priorOf learns the law of the rates from at most 2,000 of the series that have begun.
func priorOf(filters []countFilter) Rate {
	every := max(1, len(filters)/2000)
	var a, b []float64
	begun := 0
	for i := range filters {
		if !filters[i].begun {
			continue
		}
		if begun%every == 0 {
			a, b = append(a, filters[i].a), append(b, filters[i].b)
		}
		begun++
	}
	return fitCountPrior(a, b)
}

// ratesAt are the rates at an origin, aligned to the level of the set there.
func (t *setTrial) ratesAt(filters []countFilter, origin int) []CountRate {
	prior := priorOf(filters)
	rates := make([]CountRate, len(filters))
	for i := range filters {
		rates[i] = filters[i].rate(prior, t.lump)
	}
	scale := levelOf(t.series, t.offsets, origin, t.form.Horizon, rates, t.lump)
	for i := range rates {
		rates[i].Mean *= scale
		if !filters[i].begun {
			rates[i].Mean = 0
		}
	}
	return rates
}

// totals lists about 4,000 held-out totals of the series that had begun, evenly spaced.
// Of a window with missing or closed periods the others make the total; half of them have to
// be there.
func (t *setTrial) totals(f *setFit) []countCase {
	every := max(1, len(f.origins)*len(t.series)/4000)
	var cases []countCase
	n := 0
	for k, origin := range f.origins {
		for i, rate := range f.rates[k] {
			if !(rate.Mean > 0) {
				continue
			}
			if n++; n%every != 0 {
				continue
			}
			sum, mean, seen := 0.0, 0.0, 0
			for p := origin; p < origin+t.form.Horizon; p++ {
				if y, mu := t.seen(i, p), rate.Mean*offsetAt(t.offsets, i, p); y >= 0 && mu > 0 {
					sum += y
					mean += mu
					seen++
				}
			}
			if 2*seen >= t.form.Horizon && mean > 1e-9 {
				cases = append(cases, countCase{sum, mean, math.Log(mean), math.Log(rate.Lump)})
			}
		}
	}
	return cases
}

// periods lists about 10,000 held-out counts likewise.
func (t *setTrial) periods(f *setFit) []countCase {
	every := max(1, len(f.origins)*len(t.series)*t.form.Horizon/10_000)
	for every > 1 && every%t.form.Horizon == 0 {
		every++ // every position of the window takes part
	}
	var cases []countCase
	n := 0
	for k, origin := range f.origins {
		for i, rate := range f.rates[k] {
			for p := origin; p < origin+t.form.Horizon; p++ {
				if n++; n%every != 0 {
					continue
				}
				if y, mu := t.seen(i, p), rate.Mean*offsetAt(t.offsets, i, p); y >= 0 && mu > 1e-9 {
					cases = append(cases, countCase{y, mu, math.Log(mu), math.Log(rate.Lump)})
				}
			}
		}
	}
	return cases
}

// seen is the count of a period, NaN where it was censored: more than that may have come.
func (t *setTrial) seen(i, p int) float64 {
	if t.form.Censored != nil && t.form.Censored[i][p] {
		return math.NaN()
	}
	return t.series[i][p]
}
