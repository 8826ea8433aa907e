package benchmark

import (
	"bytes"
	"compress/gzip"
	"context"
	_ "embed"
	"encoding/csv"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"tradewind/calendar"
	"tradewind/commerce"
	"tradewind/fault"
	"tradewind/law"
	"tradewind/money"
	"tradewind/operations/compliance"
	"tradewind/operations/sanctions"
)

// The world "Names" of docs/worlds.md is drawn this often.
const (
	namesASeed              = 2000
	tuningSplit, scoreSplit = 0, 1
)

var tuningSeeds, scoredSeeds = [2]uint64{1, 10}, [2]uint64{1001, 1010}

// listFile is the list that screening is measured on, below the folder of external data.
const listFile = "ref-sanctions/un-consolidated.xml.gz"

type screenQuestion struct {
	List        string
	Split       int
	First, Last uint64 // seeds
}

type screenAnswer struct {
	Entries, Positives, Found, Negatives, Alarms int
	Missed                                       map[string]int // by change
	Parties                                      int            // screened while the clock ran
}

// screening draws the names, then screens all of them on one goroutine; only that is timed.
var screening = newWork("screen", func(_ context.Context, m *meter, q screenQuestion) (screenAnswer, error) {
	list, err := readUN(q.List)
	if err != nil {
		return screenAnswer{}, err
	}
	return screen(m, list, q), nil
})

func readUN(path string) (*sanctions.List, error) {
	file, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	unpacked, err := gzip.NewReader(file)
	if err != nil {
		return nil, err
	}
	data, err := io.ReadAll(unpacked)
	if err != nil {
		return nil, err
	}
	return sanctions.ReadUN(data)
}

// screen measures recall and false alarms over the seeds of a question.
func screen(m *meter, list *sanctions.List, q screenQuestion) screenAnswer {
	index, world := sanctions.NewIndex(list), newNamesWorld(list)
	a := screenAnswer{Entries: len(list.Entries), Missed: map[string]int{}}
	for seed := q.First; seed <= q.Last; seed++ {
		rng := rand.New(rand.NewPCG(seed, 0))
		var wanted, unwanted []sanctions.Party
		var entries []int
		var how []string
		for range namesASeed {
			entry, name, change := world.positive(rng, q.Split)
			wanted, entries, how = append(wanted, sanctions.Party{Name: name}), append(entries, entry), append(how, change)
		}
		for range namesASeed {
			name, _ := world.negative(rng)
			unwanted = append(unwanted, sanctions.Party{Name: name})
		}
		m.Begin()
		found, alarms := index.ScreenAll(wanted), index.ScreenAll(unwanted)
		m.End()
		for i := range found {
			if hits(found[i].Result, list.Entries[entries[i]].ID) {
				a.Found++
			} else {
				a.Missed[how[i]]++
			}
		}
		for i := range alarms {
			if len(alarms[i].Result.Hits) > 0 {
				a.Alarms++
			}
		}
		a.Positives, a.Negatives, a.Parties = a.Positives+len(wanted), a.Negatives+len(unwanted), a.Parties+len(wanted)+len(unwanted)
	}
	return a
}

func hits(r sanctions.Result, id string) bool {
	for _, h := range r.Hits {
		if h.Entry.ID == id {
			return true
		}
	}
	return false
}

type checkAnswer struct{ Items, Findings int }

// checking holds every product of a made-up shop against the rules of six countries on
// one goroutine; only that is timed.
var checking = newWork("comply", func(_ context.Context, m *meter, products int) (checkAnswer, error) {
	book := law.Standard()
	day, err := calendar.ParseDay("2026-11-22")
	if err != nil {
		return checkAnswer{}, err
	}
	checker, questions := complianceShop(book, day, products)
	var a checkAnswer
	m.Begin()
	for i := range questions {
		a.Findings += len(checker.Item(questions[i]))
	}
	m.End()
	a.Items = len(questions)
	return a, nil
})

// complianceShop is products of all traits, every second one with its documents.
func complianceShop(book *law.Book, day calendar.Day, products int) (*compliance.Checker, []compliance.Question) {
	markets := []commerce.Market{"DE", "FR", "GB", "US", "CN", "BR"}
	documents := []commerce.Document{{Kind: "gpsr_responsible_person", Market: "EU", Reference: "a representative"}}
	var questions []compliance.Question
	for i := range products {
		p := &commerce.Product{SKU: commerce.SKU(fmt.Sprintf("P%05d", i)), Traits: commerce.Traits(commerce.KnownTraits[i%len(commerce.KnownTraits)]), HS: "850760"}
		if i%2 == 0 {
			for _, kind := range []string{"toy_declaration", "battery_charge_declaration", "cpnp_notification"} {
				documents = append(documents, commerce.Document{SKU: p.SKU, Kind: kind, Until: day.AddDays(i%400 - 100)})
			}
		}
		for _, m := range markets {
			item := commerce.Item{SKU: p.SKU, Market: m, Channel: "web"}
			questions = append(questions, compliance.Question{Item: item, Product: p, ShippedFrom: "CN",
				Listings: []commerce.Listing{{Item: item, Language: "en", Legal: "Manufacturer: a maker. You have the right to withdraw."}}})
		}
	}
	return compliance.New(book, compliance.Seller{Established: "CN"}, documents, day), questions
}

