package ingest

import (
	"slices"

	"tradewind/calendar"
	"tradewind/commerce"
)

// mostLeadDays is how long goods may be under way; beyond it one of the two days is wrong.
const mostLeadDays = 730

// checkReceipt asks of a goods receipt that goods came, after they were ordered, within
// what a supplier can take, and not on a day to come. One of no units takes back the receipt
// that it names.
func (r *reader) checkReceipt() (*column, string) {
	if r.format.Fact != "receipt" {
		return nil, ""
	}
	v := &r.values
	ordered, received := v[fOrdered].day, v[fReceived].day
	switch {
	case v[fUnits].n < 0:
		return r.columnOf(fUnits), "E-RECEIPT-UNITS"
	case received.Before(ordered):
		return r.columnOf(fReceived), "E-RECEIPT-REVERSED"
	case r.asOf != (calendar.Day{}) && r.asOf.AddDays(1).Before(received):
		return r.columnOf(fReceived), "E-RECEIPT-AHEAD" // somewhere the workspace's tomorrow has begun
	case received.Sub(ordered) > mostLeadDays:
		return r.columnOf(fReceived), "E-RECEIPT-LEAD"
	}
	return nil, ""
}

func (r *reader) receiptOf() commerce.Fact {
	v := &r.values
	r.receipt = commerce.Receipt{
		SKU: commerce.SKU(v[fSKU].s), Location: commerce.Location(v[fLocation].s), Supplier: commerce.Supplier(v[fSupplier].s),
		Units: v[fUnits].n, Ordered: v[fOrdered].day, Received: v[fReceived].day, Reference: v[fReference].s, Provenance: r.provenance(v[fReceived].day),
	}
	return &r.receipt
}

// isNumbered reports whether a field is a day of a goods receipt that has a number: the number
// identifies it, so that a wrong day can be corrected.
func (f *Format) isNumbered(id field, values *[numFields]value) bool {
	return f.Fact == "receipt" && (id == fOrdered || id == fReceived) && values[fReference].given && slices.Contains(f.keys, fReference)
}
