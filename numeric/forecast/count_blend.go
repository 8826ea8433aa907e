package forecast

import (
	"errors"
	"math"
	"math/rand/v2"
)

// CountSet forecasts series of counts with many zeros that belong together by two members
// that see them differently:
//
//   - the Gamma–Poisson filters of a GammaPoissonSet, each of which follows one series at the
//     level of the set;
//   - boosted trees, which learn from all series together what came after pasts like these:
//     after silences, bursts and first counts, at any age.
//
// Its rate is their weighted mean. The weight is the one under which the totals of held-back
// windows, forecast by members that saw nothing of them, were most likely; it is 0, which
// leaves the filters alone, unless the gain over them is above two standard errors.
//
// Source: Montero-Manso & Hyndman, Principles and algorithms for forecasting groups of time
// series: locality and globality (2021), International Journal of Forecasting 37, 1632-1653,
// for one model of many series; Bates & Granger, The combination of forecasts (1969),
// Operational Research Quarterly 20, 451-468.
type CountSet struct {
	Filters *GammaPoissonSet
	Weight  float64  // of the trees, at most 0.9
	Law     CountLaw // around the weighted mean
	Gain    float64  // mean log probability of the held-back totals above that under the filters alone; 0 where these are
	Alone   error    // why no trees could be grown or judged: a *TooShortError; nil where they were

	rates []CountRate // Law.Scale is not in them
}

// FitCountSet fits series; what they and offsets hold, and its errors, are as for
// FitGammaPoissonSet, and form.Windows windows of form.Horizon periods are held back. Where
// history is too short for one, or has fewer than 500 windows before it for trees to learn
// from, the filters are left alone, and Alone says so.
//
// The cost is that of a GammaPoissonSet and of 60 small trees, for the whole past and once
// more for every held-back window, on one goroutine: a second or so for 2,500 series of 45
// months.
func FitCountSet(series, offsets [][]float64, form GammaPoissonSetForm) (*CountSet, error) {
	filters, err := FitGammaPoissonSet(series, offsets, form)
	if err != nil {
		return nil, err
	}
	form = form.withDefaults(len(series))
	s := &CountSet{Filters: filters, Law: filters.Law}
	err = s.weigh(series, offsets, form)
	if err == nil && s.Weight > 0 {
		err = s.mix(series, offsets, form)
	}
	if short := (*TooShortError)(nil); errors.As(err, &short) {
		s.Alone, err = short, nil
	}
	return s, err
}

// weigh chooses the weight of the trees and learns the law around the mean that it gives.
func (s *CountSet) weigh(series, offsets [][]float64, form GammaPoissonSetForm) error {
	trial := &setTrial{series: series, offsets: offsets, form: form}
	windows, err := heldBack(trial)
	if err != nil {
		return err
	}
	alone := windows.cases(trial, 0)
	line, loss := fitSizeLine(alone, usualTotal, 0)
	best, total, least := alone, line, loss
	for tenths := 1; tenths <= 9; tenths++ {
		weight := float64(tenths) / 10
		cases := windows.cases(trial, weight)
		if l, loss := fitSizeLine(cases, usualTotal, 0); loss < least && len(cases) == len(alone) {
			s.Weight, best, total, least = weight, cases, l, loss
		}
	}
	var gain moments
	for i := range best {
		gain.add(lossOf(alone[i:i+1], line, 0) - lossOf(best[i:i+1], total, 0))
	}
	if s.Weight == 0 || gain.mean <= 2*math.Sqrt(gain.squares)/gain.n {
		s.Weight = 0
		return nil
	}
	s.Gain = gain.mean
	s.Law = CountLaw{Scale: 1, Total: total, Span: form.Horizon}
	s.Law.Period, s.Law.Idle = fitIdle(trial.periods(windows.at(s.Weight)))
	return nil
}

// mix sets the rates to the weighted mean. A series that has not begun is left to its filter.
func (s *CountSet) mix(series, offsets [][]float64, form GammaPoissonSetForm) error {
	members, err := s.Filters.withTrees(series, offsets, form)
	if err != nil {
		s.Weight, s.Gain, s.Law = 0, 0, s.Filters.Law
		return err
	}
	s.rates = members.mix(s.Weight)
	for i := range s.rates {
		if !s.Filters.filters[i].begun {
			s.rates[i] = s.Filters.scaled(i)
		}
	}
	return nil
}

// Len is the number of series.
func (s *CountSet) Len() int { return s.Filters.Len() }

// Name returns "Gamma–Poisson filters and boosted trees", or the name of the filters where
// these are alone.
func (s *CountSet) Name() string {
	if s.Weight == 0 {
		return s.Filters.Name()
	}
	return "Gamma–Poisson filters and boosted trees"
}

// Rate returns what is known of series i at the end of the past, with the evidence and the
// lump of its filter; Law.Scale is not in it.
func (s *CountSet) Rate(i int) CountRate {
	if s.Weight == 0 {
		return s.Filters.Rate(i)
	}
	return s.rates[i]
}

// Forecast returns the distributions of the next periods of series i, with these offsets,
// and of their total.
func (s *CountSet) Forecast(i int, offsets []float64) Forecast {
	return s.Law.Forecast(s.Rate(i), offsets)
}

// Path writes one possible future of series i into dst. It allocates nothing.
func (s *CountSet) Path(dst []float64, i int, offsets []float64, rng *rand.Rand) {
	s.Law.Path(dst, s.Rate(i), offsets, rng)
}
