package published

import (
	"encoding/json"
	"math"
	"strconv"

	"tradewind/numeric/distribution"
	"tradewind/operations/inventory"
)

// Data is the union of the parameters of all kinds of problems.
type Data struct {
	FixedCost    Series    `json:"fixed_cost"`
	HoldingCost  Series    `json:"holding_cost"`
	StockoutCost Series    `json:"stockout_cost"`
	PurchaseCost Series    `json:"purchase_cost"`
	Demand       Series    `json:"demand"`
	DemandMean   Series    `json:"demand_mean"`
	DemandSD     Series    `json:"demand_sd"`
	DemandRate   float64   `json:"demand_rate"`
	Production   float64   `json:"production_rate"`
	HoldingRate  float64   `json:"holding_cost_rate"`
	LeadTime     float64   `json:"lead_time"`
	Mu           float64   `json:"mu"`
	Sigma        float64   `json:"sigma"`
	Revenue      float64   `json:"revenue"`
	Salvage      float64   `json:"salvage_value"`
	Breakpoints  []float64 `json:"breakpoints"`
	UnitCosts    []float64 `json:"unit_costs"`
	Shared       float64   `json:"shared_fixed_cost"`
	Individual   []float64 `json:"individual_fixed_costs"`
	HoldingCosts []float64 `json:"holding_costs"`
	DemandRates  []float64 `json:"demand_rates"`
	Periods      int       `json:"num_periods"`
	EndOver      float64   `json:"terminal_holding_cost"`
	EndUnder     float64   `json:"terminal_stockout_cost"`
	Discount     float64   `json:"discount_factor"`
	DisruptRate  float64   `json:"disruption_rate"`
	RecoveryRate float64   `json:"recovery_rate"`
	DisruptProb  float64   `json:"disruption_prob"`
	RecoveryProb float64   `json:"recovery_prob"`
	YieldMean    float64   `json:"yield_mean"`
	YieldSD      float64   `json:"yield_sd"`
	YieldLow     float64   `json:"yield_lo"`
	YieldHigh    float64   `json:"yield_hi"`
	OnHand       int       `json:"initial_inventory_level"`

	DemandPMF map[string]float64 `json:"demand_pmf"`

	Echelon []float64               `json:"echelon_holding_costs"`
	Leads   []float64               `json:"lead_times"`
	Unit    float64                 `json:"unit"`
	Nodes   []inventory.ServiceNode `json:"nodes"`
	Safety  float64                 `json:"safety"`
}

