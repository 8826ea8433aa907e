package classification

import (
	"hash/fnv"
	"slices"
	"strings"

	"tradewind/law/tariff"
)

// Part is what a text is used for where the method is judged.
type Part uint8

const (
	Training   Part = iota // 70 % of the texts
	Validation             // 10 %: calibration, and every choice of method
	Test                   // 20 %
)

// PartOf assigns a text by its hash, so that a text is in the same part under all the
// codes that it has.
func PartOf(text string) Part {
	switch n := hash(text) % 100; {
	case n < 70:
		return Training
	case n < 80:
		return Validation
	}
	return Test
}

// hash numbers texts that are the same when normal alike. Source of the last steps, which
// spread it over the lower bits: Steele, Lea & Flood (2014), SplitMix64.
func hash(text string) uint64 {
	f := fnv.New64a()
	f.Write([]byte(normal(text)))
	h := f.Sum64()
	h = (h ^ h>>30) * 0xbf58476d1ce4e5b9
	h = (h ^ h>>27) * 0x94d049bb133111eb
	return h ^ h>>31
}

// shortestText is how many words a text must have for the method to be judged by it:
// fewer ("Other", "Males") say too little.
const shortestText = 3

func judged(text string) bool { return len(strings.Fields(normal(text))) >= shortestText }

// corpus is the schedule as texts of classes. The classes are the subheadings.
type corpus struct {
	codes      []tariff.Code // by class, ascending
	titles     []string      // by class: its text in the schedule, below that of its heading
	class      map[tariff.Code]int
	leaves     []text
	above      []text // the rows that have others below them
	vocabulary vocabulary
}

// text is a row of the schedule and the classes that it describes: one for a leaf, those
// of all leaves below it for another.
type text struct {
	text    string
	classes []int
	leaf    bool
	held    bool // it, or a leaf with the same text, is of the validation or the test part
	document
}

// readCorpus finds the leaves: rows with nothing below them, by their own description
// without those above. One that comes twice in a subheading counts once.
func readCorpus(entries []tariff.Entry) *corpus {
	c := &corpus{class: map[tariff.Code]int{}, vocabulary: vocabulary{}}
	type pair struct {
		text string
		code tariff.Code
	}
	seen := map[pair]bool{}
	heldOut := map[string]bool{} // normal texts of leaves
	var open []int               // the rows above the present one, as places in entries
	classes := make([][]int, len(entries))
	for i, e := range entries {
		for len(open) > 0 && entries[open[len(open)-1]].Indent >= e.Indent {
			open = open[:len(open)-1]
		}
		if i+1 < len(entries) && entries[i+1].Indent > e.Indent {
			open = append(open, i)
			continue
		}
		code := e.Code.HS6()
		if len(code) != 6 {
			continue
		}
		if _, known := c.class[code]; !known {
			c.class[code] = len(c.codes)
			c.codes = append(c.codes, code)
			c.titles = append(c.titles, title(entries, append(open, i)))
		}
		class := c.class[code]
		for _, row := range open {
			if !slices.Contains(classes[row], class) {
				classes[row] = append(classes[row], class)
			}
		}
		if l := (pair{normal(e.Text), code}); !seen[l] {
			seen[l] = true
			out := judged(e.Text) && PartOf(e.Text) != Training
			heldOut[l.text] = out
			c.leaves = append(c.leaves, text{e.Text, []int{class}, true, out, c.vocabulary.read(e.Text, true)})
		}
	}
	for i, e := range entries {
		if classes[i] != nil {
			c.above = append(c.above, text{e.Text, classes[i], false, heldOut[normal(e.Text)], c.vocabulary.read(e.Text, true)})
		}
	}
	return c
}

// title joins the texts on the way down to the first row with six digits or more.
func title(entries []tariff.Entry, way []int) string {
	var texts []string
	for _, i := range way {
		texts = append(texts, strings.TrimRight(entries[i].Text, " :"))
		if len(entries[i].Code) >= 6 {
			break
		}
	}
	return strings.Join(texts, " › ")
}

// question is a text and all classes that the schedule gives it: any of them is right.
type question struct {
	text    string
	classes []int
	leaf    bool // the text is that of a leaf
	document
}

// questions returns the texts of rows that are asked for, each once.
func questions(rows []text, asked func(text) bool) []question {
	at := map[string]int{}
	var list []question
	for _, r := range rows {
		if !asked(r) {
			continue
		}
		i, known := at[normal(r.text)]
		if !known {
			i = len(list)
			at[normal(r.text)] = i
			list = append(list, question{text: r.text, leaf: r.leaf, document: r.document})
		}
		list[i].classes = append(list[i].classes, r.classes...)
	}
	return list
}

// of returns the leaf texts of a part, of three words or more.
func (c *corpus) of(p Part) []question {
	return questions(c.leaves, func(t text) bool { return judged(t.text) && PartOf(t.text) == p })
}
