package ingest

import (
	"errors"
	"strings"
	"testing"
	"time"

	"tradewind/calendar"
	"tradewind/commerce"
)

// TestReceiptsToCome are refused from the second day after the workspace's on: somewhere
// the first has begun. The Chinese headers are read as the English ones are.
func TestReceiptsToCome(t *testing.T) {
	today, err := calendar.ParseDay("2026-03-31")
	if err != nil {
		t.Fatal(err)
	}
	const file = "商品编码,仓库,供应商,收货数量,下单日期,收货日期\n" +
		"A,UK-1,Acme,10,2026-03-01,2026-03-31\nA,UK-1,Acme,10,2026-03-01,2026-04-01\nA,UK-1,Acme,10,2026-03-01,2026-04-02\n"
	s, err := Open("t.csv", strings.NewReader(file), 0, Options{Zone: time.UTC, AsOf: today})
	if err != nil {
		t.Fatal(err)
	}
	var leads []int
	refused := 0
	for fact, err := range s.Read() {
		var r *Reject
		switch {
		case err == nil:
			f := fact.(*commerce.Receipt)
			leads = append(leads, f.Received.Sub(f.Ordered))
		case errors.As(err, &r) && r.Code == "E-RECEIPT-AHEAD" && r.Column == "收货日期" && r.Line == 4:
			refused++
		default:
			t.Error(err)
		}
	}
	if s.Format.Name != "receipts" || len(leads) != 2 || leads[0] != 30 || leads[1] != 31 || refused != 1 {
		t.Errorf("format %s, lead times %v, %d refused", s.Format.Name, leads, refused)
	}
}
