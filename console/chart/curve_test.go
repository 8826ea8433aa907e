package chart

import (
	"math"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// Whatever the numbers, a curve is a drawing that names its line, its band, what was seen
// and its stakes, and stays within its frame.
func TestCurveOfAnyNumbers(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		k := Curve{Title: "title", Summary: "summary", Across: "across", Axis: "axis", Line: "line", Band: "band", Seen: "seen", Apart: "apart", Barred: "barred",
			FormatX: plain, FormatY: plain}
		at := 0.0
		for range rapid.IntRange(1, 60).Draw(t, "spots") {
			at += rapid.Float64Range(1e-4, 1e5).Draw(t, "step")
			y := rapid.Float64Range(-1e6, 1e9).Draw(t, "y")
			k.Spots = append(k.Spots, Spot{at, y, y - rapid.Float64Range(0, 1e6).Draw(t, "low"), y + rapid.Float64Range(0, 1e6).Draw(t, "high"), rapid.Bool().Draw(t, "barred")})
		}
		for range rapid.IntRange(0, 30).Draw(t, "dots") {
			k.Dots = append(k.Dots, Dot{rapid.Float64Range(0, 1e6).Draw(t, "x"), rapid.Float64Range(0, 1e6).Draw(t, "dot"), rapid.Float64Range(0, 99).Draw(t, "weight"), rapid.Bool().Draw(t, "apart"), "a dot"})
		}
		k.Stakes = []Stake{{k.Spots[0].X, "today", 2}, {k.Spots[len(k.Spots)-1].X, "best", 1}}
		svg := k.SVG()
		elements, text := read(t, svg)
		if want := 1 + len(k.Spots) + len(k.Dots); elements["title"] != want {
			t.Fatalf("%d titles, want %d: its own, one a spot and one a dot", elements["title"], want)
		}
		for _, name := range []string{"line", "band", "across", "axis", "today", "best"} {
			if !strings.Contains(text, name+"\n") {
				t.Fatalf("%q is not named in %q", name, text)
			}
		}
		for _, m := range regexp.MustCompile(` (?:x|cx|x1|x2)="([^"]*)"`).FindAllStringSubmatch(string(svg), -1) {
			if x, err := strconv.ParseFloat(m[1], 64); err != nil || x < 0 || x > curveWidth {
				t.Fatalf("%s lies outside of the frame", m[0])
			}
		}
	})
}

// What stands apart is told by its shape, and named only where there is some.
func TestDotsAreToldApartByShape(t *testing.T) {
	k := Curve{Title: "t", Line: "line", Band: "band", Seen: "seen", Apart: "apart", FormatX: plain, FormatY: plain, Spots: []Spot{{1, 5, 4, 6, false}, {2, 3, 2, 4, false}}}
	k.Dots = []Dot{{1, 5, 4, false, ""}, {2, 3, 1, false, ""}}
	elements, text := read(t, k.SVG())
	if elements["circle"] != 3 || strings.Contains(text, "apart") { // one of the legend
		t.Errorf("%d circles, want 3; text %q", elements["circle"], text)
	}
	k.Dots[1].Apart = true
	if elements, text = read(t, k.SVG()); elements["circle"] != 2 || elements["path"] != 4 || !strings.Contains(text, "apart") {
		t.Errorf("%d circles and %d paths, want 2 and 4: two diamonds beside the line and the band", elements["circle"], elements["path"])
	}
}

// Grey ground reaches half-way to what may be chosen, and runs through where neighbours
// are barred too.
func TestBarredGround(t *testing.T) {
	spots := []Spot{{X: 1, Barred: true}, {X: 2, Barred: true}, {X: 3}, {X: 4}, {X: 6, Barred: true}}
	got, want := Curve{Spots: spots}.barred(), [][2]float64{{1, 2.5}, {5, 6}}
	if len(got) != len(want) || got[0] != want[0] || got[1] != want[1] {
		t.Errorf("barred = %v, want %v", got, want)
	}
}

