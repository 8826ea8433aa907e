package expansion

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	gocmp "github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"tradewind/calendar"
	"tradewind/commerce"
	"tradewind/fault"
	"tradewind/market/economy"
	"tradewind/messages"
	"tradewind/money"
	"tradewind/numeric/distribution"
)

// gravityWorld is a shop in Britain whose sales abroad obey a law that the test knows:
//
//	ln sales = ln 2000 + g ln(GDP/1e11) - d ln(km/1000) + l language + noise·N(0,1)
//	g ~ U(.4, 1.2), d ~ U(0, 1.6), l ~ U(0, 1.2), one of each a world
//
// for real countries as known on the day. Some are sold to; the rest are candidates.
type gravityWorld struct {
	noise  float64
	own    int
	law    map[commerce.Market]float64 // ln sales before noise
	truth  map[commerce.Market]float64 // sales of a year
	sellTo []commerce.Market
}

var gravityDay = calendar.FromOrdinal(15_000) // 2011-01-26

func newGravityWorld(own int, noise float64, rng *rand.Rand) *gravityWorld {
	w := &gravityWorld{noise: noise, own: own, law: map[commerce.Market]float64{}, truth: map[commerce.Market]float64{}}
	var all []commerce.Market
	size, distance, language := .4+.8*rng.Float64(), 1.6*rng.Float64(), 1.2*rng.Float64()
	for _, m := range economy.Countries() {
		t, ok := traitsOf(m, []commerce.Market{"GB"}, gravityDay)
		if !ok || m == "GB" {
			continue
		}
		all = append(all, m)
		w.law[m] = math.Log(2000) + size*(t.values[0]-math.Log(1e11)) - distance*(t.values[2]-math.Log(1000)) + language*t.values[3]
		w.truth[m] = math.Exp(w.law[m] + noise*rng.NormFloat64())
	}
	rng.Shuffle(len(all), func(i, j int) { all[i], all[j] = all[j], all[i] })
	w.sellTo = slices.Sorted(slices.Values(all[:own]))
	return w
}

// snapshot sells one article a week at steady sums, and a great deal of it at home.
func (w *gravityWorld) snapshot() *commerce.Snapshot {
	s := &commerce.Snapshot{
		AsOf: gravityDay, From: gravityDay.AddDays(-2*year + 1), Currency: "GBP",
		Costs:      []commerce.Cost{{SKU: "A", Unit: money.FromE4(5, "GBP")}}, // 1,000 pieces to the pound
		Warehouses: []commerce.Warehouse{{Location: "UK-1", Country: "GB"}},
	}
	s.Sales.Start = []int32{0}
	for _, m := range append(slices.Clone(w.sellTo), "GB") {
		weekly := 50_000.0
		if m != "GB" {
			weekly = w.truth[m] / 52
		}
		s.Items = append(s.Items, commerce.Item{SKU: "A", Market: m, Channel: "web"})
		for ago := 2*year - 7; ago >= 0; ago -= 7 {
			appendRow(s, gravityDay.AddDays(-ago), int64(math.Round(1000*weekly)), int64(weekly*1e4), 1)
		}
		s.Sales.Start = append(s.Sales.Start, int32(len(s.Sales.Day)))
	}
	return s
}

func study(t *testing.T, s *commerce.Snapshot, p Params, rng *rand.Rand) *Study {
	t.Helper()
	st, err := NewStudy(s, p, rng)
	if err != nil {
		t.Fatal(err)
	}
	return st
}

