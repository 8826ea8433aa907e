package store

import (
	"math"
	"testing"

	"tradewind/calendar"
	"tradewind/commerce"
	"tradewind/fault"
	"tradewind/money"
)

// An overflow before a missing rate does not stop the search for the earliest day, and does
// not stop the program.
func TestMissAfterAnotherFailure(t *testing.T) {
	on := calendar.FromOrdinal
	r := &rateTables{to: "GBP", rates: map[money.Currency][]dated{
		"IDR": {{rate: commerce.Rate{Base: "IDR", Quote: "GBP", Day: on(1)}, factor: 1e9}},
	}}
	var failed error
	r.convert(math.MaxInt64/2, "IDR", on(5), &failed)
	if f := fault.Of(failed); f == nil || f.Code != "E-MONEY-OVERFLOW" {
		t.Fatalf("got %v", failed)
	}
	r.convert(1, "USD", on(5), &failed)
	if f := fault.Of(failed); f == nil || f.Code != "E-MONEY-OVERFLOW" {
		t.Errorf("the first failure became %v", failed)
	}
	failed = nil
	for _, day := range []int32{7, 3, 5} {
		r.convert(1, "USD", on(day), &failed)
	}
	if f := fault.Of(failed); f == nil || f.Code != "E-RATE-MISSING" || f.Args[2].Value != on(3) {
		t.Errorf("got %v, want the rate of day 3", failed)
	}
}
