package forecast

// countMembers is what the members of a CountSet say of each series at an origin: the rate of
// its filter at the level of the set, and that of the trees. Both have a mean of 0 where the
// series has not begun.
type countMembers struct {
	filters []CountRate
	trees   []float64
}

// scaled is the rate of series i at the level of the set.
func (s *GammaPoissonSet) scaled(i int) CountRate {
	rate := s.Rate(i)
	rate.Mean *= s.Law.Scale
	return rate
}

// withTrees asks the filters at the end of their past, and trees that are grown on the same.
func (s *GammaPoissonSet) withTrees(series, offsets [][]float64, form GammaPoissonSetForm) (*countMembers, error) {
	series = completeCensored(series, offsets, form.Censored)
	trees, err := growCountTrees(series, offsets, form.Horizon)
	if err != nil {
		return nil, err
	}
	m := &countMembers{make([]CountRate, len(series)), make([]float64, len(series))}
	for i, y := range series {
		m.filters[i] = s.scaled(i)
		if !s.filters[i].begun {
			m.filters[i].Mean = 0
		}
		m.trees[i] = trees.rate(y, rowOf(offsets, i), len(y))
	}
	return m, nil
}

// mix is the weighted mean of the rates.
func (m *countMembers) mix(weight float64) []CountRate {
	rates := make([]CountRate, len(m.filters))
	for i, rate := range m.filters {
		rate.Mean = (1-weight)*rate.Mean + weight*m.trees[i]
		rates[i] = rate
	}
	return rates
}

// countWindows are held-back windows, with what members that end where these begin say.
type countWindows struct {
	origins []int
	members []*countMembers
}

// heldBack fits the members before every window of a trial, latest first, up to the first
// that has too little before it; if that is the latest, with an error.
func heldBack(t *setTrial) (*countWindows, error) {
	w := &countWindows{}
	for _, origin := range t.origins() {
		form := t.form
		form.Censored = firstOf(form.Censored, origin)
		series, offsets := firstOf(t.series, origin), firstOf(t.offsets, origin)
		filters, err := FitGammaPoissonSet(series, offsets, form)
		if err != nil {
			return w.orElse(err)
		}
		members, err := filters.withTrees(series, offsets, form)
		if err != nil {
			return w.orElse(err)
		}
		w.origins, w.members = append(w.origins, origin), append(w.members, members)
	}
	return w.orElse(&TooShortError{Method: "a held-back window of counts", Have: t.length(), Need: 2 * t.form.Horizon})
}

func (w *countWindows) orElse(err error) (*countWindows, error) {
	if len(w.origins) == 0 {
		return nil, err
	}
	return w, nil
}

// at is the set as the members saw it, with this weight of the trees.
func (w *countWindows) at(weight float64) *setFit {
	fit := &setFit{origins: w.origins}
	for _, m := range w.members {
		fit.rates = append(fit.rates, m.mix(weight))
	}
	return fit
}

// cases lists the held-back totals, with their means.
func (w *countWindows) cases(t *setTrial, weight float64) []countCase {
	return t.totals(w.at(weight))
}

// firstOf is the first n values of every row.
func firstOf[T any](rows [][]T, n int) [][]T {
	if rows == nil {
		return nil
	}
	first := make([][]T, len(rows))
	for i, row := range rows {
		first[i] = row[:n:n]
	}
	return first
}
