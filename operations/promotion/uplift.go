package promotion

import (
	"errors"
	"math"
	"slices"
	"strconv"
	"strings"

	"tradewind/fault"
	"tradewind/messages"
	"tradewind/numeric/regress"
)

const (
	leastEpisodes = 6  // promotions that a model needs in all
	leastOwn      = 3  // that a category needs for a slope of its own, a vehicle for an effect
	leastItems    = 20 // items from which errors are clustered by item
)

// Uplift is what a panel says about promotions.
type Uplift struct {
	Form       Form
	Categories []Slope           // by code
	Vehicles   [][]VehicleEffect // by category
	Dip        [DipWeeks]float64
	Fatigue    float64
	Regular    []Estimate // elasticity of the regular price by category; zero where it never changed
	Matrix     Matrix

	Episodes, Rows int
	Support        float64   // deepest promotion seen
	Within         float64   // SD of slopes of items within their categories
	WithinVehicle  []float64 // the same of vehicles
	Notes          []messages.Message

	items []itemEffects
	seen  []bool // by item code
}

// Slope is the effect of f(depth) on ln units in a category.
type Slope struct {
	Estimate
	Episodes int
	Own      bool    // the category had promotions enough; else it is what categories have in common
	Support  float64 // deepest promotion of the category; of all where it has none
}

// Learn estimates the uplift model on a panel by Poisson pseudo maximum likelihood, with
// item and market × week absorbed: slopes of depth by category, shrunk to their common
// mean; slopes of items, shrunk to their category's; vehicles; dip and fatigue, which can
// only take; and the matrix of halo and cannibalisation.
//
// It is fault.Invalid for a broken panel, for fewer than six promotions in all, and where
// promotions never vary apart from what is absorbed. Cost as regress.PPML.
//
// Source: Blattberg & Neslin, Sales Promotion, 1990; van Heerde, Leeflang & Wittink,
// Decomposing the sales promotion bump with store data, Marketing Science 23 (2004).
func Learn(p *Panel) (*Uplift, error) {
	if err := p.check(); err != nil {
		return nil, err
	}
	d, fit, err := bestForm(p)
	if err != nil {
		return nil, err
	}
	u := &Uplift{Form: d.form, Episodes: d.total, Rows: len(d.rows), Support: d.support, seen: make([]bool, levels(p.Item))}
	for _, i := range d.rows {
		u.seen[p.Item[i]] = true
	}
	if err := u.slopes(d, fit); err != nil {
		return nil, err
	}
	for k := range DipWeeks {
		u.Dip[k] = math.Max(0, -d.coef(fit, "dip", k).Mean)
	}
	u.Fatigue = math.Max(0, -d.coef(fit, "fatigue", 0).Mean)
	for c := range d.counts {
		u.Regular = append(u.Regular, d.coef(fit, "regular", c))
	}
	if err := u.learnVehicles(d, fit); err != nil {
		return nil, err
	}
	for _, name := range d.dropped {
		u.Notes = append(u.Notes, messages.M("promo.note.inseparable", messages.A("what", name)))
	}
	if d.depths == 1 {
		u.Notes = append(u.Notes, messages.M("promo.note.one_depth", messages.A("depth", messages.Percent(d.support))))
	}
	if err := u.learnItems(d, fit); err != nil {
		return nil, err
	}
	return u, u.learnMatrix(d, fit)
}

// bestForm fits the model in both forms of the curve and returns the one of smaller
// deviance; with one depth they are the same.
func bestForm(p *Panel) (*design, *regress.Poisson, error) {
	var best *design
	var kept *regress.Poisson
	for _, form := range []Form{ConstantElasticity, Exponential} {
		d, err := newDesign(p, form)
		if err != nil {
			return nil, nil, err
		}
		fit, err := d.fit()
		if err != nil {
			return nil, nil, err
		}
		if kept == nil || fit.Deviance < kept.Deviance {
			best, kept = d, fit
		}
		if d.depths == 1 {
			break
		}
	}
	return best, kept, nil
}

// Response is how an item of the panel, or a new one of a category, answers to offers.
// Where even its category has no promotions it is that of all categories, as uncertain as
// these are different. item is −1 for one that the panel does not hold. A response of
// which not even the sign is known is refused: promotions would be planned on noise.
func (u *Uplift) Response(item, category int) (Response, error) {
	if category < 0 || category >= len(u.Categories) {
		return Response{}, fault.New(fault.NotFound, "E-PROMOTION-RESPONSE")
	}
	c, r := u.Categories[category], u.believed(item, category)
	slope := r.Depth
	if low, _ := slope.Interval(); !(low > 0) {
		return Response{}, fault.New(fault.Invalid, "E-PROMOTION-UNKNOWN", fault.A("n", c.Episodes), fault.A("mean", messages.Decimal{X: slope.Mean, Places: 2}), fault.A("sd", messages.Decimal{X: slope.SD, Places: 2}))
	}
	return r, nil
}

