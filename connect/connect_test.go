package connect

import (
	"context"
	"crypto/sha256"
	"encoding/csv"
	"encoding/hex"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"tradewind/calendar"
	"tradewind/commerce"
	"tradewind/decision"
	"tradewind/fault"
	"tradewind/money"
)

var approvedAt = time.Date(2011, 12, 9, 14, 30, 0, 0, time.UTC)

// approved returns a decision on which somebody has agreed.
func approved(a decision.Action) *decision.Decision {
	id := decision.NewID(a.Kind(), a.Subject(), "snapshot", "config", 1)
	return &decision.Decision{
		Proposal: decision.Proposal{ID: id, Action: a},
		State:    decision.Approved,
		History: []decision.Event{
			{Decision: id, Seq: 1, Verb: decision.Snooze, From: decision.Proposed, To: decision.Proposed, By: "local:ben", At: approvedAt.Add(-time.Hour)},
			{Decision: id, Seq: 2, Verb: decision.Approve, From: decision.Proposed, To: decision.Approved, By: "local:ann", At: approvedAt},
		},
	}
}

func reorder() decision.Reorder {
	return decision.Reorder{SKU: "85123A", Location: "UK-1", Supplier: "Supplier 09", Units: 96, UnitCost: money.FromE4(14790, "GBP")}
}

func setPrice() decision.SetPrice {
	return decision.SetPrice{
		Item:  commerce.Item{SKU: "85123A", Market: "DE", Channel: "web"},
		Price: money.FromE4(29500, "EUR"), Was: money.FromE4(25500, "EUR"),
	}
}

func runPromotion() decision.RunPromotion {
	return decision.RunPromotion{
		Item: commerce.Item{SKU: "85123A", Market: "DE", Channel: "web"}, From: calendar.FromOrdinal(15400), To: calendar.FromOrdinal(15413),
		Price: money.FromE4(22900, "EUR"), Was: money.FromE4(29500, "EUR"), Vehicle: commerce.Coupon,
	}
}

func startExperiment() decision.StartExperiment {
	return decision.StartExperiment{
		Item: commerce.Item{SKU: "85123A", Market: "DE", Channel: "web"}, Name: "=lantern",
		Control: money.FromE4(29500, "EUR"), Test: money.FromE4(26500, "EUR"), From: calendar.FromOrdinal(15400), Weeks: 3,
	}
}

// offered returns a promotion with something else about it, tested a price test.
func offered(change func(*decision.RunPromotion)) func(*decision.Decision) {
	return func(d *decision.Decision) {
		a := runPromotion()
		change(&a)
		d.Action = a
	}
}

func tested(change func(*decision.StartExperiment)) func(*decision.Decision) {
	return func(d *decision.Decision) {
		a := startExperiment()
		change(&a)
		d.Action = a
	}
}

