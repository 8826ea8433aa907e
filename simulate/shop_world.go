package simulate

import (
	"math"
	"math/rand/v2"
)

// Each thing that is drawn for a form has a generator of its own.
const (
	ofShopDemand uint64 = iota + 101
	ofShopSeason
	ofShopMoney
	ofShopSupply
)

// DrawShopForm draws the item of a seed from the ranges of docs/worlds.md: 1 to 20 are for
// tuning, 2001 to 2020 are scored.
func DrawShopForm(seed uint64) ShopForm {
	chance := func(purpose uint64) *rand.Rand { return rand.New(rand.NewPCG(seed, purpose<<40)) }
	f := ShopForm{Key: seed, LevelSD: .10, ElasticitySD: .15, SizeSD: .20, LeadMeanSD: .05}

	rng := chance(ofShopDemand)
	logUniform := func(low, high float64) float64 { return math.Exp(uniform(rng, math.Log(low), math.Log(high))) }
	f.Level, f.Size, f.Elasticity = logUniform(5, 100), logUniform(3, 30), -logUniform(1.5, 4)
	f.LevelMemory, f.LevelStep = uniform(rng, .95, .99), uniform(rng, .02, .05)
	f.Regime, f.Leave = uniform(rng, .25, .5), uniform(rng, .02, .05)
	f.NowSD = f.levelSD()

	seasonal := f.drawSeason(chance(ofShopSeason))

	rng = chance(ofShopMoney)
	f.Cost = logNormalWithin(rng, 12, .6, 3, 60)
	f.CostMemory, f.CostStep = .98, uniform(rng, .005, .015)
	f.Kept, f.Handling = uniform(rng, .75, .95), uniform(rng, 1.5, 4.5)
	markup := min(max(f.Elasticity/(1+f.Elasticity), 1.35), 2.4) * math.Exp(normal(rng, 0, .05))
	f.Reference = cents((f.Cost + f.Handling) * markup / f.Kept)
	f.Floor, f.Ceiling = .7*f.Reference, 1.4*f.Reference
	f.Holding, f.Storage = .25, uniform(rng, 0, .003)*f.Cost
	goodwill, change, salvage := uniform(rng, .05, .30), uniform(rng, 0, .02), rng.Float64()
	f.Salvage = .6 + .3*salvage
	if seasonal {
		f.Salvage = .2 + .4*salvage
	}

	rng = chance(ofShopSupply)
	f.OrderCost = uniform(rng, 2, 20)
	f.MOQ = math.Round(uniform(rng, 0, 2) * f.Level)
	f.Pack = [...]float64{1, 6, 12, 24}[rng.IntN(4)]
	for f.Pack > f.Level {
		f.Pack = math.Max(1, math.Floor(f.Pack/2))
	}
	f.LeadDays = 7 * uniform(rng, 2, 8)
	f.LeadSD = uniform(rng, .08, .25) * f.LeadDays
	f.Returned, f.ReturnLag = uniform(rng, .02, .15), 2
	f.Resold, f.ReturnHandling = uniform(rng, .5, .9), uniform(rng, 2, 5)

	contribution := max(0, f.Margin(f.Reference, f.Cost))
	f.Goodwill, f.PriceChange = goodwill*contribution, change*contribution*f.Level
	return f
}

// drawSeason draws the year of an item: a staple's with gifts, or that of a seasonal item,
// which is cleared.
func (f *ShopForm) drawSeason(rng *rand.Rand) (seasonal bool) {
	seasonal = rng.Float64() < .4
	height, top, gifts := rng.Float64(), uniform(rng, 0, weeksAYear), uniform(rng, 0, .5)
	if seasonal {
		height, gifts = .5+.4*height, 0
		f.Clears, f.ClearWeek = true, float64(int(math.Mod(top+clearAfter, weeksAYear))%len(f.Season))
	} else {
		height = .10 + .25*height
	}
	average := 0.
	for w := range f.Season {
		f.Season[w] = height * math.Cos(2*math.Pi/weeksAYear*(float64(w)-top))
		if k := w - firstGiftWeek; k >= 0 && k < len(giftWeeks) {
			f.Season[w] += gifts * giftWeeks[k]
		}
		average += math.Exp(f.Season[w]) / float64(len(f.Season))
	}
	for w := range f.Season {
		f.Season[w] -= math.Log(average)
	}
	return seasonal
}

const (
	clearAfter    = 20 // weeks after the top of the season
	firstGiftWeek = 46 // of the year: the one of 20 November
)
