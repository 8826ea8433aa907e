// Package published holds problems of the literature about stock with their answers, and what
// package inventory answers them: its tests and the benchmark hold the textbooks' methods
// against the same instances. Nothing else uses it.
package published

import (
	_ "embed"
	"encoding/json"
	"fmt"
	"maps"
	"math"
	"slices"
)

var (
	//go:embed single_echelon.json
	single []byte
	//go:embed multi_echelon.json
	multi []byte
)

// Problem is one problem with its answer. Answers maps the name of a result to a number or a
// list; names that end in _at or _for have rows of arguments and a last number, the result.
type Problem struct {
	Name, Kind string
	Data       Data
	Answers    map[string]any `json:"published"`
	Within     float64        // share of the larger of 1 and a number by which it may be off: what was printed is rounded, or was found by iteration
}

// Problems lists all of them, in the order of the books.
func Problems() ([]Problem, error) {
	var all []Problem
	for _, text := range [][]byte{single, multi} {
		var file struct{ Instances []Problem }
		if err := json.Unmarshal(text, &file); err != nil {
			return nil, err
		}
		all = append(all, file.Instances...)
	}
	return all, nil
}

// Number is a number of an answer, and ours.
type Number struct {
	Result    string
	Got, Want float64
}

// Off is how far it is off, as a share of the larger of 1 and the published one; what is no
// number is infinitely far.
func (n Number) Off() float64 {
	off := math.Abs(n.Got-n.Want) / max(1, math.Abs(n.Want))
	if math.IsNaN(off) {
		return math.Inf(1)
	}
	return off
}

// Numbers solves a problem and lists every published number beside ours. An answer that
// nobody computes is an error, and so is a kind that nobody knows.
func (p *Problem) Numbers() ([]Number, error) {
	solve := solvers[p.Kind]
	if solve == nil {
		return nil, fmt.Errorf("%s: nothing solves a problem of kind %q", p.Name, p.Kind)
	}
	ours := solve(p.Data)
	var list []Number
	for _, name := range slices.Sorted(maps.Keys(p.Answers)) {
		want, got := p.Answers[name], ours[name]
		if f, ok := got.(func([]float64) float64); ok {
			for _, row := range want.([]any) {
				args := flat(row)
				last := len(args) - 1
				list = append(list, Number{name, f(args[:last]), args[last]})
			}
			continue
		}
		mine, theirs := flat(got), flat(want)
		if got == nil || len(mine) != len(theirs) {
			return nil, fmt.Errorf("%s: %s has %d numbers, published are %d", p.Name, name, len(mine), len(theirs))
		}
		for i := range mine {
			list = append(list, Number{name, mine[i], theirs[i]})
		}
	}
	return list, nil
}

// results are our answers by the names of the published ones: a number, a list, or a
// function of arguments.
type results map[string]any

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
