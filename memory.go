package tradewind

import (
	"os"
	"runtime/debug"
)

// SpareMemory lets the heap of this process grow by half, not to the double, before
// garbage is collected: on two years of a shop that saves a fifth of the memory at its
// highest for a few per cent of the time. Programs call it first; who sets GOGC has
// decided.
func SpareMemory() {
	if _, set := os.LookupEnv("GOGC"); !set {
		debug.SetGCPercent(50)
	}
}
