// Package tree learns regression trees and sums or averages them: histogram gradient
// boosting (Boost) for means, rates, probabilities and quantiles, and random forests
// (Forest) with out-of-bag predictions and whole distributions.
//
// Features are columns of numbers; NaN is missing and every split learns which way it
// goes. A column may hold categories as codes, and may be held monotone. All sums over
// rows are sums of integers (fixed point), so that they do not depend on order: the same
// data, form and generator give the same model to the byte on any number of goroutines.
//
// It makes no features and knows no time: which rows may be learnt from, and which are
// held out, is decided before it. Forecasts and nuisance models are built on it.
package tree

import (
	"fmt"
	"math"
)

// Data is a table to learn from: X[j][i] is feature j of row i, NaN where it is missing,
// Y[i] what is to be predicted. A nil Weight weighs every row 1; a row of weight 0
// teaches nothing. Offset is what is known beforehand, added to the prediction on the
// scale of the link (the logarithm of an exposure, say); nil is 0. No function of this
// package modifies it.
type Data struct {
	X      [][]float64
	Y      []float64
	Weight []float64
	Offset []float64
}

// DataError names a value that cannot be learnt from.
type DataError struct {
	Part   string // X, Y, Weight or Offset
	Column int    // of X; 0 elsewhere
	Row    int
	Reason string
}

func (e *DataError) Error() string {
	if e.Part == "X" {
		return fmt.Sprintf("tree: X, column %d, row %d: %s", e.Column, e.Row, e.Reason)
	}
	return fmt.Sprintf("tree: %s, row %d: %s", e.Part, e.Row, e.Reason)
}

// EmptyError says that there is nothing to learn from.
type EmptyError struct{ Reason string }

func (e *EmptyError) Error() string { return "tree: " + e.Reason }

const (
	maxRows    = 1 << 26 // what the fixed-point sums leave room for
	maxColumns = 1 << 15
	largest    = 1e30 // target, offset or weight: what is made of them must not overflow
)

// check panics where lengths differ and returns the first value that is no use. Features
// are checked where they are put into bins.
func (d Data) check() error {
	n := len(d.Y)
	for _, x := range d.X {
		if len(x) != n {
			panic("tree: X and Y differ in length")
		}
	}
	if d.Weight != nil && len(d.Weight) != n || d.Offset != nil && len(d.Offset) != n {
		panic("tree: Weight or Offset differ from Y in length")
	}
	switch {
	case n == 0:
		return &EmptyError{"there is no row"}
	case n > maxRows:
		return &EmptyError{fmt.Sprintf("%d rows are more than %d", n, maxRows)}
	case len(d.X) > maxColumns:
		return &EmptyError{fmt.Sprintf("%d columns are more than %d", len(d.X), maxColumns)}
	}
	for i, y := range d.Y {
		if !(math.Abs(y) <= largest) {
			return &DataError{Part: "Y", Row: i, Reason: "not a number from -1e30 to 1e30"}
		}
	}
	for i, o := range d.Offset {
		if !(math.Abs(o) <= largest) {
			return &DataError{Part: "Offset", Row: i, Reason: "not a number from -1e30 to 1e30"}
		}
	}
	if d.Weight == nil {
		return nil
	}
	total := 0.0
	for i, w := range d.Weight {
		if !(w >= 0 && w <= largest) {
			return &DataError{Part: "Weight", Row: i, Reason: "not a number from 0 to 1e30"}
		}
		total += w
	}
	if total == 0 {
		return &EmptyError{"no row has any weight"}
	}
	return nil
}

// weight returns the weight of row i.
func (d Data) weight(i int) float64 {
	if d.Weight == nil {
		return 1
	}
	return d.Weight[i]
}

// offset returns the offset of row i.
func (d Data) offset(i int) float64 {
	if d.Offset == nil {
		return 0
	}
	return d.Offset[i]
}

// Node is a leaf or a split of a Tree. Its children stand side by side.
type Node struct {
	Left        int32   // index of the left child, the right one is next to it; 0: a leaf
	Feature     int16   // column that a split asks for
	Categorical bool    // the split asks whether the category is in a set
	MissingLeft bool    // where a missing value goes
	Value       float64 // of a leaf, what it predicts; of a split, the last value that goes left, or the index of a set
}

// Set is a set of the category codes 0 to 254.
type Set [4]uint64

// Has reports whether the code is in the set.
func (s *Set) Has(code uint8) bool { return s[code>>6]>>(code&63)&1 != 0 }

func (s *Set) add(code uint8) { s[code>>6] |= 1 << (code & 63) }

// Tree is a binary tree, its root first.
type Tree struct {
	Nodes []Node
	Sets  []Set // of categories that go left
}

// missingBin is the bin of missing values, and of categories that were never seen.
const missingBin = 255

// leaves counts the leaves.
func (t *Tree) leaves() int { return (len(t.Nodes) + 1) / 2 }

func toInt(b bool) int {
	if b {
		return 1
	}
	return 0
}
