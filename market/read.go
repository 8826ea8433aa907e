package market

import (
	"bytes"
	"errors"
	"fmt"
	"strings"
	"sync"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/parser"

	"tradewind/fault"
	"tradewind/messages"
)

// ReadPack reads a pack: one of the program's own or one that a user wrote. It is strict:
// what is not of the form of docs/markets.md is fault.Invalid, which names the file, the
// line, the field and what to write instead.
func ReadPack(name string, data []byte) (*Pack, error) {
	doc, err := parse(name, data)
	if err != nil {
		return nil, err
	}
	p := new(Pack)
	if err := doc.decode(p); err != nil {
		return nil, err
	}
	if err := doc.check(p); err != nil {
		return nil, err
	}
	return p, nil
}

// document is a YAML file whose fields know their lines.
type document struct {
	name string
	data []byte
	tree *ast.File
}

func parse(name string, data []byte) (*document, error) {
	tree, err := parser.ParseBytes(data, 0)
	doc := &document{name, data, tree}
	if err != nil {
		return nil, doc.malformed(err)
	}
	return doc, nil
}

func (d *document) decode(v any) error {
	if err := yaml.UnmarshalWithOptions(d.data, v, yaml.Strict()); err != nil {
		return d.malformed(err)
	}
	return nil
}

// malformed says what is wrong with the form of the file, at its line.
func (d *document) malformed(err error) error {
	var form yaml.Error
	var unknown *yaml.UnknownFieldError
	switch {
	case fault.Of(err) != nil: // a date: it knows its value, not its place
		return d.at(d.lineHolding(fmt.Sprint(fault.Of(err).Args[0].Value)), "", fault.Of(err))
	case !errors.As(err, &form) || form.GetToken() == nil:
		return d.at(0, "", fault.From(err, fault.Invalid, "E-MARKET-FORM", fault.A("reason", err.Error())))
	}
	line, value := form.GetToken().Position.Line, form.GetToken().Value
	if errors.As(err, &unknown) {
		return d.at(line, "", fault.From(err, fault.Invalid, "E-MARKET-FIELD", fault.A("value", value)))
	}
	return d.at(line, "", fault.From(err, fault.Invalid, "E-MARKET-FORM", fault.A("reason", form.GetMessage())))
}

func (d *document) lineHolding(value string) int {
	before, _, found := bytes.Cut(d.data, []byte(": "+value))
	if !found {
		return 0
	}
	return bytes.Count(before, []byte("\n")) + 1
}

// wrong refuses a field: "languages[1]". Where the field is not there, the line is that of
// the nearest one around it.
func (d *document) wrong(field string, reason error) error {
	return d.at(d.lineOf(field), field, reason)
}

func (d *document) at(line int, field string, reason error) error {
	place := d.name
	if line > 0 {
		place = fmt.Sprintf("%s:%d", d.name, line)
	}
	if field != "" {
		place += " " + field
	}
	return fault.From(reason, fault.Invalid, "E-MARKET-PACK", fault.A("place", place),
		fault.A("reason", messages.Of(reason)), fault.A("remedy", messages.Of(reason).Remedy()))
}

func (d *document) lineOf(field string) int {
	for ; field != ""; field = around(field) {
		path, err := yaml.PathString("$." + field)
		if err != nil {
			continue
		}
		node, err := path.FilterFile(d.tree)
		if err == nil && node != nil && node.GetToken() != nil {
			// A mapping's token is its first colon: still on the line of its first field.
			return node.GetToken().Position.Line
		}
	}
	return 1
}

// around is the field that holds a field: "taboos[2].name" → "taboos[2]" → "taboos" → "".
func around(field string) string {
	return field[:max(strings.LastIndexAny(field, ".["), 0)]
}

// shared are the lists that packs name by key.
func shared[T any](file string, key func(T) string) map[string]T {
	name := "shared/" + file
	data, err := files.ReadFile(name)
	if err != nil {
		panic("market: " + err.Error())
	}
	var list []T
	if err := yaml.UnmarshalWithOptions(data, &list, yaml.Strict()); err != nil {
		panic("market: " + name + ": " + err.Error())
	}
	all := map[string]T{}
	for _, v := range list {
		if _, twice := all[key(v)]; twice {
			panic("market: " + name + " has " + key(v) + " twice")
		}
		all[key(v)] = v
	}
	return all
}

var (
	sharedEvents = sync.OnceValue(func() map[string]SaleEvent {
		return shared("events.yaml", func(e SaleEvent) string { return e.Key })
	})
	sharedTexts = sync.OnceValue(func() map[string]LegalText {
		return shared("texts.yaml", func(t LegalText) string { return t.Key })
	})
)
