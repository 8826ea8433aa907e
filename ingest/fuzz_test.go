package ingest

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"tradewind/commerce"
	"tradewind/fault"
)

// FuzzRead: no file makes the reading panic or run on; every row comes out once and on a
// later line than the one before; a failure has a kind that a person can act on.
func FuzzRead(f *testing.F) {
	fixtures, err := filepath.Glob("formats/testdata/*.*.*")
	if err != nil {
		f.Fatal(err)
	}
	for _, path := range fixtures {
		data, err := os.ReadFile(path)
		if err != nil {
			f.Fatal(err)
		}
		if !strings.HasSuffix(path, ".golden") {
			f.Add(data)
			f.Add(data[:len(data)/2])
		}
	}
	f.Add(gzipped(f, retailHeader+retailRow)[:60])
	f.Add(zstandard(f, retailHeader+retailRow))
	f.Add([]byte("PAR1\x15\x04\x15\x00PAR1"))
	f.Fuzz(func(t *testing.T, data []byte) {
		s, err := Open("fuzz", bytes.NewReader(data), int64(len(data)), Options{Zone: time.UTC, Currency: "GBP"})
		if err != nil {
			if fault.Is(err, fault.Internal) {
				t.Fatalf("opening failed with %v", err)
			}
			return
		}
		last := int64(0)
		for fact, err := range s.Read() {
			line := int64(0)
			switch e := err.(type) {
			case nil:
				RowAmount(fact)
				if order, ok := fact.(*commerce.OrderLine); ok {
					line = order.FileLine
					if order.Units <= 0 || order.SKU == "" || order.Order == "" || order.Price.Sign() < 0 || order.Key == (commerce.Key{}) {
						t.Errorf("no order line: %+v", order)
					}
				}
			case *Reject:
				line = e.Line
			case *Exclusion:
				line = e.Line
			case *Duplicate:
				line = e.Line
			default:
				if fault.Is(err, fault.Internal) {
					t.Fatalf("reading failed with %v", err)
				}
			}
			if line != 0 && line <= last {
				t.Errorf("line %d comes after line %d", line, last)
			}
			last = max(last, line)
		}
	})
}
