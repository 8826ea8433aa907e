package tradewind_test

import (
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
)

// TestDependenciesHaveReasons holds docs/dependencies.md against what the code imports.
func TestDependenciesHaveReasons(t *testing.T) {
	text, err := os.ReadFile("docs/dependencies.md")
	if err != nil {
		t.Fatal(err)
	}
	used := map[string]bool{} // by module: does anything import it
	for _, name := range regexp.MustCompile("`([a-z0-9.]+\\.[a-z]+/[^`]+)`").FindAllStringSubmatch(string(text), -1) {
		used[name[1]] = false
	}
	if len(used) < 10 {
		t.Fatalf("only %d modules found in the list", len(used))
	}
	err = filepath.WalkDir(".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || !strings.HasSuffix(name, ".go") {
			return err
		}
		file, err := parser.ParseFile(token.NewFileSet(), name, nil, parser.ImportsOnly)
		if err != nil {
			return err
		}
		for _, spec := range file.Imports {
			path, _ := strconv.Unquote(spec.Path.Value)
			if first, _, _ := strings.Cut(path, "/"); !strings.Contains(first, ".") {
				continue
			}
			module, listed := moduleOf(path, used)
			if !listed {
				t.Errorf("%s imports %s, which has no reason in docs/dependencies.md", name, path)
				continue
			}
			used[module] = true
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	for module, is := range used {
		if !is {
			t.Errorf("docs/dependencies.md lists %s, which nothing imports", module)
		}
	}
}

func moduleOf(path string, modules map[string]bool) (string, bool) {
	for module := range modules {
		if path == module || strings.HasPrefix(path, module+"/") {
			return module, true
		}
	}
	return "", false
}
