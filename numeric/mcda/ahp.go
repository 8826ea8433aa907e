package mcda

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strings"
)

// ConsistencyLimit is the consistency ratio from which judgements are refused.
//
// Source: Saaty, The Analytic Hierarchy Process, 1980, section 1-4.
const ConsistencyLimit = 0.1

// randomIndex is the mean consistency index of random reciprocal matrices by size.
//
// Source: Saaty, The Analytic Hierarchy Process, 1980, table 1-4.
var randomIndex = [...]float64{0, 0, 0, .58, .90, 1.12, 1.24, 1.32, 1.41, 1.45, 1.49, 1.51, 1.48, 1.56, 1.57, 1.59}

// MostJudged is the greatest number of criteria that AHP compares.
const MostJudged = len(randomIndex) - 1

// Priorities is the outcome of AHP.
type Priorities struct {
	Weights          []float64 // sum to 1
	LambdaMax        float64   // the principal eigenvalue, n where judgements agree
	ConsistencyIndex float64   // (λmax - n)/(n - 1)
	ConsistencyRatio float64   // of the random index; 0 for fewer than three criteria

	// Judgements are all pairs i < j, the most inconsistent first.
	Judgements []Judgement
}

// Judgement says that criterion I matters Given times as much as J, where the weights that
// all judgements lead to say Implied.
type Judgement struct {
	I, J           int
	Given, Implied float64
}

// Off is how far a judgement is from the others, as |ln(Given/Implied)|.
func (j Judgement) Off() float64 { return math.Abs(math.Log(j.Given / j.Implied)) }

// InconsistentError says that judgements contradict each other too much to make weights of.
type InconsistentError struct {
	Ratio float64
	Worst []Judgement // at most three, the most inconsistent first
}

func (e *InconsistentError) Error() string {
	var worst strings.Builder
	for _, j := range e.Worst {
		fmt.Fprintf(&worst, "; %d over %d is %.3g, the others imply %.3g", j.I, j.J, j.Given, j.Implied)
	}
	return fmt.Sprintf("mcda: consistency ratio %.3f, want below %v%s", e.Ratio, ConsistencyLimit, worst.String())
}

// JudgementError says that a matrix of judgements is not one.
type JudgementError struct {
	I, J   int
	Reason string
}

func (e *JudgementError) Error() string {
	return fmt.Sprintf("mcda: judgement %d, %d: %s", e.I, e.J, e.Reason)
}

// AHP returns the weights that pairwise judgements imply (analytic hierarchy process): the
// principal eigenvector of the reciprocal matrix a, row-major n × n, a_ij saying how many
// times as much criterion i matters as j.
//
//	A w = λmax w,  CI = (λmax - n)/(n - 1),  CR = CI / RI(n)
//
// A matrix that is not positive and reciprocal within 1e-9 is a *JudgementError. With
// CR ≥ 0.1 the priorities come with an *InconsistentError, which names the judgements that
// are furthest from what the others imply. More than MostJudged criteria panic.
//
// Source: Saaty, A scaling method for priorities in hierarchical structures, Journal of
// Mathematical Psychology 15 (1977), 234–281.
func AHP(a []float64, n int) (Priorities, error) {
	if n < 1 || n > MostJudged || len(a) != n*n {
		panic("mcda: AHP compares 1 to 15 criteria by a square matrix")
	}
	for i := range n {
		for j := range n {
			switch x := a[i*n+j]; {
			case !(x > 0) || math.IsInf(x, 1):
				return Priorities{}, &JudgementError{i, j, "must be positive and finite"}
			case i == j && x != 1:
				return Priorities{}, &JudgementError{i, j, "a criterion matters as much as itself"}
			case math.Abs(x*a[j*n+i]-1) > 1e-9:
				return Priorities{}, &JudgementError{i, j, "is not the reciprocal of its mirror"}
			}
		}
	}
	p := principal(a, n)
	if n > 2 {
		p.ConsistencyIndex = (p.LambdaMax - float64(n)) / float64(n-1)
		p.ConsistencyRatio = max(0, p.ConsistencyIndex/randomIndex[n])
	}
	for i := range n {
		for j := i + 1; j < n; j++ {
			p.Judgements = append(p.Judgements, Judgement{i, j, a[i*n+j], p.Weights[i] / p.Weights[j]})
		}
	}
	slices.SortStableFunc(p.Judgements, func(x, y Judgement) int { return cmp.Compare(y.Off(), x.Off()) })
	if p.ConsistencyRatio >= ConsistencyLimit {
		return p, &InconsistentError{p.ConsistencyRatio, p.Judgements[:min(3, len(p.Judgements))]}
	}
	return p, nil
}

// principal finds the eigenvector by power iteration. A positive matrix has one dominant
// eigenvalue (Perron), so it converges from any positive start.
func principal(a []float64, n int) Priorities {
	w, next := make([]float64, n), make([]float64, n)
	for i := range w {
		w[i] = 1 / float64(n)
	}
	lambda := float64(n)
	for range 10_000 {
		lambda = 0
		for i := range n {
			next[i] = 0
			for j, x := range w {
				next[i] += a[i*n+j] * x
			}
			lambda += next[i] // Σw = 1, so Σ A w = λ at the fixed point
		}
		change := 0.0
		for i := range w {
			x := next[i] / lambda
			change = max(change, math.Abs(x-w[i]))
			w[i] = x
		}
		if change < 1e-15 {
			break
		}
	}
	return Priorities{Weights: w, LambdaMax: lambda}
}
