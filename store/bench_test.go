package store_test

import (
	"testing"

	"tradewind/commerce"
	"tradewind/store"
)

// BenchmarkImport brings two years of Online Retail in, two overlapping files, from parsed
// lines to the committed database. CPU-s/op is the work of all threads.
func BenchmarkImport(b *testing.B) {
	files := mustRealLines(b)
	for b.Loop() {
		b.StopTimer()
		db := open(b, duckURL(b))
		before := cpuSeconds()
		b.StartTimer()
		for _, lines := range files {
			load(b, db, lines)
		}
		b.ReportMetric(cpuSeconds()-before, "CPU-s/op")
	}
}

// BenchmarkReimport brings in the second file again: every line is known.
func BenchmarkReimport(b *testing.B) {
	files := mustRealLines(b)
	db := open(b, duckURL(b))
	for _, lines := range files {
		load(b, db, lines)
	}
	for b.Loop() {
		before := cpuSeconds()
		load(b, db, files[1])
		b.ReportMetric(cpuSeconds()-before, "CPU-s/op")
	}
}

// BenchmarkSnapshot freezes the two years.
func BenchmarkSnapshot(b *testing.B) {
	files := mustRealLines(b)
	db := open(b, duckURL(b))
	for _, lines := range files {
		load(b, db, lines)
	}
	for b.Loop() {
		before := cpuSeconds()
		s, err := db.Snapshot(background, nil, "GBP")
		if err != nil {
			b.Fatal(err)
		}
		b.ReportMetric(float64(len(s.Sales.Day)), "rows")
		b.ReportMetric(cpuSeconds()-before, "CPU-s/op")
	}
}

// load brings order lines in as one file.
func load(t testing.TB, db *store.DB, lines []commerce.OrderLine) store.Merged {
	t.Helper()
	l, err := db.BeginLoad(background, "GBP")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Rollback()
	for i := range lines {
		if err := l.Add(&lines[i]); err != nil {
			t.Fatal(err)
		}
	}
	m, err := l.Merge(background)
	if err != nil {
		t.Fatal(err)
	}
	if _, _, err := l.Candidates(background); err != nil {
		t.Fatal(err)
	}
	if _, err := l.Commit(background, store.ImportRecord{File: "orders.csv"}); err != nil {
		t.Fatal(err)
	}
	return m
}
