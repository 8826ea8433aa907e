package ingest

import (
	"encoding/binary"
	"math"

	"github.com/zeebo/xxh3"

	"tradewind/commerce"
)

// Natural keys are stored and compared for ever, so this is a file format:
//
//	key     = XXH3-128(text(source) · text of each key field · row · occurrence)
//	row     = XXH3-128 of every value of the row, Hi then Lo; only where rows are the key
//	text(s) = uvarint(len(s)) · s
//
// A value is its field number, then text(s) for words, and eight bytes, little-endian, of
// the whole number (units, ten-thousandths, seconds, days) or of the IEEE 754 bits for
// the rest. Empty values are left out, and so are fields that a format gives as a
// constant, without a column. The occurrence, eight bytes, counts identical
// rows of one file from 1 where a format keeps them, and is 1 where it does not. The days of
// a goods receipt that has a number of its own are no part of its key.
//
// Source: Y. Collet, xxHash specification 0.8, XXH3 128 bits, seed 0.

// appendValue appends the canonical form of a value.
func appendValue(b []byte, f field, v *value) []byte {
	if !v.given {
		return b
	}
	b = append(b, byte(f))
	switch kind := fields[f].kind; {
	case kind == aNumber || kind == aShare:
		return binary.LittleEndian.AppendUint64(b, math.Float64bits(v.x))
	case kind.isWords() && kind != aFlag:
		return appendText(b, v.s)
	}
	return binary.LittleEndian.AppendUint64(b, uint64(v.n))
}

func appendText(b []byte, s string) []byte {
	return append(binary.AppendUvarint(b, uint64(len(s))), s...)
}

// keys makes the natural keys of one file's rows.
type keys struct {
	format *Format
	buf    []byte
	seen   seen
}

// verdict is what a key says about a row.
type verdict uint8

const (
	fresh     verdict = iota
	identical         // the file said the same before
	conflict          // the file said something else under this key
)

// of returns the natural key of a row and whether the file had it before.
func (k *keys) of(values *[numFields]value) (commerce.Key, verdict) {
	b := k.buf[:0]
	for _, f := range k.format.hashed {
		b = appendValue(b, f, &values[f])
	}
	row := xxh3.Hash128(b)
	b = appendText(b[:0], k.format.Source)
	for _, f := range k.format.keys {
		if !k.format.isNumbered(f, values) {
			b = appendValue(b, f, &values[f])
		}
	}
	if k.format.byRow {
		b = binary.LittleEndian.AppendUint64(b, row.Hi)
		b = binary.LittleEndian.AppendUint64(b, row.Lo)
	}
	first := xxh3.Hash128(binary.LittleEndian.AppendUint64(b, 1))
	k.buf = b
	content, before := k.seen.add(first.Hi, first.Lo, row.Lo)
	key := commerce.Key{Hi: first.Hi, Lo: first.Lo}
	switch {
	case !before:
		return key, fresh
	case *content != row.Lo && !k.format.byRow:
		return key, conflict
	case !k.format.keep || !k.format.byRow:
		return key, identical
	}
	// Keep every occurrence: the table counts them from the row's own hash.
	*content++
	h := xxh3.Hash128(binary.LittleEndian.AppendUint64(b, 1+*content-row.Lo))
	return commerce.Key{Hi: h.Hi, Lo: h.Lo}, fresh
}

// seen is a hash table from keys, which are hashes already, to 64 bits of content.
type seen struct {
	slots []slot
	count int
	zero  slot // the key 0 marks a free slot, so it lives here
	had0  bool
}

type slot struct{ hi, lo, content uint64 }

// add puts a key in and reports whether it was there; content points at what is kept.
func (s *seen) add(hi, lo, content uint64) (*uint64, bool) {
	if hi|lo == 0 {
		was := s.had0
		if !was {
			s.zero.content, s.had0 = content, true
		}
		return &s.zero.content, was
	}
	if 4*s.count >= 3*len(s.slots) {
		s.grow()
	}
	at := s.find(hi, lo)
	if at.hi|at.lo != 0 {
		return &at.content, true
	}
	*at = slot{hi, lo, content}
	s.count++
	return &at.content, false
}

func (s *seen) find(hi, lo uint64) *slot {
	mask := uint64(len(s.slots) - 1)
	for i := lo & mask; ; i = (i + 1) & mask {
		at := &s.slots[i]
		if at.lo == lo && at.hi == hi || at.hi|at.lo == 0 {
			return at
		}
	}
}

func (s *seen) grow() {
	old := s.slots
	s.slots = make([]slot, max(1<<12, 2*len(old)))
	for _, o := range old {
		if o.hi|o.lo != 0 {
			*s.find(o.hi, o.lo) = o
		}
	}
}
