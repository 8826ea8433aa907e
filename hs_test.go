package tradewind

import (
	"testing"

	"tradewind/fault"
)

func TestSuggestHS(t *testing.T) {
	e := sample(t)
	// 6109.10 are T-shirts of cotton, knitted (Harmonized System 2022).
	s, err := e.SuggestHS(t.Context(), HSQuery{Text: "  T-shirts, knitted, of cotton "})
	if err != nil || len(s.Candidates) == 0 || s.Candidates[0].Code != "6109.10" || s.Text != "T-shirts, knitted, of cotton" {
		t.Fatalf("%+v, %v", s, err)
	}
	sum := 0.0
	for i, c := range s.Candidates {
		if sum += c.Probability; c.Rank != i+1 || c.Description == "" || i > 0 && c.Probability > s.Candidates[i-1].Probability {
			t.Errorf("candidate %d: %+v", i+1, c)
		}
	}
	if sum > 1 || s.Abstained != (s.Reason != nil) || s.NotAdvice.Chinese == "" {
		t.Errorf("%+v", s)
	}
	facts, err := e.snapshot(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	p := facts.Products[0]
	if s, err = e.SuggestHS(t.Context(), HSQuery{SKU: p.SKU}); err != nil || s.Text != p.Name || s.Recorded != p.HS {
		t.Errorf("%s: %+v, %v", p.SKU, s, err)
	}
	if s, err = e.SuggestHS(t.Context(), HSQuery{Text: "棉质T恤衫"}); err != nil || !s.Abstained || len(s.Candidates) != 0 {
		t.Errorf("a Chinese text: %+v, %v", s, err)
	}
	for code, q := range map[string]HSQuery{"E-HS-NO-TEXT": {Text: " "}, "E-HS-NO-NAME": {SKU: "no such thing"}} {
		if _, err := e.SuggestHS(t.Context(), q); fault.Of(err) == nil || fault.Of(err).Code != code {
			t.Errorf("%+v: got %v, want %s", q, err, code)
		}
	}
}
