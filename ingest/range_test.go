package ingest

import (
	"errors"
	"strings"
	"testing"
	"time"

	"tradewind/commerce"
	"tradewind/messages"
)

// TestNumbersBeyondAnyShop are refused where they come in: no plan could hold them.
func TestNumbersBeyondAnyShop(t *testing.T) {
	const supplies = "sku,supplier,lead_days,lead_sd,moq,pack,order_cost,currency\n"
	const stock = "sku,location,on_hand,inbound,day\n"
	for _, tt := range []struct{ name, header, row, column string }{
		{"lead time", supplies, "A,Acme,731,3,1,1,5,GBP", "lead_days"},
		{"spread", supplies, "A,Acme,30,1000,1,1,5,GBP", "lead_sd"},
		{"minimum", supplies, "A,Acme,30,3,5012345678900,1,5,GBP", "moq"},
		{"pack", supplies, "A,Acme,30,3,1,5012345678900,5,GBP", "pack"},
		{"order cost", supplies, "A,Acme,30,3,1,1,5012345678900,GBP", "order_cost"},
		{"stock", stock, "A,UK-1,5012345678900,0,2026-01-01", "on_hand"},
		{"under way", stock, "A,UK-1,1,5012345678900,2026-01-01", "inbound"},
		{"cost", "sku,unit_cost,currency,from\n", "A,5012345678900,GBP,2026-01-01", "unit_cost"},
		{"price", ordersHeader, "1,1,2026-01-01,A,10,5012345678900,GBP,GB", "unit_price"},
		{"rate", "base,quote,day,rate\n", "GBP,USD,2026-01-01,5012345678900", "rate"},
	} {
		s, err := Open("t.csv", strings.NewReader(tt.header+tt.row+"\n"), 0, Options{Zone: time.UTC})
		if err != nil {
			t.Errorf("%s: %v", tt.name, err)
			continue
		}
		for fact, err := range s.Read() {
			var r *Reject
			if !errors.As(err, &r) || r.Code != "E-CELL-RANGE" || r.Column != tt.column {
				t.Errorf("%s: got %v, %v, want E-CELL-RANGE in %s", tt.name, fact, err, tt.column)
				continue
			}
			for _, lang := range messages.Languages {
				if text := r.Message().In(lang); strings.Contains(text, "[") || !strings.Contains(text, tt.column) {
					t.Errorf("%s: the reason is %q", tt.name, text)
				}
			}
		}
	}
}

// TestASourceIsAFileAndALine unless the file names its own.
func TestASourceIsAFileAndALine(t *testing.T) {
	s, err := Open("stock.csv", strings.NewReader("sku,location,on_hand,day,source\nA,UK-1,1,2026-01-01,\nB,UK-1,1,2026-01-01,the shelf\n"), 0, Options{Zone: time.UTC})
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for fact, err := range s.Read() {
		if err != nil {
			t.Fatal(err)
		}
		got = append(got, fact.(*commerce.Stock).Provenance.Source)
	}
	if want := "stock.csv:2 the shelf"; strings.Join(got, " ") != want {
		t.Errorf("got %q, want %q", got, want)
	}
}
