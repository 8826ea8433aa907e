package landed

import (
	"testing"

	"tradewind/calendar"
	"tradewind/law"
	"tradewind/money"
)

func dayOf(t testing.TB, s string) calendar.Day {
	d, err := calendar.ParseDay(s)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func BenchmarkQuote(b *testing.B) {
	k := New(law.Standard(), Env{})
	var asked []*Consignment
	for _, c := range goldenCases(b) {
		if _, err := k.Quote(&c.Consignment); err == nil && c.Pack == "" {
			asked = append(asked, &c.Consignment)
		}
	}
	b.ReportAllocs()
	i := 0
	for b.Loop() {
		if _, err := k.Quote(asked[i%len(asked)]); err != nil {
			b.Fatal(err)
		}
		i++
	}
}

func BenchmarkUnit(b *testing.B) {
	k := New(law.Standard(), Env{})
	s := &Sale{HS: "610910", Origin: "CN", From: "GB", To: "DE", Price: money.FromE4(125000, "EUR"), Units: 4, Day: dayOf(b, "2026-06-01")}
	b.ReportAllocs()
	for b.Loop() {
		if _, err := k.Unit(s); err != nil {
			b.Fatal(err)
		}
	}
}
