package chart

import (
	"encoding/xml"
	"errors"
	"fmt"
	"html/template"
	"io"
	"math"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"tradewind/calendar"
)

func plain(x float64) string { return fmt.Sprintf("%.0f", x) }

// read fails on a drawing that is not well-formed or holds a number that is none, and
// returns how often each element stands in it, and all its text.
func read(t interface{ Fatalf(string, ...any) }, svg template.HTML) (elements map[string]int, text string) {
	elements = map[string]int{}
	for _, bad := range []string{"NaN", "Inf", "style="} {
		if strings.Contains(string(svg), bad) {
			t.Fatalf("%s in %s", bad, svg)
		}
	}
	d := xml.NewDecoder(strings.NewReader(string(svg)))
	for {
		token, err := d.Token()
		if errors.Is(err, io.EOF) {
			return elements, text
		}
		if err != nil {
			t.Fatalf("%v in %s", err, svg)
		}
		switch token := token.(type) {
		case xml.StartElement:
			elements[token.Name.Local]++
		case xml.CharData:
			text += string(token) + "\n"
		}
	}
}

func TestTicksCoverTheRangeInRoundSteps(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		lo := rapid.Float64Range(-1e7, 1e7).Draw(t, "lo")
		hi := lo + rapid.OneOf(rapid.Just(0.0), rapid.Float64Range(1e-3, 1e7)).Draw(t, "span")
		n := rapid.IntRange(1, 10).Draw(t, "n")
		ticks := Ticks(lo, hi, n)
		step := ticks[1] - ticks[0]
		if ticks[0] > lo+1e-6*step || ticks[len(ticks)-1] < hi-1e-6*step {
			t.Fatalf("%v do not cover %v…%v", ticks, lo, hi)
		}
		if len(ticks) > n+2 {
			t.Fatalf("%d ticks, want about %d", len(ticks), n)
		}
		mantissa := step / math.Pow(10, math.Floor(math.Log10(step)+1e-9))
		rounding := 1e-6 + 1e-15*math.Max(math.Abs(lo), math.Abs(hi))/step*10 // a step is a difference of two ticks
		if m := math.Round(mantissa); math.Abs(mantissa-m) > rounding || m != 1 && m != 2 && m != 5 && m != 10 {
			t.Fatalf("step %v is not 1, 2 or 5 times a power of ten", step)
		}
	})
}

// Names come from files: whatever they hold, a drawing stays a drawing and says them.
func TestNamesAreText(t *testing.T) {
	for _, name := range []string{`<script>alert(1)</script>`, `"><img src=x>`, `A & B`, `'`, `</svg>`} {
		day := calendar.FromOrdinal(15000)
		for what, svg := range map[string]template.HTML{
			"trend": Trend{Title: name, Summary: name, Axis: name, Format: plain, Bars: []Point{{day, 3}}, Marks: []Mark{{day, name}},
				Lines: []Line{{Name: name, Series: 1, Points: []Point{{day, 2}}}}}.SVG(),
			"sum":       Sum{Title: name, Parts: []Part{{name, 1, name}}, Total: Part{name, 1, name}}.SVG(),
			"intervals": Intervals{Title: name, Format: plain, Rows: []Interval{{Name: name, Mean: 1, High: 2, Label: name}}}.SVG(),
		} {
			elements, text := read(t, svg)
			if elements["script"]+elements["img"] > 0 || elements["svg"] != 1 || !strings.Contains(text, name) {
				t.Errorf("%s: %q became markup or was lost: %s", what, name, svg)
			}
		}
	}
}

