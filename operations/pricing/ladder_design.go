package pricing

import (
	"math"
	"runtime"
	"sync"
	"sync/atomic"
)

// The regressors of an item, beside its level. Each item has coefficients of its own.
const (
	atPrice  = iota // log of the base price
	atRival         // log of the rivals' lowest price
	atDepth         // of a promotion
	atShown         // whether it was featured or displayed
	atDipped        // depth of the promotions of the last weeks
	atDimmed        // whether those were shown
	atTrend         // years
	atCosine        // of the year
	atSine
	columns
)

// dip is how much of a promotion's effect on the weeks after it falls on each.
var dip = [...]float64{1, .5, .25}

// fewestSales is how many weeks with sales an item needs to be looked at with the others.
const fewestSales = 8

// design is the usable weeks of the items that take part, in columns, weeks ascending
// within an item.
type design struct {
	panel *Panel
	items []int // positions in the panel
	start []int
	row   []int32 // of the panel
	week  []int32

	rate []float64 // units a whole week of exposure
	seen []float64 // exposure
	x    [columns][]float64
	lead []float64 // log of next week's price over this week's; 0 where there is none
}

// newDesign takes in the items for which usable is true. Prices are centred by item.
func newDesign(p *Panel, usable func(i int) bool) *design {
	d := &design{panel: p, start: []int{0}}
	for i := range p.Items {
		if !usable(i) {
			continue
		}
		begin := len(d.row)
		lo, hi := p.Rows(i)
		for r := lo; r < hi; r++ {
			if p.Exposure[r] > 0 {
				d.addRow(r, lo, hi)
			}
		}
		if d.sales(begin) < fewestSales {
			d.cut(begin)
			continue
		}
		d.centre(atPrice, begin)
		d.centre(atRival, begin)
		d.items, d.start = append(d.items, i), append(d.start, len(d.row))
	}
	return d
}

func (d *design) addRow(r, lo, hi int) {
	p := d.panel
	d.row, d.week = append(d.row, int32(r)), append(d.week, p.Week[r])
	d.rate, d.seen = append(d.rate, p.Units[r]/p.Exposure[r]), append(d.seen, p.Exposure[r])
	var x [columns]float64
	x[atPrice], x[atRival] = math.Log(p.Price[r]), math.Log(p.Rival[r])
	x[atDepth] = p.Depth[r]
	x[atShown] = shown(p, r)
	for k, share := range dip {
		if before := r - 1 - k; before >= lo {
			x[atDipped] += share * p.Depth[before]
			x[atDimmed] += share * shown(p, before)
		}
	}
	year := float64(p.Week[r]) * 7 / 365.25
	x[atTrend] = year - float64(p.Weeks)*3.5/365.25
	x[atSine], x[atCosine] = math.Sincos(2 * math.Pi * year)
	for k, v := range x {
		d.x[k] = append(d.x[k], v)
	}
	lead := 0.0
	if r+1 < hi {
		lead = math.Log(p.Price[r+1] / p.Price[r])
	}
	d.lead = append(d.lead, lead)
}

func shown(p *Panel, r int) float64 {
	if p.Depth[r] > 0 && p.Vehicle[r]&(featured|displayed) != 0 {
		return 1
	}
	return 0
}

// sales counts the weeks with sales from row begin on.
func (d *design) sales(begin int) int {
	n := 0
	for _, y := range d.rate[begin:] {
		if y > 0 {
			n++
		}
	}
	return n
}

func (d *design) cut(n int) {
	d.row, d.week, d.rate, d.seen, d.lead = d.row[:n], d.week[:n], d.rate[:n], d.seen[:n], d.lead[:n]
	for k := range d.x {
		d.x[k] = d.x[k][:n]
	}
}

// centre takes the mean of the known values off the rows from begin on; unknown ones become 0.
func (d *design) centre(k, begin int) {
	x := d.x[k][begin:]
	sum, n := 0.0, 0
	for _, v := range x {
		if known(v) {
			sum, n = sum+v, n+1
		}
	}
	for r, v := range x {
		if known(v) {
			x[r] = v - sum/float64(n)
		} else {
			x[r] = 0
		}
	}
}

// rows returns the half-open range of rows of the k-th item.
func (d *design) rows(k int) (lo, hi int) { return d.start[k], d.start[k+1] }

// each calls do for 0…n-1 on all cores, each worker with room of its own. What do writes
// must belong to its number alone, so that the order does not matter.
func each[T any](n int, room func() T, do func(room T, k int)) {
	chunk := min(16, 1+n/64)
	var next atomic.Int64
	var wait sync.WaitGroup
	for range min(runtime.GOMAXPROCS(0), (n+chunk-1)/chunk) {
		wait.Go(func() {
			own := room()
			for {
				hi := int(next.Add(int64(chunk)))
				if hi-chunk >= n {
					return
				}
				for k := hi - chunk; k < min(hi, n); k++ {
					do(own, k)
				}
			}
		})
	}
	wait.Wait()
}

// alone is for workers that need no room of their own.
func alone() struct{} { return struct{}{} }
