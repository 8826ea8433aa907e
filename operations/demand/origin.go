package demand

import (
	"math"
	"slices"

	"tradewind/numeric/forecast"
	"tradewind/numeric/tree"
)

// origin is what is known of the whole shop at the end of a day: its calendar, and what
// the members of the combination have learnt.
type origin struct {
	n       int       // days of the past
	offsets []float64 // of the past, then of horizon days ahead: weekday × season, 0 when closed
	rests   []Rest    // coming days unlike others of their weekday

	sum     []float64 // sum[t] is Σ offsets over the first t days
	plain   []float64 // likewise of the weekday factors of the days that were open
	boost   *tree.Boost
	seasons []season // of the blocks ahead, beside the calendar; nil where there is too little history
}

// originAt lays out the calendar as it was known after n days.
func originAt(activity []float64, n int, h *habits) (*origin, error) {
	o := &origin{n: n, rests: h.ahead(horizon)}
	closed := make([]bool, horizon)
	for _, r := range o.rests {
		closed[r.Day.Sub(h.from)-n] = r.Share == 0
	}
	index, err := forecast.FitIndex(activity[:n], horizon, closed, forecast.IndexForm{})
	if err != nil {
		return nil, err
	}
	o.offsets = index.Offsets
	for _, r := range o.rests {
		if r.Share > 0 {
			o.offsets[r.Day.Sub(h.from)] *= r.Share
		}
	}
	o.sum, o.plain = make([]float64, n+horizon+1), make([]float64, n+horizon+1)
	for t, v := range o.offsets {
		o.sum[t+1], o.plain[t+1] = o.sum[t]+v, o.plain[t]
		if v > 0 {
			o.plain[t+1] += index.Positions[t%len(index.Positions)]
		}
	}
	return o, nil
}

// level is how busy the shop was in the four weeks before day t, against the origin's own.
func (o *origin) level(t int) float64 {
	from := max(0, t-held)
	return (o.sum[t] - o.sum[from]) / (o.plain[t] - o.plain[from])
}

func (o *origin) ahead() []float64 { return o.offsets[o.n:] }

// cap is the largest count of a day that a level is learnt from: the 95 % quantile of
// those above zero.
func capOf(units []float64, buffer []float64) (float64, []float64) {
	buffer = buffer[:0]
	for _, u := range units {
		if u > 0 {
			buffer = append(buffer, u)
		}
	}
	if len(buffer) == 0 {
		return math.Inf(1), buffer
	}
	slices.Sort(buffer)
	at := .95 * float64(len(buffer)-1)
	k := int(at)
	if k+1 == len(buffer) {
		return buffer[k], buffer
	}
	return buffer[k] + (at-float64(k))*(buffer[k+1]-buffer[k]), buffer
}

// flatOrigin is an origin of which no calendar is known: every day alike.
func flatOrigin(n int) *origin {
	o := &origin{n: n, offsets: make([]float64, n+horizon), sum: make([]float64, n+horizon+1)}
	for t := range o.offsets {
		o.offsets[t] = 1
		o.sum[t+1] = float64(t + 1)
	}
	o.plain = o.sum
	return o
}
