package tradewind

import (
	"cmp"
	"context"
	"hash/fnv"
	"math"
	"slices"
	"sync"

	"tradewind/calendar"
	"tradewind/commerce"
	"tradewind/messages"
	"tradewind/money"
	"tradewind/numeric/drift"
	"tradewind/operations/automation"
	"tradewind/plan"
)

// DriftReport is where the world moves away from what is believed of it.
type DriftReport struct {
	AsOf  calendar.Day `json:"facts_as_of"`
	Items []DriftView  `json:"items"` // those that contribute most; what drifts first
	Cost  money.Amount `json:"cost"`  // a week, of all alarms that still count
}

// DriftView is what the kept forecasts of a SKU tell of drift.
type DriftView struct {
	SKU      commerce.SKU     `json:"sku"`
	Product  string           `json:"product"`
	Weeks    int              `json:"weeks"` // of forecasts held against what came
	Loss     []DriftWeek      `json:"loss"`
	Alarms   []DriftAlarm     `json:"alarms"`
	Response string           `json:"response"` // the rung of the response ladder
	What     LocalizedText    `json:"what"`
	Cost     money.Amount     `json:"cost"` // a week, of the newest alarm that still counts
	Inputs   []InputDriftView `json:"inputs"`
}

// DriftWeek is how wrong the forecast of a week was.
type DriftWeek struct {
	From calendar.Day `json:"from"`
	Loss float64      `json:"loss"` // pinball loss as a share of a usual week's units
}

// DriftAlarm is a lasting rise of the loss.
type DriftAlarm struct {
	Week   calendar.Day `json:"week"`
	By     string       `json:"by"` // ranks or window
	Before float64      `json:"loss_before"`
	After  float64      `json:"loss_after"`
	Cost   money.Amount `json:"cost"` // a week: extra loss · usual units · contribution of a unit
}

// InputDriftView holds the weeks since the training against those that were learned from.
type InputDriftView struct {
	Name   LocalizedText `json:"name"`
	PSI    float64       `json:"psi"`
	Limit  float64       `json:"limit"` // that no more than five of a hundred pass by chance, at so many weeks
	P      float64       `json:"p"`
	Weeks  int           `json:"weeks"`
	Drifts bool          `json:"drifts"`
}

// watched is the drift of a SKU, with what the ladder needs of it.
type watched struct {
	DriftView
	response automation.Response
}

const (
	driftItems    = 50  // that a report looks at
	driftRead     = 400 // kept forecasts of an item that are read
	driftNoise    = .05 // chance of an input to be called drifted where nothing drifts
	leastLive     = 8   // weeks since the training that say something
	usualDays     = 182 // before the first forecast
	weekLosses    = 3   // quantiles of a kept forecast
	mostDriftLoss = 1e6
)

// driftForm is the form of every monitor: one false alarm in a hundred weeks.
var driftForm = sync.OnceValue(func() drift.MonitorForm { return drift.NewMonitor(nil, drift.MonitorForm{RunLength: 100}).Form })

// Drift holds the forecasts that were kept of the items that contribute most against what
// came, week by week, and says where they have become lastingly worse: in money, and with
// what should be done about it.
func (e *Engine) Drift(ctx context.Context, items int) (*DriftReport, error) {
	s, err := e.shops(ctx)
	if err != nil {
		return nil, err
	}
	if items <= 0 {
		items = driftItems
	}
	trained, err := e.learned(ctx)
	if err != nil {
		return nil, err
	}
	r := &DriftReport{AsOf: s.facts.AsOf, Items: []DriftView{}, Cost: e.reported(0)}
	seen := map[commerce.SKU]bool{}
	for _, site := range s.worthMost(nil) {
		if seen[site.SKU] || len(r.Items) == items {
			continue
		}
		seen[site.SKU] = true
		var l *learnedSite
		if i := slices.IndexFunc(trained, func(l learnedSite) bool { return l.SKU == site.SKU }); i >= 0 {
			l = &trained[i]
		}
		w, err := e.driftOf(ctx, s, site.SKU, l)
		if err != nil {
			return nil, err
		}
		if sum, err := r.Cost.Add(w.Cost); err == nil {
			r.Cost = sum
		}
		r.Items = append(r.Items, w.DriftView)
	}
	slices.SortStableFunc(r.Items, func(a, b DriftView) int { return b.Cost.Cmp(a.Cost) })
	return r, nil
}

// driftOf watches one SKU; l is what was learned of it, or nil. Of what was learned only
// the alarms since then count.
func (e *Engine) driftOf(ctx context.Context, s *shops, sku commerce.SKU, l *learnedSite) (*watched, error) {
	losses, usual, err := e.weeklyLosses(ctx, s.facts, sku)
	if err != nil {
		return nil, err
	}
	since := s.facts.From
	if l != nil {
		since = calendar.DayIn(l.TrainedAt, e.zone)
	}
	w := e.watch(losses, seedOf(sku), usual*s.marginOf(sku), since, s.facts.AsOf)
	w.SKU, w.Product, w.Inputs = sku, s.names[sku], []InputDriftView{}
	if l != nil {
		w.Inputs = s.inputDrift(l)
	}
	return w, nil
}

