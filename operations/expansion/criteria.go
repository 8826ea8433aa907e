package expansion

import (
	"errors"
	"math"
	"math/rand/v2"
	"slices"

	"tradewind/commerce"
	"tradewind/fault"
	"tradewind/messages"
	"tradewind/numeric/mcda"
)

// Criterion is one thing that markets are weighed by.
type Criterion string

const (
	Contribution  Criterion = "contribution"  // expected, of a year; drawn from its distribution
	Logistics     Criterion = "logistics"     // Logistics Performance Index, 1 to 5
	Distance      Criterion = "distance"      // km to the nearest warehouse's country; less is better
	Size          Criterion = "size"          // ln of the gross domestic product in US dollars
	Burden        Criterion = "burden"        // blocking and unconfirmed rules; less is better
	Readiness     Criterion = "readiness"     // of listings for the market, 0 to 1
	Concentration Criterion = "concentration" // share of sales that is made there already; less is better
	CurrencyRisk  Criterion = "currency_risk" // volatility of its currency a year; less is better
)

// AllCriteria lists every criterion, in the order of tables.
var AllCriteria = []Criterion{Contribution, Logistics, Distance, Size, Burden, Readiness, Concentration, CurrencyRisk}

// Cost reports whether less of a criterion is better.
func (c Criterion) Cost() bool {
	return c == Distance || c == Burden || c == Concentration || c == CurrencyRisk
}

// Preference is a judgement: Over matters Times as much as Under.
type Preference struct {
	Over, Under Criterion
	Times       float64
}

// CriteriaParams are what Assess is told. The zero CriteriaParams works: a criterion that
// nobody has a figure for is left out, which the result says.
type CriteriaParams struct {
	// Judgements compare every pair of the criteria in use, once; nil: contribution matters
	// three times as much as any other, and the others alike.
	Judgements []Preference

	// Leeway is the factor by which the true weights may differ from the judged ones, up or
	// down; 0 is 2, and +Inf allows any weights at all.
	Leeway float64

	// Among are the markets to weigh; nil: all of the study but the homes.
	Among []commerce.Market

	// Burden returns how many rules of a market block or are not confirmed; false: not known.
	Burden       func(commerce.Market) (blocking, unconfirmed int, known bool)
	Readiness    map[commerce.Market]float64
	CurrencyRisk map[commerce.Market]float64
}

// moneyOver is how much more the contribution matters than anything else, where nobody
// judged: "moderately" on Saaty's scale.
const moneyOver = 3

// Assessment weighs markets by several criteria.
type Assessment struct {
	Criteria []Criterion // in use
	Left     []Criterion // left out: no market has a figure
	Weights  []float64   // by criterion, from judgements
	Judged   bool        // judgements were given
	Ratio    float64     // their consistency ratio, below 0.1
	Leeway   float64
	Rows     []Assessed // by probability of a rank of 3 or better, best first
	Unknown  []commerce.Market

	Reversals      []Reversal // among the ten that TOPSIS puts first
	ReversalsTotal int        // among all
	Draws          int
	Notes          []messages.Message
}

// Assessed is one market under all criteria.
type Assessed struct {
	Market    commerce.Market
	Candidate bool
	Values    []float64 // by criterion; NaN where not known
	TopThree  float64   // probability of a rank of 3 or better, over weights and what is not known
	Best      float64   // probability of the first rank
	Ranks     []float64 // probability of each rank
	Central   []float64 // the weights that speak for it: the mean of those that put it first; nil: none
	Confident float64   // probability that it is first given those
	TOPSIS    float64   // closeness at the judged weights: an illustration
}

// Reversal says that A stands above B only as long as Dropped is in the table (TOPSIS).
type Reversal struct {
	Dropped, A, B commerce.Market
	Dominated     bool // Dropped is no better than another on any criterion
}

