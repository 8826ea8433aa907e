package benchmark

import (
	"context"
	"fmt"
	"math"
	"slices"

	"tradewind/operations/inventory/published"
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

// compare solves a problem and adds how far each number is from the published one.
func (s *familyScore) compare(p *published.Problem) error {
	numbers, err := p.Numbers()
	if err != nil {
		return err
	}
	s.Instances++
	if p.Within <= exactly {
		s.Exact++
	}
	farthest := 0.
	for _, n := range numbers {
		off := n.Off()
		farthest = max(farthest, off)
		switch {
		case p.Within <= exactly:
			if off > s.Worst {
				s.Worst, s.Names[0] = off, p.Name
			}
		case off > s.Share*p.Within:
			s.Share, s.Names[1] = off/p.Within, p.Name
		}
	}
	s.Numbers += len(numbers)
	if farthest <= p.Within {
		s.Agreed++
	}
	return nil
}

// publishedScores are those of the families, in their order.
func publishedScores(problems []published.Problem) ([]familyScore, error) {
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

// publishedRows hold the textbooks' methods against published answers.
func publishedRows(_ context.Context, _ *run) ([]Row, error) {
	const reference = "Snyder & Shen 2019, Zheng & Federgruen 1991, Shang & Song 2003 and others, as collected in stockpyl"
	all := Row{Name: "published answers: instances that agree", Unit: "instances", Better: higher, Must: new(float64(publishedInstances)), Reference: reference}
	problems, err := published.Problems()
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
