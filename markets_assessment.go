package tradewind

import (
	"context"

	"tradewind/commerce"
	"tradewind/messages"
	"tradewind/operations/expansion"
)

// AssessmentView weighs foreign markets and candidates by what money does not measure too.
type AssessmentView struct {
	Criteria []CriterionView   `json:"criteria"`
	Judged   bool              `json:"judged"`            // somebody compared the criteria; false: the weights are assumed
	Ratio    float64           `json:"consistency_ratio"` // of the judgements (AHP), below 0.1
	Leeway   float64           `json:"leeway"`            // factor by which the true weights may differ from these
	Draws    int               `json:"draws"`
	Rows     []AssessedView    `json:"rows"`
	Unknown  []commerce.Market `json:"unknown"` // without published figures
	// Pairs that change places in the single ranking (TOPSIS) when a third market is left
	// out: among the first ten, and how many there are in all.
	Reversals      []ReversalView  `json:"reversals"`
	ReversalsTotal int             `json:"reversals_total"`
	Notes          []LocalizedText `json:"notes"`
}

// CriterionView is a criterion in use and its weight, or one that no market has a figure
// for.
type CriterionView struct {
	Code   string        `json:"code"`
	Name   LocalizedText `json:"name"`
	Weight float64       `json:"weight"` // 0: left out
	Cost   bool          `json:"cost"`   // less is better
	Used   bool          `json:"used"`
}

// AssessedView is one market under all criteria. Probabilities are over weights within the
// leeway, the distribution of contributions, and whatever is not known.
type AssessedView struct {
	Place     int             `json:"place"` // by the probability of a rank of 3 or better
	Of        int             `json:"of"`    // foreign markets and candidates
	Market    commerce.Market `json:"market"`
	Candidate bool            `json:"candidate"` // nothing is sold there
	TopThree  float64         `json:"p_top3"`
	Best      float64         `json:"p_best"`
	Ranks     []float64       `json:"p_ranks"`    // probability of the first ten ranks
	Confident float64         `json:"confidence"` // probability of the first place given the weights that speak for it
	TOPSIS    float64         `json:"topsis"`     // closeness at the judged weights: an illustration
	Values    []*float64      `json:"values"`     // by criterion in use; nil: not known
}

// ReversalView says that A stands above B only as long as Dropped is in the table.
type ReversalView struct {
	Dropped commerce.Market `json:"dropped"`
	A       commerce.Market `json:"a"`
	B       commerce.Market `json:"b"`
}

// shownRanks is how many probabilities of ranks a view lists.
const shownRanks = 10

// MarketAssessment weighs markets and candidates by all criteria; nil where no foreign
// market has published figures.
func (e *Engine) MarketAssessment(ctx context.Context) (*AssessmentView, error) {
	s, err := e.snapshot(ctx)
	if err != nil {
		return nil, err
	}
	m, err := e.studied(s)
	if err != nil || m.Assessment == nil {
		return nil, err
	}
	return m.assessmentView(), nil
}

func (m marketStudy) assessmentView() *AssessmentView {
	a := m.Assessment
	v := &AssessmentView{
		Judged: a.Judged, Ratio: a.Ratio, Leeway: a.Leeway, Draws: a.Draws, Unknown: append([]commerce.Market{}, a.Unknown...),
		Reversals: []ReversalView{}, ReversalsTotal: a.ReversalsTotal, Notes: localizedAll(a.Notes),
	}
	for i, c := range a.Criteria {
		v.Criteria = append(v.Criteria, CriterionView{string(c), criterionName(c), a.Weights[i], c.Cost(), true})
	}
	for _, c := range a.Left {
		v.Criteria = append(v.Criteria, CriterionView{string(c), criterionName(c), 0, c.Cost(), false})
	}
	for i := range a.Rows {
		v.Rows = append(v.Rows, assessedRow(a, i))
	}
	for _, r := range a.Reversals {
		v.Reversals = append(v.Reversals, ReversalView{r.Dropped, r.A, r.B})
	}
	return v
}

func criterionName(c expansion.Criterion) LocalizedText {
	return localized(messages.M("expansion.criterion." + string(c)))
}

// assessedView finds a market in the assessment; nil: it is not in it.
func (m marketStudy) assessedView(market commerce.Market) *AssessedView {
	if m.Assessment == nil {
		return nil
	}
	for i, r := range m.Assessment.Rows {
		if r.Market == market {
			row := assessedRow(m.Assessment, i)
			return &row
		}
	}
	return nil
}

func assessedRow(a *expansion.Assessment, i int) AssessedView {
	r := &a.Rows[i]
	v := AssessedView{
		Place: i + 1, Of: len(a.Rows), Market: r.Market, Candidate: r.Candidate, TopThree: r.TopThree, Best: r.Best,
		Ranks: append([]float64{}, r.Ranks[:min(shownRanks, len(r.Ranks))]...), Confident: r.Confident, TOPSIS: r.TOPSIS,
	}
	for _, x := range r.Values {
		v.Values = append(v.Values, knownOrNil(x))
	}
	return v
}
