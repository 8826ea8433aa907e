package law

import (
	"math"
	"reflect"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/goccy/go-yaml/ast"

	"tradewind/calendar"
	"tradewind/commerce"
	"tradewind/fault"
	"tradewind/messages"
	"tradewind/money"
)

// decoder fills structs from the syntax tree of one file. It is stricter than a general
// decoder: every value is held against its field's `law` tag, and every failure names
// line and column. It goes on after a failure, so that one reading shows them all.
type decoder struct {
	file   string
	errs   []error
	places []placeUse // where the file names a country or union; unions are known only when all files are read
}

// placeUse is a country, a part of one or a union, and where a file names it.
type placeUse struct {
	place commerce.Market
	at    string
}

// fill reads a mapping into the struct into.
func (d *decoder) fill(n ast.Node, into reflect.Value) {
	pairs := pairsOf(n)
	if pairs == nil && !isEmptyMapping(n) {
		d.fail(n, "E-LAW-SHAPE", fault.A("want", messages.M("law.shape.mapping")))
		return
	}
	f := formOf(into.Type())
	seen := make(map[string]bool, len(pairs))
	for _, pair := range pairs {
		name := pair.Key.GetToken().Value
		known, ok := f.fields[name]
		if !ok {
			d.fail(pair.Key, "E-LAW-FIELD", fault.A("value", name), fault.A("fields", strings.Join(f.names, ", ")))
			continue
		}
		if _, empty := pair.Value.(*ast.NullNode); empty {
			continue // written and left empty is left out
		}
		seen[name] = true
		d.value(pair.Value, into.FieldByIndex(known.index), known.tag)
	}
	for _, name := range f.names {
		if f.fields[name].tag.must && !seen[name] {
			d.fail(n, "E-LAW-MISSING", fault.A("field", name))
		}
	}
}

func isEmptyMapping(n ast.Node) bool {
	m, ok := n.(*ast.MappingNode)
	return ok && len(m.Values) == 0
}

var (
	dayType    = reflect.TypeFor[calendar.Day]()
	amountType = reflect.TypeFor[money.Amount]()
	marketType = reflect.TypeFor[commerce.Market]()
	nodeType   = reflect.TypeFor[ast.Node]()
)

// value reads a node into a field.
func (d *decoder) value(n ast.Node, into reflect.Value, t tag) {
	if into.Type() == nodeType {
		into.Set(reflect.ValueOf(n)) // read later, when its type is known
		return
	}
	switch into.Kind() {
	case reflect.Pointer:
		into.Set(reflect.New(into.Type().Elem()))
		d.value(n, into.Elem(), t)
		return
	case reflect.Slice:
		d.list(n, into, t)
		return
	case reflect.Map:
		d.figures(n, into)
		return
	case reflect.Struct:
		if into.Type() != dayType && into.Type() != amountType {
			d.fill(n, into)
			return
		}
	}
	text, ok := scalar(n)
	if !ok {
		d.fail(n, "E-LAW-SHAPE", fault.A("want", messages.M("law.shape.value")))
		return
	}
	d.scalar(n, text, into, t)
}

// scalar returns the text of a plain value as it is written, without its quotes.
func scalar(n ast.Node) (string, bool) {
	switch n := n.(type) {
	case *ast.StringNode:
		return n.Value, true
	case *ast.LiteralNode:
		return strings.TrimRight(n.Value.Value, "\n"), true
	case *ast.IntegerNode, *ast.FloatNode, *ast.BoolNode, *ast.NanNode, *ast.InfinityNode:
		return n.GetToken().Value, true
	}
	return "", false
}

func (d *decoder) scalar(n ast.Node, text string, into reflect.Value, t tag) {
	switch into.Type() {
	case dayType:
		if day, err := calendar.ParseDay(text); err == nil {
			into.Set(reflect.ValueOf(day))
		} else {
			d.fail(n, "E-LAW-DAY", fault.A("value", text))
		}
		return
	case amountType:
		d.amount(n, text, into)
		return
	case marketType:
		d.places = append(d.places, placeUse{commerce.Market(text), d.at(n)})
	}
	switch into.Kind() {
	case reflect.String:
		d.word(n, text, t)
		into.SetString(text)
	case reflect.Float64:
		d.number(n, text, into, t)
	case reflect.Int:
		if whole, err := strconv.ParseInt(text, 10, 32); err == nil && whole >= 0 {
			into.SetInt(whole)
		} else {
			d.fail(n, "E-LAW-WHOLE", fault.A("value", text))
		}
	case reflect.Bool:
		if text != "true" && text != "false" {
			d.fail(n, "E-LAW-YESNO", fault.A("value", text))
		}
		into.SetBool(text == "true")
	default:
		panic("law: a field of type " + into.Type().String() + " cannot be read")
	}
}

