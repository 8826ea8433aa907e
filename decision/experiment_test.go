package decision

import (
	"math"
	"testing"

	"pgregory.net/rapid"

	"tradewind/calendar"
	"tradewind/commerce"
	"tradewind/money"
)

func experiment(weeks int) StartExperiment {
	return StartExperiment{
		Item: commerce.Item{SKU: "85123A", Market: "GB", Channel: "web"}, Name: "lantern",
		Control: money.FromE4(2_9500, "GBP"), Test: money.FromE4(2_6500, "GBP"), From: calendar.FromOrdinal(20_000), Weeks: weeks,
	}
}

// The weeks follow each other, each block of two has both prices, and the same decision
// draws the same weeks.
func TestTurns(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a := experiment(rapid.IntRange(1, LongestExperiment).Draw(t, "weeks"))
		id := ID(rapid.StringMatching(`D-[0-9A-HJKMNP-TV-Z]{8}`).Draw(t, "id"))
		turns, again := a.Turns(id), a.Turns(id)
		if len(turns) != a.Weeks {
			t.Fatalf("%d turns, want %d", len(turns), a.Weeks)
		}
		for w, turn := range turns {
			if turn != again[w] {
				t.Fatalf("week %d is drawn as %+v, then as %+v", w+1, turn, again[w])
			}
			if turn.Week != w+1 || turn.From != a.From.AddDays(7*w) || turn.To != turn.From.AddDays(6) {
				t.Errorf("turn %d is %+v", w, turn)
			}
			if want := map[bool]money.Amount{true: a.Test, false: a.Control}[turn.Test]; turn.Price != want {
				t.Errorf("week %d asks %s, want %s", turn.Week, turn.Price, want)
			}
			if w%2 == 1 && turn.Test == turns[w-1].Test {
				t.Errorf("weeks %d and %d ask the same", w, w+1)
			}
		}
	})
	for _, weeks := range []int{-1, 0, LongestExperiment + 1} {
		if got := experiment(weeks).Turns("D-00000000"); got != nil {
			t.Errorf("%d weeks have %d turns", weeks, len(got))
		}
	}
}

// Over many tests, each block begins with either price half of the time, and what one
// block drew says nothing of the next.
func TestTurnsAreDrawnEvenly(t *testing.T) {
	const tests, blocks = 4_000, LongestExperiment / 2
	var first, same [blocks]float64
	for n := range tests {
		a := experiment(LongestExperiment)
		turns := a.Turns(NewID(a.Kind(), a.Subject(), "snapshot", "config", uint64(n)))
		for b := range blocks {
			if turns[2*b].Test {
				first[b]++
			}
			if b > 0 && turns[2*b].Test == turns[2*b-2].Test {
				same[b]++
			}
		}
	}
	limit := 4.5 * math.Sqrt(tests/4) // 4.5 standard deviations of a fair coin; over 103 counts, one test in 1,400 would fail by chance
	for b := range blocks {
		if math.Abs(first[b]-tests/2) > limit || b > 0 && math.Abs(same[b]-tests/2) > limit {
			t.Errorf("block %d begins with the test price in %v of %d, as the one before in %v", b, first[b], tests, same[b])
		}
	}
}
