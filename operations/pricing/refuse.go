package pricing

import (
	"cmp"
	"math"
	"slices"

	"tradewind/messages"
	"tradewind/money"
)

// Refusal says why no price is legal and what would open one.
type Refusal struct {
	Message messages.Message
	Limits  []Binding // in conflict: without any one of them a price would be left
	Remedy  Remedy
}

// Remedy is the least that has to give: the fewest limits, moved the least. A rule of law
// never has to; where only it stands in the way, Moves is empty and Price is zero.
type Remedy struct {
	Price   money.Amount // legal afterwards
	Moves   []Binding    // each limit with what becomes of it
	Message messages.Message
}

// refuse explains why every candidate breaks a limit.
func (p *Problem) refuse(candidates []money.Amount, breaks []broken) *Refusal {
	together := conflict(breaks)
	var banned []money.Amount // and forbidden by nothing else of the conflict
	for i, price := range candidates {
		if breaks[i]&together == 1<<LimitBan {
			banned = append(banned, price)
		}
	}
	r := &Refusal{Limits: p.bindings(together, banned...)}
	r.Remedy = p.remedy(candidates, breaks)
	r.Message = messages.M("pricing.refused", messages.A("limits", list(r.Limits)), messages.A("remedy", r.Remedy.Message))
	return r
}

// candidates are the prices that a remedy may open: the grid, and what stands next to the
// limits themselves, where a corridor may be narrower than the steps of the grid.
func (p *Problem) candidates(grid []money.Amount) []money.Amount {
	l, currency := &p.Limits, p.Price.Currency()
	step := l.payableStep(currency)
	all := slices.Clone(grid)
	add := func(e4 float64) {
		if !(e4 >= 1 && e4 < 1e18) {
			return
		}
		price := int64(e4)
		for _, at := range []int64{price, price + step} {
			if payable, ok := l.payable(money.FromE4(at, currency)); ok {
				all = append(all, payable)
			}
		}
		for _, e := range l.Endings {
			for _, at := range []int64{price, price + e.Of.E4()} {
				if below, ok := e.Below(money.FromE4(at, currency)); ok {
					all = append(all, below)
				}
			}
		}
	}
	today := float64(p.Price.E4())
	seen := l.support(p.Price)
	for _, a := range []money.Amount{l.Floor, l.Ceiling, l.Advertised, l.Rivals.Low, l.Rivals.High, l.Parity.Low, l.Parity.High} {
		add(float64(a.E4()))
	}
	for i := range l.Bans {
		add(float64(l.Bans[i].Low.E4()) - 1)
		add(float64(l.Bans[i].High.E4()))
	}
	add(float64(seen.Low.E4()) * (1 - Beyond))
	add(float64(seen.High.E4()) * (1 + Beyond))
	add(today * (1 - l.MaxStep))
	add(today * (1 + l.MaxStep))
	add(today / reach)
	add(today * reach)
	add(p.breakEven() * 10_000)
	slices.SortFunc(all, money.Amount.Cmp)
	return slices.Compact(all)
}

// payableStep is the step that leads to the next price that can be paid, in
// ten-thousandths.
func (l *Limits) payableStep(c money.Currency) int64 {
	unit := minorUnit(c)
	if l.Cash == nil {
		return unit
	}
	for step := unit; step <= 1000*unit; step += unit {
		if coin := money.FromE4(step, c); l.Cash(coin) == coin {
			return step
		}
	}
	return unit
}

// breakEven searches above today's price for the lowest one that leaves MinMargin; NaN
// where a thousandfold price leaves too little.
func (p *Problem) breakEven() float64 {
	enough := func(price float64) bool { return p.contribution(price) >= p.Limits.MinMargin*price }
	low := p.Price.Float()
	high := low
	for ; !enough(high); high *= 1.5 {
		if high > 1000*p.Price.Float() {
			return math.NaN()
		}
		low = high
	}
	for range 60 {
		if middle := (low + high) / 2; enough(middle) {
			high = middle
		} else {
			low = middle
		}
	}
	return high
}

// conflict returns an irreducible set of limits that leaves no candidate: each limit is
// given up, those that people give up most easily first, and taken back if that opens one.
//
// Source: J. W. Chinneck and E. W. Dravnieks, Locating minimal infeasible constraint sets
// in linear programs, ORSA Journal on Computing 3 (1991): the deletion filter.
func conflict(breaks []broken) broken {
	kept := broken(1<<limits - 1)
	for limit := range limits {
		without := kept &^ (1 << limit)
		if !slices.ContainsFunc(breaks, func(b broken) bool { return b&without == 0 }) {
			kept = without
		}
	}
	return kept
}

// remedy finds the candidate that asks the least: the fewest limits, then the smallest
// moves.
func (p *Problem) remedy(candidates []money.Amount, breaks []broken) Remedy {
	type ask struct {
		limits int
		moved  float64
		away   float64 // from today's price: among equals the nearest
	}
	best, least := -1, ask{}
	for i, price := range candidates {
		if breaks[i].has(LimitBan) {
			continue
		}
		a := ask{away: math.Abs(math.Log(ratio(price, p.Price)))}
		for limit := range limits {
			if breaks[i].has(limit) {
				a.limits++
				a.moved += p.distance(limit, price)
			}
		}
		if best < 0 || cmp.Or(cmp.Compare(a.limits, least.limits), cmp.Compare(a.moved, least.moved), cmp.Compare(a.away, least.away)) < 0 {
			best, least = i, a
		}
	}
	if best < 0 {
		return Remedy{Message: messages.M("pricing.remedy.none")}
	}
	r := Remedy{Price: candidates[best]}
	for limit := range limits {
		if breaks[best].has(limit) {
			r.Moves = append(r.Moves, Binding{limit, p.move(limit, r.Price)})
		}
	}
	r.Message = messages.M("pricing.remedy", messages.A("moves", list(r.Moves)), messages.A("price", r.Price))
	return r
}

// distance says how far a limit would have to move for a price, as a share of where it
// stands: a measure to compare remedies by, no cost.
func (p *Problem) distance(limit Limit, price money.Amount) float64 {
	l, x := &p.Limits, float64(price.E4())
	outside := func(r Range) float64 {
		if low := float64(r.Low.E4()); x < low {
			return 1 - x/low
		}
		return x/float64(r.High.E4()) - 1
	}
	times := ratio(price, p.Price)
	switch limit {
	case LimitFloor:
		return outside(Range{Low: l.Floor})
	case LimitAdvertised:
		return outside(Range{Low: l.Advertised})
	case LimitCeiling:
		return outside(Range{High: l.Ceiling})
	case LimitRivals:
		return outside(l.Rivals)
	case LimitParity:
		return outside(l.Parity)
	case LimitSupport:
		return outside(l.support(p.Price))
	case LimitMargin:
		return l.MinMargin - p.contribution(price.Float())/price.Float()
	case LimitStep:
		return math.Abs(times-1) - l.MaxStep
	case LimitWait:
		return float64(l.MinDays-l.DaysSince) / float64(l.MinDays)
	case LimitReach:
		return math.Abs(math.Log(times))
	}
	return 0 // an ending is given up, not moved
}
