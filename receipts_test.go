package tradewind

import (
	"fmt"
	"math"
	"strings"
	"testing"

	"tradewind/calendar"
	"tradewind/fault"
)

const receiptHeader = "sku,location,supplier,units,ordered,received,reference\n"

// TestReceiptsTeachLeadTimes: goods receipts reach the plan, the page of the stock and the
// approval of what was planned before; the same file again changes nothing.
func TestReceiptsTeachLeadTimes(t *testing.T) {
	e, p := planned(t)
	d := on(t, p, "22763")
	text := receiptHeader
	for i, days := range []int{58, 61, 64, 59, 62, 62} { // typed, and assumed: 45
		ordered := mustDay(t, "2010-12-20").AddDays(40 * i)
		text += fmt.Sprintf("22763,UK-1,Supplier 09,96,%s,%s,GR-%d\n", ordered, ordered.AddDays(days), i)
	}
	bad := "22763,UK-1,Supplier 09,96,2011-09-01,2011-08-01,GR-9\n"
	file := write(t, "receipts.csv", text+bad)
	f := mustImport(t, e, ImportOptions{MaxBad: .5}, file).Files[0]
	if f.Format != "receipts" || f.Rows.Loaded != 6 || f.Rows.Quarantined != 1 || f.Quarantine[0].Code != "E-RECEIPT-REVERSED" {
		t.Fatalf("%+v", f)
	}
	if again := mustImport(t, e, ImportOptions{MaxBad: .5}, file).Files[0]; !again.Already || again.Rows.Unchanged != 6 {
		t.Errorf("imported again: %+v", again)
	}
	if _, err := e.Approve(t.Context(), d.ID, d.Fingerprint, ann, ""); !fault.Is(err, fault.Stale) {
		t.Errorf("an order planned on the typed lead time is approved: %v", err)
	}
	next, err := e.Plan(t.Context(), PlanOptions{})
	if err != nil {
		t.Fatal(err)
	}
	// Six deliveries of 61 days beside 45 that were assumed and count as 6·1.5/7.5 = 1.2.
	want := (1.2*45 + 6*61) / 7.2
	said := ""
	for _, in := range explain(t, e, on(t, next, "22763").ID).Inputs {
		if in.Key == "supply.lead_days" {
			said = fmt.Sprint(in.Value, " ", in.Name.English, " ", in.Assumed)
			if !strings.Contains(in.Name.Chinese, "6 次到货") {
				t.Error(in.Name.Chinese)
			}
		}
	}
	if expected := fmt.Sprintf("%.1f Lead time, days, over 6 deliveries (typed: 45) false", want); said != expected {
		t.Errorf("the explanation says %q, want %q", said, expected)
	}
	x, err := e.InventoryItem(t.Context(), "22763", "UK-1")
	if err != nil || math.Abs(x.LeadDays-want) > 1e-9 || math.Abs(x.Policy.LeadDays-want) > 1e-9 {
		t.Errorf("the page says %v days, want %v; %v", x.LeadDays, want, err)
	}
	status, err := e.Status(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if last := status.Tables[len(status.Tables)-1]; last.Name != "receipt" || last.Rows != 6 {
		t.Errorf("status %+v", last)
	}
}

func mustDay(t *testing.T, text string) calendar.Day {
	t.Helper()
	d, err := calendar.ParseDay(text)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// TestStockHistoryBlamesALateDelivery: of the same goods, those that came late by their
// receipt are what sales were lost to; those that came on the day promised are not.
func TestStockHistoryBlamesALateDelivery(t *testing.T) {
	late := func(days int) float64 {
		e := sample(t)
		mustImport(t, e, ImportOptions{}, write(t, "older.csv", "sku,location,on_hand,inbound,day\n22763,UK-1,12,0,2011-08-01\n"))
		first, err := e.StockHistory(t.Context(), "22763", "UK-1")
		if err != nil {
			t.Fatal(err)
		}
		mustImport(t, e, ImportOptions{}, write(t, "receipts.csv", fmt.Sprintf("%s22763,UK-1,Supplier 09,96,%s,%s,\n", receiptHeader, first.From, first.From.AddDays(days))))
		x, err := e.StockHistory(t.Context(), "22763", "UK-1")
		if err != nil {
			t.Fatal(err)
		}
		if x.Refused != nil || len(x.Episodes) == 0 {
			t.Fatalf("%+v", x)
		}
		sum := 0.0
		for _, ep := range x.Episodes {
			for _, c := range ep.Causes {
				if !ep.Over && c.Code == "late" {
					sum += c.Amount.Float()
				}
			}
		}
		return sum
	}
	// The supply says 45 days. A month more costs several of the units that sell there at a
	// contribution of GBP 6, and the deliveries of now do not change what was promised then.
	if promised, delayed := late(45), late(75); math.Abs(promised) > .01 || delayed < 3*6 {
		t.Errorf("as promised costs %.2f, a month later %.2f", promised, delayed)
	}
}
