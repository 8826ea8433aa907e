package policy

import "math/rand/v2"

// RolloutForm sets up courses on which a policy is tried.
type RolloutForm struct {
	Paths   int
	Steps   int     // of each path at most
	Warm    int     // of these, how many at the start are not counted
	Gamma   float64 // discount a step from the first one counted
	Average bool    // the mean reward a step counted, in place of the discounted sum
	Start   int     // state in which paths begin, unless Begin says
	Begin   func(path int) (start int)
	Seed    uint64
	Workers int // 0: one for each processor; 1 where the model or Begin keeps something
}

// Rollout returns what each path earns under p. Step t of path i has the same uniforms
// whatever the policy, so that two policies are best compared path by path (common random
// numbers), and the same bytes for any number of workers.
func Rollout(m Model, p Policy, form RolloutForm) []float64 {
	states, _, uniforms := m.Size()
	switch {
	case len(p) != states:
		panic("policy: policy and model differ in size")
	case form.Warm < 0 || form.Warm > form.Steps:
		panic("policy: Warm must be from 0 to Steps")
	}
	earned := make([]float64, form.Paths)
	team := newQTeam(form.Workers)
	us := make([][]float64, team)
	for i := range us {
		us[i] = make([]float64, uniforms)
	}
	team.each(form.Paths, func(who, path int) {
		var pcg rand.PCG
		pcg.Seed(form.Seed, uint64(path))
		u, state, weight, counted := us[who], form.Start, 1., 0
		if form.Begin != nil {
			state = form.Begin(path)
		}
		for k := 0; k < form.Steps && state != Terminal; k++ {
			for j := range u {
				u[j] = qUniform(&pcg)
			}
			next, reward := m.Step(state, p[state], u)
			state = next
			if k < form.Warm {
				continue
			}
			counted++
			earned[path] += weight * reward
			if !form.Average {
				weight *= form.Gamma
			}
		}
		if form.Average && counted > 0 {
			earned[path] /= float64(counted)
		}
	})
	return earned
}
