package expansion

import (
	"cmp"
	"math"
	"slices"

	"tradewind/calendar"
	"tradewind/commerce"
	"tradewind/fault"
	"tradewind/market/economy"
	"tradewind/numeric/distribution"
)

// fewestMarkets is how many markets with sales a study of entries needs.
const fewestMarkets = 8

// ModelKind names a way to expect sales in a market that has none.
type ModelKind string

const (
	Gravity     ModelKind = "gravity"     // by size, distance, language and logistics
	Penetration ModelKind = "penetration" // the same share of every market's product
	Average     ModelKind = "average"     // as in the average market
)

var modelKinds = []ModelKind{Gravity, Penetration, Average}

// EntryModel says what sales of a market without any are expected from, and how far it
// was off where it can be checked: on the shop's own markets, each left out in turn. It is a
// mixture of all kinds, weighted by how probable each made the markets that were left out.
type EntryModel struct {
	Kind    ModelKind // the one with the greatest weight
	Markets int       // foreign markets with sales that it was fitted on
	Keenest float64   // the largest of their shares of sales in a country's product; a new market is not believed to buy more than twice as much
	Home    []commerce.Market
	Checked ModelTrial   // the mixture
	Tried   []ModelTrial // the kinds, the weightiest first
	Slopes  []Slope      // of Gravity: what ln sales rises by
	AsOf    calendar.Day // figures on countries are those known on this day
}

// ModelTrial is how a model did when each own market was left out in turn.
type ModelTrial struct {
	Kind    ModelKind // "" is the mixture
	Weight  float64
	Error   float64 // root mean squared error of ln sales
	Covered float64 // share of markets within their 80 % interval
	Came    float64 // mean of sales over expected sales: 1 is right on average
}

// Slope is the effect of one regressor, in its own unit, on ln sales.
type Slope struct {
	Name     string
	Mean, SD float64
	Usual    float64 // what it is shrunk towards
}

// regressors are what ln sales is explained by. All but logistics must be known. What the
// shop's few markets do not say, 159 published studies of trade do: slopes are shrunk towards
// the means of their estimates.
//
// Source: Head & Mayer, Gravity equations: workhorse, toolkit, and cookbook, Handbook of
// International Economics 4 (2014), 131–195, table 4.
var regressors = []struct {
	name  string
	usual float64
}{{"ln_gdp", .84}, {"ln_population", 0}, {"ln_distance", -.93}, {"language", .54}, {"border", .53}, {"logistics", 0}}

// usual is what the published slopes make of a country's traits.
func usual(x []float64) (y float64) {
	for j, v := range x {
		y += regressors[j].usual * v
	}
	return y
}

const logisticsColumn = 5

// traits are what is known of a country, in the order of regressors.
type traits struct {
	values   []float64
	distance float64 // km
	gdp      float64
	imputed  bool // logistics is not known
	from     commerce.Market
}

// traitsOf looks a country up as of a day; false where size or distance are not known. The
// distance is that to the nearest of the homes.
func traitsOf(m commerce.Market, homes []commerce.Market, day calendar.Day) (traits, bool) {
	t := traits{distance: math.Inf(1)}
	var nearest economy.Pair
	for _, home := range homes {
		if p, ok := economy.Between(home, m); ok && p.Kilometres() < t.distance {
			t.distance, nearest, t.from = p.Kilometres(), p, home
		}
	}
	gdp, ok := economy.At(m, economy.GDP, day)
	persons, also := economy.At(m, economy.Population, day)
	if !ok || !also || math.IsInf(t.distance, 1) || !(t.distance > 0) {
		return t, false
	}
	t.gdp = gdp.Value
	logistics, known := economy.At(m, economy.Logistics, day)
	if t.imputed = !known; t.imputed {
		logistics.Value = math.NaN()
	}
	t.values = []float64{
		math.Log(gdp.Value), math.Log(persons.Value), math.Log(t.distance),
		indicator(nearest.Official || nearest.Spoken), indicator(nearest.Border), logistics.Value,
	}
	return t, true
}

func indicator(b bool) float64 {
	if b {
		return 1
	}
	return 0
}

// observed are the shop's own markets as the model sees them.
type observed struct {
	x [][]float64
	y []float64 // ln sales of the last 365 days
}

func (o *observed) without(i int) observed {
	return observed{slices.Delete(slices.Clone(o.x), i, i+1), slices.Delete(slices.Clone(o.y), i, i+1)}
}

