package classification

import (
	"slices"
	"testing"

	"tradewind/law/tariff"
)

// TestSplit holds the split that the figures in docs/classification.md rest on.
func TestSplit(t *testing.T) {
	c := readCorpus(tariff.Entries())
	var texts, pairs []int
	for _, p := range []Part{Training, Validation, Test} {
		list := c.of(p)
		n := 0
		for _, q := range list {
			n += len(q.classes)
		}
		texts, pairs = append(texts, len(list)), append(pairs, n)
	}
	if want := []int{3838, 572, 1095}; !slices.Equal(texts, want) {
		t.Errorf("texts of the parts: got %d, want %d", texts, want)
	}
	if want := []int{5808, 859, 1649}; !slices.Equal(pairs, want) {
		t.Errorf("pairs of text and code: got %d, want %d", pairs, want)
	}
	if PartOf("Of cotton:") != PartOf(" of  COTTON") {
		t.Error("the same text is in two parts")
	}
}

// TestNothingHeldIsLearnt: no text of the validation and test parts, wherever it stands in
// the schedule, is in what the measured model learnt from.
func TestNothingHeldIsLearnt(t *testing.T) {
	c := readCorpus(tariff.Entries())
	out := map[string]bool{}
	for _, p := range []Part{Validation, Test} {
		for _, q := range c.of(p) {
			out[normal(q.text)] = true
		}
	}
	for _, rows := range [][]text{c.leaves, c.above} {
		for _, r := range rows {
			if out[normal(r.text)] != r.held {
				t.Errorf("%q: held %v", r.text, r.held)
			}
		}
	}
	// The words of a held leaf that no other text of its class has are not the class's.
	e, err := Measured(tariff.Entries())
	if err != nil {
		t.Fatal(err)
	}
	for _, l := range c.leaves {
		if !l.held {
			continue
		}
		k := l.classes[0]
		for _, w := range l.words {
			if e.model.ownTerms[k][w] && !slices.ContainsFunc(c.leaves, func(o text) bool { return !o.held && o.classes[0] == k && slices.Contains(o.words, w) }) {
				t.Fatalf("%s has learnt a word of %q", c.codes[k], l.text)
			}
		}
	}
}

func TestLeaves(t *testing.T) {
	c := readCorpus([]tariff.Entry{
		{Code: "0101", Text: "Live horses:"},
		{Indent: 1, Text: "Horses:"},
		{Code: "010121", Indent: 2, Text: "Breeding animals"},
		{Code: "0101210010", Indent: 3, Text: "Males"},
		{Code: "0101210020", Indent: 3, Text: "males:"},
		{Code: "0101300000", Indent: 1, Text: "Asses"},
	})
	if !slices.Equal(c.codes, []tariff.Code{"010121", "010130"}) || len(c.leaves) != 2 || len(c.above) != 3 {
		t.Fatalf("codes %v, leaves %v, above %v", c.codes, c.leaves, c.above)
	}
	if !slices.Equal(c.above[0].classes, []int{0, 1}) || !slices.Equal(c.above[1].classes, []int{0}) {
		t.Errorf("rows above describe %v and %v", c.above[0].classes, c.above[1].classes)
	}
	if want := []string{"Live horses › Horses › Breeding animals", "Live horses › Asses"}; !slices.Equal(c.titles, want) {
		t.Errorf("titles %q, want %q", c.titles, want)
	}
}

func TestWords(t *testing.T) {
	for text, want := range map[string][]string{
		"Men's or boys' (334)":    {"men", "s", "or", "boy", "334"},
		"Knitted jerseys, 65mm":   {"knitt", "jersey", "65", "mm"},
		"Knitting boxes; dresses": {"knitt", "box", "dress"},
		"":                        nil,
		"–":                       nil,
		"Berries, glass, bus":     {"berry", "glass", "bus"},
	} {
		if got := words(text); !slices.Equal(got, want) {
			t.Errorf("%q has the words %q, want %q", text, got, want)
		}
	}
	d := vocabulary{}.read("cotton cloth", true)
	// <cotton> has 5 pieces of four bytes and 4 of five, <cloth> 4 and 3.
	if len(d.words) != 2 || len(d.pairs) != 1 || len(d.parts) != 16 {
		t.Errorf("%+v", d)
	}
}
