package tariff

import (
	"errors"
	"strings"
	"testing"

	"tradewind/commerce"
	"tradewind/fault"
	"tradewind/messages"
)

const own = `country,hs,origin,rate,from,to,source
JP,61,*,10%,2024-01-01,,Customs Tariff of Japan
JP,6109.10,*,10.9%,2024-01-01,2025-03-31,Customs Tariff of Japan
JP,6109.10,*,9%,2025-04-01,,Customs Tariff of Japan
JP,6109.10,CN,7.4%,2025-04-01,,Customs Tariff of Japan
JP,640399,,max(21.6%; 4300 JPY/pair),2024-01-01,,Customs Tariff of Japan
`

// TestReadSchedule: longest prefix, the very origin, the day.
func TestReadSchedule(t *testing.T) {
	s, err := ReadSchedule("japan.csv", []byte("\ufeff"+own))
	if err != nil {
		t.Fatal(err)
	}
	if s.Country() != "JP" || s.Lines() != 3 {
		t.Errorf("%d lines of %s", s.Lines(), s.Country())
	}
	for _, tt := range []struct {
		code   string
		origin commerce.Market
		on     string
		want   string
	}{
		{"6109.10.000", "IT", "2025-03-31", "10.9%"},
		{"6109.10.000", "IT", "2025-04-01", "9%"},
		{"6109.10.000", "CN", "2025-04-01", "7.4%"},
		{"6109.10.000", "CN", "2025-03-31", "10.9%"},
		{"6110.20", "CN", "2025-04-01", "10%"},
		{"6110.20", "CN", "2023-12-31", ""},
		{"6201.20", "CN", "2025-04-01", ""},
		{"6403", "CN", "2025-04-01", "max(21.6%; 4300 JPY/pair)"},
	} {
		r, ok := s.Duty(tt.code, tt.origin, "", day(tt.on))
		if ok != (tt.want != "") || r.Text != tt.want || ok && (r.Status != Supplied || r.Source != "Customs Tariff of Japan") {
			t.Errorf("%s of %s on %s: %+v, %v, want %s", tt.code, tt.origin, tt.on, r, ok, tt.want)
		}
	}
	if _, ok := s.Additional("610910", "CN", may); ok {
		t.Error("Japan has the additional duties of the United States")
	}
}

// TestBadSchedules: every complaint says where, and has a remedy.
func TestBadSchedules(t *testing.T) {
	const head = "country,hs,origin,rate,from,to,source\n"
	for _, tt := range []struct{ text, code, where string }{
		{"", "E-TARIFF-EMPTY", "x.csv"},
		{head, "E-TARIFF-EMPTY", "x.csv"},
		{"country,hs,rate,from\n", "E-TARIFF-COLUMN-MISSING", "source"},
		{"country,hs,rate,from,source,colour\n", "E-TARIFF-COLUMN", "colour"},
		{"country,hs,hs,rate,from,source\n", "E-TARIFF-COLUMN", "hs"},
		{head + "JP,61,*,10%,2024-01-01,,s\nJP,62\n", "E-TARIFF-CSV", "line 3"},
		{head + "JP,61,*,\"10%,2024-01-01,,s\n", "E-TARIFF-CSV", "line"},
		{head + "JPN,61,*,10%,2024-01-01,,s\n", "E-TARIFF-COUNTRY", "line 2, column country (character 1)"},
		{head + "QQ,61,*,10%,2024-01-01,,s\n", "E-TARIFF-COUNTRY", "line 2"},
		{head + "JP,61,China,10%,2024-01-01,,s\n", "E-TARIFF-COUNTRY", "column origin (character 7)"},
		{head + "JP,61,*,10%,2024-01-01,,s\nKR,61,*,10%,2024-01-01,,s\n", "E-TARIFF-TWO", "line 3"},
		{head + "JP,6201.92,*,10%,2024-01-01,,s\n", "E-TARIFF-CODE", "HS 2017"},
		{head + "JP,61,*,ten,2024-01-01,,s\n", "E-TARIFF-RATE-CELL", "“ten”"},
		{head + "JP,61,*,,2024-01-01,,s\n", "E-TARIFF-RATE-CELL", "line 2"}, // never zero
		{head + "JP,61,*,10%,1/1/2024,,s\n", "E-TARIFF-DATE", "column from"},
		{head + "JP,61,*,10%,2024-01-02,2024-01-01,s\n", "E-TARIFF-DATE", "column to"},
		{head + "JP,61,*,10%,2024-01-01,,\n", "E-TARIFF-SOURCE", "line 2"},
		{head + "JP,61,*,10%,2024-01-01,,s\nJP,61,*,11%,2025-01-01,,s\n", "E-TARIFF-OVERLAP", "line 3"},
		{head + "JP,61,*,10%,2024-01-01,2024-12-31,s\nJP,61,,11%,2024-12-31,,s\n", "E-TARIFF-OVERLAP", "line 2"},
	} {
		s, err := ReadSchedule("x.csv", []byte(tt.text))
		f := fault.Of(err)
		if s != nil || f == nil || f.Code != tt.code || f.Kind != fault.Invalid {
			t.Errorf("%q: %v, want %s", tt.text, err, tt.code)
			continue
		}
		for _, lang := range messages.Languages {
			said, remedy := messages.Of(err).In(lang), messages.Of(err).Remedy().In(lang)
			if lang == messages.English && !strings.Contains(said, tt.where) || strings.ContainsAny(said+remedy, "[]") {
				t.Errorf("%s: %s %s", tt.code, said, remedy)
			}
		}
	}
	many := head + strings.Repeat("JP,61,*,ten,2024-01-01,,s\n", 100)
	_, err := ReadSchedule("x.csv", []byte(many))
	var joined interface{ Unwrap() []error }
	if !errors.As(err, &joined) || len(joined.Unwrap()) != mostFailures {
		t.Errorf("a hundred bad rows: %v", err)
	}
}

func FuzzReadSchedule(f *testing.F) {
	f.Add([]byte(own))
	f.Fuzz(func(t *testing.T, data []byte) {
		s, err := ReadSchedule("x", data)
		if err != nil && (s != nil || !fault.Is(err, fault.Invalid)) {
			t.Fatal(err)
		}
	})
}
