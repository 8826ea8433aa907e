package forecast

import "math"

// Thin is what a series with too few counts for a rate of its own has shown: the sum of
// its counts, of their squares, and of the offsets under which they could have come.
type Thin struct{ Count, Squares, Exposure float64 }

// Pool is what many thin series know together: the law of their rates, and how large the
// lumps are that their counts come in. With o the exposure and c the count of a series,
//
//	λ ~ Gamma(mean m, shape E),   E[c | λ] = λ o,   Var[c | λ] = Lump · λ o,
//	E[λ | c] = (E + c/Lump) / (E/m + o/Lump):
//
// a lump counts as one event, however many units it has.
//
// Source: Bühlmann & Straub, Glaubwürdigkeit für Schadensätze, Mitteilungen der
// Vereinigung Schweizerischer Versicherungsmathematiker 70 (1970).
type Pool struct {
	Prior Rate
	Lump  float64 // Σy² / Σy: 1 for single units
}

// FitPool learns a Pool by moments:
//
//	m = Σc / Σo,   between = (Σ o (c/o - m)² - (n-1)·Lump·m) / (Σo - Σo²/Σo),   E = m²/between.
//
// Series that differ no more than by chance get the evidence of all of them together. It
// is the zero Pool when nothing was counted.
func FitPool(series []Thin) Pool {
	n, count, squares, exposure, exposures := 0.0, 0.0, 0.0, 0.0, 0.0
	for _, s := range series {
		if s.Exposure > 0 {
			n++
			count += s.Count
			squares += s.Squares
			exposure += s.Exposure
			exposures += s.Exposure * s.Exposure
		}
	}
	if count == 0 {
		return Pool{}
	}
	p := Pool{Prior: Rate{Mean: count / exposure}, Lump: math.Max(1, squares/count)}
	m := p.Prior.Mean
	p.Prior.Evidence = count / p.Lump
	spread := 0.0
	for _, s := range series {
		if s.Exposure > 0 {
			r := s.Count/s.Exposure - m
			spread += s.Exposure * r * r
		}
	}
	if between := (spread - (n-1)*p.Lump*m) / (exposure - exposures/exposure); between > m*m/p.Prior.Evidence {
		p.Prior.Evidence = m * m / between
	}
	return p
}

// Rate returns what is known of the rate of one series of the pool.
func (p Pool) Rate(s Thin) Rate {
	if p.Lump == 0 {
		return Rate{}
	}
	evidence := p.Prior.Evidence + s.Count/p.Lump
	return Rate{Mean: evidence / (p.Prior.Evidence/p.Prior.Mean + s.Exposure/p.Lump), Evidence: evidence}
}
