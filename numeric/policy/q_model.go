package policy

// Transition is what one step brings: the reward, and the state that follows or Terminal.
type Transition struct {
	Reward float64
	Next   int32
}

// Model is a Markov decision process that can be drawn from. Chance comes in as uniforms
// in (0, 1), as many as Size says, and by nothing else: whatever is done, the same
// uniforms are the same luck.
//
// What a learner calls a state may also be a label of what the model holds inside, as long
// as only Walk draws from it; everything else asks for steps from any state in any order,
// and from several goroutines at once.
type Model interface {
	Size() (states, actions, uniforms int)
	Step(state, action int, u []float64) (next int, reward float64)
}

// Batch is a Model that takes a run of states at a time, which spares FullBackup a call
// for each: StepAll writes into dst[i] what the action does in state from+i. It is also
// asked for actions that the mask rules out; what it says of them is thrown away.
type Batch interface {
	Model
	StepAll(dst []Transition, from, action int, u []float64)
}

// AfterModel is a process in which the decision and chance come apart. Decide says at once
// what an action earns and to which post-decision state it leads; Chance writes into dst[i]
// what then happens in post-decision state from+i. Pairs that lead to the same
// post-decision state share all that is learnt about it.
//
// Source: Powell, Approximate dynamic programming (2nd edition, 2011), chapter 4.
type AfterModel interface {
	Size() (states, actions, uniforms int)
	Afters() int
	Decide(state, action int) (after int, reward float64)
	Chance(dst []Transition, from int, u []float64)
}

// qSteps is a Model taken one state at a time.
type qSteps struct{ Model }

func (m qSteps) StepAll(dst []Transition, from, action int, u []float64) {
	for i := range dst {
		next, reward := m.Step(from+i, action, u)
		dst[i] = Transition{reward, int32(next)}
	}
}

func qBatch(m Model) Batch {
	if b, ok := m.(Batch); ok {
		return b
	}
	return qSteps{m}
}
