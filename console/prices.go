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
	"tradewind/money"
)

const (
	pricesShown    = 40
	mostPricePages = 10_000
)

// priceFilter is what the address of the board selects.
type priceFilter struct {
	tradewind.PriceFilter
	Page int
}

func readPriceFilter(q url.Values) (priceFilter, error) {
	f := priceFilter{PriceFilter: tradewind.PriceFilter{Market: marketIn(q, "market"), SKU: commerce.SKU(strings.TrimSpace(q.Get("sku"))), State: tradewind.PriceState(q.Get("state"))}}
	page, err := strconv.Atoi(cmp.Or(q.Get("page"), "1"))
	switch {
	case f.State != "" && !slices.Contains(tradewind.PriceStates, f.State):
		return f, wrongParameter("state", string(f.State))
	case err != nil || page < 1 || page > mostPricePages:
		return f, wrongParameter("page", q.Get("page"))
	}
	f.Page = page
	return f, nil
}

// priceBoard is a page of the board.
type priceBoard struct {
	*tradewind.PriceBoard // nil before the first import
	Filter                priceFilter
	States                []tradewind.PriceState
	Items                 int // that match, whatever their state
	Here, CSV             string
	Pages                 int
}

func (c *Console) pricesPage(r *http.Request) (*view, error) {
	f, err := readPriceFilter(r.URL.Query())
	if err != nil {
		return nil, err
	}
	p := priceBoard{Filter: f, States: tradewind.PriceStates, Here: with(here(r), "page", ""), CSV: with("/prices.csv?"+r.URL.RawQuery, "page", ""), Pages: 1}
	f.Skip, f.Limit = (f.Page-1)*pricesShown, pricesShown
	if p.PriceBoard, err = c.priceBoard(r, f.PriceFilter); err != nil {
		return nil, err
	}
	if p.PriceBoard != nil {
		for _, n := range p.Counts {
			p.Items += n
		}
		p.Pages = max(1, (p.Total+pricesShown-1)/pricesShown)
	}
	return &view{page: "prices", title: c.say(r, "console.prices.title"), section: "prices", data: p}, nil
}

// priceBoard asks the engine; there are no prices before the first import.
func (c *Console) priceBoard(r *http.Request, f tradewind.PriceFilter) (*tradewind.PriceBoard, error) {
	if ok, err := c.hasFacts(r); !ok {
		return nil, err
	}
	return c.engine.PriceBoard(r.Context(), f)
}

// pricesCSV has a row for each item that the filter lets through.
func (c *Console) pricesCSV(r *http.Request) (*view, error) {
	f, err := readPriceFilter(r.URL.Query())
	if err != nil {
		return nil, err
	}
	board, err := c.priceBoard(r, f.PriceFilter)
	if err != nil {
		return nil, err
	}
	lang := c.languageOf(r)
	s := &sheet{file: "prices", columns: []string{"sku", "product", "market", "channel", "state", "price", "best_price", "flat_low", "flat_high", "unit_cost", "rival_price", "price_currency", "price_since",
		"gain_mean", "gain_p10", "gain_p90", "gain_currency", "margin_rate", "units_a_week", "elasticity_mean", "elasticity_q05", "elasticity_q95", "elasticity_source", "identified", "reason", "decision", "assumptions"}}
	if board == nil {
		return &view{sheet: s}, nil
	}
	for i := range board.Rows {
		v := &board.Rows[i]
		var flat [2]cell
		if len(v.Flat) == 2 {
			flat = [2]cell{amountCell(v.Flat[0]), amountCell(v.Flat[1])}
		}
		var gain [4]cell
		if g := v.Gain; g != nil {
			gain = [4]cell{amountCell(g.Mean), amountCell(g.Low), amountCell(g.High), currencyCell(g.Mean)}
		}
		var e [5]cell
		if x := v.Elasticity; x != nil {
			e = [5]cell{floatCell(x.Mean), floatCell(x.Low), floatCell(x.High), textCell(x.Source), boolCell(x.Identified)}
		}
		var assumed []string
		for _, a := range v.Assumed {
			assumed = append(assumed, a.In(lang))
		}
		s.add(textCell(v.Item.SKU), textCell(v.Product), textCell(v.Item.Market), textCell(v.Item.Channel), textCell(v.State), pricedCell(&v.Price), pricedCell(v.Best), flat[0], flat[1],
			pricedCell(v.Cost), pricedCell(v.Rival), currencyCell(v.Price), dayCell(v.Since), gain[0], gain[1], gain[2], gain[3], knownCell(v.Margin), floatCell(v.Units),
			e[0], e[1], e[2], e[3], e[4], textCell(v.Reason.In(lang)), textCell(v.Decision), textCell(strings.Join(assumed, "; ")))
	}
	return &view{sheet: s}, nil
}

// pricedCell is an amount, empty where none is known.
func pricedCell(a *money.Amount) cell {
	if a == nil || a.Currency() == "" {
		return cell{}
	}
	return amountCell(*a)
}

// itemPage is the address of the page of an item's price.
func itemPage(item commerce.Item) string {
	return "/prices/item?" + itemQuery(item).Encode()
}

func itemQuery(item commerce.Item) url.Values {
	q := url.Values{"sku": {string(item.SKU)}}
	if item.Market != "" {
		q.Set("market", string(item.Market))
	}
	if item.Channel != "" {
		q.Set("channel", string(item.Channel))
	}
	return q
}
