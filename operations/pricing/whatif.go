package pricing

import "tradewind/money"

// WhatIf is what one price would bring, legal or not.
type WhatIf struct {
	Point
	Gain   Gain
	Broken []Binding // the limits that it breaks
}

// Ask returns what a price would bring against today's and which limits it breaks. It
// fails as Optimise does, and where the price is not above 0 or in another currency.
func Ask(p *Problem, price money.Amount) (*WhatIf, error) {
	w := NewWorkspace()
	if err := w.load(p); err != nil {
		return nil, err
	}
	asked := *p
	asked.Price = price
	if err := asked.check(); err != nil {
		return nil, err
	}
	if err := p.sameCurrency(price); err != nil {
		return nil, err
	}
	x := price.Float()
	units := w.meanUnits(p, x)
	return &WhatIf{
		Point:  Point{price, units, units * p.margin(x)},
		Gain:   w.gainAt(p, x),
		Broken: p.bindings(p.breaks(price), price),
	}, nil
}
