package policy

import "math"

// SweepForm sets up learning by sweeps, in which one draw of chance is tried on every
// action in every state. The zero value but for Gamma or Average, and Draws, will do.
type SweepForm struct {
	Gamma   float64 // discount a step, in [0, 1]; 1 only where every course ends
	Average bool    // the reward is averaged over time in place of discounted
	// Reference is the state from whose value the average reward is read.
	Reference int

	Draws  int // how many to learn from
	Batch  int // how many make one update together, by their mean; 0 means 1
	Seed   uint64
	Random bool    // independent draws, in place of a low-discrepancy sequence
	Rate   Rate    // by update; the zero value is SlowPower
	Tail   float64 // share of the updates, at the end, over which values are averaged

	Double    bool      // two tables learn in turn; the one that learns chooses, the other values
	Follow    Policy    // values this policy, for all first actions, in place of the best
	Potential []float64 // Φ by state: the reward becomes r + γ Φ(s′) − Φ(s); FullBackup only

	Begin   func(draw int)      // called alone before each draw: the model may change here
	Every   int                 // how many draws lie between two calls of Watch, up to a whole batch
	Watch   func(Progress) bool // may read the table; false ends learning
	Workers int                 // 0: one for each processor
}

// Progress tells how far learning is.
type Progress struct {
	Done   int     // draws or steps so far
	Gain   float64 // average reward a step: learnt, or under a discount earned by Walk and 0 of sweeps
	Change float64 // largest change of a state's value since the last look
	Table  *Table
}

func (form SweepForm) check(states int) SweepForm {
	if form.Average {
		form.Gamma = 1
	}
	switch {
	case !(form.Gamma >= 0 && form.Gamma <= 1):
		panic("policy: Gamma must be from 0 to 1")
	case !(form.Tail >= 0 && form.Tail <= 1):
		panic("policy: Tail must be from 0 to 1")
	case form.Follow != nil && (form.Double || len(form.Follow) != states):
		panic("policy: Follow needs an action for each state, and leaves Double without a meaning")
	case form.Potential != nil && len(form.Potential) != states:
		panic("policy: Potential must have a place for each state")
	case form.Reference < 0 || form.Reference >= states:
		panic("policy: Reference is no state")
	case form.Batch < 0 || form.Draws < 0:
		panic("policy: Draws and Batch must not be negative")
	}
	form.Batch = max(form.Batch, 1)
	form.Rate = form.Rate.or(SlowPower)
	form.Rate.mustLearn()
	return form
}

// FullBackup is Q-learning in which each draw u of chance updates all pairs at once, from
// the values before it:
//
//	Q(s,a) ← Q(s,a) + α [r(s,a,u) + γ max Q(s′(s,a,u), a′) − Q(s,a)].
//
// It asks that chance does not depend on what is done (exogenous noise), which lets every
// draw teach what would have happened elsewhere. With Average the reward is less the value
// of the reference state, and γ is 1 (relative Q-learning). On a deterministic model with
// rate 1 it is value iteration.
//
// The best of values that are still noisy is too good, and so are values learnt from it;
// the greedy policy suffers less. A Batch takes out most of the noise before the best is
// taken, above all of 64 even draws or more (empirical value iteration), Double leans the
// other way. What a policy is worth should be asked of Follow or Rollout under another
// seed.
//
// It goes on from t and writes into it; rates go on from t.Sweeps. A value that runs away
// is a ValueError; a next state that is none panics. Cost: Draws × states × actions steps,
// shared by Workers, with the same bytes for any number of them.
//
// Sources: Watkins & Dayan (1992), doi:10.1007/BF00992698; van Hasselt, Double Q-learning
// (2010), Advances in Neural Information Processing Systems 23; Abounadi, Bertsekas &
// Borkar (2001), doi:10.1137/S0363012999361974, for average rewards; Polyak & Juditsky
// (1992), doi:10.1137/0330046, for Tail; Ng, Harada & Russell (1999), Policy invariance
// under reward transformations, for Potential; Haskell, Jain & Kalathil, Empirical dynamic
// programming (2016), doi:10.1287/moor.2015.0733, for Batch.
func FullBackup(m Model, t *Table, form SweepForm) (Progress, error) {
	states, actions, uniforms := m.Size()
	t.mustFit(states, actions)
	form = form.check(states)
	b := &qFull{qValues: newQValues(t, form, t.Q), model: qBatch(m)}
	b.dst = make([][]Transition, b.team)
	for i := range b.dst {
		b.dst[i] = make([]Transition, qChunk)
	}
	b.work = b.chunk
	b.team.each(b.chunks(), func(_, c int) { b.look(c) })
	b.swap()
	return b.run(b, uniforms)
}

