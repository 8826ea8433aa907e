package law

import (
	"errors"
	"fmt"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/parser"

	"tradewind/fault"
	"tradewind/messages"
)

// parse reads the syntax of a file. The parser is somebody else's and meets files from
// anywhere, so that a defect of it is a file that cannot be read and not a crash.
func (d *decoder) parse(data []byte) (root ast.Node, ok bool) {
	defer func() {
		if p := recover(); p != nil {
			d.report(d.file, "E-LAW-YAML", fault.A("reason", fmt.Sprint(p)))
			root, ok = nil, false
		}
	}()
	if line := nestedTooDeep(data); line > 0 {
		d.report(fmt.Sprintf("%s:%d", d.file, line), "E-LAW-YAML", fault.A("reason", messages.M("law.too-deep")))
		return nil, false
	}
	file, err := parser.ParseBytes(data, 0)
	var form yaml.Error
	switch {
	case errors.As(err, &form):
		p := form.GetToken().Position
		d.report(fmt.Sprintf("%s:%d:%d", d.file, p.Line, p.Column), "E-LAW-YAML", fault.A("reason", form.GetMessage()))
		return nil, false
	case err != nil:
		d.report(d.file, "E-LAW-YAML", fault.A("reason", err.Error()))
		return nil, false
	}
	for _, doc := range file.Docs {
		if doc.Body == nil {
			continue
		}
		if root != nil {
			d.fail(doc.Body, "E-LAW-YAML", fault.A("reason", messages.M("law.one-document")))
			return nil, false
		}
		root = doc.Body
	}
	if root == nil {
		d.report(d.file, "E-LAW-EMPTY")
		return nil, false
	}
	return root, true
}

// deepest is how deep brackets and list signs may stand in each other; a pack needs four.
const deepest = 100

// nestedTooDeep returns the first line on which a file is nested so deep that the parser,
// which descends by recursion, would run for hours or out of stack; 0 where none is.
func nestedTooDeep(data []byte) int {
	line, brackets, signs := 1, 0, 0
	for i, c := range data {
		switch c {
		case '\n':
			line++
			signs = 0
		case '[', '{':
			brackets++
		case ']', '}':
			brackets = max(0, brackets-1)
		case ' ':
			if i > 0 && (data[i-1] == '-' || data[i-1] == '?') {
				signs++
			}
		}
		if brackets > deepest || signs > deepest {
			return line
		}
	}
	return 0
}

func (d *decoder) report(place, code string, args ...fault.Arg) {
	d.errs = append(d.errs, fault.New(fault.Invalid, code, append([]fault.Arg{fault.A("place", place)}, args...)...))
}

func (d *decoder) fail(n ast.Node, code string, args ...fault.Arg) { d.report(d.at(n), code, args...) }

// at is the place of a node: "EU.yaml:12:7".
func (d *decoder) at(n ast.Node) string {
	if pairs := pairsOf(n); len(pairs) > 0 {
		n = pairs[0].Key // the token of a mapping is its first colon
	}
	p := n.GetToken().Position
	return fmt.Sprintf("%s:%d:%d", d.file, p.Line, p.Column)
}

// pairsOf returns the entries of a mapping, and nil of anything else.
func pairsOf(n ast.Node) []*ast.MappingValueNode {
	switch n := n.(type) {
	case *ast.MappingNode:
		return n.Values
	case *ast.MappingValueNode:
		return []*ast.MappingValueNode{n}
	}
	return nil
}

// lineOf is the line on which a node begins.
func lineOf(n ast.Node) int {
	if pairs := pairsOf(n); len(pairs) > 0 {
		n = pairs[0].Key
	}
	return n.GetToken().Position.Line
}

// valueOf finds the value of a field in a mapping, for the place of a failure; the
// mapping itself where it is not there.
func valueOf(n ast.Node, name string) ast.Node {
	for _, pair := range pairsOf(n) {
		if pair.Key.GetToken().Value == name {
			return pair.Value
		}
	}
	return n
}
