package ingest

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"io"
	"strconv"
	"strings"
	"time"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/array"
	"github.com/apache/arrow-go/v18/arrow/memory"
	"github.com/apache/arrow-go/v18/parquet/file"
	"github.com/apache/arrow-go/v18/parquet/pqarrow"

	"tradewind/fault"
)

const (
	parquetBatch  = 8192      // rows held at a time
	parquetMemory = 256 << 20 // largest file that is read from a stream
)

// openParquet finds the format of a Parquet file. Its cells become text, so that formats,
// checks and keys are those of a CSV file that says the same.
func (s *Source) openParquet(r io.Reader, in *bufio.Reader, size int64, formats []*Format, o Options) (*Source, error) {
	at, ok := r.(io.ReaderAt)
	if !ok || size <= 0 {
		data, err := io.ReadAll(io.LimitReader(in, parquetMemory+1))
		if err != nil {
			return nil, s.fatal(err, 1)
		}
		if len(data) > parquetMemory {
			return nil, fault.New(fault.Invalid, "E-PARQUET-SIZE", fault.A("file", s.Name))
		}
		at, size = bytes.NewReader(data), int64(len(data))
	}
	p := &parquetRows{source: s, size: size}
	if err := p.open(io.NewSectionReader(at, 0, size)); err != nil {
		return nil, fault.From(err, fault.Invalid, "E-PARQUET", fault.A("file", s.Name))
	}
	s.close = p.close
	found, err := s.detectParquet(p.header, formats)
	if err != nil {
		p.close()
		return nil, err
	}
	s.Format = found
	if err := s.bind(p.header, o); err != nil {
		p.close()
		return nil, err
	}
	if err := p.load(); err != nil && err != io.EOF {
		p.close()
		return nil, s.fatal(err, 1)
	}
	p.sampling = true
	err = s.detectStyles(p, o)
	p.sampling, p.cursor, p.row = false, 0, 0
	if err != nil {
		p.close()
		return nil, err
	}
	s.rows = p
	return s, nil
}

// parquetRows gives the rows of a Parquet file as text, with commas between the cells.
type parquetRows struct {
	source   *Source
	size     int64
	file     *file.Reader
	records  pqarrow.RecordReader
	header   []string
	batch    arrow.RecordBatch
	cursor   int // row of the batch
	row      int64
	sampling bool // stop at the end of the batch

	buf    []byte
	bounds []int
	fields [][]byte
}

// open reads the schema. The Parquet reader panics on some damaged files; caught turns
// that into a fault.
func (p *parquetRows) open(in *io.SectionReader) (err error) {
	defer p.caught(&err)
	if p.file, err = file.NewParquetReader(in); err != nil {
		return err
	}
	table, err := pqarrow.NewFileReader(p.file, pqarrow.ArrowReadProperties{BatchSize: parquetBatch}, memory.DefaultAllocator)
	if err != nil {
		return err
	}
	if p.records, err = table.GetRecordReader(context.Background(), nil, nil); err != nil {
		return err
	}
	for _, f := range p.records.Schema().Fields() {
		p.header = append(p.header, f.Name)
	}
	return nil
}

// load reads the next batch.
func (p *parquetRows) load() (err error) {
	defer p.caught(&err)
	if p.batch != nil {
		p.batch.Release()
		p.batch = nil
	}
	if !p.records.Next() {
		if err := p.records.Err(); err != nil && err != io.EOF {
			return fault.From(err, fault.Invalid, "E-PARQUET", fault.A("file", p.source.Name))
		}
		return io.EOF
	}
	p.batch, p.cursor = p.records.RecordBatch(), 0
	p.batch.Retain()
	if total := p.file.NumRows(); total > 0 {
		p.source.bytes.n.Store(int64(float64(p.size) * min(1, float64(p.row+p.batch.NumRows())/float64(total))))
	}
	return nil
}

func (p *parquetRows) caught(err *error) {
	if r := recover(); r != nil {
		*err = fault.From(fmt.Errorf("%v", r), fault.Invalid, "E-PARQUET", fault.A("file", p.source.Name))
	}
}

func (p *parquetRows) close() {
	defer p.caught(new(error)) // a damaged file was reported before
	if p.batch != nil {
		p.batch.Release()
		p.batch = nil
	}
	p.records.Release()
	_ = p.file.Close() // nothing was written
}

func (p *parquetRows) next() (rec record, err error) {
	defer p.caught(&err)
	for p.batch == nil || p.cursor >= int(p.batch.NumRows()) {
		if p.sampling {
			return record{}, io.EOF
		}
		if err := p.load(); err != nil {
			return record{}, err
		}
	}
	p.buf, p.bounds, p.fields = p.buf[:0], p.bounds[:0], p.fields[:0]
	for i := range p.header {
		if i > 0 {
			p.buf = append(p.buf, ',')
		}
		p.bounds = append(p.bounds, len(p.buf))
		p.buf = appendCell(p.buf, p.batch.Column(i), p.cursor)
	}
	p.bounds = append(p.bounds, len(p.buf)+1)
	for i := range p.header {
		p.fields = append(p.fields, p.buf[p.bounds[i]:p.bounds[i+1]-1])
	}
	p.cursor++
	p.row++
	return record{p.fields, p.buf, p.row, fitness(p.buf)}, nil
}

// appendCell appends a value as a CSV file would have it: plain numbers, ISO dates, and
// times without a zone unless the column has one.
func appendCell(b []byte, column arrow.Array, row int) []byte {
	if column.IsNull(row) {
		return b
	}
	switch c := column.(type) {
	case *array.String:
		return append(b, c.Value(row)...)
	case *array.LargeString:
		return append(b, c.Value(row)...)
	case *array.Binary:
		return append(b, c.Value(row)...)
	case *array.Int64:
		return strconv.AppendInt(b, c.Value(row), 10)
	case *array.Int32:
		return strconv.AppendInt(b, int64(c.Value(row)), 10)
	case *array.Float64:
		return strconv.AppendFloat(b, c.Value(row), 'f', -1, 64)
	case *array.Float32:
		return strconv.AppendFloat(b, float64(c.Value(row)), 'f', -1, 32)
	case *array.Timestamp:
		kind := c.DataType().(*arrow.TimestampType)
		t := c.Value(row).ToTime(kind.Unit)
		if kind.TimeZone == "" {
			return t.AppendFormat(b, time.DateTime)
		}
		return t.AppendFormat(b, time.RFC3339)
	case *array.Date32:
		return c.Value(row).ToTime().AppendFormat(b, time.DateOnly)
	case *array.Date64:
		return c.Value(row).ToTime().AppendFormat(b, time.DateOnly)
	case *array.Decimal128:
		scale := c.DataType().(*arrow.Decimal128Type).Scale
		return append(b, c.Value(row).ToString(scale)...)
	case *array.Dictionary:
		return appendCell(b, c.Dictionary(), c.GetValueIndex(row))
	}
	return append(b, strings.TrimSpace(column.ValueStr(row))...)
}

// detectParquet finds the format of a table whose header is known.
func (s *Source) detectParquet(header []string, formats []*Format) (*Format, error) {
	var choice detection
	choice.try(layout{header: header}, formats)
	l, err := choice.result(s.Name, len(formats) == 1)
	return l.format, err
}
