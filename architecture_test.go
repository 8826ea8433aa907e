package tradewind_test

import (
	"bytes"
	"cmp"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path"
	"slices"
	"strconv"
	"strings"
	"testing"
	"testing/fstest"
)

// module is the path that the project's own imports begin with.
const module = "tradewind"

// floor is a package, or all packages below a folder ("operations/*"), and the height
// that it stands on. A package may import what stands lower, never its own height.
type floor struct {
	pattern string
	height  float64
	pure    bool // no file, network, database, clock or global randomness
	door    bool // talks to the engine and the words, never past it
}

// floors is the whole building. ARCHITECTURE.md says why it stands like this.
var floors = []floor{
	{pattern: "examples/online-retail", height: 0}, // data: imports nothing of the project
	{pattern: "fault", height: 1, pure: true},
	{pattern: "money", height: 2, pure: true},
	{pattern: "calendar", height: 2, pure: true},
	{pattern: "messages", height: 2.1, pure: true},
	{pattern: "numeric/distribution", height: 2, pure: true},
	{pattern: "numeric/kernel", height: 2, pure: true},
	{pattern: "numeric/drift", height: 2.1, pure: true},
	{pattern: "numeric/mcda", height: 2.1, pure: true},
	{pattern: "numeric/neural", height: 2.1, pure: true},
	{pattern: "numeric/policy", height: 2.1, pure: true},
	{pattern: "numeric/regress", height: 2.1, pure: true},
	{pattern: "numeric/tree", height: 2.1, pure: true},
	{pattern: "numeric/forecast", height: 2.2, pure: true},
	{pattern: "commerce", height: 3, pure: true},
	{pattern: "market", height: 3.1, pure: true},
	{pattern: "market/economy", height: 3.1, pure: true},
	{pattern: "market/exchange", height: 3.1, pure: true},
	{pattern: "law/tariff", height: 3.1, pure: true},
	{pattern: "law", height: 3.2, pure: true},
	{pattern: "decision", height: 4, pure: true},
	{pattern: "simulate", height: 4, pure: true},
	{pattern: "operations/classification/generate", height: 5.1},         // a program that makes the data
	{pattern: "operations/inventory/published", height: 5.1, pure: true}, // problems with answers, for tests and the benchmark
	{pattern: "operations/*", height: 5, pure: true},
	{pattern: "ingest", height: 5},
	{pattern: "store", height: 5},
	{pattern: "connect", height: 5},
	{pattern: "plan", height: 6, pure: true},
	{pattern: ".", height: 7},
	{pattern: "console/chart", height: 8},
	{pattern: "console", height: 8.1, door: true},
	{pattern: "cmd/tradewind", height: 9, door: true},
}

// words are what a door may use besides the engine.
var words = []string{"fault", "money", "calendar", "messages", "commerce", "decision"}

// onlyFor names packages that just one other package may import.
var onlyFor = map[string]string{"examples/online-retail": ".", "console/chart": "console"}

// longFiles are the files that may be longer than the rest, each with its reason.
var longFiles = map[string]string{}

const (
	rootLines  = 300
	otherLines = 500
)

// impure are the imports that a pure package may not have: the path itself and all below.
var impure = []string{"os", "net", "database", "syscall", "io/ioutil", "crypto/rand", "golang.org/x/sys"}

// ambient are the functions through which time and chance come in unasked.
var ambient = map[string][]string{
	"time":         {"Now", "Since", "Until", "After", "AfterFunc", "Tick", "NewTimer", "NewTicker", "Sleep"},
	"math/rand":    nil, // nil: every function but the constructors
	"math/rand/v2": nil,
}

// constructors make a generator from a seed, and are how pure code gets one.
var constructors = []string{"New", "NewSource", "NewPCG", "NewChaCha8", "NewZipf"}

// source is one Go file of the project.
type source struct {
	name  string // from the root, with slashes
	dir   string // its package: "." is the root
	lines int
	made  bool // generated
	file  *ast.File
}

// TestArchitecture reads the imports of every file and holds them against the floors.
func TestArchitecture(t *testing.T) {
	sources, err := readTree(os.DirFS("."))
	if err != nil {
		t.Fatal(err)
	}
	if len(sources) < 20 {
		t.Fatalf("only %d files found: the tree was not read", len(sources))
	}
	for _, problem := range inspect(sources, floors) {
		t.Error(problem)
	}
}

