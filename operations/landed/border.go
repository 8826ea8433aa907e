package landed

import (
	"slices"

	"tradewind/fault"
	"tradewind/law"
	"tradewind/law/tariff"
	"tradewind/money"
)

// duties charges what customs takes on the goods: under a simplified import, or line by
// line by relief, flat duty or tariff, and surcharges on what the tariff takes.
func (x *work) duties() {
	x.customsValues()
	if x.simplified() {
		return
	}
	if x.customs.noRelief {
		x.assume("landed.assumed.no_relief", string(x.c.To))
	}
	for i := range x.lines {
		l := &x.lines[i]
		if x.zone != nil && x.zone.p.OutsideCustoms {
			x.unknownDuty(i, "landed.missing.zone", string(x.c.To), x.c.Region)
			continue
		}
		if l.relief = x.dutyRelief(i); l.relief != nil {
			c := x.dutyCharge(i)
			c.how = free
			c.cite(l.relief)
			x.charges = append(x.charges, c)
			continue
		}
		if l.flat = x.flatDuty(i); l.flat != nil {
			continue
		}
		x.tariffDuty(i)
		x.surcharges(i)
	}
	x.flatDuties()
}

// customsValues spreads freight and insurance over the lines by value where the customs
// value contains them.
func (x *work) customsValues() {
	goods := int64(0)
	for i := range x.lines {
		goods += x.lines[i].value
	}
	onTop := int64(0)
	if x.cif {
		onTop = x.apart()
	}
	for i := range x.lines {
		l := &x.lines[i]
		l.customs = l.value
		if onTop > 0 && goods > 0 {
			l.customs += portion(onTop, l.value, goods)
		} else if onTop > 0 { // goods without value: by units
			units := int64(0)
			for j := range x.c.Lines {
				units += x.c.Lines[j].Units
			}
			l.customs += portion(onTop, x.c.Lines[i].Units, units)
		}
	}
}

func (x *work) dutyCharge(i int) charge {
	c := charge{code: Duty, line: i, payer: x.importer, bearer: x.importer, to: Customs, base: x.lines[i].customs}
	c.cite(x.baseRule)
	return c
}

func (x *work) dutyRelief(i int) *law.Rule {
	for j := range x.customs.duty {
		r := &x.customs.duty[j]
		if met := x.scope(&r.p.Scope, i, x.customs.day); met != no && x.holds(r.r, met) {
			return r.r
		}
	}
	for j := range x.customs.dutyLater {
		r := &x.customs.dutyLater[j]
		if x.scope(&r.p.Scope, i, x.customs.day) != no && x.maybeEarlier(r.r) {
			return r.r
		}
	}
	return nil
}

// maybeEarlier asks whether a relief held before the day from which the book has it.
func (x *work) maybeEarlier(r *law.Rule) bool {
	x.lack("landed.missing.relief", -1, r.ID, string(x.c.To))
	return x.doubt(r)
}

func (x *work) flatDuty(i int) *law.Rule {
	for j := range x.customs.flat {
		r := &x.customs.flat[j]
		if met := x.scope(&r.p.Scope, i, x.customs.day); met != no && x.holds(r.r, met) {
			return r.r
		}
	}
	return nil
}

// flatDuties charges each flat duty once for the lines that it takes in.
func (x *work) flatDuties() {
	for i := range x.lines {
		r := x.lines[i].flat
		if r == nil || slices.ContainsFunc(x.lines[:i], func(l line) bool { return l.flat == r }) {
			continue
		}
		p := r.Params.(law.FlatDuty)
		c := charge{code: FlatDuty, line: -1, payer: x.importer, bearer: x.importer, to: Customs, how: byCount}
		c.cite(r)
		x.countOf(&c, p.Each, p.Amount, func(l *line) bool { return l.flat == r })
		for j := range x.lines {
			if l := &x.lines[j]; l.flat == r {
				c.base += l.customs
				l.duty += portion(c.low, 1, x.flatLines(r)) // shared, for the base of the import tax
				l.unsure = l.unsure || c.unknown
			}
		}
		x.charges = append(x.charges, c)
	}
}

func (x *work) flatLines(r *law.Rule) (n int64) {
	for i := range x.lines {
		if x.lines[i].flat == r {
			n++
		}
	}
	return n
}

