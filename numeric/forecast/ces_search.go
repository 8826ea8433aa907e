package forecast

import "math"

// cesSearch fits one series in all forms.
type cesSearch struct {
	y, whole      []float64
	m             int
	n             float64
	figure        []float64 // the additive season to start from
	levels, infos []float64
	nm            nelderMead
	form          CESForm  // that is being fitted
	state         cesState // of the last run
}

func newCESSearch(y []float64, m int) *cesSearch {
	s := &cesSearch{y: y, whole: y, m: m, n: float64(observed(y))}
	slab := make([]float64, 3*m+len(y))
	s.figure, s.levels, s.infos = slab[:m:m], slab[m:2*m:2*m], slab[2*m:3*m:3*m]
	if m > 1 && s.n > float64(2*m) {
		s.whole = interpolated(y, []int{m})
		trend := slab[3*m:]
		centredAverage(trend, s.whole, m)
		seasonalFigure(s.figure, s.whole, trend, false)
	} else if s.n < float64(len(y)) {
		s.whole = slab[3*m:]
		interpolateLine(s.whole, y)
	}
	return s
}

// cesParametersOf are the parameters of a vector in the order α_0, α_1, β_0, β_1, and whether
// they are admissible.
func cesParametersOf(x []float64) (p cesParameters, ok bool) {
	p = cesParameters{alpha0: x[0], alpha1: x[1]}
	ok = cesAdmissible(x[0], x[1])
	switch len(x) {
	case 3:
		p.beta0 = x[2]
		ok = ok && x[2] >= 0 && x[2] <= 1
	case 4:
		p.beta0, p.beta1 = x[2], x[3]
		ok = ok && cesAdmissible(x[2], x[3])
	}
	return p, ok
}

// cesAdmissible says whether errors of the past are forgotten: both eigenvalues of
//
//	1 - a_0 + a_1   a_1 - 1
//	1 - a_0 - a_1   1 - a_0
//
// lie inside the unit circle, by Jury's conditions on trace and determinant. Of a full season
// the level and the season are held to it one by one.
func cesAdmissible(a0, a1 float64) bool {
	trace := 2 - 2*a0 + a1
	determinant := (1-a0+a1)*(1-a0) - (a1-1)*(1-a0-a1)
	return determinant < 1 && math.Abs(trace) < 1+determinant
}

// loss is the sum of squares that the search minimises.
func (s *cesSearch) loss(x []float64) float64 {
	if p, ok := cesParametersOf(x); ok {
		if sse := s.run(s.form, &p); sse < math.MaxFloat64 {
			return sse
		}
	}
	return math.MaxFloat64
}

// cesStarts are two first simplexes for every form: the least squares of a season can have
// a second valley, and along α_1 the valley is narrow.
var cesStarts = [2]struct{ place, step [4]float64 }{
	{[4]float64{1.3, 1, 1.3, 1}, [4]float64{-.2, -.1, -.2, -.1}},
	{[4]float64{1.1, 1, 1, 1}, [4]float64{.3, .01, -.1, .01}},
}

// cesPolish is the simplex of the last search, from the better of the two.
var cesPolish = [4]float64{.03, .003, .03, .003}

// cesSmoothing counts the smoothing parameters of each form.
var cesSmoothing = [...]int{2, 2, 3, 4}

// fit searches the parameters of one form: coarsely from two places, then finely.
func (s *cesSearch) fit(form CESForm) *CES {
	s.form = form
	s.nm.Tolerance = 1e-3
	best, at := math.Inf(1), [4]float64{}
	for _, start := range cesStarts {
		if form == CESPartial {
			start.place[2], start.step[2] = .1, .2
		}
		k := cesSmoothing[form]
		x := start.place[:k]
		if squares := s.nm.minimize(s.loss, x, start.step[:k]); squares < best {
			best, at = squares, start.place
		}
	}
	s.nm.Tolerance = 1e-6
	x := at[:cesSmoothing[form]]
	s.nm.minimize(s.loss, x, cesPolish[:len(x)])
	p, _ := cesParametersOf(x)
	c := &CES{Form: form, Alpha: [2]float64{p.alpha0, p.alpha1}, Beta: [2]float64{p.beta0, p.beta1}, n: s.n}
	c.squares = s.run(form, &p)
	c.state = s.state.clone()
	c.AICc = s.aicc(c)
	return c
}

// aicc counts the backcast states as parameters, besides the smoothing parameters and the
// variance: a season of m positions has been fitted as surely as if it had been searched for.
func (s *cesSearch) aicc(c *CES) float64 {
	k := c.parameters()
	if s.n <= k+1 {
		return math.Inf(1)
	}
	size := 0.0
	for _, v := range s.whole {
		size += v * v
	}
	squares := math.Max(c.squares, 1e-26*size+math.SmallestNonzeroFloat64) // of a constant: rounding errors
	return s.n*math.Log(squares) + 2*k + 2*k*(k+1)/(s.n-k-1)
}

