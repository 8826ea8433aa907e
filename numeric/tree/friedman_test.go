package tree

import (
	"math"
	"testing"
)

// twister is the Mersenne Twister with the draws of NumPy's RandomState, so that the data
// of scikit-learn's make_friedman1 can be made here.
//
// Source: Matsumoto & Nishimura (1998), ACM Transactions on Modeling and Computer
// Simulation 8, 3-30; NumPy, legacy-distributions.c.
type twister struct {
	state [624]uint32
	at    int
	kept  float64 // the second normal of a pair
	has   bool
}

func newTwister(seed uint32) *twister {
	t := &twister{at: 624}
	t.state[0] = seed
	for i := 1; i < len(t.state); i++ {
		last := t.state[i-1]
		t.state[i] = 1812433253*(last^last>>30) + uint32(i)
	}
	return t
}

func (t *twister) next() uint32 {
	if t.at == len(t.state) {
		for i := range t.state {
			y := t.state[i]&(1<<31) | t.state[(i+1)%624]&(1<<31-1)
			t.state[i] = t.state[(i+397)%624] ^ y>>1 ^ y&1*0x9908b0df
		}
		t.at = 0
	}
	y := t.state[t.at]
	t.at++
	y ^= y >> 11
	y ^= y << 7 & 0x9d2c5680
	y ^= y << 15 & 0xefc60000
	return y ^ y>>18
}

func (t *twister) uniform() float64 {
	a, b := t.next()>>5, t.next()>>6
	return (float64(a)*(1<<26) + float64(b)) / (1 << 53)
}

func (t *twister) normal() float64 {
	if t.has {
		t.has = false
		return t.kept
	}
	for {
		x, y := 2*t.uniform()-1, 2*t.uniform()-1
		if r := x*x + y*y; r < 1 && r != 0 {
			f := math.Sqrt(-2 * math.Log(r) / r)
			t.kept, t.has = f*x, true
			return f * y
		}
	}
}

// friedman1 returns what make_friedman1(rows, columns, noise=noise, random_state=seed)
// returns, the features by column:
//
//	y = 10 sin(π x_0 x_1) + 20 (x_2 - .5)² + 10 x_3 + 5 x_4 + noise.
//
// Source: Friedman, Multivariate adaptive regression splines (1991), Annals of Statistics
// 19, 1-67; scikit-learn 1.2, datasets/_samples_generator.py.
func friedman1(rows, columns int, noise float64, seed uint32) Data {
	t := newTwister(seed)
	d := Data{X: make([][]float64, columns), Y: make([]float64, rows)}
	for j := range d.X {
		d.X[j] = make([]float64, rows)
	}
	for i := range rows {
		for j := range d.X {
			d.X[j][i] = t.uniform()
		}
	}
	x := d.X
	for i := range d.Y {
		d.Y[i] = 10*math.Sin(math.Pi*x[0][i]*x[1][i]) + 20*(x[2][i]-.5)*(x[2][i]-.5) + 10*x[3][i] + 5*x[4][i] + noise*t.normal()
	}
	return d
}

// part returns some rows of d.
func part(d Data, begin, end int) Data {
	p := Data{Y: d.Y[begin:end]}
	for _, x := range d.X {
		p.X = append(p.X, x[begin:end])
	}
	return p
}

func mse(got, want []float64) float64 {
	sum := 0.0
	for i := range got {
		sum += (got[i] - want[i]) * (got[i] - want[i])
	}
	return sum / float64(len(got))
}

// TestFriedman1: the data are NumPy's, the last roundings of sines apart.
func TestFriedman1(t *testing.T) {
	a, b := friedman1(2000, 10, 1, 0), friedman1(5000, 10, 1, 1)
	for _, c := range [][2]float64{
		{a.X[0][0], 0.5488135039273248}, {a.X[9][0], 0.3834415188257777},
		{a.Y[0], 16.74048535486728}, {b.Y[4999], 18.30137715537961},
	} {
		if math.Abs(c[0]-c[1]) > 1e-12 {
			t.Errorf("got %v, NumPy has %v", c[0], c[1])
		}
	}
}
