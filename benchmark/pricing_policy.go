package benchmark

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"

	"tradewind/market"
	"tradewind/money"
	"tradewind/operations/pricing"
	"tradewind/simulate"
)

// The seller who is measured: every four weeks he learns from all that his files say and
// moves prices. Items whose elasticity is not identified, or is known too vaguely, are in a
// switchback test all the while: of every two weeks one, drawn by lot, asks more and the
// other less. Chosen on tuning seeds.
const (
	playedWeeks  = 26
	repriceEvery = 4
	longestStep  = .20 // of a move
	testApart    = .30 // logarithm of a test price over the price of the item, up and down
	tooVague     = .20 // standard deviation of what is believed, over its mean
	leastPairs   = 6   // of weeks, before a test is read
	teamReach    = 2.0 // no price beyond so many times that of the end of the history, or below its part
	levelSpread  = .2  // of the logarithm of a week's demand
	policyDraws  = 512
)

// seller plays the stores of one seed.
type seller struct {
	stores *simulate.Stores
	start  []money.Amount // price at the end of the history
	legal  [][]float64    // prices that the team allows
	price  []money.Amount
	vague  []bool // whether the item is tested
	dearer []bool // whether the first week of the pair asks more
	second bool   // the week to come is the second of its pair
	tested int    // items in a test when the first prices were decided
	knows  bool   // every elasticity
	rng    *rand.Rand

	demand, supply []float64 // standard normal, by scenario: of a week's demand and stock
}

func newSeller(s *simulate.Stores, seed uint64) *seller {
	v := &seller{stores: s, vague: make([]bool, s.Len()), dearer: make([]bool, s.Len()), rng: rand.New(rand.NewPCG(seed, 26))}
	for i := range s.Len() {
		p := s.Panel(i)
		last := money.FromE4(int64(math.Round(p.Price[len(p.Price)-1]*1e4)), p.Currency)
		v.start, v.price, v.legal = append(v.start, last), append(v.price, last), append(v.legal, allowed(last))
	}
	v.demand, v.supply = v.normals(), v.normals()
	return v
}

// normals draws one standard normal from each stratum, in random order.
func (v *seller) normals() []float64 {
	z := make([]float64, policyDraws)
	for k, at := range v.rng.Perm(policyDraws) {
		z[at] = math.Sqrt2 * math.Erfinv(2*(float64(k)+.5)/policyDraws-1)
	}
	return z
}

// decide learns from the weeks that are over and moves every price.
func (v *seller) decide() error {
	study, err := v.study()
	if err != nil {
		return err
	}
	stocks, room := learnCovers(v.stores, study), pricing.NewWorkspace()
	for i := range v.price {
		problem, e := v.problem(study, stocks, i), &study.Elasticities[i]
		v.vague[i] = !v.knows && (!e.Identified || e.SD > -tooVague*e.Mean)
		if v.vague[i] && v.stores.Weeks() == v.stores.History() {
			v.tested++
		}
		solution, err := room.Optimise(problem)
		if err != nil {
			return fmt.Errorf("%v: %w", problem.Item, err)
		}
		if solution.Refusal == nil {
			v.price[i] = solution.Best.Price
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
	level := c.base[i] * math.Exp(study.Elasticities[i].Mean*(math.Log(v.price[i].Float())-c.at[i]))
	p.Stock = c.base[i] * math.Exp(c.mean[i])
	for s := range policyDraws {
		times := math.Exp(c.sd * v.supply[s])
		p.Weight = append(p.Weight, times)
		p.Demand = append(p.Demand, level*math.Exp(levelSpread*v.demand[s])/times)
	}
	return p
}

// play asks the prices of one week.
func (v *seller) play() simulate.Week {
	asked := make([]float64, len(v.price))
	for i := range asked {
		asked[i] = v.price[i].Float()
		if !v.second {
			v.dearer[i] = v.rng.IntN(2) == 0
		}
		if v.vague[i] {
			apart := testApart
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
