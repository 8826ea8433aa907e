package landed

import (
	"math"
	"slices"

	"tradewind/law"
)

// chargeTaxes charges tax at the sale on some lines: one charge a tax and rate. scheme
// names the charge where it is not "".
func (x *work) chargeTaxes(g *regime, scheme string, payer Party, of func(*line) bool, cite []*law.Rule) {
	total := int64(0)
	for i := range x.lines {
		total += x.lines[i].value
	}
	for i := range x.lines {
		l := &x.lines[i]
		if !of(l) || x.sameClassBefore(i, of) {
			continue
		}
		goods, gross := int64(0), int64(0)
		for j := range x.lines {
			if m := &x.lines[j]; of(m) && m.class == l.class {
				goods += m.value
				gross += m.gross
			}
		}
		carriage := portion(x.apart(), goods, total)
		if total == 0 && i > 0 {
			carriage = 0 // goods without value: the first class takes it
		}
		var t taxes
		if g.place == x.c.To {
			t = x.taxesFor(g, l.class)
		} else {
			t = g.taxesOf(l.class, "")
		}
		if x.c.IncludesTax && scheme != salesTax {
			x.openPrices(&t, l.class, of)
		}
		x.chargeClass(&t, g, l.class, scheme, payer, goods, gross, carriage, cite)
	}
}

// openPrices marks the lines of which nobody knows how much of the price is tax.
func (x *work) openPrices(t *taxes, class string, of func(*line) bool) {
	sure := t.known && !slices.ContainsFunc(t.all, func(r tax) bool { return !r.rule.Supported() })
	for i := range x.lines {
		if l := &x.lines[i]; of(l) && l.class == class {
			l.open, l.unpriced = !sure, !t.known
		}
	}
}

func (x *work) sameClassBefore(i int, of func(*line) bool) bool {
	for j := range i {
		if of(&x.lines[j]) && x.lines[j].class == x.lines[i].class {
			return true
		}
	}
	return false
}

// portion is the part of an amount that falls on part of a value.
func portion(amount, part, total int64) int64 {
	if amount == 0 || part == total || total == 0 {
		return amount
	}
	return ratio(amount, part, total, fine)
}

func (x *work) chargeClass(t *taxes, g *regime, class, scheme string, payer Party, goods, gross, carriage int64, cite []*law.Rule) {
	if !t.known {
		x.lackTaxRate(g, class)
		x.charges = append(x.charges, charge{code: SaleTax, name: nameOr(scheme, "tax"), line: -1, class: x.among(class), payer: payer, bearer: Buyer, to: TaxOffice, base: goods + carriage, unknown: true, how: asked})
		x.citeLast(cite)
		return
	}
	left, minor := gross-goods, rounding{step: minorStep(x.q), mode: halfUp} // customs alone rounds in its own way
	for i := range t.all {
		r := &t.all[i]
		if (r.name == salesTax) != (scheme == salesTax) || r.inside {
			continue
		}
		c := charge{code: SaleTax, name: nameOr(scheme, r.name), line: -1, class: x.among(class), payer: payer, bearer: Buyer, to: TaxOffice, base: goods + carriage, how: byShare,
			recoverable: x.c.Business && r.name != salesTax}
		if len(t.all) > 1 {
			c.name = r.name
		}
		for _, rule := range cite {
			c.cite(rule)
		}
		c.cite(r.rule)
		c.rate = r.share
		if x.c.IncludesTax && r.name != salesTax {
			// Price and tax are the price again: the last tax is what is left of it.
			part := left
			if i < len(t.all)-1 {
				part = ratio(gross-goods, int64(r.share), max(1, int64(t.total)), minor)
			}
			left -= part
			c.base, c.how = gross+carriage, within
			c.low = part + c.rate.times(carriage, minor)
		} else {
			c.low = c.rate.times(goods+carriage, minor)
		}
		x.settle(&c, r.rule)
		x.charges = append(x.charges, c)
	}
}

// among names the class of goods that a tax is charged on, where there are several.
func (x *work) among(class string) string {
	for i := range x.lines {
		if x.lines[i].class != class {
			return class
		}
	}
	return ""
}

func nameOr(name, other string) string {
	if name != "" {
		return name
	}
	return other
}

func (x *work) citeLast(rules []*law.Rule) {
	c := &x.charges[len(x.charges)-1]
	for _, r := range rules {
		c.cite(r)
	}
}

// settle makes of an amount that rests on a rate which nobody has confirmed one that is
// unknown, and keeps what it would be.
func (x *work) settle(c *charge, rule *law.Rule) {
	c.high = c.low
	if !rule.Supported() {
		c.low, c.unknown = 0, true
		x.lack("landed.missing.confirm", -1, rule.ID, "")
	}
}

func (x *work) lackTaxRate(g *regime, class string) {
	if x.zone != nil && g.place == x.c.To {
		x.lack("landed.missing.zone_tax", -1, string(g.place), x.zone.r.ID)
		return
	}
	x.lack("landed.missing.tax_rate", -1, string(g.place), class)
}

// roundedTax returns a·b/c as the authority rounds it, and cites the rule on rounding.
func (x *work) roundedTax(g *regime, what int, a, b, c int64, cite *charge) int64 {
	r, rule := g.roundingFor(what, x.q)
	if r.currency == "" || r.currency == x.q {
		cite.cite(rule)
		return ratio(a, b, c, r)
	}
	own := rounding{step: minorStep(x.q), mode: halfUp}
	if what == ofValue {
		own = fine
	}
	f, ok := x.factor(r.currency, g.day)
	if !ok {
		return ratio(a, b, c, own)
	}
	there := f.inverse().of(a, fine)
	if there == math.MaxInt64 { // more than the authority's currency can hold
		return ratio(a, b, c, own)
	}
	cite.cite(rule)
	return f.of(ratio(there, b, c, r), own)
}

