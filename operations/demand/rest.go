package demand

import (
	"math"
	"slices"
	"time"

	"tradewind/calendar"
	"tradewind/commerce"
	"tradewind/market"
)

// Rest is a coming day that is not like other days of its weekday.
type Rest struct {
	Day    calendar.Day
	Market commerce.Market // whose holiday it is; "" for a day that the shop itself keeps
	Name   string          // of the holiday; "" for a day that the shop itself keeps
	Share  float64         // of the usual trade that is expected; 0 is closed
}

const (
	// restPrior is how many holidays without effect are put beside those that were seen:
	// without a habit of the shop's own a holiday changes nothing.
	restPrior = 1
	// quiet is the share of a usual day below which a day counts as closed.
	quiet = .02
)

// habits is what the past of a shop tells about its days of rest.
type habits struct {
	from     calendar.Day
	activity []float64
	usual    []float64 // what each day would have done by the same weekday of the weeks around it; 0 where that rests too
	followed []followed
	dates    map[date]kept
}

// followed is a country whose holidays the shop's trade may follow.
type followed struct {
	*market.Calendar
	all   habit
	named map[string]habit
}

// habit sums up days of one kind.
type habit struct {
	days, shut     float64
	ratio, squares float64 // Σ and Σ² of the log of what days that were not shut did of a usual one
}

type date struct {
	month time.Month
	day   int
}

// kept is how the shop kept a date in the years that are known: shut or open without a
// holiday to explain it, or shut by a holiday.
type kept struct{ shut, open, bridged bool }

// habitsOf learns from the activity of the days from a day on. Markets come in the order
// of their trade: a day that is a holiday in two of them is put down to the larger.
func habitsOf(from calendar.Day, activity []float64, markets []commerce.Market) *habits {
	h := &habits{from: from, activity: activity, usual: usualDays(activity), dates: map[date]kept{}}
	for _, m := range markets {
		if c, ok := market.CalendarOf(m); ok {
			h.followed = append(h.followed, followed{Calendar: c, named: map[string]habit{}})
		}
	}
	for t := range activity {
		if !(h.usual[t] > 0) || math.IsNaN(activity[t]) {
			continue
		}
		day := from.AddDays(t)
		if f, holiday := h.holiday(day); f != nil {
			f.all.see(activity[t] / h.usual[t])
			own := f.named[holiday.Name]
			own.see(activity[t] / h.usual[t])
			f.named[holiday.Name] = own
		}
	}
	for t := range activity {
		if !(h.usual[t] > 0) || math.IsNaN(activity[t]) {
			continue
		}
		day := from.AddDays(t)
		_, m, d := day.Date()
		was := h.dates[date{m, d}]
		switch f, holiday := h.holiday(day); {
		case f != nil && f.share(holiday.Name) == 0: // the holiday explains it, or part of it
			was.bridged = true
		case activity[t] <= quiet*h.usual[t]:
			was.shut = true
		default:
			was.open = true
		}
		h.dates[date{m, d}] = was
	}
	return h
}

func (h *habit) see(ratio float64) {
	h.days++
	if ratio <= quiet {
		h.shut++
	} else {
		h.ratio += math.Log(ratio)
		h.squares += math.Log(ratio) * math.Log(ratio)
	}
}

// holiday returns the first followed country that has a holiday on a day.
func (h *habits) holiday(day calendar.Day) (*followed, market.Holiday) {
	for i := range h.followed {
		if holiday, ok := h.followed[i].On(day); ok {
			return &h.followed[i], holiday
		}
	}
	return nil, market.Holiday{}
}

// share is what remains of the usual trade on a holiday: nothing where more than half of
// such days were closed, what the holiday itself has shown counting most; else the mean
// ratio of all holidays of the country, if it stands out of their scatter.
func (f *followed) share(name string) float64 {
	own := f.named[name]
	shut := (own.shut + f.all.shut/(f.all.days+restPrior)) / (own.days + 1)
	if shut > .5 {
		return 0
	}
	open := f.all.days - f.all.shut
	if open < 3 {
		return 1
	}
	mean := f.all.ratio / open
	scatter := math.Sqrt(math.Max(0, f.all.squares-open*mean*mean) / (open - 1) / open)
	if math.Abs(mean) < 3*scatter {
		return 1
	}
	return math.Exp(mean * open / (open + 4*restPrior))
}

// ahead lists the days of rest among the days after the activity: holidays, dates on which
// the shop was always shut, and between such dates those on which it was shut for a
// holiday that falls elsewhere this time.
func (h *habits) ahead(days int) []Rest {
	rests := make([]*Rest, days)
	for t := range days {
		day := h.from.AddDays(len(h.activity) + t)
		if f, holiday := h.holiday(day); f != nil {
			if share := f.share(holiday.Name); share != 1 {
				rests[t] = &Rest{day, f.Country, holiday.Name, share}
				continue
			}
		}
		if was := h.on(day); was.shut && !was.open {
			rests[t] = &Rest{Day: day}
		}
	}
	shut := func(t int) bool { return t >= 0 && t < days && rests[t] != nil && rests[t].Share == 0 }
	var list []Rest
	for t := range days {
		day := h.from.AddDays(len(h.activity) + t)
		if was := h.on(day); rests[t] == nil && was.bridged && !was.open && shut(t-1) && (shut(t+1) || shut(t+2)) {
			rests[t] = &Rest{Day: day}
		}
		if rests[t] != nil {
			list = append(list, *rests[t])
		}
	}
	return list
}

func (h *habits) on(day calendar.Day) kept {
	_, m, d := day.Date()
	return h.dates[date{m, d}]
}

// usualDays is, for each day, the median of the same weekday in the three weeks before and
// after: what a day of rest is told by.
func usualDays(activity []float64) []float64 {
	usual := make([]float64, len(activity))
	var around []float64
	for t := range activity {
		around = around[:0]
		for k := -3; k <= 3; k++ {
			if at := t + 7*k; k != 0 && at >= 0 && at < len(activity) && !math.IsNaN(activity[at]) {
				around = append(around, activity[at])
			}
		}
		if len(around) < 3 {
			continue
		}
		slices.Sort(around)
		usual[t] = around[len(around)/2]
	}
	least := quiet * median(usual)
	for t := range usual {
		if usual[t] <= least {
			usual[t] = 0
		}
	}
	return usual
}

func median(xs []float64) float64 {
	positive := make([]float64, 0, len(xs))
	for _, x := range xs {
		if x > 0 {
			positive = append(positive, x)
		}
	}
	if len(positive) == 0 {
		return 0
	}
	slices.Sort(positive)
	return positive[len(positive)/2]
}

// followedShare is the least share of a shop's selling days that a market has whose
// holidays are followed: the holiday of a smaller one moves the shop by no more than that,
// and among forty countries some day always seems to matter.
const followedShare = .05

// marketsOf lists the markets of a snapshot that are worth following, the one with the most
// selling days first.
func marketsOf(s *commerce.Snapshot) []commerce.Market {
	days, all := map[commerce.Market]int{}, 0
	for i, item := range s.Items {
		lo, hi := s.Rows(i)
		days[item.Market] += hi - lo
		all += hi - lo
	}
	list := make([]commerce.Market, 0, len(days))
	for m, n := range days {
		if float64(n) >= followedShare*float64(all) {
			list = append(list, m)
		}
	}
	slices.SortFunc(list, func(a, b commerce.Market) int {
		if days[a] != days[b] {
			return days[b] - days[a]
		}
		return slices.Compare([]byte(a), []byte(b))
	})
	return list
}
