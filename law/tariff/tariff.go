// Package tariff holds what a customs tariff says: the codes of the Harmonized System
// 2022, the schedule of the United States with its rates as formulas, and schedules of
// other countries as a user loads them.
//
//	us := tariff.UnitedStates()
//	rate, ok := us.Duty("6109.10.00", "CN", "", day)
//	duty, missing, err := rate.Amount(value, tariff.Quantities{Kilograms: .2})
//
// A rate that is not known is not known: it is never zero. Nothing here says what a
// product is (package classification suggests that), whether goods qualify for a
// programme, or what falls due besides the duty (package landed adds that up).
//
// The texts are those of the US schedule, a work of the US government; of the
// nomenclature there are the codes alone, because the World Customs Organization claims
// rights in its wording.
//
// Before it come money, calendar, messages and commerce.
package tariff

import (
	_ "embed"
	"slices"
	"strconv"
	"strings"
	"sync"

	"github.com/klauspost/compress/zstd"
)

// packed is made by the program in generate/, which describes its form.
//
//go:embed schedule.tsv.zst
var packed []byte

// Entry is a row of the US schedule, in its order: a heading, a line, a statistical
// suffix, or a text without a code that groups those below it.
type Entry struct {
	Code   Code     // "" for a text that only groups
	Indent int      // 0 for a heading; what belongs below a row is indented further
	Units  []string // what customs wants reported: "No.", "kg"
	Text   string
}

// holding is what the embedded file holds.
type holding struct {
	codes      map[Code]bool // of HS 2022
	earlier    map[Code]bool // of the edition before, as far as they are on record
	entries    []Entry
	priced     []pricedRow
	additional map[Code]string // share of the value by code
}

// pricedRow is a line of the US schedule with its three columns.
type pricedRow struct {
	code                      Code
	general, special, column2 string
}

var held = sync.OnceValue(func() *holding {
	decoder, err := zstd.NewReader(nil, zstd.WithDecoderConcurrency(1))
	if err != nil {
		panic("tariff: " + err.Error())
	}
	defer decoder.Close()
	content, err := decoder.DecodeAll(packed, nil)
	if err != nil {
		panic("tariff: the embedded schedule: " + err.Error())
	}
	h := &holding{codes: make(map[Code]bool, 8000), earlier: map[Code]bool{}, additional: make(map[Code]string, 12_000)}
	for line := range strings.Lines(string(content)) {
		cells := strings.Split(strings.TrimSuffix(line, "\n"), "\t")
		switch code := Code(cells[1]); cells[0] {
		case "H":
			h.codes[code] = true
		case "E":
			h.earlier[code] = true
		case "C":
			h.additional[code] = cells[2]
		case "R":
			h.addRow(code, cells[2:])
		}
	}
	return h
})

// addRow takes the columns from the indent on.
func (h *holding) addRow(code Code, cells []string) {
	indent, err := strconv.Atoi(cells[0])
	if err != nil {
		panic("tariff: the embedded schedule: " + err.Error())
	}
	e := Entry{Code: code, Indent: indent, Text: cells[5]}
	if cells[1] != "" {
		e.Units = strings.Split(cells[1], ";")
	}
	h.entries = append(h.entries, e)
	if cells[4] != "" {
		h.priced = append(h.priced, pricedRow{code[:lineDigits], cells[2], cells[3], cells[4]})
	}
}

// Entries returns the rows of chapters 1 to 97 of the US schedule. The slice is the
// caller's, the units in it are shared and must not be changed.
func Entries() []Entry { return slices.Clone(held().entries) }
