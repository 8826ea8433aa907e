package regress

import "math"

// poisson makes the fit of n rows of data without its errors.
func (c *counts) poisson(n int) *Poisson {
	p := &Poisson{Deviance: c.deviance, Iterations: c.iterations, Separated: c.leftOut(n)}
	p.Coef, p.Rows = c.beta, len(c.rows)
	p.Mean, p.Residual = make([]float64, n), make([]float64, n)
	for k, i := range c.rows {
		p.Mean[i] = c.mu[k]
		p.Residual[i] = c.y[k] - c.mu[k]
	}
	null, level := 0.0, math.Log(c.mean())
	for k, y := range c.y {
		eta := level + c.offset[k] - c.largest
		null += 2 * c.weight[k] * (c.saturated[k] - y*eta + math.Exp(eta))
	}
	p.R2, p.Within = 1-c.deviance/null, math.NaN()
	return p
}

// errors gives the fit its covariance. Newton's last step is a least-squares fit of the
// working response, so that the sandwich is that of OLS with its weights: a regressor times
// the scaled residual is the score.
func (c *counts) errors(p *Poisson, d *Data, e Errors) error {
	for k, m := range c.mu {
		c.work[k] = c.weight[k] * m
	}
	c.part.weigh(c.work)
	if err := c.part.residuals(c.tilde, 1e-10); err != nil {
		return err
	}
	b, err := c.orthogonal()
	if err != nil {
		return err
	}
	g := &design{d: c.subset(d), errors: e, constant: c.constant}
	g.absorbed = absorbedFreedom(g.d.Absorb, nil)
	if c.slopes != nil {
		g.absorbed = c.part.(*arrow).absorbed()
	}
	if g.clusters, err = clustersOf(g.d, e); err != nil {
		return err
	}
	k, n := len(c.x), len(c.rows)
	p.Absorbed, p.Clusters, p.Freedom = g.absorbed, g.clusters, n-k-g.absorbed
	if p.Freedom < 1 {
		return &TooFewError{"rows", n, k + g.absorbed + 1}
	}
	scaled := c.rest
	for i, m := range c.mu {
		scaled[i] = math.Sqrt(c.work[i]) * (c.y[i] - m) / m
	}
	p.Sigma = math.Sqrt(inner(scaled, scaled) / float64(p.Freedom))
	p.Cov = b.covariance(g.meat(b.q, scaled, nil, k))
	p.SE = make([]float64, k)
	for j := range k {
		p.SE[j] = math.Sqrt(p.Cov[j*k+j])
	}
	return nil
}

// subset returns the codes of the rows in use.
func (c *counts) subset(d *Data) *Data {
	s := &Data{NoConstant: d.NoConstant}
	for _, codes := range d.Absorb {
		s.Absorb = append(s.Absorb, pick(codes, c.rows))
	}
	if d.Cluster != nil {
		s.Cluster = pick(d.Cluster, c.rows)
	}
	if d.Across != nil {
		s.Across = pick(d.Across, c.rows)
	}
	return s
}

// clustersOf counts the clusters that errors of the kind go by, the smaller of two
// dimensions, and 0 if they go by none.
func clustersOf(d *Data, e Errors) (int, error) {
	if !e.clustered() {
		return 0, nil
	}
	if d.Cluster == nil {
		panic("regress: clustered errors without clusters")
	}
	n := used(d.Cluster)
	if d.Across != nil {
		n = min(n, used(d.Across))
	}
	if n < 2 {
		return 0, &TooFewError{"clusters", n, 2}
	}
	return n, nil
}
