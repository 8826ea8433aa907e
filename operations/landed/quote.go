package landed

import (
	"cmp"
	"slices"
	"strings"

	"tradewind/calendar"
	"tradewind/commerce"
	"tradewind/law"
	"tradewind/messages"
	"tradewind/money"
)

// Amount is an exact sum (Low and High are the same), a range, or unknown: then Low is
// what it is at the least, and High what it would be if the rules that nobody has
// confirmed hold, or Low again where nothing says so.
type Amount struct {
	Low, High money.Amount
	Unknown   bool
}

// Exact reports whether the amount is known to the last digit.
func (a Amount) Exact() bool { return !a.Unknown && a.Low == a.High }

// Code names what a line of a quote is; its text is the message "landed.line." + Code.
type Code string

const (
	Goods        Code = "goods"
	Freight      Code = "freight"
	Insurance    Code = "insurance"
	Duty         Code = "duty"
	Additional   Code = "additional_duty"
	FlatDuty     Code = "flat_duty"
	Simplified   Code = "simplified"
	SurchargeFee Code = "surcharge"
	ParcelFee    Code = "parcel_fee"
	ImportTax    Code = "import_tax"
	SaleTax      Code = "sale_tax"
	Brokerage    Code = "brokerage"
	Handling     Code = "handling"
	Commission   Code = "commission"
	Payment      Code = "payment"
	Exchange     Code = "exchange"
	Refund       Code = "refund"
	ReturnCost   Code = "return_freight"
	Salvage      Code = "salvage"
)

// Charge is one line of a quote.
type Charge struct {
	Code   Code
	Name   string // of the tax, the surcharge or the scheme: "vat", "section_122", "ioss"
	Line   int    // place of the goods in the consignment; -1 is all of it
	Class  string // class of goods that a tax is charged on, where there are several
	Payer  Party  // who owes it to To
	Bearer Party  // whose money it is: the buyer's or the seller's
	To     Party

	Base   money.Amount
	Rate   Share
	Amount Amount

	Recoverable bool // import tax that a business takes back
	Count       int64
	Each        money.Amount // what is counted, or taken off in a simplified import
	Published   Published    // where the rate stands in a tariff
	Rules       []law.Ref

	how how
}

// Published is the rate of a tariff as it was published.
type Published struct {
	Text    string
	Source  string
	Edition calendar.Day
}

// how is the form of a charge's formula.
type how uint8

const (
	given    how = iota // an amount of the consignment
	byShare             // base × rate
	inside              // base ÷ (1 - rate) × rate
	within              // base ÷ (1 + rate) × rate: the base contains it
	byCount             // count × each
	lessEach            // base × rate - each
	byTariff            // the tariff's own formula
	free                // relieved or not due
	reversed            // the buyer declares it
	asked               // not known
)

var formulas = [...]string{
	given: "landed.formula.given", byShare: "landed.formula.share", inside: "landed.formula.inside", within: "landed.formula.within",
	byCount: "landed.formula.count", lessEach: "landed.formula.less", byTariff: "landed.formula.tariff", free: "landed.formula.free",
	reversed: "landed.formula.reversed", asked: "landed.formula.asked",
}

// Label names the line for people.
func (c *Charge) Label() messages.Message {
	if c.Name == "" {
		return messages.M("landed.line." + string(c.Code))
	}
	return messages.M("landed.line."+string(c.Code)+".named", messages.A("name", NameOf(c.Name)))
}

// NameOf names a tax, a surcharge or a scheme for people: by its own text where there is
// one, and as the rules write it otherwise.
func NameOf(name string) messages.Message {
	if code := "landed.name." + strings.ToLower(inCode.Replace(name)); messages.Has(code) {
		return messages.M(code)
	}
	return messages.M("landed.name.other", messages.A("name", name))
}

// inCode makes of the ID of a rule what the code of a message may contain.
var inCode = strings.NewReplacer(".", "_", "-", "_")

// PartyName names a party for people.
func PartyName(p Party) messages.Message { return messages.M("landed.party." + string(p)) }

// Formula says in words how the amount was found.
func (c *Charge) Formula() messages.Message {
	return messages.M(formulas[c.how], messages.A("base", c.Base), messages.A("rate", c.Rate.String()),
		messages.A("n", c.Count), messages.A("each", c.Each), messages.A("text", c.Published.Text))
}

// Quote is what a consignment costs and brings. Totals are the sums of the lines; where
// lines are ranges, a total is the range of the sums, which is no wider: what one rule
// takes from a line it may put on another.
type Quote struct {
	Currency money.Currency
	From, To commerce.Market
	Dates    Dates // those that the rules were chosen by
	Known    calendar.Day
	Rules    string // version of the book of rules

	Charges []Charge

	CustomsValue money.Amount // of all lines, by the destination's own base; zero where nothing is declared
	Duty         Amount       // duties of every kind
	Tax          Amount       // import and sales tax
	Fees         Amount       // of the state, the broker and the terminal
	BuyerPays    Amount       // all that the buyer pays, whoever gets it
	Landed       Amount       // that without what a business takes back
	NetRevenue   Amount       // what the seller is paid less all that the seller bears

	Complete    bool               // every line is exact
	Automatable bool               // and none rests on a rule that is not confirmed: a program may act on it
	Missing     []messages.Message // what to give to make it complete, the cheapest remedy in it
	Assumed     []messages.Message
	Rates       []commerce.Rate // exchange rates that were used
}

