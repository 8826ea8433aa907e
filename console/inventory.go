package console

import (
	"cmp"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"tradewind"
	"tradewind/commerce"
)

const (
	stockShown  = 40
	stockExport = 1_000_000
)

// stockFilter is what the address of the board selects.
type stockFilter struct {
	tradewind.StockFilter
	Page int
}

func readStockFilter(q url.Values) (stockFilter, error) {
	f := stockFilter{StockFilter: tradewind.StockFilter{
		State: tradewind.StockState(q.Get("state")), Location: commerce.Location(strings.TrimSpace(q.Get("location"))), Search: strings.TrimSpace(q.Get("q"))}}
	page, err := strconv.Atoi(cmp.Or(q.Get("page"), "1"))
	switch {
	case f.State != "" && !slices.Contains(tradewind.StockStates, f.State):
		return f, wrongParameter("state", string(f.State))
	case err != nil || page < 1 || page > mostPricePages:
		return f, wrongParameter("page", q.Get("page"))
	}
	f.Page = page
	return f, nil
}

// stockBoard is a page of the board of stock.
type stockBoard struct {
	*tradewind.StockBoard // nil before the first import
	Filter                stockFilter
	States                []tradewind.StockState
	Items                 int // that match, whatever their state
	Here, CSV             string
	Pages                 int
}

// inventoryPage lists the stock that needs somebody first.
func (c *Console) inventoryPage(r *http.Request) (*view, error) {
	f, err := readStockFilter(r.URL.Query())
	if err != nil {
		return nil, err
	}
	p := stockBoard{Filter: f, States: tradewind.StockStates, Here: with(here(r), "page", ""), CSV: with("/inventory.csv?"+r.URL.RawQuery, "page", ""), Pages: 1}
	f.Limit = f.Page * stockShown
	if p.StockBoard, err = c.stockBoard(r, f.StockFilter); err != nil {
		return nil, err
	}
	if p.StockBoard != nil {
		for _, n := range p.Counts {
			p.Items += n
		}
		p.Pages = max(1, (p.Total+stockShown-1)/stockShown)
		p.Rows = p.Rows[min((f.Page-1)*stockShown, len(p.Rows)):]
	}
	return &view{page: "inventory", title: c.say(r, "console.stock.title"), section: "inventory", data: p}, nil
}

// stockBoard asks the engine; there is no stock before the first import.
func (c *Console) stockBoard(r *http.Request, f tradewind.StockFilter) (*tradewind.StockBoard, error) {
	if ok, err := c.hasFacts(r); !ok {
		return nil, err
	}
	return c.engine.InventoryBoard(r.Context(), f)
}

// inventoryCSV has a row for each stock that the filter lets through.
func (c *Console) inventoryCSV(r *http.Request) (*view, error) {
	f, err := readStockFilter(r.URL.Query())
	if err != nil {
		return nil, err
	}
	f.Limit = stockExport
	board, err := c.stockBoard(r, f.StockFilter)
	if err != nil {
		return nil, err
	}
	lang := c.languageOf(r)
	s := &sheet{file: "inventory", columns: []string{"sku", "location", "product", "state", "on_hand", "inbound", "units_a_day", "days_of_cover", "lead_days", "stock_out_probability", "order_up_to", "order_units", "gain", "excess_units", "tied", "idle", "currency", "reason", "decision"}}
	if board == nil {
		return &view{sheet: s}, nil
	}
	for i := range board.Rows {
		v := &board.Rows[i]
		why := ""
		if v.Reason != nil {
			why = v.Reason.In(lang)
		}
		s.add(textCell(v.SKU), textCell(v.Location), textCell(v.Product), textCell(v.State), intCell(v.OnHand), floatCell(v.Inbound), floatCell(v.Daily), knownCell(v.Cover), floatCell(v.LeadDays), floatCell(v.StockOut),
			floatCell(v.UpTo), floatCell(v.Order), amountCell(v.Gain), floatCell(v.Excess), amountCell(v.Tied), amountCell(v.Idle), currencyCell(v.Tied), textCell(why), textCell(v.Decision))
	}
	return &view{sheet: s}, nil
}

// stockPath is the address of the page of the stock of a SKU.
func stockPath(sku commerce.SKU, location commerce.Location) string {
	path := "/skus/" + url.PathEscape(string(sku)) + "/stock"
	if location != "" {
		path += "?" + url.Values{"location": {string(location)}}.Encode()
	}
	return path
}
