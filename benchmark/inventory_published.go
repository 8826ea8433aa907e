package benchmark

import (
	"context"
	"encoding/json"
	"fmt"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"

	"tradewind/operations/inventory"
)

// publishedFamilies gather kinds of problems under the name that a row gives them.
var publishedFamilies = []struct {
	name  string
	kinds []string
}{
	{"newsvendor", []string{"newsvendor", "season"}},
	{"economic order quantity", []string{"eoq", "all_units", "incremental", "joint_replenishment"}},
	{"Wagner–Whitin", []string{"wagner_whitin"}},
	{"(s, S)", []string{"reorder_level", "power_approximation", "finite_horizon"}},
	{"(r, Q)", []string{"reorder_quantity", "reorder_quantity_count"}},
	{"uncertain supply", []string{"disruptions", "disrupted_base_stock", "additive_yield", "multiplicative_yield", "newsvendor_yield"}},
	{"serial multi-echelon", []string{"serial"}},
	{"guaranteed service", []string{"service"}},
}

// exactly is how near an answer must be that was printed in full, relative to the larger of
// 1 and the answer. More digits than mostDigits no answer has.
const exactly, mostDigits = 1e-9, 16.

// publishedProblem is one problem of the literature with its answer. Published maps the name
// of a result to a number or a list; names that end in _at or _for have rows of arguments
// and a last number, the result. Within is the share of the larger of 1 and a number by
// which it may be off: what was printed is rounded, or was found by iteration.
type publishedProblem struct {
	Name, Kind string
	Data       publishedData
	Published  map[string]any
	Within     float64
}

// results are our answers by the names of the published ones: a number, a list, or a
// function of arguments.
type results map[string]any

// familyScore is how far the answers of a family are from the published ones.
type familyScore struct {
	Instances, Exact, Numbers int
	Agreed                    int     // instances all of whose numbers are as near as they must be
	Worst                     float64 // relative, of the numbers of exact instances
	Share                     float64 // distance of the others as a share of what may be off
	Names                     [2]string
}

// publishedInstances is how many have a published answer.
const publishedInstances = 110

// publishedFiles lie in the folder of the inventory's tests.
var publishedFiles = []string{"single_echelon.json", "multi_echelon.json"}

func readPublished(folder string) ([]publishedProblem, error) {
	var all []publishedProblem
	for _, name := range publishedFiles {
		text, err := os.ReadFile(filepath.Join(folder, name))
		if err != nil {
			return nil, err
		}
		var file struct{ Instances []publishedProblem }
		if err := json.Unmarshal(text, &file); err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		all = append(all, file.Instances...)
	}
	return all, nil
}

// compare solves a problem and adds how far each number is from the published one.
func (s *familyScore) compare(p *publishedProblem) error {
	solve := publishedSolvers[p.Kind]
	if solve == nil {
		return fmt.Errorf("%s: nothing solves a problem of kind %q", p.Name, p.Kind)
	}
	s.Instances++
	if p.Within <= exactly {
		s.Exact++
	}
	ours, off := solve(p.Data), 0.
	for name, want := range p.Published {
		got, known := ours[name]
		if !known {
			return fmt.Errorf("%s: nothing answers %q", p.Name, name)
		}
		if f, ok := got.(func([]float64) float64); ok {
			for _, row := range want.([]any) {
				args := flat(row)
				last := len(args) - 1
				off = max(off, s.add(p, f(args[:last]), args[last]))
			}
			continue
		}
		mine, theirs := flat(got), flat(want)
		if len(mine) != len(theirs) {
			return fmt.Errorf("%s: %s has %d numbers, published are %d", p.Name, name, len(mine), len(theirs))
		}
		for i := range mine {
			off = max(off, s.add(p, mine[i], theirs[i]))
		}
	}
	if off <= p.Within {
		s.Agreed++
	}
	return nil
}

// add counts a number and returns how far it is off; what is no number is infinitely far.
func (s *familyScore) add(p *publishedProblem, got, want float64) float64 {
	s.Numbers++
	off := math.Abs(got-want) / max(1, math.Abs(want))
	if math.IsNaN(off) {
		off = math.Inf(1)
	}
	switch {
	case p.Within <= exactly:
		if off > s.Worst {
			s.Worst, s.Names[0] = off, p.Name
		}
	case off > s.Share*p.Within:
		s.Share, s.Names[1] = off/p.Within, p.Name
	}
	return off
}

