// Package landed computes what a sale across a border costs and brings: customs value,
// duty, import or sales tax, fees, and what is left to the seller, line by line, each line
// with its formula and the rules that it rests on.
//
// A Calculator is made of a book of rules, tariffs and exchange rates; the same
// consignment and the same book give the same quote to the last digit, whatever the day
// on which it is asked for. What rests on a rule that nobody has confirmed, or on
// something that was not given, is a range or unknown and makes the quote incomplete: a
// missing rate is asked for and is never zero.
//
// It is not tax or legal advice, it does not know what may be sold (operations/compliance
// does) nor what a product's code is (operations/classification suggests one), and it
// does not choose a market (operations/expansion).
//
// Before it: law, which holds the rules, and law/tariff. After it: plan, which folds its
// answers into prices and markets.
package landed

import (
	"slices"
	"sync"

	"tradewind/calendar"
	"tradewind/commerce"
	"tradewind/law"
	"tradewind/law/tariff"
	"tradewind/money"
)

// Consignment is goods that go from one sender to one receiver under one contract of
// carriage. The zero value of a field is its common case where one is named.
type Consignment struct {
	Lines    []Line
	Currency money.Currency // of the quote; "" is that of the first price

	From     commerce.Market // whence it is shipped, which is not the origin
	To       commerce.Market
	Region   string // part of the destination: "US-CA", "BR-SP"; "" is not known
	Postcode string

	Channel     commerce.Channel // for reading; rules ask whether it is a marketplace
	Marketplace bool             // sold through a marketplace's interface
	Business    bool             // the buyer is a business that can take its import tax back

	Incoterm  string // Incoterms 2020: EXW … DDP; "" is DAP
	Transport string // post, courier, freight; "" is courier
	Scheme    string // the simplified import that is wished for; "none" for none, "" for whichever applies

	Seller Seller

	IncludesTax bool         // the prices contain the tax that falls due at the sale
	Freight     money.Amount // the whole carriage to the destination
	Insurance   money.Amount
	FreightBy   Party        // who pays both: the buyer beside the price, or the seller out of it; "" follows the Incoterm
	Brokerage   money.Amount // for the declaration
	Handling    money.Amount // at the terminal and the like

	Fees    Fees
	Returns Returns
	Dates   Dates

	BoughtThisYear money.Amount // by the buyer under a scheme with a yearly limit
}

// Line is goods of one kind. Price is what the buyer pays for a unit.
type Line struct {
	SKU       commerce.SKU
	HS        string // "" is not known
	Edition   int    // of the Harmonized System: 2022; 0 is that
	Units     commerce.Units
	Price     money.Amount
	Grams     int64           // a unit; 0 is not known
	CubicCm   int64           // a unit; 0 is not known
	Origin    commerce.Market // where it was made; "" is not known
	Class     string          // class of goods for the tax: "" is standard
	Programme string          // tariff preference that is claimed

	Measures tariff.Quantities // of the whole line, for duties by litre, pair or metre; weight, volume and pieces follow from what is above
}

// Seller is where a seller stands towards the law.
type Seller struct {
	Established []commerce.Market
	Registered  []Registration
}

// Registration is a tax number: {"EU", "ioss"}, {"EU", "oss"}, {"DE", "vat"}, {"AU", "gst"},
// {"US-CA", "sales_tax"}.
type Registration struct {
	In     commerce.Market
	Scheme string
}

// Fees are what the sale itself costs the seller. Shares are of all that the buyer pays
// at the sale, tax included.
type Fees struct {
	CommissionShare float64
	Commission      money.Amount // besides, an order
	PaymentShare    float64
	Payment         money.Amount // besides, an order
	ExchangeShare   float64      // lost in changing the money
}

// Returns are the units that come back, as expected.
type Returns struct {
	Share   float64
	Freight money.Amount // a returned unit
	Salvage money.Amount // what a returned unit is still worth
}

// Dates choose the rules: tax at the sale goes by the day of payment, customs by the day
// on which the declaration is accepted. The zero Day is not given and is that of payment.
type Dates struct {
	Payment  calendar.Day
	Customs  calendar.Day
	Delivery calendar.Day // consumer law; kept with the quote
	Offer    calendar.Day // price law; kept with the quote
}

// Party is somebody who pays or is paid.
type Party string

