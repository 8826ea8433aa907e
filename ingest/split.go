package ingest

import (
	"bytes"
	"io"
	"unicode/utf8"
)

const (
	maxRecord = 1 << 20 // a longer row is rejected, so that one line cannot fill the memory
	readSize  = 128 << 10

	// maxReread bounds the work that unclosed quotes can cause: after each the reading
	// goes back to the next line.
	maxReread = 64 << 20
)

// record is one row of a delimited text. Its slices are valid until the next one is read.
type record struct {
	fields [][]byte
	raw    []byte
	line   int64  // of its first line, 1 for the first
	code   string // what is wrong with the row as text; "" when nothing is
}

// splitter cuts delimited text into records as RFC 4180 and encoding/csv have them:
// quoted fields may hold delimiters, doubled quotes and line ends; empty lines are no
// records; "\r\n" inside quotes becomes "\n". A quote inside an unquoted field stands for
// itself. It reads UTF-8 and holds one record at a time.
type splitter struct {
	in    io.Reader
	comma byte
	eol   byte // '\n', or '\r' for files of old Macs

	decoded bool // the text was in another encoding: U+FFFD stands for what was no text

	buf      []byte
	pos, end int
	failed   error // of in; io.EOF at its end
	lines    int64 // line ends passed
	reread   int

	fields  [][]byte
	scratch []byte // unquoted copies of the fields of a quoted record
	bounds  []int
}

func newSplitter(in io.Reader, comma, eol byte) *splitter {
	return &splitter{in: in, comma: comma, eol: eol, buf: make([]byte, 2*readSize)}
}

// next returns the next record; the error is io.EOF at the end, or what stopped the
// reading. A row that is malformed comes with its code.
func (s *splitter) next() (record, error) {
	for {
		size, err := s.lineEnd(0)
		if err != nil {
			return record{}, err
		}
		line := s.lines + 1
		if size > maxRecord {
			return s.overlong(line)
		}
		raw := s.buf[s.pos : s.pos+size]
		text := trimEOL(raw, s.eol)
		if len(text) == 0 {
			s.pos += size
			s.lines++
			continue
		}
		if bytes.IndexByte(text, '"') >= 0 {
			return s.quoted(line)
		}
		s.pos += size
		s.lines++
		s.fields = cut(s.fields[:0], text, s.comma)
		return record{s.fields, text, line, s.fitness(text)}, nil
	}
}

// lineEnd returns the length of the text from pos up to and with the first line end at
// or after offset from, reading on as needed. At the end of the input a line may end
// without one. A line that passes maxRecord is reported by its length so far.
func (s *splitter) lineEnd(from int) (int, error) {
	for {
		if i := bytes.IndexByte(s.buf[s.pos+from:s.end], s.eol); i >= 0 {
			return from + i + 1, nil
		}
		from = s.end - s.pos
		if from > maxRecord {
			return from, nil
		}
		if s.failed == io.EOF && from > 0 {
			return from, nil
		}
		if s.failed != nil {
			return 0, s.failed
		}
		s.fill()
	}
}

// fill reads once more into the buffer, moving what is not used up to its front.
func (s *splitter) fill() {
	if s.pos > 0 {
		s.end = copy(s.buf, s.buf[s.pos:s.end])
		s.pos = 0
	}
	if len(s.buf)-s.end < readSize {
		s.buf = append(s.buf, make([]byte, len(s.buf))...)
	}
	for range 100 {
		var n int
		n, s.failed = s.in.Read(s.buf[s.end : s.end+readSize])
		s.end += n
		if n > 0 || s.failed != nil {
			return
		}
	}
	s.failed = io.ErrNoProgress
}

// overlong passes a line that is too long to hold.
func (s *splitter) overlong(line int64) (record, error) {
	head := bytes.Clone(s.buf[s.pos : s.pos+rawLimit+1])
	for {
		if i := bytes.IndexByte(s.buf[s.pos:s.end], s.eol); i >= 0 {
			s.pos += i + 1
			break
		}
		s.pos = s.end
		if s.failed == io.EOF {
			break
		}
		if s.failed != nil {
			return record{}, s.failed
		}
		s.fill()
	}
	s.lines++
	return record{raw: head, line: line, code: "E-LINE-LENGTH"}, nil
}