func TestWrite(t *testing.T) {
	for _, tt := range []struct {
		name, file, content string
		action              decision.Action
	}{
		{
			"reorder", "outbox/purchase-orders/PO-ID.csv",
			"purchase_order,decision,approved_at,approved_by,supplier,location,sku,units,expected_landed_cost_unit,expected_landed_cost_total,currency\n" +
				"PO-ID,ID,2011-12-09T14:30:00Z,local:ann,Supplier 09,UK-1,85123A,96,1.479,141.984,GBP\n",
			reorder(),
		},
		{
			"price", "outbox/prices/PRICE-ID.csv",
			"price_change,decision,approved_at,approved_by,sku,market,channel,price,was,currency\n" +
				"PRICE-ID,ID,2011-12-09T14:30:00Z,local:ann,85123A,DE,web,2.95,2.55,EUR\n",
			setPrice(),
		},
		{
			"entry", "outbox/market-entries/ENTER-ID.csv",
			"task,decision,approved_at,approved_by,market,channel\nENTER-ID,ID,2011-12-09T14:30:00Z,local:ann,NO,web\n",
			decision.EnterMarket{Market: "NO", Channel: "web"},
		},
		{
			"registration", "outbox/tax-registrations/TAX-ID.csv",
			"task,decision,approved_at,approved_by,market,scheme,threshold,currency,crossed_on\nTAX-ID,ID,2011-12-09T14:30:00Z,local:ann,EU,oss,10000.00,EUR,2012-03-01\n",
			decision.RegisterTax{Market: "EU", Scheme: "oss", Threshold: money.FromE4(100_000_000, "EUR"), Crosses: calendar.FromOrdinal(15400)},
		},
		{
			"listing", "outbox/localizations/TEXT-ID.csv",
			"task,decision,approved_at,approved_by,sku,market,channel,language,findings\nTEXT-ID,ID,2011-12-09T14:30:00Z,local:ann,85123A,DE,web,de,missing\n",
			decision.LocalizeListing{Item: commerce.Item{SKU: "85123A", Market: "DE", Channel: "web"}, Language: "de", Findings: "missing"},
		},
		{
			"promotion", "outbox/promotions/PROMO-ID.csv",
			"promotion,decision,approved_at,approved_by,sku,market,channel,from,to,price,was,currency,vehicle\n" +
				"PROMO-ID,ID,2011-12-09T14:30:00Z,local:ann,85123A,DE,web,2012-03-01,2012-03-14,2.29,2.95,EUR,coupon\n",
			runPromotion(),
		},
		{
			"price test", "outbox/experiments/TEST-ID.csv",
			"experiment,decision,approved_at,approved_by,name,sku,market,channel,week,from,to,arm,price,currency\n" +
				"TEST-ID,ID,2011-12-09T14:30:00Z,local:ann,'=lantern,85123A,DE,web,1,2012-03-01,2012-03-07,ARM1,EUR\n" +
				"TEST-ID,ID,2011-12-09T14:30:00Z,local:ann,'=lantern,85123A,DE,web,2,2012-03-08,2012-03-14,ARM2,EUR\n" +
				"TEST-ID,ID,2011-12-09T14:30:00Z,local:ann,'=lantern,85123A,DE,web,3,2012-03-15,2012-03-21,ARM3,EUR\n",
			startExperiment(),
		},
	} {
		t.Run(tt.name, func(t *testing.T) {
			dir, d := t.TempDir(), approved(tt.action)
			if a, ok := tt.action.(decision.StartExperiment); ok {
				for _, turn := range a.Turns(d.ID) {
					arm := map[bool]string{true: "test,2.65", false: "control,2.95"}[turn.Test]
					tt.content = strings.ReplaceAll(tt.content, "ARM"+strconv.Itoa(turn.Week), arm)
				}
			}
			want := strings.ReplaceAll(tt.content, "ID", string(d.ID))
			sum := sha256.Sum256([]byte(want))
			receipt := Receipt{File: strings.ReplaceAll(tt.file, "ID", string(d.ID)), SHA256: hex.EncodeToString(sum[:])}
			got, err := Stage(t.Context(), dir, d)
			if err != nil {
				t.Fatal(err)
			}
			receipt.Token = got.Token
			if diff := cmp.Diff(receipt, got); diff != "" || got.Token == "" {
				t.Errorf("receipt (-want +got):\n%s", diff)
			}
			if again, err := ParseReceipt(got.String()); err != nil || again != got {
				t.Errorf("%q reads back as %+v, %v", got, again, err)
			}
			// Staged, it is there for nobody but Publish.
			if files := everything(t, dir); len(files) != 1 || files[0] != got.hidden() {
				t.Errorf("staged, the workspace holds %q", files)
			}
			if ids, err := Staged(dir); err != nil || !slices.Equal(ids, []decision.ID{d.ID}) {
				t.Errorf("staged decisions %v, %v", ids, err)
			}
			for i, wantFresh := range []bool{true, false} {
				if fresh, err := Publish(t.Context(), dir, got); err != nil || fresh != wantFresh {
					t.Errorf("published for the time %d: %v, %v", i+1, fresh, err)
				}
			}
			if diff := cmp.Diff(want, content(t, dir, receipt.File)); diff != "" {
				t.Errorf("file (-want +got):\n%s", diff)
			}
			if got, want := everything(t, dir), []string{receipt.File}; !cmp.Equal(got, want) {
				t.Errorf("the workspace holds %q, want %q", got, want)
			}

			// Somebody moves it out, and it stays out.
			if err := os.Remove(filepath.Join(dir, filepath.FromSlash(receipt.File))); err != nil {
				t.Fatal(err)
			}
			if fresh, err := Publish(t.Context(), dir, got); err != nil || fresh {
				t.Errorf("published after it was sent: %v, %v", fresh, err)
			}
			if got := everything(t, dir); got != nil {
				t.Errorf("the file came back: %q", got)
			}
		})
	}
}

