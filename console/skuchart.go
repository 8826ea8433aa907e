package console

import (
	"html/template"
	"net/http"

	"tradewind"
	"tradewind/calendar"
	"tradewind/console/chart"
	"tradewind/messages"
)

// historyChart shows two years by week. The forecast is not in it: its quantiles are of
// days, and quantiles of days do not add up to those of a week.
func (c *Console) historyChart(r *http.Request, weeks []week) template.HTML {
	t := chart.Trend{Title: c.say(r, "console.chart.history"), Step: 7, Height: 200, Axis: c.say(r, "console.axis.weekly"), Format: tidy}
	total := int64(0)
	for _, w := range weeks {
		t.Bars = append(t.Bars, chart.Point{Day: w.Monday, Y: float64(w.Units)})
		total += w.Units
	}
	if len(weeks) > 0 {
		t.Summary = c.say(r, "console.chart.history.desc", messages.A("units", total), messages.A("from", weeks[0].Monday), messages.A("weeks", len(weeks)))
	}
	return t.SVG()
}

// outlookChart shows the last weeks by day and the forecast with its band.
func (c *Console) outlookChart(r *http.Request, f *tradewind.ForecastView) template.HTML {
	if len(f.Forecast) == 0 {
		return ""
	}
	from := f.Forecast[0].Day
	t := chart.Trend{Title: c.say(r, "console.chart.outlook"), Axis: c.say(r, "console.axis.daily"), Format: tidy, Summary: c.say(r, "console.chart.outlook.desc",
		messages.A("days", totalDays), messages.A("mean", messages.Decimal{X: f.Total.Mean}), messages.A("p10", messages.Decimal{X: f.Total.P10}), messages.A("p90", messages.Decimal{X: f.Total.P90}))}
	for _, d := range since(f.History, from.AddDays(-daysShown)) {
		t.Bars = append(t.Bars, chart.Point{Day: d.Day, Y: float64(d.Units)})
	}
	mean := chart.Line{Name: c.say(r, "console.series.mean"), Series: 1}
	band := chart.Band{Name: c.say(r, "console.series.band"), Series: 1}
	for _, p := range f.Forecast[:min(aheadShown, len(f.Forecast))] {
		mean.Points = append(mean.Points, chart.Point{Day: p.Day, Y: p.Mean})
		band.Ranges = append(band.Ranges, chart.Range{Day: p.Day, Low: p.P10, High: p.P90})
	}
	t.Bands = []chart.Band{band}
	if model, overridden := c.modelLine(r, f); overridden {
		t.Lines = append(t.Lines, model)
	}
	t.Lines = append(t.Lines, mean)
	t.Marks = []chart.Mark{{Day: from, Name: c.say(r, "console.mark.forecast")}}
	return t.SVG()
}

// modelLine is what the model expects, where somebody overrode it on some day.
func (c *Console) modelLine(r *http.Request, f *tradewind.ForecastView) (line chart.Line, overridden bool) {
	line = chart.Line{Name: c.say(r, "console.series.model"), Series: 2}
	for _, p := range f.Forecast[:min(aheadShown, len(f.Forecast))] {
		overridden = overridden || p.Mean != p.Model
		line.Points = append(line.Points, chart.Point{Day: p.Day, Y: p.Model})
	}
	return line, overridden
}

func since(days []tradewind.DemandPoint, from calendar.Day) []tradewind.DemandPoint {
	for i, d := range days {
		if !d.Day.Before(from) {
			return days[i:]
		}
	}
	return nil
}

// stockChart shows where the stock goes without the proposed order, and with it where
// there is one.
func (c *Console) stockChart(r *http.Request, f *tradewind.ForecastView) template.HTML {
	t := chart.Trend{Title: c.say(r, "console.chart.stock"), Summary: c.say(r, "console.chart.stock.desc"), Axis: c.say(r, "console.axis.stock"), Format: tidy}
	without, low := chart.Line{Name: c.say(r, "console.series.without"), Series: 2}, chart.Band{Series: 2}
	with, lowWith := chart.Line{Name: c.say(r, "console.series.with"), Series: 1}, chart.Band{Series: 1}
	ordered := false
	for _, p := range f.Stock {
		without.Points = append(without.Points, chart.Point{Day: p.Day, Y: p.Without})
		with.Points = append(with.Points, chart.Point{Day: p.Day, Y: p.With})
		low.Ranges = append(low.Ranges, chart.Range{Day: p.Day, Low: p.WithoutP10, High: p.Without})
		lowWith.Ranges = append(lowWith.Ranges, chart.Range{Day: p.Day, Low: p.WithP10, High: p.With})
		ordered = ordered || p.With != p.Without
	}
	if ordered {
		t.Lines, t.Bands = []chart.Line{with}, []chart.Band{lowWith}
	}
	t.Lines, t.Bands = append(t.Lines, without), append(t.Bands, low)
	return t.SVG()
}
