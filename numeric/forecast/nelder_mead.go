package forecast

import "math"

// nelderMead minimises a function of a few variables without derivatives. One value
// can be used again and again, and allocates only when the number of variables grows.
//
// Source: Nelder & Mead, A simplex method for function minimization (1965); the
// coefficients that depend on the dimension are those of Gao & Han (2012),
// doi:10.1007/s10589-010-9329-3.
type nelderMead struct {
	Tolerance   float64 // stop when the values of the simplex differ by less, relative to them; 0 means 1e-8
	Evaluations int     // stop after so many; 0 means 200 a variable

	slab             []float64
	places           [][]float64 // the simplex: n+1 places, best first
	values           []float64
	centre, try, far []float64
}

// minimize returns the least value found near x, and writes its place into x. The first
// simplex reaches step[i] from x along variable i; f may return +Inf outside its domain,
// but not at x itself.
func (s *nelderMead) minimize(f func([]float64) float64, x, step []float64) float64 {
	n := len(x)
	s.reset(n)
	tolerance, limit := s.Tolerance, s.Evaluations
	if tolerance == 0 {
		tolerance = 1e-8
	}
	if limit == 0 {
		limit = 200 * n
	}
	for i, p := range s.places {
		copy(p, x)
		if i > 0 {
			p[i-1] += step[i-1]
		}
		s.values[i] = f(p)
	}
	used := n + 1
	dim := math.Max(2, float64(n))
	expand, contract, shrink := 1+2/dim, .75-1/(2*dim), 1-1/dim
	s.sort()
	for used < limit {
		worst := s.values[n]
		if worst-s.values[0] <= tolerance*(math.Abs(s.values[0])+tolerance) {
			break
		}
		s.centroid()
		reflected := s.along(f, s.try, 1)
		used++
		switch {
		case reflected < s.values[0]:
			expanded := s.along(f, s.far, expand)
			used++
			if expanded < reflected {
				s.replace(s.far, expanded)
			} else {
				s.replace(s.try, reflected)
			}
			continue
		case reflected < s.values[n-1]:
			s.replace(s.try, reflected)
			continue
		}
		side := -contract
		if reflected < worst {
			side = contract
		}
		contracted := s.along(f, s.far, side)
		used++
		if contracted < math.Min(reflected, worst) {
			s.replace(s.far, contracted)
			continue
		}
		for i := 1; i <= n; i++ {
			for j, b := range s.places[0] {
				s.places[i][j] = b + shrink*(s.places[i][j]-b)
			}
			s.values[i] = f(s.places[i])
		}
		used += n
		s.sort()
	}
	copy(x, s.places[0])
	return s.values[0]
}

// reset makes room for n variables.
func (s *nelderMead) reset(n int) {
	if len(s.centre) == n {
		return
	}
	s.slab = make([]float64, (n+1)*n+3*n)
	s.places = make([][]float64, n+1)
	for i := range s.places {
		s.places[i] = s.slab[i*n : (i+1)*n : (i+1)*n]
	}
	rest := s.slab[(n+1)*n:]
	s.centre, s.try, s.far = rest[:n:n], rest[n:2*n:2*n], rest[2*n:]
	s.values = make([]float64, n+1)
}

// centroid is the mean of all places but the worst.
func (s *nelderMead) centroid() {
	n := len(s.centre)
	clear(s.centre)
	for _, p := range s.places[:n] {
		for j, v := range p {
			s.centre[j] += v
		}
	}
	for j := range s.centre {
		s.centre[j] /= float64(n)
	}
}

// along writes the place at k times the way from the worst through the centre into dst.
func (s *nelderMead) along(f func([]float64) float64, dst []float64, k float64) float64 {
	worst := s.places[len(s.centre)]
	for j, c := range s.centre {
		dst[j] = c + k*(c-worst[j])
	}
	return f(dst)
}

// replace puts a place where the worst was, and keeps the order.
func (s *nelderMead) replace(x []float64, value float64) {
	n := len(s.centre)
	copy(s.places[n], x)
	s.values[n] = value
	for i := n; i > 0 && s.values[i] < s.values[i-1]; i-- {
		s.swap(i, i-1)
	}
}

// sort orders the places by value; equal values keep their order.
func (s *nelderMead) sort() {
	for i := 1; i < len(s.values); i++ {
		for j := i; j > 0 && s.values[j] < s.values[j-1]; j-- {
			s.swap(j, j-1)
		}
	}
}

func (s *nelderMead) swap(i, j int) {
	s.places[i], s.places[j] = s.places[j], s.places[i]
	s.values[i], s.values[j] = s.values[j], s.values[i]
}
