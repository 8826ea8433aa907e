package landed

import "tradewind/money"

// costs charges what the sale itself and the expected returns cost the seller.
func (x *work) costs() {
	f, r := &x.c.Fees, &x.c.Returns
	paid, unsure := x.paidAtSale()
	add := func(code Code, to Party, share float64, fixed int64) {
		if share == 0 && fixed == 0 {
			return
		}
		c := charge{code: code, line: -1, payer: SellerParty, bearer: SellerParty, to: to, base: paid, rate: ShareOf(share), how: byShare, unknown: unsure && share > 0}
		c.low = c.rate.times(paid, rounding{step: minorStep(x.q)}) + fixed
		c.high = c.low
		if fixed > 0 {
			c.each = fixed
		}
		x.charges = append(x.charges, c)
	}
	add(Commission, Market, f.CommissionShare, x.given(f.Commission))
	add(Payment, Payments, f.PaymentShare, x.given(f.Payment))
	add(Exchange, Bank, f.ExchangeShare, 0)
	if r.Share == 0 {
		return
	}
	sold, units := int64(0), int64(0)
	for i := range x.lines {
		sold += x.lines[i].sold
		units += x.c.Lines[i].Units
	}
	share := ShareOf(r.Share)
	expected := func(code Code, from, to Party, base int64) {
		if base == 0 {
			return
		}
		c := charge{code: code, line: -1, payer: from, bearer: from, to: to, base: base, rate: share, how: byShare}
		c.low = share.times(base, rounding{step: minorStep(x.q)})
		c.high = c.low
		x.charges = append(x.charges, c)
	}
	expected(Refund, SellerParty, Buyer, sold)
	expected(ReturnCost, SellerParty, Carrier, ratio(x.given(r.Freight), units, 1, fine))
	expected(Salvage, Stock, SellerParty, ratio(x.given(r.Salvage), units, 1, fine))
}

// paidAtSale is all that the buyer hands over at the sale, tax included.
func (x *work) paidAtSale() (paid int64, unsure bool) {
	for i := range x.charges {
		c := &x.charges[i]
		if c.bearer == Buyer && (c.code == Goods || c.code == SaleTax || c.code == Freight || c.code == Insurance) {
			paid += c.low
			unsure = unsure || c.unknown
		}
	}
	return paid, unsure
}

// given is an amount of the consignment that amounts has found to be convertible.
func (x *work) given(a money.Amount) int64 {
	e4, _ := x.amount(a, "")
	return e4
}
