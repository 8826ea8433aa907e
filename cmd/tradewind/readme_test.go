package main

import (
	"bytes"
	"flag"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
)

var update = flag.Bool("update", false, "write what the commands of README.md print into it")

const readme = "../../README.md"

var (
	sessions  = regexp.MustCompile("(?s)```console\n(.*?)```")
	ids       = regexp.MustCompile(`D-[0-9A-Z]{8}`)
	spaces    = regexp.MustCompile(` +`)
	orders    = regexp.MustCompile(`(?m)^D-.* Order .*$`)
	cutOff    = "…\n" // a line in the README that stands for the rest of an output
	longShown = 44    // lines of an output that are shown before it is cut
)

// TestReadme runs the commands of the README in an empty folder and holds what they
// print against what it says. Figures, and lines that hold some, follow the models and
// may differ until -update brings them in; the headings and their order may not. A
// decision of the README stands for the best one of the day.
func TestReadme(t *testing.T) {
	if testing.Short() {
		t.Skip("skipped: the whole demo, for -short")
	}
	text, err := os.ReadFile(readme)
	if err != nil {
		t.Fatal(err)
	}
	t.Setenv("TRADEWIND_LANG", "en")
	t.Setenv("TRADEWIND_DIR", "")
	there, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	t.Chdir(t.TempDir())

	best := ""
	commands := 0
	renewed := sessions.ReplaceAllStringFunc(string(text), func(session string) string {
		body := sessions.FindStringSubmatch(session)[1]
		var out strings.Builder
		for _, step := range strings.Split("\n"+body, "\n$ ")[1:] {
			line, said, _ := strings.Cut(step, "\n")
			if best != "" {
				line = ids.ReplaceAllString(strings.ReplaceAll(line, "BEST", best), best)
			}
			got := carryOut(t, line)
			if best == "" {
				best = ids.FindString(orders.FindString(got))
			}
			if !*update && !alike(said, got) {
				t.Errorf("$ %s\nprints\n%s\nREADME.md says\n%s", line, got, said)
			}
			out.WriteString("$ " + line + "\n" + shortened(got))
			commands++
		}
		return "```console\n" + out.String() + "```"
	})
	if commands < 5 {
		t.Fatalf("only %d commands found in README.md", commands)
	}
	if *update {
		t.Chdir(there)
		if err := os.WriteFile(readme, []byte(renewed), 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

func carryOut(t *testing.T, line string) string {
	t.Helper()
	words := strings.Fields(line)
	if words[0] != "tradewind" {
		t.Fatalf("README.md runs %s", words[0])
	}
	var out, errs bytes.Buffer
	if code := run(words[1:], strings.NewReader(""), &out, &errs); code != 0 {
		t.Fatalf("$ %s exits %d: %s", line, code, errs.String())
	}
	return out.String()
}

// alike compares the headings of two outputs, as far as the first is not cut.
func alike(said, got string) bool {
	before, _, cut := strings.Cut(said, cutOff)
	a, b := headings(before), headings(got)
	if cut {
		b = b[:min(len(a), len(b))]
	}
	return slices.Equal(a, b)
}

// headings are the lines that begin at the margin and hold no figure.
func headings(output string) []string {
	var found []string
	for line := range strings.Lines(output) {
		indented := strings.HasPrefix(line, " ")
		if line = strings.TrimSpace(spaces.ReplaceAllString(line, " ")); line == "" || indented || strings.ContainsAny(line, "0123456789") {
			continue
		}
		found = append(found, line)
	}
	return found
}

func shortened(output string) string {
	lines := strings.SplitAfter(output, "\n")
	if len(lines) <= longShown+1 {
		return output
	}
	return strings.Join(lines[:longShown], "") + cutOff
}

func TestReadmeComparisonSeesHeadings(t *testing.T) {
	if !alike("Why\n  1. because\n…\n", "Why\n  1. as\n  2. so\nAlternatives\n") {
		t.Error("what stands below a heading counts")
	}
	if alike("Why\n", "Reasons\n") || alike("Why\n", "Why\nAlternatives\n") {
		t.Error("headings do not count")
	}
}
