package expansion

import (
	"slices"

	"tradewind/commerce"
	"tradewind/fault"
)

// Comparison is two to four markets side by side.
type Comparison struct {
	Sides []Side
	// Ahead[i][j] is the probability that market i contributes more than market j in the same
	// future; 0.5 on the diagonal.
	Ahead [][]float64
}

// Side is one market of a comparison: Market where the shop sells there, Entry where not.
type Side struct {
	Market *Market
	Entry  *Entry
	Row    *Assessed // nil without an assessment
}

// Name returns the side's market.
func (s Side) Name() commerce.Market {
	if s.Entry != nil {
		return s.Entry.Market
	}
	return s.Market.Market
}

// Compare sets two to four markets of a study side by side, in the order given. a may be
// nil. A market that is not in the study, or twice, is refused.
func (st *Study) Compare(a *Assessment, markets ...commerce.Market) (*Comparison, error) {
	if len(markets) < 2 || len(markets) > 4 {
		return nil, fault.New(fault.Invalid, "E-EXPANSION-COMPARE", fault.A("n", len(markets)))
	}
	c := &Comparison{}
	for k, m := range markets {
		if slices.Contains(markets[:k], m) {
			return nil, fault.New(fault.Invalid, "E-EXPANSION-TWICE", fault.A("market", string(m)))
		}
		side, err := st.side(m)
		if err != nil {
			return nil, err
		}
		if a != nil {
			if i := slices.IndexFunc(a.Rows, func(r Assessed) bool { return r.Market == m }); i >= 0 {
				side.Row = &a.Rows[i]
			}
		}
		c.Sides = append(c.Sides, side)
	}
	c.Ahead = make([][]float64, len(markets))
	for i, m := range markets {
		c.Ahead[i] = make([]float64, len(markets))
		for j, other := range markets {
			c.Ahead[i][j] = ahead(st.outcomes.by[st.index[m]], st.outcomes.by[st.index[other]])
		}
	}
	return c, nil
}

// side finds a market of the study. An entry comes before a market that has rows but sold
// nothing lately: it is the one that the figures are about.
func (st *Study) side(m commerce.Market) (Side, error) {
	if i := slices.IndexFunc(st.Entries, func(e Entry) bool { return e.Market == m }); i >= 0 {
		return Side{Entry: &st.Entries[i]}, nil
	}
	if i := slices.IndexFunc(st.Markets, func(x Market) bool { return x.Market == m }); i >= 0 {
		return Side{Market: &st.Markets[i]}, nil
	}
	return Side{}, fault.New(fault.NotFound, "E-EXPANSION-MARKET", fault.A("market", string(m)))
}

func ahead(a, b []float64) float64 {
	wins := 0.0
	for d := range a {
		switch {
		case a[d] > b[d]:
			wins++
		case a[d] == b[d]:
			wins += .5
		}
	}
	return wins / float64(len(a))
}