// watch runs a monitor over weekly losses and says what its alarms since a day call for.
// worth is what a usual week's units contribute: a loss of 1 costs so much.
func (e *Engine) watch(losses []DriftWeek, seed uint64, worth float64, since, asOf calendar.Day) *watched {
	w := &watched{DriftView: DriftView{Loss: losses, Weeks: len(losses), Alarms: []DriftAlarm{}, Cost: e.reported(0)}}
	form := driftForm()
	form.Seed = seed
	monitor := drift.NewMonitor(nil, form)
	var ages []int
	for _, week := range losses {
		alarm, found := monitor.Update(week.Loss)
		if !found {
			continue
		}
		w.Alarms = append(w.Alarms, DriftAlarm{week.From, string(alarm.By), alarm.Before, alarm.After, e.reported(max(0, alarm.After-alarm.Before) * max(0, worth))})
		if !week.From.Before(since) {
			ages = append(ages, asOf.Sub(week.From.AddDays(6))/7)
		}
	}
	w.response = automation.Respond(ages)
	w.Response = responseNames[w.response]
	w.What = localized(messages.M("learned.drift." + w.Response))
	if len(losses) == 0 {
		w.What = localized(messages.M("learned.drift.unknown"))
	}
	if n := len(w.Alarms); n > 0 && w.response > automation.NoResponse {
		w.Cost = w.Alarms[n-1].Cost
	}
	return w
}

var responseNames = map[automation.Response]string{
	automation.NoResponse: "none", automation.Log: "log", automation.Recalibrate: "recalibrate", automation.Refit: "refit", automation.Retrain: "retrain", automation.FallBack: "fall_back",
}

func seedOf(sku commerce.SKU) uint64 {
	h := fnv.New64a()
	h.Write([]byte(sku))
	return h.Sum64()
}

// marginOf is what a unit of a SKU contributes at the site that contributes most.
func (s *shops) marginOf(sku commerce.SKU) float64 {
	best := 0.
	for _, st := range s.facts.StocksOf(sku) {
		best = max(best, s.survey.Margin(plan.Site{SKU: sku, Location: st.Location}))
	}
	return best
}

// weeklyLosses holds the kept forecasts of a SKU, all markets together, against what came:
// of each week that is over the newest forecast made before it. A loss is the mean pinball
// loss of the forecast's quantiles as a share of a usual week's units.
func (e *Engine) weeklyLosses(ctx context.Context, s *commerce.Snapshot, sku commerce.SKU) (losses []DriftWeek, usual float64, err error) {
	kept, err := e.db.ForecastsOf(ctx, sku, "", driftRead)
	if err != nil || len(kept) == 0 {
		return []DriftWeek{}, 0, err
	}
	slices.Reverse(kept) // the oldest first; of one day the one given out then last
	sold := plan.SeriesOf(s, sku, inMarket("")).Units
	first := kept[0].Run.Origin.Sub(s.From) + 1
	usual = weekOf(sold, max(0, first-usualDays), first)
	losses = []DriftWeek{}
	for i := range kept {
		k := &kept[i]
		until := s.AsOf
		if i+1 < len(kept) && kept[i+1].Run.Origin.Before(until) {
			until = kept[i+1].Run.Origin
		}
		for week, f := range k.Weeks {
			from := k.Run.Origin.AddDays(7*week + 1)
			lo := from.Sub(s.From)
			if until.Before(from.AddDays(6)) || lo < 0 || lo+7 > len(sold) {
				break
			}
			if units, known := unitsOf(sold[lo : lo+7]); known && usual > 0 {
				loss := (pinball(units, f.P10, .1) + pinball(units, f.P50, .5) + pinball(units, f.P90, .9)) / weekLosses / usual
				losses = append(losses, DriftWeek{from, min(mostDriftLoss, loss)})
			}
		}
	}
	slices.SortStableFunc(losses, func(a, b DriftWeek) int { return cmp.Compare(a.From.Sub(b.From), 0) })
	return losses, usual, nil
}

// weekOf is the mean units of seven days.
func weekOf(sold []float64, lo, hi int) float64 {
	sum, days := 0., 0.
	for _, u := range sold[lo:max(lo, min(hi, len(sold)))] {
		if !math.IsNaN(u) {
			sum, days = sum+u, days+1
		}
	}
	if days == 0 {
		return 0
	}
	return max(1, 7*sum/days)
}

func unitsOf(days []float64) (sum float64, known bool) {
	for _, u := range days {
		if !math.IsNaN(u) {
			sum, known = sum+u, true
		}
	}
	return sum, known
}

// pinball is the loss of a quantile: q too low costs p a unit, too high 1 - p.
func pinball(y, q, p float64) float64 {
	if y >= q {
		return p * (y - q)
	}
	return (1 - p) * (q - y)
}

// inputDrift holds the weeks since the training against those before.
func (s *shops) inputDrift(l *learnedSite) []InputDriftView {
	list := []InputDriftView{}
	h := s.survey.WeeksOf(l.site())
	n := len(h.Units) - min(len(h.Units), max(0, s.facts.AsOf.Sub(calendar.DayIn(l.TrainedAt, s.survey.Now.Location()))/7))
	if len(h.Units)-n < leastLive {
		return list
	}
	for _, in := range []struct {
		name string
		ref  *drift.Reference
		live []float64
	}{{"units", l.record.Units, knownWeeks(h.Units[n:])}, {"prices", l.record.Prices, knownWeeks(h.Price[n:])}} {
		if in.ref == nil {
			continue
		}
		t, err := in.ref.PSI(in.live)
		if err != nil {
			continue // too few
		}
		total := 0
		for _, c := range in.ref.Counts {
			total += c
		}
		list = append(list, InputDriftView{localized(messages.M("learned.input." + in.name)), t.Statistic,
			drift.PSILimit(total, len(in.live), len(in.ref.Counts), driftNoise), t.P, len(in.live), t.P < driftNoise})
	}
	return list
}
