package inventory

import (
	"encoding/json"
	"math"
	"os"
	"strconv"
	"testing"

	"tradewind/numeric/distribution"
)

// published is one problem of the literature with its answer. Published maps the name of a
// result to a number, a list of numbers, or, for names that end in _at or _for, to rows of
// arguments and a last number, the result.
type published struct {
	Name, Kind, Problem, Source string
	Data                        problemData
	Published                   map[string]any
	Within                      float64 // of the larger of 1 and the published number
}

// problemData is the union of the parameters of all kinds; a series is one number for all
// periods or a number for each.
type problemData struct {
	FixedCost     any     `json:"fixed_cost"`
	HoldingCost   any     `json:"holding_cost"`
	StockoutCost  any     `json:"stockout_cost"`
	PurchaseCost  any     `json:"purchase_cost"`
	Demand        any     `json:"demand"`
	DemandMean    any     `json:"demand_mean"`
	DemandSD      any     `json:"demand_sd"`
	DemandRate    float64 `json:"demand_rate"`
	Production    float64 `json:"production_rate"`
	HoldingRate   float64 `json:"holding_cost_rate"`
	LeadTime      float64 `json:"lead_time"`
	Poisson       bool
	DemandPMF     map[string]float64 `json:"demand_pmf"`
	Mu            float64
	Sigma         float64
	Revenue       float64
	Salvage       float64 `json:"salvage_value"`
	Breakpoints   []float64
	UnitCosts     []float64 `json:"unit_costs"`
	Shared        float64   `json:"shared_fixed_cost"`
	Individual    []float64 `json:"individual_fixed_costs"`
	HoldingCosts  []float64 `json:"holding_costs"`
	DemandRates   []float64 `json:"demand_rates"`
	Periods       int       `json:"num_periods"`
	EndOver       float64   `json:"terminal_holding_cost"`
	EndUnder      float64   `json:"terminal_stockout_cost"`
	Discount      float64   `json:"discount_factor"`
	DisruptRate   float64   `json:"disruption_rate"`
	RecoveryRate  float64   `json:"recovery_rate"`
	DisruptProb   float64   `json:"disruption_prob"`
	RecoveryProb  float64   `json:"recovery_prob"`
	YieldMean     float64   `json:"yield_mean"`
	YieldSD       float64   `json:"yield_sd"`
	YieldLow      float64   `json:"yield_lo"`
	YieldHigh     float64   `json:"yield_hi"`
	InitialOnHand int       `json:"initial_inventory_level"`
}

// oneNumber returns x, or 0 for a field that is absent.
func oneNumber(x any) float64 { f, _ := x.(float64); return f }

// oneInPeriod returns x in period t.
func oneInPeriod(x any, t int) float64 {
	if list, ok := x.([]any); ok {
		return list[t].(float64)
	}
	return oneNumber(x)
}

// law is the demand of the periods given.
func (d problemData) law(periods float64) distribution.Distribution {
	switch {
	case d.DemandPMF != nil:
		var p PMF
		for at, x := range d.DemandPMF {
			k, _ := strconv.Atoi(at)
			for len(p) <= k {
				p = append(p, 0)
			}
			p[k] = x
		}
		return p
	case d.Sigma > 0:
		return logNormal{d.Mu, d.Sigma}
	case d.Poisson || d.DemandSD == nil:
		return distribution.NewPoisson(oneNumber(d.DemandMean) * periods)
	default:
		return distribution.NewNormal(oneNumber(d.DemandMean)*periods, oneNumber(d.DemandSD)*math.Sqrt(periods))
	}
}