const (
	Buyer       Party = "buyer"
	SellerParty Party = "seller"
	Market      Party = "marketplace"
	Carrier     Party = "carrier"
	Insurer     Party = "insurer"
	Broker      Party = "broker"
	Customs     Party = "customs"
	TaxOffice   Party = "tax_office"
	Payments    Party = "payment_provider"
	Bank        Party = "bank"
	Stock       Party = "stock" // goods that come back and can be sold again
)

// Rates finds the exchange rate of a pair on a day or the last one before: one unit of
// base in units of quote.
type Rates func(base, quote money.Currency, on calendar.Day) (rate commerce.Rate, ok bool)

// Env is what a calculator knows besides the rules. The zero Env has no tariff and no
// rate: every duty that needs one is unknown.
type Env struct {
	Tariffs map[commerce.Market]*tariff.Schedule // by country or customs union
	Rates   Rates
	Known   calendar.Day // rules as they were known at the end of that day; the zero Day is all that is known
}

// Calculator answers for one book of rules. It is safe for concurrent use and keeps what
// it has looked up for a destination and a day.
type Calculator struct {
	book *law.Book
	env  Env

	regimes sync.Map // regimeKey → *regime
	codes   sync.Map // codeKey → tariff.Code, commerce.Market → true
	ruled   map[commerce.Market]bool
	// salesOnly are the countries whose rules, of whatever day, know a sales tax and no
	// other: nothing falls due at their border.
	salesOnly map[commerce.Market]bool
	schemes   map[string]bool   // that rules of whatever day and place know
	unions    []commerce.Market // that have a tariff, ascending
	pool      sync.Pool
}

// New returns a calculator over a book. With env.Known it costs as much as making the
// book: keep it.
func New(book *law.Book, env Env) *Calculator {
	if env.Known != (calendar.Day{}) {
		book = book.Known(env.Known)
	}
	k := &Calculator{book: book, env: env, ruled: map[commerce.Market]bool{}, salesOnly: map[commerce.Market]bool{}, schemes: map[string]bool{}}
	for _, r := range book.All() {
		k.ruled[r.Jurisdiction] = true
		if t, ok := r.Params.(law.TaxRate); ok {
			before, seen := k.salesOnly[r.Jurisdiction]
			k.salesOnly[r.Jurisdiction] = t.Tax == salesTax && (before || !seen)
		}
		if s := schemeOf(r); s != "" {
			k.schemes[s] = true
		}
	}
	for m := range env.Tariffs {
		if env.Tariffs[m] != nil {
			k.unions = append(k.unions, m)
		}
	}
	slices.Sort(k.unions)
	k.pool.New = func() any { return new(seat) }
	return k
}

// schemeOf names the scheme that a consignment comes in under by a rule; "" is none.
func schemeOf(r *law.Rule) string {
	switch p := r.Params.(type) {
	case law.SaleTax:
		return p.Scheme
	case law.Simplified:
		return p.Scheme
	}
	return ""
}

// Calculate quotes a single consignment: New(book, env).Quote(c).
func Calculate(c *Consignment, book *law.Book, env Env) (*Quote, error) {
	return New(book, env).Quote(c)
}

// Quote computes landed cost and net revenue of a consignment, which it does not modify.
// What is not of the documented form, a destination without any rule, and amounts of
// several currencies without a rate between them are fault.Invalid.
func (k *Calculator) Quote(c *Consignment) (*Quote, error) {
	at := k.pool.Get().(*seat)
	defer k.leave(at)
	if err := at.work.begin(k, c); err != nil {
		return nil, err
	}
	if err := at.work.run(); err != nil {
		return nil, err
	}
	return at.work.quote(), nil
}

// seat is where a question is worked out, with room for the consignment of a Sale.
type seat struct {
	work work
	sale Consignment
	line [1]Line
}

// leave gives a seat back without what belongs to the caller.
func (k *Calculator) leave(at *seat) {
	at.work.c, at.sale, at.line = nil, Consignment{}, [1]Line{}
	k.pool.Put(at)
}

// schedule finds the tariff of a country, or of a customs union that it belongs to.
func (k *Calculator) schedule(to commerce.Market, on calendar.Day) *tariff.Schedule {
	if s := k.env.Tariffs[to]; s != nil {
		return s
	}
	for _, m := range k.unions {
		if k.book.SameUnion(to, m, on, law.CustomsTie) {
			return k.env.Tariffs[m]
		}
	}
	return nil
}
