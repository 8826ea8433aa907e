package landed

import (
	"maps"
	"math"
	"slices"
	"strconv"
	"strings"

	"golang.org/x/text/language"

	"tradewind/calendar"
	"tradewind/commerce"
	"tradewind/fault"
	"tradewind/law"
	"tradewind/law/tariff"
	"tradewind/money"
)

// Incoterms lists the terms of Incoterms 2020, from the one that leaves most to the buyer
// to the one that leaves most to the seller.
//
// Source: International Chamber of Commerce, Incoterms 2020.
var Incoterms = []string{"EXW", "FCA", "FAS", "FOB", "CFR", "CIF", "CPT", "CIP", "DAP", "DPU", "DDP"}

// Transports lists the ways that rules tell apart.
var Transports = []string{"courier", "post", "freight"}

// begin takes a consignment in: what is wrong with it is fault.Invalid.
func (x *work) begin(k *Calculator, c *Consignment) error {
	*x = work{
		k: k, c: c, lines: x.lines[:0], charges: x.charges[:0], merged: x.merged[:0],
		doubts: x.doubts[:0], missing: x.missing[:0], assumed: x.assumed[:0], pairs: x.pairs[:0],
	}
	if len(c.Lines) == 0 {
		return fault.New(fault.Invalid, "E-LANDED-EMPTY")
	}
	if c.Dates.Payment == (calendar.Day{}) {
		return fault.New(fault.Invalid, "E-LANDED-DATE")
	}
	x.dates = c.Dates
	for _, d := range []*calendar.Day{&x.dates.Customs, &x.dates.Delivery, &x.dates.Offer} {
		if *d == (calendar.Day{}) {
			*d = x.dates.Payment
		}
	}
	if err := x.places(); err != nil {
		return err
	}
	if err := x.terms(); err != nil {
		return err
	}
	return x.amounts()
}

// places finds the rules of the destination and whether it lies beyond a border.
func (x *work) places() error {
	c, k := x.c, x.k
	if !k.isPlace(c.From) {
		return fault.New(fault.Invalid, "E-LANDED-COUNTRY", fault.A("value", string(c.From)))
	}
	if !k.isPlace(c.To) {
		return fault.New(fault.Invalid, "E-LANDED-COUNTRY", fault.A("value", string(c.To)))
	}
	if c.Region != "" && !strings.HasPrefix(c.Region, string(c.To)+"-") {
		return fault.New(fault.Invalid, "E-LANDED-REGION", fault.A("value", c.Region), fault.A("to", string(c.To)))
	}
	if c.Scheme != "" && c.Scheme != "none" && !k.schemes[c.Scheme] {
		return fault.New(fault.Invalid, "E-LANDED-SCHEME", fault.A("value", c.Scheme), fault.A("known", strings.Join(slices.Sorted(maps.Keys(k.schemes)), ", ")))
	}
	if x.inNorthernIreland() {
		x.moved = *c
		x.moved.To, x.moved.Region = northernIreland, ""
		x.c, c = &x.moved, &x.moved
	}
	x.tax, x.customs = k.regime(c.To, x.dates.Payment), k.regime(c.To, x.dates.Customs)
	if !k.ruled[c.To] && !x.tax.any && !x.customs.any {
		return fault.New(fault.Invalid, "E-LANDED-NO-RULES", fault.A("to", string(c.To)))
	}
	x.outsideDuty = !k.book.SameUnion(c.From, c.To, x.dates.Customs, law.CustomsTie)
	x.outsideTax = !k.book.SameUnion(c.From, c.To, x.dates.Customs, law.TaxTie)
	x.found = x.tax.zoneOf(c.Region, c.Postcode)
	return nil
}

// Northern Ireland has postcodes and a subdivision of the United Kingdom, and since 2021 the
// customs law of the Union for goods.
const northernIreland commerce.Market = "XI"

// inNorthernIreland reports whether an address of the United Kingdom lies where the law of
// the Union holds and that of Great Britain does not.
func (x *work) inNorthernIreland() bool {
	c := x.c
	if c.To != "GB" || c.Region != "GB-NIR" && !strings.HasPrefix(strings.ToUpper(c.Postcode), "BT") {
		return false
	}
	return x.k.book.Within(northernIreland, commerce.EuropeanUnion, x.dates.Customs) && !x.k.book.Within("GB", commerce.EuropeanUnion, x.dates.Customs)
}

// isPlace reports whether a code is a country of ISO 3166-1 in use, or has rules itself.
func (k *Calculator) isPlace(m commerce.Market) bool {
	if k.ruled[m] && m != commerce.EuropeanUnion && m != law.World {
		return true
	}
	if known, ok := k.codes.Load(m); ok {
		return known.(bool)
	}
	region, err := language.ParseRegion(string(m))
	ok := err == nil && len(m) == 2 && region.IsCountry() && region.String() == string(m) && region.Canonicalize() == region && !strings.Contains(noCountries, string(m))
	if ok {
		k.codes.Store(m, ok)
	}
	return ok
}

// noCountries are codes that CLDR names as countries and ISO 3166-1 has withdrawn, or keeps
// for parts and groups of countries.
const noCountries = "AC AN CP CQ CS DG EA EZ FQ IC NT PC SU TA UN YU"