// In worlds that obey a law of gravity, 80 % intervals of candidates hold the truth about 80
// times of a hundred, their sum is about right, and leaving own markets out says so
// beforehand. Candidates of one world share the error of its fit, so five points are allowed.
func TestEntriesInGravityWorlds(t *testing.T) {
	for _, tt := range []struct {
		own   int
		noise float64
	}{{10, 1}, {25, 1}, {40, .5}, {40, 1.5}} {
		const worlds = 12
		var inside, all, came, left float64
		gravity := 0
		for seed := range uint64(worlds) {
			rng := chance(15000 + seed)
			w := newGravityWorld(tt.own, tt.noise, rng)
			st := study(t, w.snapshot(), Params{Draws: 200}, rng)
			if st.Model.Kind == Gravity {
				gravity++
			}
			left += st.Model.Checked.Covered / worlds
			for _, e := range st.Entries {
				all++
				inside += within(e.Sales, w.truth[e.Market])
				came += w.truth[e.Market] / e.Sales.Mean
			}
		}
		t.Logf("%d markets, noise %.1f: gravity in %d of %d worlds; covered %.1f %%, %.1f %% of own markets left out; sales over expected sales %.2f",
			tt.own, tt.noise, gravity, worlds, 100*inside/all, 100*left, came/all)
		if got := inside / all; got < .75 || got > .9 {
			t.Errorf("%d markets, noise %.1f: 80 %% intervals hold %.1f %% of the truths", tt.own, tt.noise, 100*got)
		}
		if math.Abs(left-.8) > .08 {
			t.Errorf("%d markets, noise %.1f: left out in turn, %.1f %% lie within", tt.own, tt.noise, 100*left)
		}
		if got := came / all; got < .6 || got > 1.6 { // log-normal, and one error of the fit a world
			t.Errorf("%d markets, noise %.1f: sales are %.2f of what was expected, on average", tt.own, tt.noise, got)
		}
	}
}

// Where no trait explains anything, no model may claim that it does: intervals hold the truth
// all the same, and gravity seldom weighs the most.
func TestEntriesWithoutALaw(t *testing.T) {
	const worlds = 20
	gravity, inside, all := 0, 0.0, 0.0
	for seed := range uint64(worlds) {
		rng := chance(16000 + seed)
		w := newGravityWorld(25, 1, rng)
		for _, m := range slices.Sorted(mapKeys(w.truth)) {
			w.truth[m] = 3000 * math.Exp(rng.NormFloat64())
		}
		st := study(t, w.snapshot(), Params{Draws: 100}, rng)
		if st.Model.Kind == Gravity {
			gravity++
		}
		for _, e := range st.Entries {
			all++
			inside += within(e.Sales, w.truth[e.Market])
		}
	}
	t.Logf("gravity weighs the most in %d of %d worlds without one; covered %.1f %%", gravity, worlds, 100*inside/all)
	if inside/all < .75 {
		t.Errorf("80 %% intervals hold %.1f %%", 100*inside/all)
	}
	if gravity > worlds/2 {
		t.Errorf("gravity weighs the most in %d of %d worlds that have none", gravity, worlds)
	}
}

func mapKeys(m map[commerce.Market]float64) func(func(commerce.Market) bool) {
	return func(yield func(commerce.Market) bool) {
		for k := range m {
			if !yield(k) {
				return
			}
		}
	}
}

// P(rank ≤ 3) is a probability: of markets that are given p, a share of p is there. Own
// markets and candidates are ranked by what the coming year brings.
func TestTopThreeIsCalibrated(t *testing.T) {
	var given, came [5]float64
	var brier, base, count float64
	const worlds = 30
	for seed := range uint64(worlds) {
		rng := chance(17000 + seed)
		w := newGravityWorld(25, 1, rng)
		st := study(t, w.snapshot(), Params{Draws: 1000, Entry: EntryParams{}}, rng)
		type place struct{ p, truth float64 }
		var all []place
		for _, m := range st.Markets { // sales are steady: the next year is like this one
			all = append(all, place{m.TopThree, m.Sales.Float()})
		}
		for _, e := range st.Entries {
			all = append(all, place{e.TopThree, w.truth[e.Market]})
		}
		slices.SortFunc(all, func(a, b place) int { return sign(b.truth - a.truth) })
		for i, x := range all {
			k := min(int(5*x.p), 4)
			hit := indicator(i < 3)
			given[k], came[k] = given[k]+x.p, came[k]+hit
			brier += (x.p - hit) * (x.p - hit)
			base += (3/float64(len(all)) - hit) * (3/float64(len(all)) - hit)
			count++
		}
	}
	for k := range given {
		t.Logf("given %.1f…%.1f: expected %.1f, came %.0f", float64(k)/5, float64(k+1)/5, given[k], came[k])
		if sd := math.Sqrt(given[k]); math.Abs(given[k]-came[k]) > 4*sd+3 {
			t.Errorf("given %.1f…%.1f: %.1f expected, %.0f came", float64(k)/5, float64(k+1)/5, given[k], came[k])
		}
	}
	t.Logf("Brier score %.5f, %.5f when all are given the same", brier/count, base/count)
	if brier > .6*base {
		t.Errorf("Brier score %.5f, want .6 of %.5f", brier/count, base/count)
	}
}

