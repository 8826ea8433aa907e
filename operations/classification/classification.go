// Package classification suggests the subheading of the Harmonized System that a product
// belongs to, from its description in English, with the chance that it is right, and says
// so when it does not know.
//
// It learns from the texts of the US schedule. Several voices judge a text: language
// models shrunk along the hierarchy of chapters, headings and subheadings, over words,
// pairs of words and parts of words, and TF-IDF cosines with single texts and with all
// texts of a class. What they suggest is ranked by boosted trees, whose scores are
// calibrated. docs/classification.md has the method, the split and the figures.
//
// A suggestion is a start for a person who classifies, never a ruling, and no substitute
// for the notes of sections and chapters, which it has not read.
//
// Before it come law/tariff and numeric/tree. After it: the engine.
package classification

import (
	"strings"
	"sync"
	"unicode"

	"tradewind/law/tariff"
	"tradewind/messages"
)

// Candidate is a subheading that a product may belong to.
type Candidate struct {
	Code        tariff.Code // six digits
	Probability float64     // that it is right
	Description string      // the texts of the US schedule from the heading down
}

// Suggestion is what the model says of a text.
type Suggestion struct {
	Top       []Candidate // three at the most, the likeliest first; also where it abstains
	Abstained bool
	Reason    messages.Message // why it abstained
}

// Model suggests. It is safe for concurrent use.
type Model struct {
	*index
	ranker *ranker
}

// Standard returns the model that learnt from all texts of the schedule, with the ranker
// as it was measured. The first call takes about a second.
var Standard = sync.OnceValue(func() *Model {
	r, err := unpack(embedded)
	if err != nil {
		panic("classification: the embedded ranker: " + err.Error())
	}
	return &Model{newIndex(readCorpus(tariff.Entries()), func(text) bool { return false }), r}
})

// Suggest returns the likeliest subheadings for a text in English. It abstains where the
// first is not likely enough to be right nine times in ten, where no word is known, and
// for Chinese, for which there is no schedule.
func (m *Model) Suggest(text string) Suggestion {
	if strings.ContainsFunc(text, func(r rune) bool { return unicode.Is(unicode.Han, r) }) {
		return Suggestion{Abstained: true, Reason: messages.M("classification.reason.chinese")}
	}
	top, chances := m.top(m.vocabulary.read(text, false))
	if len(top) == 0 {
		return Suggestion{Abstained: true, Reason: messages.M("classification.reason.unknown")}
	}
	var s Suggestion
	for i, t := range top {
		s.Top = append(s.Top, Candidate{m.codes[t.class], chances[i], m.titles[t.class]})
	}
	if chances[0] < m.ranker.Map.Answer {
		s.Abstained = true
		s.Reason = messages.M("classification.reason.unsure", messages.A("probability", messages.Percent(chances[0])), messages.A("needed", messages.Percent(m.ranker.Map.Answer)))
	}
	return s
}

// top returns the first candidates with their chances.
func (m *Model) top(d document) ([]scored, []float64) {
	top := order(m.ranker.Trees, m.candidates(d))
	return top, m.ranker.Map.chances(top)
}
