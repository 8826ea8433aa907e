package localization

import (
	"strings"
	"sync"
	"unicode"

	"golang.org/x/text/encoding/japanese"
	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/traditionalchinese"
	"golang.org/x/text/language"
)

// scripts counts the letters of a text by script. Han letters are told apart further by
// the national standards that have them: GB 2312 holds Simplified letters and Big5
// Traditional ones, and most letters stand in both.
type scripts struct {
	letters int
	of      map[string]int // ISO 15924: Latn, Cyrl, Hani, Kana …
	simple  int            // Han in GB 2312 and not in Big5
	full    int            // Han in Big5 and not in GB 2312
	nippon  int            // Han in JIS X 0208 and in neither of them
}

// tables are the scripts that are told apart, the likeliest first.
var tables = []struct {
	name  string
	table *unicode.RangeTable
}{
	{"Latn", unicode.Latin}, {"Hani", unicode.Han}, {"Kana", unicode.Katakana}, {"Kana", unicode.Hiragana}, {"Hang", unicode.Hangul},
	{"Cyrl", unicode.Cyrillic}, {"Grek", unicode.Greek}, {"Arab", unicode.Arabic}, {"Hebr", unicode.Hebrew},
	{"Thai", unicode.Thai}, {"Deva", unicode.Devanagari}, {"Taml", unicode.Tamil}, {"Geor", unicode.Georgian}, {"Armn", unicode.Armenian},
}

func scriptsOf(text string) scripts {
	s := scripts{of: map[string]int{}}
	for _, r := range text {
		if !unicode.IsLetter(r) {
			continue
		}
		s.letters++
		for _, t := range tables {
			if !unicode.Is(t.table, r) {
				continue
			}
			s.of[t.name]++
			if t.name == "Hani" {
				kind := hanKinds()[r]
				s.simple += int(kind & 1)
				s.full += int(kind >> 1 & 1)
				s.nippon += int(kind >> 2)
			}
			break
		}
	}
	return s
}

// main is the script that has most letters, Japanese counted as one: "Jpan" where there is
// Kana, "Hans" or "Hant" where the letters say so, "Hani" where they do not.
func (s scripts) main() string {
	best, most := "", 0
	for _, t := range tables {
		n := s.of[t.name]
		if t.name == "Kana" || t.name == "Hani" {
			n = s.of["Kana"] + s.of["Hani"]
		}
		if n > most {
			best, most = t.name, n
		}
	}
	if best != "Kana" && best != "Hani" {
		return best
	}
	switch {
	case s.of["Kana"] > 0 && 10*s.of["Kana"] >= most: // one Kana among ten letters: の in a Chinese brand is no Japanese
		return "Jpan"
	case s.simple > s.full && s.simple > s.nippon:
		return "Hans"
	case s.full > s.simple:
		return "Hant"
	}
	return "Hani"
}

// hanKinds marks letters that one standard has and another has not: 1 Simplified,
// 2 Traditional, 4 Japanese.
//
// Source: GB 2312-1980, Big5 (1984, without later extensions), JIS X 0208, through
// golang.org/x/text.
var hanKinds = sync.OnceValue(func() map[rune]uint8 {
	gb, big5, jis := simplifiedchinese.HZGB2312.NewEncoder(), traditionalchinese.Big5.NewEncoder(), japanese.EUCJP.NewEncoder()
	has := func(encode func(string) (string, error), r rune, in func(string) bool) bool {
		out, err := encode(string(r))
		return err == nil && in(out)
	}
	kinds := map[rune]uint8{}
	for r := rune(0x4E00); r <= 0x9FA5; r++ {
		simple := has(gb.String, r, func(string) bool { return true })
		full := has(big5.String, r, ofBig5)
		switch {
		case simple && !full:
			kinds[r] = 1
		case full && !simple:
			kinds[r] = 2
		case !simple && !full && has(jis.String, r, func(out string) bool { return len(out) == 2 }):
			kinds[r] = 4
		}
	}
	return kinds
})

// ofBig5 leaves out the extension of Hong Kong, which also has Simplified letters.
func ofBig5(out string) bool {
	if len(out) != 2 {
		return false
	}
	code := int(out[0])<<8 | int(out[1])
	return code >= 0xA440 && code <= 0xC67E || code >= 0xC940 && code <= 0xF9D5
}

// writtenIn are the scripts that a text in a language may be in.
func writtenIn(tag string) []string {
	base, rest, _ := strings.Cut(tag, "-")
	switch {
	case base == "zh":
		if script, _ := language.Make(tag).Script(); script.String() == "Hant" {
			return []string{"Hant", "Hani"}
		}
		return []string{"Hans", "Hani"}
	case base == "ja":
		return []string{"Jpan", "Hani", "Hant", "Hans"} // a title of Kanji alone is Japanese too
	case base == "ko":
		return []string{"Hang"}
	}
	if script, ok := scriptOfLanguage[base]; ok && !strings.HasPrefix(rest, "Latn") {
		return []string{script}
	}
	return []string{"Latn"}
}

// scriptOfLanguage lists the languages of markets that are not written in Latin letters.
var scriptOfLanguage = map[string]string{
	"bg": "Cyrl", "mk": "Cyrl", "ru": "Cyrl", "sr": "Cyrl", "uk": "Cyrl", "kk": "Cyrl", "el": "Grek", "ar": "Arab", "fa": "Arab", "ur": "Arab",
	"he": "Hebr", "th": "Thai", "hi": "Deva", "mr": "Deva", "ta": "Taml", "ka": "Geor", "hy": "Armn",
}
