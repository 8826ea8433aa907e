package benchmark

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"

	"tradewind/market"
	"tradewind/money"
	"tradewind/numeric/distribution"
	"tradewind/operations/pricing"
	"tradewind/simulate"
)

// The seller who is measured: every four weeks he learns from all that his files say and
// moves prices. Items of which it would pay to know the elasticity better are in a
// switchback test meanwhile: of every two weeks one, drawn by lot, asks more and the other
// less. Chosen on tuning seeds.
const (
	playedWeeks  = 26
	repriceEvery = 4
	longestStep  = .20  // of a move
	worthAsking  = .004 // share of its profit that knowing an item's elasticity would bring
	testCost     = .18  // share of its profit that a test may give up while it runs
	widestTest   = .50  // logarithm of a test price over the price of the item, up and down
	testStep     = .05  // by which that is narrowed
	leastPairs   = 6    // of weeks, before a test is read
	teamReach    = 2.0  // no price beyond so many times that of the end of the history, or below its part
	levelSpread  = .15  // of the logarithm of a week's demand, beside chance
	policyDraws  = 512
)

// seller plays the stores of one seed.
type seller struct {
	stores *simulate.Stores
	start  []money.Amount // price at the end of the history
	legal  [][]float64    // prices that the team allows
	price  []money.Amount
	apart  []float64 // logarithm of the test prices over the price, up and down; 0: no test
	dearer []bool    // whether the first week of the pair asks more
	second bool      // the week to come is the second of its pair
	tested int       // items in a test when the first prices were decided
	knows  bool      // every elasticity
	rng    *rand.Rand

	demand, supply, luck []float64 // uniform, by scenario: a week's demand, its stock, and the kind of week
}

func newSeller(s *simulate.Stores, seed uint64) *seller {
	v := &seller{stores: s, apart: make([]float64, s.Len()), dearer: make([]bool, s.Len()), rng: rand.New(rand.NewPCG(seed, 26))}
	for i := range s.Len() {
		p := s.Panel(i)
		last := money.FromE4(int64(math.Round(p.Price[len(p.Price)-1]*1e4)), p.Currency)
		v.start, v.price, v.legal = append(v.start, last), append(v.price, last), append(v.legal, allowed(last))
	}
	v.demand, v.supply, v.luck = v.uniforms(), v.uniforms(), v.uniforms()
	return v
}

// uniforms draws one uniform from each stratum, in random order.
func (v *seller) uniforms() []float64 {
	u := make([]float64, policyDraws)
	for k, at := range v.rng.Perm(policyDraws) {
		u[at] = (float64(k) + .5) / policyDraws
	}
	return u
}

// decide learns from the weeks that are over and moves every price. Where no price is
// legal, because the cost has run away from what a step allows, the remedy is taken.
func (v *seller) decide() error {
	study, err := v.study()
	if err != nil {
		return err
	}
	stocks, room := learnCovers(v.stores, study), pricing.NewWorkspace()
	for i := range v.price {
		problem := v.problem(study, stocks, i)
		solution, err := room.Optimise(problem)
		if err != nil {
			return fmt.Errorf("%v: %w", problem.Item, err)
		}
		if solution.Refusal == nil {
			v.price[i] = solution.Best.Price
		} else if remedy := solution.Refusal.Remedy.Price; remedy.Sign() > 0 {
			v.price[i] = remedy
		}
		if v.knows {
			continue
		}
		open, err := doubt(room, problem, &study.Elasticities[i])
		if err != nil {
			return fmt.Errorf("%v: %w", problem.Item, err)
		}
		v.apart[i] = 0
		if open > worthAsking {
			v.apart[i] = testSwing(problem, v.price[i].Float())
			if v.stores.Weeks() == v.stores.History() {
				v.tested++
			}
		}
	}
	return nil
}