// A file staged twice leaves once, under whichever receipt was recorded.
func TestDiscard(t *testing.T) {
	dir, d := t.TempDir(), approved(reorder())
	var receipts [2]Receipt
	for i := range receipts {
		var err error
		if receipts[i], err = Stage(t.Context(), dir, d); err != nil {
			t.Fatal(err)
		}
	}
	if fresh, err := Publish(t.Context(), dir, receipts[1]); err != nil || !fresh {
		t.Fatalf("published: %v, %v", fresh, err)
	}
	for range 2 {
		if err := Discard(dir, receipts[0]); err != nil {
			t.Fatal(err)
		}
	}
	if got, want := everything(t, dir), []string{receipts[1].File}; !cmp.Equal(got, want) {
		t.Errorf("the workspace holds %q, want %q", got, want)
	}
}

// write stages and publishes.
func write(ctx context.Context, dir string, d *decision.Decision) (Receipt, error) {
	r, err := Stage(ctx, dir, d)
	if err == nil {
		_, err = Publish(ctx, dir, r)
	}
	return r, err
}

func TestOnlyApprovedDecisionsLeave(t *testing.T) {
	for _, state := range decision.States {
		dir, d := t.TempDir(), approved(reorder())
		d.State = state
		_, err := write(t.Context(), dir, d)
		if allowed := state == decision.Approved; allowed {
			if err != nil {
				t.Errorf("%s: %v", state, err)
			}
			continue
		}
		if !fault.Is(err, fault.Stale) {
			t.Errorf("%s: got %v, want a stale fault", state, err)
		}
		if got := everything(t, dir); got != nil {
			t.Errorf("%s: wrote %q", state, got)
		}
	}
}