// countOf sets a charge to an amount for each consignment, subheading or unit. Lines
// without a code may share a subheading or not: the count is then a range, and the charge
// is at least what one of them costs.
func (x *work) countOf(c *charge, each string, amount money.Amount, of func(*line) bool) {
	f, ok := x.factor(amount.Currency(), x.customs.day)
	if !ok {
		x.lack("landed.missing.rate", -1, string(amount.Currency()), string(x.q))
		c.unknown, c.how = true, asked
		return
	}
	count := int64(1)
	switch each {
	case "item":
		count = 0
		for i := range x.lines {
			if of(&x.lines[i]) {
				count += x.c.Lines[i].Units
			}
		}
	case "subheading":
		least, mostOf := x.subheadings(of)
		count = least
		if mostOf > least && x.doubt(each) {
			count = mostOf
		}
	}
	minor := rounding{step: minorStep(x.q)}
	c.count, c.each = count, f.of(amount.E4(), minor)
	c.low = f.of(ratio(amount.E4(), count, 1, fine), minor)
	c.high = c.low
}

// subheadings counts the subheadings of some lines: the least and the most it may be.
func (x *work) subheadings(of func(*line) bool) (least, mostOf int64) {
	unknown := int64(0)
	for i := range x.lines {
		l := &x.lines[i]
		if !of(l) {
			continue
		}
		if len(l.hs) < 6 {
			unknown++
			if len(x.lines) > 1 {
				x.lack("landed.missing.hs", i, "", "")
			}
			continue
		}
		if !slices.ContainsFunc(x.lines[:i], func(m line) bool { return of(&m) && len(m.hs) >= 6 && m.hs[:6] == l.hs[:6] }) {
			least++
		}
	}
	return max(1, least), least + unknown
}

// tariffDuty charges the duty of the destination's tariff.
func (x *work) tariffDuty(i int) {
	l, g := &x.lines[i], &x.c.Lines[i]
	s := x.k.schedule(x.c.To, x.customs.day)
	switch {
	case l.hs == "":
		x.unknownDuty(i, "landed.missing.hs", "", "")
		if s == nil {
			x.lack("landed.missing.tariff", -1, string(x.c.To), "")
		}
		return
	case s == nil:
		x.unknownDuty(i, "landed.missing.tariff", string(x.c.To), "")
		return
	}
	rate, ok := s.Duty(l.hs, g.Origin, g.Programme, x.customs.day)
	if ok && rate.Status == tariff.Conditional && !x.doubt(programme{i}) {
		x.lack("landed.missing.programme", i, rate.Programme, "")
		rate, ok = s.Duty(l.hs, g.Origin, "", x.customs.day)
	}
	if !ok {
		x.lack("landed.missing.duty", i, l.hs, string(x.c.To))
		rate, ok = x.between(i, s.Under(l.hs, g.Origin, g.Programme, x.customs.day))
	}
	if !ok {
		x.unknownDuty(i, "landed.missing.duty", l.hs, string(x.c.To))
		return
	}
	if g.Origin == "" {
		x.assume("landed.assumed.most_favoured", "")
	}
	x.byRate(i, Duty, "", &rate)
	if more, ok := s.Additional(l.hs, g.Origin, x.customs.day); ok {
		l.listed = true
		if more.Formula == nil {
			x.lack("landed.missing.listed", i, l.hs, "")
		} else {
			x.lack("landed.missing.additional", i, more.Text, "")
		}
		if x.doubt(additional{i}) {
			x.byRate(i, Additional, "", &more)
		}
	}
}

// between picks the rate with the least duty in one scenario and that with the greatest in
// the other, for a code that the tariff divides further.
func (x *work) between(i int, rates []tariff.Rate) (rate tariff.Rate, ok bool) {
	least, greatest := 0, 0
	duties := make([]int64, len(rates))
	for j := range rates {
		if duties[j], ok = x.dutyBy(i, &rates[j]); !ok {
			return rate, false
		}
		if duties[j] < duties[least] {
			least = j
		}
		if duties[j] > duties[greatest] {
			greatest = j
		}
	}
	switch {
	case len(rates) == 0:
		return rate, false
	case duties[least] < duties[greatest] && x.doubt(division{i}):
		return rates[greatest], true
	}
	return rates[least], true
}

// dutyBy is the duty on a line at a rate, before the authority rounds it.
func (x *work) dutyBy(i int, rate *tariff.Rate) (e4 int64, ok bool) {
	if share, ok := rate.AdValorem(); ok {
		return ShareOf(share).times(x.lines[i].customs, fine), true
	}
	return x.byFormula(i, rate)
}

// What may be in doubt about the tariff of a line.
type (
	division   struct{ line int }
	programme  struct{ line int }
	additional struct{ line int }
)

func (x *work) unknownDuty(i int, code, text, more string) {
	at := i
	if code == "landed.missing.tariff" || code == "landed.missing.zone" {
		at = -1
	}
	x.lack(code, at, text, more)
	c := x.dutyCharge(i)
	c.unknown, c.how = true, asked
	x.lines[i].unsure = true
	x.charges = append(x.charges, c)
}

