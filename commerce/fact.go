package commerce

import (
	"time"

	"tradewind/calendar"
	"tradewind/money"
)

// Fact is one thing that a file says. The set is sealed: OrderLine, Product, Cost,
// Stock, Supply, Receipt, Warehouse, Price, Promotion, Rate, Spend, Listing, Document.
type Fact interface{ fact() }

// Key is the natural key of a fact: 128 bits of a hash of what identifies it at its
// source, so that the same fact from two files is one fact.
type Key struct{ Hi, Lo uint64 }

// Provenance says where a fact comes from and whether somebody assumed it.
type Provenance struct {
	Source  string       `json:"source"`  // file and line, or the program that assumed it
	AsOf    calendar.Day `json:"as_of"`   // the day on which it was true
	Assumed bool         `json:"assumed"` // nobody measured it
}

// LineKind tells a sale from a credit note.
type LineKind uint8

const (
	Sale   LineKind = iota
	Credit          // a credit note: it becomes an event on the sale that it takes back
)

// OrderLine is one line of an order or of a credit note. Units are positive in both.
type OrderLine struct {
	Key         Key
	Kind        LineKind
	Order       string
	SKU         SKU
	Description string
	Units       Units
	Price       money.Amount // a unit, as charged, tax as the source has it
	At          time.Time    // UTC
	Day         calendar.Day // business day in the zone of the source
	Customer    CustomerID
	Market      Market
	Channel     Channel
	FileLine    int64 // the line of the file, 1 for the first
}

// EventKind is what happened to a sold line afterwards.
type EventKind uint8

const (
	Returned  EventKind = iota // came back, or was credited, on a later day
	Cancelled                  // taken back whole on the day of the sale
)

// LineEvent takes units back from a sold line. It is made by matching a credit note to
// its sale; a line's events never exceed its units.
type LineEvent struct {
	Kind   EventKind
	Sale   Key
	Credit Key
	Units  Units
	Price  money.Amount // a unit, as credited
	Day    calendar.Day
}

// Product describes a SKU.
type Product struct {
	SKU        SKU
	Name       string
	Category   string
	Grams      int64  // shipping weight of a unit; 0 is unknown
	HS         string // Harmonized System heading, 2 to 10 digits; "" is unknown
	Origin     Market // country of origin; "" is unknown
	Traits     Traits // what law asks about: batteries, cosmetics, …
	Provenance Provenance
}

// Cost is what a unit costs delivered to the warehouse, from a day on.
type Cost struct {
	SKU        SKU
	Unit       money.Amount
	Quoted     money.Amount `json:",omitzero"` // Unit before its conversion; zero where none was needed
	From       calendar.Day
	Provenance Provenance
}

// Stock is what lies and what is under way at a location at the end of a day.
type Stock struct {
	SKU        SKU
	Location   Location
	OnHand     Units
	Inbound    Units // ordered, not yet received
	Day        calendar.Day
	Provenance Provenance
}

// Supply is how a supplier delivers a SKU.
type Supply struct {
	SKU        SKU
	Supplier   Supplier
	LeadDays   float64      // mean days from order to shelf
	LeadSD     float64      // standard deviation of those days
	MOQ        Units        // smallest order; 0 means 1
	Pack       Units        // orders are whole packs; 0 means 1
	OrderCost  money.Amount // fixed cost of placing one order line
	Quoted     money.Amount `json:",omitzero"` // OrderCost before its conversion; zero where none was needed
	Provenance Provenance
}

// Receipt is goods that a supplier delivered to a location: a goods receipt. An order that
// came in parts has one for each part. It is known by its number at a location, or where it
// has none by its days.
type Receipt struct {
	SKU        SKU
	Location   Location
	Supplier   Supplier     // "" is unsaid
	Units      Units        // 0 withdraws the receipt: no snapshot has it
	Ordered    calendar.Day // on which they were ordered
	Received   calendar.Day // on which they were on the shelf
	Reference  string       // number of the goods receipt, or of its line where a SKU has several; "" is unsaid
	Provenance Provenance
}

// Warehouse is a location and the markets that it serves; none listed means all.
type Warehouse struct {
	Location   Location
	Country    Market
	Serves     []Market
	Provenance Provenance
}

// Price is an asked price for an item from a day on: the seller's own (Seller "") or a
// competitor's.
type Price struct {
	Item       Item
	Seller     string
	Price      money.Amount
	MinUnits   Units // the price holds from this quantity; 0 means 1
	From       calendar.Day
	Provenance Provenance
}

// Promotion is an offer on an item for a time. Its amounts are of one currency.
type Promotion struct {
	Item       Item
	Name       string
	From, To   calendar.Day // both included
	Depth      float64      `json:"-"` // share off the price before; NaN where only Price, or neither, is known
	Price      money.Amount // a unit while it lasts; zero where only Depth, or neither, is known
	Vehicle    string       // how it reaches people: one of KnownVehicles
	Cost       money.Amount // of holding it, whatever is sold; zero is none
	Funding    money.Amount // a unit sold, paid by the supplier; zero is none
	Provenance Provenance
}

// The vehicles of promotions.
const (
	PriceCut = "price"   // a lower price, and nothing else
	Feature  = "feature" // shown in a newsletter, an advertisement, on a front page
	Display  = "display" // set before the other goods
	Coupon   = "coupon"  // a lower price for those who bring a code
)

// KnownVehicles lists every vehicle, in the order above.
var KnownVehicles = []string{PriceCut, Feature, Display, Coupon}

// Rate is a reference exchange rate: one unit of Base buys Value units of Quote.
type Rate struct {
	Base, Quote money.Currency
	Day         calendar.Day
	Value       float64
	Provenance  Provenance
}

// Spend is marketing money spent on a day.
type Spend struct {
	Day        calendar.Day
	Market     Market
	Channel    Channel
	Campaign   string
	Amount     money.Amount
	Provenance Provenance
}

// Listing is what a market reads about a product on a channel, in one language.
type Listing struct {
	Item        Item
	Language    string // BCP 47: "de", "zh-Hans"
	Title       string
	Description string
	Sizes       string // sizes and measures as shown: "60 x 40 cm", "US 9"
	Legal       string // the texts that law asks for: maker, address, warnings, withdrawal
	Provenance  Provenance
}

// Document is evidence that something required is there: a declaration, a registration,
// a responsible person. It holds for a SKU or for all ("") and in a market or in all ("").
type Document struct {
	SKU        SKU
	Market     Market
	Kind       string       // what it proves, as rules name it: "gpsr_responsible_person"
	Reference  string       // its number, or the name and address that it is about
	From       calendar.Day // zero is from always
	Until      calendar.Day // the last day, included; zero is without end
	Provenance Provenance
}

func (*OrderLine) fact() {}
func (*Product) fact()   {}
func (*Cost) fact()      {}
func (*Stock) fact()     {}
func (*Supply) fact()    {}
func (*Receipt) fact()   {}
func (*Warehouse) fact() {}
func (*Price) fact()     {}
func (*Promotion) fact() {}
func (*Rate) fact()      {}
func (*Spend) fact()     {}
func (*Listing) fact()   {}
func (*Document) fact()  {}
