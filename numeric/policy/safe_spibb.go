package policy

import "slices"

// SPIBB improves a baseline that draws, on a process that was estimated from counts[s,a]
// transitions of each pair: on pairs seen less than least times (0 means 20) it keeps the
// baseline's chances, and moves all others of a state to the best action that was seen
// often enough. It repeats evaluation and this step until no chance moves, which takes few
// rounds.
//
// Source: Laroche, Trichelair & Tachet des Combes (2019), Proceedings of Machine Learning
// Research 97, algorithm 1 (Π_b-SPIBB).
func SPIBB(m *MDP, baseline Randomised, counts []uint32, least int, gamma, tolerance float64) (Randomised, error) {
	m.mustTake(baseline)
	if len(counts) != len(baseline.P) {
		panic("policy: baseline and counts differ in size")
	}
	n := uint32(safeLeast(least))
	now := Randomised{baseline.Actions, slices.Clone(baseline.P)}
	for {
		values, err := m.Evaluate(now, gamma, tolerance)
		if err != nil {
			return Randomised{}, err
		}
		if !safeRound(now, m.backup(values, gamma), baseline, counts, n, tolerance) {
			return now, nil
		}
	}
}

// safeRound improves now by the values t, and says whether it did. An action must be
// better by more than values may be off, or rounds might never end.
func safeRound(now Randomised, t *Table, baseline Randomised, counts []uint32, n uint32, tolerance float64) bool {
	moved := false
	for s := range now.States() {
		at := s * now.Actions
		row, free, best := t.Row(s), 0., -1
		var worth float64 // of what is free, as it is used now
		for a := range row {
			if counts[at+a] < n || !t.allows(at+a) {
				continue
			}
			free += baseline.P[at+a]
			worth += now.P[at+a] * row[a]
			if best < 0 || row[a] > row[best] {
				best = a
			}
		}
		if best < 0 || free == 0 || !(free*row[best] > worth+4*tolerance) {
			continue
		}
		for a := range row {
			if counts[at+a] >= n && t.allows(at+a) {
				now.P[at+a] = 0
			}
		}
		now.P[at+best], moved = free, true
	}
	return moved
}
