package chart

import (
	"html/template"
	"math"
)

// Step is one step of a fall, as it is and as it would be.
type Step struct {
	Name        string
	Now, Then   float64
	Level       bool // where the fall stands, and no change of it
	Label, Next string
}

// Falls leads from a first level down to a last one, step by step, as it is and, beside
// it, as it would be. Each bar of a step begins where the one before it ended.
type Falls struct {
	Title, Summary string
	Now, Then      string // names of the two; Then "" draws only the first
	Steps          []Step
}

const (
	pairHeight = 36.0
	pairBar    = 11.0
)

// SVG draws the falls; "" when there are none.
func (f Falls) SVG() template.HTML {
	if len(f.Steps) == 0 {
		return ""
	}
	names, labels, lo, hi := 0.0, 0.0, 0.0, 0.0
	for _, s := range f.Steps {
		names = math.Max(names, math.Min(mostName, widthOf(s.Name)))
		labels = math.Max(labels, math.Max(widthOf(s.Label), widthOf(s.Next)))
	}
	f.walk(func(_ int, now, then [2]float64) {
		lo, hi = min(lo, now[0], now[1], then[0], then[1]), max(hi, now[0], now[1], then[0], then[1])
	})
	height, top := rowHeight, 0.0
	if f.Then != "" {
		height, top = pairHeight, 20.0
	}
	x := scale{lo, hi, names + 12, rowsWidth - labels - 14}
	bottom := top + height*float64(len(f.Steps))
	c := newCanvas("rows", f.Title, f.Summary, rowsWidth, bottom+4)
	if f.Then != "" {
		c.rect(0, 4, 10, 10, "now", "")
		c.text(14, 13, "start", "", f.Now)
		c.rect(34+widthOf(f.Now), 4, 10, 10, "then", "")
		c.text(48+widthOf(f.Now), 13, "start", "", f.Then)
	}
	c.line(x.at(0), top, x.at(0), bottom, "zero")
	f.walk(func(i int, now, then [2]float64) {
		s, at, class := f.Steps[i], top+height*float64(i), ""
		if s.Level {
			class = "strong"
		}
		c.text(0, at+height/2+4, "start", class, fit(s.Name, mostName))
		if f.Then == "" {
			c.span(x, now, at+6, barHeight, "now")
			c.text(c.width, at+17, "end", class, s.Label)
			return
		}
		c.span(x, now, at+5, pairBar, "now")
		c.text(c.width, at+15, "end", class, s.Label)
		c.span(x, then, at+6+pairBar, pairBar, "then")
		c.text(c.width, at+29, "end", class, s.Next)
	})
	return c.done()
}

// walk gives each step where its two bars begin and end.
func (f Falls) walk(each func(i int, now, then [2]float64)) {
	var now, then float64
	for i, s := range f.Steps {
		a, b := [2]float64{now, now + s.Now}, [2]float64{then, then + s.Then}
		if s.Level {
			a, b = [2]float64{0, s.Now}, [2]float64{0, s.Then}
		}
		now, then = a[1], b[1]
		each(i, a, b)
	}
}

func (c *canvas) span(x scale, of [2]float64, top, height float64, class string) {
	a, b := x.at(min(of[0], of[1])), x.at(max(of[0], of[1]))
	c.rect(a, top, math.Max(1, b-a), height, class, "")
}
