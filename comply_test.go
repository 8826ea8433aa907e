package tradewind

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"tradewind/calendar"
	"tradewind/commerce"
	"tradewind/decision"
	"tradewind/fault"
	"tradewind/messages"
)

// lawful is a workspace of a British shop that sells a toy and a lamp to Germany: rules as
// of 2026-11-22, facts made up for these tests.
func lawful(t *testing.T, files map[string]string) *Engine {
	t.Helper()
	e := workspace(t, Config{Clock: "2026-11-22T12:00:00Z", Seller: commerce.Seller{Established: []commerce.Market{"GB"}}})
	facts := map[string]string{
		"orders.csv": "order_id,line_id,ordered_at,sku,description,quantity,unit_price,currency,market,channel,customer_id,kind\n" +
			"1,1,2026-10-01 10:00:00,BEAR,Teddy bear,2,20.00,GBP,DE,web,c,sale\n" +
			"1,2,2026-10-01 10:00:00,LAMP,Desk lamp,1,30.00,GBP,DE,web,c,sale\n" +
			"2,1,2026-10-02 10:00:00,BEAR,Teddy bear,1,20.00,GBP,GB,web,c,sale\n",
		"products.csv": "sku,name,category,grams,hs,origin,traits,assumed\nBEAR,Teddy bear,Toys,400,950300,CN,toy,false\nLAMP,Desk lamp,Home,900,,CN,,false\n",
	}
	for name, text := range files {
		facts[name] = text
	}
	for _, name := range slices.Sorted(mapKeys(facts)) {
		mustImport(t, e, ImportOptions{}, write(t, name, facts[name]))
	}
	return e
}

func mapKeys(m map[string]string) func(func(string) bool) {
	return func(yield func(string) bool) {
		for k := range m {
			if !yield(k) {
				return
			}
		}
	}
}

func mustComply(t *testing.T, e *Engine, f ComplianceFilter) *ComplianceView {
	t.Helper()
	v, err := e.Compliance(t.Context(), f)
	if err != nil {
		t.Fatal(err)
	}
	return v
}

// answerTo is what was found of a rule, or of what is unknown; "" where it does not apply.
func answerTo(v *ComplianceView, sku commerce.SKU, key string) decision.Outcome {
	for _, p := range v.Products {
		for _, f := range p.Findings {
			if p.SKU == sku && f.Key == key {
				return f.Outcome
			}
		}
	}
	return ""
}

const documentsOfTheBear = "document,sku,market,reference,from,until,assumed\n" +
	"gpsr_responsible_person,,EU,Example EU Services BV,2024-12-13,,false\n" +
	"toy_declaration,BEAR,EU,DoC 1,2024-01-01,2026-12-31,false\n"

// The General Product Safety Regulation (EU) 2023/988 holds from 2024-12-13, the toy
// directive 2009/48/EC from 2011-07-20.
func TestComplianceOfADay(t *testing.T) {
	without, with := lawful(t, nil), lawful(t, map[string]string{"documents.csv": documentsOfTheBear})
	for _, tt := range []struct {
		day, rule          string
		missing, submitted decision.Outcome
	}{
		{"2011-07-19", "EU.product.toys", "", ""},
		{"2011-07-20", "EU.product.toys", decision.Block, decision.Block}, // the paper is not valid yet
		{"2024-12-12", "EU.product.gpsr-responsible", "", ""},
		{"2024-12-13", "EU.product.gpsr-responsible", decision.Block, decision.Pass},
		{"2026-10-20", "EU.product.toys", decision.Block, decision.Pass},
		{"2026-11-22", "EU.product.toys", decision.Block, decision.Warn}, // it ends within 60 days
		{"2027-01-01", "EU.product.toys", decision.Block, decision.Block},
	} {
		day := someDay(t, tt.day)
		f := ComplianceFilter{SKU: "BEAR", Market: "DE", AsOf: &day}
		if got := answerTo(mustComply(t, without, f), "BEAR", tt.rule); got != tt.missing {
			t.Errorf("%s on %s without documents: %q, want %q", tt.rule, tt.day, got, tt.missing)
		}
		if got := answerTo(mustComply(t, with, f), "BEAR", tt.rule); got != tt.submitted {
			t.Errorf("%s on %s with documents: %q, want %q", tt.rule, tt.day, got, tt.submitted)
		}
	}
}

