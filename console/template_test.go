package console

import (
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"unicode"

	"tradewind/messages"
)

// No template holds a word of its own: every letter outside tags and actions is a name
// of a key, a unit of a method, or a command.
func TestTemplatesHoldNoWords(t *testing.T) {
	action := regexp.MustCompile(`(?s)\{\{.*?\}\}`)
	literal := regexp.MustCompile(`(?s)<(?:code|kbd)[ >].*?</(?:code|kbd)>|<code>.*?</code>`)
	spoken := regexp.MustCompile(`(?:aria-label|title|placeholder|alt)="([^"]*)"`)
	tag := regexp.MustCompile(`(?s)<[^>]*>`)
	allowed := regexp.MustCompile(`^(P10|P50|P90|EN|中文|SHA-256|PSI|RMSSE|TOPSIS|\W*)$`)
	err := fs.WalkDir(templateFiles, "templates", func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		data, err := templateFiles.ReadFile(path)
		text := action.ReplaceAllString(literal.ReplaceAllString(string(data), ""), "")
		for _, m := range spoken.FindAllStringSubmatch(text, -1) {
			if strings.TrimSpace(m[1]) != "" {
				t.Errorf("%s: attribute %s", path, m[0])
			}
		}
		for _, piece := range strings.Split(tag.ReplaceAllString(text, "\n"), "\n") {
			for _, word := range strings.Fields(piece) {
				if strings.ContainsFunc(word, unicode.IsLetter) && !allowed.MatchString(word) {
					t.Errorf("%s: %q", path, word)
				}
			}
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

// Every code that the templates and the program name has a text.
func TestEveryCodeHasAText(t *testing.T) {
	code := regexp.MustCompile(`"(console\.[a-z0-9_.-]*[a-z0-9]|E-CONSOLE[A-Z-]*[A-Z])"`)
	files, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	templates, err := filepath.Glob("templates/*.html")
	if err != nil {
		t.Fatal(err)
	}
	n := 0
	for _, file := range append(files, templates...) {
		data, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range code.FindAllStringSubmatch(string(data), -1) {
			if m[1] == "console.css" || m[1] == "console.js" {
				continue
			}
			n++
			if !messages.Has(m[1]) {
				t.Errorf("%s: %s has no text", file, m[1])
			}
			if strings.HasPrefix(m[1], "E-") && !messages.Has(m[1]+".fix") {
				t.Errorf("%s: %s has no remedy", file, m[1])
			}
		}
	}
	if n < 200 {
		t.Errorf("%d codes found, want 200 at least", n)
	}
	for _, box := range boxes {
		if !messages.Has("console.box." + box) {
			t.Errorf("no text for the box %s", box)
		}
	}
	for _, sort := range sorts {
		if !messages.Has("console.sort." + sort) {
			t.Errorf("no text for the order %s", sort)
		}
	}
}

// The budgets of what a browser loads once.
func TestAssetsAreSmall(t *testing.T) {
	for name, most := range map[string]int{"console.js": 10 << 10, "console.css": 20 << 10} {
		data, err := staticFiles.ReadFile("static/" + name)
		if err != nil {
			t.Fatal(err)
		}
		if len(data) > most {
			t.Errorf("%s has %d bytes, want at most %d", name, len(data), most)
		}
	}
}
