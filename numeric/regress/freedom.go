package regress

// absorbedFreedom returns the degrees of freedom that fixed effects take: the levels of
// each dimension less the connected components that it forms with a dimension before it,
// the most of them where there are several. It is the rank of the dummies for one and two
// dimensions, and for more an upper bound of it, so that errors are never too small. Dimensions
// for which skip is true are left out.
//
// Source: Abowd, Creecy & Kramarz (2002), Computing person and firm effects; Correia (2017).
func absorbedFreedom(absorb [][]int32, skip func(q int) bool) int {
	taken := 0
	for q, codes := range absorb {
		if skip != nil && skip(q) {
			continue
		}
		most := 0
		for h := range q {
			if skip == nil || !skip(h) {
				most = max(most, components(absorb[h], codes))
			}
		}
		taken += used(codes) - most
	}
	return taken
}

// used counts the codes that occur.
func used(codes []int32) int {
	seen := make([]bool, levels(codes))
	n := 0
	for _, c := range codes {
		if !seen[c] {
			seen[c] = true
			n++
		}
	}
	return n
}

// components counts the connected parts of the graph whose nodes are the levels of a and
// those of b, and whose edges are the rows.
func components(a, b []int32) int {
	na := levels(a)
	parent := make([]int32, na+levels(b))
	for i := range parent {
		parent[i] = int32(i)
	}
	find := func(i int32) int32 {
		for parent[i] != i {
			parent[i] = parent[parent[i]]
			i = parent[i]
		}
		return i
	}
	n := used(a) + used(b)
	for i, c := range a {
		if l, r := find(c), find(int32(na)+b[i]); l != r {
			parent[max(l, r)] = min(l, r)
			n--
		}
	}
	return n
}

// nested reports whether all rows of a level share their cluster.
func nested(codes, cluster []int32) bool {
	of := make([]int32, levels(codes))
	for i, c := range codes {
		if of[c] == 0 {
			of[c] = cluster[i] + 1
		} else if of[c] != cluster[i]+1 {
			return false
		}
	}
	return true
}