func (t *Table) mustFit(states, actions int) {
	if t.States != states || t.Actions != actions {
		panic("policy: table and model differ in size")
	}
}

// qChunk is how many states are one piece of work: few enough that what belongs to them
// stays close to the processor.
const qChunk = 256

// qFull keeps what FullBackup works on.
type qFull struct {
	qValues
	model Batch
	dst   [][]Transition // by worker
	work  func(who, c int)
	now   qDraw
}

// qDraw is one draw of chance and what is made of it.
type qDraw struct {
	table       int // which of two tables learns
	u           []float64
	shift       float64 // what is taken off the reward
	ends        bool    // the batch, which then moves the values
	share, rate float64 // of a draw in the mean of its batch; of that mean in the values
	tail        int     // how many updates the average holds with this one; 0: none yet
}

func (b *qFull) learn(d qDraw) {
	b.now = d
	b.team.each(b.chunks(), b.work)
	if d.ends {
		b.swap()
	}
}

func (b *qFull) chunk(who, c int) {
	from, to := c*qChunk, min((c+1)*qChunk, b.table.States)
	actions, allowed, potential := b.table.Actions, b.table.Allowed, b.form.Potential
	q, next, rate, sum := b.q[b.now.table], b.v[b.now.table], b.now.rate, b.sum
	dst := b.dst[who][:to-from]
	for a := range actions {
		b.model.StepAll(dst, from, a, b.now.u)
		for i, step := range dst {
			at := (from+i)*actions + a
			if allowed != nil && !allowed[at] {
				continue
			}
			target := step.Reward - b.now.shift + next[step.Next+1]
			if potential != nil {
				target -= potential[from+i]
			}
			if sum != nil {
				sum[at] += target
			} else {
				q[at] += rate * (target - q[at])
			}
		}
	}
	if b.now.ends {
		b.update(b.now, from*actions, to*actions)
		b.look(c)
	}
}

// look finds what the states of a chunk are worth now.
func (b *qFull) look(c int) {
	actions := b.table.Actions
	for s := c * qChunk; s < min((c+1)*qChunk, b.table.States); s++ {
		first := b.q[0][s*actions : (s+1)*actions]
		if !b.form.Double {
			b.set(0, s, b.worth(s, first))
			continue
		}
		second := b.q[1][s*actions : (s+1)*actions]
		b.set(0, s, second[qGreedy(first)])
		b.set(1, s, first[qGreedy(second)])
	}
}

func (b *qFull) write() {
	b.result(b.table.Q)
}

// qValues is what both ways of sweeping share: values q by pair or post-decision state,
// and what states are worth by them.
type qValues struct {
	form  SweepForm
	team  qTeam
	table *Table
	q     [2][]float64 // the second for Double
	sum   []float64    // over the batch so far; nil: a draw is a batch
	mean  []float64    // over the tail; nil: none wanted
	tail  int          // how many updates are in mean
	v, w  [2][]float64 // γ(V(s) + Φ(s)) at s+1, and 0 at 0 for Terminal: read, and written
}

func newQValues(t *Table, form SweepForm, start []float64) qValues {
	b := qValues{form: form, team: newQTeam(form.Workers), table: t}
	for x := range b.q[:b.tables()] {
		b.q[x] = append([]float64(nil), start...)
		b.v[x], b.w[x] = make([]float64, t.States+1), make([]float64, t.States+1)
	}
	if form.Batch > 1 {
		b.sum = make([]float64, len(start))
	}
	if form.Tail > 0 {
		b.mean = make([]float64, len(start))
	}
	return b
}

func (b *qValues) tables() int {
	if b.form.Double {
		return 2
	}
	return 1
}

