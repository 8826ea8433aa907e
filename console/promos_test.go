package console_test

import (
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"tradewind"
	"tradewind/calendar"
	"tradewind/messages"
)

// promotedEngine is a shop in Germany and France whose demand is known: an elasticity of
// −3, prices that move by a schedule that looks at no sales, promotions of a quarter off,
// each by itself, and a rival who asks the same all the time.
func promotedEngine(t *testing.T) *tradewind.Engine {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "shop")
	if err := tradewind.Init(dir, tradewind.Config{Currency: "EUR", FactsAsOf: "2026-11-15", RulesAsOf: "2026-11-15", Clock: "2026-11-15T20:00:00Z"}); err != nil {
		t.Fatal(err)
	}
	e, err := tradewind.Open(t.Context(), dir)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { e.Close() })
	first, err := calendar.ParseDay("2024-11-18")
	if err != nil {
		t.Fatal(err)
	}
	var orders, prices, promotions, costs strings.Builder
	orders.WriteString("order_id,line_id,sku,description,quantity,unit_price,currency,ordered_at,country\n")
	prices.WriteString("sku,market,seller,price,currency,from\n")
	promotions.WriteString("sku,market,name,from,to,depth,vehicle\n")
	costs.WriteString("sku,unit_cost,currency,from\n")
	random := rand.New(rand.NewPCG(7, 11))
	order := 0
	for k := range 8 {
		sku, base := fmt.Sprintf("C%d", k), 9.95+2*float64(k)
		fmt.Fprintf(&costs, "%s,%.2f,EUR,2024-01-01\n", sku, base/3)
		for m, market := range []string{"DE", "FR"} {
			level := 0.0
			for w := range 104 {
				monday := first.AddDays(7 * w)
				if w%13 == (3*k+5*m)%13 || w == 0 {
					level = []float64{0, .05, -.05, .1}[random.IntN(4)]
					fmt.Fprintf(&prices, "%s,%s,,%.2f,EUR,%s\n%s,%s,Krause,%.2f,EUR,%s\n", sku, market, math.Round(base*(1+level))-.05, monday, sku, market, base*1.04, monday)
				}
				asked, off := math.Round(base*(1+level))-.05, 0.0
				if w%17 == (5*k+8*m)%17 && w > 8 {
					off = .25
					fmt.Fprintf(&promotions, "%s,%s,Week of %s,%s,%s,%.2f,price\n", sku, market, sku, monday, monday.AddDays(6), off)
				}
				units := int(math.Round(20 * math.Pow(asked*(1-off)/base, -3) * (.8 + .4*random.Float64())))
				order++
				fmt.Fprintf(&orders, "%d,1,%s,Candle %d,%d,%.2f,EUR,%s 10:00:00,%s\n", order, sku, k, units, asked*(1-off), monday.AddDays(1), market)
			}
		}
	}
	for _, file := range []struct {
		name string
		text *strings.Builder
	}{{"orders.csv", &orders}, {"prices.csv", &prices}, {"promotions.csv", &promotions}, {"costs.csv", &costs}} {
		path := filepath.Join(t.TempDir(), file.name)
		if err := os.WriteFile(path, []byte(file.text.String()), 0o600); err != nil {
			t.Fatal(err)
		}
		if _, err := e.Import(t.Context(), []string{path}, tradewind.ImportOptions{}); err != nil {
			t.Fatal(err)
		}
	}
	return e
}

// A shop that ran promotions is shown them, what they did, and for each one planned under
// the law of the Union the price that proves its reduction.
func TestPromotionsOfAShopThatRanSome(t *testing.T) {
	e := promotedEngine(t)
	b := visitor(t, e)
	plan, err := e.PromoPlan(t.Context(), tradewind.PromoOptions{})
	if err != nil {
		t.Fatal(err)
	}
	if len(plan.Past) == 0 || len(plan.Uplifts) == 0 {
		t.Fatalf("%d past promotions, %d uplifts", len(plan.Past), len(plan.Uplifts))
	}
	for lang, theme := range looks {
		b.choose(lang, theme)
		checkPage(t, fmt.Sprint("promotions ", lang, " ", theme), b.get("/promotions").Body.String(), lang, theme)
		for _, p := range plan.Promos[:min(1, len(plan.Promos))] {
			checkPage(t, fmt.Sprint("price ", lang, " ", theme), b.get(itemPath("/prices/item", p.Item)).Body.String(), lang, theme)
		}
	}
	b.choose(messages.English, "light")
	page := b.get("/promotions").Body.String()
	if rows := rowsOf(t, b, "/promotions/past.csv"); len(rows) != len(plan.Past) {
		t.Errorf("%d past promotions in the sheet, want %d", len(rows), len(plan.Past))
	}
	if rows := rowsOf(t, b, "/promotions/uplift.csv"); len(rows) != len(plan.Uplifts) {
		t.Errorf("%d uplifts in the sheet, want %d", len(rows), len(plan.Uplifts))
	}
	for _, r := range plan.Rules {
		if !strings.Contains(page, `href="/compliance/rules/`+r.ID+`"`) {
			t.Errorf("the page does not lead to the rule %s", r.ID)
		}
	}
	proved := 0
	for _, row := range rowsOf(t, b, "/promotions.csv") {
		if row["proof_rule"] == "" {
			continue
		}
		proved++
		if row["proof_price"] != row["prior"] {
			t.Errorf("%s in %s may be announced against %s, proven is %s", row["sku"], row["market"], row["prior"], row["proof_price"])
		}
		if !strings.Contains(page, `<a href="/compliance/rules/`+row["proof_rule"]+`"`) {
			t.Errorf("%s in %s: its proof does not lead to the rule %s", row["sku"], row["market"], row["proof_rule"])
		}
	}
	t.Logf("%d promotions planned, %d of them proved, %d before; rules %d", len(plan.Promos), proved, len(plan.Past), len(plan.Rules))
	if len(plan.Promos) > 0 && proved == 0 {
		t.Error("no promotion is proved, though the law of the Union asks for it")
	}
	// On the curve of an item that was promoted, those weeks stand apart.
	first := plan.Past[0].Item
	if d, err := e.ExplainPrice(t.Context(), first); err == nil && len(d.Curve) > 0 {
		if svg := b.get(itemPath("/prices/item", first)).Body.String(); !regexp.MustCompile(`class="dot apart"`).MatchString(svg) {
			t.Errorf("the promoted weeks of %s do not stand apart", first.SKU)
		}
	}
}