// Nobody said what the lamp is: nothing that hangs on it passes, and the finding says how
// to say it.
func TestComplianceAsksForWhatIsNotKnown(t *testing.T) {
	v := mustComply(t, lawful(t, nil), ComplianceFilter{SKU: "LAMP"})
	if got := answerTo(v, "LAMP", "traits"); got != decision.Warn {
		t.Fatalf("unknown traits: %q, want a warning", got)
	}
	for _, f := range v.Products[0].Findings {
		if f.Unknown && (len(f.Rules) == 0 || f.Remedy.English == "" || f.Remedy.Chinese == "") {
			t.Errorf("%s: no rules or no remedy: %+v", f.Key, f)
		}
	}
}

// The summary counts what the list shows, the filters choose from it, and only a supported
// rule blocks.
func TestComplianceAddsUp(t *testing.T) {
	e := lawful(t, nil)
	all := mustComply(t, e, ComplianceFilter{})
	counted := map[decision.Outcome]int{}
	for _, m := range all.Markets {
		counted[decision.Block] += m.Blocked
		counted[decision.Warn] += m.Warned
		counted[decision.Pass] += m.Ready
	}
	listed := map[decision.Outcome]int{}
	reasons := map[string]int{}
	for i, p := range all.Products {
		listed[p.Outcome]++
		if i > 0 && gravity(all.Products[i-1].Outcome) < gravity(p.Outcome) {
			t.Errorf("%s in %s is worse than what stands before it", p.SKU, p.Market)
		}
		for _, f := range p.Findings {
			reasons[f.Key+string(f.Outcome)]++
			shownInBoth(t, f)
			if f.Outcome == decision.Block && (f.Unconfirmed || f.Unknown || !f.Rules[0].Supported) {
				t.Errorf("%s blocks and is not supported", f.Key)
			}
			if f.Outcome == decision.Pass {
				t.Errorf("%s is met and stands in the list of what is not", f.Key)
			}
		}
	}
	if counted[decision.Block] != listed[decision.Block] || counted[decision.Warn] != listed[decision.Warn] || listed[decision.Block] == 0 {
		t.Errorf("the markets count %v, the list has %v", counted, listed)
	}
	if total := counted[decision.Block] + counted[decision.Warn] + counted[decision.Pass]; total != 3 {
		t.Errorf("%d products in markets, want the 3 that were sold", total)
	}
	for _, r := range all.Reasons {
		if key := r.Finding.Key + string(r.Outcome); reasons[key] != r.Products {
			t.Errorf("%s: the reasons count %d, the list has %d", key, r.Products, reasons[key])
		}
	}
	for _, p := range mustComply(t, e, ComplianceFilter{Outcome: decision.Block}).Products {
		for _, f := range p.Findings {
			if f.Outcome != decision.Block {
				t.Errorf("%s %s: %s among the blocks", p.SKU, f.Key, f.Outcome)
			}
		}
	}
	if one := mustComply(t, e, ComplianceFilter{Limit: 1}); len(one.Products) != 1 || one.Found != all.Found || one.Products[0].SKU != all.Products[0].SKU {
		t.Errorf("a limit of 1 shows %d of %d", len(one.Products), one.Found)
	}
}

