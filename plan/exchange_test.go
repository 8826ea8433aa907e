package plan

import (
	"math"
	"testing"
)

// Volatility by hand: a currency against itself has none, and one that was not published
// long enough has no figure.
func TestVolatility(t *testing.T) {
	day := onDay(t, "2011-12-09")
	risk := volatility("USD", "GBP", day)
	if !(risk > .03 && risk < .25) { // the pound moved by 5 to 20 % a year against the dollar in 2009 to 2011
		t.Errorf("the dollar's volatility is %v", risk)
	}
	if back := volatility("GBP", "USD", day); !near(back, risk) {
		t.Errorf("%v there and %v back", risk, back)
	}
	if got := volatility("XAU", "GBP", day); !math.IsNaN(got) {
		t.Errorf("gold has a volatility of %v, want none", got)
	}
}
