package tradewind

import (
	"cmp"
	"context"
	"math"
	"slices"

	"tradewind/calendar"
	"tradewind/commerce"
	"tradewind/fault"
	"tradewind/law"
	"tradewind/market"
	"tradewind/messages"
	"tradewind/money"
	"tradewind/operations/landed"
	"tradewind/plan"
)

// QuoteRequest asks what a consignment costs and brings. What is empty is taken from the
// workspace: the product's facts, the seller's settings, the day of the rules.
type QuoteRequest struct {
	Lines []QuoteLine

	From, To    commerce.Market // "" of From is the seller's home
	Region      string          // part of the destination: "US-CA"
	Postcode    string
	Channel     commerce.Channel
	Marketplace bool
	Business    bool // the buyer is a business
	Incoterm    string
	Transport   string
	Scheme      string
	IncludesTax bool // the prices contain the destination's tax

	Freight, Insurance, Brokerage, Handling money.Amount
	CommissionRate, PaymentRate, ReturnRate float64

	Currency money.Currency // of the quote; "" is that of the first price
	AsOf     *calendar.Day  // every date of the sale; nil is the day of the workspace's rules
	Known    *calendar.Day  // rules as they were known then; nil is all that is known
}

// QuoteLine is goods of one kind. A SKU brings code, origin, weight and, without a price,
// what customers paid for it.
type QuoteLine struct {
	SKU       commerce.SKU
	HS        string
	Units     commerce.Units
	Price     money.Amount
	Grams     int64
	Origin    commerce.Market
	Programme string
}

// QuoteView is a quote, line by line, with the rules that each line rests on.
type QuoteView struct {
	From      commerce.Market `json:"from"`
	To        commerce.Market `json:"to"`
	ToName    LocalizedText   `json:"to_name"`
	Currency  money.Currency  `json:"currency"`
	AsOf      calendar.Day    `json:"rules_as_of"`
	Rulebook  string          `json:"rulebook"` // version of the rules
	Lines     []QuotedLine    `json:"lines"`
	Customs   money.Amount    `json:"customs_value"`
	Duty      QuotedAmount    `json:"duty"`
	Tax       QuotedAmount    `json:"tax"`
	Fees      QuotedAmount    `json:"fees"`
	BuyerPays QuotedAmount    `json:"buyer_pays"`
	Landed    QuotedAmount    `json:"landed_cost"`
	Net       QuotedAmount    `json:"net_revenue"`

	Complete    bool            `json:"complete"`
	Automatable bool            `json:"automatable"` // no line rests on a rule that nobody confirmed
	Missing     []LocalizedText `json:"missing"`     // what to give to make it complete
	Assumed     []LocalizedText `json:"assumed"`
	Rates       []QuoteRate     `json:"exchange_rates"`
	NotAdvice   LocalizedText   `json:"not_legal_advice"`
}

// QuotedAmount is exact, a range, or unknown: Low is then what it is at the least.
type QuotedAmount struct {
	Low     money.Amount `json:"low"`
	High    money.Amount `json:"high"`
	Unknown bool         `json:"unknown"`
}

// QuotedLine is one line of a quote.
type QuotedLine struct {
	Code    string        `json:"code"`
	Name    LocalizedText `json:"name"`
	Item    int           `json:"item"` // place of the goods in the request from 1; 0 is all of it
	Bearer  LocalizedText `json:"bearer"`
	Payee   LocalizedText `json:"payee"`
	Formula LocalizedText `json:"formula"`
	Amount  QuotedAmount  `json:"amount"`
	Rules   []RuleCited   `json:"rules"`
}

// RuleCited is a rule that a figure rests on.
type RuleCited struct {
	law.Ref
	Name      LocalizedText `json:"name"`
	Supported bool          `json:"supported"`
}

// QuoteRate is an exchange rate of a quote.
type QuoteRate struct {
	Base    money.Currency `json:"base"`
	Quote   money.Currency `json:"quote"`
	Value   float64        `json:"value"`
	Day     calendar.Day   `json:"day"`
	Source  string         `json:"source"`
	Assumed bool           `json:"assumed"`
}

// Quote computes landed cost and net revenue of a consignment under the rules of a day.
func (e *Engine) Quote(ctx context.Context, q QuoteRequest) (*QuoteView, error) {
	s, err := e.snapshotOrNone(ctx)
	if err != nil {
		return nil, err
	}
	c, assumed, err := e.consignment(q, s)
	if err != nil {
		return nil, err
	}
	k, _, err := e.calculator(s, q.Known)
	if err != nil {
		return nil, err
	}
	quote, err := k.Quote(c)
	if err != nil {
		return nil, err
	}
	return quoteView(quote, assumed), nil
}

// snapshotOrNone freezes the facts; before the first sale, what is known beside sales.
func (e *Engine) snapshotOrNone(ctx context.Context) (*commerce.Snapshot, error) {
	s, err := e.snapshot(ctx)
	if f := fault.Of(err); f != nil && f.Code == "E-NO-SALES" {
		return e.db.Shelf(ctx, calendar.DayIn(e.now(), e.zone), e.currency)
	}
	return s, err
}

