package market

import (
	"strconv"
	"strings"
	"time"

	"tradewind/calendar"
	"tradewind/fault"
)

// DateRule says on which day of a year something falls, in words:
//
//	11-11                      month and day
//	4th thursday november      1st, 2nd, 3rd, 4th or last
//	wednesday from 01-06       the first such weekday on that date or after it
//	easter, julian-easter
//	chinese new-year           also buddha, dragon-boats, qixi, mid-autumn, double-ninth
//	vietnamese new-year, korean new-year
//	islamic ramadan            also eid-al-fitr, eid-al-adha
//	mabims ramadan             as Malaysia and Indonesia compute it; also eid-al-fitr
//	hindu diwali               also dussehra, raksha-bandhan
//	hebrew new-year            also purim, passover, hanukkah
//
// Each may be followed by days to add: "easter -2".
type DateRule struct {
	text      string
	shift     int
	from, to  int // the years for which it is known; both 0 is every year
	estimated bool
	days      func(year int) []calendar.Day // before the shift; an Islamic day comes twice in some years
}

// String returns the words of the rule.
func (r DateRule) String() string { return r.text }

// In returns the days of a year, most often one. A year that the table behind the rule
// does not reach is fault.Invalid.
func (r DateRule) In(year int) ([]calendar.Day, error) {
	if r.days == nil || year < 1900 || year > 2199 || r.from != 0 && (year < r.from || year > r.to) {
		from, to := r.from, r.to
		if from == 0 {
			from, to = 1900, 2199
		}
		return nil, fault.New(fault.Invalid, "E-DATE-RULE-YEAR", fault.A("rule", r.text), fault.A("year", strconv.Itoa(year)),
			fault.A("from", strconv.Itoa(from)), fault.A("to", strconv.Itoa(to)))
	}
	list := r.days(year)
	for i := range list {
		list[i] = list[i].AddDays(r.shift)
	}
	return list, nil
}

// ParseDateRule reads the words of a rule; anything else is fault.Invalid.
func ParseDateRule(text string) (DateRule, error) {
	r := DateRule{text: text}
	words := strings.Fields(strings.ToLower(text))
	if n := len(words); n > 1 && strings.ContainsAny(words[n-1][:1], "+-") {
		shift, err := strconv.Atoi(words[n-1])
		if err != nil || shift < -366 || shift > 366 {
			return DateRule{}, badRule(text)
		}
		r.shift, words = shift, words[:n-1]
	}
	switch len(words) {
	case 1:
		r.days = oneWord(words[0])
	case 2:
		known, ok := festivals[strings.Join(words, " ")]
		if ok {
			r.days, r.from, r.to, r.estimated = known.days, known.from, known.to, known.estimated
		}
	case 3:
		r.days = threeWords(words)
	}
	if r.days == nil {
		return DateRule{}, badRule(text)
	}
	return r, nil
}

func badRule(text string) error {
	return fault.New(fault.Invalid, "E-DATE-RULE", fault.A("value", text))
}

func oneWord(word string) func(int) []calendar.Day {
	switch word {
	case "easter":
		rule := easter("", 0)
		return func(year int) []calendar.Day {
			actual, _ := rule.Calc(year)
			return []calendar.Day{dayOf(year, actual.Month(), actual.Day())}
		}
	case "julian-easter":
		return func(year int) []calendar.Day { return []calendar.Day{julianEaster(year)} }
	}
	month, day, ok := monthDay(word)
	if !ok {
		return nil
	}
	return func(year int) []calendar.Day { return []calendar.Day{dayOf(year, month, day)} }
}

// threeWords reads "4th thursday november" and "wednesday from 01-06".
func threeWords(words []string) func(int) []calendar.Day {
	if weekday, ok := weekdays[words[0]]; ok && words[1] == "from" {
		month, day, ok := monthDay(words[2])
		if !ok {
			return nil
		}
		return func(year int) []calendar.Day { return []calendar.Day{onOrAfter(dayOf(year, month, day), weekday)} }
	}
	weekday, known := weekdays[words[1]]
	month, named := months[words[2]]
	if !known || !named {
		return nil
	}
	if words[0] == "last" {
		return func(year int) []calendar.Day {
			return []calendar.Day{onOrAfter(dayOf(year, month+1, 1).AddDays(-7), weekday)}
		}
	}
	nth := strings.Index("1st2nd3rd4th", words[0])
	if len(words[0]) != 3 || nth < 0 || nth%3 != 0 {
		return nil
	}
	return func(year int) []calendar.Day {
		return []calendar.Day{onOrAfter(dayOf(year, month, 1+nth/3*7), weekday)}
	}
}

func onOrAfter(d calendar.Day, weekday time.Weekday) calendar.Day {
	return d.AddDays((int(weekday) - int(d.Weekday()) + 7) % 7)
}

// monthDay reads 11-11. The 29th of February is refused: it has no day in most years.
func monthDay(word string) (time.Month, int, bool) {
	d, err := calendar.ParseDay("2001-" + word)
	_, month, day := d.Date()
	return month, day, err == nil
}

func dayOf(year int, month time.Month, day int) calendar.Day {
	return calendar.DayIn(time.Date(year, month, day, 12, 0, 0, 0, time.UTC), time.UTC)
}

var (
	weekdays = map[string]time.Weekday{}
	months   = map[string]time.Month{}
)

func init() {
	for d := time.Sunday; d <= time.Saturday; d++ {
		weekdays[strings.ToLower(d.String())] = d
	}
	for m := time.January; m <= time.December; m++ {
		months[strings.ToLower(m.String())] = m
	}
}
