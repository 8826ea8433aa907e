package demand

import (
	"math"

	"tradewind/commerce"
	"tradewind/numeric/forecast"
)

// Alignment is what the totals of a group of series say of its parts. A total is forecast
// better than the sum of its parts where it moves as one: by the tide of a market that no
// single series is thick enough to show. Each part is multiplied by Factor to the power of
// Strength, on every day and every sample path alike, so that paths still add up.
type Alignment struct {
	Market   commerce.Market // of the group; "" is the whole shop
	Category string          // of the group; "" is all of the market
	Factor   float64         // forecast of the group's total / sum of the forecasts of its series
	Strength float64         // from 0, the total is not listened to, to 1, the parts add up to it
	Gain     float64         // of mean RMSSE in past windows, as a share of it: of Strength, or where that is 0 of the best that was tried; NaN when not measured
	Error    float64         // standard error of Gain over the windows
	Windows  int             // past windows that it rests on; the last one is not among them
}

// unaligned is where nothing is known of totals.
var unaligned = Alignment{Factor: 1, Gain: math.NaN(), Error: math.NaN()}

// Applied is what the rate of each series of the group is multiplied by.
func (a Alignment) Applied() float64 {
	if a.Strength == 0 {
		return 1
	}
	return math.Pow(a.Factor, a.Strength)
}

const (
	totalWeeks  = 104 // of the past of a total that are looked at
	recentWeeks = 26  // of those, the ones that must nearly all have sales
	leastParts  = 20  // series that a group needs
	leastPart   = .5  // of a total that they must be: of less it says little
	mostFactor  = 2   // a total that says more than this, or less than one over it, is not believed further
)

// totals are the shop, its markets and their categories as sums of the grown series in
// them, at each origin. Tables have one row a node of the hierarchy.
type totals struct {
	*forecast.Hierarchy
	leaves []group
	leaf   []int // of each grown series

	own   [][]float64 // own[k][node]: what the total itself forecasts for the window after origin k; NaN where it has too little trade
	parts [][]float64 // the sum of the forecasts of its series
	came  [][]float64 // what came of those series; nothing after the present

	windows [][]part // of each series at each origin
}

type group struct {
	market   commerce.Market
	category string
}

func (y *Series) group() group { return group{y.Market, y.Category} }

// newTotals forecasts every group at every origin.
func (v *Survey) newTotals(past *replay, all, grown []Series) *totals {
	t := &totals{leaf: make([]int, len(grown))}
	number := map[group]int{}
	for i := range grown {
		g := grown[i].group()
		at, known := number[g]
		if !known {
			at = len(t.leaves)
			number[g] = at
			t.leaves = append(t.leaves, g)
		}
		t.leaf[i] = at
	}
	shop, markets := make([]string, len(t.leaves)), make([]string, len(t.leaves))
	for i, g := range t.leaves {
		markets[i] = string(g.market)
	}
	h, err := forecast.NewHierarchy(len(t.leaves), shop, markets)
	if err != nil || len(t.leaves) == 0 {
		return nil
	}
	t.Hierarchy = h
	v.addParts(t, past, grown)
	t.forecast(v.origins, all, number)
	return t
}

// table is one number a node.
func (t *totals) table() [][]float64 {
	rows, slab := make([][]float64, t.Nodes()), make([]float64, t.Nodes())
	for j := range rows {
		rows[j] = slab[j : j+1]
	}
	return rows
}

// part is what a series was expected to sell in a window, and what came.
type part struct {
	leaf           int
	expected, came float64
	// Σ of squares and products over the days: of the forecast, with what came, of what came.
	squares, cross, actual float64
	rough                  float64
}

// addParts sums up what the series of each group expect, and what came of them.
func (v *Survey) addParts(t *totals, past *replay, grown []Series) {
	t.parts, t.came = make([][]float64, len(v.origins)), make([][]float64, len(v.origins))
	t.windows = make([][]part, len(v.origins))
	parallel(len(v.origins), func(k int) {
		if k == 0 {
			t.windows[0] = v.presentParts(t, grown)
		} else {
			t.windows[k] = v.pastParts(t, past, k)
		}
		parts, came := t.table(), t.table()
		for _, p := range t.windows[k] {
			parts[t.Upper()+p.leaf][0] += p.expected
			came[t.Upper()+p.leaf][0] += p.came
		}
		t.parts[k], t.came[k] = t.summed(parts), t.summed(came)
	})
}

func (v *Survey) presentParts(t *totals, grown []Series) []part {
	var list []part
	looking := viewer{origin: v.origins[0]}
	for i := range grown {
		if s, ok := looking.see(&grown[i]); ok && v.alignable(s.class) {
			rate := v.expected(&s) * v.scales[s.class][v.kind(s.class)]
			list = append(list, part{leaf: t.leaf[i], expected: rate * total(looking.aheadOf(&grown[i])[:held])})
		}
	}
	return list
}

// pastParts are those of the window after origin k, under the scales of the older windows.
func (v *Survey) pastParts(t *totals, past *replay, k int) []part {
	var list []part
	var scales [classCount]float64
	for c := range scales {
		scales[c] = past.scale(k-1, c, func(s *seen) float64 { return v.expected(&s.view) })
	}
	o := v.origins[k]
	for i := range past.seen[k-1] {
		s := &past.seen[k-1][i]
		if !v.alignable(s.class) {
			continue
		}
		rate := v.expected(&s.view) * scales[s.class]
		p := part{leaf: t.leaf[s.at], expected: rate * s.days, rough: s.rough}
		for d := o.n; d < o.n+held; d++ {
			f, y := rate*s.season*o.offsets[d]*s.series.exposure(d), s.series.Units[d]
			p.came += y
			p.squares, p.cross, p.actual = p.squares+f*f, p.cross+f*y, p.actual+y*y
		}
		list = append(list, p)
	}
	return list
}

