package console

import (
	"encoding/csv"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// The openings come from OWASP's page on CSV injection, and their full-width forms.
func TestGuardDisarmsFormulas(t *testing.T) {
	for text, want := range map[string]string{
		"=1+1":            "'=1+1",
		"+44 20":          "'+44 20",
		"-2+3":            "'-2+3",
		"@SUM(A1)":        "'@SUM(A1)",
		"\t=1":            "'\t=1",
		"\r=1":            "'\r=1",
		"\n=1":            "'\n=1",
		"  =1":            "'  =1",
		"＝1":              "'＝1",
		"＋1":              "'＋1",
		"－1":              "'－1",
		"＠x":              "'＠x",
		"85123A":          "85123A",
		"":                "",
		"CREAM HEART -XL": "CREAM HEART -XL",
		"补货":              "补货",
	} {
		if got := guard(text); got != want {
			t.Errorf("guard(%q) = %q, want %q", text, got, want)
		}
	}
}

// A sheet read back holds what was put in, but for the quote before a formula.
func TestSheetReadsBack(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		texts := rapid.SliceOfN(rapid.StringMatching(`[ -~\n=＝补"',;]*`), 1, 20).Draw(t, "texts")
		s := &sheet{columns: []string{"n", "text"}}
		for i, text := range texts {
			s.add(intCell(-i), textCell(text))
		}
		data, mark := strings.CutPrefix(string(s.encode()), "\ufeff")
		if !mark {
			t.Fatal("no byte order mark")
		}
		rows, err := csv.NewReader(strings.NewReader(data)).ReadAll()
		if err != nil {
			t.Fatal(err)
		}
		for i, row := range rows[1:] {
			if got, want := row[1], guard(texts[i]); got != want {
				t.Fatalf("row %d = %q, want %q", i, got, want)
			}
			if i > 0 && !strings.HasPrefix(row[0], "-") {
				t.Fatalf("number %q lost its sign", row[0])
			}
		}
	})
}
