package console

import (
	"html/template"
	"net/http"
	"net/url"
	"strings"
	"time"

	"tradewind"
	"tradewind/calendar"
	"tradewind/commerce"
)

const (
	skusShown   = 60
	skusExport  = 100_000
	daysShown   = 42 // past days beside the daily forecast
	aheadShown  = 56 // coming days in the same chart; the CSV has more
	weeksShown  = 13 // in the table beside the chart of all weeks
	runsShown   = 4  // past forecasts in their table
	saidShown   = 4  // overrides in theirs
	stockColumn = 7  // the stock table shows one day of so many
	totalDays   = 28 // what the total of a forecast covers; its table shows as many days
)

type skuList struct {
	Search string
	Rows   []tradewind.SKURow
	More   bool // there are more than are shown
	CSV    string
}

func (c *Console) skusPage(r *http.Request) (*view, error) {
	p := skuList{Search: strings.TrimSpace(r.URL.Query().Get("q"))}
	rows, err := c.skus(r, p.Search, skusShown+1)
	if err != nil {
		return nil, err
	}
	p.Rows, p.More = rows[:min(skusShown, len(rows))], len(rows) > skusShown
	p.CSV = with("/skus.csv", "q", p.Search)
	return &view{page: "skus", title: c.say(r, "console.skus.title"), section: "skus", data: p}, nil
}

// skus lists products; there are none before the first import.
func (c *Console) skus(r *http.Request, search string, limit int) ([]tradewind.SKURow, error) {
	if status, _, err := c.look(r.Context()); err != nil || status.FactsAsOf == nil {
		return nil, err
	}
	return c.engine.SKUs(r.Context(), search, limit)
}

func (c *Console) skusCSV(r *http.Request) (*view, error) {
	rows, err := c.skus(r, strings.TrimSpace(r.URL.Query().Get("q")), skusExport)
	if err != nil {
		return nil, err
	}
	s := &sheet{file: "skus", columns: []string{"sku", "name", "units_28d", "on_hand", "days_of_cover", "decision"}}
	for _, row := range rows {
		onHand, cover := plainCell(""), plainCell("")
		if row.OnHand != nil {
			onHand = intCell(*row.OnHand)
		}
		if row.Cover != nil {
			cover = floatCell(*row.Cover)
		}
		s.add(textCell(row.SKU), textCell(row.Name), intCell(row.Units28), onHand, cover, textCell(row.Decision))
	}
	return &view{sheet: s}, nil
}

// skuView is the demand and the stock of one SKU.
type skuView struct {
	tradewind.ForecastView
	Now      time.Time
	Weeks    []week                    // the last year
	Near     []tradewind.ForecastPoint // the days of the total
	StockRow []tradewind.StockPoint
	Sold     template.HTML // chart of the history
	Outlook  template.HTML
	Shelf    template.HTML
	Judged   template.HTML // chart of past forecasts
	Chain    []tradewind.PastBlock
	Base     string // address of this SKU
	Query    string // "?market=…" or ""
	Empty    *calendar.Day
	Revised  bool     // somebody overrode the model on a day that is shown
	Standing []string // overrides that can be removed
	Form     overrideForm
}

// TotalDays is the span of the total.
func (skuView) TotalDays() int { return totalDays }

func (c *Console) skuPage(r *http.Request) (*view, error) {
	return c.sku(r, commerce.Market(strings.ToUpper(strings.TrimSpace(r.URL.Query().Get("market")))), overrideForm{})
}

