package automation

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"tradewind/decision"
	"tradewind/money"
)

// anySituation draws small numbers, so that limits bind, tie and are met to the penny.
func anySituation() *rapid.Generator[Situation] {
	return rapid.Custom(func(t *rapid.T) Situation {
		s := Situation{At: noon, Day: today, Currency: "GBP", Limits: anyLimits().Draw(t, "limits"), Paused: rapid.IntRange(0, 20).Draw(t, "paused") == 0}
		s.Used = Used{Cash: rapid.Int64Range(0, 30).Draw(t, "used") * 10_000, PriceChanges: rapid.IntRange(0, 3).Draw(t, "moves"), Mandates: map[decision.ID]int64{}}
		for i := range rapid.IntRange(0, 3).Draw(t, "mandates") {
			m := anyMandate().Draw(t, "mandate")
			m.ID = decision.ID(fmt.Sprint("M-", i))
			s.Mandates = append(s.Mandates, m)
			s.Used.Mandates[m.ID] = rapid.Int64Range(0, 10).Draw(t, "used of it") * 10_000
		}
		for i := range rapid.IntRange(0, 12).Draw(t, "candidates") {
			c := anyCandidate().Draw(t, "candidate")
			c.ID = decision.ID(fmt.Sprintf("D-%02d", i))
			s.Candidates = append(s.Candidates, c)
		}
		return s
	})
}

// often draws the first more often than the second, and so on.
func often(t *rapid.T, name string, values ...float64) float64 {
	return values[rapid.SampledFrom([]int{0, 0, 0, 0, 0, 0, 1, 1, 1, 2, 2, 3}).Draw(t, name)]
}

func anyKinds() *rapid.Generator[[]decision.Kind] {
	return rapid.Custom(func(t *rapid.T) []decision.Kind {
		kinds := []decision.Kind{}
		for _, k := range Automatable[:4] {
			if rapid.IntRange(0, 3).Draw(t, string(k)) > 0 {
				kinds = append(kinds, k)
			}
		}
		return kinds
	})
}

func anyMoney(most int64) *rapid.Generator[money.Amount] {
	return rapid.Custom(func(t *rapid.T) money.Amount { return gbp(rapid.Int64Range(0, most).Draw(t, "pounds")) })
}

func anyLimits() *rapid.Generator[Limits] {
	return rapid.Custom(func(t *rapid.T) Limits {
		l := Limits{
			PriceStep: often(t, "step", .2, .1, .05, 0), Margin: often(t, "margin", -.1, 0, .1, .3),
			PriceChanges: rapid.IntRange(0, 8).Draw(t, "changes"), CoverDays: often(t, "cover", 80, 60, 20, 0),
			Assumed: rapid.IntRange(0, 2).Draw(t, "assumed"), Loss: new(anyMoney(4).Draw(t, "loss")), Kinds: anyKinds().Draw(t, "kinds"),
		}
		for _, limit := range []struct {
			name string
			into **money.Amount
			most int64
		}{{"decision", &l.DecisionCash, 20}, {"day", &l.DayCash, 80}, {"two", &l.TwoPeople, 20}} {
			if rapid.Bool().Draw(t, limit.name) {
				*limit.into = new(anyMoney(limit.most).Draw(t, limit.name+" cash"))
			}
		}
		return l
	})
}

func anyMandate() *rapid.Generator[Mandate] {
	return rapid.Custom(func(t *rapid.T) Mandate {
		return mandate("", func(m *Mandate) {
			m.Policy = rapid.SampledFrom([]string{"agent", "rules"}).Draw(t, "policy")
			m.Kinds, m.MaxStep = anyKinds().Draw(t, "kinds"), often(t, "step", .2, .15, .05, 0)
			m.MaxCash, m.DayCash = anyMoney(20).Draw(t, "max"), anyMoney(60).Draw(t, "day")
			m.Until = today.AddDays(int(often(t, "until", 2, 1, 0, -1)))
			m.Level = rapid.SampledFrom([]Level{Advise, Propose, Act, Act, Act, ActReviewed}).Draw(t, "level")
		})
	})
}

