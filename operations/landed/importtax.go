package landed

import (
	"slices"

	"tradewind/law"
)

// stateFees charges the handling fees of a state.
func (x *work) stateFees() {
	if !x.borderDuty && !x.borderTax {
		return
	}
	for i := range x.customs.fees {
		f := &x.customs.fees[i]
		met := no
		for j := range x.lines {
			met = max(met, x.scope(&f.p.Scope, j, x.customs.day))
		}
		if met == no || !x.holds(f.r, met) {
			continue
		}
		c := charge{code: ParcelFee, name: f.r.ID, line: -1, payer: x.importer, bearer: x.importer, to: Customs, how: byCount}
		c.cite(f.r)
		x.countOf(&c, f.p.Each, f.p.Amount, func(*line) bool { return true })
		if f.p.Taxable {
			x.taxable += c.low
		}
		x.charges = append(x.charges, c)
	}
}

// clearance charges what the broker and the terminal take.
func (x *work) clearance() {
	for _, f := range [...]struct {
		code   Code
		amount int64
		to     Party
	}{{Brokerage, x.brokerage, Broker}, {Handling, x.handling, Carrier}} {
		if f.amount > 0 {
			x.charges = append(x.charges, charge{code: f.code, line: -1, payer: x.importer, bearer: x.importer, to: f.to, low: f.amount, high: f.amount})
		}
	}
	if x.brokerage == 0 {
		x.assume("landed.assumed.no_brokerage", "")
	}
}

// importTaxes charges the taxes that fall due at the border, one charge a class of goods
// and tax, on the lines that are neither taxed at the sale nor relieved.
func (x *work) importTaxes() {
	if !x.borderDuty {
		x.customsValues()
	}
	for i := range x.lines {
		l := &x.lines[i]
		if l.saleTax != nil || l.free {
			l.free = true
			continue
		}
		if r := x.taxRelief(i); r != nil {
			l.free = true
			x.relieved(r, l)
		}
	}
	if x.onlySalesTax() {
		return
	}
	for i := range x.lines {
		l := &x.lines[i]
		if l.free || slices.ContainsFunc(x.lines[:i], func(m line) bool { return !m.free && m.class == l.class }) {
			continue
		}
		x.importTax(l.class)
	}
}

func (x *work) taxRelief(i int) *law.Rule {
	for j := range x.customs.tax {
		r := &x.customs.tax[j]
		if met := x.scope(&r.p.Scope, i, x.customs.day); met != no && x.holds(r.r, met) {
			return r.r
		}
	}
	for j := range x.customs.taxLater {
		r := &x.customs.taxLater[j]
		if x.scope(&r.p.Scope, i, x.customs.day) != no && x.maybeEarlier(r.r) {
			return r.r
		}
	}
	return nil
}

// relieved notes that a line is free of import tax: one charge of nothing for all lines.
func (x *work) relieved(r *law.Rule, l *line) {
	for i := range x.charges {
		if c := &x.charges[i]; c.code == ImportTax && c.how == free {
			c.base += l.customs
			c.cite(r)
			return
		}
	}
	c := charge{code: ImportTax, line: -1, payer: x.importer, bearer: x.importer, to: Customs, base: l.customs, how: free}
	c.cite(r)
	x.charges = append(x.charges, c)
}

// importTax charges the taxes of a class: first those that are part of their own base,
// and the others on top of them.
func (x *work) importTax(class string) {
	value, duty, goods := int64(0), int64(0), int64(0)
	unsure, all := false, true
	for i := range x.lines {
		l := &x.lines[i]
		if l.free || l.class != class {
			all = false
			continue
		}
		value, duty, goods = value+l.customs, duty+l.duty, goods+l.value
		unsure = unsure || l.unsure
	}
	if all { // shares that were rounded line by line do not sum to what was shared
		duty = x.wholeDuty()
		if x.cif && !x.simplifiedBase() {
			value = goods + x.apart()
		}
	}
	base := int64(0)
	for _, part := range x.taxBase {
		switch part {
		case "customs_value":
			base += value
		case "duty":
			base += duty
		case "freight", "insurance":
			if !x.cif {
				base += portion(x.part(part), goods, x.goodsValue())
			}
		case "fees":
			base += portion(x.brokerage+x.handling, goods, x.goodsValue())
		}
	}
	base += portion(x.taxable, goods, x.goodsValue())
	t := x.taxesFor(x.customs, class)
	if !t.known {
		x.lackTaxRate(x.customs, class)
		x.charges = append(x.charges, charge{code: ImportTax, name: "tax", line: -1, class: x.among(class), payer: x.importer, bearer: x.importer, to: Customs, base: base, unknown: true, recoverable: x.c.Business, how: asked})
		return
	}
	for _, pass := range []bool{true, false} {
		own := int64(0)
		for i := range t.all {
			r := &t.all[i]
			if r.inside != pass || r.name == salesTax {
				continue
			}
			c := charge{code: ImportTax, name: r.name, line: -1, class: x.among(class), payer: x.importer, bearer: x.importer, to: Customs, base: x.roundedValue(base), how: byShare, recoverable: x.c.Business}
			c.cite(r.rule)
			c.cite(x.baseRule)
			c.rate = r.share
			of := int64(whole)
			if r.inside {
				of, c.how = int64(whole-c.rate), inside
			}
			c.low = x.roundedTax(x.customs, ofTax, c.base, int64(c.rate), max(1, of), &c)
			own += c.low
			x.settle(&c, r.rule)
			c.unknown = c.unknown || unsure && c.rate > 0
			x.charges = append(x.charges, c)
		}
		base += own
	}
}

// wholeDuty sums the duties that were charged.
func (x *work) wholeDuty() (sum int64) {
	for i := range x.charges {
		switch x.charges[i].code {
		case Duty, Additional, FlatDuty, Simplified, SurchargeFee:
			sum += x.charges[i].low
		}
	}
	return sum
}

// simplifiedBase reports whether the value was set by a simplified import.
func (x *work) simplifiedBase() bool {
	for i := range x.charges {
		if x.charges[i].code == Simplified {
			return true
		}
	}
	return false
}

func (x *work) part(name string) int64 {
	switch {
	case x.carriage != Buyer:
		return 0
	case name == "freight":
		return x.freight
	}
	return x.insurance
}