// solvers gives, for a kind of problem, our results by the names of the published ones and
// functions for the results that have arguments.
var solvers = map[string]func(d problemData) (map[string]any, map[string]func(args []float64) float64){
	"eoq": func(d problemData) (map[string]any, map[string]func([]float64) float64) {
		q, late, cost := d.eoq().Best()
		return map[string]any{"q": q, "late": late, "cost": cost}, nil
	},
	"all_units": func(d problemData) (map[string]any, map[string]func([]float64) float64) {
		q, tier, cost := d.discount().AllUnits()
		return map[string]any{"q": q, "tier": float64(tier), "cost": cost}, nil
	},
	"incremental": func(d problemData) (map[string]any, map[string]func([]float64) float64) {
		q, tier, cost := d.discount().Incremental()
		return map[string]any{"q": q, "tier": float64(tier), "cost": cost}, nil
	},
	"joint_replenishment": func(d problemData) (map[string]any, map[string]func([]float64) float64) {
		o := d.joint().Silver()
		return map[string]any{"units": anyFloats(o.Units), "cycle": o.Cycle, "multiples": anyCounts(o.Multiples), "cost": o.Cost}, nil
	},
	"wagner_whitin": func(d problemData) (map[string]any, map[string]func([]float64) float64) {
		periods := make([]Planned, d.Periods)
		for t := range periods {
			periods[t] = Planned{oneInPeriod(d.Demand, t), oneNumber(d.FixedCost), oneInPeriod(d.PurchaseCost, t), oneNumber(d.HoldingCost)}
		}
		orders, cost := WagnerWhitin(periods)
		return map[string]any{"orders": anyFloats(orders), "cost": cost}, nil
	},
	"newsvendor": func(d problemData) (map[string]any, map[string]func([]float64) float64) {
		n := Newsvendor{d.law(1 + d.LeadTime), oneNumber(d.HoldingCost), oneNumber(d.StockoutCost)}
		level, cost := n.Best()
		return map[string]any{"level": level, "cost": cost},
			map[string]func([]float64) float64{"cost_at": func(x []float64) float64 { return n.Cost(x[0]) }}
	},
	"season": func(d problemData) (map[string]any, map[string]func([]float64) float64) {
		s := Season{d.law(1), d.Revenue, oneNumber(d.PurchaseCost), d.Salvage, oneNumber(d.HoldingCost), oneNumber(d.StockoutCost)}
		order, profit := s.Best()
		return map[string]any{"order": order, "profit": profit},
			map[string]func([]float64) float64{"profit_at": func(x []float64) float64 { return s.Profit(x[0]) }}
	},
	"reorder_level": func(d problemData) (map[string]any, map[string]func([]float64) float64) {
		r := ReorderLevel{Demand: CountsOf(d.law(1)), Fixed: oneNumber(d.FixedCost), Over: oneNumber(d.HoldingCost), Under: oneNumber(d.StockoutCost)}
		low, high, cost := r.Best()
		return map[string]any{"low": float64(low), "high": float64(high), "cost": cost},
			map[string]func([]float64) float64{"cost_at": func(x []float64) float64 { return r.Cost(int(x[0]), int(x[1])) }}
	},
	"power_approximation": func(d problemData) (map[string]any, map[string]func([]float64) float64) {
		low, high := PowerApproximation(d.law(1), d.law(1), oneNumber(d.FixedCost), oneNumber(d.HoldingCost), oneNumber(d.StockoutCost))
		return map[string]any{"low": low, "high": high}, nil
	},
	"finite_horizon": func(d problemData) (map[string]any, map[string]func([]float64) float64) {
		policy := d.horizon().Solve(d.InitialOnHand)
		return map[string]any{"low": anyCounts(policy.Low), "high": anyCounts(policy.High), "cost": policy.Cost(d.InitialOnHand)}, nil
	},
	"reorder_quantity": func(d problemData) (map[string]any, map[string]func([]float64) float64) {
		r := d.reorderQuantity()
		level, q, cost := r.ExpectedLevel()
		eoqLevel, eoq := r.FromEOQ()
		safeLevel, safe := r.SafetyStock()
		lossLevel, loss := r.LossFunction()
		return map[string]any{
				"expected_level": []any{level, q, cost}, "from_eoq": []any{eoqLevel, eoq},
				"safety_stock": []any{safeLevel, safe}, "loss_function": []any{lossLevel, loss},
			}, map[string]func([]float64) float64{
				"cost_at":   func(x []float64) float64 { return r.Cost(x[0], x[1]) },
				"level_for": func(x []float64) float64 { return r.LevelFor(x[0]) },
			}
	},
	"reorder_quantity_count": func(d problemData) (map[string]any, map[string]func([]float64) float64) {
		r := d.reorderQuantity()
		level, q, cost := r.BestCount()
		return map[string]any{"level": float64(level), "q": float64(q), "cost": cost},
			map[string]func([]float64) float64{"cost_at": func(x []float64) float64 { return r.CostOfCount(int(x[0]), int(x[1])) }}
	},
	"disruptions": func(d problemData) (map[string]any, map[string]func([]float64) float64) {
		e := Disruptions{oneNumber(d.FixedCost), oneNumber(d.HoldingCost), oneNumber(d.StockoutCost), d.DemandRate, d.DisruptRate, d.RecoveryRate}
		q, cost := e.Best()
		near, nearCost := e.Snyder()
		return map[string]any{"q": q, "cost": cost, "snyder": []any{near, nearCost}},
			map[string]func([]float64) float64{"cost_at": func(x []float64) float64 { return e.Cost(x[0]) }}
	},
	"disrupted_base_stock": func(d problemData) (map[string]any, map[string]func([]float64) float64) {
		b := DisruptedBaseStock{oneNumber(d.Demand), oneNumber(d.HoldingCost), oneNumber(d.StockoutCost), d.DisruptProb, d.RecoveryProb}
		level, cost := b.Best()
		return map[string]any{"level": level, "cost": cost},
			map[string]func([]float64) float64{"cost_at": func(x []float64) float64 { return b.Cost(x[0]) }}
	},
	"additive_yield": func(d problemData) (map[string]any, map[string]func([]float64) float64) {
		e := d.eoq()
		q, cost := e.AdditiveYield(d.YieldMean, d.YieldSD)
		return map[string]any{"q": q, "cost": cost},
			map[string]func([]float64) float64{"cost_at": func(x []float64) float64 { return e.YieldCost(x[0]+d.YieldMean, d.YieldSD) }}
	},
	"multiplicative_yield": func(d problemData) (map[string]any, map[string]func([]float64) float64) {
		e := d.eoq()
		q, cost := e.MultiplicativeYield(d.YieldMean, d.YieldSD)
		return map[string]any{"q": q, "cost": cost},
			map[string]func([]float64) float64{"cost_at": func(x []float64) float64 { return e.YieldCost(x[0]*d.YieldMean, x[0]*d.YieldSD) }}
	},
	"newsvendor_yield": func(d problemData) (map[string]any, map[string]func([]float64) float64) {
		order, cost := NewsvendorYield(oneNumber(d.Demand), uniform{d.YieldLow, d.YieldHigh}, oneNumber(d.HoldingCost), oneNumber(d.StockoutCost))
		return map[string]any{"order": order, "cost": cost}, nil
	},
}

