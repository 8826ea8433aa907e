package console

import (
	"html/template"
	"net/http"
	"slices"

	"tradewind"
	"tradewind/console/chart"
	"tradewind/messages"
)

// chainShown is how many weeks of past forecasts a SKU page draws.
const chainShown = 12

// chainOf takes the weeks of past forecasts that are over, in the order of days and none of
// them twice: of two forecasts of a day the newer one.
func chainOf(past []tradewind.PastForecast) []tradewind.PastBlock {
	var chain []tradewind.PastBlock
	for _, f := range past { // the newest first
		for _, w := range slices.Backward(f.Weeks) {
			free := len(chain) == 0 || w.To.Before(chain[len(chain)-1].From)
			if w.Actual != nil && free && len(chain) < chainShown {
				chain = append(chain, w)
			}
		}
	}
	slices.Reverse(chain)
	return chain
}

// pastChart shows what was sold in each week beside what had been expected of it.
func (c *Console) pastChart(r *http.Request, chain []tradewind.PastBlock, runs int) template.HTML {
	t := chart.Trend{Title: c.say(r, "console.past.title"), Summary: c.say(r, "console.past.desc", messages.A("n", runs)),
		Step: 7, Height: 200, Axis: c.say(r, "console.axis.weekly"), Format: tidy}
	mean := chart.Line{Name: c.say(r, "console.past.forecast"), Series: 1}
	band := chart.Band{Name: c.say(r, "console.series.band"), Series: 1}
	for _, w := range chain {
		t.Bars = append(t.Bars, chart.Point{Day: w.From, Y: float64(*w.Actual)})
		mean.Points = append(mean.Points, chart.Point{Day: w.From, Y: w.Mean})
		band.Ranges = append(band.Ranges, chart.Range{Day: w.From, Low: w.P10, High: w.P90})
	}
	t.Lines, t.Bands = []chart.Line{mean}, []chart.Band{band}
	return t.SVG()
}

// pastSheet has a row for each week of each past forecast, and one for its total.
func pastSheet(past []tradewind.PastForecast) *sheet {
	s := &sheet{columns: []string{"run", "origin", "made_for", "model", "block", "from", "to", "mean", "p10", "p50", "p90", "actual"}}
	for _, f := range past {
		add := func(block string, b tradewind.PastBlock) {
			actual := plainCell("")
			if b.Actual != nil {
				actual = intCell(*b.Actual)
			}
			s.add(textCell(f.Run), plainCell(f.Origin.String()), textCell(f.For), textCell(f.Model), plainCell(block), plainCell(b.From.String()), plainCell(b.To.String()),
				floatCell(b.Mean), floatCell(b.P10), floatCell(b.P50), floatCell(b.P90), actual)
		}
		for _, w := range f.Weeks {
			add("week", w)
		}
		add("total", f.Total)
	}
	return s
}
