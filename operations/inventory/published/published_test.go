package published

import (
	"math"
	"testing"
)

// TestPublishedAnswers: every instance is solved and lies where it was published.
func TestPublishedAnswers(t *testing.T) {
	problems, err := Problems()
	if err != nil {
		t.Fatal(err)
	}
	if got, want := len(problems), 110; got != want {
		t.Fatalf("%d instances, want %d", got, want)
	}
	for i := range problems {
		p := &problems[i]
		t.Run(p.Kind+"/"+p.Name, func(t *testing.T) {
			numbers, err := p.Numbers()
			if err != nil || len(numbers) == 0 {
				t.Fatalf("%d numbers, %v", len(numbers), err)
			}
			for _, n := range numbers {
				if !(n.Off() <= p.Within) {
					t.Errorf("%s: got %.15g, want %.15g within %g", n.Result, n.Got, n.Want, p.Within)
				}
			}
		})
	}
}

// The cost of a chain's best levels, told by Cost, is the one that Best tells.
func TestSerialCostsAgree(t *testing.T) {
	problems, _ := Problems()
	for i := range problems {
		if p := &problems[i]; p.Kind == "serial" {
			s := p.Data.serial()
			levels, want := s.Best()
			if got := s.Cost(levels); math.Abs(got-want) > 1e-12*want {
				t.Errorf("%s: got %.15g, want %.15g", p.Name, got, want)
			}
		}
	}
}

// Silver's published orders cost at most a hundredth more than the best ones here.
func TestSilverIsNearTheBest(t *testing.T) {
	problems, _ := Problems()
	seen := 0
	for i := range problems {
		p := &problems[i]
		if p.Kind != "joint_replenishment" {
			continue
		}
		seen++
		j := p.Data.joint()
		if best, silver := j.Best(), j.Silver(); best.Cost > silver.Cost || silver.Cost > 1.01*best.Cost {
			t.Errorf("%s: Silver %g, best %g", p.Name, silver.Cost, best.Cost)
		}
	}
	if seen == 0 {
		t.Error("no instance is a joint replenishment")
	}
}
