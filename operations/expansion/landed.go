package expansion

import (
	"math"
	"math/rand/v2"

	"tradewind/messages"
)

// LandedStatus says how far the landed charges of a market are known.
type LandedStatus string

const (
	LandedKnown   LandedStatus = "known"
	LandedRange   LandedStatus = "range"   // rules that are not confirmed: between Low and High
	LandedUnknown LandedStatus = "unknown" // a rate is missing, and is not taken for 0
)

// Landed is what lies between net sales and the seller on the way to a market: freight,
// duty, tax that cannot be passed on, brokerage, as shares of net sales.
type Landed struct {
	Rate      float64 // as rules and tariffs in force have it; the likeliest value of a range
	Low, High float64 // of a range
	Status    LandedStatus
	Rules     []string // IDs of the rules that it rests on
}

// mean returns the expected rate: that of the triangular distribution for a range.
func (l *Landed) mean() float64 {
	switch {
	case l == nil || l.Status == LandedUnknown:
		return 0
	case l.Status == LandedRange:
		return (l.Low + l.mode() + l.High) / 3
	}
	return l.Rate
}

func (l *Landed) mode() float64 { return min(max(l.Rate, l.Low), l.High) }

// draw draws a rate. Only a range uses chance.
func (l *Landed) draw(rng *rand.Rand) float64 {
	if l == nil || l.Status != LandedRange || !(l.High > l.Low) {
		return l.mean()
	}
	u, width := rng.Float64(), l.High-l.Low
	if rise := (l.mode() - l.Low) / width; u < rise {
		return l.Low + width*math.Sqrt(u*rise)
	} else {
		return l.High - width*math.Sqrt((1-u)*(1-rise))
	}
}

// complete reports whether the charges are in the figures.
func (l *Landed) complete() bool { return l != nil && l.Status != LandedUnknown }

func (l *Landed) notes() []messages.Message {
	switch {
	case l == nil:
		return []messages.Message{messages.M("expansion.note.landed-not-applied")}
	case l.Status == LandedUnknown:
		return []messages.Message{messages.M("expansion.note.landed-unknown")}
	case l.Status == LandedRange:
		return []messages.Message{messages.M("expansion.note.landed-range", messages.A("low", messages.Percent(l.Low)), messages.A("high", messages.Percent(l.High)))}
	}
	return nil
}
