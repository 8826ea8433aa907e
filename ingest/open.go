package ingest

import (
	"bufio"
	"bytes"
	"cmp"
	"io"
	"slices"
	"sync/atomic"
	"time"

	"tradewind/calendar"
	"tradewind/fault"
	"tradewind/money"
)

// Options say what a file does not say of itself. The zero Options work for files that do.
type Options struct {
	Format    string         // a format's name or the path of a format file; "" detects it
	Encoding  string         // of the text; "" detects it
	Zone      *time.Location // of times without one; nil is the format's own
	Fallback  *time.Location // likewise, where the format has none either
	Currency  money.Currency // where neither the row nor the format names one
	DateOrder string         // dmy or mdy, for dates such as 03/04/2011; "" decides by the file
	AsOf      calendar.Day   // of facts for which the file gives no day, such as suppliers
}

// Source is an open file whose form is known.
type Source struct {
	Name        string
	Format      *Format
	Encoding    string // "utf-8", "gb18030" …; "" for Parquet
	Compression string // "gzip", "zstd" or ""
	Delimiter   rune   // 0 for Parquet
	Zone        *time.Location
	Ignored     []string // headers that the format has no use for

	rows   rows
	reader *reader
	bytes  *counter
	close  func()
}

// rows gives the records of a file behind its header.
type rows interface {
	next() (record, error)
}

// Open finds out what a file is: its compression and encoding, the delimiter, the row of
// its header and the format whose columns it has. Size is the number of bytes of r, 0 when
// it is not known; Parquet also needs r to be an io.ReaderAt or to fit in memory.
//
// A file that fits no format, or several, or that can be read in two ways, is
// fault.Invalid with a remedy; so is a truncated one.
func Open(name string, r io.Reader, size int64, o Options) (*Source, error) {
	formats := shipped()
	if o.Format != "" {
		f, err := formatNamed(o.Format)
		if err != nil {
			return nil, err
		}
		formats = []*Format{f}
	}
	if o.DateOrder != "" && o.DateOrder != "dmy" && o.DateOrder != "mdy" {
		return nil, fault.New(fault.Usage, "E-DATE-ORDER", fault.A("value", o.DateOrder))
	}
	s := &Source{Name: name, bytes: &counter{in: r}, close: func() {}}
	in := bufio.NewReaderSize(s.bytes, readSize)
	magic, _ := in.Peek(4)
	if string(magic) == "PAR1" {
		return s.openParquet(r, in, size, formats, o)
	}
	plain, err := s.decompress(in, magic)
	if err != nil {
		return nil, s.fatal(err, 1)
	}
	if err := s.openText(plain, formats, o); err != nil {
		s.close()
		return nil, err
	}
	return s, nil
}

// openText finds encoding, delimiter, header and format of a delimited text.
func (s *Source) openText(plain io.Reader, formats []*Format, o Options) error {
	head, err := readHead(plain, nil, headSize)
	if err != nil {
		return s.fatal(err, 1)
	}
	if len(bytes.TrimSpace(head)) == 0 {
		return fault.New(fault.Invalid, "E-EMPTY", fault.A("file", s.Name))
	}
	decode, err := s.detectEncoding(head, formats, o)
	if err != nil {
		return err
	}
	text := decode(io.MultiReader(bytes.NewReader(head), plain))
	if head, err = readHead(text, nil, headSize); err != nil {
		return s.fatal(err, 1)
	}
	found, err := s.detectFormat(head, formats)
	if err != nil {
		return err
	}
	s.Format, s.Delimiter = found.format, rune(found.comma)
	if err := s.bind(found.header, o); err != nil {
		return err
	}
	// The columns' ways to write dates and numbers are decided before the first row is
	// read; where the head leaves one open, more of the file is looked at.
	for {
		whole := head
		if len(head) == cap(head) { // the last row may be cut, and a cut number misleads
			whole = head[:bytes.LastIndexByte(head, found.eol)+1]
		}
		sample := newSplitter(bytes.NewReader(whole), found.comma, found.eol)
		if err := found.passHeader(sample); err != nil {
			return s.fatal(err, 1)
		}
		err := s.detectStyles(sample, o)
		if err == nil {
			break
		}
		seen := len(head)
		if seen >= maxHead {
			return err
		}
		longer, ioErr := readHead(text, head, min(4*headSize+seen, maxHead))
		if ioErr != nil {
			return s.fatal(ioErr, 1)
		}
		if head = longer; len(head) == seen {
			return err
		}
	}
	split := newSplitter(io.MultiReader(bytes.NewReader(head), text), found.comma, found.eol)
	split.decoded = encodings[s.Encoding] != nil
	if err := found.passHeader(split); err != nil {
		return s.fatal(err, 1)
	}
	s.rows = split
	return nil
}

