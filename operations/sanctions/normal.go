package sanctions

import (
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// script is the writing of a word as far as screening tells writings apart. Cyrillic is
// written in Latin before anything is compared.
type script string

const (
	latinScript script = ""
	arabic      script = "arabic"
	han         script = "han"
	otherScript script = "other"
)

func scriptOf(r rune) script {
	switch {
	case !unicode.IsLetter(r), unicode.Is(unicode.Latin, r), unicode.Is(unicode.Cyrillic, r), unicode.Is(unicode.Lm, r):
		return latinScript
	case unicode.Is(unicode.Arabic, r):
		return arabic
	case unicode.Is(unicode.Han, r):
		return han
	}
	return otherScript
}

// latin reports whether a name has no letter outside of Latin and Cyrillic.
func latin(name string) bool {
	for _, r := range name {
		if scriptOf(r) != latinScript {
			return false
		}
	}
	return true
}

// cyrillic is the Latin of Russian, Ukrainian, Bulgarian and Serbian letters, near to
// the passport romanisation of ICAO Doc 9303.
var cyrillic = map[rune]string{
	'а': "a", 'б': "b", 'в': "v", 'г': "g", 'д': "d", 'е': "e", 'ё': "e", 'ж': "zh", 'з': "z", 'и': "i", 'й': "i",
	'к': "k", 'л': "l", 'м': "m", 'н': "n", 'о': "o", 'п': "p", 'р': "r", 'с': "s", 'т': "t", 'у': "u", 'ф': "f",
	'х': "kh", 'ц': "ts", 'ч': "ch", 'ш': "sh", 'щ': "shch", 'ъ': "", 'ы': "y", 'ь': "", 'э': "e", 'ю': "iu", 'я': "ia",
	'і': "i", 'ї': "i", 'є': "ie", 'ґ': "g", 'ђ': "dj", 'ј': "j", 'љ': "lj", 'њ': "nj", 'ћ': "c", 'џ': "dz", 'ѓ': "gj", 'ќ': "kj", 'ў': "u",
}

// special are letters that no decomposition takes apart, and Arabic letters that are
// written in several ways.
var special = map[rune]string{
	'ß': "ss", 'æ': "ae", 'œ': "oe", 'ø': "o", 'ł': "l", 'đ': "d", 'ð': "d", 'þ': "th", 'ı': "i", 'ħ': "h", 'ə': "e", 'ŋ': "ng", '&': " and ",
	'أ': "ا", 'إ': "ا", 'آ': "ا", 'ٱ': "ا", 'ى': "ي", 'ی': "ي", 'ئ': "ي", 'ؤ': "و", 'ة': "ه", 'ک': "ك", 'ۀ': "ه", 'ە': "ه", 'ء': "", 'ـ': "",
}

// apostrophes are left out, so that Sha'ban is Shaban.
const apostrophes = "'’‘`´ʿʾʼʻ′\""

// plain writes a name in small Latin letters, digits and single spaces, without marks;
// letters of other scripts stay.
func plain(name string) string {
	if isPlain(name) {
		return name
	}
	var b strings.Builder
	space := true
	put := func(s string) {
		for _, r := range s {
			if r != ' ' {
				b.WriteRune(r)
			} else if !space {
				b.WriteByte(' ')
			}
			space = r == ' '
		}
	}
	for _, r := range name {
		r = unicode.ToLower(r)
		if r < unicode.MaxASCII {
			put(plainASCII(r))
			continue
		}
		put(plainRune(r))
	}
	return strings.TrimRight(b.String(), " ")
}

// isPlain reports whether a name is words of small letters with single spaces already.
func isPlain(name string) bool {
	last := byte(' ')
	for i := range len(name) {
		c := name[i]
		if c == ' ' && last == ' ' || c != ' ' && (c < 'a' || c > 'z') {
			return false
		}
		last = c
	}
	return last != ' '
}

func plainASCII(r rune) string {
	switch {
	case r >= 'a' && r <= 'z', r >= '0' && r <= '9':
		const all = "abcdefghijklmnopqrstuvwxyz"
		if r >= 'a' {
			return all[r-'a' : r-'a'+1]
		}
		return "0123456789"[r-'0' : r-'0'+1]
	case r == '&':
		return special['&']
	case r == '\'' || r == '"' || r == '`':
		return ""
	}
	return " "
}

func plainRune(r rune) string {
	if s, ok := cyrillic[r]; ok {
		return s
	}
	if s, ok := special[r]; ok {
		return s
	}
	if strings.ContainsRune(apostrophes, r) {
		return ""
	}
	decomposed := norm.NFKD.String(string(r))
	if decomposed == string(r) {
		switch {
		case unicode.Is(unicode.Mn, r):
			return ""
		case unicode.IsLetter(r), unicode.IsDigit(r):
			return decomposed
		}
		return " "
	}
	var b strings.Builder
	for _, d := range decomposed {
		d = unicode.ToLower(d)
		if d < unicode.MaxASCII {
			b.WriteString(plainASCII(d))
		} else if d != r {
			b.WriteString(plainRune(d))
		}
	}
	return b.String()
}

// wordClass is what a word is worth in a comparison.
type wordClass uint8

const (
	telling wordClass = iota // it names somebody
	trade                    // it says what firms do
	filler                   // an article, a title, a legal form: worth next to nothing
)

// classOf says what a plain word is worth.
func classOf(word string) wordClass { return classes[word] }

var classes = func() map[string]wordClass {
	of := map[string]wordClass{}
	for class, list := range map[wordClass]string{
		trade: `trading trade trades trader traders commerce commercial import imports export exports impex business enterprise
enterprises company companies group groups holding holdings international intl global world worldwide general national
industries industry industrial manufacturing factory factories works production products product services service solutions
systems system technology technologies technical technique tech engineering engineers electronics electronic electric
electrical machinery machine equipment tools supply supplies wholesale retail store shop stores shipping transport
transportation logistics cargo freight marine maritime aviation airlines airways air travel agency agencies investment
investments finance financial bank banking credit capital insurance exchange trust fund funds foundation charity
organisation organization association society committee council commission office bureau department branch center centre
institute university academy research development energy power oil gas petroleum petrochemical chemical chemicals mining
minerals metal metals steel gold diamond diamonds construction building buildings cement real estate property properties
agriculture agricultural farm foods food textile textiles garments fashion furniture ceramics plastics paper packaging
toys sports home garden design media consulting consultants management marketing medical pharma pharmaceutical health
security defence defense communications telecom telecommunications information computer software auto automotive motors
parts joint venture east west north south new united union central republic peoples people state army islamic movement
front party brigade brigades army group forces force command unit jewellery crafts lighting corporation`,
		filler: `al el ul ur ar ad az ash as an il la le les l de del della di da do dos das du des den der van von zu zum y e i and of the for in
at bin ibn ben bint binti ould wa wal ud
mr mrs ms miss dr prof professor eng engr sir madam sheikh shaykh shaikh cheikh sheik haji hajj hajji hadji mullah mulla maulavi
mawlawi maulawi mawlavi molavi maulvi molvi qari alhaj general gen colonel col major maj captain capt brigadier brig lieutenant lt commander
ltd limited llc llp lp inc incorporated corp co gmbh mbh ag kg sa sas sarl srl spa bv nv oy oyj ab as aps plc pty pte jsc ojsc
cjsc pjsc ooo zao oao ao kft zrt sro doo dd ad ead eood sdn bhd fze fzc fzco fzllc kk ltda sae sal psc sp zoo cia anstalt
ооо зао оао`,
	} {
		for _, word := range strings.Fields(list) {
			of[word] = class
		}
	}
	return of
}()

// hanForms are the legal forms of Chinese firms: they end a name.
var hanForms = []string{"股份有限公司", "有限责任公司", "有限公司", "股份公司", "集团公司", "集团", "公司"}

// maxWords is how many words of a name are compared: more is no name.
const maxWords = 24

// wordsOf parts a plain name into its words; brackets were spaces before. A Chinese name
// loses its legal form and an Arabic word its article.
func wordsOf(name string) []string {
	words := strings.Fields(plain(name))
	out := words[:0]
	for _, w := range words {
		switch r := firstRune(w); scriptOf(r) {
		case han:
			for _, form := range hanForms {
				if rest, ok := strings.CutSuffix(w, form); ok && rest != "" {
					w = rest
					break
				}
			}
		case arabic:
			if rest, ok := strings.CutPrefix(w, "ال"); ok && len(rest) > 4 {
				w = rest
			}
		}
		if out = append(out, w); len(out) == maxWords {
			break
		}
	}
	return out
}

func firstRune(s string) rune {
	for _, r := range s {
		return r
	}
	return 0
}