// Assess weighs the foreign markets and the candidates of a study by all criteria. Money
// is the first of them, drawn from its distribution; weights are those of the judgements
// within the leeway, and a figure that is not known may be any that another market has. Only
// countries with published figures are weighed; others are listed in Unknown. Judgements
// that are incomplete or contradict each other (consistency ratio of .1 or more) are refused.
func (st *Study) Assess(rng *rand.Rand) (*Assessment, error) {
	p := st.grounds.Criteria
	a := &Assessment{Judged: p.Judgements != nil, Leeway: p.Leeway}
	if a.Leeway == 0 {
		a.Leeway = 2
	}
	if !(a.Leeway >= 1) {
		return nil, fault.New(fault.Invalid, "E-EXPANSION-LEEWAY", fault.A("value", messages.Decimal{X: a.Leeway, Places: 2}))
	}
	st.tabulate(a)
	if len(a.Rows) == 0 {
		return nil, fault.New(fault.Invalid, "E-EXPANSION-NO-COUNTRY")
	}
	priorities, err := judged(a.Criteria, p.Judgements)
	if err != nil {
		return nil, err
	}
	a.Weights, a.Ratio = priorities.Weights, priorities.ConsistencyRatio
	weights := mcda.WeightSet{}
	if !math.IsInf(a.Leeway, 1) {
		weights = mcda.Around(a.Weights, a.Leeway)
	}
	table, unknown := st.table(a)
	accepted, err := mcda.SMAA(table, mcda.SMAAForm{Seed: rng.Uint64(), Weights: weights, Measure: st.measure(a, table, unknown)})
	if err != nil {
		return nil, err
	}
	a.Draws = accepted.Draws
	closeness := mcda.TOPSIS(table, a.Weights)
	for i := range a.Rows {
		r := &a.Rows[i]
		r.TopThree, r.Best, r.Ranks = accepted.Within(i, 3), accepted.Best(i), accepted.Rank[i]
		r.Central, r.Confident, r.TOPSIS = accepted.Central[i], accepted.Confidence[i], closeness[i]
	}
	a.reversals(table)
	slices.SortStableFunc(a.Rows, func(x, y Assessed) int {
		switch {
		case x.TopThree != y.TopThree:
			return sign(y.TopThree - x.TopThree)
		default:
			return sign(y.TOPSIS - x.TOPSIS)
		}
	})
	a.Notes = a.notes()
	return a, nil
}

func sign(x float64) int {
	switch {
	case x > 0:
		return 1
	case x < 0:
		return -1
	}
	return 0
}

// tabulate fills in the rows and the criteria that at least one market has a figure for.
func (st *Study) tabulate(a *Assessment) {
	for _, m := range st.Markets {
		if m.Sales.Sign() <= 0 {
			continue
		}
		st.row(a, m.Market, m.Contribution.Mean, m.Share, false)
	}
	for _, e := range st.Entries {
		st.row(a, e.Market, e.Contribution.Mean, 0, true)
	}
	slices.SortFunc(a.Rows, func(x, y Assessed) int {
		if x.Market < y.Market {
			return -1
		}
		return 1
	})
	for j, c := range AllCriteria {
		if slices.ContainsFunc(a.Rows, func(r Assessed) bool { return !math.IsNaN(r.Values[j]) }) {
			a.Criteria = append(a.Criteria, c)
		} else {
			a.Left = append(a.Left, c)
		}
	}
	for i := range a.Rows {
		var values []float64
		for j, c := range AllCriteria {
			if slices.Contains(a.Criteria, c) {
				values = append(values, a.Rows[i].Values[j])
			}
		}
		a.Rows[i].Values = values
	}
}

func (st *Study) row(a *Assessment, m commerce.Market, contribution, share float64, candidate bool) {
	p := st.grounds.Criteria
	if slices.Contains(st.homes, m) || p.Among != nil && !slices.Contains(p.Among, m) {
		return
	}
	t, known := st.traits[m]
	if !known {
		a.Unknown = append(a.Unknown, m)
		return
	}
	values := make([]float64, len(AllCriteria))
	for j, c := range AllCriteria {
		values[j] = math.NaN()
		switch c {
		case Contribution:
			values[j] = contribution
		case Concentration:
			values[j] = share
		case Distance:
			values[j] = t.distance
		case Size:
			values[j] = t.values[0]
		case Logistics:
			values[j] = t.values[logisticsColumn]
		case Burden:
			if p.Burden != nil {
				if blocking, unconfirmed, ok := p.Burden(m); ok {
					values[j] = float64(blocking + unconfirmed)
				}
			}
		case Readiness:
			if v, ok := p.Readiness[m]; ok {
				values[j] = v
			}
		case CurrencyRisk:
			if v, ok := p.CurrencyRisk[m]; ok {
				values[j] = v
			}
		}
	}
	a.Rows = append(a.Rows, Assessed{Market: m, Candidate: candidate, Values: values})
}

