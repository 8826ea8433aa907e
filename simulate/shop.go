package simulate

import (
	"math"
	"math/rand/v2"

	"tradewind/numeric/distribution"
)

// Shop is one path of a form: the truth and all chance of an episode, drawn before anybody
// acts, so that any number of policies can be compared on it. Draw draws it anew; between
// two draws nothing changes it, and it is safe for concurrent use.
type Shop struct {
	form    ShopForm
	periods int

	size       float64 // of a period
	resale     float64 // log of the share of sold units that do not come back to be resold
	logMean    []float64
	elasticity []float64
	cost       []float64
	chance     []float64
	returns    []uint64  // seeds of which units come back
	level      []float64 // of the AR(1), in logs
	regime     []int8
	lead       []uint8  // of an order of period t, at t + MaxLead
	arrives    []uint32 // bit k: an order of k periods before arrives; one more than periods
	clears     []bool   // at the end of the period
	holding    float64  // share of the cost of a unit, a period
	storage    float64  // a period
	onset      int

	source rand.PCG
	rng    *rand.Rand
	within [MaxLead]float64 // probability that an order takes k+1 periods or fewer
}

// NewShop makes room for paths of a form and draws the first training episode. It panics
// where the form does not pass Check.
func NewShop(form *ShopForm, periods int) *Shop {
	if err := form.Check(); err != nil {
		panic("simulate: " + err.Error())
	}
	if periods < 1 {
		panic("simulate: a shop needs a period")
	}
	column := func() []float64 { return make([]float64, periods) }
	s := &Shop{form: *form, periods: periods,
		logMean: column(), elasticity: column(), cost: make([]float64, periods+1), chance: column(), level: column(),
		returns: make([]uint64, periods), regime: make([]int8, periods), clears: make([]bool, periods),
		lead: make([]uint8, periods+MaxLead), arrives: make([]uint32, periods+1),
		holding: form.Holding * form.days() / 365, storage: form.Storage * form.weeks(),
		resale: math.Log1p(-form.Returned * form.Resold),
	}
	s.rng = rand.New(&s.source)
	for t := range s.clears {
		s.clears[t] = form.ClearsAt(t)
	}
	s.Draw(Training, 0, SteadyTrade)
	return s
}

// Form returns the form.
func (s *Shop) Form() *ShopForm { return &s.form }

// Periods returns how many periods the path has.
func (s *Shop) Periods() int { return s.periods }

// Draw draws the truth and all chance of an episode. Same form, split and episode give the
// same chance in every scenario. It does not allocate. It panics where an episode that is
// not scored is given a scenario: whoever learns on one has seen the exam.
func (s *Shop) Draw(split Split, episode uint64, sc Scenario) {
	if split != Scored && sc != SteadyTrade {
		panic("simulate: only scored episodes have scenarios")
	}
	f := &s.form
	s.source.Seed(scramble(f.Key*4+uint64(split)), scramble(episode))
	rng := s.rng

	offset := normal(rng, 0, f.LevelSD)
	elasticity := f.Elasticity * math.Exp(normal(rng, 0, f.ElasticitySD))
	s.size = f.Size * math.Exp(normal(rng, 0, f.SizeSD)) * f.weeks()
	leadDays := f.LeadDays * math.Exp(min(2, max(-2, rng.NormFloat64()))*f.LeadMeanSD)
	level := normal(rng, f.Now, f.NowSD)
	regime := int8(0)
	switch u := rng.Float64(); {
	case f.Regime == 0:
	case u < .25:
		regime = -1
	case u < .5:
		regime = 1
	}
	wrong := adverseOf(rng.Float64())
	s.onset = int(float64(s.periods) * uniform(rng, .25, .5))
	if split == Scored {
		wrong = fair
	}

	s.drawLeads(leadDays, wrong, sc)
	memory, step := f.step(f.LevelMemory, f.LevelStep)
	costMemory, costStep := f.step(f.CostMemory, f.CostStep)
	leave, cost := f.leaves(), 0.
	rest := math.Log(f.Level*f.weeks()) + offset + wrong.logDemand()
	shifted := int(math.Round(seasonShift / f.weeks()))
	for t := range s.periods {
		shift, steeps := sc.demand(float64(t-s.onset) * f.weeks())
		season := f.SeasonAt(t)
		if sc == SeasonShifted && t >= s.onset {
			season = f.SeasonAt(t - shifted)
		}
		s.logMean[t] = rest + season + f.grown(t) + level + f.Regime*float64(regime) + shift
		s.elasticity[t] = elasticity * steeps
		s.level[t], s.regime[t] = level, regime
		s.cost[t] = f.Cost * math.Exp(cost)
		s.chance[t] = openUniform(rng)
		s.returns[t] = rng.Uint64()
		level = memory*level + normal(rng, 0, step)
		cost = costMemory*cost + normal(rng, 0, costStep)
		regime = nextRegime(regime, rng.Float64(), leave)
	}
	s.cost[s.periods] = f.Cost * math.Exp(cost)
}

