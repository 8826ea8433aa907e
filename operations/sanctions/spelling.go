package sanctions

import (
	"strings"
	"unicode/utf8"
)

// respelled are letters that stand for one sound in the Latin of Arabic, Persian,
// Cyrillic and Korean names, longest first. What is put in their place is a code: capital
// letters are sounds that need two letters.
var respelled = strings.NewReplacer(
	"shch", "X", "tsch", "X", "tch", "X", "sch", "X", "sh", "X", "ch", "X",
	"dzh", "j", "dj", "j", "zh", "j",
	"kh", "h", "gh", "g", "dh", "d", "th", "t", "ph", "f", "ck", "k", "q", "k", "x", "ks", "tz", "z", "ts", "z",
	"oo", "u", "ou", "u", "ee", "i", "iy", "i", "ij", "i", "yi", "i", "ay", "e", "ai", "e", "ei", "e", "ey", "e", "ae", "e",
	"ya", "ia", "yu", "iu", "yo", "io", "ye", "e", "w", "v", "c", "k", "y", "i", "off", "ov",
)

// known are words of names that are written in so many ways that no rule of letters
// brings them together: the first of a row stands for all.
var known = rowsOf("", `
mohammed muhammad mohamed mohammad muhammed mohamad mohamud muhamad mahomed mohamet mohd
ahmed ahmad ahmet achmed akhmed akhmad ahmat
mahmud mahmoud mehmood mahmood mehmud
hussein husayn hussain hossein hosein husain hussayn houssein
abdullah abdallah abdulla abdoullah abdoulah abdellah
abdul abdel abdal abdoul abdil
yusuf yousef youssef yusef yousuf yussuf youssouf
osman usman uthman othman ousmane outhman
ibrahim ebrahim brahim ibraheem ibrahima
omar umar omer oumar
suleiman sulayman soliman sulaiman suleyman solaiman 
said saeed saeid sayeed
ismail ismael ismaeel esmail
jamal gamal djamel jamaal djamal
sheikh shaykh shaikh cheikh
`)

// korean are words of Korean names in the spellings of the North, which lists use, and of
// the South. They are short and many people have them: two of a row are less alike than
// two spellings of a name are elsewhere.
var korean = rowsOf("=", `
kim gim
ri lee yi rhee
pak park bak
choe choi
jong jung jeong chong
chol cheol chul
yong young yeong
hyon hyeon hyun
song seong sung
jo cho
jang chang
jon jeon chon
u wu woo
`)

// rowsOf gives for every word of a table the first word of its row, after a mark.
func rowsOf(mark, table string) map[string]string {
	of := map[string]string{}
	for line := range strings.Lines(table) {
		row := strings.Fields(line)
		for _, word := range row {
			of[word] = mark + row[0]
		}
	}
	return of
}

// fold writes a plain word as it sounds: equal folds are spellings of one name.
func fold(word string) string {
	if other, ok := known[word]; ok {
		word = other
	}
	if len(word) < 3 || !ascii(word) {
		return word
	}
	s := respelled.Replace(word)
	b := make([]byte, 0, len(s))
	for i := range len(s) { // doubled letters
		if n := len(b); n == 0 || b[n-1] != s[i] {
			b = append(b, s[i])
		}
	}
	return string(b)
}

func ascii(s string) bool {
	for i := range len(s) {
		if s[i] >= utf8.RuneSelf {
			return false
		}
	}
	return true
}

// skeleton is the consonants of a fold, with a mark for a vowel at its beginning: what is
// left of a name when its vowels are written in yet another way.
func skeleton(fold string) string {
	b := make([]byte, 0, len(fold))
	for i := range len(fold) {
		switch c := fold[i]; c {
		case 'a', 'e', 'i', 'o', 'u':
			if i == 0 {
				b = append(b, 'a')
			}
		case 'h':
			if i+1 < len(fold) {
				b = append(b, c)
			}
		default:
			if n := len(b); n == 0 || b[n-1] != c {
				b = append(b, c)
			}
		}
	}
	return string(b)
}

// jaroWinkler is the similarity of two words, 0 to 1, with the usual weight .1 of a
// common beginning of up to four letters. It reads letters as runes.
//
// Source: Winkler, String comparator metrics and enhanced decision rules in the
// Fellegi-Sunter model of record linkage (1990), Proceedings of the Section on Survey
// Research Methods, American Statistical Association, 354-359.
func jaroWinkler(a, b []rune) float64 {
	if len(a) > len(b) {
		a, b = b, a
	}
	if len(a) == 0 || len(b) > 64 {
		return 0
	}
	window := max(len(b)/2-1, 0)
	var inB uint64
	var matched [64]rune
	m := 0
	for i, r := range a {
		for j := max(0, i-window); j <= min(len(b)-1, i+window); j++ {
			if inB&(1<<j) == 0 && b[j] == r {
				inB |= 1 << j
				matched[m] = r
				m++
				break
			}
		}
	}
	if m == 0 {
		return 0
	}
	moved, k := 0, 0
	for j, r := range b {
		if inB&(1<<j) != 0 {
			if r != matched[k] {
				moved++
			}
			k++
		}
	}
	f := float64(m)
	jaro := (f/float64(len(a)) + f/float64(len(b)) + (f-float64(moved)/2)/f) / 3
	prefix := 0
	for prefix < min(4, len(a)) && a[prefix] == b[prefix] {
		prefix++
	}
	return jaro + float64(prefix)*.1*(1-jaro)
}

// edits is the number of letters that are put in, left out, replaced or swapped with
// their neighbour on the way from a to b; more than most counts as most+1.
//
// Source: Damerau, A technique for computer detection and correction of spelling errors
// (1964), Communications of the ACM 7, 171-176; the restricted form.
func edits(a, b []rune, most int) int {
	if len(a)-len(b) > most || len(b)-len(a) > most || len(b) >= 64 {
		return most + 1
	}
	var rows [3][64]int
	before, last, now := &rows[0], &rows[1], &rows[2]
	for j := range len(b) + 1 {
		last[j] = j
	}
	for i := 1; i <= len(a); i++ {
		now[0] = i
		least := i
		for j := 1; j <= len(b); j++ {
			cost := 1
			if a[i-1] == b[j-1] {
				cost = 0
			}
			now[j] = min(last[j]+1, now[j-1]+1, last[j-1]+cost)
			if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
				now[j] = min(now[j], before[j-2]+1)
			}
			least = min(least, now[j])
		}
		if least > most {
			return most + 1
		}
		before, last, now = last, now, before
	}
	return min(last[len(b)], most+1)
}
