package ingest

import (
	"bytes"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"tradewind/commerce"
	"tradewind/fault"
	"tradewind/messages"
)

// TestTexts: every code that this package uses has a text and a remedy, and every rule of
// the formats a name.
func TestTexts(t *testing.T) {
	sources, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	codes := 0
	for _, path := range sources {
		source, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		for _, quoted := range regexp.MustCompile(`"E-[A-Z0-9-]+"`).FindAll(source, -1) {
			codes++
			if code := strings.Trim(string(quoted), `"`); !messages.Has(code) || !messages.Has(code+".fix") {
				t.Errorf("%s: %s has no text or no remedy", path, code)
			}
		}
	}
	if codes == 0 {
		t.Error("no code was found")
	}
	for _, f := range Formats() {
		for _, r := range f.Rules {
			if !messages.Has("rule." + r.Name) {
				t.Errorf("the rule %s of %s has no text", r.Name, f.Name)
			}
		}
	}
}

// TestDocumentedFormat: the example of docs/formats.md is a format, and every field
// that a format can use is explained there.
func TestDocumentedFormat(t *testing.T) {
	doc, err := os.ReadFile("../docs/formats.md")
	if err != nil {
		t.Fatal(err)
	}
	_, rest, _ := strings.Cut(string(doc), "```yaml\n")
	example, _, _ := strings.Cut(rest, "```")
	if _, err := LoadFormat("docs/formats.md", strings.NewReader(example)); err != nil {
		t.Error(err)
	}
	for _, f := range fields {
		if !strings.Contains(string(doc), "`"+f.name+"`") {
			t.Errorf("field %s is not explained", f.name)
		}
	}
	for _, f := range Formats() {
		if !strings.Contains(string(doc), "| `"+f.Name+"` |") {
			t.Errorf("format %s is not listed", f.Name)
		}
	}
}

// TestKeep: a format may load identical lines each as a line of its own; the first keeps
// its key, the others get keys that every reading of the file gives again.
func TestKeep(t *testing.T) {
	data, err := formatFiles.ReadFile("formats/online-retail.yaml")
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "keep.yaml")
	if err := os.WriteFile(path, bytes.Replace(data, []byte("identical_lines: duplicate"), []byte("identical_lines: keep"), 1), 0o644); err != nil {
		t.Fatal(err)
	}
	keysOf := func(o Options, copies int) (keys []commerce.Key) {
		s, err := Open("t.csv", strings.NewReader(retailHeader+strings.Repeat(retailRow, copies)), 0, o)
		if err != nil {
			t.Fatal(err)
		}
		for fact, err := range s.Read() {
			if err == nil {
				keys = append(keys, fact.(*commerce.OrderLine).Key)
			}
		}
		return keys
	}
	once := keysOf(Options{}, 3)
	two, three := keysOf(Options{Format: path}, 2), keysOf(Options{Format: path}, 3)
	if len(once) != 1 || len(three) != 3 || !slices.Equal(three[:2], two) || three[0] != once[0] || three[1] == three[2] || three[0] == three[1] {
		t.Errorf("keys %v once, %v of two, %v of three", once, two, three)
	}
}

func TestFormatFiles(t *testing.T) {
	const good = "name: x\nfact: rate\nkey: [base, quote, day]\ncolumns:\n  base: {names: [b]}\n  quote: {default: GBP}\n  day: {names: [d]}\n  value: {names: [v]}\n"
	if _, err := LoadFormat("x.yaml", strings.NewReader(good)); err != nil {
		t.Fatal(err)
	}
	for name, bad := range map[string]string{
		"not yaml":          "name: [",
		"unknown setting":   good + "colour: red\n",
		"unknown fact":      strings.Replace(good, "fact: rate", "fact: mood", 1),
		"no name":           strings.Replace(good, "name: x", "name: \"\"", 1),
		"field of another":  good + "  sku: {names: [s]}\n",
		"missing field":     strings.Replace(good, "  value: {names: [v]}\n", "", 1),
		"no names":          strings.Replace(good, "{names: [v]}", "{}", 1),
		"optional required": strings.Replace(good, "{names: [v]}", "{names: [v], optional: true}", 1),
		"bad default":       strings.Replace(good, "GBP", "POUND", 1),
		"key":               strings.Replace(good, "quote, day]", "colour]", 1),
		"no key":            strings.Replace(good, "key: [base, quote, day]\n", "", 1),
		"zone":              good + "zone: Atlantis/Centre\n",
		"date order":        good + "date_order: ymd\n",
		"encoding":          good + "encoding: ebcdic\n",
		"rule on words":     good + "rules: [{name: r, when: {base: {below: 0}}}]\n",
		"rule on numbers":   good + "rules: [{name: r, when: {value: {prefix: a}}}]\n",
		"rule on nothing":   good + "rules: [{name: r}]\n",
	} {
		_, err := LoadFormat("x.yaml", strings.NewReader(bad))
		if f := fault.Of(err); f == nil || f.Code != "E-FORMAT-FILE" || f.Kind != fault.Invalid {
			t.Errorf("%s: got %v, want E-FORMAT-FILE", name, err)
		}
	}
}

// TestTemplates: each template is read as its format, in both languages, and its example
// row is sound.
func TestTemplates(t *testing.T) {
	for _, f := range Formats() {
		if has := slices.Contains(Templates(), f.Name); has == (f.Name == "online-retail") {
			t.Errorf("%s has a template: %v", f.Name, has)
		}
	}
	for _, name := range Templates() {
		var said []string
		for _, lang := range messages.Languages {
			data, err := Template(name, lang)
			if err != nil {
				t.Fatal(err)
			}
			got := transcript(t, "t.csv", data, Options{Zone: time.UTC})
			first, rows, _ := strings.Cut(got, "\n")
			if want := name + " utf-8 ',' UTC ignored=[]"; first != want {
				t.Errorf("%s in %s is read as %q, want %q", name, lang, first, want)
			}
			if strings.Count(rows, "\n") != 1 || strings.Contains(rows, "rejected") {
				t.Errorf("%s in %s: %s", name, lang, rows)
			}
			said = append(said, rows)
		}
		if said[0] != said[1] {
			t.Errorf("%s says %s in English and %s in Chinese", name, said[0], said[1])
		}
	}
	if _, err := Template("nothing", messages.English); !fault.Is(err, fault.Usage) {
		t.Errorf("got %v, want a usage fault", err)
	}
}
