//go:build !amd64 || purego

package kernel

// Without assembly the plain loops do everything; what follows is never called.
const simd = false

func mulAddSIMD(_, _, _ Matrix[float32]) int { panic("kernel: no assembly") }

func cellForward(_ *float32, _ int, _, _, _, _ *float32, _ int, _ *[constants][lanes]float32) {
	panic("kernel: no assembly")
}

func cellBackward(_ *float32, _ int, _, _, _, _ *float32, _ int, _ *[constants][lanes]float32) {
	panic("kernel: no assembly")
}