// byRate charges a rate of a tariff on a line.
func (x *work) byRate(i int, code Code, name string, rate *tariff.Rate) {
	l := &x.lines[i]
	c := x.dutyCharge(i)
	c.code, c.name, c.how = code, name, byTariff
	c.published = Published{rate.Text, rate.Source, rate.Edition}
	if share, ok := rate.AdValorem(); ok {
		c.rate, c.how, c.base = ShareOf(share), byShare, x.roundedValue(l.customs)
		c.low = x.roundedTax(x.customs, ofDuty, c.base, int64(c.rate), int64(whole), &c)
	} else if e4, ok := x.byFormula(i, rate); ok {
		c.low = x.roundedTax(x.customs, ofDuty, e4, 1, 1, &c)
	} else {
		c.unknown, c.how = true, asked
	}
	c.high = c.low
	if rate.Status == tariff.Unconfirmed && code == Duty {
		x.lack("landed.missing.duty", i, l.hs, string(x.c.To))
		c.low, c.unknown = 0, true
	}
	l.duty += c.low
	l.unsure = l.unsure || c.unknown
	x.charges = append(x.charges, c)
}

// byFormula lets the tariff compute a duty that depends on quantities, in the currency
// that its prices are in.
func (x *work) byFormula(i int, rate *tariff.Rate) (e4 int64, ok bool) {
	g, l := &x.c.Lines[i], &x.lines[i]
	quantities := g.Measures
	if g.Grams > 0 {
		quantities.Kilograms = float64(g.Grams) * float64(g.Units) / 1000
	}
	if g.CubicCm > 0 {
		quantities.CubicMetres = float64(g.CubicCm) * float64(g.Units) / 1e6
	}
	quantities.Pieces = float64(g.Units)
	by, value := one, money.FromE4(l.customs, x.q)
	duty, missing, err := rate.Amount(value, quantities)
	if f := fault.Of(err); f != nil && f.Code == "E-TARIFF-CURRENCY" {
		for _, a := range f.Args {
			if cur, isText := a.Value.(string); isText && a.Name == "currency" {
				if by, ok = x.factor(money.Currency(cur), x.customs.day); !ok {
					x.lack("landed.missing.rate", -1, cur, string(x.q))
					return 0, false
				}
				duty, missing, err = rate.Amount(money.FromE4(by.inverse().of(l.customs, fine), money.Currency(cur)), quantities)
			}
		}
	}
	for _, what := range missing {
		switch {
		case what != "rate":
			x.lack("landed.missing.quantity", i, what, "")
		case rate.Text != "": // no quantity helps where no formula captures the text
			x.lack("landed.missing.rate_text", i, rate.Text, "")
		}
	}
	if err != nil || missing != nil {
		return 0, false
	}
	return by.of(duty.E4(), fine), true
}

// roundedValue is a value as customs charges on it; where no rule says otherwise it is not
// rounded.
func (x *work) roundedValue(v int64) int64 {
	if x.customs.rounding[ofValue] == nil {
		return v
	}
	return x.roundedTax(x.customs, ofValue, v, 1, 1, &charge{})
}

// section301 is the surcharge that a tariff lists code by code as its additional duty.
const section301 = "section_301"

// surcharges charges duties on top of the tariff, each once: where the code is not known,
// both the rule for listed goods and that for all others may take it in.
func (x *work) surcharges(i int) {
	l := &x.lines[i]
	before := len(x.charges)
	for j := range x.customs.extra {
		s := &x.customs.extra[j]
		if l.listed && s.p.Name == section301 {
			continue // the tariff has its rate
		}
		if slices.ContainsFunc(x.charges[before:], func(c charge) bool { return c.name == s.p.Name }) {
			continue
		}
		met := x.scope(&s.p.Scope, i, x.customs.day)
		if met == no || !x.holds(s.r, met) {
			continue
		}
		c := x.dutyCharge(i)
		c.code, c.name, c.how = SurchargeFee, s.p.Name, byShare
		c.cite(s.r)
		switch {
		case s.p.Rate != nil:
			c.rate = ShareOf(*s.p.Rate)
		case s.p.High > 0 && !s.r.Supported(): // at the most, where it holds at all
			c.rate = ShareOf(s.p.High)
		default:
			x.lack("landed.missing.surcharge", -1, s.p.Name, s.r.ID)
			c.unknown, c.how = true, asked
		}
		c.base = x.roundedValue(l.customs)
		c.low = x.roundedTax(x.customs, ofDuty, c.base, int64(c.rate), int64(whole), &c)
		c.high = c.low
		l.duty += c.low
		l.unsure = l.unsure || c.unknown
		x.charges = append(x.charges, c)
	}
}