// predictor gives the distribution of ln sales at a country's traits, as the weighted parts
// of a mixture.
type predictor func(x []float64) (weights []float64, parts []distribution.Distribution)

func (o observed) fit(kind ModelKind) predictor {
	rest := make([]float64, len(o.y))
	switch kind {
	case Gravity:
		for i := range rest {
			rest[i] = o.y[i] - usual(o.x[i])
		}
		return fitRidge(o.x, rest).around
	case Penetration:
		for i := range rest {
			rest[i] = o.y[i] - o.x[i][0]
		}
		return func(x []float64) ([]float64, []distribution.Distribution) { return always, one(around(x[0], rest)) }
	}
	law := one(around(0, o.y))
	return func([]float64) ([]float64, []distribution.Distribution) { return always, law }
}

var always = []float64{1}

func one(d distribution.Distribution) []distribution.Distribution {
	return []distribution.Distribution{d}
}

// around predicts y where the ridge was fitted to what the usual slopes leave of it.
func (r *ridge) around(x []float64) ([]float64, []distribution.Distribution) {
	return r.predict(x, usual(x))
}

// around is the predictive distribution of one more of a normal sample, shifted: Student's
// t with n-1 degrees of freedom and scale s √(1+1/n).
func around(shift float64, sample []float64) distribution.Distribution {
	n := float64(len(sample))
	mean, squares := sum(sample)/n, 0.0
	for _, v := range sample {
		squares += (v - mean) * (v - mean)
	}
	return distribution.NewStudentT(shift+mean, math.Sqrt(max(squares/(n-1)*(1+1/n), smallestVariance)), n-1)
}

// checked is what the kinds of models say of one own market without having seen it.
type checked struct {
	y       float64
	laws    []distribution.Mixture // by kind
	density []float64              // ln of that of y, by kind
}

// leaveOneOut fits all kinds without each market in turn.
func (o observed) leaveOneOut() []checked {
	all := make([]checked, len(o.y))
	for i, y := range o.y {
		all[i].y = y
		rest := o.without(i)
		for _, kind := range modelKinds {
			d := distribution.NewMixture(rest.fit(kind)(o.x[i]))
			const step = 1e-3 // in ln sales, against a spread of about 1
			all[i].laws = append(all[i].laws, d)
			all[i].density = append(all[i].density, math.Log(max((d.CDF(y+step)-d.CDF(y-step))/(2*step), 1e-12)))
		}
	}
	return all
}

// weigh gives each kind its weight by the density of the markets left out, all but one.
//
// Source: Yao, Vehtari, Simpson & Gelman, Using stacking to average Bayesian predictive
// distributions, Bayesian Analysis 13 (2018), 917–1007, section 3.4 (pseudo-BMA).
func weigh(all []checked, but int) []float64 {
	logs := make([]float64, len(modelKinds))
	for i, c := range all {
		for k := range logs {
			if i != but {
				logs[k] += c.density[k]
			}
		}
	}
	return softmax(logs)
}

// judge compares what was expected of markets with what they sold.
func judge(all []checked, law func(i int) distribution.Distribution) (t ModelTrial) {
	n := float64(len(all))
	for i, c := range all {
		d := law(i)
		mean := d.Mean()
		t.Error += (c.y - mean) * (c.y - mean) / n
		low, high := quantile(d, .1), quantile(d, .9)
		if c.y >= low && c.y <= high {
			t.Covered += 1 / n
		}
		mu, sigma := logNormal(d, low, high)
		t.Came += math.Exp(c.y-mu-sigma*sigma/2) / n
	}
	t.Error = math.Sqrt(t.Error)
	return t
}

// quantile is d.Quantile to nine digits of ln sales, by regula falsi with the Illinois step
// from the normal distribution of the same mean: a tenth of the time of bisection.
//
// Source: Dowell & Jarratt, A modified regula falsi method, BIT 11 (1971), 168–174.
func quantile(d distribution.Distribution, u float64) float64 {
	sd := math.Sqrt(d.Variance())
	lo, hi := d.Mean()-sd, d.Mean()+sd
	below, above := d.CDF(lo)-u, d.CDF(hi)-u
	for ; below > 0; below = d.CDF(lo) - u {
		lo -= sd
	}
	for ; above < 0; above = d.CDF(hi) - u {
		hi += sd
	}
	for side := 0; hi-lo > 1e-9; {
		x := (lo*above - hi*below) / (above - below)
		if !(x > lo && x < hi) {
			break
		}
		switch at := d.CDF(x) - u; {
		case at == 0:
			return x
		case at < 0:
			if lo, below = x, at; side < 0 {
				above /= 2
			}
			side = -1
		default:
			if hi, above = x, at; side > 0 {
				below /= 2
			}
			side = 1
		}
		if math.Min(above, -below) < 1e-12 {
			break
		}
	}
	if above < -below {
		return hi
	}
	return lo
}

