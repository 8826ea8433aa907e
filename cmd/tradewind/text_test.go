package main

import (
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"strconv"
	"strings"
	"testing"
	"unicode"

	"pgregory.net/rapid"

	"tradewind"
	"tradewind/decision"
	"tradewind/fault"
	"tradewind/messages"
)

// literals returns every string constant in the sources of this command.
func literals(t *testing.T) []string {
	t.Helper()
	entries, err := os.ReadDir(".")
	if err != nil {
		t.Fatal(err)
	}
	var found []string
	for _, e := range entries {
		if !strings.HasSuffix(e.Name(), ".go") || strings.HasSuffix(e.Name(), "_test.go") {
			continue
		}
		file, err := parser.ParseFile(token.NewFileSet(), e.Name(), nil, parser.SkipObjectResolution)
		if err != nil {
			t.Fatal(err)
		}
		ast.Inspect(file, func(n ast.Node) bool {
			if lit, ok := n.(*ast.BasicLit); ok && lit.Kind == token.STRING {
				s, _ := strconv.Unquote(lit.Value)
				found = append(found, s)
			}
			return true
		})
	}
	return found
}

// built are the codes that are put together while the program runs.
func built() []string {
	var codes []string
	for _, s := range decision.States {
		codes = append(codes, "cli.state."+string(s))
	}
	for _, v := range decision.Verbs {
		codes = append(codes, "cli.verb."+string(v))
	}
	for _, o := range []decision.Outcome{decision.Pass, decision.Warn, decision.Block} {
		codes = append(codes, "cli.outcome."+string(o))
	}
	for _, s := range tradewind.PriceStates {
		codes = append(codes, "cli.price-state."+string(s))
	}
	for _, r := range tradewind.Roles {
		codes = append(codes, "cli.role."+string(r))
	}
	codes = append(codes, "cli.step.executed", "cli.step.approved", "cli.step.held")
	codes = append(codes, "cli.price-source.asked", "cli.price-source.paid")
	for _, name := range []string{"in", "loaded", "updated", "unchanged", "duplicate", "quarantined", "excluded", "gain", "p10", "p90", "cash",
		"units-mean", "units-p10", "units-p50", "units-p90"} {
		codes = append(codes, "cli.head."+name)
	}
	for _, kind := range []fault.Kind{fault.Internal, fault.Usage, fault.Partial, fault.Denied, fault.Stale, fault.Blocked} {
		codes = append(codes, "cli.exit."+strconv.Itoa(kind.ExitCode()))
	}
	return codes
}

func TestEveryTextThatIsUsedExists(t *testing.T) {
	checked := 0
	for _, code := range append(literals(t), built()...) {
		isText := strings.HasPrefix(code, "cli.") && !strings.HasSuffix(code, ".") && !strings.HasSuffix(code, "-") && !strings.Contains(code, "%")
		isFault := strings.HasPrefix(code, "E-")
		if !isText && !isFault {
			continue
		}
		checked++
		if !messages.Has(code) {
			t.Errorf("no text %s", code)
		}
		if isFault && !messages.Has(code+".fix") {
			t.Errorf("no remedy %s.fix", code)
		}
	}
	if checked < 150 {
		t.Errorf("only %d codes found: the sources were not read", checked)
	}
}

func TestEveryTextIsUsed(t *testing.T) {
	used := map[string]bool{}
	for _, code := range append(literals(t), built()...) {
		used[code] = true
	}
	dynamic := []string{"cli.exit.", "cli.table.", "cli.type."} // by number, by the name of a table, by the type of a flag
	for code := range messages.Codes {
		base := strings.TrimSuffix(strings.TrimSuffix(code, ".long"), ".example")
		ok := !strings.HasPrefix(code, "cli.") || used[code] || used[base]
		for _, prefix := range dynamic {
			ok = ok || strings.HasPrefix(code, prefix)
		}
		if !ok {
			t.Errorf("nothing uses the text %s", code)
		}
	}
}

