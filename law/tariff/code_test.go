package tariff

import (
	"strings"
	"testing"

	"tradewind/fault"
	"tradewind/messages"
)

// TestCodesAreComplete holds the numbers of HS 2022: 5,612 subheadings, of them none in
// chapter 77, 1,228 headings, 96 chapters. The published list has one row more of each,
// for 99 "not specified".
func TestCodesAreComplete(t *testing.T) {
	for digits, want := range map[int]int{2: 96, 4: 1228, 6: 5612, 8: 0} {
		if got := Codes(digits); got != want {
			t.Errorf("%d codes of %d digits, want %d", got, digits, want)
		}
	}
	for code := range held().codes {
		if len(code) > 2 && !Valid(code[:len(code)-2]) {
			t.Errorf("%s stands below nothing", code)
		}
	}
}

func TestParse(t *testing.T) {
	for text, want := range map[string]Code{
		"61": "61", "6109": "6109", "6109.10": "610910", "6109.10.00": "61091000", " 6109 10 00 12 ": "6109100012", "610910001": "610910001",
	} {
		if got, err := Parse(text, HS2022); got != want || err != nil {
			t.Errorf("%q read as %q, %v", text, got, err)
		}
	}
	for _, tt := range []struct {
		text    string
		edition Edition
		code    string
		says    string
	}{
		{"", 0, "E-HS-FORM", ""},
		{"6", 0, "E-HS-FORM", ""},
		{"610", 0, "E-HS-FORM", ""},
		{"61091", 0, "E-HS-FORM", ""},
		{"61091000123", 0, "E-HS-FORM", ""},
		{"6109-10", 0, "E-HS-FORM", ""},
		{"shirt", 0, "E-HS-FORM", ""},
		{"6109.10", 2017, "E-HS-EDITION-UNHELD", "2017"},
		{"8806.99.99", 0, "", ""}, // drones, new in 2022
		// Men's anoraks of cotton were 6201.92 until 2021, petroleum oils never 2710.77.
		{"6201.92.15", 0, "E-HS-EDITION", "6201"},
		{"2710.77", 0, "E-HS-UNKNOWN", "2710"},
		{"6199", 0, "E-HS-UNKNOWN", "61"},
		{"9903.88.15", 0, "E-HS-CHAPTER", "99"},
		{"77", 0, "E-HS-CHAPTER", "77"},
	} {
		_, err := Parse(tt.text, tt.edition)
		if tt.code == "" {
			if err != nil {
				t.Errorf("%q: %v", tt.text, err)
			}
			continue
		}
		f := fault.Of(err)
		if f == nil || f.Code != tt.code || f.Kind != fault.Invalid {
			t.Errorf("%q: got %v, want %s", tt.text, err, tt.code)
			continue
		}
		if said := messages.Of(err).In(messages.English); !strings.Contains(said, tt.says) || strings.Contains(said, "[") {
			t.Errorf("%q: %s", tt.text, said)
		}
	}
}

func TestCodeParts(t *testing.T) {
	c := Code("0101210010")
	if c.Chapter() != "01" || c.Heading() != "0101" || c.HS6() != "010121" || c.Dotted() != "0101.21.00.10" || Code("61").Heading() != "61" {
		t.Errorf("%s is of %s, %s, %s, printed %s", c, c.Chapter(), c.Heading(), c.HS6(), c.Dotted())
	}
	for code, want := range map[Code]int{"01": 1, "0511": 1, "06": 2, "6109": 11, "85": 16, "97": 21, "98": 0, "77": 0} {
		if got := code.Section(); got != want {
			t.Errorf("%s is of section %d, want %d", code, got, want)
		}
	}
}

// FuzzParse: whatever is read is a code that reads as itself.
func FuzzParse(f *testing.F) {
	for _, s := range []string{"6109.10", "", "99", "..61..", "0101210010"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		code, err := Parse(text, HS2022)
		if err != nil {
			if !fault.Is(err, fault.Invalid) {
				t.Fatal(err)
			}
			return
		}
		if again, err := Parse(code.Dotted(), HS2022); err != nil || again != code {
			t.Fatalf("%q is %s, printed and read again %s, %v", text, code, again, err)
		}
	})
}
