package benchmark

import (
	"context"
	"errors"
	"fmt"
	"net"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"tradewind"
	"tradewind/console"
)

const (
	mostWeight     = 100 // KB of 1,000 bytes
	mostMillis     = 100
	mostWhatIf     = 300 // ms for what another price would bring
	requests       = 200
	concurrent     = 8
	pagesOfOneKind = 25 // of decisions, SKUs …; of other kinds there are fewer
)

type consoleAnswer struct {
	Pages         int
	Kinds         []string
	Weight, Bare  float64 // of the heaviest page: KB as sent, with what it loads; KB of HTML unpacked
	Heaviest      string
	Slowest       string    // kind of page, by the mean of its requests one after the other
	Slow          float64   // that mean, ms
	First, Cold   float64   // ms of the first page of a fresh process, and of its slowest first visit to any
	One, Together []float64 // ms of each request, one after the other and eight at a time
	WhatIf        []float64 // ms of each question what another price would bring, one after the other
	Problems      []string  // pages that did not answer 200
}

var serving = newWork("console", func(ctx context.Context, m *meter, dir string) (consoleAnswer, error) {
	var a consoleAnswer
	e, err := tradewind.Open(ctx, dir)
	if err != nil {
		return a, err
	}
	defer e.Close()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return a, err
	}
	token := console.NewToken()
	c, err := console.New(console.Options{Engine: e, Actor: "local:benchmark", Addr: l.Addr().String(), Demo: true, Token: token})
	if err != nil {
		return a, err
	}
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	ended := make(chan error, 1)
	go func() { ended <- c.Serve(ctx, l) }()
	m.Begin()
	err = a.visit(newBrowser("http://"+l.Addr().String()), token)
	m.End()
	stop()
	if closing := <-ended; err == nil {
		err = closing
	}
	return a, err
})

// visit logs in, follows every link, and then asks for all pages again, timed.
func (a *consoleAnswer) visit(b *browser, token string) error {
	if err := b.login(token); err != nil {
		return err
	}
	start := time.Now()
	if _, err := b.get("/"); err != nil {
		return err
	}
	a.First = millis(start)
	pages, err := b.crawl("/")
	if err != nil {
		return err
	}
	a.Pages = len(pages)
	var paths []string
	for _, p := range pages {
		paths = append(paths, p.path)
		if kind := kindOf(p.path); !slices.Contains(a.Kinds, kind) {
			a.Kinds = append(a.Kinds, kind)
		}
		if p.status != 200 {
			a.Problems = append(a.Problems, fmt.Sprintf("%s answers %d", p.path, p.status))
		}
		if p.weight > a.Weight {
			a.Weight, a.Heaviest = p.weight, p.path
		}
		a.Bare, a.Cold = max(a.Bare, p.bare), max(a.Cold, p.took)
	}
	if a.One, err = timed(b, paths, 1); err != nil {
		return err
	}
	a.Slowest, a.Slow = slowest(paths, a.One)
	if a.Together, err = timed(b, paths, concurrent); err != nil {
		return err
	}
	asked, err := whatIfs(b, paths)
	if err != nil {
		return err
	}
	a.WhatIf, err = timed(b, asked, 1)
	return err
}

// whatIfs are questions what another price would bring: the links on pages of items, one
// in four.
func whatIfs(b *browser, paths []string) ([]string, error) {
	var asked []string
	n := 0
	for _, path := range paths {
		if !strings.HasPrefix(path, "/prices/item?") {
			continue
		}
		page, err := b.open(path)
		if err != nil {
			return nil, err
		}
		for _, link := range pageLinks(page.body) {
			if strings.HasPrefix(link, "/prices/item?") && strings.Contains(link, "price=") {
				if n%4 == 0 {
					asked = append(asked, link)
				}
				n++
			}
		}
	}
	if len(asked) == 0 {
		return nil, errors.New("no page of an item asks what another price would bring")
	}
	return asked, nil
}

