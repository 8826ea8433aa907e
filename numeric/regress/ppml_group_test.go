package regress

import (
	"math"
	"math/rand/v2"
	"testing"
)

// answers makes items whose elasticities differ, with one common column, and returns the
// truth by item.
func answers(items, weeks int, rng *rand.Rand) (d *Data, price []float64, truth []float64) {
	d = &Data{X: make([][]float64, 1), Absorb: make([][]int32, 1)}
	season := make([]float64, weeks)
	for t := range season {
		season[t] = .5*math.Sin(2*math.Pi*float64(t)/52) + .1*rng.NormFloat64()
	}
	for i := range items {
		level, elasticity := 1.5+rng.NormFloat64(), -2+.5*rng.NormFloat64()
		truth = append(truth, elasticity)
		p := 0.0
		for t := range weeks {
			if rng.Float64() < .2 {
				p = .2 * rng.NormFloat64()
			}
			x, promotion := p+.3*season[t], float64(rng.IntN(10)/9)
			mean := math.Exp(level + season[t] + elasticity*x + .5*promotion)
			// Gamma of shape 2 makes the counts vary more than Poisson ones.
			d.Y = append(d.Y, poissonDraw(mean*(rng.ExpFloat64()+rng.ExpFloat64())/2, rng))
			price = append(price, x)
			d.X[0] = append(d.X[0], promotion)
			d.Absorb[0] = append(d.Absorb[0], int32(t))
			d.Cluster = append(d.Cluster, int32(i))
		}
	}
	return d, price, truth
}

// groups takes the item codes out of the data.
func groups(d *Data) []int32 {
	g := d.Cluster
	d.Cluster = nil
	return g
}

// Slopes by group are what dummies times the column give, and so are their errors before
// they are corrected for few rows.
func TestGroupPPMLAgreesWithDummies(t *testing.T) {
	for seed := range uint64(5) {
		d, price, _ := answers(6, 30, rand.New(rand.NewPCG(8, seed)))
		group := groups(d)
		d.X = nil
		c, err := fitCounts(d, [][]int32{group, d.Absorb[0]}, [][]float64{price}, false)
		if err != nil {
			t.Fatal(err)
		}
		if err := c.errors(c.poisson(len(d.Y)), &Data{}, Classical); err != nil {
			t.Fatal(err)
		}
		a := c.part.(*arrow)
		long := &Data{Y: d.Y, X: byGroup(price, group, 6), Absorb: [][]int32{group, d.Absorb[0]}}
		for i, w := range d.Absorb[0] { // clusters of five weeks of an item
			long.Cluster = append(long.Cluster, group[i]*6+w/5)
		}
		for kind, cluster := range map[Errors][]int32{HC0: nil, Cluster0: pick(long.Cluster, c.rows)} {
			variance, freedom := c.slopeVariances(nil, a, cluster, true)
			q, err := PPML(long, kind)
			if err != nil {
				t.Fatal(err)
			}
			for g := range 6 {
				near(t, "error", math.Sqrt(variance[2*g+1]), q.SE[g], 1e-6)
				if want := map[Errors]int{HC0: 28, Cluster0: 4}[kind]; freedom[g] != want {
					t.Errorf("%d degrees of freedom, want %d", freedom[g], want)
				}
			}
		}
		p, err := GroupPPML(d, group, [][]float64{price})
		if err != nil {
			t.Fatal(err)
		}
		q, err := PPML(long, HC0)
		if err != nil {
			t.Fatal(err)
		}
		for g := range 6 {
			near(t, "slope", p.Slope[0][g], q.Coef[g], 1e-7)
			if ratio := p.SlopeSE[0][g] / q.SE[g]; ratio < 1 || ratio > 2 {
				t.Errorf("the correction for few rows multiplies an error by %g", ratio)
			}
		}
	}
}

// byGroup returns a column for each group: x there, 0 elsewhere.
func byGroup(x []float64, group []int32, n int) [][]float64 {
	columns := make([][]float64, n)
	for g := range columns {
		columns[g] = make([]float64, len(x))
		for i, v := range x {
			if group[i] == int32(g) {
				columns[g][i] = v
			}
		}
	}
	return columns
}