// taxInside charges the tax on a sale within a country or a tax union.
func (x *work) taxInside() {
	c := x.c
	all := func(*line) bool { return true }
	if c.From == c.To {
		x.domestic(all)
		x.soldWithoutTax()
		return
	}
	if c.Business {
		for i := range x.lines {
			l := &x.lines[i]
			l.value, l.unit, l.sold = l.gross, l.price, l.gross
		}
		ch := charge{code: SaleTax, name: "vat", line: -1, payer: Buyer, bearer: Buyer, to: TaxOffice, how: reversed, recoverable: true}
		for i := range x.lines {
			ch.base += x.lines[i].value
		}
		x.charges = append(x.charges, ch)
		return
	}
	var cite []*law.Rule
	payer := Party("")
	if r := x.deemed("domestic", 0); r != nil {
		payer, cite = Market, []*law.Rule{r}
	} else if x.registered("oss") || x.registered("vat") {
		payer = SellerParty
	} else if x.noThreshold() {
		x.assume("landed.assumed.registered", "oss")
		payer = SellerParty
	}
	if payer != "" {
		x.chargeTaxes(x.tax, "", payer, all, cite)
		x.soldWithoutTax()
		return
	}
	x.assume("landed.assumed.origin_tax", string(c.From))
	home := x.k.regime(c.From, x.dates.Payment)
	if c.IncludesTax {
		for i := range x.lines {
			l := &x.lines[i]
			t := home.taxesOf(l.class, "")
			l.value, l.unit = l.gross-contained(l.gross, t.total, x.q), l.price-ratio(l.price, int64(t.total), int64(whole+t.total), fine)
		}
	}
	x.chargeTaxes(home, "", SellerParty, all, nil)
	x.soldWithoutTax()
}

// noThreshold reports whether the threshold for distance sales over a whole union is not for
// this seller: it is for those established in one member state only, who send from there.
//
// Source: Directive 2006/112/EC, Article 59c.
func (x *work) noThreshold() bool {
	if len(x.c.Seller.Established) == 0 || !slices.ContainsFunc(x.tax.register, func(r ruled[law.Registration]) bool { return r.p.Union && r.p.Sales == "distance" }) {
		return false
	}
	for _, m := range x.c.Seller.Established {
		if m != x.c.From && x.k.book.SameUnion(m, x.c.To, x.dates.Payment, law.TaxTie) {
			return true
		}
	}
	return !slices.Contains(x.c.Seller.Established, x.c.From)
}

func (x *work) soldWithoutTax() {
	for i := range x.lines {
		x.lines[i].sold = x.lines[i].value
	}
}

// domestic charges the tax of the country in which the goods already are.
func (x *work) domestic(all func(*line) bool) {
	if x.onlySalesTax() {
		x.salesTaxes()
		return
	}
	payer := SellerParty
	var cite []*law.Rule
	if r := x.deemed("domestic", 0); r != nil {
		payer, cite = Market, []*law.Rule{r}
	}
	x.chargeTaxes(x.tax, "", payer, all, cite)
}

// onlySalesTax reports whether the rules on taxes of the destination, of whatever day,
// speak of a sales tax and of no other: then nothing falls due at its border.
func (x *work) onlySalesTax() bool { return x.k.salesOnly[x.c.To] }

// salesTaxes charges a sales tax where the marketplace or the seller collects it.
func (x *work) salesTaxes() {
	has := slices.ContainsFunc(x.tax.rates, func(r ruled[law.TaxRate]) bool { return r.p.Tax == salesTax })
	if !has {
		return
	}
	payer := Party("")
	var cite []*law.Rule
	for _, sales := range []string{"domestic", "imports"} {
		if r := x.deemed(sales, 0); r != nil && payer == "" {
			payer, cite = Market, []*law.Rule{r}
		}
	}
	if payer == "" && x.registered(salesTax) {
		payer = SellerParty
	}
	if payer == "" {
		x.assume("landed.assumed.no_nexus", string(x.c.To))
		return
	}
	x.chargeTaxes(x.tax, salesTax, payer, func(l *line) bool { return l.saleTax == nil }, cite)
}

// goods charges the price itself, a line each.
func (x *work) goods() {
	for i := range x.lines {
		l := &x.lines[i]
		c := charge{code: Goods, line: i, payer: Buyer, bearer: Buyer, to: SellerParty, base: l.sold, low: l.sold, high: l.sold, count: x.c.Lines[i].Units, each: l.price}
		if l.open { // the whole price, if no tax is in it after all
			c.high = l.gross
		}
		if l.unpriced {
			c.low, c.unknown, c.how = 0, true, asked
		}
		x.charges = append(x.charges, c)
	}
	x.carriageOf(Freight, x.freight, Carrier)
	x.carriageOf(Insurance, x.insurance, Insurer)
}

func (x *work) carriageOf(code Code, amount int64, to Party) {
	if amount > 0 {
		x.charges = append(x.charges, charge{code: code, line: -1, payer: x.carriage, bearer: x.carriage, to: to, low: amount, high: amount})
	}
}