// flat lists a number, or all numbers of a list.
func flat(x any) []float64 {
	switch x := x.(type) {
	case float64:
		return []float64{x}
	case int:
		return []float64{float64(x)}
	case []float64:
		return x
	case []int:
		list := make([]float64, len(x))
		for i, n := range x {
			list[i] = float64(n)
		}
		return list
	case []any:
		var list []float64
		for _, y := range x {
			list = append(list, flat(y)...)
		}
		return list
	}
	return nil
}

// publishedScores are those of the families, in their order.
func publishedScores(problems []publishedProblem) ([]familyScore, error) {
	scores := make([]familyScore, len(publishedFamilies))
	for i := range problems {
		k := slices.IndexFunc(publishedFamilies, func(f struct {
			name  string
			kinds []string
		}) bool {
			return slices.Contains(f.kinds, problems[i].Kind)
		})
		if k < 0 {
			return nil, fmt.Errorf("%s: kind %q belongs to no family", problems[i].Name, problems[i].Kind)
		}
		if err := scores[k].compare(&problems[i]); err != nil {
			return nil, err
		}
	}
	return scores, nil
}

// sourceFolder is where the project's source lies; "" where there is none.
func sourceFolder(ctx context.Context) string {
	mod, err := exec.CommandContext(ctx, "go", "env", "GOMOD").Output()
	if err != nil {
		return ""
	}
	return filepath.Dir(strings.TrimSpace(string(mod)))
}

// publishedRows hold the textbooks' methods against published answers.
func publishedRows(ctx context.Context, _ *run) ([]Row, error) {
	const reference = "Snyder & Shen 2019, Zheng & Federgruen 1991, Shang & Song 2003 and others, as collected in stockpyl"
	all := Row{Name: "published answers: instances that agree", Unit: "instances", Better: higher, Must: new(float64(publishedInstances)), Reference: reference}
	folder := filepath.Join(sourceFolder(ctx), "operations", "inventory", "testdata")
	if !isFile(filepath.Join(folder, publishedFiles[0])) {
		all.Reason = "needs Go and the source: run it in the project's folder"
		return []Row{all}, nil
	}
	problems, err := readPublished(folder)
	if err != nil {
		return nil, err
	}
	scores, err := publishedScores(problems)
	if err != nil {
		return nil, err
	}
	var rows []Row
	agreed, counted := 0, 0
	for i, s := range scores {
		family := publishedFamilies[i].name
		agreed, counted = agreed+s.Agreed, counted+s.Numbers
		if s.Exact > 0 {
			rows = append(rows, Row{Name: "published answers, " + family + ": digits that agree, fewest", Value: new(min(mostDigits, -math.Log10(s.Worst))), Unit: "digits", Better: higher, Must: new(-math.Log10(exactly)), Reference: reference,
				Source: fmt.Sprintf("%d of %d instances, those whose answers are printed in full%s", s.Exact, s.Instances, farthestIn(s.Names[0]))})
		}
		if s.Exact < s.Instances {
			rows = append(rows, Row{Name: "published answers, " + family + ": farthest, of what print or iteration leaves open", Value: new(s.Share), Unit: "ratio", Better: lower, Must: new(1.0), Reference: reference,
				Source: fmt.Sprintf("%d of %d instances, those whose answers are rounded in print, or were found there by iteration or on a grid%s", s.Instances-s.Exact, s.Instances, farthestIn(s.Names[1]))})
		}
	}
	all.Value = new(float64(agreed))
	all.Source = fmt.Sprintf("operations/inventory on all instances with a published answer, %d numbers", counted)
	return append([]Row{all}, rows...), nil
}

func farthestIn(name string) string {
	if name == "" {
		return ""
	}
	return "; farthest in " + name
}

// publishedSerial holds the chain's best levels and those of the bounds' mean.
func publishedSerial(d publishedData) results {
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

func publishedService(d publishedData) results {
	times := inventory.ServiceNetwork{Nodes: d.Nodes, Safety: d.Safety}.Place()
	return results{"cost": times.Cost, "out": times.Out}
}
