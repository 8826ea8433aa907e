package console

import (
	"cmp"
	"html/template"
	"net/http"
	"slices"
	"strings"

	"tradewind"
	"tradewind/commerce"
	"tradewind/console/chart"
)

const (
	listingsShown = 30
	readinessMost = 15 // markets in the drawing
)

type localizationView struct {
	*tradewind.LocalizationView // nil before the first import, and where the filter is wrong
	Market                      commerce.Market
	SKU                         string
	Chart                       template.HTML
	CSV                         string
	wrongForm
}

func (c *Console) localizationPage(r *http.Request) (*view, error) {
	q := r.URL.Query()
	p := localizationView{Market: marketIn(q, "market"), SKU: strings.TrimSpace(q.Get("sku")), CSV: "/localization.csv?" + r.URL.RawQuery}
	v := &view{page: "localization", title: c.say(r, "console.l10n.title"), section: "localization"}
	found, err := c.localization(r, listingsShown)
	if p.wrongForm, err = c.mendable(r, v, err); err != nil {
		return nil, err
	}
	if found != nil {
		p.LocalizationView, p.Chart = found, c.readinessChart(r, found.Markets)
	}
	v.data = p
	return v, nil
}

// localization audits the listings; there are none before the first import.
func (c *Console) localization(r *http.Request, limit int) (*tradewind.LocalizationView, error) {
	if ok, err := c.hasFacts(r); !ok {
		return nil, err
	}
	q := r.URL.Query()
	return c.engine.Localization(r.Context(), tradewind.LocalizationFilter{Market: marketIn(q, "market"), SKU: commerce.SKU(strings.TrimSpace(q.Get("sku"))), Limit: limit})
}

// readinessChart shows how many of the listings that a market asks for are ready, are there,
// and are missing.
func (c *Console) readinessChart(r *http.Request, markets []tradewind.LocalizationMarket) template.HTML {
	s := chart.Shares{Title: c.say(r, "console.l10n.chart"), Summary: c.say(r, "console.l10n.chart.desc"),
		Names: []string{c.say(r, "console.l10n.ready"), c.say(r, "console.l10n.unready"), c.say(r, "console.l10n.missing")}}
	lang := c.languageOf(r)
	markets = slices.Clone(markets) // those with listings first, then the largest
	slices.SortStableFunc(markets, func(a, b tradewind.LocalizationMarket) int {
		return cmp.Or(cmp.Compare(b.Present, a.Present), cmp.Compare(b.Wanted, a.Wanted))
	})
	for _, m := range markets[:min(readinessMost, len(markets))] {
		s.Rows = append(s.Rows, chart.Share{Name: string(m.Market) + " " + m.Name.In(lang), Parts: []float64{m.ReadyShare, max(0, m.Coverage-m.ReadyShare)}, Label: percent(m.ReadyShare)})
	}
	return s.SVG()
}

// localizationCSV has a row for each finding of each listing.
func (c *Console) localizationCSV(r *http.Request) (*view, error) {
	found, err := c.localization(r, 0)
	if err != nil {
		return nil, err
	}
	lang := c.languageOf(r)
	s := &sheet{file: "localization", columns: []string{"sku", "name", "market", "channel", "language", "readers", "missing", "ready", "score", "sales", "currency",
		"code", "severity", "owner", "part", "quote", "text", "remedy", "source", "assumed"}}
	if found == nil {
		return &view{sheet: s}, nil
	}
	for _, l := range found.Listings {
		for _, f := range l.Findings {
			s.add(textCell(l.SKU), textCell(l.Name), textCell(l.Market), textCell(l.Channel), textCell(l.Language), floatCell(l.Readers), boolCell(l.Missing), boolCell(l.Ready), intCell(l.Score),
				amountCell(l.Sales), currencyCell(l.Sales), textCell(f.Code), textCell(f.Severity), textCell(f.Owner), textCell(f.Part), textCell(f.Quote), textCell(f.Text.In(lang)), textCell(f.Remedy.In(lang)), textCell(f.Source), boolCell(f.Assumed))
		}
	}
	return &view{sheet: s}, nil
}
