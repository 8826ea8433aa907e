package landed

import (
	"slices"

	"tradewind/law"
	"tradewind/money"
)

// evaluate works out one scenario.
func (x *work) evaluate() {
	x.borders()
	x.customsBase()
	x.values()
	if x.borderTax {
		x.taxAtSale()
	} else {
		x.taxInside()
	}
	x.goods()
	if x.borderDuty {
		x.duties()
	}
	x.stateFees()
	if x.borderDuty || x.borderTax {
		x.clearance()
	}
	if x.borderTax {
		x.importTaxes()
	}
	x.costs()
}

// borders settles which ones the goods cross: that of another union, and that of a zone
// outside of the destination's own territory.
func (x *work) borders() {
	x.zone, x.borderDuty, x.borderTax = nil, x.outsideDuty, x.outsideTax
	if x.found == nil || !x.holds(x.found.r, yes) {
		return
	}
	x.zone = x.found
	x.borderDuty = x.borderDuty || x.zone.p.OutsideCustoms
	x.borderTax = x.borderTax || x.zone.p.OutsideTax
}

// plainBase is what import tax is charged on where no rule says it.
var plainBase = []string{"customs_value", "duty"}

// customsBase settles whether freight and insurance are part of the customs value.
func (x *work) customsBase() {
	x.cif, x.taxBase, x.baseRule = true, plainBase, nil
	if !x.borderDuty && !x.borderTax {
		return
	}
	if len(x.customs.customs) == 0 {
		if x.apart() > 0 {
			x.lack("landed.missing.customs", -1, string(x.c.To), "")
			x.cif = x.doubt("customs")
		}
		return
	}
	r := &x.customs.customs[0]
	x.cif, x.taxBase, x.baseRule = r.p.Base == "cif", r.p.TaxBase, r.r
	if !r.r.Supported() && x.apart() > 0 {
		x.lack("landed.missing.confirm", -1, r.r.ID, "")
		if !x.doubt(r.r) {
			x.cif = !x.cif
		}
	}
}

// values sets what the goods alone are worth. Prices that include tax are first taken
// without it; taxAtSale puts it back where none falls due at the sale.
func (x *work) values() {
	for i := range x.lines {
		l := &x.lines[i]
		*l = line{hs: l.hs, class: l.class, price: l.price, gross: l.gross, value: l.gross, unit: l.price, sold: l.gross}
		if x.c.IncludesTax {
			t := x.taxesFor(x.tax, l.class)
			l.value = l.gross - contained(l.gross, t.total, x.q)
			l.unit = l.price - ratio(l.price, int64(t.total), int64(whole+t.total), fine)
		}
	}
}

// contained is the tax that a price contains, in whole minor units.
func contained(gross int64, share Share, cur money.Currency) int64 {
	return min(gross, ratio(gross, int64(share), int64(whole+share), rounding{step: minorStep(cur), mode: halfUp}))
}

// taxesFor returns the rates of a class at the destination. Where rates differ by region
// and the region is not given, one scenario has the least and the other the greatest.
func (x *work) taxesFor(g *regime, class string) taxes {
	if z := x.zone; z != nil && (z.p.Rate != nil || z.p.OutsideTax) {
		return x.zoneTaxes(g, class)
	}
	if !g.regions || x.c.Region != "" {
		return g.taxesOf(class, x.c.Region)
	}
	spread, ok := g.spreads[class]
	if !ok {
		return g.taxesOf(class, "")
	}
	least, greatest := spread[0], spread[1]
	if least.sum() == greatest.sum() {
		return least
	}
	x.lack("landed.missing.region", -1, string(x.c.To), "")
	if x.doubt("region") {
		return greatest
	}
	return least
}

// zoneTaxes are the country's taxes at the zone's rate, or none that is known: neither
// outside of the territory nor for a class of its own.
func (x *work) zoneTaxes(g *regime, class string) taxes {
	z := x.zone
	if z.p.Rate == nil {
		return taxes{}
	}
	t := g.taxesOf(class, x.c.Region)
	own := tax{name: "vat", share: ShareOf(*z.p.Rate), rule: z.r}
	if len(t.all) > 0 {
		own.name = t.all[0].name
		if !z.r.Supported() { // whether the zone holds is settled; borders asked for it
			own.rule = t.all[0].rule
		}
	}
	return taxes{all: []tax{own}, total: own.share, known: class == standard}
}

// collector says who collects the tax at the sale of a line under a scheme; "" is nobody.
func (x *work) collector(s *ruled[law.SaleTax], i int) Party {
	if x.c.Business {
		return Buyer // declares it: see chargeSale
	}
	if x.deemed("imports", i) != nil {
		return Market
	}
	// Under a country's own scheme its tax number will do; a union's needs one of its own.
	if x.registered(s.p.Scheme) || (s.p.Required || s.r.Jurisdiction == x.c.To) && x.registeredFor(taxNames) {
		return SellerParty
	}
	if !s.p.Required {
		return ""
	}
	for i := range x.tax.register {
		r := &x.tax.register[i]
		if !r.p.Limit.IsZero() && (r.p.Sales == "imports" || r.p.Sales == "all") {
			x.assume("landed.assumed.below_threshold", r.r.ID)
			return ""
		}
	}
	x.assume("landed.assumed.registered", s.p.Scheme)
	return SellerParty
}

