package landed

import (
	"tradewind/law"
)

// simplified charges a consignment under a simplified import, if one applies.
func (x *work) simplified() bool {
	s := x.scheme()
	if s == nil {
		return false
	}
	if s.p.Factor > 0 {
		for i := range x.lines {
			x.reducedTax(s, i)
		}
		return true
	}
	value := int64(0)
	for i := range x.lines {
		value += x.lines[i].value
	}
	if s.p.BaseFreight {
		value += x.apart()
	}
	c := charge{code: Simplified, name: s.p.Scheme, line: -1, payer: x.importer, bearer: x.importer, to: Customs, base: value, how: byShare}
	c.cite(s.r)
	band := x.band(s, value)
	if band == nil {
		c.unknown, c.how = true, asked
	} else {
		c.rate = ShareOf(band.Rate)
		x.deduct(&c, band)
	}
	c.high = c.low
	for i := range x.lines {
		l := &x.lines[i]
		l.customs = portion(value, l.value, x.goodsValue())
		l.duty, l.unsure, l.free = portion(c.low, l.value, x.goodsValue()), c.unknown, s.p.ReplacesTax
	}
	x.charges = append(x.charges, c)
	return true
}

func (x *work) goodsValue() (v int64) {
	for i := range x.lines {
		v += x.lines[i].value
	}
	return v
}

// band finds the step that the whole value falls into.
func (x *work) band(s *ruled[law.Simplified], value int64) *law.Band {
	for i := range s.p.Bands {
		b := &s.p.Bands[i]
		if b.UpTo.IsZero() {
			return b
		}
		sign, ok := x.against(value, b.UpTo, x.customs.day)
		if !ok {
			return nil
		}
		if sign <= 0 {
			return b
		}
	}
	return nil
}

// deduct sets the charge of a band: base × rate, less what is taken off.
func (x *work) deduct(c *charge, b *law.Band) {
	c.low = x.roundedTax(x.customs, ofDuty, c.base, int64(c.rate), int64(whole), c)
	if b.Deduct.IsZero() {
		return
	}
	f, ok := x.factor(b.Deduct.Currency(), x.customs.day)
	if !ok {
		x.lack("landed.missing.rate", -1, string(b.Deduct.Currency()), string(x.q))
		c.low, c.unknown, c.how = 0, true, asked
		return
	}
	c.each, c.how = f.of(b.Deduct.E4(), rounding{step: minorStep(x.q)}), lessEach
	c.low = max(0, c.low-c.each)
}

// reducedTax charges a line under China's cross-border retail import: no duty, and the
// import taxes at a part of their rates, consumption tax in the base of both.
//
// Source: Cai Guan Shui [2016] no. 18; (consumption tax + VAT) ÷ (1 - consumption tax) × part.
func (x *work) reducedTax(s *ruled[law.Simplified], i int) {
	l := &x.lines[i]
	l.free = true
	c := charge{code: Simplified, name: s.p.Scheme, line: i, payer: x.importer, bearer: x.importer, to: Customs, base: l.customs, how: byShare}
	c.cite(s.r)
	t := x.taxesFor(x.customs, l.class)
	consumption, vat := Share(0), Share(0)
	sure := t.known
	for j := range t.all {
		r := &t.all[j]
		if r.name == "vat" {
			vat = r.share
		} else {
			consumption += r.share
		}
		sure = sure && r.rule.Supported()
		c.cite(r.rule)
	}
	if vat == 0 || consumption >= whole {
		x.lackTaxRate(x.customs, l.class)
		c.unknown, c.how = true, asked
		x.charges = append(x.charges, c)
		return
	}
	part := (consumption + vat).times(int64(ShareOf(s.p.Factor)), fine)
	c.rate = Share(ratio(part, int64(whole), int64(whole-consumption), fine))
	c.low = x.roundedTax(x.customs, ofTax, l.customs, part, int64(whole-consumption), &c)
	c.high = c.low
	if !sure {
		c.low, c.unknown = 0, true
		if !t.known {
			x.lackTaxRate(x.customs, l.class)
		}
		for j := range t.all {
			if r := t.all[j].rule; !r.Supported() {
				x.lack("landed.missing.confirm", -1, r.ID, "")
			}
		}
	}
	x.charges = append(x.charges, c)
}

// scheme finds the simplified import that applies to the whole consignment.
func (x *work) scheme() *ruled[law.Simplified] {
	wish := x.c.Scheme
	if wish == "none" {
		return nil
	}
	var chosen *ruled[law.Simplified]
	for i := range x.customs.simple {
		s := &x.customs.simple[i]
		if wish != "" && wish != s.p.Scheme || chosen != nil && chosen.p.Scheme == s.p.Scheme {
			continue
		}
		met := x.scopeOfAll(&s.p.Scope, x.customs.day)
		if met == no || !x.inYear(s) {
			continue
		}
		if chosen == nil {
			if x.holds(s.r, met) {
				chosen = s
			}
			continue
		}
		x.lack("landed.missing.scheme", -1, chosen.p.Scheme, s.p.Scheme)
		if x.doubt(s.r) {
			chosen = s
		}
	}
	return chosen
}

// inYear reports whether the buyer is still within the yearly limit of a scheme.
func (x *work) inYear(s *ruled[law.Simplified]) bool {
	if s.p.YearLimit.IsZero() {
		return true
	}
	if x.spent == 0 {
		x.assume("landed.assumed.year_limit", s.p.Scheme)
	}
	sign, ok := x.against(x.spent+x.goodsValue(), s.p.YearLimit, x.customs.day)
	return ok && sign <= 0
}
