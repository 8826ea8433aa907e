package drift

// CUSUM sums what standardised values are beyond the allowance K,
//
//	Up ← max(0, Up + z - K),  Down ← max(0, Down - z - K)
//
// and alarms when a sum exceeds H, after which both begin at 0 again. K = δ/2 finds a shift
// of δ standard deviations soonest; Limit gives the H for a wanted run length.
//
// Source: Page, Continuous inspection schemes (1954), Biometrika 41, 100-115.
type CUSUM struct {
	K, H      float64
	UpOnly    bool // watch for rises alone
	Up, Down  float64
	UpSince   int     // values since Up was last 0
	DownSince int     // values since Down was last 0
	UpSum     float64 // sum of these values
	DownSum   float64
	Count     int     // values since the last alarm
	Total     float64 // sum of them
	Seen      int
	Skipped   int // values that were not finite
}

// Update adds a standardised value. Since is the value with which the sum left 0; Before is
// the mean of the values between the last alarm and Since, 0 if there are none.
func (c *CUSUM) Update(z float64) (Alarm, bool) {
	if !usable(z) {
		c.Skipped++
		return Alarm{}, false
	}
	c.Seen++
	c.Count++
	c.Total += z
	c.UpSince, c.UpSum = c.UpSince+1, c.UpSum+z
	if c.Up += z - c.K; c.Up <= 0 {
		c.Up, c.UpSince, c.UpSum = 0, 0, 0
	}
	c.DownSince, c.DownSum = c.DownSince+1, c.DownSum+z
	if c.Down += -z - c.K; c.Down <= 0 || c.UpOnly {
		c.Down, c.DownSince, c.DownSum = 0, 0, 0
	}
	if max(c.Up, c.Down) <= c.H {
		return Alarm{}, false
	}
	statistic, since, sum := c.Up, c.UpSince, c.UpSum
	if c.Down > c.Up {
		statistic, since, sum = c.Down, c.DownSince, c.DownSum
	}
	alarm := Alarm{At: c.Seen, Since: c.Seen - since + 1, Statistic: statistic, Limit: c.H, After: sum / float64(since)}
	if earlier := c.Count - since; earlier > 0 {
		alarm.Before = (c.Total - sum) / float64(earlier)
	}
	*c = CUSUM{K: c.K, H: c.H, UpOnly: c.UpOnly, Seen: c.Seen, Skipped: c.Skipped}
	return alarm, true
}