// Each bar of a fall begins where the one before it ended, now and then; a level begins
// at zero.
func TestFallsAreDrawnEndToEnd(t *testing.T) {
	f := Falls{Title: "falls", Now: "now", Then: "then", Steps: []Step{{"price", 100, 120, true, "", ""}, {"tax", -20, -24, false, "", ""}, {"cost", -30, -30, false, "", ""}, {"left", 50, 66, true, "", ""}}}
	var now, then [][2]float64
	f.walk(func(_ int, a, b [2]float64) { now, then = append(now, a), append(then, b) })
	for i, want := range [][2]float64{{0, 100}, {100, 80}, {80, 50}, {0, 50}} {
		if now[i] != want {
			t.Errorf("step %d runs from %v to %v, want %v", i, now[i][0], now[i][1], want)
		}
	}
	for i := 1; i < 3; i++ {
		if math.Abs(then[i][0]-then[i-1][1]) > 1e-9 {
			t.Errorf("step %d begins at %v, the one before ended at %v", i, then[i][0], then[i-1][1])
		}
	}
	elements, text := read(t, f.SVG())
	if elements["rect"] != 2+8 || !strings.Contains(text, "now") || !strings.Contains(text, "then") {
		t.Errorf("%d bars, want 8 and two of the legend; text %q", elements["rect"], text)
	}
	f.Then = ""
	if elements, _ = read(t, f.SVG()); elements["rect"] != 4 {
		t.Errorf("%d bars, want 4 where there is nothing to compare", elements["rect"])
	}
}

func TestFallsOfAnyNumbers(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		f := Falls{Title: "title", Now: "now", Then: rapid.SampledFrom([]string{"", "then"}).Draw(t, "then")}
		for i := range rapid.IntRange(1, 9).Draw(t, "steps") {
			f.Steps = append(f.Steps, Step{"step", rapid.Float64Range(-1e9, 1e9).Draw(t, "now"), rapid.Float64Range(-1e9, 1e9).Draw(t, "next"), i == 0, "1", "2"})
		}
		for _, m := range regexp.MustCompile(`x="([^"]*)" y="[^"]*" width="([^"]*)"`).FindAllStringSubmatch(string(f.SVG()), -1) {
			x, errX := strconv.ParseFloat(m[1], 64)
			w, errW := strconv.ParseFloat(m[2], 64)
			if errX != nil || errW != nil || x < 0 || w < 0 || x+w > rowsWidth+1 {
				t.Fatalf("a bar from %s, %s wide, lies outside of the frame", m[1], m[2])
			}
		}
	})
}

func TestNoCurveAndNoFalls(t *testing.T) {
	if svg := (Curve{FormatX: plain, FormatY: plain}).SVG() + (Falls{}).SVG(); svg != "" {
		t.Errorf("drew %s from nothing", svg)
	}
	read(t, Curve{Title: "one", FormatX: plain, FormatY: plain, Spots: []Spot{{1, 0, 0, 0, true}}}.SVG())
	for _, name := range []string{`<script>alert(1)</script>`, `"><img src=x>`, `</svg>`} {
		k := Curve{Title: name, Summary: name, Line: name, Band: name, Seen: name, Axis: name, Across: name, FormatX: plain, FormatY: plain, Spots: []Spot{{1, 1, 0, 2, false}}, Dots: []Dot{{1, 1, 1, false, name}}, Stakes: []Stake{{1, name, 1}}}
		f := Falls{Title: name, Now: name, Then: name, Steps: []Step{{name, 1, 1, true, name, name}}}
		for _, svg := range []string{string(k.SVG()), string(f.SVG())} {
			if strings.Contains(svg, "<script") || strings.Contains(svg, "<img") || strings.Count(svg, "</svg>") != 1 {
				t.Errorf("%q became markup: %s", name, svg)
			}
		}
	}
}
