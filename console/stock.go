package console

import (
	"html/template"
	"net/http"
	"net/url"
	"strings"

	"tradewind"
	"tradewind/commerce"
	"tradewind/console/chart"
	"tradewind/messages"
)

// episodesShown are the times with too little or too much that the page of a past lists.
const episodesShown = 40

// receiptsShown are the goods receipts that it lists; a file has all.
const receiptsShown = 20

// skuTabs leads from one page of a SKU to the others.
type skuTabs struct{ Base, Here string }

// stockPage is how orders of a SKU are found at a location, what they bring, and where else
// it lies.
type stockPage struct {
	*tradewind.StockItem
	Choice template.HTML // chart of the orders that were weighed
	Shelf  template.HTML // chart of the stock with and without the order
	Week   []tradewind.StockPoint
	Base   string // address of the SKU
	At     string // "?location=…"
}

// stockItem asks for the location that the address names, else for the one that needs
// somebody most.
func (c *Console) stockItem(r *http.Request) (*tradewind.StockItem, error) {
	return c.engine.InventoryItem(r.Context(), commerce.SKU(r.PathValue("sku")), commerce.Location(strings.TrimSpace(r.URL.Query().Get("location"))))
}

func (c *Console) stockPage(r *http.Request) (*view, error) {
	item, err := c.stockItem(r)
	if err != nil {
		return nil, err
	}
	p := stockPage{StockItem: item, Choice: c.optionChart(r, item), Base: "/skus/" + url.PathEscape(string(item.SKU)), At: "?" + url.Values{"location": {string(item.Location)}}.Encode()}
	if len(item.Projection) > 0 {
		p.Shelf = c.stockChart(r, &tradewind.ForecastView{Stock: item.Projection})
	}
	for i := 0; i < len(item.Projection); i += stockColumn {
		p.Week = append(p.Week, item.Projection[i])
	}
	return &view{page: "stock", title: string(item.SKU) + " " + item.Product, section: "inventory", data: p}, nil
}

// optionChart shows the gain of the orders that were weighed, with their intervals.
func (c *Console) optionChart(r *http.Request, item *tradewind.StockItem) template.HTML {
	g := chart.Intervals{Title: c.say(r, "console.stock.options"), Summary: c.say(r, "console.stock.options.desc"), Format: whole}
	for _, o := range item.Options {
		g.Rows = append(g.Rows, chart.Interval{Name: c.optionName(r, o), Mean: o.Gain.Mean.Float(), Low: o.Gain.Low.Float(), High: o.Gain.High.Float(), Label: about(o.Gain.Mean), Strong: o.Chosen})
	}
	return g.SVG()
}

func (c *Console) optionName(r *http.Request, o tradewind.StockOption) string {
	switch {
	case o.Units == 0:
		return c.say(r, "console.stock.nothing")
	case o.Delay > 0:
		return c.say(r, "console.stock.later", messages.A("units", messages.Decimal{X: o.Units}), messages.A("days", o.Delay))
	}
	return c.say(r, "console.stock.order", messages.A("units", messages.Decimal{X: o.Units}))
}

// stockTable is one table of the stock of a SKU; nil where there is no such table.
func stockTable(lang messages.Language, table string, item *tradewind.StockItem) *sheet {
	s := &sheet{}
	switch table {
	case "options.csv":
		s.columns = []string{"units", "delay_days", "gain", "gain_p10", "gain_p90", "cash", "currency", "units_saved", "chosen"}
		for _, o := range item.Options {
			s.add(floatCell(o.Units), intCell(o.Delay), amountCell(o.Gain.Mean), amountCell(o.Gain.Low), amountCell(o.Gain.High), amountCell(o.Cash), currencyCell(o.Cash), floatCell(o.Saved), boolCell(o.Chosen))
		}
	case "network.csv":
		s.columns = []string{"location", "serves", "share", "supplier", "lead_days", "on_hand", "inbound", "units_a_day", "days_of_cover", "state", "order_units", "decision"}
		for _, p := range item.Places {
			var serves []string
			for _, m := range p.Serves {
				serves = append(serves, string(m.Market))
			}
			s.add(textCell(p.Location), textCell(strings.Join(serves, " ")), floatCell(p.Share), textCell(p.Supplier), floatCell(p.LeadDays), intCell(p.OnHand), floatCell(p.Inbound), floatCell(p.Daily), knownCell(p.Cover),
				textCell(p.State), floatCell(p.Order), textCell(p.Decision))
		}
	case "coming.csv":
		s.columns = []string{"units", "day", "late", "decision"}
		for _, x := range item.Coming {
			s.add(floatCell(x.Units), dayCell(x.Day), boolCell(x.Late), textCell(x.Decision))
		}
	case "limits.csv":
		s.columns = []string{"name", "shadow_price", "currency"}
		for _, l := range item.Limits {
			s.add(textCell(l.Name.In(lang)), amountCell(l.Shadow), currencyCell(l.Shadow))
		}
	case "projection.csv":
		s = projectionSheet(item.Projection)
	case "facts.csv":
		s = inputSheet(lang, item.Facts)
	default:
		return nil
	}
	return s
}

