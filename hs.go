package tradewind

import (
	"cmp"
	"context"
	"strings"

	"tradewind/commerce"
	"tradewind/fault"
	"tradewind/law/tariff"
	"tradewind/operations/classification"
)

// HSQuery asks for the code of a product: of what Text describes, or of a SKU's name.
type HSQuery struct {
	Text string
	SKU  commerce.SKU
}

// HSSuggestion is the subheadings that a product may belong to.
type HSSuggestion struct {
	Text       string         `json:"text"` // that was read
	SKU        commerce.SKU   `json:"sku"`
	Recorded   string         `json:"recorded"` // the product's code in the facts; "" is none
	Edition    tariff.Edition `json:"edition"`  // of the Harmonized System
	Candidates []HSCandidate  `json:"candidates"`
	Abstained  bool           `json:"abstained"` // the first is not likely enough to be taken
	Reason     *LocalizedText `json:"reason"`    // why it abstained
	NotAdvice  LocalizedText  `json:"not_legal_advice"`
}

// HSCandidate is one subheading and the chance that it is right.
type HSCandidate struct {
	Rank        int     `json:"rank"`
	Code        string  `json:"code"` // dotted: "6912.00"
	Probability float64 `json:"probability"`
	Description string  `json:"description"` // of the US schedule, from the heading down
}

// SuggestHS suggests the subheading of a product from its English description. It is a
// start for a person who classifies, and never a ruling.
func (e *Engine) SuggestHS(ctx context.Context, q HSQuery) (*HSSuggestion, error) {
	v := &HSSuggestion{Text: strings.TrimSpace(q.Text), SKU: q.SKU, Edition: tariff.HS2022, Candidates: []HSCandidate{}, NotAdvice: notAdvice()}
	if q.SKU != "" {
		s, err := e.snapshotOrNone(ctx)
		if err != nil {
			return nil, err
		}
		if p := s.Product(q.SKU); p != nil {
			v.Recorded, v.Text = p.HS, cmp.Or(v.Text, p.Name)
		}
		if v.Text = cmp.Or(v.Text, e.productNames(ctx)[q.SKU]); v.Text == "" {
			return nil, fault.New(fault.NotFound, "E-HS-NO-NAME", fault.A("sku", string(q.SKU)))
		}
	}
	if v.Text == "" {
		return nil, fault.New(fault.Usage, "E-HS-NO-TEXT")
	}
	found := classification.Standard().Suggest(v.Text)
	for i, c := range found.Top {
		v.Candidates = append(v.Candidates, HSCandidate{i + 1, c.Code.Dotted(), c.Probability, c.Description})
	}
	if v.Abstained = found.Abstained; v.Abstained {
		reason := localized(found.Reason)
		v.Reason = &reason
	}
	return v, nil
}