// places is the order in which the lines of a quote stand.
var places = func() map[Code]int {
	order := map[Code]int{}
	for i, code := range []Code{Goods, Freight, Insurance, Duty, Additional, SurchargeFee, FlatDuty, Simplified, ParcelFee, Brokerage, Handling,
		ImportTax, SaleTax, Commission, Payment, Exchange, Refund, ReturnCost, Salvage} {
		order[code] = i
	}
	return order
}()

// quote puts what was worked out into the form for the caller.
func (x *work) quote() *Quote {
	q := &Quote{
		Currency: x.q, From: x.c.From, To: x.c.To, Dates: x.dates, Known: x.k.env.Known, Rules: x.k.book.Version(),
		Charges: make([]Charge, len(x.merged)),
	}
	slices.SortStableFunc(x.merged, func(a, b charge) int {
		return cmp.Or(cmp.Compare(places[a.code], places[b.code]), cmp.Compare(a.line, b.line), cmp.Compare(a.name, b.name), cmp.Compare(a.class, b.class))
	})
	cited := 0
	for i := range x.merged {
		for _, r := range x.merged[i].rules {
			if r != nil {
				cited++
			}
		}
	}
	refs := make([]law.Ref, 0, cited)
	confirmed, exact := true, true
	for i := range x.merged {
		c := &x.merged[i]
		from := len(refs)
		exact = exact && c.exact()
		for _, r := range c.rules {
			if r != nil {
				refs = append(refs, r.Ref())
				confirmed = confirmed && r.Supported()
			}
		}
		q.Charges[i] = Charge{
			Code: c.code, Name: c.name, Line: c.line, Class: c.class, Payer: c.payer, Bearer: c.bearer, To: c.to,
			Base: money.FromE4(c.base, x.q), Rate: c.rate, Recoverable: c.recoverable, Count: c.count, Each: money.FromE4(c.each, x.q),
			Amount:    Amount{money.FromE4(c.low, x.q), money.FromE4(max(c.low, c.high), x.q), c.unknown},
			Published: c.published, Rules: refs[from:len(refs):len(refs)], how: c.how,
		}
	}
	t := &x.totals
	q.Duty, q.Tax, q.Fees = t.duty.amount(x.q), t.tax.amount(x.q), t.fees.amount(x.q)
	q.BuyerPays, q.Landed, q.NetRevenue = t.buyer.amount(x.q), t.landed.amount(x.q), t.net.amount(x.q)
	q.Complete = exact
	q.Automatable = exact && confirmed
	if !q.Complete {
		q.Missing = x.messages(x.missing)
	}
	x.unusedScheme()
	q.Assumed = x.messages(x.assumed)
	if x.borderDuty {
		value := int64(0)
		for i := range x.lines {
			value += x.lines[i].customs
		}
		q.CustomsValue = money.FromE4(value, x.q)
	}
	for i := range x.pairs {
		if x.pairs[i].ok && !slices.Contains(q.Rates, x.pairs[i].rate) {
			q.Rates = append(q.Rates, x.pairs[i].rate)
		}
	}
	return q
}

// messages puts notes into words, each with what it may show.
func (x *work) messages(notes []note) []messages.Message {
	all := make([]messages.Message, len(notes))
	for i, n := range notes {
		var sku, what any = "", n.text
		if n.line >= 0 {
			sku = x.nameOf(n.line)
		}
		switch {
		case named[n.code]:
			what = NameOf(n.text)
		case n.code == "landed.missing.quantity":
			what = messages.M("tariff.missing." + n.text)
		}
		all[i] = messages.M(n.code, messages.A("sku", sku), messages.A("what", what), messages.A("more", n.more),
			messages.A("to", string(x.c.To)), messages.A("day", x.dates.Customs))
	}
	return all
}

// named are the notes about a surcharge or a scheme, which people know by another name than
// rules do.
var named = map[string]bool{"landed.missing.surcharge": true, "landed.assumed.registered": true, "landed.assumed.year_limit": true, "landed.assumed.scheme_out": true}

// nameOf names a line of the goods for people: by its SKU, or by its place.
func (x *work) nameOf(i int) any {
	if sku := x.c.Lines[i].SKU; sku != "" {
		return string(sku)
	}
	return messages.M("landed.nth_line", messages.A("n", i+1))
}

// unusedScheme notes that the scheme which was wished for is behind no line: the seller is
// not registered for it, or the consignment is not one that it takes in.
func (x *work) unusedScheme() {
	wish := x.c.Scheme
	if wish == "" || wish == "none" {
		return
	}
	for i := range x.merged {
		for _, r := range x.merged[i].rules {
			if r != nil && schemeOf(r) == wish {
				return
			}
		}
	}
	x.assume("landed.assumed.scheme_out", wish)
}
