package localization

import (
	"cmp"
	_ "embed"
	"math"
	"slices"
	"strings"
	"sync"
	"unicode"
)

//go:embed words.txt
var wordsText string

//go:embed function_words.txt
var functionWordsText string

// Detected is the language that a text is most likely in.
type Detected struct {
	Language string  // BCP 47 base; with the script for Chinese: "zh-Hans"
	Script   string  // Latn, Hans, Jpan …
	Margin   float64 // natural logarithm of the odds against the next language; +Inf where the script decides
}

const (
	// A text of fewer letters, or one whose likeliest language leads by less, is left alone.
	enoughLetters = 10
	enoughMargin  = 6.9 // odds of 1000 to 1
	mostOfAWord   = 5.5 // one word counts for odds of 245 to 1 at most
	mostWords     = 300
)

// Detect says which language a text is in, and false where it cannot tell: too few
// letters, or two languages that explain it nearly alike. Letters decide where a language
// has its own; elsewhere words and triples of letters do,
//
//	P(text | language) = Π over words of ½ P(word) + ½ P(its letters, each given the two before it)
//
// with the frequencies of the words of CLDR's annotations and of a list of function words.
// Names, numbers and codes count as any other word, so a title of brand names alone may
// mislead: what rests on the answer is shown to a person with the text beside it.
func Detect(text string) (Detected, bool) {
	s := scriptsOf(text)
	script := s.main()
	switch script {
	case "Jpan", "Hans", "Hant", "Hang", "Grek", "Hebr", "Thai", "Taml", "Geor", "Armn":
		d := Detected{Language: ownScript[script], Script: script, Margin: math.Inf(1)}
		enough := 4 // syllables and words as letters
		if script == "Grek" || script == "Hebr" {
			enough = enoughLetters
		}
		return d, s.letters >= enough
	case "Hani", "":
		return Detected{Script: script}, false
	}
	ranked := rank(text, script)
	if len(ranked) < 2 || s.letters < enoughLetters {
		return Detected{Script: script}, false
	}
	d := Detected{ranked[0].language, script, ranked[0].score - ranked[1].score}
	return d, d.Margin >= enoughMargin
}

var ownScript = map[string]string{
	"Jpan": "ja", "Hans": "zh-Hans", "Hant": "zh-Hant", "Hang": "ko", "Grek": "el", "Hebr": "he", "Thai": "th", "Taml": "ta", "Geor": "ka", "Armn": "hy",
}

// near are languages that share so many words that one is not held against the other.
var near = [][]string{{"da", "nb", "no"}, {"id", "ms"}, {"hr", "sr", "bs", "sl"}, {"cs", "sk"}, {"bg", "mk"}, {"es", "pt", "gl"}, {"fil", "en", "tl"}, {"hi", "mr"}, {"fa", "ur"}}

func isNear(a, b string) bool {
	return a == b || slices.ContainsFunc(near, func(group []string) bool { return slices.Contains(group, a) && slices.Contains(group, b) })
}

// InAnother reports whether a text is so plainly not in the language that it says it is
// that a person should look, and which language it looks like. Which of two other languages
// it is does not matter, so it answers more often than Detect.
func InAnother(text, language string) (Detected, bool) {
	own, _, _ := strings.Cut(language, "-")
	s := scriptsOf(text)
	d := Detected{Script: s.main(), Margin: math.Inf(1)}
	if d.Script == "" || d.Script == "Hani" {
		return Detected{}, false
	}
	if !slices.Contains(writtenIn(language), d.Script) {
		d, _ = Detect(text)
		if d.Language == "" {
			if ranked := rank(text, d.Script); len(ranked) > 0 {
				d.Language = ranked[0].language
			}
		}
		return d, s.letters >= 4
	}
	ranked := rank(text, d.Script)
	i := slices.IndexFunc(ranked, func(r ranking) bool { return r.language == own })
	if i <= 0 || s.letters < enoughLetters {
		return Detected{}, false
	}
	d.Language, d.Margin = ranked[0].language, ranked[0].score-ranked[i].score
	// Near languages are held against each other only by a lead that names cannot make.
	return d, d.Margin >= enoughMargin && (!isNear(own, d.Language) || d.Margin >= 4*enoughMargin)
}

type ranking struct {
	language string
	score    float64
}

// rank scores the languages of a script, likeliest first.
func rank(text, script string) []ranking {
	f := families()[script]
	if f == nil {
		return nil
	}
	list := make([]ranking, len(f.languages))
	for i, language := range f.languages {
		list[i].language = language
	}
	logs := make([]float64, len(list))
	for _, w := range wordsOf(text) {
		f.logP(logs, w)
		// One word decides nothing: a name or a loan word is as likely to be the reason.
		floor := slices.Max(logs) - mostOfAWord
		for i, l := range logs {
			list[i].score += max(l, floor)
		}
	}
	slices.SortStableFunc(list, func(a, b ranking) int { return cmp.Compare(b.score, a.score) })
	return list
}