func (d problemData) eoq() EOQ {
	return EOQ{oneNumber(d.FixedCost), oneNumber(d.HoldingCost), d.DemandRate, oneNumber(d.StockoutCost), d.Production}
}

func (d problemData) discount() Discount {
	out := Discount{Fixed: oneNumber(d.FixedCost), HoldingRate: d.HoldingRate, Rate: d.DemandRate}
	for i, from := range d.Breakpoints {
		out.Breaks = append(out.Breaks, PriceBreak{from, d.UnitCosts[i]})
	}
	return out
}

func (d problemData) joint() JointReplenishment {
	out := JointReplenishment{Shared: d.Shared}
	for i, fixed := range d.Individual {
		out.Items = append(out.Items, EOQ{Fixed: fixed, Holding: d.HoldingCosts[i], Rate: d.DemandRates[i]})
	}
	return out
}

// horizon cuts normal demand off at four standard deviations, as the published answers do.
func (d problemData) horizon() Horizon {
	h := Horizon{EndOver: d.EndOver, EndUnder: d.EndUnder}
	var least, most, widest float64 = math.Inf(1), 0, 0
	for t := range d.Periods {
		least, most = min(least, oneInPeriod(d.DemandMean, t)), max(most, oneInPeriod(d.DemandMean, t))
		widest = max(widest, oneInPeriod(d.DemandSD, t))
	}
	first, last := max(0, math.RoundToEven(least-4*widest)), math.RoundToEven(most+4*widest)
	for t := range d.Periods {
		law := distribution.NewNormal(oneInPeriod(d.DemandMean, t), oneInPeriod(d.DemandSD, t))
		h.Stages = append(h.Stages, Stage{
			Demand: cutNormal{law, first, last},
			Fixed:  oneInPeriod(d.FixedCost, t), Unit: oneInPeriod(d.PurchaseCost, t),
			Over: oneInPeriod(d.HoldingCost, t), Under: oneInPeriod(d.StockoutCost, t), Discount: d.Discount,
		})
	}
	return h
}

func (d problemData) reorderQuantity() ReorderQuantity {
	return ReorderQuantity{d.law(d.LeadTime), oneNumber(d.DemandMean), oneNumber(d.FixedCost), oneNumber(d.HoldingCost), oneNumber(d.StockoutCost)}
}

func anyFloats(xs []float64) []any {
	out := make([]any, len(xs))
	for i, x := range xs {
		out[i] = x
	}
	return out
}

func anyCounts(xs []int) []any {
	out := make([]any, len(xs))
	for i, x := range xs {
		out[i] = float64(x)
	}
	return out
}

func readPublished(t *testing.T, path string, into any) {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(text, into); err != nil {
		t.Fatal(err)
	}
}

func TestPublishedSingleEchelon(t *testing.T) {
	var file struct{ Instances []published }
	readPublished(t, "testdata/single_echelon.json", &file)
	if len(file.Instances) < 70 {
		t.Fatalf("only %d instances", len(file.Instances))
	}
	for _, p := range file.Instances {
		t.Run(p.Kind+"/"+p.Name, func(t *testing.T) {
			results, functions := solvers[p.Kind](p.Data)
			for name, want := range p.Published {
				if f, ok := functions[name]; ok {
					for _, row := range want.([]any) {
						args := make([]float64, len(row.([]any)))
						for i, x := range row.([]any) {
							args[i] = x.(float64)
						}
						last := len(args) - 1
						agree(t, name, f(args[:last]), args[last], p.Within)
					}
					continue
				}
				agreeAny(t, name, results[name], want, p.Within)
			}
		})
	}
}

func agreeAny(t *testing.T, name string, got, want any, within float64) {
	t.Helper()
	if w, ok := want.([]any); ok {
		g := got.([]any)
		if len(g) != len(w) {
			t.Fatalf("%s: %v, want %v", name, g, w)
		}
		for i := range w {
			agree(t, name+"["+strconv.Itoa(i)+"]", g[i].(float64), w[i].(float64), within)
		}
		return
	}
	agree(t, name, got.(float64), want.(float64), within)
}

// agree compares within a share of the larger of 1 and the wanted number.
func agree(t *testing.T, name string, got, want, within float64) {
	t.Helper()
	if !(math.Abs(got-want) <= within*max(1, math.Abs(want))) {
		t.Errorf("%s: got %.15g, want %.15g within %g", name, got, want, within)
	}
}
