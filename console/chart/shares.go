package chart

import (
	"html/template"
	"math"
)

// Share is one whole and the parts of it, from 0 to 1 and together 1 at most.
type Share struct {
	Name  string
	Parts []float64 // by series
	Label string    // the share for people
}

// Shares shows wholes under one another, each from 0 to 100 %. Names are those of the
// parts, in their order; the last one is of the rest.
type Shares struct {
	Title   string
	Summary string
	Names   []string
	Rows    []Share
}

// SVG draws the shares; "" when there are none.
func (s Shares) SVG() template.HTML {
	if len(s.Rows) == 0 {
		return ""
	}
	names, labels := 0.0, 0.0
	for _, r := range s.Rows {
		names = math.Max(names, math.Min(mostName, widthOf(r.Name)))
		labels = math.Max(labels, widthOf(r.Label))
	}
	x := scale{0, 1, names + 20, rowsWidth - labels - 20}
	bottom := rowHeight * float64(len(s.Rows)+1)
	c := newCanvas("rows", s.Title, s.Summary, rowsWidth, bottom+4)
	at := 0.0
	for i, name := range s.Names {
		class := "part p" + num(float64(i+1))
		if i == len(s.Names)-1 {
			class = "whole"
		}
		c.rect(at, 4, 10, 10, class, "")
		c.text(at+14, 13, "start", "", name)
		at += 14 + widthOf(name) + 16
	}
	for i, r := range s.Rows {
		top := rowHeight * float64(i+1)
		c.rect(x.at(0), top+6, x.at(1)-x.at(0), barHeight, "whole", "")
		from := 0.0
		for k, part := range r.Parts {
			to := math.Min(1, from+math.Max(0, part))
			if to > from {
				c.rect(x.at(from), top+6, x.at(to)-x.at(from), barHeight, "part p"+num(float64(k+1)), "")
			}
			from = to
		}
		c.row(r.Name, r.Label, top, "")
	}
	return c.done()
}
