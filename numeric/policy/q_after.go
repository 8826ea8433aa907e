package policy

// AfterBackup is FullBackup over post-decision states: each draw u updates, for all of
// them at once,
//
//	G(x) ← G(x) + α [r(x,u) + γ V(s′(x,u)) − G(x)],  V(s) = max over a of r(s,a) + G(x(s,a)).
//
// A draw costs one step of chance for each post-decision state, and an update a look at
// each pair. It goes on from values, which holds G by post-decision state, and writes into it, and into
// t.Q what follows from it: Q(s,a) = r(s,a) + G(x(s,a)). With Follow, V is that of the
// policy: learning on from there without it is learning from the value of a baseline.
// Potential is not for this form, as it would cancel: values that are not zero at the start
// do the same.
//
// Sources: as FullBackup; Powell, Approximate dynamic programming (2nd edition, 2011),
// chapter 4; Wiewiora, Potential-based shaping and Q-value initialization are equivalent
// (2003), doi:10.1613/jair.1190.
func AfterBackup(m AfterModel, t *Table, values []float64, form SweepForm) (Progress, error) {
	states, actions, uniforms := m.Size()
	t.mustFit(states, actions)
	form = form.check(states)
	if form.Potential != nil {
		panic("policy: Potential is not for AfterBackup: begin with values in its place")
	}
	if len(values) != m.Afters() {
		panic("policy: values must have a place for each post-decision state")
	}
	b := &qAfter{
		qValues: newQValues(t, form, values), model: m, values: values,
		after: make([]int32, len(t.Q)), reward: make([]float64, len(t.Q)),
	}
	for i := range t.Q {
		if t.allows(i) {
			after, reward := m.Decide(i/actions, i%actions)
			b.after[i], b.reward[i] = int32(after), reward
		} else {
			b.reward[i] = t.Q[i] // -Inf
		}
	}
	b.dst = make([][]Transition, b.team)
	for i := range b.dst {
		b.dst[i] = make([]Transition, qChunk)
	}
	b.chance, b.decide = b.afterChunk, b.stateChunk
	b.team.each(b.chunks(), b.decide)
	b.swap()
	return b.run(b, uniforms)
}

// qAfter keeps what AfterBackup works on.
type qAfter struct {
	qValues
	model          AfterModel
	values         []float64 // the caller's
	after          []int32   // by state and action
	reward         []float64 // of the decision; -Inf where it is not allowed
	dst            [][]Transition
	chance, decide func(who, c int)
	now            qDraw
}

func (b *qAfter) learn(d qDraw) {
	b.now = d
	b.team.each((len(b.values)+qChunk-1)/qChunk, b.chance)
	if d.ends {
		b.team.each(b.chunks(), b.decide)
		b.swap()
	}
}

func (b *qAfter) afterChunk(who, c int) {
	from, to := c*qChunk, min((c+1)*qChunk, len(b.values))
	dst := b.dst[who][:to-from]
	b.model.Chance(dst, from, b.now.u)
	g, next, rate, shift := b.q[b.now.table][from:to], b.v[b.now.table], b.now.rate, b.now.shift
	if b.sum != nil {
		sum := b.sum[from:to]
		for i, step := range dst {
			sum[i] += step.Reward - shift + next[step.Next+1]
		}
	} else {
		for i, step := range dst {
			g[i] += rate * (step.Reward - shift + next[step.Next+1] - g[i])
		}
	}
	if b.now.ends {
		b.update(b.now, from, to)
	}
}

func (b *qAfter) stateChunk(_, c int) {
	actions := b.table.Actions
	for s := c * qChunk; s < min((c+1)*qChunk, b.table.States); s++ {
		after, reward := b.after[s*actions:(s+1)*actions], b.reward[s*actions:(s+1)*actions]
		switch {
		case b.form.Follow != nil:
			a := b.form.Follow[s]
			b.set(0, s, reward[a]+b.q[0][after[a]])
		case b.form.Double:
			a0, a1 := qBestAfter(after, reward, b.q[0]), qBestAfter(after, reward, b.q[1])
			b.set(0, s, reward[a0]+b.q[1][after[a0]])
			b.set(1, s, reward[a1]+b.q[0][after[a1]])
		default:
			a := qBestAfter(after, reward, b.q[0])
			b.set(0, s, reward[a]+b.q[0][after[a]])
		}
	}
}

// qBestAfter returns the best action, of equals the first.
func qBestAfter(after []int32, reward, values []float64) int {
	reward = reward[:len(after)]
	best, at := reward[0]+values[after[0]], 0
	for a := 1; a < len(after); a++ {
		if q := reward[a] + values[after[a]]; q > best {
			best, at = q, a
		}
	}
	return at
}

func (b *qAfter) write() {
	b.result(b.values)
	for i := range b.table.Q {
		b.table.Q[i] = b.reward[i] + b.values[b.after[i]]
	}
}
