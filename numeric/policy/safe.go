package policy

import "fmt"

// SafeForm says how much evidence a change of the baseline needs.
type SafeForm struct {
	Counts []uint32 // how often each pair was seen, row-major; nil: t.Count
	Least  int      // fewer than this many is thin; 0 means 20
	Gain   float64  // what a change must be better by, in units of the value
}

// Improvement is a baseline that was changed where there is reason to.
type Improvement struct {
	Policy  Policy
	Changed int // states in which it differs from the baseline
	Thin    int // states in which a better value was passed over, as it was seen too rarely
	Small   int // states in which a change was not better by enough
}

// SafeImprovement returns the policy that takes the best action by t among those that were
// seen often enough and beat the baseline's by Gain, and else the baseline's: no action is
// taken on thin data but the one that was always taken. Where the baseline's own action is
// thin nothing is known to be better than it, and it stays.
//
// To value the states that follow by the same caution, learn with SafeMask.
//
// Source: Laroche, Trichelair & Tachet des Combes, Safe policy improvement with baseline
// bootstrapping (2019), Proceedings of Machine Learning Research 97, Π_b-SPIBB with a
// deterministic baseline.
func SafeImprovement(t *Table, baseline Policy, form SafeForm) Improvement {
	if len(baseline) != t.States || form.Counts != nil && len(form.Counts) != len(t.Q) {
		panic("policy: baseline or counts differ from the table in size")
	}
	least := safeLeast(form.Least)
	count := func(s, a int) int {
		if form.Counts == nil {
			return t.Count(s, a)
		}
		return int(form.Counts[s*t.Actions+a])
	}
	better := Improvement{Policy: append(Policy(nil), baseline...)}
	for s, b := range baseline {
		if !t.allows(s*t.Actions + b) {
			panic(fmt.Sprintf("policy: the baseline's action %d is not allowed in state %d", b, s))
		}
		row := t.Row(s)
		best, thin, small := b, false, false
		for a, q := range row {
			switch {
			case a == b || !(q > row[b]):
			case count(s, a) < least || count(s, b) < least:
				thin = true
			case q < row[b]+form.Gain:
				small = true
			case best == b || q > row[best]:
				best = a
			}
		}
		better.Policy[s] = best
		switch {
		case best != b:
			better.Changed++
		case thin:
			better.Thin++
		case small:
			better.Small++
		}
	}
	return better
}

// SafeMask returns the mask of the actions that a safe policy may take: those seen at
// least so often (0 means 20), and the baseline's alone where that was not. A learner
// under this mask finds the best safe policy (Π_b-SPIBB with a deterministic baseline).
func SafeMask(baseline Policy, counts []uint32, actions, least int) []bool {
	if len(counts) != len(baseline)*actions {
		panic("policy: baseline and counts differ in size")
	}
	n := uint32(safeLeast(least))
	mask := make([]bool, len(counts))
	for s, b := range baseline {
		row := s * actions
		mask[row+b] = true
		if counts[row+b] < n {
			continue
		}
		for a := range actions {
			mask[row+a] = mask[row+a] || counts[row+a] >= n
		}
	}
	return mask
}

func safeLeast(n int) int {
	if n < 0 {
		panic("policy: Least must not be negative")
	}
	if n == 0 {
		return 20
	}
	return n
}