const (
	headSize = 256 << 10 // looked at to decide
	maxHead  = 16 << 20  // looked at before giving up on a question that the file leaves open
)

// readHead appends to head until it has size bytes or the input ends.
func readHead(r io.Reader, head []byte, size int) ([]byte, error) {
	n := len(head)
	head = append(head, make([]byte, size-n)...)
	for n < size {
		got, err := r.Read(head[n:])
		n += got
		if err == io.EOF {
			break
		}
		if err != nil {
			return nil, err
		}
	}
	return head[:n:size], nil
}

// bind ties the columns of the header to the fields of the format and decides zone and
// currency.
func (s *Source) bind(header []string, o Options) error {
	f := s.Format
	shape := shapes[f.Fact]
	s.Zone = cmp.Or(o.Zone, f.location(), o.Fallback)
	r := &reader{
		file: s.Name, format: f, width: len(header), currency: o.Currency, asOf: o.AsOf,
		clock: clock{zone: s.Zone}, keys: keys{format: f}, build: builders[f.Fact],
	}
	used := make([]bool, len(header))
	for _, b := range f.bound {
		index := -1
		for i, h := range header {
			if !b.named(plainHeader(h)) {
				continue
			}
			if index >= 0 {
				return fault.New(fault.Invalid, "E-COLUMN-TWICE", fault.A("file", s.Name), fault.A("a", header[index]), fault.A("b", h))
			}
			index, used[i] = i, true
		}
		needed := slices.Contains(shape.required, b.field) ||
			b.field == fLine && slices.Contains(f.keys, fLine) // without it two lines of an order are one
		if index < 0 {
			r.setMissing(newColumn(b, -1, "", false))
			continue
		}
		r.columns = append(r.columns, newColumn(b, index, header[index], needed))
	}
	for i, h := range header {
		if !used[i] && h != "" {
			s.Ignored = append(s.Ignored, h)
		}
	}
	if priced := slices.ContainsFunc(r.columns, func(c *column) bool { return c.kind == anAmount }); priced && r.columnOf(fCurrency) == nil && r.rowCurrency() == "" {
		return fault.New(fault.Invalid, "E-CURRENCY-MISSING", fault.A("file", s.Name))
	}
	if s.Zone == nil {
		if c := r.columnOf(fAt); c != nil {
			return fault.New(fault.Invalid, "E-ZONE-MISSING", fault.A("file", s.Name), fault.A("column", c.header))
		}
		s.Zone, r.clock.zone = time.UTC, time.UTC // no column holds a time
	}
	s.reader = r
	return nil
}

// setMissing gives a field without a column its default, which was checked when the
// format was loaded.
func (r *reader) setMissing(c *column) {
	v := &r.values[c.field]
	if c.kind.isWords() {
		w := c.word(nil, r.format)
		*v, r.based = w.v, r.based|w.bits
	} else if c.Default != "" {
		c.read(nil, v, &r.clock)
	}
}

// counter counts the bytes that were taken from a reader; any goroutine may ask it.
type counter struct {
	in io.Reader
	n  atomic.Int64
}

func (c *counter) Read(p []byte) (int, error) {
	n, err := c.in.Read(p)
	c.n.Add(int64(n))
	return n, err
}
