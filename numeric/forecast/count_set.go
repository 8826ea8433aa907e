package forecast

import (
	"fmt"
	"math"
	"math/rand/v2"

	"tradewind/numeric/distribution"
)

// GammaPoissonSetForm sets up FitGammaPoissonSet. The zero value is the default.
type GammaPoissonSetForm struct {
	Horizon   int       // periods of the totals that the set is fitted to forecast, at least 2; 0 means 6
	Windows   int       // held-out stretches of Horizon periods to learn from, latest first; 0 means 1, and more where series are fewer than 500
	Discounts []float64 // candidates for ω, in (0, 1]; nil means from 0.8 to 1
	Censored  [][]bool  // whether a count is only known to be that or more (there was no more to be had); nil means none
}

// setDiscounts are the candidates for ω.
var setDiscounts = [...]float64{.8, .85, .88, .9, .92, .94, .96, .98, .99, .995, 1}

// usualDiscount serves where there is nothing to choose it by.
const usualDiscount = .96

func (form GammaPoissonSetForm) withDefaults(series int) GammaPoissonSetForm {
	if form.Horizon == 0 {
		form.Horizon = 6
	}
	if form.Windows == 0 {
		form.Windows = min(max(1, (499+series)/max(1, series)), 12)
	}
	if form.Discounts == nil {
		form.Discounts = setDiscounts[:]
	}
	return form
}

// GammaPoissonSet forecasts series of counts with many zeros that belong together, or a
// single one. Each has a rate that a Gamma–Poisson filter follows; what a series does not
// know of itself it takes from the set:
//
//   - Prior is the law of the rates, by likelihood (empirical Bayes);
//   - Discount ω and the Law, which says how far counts scatter around a rate, are those under
//     which the totals of earlier windows, forecast from what came before them, were most
//     likely;
//   - Law.Scale aligns the rates with a damped trend of the sum of all series.
//
// A single series has little but itself: its ω and scatter are pulled to usual ones.
//
// Source: Harvey & Fernandes, Time series models for count or qualitative observations
// (1989), Journal of Business & Economic Statistics 7, 407-417.
type GammaPoissonSet struct {
	Discount float64
	Prior    Rate // of the rates of the set
	Law      CountLaw
	LogScore float64 // mean log probability of the held-out totals, up to a constant of the counts; NaN without a window

	lump    float64
	filters []countFilter
}

// FitGammaPoissonSet fits series, rows of one length in time order over the same periods, at
// least one count above zero among them. A value that is NaN or negative is missing.
// offsets holds the exposure of each value (the share of it that could be observed, calendar, any known cause) in
// rows of the same length; nil means 1 everywhere, and a value without an offset above zero
// teaches nothing. It does not modify what it is given.
//
// Where history is too short for one window of Horizon periods after as many, Discount and
// Law are the usual ones. It returns a *TooShortError without a count above zero and a
// *ShapeError for rows that do not fit.
//
// The cost is O(values) a candidate for ω, and a few fits by likelihood on some 2,000 series
// and 4,000 windows: half a second for 2,500 series of 45 months.
func FitGammaPoissonSet(series, offsets [][]float64, form GammaPoissonSetForm) (*GammaPoissonSet, error) {
	form = form.withDefaults(len(series))
	if form.Horizon < 2 || form.Windows < 0 {
		panic("forecast: a set needs a horizon of 2 periods or more")
	}
	if err := sameShape(series, offsets, form.Censored); err != nil {
		return nil, err
	}
	lump, active := setLump(series)
	if active == 0 {
		return nil, &TooShortError{Method: "Gamma–Poisson set", Have: 0, Need: 1}
	}
	series = completeCensored(series, offsets, form.Censored)
	trial := &setTrial{series: series, offsets: offsets, form: form, lump: lump}
	var best *setFit
	for _, discount := range form.Discounts {
		if !(discount > 0 && discount <= 1) {
			panic("forecast: discount outside (0, 1]")
		}
		fit := trial.fit(discount)
		if best == nil || fit.loss < best.loss {
			best = fit
		}
	}
	s := &GammaPoissonSet{Discount: best.discount, Prior: best.prior, lump: lump, filters: best.filters, LogScore: math.NaN()}
	if best.windows > 0 {
		s.LogScore = -best.score / float64(best.windows)
	}
	s.Law = CountLaw{Total: best.total, Span: form.Horizon}
	s.Law.Period, s.Law.Idle = fitIdle(trial.periods(best))
	rates := make([]CountRate, len(series))
	for i := range rates {
		rates[i] = s.Rate(i)
	}
	s.Law.Scale = levelOf(series, offsets, trial.length(), form.Horizon, rates, lump)
	return s, nil
}

