//go:build unix

package policy

import (
	"fmt"
	"syscall"
	"testing"
)

// processorTime returns the seconds that the processors have worked for this program, which
// other programs on the machine do not lengthen.
func processorTime(b *testing.B) float64 {
	var used syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &used); err != nil {
		b.Fatal(err)
	}
	return float64(used.Utime.Nano()+used.Stime.Nano()) / 1e9
}

func BenchmarkWalk(b *testing.B) {
	const steps = 1e6
	for rule, name := range []string{QLearning: "q", DoubleQ: "double", DifferentialQ: "differential"} {
		if name == "" {
			continue
		}
		b.Run(name, func(b *testing.B) {
			m, form := newShelf(), shelfWalk(Rule(rule), steps)
			var reward float64
			start := processorTime(b)
			for b.Loop() {
				at, err := Walk(m, NewTable(51, 21, nil), form)
				if err != nil {
					b.Fatal(err)
				}
				reward = at.Gain
			}
			b.ReportMetric(steps*float64(b.N)/(processorTime(b)-start)/1e6, "Msteps/CPU-s")
			b.ReportMetric(reward, "reward/step")
		})
	}
}

// BenchmarkFullBackup reports pairs learnt from in a second, on the same problem.
func BenchmarkFullBackup(b *testing.B) {
	m := newShelf()
	const draws = 2000
	start := processorTime(b)
	for b.Loop() {
		if _, err := FullBackup(m, NewTable(51, 21, nil), SweepForm{Gamma: .99, Draws: draws, Workers: 1}); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(51*21*draws*float64(b.N)/(processorTime(b)-start)/1e6, "Mupdates/CPU-s")
}

// BenchmarkAfterBackup is the size of a table for prices and orders, 17,280 states of 25
// actions, one draw at a time and in batches.
func BenchmarkAfterBackup(b *testing.B) {
	m := newGridShop()
	states, actions, _ := m.Size()
	const draws = 256
	for _, batch := range []int{1, 64} {
		b.Run(fmt.Sprint("batch ", batch), func(b *testing.B) {
			start := processorTime(b)
			for b.Loop() {
				values := make([]float64, m.Afters())
				_, err := AfterBackup(m, NewTable(states, actions, nil), values, SweepForm{Gamma: .995, Draws: draws, Batch: batch, Workers: 1})
				if err != nil {
					b.Fatal(err)
				}
			}
			b.ReportMetric((processorTime(b)-start)/draws/float64(b.N)*1e3, "CPU-ms/draw")
		})
	}
}
