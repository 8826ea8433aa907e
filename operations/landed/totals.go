package landed

import "tradewind/money"

// span is a sum of amounts in ten-thousandths, some of which may not be known.
type span struct {
	low, high int64
	unknown   bool
}

func (s *span) add(low, high int64, unknown bool) {
	s.low, s.high, s.unknown = s.low+low, s.high+high, s.unknown || unknown
}

// widen takes in what the sum is in another scenario.
func (s *span) widen(other span) {
	s.low, s.high, s.unknown = min(s.low, other.low), max(s.high, other.high), s.unknown || other.unknown
}

func (s span) amount(cur money.Currency) Amount {
	return Amount{money.FromE4(s.low, cur), money.FromE4(s.high, cur), s.unknown}
}

func (s span) each(units float64) Value {
	return Value{float64(s.low) / 10_000 / units, float64(s.high) / 10_000 / units, s.unknown}
}

// totals are the sums over a scenario's charges, or over all scenarios.
type totals struct {
	duty, tax, fees    span
	buyer, landed, net span
	due                span // duty, tax and fees that nobody takes back
}

func (t *totals) widen(other totals, first bool) {
	if first {
		*t = other
		return
	}
	t.duty.widen(other.duty)
	t.tax.widen(other.tax)
	t.fees.widen(other.fees)
	t.buyer.widen(other.buyer)
	t.landed.widen(other.landed)
	t.net.widen(other.net)
	t.due.widen(other.due)
}

// exact reports whether a charge is known to the last digit.
func (c *charge) exact() bool { return !c.unknown && c.low >= c.high }

// sum adds the charges of the scenario that was worked out.
func (x *work) sum() (t totals) {
	for i := range x.charges {
		c := &x.charges[i]
		low, high := c.low, max(c.low, c.high)
		switch c.code {
		case Duty, Additional, FlatDuty, Simplified, SurchargeFee:
			t.duty.add(low, high, c.unknown)
		case ImportTax, SaleTax:
			t.tax.add(low, high, c.unknown)
		case ParcelFee, Brokerage, Handling:
			t.fees.add(low, high, c.unknown)
		}
		if c.code.due() && !c.recoverable {
			t.due.add(low, high, c.unknown)
		}
		if c.bearer == Buyer {
			t.buyer.add(low, high, c.unknown)
			if !c.recoverable {
				t.landed.add(low, high, c.unknown)
			}
		}
		switch {
		case c.to == SellerParty:
			t.net.add(low, high, c.unknown)
		case c.bearer == SellerParty:
			t.net.add(-high, -low, c.unknown)
		}
	}
	return t
}

// due reports whether a line falls due to a state, or for the declaration to it.
func (c Code) due() bool {
	switch c {
	case Duty, Additional, FlatDuty, Simplified, SurchargeFee, ImportTax, SaleTax, ParcelFee, Brokerage, Handling:
		return true
	}
	return false
}
