package tradewind

import (
	"cmp"
	"slices"

	"tradewind/ingest"
	"tradewind/messages"
)

// FormatView is a kind of file that Import reads.
type FormatView struct {
	Name     string         `json:"name"`
	Fact     string         `json:"fact"`
	Columns  []FormatColumn `json:"columns"` // those that must be there first
	Template bool           `json:"template"`
}

// FormatColumn is a column that a format looks for, by any of its names.
type FormatColumn struct {
	Names    []string `json:"names"`
	Optional bool     `json:"optional"`
}

// Formats returns the formats that are built in, by name.
func Formats() []FormatView {
	var views []FormatView
	for _, f := range ingest.Formats() {
		view := FormatView{Name: f.Name, Fact: f.Fact, Template: slices.Contains(ingest.Templates(), f.Name)}
		for _, c := range f.Columns {
			if len(c.Names) == 0 {
				continue // a constant of the format, not a column of the file
			}
			view.Columns = append(view.Columns, FormatColumn{c.Names, c.Optional})
		}
		slices.SortFunc(view.Columns, func(a, b FormatColumn) int {
			if a.Optional != b.Optional {
				if b.Optional {
					return -1
				}
				return 1
			}
			return cmp.Compare(a.Names[0], b.Names[0])
		})
		views = append(views, view)
	}
	return views
}

// FormatTemplate returns the empty table of a format, with its header in the language
// and one example row, as CSV.
func FormatTemplate(name string, lang messages.Language) ([]byte, error) {
	return ingest.Template(name, lang)
}
