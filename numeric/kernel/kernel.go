// Package kernel holds the inner loops of recurrent networks: matrix products, the
// element-wise part of an LSTM cell and the Adam step.
//
// On amd64 processors with AVX2 the float32 loops run in assembly; everywhere else, for
// float64, and under the build tag purego they run in plain Go. Both ways give the same
// bytes: each sum has one order, and a product is rounded before it is added, so that no
// compiler may fuse the two. A result therefore does not depend on the machine.
//
// It is no general linear algebra, and it makes no goroutines: what runs side by side is
// for the caller to say. It rests on the standard library alone; package neural comes
// after it.
package kernel

// Float is what the loops compute with: float32 for work, float64 to check it.
type Float interface{ float32 | float64 }

// lanes is how many float32 numbers one vector register holds.
const lanes = 8
