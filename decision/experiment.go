package decision

import (
	"crypto/sha256"

	"tradewind/calendar"
	"tradewind/money"
)

// LongestExperiment is how many weeks a price test may last.
const LongestExperiment = 104

// Turn is one week of a price test.
type Turn struct {
	Week     int          // from 1
	From, To calendar.Day // both included
	Test     bool         // the test price is asked; otherwise that of the control
	Price    money.Amount
}

// Turns draws the weeks of a price test. Of each two weeks one asks the test price: which
// of them, a bit of the SHA-256 of the decision's ID says, so that neither a trend nor
// anybody's wish decides, and everybody can draw it again. An odd last week is drawn too.
// A test of no weeks, or of more than LongestExperiment, has no turns.
//
// Source: Box, Hunter and Hunter, Statistics for Experimenters, on randomised blocks.
func (a StartExperiment) Turns(id ID) []Turn {
	if a.Weeks < 1 || a.Weeks > LongestExperiment {
		return nil
	}
	bits := sha256.Sum256([]byte(id))
	turns := make([]Turn, a.Weeks)
	for w := range turns {
		block := w / 2
		testFirst := bits[block/8]>>(block%8)&1 == 1
		from := a.From.AddDays(7 * w)
		turns[w] = Turn{Week: w + 1, From: from, To: from.AddDays(6), Test: testFirst == (w%2 == 0), Price: a.Control}
		if turns[w].Test {
			turns[w].Price = a.Test
		}
	}
	return turns
}