// wordsOf are the different words of a text, lower case, without those that hold a figure.
// The first mostWords say enough.
func wordsOf(text string) []string {
	var words []string
	for _, w := range strings.FieldsFunc(strings.ToLower(text), func(r rune) bool {
		return !unicode.IsLetter(r) && !unicode.IsMark(r) && !unicode.IsDigit(r)
	}) {
		if len(words) == mostWords {
			break
		}
		if !strings.ContainsFunc(w, unicode.IsDigit) && !slices.Contains(words, w) {
			words = append(words, w)
		}
	}
	return words
}

// family is what is known of the words of the languages that share a script. Each table
// holds a figure for every language, so that a text is looked up once for all of them.
type family struct {
	languages []string
	words     map[string][]float64  // probability
	three     map[[3]rune][]float64 // how often a letter came after two others
	two       map[[2]rune][]float64 // after one other
	one       map[rune][]float64    // how often the one was there
	none      []float64             // zero for each language
}

const (
	functionShare = .4       // of the words of a text
	unseen        = 1. / 400 // probability of a letter where nothing is known
)

var families = sync.OnceValue(func() map[string]*family {
	function, content := listed(functionWordsText), listed(wordsText)
	all := map[string]*family{}
	for language := range content {
		script := writtenIn(language)[0]
		if all[script] == nil {
			all[script] = &family{words: map[string][]float64{}, three: map[[3]rune][]float64{}, two: map[[2]rune][]float64{}, one: map[rune][]float64{}}
		}
		all[script].languages = append(all[script].languages, language)
	}
	for _, f := range all {
		slices.Sort(f.languages)
		f.none = make([]float64, len(f.languages))
		for i, language := range f.languages {
			f.learn(i, function[language], functionShare, 5)
			f.learn(i, content[language], 1-functionShare, 100)
		}
	}
	return all
})

func listed(text string) map[string][]string {
	lists := map[string][]string{}
	for _, line := range strings.Split(text, "\n") {
		if fields := strings.Fields(line); len(fields) > 1 && fields[0] != "#" {
			lists[fields[0]] = fields[1:]
		}
	}
	return lists
}

// learn adds words of a language, the commonest first, with frequencies by the law of Zipf
// and Mandelbrot: 1 / (rank + flat). Letters are learnt from words as such, not from how
// often a word is used: the letters of "the" are no pattern of English.
func (f *family) learn(language int, words []string, share, flat float64) {
	total := 0.
	for i := range words {
		total += 1 / (float64(i) + flat)
	}
	for i, w := range words {
		*at(f.words, w, language, f) += share / (float64(i) + flat) / total
		for t := range triples(w) {
			*at(f.three, t, language, f)++
			*at(f.two, [2]rune{t[1], t[2]}, language, f)++
			*at(f.one, t[1], language, f)++
		}
	}
}

// at is the place of a language's figure in a table.
func at[K comparable](table map[K][]float64, key K, language int, f *family) *float64 {
	row := table[key]
	if row == nil {
		row = make([]float64, len(f.languages))
		table[key] = row
	}
	return &row[language]
}

// triples yields every letter of a word after the two before it; a word begins with two
// blanks and ends with one.
func triples(word string) func(func([3]rune) bool) {
	return func(yield func([3]rune) bool) {
		a, b := ' ', ' '
		for _, c := range word + " " {
			if !yield([3]rune{a, b, c}) {
				return
			}
			a, b = b, c
		}
	}
}

// logP writes the natural logarithm of the probability of a word in each language to dst.
//
// A letter is as probable as it was seen after the two before it, after one, and anywhere,
// the shorter context standing in for so many sightings of the longer one.
func (f *family) logP(dst []float64, word string) {
	for i := range dst {
		dst[i] = 1
	}
	for t := range triples(word) {
		before1, pair := get(f, f.one, t[1]), get(f, f.two, [2]rune{t[1], t[2]})
		before2, triple := get(f, f.two, [2]rune{t[0], t[1]}), get(f, f.three, t)
		if t[0] == ' ' && t[1] == ' ' {
			before2 = before1
		}
		for i := range dst {
			p := (pair[i] + 8*unseen) / (before1[i] + 8)
			dst[i] *= (triple[i] + 4*p) / (before2[i] + 4)
		}
	}
	whole := get(f, f.words, word)
	for i := range dst {
		dst[i] = math.Log(.5*whole[i] + .5*dst[i])
	}
}

func get[K comparable](f *family, table map[K][]float64, key K) []float64 {
	if row, ok := table[key]; ok {
		return row
	}
	return f.none
}
