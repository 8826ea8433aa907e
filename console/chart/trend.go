package chart

import (
	"cmp"
	"html/template"
	"maps"
	"math"
	"slices"
	"strings"

	"tradewind/calendar"
)

// Point is a value on a day.
type Point struct {
	Day calendar.Day
	Y   float64
}

// Range is an interval on a day.
type Range struct {
	Day       calendar.Day
	Low, High float64
}

// Line is a named series; Series numbers its colour from 1.
type Line struct {
	Name   string
	Series int
	Points []Point
}

// Band is an area between two lines; it may have no name.
type Band struct {
	Name   string
	Series int
	Ranges []Range
}

// Mark is a labelled day.
type Mark struct {
	Day  calendar.Day
	Name string
}

// Trend is values over days: bars for what happened, lines and bands for what is
// expected. Points are in ascending order of days.
type Trend struct {
	Title   string
	Summary string
	Height  float64 // 0 is 220
	Axis    string  // what the vertical axis counts; it also names the bars
	Step    int     // days that a bar stands for; 0 is 1
	Bars    []Point
	Lines   []Line
	Bands   []Band
	Marks   []Mark
	Format  func(float64) string
}

const trendWidth = 760.0

// SVG draws the trend; "" when there is nothing to draw.
func (t Trend) SVG() template.HTML {
	first, last, lo, hi, any := t.extent()
	if !any {
		return ""
	}
	step := max(1, t.Step)
	height := cmp.Or(t.Height, 220)
	c := newCanvas("days", t.Title, t.Summary, trendWidth, height)

	ticks := Ticks(math.Min(0, lo), math.Max(hi, 1), 4)
	left, right := 0.0, 12.0
	for _, v := range ticks {
		left = math.Max(left, widthOf(t.Format(v)))
	}
	for _, n := range t.names() {
		right = math.Max(right, widthOf(n)+14)
	}
	x := scale{float64(first.Ordinal()), float64(last.Ordinal() + int32(step)), left + 10, trendWidth - right}
	y := scale{ticks[0], ticks[len(ticks)-1], height - 24, 24}

	c.text(0, 11, "start", "", t.Axis)
	for _, v := range ticks {
		class := "grid"
		if v == 0 {
			class = "zero"
		}
		c.line(x.from, y.at(v), x.to, y.at(v), class)
		c.text(left+4, y.at(v)+4, "end", "", t.Format(v))
	}
	for _, d := range dayTicks(first, last, int((x.to-x.from)/84)) {
		at := x.at(float64(d.day.Ordinal()))
		c.line(at, y.from, at, y.from+4, "tick")
		c.text(math.Max(at, widthOf(d.label)/2), height-6, "middle", "", d.label) // the first may stand at the edge
	}
	t.drawBars(c, x, y, step)
	middle := x // of a bar, where lines go through
	middle.lo, middle.hi = x.lo-float64(step-1)/2, x.hi-float64(step-1)/2
	for _, b := range t.Bands {
		c.path(b.outline(middle, y), "band s"+num(float64(b.Series)))
	}
	for _, l := range t.Lines {
		c.path(l.course(middle, y), "line s"+num(float64(l.Series)))
	}
	for _, m := range t.Marks {
		at := x.at(float64(m.Day.Ordinal()))
		c.line(at, y.to-8, at, y.from, "mark")
		anchor, dx := "end", -5.0
		if at-widthOf(m.Name) < left+widthOf(t.Axis)+20 {
			anchor, dx = "start", 5
		}
		c.text(at+dx, y.to-10, anchor, "strong", m.Name)
	}
	t.drawNames(c, x, y)
	t.drawTips(c, x, y, step)
	return c.done()
}

// extent returns the first and last day, and the least and largest value.
func (t Trend) extent() (first, last calendar.Day, lo, hi float64, any bool) {
	see := func(d calendar.Day, low, high float64) {
		if !any {
			first, last, lo, hi, any = d, d, low, high, true
		}
		if d.Before(first) {
			first = d
		}
		if last.Before(d) {
			last = d
		}
		lo, hi = math.Min(lo, low), math.Max(hi, high)
	}
	for _, p := range t.Bars {
		see(p.Day, p.Y, p.Y)
	}
	for _, l := range t.Lines {
		for _, p := range l.Points {
			see(p.Day, p.Y, p.Y)
		}
	}
	for _, b := range t.Bands {
		for _, r := range b.Ranges {
			see(r.Day, r.Low, r.High)
		}
	}
	return first, last, lo, hi, any
}

func (t Trend) names() []string {
	var names []string
	for _, l := range t.Lines {
		names = append(names, l.Name)
	}
	for _, b := range t.Bands {
		names = append(names, b.Name)
	}
	return names
}