func TestTrendOfAnyNumbers(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		values := rapid.SliceOfN(rapid.Float64Range(-1e6, 1e9), 1, 120).Draw(t, "values")
		trend := Trend{Title: "title", Format: plain, Step: rapid.SampledFrom([]int{0, 1, 7}).Draw(t, "step")}
		line, band := Line{Name: "line", Series: 1}, Band{Name: "band", Series: 2}
		for i, v := range values {
			day := calendar.FromOrdinal(15000 + int32(i*max(1, trend.Step)))
			trend.Bars = append(trend.Bars, Point{day, v})
			line.Points = append(line.Points, Point{day, v / 2})
			band.Ranges = append(band.Ranges, Range{day, v / 4, v})
		}
		trend.Lines, trend.Bands = []Line{line}, []Band{band}
		elements, text := read(t, trend.SVG())
		if elements["title"] != 1+len(values) || elements["path"] < 2 {
			t.Fatalf("%d titles, %d paths for %d values", elements["title"], elements["path"], len(values))
		}
		if !strings.Contains(text, "line") || !strings.Contains(text, "band") {
			t.Fatalf("series are not named in %q", text)
		}
	})
}

// Each part of a sum starts where the one before it ended, and the total ends there.
func TestSumIsDrawnEndToEnd(t *testing.T) {
	s := Sum{Title: "sum", Parts: []Part{{"a", 100, ""}, {"b", -30, ""}, {"c", -20, ""}}, Total: Part{"all", 50, ""}}
	var bars [][2]float64
	d := xml.NewDecoder(strings.NewReader(string(s.SVG())))
	for {
		token, err := d.Token()
		if err != nil {
			break
		}
		if e, ok := token.(xml.StartElement); ok && e.Name.Local == "rect" {
			var x, w float64
			for _, a := range e.Attr {
				switch a.Name.Local {
				case "x":
					fmt.Sscan(a.Value, &x)
				case "width":
					fmt.Sscan(a.Value, &w)
				}
			}
			bars = append(bars, [2]float64{x, x + w})
		}
	}
	if len(bars) != 4 {
		t.Fatalf("%d bars, want 4", len(bars))
	}
	a, b, c, all := bars[0], bars[1], bars[2], bars[3]
	for what, gap := range map[string]float64{"b after a": a[1] - b[1], "c after b": b[0] - c[1], "total after c": c[0] - all[1], "total from zero": a[0] - all[0]} {
		if math.Abs(gap) > 0.2 { // coordinates have one decimal
			t.Errorf("%s: gap of %v", what, gap)
		}
	}
}

// Parts of a whole lie end to end from its beginning and never beyond its end.
func TestSharesOfAnyNumbers(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := Shares{Title: "title", Names: []string{"first", "second", "rest"}}
		for range rapid.IntRange(1, 30).Draw(t, "rows") {
			a := rapid.Float64Range(0, 1).Draw(t, "a")
			s.Rows = append(s.Rows, Share{Name: "row", Parts: []float64{a, rapid.Float64Range(0, 1-a).Draw(t, "b")}, Label: plain(100 * a)})
		}
		elements, text := read(t, s.SVG())
		if most := 3 + 3*len(s.Rows); elements["rect"] > most || elements["rect"] < 3+len(s.Rows) {
			t.Fatalf("%d bars for %d rows", elements["rect"], len(s.Rows))
		}
		if !strings.Contains(text, "first") || !strings.Contains(text, "rest") {
			t.Fatalf("series are not named in %q", text)
		}
	})
}

func TestNothingToDraw(t *testing.T) {
	for _, svg := range []template.HTML{Trend{Format: plain}.SVG(), Sum{}.SVG(), Intervals{}.SVG(), Shares{}.SVG()} {
		if svg != "" {
			t.Errorf("drew %s from nothing", svg)
		}
	}
	// One value, and values that are all zero, are drawn.
	day := calendar.FromOrdinal(15000)
	read(t, Trend{Title: "one", Format: plain, Bars: []Point{{day, 0}}}.SVG())
	read(t, Intervals{Title: "zero", Format: plain, Rows: []Interval{{Name: "nothing"}}}.SVG())
	read(t, Sum{Title: "zero", Parts: []Part{{Name: "nothing"}}, Total: Part{Name: "all"}}.SVG())
}