// FitGammaPoissonSeries fits a single series, as a set of one.
func FitGammaPoissonSeries(y, offsets []float64, form GammaPoissonSetForm) (*GammaPoissonSet, error) {
	if offsets == nil {
		return FitGammaPoissonSet([][]float64{y}, nil, form)
	}
	return FitGammaPoissonSet([][]float64{y}, [][]float64{offsets}, form)
}

// GammaPoissonMethod is a set of one series, fitted for the horizon that is asked for.
func GammaPoissonMethod() Method {
	return Method{Name: "Gamma–Poisson", Forecast: func(past []float64, h int) (Forecast, error) {
		s, err := FitGammaPoissonSeries(past, nil, GammaPoissonSetForm{Horizon: max(2, h)})
		if err != nil {
			return Forecast{}, err
		}
		offsets := make([]float64, h)
		for i := range offsets {
			offsets[i] = 1
		}
		return s.Forecast(0, offsets), nil
	}}
}

// Len is the number of series.
func (s *GammaPoissonSet) Len() int { return len(s.filters) }

// Name returns "Gamma–Poisson set".
func (s *GammaPoissonSet) Name() string { return "Gamma–Poisson set" }

// Rate returns what is known of series i now; Law.Scale is not in it.
func (s *GammaPoissonSet) Rate(i int) CountRate { return s.filters[i].rate(s.Prior, s.lump) }

// Unknown returns what is known of a series of the set that has not begun.
func (s *GammaPoissonSet) Unknown() CountRate { return new(countFilter).rate(s.Prior, s.lump) }

// Forecast returns the distributions of the next periods of series i, with these offsets,
// and of their total.
func (s *GammaPoissonSet) Forecast(i int, offsets []float64) Forecast {
	return s.Law.Forecast(s.Rate(i), offsets)
}

// Path writes one possible future of series i into dst. It allocates nothing.
func (s *GammaPoissonSet) Path(dst []float64, i int, offsets []float64, rng *rand.Rand) {
	s.Law.Path(dst, s.Rate(i), offsets, rng)
}

// Update learns the next value of series i and its offset, in O(1). Discount, Prior and
// Law stay.
func (s *GammaPoissonSet) Update(i int, y, offset float64) {
	s.filters[i].update(y, offset, s.Discount)
}

// UpdateCensored learns that the next count of series i was y or more.
func (s *GammaPoissonSet) UpdateCensored(i int, y, offset float64) {
	rate := s.Rate(i)
	if mu := rate.Mean * offset; mu > 0 && y >= 0 {
		d := distribution.NewNegativeBinomial(mu, s.Law.Period.size(math.Log(mu), math.Log(rate.Lump)))
		y = meanAtLeast(d, y)
	}
	s.Update(i, y, offset)
}

// sameShape checks that all rows have the same length.
func sameShape(series, offsets [][]float64, censored [][]bool) error {
	if offsets != nil && len(offsets) != len(series) {
		return &ShapeError{"rows of offsets, one a series", len(offsets), len(series)}
	}
	if censored != nil && len(censored) != len(series) {
		return &ShapeError{"rows of censored marks, one a series", len(censored), len(series)}
	}
	for i, y := range series {
		if len(y) != len(series[0]) {
			return &ShapeError{fmt.Sprintf("values of series %d", i), len(y), len(series[0])}
		}
		if offsets != nil && len(offsets[i]) != len(y) {
			return &ShapeError{fmt.Sprintf("offsets of series %d", i), len(offsets[i]), len(y)}
		}
		if censored != nil && len(censored[i]) != len(y) {
			return &ShapeError{fmt.Sprintf("censored marks of series %d", i), len(censored[i]), len(y)}
		}
	}
	return nil
}

// setLump is Σy²/Σy over all series, and how many have a count above zero.
func setLump(series [][]float64) (lump float64, active int) {
	units, squares := 0.0, 0.0
	for _, y := range series {
		if activePeriods(y) > 0 {
			active++
		}
		for _, v := range y {
			if v > 0 {
				units += v
				squares += v * v
			}
		}
	}
	return math.Max(1, squares/units), active
}
