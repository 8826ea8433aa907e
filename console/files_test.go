package console_test

import (
	"html"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"tradewind"
	"tradewind/commerce"
)

var fileLink = regexp.MustCompile(`href="(/[^"]*\.csv(?:\?[^"]*)?)"`)

// TestFilesOfEveryPage follows every link from a page to a file: each is a table.
func TestFilesOfEveryPage(t *testing.T) {
	e := demoEngine(t)
	trained, err := e.TrainAutomation(t.Context(), tradewind.TrainOptions{SKUs: []commerce.SKU{"85123A"}, By: "local:test",
		Effort: tradewind.TrainEffort{Fit: 2, Rounds: 1, Learn: 2, Screen: 4, Choose: 4}})
	if err != nil || len(trained.Trained) == 0 {
		t.Fatalf("nothing was trained: %+v, %v", trained, err)
	}
	site := trained.Trained[0]
	b := visitor(t, e)
	places := append(everyPage(t, e, true), place{"/automation/learned/site?" + url.Values{"sku": {string(site.SKU)}, "location": {string(site.Location)}}.Encode(), 200})
	from := map[string]string{}
	for _, p := range places {
		page := b.get(p.path)
		if page.Code != p.status {
			t.Errorf("%s = %d, want %d", p.path, page.Code, p.status)
		}
		if page.Code != 200 {
			continue // its links lead to what is wrong in other ways
		}
		for _, m := range fileLink.FindAllStringSubmatch(page.Body.String(), -1) {
			from[html.UnescapeString(m[1])] = p.path
		}
	}
	learned := 0
	for file, page := range from {
		if got := b.get(file); got.Code != 200 || !strings.HasPrefix(got.Header().Get("Content-Type"), "text/csv") {
			t.Errorf("%s, a link of %s, = %d %s", file, page, got.Code, got.Header().Get("Content-Type"))
		}
		if strings.HasPrefix(file, "/automation/learned/site/") {
			learned++
		}
	}
	if learned == 0 {
		t.Errorf("none of %d files is of what was learned", len(from))
	}
}
