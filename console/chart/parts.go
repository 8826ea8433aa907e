package chart

import (
	"html/template"
	"math"
)

// Part is one addend of a Sum.
type Part struct {
	Name  string
	Value float64
	Label string // the value for people
}

// Sum shows how parts add up to a total: each bar starts where the one before it ends.
type Sum struct {
	Title   string
	Summary string
	Parts   []Part
	Total   Part
}

const (
	rowHeight = 26.0
	barHeight = 14.0
	rowsWidth = 560.0
	mostName  = 230.0 // widest name beside a row
)

// SVG draws the sum; "" when it has no parts.
func (s Sum) SVG() template.HTML {
	if len(s.Parts) == 0 {
		return ""
	}
	names, labels := 0.0, 0.0
	for _, p := range append(append([]Part(nil), s.Parts...), s.Total) {
		names = math.Max(names, math.Min(mostName, widthOf(p.Name)))
		labels = math.Max(labels, widthOf(p.Label))
	}
	lo, hi, level := math.Min(0, s.Total.Value), math.Max(0, s.Total.Value), 0.0
	for _, p := range s.Parts {
		level += p.Value
		lo, hi = math.Min(lo, level), math.Max(hi, level)
	}
	x := scale{lo, hi, names + 12, rowsWidth - labels - 14}
	bottom := rowHeight * float64(len(s.Parts)+1)
	c := newCanvas("rows", s.Title, s.Summary, rowsWidth, bottom+4)
	c.line(x.at(0), 0, x.at(0), bottom, "zero")
	level = 0
	for i, p := range s.Parts {
		top := rowHeight * float64(i)
		class := "plus"
		if p.Value < 0 {
			class = "minus"
		}
		c.bar(x, level, level+p.Value, top, class)
		level += p.Value
		c.line(x.at(level), top+6+barHeight, x.at(level), top+rowHeight+6, "link")
		c.row(p.Name, p.Label, top, "")
	}
	top := rowHeight * float64(len(s.Parts))
	c.bar(x, 0, s.Total.Value, top, "total")
	c.row(s.Total.Name, s.Total.Label, top, "strong")
	return c.done()
}

func (c *canvas) bar(x scale, from, to, top float64, class string) {
	a, b := x.at(math.Min(from, to)), x.at(math.Max(from, to))
	c.rect(a, top+6, math.Max(1, b-a), barHeight, class, "")
}

// row writes the name at the left and the value at the right of a row.
func (c *canvas) row(name, label string, top float64, class string) {
	c.text(0, top+17, "start", class, fit(name, mostName))
	if label != "" {
		c.text(c.width, top+17, "end", class, label)
	}
}

// Interval is an estimate: its mean and the bounds of an interval around it.
type Interval struct {
	Name            string
	Mean, Low, High float64
	Label           string // the estimate for people
	Strong          bool   // the row to look at
}

// Intervals shows estimates under one another on one scale.
type Intervals struct {
	Title   string
	Summary string
	Rows    []Interval
	Format  func(float64) string
}

// SVG draws the intervals; "" when there are none.
func (s Intervals) SVG() template.HTML {
	if len(s.Rows) == 0 {
		return ""
	}
	names, labels, lo, hi := 0.0, 0.0, 0.0, 0.0
	for _, r := range s.Rows {
		names = math.Max(names, math.Min(mostName, widthOf(r.Name)))
		labels = math.Max(labels, widthOf(r.Label))
		lo, hi = math.Min(lo, math.Min(r.Low, r.Mean)), math.Max(hi, math.Max(r.High, r.Mean))
	}
	ticks := Ticks(lo, hi, 4)
	x := scale{ticks[0], ticks[len(ticks)-1], names + 20, rowsWidth - labels - 20}
	bottom := rowHeight * float64(len(s.Rows))
	c := newCanvas("rows", s.Title, s.Summary, rowsWidth, bottom+22)
	for i, v := range ticks {
		class := "grid"
		if v == 0 {
			class = "zero"
		}
		c.line(x.at(v), 0, x.at(v), bottom, class)
		if v == 0 || i == len(ticks)-1 || i == 0 && x.at(0)-x.at(v) > widthOf(s.Format(v)) {
			c.text(x.at(v), bottom+14, "middle", "", s.Format(v))
		}
	}
	for i, r := range s.Rows {
		top := rowHeight * float64(i)
		class := ""
		if r.Strong {
			class = " strong"
		}
		c.estimate(x, r, top+rowHeight/2, class)
		c.row(r.Name, r.Label, top, class[min(1, len(class)):])
	}
	return c.done()
}

// estimate draws an interval with its ends and its mean.
func (c *canvas) estimate(x scale, r Interval, mid float64, class string) {
	c.line(x.at(r.Low), mid, x.at(r.High), mid, "interval"+class)
	c.line(x.at(r.Low), mid-4, x.at(r.Low), mid+4, "whisker"+class)
	c.line(x.at(r.High), mid-4, x.at(r.High), mid+4, "whisker"+class)
	c.WriteString(`<circle class="mean` + class + `" cx="` + num(x.at(r.Mean)) + `" cy="` + num(mid) + `" r="4"/>`)
}