var taxNames = []string{"vat", "gst", "consumption_tax"}

// registered reports whether the seller has a registration for a scheme that counts at
// the destination.
func (x *work) registered(scheme string) bool {
	if scheme == "oss" && !slices.ContainsFunc(x.tax.register, func(r ruled[law.Registration]) bool { return r.p.Scheme == scheme }) {
		return false // before there was one
	}
	for _, r := range x.c.Seller.Registered {
		if r.Scheme == scheme && (r.In == x.c.To || string(r.In) == x.c.Region || x.k.book.Within(x.c.To, r.In, x.dates.Payment)) {
			return true
		}
	}
	return false
}

func (x *work) registeredFor(schemes []string) bool {
	for _, s := range schemes {
		if x.registered(s) {
			return true
		}
	}
	return false
}

// established reports whether the seller is established at the destination or in a tax
// union with it.
func (x *work) established() bool {
	for _, m := range x.c.Seller.Established {
		if x.k.book.SameUnion(m, x.c.To, x.dates.Payment, law.TaxTie) {
			return true
		}
	}
	return false
}

// deemed finds the rule that makes the marketplace liable for sales of a kind: of a line,
// where the rule goes by the item, and else of the whole consignment.
func (x *work) deemed(sales string, i int) *law.Rule {
	if !x.c.Marketplace {
		return nil
	}
	for j := range x.tax.deemed {
		d := &x.tax.deemed[j]
		if d.p.Sales != sales || d.p.SellerAbroad && x.established() {
			continue
		}
		met := no
		if d.p.Per == "item" {
			met = x.scope(&d.p.Scope, i, x.tax.day)
		} else {
			met = x.scopeOfAll(&d.p.Scope, x.tax.day)
		}
		if met != no && x.holds(d.r, met) {
			return d.r
		}
	}
	return nil
}

// taxAtSale finds the lines on which tax falls due at the sale and not at the border.
func (x *work) taxAtSale() {
	for i := range x.tax.sale {
		s := &x.tax.sale[i]
		if wish := x.c.Scheme; wish == "none" && !s.p.Required {
			continue
		}
		x.underScheme(s)
	}
	x.withoutScheme()
	x.salesTaxes()
	for name := range schemesOf(x) {
		x.chargeSale(name, func(l *line) bool { return l.saleTax == name })
	}
}

// schemesOf yields the schemes that some line falls under, once each.
func schemesOf(x *work) func(yield func(*law.Rule) bool) {
	return func(yield func(*law.Rule) bool) {
		for i := range x.lines {
			r := x.lines[i].saleTax
			if r == nil {
				continue
			}
			first := true
			for j := range i {
				first = first && x.lines[j].saleTax != r
			}
			if first && !yield(r) {
				return
			}
		}
	}
}

// underScheme puts the lines that a scheme takes in under it. A limit for the consignment
// takes it in as a whole or not at all.
func (x *work) underScheme(s *ruled[law.SaleTax]) {
	all := yes
	if s.p.Per != "item" {
		if all = x.scopeOfAll(&s.p.Scope, x.tax.day); all == no {
			return
		}
	}
	for i := range x.lines {
		l := &x.lines[i]
		if l.saleTax != nil {
			continue
		}
		met := all
		if s.p.Per == "item" {
			met = x.scope(&s.p.Scope, i, x.tax.day)
		}
		if met == no {
			continue
		}
		if who := x.collector(s, i); who != "" && x.holds(s.r, met) {
			l.saleTax, l.payer = s.r, who
		}
	}
}

// withoutScheme gives the lines on which nothing falls due at the sale their whole price
// as value, unless the seller pays the tax at the border out of it.
func (x *work) withoutScheme() {
	if !x.c.IncludesTax {
		return
	}
	for i := range x.lines {
		l := &x.lines[i]
		if l.saleTax != nil {
			l.sold = l.value
		} else if x.importer == Buyer {
			l.value, l.unit = l.gross, l.price
		}
	}
}

// chargeSale charges the tax of the destination on the lines under a scheme. A scheme that
// takes businesses in leaves the tax to them.
//
// Source: United Kingdom, consignments up to GBP 135: a customer with a VAT number accounts
// for the tax.
func (x *work) chargeSale(scheme *law.Rule, under func(*line) bool) {
	if x.c.Business {
		c := charge{code: SaleTax, name: scheme.Params.(law.SaleTax).Scheme, line: -1, payer: Buyer, bearer: Buyer, to: TaxOffice, how: reversed, recoverable: true}
		for i := range x.lines {
			if l := &x.lines[i]; under(l) {
				c.base += l.value
			}
		}
		c.cite(scheme)
		x.charges = append(x.charges, c)
		return
	}
	p := scheme.Params.(law.SaleTax)
	i := slices.IndexFunc(x.lines, func(l line) bool { return under(&l) })
	payer, cite := x.lines[i].payer, []*law.Rule{scheme}
	if payer == Market {
		cite = append(cite, x.deemed("imports", i))
	}
	x.chargeTaxes(x.tax, p.Scheme, payer, under, cite)
}
