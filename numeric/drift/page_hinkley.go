package drift

// PageHinkleyForm is what the test of Page and Hinkley answers to. The zero form is usable
// for values of standard deviation about 1.
type PageHinkleyForm struct {
	Delta     float64 // change of the mean that is let pass, in units of the values; 0: .005
	Threshold float64 // sum of deviations at which the alarm is raised; 0: 50
	Forget    float64 // by which older deviations fade with every value; 0: 1, which is not at all
	Least     int     // values before the first alarm; 0: 30
}

func (form PageHinkleyForm) withDefaults() PageHinkleyForm {
	if form.Delta == 0 {
		form.Delta = .005
	}
	if form.Threshold == 0 {
		form.Threshold = 50
	}
	if form.Forget == 0 {
		form.Forget = 1
	}
	if form.Least == 0 {
		form.Least = 30
	}
	if !(form.Delta > 0) || !(form.Threshold > 0) || !(form.Forget > 0 && form.Forget <= 1) || form.Least < 1 {
		panic("drift: a Page-Hinkley form out of range")
	}
	return form
}

// PageHinkley watches for a change of the mean, either way, by the sums
//
//	U ← Forget·U + (x - x̄ - δ),  D ← Forget·D + (x - x̄ + δ)
//
// with x̄ the mean of the values so far: it alarms when U has risen from its minimum, or D
// fallen from its maximum, by more than the threshold, and then begins again.
//
// Source: Page, Continuous inspection schemes (1954), Biometrika 41, 100-115; Hinkley,
// Inference about the change-point from cumulative sum tests (1971), Biometrika 58, 509-523.
type PageHinkley struct {
	Form     PageHinkleyForm
	Up, Down float64 // U less its minimum, and the maximum of D less D
	Low      float64 // minimum of U
	High     float64 // maximum of D
	Rise     float64 // U
	Fall     float64 // D
	Mean     float64 // of the values since the last alarm
	Count    int     // of them
	LowAt    int     // the value at which U was lowest, counted as Seen
	HighAt   int
	LowSum   float64 // sum of the values since the last alarm up to LowAt
	HighSum  float64
	Seen     int
	Skipped  int // values that were not finite
}

// NewPageHinkley returns a watcher that has seen nothing. It panics on a form out of range.
func NewPageHinkley(form PageHinkleyForm) *PageHinkley {
	return &PageHinkley{Form: form.withDefaults()}
}

// Update adds a value. Since is the value after the sum was at its extreme.
func (w *PageHinkley) Update(x float64) (Alarm, bool) {
	if !usable(x) {
		w.Skipped++
		return Alarm{}, false
	}
	w.Seen++
	w.Count++
	w.Mean += (x - w.Mean) / float64(w.Count)
	sum := w.Mean * float64(w.Count)
	w.Rise = w.Form.Forget*w.Rise + (x - w.Mean - w.Form.Delta)
	w.Fall = w.Form.Forget*w.Fall + (x - w.Mean + w.Form.Delta)
	if w.Rise < w.Low || w.Count == 1 {
		w.Low, w.LowAt, w.LowSum = w.Rise, w.Seen, sum
	}
	if w.Fall > w.High || w.Count == 1 {
		w.High, w.HighAt, w.HighSum = w.Fall, w.Seen, sum
	}
	w.Up, w.Down = w.Rise-w.Low, w.High-w.Fall
	if w.Count < w.Form.Least || max(w.Up, w.Down) <= w.Form.Threshold {
		return Alarm{}, false
	}
	alarm := Alarm{At: w.Seen, Statistic: w.Up, Limit: w.Form.Threshold}
	last, before := w.LowAt, w.LowSum
	if w.Down > w.Up {
		alarm.Statistic, last, before = w.Down, w.HighAt, w.HighSum
	}
	alarm.Since = last + 1
	alarm.Before = before / float64(w.Count-(w.Seen-last))
	alarm.After = (sum - before) / float64(w.Seen-last)
	*w = PageHinkley{Form: w.Form, Seen: w.Seen, Skipped: w.Skipped}
	return alarm, true
}
