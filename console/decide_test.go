package console_test

import (
	"context"
	"fmt"
	"html"
	"maps"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"tradewind"
	"tradewind/decision"
	"tradewind/messages"
)

func explain(t *testing.T, e *tradewind.Engine, id decision.ID) *tradewind.Explanation {
	t.Helper()
	x, err := e.Explain(context.Background(), id)
	if err != nil {
		t.Fatal(err)
	}
	return x
}

func last(h []decision.Event) decision.Event { return h[len(h)-1] }

func TestApproveWhatWasSeen(t *testing.T) {
	e := demoEngine(t)
	b := visitor(t, e)
	d := orders(proposed(t, e))[5]
	path := "/decisions/" + string(d.ID)
	form := regexp.MustCompile(`name="fingerprint" value="([0-9a-f]+)"`).FindStringSubmatch(b.get(path).Body.String())
	if form == nil || form[1] != d.Fingerprint {
		t.Fatalf("fingerprint in the form = %v, want %s", form, d.Fingerprint)
	}

	stale := b.post(path+"/approve", url.Values{"fingerprint": {"0" + d.Fingerprint[1:] + "0"}})
	if stale.Code != 412 || !strings.Contains(stale.Body.String(), `href="`+path+`"`) {
		t.Errorf("approval of something else = %d, want 412 with the way back", stale.Code)
	}
	if got := explain(t, e, d.ID).State; got != decision.Proposed {
		t.Fatalf("state after a stale approval = %s, want proposed", got)
	}

	done := b.follow(b.post(path+"/approve", url.Values{"fingerprint": {d.Fingerprint}, "note": {" weekly order "}}))
	if done.Code != 200 || !strings.Contains(done.Body.String(), "1 decision approved.") || !strings.Contains(done.Body.String(), "tradewind decisions execute "+string(d.ID)) {
		t.Errorf("page after approval = %d without the result or the next step", done.Code)
	}
	x := explain(t, e, d.ID)
	if ev := last(x.History); x.State != decision.Approved || ev.By != "local:tester" || ev.Note != "weekly order" {
		t.Errorf("decision = %s by %q, %q; want approved by local:tester, weekly order", x.State, ev.By, ev.Note)
	}
	if again := b.post(path+"/approve", url.Values{"fingerprint": {d.Fingerprint}}); again.Code != 412 {
		t.Errorf("second approval = %d, want 412", again.Code)
	}
}