func TestStudyRefuses(t *testing.T) {
	w := newGravityWorld(7, 1, chance(1))
	_, err := NewStudy(w.snapshot(), Params{}, chance(2))
	if f := fault.Of(err); f == nil || f.Code != "E-EXPANSION-FEW-MARKETS" {
		t.Errorf("seven markets: %v", err)
	}
	if st := study(t, w.snapshot(), Params{Entry: EntryParams{Candidates: []commerce.Market{}}}, chance(2)); st.Model != nil || len(st.Markets) != 8 {
		t.Error("without candidates no model is needed")
	}
	s := newGravityWorld(12, 1, chance(1)).snapshot()
	s.Warehouses = nil
	if f := fault.Of(second(NewStudy(s, Params{}, chance(2)))); f == nil || f.Code != "E-EXPANSION-NO-HOME" {
		t.Errorf("no warehouse: %v", f)
	}
	s = newGravityWorld(12, 1, chance(1)).snapshot()
	if f := fault.Of(second(NewStudy(s, Params{Entry: EntryParams{Cost: money.FromE4(1, "EUR")}}, chance(2)))); f == nil || f.Code != "E-EXPANSION-CURRENCY" {
		t.Errorf("another currency: %v", f)
	}
}

func second[A any](_ A, err error) error { return err }

// What comes in changes what comes out, in the direction that it must.
func TestEntriesRestOnTheirInputs(t *testing.T) {
	w := newGravityWorld(20, 1, chance(3))
	s := w.snapshot()
	plain := study(t, s, Params{}, chance(4))
	if !slices.Contains(plain.Entries[0].Assumed, "entry_cost") || plain.Entries[0].Complete {
		t.Errorf("%+v: want an assumed cost and an incomplete result", plain.Entries[0])
	}
	dear := study(t, s, Params{
		Landed: func(m commerce.Market) Landed {
			switch m {
			case plain.Entries[0].Market:
				return Landed{Status: LandedUnknown}
			case plain.Entries[1].Market:
				return Landed{Status: LandedRange, Rate: .1, Low: 0, High: .3}
			}
			return Landed{Status: LandedKnown, Rate: .2}
		},
		Entry: EntryParams{Cost: money.FromE4(500_0000, "GBP"), Years: 3},
	}, chance(4))
	byName := map[commerce.Market]Entry{}
	for _, e := range dear.Entries {
		byName[e.Market] = e
		if slices.Contains(e.Assumed, "entry_cost") || e.Cost != (Interval{500, 500, 500, 500}) {
			t.Errorf("%s: cost %v is assumed, though it was given", e.Market, e.Cost)
		}
		if want := (1+1/1.1+1/1.21)*e.Contribution.Mean - 500; math.Abs(e.Value.Mean-want) > 1e-6*math.Abs(want) {
			t.Errorf("%s: value %v, want %v", e.Market, e.Value.Mean, want)
		}
	}
	if e := byName[plain.Entries[0].Market]; e.Complete || !hasNote(e.Notes, "expansion.note.landed-unknown") {
		t.Errorf("unknown landed cost: %+v", e)
	}
	if e := byName[plain.Entries[1].Market]; !e.Complete || !hasNote(e.Notes, "expansion.note.landed-range") {
		t.Errorf("landed cost in a range: %+v", e)
	} else if want := plain.Entries[1].Contribution.Mean * (.5 - .4/3) / .5; math.Abs(e.Contribution.Mean/want-1) > 1e-3 {
		t.Errorf("contribution %v, want %v after landed charges of .4/3", e.Contribution.Mean, want)
	}
	other := plain.Entries[5]
	if e := byName[other.Market]; !e.Complete || math.Abs(e.Contribution.Mean/other.Contribution.Mean-.6) > 1e-3 {
		t.Errorf("contribution %v with charges of .2, %v without, of a margin of .5", e.Contribution.Mean, other.Contribution.Mean)
	}
	for _, m := range dear.Markets {
		if before := plain.Markets[slices.IndexFunc(plain.Markets, func(x Market) bool { return x.Market == m.Market })]; !m.Complete || before.Complete || math.Abs(m.Contribution.Mean/before.Contribution.Mean-.6) > 1e-3 {
			t.Errorf("%s: %v after landed charges, %v before", m.Market, m.Contribution.Mean, before.Contribution.Mean)
		}
	}
}