func (b *qValues) chunks() int { return (b.table.States + qChunk - 1) / qChunk }

func (b *qValues) swap() { b.v, b.w = b.w, b.v }

func (b *qValues) worth(s int, row []float64) float64 {
	if b.form.Follow != nil {
		return row[b.form.Follow[s]]
	}
	return qMax(row)
}

func (b *qValues) set(table, s int, value float64) {
	if b.form.Potential != nil {
		value += b.form.Potential[s]
	}
	b.w[table][s+1] = b.form.Gamma * value
}

// gain is what the reference state is worth to a table: with Average, what is taken off
// the reward.
func (b *qValues) gain(table int) float64 {
	if !b.form.Average {
		return 0
	}
	gain := b.v[table][b.form.Reference+1]
	if b.form.Potential != nil {
		gain -= b.form.Potential[b.form.Reference]
	}
	return gain
}

// update ends a batch for the values from begin to end.
func (b *qValues) update(d qDraw, begin, end int) {
	if b.sum != nil {
		q := b.q[d.table]
		for i := begin; i < end; i++ {
			if !math.IsInf(q[i], -1) {
				q[i] += d.rate * (b.sum[i]*d.share - q[i])
			}
			b.sum[i] = 0
		}
	}
	if d.tail == 0 {
		return
	}
	share := 1 / float64(d.tail)
	for i := begin; i < end; i++ {
		if now := b.both(i); !math.IsInf(now, -1) {
			b.mean[i] += share * (now - b.mean[i])
		} else {
			b.mean[i] = now
		}
	}
}

func (b *qValues) both(i int) float64 {
	if b.form.Double {
		return (b.q[0][i] + b.q[1][i]) / 2
	}
	return b.q[0][i]
}

// result writes the values as they are to be used.
func (b *qValues) result(dst []float64) {
	if b.tail > 0 {
		copy(dst, b.mean)
		return
	}
	for i := range dst {
		dst[i] = b.both(i)
	}
}

// qSweeper learns from one draw, and writes its values into the table.
type qSweeper interface {
	learn(qDraw)
	write()
}

// run draws and learns, batch by batch.
func (b *qValues) run(sweeper qSweeper, uniforms int) (Progress, error) {
	form, t, tables := b.form, b.table, b.tables()
	u := make([]float64, uniforms)
	var draws [2]*qDraws // a sequence for each table, as half of one is not as even
	for x := range tables {
		draws[x] = newQDraws(form.Seed+uint64(x)<<63, form.Random)
	}
	first, updates := t.Sweeps/form.Batch, (form.Draws+form.Batch-1)/form.Batch
	tailFrom := updates - int(math.Round(form.Tail*float64(updates)))
	was := t.Values()
	at, looked := Progress{Table: t}, -1
	for n := range updates {
		x, turn := (first+n)%tables, (first+n)/tables
		d := qDraw{table: x, u: u, shift: b.gain(x), rate: form.Rate.At(turn)}
		if n >= tailFrom {
			b.tail++
			at.Gain += (d.shift - at.Gain) / float64(b.tail)
		} else {
			at.Gain = d.shift
		}
		size := min(form.Batch, form.Draws-at.Done)
		d.tail, d.share = b.tail, 1/float64(size)
		for i := range size {
			if form.Begin != nil {
				form.Begin(at.Done)
			}
			draws[x].fill(u, turn*form.Batch+i)
			d.ends = i == size-1
			sweeper.learn(d)
			at.Done++
			t.Sweeps++
		}
		if form.Watch != nil && form.Every > 0 && at.Done/form.Every > (at.Done-size)/form.Every {
			sweeper.write()
			at.Change, looked = qChange(was, t), at.Done
			if !form.Watch(at) {
				break
			}
		}
	}
	if looked < at.Done {
		sweeper.write()
		at.Change = qChange(was, t)
	}
	return at, t.check()
}

// qChange returns the largest change of a value and takes the new ones over.
func qChange(was []float64, t *Table) float64 {
	var most float64
	for s := range was {
		v := t.Value(s)
		most = max(most, math.Abs(v-was[s]))
		was[s] = v
	}
	return most
}