// judged turns judgements into weights.
func judged(criteria []Criterion, judgements []Preference) (mcda.Priorities, error) {
	n := len(criteria)
	matrix := make([]float64, n*n)
	for i := range n {
		matrix[i*n+i] = 1
		for j := i + 1; j < n && judgements == nil; j++ {
			matrix[i*n+j], matrix[j*n+i] = 1, 1
			if criteria[i] == Contribution {
				matrix[i*n+j], matrix[j*n+i] = moneyOver, 1./moneyOver
			}
		}
	}
	for _, p := range judgements {
		i, j := slices.Index(criteria, p.Over), slices.Index(criteria, p.Under)
		if i < 0 || j < 0 {
			if slices.Contains(AllCriteria, p.Over) && slices.Contains(AllCriteria, p.Under) {
				continue // about a criterion that nobody has a figure for
			}
			return mcda.Priorities{}, fault.New(fault.Invalid, "E-EXPANSION-CRITERION", fault.A("over", string(p.Over)), fault.A("under", string(p.Under)))
		}
		if i == j || !(p.Times > 0) || math.IsInf(p.Times, 1) || matrix[i*n+j] != 0 {
			return mcda.Priorities{}, fault.New(fault.Invalid, "E-EXPANSION-JUDGEMENT",
				fault.A("over", string(p.Over)), fault.A("under", string(p.Under)), fault.A("times", messages.Decimal{X: p.Times, Places: 2}))
		}
		matrix[i*n+j], matrix[j*n+i] = p.Times, 1/p.Times
	}
	for i := range n {
		for j := i + 1; j < n; j++ {
			if matrix[i*n+j] == 0 {
				return mcda.Priorities{}, fault.New(fault.Invalid, "E-EXPANSION-NOT-JUDGED",
					fault.A("over", string(criteria[i])), fault.A("under", string(criteria[j])), fault.A("n", n*(n-1)/2))
			}
		}
	}
	p, err := mcda.AHP(matrix, n)
	var bad *mcda.InconsistentError
	if errors.As(err, &bad) {
		worst := bad.Worst[0]
		return p, fault.From(err, fault.Invalid, "E-EXPANSION-INCONSISTENT",
			fault.A("ratio", messages.Decimal{X: bad.Ratio, Places: 3}), fault.A("over", string(criteria[worst.I])), fault.A("under", string(criteria[worst.J])),
			fault.A("given", messages.Decimal{X: worst.Given, Places: 2}), fault.A("implied", messages.Decimal{X: worst.Implied, Places: 2}))
	}
	return p, err
}

// table puts the middle figure of its criterion where a market's is not known, and lists
// those places.
func (st *Study) table(a *Assessment) (mcda.Table, [][]int) {
	m := len(a.Criteria)
	t := mcda.Table{Criteria: m, Cost: make([]bool, m), Values: make([]float64, 0, m*len(a.Rows))}
	for _, r := range a.Rows {
		t.Values = append(t.Values, r.Values...)
	}
	unknown := make([][]int, m)
	for j, c := range a.Criteria {
		t.Cost[j] = c.Cost()
		var known []float64
		for i := range a.Rows {
			if v := t.At(i, j); math.IsNaN(v) {
				unknown[j] = append(unknown[j], i)
			} else {
				known = append(known, v)
			}
		}
		slices.Sort(known)
		for _, i := range unknown[j] {
			t.Values[i*m+j] = known[len(known)/2]
		}
	}
	return t, unknown
}

// measure draws the contributions of all markets from one of the study's futures, and what
// is not known from what other markets have.
func (st *Study) measure(a *Assessment, t mcda.Table, unknown [][]int) func([]float64, *rand.Rand) {
	m := t.Criteria
	futures := make([][]float64, len(a.Rows))
	for i, r := range a.Rows {
		futures[i] = st.outcomes.by[st.index[r.Market]]
	}
	known := make([][]float64, m)
	for j := range m {
		for i := range a.Rows {
			if !slices.Contains(unknown[j], i) {
				known[j] = append(known[j], t.At(i, j))
			}
		}
	}
	return func(dst []float64, rng *rand.Rand) {
		copy(dst, t.Values)
		d := rng.IntN(len(futures[0]))
		for i, f := range futures {
			dst[i*m] = f[d] // contribution is the first criterion, and always known
		}
		for j, rows := range unknown {
			for _, i := range rows {
				dst[i*m+j] = known[j][rng.IntN(len(known[j]))]
			}
		}
	}
}

func (a *Assessment) reversals(t mcda.Table) {
	weights := a.Weights
	score := func(t mcda.Table) []float64 { return mcda.TOPSIS(t, weights) }
	closeness := score(t)
	first := make([]int, len(closeness))
	for i := range first {
		first[i] = i
	}
	slices.SortStableFunc(first, func(x, y int) int { return sign(closeness[y] - closeness[x]) })
	first = first[:min(10, len(first))]
	for _, r := range mcda.Reversals(t, score) {
		a.ReversalsTotal++
		if slices.Contains(first, r.A) && slices.Contains(first, r.B) {
			a.Reversals = append(a.Reversals, Reversal{a.Rows[r.Dropped].Market, a.Rows[r.A].Market, a.Rows[r.B].Market, r.Dominated})
		}
	}
}

func (a *Assessment) notes() (all []messages.Message) {
	if !a.Judged {
		all = append(all, messages.M("expansion.note.weights-assumed", messages.A("times", moneyOver)))
	}
	for _, c := range a.Left {
		all = append(all, messages.M("expansion.note.criterion-left-out", messages.A("criterion", messages.M("expansion.criterion."+string(c)))))
	}
	if len(a.Reversals) > 0 {
		r := a.Reversals[0]
		all = append(all, messages.M("expansion.note.rank-reversal", messages.A("n", len(a.Reversals)),
			messages.A("dropped", string(r.Dropped)), messages.A("a", string(r.A)), messages.A("b", string(r.B))))
	} else {
		all = append(all, messages.M("expansion.note.no-rank-reversal"))
	}
	return all
}