// quoted reads a record with quotes, which may span lines. Its fields are copied.
func (s *splitter) quoted(line int64) (record, error) {
	s.scratch, s.bounds = s.scratch[:0], append(s.bounds[:0], 0)
	size, _ := s.lineEnd(0) // of the lines taken so far
	lines := int64(1)
	for p := 0; ; { // p is the place in the record, at the start of a field
		text := trimEOL(s.buf[s.pos:s.pos+size], s.eol)
		if p >= len(text) || text[p] != '"' {
			end := bytes.IndexByte(text[p:], s.comma)
			if end < 0 {
				s.endField(text[p:])
				break
			}
			s.endField(text[p : p+end])
			p += end + 1
			continue
		}
		p++
		for {
			text = trimEOL(s.buf[s.pos:s.pos+size], s.eol)
			if end := bytes.IndexByte(text[p:], '"'); end >= 0 {
				s.scratch = append(s.scratch, text[p:p+end]...)
				p += end + 1
				if p == len(text) || text[p] != '"' {
					break
				}
				s.scratch = append(s.scratch, '"')
				p++
				continue
			}
			// The quote goes on in the next line.
			s.scratch = append(s.scratch, text[p:]...)
			p = size
			if s.buf[s.pos+size-1] != s.eol {
				return s.malformed(line)
			}
			s.scratch = append(s.scratch, '\n')
			more, err := s.lineEnd(size)
			if err == io.EOF || err == nil && (more > maxRecord || more == size) {
				return s.malformed(line)
			}
			if err != nil {
				return record{}, err
			}
			size = more
			lines++
		}
		s.bounds = append(s.bounds, len(s.scratch))
		if p == len(text) {
			break
		}
		if text[p] != s.comma {
			return s.malformed(line)
		}
		p++
	}
	raw := trimEOL(s.buf[s.pos:s.pos+size], s.eol)
	s.pos += size
	s.lines += lines
	s.fields = s.fields[:0]
	for i := 1; i < len(s.bounds); i++ {
		s.fields = append(s.fields, s.scratch[s.bounds[i-1]:s.bounds[i]])
	}
	return record{s.fields, raw, line, s.fitness(raw)}, nil
}

func (s *splitter) endField(text []byte) {
	s.scratch = append(s.scratch, text...)
	s.bounds = append(s.bounds, len(s.scratch))
}

// malformed gives up a record whose quotes do not close as they should: only its first
// line is lost, the reading goes on behind it.
func (s *splitter) malformed(line int64) (record, error) {
	size, err := s.lineEnd(0)
	if err != nil {
		return record{}, err
	}
	if s.reread += len(s.scratch); s.reread > maxReread {
		return record{}, errQuotes
	}
	raw := trimEOL(s.buf[s.pos:s.pos+size], s.eol)
	s.pos += size
	s.lines++
	return record{raw: raw, line: line, code: "E-QUOTE"}, nil
}

// cut appends the fields of a line without quotes.
func cut(fields [][]byte, text []byte, comma byte) [][]byte {
	start := 0
	for i, c := range text {
		if c == comma {
			fields = append(fields, text[start:i:i])
			start = i + 1
		}
	}
	return append(fields, text[start:])
}

// trimEOL takes off one line end.
func trimEOL(text []byte, eol byte) []byte {
	n := len(text)
	if n > 0 && text[n-1] == eol {
		n--
	}
	if eol == '\n' && n > 0 && text[n-1] == '\r' {
		n--
	}
	return text[:n]
}

func (s *splitter) fitness(raw []byte) string {
	if s.decoded && bytes.Contains(raw, []byte("\uFFFD")) {
		return "E-ENCODING-ROW"
	}
	return fitness(raw)
}

// fitness returns what makes a row no text.
func fitness(raw []byte) string {
	if bytes.IndexByte(raw, 0) >= 0 {
		return "E-NUL"
	}
	if !utf8.Valid(raw) {
		return "E-ENCODING-ROW"
	}
	return ""
}