// drawBars draws all bars as one path: two years of weeks are one element.
func (t Trend) drawBars(c *canvas, x, y scale, step int) {
	full := x.at(float64(step)) - x.at(0)
	gap := math.Min(1, full*0.2)
	var d strings.Builder
	for _, p := range t.Bars {
		if p.Y == 0 {
			continue
		}
		at := x.at(float64(p.Day.Ordinal())) + gap/2
		d.WriteString("M" + num(at) + " " + num(y.at(0)) + "V" + num(y.at(p.Y)) + "h" + num(full-gap) + "V" + num(y.at(0)) + "z")
	}
	if d.Len() > 0 {
		c.path(d.String(), "bars")
	}
}

func (l Line) course(x, y scale) string {
	var d strings.Builder
	for i, p := range l.Points {
		d.WriteByte("ML"[min(i, 1)])
		d.WriteString(num(x.at(float64(p.Day.Ordinal()))) + " " + num(y.at(p.Y)))
	}
	return d.String()
}

func (b Band) outline(x, y scale) string {
	var d strings.Builder
	for i, r := range b.Ranges {
		d.WriteByte("ML"[min(i, 1)])
		d.WriteString(num(x.at(float64(r.Day.Ordinal()))) + " " + num(y.at(r.High)))
	}
	for i := len(b.Ranges) - 1; i >= 0; i-- {
		r := b.Ranges[i]
		d.WriteString("L" + num(x.at(float64(r.Day.Ordinal()))) + " " + num(y.at(r.Low)))
	}
	return d.String() + "z"
}

// label is the name of a series beside its end.
type label struct {
	at          float64
	class, name string
}

// drawNames writes each series' name beside its end, apart from one another.
func (t Trend) drawNames(c *canvas, x, y scale) {
	var labels []label
	add := func(name string, series int, end float64) {
		if name != "" {
			labels = append(labels, label{y.at(end), "name s" + num(float64(series)), name})
		}
	}
	for _, b := range t.Bands {
		if n := len(b.Ranges); n > 0 {
			add(b.Name, b.Series, b.Ranges[n-1].High)
		}
	}
	for _, l := range t.Lines {
		if n := len(l.Points); n > 0 {
			add(l.Name, l.Series, l.Points[n-1].Y)
		}
	}
	slices.SortStableFunc(labels, func(a, b label) int { return cmp.Compare(a.at, b.at) })
	for i := range labels {
		labels[i].at = math.Max(labels[i].at, y.to+4)
		if i > 0 {
			labels[i].at = math.Max(labels[i].at, labels[i-1].at+lineStep)
		}
	}
	most := y.from
	for i := len(labels) - 1; i >= 0; i-- {
		labels[i].at = math.Min(labels[i].at, most)
		most = labels[i].at - lineStep
	}
	for _, l := range labels {
		c.text(x.to+6, l.at+4, "start", l.class, l.name)
	}
}

// drawTips lays an invisible strip over each bar and each day of a line that says its
// values on hover. A chart without bars has none: its lines are read at their ends.
func (t Trend) drawTips(c *canvas, x, y scale, step int) {
	if len(t.Bars) == 0 {
		return
	}
	said := map[calendar.Day][]string{}
	say := func(d calendar.Day, text string) { said[d] = append(said[d], strings.TrimSpace(text)) }
	for _, p := range t.Bars {
		say(p.Day, t.Format(p.Y))
	}
	for _, l := range t.Lines {
		for _, p := range l.Points {
			say(p.Day, l.Name+" "+t.Format(p.Y))
		}
	}
	for _, b := range t.Bands {
		for _, r := range b.Ranges {
			if b.Name != "" {
				say(r.Day, b.Name+" "+t.Format(r.Low)+"–"+t.Format(r.High))
			}
		}
	}
	w := x.at(float64(step)) - x.at(0)
	for _, d := range slices.SortedFunc(maps.Keys(said), calendar.Day.Compare) {
		c.rect(x.at(float64(d.Ordinal())), y.to, w, y.from-y.to, "tip", d.String()+" · "+strings.Join(said[d], " · "))
	}
}

type dayTick struct {
	day   calendar.Day
	label string
}

// dayTicks returns at most about n labelled days: first days of months where the span
// is long, Mondays where it is short.
func dayTicks(first, last calendar.Day, n int) []dayTick {
	n = max(n, 2)
	span := last.Sub(first) + 1
	var ticks []dayTick
	if span < 31*n/2 {
		every := 7
		for span/every > n {
			every += 7
		}
		for d := first.AddDays(6).Monday(); !last.Before(d); d = d.AddDays(every) {
			ticks = append(ticks, dayTick{d, d.String()})
		}
		return ticks
	}
	every := 12
	for _, months := range []int{1, 2, 3, 6} {
		if span/(30*months) <= n {
			every = months
			break
		}
	}
	for d := first; !last.Before(d); d = d.AddDays(1) {
		if _, m, day := d.Date(); day == 1 && (int(m)-1)%every == 0 {
			ticks = append(ticks, dayTick{d, d.String()[:len("2011-12")]})
		}
	}
	return ticks
}
