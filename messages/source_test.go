package messages

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// use is one place in the project's Go source that names a code.
type use struct {
	place string
	code  string
	args  []string // names of the arguments given there
	open  bool     // there may be more arguments than can be read from the source
	call  bool     // named in a call that makes a message or a failure
}

// failureLike are codes of failures, dottedLike those of other texts.
var (
	failureLike = regexp.MustCompile(`^E-[A-Z0-9]+(-[A-Z0-9]+)*(\.fix)?$`)
	dottedLike  = regexp.MustCompile(`^[a-z]+\.[a-z0-9_.-]+$`)
)

// codeIn reports whether a literal can only be a code.
func codeIn(text string) bool {
	if failureLike.MatchString(text) {
		return true
	}
	namespace, _, _ := strings.Cut(text, ".")
	return namespaces[namespace] && dottedLike.MatchString(text) && !slices.Contains(fileEndings, filepath.Ext(text))
}

// fileEndings tell "console.css" from a code.
var fileEndings = []string{".css", ".csv", ".go", ".html", ".js", ".json", ".yaml"}

// namespaces are the first words of the dotted codes: "plan", "cli" …
var namespaces = func() map[string]bool {
	all := map[string]bool{}
	for code := range catalogue {
		if namespace, _, dotted := strings.Cut(code, "."); dotted && !strings.HasPrefix(code, "E-") {
			all[namespace] = true
		}
	}
	return all
}()

// makers are the functions that take a code, and the position of it.
var makers = map[string]int{
	"messages.M": 0, "messages.Text": 1, "fault.New": 1, "fault.From": 2,
}

// usesIn parses every Go file of the module that is not a test and not a table of texts,
// and reads the data files that name codes.
func usesIn(t *testing.T, root string) (uses []use) {
	t.Helper()
	files := token.NewFileSet()
	err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		switch name := d.Name(); {
		case err != nil:
			return err
		case d.IsDir() && (name == "testdata" || name == "node_modules" || strings.HasPrefix(name, ".") && path != root):
			return filepath.SkipDir
		case strings.HasSuffix(name, "_test.go") || strings.HasPrefix(name, "texts"):
			return nil
		case strings.HasSuffix(name, ".go"):
			file, err := parser.ParseFile(files, path, nil, parser.SkipObjectResolution)
			if err != nil {
				return err
			}
			uses = append(uses, usesInFile(files, file)...)
		case strings.HasSuffix(name, ".yaml") || strings.HasSuffix(name, ".html"):
			content, err := os.ReadFile(path)
			if err != nil {
				return err
			}
			for _, quoted := range regexp.MustCompile(`"[^"\s]+"|\bE-[A-Z0-9-]+\b`).FindAllString(string(content), -1) {
				if code := strings.Trim(quoted, `"`); codeIn(code) {
					uses = append(uses, use{place: path, code: code})
				}
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return uses
}

func usesInFile(files *token.FileSet, file *ast.File) (uses []use) {
	inPackage := file.Name.Name
	ast.Inspect(file, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.BasicLit:
			if code, ok := literal(n); ok && codeIn(code) {
				uses = append(uses, use{place: files.Position(n.Pos()).String(), code: code})
			}
		case *ast.CallExpr:
			position, ok := makers[nameOf(n.Fun, inPackage)]
			if !ok || len(n.Args) <= position {
				return true
			}
			code, ok := literal(n.Args[position])
			if !ok {
				return true
			}
			u := use{place: files.Position(n.Pos()).String(), code: code, call: true, open: n.Ellipsis != token.NoPos}
			for _, arg := range n.Args[position+1:] {
				if name, ok := argumentName(arg, inPackage); ok {
					u.args = append(u.args, name)
				} else {
					u.open = true
				}
			}
			uses = append(uses, u)
		}
		return true
	})
	return uses
}

// nameOf returns "package.Function" for a call, also from inside the package.
func nameOf(fun ast.Expr, inPackage string) string {
	switch fun := fun.(type) {
	case *ast.SelectorExpr:
		if pkg, ok := fun.X.(*ast.Ident); ok {
			return pkg.Name + "." + fun.Sel.Name
		}
	case *ast.Ident:
		return inPackage + "." + fun.Name
	}
	return ""
}

// argumentName reads messages.A("name", …) and fault.A("name", …).
func argumentName(arg ast.Expr, inPackage string) (string, bool) {
	call, ok := arg.(*ast.CallExpr)
	if !ok || len(call.Args) != 2 {
		return "", false
	}
	if name := nameOf(call.Fun, inPackage); name != "messages.A" && name != "fault.A" {
		return "", false
	}
	return literal(call.Args[0])
}

func literal(e ast.Expr) (string, bool) {
	lit, ok := e.(*ast.BasicLit)
	if !ok || lit.Kind != token.STRING {
		return "", false
	}
	s, err := strconv.Unquote(lit.Value)
	return s, err == nil
}

func TestEveryCodeInTheSourceHasAText(t *testing.T) {
	uses := usesIn(t, "..")
	calls := 0
	for _, u := range uses {
		if u.call {
			calls++
		}
		if !Has(u.code) && !(begins(u.code) && !u.call) {
			t.Errorf("%s: %q has no text", u.place, u.code)
		}
	}
	if calls < 50 { // the words alone have a dozen: fewer means that the source was not found
		t.Errorf("%d calls with a code were found in the source", calls)
	}
}

// begins reports whether a literal is the beginning of codes, to which the rest is added.
func begins(literal string) bool {
	if !strings.HasSuffix(literal, ".") && !strings.HasSuffix(literal, "-") {
		return false
	}
	for code := range Codes {
		if strings.HasPrefix(code, literal) {
			return true
		}
	}
	return false
}

// A text and its remedy show only what the place that uses them gives.
func TestEveryTextGetsItsValues(t *testing.T) {
	for _, u := range usesIn(t, "..") {
		if !u.call || u.open {
			continue
		}
		for _, code := range []string{u.code, u.code + ".fix"} {
			shown, counted := holes(catalogue[code].en)
			for _, name := range slices.Concat(shown, counted) {
				if !slices.Contains(u.args, name) {
					t.Errorf("%s: %s shows {%s}, which is not given; given are %q", u.place, code, name, u.args)
				}
			}
		}
	}
}

func TestNoFailureIsUnused(t *testing.T) {
	used := map[string]bool{}
	for _, u := range usesIn(t, "..") {
		used[u.code] = true
	}
	for code := range Codes {
		if strings.HasPrefix(code, "E-") && !strings.HasSuffix(code, ".fix") && !used[code] {
			t.Errorf("%s has a text and no use", code)
		}
	}
}
