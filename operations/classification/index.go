package classification

import (
	"math"
	"slices"

	"tradewind/law/tariff"
)

// index holds the voices that suggest subheadings for a text, all learnt from the same
// texts, and makes features of what they say.
type index struct {
	*corpus
	heading, chapter []int // by class: the first class of the same heading, chapter
	models           []*unigrams
	modelKinds       []kinds
	texts            []int // class of each text below
	byWords, byAll   *cosines
	whole            *cosines // everything that describes a class
	own              *cosines // its leaf texts
	general          *cosines // the texts above them
	headings         *cosines // everything in a heading, at the place of its first class
	leaves           []float64
	ownTerms         []map[int32]bool // words of its leaf texts, by class
	headingTerms     []map[int32]bool // words of a heading, by first class
}

// sharedWeight is what a text above several classes counts for each of them.
const sharedWeight = .3

// newIndex learns from the texts that are not left out.
func newIndex(c *corpus, without func(text) bool) *index {
	n := len(c.codes)
	x := &index{corpus: c, leaves: make([]float64, n), ownTerms: sets(n), headingTerms: sets(n),
		heading: firsts(c.codes, tariff.Code.Heading), chapter: firsts(c.codes, tariff.Code.Chapter)}
	own, general, headings := make([]document, n), make([]document, n), make([]document, n)
	var single []document // texts of one class
	var learnt []text
	inHeading := func(h int, t text) {
		headings[h] = joined(headings[h], t.document)
		insert(x.headingTerms[h], t.words)
	}
	for _, l := range c.leaves {
		if without(l) {
			continue
		}
		k := l.classes[0]
		learnt, single, x.texts = append(learnt, l), append(single, l.document), append(x.texts, k)
		own[k] = joined(own[k], l.document)
		insert(x.ownTerms[k], l.words)
		inHeading(x.heading[k], l)
		x.leaves[k]++
	}
	for _, a := range c.above {
		if without(a) {
			continue
		}
		learnt = append(learnt, a)
		if len(a.classes) == 1 {
			single, x.texts = append(single, a.document), append(x.texts, a.classes[0])
		}
		last := -1
		for _, k := range a.classes {
			general[k] = joined(general[k], a.document)
			if h := x.heading[k]; h != last {
				last = h
				inHeading(h, a)
			}
		}
	}
	x.addModels(learnt)
	both := make([]document, n)
	for k := range both {
		both[k] = joined(own[k], general[k])
	}
	cosinesOf := func(docs []document, k kinds) *cosines {
		texts := make([][]int32, len(docs))
		for i, d := range docs {
			texts[i] = k(d)
		}
		return newCosines(texts, len(c.vocabulary))
	}
	x.byWords, x.byAll = cosinesOf(single, onlyWords), cosinesOf(single, everything)
	x.whole, x.own, x.general = cosinesOf(both, wordsAndPairs), cosinesOf(own, wordsAndPairs), cosinesOf(general, wordsAndPairs)
	x.headings = cosinesOf(headings, onlyWords)
	return x
}

// addModels fits the multinomial models. A text above several classes describes each of them
// less than one that is theirs alone.
func (x *index) addModels(learnt []text) {
	for _, m := range []struct {
		kinds kinds
		mu    priors
	}{{onlyWords, priors{1000, 300, 50}}, {wordsAndPairs, priors{300, 30, 5}}, {onlyParts, priors{5000, 1500, 250}}} {
		var texts []weighted
		for _, t := range learnt {
			weight := 1.0
			if len(t.classes) > 1 {
				weight = sharedWeight
			}
			for _, k := range t.classes {
				texts = append(texts, weighted{k, m.kinds(t.document), weight})
			}
		}
		x.models, x.modelKinds = append(x.models, newUnigrams(x.codes, texts, len(x.vocabulary), m.mu)), append(x.modelKinds, m.kinds)
	}
}

// firsts returns for every class the first one of the same group.
func firsts(codes []tariff.Code, group func(tariff.Code) tariff.Code) []int {
	first := make([]int, len(codes))
	for k := range codes {
		first[k] = k
		if k > 0 && group(codes[k-1]) == group(codes[k]) {
			first[k] = first[k-1]
		}
	}
	return first
}

func sets(n int) []map[int32]bool {
	list := make([]map[int32]bool, n)
	for i := range list {
		list[i] = map[int32]bool{}
	}
	return list
}

func insert(set map[int32]bool, terms []int32) {
	for _, t := range terms {
		set[t] = true
	}
}

// joined appends b to a. No pair of words crosses the border.
func joined(a, b document) document {
	return document{append(a.words[:len(a.words):len(a.words)], b.words...), append(a.pairs[:len(a.pairs):len(a.pairs)], b.pairs...), append(a.parts[:len(a.parts):len(a.parts)], b.parts...)}
}

// candidate is a class that some voice suggests, and what the voices say of it.
type candidate struct {
	class    int
	features []float64
}