// consignment fills what a request leaves out from the facts and settings; assumed says
// what was.
func (e *Engine) consignment(q QuoteRequest, s *commerce.Snapshot) (c *landed.Consignment, assumed []messages.Message, err error) {
	seller := e.config.Seller
	day := e.rulesAsOf()
	if q.AsOf != nil {
		day = *q.AsOf
	}
	c = &landed.Consignment{
		Currency: q.Currency, From: q.From, To: q.To, Region: q.Region, Postcode: q.Postcode, Channel: q.Channel,
		Marketplace: q.Marketplace || seller.OnMarketplace(q.Channel), Business: q.Business || seller.Businesses,
		Incoterm: cmp.Or(q.Incoterm, seller.Incoterm), Transport: cmp.Or(q.Transport, seller.Transport), Scheme: q.Scheme,
		IncludesTax: q.IncludesTax || seller.PricesWithTax, Seller: plan.SellerAt(&seller, plan.Home(s, &seller)),
		Freight: q.Freight, Insurance: q.Insurance, Brokerage: q.Brokerage, Handling: q.Handling,
		Fees:    landed.Fees{CommissionShare: q.CommissionRate, PaymentShare: q.PaymentRate},
		Returns: landed.Returns{Share: q.ReturnRate},
		Dates:   landed.Dates{Payment: day},
	}
	if c.From == "" {
		c.From = plan.Home(s, &seller)
		if c.From == "" {
			return nil, nil, fault.New(fault.Usage, "E-QUOTE-FROM")
		}
		if len(seller.Established) == 0 {
			assumed = append(assumed, messages.M("quote.assumed.home", messages.A("from", string(c.From))))
		}
	}
	for _, asked := range q.Lines {
		line, notes, err := e.quoteLine(asked, q, s)
		if err != nil {
			return nil, nil, err
		}
		c.Lines, assumed = append(c.Lines, line), append(assumed, notes...)
	}
	return c, assumed, nil
}

// quoteLine completes a line from what is known of its SKU.
func (e *Engine) quoteLine(q QuoteLine, all QuoteRequest, s *commerce.Snapshot) (line landed.Line, assumed []messages.Message, err error) {
	line = landed.Line{SKU: q.SKU, HS: q.HS, Units: cmp.Or(q.Units, 1), Price: q.Price, Grams: q.Grams, Origin: q.Origin, Programme: q.Programme}
	if q.SKU != "" {
		p := s.Product(q.SKU)
		if p == nil {
			return line, nil, fault.New(fault.NotFound, "E-SKU-NOT-FOUND", fault.A("sku", string(q.SKU)))
		}
		line.HS, line.Grams, line.Origin = cmp.Or(q.HS, p.HS), cmp.Or(q.Grams, p.Grams), cmp.Or(q.Origin, p.Origin)
		if p.Provenance.Assumed {
			assumed = append(assumed, messages.M("quote.assumed.product", messages.A("sku", string(q.SKU)), messages.A("source", p.Provenance.Source)))
		}
	}
	if line.Price == (money.Amount{}) {
		price, ok := meanPaid(s, q.SKU, all.To)
		if !ok {
			return line, nil, fault.New(fault.Usage, "E-QUOTE-PRICE")
		}
		line.Price = price
		assumed = append(assumed, messages.M("quote.assumed.price", messages.A("sku", string(q.SKU)), messages.A("price", price)))
	}
	return line, assumed, nil
}

// meanPaid is the mean price of a SKU in a market over the facts, or over all markets
// where it was not sold there.
func meanPaid(s *commerce.Snapshot, sku commerce.SKU, market commerce.Market) (money.Amount, bool) {
	mean := func(in commerce.Market) (money.Amount, bool) {
		var revenue, units int64
		lo, hi := s.ItemsOf(sku)
		for i := lo; i < hi; i++ {
			if in != "" && s.Items[i].Market != in {
				continue
			}
			a, b := s.Rows(i)
			for r := a; r < b; r++ {
				revenue, units = revenue+s.Sales.Revenue[r], units+s.Sales.Gross[r]
			}
		}
		if units <= 0 || revenue <= 0 {
			return money.Amount{}, false
		}
		return money.FromE4(int64(math.Round(float64(revenue)/float64(units))), s.Currency).Round(), true
	}
	if sku == "" {
		return money.Amount{}, false
	}
	if price, ok := mean(market); ok {
		return price, true
	}
	return mean("")
}

// Incoterms and Transports are what a quote can be asked under.
func Incoterms() []string  { return slices.Clone(landed.Incoterms) }
func Transports() []string { return slices.Clone(landed.Transports) }

// ParseCurrency reads an ISO 4217 code. One that was withdrawn is fault.Invalid, which
// names the month and what took its place.
func ParseCurrency(code string) (money.Currency, error) {
	c, err := market.Currency(code)
	return c.Code, err
}