// sku shows a SKU in a market, or in all (""), with the form as it was filled in.
func (c *Console) sku(r *http.Request, market commerce.Market, form overrideForm) (*view, error) {
	f, err := c.engine.Forecast(r.Context(), commerce.SKU(r.PathValue("sku")), market)
	if err != nil {
		return nil, err
	}
	weeks := weeksOf(f.History)
	p := skuView{ForecastView: *f, Now: c.engine.Now(), Base: "/skus/" + url.PathEscape(string(f.Item.SKU)), Weeks: weeks[max(0, len(weeks)-weeksShown):], Empty: emptyDay(f.Stock)}
	if f.Item.Market != "" {
		p.Query = "?market=" + string(f.Item.Market)
	}
	p.Near = f.Forecast[:min(totalDays, len(f.Forecast))]
	for i := 0; i < len(f.Stock); i += stockColumn {
		p.StockRow = append(p.StockRow, f.Stock[i])
	}
	for _, d := range f.Forecast {
		p.Revised = p.Revised || d.Mean != d.Model
	}
	p.Chain = chainOf(f.Past)
	for _, o := range f.Overrides {
		if o.State == tradewind.OverrideInForce || o.State == tradewind.OverrideReplaced {
			p.Standing = append(p.Standing, o.ID)
		}
	}
	p.Past, p.Overrides = p.Past[:min(runsShown, len(p.Past))], p.Overrides[:min(saidShown, len(p.Overrides))]
	p.Sold, p.Outlook, p.Shelf, p.Judged = c.historyChart(r, weeks), c.outlookChart(r, f), c.stockChart(r, f), c.pastChart(r, p.Chain, len(f.Past))
	p.Form = form.with(f, c.actorOf(r))
	v := &view{page: "sku", title: string(f.Item.SKU) + " " + f.Product, section: "skus", data: p}
	if form.wrong != nil {
		v.status = form.wrong.Kind.HTTPStatus()
	}
	return v, nil
}

func (c *Console) forecast(r *http.Request) (*tradewind.ForecastView, error) {
	market := commerce.Market(strings.ToUpper(strings.TrimSpace(r.URL.Query().Get("market"))))
	return c.engine.Forecast(r.Context(), commerce.SKU(r.PathValue("sku")), market)
}

// week is the demand of an ISO week.
type week struct {
	Monday calendar.Day
	Units  int64
}

// weeksOf sums days into ISO weeks, weeks without a sale between them included.
func weeksOf(days []tradewind.DemandPoint) []week {
	var weeks []week
	for _, d := range days {
		monday := d.Day.Monday()
		if len(weeks) == 0 {
			weeks = append(weeks, week{Monday: monday})
		}
		for last := weeks[len(weeks)-1].Monday; last.Before(monday); last = last.AddDays(7) {
			weeks = append(weeks, week{Monday: last.AddDays(7)})
		}
		weeks[len(weeks)-1].Units += d.Units
	}
	return weeks
}

// emptyDay is the first day on which half of the runs without the order are out of stock.
func emptyDay(stock []tradewind.StockPoint) *calendar.Day {
	for _, s := range stock {
		if s.Without <= 0 {
			return &s.Day
		}
	}
	return nil
}

// skuCSV is one table of a SKU, whole.
func (c *Console) skuCSV(r *http.Request) (*view, error) {
	f, err := c.forecast(r)
	if err != nil {
		return nil, err
	}
	s := &sheet{}
	switch r.PathValue("table") {
	case "history.csv":
		s.columns = []string{"day", "units", "returned"}
		for _, d := range f.History {
			s.add(plainCell(d.Day.String()), intCell(d.Units), intCell(d.Returned))
		}
	case "forecast.csv":
		s.columns = []string{"day", "mean", "p10", "p50", "p90", "model_mean"}
		for _, p := range f.Forecast {
			s.add(plainCell(p.Day.String()), floatCell(p.Mean), floatCell(p.P10), floatCell(p.P50), floatCell(p.P90), floatCell(p.Model))
		}
	case "past.csv":
		s = pastSheet(f.Past)
	case "overrides.csv":
		s = overrideSheet(f.Overrides)
	case "stock.csv":
		s = projectionSheet(f.Stock)
	case "facts.csv":
		s = inputSheet(c.languageOf(r), f.Facts)
	default:
		return c.noSuchPage(r)
	}
	s.file = string(f.Item.SKU) + "-" + strings.TrimSuffix(r.PathValue("table"), ".csv")
	return &view{sheet: s}, nil
}

// projectionSheet is where a stock goes, day by day.
func projectionSheet(days []tradewind.StockPoint) *sheet {
	s := &sheet{columns: []string{"day", "without_p50", "without_p10", "with_p50", "with_p10"}}
	for _, p := range days {
		s.add(plainCell(p.Day.String()), floatCell(p.Without), floatCell(p.WithoutP10), floatCell(p.With), floatCell(p.WithP10))
	}
	return s
}