func anyCandidate() *rapid.Generator[Candidate] {
	return rapid.Custom(func(t *rapid.T) Candidate {
		c := Candidate{
			Kind: rapid.SampledFrom(Automatable[:4]).Draw(t, "kind"), Fingerprint: "f",
			Cash: gbp(rapid.Int64Range(-2, 15).Draw(t, "cash")), Worst: gbp(int64(often(t, "worst", 4, 0, -1, -4))),
			Assumed: int(often(t, "assumed", 0, 0, 1, 2)), Expires: noon.Add(time.Duration(often(t, "expires", 3, 2, 1, 0)) * time.Hour),
		}
		for _, x := range []struct {
			name  string
			into  **float64
			scale float64
		}{{"step", &c.Step, .05}, {"margin", &c.Exposure.Margin, .1}, {"cover", &c.Exposure.Cover, 20}} {
			if n := often(t, x.name, 1, 2, 4, -1); n >= 0 {
				*x.into = new(n * x.scale)
			}
		}
		return c
	})
}

// stricter draws a situation that is as strict or stricter in every limit: guardrails, mandates,
// the use of the day, the pause.
func stricter(t *rapid.T, s Situation) Situation {
	less := func(name string, x *money.Amount) { *x = gbp(rapid.Int64Range(0, x.E4()/10_000).Draw(t, name)) }
	fewer := func(name string, kinds []decision.Kind) []decision.Kind {
		return slices.DeleteFunc(slices.Clone(kinds), func(k decision.Kind) bool { return rapid.IntRange(0, 3).Draw(t, name+string(k)) == 0 })
	}
	limit := func(name string, x **money.Amount, most int64) {
		switch {
		case *x == nil && rapid.Bool().Draw(t, name+" set"):
			*x = new(anyMoney(most).Draw(t, name))
		case *x != nil:
			a := **x
			less(name, &a)
			*x = &a
		}
	}
	l := &s.Limits
	limit("decision cash", &l.DecisionCash, 20)
	limit("day cash", &l.DayCash, 80)
	limit("two people", &l.TwoPeople, 20)
	limit("loss", &l.Loss, 4)
	l.PriceStep *= rapid.SampledFrom([]float64{1, 1, .5, 0}).Draw(t, "step")
	l.Margin += float64(rapid.IntRange(0, 2).Draw(t, "margin")) / 10
	l.PriceChanges = rapid.IntRange(0, l.PriceChanges).Draw(t, "changes")
	l.CoverDays *= rapid.SampledFrom([]float64{1, 1, .5, 0}).Draw(t, "cover")
	l.Assumed = rapid.IntRange(0, l.Assumed).Draw(t, "assumed")
	l.Kinds = fewer("kind ", l.Kinds)
	s.Paused = s.Paused || rapid.IntRange(0, 20).Draw(t, "pause") == 0

	used := map[decision.ID]int64{}
	s.Mandates = slices.Clone(s.Mandates)
	for i := range s.Mandates {
		m := &s.Mandates[i]
		used[m.ID] = s.Used.Mandates[m.ID] + rapid.Int64Range(0, 5).Draw(t, "more used of it")*10_000
		less("max", &m.MaxCash)
		less("day", &m.DayCash)
		m.MaxStep *= rapid.SampledFrom([]float64{1, 1, .5}).Draw(t, "mandate step")
		m.Until = m.Until.AddDays(-rapid.IntRange(0, 2).Draw(t, "until"))
		m.Kinds = fewer("mandate kind ", m.Kinds)
		if rapid.IntRange(0, 4).Draw(t, "lower") == 0 {
			m.Level = Propose
		}
	}
	s.Used = Used{Cash: s.Used.Cash + rapid.Int64Range(0, 10).Draw(t, "more used")*10_000, PriceChanges: s.Used.PriceChanges + rapid.IntRange(0, 2).Draw(t, "more moves"), Mandates: used}
	s.Mandates = slices.DeleteFunc(s.Mandates, func(m Mandate) bool { return rapid.IntRange(0, 4).Draw(t, "ended "+string(m.ID)) == 0 })
	return s
}

