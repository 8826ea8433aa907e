package forecast

import (
	"context"
	"math/rand/v2"
)

// GlobalMember is a member of an Ensemble that learns from all series of a class at once.
type GlobalMember struct {
	Name string
	Fit  func(series [][]float64, rng *rand.Rand) (Method, error)
}

// fewestGlobal is how many series a class needs for global members.
const fewestGlobal = 50

// GlobalMembers are gradient boosting and the LSTM, for series with the given seasons. ctx
// ends the training of the second.
func GlobalMembers(ctx context.Context, seasons []float64, horizon int) []GlobalMember {
	form := GlobalForm{Seasons: seasons, Horizon: horizon}
	return []GlobalMember{
		{"global boosting", func(series [][]float64, rng *rand.Rand) (Method, error) {
			g, err := FitGlobalBoost(series, GlobalBoostForm{GlobalForm: form}, rng)
			if err != nil {
				return Method{}, err
			}
			return g.Method(), nil
		}},
		{"global LSTM", func(series [][]float64, rng *rand.Rand) (Method, error) {
			g, err := FitGlobalLSTM(ctx, series, GlobalLSTMForm{GlobalForm: form}, rng)
			if err != nil {
				return Method{}, err
			}
			return g.Method(), nil
		}},
	}
}

// members is how many members there are, single and global.
func (e *Ensemble) members() int { return len(e.form.Members) + len(e.form.Global) }

// name is that of member k: the single ones come first.
func (e *Ensemble) name(k int) string {
	if k < len(e.form.Members) {
		return e.form.Members[k].Name
	}
	return e.form.Global[k-len(e.form.Members)].Name
}

// fitGlobal fits the global members to all that is known, and for evidence also to what was
// known one horizon before the end; where weights are in use, two and three before it, too.
func (e *Ensemble) fitGlobal(series [][]float64, evidence bool) {
	origins := 1
	switch {
	case len(e.form.Global) == 0:
		return
	case evidence && e.Power > 0:
		origins = len(e.global)
	case evidence:
		origins = 2
	}
	pasts := make([][][]float64, origins)
	for back := range pasts {
		e.global[back] = make([]*Method, len(e.form.Global))
		for _, y := range series {
			if at := len(y) - back*e.form.Horizon; at > 0 {
				pasts[back] = append(pasts[back], y[:at])
			}
		}
	}
	n := len(e.form.Global)
	e.form.Each(origins*n, func(i int) {
		back, k := i/n, i%n
		rng := rand.New(rand.NewPCG(e.form.Seed, uint64(i)))
		if m, err := e.form.Global[k].Fit(pasts[back], rng); err == nil {
			e.global[back][k] = &m
		}
	})
}

// askGlobal adds the opinions of the global members.
func (e *Ensemble) askGlobal(opinions []*opinion, past []float64, h, back int) {
	if back >= len(e.global) {
		return
	}
	low, high := sane(past)
	for k, m := range e.global[back] {
		if m == nil {
			continue
		}
		if o := ask(*m, past, h, low, high); o != nil {
			o.global = true
			opinions[len(e.form.Members)+k] = o
		}
	}
}

// tryGlobal adds what the global members say to a trial.
func (e *Ensemble) tryGlobal(t *trial, y []float64) {
	y = begun(y)
	for k := range t.opinions {
		if t.opinions[k] != nil {
			past, actual, _ := e.cut(y, k+1)
			e.askGlobal(t.opinions[k], past, e.form.Horizon, k+1)
			t.errors[k] = errorsOf(t.opinions[k], actual)
		}
	}
	for _, l := range t.later {
		if l.opinions != nil {
			e.askGlobal(l.opinions, y[:len(y)-len(l.actual)], len(l.actual), 1)
		}
	}
}