func shownInBoth(t *testing.T, f ComplianceFinding) {
	t.Helper()
	texts := []LocalizedText{f.Text, f.OwnerName, f.Remedy}
	for _, n := range f.Needs {
		texts = append(texts, n.Name, n.StateName)
	}
	for _, text := range texts {
		if text.English == "" || text.Chinese == "" || strings.ContainsAny(text.English+text.Chinese, "{}[") {
			t.Errorf("%s: %+v", f.Key, text)
		}
	}
}

// A market without a sale is checked as if all were sold there: who asks wants to know
// before the first sale.
func TestComplianceBeforeTheFirstSale(t *testing.T) {
	v := mustComply(t, lawful(t, nil), ComplianceFilter{Market: "FR"})
	if m := v.Markets[0]; len(v.Markets) != 1 || m.Sold || m.Ready+m.Warned+m.Blocked != 2 || len(v.Notes) != 1 {
		t.Errorf("%+v, notes %v", v.Markets, v.Notes)
	}
	if got := answerTo(v, "BEAR", "EU.product.gpsr-responsible"); got != decision.Block {
		t.Errorf("a toy in France: %q, want a block", got)
	}
}

// Where no rule is known, a product is ready only because nobody asked: that is said.
func TestComplianceSaysWhereNoRuleIsKnown(t *testing.T) {
	e := lawful(t, nil)
	for _, tt := range []struct {
		day   string
		knows bool
	}{{"1990-01-01", false}, {"2026-11-22", true}} {
		day := someDay(t, tt.day)
		v := mustComply(t, e, ComplianceFilter{Market: "DE", AsOf: &day})
		said := len(v.Notes) > 0 && strings.Contains(v.Notes[0].English, "No rule of its own is known")
		if knows := v.Markets[0].Rules > 0; knows != tt.knows || said == tt.knows {
			t.Errorf("on %s: %d rules, notes %v", tt.day, v.Markets[0].Rules, v.Notes)
		}
	}
}

// Goods that leave from two countries are judged by the worse of both.
func TestComplianceTakesTheWorstRoute(t *testing.T) {
	pack := map[string]string{"de.yaml": `pack: DE
recorded_on: 2026-11-22
rules:
  - id: DE.goods.from-china
    topic: goods
    title: {en: A made-up rule of goods from China, zh: 虚构的中国货物规则}
    effective_from: 2026-01-01
    status: in_force
    evidence: A
    params: {shipped_from: [CN], documents: [made_up_paper], missing: block, owner: seller, remedy: {en: Get it., zh: 请取得。}}
    source: {title: Made up, url: "https://example.com", kind: law, retrieved_on: 2026-11-22}
    verified_by: T. Ester
    verified_on: 2026-11-22
`}
	for _, tt := range []struct {
		warehouses string
		want       decision.Outcome
	}{
		{"UK-1,GB,,false\n", ""},
		{"UK-1,GB,,false\nCN-1,CN,,false\n", decision.Block},
		{"UK-1,GB,,false\nCN-1,CN,US,false\n", ""}, // it does not serve Germany
	} {
		e := lawful(t, map[string]string{"warehouses.csv": "location,country,serves,assumed\n" + tt.warehouses})
		for name, text := range pack {
			writePack(t, filepath.Join(e.Dir(), rulesFolder, name), text)
		}
		if got := answerTo(mustComply(t, e, ComplianceFilter{SKU: "BEAR", Market: "DE"}), "BEAR", "DE.goods.from-china"); got != tt.want {
			t.Errorf("warehouses %q: %q, want %q", tt.warehouses, got, tt.want)
		}
	}
}

func TestComplianceRefuses(t *testing.T) {
	e := lawful(t, nil)
	_, err := e.Compliance(t.Context(), ComplianceFilter{Market: "UK"})
	refused(t, err, fault.NotFound, "E-LAW-NO-PLACE")
	_, err = e.Compliance(t.Context(), ComplianceFilter{SKU: "NONE"})
	refused(t, err, fault.NotFound, "E-SKU-NOT-FOUND")
	e = reopen(t, e, func(c *Config) { c.Seller.Declared = []string{"withdrawal_function", "no:withdrawl_function"} })
	if v := mustComply(t, e, ComplianceFilter{}); len(v.Notes) != 1 || !strings.Contains(v.Notes[0].English, "no:withdrawl_function") {
		t.Errorf("a word that is spelled wrong: %v", v.Notes)
	}
}

