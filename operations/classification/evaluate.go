package classification

import (
	"math"
	"slices"

	"tradewind/law/tariff"
)

// Report is how well suggestions do on a part of the texts. A text is asked once and may
// be answered by any code that the schedule gives it; OfPairs counts it once for each of
// its codes instead, and only that code is right.
type Report struct {
	Texts, Pairs int
	Top1, Top3   float64 // shares of the texts with a right code among the first, the first three
	Top3OfPairs  float64

	// Expected calibration error of the chance of the first suggestion: the mean distance
	// between chance and share of right ones in 15 bins, of equal width and of equal size.
	ErrorByWidth, ErrorBySize float64

	Answered  float64 // share of the texts that are answered
	Precision float64 // share of the answers that are right; NaN where there are none
}

const bins = 15

// outcome is one text answered.
type outcome struct {
	chance   float64
	hit      bool
	answered bool
}

// report asks every question.
func report(questions []question, suggest func(question) (classes []int, chance float64, answered bool)) Report {
	r := Report{Texts: len(questions)}
	var outcomes []outcome
	for _, q := range questions {
		classes, chance, answered := suggest(q)
		r.Pairs += len(q.classes)
		hits := 0
		for i, k := range classes {
			if right(q.classes, k) == 1 {
				hits++
				if i == 0 {
					r.Top1++
				}
			}
		}
		if hits > 0 {
			r.Top3++
		}
		r.Top3OfPairs += float64(hits)
		outcomes = append(outcomes, outcome{chance, len(classes) > 0 && right(q.classes, classes[0]) == 1, answered})
	}
	n := float64(r.Texts)
	r.Top1, r.Top3, r.Top3OfPairs = r.Top1/n, r.Top3/n, r.Top3OfPairs/float64(r.Pairs)
	answers := 0.0
	for _, o := range outcomes {
		if o.answered {
			answers++
			if o.hit {
				r.Precision++
			}
		}
	}
	r.Answered, r.Precision = answers/n, r.Precision/answers
	r.ErrorByWidth = calibrationError(outcomes, func(i int) int { return min(int(outcomes[i].chance*bins), bins-1) })
	place := make([]int, len(outcomes))
	ascending := make([]float64, len(outcomes))
	for i, o := range outcomes {
		ascending[i] = -o.chance
	}
	for rank, i := range best(ascending, len(ascending)) {
		place[i] = rank * bins / len(outcomes)
	}
	r.ErrorBySize = calibrationError(outcomes, func(i int) int { return place[i] })
	return r
}

// calibrationError is Σ over bins of |Σ chance - Σ right| / texts.
//
// Source: Guo, Pleiss, Sun & Weinberger, On calibration of modern neural networks (2017),
// equation 3.
func calibrationError(outcomes []outcome, bin func(int) int) float64 {
	var gap [bins]float64
	for i, o := range outcomes {
		gap[bin(i)] += o.chance
		if o.hit {
			gap[bin(i)]--
		}
	}
	total := 0.0
	for _, g := range gap {
		total += math.Abs(g)
	}
	return total / float64(len(outcomes))
}

// Experiment is a model that learnt from the training part alone, and what it is held
// against.
type Experiment struct {
	corpus *corpus
	model  *Model
}

// Measured returns the experiment with the ranker that the package embeds, without
// training it again.
func Measured(entries []tariff.Entry) (*Experiment, error) {
	c := readCorpus(entries)
	r, err := unpack(embedded)
	if err != nil {
		return nil, err
	}
	return &Experiment{c, &Model{newIndex(c, func(t text) bool { return t.held }), r}}, nil
}

// NewExperiment trains. It takes half a minute of one core.
func NewExperiment(entries []tariff.Entry) (*Experiment, error) {
	c := readCorpus(entries)
	x := newIndex(c, func(t text) bool { return t.held })
	r, err := fitRanker(c, x)
	if err != nil {
		return nil, err
	}
	return &Experiment{c, &Model{x, r}}, nil
}

// Model returns the trained model.
func (e *Experiment) Model() *Model { return e.model }

// Texts returns the texts of a part, each once.
func (e *Experiment) Texts(p Part) []string {
	var list []string
	for _, q := range e.corpus.of(p) {
		list = append(list, q.text)
	}
	return list
}

// Report asks the model the texts of a part.
func (e *Experiment) Report(p Part) Report {
	return report(e.corpus.of(p), func(q question) ([]int, float64, bool) {
		top, chances := e.model.top(q.document)
		if len(top) == 0 {
			return nil, 0, false
		}
		var classes []int
		for _, s := range top {
			classes = append(classes, s.class)
		}
		return classes, chances[0], chances[0] >= e.model.ranker.Map.Answer
	})
}

// Yardstick names what suggests codes by TF-IDF.
type Yardstick uint8

const (
	NearestText  Yardstick = iota // the codes of the nearest leaf texts
	NearestClass                  // the codes whose texts, leaves and rows above them, are nearest when taken together
)

// Nearest reports how a yardstick does on a part, by words. It knows the same texts as the
// model; its chance and answers mean nothing.
func (e *Experiment) Nearest(y Yardstick, p Part) Report {
	var texts []string
	var codes []tariff.Code
	for _, l := range e.corpus.leaves {
		if !l.held {
			texts, codes = append(texts, l.text), append(codes, e.corpus.codes[l.classes[0]])
		}
	}
	if y == NearestClass {
		texts, codes = e.classTexts(), e.corpus.codes
	}
	n := newNearest(texts, codes, onlyWords)
	return report(e.corpus.of(p), func(q question) ([]int, float64, bool) {
		var classes []int
		for _, code := range n.top(q.text, suggestions) {
			classes = append(classes, e.corpus.class[code])
		}
		return classes, 0, false
	})
}

// classTexts joins what describes each class, the texts held out left away.
func (e *Experiment) classTexts() []string {
	joined := make([]string, len(e.corpus.codes))
	for _, t := range slices.Concat(e.corpus.above, e.corpus.leaves) {
		if !t.held {
			for _, k := range t.classes {
				joined[k] += t.text + " | "
			}
		}
	}
	return joined
}
