package benchmark

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"time"

	"tradewind/calendar"
	"tradewind/decision"
	"tradewind/money"
	"tradewind/operations/automation"
)

const (
	guardedSituations = 50_000
	guardedSeed       = 6001
)

// guardedDay is the day of all situations; what it is plays no part.
var guardedDay = calendar.FromOrdinal(20_514)

// guardDraws draws situations whose small numbers make limits bind, tie and be met to the
// penny.
type guardDraws struct{ *rand.Rand }

func (g guardDraws) upTo(most int) int64          { return g.Int64N(int64(most) + 1) }
func (g guardDraws) pounds(most int) money.Amount { return pounds(float64(g.upTo(most))) }
func (g guardDraws) in(chance float64) bool       { return g.Float64() < chance }

// some returns the amount half of the time.
func (g guardDraws) some(most int) *money.Amount {
	if g.in(.5) {
		return nil
	}
	return new(g.pounds(most))
}

func (g guardDraws) of(values ...float64) float64 { return values[g.IntN(len(values))] }

func (g guardDraws) kinds() []decision.Kind {
	return slices.DeleteFunc(slices.Clone(automation.Automatable[:4]), func(decision.Kind) bool { return g.in(.25) })
}

func (g guardDraws) situation() *automation.Situation {
	s := &automation.Situation{
		At: guardedDay.StartIn(time.UTC).Add(12 * time.Hour), Day: guardedDay, Currency: "GBP",
		Limits: automation.Limits{
			DecisionCash: g.some(30), DayCash: g.some(120), TwoPeople: g.some(60), Loss: new(pounds(g.of(4, 4, 1, 0))),
			PriceStep: g.of(.2, .2, .1, .05), Margin: g.of(-.1, -.1, 0, .1), PriceChanges: 2 + int(g.upTo(8)),
			CoverDays: g.of(80, 80, 60, 20), Assumed: int(g.upTo(2)), Kinds: g.kinds(),
		},
		Used: automation.Used{Cash: 10_000 * g.upTo(15), PriceChanges: int(g.upTo(2)), Mandates: map[decision.ID]int64{}},
	}
	for i := range 1 + g.IntN(3) {
		m := automation.Mandate{ID: decision.ID(fmt.Sprint("M-", i)), Level: []automation.Level{automation.Act, automation.Act, automation.ActReviewed, automation.Propose}[g.IntN(4)], GrantMandate: decision.GrantMandate{
			Policy: []string{"agent", "rules"}[g.IntN(2)], Kinds: g.kinds(), MaxCash: g.pounds(30), DayCash: g.pounds(120),
			MaxStep: g.of(.2, .2, .15, .05), Until: guardedDay.AddDays(int(g.of(2, 1, 1, 0, -1))),
		}}
		s.Mandates = append(s.Mandates, m)
		s.Used.Mandates[m.ID] = 10_000 * g.upTo(10)
	}
	for i := range 1 + g.IntN(12) {
		s.Candidates = append(s.Candidates, automation.Candidate{
			ID: decision.ID(fmt.Sprintf("D-%02d", i)), Kind: automation.Automatable[g.IntN(4)], Fingerprint: "f",
			Cash: pounds(float64(g.upTo(17) - 2)), Worst: pounds(g.of(4, 4, 0, 0, -1, -4)), Step: new(g.of(.02, .05, .05, .1, .2)),
			Exposure: decision.Exposure{Margin: new(g.of(.1, .2, .2, .2, 0)), Cover: new(g.of(20, 20, 20, 40, 80))},
			Assumed:  int(g.of(0, 0, 0, 0, 1, 2)), Expires: s.At.Add(time.Hour),
		})
	}
	return s
}

