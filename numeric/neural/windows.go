package neural

import "math"

// window is a place to forecast from: a series, and how many of its periods are past.
type window struct{ series, origin int }

// windows cuts series into windows to train on and, of each, the last to validate on. No
// target of the former is one of the latter, or comes after it.
func (form LSTMForm) windows(series []Series) (training, validation []window) {
	for i, s := range series {
		last := len(s.Values) - form.Horizon
		if form.usable(s, last) {
			validation = append(validation, window{i, last})
		}
		for origin := last - form.Horizon; form.enough(origin); origin-- {
			if form.usable(s, origin) {
				training = append(training, window{i, origin})
			}
		}
	}
	return training, validation
}

// enough reports whether so many periods are a past to learn from.
func (form LSTMForm) enough(origin int) bool { return origin >= max(1, form.Context/4) }

// usable reports whether there is anything to see before the origin and to say after it.
func (form LSTMForm) usable(s Series, origin int) bool {
	if !form.enough(origin) {
		return false
	}
	before, after := false, false
	for t := max(0, origin-form.Context); t < origin && !before; t++ {
		before = !s.missing(t)
	}
	for t := origin; t < origin+form.Horizon && !after; t++ {
		after = !s.missing(t)
	}
	return before && after
}

// The inputs of a period: the value, whether it is missing, for counts the level, and
// what else is known.
const (
	valueInput = iota
	missingInput
	levelInput
)

func (m *LSTM) inputs() int {
	return m.besides() + len(m.known.mean) + len(m.static.mean)
}

// besides is where the known numbers begin.
func (m *LSTM) besides() int {
	if m.form.Counts {
		return levelInput + 1
	}
	return levelInput
}

// put writes what is known at an origin into a row of a pass, and returns the frame.
// Counts show their level too: a mean of .1 a period is another thing than ten times a
// mean of .01, while other quantities have no such unit.
func (m *LSTM) put(p *Pass[float32], row int, s Series, origin int) frame {
	f, _ := m.form.frame(s, origin)
	level := [1]float64{logScale(f)}
	known := m.besides()
	static := known + len(m.known.mean)
	for i := range m.form.Context {
		t := origin - m.form.Context + i
		x := p.Input(i, row)
		clear(x)
		if s.missing(t) {
			x[missingInput] = 1
		} else {
			x[valueInput] = float32(f.in(m.form.clean(s.Values[t])))
		}
		if m.form.Counts {
			m.level.put(x[levelInput:known], level[:])
		}
		if t >= 0 && s.Known != nil {
			m.known.put(x[known:static], s.Known[t])
		}
		m.static.put(x[static:], s.Static)
	}
	ahead := p.Known(row)
	for j := range m.form.Horizon {
		if n := len(m.known.mean); n > 0 {
			m.known.put(ahead[j*n:][:n], s.Known[origin+j])
		}
	}
	return f
}

// targets writes what came after an origin into want [Horizon], NaN where that is not
// known: for counts the counts, else values as the frame shows them.
func (m *LSTM) targets(want []float32, s Series, origin int, f frame) {
	for j := range want {
		t := origin + j
		switch {
		case s.missing(t):
			want[j] = float32(math.NaN())
		case m.form.Counts:
			want[j] = float32(m.form.clean(s.Values[t]))
		default:
			want[j] = float32(f.in(m.form.clean(s.Values[t])))
		}
	}
}