// pastPage is when a stock ran out or piled up, and what made it.
type pastPage struct {
	*tradewind.StockPast
	Shown []tradewind.StockEpisode
	Came  []tradewind.ReceiptView
	Base  string // address of the SKU
	Query template.URL
	Sum   template.HTML // chart: causes of all that was lost and paid
}

func (c *Console) stockPast(r *http.Request) (*tradewind.StockPast, error) {
	return c.engine.StockHistory(r.Context(), commerce.SKU(r.PathValue("sku")), commerce.Location(strings.TrimSpace(r.URL.Query().Get("location"))))
}

func (c *Console) stockPastPage(r *http.Request) (*view, error) {
	past, err := c.stockPast(r)
	if err != nil {
		return nil, err
	}
	p := pastPage{StockPast: past, Shown: past.Episodes[:min(episodesShown, len(past.Episodes))], Came: past.Receipts[:min(receiptsShown, len(past.Receipts))], Base: "/skus/" + url.PathEscape(string(past.SKU)), Query: template.URL(url.Values{"location": {string(past.Location)}}.Encode())}
	p.Sum = c.causeChart(r, past)
	return &view{page: "stockpast", title: c.say(r, "console.past.stock.named", messages.A("sku", string(past.SKU))), section: "inventory", data: p}, nil
}

// causeChart adds the causes of all episodes up, most costly first as they first appear.
func (c *Console) causeChart(r *http.Request, past *tradewind.StockPast) template.HTML {
	lang := c.languageOf(r)
	s := chart.Sum{Title: c.say(r, "console.past.stock.causes"), Summary: c.say(r, "console.past.stock.causes.desc")}
	at, total, sample := map[string]int{}, 0., past.Lost
	put := func(code, name string, x float64) {
		i, seen := at[code]
		if !seen {
			i = len(s.Parts)
			at[code] = i
			s.Parts = append(s.Parts, chart.Part{Name: name})
		}
		s.Parts[i].Value += x
		total += x
	}
	for _, e := range past.Episodes {
		put("", c.say(r, "console.past.stock.planned"), e.Planned.Float())
		for _, cause := range e.Causes {
			put(cause.Code, cause.Name.In(lang), cause.Amount.Float())
		}
	}
	label := func(x float64) string { return string(sample.Currency()) + " " + number(x, 0) }
	for i := range s.Parts {
		s.Parts[i].Label = label(s.Parts[i].Value)
	}
	s.Total = chart.Part{Name: c.say(r, "console.past.stock.total"), Value: total, Label: label(total)}
	return s.SVG()
}

// stockPastCSV has a row for each cause of each episode.
func (c *Console) stockPastCSV(r *http.Request) (*view, error) {
	past, err := c.stockPast(r)
	if err != nil {
		return nil, err
	}
	s := &sheet{file: string(past.SKU) + "-past-stock", columns: []string{"from", "to", "too_much", "units", "cause", "amount", "currency"}}
	for _, e := range past.Episodes {
		row := func(cause string, amount cell) {
			s.add(plainCell(e.From.String()), plainCell(e.To.String()), boolCell(e.Over), floatCell(e.Units), textCell(cause), amount, currencyCell(e.Money))
		}
		row("planned", amountCell(e.Planned))
		for _, cause := range e.Causes {
			row(cause.Code, amountCell(cause.Amount))
		}
	}
	return &view{sheet: s}, nil
}

// receiptsCSV has a row for each goods receipt, the latest first.
func (c *Console) receiptsCSV(r *http.Request) (*view, error) {
	past, err := c.stockPast(r)
	if err != nil {
		return nil, err
	}
	s := &sheet{file: string(past.SKU) + "-receipts", columns: []string{"sku", "location", "supplier", "units", "ordered", "received", "days", "reference"}}
	for _, g := range past.Receipts {
		s.add(textCell(past.SKU), textCell(past.Location), textCell(g.Supplier), intCell(g.Units), plainCell(g.Ordered.String()), plainCell(g.Received.String()), intCell(g.Days), textCell(g.Reference))
	}
	return &view{sheet: s}, nil
}

// stockCSV is one table of the stock of the SKU that a request names.
func (c *Console) stockCSV(r *http.Request) (*view, error) {
	item, err := c.stockItem(r)
	if err != nil {
		return nil, err
	}
	s := stockTable(c.languageOf(r), r.PathValue("table"), item)
	if s == nil {
		return c.noSuchPage(r)
	}
	s.file = string(item.SKU) + "-" + strings.TrimSuffix(r.PathValue("table"), ".csv")
	return &view{sheet: s}, nil
}