// A stricter limit always gives a subset of what was approved: of every guardrail, of every
// limit of a mandate, of the day that is left, alone or together.
func TestAStricterLimitGivesASubset(t *testing.T) {
	fewer, some := 0, 0
	rapid.Check(t, func(t *rapid.T) {
		for range 20 {
			s := anySituation().Draw(t, "situation")
			strict := stricter(t, s)
			loose, less := approved(&s), approved(&strict)
			for _, id := range less {
				if !slices.Contains(loose, id) {
					t.Fatalf("%s is approved under the stricter limits alone: %v, then %v", id, loose, less)
				}
			}
			if len(less) > 0 {
				some++
			}
			if len(less) < len(loose) {
				fewer++
			}
		}
	})
	if !testing.Short() && (fewer == 0 || some == 0) { // of few draws none may say anything
		t.Errorf("%d of the draws approved less, %d anything at all: the property was not put to the test", fewer, some)
	}
}

// Each limit alone: tightened by itself it takes away, and never adds.
func TestEachLimitAlone(t *testing.T) {
	tighten := map[string]func(s *Situation){
		"decision cash": func(s *Situation) { s.Limits.DecisionCash = new(gbp(3)) },
		"day cash":      func(s *Situation) { s.Limits.DayCash = new(gbp(12)) },
		"price step":    func(s *Situation) { s.Limits.PriceStep = .05 },
		"margin":        func(s *Situation) { s.Limits.Margin = .2 },
		"price changes": func(s *Situation) { s.Limits.PriceChanges = 1 },
		"cover":         func(s *Situation) { s.Limits.CoverDays = 20 },
		"assumed":       func(s *Situation) { s.Limits.Assumed = 0 },
		"loss":          func(s *Situation) { s.Limits.Loss = new(gbp(0)) },
		"kinds":         func(s *Situation) { s.Limits.Kinds = []decision.Kind{decision.KindReorder} },
		"two people":    func(s *Situation) { s.Limits.TwoPeople = new(gbp(4)) },
		"mandate cash":  func(s *Situation) { s.Mandates[0].MaxCash = gbp(3) },
		"mandate day":   func(s *Situation) { s.Mandates[0].DayCash = gbp(12) },
		"mandate step":  func(s *Situation) { s.Mandates[0].MaxStep = .05 },
		"mandate kinds": func(s *Situation) { s.Mandates[0].Kinds = []decision.Kind{decision.KindReorder} },
		"mandate until": func(s *Situation) { s.Mandates[0].Until = today.AddDays(-1) },
		"level":         func(s *Situation) { s.Mandates[0].Level = Propose },
		"used":          func(s *Situation) { s.Used.Mandates = map[decision.ID]int64{"M-0": gbp(500).E4()} },
		"pause":         func(s *Situation) { s.Paused = true },
	}
	taken := map[string]int{}
	rapid.Check(t, func(t *rapid.T) {
		wide := Limits{PriceStep: 1, Margin: -1, PriceChanges: 100, CoverDays: 1000, Assumed: 9, Loss: new(gbp(99)), Kinds: Automatable}
		s := Situation{At: noon, Day: today, Currency: "GBP", Limits: wide, Mandates: []Mandate{mandate("M-0", func(m *Mandate) {
			m.Kinds, m.MaxCash, m.DayCash, m.MaxStep = Automatable, gbp(99), gbp(500), 1
		})}}
		for i := range 12 {
			c := anyCandidate().Draw(t, "candidate")
			c.ID, c.Expires = decision.ID(fmt.Sprintf("D-%02d", i)), noon.Add(time.Hour)
			s.Candidates = append(s.Candidates, c)
		}
		loose := approved(&s)
		for name, change := range tighten {
			strict := s
			strict.Mandates = slices.Clone(s.Mandates)
			change(&strict)
			less := approved(&strict)
			taken[name] += len(loose) - len(less)
			if i := slices.IndexFunc(less, func(id decision.ID) bool { return !slices.Contains(loose, id) }); i >= 0 {
				t.Fatalf("%s: %s is approved under the stricter limit alone", name, less[i])
			}
		}
	})
	for name := range tighten {
		if taken[name] == 0 {
			t.Errorf("%s took nothing away: the limit does nothing", name)
		}
	}
}

