package ingest

import (
	"bytes"
	"io"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/japanese"
	"golang.org/x/text/encoding/simplifiedchinese"
	utf16 "golang.org/x/text/encoding/unicode"
	"golang.org/x/text/transform"

	"tradewind/fault"
)

// encodings are the character sets that a file may be in; nil is UTF-8 itself.
var encodings = map[string]encoding.Encoding{
	"utf-8":        nil,
	"utf-16le":     utf16.UTF16(utf16.LittleEndian, utf16.UseBOM),
	"utf-16be":     utf16.UTF16(utf16.BigEndian, utf16.UseBOM),
	"windows-1252": charmap.Windows1252,
	"gb18030":      simplifiedchinese.GB18030,
	"shift_jis":    japanese.ShiftJIS,
}

// legacy are the character sets that only their words tell apart: text in one of them
// often decodes without any error as another.
var legacy = []string{"windows-1252", "gb18030", "shift_jis"}

// detectEncoding decides the character set from the first bytes of a file and returns
// what turns the file into UTF-8.
//
// The order: what the caller or the format says; a byte order mark; valid UTF-8; the
// zero bytes of UTF-16; then the words, see scoreEncodings. A file of which none wins is
// fault.Invalid, unless only a few of its rows are not UTF-8: those are rejected one by
// one when they come.
func (s *Source) detectEncoding(head []byte, formats []*Format, o Options) (func(io.Reader) io.Reader, error) {
	name := o.Encoding
	if name == "" && len(formats) == 1 {
		name = formats[0].Encoding
	}
	if _, ok := encodings[name]; name != "" && !ok {
		return nil, fault.New(fault.Usage, "E-ENCODING-NAME", fault.A("value", name))
	}
	skip := 0
	switch {
	case name != "":
		if name == "utf-8" && bytes.HasPrefix(head, []byte("\xef\xbb\xbf")) {
			skip = 3
		}
	case bytes.HasPrefix(head, []byte("\xef\xbb\xbf")):
		name, skip = "utf-8", 3
	case bytes.HasPrefix(head, []byte("\xff\xfe")):
		name = "utf-16le"
	case bytes.HasPrefix(head, []byte("\xfe\xff")):
		name = "utf-16be"
	case bytes.IndexByte(head, 0) >= 0:
		if name = zeroPattern(head); name == "" {
			if n := bytes.Count(head, []byte{0}); 100*n > len(head) || bytes.IndexByte(firstLine(head), 0) >= 0 {
				return nil, fault.New(fault.Invalid, "E-BINARY", fault.A("file", s.Name))
			}
			name = "utf-8" // single rows with NUL are rejected when they come
		}
	case utf8.Valid(trimRune(head)):
		name = "utf-8"
	default:
		if name = scoreEncodings(head, formats); name == "" {
			if !mostlyUTF8(head) {
				return nil, fault.New(fault.Invalid, "E-ENCODING-AMBIG", fault.A("file", s.Name))
			}
			name = "utf-8"
		}
	}
	s.Encoding = name
	enc := encodings[name]
	return func(r io.Reader) io.Reader {
		if enc != nil {
			return transform.NewReader(r, enc.NewDecoder())
		}
		if skip > 0 {
			_, _ = io.CopyN(io.Discard, r, int64(skip)) // the head is in memory
		}
		return r
	}, nil
}

// zeroPattern names the UTF-16 whose Latin letters leave every other byte zero.
func zeroPattern(head []byte) string {
	var zeros [2]int
	for i, c := range head {
		if c == 0 {
			zeros[i%2]++
		}
	}
	half := len(head) / 2
	switch {
	case zeros[1] > half/4 && zeros[0] < zeros[1]/20+1:
		return "utf-16le"
	case zeros[0] > half/4 && zeros[1] < zeros[0]/20+1:
		return "utf-16be"
	}
	return ""
}

// mostlyUTF8 reports whether the header and at least nineteen rows of twenty are UTF-8.
func mostlyUTF8(head []byte) bool {
	if !utf8.Valid(firstLine(head)) {
		return false
	}
	rows, bad := 0, 0
	for line := range bytes.Lines(trimRune(head)) {
		rows++
		if !utf8.Valid(line) {
			bad++
		}
	}
	return 20*bad <= rows
}

const (
	enoughScore  = 0.5 // of characters that text in the language really uses
	enoughMargin = 0.2 // over the next best
)

// scoreEncodings names the character set in which the words of a file make sense, or ""
// where none clearly does. A header that a format knows decides; otherwise each set is
// scored by how common and how well placed the characters are that it gives, over the
// lines that are not ASCII.
func scoreEncodings(head []byte, formats []*Format) string {
	type candidate struct {
		name    string
		matched int // columns of the format that fits best, where the header is not ASCII
		score   float64
	}
	var all []candidate
	sample := foreignLines(trimRune(head))
	for _, name := range legacy {
		c := candidate{name: name}
		text, err := encodings[name].NewDecoder().Bytes(sample)
		if err != nil {
			continue
		}
		c.score = plausibility(name, text)
		if header := firstLine(head); !ascii(header) {
			if text, err := encodings[name].NewDecoder().Bytes(header); err == nil {
				c.matched = bestHeader(string(text), formats)
			}
		}
		all = append(all, c)
	}
	slices.SortStableFunc(all, func(a, b candidate) int {
		switch {
		case a.matched != b.matched:
			return b.matched - a.matched
		case a.score != b.score:
			if a.score > b.score {
				return -1
			}
			return 1
		}
		return 0
	})
	if all[0].matched > all[1].matched {
		return all[0].name
	}
	if all[0].score >= enoughScore && all[0].score >= all[1].score+enoughMargin {
		return all[0].name
	}
	return ""
}

