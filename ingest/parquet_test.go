package ingest

import (
	"bytes"
	"io"
	"slices"
	"testing"
	"time"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/array"
	"github.com/apache/arrow-go/v18/arrow/memory"
	"github.com/apache/arrow-go/v18/parquet"
	"github.com/apache/arrow-go/v18/parquet/compress"
	"github.com/apache/arrow-go/v18/parquet/pqarrow"

	"tradewind/commerce"
	"tradewind/fault"
)

// retailParquet writes n rows of the Online Retail layout with the types that pandas and
// DuckDB give them, batch by batch.
func retailParquet(t testing.TB, n int) []byte {
	t.Helper()
	schema := arrow.NewSchema([]arrow.Field{
		{Name: "Invoice", Type: arrow.BinaryTypes.String},
		{Name: "StockCode", Type: &arrow.DictionaryType{IndexType: arrow.PrimitiveTypes.Int32, ValueType: arrow.BinaryTypes.String}},
		{Name: "Description", Type: arrow.BinaryTypes.String, Nullable: true},
		{Name: "Quantity", Type: arrow.PrimitiveTypes.Int64},
		{Name: "InvoiceDate", Type: &arrow.TimestampType{Unit: arrow.Microsecond}},
		{Name: "Price", Type: arrow.PrimitiveTypes.Float64},
		{Name: "Customer ID", Type: arrow.PrimitiveTypes.Float64, Nullable: true},
		{Name: "Country", Type: arrow.BinaryTypes.String},
	}, nil)
	var file bytes.Buffer
	w, err := pqarrow.NewFileWriter(schema, &file,
		parquet.NewWriterProperties(parquet.WithCompression(compress.Codecs.Snappy), parquet.WithMaxRowGroupLength(5000)), pqarrow.DefaultWriterProps())
	if err != nil {
		t.Fatal(err)
	}
	b := array.NewRecordBuilder(memory.DefaultAllocator, schema)
	defer b.Release()
	start := time.Date(2010, 12, 1, 8, 26, 0, 0, time.UTC)
	for i := range n {
		b.Field(0).(*array.StringBuilder).Append("536365")
		if err := b.Field(1).(*array.BinaryDictionaryBuilder).AppendString("85123a"); err != nil {
			t.Fatal(err)
		}
		if i%2 == 0 {
			b.Field(2).(*array.StringBuilder).Append("HOLDER, \"white\"")
			b.Field(6).(*array.Float64Builder).Append(17850)
		} else {
			b.Field(2).(*array.StringBuilder).AppendNull()
			b.Field(6).(*array.Float64Builder).AppendNull()
		}
		b.Field(3).(*array.Int64Builder).Append(6)
		b.Field(4).(*array.TimestampBuilder).Append(arrow.Timestamp(start.Add(time.Duration(i) * time.Minute).UnixMicro()))
		b.Field(5).(*array.Float64Builder).Append(2.55)
		b.Field(7).(*array.StringBuilder).Append("United Kingdom")
	}
	batch := b.NewRecordBatch()
	defer batch.Release()
	if err := w.Write(batch); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return file.Bytes()
}

// onlyReader hides that a reader is an io.ReaderAt.
type onlyReader struct{ io.Reader }

// TestParquet: a Parquet file gives the facts, and the keys, of the CSV file that says
// the same, over several batches and row groups, from disk and from a stream.
func TestParquet(t *testing.T) {
	const n = 3*parquetBatch + 17
	data := retailParquet(t, n)
	var text bytes.Buffer
	text.WriteString("Invoice,StockCode,Description,Quantity,InvoiceDate,Price,Customer ID,Country\n")
	at := time.Date(2010, 12, 1, 8, 26, 0, 0, time.UTC)
	for i := range n {
		description, customer := `"HOLDER, ""white"""`, "17850.0"
		if i%2 != 0 {
			description, customer = "", ""
		}
		text.WriteString("536365,85123A," + description + ",6," + at.Add(time.Duration(i)*time.Minute).Format(time.DateTime) + ",2.55," + customer + ",United Kingdom\n")
	}
	want := readFacts(t, text.Bytes())
	for name, r := range map[string]io.Reader{"disk": bytes.NewReader(data), "stream": onlyReader{bytes.NewReader(data)}} {
		s, err := Open("t.parquet", r, int64(len(data)), Options{})
		if err != nil {
			t.Fatal(err)
		}
		var got []commerce.OrderLine
		for fact, err := range s.Read() {
			if err != nil {
				t.Fatal(err)
			}
			got = append(got, *fact.(*commerce.OrderLine))
		}
		for i := range got {
			if got[i].FileLine != int64(i+1) {
				t.Fatalf("%s: row %d is on line %d", name, i+1, got[i].FileLine)
			}
			got[i].FileLine = want[i].FileLine
		}
		if !slices.Equal(got, want) {
			t.Errorf("%s: %d facts differ from the %d of the CSV file", name, len(got), len(want))
		}
		if s.Offset() != int64(len(data)) {
			t.Errorf("%s: offset %d at the end of %d bytes", name, s.Offset(), len(data))
		}
	}
}

// TestParquetDamaged: wherever a file is cut or changed, reading ends with a fault or
// with rows, never with a panic.
func TestParquetDamaged(t *testing.T) {
	data := retailParquet(t, 300)
	for i := 4; i < len(data); i += 7 {
		damaged := bytes.Clone(data)
		damaged[i] ^= 0xff
		for _, d := range [][]byte{damaged, data[:i]} {
			if err := readAll(bytes.NewReader(d), Options{}); err != nil && fault.Is(err, fault.Internal) {
				t.Fatalf("byte %d of %d: %v", i, len(data), err)
			}
		}
	}
}