// TestFloorsStand holds the table against the tree: a floor without a package is a plan,
// and plans do not belong into the table.
func TestFloorsStand(t *testing.T) {
	sources, err := readTree(os.DirFS("."))
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range floors {
		if !slices.ContainsFunc(sources, func(s source) bool { return f.covers(s.dir) }) {
			t.Errorf("floor %q has no package", f.pattern)
		}
	}
	for name := range longFiles {
		if _, err := os.Stat(name); err != nil {
			t.Errorf("long file %s is not there: take it out of the list", name)
		}
	}
}

func (f floor) covers(dir string) bool {
	if below, all := strings.CutSuffix(f.pattern, "/*"); all {
		return strings.HasPrefix(dir, below+"/")
	}
	return dir == f.pattern
}

func floorOf(dir string, building []floor) *floor {
	for i := range building {
		if building[i].covers(dir) {
			return &building[i]
		}
	}
	return nil
}

// free packages measure the project: they may import everything, and nothing imports
// them. Programs that make data are free as well.
func free(dir string) bool {
	return dir == "benchmark" || dir == "cmd/benchmark" || path.Base(dir) == "generate" || strings.HasPrefix(dir, "examples/") && strings.Count(dir, "/") > 1
}

// inspect returns every way in which the sources break the rules.
func inspect(sources []source, building []floor) []string {
	var problems []string
	report := func(format string, args ...any) { problems = append(problems, fmt.Sprintf(format, args...)) }
	homeless := map[string]bool{}
	for _, s := range sources {
		for _, p := range lengthProblems(s) {
			report("%s", p)
		}
		if free(s.dir) {
			continue
		}
		here := floorOf(s.dir, building)
		if here == nil {
			if !homeless[s.dir] {
				report("package %s has no floor", s.dir)
			}
			homeless[s.dir] = true
			continue
		}
		for _, imported := range importsOf(s.file) {
			for _, p := range importProblems(s, here, imported, building) {
				report("%s", p)
			}
		}
		if here.pure {
			for _, p := range ambientProblems(s) {
				report("%s", p)
			}
		}
	}
	slices.Sort(problems)
	return problems
}

func lengthProblems(s source) []string {
	limit := otherLines
	if s.dir == "." {
		limit = rootLines
	}
	if s.made || s.lines <= limit || longFiles[s.name] != "" {
		return nil
	}
	return []string{fmt.Sprintf("%s has %d lines: at most %d", s.name, s.lines, limit)}
}

func importProblems(s source, here *floor, imported string, building []floor) []string {
	var problems []string
	say := func(format string, args ...any) {
		problems = append(problems, s.name+": "+fmt.Sprintf(format, args...))
	}
	dir, own := ownDir(imported)
	if !own {
		if here.pure && slices.ContainsFunc(impure, func(p string) bool { return imported == p || strings.HasPrefix(imported, p+"/") }) {
			say("pure package imports %s", imported)
		}
		return problems
	}
	there := floorOf(dir, building)
	switch {
	case free(dir):
		say("imports %s, which nothing may import", dir)
	case there == nil:
		say("imports %s, which has no floor", dir)
	case there.height > here.height:
		say("imports upward: %s", dir)
	case there.height == here.height:
		say("imports sideways: %s", dir)
	case here.door && !slices.Contains(words, dir) && dir != "." && !there.door && onlyFor[dir] != s.dir:
		say("door reaches past the engine: %s", dir)
	case strings.HasPrefix(s.dir, "numeric/") && !strings.HasPrefix(dir, "numeric/") && dir != "fault":
		say("numeric knows no business word: %s", dir)
	case onlyFor[dir] != "" && onlyFor[dir] != s.dir:
		say("imports %s, which belongs to %s", dir, onlyFor[dir])
	}
	return problems
}

// ambientProblems finds calls that read the clock or the global generator.
func ambientProblems(s source) []string {
	names := map[string]string{} // local name → import path
	for _, spec := range s.file.Imports {
		imported, _ := strconv.Unquote(spec.Path.Value)
		if _, watched := ambient[imported]; !watched {
			continue
		}
		name := strings.TrimSuffix(path.Base(imported), "/v2")
		if imported == "math/rand/v2" {
			name = "rand"
		}
		if spec.Name != nil {
			name = spec.Name.Name
		}
		names[name] = imported
	}
	var problems []string
	ast.Inspect(s.file, func(n ast.Node) bool {
		sel, ok := n.(*ast.SelectorExpr)
		if !ok {
			return true
		}
		if id, ok := sel.X.(*ast.Ident); ok && names[id.Name] != "" && isAmbient(names[id.Name], sel.Sel.Name) {
			problems = append(problems, fmt.Sprintf("%s: pure package uses %s.%s", s.name, names[id.Name], sel.Sel.Name))
		}
		return true
	})
	return problems
}

