package simulate

import (
	"math"
	"time"

	"tradewind/market"
)

// categoryElasticity holds the mean own-price elasticity of each category.
var categoryElasticity = [...]float64{-1.3, -1.7, -2.0, -2.3, -2.7, -3.1, -3.5}

// categoryNames name the categories and, after each, its subcategories.
var categoryNames = [...][4]string{
	{"stationery", "notebooks", "pens", "cards"},
	{"decor", "frames", "vases", "candles"},
	{"kitchen", "pans", "knives", "boxes"},
	{"garden", "pots", "tools", "lights"},
	{"toys", "puzzles", "figures", "games"},
	{"textiles", "cushions", "towels", "throws"},
	{"cables", "chargers", "adapters", "hubs"},
}

// category is what its items share.
type category struct {
	season       [][]float64 // by market, week by week, in logs
	markup       float64
	depthEffect  float64 // median log uplift for the whole price off
	featureBoost float64 // median log uplift of a feature
}

func (s *Stores) drawCategories() []category {
	out := make([]category, len(categoryElasticity))
	trade := s.drawTrade()
	for c := range out {
		rng := s.chance(ofCategories, c)
		e := categoryElasticity[c]
		out[c] = category{
			markup:       min(max(e/(1+e), 1.4), 2.4) * math.Exp(normal(rng, 0, .08)),
			depthEffect:  uniform(rng, 2.6, 4.2),
			featureBoost: uniform(rng, .15, .40),
		}
		wave := wave{
			year: uniform(rng, .06, .16), yearAt: uniform(rng, 0, weeksAYear),
			half: uniform(rng, .03, .12), halfAt: uniform(rng, 0, weeksAYear),
			gifts: uniform(rng, 0, .5), holiday: normal(rng, -.02, .03),
		}
		for m := range places {
			season := s.drawSeason(wave, c, m)
			for t := range season {
				season[t] += trade[m][t]
			}
			out[c].season = append(out[c].season, season)
		}
	}
	return out
}

const weeksAYear = 52.18

// drawTrade returns the season that all categories of a market share.
func (s *Stores) drawTrade() [][]float64 {
	rng := s.chance(ofTrade, 0)
	top := uniform(rng, 0, weeksAYear)
	out := make([][]float64, len(places))
	for m := range out {
		out[m] = autoregression(rng, s.last(), .6, .06)
		height, at := uniform(rng, .42, .52), top+normal(rng, 0, 2)
		for t := range out[m] {
			out[m][t] += height * math.Cos(2*math.Pi/weeksAYear*(s.weekOfYear(t)-at))
		}
	}
	return out
}

// weekOfYear returns the weeks since New Year.
func (s *Stores) weekOfYear(t int) float64 {
	y, month, day := s.Monday(t).Date()
	return float64(time.Date(y, month, day, 0, 0, 0, 0, time.UTC).YearDay()-1) / 7
}

// wave is the year of a category.
type wave struct {
	year, yearAt   float64
	half, halfAt   float64
	gifts, holiday float64
}

// giftWeeks are the shares of the gift season in the weeks whose Mondays fall on
// 20 November to 24 December.
var giftWeeks = [...]float64{.3, .7, 1, 1, .5}

// drawSeason returns the season of a category in a market.
func (s *Stores) drawSeason(w wave, c, m int) []float64 {
	rng := s.chance(ofSeasons, c*len(places)+m)
	year := w.year * uniform(rng, .8, 1.2)
	shift := normal(rng, 0, 2)
	season := autoregression(rng, s.last(), .6, .04)
	for t := range season {
		_, month, day := s.Monday(t).Date()
		week := s.weekOfYear(t)
		angle := 2 * math.Pi / weeksAYear
		season[t] += year*math.Cos(angle*(week-w.yearAt-shift)) + w.half*math.Cos(2*angle*(week-w.halfAt))
		if from := giftDay(month, day); from >= 0 && from < 7*len(giftWeeks) {
			season[t] += w.gifts * giftWeeks[from/7]
		}
		season[t] += w.holiday * float64(s.holidays(m, t))
	}
	return season
}

// giftDay counts days from 20 November, negative outside November and December.
func giftDay(month time.Month, day int) int {
	switch month {
	case time.November:
		return day - 20
	case time.December:
		return day + 10
	}
	return -1
}

// holidays counts the days from Monday to Saturday on which a market rests.
func (s *Stores) holidays(m, week int) int {
	rest, ok := market.CalendarOf(places[m].market)
	if !ok {
		panic("simulate: no calendar of " + string(places[m].market))
	}
	n := 0
	for d := range 6 {
		if _, on := rest.On(s.Monday(week).AddDays(d)); on {
			n++
		}
	}
	return n
}
