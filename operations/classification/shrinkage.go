package classification

import (
	"slices"

	"tradewind/law/tariff"
)

// unigrams is a multinomial model of the words of every subheading whose probabilities are
// shrunk towards those of its heading, those towards its chapter, and those towards the
// whole schedule:
//
//	P(t | node) = (n(t, node) + μ P(t | parent)) / (n(node) + μ).
//
// Source: McCallum, Rosenfeld, Mitchell & Ng, Improving text classification by shrinkage
// in a hierarchy of classes (1998); Zhai & Lafferty (2004) for the Dirichlet prior.
type unigrams struct {
	parent []int32     // by node; the root is node 0, parents come before children
	missed []float64   // by node: ln P(t | node)/P(t | parent) of a term it lacks
	gains  [][]posting // by term: what having it adds to that, by node
	node   []int32     // by class
}

// weighted is a text that counts for a class by its weight.
type weighted struct {
	class  int
	terms  []int32
	weight float64
}

// priors are μ for a chapter, a heading and a subheading.
type priors [3]float64

func newUnigrams(codes []tariff.Code, texts []weighted, terms int, mu priors) *unigrams {
	u := &unigrams{parent: []int32{-1}, gains: make([][]posting, terms), node: make([]int32, len(codes))}
	level := []int{-1}
	known := map[tariff.Code]int32{}
	place := func(code tariff.Code, parent int32, depth int) int32 {
		n, ok := known[code]
		if !ok {
			n = int32(len(u.parent))
			known[code] = n
			u.parent, level = append(u.parent, parent), append(level, depth)
		}
		return n
	}
	for k, code := range codes {
		chapter := place(code.Chapter(), 0, 0)
		u.node[k] = place(code, place(code.Heading(), chapter, 1), 2)
	}
	counts := make([]map[int32]float64, len(u.parent))
	totals := make([]float64, len(u.parent))
	for i := range counts {
		counts[i] = map[int32]float64{}
	}
	for _, w := range texts {
		for n := u.node[w.class]; n >= 0; n = u.parent[n] {
			for _, t := range w.terms {
				counts[n][t] += w.weight
			}
			totals[n] += w.weight * float64(len(w.terms))
		}
	}
	u.missed = make([]float64, len(u.parent))
	chance := make([]map[int32]float64, len(u.parent)) // P(t | node) of the terms that it has
	chance[0] = map[int32]float64{}
	for t, n := range counts[0] {
		chance[0][t] = n / totals[0]
	}
	for n := 1; n < len(u.parent); n++ {
		above, m := chance[u.parent[n]], mu[level[n]]
		chance[n] = make(map[int32]float64, len(counts[n]))
		u.missed[n] = ln(m / (totals[n] + m))
		for t, c := range counts[n] {
			p := (c + float64(m*above[t])) / (totals[n] + m)
			chance[n][t] = p
			u.gains[t] = append(u.gains[t], posting{int32(n), ln(p/above[t]) - u.missed[n]})
		}
	}
	for _, g := range u.gains {
		slices.SortFunc(g, func(a, b posting) int { return int(a.at - b.at) })
	}
	return u
}

// scores returns ln P(text | class)/P(text) by class.
func (u *unigrams) scores(terms []int32) []float64 {
	s := make([]float64, len(u.parent))
	known := 0.0
	for _, t := range terms {
		if u.gains[t] == nil {
			continue
		}
		known++
		for _, p := range u.gains[t] {
			s[p.at] += p.weight
		}
	}
	for n := 1; n < len(s); n++ {
		s[n] += float64(known*u.missed[n]) + s[u.parent[n]]
	}
	scores := make([]float64, len(u.node))
	for k, n := range u.node {
		scores[k] = s[n]
	}
	return scores
}