// tighten returns the situation with some of its limits stricter: guardrails, limits of
// mandates, and what is left of the day.
func (g guardDraws) tighten(s *automation.Situation) *automation.Situation {
	strict := *s
	less := func(x money.Amount) money.Amount { return pounds(float64(g.upTo(int(x.Float())))) }
	cut := func(x **money.Amount, most int) {
		switch {
		case g.in(.6):
		case *x == nil:
			*x = new(g.pounds(most))
		default:
			*x = new(less(**x))
		}
	}
	fewer := func(kinds []decision.Kind) []decision.Kind {
		return slices.DeleteFunc(slices.Clone(kinds), func(decision.Kind) bool { return g.in(.1) })
	}
	l := &strict.Limits
	cut(&l.DecisionCash, 20)
	cut(&l.DayCash, 80)
	cut(&l.TwoPeople, 20)
	cut(&l.Loss, 4)
	l.PriceStep *= g.of(1, 1, 1, .5)
	l.Margin += g.of(0, 0, 0, .1)
	l.CoverDays *= g.of(1, 1, 1, .5)
	l.PriceChanges -= int(min(g.upTo(1), int64(l.PriceChanges)))
	l.Assumed -= int(min(g.upTo(1), int64(l.Assumed)))
	l.Kinds = fewer(l.Kinds)
	strict.Paused = g.in(.02)
	strict.Used = automation.Used{Cash: s.Used.Cash + 10_000*g.upTo(3), PriceChanges: s.Used.PriceChanges + int(g.upTo(1)), Mandates: map[decision.ID]int64{}}
	strict.Mandates = nil
	for _, m := range s.Mandates {
		if g.in(.1) {
			continue
		}
		if g.in(.4) {
			m.MaxCash, m.DayCash = less(m.MaxCash), less(m.DayCash)
		}
		m.MaxStep *= g.of(1, 1, .5)
		m.Until = m.Until.AddDays(-int(g.upTo(1)))
		m.Kinds = fewer(m.Kinds)
		if g.in(.1) {
			m.Level = automation.Propose
		}
		strict.Mandates = append(strict.Mandates, m)
		strict.Used.Mandates[m.ID] = s.Used.Mandates[m.ID] + 10_000*g.upTo(2)
	}
	return &strict
}

// byGreed approves as long as it fits: of what is eligible by the judgement alone, each takes
// its cash of the day only when it is approved. It is the negative control.
func byGreed(s *automation.Situation) map[decision.ID]bool {
	alone := *s
	alone.Used = automation.Used{Mandates: map[decision.ID]int64{}}
	alone.Limits.DayCash = nil
	approved, cash := map[decision.ID]bool{}, s.Used.Cash
	for _, c := range s.Candidates {
		alone.Candidates = []automation.Candidate{c}
		takes := max(0, c.Cash.E4())
		if len(alone.Approve()) == 0 || s.Limits.DayCash != nil && cash+takes > s.Limits.DayCash.E4() {
			continue
		}
		cash += takes
		approved[c.ID] = true
	}
	return approved
}

func byJudgement(s *automation.Situation) map[decision.ID]bool {
	approved := map[decision.ID]bool{}
	for _, e := range s.Approve() {
		approved[e.Decision] = true
	}
	return approved
}

// guardScore is what stricter limits did.
type guardScore struct {
	Tried, Some, Fewer int // situations; with anything approved under the stricter limits; with less than before
	Added, ByGreed     int // with something approved that was not before; the same of the negative control
}

func guardLimits(seed uint64, n int) (a guardScore) {
	g := guardDraws{rand.New(rand.NewPCG(seed, 0))}
	adds := func(approve func(*automation.Situation) map[decision.ID]bool, s, strict *automation.Situation) (added bool, before, after int) {
		loose, less := approve(s), approve(strict)
		for id := range less {
			added = added || !loose[id]
		}
		return added, len(loose), len(less)
	}
	for range n {
		s := g.situation()
		strict := g.tighten(s)
		a.Tried++
		added, before, after := adds(byJudgement, s, strict)
		if added {
			a.Added++
		}
		if after > 0 {
			a.Some++
		}
		if after < before {
			a.Fewer++
		}
		if added, _, _ = adds(byGreed, s, strict); added {
			a.ByGreed++
		}
	}
	return a
}

// guarding tightens the limits of many situations.
var guarding = newWork("guard", func(_ context.Context, m *meter, n int) (guardScore, error) {
	m.Begin()
	defer m.End()
	return guardLimits(guardedSeed, n), nil
})

// guardrailRows hold approval under mandates against what a stricter limit must do.
func guardrailRows(ctx context.Context, _ *run) ([]Row, error) {
	a, _, err := guarding.run(ctx, guardedSituations)
	if err != nil {
		return nil, err
	}
	source := fmt.Sprintf("automation.Situation.Approve; %d random situations of up to 12 proposals and 3 mandates, guardrails, mandates and what is left of the day made stricter at random, seed %d; less was approved in %d, anything at all in %d", a.Tried, guardedSeed, a.Fewer, a.Some)
	return []Row{
		{Name: "guardrails: situations in which a stricter limit approves something new", Value: new(float64(a.Added)), Unit: "situations", Better: lower, Must: new(0.0), Source: source},
		{Name: "guardrails: the same where each approval takes its cash first", Value: new(float64(a.ByGreed)), Unit: "situations", Better: higher, Must: new(1.0),
			Reference: "negative control: whoever fills the day greedily lets something in where something else was turned away", Source: source},
		{Name: "guardrails: situations in which stricter limits approve less", Value: new(float64(a.Fewer)), Unit: "situations", Better: higher, Must: new(1000.0), Reference: "the property is put to the test", Source: source},
	}, nil
}
