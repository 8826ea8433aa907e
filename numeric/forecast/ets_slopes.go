package forecast

// etsRows is how many rows of derivatives are taken into the matrix at a time: each entry is
// then loaded and stored once for four products.
const etsRows = 4

// etsSlopes has room for the derivatives of a filter by p parameters.
type etsSlopes struct {
	level, slope, ring []float64 // of the state; ring is m x p
	rows               []float64 // of the means, etsRows x p
	news               [etsRows]float64
	gradient, pull     []float64 // Σ row·news and Σ row
	matrix             []float64 // Σ row·row', p x p, lower triangle
	squares            float64   // Σ e²
}

func (d *etsSlopes) reset(p, m int) {
	d.level, d.slope, d.ring = d.level[:p], d.slope[:p], d.ring[:m*p]
	d.rows, d.gradient, d.pull, d.matrix = d.rows[:etsRows*p], d.gradient[:p], d.pull[:p], d.matrix[:p*p]
	clear(d.level)
	clear(d.slope)
	clear(d.ring)
	clear(d.gradient)
	clear(d.pull)
	clear(d.matrix)
	d.squares = 0
}

// slopes runs the filter at x and with it the derivatives of the means by the free
// parameters, by the chain rule from one period to the next: a row of p a period, divided by
// the mean where errors are relative. It leaves their products in w.slopes at a cost of
// O(n p²).
func (w *etsFit) differentiate(c *etsCandidate) {
	d, p, m := &w.slopes, len(c.free), c.form.Period
	d.reset(p, m)
	at := c.columns
	if at[etsLevel] >= 0 {
		d.level[at[etsLevel]] = 1
	}
	if at[etsSlope] >= 0 {
		d.slope[at[etsSlope]] = 1
	}
	for k, i := range c.free {
		if i >= etsSeason {
			d.ring[(i-etsSeason)*p+k] = 1
		}
	}
	x := c.x
	alpha, beta, gamma, phi := c.form.natural(x)
	level, slope := x[etsLevel], x[etsSlope]
	ring := w.ring[:m]
	copy(ring, x[etsSeason:])
	seasonal, multiplied, relative := c.form.Season != ETSNone, c.form.Season == ETSMultiplicative, c.form.Error == ETSMultiplicative
	season, filled := 0, 0
	for _, v := range w.y {
		slope *= phi
		q, s := level+slope, ring[season]
		mu := q
		onLevel, onRing := 1.0, 1.0 // derivative of μ by q and by s
		toLevel, toRing := 1.0, 1.0 // of the news for q by s, and of the news for s by q, negative
		switch {
		case multiplied:
			mu *= s
			onLevel, onRing = s, q
		case seasonal:
			mu += s
		}
		a, b, g, e, weight := alpha, beta, gamma, v-mu, 1.0
		if e != e {
			a, b, g, e, weight = 0, 0, 0, 0, 0
		}
		newsLevel, newsRing := e, e
		if multiplied {
			newsLevel, newsRing = e/s, e/q
			toLevel, toRing = (mu+e)/(s*s), (mu+e)/(q*q)
		}
		if relative {
			weight /= mu
			e *= weight
		}
		row, dRing := d.rows[filled*p:][:p], d.ring[season*p:][:p]
		dLevel, dSlope := d.level[:len(row)], d.slope[:len(row)]
		dRing = dRing[:len(row)]
		onLevel *= weight
		onRing *= weight
		for k := range row {
			dq := dLevel[k] + phi*dSlope[k]
			ds := dRing[k]
			row[k] = onLevel*dq + onRing*ds
			news := dq + toLevel*ds
			dLevel[k] = dq - a*news
			dSlope[k] = phi*dSlope[k] - b*news
			dRing[k] = ds - g*(toRing*dq+ds)
		}
		if k := at[etsPhi]; k >= 0 { // φb is in q besides
			before := slope / phi
			row[k] += onLevel * before
			dLevel[k] += (1 - a) * before
			dSlope[k] += (1 - b) * before
			dRing[k] -= g * toRing * before
		}
		if k := at[etsAlpha]; k >= 0 { // β and γ are shares of what α leaves them
			dLevel[k] += newsLevel
			dSlope[k] += x[etsBeta] * newsLevel
			dRing[k] -= x[etsGamma] * newsRing
		}
		if k := at[etsBeta]; k >= 0 {
			dSlope[k] += (x[etsAlpha] - etsLeast) * newsLevel
		}
		if k := at[etsGamma]; k >= 0 {
			dRing[k] += (1 - x[etsAlpha] - etsLeast) * newsRing
		}
		level = q + a*newsLevel
		slope += b * newsLevel
		ring[season] = s + g*newsRing
		if season++; season == m {
			season = 0
		}
		d.squares += e * e
		d.news[filled] = e
		if relative {
			d.news[filled] = e * (1 + e)
		}
		if filled++; filled == etsRows {
			d.accumulate(p)
			filled = 0
		}
	}
	if filled > 0 {
		clear(d.rows[filled*p:])
		clear(d.news[filled:])
		d.accumulate(p)
	}
}

// accumulate adds the products of the filled rows.
func (d *etsSlopes) accumulate(p int) {
	r0, r1, r2, r3 := d.rows[:p], d.rows[p:][:p], d.rows[2*p:][:p], d.rows[3*p:][:p]
	e0, e1, e2, e3 := d.news[0], d.news[1], d.news[2], d.news[3]
	for i := range p {
		a0, a1, a2, a3 := r0[i], r1[i], r2[i], r3[i]
		d.gradient[i] += a0*e0 + a1*e1 + a2*e2 + a3*e3
		d.pull[i] += a0 + a1 + a2 + a3
		line := d.matrix[i*p:][:i+1]
		b0, b1, b2, b3 := r0[:len(line)], r1[:len(line)], r2[:len(line)], r3[:len(line)]
		for j := range line {
			line[j] += a0*b0[j] + a1*b1[j] + a2*b2[j] + a3*b3[j]
		}
	}
}
