package chart

import (
	"cmp"
	"html"
	"html/template"
	"math"
	"slices"
)

// Spot is one point of a curve: Y at X, with an interval around it. Barred says that this X
// is not to be had.
type Spot struct {
	X, Y, Low, High float64
	Barred          bool
}

// Dot is something that was seen; its area grows with its weight. Apart are drawn as
// diamonds, the others as circles.
type Dot struct {
	X, Y, Weight float64
	Apart        bool
	Tip          string // says the dot on hover
}

// Stake is a labelled place on the horizontal axis; Series numbers its colour from 1.
type Stake struct {
	X      float64
	Name   string
	Series int
}

// Curve is how one quantity answers to another: a line with its band, what was seen of it,
// and the places where nothing may be chosen. Spots are in ascending order of X.
type Curve struct {
	Title, Summary   string
	Across, Axis     string // what the two axes count
	Line, Band       string // names of the line and of its band
	Seen, Apart      string // names of the two kinds of dots
	Barred           string // name of the grey ground
	Spots            []Spot
	Dots             []Dot
	Stakes           []Stake
	FormatX, FormatY func(float64) string
}

const (
	curveWidth = 480.0
	curveDepth = 190.0 // of the plot
	leastDot   = 2.6
	mostDot    = 7.0
)

// SVG draws the curve; "" when there is none.
func (k Curve) SVG() template.HTML {
	if len(k.Spots) == 0 {
		return ""
	}
	loX, hiX, lo, hi := k.extent()
	ticks := Ticks(math.Min(0, lo), math.Max(hi, math.Min(0, lo)+1e-6), 4)
	left := 0.0
	for _, v := range ticks {
		left = math.Max(left, widthOf(k.FormatY(v)))
	}
	top := lineStep * (float64(k.legendLines()) + 1)
	ground := top + 8 + lineStep*float64(len(k.Stakes))
	edge := [2]float64{left + 12, curveWidth - 8}
	x := scale{loX, hiX, edge[0] + mostDot, edge[1] - mostDot} // room for a dot at either end
	y := scale{ticks[0], ticks[len(ticks)-1], ground + curveDepth, ground}
	c := newCanvas("plot", k.Title, k.Summary, curveWidth, y.from+38)
	k.drawLegend(c)
	c.text(0, top, "start", "", k.Axis)
	for _, from := range k.barred() {
		c.rect(x.at(from[0]), y.to, x.at(from[1])-x.at(from[0]), y.from-y.to, "barred", "")
	}
	for _, v := range ticks {
		class := "grid"
		if v == 0 {
			class = "zero"
		}
		c.line(edge[0], y.at(v), edge[1], y.at(v), class)
		c.text(left+6, y.at(v)+4, "end", "", k.FormatY(v))
	}
	k.drawAcross(c, x, y)
	band, line := make([][2]float64, 0, 2*len(k.Spots)), make([][2]float64, 0, len(k.Spots))
	for _, s := range k.Spots {
		band, line = append(band, [2]float64{x.at(s.X), y.at(s.High)}), append(line, [2]float64{x.at(s.X), y.at(s.Y)})
	}
	for _, s := range slices.Backward(k.Spots) {
		band = append(band, [2]float64{x.at(s.X), y.at(s.Low)})
	}
	c.path(course(band)+"z", "band s1")
	c.path(course(line), "line s1")
	k.drawStakes(c, x, y, top)
	k.drawTips(c, x, y) // under the dots, which say more
	k.drawDots(c, x, y)
	return c.done()
}

func (k Curve) extent() (loX, hiX, lo, hi float64) {
	loX, hiX, lo, hi = k.Spots[0].X, k.Spots[len(k.Spots)-1].X, k.Spots[0].Low, k.Spots[0].High
	for _, s := range k.Spots {
		lo, hi = min(lo, s.Low, s.Y), max(hi, s.High, s.Y)
	}
	for _, d := range k.Dots {
		loX, hiX, lo, hi = min(loX, d.X), max(hiX, d.X), min(lo, d.Y), max(hi, d.Y)
	}
	for _, s := range k.Stakes {
		loX, hiX = min(loX, s.X), max(hiX, s.X)
	}
	return loX, hiX, lo, hi
}

// barred returns the spans of X that are not to be had: from half-way to the neighbour that
// is to half-way to the next one.
func (k Curve) barred() [][2]float64 {
	var spans [][2]float64
	half := func(i, j int) float64 {
		if j < 0 || j >= len(k.Spots) {
			return k.Spots[i].X
		}
		return (k.Spots[i].X + k.Spots[j].X) / 2
	}
	for i, s := range k.Spots {
		if !s.Barred {
			continue
		}
		if i > 0 && k.Spots[i-1].Barred {
			spans[len(spans)-1][1] = half(i, i+1)
		} else {
			spans = append(spans, [2]float64{half(i, i-1), half(i, i+1)})
		}
	}
	return spans
}

// entry is a symbol of the legend and its name.
type entry struct{ symbol, name string }

