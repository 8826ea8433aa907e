package promotion

import (
	"math"

	"tradewind/fault"
	"tradewind/numeric/regress"
)

// itemEffects are the slope of an item and what vehicles add for it.
type itemEffects struct {
	slope    Estimate
	vehicles []VehicleEffect
}

// learnItems gives every item the effects of its category and a deviation of its own, as
// far as its promotions tell it from noise. One that never was promoted is as uncertain as
// items of a category are different.
func (u *Uplift) learnItems(d *design, fit *regress.Poisson) error {
	n, kinds := levels(d.p.Item), 1+len(d.vehicles)
	category := make([]int, n)
	est, se := make([][]float64, kinds), make([][]float64, kinds)
	for k := range kinds {
		est[k], se[k] = make([]float64, n), make([]float64, n)
		for i := range se[k] {
			se[k][i] = math.Inf(1) // nothing of its own
		}
	}
	for first := 0; first < len(d.rows); {
		item := d.p.Item[d.rows[first]]
		last := first
		for last < len(d.rows) && d.p.Item[d.rows[last]] == item {
			last++
		}
		category[item] = int(d.p.Category[d.rows[first]])
		for k, e := range d.deviations(fit, first, last) {
			if e.SD > 0 {
				est[k][item], se[k][item] = e.Mean, e.SD
			}
		}
		first = last
	}
	u.items = make([]itemEffects, n)
	for k := range kinds {
		shrunk, err := regress.Shrink(est[k], se[k], nil)
		if err != nil {
			return fault.Wrap(err, "regress.Shrink(effects of %d items)", n)
		}
		within := 0.
		if prior := shrunk.Group[0]; !math.IsNaN(prior.SD) {
			within = prior.SD
		}
		for i := range u.items {
			own := Estimate{shrunk.Mean[i], shrunk.SD[i]}
			if math.IsNaN(own.Mean) || math.IsInf(own.SD, 0) {
				own = Estimate{0, within} // fewer than three items tell anything
			}
			if k == 0 {
				c := u.Categories[category[i]]
				u.items[i].slope = Estimate{c.Mean + own.Mean, math.Hypot(c.SD, own.SD)}
			} else if all := u.Vehicles[category[i]]; k-1 < len(all) {
				v := all[k-1]
				u.items[i].vehicles = append(u.items[i].vehicles, VehicleEffect{v.Name, Estimate{v.Effect.Mean + own.Mean, math.Hypot(v.Effect.SD, own.SD)}})
			}
		}
		if k == 0 {
			u.Within = within
		} else {
			u.WithinVehicle = append(u.WithinVehicle, within)
		}
	}
	return nil
}

// deviations fits an item's own level, slope and vehicles on top of what the model expects
// of its rows, by Newton's method, and returns the slope and the vehicles; what its
// promotions cannot tell has SD 0.
//
// Its errors take demand to scatter by μ + αμ², α the item's own, the second part alike in
// the weeks of one promotion: what moves an item for a while moves all of them.
func (d *design) deviations(fit *regress.Poisson, first, last int) []Estimate {
	out := make([]Estimate, 1+len(d.vehicles))
	columns := d.telling(fit, first, last)
	if columns == nil {
		return out
	}
	k := len(columns)
	b, x := make([]float64, k), make([]float64, k)
	information, gradient := make([]float64, k*k), make([]float64, k)
	var inverted []float64
	for range 8 {
		clear(information)
		clear(gradient)
		for r := first; r < last; r++ {
			mu := d.own(fit, r, columns, b, x)
			for i := range x {
				gradient[i] += (d.data.Y[r] - mu) * x[i]
				for j := range x {
					information[i*k+j] += mu * x[i] * x[j]
				}
			}
		}
		inverted = inverse(information, k)
		for i := range b {
			step := 0.
			for j := range b {
				step += inverted[i*k+j] * gradient[j]
			}
			if math.IsNaN(step) {
				return out
			}
			// A promotion that sold nothing would send the slope away without end.
			b[i] += math.Min(1, math.Max(-1, step))
		}
	}
	for i := 1; i < k; i++ {
		sd := math.Sqrt(d.scatter(fit, first, last, columns, b, inverted[i*k:(i+1)*k]))
		if sd > 0 && !math.IsInf(sd, 0) && math.Abs(b[i]) < 10 {
			out[columns[i]] = Estimate{b[i], sd}
		}
	}
	return out
}

// ownLevel stands for an item's level among the columns of its deviations; the others are 0
// for the slope and 1, 2 … for vehicles.
const ownLevel = -1

// telling lists what the promotions of an item can tell: the slope where there are any, a
// vehicle where it carried some of them and not others. nil: nothing.
func (d *design) telling(fit *regress.Poisson, first, last int) []int {
	promoted, plain := 0, 0
	carried := make([]int, len(d.vehicles))
	for r := first; r < last; r++ {
		switch i := d.rows[r]; {
		case fit.Mean[r] <= 0:
		case d.p.Depth[i] == 0:
			plain++
		default:
			promoted++
			for v, name := range d.vehicles {
				if d.p.vehicle(i) == name {
					carried[v]++
				}
			}
		}
	}
	if promoted == 0 || plain < 3 {
		return nil
	}
	columns := []int{ownLevel, 0}
	for v, n := range carried {
		if n > 0 && n < promoted {
			columns = append(columns, 1+v)
		}
	}
	return columns
}

// own is the mean of a row with an item's deviations, and writes the row's columns to x.
func (d *design) own(fit *regress.Poisson, r int, columns []int, b, x []float64) float64 {
	i := d.rows[r]
	eta := 0.
	for j, c := range columns {
		switch {
		case c == ownLevel:
			x[j] = 1
		case c == 0:
			x[j] = d.f(i)
		default:
			x[j] = when(d.p.Depth[i] > 0 && d.p.vehicle(i) == d.vehicles[c-1], 1)
		}
		eta += b[j] * x[j]
	}
	return fit.Mean[r] * math.Exp(eta)
}

// scatter is the variance of a deviation, of which inverted is the row of the inverse
// information.
func (d *design) scatter(fit *regress.Poisson, first, last int, columns []int, b, inverted []float64) float64 {
	x := make([]float64, len(columns))
	var over, square float64
	for r := first; r < last; r++ {
		mu := d.own(fit, r, columns, b, x)
		over += (d.data.Y[r]-mu)*(d.data.Y[r]-mu) - mu
		square += mu * mu
	}
	alpha := math.Max(0, over/math.Max(square, 1e-300))
	sum, run := 0., 0.
	for r := first; r < last; r++ {
		mu := d.own(fit, r, columns, b, x)
		influence := 0.
		for j := range x {
			influence += inverted[j] * x[j]
		}
		sum += mu * influence * influence
		if i := d.rows[r]; d.p.Depth[i] == 0 || d.echo.begins[i] {
			sum, run = sum+alpha*run*run, 0
		}
		run += mu * influence
	}
	return sum + alpha*run*run
}
