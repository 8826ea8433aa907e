package promotion

import (
	"math"

	"tradewind/fault"
	"tradewind/numeric/regress"
)

// Calibration is what promised uplifts were worth: the slope of realised on predicted ln
// uplift, 1 where promises were kept on average, below 1 where they were too large.
type Calibration struct {
	Slope, SE float64
	Low, High float64 // interval of level .8
	Episodes  int
	Predicted float64 // mean of predicted ln uplift over rows with a promotion
}

// Calibrate holds the model against promotions that it was not learnt from: a Poisson
// regression of units on the predicted ln uplift, dip and fatigue as offsets, item and
// market × week absorbed. Items and categories of the panel have the codes that the model
// was learnt with.
func (u *Uplift) Calibrate(p *Panel) (Calibration, error) {
	if err := p.check(); err != nil {
		return Calibration{}, err
	}
	e, rows := p.echo(u.Form), p.rows()
	c := Calibration{}
	data := regress.Data{Y: pick(p.Units, rows), Absorb: [][]int32{pick(p.Item, rows), pick(p.Place, rows)}, Cluster: pick(p.Item, rows),
		X: [][]float64{make([]float64, len(rows))}, Offset: make([]float64, len(rows))}
	for _, s := range p.Season {
		data.Absorb = append(data.Absorb, pick(s, rows))
	}
	promoted := 0
	for k, i := range rows {
		if p.Exposure != nil {
			data.Offset[k] = math.Log(p.Exposure[i])
		}
		for lag := range DipWeeks {
			data.Offset[k] -= u.Dip[lag] * e.dip[lag][i]
		}
		if c := int(p.Category[i]); p.Regular != nil && c < len(u.Regular) {
			data.Offset[k] += u.Regular[c].Mean * math.Log(p.Regular[i])
		}
		if p.Depth[i] == 0 {
			continue
		}
		if e.begins[i] {
			c.Episodes++
		}
		r := u.believed(int(p.Item[i]), int(p.Category[i]))
		x := r.Offer(p.Depth[i], p.vehicle(i)).Mean - u.Fatigue*e.tired[i]
		data.X[0][k] = x
		c.Predicted += x
		promoted++
	}
	if c.Episodes < leastOwn {
		return c, fault.New(fault.Invalid, "E-PROMOTION-FEW", fault.A("n", c.Episodes), fault.A("need", leastOwn))
	}
	c.Predicted /= float64(promoted)
	kind := regress.Cluster1
	if levels(data.Cluster) < leastItems {
		kind = regress.HC1
	}
	fit, err := regress.PPML(&data, kind)
	if err != nil {
		return c, fault.From(err, fault.Invalid, "E-PROMOTION-FIT", fault.A("error", err.Error()))
	}
	c.Slope, c.SE = fit.Coef[0], fit.SE[0]
	c.Low, c.High = fit.Interval(0, .8)
	return c, nil
}

// believed is the response of an item, whatever its sign; of its category for a new one.
func (u *Uplift) believed(item, category int) Response {
	r := Response{Form: u.Form, Dip: u.Dip, Fatigue: u.Fatigue, Support: u.Support}
	if category >= len(u.Categories) {
		return r
	}
	r.Support = u.Categories[category].Support
	if item >= 0 && item < len(u.items) && u.seen[item] {
		r.Depth, r.Vehicle = u.items[item].slope, u.items[item].vehicles
		return r
	}
	c := u.Categories[category]
	r.Depth = Estimate{c.Mean, math.Hypot(c.SD, u.Within)}
	for v, e := range u.Vehicles[category] {
		r.Vehicle = append(r.Vehicle, VehicleEffect{e.Name, Estimate{e.Effect.Mean, math.Hypot(e.Effect.SD, u.WithinVehicle[v])}})
	}
	return r
}
