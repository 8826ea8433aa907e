package commerce

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"hash"
)

// Fingerprint returns the hex SHA-256 of everything in the snapshot but Hash itself:
// two snapshots with one fingerprint give one plan.
func (s *Snapshot) Fingerprint() string {
	h := sha256.New()
	bin := func(v any) { _ = binary.Write(h, binary.LittleEndian, v) } // a hash never fails
	bin([]int32{s.AsOf.Ordinal(), s.From.Ordinal()})
	text(h, s.Currency, s.Items, s.Products, s.Costs, s.Stocks, s.Supplies, s.Warehouses, s.Paid, s.Rates)
	if len(s.Listings)+len(s.Documents) > 0 {
		text(h, s.Listings, s.Documents)
	}
	bin(s.Sales.Start)
	days := make([]int32, len(s.Sales.Day))
	for r, d := range s.Sales.Day {
		days[r] = d.Ordinal()
	}
	bin(days)
	bin(s.Sales.Gross)
	bin(s.Sales.Returned)
	bin(s.Sales.Revenue)
	bin(s.Sales.Refunded)
	bin(s.Sales.Lines)
	bin(s.Sales.Largest)
	bin(s.Sales.InStock)
	for _, d := range s.Trading {
		bin([]int64{int64(d.Day.Ordinal()), d.Lines})
	}
	return hex.EncodeToString(h.Sum(nil))
}

// text hashes small tables in their JSON form, which names every field.
func text(h hash.Hash, tables ...any) {
	e := json.NewEncoder(h)
	for _, t := range tables {
		if err := e.Encode(t); err != nil {
			panic("commerce: a snapshot table cannot be written: " + err.Error())
		}
	}
}
