// Package ingest reads the files of a shop into facts: order lines, products, costs,
// stock, suppliers, prices, rates, spend. A kind of file is a Format, data in
// formats/*.yaml, never code.
//
// Open finds out what a file is, Source.Read gives its rows one by one, good or bad, and
// Match ties credit notes to their sales. Every row comes out once: as a fact, a *Reject
// for quarantine, an *Exclusion by a named rule, or a *Duplicate, so that a caller can
// show that none is lost, in rows and in money.
//
// It is not for storage (package store), and it corrects nothing: what can be read in
// two ways is asked about or rejected. Before it stands nothing but a file; after it
// comes the Engine, which hands the facts to store.
package ingest

import (
	"errors"
	"io"
	"iter"

	"tradewind/commerce"
	"tradewind/fault"
)

// Read gives what becomes of each row, in the order of the file; it can be ranged over
// once. With a nil error comes a fact, a pointer into memory that the next row reuses:
// it is valid until the next iteration, while its strings may be kept. The errors
// *Reject, *Exclusion and *Duplicate tell what became of one row, and reading goes on. Any
// other error is about the whole file (truncated, unreadable) and ends the reading.
// Empty lines, and rows of empty cells, are no rows.
func (s *Source) Read() iter.Seq2[commerce.Fact, error] {
	return func(yield func(commerce.Fact, error) bool) {
		defer s.close()
		line := int64(1)
		for {
			rec, err := s.rows.next()
			if err == io.EOF {
				return
			}
			if err != nil {
				yield(nil, s.fatal(err, line))
				return
			}
			line = rec.line
			fact, err := s.reader.read(rec)
			if fact == nil && err == nil {
				continue
			}
			if !yield(fact, err) {
				return
			}
		}
	}
}

// Offset returns how many bytes of the file, as it is stored, have been read so far. It
// may be called while another goroutine reads.
func (s *Source) Offset() int64 { return s.bytes.n.Load() }

// fatal names what stopped the reading of a file after a line.
func (s *Source) fatal(err error, line int64) error {
	if f := fault.Of(err); f != nil {
		return err
	}
	args := []fault.Arg{fault.A("file", s.Name), fault.A("line", line)}
	switch {
	case s.Compression != "" && errors.Is(err, io.ErrUnexpectedEOF):
		return fault.From(err, fault.Invalid, "E-TRUNCATED", args...)
	case isCorrupt(err):
		return fault.From(err, fault.Invalid, "E-CORRUPT", args...)
	}
	return fault.Wrap(err, "read %s after line %d", s.Name, line)
}

var errQuotes = fault.New(fault.Invalid, "E-QUOTES")