// design is the regression of a panel: its columns and what they mean.
type design struct {
	p        *Panel
	form     Form
	echo     echo
	rows     []int // of the panel
	total    int   // promotions
	depths   int   // different ones
	support  float64
	deepest  []float64 // by category
	counts   []int     // promotions by category
	vehicles []string
	carried  [][]int  // promotions by vehicle and category
	names    []string // of columns: kind and number
	data     regress.Data
	dropped  []string
}

func newDesign(p *Panel, form Form) (*design, error) {
	d := &design{p: p, form: form, echo: p.echo(form), rows: p.rows(), deepest: make([]float64, levels(p.Category))}
	d.counts = episodes(p.Category, d.echo.begins)
	seen, byVehicle := map[int]bool{}, map[string]int{}
	for i, b := range d.echo.begins {
		if !b {
			continue
		}
		d.total++
		d.deepest[p.Category[i]] = math.Max(d.deepest[p.Category[i]], p.Depth[i])
		d.support = math.Max(d.support, p.Depth[i])
		seen[int(math.Round(p.Depth[i]*100))] = true
		byVehicle[p.vehicle(i)]++
	}
	d.depths = len(seen)
	if d.total < leastEpisodes {
		return nil, fault.New(fault.Invalid, "E-PROMOTION-FEW", fault.A("n", d.total), fault.A("need", leastEpisodes))
	}
	for name, n := range byVehicle {
		if name != Price && n >= leastOwn {
			d.vehicles = append(d.vehicles, name)
		}
	}
	slices.Sort(d.vehicles)
	for _, name := range d.vehicles {
		begins := slices.Clone(d.echo.begins)
		for i := range begins {
			begins[i] = begins[i] && p.vehicle(i) == name
		}
		d.carried = append(d.carried, episodes(p.Category, begins))
	}
	d.columns()
	return d, nil
}

// columns lays the regressors out. Categories with few promotions share one slope.
func (d *design) columns() {
	p := d.p
	own := func(c int32) bool { return d.counts[c] >= leastOwn }
	add := func(kind string, number int, value func(i int) float64) {
		column := make([]float64, len(d.rows))
		some := false
		for k, i := range d.rows {
			column[k] = value(i)
			some = some || column[k] != 0
		}
		if some {
			d.names, d.data.X = append(d.names, kind+" "+strconv.Itoa(number)), append(d.data.X, column)
		}
	}
	for c := range d.counts {
		if own(int32(c)) {
			add("depth", c, func(i int) float64 { return when(int(p.Category[i]) == c, d.f(i)) })
		}
	}
	add("depth", -1, func(i int) float64 { return when(!own(p.Category[i]), d.f(i)) })
	for v := range d.vehicles {
		own := func(c int) bool { return d.carried[v][c] >= leastOwn }
		on := func(i int) bool { return p.Depth[i] > 0 && p.vehicle(i) == d.vehicles[v] }
		for c := range d.counts {
			if own(c) {
				add(d.kind(v), c, func(i int) float64 { return when(on(i) && int(p.Category[i]) == c, 1) })
			}
		}
		add(d.kind(v), -1, func(i int) float64 { return when(on(i) && !own(int(p.Category[i])), 1) })
	}
	for k := range DipWeeks {
		add("dip", k, func(i int) float64 { return d.echo.dip[k][i] })
	}
	add("fatigue", 0, func(i int) float64 { return d.echo.tired[i] })
	for c := range d.counts {
		if p.repriced(c) {
			add("regular", c, func(i int) float64 { return when(int(p.Category[i]) == c, math.Log(p.Regular[i])) })
		}
	}
	d.data.Y = pick(p.Units, d.rows)
	item := pick(p.Item, d.rows)
	d.data.Absorb = append(d.data.Absorb, item, pick(p.Place, d.rows))
	for _, s := range p.Season {
		d.data.Absorb = append(d.data.Absorb, pick(s, d.rows))
	}
	d.data.Cluster = item
	if p.Exposure != nil {
		d.data.Offset = make([]float64, len(d.rows))
		for k, i := range d.rows {
			d.data.Offset[k] = math.Log(p.Exposure[i])
		}
	}
}

// f is the depth of a row of the panel as demand feels it.
func (d *design) f(i int) float64 { return d.form.F(d.p.Depth[i]) }

func when(is bool, x float64) float64 {
	if is {
		return x
	}
	return 0
}

