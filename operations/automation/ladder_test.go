package automation

import (
	"slices"
	"testing"

	"pgregory.net/rapid"
)

func proven() Comparison { return Comparison{110, 100, 10, 4, 16, .95, 64} }

// good is a standing that rises.
func good(at Level) Standing {
	return Standing{Level: at, Periods: 12, Calibrated: true, Advantage: proven(), Shadow: proven(), Reviewed: 20, Acted: 40, Cooling: -1, Fresh: 4}
}

func TestLadderRisesByOneRung(t *testing.T) {
	for i, level := range Levels {
		want := Levels[min(i+1, len(Levels)-1)]
		if c := good(level).Next(); c.To != want || c.From != level || c.Why.IsZero() {
			t.Errorf("from %s: %+v, want %s", level, c, want)
		}
	}
}

func TestLadderWithoutProofStays(t *testing.T) {
	for _, x := range []struct {
		name string
		at   Level
		but  func(*Standing)
		want Level
	}{
		{"no shadow run", Propose, func(s *Standing) { s.Shadow = Comparison{} }, Propose},
		{"a shadow run that loses", Propose, func(s *Standing) { s.Shadow.Gain, s.Shadow.Low = -1, -3 }, Propose},
		{"a shadow run that may do harm", Propose, func(s *Standing) { s.Shadow.Low = -1.5 }, Propose},
		{"few reviews", Act, func(s *Standing) { s.Reviewed = 19 }, Act},
		{"a short while", Act, func(s *Standing) { s.Periods = 7 }, Act},
		{"fell lately", Advise, func(s *Standing) { s.Cooling = 3 }, Advise},
		{"nothing new since it climbed", Propose, func(s *Standing) { s.Fresh = 0 }, Propose},
		{"little new since it climbed", Act, func(s *Standing) { s.Fresh = 3 }, Act},
		{"nothing new since it fell", Advise, func(s *Standing) { s.Cooling, s.Fresh = 9, 0 }, Advise},
		{"it never moved", Advise, func(s *Standing) { s.Fresh = -1 }, Propose},
		{"nothing new on the top", ActReviewed, func(s *Standing) { s.Fresh = 0 }, ActReviewed},
		{"few episodes", Advise, func(s *Standing) { s.Advantage.Episodes = 29 }, Advise},
		{"bound not above nothing", ActReviewed, func(s *Standing) { s.Advantage.Low = 0 }, Advise},
		{"a breach", ActReviewed, func(s *Standing) { s.Breaches = 1 }, Propose},
		{"a fault", Act, func(s *Standing) { s.Faulted = 1 }, Propose},
		{"drift", Act, func(s *Standing) { s.Drift = Retrain }, Advise},
		{"mild drift", Act, func(s *Standing) { s.Drift, s.Reviewed = Refit, 0 }, Act},
		{"learned by another version", ActReviewed, func(s *Standing) { s.Unread, s.Faulted = "A", 1 }, Advise},
		{"a simulator that does not fit", Act, func(s *Standing) { s.Calibrated = false }, Advise},
	} {
		s := good(x.at)
		x.but(&s)
		if c := s.Next(); c.To != x.want {
			t.Errorf("%s: from %s to %s, want %s", x.name, x.at, c.To, x.want)
		}
	}
}

// TestLadderIsCautious: over random standings a policy never climbs two rungs, and never
// climbs where anything speaks against it.
func TestLadderIsCautious(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		compared := func(name string) Comparison {
			gain := rapid.Float64Range(-20, 20).Draw(t, name)
			half := rapid.Float64Range(0, 20).Draw(t, name+" half")
			return Comparison{100 + gain, 100, gain, gain - half, gain + half, .95, rapid.IntRange(0, 64).Draw(t, name+" episodes")}
		}
		s := Standing{
			Level: rapid.SampledFrom(Levels).Draw(t, "level"), Periods: rapid.IntRange(0, 20).Draw(t, "periods"), Calibrated: rapid.Bool().Draw(t, "calibrated"),
			Advantage: compared("advantage"), Shadow: compared("shadow"), Reviewed: rapid.IntRange(0, 40).Draw(t, "reviewed"), Faulted: rapid.IntRange(0, 1).Draw(t, "faulted"),
			Breaches: rapid.IntRange(0, 1).Draw(t, "breaches"), Drift: Response(rapid.IntRange(0, int(FallBack)).Draw(t, "drift")), Cooling: rapid.IntRange(-1, 8).Draw(t, "cooling"), Fresh: rapid.IntRange(-1, 8).Draw(t, "fresh"),
		}
		c := s.Next()
		from, to := slices.Index(Levels, c.From), slices.Index(Levels, c.To)
		if c.From != s.Level || to < 0 || c.Why.IsZero() {
			t.Fatalf("%+v of %+v", c, s)
		}
		if to > from+1 {
			t.Fatalf("two rungs at once: %+v of %+v", c, s)
		}
		against := !s.Calibrated || s.Drift.Retrains() || s.Faulted > 0 || s.Breaches > 0 || s.Advantage.Low <= 0 || s.Advantage.Episodes < provenEpisodes || s.Cooling >= 0 && s.Cooling < coolingWeeks || s.Fresh >= 0 && s.Fresh < freshWeeks
		if to > from && (against || c.To == Act && (s.Shadow.Gain < 0 || s.Shadow.Episodes == 0)) {
			t.Fatalf("climbed: %+v of %+v", c, s)
		}
		if c.To.Acts() && (!s.Calibrated || s.Drift.Retrains() || s.Faulted > 0 || s.Breaches > 0) {
			t.Fatalf("acts: %+v of %+v", c, s)
		}
	})
}

func TestResponsesClimb(t *testing.T) {
	for _, x := range []struct {
		ages []int
		want Response
	}{
		{nil, NoResponse}, {[]int{0}, Log}, {[]int{9, 4}, Recalibrate}, {[]int{14, 9, 4}, Refit}, {[]int{20, 14, 9, 4}, Retrain},
		{[]int{24, 20, 14, 9, 4, 0}, FallBack}, {[]int{40, 9}, Log}, {[]int{40, 35, 30}, NoResponse}, {[]int{27}, NoResponse}, {[]int{26}, Log},
	} {
		if got := Respond(x.ages); got != x.want {
			t.Errorf("alarms %v weeks ago: got %d, want %d", x.ages, got, x.want)
		}
	}
}
