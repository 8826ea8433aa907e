package policy

import (
	"math"
	"testing"
)

// stall is a newsvendor who sets the price as well: one decision, of price and quantity,
// then demand 100 - 10·price + ε with ε uniform in [-20, 20]. A piece costs 2, one left
// over brings nothing.
type stall struct{}

func (stall) Size() (states, actions, uniforms int) { return 1, 61 * 81, 1 }

func (stall) offer(action int) (price, quantity float64) {
	return 3 + .1*float64(action/81), float64(action % 81)
}

func (m stall) Step(_, action int, u []float64) (next int, reward float64) {
	price, quantity := m.offer(action)
	return Terminal, price*min(quantity, 100-10*price-20+40*u[0]) - 2*quantity
}

// profit is the expectation in closed form: what is sold is the quantity less E[(q-D)+].
func (stall) profit(price, quantity float64) float64 {
	z := min(max(quantity-(100-10*price), -20), 20) // beyond it nothing more is sold
	return price*(min(quantity, 120-10*price)-(z+20)*(z+20)/80) - 2*quantity
}

// TestNewsvendorWithPrice: price and quantity that are learnt from 4,000 draws earn at
// least 99.5 % of the optimum, which lies where price = 6 - Θ(z)/20 and
// F(z) = (price-2)/price, with z the quantity above 100 - 10·price and Θ(z) = E[(ε-z)+].
//
// Source: Petruzzi & Dada, Pricing and the newsvendor problem (1999),
// doi:10.1287/opre.47.2.183, lemma 1 and theorem 1.
func TestNewsvendorWithPrice(t *testing.T) {
	price, z := 6., 0.
	for range 200 { // the two conditions in turn, a contraction here
		z = -20 + 40*(price-2)/price
		price = 6 - (20-z)*(20-z)/80/20
	}
	best := stall{}.profit(price, 100-10*price+z)
	q := NewTable(1, 61*81, nil)
	if _, err := FullBackup(stall{}, q, SweepForm{Draws: 4096, Batch: 64, Tail: .5}); err != nil {
		t.Fatal(err)
	}
	got := stall{}.profit(stall{}.offer(q.Greedy(0)))
	t.Logf("the optimum %.4f at price %.4f, learnt %.4f of it", best, price, got/best)
	if share := got / best; share < .995 || share > 1+1e-12 || math.IsNaN(share) {
		t.Errorf("what was learnt earns %.4f of the optimum %.4f, want .995 to 1", share, best)
	}
}