// inventedList names nobody who lives: a list of a user's own.
const inventedList = "name,aliases,kind,country,id\nQuandor Velmisk,Kwandor Velmisque,person,Atlantis,X-1\nZorblat Heavy Trading Company,,organisation,Atlantis,X-2\n"

func mustScreen(t *testing.T, e *Engine, names ...string) *ScreeningView {
	t.Helper()
	var parties []Party
	for _, name := range names {
		parties = append(parties, Party{Name: name})
	}
	v, err := e.Screen(context.Background(), parties)
	if err != nil {
		t.Fatal(err)
	}
	return v
}

func putList(t *testing.T, e *Engine, name, text string) {
	t.Helper()
	path := filepath.Join(e.Dir(), listsFolder, name)
	if err := errors.Join(os.MkdirAll(filepath.Dir(path), 0o755), os.WriteFile(path, []byte(text), 0o600)); err != nil {
		t.Fatal(err)
	}
}

func TestScreen(t *testing.T) {
	e := lawful(t, map[string]string{"supplies.csv": "sku,supplier,lead_days,lead_sd,moq,pack,order_cost,currency,assumed\nBEAR,Zorblatt Heavy Trading Co,30,5,10,1,10.00,GBP,false\n"})
	states := func(v *ScreeningView) (list []string) {
		for _, p := range v.Parties {
			list = append(list, p.State)
			if len(p.Texts) == 0 || p.Texts[0].English == "" || p.Texts[0].Chinese == "" {
				t.Errorf("%s: no text", p.Name)
			}
		}
		return list
	}
	names := []string{"Velmisk, Quandor", "Harmless Teapots", "–"}

	v := mustScreen(t, e, names...)
	want := []string{PartyNotScreened, PartyNotScreened, PartyNotScreened, PartyNotScreened}
	if got := states(v); v.Screened || v.Note == nil || !slices.Equal(got, want) {
		t.Errorf("without a list: %v %v", v.Screened, got)
	}

	putList(t, e, "own-2026-11-20.csv", inventedList)
	v = mustScreen(t, e, names...)
	want = []string{PartyHit, PartyNoHit, PartyNotScreened, PartyHit}
	if got := states(v); !v.Screened || v.Note != nil || v.Hits != 2 || !slices.Equal(got, want) {
		t.Fatalf("with a list: %v, want %v", got, want)
	}
	if h := v.Parties[0].Hits[0]; h.ID != "X-1" || h.Score < .75 || len(h.Why) != 2 || h.List.Name != "own-2026-11-20" || h.List.Version != someDay(t, "2026-11-20") || len(h.List.Hash) != 64 {
		t.Errorf("the hit: %+v", h)
	}
	if p := mustScreen(t, e, "无害茶壶").Parties[0]; p.State != PartyInPart || p.StateName.Chinese == "" {
		t.Errorf("a name in Chinese, beside a list in Latin letters: %+v", p)
	}
	if p := v.Parties[3]; p.Role != "supplier" || p.Hits[0].ID != "X-2" {
		t.Errorf("the supplier: %+v", p)
	}

	// A newer file is read, and the day of one without a day in its name is its own.
	putList(t, e, "own-2026-11-20.csv", inventedList+"Harmless Teapots,,organisation,,X-3\n")
	if v = mustScreen(t, e, names...); v.Parties[1].State != PartyHit {
		t.Errorf("a list that has grown: %+v", v.Parties[1])
	}
	putList(t, e, "ours.csv", inventedList)
	written := time.Date(2026, 3, 4, 12, 0, 0, 0, time.UTC)
	if err := os.Chtimes(filepath.Join(e.Dir(), listsFolder, "ours.csv"), written, written); err != nil {
		t.Fatal(err)
	}
	if v = mustScreen(t, e, names...); len(v.Lists) != 2 || v.Lists[0].Name != "ours" || v.Lists[0].Version != calendar.DayIn(written, time.UTC) {
		t.Errorf("two lists: %+v", v.Lists)
	}
}

