package demand

import (
	"math"
	"math/rand/v2"
	"testing"
	"time"

	"tradewind/calendar"
	"tradewind/commerce"
	"tradewind/numeric/forecast"
)

func day(t testing.TB, s string) calendar.Day {
	t.Helper()
	d, err := calendar.ParseDay(s)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// world is a shop of n items over two years: closed on Saturdays and from Christmas to
// New Year, busier toward Christmas, each item a Poisson count of its own rate. It
// returns the true rate of every item and the shop's true index of every day.
//
//	D_it ~ Poisson(rate_i · index_t),   index_t = open_t · (1 + .5·cos(2π(t - t_Dec 1)/365))
func world(t testing.TB, n int, days int, seed uint64) (s *commerce.Snapshot, rates, index []float64) {
	rng := rand.New(rand.NewPCG(seed, 1))
	from := day(t, "2009-12-01")
	s = &commerce.Snapshot{From: from, AsOf: from.AddDays(days - 1), Currency: "GBP"}
	index = make([]float64, days+horizon)
	for k := range index {
		d := from.AddDays(k)
		_, month, dom := d.Date()
		holiday := month == time.December && dom >= 25 || month == time.January && dom == 1
		if d.Weekday() != time.Saturday && !holiday {
			index[k] = 1 + .5*math.Cos(2*math.Pi*float64(k)/365.25)
		}
	}
	lines := make([]int64, days)
	for i := range n {
		rate := .05 * math.Pow(20, rng.Float64()) // .05 to 1 a day
		rates = append(rates, rate)
		s.Items = append(s.Items, commerce.Item{SKU: commerce.SKU([]byte{'A' + byte(i/676%26), 'A' + byte(i/26%26), 'A' + byte(i%26)}), Market: "GB", Channel: "web"})
		s.Sales.Start = append(s.Sales.Start, int32(len(s.Sales.Day)))
		for k := range days {
			units := int64(0)
			for at := rng.ExpFloat64(); at < rate*index[k]; at += rng.ExpFloat64() {
				units++
			}
			if units > 0 {
				s.Sales.Day = append(s.Sales.Day, from.AddDays(k))
				s.Sales.Gross = append(s.Sales.Gross, units)
				lines[k]++
			}
		}
	}
	s.Sales.Start = append(s.Sales.Start, int32(len(s.Sales.Day)))
	for k, l := range lines {
		s.Trading = append(s.Trading, commerce.TradingDay{Day: from.AddDays(k), Lines: l})
	}
	return s, rates, index
}

// TestOutlookRecoversTheWorld compares 28-day means with the truth that made the data.
func TestOutlookRecoversTheWorld(t *testing.T) {
	const past = 640
	s, rates, index := world(t, 300, past, 1)
	v := NewSurvey(s)
	var sum, want, inside, n float64
	rng := rand.New(rand.NewPCG(9, 9))
	for i := range s.Items {
		y := SeriesOf(s, i)
		o := v.Outlook(y)
		if o.Pooled != (y.SellingDays() < MinSellingDays) {
			t.Fatalf("item %d with %d selling days: pooled %v", i, y.SellingDays(), o.Pooled)
		}
		truth := 0.0
		for k := past; k < past+28; k++ {
			truth += rates[i] * index[k]
		}
		f := o.Forecast(28)
		sum += o.Mean(0, 28)
		want += truth
		if math.Abs(f.Total.Mean()-o.Mean(0, 28)) > 1e-6*(1+o.Mean(0, 28)) {
			t.Errorf("item %d: total %v, mean of blocks %v", i, f.Total.Mean(), o.Mean(0, 28))
		}
		future := 0.0
		for at := rng.ExpFloat64(); at < truth; at += rng.ExpFloat64() {
			future++
		}
		if n++; future >= f.Total.Quantile(.1) && future <= f.Total.Quantile(.9) {
			inside++
		}
	}
	// Last year's change counts only as far as it stands out of the noise, so a steep season
	// is followed with a lag: at origins from day 560 to 739 the bias runs from -.14 to .09.
	if bias := sum/want - 1; math.Abs(bias) > .15 {
		t.Errorf("total bias %.3f, want within .15", bias)
	}
	// Closed intervals of counts hold a little more than their level.
	if cover := inside / n; cover < .76 || cover > .95 {
		t.Errorf("80 %% intervals of the total hold %.3f", cover)
	}
}

// TestClosedDays: the weekday rest and the holidays of last year come back.
func TestClosedDays(t *testing.T) {
	s, _, index := world(t, 200, 739, 2)
	ahead := NewSurvey(s).Ahead()
	for k := range 28 {
		if open := index[739+k] > 0; open != (ahead[k] > 0) {
			t.Errorf("%v: open %v, expected %v", s.AsOf.AddDays(k+1), open, ahead[k] > 0)
		}
	}
	shut := 0
	for _, r := range NewSurvey(s).Rests(28) {
		if r.Share == 0 && index[r.Day.Sub(s.From)-7] > 0 { // its weekday is a working day
			shut++
		}
	}
	if want := 6; shut != want { // 25–31 December and 1 January less Saturdays
		t.Errorf("%d holidays expected in the 28 days after %v, want %d", shut, s.AsOf, want)
	}
}

// TestNegativeControl: counts without any memory teach a season of a week nothing, so the
// weekly seasonal naive never wins, and what wins beats it.
func TestNegativeControl(t *testing.T) {
	s, _, _ := world(t, 120, 400, 3)
	v := NewSurvey(s)
	for c, e := range v.classes {
		if len(e.scores) == 0 || e.scores[chosenNaive].RMSSE == 0 {
			continue // no series of this class
		}
		if e.chosen == chosenNaive || e.skill() < .1 {
			t.Errorf("class %s: value added over seasonal naive only %.3f", classNames[c], e.skill())
		}
	}
}

// TestOutlookOfAnotherMethod: an outlook built on another method than the filter draws and
// sums as its distributions say.
func TestOutlookOfAnotherMethod(t *testing.T) {
	y := make([]float64, 300)
	for k := range y {
		y[k] = 100 + 40*math.Cos(2*math.Pi*float64(k)/30)
	}
	m, err := forecast.FitHarmonic(y, forecast.HarmonicForm{Period: 30, Harmonics: 1})
	if err != nil {
		t.Fatal(err)
	}
	v := &Survey{calibration: forecast.Calibration{Scale: 3, Size: 4, Slope: 1, Span: held}} // the scale is that of the members
	l := around(v.calibration, m.Forecast(horizon).Means())
	o := &Outlook{Model: "harmonic trend", law: l, blocks: l.calibration.Blocks(l.rate, l.ahead)}
	rng := rand.New(rand.NewPCG(1, 1))
	var dst [2]float64
	sum := 0.0
	for range 200 {
		o.Draw(dst[:], []int{15, 30}, rng)
		sum += (dst[0] + dst[1]) / 200
	}
	if math.Abs(sum-3000) > 60 || math.Abs(o.Mean(0, 30)-3000) > 30 {
		t.Errorf("a month draws %v and means %v, want about 3000", sum, o.Mean(0, 30))
	}
	if q := o.Forecast(30).Total.Quantile(.5); math.Abs(q-3000) > 60 {
		t.Errorf("median of a month %v, want about 3000", q)
	}
	if m := around(v.calibration, []float64{-5, 2}).forecast(2).Means(); m[0] != 0 || m[1] != 2 {
		t.Errorf("means %v, want 0 and 2", m)
	}
}

// TestLittleHistoryIsPooled: six weeks of sales make no calendar.
func TestLittleHistoryIsPooled(t *testing.T) {
	s, rates, _ := world(t, 50, 40, 4)
	v := NewSurvey(s)
	var sum, want float64
	for i := range s.Items {
		o := v.Outlook(SeriesOf(s, i))
		if !o.Pooled {
			t.Fatal("40 days of history give a rate of its own")
		}
		sum += o.Mean(0, 28)
		want += 28 * rates[i] * 1.2 // six days of seven, about 1.4 of season
	}
	if sum < .5*want || sum > 2*want {
		t.Errorf("pooled means total %v, the truth is about %v", sum, want)
	}
	empty := v.Outlook(NewSeries(s.From, s.AsOf))
	if m := empty.Mean(0, 28); math.IsNaN(m) || m < 0 {
		t.Errorf("a product without sales expects %v", m)
	}
}

func TestSeriesBeforeTheFirstSaleIsUnknown(t *testing.T) {
	y := NewSeries(day(t, "2011-01-01"), day(t, "2011-01-10"))
	y.Add(day(t, "2011-01-05"), 3)
	y.Add(day(t, "2011-01-03"), 2)
	y.Add(day(t, "2011-01-05"), 1)
	y.Add(day(t, "2012-01-01"), 9) // outside
	want := []float64{math.NaN(), math.NaN(), 2, 0, 4, 0, 0, 0, 0, 0}
	for k := range want {
		if got := y.Units[k]; got != want[k] && !(math.IsNaN(got) && math.IsNaN(want[k])) {
			t.Errorf("day %d: %v, want %v", k, got, want[k])
		}
	}
	if y.SellingDays() != 2 {
		t.Errorf("%d selling days, want 2", y.SellingDays())
	}
}

func BenchmarkNewSurvey(b *testing.B) {
	s, _, _ := world(b, 2000, 739, 5)
	b.ReportAllocs()
	for b.Loop() {
		NewSurvey(s)
	}
}