// each is how many classes every voice suggests.
const each = 12

// candidates returns what the voices suggest for a text, by class; none for a text of
// which no term is known.
func (x *index) candidates(d document) []candidate {
	if len(d.words) == 0 && len(d.parts) == 0 {
		return nil
	}
	var voices [][]float64
	for i, m := range x.models {
		voices = append(voices, m.scores(x.modelKinds[i](d)))
	}
	nearWords, wordsSum := x.strongest(x.byWords.with(onlyWords(d)))
	nearAll, allSum := x.strongest(x.byAll.with(everything(d)))
	pairs := wordsAndPairs(d)
	voices = append(voices, nearWords, nearAll, x.whole.with(pairs), x.own.with(pairs), x.general.with(pairs))
	byHeading := x.headings.with(onlyWords(d))
	var chosen []int
	for _, v := range voices {
		for _, k := range best(v, each) {
			if !slices.Contains(chosen, k) {
				chosen = append(chosen, k)
			}
		}
	}
	slices.Sort(chosen)
	list := make([]candidate, len(chosen))
	for i, k := range chosen {
		list[i] = candidate{class: k, features: make([]float64, 0, 64)}
	}
	add := func(value func(k int) float64) {
		for i, k := range chosen {
			list[i].features = append(list[i].features, value(k))
		}
	}
	length := math.Sqrt(float64(len(d.words)))
	for i, v := range voices {
		top := slices.Max(v)
		if i < len(x.models) {
			length := math.Sqrt(float64(1 + len(x.modelKinds[i](d))))
			class, heading, chapter := x.posteriors(v, top)
			add(func(k int) float64 { return ln(class[k] + 1e-6) })
			add(func(k int) float64 { return ln(heading[x.heading[k]] + 1e-6) })
			add(func(k int) float64 { return ln(chapter[x.chapter[k]] + 1e-6) })
			add(func(k int) float64 { return v[k] / length })
		} else {
			add(func(k int) float64 { return v[k] })
		}
		add(func(k int) float64 { return v[k] - top })
		rank := ranks(v, chosen)
		for j := range list {
			list[j].features = append(list[j].features, rank[j])
		}
	}
	add(func(k int) float64 { return wordsSum[k] })
	add(func(k int) float64 { return allSum[k] })
	inHeading := sums(nearWords, x.heading)
	add(func(k int) float64 { return inHeading[x.heading[k]] })
	add(func(k int) float64 { return byHeading[x.heading[k]] })
	topHeading := slices.Max(byHeading)
	add(func(k int) float64 { return byHeading[x.heading[k]] - topHeading })
	add(func(k int) float64 { return x.covered(d.words, x.ownTerms[k]) })
	add(func(k int) float64 { return x.covered(d.words, x.headingTerms[x.heading[k]]) })
	add(func(k int) float64 { return ln(max(x.leaves[k], 1)) })
	add(func(k int) float64 { return length })
	add(func(k int) float64 { return float64(len(chosen)) })
	return list
}

// strongest returns by class the largest of the cosines of its texts, and the sum of their
// squares.
func (x *index) strongest(cosine []float64) (most, squares []float64) {
	most, squares = make([]float64, len(x.codes)), make([]float64, len(x.codes))
	for i, c := range cosine {
		k := x.texts[i]
		most[k] = max(most[k], c)
		squares[k] += float64(c * c)
	}
	return most, squares
}

// posteriors turns log likelihoods, flattened because words of a text are not independent,
// into chances of classes, and of headings and chapters at the place of their first class.
func (x *index) posteriors(scores []float64, top float64) (class, heading, chapter []float64) {
	class = make([]float64, len(scores))
	total := 0.0
	for k, s := range scores {
		class[k] = exp((s - top) / 2)
		total += class[k]
	}
	for k := range class {
		class[k] /= total
	}
	return class, sums(class, x.heading), sums(class, x.chapter)
}

// sums adds what belongs to the same place.
func sums(values []float64, place []int) []float64 {
	total := make([]float64, len(values))
	for k, v := range values {
		total[place[k]] += v
	}
	return total
}

// ranks returns ln(1 + rank) of the chosen ones among themselves.
func ranks(scores []float64, chosen []int) []float64 {
	order := make([]int, len(chosen))
	for i := range order {
		order[i] = i
	}
	slices.SortFunc(order, func(a, b int) int { return before(scores, chosen[a], chosen[b]) })
	rank := make([]float64, len(chosen))
	for r, i := range order {
		rank[i] = ln(float64(2 + r))
	}
	return rank
}

// covered returns the share of a text's words that a set has, each by its rarity.
func (x *index) covered(words []int32, set map[int32]bool) float64 {
	has, all := 0.0, 0.0
	for _, t := range words {
		rarity := x.byWords.idf[t]
		all += rarity
		if set[t] {
			has += rarity
		}
	}
	if all == 0 {
		return 0
	}
	return has / all
}
