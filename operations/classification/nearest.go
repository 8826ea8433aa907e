package classification

import (
	"math"
	"slices"

	"tradewind/law/tariff"
)

// posting is how much a text or a class has of a term.
type posting struct {
	at     int32
	weight float64
}

// cosines compares a text with others by the cosine of their TF-IDF vectors,
//
//	weight of a term = (1 + ln count) · (1 + ln((1 + texts)/(1 + texts with it))).
//
// Source: Salton & Buckley, Term-weighting approaches in automatic text retrieval (1988),
// Information Processing & Management 24, 513-523.
type cosines struct {
	idf      []float64 // by term; 0 for one that no text has
	postings [][]posting
	texts    int
}

func newCosines(texts [][]int32, terms int) *cosines {
	c := &cosines{idf: make([]float64, terms), postings: make([][]posting, terms), texts: len(texts)}
	counted := make([][]posting, len(texts))
	for i, text := range texts {
		counted[i] = count(text)
		for _, p := range counted[i] {
			c.idf[p.at]++
		}
	}
	for t, having := range c.idf {
		if having > 0 {
			c.idf[t] = 1 + ln(float64(1+len(texts))/(1+having))
		}
	}
	for i, v := range counted {
		c.weigh(v)
		for _, p := range v {
			c.postings[p.at] = append(c.postings[p.at], posting{int32(i), p.weight})
		}
	}
	return c
}

// count returns the terms of a text in ascending order with how often each comes.
func count(text []int32) []posting {
	var v []posting
	for _, t := range slices.Sorted(slices.Values(text)) {
		if n := len(v); n > 0 && v[n-1].at == t {
			v[n-1].weight++
		} else {
			v = append(v, posting{t, 1})
		}
	}
	return v
}

// weigh turns counts into a vector of length one.
func (c *cosines) weigh(v []posting) {
	square := 0.0
	for i, p := range v {
		v[i].weight = (1 + ln(p.weight)) * c.idf[p.at]
		square += float64(v[i].weight * v[i].weight)
	}
	if square == 0 {
		return
	}
	length := math.Sqrt(square)
	for i := range v {
		v[i].weight /= length
	}
}

// with returns the cosine of a text with each of the others.
func (c *cosines) with(text []int32) []float64 {
	v := count(text)
	c.weigh(v)
	cosine := make([]float64, c.texts)
	for _, q := range v {
		for _, p := range c.postings[q.at] {
			cosine[p.at] += float64(q.weight * p.weight)
		}
	}
	return cosine
}

// nearest suggests the codes of the nearest texts: the yardstick that the model is held
// against.
type nearest struct {
	vocabulary vocabulary
	kinds      kinds
	cosines    *cosines
	codes      []tariff.Code
}

func newNearest(texts []string, codes []tariff.Code, k kinds) *nearest {
	n := &nearest{vocabulary: vocabulary{}, kinds: k, codes: codes}
	var read [][]int32
	for _, text := range texts {
		read = append(read, k(n.vocabulary.read(text, true)))
	}
	n.cosines = newCosines(read, len(n.vocabulary))
	return n
}

// top returns the codes of the texts nearest to one, nearest first, each once. Of equally
// near ones the first in the schedule comes first.
func (n *nearest) top(text string, k int) []tariff.Code {
	cosine := n.cosines.with(n.kinds(n.vocabulary.read(text, false)))
	var top []tariff.Code
	for _, i := range best(cosine, len(cosine)) {
		if len(top) == k || cosine[i] == 0 {
			break
		}
		if !slices.Contains(top, n.codes[i]) {
			top = append(top, n.codes[i])
		}
	}
	return top
}

// best returns the places of the k largest scores, largest first; of equal ones the first.
func best(scores []float64, k int) []int {
	if k >= len(scores)/4 {
		order := make([]int, len(scores))
		for i := range order {
			order[i] = i
		}
		slices.SortFunc(order, func(a, b int) int { return before(scores, a, b) })
		return order[:min(k, len(order))]
	}
	top := make([]int, 0, k+1)
	for i := range scores {
		if len(top) == k && before(scores, i, top[k-1]) > 0 {
			continue
		}
		at, _ := slices.BinarySearchFunc(top, i, func(a, b int) int { return before(scores, a, b) })
		top = slices.Insert(top, at, i)
		top = top[:min(len(top), k)]
	}
	return top
}

// before orders places by falling score, then by place.
func before(scores []float64, a, b int) int {
	switch {
	case scores[a] > scores[b]:
		return -1
	case scores[a] < scores[b]:
		return 1
	}
	return a - b
}