// isAmbient reports whether a name of a watched package brings in time or chance. Of the
// rand packages every function does that does not make a generator; types do not.
func isAmbient(imported, name string) bool {
	if listed := ambient[imported]; listed != nil {
		return slices.Contains(listed, name)
	}
	types := []string{"Rand", "Source", "Source64", "PCG", "ChaCha8", "Zipf"}
	return !slices.Contains(constructors, name) && !slices.Contains(types, name)
}

func importsOf(f *ast.File) []string {
	var paths []string
	for _, spec := range f.Imports {
		p, _ := strconv.Unquote(spec.Path.Value)
		paths = append(paths, p)
	}
	return paths
}

func ownDir(imported string) (dir string, own bool) {
	if imported == module {
		return ".", true
	}
	return strings.CutPrefix(imported, module+"/")
}

// readTree parses every Go file that is no test. Folders that Go ignores are left out.
func readTree(tree fs.FS) ([]source, error) {
	var sources []source
	err := fs.WalkDir(tree, ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		base := path.Base(name)
		if d.IsDir() {
			if name != "." && (strings.HasPrefix(base, ".") || strings.HasPrefix(base, "_") || base == "testdata" || base == "node_modules") {
				return fs.SkipDir
			}
			return nil
		}
		if !strings.HasSuffix(name, ".go") || strings.HasSuffix(name, "_test.go") {
			return nil
		}
		text, err := fs.ReadFile(tree, name)
		if err != nil {
			return err
		}
		file, err := parser.ParseFile(token.NewFileSet(), name, text, parser.SkipObjectResolution|parser.ParseComments)
		if err != nil {
			return err
		}
		sources = append(sources, source{name, path.Dir(name), bytes.Count(text, []byte("\n")), ast.IsGenerated(file), file})
		return nil
	})
	slices.SortFunc(sources, func(a, b source) int { return cmp.Compare(a.name, b.name) })
	return sources, err
}

// blind are the packages whose code must not so much as name a person or a line of an order:
// prices and promotions never depend on who is buying.
var blind = []string{"operations/pricing", "operations/promotion"}

// persons are the words of package commerce that lead to one.
var persons = []string{"CustomerID", "OrderLine"}

// TestPricesAreBlind reads the code of the blind packages for words that lead to a person.
func TestPricesAreBlind(t *testing.T) {
	sources, err := readTree(os.DirFS("."))
	if err != nil {
		t.Fatal(err)
	}
	looked := map[string]bool{}
	for _, s := range sources {
		if slices.Contains(blind, s.dir) {
			looked[s.dir] = true
			for _, problem := range personProblems(s) {
				t.Error(problem)
			}
		}
	}
	for _, dir := range blind {
		if !looked[dir] {
			t.Errorf("%s was not looked at", dir)
		}
	}
	seeing, err := readTree(fstest.MapFS{"operations/pricing/a.go": {Data: []byte("package pricing\nimport c \"tradewind/commerce\"\nvar who c.CustomerID")}})
	if err != nil {
		t.Fatal(err)
	}
	if got := strings.Join(personProblems(seeing[0]), "; "); got != "operations/pricing/a.go: names commerce.CustomerID" {
		t.Errorf("a breach is reported as %q", got)
	}
}

// personProblems finds uses of the words that lead to a person, under whatever name package
// commerce is imported.
func personProblems(s source) []string {
	name := "commerce"
	for _, spec := range s.file.Imports {
		if spec.Path.Value == strconv.Quote(module+"/commerce") && spec.Name != nil {
			name = spec.Name.Name
		}
	}
	var problems []string
	ast.Inspect(s.file, func(n ast.Node) bool {
		if sel, ok := n.(*ast.SelectorExpr); ok {
			if id, ok := sel.X.(*ast.Ident); ok && id.Name == name && slices.Contains(persons, sel.Sel.Name) {
				problems = append(problems, s.name+": names commerce."+sel.Sel.Name)
			}
		}
		return true
	})
	return problems
}

