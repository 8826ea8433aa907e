package simulate

import (
	"math"
	"strconv"

	"tradewind/fault"
	"tradewind/messages"
)

// ShopForm holds the numbers of one item of a shop: see docs/worlds.md, "A shop calibrated
// on facts". Amounts are in the currency in which the item is priced; rates are shares.
// A form is what is believed: each draw of a Shop takes its truth from it.
type ShopForm struct {
	Key  uint64  // of all chance in shops of this form
	Days float64 // in a period; 0 is 7

	// Demand. Level is at the reference price, in an average week.
	Level       float64     // units a week
	Size        float64     // of a week's negative binomial
	Season      [52]float64 // by week of the year, in logs
	Week        float64     // of the year at period 0, from 0 to 52
	Growth      float64     // a year, in logs
	LevelMemory float64     // of the AR(1) that the level follows, a week; below 1
	LevelStep   float64     // SD of its innovation, a week, in logs; 0: the level stays
	Now, NowSD  float64     // where that AR(1) is believed to stand at period 0
	Regime      float64     // how far a low or high regime lies from the normal one, in logs; 0: none
	Leave       float64     // probability of leaving a regime, a week
	Elasticity  float64     // of demand to price; negative
	Reference   float64     // price

	// Money.
	Floor, Ceiling float64 // prices that are asked; 0: no bound
	Kept           float64 // of the price: after tax, fees and payment
	Cost           float64 // of a unit, landed, at period 0
	CostMemory     float64 // of the AR(1) that the cost follows in logs, a week
	CostStep       float64 // SD of its innovation, a week; 0: the cost stays
	Handling       float64 // of a unit sold: picking, parcel
	Holding        float64 // a year, share of the cost of a unit
	Storage        float64 // of a unit and week
	Goodwill       float64 // lost with a unit of demand that found no stock
	PriceChange    float64 // cost of changing the price
	Salvage        float64 // share of its cost that a unit cleared or left at the end fetches
	Clears         bool    // what is left after ClearWeek is sold off
	ClearWeek      float64 // of the year, 0 to 51

	// Supply.
	OrderCost      float64
	MOQ, Pack      float64 // units; 0 is 1
	LeadDays       float64 // mean days from order to shelf
	LeadSD         float64 // standard deviation of those days
	Returned       float64 // share of units that come back
	ReturnLag      float64 // periods until those resold are on the shelf again; 0 is 2
	Resold         float64 // share of those that can be sold again
	ReturnHandling float64 // of a unit that comes back

	// How wrong the numbers above may be: standard deviations, in logs.
	LevelSD, ElasticitySD, SizeSD, LeadMeanSD float64
}

const (
	// MaxLead is how many periods an order may take at most.
	MaxLead = 24
	// MaxLag is how many periods a return may take at most.
	MaxLag = 8
	// leadReach is how many standard deviations of the lead time must fit into MaxLead:
	// what lies beyond arrives after MaxLead periods.
	leadReach = 3
	// levelReach is how many of its long-run standard deviations the level may be off at
	// period 0.
	levelReach = 3
	// laterWeeks is by how much orders are later at the worst: a scenario's two weeks.
	laterWeeks = 2
)

// Check says which number of a form is out of its range: E-SHOP-FORM, or E-SHOP-LEAD where
// lead times do not fit into MaxLead periods.
func (f *ShopForm) Check() error {
	inf := math.Inf(1)
	for _, r := range [...]struct {
		code           string
		x, least, most float64
	}{
		{"simulation.field.days", f.days(), 1, 28},
		{"simulation.field.level", f.Level, 1e-9, 1e6},
		{"simulation.field.size", f.Size, .01, inf},
		{"simulation.field.week", f.Week, 0, 53},
		{"simulation.field.growth", f.Growth, -3, 3},
		{"simulation.field.level-memory", f.LevelMemory, 0, .999},
		{"simulation.field.level-step", f.LevelStep, 0, 1},
		{"simulation.field.level-now", f.Now, -levelReach * f.levelSD(), levelReach * f.levelSD()},
		{"simulation.field.level-now-sd", f.NowSD, 0, f.levelSD()},
		{"simulation.field.regime", f.Regime, 0, 3},
		{"simulation.field.leave", f.Leave, 0, .5},
		{"simulation.field.elasticity", f.Elasticity, -12, 0},
		{"simulation.field.reference-price", f.Reference, 1e-9, 1e9},
		{"simulation.field.floor", f.Floor, 0, 1e9},
		{"simulation.field.ceiling", f.ceiling(), f.Floor, inf},
		{"simulation.field.kept", f.Kept, 0, 1},
		{"simulation.field.cost", f.Cost, 0, 1e9},
		{"simulation.field.cost-memory", f.CostMemory, 0, .999},
		{"simulation.field.cost-step", f.CostStep, 0, 1},
		{"simulation.field.handling", f.Handling, 0, 1e9},
		{"simulation.field.holding", f.Holding, 0, 5},
		{"simulation.field.storage", f.Storage, 0, 1e9},
		{"simulation.field.goodwill", f.Goodwill, 0, 1e9},
		{"simulation.field.price-change", f.PriceChange, 0, 1e9},
		{"simulation.field.salvage", f.Salvage, 0, 1},
		{"simulation.field.clear-week", f.ClearWeek, 0, 51},
		{"simulation.field.order-cost", f.OrderCost, 0, 1e9},
		{"simulation.field.minimum-order", f.MOQ, 0, 1e9},
		{"simulation.field.pack", f.Pack, 0, 1e9},
		{"simulation.field.lead-days", f.LeadDays, 1e-9, 1e4},
		{"simulation.field.lead-sd", f.LeadSD, 0, 1e4},
		{"simulation.field.returned", f.Returned, 0, .95},
		{"simulation.field.return-lag", f.lag(), 1, MaxLag},
		{"simulation.field.resold", f.Resold, 0, 1},
		{"simulation.field.return-handling", f.ReturnHandling, 0, 1e9},
		{"simulation.field.level-sd", f.LevelSD, 0, 3},
		{"simulation.field.elasticity-sd", f.ElasticitySD, 0, 3},
		{"simulation.field.size-sd", f.SizeSD, 0, 3},
		{"simulation.field.lead-mean-sd", f.LeadMeanSD, 0, 1},
	} {
		if !(r.x >= r.least && r.x <= r.most) {
			return outOfRange(r.code, r.x, r.least, r.most)
		}
	}
	for _, x := range f.Season {
		if !(math.Abs(x) <= 10) {
			return outOfRange("simulation.field.season", x, -10, 10)
		}
	}
	late := f.LeadDays*math.Exp(2*f.LeadMeanSD) + leadReach*f.LeadSD + 7*laterWeeks
	if late > MaxLead*f.days() {
		return fault.New(fault.Invalid, "E-SHOP-LEAD", fault.A("days", int(math.Ceil(late))), fault.A("periods", MaxLead), fault.A("period", plainNumber(f.days())))
	}
	return nil
}