func TestRefusals(t *testing.T) {
	for _, tt := range []struct {
		name  string
		code  string
		kind  fault.Kind
		spoil func(*decision.Decision)
	}{
		{"no approval in the history", "E-OUTBOX-APPROVAL", fault.Denied, func(d *decision.Decision) { d.History = d.History[:1] }},
		{"ID that climbs", "E-OUTBOX-VALUE", fault.Invalid, func(d *decision.Decision) { d.ID = "../../etc/x" }},
		{"ID of another form", "E-OUTBOX-VALUE", fault.Invalid, func(d *decision.Decision) { d.ID = "D-short" }},
		{"nothing to order", "E-OUTBOX-VALUE", fault.Invalid, func(d *decision.Decision) { d.Action = decision.Reorder{SKU: "A", UnitCost: money.FromE4(1, "GBP")} }},
		{"no currency", "E-OUTBOX-VALUE", fault.Invalid, func(d *decision.Decision) { d.Action = decision.Reorder{SKU: "A", Units: 1} }},
		{"no action", "E-OUTBOX-VALUE", fault.Invalid, func(d *decision.Decision) { d.Action = nil }},
		{"total overflows", "E-MONEY-OVERFLOW", fault.Invalid, func(d *decision.Decision) {
			d.Action = decision.Reorder{SKU: "A", Units: 1 << 40, UnitCost: money.FromE4(1<<40, "GBP")}
		}},
		{"new line in a SKU", "E-OUTBOX-VALUE", fault.Invalid, func(d *decision.Decision) {
			d.Action = decision.Reorder{SKU: "A\nB", Units: 1, UnitCost: money.FromE4(1, "GBP")}
		}},
		{"broken UTF-8", "E-OUTBOX-VALUE", fault.Invalid, func(d *decision.Decision) {
			d.Action = decision.Reorder{SKU: "A\xff", Units: 1, UnitCost: money.FromE4(1, "GBP")}
		}},
		{"entry into nowhere", "E-OUTBOX-VALUE", fault.Invalid, func(d *decision.Decision) { d.Action = decision.EnterMarket{} }},
		{"registration for nothing", "E-OUTBOX-VALUE", fault.Invalid, func(d *decision.Decision) { d.Action = decision.RegisterTax{Market: "DE"} }},
		{"listing in no language", "E-OUTBOX-VALUE", fault.Invalid, func(d *decision.Decision) { d.Action = decision.LocalizeListing{Item: commerce.Item{SKU: "A"}} }},
		{"price of nothing", "E-OUTBOX-VALUE", fault.Invalid, func(d *decision.Decision) { d.Action = decision.SetPrice{} }},
		{"price in two currencies", "E-OUTBOX-VALUE", fault.Invalid, func(d *decision.Decision) {
			d.Action = decision.SetPrice{Price: money.FromE4(1, "GBP"), Was: money.FromE4(1, "EUR")}
		}},
		{"offer of nothing", "E-OUTBOX-VALUE", fault.Invalid, func(d *decision.Decision) { d.Action = decision.RunPromotion{} }},
		{"offer above the price before", "E-OUTBOX-VALUE", fault.Invalid, offered(func(a *decision.RunPromotion) { a.Price = money.FromE4(29501, "EUR") })},
		{"offer in two currencies", "E-OUTBOX-VALUE", fault.Invalid, offered(func(a *decision.RunPromotion) { a.Was = money.FromE4(29500, "GBP") })},
		{"offer that ends before it begins", "E-OUTBOX-VALUE", fault.Invalid, offered(func(a *decision.RunPromotion) { a.To = a.From.AddDays(-1) })},
		{"offer in an unknown way", "E-OUTBOX-VALUE", fault.Invalid, offered(func(a *decision.RunPromotion) { a.Vehicle = "billboard" })},
		{"transfer of nothing", "E-OUTBOX-VALUE", fault.Invalid, func(d *decision.Decision) { d.Action = decision.MoveStock{SKU: "A", From: "X", To: "Y"} }},
		{"transfer to where it is", "E-OUTBOX-VALUE", fault.Invalid, func(d *decision.Decision) {
			d.Action = decision.MoveStock{SKU: "A", From: "X", To: "X", Units: 1}
		}},
		{"allocation of less than nothing", "E-OUTBOX-VALUE", fault.Invalid, func(d *decision.Decision) {
			d.Action = decision.AllocateStock{Item: commerce.Item{SKU: "A"}, Location: "X", Units: -1}
		}},
		{"mandate without a limit", "E-OUTBOX-VALUE", fault.Invalid, func(d *decision.Decision) {
			d.Action = decision.GrantMandate{Policy: "stock", Kinds: []decision.Kind{decision.KindReorder}}
		}},
		{"test of nothing", "E-OUTBOX-VALUE", fault.Invalid, func(d *decision.Decision) { d.Action = decision.StartExperiment{} }},
		{"test of one price", "E-OUTBOX-VALUE", fault.Invalid, tested(func(a *decision.StartExperiment) { a.Test = a.Control })},
		{"test in two currencies", "E-OUTBOX-VALUE", fault.Invalid, tested(func(a *decision.StartExperiment) { a.Test = money.FromE4(26500, "GBP") })},
		{"test of one week", "E-OUTBOX-VALUE", fault.Invalid, tested(func(a *decision.StartExperiment) { a.Weeks = 1 })},
		{"test without end", "E-OUTBOX-VALUE", fault.Invalid, tested(func(a *decision.StartExperiment) { a.Weeks = decision.LongestExperiment + 1 })},
	} {
		t.Run(tt.name, func(t *testing.T) {
			dir, d := t.TempDir(), approved(reorder())
			tt.spoil(d)
			_, err := write(t.Context(), dir, d)
			if f := fault.Of(err); f == nil || f.Code != tt.code || f.Kind != tt.kind {
				t.Errorf("got %v, want %v %s", err, tt.kind, tt.code)
			}
			if got := everything(t, dir); got != nil {
				t.Errorf("wrote %q", got)
			}
		})
	}
}

