package demand

import "tradewind/numeric/forecast"

// learnPool finds the law of the rates of thin series: of all series, in a shop without
// enough history for a calendar. Pools by market, age and price were tried: they lower the
// absolute error of such series by 3 %, and raise the squared one by 1 %, with changing
// signs from month to month, and so all share one.
func (v *Survey) learnPool(all []Series) {
	var thin []forecast.Thin
	for i := range all {
		if y := &all[i]; !v.ready || !y.sellsBy(len(y.Units)) {
			thin = append(thin, v.thin(y))
		}
	}
	v.pool = forecast.FitPool(thin)
}

// thin sums up what a series has shown since the day after its first sale. That sale says
// when the product came on offer, and would count too much: without it there is no series.
// Old days fade, by half in 69 days.
func (v *Survey) thin(y *Series) forecast.Thin {
	const fade = .99
	o := v.origins[0]
	var s forecast.Thin
	weight := 1.0
	for t := o.n - 1; t > y.first; t-- {
		u := y.Units[t]
		s.Count += weight * u
		s.Squares += weight * u * u
		s.Exposure += weight * o.offsets[t] * y.exposure(t)
		weight *= fade
	}
	return s
}