// What is approved keeps every limit, whichever of the approved are added up.
func TestTotalsHold(t *testing.T) {
	bound := 0
	check := func(t *rapid.T, s Situation) {
		byID := map[decision.ID]Candidate{}
		for _, c := range s.Candidates {
			byID[c.ID] = c
		}
		cash, moves, under := s.Used.Cash, s.Used.PriceChanges, map[decision.ID]int64{}
		events := s.Approve()
		for _, e := range events {
			c := byID[e.Decision]
			cash += c.cash()
			under[e.Mandate] += c.cash()
			if ChangesPrice(c.Kind) {
				moves++
			}
			for _, v := range Test(c, s.Limits, Used{}) {
				if !v.Holds {
					t.Fatalf("%s is approved though %+v", c.ID, v)
				}
			}
		}
		if limit := s.Limits.DayCash; limit != nil && cash > max(limit.E4(), s.Used.Cash) {
			t.Fatalf("the day commits %d of %d", cash, limit.E4())
		}
		if moves > max(s.Limits.PriceChanges, s.Used.PriceChanges) {
			t.Fatalf("%d price changes of %d", moves, s.Limits.PriceChanges)
		}
		for _, m := range s.Mandates {
			if total := s.Used.Mandates[m.ID] + under[m.ID]; under[m.ID] > 0 && total > m.DayCash.E4() {
				t.Fatalf("%s commits %d of %d", m.ID, total, m.DayCash.E4())
			}
		}
		if len(events) > 0 && len(events) < len(s.Candidates) {
			bound++
		}
	}
	rapid.Check(t, func(t *rapid.T) {
		for range 20 {
			check(t, anySituation().Draw(t, "situation"))
		}
	})
	if !testing.Short() && bound == 0 { // likewise
		t.Error("no draw approved some and not others")
	}
}

// Rounds of a day add up as one: what the first one took counts in the second, and stricter
// limits in both give a subset of the day.
func TestRoundsOfADay(t *testing.T) {
	day := func(s Situation) map[decision.ID]bool {
		taken := map[decision.ID]bool{}
		for range 3 {
			byID := map[decision.ID]Candidate{}
			for _, c := range s.Candidates {
				byID[c.ID] = c
			}
			used := Used{Cash: s.Used.Cash, PriceChanges: s.Used.PriceChanges, Mandates: map[decision.ID]int64{}}
			for id, n := range s.Used.Mandates {
				used.Mandates[id] = n
			}
			for _, e := range s.Approve() {
				c := byID[e.Decision]
				taken[c.ID] = true
				used.Cash += c.cash()
				used.Mandates[e.Mandate] += c.cash()
				if ChangesPrice(c.Kind) {
					used.PriceChanges++
				}
			}
			s.Candidates = slices.DeleteFunc(slices.Clone(s.Candidates), func(c Candidate) bool { return taken[c.ID] })
			s.Used = used
		}
		return taken
	}
	rapid.Check(t, func(t *rapid.T) {
		s := anySituation().Draw(t, "situation")
		if len(s.Mandates) > 1 {
			s.Mandates = s.Mandates[:1] // of two, which one a decision was charged to may differ
		}
		strict := stricter(t, s)
		strict.Used = s.Used
		loose := day(s)
		for id := range day(strict) {
			if !loose[id] {
				t.Fatalf("%s is approved in a day under the stricter limits alone", id)
			}
		}
	})
}