// logNormal returns the normal distribution of ln sales that has the same mean and the same
// 80 % interval, low to high: Student's t itself has no expected sales.
func logNormal(d distribution.Distribution, low, high float64) (mu, sigma float64) {
	return d.Mean(), (high - low) / (2 * z80)
}

// fitEntries fits all kinds of models to the shop's own markets and weighs them.
func (g *grounds) fitEntries(homes []commerce.Market) (*EntryModel, func(x []float64) distribution.Distribution, error) {
	o, logistics := g.observe(homes)
	if len(o.y) < fewestMarkets {
		return nil, nil, fault.New(fault.Invalid, "E-EXPANSION-FEW-MARKETS", fault.A("n", len(o.y)), fault.A("need", fewestMarkets))
	}
	model := &EntryModel{Markets: len(o.y), Home: homes, AsOf: g.snapshot.AsOf}
	for i, x := range o.x {
		model.Keenest = max(model.Keenest, math.Exp(o.y[i]-x[0]))
	}
	all := o.leaveOneOut()
	weights := weigh(all, -1)
	fitted := make([]predictor, len(modelKinds))
	for k, kind := range modelKinds {
		t := judge(all, func(i int) distribution.Distribution { return all[i].laws[k] })
		t.Kind, t.Weight = kind, weights[k]
		model.Tried = append(model.Tried, t)
		fitted[k] = o.fit(kind)
	}
	model.Checked = judge(all, func(i int) distribution.Distribution {
		var laws []distribution.Distribution
		for _, law := range all[i].laws {
			laws = append(laws, law)
		}
		return distribution.NewMixture(weigh(all, i), laws)
	})
	model.Checked.Weight = 1
	slices.SortStableFunc(model.Tried, func(a, b ModelTrial) int { return cmp.Compare(b.Weight, a.Weight) })
	model.Kind = model.Tried[0].Kind
	model.Slopes = o.slopes()
	return model, func(x []float64) distribution.Distribution {
		x = imputed(x, logistics)
		var shares []float64
		var parts []distribution.Distribution
		for k, predict := range fitted {
			w, p := predict(x)
			for i := range p {
				if share := weights[k] * w[i]; share > 1e-3 { // the rest moves no quantile that is shown
					shares, parts = append(shares, share), append(parts, p[i])
				}
			}
		}
		return distribution.NewMixture(shares, parts)
	}, nil
}

func (o observed) slopes() (all []Slope) {
	rest := make([]float64, len(o.y))
	for i := range rest {
		rest[i] = o.y[i] - usual(o.x[i])
	}
	mean, sd := fitRidge(o.x, rest).slopes()
	for j, r := range regressors {
		all = append(all, Slope{r.name, r.usual + mean[j], sd[j], r.usual})
	}
	return all
}

// observe gathers the foreign markets with sales whose country is known. Home is left out:
// a shop's trade at home is larger than any size or distance explains.
func (g *grounds) observe(homes []commerce.Market) (o observed, logistics float64) {
	var known []float64
	for _, h := range g.histories {
		if h.sales <= 0 || slices.Contains(homes, h.market) {
			continue
		}
		t, ok := traitsOf(h.market, homes, g.snapshot.AsOf)
		if !ok {
			continue
		}
		if !t.imputed {
			known = append(known, t.values[logisticsColumn])
		}
		o.x, o.y = append(o.x, t.values), append(o.y, math.Log(float64(h.sales)/1e4))
	}
	if len(known) > 0 {
		logistics = sum(known) / float64(len(known))
	}
	for i := range o.x {
		o.x[i] = imputed(o.x[i], logistics)
	}
	return o, logistics
}

// imputed puts the mean of the own markets where logistics is not known.
func imputed(x []float64, logistics float64) []float64 {
	if !math.IsNaN(x[logisticsColumn]) {
		return x
	}
	x = slices.Clone(x)
	x[logisticsColumn] = logistics
	return x
}
