package benchmark

import (
	"context"
	"math"
	"testing"
)

// TestOffPolicyEvaluation judges by the tuning seed's logs; what must hold stands in
// docs/worlds.md.
func TestOffPolicyEvaluation(t *testing.T) {
	q := opeQuestion{1, opeRuns}
	for _, w := range newLogWorlds(q.Seed) {
		a, err := w.judge(context.Background(), q)
		if err != nil {
			t.Fatal(err)
		}
		t.Logf("%+v", a)
		if a.DR.Error > .05 || a.DR.Covered < .93 || a.DR.Covered > .97 {
			t.Errorf("%s: doubly robust is off by %.4f, its intervals hold the truth in %.3f", w.name, a.DR.Error, a.DR.Covered)
		}
		if math.Abs(a.WrongP.Off) > .005 || math.Abs(a.WrongModel.Off) > .005 {
			t.Errorf("%s: doubly robust is off by %.4f with wrong propensities, by %.4f with a wrong model", w.name, a.WrongP.Off, a.WrongModel.Off)
		}
		if math.Abs(a.Both.Off) < .005 || math.Abs(a.IPSWrongP.Off) < .005 {
			t.Errorf("%s: the errors put in do no harm: %.4f and %.4f", w.name, a.Both.Off, a.IPSWrongP.Off)
		}
		if a.DR.SD >= a.IPS.SD {
			t.Errorf("%s: doubly robust spreads by %.4f, inverse propensities by %.4f", w.name, a.DR.SD, a.IPS.SD)
		}
	}
}