// fit runs the regression, without columns that cannot be told apart from others: first
// what is the least missed, the last in order.
func (d *design) fit() (*regress.Poisson, error) {
	kind := regress.Cluster1
	if levels(d.data.Cluster) < leastItems {
		kind = regress.HC1
	}
	for {
		fit, err := regress.PPML(&d.data, kind)
		var collinear *regress.CollinearError
		if !errors.As(err, &collinear) {
			if err != nil {
				return nil, fault.From(err, fault.Invalid, "E-PROMOTION-FIT", fault.A("error", err.Error()))
			}
			return fit, nil
		}
		if len(collinear.Columns) == 0 {
			return nil, fault.From(err, fault.Invalid, "E-PROMOTION-FIT", fault.A("error", err.Error()))
		}
		worst := slices.Max(collinear.Columns)
		if strings.HasPrefix(d.names[worst], "depth ") {
			return nil, fault.New(fault.Invalid, "E-PROMOTION-INSEPARABLE")
		}
		d.dropped = append(d.dropped, d.title(worst))
		d.names = slices.Delete(d.names, worst, worst+1)
		d.data.X = slices.Delete(d.data.X, worst, worst+1)
	}
}

// title is what a column is called in a note.
func (d *design) title(column int) string {
	for v, name := range d.vehicles {
		if strings.HasPrefix(d.names[column], d.kind(v)+" ") {
			return name
		}
	}
	return d.names[column]
}

// kind is what columns of a vehicle are called.
func (d *design) kind(vehicle int) string { return "vehicle" + strconv.Itoa(vehicle) }

// coef is the coefficient of a column; zero where there is none.
func (d *design) coef(fit *regress.Poisson, kind string, number int) Estimate {
	if j := slices.Index(d.names, kind+" "+strconv.Itoa(number)); j >= 0 {
		return Estimate{fit.Coef[j], fit.SE[j]}
	}
	return Estimate{}
}

// slopes shrinks the slopes of categories to what they have in common.
func (u *Uplift) slopes(d *design, fit *regress.Poisson) error {
	all, own, err := d.byCategory(fit, "depth")
	if err != nil {
		return err
	}
	if all == nil {
		return fault.New(fault.Invalid, "E-PROMOTION-INSEPARABLE")
	}
	for c, e := range all {
		s := Slope{Estimate: e, Episodes: d.counts[c], Own: own[c], Support: d.deepest[c]}
		if s.Episodes == 0 {
			s.Support = d.support
		}
		u.Categories = append(u.Categories, s)
	}
	return nil
}

// learnVehicles does the same for what vehicles add.
func (u *Uplift) learnVehicles(d *design, fit *regress.Poisson) error {
	u.Vehicles = make([][]VehicleEffect, len(d.counts))
	for v, name := range d.vehicles {
		all, _, err := d.byCategory(fit, d.kind(v))
		if err != nil {
			return err
		}
		for c, e := range all {
			u.Vehicles[c] = append(u.Vehicles[c], VehicleEffect{name, e})
		}
	}
	return nil
}

// byCategory shrinks the coefficients of a kind to their common mean. A category without
// one of its own has the mean, as uncertain as categories are different; nil where no
// category has one.
func (d *design) byCategory(fit *regress.Poisson, kind string) (all []Estimate, own []bool, err error) {
	var est, se []float64
	var of []int // category; −1: those with few promotions together
	for c := -1; c < len(d.counts); c++ {
		if e := d.coef(fit, kind, c); e.SD > 0 {
			est, se, of = append(est, e.Mean), append(se, e.SD), append(of, c)
		}
	}
	if len(est) == 0 {
		return nil, nil, nil
	}
	common, mean, sd := Estimate{est[0], se[0]}, est, se
	if len(est) > 1 {
		shrunk, err := regress.Shrink(est, se, nil)
		if err != nil {
			return nil, nil, fault.Wrap(err, "regress.Shrink(%s of %d categories)", kind, len(est))
		}
		mean, sd, common = shrunk.Mean, shrunk.SD, overall(est, se, shrunk.Group[0])
	}
	all, own = slices.Repeat([]Estimate{common}, len(d.counts)), make([]bool, len(d.counts))
	for k, c := range of {
		if c >= 0 {
			all[c], own[c] = Estimate{mean[k], sd[k]}, true
		}
	}
	return all, own, nil
}

// overall is what is expected of one more of the same kind: the prior, and the error of
// its mean. Two estimates are too few for a prior; then it is their mean and how far they
// lie apart.
func overall(est, se []float64, prior regress.Prior) Estimate {
	if !math.IsNaN(prior.SD) {
		return Estimate{prior.Mean, math.Hypot(prior.SD, prior.MeanSE)}
	}
	return Estimate{(est[0] + est[1]) / 2, math.Hypot(est[0]-est[1], math.Max(se[0], se[1]))}
}