// study is what the files say of elasticities, or the truth for a seller who knows it.
func (v *seller) study() (*pricing.Study, error) {
	panel := pricing.NewPanel(v.stores.Snapshot(), pricing.Form{})
	if !v.knows {
		return v.learn(panel)
	}
	study := &pricing.Study{Panel: panel}
	for i := range v.price {
		study.Elasticities = append(study.Elasticities, pricing.Elasticity{Mean: v.stores.Truth(i).Elasticity, Identified: true})
	}
	return study, nil
}

// learn studies the files, and then once more with what the tests say of items that the
// files alone do not identify.
func (v *seller) learn(panel *pricing.Panel) (*pricing.Study, error) {
	study, err := pricing.NewStudy(panel, pricing.Form{})
	if err != nil {
		return nil, err
	}
	var form pricing.Form
	for i := range v.price {
		if test, told := v.told(i); told && !study.Elasticities[i].Identified {
			form.Tests = append(form.Tests, test)
		}
	}
	if len(form.Tests) == 0 {
		return study, nil
	}
	return pricing.NewStudy(panel, form)
}

// told is what the pairs of weeks of its test say of item i: least squares through the
// origin of the change of log units, for the time in stock, on that of the log price.
func (v *seller) told(i int) (pricing.Test, bool) {
	const leastChange, leastShare = .05, .3
	h := v.stores.Panel(i)
	var n, xx, xy, yy float64
	for week := v.stores.History(); week+1 < len(h.Price); week += 2 {
		x := math.Log(h.Price[week+1] / h.Price[week])
		if math.Abs(x) < leastChange || h.Share[week] < leastShare || h.Share[week+1] < leastShare {
			continue
		}
		y := math.Log((h.Units[week+1]+.5)/h.Share[week+1]) - math.Log((h.Units[week]+.5)/h.Share[week])
		n, xx, xy, yy = n+1, xx+x*x, xy+x*y, yy+y*y
	}
	if n < leastPairs {
		return pricing.Test{}, false
	}
	slope := xy / xx
	return pricing.Test{Item: h.Item, Elasticity: slope, SE: math.Sqrt((yy - slope*xy) / (n - 1) / xx)}, true
}

// problem is the price of item i, from what the files say.
func (v *seller) problem(study *pricing.Study, c *covers, i int) *pricing.Problem {
	h := v.stores.Panel(i)
	now := len(h.Price) - 1
	local := func(euro float64) money.Amount {
		return money.FromE4(int64(math.Round(euro/h.Rate[now]*1e4)), h.Currency)
	}
	low, high := study.Panel.Seen(i)
	p := &pricing.Problem{
		Item: h.Item, Price: v.price[i], Elasticity: study.Elasticities[i].Draw(policyDraws),
		UnitCost: local(h.Cost[now] + h.Handling), Terms: pricing.Terms{PaymentRate: 1 - h.Kept},
		Horizon: 7,
		Limits: pricing.Limits{
			MaxStep: longestStep, Support: pricing.Range{Low: low, High: high}, Endings: houseEndings(h.Currency),
			Floor: scaled(v.start[i], 1/teamReach), Ceiling: scaled(v.start[i], teamReach),
		},
	}
	if v.knows {
		p.Elasticity = slices.Repeat([]float64{study.Elasticities[i].Mean}, policyDraws)
	}
	// Scenario s is a week with a demand and a stock of its own. The problem knows one stock:
	// a week counts as its share of all stock, and its demand is told in units of that.
	level := c.base[i] * c.drift[i] * math.Exp(study.Elasticities[i].Mean*(math.Log(v.price[i].Float())-c.at[i]))
	spread := math.Sqrt(levelSpread*levelSpread + 1/level)
	p.Stock = c.base[i] * math.Exp(c.mean[i])
	for s := range policyDraws {
		kind := c.kinds[0]
		if v.luck[s] < c.kinds[1].share {
			kind = c.kinds[1]
		}
		times := math.Exp(kind.shift + math.Hypot(kind.sd, c.error[i])*normal.Quantile(v.supply[s]))
		p.Weight = append(p.Weight, times)
		p.Demand = append(p.Demand, level*math.Exp(spread*normal.Quantile(v.demand[s]))/times)
	}
	return p
}