// Two slopes, a common column: still what dummies give.
func TestGroupPPMLCommonColumn(t *testing.T) {
	rng := rand.New(rand.NewPCG(9, 1))
	d, price, _ := answers(5, 40, rng)
	group := groups(d)
	other := make([]float64, len(price))
	for i := range other {
		other[i] = rng.NormFloat64()
	}
	slopes := [][]float64{price, other}
	p, err := GroupPPML(d, group, slopes)
	if err != nil {
		t.Fatal(err)
	}
	long := &Data{Y: d.Y, X: [][]float64{d.X[0]}, Absorb: [][]int32{group, d.Absorb[0]}, Cluster: group}
	for _, x := range slopes {
		long.X = append(long.X, byGroup(x, group, 5)...)
	}
	q, err := PPML(long, Cluster0)
	if err != nil {
		t.Fatal(err)
	}
	near(t, "common", p.Coef[0], q.Coef[0], 1e-7)
	for j := range slopes {
		for g := range 5 {
			near(t, "slope", p.Slope[j][g], q.Coef[1+5*j+g], 1e-6)
		}
	}
}

// An item with one price, an item without sales and one that sold at one of its prices only
// have no slope; their neighbours keep theirs.
func TestGroupPPMLNotIdentified(t *testing.T) {
	d, price, _ := answers(20, 40, rand.New(rand.NewPCG(10, 1)))
	group := groups(d)
	for i, g := range group {
		switch g {
		case 3:
			price[i] = .1
		case 7:
			d.Y[i] = 0
		case 11:
			price[i] = float64(d.Absorb[0][i] % 2)
			if price[i] == 1 {
				d.Y[i] = 0
			} else {
				d.Y[i]++
			}
		}
	}
	p, err := GroupPPML(d, group, [][]float64{price})
	if err != nil {
		t.Fatal(err)
	}
	for g := range 20 {
		none := g == 3 || g == 7 || g == 11
		if got := math.IsNaN(p.Slope[0][g]) && math.IsInf(p.SlopeSE[0][g], 1); got != none {
			t.Errorf("item %d: slope %g, error %g", g, p.Slope[0][g], p.SlopeSE[0][g])
		}
	}
	if p.GroupRows[7] != 0 || p.GroupRows[11] != 20 || p.GroupRows[0] != 40 {
		t.Errorf("rows in use: %v", p.GroupRows)
	}
}

// If all prices move alike, only differences between items can be told, so no slope is.
func TestGroupPPMLCommonPrices(t *testing.T) {
	d, price, _ := answers(10, 40, rand.New(rand.NewPCG(11, 1)))
	group := groups(d)
	for i := range price {
		price[i] = price[d.Absorb[0][i]] // those of the first item
	}
	p, err := GroupPPML(d, group, [][]float64{price})
	if err != nil {
		t.Fatal(err)
	}
	for g, se := range p.SlopeSE[0] {
		if !math.IsInf(se, 1) {
			t.Errorf("item %d: slope %g, error %g", g, p.Slope[0][g], se)
		}
	}
}

// Intervals of 95 % hold the items' own elasticities about as often as they say, with few
// rows and with many, rows alone and in clusters. Runs of 1,500 have a standard deviation of
// .6 %, and few clusters are known to promise a little too much.
func TestGroupPPMLCoverage(t *testing.T) {
	for _, weeks := range []int{26, 104} {
		for _, block := range []int32{1, 4} {
			held, all := 0, 0
			for seed := range uint64(30) {
				d, price, truth := answers(50, weeks, rand.New(rand.NewPCG(12, seed)))
				group := groups(d)
				for i, w := range d.Absorb[0] {
					d.Cluster = append(d.Cluster, group[i]*int32(weeks)+w/block)
				}
				p, err := GroupPPML(d, group, [][]float64{price})
				if err != nil {
					t.Fatal(err)
				}
				for g, want := range truth {
					low, high := p.SlopeInterval(0, g, .95)
					all++
					if low <= want && want <= high {
						held++
					}
				}
			}
			share := float64(held) / float64(all)
			t.Logf("%d weeks, clusters of %d: %.3f of %d", weeks, block, share, all)
			if share < .915 || share > .97 {
				t.Errorf("%d weeks, clusters of %d: %.3f of the intervals hold the truth", weeks, block, share)
			}
		}
	}
}

func BenchmarkGroupPPML(b *testing.B) {
	d, price, _ := answers(10_000, 104, rand.New(rand.NewPCG(1, 2)))
	group := groups(d)
	var p *GroupPoisson
	for b.Loop() {
		var err error
		if p, err = GroupPPML(d, group, [][]float64{price}); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(p.Iterations), "iterations")
}
