package pricing

// Bounds lists the limits that are set for a price, whether or not they bind.
func (p *Problem) Bounds() []Binding {
	l := &p.Limits
	var all []Binding
	add := func(limit Limit, set bool) {
		if set {
			all = append(all, Binding{limit, p.describe(limit)})
		}
	}
	add(LimitMargin, true)
	add(LimitFloor, l.Floor.Sign() > 0)
	add(LimitCeiling, l.Ceiling.Sign() > 0)
	add(LimitAdvertised, l.Advertised.Sign() > 0)
	add(LimitStep, l.MaxStep > 0)
	add(LimitWait, l.MinDays > 0 && l.DaysSince < l.MinDays)
	add(LimitSupport, true)
	add(LimitRivals, l.Rivals != Range{})
	add(LimitParity, l.Parity != Range{})
	add(LimitEnding, len(l.Endings) > 0 || l.Cash != nil)
	for i := range l.Bans {
		all = append(all, Binding{LimitBan, l.Bans[i].message()})
	}
	return all
}