func measureCompliance(ctx context.Context, r *run) ([]Row, error) {
	var speeds []float64
	var last checkAnswer
	for range repeats {
		a, cost, err := checking.run(ctx, 2000)
		if err != nil {
			return nil, err
		}
		last, speeds = a, append(speeds, float64(a.Items)/cost.CPU)
	}
	rows, err := screeningRows(ctx, r)
	if err != nil {
		return nil, err
	}
	kept, all, err := priorPriceCases()
	if err != nil {
		return nil, err
	}
	return append(rows,
		Row{Name: "items checked a CPU second", Value: new(median(speeds)), Unit: "items/s", Better: higher,
			Source: fmt.Sprintf("compliance.Checker.Item over %d products × countries, %d findings, on one goroutine; median of %d", last.Items, last.Findings, repeats)},
		Row{Name: "prior-price golden cases that hold", Value: new(float64(kept)), Unit: "cases", Better: higher, Must: new(float64(all)),
			Reference: "reckoned by hand from Article 6a of Directive 98/6/EC", Source: "benchmark/prior_price.csv"}), nil
}

func screeningRows(ctx context.Context, r *run) ([]Row, error) {
	world := fmt.Sprintf("world Names of docs/worlds.md on the UN consolidated list, %d names of either kind", namesASeed*int(scoredSeeds[1]-scoredSeeds[0]+1))
	recall := Row{Name: "sanctions screening, recall", Unit: "share", Better: higher, Must: new(.99), Source: world + ", scored seeds and entries"}
	alarms := Row{Name: "sanctions screening, false positives", Unit: "share", Better: lower, Must: new(.01), Source: recall.Source}
	speed := Row{Name: "parties screened a CPU second", Unit: "parties/s", Better: higher, Aim: new(10_000.0), Source: "sanctions.Index.Screen on one goroutine, the same names"}
	tuned := []Row{{Name: "recall on tuning seeds", Unit: "share", Better: higher, Source: world + ", tuning seeds and entries"},
		{Name: "false positives on tuning seeds", Unit: "share", Better: lower, Source: world + ", tuning seeds"}}
	rows := append([]Row{recall, alarms, speed}, tuned...)
	path := filepath.Join(r.data, listFile)
	if r.data == "" || !isFile(path) {
		for i := range rows {
			rows[i].Reason = "needs --data with " + listFile
		}
		return rows, nil
	}
	a, cost, err := screening.run(ctx, screenQuestion{path, scoreSplit, scoredSeeds[0], scoredSeeds[1]})
	if err != nil {
		return nil, err
	}
	t, _, err := screening.run(ctx, screenQuestion{path, tuningSplit, tuningSeeds[0], tuningSeeds[1]})
	if err != nil {
		return nil, err
	}
	for i, v := range []float64{share(a.Found, a.Positives), share(a.Alarms, a.Negatives), float64(a.Parties) / cost.CPU, share(t.Found, t.Positives), share(t.Alarms, t.Negatives)} {
		rows[i].Value = new(v)
	}
	return rows, nil
}

func share(part, whole int) float64 { return float64(part) / float64(whole) }

//go:embed prior_price.csv
var priorPrices []byte

// priorPriceCases counts the golden cases that hold, and all of them.
func priorPriceCases() (kept, all int, err error) {
	r := csv.NewReader(bytes.NewReader(priorPrices))
	r.Comment = '#'
	cases, err := r.ReadAll()
	if err != nil {
		return 0, 0, err
	}
	for _, c := range cases[1:] {
		all++
		got, err := priorPriceOf(c[0], c[1], c[2])
		if err != nil {
			return 0, 0, fmt.Errorf("%s: %w", c[4], err)
		}
		if got == c[3] {
			kept++
		}
	}
	return kept, all, nil
}

// priorPriceOf reads a case and reckons it: "none" where there is no prior price.
func priorPriceOf(start, days, history string) (string, error) {
	var asked []compliance.Asked
	for _, part := range strings.Fields(history) {
		span, price, _ := strings.Cut(part, "=")
		from, to, _ := strings.Cut(span, "..")
		var a compliance.Asked
		var err error
		if a.From, err = calendar.ParseDay(from); err != nil {
			return "", err
		}
		if a.To, err = calendar.ParseDay(to); err != nil {
			return "", err
		}
		if a.Price, err = money.Parse(price, "EUR"); err != nil {
			return "", err
		}
		asked = append(asked, a)
	}
	day, err := calendar.ParseDay(start)
	if err != nil {
		return "", err
	}
	n, err := strconv.Atoi(days)
	if err != nil {
		return "", err
	}
	prior, err := compliance.PriorPrice(asked, day, n)
	if f := fault.Of(err); f != nil && f.Code == "E-PRICE-NO-PRIOR" {
		return "none", nil
	}
	if err != nil {
		return "", err
	}
	return prior.Price.Decimal(), nil
}