// summed adds the bottom up and flattens the table.
func (t *totals) summed(table [][]float64) []float64 {
	flat := make([]float64, len(table))
	if t.Sum(table) != nil {
		return flat
	}
	for j, row := range table {
		flat[j] = row[0]
	}
	return flat
}

// forecast forecasts each node with enough trade as one series: the median of ETS, ARIMA,
// CES and DOTM of its weeks, with the calendar taken out and put back in. All series of the
// group count, those too thin for a rate of their own as well, so that products which come
// and go do not look like growth and decline.
func (t *totals) forecast(origins []*origin, all []Series, number map[group]int) {
	days := make([][]float64, t.Nodes())
	for j := range days {
		days[j] = make([]float64, len(all[0].Units))
	}
	for i := range all {
		at, known := number[all[i].group()]
		if !known {
			continue
		}
		for _, j := range [...]int{0, t.Node(1, string(all[i].Market)), t.Upper() + at} {
			for d := all[i].first; d < len(days[j]); d++ {
				if u := all[i].Units[d]; u > 0 {
					days[j][d] += u
				}
			}
		}
	}
	t.own = make([][]float64, len(origins))
	for k := range t.own {
		t.own[k] = make([]float64, t.Nodes())
	}
	method, parts := totalMethod(), t.counts()
	parallel(len(origins)*t.Nodes(), func(w int) {
		k, j := w/t.Nodes(), w%t.Nodes()
		t.own[k][j] = math.NaN()
		if whole := j >= t.Upper() && parts[j] == parts[t.marketOf(j)]; parts[j] >= leastParts && !whole {
			t.own[k][j] = origins[k].totalAhead(days[j], method)
		}
	})
}

// counts are the series of every node.
func (t *totals) counts() []int {
	counts := make([]int, t.Nodes())
	for _, at := range t.leaf {
		counts[0]++
		counts[t.Upper()+at]++
		counts[t.marketOf(t.Upper()+at)]++
	}
	return counts
}

// marketOf is the node above a leaf.
func (t *totals) marketOf(node int) int {
	return t.Node(1, string(t.leaves[node-t.Upper()].market))
}

// totalMethod is the median of ETS, ARIMA, CES and DOTM.
func totalMethod() *forecast.Ensemble {
	return forecast.FitEnsemble(nil, forecast.EnsembleForm{Horizon: PublishedWeeks, Sample: -1})
}

// totalAhead forecasts the next four weeks of a total of which the first n days are known;
// NaN where it has sold too little, or too seldom.
func (o *origin) totalAhead(units []float64, method *forecast.Ensemble) float64 {
	weeks := min(totalWeeks, o.n/7)
	if weeks < recentWeeks {
		return math.NaN()
	}
	levels := make([]float64, weeks)
	sold, begun := 0, false
	for w := range levels {
		from := o.n - 7*(weeks-w)
		days, came := o.sum[from+7]-o.sum[from], total(units[from:from+7])
		begun = begun || came > 0
		levels[w] = math.NaN()
		if begun && days > 1 { // a week of rest says nothing of the level
			levels[w] = came / days
		}
		if w >= weeks-recentWeeks && came > 0 {
			sold++
		}
	}
	if sold < recentWeeks*9/10 {
		return math.NaN()
	}
	f, err := method.Forecast(levels, PublishedWeeks)
	if err != nil {
		return math.NaN()
	}
	sum := 0.0
	for w, m := range f.Means() {
		sum += math.Max(0, m) * (o.sum[o.n+7*(w+1)] - o.sum[o.n+7*w])
	}
	return sum
}

// factors are what the series of each leaf are multiplied by at origin k for the totals to
// add up, with totals down to a depth: 1 the shop, 2 the markets, 3 their categories. A
// total holds more than the series that are known by then; what part they are, the windows
// before tell.
func (t *totals) factors(k, depth int) []float64 {
	table := t.table()
	for j := range table {
		table[j][0] = t.parts[k][j]
		if t.level(j) >= depth || math.IsNaN(t.own[k][j]) {
			continue
		}
		came, said := 0.0, 0.0
		for older := k + 1; older < len(t.own); older++ {
			if !math.IsNaN(t.own[older][j]) {
				came += t.came[older][j]
				said += t.own[older][j]
			}
		}
		if came > leastPart*said {
			table[j][0] = t.own[k][j] * came / said
		}
	}
	out := make([]float64, len(t.leaves))
	aligned := t.Align(table) == nil
	for i := range out {
		out[i] = 1
		if part := t.parts[k][t.Upper()+i]; aligned && part > 0 {
			out[i] = math.Max(1./mostFactor, math.Min(mostFactor, table[t.Upper()+i][0]/part))
		}
	}
	return out
}

// level of a node: 0 the shop, 1 a market, 2 a category in it.
func (t *totals) level(node int) int {
	switch {
	case node == 0:
		return 0
	case node < t.Upper():
		return 1
	}
	return 2
}