// openUniform draws from (0, 1).
func openUniform(rng *rand.Rand) float64 { return (float64(rng.Uint64()>>12) + .5) / (1 << 52) }

// nextRegime moves on one period: from the normal regime to either side alike, from a side
// back to normal.
func nextRegime(regime int8, u, leave float64) int8 {
	switch {
	case u >= leave:
		return regime
	case regime != 0:
		return 0
	case u < leave/2:
		return -1
	}
	return 1
}

// drawLeads draws how long an order of each period takes, those before the path too.
func (s *Shop) drawLeads(mean float64, wrong adverse, sc Scenario) {
	f := &s.form
	sd := f.LeadSD * mean / f.LeadDays
	for k := range s.within {
		until := (float64(k) + 1.5) * f.days()
		switch {
		case k == MaxLead-1:
			s.within[k] = 1
		case sd > 0:
			shape := (mean / sd) * (mean / sd)
			s.within[k] = distribution.GammaP(shape, until*shape/mean)
		case mean < until:
			s.within[k] = 1
		default:
			s.within[k] = 0
		}
	}
	always := 0.
	if wrong == laterOrders {
		always = adverseWeeks
	}
	for i := range s.lead {
		u, k := s.rng.Float64(), 0
		for s.within[k] <= u {
			k++
		}
		later := always
		if sc == LeadsLonger && i-MaxLead >= s.onset {
			later += longerLead
		}
		s.lead[i] = uint8(min(MaxLead, k+1+int(math.Round(later/f.weeks()))))
	}
	clear(s.arrives)
	for i, takes := range s.lead {
		if t := i - MaxLead + int(takes); t >= 0 && t < len(s.arrives) {
			s.arrives[t] |= 1 << takes
		}
	}
}

// scramble is the finaliser of SplitMix64: it keeps streams of neighbouring numbers apart.
//
// Source: Steele, Lea & Flood, Fast splittable pseudorandom number generators (2014),
// OOPSLA '14, 453-472.
func scramble(x uint64) uint64 {
	x += 0x9e3779b97f4a7c15
	x = (x ^ x>>30) * 0xbf58476d1ce4e5b9
	x = (x ^ x>>27) * 0x94d049bb133111eb
	return x ^ x>>31
}

// Hidden is what nobody in the shop is told of a period.
type Hidden struct {
	Mean       float64 // demand at the reference price
	Elasticity float64
	Size       float64 // of the period's negative binomial
	Level      float64 // of the AR(1), in logs
	Regime     int     // -1 low, 0 normal, 1 high
	Lead       int     // periods that an order of the period takes
	Onset      int     // period in which the scenario begins
}

// Truth returns what is hidden about period t: for tests and for oracles that are called so.
func (s *Shop) Truth(t int) Hidden {
	return Hidden{math.Exp(s.logMean[t]), s.elasticity[t], s.size, s.level[t], int(s.regime[t]), int(s.lead[t+MaxLead]), s.onset}
}

// Cost returns the landed cost of a unit in period t, which the seller knows by then.
func (s *Shop) Cost(t int) float64 { return s.cost[t] }
