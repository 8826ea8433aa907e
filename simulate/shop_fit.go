package simulate

import "math"

// Fitted returns the form with its level, size and drift as the item's own past makes them
// most likely, given the form's season, elasticity, growth and regimes:
//
//	max over (level, size, step, memory) of  Σ log P(sales of a period | those before) + log prior,
//
// the level's place at period 0 and its error as the filter leaves them, and the errors of
// level and size by the curvature at the top. The prior holds size and step loosely to what
// items usually are, which a short past cannot tell. A form is not proven by its own fit:
// Calibrate can still refuse it. Faults are those of Calibrate. The form is not modified.
func (f ShopForm) Fitted(h History) (ShopForm, error) {
	f.Level, f.Size, f.LevelMemory, f.LevelStep, f.LevelSD, f.SizeSD, f.Now, f.NowSD = 1, usualSize, 0, 0, 0, 0, 0, 0
	if err := f.Check(); err != nil {
		return f, err
	}
	p, err := newPast(&f, h)
	if err != nil {
		return f, err
	}
	start := drift{math.Log(p.crudeLevel()), math.Log(usualSize), math.Log(usualStep), 0}
	var tops [len(memories)]drift
	best, top := start, math.Inf(-1)
	for m, memory := range memories {
		at := start
		at.memory = memory
		for range fitRounds {
			at.level = highest(func(v float64) float64 { d := at; d.level = v; return p.likelihood(d) }, at.level-1, at.level+1, .005)
			at.size = highest(func(v float64) float64 { d := at; d.size = v; return p.likelihood(d) }, math.Log(.2), math.Log(500), .02)
			at.step = highest(func(v float64) float64 { d := at; d.step = v; return p.likelihood(d) }, math.Log(.002), math.Log(.4), .02)
		}
		tops[m] = at
		if l := p.likelihood(at); l > top {
			best, top = at, l
		}
	}
	f = best.in(f)
	f.LevelSD = min(p.levelError(tops[:], best.level, top), mostError)
	f.SizeSD = min(p.bend(best, top, .2, func(d *drift) *float64 { return &d.size }), mostError)

	x := newFilter(&f, 0, 0, f.levelSD())
	for t, units := range p.units {
		x.see(p.expectedOf(&f, t), units, p.soldUp[t])
	}
	level, sd := x.Level()
	f.Now, f.NowSD = f.Reachable(level), min(sd, f.levelSD())
	return f, f.Check()
}

// bend is the standard error of a number by the curvature of the likelihood at its top.
func (p *past) bend(d drift, top, by float64, of func(*drift) *float64) float64 {
	up, down := d, d
	*of(&up) += by
	*of(&down) -= by
	return standardError(-(p.likelihood(up) - 2*top + p.likelihood(down)) / (by * by))
}

// levelError is the standard error of the level when nobody knows how fast it drifts: the
// mean square of the errors by each speed, and of their levels' distance, by likelihood.
func (p *past) levelError(tops []drift, level, top float64) float64 {
	of := func(d *drift) *float64 { return &d.level }
	weights, squares := 0., 0.
	for _, d := range tops {
		step := d.step
		for _, times := range [...]float64{-stepAside, 0, stepAside} {
			d.step = step + times
			d.level = highest(func(v float64) float64 { e := d; e.level = v; return p.likelihood(e) }, level-1, level+1, .01)
			l := p.likelihood(d)
			w, se := math.Exp(l-top), min(p.bend(d, l, .05, of), mostError)
			weights, squares = weights+w, squares+w*(se*se+(d.level-level)*(d.level-level))
		}
	}
	return math.Sqrt(squares / weights)
}

const (
	stepAside = .7 // a step half or twice as large
	usualSize = 8
	usualStep = .05
	sizeHeld  = 1.5 // SD of log size about the usual one
	stepHeld  = 1.  // SD of log step
	mostError = 1
	fitRounds = 3
)

// memories are the speeds at which a level may come back: half of a deviation is gone after
// 7, 23 and 69 weeks.
var memories = [...]float64{.9, .97, .99}

// drift is what Fitted looks for: level, size and step in logs.
type drift struct{ level, size, step, memory float64 }

func (d drift) in(f ShopForm) ShopForm {
	f.Level, f.Size, f.LevelStep, f.LevelMemory = math.Exp(d.level), math.Exp(d.size), math.Exp(d.step), d.memory
	return f
}

// likelihood is the log-likelihood of the past with the prior.
func (p *past) likelihood(d drift) float64 {
	f := d.in(*p.form)
	x := newFilter(&f, 0, 0, f.levelSD())
	sum := -math.Pow((d.size-math.Log(usualSize))/sizeHeld, 2)/2 - math.Pow((d.step-math.Log(usualStep))/stepHeld, 2)/2
	for t, units := range p.units {
		sum += math.Log(max(x.see(p.expectedOf(&f, t), units, p.soldUp[t]), 1e-300))
	}
	return sum
}

// expectedOf is the mean of a period by the calendar and price of another form.
func (p *past) expectedOf(f *ShopForm, t int) float64 {
	return f.Expected(t-len(p.units), p.price[t])
}

// crudeLevel is the mean of sales against that of the calendar, sold out periods as they are.
func (p *past) crudeLevel() float64 {
	var sold, expected float64
	for _, t := range p.at {
		sold, expected = sold+p.units[t], expected+p.expectedOf(p.form, t)/p.form.Level
	}
	return max(sold, .5) / max(expected, 1e-9)
}

// Reachable returns the level next to one that the form's drift can reach: see Check.
func (f *ShopForm) Reachable(level float64) float64 {
	most := levelReach * f.levelSD()
	return min(max(level, -most), most)
}
