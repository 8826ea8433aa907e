package ingest

import (
	"bytes"
	"io"
	"io/fs"
	"testing"

	"github.com/klauspost/compress/zstd"

	"tradewind/commerce"
	onlineretail "tradewind/examples/online-retail"
)

// BenchmarkRead reads two years of a real shop (1,067,370 rows, 94 MB of CSV).
func BenchmarkRead(b *testing.B) {
	var stored, plain [][]byte
	for _, name := range onlineretail.Orders {
		data, err := fs.ReadFile(onlineretail.Files(), name)
		if err != nil {
			b.Fatal(err)
		}
		stored = append(stored, data)
		z, err := zstd.NewReader(bytes.NewReader(data))
		if err != nil {
			b.Fatal(err)
		}
		text, err := io.ReadAll(z)
		z.Close()
		if err != nil {
			b.Fatal(err)
		}
		plain = append(plain, text)
	}
	zipped := make([][]byte, len(plain))
	for i, text := range plain {
		zipped[i] = gzipped(b, string(text))
	}
	for _, c := range []struct {
		name  string
		files [][]byte
	}{{"plain", plain}, {"zstd", stored}, {"gzip", zipped}} {
		b.Run(c.name, func(b *testing.B) {
			b.ReportAllocs()
			rows := 0
			for b.Loop() {
				for _, data := range c.files {
					rows += benchmarkFile(b, data)
				}
			}
			b.ReportMetric(float64(rows)/b.Elapsed().Seconds(), "rows/s")
		})
	}
}

func benchmarkFile(b *testing.B, data []byte) (rows int) {
	s, err := Open("bench", bytes.NewReader(data), int64(len(data)), Options{})
	if err != nil {
		b.Fatal(err)
	}
	for _, err := range s.Read() {
		rows++
		if err != nil && !isRow(err) {
			b.Fatal(err)
		}
	}
	return rows
}

// BenchmarkMatch ties the credit notes of the two years to their sales.
func BenchmarkMatch(b *testing.B) {
	var sales, credits []commerce.OrderLine
	seen := map[commerce.Key]bool{}
	for _, name := range onlineretail.Orders {
		count(b, openRetail(b, name), func(l *commerce.OrderLine) {
			switch {
			case seen[l.Key]:
			case l.Kind == commerce.Credit:
				credits = append(credits, *l)
			default:
				sales = append(sales, *l)
			}
			seen[l.Key] = true
		})
	}
	b.ResetTimer()
	for b.Loop() {
		Match(credits, sales)
	}
	b.ReportMetric(float64(b.N*(len(sales)+len(credits)))/b.Elapsed().Seconds(), "lines/s")
}