// terms reads who bears what.
func (x *work) terms() error {
	c := x.c
	term := c.Incoterm
	if term == "" {
		term = "DAP"
	}
	at := slices.Index(Incoterms, term)
	if at < 0 {
		return fault.New(fault.Invalid, "E-LANDED-INCOTERM", fault.A("value", term))
	}
	if c.Transport != "" && !slices.Contains(Transports, c.Transport) {
		return fault.New(fault.Invalid, "E-LANDED-TRANSPORT", fault.A("value", c.Transport))
	}
	x.importer, x.carriage = Buyer, Buyer
	if term == "DDP" {
		x.importer = SellerParty
	}
	if at > slices.Index(Incoterms, "FOB") {
		x.carriage = SellerParty
	}
	switch c.FreightBy {
	case "":
	case Buyer, SellerParty:
		x.carriage = c.FreightBy
	default:
		return fault.New(fault.Invalid, "E-LANDED-FREIGHT-BY", fault.A("value", string(c.FreightBy)))
	}
	for _, s := range [...]float64{c.Fees.CommissionShare, c.Fees.PaymentShare, c.Fees.ExchangeShare, c.Returns.Share} {
		if !(s >= 0 && s <= 1) {
			return fault.New(fault.Invalid, "E-LANDED-SHARE", fault.A("value", strconv.FormatFloat(s, 'g', -1, 64)))
		}
	}
	return nil
}

// amounts converts what was given into the currency of the quote.
func (x *work) amounts() (err error) {
	c := x.c
	x.q = c.Currency
	if x.q == "" {
		x.q = c.Lines[0].Price.Currency()
	}
	if _, err := money.ParseCurrency(string(x.q)); err != nil {
		return fault.From(err, fault.Invalid, "E-LANDED-CURRENCY", fault.A("value", string(x.q)))
	}
	total := int64(0)
	for i := range c.Lines {
		l, err := x.line(i)
		if err != nil {
			return err
		}
		if total += l.gross; total > most {
			return tooLarge("price")
		}
		x.lines = append(x.lines, l)
	}
	for _, a := range [...]struct {
		what string
		from money.Amount
		to   *int64
	}{
		{"freight", c.Freight, &x.freight}, {"insurance", c.Insurance, &x.insurance},
		{"brokerage", c.Brokerage, &x.brokerage}, {"handling", c.Handling, &x.handling}, {"bought", c.BoughtThisYear, &x.spent},
		{"commission", c.Fees.Commission, nil}, {"payment", c.Fees.Payment, nil}, {"return", c.Returns.Freight, nil}, {"salvage", c.Returns.Salvage, nil},
	} {
		e4, err := x.amount(a.from, a.what)
		if err != nil {
			return err
		}
		if a.to != nil {
			*a.to = e4
		}
	}
	return nil
}

// amount converts an amount of the consignment; without a rate it is refused.
func (x *work) amount(a money.Amount, what string) (int64, error) {
	if a.IsZero() {
		return 0, nil
	}
	if a.Sign() < 0 {
		return 0, fault.New(fault.Invalid, "E-LANDED-NEGATIVE", fault.A("what", what), fault.A("value", a.Decimal()))
	}
	if a.Currency() == x.q {
		if a.E4() > most {
			return 0, tooLarge(what)
		}
		return a.E4(), nil
	}
	if _, err := money.ParseCurrency(string(a.Currency())); err != nil {
		return 0, fault.From(err, fault.Invalid, "E-LANDED-CURRENCY", fault.A("value", string(a.Currency())))
	}
	f, ok := x.factor(a.Currency(), x.dates.Payment)
	if !ok {
		return 0, fault.New(fault.Invalid, "E-LANDED-RATE", fault.A("base", string(a.Currency())), fault.A("quote", string(x.q)), fault.A("day", x.dates.Payment))
	}
	e4 := f.of(a.E4(), fine)
	if e4 > most {
		return 0, tooLarge(what)
	}
	return e4, nil
}

func (x *work) line(i int) (l line, err error) {
	g := &x.c.Lines[i]
	if g.Units <= 0 || g.Units > math.MaxInt32 {
		return l, fault.New(fault.Invalid, "E-LANDED-UNITS", fault.A("sku", x.nameOf(i)), fault.A("value", g.Units))
	}
	if g.Grams < 0 || g.CubicCm < 0 {
		return l, fault.New(fault.Invalid, "E-LANDED-WEIGHT", fault.A("sku", x.nameOf(i)), fault.A("value", min(g.Grams, g.CubicCm)))
	}
	if g.Origin != "" && !x.k.isPlace(g.Origin) {
		return l, fault.New(fault.Invalid, "E-LANDED-COUNTRY", fault.A("value", string(g.Origin)))
	}
	if l.price, err = x.amount(g.Price, "price"); err != nil {
		return l, err
	}
	l.class = g.Class
	if l.class == "" {
		l.class = standard
	}
	all, err := g.Price.Times(g.Units)
	if err != nil {
		return l, tooLarge("price")
	}
	if l.gross, err = x.amount(all, "price"); err != nil {
		return l, err
	}
	l.hs, err = x.k.code(g.HS, g.Edition)
	return l, fault.Wrap(err, "line %d", i+1)
}

// codeKey is a code as it was given.
type codeKey struct {
	text    string
	edition int
}

// code reads the digits of a code of the Harmonized System and remembers it.
func (k *Calculator) code(text string, edition int) (string, error) {
	if text == "" {
		return "", nil
	}
	key := codeKey{text, edition}
	if known, ok := k.codes.Load(key); ok {
		return string(known.(tariff.Code)), nil
	}
	code, err := tariff.Parse(text, tariff.Edition(edition))
	if err != nil {
		return "", err
	}
	k.codes.Store(key, code)
	return string(code), nil
}
