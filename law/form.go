package law

import (
	"reflect"
	"strings"
	"sync"
)

// form is how a struct stands in a file.
type form struct {
	names  []string
	fields map[string]field
}

type field struct {
	index []int
	tag   tag
}

// tag is what a `law` tag says in its words: must (the field may not be left out), share
// (a number from 0 to 1), hs (digits of a goods code), pattern (a regular expression),
// link (an address of the web), traits (words of commerce.KnownTraits), season (days of
// every year), of=a|b|c (one of these).
type tag struct {
	must, share, hs, pattern, link, traits, season bool
	words                                          []string
}

var forms sync.Map // reflect.Type → *form

func formOf(t reflect.Type) *form {
	if known, ok := forms.Load(t); ok {
		return known.(*form)
	}
	f := &form{fields: map[string]field{}}
	for _, sf := range reflect.VisibleFields(t) {
		name, _, _ := strings.Cut(sf.Tag.Get("yaml"), ",")
		if sf.Anonymous || name == "" || name == "-" {
			continue // what an embedded struct holds is visible by itself
		}
		f.names = append(f.names, name)
		f.fields[name] = field{sf.Index, parseTag(sf.Tag.Get("law"))}
	}
	forms.Store(t, f)
	return f
}

func parseTag(s string) (t tag) {
	for _, word := range strings.Fields(s) {
		switch list, isList := strings.CutPrefix(word, "of="); {
		case isList:
			t.words = strings.Split(list, "|")
		case word == "must":
			t.must = true
		case word == "share":
			t.share = true
		case word == "hs":
			t.hs = true
		case word == "pattern":
			t.pattern = true
		case word == "link":
			t.link = true
		case word == "traits":
			t.traits = true
		case word == "season":
			t.season = true
		default:
			panic("law: unknown word in a law tag: " + word)
		}
	}
	return t
}