// parameters counts smoothing parameters, first states, and the variance.
func (c *CES) parameters() float64 {
	m := float64(len(c.state.levels))
	return 1 + [...]float64{2 + 2, 2 + 2*m, 3 + 2 + m, 4 + 2 + 2*m}[c.Form]
}

// run backcasts the first states and returns the sum of squares of the errors of the last run,
// NaN or infinite where the filter is unstable.
func (s *cesSearch) run(form CESForm, p *cesParameters) float64 {
	s.begin(form)
	s.sweep(p, true)
	s.state.turn(p)
	s.sweep(p, false)
	s.state.turn(p)
	return s.sweep(p, true)
}

// begin sets the states before the first value.
func (s *cesSearch) begin(form CESForm) {
	s.state = cesState{form: form}
	width := min(10, len(s.whole))
	if form != CESNone {
		s.state.levels, s.state.infos = s.levels, s.infos
		width = s.m
	}
	mean := 0.0
	for _, v := range s.whole[:width] {
		mean += v / float64(width)
	}
	s.state.level, s.state.info = mean, mean/1.1
	for i := range s.state.levels {
		v := s.figure[i]
		if form == CESSimple {
			v = s.whole[i]
		}
		s.levels[i], s.infos[i] = v, v/1.1
	}
}

// sweep runs the filter over the series, forward or backward, and returns the sum of
// squared errors. The states are kept in local variables: it is what a fit spends its time in.
func (s *cesSearch) sweep(p *cesParameters, forward bool) float64 {
	switch s.state.form {
	case CESNone:
		return s.sweepPlain(p, forward)
	case CESSimple:
		return s.sweepSimple(p, forward)
	}
	return s.sweepSeasonal(p, forward)
}

// place is where a run starts, how it moves, and at which position of the season.
func (s *cesSearch) place(forward bool) (t, by, position int) {
	last := len(s.y) - 1
	if forward {
		return 0, 1, 0
	}
	return last, -1, last % s.m
}

func (s *cesSearch) sweepPlain(p *cesParameters, forward bool) (sse float64) {
	l, c := s.state.level, s.state.info
	keepL, keepC := 1-p.alpha1, 1-p.alpha0
	toL, toC := p.alpha0-p.alpha1, p.alpha0+p.alpha1
	t, by, _ := s.place(forward)
	for range s.y {
		e := s.y[t] - l
		if e != e {
			e = 0 // missing
		}
		sse += e * e
		l, c = l-keepL*c+toL*e, l+keepC*c+toC*e
		t += by
	}
	s.state.level, s.state.info = l, c
	return sse
}

func (s *cesSearch) sweepSimple(p *cesParameters, forward bool) (sse float64) {
	levels := s.state.levels
	infos := s.state.infos[:len(levels)]
	keepL, keepC := 1-p.alpha1, 1-p.alpha0
	toL, toC := p.alpha0-p.alpha1, p.alpha0+p.alpha1
	t, by, i := s.place(forward)
	for range s.y {
		l, c := levels[i], infos[i]
		e := s.y[t] - l
		if e != e {
			e = 0
		}
		sse += e * e
		levels[i], infos[i] = l-keepL*c+toL*e, l+keepC*c+toC*e
		t += by
		i = around(i+by, len(levels))
	}
	s.state.next = i
	return sse
}

func (s *cesSearch) sweepSeasonal(p *cesParameters, forward bool) (sse float64) {
	levels := s.state.levels
	infos := s.state.infos[:len(levels)]
	full := s.state.form == CESFull
	l, c := s.state.level, s.state.info
	keepL, keepC := 1-p.alpha1, 1-p.alpha0
	toL, toC := p.alpha0-p.alpha1, p.alpha0+p.alpha1
	keepSL, keepSC := 1-p.beta1, 1-p.beta0
	toSL, toSC := p.beta0-p.beta1, p.beta0+p.beta1
	t, by, i := s.place(forward)
	for range s.y {
		season := levels[i]
		e := s.y[t] - l - season
		if e != e {
			e = 0
		}
		sse += e * e
		l, c = l-keepL*c+toL*e, l+keepC*c+toC*e
		if full {
			of := infos[i]
			levels[i], infos[i] = season-keepSL*of+toSL*e, season+keepSC*of+toSC*e
		} else {
			levels[i] = season + p.beta0*e
		}
		t += by
		i = around(i+by, len(levels))
	}
	s.state.level, s.state.info, s.state.next = l, c, i
	return sse
}

// around is position i of m, at most one outside of them.
func around(i, m int) int {
	switch {
	case i == m:
		return 0
	case i < 0:
		return m - 1
	}
	return i
}