// word holds a text against its tag.
func (d *decoder) word(n ast.Node, text string, t tag) {
	allowed := t.words
	if t.traits {
		allowed = commerce.KnownTraits
	}
	switch {
	case t.must && strings.TrimSpace(text) == "":
		d.fail(n, "E-LAW-BLANK")
	case allowed != nil && !slices.Contains(allowed, text):
		d.fail(n, "E-LAW-WORD", fault.A("value", text), fault.A("words", strings.Join(allowed, ", ")))
	case t.hs && !hsPrefix.MatchString(text):
		d.fail(n, "E-LAW-HS", fault.A("value", text))
	case t.season && !season.MatchString(text):
		d.fail(n, "E-LAW-SEASON", fault.A("value", text))
	case t.link && text != "" && !link.MatchString(text):
		d.fail(n, "E-LAW-LINK", fault.A("value", text))
	case t.pattern:
		if _, err := regexp.Compile(text); err != nil {
			d.fail(n, "E-LAW-PATTERN", fault.A("value", text), fault.A("reason", err.Error()))
		}
	}
}

// link is an address that a page may link to.
var link = regexp.MustCompile(`^https?://[^\s/"<>]+\.[^\s"<>]+$`)

// season is days of every year, both included: "12-03..01-02".
var season = regexp.MustCompile(`^(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])\.\.(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])$`)

var hsPrefix = regexp.MustCompile(`^[0-9]{2,10}$`)

func (d *decoder) number(n ast.Node, text string, into reflect.Value, t tag) {
	x, err := strconv.ParseFloat(text, 64)
	switch {
	case err != nil || math.IsNaN(x) || math.IsInf(x, 0):
		d.fail(n, "E-LAW-NUMBER", fault.A("value", text))
	case t.share && x > 1 && x <= 100:
		d.fail(n, "E-LAW-PERCENT", fault.A("value", text), fault.A("share", strconv.FormatFloat(x/100, 'g', 6, 64)))
	case t.share && (x < 0 || x > 1):
		d.fail(n, "E-LAW-SHARE", fault.A("value", text))
	}
	into.SetFloat(x)
}

// amount reads "150 EUR".
func (d *decoder) amount(n ast.Node, text string, into reflect.Value) {
	number, code, _ := strings.Cut(text, " ")
	cur, err := money.ParseCurrency(code)
	switch {
	case code == "":
		d.fail(n, "E-LAW-AMOUNT", fault.A("value", text))
		return
	case err != nil:
		d.fail(n, "E-LAW-CURRENCY", fault.A("value", code))
		return
	}
	amount, err := money.Parse(number, cur)
	if err != nil || amount.Sign() < 0 {
		d.fail(n, "E-LAW-AMOUNT", fault.A("value", text))
		return
	}
	into.Set(reflect.ValueOf(amount))
}

// list reads a sequence; a single value is a list of one.
func (d *decoder) list(n ast.Node, into reflect.Value, t tag) {
	items := []ast.Node{n}
	if sequence, ok := n.(*ast.SequenceNode); ok {
		items = sequence.Values
	}
	all := reflect.MakeSlice(into.Type(), len(items), len(items))
	for i, item := range items {
		d.value(item, all.Index(i), t)
	}
	into.Set(all)
}

// figures reads a mapping from names to numbers.
func (d *decoder) figures(n ast.Node, into reflect.Value) {
	pairs := pairsOf(n)
	if pairs == nil && !isEmptyMapping(n) {
		d.fail(n, "E-LAW-SHAPE", fault.A("want", messages.M("law.shape.mapping")))
		return
	}
	all := reflect.MakeMapWithSize(into.Type(), len(pairs))
	for _, pair := range pairs {
		x := reflect.New(into.Type().Elem()).Elem()
		d.value(pair.Value, x, tag{})
		all.SetMapIndex(reflect.ValueOf(pair.Key.GetToken().Value), x)
	}
	into.Set(all)
}
