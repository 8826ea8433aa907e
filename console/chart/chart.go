// Package chart draws the console's charts as SVG: lines with bands and bars over days,
// parts that add up to a whole, and estimates with their intervals. A drawing names
// itself for those who hear it, labels its series where they are, and takes its colours
// from classes, so that one drawing serves light, dark and paper.
//
// It knows no business word: names and number formats come in as values. It is not for
// data tables; the pages print one beside each chart. Package console comes after it.
package chart

import (
	"fmt"
	"html"
	"html/template"
	"math"
	"strconv"
	"strings"
	"unicode/utf8"
)

const (
	fontSize = 11.5 // of every label, in user units
	lineStep = 14.0 // least distance between two labels
)

// canvas collects the elements of one drawing.
type canvas struct {
	strings.Builder
	width float64
}

// newCanvas opens a drawing of a kind, "days" or "rows", that scales with its container. title is its name; summary
// says in a sentence what the eye would see.
func newCanvas(kind, title, summary string, width, height float64) *canvas {
	c := &canvas{width: width}
	fmt.Fprintf(c, `<svg class="chart %s" role="img" viewBox="0 0 %s %s"><title>%s</title>`, kind, num(width), num(height), html.EscapeString(title))
	if summary != "" {
		fmt.Fprintf(c, `<desc>%s</desc>`, html.EscapeString(summary))
	}
	return c
}

func (c *canvas) done() template.HTML {
	c.WriteString("</svg>")
	return template.HTML(c.String()) // every text in it went through html.EscapeString
}

func (c *canvas) text(x, y float64, anchor, class, s string) {
	if class != "" {
		class = ` class="` + class + `"`
	}
	if anchor != "start" {
		class += ` text-anchor="` + anchor + `"`
	}
	fmt.Fprintf(c, `<text x="%s" y="%s"%s>%s</text>`, num(x), num(y), class, html.EscapeString(s))
}

func (c *canvas) line(x1, y1, x2, y2 float64, class string) {
	fmt.Fprintf(c, `<line class="%s" x1="%s" y1="%s" x2="%s" y2="%s"/>`, class, num(x1), num(y1), num(x2), num(y2))
}

func (c *canvas) rect(x, y, w, h float64, class, tip string) {
	fmt.Fprintf(c, `<rect class="%s" x="%s" y="%s" width="%s" height="%s"`, class, num(x), num(y), num(w), num(h))
	if tip == "" {
		c.WriteString("/>")
		return
	}
	fmt.Fprintf(c, `><title>%s</title></rect>`, html.EscapeString(tip))
}

func (c *canvas) path(d, class string) { fmt.Fprintf(c, `<path class="%s" d="%s"/>`, class, d) }

// num writes a coordinate with at most one decimal.
func num(x float64) string {
	return strconv.FormatFloat(math.Round(x*10)/10+0, 'f', -1, 64)
}

// widthOf estimates the width of a label: a CJK character is as wide as it is high,
// others a little more than half.
func widthOf(s string) float64 {
	w := 0.0
	for _, r := range s {
		if r >= 0x2E80 {
			w += fontSize
		} else {
			w += fontSize * 0.57
		}
	}
	return w
}

// fit cuts a label that is wider than most.
func fit(s string, most float64) string {
	if widthOf(s) <= most {
		return s
	}
	for s != "" && widthOf(s+"…") > most {
		_, size := utf8.DecodeLastRuneInString(s)
		s = s[:len(s)-size]
	}
	return strings.TrimSpace(s) + "…"
}

// scale maps values to coordinates.
type scale struct{ lo, hi, from, to float64 }

func (s scale) at(v float64) float64 {
	if s.hi == s.lo {
		return s.from
	}
	return s.from + (v-s.lo)/(s.hi-s.lo)*(s.to-s.from)
}

// Ticks returns about n round values that cover lo…hi: multiples of 1, 2 or 5 times a
// power of ten. It panics where lo > hi or n < 1.
func Ticks(lo, hi float64, n int) []float64 {
	if !(lo <= hi) || n < 1 {
		panic("chart: ticks of an empty range")
	}
	if lo == hi {
		hi = lo + 1
	}
	raw := (hi - lo) / float64(n)
	power := math.Pow(10, math.Floor(math.Log10(raw)))
	step := 10 * power
	for _, m := range []float64{1, 2, 5} {
		if raw <= m*power {
			step = m * power
			break
		}
	}
	first, last := math.Floor(lo/step+1e-9), math.Ceil(hi/step-1e-9)
	ticks := make([]float64, 0, n+3)
	for k := first; k <= last; k++ {
		ticks = append(ticks, k*step)
	}
	return ticks
}