// timed asks for the pages in turn until requests are made, from a number of clients.
func timed(b *browser, paths []string, clients int) ([]float64, error) {
	took := make([]float64, max(requests, len(paths)))
	failed := make([]error, clients)
	var next atomic.Int64
	var wg sync.WaitGroup
	for k := range clients {
		wg.Go(func() {
			for {
				i := int(next.Add(1)) - 1
				if i >= len(took) || failed[k] != nil {
					return
				}
				start := time.Now()
				_, failed[k] = b.get(paths[i%len(paths)])
				took[i] = millis(start)
			}
		})
	}
	wg.Wait()
	for _, err := range failed {
		if err != nil {
			return nil, err
		}
	}
	return took, nil
}

// slowest is the kind of page whose requests took longest in the mean.
func slowest(paths []string, took []float64) (kind string, mean float64) {
	sum, n := map[string]float64{}, map[string]float64{}
	for i, ms := range took {
		k := kindOf(paths[i%len(paths)])
		sum[k], n[k] = sum[k]+ms, n[k]+1
	}
	for k := range sum {
		if m := sum[k] / n[k]; m > mean || m == mean && k < kind {
			kind, mean = k, m
		}
	}
	return kind, mean
}

func millis(since time.Time) float64 { return float64(time.Since(since).Microseconds()) / 1000 }

// percentile returns the smallest value that a share u of all does not exceed.
func percentile(xs []float64, u float64) float64 {
	s := slices.Sorted(slices.Values(xs))
	return s[min(len(s)-1, int(u*float64(len(s))+.999999)-1)]
}

func measureConsole(ctx context.Context, r *run) ([]Row, error) {
	o, err := r.files()
	if err != nil {
		return nil, err
	}
	dir, err := r.copied(ctx)
	if err != nil {
		return nil, err
	}
	if _, _, err := planning.run(ctx, planQuestion{Dir: dir}); err != nil {
		return nil, err
	}
	a, cost, err := serving.run(ctx, dir)
	if err != nil {
		return nil, err
	}
	if len(a.Problems) > 0 {
		return nil, fmt.Errorf("%d pages failed: %s", len(a.Problems), a.Problems[0])
	}
	how := fmt.Sprintf("%d requests over %d pages of %d kinds, on %s, over HTTP on the loopback, answers read whole", len(a.One), a.Pages, len(a.Kinds), o)
	return []Row{
		{Name: "heaviest page, with style, script and icon", Value: new(a.Weight), Unit: "KB", Better: lower, Must: new(float64(mostWeight)),
			Source: "bytes of all bodies as sent (gzip) to a browser that holds nothing yet, the most of all pages: " + kindOf(a.Heaviest)},
		{Name: "heaviest page, HTML unpacked", Value: new(a.Bare), Unit: "KB", Better: lower, Source: "bytes of the HTML alone, not compressed, the most of all pages"},
		{Name: "95th percentile, one at a time", Value: new(percentile(a.One, .95)), Unit: "ms", Better: lower, Must: new(float64(mostMillis)), Source: how},
		{Name: "median, one at a time", Value: new(median(a.One)), Unit: "ms", Better: lower, Source: how},
		{Name: "slowest kind of page, mean, one at a time", Value: new(a.Slow), Unit: "ms", Better: lower, Source: "the same requests; it is " + a.Slowest},
		{Name: "95th percentile, eight at a time", Value: new(percentile(a.Together, .95)), Unit: "ms", Better: lower, Aim: new(float64(mostMillis)), Source: how + "; browser and console share the cores"},
		{Name: "what another price would bring, 95th percentile, one at a time", Value: new(percentile(a.WhatIf, .95)), Unit: "ms", Better: lower, Must: new(float64(mostWhatIf)),
			Source: fmt.Sprintf("%d questions from the pages of items, each answered by a whole page with its curves, over HTTP on the loopback", len(a.WhatIf))},
		{Name: "first page of a fresh process", Value: new(a.First), Unit: "ms", Better: lower, Source: "the overview, before anything is warm"},
		{Name: "slowest first visit", Value: new(a.Cold), Unit: "ms", Better: lower, Source: "each page once, in a fresh process, one at a time: the first that shows a forecast surveys the whole shop, the first that shows a price studies all of them"},
		{Name: "peak memory", Value: new(cost.Peak), Unit: "MiB", Better: lower, Must: new(float64(mostMemory)), Source: "resident memory of the process at its highest"},
	}, nil
}