// solvers answer the problems of a kind.
var solvers = map[string]func(Data) results{
	"eoq": func(d Data) results {
		q, late, cost := d.eoq().Best()
		return results{"q": q, "late": late, "cost": cost}
	},
	"all_units": func(d Data) results {
		q, tier, cost := d.discount().AllUnits()
		return results{"q": q, "tier": tier, "cost": cost}
	},
	"incremental": func(d Data) results {
		q, tier, cost := d.discount().Incremental()
		return results{"q": q, "tier": tier, "cost": cost}
	},
	"joint_replenishment": func(d Data) results {
		o := d.joint().Silver()
		return results{"units": o.Units, "cycle": o.Cycle, "multiples": o.Multiples, "cost": o.Cost}
	},
	"wagner_whitin": func(d Data) results {
		periods := make([]inventory.Planned, d.Periods)
		for t := range periods {
			periods[t] = inventory.Planned{Demand: d.Demand.in(t), Fixed: d.FixedCost.in(t), Unit: d.PurchaseCost.in(t), Holding: d.HoldingCost.in(t)}
		}
		orders, cost := inventory.WagnerWhitin(periods)
		return results{"orders": orders, "cost": cost}
	},
	"newsvendor": func(d Data) results {
		n := inventory.Newsvendor{Demand: d.law(1 + d.LeadTime), Over: d.HoldingCost.in(0), Under: d.StockoutCost.in(0)}
		level, cost := n.Best()
		return results{"level": level, "cost": cost, "cost_at": func(x []float64) float64 { return n.Cost(x[0]) }}
	},
	"season": func(d Data) results {
		s := inventory.Season{Demand: d.law(1), Price: d.Revenue, Cost: d.PurchaseCost.in(0), Salvage: d.Salvage, Holding: d.HoldingCost.in(0), Goodwill: d.StockoutCost.in(0)}
		order, profit := s.Best()
		return results{"order": order, "profit": profit, "profit_at": func(x []float64) float64 { return s.Profit(x[0]) }}
	},
	"reorder_level": func(d Data) results {
		r := inventory.ReorderLevel{Demand: inventory.CountsOf(d.law(1)), Fixed: d.FixedCost.in(0), Over: d.HoldingCost.in(0), Under: d.StockoutCost.in(0)}
		low, high, cost := r.Best()
		return results{"low": low, "high": high, "cost": cost, "cost_at": func(x []float64) float64 { return r.Cost(int(x[0]), int(x[1])) }}
	},
	"power_approximation": func(d Data) results {
		low, high := inventory.PowerApproximation(d.law(1), d.law(1), d.FixedCost.in(0), d.HoldingCost.in(0), d.StockoutCost.in(0))
		return results{"low": low, "high": high}
	},
	"finite_horizon": func(d Data) results {
		p := d.horizon().Solve(d.OnHand)
		return results{"low": p.Low, "high": p.High, "cost": p.Cost(d.OnHand)}
	},
	"reorder_quantity": func(d Data) results {
		r := d.reorderQuantity()
		level, q, cost := r.ExpectedLevel()
		pair := func(level, q float64) []float64 { return []float64{level, q} }
		return results{
			"expected_level": []float64{level, q, cost},
			"from_eoq":       pair(r.FromEOQ()), "safety_stock": pair(r.SafetyStock()), "loss_function": pair(r.LossFunction()),
			"cost_at":   func(x []float64) float64 { return r.Cost(x[0], x[1]) },
			"level_for": func(x []float64) float64 { return r.LevelFor(x[0]) },
		}
	},
	"reorder_quantity_count": func(d Data) results {
		r := d.reorderQuantity()
		level, q, cost := r.BestCount()
		return results{"level": level, "q": q, "cost": cost, "cost_at": func(x []float64) float64 { return r.CostOfCount(int(x[0]), int(x[1])) }}
	},
	"disruptions": func(d Data) results {
		e := inventory.Disruptions{Fixed: d.FixedCost.in(0), Holding: d.HoldingCost.in(0), Penalty: d.StockoutCost.in(0), Rate: d.DemandRate, Failure: d.DisruptRate, Recovery: d.RecoveryRate}
		q, cost := e.Best()
		near, nearCost := e.Snyder()
		return results{"q": q, "cost": cost, "snyder": []float64{near, nearCost}, "cost_at": func(x []float64) float64 { return e.Cost(x[0]) }}
	},
	"disrupted_base_stock": func(d Data) results {
		b := inventory.DisruptedBaseStock{Demand: d.Demand.in(0), Over: d.HoldingCost.in(0), Under: d.StockoutCost.in(0), Failure: d.DisruptProb, Recovery: d.RecoveryProb}
		level, cost := b.Best()
		return results{"level": level, "cost": cost, "cost_at": func(x []float64) float64 { return b.Cost(x[0]) }}
	},
	"additive_yield": func(d Data) results {
		e := d.eoq()
		q, cost := e.AdditiveYield(d.YieldMean, d.YieldSD)
		return results{"q": q, "cost": cost, "cost_at": func(x []float64) float64 { return e.YieldCost(x[0]+d.YieldMean, d.YieldSD) }}
	},
	"multiplicative_yield": func(d Data) results {
		e := d.eoq()
		q, cost := e.MultiplicativeYield(d.YieldMean, d.YieldSD)
		return results{"q": q, "cost": cost, "cost_at": func(x []float64) float64 { return e.YieldCost(x[0]*d.YieldMean, x[0]*d.YieldSD) }}
	},
	"newsvendor_yield": func(d Data) results {
		yield := distribution.NewScaled(distribution.NewBeta(1, 1), d.YieldLow, d.YieldHigh-d.YieldLow)
		order, cost := inventory.NewsvendorYield(d.Demand.in(0), yield, d.HoldingCost.in(0), d.StockoutCost.in(0))
		return results{"order": order, "cost": cost}
	},
	"serial":  serialResults,
	"service": serviceResults,
}

// serialResults holds the chain's best levels and those of the bounds' mean.
func serialResults(d Data) results {
	s := d.serial()
	levels, cost := s.Best()
	near := s.Heuristic()
	up, down := make([]float64, len(near)), make([]float64, len(near))
	for j, x := range near {
		up[j], down[j] = math.Ceil(x), math.Floor(x)
	}
	return results{
		"levels": levels, "cost": cost, "heuristic": near,
		"heuristic_up": up, "heuristic_up_cost": s.Cost(up), "heuristic_down": down, "heuristic_down_cost": s.Cost(down),
	}
}

func serviceResults(d Data) results {
	times := inventory.ServiceNetwork{Nodes: d.Nodes, Safety: d.Safety}.Place()
	return results{"cost": times.Cost, "out": times.Out}
}

// Series is one number for all periods or a number for each; nothing is 0.
type Series []float64

func (s *Series) UnmarshalJSON(text []byte) error {
	if x, err := strconv.ParseFloat(string(text), 64); err == nil {
		*s = Series{x}
		return nil
	}
	return json.Unmarshal(text, (*[]float64)(s))
}

func (s Series) in(t int) float64 {
	switch len(s) {
	case 0:
		return 0
	case 1:
		return s[0]
	}
	return s[t]
}

