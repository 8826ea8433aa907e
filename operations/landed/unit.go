package landed

import (
	"tradewind/calendar"
	"tradewind/commerce"
	"tradewind/money"
)

// Sale is a usual order of one product from a warehouse to a market: the short form of a
// Consignment for those who ask for every product in every market. What is left zero is
// what a shop commonly does: delivered to the door by courier (DAP), to a consumer, prices
// without tax.
type Sale struct {
	SKU    commerce.SKU
	HS     string
	Origin commerce.Market
	Grams  int64
	Class  string

	From, To commerce.Market // the warehouse's country and the market
	Region   string
	Units    commerce.Units // of the order, which limits are held against; 0 is 1
	Price    money.Amount   // a unit
	Freight  money.Amount   // of the order; the seller bears it unless FreightBy says otherwise

	IncludesTax bool
	Marketplace bool
	Business    bool
	FreightBy   Party
	Incoterm    string
	Transport   string
	Scheme      string

	Seller  Seller
	Fees    Fees
	Returns Returns
	Day     calendar.Day // of payment and of the declaration
}

// Value is a figure a unit, in whole units of the price's currency: Low is High where it
// is exact, and both are bounds on one side only where it is Unknown.
type Value struct {
	Low, High float64
	Unknown   bool
}

// Unit is a Sale's answer, a unit.
type Unit struct {
	Landed Value // what a unit costs the buyer in the end, what a business takes back taken off
	Import Value // of that, or of the seller's: duties, taxes and fees
	Net    Value // what is left to the seller: the price without tax, less fees, freight, expected returns and what the seller bears at the border

	Complete    bool // every line is exact
	Automatable bool // and none rests on a rule that is not confirmed
}

// Consignment returns the long form, for the lines and rules behind a Unit.
func (s *Sale) Consignment() *Consignment {
	c, lines := new(Consignment), new([1]Line)
	s.fill(c, lines)
	return c
}

func (s *Sale) fill(c *Consignment, lines *[1]Line) {
	units := s.Units
	if units == 0 {
		units = 1
	}
	lines[0] = Line{SKU: s.SKU, HS: s.HS, Origin: s.Origin, Grams: s.Grams, Class: s.Class, Units: units, Price: s.Price}
	*c = Consignment{
		Lines: lines[:], Currency: s.Price.Currency(), From: s.From, To: s.To, Region: s.Region,
		Marketplace: s.Marketplace, Business: s.Business, Incoterm: s.Incoterm, Transport: s.Transport, Scheme: s.Scheme,
		Seller: s.Seller, IncludesTax: s.IncludesTax, Freight: s.Freight, FreightBy: s.FreightBy,
		Fees: s.Fees, Returns: s.Returns, Dates: Dates{Payment: s.Day},
	}
}

// Unit computes a unit's landed cost and net revenue: the totals of Quote over the units
// of the order, without the lines. It does not modify s and allocates next to nothing; it
// fails where Quote does.
func (k *Calculator) Unit(s *Sale) (Unit, error) {
	at := k.pool.Get().(*seat)
	defer k.leave(at)
	s.fill(&at.sale, &at.line)
	x := &at.work
	if err := x.begin(k, &at.sale); err != nil {
		return Unit{}, err
	}
	if err := x.run(); err != nil {
		return Unit{}, err
	}
	return x.unit(float64(at.line[0].Units)), nil
}

func (x *work) unit(units float64) Unit {
	u := Unit{Complete: true, Automatable: true}
	for i := range x.merged {
		c := &x.merged[i]
		u.Complete = u.Complete && c.exact()
		for _, r := range c.rules {
			u.Automatable = u.Automatable && (r == nil || r.Supported())
		}
	}
	u.Automatable = u.Automatable && u.Complete
	u.Landed, u.Import, u.Net = x.totals.landed.each(units), x.totals.due.each(units), x.totals.net.each(units)
	return u
}
