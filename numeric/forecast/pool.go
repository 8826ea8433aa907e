package forecast

// PoolRates returns how the rates of many series are spread around their common
// mean: the prior for a series of which nothing is known yet. The mean is the
// plain mean of the rates; its evidence is mean² / between, where between is
// the variance of the rates less the mean of their estimation variances. It is the
// zero Rate with fewer than two rates above zero; rates without evidence are left
// out. If the rates differ no more than by chance, the evidence is that of all of them
// together.
//
// Source: Bühlmann & Gisler, A course in credibility theory (2005), chapter 4.
func PoolRates(rates []Rate) Rate {
	n, mean, evidence := 0.0, 0.0, 0.0
	for _, r := range rates {
		if r.Evidence > 0 {
			n++
			mean += r.Mean
			evidence += r.Evidence
		}
	}
	if n < 2 {
		return Rate{}
	}
	mean /= n
	total, within := 0.0, 0.0
	for _, r := range rates {
		if r.Evidence > 0 {
			total += (r.Mean - mean) * (r.Mean - mean) / (n - 1)
			within += r.Mean * r.Mean / r.Evidence / n
		}
	}
	if between := total - within; between > mean*mean/evidence {
		evidence = mean * mean / between
	}
	return Rate{Mean: mean, Evidence: evidence}
}
