package demand

import (
	"time"

	"tradewind/calendar"
	"tradewind/commerce"
)

// closedAhead says which of the coming days the shop will probably be closed for a
// holiday of fixed date: the same day of the year was without any trade in the past,
// every time that it fell on a weekday on which the shop trades.
func closedAhead(s *commerce.Snapshot, days int) []bool {
	trades := tradingWeekdays(s)
	type date struct {
		month time.Month
		day   int
	}
	open, shut := map[date]bool{}, map[date]bool{}
	for _, d := range s.Trading {
		_, m, day := d.Day.Date()
		switch {
		case d.Lines > 0:
			open[date{m, day}] = true
		case trades[d.Day.Weekday()]:
			shut[date{m, day}] = true
		}
	}
	closed := make([]bool, days)
	for t := range closed {
		_, m, day := s.AsOf.AddDays(t + 1).Date()
		closed[t] = shut[date{m, day}] && !open[date{m, day}]
	}
	return closed
}

// tradingWeekdays are the weekdays on which the shop traded in most weeks of its last
// half year. A weekday with next to no trade teaches nothing about holidays.
func tradingWeekdays(s *commerce.Snapshot) (trades [7]bool) {
	var traded, seen [7]int
	for _, d := range s.Trading {
		if s.AsOf.Sub(d.Day) >= 182 {
			continue
		}
		w := d.Day.Weekday()
		seen[w]++
		if d.Lines > 0 {
			traded[w]++
		}
	}
	for w := range trades {
		trades[w] = 2*traded[w] > seen[w]
	}
	return trades
}

// Closed lists the coming days on which the shop is expected to be closed.
func Closed(s *commerce.Snapshot, days int) []calendar.Day {
	var list []calendar.Day
	for t, shut := range closedAhead(s, days) {
		if shut {
			list = append(list, s.AsOf.AddDays(t+1))
		}
	}
	return list
}