func hasNote(notes []messages.Message, code string) bool {
	return slices.ContainsFunc(notes, func(m messages.Message) bool { return m.Code == code })
}

// Every text that a study, an assessment or a registration carries exists in every language.
func TestEveryNoteHasAText(t *testing.T) {
	w := newGravityWorld(20, 1, chance(3))
	st := study(t, w.snapshot(), Params{Landed: func(m commerce.Market) Landed {
		return Landed{Status: []LandedStatus{LandedKnown, LandedRange, LandedUnknown}[int(m[0])%3], High: .2}
	}}, chance(4))
	a, err := st.Assess(chance(5))
	if err != nil {
		t.Fatal(err)
	}
	all := slices.Clone(a.Notes)
	for _, e := range st.Entries {
		all = append(append(all, e.Notes...), e.Reasons...)
	}
	for _, m := range st.Markets {
		all = append(all, m.Notes...)
	}
	for _, note := range all {
		for _, lang := range messages.Languages {
			if text := note.In(lang); text == "" || slices.Contains([]byte(text), '[') && lang != messages.Pseudo {
				t.Errorf("%s: %q", note.Code, text)
			}
		}
	}
}

func TestStudyIsTheSameEveryTime(t *testing.T) {
	w := newGravityWorld(20, 1, chance(3))
	one, two := study(t, w.snapshot(), Params{}, chance(9)), study(t, w.snapshot(), Params{}, chance(9))
	ignore := cmpopts.IgnoreUnexported(Study{})
	if diff := gocmp.Diff(one, two, ignore, cmpopts.EquateNaNs(), gocmp.AllowUnexported(money.Amount{}), gocmp.Comparer(func(a, b calendar.Day) bool { return a == b })); diff != "" {
		t.Error(diff)
	}
}

// ridge against closed forms: one regressor and a fixed strength is textbook ridge; without
// noise and with many rows the slopes are those of the law.
func TestRidge(t *testing.T) {
	rng := chance(11)
	var x [][]float64
	var y []float64
	for range 400 {
		row := []float64{rng.NormFloat64(), 5 + 3*rng.NormFloat64(), 7}
		x, y = append(x, row), append(y, 2+1.5*row[0]-.25*row[1]+.01*rng.NormFloat64())
	}
	r := fitRidge(x, y)
	mean, sd := r.slopes()
	for j, want := range []float64{1.5, -.25, 0} {
		if math.Abs(mean[j]-want) > .01 || sd[j] > .01 {
			t.Errorf("slope %d: %v ± %v, want %v", j, mean[j], sd[j], want)
		}
	}
	if got := distribution.NewMixture(r.predict([]float64{1, 5, 7}, 0)).Mean(); math.Abs(got-(2+1.5-1.25)) > .01 {
		t.Errorf("predicts %v, want 2.25", got)
	}
	// By hand: x = -1, 0, 1 and y = 0, 1, 5: standardised x is x itself, x'x = 2, x'y = 5,
	// mean 2; β = 5/(2+λ).
	small := fitRidge([][]float64{{-1}, {0}, {1}}, []float64{0, 1, 5})
	for s, strength := range strengths {
		if got, want := small.fits[s].beta[0], 5/(2+3*strength); math.Abs(got-want) > 1e-12 {
			t.Errorf("strength %v: β %v, want %v", strength, got, want)
		}
		if got, want := small.fits[s].variance, (14-25/(2+3*strength))/2; math.Abs(got-want) > 1e-12 {
			t.Errorf("strength %v: σ² %v, want %v", strength, got, want)
		}
	}
}

// quantile agrees with the distribution's own, for mixtures of any shape.
func TestQuantile(t *testing.T) {
	rng := chance(12)
	for range 200 {
		var weights []float64
		var parts []distribution.Distribution
		for range 1 + rng.IntN(6) {
			weights = append(weights, rng.Float64()+.01)
			parts = append(parts, distribution.NewStudentT(8+5*rng.NormFloat64(), .05+2*rng.Float64(), float64(6+rng.IntN(40))))
		}
		d := distribution.NewMixture(weights, parts)
		for _, u := range []float64{.1, .9} {
			if got, want := quantile(d, u), d.Quantile(u); math.Abs(got-want) > 1e-6 {
				t.Errorf("quantile %v: %v, want %v", u, got, want)
			}
		}
	}
}