// TestArchitectureFindsBreaches breaks each rule once in a small tree: a check that
// cannot fail checks nothing.
func TestArchitectureFindsBreaches(t *testing.T) {
	long := "package p\n" + strings.Repeat("// line\n", otherLines)
	for _, tt := range []struct{ rule, name, text, want string }{
		{"a clean file", "plan/a.go", "package plan\nimport _ \"tradewind/commerce\"", ""},
		{"a seeded generator", "plan/a.go", "package plan\nimport \"math/rand/v2\"\nvar r = rand.New(rand.NewPCG(1, 2))\nvar x = r.Float64()", ""},
		{"a door on the words", "console/a.go", "package console\nimport _ \"tradewind\"\nimport _ \"tradewind/money\"\nimport _ \"tradewind/console/chart\"", ""},
		{"the command on the console", "cmd/tradewind/a.go", "package main\nimport _ \"tradewind/console\"", ""},
		{"a free package", "cmd/benchmark/a.go", "package main\nimport _ \"tradewind/store\"", ""},
		{"a generated file", "plan/a.go", "// Code generated by x. DO NOT EDIT.\n\n" + strings.Replace(long, "package p", "package plan", 1), ""},

		{"no floor", "helpers/a.go", "package helpers", "package helpers has no floor"},
		{"no floor of the imported", "plan/a.go", "package plan\nimport _ \"tradewind/helpers\"", "plan/a.go: imports helpers, which has no floor"},
		{"upward", "money/a.go", "package money\nimport _ \"tradewind/commerce\"", "money/a.go: imports upward: commerce"},
		{"sideways", "operations/demand/a.go", "package demand\nimport _ \"tradewind/operations/inventory\"", "operations/demand/a.go: imports sideways: operations/inventory"},
		{"sideways at the edges", "ingest/a.go", "package ingest\nimport _ \"tradewind/store\"", "ingest/a.go: imports sideways: store"},
		{"the benchmark", "plan/a.go", "package plan\nimport _ \"tradewind/benchmark\"", "plan/a.go: imports benchmark, which nothing may import"},
		{"pure os", "plan/a.go", "package plan\nimport _ \"os\"", "plan/a.go: pure package imports os"},
		{"pure net/http", "decision/a.go", "package decision\nimport _ \"net/http\"", "decision/a.go: pure package imports net/http"},
		{"pure database/sql", "commerce/a.go", "package commerce\nimport _ \"database/sql\"", "commerce/a.go: pure package imports database/sql"},
		{"pure clock", "operations/demand/a.go", "package demand\nimport \"time\"\nvar t = time.Now()", "operations/demand/a.go: pure package uses time.Now"},
		{"pure clock, renamed", "plan/a.go", "package plan\nimport clock \"time\"\nvar d = clock.Since(clock.Time{})", "plan/a.go: pure package uses time.Since"},
		{"global chance", "plan/a.go", "package plan\nimport \"math/rand/v2\"\nvar x = rand.IntN(6)", "plan/a.go: pure package uses math/rand/v2.IntN"},
		{"global chance of old", "plan/a.go", "package plan\nimport \"math/rand\"\nvar x = rand.Float64()", "plan/a.go: pure package uses math/rand.Float64"},
		{"a door past the engine", "console/a.go", "package console\nimport _ \"tradewind/store\"", "console/a.go: door reaches past the engine: store"},
		{"a door at the methods", "cmd/tradewind/a.go", "package main\nimport _ \"tradewind/numeric/forecast\"", "cmd/tradewind/a.go: door reaches past the engine: numeric/forecast"},
		{"a business word in numeric", "numeric/forecast/a.go", "package forecast\nimport _ \"tradewind/money\"", "numeric/forecast/a.go: numeric knows no business word: money"},
		{"the demo's data", "plan/a.go", "package plan\nimport _ \"tradewind/examples/online-retail\"", "plan/a.go: imports examples/online-retail, which belongs to ."},
		{"a long file", "plan/a.go", strings.Replace(long, "package p", "package plan", 1), "plan/a.go has 501 lines: at most 500"},
		{"a long file in the root", "a.go", "package tradewind\n" + strings.Repeat("// line\n", rootLines), "a.go has 301 lines: at most 300"},
	} {
		sources, err := readTree(fstest.MapFS{tt.name: {Data: []byte(tt.text)}, "skipped/testdata/x.go": {Data: []byte("no Go")}})
		if err != nil {
			t.Fatalf("%s: %v", tt.rule, err)
		}
		if got := strings.Join(inspect(sources, floors), "; "); got != tt.want {
			t.Errorf("%s: got %q, want %q", tt.rule, got, tt.want)
		}
	}
}
