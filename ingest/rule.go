package ingest

import (
	"fmt"
	"maps"
	"slices"
	"strings"
)

// Condition is what a rule asks of one field: all that is given must hold. Words are
// compared with the value as it was read (trimmed, folded, mapped), numbers with the
// number.
type Condition struct {
	Prefix    string   `yaml:"prefix"`
	NotPrefix string   `yaml:"not_prefix"`
	In        []string `yaml:"in"`
	Below     *int64   `yaml:"below"`
	Equals    *int64   `yaml:"equals"`
}

// matcher is a rule made ready: which bits the words of a row must have set, and which
// numbers it compares. Words carry their bits from the first time that they are seen.
type matcher struct {
	words   uint64
	numbers []comparison
}

type comparison struct {
	field field
	below bool
	n     int64
}

// wordTest is one condition on words and the bit that tells that it holds.
type wordTest struct {
	field field
	cond  Condition
	bit   uint64
}

// compileWhen makes a matcher; it matches no row when there is no condition.
func (f *Format) compileWhen(what string, when map[string]Condition) (matcher, error) {
	var m matcher
	for _, name := range slices.Sorted(maps.Keys(when)) {
		cond := when[name]
		id, ok := fieldNamed(name)
		if _, used := f.Columns[name]; !ok || !used {
			return m, fmt.Errorf("%s: %q is not among the columns", what, name)
		}
		kind := fields[id].kind
		words := cond.Prefix != "" || cond.NotPrefix != "" || len(cond.In) > 0
		number := cond.Below != nil || cond.Equals != nil
		if words == number || words != kind.isWords() || number && kind != someUnits && kind != anAmount {
			return m, fmt.Errorf("%s: %s takes prefix, not_prefix, in for words, or below, equals for units and money", what, name)
		}
		if words {
			if len(f.tests) == 64 {
				return m, fmt.Errorf("%s: a format has at most 64 conditions on words", what)
			}
			t := wordTest{id, cond, 1 << len(f.tests)}
			f.tests = append(f.tests, t)
			m.words |= t.bit
			continue
		}
		scale := int64(1)
		if kind == anAmount {
			scale = 10_000 // amounts are held in ten-thousandths
		}
		if cond.Below != nil {
			m.numbers = append(m.numbers, comparison{id, true, *cond.Below * scale})
		}
		if cond.Equals != nil {
			m.numbers = append(m.numbers, comparison{id, false, *cond.Equals * scale})
		}
	}
	return m, nil
}

// bits returns which conditions a word of a field fulfils.
func (f *Format) bits(id field, word string) (bits uint64) {
	for _, t := range f.tests {
		if t.field == id && t.cond.holds(word) {
			bits |= t.bit
		}
	}
	return bits
}

func (c *Condition) holds(word string) bool {
	if c.Prefix != "" && !strings.HasPrefix(word, c.Prefix) {
		return false
	}
	if c.NotPrefix != "" && strings.HasPrefix(word, c.NotPrefix) {
		return false
	}
	return len(c.In) == 0 || slices.Contains(c.In, word)
}

// matches reports whether a row fulfils every condition.
func (m *matcher) matches(words uint64, values *[numFields]value) bool {
	if m.words&words != m.words || m.words == 0 && len(m.numbers) == 0 {
		return false
	}
	for _, c := range m.numbers {
		n := values[c.field].n
		if c.below && n >= c.n || !c.below && n != c.n {
			return false
		}
	}
	return true
}
