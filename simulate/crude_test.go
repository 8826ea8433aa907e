package simulate

import (
	"math"
)

// naive is the slope of log(units) on log(price paid) of one item, without controls.
func naive(p Panel) float64 {
	var x, y []float64
	for t, u := range p.Units {
		if u > 0 {
			x, y = append(x, math.Log(p.Paid[t])), append(y, math.Log(u))
		}
	}
	return slope(x, y)
}

func slope(x, y []float64) float64 {
	mx, my := mean(x), mean(y)
	var xx, xy float64
	for i := range x {
		xx += (x[i] - mx) * (x[i] - mx)
		xy += (x[i] - mx) * (y[i] - my)
	}
	return xy / xx
}

func mean(x []float64) float64 {
	sum := 0.
	for _, v := range x {
		sum += v
	}
	return sum / float64(len(x))
}

// controlled are slopes by item of log(units / share) on log(price), after effects of item
// and of group × week, with promotion, its three weeks after, and the rival's price as
// controls of the item.
func controlled(s *Stores, group func(Panel) string, past bool) (slopes, errors []float64) {
	const regressors = 9
	n, weeks := s.Len(), s.Weeks()
	columns := make([][][]float64, regressors+1) // column → item → week
	for c := range columns {
		columns[c] = make([][]float64, n)
	}
	groups := make([]string, n)
	for i := range n {
		p := s.Panel(i)
		groups[i] = group(p)
		for c := range columns {
			columns[c][i] = make([]float64, weeks)
		}
		for t := range weeks {
			row := make([]float64, regressors+1)
			if p.Share[t] == 0 {
				for c := range row {
					columns[c][i][t] = math.NaN()
				}
				continue
			}
			row[0] = math.Log(p.Units[t]/p.Share[t] + .5)
			row[1] = math.Log(p.Price[t])
			row[2] = p.Promo[t].Depth
			if p.Promo[t].Featured {
				row[3] = 1
			}
			for lag := 1; lag <= 3 && lag <= t; lag++ {
				if p.Promo[t-lag].Depth > 0 {
					row[3+lag] = 1
				}
			}
			row[7] = math.Log(p.Rival[t])
			for c := range row {
				columns[c][i][t] = row[c]
			}
		}
	}
	if past {
		for i := range n {
			columns[8][i], columns[9][i] = lagged(s, i)
		}
	}
	return backfit(columns, groups)
}

// backfit is least squares on all items at once by turns: the effects of group × week
// given the slopes, then the slopes of each item given those effects.
func backfit(columns [][][]float64, groups []string) (slopes, errors []float64) {
	y := columns[0]
	n, weeks, k := len(y), len(y[0]), len(columns)
	slopes, errors = make([]float64, n), make([]float64, n)
	left := make([][]float64, n) // what slopes leave of y
	effect := make([]map[string]float64, weeks)
	for t := range effect {
		effect[t] = map[string]float64{}
	}
	for range 1000 {
		for i := range n {
			var x [][]float64
			var z []float64
			for t := range weeks {
				if !math.IsNaN(y[i][t]) {
					row := make([]float64, k)
					row[0] = 1
					for c := 1; c < k; c++ {
						row[c] = columns[c][i][t]
					}
					x, z = append(x, row), append(z, y[i][t]-effect[t][groups[i]])
				}
			}
			coef, se := leastSquares(x, z)
			slopes[i], errors[i] = coef[1], se[1]
			left[i] = make([]float64, weeks)
			for t := range weeks {
				left[i][t] = y[i][t] - coef[0]
				for c := 1; c < k; c++ {
					left[i][t] -= coef[c] * columns[c][i][t]
				}
			}
		}
		moved := 0.
		for t := range weeks {
			sum, count := map[string]float64{}, map[string]float64{}
			for i := range n {
				if !math.IsNaN(left[i][t]) {
					sum[groups[i]] += left[i][t]
					count[groups[i]]++
				}
			}
			for g := range sum {
				moved = max(moved, math.Abs(effect[t][g]-sum[g]/count[g]))
				effect[t][g] = sum[g] / count[g]
			}
		}
		if moved < 1e-7 {
			break
		}
	}
	return slopes, errors
}

// lagged are exponential averages of the item's log sales against its season, and of its
// log price in the same weeks, up to two weeks before.
func lagged(s *Stores, i int) (sales, price []float64) {
	p, it := s.Panel(i), s.items[i]
	sales, price = make([]float64, s.Weeks()), make([]float64, s.Weeks())
	emaS, emaP, rested := make([]float64, s.Weeks()), make([]float64, s.Weeks()), 9
	var lastS, lastP float64
	for t := range sales {
		rested++
		if p.Promo[t].Depth > 0 {
			rested = 0
		}
		if p.Share[t] > 0 && rested > 3 {
			lastS += .25 * (math.Log((p.Units[t]/p.Share[t]+1)/(it.base*math.Exp(it.season[t])+1)) - lastS)
			lastP += .25 * (math.Log(p.Price[t]/it.reference) - lastP)
		}
		emaS[t], emaP[t] = lastS, lastP
		if t >= 2 {
			sales[t], price[t] = emaS[t-2], emaP[t-2]
		}
		if p.Share[t] == 0 {
			sales[t], price[t] = math.NaN(), math.NaN()
		}
	}
	return sales, price
}

// leastSquares returns coefficients and standard errors; a column without any variation
// is left out by a small ridge.
func leastSquares(x [][]float64, y []float64) (coef, se []float64) {
	k := len(x[0])
	a := make([][]float64, k)
	for r := range a {
		a[r] = make([]float64, 2*k+1)
		a[r][r] = 1e-8
		a[r][k+1+r] = 1
		for i := range x {
			for c := range k {
				a[r][c] += x[i][r] * x[i][c]
			}
			a[r][k] += x[i][r] * y[i]
		}
	}
	for r := range k {
		pivot := a[r][r]
		for c := range a[r] {
			a[r][c] /= pivot
		}
		for q := range k {
			if f := a[q][r]; q != r && f != 0 {
				for c := range a[q] {
					a[q][c] -= f * a[r][c]
				}
			}
		}
	}
	var rss float64
	for i := range x {
		e := y[i]
		for c := range k {
			e -= x[i][c] * a[c][k]
		}
		rss += e * e
	}
	for r := range k {
		coef = append(coef, a[r][k])
		se = append(se, math.Sqrt(rss/float64(max(1, len(y)-k))*a[r][k+1+r]))
	}
	return coef, se
}