func (k Curve) legend() []entry {
	list := []entry{{"line", k.Line}, {"band", k.Band}}
	for _, apart := range []bool{false, true} {
		if slices.ContainsFunc(k.Dots, func(d Dot) bool { return d.Apart == apart }) {
			list = append(list, map[bool]entry{false: {"dot", k.Seen}, true: {"apart", k.Apart}}[apart])
		}
	}
	if slices.ContainsFunc(k.Spots, func(s Spot) bool { return s.Barred }) {
		list = append(list, entry{"barred", k.Barred})
	}
	return list
}

const legendGap = 20.0 // before and after a name

func (k Curve) legendLines() int {
	lines := 1
	k.placeLegend(func(_ entry, _ float64, line int) { lines = line + 1 })
	return lines
}

// placeLegend sets the entries one after the other, and a new line where the width ends.
func (k Curve) placeLegend(place func(e entry, at float64, line int)) {
	at, line := 0.0, 0
	for _, e := range k.legend() {
		width := legendGap + widthOf(e.name)
		if at > 0 && at+width > curveWidth {
			at, line = 0, line+1
		}
		place(e, at, line)
		at += width + legendGap/2
	}
}

func (k Curve) drawLegend(c *canvas) {
	k.placeLegend(func(e entry, at float64, line int) {
		mid := 7 + lineStep*float64(line)
		switch e.symbol {
		case "line":
			c.line(at, mid, at+14, mid, "line s1")
		case "dot", "apart":
			c.dot(at+7, mid, 4.5, e.symbol == "apart", "")
		case "band":
			c.rect(at, mid-5, 14, 10, "band s1", "")
		default:
			c.rect(at, mid-5, 14, 10, e.symbol, "")
		}
		c.text(at+legendGap-2, mid+4, "start", "", fit(e.name, curveWidth-legendGap))
	})
}

// drawAcross labels the horizontal axis.
func (k Curve) drawAcross(c *canvas, x, y scale) {
	free := math.Inf(-1) // from where on a label may stand
	for _, v := range Ticks(x.lo, x.hi, 7) {
		if v < x.lo || v > x.hi {
			continue
		}
		at, half := x.at(v), widthOf(k.FormatX(v))/2
		c.line(at, y.from, at, y.from+4, "tick")
		if at-half > free && at+half < curveWidth {
			c.text(at, y.from+16, "middle", "", k.FormatX(v))
			free = at + half + 6
		}
	}
	c.text(x.to, y.from+32, "end", "", k.Across)
}

// drawStakes gives each stake a line of its own for its name, beside its mark and so that
// no mark goes through the name of another: names lie to the left of their marks, that of
// the leftmost lowest. Where one would not fit there, all lie to the right.
func (k Curve) drawStakes(c *canvas, x, y scale, top float64) {
	stakes := slices.Clone(k.Stakes)
	slices.SortStableFunc(stakes, func(a, b Stake) int { return cmp.Compare(a.X, b.X) })
	right := slices.ContainsFunc(stakes, func(s Stake) bool { return x.at(s.X)-widthOf(s.Name) < 4 })
	for i, s := range stakes {
		level, anchor, beside := len(stakes)-i, "end", -4.0
		if right {
			level, anchor, beside = i+1, "start", 4
		}
		at, line, class := x.at(s.X), top+lineStep*float64(level), "s"+num(float64(s.Series))
		c.line(at, line-8, at, y.from, "stake "+class)
		c.text(at+beside, line, anchor, "name "+class, fit(s.Name, curveWidth/2))
	}
}

func (k Curve) drawTips(c *canvas, x, y scale) {
	for i, s := range k.Spots {
		from, to := s.X, s.X
		if i > 0 {
			from = (k.Spots[i-1].X + s.X) / 2
		}
		if i+1 < len(k.Spots) {
			to = (k.Spots[i+1].X + s.X) / 2
		}
		c.rect(x.at(from), y.to, x.at(to)-x.at(from), y.from-y.to, "tip", k.FormatX(s.X)+" · "+k.FormatY(s.Y)+" ("+k.FormatY(s.Low)+" … "+k.FormatY(s.High)+")")
	}
}

func (k Curve) drawDots(c *canvas, x, y scale) {
	most := 0.0
	for _, d := range k.Dots {
		most = math.Max(most, d.Weight)
	}
	for _, d := range k.Dots {
		r := mostDot
		if most > 0 {
			r = leastDot + (mostDot-leastDot)*math.Sqrt(math.Max(0, d.Weight)/most)
		}
		c.dot(x.at(d.X), y.at(d.Y), r, d.Apart, d.Tip)
	}
}

// dot draws a circle, or a diamond where it stands apart.
func (c *canvas) dot(x, y, r float64, apart bool, tip string) {
	name, shape := "circle", ` class="dot" cx="`+num(x)+`" cy="`+num(y)+`" r="`+num(r)+`"`
	if apart {
		name, shape = "path", ` class="dot apart" d="`+course([][2]float64{{x, y - r - 1}, {x + r + 1, y}, {x, y + r + 1}, {x - r - 1, y}})+`z"`
	}
	c.WriteString("<" + name + shape)
	if tip == "" {
		c.WriteString("/>")
		return
	}
	c.WriteString("><title>" + html.EscapeString(tip) + "</title></" + name + ">")
}

// course is the path through points of the drawing.
func course(points [][2]float64) string {
	d := ""
	for i, p := range points {
		d += "ML"[min(i, 1):][:1] + num(p[0]) + " " + num(p[1])
	}
	return d
}