func (d Data) eoq() inventory.EOQ {
	return inventory.EOQ{Fixed: d.FixedCost.in(0), Holding: d.HoldingCost.in(0), Rate: d.DemandRate, Penalty: d.StockoutCost.in(0), Production: d.Production}
}

func (d Data) discount() inventory.Discount {
	out := inventory.Discount{Fixed: d.FixedCost.in(0), HoldingRate: d.HoldingRate, Rate: d.DemandRate}
	for i, from := range d.Breakpoints {
		out.Breaks = append(out.Breaks, inventory.PriceBreak{From: from, UnitCost: d.UnitCosts[i]})
	}
	return out
}

func (d Data) joint() inventory.JointReplenishment {
	j := inventory.JointReplenishment{Shared: d.Shared}
	for i, fixed := range d.Individual {
		j.Items = append(j.Items, inventory.EOQ{Fixed: fixed, Holding: d.HoldingCosts[i], Rate: d.DemandRates[i]})
	}
	return j
}

func (d Data) reorderQuantity() inventory.ReorderQuantity {
	return inventory.ReorderQuantity{Wait: d.law(d.LeadTime), Rate: d.DemandMean.in(0), Fixed: d.FixedCost.in(0), Over: d.HoldingCost.in(0), Under: d.StockoutCost.in(0)}
}

// law is the demand of the periods given.
func (d Data) law(periods float64) distribution.Distribution {
	mean, sd := d.DemandMean.in(0)*periods, d.DemandSD.in(0)*math.Sqrt(periods)
	switch {
	case d.DemandPMF != nil:
		return d.counts()
	case d.Sigma > 0:
		return logNormal{d.Mu, d.Sigma}
	case sd == 0:
		return distribution.NewPoisson(mean)
	}
	return distribution.NewNormal(mean, sd)
}

func (d Data) counts() inventory.PMF {
	var p inventory.PMF
	for at, x := range d.DemandPMF {
		k, _ := strconv.Atoi(at)
		for len(p) <= k {
			p = append(p, 0)
		}
		p[k] = x
	}
	return p
}

// horizon cuts normal demand off at four standard deviations, as the published answers do.
func (d Data) horizon() inventory.Horizon {
	h := inventory.Horizon{EndOver: d.EndOver, EndUnder: d.EndUnder}
	least, most, widest := math.Inf(1), 0., 0.
	for t := range d.Periods {
		least, most = min(least, d.DemandMean.in(t)), max(most, d.DemandMean.in(t))
		widest = max(widest, d.DemandSD.in(t))
	}
	first, last := max(0, math.RoundToEven(least-4*widest)), math.RoundToEven(most+4*widest)
	for t := range d.Periods {
		h.Stages = append(h.Stages, inventory.Stage{
			Demand: cutNormal{distribution.NewNormal(d.DemandMean.in(t), d.DemandSD.in(t)), first, last},
			Fixed:  d.FixedCost.in(t), Unit: d.PurchaseCost.in(t),
			Over: d.HoldingCost.in(t), Under: d.StockoutCost.in(t), Discount: d.Discount,
		})
	}
	return h
}

func (d Data) serial() inventory.Serial {
	s := inventory.Serial{Under: d.StockoutCost.in(0), Unit: d.Unit}
	for j, h := range d.Echelon {
		s.Stages = append(s.Stages, inventory.SerialStage{Echelon: h, Lead: d.law(d.Leads[j])})
	}
	return s
}

// logNormal is e^X, X normal.
type logNormal struct{ mu, sigma float64 }

func (d logNormal) Mean() float64 { return math.Exp(d.mu + d.sigma*d.sigma/2) }
func (d logNormal) Variance() float64 {
	return math.Expm1(d.sigma*d.sigma) * d.Mean() * d.Mean()
}
func (d logNormal) CDF(x float64) float64 {
	return distribution.NewNormal(d.mu, d.sigma).CDF(math.Log(x))
}
func (d logNormal) Quantile(u float64) float64 {
	return math.Exp(distribution.NewNormal(d.mu, d.sigma).Quantile(u))
}
func (d logNormal) Loss(x float64) (above, below float64) {
	shifted := distribution.NewNormal(d.mu+d.sigma*d.sigma, d.sigma)
	above = d.Mean()*shifted.Survival(math.Log(x)) - x*(1-d.CDF(x))
	return above, above - d.Mean() + x
}

// cutNormal has the losses of the normal law, and its distribution function without what
// lies outside the whole numbers first to last.
type cutNormal struct {
	distribution.Normal
	first, last float64
}

func (d cutNormal) CDF(x float64) float64 {
	if x < d.first {
		return 0
	}
	return d.Normal.CDF(min(x, d.last+.5)) - d.Normal.CDF(d.first-.5)
}

func (d cutNormal) Quantile(u float64) float64 {
	return min(d.last, max(d.first, d.Normal.Quantile(u)))
}
