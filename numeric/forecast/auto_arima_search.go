package forecast

import "math"

// arimaChoice is a model in the search.
type arimaChoice struct {
	p, q, sp, sq int
	constant     bool
}

// arimaSearch walks from model to model. All have the same differences, so that two designs
// serve them all.
type arimaSearch struct {
	form    ARIMAForm
	designs [2]*arimaDesign // without and with a constant
	tried   map[arimaChoice]bool
	limit   arimaChoice // highest orders

	best  arimaChoice
	fit   *arimaFit
	value float64 // AICc
}

// arimaMostModels bounds the search.
const arimaMostModels = 94

// searchARIMA chooses orders and constant of a model for y, by whole, which is y without
// gaps; differences stand in the form.
func searchARIMA(y, whole []float64, form ARIMAForm, extra arimaColumns) (*ARIMA, error) {
	s := &arimaSearch{form: form, tried: map[arimaChoice]bool{}, value: math.Inf(1)}
	for i, constant := range []bool{false, true} {
		f := form
		f.Constant = constant
		if constant && f.constant() == "" {
			break
		}
		design, err := newARIMADesign(whole, f, extra)
		if err != nil {
			return nil, err
		}
		s.designs[i] = design
	}
	s.bound(observed(y))
	s.walk(len(y) - firstObserved(y))
	if s.fit == nil { // too few values for any
		form.Constant = s.designs[1] != nil
		return fitARIMA(y, form, extra, nil)
	}
	form.P, form.Q, form.SeasonalP, form.SeasonalQ = s.best.p, s.best.q, s.best.sp, s.best.sq
	form.Constant = s.best.constant
	if &whole[0] == &y[0] {
		return s.design(s.best).model(form, s.fit), nil
	}
	m, err := fitARIMA(y, form, extra, s.fit.angles)
	if err != nil { // too few values without those interpolated
		form.P, form.Q, form.SeasonalP, form.SeasonalQ = 0, 0, 0, 0
		return fitARIMA(y, form, extra, nil)
	}
	return m, nil
}

// bound sets the highest orders for n values.
func (s *arimaSearch) bound(n int) {
	m := s.form.Period
	s.limit = arimaChoice{p: min(5, n/3), q: min(5, n/3)}
	if m == 1 {
		return
	}
	s.limit.sp, s.limit.sq = min(2, n/3/m), min(2, n/3/m)
	if s.limit.sp > 0 {
		s.limit.p = min(s.limit.p, m-1)
	}
	if s.limit.sq > 0 {
		s.limit.q = min(s.limit.q, m-1)
	}
}

func (s *arimaSearch) design(c arimaChoice) *arimaDesign {
	if c.constant {
		return s.designs[1]
	}
	return s.designs[0]
}

// walk tries four models to start from, then the neighbours of the best until none is better.
func (s *arimaSearch) walk(n int) {
	constant := s.designs[1] != nil
	l := s.limit
	start := arimaChoice{min(2, l.p), min(2, l.q), min(1, l.sp), min(1, l.sq), constant}
	if n < 10 {
		start = arimaChoice{min(1, l.p), min(1, l.q), 0, 0, constant}
	}
	s.try(start)
	s.try(arimaChoice{constant: constant})
	s.try(arimaChoice{p: min(1, l.p), sp: min(1, l.sp), constant: constant})
	s.try(arimaChoice{q: min(1, l.q), sq: min(1, l.sq), constant: constant})
	if constant {
		s.try(arimaChoice{})
	}
	for s.step() {
	}
}

// step tries the neighbours in turn and stops at the first that is better.
func (s *arimaSearch) step() bool {
	for _, d := range [...][4]int{ // changes of P, Q, p, q
		{-1, 0}, {0, -1}, {1, 0}, {0, 1}, {-1, -1}, {-1, 1}, {1, -1}, {1, 1},
		{0, 0, -1, 0}, {0, 0, 0, -1}, {0, 0, 1, 0}, {0, 0, 0, 1}, {0, 0, -1, -1}, {0, 0, -1, 1}, {0, 0, 1, -1}, {0, 0, 1, 1},
	} {
		c := s.best
		c.sp, c.sq, c.p, c.q = c.sp+d[0], c.sq+d[1], c.p+d[2], c.q+d[3]
		if s.try(c) {
			return true
		}
	}
	c := s.best
	c.constant = !c.constant
	return s.try(c) || s.drop()
}

// drop tries the best model without one of its four parts, where that is more than a step away.
func (s *arimaSearch) drop() bool {
	for part := range 4 {
		c := s.best
		*[]*int{&c.sp, &c.sq, &c.p, &c.q}[part] = 0
		if s.try(c) {
			return true
		}
	}
	return false
}

// try fits a model that has not been tried, and reports whether it is the best so far.
func (s *arimaSearch) try(c arimaChoice) bool {
	l := s.limit
	if min(c.p, c.q, c.sp, c.sq) < 0 || c.p > l.p || c.q > l.q || c.sp > l.sp || c.sq > l.sq ||
		s.design(c) == nil || s.tried[c] || len(s.tried) >= arimaMostModels {
		return false
	}
	s.tried[c] = true
	order := arimaOrder{c.p, c.q, c.sp, c.sq, s.form.Period}
	fit := s.design(c).fit(order, false, s.warm(order), s.value)
	if fit == nil || !(fit.aicc() < s.value) || !fit.clear() {
		return false
	}
	s.best, s.fit, s.value = c, fit, fit.aicc()
	return true
}

// warm is the best model so far as a start for another order.
func (s *arimaSearch) warm(order arimaOrder) []float64 {
	if s.fit == nil {
		return nil
	}
	x := make([]float64, order.parameters())
	to1, to2, to3, to4 := order.split(x)
	from1, from2, from3, from4 := s.fit.order.split(s.fit.angles)
	copy(to1, from1)
	copy(to2, from2)
	copy(to3, from3)
	copy(to4, from4)
	return x
}

// clear reports whether all inverse roots are shorter than 1/1.01.
func (f *arimaFit) clear() bool {
	const radius = 1.01
	ar, ma, sar, sma := f.order.split(append([]float64(nil), f.coefficients...))
	arimaNegate(ma)
	arimaNegate(sma)
	season := math.Pow(radius, float64(f.order.m))
	return rootsBeyond(ar, radius) && rootsBeyond(ma, radius) && rootsBeyond(sar, season) && rootsBeyond(sma, season)
}
