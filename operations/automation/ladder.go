package automation

import (
	"math"
	"slices"

	"tradewind/messages"
)

// Standing is what the ladder knows of a policy for one item.
type Standing struct {
	Level      Level
	Periods    int // weeks on that rung
	Calibrated bool
	Unread     string // the item, where another version of the program learned of it and this one cannot act by that; "": it can

	Advantage Comparison // over the classical policy, in simulated episodes that nothing was learned on
	Shadow    Comparison // over the same on the item's own past; Episodes 0: not run

	Acted, Reviewed, Faulted int // decisions on that rung, looked at afterwards, and found wrong

	Breaches int      // of guardrails on that rung
	Drift    Response // what the monitor asks for
	Cooling  int      // weeks since the last demotion; negative: never
	Fresh    int      // whole weeks of facts since the last move, up or down; negative: it never moved
}

// Climb is a move on the ladder, or why there is none. To is From where it stays.
type Climb struct {
	From, To Level
	Why      messages.Message
}

// What the upper rungs ask for.
const (
	provenEpisodes = 30 // of each scenario: the interval of fewer says little, that of one nothing
	coolingWeeks   = 4  // after a demotion
	freshWeeks     = 4  // of facts that no move rests on yet: no way up is shorter than the way back
	provenWeeks    = 8  // on a rung before the next
	reviewedLeast  = 20 // decisions that people looked at, none of them wrong
)

// Next moves a policy at most one rung up, and as far down as is called for:
//
//	down    a guardrail was breached, or a review found fault: proposes only
//	        the world drifted so far that the policy must learn anew, or its simulator does
//	        not fit its item any more, or another version learned it: advises only
//	up      advise → propose      calibrated, and the lower 95 % bound of the advantage above 0
//	        propose → act         and the shadow run agrees: no harm on the item's own past
//	        act → act, reviewed   and many decisions were looked at and none found wrong
//
// Asked twice about the same facts, it sees the same evidence twice. So a move up asks besides
// for weeks of facts since the last move: what that one rested on is spent.
//
// Whether it may act at all is for its mandate to say.
func (s Standing) Next() Climb {
	c := Climb{From: s.Level, To: s.Level}
	stay := func(code string, args ...messages.Arg) Climb {
		c.Why = messages.M(code, args...)
		return c
	}
	fall := func(to Level, code string, args ...messages.Arg) Climb {
		if slices.Index(Levels, to) < slices.Index(Levels, s.Level) {
			c.To = to
		}
		return stay(code, args...)
	}
	switch {
	case s.Unread != "":
		return fall(Advise, "ladder.unread", messages.A("sku", s.Unread))
	case !s.Calibrated:
		return fall(Advise, "ladder.uncalibrated")
	case s.Drift.Retrains():
		return fall(Advise, "ladder.drift")
	case s.Faulted > 0:
		return fall(Propose, "ladder.faulted", messages.A("n", s.Faulted))
	case s.Breaches > 0:
		return fall(Propose, "ladder.breach", messages.A("n", s.Breaches))
	case s.Advantage.Episodes < provenEpisodes:
		return stay("ladder.few", messages.A("n", s.Advantage.Episodes), messages.A("least", provenEpisodes))
	case !(s.Advantage.Low > 0):
		return fall(Advise, "ladder.unproven")
	case s.Cooling >= 0 && s.Cooling < coolingWeeks:
		return stay("ladder.cooling", messages.A("n", coolingWeeks-s.Cooling))
	case s.Fresh >= 0 && s.Fresh < freshWeeks && s.Level != ActReviewed:
		return stay("ladder.fresh", messages.A("n", s.Fresh), messages.A("least", freshWeeks), messages.A("left", freshWeeks-s.Fresh))
	}
	switch s.Level {
	case Advise:
		c.To = Propose
		return stay("ladder.proven", messages.A("low", messages.Percent(s.Advantage.ShareLow())))
	case Propose:
		if s.Shadow.Episodes == 0 {
			return stay("ladder.shadow.none")
		}
		if !s.agrees() {
			return stay("ladder.shadow.harm", messages.A("gain", messages.Percent(s.Shadow.Share())))
		}
		c.To = Act
		return stay("ladder.shadow.agrees", messages.A("gain", messages.Percent(s.Shadow.Share())))
	case Act:
		if s.Reviewed < reviewedLeast || s.Periods < provenWeeks {
			return stay("ladder.review", messages.A("n", s.Reviewed), messages.A("least", reviewedLeast), messages.A("weeks", s.Periods), messages.A("wait", provenWeeks))
		}
		c.To = ActReviewed
		return stay("ladder.reviewed", messages.A("n", s.Reviewed))
	}
	return stay("ladder.top")
}

// agrees reports whether the shadow run shows no harm: a gain, and none of the loss that
// its interval leaves open above one per cent.
func (s Standing) agrees() bool {
	const harm = .01
	return s.Shadow.Gain >= 0 && s.Shadow.Low >= -harm*math.Abs(s.Shadow.Other)
}

// Response is what drift calls for, the mildest first.
type Response int

const (
	NoResponse  Response = iota
	Log                  // write it down
	Recalibrate          // of intervals
	Refit                // of the forecast, with a shorter memory
	Retrain              // of whatever learned on the old world
	FallBack             // to the simplest method, and to people
)

// Retrains reports whether what was learned is not to be trusted until it is learned anew.
func (r Response) Retrains() bool { return r >= Retrain }

// Respond climbs the response ladder by one step for each alarm that follows another within
// the cool-down, and begins anew after a quiet time: ages are the weeks since each alarm, the
// oldest first.
func Respond(ages []int) Response {
	const quiet = 26
	r := NoResponse
	for i, age := range ages {
		if i > 0 && ages[i-1]-age > quiet {
			r = NoResponse
		}
		r = min(r+1, FallBack)
	}
	if n := len(ages); n > 0 && ages[n-1] > quiet {
		return NoResponse
	}
	return r
}