func outOfRange(code string, x, least, most float64) error {
	return fault.New(fault.Invalid, "E-SHOP-FORM", fault.A("field", messages.M(code)), fault.A("value", plainNumber(x)),
		fault.A("low", plainNumber(least)), fault.A("high", plainNumber(most)))
}

func plainNumber(x float64) string { return strconv.FormatFloat(x, 'g', 6, 64) }

func (f *ShopForm) days() float64 {
	if f.Days == 0 {
		return 7
	}
	return f.Days
}

// weeks is how long a period is.
func (f *ShopForm) weeks() float64 { return f.days() / 7 }

func (f *ShopForm) ceiling() float64 {
	if f.Ceiling == 0 {
		return math.Inf(1)
	}
	return f.Ceiling
}

func (f *ShopForm) lag() float64 {
	if f.ReturnLag == 0 {
		return 2
	}
	return f.ReturnLag
}

// WeekAt returns the week of the year of period t, 0 to 51; t may be negative: the past.
func (f *ShopForm) WeekAt(t int) int {
	w := math.Mod(f.Week+float64(t)*f.weeks(), weeksAYear)
	if w < 0 {
		w += weeksAYear
	}
	return min(int(w), 51)
}

// SeasonAt returns the season of period t in logs.
func (f *ShopForm) SeasonAt(t int) float64 { return f.Season[f.WeekAt(t)] }

// grown is the growth from period 0 to period t, in logs.
func (f *ShopForm) grown(t int) float64 { return f.Growth * float64(t) * f.weeks() / weeksAYear }

// Expected returns the mean demand of period t at a price when level and regime are at
// rest: what the calendar and the price alone say.
func (f *ShopForm) Expected(t int, price float64) float64 {
	return f.Level * f.weeks() * math.Exp(f.SeasonAt(t)+f.grown(t)+f.Elasticity*math.Log(price/f.Reference))
}

// Legal returns the price within the form's floor and ceiling that is next to one asked.
func (f *ShopForm) Legal(price float64) float64 {
	checkPrice(price)
	return min(max(price, f.Floor), f.ceiling())
}

// WholeOrder returns the order that is placed for the units that are wanted: none for none,
// else whole packs and at least the minimum.
func (f *ShopForm) WholeOrder(units float64) float64 {
	if !(units > 0) {
		return 0
	}
	pack := max(f.Pack, 1)
	return math.Ceil(max(units, f.MOQ)/pack-1e-9) * pack
}

// Margin returns what a sold unit contributes at a price and a landed cost: returns are
// paid for at their rate, and a unit that can be sold again is worth its cost.
func (f *ShopForm) Margin(price, cost float64) float64 {
	return f.Kept*price - cost - f.Handling - f.Returned*(f.Kept*price+f.ReturnHandling-f.Resold*cost)
}

// levelSD is the long run's standard deviation of the level, in logs.
func (f *ShopForm) levelSD() float64 {
	return f.LevelStep / math.Sqrt(1-f.LevelMemory*f.LevelMemory)
}

// step is an AR(1) of a week in periods: its coefficient and the SD of its innovation.
func (f *ShopForm) step(memory, sd float64) (coefficient, innovation float64) {
	coefficient = math.Pow(memory, f.weeks())
	return coefficient, sd * math.Sqrt((1-coefficient*coefficient)/(1-memory*memory))
}

// leaves is the probability of leaving a regime in a period.
func (f *ShopForm) leaves() float64 { return 1 - math.Pow(1-f.Leave, f.weeks()) }
