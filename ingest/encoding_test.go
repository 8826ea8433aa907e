package ingest

import (
	"bytes"
	"testing"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/japanese"
	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/traditionalchinese"
	"golang.org/x/text/encoding/unicode"

	"tradewind/fault"
)

// TestEncodings reads one table in many encodings: what is found must be right, and what
// cannot be told must be asked. Traditional Chinese in Big5 is not supported, and decodes
// without error as two encodings that are.
func TestEncodings(t *testing.T) {
	const (
		german   = "Größe L, weiß\nÜbertrag\nStück à 5 €\nGroße Schüssel\n"
		french   = "Théière émaillée\nÇa où\nCœur brodé\n"
		chinese  = "搪瓷杯（大号）\n陶瓷碗\n不锈钢保温杯\n"
		japan    = "ほうろうマグカップ\n出品者の商品名\n陶器のお皿\n"
		trad     = "訂單號碼\n商品名稱\n陶瓷碗\n"
		pound    = "Voucher £80.00\n"
		asciiRow = "Enamel mug\n"
	)
	utf16 := func(e unicode.Endianness) encoding.Encoding { return unicode.UTF16(e, unicode.IgnoreBOM) }
	for _, test := range []struct {
		name string
		text string
		enc  encoding.Encoding
		want string // "" is asked
	}{
		{"ascii", asciiRow, nil, "utf-8"},
		{"utf-8 chinese", chinese, nil, "utf-8"},
		{"utf-8 with mark", "\ufeff" + german, nil, "utf-8"},
		{"german", german, charmap.Windows1252, "windows-1252"},
		{"french", french, charmap.Windows1252, "windows-1252"},
		{"pound", pound, charmap.Windows1252, "windows-1252"},
		{"chinese", chinese, simplifiedchinese.GB18030, "gb18030"},
		{"japanese", japan, japanese.ShiftJIS, "shift_jis"},
		{"traditional", trad, traditionalchinese.Big5, ""},
		{"utf-16le", chinese, utf16(unicode.LittleEndian), "utf-16le"},
		{"utf-16be", german, utf16(unicode.BigEndian), "utf-16be"},
		{"noise", "\x81\x8d\x8f\x90\n\x9d\xa0\xff\n", nil, ""},
	} {
		t.Run(test.name, func(t *testing.T) {
			text := "sku,name\n"
			for i, line := range bytes.Split([]byte(test.text), []byte("\n")) {
				if len(line) > 0 {
					text += string(rune('A'+i)) + ",\"" + string(line) + "\"\n"
				}
			}
			if bytes.HasPrefix([]byte(test.text), []byte("\ufeff")) {
				text = "\ufeff" + text
			}
			data := []byte(text)
			if test.enc != nil {
				var err error
				if data, err = test.enc.NewEncoder().Bytes(data); err != nil {
					t.Fatal(err)
				}
			}
			s, err := Open("t.csv", bytes.NewReader(data), 0, Options{})
			if test.want == "" {
				if f := fault.Of(err); f == nil || f.Code != "E-ENCODING-AMBIG" {
					t.Errorf("got %v, want to be asked", err)
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			if s.Encoding != test.want {
				t.Errorf("taken for %s, want %s", s.Encoding, test.want)
			}
			for _, err := range s.Read() {
				if err != nil {
					t.Error(err)
				}
			}
		})
	}
}

// TestEncodingByHeader: a header that a format knows decides, however little else there is.
func TestEncodingByHeader(t *testing.T) {
	data, err := simplifiedchinese.GB18030.NewEncoder().Bytes([]byte("商品编码,商品名称\nA,é\n"))
	if err != nil {
		t.Fatal(err)
	}
	s, err := Open("t.csv", bytes.NewReader(data), 0, Options{})
	if err != nil {
		t.Fatal(err)
	}
	if s.Encoding != "gb18030" || s.Format.Name != "products" {
		t.Errorf("read as %s in %s, want products in gb18030", s.Format.Name, s.Encoding)
	}
}
