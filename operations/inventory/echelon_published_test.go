package inventory

import (
	"math"
	"testing"

	"tradewind/numeric/distribution"
)

// echelonProblem is one multi-echelon problem of the literature with its answer.
type echelonProblem struct {
	Name, Kind, Problem, Source string
	Within                      float64
	Data                        struct {
		Echelon []float64 `json:"echelon_holding_costs"`
		Leads   []float64 `json:"lead_times"`
		Under   float64   `json:"stockout_cost"`
		Mean    float64   `json:"demand_mean"`
		SD      float64   `json:"demand_sd"`
		Unit    float64
		Nodes   []ServiceNode
		Safety  float64
	}
	Published struct {
		Levels    []float64
		Cost      *float64
		Heuristic []float64
		Up        []float64 `json:"heuristic_up"`
		UpCost    float64   `json:"heuristic_up_cost"`
		Down      []float64 `json:"heuristic_down"`
		DownCost  float64   `json:"heuristic_down_cost"`
		Out       []int
	}
}

func (p echelonProblem) serial() Serial {
	s := Serial{Under: p.Data.Under, Unit: p.Data.Unit}
	for j, h := range p.Data.Echelon {
		var law distribution.Distribution = distribution.NewPoisson(p.Data.Mean * p.Data.Leads[j])
		if p.Data.SD > 0 {
			law = distribution.NewNormal(p.Data.Mean*p.Data.Leads[j], p.Data.SD*math.Sqrt(p.Data.Leads[j]))
		}
		s.Stages = append(s.Stages, SerialStage{h, law})
	}
	return s
}

func TestPublishedMultiEchelon(t *testing.T) {
	var file struct{ Instances []echelonProblem }
	readPublished(t, "testdata/multi_echelon.json", &file)
	if len(file.Instances) < 20 {
		t.Fatalf("only %d instances", len(file.Instances))
	}
	for _, p := range file.Instances {
		t.Run(p.Kind+"/"+p.Name, func(t *testing.T) {
			switch p.Kind {
			case "serial":
				p.checkSerial(t)
			case "service":
				p.checkService(t)
			default:
				t.Fatalf("unknown kind %q", p.Kind)
			}
		})
	}
}

func (p echelonProblem) checkSerial(t *testing.T) {
	s := p.serial()
	levels, cost := s.Best()
	for j, want := range p.Published.Levels {
		agree(t, "level", levels[j], want, p.Within)
	}
	if p.Published.Cost != nil {
		agree(t, "cost", cost, *p.Published.Cost, p.Within)
	}
	agree(t, "cost of the best levels", s.Cost(levels), cost, 1e-12)
	heuristic := s.Heuristic()
	for j, want := range p.Published.Heuristic {
		agree(t, "heuristic level", heuristic[j], want, p.Within)
	}
	up, down := make([]float64, len(heuristic)), make([]float64, len(heuristic))
	for j, x := range heuristic {
		up[j], down[j] = math.Ceil(x), math.Floor(x)
	}
	for j, want := range p.Published.Up {
		agree(t, "heuristic level rounded up", up[j], want, 0)
	}
	for j, want := range p.Published.Down {
		agree(t, "heuristic level rounded down", down[j], want, 0)
	}
	if p.Published.Up != nil {
		agree(t, "cost of the heuristic", s.Cost(up), p.Published.UpCost, p.Within)
	}
	if p.Published.Down != nil {
		agree(t, "cost of the heuristic", s.Cost(down), p.Published.DownCost, p.Within)
	}
}

func (p echelonProblem) checkService(t *testing.T) {
	times := ServiceNetwork{p.Data.Nodes, p.Data.Safety}.Place()
	agree(t, "cost", times.Cost, *p.Published.Cost, p.Within)
	for k, want := range p.Published.Out {
		if times.Out[k] != want {
			t.Errorf("node %d promises %d, want %d", k, times.Out[k], want)
		}
	}
}
