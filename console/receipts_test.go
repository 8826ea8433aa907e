package console_test

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"tradewind"
)

// engineWith is a workspace with these files imported.
func engineWith(t *testing.T, files map[string]string) *tradewind.Engine {
	t.Helper()
	e, dir := emptyEngine(t), t.TempDir()
	for name, text := range files {
		file := filepath.Join(dir, name)
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		if _, err := e.Import(context.Background(), []string{file}, tradewind.ImportOptions{}); err != nil {
			t.Fatal(err)
		}
	}
	return e
}

// The past of a stock lists what suppliers delivered, also where nothing else can be said of
// it yet.
func TestReceiptsAreListed(t *testing.T) {
	b := visitor(t, engineWith(t, map[string]string{
		"orders.csv":   "order_id,line_id,sku,description,quantity,unit_price,currency,ordered_at,country\n1,1,A1,Candle,3,12.50,GBP,2026-02-02 10:00:00,DE\n",
		"stock.csv":    "sku,location,on_hand,day\nA1,UK-1,40,2026-02-02\nA1,EU-1,9,2026-02-02\n",
		"receipts.csv": "sku,location,supplier,units,ordered,received\nA1,UK-1,Acme <Ltd>,96,2025-12-01,2026-01-30\nA1,UK-1,Acme <Ltd>,48,2025-11-01,2026-01-02\nA1,EU-1,Best,24,2025-11-02,2026-01-03\n",
	}))
	for lang, theme := range looks {
		b.choose(lang, theme)
		page := b.get("/skus/A1/stock/past?location=UK-1").Body.String()
		checkPage(t, "receipts", page, lang, theme)
		first, second := strings.Index(page, "2026-01-30"), strings.Index(page, "2026-01-02")
		if first < 0 || second < first || !strings.Contains(page, "<td class=\"n\">60</td>") || !strings.Contains(page, "Acme &lt;Ltd&gt;") {
			t.Errorf("%s: the receipts are not there, or not the latest first:\n%s", lang, page)
		}
		if strings.Contains(page, "2026-01-03") {
			t.Errorf("%s: a receipt of another location is listed", lang)
		}
	}
}

// A page lists twenty goods receipts and says how many there are; the file has all.
func TestManyReceipts(t *testing.T) {
	receipts := "sku,location,supplier,units,ordered,received,reference\n"
	for k := range 25 {
		receipts += fmt.Sprintf("A1,UK-1,Acme,96,2025-12-01,2026-01-%02d,GR-%d\n", 1+k, k)
	}
	b := visitor(t, engineWith(t, map[string]string{
		"orders.csv":   "order_id,line_id,sku,description,quantity,unit_price,currency,ordered_at,country\n1,1,A1,Candle,3,12.50,GBP,2026-02-02 10:00:00,DE\n",
		"stock.csv":    "sku,location,on_hand,day\nA1,UK-1,40,2026-02-02\n",
		"receipts.csv": receipts,
	}))
	for lang, theme := range looks {
		b.choose(lang, theme)
		page := b.get("/skus/A1/stock/past?location=UK-1").Body.String()
		checkPage(t, "receipts", page, lang, theme)
		if strings.Count(page, "2025-12-01</td>") != 20 || !strings.Contains(page, "2026-01-25") || strings.Contains(page, "2026-01-05") ||
			!strings.Contains(page, "20 of 25") && !strings.Contains(page, "25 条收货记录中最近的 20 条") || !strings.Contains(page, "/skus/A1/stock/receipts.csv?location=UK-1") {
			t.Errorf("%s: not twenty of 25:\n%s", lang, page)
		}
	}
	if rows := rowsOf(t, b, "/skus/A1/stock/receipts.csv?location=UK-1"); len(rows) != 25 {
		t.Errorf("%d receipts in the file, want 25", len(rows))
	}
}