// foreignLines keeps the lines that are not ASCII, at most 500.
func foreignLines(text []byte) []byte {
	var kept []byte
	n := 0
	for line := range bytes.Lines(text) {
		if !ascii(line) {
			kept = append(kept, line...)
			if n++; n == 500 {
				break
			}
		}
	}
	return kept
}

// plausibility is the mean, over the characters that are not ASCII, of how much they look
// like real text of a character set: 1 for common letters in a common place, 0 for rare
// ones, -1 for what cannot be decoded.
func plausibility(name string, text []byte) float64 {
	runes := []rune(string(text))
	sum, n := 0.0, 0
	for i, r := range runes {
		if r < utf8.RuneSelf {
			continue
		}
		n++
		if r == utf8.RuneError {
			sum--
			continue
		}
		before, behind := rune(0), rune(0)
		if i > 0 {
			before = runes[i-1]
		}
		if i+1 < len(runes) {
			behind = runes[i+1]
		}
		switch name {
		case "windows-1252":
			sum += western(r, before, behind)
		case "gb18030":
			sum += chinese(r, before, behind)
		case "shift_jis":
			sum += japaneseText(r, before, behind)
		}
	}
	if n == 0 {
		return 0
	}
	return sum / float64(n)
}

// western: letters of the western languages stand alone among ASCII letters.
func western(r, before, behind rune) float64 {
	if before >= utf8.RuneSelf && behind >= utf8.RuneSelf {
		return 0
	}
	switch {
	case strings.ContainsRune("äöüßéèêëàâçîïôûùáíóúñãõåøæœ", r):
		return 1
	case strings.ContainsRune("ÄÖÜÉÈÀÇÁÍÓÚÑÅØÆŒÊ", r):
		return 0.9
	case strings.ContainsRune("£€©®™°–—‘’“”„…•½¼¾²³´«»¡¿·\u00a0", r):
		return 0.8
	case unicode.IsLetter(r):
		return 0.3
	}
	return 0
}

// chinese: the characters of GB 2312 level 1 make up nearly all of a Chinese text, and
// they do not stand inside Latin words.
func chinese(r, before, behind rune) float64 {
	switch {
	case unicode.Is(unicode.Han, r):
		if latin(before) && latin(behind) {
			return 0
		}
		b, err := simplifiedchinese.GBK.NewEncoder().String(string(r))
		if err != nil || len(b) != 2 || b[1] < 0xa1 {
			return 0
		}
		if b[0] >= 0xb0 && b[0] <= 0xd7 {
			return 1
		}
		if b[0] >= 0xd8 && b[0] <= 0xf7 {
			return 0.3
		}
		return 0
	case r >= 0x3000 && r <= 0x301f, r >= 0xff01 && r <= 0xff5e, strings.ContainsRune("·—…“”‘’", r):
		return 0.9
	}
	return 0
}

// japaneseText: kana run through every Japanese text; kanji of JIS level 1 are common;
// half-width kana are what Chinese bytes turn into.
func japaneseText(r, before, behind rune) float64 {
	switch {
	case r >= 0xff61 && r <= 0xff9f:
		return 0.05
	case unicode.Is(unicode.Hiragana, r), unicode.Is(unicode.Katakana, r), r == 'ー':
		return 1
	case unicode.Is(unicode.Han, r):
		if latin(before) && latin(behind) {
			return 0
		}
		b, err := japanese.ShiftJIS.NewEncoder().String(string(r))
		if err != nil || len(b) != 2 {
			return 0
		}
		if b[0] < 0x98 || b[0] == 0x98 && b[1] < 0x9f {
			return 0.9
		}
		return 0.2
	case r >= 0x3000 && r <= 0x301f, r >= 0xff01 && r <= 0xff5e:
		return 0.9
	}
	return 0
}

func latin(r rune) bool { return r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' }

func ascii(text []byte) bool {
	for _, c := range text {
		if c >= utf8.RuneSelf {
			return false
		}
	}
	return true
}

func firstLine(text []byte) []byte {
	line, _, _ := bytes.Cut(text, []byte("\n"))
	return line
}

// trimRune takes off the beginning of a character that was cut at the end.
func trimRune(text []byte) []byte {
	for i := 1; i <= utf8.UTFMax && i <= len(text); i++ {
		if c := text[len(text)-i]; utf8.RuneStart(c) {
			if !utf8.FullRune(text[len(text)-i:]) {
				return text[:len(text)-i]
			}
			break
		}
	}
	return text
}
