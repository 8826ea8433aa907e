package benchmark

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"html"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"time"
)

// browser visits the console as a person would: it logs in, keeps its cookie, takes
// compressed answers and follows links.
type browser struct {
	base   string
	client *http.Client
	assets map[string]int // bytes as sent of what pages load
	kinds  map[string]int // pages seen of each kind
}

type visited struct {
	path   string
	status int
	sent   int     // bytes of the body as sent
	body   []byte  // unpacked
	weight float64 // KB as sent, with what the page loads
	bare   float64 // KB of HTML
	took   float64 // ms
}

func newBrowser(base string) *browser {
	jar, _ := cookiejar.New(nil) // fails only on options
	return &browser{base, &http.Client{Jar: jar, Transport: &http.Transport{MaxIdleConnsPerHost: concurrent, DisableCompression: true}},
		map[string]int{}, map[string]int{}}
}

// login spends the one-time token, as the button on the login page does.
func (b *browser) login(token string) error {
	form := url.Values{"t": {token}}
	request, err := http.NewRequest(http.MethodPost, b.base+"/login", strings.NewReader(form.Encode()))
	if err != nil {
		return err
	}
	request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	request.Header.Set("Origin", b.base)
	request.Header.Set("Sec-Fetch-Site", "same-origin")
	answer, err := b.client.Do(request)
	if err != nil {
		return err
	}
	defer answer.Body.Close()
	_, err = io.Copy(io.Discard, answer.Body)
	if answer.StatusCode != http.StatusOK {
		return fmt.Errorf("login answers %s", answer.Status)
	}
	return err
}

// get reads one page whole, as sent.
func (b *browser) get(path string) (visited, error) {
	v := visited{path: path}
	request, err := http.NewRequest(http.MethodGet, b.base+path, nil)
	if err != nil {
		return v, err
	}
	request.Header.Set("Accept-Encoding", "gzip")
	answer, err := b.client.Do(request)
	if err != nil {
		return v, err
	}
	defer answer.Body.Close()
	v.status = answer.StatusCode
	if v.body, err = io.ReadAll(answer.Body); err != nil {
		return v, err
	}
	v.sent = len(v.body)
	return v, nil
}

// open gets a page, unpacks it and weighs it with what it loads.
func (b *browser) open(path string) (visited, error) {
	v, err := b.get(path)
	if err != nil {
		return v, err
	}
	if unpacked, err := gzip.NewReader(bytes.NewReader(v.body)); err == nil {
		if v.body, err = io.ReadAll(unpacked); err != nil {
			return v, err
		}
	}
	total := v.sent
	for _, asset := range assetLinks(v.body) {
		if _, known := b.assets[asset]; !known {
			a, err := b.get(asset)
			if err != nil {
				return v, err
			}
			b.assets[asset] = a.sent
		}
		total += b.assets[asset]
	}
	v.weight, v.bare = float64(total)/1000, float64(len(v.body))/1000
	return v, nil
}

// crawl opens every page that links lead to from the first, breadth first, at most
// pagesOfOneKind of each kind.
func (b *browser) crawl(first string) ([]visited, error) {
	queue, seen := []string{first}, map[string]bool{first: true}
	var pages []visited
	for len(queue) > 0 {
		path := queue[0]
		queue = queue[1:]
		if b.kinds[kindOf(path)]++; b.kinds[kindOf(path)] > pagesOfOneKind {
			continue
		}
		start := time.Now()
		v, err := b.open(path)
		if err != nil {
			return nil, err
		}
		v.took = millis(start)
		pages = append(pages, v)
		for _, link := range pageLinks(v.body) {
			if !seen[link] {
				seen[link] = true
				queue = append(queue, link)
			}
		}
		v.body = nil
	}
	return pages, nil
}

var linkPattern = regexp.MustCompile(`(?:href|src)="(/[^"]*)"`)

func links(page []byte) []string {
	var out []string
	for _, m := range linkPattern.FindAllSubmatch(page, -1) {
		out = append(out, html.UnescapeString(string(m[1])))
	}
	return out
}

func assetLinks(page []byte) []string {
	var out []string
	for _, link := range links(page) {
		if strings.HasPrefix(link, "/static/") {
			out = append(out, link)
		}
	}
	return out
}

// pageLinks are the links to other pages: not to files, and not those that set a
// preference of the browser.
func pageLinks(page []byte) []string {
	var out []string
	for _, link := range links(page) {
		link, _, _ = strings.Cut(link, "#")
		path, query, _ := strings.Cut(link, "?")
		values, err := url.ParseQuery(query)
		preference := values.Has("lang") || values.Has("theme") || values.Has("density") || values.Has("keys")
		if err == nil && !preference && !strings.HasPrefix(path, "/static/") && !strings.HasSuffix(path, ".csv") {
			out = append(out, link)
		}
	}
	return out
}

// kindOf names the kind of a page: its address with names and values left out.
func kindOf(link string) string {
	path, query, _ := strings.Cut(link, "?")
	parts := strings.Split(strings.Trim(path, "/"), "/")
	for i, part := range parts {
		if i > 0 && part != "approve" && slices.Contains(addressed, parts[i-1]) {
			parts[i] = "…"
		}
	}
	kind := "/" + strings.Join(parts, "/")
	if query != "" {
		kind += "?…"
	}
	return kind
}

// addressed are the parts of an address after which a name stands: one page of many.
var addressed = []string{"decisions", "skus", "rules", "imports"}