// Facts that change between the page and the button stop the approval and are shown.
func TestApproveAfterFactsChanged(t *testing.T) {
	e := demoEngine(t)
	b := visitor(t, e)
	b.choose(messages.Chinese, "dark")
	all := orders(proposed(t, e))
	d := all[len(all)-1]
	var onHand string
	for _, in := range explain(t, e, d.ID).Inputs {
		if in.Key == "stock.on_hand" {
			onHand = in.Value
		}
	}
	file := filepath.Join(t.TempDir(), "stock.csv")
	row := fmt.Sprintf("sku,location,on_hand,inbound,day,assumed\n%s,%s,77777,0,2011-12-09,false\n", d.Subject.SKU, d.Subject.Location)
	if err := os.WriteFile(file, []byte(row), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := e.Import(context.Background(), []string{file}, tradewind.ImportOptions{}); err != nil {
		t.Fatal(err)
	}
	got := b.post("/decisions/"+string(d.ID)+"/approve", url.Values{"fingerprint": {d.Fingerprint}})
	page := got.Body.String()
	if got.Code != 412 || !strings.Contains(page, `<del translate="no">`+onHand+"</del>") || !strings.Contains(page, `<ins translate="no">77777</ins>`) {
		t.Errorf("approval = %d, want 412 with %s crossed out for 77777", got.Code, onHand)
	}
	checkPage(t, "stale", page, messages.Chinese, "dark")
}

func TestRejectNeedsAReason(t *testing.T) {
	e := demoEngine(t)
	b := visitor(t, e)
	b.choose(messages.Chinese, "light")
	d := orders(proposed(t, e))[6]
	path := "/decisions/" + string(d.ID)
	got := b.post(path+"/reject", url.Values{"reason": {"  "}})
	if got.Code != 422 || !strings.Contains(got.Body.String(), `aria-invalid="true" aria-describedby="reason-problem"`) {
		t.Errorf("rejection without a reason = %d, want 422 at the field", got.Code)
	}
	checkPage(t, "rejection without a reason", got.Body.String(), messages.Chinese, "light")
	if got := b.follow(b.post(path+"/reject", url.Values{"reason": {"the range ends in spring"}})); got.Code != 200 {
		t.Errorf("page after rejection = %d", got.Code)
	}
	x := explain(t, e, d.ID)
	if x.State != decision.Rejected || last(x.History).Note != "the range ends in spring" {
		t.Errorf("decision = %s, %q", x.State, last(x.History).Note)
	}
}

func TestSnoozeLeavesTheInbox(t *testing.T) {
	e := demoEngine(t)
	b := visitor(t, e)
	d := orders(proposed(t, e))[7]
	for _, days := range []string{"", "0", "-1", "91", "x"} {
		if got := b.post("/decisions/"+string(d.ID)+"/snooze", url.Values{"days": {days}}); got.Code != 400 {
			t.Errorf("snooze for %q days = %d, want 400", days, got.Code)
		}
	}
	b.follow(b.post("/decisions/"+string(d.ID)+"/snooze", url.Values{"days": {"3"}}))
	link := `href="/decisions/` + string(d.ID) + `"`
	if strings.Contains(b.get("/decisions").Body.String(), link) {
		t.Error("a snoozed decision is still in the inbox")
	}
	if !strings.Contains(b.get("/decisions?state=snoozed").Body.String(), link) {
		t.Error("a snoozed decision is not among the snoozed")
	}
}

// Ticking boxes leads to a summary in money, and its button approves what was shown.
func TestApproveSeveral(t *testing.T) {
	e := demoEngine(t)
	b := visitor(t, e)
	chosen := orders(proposed(t, e))[8:11]
	query := url.Values{"back": {"/decisions?sort=cash"}}
	for _, d := range chosen {
		query.Add("id", string(d.ID))
	}
	summary := b.get("/decisions/approve?" + query.Encode()).Body.String()
	picks := regexp.MustCompile(`name="pick" value="([^"]+)"`).FindAllStringSubmatch(summary, -1)
	if len(picks) != len(chosen) {
		t.Fatalf("%d decisions on the summary, want %d", len(picks), len(chosen))
	}
	form := url.Values{"back": {"/decisions?sort=cash"}}
	for _, p := range picks {
		form.Add("pick", html.UnescapeString(p[1]))
	}
	w := b.post("/decisions/approve", form)
	if to := w.Header().Get("Location"); !strings.HasPrefix(to, "/decisions?") || !strings.Contains(to, "sort=cash") {
		t.Errorf("led to %q, want back to the list", to)
	}
	if page := b.follow(w).Body.String(); !strings.Contains(page, "3 decisions approved.") {
		t.Error("the list does not say what was done")
	}
	for _, d := range chosen {
		if got := explain(t, e, d.ID).State; got != decision.Approved {
			t.Errorf("%s = %s, want approved", d.ID, got)
		}
	}
}

func TestApproveSeveralOfWhichOneChanged(t *testing.T) {
	e := demoEngine(t)
	b := visitor(t, e)
	b.choose(messages.Chinese, "dark")
	d := orders(proposed(t, e))[11:13]
	got := b.post("/decisions/approve", url.Values{"pick": {string(d[0].ID) + ":" + d[0].Fingerprint, string(d[1].ID) + ":ffff"}})
	if got.Code != 409 || !strings.Contains(got.Body.String(), "已批准 1 项，被拒 1 项。") {
		t.Errorf("answer = %d, want 409 that says 1 approved, 1 refused", got.Code)
	}
	checkPage(t, "one of two refused", got.Body.String(), messages.Chinese, "dark")
	if a, z := explain(t, e, d[0].ID).State, explain(t, e, d[1].ID).State; a != decision.Approved || z != decision.Proposed {
		t.Errorf("states = %s, %s; want approved, proposed", a, z)
	}
	for _, n := range []int{0, 51} {
		form := url.Values{}
		for range n {
			form.Add("pick", "D-1:1")
		}
		if got := b.post("/decisions/approve", form).Code; got != 400 {
			t.Errorf("%d decisions = %d, want 400", n, got)
		}
	}
}

// Twenty people press the button at once: one of them approves.
func TestOneOfManyApprovalsWins(t *testing.T) {
	e := demoEngine(t)
	d := orders(proposed(t, e))[18]
	var won, lost atomic.Int32
	var people sync.WaitGroup
	one := visitor(t, e)
	for range 20 {
		b := &browser{t, one.console, one.header, maps.Clone(one.cookies)}
		people.Go(func() {
			switch code := b.post("/decisions/"+string(d.ID)+"/approve", url.Values{"fingerprint": {d.Fingerprint}}).Code; code {
			case 303:
				won.Add(1)
			case 412:
				lost.Add(1)
			default:
				t.Errorf("approval = %d, want 303 or 412", code)
			}
		})
	}
	people.Wait()
	if won.Load() != 1 || lost.Load() != 19 {
		t.Errorf("%d approved, %d were refused; want 1 and 19", won.Load(), lost.Load())
	}
}

func TestBackLeadsNowhereElse(t *testing.T) {
	e := demoEngine(t)
	b := visitor(t, e)
	for i, back := range []string{"https://attacker.example/", "//attacker.example", "/\\attacker.example", "/decisionsx", "javascript:alert(1)"} {
		d := orders(proposed(t, e))[13+i]
		w := b.post("/decisions/"+string(d.ID)+"/snooze", url.Values{"days": {"1"}, "back": {back}})
		if to := w.Header().Get("Location"); !strings.HasPrefix(to, "/decisions/D-") {
			t.Errorf("back %q led to %q", back, to)
		}
	}
}

// Following every link of every page changes no decision.
func TestLinksChangeNothing(t *testing.T) {
	e := demoEngine(t)
	b := visitor(t, e)
	ctx := context.Background()
	before, err := e.Counts(ctx)
	if err != nil {
		t.Fatal(err)
	}
	links := regexp.MustCompile(`href="(/[^"#]*)"`)
	seen, queue := map[string]bool{}, []string{"/"}
	kinds := map[string]int{}
	for len(queue) > 0 {
		path := queue[0]
		queue = queue[1:]
		kind := regexp.MustCompile(`=[^&]*|[^/]*[0-9][^/]*`).ReplaceAllString(path, "*")
		if seen[path] || kinds[kind] > 2 || strings.Contains(path, "lang=") || strings.Contains(path, "theme=") || strings.Contains(path, "keys=") {
			continue
		}
		seen[path] = true
		kinds[kind]++
		got := b.get(path)
		if got.Code != 200 {
			t.Errorf("GET %s = %d, want 200", path, got.Code)
		}
		if strings.HasPrefix(got.Header().Get("Content-Type"), "text/html") {
			for _, m := range links.FindAllStringSubmatch(got.Body.String(), -1) {
				queue = append(queue, html.UnescapeString(m[1]))
			}
		}
	}
	if len(seen) < 40 {
		t.Errorf("%d links followed, want 40 at least", len(seen))
	}
	after, err := e.Counts(ctx)
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range decision.States {
		if before[s] != after[s] {
			t.Errorf("%d decisions are %s, %d were", after[s], s, before[s])
		}
	}
}
