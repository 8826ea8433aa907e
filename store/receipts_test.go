package store_test

import (
	"fmt"
	"strings"
	"testing"

	"tradewind/commerce"
	"tradewind/store"
)

// Parts of one order that came on different days, or on one day under numbers of their own,
// all stand; the same receipts again change nothing, and a correction replaces its receipt.
func TestReceiptsInParts(t *testing.T) {
	receipt := func(units commerce.Units, received int, reference string) *commerce.Receipt {
		return &commerce.Receipt{SKU: "S1", Location: "UK-1", Supplier: "Yiwu", Units: units, Ordered: day0.AddDays(-30), Received: day0.AddDays(received), Reference: reference, Provenance: given}
	}
	onBoth(t, func(t *testing.T, db *store.DB, _ string) {
		parts := []commerce.Fact{receipt(10, 0, ""), receipt(20, 4, ""), receipt(30, 4, "GR-2"), receipt(40, 9, "")}
		bring(t, db, sale(1, "S1", 5, 1, 10_000))
		if m := bring(t, db, parts...); m.Loaded.Rows != 4 {
			t.Errorf("parts: %+v", total(m))
		}
		if m := bring(t, db, parts...); m.Unchanged.Rows != 4 || m.Loaded.Rows+m.Updated.Rows != 0 {
			t.Errorf("the same again: %+v", total(m))
		}
		if m := bring(t, db, receipt(25, 4, "")); m.Updated.Rows != 1 || m.Loaded.Rows != 0 {
			t.Errorf("a correction: %+v", total(m))
		}
		s, err := db.Snapshot(background, nil, "GBP")
		if err != nil {
			t.Fatal(err)
		}
		var units []commerce.Units
		for _, r := range s.ReceiptsOf("S1") {
			units = append(units, r.Units)
		}
		// The snapshot is of the day of the sale: what came on day 9 is not known of it.
		if len(units) != 3 || units[0] != 10 || units[1] != 25 || units[2] != 30 || len(s.ReceiptsOf("S2")) != 0 {
			t.Errorf("receipts of %v units, want 10, 25, 30", units)
		}
		tables, err := db.Tables(background)
		if err != nil {
			t.Fatal(err)
		}
		last := tables[len(tables)-1]
		if last.Name != "receipt" || last.Rows != 4 || last.Newest == nil || *last.Newest != day0.AddDays(9) {
			t.Errorf("status %+v", last)
		}
	})
}

// Facts without receipts keep the fingerprint that they had before there were any.
func TestReceiptsAndFingerprint(t *testing.T) {
	onBoth(t, func(t *testing.T, db *store.DB, _ string) {
		bring(t, db, sale(1, "S1", 5, 1, 10_000))
		hash := func() string {
			s, err := db.Snapshot(background, nil, "GBP")
			if err != nil {
				t.Fatal(err)
			}
			return s.Hash
		}
		before := hash()
		ahead := &commerce.Receipt{SKU: "S1", Location: "UK-1", Units: 5, Ordered: day0, Received: day0.AddDays(6), Provenance: given}
		if bring(t, db, ahead); hash() != before {
			t.Error("a receipt of a later day changes the facts of an earlier one")
		}
		ahead.Received = day0.AddDays(5)
		if bring(t, db, ahead); hash() == before {
			t.Error("a receipt leaves the fingerprint as it was")
		}
	})
}

// A receipt with a number is known by it: its days and its units can be corrected, and no units
// withdraw it. One without a number is known by its days.
func TestReceiptsAreCorrected(t *testing.T) {
	receipt := func(units commerce.Units, received int, reference string) *commerce.Receipt {
		return &commerce.Receipt{SKU: "S1", Location: "UK-1", Supplier: "Yiwu", Units: units, Ordered: day0.AddDays(-30), Received: day0.AddDays(received), Reference: reference, Provenance: given}
	}
	onBoth(t, func(t *testing.T, db *store.DB, _ string) {
		bring(t, db, sale(1, "S1", 9, 1, 10_000), receipt(220, 5, "GR-1"), receipt(30, 2, ""))
		for _, step := range []struct {
			row     *commerce.Receipt
			updated bool
			want    string
		}{
			{receipt(220, 4, "GR-1"), true, "30 on 2, 220 on 4"},
			{receipt(220, 4, "GR-1"), false, "30 on 2, 220 on 4"},
			{receipt(0, 4, "GR-1"), true, "30 on 2"},
			{receipt(0, 4, "GR-1"), false, "30 on 2"},
			{receipt(200, 6, "GR-1"), true, "30 on 2, 200 on 6"},
			{receipt(0, 2, ""), true, "200 on 6"},
			{receipt(200, 20, "GR-1"), true, ""}, // after the day of the snapshot
		} {
			m := bring(t, db, step.row)
			if m.Loaded.Rows != 0 || (m.Updated.Rows == 1) != step.updated {
				t.Errorf("%+v: %+v", *step.row, total(m))
			}
			s, err := db.Snapshot(background, nil, "GBP")
			if err != nil {
				t.Fatal(err)
			}
			var said []string
			for _, r := range s.Receipts {
				said = append(said, fmt.Sprintf("%d on %d", r.Units, r.Received.Sub(day0)))
			}
			if got := strings.Join(said, ", "); got != step.want {
				t.Errorf("after %+v: %s, want %s", *step.row, got, step.want)
			}
		}
		if m := bring(t, db, receipt(7, 2, "GR-2"), receipt(7, 3, "")); m.Loaded.Rows != 2 {
			t.Errorf("other numbers and other days: %+v", total(m))
		}
	})
}
