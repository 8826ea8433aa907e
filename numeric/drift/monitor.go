package drift

import (
	"math"

	"tradewind/numeric/distribution"
)

// MonitorForm is what a Monitor answers to. The zero form is usable.
type MonitorForm struct {
	RunLength float64   // mean number of losses between false alarms of the ranks; 0: 100
	Shift     float64   // rise to be found soonest, in standard deviations; 0: 1
	Window    int       // losses that a new one is ranked among; 0: 256
	Quiet     int       // losses after an alarm during which there is no other; 0: 4
	ADWIN     ADWINForm // of the second opinion on the losses themselves
	Limit     float64   // of the CUSUM of the ranks; 0: from RunLength, which takes milliseconds
	Seed      uint64    // by which ties are broken
}

func (form MonitorForm) withDefaults() MonitorForm {
	if form.RunLength == 0 {
		form.RunLength = 100
	}
	if form.Shift == 0 {
		form.Shift = 1
	}
	if form.Window == 0 {
		form.Window = 256
	}
	if form.Quiet == 0 {
		form.Quiet = 4
	}
	form.ADWIN = form.ADWIN.withDefaults()
	if form.Limit == 0 && form.Shift > 0 {
		form.Limit = Limit(distribution.NewNormal(0, 1), form.Shift/2, form.RunLength)
	}
	if !(form.Shift > 0) || !(form.Limit > 0) || form.Window < 2 || form.Quiet < 0 {
		panic("drift: a monitor form out of range")
	}
	return form
}

// ranks returns the CUSUM of the ranks at its beginning.
func (form MonitorForm) ranks() CUSUM { return CUSUM{K: form.Shift / 2, H: form.Limit, UpOnly: true} }

// Detector says what raised an alarm of a Monitor.
type Detector string

const (
	ByRanks  Detector = "ranks"  // CUSUM of the sequential ranks
	ByWindow Detector = "window" // ADWIN on the losses
)

// Monitor watches a stream of scaled losses, such as the pinball loss of each week's forecast
// by the scale of its series, for a lasting rise. Two watchers look at the same losses:
//
//   - A CUSUM of normal scores of sequential ranks. The rank of a loss among the earlier ones
//     is uniform and independent of them whatever the losses are distributed like, so that
//     the run length between false alarms is RunLength exactly, from the first loss on and
//     with nothing estimated, as long as losses are exchangeable and fit into the window.
//   - ADWIN, which finds slow rises, of which the ranks take too little notice.
//
// Later losses join those that others are ranked among. A rise that persists alarms again
// after Quiet losses until it has become the usual state, which gives a ladder of responses
// its steps; Restart makes it forget what was before, after a refit.
//
// Source: McDonald, A CUSUM procedure based on sequential ranks (1990), Naval Research
// Logistics 37, 627-646.
type Monitor struct {
	Form    MonitorForm
	Past    []float64 // the latest losses, at most Window, oldest at Next once it is full
	Next    int
	Ranks   CUSUM
	Window  ADWIN
	Until   int // no alarm up to this loss
	Seen    int // losses watched; those of a reference do not count
	Skipped int // losses that were not finite
}

// MonitorAlarm is an alarm of a Monitor: Statistic and Limit are those of the detector, and
// Before and After are mean losses on their own scale. Since may lie at or before 0, which is
// among the losses of the reference.
type MonitorAlarm struct {
	Alarm
	By Detector
}

// NewMonitor returns a monitor that ranks the first losses among those of reference, which
// may be empty: the fewer there are, the later a rise is seen. It panics on a form out of
// range. The Form of the result has its Limit filled in: who makes many monitors gives it to
// the others.
func NewMonitor(reference []float64, form MonitorForm) *Monitor {
	m := &Monitor{Form: form.withDefaults()}
	m.Restart(reference)
	return m
}

// Restart makes reference all that the monitor knows, and keeps the count of losses.
func (m *Monitor) Restart(reference []float64) {
	m.Past, m.Next, m.Until = nil, 0, 0
	m.Ranks = m.Form.ranks()
	m.Window = ADWIN{Form: m.Form.ADWIN}
	for _, loss := range reference {
		if usable(loss) {
			m.learn(loss)
			m.Window.Update(loss)
		}
	}
}

// Update adds a loss.
func (m *Monitor) Update(loss float64) (MonitorAlarm, bool) {
	if !usable(loss) {
		m.Skipped++
		return MonitorAlarm{}, false
	}
	m.Seen++
	score := distribution.NewNormal(0, 1).Quantile(m.rank(loss))
	m.learn(loss)
	cut, cutFound := m.Window.Update(loss)
	if m.Seen <= m.Until {
		return MonitorAlarm{}, false
	}
	rise, found := m.Ranks.Update(score)
	alarm := MonitorAlarm{rise, ByRanks}
	switch {
	case found:
		alarm.At, alarm.Since = m.Seen, m.Seen-(rise.At-rise.Since)
		alarm.Before, alarm.After = m.around(rise.At - rise.Since + 1)
	case cutFound && cut.After > cut.Before:
		alarm = MonitorAlarm{cut, ByWindow}
		alarm.Since, alarm.At = m.Seen-(cut.At-cut.Since), m.Seen
		m.Ranks = m.Form.ranks()
	default:
		return MonitorAlarm{}, false
	}
	m.Until = m.Seen + m.Form.Quiet
	return alarm, true
}

// rank places a loss among the past ones: uniform on (0, 1) if it is exchangeable with them.
// Its place within its own rank, and among its equals, is drawn.
func (m *Monitor) rank(loss float64) float64 {
	below, equal := 0, 1
	for _, past := range m.Past {
		if past < loss {
			below++
		} else if past == loss {
			equal++
		}
	}
	return (float64(below) + float64(equal)*uniformAt(m.Form.Seed, uint64(m.Seen))) / float64(len(m.Past)+1)
}

func (m *Monitor) learn(loss float64) {
	if len(m.Past) < m.Form.Window {
		m.Past = append(m.Past, loss)
		return
	}
	m.Past[m.Next] = loss
	m.Next = (m.Next + 1) % len(m.Past)
}

// around returns the means of the past losses before the latest ones, and of these; before
// is 0 if there is nothing else in the window.
func (m *Monitor) around(latest int) (before, after float64) {
	latest = min(latest, len(m.Past))
	for i := range m.Past {
		loss := m.Past[(m.Next+i)%len(m.Past)]
		if i < len(m.Past)-latest {
			before += loss / float64(len(m.Past)-latest)
		} else {
			after += loss / float64(latest)
		}
	}
	return before, after
}

// uniformAt returns a number in (0, 1) that depends on nothing but its arguments.
//
// Source: Steele, Lea & Flood, Fast splittable pseudorandom number generators (2014), OOPSLA,
// 453-472 (SplitMix64).
func uniformAt(seed, i uint64) float64 {
	z := seed + (i+1)*0x9e3779b97f4a7c15
	z = (z ^ z>>30) * 0xbf58476d1ce4e5b9
	z = (z ^ z>>27) * 0x94d049bb133111eb
	z ^= z >> 31
	return (float64(z>>11) + .5) * math.Exp2(-53)
}
