package mcda

// Reversal is a pair of alternatives whose order depends on whether a third is in the table.
type Reversal struct {
	Dropped   int  // the alternative that was left out
	Dominated bool // some other alternative is at least as good as it everywhere
	A, B      int  // A ranks above B with it, B above A without
}

// Reversals drops every alternative in turn, scores the rest again, and lists the pairs
// that then stand the other way round. A method that ranks each alternative on its own
// merits has none; TOPSIS and VIKOR can, for their ideals and norms come from whoever is
// in the table. score returns one number an alternative, more being better; ties are not
// reversals. Cost: one call of score an alternative, and their number cubed to compare.
//
// Source: Belton & Gear, On a short-coming of Saaty's method of analytic hierarchies,
// Omega 11 (1983), 228–230; García-Cascales & Lamata, On rank reversal and TOPSIS method,
// Mathematical and Computer Modelling 56 (2012), 123–132.
func Reversals(t Table, score func(Table) []float64) []Reversal {
	t.check()
	n := t.Alternatives()
	all := score(t)
	var found []Reversal
	for d := range n {
		if n < 3 {
			break
		}
		rest := score(t.Without(d))
		dominated := false
		for i := range n {
			dominated = dominated || t.Dominates(i, d)
		}
		at := func(i int) float64 {
			if i > d {
				i--
			}
			return rest[i]
		}
		for a := range n {
			for b := range n {
				if a != d && b != d && all[a] > all[b] && at(a) < at(b) {
					found = append(found, Reversal{d, dominated, a, b})
				}
			}
		}
	}
	return found
}
