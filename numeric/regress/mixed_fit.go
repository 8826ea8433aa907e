package regress

import (
	"math"
	"slices"
)

// fit reads everything off the likelihood at theta.
func (m *mixture) fit(d *Data, theta []float64) *MixedFit {
	f := &MixedFit{LogLik: -m.deviance(theta) / 2}
	p := m.p
	f.Rows, f.Freedom, f.Within = m.rows, m.rows-p, math.NaN()
	f.Sigma = math.Sqrt(m.sum / float64(f.Freedom))
	gamma := slices.Clone(m.t) // L'γ = L⁻¹t
	backward(m.s, p, gamma)
	moved := slices.Clone(gamma)
	m.base.backward(moved)
	f.Coef = slices.Clone(m.coef)
	for s, j := range m.base.pivot {
		f.Coef[j] += moved[s]
	}
	f.Cov = m.base.covariance(inverseOf(m.s, p, f.Sigma*f.Sigma))
	for j := range p {
		f.SE = append(f.SE, math.Sqrt(f.Cov[j*p+j]))
	}
	f.spread(m)
	f.effects(m, gamma)
	f.residuals(m, d)
	return f
}

// inverseOf returns scale·(LL')⁻¹ for the lower triangle L of s.
func inverseOf(s []float64, p int, scale float64) []float64 {
	half := make([]float64, p*p) // row a: column a of L⁻¹
	for a := range p {
		half[a*p+a] = 1
		forward(s, p, half[a*p:][:p])
	}
	m := make([]float64, p*p)
	for a := range p {
		for b := range p {
			m[a*p+b] = scale * inner(half[a*p:][:p], half[b*p:][:p])
		}
	}
	return m
}

// spread fills SD and Correlation from Σ = σ²ΛΛ'.
func (f *MixedFit) spread(m *mixture) {
	q := m.q
	f.SD, f.Correlation = make([]float64, q), make([]float64, q*q)
	size := make([]float64, q)
	for a := range q {
		row := m.lambda[a*q:][:q]
		size[a] = math.Sqrt(inner(row, row))
		f.SD[a] = f.Sigma * size[a] / m.scale[a]
	}
	for a := range q {
		for b := range q {
			f.Correlation[a*q+b] = inner(m.lambda[a*q:][:q], m.lambda[b*q:][:q]) / (size[a] * size[b])
		}
	}
}

// effects fills the groups' effects b = ΛL⁻'(L⁻¹Λ'Z'(y - Xβ)) and their variances σ²ΛA⁻¹Λ'.
func (f *MixedFit) effects(m *mixture, gamma []float64) {
	p, q := m.p, m.q
	for range q {
		f.Effect = append(f.Effect, make([]float64, m.groups))
		f.EffectSD = append(f.EffectSD, make([]float64, m.groups))
	}
	u, v := make([]float64, q), make([]float64, q)
	for g := range m.groups {
		l := m.chol[g*q*q:][:q*q]
		for a := range q {
			u[a] = m.uy[g*q+a] - inner(m.ux[(g*q+a)*p:][:p], gamma)
		}
		backward(l, q, u)
		for a := range q {
			row := m.lambda[a*q:][:q]
			f.Effect[a][g] = inner(row, u) / m.scale[a]
			copy(v, row)
			forward(l, q, v)
			f.EffectSD[a][g] = f.Sigma * math.Sqrt(inner(v, v)) / m.scale[a]
		}
	}
}

func (f *MixedFit) residuals(m *mixture, d *Data) {
	f.Residual = slices.Clone(d.Y)
	for j, x := range d.X {
		subtract(f.Residual, x, f.Coef[j])
	}
	for i, g := range m.group {
		f.Residual[i] -= f.Coef[m.p-1]
		for a, z := range m.z {
			f.Residual[i] -= f.Effect[a][g] * z[i] * m.scale[a]
		}
	}
	g := design{d: d}
	f.R2 = 1 - inner(f.Residual, f.Residual)/g.variation()
}