// inventedUN has the form of the consolidated list of the United Nations and names nobody.
const inventedUN = `<CONSOLIDATED_LIST dateGenerated="2026-11-21T00:00:00Z"><INDIVIDUALS><INDIVIDUAL><REFERENCE_NUMBER>QQi.001</REFERENCE_NUMBER><FIRST_NAME>Quandor</FIRST_NAME><SECOND_NAME>Velmisk</SECOND_NAME></INDIVIDUAL></INDIVIDUALS></CONSOLIDATED_LIST>`

// A list of which a part is missing, or that is there twice, lets people pass: nobody is
// screened until it is mended.
func TestScreenRefusesBrokenLists(t *testing.T) {
	for _, tt := range []struct {
		files map[string]string
		code  string
	}{
		{map[string]string{"un.xml": inventedUN[:len(inventedUN)-30]}, "E-LIST"},
		{map[string]string{"own.csv": "nom\nQuandor\n"}, "E-LIST"},
		{map[string]string{"own.csv": inventedList, "un.xml": "<html></html>"}, "E-LIST"},
		{map[string]string{"un-old.xml": inventedUN, "un-new.xml": inventedUN}, "E-LIST-TWICE"},
	} {
		e := workspace(t, Config{})
		for name, text := range tt.files {
			putList(t, e, name, text)
		}
		_, err := e.Screen(t.Context(), nil)
		refused(t, err, fault.Invalid, tt.code)
		if fix := messages.Of(err).Remedy().In(messages.English); strings.Contains(fix, "{") {
			t.Errorf("%s: the remedy has a hole: %s", tt.code, fix)
		}
	}
	e := workspace(t, Config{})
	putList(t, e, "un.xml", inventedUN)
	if v := mustScreen(t, e, "Quandor Velmisk"); v.Hits != 1 || v.Lists[0].Version != someDay(t, "2026-11-21") {
		t.Errorf("the list of the United Nations: %+v", v)
	}
}

func TestReadParties(t *testing.T) {
	parties, err := ReadParties(write(t, "parties.csv", "name,country\nHarmless Teapots,GB\n"))
	if err != nil || fmt.Sprint(parties) != "[{Harmless Teapots  GB }]" {
		t.Errorf("%v, %v", parties, err)
	}
	_, err = ReadParties(write(t, "empty.csv", "name\n"))
	refused(t, err, fault.Invalid, "E-PARTY-EMPTY")
	_, err = ReadParties(filepath.Join(t.TempDir(), "none.csv"))
	refused(t, err, fault.NotFound, "E-FILE-NOT-FOUND")
}

// A shop that has not sold yet asks what law wants of what it means to sell.
func TestComplianceWithoutAnySale(t *testing.T) {
	e := workspace(t, Config{Clock: "2026-11-22T12:00:00Z", Seller: commerce.Seller{Established: []commerce.Market{"GB"}}})
	mustImport(t, e, ImportOptions{}, write(t, "products.csv",
		"sku,name,category,grams,hs,origin,traits,assumed\nBEAR,Teddy bear,Toys,400,950300,CN,toy,false\n"))
	v := mustComply(t, e, ComplianceFilter{Market: "DE"})
	if len(v.Markets) != 1 || v.Markets[0].Ready+v.Markets[0].Warned+v.Markets[0].Blocked != 1 {
		t.Errorf("DE before the first sale: %+v, want the bear judged", v.Markets)
	}
}