func TestTablesAlignChinese(t *testing.T) {
	got := aligned([][2]string{{"海外仓", "a"}, {"x", "b"}})
	if want := "海外仓  a\nx       b"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestWrapBreaksChineseAndEnglish(t *testing.T) {
	for _, tt := range []struct {
		text  string
		width int
		want  []string
	}{
		{"one two three", 7, []string{"one two", "three"}},
		{"one", 7, []string{"one"}},
		{"incomprehensibilities", 7, []string{"incomprehensibilities"}}, // a word is not broken
		{"补货建议如下", 8, []string{"补货建议", "如下"}},
		{"补货建议。如下", 8, []string{"补货建", "议。如下"}}, // a line does not begin with a full stop
		{"", 7, []string{""}},
	} {
		got := wrap(tt.text, tt.width)
		if strings.Join(got, "|") != strings.Join(tt.want, "|") {
			t.Errorf("wrap(%q, %d) = %q, want %q", tt.text, tt.width, got, tt.want)
		}
	}
}

func TestWrapLosesNothing(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.StringOf(rapid.RuneFrom([]rune("ab 补货，。"))).Draw(t, "text")
		width := rapid.IntRange(2, 40).Draw(t, "width")
		squeeze := func(s string) string { return strings.ReplaceAll(s, " ", "") }
		if got, want := squeeze(strings.Join(wrap(text, width), "")), squeeze(text); got != want {
			t.Fatalf("got %q, want %q", got, want)
		}
	})
}

// The three properties of a metric; the textbook pair kitten–sitting has distance 3
// (Wagner & Fischer 1974).
func TestEditDistanceIsAMetric(t *testing.T) {
	if got := editDistance("kitten", "sitting"); got != 3 {
		t.Errorf("kitten to sitting is %d, want 3", got)
	}
	word := rapid.StringMatching(`[a-c]{0,6}`)
	rapid.Check(t, func(t *rapid.T) {
		a, b, c := word.Draw(t, "a"), word.Draw(t, "b"), word.Draw(t, "c")
		if (editDistance(a, b) == 0) != (a == b) {
			t.Fatalf("distance of %q and %q is %d", a, b, editDistance(a, b))
		}
		if editDistance(a, b) != editDistance(b, a) {
			t.Fatalf("not symmetric: %q, %q", a, b)
		}
		if editDistance(a, c) > editDistance(a, b)+editDistance(b, c) {
			t.Fatalf("shorter by a way round: %q, %q, %q", a, b, c)
		}
	})
}

func TestShortNumbers(t *testing.T) {
	for _, tt := range []struct {
		x    float64
		want string
	}{
		{0, "0"}, {1, "1"}, {0.25, "0.25"}, {12.3456, "12.35"}, {1234.5, "1,234"}, {0.0123456, "0.01235"}, {-3.5, "-3.5"},
	} {
		if got := short(tt.x); got != tt.want {
			t.Errorf("short(%v) = %q, want %q", tt.x, got, tt.want)
		}
	}
}

func TestCSVGuardsFormulas(t *testing.T) {
	r := list([]string{"=1+1", "plain", "-5"}, column[string]{key: "text", text: func(s string) string { return s }},
		column[string]{key: "number", right: true, text: func(s string) string { return s }})
	var b strings.Builder
	if err := r.writeCSV(&b); err != nil {
		t.Fatal(err)
	}
	if got, want := b.String(), "text,number\n'=1+1,=1+1\nplain,plain\n'-5,-5\n"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

// A file must not be able to move the cursor or to change the terminal's title.
func TestControlCharactersStayOffTheTerminal(t *testing.T) {
	var out strings.Builder
	p := &page{v: newInvocation(nil, nil, nil, nil), out: &out}
	evil := "a\x1b]0;title\x07b\rc\u009bd"
	p.prose("", evil)
	p.facts([2]string{"name", evil})
	p.table(list([]string{evil}, column[string]{title: "cli.head.file", text: func(s string) string { return s }}))
	if i := strings.IndexFunc(out.String(), func(c rune) bool { return unicode.IsControl(c) && c != '\n' }); i >= 0 {
		t.Errorf("control character in %q", out.String())
	}
}
