package inventory

// Bounds returns the bounds of Shang and Song, which need the demand D_1+…+D_j over all
// lead times up to a stage and no recursion: the stage is taken for the only one, holding
// at the cost of all stages up to it (lower) or at its own echelon cost (upper).
//
//	F⁻¹((b + Σ_{i>j} h_i)/(b + Σ_i h_i)) ≤ S_j ≤ F⁻¹((b + Σ_{i>j} h_i)/(b + Σ_{i≥j} h_i))
//
// Source: K. H. Shang & J.-S. Song, Newsvendor bounds and heuristic for optimal policies in
// serial supply chains (2003), Management Science 49(5), 618-638.
func (s Serial) Bounds() (lower, upper []float64) {
	var all float64
	for _, stage := range s.Stages {
		all += stage.Echelon
	}
	demand := PMF{1}
	after := all // echelon costs of the stages behind j
	for _, stage := range s.Stages {
		demand = demand.Plus(s.counts(stage.Lead))
		own := after
		after -= stage.Echelon
		lower = append(lower, s.unit()*demand.Quantile((s.Under+after)/(s.Under+all)))
		upper = append(upper, s.unit()*demand.Quantile((s.Under+after)/(s.Under+own)))
	}
	return lower, upper
}

// Heuristic returns the mean of the bounds, as Shang and Song propose. They report a mean
// error in cost of 0.24 % and none beyond 1.5 % when it is rounded, up for a dear shortage
// and down for a cheap one.
func (s Serial) Heuristic() []float64 {
	levels, upper := s.Bounds()
	for j := range levels {
		levels[j] = (levels[j] + upper[j]) / 2
	}
	return levels
}