// Whatever a name holds, the file has one row, no cell of words starts a formula, and
// the names can be read back.
func TestAnyTextSurvivesTheFile(t *testing.T) {
	awkward := rapid.OneOf(rapid.String(), rapid.StringMatching(`[=+\-@＝＋－＠'",;| \t\r\na-b]{0,8}`))
	base := t.TempDir()
	rapid.Check(t, func(t *rapid.T) {
		dir, err := os.MkdirTemp(base, "")
		if err != nil {
			t.Fatal(err)
		}
		a := reorder()
		a.SKU = commerce.SKU(awkward.Draw(t, "sku"))
		a.Supplier = commerce.Supplier(awkward.Draw(t, "supplier"))
		receipt, err := write(t.Context(), dir, approved(a))
		if !readable(string(a.SKU)) || !readable(string(a.Supplier)) {
			if !fault.Is(err, fault.Invalid) {
				t.Fatalf("unreadable text: got %v, want an invalid fault", err)
			}
			return
		}
		if err != nil {
			t.Fatal(err)
		}
		f, err := os.Open(filepath.Join(dir, filepath.FromSlash(receipt.File)))
		if err != nil {
			t.Fatal(err)
		}
		defer f.Close()
		rows, err := csv.NewReader(f).ReadAll()
		if err != nil || len(rows) != 2 {
			t.Fatalf("%d rows, %v", len(rows), err)
		}
		supplier, sku := rows[1][4], rows[1][6]
		if startsFormula(sku) || startsFormula(supplier) {
			t.Fatalf("a cell starts a formula: %q, %q", supplier, sku)
		}
		if got, want := unguard(sku), string(a.SKU); got != want {
			t.Fatalf("SKU read back %q, want %q", got, want)
		}
		if got, want := unguard(supplier), string(a.Supplier); got != want {
			t.Fatalf("supplier read back %q, want %q", got, want)
		}
	})
}

// startsFormula splits a cell as a spreadsheet of any country might, and reports whether
// one of the parts would run.
func startsFormula(cell string) bool {
	parts := strings.FieldsFunc(cell, func(r rune) bool { return strings.ContainsRune(`,;|"`, r) })
	for _, part := range parts {
		part = strings.TrimLeft(part, " ")
		if part != "" && strings.ContainsRune(starters, []rune(part)[0]) {
			return true
		}
	}
	return false
}

func TestGuard(t *testing.T) {
	for text, want := range map[string]string{
		"85123A":               "85123A",
		"":                     "",
		"=1+1":                 "'=1+1",
		"-12.50":               "'-12.50",
		"@SUM(A1)":             "'@SUM(A1)",
		"＝1":                   "'＝1",
		"  =1":                 "  '=1",
		"a;=cmd|'/c calc'!A0":  "a;'=cmd|''/c calc'!A0",
		"'quoted":              "''quoted",
		"T-LIGHT, RED + WHITE": "T-LIGHT, RED + WHITE",
		`6" PLATE`:             `6" PLATE`,
	} {
		if got := guard(text); got != want {
			t.Errorf("guard(%q) = %q, want %q", text, got, want)
		}
	}
}

func FuzzGuard(f *testing.F) {
	f.Add("=1")
	f.Add("a;'=b")
	f.Fuzz(func(t *testing.T, text string) {
		if !readable(text) {
			t.Skip("refused before it is guarded")
		}
		cell := guard(text)
		if startsFormula(cell) {
			t.Errorf("guard(%q) = %q starts a formula", text, cell)
		}
		if got := unguard(cell); got != text {
			t.Errorf("unguard(%q) = %q, want %q", cell, got, text)
		}
	})
}

func content(t *testing.T, dir, file string) string {
	t.Helper()
	b, err := os.ReadFile(filepath.Join(dir, filepath.FromSlash(file)))
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

// everything lists the files below a folder, hidden ones included.
func everything(t *testing.T, dir string) (files []string) {
	t.Helper()
	err := filepath.WalkDir(dir, func(path string, d os.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		rel, err := filepath.Rel(dir, path)
		files = append(files, filepath.ToSlash(rel))
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return files
}