var normal = distribution.NewNormal(0, 1)

// doubt is what knowing the elasticity of an item would bring, as a share of its profit
// once its price has come as far as it should: the mean of what it brings when that lies a
// standard deviation to either side.
func doubt(room *pricing.Workspace, p *pricing.Problem, e *pricing.Elasticity) (float64, error) {
	free := *p
	free.Limits.MaxStep = 0
	arrived, err := room.Optimise(&free)
	if err != nil || arrived.Refusal != nil {
		return 0, err
	}
	price, best, has := arrived.Best.Price.Float(), 0.0, 0.0
	for _, side := range [2]float64{-1, 1} {
		free.Elasticity = slices.Repeat([]float64{min(pricing.Flattest, e.Mean+side*e.SD)}, policyDraws)
		known, err := room.Optimise(&free)
		if err != nil {
			return 0, err
		}
		best, has = best+known.Best.Profit, has+profit(&free, price)
	}
	return 1 - has/best, nil
}

// testSwing is how far test prices may lie from a price, as a logarithm. What a test tells
// grows with the square of that, and so does its cost: the fewer weeks the better, but
// narrow where demand is steep or the stock is short.
func testSwing(p *pricing.Problem, price float64) float64 {
	d := widestTest
	for ; d > testStep; d -= testStep {
		if (profit(p, price*math.Exp(d))+profit(p, price*math.Exp(-d)))/2 >= (1-testCost)*profit(p, price) {
			break
		}
	}
	return d
}

// profit is what a price is expected to bring.
func profit(p *pricing.Problem, price float64) float64 {
	units, weights := 0.0, 0.0
	for s, w := range p.Weight {
		units += w * min(p.Stock, p.Demand[s]*p.Curve.Factor(price, p.Price.Float(), p.Elasticity[s], p.Share))
		weights += w
	}
	return units / weights * (p.Terms.Net(price) - p.UnitCost.Float())
}

// play asks the prices of one week.
func (v *seller) play() simulate.Week {
	asked := make([]float64, len(v.price))
	for i := range asked {
		asked[i] = v.price[i].Float()
		if !v.second {
			v.dearer[i] = v.rng.IntN(2) == 0
		}
		if apart := v.apart[i]; apart > 0 {
			if v.dearer[i] == v.second {
				apart = -apart
			}
			asked[i] = nearest(v.legal[i], asked[i]*math.Exp(apart))
		}
	}
	v.second = !v.second
	return v.stores.Play(asked, nil)
}

// allowed lists the prices around one that the team allows: those that end on 9 in the
// smallest digit, the highest first.
func allowed(start money.Amount) []float64 {
	ending := houseEndings(start.Currency())[0]
	var grid []float64
	lowest := scaled(start, 1/teamReach).E4()
	for p, ok := ending.Below(scaled(start, teamReach)); ok && p.E4() >= lowest; {
		grid = append(grid, p.Float())
		p, ok = ending.Below(money.FromE4(p.E4()-1, p.Currency()))
	}
	return grid
}

func houseEndings(c money.Currency) []market.Ending {
	return []market.Ending{{Value: money.FromE4(900, c), Of: money.FromE4(1000, c)}}
}

func scaled(a money.Amount, by float64) money.Amount {
	return money.FromE4(int64(math.Round(float64(a.E4())*by)), a.Currency())
}

// nearest returns the price of a grid that is nearest to another.
func nearest(grid []float64, price float64) float64 {
	best := grid[0]
	for _, p := range grid {
		if math.Abs(p-price) < math.Abs(best-price) {
			best = p
		}
	}
	return best
}
