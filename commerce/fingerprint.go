package commerce

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"hash"
	"slices"
)

// Fingerprint returns the hex SHA-256 of everything in the snapshot but Hash itself:
// two snapshots with one fingerprint give one plan.
func (s *Snapshot) Fingerprint() string {
	h := sha256.New()
	bin := func(v any) { _ = binary.Write(h, binary.LittleEndian, v) } // a hash never fails
	bin([]int32{s.AsOf.Ordinal(), s.From.Ordinal()})
	table(h, []string{string(s.Currency)})
	table(h, s.Items)
	table(h, s.Products)
	table(h, s.Costs)
	table(h, s.Stocks)
	table(h, s.Supplies)
	table(h, s.Warehouses)
	table(h, s.Paid)
	table(h, s.Charged)
	table(h, s.Prices)
	table(h, s.Rates)
	table(h, s.Listings)
	table(h, s.Documents)
	table(h, s.Promotions)
	for i := range s.Promotions {
		bin(s.Promotions[i].Depth) // JSON has no word for an unknown one
	}
	if len(s.Receipts) > 0 { // facts from before there were any keep their fingerprint
		table(h, s.Receipts)
	}
	c := &s.Sales
	column(h, c.Start)
	for days := range slices.Chunk(c.Day, chunk) {
		ordinals := make([]int32, len(days))
		for r, d := range days {
			ordinals[r] = d.Ordinal()
		}
		column(h, ordinals)
	}
	column(h, c.Gross)
	column(h, c.Returned)
	column(h, c.Revenue)
	column(h, c.Refunded)
	column(h, c.Lines)
	column(h, c.Largest)
	column(h, c.Typical)
	column(h, c.InStock)
	for _, d := range s.Trading {
		bin([]int64{int64(d.Day.Ordinal()), d.Lines})
	}
	return hex.EncodeToString(h.Sum(nil))
}

// chunk is how many values of a column are put into bytes at a time: a column of two years
// of a shop takes megabytes, and so would its copy.
const chunk = 8 << 10

// column hashes values in their order.
func column[T int32 | int64 | float32](h hash.Hash, values []T) {
	var b []byte
	for part := range slices.Chunk(values, chunk) {
		b, _ = binary.Append(b[:0], binary.LittleEndian, part) // values of fixed size never fail
		h.Write(b)
	}
}

// table hashes how many rows there are and each row in its JSON form, which names every
// field. Row by row, because the form of a whole table takes megabytes.
func table[T any](h hash.Hash, rows []T) {
	_ = binary.Write(h, binary.LittleEndian, int64(len(rows)))
	e := json.NewEncoder(h)
	for i := range rows {
		if err := e.Encode(&rows[i]); err != nil {
			panic("commerce: a snapshot table cannot be written: " + err.Error())
		}
	}
}
