package store

import (
	"cmp"
	"slices"

	"tradewind/commerce"
)

const readReceipts = `
SELECT sku, location, supplier, units, ordered, received, reference, source, as_of, assumed FROM receipt
WHERE received <= $1 AND units > 0`

// receipts reads the goods that had come in by the end of the day, but for receipts that were
// withdrawn.
func (f *freezer) receipts() (err error) {
	shared := texts{}
	f.s.Receipts, err = collect(f.ctx, f.tx, func(scan func(...any) error, r *commerce.Receipt) error {
		err := scan(&r.SKU, &r.Location, &r.Supplier, &r.Units, ordinal{&r.Ordered}, ordinal{&r.Received}, &r.Reference,
			&r.Provenance.Source, ordinal{&r.Provenance.AsOf}, &r.Provenance.Assumed)
		r.SKU, r.Location, r.Supplier = commerce.SKU(shared.one(string(r.SKU))), commerce.Location(shared.one(string(r.Location))), commerce.Supplier(shared.one(string(r.Supplier)))
		return err
	}, readReceipts, f.s.AsOf.Ordinal())
	slices.SortFunc(f.s.Receipts, func(a, b commerce.Receipt) int {
		return cmp.Or(cmp.Compare(a.SKU, b.SKU), cmp.Compare(a.Location, b.Location), a.Received.Compare(b.Received),
			a.Ordered.Compare(b.Ordered), cmp.Compare(a.Reference, b.Reference))
	})
	return err
}
