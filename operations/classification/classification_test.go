package classification

import (
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"tradewind/law/tariff"
	"tradewind/messages"
)

// Names of the shop's own data (Online Retail, CC BY 4.0), and descriptions with words of
// the trade.
var names = []string{"WHITE HANGING HEART T-LIGHT HOLDER", "REGENCY CAKESTAND 3 TIER", "JUMBO BAG RED RETROSPOT", "PARTY BUNTING", "ASSORTED COLOUR BIRD ORNAMENT",
	"LUNCH BAG RED RETROSPOT", "PACK OF 72 RETROSPOT CAKE CASES", "men's knitted cotton T-shirt", "bicycle with both wheels over 63.5 cm in diameter", "umbrella with telescopic shaft"}

func TestSuggestionsAreSound(t *testing.T) {
	m := Standard()
	for _, name := range names {
		s := m.Suggest(name)
		if len(s.Top) == 0 || len(s.Top) > 3 {
			t.Fatalf("%s: %d candidates", name, len(s.Top))
		}
		last := 1.0
		for _, c := range s.Top {
			if _, err := tariff.Parse(string(c.Code), tariff.HS2022); err != nil || len(c.Code) != 6 {
				t.Errorf("%s: %v", name, err)
			}
			if c.Description == "" || c.Probability > last || c.Probability < 0 {
				t.Errorf("%s: %+v", name, c)
			}
			last = c.Probability
		}
		if s.Abstained == s.Reason.IsZero() {
			t.Errorf("%s: abstained %v because of %v", name, s.Abstained, s.Reason)
		}
		t.Logf("%s: abstains %v", name, s.Abstained)
		for _, c := range s.Top {
			t.Logf("    %.2f %s %.100s", c.Probability, c.Code, c.Description)
		}
	}
}

// TestItAbstains: where there is nothing to go by, and where the language is another one.
func TestItAbstains(t *testing.T) {
	for text, want := range map[string]string{
		"":                             "classification.reason.unknown",
		"???":                          "classification.reason.unknown",
		"zzxqv":                        "classification.reason.unknown",
		"blorptang quuxify snorfle":    "classification.reason.unsure",
		"the and of with for":          "classification.reason.unsure",
		"Other":                        "classification.reason.unsure",
		"lovely gift for every day":    "classification.reason.unsure",
		"WHITE HANGING HEART T-LIGHT":  "classification.reason.unsure",
		"棉制针织T恤衫":                      "classification.reason.chinese",
		strings.Repeat("qwxyz ", 1000): "classification.reason.unknown",
	} {
		s := Standard().Suggest(text)
		if !s.Abstained || s.Reason.Code != want {
			t.Errorf("%.30q: abstained %v because of %v, want %s", text, s.Abstained, s.Reason, want)
		}
		for _, lang := range messages.Languages {
			if said := s.Reason.In(lang); strings.ContainsAny(said, "[]") {
				t.Error(said)
			}
		}
	}
}

// TestSameAnswer: on any number of goroutines.
func TestSameAnswer(t *testing.T) {
	m := Standard()
	want := make([]Suggestion, len(names))
	for i, name := range names {
		want[i] = m.Suggest(name)
	}
	var all sync.WaitGroup
	for range 4 {
		all.Go(func() {
			for i, name := range names {
				if diff := cmp.Diff(want[i], m.Suggest(name)); diff != "" {
					t.Error(diff)
				}
			}
		})
	}
	all.Wait()
}

func FuzzSuggest(f *testing.F) {
	for _, name := range names {
		f.Add(name)
	}
	f.Add("\xff\x00 é 5,5")
	f.Fuzz(func(t *testing.T, text string) {
		if s := Standard().Suggest(text); s.Abstained == s.Reason.IsZero() || !s.Abstained && len(s.Top) == 0 {
			t.Fatalf("%+v", s)
		}
	})
}

func BenchmarkSuggest(b *testing.B) {
	m := Standard()
	i := 0
	for b.Loop() {
		m.Suggest(names[i%len(names)])
		i++
	}
}
